/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One VF: the structure that the files of the driver share. Control (pci, mailbox, reset,
 * queues, owner, netdev) and data path (rings, tx, rx, napi, ethtool) meet here and in rings.h.
 */
#ifndef _IAVF_H
#define _IAVF_H

#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../session/session.h"
#include "hw.h"
#include "rings.h"

/* Until the end of the block. Sparse does not see such ends, so it is told that nothing is held. */
DEFINE_GUARD(iavf_lock, spinlock_t *, spin_lock_bh(_T); __release(_T),
	     __acquire(_T); spin_unlock_bh(_T))

#define IAVF_MTU_MAX		9710
#define IAVF_MBX_BUF		4096	/* bytes of a message */

enum iavf_flag {		/* bits of iavf_vf.flags; atomic, transitions under state_lock */
	IAVF_VF_DYING,		/* remove() or shutdown() began */
	IAVF_VF_QUIT,		/* no recovery any more: its work returns at once */
	IAVF_VF_RESETTING,	/* a reset was noticed and is not over */
	IAVF_VF_COMMITTED,	/* commit belongs to this generation */
	IAVF_VF_CARRIER,	/* what the PF said last: link up */
	IAVF_VF_UP,		/* between ndo_open and ndo_stop */
	IAVF_VF_PAUSED,		/* no traffic; the stack sees it in the carrier when it lasts */
	IAVF_VF_DEAD,		/* the device does not come back; tried again with growing pauses */
	IAVF_VF_RESET_AGAIN,	/* a reset was announced while one was being finished */
	IAVF_VF_WAS_RESET,	/* by us, as a whole function, since the reset began */
	IAVF_VF_HELD,		/* recovery waits for the PCI core, which resets the function */
};

#define IAVF_SENT_MAX		16

/* A queue message (op 6, 8, 9) that the PF has not answered. */
struct iavf_sent {
	u32 opcode;
	u32 rings_id;		/* the allocation it was about */
	bool own;		/* sent by the kernel for itself */
};

/* Bookkeeping of queues.c; state_lock. */
struct iavf_queues {
	struct iavf_sent sent[IAVF_SENT_MAX];
	unsigned int num_sent;
	bool distrust;		/* answers came out of order: none is a proof in this generation */
	bool refused;		/* the PF refused the kernel's op 9 */
	u16 vsi_id;		/* as in the op 6 that exposed the rings */
	u8 msg[8 + 64 * (IAVF_MAX_QUEUES + 1)];
};

/* What netdev_work is to do; state_lock. */
struct iavf_netdev_job {
	bool create, committed;
	u16 mtu;		/* create; 0: the default */
	u8 mac[ETH_ALEN];	/* zero: none given */
};

struct iavf_mbx_ring {
	struct iavf_mbx_desc *desc;
	void *buf;		/* IAVF_MBX_BUF for each descriptor, one coherent area */
	dma_addr_t desc_dma, buf_dma;
	u16 next_use, next_clean;
};

struct iavf_mailbox {
	spinlock_t lock;	/* send side */
	bool up;		/* registers programmed in this generation */
	unsigned int burst;	/* messages received in the jiffy burst_at, mbx_work's */
	unsigned long burst_at;
	struct iavf_mbx_ring send, recv;
};

/* One message of the PF, copied out of the device's memory before anything is checked. */
struct iavf_mbx_msg {
	u32 opcode;
	s32 status;
	u16 len;
	u8 payload[IAVF_MBX_BUF];
};

struct iavf_rss {
	u16 key_len, lut_len;	/* 0: not known */
	u8 key[64], lut[512];
	u32 hfunc;		/* enum iavf_rss_hfunc */
	u8 num_flows, flows[16];	/* enum iavf_rss_fields of each enum iavf_rss_flow */
};

struct iavf_vf {
	struct pci_dev *pdev;
	u8 __iomem *hw;			/* BAR0 */
	struct net_device *netdev;	/* NULL until registered; published under state_lock */
	struct iavf_session_vf *session;
	unsigned long flags;		/* enum iavf_flag */

	/*
	 * Guards transitions of flags, generation, commit, ring states (struct iavf_rings.state)
	 * and the list of queue messages. Never held across a wait.
	 */
	spinlock_t state_lock;
	u32 generation;
	struct iavf_msg commit;		/* the last vf-commit, clamped */
	struct iavf_queues queues;
	struct iavf_netdev_job job;
	u32 absence;			/* enum iavf_absence: what is in force; rings_lock, too */

	/*
	 * The state token: who holds it may start, stop, post and free rings. Never held while a
	 * process is waited for; waits for the PF under it end at once when a reset starts.
	 * Inside of rtnl.
	 */
	struct mutex rings_lock;
	struct mutex reset_lock;	/* inside of it: resets are told in order */
	wait_queue_head_t wait;		/* ring states, RESETTING, distrust, refused */

	struct iavf_mailbox mbx;
	struct iavf_mbx_msg msg;	/* mbx_work's */
	unsigned int num_vectors;	/* MSI-X, mailbox included */

	struct iavf_rings *rings;	/* NULL while down; both locks to write */
	struct iavf_path *path;		/* data path: what outlives rings; iavf_stats_init() */
	u32 rings_id;			/* counts allocations that were published in rings */
	struct iavf_rings_config config;	/* in use, or for the next open; rtnl */
	struct iavf_rss rss;		/* as the owner told it last; rtnl */

	u32 link_speed;			/* the PF's word, see iavf_link_mbps() */
	u32 link_said;			/* to people, Mbps */
	/* Asked for: [0] 802.1Q, [1] 802.1ad; little endian, as the owner gets them. */
	unsigned long vlans[2][BITS_TO_LONGS(VLAN_N_VID)];
	unsigned int num_vlans;		/* non-zero ones; rtnl */
	u32 rx_flags;			/* enum iavf_rx_flags last announced; set_rx_mode's */
	bool told;			/* rtnl: the owner knows what is being applied */
	u8 mac_seen[ETH_ALEN];		/* the netdev's address at the last look; state_lock */

	struct workqueue_struct *wq;	/* unbound, not ordered: no work waits for another's turn */
	struct work_struct mbx_work;
	struct delayed_work reset_work;
	struct delayed_work watch_work;	/* ARQLEN every 100 ms while rings are exposed */
	struct delayed_work pause_work;
	struct work_struct netdev_work;

	enum iavf_reset_cause cause;	/* of the current reset */
	ktime_t reset_since, reset_ended;
	unsigned int reset_tries;
	unsigned int resets_in_row;
	unsigned long reset_pause;	/* jiffies, before the current one is looked at */
	unsigned int num_stalls;	/* VF resets of our own accord that did not help */
	unsigned long next_stall;	/* jiffies: not before */

	struct {
		u64 resets, reset_us, unproven_stops, mbx_sent, mbx_received, mbx_malformed;
	} count;
};

struct iavf_netdev {			/* netdev_priv() */
	struct iavf_vf *vf;
	struct iavf_queue *queue;	/* data path: of the rings that were started last */
};

static inline struct iavf_vf *iavf_vf(const struct net_device *netdev)
{
	return ((struct iavf_netdev *)netdev_priv(netdev))->vf;
}

static inline u32 iavf_rd(const struct iavf_vf *vf, u32 reg)
{
	return readl(vf->hw + reg);
}

static inline void iavf_wr(struct iavf_vf *vf, u32 reg, u32 value)
{
	writel(value, vf->hw + reg);
}

#endif /* _IAVF_H */

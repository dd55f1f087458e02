/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One VF: the structure that the files of the driver share. Control (pci, mailbox, reset,
 * queues, owner, netdev) and data path (rings, tx, rx, napi, ethtool) meet here and in rings.h.
 */
#ifndef _IAVF_H
#define _IAVF_H

#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "../session/session.h"
#include "mailbox.h"
#include "regs.h"
#include "rings.h"

#define IAVF_MAX_QUEUES		16	/* queue pairs; large VFs come with ops 107/108 */

enum iavf_flag {		/* bits of iavf_vf.flags */
	IAVF_VF_DYING,		/* remove() or shutdown() began */
	IAVF_VF_RESETTING,	/* a reset was noticed and is not over */
	IAVF_VF_COMMITTED,	/* commit belongs to this generation */
	IAVF_VF_CARRIER,	/* the PF said link up */
	IAVF_VF_UP,		/* between ndo_open and ndo_stop */
	IAVF_VF_RECONFIGURING,	/* a thread that waits owns the rings (state token) */
	IAVF_VF_DEAD,		/* the device does not answer; only remove is left */
};

struct iavf_vf {
	struct pci_dev *pdev;
	u8 __iomem *hw;			/* BAR0 */
	struct net_device *netdev;	/* NULL until registered; published under state_lock */
	struct iavf_session_vf *session;
	unsigned long flags;		/* enum iavf_flag */

	/*
	 * Guards flags' transitions, generation, commit, ring states (struct iavf_rings.state) and the FIFO
	 * of the kernel's queue messages. Never held across a wait. Taken in the mailbox's NAPI-less
	 * work as well as in process context: spin_lock_bh.
	 */
	spinlock_t state_lock;
	u32 generation;
	struct iavf_commit commit;

	struct iavf_mailbox mbx;
	unsigned int num_vectors;	/* MSI-X, mailbox included */
	char mbx_irq_name[32];

	struct iavf_rings *rings;	/* NULL while down and idle */
	u16 rx_count, tx_count;		/* descriptors, for the next allocation */
	u16 num_queues;			/* queue pairs in use or for the next open */

	u32 link_mbps;
	unsigned long vlans[2][BITS_TO_LONGS(VLAN_N_VID)];	/* [0] 802.1Q, [1] 802.1ad, asked for */
	unsigned int num_vlans;		/* non-zero ones */

	struct workqueue_struct *wq;	/* ordered: mailbox, reset, registration */
	struct work_struct mbx_work;
	struct delayed_work reset_work;
	struct delayed_work watch_work;	/* silent resets: ARQLEN every 100 ms while rings are exposed */
	struct work_struct netdev_work;

	struct {
		u64 resets, stale, reset_us, unproven_stops, mbx_sent, mbx_received;
	} count;
};

struct iavf_netdev {			/* netdev_priv() */
	struct iavf_vf *vf;
	u32 msg_enable;
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

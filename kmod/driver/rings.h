/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data path's interface to the control part: memory, posting, interrupts, counting. The data
 * path never sends mailbox messages and never decides when rings may be freed.
 */
#ifndef _IAVF_RINGS_H
#define _IAVF_RINGS_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>

#define IAVF_MAX_QUEUES		16	/* pairs; large VFs come with ops 107/108 */

struct iavf_queue;		/* private to the data path */
struct iavf_vf;

/*
 * design.md section 2, rule 2. Only IAVF_RINGS_PRIVATE and IAVF_RINGS_IDLE may be freed.
 * "exposed" begins when op 6 is sent, whatever becomes of it.
 */
enum iavf_rings_state {
	IAVF_RINGS_PRIVATE,	/* the device was never told */
	IAVF_RINGS_EXPOSED,	/* the device may access them */
	IAVF_RINGS_IDLE,	/* proven: status-0 reply to op 9, or a proven reset */
};

struct iavf_rings_config {
	u16 rx_queues, tx_queues;	/* 1..16; as many pairs as both have, the rest alone */
	u16 vectors;			/* of queues, at least 1; fewer than queues: they share */
	u16 tx_count, rx_count;		/* descriptors, 64..4096, multiple of 32 */
	u16 mtu;			/* 68..9710 */
	u16 keep_crc;			/* frames come with it; bool */
};

/*
 * All rings of one configuration, allocated and freed together. The control part owns .state and
 * the bools (under vf->state_lock), the data path the rest. The owner maps queue i of either
 * direction to MSI-X vector 1 + i % config.vectors.
 */
struct iavf_rings {
	struct iavf_vf *vf;
	struct iavf_rings_config config;
	enum iavf_rings_state state;
	bool configured;		/* op 6 acknowledged in this generation, for these */
	bool enabled;			/* op 8 acknowledged */
	bool running;			/* posted, NAPI on: the owner may have them configured */
	bool used;			/* op 8 was sent since they were posted */
	struct iavf_queue *queue, *end;	/* array */
	struct iavf_queue *vectors_end;	/* those before it have a vector each */
	/* What op 6 needs beside the config. */
	dma_addr_t tx_dma[IAVF_MAX_QUEUES], rx_dma[IAVF_MAX_QUEUES];	/* 128-byte aligned */
	u16 rx_buf_len;			/* bytes posted per descriptor, 1024..16256, n * 128 */
	u16 max_frame;			/* mtu + 14 + 8 + 4 */
};

/* With one ring or two. */
static inline u16 iavf_num_pairs(const struct iavf_rings_config *config)
{
	return max(config->rx_queues, config->tx_queues);
}

/*
 * Allocate descriptors, page pools, and software state; nothing is posted. ERR_PTR(-ENOMEM). May
 * sleep; rtnl, as for free.
 */
struct iavf_rings *iavf_rings_alloc(struct iavf_vf *vf, const struct iavf_rings_config *config);
/* state must be PRIVATE or IDLE (WARN and leak otherwise: never free what the device may write). */
void iavf_rings_free(struct iavf_rings *rings);

/*
 * Drop what is in flight, software side only (Tx skbs count as tx_dropped), zero descriptors, fill
 * the Rx rings; rings must be private or idle. Rx tails are 0 until iavf_rings_tell(), Tx tails are
 * not written. May sleep. -ENOMEM
 */
int iavf_rings_post(struct iavf_rings *rings);
/* Op 6 was acknowledged, op 8 not sent yet: give the device the Rx buffers. Any context. */
void iavf_rings_tell(struct iavf_rings *rings);

/*
 * NAPI on, interrupts requested and unmasked / the reverse. May sleep; stop waits for NAPI and irq
 * handlers, so for nothing that takes a lock; it may be called twice, and when the device is
 * dead. start leaves the stack's Tx queues stopped (the control part wakes them), stop stops them.
 */
int iavf_rings_start(struct iavf_rings *rings);
void iavf_rings_stop(struct iavf_rings *rings);
/*
 * Was a frame in a Tx queue not completed for 5 s? In place of the stack's watchdog, to which that
 * is worth a backtrace (6.1), and only once the queue is full. on: traffic is; state_lock.
 */
bool iavf_rings_stalled(struct iavf_rings *rings, bool on);

/* ndo parts of the data path. The counters live in the netdev's lifetime, not in the rings'. */
netdev_tx_t iavf_xmit(struct sk_buff *skb, struct net_device *netdev);
netdev_features_t iavf_features_check(struct sk_buff *skb, struct net_device *netdev,
				      netdev_features_t features);
void iavf_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats);
/* Counters and interrupt moderation of IAVF_MAX_QUEUES, for the netdev's lifetime. -ENOMEM */
int iavf_stats_init(struct iavf_vf *vf);
void iavf_stats_free(struct iavf_vf *vf);

extern const struct ethtool_ops iavf_ethtool_ops;

#endif /* _IAVF_RINGS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Data path, private: queues (rings and vector) and what outlives them. Others use rings.h. */
#ifndef _IAVF_PATH_H
#define _IAVF_PATH_H

#include <linux/dim.h>
#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>

#include "iavf.h"

#define IAVF_NO_RS		0xffff
#define IAVF_RX_HEADROOM	(NET_SKB_PAD + NET_IP_ALIGN)

/* One for each descriptor. A group ends with RS and completes as a whole; sums: at its first. */
struct iavf_tx_buf {
	struct sk_buff *skb;	/* at the last descriptor of a packet */
	dma_addr_t dma;
	u32 len;		/* 0: nothing is mapped here */
	u16 rs;			/* group: its last descriptor. IAVF_NO_RS: none begins here */
	u16 packets;		/* group */
	u32 bytes;		/* group */
};

struct iavf_tx_sums {
	u32 bytes;
	u16 packets, descs;
};

/* The writers are different: NAPI, ndo_start_xmit, NAPI. */
struct iavf_queue_stats {
	struct {
		struct u64_stats_sync syncp;
		u64 packets, bytes, restarts;
	} tx ____cacheline_aligned_in_smp;
	struct iavf_xmit_stats {
		struct u64_stats_sync syncp;
		u64 busy, linearized;
		u64 map_errors, no_memory, bad_offload, reset;	/* dropped */
	} xmit ____cacheline_aligned_in_smp;
	struct iavf_rx_stats {
		struct u64_stats_sync syncp;
		u64 packets, bytes, multicast, csum_errors, no_pages;
		u64 no_memory;					/* dropped */
		u64 length_errors, device_errors, too_long;	/* errors */
	} rx ____cacheline_aligned_in_smp;
};

enum iavf_dir {			/* also the index of the throttle register */
	IAVF_RX,
	IAVF_TX,
};

struct iavf_itr {
	u16 us;			/* fixed, or what DIM found */
	bool adaptive;
};

/* The PF's numbers start anew with each reset of the VF, ours go on. */
struct iavf_pf_stats {
	u64 total[IAVF_NUM_STATS];	/* read without a lock */
	u64 last[IAVF_NUM_STATS];	/* as the PF said them; rtnl */
	u32 generation;
	ktime_t at;			/* when; at first, when all were 0 */
};

/* What lives as long as the netdev. */
struct iavf_path {
	struct iavf_pf_stats pf;
	struct iavf_queue_stats stats[IAVF_MAX_QUEUES];
	struct iavf_itr itr[IAVF_MAX_QUEUES][2];	/* of a vector */
	u16 xps_queues;		/* for so many XPS was set up */
};

struct iavf_txq {
	/* not written while running */
	struct iavf_tx_desc *desc;
	struct iavf_tx_buf *buf;
	struct device *dev;
	struct netdev_queue *txq;
	struct iavf_queue_stats *stats;
	u8 __iomem *tail;
	u16 count;
	/* ndo_start_xmit */
	u16 next ____cacheline_aligned_in_smp;	/* first free descriptor */
	u16 avail;		/* at least so many are free */
	u16 rung;		/* what the tail register holds */
	u16 group;		/* first descriptor of the open group */
	struct iavf_tx_sums sums;	/* of the open group */
	/* NAPI */
	u16 clean ____cacheline_aligned_in_smp;	/* oldest descriptor in flight */
	/* iavf_rings_stalled() */
	u16 seen ____cacheline_aligned_in_smp;	/* clean at the last look */
	unsigned long since;	/* jiffies; 0: it moves */
};

struct iavf_rxq {
	struct iavf_rx_desc *desc;
	void **buf;		/* start of each posted buffer */
	struct page_pool *pool;
	struct napi_struct *napi;
	struct device *dev;
	struct iavf_queue_stats *stats;
	u8 __iomem *tail;
	u16 next;		/* to be written back by the device */
	u16 post;		/* to be posted, multiple of IAVF_RX_STEP */
	bool told;		/* the device knows this ring: its tail may move */
	u16 count, index;
	u16 buf_len;		/* what the device may write to a buffer */
	u16 truesize;
	u16 parts;		/* buffers of a page, divisor of IAVF_RX_STEP */
	struct sk_buff *skb;	/* frame whose end has not come yet */
};

/*
 * A pair of rings, of which one may be missing (desc NULL, count 0), and the vector of all the
 * queues that follow by iavf_next(). One that is not the first on its vector uses the first's.
 */
struct iavf_queue {
	struct iavf_txq tx;
	struct iavf_rxq rx;
	struct napi_struct napi;
	struct iavf_vf *vf;
	u8 __iomem *dyn_ctl;
	struct iavf_itr *itr;	/* 2 */
	u16 index, events;
	bool requested;		/* the interrupt is */
	bool enabled;		/* NAPI is */
	bool wb_on_itr;		/* the device writes back without interrupt */
	u8 step;		/* to the next on the same vector; 0: the last */
	struct dim dim[2];
};

/* On the same vector, or NULL. */
static inline struct iavf_queue *iavf_next(struct iavf_queue *q)
{
	return q->step ? q + q->step : NULL;
}

/* To one of struct iavf_queue_stats, by its only writer. */
void iavf_count(struct u64_stats_sync *syncp, u64 *counter, u64 n);

/* stats.c, for ethtool */
int iavf_get_sset_count(struct net_device *netdev, int sset);
void iavf_get_strings(struct net_device *netdev, u32 sset, u8 *data);
void iavf_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data);

/* Everything below is for one queue; its NAPI is the caller or is off. */
bool iavf_tx_poll(struct iavf_txq *q, int budget);
void iavf_tx_drop_all(struct iavf_txq *q);
int iavf_rx_poll(struct iavf_rxq *q, int budget);
bool iavf_rx_fill(struct iavf_rxq *q, gfp_t gfp);
void iavf_rx_drop_all(struct iavf_rxq *q);

void iavf_vector_init(struct iavf_queue *q, bool one_pair);
void iavf_itr_write(struct iavf_vf *vf, unsigned int vector);	/* both directions */

#endif /* _IAVF_PATH_H */

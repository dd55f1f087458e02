// SPDX-License-Identifier: GPL-2.0-only
/* Counters: what ip and ethtool show of them. */
#include <linux/ethtool.h>

#include "control.h"
#include "path.h"

#define DEFAULT_USECS	50

struct counter {
	char name[ETH_GSTRING_LEN];
	unsigned int offset;	/* in struct iavf_queue_stats */
};

#define COUNTER(name, field)	{ name, offsetof(struct iavf_queue_stats, field) }

/* Sums over all queues; only what is not zero on a bad day. */
static const struct counter sums[] = {
	COUNTER("tx_busy", xmit.busy),
	COUNTER("tx_linearize", xmit.linearized),
	COUNTER("tx_restart", tx.restarts),
	COUNTER("tx_dropped_dma_map", xmit.map_errors),
	COUNTER("tx_dropped_no_memory", xmit.no_memory),
	COUNTER("tx_dropped_offload", xmit.bad_offload),
	COUNTER("tx_dropped_reset", xmit.reset),
	COUNTER("rx_csum_errors", rx.csum_errors),
	COUNTER("rx_no_pages", rx.no_pages),
	COUNTER("rx_dropped_no_memory", rx.no_memory),
	COUNTER("rx_length_errors", rx.length_errors),
	COUNTER("rx_device_errors", rx.device_errors),
	COUNTER("rx_too_long", rx.too_long),
};

int iavf_stats_init(struct iavf_vf *vf)
{
	vf->path = kvzalloc(sizeof(*vf->path), GFP_KERNEL);
	if (!vf->path)
		return -ENOMEM;
	for (unsigned int i = 0; i < IAVF_MAX_QUEUES; i++) {
		u64_stats_init(&vf->path->stats[i].tx.syncp);
		u64_stats_init(&vf->path->stats[i].xmit.syncp);
		u64_stats_init(&vf->path->stats[i].rx.syncp);
		vf->path->itr[i][IAVF_RX] = (struct iavf_itr){ DEFAULT_USECS, true };
		vf->path->itr[i][IAVF_TX] = (struct iavf_itr){ DEFAULT_USECS, true };
	}
	return 0;
}

void iavf_stats_free(struct iavf_vf *vf)
{
	kvfree(vf->path);
	vf->path = NULL;
}

static void fetch(const struct u64_stats_sync *syncp, void *to, const void *from, size_t size)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(syncp);
		memcpy(to, from, size);
	} while (u64_stats_fetch_retry(syncp, start));
}

/* Copies of all three parts of one queue's counters, each consistent in itself. */
static void read_stats(const struct iavf_queue_stats *from, struct iavf_queue_stats *to)
{
	fetch(&from->tx.syncp, &to->tx, &from->tx, sizeof(to->tx));
	fetch(&from->xmit.syncp, &to->xmit, &from->xmit, sizeof(to->xmit));
	fetch(&from->rx.syncp, &to->rx, &from->rx, sizeof(to->rx));
}

void iavf_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *stats)
{
	const struct iavf_path *path = iavf_vf(netdev)->path;
	struct iavf_queue_stats q;

	for (unsigned int i = 0; i < IAVF_MAX_QUEUES; i++) {
		read_stats(&path->stats[i], &q);
		stats->tx_packets += q.tx.packets;
		stats->tx_bytes += q.tx.bytes;
		stats->tx_dropped += q.xmit.map_errors + q.xmit.no_memory + q.xmit.bad_offload +
				     q.xmit.reset;
		stats->rx_packets += q.rx.packets;
		stats->rx_bytes += q.rx.bytes;
		stats->rx_dropped += q.rx.no_memory;
		stats->rx_length_errors += q.rx.length_errors + q.rx.too_long;
		stats->rx_errors += q.rx.length_errors + q.rx.too_long + q.rx.device_errors;
	}
}

int iavf_get_sset_count(struct net_device *netdev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(sums) + 4 * IAVF_MAX_QUEUES;
}

void iavf_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	if (sset != ETH_SS_STATS)
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(sums); i++, data += ETH_GSTRING_LEN)
		memcpy(data, sums[i].name, ETH_GSTRING_LEN);
	for (unsigned int i = 0; i < 2 * IAVF_MAX_QUEUES; i++) {
		const char *kind = i < IAVF_MAX_QUEUES ? "tx" : "rx";

		ethtool_sprintf(&data, "%s-%u.packets", kind, i % IAVF_MAX_QUEUES);
		ethtool_sprintf(&data, "%s-%u.bytes", kind, i % IAVF_MAX_QUEUES);
	}
}

void iavf_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data)
{
	const struct iavf_vf *vf = iavf_vf(netdev);
	u64 *tx = data + ARRAY_SIZE(sums), *rx = tx + 2 * IAVF_MAX_QUEUES;
	struct iavf_queue_stats q;

	memset(data, 0, ARRAY_SIZE(sums) * sizeof(*data));
	for (unsigned int i = 0; i < IAVF_MAX_QUEUES; i++) {
		read_stats(&vf->path->stats[i], &q);
		for (unsigned int k = 0; k < ARRAY_SIZE(sums); k++)
			data[k] += *(u64 *)((char *)&q + sums[k].offset);
		*tx++ = q.tx.packets;
		*tx++ = q.tx.bytes;
		*rx++ = q.rx.packets;
		*rx++ = q.rx.bytes;
	}
}

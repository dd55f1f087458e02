// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: what ip and ethtool show of them. Those of the PF are asked for where somebody reads
 * them with ethtool; ip is shown what was known of them last.
 */
#include <linux/ethtool.h>

#include "control.h"
#include "path.h"

#define DEFAULT_USECS	50

/* The PF's, in its order; their names are known from other drivers. Then ours about them. */
static const char pf_names[IAVF_NUM_STATS + 3][ETH_GSTRING_LEN] = {
	"rx_bytes", "rx_unicast", "rx_multicast", "rx_broadcast", "rx_discards",
	"rx_unknown_protocol",
	"tx_bytes", "tx_unicast", "tx_multicast", "tx_broadcast", "tx_discards", "tx_errors",
	"pf_age_ms", "mbx_malformed", "rx_dropped",
};

enum { PF_RX_DISCARDS = 4, PF_TX_DISCARDS = 10, PF_TX_ERRORS = 11 };

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
	vf->path->pf.at = ktime_get();
	return 0;
}

void iavf_stats_free(struct iavf_vf *vf)
{
	kvfree(vf->path);
	vf->path = NULL;
}

static u64 pf_total(const struct iavf_vf *vf, unsigned int i)
{
	return READ_ONCE(vf->path->pf.total[i]);
}

/* What counts less than before counts anew. */
static void add_pf_stats(struct iavf_pf_stats *pf, const struct iavf_request *req)
{
	for (unsigned int i = 0; i < IAVF_NUM_STATS; i++) {
		u64 now = req->stats[i], last = pf->last[i];

		if (req->stats_generation != pf->generation || now < last)
			last = 0;
		WRITE_ONCE(pf->total[i], pf->total[i] + now - last);
		pf->last[i] = now;
	}
	pf->generation = req->stats_generation;
	pf->at = ktime_get();
}

/* Its answer, if there is one within 100 ms; none is expected in a reset. */
static void ask_pf(struct iavf_vf *vf)
{
	struct iavf_request req = { .kind = IAVF_REQUEST_KIND_STATS, .quick = true };

	if (test_bit(IAVF_VF_RESETTING, &vf->flags) || !test_bit(IAVF_VF_COMMITTED, &vf->flags))
		return;
	if (!iavf_session_request(vf->session, &req) && req.has_stats)
		add_pf_stats(&vf->path->pf, &req);
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
	const struct iavf_vf *vf = iavf_vf(netdev);
	struct iavf_queue_stats q;

	stats->rx_missed_errors = pf_total(vf, PF_RX_DISCARDS);
	stats->tx_dropped = pf_total(vf, PF_TX_DISCARDS);
	stats->tx_errors = pf_total(vf, PF_TX_ERRORS);
	for (unsigned int i = 0; i < IAVF_MAX_QUEUES; i++) {
		read_stats(&vf->path->stats[i], &q);
		stats->tx_packets += q.tx.packets;
		stats->tx_bytes += q.tx.bytes;
		stats->tx_dropped += q.xmit.map_errors + q.xmit.no_memory + q.xmit.bad_offload +
				     q.xmit.reset;
		stats->rx_packets += q.rx.packets;
		stats->rx_bytes += q.rx.bytes;
		stats->multicast += q.rx.multicast;
		stats->rx_dropped += q.rx.no_memory;
		stats->rx_length_errors += q.rx.length_errors + q.rx.too_long;
		stats->rx_errors += q.rx.length_errors + q.rx.too_long + q.rx.device_errors;
	}
}

int iavf_get_sset_count(struct net_device *netdev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(pf_names) + ARRAY_SIZE(sums) + 4 * IAVF_MAX_QUEUES;
}

void iavf_get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	if (sset != ETH_SS_STATS)
		return;
	memcpy(data, pf_names, sizeof(pf_names));
	data += sizeof(pf_names);
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
	u64 *sum = data + ARRAY_SIZE(pf_names), *dropped = sum - 1;
	u64 *tx = sum + ARRAY_SIZE(sums), *rx = tx + 2 * IAVF_MAX_QUEUES;
	struct iavf_vf *vf = iavf_vf(netdev);
	struct iavf_queue_stats q;

	ask_pf(vf);
	for (unsigned int i = 0; i < IAVF_NUM_STATS; i++)
		*data++ = pf_total(vf, i);
	*data++ = ktime_ms_delta(ktime_get(), vf->path->pf.at);
	*data = vf->count.mbx_malformed;
	*dropped = pf_total(vf, PF_RX_DISCARDS);
	memset(sum, 0, ARRAY_SIZE(sums) * sizeof(*sum));
	for (unsigned int i = 0; i < IAVF_MAX_QUEUES; i++) {
		read_stats(&vf->path->stats[i], &q);
		for (unsigned int k = 0; k < ARRAY_SIZE(sums); k++)
			sum[k] += *(u64 *)((char *)&q + sums[k].offset);
		*dropped += q.rx.no_memory;
		*tx++ = q.tx.packets;
		*tx++ = q.tx.bytes;
		*rx++ = q.rx.packets;
		*rx++ = q.rx.bytes;
	}
}

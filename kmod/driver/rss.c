// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling as ethtool sees it: shown is what the PF acknowledged, as the owner told it;
 * changes are requests. Whether a table is a user's is noted by the stack after set_rxfh().
 */
#include <linux/build_bug.h>
#include <linux/ethtool.h>

#include "control.h"
#include "../compat.h"

#define RXH_SHIFT	4	/* from our fields to ethtool's */
#define RXH_ALL		(RXH_IP_SRC | RXH_IP_DST | RXH_L4_B_0_1 | RXH_L4_B_2_3)

static_assert(IAVF_RSS_FIELDS_SRC_IP << RXH_SHIFT == RXH_IP_SRC);
static_assert(IAVF_RSS_FIELDS_DST_IP << RXH_SHIFT == RXH_IP_DST);
static_assert(IAVF_RSS_FIELDS_SRC_PORT << RXH_SHIFT == RXH_L4_B_0_1);
static_assert(IAVF_RSS_FIELDS_DST_PORT << RXH_SHIFT == RXH_L4_B_2_3);

/* state_lock. The PF leaves RSS to registers; the owner tells again after each reset. */
void iavf_rss_write(struct iavf_vf *vf, const struct iavf_msg *commit)
{
	__le32 key[IAVF_HKEY_BYTES / 4], lut[IAVF_HLUT_BYTES / 4];

	if (!commit->has_rss_hena || commit->rss_key_len != IAVF_HKEY_BYTES ||
	    commit->rss_lut_len != IAVF_HLUT_BYTES)
		return;
	memcpy(key, commit->rss_key, sizeof(key));
	memcpy(lut, commit->rss_lut, sizeof(lut));
	for (unsigned int i = 0; i < ARRAY_SIZE(key); i++)
		iavf_wr(vf, IAVF_HKEY(i), le32_to_cpu(key[i]));
	for (unsigned int i = 0; i < ARRAY_SIZE(lut); i++)
		iavf_wr(vf, IAVF_HLUT(i), le32_to_cpu(lut[i]));
	iavf_wr(vf, IAVF_HENA(0), lower_32_bits(commit->rss_hena));
	iavf_wr(vf, IAVF_HENA(1), upper_32_bits(commit->rss_hena));
}

/*
 * After a reset the owner tells key and table once the PF has them again. Until then those of
 * before stay: they are what is wanted, and their sizes what ethtool's calls need.
 */
void iavf_rss_update(struct iavf_vf *vf)
{
	const struct iavf_msg *commit = &vf->commit;
	struct iavf_rss *rss = &vf->rss;
	bool all;

	guard(iavf_lock)(&vf->state_lock);
	all = !(commit->features & IAVF_FEATURES_RX_HASH);
	if (all || commit->rss_key_len) {
		rss->key_len = commit->rss_key_len;
		memcpy(rss->key, commit->rss_key, sizeof(rss->key));
	}
	if (all || commit->rss_lut_len) {
		rss->lut_len = commit->rss_lut_len;
		memcpy(rss->lut, commit->rss_lut, sizeof(rss->lut));
	}
	rss->hfunc = commit->rss_hfunc;
	rss->num_flows = commit->rss_flows_len;
	memcpy(rss->flows, commit->rss_flows, sizeof(rss->flows));
}

u32 iavf_get_rxfh_key_size(struct net_device *netdev)
{
	return iavf_vf(netdev)->rss.key_len;
}

u32 iavf_get_rxfh_indir_size(struct net_device *netdev)
{
	return iavf_vf(netdev)->rss.lut_len;
}

/* The core made indir and key as large as the two above said, under the same rtnl. */
void iavf_show_rxfh(struct net_device *netdev, struct iavf_rxfh *rxfh)
{
	const struct iavf_rss *rss = &iavf_vf(netdev)->rss;

	for (unsigned int i = 0; rxfh->indir && i < rss->lut_len; i++)
		rxfh->indir[i] = rss->lut[i];
	if (rxfh->key)
		memcpy(rxfh->key, rss->key, rss->key_len);
	rxfh->hfunc = ETH_RSS_HASH_TOP;
	rxfh->symmetric = rss->hfunc == IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC;
}

/* The owner commits what the PF acknowledged before it answers: shown from here on. */
static int ask(struct iavf_vf *vf, struct iavf_request *req, struct netlink_ext_ack *extack)
{
	int err = iavf_ask(vf, req);

	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s", req->message);
	else
		iavf_rss_update(vf);
	return err;
}

int iavf_change_rxfh(struct net_device *netdev, const struct iavf_rxfh *rxfh,
		     struct netlink_ext_ack *extack)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	u8 lut[sizeof(vf->rss.lut)];
	struct iavf_request req = {
		.kind = IAVF_REQUEST_KIND_SET_RSS,
		.rss_key = rxfh->key, .rss_key_len = vf->rss.key_len,
		.rss_lut = rxfh->indir ? lut : NULL, .rss_lut_len = vf->rss.lut_len,
		.queues = vf->config.rx_queues,
		.has_rss_hfunc = rxfh->set_symmetric,
		.rss_hfunc = rxfh->symmetric ? IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC :
					       IAVF_RSS_HFUNC_TOEPLITZ,
	};

	if (rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE && rxfh->hfunc != ETH_RSS_HASH_TOP)
		return iavf_refuse(extack, -EOPNOTSUPP, "the only hash function is toeplitz");
	for (unsigned int i = 0; rxfh->indir && i < vf->rss.lut_len; i++)
		lut[i] = rxfh->indir[i];
	return ask(vf, &req, extack);
}

/* enum iavf_rss_flow, or -1 */
static int flow_of(u32 flow_type)
{
	switch (flow_type) {
	case TCP_V4_FLOW:
		return IAVF_RSS_FLOW_TCP4;
	case UDP_V4_FLOW:
		return IAVF_RSS_FLOW_UDP4;
	case SCTP_V4_FLOW:
		return IAVF_RSS_FLOW_SCTP4;
	case TCP_V6_FLOW:
		return IAVF_RSS_FLOW_TCP6;
	case UDP_V6_FLOW:
		return IAVF_RSS_FLOW_UDP6;
	case SCTP_V6_FLOW:
		return IAVF_RSS_FLOW_SCTP6;
	}
	return -1;
}

int iavf_show_rxfh_fields(struct net_device *netdev, u32 flow_type, u64 *data)
{
	const struct iavf_rss *rss = &iavf_vf(netdev)->rss;
	int flow = flow_of(flow_type);

	if (flow < 0 || flow >= rss->num_flows)
		return -EOPNOTSUPP;
	*data = (u64)rss->flows[flow] << RXH_SHIFT;
	return 0;
}

int iavf_change_rxfh_fields(struct net_device *netdev, u32 flow_type, u64 data,
			    struct netlink_ext_ack *extack)
{
	struct iavf_request req = {
		.kind = IAVF_REQUEST_KIND_SET_RSS_FIELDS,
		.rss_flow = flow_of(flow_type), .rss_fields = data >> RXH_SHIFT,
	};

	if (flow_of(flow_type) < 0)
		return iavf_refuse(extack, -EOPNOTSUPP, "fields: tcp, udp, sctp 4 and 6 only");
	if (!data || data & ~(u64)RXH_ALL)
		return iavf_refuse(extack, -EINVAL, "fields: some of s, d, f, n and no others");
	return ask(iavf_vf(netdev), &req, extack);
}

u32 iavf_get_rx_ring_count(struct net_device *netdev)
{
	return iavf_vf(netdev)->config.rx_queues;
}

int iavf_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *cmd, u32 *rules)
{
	switch (cmd->cmd) {
	case ETHTOOL_GRXRINGS:
		cmd->data = iavf_get_rx_ring_count(netdev);
		return 0;
	case ETHTOOL_GRXFH:
		return iavf_show_rxfh_fields(netdev, cmd->flow_type, &cmd->data);
	}
	return -EOPNOTSUPP;
}

int iavf_set_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *cmd)
{
	if (cmd->cmd != ETHTOOL_SRXFH)
		return -EOPNOTSUPP;
	return iavf_change_rxfh_fields(netdev, cmd->flow_type, cmd->data, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Made from docs/spec/iavf.yaml by docs/spec/gen; do not edit. */
#include <linux/module.h>

#include "iavf_family.h"
#include "iavf_policy.h"

int iavf_msg_parse(struct iavf_msg *msg, const struct nlattr *head, int len,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IAVF_A_MSG_MAX + 1];
	int err = nla_parse(tb, IAVF_A_MSG_MAX, head, len, iavf_msg_policy, extack);

	if (err)
		return err;
	memset(msg, 0, sizeof(*msg));
	if (tb[IAVF_A_MSG_VF]) {
		msg->vf = nla_get_u32(tb[IAVF_A_MSG_VF]);
		msg->has_vf = true;
	}
	if (tb[IAVF_A_MSG_GENERATION]) {
		msg->generation = nla_get_u32(tb[IAVF_A_MSG_GENERATION]);
		msg->has_generation = true;
	}
	if (tb[IAVF_A_MSG_SEQ]) {
		msg->seq = nla_get_u32(tb[IAVF_A_MSG_SEQ]);
		msg->has_seq = true;
	}
	if (tb[IAVF_A_MSG_OPCODE]) {
		msg->opcode = nla_get_u32(tb[IAVF_A_MSG_OPCODE]);
		msg->has_opcode = true;
	}
	if (tb[IAVF_A_MSG_PAYLOAD]) {
		msg->payload = nla_data(tb[IAVF_A_MSG_PAYLOAD]);
		msg->payload_len = nla_len(tb[IAVF_A_MSG_PAYLOAD]);
	}
	if (tb[IAVF_A_MSG_VSI_ID]) {
		msg->vsi_id = nla_get_u32(tb[IAVF_A_MSG_VSI_ID]);
		msg->has_vsi_id = true;
	}
	if (tb[IAVF_A_MSG_COVERS_SEND]) {
		msg->covers_send = nla_get_u32(tb[IAVF_A_MSG_COVERS_SEND]);
		msg->has_covers_send = true;
	}
	if (tb[IAVF_A_MSG_COVERS_RECV]) {
		msg->covers_recv = nla_get_u32(tb[IAVF_A_MSG_COVERS_RECV]);
		msg->has_covers_recv = true;
	}
	if (tb[IAVF_A_MSG_RECORD]) {
		msg->record = nla_data(tb[IAVF_A_MSG_RECORD]);
		msg->record_len = nla_len(tb[IAVF_A_MSG_RECORD]);
	}
	if (tb[IAVF_A_MSG_REQUEST]) {
		msg->request = nla_get_u32(tb[IAVF_A_MSG_REQUEST]);
		msg->has_request = true;
	}
	if (tb[IAVF_A_MSG_ERRNO]) {
		msg->errno = nla_get_u32(tb[IAVF_A_MSG_ERRNO]);
		msg->has_errno = true;
	}
	if (tb[IAVF_A_MSG_MESSAGE]) {
		nla_strscpy(msg->message, tb[IAVF_A_MSG_MESSAGE], sizeof(msg->message));
		msg->has_message = true;
	}
	if (tb[IAVF_A_MSG_MAC]) {
		nla_memcpy(msg->mac, tb[IAVF_A_MSG_MAC], sizeof(msg->mac));
		msg->has_mac = true;
	}
	if (tb[IAVF_A_MSG_MTU]) {
		msg->mtu = nla_get_u32(tb[IAVF_A_MSG_MTU]);
		msg->has_mtu = true;
	}
	if (tb[IAVF_A_MSG_FEATURES]) {
		msg->features = nla_get_u32(tb[IAVF_A_MSG_FEATURES]);
		msg->has_features = true;
	}
	if (tb[IAVF_A_MSG_MAX_MTU]) {
		msg->max_mtu = nla_get_u32(tb[IAVF_A_MSG_MAX_MTU]);
		msg->has_max_mtu = true;
	}
	if (tb[IAVF_A_MSG_QUEUES]) {
		msg->queues = nla_get_u32(tb[IAVF_A_MSG_QUEUES]);
		msg->has_queues = true;
	}
	if (tb[IAVF_A_MSG_MAX_VECTORS]) {
		msg->max_vectors = nla_get_u32(tb[IAVF_A_MSG_MAX_VECTORS]);
		msg->has_max_vectors = true;
	}
	if (tb[IAVF_A_MSG_TX_TAG]) {
		msg->tx_tag = nla_get_u32(tb[IAVF_A_MSG_TX_TAG]);
		msg->has_tx_tag = true;
	}
	if (tb[IAVF_A_MSG_RX_TAG]) {
		msg->rx_tag = nla_get_u32(tb[IAVF_A_MSG_RX_TAG]);
		msg->has_rx_tag = true;
	}
	if (tb[IAVF_A_MSG_VLAN_BUDGET]) {
		msg->vlan_budget = nla_get_u32(tb[IAVF_A_MSG_VLAN_BUDGET]);
		msg->has_vlan_budget = true;
	}
	if (tb[IAVF_A_MSG_VLAN_CTAG_ALLOWED]) {
		nla_memcpy(msg->vlan_ctag_allowed, tb[IAVF_A_MSG_VLAN_CTAG_ALLOWED], sizeof(msg->vlan_ctag_allowed));
		msg->has_vlan_ctag_allowed = true;
	}
	if (tb[IAVF_A_MSG_VLAN_STAG_ALLOWED]) {
		nla_memcpy(msg->vlan_stag_allowed, tb[IAVF_A_MSG_VLAN_STAG_ALLOWED], sizeof(msg->vlan_stag_allowed));
		msg->has_vlan_stag_allowed = true;
	}
	if (tb[IAVF_A_MSG_DEGRADED]) {
		nla_strscpy(msg->degraded, tb[IAVF_A_MSG_DEGRADED], sizeof(msg->degraded));
		msg->has_degraded = true;
	}
	if (tb[IAVF_A_MSG_RSS_KEY]) {
		msg->rss_key_len = nla_memcpy(msg->rss_key, tb[IAVF_A_MSG_RSS_KEY], sizeof(msg->rss_key));
	}
	if (tb[IAVF_A_MSG_RSS_LUT]) {
		msg->rss_lut_len = nla_memcpy(msg->rss_lut, tb[IAVF_A_MSG_RSS_LUT], sizeof(msg->rss_lut));
	}
	if (tb[IAVF_A_MSG_STATS]) {
		nla_memcpy(msg->stats, tb[IAVF_A_MSG_STATS], sizeof(msg->stats));
		msg->has_stats = true;
	}
	if (tb[IAVF_A_MSG_PF]) {
		nla_strscpy(msg->pf, tb[IAVF_A_MSG_PF], sizeof(msg->pf));
		msg->has_pf = true;
	}
	if (tb[IAVF_A_MSG_FEATURES_FIXED]) {
		msg->features_fixed = nla_get_u32(tb[IAVF_A_MSG_FEATURES_FIXED]);
		msg->has_features_fixed = true;
	}
	if (tb[IAVF_A_MSG_FEATURES_ON]) {
		msg->features_on = nla_get_u32(tb[IAVF_A_MSG_FEATURES_ON]);
		msg->has_features_on = true;
	}
	if (tb[IAVF_A_MSG_POSSIBLE_QUEUES]) {
		msg->possible_queues = nla_get_u32(tb[IAVF_A_MSG_POSSIBLE_QUEUES]);
		msg->has_possible_queues = true;
	}
	if (tb[IAVF_A_MSG_RSS_HFUNC]) {
		msg->rss_hfunc = nla_get_u32(tb[IAVF_A_MSG_RSS_HFUNC]);
		msg->has_rss_hfunc = true;
	}
	if (tb[IAVF_A_MSG_RSS_FLOWS]) {
		msg->rss_flows_len = nla_memcpy(msg->rss_flows, tb[IAVF_A_MSG_RSS_FLOWS], sizeof(msg->rss_flows));
	}
	if (tb[IAVF_A_MSG_RSS_HENA]) {
		msg->rss_hena = nla_get_u64(tb[IAVF_A_MSG_RSS_HENA]);
		msg->has_rss_hena = true;
	}
	if (tb[IAVF_A_MSG_ON_ABSENCE]) {
		msg->on_absence = nla_get_u32(tb[IAVF_A_MSG_ON_ABSENCE]);
		msg->has_on_absence = true;
	}
	if (tb[IAVF_A_MSG_GRACE_MS]) {
		msg->grace_ms = nla_get_u32(tb[IAVF_A_MSG_GRACE_MS]);
		msg->has_grace_ms = true;
	}
	return 0;
}

static const struct genl_ops iavf_ops[] = {
	{
		.cmd = IAVF_CMD_VF_GET,
		.doit = iavf_vf_get_doit,
		.dumpit = iavf_vf_get_dumpit,
		.policy = iavf_vf_get_policy,
		.maxattr = IAVF_A_VF_MAX,
	},
	{
		.cmd = IAVF_CMD_SESSION_OPEN,
		.flags = GENL_ADMIN_PERM,
		.doit = iavf_session_open_doit,
		.policy = iavf_session_open_policy,
		.maxattr = IAVF_A_SESSION_MAX,
	},
};

static const struct genl_multicast_group iavf_groups[] = {
	[IAVF_GROUP_STATE] = { .name = IAVF_MCGRP_STATE, },
	[IAVF_GROUP_TRACE] = { .name = IAVF_MCGRP_TRACE, .flags = GENL_MCAST_CAP_NET_ADMIN, },
};

struct genl_family iavf_family __ro_after_init = {
	.name = IAVF_FAMILY_NAME,
	.version = IAVF_FAMILY_VERSION,
	.netnsok = false,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = iavf_ops,
	.n_ops = ARRAY_SIZE(iavf_ops),
	.mcgrps = iavf_groups,
	.n_mcgrps = ARRAY_SIZE(iavf_groups),
};

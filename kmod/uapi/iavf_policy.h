/* SPDX-License-Identifier: GPL-2.0-only */
/* Made from docs/spec/iavf.yaml by docs/spec/gen; do not edit. */
#ifndef _IAVF_POLICY_H
#define _IAVF_POLICY_H

#include <net/netlink.h>

#include "iavf_netlink.h"

static const struct nla_policy __maybe_unused
iavf_vf_get_policy[IAVF_A_VF_MAX + 1] = {
	[IAVF_A_VF_ID] = { .type = NLA_U32, },
	[IAVF_A_VF_PCI] = { .type = NLA_NUL_STRING, .len = 31 },
};

static const struct nla_policy __maybe_unused
iavf_session_open_policy[IAVF_A_SESSION_MAX + 1] = {
	[IAVF_A_SESSION_ABI] = { .type = NLA_U32, },
	[IAVF_A_SESSION_FORCE] = { .type = NLA_FLAG, },
};

static struct netlink_range_validation __maybe_unused iavf_range_0_65535 = {
	.min = 0,
	.max = 65535,
};

static struct netlink_range_validation __maybe_unused iavf_range_0_86400000 = {
	.min = 0,
	.max = 86400000,
};

/* What an owner may put into a message of the session descriptor. */
static const struct nla_policy __maybe_unused
iavf_msg_policy[IAVF_A_MSG_MAX + 1] = {
	[IAVF_A_MSG_VF] = { .type = NLA_U32, },
	[IAVF_A_MSG_GENERATION] = { .type = NLA_U32, },
	[IAVF_A_MSG_SEQ] = { .type = NLA_U32, },
	[IAVF_A_MSG_OPCODE] = { .type = NLA_U32, },
	[IAVF_A_MSG_PAYLOAD] = { .type = NLA_BINARY, .len = 4096 },
	[IAVF_A_MSG_VSI_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &iavf_range_0_65535),
	[IAVF_A_MSG_COVERS_SEND] = { .type = NLA_U32, },
	[IAVF_A_MSG_COVERS_RECV] = { .type = NLA_U32, },
	[IAVF_A_MSG_RECORD] = { .type = NLA_BINARY, .len = 61440 },
	[IAVF_A_MSG_REQUEST] = { .type = NLA_U32, },
	[IAVF_A_MSG_ERRNO] = NLA_POLICY_MAX(NLA_U32, 133),
	[IAVF_A_MSG_MESSAGE] = { .type = NLA_NUL_STRING, .len = 80 },
	[IAVF_A_MSG_MAC] = NLA_POLICY_EXACT_LEN(6),
	[IAVF_A_MSG_MTU] = { .type = NLA_U32, },
	[IAVF_A_MSG_FEATURES] = { .type = NLA_U32, },
	[IAVF_A_MSG_MAX_MTU] = NLA_POLICY_RANGE(NLA_U32, 68, 9710),
	[IAVF_A_MSG_QUEUES] = NLA_POLICY_RANGE(NLA_U32, 1, 256),
	[IAVF_A_MSG_MAX_VECTORS] = { .type = NLA_U32, },
	[IAVF_A_MSG_TX_TAG] = NLA_POLICY_MAX(NLA_U32, 2),
	[IAVF_A_MSG_RX_TAG] = NLA_POLICY_MAX(NLA_U32, 2),
	[IAVF_A_MSG_VLAN_BUDGET] = { .type = NLA_U32, },
	[IAVF_A_MSG_VLAN_CTAG_ALLOWED] = NLA_POLICY_EXACT_LEN(512),
	[IAVF_A_MSG_VLAN_STAG_ALLOWED] = NLA_POLICY_EXACT_LEN(512),
	[IAVF_A_MSG_DEGRADED] = { .type = NLA_NUL_STRING, .len = 80 },
	[IAVF_A_MSG_RSS_KEY] = { .type = NLA_BINARY, .len = 64 },
	[IAVF_A_MSG_RSS_LUT] = { .type = NLA_BINARY, .len = 512 },
	[IAVF_A_MSG_STATS] = NLA_POLICY_EXACT_LEN(96),
	[IAVF_A_MSG_PF] = { .type = NLA_NUL_STRING, .len = 31 },
	[IAVF_A_MSG_FEATURES_FIXED] = { .type = NLA_U32, },
	[IAVF_A_MSG_FEATURES_ON] = { .type = NLA_U32, },
	[IAVF_A_MSG_POSSIBLE_QUEUES] = NLA_POLICY_RANGE(NLA_U32, 1, 256),
	[IAVF_A_MSG_RSS_HFUNC] = NLA_POLICY_MAX(NLA_U32, 1),
	[IAVF_A_MSG_RSS_FLOWS] = { .type = NLA_BINARY, .len = 16 },
	[IAVF_A_MSG_RSS_HENA] = { .type = NLA_U64, },
	[IAVF_A_MSG_ON_ABSENCE] = NLA_POLICY_MAX(NLA_U32, 2),
	[IAVF_A_MSG_GRACE_MS] = NLA_POLICY_FULL_RANGE(NLA_U32, &iavf_range_0_86400000),
};

/* The attributes of each command; any other one is refused. */
static const u64 __maybe_unused iavf_msg_allowed[__IAVF_CMD_MAX] = {
	[IAVF_CMD_ACCEPT] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_REQUEST),
	[IAVF_CMD_REPLY] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_GENERATION) |
		BIT_ULL(IAVF_A_MSG_REQUEST) |
		BIT_ULL(IAVF_A_MSG_ERRNO) |
		BIT_ULL(IAVF_A_MSG_MESSAGE) |
		BIT_ULL(IAVF_A_MSG_FEATURES) |
		BIT_ULL(IAVF_A_MSG_STATS),
	[IAVF_CMD_MBX_SEND] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_GENERATION) |
		BIT_ULL(IAVF_A_MSG_SEQ) |
		BIT_ULL(IAVF_A_MSG_OPCODE) |
		BIT_ULL(IAVF_A_MSG_PAYLOAD) |
		BIT_ULL(IAVF_A_MSG_VSI_ID),
	[IAVF_CMD_NETDEV_CREATE] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_GENERATION) |
		BIT_ULL(IAVF_A_MSG_MAC) |
		BIT_ULL(IAVF_A_MSG_MTU),
	[IAVF_CMD_NETDEV_UPDATE] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_GENERATION) |
		BIT_ULL(IAVF_A_MSG_MAC) |
		BIT_ULL(IAVF_A_MSG_MTU) |
		BIT_ULL(IAVF_A_MSG_MAX_MTU) |
		BIT_ULL(IAVF_A_MSG_FEATURES),
	[IAVF_CMD_VF_COMMIT] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_GENERATION) |
		BIT_ULL(IAVF_A_MSG_VSI_ID) |
		BIT_ULL(IAVF_A_MSG_QUEUES) |
		BIT_ULL(IAVF_A_MSG_MAX_VECTORS) |
		BIT_ULL(IAVF_A_MSG_MAX_MTU) |
		BIT_ULL(IAVF_A_MSG_FEATURES) |
		BIT_ULL(IAVF_A_MSG_TX_TAG) |
		BIT_ULL(IAVF_A_MSG_RX_TAG) |
		BIT_ULL(IAVF_A_MSG_VLAN_BUDGET) |
		BIT_ULL(IAVF_A_MSG_VLAN_CTAG_ALLOWED) |
		BIT_ULL(IAVF_A_MSG_VLAN_STAG_ALLOWED) |
		BIT_ULL(IAVF_A_MSG_DEGRADED) |
		BIT_ULL(IAVF_A_MSG_RSS_KEY) |
		BIT_ULL(IAVF_A_MSG_RSS_LUT) |
		BIT_ULL(IAVF_A_MSG_PF) |
		BIT_ULL(IAVF_A_MSG_FEATURES_FIXED) |
		BIT_ULL(IAVF_A_MSG_FEATURES_ON) |
		BIT_ULL(IAVF_A_MSG_POSSIBLE_QUEUES) |
		BIT_ULL(IAVF_A_MSG_RSS_HFUNC) |
		BIT_ULL(IAVF_A_MSG_RSS_FLOWS) |
		BIT_ULL(IAVF_A_MSG_RSS_HENA) |
		BIT_ULL(IAVF_A_MSG_ON_ABSENCE) |
		BIT_ULL(IAVF_A_MSG_GRACE_MS),
	[IAVF_CMD_VF_RESET] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_GENERATION),
	[IAVF_CMD_RECORD_SET] =
		BIT_ULL(IAVF_A_MSG_VF) |
		BIT_ULL(IAVF_A_MSG_GENERATION) |
		BIT_ULL(IAVF_A_MSG_COVERS_SEND) |
		BIT_ULL(IAVF_A_MSG_COVERS_RECV) |
		BIT_ULL(IAVF_A_MSG_RECORD),
};

/* For sentences. */
static const char *const iavf_cmd_names[__IAVF_CMD_MAX] __maybe_unused = {
	[IAVF_CMD_ACCEPT] = "accept",
	[IAVF_CMD_REPLY] = "reply",
	[IAVF_CMD_MBX_SEND] = "mbx-send",
	[IAVF_CMD_NETDEV_CREATE] = "netdev-create",
	[IAVF_CMD_NETDEV_UPDATE] = "netdev-update",
	[IAVF_CMD_VF_COMMIT] = "vf-commit",
	[IAVF_CMD_VF_RESET] = "vf-reset",
	[IAVF_CMD_RECORD_SET] = "record-set",
};

static const char *const iavf_msg_names[IAVF_A_MSG_MAX + 1] __maybe_unused = {
	[IAVF_A_MSG_VF] = "vf",
	[IAVF_A_MSG_GENERATION] = "generation",
	[IAVF_A_MSG_SEQ] = "seq",
	[IAVF_A_MSG_OPCODE] = "opcode",
	[IAVF_A_MSG_PAYLOAD] = "payload",
	[IAVF_A_MSG_VSI_ID] = "vsi-id",
	[IAVF_A_MSG_COVERS_SEND] = "covers-send",
	[IAVF_A_MSG_COVERS_RECV] = "covers-recv",
	[IAVF_A_MSG_RECORD] = "record",
	[IAVF_A_MSG_REQUEST] = "request",
	[IAVF_A_MSG_ERRNO] = "errno",
	[IAVF_A_MSG_MESSAGE] = "message",
	[IAVF_A_MSG_MAC] = "mac",
	[IAVF_A_MSG_MTU] = "mtu",
	[IAVF_A_MSG_FEATURES] = "features",
	[IAVF_A_MSG_MAX_MTU] = "max-mtu",
	[IAVF_A_MSG_QUEUES] = "queues",
	[IAVF_A_MSG_MAX_VECTORS] = "max-vectors",
	[IAVF_A_MSG_TX_TAG] = "tx-tag",
	[IAVF_A_MSG_RX_TAG] = "rx-tag",
	[IAVF_A_MSG_VLAN_BUDGET] = "vlan-budget",
	[IAVF_A_MSG_VLAN_CTAG_ALLOWED] = "vlan-ctag-allowed",
	[IAVF_A_MSG_VLAN_STAG_ALLOWED] = "vlan-stag-allowed",
	[IAVF_A_MSG_DEGRADED] = "degraded",
	[IAVF_A_MSG_RSS_KEY] = "rss-key",
	[IAVF_A_MSG_RSS_LUT] = "rss-lut",
	[IAVF_A_MSG_STATS] = "stats",
	[IAVF_A_MSG_PF] = "pf",
	[IAVF_A_MSG_FEATURES_FIXED] = "features-fixed",
	[IAVF_A_MSG_FEATURES_ON] = "features-on",
	[IAVF_A_MSG_POSSIBLE_QUEUES] = "possible-queues",
	[IAVF_A_MSG_RSS_HFUNC] = "rss-hfunc",
	[IAVF_A_MSG_RSS_FLOWS] = "rss-flows",
	[IAVF_A_MSG_RSS_HENA] = "rss-hena",
	[IAVF_A_MSG_ON_ABSENCE] = "on-absence",
	[IAVF_A_MSG_GRACE_MS] = "grace-ms",
};

#endif /* _IAVF_POLICY_H */

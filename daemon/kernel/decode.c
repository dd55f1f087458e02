// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attrs.h"
#include "message.h"

#define BIT(attr) (1ULL << IAVF_A_MSG_##attr)

static const struct attr_rule msg_rules[IAVF_A_MSG_MAX + 1] = {
	[IAVF_A_MSG_VF] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_GENERATION] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_SEQ] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_OPCODE] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_STATUS] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_PAYLOAD] = { MNL_TYPE_BINARY, 0, 0 },
	[IAVF_A_MSG_VSI_ID] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_COVERS_SEND] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_COVERS_RECV] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_RECORD] = { MNL_TYPE_BINARY, 0, 0 },
	[IAVF_A_MSG_STATE] = { MNL_TYPE_NESTED, 0, 0 },
	[IAVF_A_MSG_RESET_STEP] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_RESET_CAUSE] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_REQUEST] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_KIND] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_ERRNO] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_MESSAGE] = { MNL_TYPE_NUL_STRING, 0, 0 },
	[IAVF_A_MSG_MAC] = { MNL_TYPE_BINARY, 6, 0 },
	[IAVF_A_MSG_TPID] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_VID] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_MTU] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_FEATURES] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_FEATURES_WANTED] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_QUEUES] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_RX_QUEUES] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_TX_QUEUES] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_SENT] = { MNL_TYPE_FLAG, 0, 0 },
	[IAVF_A_MSG_LAST] = { MNL_TYPE_FLAG, 0, 0 },
	[IAVF_A_MSG_RSS_KEY] = { MNL_TYPE_BINARY, 0, 0 },
	[IAVF_A_MSG_RSS_LUT] = { MNL_TYPE_BINARY, 0, 0 },
	[IAVF_A_MSG_RSS_HFUNC] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_RSS_FLOW] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_RSS_FIELDS] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_RSS_CONFIGURED] = { MNL_TYPE_FLAG, 0, 0 },
};

static const struct command {
	const char *word;
	uint64_t needs;		/* attributes without which the message means nothing */
	bool from_kernel;
} commands[__IAVF_CMD_MAX] = {
	[IAVF_CMD_VF_ADD] = { "vf-add", BIT(VF) | BIT(GENERATION) | BIT(STATE), true },
	[IAVF_CMD_VF_DEL] = { "vf-del", BIT(VF), true },
	[IAVF_CMD_VF_RECORD] = { "vf-record", BIT(VF), true },
	[IAVF_CMD_VF_LOG] = { "vf-log", BIT(VF) | BIT(GENERATION) | BIT(SEQ) | BIT(OPCODE), true },
	[IAVF_CMD_VF_SYNC] = { "vf-sync", BIT(VF) | BIT(GENERATION), true },
	[IAVF_CMD_MBX_RECV] = { "mbx-recv",
		BIT(VF) | BIT(GENERATION) | BIT(SEQ) | BIT(OPCODE) | BIT(STATUS), true },
	[IAVF_CMD_RESET] = { "reset",
		BIT(VF) | BIT(GENERATION) | BIT(RESET_STEP) | BIT(RESET_CAUSE), true },
	[IAVF_CMD_REQUEST] = { "request",
		BIT(VF) | BIT(GENERATION) | BIT(REQUEST) | BIT(KIND), true },
	[IAVF_CMD_REQUEST_CANCEL] = { "request-cancel", BIT(VF) | BIT(REQUEST), true },
	[IAVF_CMD_CHANGED] = { "changed", BIT(VF) | BIT(GENERATION) | BIT(STATE), true },
	[IAVF_CMD_NETDEV_READY] = { "netdev-ready", BIT(VF) | BIT(GENERATION), true },
	[IAVF_CMD_ACCEPT] = { "accept", 0, false },
	[IAVF_CMD_REPLY] = { "reply", 0, false },
	[IAVF_CMD_MBX_SEND] = { "mbx-send", 0, false },
	[IAVF_CMD_NETDEV_CREATE] = { "netdev-create", 0, false },
	[IAVF_CMD_NETDEV_UPDATE] = { "netdev-update", 0, false },
	[IAVF_CMD_VF_COMMIT] = { "vf-commit", 0, false },
	[IAVF_CMD_VF_RESET] = { "vf-reset", 0, false },
	[IAVF_CMD_RECORD_SET] = { "record-set", 0, false },
};

const char *message_word(uint8_t cmd)
{
	return cmd < __IAVF_CMD_MAX ? commands[cmd].word : NULL;
}

static bool has_all(const struct nlattr **tb, uint64_t needs)
{
	for (unsigned int i = 1; i <= IAVF_A_MSG_MAX; i++) {
		if ((needs & (1ULL << i)) && !tb[i])
			return false;
	}
	return true;
}

static int take_mailbox(const struct nlattr **tb, struct kernel_message *out)
{
	const struct nlattr *payload = tb[IAVF_A_MSG_PAYLOAD], *record = tb[IAVF_A_MSG_RECORD];

	out->seq = attr_u32(tb[IAVF_A_MSG_SEQ], 0);
	out->opcode = attr_u32(tb[IAVF_A_MSG_OPCODE], 0);
	out->status = (int32_t)attr_u32(tb[IAVF_A_MSG_STATUS], 0);
	out->vsi_id = -1;
	if (tb[IAVF_A_MSG_VSI_ID])
		out->vsi_id = mnl_attr_get_u32(tb[IAVF_A_MSG_VSI_ID]) & 0xffff;
	out->sent = tb[IAVF_A_MSG_SENT];
	if (payload) {
		out->payload = mnl_attr_get_payload(payload);
		out->payload_len = mnl_attr_get_payload_len(payload);
	}
	if (record) {
		out->record = mnl_attr_get_payload(record);
		out->record_len = mnl_attr_get_payload_len(record);
	}
	return out->payload_len > IAVF_MBX_MAX || out->record_len > IAVF_RECORD_MAX ? -EBADMSG : 0;
}

static void take_rss(const struct nlattr **tb, struct vf_request *request)
{
	const struct nlattr *key = tb[IAVF_A_MSG_RSS_KEY], *lut = tb[IAVF_A_MSG_RSS_LUT];

	if (key) {
		request->rss_key = mnl_attr_get_payload(key);
		request->rss_key_len = mnl_attr_get_payload_len(key);
	}
	if (lut) {
		request->rss_lut = mnl_attr_get_payload(lut);
		request->rss_lut_len = mnl_attr_get_payload_len(lut);
	}
	request->rss_hfunc_set = tb[IAVF_A_MSG_RSS_HFUNC];
	request->rss_hfunc = attr_u32(tb[IAVF_A_MSG_RSS_HFUNC], 0);
	request->rss_flow = attr_u32(tb[IAVF_A_MSG_RSS_FLOW], 0);
	request->rss_fields = attr_u32(tb[IAVF_A_MSG_RSS_FIELDS], 0);
	request->rss_configured = tb[IAVF_A_MSG_RSS_CONFIGURED];
}

static int take_request(const struct nlattr **tb, struct kernel_message *out)
{
	struct vf_request *request = &out->request;
	uint32_t tpid = attr_u32(tb[IAVF_A_MSG_TPID], 0), vid = attr_u32(tb[IAVF_A_MSG_VID], 0);

	request->id = attr_u32(tb[IAVF_A_MSG_REQUEST], 0);
	request->kind = attr_u32(tb[IAVF_A_MSG_KIND], 0);
	request->generation = out->generation;
	if (tb[IAVF_A_MSG_MAC])
		memcpy(request->mac, mnl_attr_get_payload(tb[IAVF_A_MSG_MAC]),
		       sizeof(request->mac));
	request->mtu = attr_u32(tb[IAVF_A_MSG_MTU], 0);
	request->queues = attr_u32(tb[IAVF_A_MSG_QUEUES], 0);
	request->rx_queues = attr_u32(tb[IAVF_A_MSG_RX_QUEUES], 0);
	request->tx_queues = attr_u32(tb[IAVF_A_MSG_TX_QUEUES], 0);
	request->features = attr_u32(tb[IAVF_A_MSG_FEATURES], 0);
	request->wanted = attr_u32(tb[IAVF_A_MSG_FEATURES_WANTED], 0);
	take_rss(tb, request);
	if (tpid > UINT16_MAX || vid > 4095)
		return -EBADMSG;
	request->tpid = tpid;
	request->vid = vid;
	return 0;
}

static int take_state(const struct nlattr **tb, struct kernel_message *out)
{
	struct vf_snapshot *state = &out->state;
	int err;

	if (!tb[IAVF_A_MSG_STATE])
		return 0;
	err = snapshot_decode(tb[IAVF_A_MSG_STATE], state);
	if (err)
		return err;
	/* Even when the driver could say no more than which VF it is, there is a VF. */
	if (out->cmd == IAVF_CMD_VF_ADD) {
		if (!*state->pci)
			return -EBADMSG;
		state->have |= VF_HAVE_ALL;
	}
	/* The message's own words win; the nest need not repeat them. */
	state->id = out->vf;
	state->generation = out->generation;
	return 0;
}

int message_decode(const struct nlmsghdr *message, struct kernel_message *out)
{
	const struct genlmsghdr *head = mnl_nlmsg_get_payload(message);
	size_t len = mnl_nlmsg_get_payload_len(message);
	const struct nlattr *tb[IAVF_A_MSG_MAX + 1];
	uint32_t err;

	memset(out, 0, sizeof(*out));
	if (len < sizeof(*head))
		return -EBADMSG;
	out->cmd = head->cmd;
	if (head->cmd >= __IAVF_CMD_MAX || !commands[head->cmd].from_kernel)
		return -EOPNOTSUPP;
	if (attrs_parse(head + 1, len - sizeof(*head), msg_rules, IAVF_A_MSG_MAX, tb) ||
	    !has_all(tb, commands[head->cmd].needs))
		return -EBADMSG;
	out->vf = attr_u32(tb[IAVF_A_MSG_VF], 0);
	out->generation = attr_u32(tb[IAVF_A_MSG_GENERATION], 0);
	out->step = attr_u32(tb[IAVF_A_MSG_RESET_STEP], 0);
	out->cause = attr_u32(tb[IAVF_A_MSG_RESET_CAUSE], 0);
	err = attr_u32(tb[IAVF_A_MSG_ERRNO], 0);
	if (err > 4095)
		return -EBADMSG;
	out->err = -(int)err;
	return take_mailbox(tb, out) ?: take_request(tb, out) ?: take_state(tb, out);
}

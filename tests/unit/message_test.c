// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of the session: ours against the policies that the kernel was generated with, the
 * kernel's through our decoder, whole, cut at every byte, and spoilt.
 */
#include <stdint.h>

#include "iavf_policy.h"
#include "kernel/message.h"
#include "kmsg.h"
#include "test.h"

static uint8_t buf[KMSG_SIZE] __attribute__((aligned(8)));
static struct kernel_message out;

/* What the kernel's nla_parse() with the policy would say. */
static void check_attr(const struct nlattr *attr)
{
	const struct nla_policy *policy = &iavf_msg_policy[mnl_attr_get_type(attr)];
	uint16_t len = mnl_attr_get_payload_len(attr);

	CHECK(policy->type != NLA_UNSPEC);
	if (policy->type == NLA_U32) {
		CHECK_EQ(len, 4);
		CHECK(!policy->max || mnl_attr_get_u32(attr) <= policy->max);
		CHECK(mnl_attr_get_u32(attr) >= policy->min);
		CHECK(!policy->range || (mnl_attr_get_u32(attr) >= policy->range->min &&
					 mnl_attr_get_u32(attr) <= policy->range->max));
	}
	if (policy->type == NLA_NUL_STRING)
		CHECK(len >= 1 && len <= policy->len + 1 && !mnl_attr_get_str(attr)[len - 1]);
	if (policy->type == NLA_BINARY)
		CHECK(policy->exact ? len == policy->exact : len <= policy->len);
}

static uint64_t check_ours(const struct nlmsghdr *message, uint8_t cmd)
{
	const struct genlmsghdr *head;
	const struct nlattr *attr;
	uint64_t seen = 0;

	CHECK(message);
	head = mnl_nlmsg_get_payload(message);
	CHECK_EQ(head->cmd, cmd);
	CHECK_EQ(head->version, IAVF_FAMILY_VERSION);
	CHECK_EQ(head->reserved, 0);
	CHECK_EQ(message->nlmsg_type, KMSG_FAMILY);
	CHECK_EQ(message->nlmsg_flags, NLM_F_REQUEST);
	CHECK(message->nlmsg_len <= MESSAGE_SIZE);
	mnl_attr_for_each(attr, message, sizeof(*head)) {
		uint64_t bit = 1ULL << mnl_attr_get_type(attr);

		CHECK(iavf_msg_allowed[cmd] & bit);
		CHECK(!(seen & bit));
		seen |= bit;
		check_attr(attr);
	}
	return seen;
}

static const struct nlattr *get(const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == type)
			return attr;
	}
	return NULL;
}

static void ours_small(void)
{
	static const uint8_t mac[6] = { 2, 1, 2, 3, 4, 5 };

	check_ours(message_accept(buf, KMSG_FAMILY, 7, 9), IAVF_CMD_ACCEPT);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_VF)), 7);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_REQUEST)), 9);
	check_ours(message_netdev_create(buf, KMSG_FAMILY, 7, 3, mac, 1500),
		   IAVF_CMD_NETDEV_CREATE);
	CHECK(!memcmp(mnl_attr_get_payload(get((void *)buf, IAVF_A_MSG_MAC)), mac, 6));
	check_ours(message_netdev_create(buf, KMSG_FAMILY, 7, 3, NULL, 0), IAVF_CMD_NETDEV_CREATE);
	CHECK(!get((void *)buf, IAVF_A_MSG_MAC));
	CHECK(!get((void *)buf, IAVF_A_MSG_MTU));
	check_ours(message_netdev_update(buf, KMSG_FAMILY, 7, 3, mac, 1400, 9000),
		   IAVF_CMD_NETDEV_UPDATE);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_MTU)), 1400);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_MAX_MTU)), 9000);
	check_ours(message_vf_reset(buf, KMSG_FAMILY, 7, 3), IAVF_CMD_VF_RESET);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_GENERATION)), 3);
}

static void ours_reply(void)
{
	static const uint64_t stats[VF_NUM_STATS] = { 1, [11] = UINT64_MAX };
	char lengthy[300];

	memset(lengthy, 'x', sizeof(lengthy) - 1);
	lengthy[sizeof(lengthy) - 1] = '\0';
	check_ours(message_reply(buf, KMSG_FAMILY, 7, 3, 9, -EPERM, "the PF said no", 0),
		   IAVF_CMD_REPLY);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_ERRNO)), EPERM);
	check_ours(message_reply(buf, KMSG_FAMILY, 7, 3, 9, EBUSY, lengthy, 5), IAVF_CMD_REPLY);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_ERRNO)), EBUSY);
	CHECK_EQ(strlen(mnl_attr_get_str(get((void *)buf, IAVF_A_MSG_MESSAGE))), IAVF_MESSAGE_MAX);
	check_ours(message_reply(buf, KMSG_FAMILY, 7, 3, 9, 0, NULL, 0), IAVF_CMD_REPLY);
	check_ours(message_reply_stats(buf, KMSG_FAMILY, 7, 3, 9, stats), IAVF_CMD_REPLY);
	CHECK(!memcmp(mnl_attr_get_payload(get((void *)buf, IAVF_A_MSG_STATS)), stats,
		      sizeof(stats)));
	check_ours(message_reply(buf, KMSG_FAMILY, 7, 3, 9, -524, NULL, 0), IAVF_CMD_REPLY);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_ERRNO)), EIO);
	check_ours(message_reply(buf, KMSG_FAMILY, 7, 3, 9, INT32_MIN, NULL, 0), IAVF_CMD_REPLY);
}

static void ours_send(void)
{
	static uint8_t payload[IAVF_MBX_MAX + 1];

	check_ours(message_mbx_send(buf, KMSG_FAMILY, 7, 3, 11, 10, -1, payload, IAVF_MBX_MAX),
		   IAVF_CMD_MBX_SEND);
	CHECK(!get((void *)buf, IAVF_A_MSG_VSI_ID));
	CHECK_EQ(mnl_attr_get_payload_len(get((void *)buf, IAVF_A_MSG_PAYLOAD)), IAVF_MBX_MAX);
	check_ours(message_mbx_send(buf, KMSG_FAMILY, 7, 3, 11, 6, 65535, NULL, 0),
		   IAVF_CMD_MBX_SEND);
	CHECK(!get((void *)buf, IAVF_A_MSG_PAYLOAD));
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_VSI_ID)), 65535);
	check_ours(message_mbx_send(buf, KMSG_FAMILY, 7, 3, 11, 1, 0, NULL, 0), IAVF_CMD_MBX_SEND);
	CHECK(get((void *)buf, IAVF_A_MSG_VSI_ID));
	CHECK(!message_mbx_send(buf, KMSG_FAMILY, 7, 3, 11, 1, -1, payload, IAVF_MBX_MAX + 1));
}

static void ours_commit(void)
{
	static const uint8_t vlans[VF_VLAN_BYTES] = { 1 };
	struct vf_commit commit = {
		.vsi_id = 3, .queues = 16, .max_vectors = 17, .max_mtu = 9702, .features = 0x1ff,
		.tx_tag = IAVF_VLAN_TAG_L2TAG1, .rx_tag = IAVF_VLAN_TAG_L2TAG2,
	};

	check_ours(message_commit(buf, KMSG_FAMILY, 7, 3, &commit), IAVF_CMD_VF_COMMIT);
	CHECK(!get((void *)buf, IAVF_A_MSG_VLAN_BUDGET));
	CHECK(!get((void *)buf, IAVF_A_MSG_DEGRADED));
	CHECK(!get((void *)buf, IAVF_A_MSG_PF));
	CHECK(!get((void *)buf, IAVF_A_MSG_RSS_KEY) && !get((void *)buf, IAVF_A_MSG_RSS_LUT));
	CHECK(!get((void *)buf, IAVF_A_MSG_POSSIBLE_QUEUES));
	CHECK(!get((void *)buf, IAVF_A_MSG_RSS_HFUNC) && !get((void *)buf, IAVF_A_MSG_RSS_FLOWS));
	commit.vlan_budget_known = true;
	commit.vlan_ctag_allowed = vlans;
	commit.vlan_stag_allowed = vlans;
	commit.degraded = "4 of 8 queue pairs";
	commit.pf = "virtchnl 255.255, not trusted";
	commit.rss_key = commit.rss_lut = vlans;
	commit.rss_key_len = 52;
	commit.rss_lut_len = 64;
	commit.features_fixed = commit.features_on = IAVF_FEATURES_VLAN_CTAG_FILTER;
	commit.possible_queues = 16;
	commit.rss_hfunc = IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC;
	commit.rss_flows = vlans;
	commit.rss_flows_len = 6;
	commit.rss_hena = 1;
	commit.on_absence = IAVF_ABSENCE_DOWN;
	commit.grace_ms = 5000;
	/* Every attribute that the specification has for it. */
	CHECK_EQ(check_ours(message_commit(buf, KMSG_FAMILY, 7, 3, &commit), IAVF_CMD_VF_COMMIT),
		 iavf_msg_allowed[IAVF_CMD_VF_COMMIT]);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_VLAN_BUDGET)), 0);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_MAX_MTU)), 9702);
}

static void ours_record(void)
{
	static uint8_t record[IAVF_RECORD_MAX + 1];

	check_ours(message_record_set(buf, KMSG_FAMILY, 7, 3, 5, 6, record, IAVF_RECORD_MAX),
		   IAVF_CMD_RECORD_SET);
	CHECK_EQ(mnl_attr_get_u32(get((void *)buf, IAVF_A_MSG_COVERS_RECV)), 6);
	CHECK_EQ(mnl_attr_get_payload_len(get((void *)buf, IAVF_A_MSG_RECORD)), IAVF_RECORD_MAX);
	check_ours(message_record_set(buf, KMSG_FAMILY, 7, 3, 5, 6, record, 0),
		   IAVF_CMD_RECORD_SET);
	CHECK(!message_record_set(buf, KMSG_FAMILY, 7, 3, 5, 6, record, IAVF_RECORD_MAX + 1));
}

static struct nlmsghdr *full_add(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_VF_ADD, 7, 3);
	struct nlattr *nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);
	uint8_t vlans[512] = { [12] = 0x10 };

	mnl_attr_put_u32(message, IAVF_A_VF_ID, 7);
	mnl_attr_put_strz(message, IAVF_A_VF_PCI, "0000:3b:02.1");
	mnl_attr_put_u32(message, IAVF_A_VF_STATE, IAVF_VF_STATE_READY);
	mnl_attr_put_u32(message, IAVF_A_VF_IFINDEX, 4);
	mnl_attr_put_strz(message, IAVF_A_VF_IFNAME, "enp59s0f0v1");
	mnl_attr_put_u64(message, IAVF_A_VF_NETNS, 4026531840);
	mnl_attr_put(message, IAVF_A_VF_MAC, 6, "\x02\x00\x00\x00\x00\x07");
	mnl_attr_put_u32(message, IAVF_A_VF_MTU, 1500);
	mnl_attr_put_u32(message, IAVF_A_VF_VECTORS, 5);
	mnl_attr_put_u32(message, IAVF_A_VF_RX_QUEUES, 4);
	mnl_attr_put_u8(message, IAVF_A_VF_CARRIER, 1);
	mnl_attr_put_u32(message, IAVF_A_VF_LINK_MBPS, 25000);
	mnl_attr_put_u32(message, IAVF_A_VF_RX_FLAGS, IAVF_RX_FLAGS_UP | IAVF_RX_FLAGS_PROMISC);
	mnl_attr_put(message, IAVF_A_VF_UNICAST, 0, NULL);
	mnl_attr_put(message, IAVF_A_VF_MULTICAST, 12, "\x01\0\x5e\0\0\x01\x33\x33\0\0\0\x01");
	mnl_attr_put(message, IAVF_A_VF_VLAN_CTAG, sizeof(vlans), vlans);
	mnl_attr_put(message, IAVF_A_VF_VLAN_STAG, sizeof(vlans), vlans);
	mnl_attr_put_u32(message, IAVF_A_VF_SEND_SEQ, 40);
	mnl_attr_put(message, IAVF_A_VF_CONFIGURED, 0, NULL);
	mnl_attr_put(message, IAVF_A_VF_COMMITTED, 0, NULL);
	mnl_attr_nest_end(message, nest);
	return message;
}

static void theirs_add(void)
{
	const struct vf_snapshot *s = &out.state;

	CHECK_EQ(message_decode(full_add(), &out), 0);
	CHECK_EQ(out.cmd, IAVF_CMD_VF_ADD);
	CHECK_EQ(out.vf, 7);
	CHECK_EQ(out.generation, 3);
	CHECK_EQ(s->have, VF_HAVE_ALL | VF_HAVE_FLAGS | VF_HAVE_ADDRESSES | VF_HAVE_VLANS |
		 VF_HAVE_LINK | VF_HAVE_NETDEV);
	CHECK_EQ(s->id, 7);
	CHECK_EQ(s->generation, 3);
	CHECK(!strcmp(s->pci, "0000:3b:02.1"));
	CHECK(!strcmp(s->ifname, "enp59s0f0v1"));
	CHECK_EQ(s->netns, 4026531840);
	CHECK_EQ(s->mac[5], 7);
	CHECK_EQ(s->mtu, 1500);
	CHECK_EQ(s->num_unicast, 0);
	CHECK_EQ(s->num_multicast, 2);
	CHECK_EQ(s->multicast[6], 0x33);
	CHECK_EQ(s->vlan_ctag[12], 0x10);
	CHECK_EQ(s->send_seq, 40);
	CHECK(s->configured && !s->enabled && s->committed && s->carrier);
	CHECK_EQ(s->link_mbps, 25000);
}

/* The driver could tell nothing but which VF it is. */
static void theirs_bare_add(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_VF_ADD, 7, 3);
	struct nlattr *nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);

	mnl_attr_put_u32(message, IAVF_A_VF_ID, 7);
	mnl_attr_nest_end(message, nest);
	CHECK_EQ(message_decode(message, &out), -EBADMSG);
	message = kmsg_now(buf, IAVF_CMD_VF_ADD, 7, 3);
	nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);
	mnl_attr_put_strz(message, IAVF_A_VF_PCI, "0000:3b:02.1");
	mnl_attr_nest_end(message, nest);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.state.have, VF_HAVE_ALL);
}

static void theirs_delta(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_CHANGED, 7, 3);
	struct nlattr *nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);

	mnl_attr_put_u32(message, IAVF_A_VF_RX_FLAGS, IAVF_RX_FLAGS_ALLMULTI);
	mnl_attr_nest_end(message, nest);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.state.have, VF_HAVE_FLAGS);
	CHECK_EQ(out.state.rx_flags, IAVF_RX_FLAGS_ALLMULTI);
}

static void theirs_mailbox(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_MBX_RECV, 7, 3);

	mnl_attr_put_u32(message, IAVF_A_MSG_SEQ, 1);
	mnl_attr_put_u32(message, IAVF_A_MSG_OPCODE, 10);
	CHECK_EQ(message_decode(message, &out), -EBADMSG);	/* no status */
	mnl_attr_put_u32(message, IAVF_A_MSG_STATUS, (uint32_t)-5);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.status, -5);
	CHECK(!out.payload && !out.payload_len);
	mnl_attr_put(message, IAVF_A_MSG_PAYLOAD, 3, "abc");
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.payload_len, 3);
	CHECK(!memcmp(out.payload, "abc", 3));
}

static void theirs_log_and_record(void)
{
	static uint8_t record[IAVF_RECORD_MAX + 4];
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_VF_LOG, 7, 3);

	mnl_attr_put_u32(message, IAVF_A_MSG_SEQ, 4);
	mnl_attr_put_u32(message, IAVF_A_MSG_OPCODE, 6);
	mnl_attr_put(message, IAVF_A_MSG_SENT, 0, NULL);
	mnl_attr_put_u32(message, IAVF_A_MSG_VSI_ID, 9);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK(out.sent && out.vsi_id == 9 && out.seq == 4);

	message = kmsg_start(buf, IAVF_CMD_VF_RECORD, 7);
	mnl_attr_put(message, IAVF_A_MSG_LAST, 0, NULL);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK(!out.record);
	message = kmsg_now(buf, IAVF_CMD_VF_RECORD, 7, 3);
	mnl_attr_put(message, IAVF_A_MSG_RECORD, IAVF_RECORD_MAX, record);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.record_len, IAVF_RECORD_MAX);
	message = kmsg_now(buf, IAVF_CMD_VF_RECORD, 7, 3);
	mnl_attr_put(message, IAVF_A_MSG_RECORD, IAVF_RECORD_MAX + 4, record);
	CHECK_EQ(message_decode(message, &out), -EBADMSG);
}

static void theirs_request(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_REQUEST, 7, 3);

	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 88);
	mnl_attr_put_u32(message, IAVF_A_MSG_KIND, IAVF_REQUEST_KIND_VLAN_ADD);
	mnl_attr_put_u32(message, IAVF_A_MSG_TPID, 0x88a8);
	mnl_attr_put_u32(message, IAVF_A_MSG_VID, 4094);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.request.id, 88);
	CHECK_EQ(out.request.kind, IAVF_REQUEST_KIND_VLAN_ADD);
	CHECK_EQ(out.request.tpid, 0x88a8);
	CHECK_EQ(out.request.vid, 4094);
	CHECK_EQ(out.request.generation, 3);
	message = kmsg_now(buf, IAVF_CMD_REQUEST, 7, 3);
	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 89);
	mnl_attr_put_u32(message, IAVF_A_MSG_KIND, IAVF_REQUEST_KIND_RECONFIGURE);
	mnl_attr_put_u32(message, IAVF_A_MSG_QUEUES, 16);
	mnl_attr_put_u32(message, IAVF_A_MSG_RX_QUEUES, 8);
	mnl_attr_put_u32(message, IAVF_A_MSG_TX_QUEUES, 16);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.request.queues, 16);
	CHECK_EQ(out.request.rx_queues, 8);
	CHECK_EQ(out.request.tx_queues, 16);

	message = kmsg_start(buf, IAVF_CMD_REQUEST_CANCEL, 7);
	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 88);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.request.id, 88);
}

static void theirs_rss(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_REQUEST, 7, 3);
	static const uint8_t bytes[600] = { 3 };

	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 89);
	mnl_attr_put_u32(message, IAVF_A_MSG_KIND, IAVF_REQUEST_KIND_SET_RSS);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK(!out.request.rss_key && !out.request.rss_lut && !out.request.rss_hfunc_set);
	CHECK(!out.request.rss_configured);
	mnl_attr_put(message, IAVF_A_MSG_RSS_KEY, 52, bytes);
	mnl_attr_put(message, IAVF_A_MSG_RSS_LUT, 600, bytes);
	mnl_attr_put_u32(message, IAVF_A_MSG_RSS_HFUNC, IAVF_RSS_HFUNC_TOEPLITZ);
	mnl_attr_put_u32(message, IAVF_A_MSG_QUEUES, 4);
	mnl_attr_put_u32(message, IAVF_A_MSG_RSS_FLOW, IAVF_RSS_FLOW_UDP6);
	mnl_attr_put_u32(message, IAVF_A_MSG_RSS_FIELDS, 9);
	mnl_attr_put(message, IAVF_A_MSG_RSS_CONFIGURED, 0, NULL);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK(out.request.rss_key_len == 52 && out.request.rss_key[0] == 3);
	/* Whether it makes sense is for the VF to say. */
	CHECK(out.request.rss_lut_len == 600 && out.request.queues == 4);
	CHECK(out.request.rss_hfunc_set && out.request.rss_hfunc == IAVF_RSS_HFUNC_TOEPLITZ);
	CHECK(out.request.rss_flow == IAVF_RSS_FLOW_UDP6 && out.request.rss_fields == 9);
	CHECK(out.request.rss_configured);
}

static void theirs_small(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_RESET, 7, 4);

	mnl_attr_put_u32(message, IAVF_A_MSG_RESET_STEP, IAVF_RESET_STEP_STARTED);
	mnl_attr_put_u32(message, IAVF_A_MSG_RESET_CAUSE, IAVF_RESET_CAUSE_PF_SILENT);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK(out.step == IAVF_RESET_STEP_STARTED && out.cause == IAVF_RESET_CAUSE_PF_SILENT);
	message = kmsg_now(buf, IAVF_CMD_NETDEV_READY, 7, 4);
	mnl_attr_put_u32(message, IAVF_A_MSG_ERRNO, ENFILE);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(out.err, -ENFILE);
	CHECK_EQ(message_decode(kmsg_start(buf, IAVF_CMD_VF_DEL, 7), &out), 0);
	CHECK_EQ(message_decode(kmsg_now(buf, IAVF_CMD_VF_SYNC, 7, 4), &out), 0);
}

static void theirs_unknown(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_VF_SYNC, 7, 4);

	mnl_attr_put_u32(message, 200, 1);
	CHECK_EQ(message_decode(message, &out), 0);
	CHECK_EQ(message_decode(kmsg_start(buf, 99, 7), &out), -EOPNOTSUPP);
	CHECK_EQ(message_decode(kmsg_start(buf, IAVF_CMD_MBX_SEND, 7), &out), -EOPNOTSUPP);
	message = kmsg_start(buf, IAVF_CMD_VF_DEL, 7);
	message->nlmsg_len = NLMSG_HDRLEN + 2;
	CHECK_EQ(message_decode(message, &out), -EBADMSG);
}

static void theirs_wrong_types(void)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_REQUEST, 7, 3);

	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 88);
	mnl_attr_put_u32(message, IAVF_A_MSG_KIND, IAVF_REQUEST_KIND_SET_MAC);
	mnl_attr_put(message, IAVF_A_MSG_MAC, 5, "abcde");
	CHECK_EQ(message_decode(message, &out), -EBADMSG);
	message = kmsg_start(buf, IAVF_CMD_VF_SYNC, 7);
	mnl_attr_put_u64(message, IAVF_A_MSG_GENERATION, 3);
	CHECK_EQ(message_decode(message, &out), -EBADMSG);
	message = kmsg_now(buf, IAVF_CMD_REQUEST, 7, 3);
	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 88);
	mnl_attr_put_u32(message, IAVF_A_MSG_KIND, 0);
	mnl_attr_put_u32(message, IAVF_A_MSG_VID, 4096);
	CHECK_EQ(message_decode(message, &out), -EBADMSG);
}

/* Copied into memory of exactly that size, so that the sanitizer sees one byte too many. */
static void decode_copy(const void *from, size_t len)
{
	struct nlmsghdr *copy = malloc(len);

	memcpy(copy, from, len);
	if (len >= sizeof(*copy)) {
		copy->nlmsg_len = len;
		message_decode(copy, &out);
	}
	free(copy);
}

static void theirs_cut(void)
{
	size_t len = full_add()->nlmsg_len;

	for (size_t i = 0; i <= len; i++)
		decode_copy(buf, i);
}

static void theirs_spoilt(void)
{
	size_t len = full_add()->nlmsg_len;
	uint8_t *copy = malloc(len);
	unsigned int seed = 1;

	for (int i = 0; i < 20000; i++) {
		memcpy(copy, buf, len);
		for (int j = 0; j < 3; j++) {
			seed = seed * 1103515245 + 12345;
			copy[NLMSG_HDRLEN + (seed >> 8) % (len - NLMSG_HDRLEN)] = seed >> 24;
		}
		decode_copy(copy, len);
	}
	free(copy);
}

static void errors(void)
{
	const char *sentence;
	struct nlmsghdr *message = kmsg_error(buf, 5, -EPERM, "not yours");

	CHECK_EQ(genl_error(message, &sentence), -EPERM);
	CHECK(!strcmp(sentence, "not yours"));
	CHECK_EQ(genl_error(kmsg_error(buf, 5, 0, NULL), &sentence), 0);
	CHECK(!sentence);
	CHECK_EQ(genl_error(kmsg_error(buf, 5, 3, NULL), &sentence), -EBADMSG);
	/* Not capped, and the message inside claims to be longer than it is. */
	message = kmsg_error(buf, 5, -EPERM, "not yours");
	message->nlmsg_flags = NLM_F_ACK_TLVS;
	((struct nlmsgerr *)mnl_nlmsg_get_payload(message))->msg.nlmsg_len = 0xfffffff0;
	CHECK_EQ(genl_error(message, &sentence), -EPERM);
	CHECK(!sentence);
}

static const struct test_case cases[] = {
	{ "ours_small", ours_small },
	{ "ours_reply", ours_reply },
	{ "ours_send", ours_send },
	{ "ours_commit", ours_commit },
	{ "ours_record", ours_record },
	{ "theirs_add", theirs_add },
	{ "theirs_bare_add", theirs_bare_add },
	{ "theirs_delta", theirs_delta },
	{ "theirs_mailbox", theirs_mailbox },
	{ "theirs_log_and_record", theirs_log_and_record },
	{ "theirs_request", theirs_request },
	{ "theirs_rss", theirs_rss },
	{ "theirs_small", theirs_small },
	{ "theirs_unknown", theirs_unknown },
	{ "theirs_wrong_types", theirs_wrong_types },
	{ "theirs_cut", theirs_cut },
	{ "theirs_spoilt", theirs_spoilt },
	{ "errors", errors },
};

TEST_MAIN(cases)

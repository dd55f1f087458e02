// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "genl.h"
#include "message.h"

/* The kernel takes errnos of user space only. */
static uint32_t positive_errno(int err)
{
	uint32_t positive = err < 0 ? -(uint32_t)err : (uint32_t)err;

	return positive > EHWPOISON ? EIO : positive;
}

static struct nlmsghdr *start(void *buf, uint16_t family, uint8_t cmd, uint32_t vf)
{
	struct nlmsghdr *message = genl_start(buf, family, cmd, 0);

	mnl_attr_put_u32(message, IAVF_A_MSG_VF, vf);
	return message;
}

static struct nlmsghdr *start_now(void *buf, uint16_t family, uint8_t cmd, uint32_t vf,
				  uint32_t generation)
{
	struct nlmsghdr *message = start(buf, family, cmd, vf);

	mnl_attr_put_u32(message, IAVF_A_MSG_GENERATION, generation);
	return message;
}

/* The kernel refuses longer sentences; half a sentence is better than none. */
static void put_sentence(struct nlmsghdr *message, uint16_t type, const char *text)
{
	char cut[IAVF_MESSAGE_MAX + 1];
	size_t len;

	if (!text)
		return;
	len = strnlen(text, IAVF_MESSAGE_MAX);
	memcpy(cut, text, len);
	cut[len] = '\0';
	mnl_attr_put_strz(message, type, cut);
}

struct nlmsghdr *message_accept(void *buf, uint16_t family, uint32_t vf, uint32_t request)
{
	struct nlmsghdr *message = start(buf, family, IAVF_CMD_ACCEPT, vf);

	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, request);
	return message;
}

struct nlmsghdr *message_reply(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
			       uint32_t request, int err, const char *sentence, uint32_t features)
{
	struct nlmsghdr *message = start_now(buf, family, IAVF_CMD_REPLY, vf, generation);

	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, request);
	mnl_attr_put_u32(message, IAVF_A_MSG_ERRNO, positive_errno(err));
	put_sentence(message, IAVF_A_MSG_MESSAGE, sentence);
	mnl_attr_put_u32(message, IAVF_A_MSG_FEATURES, features);
	return message;
}

struct nlmsghdr *message_reply_stats(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				     uint32_t request, const uint64_t stats[VF_NUM_STATS])
{
	struct nlmsghdr *message =
		message_reply(buf, family, vf, generation, request, 0, NULL, 0);

	mnl_attr_put(message, IAVF_A_MSG_STATS, VF_NUM_STATS * sizeof(stats[0]), stats);
	return message;
}

struct nlmsghdr *message_mbx_send(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				  uint32_t seq, uint32_t opcode, int vsi_id, const void *payload,
				  size_t len)
{
	struct nlmsghdr *message = start_now(buf, family, IAVF_CMD_MBX_SEND, vf, generation);

	if (len > IAVF_MBX_MAX)
		return NULL;
	mnl_attr_put_u32(message, IAVF_A_MSG_SEQ, seq);
	mnl_attr_put_u32(message, IAVF_A_MSG_OPCODE, opcode);
	if (vsi_id >= 0)
		mnl_attr_put_u32(message, IAVF_A_MSG_VSI_ID, vsi_id);
	if (payload)
		mnl_attr_put(message, IAVF_A_MSG_PAYLOAD, len, payload);
	return message;
}

struct nlmsghdr *message_netdev_create(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				       const uint8_t *mac, uint32_t mtu)
{
	struct nlmsghdr *message = start_now(buf, family, IAVF_CMD_NETDEV_CREATE, vf, generation);

	if (mac)
		mnl_attr_put(message, IAVF_A_MSG_MAC, 6, mac);
	if (mtu)
		mnl_attr_put_u32(message, IAVF_A_MSG_MTU, mtu);
	return message;
}

struct nlmsghdr *message_netdev_update(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				       const uint8_t *mac, uint32_t mtu, uint32_t max_mtu)
{
	struct nlmsghdr *message = start_now(buf, family, IAVF_CMD_NETDEV_UPDATE, vf, generation);

	if (mac)
		mnl_attr_put(message, IAVF_A_MSG_MAC, 6, mac);
	if (mtu)
		mnl_attr_put_u32(message, IAVF_A_MSG_MTU, mtu);
	if (max_mtu)
		mnl_attr_put_u32(message, IAVF_A_MSG_MAX_MTU, max_mtu);
	return message;
}

struct nlmsghdr *message_commit(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				const struct vf_commit *commit)
{
	struct nlmsghdr *message = start_now(buf, family, IAVF_CMD_VF_COMMIT, vf, generation);

	mnl_attr_put_u32(message, IAVF_A_MSG_VSI_ID, commit->vsi_id);
	mnl_attr_put_u32(message, IAVF_A_MSG_QUEUES, commit->queues);
	mnl_attr_put_u32(message, IAVF_A_MSG_MAX_VECTORS, commit->max_vectors);
	mnl_attr_put_u32(message, IAVF_A_MSG_MAX_MTU, commit->max_mtu);
	mnl_attr_put_u32(message, IAVF_A_MSG_FEATURES, commit->features);
	mnl_attr_put_u32(message, IAVF_A_MSG_TX_TAG, commit->tx_tag);
	mnl_attr_put_u32(message, IAVF_A_MSG_RX_TAG, commit->rx_tag);
	if (commit->vlan_budget_known)
		mnl_attr_put_u32(message, IAVF_A_MSG_VLAN_BUDGET, commit->vlan_budget);
	if (commit->vlan_ctag_allowed)
		mnl_attr_put(message, IAVF_A_MSG_VLAN_CTAG_ALLOWED, VF_VLAN_BYTES,
			     commit->vlan_ctag_allowed);
	if (commit->vlan_stag_allowed)
		mnl_attr_put(message, IAVF_A_MSG_VLAN_STAG_ALLOWED, VF_VLAN_BYTES,
			     commit->vlan_stag_allowed);
	put_sentence(message, IAVF_A_MSG_DEGRADED, commit->degraded);
	if (commit->rss_key_len)
		mnl_attr_put(message, IAVF_A_MSG_RSS_KEY, commit->rss_key_len, commit->rss_key);
	if (commit->rss_lut_len)
		mnl_attr_put(message, IAVF_A_MSG_RSS_LUT, commit->rss_lut_len, commit->rss_lut);
	if (commit->pf)
		mnl_attr_put_strz(message, IAVF_A_MSG_PF, commit->pf);
	if (commit->features_fixed)
		mnl_attr_put_u32(message, IAVF_A_MSG_FEATURES_FIXED, commit->features_fixed);
	if (commit->features_on)
		mnl_attr_put_u32(message, IAVF_A_MSG_FEATURES_ON, commit->features_on);
	if (commit->possible_queues)
		mnl_attr_put_u32(message, IAVF_A_MSG_POSSIBLE_QUEUES, commit->possible_queues);
	if (commit->rss_hfunc)
		mnl_attr_put_u32(message, IAVF_A_MSG_RSS_HFUNC, commit->rss_hfunc);
	if (commit->rss_flows_len)
		mnl_attr_put(message, IAVF_A_MSG_RSS_FLOWS, commit->rss_flows_len,
			     commit->rss_flows);
	if (commit->rss_hena)
		mnl_attr_put_u64(message, IAVF_A_MSG_RSS_HENA, commit->rss_hena);
	if (!commit->on_absence)
		return message;
	mnl_attr_put_u32(message, IAVF_A_MSG_ON_ABSENCE, commit->on_absence);
	mnl_attr_put_u32(message, IAVF_A_MSG_GRACE_MS, commit->grace_ms);
	return message;
}

struct nlmsghdr *message_vf_reset(void *buf, uint16_t family, uint32_t vf, uint32_t generation)
{
	return start_now(buf, family, IAVF_CMD_VF_RESET, vf, generation);
}

struct nlmsghdr *message_record_set(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				    uint32_t covers_send, uint32_t covers_recv, const void *record,
				    size_t len)
{
	struct nlmsghdr *message = start_now(buf, family, IAVF_CMD_RECORD_SET, vf, generation);

	if (len > IAVF_RECORD_MAX)
		return NULL;
	mnl_attr_put_u32(message, IAVF_A_MSG_COVERS_SEND, covers_send);
	mnl_attr_put_u32(message, IAVF_A_MSG_COVERS_RECV, covers_recv);
	mnl_attr_put(message, IAVF_A_MSG_RECORD, len, record);
	return message;
}

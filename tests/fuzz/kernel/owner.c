// SPDX-License-Identifier: GPL-2.0-or-later
/* An owner's message as far as its handler: who looks at everything that the message is said to have. */
#include "kernel.h"

#include "kmod/session/context.h"
#include "owner_message.h"
#include "program.h"

struct iavf_context iavf_session;
static struct iavf_session_vf the_vf;

static unsigned int sum;	/* so that reading is not for nothing */

static void read_all(const void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += ((const u8 *)data)[i];
}

#define MUST(cond) do {							\
	if (!(cond))							\
		fuzz_wrong("a message came through without %s", #cond);	\
} while (0)

static int look(const struct iavf_msg *msg)
{
	MUST(msg->has_vf);
	MUST(msg->payload_len <= IAVF_MBX_MAX);
	MUST(msg->record_len <= IAVF_RECORD_MAX);
	MUST(msg->rss_key_len <= sizeof(msg->rss_key));
	MUST(msg->rss_lut_len <= sizeof(msg->rss_lut));
	MUST(msg->rss_flows_len <= sizeof(msg->rss_flows));
	MUST(memchr(msg->message, 0, sizeof(msg->message)));
	MUST(memchr(msg->degraded, 0, sizeof(msg->degraded)));
	MUST(memchr(msg->pf, 0, sizeof(msg->pf)));
	read_all(msg->payload, msg->payload_len);
	read_all(msg->record, msg->record_len);
	return sum == 1 ? -EAGAIN : 0;
}

static int order(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	MUST(msg->has_generation);
	return look(msg);
}

static int order_commit(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	MUST(msg->has_generation && msg->has_queues && msg->has_max_mtu && msg->has_vsi_id);
	MUST(msg->has_features && msg->has_tx_tag && msg->has_rx_tag);
	MUST(msg->queues >= 1 && msg->queues <= 256 && msg->vsi_id <= 65535);
	return look(msg);
}

static const struct iavf_session_ops ops = {
	.mbx_send = order, .commit = order_commit, .netdev_create = order, .netdev_update = order,
	.vf_reset = order,
};

int iavf_handle_answer(struct iavf_session_vf *vf, const struct iavf_msg *msg,
		       struct netlink_ext_ack *extack)
{
	MUST(msg->has_request);
	MUST(msg->errno <= 133);
	return look(msg);
}

int iavf_handle_mbx_send(struct iavf_session_vf *vf, const struct iavf_msg *msg,
			 struct netlink_ext_ack *extack)
{
	MUST(msg->has_generation && msg->has_seq && msg->has_opcode);
	return look(msg);
}

int iavf_handle_record_set(struct iavf_session_vf *vf, const struct iavf_msg *msg,
			   struct netlink_ext_ack *extack)
{
	MUST(msg->has_generation && msg->has_covers_send && msg->has_covers_recv && msg->record);
	return look(msg);
}

/* The rest of the session */

struct iavf_session_vf *iavf_vf_use(u32 id)
{
	return id ? &the_vf : NULL;
}

void iavf_vf_unuse(struct iavf_session_vf *vf)
{
}

void iavf_vf_announce(struct iavf_session_vf *vf)
{
}

void iavf_absence_look(struct iavf_session_vf *vf)
{
}

void iavf_owner_alive(void)
{
}

void iavf_session_stale(struct iavf_session_vf *vf)
{
}

int iavf_vf_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return 0;
}

int iavf_vf_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return 0;
}

int iavf_session_open_doit(struct sk_buff *skb, struct genl_info *info)
{
	return 0;
}

static void check_error(const struct nlmsghdr *nlh, int err, const struct netlink_ext_ack *extack)
{
	struct sk_buff *skb = iavf_message_error(nlh, err, extack);

	if (!skb)
		fuzz_wrong("no room for an error");
	free(skb);
}

/* As write() of the descriptor does. */
int owner_message(const void *data, size_t len, uint16_t family, uint32_t generation,
		  char *sentence, size_t size)
{
	struct netlink_ext_ack extack = { 0 };
	struct nlmsghdr *nlh;
	int err;

	if (len > IAVF_WRITE_MAX)
		return -EMSGSIZE;
	nlh = calloc(1, len > sizeof(*nlh) ? len : sizeof(*nlh));
	memcpy(nlh, data, len);
	iavf_family.id = family;
	the_vf.ops = &ops;
	the_vf.generation = generation;
	err = iavf_message_handle(nlh, len, &extack);
	if (err)
		check_error(nlh, err, &extack);
	free(nlh);
	snprintf(sentence, size, "%s", extack._msg ? extack._msg : "");
	return err;
}

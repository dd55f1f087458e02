// SPDX-License-Identifier: GPL-2.0-only
/* Messages of the owner: their form, what each must have, and to whom each goes. */
#include <linux/slab.h>

#include "../uapi/iavf_policy.h"
#include "context.h"

#define IAVF_ERRNO_MAX	133	/* of user space */

struct iavf_command {
	const char *name;
	u64 required;		/* attributes */
	int (*handle)(struct iavf_session_vf *vf, struct nlattr **tb,
		      struct netlink_ext_ack *extack);
};

/* Of those that may be missing, for the sentence that says so. */
static const char *const iavf_attr_names[IAVF_A_MSG_MAX + 1] = {
	[IAVF_A_MSG_VF] = "vf",
	[IAVF_A_MSG_GENERATION] = "generation",
	[IAVF_A_MSG_SEQ] = "seq",
	[IAVF_A_MSG_OPCODE] = "opcode",
	[IAVF_A_MSG_VSI_ID] = "vsi-id",
	[IAVF_A_MSG_COVERS_SEND] = "covers-send",
	[IAVF_A_MSG_COVERS_RECV] = "covers-recv",
	[IAVF_A_MSG_RECORD] = "record",
	[IAVF_A_MSG_REQUEST] = "request",
	[IAVF_A_MSG_ERRNO] = "errno",
	[IAVF_A_MSG_FEATURES] = "features",
	[IAVF_A_MSG_MAX_MTU] = "max-mtu",
	[IAVF_A_MSG_QUEUES] = "queues",
	[IAVF_A_MSG_MAX_VECTORS] = "max-vectors",
	[IAVF_A_MSG_TX_TAG] = "tx-tag",
	[IAVF_A_MSG_RX_TAG] = "rx-tag",
};

static u32 iavf_generation(struct nlattr **tb)
{
	return nla_get_u32(tb[IAVF_A_MSG_GENERATION]);
}

static u32 iavf_u32_or(const struct nlattr *nla, u32 otherwise)
{
	return nla ? nla_get_u32(nla) : otherwise;
}

static const u8 *iavf_mac_of(struct nlattr **tb)
{
	return tb[IAVF_A_MSG_MAC] ? nla_data(tb[IAVF_A_MSG_MAC]) : NULL;
}

static int iavf_handle_accept(struct iavf_session_vf *vf, struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	return iavf_request_accept(vf, nla_get_u32(tb[IAVF_A_MSG_REQUEST]), extack);
}

static int iavf_handle_reply(struct iavf_session_vf *vf, struct nlattr **tb,
			     struct netlink_ext_ack *extack)
{
	u32 err = nla_get_u32(tb[IAVF_A_MSG_ERRNO]);
	const char *message = NULL;

	if (err > IAVF_ERRNO_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "errno %u does not exist", err);
		return -EINVAL;
	}
	if (tb[IAVF_A_MSG_MESSAGE])
		message = nla_data(tb[IAVF_A_MSG_MESSAGE]);
	return iavf_request_reply(vf, nla_get_u32(tb[IAVF_A_MSG_REQUEST]), -(int)err, message,
				  iavf_u32_or(tb[IAVF_A_MSG_FEATURES], 0), extack);
}

static int iavf_handle_mbx_send(struct iavf_session_vf *vf, struct nlattr **tb,
				struct netlink_ext_ack *extack)
{
	struct iavf_mbx_send msg = {
		.generation = iavf_generation(tb),
		.opcode = nla_get_u32(tb[IAVF_A_MSG_OPCODE]),
		.vsi_id = iavf_u32_or(tb[IAVF_A_MSG_VSI_ID], -1),
	};

	if (tb[IAVF_A_MSG_PAYLOAD]) {
		msg.payload = nla_data(tb[IAVF_A_MSG_PAYLOAD]);
		msg.len = nla_len(tb[IAVF_A_MSG_PAYLOAD]);
	}
	return iavf_log_send(vf, nla_get_u32(tb[IAVF_A_MSG_SEQ]), &msg, extack);
}

static int iavf_handle_netdev_create(struct iavf_session_vf *vf, struct nlattr **tb,
				     struct netlink_ext_ack *extack)
{
	return vf->ops->netdev_create(vf->priv, iavf_generation(tb), iavf_mac_of(tb),
				      iavf_u32_or(tb[IAVF_A_MSG_MTU], 0), extack);
}

static int iavf_handle_netdev_update(struct iavf_session_vf *vf, struct nlattr **tb,
				     struct netlink_ext_ack *extack)
{
	if (tb[IAVF_A_MSG_FEATURES]) {
		NL_SET_ERR_MSG(extack, "features change with vf-commit, not with netdev-update");
		return -EOPNOTSUPP;
	}
	return vf->ops->netdev_update(vf->priv, iavf_generation(tb), iavf_mac_of(tb),
				      iavf_u32_or(tb[IAVF_A_MSG_MAX_MTU], 0), extack);
}

static int iavf_get_tag(const struct nlattr *nla, u8 *tag, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(nla);

	if (value > IAVF_VLAN_TAG_L2TAG2) {
		NL_SET_ERR_MSG_ATTR(extack, nla, "no such place for a VLAN tag");
		return -EINVAL;
	}
	*tag = value;
	return 0;
}

static void iavf_get_vlans(struct iavf_commit *commit, int which, const struct nlattr *nla)
{
	commit->vlan_policy[which] = nla;
	if (nla)
		nla_memcpy(commit->vlan_allowed[which], nla, sizeof(commit->vlan_allowed[0]));
}

static int iavf_get_commit(struct iavf_commit *commit, struct nlattr **tb,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *budget = tb[IAVF_A_MSG_VLAN_BUDGET];

	commit->vsi_id = nla_get_u32(tb[IAVF_A_MSG_VSI_ID]);
	commit->queues = nla_get_u32(tb[IAVF_A_MSG_QUEUES]);
	commit->max_vectors = min_t(u32, nla_get_u32(tb[IAVF_A_MSG_MAX_VECTORS]), U16_MAX);
	commit->max_mtu = nla_get_u32(tb[IAVF_A_MSG_MAX_MTU]);
	commit->features = nla_get_u32(tb[IAVF_A_MSG_FEATURES]);
	commit->vlan_budget_known = budget;
	commit->vlan_budget = iavf_u32_or(budget, 0);
	iavf_get_vlans(commit, 0, tb[IAVF_A_MSG_VLAN_CTAG_ALLOWED]);
	iavf_get_vlans(commit, 1, tb[IAVF_A_MSG_VLAN_STAG_ALLOWED]);
	return iavf_get_tag(tb[IAVF_A_MSG_TX_TAG], &commit->tx_tag, extack) ?:
	       iavf_get_tag(tb[IAVF_A_MSG_RX_TAG], &commit->rx_tag, extack);
}

/* The reason goes with the commit: a reset since then made both void. */
static void iavf_set_degraded(struct iavf_session_vf *vf, u32 generation,
			      const struct nlattr *reason)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	if (generation == vf->generation) {
		strscpy(vf->degraded, reason ? nla_data(reason) : "", sizeof(vf->degraded));
		iavf_vf_announce(vf);
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}

static int iavf_handle_commit(struct iavf_session_vf *vf, struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	struct iavf_commit *commit = kzalloc(sizeof(*commit), GFP_KERNEL);
	int err;

	if (!commit)
		return -ENOMEM;
	err = iavf_get_commit(commit, tb, extack);
	if (!err)
		err = vf->ops->commit(vf->priv, iavf_generation(tb), commit, extack);
	if (!err)
		iavf_set_degraded(vf, iavf_generation(tb), tb[IAVF_A_MSG_DEGRADED]);
	kfree(commit);
	return err;
}

static int iavf_handle_vf_reset(struct iavf_session_vf *vf, struct nlattr **tb,
				struct netlink_ext_ack *extack)
{
	return vf->ops->vf_reset(vf->priv, iavf_generation(tb), extack);
}

static int iavf_handle_record_set(struct iavf_session_vf *vf, struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *data = tb[IAVF_A_MSG_RECORD];
	struct iavf_record *record;

	record = iavf_record_new(iavf_generation(tb), nla_data(data), nla_len(data));
	if (IS_ERR(record))
		return PTR_ERR(record);
	record->covers_send = nla_get_u32(tb[IAVF_A_MSG_COVERS_SEND]);
	record->covers_recv = nla_get_u32(tb[IAVF_A_MSG_COVERS_RECV]);
	return iavf_record_set(vf, record, extack);
}

#define IAVF_NEEDS(attr)	BIT_ULL(IAVF_A_MSG_##attr)
#define IAVF_NEEDS_VF		(IAVF_NEEDS(VF) | IAVF_NEEDS(GENERATION))

static const struct iavf_command iavf_commands[__IAVF_CMD_MAX] = {
	[IAVF_CMD_ACCEPT] = {
		.name = "accept",
		.required = IAVF_NEEDS(VF) | IAVF_NEEDS(REQUEST),
		.handle = iavf_handle_accept,
	},
	[IAVF_CMD_REPLY] = {
		.name = "reply",
		.required = IAVF_NEEDS_VF | IAVF_NEEDS(REQUEST) | IAVF_NEEDS(ERRNO),
		.handle = iavf_handle_reply,
	},
	[IAVF_CMD_MBX_SEND] = {
		.name = "mbx-send",
		.required = IAVF_NEEDS_VF | IAVF_NEEDS(SEQ) | IAVF_NEEDS(OPCODE),
		.handle = iavf_handle_mbx_send,
	},
	[IAVF_CMD_NETDEV_CREATE] = {
		.name = "netdev-create",
		.required = IAVF_NEEDS_VF,
		.handle = iavf_handle_netdev_create,
	},
	[IAVF_CMD_NETDEV_UPDATE] = {
		.name = "netdev-update",
		.required = IAVF_NEEDS_VF,
		.handle = iavf_handle_netdev_update,
	},
	[IAVF_CMD_VF_COMMIT] = {
		.name = "vf-commit",
		.required = IAVF_NEEDS_VF | IAVF_NEEDS(VSI_ID) | IAVF_NEEDS(QUEUES) |
			    IAVF_NEEDS(MAX_VECTORS) | IAVF_NEEDS(MAX_MTU) | IAVF_NEEDS(FEATURES) |
			    IAVF_NEEDS(TX_TAG) | IAVF_NEEDS(RX_TAG),
		.handle = iavf_handle_commit,
	},
	[IAVF_CMD_VF_RESET] = {
		.name = "vf-reset",
		.required = IAVF_NEEDS_VF,
		.handle = iavf_handle_vf_reset,
	},
	[IAVF_CMD_RECORD_SET] = {
		.name = "record-set",
		.required = IAVF_NEEDS_VF | IAVF_NEEDS(COVERS_SEND) | IAVF_NEEDS(COVERS_RECV) |
			    IAVF_NEEDS(RECORD),
		.handle = iavf_handle_record_set,
	},
};

/* Exactly one whole message of ours. */
static int iavf_check_header(const struct nlmsghdr *nlh, size_t len, struct netlink_ext_ack *extack)
{
	if (len < NLMSG_HDRLEN + GENL_HDRLEN) {
		NL_SET_ERR_MSG_FMT(extack, "%zu bytes are less than the headers of a message", len);
		return -EINVAL;
	}
	if (nlh->nlmsg_len != len) {
		NL_SET_ERR_MSG_FMT(extack, "write() of %zu bytes, but the message has %u", len,
				   nlh->nlmsg_len);
		return -EINVAL;
	}
	if (nlh->nlmsg_type != iavf_family.id) {
		NL_SET_ERR_MSG_FMT(extack, "type %u is not the family's, %d", nlh->nlmsg_type,
				   iavf_family.id);
		return -EINVAL;
	}
	if (nlh->nlmsg_flags & ~(NLM_F_REQUEST | NLM_F_ACK)) {
		NL_SET_ERR_MSG_FMT(extack, "flags %#x", nlh->nlmsg_flags);
		return -EINVAL;
	}
	return 0;
}

static const struct iavf_command *iavf_check_command(const struct genlmsghdr *genl,
						     struct netlink_ext_ack *extack)
{
	if (genl->version != IAVF_FAMILY_VERSION || genl->reserved) {
		NL_SET_ERR_MSG_FMT(extack, "version %u of the family is not %u", genl->version,
				   IAVF_FAMILY_VERSION);
		return ERR_PTR(-EINVAL);
	}
	if (genl->cmd >= ARRAY_SIZE(iavf_commands) || !iavf_commands[genl->cmd].handle) {
		NL_SET_ERR_MSG_FMT(extack, "command %u is not one of an owner", genl->cmd);
		return ERR_PTR(-EOPNOTSUPP);
	}
	return &iavf_commands[genl->cmd];
}

/* Each attribute belongs to the command and comes once; nla_parse() does not look at either. */
static int iavf_check_attrs(const struct iavf_command *command, const struct nlattr *head, int len,
			    struct netlink_ext_ack *extack)
{
	u64 allowed = iavf_msg_allowed[command - iavf_commands], seen = 0, bit;
	const struct nlattr *nla;
	int rest;

	nla_for_each_attr(nla, head, len, rest) {
		bit = nla_type(nla) <= IAVF_A_MSG_MAX ? BIT_ULL(nla_type(nla)) : 0;
		if (allowed & ~seen & bit) {
			seen |= bit;
			continue;
		}
		NL_SET_ERR_MSG_FMT(extack, "%s %s attribute %u", command->name,
				   seen & bit ? "has twice" : "takes no", nla_type(nla));
		NL_SET_BAD_ATTR(extack, nla);
		return -EINVAL;
	}
	return 0;
}

static int iavf_check_required(const struct iavf_command *command, struct nlattr **tb,
			       struct netlink_ext_ack *extack)
{
	unsigned int type;

	for (type = 1; type <= IAVF_A_MSG_MAX; type++) {
		if (!(command->required & BIT_ULL(type)) || tb[type])
			continue;
		NL_SET_ERR_MSG_FMT(extack, "%s without %s", command->name, iavf_attr_names[type]);
		return -EINVAL;
	}
	return 0;
}

static int iavf_message_parse(const struct nlmsghdr *nlh, const struct iavf_command *command,
			      struct nlattr **tb, struct netlink_ext_ack *extack)
{
	const struct nlattr *head = nlmsg_attrdata(nlh, GENL_HDRLEN);
	int len = nlmsg_attrlen(nlh, GENL_HDRLEN), err;

	err = iavf_check_attrs(command, head, len, extack);
	if (!err)
		err = nla_parse(tb, IAVF_A_MSG_MAX, head, len, iavf_msg_policy, extack);
	return err ?: iavf_check_required(command, tb, extack);
}

static int iavf_message_dispatch(const struct iavf_command *command, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	struct iavf_session_vf *vf;
	int err = 0;

	vf = iavf_vf_use(nla_get_u32(tb[IAVF_A_MSG_VF]));
	if (!vf) {
		NL_SET_ERR_MSG_FMT(extack, "no VF %u", nla_get_u32(tb[IAVF_A_MSG_VF]));
		return -ENODEV;
	}
	if (tb[IAVF_A_MSG_GENERATION])
		err = iavf_vf_generation(vf, iavf_generation(tb), extack);
	if (!err)
		err = command->handle(vf, tb, extack);
	iavf_vf_unuse(vf);
	return err;
}

static void iavf_message_alive(void)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	iavf_owner_alive();
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}

int iavf_message_handle(const struct nlmsghdr *nlh, size_t len, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IAVF_A_MSG_MAX + 1];
	const struct iavf_command *command;
	int err;

	err = iavf_check_header(nlh, len, extack);
	if (err)
		return err;
	command = iavf_check_command(nlmsg_data(nlh), extack);
	if (IS_ERR(command))
		return PTR_ERR(command);
	err = iavf_message_parse(nlh, command, tb, extack);
	if (err)
		return err;
	iavf_message_alive();
	err = iavf_message_dispatch(command, tb, extack);
	if (err && !extack->_msg)
		NL_SET_ERR_MSG_FMT(extack, "%s failed (%d)", command->name, err);
	return err;
}

static int iavf_put_error(struct sk_buff *skb, const struct nlmsghdr *nlh,
			  const struct netlink_ext_ack *extack)
{
	if (extack->_msg && nla_put_string(skb, NLMSGERR_ATTR_MSG, extack->_msg))
		return -EMSGSIZE;
	if (extack->bad_attr &&
	    nla_put_u32(skb, NLMSGERR_ATTR_OFFS, (u8 *)extack->bad_attr - (u8 *)nlh))
		return -EMSGSIZE;
	return 0;
}

/* msg may be anything, also less than a header, or NULL. */
struct sk_buff *iavf_message_error(const void *msg, size_t len, int err,
				   const struct netlink_ext_ack *extack)
{
	const struct nlmsghdr *nlh = len >= NLMSG_HDRLEN ? msg : NULL;
	struct sk_buff *skb = nlmsg_new(512, GFP_KERNEL);
	struct nlmsghdr *out;
	struct nlmsgerr *body;

	if (!skb)
		return NULL;
	out = nlmsg_put(skb, 0, nlh ? nlh->nlmsg_seq : 0, NLMSG_ERROR, sizeof(*body),
			NLM_F_CAPPED | NLM_F_ACK_TLVS);
	if (!out) {
		nlmsg_free(skb);
		return NULL;
	}
	body = nlmsg_data(out);
	memset(body, 0, sizeof(*body));
	body->error = err;
	if (nlh)
		body->msg = *nlh;
	iavf_put_error(skb, nlh, extack);
	nlmsg_end(skb, out);
	return skb;
}

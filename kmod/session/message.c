// SPDX-License-Identifier: GPL-2.0-only
/* Messages of the owner: their form, what each must have, and to whom each goes. */
#include <linux/slab.h>

#include "../uapi/iavf_policy.h"
#include "context.h"

struct iavf_command {
	iavf_handle_fn *handle;
	u64 optional;		/* of the attributes allowed; the others are required */
};

static int iavf_handle_netdev_create(struct iavf_session_vf *vf, const struct iavf_msg *msg,
				     struct netlink_ext_ack *extack)
{
	return vf->ops->netdev_create(vf->priv, msg, extack);
}

static int iavf_handle_netdev_update(struct iavf_session_vf *vf, const struct iavf_msg *msg,
				     struct netlink_ext_ack *extack)
{
	if (msg->has_features)
		return iavf_refuse(extack, -EOPNOTSUPP,
				   "features change with vf-commit, not with netdev-update");
	return vf->ops->netdev_update(vf->priv, msg, extack);
}

static int iavf_handle_commit(struct iavf_session_vf *vf, const struct iavf_msg *msg,
			      struct netlink_ext_ack *extack)
{
	int err = vf->ops->commit(vf->priv, msg, extack);

	if (err)
		return err;
	guard(iavf_session)();
	if (msg->generation != vf->generation)
		return 0;	/* a reset since then made commit and reason void */
	strscpy(vf->degraded, msg->degraded, sizeof(vf->degraded));
	vf->controlled = true;
	vf->on_absence = msg->on_absence;
	vf->grace_ms = msg->grace_ms;
	iavf_absence_look(vf);
	iavf_vf_announce(vf);
	return 0;
}

static int iavf_handle_vf_reset(struct iavf_session_vf *vf, const struct iavf_msg *msg,
				struct netlink_ext_ack *extack)
{
	return vf->ops->vf_reset(vf->priv, msg, extack);
}

#define IAVF_MAY(attr)	BIT_ULL(IAVF_A_MSG_##attr)

static const struct iavf_command iavf_commands[__IAVF_CMD_MAX] = {
	[IAVF_CMD_ACCEPT] = { iavf_handle_answer },
	[IAVF_CMD_REPLY] = { iavf_handle_answer, IAVF_MAY(MESSAGE) | IAVF_MAY(FEATURES) |
						   IAVF_MAY(STATS) },
	[IAVF_CMD_MBX_SEND] = { iavf_handle_mbx_send, IAVF_MAY(PAYLOAD) | IAVF_MAY(VSI_ID) },
	[IAVF_CMD_NETDEV_CREATE] = { iavf_handle_netdev_create, IAVF_MAY(MAC) | IAVF_MAY(MTU) },
	[IAVF_CMD_NETDEV_UPDATE] = {
		iavf_handle_netdev_update, IAVF_MAY(MAC) | IAVF_MAY(MTU) | IAVF_MAY(MAX_MTU) |
					   IAVF_MAY(FEATURES)
	},
	[IAVF_CMD_VF_COMMIT] = {
		iavf_handle_commit, IAVF_MAY(VLAN_BUDGET) | IAVF_MAY(VLAN_CTAG_ALLOWED) |
				    IAVF_MAY(VLAN_STAG_ALLOWED) | IAVF_MAY(DEGRADED) |
				    IAVF_MAY(RSS_KEY) | IAVF_MAY(RSS_LUT) | IAVF_MAY(PF) |
				    IAVF_MAY(FEATURES_FIXED) | IAVF_MAY(FEATURES_ON) |
				    IAVF_MAY(POSSIBLE_QUEUES) | IAVF_MAY(RSS_HFUNC) |
				    IAVF_MAY(RSS_FLOWS) | IAVF_MAY(RSS_HENA) |
				    IAVF_MAY(ON_ABSENCE) | IAVF_MAY(GRACE_MS)
	},
	[IAVF_CMD_VF_RESET] = { iavf_handle_vf_reset },
	[IAVF_CMD_RECORD_SET] = { iavf_handle_record_set },
};

/* Exactly one whole message of ours, with a command of an owner. */
static int iavf_check_header(const struct nlmsghdr *nlh, size_t len, struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	if (len < NLMSG_HDRLEN + GENL_HDRLEN)
		return iavf_refuse(extack, -EINVAL,
				   "%zu bytes are less than the headers of a message", len);
	if (nlh->nlmsg_len != len)
		return iavf_refuse(extack, -EINVAL, "write() of %zu bytes, but the message has %u",
				   len, nlh->nlmsg_len);
	if (nlh->nlmsg_type != iavf_family.id)
		return iavf_refuse(extack, -EINVAL, "type %u is not the family's, %d",
				   nlh->nlmsg_type, iavf_family.id);
	if (nlh->nlmsg_flags & ~(NLM_F_REQUEST | NLM_F_ACK))
		return iavf_refuse(extack, -EINVAL, "flags %#x", nlh->nlmsg_flags);
	if (genl->version != IAVF_FAMILY_VERSION || genl->reserved)
		return iavf_refuse(extack, -EINVAL, "version %u of the family is not %u",
				   genl->version, IAVF_FAMILY_VERSION);
	if (genl->cmd >= ARRAY_SIZE(iavf_commands) || !iavf_commands[genl->cmd].handle)
		return iavf_refuse(extack, -EOPNOTSUPP, "command %u is not one of an owner",
				   genl->cmd);
	return 0;
}

/*
 * Each attribute belongs to the command and comes once, none is missing; nla_parse() does not look
 * at that.
 */
static int iavf_check_attrs(u8 cmd, const struct nlattr *head, int len,
			    struct netlink_ext_ack *extack)
{
	u64 allowed = iavf_msg_allowed[cmd], seen = 0, bit;
	const struct nlattr *nla;
	int rest;

	nla_for_each_attr(nla, head, len, rest) {
		bit = nla_type(nla) <= IAVF_A_MSG_MAX ? BIT_ULL(nla_type(nla)) : 0;
		if (allowed & ~seen & bit) {
			seen |= bit;
			continue;
		}
		NL_SET_BAD_ATTR(extack, nla);
		return iavf_refuse(extack, -EINVAL, "%s %s attribute %u", iavf_cmd_names[cmd],
				   seen & bit ? "has twice" : "takes no", nla_type(nla));
	}
	bit = allowed & ~seen & ~iavf_commands[cmd].optional;
	if (bit)
		return iavf_refuse(extack, -EINVAL, "%s without %s", iavf_cmd_names[cmd],
				   iavf_msg_names[__ffs64(bit)]);
	return 0;
}

static int iavf_message_dispatch(struct iavf_session_vf *vf, u8 cmd, const struct iavf_msg *msg,
				 struct netlink_ext_ack *extack)
{
	u32 now = READ_ONCE(vf->generation);

	/* the driver does so again, under its lock: a reset may begin at any moment */
	if (!msg->has_generation || msg->generation == now)
		return iavf_commands[cmd].handle(vf, msg, extack);
	iavf_session_stale(vf);
	return iavf_refuse(extack, -ESTALE, "generation %u is over, the VF is at %u",
			   msg->generation, now);
}

int iavf_message_handle(const struct nlmsghdr *nlh, size_t len, struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);
	const struct nlattr *head = nlmsg_attrdata(nlh, GENL_HDRLEN);
	struct iavf_msg *msg __free(kfree) = kmalloc(sizeof(*msg), GFP_KERNEL);
	struct iavf_session_vf *vf;
	int err, rest = len - NLMSG_HDRLEN - GENL_HDRLEN;

	if (!msg)
		return -ENOMEM;
	err = iavf_check_header(nlh, len, extack) ?:
	      iavf_check_attrs(genl->cmd, head, rest, extack) ?:
	      iavf_msg_parse(msg, head, rest, extack);
	if (err)
		return err;
	iavf_owner_alive();
	vf = iavf_vf_use(msg->vf);
	if (!vf)
		return iavf_refuse(extack, -ENODEV, "no VF %u", msg->vf);
	err = iavf_message_dispatch(vf, genl->cmd, msg, extack);
	iavf_vf_unuse(vf);
	if (err && !extack->_msg)
		NL_SET_ERR_MSG_FMT(extack, "%s failed (%d)", iavf_cmd_names[genl->cmd], err);
	return err;
}

struct sk_buff *iavf_message_error(const struct nlmsghdr *nlh, int err,
				   const struct netlink_ext_ack *extack)
{
	struct sk_buff *skb = nlmsg_new(512, GFP_KERNEL);
	struct nlmsgerr *body;
	struct nlmsghdr *out;

	if (!skb)
		return NULL;
	out = nlmsg_put(skb, 0, nlh->nlmsg_seq, NLMSG_ERROR, sizeof(*body),
			NLM_F_CAPPED | NLM_F_ACK_TLVS);
	body = nlmsg_data(out);
	body->error = err;
	body->msg = *nlh;
	if ((extack->_msg && nla_put_string(skb, NLMSGERR_ATTR_MSG, extack->_msg)) ||
	    (extack->bad_attr &&
	     nla_put_u32(skb, NLMSGERR_ATTR_OFFS, (u8 *)extack->bad_attr - (u8 *)nlh))) {
		nlmsg_free(skb);
		return NULL;
	}
	nlmsg_end(skb, out);
	return skb;
}

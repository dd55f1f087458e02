// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one context, and what the generic netlink family does: vf-get, session-open, notifications of
 * state and trace. Nothing here waits for the owner, so no other family ever waits for it either.
 */
#include <linux/export.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/module.h>

#include "context.h"

static int iavf_put_vf(struct sk_buff *skb, void *header, struct iavf_session_vf *vf,
		       iavf_fill_fn *fill)
{
	int err = header ? fill(vf, skb) : -EMSGSIZE;

	if (!err)
		genlmsg_end(skb, header);
	else if (header)
		genlmsg_cancel(skb, header);
	return err;
}

struct sk_buff *iavf_vf_message(u32 portid, u32 seq, u8 cmd, struct iavf_session_vf *vf,
				iavf_fill_fn *fill)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	if (!iavf_put_vf(skb, genlmsg_put(skb, portid, seq, &iavf_family, 0, cmd), vf, fill))
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/* vf-del, or request-cancel: with the request's id */
struct sk_buff *iavf_short_message(u8 cmd, u32 vf, u32 request, gfp_t gfp)
{
	struct sk_buff *skb = genlmsg_new(2 * nla_total_size(sizeof(u32)), gfp);

	if (!skb)
		return NULL;
	genlmsg_put(skb, 0, 0, &iavf_family, 0, cmd);
	nla_put_u32(skb, IAVF_A_MSG_VF, vf);
	if (request)
		nla_put_u32(skb, IAVF_A_MSG_REQUEST, request);
	nlmsg_end(skb, nlmsg_hdr(skb));
	return skb;
}

static struct iavf_session_vf *iavf_asked_vf(struct genl_info *info)
{
	struct nlattr *id = info->attrs[IAVF_A_VF_ID], *pci = info->attrs[IAVF_A_VF_PCI];
	struct iavf_session_vf *vf;

	if (!id == !pci)
		return ERR_PTR(iavf_refuse(info->extack, -EINVAL, "vf-get wants either id or pci"));
	vf = id ? iavf_vf_use(nla_get_u32(id)) : iavf_vf_use_from(0, nla_data(pci));
	if (vf)
		return vf;
	NL_SET_ERR_MSG_ATTR(info->extack, id ?: pci, "no such VF");
	return ERR_PTR(-ENODEV);
}

int iavf_vf_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct iavf_session_vf *vf = iavf_asked_vf(info);
	struct sk_buff *reply;

	if (IS_ERR(vf))
		return PTR_ERR(vf);
	reply = iavf_vf_message(info->snd_portid, info->snd_seq, IAVF_CMD_VF_GET, vf,
				iavf_fill_public);
	iavf_vf_unuse(vf);
	return reply ? genlmsg_reply(reply, info) : -ENOMEM;
}

int iavf_vf_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct iavf_session_vf *vf;
	void *header;
	int err = 0;

	cb->seq = READ_ONCE(iavf_session.changes);
	while (!err && (vf = iavf_vf_use_from(cb->args[0], NULL))) {
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				     &iavf_family, NLM_F_MULTI, IAVF_CMD_VF_GET);
		if (header)
			genl_dump_check_consistent(cb, header);
		err = iavf_put_vf(skb, header, vf, iavf_fill_public);
		if (!err)
			cb->args[0] = vf->id + 1;
		iavf_vf_unuse(vf);
	}
	/* a full skb is sent and the dump goes on; an empty one is too small and would never end */
	return skb->len ? skb->len : err;
}

static int iavf_open_reply(struct genl_info *info, int fd)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *header;

	if (!skb)
		return -ENOMEM;
	header = genlmsg_put_reply(skb, info, &iavf_family, 0, IAVF_CMD_SESSION_OPEN);
	if (!header || nla_put_u32(skb, IAVF_A_SESSION_ABI, IAVF_ABI) ||
	    nla_put_s32(skb, IAVF_A_SESSION_FD, fd) ||
	    nla_put_u64_64bit(skb, IAVF_A_SESSION_CAPABILITIES,
			      IAVF_CAPABILITIES_RSS | IAVF_CAPABILITIES_PF |
			      IAVF_CAPABILITIES_FIXED | IAVF_CAPABILITIES_QUEUES |
			      IAVF_CAPABILITIES_RSS_SET | IAVF_CAPABILITIES_ABSENCE |
			      IAVF_CAPABILITIES_MTU,
			      IAVF_A_SESSION_PAD)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

int iavf_session_open_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *abi = info->attrs[IAVF_A_SESSION_ABI];
	struct file *file;
	int err, fd;

	if (!abi)
		return iavf_refuse(info->extack, -EINVAL, "session-open without abi");
	/* The newer side knows what the older one cannot do. */
	if (nla_get_u32(abi) + 1 < IAVF_ABI || nla_get_u32(abi) > IAVF_ABI + 1)
		return iavf_refuse(info->extack, -EPROTO,
				   "the module speaks abi %u, the owner abi %u", IAVF_ABI,
				   nla_get_u32(abi));
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = iavf_owner_open(nla_get_flag(info->attrs[IAVF_A_SESSION_FORCE]), info->extack);
	err = PTR_ERR_OR_ZERO(file);
	if (err)
		goto put_fd;
	err = iavf_open_reply(info, fd);
	if (err)
		goto put_file;
	fd_install(fd, file);
	return 0;

put_file:
	fput(file);
put_fd:
	put_unused_fd(fd);
	return err;
}

void iavf_notify(struct iavf_session_vf *vf, iavf_fill_fn *fill)
{
	struct sk_buff *skb;

	if (!genl_has_listeners(&iavf_family, &init_net, IAVF_GROUP_STATE))
		return;
	skb = iavf_vf_message(0, 0, IAVF_CMD_VF_NTF, vf, fill);
	if (skb)
		genlmsg_multicast(&iavf_family, skb, 0, IAVF_GROUP_STATE, GFP_KERNEL);
}

static void iavf_announce_work(struct work_struct *work)
{
	struct iavf_session_vf *vf;
	u32 next = 0;

	while ((vf = iavf_vf_use_from(next, NULL))) {
		next = vf->id + 1;
		if (xchg(&vf->announce, 0))
			iavf_notify(vf, iavf_fill_public);
		iavf_vf_unuse(vf);
	}
}

/* Lossy by nature: who traces is told by netlink that something was lost. */
void iavf_session_trace(struct iavf_session_vf *vf, u32 generation, bool sent, u32 opcode,
			s32 status, const void *payload, u16 len)
{
	struct sk_buff *skb;
	void *header;

	if (!genl_has_listeners(&iavf_family, &init_net, IAVF_GROUP_TRACE))
		return;
	skb = genlmsg_new(nla_total_size(len) + 128, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return;
	header = genlmsg_put(skb, 0, 0, &iavf_family, 0, IAVF_CMD_TRACE_NTF);
	if (!header || nla_put_u32(skb, IAVF_A_MSG_VF, vf->id) ||
	    nla_put_u32(skb, IAVF_A_MSG_GENERATION, generation) ||
	    nla_put_u32(skb, IAVF_A_MSG_OPCODE, opcode) ||
	    (sent ? nla_put_flag(skb, IAVF_A_MSG_SENT) :
		    nla_put_s32(skb, IAVF_A_MSG_STATUS, status)) ||
	    nla_put(skb, IAVF_A_MSG_PAYLOAD, len, payload)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast(&iavf_family, skb, 0, IAVF_GROUP_TRACE, GFP_ATOMIC);
}
EXPORT_SYMBOL_GPL(iavf_session_trace);

struct iavf_context iavf_session = {
	.lock = __SPIN_LOCK_UNLOCKED(iavf_session.lock),
	.owner_lock = __MUTEX_INITIALIZER(iavf_session.owner_lock),
	.vfs = LIST_HEAD_INIT(iavf_session.vfs),
	.ready = LIST_HEAD_INIT(iavf_session.ready),
	.announce = __WORK_INITIALIZER(iavf_session.announce, iavf_announce_work),
};

static int __init iavf_session_init(void)
{
	return genl_register_family(&iavf_family);
}

/* No descriptor is open (it holds the module) and no VF is left (drivers hold it by symbols). */
static void __exit iavf_session_exit(void)
{
	genl_unregister_family(&iavf_family);
	cancel_work_sync(&iavf_session.announce);
	WARN_ON(!list_empty(&iavf_session.vfs));
}

module_init(iavf_session_init);
module_exit(iavf_session_exit);
MODULE_DESCRIPTION("Control sessions of Intel Adaptive Virtual Functions");
MODULE_LICENSE("GPL");
MODULE_VERSION(IAVF_MODULE_VERSION);

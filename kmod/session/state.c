// SPDX-License-Identifier: GPL-2.0-only
/* The attributes of a VF: the session's part around the driver's. */
#include "context.h"

int iavf_fill_identity(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	if (nla_put_u32(skb, IAVF_A_VF_ID, vf->id) ||
	    nla_put_string(skb, IAVF_A_VF_PCI, vf->pci))
		return -EMSGSIZE;
	return 0;
}

static int iavf_fill_last_error(const struct iavf_session_vf *vf, struct sk_buff *skb)
{
	s64 age = ktime_ms_delta(ktime_get(), vf->last_error_at);
	struct nlattr *nest;

	nest = nla_nest_start(skb, IAVF_A_VF_LAST_ERROR);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, IAVF_A_ERROR_ERRNO, vf->last_errno) ||
	    nla_put_string(skb, IAVF_A_ERROR_MESSAGE, vf->last_error) ||
	    nla_put_u32(skb, IAVF_A_ERROR_AGE_MS, min_t(s64, age, U32_MAX)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int iavf_fill_session(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	const struct iavf_context *session = &iavf_session;

	if (session->owner && nla_put_u32(skb, IAVF_A_VF_OWNER_PID, session->owner->pid))
		return -EMSGSIZE;
	if (session->unresponsive && nla_put_flag(skb, IAVF_A_VF_UNRESPONSIVE))
		return -EMSGSIZE;
	if (vf->degraded[0] && nla_put_string(skb, IAVF_A_VF_DEGRADED, vf->degraded))
		return -EMSGSIZE;
	return vf->last_errno ? iavf_fill_last_error(vf, skb) : 0;
}

static int iavf_put_counter(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, IAVF_A_COUNTERS_PAD);
}

static int iavf_fill_own_counters(const struct iavf_session_vf *vf, struct sk_buff *skb)
{
	if (iavf_put_counter(skb, IAVF_A_COUNTERS_STALE, vf->num_stale) ||
	    iavf_put_counter(skb, IAVF_A_COUNTERS_OVERRUN, vf->num_overrun) ||
	    iavf_put_counter(skb, IAVF_A_COUNTERS_REQUESTS, vf->num_requests) ||
	    iavf_put_counter(skb, IAVF_A_COUNTERS_REQUESTS_FAILED, vf->num_failed) ||
	    iavf_put_counter(skb, IAVF_A_COUNTERS_SESSIONS, iavf_session.num_sessions))
		return -EMSGSIZE;
	return 0;
}

/* fill with the lock held */
static int iavf_fill_locked(struct iavf_session_vf *vf, struct sk_buff *skb,
			    int (*fill)(struct iavf_session_vf *vf, struct sk_buff *skb))
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&iavf_session.lock, flags);
	err = fill(vf, skb);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return err;
}

static int iavf_fill_counters(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	struct nlattr *nest = nla_nest_start(skb, IAVF_A_VF_COUNTERS);
	unsigned long flags;
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = vf->ops->fill_counters(vf->priv, skb);
	if (err)
		return err;
	spin_lock_irqsave(&iavf_session.lock, flags);
	err = iavf_fill_own_counters(vf, skb);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	if (err)
		return err;
	nla_nest_end(skb, nest);
	return 0;
}

int iavf_fill_public(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	int err = iavf_fill_identity(vf, skb);

	if (!err)
		err = iavf_fill_locked(vf, skb, iavf_fill_session);
	if (!err)
		err = vf->ops->fill_state(vf->priv, skb);
	if (!err)
		err = iavf_fill_counters(vf, skb);
	return err;
}

static int iavf_fill_seqs(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	if (nla_put_u32(skb, IAVF_A_VF_SEND_SEQ, vf->log.send_seq) ||
	    nla_put_u32(skb, IAVF_A_VF_RECV_SEQ, vf->log.recv_seq))
		return -EMSGSIZE;
	return 0;
}

int iavf_fill_snapshot(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	int err = iavf_fill_public(vf, skb);

	if (!err)
		err = iavf_fill_locked(vf, skb, iavf_fill_seqs);
	if (!err)
		err = vf->ops->fill_snapshot(vf->priv, skb);
	return err;
}

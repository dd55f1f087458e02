// SPDX-License-Identifier: GPL-2.0-only
/* The attributes of a VF: the session's part around the driver's. */
#include "context.h"

int iavf_fill_identity(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	return nla_put_u32(skb, IAVF_A_VF_ID, vf->id) ?:
	       nla_put_string(skb, IAVF_A_VF_PCI, vf->pci);
}

static int iavf_fill_last_error(const struct iavf_session_vf *vf, struct sk_buff *skb)
{
	s64 age = ktime_ms_delta(ktime_get(), vf->last_error_at);
	struct nlattr *nest = nla_nest_start(skb, IAVF_A_VF_LAST_ERROR);

	if (!nest || nla_put_u32(skb, IAVF_A_ERROR_ERRNO, vf->last_errno) ||
	    nla_put_string(skb, IAVF_A_ERROR_MESSAGE, vf->last_error) ||
	    nla_put_u32(skb, IAVF_A_ERROR_AGE_MS, min_t(s64, age, U32_MAX)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int iavf_fill_session(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	const struct iavf_context *session = &iavf_session;

	guard(iavf_session)();

	if ((session->owner && nla_put_u32(skb, IAVF_A_VF_OWNER_PID, session->owner->pid)) ||
	    (session->unresponsive && nla_put_flag(skb, IAVF_A_VF_UNRESPONSIVE)) ||
	    nla_put_u32(skb, IAVF_A_VF_ON_ABSENCE, vf->on_absence) ||
	    nla_put_u32(skb, IAVF_A_VF_GRACE_MS, vf->grace_ms) ||
	    (vf->enforced && nla_put_flag(skb, IAVF_A_VF_ABSENT)) ||
	    nla_put_u64_64bit(skb, IAVF_A_VF_ABSENT_US, vf->absent_us, IAVF_A_VF_PAD) ||
	    (vf->degraded[0] && nla_put_string(skb, IAVF_A_VF_DEGRADED, vf->degraded)))
		return -EMSGSIZE;
	return vf->last_errno ? iavf_fill_last_error(vf, skb) : 0;
}

static int iavf_fill_counters(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	const struct { int type; const u64 *value; } own[] = {
		{ IAVF_A_COUNTERS_STALE, &vf->num_stale },
		{ IAVF_A_COUNTERS_OVERRUN, &vf->num_overrun },
		{ IAVF_A_COUNTERS_REQUESTS, &vf->num_requests },
		{ IAVF_A_COUNTERS_REQUESTS_FAILED, &vf->num_failed },
		{ IAVF_A_COUNTERS_SESSIONS, &iavf_session.num_sessions },
	};
	struct nlattr *nest = nla_nest_start(skb, IAVF_A_VF_COUNTERS);
	unsigned int i;

	if (!nest || vf->ops->fill_counters(vf->priv, skb))
		return -EMSGSIZE;
	guard(iavf_session)();
	for (i = 0; i < ARRAY_SIZE(own); i++) {
		if (nla_put_u64_64bit(skb, own[i].type, *own[i].value, IAVF_A_COUNTERS_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int iavf_fill_public(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	return iavf_fill_identity(vf, skb) ?:
	       iavf_fill_session(vf, skb) ?:
	       vf->ops->fill_state(vf->priv, skb) ?:
	       iavf_fill_counters(vf, skb);
}

int iavf_fill_snapshot(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	return iavf_fill_public(vf, skb) ?:
	       nla_put_u32(skb, IAVF_A_VF_SEND_SEQ, READ_ONCE(vf->log.send_seq)) ?:
	       nla_put_u32(skb, IAVF_A_VF_RECV_SEQ, READ_ONCE(vf->log.recv_seq)) ?:
	       vf->ops->fill_snapshot(vf->priv, skb);
}

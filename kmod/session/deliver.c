// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the owner reads next. Pending is a matter of bits and lists; a message is made when it is
 * read, so that the latest state goes out and nothing is lost when memory is short: the bit just
 * stays.
 *
 * VFs take turns, and within a live VF the kinds of messages do, but that the steps of a reset come
 * first.
 */
#include <linux/jiffies.h>

#include "context.h"

#define IAVF_SMALL	(IAVF_MBX_MAX + 512)	/* bytes for any message without state */
#define IAVF_STATE_MIN	4096
#define IAVF_STATE_MAX	(U16_MAX + 1024)	/* a nest is at most 64 KiB */

enum iavf_kind {
	IAVF_KIND_CHANGED,	/* those of a live VF that take turns */
	IAVF_KIND_NETDEV,
	IAVF_KIND_REQUEST,
	IAVF_KIND_CANCEL,
	IAVF_KIND_RECV,
	IAVF_KIND_TURNS,
	IAVF_KIND_ADD = IAVF_KIND_TURNS,
	IAVF_KIND_DEL,
	IAVF_KIND_RECORD,
	IAVF_KIND_LOG,
	IAVF_KIND_SYNC,
	IAVF_KIND_RESET,
	IAVF_KIND_NONE,
};

/* A message that the driver fills, so without the lock: what was taken from the stream for it. */
struct iavf_job {
	enum iavf_kind kind;
	u32 generation;
	unsigned long changed;
	int err;
	bool bare;		/* the driver could not tell the state: go without */
};

u32 iavf_out_len(const struct iavf_out *out)
{
	return out->skb->len + (out->record ? NLA_ALIGN(out->record->len) : 0);
}

void iavf_out_free(struct iavf_out *out)
{
	consume_skb(out->skb);
	iavf_record_put(out->record);
	out->skb = NULL;
	out->record = NULL;
}

void iavf_stream_start(struct iavf_session_vf *vf)
{
	memset(&vf->stream, 0, sizeof(vf->stream));
	vf->log.unread = vf->log.receives;
	iavf_owner_wake(vf);
}

static bool iavf_has(struct iavf_session_vf *vf, enum iavf_kind kind)
{
	switch (kind) {
	case IAVF_KIND_CHANGED:
		return vf->stream.changed;
	case IAVF_KIND_NETDEV:
		return vf->stream.netdev_ready;
	case IAVF_KIND_REQUEST:
		return iavf_request_ungiven(vf);
	case IAVF_KIND_CANCEL:
		return vf->stream.num_cancels;
	case IAVF_KIND_RECV:
		return iavf_log_next(vf);
	default:
		return false;
	}
}

static enum iavf_kind iavf_pick_live(struct iavf_session_vf *vf)
{
	enum iavf_kind kind;
	unsigned int i;

	if (vf->stream.num_steps)
		return IAVF_KIND_RESET;
	for (i = 0; i < IAVF_KIND_TURNS; i++) {
		kind = (vf->stream.turn + i) % IAVF_KIND_TURNS;
		if (iavf_has(vf, kind))
			return kind;
	}
	return IAVF_KIND_NONE;
}

static enum iavf_kind iavf_pick(struct iavf_session_vf *vf)
{
	if (vf->gone)
		return vf->stream.stage == IAVF_STAGE_ADD ? IAVF_KIND_NONE : IAVF_KIND_DEL;
	switch (vf->stream.stage) {
	case IAVF_STAGE_ADD:
		return IAVF_KIND_ADD;
	case IAVF_STAGE_RECORD:
		return IAVF_KIND_RECORD;
	case IAVF_STAGE_LOG:
		return iavf_log_next(vf) ? IAVF_KIND_LOG : IAVF_KIND_SYNC;
	default:
		return iavf_pick_live(vf);
	}
}

/* The VF whose turn it is. Those with nothing left leave the ring. */
static struct iavf_session_vf *iavf_next_vf(enum iavf_kind *kind)
{
	struct iavf_session_vf *vf, *next;

	list_for_each_entry_safe(vf, next, &iavf_session.ready, ready) {
		*kind = iavf_pick(vf);
		if (*kind != IAVF_KIND_NONE)
			return vf;
		list_del_init(&vf->ready);
	}
	return NULL;
}

bool iavf_deliver_pending(void)
{
	enum iavf_kind kind;

	return iavf_next_vf(&kind);
}

static void *iavf_begin(struct sk_buff *skb, u8 cmd, const struct iavf_session_vf *vf)
{
	void *header = genlmsg_put(skb, 0, 0, &iavf_family, 0, cmd);

	return header && !nla_put_u32(skb, IAVF_A_MSG_VF, vf->id) ? header : NULL;
}

static int iavf_put_entry(struct sk_buff *skb, const struct iavf_entry *entry)
{
	if (nla_put_u32(skb, IAVF_A_MSG_GENERATION, entry->generation) ||
	    nla_put_u32(skb, IAVF_A_MSG_SEQ, entry->seq) ||
	    nla_put_u32(skb, IAVF_A_MSG_OPCODE, entry->opcode))
		return -EMSGSIZE;
	if (entry->sent ? nla_put_flag(skb, IAVF_A_MSG_SENT) :
			  nla_put_s32(skb, IAVF_A_MSG_STATUS, entry->status))
		return -EMSGSIZE;
	if (entry->vsi_id >= 0 && nla_put_u32(skb, IAVF_A_MSG_VSI_ID, entry->vsi_id))
		return -EMSGSIZE;
	if (!entry->has_payload)
		return 0;
	return nla_put(skb, IAVF_A_MSG_PAYLOAD, entry->len, entry->payload);
}

static int iavf_deliver_entry(struct iavf_session_vf *vf, struct sk_buff *skb, u8 cmd)
{
	const struct iavf_entry *entry = iavf_log_next(vf);
	void *header = iavf_begin(skb, cmd, vf);

	iavf_log_given(vf, entry);
	if (!header || iavf_put_entry(skb, entry))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

/*
 * The record's bytes are not in the skb (see struct iavf_out), only the header of their attribute
 * is.
 */
static int iavf_deliver_record(struct iavf_session_vf *vf, struct iavf_out *out)
{
	struct iavf_record *record = vf->log.record;
	void *header = iavf_begin(out->skb, IAVF_CMD_VF_RECORD, vf);
	struct nlattr *nla;

	vf->stream.stage = IAVF_STAGE_LOG;
	if (!header)
		return -EMSGSIZE;
	if (!record) {
		if (nla_put_flag(out->skb, IAVF_A_MSG_LAST))
			return -EMSGSIZE;
		genlmsg_end(out->skb, header);
		return 0;
	}
	if (nla_put_u32(out->skb, IAVF_A_MSG_GENERATION, record->generation) ||
	    nla_put_u32(out->skb, IAVF_A_MSG_COVERS_SEND, record->covers_send) ||
	    nla_put_u32(out->skb, IAVF_A_MSG_COVERS_RECV, record->covers_recv))
		return -EMSGSIZE;
	nla = skb_put(out->skb, NLA_HDRLEN);
	nla->nla_type = IAVF_A_MSG_RECORD;
	nla->nla_len = NLA_HDRLEN + record->len;
	kref_get(&record->ref);
	out->record = record;
	nlmsg_hdr(out->skb)->nlmsg_len = iavf_out_len(out);
	return 0;
}

static int iavf_deliver_plain(struct iavf_session_vf *vf, struct sk_buff *skb, u8 cmd)
{
	void *header = iavf_begin(skb, cmd, vf);

	if (!header)
		return -EMSGSIZE;
	if (cmd == IAVF_CMD_VF_SYNC &&
	    nla_put_u32(skb, IAVF_A_MSG_GENERATION, vf->stream.generation))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

static int iavf_deliver_sync(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	vf->stream.stage = IAVF_STAGE_LIVE;
	vf->stream.live_since = jiffies;
	iavf_requests_kick(vf);	/* their accept clocks run from now on */
	return iavf_deliver_plain(vf, skb, IAVF_CMD_VF_SYNC);
}

static int iavf_deliver_del(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	int err = iavf_deliver_plain(vf, skb, IAVF_CMD_VF_DEL);

	iavf_vf_forget(vf);
	return err;
}

static int iavf_deliver_step(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	struct iavf_stream *stream = &vf->stream;
	const struct iavf_step step = stream->steps[0];
	void *header = iavf_begin(skb, IAVF_CMD_RESET, vf);

	memmove(stream->steps, stream->steps + 1, --stream->num_steps * sizeof(step));
	if (!header || nla_put_u32(skb, IAVF_A_MSG_GENERATION, step.generation) ||
	    nla_put_u32(skb, IAVF_A_MSG_RESET_STEP, step.step) ||
	    nla_put_u32(skb, IAVF_A_MSG_RESET_CAUSE, step.cause))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

static int iavf_put_question(struct sk_buff *skb, const struct iavf_request *req)
{
	if (req->kind == IAVF_REQUEST_KIND_SET_MAC)
		return nla_put(skb, IAVF_A_MSG_MAC, sizeof(req->mac), req->mac);
	if (req->kind == IAVF_REQUEST_KIND_VLAN_ADD)
		return nla_put_u32(skb, IAVF_A_MSG_TPID, req->tpid) ?:
		       nla_put_u32(skb, IAVF_A_MSG_VID, req->vid);
	if (req->kind == IAVF_REQUEST_KIND_SET_FEATURES)
		return nla_put_u32(skb, IAVF_A_MSG_FEATURES, req->features) ?:
		       nla_put_u32(skb, IAVF_A_MSG_FEATURES_WANTED, req->wanted);
	if (req->mtu && nla_put_u32(skb, IAVF_A_MSG_MTU, req->mtu))
		return -EMSGSIZE;
	return req->queues ? nla_put_u32(skb, IAVF_A_MSG_QUEUES, req->queues) : 0;
}

static int iavf_deliver_request(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	struct iavf_wait *wait = iavf_request_ungiven(vf);
	void *header = iavf_begin(skb, IAVF_CMD_REQUEST, vf);

	wait->given = true;
	if (!header || nla_put_u32(skb, IAVF_A_MSG_GENERATION, vf->generation) ||
	    nla_put_u32(skb, IAVF_A_MSG_REQUEST, wait->id) ||
	    nla_put_u32(skb, IAVF_A_MSG_KIND, wait->req->kind) ||
	    iavf_put_question(skb, wait->req))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

static int iavf_deliver_cancel(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	struct iavf_stream *stream = &vf->stream;
	u32 id = stream->cancels[0];
	void *header = iavf_begin(skb, IAVF_CMD_REQUEST_CANCEL, vf);

	memmove(stream->cancels, stream->cancels + 1, --stream->num_cancels * sizeof(id));
	if (!header || nla_put_u32(skb, IAVF_A_MSG_REQUEST, id))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

/* The messages that the session makes by itself; lock held. */
static int iavf_deliver_own(struct iavf_session_vf *vf, enum iavf_kind kind, struct iavf_out *out)
{
	switch (kind) {
	case IAVF_KIND_DEL:
		return iavf_deliver_del(vf, out->skb);
	case IAVF_KIND_RECORD:
		return iavf_deliver_record(vf, out);
	case IAVF_KIND_LOG:
		return iavf_deliver_entry(vf, out->skb, IAVF_CMD_VF_LOG);
	case IAVF_KIND_SYNC:
		return iavf_deliver_sync(vf, out->skb);
	case IAVF_KIND_RESET:
		return iavf_deliver_step(vf, out->skb);
	case IAVF_KIND_REQUEST:
		return iavf_deliver_request(vf, out->skb);
	case IAVF_KIND_CANCEL:
		return iavf_deliver_cancel(vf, out->skb);
	default:
		return iavf_deliver_entry(vf, out->skb, IAVF_CMD_MBX_RECV);
	}
}

static void iavf_job_take(struct iavf_session_vf *vf, enum iavf_kind kind, struct iavf_job *job)
{
	struct iavf_stream *stream = &vf->stream;

	job->kind = kind;
	job->bare = false;
	job->generation = vf->generation;
	job->changed = 0;
	job->err = stream->netdev_err;
	if (kind != IAVF_KIND_NETDEV) {
		job->changed = stream->changed;
		stream->changed = 0;
	}
	if (kind != IAVF_KIND_CHANGED)
		stream->netdev_ready = false;
	if (kind == IAVF_KIND_ADD) {	/* the snapshot is all that came before it */
		stream->generation = vf->generation;
		stream->num_steps = 0;
	}
}

/* Did not work out: what was taken is pending again. vf-add is by its stage. */
static void iavf_job_untake(struct iavf_session_vf *vf, const struct iavf_job *job)
{
	struct iavf_stream *stream = &vf->stream;

	stream->changed |= job->changed;
	if (job->kind == IAVF_KIND_NETDEV && !stream->netdev_ready) {
		stream->netdev_ready = true;
		stream->netdev_err = job->err;
	}
	iavf_owner_wake(vf);
}

static int iavf_job_fill(struct iavf_session_vf *vf, const struct iavf_job *job,
			 struct sk_buff *skb)
{
	if (job->bare)
		return iavf_fill_identity(vf, skb);
	if (job->kind == IAVF_KIND_ADD)
		return iavf_fill_snapshot(vf, skb);
	if (job->kind == IAVF_KIND_NETDEV)
		return vf->ops->fill_changed(vf->priv, skb, BIT(IAVF_CHANGE_NETDEV));
	return vf->ops->fill_changed(vf->priv, skb, job->changed);
}

static int iavf_job_put(struct iavf_session_vf *vf, const struct iavf_job *job, struct sk_buff *skb)
{
	static const u8 cmds[] = {
		[IAVF_KIND_ADD] = IAVF_CMD_VF_ADD,
		[IAVF_KIND_CHANGED] = IAVF_CMD_CHANGED,
		[IAVF_KIND_NETDEV] = IAVF_CMD_NETDEV_READY,
	};
	void *header = iavf_begin(skb, cmds[job->kind], vf);
	struct nlattr *nest;
	int err;

	if (!header || nla_put_u32(skb, IAVF_A_MSG_GENERATION, job->generation) ||
	    (job->kind == IAVF_KIND_NETDEV && nla_put_u32(skb, IAVF_A_MSG_ERRNO, -job->err)))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, IAVF_A_MSG_STATE);
	if (!nest)
		return -EMSGSIZE;
	err = iavf_job_fill(vf, job, skb);
	if (err)
		return err;
	if (skb_tail_pointer(skb) - (u8 *)nest > U16_MAX)
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	genlmsg_end(skb, header);
	return 0;
}

/*
 * Lists of addresses can be long, but are short nearly always. 0 or -errno of the driver or
 * -ENOMEM.
 */
static int iavf_job_try(struct iavf_session_vf *vf, const struct iavf_job *job,
			struct sk_buff **skb)
{
	size_t size = IAVF_STATE_MIN;
	int err;

	for (;;) {
		*skb = nlmsg_new(size, GFP_KERNEL);
		if (!*skb)
			return -ENOMEM;
		err = iavf_job_put(vf, job, *skb);
		if (!err)
			return 0;
		kfree_skb(*skb);
		*skb = NULL;
		if (err != -EMSGSIZE || size == IAVF_STATE_MAX)
			return err;
		size = min_t(size_t, 4 * size, IAVF_STATE_MAX);
	}
}

/* 0 or -ENOMEM: a driver that fails must not stop the stream. */
static int iavf_job_build(struct iavf_session_vf *vf, struct iavf_job *job, struct sk_buff **skb)
{
	int err = iavf_job_try(vf, job, skb);

	if (!err || err == -ENOMEM)
		return err;
	pr_warn_ratelimited("iavf %s: the state does not fit into a message (%d)\n", vf->pci, err);
	job->bare = true;
	return iavf_job_try(vf, job, skb);
}

static int iavf_job_run(struct iavf_owner *owner, struct iavf_session_vf *vf, struct iavf_job *job,
			struct iavf_out *out)
{
	unsigned long flags;
	int err;

	err = iavf_job_build(vf, job, &out->skb);
	spin_lock_irqsave(&iavf_session.lock, flags);
	if (owner->lost)
		err = -ESTALE;	/* the streams are another's now */
	else if (err)
		iavf_job_untake(vf, job);
	else if (job->kind == IAVF_KIND_ADD)
		vf->stream.stage = IAVF_STAGE_RECORD;
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return err;
}

/* The next message of VFs: 0, or 1 when the driver has to fill it: *vf is in use then. */
static int iavf_deliver_start(struct iavf_owner *owner, struct iavf_out *out,
			      struct iavf_session_vf **vf, struct iavf_job *job)
{
	enum iavf_kind kind;

	if (owner->lost)
		return -ESTALE;
	*vf = iavf_next_vf(&kind);
	if (!*vf)
		return -EAGAIN;
	list_move_tail(&(*vf)->ready, &iavf_session.ready);
	iavf_owner_alive();
	if (kind < IAVF_KIND_TURNS)
		(*vf)->stream.turn = kind + 1;
	if (kind != IAVF_KIND_ADD && kind != IAVF_KIND_CHANGED && kind != IAVF_KIND_NETDEV)
		return iavf_deliver_own(*vf, kind, out);
	iavf_vf_enter(*vf);	/* works: a gone one has no such message */
	iavf_job_take(*vf, kind, job);
	return 1;
}

static int iavf_deliver_vf(struct iavf_owner *owner, struct iavf_out *out)
{
	struct iavf_session_vf *vf;
	struct iavf_job job;
	unsigned long flags;
	int err;

	out->skb = nlmsg_new(IAVF_SMALL, GFP_KERNEL);
	if (!out->skb)
		return -ENOMEM;
	spin_lock_irqsave(&iavf_session.lock, flags);
	err = iavf_deliver_start(owner, out, &vf, &job);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	if (!err)
		return 0;
	iavf_out_free(out);
	if (err < 0)
		return err;
	err = iavf_job_run(owner, vf, &job, out);
	if (err)
		iavf_out_free(out);
	iavf_vf_unuse(vf);
	return err;
}

int iavf_deliver_next(struct iavf_owner *owner, struct iavf_out *out)
{
	unsigned long flags;
	bool pending;

	out->record = NULL;
	out->skb = skb_dequeue(&owner->errors);
	if (out->skb)
		return 0;
	spin_lock_irqsave(&iavf_session.lock, flags);
	pending = iavf_deliver_pending();
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return pending ? iavf_deliver_vf(owner, out) : -EAGAIN;
}

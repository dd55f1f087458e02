// SPDX-License-Identifier: GPL-2.0-only
/*
 * Record and log: what the next owner needs to go on without asking the PF. The record is the
 * owner's own, bytes to us; the log has every message since it was set, sends and replies, in
 * order. The log is also the receive queue: what was given to the owner is marked.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "context.h"

static void iavf_log_append(struct iavf_log *log, struct sk_buff *skb,
			    const struct iavf_entry *entry)
{
	struct iavf_entry *copy = iavf_entry(skb);

	BUILD_BUG_ON(sizeof(*copy) > sizeof(skb->cb));
	*copy = *entry;
	if (entry->payload)
		copy->payload = skb_put_data(skb, entry->payload, entry->len);
	__skb_queue_tail(&log->entries, skb);
}

static void iavf_log_drop(struct iavf_log *log, struct sk_buff *skb)
{
	__skb_unlink(skb, &log->entries);
	kfree_skb(skb);
}

void iavf_log_clear(struct iavf_log *log)
{
	__skb_queue_purge(&log->entries);
	__skb_queue_purge(&log->spares);
	log->overrun = false;
}

/* How many were sent, or received; all, or only those not given. */
static unsigned int iavf_log_count(const struct iavf_log *log, bool sent, bool all)
{
	struct sk_buff *skb;
	unsigned int n = 0;

	skb_queue_walk(&log->entries, skb)
		n += iavf_entry(skb)->sent == sent && (all || !iavf_entry(skb)->given);
	return n;
}

/* The next message to give: of those received, and while adopting also of those sent. */
struct iavf_entry *iavf_log_next(const struct iavf_session_vf *vf)
{
	bool live = vf->stream.stage == IAVF_STAGE_LIVE;
	struct iavf_entry *entry;
	struct sk_buff *skb;

	skb_queue_walk(&vf->log.entries, skb) {
		entry = iavf_entry(skb);
		if (entry->given || (live && entry->sent))
			continue;
		/* one of a younger generation comes after the news of its reset, that is, live */
		return live || entry->generation == vf->stream.generation ? entry : NULL;
	}
	return NULL;
}

static int iavf_log_check(const struct iavf_log *log, u32 seq, struct netlink_ext_ack *extack)
{
	unsigned int sends = iavf_log_count(log, true, true);

	if ((s32)(seq - log->send_seq) <= 0)
		return iavf_refuse(extack, -EINVAL, "seq %u is not above the last one, %u", seq,
				   log->send_seq);
	if (sends >= IAVF_LOG_MAX)
		return iavf_refuse(extack, -EAGAIN, "%u messages in the log: record-set first",
				   sends);
	return 0;
}

/* Into the log, with the room for its reply. */
static int iavf_log_begin(struct iavf_log *log, const struct iavf_entry *entry,
			  struct netlink_ext_ack *extack)
{
	struct sk_buff *skb = alloc_skb(entry->len, GFP_KERNEL);
	struct sk_buff *spare = alloc_skb(IAVF_MBX_MAX, GFP_KERNEL);
	int err = -ENOMEM;

	guard(iavf_session)();

	if (skb && spare)
		err = iavf_log_check(log, entry->seq, extack);
	if (err) {
		kfree_skb(skb);
		kfree_skb(spare);
		return err;
	}
	iavf_log_append(log, skb, entry);
	__skb_queue_tail(&log->spares, spare);
	if (skb_queue_len(&log->spares) > IAVF_UNREAD_MAX)
		kfree_skb(__skb_dequeue(&log->spares));
	return 0;
}

/* Out of it again; a reset may have cleared the log meanwhile, so the entry is looked up. */
static void iavf_log_unsend(struct iavf_log *log, u32 seq)
{
	struct sk_buff *skb;

	kfree_skb(__skb_dequeue(&log->spares));
	skb_queue_reverse_walk(&log->entries, skb) {
		if (iavf_entry(skb)->sent && iavf_entry(skb)->seq == seq) {
			iavf_log_drop(log, skb);
			return;
		}
	}
}

/*
 * Into the log before the driver has it, since the reply may be faster than our return. No adopting
 * owner sees the moment between that and a refusal: both happen under owner_lock.
 */
int iavf_handle_mbx_send(struct iavf_session_vf *vf, const struct iavf_msg *msg,
			 struct netlink_ext_ack *extack)
{
	const struct iavf_entry entry = {
		.payload = msg->payload,
		.len = msg->payload_len,
		.generation = msg->generation,
		.opcode = msg->opcode,
		.seq = msg->seq,
		.vsi_id = msg->has_vsi_id ? msg->vsi_id : -1,
		.sent = true,
	};
	int err;

	err = iavf_log_begin(&vf->log, &entry, extack);
	if (err)
		return err;
	err = vf->ops->mbx_send(vf->priv, msg, extack);
	if (!err)
		iavf_session_trace(vf, msg->generation, true, msg->opcode, 0, msg->payload,
				   msg->payload_len);
	guard(iavf_session)();
	if (err)
		iavf_log_unsend(&vf->log, msg->seq);
	else
		vf->log.send_seq = msg->seq;
	return err;
}

/* Without an owner that keeps up nobody could take more than this. */
static bool iavf_log_full(const struct iavf_session_vf *vf)
{
	if (iavf_log_count(&vf->log, false, true) >= IAVF_LOG_RECV_MAX)
		return true;
	return iavf_session.owner && vf->stream.stage == IAVF_STAGE_LIVE &&
	       iavf_log_count(&vf->log, false, false) >= IAVF_UNREAD_MAX;
}

/* Of the right size; where there is no memory for that, the spare of the send it answers. */
static struct sk_buff *iavf_log_room(struct iavf_log *log, u16 len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_ATOMIC | __GFP_NOWARN);
	struct sk_buff *spare = __skb_dequeue(&log->spares);

	if (!skb)
		return spare;
	kfree_skb(spare);
	return skb;
}

bool iavf_session_mbx_received(struct iavf_session_vf *vf, u32 generation, u32 opcode, s32 status,
			       const void *payload, u16 len)
{
	struct iavf_entry entry = {
		.payload = payload,
		.len = len,
		.generation = generation,
		.opcode = opcode,
		.vsi_id = -1,
		.status = status,
	};
	struct iavf_log *log = &vf->log;
	struct sk_buff *skb = NULL;

	if (WARN_ON_ONCE(len > IAVF_MBX_MAX))
		return false;
	iavf_session_trace(vf, generation, false, opcode, status, payload, len);

	guard(iavf_session)();
	if (generation != vf->generation) {
		vf->num_stale++;
		return true;
	}
	if (!log->overrun && !iavf_log_full(vf))
		skb = iavf_log_room(log, len);
	if (!skb) {
		log->overrun = true;
		vf->num_overrun++;
		iavf_vf_announce(vf);
		return false;
	}
	entry.seq = ++log->recv_seq;
	iavf_log_append(log, skb, &entry);
	iavf_owner_wake(vf);
	return true;
}
EXPORT_SYMBOL_GPL(iavf_session_mbx_received);

/* A record can't cover what its owner doesn't know. */
static int iavf_record_check(const struct iavf_log *log, const struct iavf_record *record,
			     struct netlink_ext_ack *extack)
{
	u32 read = log->recv_seq - iavf_log_count(log, false, false);

	if ((s32)(record->covers_send - log->send_seq) > 0)
		return iavf_refuse(extack, -EINVAL, "covers-send %u, but the last one sent is %u",
				   record->covers_send, log->send_seq);
	if ((s32)(record->covers_recv - read) > 0)
		return iavf_refuse(extack, -EINVAL, "covers-recv %u, but the last one read is %u",
				   record->covers_recv, read);
	return 0;
}

/* What it covers leaves the log. */
static void iavf_log_cover(struct iavf_log *log, const struct iavf_record *record)
{
	struct sk_buff *skb, *next;
	u32 covers;

	skb_queue_walk_safe(&log->entries, skb, next) {
		covers = iavf_entry(skb)->sent ? record->covers_send : record->covers_recv;
		if ((s32)(covers - iavf_entry(skb)->seq) >= 0)
			iavf_log_drop(log, skb);
	}
}

int iavf_handle_record_set(struct iavf_session_vf *vf, const struct iavf_msg *msg,
			   struct netlink_ext_ack *extack)
{
	struct iavf_record *record;
	int err = -ESTALE;

	record = kvmalloc(struct_size(record, data, msg->record_len), GFP_KERNEL);
	if (!record)
		return -ENOMEM;
	record->generation = msg->generation;
	record->covers_send = msg->covers_send;
	record->covers_recv = msg->covers_recv;
	record->len = msg->record_len;
	memcpy(record->data, msg->record, record->len);
	scoped_guard(iavf_session) {
		/* a reset may have come since the message was looked at */
		if (record->generation == vf->generation)
			err = iavf_record_check(&vf->log, record, extack);
		if (!err) {
			iavf_log_cover(&vf->log, record);
			swap(vf->log.record, record);
		}
	}
	kvfree(record);
	return err;
}

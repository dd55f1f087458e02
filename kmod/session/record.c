// SPDX-License-Identifier: GPL-2.0-only
/*
 * Record and log: what the next owner needs to go on without asking the PF. The record is the
 * owner's own, bytes to us; the log has every message since it was set, sends and replies, in
 * order. The log is also the receive queue: the owner's place in it is stream.position.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "context.h"

struct iavf_record *iavf_record_new(u32 generation, const void *data, u32 len)
{
	struct iavf_record *record;

	record = kvmalloc(struct_size(record, data, len), GFP_KERNEL);
	if (!record)
		return ERR_PTR(-ENOMEM);
	kref_init(&record->ref);
	record->generation = generation;
	record->covers_send = 0;
	record->covers_recv = 0;
	record->len = len;
	memcpy(record->data, data, len);
	return record;
}

static void iavf_record_release(struct kref *ref)
{
	kvfree(container_of(ref, struct iavf_record, ref));
}

void iavf_record_put(struct iavf_record *record)
{
	if (record)
		kref_put(&record->ref, iavf_record_release);
}

static struct iavf_entry *iavf_entry_new(const void *payload, u16 len, gfp_t gfp)
{
	struct iavf_entry *entry = kmalloc(struct_size(entry, payload, len), gfp);

	if (!entry)
		return NULL;
	entry->len = len;
	entry->has_payload = payload;
	if (payload)
		memcpy(entry->payload, payload, len);
	return entry;
}

void iavf_log_init(struct iavf_log *log)
{
	INIT_LIST_HEAD(&log->entries);
	INIT_LIST_HEAD(&log->spares);
}

static void iavf_log_remove(struct iavf_log *log, struct iavf_entry *entry)
{
	if (entry->sent)
		log->sends--;
	else
		log->receives--;
	list_del(&entry->list);
	kfree(entry);
}

static void iavf_log_drop_spares(struct iavf_log *log)
{
	struct iavf_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &log->spares, list) {
		list_del(&entry->list);
		kfree(entry);
	}
	log->num_spares = 0;
}

void iavf_log_clear(struct iavf_log *log)
{
	struct iavf_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &log->entries, list)
		iavf_log_remove(log, entry);
	iavf_log_drop_spares(log);
	log->unread = 0;
	log->unanswered = 0;
	log->overrun = false;
}

struct iavf_record *iavf_log_destroy(struct iavf_log *log)
{
	struct iavf_record *record = log->record;

	iavf_log_clear(log);
	log->record = NULL;
	return record;
}

static void iavf_log_append(struct iavf_log *log, struct iavf_entry *entry)
{
	entry->position = ++log->position;
	list_add_tail(&entry->list, &log->entries);
	if (entry->sent)
		log->sends++;
	else
		log->receives++;
}

/* The next message to give: of those received, and while adopting also of those sent. */
const struct iavf_entry *iavf_log_next(const struct iavf_session_vf *vf)
{
	const struct iavf_stream *stream = &vf->stream;
	bool live = stream->stage == IAVF_STAGE_LIVE;
	const struct iavf_entry *entry;

	if (live && !vf->log.unread)
		return NULL;
	list_for_each_entry(entry, &vf->log.entries, list) {
		if (entry->position <= stream->position || (live && entry->sent))
			continue;
		/* one of a younger generation comes after the news of its reset, that is, live */
		return live || entry->generation == stream->generation ? entry : NULL;
	}
	return NULL;
}

void iavf_log_given(struct iavf_session_vf *vf, const struct iavf_entry *entry)
{
	vf->stream.position = entry->position;
	if (!entry->sent)
		vf->log.unread--;
}

/* Room for the reply to one more send. */
static int iavf_log_reserve(struct iavf_log *log)
{
	struct iavf_entry *spare;
	unsigned long flags;
	bool enough;

	spin_lock_irqsave(&iavf_session.lock, flags);
	enough = log->num_spares > min_t(unsigned int, log->unanswered, IAVF_UNREAD_MAX);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	if (enough)
		return 0;
	spare = kmalloc(struct_size(spare, payload, IAVF_MBX_MAX), GFP_KERNEL);
	if (!spare)
		return -ENOMEM;
	spin_lock_irqsave(&iavf_session.lock, flags);
	list_add(&spare->list, &log->spares);
	log->num_spares++;
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return 0;
}

static int iavf_log_begin(struct iavf_session_vf *vf, struct iavf_entry *entry,
			  struct netlink_ext_ack *extack)
{
	struct iavf_log *log = &vf->log;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&iavf_session.lock, flags);
	if ((s32)(entry->seq - log->send_seq) <= 0) {
		NL_SET_ERR_MSG_FMT(extack, "seq %u is not above the last one, %u", entry->seq,
				   log->send_seq);
		err = -EINVAL;
	} else if (log->sends >= IAVF_LOG_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "%u messages in the log: record-set first", log->sends);
		err = -EAGAIN;
	} else {
		iavf_log_append(log, entry);
		log->unanswered++;
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return err;
}

/* A reset may have cleared the log meanwhile, so the entry is looked up. */
static void iavf_log_unsend(struct iavf_log *log, u32 seq)
{
	struct iavf_entry *entry;

	list_for_each_entry_reverse(entry, &log->entries, list) {
		if (!entry->sent || entry->seq != seq)
			continue;
		iavf_log_remove(log, entry);
		return;
	}
}

static void iavf_log_end(struct iavf_session_vf *vf, u32 seq, bool accepted)
{
	struct iavf_log *log = &vf->log;
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	if (accepted)
		log->send_seq = seq;
	else if (log->unanswered)
		log->unanswered--;
	if (!accepted)
		iavf_log_unsend(log, seq);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}

/*
 * Into the log before the driver has it, since the reply may be faster than our return; out of it
 * again when the driver refuses. No adopting owner sees the moment between: both happen under
 * owner_lock.
 */
int iavf_log_send(struct iavf_session_vf *vf, u32 seq, const struct iavf_mbx_send *msg,
		  struct netlink_ext_ack *extack)
{
	struct iavf_entry *entry;
	int err;

	if (iavf_log_reserve(&vf->log))
		return -ENOMEM;
	entry = iavf_entry_new(msg->payload, msg->len, GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->generation = msg->generation;
	entry->seq = seq;
	entry->opcode = msg->opcode;
	entry->status = 0;
	entry->vsi_id = msg->vsi_id;
	entry->sent = true;
	err = iavf_log_begin(vf, entry, extack);
	if (err) {
		kfree(entry);
		return err;
	}
	err = vf->ops->mbx_send(vf->priv, msg, extack);
	iavf_log_end(vf, seq, !err);
	if (!err)
		iavf_session_trace(vf, msg->generation, true, msg->opcode, 0, msg->payload,
				   msg->len);
	return err;
}

/* Without an owner that keeps up nobody could take more than this. */
static bool iavf_log_full(const struct iavf_session_vf *vf)
{
	if (vf->log.receives >= IAVF_LOG_RECV_MAX)
		return true;
	return iavf_session.owner && vf->stream.stage == IAVF_STAGE_LIVE &&
	       vf->log.unread >= IAVF_UNREAD_MAX;
}

static struct iavf_entry *iavf_log_room(struct iavf_log *log, const void *payload, u16 len)
{
	struct iavf_entry *entry = iavf_entry_new(payload, len, GFP_ATOMIC | __GFP_NOWARN);

	if (entry || !log->num_spares)
		return entry;
	entry = list_first_entry(&log->spares, struct iavf_entry, list);
	list_del(&entry->list);
	log->num_spares--;
	entry->len = len;
	entry->has_payload = payload;
	if (payload)
		memcpy(entry->payload, payload, len);
	return entry;
}

static bool iavf_log_receive(struct iavf_session_vf *vf, u32 generation, u32 opcode, s32 status,
			     const void *payload, u16 len)
{
	struct iavf_log *log = &vf->log;
	struct iavf_entry *entry = NULL;

	if (!log->overrun && !iavf_log_full(vf))
		entry = iavf_log_room(log, payload, len);
	if (!entry) {
		log->overrun = true;
		vf->num_overrun++;
		iavf_vf_announce(vf);
		return false;
	}
	entry->generation = generation;
	entry->seq = ++log->recv_seq;
	entry->opcode = opcode;
	entry->status = status;
	entry->vsi_id = -1;
	entry->sent = false;
	iavf_log_append(log, entry);
	log->unread++;
	if (log->unanswered && !--log->unanswered)
		iavf_log_drop_spares(log);
	iavf_owner_wake(vf);
	return true;
}

bool iavf_session_mbx_received(struct iavf_session_vf *vf, u32 generation, u32 opcode, s32 status,
			       const void *payload, u16 len)
{
	unsigned long flags;
	bool taken = true;

	if (WARN_ON_ONCE(len > IAVF_MBX_MAX))
		return false;
	iavf_session_trace(vf, generation, false, opcode, status, payload, len);
	spin_lock_irqsave(&iavf_session.lock, flags);
	if (generation != vf->generation || vf->gone)
		vf->num_stale++;
	else
		taken = iavf_log_receive(vf, generation, opcode, status, payload, len);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return taken;
}
EXPORT_SYMBOL_GPL(iavf_session_mbx_received);

static bool iavf_record_covers(const struct iavf_record *record, const struct iavf_entry *entry)
{
	u32 covers = entry->sent ? record->covers_send : record->covers_recv;

	return (s32)(covers - entry->seq) >= 0;
}

/* A record can't cover what its owner doesn't know. */
static int iavf_record_check(const struct iavf_session_vf *vf, const struct iavf_record *record,
			     struct netlink_ext_ack *extack)
{
	const struct iavf_log *log = &vf->log;
	const struct iavf_entry *entry;

	if ((s32)(record->covers_send - log->send_seq) > 0) {
		NL_SET_ERR_MSG_FMT(extack, "covers-send %u, but the last one sent is %u",
				   record->covers_send, log->send_seq);
		return -EINVAL;
	}
	if ((s32)(record->covers_recv - log->recv_seq) > 0) {
		NL_SET_ERR_MSG_FMT(extack, "covers-recv %u, but the last one received is %u",
				   record->covers_recv, log->recv_seq);
		return -EINVAL;
	}
	list_for_each_entry(entry, &log->entries, list) {
		if (entry->position <= vf->stream.position || entry->sent ||
		    !iavf_record_covers(record, entry))
			continue;
		NL_SET_ERR_MSG_FMT(extack, "covers-recv %u, but %u is not read yet",
				   record->covers_recv, entry->seq);
		return -EINVAL;
	}
	return 0;
}

/*
 * Takes the reference. The driver was asked for the generation before; a reset since then decides
 * here.
 */
int iavf_record_set(struct iavf_session_vf *vf, struct iavf_record *record,
		    struct netlink_ext_ack *extack)
{
	struct iavf_record *old = record;
	struct iavf_entry *entry, *next;
	unsigned long flags;
	int err = -ESTALE;

	spin_lock_irqsave(&iavf_session.lock, flags);
	if (record->generation == vf->generation)
		err = iavf_record_check(vf, record, extack);
	if (!err) {
		old = vf->log.record;
		vf->log.record = record;
		list_for_each_entry_safe(entry, next, &vf->log.entries, list) {
			if (iavf_record_covers(record, entry))
				iavf_log_remove(&vf->log, entry);
		}
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	iavf_record_put(old);
	return err;
}

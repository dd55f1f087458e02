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

static struct iavf_entry *iavf_entry_new(u16 len, gfp_t gfp)
{
	struct iavf_entry *entry;

	return kmalloc(struct_size(entry, data, len), gfp);
}

static void iavf_log_append(struct iavf_log *log, struct iavf_entry *entry,
			    const struct iavf_mbx_send *msg, bool sent, u32 seq, s32 status)
{
	entry->msg = *msg;
	if (msg->payload)
		entry->msg.payload = memcpy(entry->data, msg->payload, msg->len);
	entry->seq = seq;
	entry->status = status;
	entry->sent = sent;
	entry->given = false;
	list_add_tail(&entry->list, &log->entries);
}

static void iavf_entry_drop(struct iavf_entry *entry)
{
	list_del(&entry->list);
	kfree(entry);
}

/* The spare of one send is not needed any more. */
static void iavf_log_drop_spare(struct iavf_log *log)
{
	if (!log->num_spares)
		return;
	log->num_spares--;
	iavf_entry_drop(list_first_entry(&log->spares, struct iavf_entry, list));
}

void iavf_log_clear(struct iavf_log *log)
{
	struct iavf_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &log->entries, list)
		iavf_entry_drop(entry);
	while (log->num_spares)
		iavf_log_drop_spare(log);
	log->overrun = false;
}

/* How many were sent, or received; all, or only those not given. */
static unsigned int iavf_log_count(const struct iavf_log *log, bool sent, bool all)
{
	const struct iavf_entry *entry;
	unsigned int n = 0;

	list_for_each_entry(entry, &log->entries, list)
		n += entry->sent == sent && (all || !entry->given);
	return n;
}

/* The next message to give: of those received, and while adopting also of those sent. */
struct iavf_entry *iavf_log_next(const struct iavf_session_vf *vf)
{
	bool live = vf->stream.stage == IAVF_STAGE_LIVE;
	struct iavf_entry *entry;

	list_for_each_entry(entry, &vf->log.entries, list) {
		if (entry->given || (live && entry->sent))
			continue;
		/* one of a younger generation comes after the news of its reset, that is, live */
		return live || entry->msg.generation == vf->stream.generation ? entry : NULL;
	}
	return NULL;
}

static int iavf_log_check(const struct iavf_log *log, u32 seq, struct netlink_ext_ack *extack)
{
	unsigned int sends = iavf_log_count(log, true, true);

	if ((s32)(seq - log->send_seq) <= 0) {
		NL_SET_ERR_MSG_FMT(extack, "seq %u is not above the last one, %u", seq,
				   log->send_seq);
		return -EINVAL;
	}
	if (sends < IAVF_LOG_MAX)
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%u messages in the log: record-set first", sends);
	return -EAGAIN;
}

/* Into the log, with the room for its reply. */
static int iavf_log_begin(struct iavf_log *log, u32 seq, const struct iavf_mbx_send *msg,
			  struct netlink_ext_ack *extack)
{
	struct iavf_entry *entry = iavf_entry_new(msg->len, GFP_KERNEL);
	struct iavf_entry *spare = iavf_entry_new(IAVF_MBX_MAX, GFP_KERNEL);
	int err = -ENOMEM;

	guard(iavf_session)();

	if (entry && spare)
		err = iavf_log_check(log, seq, extack);
	if (err) {
		kfree(entry);
		kfree(spare);
		return err;
	}
	iavf_log_append(log, entry, msg, true, seq, 0);
	list_add(&spare->list, &log->spares);
	if (++log->num_spares > IAVF_UNREAD_MAX)
		iavf_log_drop_spare(log);
	return 0;
}

/* Out of it again; a reset may have cleared the log meanwhile, so the entry is looked up. */
static void iavf_log_unsend(struct iavf_log *log, u32 seq)
{
	struct iavf_entry *entry;

	iavf_log_drop_spare(log);
	list_for_each_entry_reverse(entry, &log->entries, list) {
		if (!entry->sent || entry->seq != seq)
			continue;
		iavf_entry_drop(entry);
		return;
	}
}

/*
 * Into the log before the driver has it, since the reply may be faster than our return. No adopting
 * owner sees the moment between that and a refusal: both happen under owner_lock.
 */
int iavf_handle_mbx_send(struct iavf_session_vf *vf, struct nlattr **tb,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *payload = tb[IAVF_A_MSG_PAYLOAD], *vsi_id = tb[IAVF_A_MSG_VSI_ID];
	const struct iavf_mbx_send msg = {
		.generation = nla_get_u32(tb[IAVF_A_MSG_GENERATION]),
		.opcode = nla_get_u32(tb[IAVF_A_MSG_OPCODE]),
		.vsi_id = vsi_id ? nla_get_u32(vsi_id) : -1,
		.payload = payload ? nla_data(payload) : NULL,
		.len = payload ? nla_len(payload) : 0,
	};
	u32 seq = nla_get_u32(tb[IAVF_A_MSG_SEQ]);
	int err;

	err = iavf_log_begin(&vf->log, seq, &msg, extack);
	if (err)
		return err;
	err = vf->ops->mbx_send(vf->priv, &msg, extack);
	if (!err)
		iavf_session_trace(vf, msg.generation, true, msg.opcode, 0, msg.payload, msg.len);
	guard(iavf_session)();
	if (err)
		iavf_log_unsend(&vf->log, seq);
	else
		vf->log.send_seq = seq;
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
static struct iavf_entry *iavf_log_room(struct iavf_log *log, u16 len)
{
	struct iavf_entry *entry = iavf_entry_new(len, GFP_ATOMIC | __GFP_NOWARN);

	if (!entry && log->num_spares) {
		log->num_spares--;
		entry = list_first_entry(&log->spares, struct iavf_entry, list);
		list_del(&entry->list);
	} else {
		iavf_log_drop_spare(log);
	}
	return entry;
}

bool iavf_session_mbx_received(struct iavf_session_vf *vf, u32 generation, u32 opcode, s32 status,
			       const void *payload, u16 len)
{
	const struct iavf_mbx_send msg = {
		.generation = generation, .opcode = opcode, .vsi_id = -1, .payload = payload,
		.len = len,
	};
	struct iavf_log *log = &vf->log;
	struct iavf_entry *entry = NULL;

	if (WARN_ON_ONCE(len > IAVF_MBX_MAX))
		return false;
	iavf_session_trace(vf, generation, false, opcode, status, payload, len);

	guard(iavf_session)();
	if (generation != vf->generation || vf->gone) {
		vf->num_stale++;
		return true;
	}
	if (!log->overrun && !iavf_log_full(vf))
		entry = iavf_log_room(log, len);
	if (!entry) {
		log->overrun = true;
		vf->num_overrun++;
		iavf_vf_announce(vf);
		return false;
	}
	iavf_log_append(log, entry, &msg, false, ++log->recv_seq, status);
	iavf_owner_wake(vf);
	return true;
}
EXPORT_SYMBOL_GPL(iavf_session_mbx_received);

/* A record can't cover what its owner doesn't know. */
static int iavf_record_check(const struct iavf_log *log, const struct iavf_record *record,
			     struct netlink_ext_ack *extack)
{
	u32 read = log->recv_seq - iavf_log_count(log, false, false);

	if ((s32)(record->covers_send - log->send_seq) > 0) {
		NL_SET_ERR_MSG_FMT(extack, "covers-send %u, but the last one sent is %u",
				   record->covers_send, log->send_seq);
		return -EINVAL;
	}
	if ((s32)(record->covers_recv - read) > 0) {
		NL_SET_ERR_MSG_FMT(extack, "covers-recv %u, but the last one read is %u",
				   record->covers_recv, read);
		return -EINVAL;
	}
	return 0;
}

/* What it covers leaves the log. */
static void iavf_log_cover(struct iavf_log *log, const struct iavf_record *record)
{
	struct iavf_entry *entry, *next;
	u32 covers;

	list_for_each_entry_safe(entry, next, &log->entries, list) {
		covers = entry->sent ? record->covers_send : record->covers_recv;
		if ((s32)(covers - entry->seq) >= 0)
			iavf_entry_drop(entry);
	}
}

int iavf_handle_record_set(struct iavf_session_vf *vf, struct nlattr **tb,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *data = tb[IAVF_A_MSG_RECORD];
	struct iavf_record *record;
	int err = -ESTALE;

	record = kvmalloc(struct_size(record, data, nla_len(data)), GFP_KERNEL);
	if (!record)
		return -ENOMEM;
	record->generation = nla_get_u32(tb[IAVF_A_MSG_GENERATION]);
	record->covers_send = nla_get_u32(tb[IAVF_A_MSG_COVERS_SEND]);
	record->covers_recv = nla_get_u32(tb[IAVF_A_MSG_COVERS_RECV]);
	record->len = nla_len(data);
	memcpy(record->data, nla_data(data), record->len);
	scoped_guard(iavf_session) {
		/* the driver was asked for the generation; a reset since then decides here */
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the owner reads next. Pending is a matter of bits and lists; a message is made when it is
 * read, so that the latest state goes out. VFs take turns, and within a VF the kinds of messages.
 */
#include <linux/jiffies.h>

#include "context.h"

void iavf_stream_start(struct iavf_session_vf *vf)
{
	struct sk_buff *skb;

	memset(&vf->stream, 0, sizeof(vf->stream));
	skb_queue_walk(&vf->log.entries, skb)
		iavf_entry(skb)->given = false;
	iavf_owner_wake(vf);
}

/* The steps of a reset come before all, the rest takes turns. */
static u8 iavf_pick_live(struct iavf_session_vf *vf)
{
	struct iavf_stream *stream = &vf->stream;
	bool ready = test_bit(IAVF_CHANGE_READY, &stream->changed);
	const u8 pending[] = {
		ready ? IAVF_CMD_NETDEV_READY : stream->changed ? IAVF_CMD_CHANGED : 0,
		iavf_request_ungiven(vf) ? IAVF_CMD_REQUEST : 0,
		iavf_log_next(vf) ? IAVF_CMD_MBX_RECV : 0,
	};
	unsigned int i;
	u8 cmd;

	if (stream->steps)
		return IAVF_CMD_RESET;
	for (i = 0; i < ARRAY_SIZE(pending); i++, stream->turn++) {
		cmd = pending[stream->turn % ARRAY_SIZE(pending)];
		/* What was announced before a request is part of what it is about. */
		if (cmd == IAVF_CMD_REQUEST && pending[0])
			return pending[0];
		if (cmd)
			return cmd;
	}
	return 0;
}

/* The command of the VF's next message, or 0. */
static u8 iavf_pick(struct iavf_session_vf *vf)
{
	switch (vf->stream.stage) {
	case IAVF_STAGE_ADD:
		return IAVF_CMD_VF_ADD;
	case IAVF_STAGE_RECORD:
		return IAVF_CMD_VF_RECORD;
	case IAVF_STAGE_LOG:
		return iavf_log_next(vf) ? IAVF_CMD_VF_LOG : IAVF_CMD_VF_SYNC;
	default:
		return iavf_pick_live(vf);
	}
}

/* The VF whose turn it is. Those with nothing left leave the ring. */
static struct iavf_session_vf *iavf_next_vf(u8 *cmd)
{
	struct iavf_session_vf *vf, *next;

	list_for_each_entry_safe(vf, next, &iavf_session.ready, ready) {
		*cmd = iavf_pick(vf);
		if (*cmd)
			return vf;
		list_del_init(&vf->ready);
	}
	return NULL;
}

bool iavf_deliver_pending(void)
{
	u8 cmd;

	return iavf_next_vf(&cmd);
}

static int iavf_put_entry(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	struct iavf_entry *entry = iavf_log_next(vf);

	entry->given = true;
	if (nla_put_u32(skb, IAVF_A_MSG_GENERATION, entry->generation) ||
	    nla_put_u32(skb, IAVF_A_MSG_SEQ, entry->seq) ||
	    nla_put_u32(skb, IAVF_A_MSG_OPCODE, entry->opcode) ||
	    (entry->sent ? nla_put_flag(skb, IAVF_A_MSG_SENT) :
			   nla_put_s32(skb, IAVF_A_MSG_STATUS, entry->status)) ||
	    (entry->vsi_id >= 0 && nla_put_u32(skb, IAVF_A_MSG_VSI_ID, entry->vsi_id)) ||
	    (entry->payload && nla_put(skb, IAVF_A_MSG_PAYLOAD, entry->len, entry->payload)))
		return -EMSGSIZE;
	return 0;
}

static int iavf_put_record(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	const struct iavf_record *record = vf->log.record;

	vf->stream.stage = IAVF_STAGE_LOG;
	if (!record)
		return nla_put_flag(skb, IAVF_A_MSG_LAST);
	return nla_put_u32(skb, IAVF_A_MSG_GENERATION, record->generation) ?:
	       nla_put_u32(skb, IAVF_A_MSG_COVERS_SEND, record->covers_send) ?:
	       nla_put_u32(skb, IAVF_A_MSG_COVERS_RECV, record->covers_recv) ?:
	       nla_put(skb, IAVF_A_MSG_RECORD, record->len, record->data);
}

static int iavf_put_sync(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	vf->stream.stage = IAVF_STAGE_LIVE;
	vf->stream.live_since = jiffies;
	iavf_requests_kick(vf, false);	/* their accept clocks run from now on */
	return nla_put_u32(skb, IAVF_A_MSG_GENERATION, vf->stream.generation);
}

static int iavf_put_step(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	struct iavf_stream *stream = &vf->stream;
	unsigned int step = find_next_bit(&stream->steps, IAVF_STEPS, IAVF_RESET_STEP_STARTED);

	if (step == IAVF_STEPS)
		step = IAVF_RESET_STEP_IMPENDING;	/* of the reset after those */
	__clear_bit(step, &stream->steps);
	return nla_put_u32(skb, IAVF_A_MSG_GENERATION, vf->generation) ?:
	       nla_put_u32(skb, IAVF_A_MSG_RESET_STEP, step) ?:
	       nla_put_u32(skb, IAVF_A_MSG_RESET_CAUSE, stream->causes[step]);
}

static int iavf_put_rss(struct sk_buff *skb, const struct iavf_request *req)
{
	if ((req->rss_key && nla_put(skb, IAVF_A_MSG_RSS_KEY, req->rss_key_len, req->rss_key)) ||
	    (req->rss_lut && nla_put(skb, IAVF_A_MSG_RSS_LUT, req->rss_lut_len, req->rss_lut)) ||
	    nla_put_u32(skb, IAVF_A_MSG_QUEUES, req->queues) ||
	    (req->has_rss_hfunc && nla_put_u32(skb, IAVF_A_MSG_RSS_HFUNC, req->rss_hfunc)))
		return -EMSGSIZE;
	return 0;
}

static int iavf_put_question(struct sk_buff *skb, const struct iavf_request *req)
{
	switch (req->kind) {
	case IAVF_REQUEST_KIND_SET_MAC:
		return nla_put(skb, IAVF_A_MSG_MAC, sizeof(req->mac), req->mac);
	case IAVF_REQUEST_KIND_VLAN_ADD:
		return nla_put_u32(skb, IAVF_A_MSG_TPID, req->tpid) ?:
		       nla_put_u32(skb, IAVF_A_MSG_VID, req->vid);
	case IAVF_REQUEST_KIND_SET_FEATURES:
		return nla_put_u32(skb, IAVF_A_MSG_FEATURES, req->features) ?:
		       nla_put_u32(skb, IAVF_A_MSG_FEATURES_WANTED, req->wanted);
	case IAVF_REQUEST_KIND_SET_RSS:
		return iavf_put_rss(skb, req);
	case IAVF_REQUEST_KIND_SET_RSS_FIELDS:
		return nla_put_u32(skb, IAVF_A_MSG_RSS_FLOW, req->rss_flow) ?:
		       nla_put_u32(skb, IAVF_A_MSG_RSS_FIELDS, req->rss_fields);
	default:
		if ((req->mtu && nla_put_u32(skb, IAVF_A_MSG_MTU, req->mtu)) ||
		    (req->rss_configured && nla_put_flag(skb, IAVF_A_MSG_RSS_CONFIGURED)))
			return -EMSGSIZE;
		if (req->rx_queues && (nla_put_u32(skb, IAVF_A_MSG_RX_QUEUES, req->rx_queues) ||
				       nla_put_u32(skb, IAVF_A_MSG_TX_QUEUES, req->tx_queues)))
			return -EMSGSIZE;
		return req->queues ? nla_put_u32(skb, IAVF_A_MSG_QUEUES, req->queues) : 0;
	}
}

static int iavf_put_request(struct iavf_session_vf *vf, struct sk_buff *skb)
{
	struct iavf_wait *wait = iavf_request_ungiven(vf);

	wait->given = true;
	return nla_put_u32(skb, IAVF_A_MSG_GENERATION, vf->generation) ?:
	       nla_put_u32(skb, IAVF_A_MSG_REQUEST, wait->id) ?:
	       nla_put_u32(skb, IAVF_A_MSG_KIND, wait->req->kind) ?:
	       iavf_put_question(skb, wait->req);
}

/* The message but its state. What it says is not pending any more. */
static int iavf_put_body(struct iavf_session_vf *vf, u8 cmd, struct sk_buff *skb)
{
	switch (cmd) {
	case IAVF_CMD_VF_RECORD:
		return iavf_put_record(vf, skb);
	case IAVF_CMD_VF_LOG:
	case IAVF_CMD_MBX_RECV:
		return iavf_put_entry(vf, skb);
	case IAVF_CMD_VF_SYNC:
		return iavf_put_sync(vf, skb);
	case IAVF_CMD_RESET:
		return iavf_put_step(vf, skb);
	case IAVF_CMD_REQUEST:
		return iavf_put_request(vf, skb);
	case IAVF_CMD_VF_ADD:
		vf->stream.stage = IAVF_STAGE_RECORD;
		vf->stream.generation = vf->generation;
		vf->stream.steps = 0;
		break;
	case IAVF_CMD_NETDEV_READY:
		if (nla_put_u32(skb, IAVF_A_MSG_ERRNO, -vf->stream.netdev_err))
			return -EMSGSIZE;
	}
	return nla_put_u32(skb, IAVF_A_MSG_GENERATION, vf->generation);
}

static bool iavf_has_state(u8 cmd)
{
	return cmd == IAVF_CMD_VF_ADD || cmd == IAVF_CMD_NETDEV_READY || cmd == IAVF_CMD_CHANGED;
}

/*
 * All there is or, in changed, what did; from the driver, so without the lock. Where it can't tell,
 * the owner still hears of which VF this is.
 */
static int iavf_put_state(struct iavf_session_vf *vf, u8 cmd, unsigned long changed,
			  struct sk_buff *skb)
{
	struct nlattr *nest = nla_nest_start(skb, IAVF_A_MSG_STATE);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = cmd == IAVF_CMD_CHANGED ? vf->ops->fill_changed(vf->priv, skb, changed) :
					iavf_fill_snapshot(vf, skb);
	if (err) {
		pr_warn_ratelimited("iavf %s: the state does not fit into a message (%d)\n",
				    vf->pci, err);
		nlmsg_trim(skb, nla_data(nest));
		err = iavf_fill_identity(vf, skb);
	}
	nla_nest_end(skb, nest);
	return err;
}

int iavf_deliver_next(struct iavf_owner *owner)
{
	struct sk_buff *skb = owner->next;
	struct iavf_session_vf *vf;
	unsigned long changed = 0;
	int err = -EMSGSIZE;
	u8 cmd;

	scoped_guard(iavf_session) {
		vf = owner->lost ? NULL : iavf_next_vf(&cmd);
		if (!vf)
			return owner->lost ? -ESTALE : -EAGAIN;
		list_move_tail(&vf->ready, &iavf_session.ready);
		vf->stream.turn++;
		if (iavf_has_state(cmd)) {
			vf->users++;
			changed = xchg(&vf->stream.changed, 0);
		}
		if (genlmsg_put(skb, 0, 0, &iavf_family, 0, cmd) &&
		    !nla_put_u32(skb, IAVF_A_MSG_VF, vf->id))
			err = iavf_put_body(vf, cmd, skb);
	}
	if (iavf_has_state(cmd)) {
		err = err ?: iavf_put_state(vf, cmd, changed, skb);
		iavf_vf_unuse(vf);
	}
	if (err)
		skb_trim(skb, 0);
	else
		nlmsg_end(skb, nlmsg_hdr(skb));
	return err;
}

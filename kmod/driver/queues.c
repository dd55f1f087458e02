// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that the kernel knows of virtchnl: the messages that make the device touch memory, events,
 * and which opcodes an owner may send. An owner chooses the moment and the vsi_id, the kernel
 * writes the message from its own rings (design.md section 2, rules 1 and 2; protocol.md sections
 * 5 and 6).
 */
#include <linux/build_bug.h>

#include "control.h"

#define IAVF_OP_RESET_VF		2
#define IAVF_OP_CONFIG_QUEUES		6
#define IAVF_OP_ENABLE_QUEUES		8
#define IAVF_OP_DISABLE_QUEUES		9
#define IAVF_OP_EVENT			17

/*
 * Ranges of opcodes that an owner may send; what is not in them is refused. Left out: resets (its
 * own command), single-queue and RDMA set-up, IPsec, DCF, events, what is not defined, and
 * 9, 107, 108: queues are stopped by the kernel alone, and large VFs come later.
 */
static const struct {
	u8 first, last;
} iavf_owner_ops[] = {
	{ 1, 1 }, { 3, 3 }, { 6, 8 }, { 10, 15 }, { 18, 18 }, { 23, 33 }, { 44, 48 }, { 50, 57 },
	{ 60, 72 }, { 111, 136 },
};

struct iavf_txq_msg {
	__le16 vsi_id, queue_id, ring_len, headwb_enabled;
	__le64 ring_dma, headwb_dma;
};

struct iavf_rxq_msg {
	__le16 vsi_id, queue_id;
	__le32 ring_len;
	__le16 hdr_size, splithdr;
	__le32 buf_size, max_frame;
	u8 crc_disable, rxdid, flags, pad;
	__le64 ring_dma;
	__le32 split_pos, pad2;
};

struct iavf_queue_pair_msg {
	struct iavf_txq_msg tx;
	struct iavf_rxq_msg rx;
};

/* On the wire one zeroed pair follows the last: 72 + 64 n bytes. */
struct iavf_config_queues_msg {
	__le16 vsi_id, num_pairs;
	__le32 pad;
	struct iavf_queue_pair_msg pair[];
};

struct iavf_queue_select_msg {
	__le16 vsi_id, pad;
	__le32 rx_queues, tx_queues;	/* bitmaps */
};

#define IAVF_EVENT_LINK_CHANGE		1
#define IAVF_EVENT_RESET_IMPENDING	2

struct iavf_event_msg {
	__le32 event;
	__le32 link_speed;	/* legacy bits, or Mbps with adv-link-speed */
	u8 link_up, pad[3];
	__le32 severity;
};

static_assert(sizeof(struct iavf_queue_pair_msg) == 64);
static_assert(sizeof(struct iavf_config_queues_msg) == 8);
static_assert(sizeof(struct iavf_queue_select_msg) == 12);
static_assert(sizeof(struct iavf_event_msg) == 16);

#define RXDID_LEGACY	1

static bool is_queue_op(u32 opcode)
{
	return opcode == IAVF_OP_CONFIG_QUEUES || opcode == IAVF_OP_ENABLE_QUEUES ||
	       opcode == IAVF_OP_DISABLE_QUEUES;
}

static bool owner_may_send(u32 opcode)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(iavf_owner_ops); i++) {
		if (opcode >= iavf_owner_ops[i].first && opcode <= iavf_owner_ops[i].last)
			return true;
	}
	return false;
}

static void fill_pair(struct iavf_queue_pair_msg *pair, const struct iavf_rings *rings,
		      unsigned int i, u16 vsi_id)
{
	pair->tx.vsi_id = cpu_to_le16(vsi_id);
	pair->rx.vsi_id = cpu_to_le16(vsi_id);
	pair->tx.queue_id = cpu_to_le16(i);
	pair->rx.queue_id = cpu_to_le16(i);
	pair->rx.rxdid = RXDID_LEGACY;
	/* i40e looks at the sizes even where there is no ring (length 0). */
	pair->rx.buf_size = cpu_to_le32(rings->rx_buf_len);
	pair->rx.max_frame = cpu_to_le32(rings->max_frame);
	pair->rx.crc_disable = rings->config.keep_crc &&
			       rings->vf->commit.features & IAVF_FEATURES_KEEP_CRC;
	if (i < rings->config.tx_queues) {
		pair->tx.ring_len = cpu_to_le16(rings->config.tx_count);
		pair->tx.ring_dma = cpu_to_le64(rings->tx_dma[i]);
	}
	if (i < rings->config.rx_queues) {
		pair->rx.ring_len = cpu_to_le32(rings->config.rx_count);
		pair->rx.ring_dma = cpu_to_le64(rings->rx_dma[i]);
	}
}

/* The length, in vf->queues.msg. */
static u16 build_config(struct iavf_vf *vf, u16 vsi_id)
{
	struct iavf_config_queues_msg *msg = (void *)vf->queues.msg;
	u16 n = iavf_num_pairs(&vf->rings->config), i;

	memset(msg, 0, sizeof(vf->queues.msg));
	msg->vsi_id = cpu_to_le16(vsi_id);
	msg->num_pairs = cpu_to_le16(n);
	for (i = 0; i < n; i++)
		fill_pair(&msg->pair[i], vf->rings, i, vsi_id);
	return struct_size(msg, pair, n + 1);
}

static u16 build_select(struct iavf_vf *vf, u16 vsi_id)
{
	struct iavf_queue_select_msg *msg = (void *)vf->queues.msg;
	const struct iavf_rings_config *config = &vf->rings->config;

	memset(msg, 0, sizeof(*msg));
	msg->vsi_id = cpu_to_le16(vsi_id);
	msg->rx_queues = cpu_to_le32(GENMASK(config->rx_queues - 1, 0));
	msg->tx_queues = cpu_to_le32(GENMASK(config->tx_queues - 1, 0));
	return sizeof(*msg);
}

/* state_lock: what is remembered as sent is sent in the same order. */
static int send_queue_op(struct iavf_vf *vf, u32 opcode, u16 vsi_id, bool own)
{
	bool config = opcode == IAVF_OP_CONFIG_QUEUES;
	struct iavf_queues *queues = &vf->queues;
	u16 len;
	int err;

	lockdep_assert_held(&vf->state_lock);
	if (queues->num_sent == IAVF_SENT_MAX)
		return -EAGAIN;
	len = config ? build_config(vf, vsi_id) : build_select(vf, vsi_id);
	err = iavf_mbx_send(vf, opcode, queues->msg, len, own);
	if (err)
		return err;
	queues->sent[queues->num_sent++] = (struct iavf_sent){
		.opcode = opcode, .rings_id = vf->rings_id, .own = own,
	};
	if (config) {
		vf->rings->state = IAVF_RINGS_EXPOSED;
		vf->rings->configured = false;
		queues->vsi_id = vsi_id;
	}
	if (opcode == IAVF_OP_ENABLE_QUEUES)
		vf->rings->used = true;
	if (own)
		iavf_session_trace(vf->session, vf->generation, true, opcode, 0, queues->msg, len);
	return 0;
}

/* state_lock: may the owner send it now? */
static int check_send(struct iavf_vf *vf, const struct iavf_msg *msg,
		      struct netlink_ext_ack *extack)
{
	const struct iavf_rings *rings = vf->rings;
	bool config = msg->opcode == IAVF_OP_CONFIG_QUEUES;

	if (test_bit(IAVF_VF_RESETTING, &vf->flags))
		return iavf_refuse(extack, -EIO, "the VF is in a reset");
	if (!is_queue_op(msg->opcode))
		return 0;
	if (msg->payload)
		return iavf_refuse(extack, -EINVAL, "the kernel writes the payload of this opcode");
	if (!msg->has_vsi_id)
		return iavf_refuse(extack, -EINVAL, "this opcode needs a vsi-id");
	if (!test_bit(IAVF_VF_COMMITTED, &vf->flags))
		return iavf_refuse(extack, -EBUSY, "no vf-commit in this generation");
	if (!rings || !rings->running)
		return iavf_refuse(extack, -ENETDOWN, "the interface is down: there are no rings");
	if (iavf_num_pairs(&rings->config) > vf->commit.queues ||
	    rings->config.vectors != iavf_vectors_granted(vf))
		return iavf_refuse(extack, -EBUSY,
				   "these rings are not as granted; they are being rebuilt");
	/* Configuring starts a queue at index 0, where ours no longer are. */
	if (config && rings->used)
		return iavf_refuse(extack, -EBUSY,
				   "these rings were in use; they start anew after a reset");
	if (config && vf->queues.distrust)
		return iavf_refuse(extack, -EBUSY,
				   "the PF's answers are out of order; the VF needs a reset");
	if (!config && !rings->configured)
		return iavf_refuse(extack, -EBUSY,
				   "the PF has not acknowledged the current rings (op 6)");
	return 0;
}

int iavf_queues_owner_send(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	struct iavf_vf *vf = priv;
	int err;

	if (!owner_may_send(msg->opcode))
		return iavf_refuse(extack, -EPERM, "an owner may not send this opcode");
	guard(iavf_lock)(&vf->state_lock);
	err = iavf_check_generation(vf, msg->generation, extack) ?: check_send(vf, msg, extack);
	if (err)
		return err;
	if (is_queue_op(msg->opcode))
		err = send_queue_op(vf, msg->opcode, msg->vsi_id, false);
	else
		err = iavf_mbx_send(vf, msg->opcode, msg->payload, msg->payload_len, false);
	return err == -EAGAIN ? iavf_refuse(extack, err, "the mailbox is full") : err;
}

int iavf_queues_disable(struct iavf_vf *vf)
{
	guard(iavf_lock)(&vf->state_lock);
	vf->queues.refused = false;
	if (test_bit(IAVF_VF_RESETTING, &vf->flags) || vf->queues.distrust)
		return -EIO;
	return send_queue_op(vf, IAVF_OP_DISABLE_QUEUES, vf->queues.vsi_id, true);
}

int iavf_queues_ask_reset(struct iavf_vf *vf)
{
	int err = iavf_mbx_send(vf, IAVF_OP_RESET_VF, NULL, 0, true);

	if (!err)
		iavf_session_trace(vf->session, vf->generation, true, IAVF_OP_RESET_VF, 0, NULL, 0);
	return err;
}

void iavf_queues_forget(struct iavf_vf *vf)
{
	lockdep_assert_held(&vf->state_lock);
	vf->queues.num_sent = 0;
	vf->queues.distrust = false;
	if (vf->rings) {
		vf->rings->configured = false;
		vf->rings->enabled = false;
	}
}

/*
 * Take what this is the answer to off the list. The PF answers in order: an answer that is not
 * the next one, or that nobody waits for, is believed for nothing, nor is what comes after it.
 */
static bool take_sent(struct iavf_queues *queues, u32 opcode, struct iavf_sent *sent)
{
	unsigned int i;

	for (i = 0; i < queues->num_sent; i++) {
		if (queues->sent[i].opcode == opcode)
			break;
	}
	if (i || !queues->num_sent)
		queues->distrust = true;
	if (i == queues->num_sent)
		return false;
	*sent = queues->sent[i];
	queues->num_sent -= i + 1;
	memmove(queues->sent, &queues->sent[i + 1], queues->num_sent * sizeof(*sent));
	return true;
}

static void apply_reply(struct iavf_vf *vf, const struct iavf_sent *sent, s32 status)
{
	struct iavf_rings *rings = vf->rings;
	bool proof = !status && !vf->queues.distrust;

	if (sent->own)
		vf->queues.refused = status;
	if (!rings || sent->rings_id != vf->rings_id)
		return;
	if (sent->opcode == IAVF_OP_CONFIG_QUEUES) {
		rings->configured = proof;
		if (proof && rings->running)
			iavf_rings_tell(rings);
	} else if (sent->opcode == IAVF_OP_ENABLE_QUEUES) {
		rings->enabled = !status && rings->running;
	} else if (proof && !rings->running) {
		rings->state = IAVF_RINGS_IDLE;
	}
	iavf_link_update(vf);
}

/* true: it is the owner's. */
static bool queue_reply(struct iavf_vf *vf, u32 generation, const struct iavf_mbx_msg *msg)
{
	struct iavf_sent sent = {};

	guard(iavf_lock)(&vf->state_lock);
	if (generation == vf->generation && take_sent(&vf->queues, msg->opcode, &sent))
		apply_reply(vf, &sent, msg->status);
	wake_up_all(&vf->wait);
	return sent.opcode && !sent.own;
}

/* Legacy speeds are one bit each; those above 40 Gb/s have none. */
static u32 legacy_mbps(u32 speed)
{
	static const u32 mbps[] = { 2500, 100, 1000, 10000, 40000, 20000, 25000, 5000 };
	unsigned int bit = __ffs(speed | BIT(31));

	return bit < ARRAY_SIZE(mbps) ? mbps[bit] : 0;
}

/* The first event may come before the owner said what its number means. */
u32 iavf_link_mbps(const struct iavf_vf *vf)
{
	u32 speed = READ_ONCE(vf->link_speed);

	if (!(READ_ONCE(vf->commit.features) & IAVF_FEATURES_ADV_LINK_SPEED))
		return legacy_mbps(speed);
	return speed < INT_MAX ? speed : 0;
}

static void link_event(struct iavf_vf *vf, u32 generation, const struct iavf_event_msg *event)
{
	guard(iavf_lock)(&vf->state_lock);
	if (generation != vf->generation)
		return;
	vf->link_speed = event->link_up ? le32_to_cpu(event->link_speed) : 0;
	assign_bit(IAVF_VF_CARRIER, &vf->flags, event->link_up);
	iavf_link_update(vf);
	iavf_session_changed(vf->session, IAVF_CHANGE_LINK);
}

static void receive_event(struct iavf_vf *vf, u32 generation, const struct iavf_mbx_msg *msg)
{
	const struct iavf_event_msg *event = (const void *)msg->payload;

	if (msg->len < sizeof(*event))
		return;
	if (event->event == cpu_to_le32(IAVF_EVENT_LINK_CHANGE))
		link_event(vf, generation, event);
	else if (event->event == cpu_to_le32(IAVF_EVENT_RESET_IMPENDING))
		iavf_reset_begin(vf, generation, IAVF_RESET_CAUSE_PF_ANNOUNCED);
}

void iavf_queues_receive(struct iavf_vf *vf, u32 generation)
{
	const struct iavf_mbx_msg *msg = &vf->msg;
	bool event = msg->opcode == IAVF_OP_EVENT;

	if (event || (is_queue_op(msg->opcode) && !queue_reply(vf, generation, msg))) {
		iavf_session_trace(vf->session, generation, false, msg->opcode, msg->status,
				   msg->payload, msg->len);
		if (event)
			receive_event(vf, generation, msg);
		return;
	}
	if (!iavf_session_mbx_received(vf->session, generation, msg->opcode, msg->status,
				       msg->payload, msg->len))
		iavf_reset_stalled(vf, generation, "the owner does not read the PF's answers");
}

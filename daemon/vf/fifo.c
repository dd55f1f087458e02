// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages at the PF. It serves a VF's messages in order and an answer carries nothing but the
 * opcode: so an answer belongs to the oldest message of its opcode, and it proves that older ones
 * of other opcodes were lost.
 *
 * When two messages of one opcode are under way and one answer is lost, the other answer is taken
 * for the wrong one. That shows only later. So answered messages are kept until the next record,
 * and a loss makes all answers of that opcode doubtful that were not proven.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define SURPLUS_MAX	4	/* answers too many that are believed, per opcode and generation */

static bool known_op(uint32_t op)
{
	return op <= VIRTCHNL_OP_MAX;
}

static void remove_at(struct vf_fifo *fifo, unsigned int i)
{
	free(fifo->msg[i].payload);
	fifo->num--;
	memmove(&fifo->msg[i], &fifo->msg[i + 1], (fifo->num - i) * sizeof(fifo->msg[0]));
}

static void not_waiting(struct vf_fifo *fifo, struct vf_msg *msg)
{
	msg->state = VF_MSG_DONE;
	fifo->waiting--;
	fifo->bulk -= msg->bulk;
}

void vf_fifo_clear(struct vf *vf)
{
	while (vf->fifo.num)
		remove_at(&vf->fifo, vf->fifo.num - 1);
	vf->fifo.waiting = vf->fifo.bulk = vf->fifo.ghosts = vf->fifo.overtaken = 0;
}

/* The oldest answered one goes when a log is longer than ours may be. */
static bool make_room(struct vf *vf)
{
	struct vf_fifo *fifo = &vf->fifo;

	if (fifo->num < IAVF_LOG_MAX)
		return true;
	for (unsigned int i = 0; i < fifo->num; i++) {
		if (fifo->msg[i].state != VF_MSG_DONE)
			continue;
		remove_at(fifo, i);
		return true;
	}
	return false;
}

/* NULL: no memory. */
struct vf_msg *vf_fifo_push(struct vf *vf, uint32_t seq, uint32_t op, const void *payload,
			    size_t len)
{
	struct vf_fifo *fifo = &vf->fifo;
	struct vf_msg *msg;
	uint8_t *copy = NULL;

	if (!make_room(vf))
		return NULL;
	if (len) {
		copy = malloc(len);
		if (!copy)
			return NULL;
		memcpy(copy, payload, len);
	}
	msg = &fifo->msg[fifo->num++];
	*msg = (struct vf_msg) {
		.seq = seq, .op = op, .sent_at = vf->now, .len = len, .payload = copy,
		.epoch = vf->queues.epoch,
	};
	fifo->waiting++;
	return msg;
}

bool vf_fifo_waits_for(const struct vf *vf, uint32_t op)
{
	for (unsigned int i = 0; i < vf->fifo.num; i++) {
		if (vf->fifo.msg[i].op == op && vf->fifo.msg[i].state == VF_MSG_WAITING)
			return true;
	}
	return false;
}

static bool essential(uint32_t op)
{
	return op == VIRTCHNL_OP_VERSION || op == VIRTCHNL_OP_GET_VF_RESOURCES ||
	       op == VIRTCHNL_OP_CONFIG_IRQ_MAP || op == VIRTCHNL_OP_CONFIG_VSI_QUEUES ||
	       op == VIRTCHNL_OP_ENABLE_QUEUES;
}

/*
 * Lost once: the reconciler sends it again, because it is not acknowledged. Twice: a reset. When
 * resets did not help either, traffic is worth more than a setting: it counts as refused.
 */
static void escalate(struct vf *vf, const struct vf_msg *msg)
{
	struct vf_trouble *t;

	/* Numbers are not worth a reset. */
	if (!known_op(msg->op) || msg->op == VIRTCHNL_OP_GET_STATS)
		return;
	vf_recover_restless(vf);
	t = &vf->trouble[msg->op];
	/* What was under way together is lost together, and that counts once. */
	if (t->lost && msg->sent_at < t->lost_at)
		return;
	t->lost_at = vf->now;
	if (++t->lost < 2)
		return;
	t->lost = 0;
	if (!essential(msg->op) && t->escalated >= 2) {
		vf_effect_done(vf, msg, VF_REFUSED, VIRTCHNL_STATUS_NO_ANSWER, NULL, 0);
		return;
	}
	if (t->escalated < UINT8_MAX)
		t->escalated++;
	vf_recover_want(vf, msg->op, VIRTCHNL_STATUS_NO_ANSWER);
}

/* The kernel keeps its own account of these. */
static bool about_rings(uint32_t op)
{
	return op == VIRTCHNL_OP_CONFIG_VSI_QUEUES || op == VIRTCHNL_OP_ENABLE_QUEUES;
}

static void doubt(struct vf *vf, uint32_t op)
{
	for (unsigned int i = 0; i < vf->fifo.num; i++) {
		struct vf_msg *msg = &vf->fifo.msg[i];

		if (msg->op != op || msg->state != VF_MSG_DONE || msg->proven)
			continue;
		msg->proven = true;
		vf_effect_done(vf, msg, VF_LOST, 0, NULL, 0);
	}
}

static void lost(struct vf *vf, unsigned int i)
{
	struct vf_msg msg = vf->fifo.msg[i];

	vf->count.lost++;
	not_waiting(&vf->fifo, &vf->fifo.msg[i]);
	vf->fifo.msg[i].payload = NULL;
	remove_at(&vf->fifo, i);
	vf_effect_done(vf, &msg, VF_LOST, 0, NULL, 0);
	doubt(vf, msg.op);
	escalate(vf, &msg);
	free(msg.payload);
}

static int oldest_waiting(const struct vf *vf, uint32_t op)
{
	for (unsigned int i = 0; i < vf->fifo.num; i++) {
		if (vf->fifo.msg[i].state == VF_MSG_WAITING && vf->fifo.msg[i].op == op)
			return i;
	}
	return -1;
}

/* Answers come in order: what is older than number i and still waits was lost. New number of it. */
static unsigned int lose_older(struct vf *vf, unsigned int i)
{
	for (unsigned int k = 0; k < i;) {
		if (vf->fifo.msg[k].state != VF_MSG_WAITING) {
			k++;
			continue;
		}
		lost(vf, k);
		vf->fifo.overtaken++;
		i--;
	}
	return i;
}

static void prove(struct vf *vf, uint32_t op)
{
	if (vf_fifo_waits_for(vf, op) || (known_op(op) && vf->trouble[op].ghosts))
		return;
	for (unsigned int i = 0; i < vf->fifo.num; i++) {
		if (vf->fifo.msg[i].op == op)
			vf->fifo.msg[i].proven = true;
	}
}

static bool negotiation(uint32_t op)
{
	return op == VIRTCHNL_OP_VERSION || op == VIRTCHNL_OP_GET_VF_RESOURCES ||
	       op == VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS;
}

/*
 * One answer too many: a duplicate or a late one. If it says something else than the last, an
 * earlier answer was taken for that message, and nobody knows what the PF did.
 */
static void surplus(struct vf *vf, uint32_t op, int32_t status)
{
	if (!known_op(op) || negotiation(op))
		return;
	vf->trouble[op].ghosts -= !!vf->trouble[op].ghosts;
	prove(vf, op);
	for (unsigned int i = vf->fifo.num; i-- > 0;) {
		struct vf_msg *msg = &vf->fifo.msg[i];

		if (msg->op != op || msg->state != VF_MSG_DONE)
			continue;
		if (msg->status == status || vf->trouble[op].surplus >= SURPLUS_MAX)
			return;
		vf->trouble[op].surplus++;
		msg->status = status;
		vf_effect_done(vf, msg, VF_LOST, 0, NULL, 0);
		return;
	}
}

void vf_fifo_reply(struct vf *vf, uint32_t op, int32_t status, const void *reply, size_t len)
{
	int i = oldest_waiting(vf, op);
	struct vf_msg *msg;

	vf->fifo.heard = vf->now;
	if (i < 0) {
		vf->fifo.ghosts -= !!vf->fifo.ghosts;
		vf_recover_restless(vf);
		surplus(vf, op, status);
		return;
	}
	/*
	 * While answers to lost messages may still come, this may be one of them, and proves
	 * nothing.
	 */
	if (!vf->fifo.ghosts)
		i = lose_older(vf, i);
	msg = &vf->fifo.msg[i];
	not_waiting(&vf->fifo, msg);
	msg->status = status;
	vf->count.answered++;
	vf->count.answer_ns += vf->now - msg->sent_at;
	vf->fifo.progress = vf->now;
	if (known_op(op))
		vf->trouble[op].lost = vf->trouble[op].escalated = 0;
	prove(vf, op);
	vf_effect_done(vf, msg, status ? VF_REFUSED : VF_OK, status, reply, len);
}

static uint64_t deadline(const struct vf *vf, const struct vf_msg *msg)
{
	uint64_t from = msg->sent_at > vf->fifo.progress ? msg->sent_at : vf->fifo.progress;
	bool first = !known_op(msg->op) || !vf->trouble[msg->op].lost;

	return from + (msg->urgent && first ? VF_URGENT_NS : VF_DEADLINE_NS);
}

uint64_t vf_fifo_deadline(const struct vf *vf)
{
	uint64_t next = VF_NO_DEADLINE;

	for (unsigned int i = 0; i < vf->fifo.num; i++) {
		const struct vf_msg *msg = &vf->fifo.msg[i];

		if (msg->state == VF_MSG_WAITING && deadline(vf, msg) < next)
			next = deadline(vf, msg);
	}
	return next;
}

bool vf_fifo_quiet(const struct vf_fifo *fifo)
{
	return !fifo->waiting && !fifo->ghosts && !fifo->overtaken;
}

/* Answers to lost messages still come: a slow PF works through what it has. */
bool vf_fifo_trickles(const struct vf *vf)
{
	return vf->fifo.ghosts && vf->now < vf->fifo.heard + VF_RECORD_NS;
}

/*
 * It is quiet, and some answers never came. Which of the messages of that opcode were answered
 * cannot be told, so all that is not proven is sent once more.
 */
void vf_fifo_resolve(struct vf *vf)
{
	for (uint32_t op = 0; op <= VIRTCHNL_OP_MAX; op++) {
		if (!vf->trouble[op].ghosts)
			continue;
		vf->trouble[op].ghosts = 0;
		doubt(vf, op);
	}
	vf->fifo.ghosts = vf->fifo.overtaken = 0;
}

/*
 * A silent PF may be slow and have all of them in its queue still, so they count against what may
 * be in flight until it speaks again.
 */
void vf_fifo_timeouts(struct vf *vf)
{
	for (unsigned int i = 0; i < vf->fifo.num;) {
		const struct vf_msg *msg = &vf->fifo.msg[i];
		uint32_t op = msg->op;

		if (msg->state != VF_MSG_WAITING || deadline(vf, msg) > vf->now) {
			i++;
			continue;
		}
		lost(vf, i);
		if (known_op(op) && !negotiation(op) && !about_rings(op))
			vf->trouble[op].ghosts++;
		if (++vf->fifo.ghosts >= VF_IN_FLIGHT - VF_KERNELS)
			vf_recover_want(vf, op, VIRTCHNL_STATUS_NO_ANSWER);
	}
}

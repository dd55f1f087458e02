// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver's side: mailbox, queue messages, resets, the netdev's jobs. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "virtchnl/opcodes.h"

#include "world.h"

#define RINGS_DMA	UINT64_C(0x100000)
#define BEGIN_NS	(500 * MS)
#define ANNOUNCED_NS	(5000 * MS)
#define WATCH_NS	(100 * MS)
#define ROW_NS		(50 * MS)	/* as in kmod/driver/reset.c */
#define ROW_FREE	4

void kern_init(struct kern *k, struct world *w)
{
	*k = (struct kern) { .w = w, .mtu = 1500, .max_mtu = 1500, .user = { .request = -1 } };
}

void kern_free(struct kern *k)
{
	kern_log_clear(k);
	free(k->record);
}

void kern_probe(struct kern *k)
{
	k->arq = true;
	k->generation = 1;
	k->vectors = 5;
}

/* Queue messages, with every field the kernel's */

static size_t build_config(struct kern *k, uint16_t vsi, uint8_t *buf)
{
	struct virtchnl_vsi_queue_config_info *msg = (void *)buf;
	size_t len = virtchnl_len_vsi_queues(kern_pairs(k));

	memset(buf, 0, len);
	msg->vsi_id = htole16(vsi);
	msg->num_queue_pairs = htole16(kern_pairs(k));
	for (unsigned int i = 0; i < kern_pairs(k); i++) {
		struct virtchnl_queue_pair_info *qp = &msg->qpair[i];

		qp->txq.vsi_id = qp->rxq.vsi_id = htole16(vsi);
		qp->txq.queue_id = qp->rxq.queue_id = htole16(i);
		qp->rxq.rxdid = 1;
		qp->rxq.databuffer_size = htole32(2048);
		qp->rxq.max_pkt_size = htole32(k->mtu + 26);
		if (i < k->tx_queues) {
			qp->txq.ring_len = htole16(512);
			qp->txq.dma_ring_addr =
				htole64(RINGS_DMA + (k->rings_id * 64 + i) * 0x10000);
		}
		if (i >= k->rx_queues)
			continue;
		qp->rxq.ring_len = htole32(512);
		qp->rxq.dma_ring_addr =
			htole64(RINGS_DMA + (k->rings_id * 64 + i) * 0x10000 + 0x8000);
	}
	return len;
}

static size_t build_select(struct kern *k, uint16_t vsi, uint8_t *buf)
{
	struct virtchnl_queue_select *msg = (void *)buf;

	memset(buf, 0, sizeof(*msg));
	msg->vsi_id = htole16(vsi);
	msg->rx_queues = htole32((1u << k->rx_queues) - 1);
	msg->tx_queues = htole32((1u << k->tx_queues) - 1);
	return sizeof(*msg);
}

static int send_queue_op(struct kern *k, uint32_t opcode, uint16_t vsi, bool own)
{
	uint8_t buf[VIRTCHNL_MSG_MAX];
	size_t len;

	if (k->num_sent == KERN_SENT)
		return -EAGAIN;
	len = opcode == VIRTCHNL_OP_CONFIG_VSI_QUEUES ? build_config(k, vsi, buf) :
							build_select(k, vsi, buf);
	k->sent[k->num_sent].opcode = opcode;
	k->sent[k->num_sent].rings_id = k->rings.id;
	k->sent[k->num_sent++].own = own;
	if (opcode == VIRTCHNL_OP_CONFIG_VSI_QUEUES) {
		k->rings.state = KERN_EXPOSED;
		k->rings.configured = false;
		k->vsi_id = vsi;
	}
	if (opcode == VIRTCHNL_OP_ENABLE_QUEUES)
		k->rings.used = true;
	to_pf(k->w, opcode, buf, len);
	return 0;
}

static int owner_queue_op(struct kern *k, uint32_t opcode, int vsi_id, size_t len)
{
	if (len || vsi_id < 0)
		return -EINVAL;
	if (!k->committed)
		return -EBUSY;
	if (!k->rings.exist || !k->rings.running)
		return -ENETDOWN;
	if (kern_pairs(k) > k->commit.queues)
		return -EBUSY;
	if (opcode == VIRTCHNL_OP_CONFIG_VSI_QUEUES && (k->rings.used || k->distrust))
		return -EBUSY;
	if (opcode == VIRTCHNL_OP_ENABLE_QUEUES && !k->rings.configured)
		return -EBUSY;
	return send_queue_op(k, opcode, vsi_id, false);
}

int kern_send(struct kern *k, uint32_t generation, uint32_t opcode, int vsi_id, const void *payload,
	      size_t len)
{
	if (opcode == VIRTCHNL_OP_RESET_VF || opcode > VIRTCHNL_OP_MAX) {
		k->fault = "an opcode that is not the owner's";
		return -EPERM;
	}
	if (generation != k->generation)
		return -ESTALE;
	if (k->resetting)
		return -EIO;
	if (opcode == VIRTCHNL_OP_CONFIG_VSI_QUEUES || opcode == VIRTCHNL_OP_ENABLE_QUEUES ||
	    opcode == VIRTCHNL_OP_DISABLE_QUEUES)
		return owner_queue_op(k, opcode, vsi_id, len);
	to_pf(k->w, opcode, payload, len);
	return 0;
}

void kern_disable_queues(struct kern *k)
{
	k->refused = false;
	if (!k->resetting && !k->distrust)
		send_queue_op(k, VIRTCHNL_OP_DISABLE_QUEUES, k->vsi_id, true);
}

static void apply_reply(struct kern *k, uint32_t opcode, uint32_t rings_id, bool own,
			int32_t status)
{
	if (own)
		k->refused = status;
	if (!k->rings.exist || rings_id != k->rings.id)
		return;
	switch (opcode) {
	case VIRTCHNL_OP_CONFIG_VSI_QUEUES:
		k->rings.configured = !status && !k->distrust;
		break;
	case VIRTCHNL_OP_ENABLE_QUEUES:
		k->rings.enabled = !status && k->rings.running;
		break;
	case VIRTCHNL_OP_DISABLE_QUEUES:
		if (!status && !k->distrust && !k->rings.running)
			k->rings.state = KERN_IDLE;
		break;
	}
}

/* true: it is the owner's. */
bool kern_queue_reply(struct kern *k, uint32_t opcode, int32_t status)
{
	unsigned int i = 0;
	uint32_t rings_id;
	bool own;

	while (i < k->num_sent && k->sent[i].opcode != opcode)
		i++;
	if (i)
		k->distrust = true;
	if (i == k->num_sent) {
		k->distrust = true;
		return false;
	}
	rings_id = k->sent[i].rings_id;
	own = k->sent[i].own;
	k->num_sent -= i + 1;
	memmove(&k->sent[0], &k->sent[i + 1], k->num_sent * sizeof(k->sent[0]));
	apply_reply(k, opcode, rings_id, own, status);
	return !own;
}

static void event(struct kern *k, const void *payload, size_t len)
{
	const struct virtchnl_pf_event *ev = payload;

	if (len < sizeof(*ev))
		return;
	if (le32toh(ev->event) == VIRTCHNL_EVENT_RESET_IMPENDING)
		kern_reset_begin(k, IAVF_RESET_CAUSE_PF_ANNOUNCED);
	if (le32toh(ev->event) == VIRTCHNL_EVENT_LINK_CHANGE)
		k->changed |= k->owner ? VF_HAVE_LINK : 0;
}

void kern_mailbox(struct kern *k, uint32_t opcode, int32_t status, const void *payload, size_t len)
{
	if (!k->arq || k->resetting)
		return;
	if (opcode == VIRTCHNL_OP_EVENT) {
		event(k, payload, len);
		return;
	}
	if ((opcode == VIRTCHNL_OP_CONFIG_VSI_QUEUES || opcode == VIRTCHNL_OP_ENABLE_QUEUES ||
	     opcode == VIRTCHNL_OP_DISABLE_QUEUES) && !kern_queue_reply(k, opcode, status))
		return;
	kern_log_received(k, opcode, status, len ? payload : NULL, len);
}

void kern_forget_queues(struct kern *k)
{
	k->num_sent = 0;
	k->distrust = false;
	k->rings.configured = k->rings.enabled = false;
}

void kern_rings_new(struct kern *k)
{
	k->rings = (struct kern_rings) {
		.exist = true, .running = !k->resetting && !k->absent, .id = ++k->rings_id,
	};
}

void kern_rings_restart(struct kern *k)
{
	if (!k->rings.exist || !k->up || k->absent)
		return;
	k->rings.running = true;
	k->rings.state = KERN_PRIVATE;
	k->rings.used = k->rings.configured = k->rings.enabled = false;
}

/* Absence: as iavf_rings_absence() */

void kern_absence_down(struct kern *k)
{
	k->absent = true;
	world_note(k->w, "absence: down");
	k->rings.running = k->rings.configured = k->rings.enabled = false;
	if (k->rings.exist && k->rings.state == KERN_EXPOSED)
		kern_disable_queues(k);
	k->changed |= k->owner ? VF_HAVE_FLAGS : 0;
}

void kern_controlled(struct kern *k)
{
	if (k->absent)
		k->controlled_at = k->w->now + 30 * US;
}

static void end_absence(struct kern *k)
{
	k->controlled_at = 0;
	k->absent = false;
	world_note(k->w, "absence: over");
	if (!k->rings.running && k->rings.state != KERN_EXPOSED && !k->resetting)
		kern_rings_restart(k);
	k->changed |= k->owner ? VF_HAVE_FLAGS : 0;
}

/* Resets */

static uint64_t row_pause(struct kern *k)
{
	unsigned int more;

	if (k->w->now - k->reset_ended >= ROW_NS)
		k->resets_in_row = 0;
	else
		k->resets_in_row++;
	if (k->resets_in_row <= ROW_FREE)
		return 0;
	more = k->resets_in_row - ROW_FREE;
	return ROW_NS << (more < 6 ? more : 6);
}

void kern_reset_begin(struct kern *k, uint32_t cause)
{
	if (k->resetting) {
		k->reset_again |= cause == IAVF_RESET_CAUSE_PF_ANNOUNCED;
		return;
	}
	if (cause == IAVF_RESET_CAUSE_PF_ANNOUNCED)
		kern_step(k, IAVF_RESET_STEP_IMPENDING, cause);
	k->resetting = true;
	k->reset_again = k->reset_proven = false;
	k->cause = cause;
	k->committed = false;
	k->generation++;
	k->watch_at = 0;
	k->pause_until = k->w->now + row_pause(k);
	k->reset_by =
		k->pause_until + (cause == IAVF_RESET_CAUSE_PF_ANNOUNCED ? ANNOUNCED_NS : BEGIN_NS);
	if (cause == IAVF_RESET_CAUSE_OWNER || cause == IAVF_RESET_CAUSE_STOP ||
	    cause == IAVF_RESET_CAUSE_STALL)
		to_pf(k->w, VIRTCHNL_OP_RESET_VF, NULL, 0);
	kern_forget_queues(k);
	kern_log_clear(k);
	k->rings.running = false;
	world_note(k->w, "reset %u: generation %u", cause, k->generation);
	kern_step(k, IAVF_RESET_STEP_STARTED, cause);
}

static void prove(struct kern *k)
{
	k->reset_proven = true;
	if (k->rings.state == KERN_EXPOSED)
		k->rings.state = KERN_IDLE;
}

static void finish(struct kern *k)
{
	k->resetting = false;
	k->reset_ended = k->w->now;
	k->arq = true;
	kern_rings_restart(k);
	world_note(k->w, "reset over");
	kern_step(k, IAVF_RESET_STEP_READY, k->cause);
	if (k->reset_again)
		kern_reset_begin(k, IAVF_RESET_CAUSE_PF_ANNOUNCED);
}

static void advance(struct kern *k)
{
	if (!k->resetting || k->w->now < k->pause_until)
		return;
	if (!k->reset_proven && !k->arq)
		prove(k);
	if (k->reset_proven && !k->pf_resetting)
		finish(k);
}

void kern_watch(struct kern *k)
{
	if (!k->resetting && !k->watch_at)
		k->watch_at = k->w->now + WATCH_NS;
}

void kern_pf_reset_begin(struct kern *k)
{
	k->arq = false;
	k->pf_resetting = true;
	if (k->rings.exist && k->rings.state == KERN_EXPOSED)
		kern_watch(k);
	advance(k);
}

void kern_pf_reset_done(struct kern *k)
{
	k->pf_resetting = false;
	advance(k);
}

/* The netdev's jobs, under rtnl */

static uint32_t granted_features(struct kern *k)
{
	return k->commit.features & (0x3f | IAVF_FEATURES_RX_HASH);
}

/* As the driver's set_granted() and the stack's netdev_update_features() */
static void apply_features(struct kern *k)
{
	uint32_t granted = granted_features(k), fixed = granted & k->commit.features_fixed;
	uint32_t news = granted & ~fixed & ~k->hw_features, old = k->features;

	k->hw_features = granted & ~fixed;
	if ((k->features | news) & CTAG_OFFLOAD)
		news &= ~STAG_OFFLOAD;
	k->features |= news | fixed | (k->hw_features & k->commit.features_on);
	k->features &= granted;
	if (k->features & CTAG_OFFLOAD)
		k->features &= ~STAG_OFFLOAD;
	for (int t = 0; t < 2; t++) {
		if (!((old ^ k->features) & kern_filter(t)))
			continue;
		/* What is no longer filtered is still asked for. */
		if (k->features & kern_filter(t))
			kern_learn_vlans(k, t);
	}
	/* Also when nothing changed: of grants that follow each other only the last one is applied. */
	k->changed |= k->owner ? VF_HAVE_NETDEV : 0;
}

static void apply_job(struct kern *k)
{
	static const uint8_t kernels[6] = { 0x06, 0xaa, 0, 0, 0, 1 };

	if (k->job_create) {
		k->job_create = false;
		k->netdev = true;
		memcpy(k->mac, k->job_mac_set ? k->job_mac : kernels, 6);
		k->mtu = k->job_mtu ? k->job_mtu : 1500;
		k->max_mtu = k->commit.max_mtu;
		k->features = granted_features(k);
		k->hw_features = k->features & ~k->commit.features_fixed;
		if (k->features & CTAG_OFFLOAD)
			k->features &= ~STAG_OFFLOAD;
		k->rx_queues = k->commit.queues;
		if (k->default_queues && k->default_queues < k->rx_queues)
			k->rx_queues = k->default_queues;
		k->tx_queues = k->rx_queues;
		k->netdev_ready = k->owner;
		k->netdev_err = 0;
		k->job_mac_set = k->job_limits = false;
		return;
	}
	if (!k->netdev)
		return;
	if (k->job_mac_set && memcmp(k->mac, k->job_mac, 6)) {
		memcpy(k->mac, k->job_mac, 6);
		k->changed |= k->owner ? VF_HAVE_NETDEV : 0;
	}
	if (k->job_limits) {
		k->max_mtu = k->commit.max_mtu;
		apply_features(k);
	}
	if (k->job_limits && (kern_pairs(k) > k->commit.queues || k->mtu > k->max_mtu))
		kern_shrink(k);
	k->job_mac_set = k->job_limits = false;
}

void kern_timers(struct kern *k)
{
	if (k->job_at && k->w->now >= k->job_at && k->user.op == USER_NONE) {
		k->job_at = 0;
		apply_job(k);
	} else if (k->job_at && k->w->now >= k->job_at) {
		k->job_at = k->w->now + 100 * US;	/* rtnl is taken */
	}
	if (k->controlled_at && k->w->now >= k->controlled_at)
		end_absence(k);
	if (k->watch_at && k->w->now >= k->watch_at) {
		k->watch_at = 0;
		if (!k->arq)
			kern_reset_begin(k, IAVF_RESET_CAUSE_PF_SILENT);
	}
	if (k->resetting && !k->reset_proven && k->w->now >= k->reset_by) {
		k->reset_by = k->w->now + BEGIN_NS;
		pf_flr(k->w->pf, k->w->now, 0);
	}
	advance(k);
}

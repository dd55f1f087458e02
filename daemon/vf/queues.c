// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CONFIG_VSI_QUEUES, then ENABLE_QUEUES when it was acknowledged. Rings, their bitmaps and the
 * disabling are the kernel's. Each new set of rings is an epoch: answers about an older one say
 * nothing.
 */
#include <errno.h>

#include "internal.h"

void vf_queues_reset(struct vf *vf)
{
	uint32_t epoch = vf->queues.epoch;

	vf->queues = (struct vf_queues) { .epoch = epoch + 1 };
}

void vf_queues_rings_changed(struct vf *vf)
{
	vf_queues_reset(vf);
}

void vf_queues_inherit(struct vf *vf)
{
	struct vf_queues *q = &vf->queues;

	q->inherited = q->configured || q->enabled || q->config_busy || q->enable_busy;
}

/*
 * A request is about new rings - unless it waited for a daemon while the one before had begun with
 * its rings. The kernel can tell: it does not let rings that were in use be configured again.
 */
void vf_queues_requested(struct vf *vf)
{
	struct vf_queues *q = &vf->queues;

	if (!q->inherited) {
		vf_queues_rings_changed(vf);
		return;
	}
	q->inherited = false;
	q->refused = q->blocked = false;
	q->verify = q->enabled || q->enable_busy;
}

bool vf_queues_running(const struct vf *vf)
{
	return vf->queues.enabled && !vf->queues.verify;
}

static const struct vf_request *request(const struct vf *vf)
{
	const struct vf_request *req = vf_request_pending(vf, IAVF_REQUEST_KIND_OPEN);

	return req ? req : vf_request_pending(vf, IAVF_REQUEST_KIND_RECONFIGURE);
}

bool vf_queues_wanted(const struct vf *vf)
{
	return vf->netdev && (vf->snap.rx_flags & IAVF_RX_FLAGS_UP || request(vf));
}

static void refused(struct vf_queues *q, uint32_t op, int32_t status)
{
	q->refused = true;
	q->refusal = (struct vf_refusal) { op, status };
	/* ice disables all queues of the VF. */
	q->configured = q->enabled = false;
}

void vf_queues_reconcile(struct vf *vf)
{
	struct vf_queues *q = &vf->queues;
	struct vf_out out = { .op = VIRTCHNL_OP_CONFIG_VSI_QUEUES };

	if (!vf_queues_wanted(vf) || vf_queues_running(vf) || q->refused || q->blocked)
		return;
	if (q->config_busy || q->enable_busy)
		return;
	/* Queues that interrupt nobody are of no use. */
	if (vf_slot_verdict(vf, VF_SLOT_IRQ_MAP) < 0) {
		refused(q, VIRTCHNL_OP_CONFIG_IRQ_MAP, vf->slot[VF_SLOT_IRQ_MAP].refusal.status);
		return;
	}
	if (q->configured && !vf_slot_verdict(vf, VF_SLOT_IRQ_MAP))
		return;
	if (q->configured && !q->verify)
		out.op = VIRTCHNL_OP_ENABLE_QUEUES;
	vf_send(vf, &out, request(vf), false);
}

void vf_queues_sent(struct vf *vf, const struct vf_msg *msg)
{
	struct vf_queues *q = &vf->queues;

	if (msg->op == VIRTCHNL_OP_CONFIG_VSI_QUEUES) {
		q->config_busy = true;
		q->configured = q->enabled = q->verify = false;
	} else {
		q->enable_busy = true;
	}
}

void vf_queues_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
		    int32_t status)
{
	bool config = msg->op == VIRTCHNL_OP_CONFIG_VSI_QUEUES;
	struct vf_queues *q = &vf->queues;

	if (msg->epoch != q->epoch)
		return;
	if (config)
		q->config_busy = false;
	else
		q->enable_busy = false;
	if (outcome == VF_REFUSED)
		refused(q, msg->op, status);
	else if (config)
		q->configured = outcome == VF_OK;
	else
		q->enabled = outcome == VF_OK;
}

/*
 * The kernel has no rings (going down), they are not those that were configured, or it wants them
 * to start anew. The last does not end by itself.
 */
void vf_queues_send_failed(struct vf *vf, uint32_t op, int err)
{
	struct vf_queues *q = &vf->queues;

	if (op == VIRTCHNL_OP_ENABLE_QUEUES && err == -EBUSY && q->configured) {
		q->configured = false;
		return;
	}
	if (q->verify && err == -EBUSY) {	/* they are */
		q->verify = false;
		return;
	}
	q->blocked = true;
	if (err == -EBUSY && !q->blocked_until)
		q->blocked_until = vf->now + VF_RINGS_PATIENCE_NS;
}

void vf_queues_expire(struct vf *vf)
{
	struct vf_queues *q = &vf->queues;

	if (!q->blocked_until || vf->now < q->blocked_until)
		return;
	q->blocked_until = 0;
	if (q->blocked && vf_queues_wanted(vf) && !q->enabled)
		vf_recover_want(vf, VIRTCHNL_OP_CONFIG_VSI_QUEUES, -EBUSY);
}

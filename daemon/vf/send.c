// SPDX-License-Identifier: GPL-2.0-or-later
/* One message to the kernel: limits, sequence numbers, and what its errors mean. */
#include <errno.h>
#include <syslog.h>

#include "internal.h"

#define IN_FLIGHT_MAX	(VF_IN_FLIGHT - VF_KERNELS)

/* The kernel's log is nearly full. Only when nothing waits does a record make room. */
static bool room_in_log(struct vf *vf)
{
	if (vf->since_record < VF_LOG_SOFT && vf->fifo.num < IAVF_LOG_MAX)
		return true;
	if (!vf_fifo_quiet(&vf->fifo))
		return false;
	vf_record_save(vf);
	return vf->since_record < VF_LOG_SOFT && vf->fifo.num < IAVF_LOG_MAX;
}

static bool ready(struct vf *vf, bool bulk)
{
	const struct vf_fifo *fifo = &vf->fifo;

	if (!vf_may_send(vf) || fifo->waiting + fifo->ghosts + fifo->overtaken >= IN_FLIGHT_MAX)
		return false;
	if (bulk && (vf->fifo.bulk >= VF_BULK || vf_request_wants_record(vf)))
		return false;
	return room_in_log(vf);
}

bool vf_send_ready(struct vf *vf, bool bulk)
{
	if (ready(vf, bulk))
		return true;
	vf->held_back = true;
	return false;
}

static bool kernels_payload(uint32_t op)
{
	return op == VIRTCHNL_OP_CONFIG_VSI_QUEUES || op == VIRTCHNL_OP_ENABLE_QUEUES;
}

static int hand_over(struct vf *vf, const struct vf_out *out)
{
	int vsi = kernels_payload(out->op) ? vf->nego.res.vsi_id : -1;

	return vf->io.send(vf->io.ctx, vf->generation, vf->seq + 1, out->op, vsi,
			   out->len ? out->data : NULL, out->len);
}

static bool sent(struct vf *vf, const struct vf_out *out, bool urgent, bool bulk)
{
	struct vf_msg *msg;

	vf->seq++;
	vf->since_record++;
	vf->count.sent++;
	vf->dirty = true;
	msg = vf_fifo_push(vf, vf->seq, out->op, out->data, out->len);
	if (!msg) {	/* its answer will be ignored, and a reset puts things straight */
		vf_recover_want(vf, out->op, VIRTCHNL_STATUS_NO_ANSWER);
		return true;
	}
	msg->urgent = urgent;
	msg->bulk = bulk;
	vf->fifo.bulk += bulk;
	vf_effect_sent(vf, msg);
	return true;
}

/* The kernel does not let it through, now or ever: as if the PF had refused. */
static bool refused(struct vf *vf, const struct vf_out *out, int err)
{
	struct vf_msg msg = {
		.op = out->op, .len = out->len, .payload = (uint8_t *)out->data,
		.epoch = vf->queues.epoch,
	};

	if (kernels_payload(out->op)) {
		vf_queues_send_failed(vf, out->op, err);
		return false;
	}
	vf_log(vf, LOG_ERR, "the kernel refused to send message %u: error %d", out->op, -err);
	vf_effect_sent(vf, &msg);
	vf_effect_done(vf, &msg, VF_REFUSED, err, NULL, 0);
	return false;
}

bool vf_send(struct vf *vf, const struct vf_out *out, bool urgent, bool bulk)
{
	int err;

	if (!vf_send_ready(vf, bulk))
		return false;
	err = hand_over(vf, out);
	if (err == -EAGAIN && !vf->fifo.waiting) {
		vf_record_save(vf);
		err = hand_over(vf, out);
	}
	switch (err) {
	case 0:
		return sent(vf, out, urgent, bulk);
	case -EAGAIN:
		vf->blocked_until = vf->now + VF_BLOCKED_NS;
		return false;
	case -ESTALE:
	case -EIO:
	case -ENODEV:
		vf->stale = true;
		return false;
	default:
		return refused(vf, out, err);
	}
}

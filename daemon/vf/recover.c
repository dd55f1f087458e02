// SPDX-License-Identifier: GPL-2.0-or-later
/* A reset as the last resort: at once the first time, then further and further apart. */
#include <errno.h>
#include <syslog.h>

#include "internal.h"

#define DOUBLINGS_MAX	10

static uint64_t backoff(unsigned int tries)
{
	uint64_t ns;

	if (!tries)
		return 0;
	ns = VF_BACKOFF_MIN_NS << (tries - 1 < DOUBLINGS_MAX ? tries - 1 : DOUBLINGS_MAX);
	return ns < VF_BACKOFF_MAX_NS ? ns : VF_BACKOFF_MAX_NS;
}

void vf_recover_want(struct vf *vf, uint32_t op, int32_t status)
{
	struct vf_recover *r = &vf->recover;

	if (r->wanted || r->waiting)
		return;
	r->wanted = true;
	r->at = vf->now + backoff(r->tries);
	r->cause = (struct vf_refusal) { op, status };
	r->failed = r->tries && !vf_negotiated(vf);
}

static void wait_for_it(struct vf *vf)
{
	struct vf_recover *r = &vf->recover;

	r->waiting = true;
	r->until = vf->now + VF_RESET_PATIENCE_NS;
}

/* The kernel says that one is coming; if it does not, things go on. */
void vf_recover_impending(struct vf *vf)
{
	vf->recover.wanted = false;
	vf->recover.cause = (struct vf_refusal) { 0 };
	wait_for_it(vf);
}

bool vf_recover_holds(const struct vf *vf)
{
	return vf->recover.wanted || vf->recover.waiting;
}

/* Resets of our own that did not help. */
bool vf_recover_in_vain(const struct vf *vf)
{
	return vf->recover.tries > 1 && vf->recover.cause.op;
}

uint64_t vf_recover_deadline(const struct vf *vf)
{
	if (vf->recover.wanted)
		return vf->dead ? VF_NO_DEADLINE : vf->recover.at;
	return vf->recover.waiting ? vf->recover.until : VF_NO_DEADLINE;
}

static void ask(struct vf *vf)
{
	struct vf_recover *r = &vf->recover;
	char why[IAVF_MESSAGE_MAX + 1];
	int err;

	virtchnl_sentence(why, sizeof(why), r->cause.op, r->cause.status);
	vf_log(vf, LOG_WARNING, "resetting the VF: %s", why);
	err = vf->io.reset(vf->io.ctx, vf->generation);
	r->tries++;
	if (err && err != -EBUSY && err != -EALREADY && err != -ESTALE) {
		vf_log(vf, LOG_ERR, "the kernel refused a reset: error %d", -err);
		r->at = vf->now + backoff(r->tries);
		return;
	}
	r->wanted = false;
	wait_for_it(vf);
}

void vf_recover_run(struct vf *vf)
{
	struct vf_recover *r = &vf->recover;

	if (r->waiting && vf->now >= r->until) {
		r->waiting = false;
		/* It was ours, and it never came. */
		if (r->cause.op)
			vf_recover_want(vf, r->cause.op, r->cause.status);
	}
	if (r->wanted && vf->now >= r->at && !vf->dead)
		ask(vf);
}

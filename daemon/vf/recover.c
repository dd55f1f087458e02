// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A reset as the last resort: at once the first time, then further and further apart. And the same
 * against a PF that resets the VF whenever it works: negotiated anew at once a few times, then
 * ever more rarely. Who asks for something ends such a wait.
 */
#include <errno.h>
#include <stdio.h>
#include <syslog.h>

#include "virtchnl/names.h"

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
	r->calm_at = 0;
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
	return vf->recover.wanted || vf->recover.waiting || vf->recover.paused_until;
}

/* Resets of our own that did not help. */
bool vf_recover_in_vain(const struct vf *vf)
{
	return vf->recover.tries > 1 && vf->recover.cause.op;
}

static bool in_storm(const struct vf *vf)
{
	return vf->recover.storm > VF_STORM_FREE;
}

static uint64_t pause_of(const struct vf *vf)
{
	return in_storm(vf) ? backoff(vf->recover.storm - VF_STORM_FREE) : 0;
}

void vf_recover_asked(struct vf *vf)
{
	struct vf_recover *r = &vf->recover;

	r->paused_until = 0;
	if (r->wanted && (r->failed || vf_recover_in_vain(vf)))
		r->at = vf->now;
}

/*
 * Opened without limits there is no request to tell. But flags come also behind a reconfigure,
 * which may be the kernel's.
 */
void vf_recover_flags(struct vf *vf)
{
	if (!vf->recover.flags_due)
		vf_recover_asked(vf);
	vf->recover.flags_due = false;
}

/*
 * Those of our own have their own back-off. The kernel's, because a PF does not stop queues, may
 * come of limits that it applies after each negotiation, in vain.
 */
static bool is_pfs(uint32_t cause)
{
	return cause == IAVF_RESET_CAUSE_PF_ANNOUNCED || cause == IAVF_RESET_CAUSE_PF_SILENT ||
	       cause == IAVF_RESET_CAUSE_STOP;
}

static void calm_down(struct vf *vf)
{
	struct vf_recover *r = &vf->recover;

	if (r->calm_at && vf->now >= r->calm_at)
		r->storm = r->tries = r->calm_at = 0;
}

void vf_recover_started(struct vf *vf, uint32_t cause)
{
	struct vf_recover *r = &vf->recover;

	calm_down(vf);
	if (is_pfs(cause)) {
		r->storm++;
		r->storm_stop = cause == IAVF_RESET_CAUSE_STOP;
		r->storm_op = vf->fifo.num ? vf->fifo.msg[vf->fifo.num - 1].op : 0;
	}
	r->wanted = r->waiting = false;
	r->calm_at = r->paused_until = 0;
}

bool vf_recover_reason(const struct vf *vf, char *text, size_t size)
{
	const char *name = virtchnl_op_name(vf->recover.storm_op);

	if (!in_storm(vf))
		return false;
	if (vf->recover.storm_stop) {
		snprintf(text, size, "PF does not stop this VF's queues: reset again and again");
		return true;
	}
	snprintf(text, size, "PF resets this VF again and again%s%s", name ? ", last after " : "",
		 name ? name : "");
	return true;
}

void vf_recover_ready(struct vf *vf)
{
	char why[IAVF_MESSAGE_MAX + 1];
	uint64_t ns = pause_of(vf);

	if (!vf_recover_reason(vf, why, sizeof(why)))
		return;
	vf->recover.paused_until = vf->now + ns;
	vf_log(vf, LOG_WARNING, "%u resets in a row, next attempt in %u ms", vf->recover.storm,
	       (unsigned int)(ns / MS));
	if (ns > VF_URGENT_NS)
		vf_requests_fail(vf, -EIO, why);
}

static uint64_t longest(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/*
 * Peace is as long as the last pause, so that the VF is not worse off than half of the time. Less of
 * it proves nothing: what a PF that answers twice really did comes out a moment later.
 */
void vf_recover_settled(struct vf *vf)
{
	struct vf_recover *r = &vf->recover;

	if ((r->storm || r->tries) && !r->calm_at)
		r->calm_at = vf->now + longest(VF_CALM_NS, longest(pause_of(vf), backoff(r->tries)));
}

/* A PF that loses messages or answers too often is not at peace, though all seems as wanted. */
void vf_recover_restless(struct vf *vf)
{
	vf->recover.calm_at = 0;
}

unsigned int vf_recover_attempts(const struct vf *vf)
{
	if (in_storm(vf))
		return vf->recover.storm;
	return vf->recover.failed || vf_recover_in_vain(vf) ? vf->recover.tries : 0;
}

uint64_t vf_recover_next(const struct vf *vf)
{
	const struct vf_recover *r = &vf->recover;

	if (r->paused_until)
		return r->paused_until;
	return r->wanted && (r->failed || vf_recover_in_vain(vf)) ? r->at : 0;
}

uint64_t vf_recover_deadline(const struct vf *vf)
{
	const struct vf_recover *r = &vf->recover;

	if (r->wanted)
		return vf->dead ? VF_NO_DEADLINE : r->at;
	if (r->waiting)
		return r->until;
	if (r->paused_until)
		return r->paused_until;
	return r->calm_at && (in_storm(vf) || r->tries) ? r->calm_at : VF_NO_DEADLINE;
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

	if (vf->now >= r->paused_until)
		r->paused_until = 0;
	calm_down(vf);
	if (r->waiting && vf->now >= r->until) {
		r->waiting = false;
		/* It was ours, and it never came. */
		if (r->cause.op)
			vf_recover_want(vf, r->cause.op, r->cause.status);
	}
	if (r->wanted && vf->now >= r->at && !vf->dead)
		ask(vf);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Absence: what becomes of a VF that nobody controls. An owner controls it from its vf-commit on,
 * while it answers; one that only opens the session, or dies in adopting, does not.
 */
#include "context.h"

void iavf_absence_look(struct iavf_session_vf *vf)
{
	bool absent = !vf->controlled || iavf_session.unresponsive;

	if (absent != vf->absent) {
		vf->absent = absent;
		if (!absent)
			vf->absent_us = ktime_us_delta(ktime_get(), vf->absent_since);
		vf->absent_since = ktime_get();
		cancel_delayed_work(&vf->absence_work);
	}
	/* While it is pending this changes nothing: a crash in a loop does not gain time. */
	queue_delayed_work(system_unbound_wq, &vf->absence_work,
			   absent ? msecs_to_jiffies(vf->grace_ms) : 0);
}

/* May wait for the PF, never for a process. */
void iavf_absence_work(struct work_struct *work)
{
	struct iavf_session_vf *vf = container_of(work, struct iavf_session_vf, absence_work.work);
	u32 what;

	scoped_guard(iavf_session) {
		what = vf->absent ? vf->on_absence : IAVF_ABSENCE_HOLD;
		/* Due again: it began for an older reason. */
		if (what == vf->enforced || delayed_work_pending(&vf->absence_work))
			return;
		vf->enforced = what;
		iavf_vf_announce(vf);
	}
	if (what != IAVF_ABSENCE_HOLD)
		pr_warn("iavf %s: nobody controls it: %s\n", vf->pci,
			what == IAVF_ABSENCE_DOWN ? "down" : "isolated");
	vf->ops->absence(vf->priv, what);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "events.h"
#include "iavfctl.h"
#include "vf/vf.h"

/* As in iavf.yaml. */
static const char *cause_word(uint32_t cause)
{
	static const char *const words[] = {
		[IAVF_RESET_CAUSE_NONE] = "none", [IAVF_RESET_CAUSE_PF_ANNOUNCED] = "pf-announced",
		[IAVF_RESET_CAUSE_PF_SILENT] = "pf-silent", [IAVF_RESET_CAUSE_OWNER] = "owner",
		[IAVF_RESET_CAUSE_STOP] = "stop", [IAVF_RESET_CAUSE_PROBE] = "probe",
		[IAVF_RESET_CAUSE_STALL] = "stall",
	};

	return cause < sizeof(words) / sizeof(words[0]) ? words[cause] : "unknown";
}

/* The first of a row counts: that is since when nothing worked. */
void events_reset(struct events *events, uint32_t cause, uint64_t now)
{
	if (!events->ready)
		return;
	events->ready = false;
	events->reset_at = now;
	events->cause = cause;
}

static void say_ready(struct events *events, struct log *log, const struct log_vf *vf, uint64_t now)
{
	if (events->reset_at)
		log_vf(log, LOG_INFO, LOG_EVENT_VF_RESET, vf,
		       "ready again %" PRIu64 " ms after a reset (%s), generation %" PRIu32,
		       (now - events->reset_at) / 1000000, cause_word(events->cause),
		       vf->generation);
	else
		log_vf(log, LOG_INFO, LOG_EVENT_VF_READY, vf, "ready, generation %" PRIu32,
		       vf->generation);
	events->reset_at = 0;
	events->ready = true;
	events->failed = false;
}

static void say_failed(struct events *events, struct log *log, const struct log_vf *vf,
		       const char *reason)
{
	if (events->failed)
		return;
	events->failed = true;
	events->ready = false;
	log_vf(log, LOG_ERR, LOG_EVENT_VF_FAILED, vf, "failed: %s", reason ?: "no mailbox");
}

static void say_reason(struct events *events, struct log *log, const struct log_vf *vf,
		       const char *reason)
{
	if (!strcmp(events->reason, reason))
		return;
	snprintf(events->reason, sizeof(events->reason), "%s", reason);
	if (*reason)
		log_vf(log, LOG_WARNING, LOG_EVENT_VF_DEGRADED, vf, "degraded: %s", reason);
	else
		log_vf(log, LOG_NOTICE, LOG_EVENT_VF_RECOVERED, vf, "no longer degraded");
}

uint64_t events_degraded_ns(const struct events *events, uint64_t now)
{
	return events->degraded_ns + (events->degraded_at ? now - events->degraded_at : 0);
}

static void count_degraded(struct events *events, bool degraded, uint64_t now)
{
	if (degraded == !!events->degraded_at)
		return;
	events->degraded_ns = events_degraded_ns(events, now);
	events->degraded_at = degraded ? now : 0;
}

void events_status(struct events *events, struct log *log, const struct log_vf *vf,
		   const struct vf_status *status, uint64_t now)
{
	struct log_vf about = *vf;

	count_degraded(events, status->phase == VF_PHASE_DEGRADED, now);
	about.phase = iavfctl_phase_word((enum iavfctl_phase)status->phase);
	if (status->phase == VF_PHASE_FAILED)
		say_failed(events, log, &about, status->reason);
	if (status->phase != VF_PHASE_READY && status->phase != VF_PHASE_DEGRADED)
		return;
	if (!events->ready)
		say_ready(events, log, &about, now);
	say_reason(events, log, &about, status->reason ?: "");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the log says of a VF's life, once each: ready, reset, degraded, recovered, failed. */
#ifndef IAVFD_EVENTS_H
#define IAVFD_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "iavf_netlink.h"
#include "log.h"

struct vf_status;

struct events {				/* zeroed: nothing was said */
	bool ready, failed;
	char reason[IAVF_MESSAGE_MAX + 1];
	uint64_t reset_at;		/* ns; 0: none since it was ready */
	uint32_t cause;			/* enum iavf_reset_cause */
	uint64_t degraded_at;		/* ns; 0: it is not */
	uint64_t degraded_ns;		/* before that */
};

/* A reset began. now: CLOCK_MONOTONIC in nanoseconds. */
void events_reset(struct events *events, uint32_t cause, uint64_t now);

/* After whatever happened: what it is now. */
void events_status(struct events *events, struct log *log, const struct log_vf *vf,
		   const struct vf_status *status, uint64_t now);

/* How long it was degraded, in all. */
uint64_t events_degraded_ns(const struct events *events, uint64_t now);

#endif

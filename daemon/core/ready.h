/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the service manager is told: READY=1 once, when every VF that was there at the start has a
 * netdev, was refused or failed, or after 5 s; STATUS= when it changes.
 */
#ifndef IAVFD_READY_H
#define IAVFD_READY_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#define STATUS_SIZE	256

/* Write the status of now, one line, into text of STATUS_SIZE bytes. */
typedef void (*ready_describe)(void *ctx, char *text);

struct ready {
	sd_event_source *limit, *status;
	ready_describe describe;
	void *ctx;
	bool told;
	char told_text[STATUS_SIZE];
};

/* 0 or -errno. */
int ready_start(struct ready *ready, sd_event *event, ready_describe describe, void *ctx);
void ready_stop(struct ready *ready);

/* Say it now, once. */
void ready_now(struct ready *ready);

/* Something of the status changed; it is told soon (at most ten times a second). Cheap. */
void ready_changed(struct ready *ready);

#endif

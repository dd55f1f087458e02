/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Getting the session: tried at once, when the family appears, and with a growing pause when the
 * kernel says no for a reason that may pass.
 */
#ifndef IAVFD_KERNEL_ATTACH_H
#define IAVFD_KERNEL_ATTACH_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#include "core/log.h"
#include "kernel/session.h"

struct attach;

struct attach_options {
	bool force;		/* take the session from a living owner, at the first try only */
	bool wait;		/* never give up */
	/* The opener; session_open(), or a test's. */
	int (*open)(void *ctx, bool force, struct session_grant *grant);
	void *open_ctx;
	/* The descriptor of the family watch; family_watch_open(), or a test's. */
	int (*watch)(void);
};

struct attach_handler {
	void *ctx;
	void (*attached)(void *ctx, const struct session_grant *grant);
	/* Waiting, and why; called when the reason changes. */
	void (*waiting)(void *ctx, int err, const char *reason);
	/* Given up; attach is idle. err is -errno. */
	void (*failed)(void *ctx, int err, const char *reason);
};

/* The first try is made from the loop. NULL: -ENOMEM. Freed in any state, also inside a handler. */
struct attach *attach_new(sd_event *event, const struct attach_options *options,
			  const struct attach_handler *handler, struct log *log);
void attach_free(struct attach *attach);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one context of the daemon, and its life: attach to the kernel, serve the session, leave.
 *
 * One thread, one loop. While there is a session the loop talks to the kernel through its
 * descriptor only, and neither reads nor writes files: see daemon/README.md.
 */
#ifndef IAVFD_H
#define IAVFD_H

#include <limits.h>

#include <systemd/sd-event.h>

#include "bus/bus.h"
#include "files/files.h"
#include "kernel/attach.h"
#include "kernel/session.h"
#include "log.h"
#include "options.h"
#include "policy/policy.h"
#include "ready.h"
#include "seed.h"
#include "vfs.h"

struct iavfd {
	struct options options;
	struct log log;
	struct seed seed;
	sd_event *event;
	struct attach *attach;
	struct session *session;
	sd_event_source *session_io;
	struct vfs *vfs;
	struct bus *bus;		/* NULL: no memory for it, which is survived */
	struct files *files;		/* while there is a session; NULL: as the bus */
	struct ready ready;
	struct host_worker *worker;
	struct policy *policy;		/* NULL: no session, or no memory for it */
	struct policy_io policy_io;
	char state_file[PATH_MAX];
	char waiting[200];		/* why there is no session, "" */
	/* Seams for tests; iavfd_run() sets what is not set. */
	struct attach_options opener;
	const char *bus_address;	/* NULL: the system bus */
};

/* Until asked to stop; the exit code. options and log are set. */
int iavfd_run(struct iavfd *iavfd);

/* Handler of struct attach; starts to serve. In serve.c. */
void iavfd_attached(void *ctx, const struct session_grant *grant);
void iavfd_detach(struct iavfd *iavfd);
/* The start may be over now. In serve.c. */
void iavfd_check_ready(struct iavfd *iavfd);

#endif

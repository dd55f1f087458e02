// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "configure.h"
#include "exit.h"
#include "iavfd.h"
#include "kernel/open.h"
#include "memory.h"

static void on_waiting(void *ctx, int err, const char *reason)
{
	struct iavfd *iavfd = ctx;

	snprintf(iavfd->waiting, sizeof(iavfd->waiting), "%s", reason);
	log_event(&iavfd->log, err == -ENOENT ? LOG_INFO : LOG_WARNING, LOG_EVENT_WAITING,
		  "waiting: %s", reason);
	ready_changed(&iavfd->ready);
	/* The name belongs to who has the VFs. */
	bus_want_name(iavfd->bus, err != -EBUSY);
	bus_manager_changed(iavfd->bus);
	/* No module, no VF to wait for. A dying owner lets go soon: give it the time. */
	if (err == -ENOENT)
		ready_now(&iavfd->ready);
}

static void describe(void *ctx, char *text)
{
	const struct iavfd *iavfd = ctx;
	struct vfs_summary sum;
	int len;

	bus_manager_changed(iavfd->bus);
	if (!iavfd->vfs) {
		snprintf(text, STATUS_SIZE, "Waiting: %s", iavfd->waiting);
		return;
	}
	vfs_summarise(iavfd->vfs, &sum);
	len = snprintf(text, STATUS_SIZE, "%u VF%s: %u ready", sum.total, sum.total == 1 ? "" : "s",
		       sum.ready);
	if (sum.degraded)
		len += snprintf(text + len, STATUS_SIZE - len, ", %u degraded", sum.degraded);
	if (sum.failed)
		len += snprintf(text + len, STATUS_SIZE - len, ", %u failed", sum.failed);
	if (*sum.trouble)
		snprintf(text + len, STATUS_SIZE - len, " (%s)", sum.trouble);
}

static void manager_view(void *ctx, struct bus_manager *view)
{
	const struct iavfd *iavfd = ctx;
	struct vfs_summary sum;

	view->attached = iavfd->vfs != NULL;
	view->ready = iavfd->ready.told;
	if (!iavfd->vfs) {
		snprintf(view->waiting, sizeof(view->waiting), "%s", iavfd->waiting);
		return;
	}
	vfs_summarise(iavfd->vfs, &sum);
	view->vf_count = sum.total;
	if (iavfd->policy)
		snprintf(view->checkpoint, sizeof(view->checkpoint), "%s",
			 policy_checkpoint(iavfd->policy, &view->checkpoint_deadline));
}

static struct policy *policy_of(void *ctx)
{
	const struct iavfd *iavfd = ctx;

	return iavfd->policy;
}

static int code_of(int err)
{
	switch (err) {
	case -EBUSY:
		return EXIT_NOT_OWNER;
	case -EPERM:
	case -EACCES:
		return EXIT_NOT_PERMITTED;
	}
	return EXIT_FAILED;
}

static void on_failed(void *ctx, int err, const char *reason)
{
	struct iavfd *iavfd = ctx;

	log_say(&iavfd->log, LOG_ERR, "cannot have the VFs: %s", reason);
	sd_event_exit(iavfd->event, code_of(err));
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	struct iavfd *iavfd = data;

	log_say(&iavfd->log, LOG_INFO, "stopping; traffic goes on");
	sd_notify(0, "STOPPING=1");
	return sd_event_exit(iavfd->event, EXIT_CLEAN);
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	struct iavfd *iavfd = data;

	configure_reload(iavfd);
	bus_retry(iavfd->bus);
	return 0;
}

static int take_signals(struct iavfd *iavfd)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	/* A reader of our log that goes is no reason to die. */
	signal(SIGPIPE, SIG_IGN);
	err = sd_event_add_signal(iavfd->event, NULL, SIGTERM, on_stop, iavfd);
	if (err >= 0)
		err = sd_event_add_signal(iavfd->event, NULL, SIGINT, on_stop, iavfd);
	if (err >= 0)
		err = sd_event_add_signal(iavfd->event, NULL, SIGHUP, on_reload, iavfd);
	return err;
}

/* Without a bus everything else works. */
static void start_bus(struct iavfd *iavfd)
{
	struct bus_config config = {
		.event = iavfd->event, .address = iavfd->bus_address, .version = IAVF_VERSION,
		.log = &iavfd->log, .ctx = iavfd, .manager = manager_view, .vf = vfs_view,
		.reset = vfs_reset, .policy = policy_of,
	};

	iavfd->bus = bus_new(&config);
	if (!iavfd->bus)
		log_say(&iavfd->log, LOG_WARNING, "no memory for D-Bus");
}

static int start(struct iavfd *iavfd)
{
	struct attach_handler handler = { iavfd, iavfd_attached, on_waiting, on_failed };
	int err = sd_event_new(&iavfd->event);

	if (err >= 0)
		err = take_signals(iavfd);
	if (err >= 0)
		err = ready_start(&iavfd->ready, iavfd->event, describe, iavfd);
	if (err >= 0)
		err = sd_event_set_watchdog(iavfd->event, true);
	if (err < 0)
		return err;
	start_bus(iavfd);
	iavfd->opener.force = iavfd->options.force;
	iavfd->opener.wait = iavfd->options.wait;
	if (!iavfd->opener.open)
		iavfd->opener.open = session_open;
	if (!iavfd->opener.watch)
		iavfd->opener.watch = family_watch_open;
	iavfd->attach = attach_new(iavfd->event, &iavfd->opener, &handler, &iavfd->log);
	return iavfd->attach ? 0 : -ENOMEM;
}

static void stop(struct iavfd *iavfd)
{
	iavfd_detach(iavfd);
	attach_free(iavfd->attach);
	iavfd->attach = NULL;
	bus_free(iavfd->bus);
	iavfd->bus = NULL;
	ready_stop(&iavfd->ready);
	sd_event_unref(iavfd->event);
}

int iavfd_run(struct iavfd *iavfd)
{
	int code;

	memory_lock(&iavfd->log);
	/* The only time that files are read or written: nobody waits for us yet. */
	seed_load(&iavfd->seed, iavfd->options.state_dir, &iavfd->log);
	code = start(iavfd);
	if (code >= 0)
		code = sd_event_loop(iavfd->event);
	if (code < 0) {
		log_say(&iavfd->log, LOG_ERR, "cannot run: %s", strerror(-code));
		code = EXIT_FAILED;
	}
	stop(iavfd);
	return code;
}

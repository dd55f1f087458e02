// SPDX-License-Identifier: GPL-2.0-or-later
/* The session, from the descriptor to its end. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "configure.h"
#include "exit.h"
#include "iavfd.h"

/* Reads before the loop looks at its other work. */
#define READS_IN_A_ROW	8
/* The start ends here even if the kernel never stops talking. */
#define READS_AT_START	4096

static void leave(struct iavfd *iavfd, int code)
{
	sd_event_exit(iavfd->event, code);
}

static void on_vf_changed(void *ctx)
{
	struct iavfd *iavfd = ctx;

	ready_changed(&iavfd->ready);
}

static void on_one_vf_changed(void *ctx, const char *pci)
{
	configure_vf_changed(ctx, pci);
}

static const char *invalid(void *ctx, const char *pci)
{
	const struct iavfd *iavfd = ctx;

	return iavfd->policy ? policy_invalid(iavfd->policy, pci) : NULL;
}

static void on_message(void *ctx, const struct kernel_message *message)
{
	struct iavfd *iavfd = ctx;

	vfs_message(iavfd->vfs, message);
}

static void on_pause(void *ctx)
{
	struct iavfd *iavfd = ctx;

	vfs_pause(iavfd->vfs);
}

static void lost(struct iavfd *iavfd, int err)
{
	if (err == -ESTALE) {
		log_event(&iavfd->log, LOG_WARNING, LOG_EVENT_TAKEN_OVER,
			  "another process took the VFs over; leaving them to it, traffic goes on");
		leave(iavfd, EXIT_NOT_OWNER);
		return;
	}
	log_say(&iavfd->log, LOG_ERR, "the session is broken: %s", strerror(-err));
	leave(iavfd, EXIT_FAILED);
}

/* Returns what session_read() said last. */
static int read_some(struct iavfd *iavfd, unsigned int reads)
{
	int got = 1;

	while (got > 0 && reads--)
		got = session_read(iavfd->session);
	if (got < 0)
		lost(iavfd, got);
	return got;
}

/* A VF's answer may come long after the start: looked at whenever something was read. */
void iavfd_check_ready(struct iavfd *iavfd)
{
	struct vfs_summary summary;

	if (iavfd->ready.told || !configure_is_idle(iavfd))
		return;
	vfs_summarise(iavfd->vfs, &summary);
	if (!summary.pending)
		ready_now(&iavfd->ready);
}

static int on_session(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct iavfd *iavfd = data;

	/* Hang-up comes with a takeover only. */
	if (revents & (EPOLLHUP | EPOLLERR)) {
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		lost(iavfd, -ESTALE);
		return 0;
	}
	if (read_some(iavfd, READS_IN_A_ROW) < 0)
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
	iavfd_check_ready(iavfd);
	return 0;
}

/* Without them everything else works. */
static void start_files(struct iavfd *iavfd)
{
	struct files_config config = {
		.event = iavfd->event, .dir = iavfd->options.run_dir, .version = IAVF_VERSION,
		.log = &iavfd->log, .vf = vfs_view,
	};

	iavfd->files = files_new(&config);
	if (!iavfd->files)
		log_say(&iavfd->log, LOG_WARNING, "no memory for a thread that writes %s",
			iavfd->options.run_dir);
}

static int start_serving(struct iavfd *iavfd, const struct session_grant *grant)
{
	struct session_handler handler = { iavfd, on_message, on_pause };
	struct vfs_config config = {
		.event = iavfd->event, .seed = &iavfd->seed, .log = &iavfd->log,
		.bus = iavfd->bus,
		.on_absence = iavfd->options.on_absence, .grace_ms = iavfd->options.grace_ms,
		.changed = on_vf_changed, .vf_changed = on_one_vf_changed, .invalid = invalid,
		.ctx = iavfd,
	};

	iavfd->session = session_new(grant, &handler, &iavfd->log);
	if (!iavfd->session)
		return -ENOMEM;
	start_files(iavfd);
	config.session = iavfd->session;
	config.files = iavfd->files;
	iavfd->vfs = vfs_new(&config);
	if (!iavfd->vfs)
		return -ENOMEM;
	configure_start(iavfd);
	return sd_event_add_io(iavfd->event, &iavfd->session_io, session_fd(iavfd->session),
			       EPOLLIN, on_session, iavfd);
}

void iavfd_attached(void *ctx, const struct session_grant *grant)
{
	struct iavfd *iavfd = ctx;
	int err = start_serving(iavfd, grant);

	/* No generic netlink from here on; the descriptor keeps the module where it is. */
	attach_free(iavfd->attach);
	iavfd->attach = NULL;
	if (err < 0) {
		lost(iavfd, err);
		return;
	}
	log_event(&iavfd->log, LOG_INFO, LOG_EVENT_ATTACHED, "attached to the kernel, abi %u",
		  grant->abi);
	if (iavfd->options.on_absence && !(grant->capabilities & IAVF_CAPABILITIES_ABSENCE))
		log_say(&iavfd->log, LOG_WARNING,
			"--on-absence is without effect: the kernel module is older");
	bus_want_name(iavfd->bus, true);
	bus_manager_changed(iavfd->bus);
	ready_changed(&iavfd->ready);
	/* Every VF of now is in what can be read now. */
	if (read_some(iavfd, READS_AT_START) < 0)
		return;
	vfs_start_is_over(iavfd->vfs);
	files_sweep(iavfd->files);
	configure_started(iavfd);
	iavfd_check_ready(iavfd);
}

void iavfd_detach(struct iavfd *iavfd)
{
	sd_event_source_disable_unref(iavfd->session_io);
	configure_stop(iavfd);
	vfs_free(iavfd->vfs);
	session_free(iavfd->session);
	files_free(iavfd->files);
	iavfd->files = NULL;
	iavfd->session_io = NULL;
	iavfd->vfs = NULL;
	iavfd->session = NULL;
}

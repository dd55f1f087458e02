// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"
#include "open.h"

#define USEC_MS		1000ULL
#define PAUSE_MIN	(10 * USEC_MS)
#define PAUSE_MAX	(5000 * USEC_MS)
/* A dying owner lets go within this time. */
#define BUSY_PATIENCE	(1000 * USEC_MS)

struct attach {
	sd_event *event;
	struct attach_options options;
	struct attach_handler handler;
	struct log *log;
	sd_event_source *timer, *news;
	uint64_t pause, busy_since;
	int last_err;
	bool forced;
};

static const char *reason_of(int err, const struct session_grant *grant, char *text, size_t size)
{
	if (err == -ENOENT)
		return "the kernel module iavf_session is not loaded";
	if (err == -EBUSY && !*grant->sentence)
		return "another process owns the VFs (--force takes them over)";
	if (err == -EPERM && !*grant->sentence)
		return "not permitted: CAP_NET_ADMIN is needed";
	snprintf(text, size, "%s", *grant->sentence ? grant->sentence : strerror(-err));
	return text;
}

/* Nothing of this passes by itself soon; a person should read it now. */
static bool hopeless(struct attach *attach, int err)
{
	uint64_t now;

	if (attach->options.wait)
		return false;
	if (err == -EPERM || err == -EACCES || err == -EPROTO || err == -EPROTONOSUPPORT ||
	    err == -EOPNOTSUPP || err == -EINVAL)
		return true;
	if (err != -EBUSY)
		return false;
	sd_event_now(attach->event, CLOCK_MONOTONIC, &now);
	if (!attach->busy_since)
		attach->busy_since = now;
	return now - attach->busy_since > BUSY_PATIENCE;
}

static void rest(struct attach *attach)
{
	sd_event_source_set_enabled(attach->timer, SD_EVENT_OFF);
	if (attach->news)
		sd_event_source_set_enabled(attach->news, SD_EVENT_OFF);
}

static void pause_then_retry(struct attach *attach, int err)
{
	/* The family announces itself; other reasons are asked about again. */
	if (err == -ENOENT && attach->news) {
		attach->pause = PAUSE_MIN;
		return;
	}
	sd_event_source_set_time_relative(attach->timer, attach->pause);
	sd_event_source_set_enabled(attach->timer, SD_EVENT_ONESHOT);
	attach->pause = attach->pause * 2 > PAUSE_MAX ? PAUSE_MAX : attach->pause * 2;
}

static void attempt(struct attach *attach)
{
	bool force = attach->options.force && !attach->forced;
	struct session_grant grant = { .fd = -1 };
	char text[200];
	const char *reason;
	int err = attach->options.open(attach->options.open_ctx, force, &grant);

	if (!err) {
		rest(attach);
		attach->handler.attached(attach->handler.ctx, &grant);
		return;
	}
	/* Force is spent on an owner; a module that is not there is none. */
	attach->forced = attach->forced || (force && err != -ENOENT);
	reason = reason_of(err, &grant, text, sizeof(text));
	if (hopeless(attach, err)) {
		rest(attach);
		attach->handler.failed(attach->handler.ctx, err, reason);
		return;
	}
	if (err != attach->last_err)
		attach->handler.waiting(attach->handler.ctx, err, reason);
	attach->last_err = err;
	pause_then_retry(attach, err);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	attempt(data);
	return 0;
}

static int on_news(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct attach *attach = data;

	if (!family_watch_read(fd))
		return 0;
	attach->pause = PAUSE_MIN;
	sd_event_source_set_enabled(attach->timer, SD_EVENT_OFF);
	attempt(attach);
	return 0;
}

/* Before the first try, or a family that comes in between is missed. */
static void watch_families(struct attach *attach)
{
	int fd = attach->options.watch();

	if (fd < 0) {
		log_say(attach->log, LOG_WARNING,
			"cannot watch for the kernel module, asking every few seconds: %s",
			strerror(-fd));
		return;
	}
	if (sd_event_add_io(attach->event, &attach->news, fd, EPOLLIN, on_news, attach) < 0) {
		close(fd);
		return;
	}
	sd_event_source_set_io_fd_own(attach->news, true);
}

struct attach *attach_new(sd_event *event, const struct attach_options *options,
			  const struct attach_handler *handler, struct log *log)
{
	struct attach *attach = calloc(1, sizeof(*attach));

	if (!attach)
		return NULL;
	attach->event = event;
	attach->options = *options;
	attach->handler = *handler;
	attach->log = log;
	attach->pause = PAUSE_MIN;
	watch_families(attach);
	if (sd_event_add_time_relative(event, &attach->timer, CLOCK_MONOTONIC, 0, 1, on_timer,
				       attach) < 0) {
		attach_free(attach);
		return NULL;
	}
	return attach;
}

void attach_free(struct attach *attach)
{
	if (!attach)
		return;
	sd_event_source_disable_unref(attach->timer);
	sd_event_source_disable_unref(attach->news);
	free(attach);
}

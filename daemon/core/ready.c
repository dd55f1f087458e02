// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include "ready.h"

#define LIMIT_US	5000000
#define STATUS_US	100000

static void tell_status(struct ready *ready)
{
	char text[STATUS_SIZE] = "";

	ready->describe(ready->ctx, text);
	if (!strcmp(text, ready->told_text))
		return;
	memcpy(ready->told_text, text, sizeof(text));
	sd_notifyf(0, "STATUS=%s", text);
}

static int on_status(sd_event_source *source, uint64_t usec, void *data)
{
	tell_status(data);
	return 0;
}

static int on_limit(sd_event_source *source, uint64_t usec, void *data)
{
	ready_now(data);
	return 0;
}

int ready_start(struct ready *ready, sd_event *event, ready_describe describe, void *ctx)
{
	int err;

	memset(ready, 0, sizeof(*ready));
	ready->describe = describe;
	ready->ctx = ctx;
	err = sd_event_add_time_relative(event, &ready->limit, CLOCK_MONOTONIC, LIMIT_US, 1,
					 on_limit, ready);
	if (err < 0)
		return err;
	err = sd_event_add_time(event, &ready->status, CLOCK_MONOTONIC, UINT64_MAX, STATUS_US / 2,
				on_status, ready);
	if (err < 0)
		return err;
	return sd_event_source_set_enabled(ready->status, SD_EVENT_OFF);
}

void ready_stop(struct ready *ready)
{
	sd_event_source_disable_unref(ready->limit);
	sd_event_source_disable_unref(ready->status);
}

void ready_now(struct ready *ready)
{
	if (ready->told)
		return;
	ready->told = true;
	sd_event_source_set_enabled(ready->limit, SD_EVENT_OFF);
	tell_status(ready);
	sd_notify(0, "READY=1");
}

void ready_changed(struct ready *ready)
{
	int on = SD_EVENT_OFF;

	sd_event_source_get_enabled(ready->status, &on);
	if (on != SD_EVENT_OFF)
		return;
	sd_event_source_set_time_relative(ready->status, STATUS_US);
	sd_event_source_set_enabled(ready->status, SD_EVENT_ONESHOT);
}

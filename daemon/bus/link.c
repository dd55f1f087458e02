// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * On the bus and off it. A socket that does not exist yet is watched for (sd-bus, by inotify), a
 * name that somebody else has is queued for, a connection that ends is made anew after a
 * pause. Nothing is asked for twice without a reason.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "configure.h"
#include "internal.h"
#include "polkit.h"

#define SYSTEM_BUS	"unix:path=/run/dbus/system_bus_socket"
#define CALL_US		30000000ULL
#define PAUSE_MIN_US	50000ULL
#define PAUSE_MAX_US	60000000ULL
/* A connection that lasted this long was a good one. */
#define LASTED_US	10000000ULL
/*
 * A refused name is asked for again for a minute: during an installation the bus knows the policy
 * before it knows the user. Then not before the bus comes back, or SIGHUP.
 */
#define REFUSED_US	250000ULL
#define REFUSALS_MAX	8
/* The VFs come first. */
#define PRIORITY	(SD_EVENT_PRIORITY_NORMAL + 10)

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

/* The same trouble again is not worth a line. */
static void say(struct bus *bus, int priority, const char *what, const char *why)
{
	char text[sizeof(bus->trouble)];

	snprintf(text, sizeof(text), "D-Bus: %s%s%s", what, *why ? ": " : "", why);
	if (!strcmp(text, bus->trouble))
		return;
	memcpy(bus->trouble, text, sizeof(text));
	log_say(bus->config.log, priority, "%s", text);
}

static void retry_in(struct bus *bus, uint64_t us)
{
	sd_event_source_set_time_relative(bus->retry, us);
	sd_event_source_set_enabled(bus->retry, SD_EVENT_ONESHOT);
}

bool bus_has_room(struct bus *bus, unsigned int messages)
{
	uint64_t queued = 0;

	return sd_bus_get_n_queued_write(bus->link, &queued) >= 0 &&
	       queued + messages <= BUS_QUEUE_SOFT;
}

/* The name */

static void set_named(struct bus *bus, bool named)
{
	if (named == bus->named)
		return;
	bus->named = named;
	if (named) {
		bus_news_baseline(bus);
		say(bus, LOG_INFO, "has the name " BUS_NAME, "");
	}
}

static int on_name(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	struct bus *bus = data;
	const sd_bus_error *refusal = sd_bus_message_get_error(reply);
	uint32_t answer = 0;

	if (refusal) {
		bus->asked_name = false;
		say(bus, LOG_WARNING, "the name " BUS_NAME " is refused",
		    refusal->message ?: refusal->name);
		if (bus->refusals < REFUSALS_MAX)
			retry_in(bus, REFUSED_US << bus->refusals++);
		return 1;
	}
	sd_bus_message_read(reply, "u", &answer);
	if (answer == 2)
		say(bus, LOG_NOTICE, "somebody else has the name " BUS_NAME, "waiting for it");
	return 1;
}

static int on_released(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	return 1;
}

/* Queued for, not replacing anybody, not to be replaced. */
static void settle_name(struct bus *bus)
{
	if (!bus->link || !bus->joined_at || bus->want_name == bus->asked_name)
		return;
	bus->asked_name = bus->want_name;
	if (bus->want_name) {
		sd_bus_request_name_async(bus->link, NULL, BUS_NAME, SD_BUS_NAME_QUEUE, on_name,
					  bus);
		return;
	}
	set_named(bus, false);
	sd_bus_release_name_async(bus->link, NULL, BUS_NAME, on_released, bus);
}

static bool is_about_name(sd_bus_message *message, const char *member)
{
	const char *name = "";

	if (!sd_bus_message_is_signal(message, "org.freedesktop.DBus", member))
		return false;
	sd_bus_message_read(message, "s", &name);
	return !strcmp(name, BUS_NAME);
}

/* Only the bus itself may say this. */
static bool take_name_news(struct bus *bus, sd_bus_message *message)
{
	const char *sender = sd_bus_message_get_sender(message);

	if (!sender || strcmp(sender, "org.freedesktop.DBus"))
		return false;
	if (is_about_name(message, "NameAcquired")) {
		set_named(bus, bus->want_name);
		return true;
	}
	sd_bus_message_rewind(message, true);
	if (is_about_name(message, "NameLost")) {
		set_named(bus, false);
		return true;
	}
	sd_bus_message_rewind(message, true);
	return false;
}

/*
 * No object has a path as long as this, and no name that anybody asks for is longer. sd-bus would look up each part of a
 * path, and a text in each of its tables, byte by byte, and repeat it in its answer: seconds for what a bus passes on.
 */
static bool is_too_long(sd_bus_message *message)
{
	const char *text = sd_bus_message_get_path(message);
	bool is = text && strlen(text) > BUS_TEXT_MAX;
	char type;

	while (!is && sd_bus_message_peek_type(message, &type, NULL) > 0 && type == 's' &&
	       sd_bus_message_read_basic(message, 's', &text) > 0)
		is = strnlen(text, BUS_TEXT_MAX + 1) > BUS_TEXT_MAX;
	sd_bus_message_rewind(message, true);
	return is;
}

/* What comes in before it reaches an object. */
static int on_message(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct bus *bus = data;
	uint64_t queued = 0;
	uint8_t type = 0;

	sd_bus_message_get_type(message, &type);
	if (type == SD_BUS_MESSAGE_SIGNAL)
		return take_name_news(bus, message);
	if (type != SD_BUS_MESSAGE_METHOD_CALL)
		return 0;
	if (bus_has_room(bus, 1)) {
		if (!is_too_long(message))
			return 0;
		return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
					"the path or an argument has more than 255 bytes");
	}
	sd_bus_get_n_queued_write(bus->link, &queued);
	if (queued >= BUS_QUEUE_HARD)
		return 1;
	return sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
				"earlier answers were not taken yet");
}

/* The connection */

static void drop(struct bus *bus)
{
	bus->named = bus->asked_name = false;
	bus->joined_at = 0;
	bus_checks_drop(bus);
	bus_configure_drop(bus);
	/* Not flushed: that could wait. */
	sd_bus_close_unref(bus->link);
	bus->link = NULL;
}

static void retry_later(struct bus *bus)
{
	retry_in(bus, bus->pause_us);
	bus->pause_us = bus->pause_us * 2 < PAUSE_MAX_US ? bus->pause_us * 2 : PAUSE_MAX_US;
}

static int on_joined(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct bus *bus = data;

	bus->joined_at = now_us();
	bus->refusals = 0;
	settle_name(bus);
	return 0;
}

/* Inside the connection's own callback, so that it is dropped by the timer. */
static int on_left(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct bus *bus = data;

	if (bus->joined_at) {
		say(bus, LOG_NOTICE, "the bus is gone", "waiting for it");
		if (now_us() - bus->joined_at >= LASTED_US)
			bus->pause_us = PAUSE_MIN_US;
	}
	bus->named = bus->asked_name = false;
	bus->joined_at = 0;
	bus_checks_drop(bus);
	bus_configure_drop(bus);
	retry_later(bus);
	return 0;
}

static int watch_link(struct bus *bus, const char *member, sd_bus_message_handler_t handler)
{
	return sd_bus_match_signal_async(bus->link, NULL, NULL, "/org/freedesktop/DBus/Local",
					 "org.freedesktop.DBus.Local", member, handler, NULL, bus);
}

static int set_up(struct bus *bus)
{
	const char *address = bus->config.address ?: secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
	sd_bus *link = bus->link;
	int err = sd_bus_set_address(link, address ?: SYSTEM_BUS);

	if (err >= 0)
		err = sd_bus_set_bus_client(link, true);
	if (err >= 0)
		err = sd_bus_set_watch_bind(link, true);
	if (err >= 0)
		err = sd_bus_set_connected_signal(link, true);
	/* Else sd_event_exit() would flush, which may wait. */
	if (err >= 0)
		err = sd_bus_set_close_on_exit(link, false);
	if (err >= 0)
		err = sd_bus_negotiate_fds(link, false);
	if (err >= 0)
		err = sd_bus_set_method_call_timeout(link, CALL_US);
	if (err >= 0)
		err = sd_bus_add_filter(link, NULL, on_message, bus);
	if (err >= 0)
		err = watch_link(bus, "Connected", on_joined);
	if (err >= 0)
		err = watch_link(bus, "Disconnected", on_left);
	return err >= 0 ? bus_export(bus) : err;
}

static void join(struct bus *bus)
{
	int err = sd_bus_new(&bus->link);

	if (err >= 0)
		err = set_up(bus);
	if (err >= 0)
		err = sd_bus_start(bus->link);
	if (err >= 0)
		err = sd_bus_attach_event(bus->link, bus->config.event, PRIORITY);
	if (err >= 0)
		return;
	say(bus, LOG_WARNING, "cannot connect", strerror(-err));
	drop(bus);
	retry_later(bus);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *data)
{
	struct bus *bus = data;

	if (bus->joined_at) {
		settle_name(bus);
		return 0;
	}
	drop(bus);
	join(bus);
	return 0;
}

void bus_retry(struct bus *bus)
{
	int on = SD_EVENT_OFF;

	if (!bus)
		return;
	bus->trouble[0] = '\0';
	bus->pause_us = PAUSE_MIN_US;
	bus->refusals = 0;
	sd_event_source_get_enabled(bus->retry, &on);
	if (on != SD_EVENT_OFF)
		sd_event_source_set_time_relative(bus->retry, 0);
	settle_name(bus);
}

void bus_want_name(struct bus *bus, bool want)
{
	if (!bus)
		return;
	bus->want_name = want;
	settle_name(bus);
}

struct bus *bus_new(const struct bus_config *config)
{
	struct bus *bus = calloc(1, sizeof(*bus));
	int err = -ENOMEM;

	if (bus) {
		bus->config = *config;
		bus->pause_us = PAUSE_MIN_US;
		bus->check_us = CHECK_US;
		err = sd_event_add_time_relative(config->event, &bus->retry, CLOCK_MONOTONIC, 0,
						 PAUSE_MIN_US / 2, on_retry, bus);
	}
	if (err >= 0)
		err = sd_event_source_set_priority(bus->retry, PRIORITY);
	if (err >= 0)
		err = bus_news_start(bus);
	if (err >= 0)
		return bus;
	bus_free(bus);
	return NULL;
}

void bus_free(struct bus *bus)
{
	if (!bus)
		return;
	drop(bus);
	bus_news_free(bus);
	sd_event_source_disable_unref(bus->retry);
	free(bus);
}

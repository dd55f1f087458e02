// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "polkit.h"

#define DRIVER		"org.freedesktop.DBus"
#define DRIVER_PATH	"/org/freedesktop/DBus"
#define POLKIT		"org.freedesktop.PolicyKit1"
#define POLKIT_PATH	"/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_IFACE	POLKIT ".Authority"

#define DENIED_US	1000000ULL	/* between two lines about denials */

#define FLAG_INTERACTIVE 1u

/*
 * A call that waits for its verdict: first for who calls, then for polkit. Owned by the bus; it
 * ends in finish().
 */
struct bus_check {
	struct bus *bus;
	struct bus_check *next;
	sd_bus_message *call;
	const char *action;
	sd_bus_message_handler_t verb;
	sd_bus_slot *gone;		/* match: the caller leaves the bus */
	sd_bus_slot *question;
	bool asked_polkit;
	bool uid_known;
	uint32_t uid;
	uint64_t id;			/* for polkit to cancel it */
};

static bool is_interactive(const struct bus_check *check)
{
	return sd_bus_message_get_allow_interactive_authorization(check->call) > 0;
}

static void name_of(const struct bus_check *check, char name[32])
{
	snprintf(name, 32, "iavfd-%" PRIu64, check->id);
}

static void forget(struct bus_check *check)
{
	struct bus_check **at = &check->bus->checks;

	while (*at != check)
		at = &(*at)->next;
	*at = check->next;
	sd_bus_slot_unref(check->gone);
	sd_bus_slot_unref(check->question);
	sd_bus_message_unref(check->call);
	free(check);
}

/* Who asks again and again does not fill the log. */
static bool is_worth_a_line(struct bus *bus)
{
	uint64_t now;

	if (sd_event_now(bus->config.event, CLOCK_MONOTONIC, &now) < 0)
		return true;
	if (bus->denied_at && now - bus->denied_at < DENIED_US)
		return false;
	bus->denied_at = now;
	return true;
}

static void note(const struct bus_check *check, bool allowed, const char *why)
{
	const char *path = sd_bus_message_get_path(check->call);
	const char *verb = strrchr(check->action, '.');

	if (allowed)
		log_event(check->bus->config.log, LOG_INFO, LOG_EVENT_ALLOWED,
			  "%s of %s by user %" PRIu32 ": %s", verb + 1, path, check->uid, why);
	else if (is_worth_a_line(check->bus))
		log_event(check->bus->config.log, LOG_NOTICE, LOG_EVENT_DENIED,
			  "%s of %s by user %" PRId32 " is denied: %s", verb + 1, path,
			  check->uid_known ? (int32_t)check->uid : -1, why);
}

/* Replies with the error, or as the verb does. */
static void finish(struct bus_check *check, const sd_bus_error *refusal, const char *why)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int err = 0;

	note(check, !refusal, why);
	if (refusal)
		sd_bus_reply_method_error(check->call, refusal);
	else
		err = check->verb(check->call, check->bus, &error);
	if (sd_bus_error_is_set(&error))
		sd_bus_reply_method_error(check->call, &error);
	else if (err < 0)
		sd_bus_reply_method_errno(check->call, err, NULL);
	sd_bus_error_free(&error);
	forget(check);
}

static void deny(struct bus_check *check, const char *name, const char *sentence)
{
	sd_bus_error error = SD_BUS_ERROR_MAKE_CONST(name, sentence);

	finish(check, &error, sentence);
}

/* Polkit */

static void cancel(struct bus_check *check)
{
	sd_bus_message *call = NULL;
	char name[32];
	int err;

	if (!check->asked_polkit)
		return;
	name_of(check, name);
	err = sd_bus_message_new_method_call(check->bus->link, &call, POLKIT, POLKIT_PATH,
					     POLKIT_IFACE, "CancelCheckAuthorization");
	if (err >= 0)
		err = sd_bus_message_set_expect_reply(call, false);
	if (err >= 0)
		err = sd_bus_message_set_auto_start(call, false);
	if (err >= 0)
		err = sd_bus_message_append(call, "s", name);
	if (err >= 0)
		sd_bus_send(check->bus->link, call, NULL);
	sd_bus_message_unref(call);
}

static bool is_absent(const sd_bus_error *error)
{
	static const char *const names[] = {
		SD_BUS_ERROR_SERVICE_UNKNOWN, SD_BUS_ERROR_NAME_HAS_NO_OWNER,
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (sd_bus_error_has_name(error, names[i]))
			return true;
	}
	return !strncmp(error->name ?: "", "org.freedesktop.systemd1.", 25) ||
	       !strncmp(error->name ?: "", "org.freedesktop.DBus.Error.Spawn.", 33);
}

static bool is_timeout(const sd_bus_error *error)
{
	return sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) ||
	       sd_bus_error_has_name(error, SD_BUS_ERROR_TIMEOUT);
}

static void take_failure(struct bus_check *check, const sd_bus_error *error)
{
	if (is_timeout(error))
		cancel(check);
	if (is_absent(error))
		deny(check, SD_BUS_ERROR_ACCESS_DENIED,
		     "polkit is not there to ask: only root may do this");
	else if (is_timeout(error))
		deny(check, SD_BUS_ERROR_ACCESS_DENIED,
		     "polkit did not answer in time: only root may do this now");
	else
		deny(check, SD_BUS_ERROR_ACCESS_DENIED, "polkit failed: only root may do this now");
}

static int on_verdict(sd_bus_message *reply, void *data, sd_bus_error *unused)
{
	struct bus_check *check = data;
	int allowed = 0, challenge = 0;

	if (sd_bus_message_is_method_error(reply, NULL)) {
		take_failure(check, sd_bus_message_get_error(reply));
		return 1;
	}
	if (sd_bus_message_enter_container(reply, 'r', "bba{ss}") < 0 ||
	    sd_bus_message_read(reply, "bb", &allowed, &challenge) < 0)
		deny(check, SD_BUS_ERROR_ACCESS_DENIED, "polkit's answer makes no sense");
	else if (allowed)
		finish(check, NULL, "allowed by polkit");
	else if (challenge && !is_interactive(check))
		deny(check, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED,
		     "polkit would have to ask a person, and the call does not allow that");
	else
		deny(check, SD_BUS_ERROR_ACCESS_DENIED, "polkit does not allow it");
	return 1;
}

static int append_question(sd_bus_message *call, const struct bus_check *check)
{
	char name[32];

	name_of(check, name);
	return sd_bus_message_append(call, "(sa{sv})sa{ss}us", "system-bus-name", 1, "name", "s",
				     sd_bus_message_get_sender(check->call), check->action, 0,
				     is_interactive(check) ? FLAG_INTERACTIVE : 0u, name);
}

static int ask_polkit(struct bus_check *check)
{
	uint64_t limit_us = is_interactive(check) ? CHECK_PERSON_US : check->bus->check_us;
	sd_bus *link = check->bus->link;
	sd_bus_message *call = NULL;
	int err = sd_bus_message_new_method_call(link, &call, POLKIT, POLKIT_PATH, POLKIT_IFACE,
						 "CheckAuthorization");

	if (err >= 0)
		err = append_question(call, check);
	check->question = sd_bus_slot_unref(check->question);
	if (err >= 0)
		err = sd_bus_call_async(link, &check->question, call, on_verdict, check, limit_us);
	sd_bus_message_unref(call);
	check->asked_polkit = err >= 0;
	return err;
}

/* Who calls */

static unsigned int checks_of(const struct bus *bus, uint32_t uid)
{
	unsigned int count = 0;

	for (const struct bus_check *check = bus->checks; check; check = check->next)
		count += check->uid_known && check->uid == uid;
	return count;
}

static void take_uid(struct bus_check *check, uint32_t uid)
{
	check->uid = uid;
	check->uid_known = true;
	if (!uid)
		finish(check, NULL, "root");
	else if (checks_of(check->bus, uid) > BUS_CHECKS_MAX_UID)
		deny(check, SD_BUS_ERROR_LIMITS_EXCEEDED,
		     "earlier calls of this user are still being judged");
	else if (ask_polkit(check) < 0)
		deny(check, SD_BUS_ERROR_ACCESS_DENIED, "polkit cannot be asked");
}

static int on_uid(sd_bus_message *reply, void *data, sd_bus_error *unused)
{
	struct bus_check *check = data;
	uint32_t uid;

	/* Who has left hears nothing, the others hear why. */
	if (sd_bus_message_is_method_error(reply, NULL) ||
	    sd_bus_message_read(reply, "u", &uid) < 0)
		deny(check, SD_BUS_ERROR_ACCESS_DENIED, "the bus does not say who is calling");
	else
		take_uid(check, uid);
	return 1;
}

static int on_gone(sd_bus_message *signal, void *data, sd_bus_error *unused)
{
	struct bus_check *check = data;

	cancel(check);
	forget(check);
	return 0;
}

static int watch_caller(struct bus_check *check, const char *sender)
{
	char rule[256];

	snprintf(rule, sizeof(rule),
		 "type='signal',sender='" DRIVER "',path='" DRIVER_PATH "',interface='" DRIVER
		 "',member='NameOwnerChanged',arg0='%s',arg2=''", sender);
	return sd_bus_add_match_async(check->bus->link, &check->gone, rule, on_gone, NULL, check);
}

/* The match is known to the bus before it answers, so a caller who leaves is always noticed. */
static int begin(struct bus_check *check)
{
	const char *sender = sd_bus_message_get_sender(check->call);
	sd_bus *link = check->bus->link;
	sd_bus_message *call = NULL;
	int err = sender && *sender == ':' ? watch_caller(check, sender) : -EINVAL;

	if (err >= 0)
		err = sd_bus_message_new_method_call(link, &call, DRIVER, DRIVER_PATH, DRIVER,
						     "GetConnectionUnixUser");
	if (err >= 0)
		err = sd_bus_message_append(call, "s", sender);
	if (err >= 0)
		err = sd_bus_call_async(link, &check->question, call, on_uid, check,
					check->bus->check_us);
	sd_bus_message_unref(call);
	return err;
}

static unsigned int checks(const struct bus *bus)
{
	unsigned int count = 0;

	for (const struct bus_check *check = bus->checks; check; check = check->next)
		count++;
	return count;
}

int bus_check(struct bus *bus, sd_bus_message *call, const char *action,
	      sd_bus_message_handler_t verb, sd_bus_error *error)
{
	struct bus_check *check;
	int err;

	if (checks(bus) >= BUS_CHECKS_MAX)
		return sd_bus_error_set(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
					"too many calls are being judged, try again");
	check = calloc(1, sizeof(*check));
	if (!check)
		return -ENOMEM;
	check->bus = bus;
	check->call = sd_bus_message_ref(call);
	check->action = action;
	check->verb = verb;
	check->id = ++bus->last_check;
	check->next = bus->checks;
	bus->checks = check;
	err = begin(check);
	if (err >= 0)
		return 1;
	forget(check);
	return err;
}

void bus_checks_drop(struct bus *bus)
{
	while (bus->checks)
		forget(bus->checks);
}

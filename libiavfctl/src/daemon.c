// SPDX-License-Identifier: LGPL-2.1-or-later
/* Questions to the daemon, one at a time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "ctl.h"

struct whole_daemon {
	struct iavfctl_daemon daemon;
	char version[64], waiting[256], checkpoint[64];
};

struct answer {
	sd_bus_message *reply;		/* NULL: none yet */
};

static int on_reply(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	struct answer *answer = data;

	answer->reply = sd_bus_message_ref(reply);
	return 1;
}

/* Nothing may take longer than the timeout, connecting neither: a bus may stand still, too. */
static int ask(sd_bus *bus, const struct bus_question *question, sd_bus_message **reply)
{
	struct answer answer = { NULL };
	uint64_t until = bus_now_us() + bus_patience_us(question);
	sd_bus_slot *slot = NULL;
	int err = bus_call(bus, &slot, question, on_reply, &answer);

	while (err >= 0 && !answer.reply) {
		err = sd_bus_process(bus, NULL);
		if (err || answer.reply)
			continue;
		err = bus_now_us() < until ? bus_wait(bus, until) : -ETIMEDOUT;
	}
	sd_bus_slot_unref(slot);
	*reply = answer.reply;
	return answer.reply ? 0 : err;
}

static enum iavfctl_error fail_reply(struct iavfctl *ctl, const sd_bus_error *error)
{
	static const char *const nobody[] = {
		SD_BUS_ERROR_NAME_HAS_NO_OWNER, SD_BUS_ERROR_SERVICE_UNKNOWN,
	};

	for (unsigned int i = 0; i < 2; i++) {
		if (sd_bus_error_has_name(error, nobody[i]))
			return ctl_fail(ctl, IAVFCTL_NO_DAEMON, "iavfd does not run (nobody has "
					"the name " BUS_NAME " on the system bus)");
	}
	if (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY) ||
	    sd_bus_error_has_name(error, SD_BUS_ERROR_TIMEOUT))
		return ctl_fail(ctl, IAVFCTL_NO_DAEMON, "iavfd does not answer");
	if (sd_bus_error_has_name(error, BUS_NAME ".Error.NotFound") ||
	    sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_OBJECT))
		return ctl_fail(ctl, IAVFCTL_NOT_FOUND, "%s", error->message ?: error->name);
	/* The bus's own words are about its rules and connections. */
	if (sd_bus_error_has_name(error, SD_BUS_ERROR_ACCESS_DENIED) && error->message &&
	    !strncmp(error->message, "Rejected send message", 21))
		return ctl_fail(ctl, IAVFCTL_NOT_PERMITTED, "the bus lets only root ask iavfd for this");
	if (sd_bus_error_has_name(error, SD_BUS_ERROR_ACCESS_DENIED) ||
	    sd_bus_error_has_name(error, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED))
		return ctl_fail(ctl, IAVFCTL_NOT_PERMITTED, "%s", error->message ?: error->name);
	if (sd_bus_error_has_name(error, BUS_NAME ".Error.Refused"))
		return ctl_fail(ctl, IAVFCTL_REFUSED, "%s", error->message ?: error->name);
	if (sd_bus_error_has_name(error, SD_BUS_ERROR_INVALID_ARGS))
		return ctl_fail(ctl, IAVFCTL_USAGE, "%s", error->message ?: error->name);
	return ctl_fail(ctl, IAVFCTL_FAILED, "iavfd says: %s", error->message ?: error->name);
}

static enum iavfctl_error fail_bus(struct iavfctl *ctl, int err)
{
	if (err == -ETIMEDOUT)
		return ctl_fail(ctl, IAVFCTL_NO_DAEMON, "iavfd or the system bus does not answer");
	if (err == -ENOMEM || err == -EBADMSG || err == -ENXIO)
		return ctl_fail(ctl, IAVFCTL_FAILED, "iavfd's answer: %s", strerror(-err));
	return ctl_fail(ctl, IAVFCTL_NO_DAEMON, "the system bus cannot be reached: %s",
			strerror(-err));
}

enum iavfctl_error bus_ask(struct iavfctl *ctl, const struct bus_question *question,
			   int (*take)(sd_bus_message *reply, void *data), void *data)
{
	enum iavfctl_error error = IAVFCTL_OK;
	sd_bus_message *reply = NULL;
	sd_bus *bus = NULL;
	int err;

	ctl->sentence[0] = '\0';
	err = bus_open(&bus, false);
	if (err >= 0)
		err = ask(bus, question, &reply);
	if (err >= 0 && sd_bus_message_is_method_error(reply, NULL))
		error = fail_reply(ctl, sd_bus_message_get_error(reply));
	else if (err >= 0 && take)
		err = take(reply, data);
	if (err < 0)
		error = fail_bus(ctl, err);
	sd_bus_message_unref(reply);
	sd_bus_close_unref(bus);
	return error;
}

static int take_member(sd_bus_message *reply, const char *name, struct whole_daemon *whole)
{
	const struct { const char *name; uint32_t *to; } numbers[] = {
		{ "Abi", &whole->daemon.abi }, { "VfCount", &whole->daemon.vf_count },
	};
	const struct { const char *name; bool *to; } flags[] = {
		{ "Attached", &whole->daemon.attached }, { "Ready", &whole->daemon.ready },
	};
	const struct { const char *name; char *to; size_t size; } texts[] = {
		{ "Version", whole->version, sizeof(whole->version) },
		{ "Waiting", whole->waiting, sizeof(whole->waiting) },
		{ "Checkpoint", whole->checkpoint, sizeof(whole->checkpoint) },
	};
	const char *text = "";
	int value = 0, err;

	if (!strcmp(name, "CheckpointDeadline"))
		return sd_bus_message_read(reply, "v", "t", &whole->daemon.rollback_us);
	for (unsigned int i = 0; i < 2; i++) {
		if (!strcmp(name, numbers[i].name))
			return sd_bus_message_read(reply, "v", "u", numbers[i].to);
		if (!strcmp(name, flags[i].name)) {
			err = sd_bus_message_read(reply, "v", "b", &value);
			*flags[i].to = value;
			return err;
		}
	}
	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!strcmp(name, texts[i].name)) {
			err = sd_bus_message_read(reply, "v", "s", &text);
			snprintf(texts[i].to, texts[i].size, "%s", text);
			return err;
		}
	}
	return sd_bus_message_skip(reply, "v");
}

static int take_daemon(sd_bus_message *reply, void *data)
{
	struct whole_daemon *whole = calloc(1, sizeof(*whole));
	struct iavfctl_daemon **daemon = data;
	const char *name;
	int err;

	if (!whole)
		return -ENOMEM;
	err = sd_bus_message_enter_container(reply, 'a', "{sv}");
	while (err >= 0 && (err = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
		err = sd_bus_message_read(reply, "s", &name);
		if (err >= 0)
			err = take_member(reply, name, whole);
		if (err >= 0)
			err = sd_bus_message_exit_container(reply);
	}
	whole->daemon.version = whole->version;
	whole->daemon.waiting = *whole->waiting ? whole->waiting : NULL;
	whole->daemon.checkpoint = *whole->checkpoint ? whole->checkpoint : NULL;
	if (err < 0)
		free(whole);
	else
		*daemon = &whole->daemon;
	return err;
}

enum iavfctl_error iavfctl_daemon(struct iavfctl *ctl, struct iavfctl_daemon **daemon)
{
	static const struct bus_question question = {
		.path = BUS_ROOT, .interface = "org.freedesktop.DBus.Properties",
		.member = "GetAll", .arguments = { BUS_MANAGER },
	};

	*daemon = NULL;
	return bus_ask(ctl, &question, take_daemon, daemon);
}

void iavfctl_daemon_free(struct iavfctl_daemon *daemon)
{
	free(daemon);
}

struct listing {
	struct iavfctl *ctl;
	struct iavfctl_vf ***vfs;
	size_t *count;
};

static int take_list(sd_bus_message *reply, void *data)
{
	struct listing *listing = data;

	return bus_take_objects(reply, listing->ctl->our_netns, listing->vfs, listing->count);
}

enum iavfctl_error iavfctl_daemon_list(struct iavfctl *ctl, struct iavfctl_vf ***vfs,
				       size_t *count)
{
	static const struct bus_question question = {
		.path = BUS_ROOT, .interface = "org.freedesktop.DBus.ObjectManager",
		.member = "GetManagedObjects",
	};
	struct listing listing = { ctl, vfs, count };

	*vfs = NULL;
	*count = 0;
	return bus_ask(ctl, &question, take_list, &listing);
}

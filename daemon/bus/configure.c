// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "configure.h"
#include "internal.h"
#include "policy/policy.h"
#include "polkit.h"

#define ERROR(name)	BUS_NAME ".Error." name

/* A call whose answer the policy owes. */
struct bus_wait {
	struct bus *bus;
	struct bus_wait *next;
	sd_bus_message *call;
};

/* ---- answers ---- */

static const char *error_name(enum policy_error error)
{
	switch (error) {
	case POLICY_INVALID:
		return ERROR("InvalidConfig");
	case POLICY_NOT_FOUND:
		return ERROR("NotFound");
	case POLICY_BUSY:
		return ERROR("Busy");
	case POLICY_IMPOSSIBLE:
		return ERROR("Impossible");
	case POLICY_REFUSED:
		return ERROR("Refused");
	case POLICY_STUCK:
		return ERROR("Stuck");
	case POLICY_FAILED:
	case POLICY_OK:
		break;
	}
	return SD_BUS_ERROR_FAILED;
}

static void forget(struct bus_wait *wait)
{
	struct bus_wait **at = &wait->bus->waits;

	while (*at != wait)
		at = &(*at)->next;
	*at = wait->next;
	sd_bus_message_unref(wait->call);
	free(wait);
}

static void answer(void *ctx, enum policy_error error, const char *text)
{
	struct bus_wait *wait = ctx;

	if (error == POLICY_OK)
		sd_bus_reply_method_return(wait->call, "s", text);
	else
		sd_bus_reply_method_errorf(wait->call, error_name(error), "%s", text);
	forget(wait);
}

void bus_configure_drop(struct bus *bus)
{
	struct policy *policy = bus->config.policy ? bus->config.policy(bus->config.ctx) : NULL;

	while (bus->waits) {
		if (policy)
			policy_forget(policy, bus->waits);
		forget(bus->waits);
	}
}

/* ---- calls ---- */

/* The request is the policy's, or freed. */
static int submit(struct bus *bus, sd_bus_message *call, struct policy_request *request,
		  sd_bus_error *error)
{
	struct policy *policy = bus->config.policy ? bus->config.policy(bus->config.ctx) : NULL;
	struct bus_wait *wait = policy ? calloc(1, sizeof(*wait)) : NULL;
	int err = wait ? 0 : -ENOMEM;

	if (wait) {
		*wait = (struct bus_wait) { bus, bus->waits, sd_bus_message_ref(call) };
		bus->waits = wait;
		request->reply = answer;
		request->ctx = wait;
		err = policy_submit(policy, request);
	}
	if (!err)
		return 1;
	if (wait)
		forget(wait);
	policy_request_free(request);
	if (!policy)
		return sd_bus_error_set(error, ERROR("NotReady"), "the daemon has no VFs yet");
	if (err == -EBUSY)
		return sd_bus_error_set(error, ERROR("Busy"), "too many changes wait already");
	return err;
}

static int bad(sd_bus_error *error, const char *sentence)
{
	return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, sentence);
}

/* "0000:3b:02.0", without its domain, or an interface name. */
static int take_vf(struct bus *bus, struct policy_request *request, const char *name,
		   sd_bus_error *error)
{
	const struct bus_vf *vf = bus_vf_called(bus, name);

	if (!vf)
		return sd_bus_error_setf(error, ERROR("NotFound"), "no VF is called '%.64s'",
					 name);
	snprintf(request->pci, sizeof(request->pci), "%.15s", vf->pci);
	return 0;
}

static int take_option(struct bus *bus, sd_bus_message *call, struct policy_request *request,
		       const char *name, sd_bus_error *error)
{
	bool may = request->verb == POLICY_APPLY || request->verb == POLICY_PLAN;
	const char *text;
	uint32_t seconds;
	int err;

	if (may && !strcmp(name, "vf")) {
		err = sd_bus_message_read(call, "v", "s", &text);
		return err < 0 ? bad(error, "vf is a text") :
				 take_vf(bus, request, text, error);
	}
	if (request->verb == POLICY_APPLY && !strcmp(name, "confirm")) {
		err = sd_bus_message_read(call, "v", "u", &seconds);
		if (err < 0 || !seconds || seconds > POLICY_CONFIRM_MAX)
			return bad(error, "confirm is 1 to 86400 seconds, of type u");
		request->confirm = seconds;
		return 0;
	}
	return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "no option is called '%.64s'",
				 name);
}

static int read_options(struct bus *bus, sd_bus_message *call, struct policy_request *request,
			sd_bus_error *error)
{
	int err = sd_bus_message_enter_container(call, 'a', "{sv}");
	const char *name;

	while (err >= 0) {
		err = sd_bus_message_enter_container(call, 'e', "sv");
		if (err <= 0)
			break;
		err = sd_bus_message_read(call, "s", &name);
		if (err >= 0)
			err = take_option(bus, call, request, name, error);
		if (err >= 0)
			err = sd_bus_message_exit_container(call);
	}
	return err;
}

static int read_documents(sd_bus_message *call, struct policy_request *request,
			  sd_bus_error *error)
{
	int err = sd_bus_message_enter_container(call, 'a', "(ss)");
	const char *name, *text;

	while (err >= 0) {
		err = sd_bus_message_read(call, "(ss)", &name, &text);
		if (err <= 0)
			break;
		if (strlen(name) > BUS_TEXT_MAX)
			return bad(error, "a document's name has more than 255 bytes");
		err = policy_request_add(request, name, text, strlen(text));
	}
	if (err == -E2BIG)
		return bad(error, "more than 64 documents, or one of more than 256 KiB");
	return err < 0 ? err : sd_bus_message_exit_container(call);
}

static int read_id(sd_bus_message *call, struct policy_request *request, sd_bus_error *error)
{
	const char *id;
	int err = sd_bus_message_read(call, "s", &id);

	if (err < 0)
		return err;
	if (strlen(id) >= sizeof(request->id))
		return sd_bus_error_set(error, ERROR("NotFound"), "there is no such checkpoint");
	strcpy(request->id, id);
	return 0;
}

static int read_path(struct bus *bus, sd_bus_message *call, struct policy_request *request,
		     sd_bus_error *error)
{
	const struct bus_vf *vf = bus_vf_at(bus, sd_bus_message_get_path(call));

	if (!vf)
		return sd_bus_error_set(error, ERROR("NotFound"), "the VF is gone");
	snprintf(request->pci, sizeof(request->pci), "%.15s", vf->pci);
	return 0;
}

static int read_arguments(struct bus *bus, sd_bus_message *call, struct policy_request *request,
			  sd_bus_error *error)
{
	int err = 0;

	switch (request->verb) {
	case POLICY_VALIDATE:
	case POLICY_PLAN:
	case POLICY_APPLY:
		err = read_documents(call, request, error);
		break;
	case POLICY_CONFIRM:
	case POLICY_ROLLBACK:
		err = read_id(call, request, error);
		break;
	case POLICY_DESCRIBE:
		err = read_path(bus, call, request, error);
		break;
	case POLICY_RELOAD:
		break;
	}
	return err < 0 ? err : read_options(bus, call, request, error);
}

/* Allowed: read once more, now for good. */
static int allowed(struct bus *bus, sd_bus_message *call, enum policy_verb verb,
		   sd_bus_error *error)
{
	struct policy_request *request = policy_request_new(verb);
	int err = request ? sd_bus_message_rewind(call, true) : -ENOMEM;

	if (err >= 0)
		err = read_arguments(bus, call, request, error);
	if (err >= 0)
		return submit(bus, call, request, error);
	policy_request_free(request);
	return err;
}

/* The same method twice: as it is called, and when its caller was found to be allowed to. */
#define METHOD(name, verb, action) \
	static int name##_allowed(sd_bus_message *call, void *data, sd_bus_error *error) \
	{ \
		return allowed(data, call, verb, error); \
	} \
	int bus_##name(sd_bus_message *call, void *data, sd_bus_error *error) \
	{ \
		return bus_check(bus_of(call), call, BUS_NAME "." action, name##_allowed, error); \
	}

METHOD(validate, POLICY_VALIDATE, "inspect")
METHOD(plan, POLICY_PLAN, "inspect")
METHOD(describe, POLICY_DESCRIBE, "inspect")
METHOD(apply, POLICY_APPLY, "apply")
METHOD(reload, POLICY_RELOAD, "reload")
METHOD(confirm, POLICY_CONFIRM, "confirm")
METHOD(rollback, POLICY_ROLLBACK, "rollback")

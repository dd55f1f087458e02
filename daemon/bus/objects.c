// SPDX-License-Identifier: GPL-2.0-or-later
/* The tree and what can be read and called in it: docs/spec/org.iavfd1.xml. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "configure.h"
#include "iavfctl.h"
#include "internal.h"
#include "polkit.h"

#define NOT_FOUND	BUS_NAME ".Error.NotFound"

const struct bus_vf *bus_object_now(struct bus_object *object)
{
	if (!object->vf)
		return &object->told;
	memset(&object->now, 0, sizeof(object->now));
	object->bus->config.vf(object->vf, &object->now);
	return &object->now;
}

struct bus_object *bus_object_of(struct bus *bus, const char *path)
{
	struct bus_object *object = bus->objects;

	while (object && strcmp(object->path, path))
		object = object->next;
	return object;
}

static int find_vf(sd_bus *link, const char *path, const char *interface, void *data, void **found,
		   sd_bus_error *error)
{
	struct bus_object *object = bus_object_of(data, path);

	if (!object)
		return 0;
	*found = (void *)bus_object_now(object);
	return 1;
}

static int find_manager(sd_bus *link, const char *path, const char *interface, void *data,
			void **found, sd_bus_error *error)
{
	struct bus *bus = data;

	if (strcmp(path, BUS_ROOT))
		return 0;
	memset(&bus->now, 0, sizeof(bus->now));
	bus->config.manager(bus->config.ctx, &bus->now);
	*found = bus;
	return 1;
}

static int list_paths(sd_bus *link, const char *prefix, void *data, char ***paths,
		      sd_bus_error *error)
{
	struct bus *bus = data;
	size_t count = 0;

	for (struct bus_object *object = bus->objects; object; object = object->next)
		count++;
	*paths = calloc(count + 1, sizeof(**paths));
	if (!*paths)
		return -ENOMEM;
	count = 0;
	for (struct bus_object *object = bus->objects; object; object = object->next) {
		if (!object->vf)
			continue;
		(*paths)[count] = strdup(object->path);
		if (!(*paths)[count++])
			break;
	}
	return 0;
}

/* Properties that are not a plain number */

static int get_text(sd_bus *link, const char *path, const char *interface, const char *property,
		    sd_bus_message *reply, void *text, sd_bus_error *error)
{
	return sd_bus_message_append(reply, "s", (const char *)text);
}

static int append_words(sd_bus_message *reply, uint32_t bits, const char *(*word)(unsigned int bit))
{
	int err = sd_bus_message_open_container(reply, 'a', "s");

	for (unsigned int i = 0; err >= 0 && i < 32; i++) {
		if ((bits & (1u << i)) && word(i))
			err = sd_bus_message_append(reply, "s", word(i));
	}
	return err < 0 ? err : sd_bus_message_close_container(reply);
}

static int get_features(sd_bus *link, const char *path, const char *interface, const char *property,
			sd_bus_message *reply, void *bits, sd_bus_error *error)
{
	return append_words(reply, *(const uint32_t *)bits, iavfctl_feature_word);
}

static int get_rx_flags(sd_bus *link, const char *path, const char *interface, const char *property,
			sd_bus_message *reply, void *bits, sd_bus_error *error)
{
	return append_words(reply, *(const uint32_t *)bits, iavfctl_rx_flag_word);
}

static int get_failure(sd_bus *link, const char *path, const char *interface, const char *property,
		       sd_bus_message *reply, void *data, sd_bus_error *error)
{
	const struct bus_failure *failure = data;

	return sd_bus_message_append(reply, "(is)", failure->err, failure->text);
}

static int get_version(sd_bus *link, const char *path, const char *interface, const char *property,
		       sd_bus_message *reply, void *data, sd_bus_error *error)
{
	const struct bus *bus = data;

	return sd_bus_message_append(reply, "s", bus->config.version);
}

static int get_abi(sd_bus *link, const char *path, const char *interface, const char *property,
		   sd_bus_message *reply, void *data, sd_bus_error *error)
{
	return sd_bus_message_append(reply, "u", (uint32_t)IAVF_ABI);
}

/* Methods */

/* "0000:3b:02.0", the same without its domain, or an interface name. */
static bool is_called(const struct bus_vf *vf, const char *name)
{
	const char *bus = strchr(vf->pci, ':');

	return *name && (!strcasecmp(vf->pci, name) || (bus && !strcasecmp(bus + 1, name)) ||
			 !strcmp(vf->ifname, name));
}

/* How much of a text an error repeats: whole characters, else the answer is none. */
static int repeated(const char *text)
{
	int len = (int)strnlen(text, 64);

	while (text[len] && len && (text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static struct bus_object *object_called(struct bus *bus, const char *name)
{
	for (struct bus_object *object = bus->objects; object; object = object->next) {
		if (object->vf && is_called(bus_object_now(object), name))
			return object;
	}
	return NULL;
}

const struct bus_vf *bus_vf_called(struct bus *bus, const char *name)
{
	struct bus_object *object = object_called(bus, name);

	return object ? &object->now : NULL;
}

static int get_vf(sd_bus_message *call, void *data, sd_bus_error *error)
{
	struct bus *bus = data;
	const struct bus_object *object;
	const char *name;
	int err = sd_bus_message_read(call, "s", &name);

	if (err < 0)
		return err;
	object = object_called(bus, name);
	if (object)
		return sd_bus_reply_method_return(call, "o", object->path);
	return sd_bus_error_setf(error, NOT_FOUND, "no VF is called '%.*s'", repeated(name), name);
}

static int list_vfs(sd_bus_message *call, void *data, sd_bus_error *error)
{
	sd_bus_message *reply = NULL;
	struct bus *bus = data;
	int err = sd_bus_message_new_method_return(call, &reply);

	if (err >= 0)
		err = sd_bus_message_open_container(reply, 'a', "o");
	for (struct bus_object *object = bus->objects; err >= 0 && object; object = object->next) {
		if (object->vf)
			err = sd_bus_message_append(reply, "o", object->path);
	}
	if (err >= 0)
		err = sd_bus_message_close_container(reply);
	if (err >= 0)
		err = sd_bus_send(bus->link, reply, NULL);
	sd_bus_message_unref(reply);
	return err < 0 ? err : 1;
}

/* What the table was added with; a handler itself gets what find_vf() found. */
struct bus *bus_of(sd_bus_message *call)
{
	return sd_bus_slot_get_userdata(sd_bus_get_current_slot(sd_bus_message_get_bus(call)));
}

static struct bus_object *object_at(struct bus *bus, const char *path)
{
	struct bus_object *object = bus->objects;

	while (object && (!object->vf || strcmp(object->path, path)))
		object = object->next;
	return object;
}

const struct bus_vf *bus_vf_at(struct bus *bus, const char *path)
{
	struct bus_object *object = object_at(bus, path);

	return object ? bus_object_now(object) : NULL;
}

/* No option is known yet, and one that is not understood is not ignored. */
static int refuse_options(sd_bus_message *call, sd_bus_error *error)
{
	const char *name;
	int err = sd_bus_message_enter_container(call, 'a', "{sv}");

	if (err > 0)
		err = sd_bus_message_enter_container(call, 'e', "sv");
	if (err > 0)
		err = sd_bus_message_read(call, "s", &name);
	if (err > 0)
		return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS,
					 "no option is called '%.*s'", repeated(name), name);
	return err;
}

static const char *reset_error(int err)
{
	switch (err) {
	case -EBUSY:
	case -EALREADY:
	case -ESTALE:
		return BUS_NAME ".Error.ResetInProgress";
	case -ENODEV:
		return NOT_FOUND;
	}
	return BUS_NAME ".Error.NotReady";
}

static int reset_allowed(sd_bus_message *call, void *data, sd_bus_error *error)
{
	struct bus *bus = data;
	struct bus_object *object = object_at(bus, sd_bus_message_get_path(call));
	uint32_t generation;
	char why[160] = "";
	int err;

	if (!object || !bus->config.reset)
		return sd_bus_error_set(error, NOT_FOUND, "the VF is gone");
	generation = bus_object_now(object)->generation;
	err = bus->config.reset(object->vf, why, sizeof(why));
	if (err < 0)
		return sd_bus_error_set(error, reset_error(err), *why ? why : strerror(-err));
	return sd_bus_reply_method_return(call, "u", generation);
}

static int reset(sd_bus_message *call, void *data, sd_bus_error *error)
{
	int err = refuse_options(call, error);

	return err < 0 ? err : bus_check(bus_of(call), call, BUS_NAME ".reset", reset_allowed, error);
}

/* Tables */

#define CHANGES	SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONST	SD_BUS_VTABLE_PROPERTY_CONST
#define MANAGER(member)	offsetof(struct bus, now.member)
#define VF(member)	offsetof(struct bus_vf, member)
#define OF_DOCUMENTS(name, handler) \
	SD_BUS_METHOD_WITH_ARGS(name, SD_BUS_ARGS("a(ss)", documents, "a{sv}", options), \
				SD_BUS_RESULT("s", json), handler, SD_BUS_VTABLE_UNPRIVILEGED)
#define OF_CHECKPOINT(name, handler) \
	SD_BUS_METHOD_WITH_ARGS(name, SD_BUS_ARGS("s", checkpoint, "a{sv}", options), \
				SD_BUS_RESULT("s", json), handler, SD_BUS_VTABLE_UNPRIVILEGED)
#define OF_NOTHING(name, handler) \
	SD_BUS_METHOD_WITH_ARGS(name, SD_BUS_ARGS("a{sv}", options), \
				SD_BUS_RESULT("s", json), handler, SD_BUS_VTABLE_UNPRIVILEGED)

static const sd_bus_vtable manager_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Version", "s", get_version, 0, CONST),
	SD_BUS_PROPERTY("Abi", "u", get_abi, 0, CONST),
	SD_BUS_PROPERTY("VfCount", "u", NULL, MANAGER(vf_count), CHANGES),
	SD_BUS_PROPERTY("Attached", "b", NULL, MANAGER(attached), CHANGES),
	SD_BUS_PROPERTY("Ready", "b", NULL, MANAGER(ready), CHANGES),
	SD_BUS_PROPERTY("Waiting", "s", get_text, MANAGER(waiting), CHANGES),
	SD_BUS_METHOD_WITH_ARGS("GetVf", SD_BUS_ARGS("s", name), SD_BUS_RESULT("o", vf), get_vf,
				SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD_WITH_ARGS("ListVfs", SD_BUS_NO_ARGS, SD_BUS_RESULT("ao", vfs), list_vfs,
				SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_PROPERTY("Checkpoint", "s", get_text, MANAGER(checkpoint), CHANGES),
	SD_BUS_PROPERTY("CheckpointDeadline", "t", NULL, MANAGER(checkpoint_deadline), CHANGES),
	OF_DOCUMENTS("Validate", bus_validate),
	OF_DOCUMENTS("Plan", bus_plan),
	OF_DOCUMENTS("Apply", bus_apply),
	OF_NOTHING("Reload", bus_reload),
	OF_CHECKPOINT("Confirm", bus_confirm),
	OF_CHECKPOINT("Rollback", bus_rollback),
	SD_BUS_VTABLE_END
};

static const sd_bus_vtable vf_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("PciAddress", "s", get_text, VF(pci), CONST),
	SD_BUS_PROPERTY("InstanceId", "u", NULL, VF(id), CONST),
	SD_BUS_PROPERTY("Generation", "u", NULL, VF(generation), CHANGES),
	SD_BUS_PROPERTY("State", "s", NULL, VF(state), CHANGES),
	SD_BUS_PROPERTY("Phase", "s", NULL, VF(phase), CHANGES),
	SD_BUS_PROPERTY("Reason", "s", get_text, VF(reason), CHANGES),
	SD_BUS_PROPERTY("Ifname", "s", get_text, VF(ifname), CHANGES),
	SD_BUS_PROPERTY("Ifindex", "u", NULL, VF(ifindex), CHANGES),
	SD_BUS_PROPERTY("Netns", "t", NULL, VF(netns), CHANGES),
	SD_BUS_PROPERTY("Mac", "s", get_text, VF(mac), CHANGES),
	SD_BUS_PROPERTY("Mtu", "u", NULL, VF(mtu), CHANGES),
	SD_BUS_PROPERTY("MaxMtu", "u", NULL, VF(max_mtu), CHANGES),
	SD_BUS_PROPERTY("Carrier", "b", NULL, VF(carrier), CHANGES),
	SD_BUS_PROPERTY("LinkMbps", "u", NULL, VF(link_mbps), CHANGES),
	SD_BUS_PROPERTY("RxQueues", "u", NULL, VF(rx_queues), CHANGES),
	SD_BUS_PROPERTY("TxQueues", "u", NULL, VF(tx_queues), CHANGES),
	SD_BUS_PROPERTY("MaxQueues", "u", NULL, VF(max_queues), CHANGES),
	SD_BUS_PROPERTY("RxRing", "u", NULL, VF(rx_ring), CHANGES),
	SD_BUS_PROPERTY("TxRing", "u", NULL, VF(tx_ring), CHANGES),
	SD_BUS_PROPERTY("Vectors", "u", NULL, VF(vectors), CHANGES),
	SD_BUS_PROPERTY("RxFlags", "as", get_rx_flags, VF(rx_flags), CHANGES),
	SD_BUS_PROPERTY("Features", "as", get_features, VF(features), CHANGES),
	SD_BUS_PROPERTY("FeaturesGranted", "as", get_features, VF(features_granted), CHANGES),
	SD_BUS_PROPERTY("LastError", "(is)", get_failure, VF(last_error), CHANGES),
	SD_BUS_PROPERTY("ConfigValid", "b", NULL, VF(config_valid), CHANGES),
	SD_BUS_PROPERTY("ConfigReason", "s", get_text, VF(config_reason), CHANGES),
	SD_BUS_PROPERTY("Attempts", "u", NULL, VF(attempts), CHANGES),
	SD_BUS_PROPERTY("NextAttempt", "t", NULL, VF(next_attempt), CHANGES),
	SD_BUS_PROPERTY("Sent", "t", NULL, VF(sent), 0),
	SD_BUS_PROPERTY("Received", "t", NULL, VF(received), 0),
	SD_BUS_PROPERTY("Refused", "t", NULL, VF(refused), 0),
	SD_BUS_PROPERTY("Lost", "t", NULL, VF(lost), 0),
	SD_BUS_PROPERTY("Negotiations", "t", NULL, VF(negotiations), 0),
	SD_BUS_PROPERTY("Adopted", "t", NULL, VF(adopted), 0),
	SD_BUS_PROPERTY("Answers", "t", NULL, VF(answers), 0),
	SD_BUS_PROPERTY("AnswerUs", "t", NULL, VF(answer_us), 0),
	SD_BUS_PROPERTY("DegradedUs", "t", NULL, VF(degraded_us), 0),
	SD_BUS_METHOD_WITH_ARGS("Reset", SD_BUS_ARGS("a{sv}", options),
				SD_BUS_RESULT("u", generation), reset, SD_BUS_VTABLE_UNPRIVILEGED),
	OF_NOTHING("Describe", bus_describe),
	SD_BUS_VTABLE_END
};

int bus_export(struct bus *bus)
{
	int err = sd_bus_add_object_manager(bus->link, NULL, BUS_ROOT);

	/* As a fallback it may say for each read what is true now. */
	if (err >= 0)
		err = sd_bus_add_fallback_vtable(bus->link, NULL, BUS_ROOT, BUS_MANAGER_IFACE,
						 manager_table, find_manager, bus);
	if (err >= 0)
		err = sd_bus_add_fallback_vtable(bus->link, NULL, BUS_VFS, BUS_VF_IFACE, vf_table,
						 find_vf, bus);
	if (err >= 0)
		err = bus_export_parts(bus);
	if (err >= 0)
		err = sd_bus_add_node_enumerator(bus->link, NULL, BUS_VFS, list_paths, bus);
	if (err >= 0)
		err = bus_export_log_control(bus);
	return err;
}

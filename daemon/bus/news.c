// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What clients are told: the difference between what they were told last and what is, once per turn
 * of the loop. When messages pile up the difference waits, so that a bus that does not read
 * costs a few messages, not one per change.
 */
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct member {
	const char *name;		/* of the property */
	size_t offset, size;
};

#define VF(name, member) \
	{ name, offsetof(struct bus_vf, member), sizeof(((struct bus_vf *)0)->member) }
#define MANAGER(name, member) \
	{ name, offsetof(struct bus_manager, member), sizeof(((struct bus_manager *)0)->member) }

static const struct member vf_members[] = {
	VF("Generation", generation), VF("State", state), VF("Phase", phase), VF("Reason", reason),
	VF("Ifname", ifname), VF("Ifindex", ifindex), VF("Netns", netns), VF("Mac", mac),
	VF("Mtu", mtu), VF("MaxMtu", max_mtu), VF("Carrier", carrier), VF("LinkMbps", link_mbps),
	VF("RxQueues", rx_queues), VF("TxQueues", tx_queues), VF("MaxQueues", max_queues),
	VF("RxRing", rx_ring), VF("TxRing", tx_ring), VF("Vectors", vectors),
	VF("RxFlags", rx_flags), VF("Features", features),
	VF("FeaturesGranted", features_granted), VF("LastError", last_error),
	VF("ConfigValid", config_valid), VF("ConfigReason", config_reason),
	VF("Attempts", attempts), VF("NextAttempt", next_attempt),
};

static const struct member vlan_members[] = {
	VF("Filtered", vlan.filtered), VF("Budget", vlan.budget), VF("Users", vlan.users),
	VF("Wanted", vlan.wanted), VF("Acknowledged", vlan.acknowledged),
	VF("Refused", vlan.refused), VF("Stripped", vlan.stripped), VF("Inserted", vlan.inserted),
};

static const struct member rss_members[] = {
	VF("HashFunction", rss.hash_function), VF("KeyLength", rss.key_length),
	VF("TableLength", rss.table_length), VF("TableConfigured", rss.table_configured),
	VF("Fields", rss.fields),
};

static const struct member manager_members[] = {
	MANAGER("VfCount", vf_count), MANAGER("Attached", attached), MANAGER("Ready", ready),
	MANAGER("Waiting", waiting), MANAGER("Checkpoint", checkpoint),
	MANAGER("CheckpointDeadline", checkpoint_deadline),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MEMBERS(array) array, COUNT(array)

static const struct {
	const char *interface;
	const struct member *members;
	size_t count;
} parts[BUS_NUM_PARTS] = {
	[BUS_PART_VF] = { BUS_VF_IFACE, MEMBERS(vf_members) },
	[BUS_PART_VLAN] = { BUS_VLAN_IFACE, MEMBERS(vlan_members) },
	[BUS_PART_RSS] = { BUS_RSS_IFACE, MEMBERS(rss_members) },
};

/* The names of the members that differ; names has room for all and the NULL. */
static bool differences(const struct member *members, size_t count, const void *then,
			const void *now, const char **names)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct member *m = &members[i];

		if (memcmp((const char *)then + m->offset, (const char *)now + m->offset, m->size))
			names[n++] = m->name;
	}
	names[n] = NULL;
	return n;
}

static void tell_manager(struct bus *bus)
{
	const char *names[COUNT(manager_members) + 1];
	struct bus_manager now = { .vf_count = 0 };

	bus->manager_dirty = false;
	bus->config.manager(bus->config.ctx, &now);
	if (differences(manager_members, COUNT(manager_members), &bus->told, &now, names))
		sd_bus_emit_properties_changed_strv(bus->link, BUS_ROOT, BUS_MANAGER_IFACE,
						    (char **)names);
	bus->told = now;
}

/* Byte by byte, padding too, as it is compared. */
static void remember(struct bus_object *object)
{
	memcpy(&object->told, bus_object_now(object), sizeof(object->told));
}

static void tell_properties(struct bus_object *object, enum bus_part part,
			    const struct bus_vf *now)
{
	const char *names[COUNT(vf_members) + 1];

	_Static_assert(COUNT(vf_members) >= COUNT(vlan_members) &&
		       COUNT(vf_members) >= COUNT(rss_members), "the longest of them");
	if (differences(parts[part].members, parts[part].count, &object->told, now, names))
		sd_bus_emit_properties_changed_strv(object->bus->link, object->path,
						    parts[part].interface, (char **)names);
}

/* At most one message each interface. */
static void tell_changes(struct bus_object *object)
{
	const char *comes[BUS_NUM_PARTS + 1] = { NULL }, *goes[BUS_NUM_PARTS + 1] = { NULL };
	const struct bus_vf *now = bus_object_now(object);
	unsigned int num_comes = 0, num_goes = 0;

	for (enum bus_part part = 0; part < BUS_NUM_PARTS; part++) {
		bool had = object->shown[part], has = bus_part_granted(now, part);

		object->shown[part] = has;
		if (had && has)
			tell_properties(object, part, now);
		else if (has)
			comes[num_comes++] = parts[part].interface;
		else if (had)
			goes[num_goes++] = parts[part].interface;
	}
	if (num_goes)
		sd_bus_emit_interfaces_removed_strv(object->bus->link, object->path, (char **)goes);
	if (num_comes)
		sd_bus_emit_interfaces_added_strv(object->bus->link, object->path, (char **)comes);
	remember(object);
}

/* From now on clients know it, as it is. */
static void set_announced(struct bus_object *object)
{
	remember(object);
	object->announced = true;
	for (enum bus_part part = 0; part < BUS_NUM_PARTS; part++)
		object->shown[part] = bus_part_granted(&object->told, part);
}

static void tell_added(struct bus_object *object)
{
	set_announced(object);
	sd_bus_emit_object_added(object->bus->link, object->path);
}

static void unlink_object(struct bus_object **at)
{
	struct bus_object *object = *at;

	*at = object->next;
	free(object);
}

/*
 * Those that went come first: one that took the place of another has the same path. Of those that
 * wait there are never more than there were VFs that clients know.
 */
static bool tell_removed(struct bus *bus)
{
	struct bus_object **at = &bus->objects;
	bool all = true;

	while (*at) {
		bool tell = bus->named && (*at)->announced;

		if ((*at)->vf || (tell && !bus_has_room(bus, 1))) {
			all = all && (*at)->vf;
			at = &(*at)->next;
			continue;
		}
		if (tell)
			sd_bus_emit_object_removed(bus->link, (*at)->path);
		unlink_object(at);
	}
	return all;
}

static bool tell_others(struct bus *bus)
{
	for (struct bus_object *object = bus->objects; object; object = object->next) {
		if (!object->dirty)
			continue;
		if (!bus_has_room(bus, BUS_NUM_PARTS))
			return false;
		object->dirty = false;
		if (object->announced)
			tell_changes(object);
		else
			tell_added(object);
	}
	return true;
}

static bool tell_all(struct bus *bus)
{
	if (!tell_removed(bus) || !tell_others(bus))
		return false;
	if (bus->manager_dirty && !bus_has_room(bus, 1))
		return false;
	if (bus->manager_dirty)
		tell_manager(bus);
	return true;
}

static int on_news(sd_event_source *source, void *data)
{
	struct bus *bus = data;

	/* Without the name nobody listens; the baseline will have it. */
	if (!bus->named)
		tell_removed(bus);
	else if (!tell_all(bus))
		/* Called again whenever anything happened, the bus taking a message above all. */
		return sd_event_source_set_enabled(bus->post, SD_EVENT_ON);
	bus->dirty = bus->manager_dirty = false;
	return sd_event_source_set_enabled(bus->post, SD_EVENT_OFF);
}

/* What is told in the next turn has everything of this one. */
static void tell_soon(struct bus *bus)
{
	if (!bus->dirty)
		sd_event_source_set_enabled(bus->soon, SD_EVENT_ONESHOT);
	bus->dirty = true;
}

void bus_news_baseline(struct bus *bus)
{
	for (struct bus_object *object = bus->objects; object; object = object->next)
		object->announced = false;
	tell_removed(bus);
	for (struct bus_object *object = bus->objects; object; object = object->next) {
		set_announced(object);
		object->dirty = false;
	}
	memset(&bus->told, 0, sizeof(bus->told));
	bus->config.manager(bus->config.ctx, &bus->told);
	bus->dirty = bus->manager_dirty = false;
}

int bus_news_start(struct bus *bus)
{
	int err = sd_event_add_post(bus->config.event, &bus->post, on_news, bus);

	if (err >= 0)
		err = sd_event_source_set_enabled(bus->post, SD_EVENT_OFF);
	if (err >= 0)
		err = sd_event_add_defer(bus->config.event, &bus->soon, on_news, bus);
	return err < 0 ? err : sd_event_source_set_enabled(bus->soon, SD_EVENT_OFF);
}

void bus_news_free(struct bus *bus)
{
	while (bus->objects)
		unlink_object(&bus->objects);
	sd_event_source_disable_unref(bus->soon);
	sd_event_source_disable_unref(bus->post);
}

static void touch(struct bus_object *object)
{
	object->dirty = true;
	tell_soon(object->bus);
}

struct bus_object *bus_add(struct bus *bus, void *vf)
{
	struct bus_object *object = bus ? calloc(1, sizeof(*object)) : NULL, **end;
	size_t at = sizeof(BUS_VFS);

	if (!object)
		return NULL;
	object->bus = bus;
	object->vf = vf;
	strcpy(object->path, BUS_VFS "/");
	for (const char *c = bus_object_now(object)->pci; *c; c++)
		object->path[at++] = isalnum((unsigned char)*c) ? *c : '_';
	for (end = &bus->objects; *end; end = &(*end)->next)
		;
	*end = object;
	touch(object);
	bus_manager_changed(bus);
	return object;
}

void bus_remove(struct bus_object *object)
{
	if (!object)
		return;
	remember(object);
	object->vf = NULL;
	touch(object);
	bus_manager_changed(object->bus);
}

void bus_changed(struct bus_object *object)
{
	if (object)
		touch(object);
}

void bus_manager_changed(struct bus *bus)
{
	if (!bus)
		return;
	bus->manager_dirty = true;
	tell_soon(bus);
}

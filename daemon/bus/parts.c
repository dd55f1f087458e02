// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interfaces that a VF has as long as the PF grants what they are about, so that what it can do is
 * seen by looking at them: docs/spec/org.iavfd1.xml.
 */
#include <stddef.h>
#include <string.h>

#include "config/settings.h"
#include "internal.h"

bool bus_part_granted(const struct bus_vf *vf, enum bus_part part)
{
	switch (part) {
	case BUS_PART_VLAN:
		return vf->vlan.granted;
	case BUS_PART_RSS:
		return vf->rss.granted;
	default:
		return true;
	}
}

/* Of a VF that goes: what clients were told of. */
static int find_part(struct bus *bus, const char *path, enum bus_part part, void **found)
{
	struct bus_object *object = bus_object_of(bus, path);
	const struct bus_vf *now;

	if (!object)
		return 0;
	now = bus_object_now(object);
	*found = (void *)now;
	return object->vf ? bus_part_granted(now, part) : object->shown[part];
}

static int find_vlan(sd_bus *link, const char *path, const char *interface, void *data,
		     void **found, sd_bus_error *error)
{
	return find_part(data, path, BUS_PART_VLAN, found);
}

static int find_rss(sd_bus *link, const char *path, const char *interface, void *data,
		    void **found, sd_bus_error *error)
{
	return find_part(data, path, BUS_PART_RSS, found);
}

static int get_filtered(sd_bus *link, const char *path, const char *interface, const char *property,
			sd_bus_message *reply, void *data, sd_bus_error *error)
{
	const struct bus_vf *vf = data;
	char *types[3] = { NULL };
	unsigned int n = 0;

	if (vf->vlan.filtered & 1)
		types[n++] = (char *)BUS_VLAN_CTAG;
	if (vf->vlan.filtered & 2)
		types[n++] = (char *)BUS_VLAN_STAG;
	return sd_bus_message_append_strv(reply, types);
}

static int get_hash_function(sd_bus *link, const char *path, const char *interface,
			     const char *property, sd_bus_message *reply, void *data,
			     sd_bus_error *error)
{
	const struct bus_vf *vf = data;

	return sd_bus_message_append(reply, "s",
				     setting_type(SETTING_RSS_HASH_FUNCTION)->words[vf->rss.hash_function]);
}

/* { "tcp4": [ "src-ip", ... ] }: the name behind the last dot of its setting */
static int append_flow(sd_bus_message *reply, const struct setting_type *type, uint8_t fields)
{
	int err = sd_bus_message_open_container(reply, 'e', "sas");

	if (err >= 0)
		err = sd_bus_message_append(reply, "s", strrchr(type->path, '.') + 1);
	if (err >= 0)
		err = sd_bus_message_open_container(reply, 'a', "s");
	for (unsigned int i = 0; err >= 0 && type->words[i]; i++) {
		if (fields >> i & 1)
			err = sd_bus_message_append(reply, "s", type->words[i]);
	}
	if (err >= 0)
		err = sd_bus_message_close_container(reply);
	return err < 0 ? err : sd_bus_message_close_container(reply);
}

static int get_fields(sd_bus *link, const char *path, const char *interface, const char *property,
		      sd_bus_message *reply, void *data, sd_bus_error *error)
{
	const struct bus_vf *vf = data;
	int err = sd_bus_message_open_container(reply, 'a', "{sas}");

	for (unsigned int i = 0; err >= 0 && i < sizeof(vf->rss.fields); i++)
		err = append_flow(reply, setting_type(SETTING_RSS_FIELDS_TCP4 + i),
				  vf->rss.fields[i]);
	return err < 0 ? err : sd_bus_message_close_container(reply);
}

#define CHANGES	SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define VLAN(member)	offsetof(struct bus_vf, vlan.member)
#define RSS(member)	offsetof(struct bus_vf, rss.member)

static const sd_bus_vtable vlan_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Filtered", "as", get_filtered, 0, CHANGES),
	SD_BUS_PROPERTY("Budget", "u", NULL, VLAN(budget), CHANGES),
	SD_BUS_PROPERTY("Users", "u", NULL, VLAN(users), CHANGES),
	SD_BUS_PROPERTY("Wanted", "u", NULL, VLAN(wanted), CHANGES),
	SD_BUS_PROPERTY("Acknowledged", "u", NULL, VLAN(acknowledged), CHANGES),
	SD_BUS_PROPERTY("Refused", "u", NULL, VLAN(refused), CHANGES),
	SD_BUS_PROPERTY("Stripped", "s", NULL, VLAN(stripped), CHANGES),
	SD_BUS_PROPERTY("Inserted", "s", NULL, VLAN(inserted), CHANGES),
	SD_BUS_VTABLE_END
};

static const sd_bus_vtable rss_table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("HashFunction", "s", get_hash_function, 0, CHANGES),
	SD_BUS_PROPERTY("KeyLength", "u", NULL, RSS(key_length), CHANGES),
	SD_BUS_PROPERTY("TableLength", "u", NULL, RSS(table_length), CHANGES),
	SD_BUS_PROPERTY("TableConfigured", "b", NULL, RSS(table_configured), CHANGES),
	SD_BUS_PROPERTY("Fields", "a{sas}", get_fields, 0, CHANGES),
	SD_BUS_VTABLE_END
};

int bus_export_parts(struct bus *bus)
{
	int err = sd_bus_add_fallback_vtable(bus->link, NULL, BUS_VFS, BUS_VLAN_IFACE, vlan_table,
					     find_vlan, bus);

	return err < 0 ? err : sd_bus_add_fallback_vtable(bus->link, NULL, BUS_VFS, BUS_RSS_IFACE,
							  rss_table, find_rss, bus);
}

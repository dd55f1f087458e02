// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * org.freedesktop.LogControl1, which "systemctl service-log-level" and "iavfctl log-level" know.
 * Who may set is the bus's policy (systemd/org.iavfd1.conf): sd-bus would ask the bus who the
 * caller is, and wait for it.
 */
#include <string.h>

#include "internal.h"

static int get_level(sd_bus *link, const char *path, const char *interface, const char *property,
		     sd_bus_message *reply, void *data, sd_bus_error *error)
{
	const struct bus *bus = data;

	return sd_bus_message_append(reply, "s", log_level_word(bus->config.log->level));
}

static int set_level(sd_bus *link, const char *path, const char *interface, const char *property,
		     sd_bus_message *value, void *data, sd_bus_error *error)
{
	struct bus *bus = data;
	const char *word;
	int level, err = sd_bus_message_read(value, "s", &word);

	if (err < 0)
		return err;
	level = log_level_from_word(word);
	if (level < 0)
		return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
					"a log level is emerg, alert, crit, err, warning, notice, "
					"info or debug");
	log_say(bus->config.log, LOG_NOTICE, "log level is %s", log_level_word(level));
	bus->config.log->level = level;
	return 0;
}

static int get_target(sd_bus *link, const char *path, const char *interface, const char *property,
		      sd_bus_message *reply, void *data, sd_bus_error *error)
{
	const struct bus *bus = data;

	return sd_bus_message_append(reply, "s", bus->config.log->prefix ? "journal" : "console");
}

static int get_identifier(sd_bus *link, const char *path, const char *interface,
			  const char *property, sd_bus_message *reply, void *data,
			  sd_bus_error *error)
{
	return sd_bus_message_append(reply, "s", "iavfd");
}

static const sd_bus_vtable table[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_WRITABLE_PROPERTY("LogLevel", "s", get_level, set_level, 0,
				 SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_PROPERTY("LogTarget", "s", get_target, 0, 0),
	SD_BUS_PROPERTY("SyslogIdentifier", "s", get_identifier, 0, SD_BUS_VTABLE_PROPERTY_CONST),
	SD_BUS_VTABLE_END
};

int bus_export_log_control(struct bus *bus)
{
	return sd_bus_add_object_vtable(bus->link, NULL, BUS_LOG, BUS_LOG_IFACE, table, bus);
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/* org.freedesktop.LogControl1, as systemd's own services have it. */
#include <stdio.h>

#include "bus.h"

#define PATH		"/org/freedesktop/LogControl1"
#define INTERFACE	"org.freedesktop.LogControl1"

static int take_level(sd_bus_message *reply, void *data)
{
	struct iavfctl *ctl = data;
	const char *word = "";
	int err = sd_bus_message_read(reply, "v", "s", &word);

	snprintf(ctl->log_level, sizeof(ctl->log_level), "%s", word);
	return err;
}

enum iavfctl_error iavfctl_log_level(struct iavfctl *ctl, const char **level)
{
	static const struct bus_question question = {
		.path = PATH, .interface = "org.freedesktop.DBus.Properties", .member = "Get",
		.arguments = { INTERFACE, "LogLevel" },
	};
	enum iavfctl_error error = bus_ask(ctl, &question, take_level, ctl);

	*level = error ? NULL : ctl->log_level;
	return error;
}

enum iavfctl_error iavfctl_set_log_level(struct iavfctl *ctl, const char *level)
{
	const struct bus_question question = {
		.path = PATH, .interface = "org.freedesktop.DBus.Properties", .member = "Set",
		.arguments = { INTERFACE, "LogLevel" }, .value = level,
	};

	return bus_ask(ctl, &question, NULL, NULL);
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the daemon is asked to do. */
#include <ctype.h>
#include <stdio.h>

#include "bus.h"

void bus_path_of(const char *pci, char path[BUS_PATH_SIZE])
{
	size_t len = snprintf(path, BUS_PATH_SIZE, BUS_ROOT "/vf/");

	for (; *pci && len < BUS_PATH_SIZE - 1; pci++)
		path[len++] = isalnum((unsigned char)*pci) ? *pci : '_';
	path[len] = '\0';
}

static int take_generation(sd_bus_message *reply, void *data)
{
	return sd_bus_message_read(reply, "u", data);
}

enum iavfctl_error iavfctl_reset(struct iavfctl *ctl, const char *pci, uint32_t *generation)
{
	char path[BUS_PATH_SIZE];
	const struct bus_question question = {
		.path = path, .interface = BUS_VF, .member = "Reset", .verb = true,
	};

	*generation = 0;
	bus_path_of(pci, path);
	return bus_ask(ctl, &question, take_generation, generation);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * iavfd's D-Bus half alone, on the system bus, with VFs that do as they are told on stdin, a letter
 * an order: g, a reset of the first; w, it waits; r, it is ready; d, it is degraded; a, another one
 * comes; x, it goes; n, the next change of the configuration is refused; l, the VLANs get lost. The
 * end of stdin is the end. Resets that clients ask for are over at once, and not possible while it
 * waits.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus/bus.h"
#include "policy.h"

static struct bus_vf vfs[2];
static struct bus_object *objects[2];
static struct bus *bus;

static void view_vf(void *vf, struct bus_vf *view)
{
	memcpy(view, vf, sizeof(*view));
}

static void view_manager(void *ctx, struct bus_manager *view)
{
	view->attached = view->ready = 1;
	view->vf_count = 1 + !!objects[1];
}

static void add(unsigned int i)
{
	struct bus_vf *vf = &vfs[i];

	memset(vf, 0, sizeof(*vf));
	snprintf(vf->pci, sizeof(vf->pci), "0000:3b:02.%u", i);
	snprintf(vf->ifname, sizeof(vf->ifname), "eth%u", i);
	vf->id = i + 1;
	vf->generation = 1;
	vf->ifindex = 9;
	vf->state = vf->phase = "ready";
	objects[i] = bus_add(bus, vf);
}

static void obey(char order)
{
	switch (order) {
	case 'g':
		vfs[0].generation++;
		break;
	case 'w':
		vfs[0].state = "resetting";
		vfs[0].phase = "waiting";
		break;
	case 'r':
		vfs[0].state = vfs[0].phase = "ready";
		break;
	case 'd':
		vfs[0].phase = "degraded";
		strcpy(vfs[0].reason, "PF refused");
		break;
	case 'a':
		add(1);
		break;
	case 'x':
		bus_remove(objects[1]);
		objects[1] = NULL;
		break;
	case 'n':
		made_up_refusal();
		break;
	case 'l':
		made_up_loss();
		break;
	}
	bus_changed(objects[0]);
}

static int reset(void *data, char *why, size_t size)
{
	struct bus_vf *vf = data;

	if (strcmp(vf->phase, "ready")) {
		snprintf(why, size, "the VF is %s", vf->phase);
		return -EAGAIN;
	}
	vf->generation++;
	bus_changed(objects[vf - vfs]);
	return 0;
}

static int on_order(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	char order = 0;

	if (read(fd, &order, 1) != 1)
		return sd_event_exit(data, 0);
	obey(order);
	return 0;
}

int main(void)
{
	static struct log log = { .level = LOG_INFO, .fd = STDERR_FILENO };
	struct bus_config config = {
		.version = "0.1.0", .log = &log, .manager = view_manager, .vf = view_vf,
		.reset = reset, .policy = made_up_policy,
	};

	if (sd_event_new(&config.event) < 0)
		return 1;
	bus = bus_new(&config);
	bus_want_name(bus, true);
	add(0);
	if (sd_event_add_io(config.event, NULL, STDIN_FILENO, EPOLLIN, on_order, config.event) < 0)
		return 1;
	return sd_event_loop(config.event) < 0;
}

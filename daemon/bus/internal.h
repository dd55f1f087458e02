/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the bus share; nobody else includes this. */
#ifndef IAVFD_BUS_INTERNAL_H
#define IAVFD_BUS_INTERNAL_H

#include <systemd/sd-bus.h>

#include "bus.h"

#define BUS_ROOT	"/org/iavfd1"
#define BUS_VFS		BUS_ROOT "/vf"
#define BUS_MANAGER_IFACE BUS_NAME ".Manager"
#define BUS_VF_IFACE	BUS_NAME ".VF"
#define BUS_VLAN_IFACE	BUS_VF_IFACE ".Vlan"
#define BUS_RSS_IFACE	BUS_VF_IFACE ".Rss"
#define BUS_LOG		"/org/freedesktop/LogControl1"
#define BUS_LOG_IFACE	"org.freedesktop.LogControl1"

/*
 * Messages that wait to be written. sd-bus itself would take hundreds of thousands. Above the first
 * number nothing is announced any more (it is made up for, in fewer messages) and calls are
 * answered with an error, above the second they are not answered.
 */
#define BUS_QUEUE_SOFT	32
#define BUS_QUEUE_HARD	512

#define BUS_TEXT_MAX	255	/* bytes of a path or a text in a call */

/* Interfaces of a VF. All but the first are there while the PF grants what they are about. */
enum bus_part { BUS_PART_VF, BUS_PART_VLAN, BUS_PART_RSS, BUS_NUM_PARTS };

struct bus_object {
	struct bus *bus;
	struct bus_object *next;
	void *vf;			/* NULL: gone, and perhaps not yet announced */
	char path[sizeof(BUS_VFS) + 32];
	bool announced;			/* clients may know it */
	bool shown[BUS_NUM_PARTS];	/* and these interfaces of it */
	bool dirty;
	struct bus_vf told;		/* what clients were told last */
	struct bus_vf now;		/* scratch for reads; told while it goes */
};

struct bus {
	struct bus_config config;
	sd_bus *link;			/* NULL between two attempts */
	sd_event_source *retry;
	sd_event_source *soon;		/* on when something is to be told */
	sd_event_source *post;		/* on when that has to wait until messages were taken */
	uint64_t pause_us;		/* before the next attempt */
	uint64_t joined_at;		/* us; 0: not on the bus */
	bool want_name, asked_name, named;
	unsigned int refusals;		/* of the name, in a row */
	char trouble[160];		/* said last, so that it is said once */
	struct bus_object *objects;
	struct bus_check *checks;	/* calls that wait for their verdict */
	uint64_t check_us;		/* how long a verdict may take that asks no person */
	uint64_t last_check, denied_at;	/* the latter in us: when a denial was logged last */
	struct bus_wait *waits;		/* calls that wait for the policy */
	bool dirty, manager_dirty;
	struct bus_manager told, now;
};

/* link.c */
/* For so many messages of ours. */
bool bus_has_room(struct bus *bus, unsigned int messages);

/* objects.c: 0 or -errno */
int bus_export(struct bus *bus);
/* What it is now, also for one that goes. */
const struct bus_vf *bus_object_now(struct bus_object *object);
/* The same by its path, also one that goes: sd-bus lists its interfaces to announce that. */
struct bus_object *bus_object_of(struct bus *bus, const char *path);
/* A VF by its path, or by what people call it; NULL: none. Valid until the next event. */
const struct bus_vf *bus_vf_at(struct bus *bus, const char *path);
const struct bus_vf *bus_vf_called(struct bus *bus, const char *name);
/* Of a method's handler. */
struct bus *bus_of(sd_bus_message *call);

/* parts.c */
int bus_export_parts(struct bus *bus);		/* 0 or -errno */
bool bus_part_granted(const struct bus_vf *vf, enum bus_part part);

/* log_control.c: 0 or -errno */
int bus_export_log_control(struct bus *bus);

/* news.c */
int bus_news_start(struct bus *bus);
/* Clients know what is there now: they ask for everything when the name appears. */
void bus_news_baseline(struct bus *bus);
void bus_news_free(struct bus *bus);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* org.iavfd1 as a client sees it, over sd-bus. Errors are -errno. */
#ifndef IAVFCTL_BUS_H
#define IAVFCTL_BUS_H

#include <systemd/sd-bus.h>

#include "whole.h"

#define BUS_NAME	"org.iavfd1"
#define BUS_ROOT	"/org/iavfd1"
#define BUS_MANAGER	BUS_NAME ".Manager"
#define BUS_VF		BUS_NAME ".VF"
#define BUS_TIMEOUT_US	3000000ULL
#define BUS_PERSON_US	125000000ULL	/* a verb: somebody may have to type a password */

/* The system bus, not yet connected; watch: wait for its socket to appear. */
int bus_open(sd_bus **bus, bool watch);

/* A call that does not start a daemon. */
struct bus_call {
	const char *path, *interface, *member;
	const char *argument;		/* NULL: none */
	bool verb;			/* with options; a person may be asked whether we may */
};

/* How long its answer may take. */
uint64_t bus_patience(const struct bus_call *call);
int bus_start_call(sd_bus *bus, sd_bus_slot **slot, const struct bus_call *call,
		   sd_bus_message_handler_t handler, void *data);
/* The same without a verb. */
int bus_ask(sd_bus *bus, sd_bus_slot **slot, const char *path, const char *interface,
	    const char *member, const char *argument, sd_bus_message_handler_t handler, void *data);

/* Wait for its socket or until the time, CLOCK_MONOTONIC in us. 0 also when the time is over. */
int bus_wait(sd_bus *bus, uint64_t until_us);
uint64_t bus_now_us(void);

/* The dictionary a{sv} that comes next, into a VF; what is not in it stays. */
int bus_take_properties(sd_bus_message *message, struct whole_vf *whole, uint64_t our_netns);

/*
 * The dictionary a{sa{sv}} of an object's interfaces that comes next: *vf, NULL when it is no
 * VF.
 */
int bus_take_interfaces(sd_bus_message *message, uint64_t our_netns, struct iavfctl_vf **vf);

/* The answer of GetManagedObjects. */
int bus_take_objects(sd_bus_message *reply, uint64_t our_netns, struct iavfctl_vf ***vfs,
		     size_t *count);

/* "0000_3b_02_0" of "/org/iavfd1/vf/0000_3b_02_0" is this VF's. */
bool bus_is_path_of(const char *path, const char *pci);

#endif

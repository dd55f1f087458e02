/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* org.iavfd1 as a client sees it, over sd-bus. Errors are -errno. */
#ifndef IAVFCTL_BUS_H
#define IAVFCTL_BUS_H

#include <systemd/sd-bus.h>

#include "ctl.h"
#include "whole.h"

#define BUS_NAME	"org.iavfd1"
#define BUS_ROOT	"/org/iavfd1"
#define BUS_MANAGER	BUS_NAME ".Manager"
#define BUS_VF		BUS_NAME ".VF"
#define BUS_TIMEOUT_US	3000000ULL
#define BUS_PERSON_US	125000000ULL	/* a verb: somebody may have to type a password */
#define BUS_CHANGE_US	900000000ULL	/* of VFs, each with a PF that may be slow */

/* The system bus, not yet connected; watch: wait for its socket to appear. */
int bus_open(sd_bus **bus, bool watch);

/* A call of the daemon, with what is there in this order; NULL: not there. */
struct bus_question {
	const char *path, *interface, *member;
	const struct iavfctl_document *documents;	/* a(ss), if with_documents */
	size_t num_documents;
	bool with_documents;
	const char *arguments[2];
	const char *value;		/* a text as variant */
	bool verb;			/* with options; a person may be asked whether we may */
	const char *vf;			/* option; NULL: not given */
	uint32_t confirm;		/* option; 0: not given */
	bool change;			/* that waits for PFs */
};

/* How long its answer may take. */
uint64_t bus_patience_us(const struct bus_question *question);

/* Start a call; it does not start a daemon. */
int bus_call(sd_bus *bus, sd_bus_slot **slot, const struct bus_question *question,
	     sd_bus_message_handler_t handler, void *data);

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

/* The array of interfaces that comes next has that of a VF: others of it come and go alone. */
bool bus_names_vf(sd_bus_message *message);

/* The answer of GetManagedObjects. */
int bus_take_objects(sd_bus_message *reply, uint64_t our_netns, struct iavfctl_vf ***vfs,
		     size_t *count);

/*
 * Ask the daemon and wait for its answer, of which take() makes something (0 or -errno). Errors as
 * iavfctl_daemon(), and USAGE for an argument that the daemon does not take.
 */
enum iavfctl_error bus_ask(struct iavfctl *ctl, const struct bus_question *question,
			   int (*take)(sd_bus_message *reply, void *data), void *data);

/* The object of a VF. */
#define BUS_PATH_SIZE	64
void bus_path_of(const char *pci, char path[BUS_PATH_SIZE]);

/* "0000_3b_02_0" of "/org/iavfd1/vf/0000_3b_02_0" is this VF's. */
bool bus_is_path_of(const char *path, const char *pci);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The D-Bus name org.iavfd1 (docs/spec/org.iavfd1.xml): what the daemon knows, for everybody to
 * read and to be told of. Nothing here waits: a bus that is not there yet, that goes, that is slow
 * or that gives the name to somebody else changes nothing for the VFs.
 *
 * The owner of a VF adds an object for it and says when something about it changed; what it is
 * now is asked for by a callback when somebody reads, and once per turn of the loop to find
 * out which properties have to be announced.
 */
#ifndef IAVFD_BUS_H
#define IAVFD_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "core/log.h"
#include "iavf_netlink.h"

#define BUS_NAME	"org.iavfd1"

#define BUS_VLAN_CTAG	"802.1Q"
#define BUS_VLAN_STAG	"802.1ad"

/* What there is of VLANs and RSS, when the PF granted it; else zeros, and words "". */
struct bus_vlan {
	int granted;
	uint32_t filtered;		/* types that the PF filters: bit 0 802.1Q, bit 1 802.1ad */
	uint32_t budget;		/* filters that the PF takes */
	uint32_t users, wanted, acknowledged, refused;	/* see the XML */
	const char *stripped, *inserted;	/* type, "": none */
};

struct bus_rss {
	int granted;
	int table_configured;		/* is a user's */
	uint32_t key_length, table_length;
	uint32_t hash_function;		/* enum iavf_rss_hfunc */
	uint8_t fields[IAVF_RSS_FLOW_SCTP6 + 1];	/* enum iavf_rss_fields of each flow */
};

/* A VF. Words are static strings; arrays are zero behind their text; 0 and "": not known. */
struct bus_vf {
	char pci[32];			/* "0000:3b:02.0" */
	uint32_t id, generation;
	const char *state;		/* the kernel's word */
	const char *phase;		/* the daemon's */
	char reason[IAVF_MESSAGE_MAX + 1];
	char ifname[16];
	uint32_t ifindex;
	uint64_t netns;			/* inode */
	char mac[18];
	uint32_t mtu, max_mtu;		/* bytes */
	int carrier;			/* 0 or 1; an int because D-Bus has no smaller one */
	uint32_t link_mbps;
	uint32_t rx_queues, tx_queues, max_queues, rx_ring, tx_ring, vectors;
	uint32_t rx_flags, features, features_granted;	/* bits of the uapi header */
	struct bus_failure {
		int32_t err;		/* positive errno, 0: none */
		char text[IAVF_MESSAGE_MAX + 1];
	} last_error;
	int config_valid;		/* what files say of it can be believed */
	char config_reason[256];	/* why not */
	uint32_t attempts;		/* in a row, to get on with a PF that refuses or resets */
	uint64_t next_attempt;		/* CLOCK_MONOTONIC, microseconds; 0: none is put off */
	/* Since the daemon took the VF on; read, never announced. */
	uint64_t sent, received, refused, lost, negotiations, adopted;
	uint64_t answers, answer_us;	/* of the PF, and how long all of them took */
	uint64_t degraded_us;
	struct bus_vlan vlan;
	struct bus_rss rss;
};

/* The daemon itself. */
struct bus_manager {
	uint32_t vf_count;
	int attached;			/* holds the session */
	int ready;			/* the start is over */
	char waiting[200];		/* why there is no session */
	char checkpoint[24];		/* that waits for a confirmation; "": none */
	uint64_t checkpoint_deadline;	/* CLOCK_BOOTTIME, microseconds; 0: none */
};

struct policy;

struct bus_config {
	sd_event *event;
	const char *address;		/* NULL: the system bus */
	const char *version;
	struct log *log;
	void *ctx;
	/* Fill a zeroed view. Cheap, no I/O; ctx, or the vf given to bus_add(). */
	void (*manager)(void *ctx, struct bus_manager *view);
	void (*vf)(void *vf, struct bus_vf *view);
	/*
	 * A reset of that VF, asked of the kernel: 0 or -errno, with a sentence for who asked in
	 * why ("": none). What became of it is in the view later.
	 */
	int (*reset)(void *vf, char *why, size_t size);
	/* Who carries out what is said of the configuration; NULL while there is nobody. */
	struct policy *(*policy)(void *ctx);
};

struct bus;
struct bus_object;			/* one VF */

/* NULL: -ENOMEM. What config points to outlives it. Joins the bus from the loop, when it can. */
struct bus *bus_new(const struct bus_config *config);
/* Leaves at once; nothing is flushed. All objects were removed before. NULL is fine. */
void bus_free(struct bus *bus);

/* Should the name be ours? Only who has the VFs, or nobody has, should. */
void bus_want_name(struct bus *bus, bool want);
/* Try again now what waits for a pause to end, or was refused. */
void bus_retry(struct bus *bus);

/* NULL: no bus or no memory, which the other two take. vf is valid until bus_remove(). */
struct bus_object *bus_add(struct bus *bus, void *vf);
void bus_remove(struct bus_object *object);
/* Something changed. Cheap; announced in the next turn of the loop, all of one VF together. */
void bus_changed(struct bus_object *object);
void bus_manager_changed(struct bus *bus);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What distinguishes one PF (driver and mode) from another, as data. A new profile is a row in
 * profile.c; where behaviour differs and not only numbers, a field says which way.
 */
#ifndef AVFSIM_PF_PROFILE_H
#define AVFSIM_PF_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * VLANs of a VSI: what op 51 answers (VIRTCHNL_VLAN_* bits, protocol.md section 9) and what holds
 * without it.
 */
struct pf_vlan_mode {
	uint32_t filter_outer, filter_inner, filter_init;
	uint32_t strip_outer, strip_inner;
	uint32_t insert_outer, insert_inner;
	uint32_t offload_init;
	bool v1;			/* V1 VLAN is granted to who does not ask for V2 */
	bool v1_filters;		/* its filters do something */
	bool pruning;			/* tagged frames need a filter from the start */
	bool pruning_by_filter;		/* and from the first filter on */
	uint16_t max_vlans_untrusted, max_vlans_trusted;
};

enum pf_port_vlan {			/* from the start, for each VF */
	PF_PORT_VLAN_NONE,
	PF_PORT_VLAN_8100,
	PF_PORT_VLAN_88A8,
};

struct pf_profile {
	const char *name;
	uint32_t minor;			/* of the version it speaks: 1.minor */
	uint32_t caps;			/* what op 3 may grant */
	uint32_t caps_always;		/* granted without being asked for */
	uint16_t default_queues;
	uint16_t max_queues;
	uint16_t max_macs_untrusted;	/* broadcast and own address included */
	const struct pf_vlan_mode *vlan, *vlan_port;	/* without and with a port VLAN */
	enum pf_port_vlan port_vlan;
	bool single_vlan;		/* 0x8100 alone is a tag, and a port VLAN leaves no other */
	uint16_t v1_max_vlans;		/* non-zero, untrusted: more are a success without effect */

	/* Answers */
	bool allowlist;			/* messages outside of granted groups: -64 */
	bool errnos;			/* refusals are Linux errnos, not virtchnl's */
	int32_t no_such_op;		/* status for a message that this PF has no handler for */
	uint8_t missing[4];		/* such messages, though their capability is granted; 0 ends */
	bool spare_vsi;			/* the resource reply has room for one VSI more */
	bool no_sizes;			/* the resource reply says nothing of MTU and RSS */

	/* Behaviour */
	bool link_needs_queues;		/* the link is down as long as no queue is enabled */
	bool tx_by_enable;		/* transmit queues run from op 8, not from op 6 */
	bool empty_ring_used;		/* a ring of length 0 is programmed, not left out */
	bool refusal_stops;		/* a refused op 6 stops all queues */
	bool any_frame;			/* op 6 may name a frame longer than the port's longest */
	/*
	 * Addresses: zero, broadcast and deleting what is not there are refused, an address
	 * counts once for each VLAN, and one that is deleted is forgotten.
	 */
	bool strict_macs;
	bool zero_mac_without_uso;	/* op 3 without USO: the VF's address is forgotten */
	bool add_vlan_strips;		/* V1: each ADD_VLAN switches stripping on */
	bool v1_strips;			/* V1: stripping is on from the start */
	uint64_t deaf_ns;		/* after VFACTIVE op 2 is not heard */
};

/* NULL when there is none of this name. */
const struct pf_profile *pf_profile_find(const char *name);

/* "NAME" or "NAME,untrusted"; NULL: neither. */
const struct pf_profile *pf_profile_parse(const char *text, bool *untrusted);

/* The names in order; NULL behind the last. */
const char *pf_profile_name(unsigned int i);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What distinguishes one PF (driver and mode) from another, as data. A new profile is a row in
 * profile.c; where behaviour differs and not only numbers, a field says which way.
 */
#ifndef AVFSIM_PF_PROFILE_H
#define AVFSIM_PF_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

/* VLAN V2 answers, VIRTCHNL_VLAN_* bits. Source: protocol.md section 9. */
struct pf_vlan_mode {
	uint32_t filter_outer, filter_inner, filter_init;
	uint32_t strip_outer, strip_inner;
	uint32_t insert_outer, insert_inner;
	uint32_t offload_init;
	bool pruning;			/* tagged frames need a filter */
	uint16_t max_vlans_untrusted, max_vlans_trusted;
};

struct pf_profile {
	const char *name;
	uint32_t caps;			/* what op 3 may grant */
	uint32_t caps_always;		/* granted without being asked for */
	uint16_t default_queues;
	uint16_t max_queues;
	uint16_t max_macs_untrusted;	/* broadcast and own address included */
	bool allowlist;			/* messages outside of granted groups: -64 */
	const struct pf_vlan_mode *vlan;
};

/* NULL when there is none of this name. */
const struct pf_profile *pf_profile_find(const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The embedded switch between the VFs: takes a frame as it is on the wire (offloads done),
 * decides by the filters in struct pf_vsi who gets it. Pure, like the PF model.
 */
#ifndef AVFSIM_SWITCH_H
#define AVFSIM_SWITCH_H

#include <stddef.h>
#include <stdint.h>

#include "pf/pf.h"

#define SWITCH_FRAME_MAX	(16 * 1024)

enum switch_drop {		/* why a frame went nowhere (or not to one VF) */
	SWITCH_DROP_NONE,
	SWITCH_DROP_SPOOF_MAC,	/* source address is not the VF's */
	SWITCH_DROP_SPOOF_VLAN,	/* tag without a filter or beside the port VLAN, on transmit */
	SWITCH_DROP_VLAN,	/* tag without a filter or of another port VLAN, on receive */
	SWITCH_DROP_UNKNOWN,	/* nobody has this unicast address */
	SWITCH_DROP_LINK,	/* link down or VSI disabled */
	SWITCH_DROP_RUNT,
	SWITCH_DROP_COUNT,
};

extern const char *const switch_drop_names[SWITCH_DROP_COUNT];

struct switch_ops {
	void *ctx;
	/*
	 * Give a copy of the frame to this VF. The receiver counts rx_* of pf_vsi.stats
	 * itself (it knows whether there was a descriptor).
	 */
	void (*deliver)(void *ctx, unsigned int vf, const uint8_t *frame, size_t len);
};

struct sw {
	struct pf *pf;
	struct switch_ops ops;
	uint64_t drops[PF_MAX_VFS][SWITCH_DROP_COUNT];	/* by sender, for _VLAN by receiver */
	uint8_t tagged[SWITCH_FRAME_MAX], bare[SWITCH_FRAME_MAX];	/* port VLANs put on, taken off */
};

void switch_init(struct sw *sw, struct pf *pf, const struct switch_ops *ops);

/* A frame leaves a VF; no FCS. Counts tx_* of the sender. */
void switch_transmit(struct sw *sw, unsigned int src, const uint8_t *frame, size_t len);

#endif

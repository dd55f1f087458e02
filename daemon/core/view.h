/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel said of a VF so far, in one piece. vf-add tells everything; changed and
 * netdev-ready tell parts, but a VF wants to be told everything when its netdev is there.
 */
#ifndef IAVFD_VIEW_H
#define IAVFD_VIEW_H

#include "vf/vf.h"

struct view {
	struct vf_snapshot snapshot;	/* its lists are copies, below */
	uint8_t *unicast, *multicast;
};

/* Zeroed memory is an empty view. 0 or -ENOMEM: then its lists are the old ones. */
int view_take(struct view *view, const struct vf_snapshot *news);
void view_free(struct view *view);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A VF with the room that its strings point into. */
#ifndef IAVFCTL_WHOLE_H
#define IAVFCTL_WHOLE_H

#include "iavfctl.h"
#include "iavf_netlink.h"

/* The public struct comes first: its address is the object's. */
struct whole_vf {
	struct iavfctl_vf vf;
	char pci[32], ifname[16];
	char degraded[IAVF_MESSAGE_MAX + 1], error[IAVF_MESSAGE_MAX + 1];
	char reason[IAVF_MESSAGE_MAX + 1];
	char config_reason[256];
};

/* A copy with strings of its own; NULL: no memory. */
struct iavfctl_vf *whole_copy(const struct iavfctl_vf *vf);

/* Something that both know is not the same; counters and ages do not count. */
bool whole_differs(const struct iavfctl_vf *a, const struct iavfctl_vf *b);

/* qsort() of pointers to VFs. */
int whole_by_pci(const void *a, const void *b);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the bus shows of a VF: the kernel's part, kept from its messages, and the VF's own. */
#ifndef IAVFD_VIEW_H
#define IAVFD_VIEW_H

#include "bus/bus.h"

struct kernel_message;
struct vf_grant_status;
struct vf_status;

/* vf-add; view is zeroed. */
void view_start(struct bus_vf *view, const struct kernel_message *message);
/* Any later message of this VF. */
void view_message(struct bus_vf *view, const struct kernel_message *message);
/* err of either sign; message may be NULL. */
void view_failure(struct bus_vf *view, int err, const char *message);
/* The VF's part, into a copy of what was kept. */
void view_status(struct bus_vf *view, const struct vf_status *status);
/* What the PF granted, into what was kept: lengths that are not known in a reset stay. */
void view_grant(struct bus_vf *view, const struct vf_grant_status *status);
/* Its configuration's; invalid: why files do not count, NULL: they do. */
void view_config(struct bus_vf *view, const char *invalid);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct vf_io over a session: what a VF orders becomes a message at once. */
#ifndef IAVFD_KERNEL_VF_IO_H
#define IAVFD_KERNEL_VF_IO_H

#include "kernel/session.h"

struct kernel_vf {
	struct session *session;
	uint32_t id;
	char pci[32];
	/* A line about this VF. */
	void (*say)(struct kernel_vf *kvf, int priority, const char *message);
	void (*changed)(struct kernel_vf *kvf);
	/* What the kernel took of the orders that show: features granted, a request's refusal. */
	void (*granted)(struct kernel_vf *kvf, uint32_t features);
	void (*refused)(struct kernel_vf *kvf, int err, const char *message);
};

/* Ask for a VF reset, besides what the VF's logic asks for. 0 or -errno. */
int kernel_vf_reset(struct kernel_vf *kvf, uint32_t generation);

/* Fill io; kvf is its ctx and must outlive the VF. */
void kernel_vf_io(struct kernel_vf *kvf, struct vf_io *io);

#endif

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

/*
 * Have the kernel set mac (NULL: leave it) and mtu (0: leave it) of the netdev, in whichever
 * namespace it is; a netdev-changed tells when it is done. 0 or -errno; -EOPNOTSUPP: the module is
 * too old to set an MTU.
 */
int kernel_vf_netdev(struct kernel_vf *kvf, uint32_t generation, const uint8_t *mac, uint32_t mtu);

/* Fill io; kvf is its ctx and must outlive the VF. */
void kernel_vf_io(struct kernel_vf *kvf, struct vf_io *io);

#endif

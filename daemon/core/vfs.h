/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VFs that the kernel told us of: one entry from vf-add to vf-del, with its logic (struct vf),
 * its timer and its way back to the kernel. Messages come in, in order, between two calls of
 * vfs_pause(); then each VF that was touched runs once.
 */
#ifndef IAVFD_VFS_H
#define IAVFD_VFS_H

#include <stdbool.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "log.h"
#include "seed.h"

struct bus;
struct files;
struct kernel_message;
struct session;
struct vfs;

struct vfs_summary {
	unsigned int total, ready, degraded, failed;
	unsigned int pending;		/* of the start: neither a netdev nor a failure yet */
	char trouble[160];		/* "PCI: sentence" of the first that is not well, "" */
};

struct vfs_config {
	sd_event *event;
	struct session *session;
	const struct seed *seed;
	struct log *log;
	struct bus *bus;		/* NULL: nobody is told */
	struct files *files;		/* NULL: nothing is written */
	uint32_t on_absence, grace_ms;	/* as in struct vf_policy */
	/* A VF came, went or changed; called often, does little. */
	void (*changed)(void *ctx);
	void *ctx;
};

/* NULL: -ENOMEM. What config points to outlives it. */
struct vfs *vfs_new(const struct vfs_config *config);
void vfs_free(struct vfs *vfs);

void vfs_message(struct vfs *vfs, const struct kernel_message *message);
void vfs_pause(struct vfs *vfs);

/* What came so far was there at the start; what comes now is new. */
void vfs_start_is_over(struct vfs *vfs);

/* For struct bus_config and files_config; vf is what bus_add() was given. */
struct bus_vf;
void vfs_view(void *vf, struct bus_vf *view);
int vfs_reset(void *vf, char *why, size_t size);

void vfs_summarise(const struct vfs *vfs, struct vfs_summary *summary);

#endif

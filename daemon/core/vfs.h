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
#include "vf/vf.h"

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
	/* This one did, and nobody is in the middle of it; NULL: nobody wants to know. */
	void (*vf_changed)(void *ctx, const char *pci);
	/* What is said of its configuration, for its view; NULL: nothing. */
	const char *(*invalid)(void *ctx, const char *pci);
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

/* A VF, for who configures it; valid until the next event. */
struct vf_config;
struct vfs_vf {
	const char *pci;
	uint32_t id;
	struct vf *vf;
	struct vf_policy base;		/* its policy when nothing is said of it */
	struct vf_config **limits;	/* a place for what differs from that; freed with the VF */
	bool has_netdev;
	bool mac_known;			/* the host's address, or else the stable one */
	uint8_t mac[6];
	const char *last_error;		/* "": none */
};

/* The i-th of them, or that with this PCI address; false: there is none. */
bool vfs_nth(struct vfs *vfs, unsigned int i, struct vfs_vf *vf);
bool vfs_find(struct vfs *vfs, const char *pci, struct vfs_vf *vf);
/* 0 or -errno */
int vfs_set_policy(struct vfs *vfs, uint32_t id, const struct vf_policy *policy);
/* mac: NULL, as it is; mtu: 0. 0 or -errno; -EOPNOTSUPP: a module too old to set an MTU. */
int vfs_netdev_update(struct vfs *vfs, uint32_t id, const uint8_t *mac, uint32_t mtu);
/* What is known of its configuration changed. */
void vfs_told(struct vfs *vfs, const char *pci);

void vfs_summarise(const struct vfs *vfs, struct vfs_summary *summary);

#endif

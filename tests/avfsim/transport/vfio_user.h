/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vfio-user server: one PCI device on one unix socket, one client at a time.
 * It knows the protocol and nothing of the device. Source: device.md, "vfio-user as QEMU
 * speaks it", and the kernel's linux/vfio.h for the payloads.
 */
#ifndef AVFSIM_TRANSPORT_VFIO_USER_H
#define AVFSIM_TRANSPORT_VFIO_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport/loop.h"

#define VFU_NUM_REGIONS	9
#define VFU_NUM_IRQS	5
#define VFU_MAX_ACCESS	4096	/* bytes of one region access */

struct vfu_info {
	uint64_t region_size[VFU_NUM_REGIONS];	/* 0 = not there */
	uint32_t irq_count[VFU_NUM_IRQS];
};

/* What the device does; each int is 0 or -errno and becomes the reply. */
struct vfu_ops {
	/* Access within the region's size; len is 1..VFU_MAX_ACCESS. */
	int (*region_read)(void *ctx, unsigned int region, uint64_t off, void *buf, size_t len);
	int (*region_write)(void *ctx, unsigned int region, uint64_t off, const void *buf,
			    size_t len);
	/* fd is -1 for memory without a file; it stays the caller's. */
	int (*dma_map)(void *ctx, uint64_t iova, uint64_t size, bool readable, bool writable,
		       int fd, uint64_t offset);
	int (*dma_unmap)(void *ctx, uint64_t iova, uint64_t size, bool all);
	/* An eventfd for an interrupt, which the device owns from now on; -1 takes it away. */
	int (*set_irq)(void *ctx, unsigned int index, unsigned int vector, int fd);
	/* The client fires an interrupt by hand (ACTION_TRIGGER without eventfd). */
	int (*trigger_irq)(void *ctx, unsigned int index, unsigned int vector);
	int (*reset)(void *ctx);
	/* The client is gone: its memory and eventfds are no longer ours. */
	void (*disconnected)(void *ctx);
};

struct vfu;

/* Listen on path (an old socket there is replaced). NULL with errno. */
struct vfu *vfu_new(struct loop *loop, const char *path, const struct vfu_info *info,
		    const struct vfu_ops *ops, void *ctx);
void vfu_free(struct vfu *vfu);

bool vfu_connected(const struct vfu *vfu);
uint64_t vfu_bad_messages(const struct vfu *vfu);	/* answered with an error or dropped */

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to guest memory. Each access names the extent that the driver posted
 * (a ring, a buffer); an access outside of it, outside of what the client mapped, against the
 * map's permissions or after an unmap is reported as an error and not carried out.
 */
#ifndef AVFSIM_HW_DMA_H
#define AVFSIM_HW_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DMA_MAX_MAPS	262143	/* two sets of 16 rings of 4,096 pages, and what is beside them */
#define DMA_HISTORY	128

/* What the driver allowed the device to touch. */
struct dma_extent {
	uint64_t base, len;
	const char *name;	/* "Rx ring 3", for the sentence */
};

struct dma_map {
	uint64_t iova, size;
	uint8_t *host;		/* NULL: no memory behind it */
	bool readable, writable;
};

struct dma_backing;

struct dma {
	struct dma_map *maps;	/* sorted by address, not overlapping; somewhere in buffer */
	struct dma_map *buffer;
	size_t num, room;
	struct dma_backing *backings;
	bool bus_master;
	struct { uint64_t iova, size; } unmapped[DMA_HISTORY];	/* newest at unmapped_at - 1 */
	unsigned int unmapped_at;
	uint64_t reads, writes, bytes_read, bytes_written;
	uint64_t blocked;	/* not carried out, as bus mastering is off: no error here */
	uint64_t bad;
	void *ctx;
	void (*error)(void *ctx, const char *sentence);
};

void dma_init(struct dma *dma, void (*error)(void *ctx, const char *sentence), void *ctx);
void dma_fini(struct dma *dma);

/* fd -1 = no memory behind it. 0, -EEXIST on overlap, -EINVAL, -ENOSPC, -ENOMEM. */
int dma_map(struct dma *dma, uint64_t iova, uint64_t size, bool readable, bool writable, int fd,
	    uint64_t offset);
/* Unmap whatever lies in the range, cutting maps at its ends. */
int dma_unmap(struct dma *dma, uint64_t iova, uint64_t size);
void dma_unmap_all(struct dma *dma);

/* All or nothing; false = not carried out. */
bool dma_read(struct dma *dma, const struct dma_extent *extent, uint64_t addr, void *buf,
	      size_t len);
bool dma_write(struct dma *dma, const struct dma_extent *extent, uint64_t addr, const void *buf,
	       size_t len);

/* May the device write all of the extent? For a buffer that is posted but only partly used. */
bool dma_check_writable(struct dma *dma, const struct dma_extent *extent);

/* The same, and nobody is told. */
bool dma_may(const struct dma *dma, const struct dma_extent *extent, bool write);

/* Order earlier writes before later ones for a driver on another processor. */
static inline void dma_wmb(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

#endif

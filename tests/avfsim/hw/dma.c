// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/dma.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file mapped once, however many maps point into it: with an IOMMU they come and go. */
struct dma_backing {
	struct dma_backing *next;
	dev_t dev;
	ino_t ino;
	uint64_t size;
	uint8_t *host;
	bool writable;
};

void dma_init(struct dma *dma, void (*error)(void *ctx, const char *sentence), void *ctx)
{
	*dma = (struct dma){ .error = error, .ctx = ctx };
}

void dma_unmap_all(struct dma *dma)
{
	while (dma->backings) {
		struct dma_backing *b = dma->backings;

		dma->backings = b->next;
		munmap(b->host, b->size);
		free(b);
	}
	dma->num = 0;
}

void dma_fini(struct dma *dma)
{
	dma_unmap_all(dma);
	free(dma->buffer);
	dma->buffer = dma->maps = NULL;
	dma->room = 0;
}

static struct dma_backing *backing_map(const struct stat *st, int fd)
{
	struct dma_backing *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->dev = st->st_dev;
	b->ino = st->st_ino;
	b->size = st->st_size;
	b->writable = true;
	b->host = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (b->host == MAP_FAILED) {
		b->writable = false;
		b->host = mmap(NULL, b->size, PROT_READ, MAP_SHARED, fd, 0);
	}
	if (b->host == MAP_FAILED) {
		free(b);
		return NULL;
	}
	return b;
}

/* The file's mapping that covers at least end bytes; NULL with *err. */
static struct dma_backing *backing_get(struct dma *dma, int fd, uint64_t offset, uint64_t size,
				       int *err)
{
	struct dma_backing *b;
	struct stat st;

	*err = -EINVAL;
	if (fstat(fd, &st) || st.st_size <= 0 || offset > (uint64_t)st.st_size ||
	    size > (uint64_t)st.st_size - offset)
		return NULL;
	for (b = dma->backings; b; b = b->next)
		if (b->dev == st.st_dev && b->ino == st.st_ino && offset + size <= b->size)
			return b;
	*err = -ENOMEM;
	b = backing_map(&st, fd);
	if (!b)
		return NULL;
	b->next = dma->backings;
	dma->backings = b;
	return b;
}

/* Index of the first map that ends behind addr. */
static size_t lower_bound(const struct dma *dma, uint64_t addr)
{
	size_t low = 0, high = dma->num;

	while (low < high) {
		size_t mid = (low + high) / 2;
		const struct dma_map *m = &dma->maps[mid];

		if (m->iova + (m->size - 1) < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Into the middle of a larger array: addresses are given out downwards, or upwards. */
static int make_room(struct dma *dma)
{
	size_t room = 3 * dma->num + 64;
	struct dma_map *buffer = malloc(room * sizeof(*buffer)), *maps;

	if (!buffer)
		return -ENOMEM;
	maps = buffer + (room - dma->num) / 2;
	if (dma->num)
		memcpy(maps, dma->maps, dma->num * sizeof(*maps));
	free(dma->buffer);
	dma->buffer = buffer;
	dma->maps = maps;
	dma->room = room;
	return 0;
}

static int insert(struct dma *dma, size_t at, const struct dma_map *map)
{
	size_t before = dma->maps - dma->buffer, behind = dma->room - before - dma->num;
	bool front = at < dma->num / 2;

	if (dma->num == DMA_MAX_MAPS)
		return -ENOSPC;
	if (!(front ? before : behind) && make_room(dma))
		return -ENOMEM;
	if (front)
		memmove(dma->maps - 1, dma->maps, at * sizeof(*map));
	else
		memmove(&dma->maps[at + 1], &dma->maps[at], (dma->num - at) * sizeof(*map));
	dma->maps -= front;
	dma->maps[at] = *map;
	dma->num++;
	return 0;
}

/* From at to before end. */
static void take_out(struct dma *dma, size_t at, size_t end)
{
	size_t n = end - at;

	if (!n)
		return;
	if (at < dma->num - end) {
		memmove(dma->maps + n, dma->maps, at * sizeof(*dma->maps));
		dma->maps += n;
	} else {
		memmove(&dma->maps[at], &dma->maps[end], (dma->num - end) * sizeof(*dma->maps));
	}
	dma->num -= n;
}

int dma_map(struct dma *dma, uint64_t iova, uint64_t size, bool readable, bool writable, int fd,
	    uint64_t offset)
{
	struct dma_map map = { iova, size, NULL, readable, writable };
	size_t at = lower_bound(dma, iova);
	int err;

	if (!size || iova + (size - 1) < iova)
		return -EINVAL;
	if (at < dma->num && dma->maps[at].iova <= iova + (size - 1))
		return -EEXIST;
	if (fd >= 0) {
		struct dma_backing *b = backing_get(dma, fd, offset, size, &err);

		if (!b)
			return err;
		map.host = b->host + offset;
		map.writable &= b->writable;
	}
	return insert(dma, at, &map);
}

static void remember(struct dma *dma, uint64_t iova, uint64_t size)
{
	dma->unmapped[dma->unmapped_at % DMA_HISTORY].iova = iova;
	dma->unmapped[dma->unmapped_at % DMA_HISTORY].size = size;
	dma->unmapped_at++;
}

/* Cut the part of maps[at] up to last (inclusive) off; false = something remains of it. */
static bool trim_front(struct dma_map *m, uint64_t last)
{
	uint64_t cut = last - m->iova + 1;

	if (last >= m->iova + (m->size - 1))
		return true;
	if (m->host)
		m->host += cut;
	m->iova += cut;
	m->size -= cut;
	return false;
}

int dma_unmap(struct dma *dma, uint64_t iova, uint64_t size)
{
	uint64_t last = iova + (size - 1);
	size_t at = lower_bound(dma, iova), end;

	if (!size || last < iova)
		return -EINVAL;
	remember(dma, iova, size);
	if (at < dma->num && dma->maps[at].iova < iova) {
		struct dma_map rest = dma->maps[at];
		int err;

		/* Split it at iova; the second half is dealt with below. */
		trim_front(&rest, iova - 1);
		err = insert(dma, at + 1, &rest);
		if (err)
			return err;
		dma->maps[at].size = iova - dma->maps[at].iova;
		at++;
	}
	for (end = at; end < dma->num && dma->maps[end].iova <= last; end++)
		if (!trim_front(&dma->maps[end], last))
			break;
	take_out(dma, at, end);
	return 0;
}

static bool was_unmapped(const struct dma *dma, uint64_t addr)
{
	for (unsigned int i = 0; i < DMA_HISTORY; i++)
		if (addr - dma->unmapped[i].iova < dma->unmapped[i].size)
			return true;
	return false;
}

static bool fail(struct dma *dma, const struct dma_extent *extent, bool write, uint64_t addr,
		 size_t len, const char *why)
{
	char text[256];

	dma->bad++;
	snprintf(text, sizeof(text), "%s of %zu bytes at 0x%" PRIx64 " (%s, 0x%" PRIx64
		 " + %" PRIu64 "): %s", write ? "write" : "read", len, addr, extent->name,
		 extent->base, extent->len, why);
	dma->error(dma->ctx, text);
	return false;
}

/* NULL, or what is wrong with this access. */
static const char *check(const struct dma *dma, const struct dma_extent *extent, bool write,
			 uint64_t addr, size_t len)
{
	size_t at = lower_bound(dma, addr);
	uint64_t next = addr;

	if (addr < extent->base || addr - extent->base > extent->len ||
	    len > extent->len - (addr - extent->base))
		return "outside of what the driver posted";
	if (addr + len < addr)
		return "wraps around the address space";
	for (; next < addr + len; at++) {
		const struct dma_map *m = &dma->maps[at];

		if (at == dma->num || m->iova > next)
			return was_unmapped(dma, next) ? "unmapped before" : "not mapped";
		if (!m->host)
			return "no memory behind this map";
		if (write ? !m->writable : !m->readable)
			return write ? "map is read-only" : "map is not readable";
		next = m->iova + m->size;
		if (!next)
			break;
	}
	return NULL;
}

static void copy(struct dma *dma, bool write, uint64_t addr, uint8_t *buf, size_t len)
{
	for (size_t at = lower_bound(dma, addr); len; at++) {
		const struct dma_map *m = &dma->maps[at];
		uint64_t off = addr - m->iova;
		size_t n = len < m->size - off ? len : m->size - off;

		if (write)
			memcpy(m->host + off, buf, n);
		else
			memcpy(buf, m->host + off, n);
		addr += n;
		buf += n;
		len -= n;
	}
}

static bool access_memory(struct dma *dma, const struct dma_extent *extent, bool write,
			  uint64_t addr, void *buf, size_t len)
{
	const char *why;

	if (!dma->bus_master) {
		dma->blocked++;
		return false;
	}
	why = check(dma, extent, write, addr, len);
	if (why)
		return fail(dma, extent, write, addr, len, why);
	copy(dma, write, addr, buf, len);
	return true;
}

bool dma_read(struct dma *dma, const struct dma_extent *extent, uint64_t addr, void *buf,
	      size_t len)
{
	dma->reads++;
	dma->bytes_read += len;
	return access_memory(dma, extent, false, addr, buf, len);
}

bool dma_write(struct dma *dma, const struct dma_extent *extent, uint64_t addr, const void *buf,
	       size_t len)
{
	dma->writes++;
	dma->bytes_written += len;
	return access_memory(dma, extent, true, addr, (void *)(uintptr_t)buf, len);
}

bool dma_check_writable(struct dma *dma, const struct dma_extent *extent)
{
	const char *why = check(dma, extent, true, extent->base, extent->len);

	return why ? fail(dma, extent, true, extent->base, extent->len, why) : true;
}

bool dma_may(const struct dma *dma, const struct dma_extent *extent, bool write)
{
	return !check(dma, extent, write, extent->base, extent->len);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/io_uring.h>

#include "ring.h"

#define ENTRIES	16

struct ring {
	int fd;
	struct io_uring_params p;
	char *sq;
	struct io_uring_sqe *sqes;
	size_t sq_size, sqes_size;
};

static int open_ring(struct ring *r)
{
	memset(r, 0, sizeof(*r));
	r->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &r->p);
	if (r->fd < 0)
		return -1;
	r->sq_size = r->p.sq_off.array + r->p.sq_entries * sizeof(uint32_t);
	r->sqes_size = r->p.sq_entries * sizeof(*r->sqes);
	r->sq = mmap(NULL, r->sq_size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
	r->sqes = mmap(NULL, r->sqes_size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQES);
	return r->sq == MAP_FAILED || r->sqes == MAP_FAILED ? -1 : 0;
}

static void close_ring(struct ring *r)
{
	if (r->fd < 0)
		return;
	close(r->fd);
	if (r->sq && r->sq != MAP_FAILED)
		munmap(r->sq, r->sq_size);
	if (r->sqes && (void *)r->sqes != MAP_FAILED)
		munmap(r->sqes, r->sqes_size);
}

static void queue(struct ring *r, unsigned int i, const struct io_uring_sqe *sqe)
{
	uint32_t *tail = (uint32_t *)(r->sq + r->p.sq_off.tail), *array = (uint32_t *)(r->sq + r->p.sq_off.array);

	r->sqes[i] = *sqe;
	array[i] = i;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
}

unsigned int ring_junk(int fd, const void *msg, size_t len, void *buf, size_t size, uint32_t seed)
{
	unsigned int n = 1 + seed % ENTRIES, word = seed;
	struct ring r;
	long got;

	if (open_ring(&r)) {
		close_ring(&r);
		return 0;
	}
	for (unsigned int i = 0; i < n; i++) {
		struct io_uring_sqe sqe = { .fd = fd, .user_data = i + 1, .flags = rand_r(&word) % 2 ? IOSQE_ASYNC : 0 };

		switch (rand_r(&word) % 4) {
		case 0:
			sqe.opcode = IORING_OP_WRITE;
			sqe.addr = (uint64_t)(uintptr_t)msg;
			sqe.len = (uint32_t)len;
			break;
		case 1:
			sqe.opcode = IORING_OP_READ;
			sqe.addr = (uint64_t)(uintptr_t)buf;
			sqe.len = (uint32_t)size;
			break;
		case 2:
			sqe.opcode = IORING_OP_POLL_ADD;
			sqe.poll32_events = POLLIN;
			break;
		default:
			sqe.opcode = IORING_OP_ASYNC_CANCEL;
			sqe.addr = 1 + (uint32_t)rand_r(&word) % ENTRIES;
			sqe.fd = -1;
		}
		queue(&r, i, &sqe);
	}
	/* what is not done when the ring is closed is cancelled then */
	got = syscall(SYS_io_uring_enter, r.fd, n, 0, 0, NULL, 0);
	if (rand_r(&word) % 2)
		usleep((useconds_t)rand_r(&word) % 2000);
	close_ring(&r);
	return got > 0 ? (unsigned int)got : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As much of io_uring as a test of a descriptor needs. */
#ifndef USER_RING_H
#define USER_RING_H

#include <stddef.h>
#include <stdint.h>

/*
 * Writes msg, reads into buf and polls, asynchronously and in an order of seed; some are cancelled, some are still under way when
 * the ring goes. How many were submitted; 0 where the kernel has no io_uring.
 */
unsigned int ring_junk(int fd, const void *msg, size_t len, void *buf, size_t size, uint32_t seed);

#endif

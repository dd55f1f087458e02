/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers out of an input; behind its end all are 0. */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *at;
	size_t left;
};

static inline uint64_t take(struct bytes *in, unsigned int n)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < n && in->left; i++, in->left--)
		value |= (uint64_t)*in->at++ << 8 * i;
	return value;
}

#endif

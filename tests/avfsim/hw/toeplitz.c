// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/toeplitz.h"

#include "hw/bytes.h"

uint32_t toeplitz_hash(const uint8_t *key, const uint8_t *input, size_t len)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < len; i++) {
		/* The 39 key bits that the eight windows of this byte see. */
		uint64_t window = (uint64_t)get_be32(key + i) << 8 | key[i + 4];

		for (int bit = 7; bit >= 0; bit--)
			if (input[i] >> bit & 1)
				hash ^= (uint32_t)(window >> (bit + 1));
	}
	return hash;
}

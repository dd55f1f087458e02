/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads and stores of known byte order at any alignment. */
#ifndef AVFSIM_HW_BYTES_H
#define AVFSIM_HW_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define BYTES_ACCESSORS(bits, order) \
	static inline uint##bits##_t get_##order##bits(const void *p) \
	{ \
		uint##bits##_t v; \
		memcpy(&v, p, sizeof(v)); \
		return order##bits##toh(v); \
	} \
	static inline void put_##order##bits(void *p, uint##bits##_t v) \
	{ \
		v = hto##order##bits(v); \
		memcpy(p, &v, sizeof(v)); \
	}

BYTES_ACCESSORS(16, le)
BYTES_ACCESSORS(32, le)
BYTES_ACCESSORS(64, le)
BYTES_ACCESSORS(16, be)
BYTES_ACCESSORS(32, be)

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/csum.h"

#include <string.h>

#include "hw/bytes.h"

uint64_t csum_add(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t a = 0, b = 0;

	for (; len >= 16; len -= 16, p += 16) {
		uint64_t v, w;

		memcpy(&v, p, 8);
		memcpy(&w, p + 8, 8);
		a += (v & 0xffffffff) + (w & 0xffffffff);
		b += (v >> 32) + (w >> 32);
	}
	for (; len >= 2; len -= 2, p += 2) {
		uint16_t v;

		memcpy(&v, p, 2);
		a += v;
	}
	if (len) {
		const uint8_t last[2] = { *p, 0 };
		uint16_t v;

		memcpy(&v, last, 2);
		a += v;
	}
	/* Fold to 32 bits so that sums of many pieces cannot overflow. */
	a = (a & 0xffffffff) + (a >> 32);
	b = (b & 0xffffffff) + (b >> 32);
	return sum + a + b;
}

uint16_t csum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint64_t csum_pseudo(unsigned int ip_version, const uint8_t *src, const uint8_t *dst,
		     uint8_t proto, uint32_t len)
{
	size_t addr = ip_version == 4 ? 4 : 16;
	uint8_t tail[8] = { 0 };
	uint64_t sum;

	put_be32(tail, len);
	tail[7] = proto;
	sum = csum_add(0, src, addr);
	sum = csum_add(sum, dst, addr);
	return csum_add(sum, tail, sizeof(tail));
}

static uint32_t crc_reflected(uint32_t crc, uint32_t poly, const uint8_t *p, size_t len)
{
	crc = ~crc;
	while (len--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? poly : 0);
	}
	return ~crc;
}

uint32_t crc32c(uint32_t crc, const void *data, size_t len)
{
	return crc_reflected(crc, 0x82f63b78, data, len);
}

uint32_t crc32_ethernet(const void *data, size_t len)
{
	return crc_reflected(0, 0xedb88320, data, len);
}

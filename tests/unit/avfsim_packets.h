/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds frames for the tests of the emulated hardware. */
#ifndef AVFSIM_PACKETS_H
#define AVFSIM_PACKETS_H

#include <stddef.h>
#include <stdint.h>

#include "hw/bytes.h"
#include "hw/csum.h"

static inline size_t packet_eth(uint8_t *p, uint16_t type)
{
	static const uint8_t addresses[12] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };

	memcpy(p, addresses, 12);
	put_be16(p + 12, type);
	return 14;
}

static inline size_t packet_tag(uint8_t *p, uint16_t tci, uint16_t type)
{
	put_be16(p, tci);
	put_be16(p + 2, type);
	return 4;
}

/* len: of the payload. */
static inline size_t packet_ipv4(uint8_t *p, uint8_t proto, size_t len)
{
	uint16_t sum;

	memset(p, 0, 20);
	p[0] = 0x45;
	put_be16(p + 2, 20 + len);
	put_be16(p + 4, 0x1234);
	p[8] = 64;
	p[9] = proto;
	put_be32(p + 12, 0x0a000001);
	put_be32(p + 16, 0x0a000002);
	sum = csum_fold(csum_add(0, p, 20));
	memcpy(p + 10, &sum, 2);
	return 20;
}

static inline size_t packet_ipv6(uint8_t *p, uint8_t next, size_t len)
{
	memset(p, 0, 40);
	p[0] = 0x60;
	put_be16(p + 4, len);
	p[6] = next;
	p[7] = 64;
	p[8] = 0xfd;
	p[23] = 1;
	p[24] = 0xfd;
	p[39] = 2;
	return 40;
}

static inline size_t packet_udp(uint8_t *p, uint16_t dport, size_t len)
{
	put_be16(p, 4000);
	put_be16(p + 2, dport);
	put_be16(p + 4, 8 + len);
	put_be16(p + 6, 0);
	return 8;
}

static inline size_t packet_tcp(uint8_t *p, uint32_t seq, uint8_t flags)
{
	memset(p, 0, 20);
	put_be16(p, 4000);
	put_be16(p + 2, 80);
	put_be32(p + 4, seq);
	p[12] = 5 << 4;
	p[13] = flags;
	put_be16(p + 14, 0xffff);
	return 20;
}

static inline void packet_payload(uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(i * 7 + 3);
}

/* Put the complete checksum of an L4 header into its field. */
static inline void packet_l4_csum(uint8_t *ip, size_t ip_len, size_t l4_len, size_t field,
				  uint8_t proto)
{
	unsigned int version = ip[0] >> 4;
	uint8_t *src = ip + (version == 4 ? 12 : 8), *l4 = ip + ip_len;
	uint64_t sum;
	uint16_t value;

	memset(l4 + field, 0, 2);
	sum = csum_pseudo(version, src, src + (version == 4 ? 4 : 16), proto, l4_len);
	value = csum_fold(csum_add(sum, l4, l4_len));
	memcpy(l4 + field, &value, 2);
}

/* Leave the pseudo header's sum over this length in the field, as a driver does. */
static inline void packet_seed(uint8_t *ip, size_t ip_len, size_t l4_len, size_t field,
			       uint8_t proto)
{
	unsigned int version = ip[0] >> 4;
	uint8_t *src = ip + (version == 4 ? 12 : 8);
	uint16_t value = ~csum_fold(csum_pseudo(version, src, src + (version == 4 ? 4 : 16),
						proto, l4_len));

	memcpy(ip + ip_len + field, &value, 2);
}

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/* The verification suite of the RSS hash that Microsoft publishes for NDIS drivers. */
#include "hw/toeplitz.h"

#include <arpa/inet.h>

#include "hw/bytes.h"
#include "hw/rss.h"
#include "test.h"

static const uint8_t key[PF_RSS_KEY_SIZE] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

struct vector {
	const char *src, *dst;
	uint16_t sport, dport;
	uint32_t ip_hash, tcp_hash;
};

static const struct vector v4[] = {
	{ "66.9.149.187", "161.142.100.80", 2794, 1766, 0x323e8fc2, 0x51ccc178 },
	{ "199.92.111.2", "65.69.140.83", 14230, 4739, 0xd718262a, 0xc626b0ea },
	{ "24.19.198.95", "12.22.207.184", 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
	{ "38.27.205.30", "209.142.163.6", 48228, 2217, 0x82989176, 0xafc7327f },
	{ "153.39.163.191", "202.188.127.2", 44251, 1303, 0x5d1809c5, 0x10e828a2 },
};

static const struct vector v6[] = {
	{ "3ffe:2501:200:1fff::7", "3ffe:2501:200:3::1", 2794, 1766, 0x2cc18cd5, 0x40207d3d },
	{ "3ffe:501:8::260:97ff:fe40:efab", "ff02::1", 14230, 4739, 0x0f0c461c, 0xdde51bbf },
	{ "3ffe:1900:4545:3:200:f8ff:fe21:67cf", "fe80::200:f8ff:fe21:67cf", 44251, 38024,
	  0x4b61e985, 0x02d1feef },
};

static void check_vector(const struct vector *v, int family)
{
	size_t addr = family == AF_INET ? 4 : 16;
	uint8_t input[36];

	CHECK_EQ(inet_pton(family, v->src, input), 1);
	CHECK_EQ(inet_pton(family, v->dst, input + addr), 1);
	put_be16(input + 2 * addr, v->sport);
	put_be16(input + 2 * addr + 2, v->dport);
	CHECK_EQ(toeplitz_hash(key, input, 2 * addr), v->ip_hash);
	CHECK_EQ(toeplitz_hash(key, input, 2 * addr + 4), v->tcp_hash);
}

static void ipv4_vectors(void)
{
	for (size_t i = 0; i < sizeof(v4) / sizeof(v4[0]); i++)
		check_vector(&v4[i], AF_INET);
}

static void ipv6_vectors(void)
{
	for (size_t i = 0; i < sizeof(v6) / sizeof(v6[0]); i++)
		check_vector(&v6[i], AF_INET6);
}

/* A TCP packet of the first vector as the parser would describe it. */
static struct pkt tcp_packet(uint8_t *frame)
{
	struct pkt pkt = { .outer = { .version = 4, .l4 = PKT_TCP, .off = 14, .l4_off = 34,
				      .end = 54 } };

	memset(frame, 0, 54);
	inet_pton(AF_INET, v4[0].src, frame + 26);
	inet_pton(AF_INET, v4[0].dst, frame + 30);
	put_be16(frame + 34, v4[0].sport);
	put_be16(frame + 36, v4[0].dport);
	return pkt;
}

static void hash_follows_enables(void)
{
	static struct pf_vsi vsi;
	uint8_t frame[54];
	struct pkt pkt = tcp_packet(frame);
	uint32_t hash;

	memcpy(vsi.rss_key, key, sizeof(vsi.rss_key));
	vsi.rss_symmetric = false;
	vsi.rss_hena = 1ull << 33;
	CHECK(rss_hash(&vsi, &pkt, frame, &hash));
	CHECK_EQ(hash, v4[0].tcp_hash);
	vsi.rss_hena = 1ull << 31;
	CHECK(!rss_hash(&vsi, &pkt, frame, &hash));
	pkt.outer.l4 = PKT_FRAG;
	vsi.rss_hena = 1ull << 36;
	CHECK(rss_hash(&vsi, &pkt, frame, &hash));
	CHECK_EQ(hash, v4[0].ip_hash);
	pkt.outer.version = 0;
	CHECK(!rss_hash(&vsi, &pkt, frame, &hash));
}

static uint32_t hash_of(const struct pf_vsi *vsi, const struct pkt *pkt, const uint8_t *frame)
{
	uint32_t hash = 0;

	CHECK(rss_hash(vsi, pkt, frame, &hash));
	return hash;
}

static uint32_t plain_hash(const void *a, size_t a_len, const void *b, size_t b_len)
{
	uint8_t input[16];

	memcpy(input, a, a_len);
	memcpy(input + a_len, b, b_len);
	return toeplitz_hash(key, input, a_len + b_len);
}

/* Advanced RSS: the chosen fields one behind the other, whatever the hash enables say. */
static void fields_are_chosen(void)
{
	static struct pf_vsi vsi;
	uint8_t frame[54];
	struct pkt pkt = tcp_packet(frame);

	memcpy(vsi.rss_key, key, sizeof(vsi.rss_key));
	vsi.rss_fields[PF_RSS_UDP4] = PF_RSS_SRC_IP;
	vsi.rss_fields[PF_RSS_TCP6] = PF_RSS_SRC_IP;
	vsi.rss_hena = 1ull << 33;
	CHECK_EQ(hash_of(&vsi, &pkt, frame), v4[0].tcp_hash);
	vsi.rss_hena = 0;
	vsi.rss_fields[PF_RSS_TCP4] = 3;
	CHECK_EQ(hash_of(&vsi, &pkt, frame), v4[0].ip_hash);
	vsi.rss_fields[PF_RSS_TCP4] = 15;
	CHECK_EQ(hash_of(&vsi, &pkt, frame), v4[0].tcp_hash);
	vsi.rss_fields[PF_RSS_TCP4] = PF_RSS_DST_IP | PF_RSS_SRC_PORT;
	CHECK_EQ(hash_of(&vsi, &pkt, frame), plain_hash(frame + 30, 4, frame + 34, 2));
	vsi.rss_fields[PF_RSS_TCP4] = PF_RSS_DST_PORT;
	CHECK_EQ(hash_of(&vsi, &pkt, frame), plain_hash(frame + 36, 2, frame, 0));
	/* Of one of two there is nothing to XOR; a flow may be set not to be symmetric. */
	vsi.rss_symmetric = true;
	CHECK_EQ(hash_of(&vsi, &pkt, frame), plain_hash(frame + 36, 2, frame, 0));
	vsi.rss_fields[PF_RSS_TCP4] = 15;
	CHECK(hash_of(&vsi, &pkt, frame) != v4[0].tcp_hash);
	vsi.rss_plain[PF_RSS_TCP4] = true;
	CHECK_EQ(hash_of(&vsi, &pkt, frame), v4[0].tcp_hash);
}

static void symmetric_hash(void)
{
	static struct pf_vsi vsi;
	uint8_t frame[54], swapped[54];
	struct pkt pkt = tcp_packet(frame);
	uint32_t a, b;

	memcpy(vsi.rss_key, key, sizeof(vsi.rss_key));
	vsi.rss_symmetric = true;
	vsi.rss_hena = 1ull << 33;
	memcpy(swapped, frame, sizeof(frame));
	memcpy(swapped + 26, frame + 30, 4);
	memcpy(swapped + 30, frame + 26, 4);
	memcpy(swapped + 34, frame + 36, 2);
	memcpy(swapped + 36, frame + 34, 2);
	CHECK(rss_hash(&vsi, &pkt, frame, &a));
	CHECK(rss_hash(&vsi, &pkt, swapped, &b));
	CHECK_EQ(a, b);
}

static const struct test_case cases[] = {
	{ "toeplitz: IPv4 vectors", ipv4_vectors },
	{ "toeplitz: IPv6 vectors", ipv6_vectors },
	{ "rss: hash enables choose the fields", hash_follows_enables },
	{ "rss: chosen fields", fields_are_chosen },
	{ "rss: symmetric", symmetric_hash },
};

TEST_MAIN(cases)

// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/parse.h"

#include "avfsim_packets.h"
#include "test.h"

static uint8_t frame[2048];
static struct pkt pkt;

static size_t tcp4(uint16_t num_tags)
{
	size_t at = packet_eth(frame, num_tags ? 0x8100 : 0x0800), ip;

	if (num_tags == 2)
		at += packet_tag(frame + at, 5, 0x8100);
	if (num_tags)
		at += packet_tag(frame + at, 7, 0x0800);
	ip = at;
	at += packet_ipv4(frame + at, 6, 20 + 100);
	at += packet_tcp(frame + at, 1, 0x18);
	packet_payload(frame + at, 100);
	packet_l4_csum(frame + ip, 20, 120, 16, 6);
	return at + 100;
}

static void tcp_over_ipv4(void)
{
	size_t len = tcp4(0);

	pkt_parse(&pkt, frame, len);
	CHECK_EQ(pkt.ptype, 26);
	CHECK_EQ(pkt.outer.version, 4);
	CHECK(!pkt.outer.bad_csum && pkt.l4_checked && !pkt.l4_bad);
	CHECK_EQ(pkt.outer.l4_off, 34);
	/* Ethernet padding is not part of the packet. */
	pkt_parse(&pkt, frame, len + 6);
	CHECK(!pkt.l4_bad);
}

static void bad_checksums(void)
{
	size_t len = tcp4(0);

	frame[len - 1] ^= 1;
	pkt_parse(&pkt, frame, len);
	CHECK(pkt.l4_bad && !pkt.outer.bad_csum);
	len = tcp4(0);
	frame[22] ^= 1;		/* TTL */
	pkt_parse(&pkt, frame, len);
	CHECK(!pkt.l4_bad && pkt.outer.bad_csum);
}

static void tagged(void)
{
	pkt_parse(&pkt, frame, tcp4(1));
	CHECK_EQ(pkt.ptype, 26);
	CHECK_EQ(pkt.num_tags, 1);
	pkt_parse(&pkt, frame, tcp4(2));
	CHECK_EQ(pkt.num_tags, 2);
	CHECK(!pkt.l4_bad);
}

static void udp_over_ipv6(void)
{
	size_t at = packet_eth(frame, 0x86dd);

	at += packet_ipv6(frame + at, 17, 8 + 10);
	at += packet_udp(frame + at, 53, 10);
	packet_payload(frame + at, 10);
	packet_l4_csum(frame + 14, 40, 18, 6, 17);
	pkt_parse(&pkt, frame, at + 10);
	CHECK_EQ(pkt.ptype, 90);
	CHECK(pkt.l4_checked && !pkt.l4_bad && !pkt.outer.ext);
	put_be16(frame + 14 + 40 + 6, 0);
	pkt_parse(&pkt, frame, at + 10);
	CHECK(!pkt.l4_checked && !pkt.l4_bad);
}

static void extension_headers(void)
{
	size_t at = packet_eth(frame, 0x86dd);

	at += packet_ipv6(frame + at, 0, 8 + 8 + 4);
	memset(frame + at, 0, 8);
	frame[at] = 17;
	at += 8;
	at += packet_udp(frame + at, 53, 4);
	packet_payload(frame + at, 4);
	pkt_parse(&pkt, frame, at + 4);
	CHECK_EQ(pkt.ptype, 90);
	CHECK(pkt.outer.ext);
	CHECK_EQ(pkt.outer.l4_off, 14 + 40 + 8);
}

static void fragments(void)
{
	size_t at = packet_eth(frame, 0x0800);

	at += packet_ipv4(frame + at, 17, 64);
	put_be16(frame + 14 + 6, 0x2000);
	pkt_parse(&pkt, frame, at + 64);
	CHECK_EQ(pkt.ptype, 22);
	CHECK(!pkt.l4_checked);
	at = packet_eth(frame, 0x86dd);
	at += packet_ipv6(frame + at, 44, 8 + 16);
	memset(frame + at, 0, 8);
	frame[at] = 17;
	pkt_parse(&pkt, frame, at + 24);
	CHECK_EQ(pkt.ptype, 88);
}

static void other_kinds(void)
{
	size_t at = packet_eth(frame, 0x0806);

	memset(frame + at, 0, 46);
	pkt_parse(&pkt, frame, 60);
	CHECK_EQ(pkt.ptype, PTYPE_ARP);
	packet_eth(frame, 0x88cc);
	pkt_parse(&pkt, frame, 60);
	CHECK_EQ(pkt.ptype, PTYPE_L2);
	at = packet_eth(frame, 0x0800);
	packet_ipv4(frame + at, 1, 26);
	pkt_parse(&pkt, frame, 60);
	CHECK_EQ(pkt.ptype, 28);
	packet_ipv4(frame + at, 132, 26);
	pkt_parse(&pkt, frame, 60);
	CHECK_EQ(pkt.ptype, 27);
	packet_ipv4(frame + at, 89, 26);
	pkt_parse(&pkt, frame, 60);
	CHECK_EQ(pkt.ptype, 23);
}

/* VXLAN: outer IPv4/UDP, inner Ethernet with IPv4/UDP. */
static void vxlan(void)
{
	size_t inner = 14 + 20 + 8 + 10, at = packet_eth(frame, 0x0800), ip;

	at += packet_ipv4(frame + at, 17, 8 + 8 + inner);
	at += packet_udp(frame + at, 4789, 8 + inner);
	memset(frame + at, 0, 8);
	at += 8;
	at += packet_eth(frame + at, 0x0800);
	ip = at;
	at += packet_ipv4(frame + at, 17, 18);
	at += packet_udp(frame + at, 53, 10);
	packet_payload(frame + at, 10);
	packet_l4_csum(frame + ip, 20, 18, 6, 17);
	pkt_parse(&pkt, frame, at + 10);
	CHECK_EQ(pkt.ptype, 22 + 36 + 1 + 2);	/* 61: IPv4, GRENAT, MAC, IPv4, UDP */
	CHECK(pkt.l4_checked && !pkt.l4_bad && !pkt.outer_udp_bad);
	frame[at] ^= 1;
	pkt_parse(&pkt, frame, at + 10);
	CHECK(pkt.l4_bad);
}

static void ip_in_ip(void)
{
	size_t at = packet_eth(frame, 0x86dd);

	at += packet_ipv6(frame + at, 4, 20 + 16);
	packet_ipv4(frame + at, 6, 16);
	pkt_parse(&pkt, frame, at + 36);
	CHECK_EQ(pkt.ptype, 88 + 7 + 4);	/* 99: IPv6, IPv4, TCP */
	CHECK_EQ(pkt_innermost(&pkt)->version, 4);
}

/* Every truncation and every flipped bit is survived; the sanitizers watch. */
static void any_bytes(void)
{
	size_t len = tcp4(2);
	uint8_t *exact;

	for (size_t n = 0; n <= len; n++) {
		exact = malloc(n + 1);
		memcpy(exact, frame, n);
		pkt_parse(&pkt, exact, n);
		free(exact);
	}
	srand(1);
	for (unsigned int i = 0; i < 20000; i++) {
		size_t n = (size_t)rand() % 120;

		exact = malloc(n + 1);
		memcpy(exact, frame, n);
		for (unsigned int k = 0; n && k < 8; k++)
			exact[(size_t)rand() % n] = (uint8_t)rand();
		pkt_parse(&pkt, exact, n);
		CHECK(pkt.ptype < 154);
		free(exact);
	}
}

static void address_kinds(void)
{
	tcp4(0);
	pkt_parse(&pkt, frame, 154);
	CHECK_EQ(pkt.umbcast, 0);
	frame[0] = 1;
	pkt_parse(&pkt, frame, 154);
	CHECK_EQ(pkt.umbcast, 1);
	memset(frame, 0xff, 6);
	pkt_parse(&pkt, frame, 154);
	CHECK_EQ(pkt.umbcast, 2);
}

static void known_crcs(void)
{
	CHECK_EQ(crc32c(0, "123456789", 9), 0xe3069283);
	CHECK_EQ(crc32_ethernet("123456789", 9), 0xcbf43926);
}

static const struct test_case cases[] = {
	{ "parse: TCP over IPv4", tcp_over_ipv4 },
	{ "parse: wrong checksums", bad_checksums },
	{ "parse: VLAN tags", tagged },
	{ "parse: UDP over IPv6", udp_over_ipv6 },
	{ "parse: IPv6 extension headers", extension_headers },
	{ "parse: fragments", fragments },
	{ "parse: other packet types", other_kinds },
	{ "parse: VXLAN", vxlan },
	{ "parse: IP in IP", ip_in_ip },
	{ "parse: any bytes", any_bytes },
	{ "parse: unicast, multicast, broadcast", address_kinds },
	{ "csum: known CRC values", known_crcs },
};

TEST_MAIN(cases)

// SPDX-License-Identifier: GPL-2.0-or-later
/* Transmit offloads, judged by the receive parser. */
#include "hw/txoff.h"

#include "avfsim_packets.h"
#include "hw/parse.h"
#include "test.h"

static uint8_t frame[70000], out[12000];
static struct pkt pkt;

static size_t udp4(struct tx_offload *o, size_t payload)
{
	size_t at = packet_eth(frame, 0x0800);

	at += packet_ipv4(frame + at, 17, 8 + payload);
	put_be16(frame + 14 + 10, 0xdead);
	at += packet_udp(frame + at, 53, payload);
	packet_payload(frame + at, payload);
	packet_seed(frame + 14, 20, 8 + payload, 6, 17);
	*o = (struct tx_offload){ .mac_len = 14, .ip_len = 20, .l4_len = 8,
				  .ip = TX_IP_V4_CSUM, .l4 = TX_L4_UDP };
	return at + payload;
}

static void checksums(void)
{
	struct tx_offload o;
	size_t len = udp4(&o, 33);

	CHECK(!tx_offload_check(&o, frame, len));
	tx_checksum(&o, frame, len);
	pkt_parse(&pkt, frame, len);
	CHECK(pkt.l4_checked && !pkt.l4_bad && !pkt.outer.bad_csum);
	/* Padding behind the packet is not summed. */
	len = udp4(&o, 3);
	memset(frame + len, 0xaa, 60 - len);
	tx_checksum(&o, frame, 60);
	pkt_parse(&pkt, frame, 60);
	CHECK(!pkt.l4_bad);
}

static void only_what_is_asked(void)
{
	struct tx_offload o;
	size_t len = udp4(&o, 33);

	o.ip = TX_IP_V4;
	o.l4 = TX_L4_NONE;
	tx_checksum(&o, frame, len);
	CHECK_EQ(get_be16(frame + 24), 0xdead);
	pkt_parse(&pkt, frame, len);
	CHECK(pkt.l4_bad);
}

static void sctp(void)
{
	struct tx_offload o = { .mac_len = 14, .ip_len = 20, .l4_len = 12,
				.ip = TX_IP_V4, .l4 = TX_L4_SCTP };
	size_t at = packet_eth(frame, 0x0800);

	at += packet_ipv4(frame + at, 132, 12 + 20);
	packet_payload(frame + at, 32);
	CHECK(!tx_offload_check(&o, frame, at + 32));
	tx_checksum(&o, frame, at + 32);
	pkt_parse(&pkt, frame, at + 32);
	CHECK_EQ(pkt.ptype, 27);
	CHECK(pkt.l4_checked && !pkt.l4_bad);
}

static void tso_ipv4(void)
{
	struct tx_offload o = { .mac_len = 14, .ip_len = 20, .l4_len = 20, .ip = TX_IP_V4_CSUM,
				.l4 = TX_L4_TCP, .tso = true, .mss = 1448, .tso_len = 40000 };
	size_t at = packet_eth(frame, 0x0800), sum = 0, n;

	at += packet_ipv4(frame + at, 6, 0);
	put_be16(frame + 16, 0);
	put_be16(frame + 24, 0);
	at += packet_tcp(frame + at, 0xfffffff0, 0x89);	/* CWR, PSH, FIN */
	packet_payload(frame + at, 40000);
	packet_seed(frame + 14, 20, 0, 16, 6);
	CHECK(!tx_offload_check(&o, frame, at + 40000));
	CHECK_EQ(tx_num_segments(&o), 28);
	for (size_t i = 0; i < 28; i++) {
		n = tx_segment(&o, frame, i, out);
		pkt_parse(&pkt, out, n);
		CHECK_EQ(pkt.ptype, 26);
		CHECK_EQ(pkt.outer.end, n);
		CHECK(pkt.l4_checked && !pkt.l4_bad && !pkt.outer.bad_csum);
		CHECK_EQ(get_be16(out + 18), 0x1234 + i);
		CHECK_EQ(get_be32(out + 38), (uint32_t)(0xfffffff0 + i * 1448));
		CHECK_EQ(out[47] & 0x09, i == 27 ? 0x09 : 0);
		CHECK_EQ(out[47] & 0x80, i ? 0 : 0x80);
		CHECK(!memcmp(out + 54, frame + 54 + i * 1448, n - 54));
		sum += n - 54;
	}
	CHECK_EQ(sum, 40000);
}

static void uso_ipv6(void)
{
	struct tx_offload o = { .mac_len = 14, .ip_len = 40, .l4_len = 8, .ip = TX_IP_V6,
				.l4 = TX_L4_UDP, .tso = true, .mss = 1000, .tso_len = 2500 };
	size_t at = packet_eth(frame, 0x86dd);

	at += packet_ipv6(frame + at, 17, 0);
	at += packet_udp(frame + at, 53, 0);
	packet_payload(frame + at, 2500);
	packet_seed(frame + 14, 40, 0, 6, 17);
	CHECK(!tx_offload_check(&o, frame, at + 2500));
	for (size_t i = 0; i < 3; i++) {
		size_t n = tx_segment(&o, frame, i, out);

		pkt_parse(&pkt, out, n);
		CHECK_EQ(pkt.ptype, 90);
		CHECK_EQ(get_be16(out + 14 + 40 + 4), 8 + (i == 2 ? 500 : 1000));
		CHECK(pkt.l4_checked && !pkt.l4_bad);
		CHECK_EQ(pkt.outer.end, n);
	}
}

/* VXLAN over IPv4 with an outer UDP checksum, TCP over IPv6 inside. */
static void tso_tunnel(void)
{
	struct tx_offload o = {
		.mac_len = 14, .outer_ip = TX_IP_V4_CSUM, .outer_ip_len = 20,
		.tunnel = TX_TUNNEL_UDP, .nat_len = 8 + 8 + 14, .outer_udp_csum = true,
		.ip = TX_IP_V6, .ip_len = 40, .l4 = TX_L4_TCP, .l4_len = 20,
		.tso = true, .mss = 900, .tso_len = 2000,
	};
	size_t at = packet_eth(frame, 0x0800), inner;

	at += packet_ipv4(frame + at, 17, 0);
	at += packet_udp(frame + at, 4789, 0);
	packet_seed(frame + 14, 20, 0, 6, 17);
	memset(frame + at, 0, 8);
	at += 8;
	at += packet_eth(frame + at, 0x86dd);
	inner = at;
	at += packet_ipv6(frame + at, 6, 0);
	at += packet_tcp(frame + at, 7, 0x10);
	packet_seed(frame + inner, 40, 0, 16, 6);
	packet_payload(frame + at, 2000);
	CHECK_EQ(tx_header_len(&o), at);
	CHECK(!tx_offload_check(&o, frame, at + 2000));
	for (size_t i = 0; i < 3; i++) {
		size_t n = tx_segment(&o, frame, i, out);

		pkt_parse(&pkt, out, n);
		CHECK_EQ(pkt.ptype, 22 + 36 + 1 + 7 + 4);	/* IPv4, GRENAT, MAC, IPv6, TCP */
		CHECK(!pkt.outer.bad_csum && !pkt.outer_udp_bad && pkt.l4_checked && !pkt.l4_bad);
		CHECK_EQ(pkt.outer.end, n);
		CHECK_EQ(pkt.inner.end, n);
		CHECK_EQ(get_be16(out + 18), 0x1234 + i);
	}
}

static const char *why(struct tx_offload o, size_t len)
{
	return tx_offload_check(&o, frame, len);
}

static void wrong_descriptors(void)
{
	struct tx_offload good, o;
	size_t len = udp4(&good, 200);

	CHECK(!why(good, len));
	o = good, o.l4 = TX_L4_TCP;
	CHECK(why(o, len));
	o = good, o.ip = TX_IP_V6;
	CHECK(why(o, len));
	o = good, o.ip_len = 24;
	CHECK(why(o, len));
	o = good, o.ip = TX_IP_NONE;
	CHECK(why(o, len));
	o = good, o.mac_len = 250;
	CHECK(why(o, len));
	o = good, o.tunnel = TX_TUNNEL_UDP;
	CHECK(why(o, len));
	o = good, o.tso = true, o.mss = 63, o.tso_len = 200;
	CHECK(why(o, len));
	o.mss = 64;
	CHECK(!why(o, len));
	o.tso_len = 199;
	CHECK(why(o, len));
	o.tso_len = 0;
	CHECK(why(o, len));
}

static const struct test_case cases[] = {
	{ "txoff: IPv4 and UDP checksum", checksums },
	{ "txoff: only what the descriptor asks for", only_what_is_asked },
	{ "txoff: SCTP", sctp },
	{ "txoff: TSO over IPv4", tso_ipv4 },
	{ "txoff: USO over IPv6", uso_ipv6 },
	{ "txoff: TSO inside of VXLAN", tso_tunnel },
	{ "txoff: wrong descriptors are told", wrong_descriptors },
};

TEST_MAIN(cases)

// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/txoff.h"

#include "hw/bytes.h"
#include "hw/csum.h"

enum { TCP_FIN = 1, TCP_PSH = 8, TCP_CWR = 0x80 };

static size_t outer_l4_off(const struct tx_offload *o)
{
	return o->mac_len + o->outer_ip_len;
}

static size_t ip_off(const struct tx_offload *o)
{
	return o->mac_len + o->outer_ip_len + o->nat_len;
}

static size_t l4_off(const struct tx_offload *o)
{
	return ip_off(o) + o->ip_len;
}

size_t tx_header_len(const struct tx_offload *o)
{
	return l4_off(o) + o->l4_len;
}

size_t tx_num_segments(const struct tx_offload *o)
{
	return o->tso ? (o->tso_len + o->mss - 1u) / o->mss : 1;
}

static const char *check_ip(enum tx_ip type, const uint8_t *h, size_t hlen)
{
	if (type == TX_IP_V6) {
		if (hlen < 40)
			return "IPv6 header length below 40";
		return h[0] >> 4 == 6 ? NULL : "IP type says 6, the packet has another version";
	}
	if (hlen < 20)
		return "IPv4 header length below 20";
	if (h[0] >> 4 != 4)
		return "IP type says 4, the packet has another version";
	return (h[0] & 0xf) * 4u == hlen ? NULL : "IPv4 header length differs from the packet's";
}

static const char *check_l4(const struct tx_offload *o, const uint8_t *frame)
{
	static const uint8_t protos[] = { 0, 6, 132, 17 };
	static const uint8_t min_len[] = { 0, 20, 12, 8 };
	const uint8_t *ip = frame + ip_off(o);

	if (o->l4_len < min_len[o->l4])
		return "L4 header length too small for its type";
	if (o->l4 == TX_L4_TCP && (frame[l4_off(o) + 12] >> 4) * 4u != o->l4_len)
		return "TCP header length differs from the packet's";
	if (o->ip != TX_IP_V6 && ip[9] != protos[o->l4])
		return "L4 type differs from the packet's protocol";
	if (o->ip == TX_IP_V6 && o->ip_len == 40 && ip[6] != protos[o->l4])
		return "L4 type differs from the packet's next header";
	return NULL;
}

static const char *check_tso(const struct tx_offload *o, size_t len)
{
	if (o->l4 != TX_L4_TCP && o->l4 != TX_L4_UDP)
		return "segmentation of something that is neither TCP nor UDP";
	if (o->ip == TX_IP_V4)
		return "segmentation without IPv4 header checksum";
	if (o->mss < TX_MIN_MSS || o->mss > TX_MAX_MSS)
		return "MSS out of range";
	if (tx_header_len(o) > TX_MAX_HEADER)
		return "headers of a segmented packet are too long";
	if (!o->tso_len || tx_header_len(o) + o->tso_len != len)
		return "TSO length differs from the buffers' sum";
	return NULL;
}

const char *tx_offload_check(const struct tx_offload *o, const uint8_t *frame, size_t len)
{
	const char *why;

	if (o->tunnel != TX_TUNNEL_NONE && o->outer_ip == TX_IP_NONE)
		return "tunnel type without outer IP type";
	if (o->outer_udp_csum && o->tunnel != TX_TUNNEL_UDP)
		return "outer UDP checksum without a UDP tunnel";
	if (o->ip == TX_IP_NONE) {
		if (o->l4 != TX_L4_NONE || o->tso)
			return "L4 offload without IP type";
		return NULL;
	}
	if (tx_header_len(o) > len)
		return "headers are longer than the packet";
	if (o->mac_len < 14)
		return "MAC header length below 14";
	if (o->outer_ip != TX_IP_NONE) {
		why = check_ip(o->outer_ip, frame + o->mac_len, o->outer_ip_len);
		if (why)
			return why;
		if (o->tunnel == TX_TUNNEL_UDP && o->nat_len < 8)
			return "UDP tunnel header shorter than UDP";
	}
	why = check_ip(o->ip, frame + ip_off(o), o->ip_len);
	if (why)
		return why;
	if (o->l4 != TX_L4_NONE) {
		why = check_l4(o, frame);
		if (why)
			return why;
	}
	return o->tso ? check_tso(o, len) : NULL;
}

static void ipv4_checksum(uint8_t *h, size_t hlen)
{
	uint16_t sum;

	memset(h + 10, 0, 2);
	sum = csum_fold(csum_add(0, h, hlen));
	memcpy(h + 10, &sum, 2);
}

/* The driver left the pseudo header's sum in the field: it takes part in the sum. */
static void seeded_checksum(uint8_t *start, size_t len, size_t field, bool udp)
{
	uint16_t sum = csum_fold(csum_add(0, start, len));

	if (udp && !sum)
		sum = 0xffff;
	memcpy(start + field, &sum, 2);
}

static void sctp_checksum(uint8_t *start, size_t len)
{
	memset(start + 8, 0, 4);
	put_le32(start + 8, crc32c(0, start, len));
}

/* Where the innermost IP packet ends: Ethernet padding is not summed. */
static size_t ip_end(const struct tx_offload *o, const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + ip_off(o);
	size_t end = ip_off(o);

	end += o->ip == TX_IP_V6 ? 40u + get_be16(ip + 4) : get_be16(ip + 2);
	return end >= tx_header_len(o) && end < len ? end : len;
}

static void l4_checksum(const struct tx_offload *o, uint8_t *frame, size_t end)
{
	uint8_t *start = frame + l4_off(o);
	size_t len = end - l4_off(o);

	switch (o->l4) {
	case TX_L4_TCP:
		seeded_checksum(start, len, 16, false);
		break;
	case TX_L4_UDP:
		seeded_checksum(start, len, 6, true);
		break;
	case TX_L4_SCTP:
		sctp_checksum(start, len);
		break;
	case TX_L4_NONE:
		break;
	}
}

void tx_checksum(const struct tx_offload *o, uint8_t *frame, size_t len)
{
	size_t end;

	if (o->ip == TX_IP_NONE)
		return;
	end = ip_end(o, frame, len);
	if (o->ip == TX_IP_V4_CSUM)
		ipv4_checksum(frame + ip_off(o), o->ip_len);
	l4_checksum(o, frame, end);
	if (o->outer_udp_csum)
		seeded_checksum(frame + outer_l4_off(o), end - outer_l4_off(o), 6, true);
	if (o->outer_ip == TX_IP_V4_CSUM)
		ipv4_checksum(frame + o->mac_len, o->outer_ip_len);
}

static void set_ip_len(enum tx_ip type, uint8_t *h, size_t len, uint16_t id_add)
{
	if (type == TX_IP_V6) {
		put_be16(h + 4, len - 40);
		return;
	}
	put_be16(h + 2, len);
	put_be16(h + 4, get_be16(h + 4) + id_add);
}

/* The driver took the length out of the pseudo header's sum; each segment has its own. */
static void seed_length(uint8_t *field, size_t len)
{
	uint8_t be_len[2];
	uint16_t sum;

	put_be16(be_len, len);
	sum = ~csum_fold(csum_add(csum_add(0, field, 2), be_len, 2));
	memcpy(field, &sum, 2);
}

static void patch_outer(const struct tx_offload *o, size_t i, uint8_t *out, size_t len)
{
	uint8_t *udp = out + outer_l4_off(o);

	if (o->outer_ip == TX_IP_NONE)
		return;
	set_ip_len(o->outer_ip, out + o->mac_len, len - o->mac_len, o->outer_ip_same_id ? 0 : i);
	if (o->tunnel != TX_TUNNEL_UDP)
		return;
	put_be16(udp + 4, len - outer_l4_off(o));
	if (o->outer_udp_csum)
		seed_length(udp + 6, len - outer_l4_off(o));
}

static void patch_l4(const struct tx_offload *o, size_t i, uint8_t *l4, size_t len)
{
	if (o->l4 == TX_L4_UDP) {
		put_be16(l4 + 4, len);
		seed_length(l4 + 6, len);
		return;
	}
	put_be32(l4 + 4, get_be32(l4 + 4) + i * o->mss);
	if (i + 1 < tx_num_segments(o))
		l4[13] &= ~(TCP_FIN | TCP_PSH);
	if (i)
		l4[13] &= ~TCP_CWR;
	seed_length(l4 + 16, len);
}

size_t tx_segment(const struct tx_offload *o, const uint8_t *frame, size_t i, uint8_t *out)
{
	size_t hlen = tx_header_len(o), done = i * o->mss;
	size_t payload = o->tso_len - done < o->mss ? o->tso_len - done : o->mss;
	size_t len = hlen + payload;

	memcpy(out, frame, hlen);
	memcpy(out + hlen, frame + hlen + done, payload);
	patch_outer(o, i, out, len);
	set_ip_len(o->ip, out + ip_off(o), len - ip_off(o), i);
	patch_l4(o, i, out + l4_off(o), len - l4_off(o));
	tx_checksum(o, out, len);
	return len;
}

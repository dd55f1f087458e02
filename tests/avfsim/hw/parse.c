// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/parse.h"

#include "hw/bytes.h"
#include "hw/csum.h"

#define ETH_HEADER	14
#define VXLAN_PORT	4789

enum {
	PROTO_HOPOPTS = 0, PROTO_ICMP = 1, PROTO_IPIP = 4, PROTO_TCP = 6, PROTO_UDP = 17,
	PROTO_IPV6 = 41, PROTO_ROUTING = 43, PROTO_FRAGMENT = 44, PROTO_GRE = 47,
	PROTO_ICMPV6 = 58, PROTO_DSTOPTS = 60, PROTO_SCTP = 132,
};

static bool is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

static enum pkt_l4 classify(uint8_t proto)
{
	switch (proto) {
	case PROTO_UDP:
		return PKT_UDP;
	case PROTO_TCP:
		return PKT_TCP;
	case PROTO_SCTP:
		return PKT_SCTP;
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		return PKT_ICMP;
	default:
		return PKT_NONFRAG;
	}
}

static bool parse_ipv4(struct pkt_ip *ip, const uint8_t *frame, size_t off, size_t len)
{
	const uint8_t *h = frame + off;
	size_t hlen, total;

	if (off + 20 > len || h[0] >> 4 != 4)
		return false;
	hlen = (h[0] & 0xf) * 4u;
	total = get_be16(h + 2);
	if (hlen < 20 || total < hlen || off + total > len)
		return false;
	*ip = (struct pkt_ip){
		.version = 4, .proto = h[9], .off = off, .l4_off = off + hlen, .end = off + total,
		.bad_csum = csum_fold(csum_add(0, h, hlen)) != 0,
	};
	/* More fragments, or an offset: only the first one has a L4 header, none is checked. */
	ip->l4 = get_be16(h + 6) & 0x3fff ? PKT_FRAG : classify(ip->proto);
	return true;
}

static bool parse_ipv6(struct pkt_ip *ip, const uint8_t *frame, size_t off, size_t len)
{
	const uint8_t *h = frame + off;
	size_t at = off + 40, end;
	bool frag = false;
	uint8_t next;

	if (at > len || h[0] >> 4 != 6)
		return false;
	end = at + get_be16(h + 4);
	if (end > len)
		return false;
	next = h[6];
	*ip = (struct pkt_ip){ .version = 6, .off = off, .end = end };
	while (next == PROTO_HOPOPTS || next == PROTO_ROUTING || next == PROTO_DSTOPTS ||
	       next == PROTO_FRAGMENT) {
		if (at + 8 > end)
			return false;
		ip->ext = true;
		frag |= next == PROTO_FRAGMENT;
		next = frame[at];
		at += frag ? 8 : 8 + frame[at + 1] * 8u;
		if (at > end)
			return false;
		if (frag)
			break;
	}
	ip->proto = next;
	ip->l4_off = at;
	ip->l4 = frag ? PKT_FRAG : classify(next);
	return true;
}

static bool parse_ip(struct pkt_ip *ip, uint16_t ethertype, const uint8_t *frame, size_t off,
		     size_t len)
{
	if (ethertype == 0x0800)
		return parse_ipv4(ip, frame, off, len);
	if (ethertype == 0x86dd)
		return parse_ipv6(ip, frame, off, len);
	return false;
}

/* Skip tags from the type field at off; the offset behind the last type field, or 0. */
static size_t skip_tags(const uint8_t *frame, size_t off, size_t len, uint16_t *type,
			uint8_t *num_tags)
{
	*num_tags = 0;
	for (;;) {
		if (off + 2 > len)
			return 0;
		*type = get_be16(frame + off);
		off += 2;
		if (!is_vlan(*type) || *num_tags == 2)
			return off;
		off += 2;
		++*num_tags;
	}
}

static void parse_inner_mac(struct pkt *pkt, const uint8_t *frame, size_t off, size_t end)
{
	uint16_t type;
	uint8_t tags;
	size_t at = skip_tags(frame, off + 12, end, &type, &tags);

	pkt->tunnel = PKT_GRENAT;
	if (!at)
		return;
	pkt->tunnel = tags ? PKT_GRENAT_MAC_VLAN : PKT_GRENAT_MAC;
	parse_ip(&pkt->inner, type, frame, at, end);
}

static void parse_gre(struct pkt *pkt, const uint8_t *frame)
{
	size_t off = pkt->outer.l4_off, end = pkt->outer.end;
	uint16_t flags, type;

	if (off + 4 > end)
		return;
	flags = get_be16(frame + off);
	type = get_be16(frame + off + 2);
	off += 4 + 4 * !!(flags & 0x8000) + 4 * !!(flags & 0x2000) + 4 * !!(flags & 0x1000);
	pkt->tunnel = PKT_GRENAT;
	if (type == 0x6558)
		parse_inner_mac(pkt, frame, off, end);
	else
		parse_ip(&pkt->inner, type, frame, off, end);
}

static void parse_tunnel(struct pkt *pkt, const uint8_t *frame)
{
	struct pkt_ip *ip = &pkt->outer;

	if (ip->l4 == PKT_FRAG)
		return;
	if (ip->proto == PROTO_IPIP || ip->proto == PROTO_IPV6) {
		uint16_t type = ip->proto == PROTO_IPIP ? 0x0800 : 0x86dd;

		if (parse_ip(&pkt->inner, type, frame, ip->l4_off, ip->end))
			pkt->tunnel = PKT_IP_IN_IP;
	} else if (ip->proto == PROTO_GRE) {
		parse_gre(pkt, frame);
	} else if (ip->l4 == PKT_UDP && ip->l4_off + 16 <= ip->end &&
		   get_be16(frame + ip->l4_off + 2) == VXLAN_PORT) {
		parse_inner_mac(pkt, frame, ip->l4_off + 16, ip->end);
	}
}

static uint8_t packet_type(const struct pkt *pkt)
{
	/* Where a tunnel's group starts, relative to the outer IP version's first type. */
	static const uint8_t tunnel_base[] = {
		[PKT_IP_IN_IP] = 7, [PKT_GRENAT] = 21, [PKT_GRENAT_MAC] = 36,
		[PKT_GRENAT_MAC_VLAN] = 51,
	};
	unsigned int base;

	if (!pkt->outer.version)
		return pkt->ethertype == 0x0806 ? PTYPE_ARP : PTYPE_L2;
	base = pkt->outer.version == 4 ? 22 : 88;
	if (pkt->tunnel == PKT_NO_TUNNEL)
		return base + pkt->outer.l4;
	base += tunnel_base[pkt->tunnel];
	if (pkt->tunnel == PKT_IP_IN_IP)
		return base + (pkt->inner.version == 6 ? 7 : 0) + pkt->inner.l4;
	if (!pkt->inner.version)
		return base;
	return base + 1 + (pkt->inner.version == 6 ? 7 : 0) + pkt->inner.l4;
}

/* Sum over the L4 packet with its pseudo header is 0 when right. */
static bool l4_sum_bad(const struct pkt_ip *ip, const uint8_t *frame)
{
	const uint8_t *src = frame + ip->off + (ip->version == 4 ? 12 : 8);
	const uint8_t *dst = src + (ip->version == 4 ? 4 : 16);
	size_t len = ip->end - ip->l4_off;
	uint64_t sum = csum_pseudo(ip->version, src, dst, ip->proto, len);

	return csum_fold(csum_add(sum, frame + ip->l4_off, len)) != 0;
}

static bool sctp_bad(const struct pkt_ip *ip, const uint8_t *frame)
{
	static const uint8_t zero[4];
	const uint8_t *h = frame + ip->l4_off;
	uint32_t crc;

	crc = crc32c(0, h, 8);
	crc = crc32c(crc, zero, 4);
	crc = crc32c(crc, h + 12, ip->end - ip->l4_off - 12);
	return crc != get_le32(h + 8);
}

/* true = there was a checksum, and *bad tells how it is. */
static bool check_l4(const struct pkt_ip *ip, const uint8_t *frame, bool *bad)
{
	size_t len = ip->end - ip->l4_off;

	if (ip->l4 == PKT_TCP && len >= 20) {
		*bad = l4_sum_bad(ip, frame);
		return true;
	}
	if (ip->l4 == PKT_SCTP && len >= 12) {
		*bad = sctp_bad(ip, frame);
		return true;
	}
	if (ip->l4 == PKT_UDP && len >= 8) {
		if (!get_be16(frame + ip->l4_off + 6))
			return false;
		*bad = l4_sum_bad(ip, frame);
		return true;
	}
	return false;
}

static uint8_t address_kind(const uint8_t *dst)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	if (!memcmp(dst, broadcast, 6))
		return 2;
	return dst[0] & 1;
}

void pkt_parse(struct pkt *pkt, const uint8_t *frame, size_t len)
{
	size_t off;

	*pkt = (struct pkt){ .ptype = PTYPE_L2 };
	if (len < ETH_HEADER)
		return;
	pkt->umbcast = address_kind(frame);
	off = skip_tags(frame, 12, len, &pkt->ethertype, &pkt->num_tags);
	if (off && parse_ip(&pkt->outer, pkt->ethertype, frame, off, len))
		parse_tunnel(pkt, frame);
	pkt->ptype = packet_type(pkt);
	if (!pkt->outer.version)
		return;
	pkt->l4_checked = check_l4(pkt_innermost(pkt), frame, &pkt->l4_bad);
	if (pkt->tunnel != PKT_NO_TUNNEL)
		check_l4(&pkt->outer, frame, &pkt->outer_udp_bad);
}

const struct pkt_ip *pkt_innermost(const struct pkt *pkt)
{
	return pkt->inner.version ? &pkt->inner : &pkt->outer;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the receive parser finds in a frame: the headers' places, the packet
 * type of the descriptor (protocol.md section 12.2) and the state of the checksums.
 */
#ifndef AVFSIM_HW_PARSE_H
#define AVFSIM_HW_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PTYPE_L2	1
#define PTYPE_ARP	11

enum pkt_l4 {		/* order of the packet types within one group */
	PKT_FRAG,
	PKT_NONFRAG,	/* IP with a payload that the parser does not know */
	PKT_UDP,
	PKT_RESERVED,
	PKT_TCP,
	PKT_SCTP,
	PKT_ICMP,
};

struct pkt_ip {
	uint8_t version;	/* 4, 6, or 0 = no IP here */
	bool ext;		/* IPv6 with extension headers */
	bool bad_csum;		/* IPv4 header checksum is wrong */
	uint8_t proto;
	enum pkt_l4 l4;
	uint32_t off;		/* of the IP header */
	uint32_t l4_off;
	uint32_t end;		/* where the IP packet ends; Ethernet padding follows */
};

enum pkt_tunnel {
	PKT_NO_TUNNEL,
	PKT_IP_IN_IP,
	PKT_GRENAT,		/* GRE, VXLAN: inner IP follows, or nothing known */
	PKT_GRENAT_MAC,
	PKT_GRENAT_MAC_VLAN,
};

struct pkt {
	uint8_t umbcast;	/* 0 unicast, 1 multicast, 2 broadcast */
	uint16_t ethertype;	/* after the VLAN tags */
	uint8_t num_tags;
	enum pkt_tunnel tunnel;
	struct pkt_ip outer, inner;	/* inner only in a tunnel */
	uint8_t ptype;
	bool l4_checked;	/* the innermost L4 checksum was there to be checked */
	bool l4_bad;
	bool outer_udp_bad;	/* UDP tunnel with a wrong outer checksum */
};

/* Parse and verify; any bytes are fine, a truncated header just ends the parsing. */
void pkt_parse(struct pkt *pkt, const uint8_t *frame, size_t len);

/* The innermost IP header (outer without a tunnel); its version is 0 if there is none. */
const struct pkt_ip *pkt_innermost(const struct pkt *pkt);

#endif

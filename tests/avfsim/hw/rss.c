// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/rss.h"

#include <string.h>

#include "hw/toeplitz.h"

#define ALL_FIELDS	(PF_RSS_SRC_IP | PF_RSS_DST_IP | PF_RSS_SRC_PORT | PF_RSS_DST_PORT)
#define BOTH_IPS	(PF_RSS_SRC_IP | PF_RSS_DST_IP)
#define BOTH_PORTS	(PF_RSS_SRC_PORT | PF_RSS_DST_PORT)

static unsigned int hena_bit(const struct pkt_ip *ip)
{
	static const uint8_t bits[2][PKT_ICMP + 1] = {
		{ [PKT_FRAG] = 36, [PKT_NONFRAG] = 35, [PKT_UDP] = 31, [PKT_RESERVED] = 35,
		  [PKT_TCP] = 33, [PKT_SCTP] = 34, [PKT_ICMP] = 35 },
		{ [PKT_FRAG] = 46, [PKT_NONFRAG] = 45, [PKT_UDP] = 41, [PKT_RESERVED] = 45,
		  [PKT_TCP] = 43, [PKT_SCTP] = 44, [PKT_ICMP] = 45 },
	};

	return bits[ip->version == 6][ip->l4];
}

/* PF_RSS_FLOWS: no ports */
static unsigned int flow_of(const struct pkt_ip *ip)
{
	unsigned int v6 = ip->version == 6 ? PF_RSS_TCP6 : PF_RSS_TCP4;

	if (ip->l4_off + 4 > ip->end)
		return PF_RSS_FLOWS;
	switch (ip->l4) {
	case PKT_TCP:
		return v6 + PF_RSS_TCP4;
	case PKT_UDP:
		return v6 + PF_RSS_UDP4;
	case PKT_SCTP:
		return v6 + PF_RSS_SCTP4;
	default:
		return PF_RSS_FLOWS;
	}
}

/* What of a packet is hashed; 0: nothing. */
static unsigned int fields_of(const struct pf_vsi *vsi, const struct pkt_ip *ip, unsigned int flow)
{
	if (flow < PF_RSS_FLOWS && vsi->rss_fields[flow])
		return vsi->rss_fields[flow];
	if (!(vsi->rss_hena >> hena_bit(ip) & 1))
		return 0;
	return flow < PF_RSS_FLOWS ? ALL_FIELDS : BOTH_IPS;
}

unsigned int rss_flow_fields(const struct pf_vsi *vsi, unsigned int flow)
{
	static const uint8_t l4[] = { PKT_TCP, PKT_UDP, PKT_SCTP };
	const struct pkt_ip ip = {
		.version = flow < PF_RSS_TCP6 ? 4 : 6, .l4 = l4[flow % PF_RSS_TCP6],
	};

	return fields_of(vsi, &ip, flow);
}

/*
 * Source and destination that are selected, one behind the other. Symmetric: XORed with each other,
 * so that both directions of a flow give the same; of one alone there is nothing to XOR.
 */
static size_t add_pair(uint8_t *input, const uint8_t *pair, size_t len, unsigned int which,
		       bool symmetric)
{
	size_t at = 0;

	if (which & 1) {
		memcpy(input, pair, len);
		at = len;
	}
	if (which & 2) {
		memcpy(input + at, pair + len, len);
		at += len;
	}
	for (size_t i = 0; symmetric && which == 3 && i < len; i++)
		input[i] = input[i + len] = input[i] ^ input[i + len];
	return at;
}

bool rss_hash(const struct pf_vsi *vsi, const struct pkt *pkt, const uint8_t *frame,
	      uint32_t *hash)
{
	const struct pkt_ip *ip = pkt_innermost(pkt);
	unsigned int flow, fields;
	uint8_t input[2 * 16 + 4];
	bool v4 = ip->version == 4, symmetric;
	size_t len;

	if (!ip->version)
		return false;
	flow = flow_of(ip);
	fields = fields_of(vsi, ip, flow);
	if (!fields)
		return false;
	symmetric = vsi->rss_symmetric && !(flow < PF_RSS_FLOWS && vsi->rss_plain[flow]);
	len = add_pair(input, frame + ip->off + (v4 ? 12 : 8), v4 ? 4 : 16, fields & BOTH_IPS,
		       symmetric);
	if (fields & BOTH_PORTS)
		len += add_pair(input + len, frame + ip->l4_off, 2, fields >> 2, symmetric);
	*hash = toeplitz_hash(vsi->rss_key, input, len);
	return true;
}

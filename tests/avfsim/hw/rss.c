// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/rss.h"

#include <string.h>

#include "hw/toeplitz.h"

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

/* Both directions of a flow give the same input: source and destination are XORed. */
static void fold_pair(uint8_t *pair, size_t len)
{
	for (size_t i = 0; i < len; i++)
		pair[i] = pair[i + len] = pair[i] ^ pair[i + len];
}

bool rss_hash(const struct pf_vsi *vsi, const struct pkt *pkt, const uint8_t *frame,
	      uint32_t *hash)
{
	const struct pkt_ip *ip = pkt_innermost(pkt);
	uint8_t input[2 * 16 + 4];
	size_t addr, len;

	if (!ip->version || !(vsi->rss_hena >> hena_bit(ip) & 1))
		return false;
	addr = ip->version == 4 ? 4 : 16;
	len = 2 * addr;
	memcpy(input, frame + ip->off + (ip->version == 4 ? 12 : 8), len);
	if (vsi->rss_symmetric)
		fold_pair(input, addr);
	if ((ip->l4 == PKT_TCP || ip->l4 == PKT_UDP || ip->l4 == PKT_SCTP) &&
	    ip->l4_off + 4 <= ip->end) {
		memcpy(input + len, frame + ip->l4_off, 4);
		if (vsi->rss_symmetric)
			fold_pair(input + len, 2);
		len += 4;
	}
	*hash = toeplitz_hash(vsi->rss_key, input, len);
	return true;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trust, and what follows from it. No message says whether the host trusts the VF. One that offers
 * VLAN V2 lets an untrusted VF have few filters and a trusted one all. The others say success to an
 * untrusted VF's promiscuous mode just the same (protocol.md section 8); they are tried out when
 * somebody wants more VLANs than an untrusted VF has (trust.c).
 */
#include <stdio.h>

#include "internal.h"

#define UNTRUSTED_VLANS	64	/* ice says 8 */
#define TRUSTED_VLANS	4094

enum vf_trust vf_trust(const struct vf *vf)
{
	const struct virtchnl_vlan_abilities *vlan = &vf->nego.vlan;

	if (vf->grant.vlans == VF_VLAN_V1)
		return vf->nego.trust;
	if (!vf->nego.vlan_known || !(vlan->filter_outer | vlan->filter_inner))
		return VF_TRUST_UNKNOWN;
	if (vlan->max_filters >= TRUSTED_VLANS)
		return VF_TRUST_YES;
	return vlan->max_filters <= UNTRUSTED_VLANS ? VF_TRUST_NO : VF_TRUST_UNKNOWN;
}

static bool falls_back(const struct vf *vf, bool multicast)
{
	return vf->macs.overflow[multicast] && vf_trust(vf) != VF_TRUST_NO;
}

/* Asked for, or the only way to have all of a list that the PF has no room for. */
bool vf_wants_promisc(const struct vf *vf)
{
	return vf->snap.rx_flags & IAVF_RX_FLAGS_PROMISC || falls_back(vf, false);
}

bool vf_wants_allmulti(const struct vf *vf)
{
	return vf->snap.rx_flags & (IAVF_RX_FLAGS_PROMISC | IAVF_RX_FLAGS_ALLMULTI) ||
	       falls_back(vf, false) || falls_back(vf, true);
}

bool vf_modes_reason(const struct vf *vf, char *text, size_t size)
{
	uint32_t flags = vf->snap.rx_flags;

	if (vf_trust(vf) != VF_TRUST_NO || !(vf->nego.res.caps & VIRTCHNL_CAP_L2))
		return false;
	if (flags & IAVF_RX_FLAGS_PROMISC)
		snprintf(text, size, "PF does not let an untrusted VF be promiscuous");
	else if (flags & IAVF_RX_FLAGS_ALLMULTI)
		snprintf(text, size, "PF does not let an untrusted VF receive all multicast");
	return flags & (IAVF_RX_FLAGS_PROMISC | IAVF_RX_FLAGS_ALLMULTI);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* From what the PF granted to what the kernel may offer. Source: protocol.md sections 7 and 9. */
#include "internal.h"

/* VLANs of an untrusted VF, VLAN 0 not counted */
#define V1_ICE		7
#define V1_I40E		16

static const struct { uint32_t cap, feature; } plain[] = {
	{ VIRTCHNL_CAP_RSS_PF, IAVF_FEATURES_RX_HASH },
	{ VIRTCHNL_CAP_ENCAP, IAVF_FEATURES_ENCAP },
	{ VIRTCHNL_CAP_ENCAP_CSUM, IAVF_FEATURES_ENCAP_CSUM },
	{ VIRTCHNL_CAP_USO, IAVF_FEATURES_USO },
	{ VIRTCHNL_CAP_CRC, IAVF_FEATURES_KEEP_CRC },
	{ VIRTCHNL_CAP_WB_ON_ITR, IAVF_FEATURES_WB_ON_ITR },
	{ VIRTCHNL_CAP_ADV_LINK_SPEED, IAVF_FEATURES_ADV_LINK_SPEED },
};

static uint8_t tag_of(uint32_t support)
{
	if (support & (VIRTCHNL_VLAN_TAG_L2TAG2 | VIRTCHNL_VLAN_TAG_L2TAG2_2))
		return IAVF_VLAN_TAG_L2TAG2;
	return support & VIRTCHNL_VLAN_TAG_L2TAG1 ? IAVF_VLAN_TAG_L2TAG1 : IAVF_VLAN_TAG_NONE;
}

/* Where only one type works at a time (XOR), the kernel switches on no more than one. */
static uint32_t offload(uint32_t support, uint32_t ctag, uint32_t stag)
{
	uint32_t features = 0;

	if (support & VIRTCHNL_VLAN_ETHERTYPE_8100)
		features |= ctag;
	if (support & VIRTCHNL_VLAN_ETHERTYPE_88A8)
		features |= stag;
	return features;
}

/* Outer where there is outer, as U and O do. */
static uint32_t pick(uint32_t outer, uint32_t inner, bool *is_outer)
{
	*is_outer = outer;
	return outer ? outer : inner;
}

static void filters(struct vf_grant *grant, const struct virtchnl_vlan_abilities *vlan)
{
	uint32_t support = pick(vlan->filter_outer, vlan->filter_inner, &grant->filter_outer);

	if (!support)
		return;
	grant->budget_known = true;
	grant->budget = vlan->max_filters;
	grant->filter[0] = support & VIRTCHNL_VLAN_ETHERTYPE_8100;
	grant->filter[1] = support & VIRTCHNL_VLAN_ETHERTYPE_88A8 &&
			   (support & VIRTCHNL_VLAN_ETHERTYPE_AND || !grant->filter[0]);
}

static void vlan_v2(struct vf_grant *grant, const struct virtchnl_vlan_abilities *vlan)
{
	uint32_t strip = pick(vlan->strip_outer, vlan->strip_inner, &grant->strip_outer);
	uint32_t insert = pick(vlan->insert_outer, vlan->insert_inner, &grant->insert_outer);
	uint32_t strips =
		offload(strip, IAVF_FEATURES_VLAN_CTAG_STRIP, IAVF_FEATURES_VLAN_STAG_STRIP);
	uint32_t inserts = offload(insert, IAVF_FEATURES_VLAN_CTAG_INSERT,
				   IAVF_FEATURES_VLAN_STAG_INSERT);

	grant->vlans = VF_VLAN_V2;
	filters(grant, vlan);
	grant->strip = strips && strip & VIRTCHNL_VLAN_TOGGLE;
	grant->insert = inserts && insert & VIRTCHNL_VLAN_TOGGLE;
	/* What cannot be switched stays as the PF has it at first. */
	if (!grant->strip)
		strips = offload(strip & vlan->offload_init, IAVF_FEATURES_VLAN_CTAG_STRIP,
				 IAVF_FEATURES_VLAN_STAG_STRIP);
	if (!grant->insert)
		inserts = offload(insert & vlan->offload_init, IAVF_FEATURES_VLAN_CTAG_INSERT,
				  IAVF_FEATURES_VLAN_STAG_INSERT);
	grant->rx_tag = strips ? tag_of(strip) : IAVF_VLAN_TAG_NONE;
	grant->tx_tag = inserts ? tag_of(insert) : IAVF_VLAN_TAG_NONE;
	if (grant->rx_tag)
		grant->features |= strips;
	if (grant->tx_tag)
		grant->features |= inserts;
	if (!grant->strip)
		grant->fixed |= strips;
	if (!grant->insert)
		grant->fixed |= inserts;
}

/*
 * One tag, inner. How many filters there are is not told, and beyond the limit of an untrusted VF
 * they are taken without effect. ice has offloads that i40e never had, and counts VLAN 0.
 */
static void vlan_v1(struct vf_grant *grant, const struct vf_nego *nego)
{
	bool ice = nego->res.caps & (VIRTCHNL_CAP_USO | VIRTCHNL_CAP_CRC);

	grant->vlans = VF_VLAN_V1;
	grant->filter[0] = true;
	grant->open_empty = !ice;
	grant->budget_known = true;
	grant->budget = ice ? V1_ICE : V1_I40E;
	if (nego->trust == VF_TRUST_YES)
		grant->budget = VF_VIDS;
	grant->tx_tag = grant->rx_tag = IAVF_VLAN_TAG_L2TAG1;
	grant->features |= IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT;
	/* Version 1.0 has no message for it; a filter switches it on. */
	grant->strip = nego->version.minor > 0 || !nego->version_known;
	if (!grant->strip)
		grant->fixed |= IAVF_FEATURES_VLAN_CTAG_STRIP;
}

void vf_grant_compute(struct vf_grant *grant, const struct vf_nego *nego)
{
	*grant = (struct vf_grant) { 0 };
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (nego->res.caps & plain[i].cap)
			grant->features |= plain[i].feature;
	}
	if (nego->res.caps & VIRTCHNL_CAP_RSS_REG)
		grant->features |= IAVF_FEATURES_RX_HASH;
	if (nego->vlan_known && nego->res.caps & VIRTCHNL_CAP_VLAN_V2)
		vlan_v2(grant, &nego->vlan);
	else if (nego->res.caps & VIRTCHNL_CAP_VLAN)
		vlan_v1(grant, nego);
	if (grant->filter[0])
		grant->features |= IAVF_FEATURES_VLAN_CTAG_FILTER;
	if (grant->filter[1])
		grant->features |= IAVF_FEATURES_VLAN_STAG_FILTER;
}

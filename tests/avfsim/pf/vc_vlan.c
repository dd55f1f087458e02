// SPDX-License-Identifier: GPL-2.0-or-later
/* GET_OFFLOAD_VLAN_V2_CAPS, ADD_VLAN_V2, DEL_VLAN_V2. Source: protocol.md sections 8 and 9. */
#include <endian.h>
#include <string.h>

#include "pf/internal.h"

#define TCI_VID		0x0fff
#define TCI_PRIO	0xe000

static uint16_t max_filters(const struct pf_vf *vf)
{
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);

	return vf->trusted ? mode->max_vlans_trusted : mode->max_vlans_untrusted;
}

void vc_vlan_v2_caps(struct pf_vf *vf, const void *msg, size_t len)
{
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);
	struct virtchnl_vlan_caps caps = {
		.filtering = {
			.filtering_support = { htole32(mode->filter_outer),
					       htole32(mode->filter_inner) },
			.ethertype_init = htole32(mode->filter_init),
			.max_filters = htole16(max_filters(vf)),
		},
		.offloads = {
			.stripping_support = { htole32(mode->strip_outer),
					       htole32(mode->strip_inner) },
			.insertion_support = { htole32(mode->insert_outer),
					       htole32(mode->insert_inner) },
			.ethertype_init = htole32(mode->offload_init),
			.ethertype_match = VIRTCHNL_VLAN_STRIP_EQUALS_INSERT,
		},
	};

	vf->vlan_v2_known = true;
	vc_reply(vf, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, VIRTCHNL_SUCCESS, &caps, sizeof(caps));
}

/* Elements without TCI or without TPID are taken for absent. */
static bool present(const struct virtchnl_vlan *vlan)
{
	return vlan->tci && vlan->tpid;
}

static uint32_t tpid_bit(uint16_t tpid)
{
	switch (tpid) {
	case 0x8100:
		return VIRTCHNL_VLAN_ETHERTYPE_8100;
	case 0x88a8:
		return VIRTCHNL_VLAN_ETHERTYPE_88A8;
	case 0x9100:
		return VIRTCHNL_VLAN_ETHERTYPE_9100;
	}
	return 0;
}

static bool tag_ok(const struct virtchnl_vlan *vlan, uint32_t support)
{
	if (vlan->tci_mask && !(support & VIRTCHNL_VLAN_FILTER_MASK))
		return false;
	if (le16toh(vlan->tci) & TCI_PRIO && !(support & VIRTCHNL_VLAN_PRIO))
		return false;
	return !present(vlan) || tpid_bit(le16toh(vlan->tpid)) & support;
}

static void check_reserved(struct pf_vf *vf, const struct virtchnl_vlan_filter *f)
{
	static const uint8_t zero[sizeof(f->pad)];

	if (memcmp(f->pad, zero, sizeof(f->pad)) || memcmp(f->inner.pad, zero, 2) ||
	    memcmp(f->outer.pad, zero, 2))
		pf_violation(vf, "VLAN filter: reserved bytes set");
	if (!present(&f->outer) && !present(&f->inner))
		pf_violation(vf, "VLAN filter without a tag, or for VLAN 0");
}

static bool list_ok(struct pf_vf *vf, const struct virtchnl_vlan_filter_list_v2 *msg)
{
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);
	unsigned int n = le16toh(msg->num_elements);

	/* Before op 51 the PF knows of no ability. */
	if (!vf->vlan_v2_known || !vc_vsi_ok(vf, msg->vport_id))
		return false;
	for (unsigned int i = 0; i < n; i++) {
		check_reserved(vf, &msg->filters[i]);
		if (!tag_ok(&msg->filters[i].outer, mode->filter_outer) ||
		    !tag_ok(&msg->filters[i].inner, mode->filter_inner))
			return false;
	}
	return true;
}

static uint8_t *bitmap_of(struct pf_vsi *vsi, const struct virtchnl_vlan *vlan, bool outer)
{
	if (!outer)
		return vsi->inner_vlan;
	switch (le16toh(vlan->tpid)) {
	case 0x8100:
		return vsi->outer_vlan[0];
	case 0x88a8:
		return vsi->outer_vlan[1];
	default:
		return vsi->outer_vlan[2];
	}
}

/* Adding what is there and deleting what is not are successes. */
void pf_vlan_set(struct pf_vf *vf, uint8_t *bitmap, unsigned int vid, bool on)
{
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);
	uint8_t bit = 1u << vid % 8;

	if (!!(bitmap[vid / 8] & bit) == on)
		return;
	bitmap[vid / 8] ^= bit;
	if (vid)
		vf->vsi.num_vlans += on ? 1 : -1;
	vf->vsi.vlan_pruning = mode->pruning || (mode->pruning_by_filter && vf->vsi.num_vlans);
}

static void set_tag(struct pf_vf *vf, const struct virtchnl_vlan *vlan, bool outer, bool on)
{
	if (present(vlan))
		pf_vlan_set(vf, bitmap_of(&vf->vsi, vlan, outer), le16toh(vlan->tci) & TCI_VID,
			    on);
}

static void set_tags(struct pf_vf *vf, const struct virtchnl_vlan_filter_list_v2 *msg, bool on)
{
	unsigned int n = le16toh(msg->num_elements);

	for (unsigned int i = 0; i < n; i++) {
		set_tag(vf, &msg->filters[i].outer, true, on);
		set_tag(vf, &msg->filters[i].inner, false, on);
	}
}

int32_t vc_add_vlans_v2(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_filter_list_v2 *msg = data;

	/* Counted before duplicates are sorted out. */
	if (!list_ok(vf, msg) || vf->vsi.num_vlans + le16toh(msg->num_elements) > max_filters(vf))
		return VIRTCHNL_ERR_PARAM;
	set_tags(vf, msg, true);
	return VIRTCHNL_SUCCESS;
}

int32_t vc_del_vlans_v2(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_filter_list_v2 *msg = data;

	if (!list_ok(vf, msg) || le16toh(msg->num_elements) > vf->vsi.num_vlans)
		return VIRTCHNL_ERR_PARAM;
	set_tags(vf, msg, false);
	return VIRTCHNL_SUCCESS;
}

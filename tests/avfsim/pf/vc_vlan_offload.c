// SPDX-License-Identifier: GPL-2.0-or-later
/* ENABLE/DISABLE_VLAN_STRIPPING_V2 and _INSERTION_V2. Source: protocol.md sections 8 and 9. */
#include <endian.h>
#include <string.h>

#include "pf/internal.h"

#define ETHERTYPE_BITS	0xffu

static bool setting_ok(uint32_t support, uint32_t setting)
{
	if (!setting)
		return true;
	if (setting & ~ETHERTYPE_BITS || (support & setting) != setting)
		return false;
	if (__builtin_popcount(setting) > 1 && !(support & VIRTCHNL_VLAN_ETHERTYPE_AND))
		return false;
	return support & VIRTCHNL_VLAN_TOGGLE;
}

static bool message_ok(struct pf_vf *vf, const struct virtchnl_vlan_setting *msg, uint32_t outer,
		       uint32_t inner)
{
	static const uint8_t zero[sizeof(msg->pad)];

	if (memcmp(msg->pad, zero, sizeof(zero)))
		pf_violation(vf, "VLAN setting: reserved bytes set");
	if (!vf->vlan_v2_known || !vc_vsi_ok(vf, msg->vport_id))
		return false;
	if (!msg->outer_ethertype_setting && !msg->inner_ethertype_setting)
		return false;
	return setting_ok(outer, le32toh(msg->outer_ethertype_setting)) &&
	       setting_ok(inner, le32toh(msg->inner_ethertype_setting));
}

static bool strip_ok(struct pf_vf *vf, const struct virtchnl_vlan_setting *msg)
{
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);

	return message_ok(vf, msg, mode->strip_outer, mode->strip_inner);
}

static bool insert_ok(struct pf_vf *vf, const struct virtchnl_vlan_setting *msg)
{
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);

	return message_ok(vf, msg, mode->insert_outer, mode->insert_inner);
}

static uint16_t tpid_of(uint32_t setting)
{
	switch (setting) {
	case VIRTCHNL_VLAN_ETHERTYPE_88A8:
		return 0x88a8;
	case VIRTCHNL_VLAN_ETHERTYPE_9100:
		return 0x9100;
	default:
		return 0x8100;
	}
}

/* The VSI has one outer tag type for both directions (ethertype_match 0). */
static void set_outer_type(struct pf_vlan_offload *vlan, uint16_t tpid)
{
	if (vlan->strip_tpid)
		vlan->strip_tpid = tpid;
	if (vlan->insert_tpid)
		vlan->insert_tpid = tpid;
}

static bool keeps_crc(const struct pf_vf *vf)
{
	for (unsigned int q = 0; q < vf->vsi.num_queues; q++) {
		if (vf->vsi.rxq[q].keep_crc)
			return true;
	}
	return false;
}

int32_t vc_enable_strip_v2(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_setting *msg = data;
	struct pf_vlan_offload *vlan = &vf->vsi.vlan;

	if (!strip_ok(vf, msg))
		return VIRTCHNL_ERR_PARAM;
	if (keeps_crc(vf))
		return VIRTCHNL_ERR_NOT_SUPPORTED;
	if (msg->outer_ethertype_setting) {
		vlan->strip_tpid = tpid_of(le32toh(msg->outer_ethertype_setting));
		set_outer_type(vlan, vlan->strip_tpid);
	}
	if (msg->inner_ethertype_setting)
		vlan->inner_strip = true;
	return VIRTCHNL_SUCCESS;
}

int32_t vc_disable_strip_v2(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_setting *msg = data;

	if (!strip_ok(vf, msg))
		return VIRTCHNL_ERR_PARAM;
	if (msg->outer_ethertype_setting)
		vf->vsi.vlan.strip_tpid = 0;
	if (msg->inner_ethertype_setting)
		vf->vsi.vlan.inner_strip = false;
	return VIRTCHNL_SUCCESS;
}

int32_t vc_enable_insert_v2(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_setting *msg = data;
	struct pf_vlan_offload *vlan = &vf->vsi.vlan;

	if (!insert_ok(vf, msg))
		return VIRTCHNL_ERR_PARAM;
	if (msg->outer_ethertype_setting) {
		vlan->insert_tpid = tpid_of(le32toh(msg->outer_ethertype_setting));
		set_outer_type(vlan, vlan->insert_tpid);
	}
	if (msg->inner_ethertype_setting)
		vlan->inner_insert = true;
	return VIRTCHNL_SUCCESS;
}

int32_t vc_disable_insert_v2(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_setting *msg = data;

	if (!insert_ok(vf, msg))
		return VIRTCHNL_ERR_PARAM;
	if (msg->outer_ethertype_setting)
		vf->vsi.vlan.insert_tpid = 0;
	if (msg->inner_ethertype_setting)
		vf->vsi.vlan.inner_insert = false;
	return VIRTCHNL_SUCCESS;
}

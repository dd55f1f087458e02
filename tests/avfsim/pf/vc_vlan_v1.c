// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ADD_VLAN, DEL_VLAN, ENABLE/DISABLE_VLAN_STRIPPING: the first generation, for one tag of type
 * 0x8100. Source: protocol.md section 8.
 */
#include <endian.h>

#include "pf/internal.h"

#define VID_MAX	4095

static bool list_ok(const struct pf_vf *vf, const struct virtchnl_vlan_filter_list *msg)
{
	unsigned int n = le16toh(msg->num_elements);

	if (!vc_vsi_ok(vf, msg->vsi_id))
		return false;
	for (unsigned int i = 0; i < n; i++) {
		if (le16toh(msg->vlan_id[i]) > VID_MAX)
			return false;
	}
	return true;
}

/* i40e counts what it was told to add, doubles and VLAN 0 included, and never looks at the list. */
static bool full(const struct pf_vf *vf)
{
	return !vf->trusted && vf->v1_vlans >= vf->pf->profile->v1_max_vlans;
}

int32_t vc_add_vlans(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_filter_list *msg = data;
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);
	unsigned int n = le16toh(msg->num_elements);

	if (!list_ok(vf, msg) || !mode->v1)
		return VIRTCHNL_ERR_PARAM;
	if (full(vf) || !mode->v1_filters)
		return VIRTCHNL_SUCCESS;
	if (vf->pf->profile->add_vlan_strips)
		vf->vsi.vlan.inner_strip = true;
	for (unsigned int i = 0; i < n; i++) {
		/* ice looks again for each. */
		if (!vf->pf->profile->errnos && full(vf))
			break;
		pf_vlan_set(vf, vf->vsi.inner_vlan, le16toh(msg->vlan_id[i]), true);
		vf->v1_vlans++;
	}
	return VIRTCHNL_SUCCESS;
}

int32_t vc_del_vlans(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_vlan_filter_list *msg = data;
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);
	unsigned int n = le16toh(msg->num_elements);

	if (!list_ok(vf, msg) || !mode->v1)
		return VIRTCHNL_ERR_PARAM;
	for (unsigned int i = 0; mode->v1_filters && i < n; i++) {
		pf_vlan_set(vf, vf->vsi.inner_vlan, le16toh(msg->vlan_id[i]), false);
		vf->v1_vlans -= !!vf->v1_vlans;
	}
	return VIRTCHNL_SUCCESS;
}

static int32_t strip(struct pf_vf *vf, bool on)
{
	if (!pf_vlan_mode(vf)->v1)
		return VIRTCHNL_ERR_PARAM;
	vf->vsi.vlan.inner_strip = on;
	return VIRTCHNL_SUCCESS;
}

int32_t vc_enable_strip(struct pf_vf *vf, const void *msg)
{
	return strip(vf, true);
}

int32_t vc_disable_strip(struct pf_vf *vf, const void *msg)
{
	return strip(vf, false);
}

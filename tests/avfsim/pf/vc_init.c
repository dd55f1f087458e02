// SPDX-License-Identifier: GPL-2.0-or-later
/* VERSION, GET_VF_RESOURCES, RESET_VF, REQUEST_QUEUES. */
#include <endian.h>
#include <string.h>

#include "pf/internal.h"

void vc_version(struct pf_vf *vf, const void *data, size_t len)
{
	const struct virtchnl_version_info *msg = data;
	struct virtchnl_version_info ours = {
		.major = htole32(VIRTCHNL_VERSION_MAJOR),
		.minor = htole32(vf->pf->profile->minor),
	};

	vf->version.major = le32toh(msg->major);
	vf->version.minor = le32toh(msg->minor);
	/* A 1.0 driver takes anything but 1.0 for an error. */
	if (vf->version.major == 1 && !vf->version.minor)
		ours.minor = 0;
	vc_reply(vf, VIRTCHNL_OP_VERSION, VIRTCHNL_SUCCESS, &ours, sizeof(ours));
}

static uint32_t requested_caps(const void *msg, size_t len)
{
	uint32_t caps;

	if (len != sizeof(caps))	/* 1.0 */
		return VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_REG | VIRTCHNL_CAP_VLAN;
	memcpy(&caps, msg, sizeof(caps));
	return le32toh(caps);
}

/* Of two ways to do the same a PF grants the newer one. */
static uint32_t granted_caps(const struct pf_vf *vf, uint32_t asked)
{
	const struct pf_profile *profile = vf->pf->profile;
	uint32_t caps = (asked & profile->caps) | profile->caps_always;

	if (caps & VIRTCHNL_CAP_VLAN_V2 || !pf_vlan_mode(vf)->v1)
		caps &= ~VIRTCHNL_CAP_VLAN;
	if (caps & VIRTCHNL_CAP_RSS_PF)
		caps &= ~VIRTCHNL_CAP_RSS_REG;
	return caps;
}

/* What the VSI becomes by what was granted. */
static void apply_caps(struct pf_vf *vf, uint32_t asked)
{
	const struct pf_vlan_mode *mode = pf_vlan_mode(vf);
	struct pf_vsi *vsi = &vf->vsi;

	if (vf->caps & VIRTCHNL_CAP_RSS_REG) {
		vsi->rss_by_registers = true;
		memset(vsi->rss_key, 0, sizeof(vsi->rss_key));
		memset(vsi->rss_lut, 0, sizeof(vsi->rss_lut));
		vsi->rss_hena = 0;
	}
	if (vf->caps & VIRTCHNL_CAP_VLAN && vf->pf->profile->v1_strips)
		vsi->vlan.inner_strip = true;
	/* A driver from before double VLAN mode does all in software, so all tags pass. */
	if (mode->pruning && asked & VIRTCHNL_CAP_VLAN && !(vf->caps & VIRTCHNL_CAP_VLAN_V2)) {
		vsi->vlan_pruning = vsi->vlan_antispoof = false;
		vsi->vlan.insert_tpid = 0;
		vsi->vlan.inner_insert = false;
	}
}

static void forget_mac(struct pf_vf *vf)
{
	memset(vf->hw_mac, 0, sizeof(vf->hw_mac));
	pf_macs_rebuild(vf);
}

void vc_get_resources(struct pf_vf *vf, const void *msg, size_t len)
{
	const struct pf_profile *profile = vf->pf->profile;
	struct {
		struct virtchnl_vf_resource res;
		struct virtchnl_vsi_resource vsi, spare;
	} VIRTCHNL_PACKED r = { 0 };
	size_t size = sizeof(r) - (profile->spare_vsi ? 0 : sizeof(r.spare));
	uint32_t asked = requested_caps(msg, len);

	if (vf->state == VF_ACTIVE) {	/* RESET_VF first */
		vc_reply(vf, VIRTCHNL_OP_GET_VF_RESOURCES, VIRTCHNL_ERR_PARAM, NULL, 0);
		return;
	}
	vf->caps = granted_caps(vf, asked);
	if (profile->zero_mac_without_uso && !(asked & VIRTCHNL_CAP_USO) && !vf->mac_by_host)
		forget_mac(vf);
	r.res.num_vsis = htole16(1);
	r.res.num_queue_pairs = htole16(vf->vsi.num_queues);
	r.res.max_vectors = htole16(vf->vsi.num_vectors);
	r.res.vf_cap_flags = htole32(vf->caps);
	if (!profile->no_sizes) {
		r.res.max_mtu = htole16(pf_guest_frame(vf));
		r.res.rss_key_size = htole32(PF_RSS_KEY_SIZE);
		r.res.rss_lut_size = htole32(PF_RSS_LUT_SIZE);
	}
	r.vsi.vsi_id = htole16(PF_VSI_ID_BASE + vf->id);
	r.vsi.num_queue_pairs = r.res.num_queue_pairs;
	r.vsi.vsi_type = htole32(VIRTCHNL_VSI_SRIOV);
	memcpy(r.vsi.default_mac_addr, vf->hw_mac, sizeof(vf->hw_mac));
	vf->state = VF_ACTIVE;
	vf->vsi.enabled = true;
	apply_caps(vf, asked);
	vc_reply(vf, VIRTCHNL_OP_GET_VF_RESOURCES, VIRTCHNL_SUCCESS, &r, size);
}

void vc_reset(struct pf_vf *vf, const void *msg, size_t len)
{
	uint64_t deaf_ns = vf->pf->profile->deaf_ns;

	/* i40e is still busy with the reset that it just ended. */
	if (deaf_ns && vf->active_since && vf->pf->now < vf->active_since + deaf_ns)
		return;
	pf_reset_start(vf, PF_RESET_BY_VF);
}

/* Success has no answer but the reset; a refusal has status 0 and the number that is possible. */
void vc_request_queues(struct pf_vf *vf, const void *data, size_t len)
{
	const struct virtchnl_vf_res_request *msg = data;
	struct virtchnl_vf_res_request answer = *msg;
	uint16_t wanted = le16toh(msg->num_queue_pairs);
	uint16_t max = vf->pf->max_queues ? vf->pf->max_queues : vf->pf->profile->max_queues;

	if (wanted && wanted <= max) {
		vf->num_req_queues = wanted;
		pf_reset_start(vf, PF_RESET_ANNOUNCED);
		return;
	}
	if (wanted)
		answer.num_queue_pairs = htole16(max);
	else
		pf_violation(vf, "REQUEST_QUEUES for no queue");
	vc_reply(vf, VIRTCHNL_OP_REQUEST_QUEUES, VIRTCHNL_SUCCESS, &answer, sizeof(answer));
}

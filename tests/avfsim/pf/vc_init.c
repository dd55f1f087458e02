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
		.minor = htole32(VIRTCHNL_VERSION_MINOR),
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

void vc_get_resources(struct pf_vf *vf, const void *msg, size_t len)
{
	const struct pf_profile *profile = vf->pf->profile;
	struct {
		struct virtchnl_vf_resource res;
		struct virtchnl_vsi_resource vsi;
	} VIRTCHNL_PACKED r = { 0 };

	if (vf->state == VF_ACTIVE) {	/* RESET_VF first */
		vc_reply(vf, VIRTCHNL_OP_GET_VF_RESOURCES, VIRTCHNL_ERR_PARAM, NULL, 0);
		return;
	}
	vf->caps = (requested_caps(msg, len) & profile->caps) | profile->caps_always;
	r.res.num_vsis = htole16(1);
	r.res.num_queue_pairs = htole16(vf->vsi.num_queues);
	r.res.max_vectors = htole16(vf->vsi.num_vectors);
	r.res.max_mtu = htole16(vf->pf->config.max_mtu);
	r.res.vf_cap_flags = htole32(vf->caps);
	r.res.rss_key_size = htole32(PF_RSS_KEY_SIZE);
	r.res.rss_lut_size = htole32(PF_RSS_LUT_SIZE);
	r.vsi.vsi_id = htole16(PF_VSI_ID_BASE + vf->id);
	r.vsi.num_queue_pairs = r.res.num_queue_pairs;
	r.vsi.vsi_type = htole32(VIRTCHNL_VSI_SRIOV);
	memcpy(r.vsi.default_mac_addr, vf->hw_mac, sizeof(vf->hw_mac));
	vf->state = VF_ACTIVE;
	vf->vsi.enabled = true;
	vc_reply(vf, VIRTCHNL_OP_GET_VF_RESOURCES, VIRTCHNL_SUCCESS, &r, sizeof(r));
}

void vc_reset(struct pf_vf *vf, const void *msg, size_t len)
{
	pf_reset_start(vf, PF_RESET_BY_VF);
}

/* Success has no answer but the reset; a refusal has status 0 and the number that is possible. */
void vc_request_queues(struct pf_vf *vf, const void *data, size_t len)
{
	const struct virtchnl_vf_res_request *msg = data;
	struct virtchnl_vf_res_request answer = *msg;
	uint16_t wanted = le16toh(msg->num_queue_pairs);
	uint16_t max = vf->pf->profile->max_queues;

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

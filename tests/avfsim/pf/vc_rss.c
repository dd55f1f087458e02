// SPDX-License-Identifier: GPL-2.0-or-later
/* CONFIG_RSS_KEY, CONFIG_RSS_LUT, CONFIG_RSS_HFUNC, GET/SET_RSS_HENA. */
#include <endian.h>
#include <string.h>

#include "pf/internal.h"

static uint64_t supported(const struct pf_vf *vf)
{
	return vf->caps & VIRTCHNL_CAP_RSS_PCTYPE_V2 ? VIRTCHNL_HENA_EXPANDED :
						       VIRTCHNL_HENA_DEFAULT;
}

/* Any fixed key will do, but not one that two VFs share. */
void pf_rss_defaults(struct pf_vf *vf)
{
	struct pf_vsi *vsi = &vf->vsi;
	uint32_t x = 0x9e3779b9u * (vf->id + 1);

	for (unsigned int i = 0; i < PF_RSS_KEY_SIZE; i++) {
		x = x * 1664525 + 1013904223;
		vsi->rss_key[i] = x >> 24;
	}
	for (unsigned int i = 0; i < PF_RSS_LUT_SIZE; i++)
		vsi->rss_lut[i] = i % vsi->num_queues;
	vsi->rss_hena = VIRTCHNL_HENA_DEFAULT;
}

int32_t vc_rss_key(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_rss_key *msg = data;

	if (!vc_vsi_ok(vf, msg->vsi_id) || le16toh(msg->key_len) != PF_RSS_KEY_SIZE)
		return VIRTCHNL_ERR_PARAM;
	memcpy(vf->vsi.rss_key, msg->key, PF_RSS_KEY_SIZE);
	return VIRTCHNL_SUCCESS;
}

int32_t vc_rss_lut(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_rss_lut *msg = data;

	if (!vc_vsi_ok(vf, msg->vsi_id) || le16toh(msg->lut_entries) != PF_RSS_LUT_SIZE)
		return VIRTCHNL_ERR_PARAM;
	for (unsigned int i = 0; i < PF_RSS_LUT_SIZE; i++) {
		if (msg->lut[i] >= vf->vsi.num_queues)
			return VIRTCHNL_ERR_PARAM;
	}
	memcpy(vf->vsi.rss_lut, msg->lut, PF_RSS_LUT_SIZE);
	return VIRTCHNL_SUCCESS;
}

int32_t vc_rss_hfunc(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_rss_hfunc *msg = data;
	uint16_t alg = le16toh(msg->rss_algorithm);

	if (!vc_vsi_ok(vf, msg->vsi_id))
		return VIRTCHNL_ERR_PARAM;
	/* Whatever is not symmetric Toeplitz becomes plain Toeplitz without a word. */
	if (alg != VIRTCHNL_RSS_TOEPLITZ && alg != VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC)
		pf_violation(vf, "op 18: hash function %u is not one of the device's", alg);
	vf->vsi.rss_symmetric = alg == VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC;
	return VIRTCHNL_SUCCESS;
}

void vc_get_hena(struct pf_vf *vf, const void *msg, size_t len)
{
	struct virtchnl_rss_hena answer = { .hena = htole64(supported(vf)) };

	vc_reply(vf, VIRTCHNL_OP_GET_RSS_HENA, VIRTCHNL_SUCCESS, &answer, sizeof(answer));
}

int32_t vc_set_hena(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_rss_hena *msg = data;

	vf->vsi.rss_hena = le64toh(msg->hena) & supported(vf);
	return VIRTCHNL_SUCCESS;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* CONFIG_RSS_KEY, CONFIG_RSS_LUT, CONFIG_RSS_HFUNC, GET/SET_RSS_HENA, ADD/DEL_RSS_CFG. */
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
	memset(vf->vsi.rss_plain, 0, sizeof(vf->vsi.rss_plain));
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
	/* Takes the place of all that was configured before. */
	memset(vf->vsi.rss_fields, 0, sizeof(vf->vsi.rss_fields));
	memset(vf->vsi.rss_plain, 0, sizeof(vf->vsi.rss_plain));
	return VIRTCHNL_SUCCESS;
}

static const struct {
	uint32_t l3, l4;
	uint64_t hena;
} flows[PF_RSS_FLOWS] = {
	[PF_RSS_TCP4] = { VIRTCHNL_PROTO_IPV4, VIRTCHNL_PROTO_TCP, 3ull << 32 },
	[PF_RSS_UDP4] = { VIRTCHNL_PROTO_IPV4, VIRTCHNL_PROTO_UDP, 7ull << 29 },
	[PF_RSS_SCTP4] = { VIRTCHNL_PROTO_IPV4, VIRTCHNL_PROTO_SCTP, 1ull << 34 },
	[PF_RSS_TCP6] = { VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_TCP, 3ull << 42 },
	[PF_RSS_UDP6] = { VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_UDP, 7ull << 39 },
	[PF_RSS_SCTP6] = { VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_SCTP, 1ull << 44 },
};

/* The flow that a pattern names, and the fields that it selects; PF_RSS_FLOWS: none of ours. */
static unsigned int pattern(struct pf_vf *vf, const struct virtchnl_rss_cfg *msg, uint8_t *fields)
{
	const struct virtchnl_proto_hdrs *hdrs = &msg->proto_hdrs;
	const struct virtchnl_proto_hdr *l3 = &hdrs->proto_hdr[0], *l4 = &hdrs->proto_hdr[1];
	uint32_t alg = le32toh(msg->rss_algorithm);

	if (le32toh(hdrs->count) != 2 || alg > VIRTCHNL_RSS_XOR_SYMMETRIC)
		return PF_RSS_FLOWS;
	if (hdrs->tunnel_level || alg == VIRTCHNL_RSS_XOR || alg == VIRTCHNL_RSS_XOR_SYMMETRIC)
		pf_violation(vf, "RSS pattern with tunnel level %u, algorithm %u",
			     hdrs->tunnel_level, alg);
	if ((le32toh(l3->field_selector) | le32toh(l4->field_selector)) & ~3u)
		pf_violation(vf, "RSS pattern selects fields that are not modelled");
	*fields = (le32toh(l3->field_selector) & 3) | (le32toh(l4->field_selector) & 3) << 2;
	for (unsigned int i = 0; i < PF_RSS_FLOWS; i++) {
		if (le32toh(l3->type) == flows[i].l3 && le32toh(l4->type) == flows[i].l4)
			return i;
	}
	return PF_RSS_FLOWS;
}

/* Symmetric only if the function is as well. */
int32_t vc_add_rss_cfg(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_rss_cfg *msg = data;
	uint8_t fields = 0;
	unsigned int flow = pattern(vf, msg, &fields);

	if (flow == PF_RSS_FLOWS || !fields)
		return VIRTCHNL_ERR_PARAM;
	vf->vsi.rss_fields[flow] = fields;
	vf->vsi.rss_plain[flow] = le32toh(msg->rss_algorithm) != VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC;
	return VIRTCHNL_SUCCESS;
}

/* Also of what is hashed by itself; that there is nothing to delete is not an error. */
int32_t vc_del_rss_cfg(struct pf_vf *vf, const void *data)
{
	uint8_t fields;
	unsigned int flow = pattern(vf, data, &fields);

	if (flow == PF_RSS_FLOWS)
		return VIRTCHNL_ERR_PARAM;
	vf->vsi.rss_fields[flow] = 0;
	vf->vsi.rss_hena &= ~flows[flow].hena;
	return VIRTCHNL_SUCCESS;
}

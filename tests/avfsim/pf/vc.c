// SPDX-License-Identifier: GPL-2.0-or-later
/* One message at a time: length, allowlist, handler, answer. Source: protocol.md section 8. */
#include "pf/internal.h"

struct handler {
	uint32_t opcode;
	uint32_t cap;		/* granted by op 3, or 0 */
	int32_t (*set)(struct pf_vf *vf, const void *msg);	/* answered with its status */
	void (*get)(struct pf_vf *vf, const void *msg, size_t len);	/* answers by itself */
};

static const struct handler handlers[] = {
	{ VIRTCHNL_OP_VERSION, 0, .get = vc_version },
	{ VIRTCHNL_OP_RESET_VF, 0, .get = vc_reset },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 0, .get = vc_get_resources },
	{ VIRTCHNL_OP_CONFIG_VSI_QUEUES, 0, .set = vc_config_queues },
	{ VIRTCHNL_OP_CONFIG_IRQ_MAP, 0, .set = vc_config_irq_map },
	{ VIRTCHNL_OP_ENABLE_QUEUES, 0, .set = vc_enable_queues },
	{ VIRTCHNL_OP_DISABLE_QUEUES, 0, .set = vc_disable_queues },
	{ VIRTCHNL_OP_GET_STATS, 0, .get = vc_get_stats },
	{ VIRTCHNL_OP_ADD_ETH_ADDR, VIRTCHNL_CAP_L2, .set = vc_add_macs },
	{ VIRTCHNL_OP_DEL_ETH_ADDR, VIRTCHNL_CAP_L2, .set = vc_del_macs },
	{ VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, VIRTCHNL_CAP_L2, .set = vc_promiscuous },
	{ VIRTCHNL_OP_ADD_VLAN, VIRTCHNL_CAP_VLAN, .set = vc_add_vlans },
	{ VIRTCHNL_OP_DEL_VLAN, VIRTCHNL_CAP_VLAN, .set = vc_del_vlans },
	{ VIRTCHNL_OP_ENABLE_VLAN_STRIPPING, VIRTCHNL_CAP_VLAN, .set = vc_enable_strip },
	{ VIRTCHNL_OP_DISABLE_VLAN_STRIPPING, VIRTCHNL_CAP_VLAN, .set = vc_disable_strip },
	{ VIRTCHNL_OP_REQUEST_QUEUES, VIRTCHNL_CAP_REQ_QUEUES, .get = vc_request_queues },
	{ VIRTCHNL_OP_CONFIG_RSS_HFUNC, VIRTCHNL_CAP_RSS_PF, .set = vc_rss_hfunc },
	{ VIRTCHNL_OP_CONFIG_RSS_KEY, VIRTCHNL_CAP_RSS_PF, .set = vc_rss_key },
	{ VIRTCHNL_OP_CONFIG_RSS_LUT, VIRTCHNL_CAP_RSS_PF, .set = vc_rss_lut },
	{ VIRTCHNL_OP_GET_RSS_HENA, VIRTCHNL_CAP_RSS_PF, .get = vc_get_hena },
	{ VIRTCHNL_OP_SET_RSS_HENA, VIRTCHNL_CAP_RSS_PF, .set = vc_set_hena },
	{ VIRTCHNL_OP_ADD_RSS_CFG, VIRTCHNL_CAP_ADV_RSS_PF, .set = vc_add_rss_cfg },
	{ VIRTCHNL_OP_DEL_RSS_CFG, VIRTCHNL_CAP_ADV_RSS_PF, .set = vc_del_rss_cfg },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, VIRTCHNL_CAP_VLAN_V2, .get = vc_vlan_v2_caps },
	{ VIRTCHNL_OP_ADD_VLAN_V2, VIRTCHNL_CAP_VLAN_V2, .set = vc_add_vlans_v2 },
	{ VIRTCHNL_OP_DEL_VLAN_V2, VIRTCHNL_CAP_VLAN_V2, .set = vc_del_vlans_v2 },
	{ VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, VIRTCHNL_CAP_VLAN_V2, .set = vc_enable_strip_v2 },
	{ VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2, VIRTCHNL_CAP_VLAN_V2,
	  .set = vc_disable_strip_v2 },
	{ VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2, VIRTCHNL_CAP_VLAN_V2,
	  .set = vc_enable_insert_v2 },
	{ VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2, VIRTCHNL_CAP_VLAN_V2,
	  .set = vc_disable_insert_v2 },
};

static const struct handler *find(uint32_t opcode)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (handlers[i].opcode == opcode)
			return &handlers[i];
	}
	return NULL;
}

/* Does this PF have a handler, whatever it granted? */
static bool implemented(const struct pf_profile *profile, const struct handler *h)
{
	for (unsigned int i = 0; i < sizeof(profile->missing); i++) {
		if (profile->missing[i] && profile->missing[i] == h->opcode)
			return false;
	}
	return (profile->caps & h->cap) == h->cap;
}

static bool before_resources(uint32_t opcode)
{
	return opcode == VIRTCHNL_OP_VERSION || opcode == VIRTCHNL_OP_RESET_VF ||
	       opcode == VIRTCHNL_OP_GET_VF_RESOURCES;
}

bool vc_opcode_allowed(const struct pf_vf *vf, uint32_t opcode)
{
	const struct handler *h = find(opcode);

	if (!h || !implemented(vf->pf->profile, h))
		return false;
	if (before_resources(opcode))
		return true;
	if (!vf->pf->profile->allowlist)
		return vf->state == VF_ACTIVE;
	return vf->state == VF_ACTIVE && (vf->caps & h->cap) == h->cap;
}

/* Without an allowlist each handler looks whether the VF is active. */
static int32_t why_not(const struct pf_vf *vf, uint32_t opcode)
{
	const struct pf_profile *profile = vf->pf->profile;
	const struct handler *h = find(opcode);

	if (!profile->allowlist && h && implemented(profile, h))
		return VIRTCHNL_ERR_PARAM;
	return profile->no_such_op;
}

void vc_serve(struct pf_vf *vf, uint32_t opcode, const void *msg, size_t len)
{
	const struct handler *h = find(opcode);

	if (!vc_length_ok(vf, opcode, msg, len)) {
		vc_reply(vf, opcode, VIRTCHNL_ERR_PARAM, NULL, 0);
		return;
	}
	if (!vc_opcode_allowed(vf, opcode)) {
		vc_reply(vf, opcode, why_not(vf, opcode), NULL, 0);
		return;
	}
	if (h->get)
		h->get(vf, msg, len);
	else
		vc_reply(vf, opcode, h->set(vf, msg), NULL, 0);
	/* Sent whatever the answer was, so also after a refusal. */
	if (opcode == VIRTCHNL_OP_GET_VF_RESOURCES || opcode == VIRTCHNL_OP_ENABLE_QUEUES)
		vc_event_link(vf);
}

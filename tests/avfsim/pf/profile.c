// SPDX-License-Identifier: GPL-2.0-or-later
#include "pf/profile.h"

#include <stddef.h>
#include <string.h>

#include "pf/pf.h"
#include "virtchnl/wire.h"

#define ETHERTYPES	(VIRTCHNL_VLAN_ETHERTYPE_8100 | VIRTCHNL_VLAN_ETHERTYPE_88A8 | \
			 VIRTCHNL_VLAN_ETHERTYPE_9100)
#define ONE_OF_THEM	(VIRTCHNL_VLAN_TOGGLE | ETHERTYPES | VIRTCHNL_VLAN_ETHERTYPE_XOR)
#define INNER		(VIRTCHNL_VLAN_TOGGLE | VIRTCHNL_VLAN_ETHERTYPE_8100 | \
			 VIRTCHNL_VLAN_TAG_L2TAG1)

static const struct pf_vlan_mode dvm = {
	.filter_outer = ETHERTYPES | VIRTCHNL_VLAN_ETHERTYPE_AND,
	.filter_init = ETHERTYPES,
	.strip_outer = ONE_OF_THEM | VIRTCHNL_VLAN_TAG_L2TAG2_2,
	.strip_inner = INNER,
	.insert_outer = ONE_OF_THEM | VIRTCHNL_VLAN_TAG_L2TAG2,
	.insert_inner = INNER,
	.offload_init = VIRTCHNL_VLAN_ETHERTYPE_8100,
	.pruning = true,
	.max_vlans_untrusted = 8,
	.max_vlans_trusted = 4096,
};

/*
 * Only what the model does. Not yet: ADQ, FDIR_PF, ADV_RSS_PF, RX_FLEX_DESC, LARGE_NUM_QPAIRS,
 * QOS, PTP, RDMA, FSUB_PF, CAPS2. V1 VLAN is not granted in double VLAN mode (section 7).
 */
#define ICE_CAPS	(VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_VLAN_V2 | \
			 VIRTCHNL_CAP_ADV_LINK_SPEED | VIRTCHNL_CAP_WB_ON_ITR | \
			 VIRTCHNL_CAP_REQ_QUEUES | VIRTCHNL_CAP_RSS_PCTYPE_V2 | \
			 VIRTCHNL_CAP_ENCAP | VIRTCHNL_CAP_ENCAP_CSUM | VIRTCHNL_CAP_USO | \
			 VIRTCHNL_CAP_CRC)

static const struct pf_profile profiles[] = {
	{
		.name = "ice-dvm",
		.caps = ICE_CAPS,
		.caps_always = VIRTCHNL_CAP_L2,
		.default_queues = 16,
		.max_queues = PF_MAX_QUEUES,
		.max_macs_untrusted = 18,
		.allowlist = true,
		.vlan = &dvm,
	},
};

const struct pf_profile *pf_profile_find(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		if (!strcmp(profiles[i].name, name))
			return &profiles[i];
	}
	return NULL;
}

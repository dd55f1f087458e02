// SPDX-License-Identifier: GPL-2.0-or-later
#include "pf/profile.h"

#include <stddef.h>
#include <string.h>

#include "pf/pf.h"
#include "virtchnl/opcodes.h"
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

/* The outer tag is the host's; the guest's own is not filtered. */
static const struct pf_vlan_mode dvm_port = {
	.strip_inner = INNER,
	.insert_inner = INNER,
	.offload_init = VIRTCHNL_VLAN_ETHERTYPE_8100,
	.v1 = true,
};

static const struct pf_vlan_mode svm = {
	.filter_inner = VIRTCHNL_VLAN_ETHERTYPE_8100,
	.filter_init = VIRTCHNL_VLAN_ETHERTYPE_8100,
	.strip_inner = INNER,
	.insert_inner = INNER,
	.offload_init = VIRTCHNL_VLAN_ETHERTYPE_8100,
	.v1 = true,
	.v1_filters = true,
	.pruning_by_filter = true,
	.max_vlans_untrusted = 8,
	.max_vlans_trusted = 4096,
};

static const struct pf_vlan_mode single_port = { 0 };

/* Nothing of V2; descriptors may insert, V1 messages say what is stripped. */
static const struct pf_vlan_mode v1_only = {
	.insert_inner = INNER,
	.v1 = true,
	.v1_filters = true,
	.pruning_by_filter = true,
};

/*
 * Only what the model does. Not yet: ADQ, FDIR_PF, RX_FLEX_DESC, LARGE_NUM_QPAIRS,
 * QOS, PTP, RDMA, FSUB_PF, CAPS2. Whether V1 VLAN is granted depends on the mode.
 */
#define ICE_CAPS	(VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_VLAN_V2 | \
			 VIRTCHNL_CAP_VLAN | VIRTCHNL_CAP_ADV_LINK_SPEED | \
			 VIRTCHNL_CAP_WB_ON_ITR | VIRTCHNL_CAP_REQ_QUEUES | \
			 VIRTCHNL_CAP_RSS_PCTYPE_V2 | VIRTCHNL_CAP_ENCAP | \
			 VIRTCHNL_CAP_ENCAP_CSUM | VIRTCHNL_CAP_USO | VIRTCHNL_CAP_CRC | \
			 VIRTCHNL_CAP_ADV_RSS_PF)

/* An X710: no write-back on ITR, no checksums inside of tunnels (those are the X722's). */
#define I40E_CAPS	(VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_RSS_REG | \
			 VIRTCHNL_CAP_VLAN | VIRTCHNL_CAP_ADV_LINK_SPEED | \
			 VIRTCHNL_CAP_REQ_QUEUES | VIRTCHNL_CAP_ENCAP)

#define V1_0_CAPS	(VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_REG | VIRTCHNL_CAP_VLAN)

#define ICE(vlan_mode)	\
	.minor = VIRTCHNL_VERSION_MINOR, .caps = ICE_CAPS, .caps_always = VIRTCHNL_CAP_L2, \
	.default_queues = 16, .max_queues = PF_MAX_QUEUES, .max_macs_untrusted = 18, \
	.vlan = &vlan_mode, .v1_max_vlans = 7, \
	.allowlist = true, .no_such_op = VIRTCHNL_ERR_NOT_SUPPORTED, \
	.link_needs_queues = true, .refusal_stops = true, .v1_strips = true

static const struct pf_profile profiles[] = {
	{
		.name = "ice-dvm",
		ICE(dvm),
		.vlan_port = &dvm_port,
	},
	{
		.name = "ice-svm",
		ICE(svm),
		.vlan_port = &single_port,
		.single_vlan = true,
	},
	{
		.name = "ice-port-vlan",
		ICE(dvm),
		.vlan_port = &dvm_port,
		.port_vlan = PF_PORT_VLAN_88A8,
	},
	{
		.name = "ice-svm-port-vlan",
		ICE(svm),
		.vlan_port = &single_port,
		.single_vlan = true,
		.port_vlan = PF_PORT_VLAN_8100,
	},
	{
		.name = "i40e",
		.minor = VIRTCHNL_VERSION_MINOR,
		.caps = I40E_CAPS,
		.caps_always = VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_ADV_LINK_SPEED | VIRTCHNL_CAP_VLAN |
			       VIRTCHNL_CAP_RSS_REG,
		.default_queues = 4,
		.max_queues = PF_MAX_QUEUES,
		.max_macs_untrusted = 18,
		.vlan = &v1_only,
		.vlan_port = &single_port,
		.single_vlan = true,
		.v1_max_vlans = 16,
		.errnos = true,
		.no_such_op = VIRTCHNL_ERR_NOT_SUPPORTED,
		.missing = { VIRTCHNL_OP_CONFIG_RSS_HFUNC },
		.spare_vsi = true,
		.tx_by_enable = true,
		.empty_ring_used = true,
		.any_frame = true,
		.strict_macs = true,
		.zero_mac_without_uso = true,
		.add_vlan_strips = true,
		.deaf_ns = 30 * UINT64_C(1000000),
	},
	{
		/* i40e as it was first: the base mode, and not a message more. */
		.name = "v1.0",
		.minor = 0,
		.caps = V1_0_CAPS,
		.caps_always = V1_0_CAPS,
		.default_queues = 4,
		.max_queues = 4,
		.max_macs_untrusted = 18,
		.vlan = &v1_only,
		.vlan_port = &single_port,
		.single_vlan = true,
		.v1_max_vlans = 16,
		.no_such_op = VIRTCHNL_ERR_PARAM,
		.missing = { VIRTCHNL_OP_ENABLE_VLAN_STRIPPING,
			     VIRTCHNL_OP_DISABLE_VLAN_STRIPPING },
		.spare_vsi = true,
		.no_sizes = true,
		.tx_by_enable = true,
		.empty_ring_used = true,
		.any_frame = true,
		.strict_macs = true,
		.add_vlan_strips = true,
	},
};

#define NUM_PROFILES	(sizeof(profiles) / sizeof(profiles[0]))

static const struct pf_profile *find(const char *name, size_t len)
{
	for (size_t i = 0; i < NUM_PROFILES; i++) {
		if (strlen(profiles[i].name) == len && !memcmp(profiles[i].name, name, len))
			return &profiles[i];
	}
	return NULL;
}

const struct pf_profile *pf_profile_find(const char *name)
{
	return find(name, strlen(name));
}

const struct pf_profile *pf_profile_parse(const char *text, bool *untrusted)
{
	size_t len = strcspn(text, ",");

	*untrusted = !strcmp(text + len, ",untrusted");
	return *untrusted || !text[len] ? find(text, len) : NULL;
}

const char *pf_profile_name(unsigned int i)
{
	return i < NUM_PROFILES ? profiles[i].name : NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The first gate: exact lengths of messages. Source: protocol.md section 5. */
#include <endian.h>
#include <string.h>

#include "pf/internal.h"
#include "virtchnl/names.h"

#define ANY_LENGTH	SIZE_MAX

static uint16_t count16(const void *msg, size_t off)
{
	uint16_t n;

	memcpy(&n, (const uint8_t *)msg + off, sizeof(n));
	return le16toh(n);
}

/* base bytes plus size for each element counted at off; at least one element. */
static bool list_ok(const void *msg, size_t len, size_t base, size_t off, size_t size)
{
	uint16_t n;

	if (len < base)
		return false;
	n = count16(msg, off);
	return n && len == base + n * size;
}

/* As old as the older of the two. */
static bool version_1_1(const struct pf_vf *vf)
{
	return vf->version.major == 1 && vf->version.minor == 1 && vf->pf->profile->minor == 1;
}

static size_t fixed_length(const struct pf_vf *vf, uint32_t opcode)
{
	switch (opcode) {
	case VIRTCHNL_OP_VERSION:
		return sizeof(struct virtchnl_version_info);
	case VIRTCHNL_OP_GET_VF_RESOURCES:
		return version_1_1(vf) ? sizeof(uint32_t) : 0;
	case VIRTCHNL_OP_RESET_VF:
	case VIRTCHNL_OP_GET_RSS_HENA:
	case VIRTCHNL_OP_ENABLE_VLAN_STRIPPING:
	case VIRTCHNL_OP_DISABLE_VLAN_STRIPPING:
	case VIRTCHNL_OP_RELEASE_RDMA_IRQ_MAP:
	case VIRTCHNL_OP_DISABLE_CHANNELS:
	case VIRTCHNL_OP_GET_SUPPORTED_RXDIDS:
	case VIRTCHNL_OP_GET_MAX_RSS_QREGION:
	case VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS:
	case VIRTCHNL_OP_GET_QOS_CAPS:
		return 0;
	case VIRTCHNL_OP_CONFIG_TX_QUEUE:
		return sizeof(struct virtchnl_txq_info);
	case VIRTCHNL_OP_CONFIG_RX_QUEUE:
		return sizeof(struct virtchnl_rxq_info);
	case VIRTCHNL_OP_ENABLE_QUEUES:
	case VIRTCHNL_OP_DISABLE_QUEUES:
	case VIRTCHNL_OP_GET_STATS:
		return sizeof(struct virtchnl_queue_select);
	case VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE:
		return sizeof(struct virtchnl_promisc_info);
	case VIRTCHNL_OP_CONFIG_RSS_HFUNC:
		return sizeof(struct virtchnl_rss_hfunc);
	case VIRTCHNL_OP_SET_RSS_HENA:
		return sizeof(struct virtchnl_rss_hena);
	case VIRTCHNL_OP_REQUEST_QUEUES:
		return sizeof(struct virtchnl_vf_res_request);
	case VIRTCHNL_OP_ADD_CLOUD_FILTER:
	case VIRTCHNL_OP_DEL_CLOUD_FILTER:
		return sizeof(struct virtchnl_cloud_filter);
	case VIRTCHNL_OP_ADD_RSS_CFG:
	case VIRTCHNL_OP_DEL_RSS_CFG:
		return sizeof(struct virtchnl_rss_cfg);
	case VIRTCHNL_OP_ADD_FDIR_FILTER:
		return sizeof(struct virtchnl_fdir_add);
	case VIRTCHNL_OP_DEL_FDIR_FILTER:
		return sizeof(struct virtchnl_fdir_del);
	case VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2:
	case VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2:
	case VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2:
	case VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2:
	case VIRTCHNL_OP_ENABLE_VLAN_FILTERING_V2:
	case VIRTCHNL_OP_DISABLE_VLAN_FILTERING_V2:
		return sizeof(struct virtchnl_vlan_setting);
	}
	return ANY_LENGTH;
}

bool vc_length_ok(const struct pf_vf *vf, uint32_t opcode, const void *msg, size_t len)
{
	size_t fixed = fixed_length(vf, opcode);

	if (fixed != ANY_LENGTH)
		return len == fixed;
	switch (opcode) {
	case VIRTCHNL_OP_CONFIG_VSI_QUEUES:
		return list_ok(msg, len, virtchnl_len_vsi_queues(0), 2,
			       sizeof(struct virtchnl_queue_pair_info));
	case VIRTCHNL_OP_CONFIG_IRQ_MAP:
		return list_ok(msg, len, virtchnl_len_irq_map(0), 0,
			       sizeof(struct virtchnl_vector_map));
	case VIRTCHNL_OP_ADD_ETH_ADDR:
	case VIRTCHNL_OP_DEL_ETH_ADDR:
		return list_ok(msg, len, virtchnl_len_ether_addr(0), 2,
			       sizeof(struct virtchnl_ether_addr));
	case VIRTCHNL_OP_ADD_VLAN:
	case VIRTCHNL_OP_DEL_VLAN:
		return list_ok(msg, len, virtchnl_len_vlan(0), 2, sizeof(uint16_t));
	case VIRTCHNL_OP_CONFIG_RSS_KEY:
	case VIRTCHNL_OP_CONFIG_RSS_LUT:
		return list_ok(msg, len, 5, 2, 1);
	case VIRTCHNL_OP_ENABLE_CHANNELS:
		return list_ok(msg, len, sizeof(struct virtchnl_tc_info), 0,
			       sizeof(struct virtchnl_channel_info));
	case VIRTCHNL_OP_ADD_VLAN_V2:
	case VIRTCHNL_OP_DEL_VLAN_V2:
		return list_ok(msg, len, virtchnl_len_vlan_v2(0), 2,
			       sizeof(struct virtchnl_vlan_filter));
	case VIRTCHNL_OP_UNKNOWN:
	case VIRTCHNL_OP_EVENT:
		return false;
	}
	/* Known to the protocol, not to this model: the allowlist answers. */
	return virtchnl_op_name(opcode);
}

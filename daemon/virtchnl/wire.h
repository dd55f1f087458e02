/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtchnl messages as they lie in a mailbox buffer: little endian, packed (no alignment is
 * assumed, so a pointer into any buffer may be used). Multi-byte fields are as on the wire: users
 * convert with htole16(), le32toh() ... of <endian.h>; l4_spec and addresses are in network order.
 *
 * Variable tails are flexible arrays. What a PF accepts as the length of a message is given by
 * the virtchnl_len_*() functions, which include the surplus element that old headers had.
 *
 * Source: protocol.md sections 5 to 10. Sizes and offsets are asserted at the end.
 */
#ifndef VIRTCHNL_WIRE_H
#define VIRTCHNL_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define VIRTCHNL_MSG_MAX	4096	/* bytes of one mailbox buffer */
#define VIRTCHNL_ETH_ALEN	6
#define VIRTCHNL_VERSION_MAJOR	1
#define VIRTCHNL_VERSION_MINOR	1
#define VIRTCHNL_RSS_KEY_SIZE	52
#define VIRTCHNL_RSS_LUT_REGISTERS 64
#define VIRTCHNL_RSS_LUT_SIZE	64

#define VIRTCHNL_PACKED		__attribute__((packed))

/* Status of a reply. i40e puts negative errnos there instead: any nonzero value is a refusal. */
enum virtchnl_status {
	VIRTCHNL_SUCCESS		= 0,
	VIRTCHNL_ERR_PARAM		= -5,
	VIRTCHNL_ERR_NO_MEMORY		= -18,
	VIRTCHNL_ERR_OPCODE_MISMATCH	= -38,
	VIRTCHNL_ERR_CQP_COMPL_ERROR	= -39,
	VIRTCHNL_ERR_INVALID_VF_ID	= -40,
	VIRTCHNL_ERR_ADMIN_QUEUE_ERROR	= -53,
	VIRTCHNL_ERR_NOT_SUPPORTED	= -64,
};

/* Capability bits of op 3. Source: section 7. */
#define VIRTCHNL_CAP_L2			(UINT32_C(1) << 0)
#define VIRTCHNL_CAP_RDMA		(UINT32_C(1) << 1)
#define VIRTCHNL_CAP_CAPS2		(UINT32_C(1) << 2)
#define VIRTCHNL_CAP_RSS_AQ		(UINT32_C(1) << 3)
#define VIRTCHNL_CAP_RSS_REG		(UINT32_C(1) << 4)
#define VIRTCHNL_CAP_WB_ON_ITR		(UINT32_C(1) << 5)
#define VIRTCHNL_CAP_REQ_QUEUES		(UINT32_C(1) << 6)
#define VIRTCHNL_CAP_ADV_LINK_SPEED	(UINT32_C(1) << 7)
#define VIRTCHNL_CAP_INLINE_IPSEC	(UINT32_C(1) << 8)
#define VIRTCHNL_CAP_LARGE_NUM_QPAIRS	(UINT32_C(1) << 9)
#define VIRTCHNL_CAP_CRC		(UINT32_C(1) << 10)
#define VIRTCHNL_CAP_TC_U32		(UINT32_C(1) << 11)
#define VIRTCHNL_CAP_QGRPS		(UINT32_C(1) << 12)
#define VIRTCHNL_CAP_FLOW_STEER_TO_QGRP	(UINT32_C(1) << 13)
#define VIRTCHNL_CAP_FSUB_PF		(UINT32_C(1) << 14)
#define VIRTCHNL_CAP_VLAN_V2		(UINT32_C(1) << 15)
#define VIRTCHNL_CAP_VLAN		(UINT32_C(1) << 16)
#define VIRTCHNL_CAP_RX_POLLING		(UINT32_C(1) << 17)
#define VIRTCHNL_CAP_RSS_PCTYPE_V2	(UINT32_C(1) << 18)
#define VIRTCHNL_CAP_RSS_PF		(UINT32_C(1) << 19)
#define VIRTCHNL_CAP_ENCAP		(UINT32_C(1) << 20)
#define VIRTCHNL_CAP_ENCAP_CSUM		(UINT32_C(1) << 21)
#define VIRTCHNL_CAP_RX_ENCAP_CSUM	(UINT32_C(1) << 22)
#define VIRTCHNL_CAP_ADQ		(UINT32_C(1) << 23)
#define VIRTCHNL_CAP_ADQ_V2		(UINT32_C(1) << 24)
#define VIRTCHNL_CAP_USO		(UINT32_C(1) << 25)
#define VIRTCHNL_CAP_RX_FLEX_DESC	(UINT32_C(1) << 26)
#define VIRTCHNL_CAP_ADV_RSS_PF		(UINT32_C(1) << 27)
#define VIRTCHNL_CAP_FDIR_PF		(UINT32_C(1) << 28)
#define VIRTCHNL_CAP_QOS		(UINT32_C(1) << 29)
#define VIRTCHNL_CAP_DCF		(UINT32_C(1) << 30)
#define VIRTCHNL_CAP_PTP		(UINT32_C(1) << 31)

/* Bring-up */

struct virtchnl_version_info {
	uint32_t major;
	uint32_t minor;
} VIRTCHNL_PACKED;

#define VIRTCHNL_VSI_SRIOV	6	/* vsi_type */

struct virtchnl_vsi_resource {
	uint16_t vsi_id;
	uint16_t num_queue_pairs;
	uint32_t vsi_type;
	uint16_t qset_handle;
	uint8_t default_mac_addr[VIRTCHNL_ETH_ALEN];	/* zero when the host gave none */
} VIRTCHNL_PACKED;

struct virtchnl_vf_resource {
	uint16_t num_vsis;
	uint16_t num_queue_pairs;
	uint16_t max_vectors;		/* mailbox vector included */
	uint16_t max_mtu;		/* frame bytes; 0 = not told */
	uint32_t vf_cap_flags;
	uint32_t rss_key_size;
	uint32_t rss_lut_size;
	struct virtchnl_vsi_resource vsi_res[];
} VIRTCHNL_PACKED;

struct virtchnl_vf_res_request {	/* REQUEST_QUEUES, both ways */
	uint16_t num_queue_pairs;
} VIRTCHNL_PACKED;

struct virtchnl_vf_caps2 {
	uint32_t len;			/* words of flags */
	uint32_t flags[];
} VIRTCHNL_PACKED;

/* Queues */

struct virtchnl_txq_info {
	uint16_t vsi_id;
	uint16_t queue_id;
	uint16_t ring_len;
	uint16_t headwb_enabled;
	uint64_t dma_ring_addr;
	uint64_t dma_headwb_addr;
} VIRTCHNL_PACKED;

struct virtchnl_rxq_info {
	uint16_t vsi_id;
	uint16_t queue_id;
	uint32_t ring_len;
	uint16_t hdr_size;
	uint16_t splithdr_enabled;
	uint32_t databuffer_size;
	uint32_t max_pkt_size;
	uint8_t crc_disable;
	uint8_t rxdid;
	uint8_t flags;			/* bit 0: PTP time stamps */
	uint8_t pad1;
	uint64_t dma_ring_addr;
	uint32_t rx_split_pos;
	uint32_t pad2;
} VIRTCHNL_PACKED;

struct virtchnl_queue_pair_info {
	struct virtchnl_txq_info txq;
	struct virtchnl_rxq_info rxq;
} VIRTCHNL_PACKED;

struct virtchnl_vsi_queue_config_info {
	uint16_t vsi_id;
	uint16_t num_queue_pairs;
	uint32_t txtime_txqs;		/* pad without launch time */
	struct virtchnl_queue_pair_info qpair[];
} VIRTCHNL_PACKED;

struct virtchnl_vector_map {
	uint16_t vsi_id;
	uint16_t vector_id;
	uint16_t rxq_map;		/* bitmaps of queues */
	uint16_t txq_map;
	uint16_t rxitr_idx;
	uint16_t txitr_idx;
} VIRTCHNL_PACKED;

struct virtchnl_irq_map_info {
	uint16_t num_vectors;
	struct virtchnl_vector_map vecmap[];
} VIRTCHNL_PACKED;

struct virtchnl_queue_select {		/* ENABLE_QUEUES, DISABLE_QUEUES, GET_STATS */
	uint16_t vsi_id;
	uint16_t pad;
	uint32_t rx_queues;		/* bitmaps */
	uint32_t tx_queues;
} VIRTCHNL_PACKED;

enum virtchnl_queue_type {
	VIRTCHNL_QUEUE_TX = 0,
	VIRTCHNL_QUEUE_RX = 1,
};

struct virtchnl_queue_chunk {
	uint32_t type;
	uint16_t start_queue_id;
	uint16_t num_queues;
} VIRTCHNL_PACKED;

struct virtchnl_queue_chunks {
	uint16_t num_chunks;
	uint16_t rsvd;
	struct virtchnl_queue_chunk chunks[];
} VIRTCHNL_PACKED;

struct virtchnl_del_ena_dis_queues {	/* ENABLE_QUEUES_V2, DISABLE_QUEUES_V2 */
	uint16_t vport_id;
	uint16_t pad;
	uint16_t num_chunks;
	uint16_t rsvd;
	struct virtchnl_queue_chunk chunks[];
} VIRTCHNL_PACKED;

struct virtchnl_queue_vector {
	uint16_t queue_id;
	uint16_t vector_id;
	uint8_t pad[4];
	uint32_t itr_idx;
	uint32_t queue_type;
} VIRTCHNL_PACKED;

struct virtchnl_queue_vector_maps {
	uint16_t vport_id;
	uint16_t num_qv_maps;
	uint8_t pad[4];
	struct virtchnl_queue_vector qv_maps[];
} VIRTCHNL_PACKED;

struct virtchnl_max_rss_qregion {
	uint16_t vport_id;
	uint16_t qregion_width;		/* usable RSS queues = 2^width */
	uint8_t pad[4];
} VIRTCHNL_PACKED;

struct virtchnl_supported_rxdids {
	uint64_t supported_rxdids;	/* bitmap */
} VIRTCHNL_PACKED;

/* MAC, promiscuous mode, statistics */

enum virtchnl_ether_addr_type {
	VIRTCHNL_ETHER_ADDR_LEGACY	= 0,
	VIRTCHNL_ETHER_ADDR_PRIMARY	= 1,
	VIRTCHNL_ETHER_ADDR_EXTRA	= 2,
};

struct virtchnl_ether_addr {
	uint8_t addr[VIRTCHNL_ETH_ALEN];
	uint8_t type;
	uint8_t pad;
} VIRTCHNL_PACKED;

struct virtchnl_ether_addr_list {
	uint16_t vsi_id;
	uint16_t num_elements;
	struct virtchnl_ether_addr list[];
} VIRTCHNL_PACKED;

#define VIRTCHNL_PROMISC_UNICAST	0x1
#define VIRTCHNL_PROMISC_MULTICAST	0x2

struct virtchnl_promisc_info {
	uint16_t vsi_id;
	uint16_t flags;
} VIRTCHNL_PACKED;

struct virtchnl_eth_stats {
	uint64_t rx_bytes;
	uint64_t rx_unicast;
	uint64_t rx_multicast;
	uint64_t rx_broadcast;
	uint64_t rx_discards;
	uint64_t rx_unknown_protocol;
	uint64_t tx_bytes;
	uint64_t tx_unicast;
	uint64_t tx_multicast;
	uint64_t tx_broadcast;
	uint64_t tx_discards;
	uint64_t tx_errors;
} VIRTCHNL_PACKED;

/* VLAN, V1 and V2 */

struct virtchnl_vlan_filter_list {
	uint16_t vsi_id;
	uint16_t num_elements;
	uint16_t vlan_id[];
} VIRTCHNL_PACKED;

/* Support bits of V2. Source: section 9; 0 = unsupported. */
#define VIRTCHNL_VLAN_ETHERTYPE_8100	UINT32_C(0x00000001)
#define VIRTCHNL_VLAN_ETHERTYPE_88A8	UINT32_C(0x00000002)
#define VIRTCHNL_VLAN_ETHERTYPE_9100	UINT32_C(0x00000004)
#define VIRTCHNL_VLAN_ETHERTYPE_88E7	UINT32_C(0x00000008)
#define VIRTCHNL_VLAN_TAG_L2TAG1	UINT32_C(0x00000100)
#define VIRTCHNL_VLAN_TAG_L2TAG2	UINT32_C(0x00000200)
#define VIRTCHNL_VLAN_TAG_L2TAG2_2	UINT32_C(0x00000400)
#define VIRTCHNL_VLAN_PRIO		(UINT32_C(1) << 24)
#define VIRTCHNL_VLAN_FILTER_MASK	(UINT32_C(1) << 28)
#define VIRTCHNL_VLAN_ETHERTYPE_AND	(UINT32_C(1) << 29)
#define VIRTCHNL_VLAN_ETHERTYPE_XOR	(UINT32_C(1) << 30)
#define VIRTCHNL_VLAN_TOGGLE		(UINT32_C(1) << 31)

struct virtchnl_vlan_supported_caps {
	uint32_t outer;
	uint32_t inner;
} VIRTCHNL_PACKED;

struct virtchnl_vlan_filtering_caps {
	struct virtchnl_vlan_supported_caps filtering_support;
	uint32_t ethertype_init;
	uint16_t max_filters;
	uint8_t pad[2];
} VIRTCHNL_PACKED;

/* ethertype_match */
#define VIRTCHNL_VLAN_STRIP_EQUALS_INSERT	0
#define VIRTCHNL_VLAN_STRIP_INSERT_FREE		1

struct virtchnl_vlan_offload_caps {
	struct virtchnl_vlan_supported_caps stripping_support;
	struct virtchnl_vlan_supported_caps insertion_support;
	uint32_t ethertype_init;
	uint8_t ethertype_match;
	uint8_t pad[3];
} VIRTCHNL_PACKED;

struct virtchnl_vlan_caps {
	struct virtchnl_vlan_filtering_caps filtering;
	struct virtchnl_vlan_offload_caps offloads;
} VIRTCHNL_PACKED;

struct virtchnl_vlan {
	uint16_t tci;
	uint16_t tci_mask;
	uint16_t tpid;			/* 0x8100 ... as a number, little endian */
	uint8_t pad[2];
} VIRTCHNL_PACKED;

struct virtchnl_vlan_filter {
	struct virtchnl_vlan inner;
	struct virtchnl_vlan outer;
	uint8_t pad[16];
} VIRTCHNL_PACKED;

struct virtchnl_vlan_filter_list_v2 {
	uint16_t vport_id;
	uint16_t num_elements;
	uint8_t pad[4];
	struct virtchnl_vlan_filter filters[];
} VIRTCHNL_PACKED;

struct virtchnl_vlan_setting {
	uint32_t outer_ethertype_setting;
	uint32_t inner_ethertype_setting;
	uint16_t vport_id;
	uint8_t pad[6];
} VIRTCHNL_PACKED;

/* RSS */

struct virtchnl_rss_key {
	uint16_t vsi_id;
	uint16_t key_len;
	uint8_t key[];
} VIRTCHNL_PACKED;

struct virtchnl_rss_lut {
	uint16_t vsi_id;
	uint16_t lut_entries;
	uint8_t lut[];
} VIRTCHNL_PACKED;

/* Bits of hena. Source: section 10.1. */
enum virtchnl_hena_bit {
	VIRTCHNL_HENA_UNICAST_UDP4	= 29,
	VIRTCHNL_HENA_MULTICAST_UDP4	= 30,
	VIRTCHNL_HENA_UDP4		= 31,
	VIRTCHNL_HENA_TCP4_SYN		= 32,
	VIRTCHNL_HENA_TCP4		= 33,
	VIRTCHNL_HENA_SCTP4		= 34,
	VIRTCHNL_HENA_OTHER4		= 35,
	VIRTCHNL_HENA_FRAG4		= 36,
	VIRTCHNL_HENA_UNICAST_UDP6	= 39,
	VIRTCHNL_HENA_MULTICAST_UDP6	= 40,
	VIRTCHNL_HENA_UDP6		= 41,
	VIRTCHNL_HENA_TCP6_SYN		= 42,
	VIRTCHNL_HENA_TCP6		= 43,
	VIRTCHNL_HENA_SCTP6		= 44,
	VIRTCHNL_HENA_OTHER6		= 45,
	VIRTCHNL_HENA_FRAG6		= 46,
	VIRTCHNL_HENA_L2		= 63,
};

/* Default set {31, 33-36, 41, 43-46, 63}; RSS_PCTYPE_V2 adds {29, 30, 32, 39, 40, 42}. */
#define VIRTCHNL_HENA_DEFAULT	UINT64_C(0x80007a1e80000000)
#define VIRTCHNL_HENA_EXPANDED	(VIRTCHNL_HENA_DEFAULT | UINT64_C(0x0000058160000000))

struct virtchnl_rss_hena {
	uint64_t hena;
} VIRTCHNL_PACKED;

enum virtchnl_rss_algorithm {
	VIRTCHNL_RSS_TOEPLITZ		= 0,
	VIRTCHNL_RSS_XOR		= 1,
	VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC	= 2,
	VIRTCHNL_RSS_XOR_SYMMETRIC	= 3,
};

struct virtchnl_rss_hfunc {
	uint16_t vsi_id;
	uint16_t rss_algorithm;
	uint32_t rsvd;
} VIRTCHNL_PACKED;

/* Events */

enum virtchnl_event_code {
	VIRTCHNL_EVENT_LINK_CHANGE		= 1,
	VIRTCHNL_EVENT_RESET_IMPENDING		= 2,
	VIRTCHNL_EVENT_PF_DRIVER_CLOSE		= 3,
	VIRTCHNL_EVENT_DCF_VSI_MAP_UPDATE	= 4,
};

#define VIRTCHNL_SEVERITY_INFO		0
#define VIRTCHNL_SEVERITY_CERTAIN_DOOM	255

/* Legacy speeds (no ADV_LINK_SPEED): one bit each, nothing above 40 Gb/s. */
enum virtchnl_link_speed {
	VIRTCHNL_SPEED_UNKNOWN	= 0,
	VIRTCHNL_SPEED_2_5G	= 0x01,
	VIRTCHNL_SPEED_100M	= 0x02,
	VIRTCHNL_SPEED_1G	= 0x04,
	VIRTCHNL_SPEED_10G	= 0x08,
	VIRTCHNL_SPEED_40G	= 0x10,
	VIRTCHNL_SPEED_20G	= 0x20,
	VIRTCHNL_SPEED_25G	= 0x40,
	VIRTCHNL_SPEED_5G	= 0x80,
};

struct virtchnl_pf_event {
	uint32_t event;
	uint32_t link_speed;		/* Mb/s with ADV_LINK_SPEED, else virtchnl_link_speed */
	uint8_t link_status;		/* 1 up */
	uint8_t pad[3];
	uint32_t severity;
} VIRTCHNL_PACKED;

/* Channels (ADQ) and cloud filters */

struct virtchnl_channel_info {
	uint16_t count;
	uint16_t offset;
	uint32_t pad;
	uint64_t max_tx_rate;		/* Mb/s */
} VIRTCHNL_PACKED;

struct virtchnl_tc_info {
	uint32_t num_tc;
	uint32_t pad;
	struct virtchnl_channel_info list[];
} VIRTCHNL_PACKED;

struct virtchnl_l4_spec {		/* all in network byte order */
	uint8_t src_mac[VIRTCHNL_ETH_ALEN];
	uint8_t dst_mac[VIRTCHNL_ETH_ALEN];
	uint16_t vlan_id;
	uint16_t pad;
	uint32_t src_ip[4];
	uint32_t dst_ip[4];
	uint16_t src_port;
	uint16_t dst_port;
} VIRTCHNL_PACKED;

union virtchnl_flow_spec {
	struct virtchnl_l4_spec l4;
	uint8_t raw[128];
};

enum virtchnl_flow_type {
	VIRTCHNL_FLOW_TCP4 = 0,
	VIRTCHNL_FLOW_TCP6 = 1,
	VIRTCHNL_FLOW_UDP4 = 2,
	VIRTCHNL_FLOW_UDP6 = 3,
};

enum virtchnl_action {
	VIRTCHNL_ACTION_DROP		= 0,
	VIRTCHNL_ACTION_TC_REDIRECT	= 1,
	VIRTCHNL_ACTION_PASSTHRU	= 2,
	VIRTCHNL_ACTION_QUEUE		= 3,
	VIRTCHNL_ACTION_Q_REGION	= 4,
	VIRTCHNL_ACTION_MARK		= 5,
	VIRTCHNL_ACTION_COUNT		= 6,
};

struct virtchnl_cloud_filter {
	union virtchnl_flow_spec data;
	union virtchnl_flow_spec mask;
	uint32_t flow_type;
	uint32_t action;
	uint32_t action_meta;		/* traffic class */
	uint8_t field_flags;
	uint8_t pad[3];
} VIRTCHNL_PACKED;

/* Protocol headers: advanced RSS, flow director, flow subscription */

#define VIRTCHNL_PROTO_HDR_BYTES	64
#define VIRTCHNL_MAX_PROTO_HDRS		32	/* a larger count means headers with masks */
#define VIRTCHNL_MAX_PROTO_HDRS_MASK	16
#define VIRTCHNL_RAW_PKT_BYTES		1024

enum virtchnl_proto_hdr_type {
	VIRTCHNL_PROTO_NONE	= 0,
	VIRTCHNL_PROTO_ETH	= 1,
	VIRTCHNL_PROTO_S_VLAN	= 2,
	VIRTCHNL_PROTO_C_VLAN	= 3,
	VIRTCHNL_PROTO_IPV4	= 4,
	VIRTCHNL_PROTO_IPV6	= 5,
	VIRTCHNL_PROTO_TCP	= 6,
	VIRTCHNL_PROTO_UDP	= 7,
	VIRTCHNL_PROTO_SCTP	= 8,
};

struct virtchnl_proto_hdr {
	uint32_t type;
	uint32_t field_selector;	/* one bit a field */
	uint8_t buffer[VIRTCHNL_PROTO_HDR_BYTES];
} VIRTCHNL_PACKED;

struct virtchnl_proto_hdr_mask {
	uint32_t type;
	uint32_t pad;
	uint8_t spec[VIRTCHNL_PROTO_HDR_BYTES];
	uint8_t mask[VIRTCHNL_PROTO_HDR_BYTES];
} VIRTCHNL_PACKED;

struct virtchnl_raw_pkt {
	uint16_t pkt_len;
	uint8_t spec[VIRTCHNL_RAW_PKT_BYTES];
	uint8_t mask[VIRTCHNL_RAW_PKT_BYTES];
} VIRTCHNL_PACKED;

struct virtchnl_proto_hdrs {
	uint8_t tunnel_level;
	uint8_t pad[3];
	uint32_t count;			/* 0: raw, 1..32: proto_hdr, above: proto_hdr_mask */
	union {
		struct virtchnl_proto_hdr proto_hdr[VIRTCHNL_MAX_PROTO_HDRS];
		struct virtchnl_proto_hdr_mask proto_hdr_mask[VIRTCHNL_MAX_PROTO_HDRS_MASK];
		struct virtchnl_raw_pkt raw;
	};
} VIRTCHNL_PACKED;

struct virtchnl_rss_cfg {
	struct virtchnl_proto_hdrs proto_hdrs;
	uint32_t rss_algorithm;
	uint8_t rsvd[128];
} VIRTCHNL_PACKED;

struct virtchnl_filter_action {
	uint32_t type;
	union {
		struct {
			uint16_t index;
			uint8_t region;
		} VIRTCHNL_PACKED queue;
		uint32_t mark_id;
		uint8_t raw[32];
	} VIRTCHNL_PACKED conf;
} VIRTCHNL_PACKED;

struct virtchnl_filter_action_set {
	uint32_t count;
	struct virtchnl_filter_action actions[8];
} VIRTCHNL_PACKED;

struct virtchnl_fdir_rule {
	struct virtchnl_proto_hdrs proto_hdrs;
	struct virtchnl_filter_action_set action_set;
} VIRTCHNL_PACKED;

/* Status of a flow director request; the message's own status is SUCCESS even when this is not. */
enum virtchnl_fdir_status {
	VIRTCHNL_FDIR_SUCCESS		= 0,
	VIRTCHNL_FDIR_NORESOURCE	= 1,
	VIRTCHNL_FDIR_EXIST		= 2,
	VIRTCHNL_FDIR_CONFLICT		= 3,
	VIRTCHNL_FDIR_NONEXIST		= 4,
	VIRTCHNL_FDIR_INVALID		= 5,
	VIRTCHNL_FDIR_TIMEOUT		= 6,
	VIRTCHNL_FDIR_QUERY_INVALID	= 7,
};

struct virtchnl_fdir_add {
	uint16_t vsi_id;
	uint16_t validate_only;
	uint32_t flow_id;		/* out */
	struct virtchnl_fdir_rule rule_cfg;
	uint32_t status;		/* out */
} VIRTCHNL_PACKED;

struct virtchnl_fdir_del {
	uint16_t vsi_id;
	uint16_t pad;
	uint32_t flow_id;
	uint32_t status;		/* out */
} VIRTCHNL_PACKED;

/* Exact lengths of requests with n elements, as PFs check them. */

static inline size_t virtchnl_len_vsi_queues(unsigned int n)	/* CONFIG_VSI_QUEUES */
{
	return 72 + sizeof(struct virtchnl_queue_pair_info) * (size_t)n;
}

static inline size_t virtchnl_len_irq_map(unsigned int n)
{
	return 14 + sizeof(struct virtchnl_vector_map) * (size_t)n;
}

static inline size_t virtchnl_len_ether_addr(unsigned int n)
{
	return 12 + sizeof(struct virtchnl_ether_addr) * (size_t)n;
}

static inline size_t virtchnl_len_vlan(unsigned int n)
{
	return 6 + sizeof(uint16_t) * (size_t)n;
}

static inline size_t virtchnl_len_vlan_v2(unsigned int n)
{
	return sizeof(struct virtchnl_vlan_filter_list_v2) +
	       sizeof(struct virtchnl_vlan_filter) * (size_t)n;
}

static inline size_t virtchnl_len_rss_key(unsigned int n)
{
	return 5 + (size_t)n;
}

static inline size_t virtchnl_len_rss_lut(unsigned int n)
{
	return 5 + (size_t)n;
}

static inline size_t virtchnl_len_channels(unsigned int n)
{
	return sizeof(struct virtchnl_tc_info) + sizeof(struct virtchnl_channel_info) * (size_t)n;
}

static inline size_t virtchnl_len_queues_v2(unsigned int n)	/* n chunks, at least 1 */
{
	return 8 + sizeof(struct virtchnl_queue_chunk) * (size_t)n;
}

static inline size_t virtchnl_len_queue_vectors(unsigned int n)
{
	return 24 + sizeof(struct virtchnl_queue_vector) * (size_t)n;
}

/* What fits into one buffer. Source: end of section 6. */
#define VIRTCHNL_MAX_QUEUE_PAIRS_MSG	62
#define VIRTCHNL_MAX_ETHER_ADDRS_MSG	510
#define VIRTCHNL_MAX_VLANS_MSG		2045
#define VIRTCHNL_MAX_VLANS_V2_MSG	127

#define VIRTCHNL_SIZE(type, size) \
	_Static_assert(sizeof(struct virtchnl_##type) == (size), "size of " #type)
#define VIRTCHNL_AT(type, field, offset) \
	_Static_assert(offsetof(struct virtchnl_##type, field) == (offset), #type "." #field)

VIRTCHNL_SIZE(version_info, 8);
VIRTCHNL_AT(version_info, minor, 4);
VIRTCHNL_SIZE(vsi_resource, 16);
VIRTCHNL_AT(vsi_resource, num_queue_pairs, 2);
VIRTCHNL_AT(vsi_resource, vsi_type, 4);
VIRTCHNL_AT(vsi_resource, qset_handle, 8);
VIRTCHNL_AT(vsi_resource, default_mac_addr, 10);
VIRTCHNL_SIZE(vf_resource, 20);
VIRTCHNL_AT(vf_resource, num_queue_pairs, 2);
VIRTCHNL_AT(vf_resource, max_vectors, 4);
VIRTCHNL_AT(vf_resource, max_mtu, 6);
VIRTCHNL_AT(vf_resource, vf_cap_flags, 8);
VIRTCHNL_AT(vf_resource, rss_key_size, 12);
VIRTCHNL_AT(vf_resource, rss_lut_size, 16);
VIRTCHNL_AT(vf_resource, vsi_res, 20);
VIRTCHNL_SIZE(vf_res_request, 2);
VIRTCHNL_SIZE(vf_caps2, 4);

VIRTCHNL_SIZE(txq_info, 24);
VIRTCHNL_AT(txq_info, queue_id, 2);
VIRTCHNL_AT(txq_info, ring_len, 4);
VIRTCHNL_AT(txq_info, headwb_enabled, 6);
VIRTCHNL_AT(txq_info, dma_ring_addr, 8);
VIRTCHNL_AT(txq_info, dma_headwb_addr, 16);
VIRTCHNL_SIZE(rxq_info, 40);
VIRTCHNL_AT(rxq_info, queue_id, 2);
VIRTCHNL_AT(rxq_info, ring_len, 4);
VIRTCHNL_AT(rxq_info, hdr_size, 8);
VIRTCHNL_AT(rxq_info, splithdr_enabled, 10);
VIRTCHNL_AT(rxq_info, databuffer_size, 12);
VIRTCHNL_AT(rxq_info, max_pkt_size, 16);
VIRTCHNL_AT(rxq_info, crc_disable, 20);
VIRTCHNL_AT(rxq_info, rxdid, 21);
VIRTCHNL_AT(rxq_info, flags, 22);
VIRTCHNL_AT(rxq_info, pad1, 23);
VIRTCHNL_AT(rxq_info, dma_ring_addr, 24);
VIRTCHNL_AT(rxq_info, rx_split_pos, 32);
VIRTCHNL_AT(rxq_info, pad2, 36);
VIRTCHNL_SIZE(queue_pair_info, 64);
VIRTCHNL_AT(queue_pair_info, rxq, 24);
VIRTCHNL_SIZE(vsi_queue_config_info, 8);
VIRTCHNL_AT(vsi_queue_config_info, num_queue_pairs, 2);
VIRTCHNL_AT(vsi_queue_config_info, txtime_txqs, 4);
VIRTCHNL_AT(vsi_queue_config_info, qpair, 8);
VIRTCHNL_SIZE(vector_map, 12);
VIRTCHNL_AT(vector_map, vector_id, 2);
VIRTCHNL_AT(vector_map, rxq_map, 4);
VIRTCHNL_AT(vector_map, txq_map, 6);
VIRTCHNL_AT(vector_map, rxitr_idx, 8);
VIRTCHNL_AT(vector_map, txitr_idx, 10);
VIRTCHNL_SIZE(irq_map_info, 2);
VIRTCHNL_SIZE(queue_select, 12);
VIRTCHNL_AT(queue_select, rx_queues, 4);
VIRTCHNL_AT(queue_select, tx_queues, 8);
VIRTCHNL_SIZE(queue_chunk, 8);
VIRTCHNL_AT(queue_chunk, start_queue_id, 4);
VIRTCHNL_AT(queue_chunk, num_queues, 6);
VIRTCHNL_SIZE(queue_chunks, 4);
VIRTCHNL_SIZE(del_ena_dis_queues, 8);
VIRTCHNL_AT(del_ena_dis_queues, num_chunks, 4);
VIRTCHNL_AT(del_ena_dis_queues, chunks, 8);
VIRTCHNL_SIZE(queue_vector, 16);
VIRTCHNL_AT(queue_vector, vector_id, 2);
VIRTCHNL_AT(queue_vector, itr_idx, 8);
VIRTCHNL_AT(queue_vector, queue_type, 12);
VIRTCHNL_SIZE(queue_vector_maps, 8);
VIRTCHNL_AT(queue_vector_maps, num_qv_maps, 2);
VIRTCHNL_SIZE(max_rss_qregion, 8);
VIRTCHNL_AT(max_rss_qregion, qregion_width, 2);
VIRTCHNL_SIZE(supported_rxdids, 8);

VIRTCHNL_SIZE(ether_addr, 8);
VIRTCHNL_AT(ether_addr, type, 6);
VIRTCHNL_SIZE(ether_addr_list, 4);
VIRTCHNL_AT(ether_addr_list, num_elements, 2);
VIRTCHNL_SIZE(promisc_info, 4);
VIRTCHNL_AT(promisc_info, flags, 2);
VIRTCHNL_SIZE(eth_stats, 96);
VIRTCHNL_AT(eth_stats, tx_bytes, 48);
VIRTCHNL_AT(eth_stats, tx_errors, 88);

VIRTCHNL_SIZE(vlan_filter_list, 4);
VIRTCHNL_AT(vlan_filter_list, num_elements, 2);
VIRTCHNL_SIZE(vlan_supported_caps, 8);
VIRTCHNL_AT(vlan_supported_caps, inner, 4);
VIRTCHNL_SIZE(vlan_filtering_caps, 16);
VIRTCHNL_AT(vlan_filtering_caps, ethertype_init, 8);
VIRTCHNL_AT(vlan_filtering_caps, max_filters, 12);
VIRTCHNL_SIZE(vlan_offload_caps, 24);
VIRTCHNL_AT(vlan_offload_caps, insertion_support, 8);
VIRTCHNL_AT(vlan_offload_caps, ethertype_init, 16);
VIRTCHNL_AT(vlan_offload_caps, ethertype_match, 20);
VIRTCHNL_SIZE(vlan_caps, 40);
VIRTCHNL_AT(vlan_caps, offloads, 16);
VIRTCHNL_SIZE(vlan, 8);
VIRTCHNL_AT(vlan, tci_mask, 2);
VIRTCHNL_AT(vlan, tpid, 4);
VIRTCHNL_SIZE(vlan_filter, 32);
VIRTCHNL_AT(vlan_filter, outer, 8);
VIRTCHNL_AT(vlan_filter, pad, 16);
VIRTCHNL_SIZE(vlan_filter_list_v2, 8);
VIRTCHNL_AT(vlan_filter_list_v2, num_elements, 2);
VIRTCHNL_SIZE(vlan_setting, 16);
VIRTCHNL_AT(vlan_setting, inner_ethertype_setting, 4);
VIRTCHNL_AT(vlan_setting, vport_id, 8);

VIRTCHNL_SIZE(rss_key, 4);
VIRTCHNL_AT(rss_key, key_len, 2);
VIRTCHNL_AT(rss_key, key, 4);
VIRTCHNL_SIZE(rss_lut, 4);
VIRTCHNL_AT(rss_lut, lut_entries, 2);
VIRTCHNL_AT(rss_lut, lut, 4);
VIRTCHNL_SIZE(rss_hena, 8);
VIRTCHNL_SIZE(rss_hfunc, 8);
VIRTCHNL_AT(rss_hfunc, rss_algorithm, 2);

VIRTCHNL_SIZE(pf_event, 16);
VIRTCHNL_AT(pf_event, link_speed, 4);
VIRTCHNL_AT(pf_event, link_status, 8);
VIRTCHNL_AT(pf_event, severity, 12);

VIRTCHNL_SIZE(channel_info, 16);
VIRTCHNL_AT(channel_info, offset, 2);
VIRTCHNL_AT(channel_info, max_tx_rate, 8);
VIRTCHNL_SIZE(tc_info, 8);
VIRTCHNL_SIZE(l4_spec, 52);
VIRTCHNL_AT(l4_spec, dst_mac, 6);
VIRTCHNL_AT(l4_spec, vlan_id, 12);
VIRTCHNL_AT(l4_spec, src_ip, 16);
VIRTCHNL_AT(l4_spec, dst_ip, 32);
VIRTCHNL_AT(l4_spec, src_port, 48);
VIRTCHNL_AT(l4_spec, dst_port, 50);
VIRTCHNL_SIZE(cloud_filter, 272);
VIRTCHNL_AT(cloud_filter, mask, 128);
VIRTCHNL_AT(cloud_filter, flow_type, 256);
VIRTCHNL_AT(cloud_filter, action, 260);
VIRTCHNL_AT(cloud_filter, action_meta, 264);
VIRTCHNL_AT(cloud_filter, field_flags, 268);

VIRTCHNL_SIZE(proto_hdr, 72);
VIRTCHNL_AT(proto_hdr, field_selector, 4);
VIRTCHNL_AT(proto_hdr, buffer, 8);
VIRTCHNL_SIZE(proto_hdr_mask, 136);
VIRTCHNL_SIZE(raw_pkt, 2050);
VIRTCHNL_SIZE(proto_hdrs, 2312);
VIRTCHNL_AT(proto_hdrs, count, 4);
VIRTCHNL_AT(proto_hdrs, proto_hdr, 8);
VIRTCHNL_SIZE(rss_cfg, 2444);
VIRTCHNL_AT(rss_cfg, rss_algorithm, 2312);
VIRTCHNL_AT(rss_cfg, rsvd, 2316);
VIRTCHNL_SIZE(filter_action, 36);
VIRTCHNL_AT(filter_action, conf, 4);
VIRTCHNL_SIZE(filter_action_set, 292);
VIRTCHNL_AT(filter_action_set, actions, 4);
VIRTCHNL_SIZE(fdir_rule, 2604);
VIRTCHNL_AT(fdir_rule, action_set, 2312);
VIRTCHNL_SIZE(fdir_add, 2616);
VIRTCHNL_AT(fdir_add, validate_only, 2);
VIRTCHNL_AT(fdir_add, flow_id, 4);
VIRTCHNL_AT(fdir_add, rule_cfg, 8);
VIRTCHNL_AT(fdir_add, status, 2612);
VIRTCHNL_SIZE(fdir_del, 12);
VIRTCHNL_AT(fdir_del, flow_id, 4);
VIRTCHNL_AT(fdir_del, status, 8);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtchnl messages from and to plain structures. Pure: bytes in, structures out, no I/O, no
 * globals, no allocation. Nothing that a PF sends is believed before it was checked here.
 *
 * Encoders write a whole request into buf and return its length, exactly the one that PFs accept;
 * 0 when it does not fit into size or an argument is out of range. Decoders return 0 or -EPROTO,
 * and fill their result only on success. Source of layouts, lengths and limits: protocol.md
 * sections 5 to 9; the opcode of each is in its name or its comment.
 */
#ifndef VIRTCHNL_CODEC_H
#define VIRTCHNL_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opcodes.h"
#include "wire.h"

#define VIRTCHNL_MAX_QUEUES	256	/* queue pairs of the largest VF */
#define VIRTCHNL_MAX_VECTORS	2049	/* MSI-X limit and one for the mailbox */
#define VIRTCHNL_MAX_LUT	2048
#define VIRTCHNL_FRAME_OVERHEAD	26	/* frame limit to MTU: Ethernet, two tags, FCS */
#define VIRTCHNL_MIN_MTU	68
#define VIRTCHNL_DEFAULT_MTU	1500
#define VIRTCHNL_MAX_MTU	9710

/* Most elements that fit one message. */
#define VIRTCHNL_MACS_MAX	510
#define VIRTCHNL_VLANS_MAX	2045	/* V1 */
#define VIRTCHNL_VLANS_V2_MAX	127

struct virtchnl_version {
	uint32_t major, minor;
};

struct virtchnl_resources {		/* GET_VF_RESOURCES */
	uint32_t caps;
	uint16_t vsi_id;
	uint16_t queues;		/* pairs, 1..VIRTCHNL_MAX_QUEUES */
	uint16_t vectors;		/* mailbox included, 2..VIRTCHNL_MAX_VECTORS */
	uint16_t mtu;			/* VIRTCHNL_MIN_MTU..VIRTCHNL_MAX_MTU */
	/* Bytes, entries; 0 when not usable, and RSS_PF is then cleared in caps. */
	uint16_t rss_key, rss_lut;
	uint8_t mac[VIRTCHNL_ETH_ALEN];	/* zero: the host gave none */
};

/* GET_OFFLOAD_VLAN_V2_CAPS, host byte order; bits are VIRTCHNL_VLAN_*. */
struct virtchnl_vlan_abilities {
	uint32_t filter_outer, filter_inner;
	uint32_t strip_outer, strip_inner;
	uint32_t insert_outer, insert_inner;
	uint32_t offload_init;		/* ethertypes in use at first */
	uint16_t max_filters;		/* 0..8188, of all types together */
	bool strip_insert_free;		/* stripping and insertion may have different ethertypes */
};

/* What is hashed of a flow. */
enum virtchnl_rss_field {
	VIRTCHNL_RSS_SRC_IP	= 1,
	VIRTCHNL_RSS_DST_IP	= 2,
	VIRTCHNL_RSS_SRC_PORT	= 4,
	VIRTCHNL_RSS_DST_PORT	= 8,
	VIRTCHNL_RSS_ALL_FIELDS	= 15,
};

struct virtchnl_rss_flow {
	uint32_t l3, l4;		/* enum virtchnl_proto_hdr_type: IPv4 or 6; TCP, UDP, SCTP */
	uint8_t fields;			/* enum virtchnl_rss_field */
	bool symmetric;
};

/* Encoders */
size_t virtchnl_put_version(void *buf, size_t size);
size_t virtchnl_put_get_resources(void *buf, size_t size, uint32_t caps);
/*
 * CONFIG_IRQ_MAP: queue i of either direction on vector 1 + i % (vectors - 1), the mailbox's last;
 * 1..16 queues.
 */
size_t virtchnl_put_irq_map(void *buf, size_t size, uint16_t vsi, unsigned int rx_queues,
			    unsigned int tx_queues, unsigned int vectors);
size_t virtchnl_put_request_queues(void *buf, size_t size, unsigned int pairs);
/* ADD_ETH_ADDR, DEL_ETH_ADDR: n addresses of one type, 6 bytes each. */
size_t virtchnl_put_macs(void *buf, size_t size, uint16_t vsi, uint8_t type, const uint8_t *macs,
			 unsigned int n);
/* ADD_VLAN, DEL_VLAN (V1). */
size_t virtchnl_put_vlans(void *buf, size_t size, uint16_t vsi, const uint16_t *vids,
			  unsigned int n);
/* ADD_VLAN_V2, DEL_VLAN_V2: ids of one TPID, in the outer or the inner tag. */
size_t virtchnl_put_vlans_v2(void *buf, size_t size, uint16_t vsi, bool outer, uint16_t tpid,
			     const uint16_t *vids, unsigned int n);
/* ENABLE/DISABLE_VLAN_STRIPPING_V2, _INSERTION_V2. */
size_t virtchnl_put_vlan_setting(void *buf, size_t size, uint16_t vsi, uint32_t outer,
				 uint32_t inner);
size_t virtchnl_put_promisc(void *buf, size_t size, uint16_t vsi, bool unicast, bool multicast);
size_t virtchnl_put_rss_key(void *buf, size_t size, uint16_t vsi, const uint8_t *key,
			    unsigned int n);
size_t virtchnl_put_rss_lut(void *buf, size_t size, uint16_t vsi, const uint8_t *table,
			    unsigned int entries);
size_t virtchnl_put_rss_hena(void *buf, size_t size, uint64_t hena);
size_t virtchnl_put_rss_hfunc(void *buf, size_t size, uint16_t vsi, bool symmetric);
/* ADD_RSS_CFG, DEL_RSS_CFG */
size_t virtchnl_put_rss_cfg(void *buf, size_t size, const struct virtchnl_rss_flow *flow);
/* GET_STATS */
size_t virtchnl_put_get_stats(void *buf, size_t size, uint16_t vsi);

/* Decoders of what the PF answers */
int virtchnl_get_version(const void *msg, size_t len, struct virtchnl_version *version);
/* asked: what was requested; a PF cannot grant more. */
int virtchnl_get_resources(const void *msg, size_t len, uint32_t asked,
			   struct virtchnl_resources *res);
/* As virtchnl_get_resources() gives them: for who keeps them elsewhere meanwhile. */
bool virtchnl_resources_ok(const struct virtchnl_resources *res);
int virtchnl_get_vlan_abilities(const void *msg, size_t len, struct virtchnl_vlan_abilities *vlan);
/* The request as well: how many pairs are wanted. */
int virtchnl_get_request_queues(const void *msg, size_t len, uint16_t *pairs);
int virtchnl_get_rss_hena(const void *msg, size_t len, uint64_t *hena);
int virtchnl_get_stats(const void *msg, size_t len, struct virtchnl_eth_stats *stats);

/*
 * Decoders of our own requests, from a log. The number of elements, or -EPROTO.
 * Elements are read with the functions below them, i less than that number.
 */
int virtchnl_num_macs(const void *msg, size_t len);
const uint8_t *virtchnl_mac(const void *msg, unsigned int i, uint8_t *type);
int virtchnl_num_vlans(const void *msg, size_t len);
uint16_t virtchnl_vlan_id(const void *msg, unsigned int i);
int virtchnl_num_vlans_v2(const void *msg, size_t len);
uint16_t virtchnl_vlan_v2_id(const void *msg, unsigned int i, uint16_t *tpid);
/* The number of its bytes. */
int virtchnl_get_rss_key(const void *msg, size_t len, uint8_t *key, size_t size);
int virtchnl_get_rss_lut(const void *msg, size_t len, uint8_t *lut, size_t size);
/* 0 or -EPROTO: one layer 3 header, one layer 4 header, at least one field. */
int virtchnl_get_rss_cfg(const void *msg, size_t len, struct virtchnl_rss_flow *flow);
int virtchnl_get_caps_asked(const void *msg, size_t len, uint32_t *caps);

/*
 * Refusals. PFs answer with the protocol's own numbers or with negative errnos of Linux; both
 * are understood. status 0 gives 0; every other number gives a negative errno.
 */
#define VIRTCHNL_STATUS_NO_ANSWER	INT32_MIN	/* ours: the PF said nothing */
#define VIRTCHNL_STATUS_BAD_ANSWER	(INT32_MIN + 1)	/* ours: the PF's answer makes no sense */

int virtchnl_errno(uint32_t op, int32_t status);

/*
 * "PF refused ADD_ETH_ADDR: -53 ADMIN_QUEUE_ERROR; ..." cut to size, always ended. 81 bytes hold
 * any.
 */
void virtchnl_sentence(char *buf, size_t size, uint32_t op, int32_t status);

#endif

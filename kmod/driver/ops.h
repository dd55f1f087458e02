/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the kernel knows of virtchnl (protocol.md sections 5 and 6): the messages that make the
 * device touch memory, EVENT, and which opcodes an owner may send. Only queues.c includes this.
 */
#ifndef _IAVF_OPS_H
#define _IAVF_OPS_H

#include <linux/build_bug.h>
#include <linux/types.h>

#define IAVF_OP_RESET_VF		2
#define IAVF_OP_CONFIG_QUEUES		6
#define IAVF_OP_ENABLE_QUEUES		8
#define IAVF_OP_DISABLE_QUEUES		9
#define IAVF_OP_EVENT			17

/*
 * Ranges of opcodes that an owner may send; what is not in them is refused. Left out: resets (its
 * own command), single-queue and RDMA set-up, IPsec, DCF, events, what is not defined, and
 * 9, 107, 108: queues are stopped by the kernel alone, and large VFs come later.
 */
static const struct {
	u8 first, last;
} iavf_owner_ops[] = {
	{ 1, 1 }, { 3, 3 }, { 6, 8 }, { 10, 15 }, { 18, 18 }, { 23, 33 }, { 44, 48 }, { 50, 57 },
	{ 60, 72 }, { 111, 136 },
};

struct iavf_txq_msg {
	__le16 vsi_id, queue_id, ring_len, headwb_enabled;
	__le64 ring_dma, headwb_dma;
};

struct iavf_rxq_msg {
	__le16 vsi_id, queue_id;
	__le32 ring_len;
	__le16 hdr_size, splithdr;
	__le32 buf_size, max_frame;
	u8 crc_disable, rxdid, flags, pad;
	__le64 ring_dma;
	__le32 split_pos, pad2;
};

struct iavf_queue_pair_msg {
	struct iavf_txq_msg tx;
	struct iavf_rxq_msg rx;
};

/* On the wire one zeroed pair follows the last: 72 + 64 n bytes. */
struct iavf_config_queues_msg {
	__le16 vsi_id, num_pairs;
	__le32 pad;
	struct iavf_queue_pair_msg pair[];
};

struct iavf_queue_select_msg {
	__le16 vsi_id, pad;
	__le32 rx_queues, tx_queues;	/* bitmaps */
};

#define IAVF_EVENT_LINK_CHANGE		1
#define IAVF_EVENT_RESET_IMPENDING	2

struct iavf_event_msg {
	__le32 event;
	__le32 link_speed;	/* legacy bits, or Mbps with adv-link-speed */
	u8 link_up, pad[3];
	__le32 severity;
};

static_assert(sizeof(struct iavf_queue_pair_msg) == 64);
static_assert(sizeof(struct iavf_config_queues_msg) == 8);
static_assert(sizeof(struct iavf_queue_select_msg) == 12);
static_assert(sizeof(struct iavf_event_msg) == 16);

#endif /* _IAVF_OPS_H */

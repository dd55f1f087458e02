// SPDX-License-Identifier: GPL-2.0-or-later
/* CONFIG_VSI_QUEUES, ENABLE_QUEUES, DISABLE_QUEUES. */
#include <endian.h>
#include <string.h>

#include "pf/internal.h"

#define RING_MIN	64
#define RING_MAX	8160
#define RING_STEP	32
#define RING_ALIGN	128
#define BUF_MIN		1024
#define BUF_MAX		16256
#define BUF_UNIT	128	/* the hardware counts buffers in these, rounded up */
#define FRAME_MIN	64
#define FRAME_FIELD_MAX	16383	/* what the hardware's field holds */
#define FCS_LEN		4

static void stop_tx(struct pf_vf *vf, unsigned int q)
{
	const struct pf_hw *hw = &vf->pf->hw;

	vf->txq_enabled &= ~(1u << q);
	if (!(vf->txq_live & 1u << q))
		return;
	vf->txq_live &= ~(1u << q);
	hw->txq_stop(hw->ctx, vf->id, q);
}

static void stop_rx(struct pf_vf *vf, unsigned int q)
{
	const struct pf_hw *hw = &vf->pf->hw;

	if (!(vf->rxq_enabled & 1u << q))
		return;
	vf->rxq_enabled &= ~(1u << q);
	hw->rxq_stop(hw->ctx, vf->id, q);
}

void pf_queues_stop_all(struct pf_vf *vf)
{
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++) {
		stop_tx(vf, q);
		stop_rx(vf, q);
	}
}

static void start_tx_queue(struct pf_vf *vf, unsigned int q)
{
	const struct pf_hw *hw = &vf->pf->hw;

	vf->txq_live |= 1u << q;
	hw->txq_start(hw->ctx, vf->id, q);
}

static bool ring_ok(uint32_t len)
{
	return !len || (len >= RING_MIN && len <= RING_MAX && len % RING_STEP == 0);
}

/* Fields that ice ignores and that must be zero, because later PFs or modes use them. */
static void check_reserved(struct pf_vf *vf, const struct virtchnl_queue_pair_info *qp)
{
	const struct virtchnl_rxq_info *rxq = &qp->rxq;

	if (qp->txq.dma_headwb_addr)
		pf_violation(vf, "op 6: head write-back address set");
	if (rxq->hdr_size || rxq->splithdr_enabled || rxq->rx_split_pos)
		pf_violation(vf, "op 6: header split set");
	if (rxq->pad1 || rxq->pad2 || rxq->flags)
		pf_violation(vf, "op 6: reserved bytes set");
}

static void check_rings(struct pf_vf *vf, const struct virtchnl_queue_pair_info *qp)
{
	if (le64toh(qp->txq.dma_ring_addr) % RING_ALIGN ||
	    le64toh(qp->rxq.dma_ring_addr) % RING_ALIGN)
		pf_violation(vf, "op 6: ring not on a %u-byte boundary", RING_ALIGN);
	if ((qp->txq.ring_len && !qp->txq.dma_ring_addr) ||
	    (qp->rxq.ring_len && !qp->rxq.dma_ring_addr))
		pf_violation(vf, "op 6: ring without memory");
	if (qp->rxq.ring_len && le32toh(qp->rxq.databuffer_size) % BUF_UNIT)
		pf_violation(vf, "op 6: buffers of %u bytes, the device rounds up to %u",
			     le32toh(qp->rxq.databuffer_size), BUF_UNIT);
	if (qp->rxq.ring_len && !qp->rxq.databuffer_size)
		pf_violation(vf, "op 6: receive buffers of no size");
}

static bool crc_ok(const struct pf_vf *vf, const struct virtchnl_rxq_info *rxq)
{
	const struct pf_vlan_offload *vlan = &vf->vsi.vlan;

	/* A PF that cannot keep it does not look. */
	if (!rxq->crc_disable || !(vf->pf->profile->caps & VIRTCHNL_CAP_CRC))
		return true;
	return vf->caps & VIRTCHNL_CAP_CRC && !vlan->strip_tpid && !vlan->inner_strip;
}

static bool pair_ok(const struct pf_vf *vf, const struct virtchnl_queue_pair_info *qp)
{
	return vc_vsi_ok(vf, qp->txq.vsi_id) && vc_vsi_ok(vf, qp->rxq.vsi_id) &&
	       qp->txq.queue_id == qp->rxq.queue_id && !qp->txq.headwb_enabled &&
	       ring_ok(le16toh(qp->txq.ring_len)) && ring_ok(le32toh(qp->rxq.ring_len)) &&
	       le16toh(qp->txq.queue_id) < vf->vsi.num_queues;
}

static uint32_t frame_max(const struct pf_vf *vf)
{
	return vf->pf->profile->any_frame ? FRAME_FIELD_MAX : pf_guest_frame(vf);
}

static bool rx_sizes_ok(const struct pf_vf *vf, const struct virtchnl_rxq_info *rxq)
{
	uint32_t buf = le32toh(rxq->databuffer_size), frame = le32toh(rxq->max_pkt_size);

	if (buf && (buf < BUF_MIN || buf > BUF_MAX))
		return false;
	return frame >= FRAME_MIN && frame <= frame_max(vf);
}

/* On ice live from here on: before op 8 and whatever becomes of the rest of the message. */
static void config_tx(struct pf_vf *vf, const struct virtchnl_txq_info *info)
{
	unsigned int q = le16toh(info->queue_id);
	struct pf_txq *txq = &vf->vsi.txq[q];

	stop_tx(vf, q);
	txq->ring = le64toh(info->dma_ring_addr);
	txq->len = le16toh(info->ring_len);
	if (!vf->pf->profile->tx_by_enable)
		start_tx_queue(vf, q);
}

static void config_rx(struct pf_vf *vf, const struct virtchnl_rxq_info *info)
{
	unsigned int q = le16toh(info->queue_id);
	struct pf_rxq *rxq = &vf->vsi.rxq[q];
	uint32_t buf = le32toh(info->databuffer_size);

	if (vf->rxq_enabled & 1u << q) {
		pf_violation(vf, "op 6: receive queue %u is enabled", q);
		stop_rx(vf, q);
	}
	rxq->ring = le64toh(info->dma_ring_addr);
	rxq->len = le32toh(info->ring_len);
	rxq->buf_size = (buf + BUF_UNIT - 1) / BUF_UNIT * BUF_UNIT;
	rxq->max_pkt = le32toh(info->max_pkt_size) - FCS_LEN;
	rxq->rxdid = 1;		/* without RX_FLEX_DESC always the legacy descriptor */
	rxq->keep_crc = info->crc_disable && vf->caps & VIRTCHNL_CAP_CRC;
}

static bool config_pair(struct pf_vf *vf, const struct virtchnl_queue_pair_info *qp)
{
	if (!pair_ok(vf, qp))
		return false;
	check_reserved(vf, qp);
	check_rings(vf, qp);
	if (qp->txq.ring_len || vf->pf->profile->empty_ring_used)
		config_tx(vf, &qp->txq);
	if (!qp->rxq.ring_len && !vf->pf->profile->empty_ring_used)
		return true;
	if (!rx_sizes_ok(vf, &qp->rxq))
		return false;
	config_rx(vf, &qp->rxq);
	return true;
}

static bool config_all(struct pf_vf *vf, const struct virtchnl_vsi_queue_config_info *msg)
{
	unsigned int n = le16toh(msg->num_queue_pairs);

	if (!vc_vsi_ok(vf, msg->vsi_id) || n > PF_MAX_QUEUES || n > vf->vsi.num_queues)
		return false;
	if (msg->txtime_txqs)
		pf_violation(vf, "op 6: launch time without being granted");
	for (unsigned int i = 0; i < n; i++) {
		if (!crc_ok(vf, &msg->qpair[i].rxq))
			return false;
	}
	for (unsigned int i = 0; i < n; i++) {
		if (!config_pair(vf, &msg->qpair[i]))
			return false;
	}
	return true;
}

int32_t vc_config_queues(struct pf_vf *vf, const void *msg)
{
	if (config_all(vf, msg))
		return VIRTCHNL_SUCCESS;
	if (vf->pf->profile->refusal_stops)
		pf_queues_stop_all(vf);
	return VIRTCHNL_ERR_PARAM;
}

static bool select_ok(const struct pf_vf *vf, const struct virtchnl_queue_select *msg)
{
	uint32_t rx = le32toh(msg->rx_queues), tx = le32toh(msg->tx_queues);

	if (!vc_vsi_ok(vf, msg->vsi_id) || (!rx && !tx))
		return false;
	return !(rx >> PF_MAX_QUEUES) && !(tx >> PF_MAX_QUEUES);
}

static void enable_rx(struct pf_vf *vf, unsigned int q)
{
	const struct pf_hw *hw = &vf->pf->hw;
	const struct pf_rxq *rxq = &vf->vsi.rxq[q];

	if (vf->rxq_enabled & 1u << q)
		return;
	vf->rxq_enabled |= 1u << q;
	if (!vf->vsi.rxq_vector[q])
		pf_violation(vf, "op 8: receive queue %u has no vector", q);
	if (!rxq->len || !rxq->buf_size) {
		pf_violation(vf, "op 8: receive queue %u is not configured", q);
		return;
	}
	hw->rxq_start(hw->ctx, vf->id, q);
}

static void enable_tx(struct pf_vf *vf, unsigned int q)
{
	if (vf->pf->profile->tx_by_enable && vf->vsi.txq[q].len && !(vf->txq_live & 1u << q))
		start_tx_queue(vf, q);
	if (!(vf->txq_live & 1u << q))
		pf_violation(vf, "op 8: transmit queue %u is not configured", q);
	if (!vf->vsi.txq_vector[q])
		pf_violation(vf, "op 8: transmit queue %u has no vector", q);
	vf->txq_enabled |= 1u << q;
}

/* In order, up to the first queue that does not exist; what came before it stays done. */
static bool for_each_queue(struct pf_vf *vf, uint32_t map,
			   void (*fn)(struct pf_vf *vf, unsigned int q))
{
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++) {
		if (!(map & 1u << q))
			continue;
		if (q >= vf->vsi.num_queues)
			return false;
		fn(vf, q);
	}
	return true;
}

int32_t vc_enable_queues(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_queue_select *msg = data;

	if (!select_ok(vf, msg) ||
	    !for_each_queue(vf, le32toh(msg->rx_queues), enable_rx) ||
	    !for_each_queue(vf, le32toh(msg->tx_queues), enable_tx))
		return VIRTCHNL_ERR_PARAM;
	return VIRTCHNL_SUCCESS;
}

int32_t vc_disable_queues(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_queue_select *msg = data;

	if (!select_ok(vf, msg) ||
	    !for_each_queue(vf, le32toh(msg->tx_queues), stop_tx) ||
	    !for_each_queue(vf, le32toh(msg->rx_queues), stop_rx))
		return VIRTCHNL_ERR_PARAM;
	return VIRTCHNL_SUCCESS;
}

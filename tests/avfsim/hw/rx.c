// SPDX-License-Identifier: GPL-2.0-or-later
/* Receive queues (protocol.md section 12.2). */
#include <string.h>

#include "hw/bytes.h"
#include "hw/csum.h"
#include "hw/device.h"
#include "hw/irq.h"
#include "hw/parse.h"
#include "hw/queue.h"
#include "hw/rss.h"

#define TAIL_STEP	8	/* hardware ignores the low three bits of the tail */

/* What a write-back says about a frame. */
struct rx_info {
	struct pkt pkt;
	bool has_tag1, has_tag2;
	uint16_t tag1, tag2;
	bool hashed;
	uint32_t hash;
	bool crc;
};

void rx_start(struct device *dev, unsigned int queue)
{
	const struct pf_rxq *ctx = &dev->vsi->rxq[queue];
	struct rxq *q = &dev->rxq[queue];

	*q = (struct rxq){
		.enabled = ctx->len != 0, .ring = ctx->ring, .len = ctx->len,
		.buf_size = ctx->buf_size, .max_pkt = ctx->max_pkt, .rxdid = ctx->rxdid,
		.keep_crc = ctx->keep_crc, .tail = q->tail,
		.packets = q->packets, .bytes = q->bytes,
	};
	if (q->enabled && q->tail >= q->len)
		device_error(dev, "Rx queue %u: enabled with tail %u, outside of the ring of %u",
			     queue, q->tail, q->len);
}

/*
 * A tail that is written while the queue is off is judged when it is enabled: the in-tree driver
 * writes it before op 6. Beyond the ring that is still configured it is at least suspicious.
 */
void rx_write_tail(struct device *dev, unsigned int queue, uint32_t tail)
{
	const struct pf_rxq *ctx = &dev->vsi->rxq[queue];
	struct rxq *q = &dev->rxq[queue];

	q->tail = tail;
	if (q->enabled && tail >= q->len)
		device_error(dev, "Rx queue %u: tail %u is outside of the ring of %u", queue, tail,
			     q->len);
	else if (!q->enabled && ctx->len && tail >= ctx->len)
		device_violation(dev, "Rx tail %u of queue %u, which is off with a ring of %u",
				 tail, queue, ctx->len);
}

void rx_stop(struct device *dev, unsigned int queue)
{
	rx_write_back(dev, queue);
	dev->rxq[queue].enabled = false;
}

static struct dma_extent ring_extent(const struct rxq *q)
{
	return (struct dma_extent){ q->ring, q->len * RX_DESC_SIZE, "Rx ring" };
}

static bool taken_back(const struct device *dev, const struct rxq *q)
{
	struct dma_extent extent = ring_extent(q);

	return q->lied && !dma_may(&dev->dma, &extent, true);
}

static bool write_one(struct device *dev, const struct rxq *q, unsigned int index,
		      const uint64_t *from)
{
	struct dma_extent extent = ring_extent(q);
	uint64_t at = q->ring + index * RX_DESC_SIZE;
	/* DD is in the second word (legacy: all of it), so that one goes last. */
	uint64_t qw[4] = { htole64(from[0]), 0, htole64(from[2]), htole64(from[3]) };
	uint64_t last = htole64(from[1]);

	if (taken_back(dev, q))
		return false;
	if (!dma_write(&dev->dma, &extent, at, qw, sizeof(qw)))
		return false;
	dma_wmb();
	return dma_write(&dev->dma, &extent, at + 8, &last, sizeof(last));
}

void rx_write_back(struct device *dev, unsigned int queue)
{
	struct rxq *q = &dev->rxq[queue];

	if (!q->enabled || !q->num_held)
		return;
	for (unsigned int i = 0; i < q->num_held; i++) {
		if (!write_one(dev, q, q->held[i].index, q->held[i].qw))
			break;
	}
	q->num_held = 0;
	dev->n.writebacks++;
}

static unsigned int available(const struct rxq *q)
{
	unsigned int tail = q->tail & ~(TAIL_STEP - 1u);

	return tail < q->len ? (tail + q->len - q->head) % q->len : 0;
}

/* Write-back of the descriptor that ends a frame. */
static void fill_legacy(struct rx_held *h, const struct rx_info *info)
{
	const struct pkt *pkt = &info->pkt;
	uint32_t status = RX_ST_EOF, error = 0;

	status |= (uint32_t)pkt->umbcast << RX_ST_UMBCAST_SHIFT;
	if (info->has_tag1)
		status |= RX_ST_L2TAG1P;
	if (info->crc)
		status |= RX_ST_CRCP;
	if (info->hashed)
		status |= RX_ST_FLTSTAT_RSS;
	if (pkt->outer.version) {
		status |= RX_ST_L3L4P;
		if (pkt->outer.ext || pkt->inner.ext)
			status |= RX_ST_IPV6EXADD;
		if (pkt_innermost(pkt)->bad_csum)
			error |= RX_ERR_IPE;
		if (pkt->inner.version && pkt->outer.bad_csum)
			error |= RX_ERR_EIPE;
		if (pkt->l4_bad || pkt->outer_udp_bad)
			error |= RX_ERR_L4E;
	}
	h->qw[0] = (uint64_t)info->hash << 32 | (uint32_t)info->tag1 << 16;
	h->qw[1] |= status | (uint64_t)error << RX_ERR_SHIFT |
		    (uint64_t)pkt->ptype << RX_PTYPE_SHIFT;
	if (info->has_tag2)
		h->qw[2] = RX_EXT_L2TAG2P | (uint64_t)info->tag2 << 48;
}

static void fill_flex(struct rx_held *h, const struct rx_info *info)
{
	const struct pkt *pkt = &info->pkt;
	uint32_t status0 = RX_FLEX_EOF, status1 = 0;

	if (info->has_tag1)
		status0 |= RX_FLEX_L2TAG1P;
	if (info->crc)
		status0 |= RX_FLEX_CRCP;
	if (info->hashed)
		status0 |= RX_FLEX_RSS;
	if (info->has_tag2)
		status1 |= RX_FLEX1_L2TAG2P;
	if (pkt->outer.version) {
		status0 |= RX_FLEX_L3L4P;
		if (pkt->outer.ext || pkt->inner.ext)
			status0 |= RX_FLEX_IPV6EXADD;
		if (pkt_innermost(pkt)->bad_csum)
			status0 |= RX_FLEX_IPE;
		if (pkt->inner.version && pkt->outer.bad_csum)
			status0 |= RX_FLEX_EIPE;
		if (pkt->l4_bad)
			status0 |= RX_FLEX_L4E;
		if (pkt->outer_udp_bad)
			status0 |= RX_FLEX_EUDPE;
		if (pkt->tunnel >= PKT_GRENAT)
			status1 |= RX_FLEX1_NAT;
	}
	h->qw[0] |= (uint64_t)pkt->umbcast << 8 | (uint64_t)pkt->ptype << 16;
	h->qw[1] |= status0 | (uint64_t)info->tag1 << 16 | (uint64_t)info->hash << 32;
	h->qw[2] = status1 | (uint64_t)info->tag2 << 48;
}

static void hold(struct rxq *q, const struct rx_info *info, size_t len, bool last)
{
	struct rx_held *h = &q->held[q->num_held++];
	bool flex = q->rxdid == RXDID_FLEX;

	*h = (struct rx_held){ .index = q->head };
	if (flex) {
		h->qw[0] = RXDID_FLEX | (uint64_t)len << 32;
		h->qw[1] = RX_FLEX_DD;
	} else {
		h->qw[1] = RX_ST_DD | (uint64_t)len << RX_LEN_SHIFT;
	}
	if (last && flex)
		fill_flex(h, info);
	else if (last)
		fill_legacy(h, info);
	q->head = (q->head + 1) % q->len;
}

/* Fill one buffer; false = it could not be written, which stops the queue. */
static bool fill_buffer(struct device *dev, unsigned int queue, const uint8_t *data, size_t len)
{
	struct rxq *q = &dev->rxq[queue];
	struct dma_extent extent = ring_extent(q);
	struct dma_extent buffer = { .len = q->buf_size, .name = "Rx buffer" };
	uint64_t desc[2];

	if (taken_back(dev, q))
		return false;
	if (!dma_read(&dev->dma, &extent, q->ring + q->head * RX_DESC_SIZE, desc, sizeof(desc)))
		return false;
	buffer.base = le64toh(desc[0]);
	if (desc[1] && !q->lied)
		device_violation(dev, "Rx queue %u, descriptor %u: header address is set", queue,
				 q->head);
	/* Our lies may have made the driver take the buffer back. */
	if (q->lied && !dma_may(&dev->dma, &buffer, true)) {
		dev->n.rx_lied++;
		return true;
	}
	/* The driver promised the whole buffer: a short frame does not hide a wrong promise. */
	return dma_check_writable(&dev->dma, &buffer) &&
	       dma_write(&dev->dma, &buffer, buffer.base, data, len);
}

static void put_field(uint64_t *qw, unsigned int shift, uint64_t mask, uint64_t value)
{
	*qw = (*qw & ~(mask << shift)) | (value & mask) << shift;
}

/* Descriptors without an end, as far as there are any. */
static void lie_chain(struct device *dev, unsigned int queue, unsigned int num)
{
	struct rxq *q = &dev->rxq[queue];
	uint64_t qw[4] = { 0, RX_ST_DD | (uint64_t)q->buf_size << RX_LEN_SHIFT };

	rx_write_back(dev, queue);
	for (; num && available(q) > RX_MAX_BUFS; num--) {
		write_one(dev, q, q->head, qw);
		q->head = (q->head + 1) % q->len;
		dev->n.rx_lied++;
	}
}

static void lie_ahead(struct device *dev, struct rxq *q, unsigned int num)
{
	uint64_t qw[4] = { 0, RX_ST_DD | RX_ST_EOF | 60ull << RX_LEN_SHIFT };

	q->lied = true;
	for (unsigned int i = 0; i < num; i++, dev->n.rx_lied++)
		write_one(dev, q, (q->tail + i) % q->len, qw);
}

static void lie_twice(struct device *dev, struct rxq *q, const struct rx_held *h)
{
	q->lied = true;
	write_one(dev, q, (h->index + q->len - 1) % q->len, h->qw);
	dev->n.rx_lied++;
}

/* In legacy descriptors, of which h is the last one of a frame. */
static void lie_in(struct rx_held *h, const struct lie *lie)
{
	uint32_t seed = lie->seed;

	switch (lie->what) {
	case LIE_RX_LENGTH:
		put_field(&h->qw[1], RX_LEN_SHIFT, 0x3fff, lie->value);
		break;
	case LIE_RX_PTYPE:
		put_field(&h->qw[1], RX_PTYPE_SHIFT, 0xff, lie->value);
		break;
	case LIE_RX_ERRORS:
		put_field(&h->qw[1], RX_ERR_SHIFT, 0xff, lie->value);
		break;
	case LIE_RX_BITS:
		put_field(&h->qw[1], 2, 0x1ffff, lie->value);
		break;
	case LIE_RX_TAGS:
		h->qw[0] |= (lie->value & 0xffff) << 16;
		h->qw[1] |= RX_ST_L2TAG1P;
		h->qw[2] |= RX_EXT_L2TAG2P | lie->value << 48;
		break;
	case LIE_RX_NO_EOF:
		h->qw[1] &= ~(uint64_t)RX_ST_EOF;
		break;
	case LIE_RX_GARBAGE:
		for (unsigned int i = 0; i < 4; i++)
			h->qw[i] = lie_random(&seed);
		h->qw[1] |= RX_ST_DD;
		break;
	default:
		break;
	}
}

/* false: there will be no write-back. */
static bool lie_behind(struct device *dev, unsigned int queue, const struct lie *lie)
{
	struct rxq *q = &dev->rxq[queue];

	if (lie->what == LIE_RX_NEVER) {
		q->num_held = 0;
		dev->n.rx_lied++;
		return false;
	}
	if (lie->what == LIE_RX_AHEAD)
		lie_ahead(dev, q, lie->value);
	else if (lie->what == LIE_RX_TWICE)
		lie_twice(dev, q, &q->held[q->num_held - 1]);
	else
		lie_in(&q->held[q->num_held - 1], lie);
	return true;
}

static void drop(struct device *dev, uint64_t *cause)
{
	++*cause;
	dev->vsi->stats.rx_discards++;
}

static void count_received(struct device *dev, struct rxq *q, const struct pkt *pkt, size_t len)
{
	struct pf_stats *stats = &dev->vsi->stats;

	q->packets++;
	q->bytes += len;
	dev->n.rx_packets++;
	dev->n.rx_bytes += len;
	stats->rx_bytes += len;
	if (pkt->umbcast == 2)
		stats->rx_broadcast++;
	else if (pkt->umbcast)
		stats->rx_multicast++;
	else
		stats->rx_unicast++;
}

static void put_frame(struct device *dev, unsigned int queue, const struct rx_info *info,
		      const uint8_t *frame, size_t len)
{
	struct rxq *q = &dev->rxq[queue];
	unsigned int need = (len + q->buf_size - 1) / q->buf_size;
	struct lie lie = { .what = LIE_NOTHING };

	if (device_lies(dev, LIE_RX, 0, &lie) && lie.what == LIE_RX_CHAIN)
		lie_chain(dev, queue, lie.value);
	if (lie.what == LIE_RX_DEAF) {
		drop(dev, &dev->n.rx_deaf);
		return;
	}
	for (unsigned int i = 0; i < need; i++) {
		size_t off = (size_t)i * q->buf_size;
		size_t n = len - off < q->buf_size ? len - off : q->buf_size;

		if (!fill_buffer(dev, queue, frame + off, n)) {
			drop(dev, &dev->n.rx_dma);
			/* With bus mastering off nothing was touched: the descriptor stays. */
			if (pci_bus_master(&dev->pci))
				q->enabled = false;
			return;
		}
		hold(q, info, n, i + 1 == need);
	}
	dev->n.rx_descriptors += need;
	dev->n.rx_multi_descriptor += need > 1;
	count_received(dev, q, &info->pkt, len);
	if (lie.what != LIE_NOTHING && !lie_behind(dev, queue, &lie))
		return;
	irq_event(dev, dev->vsi->rxq_vector[queue], dev->vsi->rxq_itr[queue]);
	if (q->num_held >= WB_HELD)
		rx_write_back(dev, queue);
	else
		dev->n.writebacks_held++;
}

/* The frame as it goes into the buffers: the caller's bytes until something must be changed. */
struct rx_data {
	const uint8_t *bytes;
	size_t len;
};

static uint8_t *own_copy(struct device *dev, struct rx_data *data)
{
	uint8_t *copy = dev->scratch->rx_frame;

	if (data->bytes != copy)
		memcpy(copy, data->bytes, data->len);
	data->bytes = copy;
	return copy;
}

/* Take the first tag out if its type is this one. */
static bool strip_tag(struct device *dev, struct rx_data *data, uint16_t tpid, uint16_t *tci)
{
	uint8_t *frame;

	if (data->len < 18 || get_be16(data->bytes + 12) != tpid)
		return false;
	frame = own_copy(dev, data);
	*tci = get_be16(frame + 14);
	memmove(frame + 12, frame + 16, data->len - 16);
	data->len -= 4;
	dev->n.rx_vlan_stripped++;
	return true;
}

static void strip_tags(struct device *dev, struct rx_info *info, struct rx_data *data)
{
	const struct pf_vlan_offload *vlan = &dev->vsi->vlan;

	if (vlan->strip_tpid)
		info->has_tag2 = strip_tag(dev, data, vlan->strip_tpid, &info->tag2);
	if (vlan->inner_strip)
		info->has_tag1 = strip_tag(dev, data, 0x8100, &info->tag1);
}

static void append_crc(struct device *dev, struct rx_info *info, struct rx_data *data)
{
	uint8_t *frame = own_copy(dev, data);

	put_le32(frame + data->len, crc32_ethernet(frame, data->len));
	data->len += 4;
	info->crc = true;
}

static unsigned int pick_queue(struct device *dev, struct rx_info *info, const uint8_t *frame)
{
	info->hashed = rss_hash(dev->vsi, &info->pkt, frame, &info->hash);
	if (!info->hashed)
		return 0;
	return dev->vsi->rss_lut[info->hash % PF_RSS_LUT_SIZE];
}

void rx_frame(struct device *dev, const uint8_t *frame, size_t len)
{
	struct rx_data data = { frame, len };
	struct rx_info info = { 0 };
	unsigned int queue;
	struct rxq *q;

	if (dev->in_reset) {
		drop(dev, &dev->n.rx_in_reset);
		return;
	}
	if (len < 14 || len > sizeof(dev->scratch->rx_frame) - 4) {
		drop(dev, &dev->n.rx_oversize);
		return;
	}
	strip_tags(dev, &info, &data);
	pkt_parse(&info.pkt, data.bytes, data.len);
	queue = pick_queue(dev, &info, data.bytes);
	q = &dev->rxq[queue % PF_MAX_QUEUES];
	if (queue >= PF_MAX_QUEUES || !q->enabled || !q->buf_size) {
		drop(dev, &dev->n.rx_queue_disabled);
		return;
	}
	if (q->keep_crc)
		append_crc(dev, &info, &data);
	if (len > q->max_pkt || data.len > (size_t)RX_MAX_BUFS * q->buf_size) {
		drop(dev, &dev->n.rx_oversize);
		return;
	}
	if (available(q) * (size_t)q->buf_size < data.len) {
		drop(dev, &dev->n.rx_no_descriptor);
		return;
	}
	put_frame(dev, queue, &info, data.bytes, data.len);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Transmit queues (protocol.md section 12.1). A tail write is served to the end at once. What
 * a real device would call malicious driver behaviour stops the queue and is an error.
 */
#include <stdarg.h>
#include <stdio.h>

#include "hw/bytes.h"
#include "hw/device.h"
#include "hw/irq.h"
#include "hw/queue.h"
#include "hw/regs.h"
#include "hw/txoff.h"

#define TX_HEADROOM	8	/* for two VLAN tags in front of the frame */
#define MAX_BUFS	256	/* buffers of one packet before segmentation */

struct tx_packet {
	struct tx_offload offload;
	unsigned int num_desc;
	bool rs;
	bool has_tag1, has_tag2;
	uint16_t tag1, tag2;
	unsigned int num_bufs;
	uint32_t buf_end[MAX_BUFS];	/* offset in the packet behind each buffer */
	uint32_t len;
};

void tx_start(struct device *dev, unsigned int queue)
{
	const struct pf_txq *ctx = &dev->vsi->txq[queue];

	dev->txq[queue] = (struct txq){
		.enabled = ctx->len != 0, .ring = ctx->ring, .len = ctx->len,
		.packets = dev->txq[queue].packets, .bytes = dev->txq[queue].bytes,
	};
}

void tx_stop(struct device *dev, unsigned int queue)
{
	tx_write_back(dev, queue);
	dev->txq[queue].enabled = false;
}

static struct dma_extent ring_extent(const struct txq *q)
{
	return (struct dma_extent){ q->ring, q->len * TX_DESC_SIZE, "Tx ring" };
}

static void write_qw1(struct device *dev, const struct txq *q, unsigned int index, uint64_t qw1)
{
	struct dma_extent extent = ring_extent(q);
	uint8_t raw[8];

	put_le64(raw, qw1);
	if (q->lied && !dma_may(&dev->dma, &extent, true))
		return;
	dma_write(&dev->dma, &extent, q->ring + index % q->len * TX_DESC_SIZE + 8, raw, 8);
}

/* Our own lies broke what was posted: as if it had been sent. */
static void give_up(struct device *dev, struct txq *q)
{
	for (; q->head != q->tail; q->head = (q->head + 1) % q->len, dev->n.tx_lied++)
		write_qw1(dev, q, q->head, TX_DTYPE_DONE);
	q->told = q->tail;
	q->num_rs = q->held = 0;
}

/* false: nothing of the truth is told. */
static bool lie_about(struct device *dev, struct txq *q, const struct lie *lie)
{
	uint32_t seed = lie->seed;

	q->lied = true;
	dev->n.tx_lied++;
	switch (lie->what) {
	case LIE_TX_NEVER:
		return false;
	case LIE_TX_WRONG:
		write_qw1(dev, q, lie_random(&seed) % q->len, TX_DTYPE_DONE);
		return false;
	case LIE_TX_TWICE:
		for (unsigned int i = 1; i <= WB_HELD; i++)
			write_qw1(dev, q, q->rs[0] + q->len - i, TX_DTYPE_DONE);
		break;
	case LIE_TX_AHEAD:
		for (uint64_t i = 0; i < lie->value && i < q->len; i++)
			write_qw1(dev, q, q->tail + i, TX_DTYPE_DONE);
		break;
	case LIE_TX_GARBAGE:
		for (uint64_t i = 0; i < lie->value && i < q->len; i++)
			write_qw1(dev, q, lie_random(&seed) % q->len, lie_random(&seed));
		break;
	default:
		break;
	}
	return true;
}

void tx_write_back(struct device *dev, unsigned int queue)
{
	struct txq *q = &dev->txq[queue];
	struct lie lie;

	if (!q->enabled || !q->num_rs)
		return;
	dma_wmb();
	if (device_lies(dev, LIE_TX, 0, &lie) && !lie_about(dev, q, &lie)) {
		q->num_rs = q->held = 0;
		return;
	}
	for (unsigned int i = 0; i < q->num_rs; i++)
		write_qw1(dev, q, q->rs[i], TX_DTYPE_DONE);
	q->told = (q->rs[q->num_rs - 1] + 1) % q->len;
	q->num_rs = 0;
	q->held = 0;
	dev->n.writebacks++;
}

static void complete(struct device *dev, unsigned int queue, const struct tx_packet *p)
{
	struct txq *q = &dev->txq[queue];
	unsigned int last = (q->head + p->num_desc - 1) % q->len;

	q->head = (q->head + p->num_desc) % q->len;
	q->held += p->num_desc;
	dev->n.tx_descriptors += p->num_desc;
	if (!p->rs)
		return;
	q->rs[q->num_rs++] = last;
	irq_event(dev, dev->vsi->txq_vector[queue], dev->vsi->txq_itr[queue]);
	if (q->held >= WB_HELD)
		tx_write_back(dev, queue);
	else
		dev->n.writebacks_held++;
}

static void __attribute__((format(printf, 3, 4)))
malicious(struct device *dev, unsigned int queue, const char *fmt, ...)
{
	char text[200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (dev->txq[queue].lied) {
		give_up(dev, &dev->txq[queue]);
		return;
	}
	device_error(dev, "Tx queue %u, descriptor %u: %s", queue, dev->txq[queue].head, text);
	dev->n.tx_malicious++;
	dev->txq[queue].enabled = false;
}

static void parse_context(struct tx_packet *p, const uint64_t *qw)
{
	struct tx_offload *o = &p->offload;
	uint32_t cmd = TX_CTX_CMD(qw[1]);

	o->tso = cmd & TX_CTX_TSO;
	o->tso_len = TX_CTX_TSO_LEN(qw[1]);
	o->mss = TX_CTX_MSS(qw[1]);
	o->outer_ip = TX_CTX_EIPT(qw[0]);
	o->outer_ip_len = TX_CTX_EIPLEN(qw[0]) * 4;
	o->tunnel = TX_CTX_L4TUNT(qw[0]);
	o->outer_ip_same_id = TX_CTX_NOINC(qw[0]);
	o->nat_len = TX_CTX_NATLEN(qw[0]) * 2;
	o->outer_udp_csum = TX_CTX_L4T_CS(qw[0]);
	p->has_tag2 = cmd & TX_CTX_IL2TAG2;
	p->tag2 = TX_CTX_L2TAG2(qw[0]);
}

static void parse_first_data(struct tx_packet *p, uint64_t qw1)
{
	struct tx_offload *o = &p->offload;
	uint32_t cmd = TX_CMD(qw1);

	o->mac_len = TX_MACLEN(qw1) * 2;
	o->ip_len = TX_IPLEN(qw1) * 4;
	o->l4_len = TX_L4LEN(qw1) * 4;
	o->ip = TX_CMD_IIPT(cmd);
	o->l4 = TX_CMD_L4T(cmd);
	p->has_tag1 = cmd & TX_CMD_IL2TAG1;
	p->tag1 = TX_L2TAG1(qw1);
}

/*
 * Read the descriptors of one packet: their number is in p->num_desc, 0 if its end
 * has not been posted yet. false = malformed.
 */
static bool parse_packet(struct device *dev, unsigned int queue, uint64_t (*desc)[2],
			 unsigned int num, struct tx_packet *p)
{
	*p = (struct tx_packet){ 0 };
	for (unsigned int i = 0; i < num; i++) {
		uint64_t qw1 = desc[i][1];
		uint32_t size = TX_BUF_SIZE(qw1);

		if (TX_DTYPE(qw1) == TX_DTYPE_CTX) {
			if (i) {
				malicious(dev, queue, "context descriptor inside of a packet");
				return false;
			}
			parse_context(p, desc[i]);
			continue;
		}
		if (TX_DTYPE(qw1) == TX_DTYPE_DONE) {
			malicious(dev, queue, "sent before and not posted again");
			return false;
		}
		if (TX_DTYPE(qw1) != TX_DTYPE_DATA) {
			malicious(dev, queue, "descriptor type %u",
				  (unsigned int)TX_DTYPE(qw1));
			return false;
		}
		if (!size || p->num_bufs == MAX_BUFS || p->len + size > TX_BUF_SIZE_MAX - 1024) {
			malicious(dev, queue, "buffer of %u bytes, number %u of a packet", size,
				  p->num_bufs);
			return false;
		}
		if (!p->num_bufs)
			parse_first_data(p, qw1);
		p->len += size;
		p->buf_end[p->num_bufs++] = p->len;
		if (!(TX_CMD(qw1) & TX_CMD_EOP)) {
			if (TX_CMD(qw1) & TX_CMD_RS) {
				malicious(dev, queue, "RS without EOP");
				return false;
			}
			continue;
		}
		p->rs = TX_CMD(qw1) & TX_CMD_RS;
		p->num_desc = i + 1;
		return true;
	}
	return true;
}

/* Buffers that the bytes from..to-1 of a packet lie in. */
static unsigned int buffers_of(const struct tx_packet *p, uint32_t from, uint32_t to,
			       unsigned int *first)
{
	unsigned int i = *first, n = 0;

	while (i < p->num_bufs && p->buf_end[i] <= from)
		i++;
	*first = i;
	while (i < p->num_bufs) {
		n++;
		if (p->buf_end[i++] >= to)
			break;
	}
	return n;
}

/* A frame on the wire may come from 8 buffers at most, its headers included. */
static bool too_many_buffers(const struct tx_packet *p)
{
	const struct tx_offload *o = &p->offload;
	uint32_t hlen = tx_header_len(o), from = hlen;
	unsigned int at = 0, header;

	if (!o->tso)
		return p->num_bufs > TX_MAX_BUFS;
	header = buffers_of(p, 0, hlen, &at);
	while (from < p->len) {
		uint32_t to = from + o->mss < p->len ? from + o->mss : p->len;
		unsigned int n = buffers_of(p, from, to, &at);
		/* The buffer in which the header ends may hold payload too: one buffer. */
		bool shared = at == header - 1;

		if (n + header - shared > TX_MAX_BUFS)
			return true;
		from = to;
	}
	return false;
}

/* Descriptors in which we wrote may name what was never mapped. */
static bool may_gather(const struct device *dev, uint64_t (*desc)[2], const struct tx_packet *p)
{
	for (unsigned int i = p->num_desc - p->num_bufs; i < p->num_desc; i++) {
		struct dma_extent extent = { desc[i][0], TX_BUF_SIZE(desc[i][1]), "Tx buffer" };

		if (!dma_may(&dev->dma, &extent, false))
			return false;
	}
	return true;
}

static bool gather(struct device *dev, const struct txq *q, uint64_t (*desc)[2],
		   const struct tx_packet *p, uint8_t *frame)
{
	uint32_t at = 0;

	for (unsigned int i = p->num_desc - p->num_bufs; i < p->num_desc; i++) {
		uint32_t size = TX_BUF_SIZE(desc[i][1]);
		struct dma_extent extent = { desc[i][0], size, "Tx buffer" };

		if (!dma_read(&dev->dma, &extent, desc[i][0], frame + at, size))
			return false;
		at += size;
	}
	return true;
}

/* Push a tag in behind the addresses; there is room for it in front of the frame. */
static uint8_t *insert_tag(uint8_t *frame, uint16_t tpid, uint16_t tci)
{
	memmove(frame - 4, frame, 12);
	put_be16(frame + 8, tpid);
	put_be16(frame + 10, tci);
	return frame - 4;
}

static void emit(struct device *dev, const struct tx_packet *p, uint8_t *frame, size_t len)
{
	const struct pf_vlan_offload *vlan = &dev->vsi->vlan;

	if (p->has_tag1) {
		frame = insert_tag(frame, 0x8100, p->tag1);
		len += 4;
	}
	if (p->has_tag2) {
		frame = insert_tag(frame, vlan->insert_tpid, p->tag2);
		len += 4;
	}
	if (len < 60) {
		memset(frame + len, 0, 60 - len);
		len = 60;
	}
	dev->n.tx_segments++;
	dev->n.tx_vlan_inserted += p->has_tag1 + p->has_tag2;
	dev->ops->frame(dev->ops->ctx, dev->vf, frame, len);
}

static void emit_packet(struct device *dev, const struct tx_packet *p, uint8_t *frame)
{
	const struct tx_offload *o = &p->offload;
	uint8_t *out = dev->scratch->tx_segment + TX_HEADROOM;

	if (!o->tso) {
		tx_checksum(o, frame, p->len);
		emit(dev, p, frame, p->len);
		return;
	}
	dev->n.tx_tso++;
	for (size_t i = 0; i < tx_num_segments(o); i++)
		emit(dev, p, out, tx_segment(o, frame, i, out));
}

/* NULL, or what is wrong with the packet. */
static const char *check_packet(const struct device *dev, const struct tx_packet *p,
				const uint8_t *frame)
{
	const char *why;

	if (p->len < TX_MIN_FRAME)
		return "packet shorter than 17 bytes";
	if (!p->offload.tso && p->len > TX_MAX_FRAME)
		return "packet longer than 9728 bytes";
	why = tx_offload_check(&p->offload, frame, p->len);
	if (why)
		return why;
	return too_many_buffers(p) ? "more than 8 buffers for one frame" : NULL;
}

static bool vlan_blocked(const struct device *dev, const struct tx_packet *p)
{
	const struct pf_vlan_offload *vlan = &dev->vsi->vlan;

	return (p->has_tag1 && !vlan->inner_insert) || (p->has_tag2 && !vlan->insert_tpid);
}

static bool send_packet(struct device *dev, unsigned int queue, uint64_t (*desc)[2],
			const struct tx_packet *p)
{
	struct txq *q = &dev->txq[queue];
	uint8_t *frame = dev->scratch->tx_frame + TX_HEADROOM;
	const char *why;

	if ((q->lied && !may_gather(dev, desc, p)) || !gather(dev, q, desc, p, frame)) {
		malicious(dev, queue, "a buffer could not be read");
		return false;
	}
	why = check_packet(dev, p, frame);
	if (why) {
		malicious(dev, queue, "%s (%u bytes in %u buffers)", why, p->len, p->num_bufs);
		return false;
	}
	q->packets++;
	q->bytes += p->len;
	dev->n.tx_packets++;
	dev->n.tx_bytes += p->len;
	if (!dev->vsi->link_up)
		dev->n.tx_dropped_link++;
	else if (vlan_blocked(dev, p))
		dev->n.tx_dropped_vlan_blocked++;
	else
		emit_packet(dev, p, frame);
	return true;
}

/* Copy what is posted, from head to tail, out of the ring; the number of descriptors. */
static unsigned int fetch(struct device *dev, unsigned int queue, uint64_t (*desc)[2])
{
	struct txq *q = &dev->txq[queue];
	struct dma_extent extent = ring_extent(q);
	unsigned int num = (q->tail + q->len - q->head) % q->len;
	unsigned int first = num;

	if (q->head + num > q->len)
		first = q->len - q->head;
	if (q->lied && !dma_may(&dev->dma, &extent, true)) {
		q->enabled = false;
		return 0;
	}
	if (!dma_read(&dev->dma, &extent, q->ring + q->head * TX_DESC_SIZE, desc,
		      first * TX_DESC_SIZE) ||
	    !dma_read(&dev->dma, &extent, q->ring, desc + first, (num - first) * TX_DESC_SIZE)) {
		malicious(dev, queue, "the ring could not be read");
		return 0;
	}
	for (unsigned int i = 0; i < num; i++) {
		desc[i][0] = le64toh(desc[i][0]);
		desc[i][1] = le64toh(desc[i][1]);
	}
	return num;
}

static void run_queue(struct device *dev, unsigned int queue)
{
	uint64_t (*desc)[2] = dev->scratch->tx_desc;
	struct txq *q = &dev->txq[queue];
	unsigned int num = fetch(dev, queue, desc), at = 0;
	struct tx_packet p;

	while (at < num) {
		if (!parse_packet(dev, queue, desc + at, num - at, &p))
			return;
		if (!p.num_desc && q->lied) {
			give_up(dev, q);
			return;
		}
		if (!p.num_desc) {
			device_error(dev, "Tx queue %u: tail %u is in the middle of a packet",
				     queue, q->tail);
			return;
		}
		if (!send_packet(dev, queue, desc + at, &p) || !q->enabled)
			return;
		complete(dev, queue, &p);
		at += p.num_desc;
	}
}

/* A switched off queue keeps no tail. Whose fault it is depends on who switched it off. */
static void tail_while_off(struct device *dev, unsigned int queue, uint32_t tail)
{
	dev->n.tx_doorbell_disabled++;
	/* Nobody's: a driver learns of a silent reset, which takes the ring away, only later. */
	if (!dev->vsi->txq[queue].len)
		return;
	device_violation(dev, "Tx tail %u of queue %u, which is off", tail, queue);
}

/* A descriptor is the driver's again when its completion, or a later one, was written back. */
static bool takes_back(const struct txq *q, uint32_t tail)
{
	unsigned int posted = (q->tail + q->len - q->told) % q->len;

	return (tail + q->len - q->told) % q->len < posted;
}

void tx_write_tail(struct device *dev, unsigned int queue, uint32_t tail)
{
	struct txq *q = &dev->txq[queue];
	struct lie lie;

	if (!q->enabled) {
		tail_while_off(dev, queue, tail);
		return;
	}
	if (tail >= q->len) {
		malicious(dev, queue, "tail %u is outside of the ring of %u", tail, q->len);
		return;
	}
	if (!pci_bus_master(&dev->pci)) {
		device_violation(dev, "Tx doorbell of queue %u while bus mastering is off", queue);
		return;
	}
	if (!q->lied && takes_back(q, tail)) {
		malicious(dev, queue, "tail %u takes descriptors back that are still posted", tail);
		return;
	}
	q->tail = tail;
	if (device_lies(dev, LIE_DOORBELL, 0, &lie))
		return;
	run_queue(dev, queue);
}

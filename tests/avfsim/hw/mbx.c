// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/mbx.h"

#include <stdio.h>
#include <stdlib.h>

#include "hw/bytes.h"
#include "hw/device.h"
#include "hw/irq.h"
#include "hw/regs.h"

void mbx_init(struct device *dev)
{
	dev->mbx.last = &dev->mbx.first;
}

static void drop_waiting(struct device *dev)
{
	struct mbx *mbx = &dev->mbx;

	while (mbx->first) {
		struct mbx_waiting *w = mbx->first;

		mbx->first = w->next;
		free(w);
	}
	mbx->last = &mbx->first;
	mbx->num_waiting = 0;
}

void mbx_reset(struct device *dev)
{
	drop_waiting(dev);
	dev->mbx.atq = (struct mbx_ring){ 0 };
	dev->mbx.arq = (struct mbx_ring){ 0 };
}

static uint32_t ring_len(const struct mbx_ring *r)
{
	return r->len & MBX_LEN_MASK;
}

static struct dma_extent ring_extent(const struct mbx_ring *r, const char *name)
{
	return (struct dma_extent){
		(uint64_t)r->bah << 32 | r->bal, ring_len(r) * MBX_DESC_SIZE, name,
	};
}

/* Enabled with indexes that make sense; a bad index marks the ring as broken. */
static bool ring_usable(struct device *dev, struct mbx_ring *r, const char *name)
{
	if (!(r->len & MBX_LEN_ENABLE) || (r->len & MBX_LEN_CRIT))
		return false;
	if (r->head < ring_len(r) && r->tail < ring_len(r))
		return true;
	device_violation(dev, "%s: head %u or tail %u is outside of the ring of %u", name, r->head,
			 r->tail, ring_len(r));
	r->len |= MBX_LEN_CRIT;
	return false;
}

static bool load_desc(struct device *dev, const struct mbx_ring *r, const char *name,
		      struct mbx_desc *d)
{
	struct dma_extent extent = ring_extent(r, name);
	uint8_t raw[MBX_DESC_SIZE];

	if (!dma_read(&dev->dma, &extent, extent.base + r->head * MBX_DESC_SIZE, raw, sizeof(raw)))
		return false;
	*d = (struct mbx_desc){
		.flags = get_le16(raw), .opcode = get_le16(raw + 2),
		.datalen = get_le16(raw + 4), .retval = get_le16(raw + 6),
		.cookie_high = get_le32(raw + 8), .cookie_low = get_le32(raw + 12),
		.param0 = get_le32(raw + 16), .param1 = get_le32(raw + 20),
		.addr_high = get_le32(raw + 24), .addr_low = get_le32(raw + 28),
	};
	return true;
}

/* The flags go last: they hold DD. */
static bool store_desc(struct device *dev, const struct mbx_ring *r, const char *name,
		       const struct mbx_desc *d)
{
	struct dma_extent extent = ring_extent(r, name);
	uint64_t at = extent.base + r->head * MBX_DESC_SIZE;
	uint8_t raw[MBX_DESC_SIZE];

	put_le16(raw, d->flags);
	put_le16(raw + 2, d->opcode);
	put_le16(raw + 4, d->datalen);
	put_le16(raw + 6, d->retval);
	put_le32(raw + 8, d->cookie_high);
	put_le32(raw + 12, d->cookie_low);
	put_le32(raw + 16, d->param0);
	put_le32(raw + 20, d->param1);
	put_le32(raw + 24, d->addr_high);
	put_le32(raw + 28, d->addr_low);
	if (!dma_write(&dev->dma, &extent, at + 2, raw + 2, sizeof(raw) - 2))
		return false;
	dma_wmb();
	return dma_write(&dev->dma, &extent, at, raw, 2);
}

static uint64_t buffer_address(const struct mbx_desc *d)
{
	return (uint64_t)d->addr_high << 32 | d->addr_low;
}

/* Payload of a message to the PF; false = the descriptor is answered with an error. */
static bool load_payload(struct device *dev, const struct mbx_desc *d, uint8_t *payload)
{
	struct dma_extent extent = { buffer_address(d), d->datalen, "mailbox send buffer" };

	if (!d->datalen)
		return true;
	if (!(d->flags & MBX_FLAG_BUF) || !(d->flags & MBX_FLAG_RD)) {
		device_violation(dev, "mailbox: %u bytes of payload without the flags BUF and RD",
				 d->datalen);
		return false;
	}
	if (d->datalen > MBX_BUF_MAX) {
		device_violation(dev, "mailbox: payload of %u bytes", d->datalen);
		return false;
	}
	if (d->datalen > 512 && !(d->flags & MBX_FLAG_LB))
		device_violation(dev, "mailbox: %u bytes of payload without the flag LB",
				 d->datalen);
	return dma_read(&dev->dma, &extent, extent.base, payload, d->datalen);
}

static void serve_send(struct device *dev, struct mbx_desc *d)
{
	struct mbx_ring *r = &dev->mbx.atq;
	uint8_t payload[MBX_BUF_MAX];
	struct mbx_desc done = *d;
	bool ok;

	if (d->opcode == MBX_OP_TO_PF)
		ok = load_payload(dev, d, payload);
	else
		ok = d->opcode == MBX_OP_SHUTDOWN;
	done.flags |= MBX_FLAG_DD | MBX_FLAG_CMP | (ok ? 0 : MBX_FLAG_ERR);
	done.retval = ok ? 0 : 14;	/* EINVAL of the admin queue */
	if (!store_desc(dev, r, "mailbox send ring", &done)) {
		r->len |= MBX_LEN_CRIT;
		return;
	}
	r->head = (r->head + 1) % ring_len(r);
	if (d->opcode == MBX_OP_SHUTDOWN)
		dev->n.mbx_shutdowns++;
	if (!ok || d->opcode != MBX_OP_TO_PF)
		return;
	dev->n.mbx_requests++;
	/* Last, as the PF may reset the function at once. */
	dev->ops->message(dev->ops->ctx, dev->vf, d->cookie_high, payload, d->datalen);
}

void mbx_send_changed(struct device *dev)
{
	struct mbx_ring *r = &dev->mbx.atq;
	struct mbx_desc d;

	if (r->head == r->tail || !ring_usable(dev, r, "mailbox send ring"))
		return;
	if (!pci_bus_master(&dev->pci)) {
		device_violation(dev, "mailbox doorbell while bus mastering is off");
		return;
	}
	while (r->head != r->tail && ring_usable(dev, r, "mailbox send ring")) {
		if (!load_desc(dev, r, "mailbox send ring", &d)) {
			r->len |= MBX_LEN_CRIT;
			return;
		}
		serve_send(dev, &d);
	}
}

static void scramble(struct mbx_desc *d, uint32_t seed)
{
	uint64_t a = lie_random(&seed), b = lie_random(&seed);

	*d = (struct mbx_desc){
		.flags = a, .opcode = a >> 16, .datalen = a >> 32, .retval = a >> 48,
		.cookie_high = b, .cookie_low = b >> 32,
		.addr_high = lie_random(&seed), .addr_low = lie_random(&seed),
	};
}

/* false: the head moves, and that is all. */
static bool lie_about(struct device *dev, struct mbx_desc *d)
{
	struct lie lie;

	if (!device_lies(dev, LIE_ARQ, 0, &lie))
		return true;
	switch (lie.what) {
	case LIE_ARQ_DATALEN:
		d->datalen = lie.value;
		break;
	case LIE_ARQ_FLAGS:
		d->flags = lie.value;
		break;
	case LIE_ARQ_OPCODE:
		d->opcode = lie.value;
		break;
	case LIE_ARQ_COOKIE:
		d->cookie_high = lie.value;
		d->cookie_low = lie.value >> 32;
		break;
	case LIE_ARQ_ADDRESS:
		d->addr_high = lie.value >> 32;
		d->addr_low = lie.value;
		break;
	case LIE_ARQ_GARBAGE:
		scramble(d, lie.seed);
		break;
	default:
		return false;
	}
	return true;
}

/* Put one message into the ring; a descriptor is there. */
static void put_message(struct device *dev, uint32_t opcode, int32_t status, const void *payload,
			size_t len)
{
	struct mbx_ring *r = &dev->mbx.arq;
	struct dma_extent extent = { .name = "mailbox receive buffer" };
	struct mbx_desc d;

	if (!load_desc(dev, r, "mailbox receive ring", &d)) {
		dev->n.mbx_dropped_dma++;
		return;
	}
	if (!(d.flags & MBX_FLAG_BUF) || d.datalen < len)
		device_violation(dev, "mailbox: receive descriptor %u offers %u bytes, flags 0x%x",
				 r->head, d.datalen, d.flags);
	extent.base = buffer_address(&d);
	extent.len = d.flags & MBX_FLAG_BUF ? d.datalen : 0;
	if (len && !dma_write(&dev->dma, &extent, extent.base, payload, len)) {
		dev->n.mbx_dropped_dma++;
		return;
	}
	d.flags = (d.flags & (MBX_FLAG_BUF | MBX_FLAG_LB)) | MBX_FLAG_DD | MBX_FLAG_CMP;
	d.opcode = MBX_OP_TO_VF;
	d.datalen = len;
	d.retval = 0;
	d.cookie_high = opcode;
	d.cookie_low = (uint32_t)status;
	if (lie_about(dev, &d) && !store_desc(dev, r, "mailbox receive ring", &d)) {
		dev->n.mbx_dropped_dma++;
		return;
	}
	r->head = (r->head + 1) % ring_len(r);
	dev->n.mbx_events++;
	irq_cause(dev, ICR_ADMINQ);
}

void mbx_receive_changed(struct device *dev)
{
	struct mbx *mbx = &dev->mbx;
	struct mbx_waiting *w;

	while ((w = mbx->first) && mbx->arq.head != mbx->arq.tail &&
	       ring_usable(dev, &mbx->arq, "mailbox receive ring")) {
		mbx->first = w->next;
		if (!mbx->first)
			mbx->last = &mbx->first;
		mbx->num_waiting--;
		put_message(dev, w->opcode, w->status, w->payload, w->len);
		free(w);
	}
}

static void wait_for_descriptor(struct device *dev, uint32_t opcode, int32_t status,
				const void *payload, size_t len)
{
	struct mbx *mbx = &dev->mbx;
	struct mbx_waiting *w;

	w = mbx->num_waiting < MBX_WAITING ? malloc(sizeof(*w) + len) : NULL;
	if (!w) {
		mbx->arq.len |= MBX_LEN_OVFL;
		dev->n.mbx_dropped_full++;
		return;
	}
	*w = (struct mbx_waiting){ .opcode = opcode, .status = status, .len = len };
	if (len)
		memcpy(w->payload, payload, len);
	*mbx->last = w;
	mbx->last = &w->next;
	mbx->num_waiting++;
	dev->n.mbx_waited++;
}

void mbx_deliver(struct device *dev, uint32_t opcode, int32_t status, const void *payload,
		 size_t len)
{
	struct mbx_ring *r = &dev->mbx.arq;

	if (dev->in_reset || !ring_usable(dev, r, "mailbox receive ring")) {
		dev->n.mbx_dropped_disabled++;
		return;
	}
	if (dev->mbx.first || r->head == r->tail)
		wait_for_descriptor(dev, opcode, status, payload, len);
	else
		put_message(dev, opcode, status, payload, len);
}

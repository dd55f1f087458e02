// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/device.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hw/irq.h"
#include "hw/mbx.h"
#include "hw/queue.h"
#include "hw/regs.h"

void device_error(struct device *dev, const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	dev->ops->error(dev->ops->ctx, dev->vf, text);
}

void device_violation(struct device *dev, const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	dev->ops->violation(dev->ops->ctx, dev->vf, text);
}

static void dma_error(void *ctx, const char *sentence)
{
	device_error(ctx, "DMA %s", sentence);
}

void device_init(struct device *dev, unsigned int vf, const struct device_ops *ops,
		 struct device_scratch *scratch)
{
	*dev = (struct device){ .vf = vf, .ops = ops, .scratch = scratch };
	dma_init(&dev->dma, dma_error, dev);
	pci_init(&dev->pci, PF_MAX_VECTORS);
	irq_init(dev);
	mbx_init(dev);
}

static void forget_client(struct device *dev)
{
	for (unsigned int i = 0; i < PF_MAX_VECTORS; i++)
		irq_set_fd(dev, i, -1);
	dma_unmap_all(&dev->dma);
}

void device_fini(struct device *dev)
{
	mbx_reset(dev);
	forget_client(dev);
	dma_fini(&dev->dma);
}

void device_config_read(struct device *dev, uint64_t off, void *buf, size_t len)
{
	if (dev->gone)
		memset(buf, 0xff, len);
	else
		pci_read(&dev->pci, off, buf, len);
}

void device_config_write(struct device *dev, uint64_t off, const void *buf, size_t len)
{
	bool flr;

	if (dev->gone)
		return;
	flr = pci_write(&dev->pci, off, buf, len);
	if (dev->reset_at_master && pci_bus_master(&dev->pci)) {
		dev->reset_at_master = false;
		pci_clear_bus_master(&dev->pci);
	}
	dev->dma.bus_master = pci_bus_master(&dev->pci);
	if (!flr)
		return;
	dev->n.flrs++;
	dev->ops->flr(dev->ops->ctx, dev->vf);
}

/* All that a reset of the function clears, whoever asked for it. */
static void clear_function(struct device *dev)
{
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++) {
		dev->txq[q].enabled = false;
		dev->rxq[q].enabled = false;
		dev->txq[q].tail = dev->rxq[q].tail = 0;
	}
	mbx_reset(dev);
	irq_reset(dev);
	memset(dev->hena, 0, sizeof(dev->hena));
	memset(dev->hkey, 0, sizeof(dev->hkey));
	memset(dev->hlut, 0, sizeof(dev->hlut));
	pci_clear_bus_master(&dev->pci);
	dev->dma.bus_master = false;
}

void device_unplug(struct device *dev)
{
	clear_function(dev);
	pci_init(&dev->pci, PF_MAX_VECTORS);
	forget_client(dev);
	dev->gone = false;
	dev->ops->flr(dev->ops->ctx, dev->vf);
}

static void check_live(struct device *dev, const char *name, unsigned int queue, uint64_t base,
		       uint64_t len, uint64_t iova, uint64_t size)
{
	if (base - iova < size || iova - base < len)
		device_violation(dev, "%s %u at 0x%llx is live while its memory is unmapped", name,
				 queue, (unsigned long long)base);
}

static void check_mailbox(struct device *dev, const char *name, const struct mbx_ring *r,
			  uint64_t iova, uint64_t size)
{
	if (r->len & MBX_LEN_ENABLE)
		check_live(dev, name, 0, (uint64_t)r->bah << 32 | r->bal,
			   (r->len & MBX_LEN_MASK) * MBX_DESC_SIZE, iova, size);
}

void device_check_unmap(struct device *dev, uint64_t iova, uint64_t size)
{
	if (!pci_bus_master(&dev->pci))
		return;		/* off the bus: nothing of it is live */
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++) {
		const struct txq *tx = &dev->txq[q];
		const struct rxq *rx = &dev->rxq[q];

		if (tx->enabled)
			check_live(dev, "Tx ring", q, tx->ring, tx->len * TX_DESC_SIZE, iova, size);
		if (rx->enabled)
			check_live(dev, "Rx ring", q, rx->ring, rx->len * RX_DESC_SIZE, iova, size);
	}
	check_mailbox(dev, "mailbox send ring", &dev->mbx.atq, iova, size);
	check_mailbox(dev, "mailbox receive ring", &dev->mbx.arq, iova, size);
}

void device_send(struct device *dev, uint32_t opcode, int32_t status, const void *payload,
		 size_t len)
{
	mbx_deliver(dev, opcode, status, payload, len);
}

void device_txq_start(struct device *dev, unsigned int queue)
{
	tx_start(dev, queue);
}

void device_rxq_start(struct device *dev, unsigned int queue)
{
	rx_start(dev, queue);
}

void device_txq_stop(struct device *dev, unsigned int queue)
{
	tx_stop(dev, queue);
}

void device_rxq_stop(struct device *dev, unsigned int queue)
{
	rx_stop(dev, queue);
}

void device_reset_begin(struct device *dev, enum pf_reset_kind kind)
{
	dev->n.resets++;
	dev->in_reset = true;
	clear_function(dev);
	if (kind == PF_RESET_FLR)
		pci_reset(&dev->pci);
}

void device_reset_done(struct device *dev)
{
	dev->in_reset = false;
}

void device_receive(struct device *dev, const uint8_t *frame, size_t len)
{
	rx_frame(dev, frame, len);
}

uint64_t device_run(struct device *dev, uint64_t now)
{
	return irq_run(dev, now);
}

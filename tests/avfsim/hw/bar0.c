// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers: which access does what (protocol.md sections 2 and 13). */
#include <string.h>

#include "hw/bytes.h"
#include "hw/device.h"
#include "hw/irq.h"
#include "hw/mbx.h"
#include "hw/queue.h"
#include "hw/regs.h"

/* Index into an array of 32-bit registers, or -1. */
static int element(uint64_t off, uint64_t base, unsigned int num)
{
	return off >= base && off < base + 4 * num ? (int)(off - base) / 4 : -1;
}

/* The mailbox register at off; its ring is told apart for the follow-up. */
static uint32_t *mailbox_register(struct device *dev, uint64_t off, bool *receive)
{
	struct mbx_ring *arq = &dev->mbx.arq, *atq = &dev->mbx.atq;

	*receive = true;
	switch (off) {
	case REG_ARQBAH:
		return &arq->bah;
	case REG_ARQBAL:
		return &arq->bal;
	case REG_ARQLEN:
		return &arq->len;
	case REG_ARQH:
		return &arq->head;
	case REG_ARQT:
		return &arq->tail;
	}
	*receive = false;
	switch (off) {
	case REG_ATQBAH:
		return &atq->bah;
	case REG_ATQBAL:
		return &atq->bal;
	case REG_ATQLEN:
		return &atq->len;
	case REG_ATQH:
		return &atq->head;
	case REG_ATQT:
		return &atq->tail;
	}
	return NULL;
}

/* Registers that only remember what was written. */
static uint32_t *plain_register(struct device *dev, uint64_t off)
{
	int i = element(off, REG_HENA(0), 2);

	if (i >= 0)
		return &dev->hena[i];
	i = element(off, REG_HKEY(0), 13);
	if (i >= 0)
		return &dev->hkey[i];
	i = element(off, REG_HLUT(0), 16);
	return i >= 0 ? &dev->hlut[i] : NULL;
}

/* ITR index i of a vector; queue vector v is MSI-X vector v + 1. NULL = not such a register. */
static uint16_t *itr_register(struct device *dev, uint64_t off)
{
	int v, i = element(off, REG_ITR01(0), 3);

	if (i >= 0)
		return &dev->irqs.itr[i][0];
	for (i = 0; i < 3; i++) {
		v = element(off, REG_ITRN(i, 0), PF_MAX_VECTORS - 1);
		if (v >= 0)
			return &dev->irqs.itr[i][v + 1];
	}
	return NULL;
}

/* MSI-X vector of a DYN_CTL register, or -1. */
static int dyn_ctl_vector(uint64_t off)
{
	int v;

	if (off == REG_DYN_CTL01)
		return 0;
	v = element(off, REG_DYN_CTLN(0), PF_MAX_VECTORS - 1);
	return v < 0 ? -1 : v + 1;
}

static uint32_t read_in_reset(uint64_t off)
{
	bool enables = off == REG_ARQLEN || off == REG_ATQLEN;

	/* The enables read 0 and RSTAT says "in progress"; nothing else is alive. */
	return enables || off == REG_RSTAT ? RSTAT_INPROGRESS : REG_DEAD;
}

static uint32_t read_register(struct device *dev, uint64_t off)
{
	const uint32_t *reg;
	const uint16_t *itr;
	bool receive;
	int i;

	if (dev->gone)
		return REG_GONE;
	if (dev->in_reset)
		return read_in_reset(off);
	if (off == REG_RSTAT)
		return RSTAT_VFACTIVE;
	if (off == REG_ICR01)
		return irq_read_icr01(dev);
	if (off == REG_ICR0_ENA1)
		return irq_read_icr0_ena(dev);
	reg = mailbox_register(dev, off, &receive);
	if (!reg)
		reg = plain_register(dev, off);
	if (reg)
		return *reg;
	i = dyn_ctl_vector(off);
	if (i >= 0)
		return irq_read_dyn_ctl(dev, i);
	itr = itr_register(dev, off);
	if (itr)
		return *itr;
	i = element(off, REG_QTX_TAIL(0), PF_MAX_QUEUES);
	if (i >= 0)
		return dev->txq[i].tail;
	i = element(off, REG_QRX_TAIL(0), PF_MAX_QUEUES);
	return i >= 0 ? dev->rxq[i].tail : 0;
}

/* Who believes that there was a reset takes the rings back, which are live. */
static void rings_disputed(struct device *dev)
{
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++)
		dev->rxq[q].lied = dev->txq[q].lied = true;
}

/* What the driver is told of it. */
static uint32_t read_or_lie(struct device *dev, uint64_t off)
{
	uint32_t value = read_register(dev, off);
	struct lie lie;

	if (!device_lies(dev, LIE_READ, off, &lie))
		return value;
	if (off == REG_ARQLEN || off == REG_RSTAT)
		rings_disputed(dev);
	return lie.value;
}

static void write_mailbox(struct device *dev, uint64_t off, uint32_t *reg, bool receive,
			  uint32_t value)
{
	*reg = value;
	if (dev->reset_at_start && off == REG_ATQLEN && value & MBX_LEN_ENABLE) {
		dev->reset_at_start = false;
		dev->ops->flr(dev->ops->ctx, dev->vf);
		return;
	}
	/* A new enable starts a ring that is not broken. */
	if (receive)
		mbx_receive_changed(dev);
	else if (off == REG_ATQT)
		mbx_send_changed(dev);
}

/* Without a message for it (RSS_REG) these registers are the VSI's RSS. */
static void apply_rss(struct device *dev)
{
	struct pf_vsi *vsi = dev->vsi;

	if (!vsi->rss_by_registers)
		return;
	for (unsigned int i = 0; i < PF_RSS_KEY_SIZE / 4; i++)
		put_le32(vsi->rss_key + 4 * i, dev->hkey[i]);
	for (unsigned int i = 0; i < PF_RSS_LUT_SIZE / 4; i++)
		put_le32(vsi->rss_lut + 4 * i, dev->hlut[i]);
	vsi->rss_hena = (uint64_t)dev->hena[1] << 32 | dev->hena[0];
}

static bool write_other(struct device *dev, uint64_t off, uint32_t value)
{
	uint32_t *plain = plain_register(dev, off);
	uint16_t *itr = itr_register(dev, off);
	int v = dyn_ctl_vector(off);

	if (v >= 0)
		irq_write_dyn_ctl(dev, v, value);
	else if (off == REG_ICR0_ENA1)
		irq_write_icr0_ena(dev, value);
	else if (itr)
		*itr = value & ITR_MASK;
	else if (!plain)
		return off == REG_RSTAT || off == REG_STAT_CTL01;
	if (plain) {
		*plain = value;
		apply_rss(dev);
	}
	return true;
}

static void write_register(struct device *dev, uint64_t off, uint32_t value)
{
	uint32_t *reg;
	bool receive;
	int i;

	if (dev->gone)
		return;
	if (dev->in_reset) {
		dev->n.reg_writes_in_reset++;
		return;
	}
	i = element(off, REG_QTX_TAIL(0), PF_MAX_QUEUES);
	if (i >= 0) {
		tx_write_tail(dev, i, value);
		return;
	}
	i = element(off, REG_QRX_TAIL(0), PF_MAX_QUEUES);
	if (i >= 0) {
		rx_write_tail(dev, i, value);
		return;
	}
	reg = mailbox_register(dev, off, &receive);
	if (reg) {
		write_mailbox(dev, off, reg, receive, value);
		return;
	}
	if (!write_other(dev, off, value)) {
		dev->n.reg_bad_access++;
		device_violation(dev, "write of 0x%x to 0x%llx, where no register is", value,
				 (unsigned long long)off);
	}
}

void device_bar0_read(struct device *dev, uint64_t off, void *buf, size_t len)
{
	uint8_t *to = buf;

	dev->n.reg_reads++;
	while (len) {
		uint64_t at = off & ~3ull;
		size_t skip = off - at, n = len < 4 - skip ? len : 4 - skip;
		uint8_t raw[4];

		put_le32(raw, read_or_lie(dev, at));
		memcpy(to, raw + skip, n);
		to += n;
		off += n;
		len -= n;
	}
}

void device_bar0_write(struct device *dev, uint64_t off, const void *buf, size_t len)
{
	const uint8_t *from = buf;

	dev->n.reg_writes++;
	if ((off | len) & 3) {
		dev->n.reg_bad_access++;
		device_violation(dev, "register write of %zu bytes at 0x%llx", len,
				 (unsigned long long)off);
		return;
	}
	for (; len; len -= 4, off += 4, from += 4)
		write_register(dev, off, get_le32(from));
}

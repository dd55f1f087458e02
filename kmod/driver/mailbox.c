// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox transport: two rings of descriptors with a buffer each (protocol.md section 3). Memory is
 * allocated once and kept over resets, so that a late write of the device hits nothing else.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>

#include "control.h"

struct iavf_mbx_desc {
	__le16 flags, opcode, len, retval;
	__le32 vc_opcode, vc_status;
	__le32 param0, param1;
	__le32 addr_high, addr_low;
};

#define MBX_FLAG_ERR		BIT(2)
#define MBX_FLAG_LB		BIT(9)	/* more than MBX_LARGE bytes */
#define MBX_FLAG_RD		BIT(10)
#define MBX_FLAG_BUF		BIT(12)
#define MBX_FLAG_SI		BIT(13)
#define MBX_LARGE		512

#define MBX_CMD_SHUTDOWN	0x0003
#define MBX_CMD_TO_PF		0x0801
#define MBX_CMD_TO_VF		0x0802

#define MBX_DESC_BYTES		(IAVF_MBX_DESCS * sizeof(struct iavf_mbx_desc))
#define MBX_BUF_BYTES		(IAVF_MBX_DESCS * IAVF_MBX_BUF)

static u16 next(u16 index)
{
	return (index + 1) % IAVF_MBX_DESCS;
}

static int ring_alloc(struct device *dev, struct iavf_mbx_ring *ring)
{
	ring->desc = dma_alloc_coherent(dev, MBX_DESC_BYTES, &ring->desc_dma, GFP_KERNEL);
	ring->buf = dma_alloc_coherent(dev, MBX_BUF_BYTES, &ring->buf_dma, GFP_KERNEL);
	return ring->desc && ring->buf ? 0 : -ENOMEM;
}

static void ring_free(struct device *dev, struct iavf_mbx_ring *ring)
{
	if (ring->desc)
		dma_free_coherent(dev, MBX_DESC_BYTES, ring->desc, ring->desc_dma);
	if (ring->buf)
		dma_free_coherent(dev, MBX_BUF_BYTES, ring->buf, ring->buf_dma);
	ring->desc = NULL;
	ring->buf = NULL;
}

int iavf_mbx_alloc(struct iavf_vf *vf)
{
	int err;

	spin_lock_init(&vf->mbx.lock);
	err = ring_alloc(&vf->pdev->dev, &vf->mbx.send);
	if (!err)
		err = ring_alloc(&vf->pdev->dev, &vf->mbx.recv);
	if (err)
		iavf_mbx_free(vf);
	return err;
}

void iavf_mbx_free(struct iavf_vf *vf)
{
	ring_free(&vf->pdev->dev, &vf->mbx.send);
	ring_free(&vf->pdev->dev, &vf->mbx.recv);
}

static void set_address(struct iavf_mbx_desc *desc, const struct iavf_mbx_ring *ring, u16 index)
{
	dma_addr_t dma = ring->buf_dma + index * IAVF_MBX_BUF;

	desc->addr_high = cpu_to_le32(upper_32_bits(dma));
	desc->addr_low = cpu_to_le32(lower_32_bits(dma));
}

/* Offer buffer index to the device. Every field is written: the device had it all. */
static void post(struct iavf_mbx_ring *ring, u16 index)
{
	struct iavf_mbx_desc *desc = &ring->desc[index];

	memset(desc, 0, sizeof(*desc));
	desc->flags = cpu_to_le16(MBX_FLAG_BUF | MBX_FLAG_LB);
	desc->len = cpu_to_le16(IAVF_MBX_BUF);
	set_address(desc, ring, index);
}

/* The order is that of the in-tree driver: the base addresses come after the enable bit. */
static int start_send(struct iavf_vf *vf, struct iavf_mbx_ring *ring)
{
	memset(ring->desc, 0, MBX_DESC_BYTES);
	ring->next_use = 0;
	ring->next_clean = 0;
	iavf_wr(vf, IAVF_ATQH, 0);
	iavf_wr(vf, IAVF_ATQT, 0);
	iavf_wr(vf, IAVF_ATQLEN, IAVF_MBX_DESCS | IAVF_LEN_ENABLE);
	iavf_wr(vf, IAVF_ATQBAL, lower_32_bits(ring->desc_dma));
	iavf_wr(vf, IAVF_ATQBAH, upper_32_bits(ring->desc_dma));
	return iavf_rd(vf, IAVF_ATQBAL) == lower_32_bits(ring->desc_dma) ? 0 : -EIO;
}

static int start_recv(struct iavf_vf *vf, struct iavf_mbx_ring *ring)
{
	u16 i;

	for (i = 0; i < IAVF_MBX_DESCS; i++)
		post(ring, i);
	ring->next_clean = 0;
	ring->next_use = 0;	/* on this side: the head as last read */
	iavf_wr(vf, IAVF_ARQH, 0);
	iavf_wr(vf, IAVF_ARQT, 0);
	iavf_wr(vf, IAVF_ARQLEN, IAVF_MBX_DESCS | IAVF_LEN_ENABLE);
	iavf_wr(vf, IAVF_ARQBAL, lower_32_bits(ring->desc_dma));
	iavf_wr(vf, IAVF_ARQBAH, upper_32_bits(ring->desc_dma));
	if (iavf_rd(vf, IAVF_ARQBAL) != lower_32_bits(ring->desc_dma))
		return -EIO;
	dma_wmb();
	iavf_wr(vf, IAVF_ARQT, IAVF_MBX_DESCS - 1);
	return 0;
}

/* Bus mastering must be on. */
int iavf_mbx_start(struct iavf_vf *vf)
{
	int err;

	err = start_send(vf, &vf->mbx.send);
	if (!err)
		err = start_recv(vf, &vf->mbx.recv);
	if (err)
		return err;
	spin_lock_bh(&vf->mbx.lock);
	vf->mbx.up = true;
	spin_unlock_bh(&vf->mbx.lock);
	return 0;
}

/* Registers are left alone: ARQLEN.ENABLE going to 0 by itself is what proves a reset. */
void iavf_mbx_stop(struct iavf_vf *vf)
{
	spin_lock_bh(&vf->mbx.lock);
	vf->mbx.up = false;
	spin_unlock_bh(&vf->mbx.lock);
}

/* Slots that the device has not fetched; its head is read only when they seem to run out. */
static unsigned int slots_free(struct iavf_vf *vf, struct iavf_mbx_ring *ring, unsigned int want)
{
	unsigned int used = (ring->next_use - ring->next_clean) % IAVF_MBX_DESCS;
	u32 head;

	if (IAVF_MBX_DESCS - 1 - used >= want)
		return want;
	head = iavf_rd(vf, IAVF_ATQH);
	if (iavf_read_dead(head) || (head & IAVF_HEAD_MASK) >= IAVF_MBX_DESCS)
		return 0;
	head &= IAVF_HEAD_MASK;
	/* A head beyond what was sent is nonsense; the slots stay taken. */
	if ((head - ring->next_clean) % IAVF_MBX_DESCS <= used)
		ring->next_clean = head;
	used = (ring->next_use - ring->next_clean) % IAVF_MBX_DESCS;
	return IAVF_MBX_DESCS - 1 - used;
}

static void put(struct iavf_vf *vf, u16 command, u32 opcode, const void *payload, u16 len)
{
	struct iavf_mbx_ring *ring = &vf->mbx.send;
	struct iavf_mbx_desc *desc = &ring->desc[ring->next_use];
	u16 flags = MBX_FLAG_SI;

	memset(desc, 0, sizeof(*desc));
	if (len) {
		memcpy(ring->buf + ring->next_use * IAVF_MBX_BUF, payload, len);
		set_address(desc, ring, ring->next_use);
		flags |= MBX_FLAG_BUF | MBX_FLAG_RD;
	}
	if (len > MBX_LARGE)
		flags |= MBX_FLAG_LB;
	desc->flags = cpu_to_le16(flags);
	desc->opcode = cpu_to_le16(command);
	desc->len = cpu_to_le16(len);
	if (command == MBX_CMD_SHUTDOWN)
		desc->param0 = cpu_to_le32(1);	/* the driver goes */
	else
		desc->vc_opcode = cpu_to_le32(opcode);
	ring->next_use = next(ring->next_use);
	dma_wmb();
	iavf_wr(vf, IAVF_ATQT, ring->next_use);
}

int iavf_mbx_send(struct iavf_vf *vf, u32 opcode, const void *payload, u16 len, bool kernel)
{
	unsigned int want = kernel ? 1 : 1 + IAVF_MBX_RESERVED;
	int err = 0;

	if (len > IAVF_MBX_BUF)
		return -EMSGSIZE;
	spin_lock_bh(&vf->mbx.lock);
	if (!vf->mbx.up)
		err = -EIO;
	else if (slots_free(vf, &vf->mbx.send, want) < want)
		err = -EAGAIN;
	if (!err) {
		put(vf, MBX_CMD_TO_PF, opcode, payload, len);
		vf->count.mbx_sent++;
	}
	spin_unlock_bh(&vf->mbx.lock);
	/* The device may be in a reset that nobody told of: no answer would come, ever. */
	iavf_watch(vf, err == -EAGAIN);
	return err;
}

void iavf_mbx_shutdown(struct iavf_vf *vf)
{
	unsigned int tries = 0;

	spin_lock_bh(&vf->mbx.lock);
	if (vf->mbx.up && slots_free(vf, &vf->mbx.send, 1))
		put(vf, MBX_CMD_SHUTDOWN, 0, NULL, 0);
	else
		tries = 5;
	vf->mbx.up = false;
	spin_unlock_bh(&vf->mbx.lock);
	while (tries++ < 5 && iavf_rd(vf, IAVF_ATQH) != vf->mbx.send.next_use)
		usleep_range(500, 1000);
	iavf_wr(vf, IAVF_ATQLEN, 0);
	iavf_wr(vf, IAVF_ARQLEN, 0);
	iavf_rd(vf, IAVF_RSTAT);
}

/* Copy what the device wrote once, then look at the copy alone. */
static int take(struct iavf_mbx_ring *ring, struct iavf_mbx_msg *msg)
{
	struct iavf_mbx_desc desc;

	memcpy(&desc, &ring->desc[ring->next_clean], sizeof(desc));
	msg->opcode = le32_to_cpu(desc.vc_opcode);
	msg->status = (s32)le32_to_cpu(desc.vc_status);
	msg->len = le16_to_cpu(desc.len);
	if (le16_to_cpu(desc.opcode) != MBX_CMD_TO_VF || msg->len > IAVF_MBX_BUF ||
	    (le16_to_cpu(desc.flags) & MBX_FLAG_ERR))
		return -EBADMSG;
	memcpy(msg->payload, ring->buf + ring->next_clean * IAVF_MBX_BUF, msg->len);
	return 0;
}

/* Look how far the device is: one read of a register for all messages that are there. */
static void read_head(struct iavf_vf *vf, struct iavf_mbx_ring *ring)
{
	u32 head = iavf_rd(vf, IAVF_ARQH);

	if (iavf_read_dead(head) || (head & IAVF_HEAD_MASK) >= IAVF_MBX_DESCS)
		return;
	ring->next_use = head & IAVF_HEAD_MASK;
	dma_rmb();
}

int iavf_mbx_recv(struct iavf_vf *vf, struct iavf_mbx_msg *msg)
{
	struct iavf_mbx_ring *ring = &vf->mbx.recv;
	int err;

	while (READ_ONCE(vf->mbx.up)) {
		if (ring->next_use == ring->next_clean)
			return 0;
		err = take(ring, msg);
		post(ring, ring->next_clean);
		dma_wmb();
		iavf_wr(vf, IAVF_ARQT, ring->next_clean);
		ring->next_clean = next(ring->next_clean);
		vf->count.mbx_received++;
		if (!err)
			return 1;
		dev_warn_ratelimited(&vf->pdev->dev, "mailbox: malformed message dropped\n");
	}
	return -EIO;
}

bool iavf_mbx_in_reset(const struct iavf_vf *vf)
{
	u32 len = iavf_rd(vf, IAVF_ARQLEN);

	return iavf_read_dead(len) || !(len & IAVF_LEN_ENABLE);
}

/* Error bits are told once and written back as 0. */
void iavf_mbx_check_errors(struct iavf_vf *vf, u32 reg)
{
	u32 len = iavf_rd(vf, reg);

	if (iavf_read_dead(len) || !(len & IAVF_LEN_ERRORS))
		return;
	dev_warn_ratelimited(&vf->pdev->dev, "mailbox: %s ring:%s%s%s\n",
			     reg == IAVF_ARQLEN ? "receive" : "send",
			     len & IAVF_LEN_VFE ? " VF error" : "",
			     len & IAVF_LEN_OVFL ? " overflow" : "",
			     len & IAVF_LEN_CRIT ? " critical error" : "");
	iavf_wr(vf, reg, len & ~IAVF_LEN_ERRORS);
}

/* The device masks the vector when it fires; everything else is left to the work. */
irqreturn_t iavf_mbx_irq(int irq, void *data)
{
	struct iavf_vf *vf = data;

	queue_work(vf->wq, &vf->mbx_work);
	return IRQ_HANDLED;
}

/* i40e reads from the cause enable that the VF is done with its reset. */
void iavf_mbx_irq_on(struct iavf_vf *vf)
{
	iavf_wr(vf, IAVF_VFINT_DYN_CTL0, IAVF_DYN_INTENA | IAVF_DYN_NO_ITR);
	iavf_wr(vf, IAVF_VFINT_ICR0_ENA, IAVF_ICR0_ADMINQ);
	iavf_rd(vf, IAVF_RSTAT);
}

void iavf_mbx_irq_off(struct iavf_vf *vf)
{
	iavf_wr(vf, IAVF_VFINT_DYN_CTL0, 0);
	iavf_wr(vf, IAVF_VFINT_ICR0_ENA, 0);
	iavf_rd(vf, IAVF_RSTAT);
}

void iavf_mbx_work(struct work_struct *work)
{
	struct iavf_vf *vf = container_of(work, struct iavf_vf, mbx_work);
	u32 generation = READ_ONCE(vf->generation);
	int rc;

	if (!READ_ONCE(vf->mbx.up))
		return;
	iavf_rd(vf, IAVF_VFINT_ICR0);	/* clears the cause, before the ring is looked at */
	read_head(vf, &vf->mbx.recv);
	while ((rc = iavf_mbx_recv(vf, &vf->msg)) > 0) {
		iavf_queues_receive(vf, generation);
		cond_resched();
	}
	if (rc < 0)
		return;
	/* What came meanwhile fires at once. */
	iavf_wr(vf, IAVF_VFINT_DYN_CTL0, IAVF_DYN_INTENA | IAVF_DYN_NO_ITR);
	iavf_wr(vf, IAVF_VFINT_ICR0_ENA, IAVF_ICR0_ADMINQ);
	if (iavf_mbx_in_reset(vf))
		iavf_reset_begin(vf, generation, IAVF_RESET_CAUSE_PF_SILENT);
}

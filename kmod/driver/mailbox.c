// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox transport: two rings of descriptors with a buffer each (protocol.md section 3). Bytes
 * only: no opcode is known here. Memory is allocated once and kept over resets, so that a late
 * write of the device hits nothing else.
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>

#include "control.h"

struct iavf_mbx_desc {
	__le16 flags, opcode, len, retval;
	__le32 vc_opcode, vc_status;
	__le32 param0, param1;
	__le32 addr_high, addr_low;
};

#define MBX_DESCS		32
#define MBX_RESERVED		2	/* send slots that only the kernel may use */
#define MBX_FLAG_ERR		BIT(2)
#define MBX_FLAG_LB		BIT(9)	/* more than MBX_LARGE bytes */
#define MBX_FLAG_RD		BIT(10)
#define MBX_FLAG_BUF		BIT(12)
#define MBX_FLAG_SI		BIT(13)
#define MBX_LARGE		512
#define MBX_BURST		64	/* messages within a jiffy; more than is ever asked for */

#define MBX_CMD_SHUTDOWN	0x0003
#define MBX_CMD_TO_PF		0x0801
#define MBX_CMD_TO_VF		0x0802

/* Of the ring to the PF, and of the one from it. */
struct ring_regs {
	u32 head, tail, len, bal, bah;
};

static const struct ring_regs send_regs = {
	IAVF_ATQH, IAVF_ATQT, IAVF_ATQLEN, IAVF_ATQBAL, IAVF_ATQBAH,
};

static const struct ring_regs recv_regs = {
	IAVF_ARQH, IAVF_ARQT, IAVF_ARQLEN, IAVF_ARQBAL, IAVF_ARQBAH,
};

#define MBX_DESC_BYTES		(MBX_DESCS * sizeof(struct iavf_mbx_desc))
#define MBX_BUF_BYTES		(MBX_DESCS * IAVF_MBX_BUF)

static u16 next(u16 index)
{
	return (index + 1) % MBX_DESCS;
}

static int ring_alloc(struct device *dev, struct iavf_mbx_ring *ring)
{
	ring->desc = dma_alloc_coherent(dev, MBX_DESC_BYTES, &ring->desc_dma, GFP_KERNEL);
	ring->buf = dma_alloc_coherent(dev, MBX_BUF_BYTES, &ring->buf_dma, GFP_KERNEL);
	return ring->desc && ring->buf ? 0 : -ENOMEM;
}

static void ring_free(struct device *dev, struct iavf_mbx_ring *ring)
{
	dma_free_coherent(dev, MBX_DESC_BYTES, ring->desc, ring->desc_dma);
	dma_free_coherent(dev, MBX_BUF_BYTES, ring->buf, ring->buf_dma);
}

int iavf_mbx_alloc(struct iavf_vf *vf)
{
	spin_lock_init(&vf->mbx.lock);
	if (!ring_alloc(&vf->pdev->dev, &vf->mbx.send) &&
	    !ring_alloc(&vf->pdev->dev, &vf->mbx.recv))
		return 0;
	iavf_mbx_free(vf);
	return -ENOMEM;
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
static bool start_ring(struct iavf_vf *vf, struct iavf_mbx_ring *ring, const struct ring_regs *regs)
{
	ring->next_use = 0;	/* recv: the head as last read */
	ring->next_clean = 0;
	iavf_wr(vf, regs->head, 0);
	iavf_wr(vf, regs->tail, 0);
	iavf_wr(vf, regs->len, MBX_DESCS | IAVF_LEN_ENABLE);
	iavf_wr(vf, regs->bal, lower_32_bits(ring->desc_dma));
	iavf_wr(vf, regs->bah, upper_32_bits(ring->desc_dma));
	return iavf_rd(vf, regs->bal) == lower_32_bits(ring->desc_dma);
}

/* Bus mastering must be on. */
/* A reset since the bus was opened has closed it again, and may be over by now. */
static bool bus_open(struct iavf_vf *vf)
{
	u16 command = 0;

	pci_read_config_word(vf->pdev, PCI_COMMAND, &command);
	return command & PCI_COMMAND_MASTER;
}

int iavf_mbx_start(struct iavf_vf *vf)
{
	struct iavf_mailbox *mbx = &vf->mbx;
	u16 i;

	memset(mbx->send.desc, 0, MBX_DESC_BYTES);
	for (i = 0; i < MBX_DESCS; i++)
		post(&mbx->recv, i);
	if (!start_ring(vf, &mbx->send, &send_regs) ||
	    !start_ring(vf, &mbx->recv, &recv_regs) || !bus_open(vf))
		return -EIO;
	dma_wmb();
	iavf_wr(vf, IAVF_ARQT, MBX_DESCS - 1);
	guard(iavf_lock)(&mbx->lock);
	mbx->up = true;
	return 0;
}

/* Registers are left alone: ARQLEN.ENABLE going to 0 by itself is what proves a reset. */
void iavf_mbx_stop(struct iavf_vf *vf)
{
	guard(iavf_lock)(&vf->mbx.lock);
	vf->mbx.up = false;
}

static bool head_ok(u32 head)
{
	return !iavf_read_dead(head) && (head & IAVF_HEAD_MASK) < MBX_DESCS;
}

static unsigned int slots_free(const struct iavf_mbx_ring *ring)
{
	return MBX_DESCS - 1 - (ring->next_use - ring->next_clean) % MBX_DESCS;
}

/* The device's head is read only when the slots that it has not fetched seem to run out. */
static bool has_slots(struct iavf_vf *vf, unsigned int want)
{
	struct iavf_mbx_ring *ring = &vf->mbx.send;
	u32 head;

	if (slots_free(ring) >= want)
		return true;
	head = iavf_rd(vf, IAVF_ATQH);
	/* A head beyond what was sent is nonsense; the slots stay taken. */
	if (head_ok(head) && (head - ring->next_clean) % MBX_DESCS <=
			     (ring->next_use - ring->next_clean) % MBX_DESCS)
		ring->next_clean = head & IAVF_HEAD_MASK;
	return slots_free(ring) >= want;
}

static void put(struct iavf_vf *vf, u16 command, u32 opcode, const void *payload, u16 len)
{
	struct iavf_mbx_ring *ring = &vf->mbx.send;
	struct iavf_mbx_desc *desc = &ring->desc[ring->next_use];
	u16 flags = MBX_FLAG_SI | (len > MBX_LARGE ? MBX_FLAG_LB : 0);

	memset(desc, 0, sizeof(*desc));
	if (len) {
		memcpy(ring->buf + ring->next_use * IAVF_MBX_BUF, payload, len);
		set_address(desc, ring, ring->next_use);
		flags |= MBX_FLAG_BUF | MBX_FLAG_RD;
	}
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
	unsigned int want = kernel ? 1 : 1 + MBX_RESERVED;
	int err = 0;

	if (len > IAVF_MBX_BUF)
		return -EMSGSIZE;
	spin_lock_bh(&vf->mbx.lock);
	if (!vf->mbx.up) {
		err = -EIO;
	} else if (!has_slots(vf, want)) {
		err = -EAGAIN;
	} else {
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
	bool sent;
	u32 head;

	spin_lock_bh(&vf->mbx.lock);
	sent = vf->mbx.up && has_slots(vf, 1);
	if (sent)
		put(vf, MBX_CMD_SHUTDOWN, 0, NULL, 0);
	vf->mbx.up = false;
	spin_unlock_bh(&vf->mbx.lock);
	if (sent)
		read_poll_timeout(iavf_rd, head, head == vf->mbx.send.next_use, 1000, 5000, false,
				  vf, IAVF_ATQH);
	iavf_wr(vf, IAVF_ATQLEN, 0);
	iavf_wr(vf, IAVF_ARQLEN, 0);
	iavf_rd(vf, IAVF_RSTAT);
}

/* Copy what the device wrote once, then look at the copy alone. -EAGAIN: it wrote nothing. */
static int take(struct iavf_mbx_ring *ring, struct iavf_mbx_msg *msg)
{
	struct iavf_mbx_desc desc;

	memcpy(&desc, &ring->desc[ring->next_clean], sizeof(desc));
	barrier();	/* really */
	if (!desc.opcode)
		return -EAGAIN;
	msg->opcode = le32_to_cpu(desc.vc_opcode);
	msg->status = (s32)le32_to_cpu(desc.vc_status);
	msg->len = le16_to_cpu(desc.len);
	if (le16_to_cpu(desc.opcode) != MBX_CMD_TO_VF || msg->len > IAVF_MBX_BUF ||
	    (le16_to_cpu(desc.flags) & MBX_FLAG_ERR))
		return -EBADMSG;
	memcpy(msg->payload, ring->buf + ring->next_clean * IAVF_MBX_BUF, msg->len);
	return 0;
}

bool iavf_mbx_in_reset(const struct iavf_vf *vf)
{
	u32 len = iavf_rd(vf, IAVF_ARQLEN);

	if (iavf_read_dead(len))	/* once may be an error of the bus */
		len = iavf_rd(vf, IAVF_ARQLEN);
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
	iavf_wr(vf, reg, MBX_DESCS | (len & IAVF_LEN_ENABLE));
}

/* The device masks the vector when it fires; everything else is left to the work. */
irqreturn_t iavf_mbx_irq(int irq, void *data)
{
	struct iavf_vf *vf = data;

	queue_work(vf->wq, &vf->mbx_work);
	return IRQ_HANDLED;
}

/* i40e reads from the cause enable that the VF is done with its reset. */
void iavf_mbx_irq_enable(struct iavf_vf *vf, bool on)
{
	iavf_wr(vf, IAVF_VFINT_DYN_CTL0, on ? IAVF_DYN_INTENA | IAVF_DYN_NO_ITR : 0);
	iavf_wr(vf, IAVF_VFINT_ICR0_ENA, on ? IAVF_ICR0_ADMINQ : 0);
	iavf_rd(vf, IAVF_RSTAT);
}

/* All messages that are there: one read of a register. Their number. */
static unsigned int receive(struct iavf_vf *vf, u32 generation)
{
	struct iavf_mbx_ring *ring = &vf->mbx.recv;
	u32 head = iavf_rd(vf, IAVF_ARQH);
	unsigned int num = 0;
	int err;

	if (head_ok(head))
		ring->next_use = head & IAVF_HEAD_MASK;
	dma_rmb();
	while (READ_ONCE(vf->mbx.up) && ring->next_clean != ring->next_use) {
		err = take(ring, &vf->msg);
		/* The head lies. A hole with something behind it will not be filled any more. */
		if (err == -EAGAIN && !READ_ONCE(ring->desc[next(ring->next_clean)].opcode))
			break;
		num++;
		post(ring, ring->next_clean);
		dma_wmb();
		iavf_wr(vf, IAVF_ARQT, ring->next_clean);
		ring->next_clean = next(ring->next_clean);
		vf->count.mbx_received++;
		if (!err) {
			iavf_queues_receive(vf, generation);
		} else {
			vf->count.mbx_malformed++;
			dev_warn_ratelimited(&vf->pdev->dev,
					     "mailbox: malformed message dropped\n");
		}
		cond_resched();
	}
	return num;
}

/*
 * The device may fire as often as it likes, whatever was masked, and this works at high priority:
 * one that calls for nothing, or says more than it was asked, is heard once in a jiffy.
 */
static void pace(struct iavf_mailbox *mbx, unsigned int received)
{
	if (time_after(jiffies, mbx->burst_at))
		mbx->burst = 0;
	mbx->burst_at = jiffies;
	mbx->burst += received ?: MBX_BURST / 2;
	if (mbx->burst > MBX_BURST)
		schedule_timeout_uninterruptible(1);
}

void iavf_mbx_work(struct work_struct *work)
{
	struct iavf_vf *vf = container_of(work, struct iavf_vf, mbx_work);
	u32 generation = iavf_generation(vf);

	if (!READ_ONCE(vf->mbx.up))
		return;
	iavf_rd(vf, IAVF_VFINT_ICR0);	/* clears the cause, before the ring is looked at */
	pace(&vf->mbx, receive(vf, generation));
	if (!READ_ONCE(vf->mbx.up))
		return;
	iavf_mbx_irq_enable(vf, true);	/* what came meanwhile fires at once */
	if (iavf_mbx_in_reset(vf))
		iavf_reset_begin(vf, generation, IAVF_RESET_CAUSE_PF_SILENT);
}

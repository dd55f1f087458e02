/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mailbox transport (protocol.md section 3): two rings of 32 descriptors with
 * 4096-byte buffers. Bytes only: this file and mailbox.c include no opcode header.
 */
#ifndef _IAVF_MAILBOX_H
#define _IAVF_MAILBOX_H

#include <linux/spinlock.h>
#include <linux/types.h>

#define IAVF_MBX_DESCS		32
#define IAVF_MBX_BUF		4096
#define IAVF_MBX_RESERVED	2	/* send slots that only the kernel may use */

struct iavf_mbx_desc;
struct iavf_vf;

struct iavf_mbx_ring {
	struct iavf_mbx_desc *desc;
	void *buf;			/* IAVF_MBX_DESCS buffers, one coherent area */
	dma_addr_t desc_dma, buf_dma;
	u16 next_use, next_clean;
};

struct iavf_mailbox {
	spinlock_t lock;		/* send side; bh */
	bool up;			/* registers programmed in this generation */
	struct iavf_mbx_ring send, recv;
};

/* One message of the PF, copied out of the device's memory before anything is checked. */
struct iavf_mbx_msg {
	u32 opcode;
	s32 status;
	u16 len;
	u8 payload[IAVF_MBX_BUF];
};

int iavf_mbx_alloc(struct iavf_vf *vf);
void iavf_mbx_free(struct iavf_vf *vf);		/* only after a proof, or off the bus */
int iavf_mbx_start(struct iavf_vf *vf);		/* -EIO: registers read otherwise */
void iavf_mbx_stop(struct iavf_vf *vf);
/* -EAGAIN ring full, -EIO not up, -EMSGSIZE. kernel: may use the reserved slots. */
int iavf_mbx_send(struct iavf_vf *vf, u32 opcode, const void *payload, u16 len, bool kernel);
/* ARQLEN.ENABLE is 0, or the device reads dead. */
bool iavf_mbx_in_reset(const struct iavf_vf *vf);

#endif /* _IAVF_MAILBOX_H */

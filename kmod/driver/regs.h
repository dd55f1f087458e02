/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of BAR0 as the VF sees them (protocol.md section 2). Offsets in bytes, 32 bits each.
 */
#ifndef _IAVF_REGS_H
#define _IAVF_REGS_H

#include <linux/bits.h>

/* Doorbells: descriptor index, not bytes. q 0..15. */
#define IAVF_QTX_TAIL(q)	(0x0000 + 4 * (q))
#define IAVF_QRX_TAIL(q)	(0x2000 + 4 * (q))

/* Interrupt throttling. i 0 Rx, 1 Tx, 2 unused; v is the queue vector, 0-based: MSI-X v + 1. */
#define IAVF_VFINT_ITRN(i, v)	(0x2800 + 64 * (i) + 4 * (v))
#define IAVF_VFINT_DYN_CTLN(v)	(0x3800 + 4 * (v))
#define IAVF_VFINT_ICR0		0x4800	/* causes of vector 0; read clears */
#define IAVF_VFINT_ICR0_ENA	0x5000	/* read clears too */
#define IAVF_VFINT_DYN_CTL0	0x5c00

#define IAVF_ARQBAH		0x6000
#define IAVF_ATQH		0x6400
#define IAVF_ATQLEN		0x6800
#define IAVF_ARQBAL		0x6c00
#define IAVF_ARQT		0x7000
#define IAVF_ARQH		0x7400
#define IAVF_ATQBAH		0x7800
#define IAVF_ATQBAL		0x7c00
#define IAVF_ARQLEN		0x8000
#define IAVF_ATQT		0x8400
#define IAVF_RSTAT		0x8800	/* reading it also flushes posted writes */

#define IAVF_BAR0_MIN		0xd040	/* the highest register of the map, rounded up */

/* ICR0 and ICR0_ENA */
#define IAVF_ICR0_ADMINQ	BIT(30)

/* DYN_CTL0 and DYN_CTLN. Hardware clears INTENA when it raises the interrupt. */
#define IAVF_DYN_INTENA		BIT(0)
#define IAVF_DYN_SWINT_TRIG	BIT(2)
#define IAVF_DYN_ITR(i)		((u32)(i) << 3)	/* 0 Rx, 1 Tx, 3 none */
#define IAVF_DYN_NO_ITR		IAVF_DYN_ITR(3)
#define IAVF_DYN_SW_ITR_ENA	BIT(24)
#define IAVF_DYN_WB_ON_ITR	BIT(30)

#define IAVF_ITR_UNIT_US	2
#define IAVF_ITR_MAX_US		8160

/* ATQLEN and ARQLEN; the error bits are cleared by writing them back as 0. */
#define IAVF_LEN_VFE		BIT(28)
#define IAVF_LEN_OVFL		BIT(29)
#define IAVF_LEN_CRIT		BIT(30)
#define IAVF_LEN_ENABLE		BIT(31)
#define IAVF_LEN_ERRORS		(IAVF_LEN_VFE | IAVF_LEN_OVFL | IAVF_LEN_CRIT)
#define IAVF_HEAD_MASK		GENMASK(9, 0)

#define IAVF_RSTAT_MASK		3
#define IAVF_RSTAT_COMPLETED	1
#define IAVF_RSTAT_ACTIVE	2

/* What every register may read as in a reset, and when the device is gone. */
#define IAVF_READ_IN_RESET	0xdeadbeefU
#define IAVF_READ_GONE		0xffffffffU

static inline bool iavf_read_dead(u32 value)
{
	return value == IAVF_READ_IN_RESET || value == IAVF_READ_GONE;
}

#endif /* _IAVF_REGS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CSRs in BAR0 as the VF sees them (protocol.md section 2). */
#ifndef AVFSIM_HW_REGS_H
#define AVFSIM_HW_REGS_H

#define REG_QTX_TAIL(q)		(0x0000 + 4 * (q))
#define REG_QRX_TAIL(q)		(0x2000 + 4 * (q))
#define REG_ITRN(i, v)		(0x2800 + 64 * (i) + 4 * (v))
#define REG_DYN_CTLN(v)		(0x3800 + 4 * (v))
#define REG_ICR01		0x4800
#define REG_ITR01(i)		(0x4C00 + 4 * (i))
#define REG_ICR0_ENA1		0x5000
#define REG_STAT_CTL01		0x5400
#define REG_DYN_CTL01		0x5C00
#define REG_ARQBAH		0x6000
#define REG_ATQH		0x6400
#define REG_ATQLEN		0x6800
#define REG_ARQBAL		0x6C00
#define REG_ARQT		0x7000
#define REG_ARQH		0x7400
#define REG_ATQBAH		0x7800
#define REG_ATQBAL		0x7C00
#define REG_ARQLEN		0x8000
#define REG_ATQT		0x8400
#define REG_RSTAT		0x8800
#define REG_HENA(i)		(0xC400 + 4 * (i))
#define REG_HKEY(i)		(0xCC00 + 4 * (i))
#define REG_HLUT(i)		(0xD000 + 4 * (i))

#define REG_TAIL_QUEUES		16
#define REG_QUEUE_VECTORS	64

#define MBX_LEN_MASK		0x3ffu
#define MBX_LEN_VFE		(1u << 28)
#define MBX_LEN_OVFL		(1u << 29)
#define MBX_LEN_CRIT		(1u << 30)
#define MBX_LEN_ENABLE		(1u << 31)

#define ICR_SWINT		(1u << 31)
#define ICR_ADMINQ		(1u << 30)

#define DYN_INTENA		(1u << 0)
#define DYN_CLEARPBA		(1u << 1)
#define DYN_SWINT_TRIG		(1u << 2)
#define DYN_ITR_INDX(v)		((v) >> 3 & 3)
#define DYN_INTERVAL(v)		((v) >> 5 & 0xfff)
#define DYN_SW_ITR_INDX_ENA	(1u << 24)
#define DYN_SW_ITR_INDX(v)	((v) >> 25 & 3)
#define DYN_WB_ON_ITR		(1u << 30)
#define DYN_INTENA_MSK		(1u << 31)
#define ITR_NONE		3
#define ITR_MASK		0xfffu
#define ITR_UNIT_NS		2000

#define RSTAT_INPROGRESS	0
#define RSTAT_VFACTIVE		2

#define REG_DEAD		0xdeadbeefu	/* a read of a function in reset */
#define REG_GONE		0xffffffffu	/* a read of a function that is not there */

#endif

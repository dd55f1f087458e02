/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the hardware defines: registers of BAR0 as the VF sees them (protocol.md section 2), offsets
 * in bytes, 32 bits each; and the descriptors of Tx and Rx rings (section 12).
 */
#ifndef _IAVF_HW_H
#define _IAVF_HW_H

#include <linux/bits.h>
#include <linux/types.h>

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

/* RSS, where the PF has no messages for it */
#define IAVF_HENA(i)		(0xc400 + 4 * (i))
#define IAVF_HKEY(i)		(0xcc00 + 4 * (i))
#define IAVF_HLUT(i)		(0xd000 + 4 * (i))
#define IAVF_HKEY_BYTES		52
#define IAVF_HLUT_BYTES		64

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

struct iavf_tx_desc {
	__le64 addr;		/* context descriptor: quad word 0 */
	__le64 qw1;
};

#define IAVF_TXD_DTYPE		GENMASK_ULL(3, 0)
#define IAVF_TXD_CONTEXT	1ULL
#define IAVF_TXD_DONE		0xfULL	/* written back into descriptors with RS */

/* Data descriptor, quad word 1 */
#define IAVF_TXD_EOP		BIT_ULL(4)
#define IAVF_TXD_RS		BIT_ULL(5)
#define IAVF_TXD_ICRC		BIT_ULL(6)
#define IAVF_TXD_IL2TAG1	BIT_ULL(7)
#define IAVF_TXD_IP6		BIT_ULL(9)
#define IAVF_TXD_IP4		BIT_ULL(10)
#define IAVF_TXD_IP4_CSUM	(BIT_ULL(9) | BIT_ULL(10))
#define IAVF_TXD_TCP		BIT_ULL(12)
#define IAVF_TXD_SCTP		BIT_ULL(13)
#define IAVF_TXD_UDP		(BIT_ULL(12) | BIT_ULL(13))
#define IAVF_TXD_MACLEN_SHIFT	16	/* 7 bits, units of 2 bytes */
#define IAVF_TXD_IPLEN_SHIFT	23	/* 7 bits, 4 bytes */
#define IAVF_TXD_L4LEN_SHIFT	30	/* 4 bits, 4 bytes */
#define IAVF_TXD_SIZE_SHIFT	34	/* 14 bits, bytes */
#define IAVF_TXD_L2TAG1_SHIFT	48

#define IAVF_TXD_MAX_SIZE	16383
#define IAVF_TXD_SPLIT		(12 * 1024)	/* what a longer buffer is cut into */
#define IAVF_TX_MAX_BUFS	8	/* for one frame on the wire, headers included */
#define IAVF_TX_MIN_LEN		17

/* Context descriptor, quad word 0 */
#define IAVF_CTX_EIP6		1ULL
#define IAVF_CTX_EIP4		2ULL
#define IAVF_CTX_EIP4_CSUM	3ULL
#define IAVF_CTX_EIPLEN_SHIFT	2	/* 6 bits, 4 bytes */
#define IAVF_CTX_TUNNEL_UDP	BIT_ULL(9)
#define IAVF_CTX_TUNNEL_GRE	BIT_ULL(10)
#define IAVF_CTX_NATLEN_SHIFT	12	/* 7 bits, 2 bytes */
#define IAVF_CTX_L4T_CS		BIT_ULL(23)	/* outer UDP checksum */
#define IAVF_CTX_L2TAG2_SHIFT	32
/* and quad word 1 */
#define IAVF_CTX_TSO		BIT_ULL(4)
#define IAVF_CTX_IL2TAG2	BIT_ULL(6)
#define IAVF_CTX_TSO_LEN_SHIFT	30	/* 18 bits: bytes behind the headers */
#define IAVF_CTX_MSS_SHIFT	50
#define IAVF_CTX_MIN_MSS	64

/* Limits of the length fields, in bytes */
#define IAVF_MAX_MACLEN		(63 * 2)
#define IAVF_MAX_IPLEN		(127 * 4)
#define IAVF_MAX_EIPLEN		(63 * 4)
#define IAVF_MAX_NATLEN		(127 * 2)

/* As posted: buffer address, header address, 0, 0. As written back: RXDID 1. */
struct iavf_rx_desc {
	__le64 qw[4];
};

#define IAVF_RXD_L2TAG1(qw0)	((u16)((qw0) >> 16))
#define IAVF_RXD_HASH(qw0)	((u32)((qw0) >> 32))
/* Quad word 1 */
#define IAVF_RXD_DD		BIT_ULL(0)
#define IAVF_RXD_EOF		BIT_ULL(1)
#define IAVF_RXD_L2TAG1P	BIT_ULL(2)
#define IAVF_RXD_L3L4P		BIT_ULL(3)
#define IAVF_RXD_HASH_VALID	(3ULL << 12)
#define IAVF_RXD_IPV6EXADD	BIT_ULL(15)
#define IAVF_RXD_RXE		BIT_ULL(19)
#define IAVF_RXD_IPE		BIT_ULL(22)
#define IAVF_RXD_L4E		BIT_ULL(23)
#define IAVF_RXD_EIPE		BIT_ULL(24)
#define IAVF_RXD_PPRS		BIT_ULL(26)
#define IAVF_RXD_PTYPE(qw1)	((u8)((qw1) >> 30))
#define IAVF_RXD_LEN(qw1)	((u32)((qw1) >> 38) & 0x3fff)
/* Quad word 2 */
#define IAVF_RXD_L2TAG2P	BIT_ULL(0)
#define IAVF_RXD_L2TAG2_2(qw2)	((u16)((qw2) >> 48))

#define IAVF_RX_MAX_BUFS	5	/* descriptors of one frame */
#define IAVF_RX_STEP		16	/* refill and tail go in steps of this */
#define IAVF_RX_BUF_ALIGN	128
#define IAVF_RX_BUF_MAX		16256

#endif /* _IAVF_HW_H */

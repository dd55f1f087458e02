/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptors of the Tx and Rx rings (protocol.md section 12). */
#ifndef _IAVF_DESC_H
#define _IAVF_DESC_H

#include <linux/bits.h>
#include <linux/types.h>

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

#endif /* _IAVF_DESC_H */

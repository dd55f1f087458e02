/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors of the mailbox and of the queues (protocol.md sections 3 and 12). */
#ifndef AVFSIM_HW_DESC_H
#define AVFSIM_HW_DESC_H

#include <stdint.h>

#define BIT(n)		(1u << (n))
#define BIT64(n)	(1ull << (n))
/* The field of a 64-bit word: its low bit and its width. */
#define FIELD64(word, low, width) ((uint64_t)(word) >> (low) & (BIT64(width) - 1))

/* Mailbox */
#define MBX_DESC_SIZE	32
#define MBX_MAX_LEN	1023
#define MBX_BUF_MAX	4096

#define MBX_FLAG_DD	BIT(0)
#define MBX_FLAG_CMP	BIT(1)
#define MBX_FLAG_ERR	BIT(2)
#define MBX_FLAG_LB	BIT(9)
#define MBX_FLAG_RD	BIT(10)
#define MBX_FLAG_BUF	BIT(12)
#define MBX_FLAG_SI	BIT(13)

#define MBX_OP_SHUTDOWN	0x0003
#define MBX_OP_TO_PF	0x0801
#define MBX_OP_TO_VF	0x0802

struct mbx_desc {		/* in host order once loaded */
	uint16_t flags, opcode, datalen, retval;
	uint32_t cookie_high, cookie_low;
	uint32_t param0, param1;
	uint32_t addr_high, addr_low;
};

/* Transmit, 16 bytes */
#define TX_DESC_SIZE	16
#define TX_DTYPE(qw1)	FIELD64(qw1, 0, 4)
#define TX_DTYPE_DATA	0
#define TX_DTYPE_CTX	1
#define TX_DTYPE_DONE	0xf
#define TX_CMD(qw1)	FIELD64(qw1, 4, 10)
#define TX_CMD_EOP	BIT(0)
#define TX_CMD_RS	BIT(1)
#define TX_CMD_IL2TAG1	BIT(3)
#define TX_CMD_IIPT(cmd)	((cmd) >> 5 & 3)
#define TX_CMD_L4T(cmd)		((cmd) >> 8 & 3)
#define TX_MACLEN(qw1)	FIELD64(qw1, 16, 7)	/* in 2 bytes */
#define TX_IPLEN(qw1)	FIELD64(qw1, 23, 7)	/* in 4 bytes */
#define TX_L4LEN(qw1)	FIELD64(qw1, 30, 4)	/* in 4 bytes */
#define TX_BUF_SIZE(qw1) FIELD64(qw1, 34, 14)
#define TX_L2TAG1(qw1)	FIELD64(qw1, 48, 16)

#define TX_CTX_CMD(qw1)	FIELD64(qw1, 4, 12)
#define TX_CTX_TSO	BIT(0)
#define TX_CTX_TSYN	BIT(1)
#define TX_CTX_IL2TAG2	BIT(2)
#define TX_CTX_TSO_LEN(qw1) FIELD64(qw1, 30, 18)
#define TX_CTX_MSS(qw1)	FIELD64(qw1, 50, 14)
#define TX_CTX_EIPT(qw0) FIELD64(qw0, 0, 2)
#define TX_CTX_EIPLEN(qw0) FIELD64(qw0, 2, 6)	/* in 4 bytes */
#define TX_CTX_L4TUNT(qw0) FIELD64(qw0, 9, 2)
#define TX_CTX_NOINC(qw0) FIELD64(qw0, 11, 1)
#define TX_CTX_NATLEN(qw0) FIELD64(qw0, 12, 7)	/* in 2 bytes */
#define TX_CTX_L4T_CS(qw0) FIELD64(qw0, 23, 1)
#define TX_CTX_L2TAG2(qw0) FIELD64(qw0, 32, 16)

#define TX_MAX_BUFS	8	/* buffers of one frame on the wire */
#define TX_MIN_FRAME	17

/* Receive, 32 bytes */
#define RX_DESC_SIZE	32
#define RX_MAX_BUFS	5	/* descriptors of one frame */

/* Legacy write-back (RXDID 1), quad word 1: status, error, ptype, length */
#define RX_ST_DD	BIT(0)
#define RX_ST_EOF	BIT(1)
#define RX_ST_L2TAG1P	BIT(2)
#define RX_ST_L3L4P	BIT(3)
#define RX_ST_CRCP	BIT(4)
#define RX_ST_UMBCAST_SHIFT	9
#define RX_ST_FLTSTAT_RSS	(3u << 12)
#define RX_ST_IPV6EXADD	BIT(15)
#define RX_ERR_IPE	BIT(3)
#define RX_ERR_L4E	BIT(4)
#define RX_ERR_EIPE	BIT(5)
#define RX_ERR_SHIFT	19
#define RX_PTYPE_SHIFT	30
#define RX_LEN_SHIFT	38
#define RX_EXT_L2TAG2P	BIT(0)

/* Flexible write-back (RXDID 2), status_error0 and 1 */
#define RX_FLEX_DD	BIT(0)
#define RX_FLEX_EOF	BIT(1)
#define RX_FLEX_L3L4P	BIT(3)
#define RX_FLEX_IPE	BIT(4)
#define RX_FLEX_L4E	BIT(5)
#define RX_FLEX_EIPE	BIT(6)
#define RX_FLEX_EUDPE	BIT(7)
#define RX_FLEX_IPV6EXADD BIT(9)
#define RX_FLEX_CRCP	BIT(11)
#define RX_FLEX_RSS	BIT(12)
#define RX_FLEX_L2TAG1P	BIT(13)
#define RX_FLEX1_NAT	BIT(4)
#define RX_FLEX1_L2TAG2P BIT(11)

#define RXDID_LEGACY	1
#define RXDID_FLEX	2

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules by which the hardware lies, in one list with those for messages (faults.h):
 *
 *   rx=WHAT   about a received frame: length:N ptype:N errors:N bits:N (status) tags:N garbage no-eof chain:N
 *             twice ahead:N never deaf
 *   tx=WHAT   about completions: never twice ahead:N wrong garbage:N
 *   doorbell=lost     of a transmit queue; the next one serves all
 *   arq=WHAT  about a message's descriptor: datalen:N flags:N opcode:N cookie:N address:N garbage empty
 *   read=REGISTER:N   what a register says: rstat arqlen atqlen arqh atqh icr0 bal any, or its offset
 *   irq=lost
 *   storm=HZ  all vectors, without a cause and whatever the driver allowed
 *
 * N is a number or "random". The conditions are those of faults.h without op and dir.
 */
#ifndef AVFSIM_LIES_H
#define AVFSIM_LIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct faults;

enum lie_about { LIE_RX, LIE_TX, LIE_DOORBELL, LIE_ARQ, LIE_READ, LIE_IRQ, LIE_STORM };

enum lie_what {
	LIE_NOTHING,
	LIE_RX_LENGTH, LIE_RX_PTYPE, LIE_RX_ERRORS, LIE_RX_BITS, LIE_RX_TAGS, LIE_RX_GARBAGE,
	LIE_RX_NO_EOF,
	LIE_RX_CHAIN,		/* value descriptors without an end before the frame */
	LIE_RX_TWICE,		/* written again, in the descriptor before */
	LIE_RX_AHEAD,		/* value frames that were not received, behind the tail */
	LIE_RX_NEVER,		/* nothing written back */
	LIE_RX_DEAF,		/* as if the tail never moved */
	LIE_TX_NEVER, LIE_TX_TWICE,
	LIE_TX_AHEAD,		/* value descriptors that nobody handed over */
	LIE_TX_WRONG,		/* any descriptor but the right one */
	LIE_TX_GARBAGE,		/* value random descriptors */
	LIE_DOORBELL_LOST,
	LIE_ARQ_DATALEN, LIE_ARQ_FLAGS, LIE_ARQ_OPCODE, LIE_ARQ_COOKIE, LIE_ARQ_ADDRESS,
	LIE_ARQ_GARBAGE,
	LIE_ARQ_EMPTY,		/* the head moves, nothing else happens */
	LIE_READ_AS,
	LIE_IRQ_LOST,
	LIE_STORM_HZ,
};

struct lie {
	enum lie_what what;
	uint64_t value;
	uint32_t seed;		/* for what else is random */
};

/* The lie to tell now, which uses up one count of its rule. reg: of LIE_READ, else 0. */
bool faults_lie(struct faults *faults, unsigned int vf, enum lie_about about, uint32_t reg,
		struct lie *lie);

/* The same seed, the same numbers. */
uint64_t lie_random(uint32_t *seed);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fault rules: "the next 2 ENABLE_QUEUES replies of VF 1 are dropped". Pure; the PF model asks at
 * each point, the control socket and the tests add rules.
 *
 * Text form (avfsimctl fault add ...), words in any order after the action:
 *   drop|delay=MS|refuse=STATUS|duplicate|reset=silent|reset=announced|truncate=N|
 *   mutate[=BYTES]|set=OFFSET:SIZE:VALUE|length=N|opcode=N|status=STATUS
 *   [vf=N] [dir=request|reply] [op=N|NAME] [skip=N] [count=N|always] [seed=N prob=PERCENT]
 * Defaults: any vf, dir=reply (reset: dir=request), any op, skip=0, count=1. The second line is
 * about replies and events only; the same list has the lies of the hardware (lies.h).
 */
#ifndef AVFSIM_FAULTS_H
#define AVFSIM_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_DROP,
	FAULT_DELAY,
	FAULT_REFUSE,		/* on a request: not carried out, answered with the status */
	FAULT_DUPLICATE,
	FAULT_RESET_SILENT,	/* instead of serving (request) or sending (reply) */
	FAULT_RESET_ANNOUNCED,
	FAULT_TRUNCATE,
	FAULT_IGNORE_RESET,	/* "ignore-reset": RESET_VF is swallowed, the device goes on with DMA */
	/* What faults_change() does to a message: */
	FAULT_MUTATE,		/* random bytes of it become others */
	FAULT_SET,		/* a field of it, little endian */
	FAULT_LENGTH,		/* cut, or longer by random bytes */
	FAULT_OPCODE,
	FAULT_STATUS,		/* FAULT_REFUSE leaves nothing of the payload, this all */
};

struct fault {
	enum fault_kind kind;
	int32_t status;		/* FAULT_REFUSE, FAULT_STATUS */
	uint64_t delay_ns;	/* FAULT_DELAY */
	uint32_t truncate;	/* FAULT_TRUNCATE, FAULT_LENGTH: bytes left */
	uint32_t bytes;		/* FAULT_MUTATE; FAULT_SET: 1, 2, 4 or 8 */
	uint32_t offset;	/* FAULT_SET */
	uint64_t value;		/* FAULT_SET, FAULT_OPCODE */
	uint32_t random;	/* drawn for this message */
};

struct faults;

struct faults *faults_new(void);
void faults_free(struct faults *faults);

/* Parse and add one rule: its id (> 0) or -EINVAL with a sentence in *why (static or owned by faults). */
int faults_add(struct faults *faults, const char *text, const char **why);
int faults_remove(struct faults *faults, int id);	/* -ENOENT */
void faults_clear(struct faults *faults);

/* What happens to this message; consumes one count of the first rule that matches. */
struct fault faults_match(struct faults *faults, unsigned int vf, bool request, uint32_t opcode);

/* Change a message as it says; payload has room for VIRTCHNL_MSG_MAX bytes. A word for the trace. */
const char *faults_change(const struct fault *fault, uint32_t *opcode, int32_t *status,
			  uint8_t *payload, size_t *len);

/* Iterate for listing: i from 0; false at the end. text is in faults_add() form. */
bool faults_get(const struct faults *faults, unsigned int i, int *id, char *text, size_t size,
		uint64_t *hits);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One change of several VFs as a whole: look at them, plan, keep what was, do, look again; when
 * something fails, everything back. Pure: orders out through struct txn_io, one at a time, answers
 * in; no I/O, no clock, no globals.
 */
#ifndef IAVFD_TXN_H
#define IAVFD_TXN_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

enum txn_kind {
	TXN_PLAN,		/* say what would be done */
	TXN_APPLY,		/* all or nothing */
	TXN_ASSERT,		/* as much as goes: what is refused holds up nothing else */
	TXN_ROLLBACK,		/* back to what a checkpoint says */
};

enum txn_outcome {
	TXN_RUNNING,
	TXN_UNCHANGED,		/* everything was as it is wanted */
	TXN_PLANNED,
	TXN_APPLIED,
	TXN_PARTLY,		/* of TXN_ASSERT: see the VFs */
	TXN_REFUSED,		/* nothing was done */
	TXN_ROLLED_BACK,	/* all is as it was before; of TXN_APPLY: because of reason */
	TXN_STUCK,		/* neither: see the VFs */
};

struct txn;

/* What a VF is like. The transaction frees host and live. */
struct txn_look {
	struct host_state *host;	/* NULL: its netdev is in another namespace */
	struct vf_config *live;		/* of live_config() */
	uint32_t caps;			/* granted: VIRTCHNL_VF_OFFLOAD_* */
	unsigned int queues_granted;	/* pairs that need no reset */
};

/*
 * Each order is answered once, by txn_looked() or txn_done(), and never before it returns. Data is
 * valid until the answer.
 */
struct txn_io {
	void *ctx;
	/* Answered by txn_looked(), or by txn_done() with why not; -ENODEV: it is gone. */
	void (*look)(void *ctx, const char *pci);
	/* Keep what was (txn_vf(): before and changes) beyond a death of the daemon. */
	void (*keep)(void *ctx);
	void (*by_host)(void *ctx, const char *pci, const struct host_step *step);
	/* HOST_OP_MTU or HOST_OP_MAC of a netdev in another namespace. */
	void (*by_session)(void *ctx, const char *pci, const struct host_step *step);
	/* Policy: of settings, what to sets; what it does not set goes back to the default. */
	void (*by_daemon)(void *ctx, const char *pci, uint64_t settings, const struct vf_config *to);
	/* Before another attempt to get back. */
	void (*pause)(void *ctx, unsigned int attempt);
	/* The last word; the transaction may be freed in it. */
	void (*over)(void *ctx);
};

struct txn_step {
	struct plan_step plan;
	enum host_verdict verdict;
	int err;			/* HOST_FAILED: -errno */
	char *sentence;			/* HOST_FAILED; may be NULL: no memory */
};

struct txn_vf {
	char pci[16];
	char netdev[HOST_NAME];		/* "": not known */
	struct vf_config *wanted;
	struct vf_config *ours;		/* of it VLAN devices: those that may be removed; NULL: none */
	struct vf_config *before;	/* NULL: was not looked at */
	uint64_t changes;		/* PLAN_BIT() of all that was to change */
	struct txn_step *steps;
	unsigned int num;
	int err;			/* of the VF as a whole: -errno; why is in sentence */
	char *sentence;
	bool touched;			/* a step was begun */
	bool stuck;			/* is not as it was before */
};

/* NULL: no memory. */
struct txn *txn_new(enum txn_kind kind, const struct txn_io *io);
/* Not while an order is out. */
void txn_free(struct txn *txn);

/* Before txn_start(). Copies. ours: NULL is none. 0 or -ENOMEM. */
int txn_add(struct txn *txn, const char *pci, const struct vf_config *wanted,
	    const struct vf_config *ours);
/*
 * For TXN_ROLLBACK: the settings of changes go to what before says, those it does not have to their
 * defaults; VLAN devices of made that are not in before are removed.
 */
int txn_add_back(struct txn *txn, const char *pci, uint64_t changes, const struct vf_config *before,
		 const struct vf_config *made);
void txn_start(struct txn *txn);

void txn_looked(struct txn *txn, const struct txn_look *look);
/* err: 0 or -errno; sentence may be NULL. */
void txn_done(struct txn *txn, int err, const char *sentence);

enum txn_kind txn_kind(const struct txn *txn);
enum txn_outcome txn_outcome(const struct txn *txn);
/* Why not, with the VF's address and the setting; NULL: nothing failed. */
const char *txn_reason(const struct txn *txn);
/* -errno of the first failure. */
int txn_error(const struct txn *txn);
unsigned int txn_num(const struct txn *txn);
const struct txn_vf *txn_vf(const struct txn *txn, unsigned int i);
/* Something changes, or would. */
bool txn_changes(const struct txn *txn);

/* "planned", "rolled-back" ...; static. */
const char *txn_outcome_word(enum txn_outcome outcome);

#endif

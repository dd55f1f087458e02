/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the policy share; nobody else includes this. */
#ifndef IAVFD_POLICY_INTERNAL_H
#define IAVFD_POLICY_INTERNAL_H

#include "core/log.h"
#include "disk.h"
#include "policy.h"
#include "result.h"
#include "txn.h"

/* A VF while it is there. */
struct known_vf {
	struct state_instance instance;
	bool fresh;			/* its files are to be made so */
	bool ours;			/* what no configuration says is as this daemon's options are */
	bool has_facts;
	struct vf_facts facts;		/* as they were read last */
	char *invalid;			/* why its files do not count; NULL: they do */
};

/* A look at a VF on its own: -errno and a sentence, or 0 and what it is like, which is done's. */
typedef void look_done(struct policy *policy, int err, const char *sentence,
		       struct txn_look *look);

/* The one order that is out. */
struct work {
	char pci[16];
	look_done *looked;		/* NULL: the transaction's */
	bool waits;			/* for an event that tells that order is so */
	struct host_step order;		/* for events HOST_OP_READ is the policy */
	unsigned int tries;		/* of a job, while udev renames its netdev */
	int err;			/* the answer */
	char sentence[2 * HOST_SENTENCE + 8];
	sd_event_source *patience, *pause, *again, *answer;
};

struct policy {
	struct policy_config config;
	struct state *state;		/* NULL: not read yet */
	struct config *files;		/* NULL: not read yet */
	bool started;
	struct known_vf *vfs;
	unsigned int num;
	struct policy_request *queue;
	/* One at a time: the request, or what the daemon does by itself. */
	struct policy_request *current;
	bool busy;
	struct config *documents;	/* of current; NULL: files */
	struct txn *txn;
	bool txn_over;
	struct work work;
	struct state_checkpoint *previous;	/* while the transaction has its own */
	void (*saved)(struct policy *policy, int err);
	sd_event_source *soon, *deadline;
};

/* policy.c */
struct known_vf *policy_known(struct policy *policy, const char *pci);
/* What there is to do is looked for in the next turn of the loop. */
void policy_look_again(struct policy *policy);
/* Current, if any, is over: POLICY_OK and a JSON text (freed here), or a sentence. */
void policy_finish(struct policy *policy, char *json);
void policy_fail(struct policy *policy, enum policy_error error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What became of the transaction, to who asked for it or to the log; current is over. */
void policy_answer(struct policy *policy);
/* As the checkpoint says. */
void policy_arm_deadline(struct policy *policy);
/* There is a state. */
void policy_loaded(struct policy *policy);

/* begin.c: from a request, new VFs or a deadline to a transaction. */
/* What was applied to this instance of the VF; NULL: nothing. */
const struct vf_config *policy_applied(struct policy *policy, const char *pci);
void policy_begin(struct policy *policy);
void policy_begin_fresh(struct policy *policy);
void policy_begin_rollback(struct policy *policy);

/* work.c */
extern const struct txn_io policy_work;
int policy_work_init(struct policy *policy);
void policy_work_free(struct policy *policy);
/* What a step waits for may be so now. */
void policy_work_changed(struct policy *policy, const char *pci);
void policy_look_at(struct policy *policy, const char *pci, look_done *done);

/* keep.c: what outlives the daemon. */
int policy_load(struct policy *policy);
/* done is called later, with what became of it. -errno: it is not. */
int policy_save(struct policy *policy, void (*done)(struct policy *policy, int err));
/* Of the transaction, before it does anything. 0 or -ENOMEM */
int policy_make_checkpoint(struct policy *policy);
/* The transaction is over. */
void policy_end(struct policy *policy);

#endif

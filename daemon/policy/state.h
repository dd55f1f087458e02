/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What outlives the daemon, until the next boot: which settings were made so for which VF and where
 * they came from, and the checkpoint. Pure: text in and out.
 */
#ifndef IAVFD_STATE_H
#define IAVFD_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"

#define STATE_SCHEMA	"iavfd-state/1"
#define STATE_ID_SIZE	24

/* A VF, from its driver's probe to its removal. */
struct state_instance {
	char pci[16];
	uint32_t id;			/* the kernel's, of the VF */
	uint32_t ifindex;		/* 0: in another namespace, where it may be another */
};

struct state_vf {
	struct state_instance instance;
	struct vf_config *applied;	/* what was wanted last of each key, with its origin */
};

struct state_back {
	struct state_instance instance;
	uint64_t changes;		/* PLAN_BIT() of what was to change */
	struct vf_config *before;
	struct vf_config *made;		/* what was wanted: its VLAN devices may go */
	struct vf_config *applied;	/* of struct state_vf; NULL: there was no entry */
};

struct state_checkpoint {
	char id[STATE_ID_SIZE];
	bool running;			/* it was not finished: back at once */
	uint64_t deadline;		/* CLOCK_BOOTTIME, us; 0: no rollback by itself */
	struct state_back *vfs;
	size_t num;
};

struct state {
	struct state_vf *vfs;
	size_t num;
	struct state_checkpoint *checkpoint;	/* NULL: none */
	uint64_t checkpoints;			/* so many there were */
};

/* NULL: no memory. */
struct state *state_new(void);
void state_free(struct state *state);
void state_checkpoint_free(struct state_checkpoint *checkpoint);

/* NULL: not known. */
struct state_vf *state_find(struct state *state, const char *pci);
/* A new entry, or the one there is, emptied. NULL: no memory. */
struct state_vf *state_enter(struct state *state, const struct state_instance *instance);
void state_forget(struct state *state, const char *pci);

/* Both instances are the same; a netdev that is in another namespace may have another index. */
bool state_same(const struct state_instance *a, const struct state_instance *b);

/* What the transaction keeps of a VF; copies. 0 or -ENOMEM. */
struct txn_vf;
int state_back_add(struct state *state, struct state_checkpoint *checkpoint,
		   const struct state_instance *instance, const struct txn_vf *vf);

/* To be freed. NULL: no memory. */
char *state_print(const struct state *state);
/* 0; -EINVAL: not a text of state_print() (nothing of it is believed); -ENOMEM. */
int state_read(const char *text, size_t len, struct state **state);

#endif

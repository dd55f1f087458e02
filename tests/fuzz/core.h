/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One life of a VF as an input tells it: tests/contract's world, and a PF that lies. The first step
 * of the program is the world's configuration, each other one an event.
 */
#ifndef FUZZ_CORE_H
#define FUZZ_CORE_H

#include "program.h"
#include "world.h"

#define CORE_LIES	4
#define CORE_MUTATIONS	8

struct lie {				/* in each answer to op */
	uint32_t op, value;
	uint16_t offset;
	uint8_t size;			/* 0: unused */
};

struct mutation {			/* of one answer */
	bool used;
	uint8_t kind, skip;
	uint8_t op;			/* 0: any */
	uint32_t value;
	uint8_t *bytes;			/* instead of the answer; NULL: none */
	size_t len;
};

struct core {
	struct world *w;
	struct program program;
	struct lie lies[CORE_LIES];
	struct mutation mutations[CORE_MUTATIONS];
	unsigned int next_lie, next_mutation;
	uint64_t looked, sent;	/* when somebody last looked at the number of messages, and what it was */
	unsigned int doubled;	/* messages that the PF serves or answers twice */
	bool misled;		/* what the daemon knows may be wrong: the PF lied, or its record */
	bool host_changed;	/* or wishes were, by a record: the model can not say what is right */
	bool immodest;		/* a PF may say no to this much */
	bool fewer_queues;	/* than a user's table asks for, perhaps */
	uint8_t policy_map[4][VF_VLAN_BYTES];
};

/* core_user.c, core_pf.c: false, not one of theirs; n is below CORE_USER_STEPS, CORE_PF_STEPS */
#define CORE_USER_STEPS	18
#define CORE_PF_STEPS	16
/* Lets time pass as world_run() does, and looks at the world now and then. */
void core_run(struct core *core, uint64_t ns);
/* Until the call of a user has ended. */
void core_end_calls(struct core *core);
void core_user(struct core *core, unsigned int n, const struct step *s);
void core_pf(struct core *core, unsigned int n, const struct step *s);

/* core_policy.c: the policy of the world, told to its daemon by the first only */
void core_policy(struct core *core, const struct step *s);
bool core_has_policy(const struct core *core);
void core_no_policy(struct core *core);
void core_modest_policy(struct core *core);

/* Honest from now on. */
void core_pf_honest(struct core *core);
void core_pf_hook(struct world *w, uint32_t *opcode, int32_t *status, void *payload, size_t *len);

#endif

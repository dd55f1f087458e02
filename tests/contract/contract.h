/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases: a function and two numbers, so that a loop makes hundreds of them. A failed check ends
 * its case.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <setjmp.h>

#include "world.h"

#include "virtchnl/codec.h"

extern jmp_buf contract_out;
extern struct world *contract_world;	/* of the running case, freed by the runner */
extern char contract_about[200];

void contract_fail(const char *file, int line, const char *what) __attribute__((noreturn));

#define CHECK(cond) do { \
	if (!(cond)) \
		contract_fail(__FILE__, __LINE__, #cond); \
} while (0)

/* A function that returns NULL or what is wrong. */
#define CHECK_NULL(expr) do { \
	const char *what_ = (expr); \
	if (what_) \
		contract_fail(__FILE__, __LINE__, what_); \
} while (0)

typedef void (*contract_case)(unsigned int a, unsigned int b);

void contract_run(const char *name, contract_case fn, unsigned int a, unsigned int b);

/* The world of this case; daemon started and everything settled with up. */
struct world *make(const struct world_config *config);
struct world *make_up(const struct world_config *config);
void converged(struct world *w, uint64_t ns);
void open_now(struct world *w);

void cases_bringup(void);
void cases_requests(void);
void cases_vlans(void);
void cases_queues(void);
void cases_policy(void);
void cases_faults(void);
void cases_modes(void);
void cases_resets(void);
void cases_comeback(void);
void cases_adopt(void);
void cases_absence(void);
void cases_hostile(void);
void cases_mutations(void);
void cases_random(void);
void cases_profiles(void);

/* random.c: a seeded life on a PF of this kind */
void contract_life(const char *profile, unsigned int seed, unsigned int refusals);

#endif

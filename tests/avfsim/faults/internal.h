/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule, for faults.c and lies.c only. */
#ifndef AVFSIM_FAULTS_INTERNAL_H
#define AVFSIM_FAULTS_INTERNAL_H

#include "faults/faults.h"
#include "faults/lies.h"

#define ANY		(-1)

struct rule {
	int id;
	struct fault fault;
	enum lie_what lie;		/* else a fault */
	uint32_t reg;			/* LIE_READ_AS */
	bool random_value;
	uint64_t value;			/* of a lie */
	int vf, op;			/* ANY */
	bool request;
	uint64_t skip, count;		/* as given */
	uint64_t skipped, hits;
	unsigned int prob;		/* percent */
	uint32_t seed, random;
};

struct faults {
	struct rule *rules;
	unsigned int num, size, num_lies;
	int last_id;
	char why[128];
};

/* faults.c: skipped, used up and not drawn: false; else one count less. */
bool rule_applies(struct rule *r);
/* "key=value" with this key: the value. */
const char *rule_value(const char *word, const char *key);

/* lies.c */
bool lie_parse(struct rule *r, const char *word);
void lie_print(const struct rule *r, char *text, size_t size);

#endif

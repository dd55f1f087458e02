/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors and violations of a run: counted all, the first ones kept as sentences. */
#ifndef AVFSIM_REPORT_H
#define AVFSIM_REPORT_H

#include <stdint.h>

#define REPORT_KEPT 200

struct report_list {
	uint64_t num;
	char *messages[REPORT_KEPT];
};

struct report {
	struct report_list errors;	/* memory safety and broken descriptors: fail the run */
	struct report_list violations;	/* protocol violations: listed */
};

void report_error(struct report *report, unsigned int vf, const char *sentence);
void report_violation(struct report *report, unsigned int vf, const char *sentence);
void report_clear(struct report *report);	/* forget everything; also the end of its life */

#endif

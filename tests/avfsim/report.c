// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

static void add(struct report_list *list, const char *kind, unsigned int vf, const char *sentence)
{
	uint64_t at = list->num++;

	if (at >= REPORT_KEPT)
		return;
	if (asprintf(&list->messages[at], "vf%u: %s", vf, sentence) < 0) {
		list->messages[at] = NULL;
		return;
	}
	fprintf(stderr, "avfsim: %s: %s\n", kind, list->messages[at]);
}

void report_error(struct report *report, unsigned int vf, const char *sentence)
{
	add(&report->errors, "error", vf, sentence);
}

void report_violation(struct report *report, unsigned int vf, const char *sentence)
{
	add(&report->violations, "violation", vf, sentence);
}

static void clear_list(struct report_list *list)
{
	for (unsigned int i = 0; i < REPORT_KEPT; i++) {
		free(list->messages[i]);
		list->messages[i] = NULL;
	}
	list->num = 0;
}

void report_clear(struct report *report)
{
	clear_list(&report->errors);
	clear_list(&report->violations);
}

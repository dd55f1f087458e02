/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the daemon says of changes, for people: the documents of docs/spec/configuration.md. */
#ifndef IAVFCTL_PLAN_TEXT_H
#define IAVFCTL_PLAN_TEXT_H

#include "cli.h"

/* A plan, or what became of one. */
enum plan_text {
	PLAN_PLANNED,		/* changes, messages, outages */
	PLAN_DIFF,		/* changes only, as lines with - and + */
	PLAN_DONE,
};

/* json of iavfctl_plan() and so on; with -j as it is. The exit code: 0, or 1 when it made no sense. */
int plan_print(struct cli *cli, enum plan_text how, const char *json);
/* Is there anything to change? */
bool plan_changes(const char *json);
/* "applied", "partly"; "" when it made no sense. Valid until the next call. */
const char *plan_outcome(const char *json);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ok NAME" / "not ok NAME" lines, as the suites print them; a wrong result says what came instead. */
#ifndef OWNER_CASES_H
#define OWNER_CASES_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct cases {
	unsigned int failed;
};

static inline void verdict(struct cases *t, const char *name, bool ok, int got, const char *why)
{
	if (!ok) {
		t->failed++;
		printf("not ok %s\n# got %d (%s), sentence '%s'\n", name, got, strerror(got < 0 ? -got : got), why);
	} else {
		printf("ok %s\n", name);
	}
	fflush(stdout);
}

/* The errno is the right one and a sentence came with it. */
static inline void refused(struct cases *t, const char *name, int want, int got, const char *why)
{
	verdict(t, name, got == -want && why[0], got, why);
}

#endif

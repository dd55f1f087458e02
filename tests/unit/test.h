/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest harness that can fail: each case is a function, CHECK() ends the case
 * on the first failure with its place and text, test_main() prints one line a case and the sum.
 */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_case {
	const char *name;
	void (*run)(void);
};

static jmp_buf test_out;

#define CHECK(cond) do { \
	if (!(cond)) { \
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
		longjmp(test_out, 1); \
	} \
} while (0)

#define CHECK_EQ(a, b) do { \
	long long a_ = (long long)(a), b_ = (long long)(b); \
	if (a_ != b_) { \
		printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #a, a_, b_); \
		longjmp(test_out, 1); \
	} \
} while (0)

/* A function of its own: what setjmp() returns to must not have changed any local. */
static inline int test_passes(const struct test_case *c)
{
	if (setjmp(test_out))
		return 0;
	c->run();
	return 1;
}

static inline int test_main(const struct test_case *cases, size_t n, const char *only)
{
	unsigned int passed = 0, failed = 0;

	for (size_t i = 0; i < n; i++) {
		if (only && !strstr(cases[i].name, only))
			continue;
		if (!test_passes(&cases[i])) {
			printf("not ok %s\n", cases[i].name);
			failed++;
			continue;
		}
		printf("ok %s\n", cases[i].name);
		passed++;
	}
	printf("%u passed, %u failed\n", passed, failed);
	fflush(stdout);		/* what a failed case did not free ends the program before it would be */
	return failed || !passed;
}

#define TEST_MAIN(cases) \
	int main(int argc, char **argv) \
	{ \
		return test_main(cases, sizeof(cases) / sizeof((cases)[0]), argc > 1 ? argv[1] : NULL); \
	}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inputs that are programs: a list of steps of eight bytes each, so that a mutation changes one
 * step and leaves the others what they are. What is behind the last whole step does not count.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STEP_SIZE	8

struct step {
	uint8_t op, a;
	uint16_t b;
	uint32_t c;
};

struct program {
	const uint8_t *data;
	size_t num, at;			/* steps */
};

void program_init(struct program *p, const uint8_t *data, size_t size);
/* false: there is none any more */
bool program_next(struct program *p, struct step *step);
/* The bytes of the next steps, at most len; how many. They are no steps then. */
size_t program_bytes(struct program *p, uint8_t *to, size_t len);

/* What a target found wrong: prints it and aborts, which libFuzzer takes for a crash. */
void fuzz_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif

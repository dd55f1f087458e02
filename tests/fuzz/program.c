// SPDX-License-Identifier: GPL-2.0-or-later
#include "program.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void program_init(struct program *p, const uint8_t *data, size_t size)
{
	*p = (struct program) { .data = data, .num = size / STEP_SIZE };
}

bool program_next(struct program *p, struct step *step)
{
	const uint8_t *s = p->data + p->at * STEP_SIZE;

	if (p->at == p->num)
		return false;
	p->at++;
	step->op = s[0];
	step->a = s[1];
	step->b = s[2] | s[3] << 8;
	step->c = s[4] | s[5] << 8 | s[6] << 16 | (uint32_t)s[7] << 24;
	return true;
}

size_t program_bytes(struct program *p, uint8_t *to, size_t len)
{
	size_t room = (p->num - p->at) * STEP_SIZE;

	if (len > room)
		len = room;
	memcpy(to, p->data + p->at * STEP_SIZE, len);
	p->at += (len + STEP_SIZE - 1) / STEP_SIZE;
	return len;
}

void fuzz_wrong(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("fuzz: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

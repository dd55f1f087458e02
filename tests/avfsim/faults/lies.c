// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/lies.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/internal.h"

#define REG_ANY		UINT32_MAX
#define STORM_MAX_HZ	1000000

enum value { NONE, WANTED, OPTIONAL };

static const struct word {
	enum lie_about about;
	enum lie_what what;
	const char *name;
	enum value value;
	uint64_t otherwise;
} words[] = {
	{ LIE_RX, LIE_RX_LENGTH, "length", WANTED, 0 },
	{ LIE_RX, LIE_RX_PTYPE, "ptype", WANTED, 0 },
	{ LIE_RX, LIE_RX_ERRORS, "errors", WANTED, 0 },
	{ LIE_RX, LIE_RX_BITS, "bits", WANTED, 0 },
	{ LIE_RX, LIE_RX_TAGS, "tags", WANTED, 0 },
	{ LIE_RX, LIE_RX_GARBAGE, "garbage", NONE, 0 },
	{ LIE_RX, LIE_RX_NO_EOF, "no-eof", NONE, 0 },
	{ LIE_RX, LIE_RX_CHAIN, "chain", OPTIONAL, 64 },
	{ LIE_RX, LIE_RX_TWICE, "twice", NONE, 0 },
	{ LIE_RX, LIE_RX_AHEAD, "ahead", OPTIONAL, 8 },
	{ LIE_RX, LIE_RX_NEVER, "never", NONE, 0 },
	{ LIE_RX, LIE_RX_DEAF, "deaf", NONE, 0 },
	{ LIE_TX, LIE_TX_NEVER, "never", NONE, 0 },
	{ LIE_TX, LIE_TX_TWICE, "twice", NONE, 0 },
	{ LIE_TX, LIE_TX_AHEAD, "ahead", OPTIONAL, 8 },
	{ LIE_TX, LIE_TX_WRONG, "wrong", NONE, 0 },
	{ LIE_TX, LIE_TX_GARBAGE, "garbage", OPTIONAL, 8 },
	{ LIE_DOORBELL, LIE_DOORBELL_LOST, "lost", NONE, 0 },
	{ LIE_ARQ, LIE_ARQ_DATALEN, "datalen", WANTED, 0 },
	{ LIE_ARQ, LIE_ARQ_FLAGS, "flags", WANTED, 0 },
	{ LIE_ARQ, LIE_ARQ_OPCODE, "opcode", WANTED, 0 },
	{ LIE_ARQ, LIE_ARQ_COOKIE, "cookie", WANTED, 0 },
	{ LIE_ARQ, LIE_ARQ_ADDRESS, "address", WANTED, 0 },
	{ LIE_ARQ, LIE_ARQ_GARBAGE, "garbage", NONE, 0 },
	{ LIE_ARQ, LIE_ARQ_EMPTY, "empty", NONE, 0 },
	{ LIE_IRQ, LIE_IRQ_LOST, "lost", NONE, 0 },
};

static const char *const abouts[] = {
	[LIE_RX] = "rx", [LIE_TX] = "tx", [LIE_DOORBELL] = "doorbell", [LIE_ARQ] = "arq",
	[LIE_READ] = "read", [LIE_IRQ] = "irq", [LIE_STORM] = "storm",
};

/* As in hw/regs.h, which is not ours to include. */
static const struct { const char *name; uint32_t reg; } registers[] = {
	{ "rstat", 0x8800 }, { "arqlen", 0x8000 }, { "atqlen", 0x6800 }, { "arqh", 0x7400 },
	{ "atqh", 0x6400 }, { "icr0", 0x4800 }, { "arqbal", 0x6c00 }, { "atqbal", 0x7c00 },
	{ "any", REG_ANY },
};

#define NUM(array) (sizeof(array) / sizeof((array)[0]))

uint64_t lie_random(uint32_t *seed)
{
	uint64_t value = 0;

	for (int i = 0; i < 4; i++) {
		*seed = *seed * 1664525 + 1013904223;
		value = value << 16 | *seed >> 16;
	}
	return value;
}

static bool parse_value(struct rule *r, const char *text)
{
	char *end;

	r->random_value = !strcmp(text, "random");
	if (r->random_value)
		return true;
	errno = 0;
	r->value = strtoull(text, &end, 0);
	return !errno && end != text && !*end && *text != '-';
}

/* "NAME[:VALUE]" with this name: what is behind it, which may be empty. */
static const char *behind(const char *text, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(text, name, len) || (text[len] && text[len] != ':'))
		return NULL;
	return text[len] ? text + len + 1 : text + len;
}

static bool parse_register(struct rule *r, const char *text)
{
	const char *value;
	char *end;

	r->lie = LIE_READ_AS;
	for (size_t i = 0; i < NUM(registers); i++) {
		value = behind(text, registers[i].name);
		if (!value)
			continue;
		r->reg = registers[i].reg;
		return parse_value(r, value);
	}
	r->reg = strtoul(text, &end, 16);
	return end != text && *end == ':' && parse_value(r, end + 1);
}

static bool parse_what(struct rule *r, enum lie_about about, const char *text)
{
	for (size_t i = 0; i < NUM(words); i++) {
		const struct word *w = &words[i];
		const char *value = w->about == about ? behind(text, w->name) : NULL;

		if (!value)
			continue;
		r->lie = w->what;
		r->value = w->otherwise;
		if (!*value)
			return w->value != WANTED;
		return w->value != NONE && parse_value(r, value);
	}
	return false;
}

static bool parse_storm(struct rule *r, const char *text)
{
	r->lie = LIE_STORM_HZ;
	return parse_value(r, text) && !r->random_value && r->value && r->value <= STORM_MAX_HZ;
}

bool lie_parse(struct rule *r, const char *word)
{
	for (size_t i = 0; i < NUM(abouts); i++) {
		const char *text = rule_value(word, abouts[i]);

		if (text && i == LIE_READ)
			return parse_register(r, text);
		if (text && i == LIE_STORM)
			return parse_storm(r, text);
		if (text)
			return parse_what(r, i, text);
	}
	return false;
}

static const struct word *word_of(enum lie_what what)
{
	for (size_t i = 0; i < NUM(words); i++) {
		if (words[i].what == what)
			return &words[i];
	}
	return NULL;
}

static size_t print_name(const struct rule *r, char *text, size_t size)
{
	const struct word *w = word_of(r->lie);

	if (w)
		return snprintf(text, size, "%s=%s", abouts[w->about], w->name);
	if (r->lie == LIE_STORM_HZ)
		return snprintf(text, size, "storm=%u", (unsigned int)r->value);
	for (size_t i = 0; i < NUM(registers); i++) {
		if (registers[i].reg == r->reg)
			return snprintf(text, size, "read=%s", registers[i].name);
	}
	return snprintf(text, size, "read=0x%x", r->reg);
}

void lie_print(const struct rule *r, char *text, size_t size)
{
	const struct word *w = word_of(r->lie);
	size_t len = print_name(r, text, size);

	if (r->random_value)
		snprintf(text + len, size - len, ":random");
	else if (w ? w->value != NONE : r->lie == LIE_READ_AS)
		snprintf(text + len, size - len, ":%s%llx", r->value > 9 ? "0x" : "",
			 (unsigned long long)r->value);
}

static bool is_about(const struct rule *r, unsigned int vf, enum lie_about about, uint32_t reg)
{
	const struct word *w = word_of(r->lie);

	if (r->vf != ANY && (unsigned int)r->vf != vf)
		return false;
	if (r->lie == LIE_READ_AS)
		return about == LIE_READ && (r->reg == REG_ANY || r->reg == reg);
	if (r->lie == LIE_STORM_HZ)
		return about == LIE_STORM;
	return w && w->about == about;
}

bool faults_lie(struct faults *faults, unsigned int vf, enum lie_about about, uint32_t reg,
		struct lie *lie)
{
	if (!faults || !faults->num_lies)
		return false;
	for (unsigned int i = 0; i < faults->num; i++) {
		struct rule *r = &faults->rules[i];

		if (!is_about(r, vf, about, reg) || !rule_applies(r))
			continue;
		lie->what = r->lie;
		lie->value = r->random_value ? lie_random(&r->random) : r->value;
		lie->seed = lie_random(&r->random);
		return true;
	}
	return false;
}

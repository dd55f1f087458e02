// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/faults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "faults/internal.h"
#include "virtchnl/names.h"
#include "virtchnl/opcodes.h"
#include "virtchnl/wire.h"

#define COUNT_ALWAYS	UINT64_MAX
#define TEXT_MAX	256
#define DELAY_MAX_MS	3600000.0
#define RULES_MAX	1024
#define MUTATE_BYTES	4	/* at most, when the rule does not say how many */

struct faults *faults_new(void)
{
	return calloc(1, sizeof(struct faults));
}

void faults_free(struct faults *faults)
{
	if (!faults)
		return;
	free(faults->rules);
	free(faults);
}

static bool parse_number(const char *text, long long min, long long max, long long *n)
{
	char *end;

	errno = 0;
	*n = strtoll(text, &end, 0);
	return !errno && end != text && !*end && *n >= min && *n <= max;
}

static bool parse_delay(const char *text, uint64_t *ns)
{
	char *end;
	double ms = strtod(text, &end);

	if (end == text || *end || !(ms >= 0 && ms <= DELAY_MAX_MS))
		return false;
	*ns = ms * 1e6 + 0.5;
	return true;
}

static bool parse_status(const char *text, int32_t *status)
{
	long long n;

	for (int32_t s = -1; s >= -64; s--) {
		const char *name = virtchnl_status_name(s);

		if (name && !strcasecmp(name, text)) {
			*status = s;
			return true;
		}
	}
	if (!parse_number(text, INT32_MIN, INT32_MAX, &n) || !n)
		return false;
	*status = n;
	return true;
}

static bool parse_op(const char *text, int *op)
{
	long long n;

	*op = virtchnl_op_from_name(text);
	if (*op)
		return true;
	if (!parse_number(text, 1, UINT16_MAX, &n))
		return false;
	*op = n;
	return true;
}

const char *rule_value(const char *word, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(word, key, len) && word[len] == '=' ? word + len + 1 : NULL;
}

static bool parse_plain_action(struct rule *r, const char *word)
{
	static const struct { const char *word; enum fault_kind kind; bool request; } table[] = {
		{ "drop", FAULT_DROP, false },
		{ "duplicate", FAULT_DUPLICATE, false },
		{ "reset=silent", FAULT_RESET_SILENT, true },
		{ "reset=announced", FAULT_RESET_ANNOUNCED, true },
		{ "ignore-reset", FAULT_IGNORE_RESET, true },
		{ "mutate", FAULT_MUTATE, false },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].word, word))
			continue;
		r->fault.kind = table[i].kind;
		r->request = table[i].request;
		return true;
	}
	return false;
}

/* OFFSET:SIZE:VALUE */
static bool parse_set(struct fault *fault, const char *text)
{
	char *end;
	int at = 0;

	fault->kind = FAULT_SET;
	if (sscanf(text, "%u:%u:%n", &fault->offset, &fault->bytes, &at) != 2 || !at)
		return false;
	/* The largest are listed as such, so scanf()'s %lli would not do. */
	errno = 0;
	fault->value = strtoull(text + at, &end, 0);
	if (errno || end == text + at || *end)
		return false;
	return fault->bytes && fault->bytes <= 8 && !(fault->bytes & (fault->bytes - 1)) &&
	       fault->offset < VIRTCHNL_MSG_MAX;
}

/* What is done to a message by faults_change(). */
static bool parse_change(struct fault *fault, const char *word)
{
	const char *value;
	long long n;

	if ((value = rule_value(word, "set")))
		return parse_set(fault, value);
	if ((value = rule_value(word, "status"))) {
		fault->kind = FAULT_STATUS;
		if (!strcmp(value, "0"))
			return true;
		return parse_status(value, &fault->status);
	}
	if ((value = rule_value(word, "mutate"))) {
		fault->kind = FAULT_MUTATE;
		if (!parse_number(value, 1, VIRTCHNL_MSG_MAX, &n))
			return false;
		fault->bytes = n;
		return true;
	}
	if ((value = rule_value(word, "length"))) {
		fault->kind = FAULT_LENGTH;
		if (!parse_number(value, 0, VIRTCHNL_MSG_MAX, &n))
			return false;
		fault->truncate = n;
		return true;
	}
	value = rule_value(word, "opcode");
	if (!value || !parse_number(value, 0, UINT32_MAX, &n))
		return false;
	fault->kind = FAULT_OPCODE;
	fault->value = n;
	return true;
}

static bool parse_action(struct rule *r, const char *word)
{
	const char *value;
	long long n;

	if (parse_plain_action(r, word) || lie_parse(r, word) || parse_change(&r->fault, word))
		return true;
	value = rule_value(word, "delay");
	if (value) {
		r->fault.kind = FAULT_DELAY;
		return parse_delay(value, &r->fault.delay_ns);
	}
	value = rule_value(word, "refuse");
	if (value) {
		r->fault.kind = FAULT_REFUSE;
		return parse_status(value, &r->fault.status);
	}
	value = rule_value(word, "truncate");
	if (!value || !parse_number(value, 0, VIRTCHNL_MSG_MAX, &n))
		return false;
	r->fault.kind = FAULT_TRUNCATE;
	r->fault.truncate = n;
	return true;
}

static bool parse_count(const char *text, uint64_t *count)
{
	long long n;

	if (!strcmp(text, "always")) {
		*count = COUNT_ALWAYS;
		return true;
	}
	if (!parse_number(text, 1, INT64_MAX, &n))
		return false;
	*count = n;
	return true;
}

static bool parse_direction(struct rule *r, const char *text)
{
	r->request = !strcmp(text, "request");
	return r->request || !strcmp(text, "reply");
}

static bool parse_word(struct rule *r, const char *word)
{
	const char *value;
	long long n;

	if ((value = rule_value(word, "dir")))
		return parse_direction(r, value);
	if ((value = rule_value(word, "op")))
		return parse_op(value, &r->op);
	if ((value = rule_value(word, "count")))
		return parse_count(value, &r->count);
	if ((value = rule_value(word, "vf"))) {
		if (!parse_number(value, 0, UINT16_MAX, &n))
			return false;
		r->vf = n;
		return true;
	}
	if ((value = rule_value(word, "skip"))) {
		if (!parse_number(value, 0, INT64_MAX, &n))
			return false;
		r->skip = n;
		return true;
	}
	if ((value = rule_value(word, "prob"))) {
		if (!parse_number(value, 1, 100, &n))
			return false;
		r->prob = n;
		return true;
	}
	if ((value = rule_value(word, "seed"))) {
		if (!parse_number(value, 0, UINT32_MAX, &n))
			return false;
		r->seed = n;
		return true;
	}
	return false;
}

static int refuse(struct faults *faults, const char **why, const char *what, const char *word)
{
	snprintf(faults->why, sizeof(faults->why), "%s: '%.60s'", what, word);
	if (why)
		*why = faults->why;
	return -EINVAL;
}

static int parse_rule(struct faults *faults, struct rule *r, char *text, const char **why)
{
	char *save, *word = strtok_r(text, " \t\n", &save);

	if (!word)
		return refuse(faults, why, "an action is missing", "");
	if (!parse_action(r, word))
		return refuse(faults, why, "not an action, or its value is wrong", word);
	while ((word = strtok_r(NULL, " \t\n", &save))) {
		if (!parse_word(r, word))
			return refuse(faults, why, "not a condition, or its value is wrong", word);
	}
	if (r->request && r->fault.kind >= FAULT_MUTATE)
		return refuse(faults, why, "it is about replies only", "dir=request");
	if (r->lie && (r->op != ANY || r->request))
		return refuse(faults, why, "a lie of the hardware has neither op nor dir", "");
	if (r->fault.kind != FAULT_IGNORE_RESET)
		return 0;
	if (!r->request || (r->op != ANY && r->op != VIRTCHNL_OP_RESET_VF))
		return refuse(faults, why, "it is about requests of RESET_VF only", "ignore-reset");
	r->op = VIRTCHNL_OP_RESET_VF;
	return 0;
}

static bool grow(struct faults *faults)
{
	unsigned int size = faults->size ? 2 * faults->size : 8;
	struct rule *rules;

	if (faults->num < faults->size)
		return true;
	if (size > RULES_MAX)
		return false;
	rules = realloc(faults->rules, size * sizeof(*rules));
	if (!rules)
		return false;
	faults->rules = rules;
	faults->size = size;
	return true;
}

int faults_add(struct faults *faults, const char *text, const char **why)
{
	struct rule r = { .vf = ANY, .op = ANY, .count = 1, .prob = 100 };
	char copy[TEXT_MAX];

	if (strlen(text) >= sizeof(copy))
		return refuse(faults, why, "too long", text);
	strcpy(copy, text);
	if (parse_rule(faults, &r, copy, why))
		return -EINVAL;
	if (!grow(faults))
		return refuse(faults, why, "too many rules", text);
	r.id = ++faults->last_id;
	/* An LCG may start anywhere, but a seed of 0 is not to be told from 1. */
	r.random = r.seed * 2654435761u + 1;
	faults->rules[faults->num++] = r;
	faults->num_lies += r.lie != LIE_NOTHING;
	return r.id;
}

int faults_remove(struct faults *faults, int id)
{
	for (unsigned int i = 0; i < faults->num; i++) {
		if (faults->rules[i].id != id)
			continue;
		faults->num--;
		faults->num_lies -= faults->rules[i].lie != LIE_NOTHING;
		memmove(&faults->rules[i], &faults->rules[i + 1],
			(faults->num - i) * sizeof(faults->rules[0]));
		return 0;
	}
	return -ENOENT;
}

void faults_clear(struct faults *faults)
{
	faults->num = faults->num_lies = 0;
}

static bool matches(const struct rule *r, unsigned int vf, bool request, uint32_t opcode)
{
	return !r->lie && r->request == request && (r->vf == ANY || (unsigned int)r->vf == vf) &&
	       (r->op == ANY || (uint32_t)r->op == opcode);
}

static bool lucky(struct rule *r)
{
	if (r->prob == 100)
		return true;
	r->random = r->random * 1664525 + 1013904223;
	return (r->random >> 16) % 100 < r->prob;
}

bool rule_applies(struct rule *r)
{
	if (r->hits >= r->count)
		return false;
	if (r->skipped < r->skip) {
		r->skipped++;
		return false;
	}
	if (!lucky(r))
		return false;
	r->hits++;
	return true;
}

/* Rules that are used up, still skipping or not drawn leave the message to later ones. */
struct fault faults_match(struct faults *faults, unsigned int vf, bool request, uint32_t opcode)
{
	for (unsigned int i = 0; i < faults->num; i++) {
		struct rule *r = &faults->rules[i];

		struct fault fault;

		if (!matches(r, vf, request, opcode) || !rule_applies(r))
			continue;
		fault = r->fault;
		fault.random = lie_random(&r->random);
		return fault;
	}
	return (struct fault){ .kind = FAULT_NONE };
}

static void mutate(uint8_t *payload, size_t len, unsigned int num, uint32_t random)
{
	if (!num)
		num = 1 + lie_random(&random) % MUTATE_BYTES;
	for (unsigned int i = 0; len && i < num; i++)
		payload[lie_random(&random) % len] ^= 1 + lie_random(&random) % 255;
}

static void set_field(const struct fault *fault, uint8_t *payload, size_t len)
{
	for (unsigned int i = 0; i < fault->bytes && fault->offset + i < len; i++)
		payload[fault->offset + i] = fault->value >> 8 * i;
}

const char *faults_change(const struct fault *fault, uint32_t *opcode, int32_t *status,
			  uint8_t *payload, size_t *len)
{
	uint32_t random = fault->random;

	switch (fault->kind) {
	case FAULT_MUTATE:
		mutate(payload, *len, fault->bytes, random);
		return "mutate";
	case FAULT_SET:
		set_field(fault, payload, *len);
		return "set";
	case FAULT_LENGTH:
		for (; *len < fault->truncate; ++*len)
			payload[*len] = lie_random(&random);
		*len = fault->truncate;
		return "length";
	case FAULT_OPCODE:
		*opcode = fault->value;
		return "opcode";
	case FAULT_STATUS:
		*status = fault->status;
		return "status";
	default:
		return NULL;
	}
}

static void print_action(const struct rule *r, char *text, size_t size)
{
	switch (r->fault.kind) {
	case FAULT_DROP:
		snprintf(text, size, "drop");
		break;
	case FAULT_DELAY:
		snprintf(text, size, "delay=%.6g", r->fault.delay_ns / 1e6);
		break;
	case FAULT_REFUSE:
		snprintf(text, size, "refuse=%d", r->fault.status);
		break;
	case FAULT_DUPLICATE:
		snprintf(text, size, "duplicate");
		break;
	case FAULT_RESET_SILENT:
		snprintf(text, size, "reset=silent");
		break;
	case FAULT_RESET_ANNOUNCED:
		snprintf(text, size, "reset=announced");
		break;
	case FAULT_TRUNCATE:
		snprintf(text, size, "truncate=%u", r->fault.truncate);
		break;
	case FAULT_MUTATE:
		snprintf(text, size, r->fault.bytes ? "mutate=%u" : "mutate", r->fault.bytes);
		break;
	case FAULT_SET:
		snprintf(text, size, "set=%u:%u:0x%llx", r->fault.offset, r->fault.bytes,
			 (unsigned long long)r->fault.value);
		break;
	case FAULT_LENGTH:
		snprintf(text, size, "length=%u", r->fault.truncate);
		break;
	case FAULT_OPCODE:
		snprintf(text, size, "opcode=%llu", (unsigned long long)r->fault.value);
		break;
	case FAULT_STATUS:
		snprintf(text, size, "status=%d", r->fault.status);
		break;
	default:
		snprintf(text, size, "ignore-reset");
	}
}

static void append(char *text, size_t size, const char *key, unsigned long long value)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, " %s=%llu", key, value);
}

static void append_op(char *text, size_t size, int op)
{
	const char *name = virtchnl_op_name(op);
	size_t len = strlen(text);

	if (name)
		snprintf(text + len, size - len, " op=%s", name);
	else
		append(text, size, "op", op);
}

static void print_rule(const struct rule *r, char *text, size_t size)
{
	size_t len;

	if (r->lie) {
		lie_print(r, text, size);
	} else {
		print_action(r, text, size);
		len = strlen(text);
		snprintf(text + len, size - len, " dir=%s", r->request ? "request" : "reply");
	}
	if (r->vf != ANY)
		append(text, size, "vf", r->vf);
	if (r->op != ANY)
		append_op(text, size, r->op);
	if (r->skip)
		append(text, size, "skip", r->skip);
	len = strlen(text);
	if (r->count == COUNT_ALWAYS)
		snprintf(text + len, size - len, " count=always");
	else if (r->count != 1)
		append(text, size, "count", r->count);
	if (r->prob == 100)
		return;
	append(text, size, "seed", r->seed);
	append(text, size, "prob", r->prob);
}

bool faults_get(const struct faults *faults, unsigned int i, int *id, char *text, size_t size,
		uint64_t *hits)
{
	if (i >= faults->num)
		return false;
	if (id)
		*id = faults->rules[i].id;
	if (hits)
		*hits = faults->rules[i].hits;
	if (text && size)
		print_rule(&faults->rules[i], text, size);
	return true;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages that nobody asked for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/call.h"
#include "faults/lies.h"
#include "sim.h"
#include "virtchnl/names.h"

#define TIMES_MAX	1024

struct unasked {
	uint32_t opcode;
	int32_t status;
	uint8_t payload[PF_MSG_MAX];
	size_t len;
	uint64_t times;
};

static int parse_hex(const struct call *c, const char *text, struct unasked *m)
{
	unsigned int byte;
	int n;

	for (; *text; text += 2) {
		n = 0;
		if (m->len == sizeof(m->payload) || sscanf(text, "%2x%n", &byte, &n) != 1 || n != 2)
			return verb_fail(c, -EINVAL, "hex= takes pairs of digits, 4096 at most");
		m->payload[m->len++] = byte;
	}
	return 0;
}

static int parse_random(const struct call *c, const char *text, struct unasked *m)
{
	unsigned int len;
	uint32_t seed = 1;

	if (sscanf(text, "%u:%u", &len, &seed) < 1 || len > sizeof(m->payload))
		return verb_fail(c, -EINVAL, "random= takes a length of 4096 at most, and a seed");
	while (m->len < len)
		m->payload[m->len++] = lie_random(&seed);
	return 0;
}

static int parse_word(const struct call *c, const char *word, struct unasked *m)
{
	char *end;

	if (!strncmp(word, "hex=", 4))
		return parse_hex(c, word + 4, m);
	if (!strncmp(word, "random=", 7))
		return parse_random(c, word + 7, m);
	if (!strncmp(word, "times=", 6))
		return verb_number(c, word + 6, TIMES_MAX, &m->times);
	if (strncmp(word, "status=", 7))
		return verb_fail(c, -EINVAL, "status=, hex=, random= or times= is wanted");
	m->status = strtol(word + 7, &end, 0);
	return *end ? verb_fail(c, -EINVAL, "status= takes a number") : 0;
}

int do_message(const struct call *c)
{
	struct unasked m = { .times = 1 };
	unsigned int vf;
	uint64_t op;
	int err;

	if (verb_vf(c, c->args[0], &vf))
		return -EINVAL;
	m.opcode = virtchnl_op_from_name(c->args[1]);
	if (!m.opcode) {
		if (verb_number(c, c->args[1], UINT32_MAX, &op))
			return -EINVAL;
		m.opcode = op;
	}
	for (int i = 2; i < c->num; i++) {
		err = parse_word(c, c->args[i], &m);
		if (err)
			return err;
	}
	for (uint64_t i = 0; i < m.times; i++)
		device_send(&c->sim->vfs[vf].dev, m.opcode, m.status, m.payload, m.len);
	return 0;
}

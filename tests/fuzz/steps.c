// SPDX-License-Identifier: GPL-2.0-or-later
/* Mutations of programs, for the targets that are linked with this. */
#include <string.h>

#include "program.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t max, unsigned int seed);

static uint32_t draw(uint32_t *state, uint32_t n)
{
	*state = *state * 1664525 + 1013904223;
	return n ? (*state >> 8) % n : 0;
}

static void move(uint8_t *data, size_t to, size_t from, size_t num)
{
	memmove(data + to * STEP_SIZE, data + from * STEP_SIZE, num * STEP_SIZE);
}

/* Room for n steps at at. */
static size_t insert(uint8_t *data, size_t steps, size_t max, size_t at, size_t n)
{
	if (steps + n > max)
		return 0;
	move(data, at + n, at, steps - at);
	return n;
}

static void random_step(uint8_t *to, uint32_t *rnd)
{
	for (unsigned int i = 0; i < STEP_SIZE; i++)
		to[i] = draw(rnd, 256);
	/* Small numbers mean more often something. */
	if (draw(rnd, 2))
		memset(to + 5, 0, 3);
	if (draw(rnd, 2))
		to[3] = 0;
}

static size_t copy_some(uint8_t *data, size_t steps, size_t max, uint32_t *rnd)
{
	size_t from = draw(rnd, steps), n = 1 + draw(rnd, 4), at = draw(rnd, steps + 1);
	uint8_t kept[4 * STEP_SIZE];

	if (n > steps - from)
		n = steps - from;
	memcpy(kept, data + from * STEP_SIZE, n * STEP_SIZE);
	n = insert(data, steps, max, at, n);
	memcpy(data + at * STEP_SIZE, kept, n * STEP_SIZE);
	return steps + n;
}

static size_t take_out(uint8_t *data, size_t steps, uint32_t *rnd)
{
	size_t at = draw(rnd, steps), n = 1 + draw(rnd, 4);

	if (n > steps - at)
		n = steps - at;
	move(data, at, at + n, steps - at - n);
	return steps - n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	size_t steps = size / STEP_SIZE, room = max / STEP_SIZE, at;
	uint32_t rnd = seed;

	at = draw(&rnd, steps);
	switch (steps ? draw(&rnd, 8) : 0) {
	case 0:
	case 1:
		at = draw(&rnd, steps + 1);
		if (!insert(data, steps, room, at, 1))
			break;
		random_step(data + at * STEP_SIZE, &rnd);
		return (steps + 1) * STEP_SIZE;
	case 2:
		return copy_some(data, steps, room, &rnd) * STEP_SIZE;
	case 3:
		return take_out(data, steps, &rnd) * STEP_SIZE;
	case 4:		/* one byte */
		data[at * STEP_SIZE + draw(&rnd, STEP_SIZE)] = draw(&rnd, 256);
		return steps * STEP_SIZE;
	case 5:		/* a number next to it */
		data[at * STEP_SIZE + 1 + draw(&rnd, STEP_SIZE - 1)] += draw(&rnd, 2) ? 1 : -1;
		return steps * STEP_SIZE;
	default:	/* anything inside of one step */
		LLVMFuzzerMutate(data + at * STEP_SIZE, STEP_SIZE, STEP_SIZE);
		return steps * STEP_SIZE;
	}
	return LLVMFuzzerMutate(data, size, max);
}

/* The beginning of one, then a piece of the other. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t max, unsigned int seed)
{
	size_t room = max / STEP_SIZE, first, from, n;
	uint32_t rnd = seed;

	first = draw(&rnd, one_size / STEP_SIZE + 1);
	from = draw(&rnd, two_size / STEP_SIZE);
	n = draw(&rnd, two_size / STEP_SIZE - from + 1);
	if (first > room)
		first = room;
	if (n > room - first)
		n = room - first;
	memcpy(out, one, first * STEP_SIZE);
	memcpy(out + first * STEP_SIZE, two + from * STEP_SIZE, n * STEP_SIZE);
	return (first + n) * STEP_SIZE;
}

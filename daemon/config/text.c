// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define WORD_MAX	48	/* longer ones are not compared */

unsigned int text_character(const char *text, size_t left)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned int more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;

	if ((*p >= 0x80 && *p < 0xc2) || *p > 0xf4 || left <= more)
		return 0;
	for (unsigned int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
	    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return more + 1;
}

void text_position(const char *text, size_t offset, unsigned int *line, unsigned int *column)
{
	*line = 1;
	*column = 1;
	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			(*line)++;
			*column = 1;
		} else if ((text[i] & 0xc0) != 0x80) {
			(*column)++;
		}
	}
}

char *text_clean(const char *text, size_t len, size_t most)
{
	size_t cut = len > most ? most - 3 : len;
	char *to = malloc((len > most ? most : len) + 1);

	if (!to)
		return NULL;
	for (size_t i = 0; i < cut; i++)
		to[i] = text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?';
	strcpy(to + cut, len > most ? "..." : "");
	return to;
}

void *text_grow(void **array, uint32_t *room, uint32_t i, size_t size)
{
	uint32_t wanted = *room ?: 16;
	void *more;

	while (wanted <= i)
		wanted *= 2;
	if (wanted != *room) {
		more = realloc(*array, wanted * size);
		if (!more)
			return NULL;
		*array = more;
		*room = wanted;
	}
	return (char *)*array + i * size;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Hyphens of some words and underscores of others are easily taken for each other. */
static bool same(char a, char b)
{
	return (a == '-' ? '_' : a | 0x20) == (b == '-' ? '_' : b | 0x20);
}

/* How many letters to put in, take away, exchange or swap with the next; both below WORD_MAX. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1], *now = rows[2];
	size_t len = strlen(b);

	for (size_t j = 0; j <= len; j++)
		last[j] = j;
	memcpy(before, last, (len + 1) * sizeof(*last));
	for (size_t i = 1; i <= strlen(a); i++) {
		unsigned int *free_row = before;

		now[0] = i;
		for (size_t j = 1; j <= len; j++) {
			now[j] = min3(last[j] + 1, now[j - 1] + 1,
				      last[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && before[j - 2] + 1 < now[j] &&
			    same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				now[j] = before[j - 2] + 1;
		}
		before = last;
		last = now;
		now = free_row;
	}
	return last[len];
}

const char *text_nearest(const char *word, const char *const *words, size_t n)
{
	unsigned int least = strlen(word) / 3 + 1;
	const char *nearest = NULL;

	if (strlen(word) >= WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		unsigned int here = strlen(words[i]) < WORD_MAX ? distance(word, words[i]) : least;

		if (here < least) {
			least = here;
			nearest = words[i];
		}
	}
	return nearest;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t text_hex(const char *text, size_t len, uint8_t *bytes, size_t most)
{
	size_t n = (len + 1) / 3;

	if (!n || len != 3 * n - 1 || n > most)
		return 0;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(text[3 * i]), low = hex_digit(text[3 * i + 1]);

		if (high < 0 || low < 0 || (i + 1 < n && text[3 * i + 2] != ':'))
			return 0;
		bytes[i] = high << 4 | low;
	}
	return n;
}

/* Moves *at behind the number. */
static bool id(const char **at, const char *end, uint32_t min, uint32_t max, uint32_t *number)
{
	const char *start = *at;

	*number = 0;
	while (*at < end && **at >= '0' && **at <= '9' && *number <= max)
		*number = *number * 10 + (*(*at)++ - '0');
	if (*at == start || (*start == '0' && *at > start + 1))
		return false;
	return *number >= min && *number <= max;
}

bool text_ids(const char *text, size_t len, uint32_t min, uint32_t max, uint8_t *bitmap)
{
	const char *at = text, *end = text + len;
	uint32_t first, last;

	for (;;) {
		if (!id(&at, end, min, max, &first))
			return false;
		last = first;
		if (at < end && *at == '-') {
			at++;
			if (!id(&at, end, min, max, &last) || last < first)
				return false;
		}
		for (uint32_t i = first; i <= last; i++)
			bitmap[i / 8] |= 1u << i % 8;
		if (at == end)
			return true;
		if (*at++ != ',')
			return false;
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "config.h"
#include "scan.h"
#include "text.h"

struct cursor {
	struct scan *scan;
	const char *text, *at, *end;
	unsigned int depth;
};

static int value(struct cursor *c);

static int wrong(struct cursor *c, const char *at, const char *sentence)
{
	c->scan->error = sentence;
	c->scan->error_at = at - c->text;
	return -EINVAL;
}

static void blanks(struct cursor *c)
{
	c->at += strspn(c->at, " \t\r\n");
}

static bool next_is(const struct cursor *c, char wanted)
{
	return c->at < c->end && *c->at == wanted;
}

static int string(struct cursor *c)
{
	const char *start = c->at++;
	unsigned int bytes;

	while (!next_is(c, '"')) {
		c->at += next_is(c, '\\');
		if (c->at >= c->end || *c->at == '\n')
			return wrong(c, start, "a string without its end");
		if ((unsigned char)*c->at < 0x20)
			return wrong(c, c->at, "a control character in a string");
		bytes = text_character(c->at, c->end - c->at);
		if (!bytes)
			return wrong(c, c->at, "not UTF-8");
		c->at += bytes;
	}
	c->at++;
	return 0;
}

static bool digits(struct cursor *c)
{
	size_t n = strspn(c->at, "0123456789");

	c->at += n;
	return n;
}

static int number(struct cursor *c)
{
	const char *start = c->at, *first = start + (*start == '-');
	bool good;

	c->at = first;
	good = digits(c) && (*first != '0' || c->at == first + 1);
	if (good && next_is(c, '.')) {
		c->at++;
		good = digits(c);
	}
	if (good && (next_is(c, 'e') || next_is(c, 'E'))) {
		c->at++;
		c->at += next_is(c, '+') || next_is(c, '-');
		good = digits(c);
	}
	return good ? 0 : wrong(c, start, "not a number as JSON writes it");
}

/* What is written the same way; json-c merges the others, which document.c notices. */
static bool is_double(const struct cursor *c, uint32_t object, const char *key, size_t size)
{
	const struct span *spans = c->scan->spans;

	for (uint32_t i = object + 1, n = 0; n < spans[object].count; n++, i = spans[i].next) {
		if (spans[i].key_size == size && !memcmp(c->text + spans[i].key, key, size))
			return true;
	}
	return false;
}

static int member(struct cursor *c, uint32_t object)
{
	const char *key = c->at + 1;
	uint32_t mine = c->scan->num;
	size_t size;
	int err;

	err = next_is(c, '"') ? string(c) : wrong(c, c->at, "a key in double quotes is needed");
	size = c->at - key - 1;
	if (err)
		return err;
	if (c->scan->spans[object].count == SCAN_MEMBERS_MAX)
		return wrong(c, key - 1, "more than 1024 keys in one object");
	if (is_double(c, object, key, size))
		return wrong(c, key - 1, "this key is there twice");
	blanks(c);
	if (!next_is(c, ':'))
		return wrong(c, c->at, "a colon is needed behind the key");
	c->at++;
	err = value(c);
	if (!err) {
		c->scan->spans[mine].key = key - c->text;
		c->scan->spans[mine].key_size = size;
	}
	return err;
}

static int container(struct cursor *c, uint32_t mine, char last)
{
	int err;

	if (c->depth++ == CONFIG_DEPTH_MAX)
		return wrong(c, c->at, "more than 16 objects and arrays in each other");
	c->at++;
	for (blanks(c); !next_is(c, last); blanks(c)) {
		if (c->scan->spans[mine].count) {
			if (!next_is(c, ','))
				return wrong(c, c->at, "a comma or the end is needed here");
			c->at++;
			blanks(c);
		}
		err = last == '}' ? member(c, mine) : value(c);
		if (err)
			return err;
		c->scan->spans[mine].count++;
	}
	c->at++;
	c->depth--;
	return 0;
}

static int word(struct cursor *c)
{
	static const char *const words[] = { "true", "false", "null" };

	for (unsigned int i = 0; i < 3; i++) {
		if (!strncmp(c->at, words[i], strlen(words[i]))) {
			c->at += strlen(words[i]);
			return 0;
		}
	}
	if (next_is(c, '/') || next_is(c, '#'))
		return wrong(c, c->at, "JSON has no comments; a key \"_comment\" is ignored");
	return wrong(c, c->at, next_is(c, '\'') ? "strings are in double quotes" :
						  "a value is needed here");
}

static int value(struct cursor *c)
{
	uint32_t mine = c->scan->num;
	struct span *span;
	int err;

	blanks(c);
	if (mine == SCAN_SPANS_MAX)
		return wrong(c, c->at, "more than 16384 values");
	span = text_grow((void **)&c->scan->spans, &c->scan->room, mine, sizeof(*span));
	if (!span)
		return -ENOMEM;
	*span = (struct span){ .at = c->at - c->text };
	c->scan->num++;
	if (next_is(c, '{') || next_is(c, '['))
		err = container(c, mine, *c->at == '{' ? '}' : ']');
	else if (next_is(c, '"'))
		err = string(c);
	else if (c->at < c->end && memchr("-0123456789", *c->at, 11))
		err = number(c);
	else
		err = word(c);
	c->scan->spans[mine].size = c->at - c->text - c->scan->spans[mine].at;
	c->scan->spans[mine].next = c->scan->num;
	return err;
}

int scan_text(struct scan *scan, const char *text, size_t len)
{
	struct cursor c = { .scan = scan, .text = text, .at = text, .end = text + len };
	int err;

	*scan = (struct scan){ 0 };
	if (len > CONFIG_FILE_MAX)
		return wrong(&c, text, "more than 256 KiB");
	err = value(&c);
	blanks(&c);
	return err || c.at == c.end ? err : wrong(&c, c.at, "something behind the end");
}

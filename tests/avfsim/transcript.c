// SPDX-License-Identifier: GPL-2.0-or-later
#include "transcript.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "virtchnl/names.h"

int transcript_open(struct transcript *t, const char *path)
{
	*t = (struct transcript){ 0 };
	t->lines = calloc(TRANSCRIPT_KEPT, sizeof(*t->lines));
	if (!t->lines)
		return -ENOMEM;
	if (!path)
		return 0;
	t->file = fopen(path, "we");
	if (!t->file)
		return -errno;
	/* Whole lines reach the file at once, also when the process is killed. */
	setvbuf(t->file, NULL, _IOLBF, 16384);
	return 0;
}

void transcript_close(struct transcript *t)
{
	if (t->file)
		fclose(t->file);
	for (size_t i = 0; t->lines && i < TRANSCRIPT_KEPT; i++)
		free(t->lines[i].text);
	free(t->lines);
	while (t->marks) {
		struct transcript_mark *m = t->marks;

		t->marks = m->next;
		free(m);
	}
	*t = (struct transcript){ 0 };
}

/* Takes text. */
static void append(struct transcript *t, int vf, char *text)
{
	struct transcript_line *line = &t->lines[t->next++ % TRANSCRIPT_KEPT];

	free(line->text);
	line->vf = vf;
	line->text = text;
	if (t->file && text)
		fprintf(t->file, "%s\n", text);
}

static void append_hex(char *to, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*to++ = digits[data[i] >> 4];
		*to++ = digits[data[i] & 0xf];
	}
	*to = '\0';
}

void transcript_message(struct transcript *t, uint64_t now, unsigned int vf, const char *dir,
			uint32_t opcode, int32_t status, const void *payload, size_t len,
			const char *fault)
{
	const char *name = virtchnl_op_name(opcode), *quote = fault ? "\"" : "";
	char *hex = malloc(2 * len + 1), *text = NULL;

	if (!hex)
		return;
	append_hex(hex, payload, len);
	if (asprintf(&text, "{\"t_ns\":%llu,\"vf\":%u,\"dir\":\"%s\",\"op\":%u,\"name\":\"%s\","
		     "\"status\":%d,\"len\":%zu,\"hex\":\"%s\",\"fault\":%s%s%s}",
		     (unsigned long long)now, vf, dir, opcode, name ? name : "UNKNOWN", status, len,
		     hex, quote, fault ? fault : "null", quote) < 0)
		text = NULL;
	free(hex);
	append(t, vf, text);
}

void transcript_reset(struct transcript *t, uint64_t now, unsigned int vf, const char *kind)
{
	char *text;

	if (asprintf(&text, "{\"t_ns\":%llu,\"vf\":%u,\"dir\":\"reset\",\"kind\":\"%s\"}",
		     (unsigned long long)now, vf, kind) < 0)
		text = NULL;
	append(t, vf, text);
}

static struct transcript_mark *find(const struct transcript *t, const char *name)
{
	struct transcript_mark *m;

	for (m = t->marks; m; m = m->next)
		if (!strcmp(m->name, name))
			break;
	return m;
}

int transcript_mark(struct transcript *t, uint64_t now, const char *name)
{
	struct transcript_mark *m = find(t, name);

	if (!m) {
		m = malloc(sizeof(*m) + strlen(name) + 1);
		if (!m)
			return -ENOMEM;
		strcpy(m->name, name);
		m->next = t->marks;
		t->marks = m;
	}
	m->at = t->next;
	if (t->file)
		fprintf(t->file, "{\"t_ns\":%llu,\"dir\":\"mark\",\"name\":\"%s\"}\n",
			(unsigned long long)now, name);
	return 0;
}

int64_t transcript_find_mark(const struct transcript *t, const char *name)
{
	const struct transcript_mark *m = find(t, name);

	return m ? (int64_t)m->at : -ENOENT;
}

const char *transcript_next(const struct transcript *t, int vf, uint64_t *at)
{
	if (t->next > TRANSCRIPT_KEPT && *at < t->next - TRANSCRIPT_KEPT)
		*at = t->next - TRANSCRIPT_KEPT;
	while (*at < t->next) {
		const struct transcript_line *line = &t->lines[(*at)++ % TRANSCRIPT_KEPT];

		if (line->text && (vf == TRANSCRIPT_ANY_VF || vf == line->vf))
			return line->text;
	}
	return NULL;
}

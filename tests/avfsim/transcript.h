/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every mailbox message and reset as one JSON line: into a file, and the latest
 * TRANSCRIPT_KEPT of them in memory for "transcript since".
 */
#ifndef AVFSIM_TRANSCRIPT_H
#define AVFSIM_TRANSCRIPT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TRANSCRIPT_KEPT		65536
#define TRANSCRIPT_ANY_VF	(-1)

struct transcript {
	FILE *file;		/* NULL = memory only */
	struct transcript_line { int vf; char *text; } *lines;
	uint64_t next;		/* number of the next line; line n is at n % TRANSCRIPT_KEPT */
	struct transcript_mark { struct transcript_mark *next; uint64_t at; char name[]; } *marks;
};

/* path may be NULL. 0 or -errno. */
int transcript_open(struct transcript *t, const char *path);
void transcript_close(struct transcript *t);

/* dir is "request", "reply" or "event"; fault may be NULL. */
void transcript_message(struct transcript *t, uint64_t now, unsigned int vf, const char *dir,
			uint32_t opcode, int32_t status, const void *payload, size_t len,
			const char *fault);
void transcript_reset(struct transcript *t, uint64_t now, unsigned int vf, const char *kind);

/* Name the present end; the same name again moves it. 0 or -ENOMEM. */
int transcript_mark(struct transcript *t, uint64_t now, const char *name);
/* Number of the first line behind a mark, or -ENOENT. */
int64_t transcript_find_mark(const struct transcript *t, const char *name);

/* The next line of this VF (marks included) at or behind *at, which moves on; NULL at the end. */
const char *transcript_next(const struct transcript *t, int vf, uint64_t *at);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The position pass: where each value of a JSON text stands, and what json-c would let pass:
 * duplicate keys, single quotes, comments, NaN, other numbers and control characters. What is
 * inside of strings is json-c's to judge, but for UTF-8.
 */
#ifndef IAVFD_SCAN_H
#define IAVFD_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define SCAN_SPANS_MAX		16384	/* values in a text */
#define SCAN_MEMBERS_MAX	1024	/* of one object */

/* A value, in the order in which they begin. What is inside an object or array follows it. */
struct span {
	uint32_t key, key_size;		/* offset, bytes without quotes, as written */
	uint32_t at, size;		/* of the value */
	uint32_t next;			/* span of the next value that is not inside this one */
	uint32_t count;			/* members or elements */
};

struct scan {
	struct span *spans;
	uint32_t num, room;
	const char *error;		/* a sentence; NULL: none */
	uint32_t error_at;		/* offset */
};

/*
 * Behind the text is a 0. Result: 0; -EINVAL: error; -ENOMEM. spans are the caller's, to be freed
 * in any case.
 */
int scan_text(struct scan *scan, const char *text, size_t len);

#endif

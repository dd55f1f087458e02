/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One JSON text: values from json-c, places from the position pass, and the errors that readers
 * find in it. Readers walk it by struct node, which lives on their stack.
 */
#ifndef IAVFD_DOCUMENT_H
#define IAVFD_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json.h>

#include "config.h"
#include "scan.h"

struct error_list {
	struct config_error *errors;
	uint32_t num, room;
	uint32_t told;			/* those beyond CONFIG_ERRORS_MAX count too */
	bool no_memory;
};

struct document {
	const char *file;
	char *text;			/* a copy, with a 0 behind it */
	size_t len;
	struct scan scan;
	struct json_object *root;
	struct error_list *errors;
};

/* Zeroed: the one before the first. */
struct node {
	const struct document *document;
	const struct node *parent;	/* NULL: the whole document */
	struct json_object *value;	/* NULL: null */
	const char *key;		/* of a member, as json-c has it; else NULL */
	size_t index;			/* of an element */
	uint32_t span;
	struct lh_entry *entry;
};

/* Errors go to the list: 0, -EINVAL or -ENOMEM. document_free() in any case. */
int document_load(struct document *document, const char *file, const char *text, size_t len,
		  struct error_list *errors);
void document_free(struct document *document);

void node_root(const struct document *document, struct node *node);
/* The next member or element; false: there are no more. Members named "_comment" are left out. */
bool node_next(const struct node *parent, struct node *child);
bool node_member(const struct node *parent, const char *key, struct node *child);

/* Text of a string that has no 0 in it; NULL: it is something else. */
const char *node_text(const struct node *node);
void node_position(const struct node *node, unsigned int *line, unsigned int *column);

/*
 * An error at the value, which is shown; a sentence as for printf, NULL: "FOUND found; needed is
 * ALLOWED". allowed and nearest may be NULL.
 */
__attribute__((format(printf, 4, 5)))
void node_wrong(const struct node *node, const char *allowed, const char *nearest,
		const char *format, ...);
/* The same, at the key. */
void node_unknown(const struct node *node, const char *allowed, const char *nearest);

/* Of a file as such, document NULL, or at an offset of its text. */
void error_add(struct error_list *list, const char *file, const struct document *document,
	       size_t offset, const char *message);
/* Those from first on go. */
void error_list_cut(struct error_list *list, uint32_t first);
void error_list_free(struct error_list *list);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "text.h"

#define COMMENT		"_comment"

/* json-c merges keys that are the same, though written differently: it then has fewer. */
static bool has_all(const struct node *node)
{
	const struct span *span = &node->document->scan.spans[node->span];
	struct node child = { 0 };

	if (json_object_is_type(node->value, json_type_object) &&
	    (uint32_t)json_object_object_length(node->value) != span->count) {
		node_wrong(node, NULL, NULL, "a key of this object is there twice");
		return false;
	}
	while (node_next(node, &child)) {
		if (!has_all(&child))
			return false;
	}
	return true;
}

static int parse(struct document *document)
{
	struct json_tokener *tokener = json_tokener_new_ex(CONFIG_DEPTH_MAX + 1);
	enum json_tokener_error error;
	size_t at;

	if (!tokener)
		return -ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	/* with the 0 behind it, which ends a number */
	document->root = json_tokener_parse_ex(tokener, document->text, document->len + 1);
	error = json_tokener_get_error(tokener);
	at = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (error == json_tokener_success)
		return 0;
	error_add(document->errors, document->file, document,
		  at > document->len ? document->len : at, json_tokener_error_desc(error));
	return -EINVAL;
}

int document_load(struct document *document, const char *file, const char *text, size_t len,
		  struct error_list *errors)
{
	struct node root;
	int err;

	*document = (struct document){ .file = file, .len = len, .errors = errors };
	document->text = malloc(len + 1);
	if (!document->text)
		return -ENOMEM;
	memcpy(document->text, text, len);
	document->text[len] = '\0';
	err = scan_text(&document->scan, document->text, len);
	if (err == -EINVAL)
		error_add(errors, file, document, document->scan.error_at, document->scan.error);
	err = err ?: parse(document);
	if (err)
		return err;
	node_root(document, &root);
	return has_all(&root) ? 0 : -EINVAL;
}

void document_free(struct document *document)
{
	json_object_put(document->root);
	free(document->scan.spans);
	free(document->text);
	*document = (struct document){ 0 };
}

void node_root(const struct document *document, struct node *node)
{
	*node = (struct node){ .document = document, .value = document->root };
}

static bool first_or_next(const struct node *parent, struct node *child)
{
	const struct span *spans = parent->document->scan.spans;
	bool first = !child->document;

	if (first)
		*child = (struct node){ .document = parent->document, .parent = parent };
	child->span = first ? parent->span + 1 : spans[child->span].next;
	if (json_object_is_type(parent->value, json_type_object)) {
		child->entry = first ? json_object_get_object(parent->value)->head :
				       child->entry->next;
		if (!child->entry)
			return false;
		child->key = lh_entry_k(child->entry);
		child->value = (struct json_object *)lh_entry_v(child->entry);
		return true;
	}
	child->index += !first;
	if (!json_object_is_type(parent->value, json_type_array) ||
	    child->index >= json_object_array_length(parent->value))
		return false;
	child->value = json_object_array_get_idx(parent->value, child->index);
	return true;
}

bool node_next(const struct node *parent, struct node *child)
{
	while (first_or_next(parent, child)) {
		if (!child->key || strcmp(child->key, COMMENT))
			return true;
	}
	return false;
}

bool node_member(const struct node *parent, const char *key, struct node *child)
{
	*child = (struct node){ 0 };
	while (node_next(parent, child)) {
		if (child->key && !strcmp(child->key, key))
			return true;
	}
	return false;
}

const char *node_text(const struct node *node)
{
	const char *text;

	if (!json_object_is_type(node->value, json_type_string))
		return NULL;
	text = json_object_get_string(node->value);
	return strlen(text) == (size_t)json_object_get_string_len(node->value) ? text : NULL;
}

void node_position(const struct node *node, unsigned int *line, unsigned int *column)
{
	const struct document *document = node->document;

	text_position(document->text, document->scan.spans[node->span].at, line, column);
}

/* "config.vlan.devices[2].id" */
static void put_path(FILE *to, const struct node *node)
{
	if (!node->parent)
		return;
	put_path(to, node->parent);
	if (node->key)
		fprintf(to, "%s%.40s", node->parent->parent ? "." : "", node->key);
	else
		fprintf(to, "[%zu]", node->index);
}

static struct config_error *new_error(struct error_list *list)
{
	struct config_error *error = NULL;

	if (list->told++ >= CONFIG_ERRORS_MAX)
		return NULL;
	error = text_grow((void **)&list->errors, &list->room, list->num, sizeof(*error));
	if (!error) {
		list->no_memory = true;
		return NULL;
	}
	*error = (struct config_error){ 0 };
	list->num++;
	return error;
}

/* The whole text, cleaned; frees it. */
static char *cleaned(struct error_list *list, char *text, size_t most)
{
	char *clean = text ? text_clean(text, strlen(text), most) : NULL;

	list->no_memory |= !clean;
	free(text);
	return clean;
}

static char *copied(struct error_list *list, const char *text)
{
	return text ? cleaned(list, strdup(text), 1024) : NULL;
}

static char *path_of(struct error_list *list, const struct node *node)
{
	char *path = NULL;
	size_t size;
	FILE *to = open_memstream(&path, &size);

	if (to) {
		put_path(to, node);
		fclose(to);
	}
	return cleaned(list, path, 1024);
}

void error_add(struct error_list *list, const char *file, const struct document *document,
	       size_t offset, const char *message)
{
	struct config_error *error = new_error(list);

	if (!error)
		return;
	error->file = copied(list, file);
	error->path = copied(list, "");
	error->message = copied(list, message);
	if (document)
		text_position(document->text, offset, &error->line, &error->column);
}

static struct config_error *at_node(const struct node *node, size_t at, size_t offset, size_t size)
{
	const struct document *document = node->document;
	struct config_error *error = new_error(document->errors);

	if (!error)
		return NULL;
	error->file = copied(document->errors, document->file);
	error->path = path_of(document->errors, node);
	error->found = text_clean(document->text + offset, size, 40);
	document->errors->no_memory |= !error->found;
	text_position(document->text, at, &error->line, &error->column);
	return error;
}

void node_wrong(const struct node *node, const char *allowed, const char *nearest,
		const char *format, ...)
{
	const struct span *span = &node->document->scan.spans[node->span];
	struct error_list *list = node->document->errors;
	struct config_error *error = at_node(node, span->at, span->at, span->size);
	char *message = NULL;
	va_list args;

	if (!error)
		return;
	error->allowed = copied(list, allowed);
	error->nearest = copied(list, nearest);
	va_start(args, format);
	if (format && vasprintf(&message, format, args) < 0)
		message = NULL;
	va_end(args);
	if (!format && asprintf(&message, nearest ? "%s found; needed is %s; did you mean \"%s\"?" :
						    "%s found; needed is %s",
				error->found ?: "?", allowed, nearest) < 0)
		message = NULL;
	error->message = cleaned(list, message, 1024);
}

void node_unknown(const struct node *node, const char *allowed, const char *nearest)
{
	const struct span *span = &node->document->scan.spans[node->span];
	struct config_error *error = at_node(node, span->key - 1, span->key, span->key_size);
	struct error_list *list = node->document->errors;
	char *message = NULL;

	if (!error)
		return;
	error->allowed = copied(list, allowed);
	error->nearest = copied(list, nearest);
	if (asprintf(&message, nearest ? "unknown key \"%s\"; did you mean \"%s\"?" :
				       "unknown key \"%s\"",
		     error->found ?: "?", nearest) < 0)
		message = NULL;
	error->message = cleaned(list, message, 1024);
}

void error_list_cut(struct error_list *list, uint32_t first)
{
	while (list->num > first) {
		struct config_error *error = &list->errors[--list->num];

		free(error->file);
		free(error->path);
		free(error->message);
		free(error->found);
		free(error->allowed);
		free(error->nearest);
	}
	list->no_memory = false;
}

void error_list_free(struct error_list *list)
{
	error_list_cut(list, 0);
	free(list->errors);
	*list = (struct error_list){ 0 };
}

char *config_error_text(const struct config_error *error)
{
	char place[32] = "", *text = NULL;

	if (error->line)
		snprintf(place, sizeof(place), ":%u:%u", error->line, error->column);
	if (asprintf(&text, "%s%s%s%s%s%s", error->file, place, *error->file || *place ? ": " : "",
		     error->path, *error->path ? ": " : "", error->message ?: "no memory") < 0)
		return NULL;
	return text;
}

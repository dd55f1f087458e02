/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the daemon's documents: what is not there, or is something else, is nothing. */
#ifndef IAVFCTL_JSON_IN_H
#define IAVFCTL_JSON_IN_H

#include <stddef.h>

struct json_object;

/* Of an object; NULL: no such key, or null. */
struct json_object *json_get(struct json_object *json, const char *key);
/* Of a text; NULL: it is none. */
const char *json_get_text(struct json_object *json, const char *key);
/* Of an array, else 0. */
size_t json_length(struct json_object *list);
/* Words without quotes, all else as JSON; "-" for null. */
const char *json_plain(struct json_object *value);

#endif

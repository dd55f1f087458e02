/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON documents of schema "iavfctl/1". Keys are the words of docs/spec/iavf.yaml with underscores;
 * every key is always there, null when the kernel did not say.
 */
#ifndef IAVFCTL_JSON_OUT_H
#define IAVFCTL_JSON_OUT_H

#include <stdio.h>

#include "iavfctl.h"

struct json_object;

struct json_object *json_vf(const struct iavfctl_vf *vf);
struct json_object *json_vfs(struct iavfctl_vf *const *vfs, size_t count);
struct json_object *json_error(int code, enum iavfctl_error error, const char *message);

/* {key: [before, after]} of what differs; neither ages nor counters, nor what one does not know. */
struct json_object *json_changes(const struct iavfctl_vf *before, const struct iavfctl_vf *after);

/* {"schema": ...}, to be added to and printed; printing uses it up. */
struct json_object *json_document(void);
void json_add(struct json_object *to, const char *key, struct json_object *value);
void json_print(FILE *out, struct json_object *document);

/* Print {"schema": ..., key: value}; value is used up, as json_object_put() does. */
void json_put_document(FILE *out, const char *key, struct json_object *value);
void json_put_vfs(FILE *out, struct iavfctl_vf *const *vfs, size_t count);

#endif

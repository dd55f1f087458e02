/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of settings from documents and back. */
#ifndef IAVFD_VALUE_H
#define IAVFD_VALUE_H

#include "document.h"
#include "settings.h"

#define ALLOWED_SIZE	256

/* 0; -EINVAL: the document has an error more; -ENOMEM. value is the caller's when 0. */
int value_read(const struct node *node, enum setting setting, struct setting_value *value);

/* Ids as a number, a text such as "1-100,200" or an array of those, into a bitmap. As above. */
int value_read_ids(const struct node *node, uint32_t min, uint32_t max, uint8_t *bitmap,
		   const char *allowed);

int devices_read(const struct node *node, enum setting setting, struct setting_value *value);

/* NULL: no memory */
struct json_object *value_to_json(enum setting setting, const struct setting_value *value);
struct json_object *devices_to_json(const struct setting_value *value);

/* A name that an interface may have: what the kernel takes, in printable ASCII. */
bool interface_name_good(const char *name);
#define INTERFACE_NAME_ALLOWED	"an interface's name of at most 15 characters, without / and :"

#endif

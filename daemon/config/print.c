// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as JSON text and back, copies, comparison. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "value.h"

bool setting_value_equal(const struct setting_value *a, const struct setting_value *b)
{
	return a->number == b->number && a->size == b->size &&
	       (!a->size || !memcmp(a->data, b->data, a->size));
}

int setting_value_copy(struct setting_value *to, const struct setting_value *from)
{
	void *data = NULL;

	if (from->size) {
		data = malloc(from->size);
		if (!data)
			return -ENOMEM;
		memcpy(data, from->data, from->size);
	}
	*to = *from;
	to->data = data;
	return 0;
}

void setting_value_clear(struct setting_value *value)
{
	free(value->data);
	*value = (struct setting_value){ 0 };
}

static struct json_object *bytes_to_json(const struct setting_value *value)
{
	const uint8_t *bytes = value->data;
	char text[3 * 256];

	for (size_t i = 0; i < value->size; i++)
		sprintf(text + 3 * i, "%02x:", bytes[i]);
	return json_object_new_string_len(text, value->size ? 3 * value->size - 1 : 0);
}

/* The last of the ids that follow from this one without a gap. */
static unsigned int last_of(const struct setting_value *value, unsigned int id)
{
	while (setting_ids_has(value, id + 1))
		id++;
	return id;
}

static struct json_object *ids_to_json(const struct setting_value *value)
{
	struct json_object *json;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	for (unsigned int id = 0, last; id < 8 * SETTING_IDS_SIZE; id++) {
		if (!setting_ids_has(value, id))
			continue;
		last = last_of(value, id);
		fprintf(to, last > id ? "%s%u-%u" : "%s%u", ftell(to) ? "," : "", id, last);
		id = last;
	}
	fclose(to);
	json = size ? json_object_new_string(text) : json_object_new_array();
	free(text);
	return json;
}

static struct json_object *numbers_to_json(const struct setting_value *value)
{
	struct json_object *array = json_object_new_array();
	const uint16_t *numbers = value->data;

	for (size_t i = 0; i < value->size / sizeof(*numbers); i++)
		json_object_array_add(array, json_object_new_int(numbers[i]));
	return array;
}

static struct json_object *words_to_json(const struct setting_type *type, uint32_t bits)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; type->words[i]; i++) {
		if (bits & 1u << i)
			json_object_array_add(array, json_object_new_string(type->words[i]));
	}
	return array;
}

struct json_object *value_to_json(enum setting setting, const struct setting_value *value)
{
	const struct setting_type *type = setting_type(setting);

	switch (type->kind) {
	case SETTING_NUMBER:
		return json_object_new_int64(value->number);
	case SETTING_SWITCH:
		return json_object_new_boolean(value->number);
	case SETTING_WORD:
		return json_object_new_string(type->words[value->number]);
	case SETTING_WORDS:
		return words_to_json(type, value->number);
	case SETTING_ADDRESS:
	case SETTING_BYTES:
		return bytes_to_json(value);
	case SETTING_IDS:
		return ids_to_json(value);
	case SETTING_NUMBERS:
		return numbers_to_json(value);
	case SETTING_DEVICES:
		return devices_to_json(value);
	}
	return NULL;
}

char *setting_print(enum setting setting, const struct setting_value *value)
{
	struct json_object *json = value_to_json(setting, value);
	char *text;

	if (!json)
		return NULL;
	text = strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
						     JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	return text;
}

/* What a shell leaves of a word or a list, as JSON; to be freed. */
static char *quoted(enum setting_kind kind, const char *text)
{
	bool list = kind == SETTING_WORDS || kind == SETTING_NUMBERS;
	bool words = kind != SETTING_NUMBERS;
	char *json = NULL, *to;

	if (kind == SETTING_NUMBER || kind == SETTING_SWITCH || kind == SETTING_DEVICES ||
	    strchr("[\"", *text) || strpbrk(text, "\"\\"))
		return strdup(text);
	json = malloc(3 * strlen(text) + 8);
	if (!json)
		return NULL;
	to = stpcpy(json, list && words ? "[\"" : list ? "[" : "\"");
	for (; *text; text++) {
		if (list && words && *text == ',')
			to = stpcpy(to, "\",\"");
		else
			*to++ = *text;
	}
	strcpy(to, list && words ? "\"]" : list ? "]" : "\"");
	return json;
}

static int read_json(enum setting setting, const char *json, struct setting_value *value,
		     char why[256])
{
	struct error_list errors = { 0 };
	struct document document;
	struct node root;
	int err = document_load(&document, "", json, strlen(json), &errors);

	if (!err) {
		node_root(&document, &root);
		err = value_read(&root, setting, value);
	}
	if (err == -EINVAL && errors.num && errors.errors[0].message)
		snprintf(why, 256, "%s", errors.errors[0].message);
	else if (err)
		snprintf(why, 256, "%s", strerror(-err));
	document_free(&document);
	error_list_free(&errors);
	return err;
}

int setting_read(enum setting setting, const char *text, struct setting_value *value,
		 char why[256])
{
	char *json = quoted(setting_type(setting)->kind, text);
	int err;

	*value = (struct setting_value){ 0 };
	if (!json) {
		snprintf(why, 256, "no memory");
		return -ENOMEM;
	}
	err = read_json(setting, json, value, why);
	free(json);
	return err;
}

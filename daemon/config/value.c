// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "value.h"

static int wrong(const struct node *node, enum setting setting)
{
	char allowed[ALLOWED_SIZE];

	node_wrong(node, setting_allowed(setting, allowed, sizeof(allowed)), NULL, NULL);
	return -EINVAL;
}

/* Never of a float: 9000.0 and 9e3 are other things to programs that read the same file. */
static bool number_of(const struct node *node, const struct setting_type *type, uint32_t *number)
{
	int64_t value = json_object_get_int64(node->value);

	if (!json_object_is_type(node->value, json_type_int) || value < type->min ||
	    value > type->max || (type->step && value % type->step))
		return false;
	*number = value;
	return true;
}

static int read_number(const struct node *node, enum setting setting, struct setting_value *value)
{
	return number_of(node, setting_type(setting), &value->number) ? 0 : wrong(node, setting);
}

static int read_switch(const struct node *node, enum setting setting, struct setting_value *value)
{
	if (!json_object_is_type(node->value, json_type_boolean))
		return wrong(node, setting);
	value->number = json_object_get_boolean(node->value);
	return 0;
}

/* Index of the word, or -EINVAL with the error. */
static int word_of(const struct node *node, enum setting setting)
{
	const char *const *words = setting_type(setting)->words;
	const char *text = node_text(node);
	char allowed[ALLOWED_SIZE];
	size_t n = 0;

	for (; words[n]; n++) {
		if (text && !strcmp(words[n], text))
			return n;
	}
	node_wrong(node, setting_allowed(setting, allowed, sizeof(allowed)),
		   text ? text_nearest(text, words, n) : NULL, NULL);
	return -EINVAL;
}

static int read_word(const struct node *node, enum setting setting, struct setting_value *value)
{
	int word = word_of(node, setting);

	value->number = word;
	return word < 0 ? word : 0;
}

static int read_words(const struct node *node, enum setting setting, struct setting_value *value)
{
	struct node child = { 0 };
	int word;

	if (!json_object_is_type(node->value, json_type_array) ||
	    !json_object_array_length(node->value))
		return wrong(node, setting);
	while (node_next(node, &child)) {
		word = word_of(&child, setting);
		if (word < 0)
			return word;
		if (value->number & 1u << word) {
			node_wrong(&child, NULL, NULL, "this word is there twice");
			return -EINVAL;
		}
		value->number |= 1u << word;
	}
	return 0;
}

static int take_data(struct setting_value *value, const void *data, size_t size)
{
	value->data = malloc(size);
	if (!value->data)
		return -ENOMEM;
	memcpy(value->data, data, size);
	value->size = size;
	return 0;
}

static int read_address(const struct node *node, enum setting setting, struct setting_value *value)
{
	static const uint8_t zero[6];
	const char *text = node_text(node);
	uint8_t mac[6];

	if (!text || text_hex(text, strlen(text), mac, 6) != 6 || mac[0] & 1 ||
	    !memcmp(mac, zero, 6))
		return wrong(node, setting);
	return take_data(value, mac, sizeof(mac));
}

static int read_bytes(const struct node *node, enum setting setting, struct setting_value *value)
{
	const struct setting_type *type = setting_type(setting);
	const char *text = node_text(node);
	uint8_t bytes[256];
	size_t n;

	n = text ? text_hex(text, strlen(text), bytes, type->max) : 0;
	if (n < type->min)
		return wrong(node, setting);
	return take_data(value, bytes, n);
}

static bool one_id(const struct node *node, uint32_t min, uint32_t max, uint8_t *bitmap)
{
	int64_t id = json_object_get_int64(node->value);
	const char *text = node_text(node);

	if (text)
		return text_ids(text, strlen(text), min, max, bitmap);
	if (!json_object_is_type(node->value, json_type_int) || id < min || id > max)
		return false;
	bitmap[id / 8] |= 1u << id % 8;
	return true;
}

int value_read_ids(const struct node *node, uint32_t min, uint32_t max, uint8_t *bitmap,
		   const char *allowed)
{
	struct node child = { 0 };

	if (!json_object_is_type(node->value, json_type_array)) {
		if (one_id(node, min, max, bitmap))
			return 0;
		node_wrong(node, allowed, NULL, NULL);
		return -EINVAL;
	}
	while (node_next(node, &child)) {
		if (!one_id(&child, min, max, bitmap)) {
			node_wrong(&child, allowed, NULL, NULL);
			return -EINVAL;
		}
	}
	return 0;
}

static int read_ids(const struct node *node, enum setting setting, struct setting_value *value)
{
	const struct setting_type *type = setting_type(setting);
	uint8_t bitmap[SETTING_IDS_SIZE] = { 0 };
	char allowed[ALLOWED_SIZE];
	int err;

	setting_allowed(setting, allowed, sizeof(allowed));
	err = value_read_ids(node, type->min, type->max, bitmap, allowed);
	return err ?: take_data(value, bitmap, sizeof(bitmap));
}

static int read_numbers(const struct node *node, enum setting setting, struct setting_value *value)
{
	const struct setting_type *type = setting_type(setting);
	uint16_t numbers[SETTING_TABLE_MAX];
	struct node child = { 0 };
	uint32_t n = 0, number, any = 0;

	if (!json_object_is_type(node->value, json_type_array) ||
	    !json_object_array_length(node->value) ||
	    json_object_array_length(node->value) > type->most)
		return wrong(node, setting);
	while (node_next(node, &child)) {
		if (!number_of(&child, type, &number))
			return wrong(&child, setting);
		numbers[n++] = number;
		any |= number;
	}
	if (setting == SETTING_RSS_WEIGHTS && !any)
		return wrong(node, setting);
	return take_data(value, numbers, n * sizeof(numbers[0]));
}

int value_read(const struct node *node, enum setting setting, struct setting_value *value)
{
	static int (*const readers[])(const struct node *node, enum setting setting,
				      struct setting_value *value) = {
		[SETTING_NUMBER] = read_number,
		[SETTING_SWITCH] = read_switch,
		[SETTING_WORD] = read_word,
		[SETTING_WORDS] = read_words,
		[SETTING_ADDRESS] = read_address,
		[SETTING_IDS] = read_ids,
		[SETTING_BYTES] = read_bytes,
		[SETTING_NUMBERS] = read_numbers,
		[SETTING_DEVICES] = devices_read,
	};

	*value = (struct setting_value){ 0 };
	return readers[setting_type(setting)->kind](node, setting, value);
}

static void list_words(char *to, size_t size, const char *const *words)
{
	size_t at = strlen(to);

	for (size_t i = 0; words[i] && at < size; i++)
		at += snprintf(to + at, size - at, "%s%s", i ? ", " : "", words[i]);
}

char *setting_allowed(enum setting setting, char *to, size_t size)
{
	const struct setting_type *type = setting_type(setting);

	switch (type->kind) {
	case SETTING_NUMBER:
		snprintf(to, size, "a number from %u to %u", type->min, type->max);
		if (type->step > 1)
			snprintf(to + strlen(to), size - strlen(to), ", a multiple of %u",
				 type->step);
		break;
	case SETTING_SWITCH:
		snprintf(to, size, "true or false");
		break;
	case SETTING_WORD:
		snprintf(to, size, "one of ");
		list_words(to, size, type->words);
		break;
	case SETTING_WORDS:
		snprintf(to, size, "an array of some of ");
		list_words(to, size, type->words);
		break;
	case SETTING_ADDRESS:
		snprintf(to, size, "a unicast address such as \"02:00:00:00:00:01\"");
		break;
	case SETTING_IDS:
		snprintf(to, size, "ids from %u to %u such as \"1-100,200\" or [1, \"5-9\"]",
			 type->min, type->max);
		break;
	case SETTING_BYTES:
		snprintf(to, size, "%u to %u bytes such as \"6d:5a:...\"", type->min, type->max);
		break;
	case SETTING_NUMBERS:
		snprintf(to, size, "an array of 1 to %u numbers from %u to %u%s", type->most,
			 type->min, type->max,
			 setting == SETTING_RSS_WEIGHTS ? ", not all 0" : "");
		break;
	case SETTING_DEVICES:
		snprintf(to, size, "an array of at most %u objects such as {\"id\": 100}",
			 type->most);
		break;
	}
	return to;
}

bool interface_name_good(const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= SETTING_NAME_SIZE || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name[i] <= ' ' || name[i] > '~' || strchr("/:%", name[i]))
			return false;
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <json.h>

#include "json_in.h"

struct json_object *json_get(struct json_object *json, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(json, key, &value);
	return value;
}

const char *json_get_text(struct json_object *json, const char *key)
{
	struct json_object *value = json_get(json, key);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

size_t json_length(struct json_object *list)
{
	return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

const char *json_plain(struct json_object *value)
{
	if (!value)
		return "-";
	if (json_object_is_type(value, json_type_string))
		return json_object_get_string(value);
	return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "value.h"

struct slot {
	bool set;
	struct setting_value value;
	struct setting_origin origin;	/* its file is ours */
};

struct vf_config {
	struct slot slots[SETTING_COUNT];
	char *reason;			/* NULL: valid */
};

struct vf_config *vf_config_new(void)
{
	return calloc(1, sizeof(struct vf_config));
}

static void clear_slot(struct slot *slot)
{
	setting_value_clear(&slot->value);
	free((char *)slot->origin.file);
	*slot = (struct slot){ 0 };
}

void vf_config_free(struct vf_config *config)
{
	if (!config)
		return;
	for (unsigned int i = 0; i < SETTING_COUNT; i++)
		clear_slot(&config->slots[i]);
	free(config->reason);
	free(config);
}

static int fill_slot(struct slot *slot, const struct setting_value *value,
		     const struct setting_origin *origin)
{
	struct slot filled = { .set = true };
	int err;

	if (origin) {
		filled.origin = *origin;
		filled.origin.file = origin->file ? strdup(origin->file) : NULL;
		if (origin->file && !filled.origin.file)
			return -ENOMEM;
	}
	err = setting_value_copy(&filled.value, value);
	if (err) {
		free((char *)filled.origin.file);
		return err;
	}
	clear_slot(slot);
	*slot = filled;
	return 0;
}

struct vf_config *vf_config_copy(const struct vf_config *config)
{
	struct vf_config *copy = vf_config_new();

	if (!copy)
		return NULL;
	if (config->reason)
		copy->reason = strdup(config->reason);
	if (vf_config_merge(copy, config) || (config->reason && !copy->reason)) {
		vf_config_free(copy);
		return NULL;
	}
	return copy;
}

const struct setting_value *vf_config_get(const struct vf_config *config, enum setting setting)
{
	return config->slots[setting].set ? &config->slots[setting].value : NULL;
}

const struct setting_origin *vf_config_origin(const struct vf_config *config, enum setting setting)
{
	return config->slots[setting].set ? &config->slots[setting].origin : NULL;
}

void vf_config_unset(struct vf_config *config, enum setting setting)
{
	clear_slot(&config->slots[setting]);
}

static bool stands_instead(enum setting a, enum setting b)
{
	const char *first = setting_type(a)->instead, *second = setting_type(b)->instead;

	return a != b && first && second && !strcmp(first, second);
}

int vf_config_set(struct vf_config *config, enum setting setting, const struct setting_value *value,
		  const struct setting_origin *origin)
{
	int err = fill_slot(&config->slots[setting], value, origin);

	for (unsigned int i = 0; !err && i < SETTING_COUNT; i++) {
		if (stands_instead(setting, i))
			vf_config_unset(config, i);
	}
	return err;
}

int vf_config_merge(struct vf_config *config, const struct vf_config *over)
{
	for (unsigned int i = 0; i < SETTING_COUNT; i++) {
		const struct slot *slot = &over->slots[i];
		int err = slot->set ? vf_config_set(config, i, &slot->value, &slot->origin) : 0;

		if (err)
			return err;
	}
	return 0;
}

bool vf_config_equal(const struct vf_config *a, const struct vf_config *b)
{
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (a->slots[i].set != b->slots[i].set ||
		    !setting_value_equal(&a->slots[i].value, &b->slots[i].value))
			return false;
	}
	return true;
}

bool vf_config_valid(const struct vf_config *config)
{
	return !config->reason;
}

const char *vf_config_reason(const struct vf_config *config)
{
	return config->reason;
}

void vf_config_refuse(struct vf_config *config, char *reason)
{
	if (config->reason)
		free(reason);
	else
		config->reason = reason;
}

/* The object that holds the last part of the path, made where it is not there yet. */
static struct json_object *parent_of(struct json_object *root, const char *path, const char **last)
{
	const char *dot;

	while ((dot = strchr(path, '.'))) {
		struct json_object *inner;
		char part[SETTING_PATH_MAX];

		snprintf(part, sizeof(part), "%.*s", (int)(dot - path), path);
		if (!json_object_object_get_ex(root, part, &inner)) {
			inner = json_object_new_object();
			json_object_object_add(root, part, inner);
		}
		root = inner;
		path = dot + 1;
	}
	*last = path;
	return root;
}

static struct json_object *to_json(const struct vf_config *config)
{
	struct json_object *root = json_object_new_object(), *all = json_object_new_object(), *at;
	const char *last;

	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (!config->slots[i].set)
			continue;
		at = parent_of(all, setting_type(i)->path, &last);
		json_object_object_add(at, last, value_to_json(i, &config->slots[i].value));
	}
	json_object_object_add(root, "schema", json_object_new_string(CONFIG_SCHEMA));
	json_object_object_add(root, "config", all);
	return root;
}

char *vf_config_print(const struct vf_config *config)
{
	struct json_object *root = to_json(config);
	char *text = strdup(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN |
							  JSON_C_TO_STRING_NOSLASHESCAPE));

	json_object_put(root);
	return text;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Files over each other: what they say of a VF together. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "text.h"

static const char *const main_keys[] = { "schema", "config", "daemon" };
static const char *const vf_keys[] = { "schema", "match", "config" };

struct config *config_new(void)
{
	return calloc(1, sizeof(struct config));
}

static void free_file(struct config_file *file)
{
	free(file->name);
	free(file->reason);
	match_free(&file->match);
	vf_config_free(file->settings);
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (uint32_t i = 0; i < config->num; i++)
		free_file(&config->files[i]);
	free(config->files);
	error_list_free(&config->errors);
	free(config);
}

/* Its first error, and how many there are behind it. */
static char *reason_of(const struct error_list *errors, uint32_t first)
{
	char *text = config_error_text(&errors->errors[first]), *more = NULL;

	if (!text || errors->told < 2)
		return text;
	if (asprintf(&more, "%s (and %u more)", text, errors->told - 1) < 0)
		more = NULL;
	free(text);
	return more;
}

static int check_schema(const struct node *root)
{
	struct node node;
	const char *text;

	if (!node_member(root, "schema", &node)) {
		node_wrong(root, "\"" CONFIG_SCHEMA "\"", NULL, "the key \"schema\" is missing");
		return -EINVAL;
	}
	text = node_text(&node);
	if (text && !strcmp(text, CONFIG_SCHEMA))
		return 0;
	node_wrong(&node, "\"" CONFIG_SCHEMA "\"", NULL, NULL);
	return -EINVAL;
}

static int read_key(const struct node *node, enum config_kind kind, struct config_file *file)
{
	if (!strcmp(node->key, "schema"))
		return 0;
	if (!strcmp(node->key, "config"))
		return settings_read(node, false, file->settings);
	if (kind == CONFIG_MAIN && !strcmp(node->key, "daemon"))
		return settings_read(node, true, file->settings);
	if (kind == CONFIG_VF && !strcmp(node->key, "match"))
		return match_read(node, &file->match);
	if (kind == CONFIG_MAIN)
		node_unknown(node, "schema, config, daemon", text_nearest(node->key, main_keys, 3));
	else
		node_unknown(node, "schema, match, config", text_nearest(node->key, vf_keys, 3));
	return -EINVAL;
}

static int check_there(const struct node *root, const char *key, const char *hint)
{
	struct node node;

	if (node_member(root, key, &node))
		return 0;
	node_wrong(root, NULL, NULL, "the key \"%s\" is missing%s", key, hint);
	return -EINVAL;
}

static int read_root(const struct node *root, enum config_kind kind, struct config_file *file)
{
	struct node child = { 0 };
	int err = 0, one;

	if (!json_object_is_type(root->value, json_type_object)) {
		node_wrong(root, "an object", NULL, NULL);
		return -EINVAL;
	}
	err = check_schema(root);
	if (err)
		return err;
	if (kind == CONFIG_VF) {
		err = check_there(root, "match", "; {} is for all VFs");
		err = check_there(root, "config", "") ?: err;
	}
	while (node_next(root, &child)) {
		one = read_key(&child, kind, file);
		if (one == -ENOMEM)
			return one;
		err = err ?: one;
	}
	return err;
}

static int read_text(struct config *config, enum config_kind kind, struct config_file *file,
		     const char *text, size_t len)
{
	struct document document;
	struct node root;
	int err = document_load(&document, file->name, text, len, &config->errors);

	if (!err) {
		node_root(&document, &root);
		err = read_root(&root, kind, file);
	}
	document_free(&document);
	return config->errors.no_memory ? -ENOMEM : err;
}

/* As it was before the file, whose errors begin at first. */
static int undo(struct config *config, struct config_file *file, uint32_t first)
{
	error_list_cut(&config->errors, first);
	free_file(file);
	return -ENOMEM;
}

static int settle(struct config *config, struct config_file *file, uint32_t first, int err)
{
	struct config_file *slot;

	file->good = !err;
	if (err == -EINVAL)
		file->reason = reason_of(&config->errors, first);
	if (err == -ENOMEM || (err && !file->reason))
		return undo(config, file, first);
	slot = text_grow((void **)&config->files, &config->room, config->num, sizeof(*slot));
	if (!slot)
		return undo(config, file, first);
	*slot = *file;
	config->num++;
	return err;
}

int config_add(struct config *config, enum config_kind kind, const char *name, const char *text,
	       size_t len)
{
	struct config_file file = {
		.name = text_clean(name, strlen(name), 1024), .settings = vf_config_new(),
	};
	uint32_t first = config->errors.num;
	int err = -ENOMEM;

	config->errors.told = 0;
	if (file.name && file.settings)
		err = read_text(config, kind, &file, text, len);
	return settle(config, &file, first, err);
}

int config_add_unread(struct config *config, const char *name, const char *message)
{
	struct config_file file = { .name = text_clean(name, strlen(name), 1024) };
	uint32_t first = config->errors.num;
	int err = -ENOMEM;

	config->errors.told = 0;
	if (file.name) {
		error_add(&config->errors, file.name, NULL, 0, message);
		err = config->errors.no_memory ? -ENOMEM : -EINVAL;
	}
	err = settle(config, &file, first, err);
	return err == -ENOMEM ? err : 0;
}

size_t config_num_errors(const struct config *config)
{
	return config->errors.num;
}

const struct config_error *config_error(const struct config *config, size_t i)
{
	return &config->errors.errors[i];
}

const char *config_file(const struct config *config, size_t i, bool *good)
{
	if (i >= config->num)
		return NULL;
	if (good)
		*good = config->files[i].good;
	return config->files[i].name;
}

bool config_file_matches(const struct config *config, size_t i, const struct vf_facts *facts)
{
	return i < config->num && match_fits(&config->files[i].match, facts);
}

static int merge_file(struct vf_config *merged, const struct config_file *file)
{
	char *reason;

	if (file->good)
		return vf_config_merge(merged, file->settings);
	reason = strdup(file->reason);
	if (!reason)
		return -ENOMEM;
	vf_config_refuse(merged, reason);
	return 0;
}

struct vf_config *config_for_vf(const struct config *config, const struct vf_facts *facts)
{
	struct vf_config *merged = vf_config_new();
	char *reason;
	int err = 0;

	for (uint32_t i = 0; merged && !err && i < config->num; i++) {
		if (match_fits(&config->files[i].match, facts))
			err = merge_file(merged, &config->files[i]);
	}
	if (err || !merged) {
		vf_config_free(merged);
		return NULL;
	}
	for (unsigned int i = SETTING_NUM_VF; i < SETTING_COUNT; i++)
		vf_config_unset(merged, i);
	reason = vf_config_contradiction(merged);
	if (reason)
		vf_config_refuse(merged, reason);
	return merged;
}

const struct setting_value *config_process(const struct config *config, enum setting setting)
{
	for (uint32_t i = config->num; i-- > 0;) {
		const struct config_file *file = &config->files[i];
		const struct setting_value *value;

		value = file->good ? vf_config_get(file->settings, setting) : NULL;
		if (value)
			return value;
	}
	return NULL;
}

int vf_config_read(const char *text, size_t len, struct vf_config **result, char **error)
{
	struct config *config = config_new();
	int err;

	if (!config)
		return -ENOMEM;
	err = config_add(config, CONFIG_MAIN, "", text, len);
	if (!err) {
		*result = vf_config_copy(config->files[0].settings);
		err = *result ? 0 : -ENOMEM;
	}
	if (err == -EINVAL && error)
		*error = config_error_text(&config->errors.errors[0]);
	config_free(config);
	return err;
}

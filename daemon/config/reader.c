// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys of the table in objects of each other: "vlan.filters.ctag" is three levels. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "text.h"
#include "value.h"

#define KEYS_MAX	SETTING_COUNT

struct level {
	const struct node *node;
	const char *prefix;		/* "" or "vlan." */
	bool process;
	struct vf_config *settings;
};

static int read_level(const struct level *level);

static bool is_here(const struct level *level, enum setting setting)
{
	const struct setting_type *type = setting_type(setting);

	return (type->domain == SETTING_PROCESS) == level->process &&
	       !strncmp(type->path, level->prefix, strlen(level->prefix));
}

/* Each key that may be at this level, once, into names; returns how many. */
static size_t known_keys(const struct level *level, char names[][SETTING_PATH_MAX])
{
	size_t n = 0;

	for (unsigned int i = 0; i < SETTING_COUNT; i++) {
		const char *rest = setting_type(i)->path + strlen(level->prefix);

		if (!is_here(level, i))
			continue;
		snprintf(names[n], SETTING_PATH_MAX, "%.*s", (int)strcspn(rest, "."), rest);
		n += !n || strcmp(names[n], names[n - 1]);
	}
	return n;
}

/* The same key at another place: its whole path. */
static const char *elsewhere(const struct level *level, const char *key)
{
	for (unsigned int i = 0; i < SETTING_COUNT; i++) {
		const struct setting_type *type = setting_type(i);
		const char *dot = strrchr(type->path, '.');

		if ((type->domain == SETTING_PROCESS) == level->process &&
		    !strcmp(dot ? dot + 1 : type->path, key))
			return type->path;
	}
	return NULL;
}

static void unknown(const struct level *level, const struct node *child)
{
	char names[KEYS_MAX][SETTING_PATH_MAX], allowed[1024] = "";
	const char *known[KEYS_MAX], *nearest;
	size_t n = known_keys(level, names), at = 0;

	for (size_t i = 0; i < n; i++) {
		known[i] = names[i];
		at += snprintf(allowed + at, sizeof(allowed) - at, "%s%s", i ? ", " : "", names[i]);
	}
	nearest = text_nearest(child->key, known, n) ?: elsewhere(level, child->key);
	node_unknown(child, allowed, nearest);
}

static int check_alone(const struct level *level, const struct node *child, enum setting setting)
{
	const char *instead = setting_type(setting)->instead;

	for (unsigned int i = 0; instead && i < SETTING_COUNT; i++) {
		const char *other = setting_type(i)->instead;

		if (!other || strcmp(other, instead) || !vf_config_get(level->settings, i))
			continue;
		node_wrong(child, NULL, NULL, "%s is there as well; only one of them can be",
			   setting_type(i)->path);
		return -EINVAL;
	}
	return 0;
}

static int read_setting(const struct level *level, const struct node *child, enum setting setting)
{
	struct setting_origin origin = { .file = child->document->file };
	struct setting_value value;
	int err = check_alone(level, child, setting) ?: value_read(child, setting, &value);

	if (err)
		return err;
	node_position(child, &origin.line, &origin.column);
	err = vf_config_set(level->settings, setting, &value, &origin);
	setting_value_clear(&value);
	return err;
}

static int read_child(const struct level *level, const struct node *child)
{
	char path[SETTING_PATH_MAX], prefix[SETTING_PATH_MAX + 1];
	struct level inner = *level;
	enum setting setting;

	/* what the table writes with a dot is an object in the file */
	if (strchr(child->key, '.') ||
	    strlen(level->prefix) + strlen(child->key) >= sizeof(path)) {
		unknown(level, child);
		return -EINVAL;
	}
	strcpy(stpcpy(path, level->prefix), child->key);
	setting = setting_by_path(path);
	if (setting < SETTING_COUNT && is_here(level, setting))
		return read_setting(level, child, setting);
	if (level->process || !setting_group_doc(path)) {
		unknown(level, child);
		return -EINVAL;
	}
	snprintf(prefix, sizeof(prefix), "%s.", path);
	inner.node = child;
	inner.prefix = prefix;
	return read_level(&inner);
}

static int read_level(const struct level *level)
{
	struct node child = { 0 };
	int err = 0, one;

	if (!json_object_is_type(level->node->value, json_type_object)) {
		node_wrong(level->node, "an object", NULL, NULL);
		return -EINVAL;
	}
	while (node_next(level->node, &child)) {
		one = read_child(level, &child);
		if (one == -ENOMEM)
			return one;
		err = err ?: one;
	}
	return err;
}

int settings_read(const struct node *node, bool process, struct vf_config *settings)
{
	const struct level level = {
		.node = node, .prefix = "", .process = process, .settings = settings,
	};

	return read_level(&level);
}

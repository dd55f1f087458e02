// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: reader table        the table of settings as JSON, for docs/spec/gen-config and tests
 *        reader verdicts     of documents on standard input, one a line ("main {...}", "vf {...}"):
 *                            "good", "bad SENTENCE", or what fits not together, "against SENTENCE"
 *        reader layers ROOT  what the files below a folder are about and what is wrong in them
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json.h>

#include "config/config.h"

static const char *const kinds[] = {
	"number", "switch", "word", "words", "address", "ids", "bytes", "numbers", "devices"
};
static const char *const domains[] = { "netdev", "policy", "process" };

static struct json_object *texts(const char *const *words)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; words[i]; i++)
		json_object_array_add(array, json_object_new_string(words[i]));
	return array;
}

static void add_text(struct json_object *to, const char *key, const char *text)
{
	if (text)
		json_object_object_add(to, key, json_object_new_string(text));
}

static void add_number(struct json_object *to, const char *key, uint32_t number)
{
	json_object_object_add(to, key, json_object_new_int64(number));
}

static struct json_object *row(enum setting setting)
{
	const struct setting_type *type = setting_type(setting);
	struct json_object *one = json_object_new_object();
	char allowed[256];

	add_text(one, "path", type->path);
	add_text(one, "kind", kinds[type->kind]);
	add_text(one, "domain", domains[type->domain]);
	add_number(one, "min", type->min);
	add_number(one, "max", type->max);
	add_number(one, "step", type->step ?: 1);
	add_number(one, "most", type->most);
	add_text(one, "unit", type->unit);
	add_text(one, "instead", type->instead);
	add_text(one, "doc", type->doc);
	add_text(one, "allowed", setting_allowed(setting, allowed, sizeof(allowed)));
	if (type->words)
		json_object_object_add(one, "words", texts(type->words));
	if (type->features)
		json_object_object_add(one, "features", texts(type->features));
	return one;
}

/* The sentences about objects: "vlan.filters" and what is above it. */
static void add_groups(struct json_object *groups, const char *path)
{
	for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
		char group[SETTING_PATH_MAX];

		snprintf(group, sizeof(group), "%.*s", (int)(dot - path), path);
		if (setting_group_doc(group))
			json_object_object_add(groups, group,
					       json_object_new_string(setting_group_doc(group)));
	}
}

static int table(void)
{
	struct json_object *root = json_object_new_object(), *rows = json_object_new_array();
	struct json_object *groups = json_object_new_object();

	for (unsigned int i = 0; i < SETTING_COUNT; i++) {
		json_object_array_add(rows, row(i));
		add_groups(groups, setting_type(i)->path);
	}
	add_text(root, "schema", CONFIG_SCHEMA);
	json_object_object_add(root, "settings", rows);
	json_object_object_add(root, "groups", groups);
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
	return 0;
}

static void verdict(enum config_kind kind, const char *text, size_t len)
{
	static const struct vf_facts facts = { .vf_index = -1 };
	struct config *config = config_new();
	struct vf_config *vf;
	char *sentence;

	if (config_add(config, kind, "", text, len)) {
		sentence = config_error_text(config_error(config, 0));
		printf("bad %s\n", sentence);
		free(sentence);
	} else {
		vf = config_for_vf(config, &facts);
		if (vf_config_valid(vf))
			puts("good");
		else
			printf("against %s\n", vf_config_reason(vf));
		vf_config_free(vf);
	}
	config_free(config);
}

static int verdicts(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 0) {
		len -= line[len - 1] == '\n';
		if (!strncmp(line, "main ", 5))
			verdict(CONFIG_MAIN, line + 5, len - 5);
		else
			verdict(CONFIG_VF, line + 3, len - 3);
	}
	free(line);
	return 0;
}

static int show_layers(const char *root)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct config *config = config_new();
	const char *name;
	bool good;

	if (fd < 0 || !config || config_read(config, fd, geteuid(), geteuid()))
		return 1;
	for (size_t i = 0; (name = config_file(config, i, &good)); i++)
		printf("%s %s\n", good ? "good" : "bad", name);
	for (size_t i = 0; i < config_num_errors(config); i++) {
		char *text = config_error_text(config_error(config, i));

		puts(text);
		free(text);
	}
	config_free(config);
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "table"))
		return table();
	if (argc == 2 && !strcmp(argv[1], "verdicts"))
		return verdicts();
	if (argc == 3 && !strcmp(argv[1], "layers"))
		return show_layers(argv[2]);
	fputs("usage: reader table | verdicts | layers ROOT\n", stderr);
	return 2;
}

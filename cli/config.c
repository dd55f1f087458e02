// SPDX-License-Identifier: GPL-2.0-or-later
/* config show, cat and edit: what a VF is configured as, and by which files. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "documents.h"
#include "json_in.h"
#include "output.h"
#include "table.h"
#include "verbs.h"

#define FOLDER	"/etc/iavfd/vf.d/"

const char config_help[] =
	"  show VF    each setting: as it is, what was applied last, from which file and line; a '*'\n"
	"             where the two differ, because somebody changed it since\n"
	"  cat VF     the files that say something of this VF\n"
	"  edit NAME  write /etc/iavfd/vf.d/NAME with $EDITOR; it is checked before it takes the place\n"
	"             of the old one; what is not valid is kept as NAME.rejected. 'iavfctl diff'\n"
	"             shows what it changes, 'iavfctl reload' does it\n";

const char config_words[] = "show cat edit";

/* ---- show ---- */

/* What is too long for a column ends in dots; -j has all of it. */
static void fill(char *cell, const char *text)
{
	if (snprintf(cell, TABLE_CELL, "%s", text) >= TABLE_CELL)
		strcpy(cell + TABLE_CELL - 4, "...");
}

static void fill_row(const struct table *table, size_t row, struct json_object *key)
{
	bool drifted = json_object_get_boolean(json_get(key, "drifted"));

	snprintf(table_cell(table, row, 0), TABLE_CELL, "%s%s", json_plain(json_get(key, "key")),
		 drifted ? " *" : "");
	fill(table_cell(table, row, 1), json_plain(json_get(key, "live")));
	fill(table_cell(table, row, 2), json_plain(json_get(key, "applied")));
	fill(table_cell(table, row, 3), json_plain(json_get(key, "source")));
}

int config_print_keys(struct cli *cli, struct json_object *json)
{
	static const char *const titles[] = { "SETTING", "NOW", "APPLIED", "SOURCE" };
	struct json_object *keys = json_get(json, "keys");
	struct table table;

	if (table_init(&table, 4, json_length(keys) + 1) < 0)
		return cli_fail(cli, IAVFCTL_FAILED, "no memory");
	for (unsigned int i = 0; i < 4; i++)
		snprintf(table_cell(&table, 0, i), TABLE_CELL, "%s", titles[i]);
	for (size_t i = 0; i < json_length(keys); i++)
		fill_row(&table, i + 1, json_object_array_get_idx(keys, i));
	table_print(&table, cli->out);
	table_free(&table);
	return 0;
}

static int show(struct cli *cli, struct json_object *json, const char *text)
{
	struct json_object *reason = json_get(json, "config_reason"), *error = json_get(json, "error");
	int code;

	if (cli->json) {
		fprintf(cli->out, "%s\n", text);
		return 0;
	}
	code = config_print_keys(cli, json);
	if (!code && reason)
		fprintf(cli->out, "its files do not count: %s\n", json_plain(reason));
	if (!code && error)
		fprintf(cli->out, "it cannot be looked at: %s\n", json_plain(error));
	return code;
}

/* ---- cat ---- */

static int cat_file(struct cli *cli, const char *path)
{
	char buffer[4096];
	size_t len;
	FILE *file = fopen(path, "re");

	if (!file)
		return cli_fail(cli, IAVFCTL_FAILED, "%s: %s", path, strerror(errno));
	fprintf(cli->out, "# %s\n", path);
	while ((len = fread(buffer, 1, sizeof(buffer), file)))
		fwrite(buffer, 1, len, cli->out);
	fputc('\n', cli->out);
	fclose(file);
	return 0;
}

static int cat(struct cli *cli, struct json_object *json)
{
	struct json_object *files = json_get(json, "files");
	int code = 0;

	if (!json_length(files))
		return cli_fail(cli, IAVFCTL_NOT_FOUND, "no file says anything of this VF");
	for (size_t i = 0; !code && i < json_length(files); i++)
		code = cat_file(cli, json_plain(json_object_array_get_idx(files, i)));
	return code;
}

static int about_vf(struct cli *cli, const char *verb, const char *name)
{
	struct json_object *json = NULL;
	struct iavfctl_vf *vf = NULL;
	enum iavfctl_error error;
	struct iavfctl *ctl;
	char *text = NULL;
	int code;

	error = cli_open(cli, &ctl);
	if (error)
		return error;
	error = iavfctl_get(ctl, name, &vf);
	if (!error)
		error = iavfctl_describe(ctl, vf->pci, &text);
	if (!error)
		json = json_tokener_parse(text);
	if (error)
		code = cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	else
		code = !strcmp(verb, "show") ? show(cli, json, text) : cat(cli, json);
	json_object_put(json);
	free(text);
	iavfctl_vf_free(vf);
	iavfctl_close(ctl);
	return code;
}

/* ---- edit ---- */

static const char template[] =
	"{\n"
	"  \"schema\": \"iavf-config/1\",\n"
	"  \"match\": { \"pci\": \"*\" },\n"
	"  \"config\": {\n"
	"  }\n"
	"}\n";

static int copy(FILE *to, const char *path)
{
	FILE *from = fopen(path, "re");
	char buffer[4096];
	size_t len;

	if (!from && errno != ENOENT)
		return -errno;
	if (!from)
		return fputs(template, to) < 0 ? -errno : 0;
	while ((len = fread(buffer, 1, sizeof(buffer), from)))
		fwrite(buffer, 1, len, to);
	fclose(from);
	return ferror(to) ? -EIO : 0;
}

/* As root's shell would: $EDITOR may have options. */
static int run_editor(struct cli *cli, const char *path)
{
	const char *editor = getenv("VISUAL") ?: getenv("EDITOR") ?: "sensible-editor";
	char command[1024];
	int status;
	pid_t pid;

	snprintf(command, sizeof(command), "exec %s \"$1\"", editor);
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return cli_fail(cli, IAVFCTL_FAILED, "%s: %s", editor, strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return cli_fail(cli, IAVFCTL_FAILED, "%s cannot be run: set EDITOR to an editor that is "
				"installed", editor);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return cli_fail(cli, IAVFCTL_FAILED, "%s failed: nothing is changed", editor);
	return -1;
}

static int check(struct cli *cli, char *path)
{
	struct documents documents;
	enum iavfctl_error error;
	struct iavfctl *ctl;
	char *json = NULL;
	int code = documents_read(cli, &path, 1, &documents);

	if (code >= 0)
		return code;
	code = cli_open(cli, &ctl);
	if (!code) {
		error = iavfctl_validate(ctl, documents.all, documents.num, &json);
		code = error ? cli_fail(cli, error, "%s", iavfctl_sentence(ctl)) :
			       validate_print(cli, json);
		free(json);
		iavfctl_close(ctl);
	}
	documents_free(&documents);
	return code ? code : -1;
}

/* What somebody wrote is not thrown away over a comma. The daemon does not look at this name. */
static int keep_rejected(struct cli *cli, const char *aside, const char *path)
{
	char kept[540];

	snprintf(kept, sizeof(kept), "%s.rejected", path);
	if (rename(aside, kept) < 0)
		return cli_fail(cli, IAVFCTL_FAILED, "%s: %s", kept, strerror(errno));
	return cli_fail(cli, IAVFCTL_FAILED, "%s is as it was; what you wrote is in %s", path, kept);
}

static int put_in_place(struct cli *cli, char *aside, const char *path)
{
	if (check(cli, aside) >= 0)
		return keep_rejected(cli, aside, path);
	if (rename(aside, path) < 0) {
		cli_fail(cli, IAVFCTL_FAILED, "%s: %s", path, strerror(errno));
		unlink(aside);
		return IAVFCTL_FAILED;
	}
	fprintf(cli->out, "%s is written; 'iavfctl diff' shows what it changes, 'iavfctl reload' "
		"does it\n", path);
	return 0;
}

/* Another name would be an error about all VFs. */
static bool is_good_name(const char *name)
{
	size_t len = strlen(name);

	return len > 8 && isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) &&
	       name[2] == '-' && !strchr(name, '/') && !strcmp(name + len - 5, ".json");
}

static int edit(struct cli *cli, const char *name)
{
	char path[512], aside[520];
	FILE *file;
	int fd, code;

	if (!is_good_name(name))
		return cli_fail(cli, IAVFCTL_USAGE, "'%s': a name such as 10-storage.json", name);
	snprintf(path, sizeof(path), FOLDER "%s", name);
	snprintf(aside, sizeof(aside), FOLDER ".%s.XXXXXX", name);
	if (mkdir("/etc/iavfd", 0755) < 0 && errno != EEXIST)
		return cli_fail(cli, IAVFCTL_FAILED, "/etc/iavfd: %s", strerror(errno));
	if (mkdir(FOLDER, 0755) < 0 && errno != EEXIST)
		return cli_fail(cli, IAVFCTL_FAILED, FOLDER ": %s", strerror(errno));
	fd = mkstemp(aside);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!file)
		return cli_fail(cli, IAVFCTL_FAILED, "%s: %s", aside, strerror(errno));
	code = copy(file, path);
	if (fclose(file) || code || chmod(aside, 0644) < 0)
		code = cli_fail(cli, IAVFCTL_FAILED, "%s: %s", aside, strerror(errno));
	else
		code = run_editor(cli, aside);
	if (code < 0)
		return put_in_place(cli, aside, path);
	unlink(aside);
	return code;
}

int verb_config(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	int code = cli_options(cli, verb, argc, argv, 2, 2);
	const char *what;

	if (code >= 0)
		return code;
	what = argv[optind];
	if (!strcmp(what, "show") || !strcmp(what, "cat"))
		return about_vf(cli, what, argv[optind + 1]);
	if (!strcmp(what, "edit"))
		return edit(cli, argv[optind + 1]);
	return cli_fail(cli, IAVFCTL_USAGE, "config %s: one of show, cat, edit", what);
}

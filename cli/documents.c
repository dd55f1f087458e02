// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "documents.h"

#define TEXT_MAX	(256 * 1024)	/* as the daemon has it */

static int no_memory(struct cli *cli)
{
	return cli_fail(cli, IAVFCTL_FAILED, "no memory");
}

int documents_add(struct cli *cli, const char *name, char *text, struct documents *documents)
{
	struct iavfctl_document *all = reallocarray(documents->all, documents->num + 1,
						    sizeof(*all));
	char *copy = strdup(name);

	if (all)
		documents->all = all;
	if (!all || !copy || !text) {
		free(copy);
		free(text);
		return no_memory(cli);
	}
	all[documents->num++] = (struct iavfctl_document) { copy, text };
	return -1;
}

/* One byte more than may be there is enough to know that it is too long. */
static int read_file(struct cli *cli, FILE *file, const char *name, struct documents *documents)
{
	char *text = malloc(TEXT_MAX + 2);
	size_t len;

	if (!text)
		return no_memory(cli);
	len = fread(text, 1, TEXT_MAX + 1, file);
	text[len] = '\0';
	if (!ferror(file) && len <= TEXT_MAX && strlen(text) == len)
		return documents_add(cli, name, text, documents);
	free(text);
	if (ferror(file))
		return cli_fail(cli, IAVFCTL_FAILED, "%s: %s", name, strerror(errno));
	if (len > TEXT_MAX)
		return cli_fail(cli, IAVFCTL_FAILED, "%s: more than 256 KiB", name);
	return cli_fail(cli, IAVFCTL_FAILED, "%s: it has bytes that are zero", name);
}

static int read_named(struct cli *cli, const char *name, struct documents *documents)
{
	char path[PATH_MAX];
	FILE *file;
	int code;

	if (!strcmp(name, "-"))
		return read_file(cli, stdin, "stdin", documents);
	file = fopen(name, "re");
	if (!file)
		return cli_fail(cli, errno == ENOENT ? IAVFCTL_NOT_FOUND : IAVFCTL_FAILED,
				"%s: %s", name, strerror(errno));
	/* A source that "config show" names later is of use only with its folder. */
	code = read_file(cli, file, realpath(name, path) ?: name, documents);
	fclose(file);
	return code;
}

int documents_read(struct cli *cli, char **files, int count, struct documents *documents)
{
	int code = -1;

	*documents = (struct documents) { NULL, 0 };
	for (int i = 0; code < 0 && i < count; i++)
		code = read_named(cli, files[i], documents);
	if (code >= 0)
		documents_free(documents);
	return code;
}

void documents_free(struct documents *documents)
{
	for (size_t i = 0; i < documents->num; i++) {
		free((char *)documents->all[i].name);
		free((char *)documents->all[i].text);
	}
	free(documents->all);
	*documents = (struct documents) { NULL, 0 };
}

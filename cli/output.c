// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "output.h"

static int fail(struct cli *cli, const char *path)
{
	return cli_fail(cli, errno == EACCES ? IAVFCTL_NOT_PERMITTED : IAVFCTL_FAILED, "%s: %s",
			path, strerror(errno));
}

/* Beside it, hidden, so that who reads all files of the folder does not see half of it. */
static void name_temporary(struct output *output)
{
	const char *last = strrchr(output->path, '/');
	size_t folder = last ? last + 1 - output->path : 0;

	snprintf(output->temporary, sizeof(output->temporary), "%.*s.%s.XXXXXX", (int)folder,
		 output->path, output->path + folder);
}

int output_open(struct cli *cli, struct output *output, const char *path, mode_t mode)
{
	int fd;

	*output = (struct output){ .file = cli->out };
	if (!strcmp(path, "-"))
		return -1;
	if (strlen(path) > PATH_MAX - 16)
		return cli_fail(cli, IAVFCTL_USAGE, "the name of the file is too long");
	strcpy(output->path, path);
	name_temporary(output);
	fd = mkostemp(output->temporary, O_CLOEXEC);
	output->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!output->file || fchmod(fd, mode)) {
		int code = fail(cli, path);

		if (fd >= 0)
			unlink(output->temporary);
		return code;
	}
	return -1;
}

int output_close(struct cli *cli, struct output *output, int code)
{
	bool bad;

	if (!*output->temporary)
		return code;
	bad = fflush(output->file) || ferror(output->file);
	if (!bad && !code)
		bad = rename(output->temporary, output->path);
	if (bad && !code)
		code = fail(cli, output->path);
	if (code)
		unlink(output->temporary);
	fclose(output->file);
	return code;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* NO_COLOR, as other programs take it. */
static bool wants_colour(void)
{
	const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(none && *none) && terminal && strcmp(terminal, "dumb");
}

int main(int argc, char **argv)
{
	struct cli cli = { .colour = wants_colour(), .out = stdout, .err = stderr };
	int code = cli_main(&cli, argc, argv);

	/* A full disk is a failure even if everything else went well. */
	if (fflush(stdout) || ferror(stdout))
		return cli_fail(&cli, IAVFCTL_FAILED, "cannot write: %s", strerror(errno));
	return code;
}

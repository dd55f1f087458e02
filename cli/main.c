// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "cli.h"

int main(int argc, char **argv)
{
	struct cli cli = { .out = stdout, .err = stderr };
	int code = cli_main(&cli, argc, argv);

	/* A full disk is a failure even if everything else went well. */
	if (fflush(stdout) || ferror(stdout))
		return cli_fail(&cli, IAVFCTL_FAILED, "cannot write: %s", strerror(errno));
	return code;
}

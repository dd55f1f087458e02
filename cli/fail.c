// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "cli.h"
#include "json_out.h"

static int code_of(enum iavfctl_error error)
{
	return error == IAVFCTL_NO_MODULE ? IAVFCTL_FAILED : (int)error;
}

int cli_fail(struct cli *cli, enum iavfctl_error error, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (cli->json)
		json_put_document(cli->err, "error", json_error(code_of(error), error, text));
	else
		fprintf(cli->err, "iavfctl: %s\n", text);
	return code_of(error);
}

enum iavfctl_error cli_open(struct cli *cli, struct iavfctl **ctl)
{
	enum iavfctl_error error = iavfctl_open(ctl);

	if (error)
		cli_fail(cli, error, "cannot talk to the kernel: %s", strerror(errno));
	return error;
}

int cli_start(struct cli *cli, const struct verb *verb, int argc, char **argv, int min, int max,
	      struct iavfctl **ctl)
{
	int code = cli_options(cli, verb, argc, argv, min, max);
	enum iavfctl_error error;

	if (code >= 0)
		return code;
	error = cli_open(cli, ctl);
	return error ? (int)error : -1;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iavfctl: a table of verbs, one file each. Verbs reach VFs through libiavfctl only.
 *
 * Output goes to stdout, errors to stderr as one line; under -j both are JSON documents of
 * schema "iavfctl/1". Exit codes are those of enum iavfctl_error (no-module is 1).
 */
#ifndef IAVFCTL_CLI_H
#define IAVFCTL_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "iavfctl.h"

struct cli {
	bool json;
	FILE *out, *err;
};

struct verb {
	const char *name;
	const char *args;	/* "[VF]", "" */
	const char *summary;	/* one line, for the list of verbs */
	const char *help;	/* the rest, for VERB --help; ends in a newline */
	/* argv[0] is the verb's name. The exit code. */
	int (*run)(struct cli *cli, const struct verb *verb, int argc, char **argv);
};

/* Ends with a row whose name is NULL. */
extern const struct verb verbs[];

/* The program without its streams: parse and run. The exit code. */
int cli_main(struct cli *cli, int argc, char **argv);

/*
 * Options that every verb has, in any place; optind is left at the first operand. -1: go on, else
 * the exit code. min and max bound the number of operands.
 */
int cli_options(struct cli *cli, const struct verb *verb, int argc, char **argv, int min, int max);

/* An option of one verb, with an argument. A table ends with a row whose name is NULL. */
struct cli_option {
	const char *name;
	const char **value;
};

/* The same with a verb's own options, six at most. */
int cli_options_with(struct cli *cli, const struct verb *verb, int argc, char **argv, int min,
		     int max, const struct cli_option *own);

/* Say why and return the exit code for the error. */
__attribute__((format(printf, 3, 4)))
int cli_fail(struct cli *cli, enum iavfctl_error error, const char *format, ...);

/* Open the library; else say why. The error. */
enum iavfctl_error cli_open(struct cli *cli, struct iavfctl **ctl);

/* cli_options(), then cli_open(): -1 to go on, else the exit code. */
int cli_start(struct cli *cli, const struct verb *verb, int argc, char **argv, int min, int max,
	      struct iavfctl **ctl);

#endif

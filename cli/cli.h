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
	bool colour;
	FILE *out, *err;
	const char *host;	/* -H: the verb runs there; NULL: here */
	const char *root;	/* before /sys, /proc and so on; NULL but in tests */
};

/* An option of one verb. A table ends with a row whose name is NULL. */
struct cli_option {
	const char *name;
	char letter;		/* 0: there is only the name */
	/*
	 * NULL: a flag; "[N]": may be left out; "FILE" is a file of the machine iavfctl is called
	 * on.
	 */
	const char *arg;
	const char *words;	/* what the argument may be, by spaces; NULL: anything */
	const char *summary;
};

/*
 * The one source of the parser, the help and the completion. What operands may be is told by args:
 * VFs where it has "VF", files where it has "FILE", else words.
 */
struct verb {
	const char *name;
	const char *args;	/* "[VF]", "" */
	const char *summary;	/* one line, for the list of verbs */
	const char *help;	/* the rest, for VERB --help; ends in a newline */
	/* argv[0] is the verb's name. The exit code. */
	int (*run)(struct cli *cli, const struct verb *verb, int argc, char **argv);
	const struct cli_option *options;	/* NULL: only those that every verb has */
	const char *words;
};

/* Ends with a row whose name is NULL. */
extern const struct verb verbs[];
const struct verb *verb_find(const char *name);

/* Options of every verb, for the completion: before a verb all, behind it those but the last. */
extern const struct cli_option cli_common[];

/* The program without its streams: parse and run. The exit code. */
int cli_main(struct cli *cli, int argc, char **argv);

#define CLI_OPTIONS	8	/* most options of a verb */

/*
 * Options in any place; optind is left at the first operand. values has one for each of the verb's
 * options and keeps what it has for those not given; "" for a flag, or where the argument was left
 * out. min and max bound the number of operands. -1: go on, else the exit code; with -H that of the
 * other machine.
 */
int cli_options_with(struct cli *cli, const struct verb *verb, int argc, char **argv, int min,
		     int max, const char **values);

/* The same for a verb without options of its own. */
int cli_options(struct cli *cli, const struct verb *verb, int argc, char **argv, int min, int max);

/* What goes behind getopt's '?'. */
int cli_bad_option(struct cli *cli, char **argv);

/* Run the verb on cli->host over ssh. Its exit code, or 1 when it could not be run there. */
int cli_remote(struct cli *cli, const struct verb *verb, const char *const *values, char **operands,
	       int count);

/* Candidates for the last of the words, which follow "iavfctl": "WORD\tDESCRIPTION" a line. */
int cli_complete(struct cli *cli, int count, char **words);

/* Say why and return the exit code for the error. */
__attribute__((format(printf, 3, 4)))
int cli_fail(struct cli *cli, enum iavfctl_error error, const char *format, ...);

/* Open the library; else say why. The error. */
enum iavfctl_error cli_open(struct cli *cli, struct iavfctl **ctl);

/* cli_options(), then cli_open(): -1 to go on, else the exit code. */
int cli_start(struct cli *cli, const struct verb *verb, int argc, char **argv, int min, int max,
	      struct iavfctl **ctl);

#endif

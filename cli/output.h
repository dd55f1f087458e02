/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is there as a whole or not at all: written beside its name, and given it at the end.
 */
#ifndef IAVFCTL_OUTPUT_H
#define IAVFCTL_OUTPUT_H

#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

struct cli;

struct output {
	FILE *file;
	char path[PATH_MAX], temporary[PATH_MAX];	/* "": it is stdout */
};

/* "-" is cli->out. -1, or the exit code when it said why not. */
int output_open(struct cli *cli, struct output *output, const char *path, mode_t mode);

/* code: how the writing went; what is not 0 leaves no file. Says why not; the exit code. */
int output_close(struct cli *cli, struct output *output, int code);

#endif

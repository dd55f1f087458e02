/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of this machine, without a shell, for a limited time and with limited output. */
#ifndef IAVFCTL_RUN_H
#define IAVFCTL_RUN_H

#include <stdbool.h>
#include <stdio.h>

#define RUN_WORDS	10

/*
 * Copy what it prints, on either stream, to out. When it could not be run, failed, or took too
 * long, a line in brackets says so. false: it is not installed.
 */
bool run_program(FILE *out, const char *const argv[RUN_WORDS]);

#endif

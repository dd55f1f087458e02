/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of iavfd. */
#ifndef IAVFD_OPTIONS_H
#define IAVFD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	bool foreground, force, wait;
	int log_level;
	const char *state_dir, *run_dir;	/* point into argv or are static */
	uint32_t on_absence, grace_ms;	/* enum iavf_absence */
};

/* -1: go on; else exit with this code, everything was said. */
int options_parse(struct options *options, int argc, char **argv);

#endif

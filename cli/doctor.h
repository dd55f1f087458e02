/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of this machine. Each says what it saw, and the way out where that is not well. */
#ifndef IAVFCTL_DOCTOR_H
#define IAVFCTL_DOCTOR_H

#include "cli.h"

enum doctor_result {
	DOCTOR_OK,
	DOCTOR_UNKNOWN,			/* it could not be seen, by this user for instance */
	DOCTOR_WARNING,
	DOCTOR_PROBLEM,
};

struct doctor_finding {
	enum doctor_result result;
	const char *check;		/* a word; static */
	const char *known;		/* row of docs/known-issues.md, such as "S75"; NULL: none */
	char *seen;
	char *way_out;			/* NULL: nothing to be done */
};

struct doctor {
	struct cli *cli;
	/* What the kernel and the daemon say; errors with their sentences. */
	enum iavfctl_error kernel, bus;
	char kernel_says[256], bus_says[256];
	struct iavfctl_vf **vfs, **theirs;
	size_t num_vfs, num_theirs;
	struct iavfctl_daemon *daemon;	/* NULL: none */
	enum iavfctl_error may_look;	/* at its configuration */
	char *bad_file;			/* what is wrong with the first; NULL: nothing */
	struct doctor_finding *findings;
	size_t count;
};

/* Add a finding, all but its way out. */
__attribute__((format(printf, 4, 5)))
void doctor_say(struct doctor *doctor, enum doctor_result result, const char *check,
		const char *format, ...);

/* The way out of what was said last, and the row of docs/known-issues.md (or NULL). */
__attribute__((format(printf, 3, 4)))
void doctor_way_out(struct doctor *doctor, const char *known, const char *format, ...);

/* In the order of printing. */
void doctor_modules(struct doctor *doctor);
void doctor_daemon(struct doctor *doctor);
void doctor_devices(struct doctor *doctor);
void doctor_vfs(struct doctor *doctor);
void doctor_network(struct doctor *doctor);

/* As the daemon knows it, else as the kernel does. */
const struct iavfctl_vf *doctor_theirs(const struct doctor *doctor, const struct iavfctl_vf *vf);

#endif

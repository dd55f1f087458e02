/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A library that is made up, and iavfctl run over it. */
#ifndef TEST_CTL_FAKE_H
#define TEST_CTL_FAKE_H

#include "cli.h"

/* What iavfctl printed. */
extern char out[65536], err[4096];

/* The kernel's view, and two VFs for it. */
extern struct iavfctl_vf *fleet, two[2];
extern size_t fleet_size;
extern enum iavfctl_error list_error;
void with(struct iavfctl_vf *vfs, size_t count, enum iavfctl_error error);

extern struct iavfctl_daemon *iavfd;	/* NULL: none */
extern char log_level[16];

/* What a monitor plays, and how far it is. */
extern const struct iavfctl_event *play;
extern size_t num_play, played;
extern enum iavfctl_source source;

extern enum iavfctl_error reset_error;

/* The last question about the configuration, and what is answered. */
extern struct asked {
	const char *verb;
	char subject[64];		/* VF or checkpoint; "": none */
	uint32_t confirm;
	size_t num;			/* documents; the first is kept */
	char name[256], text[8192];
} asked;
extern const char *answer_json, *describe_json;	/* the latter NULL: as the former */
extern enum iavfctl_error answer_error;

/* What a trace plays. */
extern const struct iavfctl_message *traffic;
extern size_t num_traffic;
extern enum iavfctl_error trace_error;

extern const char *root;		/* of /sys, /proc and so on; NULL: that of this machine */

/* The exit code. Words are separated by spaces. */
int run(const char *line);
int run_words(int argc, char **argv);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings from the command line on their way to the daemon, as a document. */
#ifndef IAVFCTL_SET_H
#define IAVFCTL_SET_H

#include "cli.h"

struct vf_config;

/* One setting from text into config. -1, or the exit code when it said why not. */
int set_value(struct cli *cli, struct vf_config *config, const char *key, const char *text);

/* Of --confirm, NULL where it was not given: *seconds is 0 then. -1, or the exit code. */
int set_confirm(struct cli *cli, const char *text, uint32_t *seconds);

/* Have the daemon make config so, and print what became of it. source: for people. The exit code. */
int set_apply(struct cli *cli, struct iavfctl *ctl, const char *pci, const char *source,
	      const struct vf_config *config, uint32_t confirm);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handle, for the files of the library. */
#ifndef IAVFCTL_CTL_H
#define IAVFCTL_CTL_H

#include "genl.h"
#include "iavfctl.h"

struct iavfctl {
	struct genl genl;
	uint64_t our_netns;
	char sentence[256];
	char log_level[16];		/* the last one asked for */
};

/* Set the sentence; returns error. */
__attribute__((format(printf, 3, 4)))
enum iavfctl_error ctl_fail(struct iavfctl *ctl, enum iavfctl_error error, const char *format, ...);

#endif

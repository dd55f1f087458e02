/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit codes of iavfd; those of iavfctl where they mean the same. */
#ifndef IAVFD_EXIT_H
#define IAVFD_EXIT_H

enum {
	EXIT_CLEAN = 0,			/* asked to stop */
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_PERMITTED = 3,
	EXIT_NOT_OWNER = 75,		/* another process owns the VFs, or took them over */
};

#endif

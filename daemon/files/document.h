/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The documents, schema iavfctl/1. */
#ifndef IAVFD_FILES_DOCUMENT_H
#define IAVFD_FILES_DOCUMENT_H

#include <sys/types.h>

#include "bus/bus.h"

struct document_owner {
	const char *version;
	pid_t pid;
	char boot_id[33];		/* "": not known */
};

/* A line of text with its line break, to be freed; NULL: no memory. */
char *document_vf(const struct document_owner *owner, const struct bus_vf *vf);
char *document_daemon(const struct document_owner *owner);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder itself; for the thread that writes, as each of these may wait. 0 or -errno. */
#ifndef IAVFD_FILES_STORE_H
#define IAVFD_FILES_STORE_H

#include "document.h"

struct store {
	char dir[128];
	struct document_owner owner;
	int lock_fd;			/* daemon.json; -1: not yet */
};

void store_init(struct store *store, const char *dir, const struct document_owner *owner);
/* The lock goes, the files stay. */
void store_close(struct store *store);

/* -ESTALE, of all three: another daemon has taken the folder over. */
int store_write(struct store *store, const struct bus_vf *vf);
int store_remove(struct store *store, const char *pci);

typedef bool (*store_knows)(void *ctx, const char *pci);
/* Remove the files of VFs that are not known. */
int store_sweep(struct store *store, store_knows knows, void *ctx);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread that writes. All functions are the loop's; none waits for a file but worker_free(). */
#ifndef IAVFD_FILES_WORKER_H
#define IAVFD_FILES_WORKER_H

#include "document.h"

struct worker;

/*
 * trouble: an eventfd that becomes readable when worker_trouble() has something to say. NULL: no
 * memory or no thread.
 */
struct worker *worker_new(const char *dir, const struct document_owner *owner, int trouble);
/* Ends it when it is done, or after a second where it is. */
void worker_free(struct worker *worker);

/* vf->pci's file shall say this. */
void worker_write(struct worker *worker, const struct bus_vf *vf);
/* And this one shall not be. */
void worker_remove(struct worker *worker, const char *pci);
/* Remove the files of all VFs that were not written so far. */
void worker_sweep(struct worker *worker);
/* The last failure, "" for none; forgotten by this. */
void worker_trouble(struct worker *worker, char *text, size_t size);

#endif

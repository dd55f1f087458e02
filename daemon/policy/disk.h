/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of the policy waits for disks and sysfs: done by the worker, in order. A piece of work
 * belongs to the thread until it is done, and is left to it when the loop ends before.
 */
#ifndef IAVFD_DISK_H
#define IAVFD_DISK_H

#include "config/config.h"
#include "host/worker.h"

enum disk_verb {
	DISK_LOAD,		/* the state; text NULL: there is none */
	DISK_SAVE,		/* whole or not at all, as a file of mode 0600 */
	DISK_READ,		/* configuration: documents or files, and facts of VFs */
};

/* What is read: nothing, all files of the layers, or texts of clients. */
enum disk_source {
	DISK_NO_CONFIG,
	DISK_FILES,
	DISK_DOCUMENTS,
};

struct disk_document {
	char *name, *text;
	size_t len;
};

struct disk {
	enum disk_verb verb;
	char *root, *state;
	char *text;			/* LOAD: out; SAVE: in */
	size_t len;
	struct config *config;		/* READ: out; NULL: nothing is read */
	enum disk_source source;
	uid_t owner;			/* of files that count */
	struct disk_document *documents;
	unsigned int num_documents;
	struct vf_facts *facts;		/* READ: pci is set; the rest is filled in */
	unsigned int num;
	void *ctx;
	void (*done)(void *ctx, struct disk *disk, int err);
};

/* NULL: no memory. */
struct disk *disk_new(enum disk_verb verb, const char *root, const char *state);
/* Frees them, and the array. */
void disk_documents_free(struct disk_document *documents, unsigned int num);
void disk_free(struct disk *disk);
/*
 * done is called in the loop's thread; the work is freed behind it, or when the worker drops it. On
 * -errno it is the caller's still.
 */
int disk_submit(struct disk *disk, struct host_worker *worker);

/* The work itself. 0 or -errno */
int disk_run(void *disk);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DIR/vf/PCI.json: what the daemon knows of each VF, for those who have no bus (containers), as
 * `iavfctl -j show` prints it. A thread of its own writes them, whole by rename: the loop never
 * waits for a file. What changes within FILES_PAUSE_MS is written once.
 *
 * DIR/daemon.json says whose they are. The daemon holds a lock on it (flock) as long as it lives
 * and has the VFs; who gets a shared lock, or finds no such file, reads what a dead one left.
 */
#ifndef IAVFD_FILES_H
#define IAVFD_FILES_H

#include <systemd/sd-event.h>

#include "bus/bus.h"
#include "core/log.h"

#define FILES_PAUSE_MS	50

struct files_config {
	sd_event *event;
	const char *dir;		/* made when missing, but not its parents */
	const char *version;
	struct log *log;
	/* Fill a zeroed view; vf is what files_add() was given. Cheap, no I/O. */
	void (*vf)(void *vf, struct bus_vf *view);
};

struct files;
struct file_object;			/* one VF */

/* NULL: no memory or no thread, which the others take. What config points to outlives it. */
struct files *files_new(const struct files_config *config);
/*
 * What was handed over is written, if that takes less than a second; the files stay, the lock
 * goes. All objects were removed or abandoned before. NULL is fine.
 */
void files_free(struct files *files);

struct file_object *files_add(struct files *files, void *vf);
/* The VF is gone, and its file goes. */
void files_remove(struct file_object *object);
/* The VF lives on without this daemon: the file stays. */
void files_abandon(struct file_object *object);
/* Something changed. Cheap. */
void files_changed(struct file_object *object);
/* Files of VFs that were not added are an earlier daemon's, and go. */
void files_sweep(struct files *files);

#endif

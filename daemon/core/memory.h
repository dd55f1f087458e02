/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IAVFD_MEMORY_H
#define IAVFD_MEMORY_H

struct log;

/*
 * Keep what this process touches in memory: the swap or the root file system may hang on the very
 * interface that it has to bring back. Best effort.
 */
void memory_lock(struct log *log);

#endif

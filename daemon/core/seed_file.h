/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seed.json: {"schema":"iavfd-state/1","seed":"32 hex digits"}. */
#ifndef IAVFD_SEED_FILE_H
#define IAVFD_SEED_FILE_H

#include <stdint.h>

/* 0; -ENOENT; -EBADMSG: not what we write; other -errno: cannot be read. */
int seed_file_read(const char *dir, uint8_t seed[16]);

/* Atomic and on the disk when it returns 0. Makes the folder (not its parents). -errno. */
int seed_file_write(const char *dir, const uint8_t seed[16]);

/* Rename it to seed.json.bad; nothing to be done when that fails. */
void seed_file_put_aside(const char *dir);

#endif

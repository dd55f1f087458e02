/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this machine says in /sys, /proc, /etc and by its programs. Paths are below cli->root. */
#ifndef IAVFCTL_HOST_H
#define IAVFCTL_HOST_H

#include <stdbool.h>
#include <stddef.h>

struct cli;

/*
 * The file's text, cut to size - 1 and without its last newline. false: it cannot be read; text is
 * "" then.
 */
__attribute__((format(printf, 4, 5)))
bool host_read(const struct cli *cli, char *text, size_t size, const char *path, ...);

__attribute__((format(printf, 2, 3)))
bool host_exists(const struct cli *cli, const char *path, ...);

/* The last part of what a symbolic link points to. */
__attribute__((format(printf, 4, 5)))
bool host_link(const struct cli *cli, char *name, size_t size, const char *path, ...);

/* Each name in a folder but those with a dot in front, in order, until one() says false. */
void host_each(const struct cli *cli, const char *path,
	       bool (*one)(void *ctx, const char *folder, const char *name), void *ctx);

/* Some line of the file has all of the words. */
__attribute__((format(printf, 3, 4)))
bool host_has_line(const struct cli *cli, const char *const *words, const char *path, ...);

/* Names of the physical function, where this machine has it; each "" when not known. */
struct host_pf {
	char pci[32], ifname[32], index[8];	/* index of the VF */
};

void host_pf(const struct cli *cli, const char *vf, struct host_pf *pf);

#endif

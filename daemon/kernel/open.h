/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session-open over generic netlink. */
#ifndef IAVFD_KERNEL_OPEN_H
#define IAVFD_KERNEL_OPEN_H

#include <stdbool.h>

struct session_grant;

/*
 * Find the family and open the session. 0 with grant filled; -ENOENT: the module is not there;
 * -EBUSY: another process is the owner; -EPERM; -EPROTO: the module's abi is too far from ours;
 * other -errno. grant->sentence says more in every case but success. Blocks only as long as the
 * kernel registers another family: call it while there is no session to serve.
 */
int session_open(void *unused, bool force, struct session_grant *grant);

/*
 * A socket that reports families as they come, readable when there is news; the descriptor,
 * or -errno. Closed by close().
 */
int family_watch_open(void);

/* Read the news. true: the iavf family may have come. */
bool family_watch_read(int fd);

#endif

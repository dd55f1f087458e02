/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoding of one answer to vf-get. */
#ifndef IAVFCTL_DECODE_H
#define IAVFCTL_DECODE_H

#include "iavfctl.h"

struct nlmsghdr;

/* Message to VF; our_netns is the inode of the caller's namespace. 0, -EBADMSG, -ENOMEM. */
int vf_decode(const struct nlmsghdr *message, uint64_t our_netns, struct iavfctl_vf **vf);

/*
 * Which of the VFs a name means: its index, -ENOENT, or -ENOTUNIQ with *other the second that fits.
 */
int vf_match(struct iavfctl_vf *const *vfs, size_t count, const char *name, size_t *other);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the generic netlink family "ethtool": what is wanted to bytes, and bytes to structs.
 * No I/O.
 */
#ifndef IAVFD_HOST_ETHNL_H
#define IAVFD_HOST_ETHNL_H

#include "host.h"

struct nlmsghdr;

#define ETHNL_SIZE	8192	/* HOST_FEATURES_MAX features by name, and more than all else */

/* The result is in buf, which is aligned to 8. The family is filled in by who sends it. */
struct nlmsghdr *ethnl_get_channels(void *buf, uint32_t ifindex);
struct nlmsghdr *ethnl_get_rings(void *buf, uint32_t ifindex);
struct nlmsghdr *ethnl_get_coalesce(void *buf, uint32_t ifindex);
struct nlmsghdr *ethnl_get_features(void *buf, uint32_t ifindex);
struct nlmsghdr *ethnl_set_channels(void *buf, uint32_t ifindex, const struct host_channels *to);
struct nlmsghdr *ethnl_set_rings(void *buf, uint32_t ifindex, const struct host_rings *to);
struct nlmsghdr *ethnl_set_coalesce(void *buf, uint32_t ifindex, uint32_t which,
				    const struct host_coalesce *to);
struct nlmsghdr *ethnl_set_features(void *buf, uint32_t ifindex, const struct host_feature_set *to,
				    unsigned int num);

/*
 * Answers to the first four, into their part of state and its have; data is a struct host_state.
 * 0 or -EBADMSG.
 */
int ethnl_channels(const struct nlmsghdr *message, void *data);
int ethnl_rings(const struct nlmsghdr *message, void *data);
int ethnl_coalesce(const struct nlmsghdr *message, void *data);
int ethnl_features(const struct nlmsghdr *message, void *data);

#endif

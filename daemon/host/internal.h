/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of daemon/host share: sockets, and how a failure gets its sentence. */
#ifndef IAVFD_HOST_INTERNAL_H
#define IAVFD_HOST_INTERNAL_H

#include <linux/netlink.h>

#include "genl.h"
#include "host.h"
#include "link.h"

struct nl_msg;

struct host {
	struct host_error error;
	struct genl *route, *ethtool;	/* NULL: not open yet */
	uint16_t family;		/* of "ethtool" */
	int fd;				/* for SIOCETHTOOL; -1: not open yet */
};

/* Each public function starts with it. */
void host_begin(struct host *host);

/* Return err with these words; NULL: those of the errno. The first failure of a call stays. */
int host_fail(struct host *host, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Words of the kernel, NULL or "" when it has none. */
int host_fail_kernel(struct host *host, int err, const char *words);

/* A question to rtnetlink; the message is freed. NULL is no memory. */
int host_ask_route(struct host *host, struct nl_msg *message,
		   int (*reply)(const struct nlmsghdr *message, void *data), void *data);
/* To the family "ethtool", in a buffer of ETHNL_SIZE. The family goes into the message here. */
int host_ask_ethtool(struct host *host, struct nlmsghdr *message,
		     int (*reply)(const struct nlmsghdr *message, void *data), void *data);
/* data begins with the command. -errno without a sentence: what that means knows the caller. */
int host_ioctl(struct host *host, const char *name, void *data);

/* The netdev meant; the caller needs its name, or only to know that it is there. */
int host_find(struct host *host, const struct host_ref *ref, struct link *link);

/* VLAN devices on ref and on one another, parents first; the caller frees. */
int host_read_vlans(struct host *host, const struct link *on, struct host_vlan **vlans,
		    unsigned int *num);

int host_read_rss(struct host *host, const char *name, struct host_rss *rss);

#endif

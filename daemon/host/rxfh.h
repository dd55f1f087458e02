/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RSS by SIOCETHTOOL, which is all that kernels before 6.17 have to set it: requests to bytes, and
 * bytes to struct. No I/O.
 */
#ifndef IAVFD_HOST_RXFH_H
#define IAVFD_HOST_RXFH_H

#include "host.h"

/* The largest request: head, table of 32-bit entries, key. Aligned to 4. */
#define RXFH_SIZE	(64 + HOST_TABLE_MAX * 4 + HOST_KEY_MAX)

/* Ask for the two sizes, which come back in the same bytes; then for all. */
void rxfh_ask_sizes(void *buf);
/* 0; -EOPNOTSUPP: there is neither key nor table; -E2BIG: more than a struct host_rss holds. */
int rxfh_sizes(const void *buf, struct host_rss *rss);
void rxfh_ask(void *buf, const struct host_rss *sizes);
void rxfh_take(const void *buf, struct host_rss *rss);

/* old has the sizes. xfrm: the kernel knows symmetric hashing, so what shall stay must be said. */
void rxfh_set(void *buf, const struct host_rss *old, uint32_t which, const struct host_rss *to,
	      bool xfrm);

/* Of uname -r: 6.8 and later. */
bool rxfh_knows_xfrm(const char *release);

/* ETHTOOL_GRXFH and _SRXFH, with a struct ethtool_rxnfc in RXFH_FIELDS_SIZE bytes, aligned to 8. */
#define RXFH_FIELDS_SIZE	256
void rxfh_ask_fields(void *buf, enum host_flow flow);
uint32_t rxfh_fields(const void *buf);
void rxfh_set_fields(void *buf, enum host_flow flow, uint32_t fields);

#endif

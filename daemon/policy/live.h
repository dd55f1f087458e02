/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a VF is like now, in the words of its configuration: what there is to compare a wish with, and
 * what a checkpoint keeps. Pure.
 */
#ifndef IAVFD_LIVE_H
#define IAVFD_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "host/host.h"

/* What the daemon itself knows of a VF. */
struct live_vf {
	uint8_t mac[6];
	uint32_t mtu;
	bool rss_is_default;		/* the table follows the number of queues */
	const struct vf_config *policy;	/* the settings of SETTING_POLICY that are in force; NULL: none */
};

/*
 * host: NULL when the netdev is in another namespace: then MAC, MTU and policy are all that is known.
 * A setting that this VF does not have is not set. *live is the caller's. 0 or -ENOMEM.
 */
int live_config(const struct host_state *host, const struct live_vf *vf, struct vf_config **live);

/* What rss.weights, rss.equal and rss.table come to, for a table and queues of that number. 0; -EINVAL: more queues than there are. */
int live_rss_table(const struct vf_config *wanted, unsigned int table_len, unsigned int queues,
		   uint16_t *table);

/* The features of the kernel behind a setting: those that the netdev has are on or off alike; -ENOENT: it has none that may be switched. */
int live_feature(const struct host_state *host, enum setting setting);

#endif

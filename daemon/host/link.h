/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of rtnetlink about interfaces: bytes to struct, and what is wanted to bytes (by
 * libnl-route). No I/O.
 */
#ifndef IAVFD_HOST_LINK_H
#define IAVFD_HOST_LINK_H

#include "host.h"

struct nl_msg;
struct nlmsghdr;

struct link {
	uint32_t ifindex;
	uint32_t on;			/* what it is stacked on; 0: nothing in this namespace */
	char name[HOST_NAME];
	char bus[HOST_NAME], device[32];	/* "pci", "0000:3b:02.0"; "" */
	uint32_t mtu, min_mtu, max_mtu;
	uint8_t mac[6];
	uint32_t flags;			/* enum host_flags */
	bool vlan;
	uint16_t protocol, id;		/* of a VLAN device */
};

/* 0 or -EBADMSG. */
int link_decode(const struct nlmsghdr *message, struct link *link);

/* NULL: no memory. */
struct nl_msg *link_get(uint32_t ifindex);
struct nl_msg *link_get_vlans(void);
struct nl_msg *link_set_mtu(uint32_t ifindex, uint32_t mtu);
struct nl_msg *link_set_mac(uint32_t ifindex, const uint8_t mac[6]);
struct nl_msg *link_set_flags(uint32_t ifindex, uint32_t mask, uint32_t values);
struct nl_msg *link_add_vlan(uint32_t on, const struct host_vlan_set *vlan);
struct nl_msg *link_delete(uint32_t ifindex);

/*
 * Of num VLAN devices keep those that stand on ifindex, directly or not, parents first, with the
 * names of their parents. How many are left.
 */
unsigned int vlans_on(struct host_vlan *vlans, unsigned int num, uint32_t ifindex,
		      const char *name);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/vlan.h>

#include "link.h"

static const struct {
	uint32_t ours, theirs;
} flags[] = {
	{ HOST_UP, IFF_UP },
	{ HOST_PROMISC, IFF_PROMISC },
	{ HOST_ALLMULTI, IFF_ALLMULTI },
};

#define NUM_FLAGS (sizeof(flags) / sizeof(flags[0]))

static void take_vlan(struct rtnl_link *from, struct link *link)
{
	int id = rtnl_link_vlan_get_id(from), protocol = rtnl_link_vlan_get_protocol(from);

	if (id < 0 || protocol < 0)
		return;
	link->vlan = true;
	link->id = id;
	link->protocol = ntohs(protocol);
}

static void take_object(struct rtnl_link *from, struct link *link)
{
	struct nl_addr *mac = rtnl_link_get_addr(from);
	unsigned int theirs = rtnl_link_get_flags(from);
	int netns;

	link->ifindex = rtnl_link_get_ifindex(from);
	snprintf(link->name, sizeof(link->name), "%s", rtnl_link_get_name(from) ?: "");
	link->mtu = rtnl_link_get_mtu(from);
	if (mac && nl_addr_get_len(mac) == sizeof(link->mac))
		memcpy(link->mac, nl_addr_get_binary_addr(mac), sizeof(link->mac));
	for (size_t i = 0; i < NUM_FLAGS; i++) {
		if (theirs & flags[i].theirs)
			link->flags |= flags[i].ours;
	}
	/* With a namespace the index is one of that namespace. */
	if (rtnl_link_get_link_netnsid(from, &netns))
		link->on = rtnl_link_get_link(from);
	if (rtnl_link_is_vlan(from))
		take_vlan(from, link);
}

static void take_parsed(struct nl_object *object, void *data)
{
	take_object((struct rtnl_link *)object, data);
}

static void take_text(struct nlmsghdr *message, int type, char *to, size_t size)
{
	struct nlattr *attr = nlmsg_find_attr(message, sizeof(struct ifinfomsg), type);

	if (attr)
		nla_strlcpy(to, attr, size);
}

static uint32_t take_u32(struct nlmsghdr *message, int type)
{
	struct nlattr *attr = nlmsg_find_attr(message, sizeof(struct ifinfomsg), type);

	return attr && nla_len(attr) >= (int)sizeof(uint32_t) ? nla_get_u32(attr) : 0;
}

/* What objects of this libnl have no place for. */
static void take_more(struct nlmsghdr *message, struct link *link)
{
	link->min_mtu = take_u32(message, IFLA_MIN_MTU);
	link->max_mtu = take_u32(message, IFLA_MAX_MTU);
	take_text(message, IFLA_PARENT_DEV_BUS_NAME, link->bus, sizeof(link->bus));
	take_text(message, IFLA_PARENT_DEV_NAME, link->device, sizeof(link->device));
}

int link_decode(const struct nlmsghdr *message, struct link *link)
{
	struct nl_msg *copy;
	int err;

	memset(link, 0, sizeof(*link));
	if (message->nlmsg_type != RTM_NEWLINK ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		return -EBADMSG;
	copy = nlmsg_convert((struct nlmsghdr *)message);
	if (!copy)
		return -ENOMEM;
	nlmsg_set_proto(copy, NETLINK_ROUTE);
	err = nl_msg_parse(copy, take_parsed, link);
	if (!err)
		take_more(nlmsg_hdr(copy), link);
	nlmsg_free(copy);
	return err || !link->ifindex || !*link->name ? -EBADMSG : 0;
}

/* Without the counters, which are most of an answer. */
static int put_mask(struct nl_msg *message)
{
	return nla_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

struct nl_msg *link_get(uint32_t ifindex)
{
	struct nl_msg *message;

	if (rtnl_link_build_get_request(ifindex, NULL, &message) < 0)
		return NULL;
	if (put_mask(message) >= 0)
		return message;
	nlmsg_free(message);
	return NULL;
}

static int put_vlans(struct nl_msg *message)
{
	struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct nlattr *nest;

	if (nlmsg_append(message, &head, sizeof(head), NLMSG_ALIGNTO) < 0 || put_mask(message) < 0)
		return -ENOMEM;
	nest = nla_nest_start(message, IFLA_LINKINFO);
	if (!nest || nla_put_string(message, IFLA_INFO_KIND, "vlan") < 0)
		return -ENOMEM;
	return nla_nest_end(message, nest);
}

struct nl_msg *link_get_vlans(void)
{
	struct nl_msg *message = nlmsg_alloc_simple(RTM_GETLINK, NLM_F_DUMP);

	if (message && put_vlans(message) < 0) {
		nlmsg_free(message);
		return NULL;
	}
	return message;
}

/* Takes change. */
static struct nl_msg *set(uint32_t ifindex, struct rtnl_link *change)
{
	struct rtnl_link *link = rtnl_link_alloc();
	struct nl_msg *message = NULL;

	if (link && change) {
		rtnl_link_set_ifindex(link, ifindex);
		if (rtnl_link_build_change_request(link, change, 0, &message) < 0)
			message = NULL;
	}
	rtnl_link_put(change);
	rtnl_link_put(link);
	return message;
}

struct nl_msg *link_set_mtu(uint32_t ifindex, uint32_t mtu)
{
	struct rtnl_link *change = rtnl_link_alloc();

	if (change)
		rtnl_link_set_mtu(change, mtu);
	return set(ifindex, change);
}

struct nl_msg *link_set_mac(uint32_t ifindex, const uint8_t mac[6])
{
	struct nl_addr *addr = nl_addr_build(AF_LLC, mac, 6);
	struct rtnl_link *change = addr ? rtnl_link_alloc() : NULL;

	if (change)
		rtnl_link_set_addr(change, addr);
	nl_addr_put(addr);
	return set(ifindex, change);
}

struct nl_msg *link_set_flags(uint32_t ifindex, uint32_t mask, uint32_t values)
{
	struct rtnl_link *change = rtnl_link_alloc();

	for (size_t i = 0; change && i < NUM_FLAGS; i++) {
		if (!(mask & flags[i].ours))
			continue;
		if (values & flags[i].ours)
			rtnl_link_set_flags(change, flags[i].theirs);
		else
			rtnl_link_unset_flags(change, flags[i].theirs);
	}
	return set(ifindex, change);
}

struct nl_msg *link_add_vlan(uint32_t on, const struct host_vlan_set *vlan)
{
	struct rtnl_link *link = rtnl_link_vlan_alloc();
	struct nl_msg *message = NULL;

	if (!link)
		return NULL;
	rtnl_link_set_link(link, on);
	rtnl_link_set_name(link, vlan->name);
	if (vlan->up)
		rtnl_link_set_flags(link, IFF_UP);
	if (rtnl_link_vlan_set_id(link, vlan->id) < 0 ||
	    rtnl_link_vlan_set_protocol(link, htons(vlan->protocol)) < 0 ||
	    rtnl_link_build_add_request(link, NLM_F_CREATE | NLM_F_EXCL, &message) < 0)
		message = NULL;
	rtnl_link_put(link);
	return message;
}

struct nl_msg *link_delete(uint32_t ifindex)
{
	struct rtnl_link *link = rtnl_link_alloc();
	struct nl_msg *message = NULL;

	if (!link)
		return NULL;
	rtnl_link_set_ifindex(link, ifindex);
	if (rtnl_link_build_delete_request(link, &message) < 0)
		message = NULL;
	rtnl_link_put(link);
	return message;
}

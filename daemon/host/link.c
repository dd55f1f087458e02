// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/vlan.h>

#include "attrs.h"
#include "link.h"

static const struct {
	uint32_t ours, theirs;
} flags[] = {
	{ HOST_UP, IFF_UP },
	{ HOST_PROMISC, IFF_PROMISC },
	{ HOST_ALLMULTI, IFF_ALLMULTI },
};

#define NUM_FLAGS (sizeof(flags) / sizeof(flags[0]))

static void take_flags(uint32_t theirs, struct link *link)
{
	for (size_t i = 0; i < NUM_FLAGS; i++) {
		if (theirs & flags[i].theirs)
			link->flags |= flags[i].ours;
	}
}

static int take_vlan(const struct nlattr *data, struct link *link)
{
	static const struct attr_rule rules[IFLA_VLAN_PROTOCOL + 1] = {
		[IFLA_VLAN_ID] = { MNL_TYPE_U16, 0, 0 },
		[IFLA_VLAN_PROTOCOL] = { MNL_TYPE_U16, 0, 0 },
	};
	const struct nlattr *tb[IFLA_VLAN_PROTOCOL + 1];

	if (attrs_parse_nest(data, rules, IFLA_VLAN_PROTOCOL, tb) || !tb[IFLA_VLAN_ID] ||
	    !tb[IFLA_VLAN_PROTOCOL])
		return -EBADMSG;
	link->vlan = true;
	link->id = mnl_attr_get_u16(tb[IFLA_VLAN_ID]);
	link->protocol = ntohs(mnl_attr_get_u16(tb[IFLA_VLAN_PROTOCOL]));
	return 0;
}

static int take_kind(const struct nlattr *info, struct link *link)
{
	static const struct attr_rule rules[IFLA_INFO_DATA + 1] = {
		[IFLA_INFO_KIND] = { MNL_TYPE_NUL_STRING, 0, 0 },
		[IFLA_INFO_DATA] = { MNL_TYPE_NESTED, 0, 0 },
	};
	const struct nlattr *tb[IFLA_INFO_DATA + 1];
	char kind[8];

	if (attrs_parse_nest(info, rules, IFLA_INFO_DATA, tb))
		return -EBADMSG;
	attr_string(tb[IFLA_INFO_KIND], kind, sizeof(kind));
	if (strcmp(kind, "vlan") || !tb[IFLA_INFO_DATA])
		return 0;
	return take_vlan(tb[IFLA_INFO_DATA], link);
}

/* As it is: it has to be the same when it is said to the kernel. */
static void take_name(const struct nlattr *attr, struct link *link)
{
	if (attr)
		snprintf(link->name, sizeof(link->name), "%s", mnl_attr_get_str(attr));
}

static void take_attrs(const struct nlattr **tb, struct link *link)
{
	const struct nlattr *mac = tb[IFLA_ADDRESS];

	take_name(tb[IFLA_IFNAME], link);
	link->mtu = attr_u32(tb[IFLA_MTU], 0);
	link->min_mtu = attr_u32(tb[IFLA_MIN_MTU], 0);
	link->max_mtu = attr_u32(tb[IFLA_MAX_MTU], 0);
	attr_string(tb[IFLA_PARENT_DEV_BUS_NAME], link->bus, sizeof(link->bus));
	attr_string(tb[IFLA_PARENT_DEV_NAME], link->device, sizeof(link->device));
	if (mac && mnl_attr_get_payload_len(mac) == sizeof(link->mac))
		memcpy(link->mac, mnl_attr_get_payload(mac), sizeof(link->mac));
	/* With a namespace the index is one of that namespace. */
	if (!tb[IFLA_LINK_NETNSID])
		link->on = attr_u32(tb[IFLA_LINK], 0);
}

/* Not by libnl: its objects have no place for half of this, and crash on a VLAN without data. */
int link_decode(const struct nlmsghdr *message, struct link *link)
{
	static const struct attr_rule rules[IFLA_PARENT_DEV_BUS_NAME + 1] = {
		[IFLA_ADDRESS] = { MNL_TYPE_BINARY, 0, 0 },
		[IFLA_IFNAME] = { MNL_TYPE_NUL_STRING, 0, 0 },
		[IFLA_MTU] = { MNL_TYPE_U32, 0, 0 },
		[IFLA_LINK] = { MNL_TYPE_U32, 0, 0 },
		[IFLA_LINKINFO] = { MNL_TYPE_NESTED, 0, 0 },
		[IFLA_LINK_NETNSID] = { MNL_TYPE_U32, 0, 0 },
		[IFLA_MIN_MTU] = { MNL_TYPE_U32, 0, 0 },
		[IFLA_MAX_MTU] = { MNL_TYPE_U32, 0, 0 },
		[IFLA_PARENT_DEV_NAME] = { MNL_TYPE_NUL_STRING, 0, 0 },
		[IFLA_PARENT_DEV_BUS_NAME] = { MNL_TYPE_NUL_STRING, 0, 0 },
	};
	const struct nlattr *tb[IFLA_PARENT_DEV_BUS_NAME + 1];
	const struct ifinfomsg *head = mnl_nlmsg_get_payload(message);
	size_t len = mnl_nlmsg_get_payload_len(message);

	memset(link, 0, sizeof(*link));
	if (message->nlmsg_type != RTM_NEWLINK || len < sizeof(*head))
		return -EBADMSG;
	if (attrs_parse(head + 1, len - sizeof(*head), rules, IFLA_PARENT_DEV_BUS_NAME, tb))
		return -EBADMSG;
	link->ifindex = head->ifi_index;
	take_flags(head->ifi_flags, link);
	take_attrs(tb, link);
	if (!link->ifindex || !*link->name)
		return -EBADMSG;
	return tb[IFLA_LINKINFO] ? take_kind(tb[IFLA_LINKINFO], link) : 0;
}

/* Without the counters, most of an answer; libnl would ask for the VFs of a PF besides. */
static struct nl_msg *get(uint32_t ifindex, int nlflags)
{
	struct nl_msg *message = nlmsg_alloc_simple(RTM_GETLINK, nlflags);
	struct ifinfomsg head = { .ifi_index = ifindex };

	if (message && nlmsg_append(message, &head, sizeof(head), NLMSG_ALIGNTO) >= 0 &&
	    nla_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS) >= 0)
		return message;
	nlmsg_free(message);
	return NULL;
}

struct nl_msg *link_get(uint32_t ifindex)
{
	return get(ifindex, 0);
}

struct nl_msg *link_get_vlans(void)
{
	struct nl_msg *message = get(0, NLM_F_DUMP);
	struct nlattr *nest = message ? nla_nest_start(message, IFLA_LINKINFO) : NULL;

	if (nest && nla_put_string(message, IFLA_INFO_KIND, "vlan") >= 0) {
		nla_nest_end(message, nest);
		return message;
	}
	nlmsg_free(message);
	return NULL;
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
	if (vlan->mtu)
		rtnl_link_set_mtu(link, vlan->mtu);
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

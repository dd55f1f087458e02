// SPDX-License-Identifier: GPL-2.0-or-later
/* VLAN devices: made, changed and removed when they are the ones meant. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/msg.h>

#include "internal.h"

#define CTAG		0x8100
#define STAG		0x88a8
#define ATTEMPTS	5

struct list {
	struct host_vlan *vlans;
	unsigned int num, room;
};

static int add(struct list *list, const struct link *link)
{
	struct host_vlan *vlans = list->vlans, *to;

	if (list->num == list->room) {
		list->room = list->room * 2 + 16;
		vlans = reallocarray(vlans, list->room, sizeof(*vlans));
		if (!vlans)
			return -ENOMEM;
		list->vlans = vlans;
	}
	to = &vlans[list->num++];
	memset(to, 0, sizeof(*to));
	to->ifindex = link->ifindex;
	to->parent = link->on;
	to->protocol = link->protocol;
	to->id = link->id;
	to->mtu = link->mtu;
	to->up = link->flags & HOST_UP;
	memcpy(to->name, link->name, sizeof(to->name));
	return 0;
}

static int take(const struct nlmsghdr *message, void *data)
{
	struct link link;
	int err = link_decode(message, &link);

	if (err)
		return err;
	return link.vlan && link.on ? add(data, &link) : 0;
}

int host_read_vlans(struct host *host, const struct link *on, struct host_vlan **vlans,
		    unsigned int *num)
{
	struct list list = { 0 };
	int err = -EINTR;

	/* A list that changed while it was sent may lack something. */
	for (int i = 0; i < ATTEMPTS && err == -EINTR; i++) {
		host_begin(host);
		list.num = 0;
		err = host_ask_route(host, link_get_vlans(), take, &list);
	}
	if (err) {
		free(list.vlans);
		return err;
	}
	*vlans = list.vlans;
	*num = vlans_on(list.vlans, list.num, on->ifindex, on->name);
	return 0;
}

static const char *word(uint16_t protocol)
{
	return protocol == STAG ? "802.1ad" : "802.1Q";
}

static int check(struct host *host, const struct host_vlan_set *vlan)
{
	size_t len = strnlen(vlan->name, sizeof(vlan->name));

	if (vlan->protocol != CTAG && vlan->protocol != STAG)
		return host_fail(host, -EINVAL, "protocol 0x%04x is neither 802.1Q nor 802.1ad",
				 vlan->protocol);
	if (vlan->id > 4094)
		return host_fail(host, -EINVAL, "VLAN %u is above 4094", vlan->id);
	if (!len || len == sizeof(vlan->name))
		return host_fail(host, -EINVAL, "a VLAN device needs a name of 1 to 15 bytes");
	return 0;
}

static const struct host_vlan *by_name(const struct list *list, const char *name)
{
	for (unsigned int i = 0; i < list->num; i++) {
		if (!strcmp(list->vlans[i].name, name))
			return &list->vlans[i];
	}
	return NULL;
}

static const struct host_vlan *by_tag(const struct list *list, uint32_t parent,
				      const struct host_vlan_set *vlan)
{
	for (unsigned int i = 0; i < list->num; i++) {
		const struct host_vlan *have = &list->vlans[i];

		if (have->parent == parent && have->protocol == vlan->protocol &&
		    have->id == vlan->id)
			return have;
	}
	return NULL;
}

/* 0: no such parent. */
static uint32_t parent_of(const struct list *list, const struct link *netdev, const char *name)
{
	const struct host_vlan *parent;

	if (!*name)
		return netdev->ifindex;
	parent = by_name(list, name);
	return parent ? parent->ifindex : 0;
}

static int begin(struct host *host, const struct host_ref *ref, const struct host_vlan_set *vlan,
		 struct link *netdev, struct list *list)
{
	host_begin(host);
	return check(host, vlan) ?: host_find(host, ref, netdev) ?:
	       host_read_vlans(host, netdev, &list->vlans, &list->num);
}

static int set_up(struct host *host, const struct host_vlan *have)
{
	return host_ask_route(host, link_set_flags(have->ifindex, HOST_UP, HOST_UP), NULL, NULL);
}

/* Whose name is it? */
static int make(struct host *host, uint32_t parent, const struct host_vlan_set *vlan)
{
	int err = host_ask_route(host, link_add_vlan(parent, vlan), NULL, NULL);

	if (err != -EEXIST)
		return err;
	host_begin(host);
	return host_fail(host, err, "there is another interface named %s: rename or remove it",
			 vlan->name);
}

static int add_to(struct host *host, const struct link *netdev, const struct list *list,
		  const struct host_vlan_set *vlan, bool *made)
{
	uint32_t parent = parent_of(list, netdev, vlan->parent);
	const struct host_vlan *have = parent ? by_tag(list, parent, vlan) : NULL;
	int err;

	if (!parent)
		return host_fail(host, -ENOENT, "%s is no VLAN device on %s", vlan->parent,
				 netdev->name);
	if (have && strcmp(have->name, vlan->name))
		return host_fail(host, -EEXIST,
				 "%s VLAN %u of %s is there with the name %s: rename or remove it",
				 word(vlan->protocol), vlan->id, have->parent_name, have->name);
	if (have)
		return vlan->up && !have->up ? set_up(host, have) : 0;
	err = make(host, parent, vlan);
	*made = !err;
	return err;
}

int host_vlan_add(struct host *host, const struct host_ref *ref, const struct host_vlan_set *vlan,
		  bool *made)
{
	struct list list = { 0 };
	struct link netdev;
	bool unused;
	int err = begin(host, ref, vlan, &netdev, &list);

	made = made ?: &unused;
	*made = false;
	if (!err)
		err = add_to(host, &netdev, &list, vlan, made);
	free(list.vlans);
	return err;
}

/* NULL: the one meant is not there. */
static const struct host_vlan *meant(const struct link *netdev, const struct list *list,
				     const struct host_vlan_set *vlan)
{
	uint32_t parent = parent_of(list, netdev, vlan->parent);
	const struct host_vlan *have = parent ? by_tag(list, parent, vlan) : NULL;

	return have && !strcmp(have->name, vlan->name) ? have : NULL;
}

static int change_mtu(struct host *host, const struct link *netdev, const struct list *list,
		      const struct host_vlan_set *vlan, bool *changed)
{
	const struct host_vlan *have = meant(netdev, list, vlan);
	int err;

	if (!have)
		return host_fail(host, -ENOENT, "there is no %s VLAN %u on %s with the name %s",
				 word(vlan->protocol), vlan->id,
				 *vlan->parent ? vlan->parent : netdev->name, vlan->name);
	if (have->mtu == vlan->mtu)
		return 0;
	err = host_ask_route(host, link_set_mtu(have->ifindex, vlan->mtu), NULL, NULL);
	*changed = !err;
	if (err != -ERANGE)
		return err;
	host_begin(host);
	return host_fail(host, err, "mtu %u of %s is above that of %s", vlan->mtu, have->name,
			 have->parent_name);
}

int host_vlan_mtu(struct host *host, const struct host_ref *ref, const struct host_vlan_set *vlan,
		  bool *changed)
{
	struct list list = { 0 };
	struct link netdev;
	bool unused;
	int err = begin(host, ref, vlan, &netdev, &list);

	changed = changed ?: &unused;
	*changed = false;
	if (!err)
		err = change_mtu(host, &netdev, &list, vlan, changed);
	free(list.vlans);
	return err;
}

static int remove_from(struct host *host, const struct link *netdev, const struct list *list,
		       const struct host_vlan_set *vlan, bool *removed)
{
	const struct host_vlan *have = meant(netdev, list, vlan);
	int err;

	if (!have)
		return 0;
	for (unsigned int i = 0; i < list->num; i++) {
		if (list->vlans[i].parent == have->ifindex)
			return host_fail(host, -EBUSY, "%s is on it: remove that first",
					 list->vlans[i].name);
	}
	err = host_ask_route(host, link_delete(have->ifindex), NULL, NULL);
	*removed = !err;
	return err;
}

int host_vlan_del(struct host *host, const struct host_ref *ref, const struct host_vlan_set *vlan,
		  bool *removed)
{
	struct list list = { 0 };
	struct link netdev;
	bool unused;
	int err = begin(host, ref, vlan, &netdev, &list);

	removed = removed ?: &unused;
	*removed = false;
	if (!err)
		err = remove_from(host, &netdev, &list, vlan, removed);
	free(list.vlans);
	return err;
}

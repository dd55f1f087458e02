// SPDX-License-Identifier: GPL-2.0-or-later
/* The netdev meant, and why it is not there. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <netlink/msg.h>

#include "internal.h"

static int take(const struct nlmsghdr *message, void *data)
{
	return link_decode(message, data);
}

/*
 * The folder of a device's netdevs is there as long as it has any, and shows those of this network
 * namespace. 1: one is there, its name in name; 0: all are elsewhere; -ENOENT: none.
 */
static int look(const char *pci, char name[HOST_NAME])
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *folder;
	int found = 0;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/net", pci);
	folder = opendir(path);
	if (!folder)
		return -ENOENT;
	while ((entry = readdir(folder))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(name, HOST_NAME, "%.15s", entry->d_name);
		found = 1;
	}
	closedir(folder);
	return found;
}

/* The index is nobody's, or another device's. */
static int not_there(struct host *host, const struct host_ref *ref)
{
	char name[HOST_NAME];

	host_begin(host);
	if (!*ref->pci)
		return host_fail(host, -ENODEV, "there is no interface with index %u",
				 ref->ifindex);
	switch (look(ref->pci, name)) {
	case 1:
		return host_fail(host, -ENODEV, "interface %u of %s is gone, it has %s now",
				 ref->ifindex, ref->pci, name);
	case 0:
		return host_fail(host, -EXDEV,
				 "the interface of %s is in another network namespace: "
				 "set it there with ip and ethtool",
				 ref->pci);
	}
	return host_fail(host, -ENODEV, "%s has no network interface", ref->pci);
}

int host_find(struct host *host, const struct host_ref *ref, struct link *link)
{
	int err;

	if (!ref->ifindex)
		return not_there(host, ref);
	err = host_ask_route(host, link_get(ref->ifindex), take, link);
	if (err == -ENODEV)
		return not_there(host, ref);
	if (err)
		return err;
	if (*ref->pci && (strcmp(link->bus, "pci") || strcmp(link->device, ref->pci)))
		return not_there(host, ref);
	return 0;
}

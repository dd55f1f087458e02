// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "plan_devices.h"

unsigned int plan_devices_num(const struct setting_value *list)
{
	return list ? list->size / sizeof(struct vlan_device) : 0;
}

/* Those below come first in the list, so that one way through it finds all names. */
static void name_of(const struct vlan_device *all, unsigned int i, const char *netdev,
		    char name[HOST_NAME])
{
	unsigned int ids[8], depth = 0;
	size_t len;

	while (!*all[i].name && all[i].on < i && depth < 8) {
		ids[depth++] = all[i].id;
		i = all[i].on;
	}
	if (*all[i].name)
		snprintf(name, HOST_NAME, "%s", all[i].name);
	else
		snprintf(name, HOST_NAME, "%s.%u", netdev, all[i].id);
	while (depth--) {
		len = strlen(name);
		snprintf(name + len, HOST_NAME - len, ".%u", ids[depth]);
	}
}

void plan_device(const struct setting_value *list, unsigned int i, const char *netdev,
		 struct host_vlan_set *device)
{
	const struct vlan_device *all = list->data;

	memset(device, 0, sizeof(*device));
	device->protocol = all[i].tpid;
	device->id = all[i].id;
	name_of(all, i, netdev, device->name);
	if (all[i].on != VLAN_DEVICE_ON_VF && all[i].on < i)
		name_of(all, all[i].on, netdev, device->parent);
}

/* A name that is left out fits any. */
static bool same(const struct vlan_device *all, unsigned int i, const struct vlan_device *others,
		 unsigned int j)
{
	const struct vlan_device *one = &all[i], *other = &others[j];

	if (one->id != other->id || one->tpid != other->tpid ||
	    (*one->name && *other->name && strcmp(one->name, other->name)))
		return false;
	/* Those below come first, so this ends. */
	if (one->on >= i || other->on >= j)
		return one->on == other->on;
	return same(all, one->on, others, other->on);
}

int plan_devices_find(const struct setting_value *list, const struct setting_value *from,
		      unsigned int i)
{
	for (unsigned int j = 0; j < plan_devices_num(list); j++) {
		if (same(from->data, i, list->data, j))
			return j;
	}
	return -1;
}

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

/* ---- the MTU ---- */

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t mtu_of_vf(const struct plan_input *in)
{
	const struct setting_value *mtu = vf_config_get(in->wanted, SETTING_MTU) ?:
					  vf_config_get(in->live, SETTING_MTU);

	return mtu ? mtu->number : UINT32_MAX;
}

uint32_t plan_device_mtu_now(const struct setting_value *live, const struct setting_value *wanted,
			     unsigned int i)
{
	int now = plan_devices_find(live, wanted, i);

	return now < 0 ? 0 : ((const struct vlan_device *)live->data)[now].mtu;
}

/* One that has no wish and is not there yet is made with that of what it is on. */
static uint32_t mtu_to_be(const struct plan_input *in, unsigned int i)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	const struct vlan_device *device = (const struct vlan_device *)wanted->data + i;
	uint32_t limit = plan_device_limit(in, i);

	uint32_t mtu = device->mtu;

	if (!mtu)
		mtu = plan_device_mtu_now(vf_config_get(in->live, SETTING_VLAN_DEVICES), wanted, i);
	return mtu ? least(mtu, limit) : limit;
}

uint32_t plan_device_limit(const struct plan_input *in, unsigned int i)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	unsigned int on = ((const struct vlan_device *)wanted->data)[i].on;

	return on < i ? mtu_to_be(in, on) : mtu_of_vf(in);
}

uint32_t plan_device_mtu(const struct plan_input *in, unsigned int i)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	uint32_t mtu = ((const struct vlan_device *)wanted->data)[i].mtu;

	return mtu ? least(mtu, plan_device_limit(in, i)) : 0;
}

bool plan_devices_mtu_differs(const struct setting_value *wanted, const struct setting_value *live)
{
	for (unsigned int i = 0; i < plan_devices_num(wanted); i++) {
		uint32_t mtu = ((const struct vlan_device *)wanted->data)[i].mtu;

		if (mtu && plan_devices_find(live, wanted, i) >= 0 &&
		    plan_device_mtu_now(live, wanted, i) != mtu)
			return true;
	}
	return false;
}

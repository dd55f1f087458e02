/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VLAN devices as a configuration lists them (values of SETTING_VLAN_DEVICES, NULL is none) and as the
 * kernel knows them: by name and by the name of what they stand on. Of plans and results alone.
 */
#ifndef IAVFD_PLAN_DEVICES_H
#define IAVFD_PLAN_DEVICES_H

#include "config/config.h"
#include "host/host.h"
#include "plan.h"

unsigned int plan_devices_num(const struct setting_value *list);
/* The i-th of list, of the netdev of that name. */
void plan_device(const struct setting_value *list, unsigned int i, const char *netdev,
		 struct host_vlan_set *device);
/*
 * The i-th of from in list: with the same id, protocol and parent, and the same name unless one has
 * none: a device is made with the name of its VF then, which udev may change. -1: it is not there.
 */
int plan_devices_find(const struct setting_value *list, const struct setting_value *from,
		      unsigned int i);
/* The MTU of the i-th of those wanted, where it is there; 0: it is not, or has one that nobody can say. */
uint32_t plan_device_mtu_now(const struct setting_value *live, const struct setting_value *wanted,
			     unsigned int i);

/* What the i-th of those wanted may have: the MTU of what it is on, as that will be. */
uint32_t plan_device_limit(const struct plan_input *in, unsigned int i);
/* The MTU that it gets, within that limit. 0: it has no wish. */
uint32_t plan_device_mtu(const struct plan_input *in, unsigned int i);
/* Has one that is there another MTU than is said? */
bool plan_devices_mtu_differs(const struct setting_value *wanted, const struct setting_value *live);

#endif

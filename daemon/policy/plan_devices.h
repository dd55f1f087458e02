/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VLAN devices as a configuration lists them (values of SETTING_VLAN_DEVICES, NULL is none) and as the
 * kernel knows them: by name and by the name of what they stand on. Of the plan alone.
 */
#ifndef IAVFD_PLAN_DEVICES_H
#define IAVFD_PLAN_DEVICES_H

#include "config/config.h"
#include "host/host.h"

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

#endif

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
/* Is the i-th of from in list, with the same name, id, protocol and parent? */
bool plan_devices_have(const struct setting_value *list, const struct setting_value *from,
		       unsigned int i, const char *netdev);

#endif

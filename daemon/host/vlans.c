// SPDX-License-Identifier: GPL-2.0-or-later
/* Which VLAN devices stand on a netdev. */
#include <stdio.h>
#include <string.h>

#include "link.h"

static void swap(struct host_vlan *a, struct host_vlan *b)
{
	struct host_vlan c = *a;

	*a = *b;
	*b = c;
}

/* Move those that stand on one to the end of the first kept. */
static unsigned int take_on(struct host_vlan *vlans, unsigned int num, unsigned int kept,
			    uint32_t ifindex, const char *name)
{
	for (unsigned int i = kept; i < num; i++) {
		if (vlans[i].parent != ifindex)
			continue;
		snprintf(vlans[i].parent_name, sizeof(vlans[i].parent_name), "%s", name);
		swap(&vlans[i], &vlans[kept++]);
	}
	return kept;
}

unsigned int vlans_on(struct host_vlan *vlans, unsigned int num, uint32_t ifindex, const char *name)
{
	unsigned int kept = take_on(vlans, num, 0, ifindex, name);

	/* Each one kept may be a parent. Those kept are not looked at again, so this ends. */
	for (unsigned int i = 0; i < kept && kept < num; i++) {
		char below[HOST_NAME];

		memcpy(below, vlans[i].name, sizeof(below));
		kept = take_on(vlans, num, kept, vlans[i].ifindex, below);
	}
	return kept;
}

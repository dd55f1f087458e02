// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

static int copy_list(uint8_t **copy, const uint8_t **list, unsigned int *num, const uint8_t *from,
		     unsigned int num_from)
{
	uint8_t *to = NULL;

	if (num_from) {
		to = malloc(6 * num_from);
		if (!to)
			return -ENOMEM;
		memcpy(to, from, 6 * num_from);
	}
	free(*copy);
	*copy = to;
	*list = to;
	*num = num_from;
	return 0;
}

static int take_lists(struct view *view, const struct vf_snapshot *news)
{
	struct vf_snapshot *all = &view->snapshot;
	int err;

	err = copy_list(&view->unicast, &all->unicast, &all->num_unicast, news->unicast,
			news->num_unicast);
	return err ?: copy_list(&view->multicast, &all->multicast, &all->num_multicast,
				news->multicast, news->num_multicast);
}

static void take_netdev(struct vf_snapshot *all, const struct vf_snapshot *news)
{
	memcpy(all->ifname, news->ifname, sizeof(all->ifname));
	memcpy(all->mac, news->mac, sizeof(all->mac));
	all->ifindex = news->ifindex;
	all->netns = news->netns;
	all->mtu = news->mtu;
	all->max_mtu = news->max_mtu;
	all->features = news->features;
	all->rx_queues = news->rx_queues;
	all->tx_queues = news->tx_queues;
	all->rx_ring = news->rx_ring;
	all->tx_ring = news->tx_ring;
}

static void take_parts(struct vf_snapshot *all, const struct vf_snapshot *news)
{
	if (news->have & VF_HAVE_FLAGS) {
		all->rx_flags = news->rx_flags;
		all->configured = news->configured;
		all->enabled = news->enabled;
		all->committed = news->committed;
	}
	if (news->have & VF_HAVE_VLANS) {
		memcpy(all->vlan_ctag, news->vlan_ctag, sizeof(all->vlan_ctag));
		memcpy(all->vlan_stag, news->vlan_stag, sizeof(all->vlan_stag));
	}
	if (news->have & VF_HAVE_LINK) {
		all->carrier = news->carrier;
		all->link_mbps = news->link_mbps;
	}
	if (news->have & VF_HAVE_NETDEV)
		take_netdev(all, news);
}

/* All but the lists, which stay. */
static void take_whole(struct vf_snapshot *all, const struct vf_snapshot *news)
{
	const struct vf_snapshot old = *all;

	*all = *news;
	all->unicast = old.unicast;
	all->multicast = old.multicast;
	all->num_unicast = old.num_unicast;
	all->num_multicast = old.num_multicast;
}

int view_take(struct view *view, const struct vf_snapshot *news)
{
	struct vf_snapshot *all = &view->snapshot;
	bool whole = news->have & VF_HAVE_ALL;

	if (whole)
		take_whole(all, news);
	else
		take_parts(all, news);
	all->have |= news->have;
	all->generation = news->generation;
	return whole || (news->have & VF_HAVE_ADDRESSES) ? take_lists(view, news) : 0;
}

void view_free(struct view *view)
{
	free(view->unicast);
	free(view->multicast);
}

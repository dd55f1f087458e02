// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "whole.h"

struct iavfctl_vf *whole_copy(const struct iavfctl_vf *vf)
{
	struct whole_vf *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *(const struct whole_vf *)vf;
	copy->vf.pci = copy->pci;
	copy->vf.ifname = vf->ifname ? copy->ifname : NULL;
	copy->vf.degraded = vf->degraded ? copy->degraded : NULL;
	copy->vf.last_error = vf->last_error ? copy->error : NULL;
	copy->vf.reason = vf->reason ? copy->reason : NULL;
	copy->vf.config_reason = vf->config_reason ? copy->config_reason : NULL;
	return &copy->vf;
}

static bool texts_differ(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : a != b;
}

static bool netdevs_differ(const struct iavfctl_vf *a, const struct iavfctl_vf *b)
{
	return texts_differ(a->ifname, b->ifname) || a->ifindex != b->ifindex ||
	       a->netns != b->netns || memcmp(a->mac, b->mac, sizeof(a->mac)) || a->mtu != b->mtu ||
	       a->max_mtu != b->max_mtu || a->rx_queues != b->rx_queues ||
	       a->tx_queues != b->tx_queues || a->rx_ring != b->rx_ring ||
	       a->tx_ring != b->tx_ring || a->carrier != b->carrier ||
	       a->link_mbps != b->link_mbps || a->rx_flags != b->rx_flags ||
	       a->features != b->features;
}

bool whole_differs(const struct iavfctl_vf *a, const struct iavfctl_vf *b)
{
	bool phases = a->have & b->have & IAVFCTL_HAVE_PHASE;
	bool owners = !((a->have | b->have) & IAVFCTL_HAVE_PHASE);

	if (phases && (a->phase != b->phase || a->attempts != b->attempts ||
		       texts_differ(a->reason, b->reason) ||
		       texts_differ(a->config_reason, b->config_reason)))
		return true;
	if (owners && (a->owner_pid != b->owner_pid || a->unresponsive != b->unresponsive ||
		       a->on_absence != b->on_absence || a->grace_ms != b->grace_ms ||
		       a->absent != b->absent))
		return true;
	return a->id != b->id || a->generation != b->generation || a->state != b->state ||
	       a->max_queues != b->max_queues || a->vectors != b->vectors ||
	       a->features_granted != b->features_granted || a->last_errno != b->last_errno ||
	       texts_differ(a->last_error, b->last_error) ||
	       texts_differ(a->degraded, b->degraded) || netdevs_differ(a, b);
}

int whole_by_pci(const void *a, const void *b)
{
	const struct iavfctl_vf *const *left = a, *const *right = b;

	return strcmp((*left)->pci, (*right)->pci);
}

void iavfctl_vf_free(struct iavfctl_vf *vf)
{
	free(vf);
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "decode.h"
#include "vf_rules.h"
#include "whole.h"

static void fill_basics(struct whole_vf *whole, const struct nlattr **tb)
{
	struct iavfctl_vf *vf = &whole->vf;

	vf->id = attr_u32(tb[IAVF_A_VF_ID], 0);
	vf->generation = attr_u32(tb[IAVF_A_VF_GENERATION], 0);
	vf->state = attr_u32(tb[IAVF_A_VF_STATE], 0);
	attr_string(tb[IAVF_A_VF_PCI], whole->pci, sizeof(whole->pci));
	vf->pci = whole->pci;
	if (tb[IAVF_A_VF_DEGRADED]) {
		attr_string(tb[IAVF_A_VF_DEGRADED], whole->degraded, sizeof(whole->degraded));
		vf->degraded = whole->degraded;
	}
	if (tb[IAVF_A_VF_OWNER_PID])
		vf->have |= IAVFCTL_HAVE_OWNER;
	vf->owner_pid = attr_u32(tb[IAVF_A_VF_OWNER_PID], 0);
	vf->unresponsive = tb[IAVF_A_VF_UNRESPONSIVE];
	if (tb[IAVF_A_VF_ON_ABSENCE])
		vf->have |= IAVFCTL_HAVE_ABSENCE;
	vf->on_absence = attr_u32(tb[IAVF_A_VF_ON_ABSENCE], 0);
	vf->grace_ms = attr_u32(tb[IAVF_A_VF_GRACE_MS], 0);
	vf->absent = tb[IAVF_A_VF_ABSENT];
	vf->absent_us = attr_u64(tb[IAVF_A_VF_ABSENT_US], 0);
}

static void fill_netdev(struct whole_vf *whole, const struct nlattr **tb, uint64_t our_netns)
{
	struct iavfctl_vf *vf = &whole->vf;

	if (tb[IAVF_A_VF_MAC]) {
		memcpy(vf->mac, mnl_attr_get_payload(tb[IAVF_A_VF_MAC]), sizeof(vf->mac));
		vf->have |= IAVFCTL_HAVE_MAC;
	}
	if (!tb[IAVF_A_VF_IFNAME] || !tb[IAVF_A_VF_IFINDEX])
		return;
	vf->have |= IAVFCTL_HAVE_NETDEV;
	attr_string(tb[IAVF_A_VF_IFNAME], whole->ifname, sizeof(whole->ifname));
	vf->ifname = whole->ifname;
	vf->ifindex = mnl_attr_get_u32(tb[IAVF_A_VF_IFINDEX]);
	vf->netns = attr_u64(tb[IAVF_A_VF_NETNS], our_netns);
	vf->netns_is_ours = vf->netns == our_netns;
	vf->mtu = attr_u32(tb[IAVF_A_VF_MTU], 0);
}

static void fill_device(struct iavfctl_vf *vf, const struct nlattr **tb)
{
	vf->max_mtu = attr_u32(tb[IAVF_A_VF_MAX_MTU], 0);
	vf->max_queues = attr_u32(tb[IAVF_A_VF_MAX_QUEUES], 0);
	vf->vectors = attr_u32(tb[IAVF_A_VF_VECTORS], 0);
	if (vf->max_mtu || vf->max_queues || vf->vectors)
		vf->have |= IAVFCTL_HAVE_LIMITS;
	vf->rx_queues = attr_u32(tb[IAVF_A_VF_RX_QUEUES], 0);
	vf->tx_queues = attr_u32(tb[IAVF_A_VF_TX_QUEUES], 0);
	vf->rx_ring = attr_u32(tb[IAVF_A_VF_RX_RING], 0);
	vf->tx_ring = attr_u32(tb[IAVF_A_VF_TX_RING], 0);
	if (tb[IAVF_A_VF_RX_QUEUES] && tb[IAVF_A_VF_TX_QUEUES])
		vf->have |= IAVFCTL_HAVE_QUEUES;
	if (tb[IAVF_A_VF_CARRIER]) {
		vf->have |= IAVFCTL_HAVE_CARRIER;
		vf->carrier = mnl_attr_get_u8(tb[IAVF_A_VF_CARRIER]);
	}
	vf->link_mbps = attr_u32(tb[IAVF_A_VF_LINK_MBPS], 0);
	if (vf->link_mbps)
		vf->have |= IAVFCTL_HAVE_LINK_MBPS;
	vf->rx_flags = attr_u32(tb[IAVF_A_VF_RX_FLAGS], 0);
	vf->features = attr_u32(tb[IAVF_A_VF_FEATURES], 0);
	vf->features_granted = attr_u32(tb[IAVF_A_VF_FEATURES_GRANTED], 0);
	if (tb[IAVF_A_VF_FEATURES])
		vf->have |= IAVFCTL_HAVE_FEATURES;
}

static int fill_error(struct whole_vf *whole, const struct nlattr *nest)
{
	const struct nlattr *tb[IAVF_A_ERROR_MAX + 1];
	struct iavfctl_vf *vf = &whole->vf;

	if (!nest)
		return 0;
	if (attrs_parse_nest(nest, error_rules, IAVF_A_ERROR_MAX, tb))
		return -EBADMSG;
	vf->have |= IAVFCTL_HAVE_LAST_ERROR;
	vf->last_errno = attr_u32(tb[IAVF_A_ERROR_ERRNO], 0);
	vf->last_error_age_ms = attr_u32(tb[IAVF_A_ERROR_AGE_MS], 0);
	attr_string(tb[IAVF_A_ERROR_MESSAGE], whole->error, sizeof(whole->error));
	vf->last_error = whole->error;
	return 0;
}

static int fill_counters(struct iavfctl_vf *vf, const struct nlattr *nest)
{
	const struct nlattr *tb[IAVF_A_COUNTERS_MAX + 1];
	struct iavfctl_counters *c = &vf->counters;

	if (!nest)
		return 0;
	if (attrs_parse_nest(nest, counters_rules, IAVF_A_COUNTERS_MAX, tb))
		return -EBADMSG;
	vf->have |= IAVFCTL_HAVE_COUNTERS;
	c->resets = attr_u64(tb[IAVF_A_COUNTERS_RESETS], 0);
	c->mbx_sent = attr_u64(tb[IAVF_A_COUNTERS_MBX_SENT], 0);
	c->mbx_received = attr_u64(tb[IAVF_A_COUNTERS_MBX_RECEIVED], 0);
	c->stale = attr_u64(tb[IAVF_A_COUNTERS_STALE], 0);
	c->overrun = attr_u64(tb[IAVF_A_COUNTERS_OVERRUN], 0);
	c->requests = attr_u64(tb[IAVF_A_COUNTERS_REQUESTS], 0);
	c->requests_failed = attr_u64(tb[IAVF_A_COUNTERS_REQUESTS_FAILED], 0);
	c->sessions = attr_u64(tb[IAVF_A_COUNTERS_SESSIONS], 0);
	c->reset_us = attr_u64(tb[IAVF_A_COUNTERS_RESET_US], 0);
	c->unproven_stops = attr_u64(tb[IAVF_A_COUNTERS_UNPROVEN_STOPS], 0);
	return 0;
}

int vf_decode(const struct nlmsghdr *message, uint64_t our_netns, struct iavfctl_vf **vf)
{
	const size_t head = sizeof(struct genlmsghdr);
	const struct nlattr *tb[IAVF_A_VF_MAX + 1];
	struct whole_vf *whole;
	int err;

	if (mnl_nlmsg_get_payload_len(message) < head ||
	    attrs_parse(mnl_nlmsg_get_payload_offset(message, head),
			mnl_nlmsg_get_payload_len(message) - head, vf_rules, IAVF_A_VF_MAX, tb))
		return -EBADMSG;
	if (!tb[IAVF_A_VF_ID] || !tb[IAVF_A_VF_PCI] || !tb[IAVF_A_VF_STATE])
		return -EBADMSG;
	whole = calloc(1, sizeof(*whole));
	if (!whole)
		return -ENOMEM;
	fill_basics(whole, tb);
	fill_netdev(whole, tb, our_netns);
	fill_device(&whole->vf, tb);
	err = fill_error(whole, tb[IAVF_A_VF_LAST_ERROR]) ?:
	      fill_counters(&whole->vf, tb[IAVF_A_VF_COUNTERS]);
	if (err) {
		free(whole);
		return err;
	}
	*vf = &whole->vf;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The attribute set vf inside messages of the session. */
#include <errno.h>
#include <string.h>

#include "message.h"
#include "vf_rules.h"

static void take_netdev(const struct nlattr **tb, struct vf_snapshot *out)
{
	if (!tb[IAVF_A_VF_IFNAME] && !tb[IAVF_A_VF_IFINDEX] && !tb[IAVF_A_VF_MTU] &&
	    !tb[IAVF_A_VF_MAC])
		return;
	out->have |= VF_HAVE_NETDEV;
	attr_string(tb[IAVF_A_VF_IFNAME], out->ifname, sizeof(out->ifname));
	out->ifindex = attr_u32(tb[IAVF_A_VF_IFINDEX], 0);
	out->netns = attr_u64(tb[IAVF_A_VF_NETNS], 0);
	out->mtu = attr_u32(tb[IAVF_A_VF_MTU], 0);
	if (tb[IAVF_A_VF_MAC])
		memcpy(out->mac, mnl_attr_get_payload(tb[IAVF_A_VF_MAC]), sizeof(out->mac));
	out->rss_configured = tb[IAVF_A_VF_RSS_CONFIGURED];
}

static void take_list(const struct nlattr *attr, const uint8_t **list, unsigned int *num)
{
	if (!attr)
		return;
	*list = mnl_attr_get_payload(attr);
	*num = mnl_attr_get_payload_len(attr) / 6;
}

static void take_wishes(const struct nlattr **tb, struct vf_snapshot *out)
{
	if (tb[IAVF_A_VF_RX_FLAGS]) {
		out->have |= VF_HAVE_FLAGS;
		out->rx_flags = mnl_attr_get_u32(tb[IAVF_A_VF_RX_FLAGS]);
	}
	if (tb[IAVF_A_VF_UNICAST] || tb[IAVF_A_VF_MULTICAST])
		out->have |= VF_HAVE_ADDRESSES;
	take_list(tb[IAVF_A_VF_UNICAST], &out->unicast, &out->num_unicast);
	take_list(tb[IAVF_A_VF_MULTICAST], &out->multicast, &out->num_multicast);
	if (tb[IAVF_A_VF_VLAN_CTAG] || tb[IAVF_A_VF_VLAN_STAG])
		out->have |= VF_HAVE_VLANS;
	if (tb[IAVF_A_VF_VLAN_CTAG])
		memcpy(out->vlan_ctag, mnl_attr_get_payload(tb[IAVF_A_VF_VLAN_CTAG]),
		       VF_VLAN_BYTES);
	if (tb[IAVF_A_VF_VLAN_STAG])
		memcpy(out->vlan_stag, mnl_attr_get_payload(tb[IAVF_A_VF_VLAN_STAG]),
		       VF_VLAN_BYTES);
}

static void take_device(const struct nlattr **tb, struct vf_snapshot *out)
{
	out->state = attr_u32(tb[IAVF_A_VF_STATE], 0);
	out->max_mtu = attr_u32(tb[IAVF_A_VF_MAX_MTU], 0);
	out->max_queues = attr_u32(tb[IAVF_A_VF_MAX_QUEUES], 0);
	out->default_queues = attr_u32(tb[IAVF_A_VF_DEFAULT_QUEUES], 0);
	out->vectors = attr_u32(tb[IAVF_A_VF_VECTORS], 0);
	out->rx_queues = attr_u32(tb[IAVF_A_VF_RX_QUEUES], 0);
	out->tx_queues = attr_u32(tb[IAVF_A_VF_TX_QUEUES], 0);
	out->rx_ring = attr_u32(tb[IAVF_A_VF_RX_RING], 0);
	out->tx_ring = attr_u32(tb[IAVF_A_VF_TX_RING], 0);
	out->features = attr_u32(tb[IAVF_A_VF_FEATURES], 0);
	out->features_granted = attr_u32(tb[IAVF_A_VF_FEATURES_GRANTED], 0);
	out->send_seq = attr_u32(tb[IAVF_A_VF_SEND_SEQ], 0);
	out->recv_seq = attr_u32(tb[IAVF_A_VF_RECV_SEQ], 0);
	out->configured = tb[IAVF_A_VF_CONFIGURED];
	out->enabled = tb[IAVF_A_VF_ENABLED];
	out->committed = tb[IAVF_A_VF_COMMITTED];
	if (!tb[IAVF_A_VF_CARRIER] && !tb[IAVF_A_VF_LINK_MBPS])
		return;
	out->have |= VF_HAVE_LINK;
	out->carrier = tb[IAVF_A_VF_CARRIER] && mnl_attr_get_u8(tb[IAVF_A_VF_CARRIER]);
	out->link_mbps = attr_u32(tb[IAVF_A_VF_LINK_MBPS], 0);
}

static int take_error(const struct nlattr *nest, struct vf_snapshot *out)
{
	const struct nlattr *tb[IAVF_A_ERROR_MAX + 1];

	if (!nest)
		return 0;
	if (attrs_parse_nest(nest, error_rules, IAVF_A_ERROR_MAX, tb))
		return -EBADMSG;
	out->last_errno = attr_u32(tb[IAVF_A_ERROR_ERRNO], 0);
	attr_string(tb[IAVF_A_ERROR_MESSAGE], out->last_error, sizeof(out->last_error));
	return 0;
}

int snapshot_decode(const struct nlattr *nest, struct vf_snapshot *out)
{
	const struct nlattr *tb[IAVF_A_VF_MAX + 1];

	memset(out, 0, sizeof(*out));
	if (attrs_parse_nest(nest, vf_rules, IAVF_A_VF_MAX, tb))
		return -EBADMSG;
	/* Deltas have none. */
	if (tb[IAVF_A_VF_STATE])
		out->have = VF_HAVE_ALL;
	out->id = attr_u32(tb[IAVF_A_VF_ID], 0);
	out->generation = attr_u32(tb[IAVF_A_VF_GENERATION], 0);
	attr_string(tb[IAVF_A_VF_PCI], out->pci, sizeof(out->pci));
	take_netdev(tb, out);
	take_wishes(tb, out);
	take_device(tb, out);
	return take_error(tb[IAVF_A_VF_LAST_ERROR], out);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "switch/switch.h"

#include <stdbool.h>
#include <string.h>

#define MIN_FRAME	14
#define MIN_TAGGED	18
#define ADDRESSES	12
#define TAG_LEN		4

const char *const switch_drop_names[SWITCH_DROP_COUNT] = {
	[SWITCH_DROP_NONE] = "none",
	[SWITCH_DROP_SPOOF_MAC] = "spoof_mac",
	[SWITCH_DROP_SPOOF_VLAN] = "spoof_vlan",
	[SWITCH_DROP_VLAN] = "vlan",
	[SWITCH_DROP_UNKNOWN] = "unknown",
	[SWITCH_DROP_LINK] = "link",
	[SWITCH_DROP_RUNT] = "runt",
};

/* The outermost tag. A priority tag (VID 0) counts as none: the PF has a filter for it. */
struct tag {
	uint16_t tpid, vid;
};

void switch_init(struct sw *sw, struct pf *pf, const struct switch_ops *ops)
{
	memset(sw, 0, sizeof(*sw));
	sw->pf = pf;
	sw->ops = *ops;
}

static bool is_multicast(const uint8_t *mac)
{
	return mac[0] & 1;
}

static bool is_broadcast(const uint8_t *mac)
{
	return (mac[0] & mac[1] & mac[2] & mac[3] & mac[4] & mac[5]) == 0xff;
}

/* What this VSI's PF takes for a tag: in single VLAN mode one type, all else is payload. */
static struct tag parse_tag(const struct pf_vsi *vsi, const uint8_t *frame, size_t len)
{
	uint16_t tpid = frame[12] << 8 | frame[13];
	struct tag none = { 0 };

	if (tpid != 0x8100 && (vsi->single_vlan || (tpid != 0x88a8 && tpid != 0x9100)))
		return none;
	if (len < MIN_TAGGED)
		return none;
	return (struct tag){ tpid, (frame[14] & 0x0f) << 8 | frame[15] };
}

static bool has_bit(const uint8_t *map, unsigned int vid)
{
	return map[vid / 8] >> vid % 8 & 1;
}

static bool vlan_known(const struct pf_vsi *vsi, struct tag tag)
{
	if (!tag.vid)
		return true;
	switch (tag.tpid) {
	case 0x8100:
		return has_bit(vsi->outer_vlan[0], tag.vid) || has_bit(vsi->inner_vlan, tag.vid);
	case 0x88a8:
		return has_bit(vsi->outer_vlan[1], tag.vid);
	default:
		return has_bit(vsi->outer_vlan[2], tag.vid);
	}
}

static bool has_mac(const struct pf_vsi *vsi, const uint8_t *mac)
{
	for (unsigned int i = 0; i < vsi->num_macs; i++) {
		if (!memcmp(vsi->macs[i], mac, 6))
			return true;
	}
	return false;
}

static bool usable(const struct pf_vsi *vsi)
{
	return vsi->enabled && vsi->link_up;
}

/* A port VLAN is the tag; where there can be one only, the guest has none. */
static bool may_send_tag(const struct pf_vsi *vsi, struct tag tag)
{
	if (vsi->port_vlan.outer_tpid)
		return !vsi->single_vlan || !tag.tpid;
	return !vsi->spoof_check || !vsi->vlan_antispoof || vlan_known(vsi, tag);
}

static enum switch_drop check_sender(const struct pf_vsi *vsi, const uint8_t *frame, size_t len)
{
	if (!usable(vsi))
		return SWITCH_DROP_LINK;
	if (len < MIN_FRAME)
		return SWITCH_DROP_RUNT;
	if (vsi->spoof_check && (!has_mac(vsi, frame + 6) || is_multicast(frame + 6)))
		return SWITCH_DROP_SPOOF_MAC;
	/* The spoof check includes VLANs. */
	return may_send_tag(vsi, parse_tag(vsi, frame, len)) ? SWITCH_DROP_NONE :
							      SWITCH_DROP_SPOOF_VLAN;
}

static void count_sent(struct pf_stats *stats, const uint8_t *frame, size_t len)
{
	stats->tx_bytes += len;
	if (is_broadcast(frame))
		stats->tx_broadcast++;
	else if (is_multicast(frame))
		stats->tx_multicast++;
	else
		stats->tx_unicast++;
}

/* ice switches the receive filter off while any promiscuous mode is on. */
static bool vlan_passes(const struct pf_vsi *vsi, struct tag tag)
{
	if (!vsi->vlan_pruning || vsi->unicast_promisc || vsi->multicast_promisc)
		return true;
	return vlan_known(vsi, tag);
}

static bool is_port_vlan(const struct pf_vsi *vsi, struct tag tag)
{
	return tag.tpid == vsi->port_vlan.outer_tpid && tag.vid == vsi->port_vlan.outer_id;
}

static void deliver(struct sw *sw, unsigned int dst, const uint8_t *frame, size_t len)
{
	const struct pf_vsi *vsi = pf_vsi(sw->pf, dst);
	struct tag tag = parse_tag(vsi, frame, len);
	bool port = vsi->port_vlan.outer_tpid;

	if (port ? !is_port_vlan(vsi, tag) : !vlan_passes(vsi, tag)) {
		sw->drops[dst][SWITCH_DROP_VLAN]++;
		return;
	}
	if (port) {
		memcpy(sw->bare, frame, ADDRESSES);
		memcpy(sw->bare + ADDRESSES, frame + ADDRESSES + TAG_LEN,
		       len - ADDRESSES - TAG_LEN);
		frame = sw->bare;
		len -= TAG_LEN;
	}
	sw->ops.deliver(sw->ops.ctx, dst, frame, len);
}

/* The frame as it leaves the VF's port. */
static const uint8_t *put_port_vlan(struct sw *sw, const struct pf_vsi *vsi, const uint8_t *frame,
				    size_t *len)
{
	const struct pf_vlan *port = &vsi->port_vlan;
	const uint8_t tag[TAG_LEN] = {
		port->outer_tpid >> 8, port->outer_tpid & 0xff,
		port->outer_id >> 8, port->outer_id & 0xff,
	};

	if (!port->outer_tpid || *len + TAG_LEN > sizeof(sw->tagged))
		return frame;
	memcpy(sw->tagged, frame, ADDRESSES);
	memcpy(sw->tagged + ADDRESSES, tag, TAG_LEN);
	memcpy(sw->tagged + ADDRESSES + TAG_LEN, frame + ADDRESSES, *len - ADDRESSES);
	*len += TAG_LEN;
	return sw->tagged;
}

static bool wants_by_filter(const struct pf_vsi *vsi, const uint8_t *mac)
{
	return has_mac(vsi, mac);
}

static bool wants_multicast(const struct pf_vsi *vsi, const uint8_t *mac)
{
	return has_mac(vsi, mac) || (!is_broadcast(mac) && vsi->multicast_promisc);
}

static bool wants_unknown(const struct pf_vsi *vsi, const uint8_t *mac)
{
	return vsi->unicast_promisc;
}

/* How many VFs want it, among them those whose link is down. */
static unsigned int forward(struct sw *sw, unsigned int src, const uint8_t *frame, size_t len,
			    bool (*wants)(const struct pf_vsi *vsi, const uint8_t *mac))
{
	unsigned int n = 0;

	for (unsigned int dst = 0; dst < pf_num_vfs(sw->pf); dst++) {
		const struct pf_vsi *vsi = pf_vsi(sw->pf, dst);

		if (dst == src || !vsi->enabled || !wants(vsi, frame))
			continue;
		n++;
		if (vsi->link_up)
			deliver(sw, dst, frame, len);
		else
			sw->drops[src][SWITCH_DROP_LINK]++;
	}
	return n;
}

void switch_transmit(struct sw *sw, unsigned int src, const uint8_t *frame, size_t len)
{
	struct pf_vsi *vsi = pf_vsi(sw->pf, src);
	enum switch_drop drop = check_sender(vsi, frame, len);

	if (drop) {
		sw->drops[src][drop]++;
		if (drop == SWITCH_DROP_LINK)
			vsi->stats.tx_discards++;
		else
			vsi->stats.tx_errors++;
		return;
	}
	count_sent(&vsi->stats, frame, len);
	frame = put_port_vlan(sw, vsi, frame, &len);
	if (is_multicast(frame)) {
		forward(sw, src, frame, len, wants_multicast);
		return;
	}
	/* Own address: the hardware does not loop back, and nobody else has it. */
	if (!forward(sw, src, frame, len, wants_by_filter) &&
	    !forward(sw, src, frame, len, wants_unknown))
		sw->drops[src][SWITCH_DROP_UNKNOWN]++;
}

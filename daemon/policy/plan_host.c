// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps of a plan as data for the worker. */
#include <linux/ethtool.h>
#include <stdio.h>
#include <string.h>

#include "live.h"
#include "plan.h"
#include "plan_devices.h"

static uint32_t number(const struct plan_input *in, enum setting setting, uint32_t as_it_is)
{
	const struct setting_value *value = vf_config_get(in->wanted, setting);

	return value ? value->number : as_it_is;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void channels(const struct plan_input *in, struct host_channels *to)
{
	const struct host_channels *now = &in->host->channels;
	uint32_t rx = number(in, SETTING_RX_QUEUES, now->combined + now->rx);
	uint32_t tx = number(in, SETTING_TX_QUEUES, now->combined + now->tx);

	to->combined = least(rx, tx);
	to->rx = rx - to->combined;
	to->tx = tx - to->combined;
}

static void coalesce(const struct plan_input *in, uint64_t settings, struct host_step *step)
{
	struct host_coalesce *to = &step->coalesce.to;

	*to = in->host->coalesce;
	to->rx_usecs = number(in, SETTING_MODERATION_RX_USECS, to->rx_usecs);
	to->tx_usecs = number(in, SETTING_MODERATION_TX_USECS, to->tx_usecs);
	to->adaptive_rx = number(in, SETTING_MODERATION_RX_ADAPTIVE, to->adaptive_rx);
	to->adaptive_tx = number(in, SETTING_MODERATION_TX_ADAPTIVE, to->adaptive_tx);
	if (settings & PLAN_BIT(SETTING_MODERATION_RX_USECS))
		step->coalesce.which |= HOST_RX_USECS;
	if (settings & PLAN_BIT(SETTING_MODERATION_TX_USECS))
		step->coalesce.which |= HOST_TX_USECS;
	if (settings & PLAN_BIT(SETTING_MODERATION_RX_ADAPTIVE))
		step->coalesce.which |= HOST_ADAPTIVE_RX;
	if (settings & PLAN_BIT(SETTING_MODERATION_TX_ADAPTIVE))
		step->coalesce.which |= HOST_ADAPTIVE_TX;
}

/* Those that the netdev does not have at all are asked for too when it has none: the kernel says why not. */
static void feature(const struct plan_input *in, enum setting setting, struct host_step *step)
{
	bool any = live_feature(in->host, setting) >= 0;

	for (const char *const *name = setting_type(setting)->features; *name; name++) {
		const struct host_feature *has = host_feature(in->host, *name);
		struct host_feature_set *to = &step->features.to[step->features.num];

		if ((any && (!has || !has->hw || has->fixed)) ||
		    step->features.num == HOST_FEATURES_MAX)
			continue;
		snprintf(to->name, sizeof(to->name), "%s", *name);
		to->on = number(in, setting, 0);
		step->features.num++;
	}
}

static void features(const struct plan_input *in, uint64_t settings, struct host_step *step)
{
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (settings & PLAN_BIT(i))
			feature(in, i, step);
	}
}

static void rss(const struct plan_input *in, uint64_t settings, struct host_step *step)
{
	const struct setting_value *key = vf_config_get(in->wanted, SETTING_RSS_KEY);
	uint64_t table = PLAN_BIT(SETTING_RSS_TABLE) | PLAN_BIT(SETTING_RSS_WEIGHTS) |
			 PLAN_BIT(SETTING_RSS_EQUAL);
	struct host_rss *to = &step->rss.to;

	*to = in->host->rss;
	if ((settings & PLAN_BIT(SETTING_RSS_KEY)) && key && key->size <= sizeof(to->key)) {
		step->rss.which |= HOST_RSS_KEY;
		to->key_len = key->size;
		memcpy(to->key, key->data, key->size);
	}
	if ((settings & table) &&
	    !live_rss_table(in->wanted, to->table_len,
			    number(in, SETTING_RX_QUEUES, in->host->channels.combined +
				   in->host->channels.rx), to->table))
		step->rss.which |= HOST_RSS_TABLE;
	else if (settings & table)
		step->rss.which |= HOST_RSS_TABLE_DEFAULT;
	if (settings & PLAN_BIT(SETTING_RSS_HASH_FUNCTION)) {
		step->rss.which |= HOST_RSS_SYMMETRIC;
		to->symmetric = number(in, SETTING_RSS_HASH_FUNCTION, to->symmetric);
	}
}

static void flags(const struct plan_input *in, uint64_t settings, struct host_step *step)
{
	if (settings & PLAN_BIT(SETTING_PROMISC))
		step->flags.mask |= HOST_PROMISC;
	if (settings & PLAN_BIT(SETTING_ALLMULTI))
		step->flags.mask |= HOST_ALLMULTI;
	if (number(in, SETTING_PROMISC, 0))
		step->flags.values |= HOST_PROMISC;
	if (number(in, SETTING_ALLMULTI, 0))
		step->flags.values |= HOST_ALLMULTI;
}

/* On a device that is there under another name than we would give it. */
static void vlan_add(const struct plan_input *in, unsigned int which, struct host_vlan_set *device)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	const struct setting_value *live = vf_config_get(in->live, SETTING_VLAN_DEVICES);
	unsigned int on = ((const struct vlan_device *)wanted->data)[which].on;
	int below = on == VLAN_DEVICE_ON_VF ? -1 : plan_devices_find(live, wanted, on);
	struct host_vlan_set parent;

	plan_device(wanted, which, in->host->name, device);
	device->up = in->host->flags & HOST_UP;
	device->mtu = plan_device_mtu(in, which);
	if (below < 0)
		return;
	plan_device(live, below, in->host->name, &parent);
	snprintf(device->parent, sizeof(device->parent), "%s", parent.name);
}

/* Of the device as it is called now. */
static void vlan_mtu(const struct plan_input *in, unsigned int which, struct host_vlan_set *device)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	const struct setting_value *live = vf_config_get(in->live, SETTING_VLAN_DEVICES);

	plan_device(live, plan_devices_find(live, wanted, which), in->host->name, device);
	device->mtu = plan_device_mtu(in, which);
}

void plan_host_step(const struct plan *plan, unsigned int i, const struct plan_input *in,
		    struct host_step *step)
{
	const struct plan_step *from = plan_step(plan, i);

	switch (from->op) {
	case HOST_OP_CHANNELS:
		channels(in, &step->channels);
		break;
	case HOST_OP_RINGS:
		step->rings.rx = number(in, SETTING_RX_RING, in->host->rings.rx);
		step->rings.tx = number(in, SETTING_TX_RING, in->host->rings.tx);
		break;
	case HOST_OP_MTU:
		step->mtu = number(in, SETTING_MTU, 0);
		break;
	case HOST_OP_MAC:
		memcpy(step->mac, vf_config_get(in->wanted, SETTING_MAC)->data, 6);
		break;
	case HOST_OP_FEATURES:
		features(in, from->settings, step);
		break;
	case HOST_OP_RSS:
		rss(in, from->settings, step);
		break;
	case HOST_OP_HASH_FIELDS:
		step->hash.flow = from->which;
		step->hash.fields = number(in, SETTING_RSS_FIELDS_TCP4 + from->which, 0);
		break;
	case HOST_OP_COALESCE:
		coalesce(in, from->settings, step);
		break;
	case HOST_OP_FLAGS:
		flags(in, from->settings, step);
		break;
	case HOST_OP_VLAN_ADD:
		vlan_add(in, from->which, &step->vlan);
		break;
	case HOST_OP_VLAN_MTU:
		vlan_mtu(in, from->which, &step->vlan);
		break;
	case HOST_OP_VLAN_DEL:
		plan_device(vf_config_get(in->live, SETTING_VLAN_DEVICES), from->which, in->host->name,
			    &step->vlan);
		break;
	default:
		break;
	}
}

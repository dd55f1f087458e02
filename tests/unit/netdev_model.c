// SPDX-License-Identifier: GPL-2.0-or-later
#include "netdev_model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/live.h"

#define QUEUES	16
#define TABLE	64

/* Features of the kernel behind all settings, switched on, and one that is fixed. */
static void init_features(struct host_state *host)
{
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		const char *const *names = setting_type(i)->features;

		for (; names && *names; names++) {
			struct host_feature *feature = &host->features[host->num_features++];

			snprintf(feature->name, sizeof(feature->name), "%s", *names);
			feature->hw = feature->wanted = feature->active = true;
		}
	}
}

static void default_table(struct netdev_model *model)
{
	struct host_state *host = &model->host;

	model->table_set = false;
	for (unsigned int i = 0; i < TABLE; i++)
		host->rss.table[i] = i % (host->channels.combined + host->channels.rx);
}

void netdev_model_init(struct netdev_model *model, const char *pci)
{
	struct host_state *host = &model->host;

	memset(model, 0, sizeof(*model));
	snprintf(model->pci, sizeof(model->pci), "%s", pci);
	snprintf(host->name, sizeof(host->name), "eth0");
	host->ifindex = 3;
	host->mtu = 1500;
	host->max_mtu = 9702;
	memcpy(host->mac, (uint8_t[]){ 2, 0, 0, 0, 0, 1 }, 6);
	host->flags = HOST_UP;
	host->have = HOST_HAVE_CHANNELS | HOST_HAVE_RINGS | HOST_HAVE_COALESCE |
		     HOST_HAVE_ADAPTIVE_RX | HOST_HAVE_ADAPTIVE_TX | HOST_HAVE_FEATURES |
		     HOST_HAVE_RSS | HOST_HAVE_XFRM;
	host->channels = (struct host_channels) { 4, 0, 0, QUEUES, QUEUES, QUEUES };
	host->rings = (struct host_rings) { 512, 512, 4096, 4096 };
	host->coalesce = (struct host_coalesce) { 50, 50, true, true };
	host->rss.key_len = 52;
	host->rss.table_len = TABLE;
	for (unsigned int i = 0; i < HOST_NUM_FLOWS; i++)
		host->hash_fields[i] = HOST_SRC_IP | HOST_DST_IP;
	init_features(host);
	default_table(model);
	model->policy = vf_config_new();
}

void netdev_model_free(struct netdev_model *model)
{
	free(model->host.vlans);
	vf_config_free(model->policy);
}

static struct host_state *copy(const struct host_state *host)
{
	struct host_state *to = malloc(sizeof(*to));

	*to = *host;
	to->vlans = calloc(host->num_vlans + 1, sizeof(*to->vlans));
	for (unsigned int i = 0; i < host->num_vlans; i++)
		to->vlans[i] = host->vlans[i];
	return to;
}

static struct live_vf live_of(const struct netdev_model *model)
{
	struct live_vf vf = {
		.mtu = model->host.mtu, .rss_is_default = !model->table_set,
		.policy = model->policy,
	};

	memcpy(vf.mac, model->host.mac, 6);
	return vf;
}

int netdev_model_look(const struct netdev_model *model, struct txn_look *look)
{
	struct live_vf vf = live_of(model);

	memset(look, 0, sizeof(*look));
	if (model->gone)
		return -ENODEV;
	look->queues_granted = QUEUES;
	if (!model->elsewhere)
		look->host = copy(&model->host);
	return live_config(look->host, &vf, &look->live);
}

static int set_channels(struct netdev_model *model, const struct host_channels *to)
{
	struct host_channels *has = &model->host.channels;
	unsigned int rx = to->combined + to->rx;

	if (to->combined + to->rx > QUEUES || to->combined + to->tx > QUEUES)
		return -EINVAL;
	for (unsigned int i = 0; model->table_set && i < TABLE; i++) {
		if (model->host.rss.table[i] >= rx)
			return -EINVAL;
	}
	has->combined = to->combined;
	has->rx = to->rx;
	has->tx = to->tx;
	if (!model->table_set)
		default_table(model);
	return 0;
}

static int set_features(struct host_state *host, const struct host_step *step)
{
	for (unsigned int i = 0; i < step->features.num; i++) {
		const struct host_feature *feature = host_feature(host, step->features.to[i].name);

		if (!feature)
			return -EOPNOTSUPP;
		host->features[feature - host->features].wanted = step->features.to[i].on;
		host->features[feature - host->features].active = step->features.to[i].on;
	}
	return 0;
}

static void set_coalesce(struct host_coalesce *has, const struct host_step *step)
{
	const struct host_coalesce *to = &step->coalesce.to;

	if (step->coalesce.which & HOST_RX_USECS)
		has->rx_usecs = to->rx_usecs;
	if (step->coalesce.which & HOST_TX_USECS)
		has->tx_usecs = to->tx_usecs;
	if (step->coalesce.which & HOST_ADAPTIVE_RX)
		has->adaptive_rx = to->adaptive_rx;
	if (step->coalesce.which & HOST_ADAPTIVE_TX)
		has->adaptive_tx = to->adaptive_tx;
}

static int set_rss(struct netdev_model *model, const struct host_step *step)
{
	struct host_rss *has = &model->host.rss;
	const struct host_rss *to = &step->rss.to;

	if (step->rss.which & HOST_RSS_TABLE) {
		for (unsigned int i = 0; i < TABLE; i++) {
			if (to->table[i] >= model->host.channels.combined + model->host.channels.rx)
				return -EINVAL;
		}
		memcpy(has->table, to->table, sizeof(has->table));
		model->table_set = true;
	}
	if (step->rss.which & HOST_RSS_TABLE_DEFAULT)
		default_table(model);
	if (step->rss.which & HOST_RSS_KEY)
		memcpy(has->key, to->key, sizeof(has->key));
	if (step->rss.which & HOST_RSS_SYMMETRIC)
		has->symmetric = to->symmetric;
	return 0;
}

static struct host_vlan *vlan_named(struct host_state *host, const char *name)
{
	for (unsigned int i = 0; i < host->num_vlans; i++) {
		if (!strcmp(host->vlans[i].name, name))
			return &host->vlans[i];
	}
	return NULL;
}

static uint32_t mtu_below(const struct host_state *host, const struct host_vlan *vlan)
{
	for (unsigned int i = 0; i < host->num_vlans; i++) {
		if (host->vlans[i].ifindex == vlan->parent)
			return host->vlans[i].mtu;
	}
	return host->mtu;
}

/* Down with what they are on, and never up. */
static void clamp_vlans(struct host_state *host)
{
	bool again = true;

	while (again) {
		again = false;
		for (unsigned int i = 0; i < host->num_vlans; i++) {
			uint32_t below = mtu_below(host, &host->vlans[i]);

			again = again || host->vlans[i].mtu > below;
			if (host->vlans[i].mtu > below)
				host->vlans[i].mtu = below;
		}
	}
}

static int set_vlan_mtu(struct host_state *host, const struct host_vlan_set *set)
{
	struct host_vlan *vlan = vlan_named(host, set->name);

	if (!vlan)
		return -ENOENT;
	if (set->mtu > mtu_below(host, vlan))
		return -ERANGE;
	vlan->mtu = set->mtu;
	clamp_vlans(host);
	return 0;
}

static int add_vlan(struct host_state *host, const struct host_vlan_set *set)
{
	const struct host_vlan *parent = *set->parent ? vlan_named(host, set->parent) : NULL;
	static uint32_t ifindex = 100;
	struct host_vlan *vlan;

	if (*set->parent && !parent)
		return -ENOENT;
	for (unsigned int i = 0; i < host->num_vlans; i++) {
		const struct host_vlan *has = &host->vlans[i];

		if (!strcmp(has->name, set->name) ||
		    (has->parent == (parent ? parent->ifindex : host->ifindex) &&
		     has->id == set->id && has->protocol == set->protocol))
			return -EEXIST;
	}
	if (set->mtu > (parent ? parent->mtu : host->mtu))
		return -EINVAL;
	host->vlans = realloc(host->vlans, (host->num_vlans + 1) * sizeof(*host->vlans));
	parent = *set->parent ? vlan_named(host, set->parent) : NULL;
	vlan = &host->vlans[host->num_vlans];
	*vlan = (struct host_vlan) {
		.ifindex = ifindex++, .parent = parent ? parent->ifindex : host->ifindex,
		.protocol = set->protocol, .id = set->id, .up = set->up,
		.mtu = set->mtu ?: parent ? parent->mtu : host->mtu,
	};
	snprintf(vlan->name, sizeof(vlan->name), "%s", set->name);
	host->num_vlans++;
	return 0;
}

static int del_vlan(struct host_state *host, const struct host_vlan_set *set)
{
	struct host_vlan *vlan = vlan_named(host, set->name);

	if (!vlan)
		return 0;
	for (unsigned int i = 0; i < host->num_vlans; i++) {
		if (host->vlans[i].parent == vlan->ifindex)
			return -EBUSY;
	}
	memmove(vlan, vlan + 1, (char *)&host->vlans[--host->num_vlans] - (char *)vlan);
	return 0;
}

int netdev_model_step(struct netdev_model *model, const struct host_step *step)
{
	struct host_state *host = &model->host;

	if (model->gone)
		return -ENODEV;
	switch (step->op) {
	case HOST_OP_MTU:
		if (step->mtu > host->max_mtu)
			return -EINVAL;
		host->mtu = step->mtu;
		clamp_vlans(host);
		return 0;
	case HOST_OP_MAC:
		memcpy(host->mac, step->mac, 6);
		return 0;
	case HOST_OP_FLAGS:
		host->flags = (host->flags & ~step->flags.mask) |
			      (step->flags.values & step->flags.mask);
		return 0;
	case HOST_OP_CHANNELS:
		return set_channels(model, &step->channels);
	case HOST_OP_RINGS:
		host->rings.rx = step->rings.rx;
		host->rings.tx = step->rings.tx;
		return 0;
	case HOST_OP_COALESCE:
		set_coalesce(&host->coalesce, step);
		return 0;
	case HOST_OP_FEATURES:
		return set_features(host, step);
	case HOST_OP_RSS:
		return set_rss(model, step);
	case HOST_OP_HASH_FIELDS:
		host->hash_fields[step->hash.flow] = step->hash.fields;
		return 0;
	case HOST_OP_VLAN_ADD:
		return add_vlan(host, &step->vlan);
	case HOST_OP_VLAN_DEL:
		return del_vlan(host, &step->vlan);
	case HOST_OP_VLAN_MTU:
		return set_vlan_mtu(host, &step->vlan);
	default:
		return -EINVAL;
	}
}

int netdev_model_policy(struct netdev_model *model, uint64_t settings, const struct vf_config *to)
{
	if (model->gone)
		return -ENODEV;
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		const struct setting_value *value = vf_config_get(to, i);

		if (!(settings & PLAN_BIT(i)))
			continue;
		if (value)
			vf_config_set(model->policy, i, value, NULL);
		else
			vf_config_unset(model->policy, i);
	}
	return 0;
}

char *netdev_model_print(const struct netdev_model *model)
{
	struct live_vf vf = live_of(model);
	struct vf_config *live;
	char *text;

	if (live_config(&model->host, &vf, &live))
		return NULL;
	text = vf_config_print(live);
	vf_config_free(live);
	return text;
}

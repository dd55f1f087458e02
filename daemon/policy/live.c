// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/ethtool.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"

static int set_bytes(struct vf_config *to, enum setting setting, const void *data, size_t size)
{
	struct setting_value value = { .size = size, .data = (void *)data };

	return vf_config_set(to, setting, &value, NULL);
}

static int set_number(struct vf_config *to, enum setting setting, uint32_t number)
{
	struct setting_value value = { .number = number };

	return vf_config_set(to, setting, &value, NULL);
}

struct number {
	enum setting setting;
	uint32_t value;
};

static int set_numbers(struct vf_config *to, const struct number *numbers, unsigned int num)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < num; i++)
		err = set_number(to, numbers[i].setting, numbers[i].value);
	return err;
}

#define SET(to, ...) \
	set_numbers(to, (const struct number[]){ __VA_ARGS__ }, \
		    sizeof((const struct number[]){ __VA_ARGS__ }) / sizeof(struct number))

static int queues(const struct host_state *host, struct vf_config *to)
{
	const struct host_channels *have = &host->channels;

	if (!(host->have & HOST_HAVE_CHANNELS))
		return 0;
	return SET(to, { SETTING_RX_QUEUES, have->combined + have->rx },
		   { SETTING_TX_QUEUES, have->combined + have->tx });
}

static int rings(const struct host_state *host, struct vf_config *to)
{
	if (!(host->have & HOST_HAVE_RINGS))
		return 0;
	return SET(to, { SETTING_RX_RING, host->rings.rx }, { SETTING_TX_RING, host->rings.tx });
}

static int moderation(const struct host_state *host, struct vf_config *to)
{
	const struct host_coalesce *now = &host->coalesce;
	int err = 0;

	if (host->have & HOST_HAVE_COALESCE)
		err = SET(to, { SETTING_MODERATION_RX_USECS, now->rx_usecs },
			  { SETTING_MODERATION_TX_USECS, now->tx_usecs });
	if (!err && (host->have & HOST_HAVE_ADAPTIVE_RX))
		err = set_number(to, SETTING_MODERATION_RX_ADAPTIVE, now->adaptive_rx);
	if (!err && (host->have & HOST_HAVE_ADAPTIVE_TX))
		err = set_number(to, SETTING_MODERATION_TX_ADAPTIVE, now->adaptive_tx);
	return err;
}

/* On when one of those behind it is: then it can be switched off. */
int live_feature(const struct host_state *host, enum setting setting)
{
	int on = -ENOENT;

	for (const char *const *name = setting_type(setting)->features; name && *name; name++) {
		const struct host_feature *feature = host_feature(host, *name);

		if (feature && feature->hw && !feature->fixed)
			on = on > 0 || feature->wanted;
	}
	return on;
}

static int features(const struct host_state *host, struct vf_config *to)
{
	int err = 0;

	if (!(host->have & HOST_HAVE_FEATURES))
		return 0;
	for (unsigned int i = 0; !err && i < SETTING_NUM_VF; i++) {
		int on = setting_type(i)->features ? live_feature(host, i) : -ENOENT;

		if (on >= 0)
			err = set_number(to, i, on);
	}
	return err;
}

static int rss(const struct host_state *host, const struct live_vf *vf, struct vf_config *to)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < HOST_NUM_FLOWS; i++) {
		if (host->hash_fields[i] >= 0)
			err = set_number(to, SETTING_RSS_FIELDS_TCP4 + i, host->hash_fields[i]);
	}
	if (err || !(host->have & HOST_HAVE_RSS))
		return err;
	if (host->rss.key_len)
		err = set_bytes(to, SETTING_RSS_KEY, host->rss.key, host->rss.key_len);
	if (!err && host->rss.table_len && !vf->rss_is_default)
		err = set_bytes(to, SETTING_RSS_TABLE, host->rss.table,
				host->rss.table_len * sizeof(host->rss.table[0]));
	if (!err && (host->have & HOST_HAVE_XFRM))
		err = set_number(to, SETTING_RSS_HASH_FUNCTION, host->rss.symmetric);
	return err;
}

static unsigned int below(const struct host_state *host, uint32_t parent)
{
	for (unsigned int i = 0; i < host->num_vlans; i++) {
		if (host->vlans[i].ifindex == parent)
			return i;
	}
	return VLAN_DEVICE_ON_VF;
}

static int devices(const struct host_state *host, struct vf_config *to)
{
	struct vlan_device *all = calloc(host->num_vlans ?: 1, 2 * sizeof(*all));
	struct vlan_device *sorted = all + host->num_vlans;
	int err;

	if (!all)
		return -ENOMEM;
	for (unsigned int i = 0; i < host->num_vlans; i++) {
		all[i].id = host->vlans[i].id;
		all[i].tpid = host->vlans[i].protocol;
		all[i].on = below(host, host->vlans[i].parent);
		if (vlan_device_mtu_good(host->vlans[i].mtu))
			all[i].mtu = host->vlans[i].mtu;
		memcpy(all[i].name, host->vlans[i].name, sizeof(all[i].name));
	}
	vlan_devices_sort(all, host->num_vlans, sorted);
	err = set_bytes(to, SETTING_VLAN_DEVICES, sorted, host->num_vlans * sizeof(*all));
	free(all);
	return err;
}

static int netdev(const struct host_state *host, const struct live_vf *vf, struct vf_config *to)
{
	int err = SET(to, { SETTING_PROMISC, !!(host->flags & HOST_PROMISC) },
		      { SETTING_ALLMULTI, !!(host->flags & HOST_ALLMULTI) });

	if (!err)
		err = queues(host, to);
	if (!err)
		err = rings(host, to);
	if (!err)
		err = moderation(host, to);
	if (!err)
		err = features(host, to);
	if (!err)
		err = rss(host, vf, to);
	return err ?: devices(host, to);
}

/*
 * What no policy says is so all the same: every VLAN may be added, none is a filter. Said, it can
 * be compared with a wish for just that.
 */
static int maps(struct vf_config *to)
{
	uint8_t all[SETTING_IDS_SIZE], none[SETTING_IDS_SIZE] = { 0 };
	int err = 0;

	memset(all, 0xff, sizeof(all));
	all[0] = 0xfe;
	all[SETTING_IDS_SIZE - 1] = 0x7f;
	for (unsigned int i = SETTING_VLAN_FILTERS_CTAG; !err && i <= SETTING_VLAN_ALLOWED_STAG; i++) {
		if (!vf_config_get(to, i))
			err = set_bytes(to, i, i < SETTING_VLAN_ALLOWED_CTAG ? none : all,
					sizeof(all));
	}
	return err;
}

int live_config(const struct host_state *host, const struct live_vf *vf, struct vf_config **live)
{
	struct vf_config *to = vf_config_new();
	int err;

	if (!to)
		return -ENOMEM;
	err = set_bytes(to, SETTING_MAC, host ? host->mac : vf->mac, 6);
	if (!err)
		err = set_number(to, SETTING_MTU, host ? host->mtu : vf->mtu);
	if (!err && host)
		err = netdev(host, vf, to);
	if (!err && vf->policy)
		err = vf_config_merge(to, vf->policy);
	if (!err && vf->policy)
		err = maps(to);
	if (err) {
		vf_config_free(to);
		return err;
	}
	*live = to;
	return 0;
}

static int spread(const uint16_t *weights, unsigned int num, unsigned int table_len,
		  unsigned int queues, uint16_t *table)
{
	unsigned int sum = 0, given = 0, at = 0;

	for (unsigned int i = 0; i < num; i++) {
		if (weights[i] && i >= queues)
			return -EINVAL;
		sum += weights[i];
	}
	if (!sum)
		return -EINVAL;
	/* As ethtool -X weight does it: each queue up to its share of all before and itself. */
	for (unsigned int i = 0; i < num; i++) {
		given += weights[i];
		while (at < (uint64_t)table_len * given / sum)
			table[at++] = i;
	}
	return 0;
}

int live_rss_table(const struct vf_config *wanted, unsigned int table_len, unsigned int queues,
		   uint16_t *table)
{
	const struct setting_value *value = vf_config_get(wanted, SETTING_RSS_TABLE);
	unsigned int num;

	if (value) {
		num = value->size / sizeof(uint16_t);
		if (num != table_len)
			return -EINVAL;
		memcpy(table, value->data, value->size);
		for (unsigned int i = 0; i < num; i++) {
			if (table[i] >= queues)
				return -EINVAL;
		}
		return 0;
	}
	value = vf_config_get(wanted, SETTING_RSS_WEIGHTS);
	if (value)
		return spread(value->data, value->size / sizeof(uint16_t), table_len, queues, table);
	value = vf_config_get(wanted, SETTING_RSS_EQUAL);
	if (!value || value->number > queues)
		return -EINVAL;
	for (unsigned int i = 0; i < table_len; i++)
		table[i] = i % value->number;
	return 0;
}

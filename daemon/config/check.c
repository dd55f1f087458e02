// SPDX-License-Identifier: GPL-2.0-or-later
/* Values that are right each, and not together. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#define TPID_STAG	0x88a8

static const uint32_t *number(const struct vf_config *config, enum setting setting)
{
	const struct setting_value *value = vf_config_get(config, setting);

	return value ? &value->number : NULL;
}

static bool is_on(const struct vf_config *config, enum setting setting)
{
	const uint32_t *on = number(config, setting);

	return on && *on;
}

/* "FILE:LINE:COLUMN: PATH: ..., but PATH (FILE:LINE:COLUMN) ..." */
__attribute__((format(printf, 4, 5)))
static char *sentence(const struct vf_config *config, enum setting setting, enum setting other,
		      const char *format, ...)
{
	const struct setting_origin *at = vf_config_origin(config, setting);
	const struct setting_origin *there = vf_config_origin(config, other);
	char path[SETTING_PATH_MAX + 8], *text;
	struct config_error error = {
		.file = (char *)(at->file ?: ""), .line = at->line, .column = at->column,
		.path = path,
	};
	va_list args;

	snprintf(path, sizeof(path), "config.%s", setting_type(setting)->path);
	va_start(args, format);
	if (vasprintf(&error.message, format, args) < 0)
		error.message = NULL;
	va_end(args);
	if (error.message && there->file && *there->file) {
		char *with = NULL;

		if (asprintf(&with, "%s (%s:%u:%u)", error.message, there->file, there->line,
			     there->column) >= 0) {
			free(error.message);
			error.message = with;
		}
	}
	text = config_error_text(&error);
	free(error.message);
	return text;
}

/* Of rss.table and the like: how many queues they are about. */
static uint32_t queues_of(const struct vf_config *config, enum setting setting)
{
	const struct setting_value *value = vf_config_get(config, setting);
	const uint16_t *numbers = value->data;
	uint32_t most = 0;

	if (setting == SETTING_RSS_EQUAL)
		return value->number;
	if (setting == SETTING_RSS_WEIGHTS)
		return value->size / sizeof(*numbers);
	for (size_t i = 0; i < value->size / sizeof(*numbers); i++) {
		if (numbers[i] >= most)
			most = numbers[i] + 1;
	}
	return most;
}

static char *check_rss(const struct vf_config *config)
{
	const uint32_t *rx = number(config, SETTING_RX_QUEUES);

	for (enum setting i = SETTING_RSS_TABLE; rx && i <= SETTING_RSS_EQUAL; i++) {
		if (vf_config_get(config, i) && queues_of(config, i) > *rx)
			return sentence(config, i, SETTING_RX_QUEUES,
					"it is about %u queues, but rx_queues is %u",
					queues_of(config, i), *rx);
	}
	return NULL;
}

static char *check_queues(const struct vf_config *config)
{
	const uint32_t *max = number(config, SETTING_MAX_QUEUES);

	for (enum setting i = SETTING_RX_QUEUES; max && i <= SETTING_TX_QUEUES; i++) {
		if (number(config, i) && *number(config, i) > *max)
			return sentence(config, i, SETTING_MAX_QUEUES,
					"it is %u, but max_queues is %u", *number(config, i), *max);
	}
	return NULL;
}

/* The ids that filters and devices need on the VF itself. */
static void needed(const struct vf_config *config, bool stag, uint8_t *bitmap, bool devices)
{
	const struct setting_value *value = vf_config_get(config, devices ? SETTING_VLAN_DEVICES :
		stag ? SETTING_VLAN_FILTERS_STAG : SETTING_VLAN_FILTERS_CTAG);
	const struct vlan_device *device;

	for (size_t i = 0; value && !devices && i < SETTING_IDS_SIZE; i++)
		bitmap[i] |= ((const uint8_t *)value->data)[i];
	if (!value || !devices)
		return;
	device = value->data;
	for (size_t i = 0; i < value->size / sizeof(*device); i++) {
		if (device[i].on == VLAN_DEVICE_ON_VF && (device[i].tpid == TPID_STAG) == stag)
			bitmap[device[i].id / 8] |= 1u << device[i].id % 8;
	}
}

static char *check_allowed(const struct vf_config *config, bool stag, bool devices)
{
	enum setting which = stag ? SETTING_VLAN_ALLOWED_STAG : SETTING_VLAN_ALLOWED_CTAG;
	enum setting from = devices ? SETTING_VLAN_DEVICES :
			    stag ? SETTING_VLAN_FILTERS_STAG : SETTING_VLAN_FILTERS_CTAG;
	const struct setting_value *allowed = vf_config_get(config, which);
	uint8_t bitmap[SETTING_IDS_SIZE] = { 0 };

	if (!allowed)
		return NULL;
	needed(config, stag, bitmap, devices);
	for (unsigned int id = 0; id < 8 * SETTING_IDS_SIZE; id++) {
		if (bitmap[id / 8] & 1u << id % 8 && !setting_ids_has(allowed, id))
			return sentence(config, from, which, "id %u is not in %s", id,
					setting_type(which)->path);
	}
	return NULL;
}

static char *check_budget(const struct vf_config *config)
{
	const uint32_t *budget = number(config, SETTING_VLAN_BUDGET);
	uint8_t bitmap[2][SETTING_IDS_SIZE] = { 0 };
	uint32_t n = 0;

	for (unsigned int i = 0; i < 4; i++)
		needed(config, i & 1, bitmap[i & 1], i & 2);
	for (size_t i = 0; i < SETTING_IDS_SIZE; i++)
		n += __builtin_popcount(bitmap[0][i]) + __builtin_popcount(bitmap[1][i]);
	if (!budget || n <= *budget)
		return NULL;
	return sentence(config, SETTING_VLAN_BUDGET, SETTING_VLAN_BUDGET,
			"it is %u, but filters and devices are %u VLANs", *budget, n);
}

/* What the driver never has on together. */
static char *check_features(const struct vf_config *config)
{
	static const enum setting never[][2] = {
		{ SETTING_FEATURE_KEEP_CRC, SETTING_FEATURE_VLAN_CTAG_STRIP },
		{ SETTING_FEATURE_KEEP_CRC, SETTING_FEATURE_VLAN_STAG_STRIP },
		{ SETTING_FEATURE_VLAN_STAG_STRIP, SETTING_FEATURE_VLAN_CTAG_STRIP },
		{ SETTING_FEATURE_VLAN_STAG_STRIP, SETTING_FEATURE_VLAN_CTAG_INSERT },
		{ SETTING_FEATURE_VLAN_STAG_INSERT, SETTING_FEATURE_VLAN_CTAG_STRIP },
		{ SETTING_FEATURE_VLAN_STAG_INSERT, SETTING_FEATURE_VLAN_CTAG_INSERT },
	};

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		if (is_on(config, never[i][0]) && is_on(config, never[i][1]))
			return sentence(config, never[i][0], never[i][1],
					"not together with %s", setting_type(never[i][1])->path);
	}
	return NULL;
}

/* Of the nearest one below it that says one. 0: none does. */
static unsigned int mtu_below(const struct vlan_device *all, const struct vlan_device *device)
{
	while (device->on != VLAN_DEVICE_ON_VF) {
		device = &all[device->on];
		if (device->mtu)
			return device->mtu;
	}
	return 0;
}

/* The kernel would refuse those above what they stand on. */
static char *check_mtus(const struct vf_config *config)
{
	const struct setting_value *value = vf_config_get(config, SETTING_VLAN_DEVICES);
	const struct vlan_device *all = value ? value->data : NULL;
	const uint32_t *mtu = number(config, SETTING_MTU);

	for (size_t i = 0; value && i < value->size / sizeof(*all); i++) {
		unsigned int below = mtu_below(all, &all[i]);

		if (below && all[i].mtu > below)
			return sentence(config, SETTING_VLAN_DEVICES, SETTING_VLAN_DEVICES,
					"mtu %u of id %u is above that of the device below, "
					"which is %u", all[i].mtu, all[i].id, below);
		if (mtu && all[i].mtu > *mtu)
			return sentence(config, SETTING_VLAN_DEVICES, SETTING_MTU,
					"mtu %u of id %u is too much, as that of the "
					"interface is %u", all[i].mtu, all[i].id, *mtu);
	}
	return NULL;
}

char *vf_config_contradiction(const struct vf_config *config)
{
	char *wrong = check_queues(config) ?: check_rss(config) ?: check_budget(config) ?:
		      check_features(config) ?: check_mtus(config);

	for (unsigned int i = 0; !wrong && i < 4; i++)
		wrong = check_allowed(config, i & 1, i & 2);
	return wrong;
}

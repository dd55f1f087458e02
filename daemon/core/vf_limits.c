// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "vf_limits.h"

_Static_assert(VF_VLAN_BYTES == SETTING_IDS_SIZE, "maps of VLANs are the same everywhere");

static int set_number(struct vf_config *config, enum setting setting, uint32_t number)
{
	const struct setting_value value = { .number = number };

	return vf_config_set(config, setting, &value, NULL);
}

static int set_map(struct vf_config *config, enum setting setting, const uint8_t *map)
{
	const struct setting_value value = { .size = VF_VLAN_BYTES, .data = (void *)map };

	return map ? vf_config_set(config, setting, &value, NULL) : 0;
}

static int set_maps(struct vf_config *config, const struct vf_policy *policy)
{
	int err = set_map(config, SETTING_VLAN_ALLOWED_CTAG, policy->vlan_ctag_allowed);

	if (!err)
		err = set_map(config, SETTING_VLAN_ALLOWED_STAG, policy->vlan_stag_allowed);
	if (!err)
		err = set_map(config, SETTING_VLAN_FILTERS_CTAG, policy->vlan_ctag_filters);
	return err ?: set_map(config, SETTING_VLAN_FILTERS_STAG, policy->vlan_stag_filters);
}

/* Also those that nobody set: else a wish for what is so would never be seen fulfilled. */
static int set_numbers(struct vf_config *config, const struct vf_policy *policy)
{
	int err = 0;

	if (policy->vlan_budgeted)
		err = set_number(config, SETTING_VLAN_BUDGET, policy->vlan_budget);
	if (!err && policy->max_queues)
		err = set_number(config, SETTING_MAX_QUEUES, policy->max_queues);
	if (!err)
		err = set_number(config, SETTING_ON_ABSENCE, policy->on_absence);
	return err ?: set_number(config, SETTING_GRACE_MS, policy->grace_ms);
}

int limits_to_config(const struct vf_policy *policy, struct vf_config **result)
{
	struct vf_config *config = vf_config_new();
	int err;

	if (!config)
		return -ENOMEM;
	err = set_maps(config, policy) ?: set_numbers(config, policy);
	if (err) {
		vf_config_free(config);
		return err;
	}
	*result = config;
	return 0;
}

static void take_map(const struct vf_config *config, enum setting setting, const uint8_t **map)
{
	const struct setting_value *value = vf_config_get(config, setting);

	if (value)
		*map = value->data;
}

static void take_number(const struct vf_config *config, enum setting setting, uint32_t *number)
{
	const struct setting_value *value = vf_config_get(config, setting);

	if (value)
		*number = value->number;
}

void limits_from_config(const struct vf_config *config, const struct vf_policy *base,
			struct vf_policy *policy)
{
	*policy = *base;
	take_map(config, SETTING_VLAN_ALLOWED_CTAG, &policy->vlan_ctag_allowed);
	take_map(config, SETTING_VLAN_ALLOWED_STAG, &policy->vlan_stag_allowed);
	take_map(config, SETTING_VLAN_FILTERS_CTAG, &policy->vlan_ctag_filters);
	take_map(config, SETTING_VLAN_FILTERS_STAG, &policy->vlan_stag_filters);
	policy->vlan_budgeted = vf_config_get(config, SETTING_VLAN_BUDGET);
	take_number(config, SETTING_VLAN_BUDGET, &policy->vlan_budget);
	take_number(config, SETTING_MAX_QUEUES, &policy->max_queues);
	take_number(config, SETTING_ON_ABSENCE, &policy->on_absence);
	take_number(config, SETTING_GRACE_MS, &policy->grace_ms);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration of the VF, one thing of it changed at a time. */
#include <string.h>

#include "core.h"

#define MODEST	4000	/* filters that a PF takes for sure */

static const uint8_t **map_of(struct vf_policy *policy, unsigned int i)
{
	const uint8_t **const of[] = {
		&policy->vlan_ctag_allowed, &policy->vlan_stag_allowed,
		&policy->vlan_ctag_filters, &policy->vlan_stag_filters,
	};

	return of[i];
}

/* Some ids more, or the map is taken away. */
static void change_map(struct core *core, unsigned int i, const struct step *s)
{
	const uint8_t **map = map_of(&core->w->policy, i);

	if (s->c >> 31 || !*map)
		memset(core->policy_map[i], 0, sizeof(core->policy_map[i]));
	*map = s->c >> 31 ? NULL : core->policy_map[i];
	for (unsigned int n = 0; n < s->c % 300; n++) {
		unsigned int vid = 1 + (s->b + n) % 4094;

		core->policy_map[i][vid / 8] |= 1u << vid % 8;
	}
}

void core_policy(struct core *core, const struct step *s)
{
	struct vf_policy *policy = &core->w->policy;

	switch (s->a & 7) {
	case 0:
		core_no_policy(core);
		break;
	case 1:
	case 2:
	case 3:
	case 4:
		change_map(core, (s->a & 7) - 1, s);
		break;
	case 5:
		policy->vlan_budgeted = !(s->c >> 31);
		policy->vlan_budget = s->b;
		break;
	case 6:
		policy->max_queues = s->b % 17;
		core->fewer_queues = true;
		break;
	case 7:
		policy->on_absence = s->b % 3;
		policy->grace_ms = s->c % (VF_GRACE_MAX_MS + 1);
		break;
	}
	core->w->recorded = s->a & 8;
	if (!(s->a & 16))	/* else it is the next daemon's */
		daemon_set_policy(core->w);
}

bool core_has_policy(const struct core *core)
{
	struct vf_policy policy = core->w->policy;

	for (unsigned int i = 0; i < 4; i++) {
		if (*map_of(&policy, i))
			return true;
	}
	return policy.vlan_budgeted || policy.max_queues || policy.on_absence || policy.grace_ms;
}

void core_no_policy(struct core *core)
{
	struct vf_policy *policy = &core->w->policy;

	for (unsigned int i = 0; i < 4; i++)
		*map_of(policy, i) = NULL;
	policy->vlan_budgeted = false;
	policy->max_queues = policy->on_absence = policy->grace_ms = 0;
}

/* What is left of it when users have nearly all that the PF has. */
void core_modest_policy(struct core *core)
{
	struct vf_policy *policy = &core->w->policy;
	unsigned int n = 0;

	for (unsigned int t = 0; t < 2; t++) {
		for (unsigned int i = 0; i < VF_VLAN_BYTES; i++) {
			n += __builtin_popcount(core->w->kern.vlan_devs[t][i]);
			if (*map_of(policy, 2 + t))
				n += __builtin_popcount((*map_of(policy, 2 + t))[i]);
		}
		/* With a filter that is off, all. */
		n += core->w->kern.features & kern_filter(t) ? 0 : MODEST;
	}
	if (n > MODEST)
		policy->vlan_ctag_filters = policy->vlan_stag_filters = NULL;
}

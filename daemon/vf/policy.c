// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the configuration says of a VF. Nothing is done here: the policy is part of what is wanted,
 * and the next step finds what differs from what the PF acknowledged and the kernel was told.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define FILTERS		2	/* the first of the maps that are filters */

const uint8_t *vf_policy_map(const struct vf_policy *policy, unsigned int i)
{
	const uint8_t *const maps[VF_POLICY_MAPS] = {
		policy->vlan_ctag_allowed, policy->vlan_stag_allowed,
		policy->vlan_ctag_filters, policy->vlan_stag_filters,
	};

	return maps[i];
}

void vf_policy_put_map(struct vf_policy *policy, unsigned int i, const uint8_t *map)
{
	const uint8_t **const maps[VF_POLICY_MAPS] = {
		&policy->vlan_ctag_allowed, &policy->vlan_stag_allowed,
		&policy->vlan_ctag_filters, &policy->vlan_stag_filters,
	};

	*maps[i] = map;
}

/* As NULL: every id is allowed, or none is a filter. */
static bool says_nothing(const uint8_t *map, bool allowed)
{
	for (unsigned int vid = 1; vid <= VF_VIDS; vid++) {
		if (vf_bit(map, vid) != allowed)
			return false;
	}
	return true;
}

static void normalise(struct vf_policy *policy)
{
	for (unsigned int i = 0; i < VF_POLICY_MAPS; i++) {
		const uint8_t *map = vf_policy_map(policy, i);

		if (map && says_nothing(map, i < FILTERS))
			vf_policy_put_map(policy, i, NULL);
	}
	if (!policy->vlan_budgeted)
		policy->vlan_budget = 0;
}

static bool same_map(const struct vf_policy *a, const struct vf_policy *b, unsigned int i)
{
	const uint8_t *one = vf_policy_map(a, i), *two = vf_policy_map(b, i);

	return one && two ? !memcmp(one, two, VF_VLAN_BYTES) : one == two;
}

static bool same_filters(const struct vf_policy *a, const struct vf_policy *b)
{
	return same_map(a, b, FILTERS) && same_map(a, b, FILTERS + 1);
}

/* What the kernel has to know, but for what it is told as numbers: see struct vf_told. */
static bool same_for_kernel(const struct vf_policy *a, const struct vf_policy *b)
{
	return same_map(a, b, 0) && same_map(a, b, 1) && a->on_absence == b->on_absence &&
	       a->grace_ms == b->grace_ms;
}

static bool same_vlans(const struct vf_policy *a, const struct vf_policy *b)
{
	return same_map(a, b, 0) && same_map(a, b, 1) && same_filters(a, b) &&
	       a->vlan_budgeted == b->vlan_budgeted && a->vlan_budget == b->vlan_budget;
}

static bool same(const struct vf_policy *a, const struct vf_policy *b)
{
	return same_for_kernel(a, b) && same_vlans(a, b) && a->max_queues == b->max_queues;
}

int vf_policy_check(const struct vf_policy *policy)
{
	return policy->on_absence > IAVF_ABSENCE_DOWN || policy->grace_ms > VF_GRACE_MAX_MS ?
	       -EINVAL : 0;
}

/* They may be our own, from who changes a part of the policy. */
static void copy_maps(struct vf *vf, const struct vf_policy *from)
{
	uint8_t maps[VF_POLICY_MAPS][VF_VLAN_BYTES] = { 0 };

	for (unsigned int i = 0; i < VF_POLICY_MAPS; i++) {
		const uint8_t *map = vf_policy_map(from, i);

		if (map)
			memcpy(maps[i], map, VF_VLAN_BYTES);
		vf_policy_put_map(&vf->policy, i, map ? vf->policy_map[i] : NULL);
	}
	memcpy(vf->policy_map, maps, sizeof(maps));
}

bool vf_policy_take(struct vf *vf, const struct vf_policy *policy)
{
	struct vf_policy now = *policy;
	bool changed;

	normalise(&now);
	memcpy(vf->policy.mac, now.mac, sizeof(vf->policy.mac));
	vf->policy.random = now.random;
	vf->policy.recorded = false;
	changed = !same(&vf->policy, &now);
	vf->policy_number += !same_for_kernel(&vf->policy, &now);
	vf->fewer_refused &= vf->policy.max_queues == now.max_queues;
	copy_maps(vf, &now);
	vf->policy.vlan_budgeted = now.vlan_budgeted;
	vf->policy.vlan_budget = now.vlan_budget;
	vf->policy.max_queues = now.max_queues;
	vf->policy.on_absence = now.on_absence;
	vf->policy.grace_ms = now.grace_ms;
	return changed;
}

/* What the record says, for who has nothing better. */
void vf_policy_recorded(struct vf *vf, const struct vf_policy *policy)
{
	struct vf_policy copy = *policy;

	normalise(&copy);
	if (vf->policy.recorded) {
		vf_policy_take(vf, &copy);
		vf->policy.recorded = true;
	}
	vf->policy_recorded = same(&vf->policy, &copy);
}

/* The next daemon should know it, also when this one dies while it makes it so. */
static void record_now(struct vf *vf)
{
	vf->policy_recorded = false;
	vf->dirty = true;
	if (vf->live && vf->mailbox && !vf->stale && vf_negotiated(vf) && vf_fifo_quiet(&vf->fifo))
		vf_record_save(vf);
}

int vf_set_policy(struct vf *vf, uint64_t now, const struct vf_policy *policy)
{
	struct vf_policy wanted = *policy;
	int err = vf_policy_check(policy);

	if (err)
		return err;
	vf->now = now;
	normalise(&wanted);
	if (!same_vlans(&vf->policy, &wanted))
		vf_vlans_retry_all(vf);
	if (!vf_policy_take(vf, policy))
		return 0;
	record_now(vf);
	vf_kick(vf);
	return 0;
}

/*
 * Who has more queues than the policy lets him have is about to have fewer; until then what he asks
 * for is taken as it is, because it may be about something else.
 */
unsigned int vf_policy_queues(const struct vf *vf)
{
	unsigned int max = vf->policy.max_queues ? vf->policy.max_queues : UINT_MAX;
	unsigned int has = vf->snap.rx_queues > vf->snap.tx_queues ? vf->snap.rx_queues :
								     vf->snap.tx_queues;

	return vf->netdev && has > max ? has : max;
}

static bool told(const struct vf *vf)
{
	return vf->committed && !vf_commit_differs(vf);
}

bool vf_policy_queues_above(const struct vf *vf)
{
	return vf->policy.max_queues && vf_policy_queues(vf) > vf->policy.max_queues;
}

/*
 * The kernel goes back to the rings of before, and those are granted from then on: it would try
 * again else, for ever. Another policy or a reset is another attempt.
 */
void vf_policy_queues_refused(struct vf *vf, const struct vf_request *req)
{
	unsigned int max = vf->policy.max_queues;

	if (!vf_policy_queues_above(vf) || !req->rx_queues || req->rx_queues > max ||
	    req->tx_queues > max)
		return;
	vf->fewer_refused = true;
	vf->fewer = vf->queues.refusal;
}

enum vf_policy_state vf_policy_state(const struct vf *vf)
{
	bool above = vf_policy_queues_above(vf);

	if (!told(vf) || vf_vlans_pending(vf) || (above && !vf->fewer_refused))
		return VF_POLICY_PENDING;
	return above || vf->told.err || vf_vlans_policy_refused(vf) ? VF_POLICY_REFUSED :
									VF_POLICY_DONE;
}

static void say_why(const struct vf *vf, struct vf_policy_status *status)
{
	if (status->state == VF_POLICY_PENDING)
		return;
	if (vf->told.err)
		snprintf(status->why, sizeof(status->why),
			 "the kernel refused the limits: error %d", -vf->told.err);
	else if (vf_policy_queues_above(vf))
		virtchnl_sentence(status->why, sizeof(status->why), vf->fewer.op,
				  vf->fewer.status);
	else
		vf_reason_vlans(vf, status->state == VF_POLICY_REFUSED, status->why,
				sizeof(status->why));
}

void vf_get_policy_status(const struct vf *vf, struct vf_policy_status *status)
{
	*status = (struct vf_policy_status) {
		.state = vf_policy_state(vf),
		.policy = vf->policy,
		.told = told(vf) && !vf->told.err,
		.pf_budget = vf->grant.budget_known ? vf->grant.budget : UINT32_MAX,
		.vlans_users = vf_vlans_users(vf),
	};
	if (status->told) {
		status->queues = vf->told.queues;
		status->possible_queues = vf->told.possible_queues;
		status->vlan_budget = vf->told.vlan_budget_known ? vf->told.vlan_budget : 0;
	}
	vf_vlans_show(vf, status);
	say_why(vf, status);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a VF is not what was asked for: one sentence, the most serious first. */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define LIST_MAX	37	/* what is left of a sentence for a list */
#define LIST_REST	" and 8188 more"

static bool say(char *text, size_t size, const struct vf_refusal *refusal)
{
	virtchnl_sentence(text, size, refusal->op, refusal->status);
	return true;
}

static bool slots(const struct vf *vf, char *text, size_t size)
{
	for (unsigned int id = 0; id < VF_NUM_SLOTS; id++) {
		if (vf->slot[id].refused && vf_slot_verdict(vf, id) < 0)
			return say(text, size, &vf->slot[id].refusal);
	}
	return false;
}

/* A PF without any word about VLANs is one that drops tagged frames: a port VLAN, mostly. */
static bool no_vlans(const struct vf *vf, char *text, size_t size)
{
	unsigned int n = vf_vlans_named(vf);

	if (!n || !vf_vlans_dropped(vf))
		return false;
	snprintf(text, size, "PF has no VLANs for this VF (port VLAN?), %u are asked for", n);
	return true;
}

struct list {				/* "4-6, 9, stag 7 and 12 more" */
	char text[LIST_MAX + 1];
	size_t len;
	unsigned int num, listed, first;
};

static void list_range(struct list *list, const char *type, unsigned int from, unsigned int to)
{
	char range[40];
	int len = snprintf(range, sizeof(range), "%s%s%u", list->num ? ", " : "", type, from);

	if (to > from)
		len += snprintf(range + len, sizeof(range) - len, "-%u", to);
	if (!list->num)
		list->first = from;
	if (list->listed == list->num && list->len + len < sizeof(list->text) - sizeof(LIST_REST)) {
		memcpy(list->text + list->len, range, len + 1);
		list->len += len;
		list->listed += to - from + 1;
	}
	list->num += to - from + 1;
}

static void list_forbidden(const struct vf *vf, struct list *list, int t)
{
	const char *type = t ? "stag " : "";
	unsigned int to, from = vf_vlans_forbidden(vf, t, 1);

	for (; from <= VF_VIDS; from = vf_vlans_forbidden(vf, t, to + 1)) {
		to = from;
		while (to < VF_VIDS && vf_vlans_forbidden(vf, t, to + 1) == to + 1)
			to++;
		list_range(list, type, from, to);
		type = "";
	}
}

static bool forbidden(const struct vf *vf, char *text, size_t size)
{
	struct list list = { .num = 0 };

	list_forbidden(vf, &list, 0);
	list_forbidden(vf, &list, 1);
	if (list.num > list.listed)
		snprintf(list.text + list.len, sizeof(list.text) - list.len, " and %u more",
			 list.num - list.listed);
	if (list.num == 1)
		snprintf(text, size, "VLAN %u not allowed on this VF by iavfd's configuration",
			 list.first);
	else if (list.num)
		snprintf(text, size, "VLANs %s not allowed by iavfd's configuration", list.text);
	return list.num;
}

static bool above_own_budget(const struct vf *vf, char *text, size_t size)
{
	if (!vf->policy.vlan_budgeted || vf_vlans_users(vf) <= vf->policy.vlan_budget)
		return false;
	snprintf(text, size, "iavfd's configuration allows %u VLANs on this VF, %u are there",
		 vf->policy.vlan_budget, vf_vlans_users(vf));
	return true;
}

static bool refused_by_pf(const struct vf *vf, char *text, size_t size)
{
	unsigned int n = vf_vlans_wanted(vf);

	if (vf->grant.budget_known && n > vf->grant.budget) {
		snprintf(text, size, "PF takes %u VLANs of this VF, %u are asked for",
			 vf->grant.budget, n);
		return true;
	}
	return vf_vlans_any_refused(vf) && say(text, size, &vf->vlans.refusal);
}

bool vf_reason_vlans(const struct vf *vf, bool refused, char *text, size_t size)
{
	return no_vlans(vf, text, size) || (refused && refused_by_pf(vf, text, size)) ||
	       forbidden(vf, text, size) || above_own_budget(vf, text, size) ||
	       refused_by_pf(vf, text, size);
}

static bool no_vlan_abilities(const struct vf *vf, char *text, size_t size)
{
	if (!(vf->nego.res.caps & VIRTCHNL_CAP_VLAN_V2) || vf->nego.vlan_known)
		return false;
	snprintf(text, size, "PF granted VLAN offloads but does not say which");
	return true;
}

static bool find(const struct vf *vf, char *text, size_t size)
{
	if (vf->dead) {
		snprintf(text, size, "the device does not come back from its reset");
		return true;
	}
	if (vf->recover.failed || vf_recover_in_vain(vf))
		return say(text, size, &vf->recover.cause);
	if (vf_recover_reason(vf, text, size))
		return true;
	if (!vf_negotiated(vf))
		return false;
	if (vf->queues.refused && vf_queues_wanted(vf))
		return say(text, size, &vf->queues.refusal);
	if (vf->fewer_refused && vf_policy_queues_above(vf))
		return say(text, size, &vf->fewer);
	if (!vf_mac_is_zero(vf->macs.own_refused) &&
	    !memcmp(vf->macs.own_refused, vf->macs.own, 6))
		return say(text, size, &vf->macs.own_refusal);
	return slots(vf, text, size) || vf_rss_reason(vf, text, size) ||
	       no_vlan_abilities(vf, text, size) ||
	       vf_reason_vlans(vf, false, text, size) ||
	       vf_macs_reason(vf, text, size) || vf_modes_reason(vf, text, size);
}

bool vf_reason_update(struct vf *vf)
{
	char text[IAVF_MESSAGE_MAX + 1] = "";
	bool calm = !vf->fifo.waiting && vf->mailbox && !vf_recover_holds(vf);

	/* Halfway through a replay there is nothing to say yet. */
	if (!calm && !vf->dead && !vf->recover.failed && !vf->recover.paused_until &&
	    !vf_recover_in_vain(vf))
		return false;
	find(vf, text, sizeof(text));
	if (!strcmp(text, vf->reason))
		return false;
	memcpy(vf->reason, text, sizeof(text));
	return true;
}

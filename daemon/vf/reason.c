// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a VF is not what was asked for: one sentence, the most serious first. */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define VLAN_FEATURES	(IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_STAG_STRIP | \
			 IAVF_FEATURES_VLAN_CTAG_INSERT | IAVF_FEATURES_VLAN_STAG_INSERT | \
			 IAVF_FEATURES_VLAN_CTAG_FILTER | IAVF_FEATURES_VLAN_STAG_FILTER)

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
	unsigned int n = vf_vlans_asked(vf, 0) + vf_vlans_asked(vf, 1);

	if (!n || vf->grant.features & VLAN_FEATURES)
		return false;
	snprintf(text, size, "PF has no VLANs for this VF (port VLAN?), %u are asked for", n);
	return true;
}

static bool vlans(const struct vf *vf, char *text, size_t size)
{
	unsigned int n = vf_vlans_wanted(vf), forbidden = vf_vlans_forbidden(vf);

	if (no_vlans(vf, text, size))
		return true;
	if (forbidden) {
		snprintf(text, size, "VLAN %u not allowed on this VF by iavfd's configuration",
			 forbidden);
		return true;
	}
	if (vf->grant.budget_known && n > vf->grant.budget) {
		snprintf(text, size, "PF takes %u VLANs of this VF, %u are asked for",
			 vf->grant.budget, n);
		return true;
	}
	return vf_vlans_any_refused(vf) && say(text, size, &vf->vlans.refusal);
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
	if (!vf_mac_is_zero(vf->macs.own_refused) &&
	    !memcmp(vf->macs.own_refused, vf->macs.own, 6))
		return say(text, size, &vf->macs.own_refusal);
	return slots(vf, text, size) || vf_rss_reason(vf, text, size) ||
	       no_vlan_abilities(vf, text, size) || vlans(vf, text, size) ||
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

// SPDX-License-Identifier: GPL-2.0-or-later
/* Resets: announced or not, the dead time, and the VSI as it comes back. */
#include <string.h>

#include "pf/internal.h"

/* What is not the VF's own survives: link, spoof check, port VLAN. */
static void clear_vsi(struct pf_vf *vf)
{
	struct pf_vsi old = vf->vsi;

	memset(&vf->vsi, 0, sizeof(vf->vsi));
	vf->vsi.link_up = old.link_up;
	vf->vsi.spoof_check = old.spoof_check;
	vf->vsi.port_vlan = old.port_vlan;
	vf->txq_enabled = vf->rxq_enabled = vf->txq_live = 0;
}

void pf_vsi_build(struct pf_vf *vf)
{
	const struct pf_config *config = &vf->pf->config;
	struct pf_vsi *vsi = &vf->vsi;

	clear_vsi(vf);
	vsi->num_queues = vf->num_req_queues ? vf->num_req_queues : config->num_queues;
	vsi->num_vectors = config->num_queues + 1;
	vsi->trusted = vf->trusted;
	vsi->vlan_pruning = vf->pf->profile->vlan->pruning;
	/* ice's default VSI lets descriptors insert tags; iavf relies on it after a reset. */
	if (vf->pf->profile->vlan->insert_outer)
		vsi->vlan.insert_tpid = 0x8100;
	vsi->vlan.inner_insert = vf->pf->profile->vlan->insert_inner;
	pf_macs_rebuild(vf);
	pf_rss_defaults(vf);
}

static void begin(struct pf_vf *vf, enum pf_reset_kind kind)
{
	const struct pf_hw *hw = &vf->pf->hw;

	vf->state = VF_RESETTING;
	vf->reset_kind = kind;
	vf->reset_at = vf->pf->now + vf->pf->config.reset_ns;
	hw->reset_begin(hw->ctx, vf->id, kind);
	pf_queue_flush(vf, "reset");
	pf_late_flush(vf);
	vf->malicious = false;
	vf->caps = 0;
	vf->vlan_v2_known = false;
	clear_vsi(vf);
}

static void finish(struct pf_vf *vf)
{
	const struct pf_hw *hw = &vf->pf->hw;

	pf_vsi_build(vf);
	vf->state = VF_WAITING;
	hw->reset_done(hw->ctx, vf->id);
}

void pf_reset_start(struct pf_vf *vf, enum pf_reset_kind kind)
{
	if (kind != PF_RESET_ANNOUNCED || vf->state == VF_RESETTING) {
		begin(vf, kind);
		return;
	}
	if (vf->state == VF_ANNOUNCED)
		return;
	vf->state = VF_ANNOUNCED;
	vf->reset_kind = kind;
	vf->reset_at = vf->pf->now + vf->pf->config.announce_ns;
	vc_event_reset(vf);
}

void pf_reset_step(struct pf_vf *vf)
{
	if (vf->state == VF_ANNOUNCED)
		begin(vf, vf->reset_kind);
	else
		finish(vf);
}

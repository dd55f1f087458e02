// SPDX-License-Identifier: GPL-2.0-or-later
/* Resets: announced or not, the dead time, and the VSI as it comes back. */
#include <string.h>

#include "pf/internal.h"

/* What is not the VF's own survives: link and spoof check. */
static void clear_vsi(struct pf_vf *vf)
{
	struct pf_vsi old = vf->vsi;

	memset(&vf->vsi, 0, sizeof(vf->vsi));
	vf->vsi.link_up = old.link_up;
	vf->vsi.spoof_check = old.spoof_check;
	vf->txq_enabled = vf->rxq_enabled = vf->txq_live = 0;
	vf->v1_vlans = 0;
}

/* Vectors and queue pairs, as the host gives them or the VF last asked for. */
static void give_queues(struct pf_vf *vf)
{
	const struct pf_config *config = &vf->pf->config;
	unsigned int max = vf->pf->profile->max_queues;
	struct pf_vsi *vsi = &vf->vsi;

	vsi->num_queues = config->num_queues;
	if (vf->num_vectors)
		vsi->num_queues = vf->num_vectors - 1u < max ? vf->num_vectors - 1u : max;
	vsi->num_vectors = vf->num_vectors ? vf->num_vectors : config->num_queues + 1;
	if (vf->num_req_queues)
		vsi->num_queues = vf->num_req_queues;
}

static void build_vlans(struct pf_vf *vf)
{
	const struct pf_vlan_mode *mode;
	struct pf_vsi *vsi = &vf->vsi;

	vsi->port_vlan = vf->port_vlan;
	vsi->single_vlan = vf->pf->profile->single_vlan;
	mode = pf_vlan_mode(vf);
	vsi->vlan_pruning = mode->pruning;
	vsi->vlan_antispoof = mode->pruning || mode->pruning_by_filter;
	/* The default VSI lets descriptors insert tags; iavf relies on it after a reset. */
	if (mode->insert_outer)
		vsi->vlan.insert_tpid = 0x8100;
	vsi->vlan.inner_insert = mode->insert_inner;
}

void pf_vsi_build(struct pf_vf *vf)
{
	clear_vsi(vf);
	give_queues(vf);
	vf->vsi.trusted = vf->trusted;
	build_vlans(vf);
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
	vf->active_since = vf->pf->now;
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

// SPDX-License-Identifier: GPL-2.0-or-later
/* Which part of the acknowledged state a message is about. */
#include <syslog.h>

#include "virtchnl/names.h"

#include "internal.h"

enum part { PART_NONE, PART_NEGO, PART_SLOT, PART_MACS, PART_VLANS, PART_QUEUES, PART_STATS,
	    PART_PAIRS };

static enum part part_of(const struct vf_msg *msg)
{
	switch (msg->op) {
	case VIRTCHNL_OP_VERSION:
	case VIRTCHNL_OP_GET_VF_RESOURCES:
	case VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS:
		return PART_NEGO;
	case VIRTCHNL_OP_ADD_ETH_ADDR:
	case VIRTCHNL_OP_DEL_ETH_ADDR:
		return PART_MACS;
	case VIRTCHNL_OP_ADD_VLAN:
	case VIRTCHNL_OP_DEL_VLAN:
	case VIRTCHNL_OP_ADD_VLAN_V2:
	case VIRTCHNL_OP_DEL_VLAN_V2:
		return PART_VLANS;
	case VIRTCHNL_OP_CONFIG_VSI_QUEUES:
	case VIRTCHNL_OP_ENABLE_QUEUES:
		return PART_QUEUES;
	case VIRTCHNL_OP_GET_STATS:
		return PART_STATS;
	case VIRTCHNL_OP_REQUEST_QUEUES:
		return PART_PAIRS;
	}
	if (vf_slot_of(msg->op, msg->payload, msg->len) == VF_NUM_SLOTS)
		return PART_NONE;
	return PART_SLOT;
}

void vf_effect_sent(struct vf *vf, const struct vf_msg *msg)
{
	if (vf_trust_is_probe(msg)) {
		vf_trust_sent(vf);
		return;
	}
	switch (part_of(msg)) {
	case PART_NEGO:
		vf_nego_sent(vf, msg);
		break;
	case PART_SLOT:
		vf_slot_sent(vf, msg);
		break;
	case PART_MACS:
		vf_macs_sent(vf, msg);
		break;
	case PART_VLANS:
		vf_vlans_sent(vf, msg);
		break;
	case PART_QUEUES:
		vf_queues_sent(vf, msg);
		break;
	case PART_STATS:
		vf_stats_sent(&vf->stats);
		break;
	case PART_PAIRS:
		vf_pairs_sent(vf);
		break;
	case PART_NONE:
		break;
	}
}

static void note_refusal(struct vf *vf, const struct vf_msg *msg, int32_t status)
{
	char text[IAVF_MESSAGE_MAX + 1];

	vf->count.refused++;
	if (!vf->live || vf_nego_too_new(vf, msg))
		return;
	virtchnl_sentence(text, sizeof(text), msg->op, status);
	vf_log(vf, LOG_WARNING, "%s", text);
}

void vf_effect_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
		    int32_t status, const void *reply, size_t len)
{
	if (vf_trust_is_probe(msg)) {
		vf_trust_done(vf, msg, outcome);
		return;
	}
	if (outcome == VF_REFUSED)
		note_refusal(vf, msg, status);
	switch (part_of(msg)) {
	case PART_NEGO:
		vf_nego_done(vf, msg, outcome, status, reply, len);
		break;
	case PART_SLOT:
		vf_slot_done(vf, msg, outcome, status);
		break;
	case PART_MACS:
		vf_macs_done(vf, msg, outcome, status);
		break;
	case PART_VLANS:
		vf_vlans_done(vf, msg, outcome, status);
		break;
	case PART_QUEUES:
		vf_queues_done(vf, msg, outcome, status);
		break;
	case PART_STATS:
		vf_stats_done(&vf->stats, outcome, reply, len);
		break;
	case PART_PAIRS:
		vf_pairs_done(vf, msg, outcome, status, reply, len);
		break;
	case PART_NONE:
		break;
	}
}

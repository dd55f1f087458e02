// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages to the VF: replies and events, and what the fault rules do to them. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pf/internal.h"

static void transmit(struct pf_vf *vf, uint32_t opcode, int32_t status, const void *payload,
		     size_t len, const char *fault)
{
	const struct pf_hw *hw = &vf->pf->hw;

	pf_trace(vf, false, opcode, status, payload, len, fault);
	hw->send(hw->ctx, vf->id, opcode, status, payload, len);
}

void pf_late_insert(struct pf_vf *vf, uint64_t time, uint32_t opcode, int32_t status,
		    const void *payload, size_t len)
{
	struct pf_msg *msg = calloc(1, sizeof(*msg) + len);
	struct pf_msg **at = &vf->late;

	if (!msg)
		return;
	msg->time = time;
	msg->opcode = opcode;
	msg->status = status;
	msg->len = len;
	if (len)
		memcpy(msg->data, payload, len);
	while (*at && (*at)->time <= time)
		at = &(*at)->next;
	msg->next = *at;
	*at = msg;
}

void pf_late_send(struct pf_vf *vf)
{
	struct pf_msg *msg = vf->late;

	vf->late = msg->next;
	transmit(vf, msg->opcode, msg->status, msg->data, msg->len, "delay");
	free(msg);
}

void pf_late_flush(struct pf_vf *vf)
{
	while (vf->late) {
		struct pf_msg *msg = vf->late;

		vf->late = msg->next;
		pf_trace(vf, false, msg->opcode, msg->status, msg->data, msg->len, "reset");
		free(msg);
	}
}

static void transmit_changed(struct pf_vf *vf, uint32_t opcode, int32_t status,
			     const void *payload, size_t len, const struct fault *fault)
{
	uint8_t copy[VIRTCHNL_MSG_MAX];
	const char *word;

	if (len)
		memcpy(copy, payload, len);
	word = faults_change(fault, &opcode, &status, copy, &len);
	transmit(vf, opcode, status, copy, len, word);
}

static void send_faulted(struct pf_vf *vf, uint32_t opcode, int32_t status, const void *payload,
			 size_t len, const struct fault *fault)
{
	switch (fault->kind) {
	case FAULT_DROP:
		pf_trace(vf, false, opcode, status, payload, len, "drop");
		break;
	case FAULT_DELAY:
		pf_late_insert(vf, vf->pf->now + fault->delay_ns, opcode, status, payload, len);
		break;
	case FAULT_REFUSE:
		transmit(vf, opcode, fault->status, NULL, 0, "refuse");
		break;
	case FAULT_DUPLICATE:
		transmit(vf, opcode, status, payload, len, NULL);
		transmit(vf, opcode, status, payload, len, "duplicate");
		break;
	case FAULT_RESET_SILENT:
	case FAULT_RESET_ANNOUNCED:
		pf_trace(vf, false, opcode, status, payload, len, "reset");
		pf_reset_start(vf, fault->kind == FAULT_RESET_SILENT ?
			       PF_RESET_SILENT : PF_RESET_ANNOUNCED);
		break;
	case FAULT_TRUNCATE:
		transmit(vf, opcode, status, payload, len < fault->truncate ? len : fault->truncate,
			 "truncate");
		break;
	case FAULT_NONE:
	case FAULT_IGNORE_RESET:
		transmit(vf, opcode, status, payload, len, NULL);
		break;
	default:
		transmit_changed(vf, opcode, status, payload, len, fault);
	}
}

static void send(struct pf_vf *vf, uint32_t opcode, int32_t status, const void *payload,
		 size_t len)
{
	struct fault fault = { .kind = FAULT_NONE };

	if (vf->pf->faults)
		fault = faults_match(vf->pf->faults, vf->id, false, opcode);
	send_faulted(vf, opcode, status, payload, len, &fault);
}

/* Since Linux 6.6 i40e says errnos. */
static int32_t errno_of(int32_t status)
{
	switch (status) {
	case VIRTCHNL_ERR_PARAM:
		return -EINVAL;
	case VIRTCHNL_ERR_NO_MEMORY:
		return -ENOMEM;
	case VIRTCHNL_ERR_ADMIN_QUEUE_ERROR:
		return -EPERM;
	case VIRTCHNL_ERR_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	}
	return status;
}

void vc_reply(struct pf_vf *vf, uint32_t opcode, int32_t status, const void *payload, size_t len)
{
	if (vf->pf->profile->errnos)
		status = errno_of(status);
	/* A fault may have started a reset while the message was served. */
	if (vf->state == VF_ANNOUNCED || vf->state == VF_RESETTING)
		return;
	send(vf, opcode, status, payload, len);
}

void vc_event_reset(struct pf_vf *vf)
{
	struct virtchnl_pf_event event = {
		.event = htole32(VIRTCHNL_EVENT_RESET_IMPENDING),
		.severity = htole32(VIRTCHNL_SEVERITY_CERTAIN_DOOM),
	};

	send(vf, VIRTCHNL_OP_EVENT, VIRTCHNL_SUCCESS, &event, sizeof(event));
}

static uint32_t legacy_speed(uint32_t mbps)
{
	static const struct { uint32_t mbps, bit; } table[] = {
		{ 40000, VIRTCHNL_SPEED_40G }, { 25000, VIRTCHNL_SPEED_25G },
		{ 20000, VIRTCHNL_SPEED_20G }, { 10000, VIRTCHNL_SPEED_10G },
		{ 5000, VIRTCHNL_SPEED_5G }, { 2500, VIRTCHNL_SPEED_2_5G },
		{ 1000, VIRTCHNL_SPEED_1G }, { 100, VIRTCHNL_SPEED_100M },
	};

	/* What lies between or above has no bit of its own: the next lower one. */
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (mbps >= table[i].mbps)
			return table[i].bit;
	}
	return VIRTCHNL_SPEED_UNKNOWN;
}

void vc_event_link(struct pf_vf *vf)
{
	/* ice tells a VF without enabled queues that its link is down. */
	bool queues = vf->rxq_enabled || vf->txq_enabled || !vf->pf->profile->link_needs_queues;
	bool up = vf->vsi.link_up && queues;
	uint32_t speed = vf->caps & VIRTCHNL_CAP_ADV_LINK_SPEED ? vf->link_mbps :
			 legacy_speed(vf->link_mbps);
	struct virtchnl_pf_event event = {
		.event = htole32(VIRTCHNL_EVENT_LINK_CHANGE),
		.link_speed = htole32(up ? speed : 0),
		.link_status = up,
		.severity = htole32(VIRTCHNL_SEVERITY_INFO),
	};

	vc_reply(vf, VIRTCHNL_OP_EVENT, VIRTCHNL_SUCCESS, &event, sizeof(event));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The PF's end of a VF's mailbox: messages wait, are served in order, and too many
 * of them are an attack (protocol.md section 3).
 */
#include <stdlib.h>
#include <string.h>

#include "pf/internal.h"

void pf_queue_init(struct pf_vf *vf)
{
	vf->requests_tail = &vf->requests;
}

void pf_trace(struct pf_vf *vf, bool from_vf, uint32_t opcode, int32_t status,
	      const void *payload, size_t len, const char *fault)
{
	const struct pf_hw *hw = &vf->pf->hw;

	if (hw->trace)
		hw->trace(hw->ctx, vf->id, from_vf, opcode, status, payload, len, fault);
}

static struct pf_msg *pop(struct pf_vf *vf)
{
	struct pf_msg *msg = vf->requests;

	vf->requests = msg->next;
	if (!vf->requests)
		vf->requests_tail = &vf->requests;
	vf->num_requests--;
	vf->extra_delay = 0;
	return msg;
}

void pf_queue_flush(struct pf_vf *vf, const char *why)
{
	while (vf->requests) {
		struct pf_msg *msg = pop(vf);

		pf_trace(vf, true, msg->opcode, 0, msg->data, msg->len, why);
		free(msg);
	}
}

static void push(struct pf_vf *vf, uint64_t now, uint32_t opcode, const void *payload, size_t len)
{
	struct pf_msg *msg = calloc(1, sizeof(*msg) + len);

	if (!msg)
		return;
	msg->time = now;
	msg->opcode = opcode;
	msg->len = len;
	if (len)
		memcpy(msg->data, payload, len);
	*vf->requests_tail = msg;
	vf->requests_tail = &msg->next;
	vf->num_requests++;
}

static void become_malicious(struct pf_vf *vf)
{
	pf_violation(vf, "more than %u messages waiting: the PF takes it for an attack",
		     PF_QUEUED_MAX);
	vf->malicious = true;
	pf_queue_flush(vf, "malicious");
}

void pf_receive(struct pf *pf, uint64_t now, unsigned int id, uint32_t opcode,
		const void *payload, size_t len)
{
	struct pf_vf *vf;

	if (now > pf->now)
		pf->now = now;
	if (id >= pf->config.num_vfs)
		return;
	vf = &pf->vfs[id];
	if (len > PF_MSG_MAX) {
		pf_violation(vf, "a message of %zu bytes is longer than the mailbox", len);
		len = PF_MSG_MAX;
	}
	if (!vf->malicious && vf->num_requests == PF_QUEUED_MAX)
		become_malicious(vf);
	if (vf->malicious || vf->state == VF_RESETTING) {
		pf_trace(vf, true, opcode, 0, payload, len, vf->malicious ? "malicious" : "reset");
		return;
	}
	push(vf, pf->now, opcode, payload, len);
	if (vf->num_requests > PF_IN_FLIGHT_GOOD)
		pf_violation(vf, "%u messages in flight, %u are good manners", vf->num_requests,
			     PF_IN_FLIGHT_GOOD);
}

uint64_t pf_queue_due(const struct pf_vf *vf)
{
	uint64_t start;

	if (!vf->requests)
		return PF_NO_DEADLINE;
	start = vf->requests->time > vf->last_served ? vf->requests->time : vf->last_served;
	return start + vf->pf->config.msg_delay_ns + vf->extra_delay;
}

static struct fault ask_faults(struct pf_vf *vf, struct pf_msg *msg)
{
	struct fault none = { .kind = FAULT_NONE };

	if (msg->faulted || !vf->pf->faults)
		return none;
	msg->faulted = true;
	return faults_match(vf->pf->faults, vf->id, true, msg->opcode);
}

static void serve(struct pf_vf *vf, struct pf_msg *msg, const char *fault)
{
	pf_trace(vf, true, msg->opcode, 0, msg->data, msg->len, fault);
	vc_serve(vf, msg->opcode, msg->data, msg->len);
}

static bool serves(const struct pf_vf *vf)
{
	return vf->state == VF_WAITING || vf->state == VF_ACTIVE;
}

static void serve_faulted(struct pf_vf *vf, struct pf_msg *msg, const struct fault *fault)
{
	switch (fault->kind) {
	case FAULT_DROP:
		pf_trace(vf, true, msg->opcode, 0, msg->data, msg->len, "drop");
		break;
	case FAULT_IGNORE_RESET:
		pf_trace(vf, true, msg->opcode, 0, msg->data, msg->len, "ignore-reset");
		break;
	case FAULT_REFUSE:
		pf_trace(vf, true, msg->opcode, 0, msg->data, msg->len, "refuse");
		vc_reply(vf, msg->opcode, fault->status, NULL, 0);
		break;
	case FAULT_DUPLICATE:
		serve(vf, msg, NULL);
		if (serves(vf))
			serve(vf, msg, "duplicate");
		break;
	case FAULT_RESET_SILENT:
	case FAULT_RESET_ANNOUNCED:
		pf_trace(vf, true, msg->opcode, 0, msg->data, msg->len, "reset");
		pf_reset_start(vf, fault->kind == FAULT_RESET_SILENT ?
			       PF_RESET_SILENT : PF_RESET_ANNOUNCED);
		break;
	case FAULT_TRUNCATE:
		if (msg->len > fault->truncate)
			msg->len = fault->truncate;
		serve(vf, msg, "truncate");
		break;
	default:
		serve(vf, msg, NULL);
	}
}

void pf_queue_serve(struct pf_vf *vf)
{
	struct fault fault = ask_faults(vf, vf->requests);
	struct pf_msg *msg;

	if (fault.kind == FAULT_DELAY && fault.delay_ns) {
		vf->extra_delay = fault.delay_ns;
		return;
	}
	msg = pop(vf);
	vf->last_served = vf->pf->now;
	serve_faulted(vf, msg, &fault);
	free(msg);
}

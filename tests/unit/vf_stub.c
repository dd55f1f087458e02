// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vf_stub.h"

struct vf *vf_stub[VF_STUB_MAX];
unsigned int vf_stub_count;
char vf_stub_events[4096];
uint64_t vf_stub_deadline = VF_NO_DEADLINE;

__attribute__((format(printf, 1, 2)))
static void note(const char *format, ...)
{
	size_t len = strlen(vf_stub_events), room = sizeof(vf_stub_events) - len;
	va_list args;

	va_start(args, format);
	len += vsnprintf(vf_stub_events + len, room, format, args);
	va_end(args);
	if (len + 2 < sizeof(vf_stub_events))
		strcat(vf_stub_events, " ");
}

struct vf *vf_new(const struct vf_io *io, const struct vf_policy *policy)
{
	struct vf *vf = calloc(1, sizeof(*vf));

	vf->io = *io;
	vf->policy = *policy;
	vf->deadline = vf_stub_deadline;
	vf->phase = VF_PHASE_NEGOTIATING;
	vf_stub[vf_stub_count++ % VF_STUB_MAX] = vf;
	return vf;
}

void vf_free(struct vf *vf)
{
	if (!vf)
		return;
	note("free");
	for (unsigned int i = 0; i < vf_stub_count; i++) {
		if (vf_stub[i] != vf)
			continue;
		memmove(&vf_stub[i], &vf_stub[i + 1], (VF_STUB_MAX - i - 1) * sizeof(vf));
		vf_stub_count--;
	}
	free(vf);
}

void vf_add(struct vf *vf, const struct vf_snapshot *snapshot)
{
	vf->snapshot = *snapshot;
	note("add");
}

void vf_record(struct vf *vf, uint32_t generation, const void *record, size_t len)
{
	note("record:%zu", len);
}

void vf_log_sent(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		 const void *payload, size_t len)
{
	note("sent:%u:%u:%d:%zu", seq, opcode, vsi_id, len);
}

void vf_log_received(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode,
		     int32_t status, const void *payload, size_t len)
{
	note("got:%u:%u:%d:%zu", seq, opcode, status, len);
}

void vf_sync(struct vf *vf, uint64_t now)
{
	note("sync");
}

void vf_received(struct vf *vf, uint64_t now, uint32_t generation, uint32_t seq, uint32_t opcode,
		 int32_t status, const void *payload, size_t len)
{
	note("received:%u:%u:%d:%zu", seq, opcode, status, len);
}

void vf_reset_step(struct vf *vf, uint64_t now, uint32_t generation, uint32_t step, uint32_t cause)
{
	note("reset:%u:%u:%u", generation, step, cause);
}

void vf_requested(struct vf *vf, uint64_t now, const struct vf_request *request)
{
	vf->request = *request;
	note("request:%u:%u", request->id, request->kind);
}

void vf_cancelled(struct vf *vf, uint64_t now, uint32_t request)
{
	note("cancel:%u", request);
}

void vf_changed(struct vf *vf, uint64_t now, const struct vf_snapshot *delta)
{
	note("changed:%lx", delta->have);
}

void vf_netdev_ready(struct vf *vf, uint64_t now, int err, const struct vf_snapshot *snapshot)
{
	if (!err)
		vf->snapshot = *snapshot;
	note("netdev:%d", err);
}

uint64_t vf_run(struct vf *vf, uint64_t now)
{
	uint64_t deadline = vf->deadline;

	vf->deadline = VF_NO_DEADLINE;
	vf->runs++;
	return deadline;
}

void vf_get_status(const struct vf *vf, struct vf_status *status)
{
	memset(status, 0, sizeof(*status));
	status->phase = vf->phase;
	status->snapshot = &vf->snapshot;
}

int vf_set_policy(struct vf *vf, uint64_t now, const struct vf_policy *policy)
{
	vf->policy = *policy;
	note("policy");
	return 0;
}

void vf_get_policy_status(const struct vf *vf, struct vf_policy_status *status)
{
	memset(status, 0, sizeof(*status));
	status->policy = vf->policy;
	status->state = VF_POLICY_DONE;
}

void vf_get_grant_status(const struct vf *vf, struct vf_grant_status *status)
{
	*status = vf->grant;
}

int vf_mac_state(const struct vf *vf, const uint8_t *mac, char *why, size_t size)
{
	return 0;
}

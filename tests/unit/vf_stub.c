// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vf_stub.h"

struct vf *vf_stub[VF_STUB_MAX];
unsigned int vf_stub_count;

__attribute__((format(printf, 2, 3)))
static void note(struct vf *vf, const char *format, ...)
{
	size_t len = strlen(vf->events);
	va_list args;

	va_start(args, format);
	vsnprintf(vf->events + len, sizeof(vf->events) - len, format, args);
	va_end(args);
	strncat(vf->events, " ", sizeof(vf->events) - strlen(vf->events) - 1);
}

struct vf *vf_new(const struct vf_io *io, const struct vf_policy *policy)
{
	struct vf *vf = calloc(1, sizeof(*vf));

	vf->io = *io;
	vf->policy = *policy;
	vf->deadline = VF_NO_DEADLINE;
	vf->phase = VF_PHASE_NEGOTIATING;
	vf_stub[vf_stub_count++ % VF_STUB_MAX] = vf;
	return vf;
}

void vf_free(struct vf *vf)
{
	if (!vf)
		return;
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
	note(vf, "add");
}

void vf_record(struct vf *vf, uint32_t generation, const void *record, size_t len)
{
	note(vf, "record:%zu", len);
}

void vf_log_sent(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		 const void *payload, size_t len)
{
	note(vf, "sent:%u:%u:%d:%zu", seq, opcode, vsi_id, len);
}

void vf_log_received(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode, int32_t status,
		     const void *payload, size_t len)
{
	note(vf, "got:%u:%u:%d:%zu", seq, opcode, status, len);
}

void vf_sync(struct vf *vf, uint64_t now)
{
	note(vf, "sync");
}

void vf_received(struct vf *vf, uint64_t now, uint32_t generation, uint32_t seq, uint32_t opcode,
		 int32_t status, const void *payload, size_t len)
{
	note(vf, "received:%u:%u:%d:%zu", seq, opcode, status, len);
}

void vf_reset_step(struct vf *vf, uint64_t now, uint32_t generation, uint32_t step, uint32_t cause)
{
	note(vf, "reset:%u:%u:%u", generation, step, cause);
}

void vf_requested(struct vf *vf, uint64_t now, const struct vf_request *request)
{
	vf->request = *request;
	note(vf, "request:%u:%u", request->id, request->kind);
}

void vf_cancelled(struct vf *vf, uint64_t now, uint32_t request)
{
	note(vf, "cancel:%u", request);
}

void vf_changed(struct vf *vf, uint64_t now, const struct vf_snapshot *delta)
{
	note(vf, "changed:%lx", delta->have);
}

void vf_netdev_ready(struct vf *vf, uint64_t now, int err, const struct vf_snapshot *snapshot)
{
	note(vf, "netdev:%d", err);
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

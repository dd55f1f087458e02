/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A struct vf that only writes down what happens to it: the daemon around it is under test. */
#ifndef VF_STUB_H
#define VF_STUB_H

#include "vf/vf.h"

#define VF_STUB_MAX	16

struct vf {
	struct vf_io io;
	struct vf_policy policy;
	struct vf_snapshot snapshot;
	enum vf_phase phase;
	struct vf_grant_status grant;
	uint64_t deadline;		/* what vf_run() answers next */
	unsigned int runs;
	struct vf_request request;
};

/* Those that live, in the order of vf_new(). */
extern struct vf *vf_stub[VF_STUB_MAX];
extern unsigned int vf_stub_count;

/* All events of all VFs in order, each a word with a blank behind it. Outlives the VFs. */
extern char vf_stub_events[4096];
/* What the first vf_run() of a new VF answers. */
extern uint64_t vf_stub_deadline;

#endif

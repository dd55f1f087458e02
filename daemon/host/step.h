/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One thing to do to a netdev, as data: what a plan consists of, a job carries to the worker
 * thread, and a dry run prints.
 */
#ifndef IAVFD_HOST_STEP_H
#define IAVFD_HOST_STEP_H

#include "host.h"

enum host_op {
	HOST_OP_READ,
	HOST_OP_MTU,
	HOST_OP_MAC,
	HOST_OP_FLAGS,
	HOST_OP_CHANNELS,
	HOST_OP_RINGS,
	HOST_OP_COALESCE,
	HOST_OP_FEATURES,
	HOST_OP_RSS,
	HOST_OP_HASH_FIELDS,
	HOST_OP_VLAN_ADD,
	HOST_OP_VLAN_DEL,
	HOST_OP_VLAN_MTU,
	HOST_OP_CALL,		/* anything else that may wait: files */
	HOST_NUM_OPS,
};

enum host_verdict {
	HOST_NOT_RUN,		/* a step before it failed, or the job was cancelled */
	HOST_DONE,
	HOST_FAILED,		/* error says why */
};

struct host_step {
	enum host_op op;
	struct host_ref ref;
	union {
		uint32_t mtu;
		uint8_t mac[6];
		struct {
			uint32_t mask, values;
		} flags;
		struct host_channels channels;
		struct host_rings rings;
		struct {
			uint32_t which;
			struct host_coalesce to;
		} coalesce;
		struct {
			unsigned int num;
			struct host_feature_set to[HOST_FEATURES_MAX];
		} features;
		struct {
			uint32_t which;
			struct host_rss to;
		} rss;
		struct {
			enum host_flow flow;
			uint32_t fields;
		} hash;
		struct host_vlan_set vlan;
		struct {
			/* With the step's data, in the thread. 0 or -errno. */
			int (*run)(void *data);
			/* What data holds, when the step is freed; in any thread. NULL: nothing. */
			void (*drop)(void *data);
		} call;
	};
	void *data;			/* the caller's */
	/* What became of it. */
	enum host_verdict verdict;
	struct host_error error;
	struct host_state *state;	/* HOST_OP_READ; freed with the step, unless set to NULL */
	bool changed;			/* HOST_OP_VLAN_*: it was not so before */
};

/* "mtu", "mac" ... as in the configuration and in logs. */
const char *host_op_word(enum host_op op);

/* Does it; the verdict is in the step. */
void host_step_run(struct host *host, struct host_step *step);
/* What it holds, not itself. */
void host_step_clear(struct host_step *step);

#endif

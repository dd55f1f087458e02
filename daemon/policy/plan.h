/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what is wanted of a VF and what it is like to the steps between the two, in the order in which
 * they are done, each with what it costs. Pure: the same plan is shown by a dry run and carried out.
 */
#ifndef IAVFD_PLAN_H
#define IAVFD_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "host/step.h"

#define PLAN_MESSAGES_MAX	8
#define PLAN_BIT(setting)	(UINT64_C(1) << (setting))

/* What traffic notices. */
enum plan_outage {
	PLAN_NO_OUTAGE,
	PLAN_QUEUES_STOP,		/* for as long as the messages take */
	PLAN_VF_RESET,			/* the PF resets the VF, and everything is set up again */
	PLAN_OTHER_ADDRESS,		/* traffic to the old one ends */
};

enum plan_doer {
	PLAN_BY_DAEMON,			/* a policy: nothing of the netdev changes */
	PLAN_BY_HOST,			/* as an administrator would (daemon/host) */
	PLAN_BY_SESSION,		/* the netdev is in another namespace: netdev-update */
};

struct plan_step {
	uint64_t settings;		/* PLAN_BIT() of each that it changes */
	enum plan_doer doer;
	enum host_op op;		/* PLAN_BY_HOST, PLAN_BY_SESSION (mtu and mac only) */
	enum plan_outage outage;
	const char *messages[PLAN_MESSAGES_MAX];	/* to the PF, as virtchnl names them; NULL behind the last */
	/* A flow of HASH_FIELDS; a device of VLAN_*: of DEL among those live, else among those wanted. */
	unsigned int which;
};

/* What there is to know of the VF. Belongs to the caller, is read by plan_new() and plan_host_step(). */
struct plan_input {
	const struct vf_config *wanted;	/* what is not set in it stays as it is */
	bool made;			/* VLAN devices that are wanted are ours, whatever their names */
	uint64_t defaults;		/* PLAN_BIT() of settings that go back to what they are without any wish */
	/*
	 * To what was before. VLAN devices get their MTU as far as what they are on lets them; if they
	 * are not among defaults, that is all: it went with that of the VF, and none comes or goes.
	 */
	bool back;
	const struct vf_config *live;
	const struct host_state *host;	/* NULL: in another namespace */
	/* VLAN devices that may go, being ours: a value of SETTING_VLAN_DEVICES; NULL: none */
	const struct setting_value *ours;
	uint32_t caps;			/* granted: VIRTCHNL_VF_OFFLOAD_* */
	unsigned int queues_granted;	/* pairs that need no reset */
};

struct plan;

/*
 * 0 and the plan, maybe an empty one; -ENOMEM; -EXDEV, -EINVAL: it cannot be done, *why is a
 * sentence that names the setting, to be freed.
 */
int plan_new(const struct plan_input *input, struct plan **plan, char **why);
void plan_free(struct plan *plan);

unsigned int plan_num(const struct plan *plan);
const struct plan_step *plan_step(const struct plan *plan, unsigned int i);
/* All that it changes. */
uint64_t plan_settings(const struct plan *plan);

/* The i-th step, PLAN_BY_HOST, as data for the worker; op and ref of *step are filled in. */
void plan_host_step(const struct plan *plan, unsigned int i, const struct plan_input *input,
		    struct host_step *step);

/* "none", "queues stop" ...; static. */
const char *plan_outage_word(enum plan_outage outage);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "internal.h"
#include "step.h"

static int call(struct host *host, struct host_step *step)
{
	int err = step->call.run(step->data);

	host_begin(host);
	return err ? host_fail(host, err, "%s", strerror(-err)) : 0;
}

static int run(struct host *host, struct host_step *step)
{
	const struct host_ref *ref = &step->ref;

	switch (step->op) {
	case HOST_OP_READ:
		return host_read(host, ref, &step->state);
	case HOST_OP_MTU:
		return host_set_mtu(host, ref, step->mtu);
	case HOST_OP_MAC:
		return host_set_mac(host, ref, step->mac);
	case HOST_OP_FLAGS:
		return host_set_flags(host, ref, step->flags.mask, step->flags.values);
	case HOST_OP_CHANNELS:
		return host_set_channels(host, ref, &step->channels);
	case HOST_OP_RINGS:
		return host_set_rings(host, ref, &step->rings);
	case HOST_OP_COALESCE:
		return host_set_coalesce(host, ref, step->coalesce.which, &step->coalesce.to);
	case HOST_OP_FEATURES:
		return host_set_features(host, ref, step->features.to, step->features.num);
	case HOST_OP_RSS:
		return host_set_rss(host, ref, step->rss.which, &step->rss.to);
	case HOST_OP_HASH_FIELDS:
		return host_set_hash_fields(host, ref, step->hash.flow, step->hash.fields);
	case HOST_OP_VLAN_ADD:
		return host_vlan_add(host, ref, &step->vlan, &step->changed);
	case HOST_OP_VLAN_DEL:
		return host_vlan_del(host, ref, &step->vlan, &step->changed);
	case HOST_OP_VLAN_MTU:
		return host_vlan_mtu(host, ref, &step->vlan, &step->changed);
	case HOST_OP_CALL:
		return call(host, step);
	case HOST_NUM_OPS:
		break;
	}
	host_begin(host);
	return host_fail(host, -EINVAL, "no such step");
}

void host_step_run(struct host *host, struct host_step *step)
{
	int err = run(host, step);

	step->error = *host_error(host);
	step->verdict = err ? HOST_FAILED : HOST_DONE;
}

void host_step_clear(struct host_step *step)
{
	host_state_free(step->state);
	step->state = NULL;
	if (step->op == HOST_OP_CALL && step->call.drop)
		step->call.drop(step->data);
	step->data = NULL;
}

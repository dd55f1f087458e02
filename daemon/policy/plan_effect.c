// SPDX-License-Identifier: GPL-2.0-or-later
/* tests/system compares this with the mailbox traffic of the real steps. */
#include <string.h>

#include "plan_effect.h"
#include "virtchnl/wire.h"

static void message(struct plan_step *step, const char *name)
{
	unsigned int i = 0;

	while (i < PLAN_MESSAGES_MAX - 1 && step->messages[i])
		i++;
	if (i < PLAN_MESSAGES_MAX - 1)
		step->messages[i] = name;
}

static bool is_up(const struct plan_input *in)
{
	return in->host && (in->host->flags & HOST_UP);
}

/* Rings are made anew. */
static void queues_stop(struct plan_step *step, const struct plan_input *in)
{
	if (!is_up(in))
		return;
	step->outage = PLAN_QUEUES_STOP;
	message(step, "DISABLE_QUEUES");
	message(step, "CONFIG_VSI_QUEUES");
	message(step, "ENABLE_QUEUES");
}

static uint32_t wanted(const struct plan_input *in, enum setting setting)
{
	const struct setting_value *value = vf_config_get(in->wanted, setting);

	return value ? value->number : 0;
}

static void channels(struct plan_step *step, const struct plan_input *in)
{
	unsigned int rx = wanted(in, SETTING_RX_QUEUES), tx = wanted(in, SETTING_TX_QUEUES);

	if (rx <= in->queues_granted && tx <= in->queues_granted) {
		queues_stop(step, in);
		return;
	}
	step->outage = PLAN_VF_RESET;
	message(step, "REQUEST_QUEUES");
}

static void vlan_filters(struct plan_step *step, const struct plan_input *in, bool add)
{
	bool v2 = in->caps & VIRTCHNL_CAP_VLAN_V2;

	if (add)
		message(step, v2 ? "ADD_VLAN_V2" : "ADD_VLAN");
	else
		message(step, v2 ? "DEL_VLAN_V2" : "DEL_VLAN");
}

static void offload(struct plan_step *step, const struct plan_input *in, bool on, const char *on_v2,
		    const char *off_v2, const char *on_v1, const char *off_v1)
{
	if (in->caps & VIRTCHNL_CAP_VLAN_V2)
		message(step, on ? on_v2 : off_v2);
	else if (on_v1)
		message(step, on ? on_v1 : off_v1);
}

static void feature(struct plan_step *step, const struct plan_input *in, enum setting setting)
{
	bool on = wanted(in, setting);

	switch (setting) {
	case SETTING_FEATURE_VLAN_CTAG_STRIP:
		offload(step, in, on, "ENABLE_VLAN_STRIPPING_V2", "DISABLE_VLAN_STRIPPING_V2",
			"ENABLE_VLAN_STRIPPING", "DISABLE_VLAN_STRIPPING");
		break;
	case SETTING_FEATURE_VLAN_STAG_STRIP:
		offload(step, in, on, "ENABLE_VLAN_STRIPPING_V2", "DISABLE_VLAN_STRIPPING_V2", NULL,
			NULL);
		break;
	case SETTING_FEATURE_VLAN_CTAG_INSERT:
	case SETTING_FEATURE_VLAN_STAG_INSERT:
		offload(step, in, on, "ENABLE_VLAN_INSERTION_V2", "DISABLE_VLAN_INSERTION_V2", NULL,
			NULL);
		break;
	case SETTING_FEATURE_VLAN_CTAG_FILTER:
	case SETTING_FEATURE_VLAN_STAG_FILTER:
		vlan_filters(step, in, !on);
		break;
	case SETTING_FEATURE_KEEP_CRC:
		queues_stop(step, in);
		break;
	default:
		break;
	}
}

static void rss(struct plan_step *step)
{
	uint64_t table = PLAN_BIT(SETTING_RSS_TABLE) | PLAN_BIT(SETTING_RSS_WEIGHTS) |
			 PLAN_BIT(SETTING_RSS_EQUAL);

	if (step->settings & PLAN_BIT(SETTING_RSS_HASH_FUNCTION))
		message(step, "CONFIG_RSS_HFUNC");
	if (step->settings & PLAN_BIT(SETTING_RSS_KEY))
		message(step, "CONFIG_RSS_KEY");
	if (step->settings & table)
		message(step, "CONFIG_RSS_LUT");
}

static void policy(struct plan_step *step, const struct plan_input *in)
{
	uint64_t filters = PLAN_BIT(SETTING_VLAN_FILTERS_CTAG) | PLAN_BIT(SETTING_VLAN_FILTERS_STAG);

	if (!(step->settings & filters))
		return;
	vlan_filters(step, in, true);
	vlan_filters(step, in, false);
}

static void address(struct plan_step *step)
{
	step->outage = PLAN_OTHER_ADDRESS;
	message(step, "ADD_ETH_ADDR");
	message(step, "DEL_ETH_ADDR");
}

static void by_op(struct plan_step *step, const struct plan_input *in)
{
	switch (step->op) {
	case HOST_OP_CHANNELS:
		channels(step, in);
		break;
	case HOST_OP_RINGS:
	case HOST_OP_MTU:
		queues_stop(step, in);
		break;
	case HOST_OP_MAC:
		address(step);
		break;
	case HOST_OP_FEATURES:
		for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
			if (step->settings & PLAN_BIT(i))
				feature(step, in, i);
		}
		break;
	case HOST_OP_RSS:
		rss(step);
		break;
	case HOST_OP_HASH_FIELDS:
		message(step, "ADD_RSS_CFG");
		break;
	case HOST_OP_FLAGS:
		message(step, "CONFIG_PROMISCUOUS_MODE");
		break;
	case HOST_OP_VLAN_ADD:
	case HOST_OP_VLAN_DEL:
		vlan_filters(step, in, step->op == HOST_OP_VLAN_ADD);
		break;
	default:
		break;
	}
}

void plan_effect(struct plan_step *step, const struct plan_input *input)
{
	if (step->doer == PLAN_BY_DAEMON)
		policy(step, input);
	else
		by_op(step, input);
}

const char *plan_outage_word(enum plan_outage outage)
{
	switch (outage) {
	case PLAN_NO_OUTAGE:
		return "none";
	case PLAN_QUEUES_STOP:
		return "queues stop";
	case PLAN_VF_RESET:
		return "VF reset";
	case PLAN_OTHER_ADDRESS:
		return "address changes";
	}
	return "unknown";
}

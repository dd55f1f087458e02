// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"
#include "plan.h"
#include "plan_devices.h"
#include "plan_effect.h"

#define RANGE(from, to)	((PLAN_BIT(to) << 1) - PLAN_BIT(from))

#define POLICY		(RANGE(SETTING_VLAN_FILTERS_CTAG, SETTING_VLAN_BUDGET) | \
			 RANGE(SETTING_MAX_QUEUES, SETTING_GRACE_MS))
#define QUEUES		(PLAN_BIT(SETTING_RX_QUEUES) | PLAN_BIT(SETTING_TX_QUEUES))
#define RINGS		(PLAN_BIT(SETTING_RX_RING) | PLAN_BIT(SETTING_TX_RING))
#define FEATURES	RANGE(SETTING_FEATURE_RX_CHECKSUM, SETTING_FEATURE_VLAN_STAG_FILTER)
#define RSS		RANGE(SETTING_RSS_KEY, SETTING_RSS_HASH_FUNCTION)
#define RSS_TABLE	RANGE(SETTING_RSS_TABLE, SETTING_RSS_EQUAL)
#define RSS_FIELDS	RANGE(SETTING_RSS_FIELDS_TCP4, SETTING_RSS_FIELDS_SCTP6)
#define MODERATION	RANGE(SETTING_MODERATION_RX_USECS, SETTING_MODERATION_TX_ADAPTIVE)
#define FLAGS		(PLAN_BIT(SETTING_PROMISC) | PLAN_BIT(SETTING_ALLMULTI))
#define ELSEWHERE	(PLAN_BIT(SETTING_MAC) | PLAN_BIT(SETTING_MTU) | POLICY)

struct plan {
	struct plan_step *steps;
	unsigned int num, room;
};

static struct plan_step *add_step(struct plan *plan, uint64_t settings, enum plan_doer doer,
				  enum host_op op)
{
	if (plan->num == plan->room) {
		unsigned int room = plan->room ? 2 * plan->room : 16;
		struct plan_step *steps = realloc(plan->steps, room * sizeof(*steps));

		if (!steps)
			return NULL;
		plan->steps = steps;
		plan->room = room;
	}
	plan->steps[plan->num] = (struct plan_step){ .settings = settings, .doer = doer, .op = op };
	return &plan->steps[plan->num++];
}

static uint32_t live_number(const struct plan_input *in, enum setting setting, uint32_t other)
{
	const struct setting_value *value = vf_config_get(in->live, setting);

	return value ? value->number : other;
}

/* What is wanted, or else what is. */
static uint32_t number_to_be(const struct plan_input *in, enum setting setting, uint32_t other)
{
	const struct setting_value *value = vf_config_get(in->wanted, setting);

	return value ? value->number : live_number(in, setting, other);
}

static bool has_table(const struct vf_config *config)
{
	return vf_config_get(config, SETTING_RSS_TABLE) ||
	       vf_config_get(config, SETTING_RSS_WEIGHTS) ||
	       vf_config_get(config, SETTING_RSS_EQUAL);
}

static unsigned int rx_queues_to_be(const struct plan_input *in)
{
	return number_to_be(in, SETTING_RX_QUEUES, 1);
}

/* A table is compared as what it comes to: weights and "equal" are nowhere else. */
static bool table_differs(const struct plan_input *in)
{
	unsigned int num = in->host ? in->host->rss.table_len : 0;
	uint16_t table[HOST_TABLE_MAX];

	if (!num || live_rss_table(in->wanted, num, rx_queues_to_be(in), table))
		return true;
	return memcmp(in->host->rss.table, table, num * sizeof(table[0]));
}

/* A table that no user made is spread anew over other queues, however right it is now. */
static bool table_moves(const struct plan_input *in)
{
	return !vf_config_get(in->live, SETTING_RSS_TABLE) &&
	       rx_queues_to_be(in) != live_number(in, SETTING_RX_QUEUES, 1);
}

static bool differs(const struct plan_input *in, enum setting setting)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, setting);
	const struct setting_value *live = vf_config_get(in->live, setting);

	if (!wanted)
		return (in->defaults & PLAN_BIT(setting)) && live;
	if (PLAN_BIT(setting) & RSS_TABLE)
		return table_moves(in) || table_differs(in);
	return !live || !setting_value_equal(wanted, live);
}

static uint64_t all_that_differs(const struct plan_input *in)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (i != SETTING_VLAN_DEVICES && differs(in, i))
			all |= PLAN_BIT(i);
	}
	return all;
}

static int add_device_step(struct plan *plan, const struct plan_input *in, enum host_op op,
			   unsigned int which)
{
	struct plan_step *step = add_step(plan, PLAN_BIT(SETTING_VLAN_DEVICES), PLAN_BY_HOST, op);

	if (!step)
		return -ENOMEM;
	step->which = which;
	plan_effect(step, in);
	return 0;
}

/*
 * Of what only has the tag, and a name that is not what we would have made, it is not known who
 * made it, unless a configuration had it before.
 */
static bool is_there(const struct plan_input *in, const struct setting_value *wanted, unsigned int i)
{
	const struct setting_value *live = vf_config_get(in->live, SETTING_VLAN_DEVICES);
	int now = plan_devices_find(live, wanted, i);
	struct host_vlan_set one, other;

	if (now < 0)
		return false;
	if (in->made || plan_devices_find(in->ours, live, now) >= 0)
		return true;
	plan_device(wanted, i, in->host->name, &one);
	plan_device(live, now, in->host->name, &other);
	return !strcmp(one.name, other.name);
}

/* The way back of something else: devices only get back what they lost by it. */
static bool only_mtus(const struct plan_input *in)
{
	return in->back && !(in->defaults & PLAN_BIT(SETTING_VLAN_DEVICES));
}

static int plan_device_going(struct plan *plan, const struct plan_input *in, unsigned int i)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	const struct setting_value *live = vf_config_get(in->live, SETTING_VLAN_DEVICES);

	if (plan_devices_find(wanted, live, i) >= 0 || plan_devices_find(in->ours, live, i) < 0)
		return 0;
	return add_device_step(plan, in, HOST_OP_VLAN_DEL, i);
}

static int plan_device_wanted(struct plan *plan, const struct plan_input *in, unsigned int i)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	const struct setting_value *live = vf_config_get(in->live, SETTING_VLAN_DEVICES);
	uint32_t mtu = plan_device_mtu(in, i);

	if (!is_there(in, wanted, i))
		return only_mtus(in) ? 0 : add_device_step(plan, in, HOST_OP_VLAN_ADD, i);
	return mtu && mtu != plan_device_mtu_now(live, wanted, i) ? add_device_step(plan, in, HOST_OP_VLAN_MTU, i) : 0;
}

/*
 * Lists are parents first, so what stands on another goes first from the end, and finds room for
 * its MTU from the beginning. What the kernel takes down with a parent gets what it wants after it.
 */
static int plan_devices(struct plan *plan, const struct plan_input *in)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);
	const struct setting_value *live = vf_config_get(in->live, SETTING_VLAN_DEVICES);
	int err = 0;

	if (!wanted && !(in->defaults & PLAN_BIT(SETTING_VLAN_DEVICES)))
		return 0;
	for (unsigned int i = only_mtus(in) ? 0 : plan_devices_num(live); !err && i--;)
		err = plan_device_going(plan, in, i);
	for (unsigned int i = 0; !err && i < plan_devices_num(wanted); i++)
		err = plan_device_wanted(plan, in, i);
	return err;
}

/* In this order: what may be asked for first, queues before what depends on their number. */
static const struct part {
	uint64_t settings;
	enum plan_doer doer;
	enum host_op op;
} parts[] = {
	{ POLICY, PLAN_BY_DAEMON, HOST_OP_READ },
	{ QUEUES, PLAN_BY_HOST, HOST_OP_CHANNELS },
	{ RINGS, PLAN_BY_HOST, HOST_OP_RINGS },
	{ PLAN_BIT(SETTING_MTU), PLAN_BY_HOST, HOST_OP_MTU },
	{ PLAN_BIT(SETTING_MAC), PLAN_BY_HOST, HOST_OP_MAC },
	{ FEATURES, PLAN_BY_HOST, HOST_OP_FEATURES },
	{ RSS_FIELDS, PLAN_BY_HOST, HOST_OP_HASH_FIELDS },
	{ MODERATION, PLAN_BY_HOST, HOST_OP_COALESCE },
	{ FLAGS, PLAN_BY_HOST, HOST_OP_FLAGS },
};

static const struct part rss_part = { RSS, PLAN_BY_HOST, HOST_OP_RSS };

/* The kernel lets no queue go that a user's table names: then the table comes first. */
static bool queues_go(const struct plan_input *in)
{
	return rx_queues_to_be(in) < live_number(in, SETTING_RX_QUEUES, 1);
}

static int add_part(struct plan *plan, const struct plan_input *in, const struct part *part,
		    uint64_t settings)
{
	enum plan_doer doer = part->doer;
	struct plan_step *step;

	if (doer == PLAN_BY_HOST && !in->host)
		doer = PLAN_BY_SESSION;
	step = add_step(plan, settings, doer, part->op);
	if (!step)
		return -ENOMEM;
	if (part->op == HOST_OP_HASH_FIELDS)
		step->which = __builtin_ctzll(settings) - SETTING_RSS_FIELDS_TCP4;
	plan_effect(step, in);
	return 0;
}

static int plan_part(struct plan *plan, const struct plan_input *in, const struct part *part,
		     uint64_t differing)
{
	uint64_t settings = part->settings & differing;
	int err = 0;

	if (part->op != HOST_OP_HASH_FIELDS)
		return settings ? add_part(plan, in, part, settings) : 0;
	for (; !err && settings; settings &= settings - 1)
		err = add_part(plan, in, part, settings & -settings);
	return err;
}

__attribute__((format(printf, 3, 4)))
static int refuse(char **why, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vasprintf(why, format, args) < 0)
		*why = NULL;
	va_end(args);
	return *why ? err : -ENOMEM;
}

static int check_table(const struct plan_input *in, char **why)
{
	uint16_t table[HOST_TABLE_MAX];
	unsigned int num = in->host->rss.table_len, queues = rx_queues_to_be(in);

	if (!has_table(in->wanted) || !live_rss_table(in->wanted, num, queues, table))
		return 0;
	return refuse(why, -EINVAL, "the RSS table of this VF has %u entries for %u queue%s, which "
		      "rss.table, rss.weights or rss.equal does not fit", num, queues,
		      queues == 1 ? "" : "s");
}

static int check_key(const struct plan_input *in, char **why)
{
	const struct setting_value *key = vf_config_get(in->wanted, SETTING_RSS_KEY);

	if (!key || key->size == in->host->rss.key_len)
		return 0;
	return refuse(why, -EINVAL, "rss.key has %zu bytes, that of this VF has %u", key->size,
		      in->host->rss.key_len);
}

/* The kernel has only a number for it. On the way back they get what there is room for. */
static int check_device_mtus(const struct plan_input *in, char **why)
{
	const struct setting_value *wanted = vf_config_get(in->wanted, SETTING_VLAN_DEVICES);

	for (unsigned int i = 0; !in->back && i < plan_devices_num(wanted); i++) {
		const struct vlan_device *device = (const struct vlan_device *)wanted->data + i;

		if (device->mtu > plan_device_limit(in, i))
			return refuse(why, -EINVAL, "vlan.devices: mtu %u of id %u is above that of "
				      "what it is on, which is %u; set that first, or with it",
				      device->mtu, device->id, plan_device_limit(in, i));
	}
	return 0;
}

static int check(const struct plan_input *in, uint64_t differing, char **why)
{
	uint64_t beyond = differing & ~ELSEWHERE;
	int err;

	if (vf_config_get(in->wanted, SETTING_VLAN_DEVICES) && !only_mtus(in))
		beyond |= PLAN_BIT(SETTING_VLAN_DEVICES);
	if (!in->host && beyond)
		return refuse(why, -EXDEV, "%s cannot be set here: the interface is in another network "
			      "namespace, where only mac, mtu and policies can be; set it there",
			      setting_type(__builtin_ctzll(beyond))->path);
	if (!in->host)
		return 0;
	err = check_table(in, why);
	return err ?: check_key(in, why) ?: check_device_mtus(in, why);
}

int plan_new(const struct plan_input *input, struct plan **result, char **why)
{
	uint64_t differing = all_that_differs(input);
	struct plan *plan;
	int err;

	*why = NULL;
	err = check(input, differing, why);
	if (err)
		return err;
	plan = calloc(1, sizeof(*plan));
	if (!plan)
		return -ENOMEM;
	if (queues_go(input))
		err = plan_part(plan, input, &rss_part, differing);
	for (unsigned int i = 0; !err && i < sizeof(parts) / sizeof(parts[0]); i++)
		err = plan_part(plan, input, &parts[i], differing);
	if (!err && !queues_go(input))
		err = plan_part(plan, input, &rss_part, differing);
	if (!err && input->host)
		err = plan_devices(plan, input);
	if (err) {
		plan_free(plan);
		return err;
	}
	*result = plan;
	return 0;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	free(plan->steps);
	free(plan);
}

unsigned int plan_num(const struct plan *plan)
{
	return plan->num;
}

const struct plan_step *plan_step(const struct plan *plan, unsigned int i)
{
	return &plan->steps[i];
}

uint64_t plan_settings(const struct plan *plan)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < plan->num; i++)
		all |= plan->steps[i].settings;
	return all;
}

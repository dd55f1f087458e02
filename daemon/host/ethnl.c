// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>

#include "attrs.h"
#include "ethnl.h"
#include "genl.h"

/* The first in each message. */
#define HEADER 1
_Static_assert(ETHTOOL_A_CHANNELS_HEADER == HEADER && ETHTOOL_A_RINGS_HEADER == HEADER, "HEADER");
_Static_assert(ETHTOOL_A_COALESCE_HEADER == HEADER, "HEADER");
_Static_assert(ETHTOOL_A_FEATURES_HEADER == HEADER, "HEADER");

static struct nlmsghdr *start(void *buf, uint8_t cmd, uint32_t ifindex)
{
	struct nlmsghdr *message = genl_start(buf, 0, cmd, 0);
	struct nlattr *nest = mnl_attr_nest_start(message, HEADER);

	mnl_attr_put_u32(message, ETHTOOL_A_HEADER_DEV_INDEX, ifindex);
	mnl_attr_nest_end(message, nest);
	return message;
}

struct nlmsghdr *ethnl_get_channels(void *buf, uint32_t ifindex)
{
	return start(buf, ETHTOOL_MSG_CHANNELS_GET, ifindex);
}

struct nlmsghdr *ethnl_get_rings(void *buf, uint32_t ifindex)
{
	return start(buf, ETHTOOL_MSG_RINGS_GET, ifindex);
}

struct nlmsghdr *ethnl_get_coalesce(void *buf, uint32_t ifindex)
{
	return start(buf, ETHTOOL_MSG_COALESCE_GET, ifindex);
}

struct nlmsghdr *ethnl_get_features(void *buf, uint32_t ifindex)
{
	return start(buf, ETHTOOL_MSG_FEATURES_GET, ifindex);
}

struct nlmsghdr *ethnl_set_channels(void *buf, uint32_t ifindex, const struct host_channels *to)
{
	struct nlmsghdr *message = start(buf, ETHTOOL_MSG_CHANNELS_SET, ifindex);

	mnl_attr_put_u32(message, ETHTOOL_A_CHANNELS_RX_COUNT, to->rx);
	mnl_attr_put_u32(message, ETHTOOL_A_CHANNELS_TX_COUNT, to->tx);
	mnl_attr_put_u32(message, ETHTOOL_A_CHANNELS_COMBINED_COUNT, to->combined);
	return message;
}

struct nlmsghdr *ethnl_set_rings(void *buf, uint32_t ifindex, const struct host_rings *to)
{
	struct nlmsghdr *message = start(buf, ETHTOOL_MSG_RINGS_SET, ifindex);

	mnl_attr_put_u32(message, ETHTOOL_A_RINGS_RX, to->rx);
	mnl_attr_put_u32(message, ETHTOOL_A_RINGS_TX, to->tx);
	return message;
}

struct nlmsghdr *ethnl_set_coalesce(void *buf, uint32_t ifindex, uint32_t which,
				    const struct host_coalesce *to)
{
	struct nlmsghdr *message = start(buf, ETHTOOL_MSG_COALESCE_SET, ifindex);

	if (which & HOST_RX_USECS)
		mnl_attr_put_u32(message, ETHTOOL_A_COALESCE_RX_USECS, to->rx_usecs);
	if (which & HOST_TX_USECS)
		mnl_attr_put_u32(message, ETHTOOL_A_COALESCE_TX_USECS, to->tx_usecs);
	if (which & HOST_ADAPTIVE_RX)
		mnl_attr_put_u8(message, ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX, to->adaptive_rx);
	if (which & HOST_ADAPTIVE_TX)
		mnl_attr_put_u8(message, ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX, to->adaptive_tx);
	return message;
}

/* Those that are named are to be so, all others stay. */
struct nlmsghdr *ethnl_set_features(void *buf, uint32_t ifindex, const struct host_feature_set *to,
				    unsigned int num)
{
	struct nlmsghdr *message = start(buf, ETHTOOL_MSG_FEATURES_SET, ifindex);
	struct nlattr *wanted = mnl_attr_nest_start(message, ETHTOOL_A_FEATURES_WANTED);
	struct nlattr *bits = mnl_attr_nest_start(message, ETHTOOL_A_BITSET_BITS);

	for (unsigned int i = 0; i < num; i++) {
		struct nlattr *bit = mnl_attr_nest_start(message, ETHTOOL_A_BITSET_BITS_BIT);

		mnl_attr_put_strz(message, ETHTOOL_A_BITSET_BIT_NAME, to[i].name);
		if (to[i].on)
			mnl_attr_put(message, ETHTOOL_A_BITSET_BIT_VALUE, 0, NULL);
		mnl_attr_nest_end(message, bit);
	}
	mnl_attr_nest_end(message, bits);
	mnl_attr_nest_end(message, wanted);
	return message;
}

static int parse(const struct nlmsghdr *message, uint8_t cmd, const struct attr_rule *rules,
		 uint16_t max, const struct nlattr **tb)
{
	const struct genlmsghdr *head = mnl_nlmsg_get_payload(message);
	size_t len = mnl_nlmsg_get_payload_len(message);

	if (len < sizeof(*head) || head->cmd != cmd)
		return -EBADMSG;
	return attrs_parse(head + 1, len - sizeof(*head), rules, max, tb);
}

#define U32 { MNL_TYPE_U32, 0, 0 }
#define U8 { MNL_TYPE_U8, 0, 0 }
#define NEST { MNL_TYPE_NESTED, 0, 0 }

int ethnl_channels(const struct nlmsghdr *message, void *data)
{
	static const struct attr_rule rules[ETHTOOL_A_CHANNELS_COMBINED_COUNT + 1] = {
		[ETHTOOL_A_CHANNELS_RX_MAX] = U32,
		[ETHTOOL_A_CHANNELS_TX_MAX] = U32,
		[ETHTOOL_A_CHANNELS_COMBINED_MAX] = U32,
		[ETHTOOL_A_CHANNELS_RX_COUNT] = U32,
		[ETHTOOL_A_CHANNELS_TX_COUNT] = U32,
		[ETHTOOL_A_CHANNELS_COMBINED_COUNT] = U32,
	};
	const struct nlattr *tb[ETHTOOL_A_CHANNELS_COMBINED_COUNT + 1];
	struct host_state *state = data;
	struct host_channels *to = &state->channels;

	if (parse(message, ETHTOOL_MSG_CHANNELS_GET_REPLY, rules,
		  ETHTOOL_A_CHANNELS_COMBINED_COUNT, tb))
		return -EBADMSG;
	to->rx = attr_u32(tb[ETHTOOL_A_CHANNELS_RX_COUNT], 0);
	to->tx = attr_u32(tb[ETHTOOL_A_CHANNELS_TX_COUNT], 0);
	to->combined = attr_u32(tb[ETHTOOL_A_CHANNELS_COMBINED_COUNT], 0);
	to->max_rx = attr_u32(tb[ETHTOOL_A_CHANNELS_RX_MAX], 0);
	to->max_tx = attr_u32(tb[ETHTOOL_A_CHANNELS_TX_MAX], 0);
	to->max_combined = attr_u32(tb[ETHTOOL_A_CHANNELS_COMBINED_MAX], 0);
	state->have |= HOST_HAVE_CHANNELS;
	return 0;
}

int ethnl_rings(const struct nlmsghdr *message, void *data)
{
	static const struct attr_rule rules[ETHTOOL_A_RINGS_TX + 1] = {
		[ETHTOOL_A_RINGS_RX_MAX] = U32,
		[ETHTOOL_A_RINGS_TX_MAX] = U32,
		[ETHTOOL_A_RINGS_RX] = U32,
		[ETHTOOL_A_RINGS_TX] = U32,
	};
	const struct nlattr *tb[ETHTOOL_A_RINGS_TX + 1];
	struct host_state *state = data;
	struct host_rings *to = &state->rings;

	if (parse(message, ETHTOOL_MSG_RINGS_GET_REPLY, rules, ETHTOOL_A_RINGS_TX, tb))
		return -EBADMSG;
	to->rx = attr_u32(tb[ETHTOOL_A_RINGS_RX], 0);
	to->tx = attr_u32(tb[ETHTOOL_A_RINGS_TX], 0);
	to->max_rx = attr_u32(tb[ETHTOOL_A_RINGS_RX_MAX], 0);
	to->max_tx = attr_u32(tb[ETHTOOL_A_RINGS_TX_MAX], 0);
	state->have |= HOST_HAVE_RINGS;
	return 0;
}

static bool flag_of(const struct nlattr *attr)
{
	return attr && mnl_attr_get_u8(attr);
}

/* The kernel leaves out what the driver does not have. */
int ethnl_coalesce(const struct nlmsghdr *message, void *data)
{
	static const struct attr_rule rules[ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX + 1] = {
		[ETHTOOL_A_COALESCE_RX_USECS] = U32,
		[ETHTOOL_A_COALESCE_TX_USECS] = U32,
		[ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX] = U8,
		[ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX] = U8,
	};
	const struct nlattr *tb[ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX + 1];
	struct host_state *state = data;
	struct host_coalesce *to = &state->coalesce;

	if (parse(message, ETHTOOL_MSG_COALESCE_GET_REPLY, rules,
		  ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX, tb))
		return -EBADMSG;
	to->rx_usecs = attr_u32(tb[ETHTOOL_A_COALESCE_RX_USECS], 0);
	to->tx_usecs = attr_u32(tb[ETHTOOL_A_COALESCE_TX_USECS], 0);
	to->adaptive_rx = flag_of(tb[ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX]);
	to->adaptive_tx = flag_of(tb[ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX]);
	state->have |= HOST_HAVE_COALESCE;
	if (tb[ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX])
		state->have |= HOST_HAVE_ADAPTIVE_RX;
	if (tb[ETHTOOL_A_COALESCE_USE_ADAPTIVE_TX])
		state->have |= HOST_HAVE_ADAPTIVE_TX;
	return 0;
}

static struct host_feature *feature_of(struct host_state *state, const char *name)
{
	struct host_feature *feature;

	/* Numbers that the kernel has no feature for any more. */
	if (!*name)
		return NULL;
	for (unsigned int i = 0; i < state->num_features; i++) {
		if (!strcmp(state->features[i].name, name))
			return &state->features[i];
	}
	if (state->num_features == HOST_FEATURES_MAX || strlen(name) >= HOST_FEATURE_NAME)
		return NULL;
	feature = &state->features[state->num_features++];
	strcpy(feature->name, name);
	return feature;
}

enum set { HW, WANTED, ACTIVE, FIXED };

static void mark(struct host_feature *feature, enum set set)
{
	switch (set) {
	case HW:
		feature->hw = true;
		break;
	case WANTED:
		feature->wanted = true;
		break;
	case ACTIVE:
		feature->active = true;
		break;
	case FIXED:
		feature->fixed = true;
		break;
	}
}

/* In a list without mask a bit is set by being there. */
static int take_bit(const struct nlattr *bit, bool list, enum set set, struct host_state *state)
{
	static const struct attr_rule rules[ETHTOOL_A_BITSET_BIT_VALUE + 1] = {
		[ETHTOOL_A_BITSET_BIT_NAME] = { MNL_TYPE_NUL_STRING, 0, 0 },
		[ETHTOOL_A_BITSET_BIT_VALUE] = { MNL_TYPE_FLAG, 0, 0 },
	};
	const struct nlattr *tb[ETHTOOL_A_BITSET_BIT_VALUE + 1];
	struct host_feature *feature;

	if (attrs_parse_nest(bit, rules, ETHTOOL_A_BITSET_BIT_VALUE, tb) ||
	    !tb[ETHTOOL_A_BITSET_BIT_NAME])
		return -EBADMSG;
	feature = feature_of(state, mnl_attr_get_str(tb[ETHTOOL_A_BITSET_BIT_NAME]));
	if (feature && (list || tb[ETHTOOL_A_BITSET_BIT_VALUE]))
		mark(feature, set);
	return 0;
}

static int take_bitset(const struct nlattr *nest, enum set set, struct host_state *state)
{
	static const struct attr_rule rules[ETHTOOL_A_BITSET_BITS + 1] = {
		[ETHTOOL_A_BITSET_NOMASK] = { MNL_TYPE_FLAG, 0, 0 },
		[ETHTOOL_A_BITSET_BITS] = NEST,
	};
	const struct nlattr *tb[ETHTOOL_A_BITSET_BITS + 1], *bit;

	if (!nest || attrs_parse_nest(nest, rules, ETHTOOL_A_BITSET_BITS, tb) ||
	    !tb[ETHTOOL_A_BITSET_BITS])
		return -EBADMSG;
	mnl_attr_for_each_nested(bit, tb[ETHTOOL_A_BITSET_BITS]) {
		if (take_bit(bit, tb[ETHTOOL_A_BITSET_NOMASK], set, state))
			return -EBADMSG;
	}
	return 0;
}

/* The first set names all that the kernel knows. What users may not switch is fixed too. */
int ethnl_features(const struct nlmsghdr *message, void *data)
{
	static const struct attr_rule rules[ETHTOOL_A_FEATURES_NOCHANGE + 1] = {
		[ETHTOOL_A_FEATURES_HW] = NEST,
		[ETHTOOL_A_FEATURES_WANTED] = NEST,
		[ETHTOOL_A_FEATURES_ACTIVE] = NEST,
		[ETHTOOL_A_FEATURES_NOCHANGE] = NEST,
	};
	const struct nlattr *tb[ETHTOOL_A_FEATURES_NOCHANGE + 1];
	struct host_state *state = data;

	state->num_features = 0;
	memset(state->features, 0, sizeof(state->features));
	if (parse(message, ETHTOOL_MSG_FEATURES_GET_REPLY, rules, ETHTOOL_A_FEATURES_NOCHANGE,
		  tb) ||
	    take_bitset(tb[ETHTOOL_A_FEATURES_HW], HW, state) ||
	    take_bitset(tb[ETHTOOL_A_FEATURES_WANTED], WANTED, state) ||
	    take_bitset(tb[ETHTOOL_A_FEATURES_ACTIVE], ACTIVE, state) ||
	    take_bitset(tb[ETHTOOL_A_FEATURES_NOCHANGE], FIXED, state))
		return -EBADMSG;
	for (unsigned int i = 0; i < state->num_features; i++)
		state->features[i].fixed |= !state->features[i].hw;
	state->have |= HOST_HAVE_FEATURES;
	return 0;
}

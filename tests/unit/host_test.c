// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages to and from rtnetlink and ethtool as bytes, and what is decided from them. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>

#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <libmnl/libmnl.h>
#include <netlink/msg.h>

#include "host/ethnl.h"
#include "host/internal.h"
#include "host/job.h"
#include "host/link.h"
#include "host/rxfh.h"
#include "test.h"

static uint8_t buf[65536] __attribute__((aligned(8)));

/* ---- rtnetlink, from the kernel ---- */

static struct nlmsghdr *link_message(uint32_t ifindex, uint32_t flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *head;

	message->nlmsg_type = RTM_NEWLINK;
	head = mnl_nlmsg_put_extra_header(message, sizeof(*head));
	head->ifi_index = ifindex;
	head->ifi_flags = flags;
	return message;
}

static struct nlmsghdr *vf_message(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0xaa, 1 };
	struct nlmsghdr *message = link_message(7, IFF_UP | IFF_RUNNING | IFF_ALLMULTI);

	mnl_attr_put_strz(message, IFLA_IFNAME, "ens8");
	mnl_attr_put_u32(message, IFLA_MTU, 1500);
	mnl_attr_put_u32(message, IFLA_MIN_MTU, 68);
	mnl_attr_put_u32(message, IFLA_MAX_MTU, 9702);
	mnl_attr_put(message, IFLA_ADDRESS, sizeof(mac), mac);
	mnl_attr_put_strz(message, IFLA_PARENT_DEV_NAME, "0000:00:08.0");
	mnl_attr_put_strz(message, IFLA_PARENT_DEV_BUS_NAME, "pci");
	return message;
}

static struct nlmsghdr *vlan_message(uint32_t ifindex, const char *name, uint32_t on, int netns,
				     uint16_t protocol, uint16_t id)
{
	struct nlmsghdr *message = link_message(ifindex, 0);
	struct nlattr *info, *data;

	mnl_attr_put_strz(message, IFLA_IFNAME, name);
	mnl_attr_put_u32(message, IFLA_MTU, 1500);
	mnl_attr_put_u32(message, IFLA_LINK, on);
	if (netns >= 0)
		mnl_attr_put_u32(message, IFLA_LINK_NETNSID, netns);
	info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, "vlan");
	data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	mnl_attr_put_u16(message, IFLA_VLAN_PROTOCOL, htons(protocol));
	mnl_attr_put_u16(message, IFLA_VLAN_ID, id);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
	return message;
}

static void link_is_read(void)
{
	struct link link;

	CHECK(!link_decode(vf_message(), &link));
	CHECK_EQ(link.ifindex, 7);
	CHECK(!strcmp(link.name, "ens8") && !strcmp(link.bus, "pci"));
	CHECK(!strcmp(link.device, "0000:00:08.0"));
	CHECK_EQ(link.mtu, 1500);
	CHECK_EQ(link.min_mtu, 68);
	CHECK_EQ(link.max_mtu, 9702);
	CHECK_EQ(link.mac[4], 0xaa);
	CHECK_EQ(link.flags, HOST_UP | HOST_ALLMULTI);
	CHECK(!link.vlan && !link.on);
}

static void link_without_much(void)
{
	struct nlmsghdr *message = link_message(7, 0);
	struct link link;

	CHECK_EQ(link_decode(message, &link), -EBADMSG);
	mnl_attr_put_strz(message, IFLA_IFNAME, "lo");
	CHECK(!link_decode(message, &link));
	CHECK(!*link.device && !*link.bus && !link.mtu && !link.flags);
	message->nlmsg_type = RTM_DELLINK;
	CHECK_EQ(link_decode(message, &link), -EBADMSG);
}

static void vlan_is_read(void)
{
	struct link link;

	CHECK(!link_decode(vlan_message(9, "v200", 7, -1, 0x88a8, 200), &link));
	CHECK(link.vlan);
	CHECK_EQ(link.on, 7);
	CHECK_EQ(link.protocol, 0x88a8);
	CHECK_EQ(link.id, 200);
	/* 7 is somebody else's there. */
	CHECK(!link_decode(vlan_message(9, "v200", 7, 0, 0x88a8, 200), &link));
	CHECK_EQ(link.on, 0);
}

/* Some bytes behind the head of the message. */
static void spoil(struct nlmsghdr *message, uint32_t len, unsigned int times, unsigned int *seed)
{
	uint8_t *bytes = (uint8_t *)(message + 1);

	while (times--)
		bytes[rand_r(seed) % (len - sizeof(*message))] = rand_r(seed);
}

static void links_cut_and_spoilt(void)
{
	struct nlmsghdr *message = vlan_message(9, "v200", 7, -1, 0x8100, 200);
	uint32_t len = message->nlmsg_len;
	unsigned int seed = 1;
	static uint8_t good[512];
	struct link link;

	CHECK(len < sizeof(good));
	memcpy(good, buf, len);
	for (uint32_t cut = sizeof(*message); cut < len; cut++) {
		struct nlmsghdr *piece = malloc(cut);

		memcpy(piece, good, cut);
		piece->nlmsg_len = cut;
		link_decode(piece, &link);
		CHECK(!memchr(link.name, 0, sizeof(link.name)) == 0);
		free(piece);
	}
	for (int i = 0; i < 20000; i++) {
		struct nlmsghdr *spoilt = malloc(len);

		memcpy(spoilt, good, len);
		spoil(spoilt, len, 1 + rand_r(&seed) % 4, &seed);
		link_decode(spoilt, &link);
		free(spoilt);
	}
}

/* ---- rtnetlink, to the kernel ---- */

static const void *attr_of(struct nl_msg *message, int type, int len)
{
	struct nlattr *attr = nlmsg_find_attr(nlmsg_hdr(message), sizeof(struct ifinfomsg), type);

	CHECK(attr && nla_len(attr) >= len);
	return nla_data(attr);
}

static unsigned int count_attrs(struct nl_msg *message)
{
	struct nlmsghdr *head = nlmsg_hdr(message);
	unsigned int num = 0;
	struct nlattr *attr;
	int left;

	nlmsg_for_each_attr(attr, head, sizeof(struct ifinfomsg), left)
		num++;
	return num;
}

static struct ifinfomsg *head_of(struct nl_msg *message, int type)
{
	CHECK(message);
	CHECK_EQ(nlmsg_hdr(message)->nlmsg_type, type);
	return nlmsg_data(nlmsg_hdr(message));
}

/* Flags that are not meant must not be in the mask: else they are set to what is in the message. */
static void changes_are_only_those(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0xaa, 1 };
	struct nl_msg *message = link_set_mtu(7, 9000);
	struct ifinfomsg *head = head_of(message, RTM_NEWLINK);

	CHECK_EQ(head->ifi_index, 7);
	CHECK(!head->ifi_flags && !head->ifi_change);
	CHECK_EQ(*(const uint32_t *)attr_of(message, IFLA_MTU, 4), 9000);
	CHECK_EQ(count_attrs(message), 1);
	CHECK_EQ(nlmsg_hdr(message)->nlmsg_flags & (NLM_F_CREATE | NLM_F_REPLACE), 0);
	nlmsg_free(message);
	message = link_set_mac(7, mac);
	head = head_of(message, RTM_NEWLINK);
	CHECK(head->ifi_index == 7 && !head->ifi_flags && !head->ifi_change);
	CHECK(!memcmp(attr_of(message, IFLA_ADDRESS, 6), mac, 6));
	CHECK_EQ(count_attrs(message), 1);
	nlmsg_free(message);
}

static void flags_by_mask(void)
{
	struct nl_msg *message = link_set_flags(7, HOST_PROMISC | HOST_UP, HOST_UP);
	struct ifinfomsg *head = head_of(message, RTM_NEWLINK);

	CHECK_EQ(head->ifi_change, IFF_PROMISC | IFF_UP);
	CHECK_EQ(head->ifi_flags, IFF_UP);
	CHECK_EQ(count_attrs(message), 0);
	nlmsg_free(message);
	message = link_set_flags(7, HOST_ALLMULTI, 0);
	head = head_of(message, RTM_NEWLINK);
	CHECK_EQ(head->ifi_change, IFF_ALLMULTI);
	CHECK_EQ(head->ifi_flags, 0);
	nlmsg_free(message);
}

/* What is sent reads as what was meant: the two directions have one idea of byte order. */
static void vlan_to_make(void)
{
	struct host_vlan_set set = { 0x88a8, 200, "v200", "", true, 1400 };
	struct nl_msg *message = link_add_vlan(7, &set);
	struct ifinfomsg *head = head_of(message, RTM_NEWLINK);
	struct link link;

	CHECK(nlmsg_hdr(message)->nlmsg_flags & NLM_F_CREATE);
	CHECK(nlmsg_hdr(message)->nlmsg_flags & NLM_F_EXCL);
	CHECK_EQ(head->ifi_index, 0);
	CHECK(head->ifi_flags & IFF_UP && head->ifi_change & IFF_UP);
	head->ifi_index = 9;
	CHECK(!link_decode(nlmsg_hdr(message), &link));
	CHECK(link.vlan && link.on == 7 && link.protocol == 0x88a8 && link.id == 200);
	CHECK(!strcmp(link.name, "v200"));
	CHECK_EQ(link.mtu, 1400);
	nlmsg_free(message);
	/* unsaid it is not in it: 0 would be taken at its word */
	set.mtu = 0;
	message = link_add_vlan(7, &set);
	CHECK(!nlmsg_find_attr(nlmsg_hdr(message), sizeof(*head), IFLA_MTU));
	nlmsg_free(message);
}

static void vlan_to_delete(void)
{
	struct nl_msg *message = link_delete(9);

	CHECK_EQ(head_of(message, RTM_DELLINK)->ifi_index, 9);
	CHECK_EQ(count_attrs(message), 0);
	nlmsg_free(message);
}

static void vlans_to_list(void)
{
	struct nl_msg *message = link_get_vlans();
	const char *kind;

	head_of(message, RTM_GETLINK);
	CHECK_EQ(nlmsg_hdr(message)->nlmsg_flags & NLM_F_DUMP, NLM_F_DUMP);
	CHECK(!strcmp(nla_get_string((struct nlattr *)attr_of(message, IFLA_LINKINFO, 8)), "vlan"));
	nlmsg_free(message);
	message = link_get(7);
	CHECK_EQ(head_of(message, RTM_GETLINK)->ifi_index, 7);
	kind = attr_of(message, IFLA_EXT_MASK, 4);
	CHECK_EQ(*(const uint32_t *)kind, RTEXT_FILTER_SKIP_STATS);
	nlmsg_free(message);
}

/* ---- which VLAN devices are on a netdev ---- */

static struct host_vlan vlan(uint32_t ifindex, uint32_t parent, const char *name)
{
	struct host_vlan v = { .ifindex = ifindex, .parent = parent };

	snprintf(v.name, sizeof(v.name), "%s", name);
	return v;
}

static void stacks(void)
{
	struct host_vlan v[] = {
		vlan(13, 12, "top"), vlan(20, 8, "foreign"), vlan(12, 10, "middle"),
		vlan(21, 20, "on-foreign"), vlan(10, 7, "base"), vlan(11, 7, "other"),
	};

	CHECK_EQ(vlans_on(v, 6, 7, "ens8"), 4);
	CHECK(!strcmp(v[0].name, "base") && !strcmp(v[0].parent_name, "ens8"));
	CHECK(!strcmp(v[1].name, "other"));
	CHECK(!strcmp(v[2].name, "middle") && !strcmp(v[2].parent_name, "base"));
	CHECK(!strcmp(v[3].name, "top") && !strcmp(v[3].parent_name, "middle"));
	CHECK_EQ(vlans_on(v, 6, 99, "x"), 0);
	CHECK_EQ(vlans_on(NULL, 0, 7, "x"), 0);
}

/* No kernel says so, but it must end. */
static void rings_of_stacks(void)
{
	struct host_vlan v[] = {
		vlan(10, 11, "a"), vlan(11, 10, "b"), vlan(7, 7, "self"), vlan(12, 7, "c"),
	};

	CHECK_EQ(vlans_on(v, 4, 7, "ens8"), 2);
}

/* ---- ethtool, netlink ---- */

static struct nlmsghdr *answer(uint8_t cmd)
{
	return genl_start(buf, 20, cmd, 0);
}

static struct host_state state;

static void channels_and_rings(void)
{
	struct nlmsghdr *message = answer(ETHTOOL_MSG_CHANNELS_GET_REPLY);

	memset(&state, 0, sizeof(state));
	mnl_attr_put_u32(message, ETHTOOL_A_CHANNELS_COMBINED_MAX, 16);
	mnl_attr_put_u32(message, ETHTOOL_A_CHANNELS_COMBINED_COUNT, 4);
	mnl_attr_put_u32(message, ETHTOOL_A_CHANNELS_RX_COUNT, 2);
	CHECK(!ethnl_channels(message, &state));
	CHECK_EQ(state.channels.combined, 4);
	CHECK_EQ(state.channels.max_combined, 16);
	CHECK_EQ(state.channels.rx, 2);
	CHECK_EQ(state.channels.tx, 0);
	CHECK_EQ(ethnl_rings(message, &state), -EBADMSG);
	message = answer(ETHTOOL_MSG_RINGS_GET_REPLY);
	mnl_attr_put_u32(message, ETHTOOL_A_RINGS_RX, 512);
	mnl_attr_put_u32(message, ETHTOOL_A_RINGS_TX_MAX, 4096);
	/* of a newer kernel */
	mnl_attr_put_u32(message, 200, 1);
	CHECK(!ethnl_rings(message, &state));
	CHECK_EQ(state.rings.rx, 512);
	CHECK_EQ(state.rings.max_tx, 4096);
	CHECK_EQ(state.have, HOST_HAVE_CHANNELS | HOST_HAVE_RINGS);
	mnl_attr_put_u16(message, ETHTOOL_A_RINGS_TX, 1);
	CHECK_EQ(ethnl_rings(message, &state), -EBADMSG);
}

static void coalescing(void)
{
	struct nlmsghdr *message = answer(ETHTOOL_MSG_COALESCE_GET_REPLY);

	memset(&state, 0, sizeof(state));
	mnl_attr_put_u32(message, ETHTOOL_A_COALESCE_RX_USECS, 50);
	mnl_attr_put_u8(message, ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX, 1);
	CHECK(!ethnl_coalesce(message, &state));
	CHECK_EQ(state.coalesce.rx_usecs, 50);
	CHECK(state.coalesce.adaptive_rx && !state.coalesce.adaptive_tx);
	CHECK_EQ(state.have, HOST_HAVE_COALESCE | HOST_HAVE_ADAPTIVE_RX);
}

static void put_bit(struct nlmsghdr *message, const char *name, bool value)
{
	struct nlattr *bit = mnl_attr_nest_start(message, ETHTOOL_A_BITSET_BITS_BIT);

	mnl_attr_put_u32(message, ETHTOOL_A_BITSET_BIT_INDEX, 3);
	mnl_attr_put_strz(message, ETHTOOL_A_BITSET_BIT_NAME, name);
	if (value)
		mnl_attr_put(message, ETHTOOL_A_BITSET_BIT_VALUE, 0, NULL);
	mnl_attr_nest_end(message, bit);
}

/* names: those in the set, by blanks; a "-" before: in the mask only */
static void put_bitset(struct nlmsghdr *message, uint16_t type, bool list, const char *names)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type), *bits;
	char copy[256], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", names);
	if (list)
		mnl_attr_put(message, ETHTOOL_A_BITSET_NOMASK, 0, NULL);
	mnl_attr_put_u32(message, ETHTOOL_A_BITSET_SIZE, 64);
	bits = mnl_attr_nest_start(message, ETHTOOL_A_BITSET_BITS);
	for (char *name = strtok_r(copy, " ", &save); name; name = strtok_r(NULL, " ", &save))
		put_bit(message, name + (*name == '-'), !list && *name != '-');
	mnl_attr_nest_end(message, bits);
	mnl_attr_nest_end(message, nest);
}

static struct nlmsghdr *features_message(void)
{
	struct nlmsghdr *message = answer(ETHTOOL_MSG_FEATURES_GET_REPLY);

	put_bitset(message, ETHTOOL_A_FEATURES_HW, false,
		   "rx-gro -highdma tso rx-fcs -netns-local");
	put_bitset(message, ETHTOOL_A_FEATURES_WANTED, true, "rx-gro rx-fcs");
	put_bitset(message, ETHTOOL_A_FEATURES_ACTIVE, true, "rx-gro highdma");
	put_bitset(message, ETHTOOL_A_FEATURES_NOCHANGE, true, "netns-local");
	return message;
}

static const struct host_feature *feature(const char *name)
{
	const struct host_feature *f = host_feature(&state, name);

	CHECK(f);
	return f;
}

static void features(void)
{
	memset(&state, 0, sizeof(state));
	CHECK(!ethnl_features(features_message(), &state));
	/* Once more: they are not counted twice. */
	CHECK(!ethnl_features(features_message(), &state));
	CHECK_EQ(state.num_features, 5);
	CHECK(feature("rx-gro")->active && feature("rx-gro")->wanted && !feature("rx-gro")->fixed);
	CHECK(feature("highdma")->active && feature("highdma")->fixed);
	CHECK(!feature("tso")->active && !feature("tso")->fixed);
	CHECK(!feature("rx-fcs")->active && feature("rx-fcs")->wanted);
	CHECK(feature("netns-local")->fixed);
	CHECK(!host_feature(&state, "warp"));
}

static void features_incomplete(void)
{
	struct nlmsghdr *message = answer(ETHTOOL_MSG_FEATURES_GET_REPLY);

	memset(&state, 0, sizeof(state));
	CHECK_EQ(ethnl_features(message, &state), -EBADMSG);
	put_bitset(message, ETHTOOL_A_FEATURES_HW, false, "rx-gro");
	put_bitset(message, ETHTOOL_A_FEATURES_WANTED, true, "rx-gro");
	put_bitset(message, ETHTOOL_A_FEATURES_ACTIVE, true, "rx-gro");
	CHECK_EQ(ethnl_features(message, &state), -EBADMSG);
	CHECK(!(state.have & HOST_HAVE_FEATURES));
}

/* More than there is room for, without a name, with a long one: left out. */
static void features_too_many(void)
{
	struct nlmsghdr *message = answer(ETHTOOL_MSG_FEATURES_GET_REPLY);
	struct nlattr *nest = mnl_attr_nest_start(message, ETHTOOL_A_FEATURES_HW), *bits;
	char name[64];

	memset(&state, 0, sizeof(state));
	bits = mnl_attr_nest_start(message, ETHTOOL_A_BITSET_BITS);
	put_bit(message, "", true);
	put_bit(message, "a-name-that-is-longer-than-the-kernel-allows", true);
	for (int i = 0; i < HOST_FEATURES_MAX + 20; i++) {
		snprintf(name, sizeof(name), "feature-%d", i);
		put_bit(message, name, true);
	}
	mnl_attr_nest_end(message, bits);
	mnl_attr_nest_end(message, nest);
	put_bitset(message, ETHTOOL_A_FEATURES_WANTED, true, "feature-110");
	put_bitset(message, ETHTOOL_A_FEATURES_ACTIVE, true, "feature-3");
	put_bitset(message, ETHTOOL_A_FEATURES_NOCHANGE, true, "");
	CHECK(!ethnl_features(message, &state));
	CHECK_EQ(state.num_features, HOST_FEATURES_MAX);
	CHECK(feature("feature-3")->active);
	CHECK(!host_feature(&state, "") && !host_feature(&state, "feature-110"));
}

static void features_spoilt(void)
{
	uint32_t len = features_message()->nlmsg_len;
	static uint8_t good[2048];
	unsigned int seed = 1;

	CHECK(len < sizeof(good));
	memcpy(good, buf, len);
	for (int i = 0; i < 20000; i++) {
		struct nlmsghdr *spoilt = malloc(len);

		memcpy(spoilt, good, len);
		if (rand_r(&seed) % 2)
			spoilt->nlmsg_len -= rand_r(&seed) % (len - sizeof(*spoilt));
		spoil(spoilt, len, rand_r(&seed) % 4, &seed);
		ethnl_features(spoilt, &state);
		ethnl_coalesce(spoilt, &state);
		free(spoilt);
	}
}

static const struct nlattr *only_nest(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr = mnl_attr_get_payload(nest);

	CHECK(mnl_attr_ok(attr, mnl_attr_get_payload_len(nest)));
	CHECK_EQ(mnl_attr_get_type(attr), type);
	return attr;
}

static const struct nlattr *first_attr(const struct nlmsghdr *message)
{
	return mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr));
}

/* The header, and the attribute behind it. */
static const struct nlattr *behind_header(const struct nlmsghdr *message, uint8_t cmd,
					  uint32_t ifindex)
{
	const struct genlmsghdr *head = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr = first_attr(message);

	CHECK_EQ(head->cmd, cmd);
	CHECK_EQ(mnl_attr_get_u32(only_nest(attr, ETHTOOL_A_HEADER_DEV_INDEX)), ifindex);
	return mnl_attr_next(attr);
}

static void wanted_features(void)
{
	struct host_feature_set to[] = { { "rx-gro", true }, { "tso", false } };
	struct nlmsghdr *message = ethnl_set_features(buf, 7, to, 2);
	const struct nlattr *wanted = behind_header(message, ETHTOOL_MSG_FEATURES_SET, 7);
	const struct nlattr *bits, *bit;

	CHECK_EQ(mnl_attr_get_type(wanted), ETHTOOL_A_FEATURES_WANTED);
	/* No ETHTOOL_A_BITSET_NOMASK, which would switch all others off. */
	bits = only_nest(wanted, ETHTOOL_A_BITSET_BITS);
	CHECK_EQ((const uint8_t *)mnl_attr_next(bits) - buf, message->nlmsg_len);
	bit = only_nest(bits, ETHTOOL_A_BITSET_BITS_BIT);
	CHECK(!strcmp(mnl_attr_get_str(only_nest(bit, ETHTOOL_A_BITSET_BIT_NAME)), "rx-gro"));
	CHECK_EQ(mnl_attr_get_type(mnl_attr_next(only_nest(bit, ETHTOOL_A_BITSET_BIT_NAME))),
		 ETHTOOL_A_BITSET_BIT_VALUE);
	bit = mnl_attr_next(bit);
	CHECK(!strcmp(mnl_attr_get_str(only_nest(bit, ETHTOOL_A_BITSET_BIT_NAME)), "tso"));
	CHECK_EQ((const uint8_t *)mnl_attr_next(only_nest(bit, ETHTOOL_A_BITSET_BIT_NAME)) - buf,
		 message->nlmsg_len);
}

static void all_features_fit(void)
{
	static struct host_feature_set to[HOST_FEATURES_MAX];
	struct nlmsghdr *message;

	for (int i = 0; i < HOST_FEATURES_MAX; i++) {
		memset(to[i].name, 'x', HOST_FEATURE_NAME - 1);
		to[i].on = true;
	}
	message = ethnl_set_features(buf, 7, to, HOST_FEATURES_MAX);
	CHECK(message->nlmsg_len <= ETHNL_SIZE);
}

static void wanted_numbers(void)
{
	struct host_coalesce coalesce = { 10, 20, true, false };
	struct host_channels channels = { .combined = 4, .rx = 1, .tx = 2 };
	const struct nlattr *attr;

	ethnl_set_coalesce(buf, 7, HOST_TX_USECS | HOST_ADAPTIVE_RX, &coalesce);
	attr = behind_header((void *)buf, ETHTOOL_MSG_COALESCE_SET, 7);
	CHECK_EQ(mnl_attr_get_type(attr), ETHTOOL_A_COALESCE_TX_USECS);
	CHECK_EQ(mnl_attr_get_u32(attr), 20);
	attr = mnl_attr_next(attr);
	CHECK_EQ(mnl_attr_get_type(attr), ETHTOOL_A_COALESCE_USE_ADAPTIVE_RX);
	CHECK_EQ(mnl_attr_get_u8(attr), 1);
	CHECK_EQ((const uint8_t *)mnl_attr_next(attr) - buf, ((struct nlmsghdr *)buf)->nlmsg_len);
	attr = behind_header(ethnl_set_channels(buf, 7, &channels), ETHTOOL_MSG_CHANNELS_SET, 7);
	CHECK_EQ(mnl_attr_get_type(attr), ETHTOOL_A_CHANNELS_RX_COUNT);
	CHECK_EQ(mnl_attr_get_u32(attr), 1);
}

/* ---- ethtool, ioctl ---- */

static union {
	struct ethtool_rxfh head;
	struct ethtool_rxnfc fields;
	uint8_t bytes[RXFH_SIZE];
} request;

#define XFRM_AT	(offsetof(struct ethtool_rxfh, hfunc) + 1)

static void rss_to_set(void)
{
	static const struct host_rss old = { .key_len = 4, .table_len = 3 };
	static const struct host_rss to = {
		.function = HOST_XOR, .symmetric = true, .key_len = 4, .table_len = 3,
		.key = { 1, 2, 3, 4 }, .table = { 7, 8, 9 },
	};
	const uint8_t *key;

	rxfh_set(&request, &old, HOST_RSS_KEY, &to, true);
	CHECK_EQ(request.head.cmd, ETHTOOL_SRSSH);
	CHECK_EQ(request.head.indir_size, 0xffffffffLL);
	CHECK_EQ(request.head.key_size, 4);
	CHECK_EQ(request.head.hfunc, 0);
	CHECK_EQ(request.bytes[XFRM_AT], 0xff);
	CHECK(!memcmp(request.head.rss_config, to.key, 4));
	rxfh_set(&request, &old, HOST_RSS_KEY | HOST_RSS_TABLE | HOST_RSS_FUNCTION, &to, false);
	key = (const uint8_t *)(request.head.rss_config + 3);
	CHECK_EQ(request.head.indir_size, 3);
	CHECK_EQ(request.head.rss_config[2], 9);
	CHECK(!memcmp(key, to.key, 4));
	CHECK_EQ(request.head.hfunc, HOST_XOR);
	/* What was reserved must be 0 where the kernel does not know it. */
	CHECK_EQ(request.bytes[XFRM_AT], 0);
	rxfh_set(&request, &old, HOST_RSS_TABLE_DEFAULT | HOST_RSS_SYMMETRIC, &to, true);
	CHECK_EQ(request.head.indir_size, 0);
	CHECK_EQ(request.head.key_size, 0);
	CHECK_EQ(request.bytes[XFRM_AT], 1);
}

static void rss_read(void)
{
	struct host_rss rss = { 0 };
	const uint8_t key[2] = { 5, 6 };

	rxfh_ask_sizes(&request);
	CHECK_EQ(request.head.cmd, ETHTOOL_GRSSH);
	CHECK_EQ(rxfh_sizes(&request, &rss), -EOPNOTSUPP);
	request.head.key_size = HOST_KEY_MAX + 1;
	CHECK_EQ(rxfh_sizes(&request, &rss), -E2BIG);
	request.head.key_size = 2;
	request.head.indir_size = HOST_TABLE_MAX + 1;
	CHECK_EQ(rxfh_sizes(&request, &rss), -E2BIG);
	request.head.indir_size = 2;
	CHECK(!rxfh_sizes(&request, &rss));
	rxfh_ask(&request, &rss);
	CHECK_EQ(request.head.key_size, 2);
	request.head.rss_config[1] = 3;
	memcpy(request.head.rss_config + 2, key, 2);
	request.head.hfunc = HOST_TOEPLITZ;
	request.bytes[XFRM_AT] = 1;
	rxfh_take(&request, &rss);
	CHECK(rss.table[0] == 0 && rss.table[1] == 3 && rss.key[0] == 5 && rss.key[1] == 6);
	CHECK_EQ(rss.function, HOST_TOEPLITZ);
	CHECK(rss.symmetric);
}

/* The largest of all has room. */
static void rss_at_its_most(void)
{
	static struct host_rss most = { .key_len = HOST_KEY_MAX, .table_len = HOST_TABLE_MAX };
	uint8_t *heap = malloc(RXFH_SIZE);

	rxfh_set(heap, &most, HOST_RSS_KEY | HOST_RSS_TABLE, &most, true);
	rxfh_take(heap, &most);
	free(heap);
}

static void kernels(void)
{
	CHECK(!rxfh_knows_xfrm("6.1.0-56-amd64"));
	CHECK(!rxfh_knows_xfrm("6.7.12"));
	CHECK(rxfh_knows_xfrm("6.8.0-rc1"));
	CHECK(rxfh_knows_xfrm("6.12.117+deb13-amd64"));
	CHECK(rxfh_knows_xfrm("7.0.1"));
	CHECK(!rxfh_knows_xfrm("next"));
}

static void fields_of_flows(void)
{
	rxfh_set_fields(&request, HOST_SCTP6, HOST_SRC_IP | HOST_DST_PORT);
	CHECK_EQ(request.fields.cmd, ETHTOOL_SRXFH);
	CHECK_EQ(request.fields.flow_type, SCTP_V6_FLOW);
	CHECK_EQ(request.fields.data, RXH_IP_SRC | RXH_L4_B_2_3);
	CHECK_EQ(rxfh_fields(&request), HOST_SRC_IP | HOST_DST_PORT);
	rxfh_ask_fields(&request, HOST_TCP4);
	CHECK_EQ(request.fields.cmd, ETHTOOL_GRXFH);
	CHECK_EQ(rxfh_fields(&request), 0);
}

/* ---- sentences, words ---- */

static void first_failure_stays(void)
{
	struct host *host = host_new();

	host_begin(host);
	CHECK_EQ(host_fail(host, -ENOSPC, "no room on %s", "ens8"), -ENOSPC);
	CHECK_EQ(host_fail_kernel(host, -EIO, "later"), -ENOSPC);
	CHECK(!strcmp(host_error(host)->sentence, "no room on ens8"));
	CHECK(!host_error(host)->from_kernel);
	host_begin(host);
	CHECK(!host_error(host)->err);
	CHECK_EQ(host_fail_kernel(host, -EIO, "PF says \x1b[31m no\n"), -EIO);
	CHECK(host_error(host)->from_kernel);
	CHECK(!strcmp(host_error(host)->sentence, "PF says ?[31m no?"));
	host_begin(host);
	host_fail_kernel(host, -EPERM, "");
	CHECK(!host_error(host)->from_kernel);
	CHECK(!strcmp(host_error(host)->sentence, "Operation not permitted"));
	host_free(host);
	host_free(NULL);
}

static void words(void)
{
	for (enum host_op op = 0; op < HOST_NUM_OPS; op++)
		CHECK(host_op_word(op));
	CHECK(!host_op_word(HOST_NUM_OPS));
	for (enum host_flow flow = 0; flow < HOST_NUM_FLOWS; flow++)
		CHECK(host_flow_word(flow));
	CHECK(!host_flow_word(HOST_NUM_FLOWS));
}

/* What needs no kernel to be refused. */
static void wrong_steps(void)
{
	struct host_ref nothing = { 0, "0000:ff:1f.7" };
	struct host *host = host_new();
	struct host_step step = { .op = HOST_NUM_OPS };

	host_step_run(host, &step);
	CHECK_EQ(step.verdict, HOST_FAILED);
	CHECK_EQ(step.error.err, -EINVAL);
	step = (struct host_step){ .op = HOST_OP_VLAN_ADD, .ref = nothing };
	step.vlan = (struct host_vlan_set){ .protocol = 0x9100, .id = 5, .name = "x" };
	host_step_run(host, &step);
	CHECK_EQ(step.error.err, -EINVAL);
	step = (struct host_step){ .op = HOST_OP_MTU, .ref = nothing };
	host_step_run(host, &step);
	CHECK_EQ(step.error.err, -ENODEV);
	CHECK(!strcmp(step.error.sentence, "0000:ff:1f.7 has no network interface"));
	host_step_clear(&step);
	host_free(host);
}

static void lists_of_jobs(void)
{
	struct host_job *a = host_job_new(NULL, NULL), *b = host_job_new(NULL, NULL);
	struct host_job *c = host_job_new(NULL, NULL);
	struct job_list list;

	job_list_init(&list);
	CHECK(!job_list_take(&list));
	job_list_add(&list, a);
	job_list_add(&list, b);
	job_list_add(&list, c);
	CHECK(job_list_remove(&list, c));
	CHECK(!job_list_remove(&list, c));
	job_list_add(&list, c);
	CHECK(job_list_take(&list) == a);
	CHECK(job_list_take(&list) == b);
	CHECK(job_list_take(&list) == c);
	job_list_add(&list, a);
	job_list_add(&list, b);
	host_job_free(c);
	host_job_free(NULL);
	job_list_free(&list);
	CHECK(!list.first);
}

static const struct test_case cases[] = {
	{ "host/link-is-read", link_is_read },
	{ "host/link-without-much", link_without_much },
	{ "host/vlan-is-read", vlan_is_read },
	{ "host/links-cut-and-spoilt", links_cut_and_spoilt },
	{ "host/changes-are-only-those", changes_are_only_those },
	{ "host/flags-by-mask", flags_by_mask },
	{ "host/vlan-to-make", vlan_to_make },
	{ "host/vlan-to-delete", vlan_to_delete },
	{ "host/vlans-to-list", vlans_to_list },
	{ "host/stacks", stacks },
	{ "host/rings-of-stacks", rings_of_stacks },
	{ "host/channels-and-rings", channels_and_rings },
	{ "host/coalescing", coalescing },
	{ "host/features", features },
	{ "host/features-incomplete", features_incomplete },
	{ "host/features-too-many", features_too_many },
	{ "host/features-spoilt", features_spoilt },
	{ "host/wanted-features", wanted_features },
	{ "host/all-features-fit", all_features_fit },
	{ "host/wanted-numbers", wanted_numbers },
	{ "host/rss-to-set", rss_to_set },
	{ "host/rss-read", rss_read },
	{ "host/rss-at-its-most", rss_at_its_most },
	{ "host/kernels", kernels },
	{ "host/fields-of-flows", fields_of_flows },
	{ "host/first-failure-stays", first_failure_stays },
	{ "host/words", words },
	{ "host/wrong-steps", wrong_steps },
	{ "host/lists-of-jobs", lists_of_jobs },
};

TEST_MAIN(cases)

// SPDX-License-Identifier: GPL-2.0-or-later
/* The table. Ranges are those of the kernel module and of docs/spec/iavf.yaml. */
#include <string.h>

#include "settings.h"

#define QUEUES_MAX	256
#define WORDS(...)	((const char *const []){ __VA_ARGS__, NULL })

/* In the order of enum iavf_absence, iavf_rss_hfunc, iavf_rss_fields; of <syslog.h> from err on. */
static const char *const absence[] = { "hold", "isolate", "down", NULL };
static const char *const hash_functions[] = { "toeplitz", "toeplitz-symmetric", NULL };
static const char *const fields[] = { "src-ip", "dst-ip", "src-port", "dst-port", NULL };
static const char *const levels[] = { "err", "warning", "notice", "info", "debug", NULL };

#define NUMBER(path_, domain_, min_, max_, step_, unit_, doc_) { \
	.path = path_, .kind = SETTING_NUMBER, .domain = domain_, .min = min_, .max = max_, \
	.step = step_, .unit = unit_, .doc = doc_ }
#define SWITCH(path_, doc_) { \
	.path = path_, .kind = SETTING_SWITCH, .domain = SETTING_NETDEV, .doc = doc_ }
#define FEATURE(word_, doc_, ...) { \
	.path = "features." word_, .kind = SETTING_SWITCH, .domain = SETTING_NETDEV, .doc = doc_, \
	.features = WORDS(__VA_ARGS__) }
#define WORD(path_, domain_, words_, doc_) { \
	.path = path_, .kind = SETTING_WORD, .domain = domain_, .words = words_, .doc = doc_ }
#define IDS(path_, domain_, doc_) { \
	.path = path_, .kind = SETTING_IDS, .domain = domain_, .min = 1, .max = 4094, .doc = doc_ }
#define TABLE(path_, min_, max_, most_, doc_) { \
	.path = path_, .kind = SETTING_NUMBERS, .domain = SETTING_NETDEV, .min = min_, \
	.max = max_, .most = most_, .instead = "rss.table", .doc = doc_ }
#define FIELDS(flow_, doc_) { \
	.path = "rss.fields." flow_, .kind = SETTING_WORDS, .domain = SETTING_NETDEV, \
	.words = fields, .doc = "What of " doc_ " goes into the hash." }

static const struct setting_type table[SETTING_COUNT] = {
	[SETTING_MAC] = {
		.path = "mac", .kind = SETTING_ADDRESS, .domain = SETTING_NETDEV,
		.doc = "The interface's address; the PF may refuse one that the host did not give.",
	},
	[SETTING_MTU] = NUMBER("mtu", SETTING_NETDEV, 68, 9710, 1, "bytes",
		"Largest packet of the interface, without the Ethernet header; the PF may grant less."),
	[SETTING_RX_QUEUES] = NUMBER("rx_queues", SETTING_NETDEV, 1, QUEUES_MAX, 1, NULL,
		"Receive queues; those of rx_queues and tx_queues that both have are combined channels."),
	[SETTING_TX_QUEUES] = NUMBER("tx_queues", SETTING_NETDEV, 1, QUEUES_MAX, 1, NULL,
		"Transmit queues."),
	[SETTING_RX_RING] = NUMBER("rx_ring", SETTING_NETDEV, 64, 4096, 32, "descriptors",
		"Length of each receive ring."),
	[SETTING_TX_RING] = NUMBER("tx_ring", SETTING_NETDEV, 64, 4096, 32, "descriptors",
		"Length of each transmit ring."),
	[SETTING_PROMISC] = SWITCH("promisc",
		"Receive every frame; the PF grants it to trusted VFs only."),
	[SETTING_ALLMULTI] = SWITCH("allmulti",
		"Receive every multicast frame; the PF grants it to trusted VFs only."),

	[SETTING_MODERATION_RX_USECS] = NUMBER("moderation.rx_usecs", SETTING_NETDEV, 0, 8160, 2,
		"microseconds", "Shortest time between two receive interrupts of a queue."),
	[SETTING_MODERATION_TX_USECS] = NUMBER("moderation.tx_usecs", SETTING_NETDEV, 0, 8160, 2,
		"microseconds", "Shortest time between two transmit interrupts of a queue."),
	[SETTING_MODERATION_RX_ADAPTIVE] = SWITCH("moderation.rx_adaptive",
		"Follow the receive load, with rx_usecs as the start."),
	[SETTING_MODERATION_TX_ADAPTIVE] = SWITCH("moderation.tx_adaptive",
		"Follow the transmit load, with tx_usecs as the start."),

	[SETTING_FEATURE_RX_CHECKSUM] = FEATURE("rx-checksum",
		"The device checks checksums of received packets.", "rx-checksum"),
	[SETTING_FEATURE_TX_CHECKSUM] = FEATURE("tx-checksum",
		"The device computes checksums of packets to send.",
		"tx-checksum-ipv4", "tx-checksum-ipv6", "tx-checksum-sctp"),
	[SETTING_FEATURE_SG] = FEATURE("sg",
		"Packets to send may lie in several pieces of memory.", "tx-scatter-gather"),
	[SETTING_FEATURE_TSO] = FEATURE("tso",
		"The device segments TCP.", "tx-tcp-segmentation", "tx-tcp-ecn-segmentation",
		"tx-tcp6-segmentation"),
	[SETTING_FEATURE_USO] = FEATURE("uso", "The device segments UDP.", "tx-udp-segmentation"),
	[SETTING_FEATURE_GSO] = FEATURE("gso",
		"The stack segments, as late as it can, what the device does not.",
		"tx-generic-segmentation"),
	[SETTING_FEATURE_GRO] = FEATURE("gro",
		"The stack joins received segments of a flow.", "rx-gro"),
	[SETTING_FEATURE_RX_HASH] = FEATURE("rx-hash",
		"The stack gets the hash of the device with each packet.", "rx-hashing"),
	[SETTING_FEATURE_ENCAP] = FEATURE("encap",
		"The device segments what travels in tunnels.",
		"tx-gre-segmentation", "tx-gre-csum-segmentation", "tx-ipxip4-segmentation",
		"tx-ipxip6-segmentation", "tx-udp_tnl-segmentation", "tx-udp_tnl-csum-segmentation",
		"tx-gso-partial"),
	[SETTING_FEATURE_KEEP_CRC] = FEATURE("keep-crc",
		"Received frames keep their checksum (FCS); not while VLAN tags are stripped.",
		"rx-fcs"),
	[SETTING_FEATURE_VLAN_CTAG_STRIP] = FEATURE("vlan-ctag-strip",
		"The device takes 802.1Q tags out of received frames.", "rx-vlan-hw-parse"),
	[SETTING_FEATURE_VLAN_STAG_STRIP] = FEATURE("vlan-stag-strip",
		"The device takes 802.1ad tags out; not together with the 802.1Q offloads.",
		"rx-vlan-stag-hw-parse"),
	[SETTING_FEATURE_VLAN_CTAG_INSERT] = FEATURE("vlan-ctag-insert",
		"The device puts 802.1Q tags into frames to send.", "tx-vlan-hw-insert"),
	[SETTING_FEATURE_VLAN_STAG_INSERT] = FEATURE("vlan-stag-insert",
		"The device puts 802.1ad tags in; not together with the 802.1Q offloads.",
		"tx-vlan-stag-hw-insert"),
	[SETTING_FEATURE_VLAN_CTAG_FILTER] = FEATURE("vlan-ctag-filter",
		"Only 802.1Q VLANs that were added are received.", "rx-vlan-filter"),
	[SETTING_FEATURE_VLAN_STAG_FILTER] = FEATURE("vlan-stag-filter",
		"Only 802.1ad VLANs that were added are received.", "rx-vlan-stag-filter"),

	[SETTING_VLAN_FILTERS_CTAG] = IDS("vlan.filters.ctag", SETTING_NETDEV,
		"802.1Q VLANs that are received without a VLAN device, for a bridge or a guest."),
	[SETTING_VLAN_FILTERS_STAG] = IDS("vlan.filters.stag", SETTING_NETDEV,
		"802.1ad VLANs that are received without a VLAN device."),
	[SETTING_VLAN_ALLOWED_CTAG] = IDS("vlan.allowed.ctag", SETTING_POLICY,
		"802.1Q VLANs that may be added on this VF, by whomever; all, if not said."),
	[SETTING_VLAN_ALLOWED_STAG] = IDS("vlan.allowed.stag", SETTING_POLICY,
		"802.1ad VLANs that may be added on this VF, by whomever; all, if not said."),
	[SETTING_VLAN_BUDGET] = NUMBER("vlan.budget", SETTING_POLICY, 0, 8188, 1, "VLANs",
		"How many VLANs may be added on this VF; the PF may grant fewer."),
	[SETTING_VLAN_DEVICES] = {
		.path = "vlan.devices", .kind = SETTING_DEVICES, .domain = SETTING_NETDEV,
		.most = SETTING_DEVICES_MAX,
		.doc = "VLAN interfaces on the VF; those with devices of their own are the outer tag of QinQ.",
	},

	[SETTING_RSS_KEY] = {
		.path = "rss.key", .kind = SETTING_BYTES, .domain = SETTING_NETDEV,
		.min = 40, .max = 64,
		.doc = "The key of the hash, as ethtool -x prints it; as long as that of the device (52).",
	},
	[SETTING_RSS_TABLE] = TABLE("rss.table", 0, QUEUES_MAX - 1, SETTING_TABLE_MAX,
		"The queue of each entry of the table; as many as ethtool -x shows (64)."),
	[SETTING_RSS_WEIGHTS] = TABLE("rss.weights", 0, 1000, QUEUES_MAX,
		"Shares of queue 0, 1 and so on in the table; not all 0."),
	[SETTING_RSS_EQUAL] = {
		.path = "rss.equal", .kind = SETTING_NUMBER, .domain = SETTING_NETDEV,
		.min = 1, .max = QUEUES_MAX, .unit = "queues", .instead = "rss.table",
		.doc = "The table spreads evenly over so many queues.",
	},
	[SETTING_RSS_HASH_FUNCTION] = WORD("rss.hash_function", SETTING_NETDEV, hash_functions,
		"How the hash is computed; symmetric: both ways of a flow have one hash."),
	[SETTING_RSS_FIELDS_TCP4] = FIELDS("tcp4", "TCP over IPv4"),
	[SETTING_RSS_FIELDS_UDP4] = FIELDS("udp4", "UDP over IPv4"),
	[SETTING_RSS_FIELDS_SCTP4] = FIELDS("sctp4", "SCTP over IPv4"),
	[SETTING_RSS_FIELDS_TCP6] = FIELDS("tcp6", "TCP over IPv6"),
	[SETTING_RSS_FIELDS_UDP6] = FIELDS("udp6", "UDP over IPv6"),
	[SETTING_RSS_FIELDS_SCTP6] = FIELDS("sctp6", "SCTP over IPv6"),

	[SETTING_MAX_QUEUES] = NUMBER("max_queues", SETTING_POLICY, 1, QUEUES_MAX, 1, "queue pairs",
		"How many queue pairs the PF is asked for at most."),
	[SETTING_ON_ABSENCE] = WORD("on_absence", SETTING_POLICY, absence,
		"What the kernel does when nobody controls the VF: nothing, carrier off, queues stopped too."),
	[SETTING_GRACE_MS] = NUMBER("grace_ms", SETTING_POLICY, 0, 86400000, 1, "milliseconds",
		"How long nobody has to control the VF before on_absence is done."),

	[SETTING_LOG_LEVEL] = WORD("log_level", SETTING_PROCESS, levels,
		"What is logged: this and what is more important."),
};

static const struct {
	const char *path, *doc;
} groups[] = {
	{ "moderation", "Interrupt moderation, as of ethtool -C." },
	{ "features", "Offloads, as of ethtool -K; what is not granted cannot be switched on." },
	{ "vlan", "VLANs." },
	{ "vlan.filters", "VLANs that are received without a VLAN device." },
	{ "vlan.allowed", "VLANs that may be added, by whomever." },
	{ "rss", "Receive-side scaling, as of ethtool -X; of table, weights and equal only one." },
	{ "rss.fields", "What of each kind of flow goes into the hash, as of ethtool -N rx-flow-hash." },
};

const struct setting_type *setting_type(enum setting setting)
{
	return &table[setting];
}

enum setting setting_by_path(const char *path)
{
	for (unsigned int i = 0; i < SETTING_COUNT; i++) {
		if (!strcmp(table[i].path, path))
			return i;
	}
	return SETTING_COUNT;
}

const char *setting_group_doc(const char *path)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (!strcmp(groups[i].path, path))
			return groups[i].doc;
	}
	return NULL;
}

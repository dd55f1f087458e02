// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "codec.h"
#include "fields.h"

typedef int (*reader)(const void *data, size_t len, const struct virtchnl_sink *sink);

static void number(const struct virtchnl_sink *sink, const char *key, uint64_t value)
{
	const struct virtchnl_field field = { .key = key, .number = value };

	sink->put(sink->ctx, &field);
}

static void text(const struct virtchnl_sink *sink, const char *key, const char *value)
{
	const struct virtchnl_field field = { .key = key, .text = value };

	sink->put(sink->ctx, &field);
}

static void item(const struct virtchnl_sink *sink, const char *key, const char *value)
{
	const struct virtchnl_field field = { .key = key, .text = value, .item = true };

	sink->put(sink->ctx, &field);
}

static void item_number(const struct virtchnl_sink *sink, const char *key, uint64_t value)
{
	const struct virtchnl_field field = { .key = key, .number = value, .item = true };

	sink->put(sink->ctx, &field);
}

static void hex(const struct virtchnl_sink *sink, const char *key, uint64_t value)
{
	char buf[20];

	snprintf(buf, sizeof(buf), "0x%llx", (unsigned long long)value);
	text(sink, key, buf);
}

static void mac_text(char *buf, size_t size, const uint8_t *m)
{
	snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
}

/* Words for the bits that have one, in order. */
static void bits(const struct virtchnl_sink *sink, const char *key, uint32_t value,
		 const char *const *words, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (value & (UINT32_C(1) << i))
			item(sink, key, words[i]);
	}
}

static void caps(const struct virtchnl_sink *sink, uint32_t value)
{
	static const char *const words[32] = {
		"l2", "rdma", "caps2", "rss-aq", "rss-reg", "wb-on-itr", "req-queues",
		"adv-link-speed", "inline-ipsec", "large-num-qpairs", "crc", "tc-u32", "qgrps",
		"flow-steer-to-qgrp", "fsub-pf", "vlan-v2", "vlan", "rx-polling", "rss-pctype-v2",
		"rss-pf", "encap", "encap-csum", "rx-encap-csum", "adq", "adq-v2", "uso",
		"rx-flex-desc", "adv-rss-pf", "fdir-pf", "qos", "dcf", "ptp",
	};

	bits(sink, "caps", value, words, 32);
}

/* VSI, which most requests begin with. */
static void vsi_of(const struct virtchnl_sink *sink, const void *msg)
{
	uint16_t vsi;

	memcpy(&vsi, msg, sizeof(vsi));
	number(sink, "vsi", le16toh(vsi));
}

/* Bring-up */

static int version(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	struct virtchnl_version v;

	if (virtchnl_get_version(data, len, &v))
		return -EPROTO;
	number(sink, "major", v.major);
	number(sink, "minor", v.minor);
	return 0;
}

static int caps_asked(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	uint32_t value;

	if (virtchnl_get_caps_asked(data, len, &value))
		return -EPROTO;
	caps(sink, value);
	return 0;
}

/* As it is, sense or not: who looks wants to know what the PF said. */
static int resources(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	const struct virtchnl_vf_resource *msg = data;
	char mac[18];

	if (len < sizeof(*msg))
		return -EPROTO;
	number(sink, "queues", le16toh(msg->num_queue_pairs));
	number(sink, "vectors", le16toh(msg->max_vectors));
	number(sink, "max_frame", le16toh(msg->max_mtu));
	number(sink, "rss_key_bytes", le32toh(msg->rss_key_size));
	number(sink, "rss_lut_entries", le32toh(msg->rss_lut_size));
	if (le16toh(msg->num_vsis) && len >= sizeof(*msg) + sizeof(msg->vsi_res[0])) {
		number(sink, "vsi", le16toh(msg->vsi_res[0].vsi_id));
		mac_text(mac, sizeof(mac), msg->vsi_res[0].default_mac_addr);
		text(sink, "mac", mac);
	}
	caps(sink, le32toh(msg->vf_cap_flags));
	return 0;
}

static int vlan_abilities(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	const struct virtchnl_vlan_caps *msg = data;

	if (len != sizeof(*msg))
		return -EPROTO;
	hex(sink, "filter_outer", le32toh(msg->filtering.filtering_support.outer));
	hex(sink, "filter_inner", le32toh(msg->filtering.filtering_support.inner));
	hex(sink, "strip_outer", le32toh(msg->offloads.stripping_support.outer));
	hex(sink, "strip_inner", le32toh(msg->offloads.stripping_support.inner));
	hex(sink, "insert_outer", le32toh(msg->offloads.insertion_support.outer));
	hex(sink, "insert_inner", le32toh(msg->offloads.insertion_support.inner));
	number(sink, "max_filters", le16toh(msg->filtering.max_filters));
	return 0;
}

/* Queues */

static int request_queues(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	uint16_t pairs;

	if (virtchnl_get_request_queues(data, len, &pairs))
		return -EPROTO;
	number(sink, "queues", pairs);
	return 0;
}

static int config_queues(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	const struct virtchnl_vsi_queue_config_info *msg = data;
	unsigned int pairs;

	if (len < sizeof(*msg))
		return -EPROTO;
	pairs = le16toh(msg->num_queue_pairs);
	if (!pairs || len < sizeof(*msg) + pairs * sizeof(msg->qpair[0]))
		return -EPROTO;
	vsi_of(sink, msg);
	number(sink, "queues", pairs);
	number(sink, "tx_ring", le16toh(msg->qpair[0].txq.ring_len));
	number(sink, "rx_ring", le32toh(msg->qpair[0].rxq.ring_len));
	number(sink, "buffer_bytes", le32toh(msg->qpair[0].rxq.databuffer_size));
	number(sink, "max_frame", le32toh(msg->qpair[0].rxq.max_pkt_size));
	return 0;
}

static int irq_map(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	const struct virtchnl_irq_map_info *msg = data;
	unsigned int vectors;
	char buf[48];

	if (len < sizeof(*msg))
		return -EPROTO;
	vectors = le16toh(msg->num_vectors);
	if (!vectors || len < sizeof(*msg) + vectors * sizeof(msg->vecmap[0]))
		return -EPROTO;
	vsi_of(sink, &msg->vecmap[0]);
	for (unsigned int i = 0; i < vectors; i++) {
		const struct virtchnl_vector_map *map = &msg->vecmap[i];

		snprintf(buf, sizeof(buf), "%u: rx 0x%x tx 0x%x", le16toh(map->vector_id),
			 le16toh(map->rxq_map), le16toh(map->txq_map));
		item(sink, "vectors", buf);
	}
	return 0;
}

static int select_queues(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	const struct virtchnl_queue_select *msg = data;

	if (len != sizeof(*msg))
		return -EPROTO;
	vsi_of(sink, msg);
	hex(sink, "rx_queues", le32toh(msg->rx_queues));
	hex(sink, "tx_queues", le32toh(msg->tx_queues));
	return 0;
}

/* Addresses, VLANs, modes */

static int macs(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	static const char *const kinds[] = { "legacy", "primary", "extra" };
	int n = virtchnl_num_macs(data, len);
	const uint8_t *mac;
	uint8_t type;
	char buf[18];

	if (n < 0)
		return -EPROTO;
	vsi_of(sink, data);
	virtchnl_mac(data, 0, &type);
	if (type < 3)
		text(sink, "type", kinds[type]);
	for (int i = 0; i < n; i++) {
		mac = virtchnl_mac(data, i, &type);
		mac_text(buf, sizeof(buf), mac);
		item(sink, "macs", buf);
	}
	return 0;
}

static int vlans(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	int n = virtchnl_num_vlans(data, len);

	if (n < 0)
		return -EPROTO;
	vsi_of(sink, data);
	for (int i = 0; i < n; i++)
		item_number(sink, "vlans", virtchnl_vlan_id(data, i));
	return 0;
}

static int vlans_v2(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	int n = virtchnl_num_vlans_v2(data, len);
	uint16_t tpid, vid;
	char buf[16];

	if (n < 0)
		return -EPROTO;
	vsi_of(sink, data);
	for (int i = 0; i < n; i++) {
		vid = virtchnl_vlan_v2_id(data, i, &tpid);
		snprintf(buf, sizeof(buf), "0x%04x/%u", tpid, vid);
		item(sink, "vlans", buf);
	}
	return 0;
}

static int vlan_setting(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	const struct virtchnl_vlan_setting *msg = data;

	if (len != sizeof(*msg))
		return -EPROTO;
	number(sink, "vsi", le16toh(msg->vport_id));
	hex(sink, "outer", le32toh(msg->outer_ethertype_setting));
	hex(sink, "inner", le32toh(msg->inner_ethertype_setting));
	return 0;
}

static int promisc(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	static const char *const words[] = { "unicast", "multicast" };
	const struct virtchnl_promisc_info *msg = data;

	if (len != sizeof(*msg))
		return -EPROTO;
	vsi_of(sink, msg);
	bits(sink, "promiscuous", le16toh(msg->flags), words, 2);
	return 0;
}

/* Statistics */

static int stats(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	struct virtchnl_eth_stats s;

	if (virtchnl_get_stats(data, len, &s))
		return -EPROTO;
	number(sink, "rx_bytes", s.rx_bytes);
	number(sink, "rx_unicast", s.rx_unicast);
	number(sink, "rx_multicast", s.rx_multicast);
	number(sink, "rx_broadcast", s.rx_broadcast);
	number(sink, "rx_discards", s.rx_discards);
	number(sink, "tx_bytes", s.tx_bytes);
	number(sink, "tx_unicast", s.tx_unicast);
	number(sink, "tx_multicast", s.tx_multicast);
	number(sink, "tx_broadcast", s.tx_broadcast);
	number(sink, "tx_discards", s.tx_discards);
	number(sink, "tx_errors", s.tx_errors);
	return 0;
}

/* RSS. The key itself is left out: it lets others aim at one queue. */

static int rss_key(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	uint8_t key[VIRTCHNL_MAX_LUT];
	int n = virtchnl_get_rss_key(data, len, key, sizeof(key));

	if (n < 0)
		return -EPROTO;
	vsi_of(sink, data);
	number(sink, "key_bytes", n);
	return 0;
}

static int rss_lut(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	uint8_t lut[VIRTCHNL_MAX_LUT];
	int n = virtchnl_get_rss_lut(data, len, lut, sizeof(lut));

	if (n < 0)
		return -EPROTO;
	vsi_of(sink, data);
	number(sink, "entries", n);
	for (int i = 0; i < n; i++)
		item_number(sink, "lut", lut[i]);
	return 0;
}

static int rss_hena(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	uint64_t hena;

	if (virtchnl_get_rss_hena(data, len, &hena))
		return -EPROTO;
	hex(sink, "hena", hena);
	return 0;
}

static int rss_hfunc(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	static const char *const words[] = {
		"toeplitz", "xor", "toeplitz-symmetric", "xor-symmetric",
	};
	const struct virtchnl_rss_hfunc *msg = data;

	if (len != sizeof(*msg) || le16toh(msg->rss_algorithm) > 3)
		return -EPROTO;
	vsi_of(sink, msg);
	text(sink, "hfunc", words[le16toh(msg->rss_algorithm)]);
	return 0;
}

static int rss_cfg(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	static const char *const fields[] = { "src-ip", "dst-ip", "src-port", "dst-port" };
	const char *l4 = "sctp";
	struct virtchnl_rss_flow flow;
	char buf[8];

	if (virtchnl_get_rss_cfg(data, len, &flow))
		return -EPROTO;
	if (flow.l4 != VIRTCHNL_PROTO_SCTP)
		l4 = flow.l4 == VIRTCHNL_PROTO_TCP ? "tcp" : "udp";
	snprintf(buf, sizeof(buf), "%s%c", l4, flow.l3 == VIRTCHNL_PROTO_IPV4 ? '4' : '6');
	text(sink, "flow", buf);
	text(sink, "hfunc", flow.symmetric ? "toeplitz-symmetric" : "toeplitz");
	bits(sink, "hashed", flow.fields, fields, 4);
	return 0;
}

/* Events */

static int event(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	static const char *const words[] = {
		NULL, "link-change", "reset-impending", "pf-driver-close", "dcf-vsi-map-update",
	};
	const struct virtchnl_pf_event *msg = data;
	uint32_t code;

	if (len < sizeof(*msg))
		return -EPROTO;
	code = le32toh(msg->event);
	if (code && code < sizeof(words) / sizeof(words[0]))
		text(sink, "event", words[code]);
	else
		number(sink, "event", code);
	if (code != VIRTCHNL_EVENT_LINK_CHANGE)
		return 0;
	text(sink, "link", msg->link_status ? "up" : "down");
	number(sink, "link_speed", le32toh(msg->link_speed));
	return 0;
}

static int nothing(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	return len ? -EPROTO : 0;
}

/* What a PF sends back with an answer is its own affair, but for those that have something. */
static int whatever(const void *data, size_t len, const struct virtchnl_sink *sink)
{
	return 0;
}

static const struct row {
	uint32_t op;
	reader sent, received;
} rows[] = {
	{ VIRTCHNL_OP_VERSION, version, version },
	{ VIRTCHNL_OP_RESET_VF, nothing, whatever },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, caps_asked, resources },
	{ VIRTCHNL_OP_CONFIG_VSI_QUEUES, config_queues, whatever },
	{ VIRTCHNL_OP_CONFIG_IRQ_MAP, irq_map, whatever },
	{ VIRTCHNL_OP_ENABLE_QUEUES, select_queues, whatever },
	{ VIRTCHNL_OP_DISABLE_QUEUES, select_queues, whatever },
	{ VIRTCHNL_OP_ADD_ETH_ADDR, macs, whatever },
	{ VIRTCHNL_OP_DEL_ETH_ADDR, macs, whatever },
	{ VIRTCHNL_OP_ADD_VLAN, vlans, whatever },
	{ VIRTCHNL_OP_DEL_VLAN, vlans, whatever },
	{ VIRTCHNL_OP_ADD_VLAN_V2, vlans_v2, whatever },
	{ VIRTCHNL_OP_DEL_VLAN_V2, vlans_v2, whatever },
	{ VIRTCHNL_OP_ENABLE_VLAN_STRIPPING, nothing, whatever },
	{ VIRTCHNL_OP_DISABLE_VLAN_STRIPPING, nothing, whatever },
	{ VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, vlan_setting, whatever },
	{ VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2, vlan_setting, whatever },
	{ VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2, vlan_setting, whatever },
	{ VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2, vlan_setting, whatever },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, nothing, vlan_abilities },
	{ VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, promisc, whatever },
	{ VIRTCHNL_OP_GET_STATS, select_queues, stats },
	{ VIRTCHNL_OP_REQUEST_QUEUES, request_queues, request_queues },
	{ VIRTCHNL_OP_CONFIG_RSS_KEY, rss_key, whatever },
	{ VIRTCHNL_OP_CONFIG_RSS_LUT, rss_lut, whatever },
	{ VIRTCHNL_OP_GET_RSS_HENA, nothing, rss_hena },
	{ VIRTCHNL_OP_SET_RSS_HENA, rss_hena, whatever },
	{ VIRTCHNL_OP_CONFIG_RSS_HFUNC, rss_hfunc, whatever },
	{ VIRTCHNL_OP_ADD_RSS_CFG, rss_cfg, whatever },
	{ VIRTCHNL_OP_DEL_RSS_CFG, rss_cfg, whatever },
	{ VIRTCHNL_OP_EVENT, event, event },
};

int virtchnl_fields(uint32_t op, bool sent, const void *msg, size_t len,
		    const struct virtchnl_sink *sink)
{
	/* A refusal says nothing more, and what the kernel wrote itself is not mirrored. */
	if (!len)
		return 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].op == op)
			return (sent ? rows[i].sent : rows[i].received)(msg, len, sink);
	}
	return -ENOENT;
}

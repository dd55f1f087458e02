// SPDX-License-Identifier: GPL-2.0-or-later
/* Encoders write what PFs accept, decoders believe nothing. */
#include <endian.h>
#include <errno.h>
#include <stdint.h>

#include "virtchnl/codec.h"
#include "virtchnl/names.h"

#include "test.h"

#define VSI	0x1234

static uint8_t buf[VIRTCHNL_MSG_MAX];

static unsigned int le16_at(size_t offset)
{
	return buf[offset] | buf[offset + 1] << 8;
}

static void version(void)
{
	struct virtchnl_version v;

	CHECK_EQ(virtchnl_put_version(buf, sizeof(buf)), 8);
	CHECK_EQ(virtchnl_put_version(buf, 7), 0);
	CHECK_EQ(virtchnl_get_version(buf, 8, &v), 0);
	CHECK(v.major == 1 && v.minor == 1);
	CHECK_EQ(virtchnl_get_version(buf, 7, &v), -EPROTO);
	CHECK_EQ(virtchnl_get_version(buf, 9, &v), -EPROTO);
	CHECK_EQ(virtchnl_get_version(NULL, 0, &v), -EPROTO);
}

static void caps(void)
{
	uint32_t asked;

	CHECK_EQ(virtchnl_put_get_resources(buf, sizeof(buf), 0x81234567), 4);
	CHECK_EQ(virtchnl_get_caps_asked(buf, 4, &asked), 0);
	CHECK_EQ(asked, 0x81234567);
	CHECK_EQ(virtchnl_get_caps_asked(buf, 0, &asked), -EPROTO);
}

/*
 * Each queue on exactly one vector, and on the one that the kernel uses; the mailbox's is last and
 * empty.
 */
static void irq_map(void)
{
	for (unsigned int queues = 1; queues <= 16; queues++) {
		for (unsigned int vectors = 2; vectors <= 20; vectors++) {
			unsigned int used = vectors - 1 < queues ? vectors - 1 : queues, seen = 0;
			size_t len = virtchnl_put_irq_map(buf, sizeof(buf), VSI, queues, queues,
							  vectors);

			CHECK_EQ(len, 14 + 12 * (used + 1));
			CHECK_EQ(le16_at(0), used + 1);
			for (unsigned int i = 0; i < used; i++) {
				unsigned int map = le16_at(2 + 12 * i + 4);

				CHECK_EQ(le16_at(2 + 12 * i), VSI);
				CHECK_EQ(le16_at(2 + 12 * i + 2), i + 1);
				CHECK_EQ(le16_at(2 + 12 * i + 6), map);
				CHECK_EQ(le16_at(2 + 12 * i + 8), 0);
				CHECK_EQ(le16_at(2 + 12 * i + 10), 1);
				for (unsigned int q = 0; q < queues; q++)
					CHECK_EQ(map >> q & 1, 1 + q % used == i + 1);
				CHECK(!(seen & map));
				seen |= map;
			}
			CHECK_EQ(seen, (1u << queues) - 1);
			CHECK_EQ(le16_at(2 + 12 * used + 2), 0);
			CHECK_EQ(le16_at(2 + 12 * used + 4), 0);
		}
	}
	CHECK_EQ(virtchnl_put_irq_map(buf, sizeof(buf), VSI, 0, 1, 5), 0);
	CHECK_EQ(virtchnl_put_irq_map(buf, sizeof(buf), VSI, 1, 0, 5), 0);
	CHECK_EQ(virtchnl_put_irq_map(buf, sizeof(buf), VSI, 17, 17, 5), 0);
	CHECK_EQ(virtchnl_put_irq_map(buf, sizeof(buf), VSI, 4, 4, 1), 0);
	CHECK_EQ(virtchnl_put_irq_map(buf, 73, VSI, 4, 4, 5), 0);
}

/* A queue without its pair is on the vector that it would have with it. */
static void irq_map_unequal(void)
{
	for (unsigned int rx = 1; rx <= 16; rx++) {
		for (unsigned int tx = 1; tx <= 16; tx++) {
			unsigned int most = rx > tx ? rx : tx, used = most < 4 ? most : 4;
			size_t len = virtchnl_put_irq_map(buf, sizeof(buf), VSI, rx, tx, 5);
			unsigned int seen_rx = 0, seen_tx = 0;

			CHECK_EQ(len, 14 + 12 * (used + 1));
			for (unsigned int i = 0; i < used; i++) {
				unsigned int rxq = le16_at(2 + 12 * i + 4);
				unsigned int txq = le16_at(2 + 12 * i + 6);

				for (unsigned int q = 0; q < most; q++) {
					CHECK_EQ(rxq >> q & 1, q < rx && q % used == i);
					CHECK_EQ(txq >> q & 1, q < tx && q % used == i);
				}
				seen_rx |= rxq;
				seen_tx |= txq;
			}
			CHECK_EQ(seen_rx, (1u << rx) - 1);
			CHECK_EQ(seen_tx, (1u << tx) - 1);
		}
	}
}

static void request_queues(void)
{
	uint16_t pairs = 0;

	CHECK_EQ(virtchnl_put_request_queues(buf, sizeof(buf), 8), 2);
	CHECK_EQ(le16_at(0), 8);
	CHECK_EQ(virtchnl_get_request_queues(buf, 2, &pairs), 0);
	CHECK_EQ(pairs, 8);
	CHECK_EQ(virtchnl_get_request_queues(buf, 1, &pairs), -EPROTO);
	CHECK_EQ(virtchnl_get_request_queues(buf, 3, &pairs), -EPROTO);
	CHECK_EQ(virtchnl_get_request_queues(NULL, 0, &pairs), -EPROTO);
	CHECK_EQ(virtchnl_put_request_queues(buf, sizeof(buf), 0), 0);
	CHECK_EQ(virtchnl_put_request_queues(buf, sizeof(buf), 257), 0);
	CHECK_EQ(virtchnl_put_request_queues(buf, 1, 8), 0);
}

static void macs(void)
{
	uint8_t list[511 * 6], type;

	for (unsigned int i = 0; i < sizeof(list); i++)
		list[i] = i * 7;
	CHECK_EQ(virtchnl_put_macs(buf, sizeof(buf), VSI, 2, list, 510), 12 + 8 * 510);
	CHECK_EQ(virtchnl_num_macs(buf, 12 + 8 * 510), 510);
	for (unsigned int i = 0; i < 510; i++) {
		CHECK(!memcmp(virtchnl_mac(buf, i, &type), list + 6 * i, 6));
		CHECK_EQ(type, 2);
	}
	CHECK_EQ(virtchnl_put_macs(buf, sizeof(buf), VSI, 2, list, 511), 0);
	CHECK_EQ(virtchnl_put_macs(buf, sizeof(buf), VSI, 2, list, 0), 0);
	CHECK_EQ(virtchnl_put_macs(buf, 19, VSI, 1, list, 1), 0);
	CHECK_EQ(virtchnl_put_macs(buf, 20, VSI, 1, list, 1), 20);
	CHECK_EQ(virtchnl_num_macs(buf, 20), 1);
	CHECK_EQ(virtchnl_num_macs(buf, 19), -EPROTO);
	CHECK_EQ(virtchnl_num_macs(buf, 21), -EPROTO);
	CHECK_EQ(virtchnl_num_macs(buf, 0), -EPROTO);
}

static void vlans(void)
{
	uint16_t vids[128], tpid;

	for (unsigned int i = 0; i < 128; i++)
		vids[i] = 1 + i * 31;
	for (unsigned int outer = 0; outer < 2; outer++) {
		size_t len = virtchnl_put_vlans_v2(buf, sizeof(buf), VSI, outer, 0x88a8, vids, 127);

		CHECK_EQ(len, 8 + 32 * 127);
		CHECK_EQ(virtchnl_num_vlans_v2(buf, len), 127);
		for (unsigned int i = 0; i < 127; i++) {
			CHECK_EQ(virtchnl_vlan_v2_id(buf, i, &tpid), vids[i]);
			CHECK_EQ(tpid, 0x88a8);
			CHECK_EQ(le16_at(8 + 32 * i + (outer ? 0 : 8)), 0);
		}
		CHECK_EQ(virtchnl_num_vlans_v2(buf, len - 1), -EPROTO);
	}
	CHECK_EQ(virtchnl_put_vlans_v2(buf, sizeof(buf), VSI, true, 0x8100, vids, 128), 0);
	CHECK_EQ(virtchnl_put_vlans(buf, sizeof(buf), VSI, vids, 128), 6 + 256);
	CHECK_EQ(virtchnl_num_vlans(buf, 6 + 256), 128);
	CHECK_EQ(virtchnl_vlan_id(buf, 127), vids[127]);
	CHECK_EQ(virtchnl_num_vlans(buf, 6), -EPROTO);
}

static void settings(void)
{
	CHECK_EQ(virtchnl_put_vlan_setting(buf, sizeof(buf), VSI, 1, 0), 16);
	CHECK(buf[0] == 1 && buf[4] == 0 && le16_at(8) == VSI && !buf[15]);
	CHECK_EQ(virtchnl_put_promisc(buf, sizeof(buf), VSI, true, true), 4);
	CHECK_EQ(le16_at(2), 3);
	CHECK_EQ(virtchnl_put_promisc(buf, sizeof(buf), VSI, false, true), 4);
	CHECK_EQ(le16_at(2), 2);
	CHECK_EQ(virtchnl_put_promisc(buf, 3, VSI, false, true), 0);
	CHECK_EQ(virtchnl_put_get_stats(buf, sizeof(buf), VSI), 12);
}

static void rss(void)
{
	uint8_t key[52], back[52], table[64];
	uint64_t hena;

	for (unsigned int i = 0; i < sizeof(key); i++)
		key[i] = i + 1;
	CHECK_EQ(virtchnl_put_rss_key(buf, sizeof(buf), VSI, key, 52), 57);
	CHECK_EQ(virtchnl_get_rss_key(buf, 57, back, sizeof(back)), 52);
	CHECK(!memcmp(key, back, sizeof(key)));
	CHECK_EQ(virtchnl_get_rss_key(buf, 57, back, 51), -EPROTO);
	CHECK_EQ(virtchnl_get_rss_key(buf, 56, back, 52), -EPROTO);
	for (unsigned int i = 0; i < sizeof(table); i++)
		table[i] = i % 3;
	CHECK_EQ(virtchnl_put_rss_lut(buf, sizeof(buf), VSI, table, 64), 69);
	CHECK(!memcmp(buf + 4, table, 64) && !buf[68]);
	CHECK_EQ(virtchnl_get_rss_lut(buf, 69, table, 64), 64);
	CHECK_EQ(virtchnl_get_rss_lut(buf, 69, table, 63), -EPROTO);
	CHECK_EQ(virtchnl_put_rss_lut(buf, sizeof(buf), VSI, table, 0), 0);
	CHECK_EQ(virtchnl_put_rss_lut(buf, sizeof(buf), VSI, table, 2049), 0);
	CHECK_EQ(virtchnl_put_rss_lut(buf, 68, VSI, table, 64), 0);
	CHECK_EQ(virtchnl_put_rss_hena(buf, sizeof(buf), VIRTCHNL_HENA_EXPANDED), 8);
	CHECK_EQ(virtchnl_get_rss_hena(buf, 8, &hena), 0);
	CHECK(hena == VIRTCHNL_HENA_EXPANDED);
	CHECK_EQ(virtchnl_get_rss_hena(buf, 4, &hena), -EPROTO);
}

struct resources {
	struct virtchnl_vf_resource res;
	struct virtchnl_vsi_resource vsi[2];
} __attribute__((packed));

static void good(struct resources *r)
{
	*r = (struct resources) {
		.res = {
			.num_vsis = htole16(1), .num_queue_pairs = htole16(4),
			.max_vectors = htole16(5), .max_mtu = htole16(9728),
			.vf_cap_flags = htole32(VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_PTP),
			.rss_key_size = htole32(52), .rss_lut_size = htole32(64),
		},
		.vsi = { {
			.vsi_id = htole16(VSI), .num_queue_pairs = htole16(4),
			.vsi_type = htole32(VIRTCHNL_VSI_SRIOV),
			.default_mac_addr = { 2, 0, 0, 0, 0, 1 },
		} },
	};
}

#define ASKED	(VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_L2)

static int decode(const struct resources *r, size_t len, struct virtchnl_resources *out)
{
	return virtchnl_get_resources(r, len, ASKED, out);
}

static void resources_good(void)
{
	struct virtchnl_resources out;
	struct resources r;

	good(&r);
	CHECK_EQ(decode(&r, 36, &out), 0);
	CHECK(out.queues == 4 && out.vectors == 5 && out.vsi_id == VSI && out.mtu == 9702);
	CHECK(out.rss_key == 52 && out.rss_lut == 64 && out.mac[5] == 1);
	CHECK_EQ(out.caps, ASKED);	/* not what nobody asked for */
	CHECK_EQ(decode(&r, 52, &out), 0);	/* i40e's surplus */
	r.res.max_mtu = 0;
	CHECK_EQ(decode(&r, 36, &out), 0);
	CHECK_EQ(out.mtu, 1500);
	r.res.max_mtu = 0xffff;
	CHECK_EQ(decode(&r, 36, &out), 0);
	CHECK_EQ(out.mtu, VIRTCHNL_MAX_MTU);
	r.vsi[0].num_queue_pairs = htole16(2);
	CHECK_EQ(decode(&r, 36, &out), 0);
	CHECK_EQ(out.queues, 2);
	r.vsi[0].default_mac_addr[0] = 1;
	CHECK_EQ(decode(&r, 36, &out), 0);
	CHECK_EQ(out.mac[5], 0);
}

static void resources_hostile(void)
{
	struct virtchnl_resources out;
	struct resources r;

	for (size_t len = 0; len < 36; len++) {
		good(&r);
		CHECK_EQ(decode(&r, len, &out), -EPROTO);
	}
#define REFUSED(field, value) do { \
		good(&r); \
		r.field = value; \
		CHECK_EQ(decode(&r, 36, &out), -EPROTO); \
	} while (0)
	REFUSED(res.num_vsis, 0);
	REFUSED(res.num_vsis, htole16(2));	/* longer than the message */
	REFUSED(res.num_vsis, 0xffff);
	REFUSED(res.num_queue_pairs, 0);
	REFUSED(res.max_vectors, 0);
	REFUSED(res.max_vectors, htole16(1));
	REFUSED(res.max_vectors, 0xffff);
	REFUSED(res.max_mtu, htole16(93));
	REFUSED(vsi[0].num_queue_pairs, 0);
	good(&r);
	r.res.num_queue_pairs = r.vsi[0].num_queue_pairs = 0xffff;
	CHECK_EQ(decode(&r, 36, &out), -EPROTO);
}

/* RSS that we could not fill is not RSS. */
static void resources_rss(void)
{
	static const uint32_t keys[] = { 0, 40, 51, 53, 0xffffffff };
	static const uint32_t luts[] = { 0, 2049, 0xffffffff };
	struct virtchnl_resources out;
	struct resources r;

	for (unsigned int i = 0; i < 5; i++) {
		good(&r);
		r.res.rss_key_size = htole32(keys[i]);
		CHECK_EQ(decode(&r, 36, &out), 0);
		CHECK(!(out.caps & VIRTCHNL_CAP_RSS_PF) && !out.rss_key && !out.rss_lut);
	}
	for (unsigned int i = 0; i < 3; i++) {
		good(&r);
		r.res.rss_lut_size = htole32(luts[i]);
		CHECK_EQ(decode(&r, 36, &out), 0);
		CHECK(!(out.caps & VIRTCHNL_CAP_RSS_PF));
	}
}

static void vlan_abilities(void)
{
	struct virtchnl_vlan_caps caps = {
		.filtering = { .filtering_support = { htole32(3), htole32(1) },
			       .max_filters = 0xffff },
		.offloads = { .ethertype_match = 1 },
	};
	struct virtchnl_vlan_abilities vlan;

	CHECK_EQ(virtchnl_get_vlan_abilities(&caps, 40, &vlan), 0);
	CHECK(vlan.filter_outer == 3 && vlan.filter_inner == 1 && vlan.max_filters == 8188);
	CHECK(vlan.strip_insert_free);
	CHECK_EQ(virtchnl_get_vlan_abilities(&caps, 39, &vlan), -EPROTO);
	CHECK_EQ(virtchnl_get_vlan_abilities(&caps, 41, &vlan), -EPROTO);
}

static void stats(void)
{
	struct virtchnl_eth_stats out;

	for (unsigned int i = 0; i < 96; i++)
		buf[i] = i % 8 ? 0 : i / 8;
	CHECK_EQ(virtchnl_get_stats(buf, 96, &out), 0);
	CHECK(out.rx_bytes == 0 && out.rx_unicast == 1 && out.tx_errors == 11);
	CHECK_EQ(virtchnl_get_stats(buf, 95, &out), -EPROTO);
}

static void errnos(void)
{
	CHECK_EQ(virtchnl_errno(3, 0), 0);
	CHECK_EQ(virtchnl_errno(3, -5), -EINVAL);
	CHECK_EQ(virtchnl_errno(3, -18), -ENOMEM);
	CHECK_EQ(virtchnl_errno(3, -38), -EIO);
	CHECK_EQ(virtchnl_errno(3, -53), -EIO);
	CHECK_EQ(virtchnl_errno(3, -64), -EOPNOTSUPP);
	CHECK_EQ(virtchnl_errno(VIRTCHNL_OP_ADD_ETH_ADDR, -53), -EPERM);
	CHECK_EQ(virtchnl_errno(3, -1), -EPERM);
	CHECK_EQ(virtchnl_errno(3, -95), -EOPNOTSUPP);
	CHECK_EQ(virtchnl_errno(3, -28), -ENOSPC);
	CHECK_EQ(virtchnl_errno(3, 1), -EIO);
	CHECK_EQ(virtchnl_errno(3, -100000), -EIO);
	CHECK_EQ(virtchnl_errno(3, VIRTCHNL_STATUS_NO_ANSWER), -ETIMEDOUT);
	for (int32_t status = -300; status < 300; status++)
		CHECK(status ? virtchnl_errno(10, status) < 0 : !virtchnl_errno(10, status));
}

/* Every refusal of every opcode fits what the kernel takes. */
static void sentences(void)
{
	char text[200];

	for (uint32_t op = 0; op < 160; op++) {
		for (int32_t status = -140; status < 3; status++) {
			virtchnl_sentence(text, sizeof(text), op, status);
			CHECK(strlen(text) > 10);
			virtchnl_sentence(text, 81, op, status);
			CHECK(strlen(text) <= 80);
		}
	}
	virtchnl_sentence(text, sizeof(text), VIRTCHNL_OP_ADD_ETH_ADDR, -53);
	CHECK(!strcmp(text, "PF refused ADD_ETH_ADDR: -53 ADMIN_QUEUE_ERROR; "
			    "host set the MAC: trust the VF"));
	virtchnl_sentence(text, sizeof(text), VIRTCHNL_OP_ADD_VLAN_V2, -28);
	CHECK(!strcmp(text, "PF refused ADD_VLAN_V2: -28 ENOSPC"));
	virtchnl_sentence(text, sizeof(text), VIRTCHNL_OP_ENABLE_QUEUES,
			  VIRTCHNL_STATUS_NO_ANSWER);
	CHECK(!strcmp(text, "PF does not answer ENABLE_QUEUES"));
	virtchnl_sentence(text, sizeof(text), 9999, INT32_MAX);
	CHECK(!strcmp(text, "PF refused message 9999: 2147483647"));
	virtchnl_sentence(text, 10, 9999, INT32_MAX);
	CHECK_EQ(strlen(text), 9);
}

static uint32_t le32_at(size_t off)
{
	uint32_t v;

	memcpy(&v, buf + off, sizeof(v));
	return le32toh(v);
}

/* As upstream iavf sends it for "rx-flow-hash udp6 sdn": protocol.md sections 6 and 10.1. */
static void rss_cfg(void)
{
	struct virtchnl_rss_flow back, flow = {
		VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_UDP,
		VIRTCHNL_RSS_SRC_IP | VIRTCHNL_RSS_DST_IP | VIRTCHNL_RSS_DST_PORT, true,
	};

	CHECK_EQ(virtchnl_put_rss_cfg(buf, sizeof(buf), &flow), 2444);
	CHECK(le32_at(0) == 0 && le32_at(4) == 2);
	CHECK(le32_at(8) == 5 && le32_at(12) == 3);
	CHECK(le32_at(80) == 7 && le32_at(84) == 2);
	CHECK(le32_at(152) == 0 && le32_at(2312) == 2 && le32_at(2440) == 0);
	CHECK_EQ(virtchnl_get_rss_cfg(buf, 2444, &back), 0);
	CHECK(back.l3 == flow.l3 && back.l4 == flow.l4 && back.fields == 11 && back.symmetric);
	CHECK_EQ(virtchnl_get_rss_cfg(buf, 2443, &back), -EPROTO);
	buf[4] = 3;
	CHECK_EQ(virtchnl_get_rss_cfg(buf, 2444, &back), -EPROTO);
	buf[4] = 2;
	buf[8] = 6;
	CHECK_EQ(virtchnl_get_rss_cfg(buf, 2444, &back), -EPROTO);
	CHECK_EQ(virtchnl_put_rss_cfg(buf, 2443, &flow), 0);
	flow.fields = 0;
	CHECK_EQ(virtchnl_put_rss_cfg(buf, sizeof(buf), &flow), 0);
	flow.fields = 16;
	CHECK_EQ(virtchnl_put_rss_cfg(buf, sizeof(buf), &flow), 0);
	CHECK_EQ(virtchnl_put_rss_hfunc(buf, sizeof(buf), VSI, true), 8);
	CHECK(le16_at(0) == VSI && le16_at(2) == 2 && le32_at(4) == 0);
	CHECK_EQ(virtchnl_put_rss_hfunc(buf, sizeof(buf), VSI, false), 8);
	CHECK_EQ(le16_at(2), 0);
	CHECK_EQ(virtchnl_put_rss_hfunc(buf, 7, VSI, false), 0);
}

/*
 * Random bytes: no decoder reads beyond its message (the sanitizer watches), none accepts
 * nonsense.
 */
static void junk(void)
{
	struct virtchnl_vlan_abilities vlan;
	struct virtchnl_resources res;
	struct virtchnl_rss_flow flow;
	struct virtchnl_version v;
	uint32_t x = 1;
	uint8_t key[52], type;
	uint16_t tpid;

	for (unsigned int round = 0; round < 20000; round++) {
		size_t len = round % 200;
		uint8_t *msg = malloc(len ? len : 1);
		int n;

		for (size_t i = 0; i < len; i++) {
			x = x * 1664525 + 1013904223;
			msg[i] = round % 3 ? x >> 24 : (x >> 24) % 4;
		}
		if (!virtchnl_get_resources(msg, len, UINT32_MAX, &res))
			CHECK(res.queues && res.queues <= 256 && res.vectors >= 2 && res.mtu >= 68);
		virtchnl_get_version(msg, len, &v);
		virtchnl_get_vlan_abilities(msg, len, &vlan);
		virtchnl_get_rss_key(msg, len, key, sizeof(key));
		virtchnl_get_rss_cfg(msg, len, &flow);
		n = virtchnl_num_macs(msg, len);
		for (int i = 0; i < n; i++)
			x += virtchnl_mac(msg, i, &type)[5];
		n = virtchnl_num_vlans(msg, len);
		for (int i = 0; i < n; i++)
			CHECK(virtchnl_vlan_id(msg, i) < 4096);
		n = virtchnl_num_vlans_v2(msg, len);
		for (int i = 0; i < n; i++)
			CHECK(virtchnl_vlan_v2_id(msg, i, &tpid) < 4096);
		free(msg);
	}
}

static const struct test_case cases[] = {
	{ "version", version },
	{ "capabilities", caps },
	{ "interrupt map", irq_map },
	{ "interrupt map, unequal", irq_map_unequal },
	{ "more queues", request_queues },
	{ "addresses", macs },
	{ "VLANs", vlans },
	{ "settings", settings },
	{ "RSS", rss },
	{ "RSS fields and function", rss_cfg },
	{ "resources", resources_good },
	{ "resources, hostile", resources_hostile },
	{ "resources, RSS sizes", resources_rss },
	{ "VLAN abilities", vlan_abilities },
	{ "statistics", stats },
	{ "errno", errnos },
	{ "sentences", sentences },
	{ "junk", junk },
};

TEST_MAIN(cases)

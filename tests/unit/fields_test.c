// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of a message by name: of what our encoders make, of what PFs say, and of nonsense. */
#include <endian.h>
#include <errno.h>

#include "virtchnl/codec.h"
#include "virtchnl/fields.h"
#include "test.h"

static uint8_t buf[4096];
static char all[65536];
static size_t used;

static void put(void *ctx, const struct virtchnl_field *field)
{
	used += snprintf(all + used, sizeof(all) - used, "%s%s=", used ? " " : "", field->key);
	if (field->text)
		used += snprintf(all + used, sizeof(all) - used, "%s", field->text);
	else
		used += snprintf(all + used, sizeof(all) - used, "%llu",
				 (unsigned long long)field->number);
	CHECK(used < sizeof(all));
}

static int of(uint32_t op, bool sent, const void *msg, size_t len)
{
	struct virtchnl_sink sink = { NULL, put };

	used = 0;
	*all = '\0';
	return virtchnl_fields(op, sent, msg, len, &sink);
}

/* What is sent in buf says this. */
#define SAYS(op, len, text) do { \
	CHECK_EQ(of(VIRTCHNL_OP_##op, true, buf, len), 0); \
	if (strcmp(all, text)) \
		printf("# %s\n", all); \
	CHECK(!strcmp(all, text)); \
} while (0)

static void requests(void)
{
	static const uint8_t list[12] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0xab };
	static const uint16_t vids[] = { 5, 4094 };
	struct virtchnl_rss_flow flow = { VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_UDP, 5, true };

	SAYS(VERSION, virtchnl_put_version(buf, sizeof(buf)), "major=1 minor=1");
	SAYS(GET_VF_RESOURCES, virtchnl_put_get_resources(buf, sizeof(buf), 0x80010001),
	     "caps=l2 caps=vlan caps=ptp");
	SAYS(ADD_ETH_ADDR, virtchnl_put_macs(buf, sizeof(buf), 7, 2, list, 2),
	     "vsi=7 type=extra macs=02:00:00:00:00:01 macs=02:00:00:00:00:ab");
	SAYS(DEL_VLAN, virtchnl_put_vlans(buf, sizeof(buf), 7, vids, 2), "vsi=7 vlans=5 vlans=4094");
	SAYS(ADD_VLAN_V2, virtchnl_put_vlans_v2(buf, sizeof(buf), 7, true, 0x88a8, vids, 2),
	     "vsi=7 vlans=0x88a8/5 vlans=0x88a8/4094");
	SAYS(CONFIG_PROMISCUOUS_MODE, virtchnl_put_promisc(buf, sizeof(buf), 7, false, true),
	     "vsi=7 promiscuous=multicast");
	SAYS(REQUEST_QUEUES, virtchnl_put_request_queues(buf, sizeof(buf), 4), "queues=4");
	SAYS(CONFIG_IRQ_MAP, virtchnl_put_irq_map(buf, sizeof(buf), 7, 2, 2, 3),
	     "vsi=7 vectors=1: rx 0x1 tx 0x1 vectors=2: rx 0x2 tx 0x2 vectors=0: rx 0x0 tx 0x0");
	SAYS(CONFIG_RSS_HFUNC, virtchnl_put_rss_hfunc(buf, sizeof(buf), 7, true),
	     "vsi=7 hfunc=toeplitz-symmetric");
	SAYS(CONFIG_RSS_LUT, virtchnl_put_rss_lut(buf, sizeof(buf), 7, (const uint8_t *)"\1\0", 2),
	     "vsi=7 entries=2 lut=1 lut=0");
	SAYS(SET_RSS_HENA, virtchnl_put_rss_hena(buf, sizeof(buf), 0x80), "hena=0x80");
	SAYS(ADD_RSS_CFG, virtchnl_put_rss_cfg(buf, sizeof(buf), &flow),
	     "flow=udp6 hfunc=toeplitz-symmetric hashed=src-ip hashed=src-port");
	SAYS(GET_STATS, virtchnl_put_get_stats(buf, sizeof(buf), 7),
	     "vsi=7 rx_queues=0x0 tx_queues=0x0");
	SAYS(ENABLE_VLAN_STRIPPING_V2, virtchnl_put_vlan_setting(buf, sizeof(buf), 7, 1, 2),
	     "vsi=7 outer=0x1 inner=0x2");
}

/* Whoever knows the key can aim at one queue. */
static void key_is_hidden(void)
{
	SAYS(CONFIG_RSS_KEY, virtchnl_put_rss_key(buf, sizeof(buf), 7, (const uint8_t *)"secret", 6),
	     "vsi=7 key_bytes=6");
}

static void answers(void)
{
	struct virtchnl_pf_event event = {
		.event = htole32(VIRTCHNL_EVENT_LINK_CHANGE), .link_speed = htole32(25000),
		.link_status = 1,
	};
	struct {
		struct virtchnl_vf_resource head;
		struct virtchnl_vsi_resource vsi;
	} VIRTCHNL_PACKED res = {
		.head = { .num_vsis = htole16(1), .num_queue_pairs = htole16(16),
			  .max_vectors = htole16(17), .max_mtu = htole16(9728),
			  .vf_cap_flags = htole32(1) },
		.vsi = { .vsi_id = htole16(6), .default_mac_addr = { 2, 0, 0, 0, 0, 9 } },
	};

	CHECK_EQ(of(VIRTCHNL_OP_EVENT, false, &event, sizeof(event)), 0);
	CHECK(!strcmp(all, "event=link-change link=up link_speed=25000"));
	event.event = htole32(VIRTCHNL_EVENT_RESET_IMPENDING);
	CHECK_EQ(of(VIRTCHNL_OP_EVENT, false, &event, sizeof(event)), 0);
	CHECK(!strcmp(all, "event=reset-impending"));
	event.event = htole32(77);
	CHECK_EQ(of(VIRTCHNL_OP_EVENT, false, &event, sizeof(event)), 0);
	CHECK(!strcmp(all, "event=77"));
	CHECK_EQ(of(VIRTCHNL_OP_GET_VF_RESOURCES, false, &res, sizeof(res)), 0);
	CHECK(!strcmp(all, "queues=16 vectors=17 max_frame=9728 rss_key_bytes=0 rss_lut_entries=0 "
			   "vsi=6 mac=02:00:00:00:00:09 caps=l2"));
	/* A refusal has no payload, and what the kernel wrote itself is not mirrored. */
	CHECK_EQ(of(VIRTCHNL_OP_ADD_VLAN, false, NULL, 0), 0);
	CHECK_EQ(of(VIRTCHNL_OP_CONFIG_VSI_QUEUES, true, NULL, 0), 0);
	CHECK(!*all);
}

static void nonsense(void)
{
	uint32_t x = 1;

	CHECK_EQ(of(VIRTCHNL_OP_EVENT, false, buf, 3), -EPROTO);
	CHECK_EQ(of(VIRTCHNL_OP_ADD_ETH_ADDR, true, buf, 5), -EPROTO);
	CHECK_EQ(of(VIRTCHNL_OP_RESET_VF, true, buf, 5), -EPROTO);
	CHECK_EQ(of(16, true, buf, 5), -ENOENT);
	CHECK_EQ(of(UINT32_MAX, true, buf, 5), -ENOENT);
	for (unsigned int round = 0; round < 40000; round++) {
		size_t len = round % 300;
		uint8_t *msg = malloc(len ? len : 1);

		for (size_t i = 0; i < len; i++) {
			x = x * 1664525 + 1013904223;
			msg[i] = round % 3 ? x >> 24 : (x >> 24) % 4;
		}
		if (of(round % 140, round & 256, msg, len))
			CHECK(!used);
		free(msg);
	}
}

static const struct test_case cases[] = {
	{ "requests", requests },
	{ "key_is_hidden", key_is_hidden },
	{ "answers", answers },
	{ "nonsense", nonsense },
};

TEST_MAIN(cases)

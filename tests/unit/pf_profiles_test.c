// SPDX-License-Identifier: GPL-2.0-or-later
/* What distinguishes the PFs that the model plays, and what a host changes under a VF. */
#include <errno.h>

#include "pf/profile.h"

#include "pf_fake.h"

#define V1	VIRTCHNL_CAP_VLAN
#define V2	VIRTCHNL_CAP_VLAN_V2

static struct pf_vsi *vsi(unsigned int vf)
{
	return pf_vsi(fake.pf, vf);
}

static void play(const char *profile, bool untrusted)
{
	const struct pf_config config = {
		.profile = profile, .num_vfs = 2, .untrusted = untrusted,
	};

	fake_init(&config);
}

/* The reply to op 3. */
static struct fake_msg resources(unsigned int vf, uint32_t caps)
{
	fake_version(vf);
	return fake_get_resources(vf, caps);
}

static uint32_t caps_of(struct fake_msg *reply)
{
	return le32toh(fake_resources(reply)->vf_cap_flags);
}

static void up(const char *profile, bool untrusted, uint32_t caps)
{
	play(profile, untrusted);
	CHECK_EQ(resources(0, caps).status, 0);
}

static int32_t vlan_v1(uint32_t op, unsigned int first, unsigned int n)
{
	struct {
		struct virtchnl_vlan_filter_list list;
		uint16_t more[600];
	} msg = { .list = { htole16(fake.vf[0].vsi_id), htole16(n) } };

	for (unsigned int i = 0; i < n; i++)
		msg.list.vlan_id[i] = htole16(first + i);
	return fake_status(0, op, &msg, virtchnl_len_vlan(n));
}

static int32_t mac(uint32_t op, const uint8_t addr[6], uint8_t type)
{
	struct fake_buf b = fake_macs(0, 1, 0, type);

	memcpy(b.macs.list[0].addr, addr, 6);
	return fake_buf_status(0, op, &b);
}

static void names(void)
{
	static const char *const all[] = {
		"ice-dvm", "ice-svm", "ice-port-vlan", "ice-svm-port-vlan", "i40e", "v1.0",
	};
	bool untrusted;

	for (unsigned int i = 0; i < 6; i++)
		CHECK(!strcmp(pf_profile_name(i), all[i]));
	CHECK(!pf_profile_name(6));
	CHECK(pf_profile_parse("i40e,untrusted", &untrusted) && untrusted);
	CHECK(pf_profile_parse("i40e", &untrusted) && !untrusted);
	CHECK(!pf_profile_parse("i40", &untrusted));
	CHECK(!pf_profile_parse("i40e,", &untrusted));
	CHECK(!pf_profile_parse("i40e,trusted", &untrusted));
	CHECK(!pf_profile_parse("", &untrusted));
}

static void what_each_grants(void)
{
	static const struct {
		const char *profile;
		uint32_t all, without_v2;	/* of the two VLAN bits */
		size_t len;
		unsigned int queues, vectors, mtu;
	} rows[] = {
		{ "ice-dvm", V2, 0, 36, 16, 17, 9728 },
		{ "ice-svm", V2, V1, 36, 16, 17, 9728 },
		{ "ice-port-vlan", V2, V1, 36, 16, 17, 9724 },
		{ "ice-svm-port-vlan", V2, 0, 36, 16, 17, 9724 },
		{ "i40e", V1, V1, 52, 4, 5, 9728 },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct virtchnl_vf_resource *r;
		struct fake_msg m;

		play(rows[i].profile, i % 2);
		m = resources(0, CAPS_ALL);
		r = fake_resources(&m);
		CHECK_EQ(m.len, rows[i].len);
		CHECK_EQ(caps_of(&m) & (V1 | V2), rows[i].all);
		CHECK_EQ(le16toh(r->num_queue_pairs), rows[i].queues);
		CHECK_EQ(le16toh(r->max_vectors), rows[i].vectors);
		CHECK_EQ(le16toh(r->max_mtu), rows[i].mtu);
		m = resources(1, CAPS_NO_V2);
		CHECK_EQ(caps_of(&m) & (V1 | V2), rows[i].without_v2);
	}
}

static void i40e_grants(void)
{
	struct fake_msg m;

	play("i40e", false);
	m = resources(0, CAPS_ALL);
	CHECK_EQ(caps_of(&m), VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_ADV_LINK_SPEED | V1 |
		 VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_REQ_QUEUES | VIRTCHNL_CAP_ENCAP);
	m = resources(1, 0);
	CHECK_EQ(caps_of(&m), VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_ADV_LINK_SPEED | V1 |
		 VIRTCHNL_CAP_RSS_REG);
	CHECK(vsi(1)->rss_by_registers && !vsi(0)->rss_by_registers);
	CHECK_EQ(vsi(1)->rss_hena, 0);
}

/* 1.0 says what it has without being asked. */
static void the_oldest(void)
{
	struct virtchnl_version_info v = { htole32(1), htole32(1) };
	struct virtchnl_vf_resource *r;
	uint32_t caps = htole32(CAPS_ALL);
	struct fake_msg m;

	play("v1.0", false);
	m = fake_call(0, VIRTCHNL_OP_VERSION, &v, sizeof(v));
	memcpy(&v, m.data, sizeof(v));
	CHECK(le32toh(v.major) == 1 && !v.minor);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_VF_RESOURCES, &caps, sizeof(caps)),
		 VIRTCHNL_ERR_PARAM);
	m = fake_call(0, VIRTCHNL_OP_GET_VF_RESOURCES, NULL, 0);
	r = fake_resources(&m);
	fake_event();
	fake.vf[0].vsi_id = le16toh(r->vsi_res[0].vsi_id);
	CHECK_EQ(m.len, 52);
	CHECK_EQ(caps_of(&m), VIRTCHNL_CAP_L2 | V1 | VIRTCHNL_CAP_RSS_REG);
	CHECK(!r->max_mtu && !r->rss_key_size && !r->rss_lut_size);
	CHECK_EQ(le16toh(r->num_queue_pairs), 4);
	CHECK_EQ(le16toh(r->max_vectors), 5);
	CHECK(vsi(0)->rss_by_registers);
	/* What came later it does not know, in its own words. */
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING, NULL, 0), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0),
		 VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_REQUEST_QUEUES, "\4", 2), VIRTCHNL_ERR_PARAM);
	/* And it strips from the first VLAN on, with no way back. */
	CHECK(!vsi(0)->vlan.inner_strip);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 1), 0);
	CHECK(vsi(0)->vlan.inner_strip);
	fake_queues_up(0, 4);
	CHECK_EQ(pf_violations(fake.pf), 0);
}

/* For the rest it is i40e. */
static void the_oldest_untrusted(void)
{
	struct fake_buf b;
	struct fake_msg m;

	play("v1.0", true);
	m = fake_call(0, VIRTCHNL_OP_GET_VF_RESOURCES, NULL, 0);
	fake_event();
	fake.vf[0].vsi_id = le16toh(fake_resources(&m)->vsi_res[0].vsi_id);
	CHECK(vsi(0)->single_vlan);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 10, 16), 0);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 100, 1), 0);
	CHECK_EQ(vsi(0)->num_vlans, 16);
	b = fake_macs(0, 1, 1, 0);
	memset(b.macs.list[0].addr, 0, 6);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), VIRTCHNL_ERR_PARAM);
	b = fake_macs(0, 2, 1, 0);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), VIRTCHNL_ERR_PARAM);
	b = fake_queues(0, 1);
	b.queues.qpair[0].rxq.max_pkt_size = htole32(16383);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK_EQ(fake.vf[0].tx_live, 0);
	b.queues.qpair[0].rxq.ring_len = 0;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK_EQ(vsi(0)->rxq[0].len, 0);
}

static struct virtchnl_vlan_caps vlan_caps(const char *profile, bool untrusted)
{
	struct virtchnl_vlan_caps caps;
	struct fake_msg m;

	up(profile, untrusted, CAPS_ALL);
	m = fake_call(0, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0);
	CHECK_EQ(m.len, sizeof(caps));
	memcpy(&caps, m.data, sizeof(caps));
	return caps;
}

static void vlan_abilities(void)
{
	const uint32_t inner = VIRTCHNL_VLAN_TOGGLE | VIRTCHNL_VLAN_ETHERTYPE_8100 |
			       VIRTCHNL_VLAN_TAG_L2TAG1;
	static const struct virtchnl_vlan_caps none;
	struct virtchnl_vlan_caps caps = vlan_caps("ice-svm", true);

	CHECK(!caps.filtering.filtering_support.outer);
	CHECK_EQ(le32toh(caps.filtering.filtering_support.inner), VIRTCHNL_VLAN_ETHERTYPE_8100);
	CHECK_EQ(le16toh(caps.filtering.max_filters), 8);
	CHECK(!caps.offloads.stripping_support.outer && !caps.offloads.insertion_support.outer);
	CHECK_EQ(le32toh(caps.offloads.stripping_support.inner), inner);
	CHECK_EQ(le32toh(caps.offloads.insertion_support.inner), inner);
	caps = vlan_caps("ice-svm", false);
	CHECK_EQ(le16toh(caps.filtering.max_filters), 4096);
	caps = vlan_caps("ice-port-vlan", false);
	CHECK(!caps.filtering.filtering_support.outer && !caps.filtering.filtering_support.inner);
	CHECK(!caps.filtering.max_filters && !caps.offloads.stripping_support.outer);
	CHECK_EQ(le32toh(caps.offloads.stripping_support.inner), inner);
	CHECK_EQ(le32toh(caps.offloads.insertion_support.inner), inner);
	caps = vlan_caps("ice-svm-port-vlan", false);
	CHECK(!memcmp(&caps, &none, sizeof(caps)));
	CHECK(!vsi(0)->vlan.inner_insert && !vsi(0)->vlan.insert_tpid);
}

static void single_vlan_filters(void)
{
	struct fake_buf b;

	up("ice-svm", true, CAPS_ALL);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0), 0);
	b = fake_vlans(0, 1, 0x8100, 7);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
	CHECK(!vsi(0)->vlan_pruning);
	b = fake_vlans(0, 8, 0x8100, 7);
	for (unsigned int i = 0; i < 8; i++) {
		b.vlans.filters[i].inner = b.vlans.filters[i].outer;
		memset(&b.vlans.filters[i].outer, 0, sizeof(b.vlans.filters[i].outer));
	}
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), 0);
	CHECK(vsi(0)->vlan_pruning && vsi(0)->num_vlans == 8);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_VLAN_V2, &b), 0);
	CHECK(!vsi(0)->vlan_pruning && !vsi(0)->num_vlans);
	/* V2 was granted, so V1 is not. */
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 1), VIRTCHNL_ERR_NOT_SUPPORTED);
}

/* Over the limit is a success without effect, and i40e looks before the list only. */
static void v1_limits(void)
{
	up("ice-svm", true, CAPS_NO_V2);
	CHECK(vsi(0)->vlan.inner_strip);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 10, 9), 0);
	CHECK_EQ(vsi(0)->num_vlans, 7);
	up("ice-svm", false, CAPS_NO_V2);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 10, 500), 0);
	CHECK_EQ(vsi(0)->num_vlans, 500);
	up("i40e", true, CAPS_ALL);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 10, 15), 0);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 100, 3), 0);
	CHECK_EQ(vsi(0)->num_vlans, 18);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 200, 1), 0);
	CHECK_EQ(vsi(0)->num_vlans, 18);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_DEL_VLAN, 10, 15), 0);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 200, 1), 0);
	CHECK_EQ(vsi(0)->num_vlans, 4);
	up("i40e", false, CAPS_ALL);
	for (unsigned int i = 0; i < 8; i++)
		CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 1 + 500 * i, 500), 0);
	CHECK_EQ(vsi(0)->num_vlans, 4000);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 4096, 1), -EINVAL);
}

static void v1_stripping(void)
{
	up("i40e", false, CAPS_ALL);
	CHECK(!vsi(0)->vlan.inner_strip && vsi(0)->vlan.inner_insert);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 1), 0);
	CHECK(vsi(0)->vlan.inner_strip);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_VLAN_STRIPPING, NULL, 0), 0);
	CHECK(!vsi(0)->vlan.inner_strip);
	/* Each list does it again. */
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 6, 1), 0);
	CHECK(vsi(0)->vlan.inner_strip);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_DEL_VLAN, 6, 1), 0);
	CHECK(vsi(0)->vlan.inner_strip);
	up("ice-svm", false, CAPS_NO_V2);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_VLAN_STRIPPING, NULL, 0), 0);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 1), 0);
	CHECK(!vsi(0)->vlan.inner_strip);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING, NULL, 0), 0);
	CHECK(vsi(0)->vlan.inner_strip);
}

/* Double VLAN mode and a driver from before it: with a port VLAN V1 does the inner tag, else software does all. */
static void before_double_vlan(void)
{
	up("ice-port-vlan", false, CAPS_NO_V2);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 1), 0);
	CHECK(!vsi(0)->num_vlans && !vsi(0)->vlan_pruning && vsi(0)->vlan.inner_strip);
	up("ice-dvm", false, CAPS_NO_V2);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 1), VIRTCHNL_ERR_NOT_SUPPORTED);
	CHECK(!vsi(0)->vlan_pruning && !vsi(0)->vlan_antispoof && !vsi(0)->vlan.insert_tpid);
}

static void i40e_says_errnos(void)
{
	struct virtchnl_queue_select sel = { 0 };
	struct fake_buf b;

	play("i40e", false);
	/* Not active yet, a wrong length, nothing it has a handler for, nothing at all. */
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel)), -EINVAL);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_STATS, &sel, 11), -EINVAL);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0), -EOPNOTSUPP);
	CHECK_EQ(fake_status(0, 9999, &sel, 4), -EINVAL);
	CHECK_EQ(resources(0, 0).status, 0);
	CHECK_EQ(fake_get_resources(0, 0).status, -EINVAL);
	/* No list of what was granted: RSS by message works though it was not. */
	b = (struct fake_buf){ .len = virtchnl_len_rss_key(51) };
	b.key.vsi_id = htole16(fake.vf[0].vsi_id);
	b.key.key_len = htole16(51);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_RSS_KEY, &b), -EINVAL);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_CONFIG_RSS_HFUNC, b.data, 8), -EOPNOTSUPP);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ADD_VLAN_V2, b.data, 0), -EINVAL);
	b = fake_macs(0, 1, 1, 0);
	b.macs.vsi_id ^= htole16(1);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), -EINVAL);
}

static const uint8_t zero[6], bcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t own[6] = { 2, 0, 0, 0, 0, 1 }, other[6] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t host[6] = { 2, 0, 0, 0, 9, 9 };

static void i40e_addresses(void)
{
	struct fake_buf b;

	up("i40e", true, CAPS_ALL);
	CHECK_EQ(mac(VIRTCHNL_OP_ADD_ETH_ADDR, zero, 0), -EINVAL);
	CHECK_EQ(mac(VIRTCHNL_OP_ADD_ETH_ADDR, bcast, 0), -EINVAL);
	CHECK_EQ(mac(VIRTCHNL_OP_DEL_ETH_ADDR, other, 0), -EINVAL);
	CHECK_EQ(mac(VIRTCHNL_OP_ADD_ETH_ADDR, own, VIRTCHNL_ETHER_ADDR_PRIMARY), 0);
	CHECK(!memcmp(vsi(0)->mac, own, 6));
	b = fake_macs(0, 17, 1, VIRTCHNL_ETHER_ADDR_EXTRA);
	/* What it has does not count: broadcast and 17. */
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->num_macs, 18);
	b = fake_macs(0, 1, 99, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), -EPERM);
	CHECK_EQ(mac(VIRTCHNL_OP_DEL_ETH_ADDR, own, 0), 0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(10 * MS);
	CHECK(!memcmp(vsi(0)->mac, zero, 6));
}

static void i40e_addresses_count_with_vlans(void)
{
	struct fake_buf b;

	up("i40e", true, CAPS_ALL);
	b = fake_macs(0, 3, 1, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 3), 0);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->num_macs, 4);
	/* 4 addresses in 4 VLANs are 16. */
	b = fake_macs(0, 3, 10, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), -EPERM);
}

static void i40e_hosts_address(void)
{
	struct virtchnl_vf_resource *r;
	struct fake_msg m;

	for (unsigned int untrusted = 0; untrusted < 2; untrusted++) {
		play("i40e", untrusted);
		CHECK_EQ(pf_set_mac(fake.pf, fake.now, 0, host), 0);
		fake_event();
		fake_run(10 * MS);
		m = resources(0, 0);
		r = fake_resources(&m);
		CHECK(!memcmp(r->vsi_res[0].default_mac_addr, host, 6));
		CHECK_EQ(mac(VIRTCHNL_OP_ADD_ETH_ADDR, own, VIRTCHNL_ETHER_ADDR_PRIMARY),
			 untrusted ? -EPERM : 0);
		CHECK_EQ(mac(VIRTCHNL_OP_ADD_ETH_ADDR, host, VIRTCHNL_ETHER_ADDR_PRIMARY), 0);
		/* Kept without a word. */
		CHECK_EQ(mac(VIRTCHNL_OP_DEL_ETH_ADDR, host, 0), 0);
		CHECK_EQ(vsi(0)->num_macs, untrusted ? 2 : 3);
	}
}

static void i40e_forgets_the_address_without_uso(void)
{
	struct fake_msg m;

	up("i40e", false, VIRTCHNL_CAP_USO);
	CHECK_EQ(mac(VIRTCHNL_OP_ADD_ETH_ADDR, own, VIRTCHNL_ETHER_ADDR_PRIMARY), 0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(10 * MS);
	m = resources(0, VIRTCHNL_CAP_USO);
	CHECK(!memcmp(fake_resources(&m)->vsi_res[0].default_mac_addr, own, 6));
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(10 * MS);
	CHECK_EQ(vsi(0)->num_macs, 2);
	m = resources(0, 0);
	CHECK(!memcmp(fake_resources(&m)->vsi_res[0].default_mac_addr, zero, 6));
	CHECK_EQ(vsi(0)->num_macs, 1);
}

static void i40e_promiscuous_untrusted(void)
{
	struct virtchnl_promisc_info p = { 0, htole16(VIRTCHNL_PROMISC_UNICAST) };

	up("i40e", true, CAPS_ALL);
	p.vsi_id = htole16(fake.vf[0].vsi_id);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, &p, sizeof(p)), 0);
	CHECK(!vsi(0)->unicast_promisc);
}

static void i40e_queues(void)
{
	struct virtchnl_queue_select sel;
	struct fake_buf b;

	up("i40e", false, CAPS_ALL);
	b = fake_irqs(0, 4);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_IRQ_MAP, &b), 0);
	b = fake_queues(0, 2);
	sel = fake_select(0, 3, 3);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK_EQ(fake.vf[0].tx_live, 0);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_QUEUES, &sel, sizeof(sel)), 0);
	CHECK_EQ(fake_event().link_status, 1);
	CHECK_EQ(fake.vf[0].tx_live, 3);
	CHECK_EQ(fake.vf[0].rx_live, 3);
	/* A refusal stops nothing. */
	b.queues.qpair[1].rxq.ring_len = htole32(100);
	b.queues.num_queue_pairs = htole16(9);
	b.len = virtchnl_len_vsi_queues(9);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), -EINVAL);
	CHECK_EQ(fake.vf[0].tx_live, 3);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_QUEUES, &sel, sizeof(sel)), 0);
	CHECK(!fake.vf[0].tx_live && !fake.vf[0].rx_live);
	CHECK_EQ(pf_violations(fake.pf), 0);
	/* A queue without a ring is programmed all the same. */
	b = fake_queues(0, 1);
	b.queues.qpair[0].rxq.ring_len = 0;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK_EQ(pf_violations(fake.pf), 0);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_QUEUES, &sel, sizeof(sel)), 0);
	CHECK(pf_violations(fake.pf));
	CHECK_EQ(fake.vf[0].bad_orders, 0);
}

/* i40e hears no request for a reset just after one. */
static void i40e_is_deaf_after_a_reset(void)
{
	up("i40e", false, CAPS_ALL);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(10 * MS);
	CHECK_EQ(fake.vf[0].resets, 1);
	fake_post(0, VIRTCHNL_OP_RESET_VF, NULL, 0);
	fake_run(10 * MS);
	CHECK_EQ(fake.vf[0].resets, 1);
	fake_run(30 * MS);
	fake_post(0, VIRTCHNL_OP_RESET_VF, NULL, 0);
	fake_run(10 * MS);
	CHECK_EQ(fake.vf[0].resets, 2);
	/* The host is always heard. */
	CHECK_EQ(pf_set_trust(fake.pf, fake.now, 0, false), 0);
	fake_run(10 * MS);
	CHECK_EQ(fake.vf[0].resets, 3);
}

static void link_without_queues(void)
{
	struct fake_msg m;
	struct virtchnl_pf_event e;

	play("i40e", false);
	fake_version(0);
	m = fake_call(0, VIRTCHNL_OP_GET_VF_RESOURCES, "\0\0\0\0", 4);
	CHECK_EQ(m.status, 0);
	e = fake_event();
	CHECK_EQ(e.link_status, 1);
	CHECK_EQ(le32toh(e.link_speed), 25000);
}

/* What has no bit of its own is told as the next lower one. */
static void speeds(void)
{
	static const struct { uint32_t mbps, bit; } rows[] = {
		{ 100, VIRTCHNL_SPEED_100M }, { 1000, VIRTCHNL_SPEED_1G },
		{ 2500, VIRTCHNL_SPEED_2_5G }, { 5000, VIRTCHNL_SPEED_5G },
		{ 10000, VIRTCHNL_SPEED_10G }, { 20000, VIRTCHNL_SPEED_20G },
		{ 25000, VIRTCHNL_SPEED_25G }, { 40000, VIRTCHNL_SPEED_40G },
		{ 50000, VIRTCHNL_SPEED_40G }, { 100000, VIRTCHNL_SPEED_40G },
		{ 200000, VIRTCHNL_SPEED_40G },
	};
	uint32_t legacy = CAPS_ALL & ~VIRTCHNL_CAP_ADV_LINK_SPEED;

	play("ice-dvm", false);
	CHECK_EQ(resources(0, CAPS_ALL).status, 0);
	CHECK_EQ(resources(1, legacy).status, 0);
	fake_queues_up(0, 1);
	fake_queues_up(1, 1);
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK_EQ(pf_set_link(fake.pf, fake.now, 0, true, rows[i].mbps), 0);
		CHECK_EQ(le32toh(fake_event().link_speed), rows[i].mbps);
		CHECK_EQ(pf_set_link(fake.pf, fake.now, 1, true, rows[i].mbps), 0);
		CHECK_EQ(le32toh(fake_event().link_speed), rows[i].bit);
	}
	CHECK_EQ(pf_set_link(fake.pf, fake.now, 1, false, 0), 0);
	CHECK_EQ(fake_event().link_status, 0);
}

static void another_pf(void)
{
	struct fake_msg m;

	play("ice-dvm", false);
	CHECK_EQ(pf_set_mac(fake.pf, fake.now, 0, host), 0);
	fake_event();
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x8100, 77), 0);
	CHECK_EQ(pf_set_max_frame(fake.pf, fake.now, 0, 2000), 0);
	fake_run(10 * MS);
	fake_up(1);
	fake_queues_up(1, 16);
	CHECK_EQ(pf_set_profile(fake.pf, fake.now, "e1000", false), -ENOENT);
	CHECK(!strcmp(pf_get_profile(fake.pf), "ice-dvm"));
	CHECK_EQ(pf_set_profile(fake.pf, fake.now, "i40e", true), 0);
	CHECK(!strcmp(pf_get_profile(fake.pf), "i40e"));
	/* Without a word. */
	CHECK(!fake_pending() && fake.vf[0].dead && fake.vf[1].dead);
	CHECK_EQ(fake.vf[1].kind, PF_RESET_SILENT);
	fake_run(10 * MS);
	for (unsigned int vf = 0; vf < 2; vf++) {
		m = resources(vf, CAPS_ALL);
		CHECK_EQ(m.len, 52);
		CHECK_EQ(caps_of(&m) & (V1 | V2), V1);
		CHECK_EQ(le16toh(fake_resources(&m)->num_queue_pairs), 4);
		CHECK_EQ(le16toh(fake_resources(&m)->max_mtu), 9728);
		CHECK(!memcmp(fake_resources(&m)->vsi_res[0].default_mac_addr, zero, 6));
		CHECK(!vsi(vf)->trusted && !vsi(vf)->port_vlan.outer_tpid);
	}
	CHECK_EQ(pf_set_profile(fake.pf, fake.now, "ice-port-vlan", false), 0);
	fake_run(10 * MS);
	CHECK(vsi(0)->trusted && vsi(0)->port_vlan.outer_tpid == 0x88a8);
	m = resources(0, CAPS_ALL);
	CHECK_EQ(le16toh(fake_resources(&m)->num_queue_pairs), 16);
}

/* The number that was given on the command line stays, as far as the PF can. */
static void given_queues(void)
{
	const struct pf_config config = { .profile = "v1.0", .num_vfs = 1, .num_queues = 8 };

	fake_init(&config);
	CHECK_EQ(vsi(0)->num_queues, 4);
	CHECK_EQ(pf_set_profile(fake.pf, fake.now, "i40e", false), 0);
	fake_run(10 * MS);
	CHECK_EQ(vsi(0)->num_queues, 8);
	CHECK_EQ(vsi(0)->num_vectors, 9);
}

static void port_vlan(void)
{
	struct fake_msg m;

	up("i40e", false, CAPS_ALL);
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x88a8, 5), -EPROTONOSUPPORT);
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x8100, 0), -EINVAL);
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x8100, 4095), -EINVAL);
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 9, 0x8100, 5), -EINVAL);
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0, 0), 0);
	CHECK(!fake_pending());
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x8100, 5), 0);
	CHECK_EQ(fake_event().event, htole32(VIRTCHNL_EVENT_RESET_IMPENDING));
	/* Not before the reset. */
	CHECK(!vsi(0)->port_vlan.outer_tpid);
	fake_run(10 * MS);
	CHECK(vsi(0)->port_vlan.outer_tpid == 0x8100 && vsi(0)->port_vlan.outer_id == 5);
	m = resources(0, CAPS_ALL);
	CHECK_EQ(caps_of(&m) & (V1 | V2), 0);
	CHECK_EQ(le16toh(fake_resources(&m)->max_mtu), 9724);
	CHECK_EQ(vlan_v1(VIRTCHNL_OP_ADD_VLAN, 5, 1), -EINVAL);
	/* The same again changes nothing, none takes it away. */
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x8100, 5), 0);
	CHECK(!fake_pending());
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0, 0), 0);
	fake_run(10 * MS);
	CHECK(!vsi(0)->port_vlan.outer_tpid);
	up("ice-svm", false, CAPS_ALL);
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x88a8, 5), -EPROTONOSUPPORT);
	up("ice-dvm", false, CAPS_ALL);
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, 0, 0x88a8, 5), 0);
	CHECK_EQ(fake.vf[0].resets, 0);
	fake_run(10 * MS);
	CHECK_EQ(fake.vf[0].resets, 1);
}

static void longest_frame(void)
{
	struct fake_buf b;
	struct fake_msg m;

	up("ice-dvm", false, CAPS_ALL);
	CHECK_EQ(pf_set_max_frame(fake.pf, fake.now, 0, 63), -EINVAL);
	CHECK_EQ(pf_set_max_frame(fake.pf, fake.now, 0, 9729), -EINVAL);
	CHECK_EQ(pf_set_max_frame(fake.pf, fake.now, 0, 1400), 0);
	CHECK(!fake_pending());
	b = fake_queues(0, 1);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), VIRTCHNL_ERR_PARAM);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(10 * MS);
	m = resources(0, CAPS_ALL);
	CHECK_EQ(le16toh(fake_resources(&m)->max_mtu), 1400);
	/* i40e only says so, and takes what the hardware's field can hold. */
	up("i40e", false, CAPS_ALL);
	CHECK_EQ(pf_set_max_frame(fake.pf, fake.now, 0, 1400), 0);
	b = fake_queues(0, 1);
	b.queues.qpair[0].rxq.max_pkt_size = htole32(16383);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	b.queues.qpair[0].rxq.max_pkt_size = htole32(16384);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), -EINVAL);
}

static void vectors(void)
{
	struct fake_msg m;

	up("ice-dvm", false, CAPS_ALL);
	CHECK_EQ(pf_set_vectors(fake.pf, fake.now, 0, 1), -EINVAL);
	CHECK_EQ(pf_set_vectors(fake.pf, fake.now, 0, 18), -EINVAL);
	CHECK_EQ(pf_set_vectors(fake.pf, fake.now, 0, 3), 0);
	fake_event();
	fake_run(10 * MS);
	m = resources(0, CAPS_ALL);
	CHECK_EQ(le16toh(fake_resources(&m)->max_vectors), 3);
	CHECK_EQ(le16toh(fake_resources(&m)->num_queue_pairs), 2);
}

static const struct test_case cases[] = {
	{ "names", names },
	{ "what_each_grants", what_each_grants },
	{ "i40e_grants", i40e_grants },
	{ "the_oldest", the_oldest },
	{ "the_oldest_untrusted", the_oldest_untrusted },
	{ "vlan_abilities", vlan_abilities },
	{ "single_vlan_filters", single_vlan_filters },
	{ "v1_limits", v1_limits },
	{ "v1_stripping", v1_stripping },
	{ "before_double_vlan", before_double_vlan },
	{ "i40e_says_errnos", i40e_says_errnos },
	{ "i40e_addresses", i40e_addresses },
	{ "i40e_addresses_count_with_vlans", i40e_addresses_count_with_vlans },
	{ "i40e_hosts_address", i40e_hosts_address },
	{ "i40e_forgets_the_address_without_uso", i40e_forgets_the_address_without_uso },
	{ "i40e_promiscuous_untrusted", i40e_promiscuous_untrusted },
	{ "i40e_queues", i40e_queues },
	{ "i40e_is_deaf_after_a_reset", i40e_is_deaf_after_a_reset },
	{ "link_without_queues", link_without_queues },
	{ "speeds", speeds },
	{ "another_pf", another_pf },
	{ "given_queues", given_queues },
	{ "port_vlan", port_vlan },
	{ "longest_frame", longest_frame },
	{ "vectors", vectors },
};

int main(int argc, char **argv)
{
	int rc = test_main(cases, sizeof(cases) / sizeof(cases[0]), argc > 1 ? argv[1] : NULL);

	fake_fini();
	return rc;
}

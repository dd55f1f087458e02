// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "pf_fake.h"

static struct pf_vsi *vsi(unsigned int vf)
{
	return pf_vsi(fake.pf, vf);
}

static void refuses_bad_config(void)
{
	struct pf_config c = { .profile = "ice-dvm", .num_vfs = 0 };

	CHECK(!pf_new(&c, &fake_hw, NULL) && errno == EINVAL);
	c.num_vfs = PF_MAX_VFS + 1;
	CHECK(!pf_new(&c, &fake_hw, NULL) && errno == EINVAL);
	c.num_vfs = 1;
	c.num_queues = 17;
	CHECK(!pf_new(&c, &fake_hw, NULL) && errno == EINVAL);
	c.num_queues = 0;
	c.profile = "e1000";
	CHECK(!pf_new(&c, &fake_hw, NULL) && errno == ENOENT);
	c.profile = NULL;
	CHECK(!pf_new(&c, &fake_hw, NULL) && errno == EINVAL);
}

static void version_1_0_and_1_1(void)
{
	struct virtchnl_version_info v = { htole32(1), htole32(0) }, *answer;
	struct fake_msg m;

	fake_default(false);
	m = fake_call(0, VIRTCHNL_OP_VERSION, &v, sizeof(v));
	answer = (void *)m.data;
	CHECK_EQ(le32toh(answer->minor), 0);
	CHECK_EQ(m.len, 8);
	/* 1.0 has no capability word; it gets what it always had, here without V1 VLAN. */
	m = fake_call(0, VIRTCHNL_OP_GET_VF_RESOURCES, NULL, 0);
	CHECK_EQ(m.status, 0);
	CHECK_EQ(le32toh(fake_resources(&m)->vf_cap_flags), VIRTCHNL_CAP_L2);
	fake_event();
	v.minor = htole32(1);
	m = fake_call(1, VIRTCHNL_OP_VERSION, &v, sizeof(v));
	answer = (void *)m.data;
	CHECK_EQ(le32toh(answer->minor), 1);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_GET_VF_RESOURCES, NULL, 0), VIRTCHNL_ERR_PARAM);
}

static void resources_are_what_is_granted(void)
{
	struct virtchnl_vf_resource *r;
	struct fake_msg m;

	fake_default(false);
	fake_version(0);
	m = fake_get_resources(0, CAPS_ALL);
	r = fake_resources(&m);
	CHECK_EQ(m.len, 36);
	CHECK_EQ(le16toh(r->num_vsis), 1);
	CHECK_EQ(le16toh(r->num_queue_pairs), 4);
	CHECK_EQ(le16toh(r->max_vectors), 5);
	CHECK_EQ(le16toh(r->max_mtu), 9728);
	CHECK_EQ(le32toh(r->rss_key_size), 52);
	CHECK_EQ(le32toh(r->rss_lut_size), 64);
	CHECK_EQ(le32toh(r->vsi_res[0].vsi_type), VIRTCHNL_VSI_SRIOV);
	CHECK_EQ(le32toh(r->vf_cap_flags),
		 VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_VLAN_V2 |
		 VIRTCHNL_CAP_ADV_LINK_SPEED | VIRTCHNL_CAP_WB_ON_ITR | VIRTCHNL_CAP_REQ_QUEUES |
		 VIRTCHNL_CAP_RSS_PCTYPE_V2 | VIRTCHNL_CAP_ENCAP | VIRTCHNL_CAP_ENCAP_CSUM |
		 VIRTCHNL_CAP_USO | VIRTCHNL_CAP_CRC | VIRTCHNL_CAP_ADV_RSS_PF);
	CHECK(vsi(0)->enabled);
	/* Not twice, but once more after a reset. */
	m = fake_get_resources(0, CAPS_ALL);
	CHECK_EQ(m.status, VIRTCHNL_ERR_PARAM);
	CHECK_EQ(m.len, 0);
	fake_version(1);
	m = fake_get_resources(1, VIRTCHNL_CAP_RSS_PF);
	CHECK_EQ(le32toh(fake_resources(&m)->vf_cap_flags), VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_PF);
	CHECK(fake.vf[0].vsi_id != fake.vf[1].vsi_id);
	CHECK_EQ(pf_violations(fake.pf), 0);
}

static void allowlist(void)
{
	struct virtchnl_queue_select sel = { 0 };
	uint8_t bytes[16] = { 0 };

	fake_default(false);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel)),
		 VIRTCHNL_ERR_NOT_SUPPORTED);
	/* The length is looked at first. */
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_STATS, &sel, 11), VIRTCHNL_ERR_PARAM);
	fake_version(0);
	fake_get_resources(0, 0);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0),
		 VIRTCHNL_ERR_NOT_SUPPORTED);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0), VIRTCHNL_ERR_NOT_SUPPORTED);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_REQUEST_QUEUES, bytes, 2), VIRTCHNL_ERR_NOT_SUPPORTED);
	fake_up(1);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING, NULL, 0),
		 VIRTCHNL_ERR_NOT_SUPPORTED);
	bytes[2] = 1;
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_ADD_VLAN, bytes, 8), VIRTCHNL_ERR_NOT_SUPPORTED);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_ADD_VLAN, bytes, 7), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_ENABLE_VLAN_FILTERING_V2, bytes, 16),
		 VIRTCHNL_ERR_NOT_SUPPORTED);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_CONFIG_TX_QUEUE, bytes, 16), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_EVENT, bytes, 16), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(1, 9999, bytes, 16), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_GET_VF_CAPS2, bytes, 8), VIRTCHNL_ERR_NOT_SUPPORTED);
}

static void queues_come_up(void)
{
	fake_default(false);
	fake_up(0);
	fake_queues_up(0, 4);
	CHECK_EQ(fake.vf[0].tx_live, 0xf);
	CHECK_EQ(fake.vf[0].rx_live, 0xf);
	CHECK_EQ(vsi(0)->txq[3].len, 512);
	CHECK_EQ(vsi(0)->rxq[3].ring, 0x230000);
	CHECK_EQ(vsi(0)->rxq[0].buf_size, 2048);
	CHECK_EQ(vsi(0)->rxq[0].max_pkt, 1522);
	CHECK_EQ(vsi(0)->rxq_vector[2], 3);
	CHECK_EQ(vsi(0)->txq_itr[2], 1);
	CHECK_EQ(pf_violations(fake.pf), 0);
}

static void tx_is_live_from_op_6(void)
{
	struct virtchnl_queue_select sel;
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	b = fake_queues(0, 2);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK_EQ(fake.vf[0].tx_live, 3);
	CHECK_EQ(fake.vf[0].rx_live, 0);
	/* Op 9 stops it although op 8 never came. */
	sel = fake_select(0, 0, 3);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_QUEUES, &sel, sizeof(sel)), 0);
	CHECK_EQ(fake.vf[0].tx_live, 0);
}

/* Each change of a good op 6 must be refused and leave no queue running. */
static void op_6_refusals(void)
{
	for (unsigned int i = 0; i < 14; i++) {
		struct virtchnl_queue_pair_info *q;
		struct fake_buf b;

		fake_default(false);
		fake_version(0);
		fake_get_resources(0, CAPS_ALL & ~VIRTCHNL_CAP_CRC);
		fake_queues_up(0, 4);
		b = fake_queues(0, 4);
		q = &b.queues.qpair[2];
		switch (i) {
		case 0: b.queues.vsi_id ^= htole16(1); break;
		case 1: q->txq.vsi_id ^= htole16(1); break;
		case 2: q->rxq.vsi_id ^= htole16(1); break;
		case 3: q->rxq.queue_id = htole16(1); break;
		case 4: q->rxq.queue_id = q->txq.queue_id = htole16(4); break;
		case 5: q->txq.headwb_enabled = htole16(1); break;
		case 6: q->txq.ring_len = htole16(32); break;
		case 7: q->rxq.ring_len = htole32(100); break;
		case 8: q->txq.ring_len = htole16(8192); break;
		case 9: q->rxq.databuffer_size = htole32(1023); break;
		case 10: q->rxq.databuffer_size = htole32(16257); break;
		case 11: q->rxq.max_pkt_size = htole32(9729); break;
		case 12: q->rxq.max_pkt_size = htole32(63); break;
		case 13: q->rxq.crc_disable = 1; break;
		}
		CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), VIRTCHNL_ERR_PARAM);
		CHECK_EQ(fake.vf[0].tx_live, 0);
		CHECK_EQ(fake.vf[0].rx_live, 0);
	}
}

static void op_6_lengths(void)
{
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	for (unsigned int n = 1; n <= 4; n++) {
		b = fake_queues(0, n);
		for (size_t len = 0; len <= virtchnl_len_vsi_queues(5); len++) {
			if (len == b.len)
				continue;
			CHECK_EQ(fake_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, b.data, len),
				 VIRTCHNL_ERR_PARAM);
		}
	}
	b = fake_queues(0, 5);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), VIRTCHNL_ERR_PARAM);
	b.queues.qpair[4] = b.queues.qpair[0];	/* too many even if each exists */
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), VIRTCHNL_ERR_PARAM);
	b = fake_queues(0, 0);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake.vf[0].bad_orders, 0);
}

static void op_6_skips_rings_of_no_length(void)
{
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	b = fake_queues(0, 1);
	b.queues.qpair[0].rxq.ring_len = 0;
	b.queues.qpair[0].rxq.max_pkt_size = 0;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK_EQ(vsi(0)->rxq[0].len, 0);
	CHECK_EQ(fake.vf[0].tx_live, 1);
}

static void crc_against_strip(void)
{
	struct virtchnl_vlan_setting s = { .outer_ethertype_setting =
					   htole32(VIRTCHNL_VLAN_ETHERTYPE_8100) };
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	s.vport_id = htole16(fake.vf[0].vsi_id);
	b = fake_queues(0, 1);
	b.queues.qpair[0].rxq.crc_disable = 1;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK(vsi(0)->rxq[0].keep_crc);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)),
		 VIRTCHNL_ERR_NOT_SUPPORTED);
	b.queues.qpair[0].rxq.crc_disable = 0;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)), 0);
	b.queues.qpair[0].rxq.crc_disable = 1;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), VIRTCHNL_ERR_PARAM);
}

static void enable_and_disable_checks(void)
{
	struct virtchnl_queue_select sel;

	fake_default(false);
	fake_up(0);
	fake_queues_up(0, 4);
	for (unsigned int i = 0; i < 4; i++) {
		sel = i == 0 ? fake_select(0, 0, 0) : i == 1 ? fake_select(0, 1 << 16, 0) :
		      i == 2 ? fake_select(0, 1 << 4, 0) : fake_select(1, 1, 1);
		CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_QUEUES, &sel, sizeof(sel)),
			 VIRTCHNL_ERR_PARAM);
		CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_QUEUES, &sel, sizeof(sel)),
			 VIRTCHNL_ERR_PARAM);
		fake_event();
	}
	sel = fake_select(0, 3, 1);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_QUEUES, &sel, sizeof(sel)), 0);
	CHECK_EQ(fake.vf[0].rx_live, 0xc);
	CHECK_EQ(fake.vf[0].tx_live, 0xe);
}

static void enabling_the_unconfigured_is_a_violation(void)
{
	struct virtchnl_queue_select sel;

	fake_default(false);
	fake_up(0);
	sel = fake_select(0, 1, 0);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_QUEUES, &sel, sizeof(sel)), 0);
	CHECK_EQ(fake.vf[0].rx_live, 0);
	CHECK(pf_violations(fake.pf) > 0);
	CHECK(strstr(fake.last_violation, "not configured"));
}

static void irq_map_checks(void)
{
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	b = fake_irqs(0, 4);
	b.irqs.vecmap[3].vector_id = htole16(5);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_IRQ_MAP, &b), VIRTCHNL_ERR_PARAM);
	b = fake_irqs(0, 4);
	b.irqs.vecmap[0].vector_id = 0;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_IRQ_MAP, &b), VIRTCHNL_ERR_PARAM);
	b.irqs.vecmap[0].rxq_map = b.irqs.vecmap[0].txq_map = 0;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_IRQ_MAP, &b), 0);
	b = fake_irqs(0, 1);
	b.irqs.vecmap[0].rxq_map = htole16(1 << 4);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_IRQ_MAP, &b), VIRTCHNL_ERR_PARAM);
	b = fake_irqs(0, 6);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_IRQ_MAP, &b), VIRTCHNL_ERR_PARAM);
	b = fake_irqs(0, 2);
	b.len--;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_IRQ_MAP, &b), VIRTCHNL_ERR_PARAM);
}

static void link_events(void)
{
	struct virtchnl_pf_event e;
	struct virtchnl_queue_select sel;
	uint32_t caps = htole32(CAPS_ALL & ~VIRTCHNL_CAP_ADV_LINK_SPEED);

	fake_default(false);
	fake_version(0);
	fake_call(0, VIRTCHNL_OP_GET_VF_RESOURCES, &caps, 4);
	e = fake_event();
	CHECK_EQ(e.link_status, 0);	/* no queue is enabled yet */
	fake.vf[0].vsi_id = 16;
	sel = fake_select(0, 1, 1);
	fake_call(0, VIRTCHNL_OP_ENABLE_QUEUES, &sel, sizeof(sel));
	e = fake_event();
	CHECK_EQ(e.link_status, 1);
	CHECK_EQ(le32toh(e.link_speed), VIRTCHNL_SPEED_25G);
	CHECK_EQ(pf_set_link(fake.pf, fake.now, 0, true, 100000), 0);
	CHECK_EQ(le32toh(fake_event().link_speed), VIRTCHNL_SPEED_40G);
	CHECK_EQ(pf_set_link(fake.pf, fake.now, 0, false, 0), 0);
	CHECK_EQ(fake_event().link_status, 0);
	fake_up(1);
	fake_queues_up(1, 1);
	CHECK_EQ(pf_set_link(fake.pf, fake.now, 1, true, 100000), 0);
	CHECK_EQ(le32toh(fake_event().link_speed), 100000);
}

static void mac_limit_untrusted(void)
{
	struct fake_buf b;

	fake_default(true);
	fake_up(0);
	/* 18 with broadcast, which is there: 17. */
	b = fake_macs(0, 18, 1, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(vsi(0)->num_macs, 1);
	b = fake_macs(0, 17, 1, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->num_macs, 18);
	/* Even one that is there. */
	b = fake_macs(0, 1, 1, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), VIRTCHNL_ERR_PARAM);
	b = fake_macs(0, 2, 16, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->num_macs, 16);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_ETH_ADDR, &b), 0);	/* again: skipped */
	CHECK_EQ(vsi(0)->num_macs, 16);
}

static void mac_limit_trusted(void)
{
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	b = fake_macs(0, 510, 1, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	b = fake_macs(0, 2, 1000, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b),
		 VIRTCHNL_ERR_ADMIN_QUEUE_ERROR);
	CHECK_EQ(vsi(0)->num_macs, PF_MAX_MACS);
}

static void zero_and_broadcast_are_skipped(void)
{
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	b = fake_macs(0, 3, 1, VIRTCHNL_ETHER_ADDR_EXTRA);
	memset(b.macs.list[0].addr, 0, 6);
	memset(b.macs.list[1].addr, 0xff, 6);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->num_macs, 2);
	b.macs.vsi_id = 0;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_ETH_ADDR, &b), VIRTCHNL_ERR_PARAM);
}

static void primary_mac_survives_reset(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 7 };
	struct fake_buf b;
	struct fake_msg m;

	fake_default(false);
	fake_up(0);
	b = fake_macs(0, 1, 7, VIRTCHNL_ETHER_ADDR_PRIMARY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	b = fake_macs(0, 3, 100, VIRTCHNL_ETHER_ADDR_EXTRA);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	/* As drivers do on down; the PF remembers it all the same. */
	b = fake_macs(0, 1, 7, VIRTCHNL_ETHER_ADDR_PRIMARY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_ETH_ADDR, &b), 0);
	fake_post(0, VIRTCHNL_OP_RESET_VF, NULL, 0);
	fake_run(6 * MS);
	CHECK_EQ(fake.vf[0].dones, 1);
	CHECK_EQ(fake_pending(), 0);
	m = fake_get_resources(0, CAPS_ALL);
	CHECK(!memcmp(fake_resources(&m)->vsi_res[0].default_mac_addr, mac, 6));
	CHECK_EQ(vsi(0)->num_macs, 2);
	CHECK(!memcmp(vsi(0)->mac, mac, 6));
}

/* Drivers of old name no type: the first address after a deletion is the new own one. */
static void legacy_mac_change(void)
{
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	b = fake_macs(0, 1, 7, VIRTCHNL_ETHER_ADDR_LEGACY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	b = fake_macs(0, 1, 8, VIRTCHNL_ETHER_ADDR_LEGACY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->mac[5], 7);
	b = fake_macs(0, 1, 7, VIRTCHNL_ETHER_ADDR_LEGACY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_ETH_ADDR, &b), 0);
	b = fake_macs(0, 1, 9, VIRTCHNL_ETHER_ADDR_LEGACY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->mac[5], 9);
}

static void mac_of_the_host(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 }, group[6] = { 1 }, zero[6];
	struct fake_msg m;
	struct fake_buf b;

	fake_default(true);
	fake_up(0);
	CHECK_EQ(pf_set_mac(fake.pf, fake.now, 0, group), -EINVAL);
	CHECK_EQ(pf_set_mac(fake.pf, fake.now, 9, mac), -EINVAL);
	CHECK_EQ(pf_set_mac(fake.pf, fake.now, 0, mac), 0);
	CHECK_EQ(le32toh(fake_event().event), VIRTCHNL_EVENT_RESET_IMPENDING);
	fake_run(6 * MS);
	m = fake_get_resources(0, CAPS_ALL);
	CHECK(!memcmp(fake_resources(&m)->vsi_res[0].default_mac_addr, mac, 6));
	/* Its own is fine, another unicast is not, multicast is. */
	b = fake_macs(0, 1, 1, VIRTCHNL_ETHER_ADDR_PRIMARY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	b = fake_macs(0, 1, 2, VIRTCHNL_ETHER_ADDR_PRIMARY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b),
		 VIRTCHNL_ERR_ADMIN_QUEUE_ERROR);
	b.macs.list[0].addr[0] = 3;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	b = fake_macs(0, 1, 1, VIRTCHNL_ETHER_ADDR_PRIMARY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_ETH_ADDR, &b), 0);
	CHECK_EQ(vsi(0)->num_macs, 3);	/* kept without a word */
	/* The same again resets nobody; zero gives the address back to the VF. */
	CHECK_EQ(pf_set_mac(fake.pf, fake.now, 0, mac), 0);
	CHECK_EQ(fake_pending(), 0);
	CHECK_EQ(pf_set_mac(fake.pf, fake.now, 0, zero), 0);
	fake_event();
	fake_run(6 * MS);
	fake_get_resources(0, CAPS_ALL);
	b = fake_macs(0, 1, 2, VIRTCHNL_ETHER_ADDR_PRIMARY);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
}

static void promiscuous_needs_trust(void)
{
	for (int trusted = 0; trusted < 2; trusted++) {
		struct virtchnl_promisc_info p;

		fake_default(!trusted);
		fake_up(0);
		p.vsi_id = htole16(fake.vf[0].vsi_id);
		p.flags = htole16(3);
		CHECK_EQ(fake_status(0, VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, &p, sizeof(p)), 0);
		CHECK_EQ(vsi(0)->unicast_promisc, trusted);
		CHECK_EQ(vsi(0)->multicast_promisc, trusted);
		p.vsi_id = 0;
		CHECK_EQ(fake_status(0, VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, &p, sizeof(p)),
			 VIRTCHNL_ERR_PARAM);
	}
}

static void stats(void)
{
	struct virtchnl_eth_stats *s;
	struct virtchnl_queue_select sel;
	struct fake_msg m;

	fake_default(false);
	fake_up(0);
	vsi(0)->stats.rx_bytes = 5;
	vsi(0)->stats.tx_errors = 7;
	sel = fake_select(0, 0, 0);
	m = fake_call(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	s = (void *)m.data;
	CHECK_EQ(m.len, 96);
	CHECK_EQ(le64toh(s->rx_bytes), 5);
	CHECK_EQ(le64toh(s->tx_errors), 7);
	sel.vsi_id = 0;
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel)), VIRTCHNL_ERR_PARAM);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(6 * MS);
	CHECK_EQ(vsi(0)->stats.rx_bytes, 0);
}

static void rss(void)
{
	struct fake_buf key = { .len = 5 + 52 }, lut = { .len = 5 + 64 };
	struct virtchnl_rss_hfunc hfunc = { .rss_algorithm =
					    htole16(VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC) };
	struct virtchnl_rss_hena hena = { htole64(UINT64_MAX) };
	struct fake_msg m;

	fake_default(false);
	fake_up(0);
	CHECK_EQ(vsi(0)->rss_lut[5], 1);
	key.key.vsi_id = lut.lut.vsi_id = hfunc.vsi_id = htole16(fake.vf[0].vsi_id);
	key.key.key_len = htole16(52);
	memset(key.key.key, 0x5a, 52);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_RSS_KEY, &key), 0);
	CHECK_EQ(vsi(0)->rss_key[51], 0x5a);
	key.key.key_len = htole16(40);
	key.len = 45;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_RSS_KEY, &key), VIRTCHNL_ERR_PARAM);
	lut.lut.lut_entries = htole16(64);
	memset(lut.lut.lut, 3, 64);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_RSS_LUT, &lut), 0);
	CHECK_EQ(vsi(0)->rss_lut[0], 3);
	lut.lut.lut[63] = 4;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_RSS_LUT, &lut), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_CONFIG_RSS_HFUNC, &hfunc, sizeof(hfunc)), 0);
	CHECK(vsi(0)->rss_symmetric);
	m = fake_call(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0);
	CHECK_EQ(m.len, 8);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_SET_RSS_HENA, &hena, sizeof(hena)), 0);
	CHECK_EQ(vsi(0)->rss_hena, VIRTCHNL_HENA_EXPANDED);
}

static int32_t rss_cfg(uint32_t op, uint32_t l3, uint32_t l4, unsigned int fields, uint32_t alg)
{
	struct virtchnl_rss_cfg msg = { 0 };

	msg.proto_hdrs.count = htole32(2);
	msg.proto_hdrs.proto_hdr[0].type = htole32(l3);
	msg.proto_hdrs.proto_hdr[0].field_selector = htole32(fields & 3);
	msg.proto_hdrs.proto_hdr[1].type = htole32(l4);
	msg.proto_hdrs.proto_hdr[1].field_selector = htole32(fields >> 2);
	msg.rss_algorithm = htole32(alg);
	return fake_status(0, op, &msg, sizeof(msg));
}

static void advanced_rss(void)
{
	const uint32_t add = VIRTCHNL_OP_ADD_RSS_CFG, del = VIRTCHNL_OP_DEL_RSS_CFG;
	struct virtchnl_rss_hena hena = { htole64(VIRTCHNL_HENA_DEFAULT) };
	struct virtchnl_rss_hfunc hfunc = { .rss_algorithm =
					    htole16(VIRTCHNL_RSS_TOEPLITZ_SYMMETRIC) };

	fake_default(false);
	fake_version(0);
	CHECK_EQ(fake_get_resources(0, CAPS_ALL & ~VIRTCHNL_CAP_ADV_RSS_PF).status, 0);
	CHECK_EQ(rss_cfg(add, 4, 6, 3, 0), VIRTCHNL_ERR_NOT_SUPPORTED);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(6 * MS);
	fake_up(0);
	CHECK_EQ(rss_cfg(add, 4, 6, 3, 0), 0);
	CHECK_EQ(rss_cfg(add, 5, 8, 13, 2), 0);
	CHECK(vsi(0)->rss_fields[PF_RSS_TCP4] == 3 && vsi(0)->rss_plain[PF_RSS_TCP4]);
	CHECK(vsi(0)->rss_fields[PF_RSS_SCTP6] == 13 && !vsi(0)->rss_plain[PF_RSS_SCTP6]);
	/* Another choice takes the place of the former; the function is for all there is. */
	CHECK_EQ(rss_cfg(add, 4, 6, 12, 0), 0);
	CHECK_EQ(vsi(0)->rss_fields[PF_RSS_TCP4], 12);
	hfunc.vsi_id = htole16(fake.vf[0].vsi_id);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_CONFIG_RSS_HFUNC, &hfunc, sizeof(hfunc)), 0);
	CHECK(vsi(0)->rss_symmetric && !vsi(0)->rss_plain[PF_RSS_TCP4]);
	CHECK_EQ(rss_cfg(del, 4, 6, 12, 0), 0);
	CHECK(!vsi(0)->rss_fields[PF_RSS_TCP4] && !(vsi(0)->rss_hena >> 32 & 3));
	CHECK_EQ(rss_cfg(del, 4, 6, 12, 0), 0);
	CHECK_EQ(pf_violations(fake.pf), 0);
	/* No field, no such header, no such algorithm. */
	CHECK_EQ(rss_cfg(add, 4, 6, 0, 0), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(rss_cfg(add, 6, 4, 3, 0), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(rss_cfg(add, 4, 6, 3, 4), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_SET_RSS_HENA, &hena, sizeof(hena)), 0);
	CHECK(!vsi(0)->rss_fields[PF_RSS_SCTP6] && vsi(0)->rss_hena == VIRTCHNL_HENA_DEFAULT);
}

static void vlan_caps(void)
{
	struct virtchnl_vlan_caps *c;
	struct fake_msg m;

	for (int trusted = 0; trusted < 2; trusted++) {
		fake_default(!trusted);
		fake_version(0);
		fake_get_resources(0, CAPS_ALL);
		m = fake_call(0, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0);
		c = (void *)m.data;
		CHECK_EQ(m.len, 40);
		CHECK_EQ(le16toh(c->filtering.max_filters), trusted ? 4096 : 8);
		CHECK_EQ(le32toh(c->filtering.filtering_support.outer), 0x20000007);
		CHECK_EQ(le32toh(c->filtering.filtering_support.inner), 0);
		CHECK_EQ(le32toh(c->offloads.stripping_support.outer), 0xc0000407);
		CHECK_EQ(le32toh(c->offloads.insertion_support.outer), 0xc0000207);
		CHECK_EQ(le32toh(c->offloads.insertion_support.inner), 0x80000101);
		CHECK_EQ(c->offloads.ethertype_match, 0);
	}
}

static void vlan_filters(void)
{
	struct fake_buf b;

	fake_default(true);
	fake_version(0);
	fake_get_resources(0, CAPS_ALL);
	b = fake_vlans(0, 1, 0x8100, 10);
	/* Nothing is possible before op 51. */
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0), 0);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
	b = fake_vlans(0, 9, 0x8100, 10);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
	CHECK_EQ(vsi(0)->num_vlans, 0);
	b = fake_vlans(0, 7, 0x8100, 10);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), 0);
	b = fake_vlans(0, 1, 0x88a8, 4095);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), 0);
	CHECK_EQ(vsi(0)->num_vlans, 8);
	CHECK_EQ(vsi(0)->outer_vlan[1][511], 0x80);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
	b = fake_vlans(0, 9, 0x8100, 10);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
	b = fake_vlans(0, 8, 0x8100, 10);	/* one of them is not there: no matter */
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_DEL_VLAN_V2, &b), 0);
	CHECK_EQ(vsi(0)->num_vlans, 1);
	CHECK_EQ(pf_violations(fake.pf), 0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(6 * MS);
	CHECK_EQ(vsi(0)->num_vlans, 0);
	fake_get_resources(0, CAPS_ALL);
	b = fake_vlans(0, 1, 0x8100, 10);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
}

static void vlan_refusals(void)
{
	struct fake_buf b;

	fake_default(false);
	fake_up(0);
	for (unsigned int i = 0; i < 6; i++) {
		b = fake_vlans(0, 2, 0x8100, 10);
		switch (i) {
		case 0: b.vlans.vport_id = 0; break;
		case 1: b.vlans.filters[1].outer.tpid = htole16(0x88e7); break;
		case 2: b.vlans.filters[1].outer.tci |= htole16(0x2000); break;
		case 3: b.vlans.filters[1].outer.tci_mask = htole16(0xfff); break;
		case 4: b.vlans.filters[1].inner = b.vlans.filters[1].outer; break;
		case 5: b.len -= 32; break;
		}
		CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), VIRTCHNL_ERR_PARAM);
		CHECK_EQ(vsi(0)->num_vlans, 0);
	}
	b = fake_vlans(0, 127, 0x8100, 1);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), 0);
	CHECK_EQ(vsi(0)->num_vlans, 127);
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_VLAN_V2, &b), 0);
	CHECK_EQ(vsi(0)->num_vlans, 127);
}

static void vlan_offloads(void)
{
	struct virtchnl_vlan_setting s = { 0 };

	fake_default(false);
	fake_up(0);
	s.vport_id = htole16(fake.vf[0].vsi_id);
	CHECK_EQ(vsi(0)->vlan.insert_tpid, 0x8100);	/* as built: insertion on, stripping off */
	CHECK_EQ(vsi(0)->vlan.strip_tpid, 0);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)),
		 VIRTCHNL_ERR_PARAM);
	s.outer_ethertype_setting = htole32(VIRTCHNL_VLAN_ETHERTYPE_8100 |
					    VIRTCHNL_VLAN_ETHERTYPE_88A8);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)),
		 VIRTCHNL_ERR_PARAM);
	s.outer_ethertype_setting = htole32(VIRTCHNL_VLAN_ETHERTYPE_88E7);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)),
		 VIRTCHNL_ERR_PARAM);
	s.outer_ethertype_setting = htole32(VIRTCHNL_VLAN_TOGGLE);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)),
		 VIRTCHNL_ERR_PARAM);
	s.outer_ethertype_setting = htole32(VIRTCHNL_VLAN_ETHERTYPE_8100);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2, &s, sizeof(s)), 0);
	CHECK_EQ(vsi(0)->vlan.insert_tpid, 0x8100);
	s.outer_ethertype_setting = htole32(VIRTCHNL_VLAN_ETHERTYPE_88A8);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)), 0);
	CHECK_EQ(vsi(0)->vlan.strip_tpid, 0x88a8);
	CHECK_EQ(vsi(0)->vlan.insert_tpid, 0x88a8);	/* one type for both */
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2, &s, sizeof(s)), 0);
	CHECK_EQ(vsi(0)->vlan.insert_tpid, 0);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2, &s, sizeof(s)), 0);
	CHECK_EQ(vsi(0)->vlan.strip_tpid, 0);
	s.outer_ethertype_setting = 0;
	s.inner_ethertype_setting = htole32(VIRTCHNL_VLAN_ETHERTYPE_8100);
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, &s, sizeof(s)), 0);
	CHECK(vsi(0)->vlan.inner_strip);
	s.vport_id = 0;
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2, &s, sizeof(s)),
		 VIRTCHNL_ERR_PARAM);
}

static void request_queues(void)
{
	uint16_t n = htole16(2);
	struct fake_msg m;

	fake_default(false);
	fake_up(0);
	fake_post(0, VIRTCHNL_OP_REQUEST_QUEUES, &n, 2);
	fake_run(0);
	CHECK_EQ(le32toh(fake_event().event), VIRTCHNL_EVENT_RESET_IMPENDING);
	fake_run(6 * MS);
	CHECK_EQ(fake_pending(), 0);
	m = fake_get_resources(0, CAPS_ALL);
	CHECK_EQ(le16toh(fake_resources(&m)->num_queue_pairs), 2);
	CHECK_EQ(vsi(0)->num_queues, 2);
	n = htole16(17);
	m = fake_call(0, VIRTCHNL_OP_REQUEST_QUEUES, &n, 2);
	CHECK_EQ(m.status, 0);
	CHECK_EQ(m.len, 2);
	CHECK_EQ(m.data[0], 16);
	/* Others may have taken some. */
	CHECK_EQ(pf_set_max_queues(fake.pf, 17), -EINVAL);
	CHECK_EQ(pf_set_max_queues(fake.pf, 6), 0);
	n = htole16(7);
	m = fake_call(0, VIRTCHNL_OP_REQUEST_QUEUES, &n, 2);
	CHECK_EQ(m.status, 0);
	CHECK_EQ(m.len, 2);
	CHECK_EQ(m.data[0], 6);
	/* It lasts over further resets. */
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(6 * MS);
	CHECK_EQ(vsi(0)->num_queues, 2);
}

static void reset_timing(void)
{
	fake_default(false);
	fake_up(0);
	fake_queues_up(0, 4);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_ANNOUNCED);
	CHECK_EQ(le32toh(fake_event().severity), VIRTCHNL_SEVERITY_CERTAIN_DOOM);
	fake_run(49 * US);
	CHECK_EQ(fake.vf[0].resets, 0);
	fake_run(1 * US);
	CHECK_EQ(fake.vf[0].resets, 1);
	CHECK_EQ(fake.vf[0].kind, PF_RESET_ANNOUNCED);
	CHECK(!vsi(0)->enabled);
	CHECK_EQ(vsi(0)->txq[0].len, 0);
	CHECK_EQ(fake_run(5 * MS - 1), fake.now + 1);
	CHECK_EQ(fake.vf[0].dones, 0);
	fake_run(1);
	CHECK_EQ(fake.vf[0].dones, 1);
	CHECK_EQ(vsi(0)->rxq_vector[0], 0);
	/* The version is remembered, the resources are not. */
	CHECK_EQ(fake_get_resources(0, CAPS_ALL).status, 0);
	CHECK_EQ(fake.vf[1].resets, 0);
}

static void silent_reset_and_flr(void)
{
	fake_default(false);
	fake_up(0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	CHECK_EQ(fake.vf[0].resets, 1);
	CHECK_EQ(fake_pending(), 0);
	fake_run(3 * MS);
	pf_flr(fake.pf, fake.now, 0);	/* the time starts anew */
	CHECK_EQ(fake.vf[0].kind, PF_RESET_FLR);
	fake_run(3 * MS);
	CHECK_EQ(fake.vf[0].dones, 0);
	fake_run(2 * MS);
	CHECK_EQ(fake.vf[0].dones, 1);
	CHECK_EQ(pf_set_reset_time(fake.pf, 20 * MS), 0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(19 * MS);
	CHECK_EQ(fake.vf[0].dones, 1);
	fake_run(1 * MS);
	CHECK_EQ(fake.vf[0].dones, 2);
}

/* One late call of pf_run() does what many punctual ones would. */
static void late_run(void)
{
	fake_default(false);
	fake_up(0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_ANNOUNCED);
	fake_event();
	CHECK_EQ(fake_run(1000 * MS), PF_NO_DEADLINE);
	CHECK_EQ(fake.vf[0].dones, 1);
}

static void messages_are_lost_in_a_reset(void)
{
	struct virtchnl_queue_select sel;

	fake_default(false);
	fake_up(0);
	sel = fake_select(0, 0, 0);
	pf_set_msg_delay(fake.pf, 1 * MS);
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_run(1 * MS);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_STATS);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_run(100 * MS);
	CHECK_EQ(fake_pending(), 0);
	CHECK_EQ(fake.vf[0].sent_while_dead, 0);
}

static void message_delay_and_order(void)
{
	struct virtchnl_queue_select sel;

	fake_default(false);
	fake_up(0);
	sel = fake_select(0, 0, 0);
	pf_set_msg_delay(fake.pf, 2 * MS);
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_post(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0);
	CHECK_EQ(fake_run(0), fake.now + 2 * MS);
	fake_run(2 * MS);
	CHECK_EQ(fake_pending(), 1);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_STATS);
	CHECK_EQ(fake_run(0), fake.now + 2 * MS);
	fake_run(2 * MS);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_RSS_HENA);
}

static void malicious(void)
{
	fake_default(false);
	fake_up(0);
	for (int i = 0; i < 63; i++)
		fake_post(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0);
	fake_run(0);
	CHECK_EQ(fake_pending(), 63);
	fake.head = fake.tail;
	CHECK_EQ(pf_violations(fake.pf), 63 - 16);
	for (int i = 0; i < 64; i++)
		fake_post(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0);
	fake_run(0);
	fake_post(0, VIRTCHNL_OP_RESET_VF, NULL, 0);
	fake_run(100 * MS);
	CHECK_EQ(fake_pending(), 0);
	CHECK_EQ(fake.vf[0].resets, 0);
	pf_flr(fake.pf, fake.now, 0);
	fake_run(6 * MS);
	CHECK_EQ(fake_get_resources(0, CAPS_ALL).status, 0);
}

static void add_fault(const char *text)
{
	const char *why = "";

	if (faults_add(fake.faults, text, &why) < 0)
		printf("# %s\n", why);
	CHECK(!*why);
}

static void faults_on_requests(void)
{
	struct virtchnl_queue_select sel;

	fake_default(false);
	fake_up(0);
	sel = fake_select(0, 0, 0);
	add_fault("refuse=NO_MEMORY dir=request op=GET_STATS");
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel)),
		 VIRTCHNL_ERR_NO_MEMORY);
	add_fault("drop dir=request op=GET_STATS");
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_run(0);
	CHECK_EQ(fake_pending(), 0);
	add_fault("delay=3 dir=request op=GET_STATS");
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_post(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0);
	fake_run(2 * MS);
	CHECK_EQ(fake_pending(), 0);
	fake_run(1 * MS);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_STATS);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_RSS_HENA);
	/* A message is delayed once, however often the rule may apply. */
	add_fault("delay=3 dir=request op=GET_STATS count=always");
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_run(0);
	fake_run(3 * MS);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_STATS);
	faults_clear(fake.faults);
	add_fault("duplicate dir=request op=GET_STATS");
	fake_call(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_STATS);
	add_fault("truncate=4 dir=request op=GET_STATS");
	CHECK_EQ(fake_status(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel)), VIRTCHNL_ERR_PARAM);
	add_fault("reset=silent op=GET_STATS");
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_run(0);
	CHECK_EQ(fake_pending(), 0);
	CHECK_EQ(fake.vf[0].resets, 1);
	CHECK_EQ(fake.vf[1].resets, 0);
}

static void faults_on_replies(void)
{
	struct virtchnl_queue_select sel;
	struct fake_msg m;

	fake_default(false);
	fake_up(0);
	sel = fake_select(0, 0, 0);
	add_fault("drop op=GET_STATS");
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_run(0);
	CHECK_EQ(fake_pending(), 0);
	add_fault("delay=2.5 op=GET_STATS");
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_post(0, VIRTCHNL_OP_GET_RSS_HENA, NULL, 0);
	CHECK_EQ(fake_run(0), fake.now + 2500 * US);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_RSS_HENA);	/* overtakes */
	fake_run(2500 * US);
	CHECK_EQ(fake_get().opcode, VIRTCHNL_OP_GET_STATS);
	add_fault("duplicate op=GET_STATS");
	m = fake_call(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	CHECK_EQ(m.len, 96);
	CHECK_EQ(fake_get().len, 96);
	add_fault("truncate=10 op=GET_STATS");
	CHECK_EQ(fake_call(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel)).len, 10);
	add_fault("refuse=-53 op=GET_STATS");
	m = fake_call(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	CHECK_EQ(m.status, -53);
	CHECK_EQ(m.len, 0);
	/* A reset instead of the answer, and of the link event behind it. */
	add_fault("reset=announced dir=reply op=ENABLE_QUEUES");
	sel = fake_select(0, 1, 0);
	fake_post(0, VIRTCHNL_OP_ENABLE_QUEUES, &sel, sizeof(sel));
	fake_run(0);
	CHECK_EQ(le32toh(fake_event().event), VIRTCHNL_EVENT_RESET_IMPENDING);
	fake_run(6 * MS);
	CHECK_EQ(fake_pending(), 0);
	CHECK_EQ(fake.vf[0].dones, 1);
	/* Late replies do not outlive a reset. */
	CHECK_EQ(fake_get_resources(0, CAPS_ALL).status, 0);
	add_fault("delay=100 op=GET_STATS");
	fake_post(0, VIRTCHNL_OP_GET_STATS, &sel, sizeof(sel));
	fake_run(0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(200 * MS);
	CHECK_EQ(fake_pending(), 0);
}

static void reset_fault_on_events_ends(void)
{
	fake_default(false);
	fake_up(0);
	add_fault("reset=announced dir=reply op=EVENT count=always");
	pf_reset(fake.pf, fake.now, 0, PF_RESET_ANNOUNCED);
	fake_run(10 * MS);
	CHECK_EQ(fake.vf[0].dones, 1);
}

static void ignored_reset(void)
{
	fake_default(false);
	fake_up(0);
	fake_queues_up(0, 2);
	add_fault("ignore-reset vf=0");
	fake_post(0, VIRTCHNL_OP_RESET_VF, NULL, 0);
	fake_run(100 * MS);
	CHECK_EQ(fake.vf[0].resets, 0);
	CHECK_EQ(fake.vf[0].tx_live, 3);
	CHECK(!strcmp(fake.last_fault, "ignore-reset"));
	fake_post(0, VIRTCHNL_OP_RESET_VF, NULL, 0);
	fake_run(100 * MS);
	CHECK_EQ(fake.vf[0].dones, 1);
	CHECK_EQ(fake.vf[0].kind, PF_RESET_BY_VF);
}

static void host_settings(void)
{
	fake_default(true);
	fake_up(0);
	CHECK_EQ(pf_set_trust(fake.pf, fake.now, 0, false), 0);
	CHECK_EQ(fake_pending(), 0);
	CHECK_EQ(pf_set_trust(fake.pf, fake.now, 0, true), 0);
	fake_event();
	fake_run(6 * MS);
	CHECK(vsi(0)->trusted && !vsi(1)->trusted);
	CHECK(vsi(0)->spoof_check);
	CHECK_EQ(pf_set_spoof_check(fake.pf, fake.now, 0, false), 0);
	pf_reset(fake.pf, fake.now, 0, PF_RESET_SILENT);
	fake_run(6 * MS);
	CHECK(!vsi(0)->spoof_check);
	CHECK_EQ(pf_set_spoof_check(fake.pf, fake.now, 2, false), -EINVAL);
	CHECK_EQ(pf_set_trust(fake.pf, fake.now, 2, false), -EINVAL);
	CHECK_EQ(pf_set_link(fake.pf, fake.now, 2, false, 0), -EINVAL);
	CHECK_EQ(pf_set_reset_time(fake.pf, 0), -EINVAL);
	CHECK(!pf_vsi(fake.pf, 2));
	pf_reset(fake.pf, fake.now, 2, PF_RESET_SILENT);
	pf_receive(fake.pf, fake.now, 2, 1, NULL, 0);
}

static void violations_of_op_6(void)
{
	for (unsigned int i = 0; i < 7; i++) {
		struct fake_buf b;
		struct virtchnl_queue_pair_info *q = &b.queues.qpair[0];

		fake_default(false);
		fake_up(0);
		b = fake_queues(0, 1);
		switch (i) {
		case 0: break;
		case 1: q->txq.dma_headwb_addr = 1; break;
		case 2: q->rxq.hdr_size = 1; break;
		case 3: q->rxq.pad2 = 1; break;
		case 4: q->rxq.dma_ring_addr |= htole64(64); break;
		case 5: q->rxq.databuffer_size = htole32(2000); break;
		case 6: b.queues.txtime_txqs = 1; break;
		}
		CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &b), 0);
		CHECK_EQ(pf_violations(fake.pf), i ? 1 : 0);
	}
}

static const struct test_case cases[] = {
	{ "refuses_bad_config", refuses_bad_config },
	{ "version_1_0_and_1_1", version_1_0_and_1_1 },
	{ "resources_are_what_is_granted", resources_are_what_is_granted },
	{ "allowlist", allowlist },
	{ "queues_come_up", queues_come_up },
	{ "tx_is_live_from_op_6", tx_is_live_from_op_6 },
	{ "op_6_refusals", op_6_refusals },
	{ "op_6_lengths", op_6_lengths },
	{ "op_6_skips_rings_of_no_length", op_6_skips_rings_of_no_length },
	{ "crc_against_strip", crc_against_strip },
	{ "enable_and_disable_checks", enable_and_disable_checks },
	{ "enabling_the_unconfigured_is_a_violation", enabling_the_unconfigured_is_a_violation },
	{ "irq_map_checks", irq_map_checks },
	{ "link_events", link_events },
	{ "mac_limit_untrusted", mac_limit_untrusted },
	{ "mac_limit_trusted", mac_limit_trusted },
	{ "zero_and_broadcast_are_skipped", zero_and_broadcast_are_skipped },
	{ "primary_mac_survives_reset", primary_mac_survives_reset },
	{ "legacy_mac_change", legacy_mac_change },
	{ "mac_of_the_host", mac_of_the_host },
	{ "promiscuous_needs_trust", promiscuous_needs_trust },
	{ "stats", stats },
	{ "rss", rss },
	{ "advanced RSS", advanced_rss },
	{ "vlan_caps", vlan_caps },
	{ "vlan_filters", vlan_filters },
	{ "vlan_refusals", vlan_refusals },
	{ "vlan_offloads", vlan_offloads },
	{ "request_queues", request_queues },
	{ "reset_timing", reset_timing },
	{ "silent_reset_and_flr", silent_reset_and_flr },
	{ "late_run", late_run },
	{ "messages_are_lost_in_a_reset", messages_are_lost_in_a_reset },
	{ "message_delay_and_order", message_delay_and_order },
	{ "malicious", malicious },
	{ "faults_on_requests", faults_on_requests },
	{ "faults_on_replies", faults_on_replies },
	{ "reset_fault_on_events_ends", reset_fault_on_events_ends },
	{ "ignored_reset", ignored_reset },
	{ "host_settings", host_settings },
	{ "violations_of_op_6", violations_of_op_6 },
};

int main(int argc, char **argv)
{
	int rc = test_main(cases, sizeof(cases) / sizeof(cases[0]), argc > 1 ? argv[1] : NULL);

	fake_fini();
	return rc;
}

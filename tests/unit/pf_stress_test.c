// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random sequences against the PF model: valid messages, valid ones with flipped bytes or a wrong
 * length, noise, resets, faults and host changes. Whatever comes, the invariants below hold.
 * A seed that fails is printed; argv[1] does not select it, STRESS_SEED in the environment does.
 */
#include "pf/profile.h"

#include "pf_fake.h"

#define SEEDS	60
#define STEPS	1500

static uint32_t rnd_state;
static bool changing;		/* the PF is another one now and then */
static unsigned int good[256], refused[256];	/* replies by opcode: the stress must reach both */

static uint32_t rnd(uint32_t n)
{
	rnd_state = rnd_state * 1664525 + 1013904223;
	return (uint64_t)(rnd_state >> 8) * n >> 24;
}

static unsigned int bits(const uint8_t *map, size_t len)
{
	unsigned int n = 0;

	for (size_t i = 0; i < len; i++)
		n += __builtin_popcount(map[i]);
	return n;
}

static void check_vsi(unsigned int vf, bool untrusted)
{
	const struct pf_vsi *v = pf_vsi(fake.pf, vf);
	const struct fake_vf *f = &fake.vf[vf];
	unsigned int vlans = bits(v->inner_vlan, sizeof(v->inner_vlan)) - (v->inner_vlan[0] & 1);

	CHECK_EQ(f->bad_orders, 0);
	CHECK_EQ(f->sent_while_dead, 0);
	CHECK(!(f->dead && v->enabled));
	CHECK(!(f->dead && (f->tx_live || f->rx_live)));
	CHECK(f->resets >= f->dones);
	CHECK(v->num_macs <= PF_MAX_MACS);
	CHECK(v->num_queues <= PF_MAX_QUEUES && v->num_vectors <= PF_MAX_VECTORS);
	for (int i = 0; i < 3; i++)
		vlans += bits(v->outer_vlan[i], sizeof(v->outer_vlan[i]));
	CHECK_EQ(v->num_vlans, vlans);
	if (untrusted && !v->trusted && !changing)
		CHECK(v->num_macs <= 18 && v->num_vlans <= 8 && !v->unicast_promisc);
	if (!v->trusted)
		CHECK(v->num_macs <= 18 && !v->unicast_promisc);
	CHECK(!v->port_vlan.outer_tpid || !v->num_vlans);
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++) {
		CHECK(v->rxq_vector[q] < PF_MAX_VECTORS && v->txq_vector[q] < PF_MAX_VECTORS);
		CHECK(v->txq[q].len <= 8160 && v->rxq[q].len <= 8160);
		CHECK(v->rxq[q].buf_size <= 16256 && v->rxq[q].max_pkt < (changing ? 16384 : 9728));
		if (q >= v->num_queues)
			CHECK(!((f->tx_live | f->rx_live) >> q & 1));
	}
	for (unsigned int i = 0; v->num_queues && i < PF_RSS_LUT_SIZE; i++)
		CHECK(v->rss_lut[i] < v->num_queues);
	for (unsigned int i = 0; i < v->num_macs; i++) {
		for (unsigned int j = 0; j < i && j < 20; j++)
			CHECK(memcmp(v->macs[i], v->macs[j], 6));
	}
}

static struct fake_buf make(unsigned int vf, uint32_t opcode)
{
	struct fake_buf b = { .len = 0 };
	struct virtchnl_queue_select sel = fake_select(vf, rnd(32), rnd(32));
	uint32_t caps = rnd(8) ? UINT32_MAX : rnd(1 << 24);

	switch (opcode) {
	case VIRTCHNL_OP_VERSION:
		b.len = 8;
		b.data[0] = b.data[4] = 1;
		break;
	case VIRTCHNL_OP_GET_VF_RESOURCES:
		b.len = 4;
		memcpy(b.data, &caps, 4);
		break;
	case VIRTCHNL_OP_CONFIG_VSI_QUEUES:
		return fake_queues(vf, 1 + rnd(5));
	case VIRTCHNL_OP_CONFIG_IRQ_MAP:
		return fake_irqs(vf, 1 + rnd(5));
	case VIRTCHNL_OP_ENABLE_QUEUES:
	case VIRTCHNL_OP_DISABLE_QUEUES:
	case VIRTCHNL_OP_GET_STATS:
		b.len = sizeof(sel);
		memcpy(b.data, &sel, sizeof(sel));
		break;
	case VIRTCHNL_OP_ADD_ETH_ADDR:
	case VIRTCHNL_OP_DEL_ETH_ADDR:
		return fake_macs(vf, 1 + rnd(rnd(20) ? 20 : 510), rnd(40), rnd(3));
	case VIRTCHNL_OP_ADD_VLAN_V2:
	case VIRTCHNL_OP_DEL_VLAN_V2:
		return fake_vlans(vf, 1 + rnd(rnd(10) ? 5 : 127), rnd(2) ? 0x8100 : 0x88a8,
				  rnd(30));
	case VIRTCHNL_OP_ADD_VLAN:
	case VIRTCHNL_OP_DEL_VLAN:
		memcpy(b.data, &sel, 2);
		b.data[2] = 1 + rnd(5);
		b.len = virtchnl_len_vlan(b.data[2]);
		for (size_t i = 4; i < b.len; i += 2)
			b.data[i] = rnd(30);
		break;
	case VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE:
		b.len = 4;
		memcpy(b.data, &sel, 2);
		b.data[2] = rnd(4);
		break;
	case VIRTCHNL_OP_SET_RSS_HENA:
	case VIRTCHNL_OP_CONFIG_RSS_HFUNC:
		b.len = 8;
		memcpy(b.data, &sel, 2);
		b.data[2] = rnd(4);
		break;
	case VIRTCHNL_OP_CONFIG_RSS_KEY:
	case VIRTCHNL_OP_CONFIG_RSS_LUT:
		memcpy(b.data, &sel, 2);
		b.data[2] = opcode == VIRTCHNL_OP_CONFIG_RSS_KEY ? 52 : 64;
		b.len = 5 + b.data[2];
		for (size_t i = 4; i < b.len; i++)
			b.data[i] = rnd(4);
		break;
	case VIRTCHNL_OP_ADD_RSS_CFG:
	case VIRTCHNL_OP_DEL_RSS_CFG:
		b.len = sizeof(struct virtchnl_rss_cfg);
		b.data[4] = rnd(5) ? 2 : rnd(40);
		b.data[8] = 4 + rnd(3);
		b.data[12] = rnd(4);
		b.data[80] = 6 + rnd(4);
		b.data[84] = rnd(4);
		b.data[2312] = rnd(5);
		break;
	case VIRTCHNL_OP_REQUEST_QUEUES:
		b.len = 2;
		b.data[0] = rnd(18);
		break;
	case VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2:
	case VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2:
	case VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2:
	case VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2:
		b.len = 16;
		b.data[0] = 1u << rnd(3);
		b.data[4] = rnd(2);
		memcpy(b.data + 8, &sel, 2);
		break;
	}
	return b;
}

static const uint32_t common[] = {
	VIRTCHNL_OP_VERSION, VIRTCHNL_OP_GET_VF_RESOURCES, VIRTCHNL_OP_CONFIG_VSI_QUEUES,
	VIRTCHNL_OP_CONFIG_IRQ_MAP, VIRTCHNL_OP_ENABLE_QUEUES, VIRTCHNL_OP_DISABLE_QUEUES,
	VIRTCHNL_OP_ADD_ETH_ADDR, VIRTCHNL_OP_DEL_ETH_ADDR, VIRTCHNL_OP_GET_STATS,
	VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, VIRTCHNL_OP_CONFIG_RSS_HFUNC,
	VIRTCHNL_OP_CONFIG_RSS_KEY, VIRTCHNL_OP_CONFIG_RSS_LUT, VIRTCHNL_OP_GET_RSS_HENA,
	VIRTCHNL_OP_SET_RSS_HENA, VIRTCHNL_OP_ADD_RSS_CFG, VIRTCHNL_OP_DEL_RSS_CFG,
	VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS,
	VIRTCHNL_OP_ADD_VLAN_V2, VIRTCHNL_OP_DEL_VLAN_V2,
	VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2,
	VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2, VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2,
};

static uint32_t pick_opcode(void)
{
	static const uint32_t v1[] = {
		VIRTCHNL_OP_ADD_VLAN, VIRTCHNL_OP_DEL_VLAN, VIRTCHNL_OP_ENABLE_VLAN_STRIPPING,
		VIRTCHNL_OP_DISABLE_VLAN_STRIPPING,
	};

	if (changing && !rnd(5))
		return v1[rnd(4)];
	if (!rnd(60))
		return rnd(2) ? VIRTCHNL_OP_RESET_VF : VIRTCHNL_OP_REQUEST_QUEUES;
	if (!rnd(20))
		return rnd(160);
	return common[rnd(sizeof(common) / sizeof(common[0]))];
}

static void spoil(struct fake_buf *b)
{
	switch (rnd(8)) {
	case 0:
		b->len = rnd(2) ? rnd(b->len + 1) : rnd(PF_MSG_MAX + 1);
		break;
	case 1:
		for (int i = rnd(4); i >= 0 && b->len; i--)
			b->data[rnd(b->len)] ^= 1u << rnd(8);
		break;
	case 2:
		if (!rnd(4)) {
			for (size_t i = 0; i < b->len; i++)
				b->data[i] = rnd(256);
		}
		break;
	}
}

/* A tight heap copy, so that the sanitizer sees every byte read beyond the message. */
static void post(unsigned int vf, uint32_t opcode, const struct fake_buf *b)
{
	uint8_t *copy = malloc(b->len ? b->len : 1);

	memcpy(copy, b->data, b->len);
	fake_post(vf, opcode, copy, b->len);
	free(copy);
}

static void add_fault(void)
{
	static const char *const actions[] = {
		"drop", "delay=3", "refuse=-5", "duplicate", "reset=silent", "reset=announced",
		"truncate=3", "delay=0.5 dir=request", "drop dir=request",
		"duplicate dir=request", "truncate=9 dir=request", "reset=silent dir=reply",
	};
	char text[128];

	snprintf(text, sizeof(text), "%s vf=%u skip=%u",
		 actions[rnd(sizeof(actions) / sizeof(actions[0]))], rnd(2), rnd(5));
	CHECK(faults_add(fake.faults, text, NULL) > 0);
}

static void host_event(unsigned int vf)
{
	uint8_t mac[6] = { 2, 0, 0, 0, 0, rnd(30) };

	switch (rnd(8)) {
	case 0:
		pf_reset(fake.pf, fake.now, vf, rnd(2) ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
		break;
	case 1:
		pf_flr(fake.pf, fake.now, vf);
		break;
	case 2:
		CHECK_EQ(pf_set_mac(fake.pf, fake.now, vf, mac), 0);
		break;
	case 3:
		CHECK_EQ(pf_set_link(fake.pf, fake.now, vf, rnd(2), 0), 0);
		break;
	case 4:
		CHECK_EQ(pf_set_spoof_check(fake.pf, fake.now, vf, rnd(2)), 0);
		break;
	case 5:
		pf_set_msg_delay(fake.pf, rnd(2) * rnd(100000));
		break;
	default:
		faults_clear(fake.faults);
		add_fault();
	}
}

static void another_host_event(unsigned int vf)
{
	unsigned int n = 0;

	while (pf_profile_name(n))
		n++;
	switch (rnd(8)) {
	case 0:
		CHECK_EQ(pf_set_profile(fake.pf, fake.now, pf_profile_name(rnd(n)), rnd(2)), 0);
		break;
	case 1:
		pf_set_port_vlan(fake.pf, fake.now, vf, rnd(2) ? 0x8100 : 0x88a8, rnd(4096));
		break;
	case 2:
		pf_set_port_vlan(fake.pf, fake.now, vf, 0, 0);
		break;
	case 3:
		CHECK_EQ(pf_set_trust(fake.pf, fake.now, vf, rnd(2)), 0);
		break;
	case 4:
		pf_set_max_frame(fake.pf, fake.now, vf, 1400 + rnd(9000));
		break;
	case 5:
		pf_set_vectors(fake.pf, fake.now, vf, rnd(20));
		break;
	}
}

static void tally(void)
{
	while (fake_pending()) {
		struct fake_msg m = fake_get();

		if (m.opcode < 256)
			(m.status ? refused : good)[m.opcode]++;
	}
}

static void step(bool untrusted)
{
	unsigned int vf = rnd(2);
	uint32_t opcode = pick_opcode();
	struct fake_buf b = make(vf, opcode);

	if (!rnd(3))
		spoil(&b);
	post(vf, opcode, &b);
	if (!rnd(40))
		host_event(vf);
	if (changing && !rnd(40))
		another_host_event(vf);
	fake_run(rnd(4) ? 0 : rnd(3000000));
	tally();
	for (unsigned int i = 0; i < 2; i++) {
		check_vsi(i, untrusted);
		if (!pf_vsi(fake.pf, i)->enabled && !fake.vf[i].dead && !rnd(3))
			fake.vf[i].vsi_id = 16 + i;
	}
}

static void one_seed(uint32_t seed)
{
	bool untrusted = seed & 1;
	struct pf_config config = {
		.profile = "ice-dvm", .num_vfs = 2, .num_queues = 1 + seed % 16,
		.untrusted = untrusted, .msg_delay_ns = seed % 3 * 1000, .reset_ns = 1 * MS,
	};

	fake_init(&config);
	rnd_state = seed * 2654435761u;
	fake.vf[0].vsi_id = 16;
	fake.vf[1].vsi_id = 17;
	printf("# seed %u\n", seed);
	for (int i = 0; i < STEPS; i++)
		step(untrusted);
	/* Everything comes to rest, and a proper bring-up works whatever was before. */
	faults_clear(fake.faults);
	CHECK_EQ(pf_set_profile(fake.pf, fake.now, "ice-dvm", untrusted), 0);
	for (unsigned int vf = 0; vf < 2; vf++) {
		pf_flr(fake.pf, fake.now, vf);
		CHECK_EQ(fake_run(10000 * MS), PF_NO_DEADLINE);
		fake.head = fake.tail;
		pf_set_msg_delay(fake.pf, 0);
		pf_set_link(fake.pf, fake.now, vf, true, 0);
		fake_up(vf);
		fake_queues_up(vf, 1);
		CHECK_EQ(fake.vf[vf].tx_live, 1);
	}
}

static void stress(void)
{
	const char *only = getenv("STRESS_SEED");

	if (only) {
		one_seed(atoi(only));
		return;
	}
	for (uint32_t seed = 1; seed <= SEEDS; seed++)
		one_seed(seed);
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		printf("# op %u: %u good, %u refused\n", common[i], good[common[i]],
		       refused[common[i]]);
		CHECK(good[common[i]] > 100 && refused[common[i]] > 50);
	}
}

static void stress_profiles(void)
{
	changing = true;
	for (uint32_t seed = 1001; seed <= 1000 + SEEDS; seed++)
		one_seed(seed);
	CHECK(good[VIRTCHNL_OP_ADD_VLAN] > 100 && refused[VIRTCHNL_OP_ADD_VLAN] > 50);
}

static const struct test_case cases[] = {
	{ "stress", stress },
	{ "stress_profiles", stress_profiles },
};

int main(int argc, char **argv)
{
	int rc = test_main(cases, sizeof(cases) / sizeof(cases[0]), NULL);

	fake_fini();
	return rc;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "switch/switch.h"

#include "pf_fake.h"

#define NUM_VFS	4

static struct sw sw;
static unsigned int got[NUM_VFS];
static size_t got_len;		/* of what arrives */
static uint8_t frame[128];

static void deliver(void *ctx, unsigned int vf, const uint8_t *data, size_t len)
{
	CHECK(data[12] == frame[12]);
	CHECK(len == got_len && !memcmp(data, frame, 20));
	got[vf]++;
}

static void up(unsigned int vf)
{
	struct fake_buf b;

	fake_version(vf);
	CHECK_EQ(fake_get_resources(vf, CAPS_ALL).status, 0);
	b = fake_macs(vf, 1, vf + 1, VIRTCHNL_ETHER_ADDR_PRIMARY);
	CHECK_EQ(fake_buf_status(vf, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
}

/* VF n has 02:00:00:00:00:n+1; all are up. */
static void setup_profile(const char *profile, bool untrusted)
{
	const struct pf_config config = {
		.profile = profile, .num_vfs = NUM_VFS, .num_queues = 1, .untrusted = untrusted,
	};
	const struct switch_ops ops = { .deliver = deliver };

	fake_init(&config);
	switch_init(&sw, fake.pf, &ops);
	got_len = 64;
	for (unsigned int vf = 0; vf < NUM_VFS; vf++)
		up(vf);
}

static void setup(bool untrusted)
{
	setup_profile("ice-dvm", untrusted);
	for (unsigned int vf = 0; vf < NUM_VFS; vf++)
		CHECK_EQ(fake_status(vf, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0), 0);
}

/* dst, src: last byte of the address; dst 0xff broadcast, 0x80.. a group; tpid 0 untagged. */
static unsigned int transmit(unsigned int vf, uint8_t dst, uint8_t src, uint16_t tpid,
			     uint16_t vid)
{
	unsigned int map = 0;

	memset(frame, 0, sizeof(frame));
	frame[0] = frame[6] = 2;
	frame[5] = dst;
	frame[11] = src;
	if (dst & 0x80)
		frame[0] = 0x33;
	if (dst == 0xff)
		memset(frame, 0xff, 6);
	frame[12] = tpid >> 8;
	frame[13] = tpid;
	frame[14] = vid >> 8;
	frame[15] = vid;
	memset(got, 0, sizeof(got));
	switch_transmit(&sw, vf, frame, 64);
	for (unsigned int i = 0; i < NUM_VFS; i++) {
		CHECK(got[i] <= 1);
		map |= got[i] << i;
	}
	return map;
}

static void promiscuous(unsigned int vf, uint16_t flags)
{
	struct virtchnl_promisc_info p = { htole16(fake.vf[vf].vsi_id), htole16(flags) };

	CHECK_EQ(fake_status(vf, VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, &p, sizeof(p)), 0);
}

static void add_vlan(unsigned int vf, uint16_t tpid, uint16_t vid)
{
	struct fake_buf b = fake_vlans(vf, 1, tpid, vid);

	CHECK_EQ(fake_buf_status(vf, VIRTCHNL_OP_ADD_VLAN_V2, &b), 0);
}

static void unicast(void)
{
	setup(false);
	CHECK_EQ(transmit(0, 2, 1, 0, 0), 1 << 1);
	CHECK_EQ(transmit(1, 1, 2, 0, 0), 1 << 0);
	CHECK_EQ(pf_vsi(fake.pf, 0)->stats.tx_unicast, 1);
	CHECK_EQ(pf_vsi(fake.pf, 0)->stats.tx_bytes, 64);
	/* Nobody has it; and no hairpin. */
	CHECK_EQ(transmit(0, 9, 1, 0, 0), 0);
	CHECK_EQ(transmit(0, 1, 1, 0, 0), 0);
	CHECK_EQ(sw.drops[0][SWITCH_DROP_UNKNOWN], 2);
	promiscuous(3, VIRTCHNL_PROMISC_UNICAST);
	CHECK_EQ(transmit(0, 9, 1, 0, 0), 1 << 3);
	CHECK_EQ(transmit(0, 2, 1, 0, 0), 1 << 1);	/* a known address is not copied */
}

static void flooding(void)
{
	struct fake_buf b;

	setup(false);
	CHECK_EQ(transmit(1, 0xff, 2, 0, 0), 0xd);
	CHECK_EQ(pf_vsi(fake.pf, 1)->stats.tx_broadcast, 1);
	CHECK_EQ(transmit(1, 0x85, 2, 0, 0), 0);
	CHECK_EQ(pf_vsi(fake.pf, 1)->stats.tx_multicast, 1);
	b = fake_macs(0, 1, 0x85, VIRTCHNL_ETHER_ADDR_EXTRA);
	b.macs.list[0].addr[0] = 0x33;
	CHECK_EQ(fake_buf_status(0, VIRTCHNL_OP_ADD_ETH_ADDR, &b), 0);
	promiscuous(3, VIRTCHNL_PROMISC_MULTICAST);
	CHECK_EQ(transmit(1, 0x85, 2, 0, 0), 0x9);
	CHECK_EQ(transmit(0, 0x85, 1, 0, 0), 0x8);
}

static void vlan_pruning(void)
{
	setup(false);
	/* Neither side has the filter, then the sender, then both. */
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 5), 0);
	CHECK_EQ(sw.drops[0][SWITCH_DROP_SPOOF_VLAN], 1);
	CHECK_EQ(pf_vsi(fake.pf, 0)->stats.tx_errors, 1);
	add_vlan(0, 0x8100, 5);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 5), 0);
	CHECK_EQ(sw.drops[1][SWITCH_DROP_VLAN], 1);
	add_vlan(1, 0x8100, 5);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 5), 1 << 1);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 6), 0);
	CHECK_EQ(transmit(0, 2, 1, 0x88a8, 5), 0);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 0xe005), 1 << 1);	/* priority does not matter */
	/* Untagged and priority-tagged frames need no filter. */
	CHECK_EQ(transmit(0, 3, 1, 0, 0), 1 << 2);
	CHECK_EQ(transmit(0, 3, 1, 0x8100, 0x6000), 1 << 2);
	CHECK_EQ(transmit(0, 0xff, 1, 0x8100, 5), 1 << 1);
	add_vlan(0, 0x88a8, 4095);
	add_vlan(2, 0x88a8, 4095);
	CHECK_EQ(transmit(0, 0xff, 1, 0x88a8, 4095), 1 << 2);
	/* A promiscuous receiver sees all VLANs; a sender without spoof check may send all. */
	promiscuous(3, VIRTCHNL_PROMISC_MULTICAST);
	CHECK_EQ(transmit(0, 0xff, 1, 0x8100, 5), 0xa);
	pf_set_spoof_check(fake.pf, fake.now, 0, false);
	CHECK_EQ(transmit(0, 4, 1, 0x9100, 77), 1 << 3);
}

static void put_into(unsigned int vf, uint16_t tpid, uint16_t vid)
{
	CHECK_EQ(pf_set_port_vlan(fake.pf, fake.now, vf, tpid, vid), 0);
	fake_event();
	fake_run(10 * MS);
	up(vf);
}

/* Put on where a frame leaves, taken off where it arrives; the guest sees nothing of it. */
static void port_vlan(void)
{
	setup(false);
	put_into(0, 0x88a8, 50);
	put_into(1, 0x88a8, 50);
	put_into(2, 0x8100, 50);
	CHECK_EQ(transmit(0, 2, 1, 0x0800, 0), 2);
	CHECK_EQ(transmit(0, 3, 1, 0x0800, 0), 0);
	CHECK_EQ(transmit(0, 4, 1, 0x0800, 0), 0);
	CHECK_EQ(transmit(3, 1, 4, 0x0800, 0), 0);
	CHECK_EQ(sw.drops[0][SWITCH_DROP_VLAN], 1);
	CHECK_EQ(transmit(0, 0xff, 1, 0x0800, 0), 2);
	/* The guest's own tag is the inner one, whatever it is. */
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 7), 2);
	/* One without a port VLAN that has the tag sees it, and may send it. */
	add_vlan(3, 0x88a8, 50);
	got_len = 60;
	frame[12] = 0;
	memset(got, 0, sizeof(got));
	{
		uint8_t tagged[64] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 4, 0x88, 0xa8, 0, 50,
				       0x08, 0 };

		memcpy(frame, tagged, 12);
		memcpy(frame + 12, tagged + 16, 48);
		switch_transmit(&sw, 3, tagged, 64);
	}
	CHECK_EQ(got[0], 1);
}

/* One tag is all that there can be: with a port VLAN the guest has none. */
static void port_vlan_single(void)
{
	setup_profile("ice-svm-port-vlan", false);
	CHECK_EQ(transmit(0, 2, 1, 0x0800, 0), 2);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 7), 0);
	CHECK_EQ(sw.drops[0][SWITCH_DROP_SPOOF_VLAN], 1);
	/* Also when nobody checks for spoofing. */
	pf_set_spoof_check(fake.pf, fake.now, 0, false);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 7), 0);
	/* This is no tag to it. */
	CHECK_EQ(transmit(0, 2, 1, 0x88a8, 7), 2);
}

/* In single VLAN mode tags are received until the first filter, and sent only with one. */
static void pruning_by_filter(void)
{
	struct {
		struct virtchnl_vlan_filter_list list;
		uint16_t room[2];
	} msg = { .list.num_elements = htole16(1) };

	setup_profile("i40e", false);
	pf_set_spoof_check(fake.pf, fake.now, 0, false);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 7), 2);
	CHECK_EQ(transmit(1, 1, 2, 0x8100, 7), 0);
	CHECK_EQ(sw.drops[1][SWITCH_DROP_SPOOF_VLAN], 1);
	CHECK_EQ(transmit(1, 1, 2, 0x88a8, 7), 1);
	msg.list.vsi_id = htole16(fake.vf[1].vsi_id);
	msg.list.vlan_id[0] = htole16(9);
	CHECK_EQ(fake_status(1, VIRTCHNL_OP_ADD_VLAN, &msg, virtchnl_len_vlan(1)), 0);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 7), 0);
	CHECK_EQ(transmit(0, 2, 1, 0x8100, 9), 2);
	CHECK_EQ(transmit(1, 1, 2, 0x8100, 9), 1);
	CHECK_EQ(transmit(0, 2, 1, 0x88a8, 7), 2);
}

static void spoofing(void)
{
	setup(true);
	CHECK_EQ(transmit(0, 2, 7, 0, 0), 0);
	CHECK_EQ(sw.drops[0][SWITCH_DROP_SPOOF_MAC], 1);
	CHECK_EQ(transmit(0, 2, 2, 0, 0), 0);
	pf_set_spoof_check(fake.pf, fake.now, 0, false);
	CHECK_EQ(transmit(0, 2, 7, 0, 0), 1 << 1);
}

static void dead_ends(void)
{
	setup(false);
	memset(frame, 0, sizeof(frame));
	for (size_t len = 0; len < 14; len++) {
		/* A tight copy: the sanitizer sees what is read beyond. */
		uint8_t *copy = calloc(1, len ? len : 1);

		switch_transmit(&sw, 0, copy, len);
		free(copy);
	}
	CHECK_EQ(sw.drops[0][SWITCH_DROP_RUNT], 14);
	pf_set_link(fake.pf, fake.now, 1, false, 0);
	CHECK_EQ(transmit(0, 2, 1, 0, 0), 0);
	CHECK_EQ(sw.drops[0][SWITCH_DROP_LINK], 1);
	CHECK_EQ(transmit(1, 1, 2, 0, 0), 0);
	CHECK_EQ(sw.drops[1][SWITCH_DROP_LINK], 1);
	CHECK_EQ(pf_vsi(fake.pf, 1)->stats.tx_discards, 1);
	/* A VF in reset neither sends nor receives. */
	pf_reset(fake.pf, fake.now, 2, PF_RESET_SILENT);
	CHECK_EQ(transmit(0, 3, 1, 0, 0), 0);
	CHECK_EQ(transmit(2, 1, 3, 0, 0), 0);
	CHECK_EQ(transmit(0, 0xff, 1, 0, 0), 1 << 3);
}

static void names(void)
{
	for (int i = 0; i < SWITCH_DROP_COUNT; i++)
		CHECK(switch_drop_names[i] && *switch_drop_names[i]);
}

static const struct test_case cases[] = {
	{ "unicast", unicast },
	{ "flooding", flooding },
	{ "vlan_pruning", vlan_pruning },
	{ "port_vlan", port_vlan },
	{ "port_vlan_single", port_vlan_single },
	{ "pruning_by_filter", pruning_by_filter },
	{ "spoofing", spoofing },
	{ "dead_ends", dead_ends },
	{ "names", names },
};

int main(int argc, char **argv)
{
	int rc = test_main(cases, sizeof(cases) / sizeof(cases[0]), argc > 1 ? argv[1] : NULL);

	fake_fini();
	return rc;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* A reset at every step of bring-up and of every call. */
#include <stdio.h>
#include <string.h>

#include "contract.h"

enum { ANNOUNCED, SILENT, FLR, NUM_KINDS };

static void reset(struct world *w, unsigned int kind)
{
	world_note(w, "test: reset %u", kind);
	if (kind == FLR)
		pf_flr(w->pf, w->now, 0);
	else
		pf_reset(w->pf, w->now, 0, kind == SILENT ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
}

static void steps(struct world *w, unsigned int n)
{
	while (n-- && world_step(w, w->now + SEC))
		;
}

static void at_bringup(unsigned int n, unsigned int kind)
{
	struct world *w = make(NULL);

	daemon_start(w);
	steps(w, n);
	reset(w, kind);
	world_run(w, SEC);
	/* Unannounced, and nothing was sent since: nobody can know. */
	open_now(w);
	converged(w, SEC);
	CHECK(w->to_pf < 60);
}

enum { OPEN, DOWN, MAC, VLAN, FEATURES, MTU, RSS, FIELDS, LISTS, MANY, NUM_CALLS };

static void call(struct world *w, unsigned int which)
{
	const uint8_t mac[6] = { 0x02, 7, 7, 7, 7, 7 };

	if (which == OPEN) {
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, SEC));
		CHECK(kern_user_open(&w->kern));
	}
	if (which == DOWN)
		CHECK(kern_user_down(&w->kern));
	if (which == MAC)
		CHECK(kern_user_mac(&w->kern, mac));
	if (which == VLAN)
		CHECK(kern_user_vlan(&w->kern, 0x88a8, 77));
	if (which == FEATURES)
		CHECK(kern_user_features(&w->kern, 5, 0));
	if (which == MTU)
		CHECK(kern_user_mtu(&w->kern, 4000, 3));
	if (which == RSS)
		CHECK(kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE | RSS_SYMMETRIC, 5));
	if (which == FIELDS)
		CHECK(kern_user_rss_fields(&w->kern, PF_RSS_TCP6, 5));
	if (which == LISTS)
		kern_user_lists(&w->kern, 5, 9, 50);
	for (unsigned int vid = 6; which == MANY && vid < 1000; vid++)
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
}

static void at_call(unsigned int n, unsigned int which)
{
	struct world *w = make_up(NULL);
	unsigned int kind = n % NUM_KINDS, replies;

	kern_user_lists(&w->kern, 2, 2, 0);
	kern_user_vlan(&w->kern, 0x8100, 5);
	converged(w, SEC);
	world_run(w, SEC);
	replies = w->kern.user.answered;
	snprintf(contract_about, sizeof(contract_about), "(reset kind %u)", kind);
	call(w, which);
	steps(w, n / NUM_KINDS);
	reset(w, kind);
	CHECK(world_user_done(w, 6 * SEC));
	/* A reset does not fail a call: it is done again. */
	CHECK(w->kern.user.err == 0);
	if (which == DOWN)
		open_now(w);
	converged(w, 20 * SEC);
	CHECK(w->kern.user.answered > replies || which == LISTS);
	CHECK(w->kern.generation == 2 && w->kern.resets_asked == 0);
}

/* Everything again, in few round trips. */
static void replay(unsigned int silent, unsigned int vlans)
{
	struct world *w = make_up(NULL);
	uint64_t start, sent;

	kern_user_lists(&w->kern, 10, 20, 0);
	for (unsigned int vid = 1; vid <= vlans; vid++)
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
	kern_user_flags(&w->kern, IAVF_RX_FLAGS_ALLMULTI);
	converged(w, SEC);
	sent = w->to_pf;
	reset(w, silent ? SILENT : ANNOUNCED);
	while (w->kern.generation == 1 || w->kern.resetting)
		CHECK(world_step(w, w->now + SEC));
	start = w->now;
	while (!w->kern.rings.enabled)
		CHECK(world_step(w, w->now + SEC));
	/* Five round trips: 3 and 51, settings and 6, 8; the PF serves a message in 50 us. */
	CHECK(w->now - start < 1500 * US);
	converged(w, SEC);
	/*
	 * 3, 51, 7, 10, 14, 23, 24, 54, 56, 6, 8, 10 and the VLANs; no VERSION, nothing is
	 * deleted.
	 */
	CHECK(w->to_pf - sent == 12 + (vlans + 126) / 127);
	CHECK(w->op_count[VIRTCHNL_OP_VERSION] == 1);
	CHECK(w->op_count[VIRTCHNL_OP_DEL_ETH_ADDR] == 0 &&
	      w->op_count[VIRTCHNL_OP_DEL_VLAN_V2] == 0);
}

static void storm(unsigned int n, unsigned int gap_us)
{
	struct world *w = make_up(NULL);

	for (unsigned int i = 0; i < n; i++) {
		reset(w, i % NUM_KINDS);
		world_run(w, gap_us * US);
	}
	converged(w, 30 * SEC);
}

/* The host sets another address: it becomes ours. */
static void host_mac(unsigned int untrusted, unsigned int b)
{
	const uint8_t mac[6] = { 0x02, 0xee, 0, 0, 0, 1 }, mine[6] = { 0x02, 3, 3, 3, 3, 3 };
	struct world *w = make_up(&(struct world_config) { .untrusted = untrusted });

	CHECK(kern_user_mac(&w->kern, mine));
	CHECK(world_user_done(w, SEC));
	converged(w, SEC);
	memcpy(w->host_mac, mac, 6);
	CHECK(pf_set_mac(w->pf, w->now, 0, mac) == 0);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(!memcmp(w->kern.mac, mac, 6));
	CHECK(!w->kern.degraded[0]);
}

static void trust(unsigned int first, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = first });

	for (unsigned int vid = 1; vid <= 8; vid++)
		kern_user_vlan(&w->kern, 0x8100, vid);
	converged(w, SEC);
	pf_set_trust(w->pf, w->now, 0, first);
	world_run(w, SEC);
	converged(w, SEC);
	for (unsigned int vid = 9; vid <= 20; vid++)
		kern_user_vlan(&w->kern, 0x8100, vid);
	world_run(w, SEC);
	CHECK(w->kern.num_vlans == (first ? 20 : 8));
	converged(w, SEC);
	pf_set_trust(w->pf, w->now, 0, !first);
	world_run(w, SEC);
	CHECK(world_settle(w, SEC));
	if (first) {	/* 20 are asked for, 8 are allowed */
		CHECK(strstr(w->kern.degraded, "8 VLANs"));
		CHECK(pf_vsi(w->pf, 0)->num_vlans == 8);
		for (unsigned int vid = 1; vid <= 12; vid++)
			CHECK(kern_user_vlan_kill(&w->kern, 0x8100, vid));
	}
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

/* The PF believes that the VF is active when the daemon starts: one reset, at once. */
static void active_before(unsigned int a, unsigned int b)
{
	struct world *w = make(NULL);
	uint32_t caps = 1;

	pf_receive(w->pf, w->now, 0, VIRTCHNL_OP_VERSION, "\1\0\0\0\1\0\0\0", 8);
	pf_receive(w->pf, w->now, 0, VIRTCHNL_OP_GET_VF_RESOURCES, &caps, 4);
	world_run(w, MS);
	kern_log_clear(&w->kern);
	daemon_start(w);
	converged(w, SEC);
	CHECK(w->kern.resets_asked == 1);
	open_now(w);
	converged(w, SEC);
}

/* It says no for good: ever more rarely asked, calls are told why, and it recovers. */
static void refuses_resources(unsigned int up, unsigned int b)
{
	struct world *w = up ? make_up(NULL) : make(NULL);
	uint64_t sent;

	world_fault(w, "refuse=-5 dir=request op=GET_VF_RESOURCES count=always");
	daemon_start(w);
	if (up)
		reset(w, ANNOUNCED);
	world_run(w, 60 * SEC);
	sent = w->to_pf;
	CHECK(sent < 100);
	if (up) {
		CHECK(kern_user_features(&w->kern, 1, 0));
		CHECK(world_user_done(w, 3 * SEC));
		CHECK(w->kern.user.err != 0);
	}
	world_run(w, 60 * SEC);
	CHECK(w->to_pf - sent < 50);
	faults_clear(w->faults);
	converged(w, 60 * SEC);
}

static void ignores_resets(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);

	world_fault(w, "ignore-reset count=always");
	world_fault(w, "drop dir=request op=CONFIG_PROMISCUOUS_MODE count=2");
	kern_user_flags(&w->kern, IAVF_RX_FLAGS_PROMISC);
	world_run(w, 10 * SEC);
	converged(w, 20 * SEC);
	CHECK(w->kern.generation > 1);
}

void cases_resets(void)
{
	for (unsigned int i = 0; i < 40 * NUM_KINDS; i++)
		contract_run("reset at bring-up", at_bringup, i / NUM_KINDS, i % NUM_KINDS);
	for (unsigned int i = 0; i < 20 * NUM_KINDS * NUM_CALLS; i++)
		contract_run("reset at call", at_call, i / NUM_CALLS, i % NUM_CALLS);
	for (unsigned int i = 0; i < 8; i++)
		contract_run("replay", replay, i % 2, (unsigned int []) { 0, 1, 127, 600 }[i / 2]);
	for (unsigned int i = 0; i < 20; i++)
		contract_run("storm", storm, 3 + i % 4,
			     (unsigned int []) { 10, 300, 4990, 5100, 6000 }[i / 4]);
	contract_run("host mac", host_mac, 0, 0);
	contract_run("host mac", host_mac, 1, 0);
	contract_run("trust", trust, 0, 0);
	contract_run("trust", trust, 1, 0);
	contract_run("active before", active_before, 0, 0);
	contract_run("refuses resources", refuses_resources, 0, 0);
	contract_run("refuses resources", refuses_resources, 1, 0);
	contract_run("ignores resets", ignores_resets, 0, 0);
}

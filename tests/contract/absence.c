// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nobody controls the VF for too long, and its policy is down: the kernel stops the queues. The
 * next owner brings them back with its vf-commit, and nothing else is different.
 */
#include "contract.h"

static struct world *settled(void)
{
	struct world *w = make_up(NULL);

	kern_user_lists(&w->kern, 4, 7, 0);
	for (unsigned int vid = 1; vid <= 300; vid++)
		CHECK(kern_user_vlan(&w->kern, vid % 2 ? 0x8100 : 0x88a8, vid));
	converged(w, SEC);
	world_run(w, SEC);
	return w;
}

static void enforce(struct world *w)
{
	kern_absence_down(&w->kern);
	world_run(w, 10 * MS);
	CHECK(!w->tx_live && !w->rx_live);
}

/* Dead or stopped; what: 0 nothing else, 1 a reset meanwhile, 2 the interface goes down and up */
static void down(unsigned int stopped, unsigned int what)
{
	struct world *w = settled();
	uint64_t sent;

	if (stopped)
		w->stopped = true;
	else
		daemon_kill(w);
	enforce(w);
	if (what == 1) {
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
		world_run(w, 400 * MS);
		CHECK(!w->kern.rings.running);
	}
	if (what == 2) {
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, SEC));
		CHECK(kern_user_open(&w->kern));
		world_run(w, 3 * SEC);
		CHECK(!w->kern.rings.running);
	}
	sent = w->to_pf;
	if (stopped)
		kern_controlled(&w->kern);	/* it answered something */
	w->stopped = false;
	daemon_start(w);
	converged(w, 5 * SEC);
	CHECK(w->kern.rings.enabled && w->tx_live && w->rx_live);
	CHECK(w->kern.resets_asked == 0);
	if (what != 1)
		CHECK(w->to_pf - sent == 2);
}

/* A daemon that dies before it has committed has not adopted: the VF stays down. */
static void dies_in_adopting(unsigned int a, unsigned int b)
{
	struct world *w = settled();

	daemon_kill(w);
	enforce(w);
	w->die_at = 1;	/* before the first order, which is vf-commit */
	daemon_start(w);
	world_run(w, 100 * MS);
	CHECK(!w->vf);
	CHECK(!w->kern.rings.running && !w->tx_live);
	daemon_start(w);
	converged(w, SEC);
	CHECK(w->tx_live && w->rx_live);
}

static void call(struct world *w, unsigned int what)
{
	static const uint8_t mac[6] = { 0x02, 7, 7, 7, 7, 7 };

	if (what == 0)
		CHECK(kern_user_mtu(&w->kern, 3000, 0));
	if (what == 1)
		CHECK(kern_user_mtu(&w->kern, 1500, 2));
	if (what == 2)
		CHECK(kern_user_mac(&w->kern, mac));
	if (what == 3)
		CHECK(kern_user_features(&w->kern, IAVF_FEATURES_VLAN_CTAG_STRIP, 0));
	if (what == 4)
		CHECK(kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE, 3));
	if (what == 5) {
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, SEC));
		CHECK(kern_user_open(&w->kern));
	}
}

/* It stops n steps into a call, which is given up, and goes on. What it does then is what is so. */
static void stops(unsigned int what, unsigned int n)
{
	struct world *w = settled();

	call(w, what);
	while (n-- && world_step(w, w->now + 100 * MS))
		;
	w->stopped = true;
	world_run(w, 6 * SEC);
	CHECK(w->kern.user.op == USER_NONE);
	w->stopped = false;
	world_run(w, 100 * MS);
	converged(w, 10 * SEC);
	CHECK(w->kern.resets_asked == 0);
}

void cases_absence(void)
{
	for (unsigned int i = 0; i < 6 * 24; i++)
		contract_run("stops in a call", stops, i / 24, i % 24);
	for (unsigned int i = 0; i < 5; i++)
		contract_run("absence down", down, i / 3, i % 3);
	contract_run("absence dies in adopting", dies_in_adopting, 0, 0);
}

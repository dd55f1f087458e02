// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Seeded random lives: users, faults, resets and deaths in any order; then peace, and everything
 * must be right. Late answers keep their order, as they do in a mailbox.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract.h"

static uint32_t state;

static unsigned int rnd(unsigned int n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

/*
 * Answers that are lost and answers that come twice, both in one life, add up to the right number:
 * nobody can tell.
 */
static void random_fault(struct world *w, bool refusals, bool twice)
{
	static const char *const healing[] = {
		"drop dir=reply", "drop dir=request", "drop dir=reply", "drop dir=request",
		"delay=1 dir=request", "delay=30 dir=request", "delay=2200 dir=request",
		"reset=silent dir=request", "reset=announced dir=request",
	};
	static const char *const refusing[] = {
		"refuse=-5 dir=request", "refuse=-18 dir=request", "refuse=-64 dir=request",
		"refuse=-1 dir=request",
	};
	const char *rule = healing[rnd(9)];
	char text[120];

	if (twice && !strncmp(rule, "drop", 4))
		rule = rnd(2) ? "duplicate dir=reply" : "duplicate dir=request";
	if (refusals && rnd(2))
		snprintf(text, sizeof(text), "%s skip=%u", refusing[rnd(4)], rnd(8));
	else
		snprintf(text, sizeof(text), "%s skip=%u", rule, rnd(8));
	world_fault(w, text);
}

/* The kernel never switches off both. */
static void random_filter(struct kern *k)
{
	int t = rnd(2);

	if (k->features & kern_filter(t))
		kern_user_features(k, kern_filter(t) | kern_filter(!t), kern_filter(!t));
	else
		kern_user_features(k, kern_filter(t), kern_filter(t));
}

static void random_user(struct world *w)
{
	const uint8_t mac[6] = { 0x02, 0xab, 0, 0, 0, rnd(4) };
	struct kern *k = &w->kern;
	uint32_t features = rnd(16);
	unsigned int vid;

	switch (rnd(15)) {
	case 0:
		kern_user_open(k);
		break;
	case 1:
		kern_user_down(k);
		break;
	case 2:
		kern_user_mac(k, mac);
		break;
	case 3:
		vid = 1 + rnd(40);
		kern_user_vlan(k, rnd(2) ? 0x8100 : 0x88a8, vid);
		break;
	case 4:
		kern_user_vlan_kill(k, rnd(2) ? 0x8100 : 0x88a8, 1 + rnd(40));
		break;
	case 5:
		vid = 100 + rnd(1000);
		for (unsigned int i = rnd(400); i; i--)
			kern_user_vlan(k, 0x8100, vid + i);
		break;
	case 6:
		vid = 100 + rnd(1000);
		for (unsigned int i = rnd(400); i; i--)
			kern_user_vlan_kill(k, 0x8100, vid + i);
		break;
	case 7:
		/* The kernel never switches on both types. */
		features &= features & 5 ? 0x35 : 0x3f;
		if (rnd(2))
			kern_user_features(k, 0xf, features & 0xf);
		break;
	case 8:
		kern_user_mtu(k, 68 + rnd(9000), 1 + rnd(4));
		break;
	case 9:
		kern_user_flags(k, rnd(4) * 2);
		break;
	case 10:
		kern_user_lists(k, rnd(12), rnd(30), rnd(20));
		break;
	case 11:
		kern_user_rss(k, 1 + rnd(31), rnd(4));
		break;
	case 12:
		kern_user_rss_fields(k, rnd(6), 1 + rnd(15));
		break;
	case 13:
		kern_user_stats(k);
		break;
	case 14:
		random_filter(k);
		break;
	}
}

static uint8_t maps[4][VF_VLAN_BYTES];

static void no_policy(struct world *w)
{
	w->policy = (struct vf_policy) { .random = w->policy.random };
}

/* One thing of it is new; allowed is more often nothing, else there is not much to do. */
static void random_policy(struct world *w)
{
	struct vf_policy *p = &w->policy;
	const uint8_t **of[] = { &p->vlan_ctag_filters, &p->vlan_stag_filters,
				 &p->vlan_ctag_allowed, &p->vlan_stag_allowed };
	unsigned int what = rnd(8), from = 1 + rnd(200), n = rnd(300);

	switch (what) {
	case 0:
	case 1:
	case 2:
	case 3:
		memset(maps[what], 0, VF_VLAN_BYTES);
		*of[what] = maps[what];
		for (unsigned int vid = from; vid < from + n; vid++)
			maps[what][vid / 8] |= 1u << vid % 8;
		break;
	case 4:
		p->vlan_budgeted = rnd(2);
		p->vlan_budget = rnd(300);
		break;
	case 5:
		p->max_queues = rnd(5);
		break;
	case 6:
		p->grace_ms = rnd(3);
		break;
	case 7:
		no_policy(w);
		break;
	}
	daemon_set_policy(w);
}

/* A filter that is off takes nearly all that the PF has: who wants more beside it is degraded. */
static bool filter_off(const struct world *w)
{
	const uint32_t both = kern_filter(0) | kern_filter(1);

	return (w->kern.features & both) != (w->kern.commit.features & both);
}

static bool no_room(const struct world *w)
{
	return filter_off(w) && strstr(w->kern.degraded, "PF takes 4096 VLANs of this VF");
}

static void filters_on(struct world *w)
{
	for (int t = 0; t < 2; t++) {
		if (!(w->kern.features & kern_filter(t)))
			kern_user_features(&w->kern, kern_filter(t), kern_filter(t));
		CHECK(world_user_done(w, 10 * SEC));
	}
}

static void modest_policy(struct world *w)
{
	if (filter_off(w))
		w->policy.vlan_ctag_filters = w->policy.vlan_stag_filters = NULL;
}

static void random_step(struct world *w, bool refusals, bool twice)
{
	switch (rnd(18)) {
	case 17:
		random_policy(w);
		break;
	case 0:
		random_fault(w, refusals, twice);
		break;
	case 1:
		if (w->vf)
			daemon_kill(w);
		else
			daemon_start(w);
		break;
	case 2:
		if (!rnd(3))
			pf_reset(w->pf, w->now, 0, rnd(2) ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
		break;
	case 3:
		if (!rnd(4))
			pf_flr(w->pf, w->now, 0);
		break;
	case 4:
		world_run(w, rnd(3000) * MS);
		break;
	case 5:
	case 6:
		world_run(w, rnd(3000) * US);
		break;
	case 7:
		pf_set_msg_delay(w->pf, rnd(3) ? 50 * US : rnd(30) * MS);
		break;
	default:
		if (w->kern.user.op == USER_NONE)
			random_user(w);
	}
	for (unsigned int i = rnd(6); i; i--)
		world_step(w, w->now + SEC);
}

static void peace(struct world *w, bool refusals)
{
	faults_clear(w->faults);
	pf_set_msg_delay(w->pf, 50 * US);
	daemon_start(w);
	world_run(w, 30 * SEC);
	CHECK(world_user_done(w, 30 * SEC));
	/* A silent reset while nobody sent anything is noticed by the next message. */
	if (refusals || !w->kern.arq)
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	kern_user_down(&w->kern);
	CHECK(world_user_done(w, 10 * SEC));
	CHECK(kern_user_open(&w->kern));
	CHECK(world_user_done(w, 10 * SEC));
	world_run(w, 10 * SEC);
	modest_policy(w);
	daemon_set_policy(w);
	world_run(w, 10 * SEC);
	converged(w, 30 * SEC);
	/* Whatever it forbade comes back; queues and tables are for users to set. */
	no_policy(w);
	daemon_set_policy(w);
	world_run(w, SEC);
	CHECK(world_settle(w, 30 * SEC));
	if (no_room(w))
		filters_on(w);
	converged(w, 30 * SEC);
	CHECK(!w->kern.degraded[0] || strstr(w->kern.degraded, "RSS table"));
	CHECK(w->kern.rings.enabled);
}

void contract_life(const char *profile, unsigned int seed, unsigned int refusals)
{
	struct world *w = make(&(struct world_config) { .profile = profile });
	uint64_t sent;

	state = seed * 2654435761u + 99;
	daemon_start(w);
	if (rnd(2))
		world_run(w, 20 * MS);
	for (unsigned int i = 0; i < 60; i++) {
		random_step(w, refusals, seed % 4 == 0);
		CHECK(!w->kern.fault);
	}
	peace(w, refusals);
	sent = w->to_pf;
	/* In peace a new daemon has nothing to say. */
	daemon_kill(w);
	daemon_start(w);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(w->to_pf == sent);
}

static void life(unsigned int seed, unsigned int refusals)
{
	contract_life(NULL, seed, refusals);
}

void cases_random(void)
{
	const char *more = getenv("CONTRACT_SEEDS");	/* "FIRST LAST": a longer search */
	unsigned int seed = 0, last = 1199;

	if (more)
		sscanf(more, "%u %u", &seed, &last);
	for (; seed <= last; seed++)
		contract_run("life", life, seed, seed % 3 == 2);
}

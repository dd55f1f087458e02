// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration of a VF, set, changed and taken back while it lives: which VLANs may be there and
 * which are let in without a device, budgets, queues, absence. Never a reset of ours, never an outage of
 * what is not forbidden, and the kernel hears of it once.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "contract.h"

#define CFILTER	IAVF_FEATURES_VLAN_CTAG_FILTER
#define SFILTER	IAVF_FEATURES_VLAN_STAG_FILTER

static const struct profile {
	const char *name;
	bool ctag, stag;		/* filters */
	unsigned int limit;		/* of an untrusted VF */
	unsigned int strips;		/* messages more, since its filters switch stripping on */
} profiles[] = {
	{ "ice-dvm", true, true, 8, 0 },
	{ "ice-svm", true, false, 8, 0 },
	{ "ice-port-vlan", false, false, 0, 0 },
	{ "ice-svm-port-vlan", false, false, 0, 0 },
	{ "i40e", true, false, 16, 1 },
	{ "v1.0", true, false, 16, 0 },
};

#define NUM	(sizeof(profiles) / sizeof(profiles[0]))

enum map { CTAG_ALLOWED, STAG_ALLOWED, CTAG_FILTERS, STAG_FILTERS, NUM_MAPS };

static uint8_t maps[NUM_MAPS][VF_VLAN_BYTES];

static const uint8_t **map_of(struct world *w, enum map m)
{
	const uint8_t **const of[NUM_MAPS] = {
		&w->policy.vlan_ctag_allowed, &w->policy.vlan_stag_allowed,
		&w->policy.vlan_ctag_filters, &w->policy.vlan_stag_filters,
	};

	return of[m];
}

static void ids(struct world *w, enum map m, unsigned int from, unsigned int n)
{
	if (!*map_of(w, m))
		memset(maps[m], 0, VF_VLAN_BYTES);
	*map_of(w, m) = maps[m];
	for (unsigned int vid = from; vid < from + n; vid++)
		maps[m][vid / 8] |= 1u << vid % 8;
}

static void no_ids(struct world *w, enum map m)
{
	*map_of(w, m) = NULL;
}

static unsigned int count(const uint8_t *map)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < VF_VLAN_BYTES; i++)
		n += __builtin_popcount(i ? map[i] : map[i] & ~1u);
	return n;
}

/* The numbers are those of the maps. */
static bool counted(const struct world *w)
{
	struct vf_policy_status status;
	struct vf_grant_status grant;

	vf_get_policy_status(w->vf, &status);
	vf_get_grant_status(w->vf, &grant);
	return grant.pf_budget == status.pf_budget && grant.vlans_users == status.vlans_users &&
	       grant.filtered[0] == status.filtered[0] && grant.filtered[1] == status.filtered[1] &&
	       grant.vlans_wanted == count(status.wanted[0]) + count(status.wanted[1]) &&
	       grant.vlans_acknowledged ==
			count(status.acknowledged[0]) + count(status.acknowledged[1]) &&
	       grant.vlans_refused == count(status.refused[0]) + count(status.refused[1]);
}

static void settle(struct world *w)
{
	world_run(w, 200 * MS);
	if (!world_settle(w, 5 * SEC))
		contract_fail(__FILE__, __LINE__,
			      w->kern.fault ? w->kern.fault : "does not settle");
	CHECK(counted(w));
}

static void right(struct world *w)
{
	settle(w);
	converged(w, SEC);
	CHECK(w->kern.resets_asked == 0);
}

static void set(struct world *w)
{
	daemon_set_policy(w);
	right(w);
}

static struct world *profile_up(unsigned int p, bool untrusted)
{
	return make_up(&(struct world_config) {
		.profile = profiles[p].name, .untrusted = untrusted,
	});
}

static void finish(struct world *w, int err)
{
	CHECK(world_user_done(w, 8 * SEC));
	CHECK(w->kern.user.err == err);
}

static void add(struct world *w, uint16_t tpid, unsigned int from, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		CHECK(kern_user_vlan(&w->kern, tpid, from + i));
		finish(w, 0);
	}
}

static bool says(const struct world *w, const char *what)
{
	return strstr(w->kern.user.message, what);
}

static const uint8_t *pf_map(struct world *w, int t)
{
	struct pf_vsi *vsi = pf_vsi(w->pf, 0);

	return vsi->single_vlan ? vsi->inner_vlan : vsi->outer_vlan[t];
}

static unsigned int has(struct world *w, int t)
{
	return count(pf_map(w, t));
}

static bool lets_in(struct world *w, int t, unsigned int vid)
{
	return pf_map(w, t)[vid / 8] >> vid % 8 & 1;
}

static bool in(const uint8_t *map, unsigned int vid)
{
	return map[vid / 8] >> vid % 8 & 1;
}

static void reset(struct world *w, unsigned int kind)
{
	if (kind == 2)
		pf_flr(w->pf, w->now, 0);
	else
		pf_reset(w->pf, w->now, 0, kind ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
	if (kind)	/* somebody has to look */
		kern_reset_begin(&w->kern, IAVF_RESET_CAUSE_PF_SILENT);
}

static struct vf_policy_status status_of(const struct world *w)
{
	struct vf_policy_status status;

	vf_get_policy_status(w->vf, &status);
	return status;
}

/* io.changed told of all that became of it; what it is now. */
static bool is(struct world *w, enum vf_policy_state state, const char *why)
{
	const struct vf_policy_status status = status_of(w);

	return status.state == state && (why ? !!strstr(status.why, why) : !status.why[0]);
}

/* From its being set on; pending until the PF answered, or the kernel did what it has to. */
static void becomes(struct world *w, enum vf_policy_state state, const char *why)
{
	unsigned int news = w->kern.news;

	daemon_set_policy(w);
	CHECK(is(w, VF_POLICY_PENDING, NULL));
	while (is(w, VF_POLICY_PENDING, NULL)) {
		news = w->kern.news;
		CHECK(world_step(w, w->now + SEC));
	}
	CHECK(w->kern.news > news);
	settle(w);
	CHECK(is(w, state, why));
}

/* Filters without devices */

/* What a user has, too, is one filter; the number of messages is that of the difference. */
static void filters(unsigned int p, unsigned int untrusted)
{
	struct world *w = profile_up(p, untrusted);
	const unsigned int strips = profiles[p].strips;
	struct vf_policy_status status;
	uint64_t sent;

	add(w, 0x8100, 101, 1);
	add(w, 0x8100, 110, 1);
	converged(w, SEC);
	sent = w->to_pf;
	CHECK(is(w, VF_POLICY_DONE, NULL));
	ids(w, CTAG_FILTERS, 100, 3);
	becomes(w, VF_POLICY_DONE, NULL);
	right(w);
	CHECK(w->to_pf - sent == 1 + strips && has(w, 0) == 4);
	status = status_of(w);
	CHECK(status.told && count(status.acknowledged[0]) == 4 && in(status.wanted[0], 102));
	CHECK(!memcmp(status.policy.vlan_ctag_filters, maps[CTAG_FILTERS], VF_VLAN_BYTES));
	/* Another one for the one that goes. */
	sent = w->to_pf;
	no_ids(w, CTAG_FILTERS);
	ids(w, CTAG_FILTERS, 101, 2);
	ids(w, CTAG_FILTERS, 105, 1);
	set(w);
	CHECK(w->to_pf - sent == 2 + strips && has(w, 0) == 4);
	/* Users come and go beside it. */
	sent = w->to_pf;
	CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 101));
	add(w, 0x8100, 102, 1);
	right(w);
	CHECK(w->to_pf == sent && has(w, 0) == 4);
	no_ids(w, CTAG_FILTERS);
	set(w);
	CHECK(w->to_pf - sent == 1 && has(w, 0) == 2 && lets_in(w, 0, 102) && lets_in(w, 0, 110));
	CHECK(w->kern.generation == 1 && !w->kern.degraded[0]);
}

/* A filter that a user was let switch off comes before filters of the policy, also after a reset. */
static void open_first(unsigned int t, unsigned int kind)
{
	struct world *w = profile_up(0, false);

	CHECK(kern_user_features(&w->kern, t ? SFILTER : CFILTER, 0));
	finish(w, 0);
	right(w);
	ids(w, t ? CTAG_FILTERS : STAG_FILTERS, 100, 300);
	daemon_set_policy(w);
	settle(w);
	for (unsigned int i = 0; i < 2; i++) {
		CHECK(has(w, t) == 4094 && has(w, !t) == 2);
		CHECK(is(w, VF_POLICY_REFUSED, "PF takes 4096 VLANs of this VF, 4394 are"));
		reset(w, kind);
		settle(w);
	}
	no_ids(w, t ? CTAG_FILTERS : STAG_FILTERS);
	set(w);
	CHECK(is(w, VF_POLICY_DONE, NULL));
}

static void filters_of_both(unsigned int a, unsigned int b)
{
	struct world *w = profile_up(0, false);

	ids(w, CTAG_FILTERS, 100, 300);
	ids(w, STAG_FILTERS, 200, 300);
	add(w, 0x88a8, 1, 3);
	set(w);
	CHECK(has(w, 0) == 300 && has(w, 1) == 303);
	CHECK(w->kern.commit.vlan_budget == 4096 - 600);
	no_ids(w, CTAG_FILTERS);
	set(w);
	CHECK(has(w, 0) == 0 && has(w, 1) == 303 && w->kern.commit.vlan_budget == 4096 - 300);
	/* Where the filter of a type is off they are among all the others. */
	CHECK(kern_user_features(&w->kern, SFILTER, 0));
	finish(w, 0);
	right(w);
	CHECK(has(w, 1) == 4094 && w->kern.commit.vlan_budget == 2);
	no_ids(w, STAG_FILTERS);
	ids(w, STAG_FILTERS, 7, 1);
	set(w);
	CHECK(has(w, 1) == 4094);
	CHECK(kern_user_features(&w->kern, SFILTER, SFILTER));
	finish(w, 0);
	right(w);
	CHECK(has(w, 1) == 4);
}

/* Nothing to filter with: what the PF lets in anyway is no reason, what it drops is one. */
static void no_filters(unsigned int p, unsigned int stag)
{
	struct world *w = profile_up(p, false);
	uint64_t sent = w->to_pf;

	ids(w, stag ? STAG_FILTERS : CTAG_FILTERS, 100, 3);
	set(w);
	if (w->kern.degraded[0])
		CHECK(is(w, VF_POLICY_REFUSED, "PF has no VLANs for this VF"));
	else
		CHECK(is(w, VF_POLICY_DONE, NULL));
	CHECK(w->to_pf == sent);
	CHECK(!!w->kern.degraded[0] == !strcmp(profiles[p].name, "ice-svm-port-vlan"));
	if (w->kern.degraded[0])
		CHECK(strstr(w->kern.degraded, "no VLANs for this VF (port VLAN?), 3 are"));
	CHECK(!status_of(w).filtered[stag]);
	no_ids(w, stag ? STAG_FILTERS : CTAG_FILTERS);
	set(w);
	CHECK(!w->kern.degraded[0]);
	/* The port VLAN goes, and they are there. */
	ids(w, stag ? STAG_FILTERS : CTAG_FILTERS, 100, 3);
	set(w);
	CHECK(pf_set_port_vlan(w->pf, w->now, 0, 0, 0) == 0);
	right(w);
	CHECK(!w->kern.degraded[0]);
	CHECK(has(w, stag) == (status_of(w).filtered[stag] ? 3 : 0));
}

static void filters_last(unsigned int p, unsigned int kind)
{
	struct world *w = profile_up(p, kind > 2);
	uint64_t sent;

	add(w, 0x8100, 20, 2);
	ids(w, CTAG_FILTERS, 100, 3);
	set(w);
	for (unsigned int i = 0; i < 3; i++) {
		sent = w->to_pf;
		reset(w, kind % 3);
		right(w);
		CHECK(w->kern.generation == 2 + i && has(w, 0) == 5);
		CHECK(w->to_pf - sent < 20);
	}
	sent = w->to_pf;
	daemon_kill(w);
	daemon_start(w);
	right(w);
	CHECK(w->to_pf == sent);
	CHECK(!w->kern.degraded[0]);
}

/* Asked once; again when somebody asks, not when something else changes. */
static void filters_refused(unsigned int p, unsigned int b)
{
	struct world *w = profile_up(p, false);
	const char *op = profiles[p].limit == 8 ? "ADD_VLAN_V2" : "ADD_VLAN";
	struct vf_policy_status status;
	char rule[80];
	uint64_t sent;

	if (b)
		add(w, 0x8100, 5, 1);
	converged(w, SEC);
	snprintf(rule, sizeof(rule), "refuse=-18 dir=request op=%s", op);
	world_fault(w, rule);
	sent = w->to_pf;
	ids(w, CTAG_FILTERS, 500, 1);
	becomes(w, VF_POLICY_REFUSED, op);
	CHECK(w->to_pf - sent == 1 && strstr(w->kern.degraded, op));
	status = status_of(w);
	CHECK(in(status.refused[0], 500) && !in(status.acknowledged[0], 500));
	sent = w->to_pf;
	add(w, 0x8100, 6, 1);
	settle(w);
	CHECK(w->to_pf - sent == 1 + profiles[p].strips && w->kern.degraded[0]);
	daemon_set_policy(w);
	settle(w);
	w->policy.grace_ms = 7;		/* says nothing of VLANs */
	daemon_set_policy(w);
	settle(w);
	daemon_kill(w);
	daemon_start(w);
	settle(w);
	CHECK(w->to_pf - sent == 1 + profiles[p].strips && w->kern.degraded[0]);
	CHECK(is(w, VF_POLICY_REFUSED, op));
	/* Taken out it is nobody's; a user may have it. */
	no_ids(w, CTAG_FILTERS);
	set(w);
	CHECK(!w->kern.degraded[0]);
	sent = w->to_pf;
	ids(w, CTAG_FILTERS, 500, 2);
	world_fault(w, rule);	/* of the two */
	set(w);
	CHECK(!w->kern.degraded[0] && has(w, 0) == 3 + b);
}

static const char *const losses[] = {
	"drop dir=reply", "drop dir=request", "duplicate dir=reply", "delay=2500 dir=reply",
	"delay=2500 dir=request", "drop dir=reply count=2", "drop dir=request skip=1",
	"reset=silent dir=request", "reset=announced dir=reply",
};

#define NUM_LOSSES	(sizeof(losses) / sizeof(losses[0]))

/* An answer is lost, doubled, late, or a reset comes in its place. */
static void filters_lost(unsigned int p, unsigned int n)
{
	struct world *w = profile_up(p, false);

	add(w, 0x8100, 101, 2);
	for (unsigned int i = 0; i < 3; i++) {
		snprintf(contract_about, sizeof(contract_about), "(%s, %u)", losses[n], i);
		world_fault(w, losses[n]);
		no_ids(w, CTAG_FILTERS);
		if (i < 2)
			ids(w, CTAG_FILTERS, 100 + 2 * i, 9);
		daemon_set_policy(w);
		world_run(w, 9 * SEC);
		faults_clear(w->faults);
		/* A silent reset is noticed by the next message. */
		if (!w->kern.arq && !w->kern.resetting)
			kern_reset_begin(&w->kern, IAVF_RESET_CAUSE_PF_SILENT);
		world_run(w, 9 * SEC);
		converged(w, 9 * SEC);
	}
	CHECK(!w->kern.degraded[0] && has(w, 0) == 2);
}

/* Budgets */

/* The PF's number is for both; what a user was granted comes first when there is no room for all. */
static void pf_budget(unsigned int p, unsigned int b)
{
	struct world *w = profile_up(p, true);
	const unsigned int n = profiles[p].limit;
	uint64_t sent;

	ids(w, CTAG_FILTERS, 1, n - 2);
	set(w);
	CHECK(w->kern.commit.vlan_budget == 2 && status_of(w).pf_budget >= n);
	add(w, 0x8100, 1000, 2);
	CHECK(kern_user_vlan(&w->kern, 0x8100, 1002));
	finish(w, -ENOSPC);
	CHECK(says(w, "VLANs of this VF and has them"));
	add(w, 0x8100, 1, 1);	/* is there */
	right(w);
	CHECK(has(w, 0) == n && !w->kern.degraded[0]);
	no_ids(w, CTAG_FILTERS);
	set(w);
	CHECK(w->kern.commit.vlan_budget == n && has(w, 0) == 3);
	add(w, 0x8100, 1002, 3);
	right(w);
	/* More than there is room for. */
	ids(w, CTAG_FILTERS, 2, n);
	daemon_set_policy(w);
	settle(w);
	CHECK(strstr(w->kern.degraded, "VLANs of this VF") && has(w, 0) == n);
	CHECK(is(w, VF_POLICY_REFUSED, "VLANs of this VF"));
	for (unsigned int i = 0; i < 4; i++) {
		for (unsigned int vid = 1000; vid < 1005; vid++)
			CHECK(lets_in(w, 0, vid));
		CHECK(lets_in(w, 0, 1) && w->kern.degraded[0] && has(w, 0) == n);
		reset(w, i % 3);
		settle(w);
		sent = w->to_pf;
		daemon_kill(w);
		daemon_start(w);
		settle(w);
		CHECK(w->to_pf == sent);
	}
	CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 1000));
	settle(w);
	CHECK(has(w, 0) == n && !lets_in(w, 0, 1000) && w->kern.degraded[0]);
	no_ids(w, CTAG_FILTERS);
	ids(w, CTAG_FILTERS, 2, 2);
	set(w);
	CHECK(has(w, 0) == 7 && !w->kern.degraded[0]);
}

/* So many filters make it find out whether it is trusted. */
static void pf_budget_unknown(unsigned int p, unsigned int untrusted)
{
	struct world *w = profile_up(p, untrusted);

	ids(w, CTAG_FILTERS, 1, 40);
	daemon_set_policy(w);
	settle(w);
	CHECK(has(w, 0) == (untrusted ? profiles[p].limit : 40));
	CHECK(!!w->kern.degraded[0] == untrusted);
	if (!untrusted)
		converged(w, SEC);
}

/* What users may have, whoever answers. */
static void own_budget(unsigned int p, unsigned int ask_all)
{
	struct world *w = profile_up(p, false);
	uint64_t sent;

	w->kern.ask_all = ask_all;
	w->policy.vlan_budgeted = true;
	w->policy.vlan_budget = 3;
	ids(w, CTAG_FILTERS, 500, 2);
	set(w);
	CHECK(w->kern.commit.vlan_budget == 3 && has(w, 0) == 2);
	add(w, 0x8100, 10, 3);
	CHECK(kern_user_vlan(&w->kern, 0x8100, 500));
	finish(w, -ENOSPC);
	CHECK(says(w, "iavfd's configuration allows 3 VLANs on this VF, and it has them"));
	CHECK(kern_user_features(&w->kern, CFILTER, 0));
	finish(w, -EPERM);
	CHECK(says(w, "takes 4094 VLANs, iavfd's configuration allows 3"));
	right(w);
	CHECK(has(w, 0) == 5 && !w->kern.degraded[0] && status_of(w).vlans_users == 3);
	w->policy.vlan_budget = 5;
	set(w);
	add(w, 0x8100, 500, 1);
	add(w, 0x8100, 13, 1);
	right(w);
	CHECK(has(w, 0) == 6);
	/* Nobody loses what he has. */
	sent = w->to_pf;
	w->policy.vlan_budget = 3;
	set(w);
	CHECK(w->to_pf == sent && has(w, 0) == 6);
	CHECK(strstr(w->kern.degraded, "allows 3 VLANs on this VF, 5 are there"));
	CHECK(is(w, VF_POLICY_DONE, "5 are there"));
	reset(w, 0);
	right(w);
	CHECK(has(w, 0) == 6 && w->kern.degraded[0]);
	CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 10));
	CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 11));
	right(w);
	CHECK(!w->kern.degraded[0]);
	w->policy.vlan_budget = 0;
	set(w);
	CHECK(w->kern.degraded[0] && w->kern.commit.vlan_budget == 0);
	w->policy.vlan_budgeted = false;
	set(w);
	CHECK(!w->kern.degraded[0]);
	add(w, 0x8100, 50, 5);
	right(w);
}

/* Allowed VLANs */

/* They go, the others stay, and come back; devices are not touched. */
static void forbid(unsigned int p, unsigned int filters_too)
{
	struct world *w = profile_up(p, false);
	struct vf_policy_status status;

	add(w, 0x8100, 4, 2);
	add(w, 0x8100, 10, 1);
	if (filters_too)
		ids(w, CTAG_FILTERS, 20, 2);
	set(w);
	CHECK(has(w, 0) == (filters_too ? 5 : 3));
	ids(w, CTAG_ALLOWED, 5, 1);
	ids(w, CTAG_ALLOWED, 20, 1);
	daemon_set_policy(w);
	while (!world_settled(w) && world_step(w, w->now + SEC))
		CHECK(lets_in(w, 0, 5));
	right(w);
	CHECK(has(w, 0) == (filters_too ? 2 : 1) && lets_in(w, 0, 5));
	CHECK(strstr(w->kern.degraded, filters_too ?
		     "VLANs 4, 10, 21 not allowed by iavfd's configuration" :
		     "VLANs 4, 10 not allowed by iavfd's configuration"));
	CHECK(is(w, VF_POLICY_DONE, "not allowed by iavfd's configuration"));
	status = status_of(w);
	CHECK(in(status.forbidden[0], 4) && !in(status.forbidden[0], 5));
	CHECK(in(status.forbidden[0], 21) == filters_too);
	CHECK(kern_user_vlan(&w->kern, 0x8100, 6));
	finish(w, -EPERM);
	for (unsigned int kind = 0; kind < 3; kind++) {
		reset(w, kind);
		right(w);
		CHECK(w->kern.degraded[0]);
	}
	daemon_kill(w);
	daemon_start(w);
	right(w);
	CHECK(w->kern.degraded[0]);
	ids(w, CTAG_ALLOWED, 4, 1);
	ids(w, CTAG_ALLOWED, 21, 1);
	set(w);
	CHECK(!strcmp(w->kern.degraded, "VLAN 10 not allowed on this VF by iavfd's configuration"));
	/* A map of all is as none. */
	ids(w, CTAG_ALLOWED, 1, 4094);
	daemon_set_policy(w);
	settle(w);
	CHECK(!w->kern.vlans_limited[0] && !w->kern.degraded[0]);
	no_ids(w, CTAG_ALLOWED);
	right(w);
	CHECK(has(w, 0) == (filters_too ? 5 : 3));
}

static void many_forbidden(unsigned int a, unsigned int b)
{
	static const struct { unsigned int ctag, stag; const char *text; } rows[] = {
		{ 1, 0, "VLAN 100 not allowed on this VF by iavfd's configuration" },
		{ 3, 0, "VLANs 100, 103, 106 not allowed by iavfd's configuration" },
		{ 300, 0, "VLANs 100, 103, 106, 109 and 296 more not allowed by iavfd's configuration" },
		{ 0, 1, "VLAN 100 not allowed on this VF by iavfd's configuration" },
		{ 1, 2, "VLANs 100, stag 100, 103 not allowed by iavfd's configuration" },
	};
	struct world *w = profile_up(0, false);

	for (unsigned int i = 0; i < rows[a].ctag; i++)
		add(w, 0x8100, 100 + 3 * i, 1);
	for (unsigned int i = 0; i < rows[a].stag; i++)
		add(w, 0x88a8, 100 + 3 * i, 1);
	ids(w, CTAG_ALLOWED, 1, 1);
	ids(w, STAG_ALLOWED, 1, 1);
	set(w);
	CHECK(!strcmp(w->kern.degraded, rows[a].text));
	/* A long range beside short ones. */
	if (a)
		return;
	add(w, 0x8100, 1, 1);
	no_ids(w, CTAG_ALLOWED);
	set(w);
	CHECK(!w->kern.degraded[0]);
	add(w, 0x8100, 1000, 1001);
	ids(w, CTAG_ALLOWED, 1, 1);
	set(w);
	CHECK(!strcmp(w->kern.degraded, "VLANs 100, 1000-2000 not allowed by iavfd's configuration"));
}

/* A filter that is off may not be any more: it is switched on, and no VLAN that may be has a gap. */
static void close_filter(unsigned int p, unsigned int how)
{
	struct world *w = profile_up(p, false);
	bool empty = profiles[p].limit == 16;

	add(w, 0x8100, 4, 2);
	CHECK(kern_user_features(&w->kern, CFILTER, 0));
	finish(w, 0);
	right(w);
	add(w, 0x8100, 30, 1);	/* nobody told the driver */
	CHECK(has(w, 0) == (empty ? 0 : 4094));
	if (how == 1) {
		w->policy.vlan_budgeted = true;
		w->policy.vlan_budget = 100;
	} else {
		ids(w, CTAG_ALLOWED, 5, 100);
	}
	if (how == 2)
		ids(w, CTAG_FILTERS, 60, 1);
	daemon_set_policy(w);
	while (!world_settled(w) && world_step(w, w->now + SEC)) {
		CHECK(lets_in(w, 0, 5) || (empty && !has(w, 0)));
		CHECK(lets_in(w, 0, 30) || (empty && !has(w, 0)));
	}
	right(w);
	CHECK(w->kern.features & CFILTER);
	CHECK(has(w, 0) == (how == 0 ? 2 : 3));
	CHECK(!!w->kern.degraded[0] == (how != 1));
	CHECK(kern_user_features(&w->kern, CFILTER, 0));
	finish(w, -EPERM);
	no_ids(w, CTAG_ALLOWED);
	w->policy.vlan_budgeted = false;
	set(w);
	CHECK(!w->kern.degraded[0]);
	CHECK(kern_user_features(&w->kern, CFILTER, 0));
	finish(w, 0);
	right(w);
}

/* Queues */

static void channels(struct world *w, unsigned int n, int err)
{
	CHECK(kern_user_channels(&w->kern, n, n));
	finish(w, err);
}

static void max_queues(unsigned int p, unsigned int up)
{
	struct world *w = up ? profile_up(p, false) :
			       make(&(struct world_config) { .profile = profiles[p].name });
	bool can_ask = strcmp(profiles[p].name, "v1.0");

	daemon_start(w);
	right(w);
	w->policy.max_queues = 2;
	becomes(w, VF_POLICY_DONE, NULL);
	right(w);
	CHECK(w->kern.rx_queues == 2 && w->kern.tx_queues == 2 && w->kern.commit.queues == 2);
	CHECK(w->kern.rings.enabled == up && w->kern.commit.possible_queues == 2);
	CHECK(status_of(w).queues == 2);
	channels(w, 3, -EPERM);
	CHECK(says(w, "iavfd's configuration allows 2 queue pairs on this VF"));
	right(w);
	for (unsigned int kind = 0; kind < 3; kind++) {
		reset(w, kind);
		right(w);
		CHECK(w->kern.rx_queues == 2);
	}
	/* More is allowed, not done. */
	w->policy.max_queues = 3;
	set(w);
	CHECK(w->kern.rx_queues == 2 && w->kern.commit.queues == 3);
	channels(w, 3, 0);
	right(w);
	w->policy.max_queues = 6;
	set(w);
	CHECK(w->kern.commit.queues == 4 && w->kern.commit.possible_queues == (can_ask ? 6 : 4));
	channels(w, 6, can_ask ? 0 : -ENOSPC);
	right(w);
	w->policy.max_queues = 1;
	set(w);
	CHECK(w->kern.rx_queues == 1);
	w->policy.max_queues = 0;
	set(w);
	channels(w, 4, 0);
	right(w);
	CHECK(w->kern.generation == (can_ask ? 5 : 4));
	CHECK(!w->kern.degraded[0]);
}

/* What a new netdev has: as many as the kernel wants and the policy lets it have, asked for at once. */
static void max_queues_at_first(unsigned int max, unsigned int wants)
{
	struct world *w = make(&(struct world_config) { .default_queues = wants });
	unsigned int has_now = wants && wants < max ? wants : !wants && max > 4 ? 4 : max;

	w->policy.max_queues = max;
	daemon_start(w);
	right(w);
	open_now(w);
	right(w);
	CHECK(w->kern.rx_queues == has_now && w->kern.tx_queues == has_now);
	CHECK(w->op_count[VIRTCHNL_OP_REQUEST_QUEUES] == (has_now > 4));
	for (unsigned int i = 0; i < 2; i++) {
		reset(w, i);
		right(w);
		CHECK(w->kern.rx_queues == has_now);
	}
}

/* The PF does not let it have fewer: the kernel has those of before, or none. */
static void fewer_refused(unsigned int p, unsigned int times)
{
	struct world *w = profile_up(p, false);
	uint64_t sent = w->to_pf;
	char rule[80];

	snprintf(rule, sizeof(rule), "refuse=-5 dir=request op=CONFIG_VSI_QUEUES count=%u", times);
	world_fault(w, rule);
	w->policy.max_queues = 2;
	becomes(w, VF_POLICY_REFUSED, "PF refused CONFIG_VSI_QUEUES");
	world_run(w, 10 * SEC);
	CHECK(is(w, VF_POLICY_REFUSED, "PF refused CONFIG_VSI_QUEUES"));
	CHECK(strstr(w->kern.degraded, "PF refused CONFIG_VSI_QUEUES"));
	CHECK(w->to_pf - sent < 30 && w->kern.rx_queues == 4);
	if (times == 1)
		CHECK(w->kern.rings.enabled && w->kern.commit.queues == 4);
	faults_clear(w->faults);
	if (times % 2) {
		reset(w, 0);
	} else {
		w->policy.max_queues = 1;
		daemon_set_policy(w);
	}
	settle(w);
	if (!w->kern.rings.enabled) {
		kern_user_down(&w->kern);
		CHECK(world_user_done(w, 8 * SEC));
		open_now(w);
	}
	settle(w);
	converged(w, 30 * SEC);
	CHECK(is(w, VF_POLICY_DONE, NULL) && w->kern.rx_queues == (times % 2 ? 2 : 1));
	CHECK(!w->kern.degraded[0]);
}

/* The table of a user names queues that are no more. */
static void max_queues_and_table(unsigned int a, unsigned int b)
{
	struct world *w = profile_up(0, false);

	CHECK(kern_user_rss(&w->kern, RSS_TABLE, 3));
	finish(w, 0);
	w->policy.max_queues = 2;
	set(w);
	CHECK(w->kern.rx_queues == 2 && strstr(w->kern.degraded, "RSS table asks for queue 3"));
	w->policy.max_queues = 0;
	set(w);
	channels(w, 4, 0);
	right(w);
	CHECK(!w->kern.degraded[0]);
}

/* Nothing of a policy that makes no sense is done. */
static void senseless(unsigned int what, unsigned int b)
{
	struct world *w = profile_up(0, false);
	struct vf_policy policy = { .max_queues = 2, .vlan_budgeted = true };
	unsigned int commits, records;
	struct vf_io io = { 0 };

	world_run(w, SEC);
	commits = w->kern.commits;
	records = w->kern.records;
	if (what)
		policy.on_absence = IAVF_ABSENCE_DOWN + 1;
	else
		policy.grace_ms = VF_GRACE_MAX_MS + 1;
	CHECK(vf_set_policy(w->vf, w->now, &policy) == -EINVAL);
	errno = 0;
	CHECK(!vf_new(&io, &policy) && errno == EINVAL);
	right(w);
	CHECK(w->kern.commits == commits && w->kern.records == records);
	CHECK(!status_of(w).policy.max_queues && !status_of(w).policy.vlan_budgeted);
	w->policy.grace_ms = VF_GRACE_MAX_MS;
	w->policy.on_absence = IAVF_ABSENCE_DOWN;
	set(w);
	CHECK(w->kern.commit.grace_ms == VF_GRACE_MAX_MS);
	/* What is there, and one thing of it new: read, changed, set. */
	policy = status_of(w).policy;
	policy.max_queues = 3;
	policy.recorded = true;
	CHECK(vf_set_policy(w->vf, w->now, &policy) == 0);
	w->policy.max_queues = 3;
	right(w);
	CHECK(w->kern.commit.queues == 3 && w->kern.commit.grace_ms == VF_GRACE_MAX_MS);
}

/* What the kernel hears of, and how often */

static void told(unsigned int a, unsigned int b)
{
	struct world *w = profile_up(0, false);
	unsigned int commits, records;
	uint64_t sent;

	world_run(w, SEC);
	commits = w->kern.commits;
	records = w->kern.records;
	sent = w->to_pf;
	set(w);
	w->policy.random += 5;
	w->policy.mac[5]++;
	w->policy.vlan_budget = 7;	/* there is none */
	set(w);
	ids(w, CTAG_ALLOWED, 1, 4094);
	daemon_set_policy(w);
	no_ids(w, CTAG_ALLOWED);
	ids(w, CTAG_FILTERS, 1, 0);
	set(w);
	CHECK(w->kern.commits == commits && w->kern.records == records);
	/* A limit that is none is the next daemon's to know. */
	w->policy.max_queues = 16;
	set(w);
	CHECK(w->kern.commits == commits && w->kern.records == records + 1);
	w->policy.on_absence = IAVF_ABSENCE_DOWN;
	set(w);
	CHECK(w->kern.commits == commits + 1 && w->kern.records == records + 2);
	w->policy.grace_ms = 5000;
	set(w);
	CHECK(w->kern.commits == commits + 2);
	CHECK(w->kern.commit.grace_ms == 5000 && w->kern.commit.on_absence == IAVF_ABSENCE_DOWN);
	ids(w, STAG_ALLOWED, 1, 5);
	set(w);
	CHECK(w->kern.commits == commits + 3 && w->to_pf == sent);
	ids(w, STAG_FILTERS, 2, 1);
	set(w);
	CHECK(w->kern.commits == commits + 4 && w->to_pf == sent + 1);
	w->policy = (struct vf_policy) { .random = 3 };
	set(w);
	CHECK(w->kern.commits == commits + 5 && w->to_pf == sent + 2);
	CHECK(w->kern.commit.on_absence == IAVF_ABSENCE_HOLD && w->kern.generation == 1);
}

/* The next daemon */

static void rich(struct world *w, unsigned int which)
{
	for (enum map m = 0; m < NUM_MAPS; m++)
		no_ids(w, m);
	ids(w, CTAG_FILTERS, 100 + which, 200);
	ids(w, STAG_FILTERS, 300, 2);
	ids(w, CTAG_ALLOWED, 1, 1000);
	w->policy.vlan_budgeted = true;
	w->policy.vlan_budget = 40 + which;
	w->policy.max_queues = 3 - which;
	w->policy.on_absence = IAVF_ABSENCE_ISOLATE;
	w->policy.grace_ms = 1000 + which;
}

static bool in_force(const struct world *w)
{
	const struct vf_policy_status status = status_of(w);
	const struct vf_policy *is = &status.policy, *want = &w->policy;

	return is->vlan_ctag_filters && is->vlan_ctag_allowed && is->vlan_stag_filters &&
	       !is->vlan_stag_allowed &&
	       !memcmp(is->vlan_ctag_filters, want->vlan_ctag_filters, VF_VLAN_BYTES) &&
	       !memcmp(is->vlan_ctag_allowed, want->vlan_ctag_allowed, VF_VLAN_BYTES) &&
	       !memcmp(is->vlan_stag_filters, want->vlan_stag_filters, VF_VLAN_BYTES) &&
	       is->vlan_budgeted && is->vlan_budget == want->vlan_budget &&
	       is->max_queues == want->max_queues && is->on_absence == want->on_absence &&
	       is->grace_ms == want->grace_ms;
}

/* lazy: the record was set a while ago. how: 0 the same, 1 as recorded, 2 another, 3 none */
static void adopted(unsigned int how, unsigned int lazy)
{
	struct world *w = profile_up(0, false);
	struct vf_policy before;
	uint64_t sent;

	add(w, 0x8100, 50, 3);
	rich(w, 0);
	set(w);
	if (lazy)
		world_run(w, SEC);
	daemon_kill(w);
	before = w->policy;
	sent = w->to_pf;
	if (how == 1)
		w->policy = (struct vf_policy) { .random = 1 };
	if (how == 2)
		rich(w, 1);	/* one filter goes, another comes; a queue fewer */
	if (how == 3)
		w->policy = (struct vf_policy) { .random = 1 };
	w->recorded = how == 1;
	daemon_start(w);
	settle(w);
	if (how == 1) {
		CHECK(status_of(w).policy.recorded);
		w->policy = before;
	}
	right(w);
	if (how < 3)
		CHECK(in_force(w));
	snprintf(contract_about, sizeof(contract_about), "(%u)", (unsigned int)(w->to_pf - sent));
	/* Disable, vectors, table, configure and enable are the price of fewer queues. */
	CHECK(w->to_pf - sent == (how < 2 ? 0 : how == 2 ? 2 + 5 : 3));
	CHECK(!w->kern.degraded[0] && w->kern.generation == 1);
	/* And the one after it. */
	world_run(w, SEC);
	sent = w->to_pf;
	daemon_kill(w);
	w->recorded = how < 3;
	daemon_start(w);
	right(w);
	CHECK(w->to_pf == sent);
	if (how < 3)
		CHECK(in_force(w));
}

/* As recorded, over a reset that nobody saw, and changed by hand before. */
static void recorded(unsigned int kind, unsigned int b)
{
	struct world *w = profile_up(0, false);

	rich(w, 0);
	set(w);
	rich(w, 1);
	daemon_set_policy(w);	/* and dies at once */
	daemon_kill(w);
	if (kind < 3)
		reset(w, kind);
	world_run(w, b * MS);
	w->recorded = true;
	daemon_start(w);
	settle(w);
	CHECK(in_force(w));
	right(w);
	/* Somebody sets another. */
	w->policy = (struct vf_policy) { .random = 1 };
	set(w);
	CHECK(!status_of(w).policy.recorded && has(w, 0) == 0);
}

/* No record, or none that can be read: no limits, and what is not wanted goes. */
static void not_recorded(unsigned int how, unsigned int b)
{
	struct world *w = profile_up(0, false);

	rich(w, 0);
	set(w);
	daemon_kill(w);
	if (how)
		w->kern.record[4] = 99;
	else
		w->kern.record_any = false;
	w->policy = (struct vf_policy) { .random = 1 };
	w->recorded = true;
	daemon_start(w);
	world_run(w, SEC);
	converged(w, 10 * SEC);
	CHECK(has(w, 0) == 0 && w->kern.commit.queues == 4);
}

/* At any time */

static void change(struct world *w, unsigned int n)
{
	if (n % 3 == 2)
		w->policy = (struct vf_policy) { .random = 1 };
	else
		rich(w, n % 3);
	daemon_set_policy(w);
}

#define WAYS	9

static void begin(struct world *w, unsigned int what)
{
	static const uint8_t mac[6] = { 0x02, 9, 9, 9, 9, 9 };
	struct kern *k = &w->kern;

	switch (what) {
	case 0:
		CHECK(kern_user_mtu(k, 3000, 0));
		break;
	case 1:
		CHECK(kern_user_channels(k, 3, 4));
		break;
	case 2:
		CHECK(kern_user_channels(k, 6, 6));
		break;
	case 3:
		CHECK(kern_user_mac(k, mac));
		break;
	case 4:
		k->ask_all = true;
		CHECK(kern_user_vlan(k, 0x8100, 150));
		break;
	case 5:
		CHECK(kern_user_features(k, CFILTER, 0));
		break;
	case 6:
		CHECK(kern_user_rss(k, RSS_KEY | RSS_SYMMETRIC, 5));
		break;
	case 7:
		CHECK(kern_user_down(k));
		break;
	case 8:
		reset(w, 0);
		break;
	}
}

static unsigned int resets_of(unsigned int what)
{
	return what == 8 || what == 2;	/* more queues are one, too */
}

/* Users and policy at the same time: n steps after one the other. */
static void meanwhile(unsigned int what, unsigned int n)
{
	struct world *w = profile_up(0, false);
	bool first = n & 1;

	snprintf(contract_about, sizeof(contract_about), "(call %u, %u steps)", what, n / 2);
	add(w, 0x8100, 50, 3);
	world_run(w, SEC);
	if (first)
		change(w, 0);
	else
		begin(w, what);
	for (unsigned int i = 0; i < n / 2; i++)
		world_step(w, w->now + SEC);
	if (!first)
		change(w, 0);
	else if (w->kern.user.op == USER_NONE)
		begin(w, what);
	CHECK(world_user_done(w, 8 * SEC));
	if (what == 7 && !w->kern.up) {
		CHECK(kern_user_open(&w->kern));
		for (unsigned int i = 0; i < n / 2; i++)
			world_step(w, w->now + SEC);
		change(w, 1);
	}
	CHECK(world_user_done(w, 8 * SEC));
	right(w);
	CHECK(w->kern.generation <= 1 + resets_of(what));
	CHECK(!w->kern.up || w->kern.rings.enabled);
	CHECK(!w->kern.degraded[0]);
	change(w, 2);
	right(w);
	CHECK(has(w, 0) == (w->kern.features & CFILTER ? count(w->kern.vlan_devs[0]) : 4094));
}

/*
 * The policy decides a request just after a reset that the daemon did not hear of: the kernel does not
 * take that answer, and the user gets one of the next generation.
 */
static void answer_in_reset(unsigned int p, unsigned int n)
{
	struct world *w = profile_up(p, false);
	uint64_t start;

	w->kern.ask_all = true;
	pf_set_msg_delay(w->pf, 30 * MS);
	CHECK(kern_user_vlan(&w->kern, 0x8100, 150));
	start = w->now;
	for (unsigned int i = 0; i < n; i++)
		world_step(w, w->now + SEC);
	reset(w, 0);
	while (w->kern.generation == 1)
		CHECK(world_step(w, w->now + SEC));
	ids(w, CTAG_ALLOWED, 1, 100);
	daemon_set_policy(w);
	finish(w, -EPERM);
	CHECK(w->now - start < SEC);
	pf_set_msg_delay(w->pf, 50 * US);
	right(w);
}

/* RSS that a user waits for is not shown, and what was before is when he does not get it. */
static void told_meanwhile(unsigned int how, unsigned int b)
{
	struct world *w = profile_up(0, false);

	CHECK(kern_user_rss_fields(&w->kern, 0, 10));
	finish(w, 0);
	right(w);
	world_fault(w, how ? "drop dir=request op=ADD_RSS_CFG count=2" :
			     "refuse=-5 dir=request op=ADD_RSS_CFG");
	pf_set_msg_delay(w->pf, MS);
	CHECK(kern_user_rss_fields(&w->kern, 0, 14));
	world_run(w, 200 * US);
	w->policy.grace_ms = 5;
	daemon_set_policy(w);
	CHECK(w->kern.commit.grace_ms == 5);
	CHECK(world_user_done(w, 8 * SEC));
	CHECK(w->kern.user.err || how);
	settle(w);
	converged(w, SEC);
}

/* At step n of a bring-up, or of what comes after a reset, and once more a step later. */
static void in_bringup(unsigned int p, unsigned int n)
{
	struct world *w = make(&(struct world_config) { .profile = profiles[p].name });

	daemon_start(w);
	for (unsigned int i = 0; i < n; i++)
		world_step(w, w->now + SEC);
	change(w, 0);
	world_step(w, w->now + SEC);
	change(w, 1);
	right(w);
	open_now(w);
	right(w);
	CHECK(w->kern.generation == 1 && w->kern.rx_queues == 2);
	reset(w, n % 3);
	for (unsigned int i = 0; i < n; i++)
		world_step(w, w->now + SEC);
	change(w, 2);
	world_step(w, w->now + SEC);
	change(w, 0);
	right(w);
	CHECK(w->kern.generation == 2 && w->kern.rings.enabled);
}

/* Dies before (odd n) or behind an order, and the next one has the policy of then, or as recorded. */
static void lives(struct world *w)
{
	for (unsigned int i = 0; i < 4; i++) {
		change(w, i);
		settle(w);
		if (i == 1)
			reset(w, 0);
		settle(w);
	}
}

static void death(unsigned int n, unsigned int as_recorded)
{
	struct world *w = profile_up(0, false);
	unsigned int before = w->points, points;
	uint64_t sent = w->to_pf, undisturbed;

	lives(w);
	right(w);
	points = w->points - before;
	undisturbed = w->to_pf - sent;
	if (n > points)
		return;
	world_free(w);
	w = profile_up(0, false);
	sent = w->to_pf;
	w->die_at = n;
	w->revive_ns = 100 * US;
	w->recorded = as_recorded;
	for (unsigned int i = 0; i < 4; i++) {
		change(w, i);
		settle(w);
		/* Whether it had got into the record does not matter then. */
		if (as_recorded && !w->die_at)
			daemon_set_policy(w);
		settle(w);
		if (i == 1)
			reset(w, 0);
		right(w);
	}
	CHECK(!w->die_at);
	snprintf(contract_about, sizeof(contract_about), "(%llu messages instead of %llu)",
		 (unsigned long long)(w->to_pf - sent), (unsigned long long)undisturbed);
	CHECK(w->to_pf - sent <= undisturbed + 1);
}

/* An address that the netdev has already: what the PF says of it is told, and no sooner. */
static void own_address(unsigned int p, unsigned int refused)
{
	const uint8_t mac[6] = { 2, 0, 0, 0, 0x66, 1 };
	struct world *w = make_up(&(struct world_config) { .profile = profiles[p].name });
	uint8_t before[6];
	char why[200] = "";

	memcpy(before, w->kern.mac, 6);
	CHECK(!vf_mac_state(w->vf, before, why, sizeof(why)));
	CHECK(vf_mac_state(w->vf, mac, why, sizeof(why)) == -EINPROGRESS);
	if (refused)
		world_fault(w, "refuse=-5 dir=request op=ADD_ETH_ADDR");
	CHECK(!w->io.netdev_update(w->io.ctx, w->kern.generation, mac, 0));
	while (memcmp(w->kern.mac, mac, 6))
		CHECK(world_step(w, w->now + SEC));
	CHECK(vf_mac_state(w->vf, mac, why, sizeof(why)) == -EINPROGRESS);
	CHECK(world_settle(w, SEC));
	CHECK(vf_mac_state(w->vf, mac, why, sizeof(why)) == (refused ? -EINVAL : 0));
	CHECK(!refused == !why[0]);
	CHECK(!w->io.netdev_update(w->io.ctx, w->kern.generation, before, 0));
	CHECK(world_settle(w, SEC));
	CHECK(!vf_mac_state(w->vf, before, why, sizeof(why)));
	converged(w, SEC);
}

void cases_policy(void)
{
	for (unsigned int p = 0; p < NUM; p++) {
		if (!profiles[p].ctag) {
			contract_run("policy: no filters", no_filters, p, 0);
			contract_run("policy: no filters", no_filters, p, 1);
			continue;
		}
		for (unsigned int i = 0; i < 2; i++) {
			contract_run("policy: filters", filters, p, i);
			contract_run("policy: refused", filters_refused, p, i);
			contract_run("policy: own address", own_address, p, i);
			contract_run("policy: budget", own_budget, p, i);
			contract_run("policy: forbidden", forbid, p, i);
			contract_run("policy: trust", pf_budget_unknown, p, i);
		}
		contract_run("policy: the PF's budget", pf_budget, p, 0);
		for (unsigned int i = 0; i < 6; i++)
			contract_run("policy: resets", filters_last, p, i);
		for (unsigned int i = 0; i < NUM_LOSSES; i++)
			contract_run("policy: lost", filters_lost, p, i);
		for (unsigned int i = 0; i < 3; i++)
			contract_run("policy: closing", close_filter, p, i);
	}
	contract_run("policy: both types", filters_of_both, 0, 0);
	for (unsigned int i = 0; i < 6; i++)
		contract_run("policy: open first", open_first, i % 2, i / 2);
	contract_run("policy: senseless", senseless, 0, 0);
	contract_run("policy: senseless", senseless, 1, 0);
	contract_run("policy: RSS meanwhile", told_meanwhile, 0, 0);
	contract_run("policy: RSS meanwhile", told_meanwhile, 1, 0);
	for (unsigned int n = 0; n < 3; n++)
		contract_run("policy: answer in a reset", answer_in_reset, 0, n);
	for (unsigned int i = 0; i < 4; i++) {
		contract_run("policy: fewer queues refused", fewer_refused, 0, 1 + i);
		contract_run("policy: fewer queues refused", fewer_refused, 4, 1 + i);
	}
	contract_run("policy: fewer queues refused", fewer_refused, 0, 1000);
	for (unsigned int i = 0; i < 5; i++)
		contract_run("policy: sentence", many_forbidden, i, 0);
	for (unsigned int p = 0; p < NUM; p++) {
		contract_run("policy: queues", max_queues, p, 0);
		contract_run("policy: queues", max_queues, p, 1);
		for (unsigned int n = 0; n < 40; n++)
			contract_run("policy: in bring-up", in_bringup, p, n);
	}
	for (unsigned int i = 0; i < 12; i++)
		contract_run("policy: queues at first", max_queues_at_first,
			     (unsigned int[]) { 2, 6, 16 }[i / 4], (unsigned int[]) { 0, 1, 4, 8 }[i % 4]);
	contract_run("policy: queues and table", max_queues_and_table, 0, 0);
	contract_run("policy: told", told, 0, 0);
	for (unsigned int i = 0; i < 8; i++)
		contract_run("policy: adopted", adopted, i / 2, i % 2);
	for (unsigned int i = 0; i < 12; i++)
		contract_run("policy: recorded", recorded, i % 4, (unsigned int[]) { 0, 3, 400 }[i / 4]);
	contract_run("policy: not recorded", not_recorded, 0, 0);
	contract_run("policy: not recorded", not_recorded, 1, 0);
	for (unsigned int what = 0; what < WAYS; what++) {
		for (unsigned int n = 0; n < 2 * 40; n++)
			contract_run("policy: meanwhile", meanwhile, what, n);
	}
	for (unsigned int n = 1; n <= 120; n++) {
		contract_run("policy: death", death, n, 0);
		contract_run("policy: death", death, n, 1);
	}
}

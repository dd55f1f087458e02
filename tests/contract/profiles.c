// SPDX-License-Identifier: GPL-2.0-or-later
/* Every kind of PF, trusted and not: its grants, its limits, its words, and what a host changes under a running VF. */
#include <errno.h>
#include <string.h>

#include "contract.h"

#define CTAG	(IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT)
#define STAG	(IAVF_FEATURES_VLAN_STAG_STRIP | IAVF_FEATURES_VLAN_STAG_INSERT)
#define CFILTER	IAVF_FEATURES_VLAN_CTAG_FILTER
#define SFILTER	IAVF_FEATURES_VLAN_STAG_FILTER
#define VLANS	(CTAG | STAG | CFILTER | SFILTER)

static const uint8_t other[6] = { 0x02, 1, 2, 3, 4, 5 };

static const struct profile {
	const char *name;
	uint32_t vlans;			/* what of VLANs it grants */
	uint8_t tag;			/* where tags are in descriptors */
	uint32_t mtu;
} profiles[] = {
	{ "ice-dvm", VLANS, IAVF_VLAN_TAG_L2TAG2, 9702 },
	{ "ice-svm", CTAG | CFILTER, IAVF_VLAN_TAG_L2TAG1, 9702 },
	{ "ice-port-vlan", CTAG, IAVF_VLAN_TAG_L2TAG1, 9698 },
	{ "ice-svm-port-vlan", 0, IAVF_VLAN_TAG_NONE, 9698 },
	{ "i40e", CTAG | CFILTER, IAVF_VLAN_TAG_L2TAG1, 9702 },
	{ "v1.0", CTAG | CFILTER, IAVF_VLAN_TAG_L2TAG1, 1500 },
};

#define NUM	(sizeof(profiles) / sizeof(profiles[0]))

static bool is(unsigned int p, const char *name)
{
	return !strcmp(profiles[p].name, name);
}

static struct world *world_of(unsigned int p, bool untrusted, bool host_mac)
{
	return make_up(&(struct world_config) {
		.profile = profiles[p].name, .untrusted = untrusted, .host_mac = host_mac,
	});
}

static void finish(struct world *w, int err)
{
	CHECK(world_user_done(w, 6 * SEC));
	CHECK(w->kern.user.err == err);
}

static void reset(struct world *w, unsigned int kind)
{
	if (kind == 2)
		pf_flr(w->pf, w->now, 0);
	else
		pf_reset(w->pf, w->now, 0, kind ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
}

static void bringup(unsigned int p, unsigned int untrusted)
{
	struct world *w = world_of(p, untrusted, false);
	const struct vf_commit *c = &w->kern.commit;

	CHECK(!w->kern.degraded[0]);
	CHECK(w->to_pf <= 12 && w->kern.resets_asked == 0 && w->kern.generation == 1);
	CHECK((c->features & VLANS) == profiles[p].vlans);
	CHECK(c->tx_tag == profiles[p].tag && c->rx_tag == profiles[p].tag);
	CHECK(c->max_mtu == profiles[p].mtu && c->queues == 4 && c->max_vectors == 5);
	CHECK(c->features & IAVF_FEATURES_RX_HASH);
	CHECK(!c->rss_hena == !is(p, "v1.0"));
	CHECK(!(c->features & IAVF_FEATURES_ADV_LINK_SPEED) == is(p, "v1.0"));
	CHECK(!memcmp(w->kern.mac, w->policy.mac, 6));
}

/* As many VLANs as any PF takes of an untrusted VF, where it has filters. */
static void some_vlans(struct world *w, unsigned int p, unsigned int first, unsigned int n)
{
	for (unsigned int i = 0; i < n && profiles[p].vlans & CFILTER; i++) {
		CHECK(kern_user_vlan(&w->kern, 0x8100, first + i));
		finish(w, 0);
	}
}

/* What people do all day. */
static void day(unsigned int p, unsigned int untrusted)
{
	struct world *w = world_of(p, untrusted, false);
	uint64_t sent;

	some_vlans(w, p, 10, 2);
	kern_user_lists(&w->kern, 1, 2, 0);
	converged(w, SEC);
	CHECK(kern_user_mac(&w->kern, other));
	finish(w, 0);
	converged(w, SEC);
	CHECK(kern_user_mtu(&w->kern, 1400, 0));
	finish(w, 0);
	for (unsigned int on = 0; on < 2; on++) {
		if (!(profiles[p].vlans & CTAG) || is(p, "v1.0"))
			break;
		CHECK(kern_user_features(&w->kern, CTAG, on ? CTAG : 0));
		finish(w, 0);
		converged(w, SEC);
		some_vlans(w, p, 20 + on, 1);
		converged(w, SEC);
	}
	kern_user_flags(&w->kern, IAVF_RX_FLAGS_ALLMULTI);
	CHECK(kern_user_down(&w->kern));
	finish(w, 0);
	open_now(w);
	converged(w, SEC);
	kern_user_flags(&w->kern, 0);
	if (profiles[p].vlans & CFILTER)
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 10));
	kern_user_lists(&w->kern, 0, 1, 9);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	/* A new daemon has nothing to say. */
	world_run(w, SEC);
	sent = w->to_pf;
	daemon_kill(w);
	daemon_start(w);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(w->to_pf == sent);
}

static void resets(unsigned int p, unsigned int kind)
{
	struct world *w = world_of(p, kind >= 3, kind == 1);
	uint64_t sent;

	some_vlans(w, p, 10, 3);
	kern_user_lists(&w->kern, 1, 2, 0);
	converged(w, SEC);
	for (unsigned int i = 0; i < 3; i++) {
		sent = w->to_pf;
		reset(w, kind % 3);
		kern_user_lists(&w->kern, 1, 2, 10 + i);
		world_run(w, SEC);
		converged(w, 5 * SEC);
		CHECK(w->kern.generation == 2 + i && w->kern.resets_asked == 0);
		CHECK(w->to_pf - sent < 20);
	}
	CHECK(!w->kern.degraded[0]);
}

/* More than it takes of an untrusted VF: as many as fit, a reason, and an end. */
static void too_many(unsigned int p, unsigned int b)
{
	struct world *w = world_of(p, true, false);
	uint64_t sent = w->to_pf;

	kern_user_lists(&w->kern, 20, 40, 0);
	CHECK(world_settle(w, SEC));
	CHECK(w->to_pf - sent < 60);
	CHECK(strstr(w->kern.degraded, "16 of 60 addresses") &&
	      strstr(w->kern.degraded, "untrusted"));
	CHECK(pf_vsi(w->pf, 0)->num_macs == 18);
	sent = w->to_pf;
	world_run(w, 10 * SEC);
	CHECK(w->to_pf == sent);
	kern_user_lists(&w->kern, 2, 2, 0);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

/* The host gave the address, and does not trust the VF. */
static void not_its_own(unsigned int p, unsigned int b)
{
	struct world *w = world_of(p, true, true);

	CHECK(!memcmp(w->kern.mac, w->host_mac, 6));
	CHECK(kern_user_mac(&w->kern, other));
	finish(w, -EPERM);
	CHECK(strstr(w->kern.user.message, "ADD_ETH_ADDR") &&
	      strstr(w->kern.user.message, "host set the MAC"));
	CHECK(strstr(w->kern.user.message, is(p, "i40e") ? "-1 EPERM" : "-53"));
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	/* Trusted it may. */
	CHECK(pf_set_trust(w->pf, w->now, 0, true) == 0);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(kern_user_mac(&w->kern, other));
	finish(w, 0);
	converged(w, SEC);
}

static void refused_filter(unsigned int p, unsigned int b)
{
	struct world *w = world_of(p, false, false);

	w->kern.ask_all = true;	/* where there are no filters the stack does not ask */
	CHECK(kern_user_vlan(&w->kern, 0x88a8, 7));
	finish(w, profiles[p].vlans & SFILTER ? 0 : -EOPNOTSUPP);
	if (profiles[p].vlans & SFILTER)
		return;
	CHECK(strstr(w->kern.user.message, "VLAN"));
	converged(w, SEC);
}

/* Each word of the PF has an errno and a sentence. */
static void words(unsigned int p, unsigned int b)
{
	static const struct { const char *rule; int err; } rows[] = {
		{ "refuse=-22 dir=request op=ADD_ETH_ADDR", -EINVAL },
		{ "refuse=-1 dir=request op=ADD_ETH_ADDR", -EPERM },
		{ "refuse=-12 dir=request op=ADD_ETH_ADDR", -ENOMEM },
		{ "refuse=-19 dir=request op=ADD_ETH_ADDR", -ENODEV },
		{ "refuse=-28 dir=request op=ADD_ETH_ADDR", -ENOSPC },
		{ "refuse=-95 dir=request op=ADD_ETH_ADDR", -EOPNOTSUPP },
	};
	struct world *w = world_of(p, false, false);

	CHECK(b < sizeof(rows) / sizeof(rows[0]));
	world_fault(w, rows[b].rule);
	CHECK(kern_user_mac(&w->kern, other));
	finish(w, rows[b].err);
	CHECK(strstr(w->kern.user.message, "PF refused ADD_ETH_ADDR"));
	converged(w, SEC);
}

static bool has_port_vlan(unsigned int p)
{
	return !(profiles[p].vlans & CFILTER);
}

/* Address, trust, port VLAN, longest frame: the netdev follows, and nothing goes round in circles. */
static void host_changes(unsigned int p, unsigned int untrusted)
{
	const uint8_t mac[6] = { 0x02, 0xee, 0, 0, 0, 1 };
	struct world *w = world_of(p, untrusted, false);
	uint64_t sent;

	/* Only groups: an untrusted VF with an address of the host's may have no other. */
	kern_user_lists(&w->kern, 0, 2, 0);
	converged(w, SEC);
	CHECK(kern_user_mac(&w->kern, other));
	finish(w, 0);
	sent = w->to_pf;
	memcpy(w->host_mac, mac, 6);
	CHECK(pf_set_mac(w->pf, w->now, 0, mac) == 0);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(!memcmp(w->kern.mac, mac, 6));
	CHECK(pf_set_trust(w->pf, w->now, 0, untrusted) == 0);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(!memcmp(w->kern.mac, mac, 6));
	CHECK(pf_set_port_vlan(w->pf, w->now, 0, has_port_vlan(p) ? 0 : 0x8100, 50) == 0);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(!(w->kern.commit.features & CFILTER) == !has_port_vlan(p));
	CHECK(!memcmp(w->kern.mac, mac, 6));
	CHECK(pf_set_max_frame(w->pf, w->now, 0, 2000) == 0);
	reset(w, 0);
	world_run(w, SEC);
	CHECK(w->kern.max_mtu == (is(p, "v1.0") ? 1500 : has_port_vlan(p) ? 1974 : 1970));
	converged(w, SEC);
	CHECK(w->kern.generation == 5 && w->kern.resets_asked == 0);
	CHECK(w->to_pf - sent < 80);
	CHECK(!w->kern.degraded[0]);
}

/* The host loads another PF driver under a running VF. */
static void another_pf(unsigned int from, unsigned int to)
{
	bool untrusted = to >= NUM;
	struct world *w = world_of(from, false, false);
	const struct profile *t = &profiles[to % NUM];
	uint64_t sent;

	kern_user_lists(&w->kern, 1, 2, 0);
	converged(w, SEC);
	sent = w->to_pf;
	CHECK(pf_set_profile(w->pf, w->now, t->name, untrusted) == 0);
	kern_user_lists(&w->kern, 1, 2, 7);	/* which makes somebody look */
	world_run(w, 5 * SEC);
	CHECK(w->to_pf - sent < 60 && w->kern.resets_asked <= 1);
	CHECK((w->kern.commit.features & VLANS) == t->vlans);
	CHECK(w->kern.commit.tx_tag == t->tag && w->kern.max_mtu == t->mtu);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(w->to_pf == sent);
}

/* i40e hears nothing for a while after a reset: the request for one comes again, in other words. */
static void deaf(unsigned int p, unsigned int ms)
{
	struct world *w = world_of(p, false, false);

	reset(w, 1);
	kern_user_lists(&w->kern, 1, 1, 0);
	world_run(w, 120 * MS + ms * MS);
	CHECK(w->kern.generation == 2);
	kern_reset_begin(&w->kern, IAVF_RESET_CAUSE_OWNER);
	world_run(w, 3 * SEC);
	converged(w, 5 * SEC);
	CHECK(w->kern.generation == 3);
}

static void life(unsigned int p, unsigned int seed)
{
	contract_life(profiles[p].name, seed, seed % 3 == 2);
}

void cases_profiles(void)
{
	for (unsigned int p = 0; p < NUM; p++) {
		for (unsigned int untrusted = 0; untrusted < 2; untrusted++) {
			contract_run("profile", bringup, p, untrusted);
			contract_run("profile's day", day, p, untrusted);
			contract_run("profile's host", host_changes, p, untrusted);
		}
		for (unsigned int kind = 0; kind < 6; kind++)
			contract_run("profile's resets", resets, p, kind);
		for (unsigned int i = 0; i < 6; i++)
			contract_run("profile's words", words, p, i);
		contract_run("profile's limit", too_many, p, 0);
		contract_run("profile's address", not_its_own, p, 0);
		if (!is(p, "ice-svm"))
			contract_run("profile's filters", refused_filter, p, 0);
		for (unsigned int to = 0; to < 2 * NUM; to++)
			contract_run("another PF", another_pf, p, to);
		for (unsigned int seed = 0; seed < 100; seed++)
			contract_run("profile's life", life, p, seed);
	}
	for (unsigned int ms = 0; ms < 40; ms += 5)
		contract_run("deaf", deaf, 4, ms);
}

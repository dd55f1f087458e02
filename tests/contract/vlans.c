// SPDX-License-Identifier: GPL-2.0-or-later
/* Filters of VLANs: on, off, and what the PF, the host or the configuration forbids. */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "contract.h"

#include "virtchnl/wire.h"

#define CTAG	IAVF_FEATURES_VLAN_CTAG_FILTER
#define STAG	IAVF_FEATURES_VLAN_STAG_FILTER
#define ALL	33	/* messages for 4094 ids */

static uint16_t tpid_of(uint32_t filter)
{
	return filter == CTAG ? 0x8100 : 0x88a8;
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

static void filter(struct world *w, uint32_t which, bool on, int err)
{
	CHECK(kern_user_features(&w->kern, which, on ? which : 0));
	finish(w, err);
}

static bool says(const struct world *w, const char *what)
{
	return strstr(w->kern.user.message, what);
}

static unsigned int has(struct world *w, uint16_t tpid)
{
	const uint8_t *map = pf_vsi(w->pf, 0)->outer_vlan[tpid == 0x8100 ? 0 : 1];
	unsigned int n = 0;

	for (unsigned int i = 0; i < VF_VLAN_BYTES; i++)
		n += __builtin_popcount(i ? map[i] : map[i] & ~1u);
	return n;
}

static uint32_t adds(const struct world *w)
{
	return w->op_count[VIRTCHNL_OP_ADD_VLAN_V2 & 255];
}

static uint32_t dels(const struct world *w)
{
	return w->op_count[VIRTCHNL_OP_DEL_VLAN_V2 & 255];
}

/* Off: one bulk, and the PF has them all when the call returns. On: what was asked for stays. */
static void toggle(unsigned int n, unsigned int which)
{
	struct world *w = make_up(NULL);
	const uint32_t bit = which ? STAG : CTAG;
	const uint16_t tpid = tpid_of(bit);
	uint32_t added, deleted;

	add(w, tpid, 100, n);
	converged(w, SEC);
	added = adds(w);
	filter(w, bit, false, 0);
	CHECK(has(w, tpid) == 4094);
	CHECK(adds(w) - added <= ALL && dels(w) == 0);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	deleted = dels(w);
	CHECK(kern_user_features(&w->kern, bit, bit));
	while (w->kern.user.op != USER_NONE && world_step(w, w->now + SEC)) {
		/* Never one too few on the way. */
		for (unsigned int vid = 100; vid < 100 + n; vid++)
			CHECK(pf_vsi(w->pf, 0)->outer_vlan[which][vid / 8] >> vid % 8 & 1);
	}
	CHECK(w->kern.user.err == 0);
	CHECK(has(w, tpid) == n);
	CHECK(dels(w) - deleted <= ALL && adds(w) - added <= ALL);
	converged(w, SEC);
}

/* A PF is slow: what waits while two messages are on their way goes together. */
static void together(unsigned int n, unsigned int which)
{
	struct world *w = make_up(NULL);
	const uint16_t tpid = which ? 0x88a8 : 0x8100;
	uint32_t added;

	pf_set_msg_delay(w->pf, 20 * MS);
	added = adds(w);
	add(w, tpid, 1, n);
	CHECK(has(w, tpid) < n);
	CHECK(adds(w) - added <= 2);
	converged(w, 2 * SEC);
	CHECK(has(w, tpid) == n);
	CHECK(adds(w) - added <= 2 + (n * ALL + 4093) / 4094);
	pf_set_msg_delay(w->pf, 50 * US);
}

/* What came and went while it was off, and nobody told the driver. */
static void meanwhile(unsigned int which, unsigned int b)
{
	struct world *w = make_up(NULL);
	const uint32_t bit = which ? STAG : CTAG;
	const uint16_t tpid = tpid_of(bit);
	uint32_t sent;

	add(w, tpid, 10, 5);
	filter(w, bit, false, 0);
	converged(w, SEC);
	sent = w->to_pf;
	add(w, tpid, 2000, 3);
	CHECK(kern_user_vlan_kill(&w->kern, tpid, 11));
	converged(w, SEC);
	CHECK(w->to_pf == sent);
	filter(w, bit, true, 0);
	CHECK(has(w, tpid) == 7);
	converged(w, SEC);
}

static void untrusted(unsigned int which, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true });
	uint64_t sent = w->to_pf;

	filter(w, which ? STAG : CTAG, false, -ENOSPC);
	CHECK(says(w, which ? "rx-vlan-stag-filter off takes 4094 VLANs, PF takes 8" :
			      "rx-vlan-filter off takes 4094 VLANs, PF takes 8"));
	CHECK(w->to_pf == sent && !w->kern.degraded[0]);
	add(w, 0x8100, 1, 8);
	converged(w, SEC);
}

/* The PF has 4,096 for both types: all of one leave two of the other. */
static void other_type(unsigned int which, unsigned int b)
{
	struct world *w = make_up(NULL);
	const uint32_t bit = which ? STAG : CTAG, other = which ? CTAG : STAG;

	filter(w, bit, false, 0);
	CHECK(w->kern.commit.vlan_budget == 2);
	add(w, tpid_of(other), 1, 2);
	CHECK(kern_user_vlan(&w->kern, tpid_of(other), 3));
	finish(w, -ENOSPC);
	converged(w, SEC);
	filter(w, bit, true, 0);
	CHECK(w->kern.commit.vlan_budget == 4096);
	add(w, tpid_of(other), 3, 1);
	filter(w, bit, false, -ENOSPC);
	CHECK(says(w, "leaves 2 VLANs, 3 are in use"));
	converged(w, SEC);
	/* From one type to the other at once. */
	CHECK(kern_user_vlan_kill(&w->kern, tpid_of(other), 3));
	filter(w, bit, false, 0);
	CHECK(kern_user_features(&w->kern, CTAG | STAG, bit));
	finish(w, 0);
	CHECK(has(w, tpid_of(bit)) == 0 && has(w, tpid_of(other)) == 4094);
	converged(w, SEC);
}

enum { RESET, DEATH, DEATH_IN_RESET, DOWN_UP, NUM_LIVES };

static void lasts(unsigned int what, unsigned int which)
{
	struct world *w = make_up(NULL);
	const uint32_t bit = which ? STAG : CTAG;
	uint64_t sent;

	add(w, tpid_of(bit), 7, 3);
	filter(w, bit, false, 0);
	converged(w, SEC);
	sent = w->to_pf;
	if (what == RESET || what == DEATH_IN_RESET)
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	if (what == DEATH_IN_RESET)
		world_run(w, 2 * MS);
	if (what == DEATH || what == DEATH_IN_RESET) {
		daemon_kill(w);
		daemon_start(w);
	}
	if (what == DOWN_UP) {
		CHECK(kern_user_down(&w->kern));
		finish(w, 0);
		open_now(w);
	}
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(has(w, tpid_of(bit)) == 4094);
	if (what == DEATH)
		CHECK(w->to_pf == sent);
	CHECK(w->to_pf - sent < 60);
	filter(w, bit, true, 0);
	CHECK(has(w, tpid_of(bit)) == 3);
	converged(w, SEC);
}

/* Dies in the middle of it, either way: the next one knows what is wanted. */
static void death_between(unsigned int n, unsigned int on)
{
	struct world *w = make_up(NULL);

	add(w, 0x8100, 300, 2);
	if (on)
		filter(w, CTAG, false, 0);
	CHECK(kern_user_features(&w->kern, CTAG, on ? CTAG : 0));
	for (unsigned int i = 0; i < n; i++)
		world_step(w, w->now + SEC);
	daemon_kill(w);
	daemon_start(w);
	CHECK(world_user_done(w, 8 * SEC));
	converged(w, 10 * SEC);
}

/* The host trusts it no more: what VLAN devices need comes back, the rest cannot. */
static void trust_lost(unsigned int n, unsigned int b)
{
	struct world *w = make_up(NULL);

	add(w, 0x8100, 50, n);
	filter(w, CTAG, false, 0);
	add(w, 0x8100, 1000, 2);
	converged(w, SEC);
	CHECK(pf_set_trust(w->pf, w->now, 0, false) == 0);
	world_run(w, 2 * SEC);
	CHECK(world_settle(w, SEC));
	CHECK(w->kern.features & CTAG);
	CHECK(has(w, 0x8100) == (n + 2 < 8 ? n + 2 : 8));
	CHECK(!!w->kern.degraded[0] == (n + 2 > 8));
	CHECK(pf_set_trust(w->pf, w->now, 0, true) == 0);
	world_run(w, 2 * SEC);
	converged(w, SEC);
	CHECK(w->kern.features & CTAG && !w->kern.degraded[0]);
}

/* The PF does not do what it promised: the call fails, and all is as before. */
static void refused(unsigned int skip, unsigned int n)
{
	struct world *w = make_up(NULL);

	add(w, 0x8100, 5, n);
	converged(w, SEC);
	world_note(w, "the PF is full");
	for (unsigned int i = 0; i < 40; i++)
		world_fault(w, skip ? "refuse=-18 dir=request op=ADD_VLAN_V2 skip=9" :
				      "refuse=-18 dir=request op=ADD_VLAN_V2");
	filter(w, CTAG, false, -ENOMEM);
	CHECK(says(w, "ADD_VLAN_V2"));
	converged(w, 2 * SEC);
	CHECK(!w->kern.degraded[0] && has(w, 0x8100) == n);
}

/* The caller is killed half-way. */
static void cancelled(unsigned int n, unsigned int on)
{
	struct world *w = make_up(NULL);

	add(w, 0x8100, 5, 3);
	if (on)
		filter(w, CTAG, false, 0);
	CHECK(kern_user_features(&w->kern, CTAG, on ? CTAG : 0));
	for (unsigned int i = 0; i < n; i++)
		world_step(w, w->now + SEC);
	for (unsigned int i = 0; i < KERN_REQUESTS; i++)
		w->kern.request[i].verdict_by = w->now;
	CHECK(world_user_done(w, SEC));
	converged(w, SEC);
}

/* A PF that never says whether it trusts the VF, and takes what it does not do. */

static bool without_v2(struct world *w, uint32_t opcode, const void *payload, size_t len)
{
	uint32_t caps;

	if (opcode != VIRTCHNL_OP_GET_VF_RESOURCES || len != sizeof(caps))
		return false;
	memcpy(&caps, payload, sizeof(caps));
	caps &= ~htole32(VIRTCHNL_CAP_VLAN_V2);
	pf_receive(w->pf, w->now, 0, opcode, &caps, sizeof(caps));
	return true;
}

static const struct v1 {
	const char *profile;
	unsigned int limit;		/* of an untrusted VF */
} v1s[] = { { "i40e", 16 }, { "v1.0", 16 }, { "ice-svm", 7 } };

static struct world *v1_world(unsigned int p, bool untrusted)
{
	struct world *w = make(&(struct world_config) {
		.profile = v1s[p].profile, .untrusted = untrusted,
	});

	if (p == 2)
		w->pf_hook = without_v2;
	daemon_start(w);
	CHECK(world_settle(w, SEC));
	open_now(w);
	converged(w, SEC);
	CHECK(!w->op_count[VIRTCHNL_OP_ADD_VLAN_V2 & 255]);
	return w;
}

static unsigned int v1_has(struct world *w)
{
	return pf_vsi(w->pf, 0)->num_vlans;
}

/* One VLAN too many makes it find out. */
static void v1_limit(unsigned int p, unsigned int untrusted)
{
	struct world *w = v1_world(p, untrusted);
	unsigned int macs = pf_vsi(w->pf, 0)->num_macs;
	uint32_t asked = w->op_count[VIRTCHNL_OP_ADD_ETH_ADDR & 255];

	CHECK(w->kern.commit.vlan_budget_known && w->kern.commit.vlan_budget == v1s[p].limit);
	add(w, 0x8100, 1, v1s[p].limit);
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_ADD_ETH_ADDR & 255] == asked);
	CHECK(kern_user_vlan(&w->kern, 0x8100, 4000));
	finish(w, untrusted ? -ENOSPC : 0);
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_ADD_ETH_ADDR & 255] == asked + 1);
	CHECK(pf_vsi(w->pf, 0)->num_macs == macs);
	CHECK(v1_has(w) == v1s[p].limit + !untrusted);
	CHECK(!w->kern.degraded[0]);
	if (untrusted) {
		CHECK(says(w, p == 2 ? "7 VLANs" : "16 VLANs"));
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 1));
		add(w, 0x8100, 4000, 1);
	} else {
		add(w, 0x8100, 100, 500);
	}
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_ADD_ETH_ADDR & 255] == asked + 1);
}

/* Known for one generation; a daemon's death or a lost answer does not matter. */
static void v1_lasts(unsigned int p, unsigned int what)
{
	struct world *w = v1_world(p, false);
	uint64_t sent;

	if (what == 3)
		world_fault(w, "drop dir=reply op=ADD_ETH_ADDR");
	if (what == 4)
		world_fault(w, "drop dir=reply op=DEL_ETH_ADDR");
	add(w, 0x8100, 1, v1s[p].limit + 5);
	world_run(w, what > 2 ? 5 * SEC : 0);
	converged(w, 5 * SEC);
	sent = w->to_pf;
	if (what == 0) {
		daemon_kill(w);
		daemon_start(w);
		world_run(w, SEC);
		CHECK(w->to_pf == sent);
	}
	if (what == 1)
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	if (what == 2) {	/* not trusted any more: what fits, and a reason */
		CHECK(pf_set_trust(w->pf, w->now, 0, false) == 0);
		world_run(w, SEC);
		CHECK(world_settle(w, SEC));
		CHECK(v1_has(w) == v1s[p].limit);
		CHECK(strstr(w->kern.degraded, "VLANs of this VF"));
		CHECK(pf_set_trust(w->pf, w->now, 0, true) == 0);
	}
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0] && v1_has(w) == v1s[p].limit + 5);
}

/* Off: i40e lets in all without filters, ice must have all of them. */
static void v1_filter(unsigned int p, unsigned int untrusted)
{
	struct world *w = v1_world(p, untrusted);
	bool ice = p == 2;

	add(w, 0x8100, 30, 5);
	filter(w, CTAG, false, ice && untrusted ? -ENOSPC : 0);
	converged(w, SEC);
	if (ice && untrusted) {
		CHECK(says(w, "takes 4094 VLANs, PF takes 7"));
		CHECK(v1_has(w) == 5);
		return;
	}
	CHECK(v1_has(w) == (ice ? 4094 : 0));
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, 2 * SEC);
	converged(w, SEC);
	CHECK(v1_has(w) == (ice ? 4094 : 0));
	filter(w, CTAG, true, 0);
	CHECK(v1_has(w) == 5);
	converged(w, SEC);
}

/* Full, and an answer is lost: what the PF may have must not stand in its own way. */
static void full_and_lost(unsigned int reply, unsigned int all)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = !all });

	if (!all) {
		world_fault(w, reply ? "drop dir=reply op=ADD_VLAN_V2" :
				       "drop dir=request op=ADD_VLAN_V2");
		for (unsigned int vid = 1; vid <= 8; vid++)
			CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
	} else {
		add(w, 0x88a8, 1, 2);
		world_fault(w, reply ? "drop dir=reply op=ADD_VLAN_V2 skip=32" :
				       "drop dir=request op=ADD_VLAN_V2 skip=32");
		filter(w, CTAG, false, 0);
	}
	world_run(w, 10 * SEC);
	converged(w, 10 * SEC);
}

/* Filters that are granted anew are on, and VLANs from before get theirs; nobody wants all. */
static void port_vlan_goes(unsigned int what, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .profile = "ice-port-vlan" });
	uint32_t added = adds(w);

	add(w, 0x8100, 20, 3);
	converged(w, SEC);
	CHECK(!(w->kern.commit.features & (CTAG | STAG)) && adds(w) == added);
	CHECK(pf_set_port_vlan(w->pf, w->now, 0, 0, 0) == 0);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK((w->kern.features & (CTAG | STAG)) == (CTAG | STAG));
	CHECK(has(w, 0x8100) == 3 && adds(w) - added == 1);
	/* Another daemon in the middle of it sees no wish in what was not granted either. */
	CHECK(pf_set_port_vlan(w->pf, w->now, 0, 0x8100, 9) == 0);
	world_run(w, SEC);
	converged(w, SEC);
	added = adds(w);
	CHECK(pf_set_port_vlan(w->pf, w->now, 0, 0, 0) == 0);
	for (unsigned int i = 0; i < what; i++)
		world_step(w, w->now + SEC);
	daemon_kill(w);
	daemon_start(w);
	world_run(w, 2 * SEC);
	converged(w, SEC);
	CHECK(has(w, 0x8100) == 3 && adds(w) - added <= 2);
}

static uint8_t few[VF_VLAN_BYTES];

/* Which ids: the kernel's answer; what it does not answer, and what it learns late, the daemon's. */
static void policy(unsigned int adopted, unsigned int b)
{
	struct world *w = make(NULL);
	struct vf_policy *p = &w->policy;

	few[0] = 0x0e;	/* 1 to 3 */
	if (!adopted)
		p->vlan_ctag_allowed = few;
	daemon_start(w);
	CHECK(world_settle(w, SEC));
	add(w, 0x8100, 1, 2);
	if (adopted)
		add(w, 0x8100, 4, 2);
	add(w, 0x88a8, 1, 10);
	converged(w, SEC);
	if (adopted) {
		daemon_kill(w);
		p->vlan_ctag_allowed = few;
		daemon_start(w);
		CHECK(world_settle(w, SEC));
		CHECK(strstr(w->kern.degraded, "VLANs 4-5 not allowed"));
		CHECK(has(w, 0x8100) == 2);
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 4));
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 5));
		converged(w, SEC);
		CHECK(!w->kern.degraded[0]);
	}
	CHECK(kern_user_vlan(&w->kern, 0x8100, 4));
	finish(w, -EPERM);
	w->kern.ask_all = true;
	CHECK(kern_user_vlan(&w->kern, 0x8100, 4));
	finish(w, -EPERM);
	CHECK(says(w, "not allowed on this VF by iavfd's configuration"));
	filter(w, CTAG, false, -EPERM);
	CHECK(says(w, "does not allow every VLAN"));
	filter(w, STAG, false, 0);
	converged(w, SEC);
	CHECK(has(w, 0x88a8) == 4094);
}

/* The PF says that it does not let the VF switch: fixed, and on as the PF has it at first. */
static void no_toggle(struct world *w, uint32_t *opcode, int32_t *status, void *payload,
		      size_t *len)
{
	struct virtchnl_vlan_caps *caps = payload;
	const uint32_t keep = htole32(~VIRTCHNL_VLAN_TOGGLE);

	if (*opcode != VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS)
		return;
	caps->offloads.stripping_support.outer &= keep;
	caps->offloads.insertion_support.outer &= keep;
}

static void fixed(unsigned int a, unsigned int b)
{
	const uint32_t offloads = IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT;
	struct world *w = make(NULL);

	w->answer_hook = no_toggle;
	daemon_start(w);
	CHECK(world_settle(w, SEC));
	CHECK(w->kern.commit.features_fixed == offloads);
	CHECK((w->kern.features & 0xf) == offloads);
	CHECK(!w->op_count[VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2 & 255]);
	/* A module of the version before lets users try. */
	CHECK(kern_user_features(&w->kern, offloads, 0));
	finish(w, -EOPNOTSUPP);
	CHECK(says(w, "does not let"));
	CHECK(world_settle(w, SEC));
}

void cases_vlans(void)
{
	for (unsigned int i = 0; i < 8; i++)
		contract_run("filter", toggle, (unsigned int []) { 0, 1, 200, 1500 }[i / 2], i % 2);
	for (unsigned int i = 0; i < 6; i++)
		contract_run("together", together, (unsigned int []) { 3, 300, 4000 }[i / 2], i % 2);
	for (unsigned int i = 0; i < 2; i++) {
		contract_run("filter meanwhile", meanwhile, i, 0);
		contract_run("filter untrusted", untrusted, i, 0);
		contract_run("filter other type", other_type, i, 0);
		contract_run("filter refused", refused, i, 3);
		contract_run("vlan policy", policy, i, 0);
	}
	for (unsigned int i = 0; i < 2 * NUM_LIVES; i++)
		contract_run("filter lasts", lasts, i / 2, i % 2);
	for (unsigned int i = 0; i < 80; i++) {
		contract_run("filter death", death_between, 3 * (i / 2), i % 2);
		contract_run("filter cancelled", cancelled, 3 + 3 * (i / 2), i % 2);
	}
	for (unsigned int i = 0; i < 4; i++)
		contract_run("filter trust lost", trust_lost, 4 * i, 0);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("vlans full and lost", full_and_lost, i / 2, i % 2);
	for (unsigned int i = 0; i < 30; i++)
		contract_run("port vlan goes", port_vlan_goes, i, 0);
	for (unsigned int p = 0; p < 3; p++) {
		for (unsigned int i = 0; i < 2; i++) {
			contract_run("v1 limit", v1_limit, p, i);
			contract_run("v1 filter", v1_filter, p, i);
		}
		for (unsigned int i = 0; i < 5; i++)
			contract_run("v1 lasts", v1_lasts, p, i);
	}
	contract_run("vlan fixed", fixed, 0, 0);
}

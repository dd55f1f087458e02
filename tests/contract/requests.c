// SPDX-License-Identifier: GPL-2.0-or-later
/* What users ask for, granted and refused. */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "contract.h"

static const uint8_t other[6] = { 0x02, 1, 2, 3, 4, 5 };

static void finish(struct world *w, int err)
{
	CHECK(world_user_done(w, 6 * SEC));
	CHECK(w->kern.user.err == err);
}

static void set_mac(unsigned int n, unsigned int up)
{
	struct world *w = up ? make_up(NULL) : make(NULL);
	uint64_t sent;

	daemon_start(w);
	converged(w, SEC);
	sent = w->to_pf;
	for (unsigned int i = 0; i < n; i++) {
		uint8_t mac[6] = { 0x02, 9, 9, 9, 9, i };
		uint64_t start = w->now;

		CHECK(kern_user_mac(&w->kern, mac));
		finish(w, 0);
		CHECK(w->now - start < MS);
		if (i % 2)
			converged(w, SEC);
	}
	converged(w, SEC);
	CHECK(w->to_pf - sent == 2 * n);
}

/* The host gave the address, and does not trust the VF. */
static void set_mac_refused(unsigned int a, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true, .host_mac = true });
	uint64_t sent = w->to_pf;

	CHECK(kern_user_mac(&w->kern, other));
	finish(w, -EPERM);
	CHECK(strstr(w->kern.user.message, "ADD_ETH_ADDR") && strstr(w->kern.user.message, "-53"));
	converged(w, SEC);
	CHECK(w->to_pf - sent == 1 && !w->kern.degraded[0]);
	CHECK(kern_user_mac(&w->kern, other));
	finish(w, -EPERM);
	CHECK(w->to_pf - sent == 2);
	converged(w, SEC);
}

static void vlan_budget(unsigned int a, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true });

	for (unsigned int vid = 1; vid <= 8; vid++) {
		CHECK(kern_user_vlan(&w->kern, vid % 2 ? 0x8100 : 0x88a8, vid));
		finish(w, 0);
	}
	CHECK(kern_user_vlan(&w->kern, 0x8100, 9));
	finish(w, -ENOSPC);
	CHECK(strstr(w->kern.user.message, "8 VLANs"));
	converged(w, SEC);
	CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 1));
	CHECK(kern_user_vlan(&w->kern, 0x8100, 9));
	finish(w, 0);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

static void many_vlans(unsigned int n, unsigned int up)
{
	struct world *w = up ? make_up(NULL) : make(NULL);
	uint32_t before;

	daemon_start(w);
	converged(w, SEC);
	before = w->to_pf;
	for (unsigned int vid = 1; vid <= n; vid++)
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
	converged(w, SEC);
	CHECK(w->to_pf - before <= n / 127 + 2);
	before = w->to_pf;
	for (unsigned int vid = 1; vid <= n; vid++)
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, vid));
	converged(w, SEC);
	CHECK(w->to_pf - before <= n / 127 + 2);
}

/* A user's call is not behind the bulk. */
static void front(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t start;

	for (unsigned int vid = 1; vid <= 4000; vid++)
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
	world_run(w, 100 * US);
	start = w->now;
	CHECK(kern_user_mac(&w->kern, other));
	finish(w, 0);
	CHECK(w->now - start < 400 * US);
	converged(w, SEC);
}

static void features(unsigned int mask, unsigned int up)
{
	static const uint32_t bits[] = {
		IAVF_FEATURES_VLAN_CTAG_STRIP,
		IAVF_FEATURES_VLAN_CTAG_INSERT,
		IAVF_FEATURES_RX_HASH,
		IAVF_FEATURES_VLAN_CTAG_FILTER,
	};
	struct world *w = up ? make_up(NULL) : make(NULL);
	uint32_t change = 0;

	daemon_start(w);
	converged(w, SEC);
	for (unsigned int i = 0; i < 4; i++)
		change |= mask >> i & 1 ? bits[i] : 0;
	for (unsigned int round = 0; round < 4; round++) {
		CHECK(kern_user_features(&w->kern, change, round % 2 ? change : 0));
		finish(w, 0);
		converged(w, SEC);
	}
}

static void features_stag(unsigned int a, unsigned int b)
{
	const uint32_t ctag = IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT;
	const uint32_t stag = IAVF_FEATURES_VLAN_STAG_STRIP | IAVF_FEATURES_VLAN_STAG_INSERT;
	struct world *w = make_up(NULL);

	CHECK(kern_user_features(&w->kern, ctag | stag, stag));
	finish(w, 0);
	converged(w, SEC);
	CHECK(pf_vsi(w->pf, 0)->vlan.strip_tpid == 0x88a8);
	CHECK(kern_user_features(&w->kern, ctag | stag, ctag));
	finish(w, 0);
	converged(w, SEC);
}

/* One of two messages is refused: the other is taken back. */
static void features_refused(unsigned int insert, unsigned int b)
{
	const uint32_t both = IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT;
	struct world *w = make_up(NULL);

	world_fault(w, insert ? "refuse=-64 dir=request op=DISABLE_VLAN_INSERTION_V2" :
			       "refuse=-64 dir=request op=DISABLE_VLAN_STRIPPING_V2");
	CHECK(kern_user_features(&w->kern, both, 0));
	finish(w, -EOPNOTSUPP);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	CHECK(kern_user_features(&w->kern, both, 0));
	finish(w, 0);
	converged(w, SEC);
}

static void mtu(unsigned int size, unsigned int up)
{
	struct world *w = up ? make_up(NULL) : make(NULL);

	daemon_start(w);
	converged(w, SEC);
	CHECK(kern_user_mtu(&w->kern, size, 0));
	finish(w, 0);
	converged(w, SEC);
	if (!up)
		open_now(w);
	converged(w, SEC);
	CHECK(w->kern.resets_asked == 0 && w->kern.generation == 1);
}

static void mtu_refused(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);

	world_fault(w, "refuse=-5 dir=request op=CONFIG_VSI_QUEUES");
	CHECK(kern_user_mtu(&w->kern, 9000, 0));
	finish(w, -EINVAL);
	CHECK(w->kern.mtu == 1500);
	converged(w, SEC);
}

/* More than the PF grants: said before the queues are stopped. */
static void reconfigure_too_much(unsigned int mtu, unsigned int queues)
{
	struct world *w = make_up(NULL);
	uint64_t sent = w->to_pf;

	CHECK(kern_user_mtu(&w->kern, mtu, queues));
	finish(w, queues ? -ENOSPC : -EINVAL);
	CHECK(strstr(w->kern.user.message, queues ? "4 queue pairs" : "MTU of 9702"));
	CHECK(w->to_pf == sent && w->kern.rings.enabled);
	converged(w, SEC);
}

/* The daemon is being restarted: it is waited for with the queues running. */
static void reconfigure_between_daemons(unsigned int comes_back, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent = w->to_pf;

	daemon_kill(w);
	CHECK(kern_user_mtu(&w->kern, 3000, 0));
	world_run(w, 200 * MS);
	CHECK(w->kern.user.op != USER_NONE && w->kern.rings.enabled);
	if (comes_back) {
		daemon_start(w);
		finish(w, 0);
		CHECK(w->kern.mtu == 3000);
	} else {
		finish(w, -ENOTCONN);
		CHECK(w->kern.mtu == 1500 && w->kern.rings.enabled && w->to_pf == sent);
		daemon_start(w);
	}
	converged(w, SEC);
}

static void queues(unsigned int n, unsigned int m)
{
	struct world *w = make_up(NULL);

	CHECK(kern_user_mtu(&w->kern, 0, n));
	finish(w, 0);
	converged(w, SEC);
	CHECK(kern_user_mtu(&w->kern, 0, m));
	finish(w, 0);
	converged(w, SEC);
}

static void open_refused(unsigned int enable, unsigned int b)
{
	struct world *w = make(NULL);

	daemon_start(w);
	converged(w, SEC);
	world_fault(w, enable ? "refuse=-18 dir=request op=ENABLE_QUEUES" :
			       "refuse=-5 dir=request op=CONFIG_VSI_QUEUES");
	CHECK(kern_user_open(&w->kern));
	finish(w, enable ? -ENOMEM : -EINVAL);
	CHECK(strstr(w->kern.user.message, enable ? "ENABLE_QUEUES" : "CONFIG_VSI_QUEUES"));
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	open_now(w);
	converged(w, SEC);
}

static void lists(unsigned int uc, unsigned int mc)
{
	struct world *w = make_up(NULL);

	kern_user_lists(&w->kern, uc, mc, 0);
	converged(w, SEC);
	kern_user_lists(&w->kern, mc, uc, 3);
	converged(w, SEC);
	kern_user_lists(&w->kern, 0, 0, 0);
	converged(w, SEC);
}

/* More than an untrusted VF may have: as many as fit, a reason, and an end. */
static void lists_untrusted(unsigned int uc, unsigned int mc)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true });
	uint64_t sent = w->to_pf;

	kern_user_lists(&w->kern, uc, mc, 0);
	CHECK(world_settle(w, SEC));
	CHECK(w->to_pf - sent < 60);
	if (uc + mc > 16) {
		CHECK(w->kern.degraded[0]);
		CHECK(pf_vsi(w->pf, 0)->num_macs == 18);
	} else {
		CHECK_NULL(world_difference(w));
	}
	sent = w->to_pf;
	world_run(w, 10 * SEC);
	CHECK(w->to_pf == sent);
	kern_user_lists(&w->kern, 2, 2, 0);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

static void promisc(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent = w->to_pf;

	for (unsigned int flags = 0; flags < 8; flags += 2) {
		kern_user_flags(&w->kern, flags);
		converged(w, SEC);
	}
	kern_user_flags(&w->kern, 0);
	converged(w, SEC);
	CHECK(w->to_pf - sent <= 4);
}

/*
 * Every part of RSS by itself and with the others: over a reset, a death, and another number of
 * queues.
 */
static void rss(unsigned int what, unsigned int salt)
{
	struct world *w = make_up(NULL);
	uint64_t sent;

	CHECK(kern_user_rss(&w->kern, what, salt));
	finish(w, 0);
	converged(w, SEC);
	daemon_kill(w);
	sent = w->to_pf;
	daemon_start(w);
	converged(w, SEC);
	CHECK(w->to_pf == sent);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, SEC);
	converged(w, SEC);
	if (kern_user_mtu(&w->kern, 0, 2))
		finish(w, 0);
	else
		CHECK(what & RSS_TABLE);
	converged(w, SEC);
	CHECK(kern_user_mtu(&w->kern, 0, 4));
	finish(w, 0);
	converged(w, SEC);
	CHECK(kern_user_rss(&w->kern, RSS_DEFAULT | RSS_PLAIN, 0));
	finish(w, 0);
	converged(w, SEC);
	CHECK(kern_user_mtu(&w->kern, 0, 3));
	finish(w, 0);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0] && w->kern.resets_asked == 0);
}

/* One message for each flow; only what is not the PF's own choice is sent again after a reset. */
static void rss_fields(unsigned int flow, unsigned int symmetric)
{
	struct world *w = make_up(NULL);

	if (symmetric) {
		CHECK(kern_user_rss(&w->kern, RSS_SYMMETRIC, 0));
		finish(w, 0);
	}
	for (unsigned int fields = 15; fields; fields -= 3) {
		CHECK(kern_user_rss_fields(&w->kern, flow, fields));
		finish(w, 0);
		converged(w, SEC);
	}
	/* All at first was what the PF does anyway: nothing to say. */
	CHECK(w->op_count[VIRTCHNL_OP_ADD_RSS_CFG] == 4);
	pf_reset(w->pf, w->now, 0, PF_RESET_SILENT);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_ADD_RSS_CFG] == 5);
	CHECK(kern_user_rss_fields(&w->kern, flow, 15));
	finish(w, 0);
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_ADD_RSS_CFG] == 6);
	pf_reset(w->pf, w->now, 0, PF_RESET_SILENT);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_ADD_RSS_CFG] == 6);
}

static const char *const rss_ops[] = {
	"CONFIG_RSS_KEY", "CONFIG_RSS_LUT", "CONFIG_RSS_HFUNC", "ADD_RSS_CFG",
};

/* One part is refused: nothing is changed, nothing is degraded, and the next try is a new one. */
static void rss_refused(unsigned int op, unsigned int status)
{
	const unsigned int all = RSS_KEY | RSS_TABLE | RSS_SYMMETRIC;
	struct world *w = make_up(NULL);
	char rule[80];

	CHECK(kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE, 2));
	finish(w, 0);
	snprintf(rule, sizeof(rule), "refuse=-%u dir=request op=%s", status, rss_ops[op]);
	for (unsigned int round = 0; round < 2; round++) {
		if (!round)
			world_fault(w, rule);
		if (op < 3)
			CHECK(kern_user_rss(&w->kern, all, 3));
		else
			CHECK(kern_user_rss_fields(&w->kern, PF_RSS_TCP4, 3));
		finish(w, round ? 0 : status == 5 ? -EINVAL : -EOPNOTSUPP);
		if (!round)
			CHECK(strstr(w->kern.user.message, rss_ops[op]));
		converged(w, SEC);
		CHECK(!w->kern.degraded[0]);
	}
}

/* A PF that knows nothing of it: going back to what it does by itself is not asked of it either. */
static void rss_unknown(unsigned int op, unsigned int b)
{
	struct world *w = make_up(NULL);
	char rule[80];

	snprintf(rule, sizeof(rule), "refuse=-64 dir=request op=%s count=99", rss_ops[op]);
	world_fault(w, rule);
	for (unsigned int round = 1; round < 3; round++) {
		if (op == 2)
			CHECK(kern_user_rss(&w->kern, RSS_SYMMETRIC | RSS_KEY, 3));
		else
			CHECK(kern_user_rss_fields(&w->kern, PF_RSS_TCP4, 3));
		finish(w, -EOPNOTSUPP);
		converged(w, SEC);
		CHECK(!w->kern.degraded[0]);
		CHECK(w->op_count[op == 2 ? VIRTCHNL_OP_CONFIG_RSS_HFUNC :
				  VIRTCHNL_OP_ADD_RSS_CFG] == round);
	}
}

/*
 * A user's table that looks like the default one stays with another number of queues; that one
 * does not.
 */
static void rss_lookalike(unsigned int down, unsigned int die)
{
	struct world *w = make_up(NULL);
	uint32_t tables;

	for (unsigned int users = 0; users < 2; users++) {
		CHECK(kern_user_mtu(&w->kern, 0, 2));
		finish(w, 0);
		CHECK(kern_user_rss(&w->kern, users ? RSS_TABLE : RSS_DEFAULT, 0));
		finish(w, 0);
		if (down) {
			CHECK(kern_user_down(&w->kern));
			CHECK(world_user_done(w, SEC));
		}
		if (die) {
			daemon_kill(w);
			daemon_start(w);
		}
		tables = w->op_count[VIRTCHNL_OP_CONFIG_RSS_LUT];
		CHECK(kern_user_mtu(&w->kern, 0, 4));
		finish(w, 0);
		converged(w, SEC);
		CHECK(w->op_count[VIRTCHNL_OP_CONFIG_RSS_LUT] - tables == !users);
		CHECK(pf_vsi(w->pf, 0)->rss_lut[3] == (users ? 1 : 3));
		if (down)
			open_now(w);
		converged(w, SEC);
		CHECK(pf_vsi(w->pf, 0)->rss_lut[3] == (users ? 1 : 3));
	}
}

/* What not even the PF is asked for. */
static void rss_nonsense(unsigned int what, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent = w->to_pf;

	if (what == 0) {
		w->kern.rx_queues = 9;	/* a table with queues that are not there */
		CHECK(kern_user_rss(&w->kern, RSS_TABLE, 1));
		w->kern.rx_queues = 4;
	} else if (what == 1) {
		CHECK(kern_user_rss_fields(&w->kern, 6, 3));
	} else {
		CHECK(kern_user_rss_fields(&w->kern, 0, what == 2 ? 0 : 16));
	}
	finish(w, -EINVAL);
	converged(w, SEC);
	CHECK(w->to_pf == sent);
}

static bool without_advanced(struct world *w, uint32_t opcode, const void *payload, size_t len)
{
	uint32_t caps;

	if (opcode != VIRTCHNL_OP_GET_VF_RESOURCES)
		return false;
	memcpy(&caps, payload, sizeof(caps));
	caps = htole32(le32toh(caps) & ~VIRTCHNL_CAP_ADV_RSS_PF);
	w->pf_hook = NULL;
	to_pf(w, opcode, &caps, sizeof(caps));
	w->pf_hook = without_advanced;
	return true;
}

/* A PF without it is not asked. What was set before is missed until the PF has it again. */
static void rss_not_advanced(unsigned int later, unsigned int b)
{
	struct world *w = make(NULL);

	w->pf_hook = later ? NULL : without_advanced;
	daemon_start(w);
	converged(w, SEC);
	open_now(w);
	if (later) {
		CHECK(kern_user_rss(&w->kern, later == 1 ? RSS_SYMMETRIC : RSS_KEY, 1));
		finish(w, 0);
		CHECK(kern_user_rss_fields(&w->kern, PF_RSS_TCP4, 3));
		finish(w, 0);
		w->pf_hook = without_advanced;
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
		world_run(w, SEC);
		CHECK(world_settle(w, SEC) && strstr(w->kern.degraded, "PF "));
		CHECK(!w->kern.commit.rss_hfunc && w->kern.rss_flows[PF_RSS_TCP4] == 15);
		w->pf_hook = NULL;
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
		world_run(w, SEC);
		converged(w, SEC);
		CHECK(!w->kern.degraded[0]);
		return;
	}
	CHECK(kern_user_rss_fields(&w->kern, PF_RSS_TCP4, 3));
	finish(w, -EOPNOTSUPP);
	CHECK(kern_user_rss(&w->kern, RSS_SYMMETRIC, 1));
	finish(w, -EOPNOTSUPP);
	CHECK(kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE | RSS_PLAIN, 1));
	finish(w, 0);
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_CONFIG_RSS_HFUNC] == 0);
	CHECK(w->op_count[VIRTCHNL_OP_ADD_RSS_CFG] == 0);
}

static void pf_request_queues(struct world *w, uint16_t n)
{
	uint16_t le = htole16(n);

	pf_receive(w->pf, w->now, 0, VIRTCHNL_OP_REQUEST_QUEUES, &le, sizeof(le));
}

/*
 * A reset brings fewer queues than a user's table has: it is folded, and the VF degraded until
 * there are enough again.
 */
static void rss_fewer_queues(unsigned int die, unsigned int b)
{
	struct world *w = make_up(NULL);

	CHECK(kern_user_rss(&w->kern, RSS_TABLE, 3));
	finish(w, 0);
	converged(w, SEC);
	CHECK(pf_vsi(w->pf, 0)->rss_lut[3] == 3);
	CHECK(!pf_set_max_queues(w->pf, 2));
	pf_request_queues(w, 2);
	world_run(w, SEC);
	if (die) {
		daemon_kill(w);
		daemon_start(w);
	}
	CHECK(world_user_done(w, SEC));
	converged(w, SEC);
	CHECK(strstr(w->kern.degraded, "queue 3, there are 2"));
	CHECK(!pf_set_max_queues(w->pf, 4));
	CHECK(kern_user_mtu(&w->kern, 0, 4));
	finish(w, 0);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0] && pf_vsi(w->pf, 0)->rss_lut[3] == 3);
}

/* Somebody kills the caller, or its clock runs out: nothing stays half done. */
static void cancelled(unsigned int what, unsigned int b)
{
	struct world *w = make_up(NULL);

	pf_set_msg_delay(w->pf, 1500 * MS);
	if (what == 0)
		CHECK(kern_user_mac(&w->kern, other));
	if (what == 1)
		CHECK(kern_user_features(&w->kern, IAVF_FEATURES_VLAN_CTAG_STRIP, 0));
	if (what == 2)
		CHECK(kern_user_mtu(&w->kern, 3000, 0));
	if (what == 4)
		CHECK(kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE | RSS_SYMMETRIC, 3));
	if (what == 5)
		CHECK(kern_user_rss_fields(&w->kern, PF_RSS_TCP4, 3));
	if (what == 3) {
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, 6 * SEC));
		CHECK(kern_user_open(&w->kern));
	}
	world_run(w, 200 * MS);
	for (unsigned int i = 0; i < KERN_REQUESTS; i++)
		w->kern.request[i].verdict_by = w->now;
	CHECK(world_user_done(w, 20 * SEC));
	pf_set_msg_delay(w->pf, 50 * US);
	converged(w, 30 * SEC);
}

void cases_requests(void)
{
	for (unsigned int i = 0; i < 8; i++)
		contract_run("set-mac", set_mac, 1 + i / 2, i % 2);
	contract_run("set-mac refused", set_mac_refused, 0, 0);
	contract_run("vlan budget", vlan_budget, 0, 0);
	for (unsigned int i = 0; i < 10; i++)
		contract_run("vlans", many_vlans, (unsigned int[]){ 1, 64, 127, 500, 4000 }[i / 2],
			     i % 2);
	contract_run("front", front, 0, 0);
	for (unsigned int i = 0; i < 32; i++)
		contract_run("features", features, i / 2, i % 2);
	contract_run("features stag", features_stag, 0, 0);
	contract_run("features refused", features_refused, 0, 0);
	contract_run("features refused", features_refused, 1, 0);
	for (unsigned int i = 0; i < 6; i++)
		contract_run("mtu", mtu, (unsigned int []) { 68, 1400, 9702 }[i / 2], i % 2);
	contract_run("mtu refused", mtu_refused, 0, 0);
	contract_run("reconfigure too much", reconfigure_too_much, 9703, 0);
	contract_run("reconfigure too much", reconfigure_too_much, 0, 17);
	contract_run("reconfigure between daemons", reconfigure_between_daemons, 0, 0);
	contract_run("reconfigure between daemons", reconfigure_between_daemons, 1, 0);
	for (unsigned int i = 0; i < 9; i++)
		contract_run("channels", queues, 1 + i / 3, 2 + i % 3);
	contract_run("open refused", open_refused, 0, 0);
	contract_run("open refused", open_refused, 1, 0);
	for (unsigned int i = 0; i < 9; i++)
		contract_run("lists", lists, (unsigned int []) { 0, 7, 200 }[i / 3],
			     (unsigned int []) { 1, 30, 250 }[i % 3]);
	for (unsigned int i = 0; i < 9; i++)
		contract_run("lists untrusted", lists_untrusted,
			     (unsigned int[]){ 0, 7, 40 }[i / 3],
			     (unsigned int[]){ 1, 9, 100 }[i % 3]);
	contract_run("promisc", promisc, 0, 0);
	for (unsigned int i = 0; i < 6; i++)
		contract_run("cancelled", cancelled, i, 0);
	for (unsigned int i = 0; i < 22; i++)
		contract_run("rss", rss, (unsigned int[]){ RSS_KEY, RSS_TABLE, RSS_DEFAULT,
			     RSS_SYMMETRIC, RSS_PLAIN, RSS_KEY | RSS_TABLE | RSS_SYMMETRIC,
			     RSS_TABLE | RSS_SYMMETRIC, RSS_KEY | RSS_DEFAULT, RSS_KEY | RSS_PLAIN,
			     RSS_KEY | RSS_TABLE, RSS_TABLE | RSS_PLAIN }[i / 2], i % 2 * 3);
	for (unsigned int i = 0; i < 12; i++)
		contract_run("rss fields", rss_fields, i / 2, i % 2);
	for (unsigned int i = 0; i < 8; i++)
		contract_run("rss refused", rss_refused, i / 2, i % 2 ? 5 : 64);
	contract_run("rss unknown", rss_unknown, 2, 0);
	contract_run("rss unknown", rss_unknown, 3, 0);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("rss lookalike", rss_lookalike, i / 2, i % 2);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("rss nonsense", rss_nonsense, i, 0);
	for (unsigned int i = 0; i < 3; i++)
		contract_run("rss not advanced", rss_not_advanced, i, 0);
	contract_run("rss fewer queues", rss_fewer_queues, 0, 0);
	contract_run("rss fewer queues", rss_fewer_queues, 1, 0);
}

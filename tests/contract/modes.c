// SPDX-License-Identifier: GPL-2.0-or-later
/* What the PF counts; and how many addresses it takes, who may be promiscuous, and who is told. */
#include <errno.h>
#include <string.h>

#include "contract.h"

static const uint8_t other[6] = { 0x02, 1, 2, 3, 4, 5 };

static void ask(struct world *w, int err)
{
	CHECK(kern_user_stats(&w->kern));
	CHECK(world_user_done(w, SEC));
	CHECK(w->kern.user.err == err);
}

static void stats(unsigned int up, unsigned int b)
{
	struct world *w = up ? make_up(NULL) : make(NULL);
	struct pf_stats *s = &pf_vsi(w->pf, 0)->stats;

	daemon_start(w);
	converged(w, SEC);
	for (unsigned int i = 1; i <= 20; i++) {
		uint64_t sent = w->to_pf, start = w->now;

		s->rx_bytes = i;
		s->tx_errors = 1000 + i;
		ask(w, 0);
		CHECK(w->now - start < MS);
		CHECK(w->to_pf - sent == 1);
		CHECK(w->kern.stats[0] == i && w->kern.stats[VF_NUM_STATS - 1] == 1000 + i);
	}
	converged(w, SEC);
}

/* Who asks while a question is under way gets its answer. */
static void stats_shared(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent = w->to_pf;

	pf_set_msg_delay(w->pf, 150 * MS);
	ask(w, -ETIMEDOUT);
	ask(w, 0);
	CHECK(w->to_pf - sent == 1);
	pf_set_msg_delay(w->pf, 50 * US);
	converged(w, SEC);
}

/* A PF that does not know the message, or does not answer it: no consequences, and soon silence. */
static void stats_refused(unsigned int how, unsigned int b)
{
	static const char *const rules[] = {
		"refuse=-64 dir=request op=GET_STATS count=1000",
		"drop dir=request op=GET_STATS count=1000",
		"drop dir=reply op=GET_STATS count=1000",
	};
	struct world *w = make_up(NULL);
	uint64_t sent = w->to_pf;

	world_fault(w, rules[how]);
	for (unsigned int i = 0; i < 40; i++) {
		CHECK(kern_user_stats(&w->kern));
		CHECK(world_user_done(w, SEC));
		CHECK(w->kern.user.err);
		world_run(w, SEC);
	}
	CHECK(w->to_pf - sent <= 2);
	CHECK(!w->kern.resets_asked && !w->kern.degraded[0]);
	converged(w, SEC);
	/* After a reset it may be another PF. */
	faults_clear(w->faults);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	converged(w, SEC);
	ask(w, 0);
}

/* The question of a dead daemon is answered to the next one. */
static void stats_adopted(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);

	pf_set_msg_delay(w->pf, 20 * MS);
	CHECK(kern_user_stats(&w->kern));
	world_run(w, 5 * MS);
	daemon_kill(w);
	world_run(w, MS);
	daemon_start(w);
	CHECK(world_user_done(w, SEC));
	pf_set_msg_delay(w->pf, 50 * US);
	converged(w, SEC);
	ask(w, 0);
}

static void promisc_untrusted(unsigned int flags, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true });

	kern_user_flags(&w->kern, flags);
	converged(w, SEC);
	CHECK(strstr(w->kern.degraded, "untrusted VF"));
	CHECK(!!strstr(w->kern.degraded, "promiscuous") == !!(flags & IAVF_RX_FLAGS_PROMISC));
	pf_set_trust(w->pf, w->now, 0, true);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	CHECK(pf_vsi(w->pf, 0)->unicast_promisc == !!(flags & IAVF_RX_FLAGS_PROMISC));
	CHECK(pf_vsi(w->pf, 0)->multicast_promisc);
	pf_set_trust(w->pf, w->now, 0, false);
	converged(w, SEC);
	CHECK(w->kern.degraded[0]);
	kern_user_flags(&w->kern, 0);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

static bool has(struct world *w, const uint8_t *mac)
{
	const struct pf_vsi *vsi = pf_vsi(w->pf, 0);

	for (unsigned int i = 0; i < vsi->num_macs; i++) {
		if (!memcmp(vsi->macs[i], mac, 6))
			return true;
	}
	return false;
}

/* Groups come first, who was there stays, and counts are named. */
static void overflow_untrusted(unsigned int a, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true });
	struct kern *k = &w->kern;

	kern_user_lists(k, 30, 6, 5);
	CHECK(world_settle(w, SEC));
	CHECK(strstr(k->degraded, "16 of 36 addresses"));
	for (unsigned int i = 0; i < 6; i++)
		CHECK(has(w, k->mc[i]));
	for (unsigned int i = 0; i < 10; i++)
		CHECK(has(w, k->uc[i]));
	/* New ones that sort before those that were there do not take their place in a reset. */
	kern_user_lists(k, 36, 6, 0);
	memcpy(k->mc[0], (uint8_t[6]) { 0x33, 0x33, 0, 0, 0, 1 }, 6);
	CHECK(world_settle(w, SEC));
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, 20 * MS);
	CHECK(world_settle(w, SEC));
	CHECK(pf_vsi(w->pf, 0)->num_macs == 18);
	for (unsigned int i = 5; i < 15; i++)
		CHECK(has(w, k->uc[i]));
	/* Room is used. */
	kern_user_lists(k, 10, 6, 0);
	converged(w, SEC);
	CHECK(!k->degraded[0]);
}

/* PFs that do not show whether they trust the VF: the same, and a try to be promiscuous. */
static void overflow_unknown(unsigned int oldest, unsigned int untrusted)
{
	struct world *w = make_up(&(struct world_config) {
		.profile = oldest ? "v1.0" : "i40e", .untrusted = untrusted,
	});
	struct kern *k = &w->kern;
	uint64_t sent = w->to_pf;

	kern_user_lists(k, 30, 6, 0);
	CHECK(world_settle(w, SEC));
	CHECK(w->to_pf - sent < 30);
	CHECK(!!strstr(k->degraded, "16 of 36 addresses") == untrusted);
	for (unsigned int i = 0; i < 6; i++)
		CHECK(has(w, k->mc[i]));
	sent = w->to_pf;
	world_run(w, 10 * SEC);
	CHECK(w->to_pf == sent);
	kern_user_lists(k, 6, 6, 0);
	converged(w, SEC);
	CHECK(!k->degraded[0]);
	kern_user_flags(k, IAVF_RX_FLAGS_PROMISC);
	converged(w, SEC);
	CHECK(!k->degraded[0]);
}

/* The host's address: no other unicast at all, but groups. */
static void overflow_host_mac(unsigned int a, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true, .host_mac = true });
	struct kern *k = &w->kern;

	kern_user_lists(k, 12, 9, 0);
	CHECK(world_settle(w, SEC));
	CHECK(strstr(k->degraded, "9 of 21 addresses") && strstr(k->degraded, "host set the MAC"));
	for (unsigned int i = 0; i < 9; i++)
		CHECK(has(w, k->mc[i]));
	kern_user_lists(k, 0, 9, 0);
	converged(w, SEC);
	CHECK(!k->degraded[0]);
}

/* A list of which the PF took the first and refused the next, and which nobody wants by then. */
static void refused_halfway(unsigned int a, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true, .host_mac = true });
	struct kern *k = &w->kern;
	uint32_t adds = w->op_count[VIRTCHNL_OP_ADD_ETH_ADDR];

	kern_user_lists(k, 4, 3, 0);
	for (unsigned int i = 0; i < 3; i++)
		k->mc[i][0] = 0x01;	/* sorts before the others */
	while (w->op_count[VIRTCHNL_OP_ADD_ETH_ADDR] == adds)
		CHECK(world_step(w, w->now + SEC));
	kern_user_lists(k, 0, 0, 0);
	converged(w, SEC);
}

/* Trusted: what does not fit is received all the same, and the mode ends when all fit. */
static void overflow_trusted(unsigned int multicast, unsigned int b)
{
	struct world *w = make_up(NULL);
	struct pf_vsi *vsi = pf_vsi(w->pf, 0);
	uint64_t sent;

	kern_user_lists(&w->kern, multicast ? 3 : 580, multicast ? 580 : 3, 0);
	CHECK(world_settle(w, 5 * SEC));
	CHECK(vsi->unicast_promisc == !multicast && vsi->multicast_promisc);
	CHECK(!w->kern.degraded[0]);
	sent = w->to_pf;
	world_run(w, 10 * SEC);
	CHECK(w->to_pf == sent);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, 20 * MS);
	CHECK(world_settle(w, 5 * SEC));
	CHECK(vsi->unicast_promisc == !multicast && vsi->multicast_promisc);
	kern_user_lists(&w->kern, 5, 5, 0);
	converged(w, 5 * SEC);
	CHECK(!vsi->unicast_promisc && !vsi->multicast_promisc);
}

static void change_mac(struct world *w, const uint8_t *mac, int err)
{
	CHECK(kern_user_mac(&w->kern, mac));
	CHECK(world_user_done(w, 6 * SEC));
	CHECK(w->kern.user.err == err);
}

/* An untrusted VF with all its addresses in use cannot have one more; with one fewer it can. */
static void mac_over_limit(unsigned int a, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true });

	kern_user_lists(&w->kern, 10, 6, 0);
	converged(w, SEC);
	change_mac(w, other, -ENOSPC);
	CHECK(strstr(w->kern.user.message, "no room"));
	converged(w, SEC);
	kern_user_lists(&w->kern, 9, 6, 0);
	converged(w, SEC);
	change_mac(w, other, 0);
	converged(w, SEC);
}

/* The own address was a secondary one before, and becomes one again. */
static void mac_duplicate(unsigned int untrusted, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = untrusted });
	uint8_t first[6];

	memcpy(first, w->kern.mac, 6);
	kern_user_lists(&w->kern, 4, 0, 0);
	converged(w, SEC);
	change_mac(w, w->kern.uc[2], 0);
	converged(w, SEC);
	memcpy(w->kern.uc[2], first, 6);
	kern_user_lists(&w->kern, 0, 0, 0);
	converged(w, SEC);
	change_mac(w, first, 0);
	converged(w, SEC);
}

/* Asked for while a reset goes on: the verdict is the next generation's. */
static void mac_in_reset(unsigned int kind, unsigned int host)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = host, .host_mac = host });

	pf_reset(w->pf, w->now, 0, kind ? PF_RESET_ANNOUNCED : PF_RESET_SILENT);
	world_run(w, MS);
	change_mac(w, other, host ? -EPERM : 0);
	converged(w, SEC);
}

void cases_modes(void)
{
	contract_run("stats", stats, 0, 0);
	contract_run("stats", stats, 1, 0);
	contract_run("stats shared", stats_shared, 0, 0);
	for (unsigned int i = 0; i < 3; i++)
		contract_run("stats refused", stats_refused, i, 0);
	contract_run("stats adopted", stats_adopted, 0, 0);
	contract_run("promisc untrusted", promisc_untrusted, IAVF_RX_FLAGS_PROMISC, 0);
	contract_run("promisc untrusted", promisc_untrusted, IAVF_RX_FLAGS_ALLMULTI, 0);
	contract_run("overflow untrusted", overflow_untrusted, 0, 0);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("overflow unknown", overflow_unknown, i / 2, i % 2);
	contract_run("overflow host mac", overflow_host_mac, 0, 0);
	contract_run("refused halfway", refused_halfway, 0, 0);
	contract_run("overflow trusted", overflow_trusted, 0, 0);
	contract_run("overflow trusted", overflow_trusted, 1, 0);
	contract_run("mac over limit", mac_over_limit, 0, 0);
	contract_run("mac duplicate", mac_duplicate, 0, 0);
	contract_run("mac duplicate", mac_duplicate, 1, 0);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("mac in reset", mac_in_reset, i / 2, i % 2);
}

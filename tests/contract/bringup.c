// SPDX-License-Identifier: GPL-2.0-or-later
/* Probe to traffic, and how much that may cost. */
#include <string.h>

#include "contract.h"

static void plain(unsigned int a, unsigned int b)
{
	struct world *w = make(NULL);
	uint64_t start = w->now, open;

	daemon_start(w);
	while (!w->kern.netdev && world_step(w, w->now + SEC))
		;
	/* What the PF grants, key and table of RSS, and the kernel's registration. */
	CHECK(w->now - start < 2 * MS);
	/* Who waits for the netdev may set RSS at once. */
	CHECK(w->kern.rss_at_create);
	converged(w, SEC);
	CHECK(w->op_count[VIRTCHNL_OP_VERSION] == 1 &&
	      w->op_count[VIRTCHNL_OP_GET_VF_RESOURCES] == 1);
	CHECK(w->to_pf <= 10);
	open = w->now;
	CHECK(kern_user_open(&w->kern));
	CHECK(world_user_done(w, SEC));
	CHECK(w->kern.user.err == 0 && w->now - open < MS);
	converged(w, SEC);
	CHECK(w->to_pf <= 12);
	CHECK(!w->kern.degraded[0]);
}

/* An idle daemon does nothing at all. */
static void idle(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent;

	world_run(w, SEC);
	sent = w->to_pf;
	CHECK(w->vf_deadline == VF_NO_DEADLINE);
	CHECK(w->kern.records > 0 && w->kern.log_sends == 0);
	world_run(w, 3600 * SEC);
	CHECK(w->to_pf == sent && w->vf_deadline == VF_NO_DEADLINE);
}

static void macs(unsigned int host, unsigned int stable)
{
	struct world *w =
		make(&(struct world_config){ .host_mac = host, .no_stable_mac = !stable });

	daemon_start(w);
	converged(w, SEC);
	if (host)
		CHECK(!memcmp(w->kern.mac, w->host_mac, 6));
	else if (stable)
		CHECK(!memcmp(w->kern.mac, w->policy.mac, 6));
	open_now(w);
	converged(w, SEC);
}

static void sizes(unsigned int queues, unsigned int untrusted)
{
	struct world *w =
		make_up(&(struct world_config){ .queues = queues, .untrusted = untrusted });

	CHECK(w->kern.commit.queues == queues);
	CHECK(w->kern.commit.vlan_budget_known);
	CHECK(w->kern.commit.vlan_budget == (untrusted ? 8 : 4096));
	CHECK(w->kern.commit.max_mtu == 9728 - 26);
	CHECK(w->kern.commit.tx_tag == IAVF_VLAN_TAG_L2TAG2);
	CHECK(w->kern.commit.rx_tag == IAVF_VLAN_TAG_L2TAG2);
	CHECK(w->kern.commit.features & IAVF_FEATURES_USO);
	CHECK(w->kern.commit.features & IAVF_FEATURES_VLAN_STAG_FILTER);
	CHECK(w->kern.commit.features & IAVF_FEATURES_RX_HASH);
}

static void slow_pf(unsigned int ms, unsigned int b)
{
	struct world *w = make(&(struct world_config) { .msg_delay_ns = ms * MS });
	struct vf_status status;

	daemon_start(w);
	CHECK(world_settle(w, 60 * SEC));
	CHECK(kern_user_open(&w->kern));
	CHECK(world_user_done(w, 10 * SEC));
	converged(w, 60 * SEC);
	/* Slow is not lost. */
	CHECK(w->kern.resets_asked == 0);
	vf_get_status(w->vf, &status);
	CHECK(status.answered && status.answered <= status.sent);
	CHECK(status.answer_ns >= status.answered * ms * MS);
}

static void down_up(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint32_t sent;

	kern_user_lists(&w->kern, 3, 5, 100);
	for (unsigned int vid = 10; vid < 20; vid++)
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
	converged(w, SEC);
	sent = w->to_pf;
	for (unsigned int i = 0; i < 5; i++) {
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, SEC));
		converged(w, SEC);
		open_now(w);
		converged(w, SEC);
	}
	/* 9, 6 and 8: nothing is deleted on down. */
	CHECK(w->to_pf - sent == 15);
}

void cases_bringup(void)
{
	contract_run("bringup", plain, 0, 0);
	contract_run("idle", idle, 0, 0);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("first address", macs, i / 2, i % 2);
	for (unsigned int q = 1; q <= 16; q++)
		contract_run("queues", sizes, q, q % 2);
	contract_run("slow PF", slow_pf, 1, 0);
	contract_run("slow PF", slow_pf, 50, 0);
	contract_run("slow PF", slow_pf, 500, 0);
	contract_run("down, up", down_up, 0, 0);
}

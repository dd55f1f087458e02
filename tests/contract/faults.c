// SPDX-License-Identifier: GPL-2.0-or-later
/* Every message lost, late, refused, doubled or cut, in bring-up and in each call. */
#include <stdio.h>
#include <string.h>

#include "contract.h"
#include "virtchnl/names.h"

static const uint32_t ops[] = {
	VIRTCHNL_OP_VERSION, VIRTCHNL_OP_GET_VF_RESOURCES, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS,
	VIRTCHNL_OP_CONFIG_IRQ_MAP, VIRTCHNL_OP_ADD_ETH_ADDR, VIRTCHNL_OP_DEL_ETH_ADDR,
	VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE, VIRTCHNL_OP_CONFIG_RSS_KEY, VIRTCHNL_OP_CONFIG_RSS_LUT,
	VIRTCHNL_OP_CONFIG_RSS_HFUNC, VIRTCHNL_OP_ADD_RSS_CFG,
	VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2, VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2,
	VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2, VIRTCHNL_OP_ADD_VLAN_V2, VIRTCHNL_OP_DEL_VLAN_V2,
	VIRTCHNL_OP_CONFIG_VSI_QUEUES, VIRTCHNL_OP_ENABLE_QUEUES, VIRTCHNL_OP_DISABLE_QUEUES,
};
#define NUM_OPS	(sizeof(ops) / sizeof(ops[0]))

/* Those after which the PF's state must be right without further help. */
static const char *const healing[] = {
	"drop dir=reply",
	"drop dir=request",
	"delay=3 dir=reply",
	"delay=2500 dir=reply",
	"delay=2500 dir=request",
	"delay=5000 dir=reply",
	"duplicate dir=reply",
	"duplicate dir=request",
	"drop dir=reply count=2",
	"drop dir=request count=2",
	"drop dir=reply count=3",
	"drop dir=request count=4",
	"drop dir=reply skip=1",
	"drop dir=request skip=1",
	"reset=silent dir=request",
	"reset=announced dir=request",
	"reset=silent dir=reply",
	"reset=announced dir=reply",
	"reset=silent dir=request skip=1",
	"reset=announced skip=1",
};
#define NUM_HEALING	(sizeof(healing) / sizeof(healing[0]))

/* A refusal is the PF's right: there is a reason, an end, and the next reset makes all good. */
static const char *const refusing[] = {
	"refuse=-5 dir=request", "refuse=-64 dir=request", "refuse=-53 dir=request count=2",
	"refuse=-22 dir=request count=always", "refuse=-5 dir=reply", "truncate=0 dir=request",
	"truncate=3 dir=request", "truncate=0 dir=reply", "truncate=7 dir=reply",
	"drop dir=reply count=always", "drop dir=request count=always",
};
#define NUM_REFUSING	(sizeof(refusing) / sizeof(refusing[0]))

static void rule(struct world *w, const char *text, uint32_t op)
{
	char full[120];

	snprintf(full, sizeof(full), "%s op=%s", text, virtchnl_op_name(op));
	snprintf(contract_about, sizeof(contract_about), "(%s)", full);
	world_fault(w, full);
}

/* A little of everything; calls may fail. */
static void live(struct world *w)
{
	const uint8_t mac[6] = { 0x02, 5, 5, 5, 5, 5 };

	world_run(w, 30 * MS);
	kern_user_open(&w->kern);
	CHECK(world_user_done(w, 20 * SEC));
	kern_user_lists(&w->kern, 3, 4, 0);
	for (unsigned int vid = 100; vid < 400; vid++)
		kern_user_vlan(&w->kern, 0x8100, vid);
	CHECK(world_user_done(w, 20 * SEC));
	world_run(w, 300 * US);
	kern_user_mac(&w->kern, mac);
	CHECK(world_user_done(w, 20 * SEC));
	kern_user_flags(&w->kern, IAVF_RX_FLAGS_PROMISC);
	kern_user_lists(&w->kern, 1, 6, 2);
	kern_user_features(&w->kern, IAVF_FEATURES_VLAN_CTAG_STRIP, 0);
	CHECK(world_user_done(w, 20 * SEC));
	kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE | RSS_SYMMETRIC, 4);
	CHECK(world_user_done(w, 20 * SEC));
	kern_user_rss_fields(&w->kern, PF_RSS_TCP4, 3);
	CHECK(world_user_done(w, 20 * SEC));
	for (unsigned int vid = 100; vid < 300; vid++)
		kern_user_vlan_kill(&w->kern, 0x8100, vid);
	kern_user_mtu(&w->kern, 4000, 2);
	CHECK(world_user_done(w, 40 * SEC));
	kern_user_down(&w->kern);
	CHECK(world_user_done(w, 20 * SEC));
	kern_user_open(&w->kern);
	CHECK(world_user_done(w, 20 * SEC));
}

static void heal(unsigned int which, unsigned int op)
{
	struct world *w = make(NULL);

	rule(w, healing[which], ops[op]);
	daemon_start(w);
	live(w);
	converged(w, 60 * SEC);
	CHECK(w->to_pf < 400);
	/* And it stays so. */
	world_run(w, 20 * SEC);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

static void refuse(unsigned int which, unsigned int op)
{
	struct world *w = make(NULL);
	uint64_t sent;

	rule(w, refusing[which], ops[op]);
	daemon_start(w);
	live(w);
	world_run(w, 60 * SEC);
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(!w->kern.fault && !w->violations);
	/* A PF that says no for good is asked rarely. */
	CHECK(w->to_pf - sent < 200);
	CHECK(w->to_pf < 2500);
	faults_clear(w->faults);
	world_run(w, 12 * SEC);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, SEC);
	if (!w->kern.up) {
		kern_user_open(&w->kern);
		CHECK(world_user_done(w, 20 * SEC));
	}
	converged(w, 30 * SEC);
	CHECK(!w->kern.degraded[0]);
}

/* The first answer of two is lost, and the second message is refused: which was it? */
static void misattributed(unsigned int seed, unsigned int b)
{
	struct world *w = make_up(NULL);
	char text[100];

	snprintf(text, sizeof(text), "drop dir=%s op=ADD_VLAN_V2 skip=%u",
		 seed & 1 ? "reply" : "request", seed / 2 % 8);
	world_fault(w, text);
	snprintf(text, sizeof(text), "drop dir=request op=ADD_VLAN_V2 skip=%u", 8 + seed % 3);
	world_fault(w, text);
	for (unsigned int vid = 1; vid <= 3000; vid++)
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
	converged(w, 60 * SEC);
	world_fault(w, "drop dir=request op=DEL_VLAN_V2 skip=1");
	for (unsigned int vid = 1; vid <= 2000; vid++)
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, vid));
	converged(w, 60 * SEC);
}

/* A list that the PF refuses because of one element. */
static void culprit(unsigned int nth, unsigned int count)
{
	struct world *w = make_up(NULL);
	char text[100];

	snprintf(text, sizeof(text), "refuse=-5 dir=request op=ADD_VLAN_V2 skip=%u count=%u", nth,
		 count);
	world_fault(w, text);
	for (unsigned int vid = 1; vid <= 1000; vid++)
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
	CHECK(world_settle(w, 30 * SEC));
	if (count < 6)
		CHECK_NULL(world_difference(w));
	CHECK(w->to_pf < 150);
}

/*
 * A PF that has answered GET_VF_RESOURCES, but not to us, refuses it: the version is asked for once
 * more, and while that takes its time the PF is not asked the same over and over.
 */
static void version_lost(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent;

	world_fault(w, "drop dir=reply op=GET_VF_RESOURCES");
	world_fault(w, "drop dir=request op=GET_OFFLOAD_VLAN_V2_CAPS");
	world_fault(w, "drop dir=reply op=VERSION");
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	sent = w->to_pf;
	world_run(w, 20 * SEC);
	converged(w, SEC);
	CHECK(w->to_pf - sent < 60);
}

void cases_faults(void)
{
	for (unsigned int i = 0; i < NUM_HEALING * NUM_OPS; i++)
		contract_run("heal", heal, i / NUM_OPS, i % NUM_OPS);
	for (unsigned int i = 0; i < NUM_REFUSING * NUM_OPS; i++)
		contract_run("refuse", refuse, i / NUM_OPS, i % NUM_OPS);
	for (unsigned int i = 0; i < 24; i++)
		contract_run("misattributed", misattributed, i, 0);
	for (unsigned int i = 0; i < 24; i++)
		contract_run("culprit", culprit, i % 6, 1 + i / 3);
	contract_run("version lost", version_lost, 0, 0);
}

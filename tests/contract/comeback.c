// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A PF driver goes and comes back as another one: with other abilities, with less of everything,
 * or with a mind to refuse or to reset for ever. The VF ends right, or says what is missing; it is
 * never asked in a loop; and when the first PF is back, all that users set is there again.
 */
#include <endian.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "contract.h"
#include "virtchnl/wire.h"

#define CFILTER	IAVF_FEATURES_VLAN_CTAG_FILTER
#define SFILTER	IAVF_FEATURES_VLAN_STAG_FILTER
#define OFFLOADS	(IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_STAG_STRIP | \
			 IAVF_FEATURES_VLAN_CTAG_INSERT | IAVF_FEATURES_VLAN_STAG_INSERT)
#define VLANS		10
#define PROMPT_NS	(400 * MS)	/* far below the longest pause */

static const char *const profiles[] = {
	"ice-dvm", "ice-svm", "ice-port-vlan", "ice-svm-port-vlan", "i40e", "v1.0",
};

#define NUM	(sizeof(profiles) / sizeof(profiles[0]))

static bool granted(struct world *w, uint32_t features)
{
	return (w->kern.commit.features & features) == features;
}

static bool degraded(struct world *w, const char *words)
{
	return strstr(w->kern.degraded, words);
}

static void done(struct world *w)
{
	CHECK(world_user_done(w, 6 * SEC));
}

/* As much as this PF has of everything; what it refuses is not wanted. */
static void set_all(struct world *w)
{
	const uint8_t mac[6] = { 0x02, 1, 2, 3, 4, 5 };

	for (unsigned int vid = 1; vid <= VLANS && granted(w, CFILTER); vid++) {
		CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
		done(w);
	}
	for (unsigned int vid = 1; vid <= 3 && granted(w, SFILTER); vid++) {
		CHECK(kern_user_vlan(&w->kern, 0x88a8, vid));
		done(w);
	}
	kern_user_lists(&w->kern, 3, 4, 0);
	kern_user_flags(&w->kern, IAVF_RX_FLAGS_ALLMULTI);
	CHECK(kern_user_mac(&w->kern, mac));
	done(w);
	kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE | RSS_SYMMETRIC, 5);
	done(w);
	kern_user_rss_fields(&w->kern, PF_RSS_TCP6, 5);
	done(w);
	kern_user_mtu(&w->kern, w->kern.max_mtu > 1500 ? 4000 : 1400, 0);
	done(w);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

/* What is not as asked for has a reason; nothing goes on for ever. */
static void peace(struct world *w)
{
	struct vf_status status;
	uint64_t sent;

	world_run(w, 5 * SEC);
	CHECK(world_settle(w, SEC));
	if (!w->kern.degraded[0])
		CHECK_NULL(world_difference(w));
	CHECK(!w->kern.fault && !w->violations);
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(w->to_pf == sent);
	vf_get_status(w->vf, &status);
	CHECK(status.attempts == 0 && status.next_attempt == 0);
}

static void reload(struct world *w, const char *profile, bool untrusted)
{
	world_note(w, "test: the PF is %s", profile);
	CHECK(pf_set_profile(w->pf, w->now, profile, untrusted) == 0);
	kern_user_lists(&w->kern, 3, 4, w->kern.generation % 2);	/* somebody looks */
}

/* to: NUM and above are untrusted. */
static void other(unsigned int from, unsigned int to)
{
	struct world *w = make_up(&(struct world_config) { .profile = profiles[from] });
	bool untrusted = to >= NUM, filtered, lets_none;
	const char *name = profiles[to % NUM];

	set_all(w);
	filtered = granted(w, CFILTER);
	reload(w, name, untrusted);
	peace(w);
	lets_none = !(w->kern.commit.features & (CFILTER | SFILTER | OFFLOADS));
	if (filtered && lets_none)
		CHECK(degraded(w, "PF has no VLANs for this VF") && degraded(w, "are asked for"));
	else
		CHECK(!degraded(w, "no VLANs"));
	if (filtered && untrusted && granted(w, CFILTER) && strcmp(name, "i40e") &&
	    strcmp(name, "v1.0"))
		CHECK(degraded(w, "VLANs of this VF"));
	/* A new daemon sees it the same way. */
	daemon_kill(w);
	daemon_start(w);
	peace(w);
	CHECK(!(filtered && lets_none) || degraded(w, "PF has no VLANs for this VF"));
	reload(w, profiles[from], false);
	world_run(w, 5 * SEC);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
	CHECK(!filtered || w->kern.num_vlans >= VLANS);
}

/* VLAN devices that go while the PF filters none are not missed any more. */
static void vlans_go(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);

	set_all(w);
	reload(w, "ice-svm-port-vlan", false);
	peace(w);
	CHECK(degraded(w, "13 are asked for"));
	for (unsigned int vid = 1; vid <= VLANS; vid++)
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, vid));
	peace(w);
	CHECK(degraded(w, "3 are asked for"));
	for (unsigned int vid = 1; vid <= 3; vid++)
		CHECK(kern_user_vlan_kill(&w->kern, 0x88a8, vid));
	peace(w);
	CHECK(!degraded(w, "no VLANs"));
	reload(w, "ice-dvm", false);
	world_run(w, 5 * SEC);
	converged(w, SEC);
	CHECK(w->kern.num_vlans == 0);
}

/* The same PF driver, with less: 0 is as it was, unless none says that it is 0. */
static const struct twist {
	uint32_t caps_off;
	uint16_t queues, vectors, mtu, vsis;
	bool none;
	const char *why;		/* as part of the reason; NULL: no need for one */
} twists[] = {
	{ .queues = 1, .why = "RSS table asks for queue" },
	{ .queues = 2, .why = "RSS table asks for queue" },
	{ .queues = 2, .caps_off = VIRTCHNL_CAP_REQ_QUEUES, .why = "RSS table asks for queue" },
	{ .vectors = 2 },
	{ .vectors = 3 },
	{ .mtu = 1500 + 22 },
	{ .mtu = 576 + 22 },
	{ .caps_off = VIRTCHNL_CAP_RSS_PF, .why = "RSS" },
	{ .caps_off = VIRTCHNL_CAP_ADV_RSS_PF, .why = "RSS" },
	{ .caps_off = VIRTCHNL_CAP_VLAN | VIRTCHNL_CAP_VLAN_V2, .why = "PF has no VLANs" },
	{ .caps_off = VIRTCHNL_CAP_WB_ON_ITR },
	{ .caps_off = VIRTCHNL_CAP_ADV_LINK_SPEED },
	{ .caps_off = VIRTCHNL_CAP_CRC },
	{ .caps_off = VIRTCHNL_CAP_USO | VIRTCHNL_CAP_ENCAP | VIRTCHNL_CAP_ENCAP_CSUM },
	{ .caps_off = ~0u & ~VIRTCHNL_CAP_L2, .why = "" },
	{ .caps_off = ~0u, .why = "" },
	/* Not to be worked with: failed, and looked at again ever more rarely. */
	{ .queues = 1, .none = true, .why = "GET_VF_RESOURCES" },
	{ .vectors = 1, .none = true, .why = "GET_VF_RESOURCES" },
	{ .vsis = 1, .none = true, .why = "GET_VF_RESOURCES" },
};
#define NUM_TWISTS	(sizeof(twists) / sizeof(twists[0]))

static void put16(void *payload, size_t offset, uint16_t value, bool none)
{
	uint16_t le = none ? 0 : htole16(value);

	if (value)
		memcpy((uint8_t *)payload + offset, &le, sizeof(le));
}

static void twisted(struct world *w, uint32_t *opcode, int32_t *status, void *payload, size_t *len)
{
	const struct twist *t = w->hook_data;
	if (*opcode != VIRTCHNL_OP_GET_VF_RESOURCES || *status || *len < sizeof(struct virtchnl_vf_resource))
		return;
	put16(payload, offsetof(struct virtchnl_vf_resource, num_vsis), t->vsis, t->none);
	put16(payload, offsetof(struct virtchnl_vf_resource, num_queue_pairs), t->queues, t->none);
	put16(payload, offsetof(struct virtchnl_vf_resource, max_vectors), t->vectors, t->none);
	put16(payload, offsetof(struct virtchnl_vf_resource, max_mtu), t->mtu, t->none);
}

/* What it is not asked for it does not grant, and behaves accordingly. */
static bool asked_less(struct world *w, uint32_t opcode, const void *payload, size_t len)
{
	const struct twist *t = w->hook_data;
	uint32_t caps;

	if (opcode != VIRTCHNL_OP_GET_VF_RESOURCES || len != sizeof(caps))
		return false;
	memcpy(&caps, payload, len);
	caps &= ~htole32(t->caps_off);
	pf_receive(w->pf, w->now, 0, opcode, &caps, len);
	return true;
}

static const char *reason(struct world *w, struct vf_status *status)
{
	vf_get_status(w->vf, status);
	return status->reason ? status->reason : "";
}

/* It fails as it should: rarely asked, with a number of attempts and the time of the next. */
static void hopeless(struct world *w, const char *why)
{
	struct vf_status status;
	unsigned int attempts;
	uint64_t sent;

	world_run(w, 120 * SEC);
	CHECK(!w->kern.fault && !w->violations);
	CHECK(strstr(reason(w, &status), why));
	CHECK(status.phase == VF_PHASE_FAILED || status.phase == VF_PHASE_WAITING ||
	      status.phase == VF_PHASE_NEGOTIATING);
	attempts = status.attempts;
	CHECK(attempts >= 10 && attempts < 40);
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(w->to_pf - sent < 150);
	reason(w, &status);
	CHECK(status.attempts > attempts && status.attempts <= attempts + 8);
	while (!status.next_attempt) {
		CHECK(world_step(w, w->now + 20 * SEC));
		reason(w, &status);
	}
	CHECK(status.next_attempt > w->now && status.next_attempt <= w->now + 10 * SEC);
}

static void less(unsigned int which, unsigned int kind)
{
	const struct twist *t = &twists[which];
	struct world *w = make_up(NULL);
	uint32_t mtu, vectors = w->kern.vectors;

	snprintf(contract_about, sizeof(contract_about), "(twist %u)", which);
	set_all(w);
	mtu = w->kern.mtu;
	w->hook_data = (void *)t;
	w->answer_hook = twisted;
	w->pf_hook = asked_less;
	w->kern.vectors = t->vectors && !t->none ? t->vectors : vectors;
	pf_reset(w->pf, w->now, 0, kind ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
	if (t->none) {
		hopeless(w, t->why);
	} else {
		peace(w);
		CHECK(t->why ? strstr(w->kern.degraded, t->why) != NULL : !w->kern.degraded[0]);
		CHECK(w->kern.commit.queues == (t->queues ? t->queues : 4));
		CHECK(w->kern.rx_queues <= w->kern.commit.queues);
		CHECK(w->kern.mtu == (t->mtu && t->mtu - 26u < mtu ? t->mtu - 26u : mtu));
		CHECK_NULL(w->kern.rings.enabled ? NULL : "the queues do not run");
	}
	w->answer_hook = NULL;
	w->pf_hook = NULL;
	w->kern.vectors = vectors;
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, 12 * SEC);
	if (t->queues && !t->none)	/* users get them back by ethtool -L */
		CHECK(kern_user_channels(&w->kern, 4, 4));
	CHECK(world_user_done(w, 6 * SEC));
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

/* Whatever it is, it does not end by itself. */
static const struct forever {
	const char *rule, *why;
} forever[] = {
	{ "refuse=-5 dir=request op=VERSION count=always", "VERSION" },
	{ "refuse=-5 dir=request op=GET_VF_RESOURCES count=always", "GET_VF_RESOURCES" },
	{ "truncate=3 dir=reply op=VERSION count=always", "VERSION" },
	{ "truncate=9 dir=reply op=GET_VF_RESOURCES count=always", "GET_VF_RESOURCES" },
	{ "reset=announced dir=request op=ENABLE_QUEUES count=always", "again and again" },
	{ "reset=silent dir=request op=ENABLE_QUEUES count=always", "again and again" },
	{ "reset=announced dir=reply op=ENABLE_QUEUES count=always", "again and again" },
	{ "reset=announced dir=request op=CONFIG_VSI_QUEUES count=always", "again and again" },
	{ "reset=announced dir=reply op=CONFIG_IRQ_MAP count=always", "again and again" },
	{ "reset=announced dir=request op=ADD_ETH_ADDR count=always", "again and again" },
	{ "reset=announced dir=request op=GET_VF_RESOURCES count=always", "again and again" },
	{ "reset=silent dir=reply op=ADD_VLAN_V2 count=always", "again and again" },
};
#define NUM_FOREVER	(sizeof(forever) / sizeof(forever[0]))

/* How a person makes the VF try at once. */
enum way_out { OUT_DOWN_UP, OUT_DAEMON, OUT_ASK, NUM_OUT };

static void ask_for_it(struct world *w, unsigned int way)
{
	if (way == OUT_DAEMON) {
		daemon_kill(w);
		daemon_start(w);
		return;
	}
	if (way == OUT_ASK) {
		CHECK(kern_user_features(&w->kern, 1, 0));
		return;
	}
	CHECK(kern_user_down(&w->kern));
	done(w);
	CHECK(kern_user_open(&w->kern));
}

static void for_ever(unsigned int which, unsigned int way)
{
	struct world *w = make_up(NULL);
	uint64_t start;

	snprintf(contract_about, sizeof(contract_about), "(%s)", forever[which].rule);
	set_all(w);
	world_fault(w, forever[which].rule);
	reload(w, "ice-dvm", false);
	hopeless(w, forever[which].why);
	faults_clear(w->faults);
	start = w->now;
	ask_for_it(w, way);
	CHECK(world_user_done(w, 3 * SEC));
	converged(w, PROMPT_NS);
	CHECK(w->now - start < PROMPT_NS);
	world_run(w, 12 * SEC);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

/* The queues are refused: degraded at once, and quiet, until somebody asks. */
static void no_queues(unsigned int enable, unsigned int b)
{
	struct world *w = make_up(NULL);

	set_all(w);
	world_fault(w, enable ? "refuse=-5 dir=request op=ENABLE_QUEUES count=always" :
				"refuse=-5 dir=request op=CONFIG_VSI_QUEUES count=always");
	reload(w, "ice-dvm", false);
	peace(w);
	CHECK(degraded(w, enable ? "ENABLE_QUEUES" : "CONFIG_VSI_QUEUES"));
	faults_clear(w->faults);
	ask_for_it(w, OUT_DOWN_UP);
	done(w);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0]);
}

/*
 * Smaller limits, of which the PF takes no queues and stops none: the kernel takes each attempt back
 * by a reset, and the next commit brings the next.
 */
static void limits_in_vain(unsigned int kind, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent;

	world_fault(w, "refuse=-5 dir=request op=CONFIG_VSI_QUEUES count=always");
	world_fault(w, "refuse=-5 dir=request op=DISABLE_QUEUES count=always");
	pf_set_msg_delay(w->pf, 6 * MS);	/* slow enough for the kernel's own pauses */
	if (kind)
		CHECK(pf_set_max_frame(w->pf, w->now, 0, 1400) == 0);
	else
		CHECK(pf_set_max_queues(w->pf, 2) == 0);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, 60 * SEC);
	CHECK(degraded(w, "queues") || degraded(w, "CONFIG_VSI_QUEUES"));
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(w->to_pf - sent < 200);
	faults_clear(w->faults);
	pf_set_msg_delay(w->pf, 50 * US);
	CHECK(world_user_done(w, 6 * SEC));
	ask_for_it(w, OUT_DOWN_UP);
	done(w);
	world_run(w, 12 * SEC);
	converged(w, SEC);
	CHECK(!w->kern.degraded[0] && w->kern.rings.enabled);
}

/* Resets now and then are none of our business: no pause, whatever their number. */
static void now_and_then(unsigned int kind, unsigned int b)
{
	struct world *w = make_up(NULL);
	struct vf_status status;

	for (unsigned int i = 0; i < 60; i++) {
		pf_reset(w->pf, w->now, 0, kind ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
		world_run(w, 300 * MS);
		converged(w, MS);
		vf_get_status(w->vf, &status);
		CHECK(status.attempts == 0);
	}
}

/* Statistics that somebody reads all the time end no pause, should the kernel ask for them then. */
static void reading(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint64_t sent;

	world_fault(w, "reset=announced dir=request op=ENABLE_QUEUES count=always");
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, 60 * SEC);
	sent = w->to_pf;
	for (unsigned int i = 0; i < 60; i++) {
		w->kern.request[0].used = false;
		kern_request_start(&w->kern, &(struct vf_request) {
			.kind = IAVF_REQUEST_KIND_STATS,
		});
		world_run(w, SEC);
	}
	CHECK(w->to_pf - sent < 150);
}

void cases_comeback(void)
{
	for (unsigned int from = 0; from < NUM; from++) {
		for (unsigned int to = 0; to < 2 * NUM; to++)
			contract_run("other PF", other, from, to);
	}
	contract_run("VLANs go", vlans_go, 0, 0);
	for (unsigned int i = 0; i < NUM_TWISTS; i++) {
		for (unsigned int kind = 0; kind < 2; kind++)
			contract_run("less", less, i, kind);
	}
	for (unsigned int i = 0; i < NUM_FOREVER; i++) {
		for (unsigned int way = 0; way < NUM_OUT; way++)
			contract_run("for ever", for_ever, i, way);
	}
	contract_run("no queues", no_queues, 0, 0);
	contract_run("no queues", no_queues, 1, 0);
	contract_run("limits in vain", limits_in_vain, 0, 0);
	contract_run("limits in vain", limits_in_vain, 1, 0);
	contract_run("now and then", now_and_then, 0, 0);
	contract_run("now and then", now_and_then, 1, 0);
	contract_run("reading", reading, 0, 0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VF machine (daemon/vf) between users and a PF that does anything. What must hold: no crash; no rule
 * of the kernel's contract broken (kern.fault); each call ends; under lasting lies the PF is asked rarely;
 * and once the PF is honest, a reset later, all is as users want it, and a new daemon has nothing to say.
 */
#include <stdio.h>
#include <string.h>

#include "core.h"
#include "pf/profile.h"

#define SHOWN	70	/* lines of the trace */
#define A_MINUTE	(60 * SEC)
#define MINUTE_MAX	600	/* messages that a minute of lies may cost */
#define SLICE		(100 * MS)
/*
 * Messages a second. All VLANs twice are 132; but where a PF that counts what it has once more has room for
 * one, what may be lost is asked for one by one, as deleting it would cost traffic.
 */
#define STORM		5000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void wrong(struct core *core, const char *what, const char *more)
{
	struct world *w = core->w;
	unsigned int n = sizeof(w->trace) / sizeof(w->trace[0]);

	for (unsigned int i = w->num_trace > SHOWN ? w->num_trace - SHOWN : 0; i < w->num_trace; i++)
		fprintf(stderr, "#   %s\n", w->trace[i % n]);
	fuzz_wrong("%s%s%s", what, more ? ": " : "", more ? more : "");
}

static void check(struct core *core)
{
	struct world *w = core->w;

	if (w->kern.fault)
		wrong(core, "the daemon broke the contract", w->kern.fault);
	if (w->violations && !core->misled)
		wrong(core, "the protocol was broken", w->violation);
	if (w->to_pf - core->sent > STORM * (1 + (w->now - core->looked) / SEC))
		wrong(core, "a storm of messages", NULL);
	if (w->now - core->looked < SEC)
		return;
	core->looked = w->now;
	core->sent = w->to_pf;
}

void core_run(struct core *core, uint64_t ns)
{
	struct world *w = core->w;
	uint64_t end = w->now + ns;

	while (w->now < end) {
		world_run(w, end - w->now < SLICE ? end - w->now : SLICE);
		check(core);
	}
}

void core_end_calls(struct core *core)
{
	bool done = world_user_done(core->w, 30 * SEC);

	check(core);
	if (!done)
		wrong(core, "a call of a user does not end", NULL);
}

static void make(struct core *core, const struct step *s)
{
	static const uint16_t mtus[] = { 0, 1500, 576, 9728 };
	struct world_config config = {
		.profile = pf_profile_name(s->a & 7), .untrusted = s->b & 1,
		.queues = s->b >> 4 & 15, .vectors = s->b >> 8 & 15,
		.default_queues = s->c & 15, .max_mtu = mtus[s->c >> 4 & 3],
		.no_stable_mac = s->b & 2, .host_mac = s->b & 4,
	};

	/* A function has no more than its PF says; with 0 it has just these. */
	if (config.vectors == 1 || config.vectors > (config.queues ? config.queues : 4) + 1)
		config.vectors = 0;
	core->w = world_new(&config);
	core->w->hook_data = core;
	core->w->answer_hook = core_pf_hook;
	core->w->kern.ask_all = s->b & 8;
	/* A frame limit is the host's way to say no. */
	core->host_changed = config.max_mtu || config.untrusted;
	if (!(s->c & 0x40))
		daemon_start(core->w);
}

static void play(struct core *core)
{
	struct step s;

	while (program_next(&core->program, &s)) {
		unsigned int n = s.op % (CORE_USER_STEPS + CORE_PF_STEPS);

		if (n < CORE_USER_STEPS)
			core_user(core, n, &s);
		else
			core_pf(core, n - CORE_USER_STEPS, &s);
		check(core);
	}
}

/* Lies go on, users do nothing. */
static void endure(struct core *core)
{
	struct world *w = core->w;
	uint64_t sent;

	w->die_at = 0;
	daemon_start(w);
	core_end_calls(core);
	core_run(core, A_MINUTE);
	sent = w->to_pf;
	core_run(core, A_MINUTE);
	check(core);
	if (w->to_pf - sent > MINUTE_MAX)
		wrong(core, "the PF is asked over and over", NULL);
}

/* A host may leave a VF without what it needs; then it says so, and asks again now and then. */
static bool says_why(struct core *core)
{
	struct vf_status status;

	vf_get_status(core->w->vf, &status);
	return status.reason && *status.reason;
}

/* Calls that came to their end, whatever it is; then up. */
static void recover(struct core *core)
{
	struct world *w = core->w;

	core_pf_honest(core);
	w->answer_hook = NULL;
	w->recorded = false;
	core_modest_policy(core);
	daemon_set_policy(w);
	core_run(core, 15 * SEC);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	core_run(core, SEC);
	core_end_calls(core);
	kern_user_down(&w->kern);
	core_end_calls(core);
	kern_user_open(&w->kern);
	core_end_calls(core);
	core_run(core, 15 * SEC);
	if (!world_settle(w, 30 * SEC) && !(core->host_changed && says_why(core)))
		wrong(core, "it does not settle", w->kern.fault);
	check(core);
}

/* More VLANs than a PF takes: a filter could be switched off only as long as a policy forbade others. */
static bool too_many_vlans(const struct world *w)
{
	unsigned int n = 0;

	for (unsigned int t = 0; t < 2; t++) {
		bool on = w->kern.features & (t ? IAVF_FEATURES_VLAN_STAG_FILTER :
						  IAVF_FEATURES_VLAN_CTAG_FILTER);

		for (unsigned int vid = 1; vid < 4095; vid++)
			n += !on || w->kern.vlans[t][vid / 8] >> vid % 8 & 1;
	}
	return n > 4096 && strstr(w->kern.degraded, "are asked for");
}

static void judge(struct core *core)
{
	struct world *w = core->w;
	const char *what;
	uint64_t sent;

	if (core->host_changed || core->immodest || too_many_vlans(core->w))
		return;
	if (core->misled)
		w->violations = 0;	/* it believed what it was told */
	what = world_difference(w);
	if (what)
		wrong(core, "an honest PF has not what users want", what);
	if (w->kern.degraded[0] && !core_has_policy(core) && !core->fewer_queues)
		wrong(core, "degraded by an honest PF", w->kern.degraded);
	sent = w->to_pf;
	daemon_kill(w);
	daemon_start(w);
	core_run(core, SEC);
	if (w->to_pf != sent)
		wrong(core, "a new daemon has something to say", NULL);
	if (!world_settle(w, SEC))
		wrong(core, "a new daemon does not settle", NULL);
}

/* What it forbids comes back, by itself. */
static void take_back_policy(struct core *core)
{
	struct world *w = core->w;
	uint32_t generation = w->kern.generation;

	if (!core_has_policy(core))
		return;
	core_no_policy(core);
	daemon_set_policy(w);
	core_run(core, SEC);
	if (!world_settle(w, 30 * SEC))
		wrong(core, "without a policy it does not settle", w->kern.fault);
	check(core);
	if (w->kern.generation != generation)
		wrong(core, "a policy cost a reset", NULL);
	judge(core);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct core core = { 0 };
	struct step first;

	program_init(&core.program, data, size);
	if (!program_next(&core.program, &first))
		return 0;
	make(&core, &first);
	play(&core);
	endure(&core);
	recover(&core);
	judge(&core);
	if (!core.host_changed && !core.immodest)
		take_back_policy(&core);
	core_pf_honest(&core);
	world_free(core.w);
	return 0;
}

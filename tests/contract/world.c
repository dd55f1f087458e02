// SPDX-License-Identifier: GPL-2.0-or-later
#include "mortal.h"
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "virtchnl/names.h"
#include "virtchnl/opcodes.h"

#define WAKE_NS		(20 * US)	/* from an event to the daemon's reading it */
#define NTRACE		(sizeof(((struct world *)0)->trace) / sizeof(((struct world *)0)->trace[0]))

void world_note(struct world *w, const char *fmt, ...)
{
	char *line = w->trace[w->num_trace++ % NTRACE];
	size_t size = sizeof(w->trace[0]);
	int n = snprintf(line, size, "%9.3f ms g%u ", w->now / 1e6, w->kern.generation);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + n, size - n, fmt, ap);
	va_end(ap);
	if (w->verbose)
		printf("# %s\n", line);
}

void world_fault(struct world *w, const char *rule)
{
	const char *why = "";

	world_note(w, "fault: %s", rule);
	if (faults_add(w->faults, rule, &why) < 0) {
		printf("# rule '%s': %s\n", rule, why);
		abort();
	}
}

/* Orders of the PF */

static void hw_send(void *ctx, unsigned int vf, uint32_t opcode, int32_t status,
		    const void *payload, size_t len)
{
	struct world *w = ctx;
	uint8_t copy[VIRTCHNL_MSG_MAX];

	if (len)
		memcpy(copy, payload, len);
	if (w->answer_hook)
		w->answer_hook(w, &opcode, &status, copy, &len);
	w->from_pf++;
	kern_mailbox(&w->kern, opcode, status, copy, len);
}

static void hw_txq_start(void *ctx, unsigned int vf, unsigned int q)
{
	((struct world *)ctx)->tx_live |= 1u << q;
}

static void hw_rxq_start(void *ctx, unsigned int vf, unsigned int q)
{
	((struct world *)ctx)->rx_live |= 1u << q;
}

static void hw_txq_stop(void *ctx, unsigned int vf, unsigned int q)
{
	((struct world *)ctx)->tx_live &= ~(1u << q);
}

static void hw_rxq_stop(void *ctx, unsigned int vf, unsigned int q)
{
	((struct world *)ctx)->rx_live &= ~(1u << q);
}

static void hw_reset_begin(void *ctx, unsigned int vf, enum pf_reset_kind kind)
{
	struct world *w = ctx;

	w->tx_live = w->rx_live = 0;
	world_note(w, "PF: reset begins");
	kern_pf_reset_begin(&w->kern);
}

static void hw_reset_done(void *ctx, unsigned int vf)
{
	kern_pf_reset_done(&((struct world *)ctx)->kern);
}

static void hw_trace(void *ctx, unsigned int vf, bool from_vf, uint32_t opcode, int32_t status,
		     const void *payload, size_t len, const char *fault)
{
	const char *name = virtchnl_op_name(opcode);

	world_note(ctx, "%s %s(%u) %d len %zu %s", from_vf ? "->" : "<-", name ? name : "?", opcode,
		   status, len, fault ? fault : "");
}

static void violation(void *ctx, unsigned int vf, const char *what)
{
	struct world *w = ctx;

	if (!w->violations++)
		snprintf(w->violation, sizeof(w->violation), "%s", what);
	world_note(w, "VIOLATION: %s", what);
}

void to_pf(struct world *w, uint32_t opcode, const void *payload, size_t len)
{
	w->to_pf++;
	w->op_count[opcode & 255]++;
	kern_watch(&w->kern);
	if (!w->kern.arq) {
		world_note(w, "-> %u into a dead mailbox", opcode);
		return;
	}
	if (w->pf_hook && w->pf_hook(w, opcode, payload, len))
		return;
	pf_receive(w->pf, w->now, 0, opcode, payload, len);
}

struct world *world_new(const struct world_config *config)
{
	struct pf_config pc = {
		.profile = config->profile ? config->profile : "ice-dvm", .untrusted = config->untrusted, .num_vfs = 1,
		.num_queues = config->queues ? config->queues : 4,
		.msg_delay_ns = config->msg_delay_ns ? config->msg_delay_ns : 50 * US,
		.max_mtu = config->max_mtu,
	};
	struct pf_hw hw = {
		.send = hw_send, .txq_start = hw_txq_start, .rxq_start = hw_rxq_start,
		.txq_stop = hw_txq_stop, .rxq_stop = hw_rxq_stop,
		.reset_begin = hw_reset_begin, .reset_done = hw_reset_done, .trace = hw_trace,
	};
	struct world *w = calloc(1, sizeof(*w));

	w->now = SEC;
	w->verbose = getenv("CONTRACT_VERBOSE");
	w->vf_deadline = VF_NO_DEADLINE;
	w->policy.random = 42;
	if (!config->no_stable_mac)
		memcpy(w->policy.mac, (uint8_t[6]) { 0x02, 0xda, 0xe0, 0, 0, 1 }, 6);
	w->faults = faults_new();
	hw.ctx = w;
	w->pf = pf_new(&pc, &hw, w->faults);
	pf_on_violation(w->pf, violation, w);
	kern_init(&w->kern, w);
	if (config->host_mac) {
		memcpy(w->host_mac, (uint8_t[6]) { 0x02, 0x40, 0x05, 0, 0, 9 }, 6);
		pf_set_mac(w->pf, w->now, 0, (uint8_t *)w->host_mac);
		world_run(w, 50 * MS);
	}
	kern_probe(&w->kern);
	w->kern.vectors = config->vectors ? config->vectors : pc.num_queues + 1;
	w->kern.default_queues = config->default_queues;
	w->kern.pf_resetting = false;
	return w;
}

void world_free(struct world *w)
{
	daemon_kill(w);
	pf_free(w->pf);
	faults_free(w->faults);
	kern_free(&w->kern);
	free(w);
}

static void died(struct world *w)
{
	daemon_kill(w);
	w->revive_at = w->revive_ns ? w->now + w->revive_ns : 0;
}

static void read_and_run(struct world *w)
{
	unsigned int n = 0;

	while (kern_deliver(&w->kern, w->vf)) {
		if (++n > 1000) {
			w->kern.fault = "the daemon never stops reading";
			break;
		}
	}
	w->vf_deadline = vf_run(w->vf, w->now);
	if (w->vf_deadline != VF_NO_DEADLINE && w->vf_deadline <= w->now && !w->kern.fault)
		w->kern.fault = "a deadline in the past: the daemon would spin";
}

static void run_daemon(struct world *w)
{
	if (setjmp(w->death))
		died(w);
	else
		read_and_run(w);
}

/* Nothing of what the daemon is given is there any more when the call is over. */
struct given {
	struct vf_policy policy;
	uint8_t maps[4][VF_VLAN_BYTES];
};

static const uint8_t *copy_map(uint8_t *to, const uint8_t *from)
{
	if (from)
		memcpy(to, from, VF_VLAN_BYTES);
	return from ? to : NULL;
}

static struct given *give(const struct vf_policy *policy)
{
	struct given *g = malloc(sizeof(*g));

	g->policy = *policy;
	g->policy.vlan_ctag_allowed = copy_map(g->maps[0], policy->vlan_ctag_allowed);
	g->policy.vlan_stag_allowed = copy_map(g->maps[1], policy->vlan_stag_allowed);
	g->policy.vlan_ctag_filters = copy_map(g->maps[2], policy->vlan_ctag_filters);
	g->policy.vlan_stag_filters = copy_map(g->maps[3], policy->vlan_stag_filters);
	return g;
}

void daemon_set_policy(struct world *w)
{
	struct given *volatile g;

	if (!w->vf)
		return;
	world_note(w, "another policy");
	g = give(&w->policy);
	if (setjmp(w->death)) {
		died(w);
	} else {
		if (vf_set_policy(w->vf, w->now, &g->policy))
			w->kern.fault = "a policy was not taken";
		memset(g, 0x55, sizeof(*g));
		w->vf_deadline = vf_run(w->vf, w->now);
	}
	free(g);
}

void daemon_start(struct world *w)
{
	struct given *g;
	struct vf_io io;

	if (w->vf)
		return;
	world_note(w, "daemon starts");
	mortal_io(w, &io);
	w->policy.random++;
	w->revive_at = 0;
	g = give(&w->policy);
	g->policy.recorded = w->recorded;
	w->vf = vf_new(&io, &g->policy);
	free(g);
	if (setjmp(w->death)) {
		died(w);
		return;
	}
	kern_attach(&w->kern, w->vf);
	read_and_run(w);
}

void daemon_kill(struct world *w)
{
	if (!w->vf)
		return;
	world_note(w, "daemon killed");
	vf_free(w->vf);
	w->vf = NULL;
	w->wake = 0;
	w->vf_deadline = VF_NO_DEADLINE;
	kern_detach(&w->kern);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t next_time(struct world *w)
{
	uint64_t next = pf_run(w->pf, w->now);

	if (w->vf && !w->stopped && !w->wake && kern_pending(&w->kern))
		w->wake = w->now + WAKE_NS;
	if (w->wake)
		next = least(next, w->wake);
	next = least(next, kern_deadline(&w->kern));
	if (w->revive_at)
		next = least(next, w->revive_at);
	return w->stopped ? next : least(next, w->vf_deadline);
}

static void serve(struct world *w)
{
	pf_run(w->pf, w->now);
	kern_timers(&w->kern);
	kern_clocks(&w->kern);
	kern_user_step(&w->kern);
	if (w->revive_at && w->now >= w->revive_at)
		daemon_start(w);
	if (!w->vf || w->stopped)
		return;
	if ((w->wake && w->now >= w->wake) || w->now >= w->vf_deadline) {
		w->wake = 0;
		run_daemon(w);
	}
	kern_user_step(&w->kern);
}

bool world_step(struct world *w, uint64_t end)
{
	uint64_t next = next_time(w);

	if (next > end)
		return false;
	if (next > w->now)
		w->now = next;
	else
		w->now++;	/* whatever it is, time does not stand still */
	serve(w);
	return true;
}

void world_run(struct world *w, uint64_t ns)
{
	uint64_t end = w->now + ns;

	while (!w->kern.fault && world_step(w, end))
		;
	if (w->now < end)
		w->now = end;
}

bool world_settled(struct world *w)
{
	struct vf_status status;

	if (!w->vf || w->wake || kern_pending(&w->kern) || w->kern.user.op != USER_NONE)
		return false;
	if (w->kern.resetting || !w->kern.arq || w->kern.job_at || w->kern.controlled_at)
		return false;
	vf_get_status(w->vf, &status);
	return status.settled;
}

bool world_settle(struct world *w, uint64_t ns)
{
	uint64_t end = w->now + ns;

	while (!w->kern.fault) {
		if (world_settled(w))
			return true;
		if (!world_step(w, end))
			return world_settled(w);
	}
	return false;
}

bool world_user_done(struct world *w, uint64_t ns)
{
	uint64_t end = w->now + ns;

	while (w->kern.user.op != USER_NONE && !w->kern.fault && world_step(w, end))
		;
	return w->kern.user.op == USER_NONE;
}

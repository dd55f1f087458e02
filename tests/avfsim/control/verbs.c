// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/verbs.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/call.h"
#include "control/state.h"
#include "sim.h"

int verb_fail(const struct call *c, int err, const char *sentence)
{
	snprintf(c->why, c->size, "%s", sentence);
	return err;
}

int verb_number(const struct call *c, const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || *value > max) {
		snprintf(c->why, c->size, "\"%s\" is not a number up to %llu", text,
			 (unsigned long long)max);
		return -EINVAL;
	}
	return 0;
}

int verb_vf(const struct call *c, const char *text, unsigned int *vf)
{
	uint64_t value;

	if (verb_number(c, text, c->sim->config.pf.num_vfs - 1, &value))
		return -EINVAL;
	*vf = value;
	return 0;
}

int verb_switch(const struct call *c, const char *text, const char *on, const char *off,
		bool *value)
{
	*value = !strcmp(text, on);
	if (*value || !strcmp(text, off))
		return 0;
	snprintf(c->why, c->size, "\"%s\" is neither %s nor %s", text, on, off);
	return -EINVAL;
}

int verb_answer(const struct call *c, int err)
{
	return err ? verb_fail(c, err, strerror(-err)) : 0;
}

static int do_reset(const struct call *c)
{
	unsigned int vf;

	if (verb_vf(c, c->args[0], &vf))
		return -EINVAL;
	if (!strcmp(c->args[1], "silent"))
		pf_reset(c->sim->pf, sim_now(), vf, PF_RESET_SILENT);
	else if (!strcmp(c->args[1], "announced"))
		pf_reset(c->sim->pf, sim_now(), vf, PF_RESET_ANNOUNCED);
	else if (!strcmp(c->args[1], "flr"))
		pf_flr(c->sim->pf, sim_now(), vf);
	else if (!strcmp(c->args[1], "at-start"))
		c->sim->vfs[vf].dev.reset_at_start = true;
	else if (!strcmp(c->args[1], "at-master"))
		c->sim->vfs[vf].dev.reset_at_master = true;
	else
		return verb_fail(c, -EINVAL,
				 "a reset is silent, announced, flr, at-start or at-master");
	return 0;
}

/* One VF's object, or a list of all VFs'. */
static int per_vf(const struct call *c, struct json_object *(*get)(struct sim *, unsigned int))
{
	unsigned int vf;

	if (c->num) {
		if (verb_vf(c, c->args[0], &vf))
			return -EINVAL;
		*c->result = get(c->sim, vf);
		return 0;
	}
	*c->result = json_object_new_array();
	for (vf = 0; vf < c->sim->config.pf.num_vfs; vf++)
		json_object_array_add(*c->result, get(c->sim, vf));
	return 0;
}

static int do_counters(const struct call *c)
{
	return per_vf(c, state_counters);
}

static int do_show(const struct call *c)
{
	return per_vf(c, state_vsi);
}

static int do_queue_counts(const struct call *c)
{
	return per_vf(c, state_queue_counts);
}

static int do_errors(const struct call *c)
{
	*c->result = state_errors(c->sim);
	return 0;
}

static int fault_add(const struct call *c)
{
	char text[512] = "";
	const char *why = "";
	int id;

	for (int i = 1; i < c->num; i++) {
		if (strlen(text) + strlen(c->args[i]) + 2 > sizeof(text))
			return verb_fail(c, -EINVAL, "the rule is too long");
		strcat(text, i > 1 ? " " : "");
		strcat(text, c->args[i]);
	}
	id = faults_add(c->sim->faults, text, &why);
	if (id < 0)
		return verb_fail(c, id, why);
	*c->result = json_object_new_int(id);
	return 0;
}

static int fault_list(const struct call *c)
{
	struct json_object *rule;
	uint64_t hits;
	char text[256];
	int id;

	*c->result = json_object_new_array();
	for (unsigned int i = 0; faults_get(c->sim->faults, i, &id, text, sizeof(text), &hits);
	     i++) {
		rule = json_object_new_object();
		json_object_object_add(rule, "id", json_object_new_int(id));
		json_object_object_add(rule, "rule", json_object_new_string(text));
		json_object_object_add(rule, "hits", json_object_new_uint64(hits));
		json_object_array_add(*c->result, rule);
	}
	return 0;
}

static int do_fault(const struct call *c)
{
	const char *what = c->args[0];
	uint64_t id;

	if (!strcmp(what, "add") && c->num > 1)
		return fault_add(c);
	if (!strcmp(what, "list") && c->num == 1)
		return fault_list(c);
	if (!strcmp(what, "clear") && c->num == 1) {
		faults_clear(c->sim->faults);
		return 0;
	}
	if (strcmp(what, "del") || c->num != 2)
		return verb_fail(c, -EINVAL, "usage: fault add RULE... | list | del ID | clear");
	if (verb_number(c, c->args[1], INT32_MAX, &id))
		return -EINVAL;
	return faults_remove(c->sim->faults, id) ? verb_fail(c, -ENOENT, "no rule has this id") : 0;
}

static bool good_name(const char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("-_.:", *name))
			return false;
	return true;
}

static int transcript_since(const struct call *c)
{
	int vf = TRANSCRIPT_ANY_VF;
	unsigned int one;
	const char *line;
	uint64_t at;
	int64_t mark = transcript_find_mark(&c->sim->transcript, c->args[1]);

	if (mark < 0)
		return verb_fail(c, -ENOENT, "no mark has this name");
	if (c->num == 3) {
		if (verb_vf(c, c->args[2], &one))
			return -EINVAL;
		vf = one;
	}
	*c->result = json_object_new_array();
	at = mark;
	while ((line = transcript_next(&c->sim->transcript, vf, &at)))
		json_object_array_add(*c->result, json_tokener_parse(line));
	return 0;
}

static int do_transcript(const struct call *c)
{
	if (!strcmp(c->args[0], "since") && c->num >= 2)
		return transcript_since(c);
	if (strcmp(c->args[0], "mark") || c->num != 2)
		return verb_fail(c, -EINVAL, "usage: transcript mark NAME | since NAME [VF]");
	if (!good_name(c->args[1]))
		return verb_fail(c, -EINVAL, "a mark is made of letters, digits and -_.:");
	return verb_answer(c, transcript_mark(&c->sim->transcript, sim_now(), c->args[1]));
}

static int do_delay(const struct call *c)
{
	uint64_t us;

	if (verb_number(c, c->args[0], 1000000000, &us))
		return -EINVAL;
	return verb_answer(c, pf_set_msg_delay(c->sim->pf, us * 1000));
}

static int do_reset_time(const struct call *c)
{
	uint64_t us;

	if (verb_number(c, c->args[0], 1000000000, &us))
		return -EINVAL;
	return verb_answer(c, pf_set_reset_time(c->sim->pf, us * 1000));
}

static int do_max_queues(const struct call *c)
{
	uint64_t pairs;

	if (verb_number(c, c->args[0], PF_MAX_QUEUES, &pairs))
		return -EINVAL;
	return verb_answer(c, pf_set_max_queues(c->sim->pf, pairs));
}

static int do_gone(const struct call *c)
{
	unsigned int vf;
	bool on;

	if (verb_vf(c, c->args[0], &vf) || verb_switch(c, c->args[1], "on", "off", &on))
		return -EINVAL;
	c->sim->vfs[vf].dev.gone = on;
	return 0;
}

static int do_time(const struct call *c)
{
	*c->result = json_object_new_uint64(sim_now());
	return 0;
}

static int do_help(const struct call *c);

static const struct verb {
	const char *name;
	int min, max;
	int (*run)(const struct call *c);
	const char *usage;
} verbs[] = {
	{ "reset", 2, 2, do_reset,
	  "reset VF silent|announced|flr, or when mailbox or bus are enabled next: at-start|at-master" },
	{ "counters", 0, 1, do_counters, "counters [VF]: what happened to frames and messages" },
	{ "show", 0, 1, do_show, "show [VF]: the VSI and the device's state" },
	{ "queue-counts", 0, 1, do_queue_counts, "queue-counts [VF]: packets per queue" },
	{ "errors", 0, 0, do_errors, "errors: bad memory accesses and violations so far" },
	{ "fault", 1, 31, do_fault, "fault add RULE... | list | del ID | clear" },
	{ "transcript", 2, 3, do_transcript, "transcript mark NAME | since NAME [VF]" },
	{ "profile", 0, 1, do_profile, "profile [NAME[,untrusted]]: the PF that is played, as if the host had reloaded it" },
	{ "mac", 2, 2, do_mac, "mac VF ADDRESS: the administrator's address" },
	{ "port-vlan", 2, 3, do_port_vlan, "port-vlan VF ID [802.1Q|802.1ad] | VF none" },
	{ "trust", 2, 2, do_trust, "trust VF on|off" },
	{ "spoof", 2, 2, do_spoof, "spoof VF on|off: spoof checking" },
	{ "link", 2, 3, do_link, "link VF up|down [MBPS]" },
	{ "mtu", 2, 2, do_mtu, "mtu VF BYTES: the longest frame, told in the next negotiation" },
	{ "msix", 2, 2, do_msix, "msix VF NUMBER: interrupt vectors, mailbox included" },
	{ "delay", 1, 1, do_delay, "delay US: time the PF spends on one message" },
	{ "reset-time", 1, 1, do_reset_time, "reset-time US: from the trigger to VFACTIVE" },
	{ "max-queues", 1, 1, do_max_queues,
	  "max-queues N: pairs that a VF can ask for; 0 for the profile's number" },
	{ "message", 2, 6, do_message,
	  "message VF OPCODE [status=N] [hex=BYTES | random=LENGTH[:SEED]] [times=N]: that nobody asked for" },
	{ "gone", 2, 2, do_gone, "gone VF on|off: surprise removal, every read is all ones" },
	{ "time", 0, 0, do_time, "time: the clock of the transcript, ns" },
	{ "help", 0, 0, do_help, "help: this list" },
};

#define NUM_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int do_help(const struct call *c)
{
	*c->result = json_object_new_array();
	for (size_t i = 0; i < NUM_VERBS; i++)
		json_object_array_add(*c->result, json_object_new_string(verbs[i].usage));
	return 0;
}

int verbs_run(struct sim *sim, int num, const char *const *args, struct json_object **result,
	      char *why, size_t size)
{
	struct call c = { sim, num - 1, args + 1, result, why, size };

	for (size_t i = 0; i < NUM_VERBS; i++) {
		if (strcmp(verbs[i].name, args[0]))
			continue;
		if (c.num >= verbs[i].min && c.num <= verbs[i].max)
			return verbs[i].run(&c);
		snprintf(why, size, "usage: %s", verbs[i].usage);
		return -EINVAL;
	}
	snprintf(why, size, "no verb \"%s\"; see help", args[0]);
	return -EINVAL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An agent that waits for a VF, gives it VLANs and reacts to its resets: a line for each thing it
 * would act upon.
 *   cc -o agent agent.c $(pkg-config --cflags --libs libiavfctl json-c)
 *   ./agent 0000:3b:02.0 100 200
 * The loop is its own: the library gives a descriptor to wait for, so other work fits beside it.
 *
 * The list of VLANs is the agent's: what it says takes the place of what was applied before, and
 * VLANs that somebody made with ip(8) are left alone. Saying it again changes nothing. It is not
 * said again after a reset, which takes no VLAN away: the agent only looks. A VF that comes anew
 * (another driver had it, say) is as the files of /etc/iavfd say, so there it is said.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <iavfctl.h>
#include <json.h>

struct agent {
	const char *name;		/* of the VF, as the user calls it */
	char **vlans;			/* ids; NULL behind the last, none: they are none of our business */
	struct iavfctl *ctl;		/* beside that of the monitor */
	bool ready;
	uint32_t generation;
	uint32_t set_on;		/* the instance that has the VLANs; 0: none */
	uint32_t seen_in;		/* the generation in which they were seen */
	enum iavfctl_error error;	/* not OK: it is over */
};

static bool is_ready(const struct iavfctl_vf *vf)
{
	bool phase = !(vf->have & IAVFCTL_HAVE_PHASE) || vf->phase == IAVFCTL_PHASE_READY ||
		     vf->phase == IAVFCTL_PHASE_DEGRADED;

	return vf->state == IAVFCTL_STATE_READY && phase;
}

/* VLANs */

static struct json_object *member(struct json_object *json, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(json, key, &value);
	return value;
}

/*
 * Not permitted (polkit), not valid, refused by the PF: whatever it is, nothing was changed, and
 * trying again would not help. A daemon that is away for a moment says nothing about the VLANs.
 */
static void give_up(struct agent *agent, enum iavfctl_error error, const char *what)
{
	if (error == IAVFCTL_NO_DAEMON)
		return;
	fprintf(stderr, "agent: %s: %s\n", what, iavfctl_sentence(agent->ctl));
	agent->error = error;
}

/* A file as those of /etc/iavfd/vf.d, about this VF. */
static const char *document_of(const struct agent *agent, const char *pci, struct json_object *json)
{
	struct json_object *match = json_object_new_object(), *config = json_object_new_object();
	struct json_object *vlan = json_object_new_object(), *devices = json_object_new_array();

	for (char **id = agent->vlans; *id; id++) {
		struct json_object *device = json_object_new_object();

		json_object_object_add(device, "id", json_object_new_int(atoi(*id)));
		json_object_array_add(devices, device);
	}
	json_object_object_add(json, "schema", json_object_new_string("iavf-config/1"));
	json_object_object_add(match, "pci", json_object_new_string(pci));
	json_object_object_add(json, "match", match);
	json_object_object_add(vlan, "devices", devices);
	json_object_object_add(config, "vlan", vlan);
	json_object_object_add(json, "config", config);
	return json_object_to_json_string(json);
}

/* All of them or none; the daemon answers when the PF has them. */
static void set_vlans(struct agent *agent, const struct iavfctl_vf *vf)
{
	struct json_object *json = json_object_new_object(), *answer;
	struct iavfctl_document document = { "agent", document_of(agent, vf->pci, json) };
	enum iavfctl_error error;
	char *text = NULL;

	error = iavfctl_apply(agent->ctl, vf->pci, &document, 1, 0, &text);
	json_object_put(json);
	if (error) {
		give_up(agent, error, "the VLANs cannot be set");
		return;
	}
	answer = json_tokener_parse(text);
	printf("vlans %s %s\n", vf->pci, json_object_get_string(member(answer, "outcome")));
	json_object_put(answer);
	free(text);
	agent->set_on = vf->id;
	agent->seen_in = vf->generation;
}

/* What the daemon says of one setting as it is now. */
static struct json_object *live(struct json_object *described, const char *path)
{
	struct json_object *keys = member(described, "keys");

	for (size_t i = 0; keys && i < json_object_array_length(keys); i++) {
		struct json_object *key = json_object_array_get_idx(keys, i);

		if (!strcmp(json_object_get_string(member(key, "key")), path))
			return member(key, "live");
	}
	return NULL;
}

static bool has(struct json_object *devices, int id)
{
	for (size_t i = 0; devices && i < json_object_array_length(devices); i++) {
		if (json_object_get_int(member(json_object_array_get_idx(devices, i), "id")) == id)
			return true;
	}
	return false;
}

static void check_vlans(struct agent *agent, const struct iavfctl_vf *vf)
{
	struct json_object *described;
	enum iavfctl_error error;
	bool all = true;
	char *text;

	error = iavfctl_describe(agent->ctl, vf->pci, &text);
	if (error) {
		give_up(agent, error, "the VLANs cannot be looked at");
		return;
	}
	described = json_tokener_parse(text);
	for (char **id = agent->vlans; *id; id++)
		all = all && has(live(described, "vlan.devices"), atoi(*id));
	printf("vlans %s %s\n", vf->pci, all ? "kept" : "lost");
	json_object_put(described);
	free(text);
	agent->seen_in = vf->generation;
}

static void see_to_vlans(struct agent *agent, const struct iavfctl_vf *vf)
{
	if (!*agent->vlans)
		return;
	if (agent->set_on != vf->id)
		set_vlans(agent, vf);
	else if (agent->seen_in != vf->generation)
		check_vlans(agent, vf);
}

/* The VF */

/*
 * Decided from what the VF is now and was last, so it does not matter how many events there were.
 */
static void look(struct agent *agent, const struct iavfctl_vf *vf)
{
	bool ready = vf && is_ready(vf);

	if (vf && agent->generation && vf->generation != agent->generation)
		printf("reset %s generation %u\n", vf->pci, vf->generation);
	agent->generation = vf ? vf->generation : 0;
	if (ready && !agent->ready)
		printf("ready %s %s\n", vf->pci, vf->ifname ? vf->ifname : "-");
	if (!ready && agent->ready)
		printf("%s %s\n", vf ? "waiting" : "gone", agent->name);
	agent->ready = ready;
	if (ready)
		see_to_vlans(agent, vf);
	fflush(stdout);
}

/* Everything that happened; then the VF as it is after that. */
static enum iavfctl_error catch_up(struct agent *agent, struct iavfctl_monitor *monitor)
{
	const struct iavfctl_event *event;
	const struct iavfctl_vf *vf;
	enum iavfctl_error error;

	while (!(error = iavfctl_monitor_next(monitor, 0, &event))) {
		if (iavfctl_monitor_find(monitor, agent->name, &vf))
			vf = NULL;
		look(agent, vf);
		if (agent->error)
			return agent->error;
	}
	return error == IAVFCTL_TIMED_OUT ? IAVFCTL_OK : error;
}

static enum iavfctl_error run(struct agent *agent, struct iavfctl *ctl)
{
	struct iavfctl_monitor *monitor;
	enum iavfctl_error error = iavfctl_monitor_open(ctl, &monitor);
	struct pollfd loop[1];

	if (!error) {
		/* Other descriptors of the program would be in here, too. */
		loop[0] = (struct pollfd){ iavfctl_monitor_fd(monitor), POLLIN, 0 };
		while (!(error = catch_up(agent, monitor)))
			poll(loop, 1, -1);
	}
	if (error && !agent->error)
		fprintf(stderr, "agent: %s\n", iavfctl_sentence(ctl));
	iavfctl_monitor_close(monitor);
	return error;
}

int main(int argc, char **argv)
{
	struct agent agent = { .name = argc > 1 ? argv[1] : NULL, .vlans = argv + 2 };
	enum iavfctl_error error = IAVFCTL_FAILED;
	struct iavfctl *ctl = NULL;

	if (!agent.name) {
		fprintf(stderr, "usage: agent VF [VLAN...]\n");
		return IAVFCTL_USAGE;
	}
	if (iavfctl_open(&ctl) || iavfctl_open(&agent.ctl))
		perror("agent");
	else
		error = run(&agent, ctl);
	iavfctl_close(agent.ctl);
	iavfctl_close(ctl);
	return error;
}

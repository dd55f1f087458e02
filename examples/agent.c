// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An agent that waits for a VF and reacts to its resets: a line for each thing it would act upon.
 *   cc -o agent agent.c $(pkg-config --cflags --libs libiavfctl)
 *   ./agent 0000:3b:02.0
 * The loop is its own: the library gives a descriptor to wait for, so other work fits beside it.
 */
#include <poll.h>
#include <stdio.h>

#include <iavfctl.h>

struct agent {
	const char *name;		/* of the VF, as the user calls it */
	bool ready;
	uint32_t generation;
};

static bool is_ready(const struct iavfctl_vf *vf)
{
	bool phase = !(vf->have & IAVFCTL_HAVE_PHASE) || vf->phase == IAVFCTL_PHASE_READY ||
		     vf->phase == IAVFCTL_PHASE_DEGRADED;

	return vf->state == IAVFCTL_STATE_READY && phase;
}

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
	fflush(stdout);
}

/* Everything that happened; then the VF as it is after that. */
static int catch_up(struct agent *agent, struct iavfctl_monitor *monitor)
{
	const struct iavfctl_event *event;
	const struct iavfctl_vf *vf;
	enum iavfctl_error error;

	while (!(error = iavfctl_monitor_next(monitor, 0, &event))) {
		if (iavfctl_monitor_find(monitor, agent->name, &vf))
			vf = NULL;
		look(agent, vf);
	}
	return error == IAVFCTL_TIMED_OUT ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct agent agent = { argc == 2 ? argv[1] : NULL, false, 0 };
	struct iavfctl_monitor *monitor = NULL;
	struct iavfctl *ctl = NULL;
	struct pollfd loop[1];

	if (!agent.name) {
		fprintf(stderr, "usage: agent VF\n");
		return 2;
	}
	if (iavfctl_open(&ctl) || iavfctl_monitor_open(ctl, &monitor)) {
		fprintf(stderr, "agent: %s\n", ctl ? iavfctl_sentence(ctl) : "no netlink here");
	} else {
		/* Other descriptors of the program would be in here, too. */
		loop[0] = (struct pollfd){ iavfctl_monitor_fd(monitor), POLLIN, 0 };
		while (!catch_up(&agent, monitor))
			poll(loop, 1, -1);
		fprintf(stderr, "agent: %s\n", iavfctl_sentence(ctl));
	}
	iavfctl_monitor_close(monitor);
	iavfctl_close(ctl);
	return 1;
}

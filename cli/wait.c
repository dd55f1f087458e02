// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json_out.h"
#include "verbs.h"
#include "wait.h"

const char wait_help[] =
	"Wait until a VF is what is asked for. VF is a PCI address, an interface name or a prefix.\n"
	"  ready (default)  it has its interface and its mailbox works, and the daemon, where\n"
	"                   there is one, is done with it, degraded or not\n"
	"  carrier          ready, and its link is up\n"
	"  present          the driver has it\n"
	"  gone             it has not\n\n"
	"Exit code: 0 it is so; 124 it was not in time. A name that fits several VFs is an error,\n"
	"one that fits none yet is waited for.\n";

enum { FOR, TIMEOUT };

const struct cli_option wait_options[] = {
	[FOR] = { "for", 0, "WHAT", "ready carrier present gone", "what to wait for" },
	[TIMEOUT] = { "timeout", 0, "SECONDS", NULL,
		      "30 if not given; 0 looks once, 'inf' waits for ever" },
	{ NULL, 0, NULL, NULL, NULL },
};

bool wait_is_ready(const struct iavfctl_vf *vf)
{
	bool phase = !(vf->have & IAVFCTL_HAVE_PHASE) || vf->phase == IAVFCTL_PHASE_READY ||
		     vf->phase == IAVFCTL_PHASE_DEGRADED;

	return vf->state == IAVFCTL_STATE_READY && phase;
}

static bool has_carrier(const struct iavfctl_vf *vf)
{
	return wait_is_ready(vf) && (vf->have & IAVFCTL_HAVE_CARRIER) && vf->carrier;
}

static bool is_present(const struct iavfctl_vf *vf)
{
	return true;
}

static const struct goal {
	const char *word;
	bool (*reached)(const struct iavfctl_vf *vf);	/* NULL: without the VF */
} goals[] = {
	{ "ready", wait_is_ready }, { "carrier", has_carrier }, { "present", is_present },
	{ "gone", NULL }, { NULL, NULL },
};

static const struct goal *goal_of(const char *word)
{
	for (const struct goal *goal = goals; goal->word; goal++) {
		if (!strcmp(goal->word, word))
			return goal;
	}
	return NULL;
}

long long wait_milliseconds(const char *text)
{
	char *end;
	double seconds;

	if (!strcmp(text, "inf"))
		return -1;
	seconds = strtod(text, &end);
	if (end == text || *end || !(seconds >= 0 && seconds <= 1e6))
		return -2;
	return (long long)(seconds * 1000);
}

long long wait_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* OK, TIMED_OUT, or what went wrong. */
static enum iavfctl_error wait_for(struct iavfctl_monitor *monitor, const struct goal *goal,
				   const char *name, long long ms, const struct iavfctl_vf **vf)
{
	long long end = wait_now_ms() + ms, left;
	const struct iavfctl_event *event;
	enum iavfctl_error error = IAVFCTL_OK;

	while (!error) {
		error = iavfctl_monitor_find(monitor, name, vf);
		if (error == IAVFCTL_NOT_FOUND ? !goal->reached :
						 !error && goal->reached && goal->reached(*vf))
			return IAVFCTL_OK;
		if (error && error != IAVFCTL_NOT_FOUND)
			return error;
		left = end > wait_now_ms() ? end - wait_now_ms() : 0;
		error = iavfctl_monitor_next(monitor, ms < 0 ? -1 : (int)left, &event);
	}
	if (error == IAVFCTL_TIMED_OUT && iavfctl_monitor_find(monitor, name, vf))
		*vf = NULL;
	return error;
}

static int report(struct cli *cli, struct iavfctl *ctl, enum iavfctl_error error,
		  const char *name, const struct goal *goal, const struct iavfctl_vf *vf)
{
	if (error == IAVFCTL_TIMED_OUT)
		return cli_fail(cli, error, "%s: not %s in time%s%s", name, goal->word,
				vf ? ", it is " : "", vf ? iavfctl_state_word(vf->state) : "");
	if (error)
		return cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	if (cli->json)
		json_put_vfs(cli->out, (struct iavfctl_vf *const *)&vf, vf ? 1 : 0);
	return 0;
}

static int run(struct cli *cli, const char *name, const struct goal *goal, long long ms)
{
	const struct iavfctl_vf *vf = NULL;
	struct iavfctl_monitor *monitor;
	enum iavfctl_error error;
	struct iavfctl *ctl;
	int code;

	error = cli_open(cli, &ctl);
	if (error)
		return error;
	error = iavfctl_monitor_open(ctl, &monitor);
	if (!error)
		error = wait_for(monitor, goal, name, ms, &vf);
	code = report(cli, ctl, error, name, goal, vf);
	iavfctl_monitor_close(monitor);
	iavfctl_close(ctl);
	return code;
}

int verb_wait(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	const char *values[] = { [FOR] = "ready", [TIMEOUT] = "30" };
	int code = cli_options_with(cli, verb, argc, argv, 1, 1, values);

	if (code >= 0)
		return code;
	if (!goal_of(values[FOR]))
		return cli_fail(cli, IAVFCTL_USAGE,
				"--for %s: one of ready, carrier, present, gone", values[FOR]);
	if (wait_milliseconds(values[TIMEOUT]) == -2)
		return cli_fail(cli, IAVFCTL_USAGE, "--timeout %s: seconds or 'inf'",
				values[TIMEOUT]);
	return run(cli, argv[optind], goal_of(values[FOR]), wait_milliseconds(values[TIMEOUT]));
}

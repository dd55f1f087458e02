// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>

#include "json_out.h"
#include "verbs.h"
#include "wait.h"

const char reset_help[] =
	"Have the daemon reset a VF: its PF forgets it, all is negotiated and set anew. Traffic\n"
	"stops for some milliseconds. VF is a PCI address, an interface name or a prefix.\n"
	"-j prints the VF when it is ready again; with --timeout 0 as it was before: the reset is\n"
	"over when it is ready with a greater generation.\n\n"
	"Needs root, or leave by polkit for org.iavfd1.reset. Exit code: 0 done; 3 not permitted;\n"
	"6 no daemon; 124 not ready in time.\n";

enum { TIMEOUT };

const struct cli_option reset_options[] = {
	[TIMEOUT] = { "timeout", 0, "SECONDS", NULL,
		      "until it has to be ready again, 30 if not given; 0: no waiting" },
	{ NULL, 0, NULL, NULL, NULL },
};

static enum iavfctl_error wait_for(struct iavfctl_monitor *monitor, const char *pci,
				   uint32_t generation, long long ms, const struct iavfctl_vf **vf)
{
	long long end = wait_now_ms() + ms;
	enum iavfctl_error error = IAVFCTL_OK;

	while (!error) {
		const struct iavfctl_event *event;
		long long left = end - wait_now_ms();

		if (!iavfctl_monitor_find(monitor, pci, vf) && (*vf)->generation > generation &&
		    wait_is_ready(*vf))
			return IAVFCTL_OK;
		if (ms >= 0 && left <= 0)
			return IAVFCTL_TIMED_OUT;
		error = iavfctl_monitor_next(monitor, ms < 0 ? -1 : (int)left, &event);
	}
	return error;
}

static int wait_ready(struct cli *cli, struct iavfctl *ctl, const char *pci, uint32_t generation,
		      long long ms)
{
	const struct iavfctl_vf *vf = NULL;
	struct iavfctl_monitor *monitor;
	enum iavfctl_error error = iavfctl_monitor_open(ctl, &monitor);
	int code = 0;

	if (!error)
		error = wait_for(monitor, pci, generation, ms, &vf);
	if (error == IAVFCTL_TIMED_OUT)
		code = cli_fail(cli, error, "%s: reset, but not ready again in time", pci);
	else if (error)
		code = cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	else if (cli->json)
		json_put_vfs(cli->out, (struct iavfctl_vf *const *)&vf, 1);
	iavfctl_monitor_close(monitor);
	return code;
}

static int run(struct cli *cli, struct iavfctl *ctl, const char *name, long long ms)
{
	enum iavfctl_error error;
	struct iavfctl_vf *vf;
	uint32_t generation;
	int code = 0;

	error = iavfctl_get(ctl, name, &vf);
	if (!error)
		error = iavfctl_reset(ctl, vf->pci, &generation);
	if (error)
		code = cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	else if (ms)
		code = wait_ready(cli, ctl, vf->pci, generation, ms);
	else if (cli->json)
		json_put_vfs(cli->out, &vf, 1);
	iavfctl_vf_free(vf);
	return code;
}

int verb_reset(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	const char *values[] = { [TIMEOUT] = "30" };
	int code = cli_options_with(cli, verb, argc, argv, 1, 1, values);
	enum iavfctl_error error;
	struct iavfctl *ctl;
	long long ms;

	if (code >= 0)
		return code;
	ms = wait_milliseconds(values[TIMEOUT]);
	if (ms == -2)
		return cli_fail(cli, IAVFCTL_USAGE, "--timeout %s: seconds or 'inf'",
				values[TIMEOUT]);
	error = cli_open(cli, &ctl);
	if (error)
		return error;
	code = run(cli, ctl, argv[optind], ms);
	iavfctl_close(ctl);
	return code;
}

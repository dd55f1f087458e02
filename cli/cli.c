// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of verbs and the options before them. */
#include <getopt.h>
#include <string.h>

#include "verbs.h"

const struct verb verbs[] = {
	{ "list", "", "list the VFs", list_help, verb_list, NULL, NULL },
	{ "show", "VF", "everything about one VF", show_help, verb_show, NULL, NULL },
	{ "status", "[VF]...", "what is well and what is not, and why", status_help, verb_status,
	  NULL, NULL },
	{ "monitor", "[VF]...", "say what changes, as it changes", monitor_help, verb_monitor,
	  NULL, NULL },
	{ "wait", "VF", "wait until a VF is ready, say", wait_help, verb_wait, wait_options, NULL },
	{ "reset", "VF", "reset a VF", reset_help, verb_reset, reset_options, NULL },
	{ "validate", "[FILE]", "look for errors in configuration files", validate_help,
	  verb_validate, NULL, NULL },
	{ "diff", "[FILE]", "what applying would change", diff_help, verb_diff, NULL, NULL },
	{ "apply", "[FILE]", "make VFs as files say, all or nothing", apply_help, verb_apply,
	  apply_options, NULL },
	{ "confirm", "[ID]", "keep what apply --confirm did", confirm_help, verb_confirm, NULL, NULL },
	{ "rollback", "[ID]", "take the last change back", rollback_help, verb_rollback, NULL, NULL },
	{ "reload", "", "read the files of /etc/iavfd again", reload_help, verb_reload, NULL, NULL },
	{ "config", "show|cat|edit VF", "settings of a VF and where they are from", config_help,
	  verb_config, NULL, config_words },
	{ "set", "VF KEY=VALUE...", "make settings of a VF so", set_help, verb_set, set_options,
	  NULL },
	{ "queues", "VF N|RX TX", "set how many queues a VF has", queues_help, verb_queues,
	  set_options, NULL },
	{ "rss", "VF WORD ARG...", "set how packets are spread over queues", rss_help, verb_rss,
	  set_options, rss_words },
	{ "vlan", "VF [WORD ARG...]", "VLANs of a VF, and set them", vlan_help, verb_vlan,
	  set_options, vlan_words },
	{ "trace", "[VF]", "messages between VFs and their PF", trace_help, verb_trace,
	  trace_options, NULL },
	{ "doctor", "", "look for known problems of this machine", doctor_help, verb_doctor,
	  NULL, NULL },
	{ "report", "", "all that a bug report needs, in one file", report_help, verb_report,
	  report_options, NULL },
	{ "metrics", "", "numbers for Prometheus", metrics_help, verb_metrics, metrics_options,
	  NULL },
	{ "log-level", "[LEVEL]", "how much the daemon logs", log_level_help, verb_log_level, NULL,
	  log_level_words },
	{ "version", "", "versions of all parts", version_help, verb_version, NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct cli_option cli_common[] = {
	{ "json", 'j', NULL, NULL, "print JSON, errors too" },
	{ "host", 'H', "[USER@]HOST", NULL, "do it on that machine, over ssh" },
	{ "help", 'h', NULL, NULL, "print this, or after a verb about it" },
	{ "version", 0, NULL, NULL, "print the version and leave" },
	{ NULL, 0, NULL, NULL, NULL },
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "host", required_argument, NULL, 'H' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!strcmp(verb->name, name))
			return verb;
	}
	return NULL;
}

static void print_help(FILE *out)
{
	fputs("usage: iavfctl [-j] [-H [USER@]HOST] VERB [ARGUMENT]...\n"
	      "Look at the VFs of the split iavf driver, and set them.\n\n", out);
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(out, "  %-9s  %-16s  %s\n", verb->name, verb->args, verb->summary);
	fputs("\n  -j, --json   print JSON, errors too\n"
	      "  -H, --host   do it on that machine, over ssh\n"
	      "  -h, --help   print this, or after a verb about it\n"
	      "  --version    print the version and leave\n\n"
	      "Exit codes: 0 ok, 1 failed, 2 usage, 3 not permitted, 4 not found, 5 refused by the PF,\n"
	      "6 no daemon, 10 differs, 124 timed out. See iavfctl(1).\n",
	      out);
}

/* -j anywhere makes the complaint about another option JSON, too. */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "-j") || !strcmp(argv[i], "--json"))
			return true;
	}
	return false;
}

static int run_verb(struct cli *cli, int argc, char **argv)
{
	const struct verb *verb = verb_find(argv[0]);

	if (!verb)
		return cli_fail(cli, IAVFCTL_USAGE, "unknown verb '%s', try --help", argv[0]);
	return verb->run(cli, verb, argc, argv);
}

int cli_main(struct cli *cli, int argc, char **argv)
{
	int opt;

	if (argc > 1 && !strcmp(argv[1], "--complete"))
		return cli_complete(cli, argc - 2, argv + 2);
	cli->json = wants_json(argc, argv);
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+jhH:", long_options, NULL)) != -1) {
		switch (opt) {
		case 'j':
			break;
		case 'H':
			cli->host = optarg;
			break;
		case 'h':
			print_help(cli->out);
			return 0;
		case 'V':
			fprintf(cli->out, "iavfctl %s\n", IAVF_VERSION);
			return 0;
		default:
			return cli_bad_option(cli, argv);
		}
	}
	if (optind == argc)
		return cli_fail(cli, IAVFCTL_USAGE, "a verb is needed, try --help");
	return run_verb(cli, argc - optind, argv + optind);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of verbs and the options before and after them. */
#include <getopt.h>
#include <string.h>

#include "verbs.h"

#define OWN_OPTIONS	6
#define OWN		256	/* what getopt returns for the first of them */

const struct verb verbs[] = {
	{ "list", "", "list the VFs", list_help, verb_list },
	{ "show", "VF", "everything about one VF", show_help, verb_show },
	{ "status", "[VF]...", "what is well and what is not, and why", status_help, verb_status },
	{ "monitor", "[VF]...", "say what changes, as it changes", monitor_help, verb_monitor },
	{ "wait", "VF", "wait until a VF is ready, say", wait_help, verb_wait },
	{ "reset", "VF", "reset a VF", reset_help, verb_reset },
	{ "version", "", "versions of all parts", version_help, verb_version },
	{ NULL, NULL, NULL, NULL, NULL },
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void print_help(FILE *out)
{
	fputs("usage: iavfctl [-j] VERB [ARGUMENT]...\n"
	      "Look at the VFs of the split iavf driver.\n\n", out);
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(out, "  %-8s %-7s  %s\n", verb->name, verb->args, verb->summary);
	fputs("\n  -j, --json   print JSON, errors too\n"
	      "  -h, --help   print this, or after a verb about it\n"
	      "  --version    print the version and leave\n\n"
	      "Exit codes: 0 ok, 1 failed, 2 usage, 3 not permitted, 4 not found, 5 refused by the PF,\n"
	      "6 no daemon, 124 timed out. See iavfctl(1).\n",
	      out);
}

static void print_verb_help(FILE *out, const struct verb *verb)
{
	fprintf(out, "usage: iavfctl %s [-j]%s%s\n\n%s", verb->name, *verb->args ? " " : "",
		verb->args, verb->help);
}

static int bad_option(struct cli *cli, char **argv)
{
	if (optopt >= OWN)
		return cli_fail(cli, IAVFCTL_USAGE, "option '%s' needs a value, try --help",
				argv[optind - 1]);
	if (optopt)
		return cli_fail(cli, IAVFCTL_USAGE, "unknown option '-%c', try --help", optopt);
	return cli_fail(cli, IAVFCTL_USAGE, "unknown option '%s', try --help", argv[optind - 1]);
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

/* After a verb --version is no option. */
static void fill_options(struct option *options, const struct cli_option *own)
{
	*options++ = (struct option){ "json", no_argument, NULL, 'j' };
	*options++ = (struct option){ "help", no_argument, NULL, 'h' };
	for (int i = 0; i < OWN_OPTIONS && own && own[i].name; i++)
		*options++ = (struct option){ own[i].name, required_argument, NULL, OWN + i };
	*options = (struct option){ NULL, 0, NULL, 0 };
}

int cli_options_with(struct cli *cli, const struct verb *verb, int argc, char **argv, int min,
		     int max, const struct cli_option *own)
{
	struct option options[OWN_OPTIONS + 3];
	int opt;

	fill_options(options, own);
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "jh", options, NULL)) != -1) {
		if (opt == 'h') {
			print_verb_help(cli->out, verb);
			return 0;
		}
		if (opt == '?')
			return bad_option(cli, argv);
		if (opt >= OWN)
			*own[opt - OWN].value = optarg;
		else
			cli->json = true;
	}
	if (argc - optind < min)
		return cli_fail(cli, IAVFCTL_USAGE, "%s needs %s, try 'iavfctl %s --help'",
				verb->name, verb->args, verb->name);
	if (argc - optind > max)
		return cli_fail(cli, IAVFCTL_USAGE,
				"unexpected argument '%s', try 'iavfctl %s --help'",
				argv[optind + max], verb->name);
	return -1;
}

int cli_options(struct cli *cli, const struct verb *verb, int argc, char **argv, int min, int max)
{
	return cli_options_with(cli, verb, argc, argv, min, max, NULL);
}

static int run_verb(struct cli *cli, int argc, char **argv)
{
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!strcmp(verb->name, argv[0]))
			return verb->run(cli, verb, argc, argv);
	}
	return cli_fail(cli, IAVFCTL_USAGE, "unknown verb '%s', try --help", argv[0]);
}

int cli_main(struct cli *cli, int argc, char **argv)
{
	int opt;

	cli->json = wants_json(argc, argv);
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+jh", long_options, NULL)) != -1) {
		switch (opt) {
		case 'j':
			break;
		case 'h':
			print_help(cli->out);
			return 0;
		case 'V':
			fprintf(cli->out, "iavfctl %s\n", IAVF_VERSION);
			return 0;
		default:
			return bad_option(cli, argv);
		}
	}
	if (optind == argc)
		return cli_fail(cli, IAVFCTL_USAGE, "a verb is needed, try --help");
	return run_verb(cli, argc - optind, argv + optind);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Options behind a verb: those of every verb and its own, from its table. */
#include <getopt.h>
#include <string.h>

#include "cli.h"

#define OWN	256	/* what getopt returns for the first of a verb's own options */

static const struct cli_option *own_of(const struct verb *verb)
{
	static const struct cli_option none = { NULL, 0, NULL, NULL, NULL };

	return verb->options ?: &none;
}

static void print_own(FILE *out, const struct cli_option *own)
{
	char left[48];

	for (; own->name; own++) {
		int n = own->letter ? snprintf(left, sizeof(left), "-%c, ", own->letter) : 0;

		n += snprintf(left + n, sizeof(left) - n, "--%s", own->name);
		if (own->arg && *own->arg == '[')
			snprintf(left + n, sizeof(left) - n, "[=%s", own->arg + 1);
		else if (own->arg)
			snprintf(left + n, sizeof(left) - n, " %s", own->arg);
		fprintf(out, "  %-18s  %s\n", left, own->summary);
	}
}

static void print_verb_help(FILE *out, const struct verb *verb)
{
	const struct cli_option *own = own_of(verb);

	fprintf(out, "usage: iavfctl %s [-j]%s%s%s\n\n%s", verb->name,
		own->name ? " [OPTION]..." : "", *verb->args ? " " : "", verb->args, verb->help);
	if (own->name)
		fputc('\n', out);
	print_own(out, own);
}

int cli_bad_option(struct cli *cli, char **argv)
{
	if (optopt >= OWN || optopt == 'H')
		return cli_fail(cli, IAVFCTL_USAGE, "option '%s' needs a value, try --help",
				argv[optind - 1]);
	if (optopt)
		return cli_fail(cli, IAVFCTL_USAGE, "unknown option '-%c', try --help", optopt);
	return cli_fail(cli, IAVFCTL_USAGE, "unknown option '%s', try --help", argv[optind - 1]);
}

static int needs(const struct cli_option *own)
{
	if (!own->arg)
		return no_argument;
	return *own->arg == '[' ? optional_argument : required_argument;
}

/* The tables that getopt wants. After a verb --version is no option. */
static void fill(const struct verb *verb, struct option *options, char *letters)
{
	letters += sprintf(letters, "jhH:");
	*options++ = (struct option){ "json", no_argument, NULL, 'j' };
	*options++ = (struct option){ "help", no_argument, NULL, 'h' };
	*options++ = (struct option){ "host", required_argument, NULL, 'H' };
	for (int i = 0; i < CLI_OPTIONS && own_of(verb)[i].name; i++) {
		const struct cli_option *own = &own_of(verb)[i];

		*options++ = (struct option){ own->name, needs(own), NULL, OWN + i };
		if (own->letter)
			letters += sprintf(letters, "%c%s", own->letter, own->arg ? ":" : "");
	}
	*options = (struct option){ NULL, 0, NULL, 0 };
}

/* Which of the verb's own options getopt found: -1, none. */
static int own_index(const struct verb *verb, int opt)
{
	if (opt >= OWN)
		return opt - OWN;
	for (int i = 0; own_of(verb)[i].name; i++) {
		if (own_of(verb)[i].letter == opt)
			return i;
	}
	return -1;
}

static int bad_letter(struct cli *cli, const struct verb *verb, char **argv)
{
	if (optopt && optopt < OWN && own_index(verb, optopt) >= 0)
		return cli_fail(cli, IAVFCTL_USAGE, "option '-%c' needs a value, try --help",
				optopt);
	return cli_bad_option(cli, argv);
}

static int check_count(struct cli *cli, const struct verb *verb, int count, char **operands,
		       int min, int max)
{
	if (count < min)
		return cli_fail(cli, IAVFCTL_USAGE, "%s needs %s, try 'iavfctl %s --help'",
				verb->name, verb->args, verb->name);
	if (count > max)
		return cli_fail(cli, IAVFCTL_USAGE,
				"unexpected argument '%s', try 'iavfctl %s --help'", operands[max],
				verb->name);
	return -1;
}

int cli_options_with(struct cli *cli, const struct verb *verb, int argc, char **argv, int min,
		     int max, const char **values)
{
	const char *const *given = (const char *const *)values;
	struct option options[CLI_OPTIONS + 4];
	char letters[2 * CLI_OPTIONS + 8];
	int opt, code;

	fill(verb, options, letters);
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (opt == '?')
			return bad_letter(cli, verb, argv);
		if (opt == 'h') {
			print_verb_help(cli->out, verb);
			return 0;
		}
		if (opt == 'j')
			cli->json = true;
		else if (opt == 'H')
			cli->host = optarg;
		else
			values[own_index(verb, opt)] = optarg ?: "";
	}
	code = check_count(cli, verb, argc - optind, argv + optind, min, max);
	if (code >= 0 || !cli->host)
		return code;
	return cli_remote(cli, verb, given, argv + optind, argc - optind);
}

int cli_options(struct cli *cli, const struct verb *verb, int argc, char **argv, int min, int max)
{
	return cli_options_with(cli, verb, argc, argv, min, max, NULL);
}

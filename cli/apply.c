// SPDX-License-Identifier: GPL-2.0-or-later
/* diff and apply: the same question, asked and meant. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "documents.h"
#include "plan_text.h"
#include "verbs.h"

#define CONFIRM_MAX	86400

const char diff_help[] =
	"What would change if FILE, or without one the files of /etc/iavfd, were applied now.\n"
	"FILE is as those of /etc/iavfd/vf.d, see iavfd.json(5); '-' is the standard input.\n\n"
	"Exit code: 0 nothing would; 10 something would; 1 it is not valid or a VF cannot be so.\n";

const char apply_help[] =
	"Make VFs as FILE says, or without one as the files of /etc/iavfd say: all of it or\n"
	"nothing. FILE is as those of /etc/iavfd/vf.d, see iavfd.json(5); '-' is the standard\n"
	"input. It is not kept: a VF that comes anew is as the files say.\n\n"
	"With --confirm iavfd takes everything back after the time (120 seconds if not said),\n"
	"unless 'iavfctl confirm' came before: also when this terminal, its ssh session or iavfd\n"
	"itself are gone meanwhile. 'iavfctl rollback' takes the last change back at any time.\n\n"
	"Needs root, or leave by polkit. Exit code: 0 done; 1 nothing was done, because it is not\n"
	"valid or a VF cannot be so; 5 the PF or the kernel refused it, all is as it was before.\n";

enum { DRY_RUN, CONFIRM, VF };

const struct cli_option apply_options[] = {
	[DRY_RUN] = { "dry-run", 'n', NULL, NULL, "say what would be done: messages and outages" },
	[CONFIRM] = { "confirm", 0, "[SECONDS]", NULL, "roll back unless confirmed in this time" },
	[VF] = { "vf", 0, "VF", NULL, "this VF only" },
	{ NULL, 0, NULL, NULL, NULL },
};

uint32_t seconds_of(const char *text)
{
	unsigned long seconds;
	char *end;

	if (!text || !*text)
		return 120;
	errno = 0;
	seconds = strtoul(text, &end, 10);
	return errno || *end || *text == '-' || seconds > CONFIRM_MAX ? 0 : seconds;
}

static int finish(struct cli *cli, struct iavfctl *ctl, enum iavfctl_error error,
		  enum plan_text how, char *json)
{
	int code;

	if (error)
		return cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	code = plan_print(cli, how, json);
	if (!code && how == PLAN_DIFF && plan_changes(json))
		code = IAVFCTL_DIFFERS;
	free(json);
	return code;
}

static int run(struct cli *cli, const char *const *values, const struct documents *documents)
{
	enum plan_text how = values[DRY_RUN] ? PLAN_PLANNED : PLAN_DONE;
	enum iavfctl_error error;
	struct iavfctl *ctl;
	char *json;
	int code;

	error = cli_open(cli, &ctl);
	if (error)
		return error;
	if (values[DRY_RUN])
		error = iavfctl_plan(ctl, values[VF], documents->all, documents->num, &json);
	else
		error = iavfctl_apply(ctl, values[VF], documents->all, documents->num,
				      values[CONFIRM] ? seconds_of(values[CONFIRM]) : 0, &json);
	code = finish(cli, ctl, error, how, json);
	iavfctl_close(ctl);
	return code;
}

int verb_apply(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	const char *values[] = { [VF] = NULL };
	int code = cli_options_with(cli, verb, argc, argv, 0, 1, values);
	struct documents documents;

	if (code >= 0)
		return code;
	if (!seconds_of(values[CONFIRM]))
		return cli_fail(cli, IAVFCTL_USAGE, "--confirm=%s: 1 to 86400 seconds",
				values[CONFIRM]);
	code = documents_read(cli, argv + optind, argc - optind, &documents);
	if (code >= 0)
		return code;
	code = run(cli, values, &documents);
	documents_free(&documents);
	return code;
}

int verb_diff(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	int code = cli_options(cli, verb, argc, argv, 0, 1);
	struct documents documents;
	enum iavfctl_error error;
	struct iavfctl *ctl;
	char *json;

	if (code >= 0)
		return code;
	code = documents_read(cli, argv + optind, argc - optind, &documents);
	if (code >= 0)
		return code;
	code = cli_open(cli, &ctl);
	if (!code) {
		error = iavfctl_plan(ctl, NULL, documents.all, documents.num, &json);
		code = finish(cli, ctl, error, PLAN_DIFF, json);
		iavfctl_close(ctl);
	}
	documents_free(&documents);
	return code;
}

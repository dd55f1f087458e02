// SPDX-License-Identifier: GPL-2.0-or-later
/* What follows a change: confirm, rollback; and reload, which needs none before. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "documents.h"
#include "plan_text.h"
#include "verbs.h"

const char confirm_help[] =
	"Keep the change that 'iavfctl apply --confirm' made. ID is what it printed; it may be left\n"
	"out.\n\nNeeds root, or leave by polkit. Exit code: 0 kept; 4 nothing waits to be confirmed.\n";

const char rollback_help[] =
	"Take the last change of 'iavfctl apply' or 'set' back: every setting that it changed is as it\n"
	"was before. ID is what apply printed; it may be left out.\n\n"
	"Needs root, or leave by polkit. Exit code: 0 done; 1 not everything could be brought back;\n"
	"4 there is nothing to take back.\n";

const char reload_help[] =
	"Have iavfd read the files of /etc/iavfd again and make all VFs as they say, as far as it\n"
	"goes: what a VF refuses is told, and holds up nothing else. 'systemctl reload iavfd' does the\n"
	"same; 'iavfctl apply' does it as a whole or not at all.\n\n"
	"Needs root, or leave by polkit. Exit code: 0 done; 1 not everything, or a\n"
	"file is not valid.\n";

static int finish(struct cli *cli, struct iavfctl *ctl, enum iavfctl_error error, char *json)
{
	int code;

	if (error)
		return cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	code = plan_print(cli, PLAN_DONE, json);
	if (!code && !strcmp(plan_outcome(json), "partly"))
		code = IAVFCTL_FAILED;
	free(json);
	return code;
}

typedef enum iavfctl_error verb_of_checkpoint(struct iavfctl *ctl, const char *id, char **json);

static int about_checkpoint(struct cli *cli, const struct verb *verb, int argc, char **argv,
			    verb_of_checkpoint *ask)
{
	enum iavfctl_error error;
	struct iavfctl *ctl;
	char *json;
	int code = cli_start(cli, verb, argc, argv, 0, 1, &ctl);

	if (code >= 0)
		return code;
	error = ask(ctl, argv[optind] ?: "", &json);
	code = finish(cli, ctl, error, json);
	iavfctl_close(ctl);
	return code;
}

int verb_confirm(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	return about_checkpoint(cli, verb, argc, argv, iavfctl_confirm);
}

int verb_rollback(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	return about_checkpoint(cli, verb, argc, argv, iavfctl_rollback);
}

/* Files that are bad stop nothing, so the answer does not speak of them. Who may not look is not told. */
static int tell_bad_file(struct cli *cli, struct iavfctl *ctl)
{
	char *text, *sentence;
	int code = 0;

	if (iavfctl_validate(ctl, NULL, 0, &text))
		return 0;
	sentence = validate_first(text);
	fflush(cli->out);
	if (sentence)
		code = cli_fail(cli, IAVFCTL_FAILED, "%s: VFs that this is about keep what they have",
				sentence);
	free(sentence);
	free(text);
	return code;
}

int verb_reload(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	enum iavfctl_error error;
	struct iavfctl *ctl;
	char *json;
	int code = cli_start(cli, verb, argc, argv, 0, 0, &ctl);

	if (code >= 0)
		return code;
	error = iavfctl_reload(ctl, &json);
	code = finish(cli, ctl, error, json);
	if (!code)
		code = tell_bad_file(cli, ctl);
	iavfctl_close(ctl);
	return code;
}

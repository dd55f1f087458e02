// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <string.h>

#include <json.h>

#include "json_out.h"
#include "verbs.h"

const char log_level_help[] =
	"How much iavfd logs: its level, or with LEVEL set it, until iavfd ends. Root may.\n"
	"LEVEL is emerg, alert, crit, err, warning, notice, info (as it starts) or debug.\n"
	"'systemctl service-log-level iavfd' does the same.\n";

const char log_level_words[] = "emerg alert crit err warning notice info debug";

int verb_log_level(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	const char *level = NULL;
	enum iavfctl_error error;
	struct iavfctl *ctl;
	int code = cli_start(cli, verb, argc, argv, 0, 1, &ctl);

	if (code >= 0)
		return code;
	if (argv[optind])
		error = iavfctl_set_log_level(ctl, argv[optind]);
	else
		error = iavfctl_log_level(ctl, &level);
	code = error ? cli_fail(cli, error, "%s", iavfctl_sentence(ctl)) : 0;
	if (!error && level && cli->json)
		json_put_document(cli->out, "log_level", json_object_new_string(level));
	else if (!error && level)
		fprintf(cli->out, "%s\n", level);
	iavfctl_close(ctl);
	return code;
}

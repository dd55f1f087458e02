// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <limits.h>
#include <string.h>

#include <json.h>

#include "json_out.h"
#include "text.h"
#include "verbs.h"

const char monitor_help[] =
	"First the VFs that are there, then what changes, a line each, until interrupted; with\n"
	"names only about those VFs. With -j each line is a JSON document. It is the daemon that\n"
	"tells, with its phases; while there is none, the kernel.\n";

static void print_value(FILE *out, struct json_object *value)
{
	if (json_object_is_type(value, json_type_string))
		fputs(json_object_get_string(value), out);
	else
		fputs(value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN) : "-",
		      out);
}

static void print_changes(FILE *out, const struct iavfctl_event *event)
{
	struct json_object *changes = json_changes(event->before, event->vf);
	const char *comma = "";

	json_object_object_foreach(changes, key, pair) {
		fprintf(out, "%s %s ", comma, key);
		print_value(out, json_object_array_get_idx(pair, 0));
		fputs(" -> ", out);
		print_value(out, json_object_array_get_idx(pair, 1));
		comma = ",";
	}
	json_object_put(changes);
}

static void print_text(FILE *out, const struct iavfctl_event *event)
{
	char when[32], ifname[64];

	text_time(0, when);
	fprintf(out, "%s ", when);
	if (!event->vf) {
		fprintf(out, "source %s\n", iavfctl_source_word(event->source));
		return;
	}
	text_ifname(event->vf, ifname, sizeof(ifname));
	fprintf(out, "%s %s %s", event->vf->pci, ifname, iavfctl_event_word(event->kind));
	if (event->before)
		print_changes(out, event);
	else if (event->kind != IAVFCTL_EVENT_REMOVED)
		fprintf(out, " %s", text_state(event->vf));
	fputc('\n', out);
}

static void print_json(FILE *out, const struct iavfctl_event *event)
{
	struct json_object *document = json_document();
	char when[32];

	text_time(0, when);
	json_add(document, "time", json_object_new_string(when));
	json_add(document, "event", json_object_new_string(iavfctl_event_word(event->kind)));
	json_add(document, "source", json_object_new_string(iavfctl_source_word(event->source)));
	json_add(document, "pci", event->vf ? json_object_new_string(event->vf->pci) : NULL);
	json_add(document, "changes", event->before ? json_changes(event->before, event->vf) :
						       NULL);
	json_add(document, "vf", event->vf ? json_vf(event->vf) : NULL);
	json_print(out, document);
}

/* By name, also one that just went; a name may be that of a VF that comes later. */
static bool is_wanted(const struct iavfctl_event *event, struct iavfctl *ctl, char **names)
{
	struct iavfctl_vf *vf = (struct iavfctl_vf *)event->vf, *found;

	if (!*names || !vf)
		return true;
	for (; *names; names++) {
		if (!iavfctl_choose(ctl, &vf, 1, *names, &found))
			return true;
	}
	return false;
}

static enum iavfctl_error follow(struct cli *cli, struct iavfctl *ctl,
				 struct iavfctl_monitor *monitor, char **names)
{
	const struct iavfctl_event *event;
	enum iavfctl_error error;

	while (!(error = iavfctl_monitor_next(monitor, -1, &event))) {
		if (!is_wanted(event, ctl, names))
			continue;
		if (cli->json)
			print_json(cli->out, event);
		else
			print_text(cli->out, event);
		/* Somebody waits for this line. A pipe that was closed is the end. */
		if (fflush(cli->out))
			return IAVFCTL_OK;
	}
	return error;
}

int verb_monitor(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	struct iavfctl_monitor *monitor;
	enum iavfctl_error error;
	struct iavfctl *ctl;
	int code = cli_start(cli, verb, argc, argv, 0, INT_MAX, &ctl);

	if (code >= 0)
		return code;
	error = iavfctl_monitor_open(ctl, &monitor);
	if (!error && iavfctl_monitor_source(monitor) == IAVFCTL_SOURCE_NONE)
		code = cli_fail(cli, IAVFCTL_NO_DAEMON,
				"no daemon on D-Bus, and no kernel module to ask instead");
	else if (!error)
		error = follow(cli, ctl, monitor, argv + optind);
	if (error)
		code = cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	iavfctl_monitor_close(monitor);
	iavfctl_close(ctl);
	return code < 0 ? 0 : code;
}

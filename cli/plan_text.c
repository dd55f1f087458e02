// SPDX-License-Identifier: GPL-2.0-or-later
#include <json.h>
#include <string.h>

#include "json_in.h"
#include "plan_text.h"

static const char *colour(const struct cli *cli, const char *code)
{
	return cli->colour ? code : "";
}

/* One setting may take several steps, each of which has it: people are told once. */
static bool is_told(struct json_object *steps, size_t step, struct json_object *change)
{
	const char *key = json_get_text(change, "key");

	for (size_t i = 0; key && i < step; i++) {
		struct json_object *before = json_get(json_object_array_get_idx(steps, i), "changes");

		for (size_t j = 0; j < json_length(before); j++) {
			const char *other = json_get_text(json_object_array_get_idx(before, j), "key");

			if (other && !strcmp(key, other))
				return true;
		}
	}
	return false;
}

static void print_change(struct cli *cli, enum plan_text how, struct json_object *change)
{
	const char *key = json_get_text(change, "key") ?: "";

	if (how != PLAN_DIFF) {
		fprintf(cli->out, "  %s: %s", key, json_plain(json_get(change, "from")));
		fprintf(cli->out, " -> %s\n", json_plain(json_get(change, "to")));
		return;
	}
	fprintf(cli->out, "%s- %s: %s%s\n", colour(cli, "\033[31m"), key,
		json_plain(json_get(change, "from")), colour(cli, "\033[0m"));
	fprintf(cli->out, "%s+ %s: %s%s\n", colour(cli, "\033[32m"), key, json_plain(json_get(change, "to")),
		colour(cli, "\033[0m"));
}

static void print_cost(struct cli *cli, struct json_object *step)
{
	struct json_object *messages = json_get(step, "messages");
	const char *outage = json_get_text(step, "outage") ?: "none";

	if (!json_length(messages) && !strcmp(outage, "none"))
		return;
	fprintf(cli->out, "    outage: %s", outage);
	for (size_t i = 0; i < json_length(messages); i++)
		fprintf(cli->out, "%s%s", i ? ", " : "; to the PF: ",
			json_plain(json_object_array_get_idx(messages, i)));
	fputc('\n', cli->out);
}

static void print_step(struct cli *cli, enum plan_text how, struct json_object *steps, size_t number)
{
	struct json_object *step = json_object_array_get_idx(steps, number);
	struct json_object *changes = json_get(step, "changes");
	const char *error = json_get_text(step, "error");

	for (size_t i = 0; i < json_length(changes); i++) {
		struct json_object *change = json_object_array_get_idx(changes, i);

		if (!is_told(steps, number, change))
			print_change(cli, how, change);
	}
	if (how == PLAN_PLANNED)
		print_cost(cli, step);
	if (error)
		fprintf(cli->out, "    refused: %s\n", error);
}

static void print_vf(struct cli *cli, enum plan_text how, struct json_object *vf)
{
	struct json_object *steps = json_get(vf, "steps");
	const char *netdev = json_get_text(vf, "netdev"), *error = json_get_text(vf, "error");

	if (!json_length(steps) && !error)
		return;
	fprintf(cli->out, "%s", json_get_text(vf, "pci") ?: "");
	if (netdev)
		fprintf(cli->out, " (%s)", netdev);
	fputs(":\n", cli->out);
	for (size_t i = 0; i < json_length(steps); i++)
		print_step(cli, how, steps, i);
	if (error)
		fprintf(cli->out, "  %s\n", error);
}

static void print_outcome(struct cli *cli, struct json_object *json)
{
	const char *id = json_get_text(json, "checkpoint");
	struct json_object *seconds = json_get(json, "confirm_seconds");

	const char *word = json_get_text(json, "outcome") ?: "";

	fprintf(cli->out, "%s\n", !strcmp(word, "rolled-back") ? "rolled back" : word);
	if (id && seconds)
		fprintf(cli->out, "rolled back in %s s, unless 'iavfctl confirm %s'\n",
			json_plain(seconds), id);
}

int plan_print(struct cli *cli, enum plan_text how, const char *text)
{
	struct json_object *json, *vfs;

	if (cli->json) {
		fprintf(cli->out, "%s\n", text);
		return 0;
	}
	json = json_tokener_parse(text);
	if (!json)
		return cli_fail(cli, IAVFCTL_FAILED, "iavfd's answer makes no sense");
	vfs = json_get(json, "vfs");
	for (size_t i = 0; i < json_length(vfs); i++)
		print_vf(cli, how, json_object_array_get_idx(vfs, i));
	if (how == PLAN_DONE)
		print_outcome(cli, json);
	else if (how == PLAN_PLANNED && !plan_changes(text))
		fputs("nothing to do\n", cli->out);
	json_object_put(json);
	return 0;
}

bool plan_changes(const char *text)
{
	struct json_object *json = json_tokener_parse(text), *vfs = json_get(json, "vfs");
	bool any = false;

	for (size_t i = 0; i < json_length(vfs); i++)
		any = any || json_length(json_get(json_object_array_get_idx(vfs, i), "steps"));
	json_object_put(json);
	return any;
}

const char *plan_outcome(const char *text)
{
	static char word[32];
	struct json_object *json = json_tokener_parse(text);

	snprintf(word, sizeof(word), "%s", json_get_text(json, "outcome") ?: "");
	json_object_put(json);
	return word;
}

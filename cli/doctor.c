// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>

#include "doctor.h"
#include "documents.h"
#include "json_out.h"
#include "verbs.h"

const char doctor_help[] =
	"Look for what is known to go wrong with VFs, their driver and the daemon, on this machine.\n"
	"Each line is ok, unknown (not to be seen by this user, say), a warning or a problem, and is\n"
	"followed by the way out. Root sees more.\n\n"
	"Exit code: 0 no problem, warnings there may be; 1 a problem.\n";

static const char *const result_words[] = { "ok", "unknown", "warning", "problem" };
static const char *const colours[] = { "\033[32m", "\033[2m", "\033[33m", "\033[31m" };

void doctor_say(struct doctor *doctor, enum doctor_result result, const char *check,
		const char *format, ...)
{
	struct doctor_finding *grown = realloc(doctor->findings,
					       (doctor->count + 1) * sizeof(*grown));
	struct doctor_finding *finding;
	va_list args;

	if (!grown)
		return;
	doctor->findings = grown;
	finding = &grown[doctor->count++];
	*finding = (struct doctor_finding){ .result = result, .check = check };
	va_start(args, format);
	if (vasprintf(&finding->seen, format, args) < 0)
		finding->seen = NULL;
	va_end(args);
}

void doctor_way_out(struct doctor *doctor, const char *known, const char *format, ...)
{
	struct doctor_finding *finding;
	va_list args;

	if (!doctor->count)
		return;
	finding = &doctor->findings[doctor->count - 1];
	finding->known = known;
	free(finding->way_out);
	va_start(args, format);
	if (vasprintf(&finding->way_out, format, args) < 0)
		finding->way_out = NULL;
	va_end(args);
}

const struct iavfctl_vf *doctor_theirs(const struct doctor *doctor, const struct iavfctl_vf *vf)
{
	for (size_t i = 0; i < doctor->num_theirs; i++) {
		if (!strcmp(doctor->theirs[i]->pci, vf->pci))
			return doctor->theirs[i];
	}
	return vf;
}

static void ask_configuration(struct doctor *doctor, struct iavfctl *ctl)
{
	char *text;

	doctor->may_look = iavfctl_validate(ctl, NULL, 0, &text);
	if (doctor->may_look)
		return;
	doctor->bad_file = validate_first(text ?: "");
	free(text);
}

static void ask(struct doctor *doctor)
{
	struct iavfctl *ctl;

	doctor->kernel = doctor->bus = iavfctl_open(&ctl);
	if (doctor->kernel) {
		snprintf(doctor->kernel_says, sizeof(doctor->kernel_says),
			 "there is no generic netlink here");
		return;
	}
	doctor->kernel = iavfctl_list(ctl, &doctor->vfs, &doctor->num_vfs);
	snprintf(doctor->kernel_says, sizeof(doctor->kernel_says), "%s", iavfctl_sentence(ctl));
	doctor->bus = iavfctl_daemon(ctl, &doctor->daemon);
	snprintf(doctor->bus_says, sizeof(doctor->bus_says), "%s", iavfctl_sentence(ctl));
	if (!doctor->bus) {
		iavfctl_daemon_list(ctl, &doctor->theirs, &doctor->num_theirs);
		ask_configuration(doctor, ctl);
	}
	iavfctl_close(ctl);
}

static unsigned int count_of(const struct doctor *doctor, enum doctor_result result)
{
	unsigned int count = 0;

	for (size_t i = 0; i < doctor->count; i++)
		count += doctor->findings[i].result == result;
	return count;
}

static void print(const struct doctor *doctor)
{
	unsigned int problems = count_of(doctor, DOCTOR_PROBLEM);
	unsigned int warnings = count_of(doctor, DOCTOR_WARNING);
	FILE *out = doctor->cli->out;
	bool colour = doctor->cli->colour;

	for (size_t i = 0; i < doctor->count; i++) {
		const struct doctor_finding *finding = &doctor->findings[i];

		fprintf(out, "%s%-7s%s  %-10s  %s\n", colour ? colours[finding->result] : "",
			result_words[finding->result], colour ? "\033[0m" : "", finding->check,
			finding->seen ?: "out of memory");
		if (finding->way_out)
			fprintf(out, "%21s-> %s%s%s%s\n", "", finding->way_out,
				finding->known ? " (known issue " : "", finding->known ?: "",
				finding->known ? ")" : "");
	}
	fprintf(out, "%u problem%s, %u warning%s\n", problems, problems == 1 ? "" : "s", warnings,
		warnings == 1 ? "" : "s");
}

static struct json_object *text(const char *value)
{
	return value ? json_object_new_string(value) : NULL;
}

static void print_json(const struct doctor *doctor)
{
	struct json_object *document = json_document(), *all = json_object_new_array(), *one;

	for (size_t i = 0; i < doctor->count; i++) {
		const struct doctor_finding *finding = &doctor->findings[i];

		one = json_object_new_object();
		json_add(one, "check", text(finding->check));
		json_add(one, "result", text(result_words[finding->result]));
		json_add(one, "seen", text(finding->seen));
		json_add(one, "way_out", text(finding->way_out));
		json_add(one, "known_issue", text(finding->known));
		json_object_array_add(all, one);
	}
	json_add(document, "doctor", all);
	json_add(document, "problems", json_object_new_int(count_of(doctor, DOCTOR_PROBLEM)));
	json_add(document, "warnings", json_object_new_int(count_of(doctor, DOCTOR_WARNING)));
	json_print(doctor->cli->out, document);
}

static void release(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->count; i++) {
		free(doctor->findings[i].seen);
		free(doctor->findings[i].way_out);
	}
	free(doctor->findings);
	iavfctl_list_free(doctor->vfs, doctor->num_vfs);
	iavfctl_list_free(doctor->theirs, doctor->num_theirs);
	iavfctl_daemon_free(doctor->daemon);
	free(doctor->bad_file);
}

int verb_doctor(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	struct doctor doctor = { .cli = cli };
	int code = cli_options(cli, verb, argc, argv, 0, 0);

	if (code >= 0)
		return code;
	ask(&doctor);
	doctor_modules(&doctor);
	doctor_daemon(&doctor);
	doctor_devices(&doctor);
	doctor_vfs(&doctor);
	doctor_network(&doctor);
	if (cli->json)
		print_json(&doctor);
	else
		print(&doctor);
	code = count_of(&doctor, DOCTOR_PROBLEM) ? IAVFCTL_FAILED : 0;
	release(&doctor);
	return code;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include <json.h>

#include "json_out.h"
#include "table.h"
#include "text.h"
#include "verbs.h"

const char status_help[] =
	"The daemon and, for each VF or those named, what it makes of it:\n"
	"  PHASE  waiting (for the device), negotiating, ready, degraded (works, but the PF\n"
	"         refused something) or failed\n"
	"  WHY    what was refused or went wrong\n"
	"Without the daemon it says what the kernel knows.\n\n"
	"Exit code: 0 all ready; 5 degraded; 1 not ready; 6 no daemon. The worst of all counts,\n"
	"and without the daemon it is 6 in any case.\n";

static const char *const heads[] = {
	"PCI", "IFNAME", "STATE", "PHASE", "LINK", "GENERATION",
};

enum { PCI, IFNAME, STATE, PHASE, LINK, GENERATION, COLUMNS };

struct status {
	struct iavfctl_daemon *daemon;	/* NULL: none */
	char no_daemon[256];		/* why */
	struct iavfctl_vf **vfs;
	size_t count;
};

static void set(const struct table *table, size_t row, unsigned int column, const char *text)
{
	snprintf(table_cell(table, row, column), TABLE_CELL, "%s", text);
}

static void set_row(const struct table *table, size_t row, const struct iavfctl_vf *vf)
{
	bool phase = vf->have & IAVFCTL_HAVE_PHASE, carrier = vf->have & IAVFCTL_HAVE_CARRIER;

	set(table, row, PCI, vf->pci);
	text_ifname(vf, table_cell(table, row, IFNAME), TABLE_CELL);
	set(table, row, STATE, iavfctl_state_word(vf->state));
	set(table, row, PHASE, phase ? iavfctl_phase_word(vf->phase) : "-");
	set(table, row, LINK, !carrier ? "-" : vf->carrier ? "up" : "down");
	snprintf(table_cell(table, row, GENERATION), TABLE_CELL, "%" PRIu32, vf->generation);
}

/* A sentence does not fit into a column: it gets a line. */
static void print_why(FILE *out, const struct iavfctl_vf *vf, const char *why)
{
	uint64_t wait_ms = text_until_ms(vf->next_attempt_us);

	fprintf(out, "%s: %s", vf->pci, why);
	if (vf->attempts)
		fprintf(out, "; %" PRIu32 " attempts", vf->attempts);
	if (vf->next_attempt_us)
		fprintf(out, ", next in %" PRIu64 ".%" PRIu64 " s", wait_ms / 1000,
			wait_ms / 100 % 10);
	fputc('\n', out);
}

static void print_sentences(FILE *out, const struct iavfctl_vf *vf)
{
	const char *why = vf->reason ?: vf->degraded;

	if (why)
		print_why(out, vf, why);
	if (vf->config_reason)
		fprintf(out, "%s: keeps the configuration it has: %s\n", vf->pci,
			vf->config_reason);
	if (vf->absent)
		fprintf(out, "%s: nobody controls it; on-absence %s is in force\n", vf->pci,
			iavfctl_absence_word(vf->on_absence));
}

static int print_vfs(struct cli *cli, const struct status *status)
{
	struct table table;

	if (table_init(&table, COLUMNS, status->count + 1))
		return cli_fail(cli, IAVFCTL_FAILED, "out of memory");
	for (unsigned int i = 0; i < COLUMNS; i++)
		set(&table, 0, i, heads[i]);
	for (size_t i = 0; i < status->count; i++)
		set_row(&table, i + 1, status->vfs[i]);
	table_print(&table, cli->out);
	table_free(&table);
	for (size_t i = 0; i < status->count; i++)
		print_sentences(cli->out, status->vfs[i]);
	return 0;
}

static void print_daemon(FILE *out, const struct status *status)
{
	const struct iavfctl_daemon *daemon = status->daemon;

	if (!daemon)
		fprintf(out, "no daemon: %s; this is what the kernel knows\n", status->no_daemon);
	else if (daemon->waiting)
		fprintf(out, "iavfd %s, waiting: %s\n", daemon->version, daemon->waiting);
	else
		fprintf(out, "iavfd %s, %s\n", daemon->version,
			daemon->ready ? "ready" : "starting");
	if (daemon && daemon->checkpoint)
		fprintf(out, "a change is rolled back in %" PRIu64 " s, unless 'iavfctl confirm %s'\n",
			text_until_boottime_ms(daemon->rollback_us) / 1000, daemon->checkpoint);
}

static struct json_object *json_daemon(const struct iavfctl_daemon *daemon)
{
	struct json_object *one;

	if (!daemon)
		return NULL;
	one = json_object_new_object();
	json_add(one, "version", json_object_new_string(daemon->version));
	json_add(one, "abi", json_object_new_int64(daemon->abi));
	json_add(one, "attached", json_object_new_boolean(daemon->attached));
	json_add(one, "ready", json_object_new_boolean(daemon->ready));
	json_add(one, "waiting", daemon->waiting ? json_object_new_string(daemon->waiting) : NULL);
	json_add(one, "checkpoint",
		 daemon->checkpoint ? json_object_new_string(daemon->checkpoint) : NULL);
	json_add(one, "rollback_ms", daemon->checkpoint ? json_object_new_int64(
		 text_until_boottime_ms(daemon->rollback_us)) : NULL);
	return one;
}

static void print_json(FILE *out, const struct status *status)
{
	struct json_object *document = json_document();

	json_add(document, "daemon", json_daemon(status->daemon));
	json_add(document, "vfs", json_vfs(status->vfs, status->count));
	json_print(out, document);
}

static int code_of(const struct status *status)
{
	int code = 0;

	if (!status->daemon)
		return IAVFCTL_NO_DAEMON;
	if (!status->daemon->attached)
		return IAVFCTL_FAILED;
	for (size_t i = 0; i < status->count; i++) {
		enum iavfctl_phase phase = status->vfs[i]->phase;

		if (phase == IAVFCTL_PHASE_DEGRADED)
			code = code ?: IAVFCTL_REFUSED;
		else if (phase != IAVFCTL_PHASE_READY)
			code = IAVFCTL_FAILED;
	}
	return code;
}

/* From the daemon, else from the kernel. */
static enum iavfctl_error fetch(struct iavfctl *ctl, struct status *status)
{
	enum iavfctl_error error = iavfctl_daemon(ctl, &status->daemon);

	if (!error)
		error = iavfctl_daemon_list(ctl, &status->vfs, &status->count);
	if (error != IAVFCTL_NO_DAEMON)
		return error;
	snprintf(status->no_daemon, sizeof(status->no_daemon), "%s", iavfctl_sentence(ctl));
	iavfctl_daemon_free(status->daemon);
	status->daemon = NULL;
	return iavfctl_list(ctl, &status->vfs, &status->count);
}

static bool is_named(const struct iavfctl_vf *vf, struct iavfctl_vf *const *named, int count)
{
	for (int i = 0; i < count; i++) {
		if (named[i] == vf)
			return true;
	}
	return false;
}

/* Keep those that are named. */
static enum iavfctl_error choose(struct iavfctl *ctl, struct status *status, char **names,
				 int count)
{
	struct iavfctl_vf **named = calloc(count + 1, sizeof(*named));
	enum iavfctl_error error = named ? IAVFCTL_OK : IAVFCTL_FAILED;
	size_t kept = 0;

	for (int i = 0; !error && i < count; i++)
		error = iavfctl_choose(ctl, status->vfs, status->count, names[i], &named[i]);
	for (size_t i = 0; !error && count && i < status->count; i++) {
		if (is_named(status->vfs[i], named, count))
			status->vfs[kept++] = status->vfs[i];
		else
			iavfctl_vf_free(status->vfs[i]);
	}
	if (!error && count)
		status->count = kept;
	free(named);
	return error;
}

int verb_status(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	struct status status = { .daemon = NULL };
	enum iavfctl_error error;
	struct iavfctl *ctl;
	int code = cli_start(cli, verb, argc, argv, 0, INT_MAX, &ctl);

	if (code >= 0)
		return code;
	error = fetch(ctl, &status);
	if (!error)
		error = choose(ctl, &status, argv + optind, argc - optind);
	code = error ? cli_fail(cli, error, "%s", iavfctl_sentence(ctl)) : 0;
	if (!error && cli->json) {
		print_json(cli->out, &status);
	} else if (!error) {
		print_daemon(cli->out, &status);
		code = print_vfs(cli, &status);
	}
	code = code ?: code_of(&status);
	iavfctl_daemon_free(status.daemon);
	iavfctl_list_free(status.vfs, status.count);
	iavfctl_close(ctl);
	return code;
}

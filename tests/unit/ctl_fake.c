// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_fake.h"

char out[65536], err[4096];
struct iavfctl_vf *fleet;
size_t fleet_size;
enum iavfctl_error list_error;

/* The library. */
enum iavfctl_error iavfctl_open(struct iavfctl **ctl)
{
	*ctl = NULL;
	return IAVFCTL_OK;
}

void iavfctl_close(struct iavfctl *ctl)
{
}

const char *iavfctl_sentence(const struct iavfctl *ctl)
{
	return "a sentence of the \"library\"";
}

enum iavfctl_error iavfctl_list(struct iavfctl *ctl, struct iavfctl_vf ***vfs, size_t *count)
{
	*vfs = NULL;
	*count = 0;
	if (list_error)
		return list_error;
	*vfs = calloc(fleet_size + 1, sizeof(**vfs));
	*count = fleet_size;
	for (size_t i = 0; i < *count; i++)
		(*vfs)[i] = &fleet[i];
	return IAVFCTL_OK;
}

void iavfctl_list_free(struct iavfctl_vf **vfs, size_t count)
{
	free(vfs);
}

enum iavfctl_error iavfctl_get(struct iavfctl *ctl, const char *name, struct iavfctl_vf **vf)
{
	*vf = NULL;
	if (list_error)
		return list_error;
	if (!fleet_size || strcmp(name, fleet->pci))
		return IAVFCTL_NOT_FOUND;
	*vf = fleet;
	return IAVFCTL_OK;
}

void iavfctl_vf_free(struct iavfctl_vf *vf)
{
}

enum iavfctl_error iavfctl_family_version(struct iavfctl *ctl, uint32_t *version)
{
	*version = 1;
	return list_error;
}

enum iavfctl_error iavfctl_choose(struct iavfctl *ctl, struct iavfctl_vf *const *vfs, size_t count,
				  const char *name, struct iavfctl_vf **vf)
{
	*vf = NULL;
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(vfs[i]->pci, name))
			*vf = vfs[i];
	}
	return *vf ? IAVFCTL_OK : IAVFCTL_NOT_FOUND;
}

/* The daemon, NULL: none. */
struct iavfctl_daemon *iavfd;

enum iavfctl_error iavfctl_daemon(struct iavfctl *ctl, struct iavfctl_daemon **daemon)
{
	*daemon = iavfd;
	return iavfd ? IAVFCTL_OK : IAVFCTL_NO_DAEMON;
}

void iavfctl_daemon_free(struct iavfctl_daemon *daemon)
{
}

enum iavfctl_error iavfctl_daemon_list(struct iavfctl *ctl, struct iavfctl_vf ***vfs, size_t *count)
{
	return iavfd ? iavfctl_list(ctl, vfs, count) : IAVFCTL_NO_DAEMON;
}

/* A monitor plays these; a VF is what its last event says. */
const struct iavfctl_event *play;
size_t num_play, played;
enum iavfctl_source source;

enum iavfctl_error iavfctl_monitor_open(struct iavfctl *ctl, struct iavfctl_monitor **monitor)
{
	*monitor = NULL;
	played = 0;
	return IAVFCTL_OK;
}

void iavfctl_monitor_close(struct iavfctl_monitor *monitor)
{
}

enum iavfctl_source iavfctl_monitor_source(const struct iavfctl_monitor *monitor)
{
	return source;
}

enum iavfctl_error iavfctl_monitor_next(struct iavfctl_monitor *monitor, int timeout_ms,
					const struct iavfctl_event **event)
{
	*event = played < num_play ? &play[played++] : NULL;
	return *event ? IAVFCTL_OK : timeout_ms < 0 ? IAVFCTL_FAILED : IAVFCTL_TIMED_OUT;
}

enum iavfctl_error iavfctl_monitor_find(struct iavfctl_monitor *monitor, const char *name,
					const struct iavfctl_vf **vf)
{
	*vf = NULL;
	if (!strcmp(name, "several"))
		return IAVFCTL_USAGE;
	for (size_t i = 0; i < played; i++) {
		if (play[i].vf && !strcmp(play[i].vf->pci, name))
			*vf = play[i].kind == IAVFCTL_EVENT_REMOVED ? NULL : play[i].vf;
	}
	return *vf ? IAVFCTL_OK : IAVFCTL_NOT_FOUND;
}

enum iavfctl_error reset_error;

enum iavfctl_error iavfctl_reset(struct iavfctl *ctl, const char *pci, uint32_t *generation)
{
	*generation = 3;
	return reset_error;
}

/* The configuration: what was asked, and the answer. */
struct asked asked;
const char *answer_json, *describe_json;
enum iavfctl_error answer_error;

static enum iavfctl_error answer_config(char **json)
{
	*json = answer_error || !answer_json ? NULL : strdup(answer_json);
	return answer_error;
}

static void note_documents(const struct iavfctl_document *documents, size_t num)
{
	asked.num = num;
	*asked.text = *asked.name = '\0';
	if (!num)
		return;
	snprintf(asked.name, sizeof(asked.name), "%s", documents->name);
	snprintf(asked.text, sizeof(asked.text), "%s", documents->text);
}

static void note_verb(const char *verb, const char *subject, uint32_t confirm)
{
	asked.verb = verb;
	asked.confirm = confirm;
	snprintf(asked.subject, sizeof(asked.subject), "%s", subject ?: "");
}

enum iavfctl_error iavfctl_validate(struct iavfctl *ctl, const struct iavfctl_document *documents,
				    size_t num, char **json)
{
	note_verb("validate", NULL, 0);
	note_documents(documents, num);
	return answer_config(json);
}

enum iavfctl_error iavfctl_plan(struct iavfctl *ctl, const char *vf,
				const struct iavfctl_document *documents, size_t num, char **json)
{
	note_verb("plan", vf, 0);
	note_documents(documents, num);
	return answer_config(json);
}

enum iavfctl_error iavfctl_apply(struct iavfctl *ctl, const char *vf,
				 const struct iavfctl_document *documents, size_t num,
				 uint32_t confirm, char **json)
{
	note_verb("apply", vf, confirm);
	note_documents(documents, num);
	return answer_config(json);
}

enum iavfctl_error iavfctl_reload(struct iavfctl *ctl, char **json)
{
	note_verb("reload", NULL, 0);
	return answer_config(json);
}

enum iavfctl_error iavfctl_confirm(struct iavfctl *ctl, const char *checkpoint, char **json)
{
	note_verb("confirm", checkpoint, 0);
	return answer_config(json);
}

enum iavfctl_error iavfctl_rollback(struct iavfctl *ctl, const char *checkpoint, char **json)
{
	note_verb("rollback", checkpoint, 0);
	return answer_config(json);
}

enum iavfctl_error iavfctl_describe(struct iavfctl *ctl, const char *pci, char **json)
{
	note_verb("describe", pci, 0);
	if (!describe_json)
		return answer_config(json);
	*json = strdup(describe_json);
	return IAVFCTL_OK;
}

/* A trace plays these; then it fails, as the made-up monitor. */
const struct iavfctl_message *traffic;
size_t num_traffic;
static size_t passed;
enum iavfctl_error trace_error;

enum iavfctl_error iavfctl_trace_open(struct iavfctl *ctl, struct iavfctl_trace **trace)
{
	*trace = NULL;
	passed = 0;
	return trace_error;
}

void iavfctl_trace_close(struct iavfctl_trace *trace)
{
}

enum iavfctl_error iavfctl_trace_next(struct iavfctl_trace *trace, int timeout_ms,
				      const struct iavfctl_message **message)
{
	*message = passed < num_traffic ? &traffic[passed++] : NULL;
	return *message ? IAVFCTL_OK : IAVFCTL_FAILED;
}

char log_level[16] = "info";

enum iavfctl_error iavfctl_log_level(struct iavfctl *ctl, const char **level)
{
	*level = log_level;
	return list_error;
}

enum iavfctl_error iavfctl_set_log_level(struct iavfctl *ctl, const char *level)
{
	snprintf(log_level, sizeof(log_level), "%s", level);
	return list_error;
}

const char *root;

int run_words(int argc, char **argv)
{
	struct cli cli = { .root = root };
	int code;

	memset(out, 0, sizeof(out));
	memset(err, 0, sizeof(err));
	cli.out = fmemopen(out, sizeof(out) - 1, "w");
	cli.err = fmemopen(err, sizeof(err) - 1, "w");
	code = cli_main(&cli, argc, argv);
	fclose(cli.out);
	fclose(cli.err);
	return code;
}

int run(const char *line)
{
	char words[256], *argv[16], *save = NULL;
	int argc = 0;

	snprintf(words, sizeof(words), "%s", line);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	return run_words(argc, argv);
}

void with(struct iavfctl_vf *vfs, size_t count, enum iavfctl_error error)
{
	fleet = vfs;
	fleet_size = count;
	list_error = error;
}

struct iavfctl_vf two[2] = {
	{
		.have = ~0u, .id = 1, .generation = 3, .state = IAVFCTL_STATE_READY,
		.pci = "0000:3b:02.0", .ifname = "eth0", .ifindex = 4, .netns = 4026531840,
		.netns_is_ours = true, .mac = { 2, 0, 0, 0, 0xab, 1 }, .mtu = 1500, .max_mtu = 9702,
		.rx_queues = 4, .tx_queues = 4, .max_queues = 16, .rx_ring = 512, .tx_ring = 512,
		.vectors = 5, .carrier = true, .link_mbps = 25000, .rx_flags = 1, .features = 0x41,
		.features_granted = 0x1000, .owner_pid = 412, .unresponsive = true,
		.last_errno = EPERM, .last_error = "no", .last_error_age_ms = 3210,
		.counters = { .resets = 3, .unproven_stops = 1 }, .phase = IAVFCTL_PHASE_READY,
		.on_absence = IAVFCTL_ABSENCE_DOWN, .grace_ms = 7000,
	},
	{ .id = 2, .pci = "0000:3b:02.1", .state = IAVFCTL_STATE_MAILBOX },
};

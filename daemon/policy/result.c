// SPDX-License-Identifier: GPL-2.0-or-later
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"
#include "plan_devices.h"
#include "result.h"

static struct json_object *text_json(const char *text)
{
	return text ? json_object_new_string(text) : NULL;
}

static char *finish(struct json_object *json)
{
	char *text = strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE));

	json_object_put(json);
	return text;
}

/* NULL, which is null: not set. */
static struct json_object *setting_json(const struct vf_config *config, enum setting setting)
{
	const struct setting_value *value = config ? vf_config_get(config, setting) : NULL;
	char *text = value ? setting_print(setting, value) : NULL;
	struct json_object *json = text ? json_tokener_parse(text) : NULL;

	free(text);
	return json;
}

/* ---- a transaction ---- */

static struct json_object *changes_json(const struct txn_vf *vf, const struct plan_step *step)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		struct json_object *change;

		if (!(step->settings & PLAN_BIT(i)))
			continue;
		change = json_object_new_object();
		json_object_object_add(change, "key", text_json(setting_type(i)->path));
		json_object_object_add(change, "from", setting_json(vf->before, i));
		json_object_object_add(change, "to", setting_json(vf->wanted, i));
		json_object_array_add(list, change);
	}
	return list;
}

static const char *verdict_word(enum host_verdict verdict)
{
	static const char *const words[] = {
		[HOST_NOT_RUN] = "not-run", [HOST_DONE] = "done", [HOST_FAILED] = "failed",
	};

	return words[verdict];
}

static struct json_object *step_json(const struct txn *txn, const struct txn_vf *vf,
				     const struct txn_step *step)
{
	struct json_object *json = json_object_new_object(), *messages = json_object_new_array();

	json_object_object_add(json, "changes", changes_json(vf, &step->plan));
	json_object_object_add(json, "outage", text_json(plan_outage_word(step->plan.outage)));
	for (unsigned int i = 0; i < PLAN_MESSAGES_MAX && step->plan.messages[i]; i++)
		json_object_array_add(messages, text_json(step->plan.messages[i]));
	json_object_object_add(json, "messages", messages);
	if (txn_kind(txn) != TXN_PLAN)
		json_object_object_add(json, "verdict", text_json(verdict_word(step->verdict)));
	if (step->verdict == HOST_FAILED)
		json_object_object_add(json, "error", text_json(step->sentence));
	return json;
}

static struct json_object *vf_json(const struct txn *txn, const struct txn_vf *vf)
{
	struct json_object *json = json_object_new_object(), *steps = json_object_new_array();

	json_object_object_add(json, "pci", text_json(vf->pci));
	if (*vf->netdev)
		json_object_object_add(json, "netdev", text_json(vf->netdev));
	for (unsigned int i = 0; i < vf->num; i++)
		json_object_array_add(steps, step_json(txn, vf, &vf->steps[i]));
	json_object_object_add(json, "steps", steps);
	json_object_object_add(json, "error", text_json(vf->sentence));
	if (vf->stuck)
		json_object_object_add(json, "stuck", json_object_new_boolean(true));
	return json;
}

char *result_txn(const struct txn *txn, const char *checkpoint, unsigned int seconds)
{
	struct json_object *json = json_object_new_object(), *vfs = json_object_new_array();

	json_object_object_add(json, "schema", text_json("iavf-plan/1"));
	json_object_object_add(json, "outcome", text_json(txn_outcome_word(txn_outcome(txn))));
	json_object_object_add(json, "reason", text_json(txn_reason(txn)));
	json_object_object_add(json, "checkpoint", text_json(checkpoint));
	if (seconds)
		json_object_object_add(json, "confirm_seconds", json_object_new_int64(seconds));
	for (unsigned int i = 0; i < txn_num(txn); i++)
		json_object_array_add(vfs, vf_json(txn, txn_vf(txn, i)));
	json_object_object_add(json, "vfs", vfs);
	return finish(json);
}

/* ---- one VF ---- */

/* A table is nowhere but in what it comes to. */
static bool table_drifted(const struct result_vf *vf)
{
	const struct setting_value *rx = vf_config_get(vf->live, SETTING_RX_QUEUES);
	unsigned int num = vf->host ? vf->host->rss.table_len : 0;
	uint16_t table[HOST_TABLE_MAX];

	if (!num || live_rss_table(vf->wanted, num, rx ? rx->number : 1, table))
		return true;
	return memcmp(vf->host->rss.table, table, num * sizeof(table[0]));
}

bool result_drifted(const struct result_vf *vf, enum setting setting)
{
	const struct setting_value *wanted, *live;

	if (!vf->live || !vf->wanted)
		return false;
	wanted = vf_config_get(vf->wanted, setting);
	live = vf_config_get(vf->live, setting);
	if (!wanted)
		return false;
	/* Others may have devices there as well, and move ours elsewhere. */
	if (setting == SETTING_VLAN_DEVICES)
		return live && plan_devices_mtu_differs(wanted, live);
	if (setting == SETTING_RSS_TABLE || setting == SETTING_RSS_EQUAL ||
	    setting == SETTING_RSS_WEIGHTS)
		return table_drifted(vf);
	return !live || !setting_value_equal(wanted, live);
}

static struct json_object *source_json(const struct setting_origin *origin)
{
	char text[512];

	if (!origin || !origin->file)
		return NULL;
	if (origin->line)
		snprintf(text, sizeof(text), "%s:%u", origin->file, origin->line);
	else
		snprintf(text, sizeof(text), "%s", origin->file);
	return text_json(text);
}

static struct json_object *key_json(const struct result_vf *vf, enum setting setting)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "key", text_json(setting_type(setting)->path));
	json_object_object_add(json, "live", setting_json(vf->live, setting));
	if (!vf->wanted || !vf_config_get(vf->wanted, setting))
		return json;
	json_object_object_add(json, "applied", setting_json(vf->wanted, setting));
	json_object_object_add(json, "source", source_json(vf_config_origin(vf->wanted, setting)));
	json_object_object_add(json, "drifted",
			       json_object_new_boolean(result_drifted(vf, setting)));
	return json;
}

static bool is_known(const struct result_vf *vf, enum setting setting)
{
	return (vf->live && vf_config_get(vf->live, setting)) ||
	       (vf->wanted && vf_config_get(vf->wanted, setting));
}

/* Those that say something of this VF, or may. */
static struct json_object *files_json(const struct result_vf *vf)
{
	struct json_object *list = json_object_new_array();
	const char *file;
	bool good;

	for (size_t i = 0; vf->files && vf->facts && (file = config_file(vf->files, i, &good)); i++) {
		if (config_file_matches(vf->files, i, vf->facts))
			json_object_array_add(list, text_json(file));
	}
	return list;
}

char *result_describe(const struct result_vf *vf)
{
	struct json_object *json = json_object_new_object(), *keys = json_object_new_array();

	json_object_object_add(json, "schema", text_json("iavf-vf-config/1"));
	json_object_object_add(json, "pci", text_json(vf->pci));
	json_object_object_add(json, "config_valid", json_object_new_boolean(!vf->invalid));
	json_object_object_add(json, "config_reason", text_json(vf->invalid));
	json_object_object_add(json, "error", text_json(vf->trouble));
	json_object_object_add(json, "files", files_json(vf));
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (is_known(vf, i))
			json_object_array_add(keys, key_json(vf, i));
	}
	json_object_object_add(json, "keys", keys);
	return finish(json);
}

/* ---- errors ---- */

static struct json_object *error_json(const struct config_error *error)
{
	struct json_object *json = json_object_new_object();
	char *sentence = config_error_text(error);

	json_object_object_add(json, "file", text_json(error->file));
	json_object_object_add(json, "line", json_object_new_int64(error->line));
	json_object_object_add(json, "column", json_object_new_int64(error->column));
	json_object_object_add(json, "path", text_json(error->path));
	json_object_object_add(json, "message", text_json(error->message));
	json_object_object_add(json, "found", text_json(error->found));
	json_object_object_add(json, "allowed", text_json(error->allowed));
	json_object_object_add(json, "nearest", text_json(error->nearest));
	json_object_object_add(json, "sentence", text_json(sentence));
	free(sentence);
	return json;
}

char *result_validation(const struct config *config)
{
	struct json_object *json = json_object_new_object(), *errors = json_object_new_array();
	struct json_object *files = json_object_new_array();
	const char *file;
	bool good;

	json_object_object_add(json, "schema", text_json("iavf-validation/1"));
	json_object_object_add(json, "valid",
			       json_object_new_boolean(!config_num_errors(config)));
	for (size_t i = 0; (file = config_file(config, i, &good)); i++)
		json_object_array_add(files, text_json(file));
	json_object_object_add(json, "files", files);
	for (size_t i = 0; i < config_num_errors(config); i++)
		json_object_array_add(errors, error_json(config_error(config, i)));
	json_object_object_add(json, "errors", errors);
	return finish(json);
}

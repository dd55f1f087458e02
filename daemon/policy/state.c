// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"
#include "txn.h"

#define TEXT_MAX	(16 * 1024 * 1024)	/* 256 VFs with a thousand VLAN devices each */

struct state *state_new(void)
{
	return calloc(1, sizeof(struct state));
}

void state_checkpoint_free(struct state_checkpoint *checkpoint)
{
	if (!checkpoint)
		return;
	for (size_t i = 0; i < checkpoint->num; i++) {
		vf_config_free(checkpoint->vfs[i].before);
		vf_config_free(checkpoint->vfs[i].made);
		vf_config_free(checkpoint->vfs[i].applied);
	}
	free(checkpoint->vfs);
	free(checkpoint);
}

void state_free(struct state *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < state->num; i++)
		vf_config_free(state->vfs[i].applied);
	free(state->vfs);
	state_checkpoint_free(state->checkpoint);
	free(state);
}

struct state_vf *state_find(struct state *state, const char *pci)
{
	for (size_t i = 0; i < state->num; i++) {
		if (!strcmp(state->vfs[i].instance.pci, pci))
			return &state->vfs[i];
	}
	return NULL;
}

struct state_vf *state_enter(struct state *state, const struct state_instance *instance)
{
	struct state_vf *vf = state_find(state, instance->pci), *vfs;
	struct vf_config *empty = vf_config_new();

	if (!empty)
		return NULL;
	if (!vf) {
		vfs = reallocarray(state->vfs, state->num + 1, sizeof(*vfs));
		if (!vfs) {
			vf_config_free(empty);
			return NULL;
		}
		state->vfs = vfs;
		vf = &vfs[state->num++];
		vf->applied = NULL;
	}
	vf_config_free(vf->applied);
	vf->applied = empty;
	vf->instance = *instance;
	return vf;
}

void state_forget(struct state *state, const char *pci)
{
	struct state_vf *vf = state_find(state, pci);

	if (!vf)
		return;
	vf_config_free(vf->applied);
	*vf = state->vfs[--state->num];
}

bool state_same(const struct state_instance *a, const struct state_instance *b)
{
	return !strcmp(a->pci, b->pci) && a->id == b->id &&
	       (!a->ifindex || !b->ifindex || a->ifindex == b->ifindex);
}

static int copy(struct vf_config **to, const struct vf_config *from)
{
	*to = from ? vf_config_copy(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

/* One that no file could list would cost the whole text, when it is read. */
static int keep_sayable(struct vf_config *before)
{
	const struct setting_value *value;
	struct setting_value sayable = { 0 };
	ssize_t num;
	int err;

	value = before ? vf_config_get(before, SETTING_VLAN_DEVICES) : NULL;
	if (!value)
		return 0;
	sayable.data = malloc(value->size ?: 1);
	if (!sayable.data)
		return -ENOMEM;
	num = vlan_devices_sayable(value->data, value->size / sizeof(struct vlan_device),
				   sayable.data);
	sayable.size = num > 0 ? num * sizeof(struct vlan_device) : 0;
	err = num < 0 ? num : vf_config_set(before, SETTING_VLAN_DEVICES, &sayable, NULL);
	free(sayable.data);
	return err;
}

int state_back_add(struct state *state, struct state_checkpoint *checkpoint,
		   const struct state_instance *instance, const struct txn_vf *vf)
{
	struct state_back *vfs = reallocarray(checkpoint->vfs, checkpoint->num + 1, sizeof(*vfs));
	const struct state_vf *known = state_find(state, instance->pci);
	struct state_back *back;

	if (!vfs)
		return -ENOMEM;
	checkpoint->vfs = vfs;
	back = &vfs[checkpoint->num++];
	*back = (struct state_back) { .instance = *instance, .changes = vf->changes };
	return copy(&back->before, vf->before) ?: keep_sayable(back->before) ?: copy(&back->made, vf->wanted) ?:
	       copy(&back->applied, known ? known->applied : NULL);
}

/* ---- to text ---- */

static struct json_object *config_json(const struct vf_config *config)
{
	char *text = vf_config_print(config);
	struct json_object *json = text ? json_tokener_parse(text) : NULL;

	free(text);
	return json;
}

static struct json_object *origin_json(const struct setting_origin *origin)
{
	struct json_object *json = json_object_new_array();

	json_object_array_add(json, json_object_new_string(origin->file));
	json_object_array_add(json, json_object_new_int64(origin->line));
	json_object_array_add(json, json_object_new_int64(origin->column));
	return json;
}

static struct json_object *origins_json(const struct vf_config *config)
{
	struct json_object *json = json_object_new_object();

	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		const struct setting_origin *origin = vf_config_origin(config, i);

		if (origin && origin->file)
			json_object_object_add(json, setting_type(i)->path, origin_json(origin));
	}
	return json;
}

static void add_instance(struct json_object *json, const struct state_instance *instance)
{
	json_object_object_add(json, "pci", json_object_new_string(instance->pci));
	json_object_object_add(json, "id", json_object_new_int64(instance->id));
	json_object_object_add(json, "ifindex", json_object_new_int64(instance->ifindex));
}

static struct json_object *vfs_json(const struct state *state)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < state->num; i++) {
		struct json_object *json = json_object_new_object();

		add_instance(json, &state->vfs[i].instance);
		json_object_object_add(json, "applied", config_json(state->vfs[i].applied));
		json_object_object_add(json, "origins", origins_json(state->vfs[i].applied));
		json_object_array_add(list, json);
	}
	return list;
}

static struct json_object *changes_json(uint64_t changes)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (changes & PLAN_BIT(i))
			json_object_array_add(list, json_object_new_string(setting_type(i)->path));
	}
	return list;
}

static struct json_object *checkpoint_json(const struct state_checkpoint *checkpoint)
{
	struct json_object *json = json_object_new_object(), *list = json_object_new_array();

	json_object_object_add(json, "id", json_object_new_string(checkpoint->id));
	json_object_object_add(json, "running", json_object_new_boolean(checkpoint->running));
	json_object_object_add(json, "deadline", json_object_new_int64(checkpoint->deadline));
	for (size_t i = 0; i < checkpoint->num; i++) {
		const struct state_back *back = &checkpoint->vfs[i];
		struct json_object *vf = json_object_new_object();

		add_instance(vf, &back->instance);
		json_object_object_add(vf, "changes", changes_json(back->changes));
		json_object_object_add(vf, "before", config_json(back->before));
		if (back->made)
			json_object_object_add(vf, "made", config_json(back->made));
		if (back->applied) {
			json_object_object_add(vf, "applied", config_json(back->applied));
			json_object_object_add(vf, "origins", origins_json(back->applied));
		}
		json_object_array_add(list, vf);
	}
	json_object_object_add(json, "vfs", list);
	return json;
}

char *state_print(const struct state *state)
{
	struct json_object *json = json_object_new_object();
	char *text;

	json_object_object_add(json, "schema", json_object_new_string(STATE_SCHEMA));
	json_object_object_add(json, "checkpoints", json_object_new_int64(state->checkpoints));
	json_object_object_add(json, "vfs", vfs_json(state));
	if (state->checkpoint)
		json_object_object_add(json, "checkpoint", checkpoint_json(state->checkpoint));
	text = strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
						     JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	return text;
}

/* ---- from text ---- */

static const char *get_text(struct json_object *json, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static uint64_t get_number(struct json_object *json, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, key, &value) ||
	    !json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0)
		return 0;
	return json_object_get_int64(value);
}

static struct json_object *get_list(struct json_object *json, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(json, key, &value) ||
	    !json_object_is_type(value, json_type_array))
		return NULL;
	return value;
}

static int get_config(struct json_object *json, const char *key, struct vf_config **config)
{
	struct json_object *value;
	const char *text;

	if (!json_object_object_get_ex(json, key, &value))
		return -EINVAL;
	text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
	return vf_config_read(text, strlen(text), config, NULL);
}

static int get_instance(struct json_object *json, struct state_instance *instance)
{
	const char *pci = get_text(json, "pci");

	if (!pci || strlen(pci) >= sizeof(instance->pci))
		return -EINVAL;
	memset(instance, 0, sizeof(*instance));
	strcpy(instance->pci, pci);
	instance->id = get_number(json, "id");
	instance->ifindex = get_number(json, "ifindex");
	return 0;
}

/* An origin that is not understood is none. */
static int take_origin(struct vf_config *config, const char *path, struct json_object *json)
{
	enum setting setting = setting_by_path(path);
	const struct setting_value *value;
	struct setting_origin origin;
	struct setting_value copy;
	int err;

	if (setting >= SETTING_NUM_VF || !json_object_is_type(json, json_type_array) ||
	    json_object_array_length(json) != 3)
		return 0;
	value = vf_config_get(config, setting);
	origin.file = json_object_get_string(json_object_array_get_idx(json, 0));
	origin.line = json_object_get_int64(json_object_array_get_idx(json, 1));
	origin.column = json_object_get_int64(json_object_array_get_idx(json, 2));
	if (!value || !origin.file)
		return 0;
	err = setting_value_copy(&copy, value);
	if (!err)
		err = vf_config_set(config, setting, &copy, &origin);
	setting_value_clear(&copy);
	return err;
}

/* "applied" with its "origins". */
static int take_applied(struct json_object *json, struct vf_config **config)
{
	struct json_object *origins;
	int err = get_config(json, "applied", config);

	if (err || !json_object_object_get_ex(json, "origins", &origins) ||
	    !json_object_is_type(origins, json_type_object))
		return err;
	json_object_object_foreach(origins, path, origin) {
		err = err ?: take_origin(*config, path, origin);
	}
	return err;
}

static int take_vf(struct state *state, struct json_object *json)
{
	struct state_instance instance;
	struct state_vf *vf;
	int err = get_instance(json, &instance);

	if (err)
		return err;
	vf = state_enter(state, &instance);
	if (!vf)
		return -ENOMEM;
	vf_config_free(vf->applied);
	vf->applied = NULL;
	return take_applied(json, &vf->applied);
}

static int take_changes(struct json_object *list, uint64_t *changes)
{
	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *path = json_object_get_string(json_object_array_get_idx(list, i));
		enum setting setting = path ? setting_by_path(path) : SETTING_COUNT;

		if (setting >= SETTING_NUM_VF)
			return -EINVAL;
		*changes |= PLAN_BIT(setting);
	}
	return list ? 0 : -EINVAL;
}

static int take_back(struct state_back *back, struct json_object *json)
{
	struct json_object *made;
	int err = get_instance(json, &back->instance) ?:
		  take_changes(get_list(json, "changes"), &back->changes) ?:
		  get_config(json, "before", &back->before);

	if (!err && json_object_object_get_ex(json, "made", &made))
		err = get_config(json, "made", &back->made);
	if (!err && json_object_object_get_ex(json, "applied", &made))
		err = take_applied(json, &back->applied);
	return err;
}

static int take_checkpoint(struct state *state, struct json_object *json)
{
	struct state_checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	struct json_object *list = get_list(json, "vfs"), *running;
	const char *id = get_text(json, "id");
	int err = 0;

	state->checkpoint = checkpoint;
	if (!checkpoint)
		return -ENOMEM;
	if (!list || !id || strlen(id) >= sizeof(checkpoint->id))
		return -EINVAL;
	strcpy(checkpoint->id, id);
	checkpoint->deadline = get_number(json, "deadline");
	checkpoint->running = json_object_object_get_ex(json, "running", &running) &&
			      json_object_get_boolean(running);
	checkpoint->vfs = calloc(json_object_array_length(list) ?: 1, sizeof(*checkpoint->vfs));
	if (!checkpoint->vfs)
		return -ENOMEM;
	while (!err && checkpoint->num < json_object_array_length(list)) {
		err = take_back(&checkpoint->vfs[checkpoint->num],
				json_object_array_get_idx(list, checkpoint->num));
		checkpoint->num++;
	}
	return err;
}

static int take(struct state *state, struct json_object *json)
{
	const char *schema = get_text(json, "schema");
	struct json_object *list = get_list(json, "vfs"), *checkpoint;
	int err = 0;

	if (!schema || strcmp(schema, STATE_SCHEMA) || !list)
		return -EINVAL;
	state->checkpoints = get_number(json, "checkpoints");
	for (size_t i = 0; !err && i < json_object_array_length(list); i++)
		err = take_vf(state, json_object_array_get_idx(list, i));
	if (!err && json_object_object_get_ex(json, "checkpoint", &checkpoint))
		err = take_checkpoint(state, checkpoint);
	return err;
}

static struct json_object *parse(const char *text, size_t len)
{
	struct json_tokener *tokener = len <= TEXT_MAX ? json_tokener_new() : NULL;
	struct json_object *json;

	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	json = json_tokener_parse_ex(tokener, text, len);
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    !json_object_is_type(json, json_type_object)) {
		json_object_put(json);
		json = NULL;
	}
	json_tokener_free(tokener);
	return json;
}

int state_read(const char *text, size_t len, struct state **result)
{
	struct json_object *json = parse(text, len);
	struct state *state;
	int err;

	if (!json)
		return -EINVAL;
	state = state_new();
	err = state ? take(state, json) : -ENOMEM;
	json_object_put(json);
	if (err) {
		state_free(state);
		return err;
	}
	*result = state;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VLANs of a VF. Settings become a document as those of "set" do. A list of devices is a setting
 * as a whole, so one more or one less starts from those that are there.
 */
#include <getopt.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "documents.h"
#include "json_in.h"
#include "set.h"
#include "table.h"
#include "verbs.h"

const char vlan_help[] =
	"VLANs of a VF: those it has, or set them:\n"
	"  add ID [name NAME] [on OUTER]  a VLAN device, on the VF or on its VLAN OUTER (QinQ)\n"
	"  del ID [on OUTER]      one that 'add', another document or a file made, and what is on it\n"
	"  filters IDS|none       received without a VLAN device, for a bridge or a guest\n"
	"  allowed IDS|all|none   what may be added, by whomever\n"
	"  budget N               how many may be added\n"
	"  strip on|off           the device takes tags out of received frames\n"
	"  insert on|off          the device puts tags into frames to send\n"
	"  filter on|off          only VLANs that were added are received\n"
	"and behind each but 'budget', 'protocol 802.1ad' for those tags; else 802.1Q is meant. IDS are\n"
	"such as 1-100,200. It is not kept: a VF that comes anew is as the files of /etc/iavfd say.\n\n"
	"Needs root, or leave by polkit. Exit codes are those of 'iavfctl apply'.\n";

const char vlan_words[] = "add del filters allowed budget strip insert filter";

#define NONSENSE	"iavfd's answer makes no sense"

enum { CONFIRM };	/* of set_options */

/* What is said behind the VF. */
struct ask {
	const struct form *form;
	const char *value;
	const char *name, *protocol, *on;	/* NULL: not said */
};

/* The word, and of which setting it is; what may be said behind the value. */
static const struct form {
	const char *word;
	const char *ctag, *stag;	/* NULL: a VLAN device */
	const char *more;
} forms[] = {
	{ "add", NULL, NULL, "name protocol on" },
	{ "del", NULL, NULL, "protocol on" },
	{ "filters", "vlan.filters.ctag", "vlan.filters.stag", "protocol" },
	{ "allowed", "vlan.allowed.ctag", "vlan.allowed.stag", "protocol" },
	{ "budget", "vlan.budget", NULL, "" },
	{ "strip", "features.vlan-ctag-strip", "features.vlan-stag-strip", "protocol" },
	{ "insert", "features.vlan-ctag-insert", "features.vlan-stag-insert", "protocol" },
	{ "filter", "features.vlan-ctag-filter", "features.vlan-stag-filter", "protocol" },
};

static const char *const protocols[] = { "802.1Q", "802.1ad" };

static bool is_stag(const struct ask *ask)
{
	return ask->protocol && !strcmp(ask->protocol, protocols[1]);
}

/* ---- what was said ---- */

static const char **place_of(struct ask *ask, const char *word)
{
	if (!strstr(ask->form->more, word))
		return NULL;
	if (!strcmp(word, "name"))
		return &ask->name;
	if (!strcmp(word, "protocol"))
		return &ask->protocol;
	return strcmp(word, "on") ? NULL : &ask->on;
}

static int read_more(struct cli *cli, struct ask *ask, char **words, int count)
{
	for (int i = 0; i < count; i += 2) {
		const char **place = place_of(ask, words[i]);

		if (!place || *place || i + 1 == count)
			return cli_fail(cli, IAVFCTL_USAGE, "vlan %s: unexpected '%s', try 'iavfctl "
					"vlan --help'", ask->form->word, words[i]);
		*place = words[i + 1];
	}
	if (ask->protocol && strcmp(ask->protocol, protocols[0]) && !is_stag(ask))
		return cli_fail(cli, IAVFCTL_USAGE, "protocol %s: one of 802.1Q, 802.1ad",
				ask->protocol);
	return -1;
}

static int read_ask(struct cli *cli, char **words, int count, struct ask *ask)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!strcmp(forms[i].word, words[0]))
			ask->form = &forms[i];
	}
	if (!ask->form || count < 2)
		return cli_fail(cli, IAVFCTL_USAGE, "vlan %s: try 'iavfctl vlan --help'", words[0]);
	ask->value = words[1];
	return read_more(cli, ask, words + 2, count - 2);
}

/* Words for values that are something else in JSON. */
static const char *value_of(const struct ask *ask)
{
	static const struct {
		const char *word, *json;
	} words[] = { { "on", "true" }, { "off", "false" }, { "none", "[]" }, { "all", "1-4094" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(words[i].word, ask->value))
			return words[i].json;
	}
	return ask->value;
}

/* ---- what there is ---- */

static const char *text_of(struct json_object *json, const char *key)
{
	return json_get_text(json, key) ?: "";
}

static int id_of(struct json_object *device)
{
	return json_object_get_int(json_get(device, "id"));
}

static struct json_object *key_of(struct json_object *described, const char *path)
{
	struct json_object *keys = json_get(described, "keys");

	for (size_t i = 0; i < json_length(keys); i++) {
		struct json_object *key = json_object_array_get_idx(keys, i);

		if (!strcmp(text_of(key, "key"), path))
			return key;
	}
	return NULL;
}

/* protocol NULL: any; then two may fit. */
static struct json_object *find(struct json_object *list, int id, const char *protocol,
				unsigned int *num)
{
	struct json_object *found = NULL;

	*num = 0;
	for (size_t i = 0; i < json_length(list); i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		if (id_of(one) != id ||
		    (protocol && strcmp(text_of(one, "protocol"), protocol)))
			continue;
		found = one;
		(*num)++;
	}
	return found;
}

/*
 * Those of a configuration that are still there, under the names that they have now: others' are
 * not to be claimed, and what somebody took away is not to come back. An MTU that it says is still
 * said, as it is now.
 */
static struct json_object *kept(struct json_object *live, struct json_object *applied)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < json_length(applied); i++) {
		struct json_object *one = json_object_array_get_idx(applied, i), *now, *copy, *inner;
		unsigned int num;

		now = find(live, id_of(one), text_of(one, "protocol"), &num);
		if (!now)
			continue;
		copy = json_object_new_object();
		json_object_object_add(copy, "id", json_object_get(json_get(now, "id")));
		json_object_object_add(copy, "protocol", json_object_get(json_get(now, "protocol")));
		json_object_object_add(copy, "name", json_object_get(json_get(now, "name")));
		if (json_get(one, "mtu") && json_get(now, "mtu"))
			json_object_object_add(copy, "mtu", json_object_get(json_get(now, "mtu")));
		inner = kept(json_get(now, "devices"), json_get(one, "devices"));
		json_object_object_add(copy, "devices", inner);
		json_object_array_add(list, copy);
	}
	return list;
}

/* ---- one more, one less ---- */

static int number_of(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	return *end || end == text || number < 1 || number > 4094 ? -1 : (int)number;
}

static int not_there(struct cli *cli, const char *pci, const char *id, struct json_object *live)
{
	if (!live)
		return cli_fail(cli, IAVFCTL_NOT_FOUND, "%s has no VLAN device of id %s there", pci, id);
	return cli_fail(cli, IAVFCTL_FAILED,
			"%s is of no configuration, so it is left alone: 'ip link del %s' takes it away",
			text_of(live, "name"), text_of(live, "name"));
}

/* The one of that id in list. -1 and *one, or the exit code when it said why not. */
static int choose(struct cli *cli, const char *pci, struct json_object *list,
		  struct json_object *live, const char *id, const char *protocol,
		  struct json_object **one)
{
	unsigned int num, others;

	*one = find(list, number_of(id), protocol, &num);
	if (num > 1)
		return cli_fail(cli, IAVFCTL_USAGE, "%s has two VLAN devices of id %s: which one, "
				"only 'protocol' and a document say", pci, id);
	return *one ? -1 : not_there(cli, pci, id, find(live, number_of(id), protocol, &others));
}

static int add(struct cli *cli, const struct ask *ask, const char *pci, struct json_object *list)
{
	const char *protocol = ask->protocol ?: protocols[0];
	struct json_object *one;
	unsigned int num;

	one = find(list, number_of(ask->value), protocol, &num);
	if (one && ask->name && strcmp(text_of(one, "name"), ask->name))
		return cli_fail(cli, IAVFCTL_USAGE, "%s has that VLAN device already: %s", pci,
				text_of(one, "name"));
	if (one)
		return -1;
	one = json_object_new_object();
	json_object_object_add(one, "id", json_object_new_int(number_of(ask->value)));
	json_object_object_add(one, "protocol", json_object_new_string(protocol));
	if (ask->name)
		json_object_object_add(one, "name", json_object_new_string(ask->name));
	json_object_array_add(list, one);
	return -1;
}

static int del(struct cli *cli, const struct ask *ask, const char *pci, struct json_object *list,
	       struct json_object *live)
{
	struct json_object *one;
	int code = choose(cli, pci, list, live, ask->value, ask->protocol, &one);

	for (size_t i = 0; code < 0 && i < json_length(list); i++) {
		if (json_object_array_get_idx(list, i) == one) {
			json_object_array_del_idx(list, i, 1);
			break;
		}
	}
	return code;
}

/* list as it should be. -1, or the exit code. */
static int change(struct cli *cli, const struct ask *ask, const char *pci, struct json_object *list,
		  struct json_object *live)
{
	struct json_object *outer = NULL;
	unsigned int num;
	int code;

	if (number_of(ask->value) < 0 || (ask->on && number_of(ask->on) < 0))
		return cli_fail(cli, IAVFCTL_USAGE, "vlan %s: ids are numbers from 1 to 4094",
				ask->form->word);
	if (ask->on) {
		code = choose(cli, pci, list, live, ask->on, NULL, &outer);
		if (code >= 0)
			return code;
		list = json_get(outer, "devices");
		live = json_get(find(live, number_of(ask->on), text_of(outer, "protocol"), &num),
			   "devices");
	}
	return strcmp(ask->form->word, "add") ? del(cli, ask, pci, list, live) :
						add(cli, ask, pci, list);
}

/* What the inner devices' arrays are not to be: a key that the second level does not have. */
static void tidy(struct json_object *list)
{
	for (size_t i = 0; i < json_length(list); i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		tidy(json_get(one, "devices"));
		if (!json_length(json_get(one, "devices")))
			json_object_object_del(one, "devices");
	}
}

static int read_devices(struct cli *cli, const struct ask *ask, const char *pci,
			struct json_object *described, struct vf_config *config)
{
	struct json_object *key = key_of(described, "vlan.devices"), *live = json_get(key, "live"), *list;
	int code;

	if (!live && json_get(described, "error"))
		return cli_fail(cli, IAVFCTL_FAILED, "%s: %s", pci, text_of(described, "error"));
	list = kept(live, json_get(key, "applied"));
	code = change(cli, ask, pci, list, live);
	tidy(list);
	if (code < 0)
		code = set_value(cli, config, "vlan.devices", json_object_to_json_string(list));
	json_object_put(list);
	return code;
}

static int read_config(struct cli *cli, const struct ask *ask, struct iavfctl *ctl, const char *pci,
		       struct vf_config *config)
{
	struct json_object *described;
	enum iavfctl_error error;
	char *text;
	int code;

	if (ask->form->ctag)
		return set_value(cli, config, is_stag(ask) ? ask->form->stag : ask->form->ctag,
				 value_of(ask));
	error = iavfctl_describe(ctl, pci, &text);
	if (error)
		return cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	described = json_tokener_parse(text);
	code = json_object_is_type(described, json_type_object) ?
	       read_devices(cli, ask, pci, described, config) :
	       cli_fail(cli, IAVFCTL_FAILED, NONSENSE);
	json_object_put(described);
	free(text);
	return code;
}

static int set(struct cli *cli, const struct ask *ask, struct iavfctl *ctl, const char *pci,
	       uint32_t confirm)
{
	struct vf_config *config = vf_config_new();
	int code = config ? read_config(cli, ask, ctl, pci, config) :
			    cli_fail(cli, IAVFCTL_FAILED, "no memory");

	if (code < 0)
		code = set_apply(cli, ctl, pci, "vlan", config, confirm);
	vf_config_free(config);
	return code;
}

/* ---- the list ---- */

static bool is_about_vlans(const char *key)
{
	return !strncmp(key, "vlan.", 5) || !strncmp(key, "features.vlan-", 14);
}

/* devices: with those, which have a table of their own. */
static void leave_vlans(struct json_object *described, bool devices)
{
	struct json_object *keys = json_get(described, "keys"), *list = json_object_new_array();

	for (size_t i = 0; i < json_length(keys); i++) {
		struct json_object *key = json_object_array_get_idx(keys, i);
		const char *path = text_of(key, "key");

		if (is_about_vlans(path) && (devices || strcmp(path, "vlan.devices")))
			json_object_array_add(list, json_object_get(key));
	}
	json_object_object_add(described, "keys", list);
}

static size_t count_of(struct json_object *list)
{
	size_t sum = json_length(list);

	for (size_t i = 0; i < json_length(list); i++)
		sum += count_of(json_get(json_object_array_get_idx(list, i), "devices"));
	return sum;
}

static void fill(const struct table *table, size_t *row, struct json_object *live,
		 struct json_object *applied, const char *on, const char *source)
{
	for (size_t i = 0; i < json_length(live); i++) {
		struct json_object *one = json_object_array_get_idx(live, i), *ours;
		unsigned int num;

		ours = find(applied, id_of(one), text_of(one, "protocol"),
			    &num);
		snprintf(table_cell(table, *row, 0), TABLE_CELL, "%s", text_of(one, "name"));
		snprintf(table_cell(table, *row, 1), TABLE_CELL, "%d", id_of(one));
		snprintf(table_cell(table, *row, 2), TABLE_CELL, "%s", text_of(one, "protocol"));
		snprintf(table_cell(table, *row, 3), TABLE_CELL, "%s", on);
		snprintf(table_cell(table, *row, 4), TABLE_CELL, "%s", ours ? source : "-");
		(*row)++;
		fill(table, row, json_get(one, "devices"), json_get(ours, "devices"), text_of(one, "name"),
		     source);
	}
}

static int print_devices(struct cli *cli, struct json_object *key, const char *ifname)
{
	static const char *const titles[] = { "DEVICE", "ID", "PROTOCOL", "ON", "SOURCE" };
	struct json_object *live = json_get(key, "live");
	struct table table;
	size_t row = 1;

	if (!json_length(live))
		return 0;
	if (table_init(&table, 5, count_of(live) + 1) < 0)
		return cli_fail(cli, IAVFCTL_FAILED, "no memory");
	for (unsigned int i = 0; i < 5; i++)
		snprintf(table_cell(&table, 0, i), TABLE_CELL, "%s", titles[i]);
	fill(&table, &row, live, json_get(key, "applied"), ifname, text_of(key, "source"));
	table_print(&table, cli->out);
	table_free(&table);
	fputc('\n', cli->out);
	return 0;
}

static int print(struct cli *cli, struct json_object *described, const char *ifname)
{
	int code;

	if (cli->json) {
		leave_vlans(described, true);
		fprintf(cli->out, "%s\n", json_object_to_json_string_ext(described,
			JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		return 0;
	}
	code = print_devices(cli, key_of(described, "vlan.devices"), ifname);
	leave_vlans(described, false);
	if (!code)
		code = config_print_keys(cli, described);
	if (!code && json_get(described, "error"))
		fprintf(cli->out, "it cannot be looked at: %s\n", text_of(described, "error"));
	return code;
}

static int show(struct cli *cli, struct iavfctl *ctl, const struct iavfctl_vf *vf)
{
	struct json_object *described;
	enum iavfctl_error error;
	char *text;
	int code;

	error = iavfctl_describe(ctl, vf->pci, &text);
	if (error)
		return cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	described = json_tokener_parse(text);
	code = json_object_is_type(described, json_type_object) ?
	       print(cli, described, vf->ifname ?: "-") :
	       cli_fail(cli, IAVFCTL_FAILED, NONSENSE);
	json_object_put(described);
	free(text);
	return code;
}

int verb_vlan(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	const char *values[] = { [CONFIRM] = NULL };
	int code = cli_options_with(cli, verb, argc, argv, 1, 9, values);
	struct ask ask = { NULL, NULL, NULL, NULL, NULL };
	enum iavfctl_error error;
	struct iavfctl_vf *vf;
	struct iavfctl *ctl;
	uint32_t confirm;

	if (code < 0)
		code = set_confirm(cli, values[CONFIRM], &confirm);
	if (code < 0 && confirm && argc - optind == 1)
		code = cli_fail(cli, IAVFCTL_USAGE, "--confirm: there is nothing to confirm");
	if (code < 0 && argc - optind > 1)
		code = read_ask(cli, argv + optind + 1, argc - optind - 1, &ask);
	if (code >= 0)
		return code;
	error = cli_open(cli, &ctl);
	if (error)
		return error;
	error = iavfctl_get(ctl, argv[optind], &vf);
	if (error)
		code = cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	else
		code = ask.form ? set(cli, &ask, ctl, vf->pci, confirm) : show(cli, ctl, vf);
	iavfctl_vf_free(vf);
	iavfctl_close(ctl);
	return code;
}

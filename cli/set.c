// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings on the command line, and short ways to say the most common ones: all become a document. */
#include <getopt.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "documents.h"
#include "plan_text.h"
#include "set.h"
#include "verbs.h"

const char set_help[] =
	"Make settings of a VF so, all or none: 'iavfctl set eth0 mtu=9000 rss.equal=4'. Keys are\n"
	"those of iavfd.json(5); values too, quotes may be left out: rss.fields.tcp4=src-ip,dst-ip.\n"
	"It is not kept: a VF that comes anew is as the files of /etc/iavfd say.\n\n"
	"Needs root, or leave by polkit. Exit codes are those of 'iavfctl apply'.\n";

const char queues_help[] =
	"Set how many queues a VF has: N pairs, or RX and TX. 'iavfctl queues eth0 4' is\n"
	"'iavfctl set eth0 rx_queues=4 tx_queues=4'. More than the PF gave costs a reset.\n\n"
	"Needs root, or leave by polkit. Exit codes are those of 'iavfctl apply'.\n";

const char rss_help[] =
	"Set how received packets are spread over queues:\n"
	"  equal N          evenly over the first N queues\n"
	"  weight W0 W1 ... by shares of each queue\n"
	"  key HEX          of the hash, as ethtool -x prints it\n"
	"  function WORD    toeplitz or toeplitz-symmetric\n"
	"  fields FLOW WORDS  what of tcp4, udp6 ... goes in: src-ip,dst-ip,src-port,dst-port\n\n"
	"Needs root, or leave by polkit. Exit codes are those of 'iavfctl apply'.\n";

const char rss_words[] = "equal weight key function fields";

enum { CONFIRM };

const struct cli_option set_options[] = {
	[CONFIRM] = { "confirm", 0, "[SECONDS]", NULL, "roll back unless confirmed in this time" },
	{ NULL, 0, NULL, NULL, NULL },
};

int set_value(struct cli *cli, struct vf_config *config, const char *key, const char *text)
{
	static const struct setting_origin origin = { .file = "command line" };
	enum setting setting = setting_by_path(key);
	struct setting_value value;
	char why[256];
	int err;

	if (setting >= SETTING_NUM_VF)
		return cli_fail(cli, IAVFCTL_USAGE, "no setting is called '%s', see iavfd.json(5)",
				key);
	if (setting_read(setting, text, &value, why))
		return cli_fail(cli, IAVFCTL_USAGE, "%s: %s", key, why);
	err = vf_config_set(config, setting, &value, &origin);
	setting_value_clear(&value);
	return err ? cli_fail(cli, IAVFCTL_FAILED, "no memory") : -1;
}

/* As a file of vf.d that is about this VF. NULL: no memory. */
static char *document_of(const struct vf_config *config, const char *pci)
{
	char *text = vf_config_print(config), *whole;
	struct json_object *json = text ? json_tokener_parse(text) : NULL;
	struct json_object *match = json_object_new_object();

	free(text);
	if (!json || !match)
		return NULL;
	json_object_object_add(match, "pci", json_object_new_string(pci));
	json_object_object_add(json, "match", match);
	whole = strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
	json_object_put(json);
	return whole;
}

int set_confirm(struct cli *cli, const char *text, uint32_t *seconds)
{
	*seconds = text ? seconds_of(text) : 0;
	if (!text || *seconds)
		return -1;
	return cli_fail(cli, IAVFCTL_USAGE, "--confirm=%s: 1 to 86400 seconds", text);
}

int set_apply(struct cli *cli, struct iavfctl *ctl, const char *pci, const char *source,
	      const struct vf_config *config, uint32_t confirm)
{
	char *text = document_of(config, pci), *json, name[32];
	const struct iavfctl_document document = { name, text };
	enum iavfctl_error error;
	int code;

	if (!text)
		return cli_fail(cli, IAVFCTL_FAILED, "no memory");
	snprintf(name, sizeof(name), "iavfctl %s", source);
	error = iavfctl_apply(ctl, pci, &document, 1, confirm, &json);
	free(text);
	if (error)
		return cli_fail(cli, error, "%s", iavfctl_sentence(ctl));
	code = plan_print(cli, PLAN_DONE, json);
	free(json);
	return code;
}

static int run(struct cli *cli, const struct verb *verb, const char *name,
	       const struct vf_config *config, const char *const *values)
{
	enum iavfctl_error error;
	struct iavfctl_vf *vf;
	struct iavfctl *ctl;
	uint32_t confirm;
	int code = set_confirm(cli, values[CONFIRM], &confirm);

	if (code >= 0)
		return code;
	error = cli_open(cli, &ctl);
	if (error)
		return error;
	error = iavfctl_get(ctl, name, &vf);
	code = error ? cli_fail(cli, error, "%s", iavfctl_sentence(ctl)) :
		       set_apply(cli, ctl, vf->pci, verb->name, config, confirm);
	iavfctl_vf_free(vf);
	iavfctl_close(ctl);
	return code;
}

/* What the operands behind the VF say, into config. -1, or the exit code. */
typedef int reader(struct cli *cli, char **operands, int count, struct vf_config *config);

static int change(struct cli *cli, const struct verb *verb, int argc, char **argv, int max,
		  reader *read)
{
	const char *values[] = { [CONFIRM] = NULL };
	int code = cli_options_with(cli, verb, argc, argv, 2, max, values);
	struct vf_config *config;

	if (code >= 0)
		return code;
	config = vf_config_new();
	code = config ? read(cli, argv + optind + 1, argc - optind - 1, config) :
			cli_fail(cli, IAVFCTL_FAILED, "no memory");
	if (code < 0)
		code = run(cli, verb, argv[optind], config, values);
	vf_config_free(config);
	return code;
}

static int read_settings(struct cli *cli, char **operands, int count, struct vf_config *config)
{
	int code = -1;

	for (int i = 0; code < 0 && i < count; i++) {
		char *equals = strchr(operands[i], '=');

		if (!equals)
			return cli_fail(cli, IAVFCTL_USAGE, "'%s' is not KEY=VALUE", operands[i]);
		*equals = '\0';
		code = set_value(cli, config, operands[i], equals + 1);
		*equals = '=';
	}
	return code;
}

static int read_queues(struct cli *cli, char **operands, int count, struct vf_config *config)
{
	int code = set_value(cli, config, "rx_queues", operands[0]);

	return code >= 0 ? code : set_value(cli, config, "tx_queues", operands[count - 1]);
}

/* "1 2 3" as the array of them. */
static int read_weights(struct cli *cli, char **operands, int count, struct vf_config *config)
{
	char text[4096] = "";
	size_t len = 0;

	for (int i = 0; i < count && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s", i ? "," : "", operands[i]);
	return set_value(cli, config, "rss.weights", text);
}

static int read_rss(struct cli *cli, char **operands, int count, struct vf_config *config)
{
	char key[SETTING_PATH_MAX];

	if (count >= 2 && !strcmp(operands[0], "weight"))
		return read_weights(cli, operands + 1, count - 1, config);
	if (count == 2 && !strcmp(operands[0], "equal"))
		return set_value(cli, config, "rss.equal", operands[1]);
	if (count == 2 && !strcmp(operands[0], "key"))
		return set_value(cli, config, "rss.key", operands[1]);
	if (count == 2 && !strcmp(operands[0], "function"))
		return set_value(cli, config, "rss.hash_function", operands[1]);
	if (count == 3 && !strcmp(operands[0], "fields")) {
		snprintf(key, sizeof(key), "rss.fields.%s", operands[1]);
		return set_value(cli, config, key, operands[2]);
	}
	return cli_fail(cli, IAVFCTL_USAGE, "rss: try 'iavfctl rss --help'");
}

int verb_set(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	return change(cli, verb, argc, argv, 1 + SETTING_NUM_VF, read_settings);
}

int verb_queues(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	return change(cli, verb, argc, argv, 3, read_queues);
}

int verb_rss(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
	return change(cli, verb, argc, argv, 258, read_rss);
}

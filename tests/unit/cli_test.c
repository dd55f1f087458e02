// SPDX-License-Identifier: GPL-2.0-or-later
/* iavfctl over a library that is made up: arguments, tables, JSON, exit codes. */
#include <errno.h>

#include <json.h>

#include "cli.h"
#include "test.h"

static char out[8192], err[2048];
static struct iavfctl_vf *fleet;
static size_t fleet_size;
static enum iavfctl_error list_error;

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

static struct iavfctl_vf two[] = {
	{
		.have = ~0u, .id = 1, .generation = 3, .state = IAVFCTL_STATE_READY,
		.pci = "0000:3b:02.0", .ifname = "eth0", .ifindex = 4, .netns = 4026531840,
		.netns_is_ours = true, .mac = { 2, 0, 0, 0, 0xab, 1 }, .mtu = 1500, .max_mtu = 9702,
		.rx_queues = 4, .tx_queues = 4, .max_queues = 16, .rx_ring = 512, .tx_ring = 512,
		.vectors = 5, .carrier = true, .link_mbps = 25000, .rx_flags = 1, .features = 0x41,
		.features_granted = 0x1000, .owner_pid = 412, .unresponsive = true,
		.last_errno = EPERM, .last_error = "no", .last_error_age_ms = 3210,
		.counters = { .resets = 3, .unproven_stops = 1 },
	},
	{ .id = 2, .pci = "0000:3b:02.1", .state = IAVFCTL_STATE_MAILBOX },
};

static int run(const char *line)
{
	struct cli cli = { .json = false };
	char words[256], *argv[16], *save = NULL;
	int argc = 0, code;

	snprintf(words, sizeof(words), "%s", line);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	memset(out, 0, sizeof(out));
	memset(err, 0, sizeof(err));
	cli.out = fmemopen(out, sizeof(out) - 1, "w");
	cli.err = fmemopen(err, sizeof(err) - 1, "w");
	code = cli_main(&cli, argc, argv);
	fclose(cli.out);
	fclose(cli.err);
	return code;
}

static void with(struct iavfctl_vf *vfs, size_t count, enum iavfctl_error error)
{
	fleet = vfs;
	fleet_size = count;
	list_error = error;
}

static void arguments(void)
{
	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl"), 2);
	CHECK_EQ(run("iavfctl dance"), 2);
	CHECK(strstr(err, "unknown verb 'dance'"));
	CHECK_EQ(run("iavfctl list x"), 2);
	CHECK_EQ(run("iavfctl show"), 2);
	CHECK_EQ(run("iavfctl show a b"), 2);
	CHECK_EQ(run("iavfctl -x list"), 2);
	CHECK_EQ(run("iavfctl list --xx"), 2);
	CHECK(strstr(err, "unknown option '--xx'"));
	CHECK_EQ(run("iavfctl --version"), 0);
	CHECK_EQ(run("iavfctl -h"), 0);
	CHECK(strstr(out, "show     VF   everything"));
	CHECK_EQ(run("iavfctl show --help"), 0);
	CHECK(strstr(out, "usage: iavfctl show [-j] VF"));
	CHECK_EQ(run("iavfctl list -h"), 0);
	CHECK_EQ(run("iavfctl version -h"), 0);
	CHECK_EQ(run("iavfctl show -- -j"), 4);
	CHECK(err[0] != '{');
}

static void table(void)
{
	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl list"), 0);
	CHECK(!strcmp(out,
		"PCI           IFNAME  STATE    LINK  SPEED  MAC                MTU   QUEUES  GENERATION  OWNER\n"
		"0000:3b:02.0  eth0    ready    up    25G    02:00:00:00:ab:01  1500  4       3           412!\n"
		"0000:3b:02.1  -       mailbox  -     -      -                  -     -       0           -\n"));
	CHECK(!*err);
	with(NULL, 0, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl list"), 0);
	CHECK(!strncmp(out, "PCI  IFNAME", 11));
}

static void table_words(void)
{
	struct iavfctl_vf vf = two[0];

	vf.degraded = "a reason";
	vf.netns_is_ours = false;
	vf.netns = 77;
	vf.link_mbps = 2500;
	vf.carrier = false;
	vf.tx_queues = 2;
	vf.unresponsive = false;
	with(&vf, 1, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl list"), 0);
	CHECK(strstr(out, "0000:3b:02.0  eth0@77  degraded  down  2.5G"));
	CHECK(strstr(out, "  4/2  "));
	CHECK(strstr(out, "  412\n"));
	vf.link_mbps = 100;
	vf.state = IAVFCTL_STATE_RESETTING;
	CHECK_EQ(run("iavfctl list"), 0);
	CHECK(strstr(out, "resetting  down  100M"));
}

static void show_text(void)
{
	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl show 0000:3b:02.0"), 0);
	CHECK(strstr(out, "  state             ready\n"));
	CHECK(strstr(out, "  ifname            eth0 (index 4)\n"));
	CHECK(strstr(out, "  rx-flags          up\n"));
	CHECK(strstr(out, "  features          vlan-ctag-strip rx-hash\n"));
	CHECK(strstr(out, "  features-granted  adv-link-speed\n"));
	CHECK(strstr(out, "  owner-pid         412 (unresponsive)\n"));
	CHECK(strstr(out, "  last-error        EPERM: no (3.2 s ago)\n"));
	CHECK(strstr(out, "    unproven-stops  1\n"));
	with(two + 1, 1, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl show 0000:3b:02.1"), 0);
	CHECK(strstr(out, "  owner-pid         - (no iavfd attached)\n"));
	CHECK(strstr(out, "  features          none\n"));
}

static struct json_object *parsed(const char *text)
{
	struct json_object *document = json_tokener_parse(text), *schema;

	CHECK(document);
	CHECK(json_object_object_get_ex(document, "schema", &schema));
	CHECK(!strcmp(json_object_get_string(schema), "iavfctl/1"));
	return document;
}

static struct json_object *at(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	CHECK(json_object_object_get_ex(from, key, &value));
	return value;
}

static void json_list(void)
{
	struct json_object *document, *vfs, *one, *other;

	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl list --json"), 0);
	document = parsed(out);
	vfs = at(document, "vfs");
	CHECK_EQ(json_object_array_length(vfs), 2);
	one = json_object_array_get_idx(vfs, 0);
	other = json_object_array_get_idx(vfs, 1);
	CHECK(!strcmp(json_object_get_string(at(one, "pci")), "0000:3b:02.0"));
	CHECK(!strcmp(json_object_get_string(at(one, "mac")), "02:00:00:00:ab:01"));
	CHECK_EQ(json_object_get_int(at(one, "link_mbps")), 25000);
	CHECK(json_object_get_boolean(at(one, "carrier")));
	CHECK_EQ(json_object_get_int(at(at(one, "last_error"), "errno")), EPERM);
	CHECK(!strcmp(json_object_get_string(at(at(one, "last_error"), "name")), "EPERM"));
	CHECK_EQ(json_object_get_int(at(at(one, "counters"), "unproven_stops")), 1);
	CHECK(!strcmp(json_object_to_json_string_ext(at(one, "features"), JSON_C_TO_STRING_PLAIN),
		      "[\"vlan-ctag-strip\",\"rx-hash\"]"));
	/* The same keys whatever is known; what is not is null. */
	json_object_object_foreach(one, key, value) {
		CHECK(value || !strcmp(key, "degraded"));
		at(other, key);
	}
	CHECK_EQ(json_object_object_length(one), json_object_object_length(other));
	CHECK(!at(other, "ifname") && !at(other, "mac") && !at(other, "carrier"));
	CHECK(!at(other, "owner_pid") && !at(other, "counters") && !at(other, "last_error"));
	json_object_put(document);
	with(NULL, 0, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl -j list"), 0);
	CHECK(!strcmp(out, "{\"schema\":\"iavfctl/1\",\"vfs\":[]}\n"));
}

static void json_others(void)
{
	struct json_object *document;

	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl show 0000:3b:02.0 -j"), 0);
	document = parsed(out);
	CHECK_EQ(json_object_array_length(at(document, "vfs")), 1);
	json_object_put(document);
	CHECK_EQ(run("iavfctl version -j"), 0);
	document = parsed(out);
	CHECK_EQ(json_object_get_int(at(at(document, "version"), "owner_pid")), 412);
	json_object_put(document);
}

static void one_failure(enum iavfctl_error error, int code, const char *word)
{
	struct json_object *document;

	with(two, 2, error);
	CHECK_EQ(run("iavfctl list"), code);
	CHECK(!strcmp(err, "iavfctl: a sentence of the \"library\"\n"));
	CHECK_EQ(run("iavfctl show -j x"), code);
	CHECK(!*out);
	document = parsed(err);
	CHECK_EQ(json_object_get_int(at(at(document, "error"), "code")), code);
	CHECK(!strcmp(json_object_get_string(at(at(document, "error"), "word")), word));
	CHECK(strstr(json_object_get_string(at(at(document, "error"), "message")), "\"library\""));
	json_object_put(document);
}

static void failures(void)
{
	one_failure(IAVFCTL_FAILED, 1, "failed");
	one_failure(IAVFCTL_NO_MODULE, 1, "no-module");
	one_failure(IAVFCTL_NOT_PERMITTED, 3, "not-permitted");
	one_failure(IAVFCTL_USAGE, 2, "usage");
	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl show eth9"), 4);
	CHECK_EQ(run("iavfctl -j nothing"), 2);
	CHECK(strstr(err, "\"word\":\"usage\""));
	/* No module is nothing to fail for when asked for versions. */
	with(two, 2, IAVFCTL_NO_MODULE);
	CHECK_EQ(run("iavfctl version"), 0);
	CHECK(!strstr(out, "family"));
}

static const struct test_case cases[] = {
	{ "arguments", arguments }, { "table", table }, { "table_words", table_words },
	{ "show_text", show_text }, { "json_list", json_list }, { "json_others", json_others },
	{ "failures", failures },
};

TEST_MAIN(cases)

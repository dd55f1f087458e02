// SPDX-License-Identifier: GPL-2.0-or-later
/* iavfctl over a library that is made up: arguments, tables, JSON, exit codes. */
#include <errno.h>

#include <json.h>

#include "ctl_fake.h"
#include "test.h"

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
	CHECK(strstr(out, "show       VF                everything"));
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
	struct iavfctl_vf vf = two[0];

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
	CHECK(strstr(out, "  on-absence        down after 7 s\n"));
	vf.absent = true;
	with(&vf, 1, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl show 0000:3b:02.0"), 0);
	CHECK(strstr(out, "  on-absence        down after 7 s (in force: nobody controls the VF)\n"));
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
		CHECK(value || !strcmp(key, "degraded") || !strcmp(key, "reason") ||
		      !strcmp(key, "next_attempt_ms") || !strcmp(key, "config_reason"));
		at(other, key);
	}
	CHECK_EQ(json_object_object_length(one), json_object_object_length(other));
	CHECK(!at(other, "ifname") && !at(other, "mac") && !at(other, "carrier"));
	CHECK(!at(other, "phase") && !strcmp(json_object_get_string(at(one, "phase")), "ready"));
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

static struct iavfctl_daemon daemon_ = {
	.version = "1.2.3", .abi = 1, .attached = true, .ready = true,
};

static void status(void)
{
	struct iavfctl_vf both[2] = { two[0], two[0] };
	struct json_object *document;

	both[1].pci = "0000:3b:02.1";
	with(both, 2, IAVFCTL_OK);
	iavfd = &daemon_;
	CHECK_EQ(run("iavfctl status"), 0);
	CHECK(!strcmp(out, "iavfd 1.2.3, ready\n"
			   "PCI           IFNAME  STATE  PHASE  LINK  GENERATION\n"
			   "0000:3b:02.0  eth0    ready  ready  up    3\n"
			   "0000:3b:02.1  eth0    ready  ready  up    3\n"));
	both[1].phase = IAVFCTL_PHASE_DEGRADED;
	both[1].reason = "the PF said no";
	CHECK_EQ(run("iavfctl status"), 5);
	CHECK(strstr(out, "degraded"));
	CHECK(strstr(out, "0000:3b:02.1: the PF said no\n"));
	both[1].attempts = 7;
	both[1].next_attempt_us = UINT64_MAX;
	CHECK_EQ(run("iavfctl status"), 5);
	CHECK(strstr(out, "0000:3b:02.1: the PF said no; 7 attempts, next in "));
	both[1].next_attempt_us = 1;	/* at any moment */
	CHECK_EQ(run("iavfctl status"), 5);
	CHECK(strstr(out, "; 7 attempts, next in 0.0 s\n"));
	CHECK(!*err);
	both[1].config_reason = "vf.d/10-x.json:1: no";
	daemon_.checkpoint = "7", daemon_.rollback_us = 1;
	CHECK_EQ(run("iavfctl status"), 5);
	CHECK(strstr(out, "0000:3b:02.1: keeps the configuration it has: vf.d/10-x.json:1: no\n"));
	CHECK(strstr(out, "a change is rolled back in 0 s, unless 'iavfctl confirm 7'\n"));
	daemon_.checkpoint = NULL;
	CHECK_EQ(run("iavfctl status 0000:3b:02.0"), 0);
	CHECK(!strstr(out, "rolled back"));
	CHECK(!strstr(out, "02.1"));
	CHECK_EQ(run("iavfctl status nothing"), 4);
	both[0].phase = IAVFCTL_PHASE_WAITING;
	CHECK_EQ(run("iavfctl -j status"), 1);
	document = parsed(out);
	CHECK(!strcmp(json_object_get_string(at(at(document, "daemon"), "version")), "1.2.3"));
	CHECK(!strcmp(json_object_get_string(at(json_object_array_get_idx(at(document, "vfs"), 1),
						 "reason")), "the PF said no"));
	json_object_put(document);
	iavfd = NULL;
	CHECK_EQ(run("iavfctl status"), 6);
	CHECK(strstr(out, "no daemon: a sentence") && strstr(out, "0000:3b:02.1"));
	CHECK_EQ(run("iavfctl -j status"), 6);
	document = parsed(out);
	CHECK(!at(document, "daemon"));
	json_object_put(document);
	iavfd = &(struct iavfctl_daemon){ .version = "1", .waiting = "the module is not there" };
	with(NULL, 0, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl status"), 1);
	CHECK(!strncmp(out, "iavfd 1, waiting: the module is not there\n", 42));
	iavfd = NULL;
	with(NULL, 0, IAVFCTL_NO_MODULE);
	CHECK_EQ(run("iavfctl status"), 1);
}

static void version(void)
{
	with(two, 2, IAVFCTL_OK);
	iavfd = &daemon_;
	CHECK_EQ(run("iavfctl version"), 0);
	CHECK(strstr(out, "iavfd         1.2.3 (abi 1)\n"));
	iavfd = NULL;
	CHECK_EQ(run("iavfctl version"), 0);
	CHECK(!strstr(out, "iavfd "));
}

static void monitor(void)
{
	struct iavfctl_vf after = two[0];
	struct iavfctl_event events[] = {
		{ IAVFCTL_EVENT_SOURCE, IAVFCTL_SOURCE_DAEMON, NULL, NULL },
		{ IAVFCTL_EVENT_PRESENT, IAVFCTL_SOURCE_DAEMON, &two[0], NULL },
		{ IAVFCTL_EVENT_CHANGED, IAVFCTL_SOURCE_DAEMON, &after, &two[0] },
		{ IAVFCTL_EVENT_REMOVED, IAVFCTL_SOURCE_KERNEL, &two[1], NULL },
	};
	struct json_object *document;
	char *line, *save = NULL;

	after.generation = 4;
	after.carrier = false;
	after.counters.resets = 4;
	after.last_error_age_ms++;
	after.owner_pid = 7;
	play = events;
	num_play = 4;
	source = IAVFCTL_SOURCE_DAEMON;
	/* The made-up one fails in the end. */
	CHECK_EQ(run("iavfctl monitor"), 1);
	line = strtok_r(out, "\n", &save);
	CHECK(strstr(line, "Z source daemon"));
	line = strtok_r(NULL, "\n", &save);
	CHECK(strstr(line, "Z 0000:3b:02.0 eth0 present ready"));
	line = strtok_r(NULL, "\n", &save);
	CHECK(strstr(line, " 0000:3b:02.0 eth0 changed generation 3 -> 4, carrier true -> false"));
	CHECK(!strstr(line, "counters") && !strstr(line, "owner"));
	line = strtok_r(NULL, "\n", &save);
	CHECK(strstr(line, " 0000:3b:02.1 - removed"));
	CHECK_EQ(run("iavfctl monitor -j 0000:3b:02.0"), 1);
	CHECK(!strstr(out, "3b:02.1"));
	save = NULL;
	line = strtok_r(out, "\n", &save);
	line = strtok_r(NULL, "\n", &save);
	line = strtok_r(NULL, "\n", &save);
	document = parsed(line);
	CHECK(!strcmp(json_object_get_string(at(document, "event")), "changed"));
	CHECK(!strcmp(json_object_get_string(at(document, "source")), "daemon"));
	CHECK(!strcmp(json_object_to_json_string_ext(at(document, "changes"), JSON_C_TO_STRING_PLAIN),
		      "{\"generation\":[3,4],\"carrier\":[true,false]}"));
	CHECK_EQ(json_object_get_int(at(at(document, "vf"), "generation")), 4);
	json_object_put(document);
	source = IAVFCTL_SOURCE_NONE;
	CHECK_EQ(run("iavfctl monitor"), 6);
}

static void wait_for_it(void)
{
	struct iavfctl_vf young = two[0], ready = two[0], up = two[0];
	struct iavfctl_event events[] = {
		{ IAVFCTL_EVENT_PRESENT, IAVFCTL_SOURCE_DAEMON, &young, NULL },
		{ IAVFCTL_EVENT_CHANGED, IAVFCTL_SOURCE_DAEMON, &ready, &young },
		{ IAVFCTL_EVENT_CHANGED, IAVFCTL_SOURCE_DAEMON, &up, &ready },
		{ IAVFCTL_EVENT_REMOVED, IAVFCTL_SOURCE_DAEMON, &up, NULL },
	};

	young.phase = IAVFCTL_PHASE_NEGOTIATING;
	ready.phase = IAVFCTL_PHASE_DEGRADED;
	ready.carrier = false;
	play = events;
	num_play = 4;
	CHECK_EQ(run("iavfctl wait 0000:3b:02.0"), 0);
	CHECK_EQ(played, 2);
	CHECK(!*out && !*err);
	CHECK_EQ(run("iavfctl wait --for carrier 0000:3b:02.0 -j"), 0);
	CHECK_EQ(played, 3);
	CHECK(strstr(out, "\"vfs\":[{\"pci\":\"0000:3b:02.0\""));
	CHECK_EQ(run("iavfctl wait 0000:3b:02.0 --for=present --timeout 0"), 0);
	CHECK_EQ(played, 1);
	CHECK_EQ(run("iavfctl wait --for gone 0000:3b:02.1"), 0);
	CHECK_EQ(played, 0);
	CHECK_EQ(run("iavfctl wait --timeout=0.1 0000:3b:02.1"), 124);
	CHECK(strstr(err, "0000:3b:02.1: not ready in time"));
	num_play = 1;
	CHECK_EQ(run("iavfctl wait --timeout=0 0000:3b:02.0 -j"), 124);
	CHECK(strstr(err, "\"timed-out\"") && strstr(err, "not ready in time, it is "));
	CHECK_EQ(run("iavfctl wait several"), 2);
	CHECK_EQ(run("iavfctl wait"), 2);
	CHECK_EQ(run("iavfctl wait --for good 0000:3b:02.0"), 2);
	CHECK_EQ(run("iavfctl wait --timeout x 0000:3b:02.0"), 2);
	CHECK_EQ(run("iavfctl wait --timeout -1 0000:3b:02.0"), 2);
	CHECK_EQ(run("iavfctl wait 0000:3b:02.0 --timeout"), 2);
	CHECK(strstr(err, "'--timeout' needs a value"));
}

static void reset(void)
{
	struct iavfctl_vf before = two[0], begun = two[0], after = two[0];
	struct iavfctl_event events[] = {
		{ IAVFCTL_EVENT_PRESENT, IAVFCTL_SOURCE_DAEMON, &before, NULL },
		{ IAVFCTL_EVENT_CHANGED, IAVFCTL_SOURCE_DAEMON, &begun, &before },
		{ IAVFCTL_EVENT_CHANGED, IAVFCTL_SOURCE_DAEMON, &after, &begun },
	};

	fleet = two;
	fleet_size = 2;
	list_error = IAVFCTL_OK;
	/* Ready as before is not what was asked for. */
	before.generation = 3;
	begun.generation = after.generation = 4;
	begun.state = IAVFCTL_STATE_RESETTING;
	play = events;
	num_play = 3;
	CHECK_EQ(run("iavfctl reset 0000:3b:02.0"), 0);
	CHECK_EQ(played, 3);
	CHECK(!*out && !*err);
	CHECK_EQ(run("iavfctl reset -j 0000:3b:02.0"), 0);
	CHECK(strstr(out, "\"generation\":4"));
	played = 0;
	CHECK_EQ(run("iavfctl reset --timeout 0 0000:3b:02.0"), 0);
	CHECK(!*out);
	CHECK_EQ(run("iavfctl -j reset --timeout 0 0000:3b:02.0"), 0);
	CHECK(strstr(out, "{\"schema\":\"iavfctl/1\",\"vfs\":[{") && strstr(out, "\"generation\":"));
	CHECK_EQ(played, 0);
	num_play = 2;
	CHECK_EQ(run("iavfctl reset --timeout 0.1 0000:3b:02.0"), 124);
	CHECK(strstr(err, "not ready again in time"));
	reset_error = IAVFCTL_NOT_PERMITTED;
	CHECK_EQ(run("iavfctl reset 0000:3b:02.0"), 3);
	reset_error = IAVFCTL_OK;
	CHECK_EQ(run("iavfctl reset 0000:3b:02.9"), 4);
	CHECK_EQ(run("iavfctl reset"), 2);
	CHECK_EQ(run("iavfctl reset --timeout x 0000:3b:02.0"), 2);
}

static const struct test_case cases[] = {
	{ "reset", reset },
	{ "status", status }, { "version", version }, { "monitor", monitor },
	{ "wait", wait_for_it },
	{ "arguments", arguments }, { "table", table }, { "table_words", table_words },
	{ "show_text", show_text }, { "json_list", json_list }, { "json_others", json_others },
	{ "failures", failures },
};

TEST_MAIN(cases)

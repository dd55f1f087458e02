// SPDX-License-Identifier: GPL-2.0-or-later
/* daemon/config: bytes and names in, settings with their origin and errors with their place out. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "test.h"

#define MAIN(config_)	"{\"schema\":\"iavf-config/1\",\"config\":{" config_ "}}"
#define VF(match_, config_) \
	"{\"schema\":\"iavf-config/1\",\"match\":{" match_ "},\"config\":{" config_ "}}"

static const struct vf_facts some_vf = {
	.pci = "0000:3b:02.5", .pf = "ens1f0", .vf_index = 5, .mac_known = true,
	.mac = { 2, 0, 0, 0, 0, 5 }, .vendor = 0x8086, .device = 0x1889,
};
static const struct vf_facts unknown_vf = { .pci = "0001:00:01.0", .vf_index = -1 };

static int add(struct config *config, enum config_kind kind, const char *name, const char *text)
{
	return config_add(config, kind, name, text, strlen(text));
}

/* Of one bad text: its first error. */
static void bad(enum config_kind kind, const char *text, size_t len, unsigned int line,
		unsigned int column, const char *path, const char *message)
{
	struct config *config = config_new();
	const struct config_error *error;
	char *sentence;

	CHECK_EQ(config_add(config, kind, "f.json", text, len), -EINVAL);
	CHECK(config_num_errors(config));
	error = config_error(config, 0);
	sentence = config_error_text(error);
	if (error->line != line || error->column != column || strcmp(error->path, path) ||
	    !strstr(error->message, message))
		printf("# %s\n", sentence);
	CHECK_EQ(error->line, line);
	CHECK_EQ(error->column, column);
	CHECK(!strcmp(error->path, path));
	CHECK(strstr(error->message, message));
	CHECK(!strncmp(sentence, "f.json", 6));
	free(sentence);
	config_free(config);
}

static void bad_main(const char *text, unsigned int column, const char *path, const char *message)
{
	bad(CONFIG_MAIN, text, strlen(text), 1, column, path, message);
}

static void bad_value(const char *members, unsigned int column, const char *path,
		      const char *message)
{
	char text[4096];

	snprintf(text, sizeof(text), MAIN("%s"), members);
	bad_main(text, strlen(MAIN("")) - 2 + column, path, message);
}

/* The merged configuration of a VF; NULL when its text was refused. */
static struct vf_config *from(const char *members)
{
	struct vf_config *config = NULL;
	char text[16384], *error = NULL;

	snprintf(text, sizeof(text), MAIN("%s"), members);
	if (vf_config_read(text, strlen(text), &config, &error))
		printf("# %s\n", error);
	free(error);
	return config;
}

/* What is printed of it is text, and read again it is the same. */
static void prints(const char *members, const char *canonical)
{
	struct vf_config *config = from(members), *again = NULL;
	char *text, *second, expected[16384];

	CHECK(config);
	text = vf_config_print(config);
	snprintf(expected, sizeof(expected), MAIN("%s"), canonical);
	if (strcmp(text, expected))
		printf("# %s\n", text);
	CHECK(!strcmp(text, expected));
	CHECK_EQ(vf_config_read(text, strlen(text), &again, NULL), 0);
	CHECK(vf_config_equal(config, again));
	second = vf_config_print(again);
	CHECK(!strcmp(text, second));
	free(text);
	free(second);
	vf_config_free(config);
	vf_config_free(again);
}

static void strict_json(void)
{
	bad_main("", 1, "", "a value is needed");
	bad_main("\xef\xbb\xbf{}", 1, "", "a value is needed");
	bad_main("{'a':1}", 2, "", "double quotes");
	bad_main("{\"a\":'b'}", 6, "", "double quotes");
	bad_main("{\"a\":1,}", 8, "", "a key");
	bad_main("{\"a\":[1,]}", 9, "", "a value");
	bad_main("{\"a\":1 \"b\":2}", 8, "", "comma");
	bad_main("{\"a\" 1}", 6, "", "colon");
	bad_main("{\"a\":1", 7, "", "comma or the end");
	bad_main("{\"a\":1}}", 8, "", "behind the end");
	bad_main("{} // why", 4, "", "behind the end");
	bad_main("{\"a\": // why\n1}", 7, "", "no comments");
	bad_main("{\"a\":# why\n1}", 6, "", "no comments");
	bad_main("{\"a\":NaN}", 6, "", "a value");
	bad_main("{\"a\":Infinity}", 6, "", "a value");
	bad_main("{\"a\":-Infinity}", 6, "", "number");
	bad_main("{\"a\":TRUE}", 6, "", "a value");
	bad_main("{\"a\":01}", 6, "", "number");
	bad_main("{\"a\":1.}", 6, "", "number");
	bad_main("{\"a\":.5}", 6, "", "a value");
	bad_main("{\"a\":+1}", 6, "", "a value");
	bad_main("{\"a\":1e}", 6, "", "number");
	bad_main("{\"a\":0x10}", 7, "", "comma");
	bad_main("{\"a\":\"b\n\"}", 6, "", "without its end");
	bad_main("{\"a\":\"b\tc\"}", 8, "", "control character");
	bad_main("{\"a\":\"b", 6, "", "without its end");
	bad_main("{\"a\":\"b\\", 6, "", "without its end");
	bad_main("{\"a\":\"\xff\"}", 7, "", "UTF-8");
	bad_main("{\"a\":\"\xc0\xaf\"}", 7, "", "UTF-8");
	bad_main("{\"a\":\"\xed\xa0\x80\"}", 7, "", "UTF-8");
	bad_main("{\"a\":\"\xf4\x90\x80\x80\"}", 7, "", "UTF-8");
	bad_main("{\"a\":\"\xe2\x82\"}", 7, "", "UTF-8");
	bad(CONFIG_MAIN, "{}\0", 3, 1, 3, "", "behind the end");
	bad(CONFIG_MAIN, "{\"a\":\"\0\"}", 9, 1, 7, "", "control character");
	bad_main("[]", 1, "", "an object");
	bad_main("7", 1, "", "an object");
	bad_main("null", 1, "", "an object");
}

static void escapes(void)
{
	struct vf_config *config = from("\"\\u006dtu\":1500,\"_comment\":\"\\ud83d\\ude00 \\n\"");

	CHECK(config && vf_config_get(config, SETTING_MTU));
	vf_config_free(config);
	bad(CONFIG_MAIN, "{\"a\":\"\\x\"}", 10, 1, 8, "", "");
	bad(CONFIG_MAIN, "{\"a\":\"\\u12g4\"}", 14, 1, 11, "", "");
	/* "hold" with something behind a 0 is not hold */
	bad_value("\"on_absence\":\"hold\\u0000x\"", 14, "config.on_absence", "found; needed is");
}

static void places(void)
{
	static const char text[] =
		"{\n"
		"\t\"schema\": \"iavf-config/1\",\n"
		"\t\"_comment\": [\"\xc3\xa4\", {\"x\": 1}],\n"
		"\t\"config\": {\n"
		"\t\t\"_comment\": \"\xe2\x82\xac\", \"mtu\": 67,\n"
		"\t\t\"vlan\": {\"devices\": [{\"id\": 1},\n"
		"\t\t                      {\"id\": \"2\", \"nam\": \"x\"}]}\n"
		"\t}\n"
		"}\n";
	struct config *config = config_new();

	bad(CONFIG_MAIN, text, strlen(text), 5, 27, "config.mtu",
	    "67 found; needed is a number from 68 to 9710");
	CHECK_EQ(add(config, CONFIG_MAIN, "f.json", text), -EINVAL);
	CHECK_EQ(config_num_errors(config), 3);
	CHECK_EQ(config_error(config, 1)->line, 7);
	CHECK_EQ(config_error(config, 1)->column, 32);
	CHECK(!strcmp(config_error(config, 1)->path, "config.vlan.devices[1].id"));
	CHECK(!strcmp(config_error(config, 1)->found, "\"2\""));
	CHECK_EQ(config_error(config, 2)->column, 37);
	CHECK(!strcmp(config_error(config, 2)->nearest, "name"));
	CHECK(!strcmp(config_error(config, 2)->allowed, "id, protocol, name, mtu, devices"));
	config_free(config);
}

static void keys(void)
{
	bad_main("{}", 1, "", "\"schema\" is missing");
	bad_main("{\"schema\":\"iavf-config/2\"}", 11, "schema", "\"iavf-config/1\"");
	bad_main("{\"schema\":1}", 11, "schema", "1 found");
	bad_main("{\"schema\":\"iavf-config/1\",\"match\":{}}", 27, "match", "unknown key");
	bad_main("{\"schema\":\"iavf-config/1\",\"confg\":{}}", 27, "confg", "did you mean \"config\"?");
	bad_main("{\"schema\":\"iavf-config/1\",\"config\":[]}", 36, "config", "an object");
	bad_main("{\"schema\":\"iavf-config/1\",\"daemon\":{\"mtu\":1500}}", 37, "daemon.mtu",
		 "unknown key");
	bad_value("\"mtu\":1500,\"mtu\":1500", 12, "", "twice");
	bad_value("\"mtu\":1500,\"m\\u0074u\":1500", 0, "config", "twice");
	bad_value("\"log_level\":\"err\"", 1, "config.log_level", "unknown key");
	bad_value("\"rx-queues\":1", 1, "config.rx-queues", "did you mean \"rx_queues\"?");
	bad_value("\"rx_usecs\":1", 1, "config.rx_usecs", "did you mean \"moderation.rx_usecs\"?");
	bad_value("\"moderation\":{\"rx_usec\":1}", 15, "config.moderation.rx_usec",
		  "did you mean \"rx_usecs\"?");
	bad_value("\"moderation.rx_usecs\":2", 1, "config.moderation.rx_usecs", "unknown key");
	bad_value("\"vlan\":7", 8, "config.vlan", "7 found; needed is an object");
	bad_value("\"vlan\":{\"filters\":\"1-5\"}", 19, "config.vlan.filters", "an object");
	bad_value("\"completely_else\":1", 1, "config.completely_else", "unknown key \"completely_else\"");
	bad_value("\"a\\u001b[31m\":1", 1, "config.a?[31m", "unknown key");
	bad(CONFIG_VF, MAIN(""), strlen(MAIN("")), 1, 1, "", "\"match\" is missing");
	bad_main("{\"schema\":\"iavf-config/1\",\"daemon\":{\"log_level\":\"info\",\"x\":1}}", 56,
		 "daemon.x", "unknown key");
}

static void limits(void)
{
	static char text[CONFIG_FILE_MAX + 16];
	char deep[2 * CONFIG_DEPTH_MAX + 64];
	size_t len;

	memset(text, ' ', sizeof(text));
	memcpy(text, MAIN(""), strlen(MAIN("")));
	{
		struct config *config = config_new();

		CHECK_EQ(config_add(config, CONFIG_MAIN, "f", text, CONFIG_FILE_MAX), 0);
		config_free(config);
	}
	bad(CONFIG_MAIN, text, CONFIG_FILE_MAX + 1, 1, 1, "", "256 KiB");
	memset(deep, '[', CONFIG_DEPTH_MAX + 1);
	bad(CONFIG_MAIN, deep, CONFIG_DEPTH_MAX + 1, 1, CONFIG_DEPTH_MAX + 1, "", "more than 16");
	len = sprintf(deep, "{\"_comment\":");
	memset(deep + len, '[', CONFIG_DEPTH_MAX - 1);
	memset(deep + len + CONFIG_DEPTH_MAX - 1, ']', CONFIG_DEPTH_MAX - 1);
	strcpy(deep + len + 2 * (CONFIG_DEPTH_MAX - 1), "}");
	bad_main(deep, 1, "", "schema");	/* deep enough it is not */
	text[0] = '[';
	for (len = 1; len < 2 * 16384; len += 2)
		memcpy(text + len, "1,", 2);
	bad(CONFIG_MAIN, text, len, 1, 2 * 16383 + 2, "", "16384 values");
	len = sprintf(text, "{\"x0\":0");
	for (unsigned int i = 1; i < 1025; i++)
		len += sprintf(text + len, ",\"x%u\":0", i);
	bad(CONFIG_MAIN, text, len, 1, len - strlen("\"x1024\":0") + 1, "", "more than 1024 keys");
}

static void numbers(void)
{
	prints("\"mtu\":68", "\"mtu\":68");
	prints("\"mtu\":9710,\"rx_ring\":4096", "\"mtu\":9710,\"rx_ring\":4096");
	bad_value("\"mtu\":9711", 7, "config.mtu", "9711 found");
	bad_value("\"mtu\":-1500", 7, "config.mtu", "-1500 found");
	bad_value("\"mtu\":99999999999999999999999", 7, "config.mtu", "found");
	bad_value("\"mtu\":1500.0", 7, "config.mtu", "1500.0 found");
	bad_value("\"mtu\":15e2", 7, "config.mtu", "15e2 found");
	bad_value("\"mtu\":\"1500\"", 7, "config.mtu", "\"1500\" found");
	bad_value("\"mtu\":true", 7, "config.mtu", "true found");
	bad_value("\"mtu\":null", 7, "config.mtu", "null found");
	bad_value("\"rx_ring\":100", 11, "config.rx_ring", "a multiple of 32");
	bad_value("\"moderation\":{\"rx_usecs\":3}", 26, "config.moderation.rx_usecs", "multiple of 2");
	bad_value("\"promisc\":1", 11, "config.promisc", "true or false");
	bad_value("\"mac\":\"01:00:00:00:00:01\"", 7, "config.mac", "unicast");
	bad_value("\"mac\":\"00:00:00:00:00:00\"", 7, "config.mac", "unicast");
	bad_value("\"mac\":\"02:00:00:00:00\"", 7, "config.mac", "unicast");
	bad_value("\"mac\":\"02:00:00:00:00:01:02\"", 7, "config.mac", "unicast");
	bad_value("\"mac\":\"02-00-00-00-00-01\"", 7, "config.mac", "unicast");
	prints("\"mac\":\"02:AB:cd:00:00:01\"", "\"mac\":\"02:ab:cd:00:00:01\"");
}

static void words(void)
{
	prints("\"on_absence\":\"down\",\"grace_ms\":0", "\"on_absence\":\"down\",\"grace_ms\":0");
	bad_value("\"on_absence\":\"isolated\"", 14, "config.on_absence",
		  "needed is one of hold, isolate, down; did you mean \"isolate\"?");
	prints("\"rss\":{\"fields\":{\"udp4\":[\"dst-port\",\"src-ip\"]}}",
	       "\"rss\":{\"fields\":{\"udp4\":[\"src-ip\",\"dst-port\"]}}");
	bad_value("\"rss\":{\"fields\":{\"udp4\":[]}}", 25, "config.rss.fields.udp4", "[] found");
	bad_value("\"rss\":{\"fields\":{\"udp4\":[\"src_ip\"]}}", 26, "config.rss.fields.udp4[0]",
		  "did you mean \"src-ip\"?");
	bad_value("\"rss\":{\"fields\":{\"udp4\":[\"src-ip\",\"src-ip\"]}}", 35,
		  "config.rss.fields.udp4[1]", "twice");
	prints("\"features\":{\"tso\":false,\"vlan-ctag-strip\":true}",
	       "\"features\":{\"tso\":false,\"vlan-ctag-strip\":true}");
}

static void id_lists(void)
{
	prints("\"vlan\":{\"filters\":{\"ctag\":\"1-100,200\"}}",
	       "\"vlan\":{\"filters\":{\"ctag\":\"1-100,200\"}}");
	prints("\"vlan\":{\"filters\":{\"ctag\":[3,\"1-2\",200,\"4094\"]}}",
	       "\"vlan\":{\"filters\":{\"ctag\":\"1-3,200,4094\"}}");
	prints("\"vlan\":{\"allowed\":{\"stag\":7,\"ctag\":[]}}",
	       "\"vlan\":{\"allowed\":{\"ctag\":[],\"stag\":\"7\"}}");
	prints("\"vlan\":{\"allowed\":{\"ctag\":\"1-4094\"}}",
	       "\"vlan\":{\"allowed\":{\"ctag\":\"1-4094\"}}");
#define IDS(ids, column, path) \
	bad_value("\"vlan\":{\"filters\":{\"ctag\":" ids "}}", 27 + (column), \
		  "config.vlan.filters.ctag" path, "ids from 1 to 4094")
	IDS("0", 0, "");
	IDS("4095", 0, "");
	IDS("\"\"", 0, "");
	IDS("\"1-\"", 0, "");
	IDS("\"-1\"", 0, "");
	IDS("\"5-1\"", 0, "");
	IDS("\"1,,2\"", 0, "");
	IDS("\"1, 2\"", 0, "");
	IDS("\"01\"", 0, "");
	IDS("\"1-4095\"", 0, "");
	IDS("\"99999999999999999999\"", 0, "");
	IDS("[1,2.0]", 3, "[1]");
	IDS("[[1]]", 1, "[0]");
	IDS("{}", 0, "");
}

static void devices(void)
{
	prints("\"vlan\":{\"devices\":[{\"id\":200,\"protocol\":\"802.1ad\",\"name\":\"outer\","
	       "\"devices\":[{\"id\":9},{\"id\":7,\"name\":\"in\"}]},{\"id\":100}]}",
	       "\"vlan\":{\"devices\":[{\"id\":100,\"protocol\":\"802.1Q\"},"
	       "{\"id\":200,\"protocol\":\"802.1ad\",\"name\":\"outer\",\"devices\":["
	       "{\"id\":7,\"protocol\":\"802.1Q\",\"name\":\"in\"},{\"id\":9,\"protocol\":\"802.1Q\"}]}]}");
	prints("\"vlan\":{\"devices\":[]}", "\"vlan\":{\"devices\":[]}");
	prints("\"vlan\":{\"devices\":[{\"mtu\":9710,\"id\":1,\"devices\":[{\"id\":2,\"mtu\":68,\"name\":\"a\"}]}]}",
	       "\"vlan\":{\"devices\":[{\"id\":1,\"protocol\":\"802.1Q\",\"mtu\":9710,\"devices\":["
	       "{\"id\":2,\"protocol\":\"802.1Q\",\"name\":\"a\",\"mtu\":68}]}]}");
#define DEVICES(list, column, path, message) \
	bad_value("\"vlan\":{\"devices\":" list "}", 19 + (column), "config.vlan.devices" path, message)
	DEVICES("{}", 0, "", "an array of at most 1024");
	DEVICES("[5]", 1, "[0]", "an object such as");
	DEVICES("[{}]", 1, "[0]", "\"id\" is missing");
	DEVICES("[{\"id\":4095}]", 7, "[0].id", "from 1 to 4094");
	DEVICES("[{\"id\":5,\"protocol\":\"802.1q\"}]", 20, "[0].protocol", "did you mean \"802.1Q\"?");
	DEVICES("[{\"id\":5,\"mtu\":67}]", 15, "[0].mtu", "67 found; needed is a number from 68 to 9710");
	DEVICES("[{\"id\":5,\"mtu\":9711}]", 15, "[0].mtu", "from 68 to 9710");
	DEVICES("[{\"id\":5,\"mtu\":0}]", 15, "[0].mtu", "from 68 to 9710");
	DEVICES("[{\"id\":5,\"mtu\":\"1500\"}]", 15, "[0].mtu", "from 68 to 9710");
	DEVICES("[{\"id\":5,\"mtu\":1500.5}]", 15, "[0].mtu", "from 68 to 9710");
	DEVICES("[{\"id\":5,\"mtv\":1500}]", 9, "[0].mtv", "did you mean \"mtu\"?");
	DEVICES("[{\"id\":5,\"name\":\"a/b\"}]", 16, "[0].name", "interface's name");
	DEVICES("[{\"id\":5,\"name\":\"sixteencharsname\"}]", 16, "[0].name", "interface's name");
	DEVICES("[{\"id\":5},{\"id\":5}]", 10, "[1]", "a second device for the VLAN id 5");
	DEVICES("[{\"id\":5,\"name\":\"a\"},{\"id\":6,\"name\":\"a\"}]", 21, "[1]", "a second device with");
	DEVICES("[{\"id\":5,\"devices\":[{\"id\":6,\"devices\":[]}]}]", 28, "[0].devices[0].devices",
		"unknown key");
}

static void device_tree(void)
{
	struct vf_config *config = from("\"vlan\":{\"devices\":[{\"id\":3,\"devices\":[{\"id\":4},"
					"{\"id\":3}]},{\"id\":2},{\"id\":1,\"protocol\":\"802.1ad\"}]}");
	const struct setting_value *value = vf_config_get(config, SETTING_VLAN_DEVICES);
	const struct vlan_device *all = value->data;
	static const uint16_t ids[] = { 2, 3, 3, 4, 1 }, on[] = { 0xffff, 0xffff, 1, 1, 0xffff };

	CHECK_EQ(value->size, 5 * sizeof(*all));
	for (unsigned int i = 0; i < 5; i++) {
		CHECK_EQ(all[i].id, ids[i]);
		CHECK_EQ(all[i].on, on[i]);
		CHECK_EQ(all[i].tpid, i == 4 ? 0x88a8 : 0x8100);
	}
	vf_config_free(config);
}

static void rss(void)
{
	char key[3 * 65 + 2] = "", members[512];

	for (unsigned int i = 0; i < 52; i++)
		strcat(key, i ? ":6d" : "6d");
	snprintf(members, sizeof(members), "\"rss\":{\"key\":\"%s\"}", key);
	prints(members, members);
	bad_value("\"rss\":{\"key\":\"6d:5a\"}", 14, "config.rss.key", "40 to 64 bytes");
	prints("\"rss\":{\"table\":[0,1,0,255]}", "\"rss\":{\"table\":[0,1,0,255]}");
	prints("\"rss\":{\"weights\":[0,3]}", "\"rss\":{\"weights\":[0,3]}");
	bad_value("\"rss\":{\"weights\":[0,0]}", 18, "config.rss.weights", "not all 0");
	bad_value("\"rss\":{\"table\":[0,256]}", 19, "config.rss.table[1]", "256 found");
	bad_value("\"rss\":{\"table\":[]}", 16, "config.rss.table", "1 to 512 numbers");
	bad_value("\"rss\":{\"equal\":4,\"weights\":[1]}", 28, "config.rss.weights",
		  "rss.equal is there as well");
}

static void on_a_command_line(void)
{
	static const struct {
		enum setting setting;
		const char *text, *json;
	} good[] = {
		{ SETTING_MTU, "9000", "9000" },
		{ SETTING_PROMISC, "true", "true" },
		{ SETTING_MAC, "02:00:00:00:00:01", "\"02:00:00:00:00:01\"" },
		{ SETTING_MAC, "\"02:00:00:00:00:01\"", "\"02:00:00:00:00:01\"" },
		{ SETTING_ON_ABSENCE, "isolate", "\"isolate\"" },
		{ SETTING_VLAN_FILTERS_CTAG, "1-5,7", "\"1-5,7\"" },
		{ SETTING_VLAN_FILTERS_CTAG, "[]", "[]" },
		{ SETTING_VLAN_FILTERS_CTAG, "[1,2]", "\"1-2\"" },
		{ SETTING_RSS_FIELDS_TCP4, "src-ip,dst-ip", "[\"src-ip\",\"dst-ip\"]" },
		{ SETTING_RSS_WEIGHTS, "1,2", "[1,2]" },
		{ SETTING_VLAN_DEVICES, "[{\"id\":5}]", "[{\"id\":5,\"protocol\":\"802.1Q\"}]" },
	};
	struct setting_value value;
	char why[256], *text;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK_EQ(setting_read(good[i].setting, good[i].text, &value, why), 0);
		text = setting_print(good[i].setting, &value);
		CHECK(!strcmp(text, good[i].json));
		free(text);
		setting_value_clear(&value);
	}
	CHECK_EQ(setting_read(SETTING_MTU, "9999999", &value, why), -EINVAL);
	CHECK(!strcmp(why, "9999999 found; needed is a number from 68 to 9710"));
	CHECK_EQ(setting_read(SETTING_ON_ABSENCE, "hold\"", &value, why), -EINVAL);
	CHECK_EQ(setting_read(SETTING_MTU, "", &value, why), -EINVAL);
	CHECK_EQ(setting_read(SETTING_MAC, "", &value, why), -EINVAL);
}

static void table(void)
{
	char allowed[256];

	for (unsigned int i = 0; i < SETTING_COUNT; i++) {
		const struct setting_type *type = setting_type(i);

		CHECK(type->path && type->doc && strlen(type->path) < SETTING_PATH_MAX);
		CHECK_EQ(setting_by_path(type->path), i);
		CHECK_EQ(type->domain == SETTING_PROCESS, i >= SETTING_NUM_VF);
		CHECK(type->doc[strlen(type->doc) - 1] == '.');
		CHECK_EQ(!!type->words, type->kind == SETTING_WORD || type->kind == SETTING_WORDS);
		CHECK_EQ(!!type->features, !strncmp(type->path, "features.", 9));
		CHECK_EQ(!!type->most, type->kind == SETTING_NUMBERS || type->kind == SETTING_DEVICES);
		CHECK(type->kind != SETTING_BYTES || type->max <= 256);
		CHECK(type->kind != SETTING_NUMBERS || type->most <= SETTING_TABLE_MAX);
		CHECK(strlen(setting_allowed(i, allowed, sizeof(allowed))) < sizeof(allowed) - 1);
	}
	CHECK_EQ(setting_by_path("mtuu"), SETTING_COUNT);
}

static bool matches(const char *match, const struct vf_facts *facts)
{
	struct config *config = config_new();
	bool good, fits;
	char text[512];

	snprintf(text, sizeof(text), VF("%s", ""), match);
	add(config, CONFIG_VF, "m.json", text);
	config_file(config, 0, &good);
	if (!good) {
		char *sentence = config_error_text(config_error(config, 0));

		printf("# %s\n", sentence);
		free(sentence);
	}
	CHECK(good);
	fits = config_file_matches(config, 0, facts);
	config_free(config);
	return fits;
}

static void matching(void)
{
	static const char *const fitting[] = {
		"", "\"pci\":\"0000:3b:02.5\"", "\"pci\":\"0000:3B:02.*\"", "\"pci\":\"3b:02.5\"",
		"\"pci\":\"*:02.5\"", "\"pci\":\"????:3b:*\"", "\"pci\":\"*\"",
		"\"pci\":[\"0000:01:00.0\",\"3b:*\"]", "\"pf\":\"ens1f0\"",
		"\"pf\":\"ens1f0\",\"vf_index\":5", "\"vf_index\":\"0-7\"", "\"vf_index\":[1,\"4-6\"]",
		"\"mac\":\"02:00:00:00:00:05\"", "\"mac\":[\"02:00:00:00:00:04\",\"02:00:00:00:00:05\"]",
		"\"device_id\":\"8086:1889\"", "\"device_id\":[\"8086:154C\",\"8086:1889\"]",
		"\"_comment\":1",
		"\"pci\":\"*\",\"pf\":\"ens1f0\",\"vf_index\":5,\"device_id\":\"8086:1889\"",
	};
	static const char *const others[] = {
		"\"pci\":\"0000:3b:02.4\"", "\"pci\":\"0001:3b:02.5\"", "\"pci\":\"3b:03.*\"",
		"\"pf\":\"ens1f1\"", "\"pf\":\"ens1f0\",\"vf_index\":4", "\"vf_index\":\"0-4,6-255\"",
		"\"mac\":\"02:00:00:00:00:06\"", "\"device_id\":\"8086:154c\"",
	};

	for (size_t i = 0; i < sizeof(fitting) / sizeof(fitting[0]); i++) {
		printf("# %s\n", fitting[i]);
		CHECK(matches(fitting[i], &some_vf));
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		printf("# %s\n", others[i]);
		CHECK(!matches(others[i], &some_vf));
	}
	CHECK(matches("\"pci\":\"0001:*\"", &unknown_vf));
	CHECK(!matches("\"pci\":\"00:01.0\"", &unknown_vf));
	CHECK(!matches("\"pf\":\"ens1f0\"", &unknown_vf));
	CHECK(!matches("\"vf_index\":\"0-255\"", &unknown_vf));
	CHECK(!matches("\"mac\":\"00:00:00:00:00:00\"", &unknown_vf));
	CHECK(!matches("\"device_id\":\"0000:0000\"", &unknown_vf));
}

static void bad_match(const char *match, const char *path, const char *message)
{
	const struct config_error *error;
	struct config *config = config_new();
	char text[512];

	snprintf(text, sizeof(text), VF("%s", "\"mtu\":1500"), match);
	printf("# %s\n", match);
	CHECK_EQ(add(config, CONFIG_VF, "m.json", text), -EINVAL);
	error = config_error(config, 0);
	CHECK(!strcmp(error->path, path));
	CHECK(strstr(error->message, message));
	/* nobody knows which VFs were meant */
	CHECK(config_file_matches(config, 0, &some_vf));
	CHECK(config_file_matches(config, 0, &unknown_vf));
	config_free(config);
}

static void mistaken_matches(void)
{
	bad_match("\"pci\":\"0000:3b:2.0\"", "match.pci", "PCI address");
	bad_match("\"pci\":\"3b:02\"", "match.pci", "PCI address");
	bad_match("\"pci\":\"\"", "match.pci", "PCI address");
	bad_match("\"pci\":\"[0-9]*\"", "match.pci", "PCI address");
	bad_match("\"pci\":\"0000:3b:02.0\\u0000\"", "match.pci", "PCI address");
	bad_match("\"pci\":[]", "match.pci", "match nothing");
	bad_match("\"pci\":[\"3b:*\",5]", "match.pci[1]", "PCI address");
	bad_match("\"pf\":\"a b\"", "match.pf", "interface's name");
	bad_match("\"vf_index\":256", "match.vf_index", "0 to 255");
	bad_match("\"vf_index\":[]", "match.vf_index", "match nothing");
	bad_match("\"vf_index\":true", "match.vf_index", "0 to 255");
	bad_match("\"mac\":\"02:00:00:00:00:0g\"", "match.mac", "address");
	bad_match("\"device_id\":\"8086\"", "match.device_id", "vendor and device");
	bad_match("\"device_id\":\"8086:0x12\"", "match.device_id", "vendor and device");
	bad_match("\"vfindex\":1", "match.vfindex", "did you mean \"vf_index\"?");
}

static uint32_t number(const struct vf_config *config, enum setting setting)
{
	const struct setting_value *value = vf_config_get(config, setting);

	CHECK(value);
	return value->number;
}

static void later_wins_per_key(void)
{
	struct config *config = config_new();
	struct vf_config *vf;

	CHECK_EQ(add(config, CONFIG_MAIN, "iavfd.json", "{\"schema\":\"iavf-config/1\","
		     "\"daemon\":{\"log_level\":\"debug\"},\"config\":{\"mtu\":1400,\n"
		     "\"rx_queues\":2,\"rss\":{\"equal\":2},\"vlan\":{\"allowed\":{\"ctag\":\"1-9\"}}}}"), 0);
	CHECK_EQ(add(config, CONFIG_VF, "10-a.json", VF("", "\"rss\":{\"weights\":[1,1]},\"mtu\":9000")), 0);
	CHECK_EQ(add(config, CONFIG_VF, "20-b.json",
		     VF("\"vf_index\":5", "\n\n  \"mtu\":   4000,"
			"\"vlan\":{\"allowed\":{\"ctag\":\"20\",\"stag\":\"1\"}}")), 0);
	vf = config_for_vf(config, &some_vf);
	CHECK(vf_config_valid(vf) && !vf_config_reason(vf));
	CHECK_EQ(number(vf, SETTING_MTU), 4000);
	CHECK(!strcmp(vf_config_origin(vf, SETTING_MTU)->file, "20-b.json"));
	CHECK_EQ(vf_config_origin(vf, SETTING_MTU)->line, 3);
	CHECK_EQ(vf_config_origin(vf, SETTING_MTU)->column, 12);
	CHECK_EQ(number(vf, SETTING_RX_QUEUES), 2);
	CHECK_EQ(vf_config_origin(vf, SETTING_RX_QUEUES)->line, 2);
	CHECK(!vf_config_get(vf, SETTING_RSS_EQUAL));	/* weights came instead */
	CHECK(vf_config_get(vf, SETTING_RSS_WEIGHTS));
	CHECK(!setting_ids_has(vf_config_get(vf, SETTING_VLAN_ALLOWED_CTAG), 9));
	CHECK(setting_ids_has(vf_config_get(vf, SETTING_VLAN_ALLOWED_CTAG), 20));
	CHECK(!vf_config_get(vf, SETTING_LOG_LEVEL));
	CHECK_EQ(config_process(config, SETTING_LOG_LEVEL)->number, 4);
	vf_config_free(vf);
	vf = config_for_vf(config, &unknown_vf);
	CHECK_EQ(number(vf, SETTING_MTU), 9000);
	vf_config_free(vf);
	config_free(config);
}

/* "X:LINE..." is the reason of this VF; "" none */
static void reason_is(const struct config *config, const struct vf_facts *facts, const char *start)
{
	struct vf_config *vf = config_for_vf(config, facts);

	CHECK_EQ(vf_config_valid(vf), !*start);
	if (*start && strncmp(vf_config_reason(vf), start, strlen(start)))
		printf("# %s\n", vf_config_reason(vf));
	CHECK(!*start || !strncmp(vf_config_reason(vf), start, strlen(start)));
	vf_config_free(vf);
}

static void a_bad_file_marks(void)
{
	struct config *config = config_new();
	struct vf_config *vf;

	CHECK_EQ(add(config, CONFIG_VF, "10-a.json", VF("", "\"mtu\":9000")), 0);
	CHECK_EQ(add(config, CONFIG_VF, "20-b.json", VF("\"vf_index\":5", "\"mtu\":1,\"x\":2")), -EINVAL);
	reason_is(config, &some_vf, "20-b.json:1:66: config.mtu: 1 found");
	reason_is(config, &unknown_vf, "");
	vf = config_for_vf(config, &some_vf);
	CHECK_EQ(number(vf, SETTING_MTU), 9000);	/* nothing of the bad one */
	CHECK(strstr(vf_config_reason(vf), "(and 1 more)"));
	vf_config_free(vf);
	CHECK_EQ(config_num_errors(config), 2);

	CHECK_EQ(add(config, CONFIG_VF, "30-c.json", VF("\"vf_index\":500", "")), -EINVAL);
	reason_is(config, &some_vf, "20-b.json");
	reason_is(config, &unknown_vf, "30-c.json:1:47: match.vf_index: 500 found");
	CHECK_EQ(config_add_unread(config, "40\n-d.json", "gone"), 0);
	CHECK(!strcmp(config_file(config, 3, NULL), "40?-d.json"));
	CHECK(!config_file(config, 4, NULL));
	config_free(config);

	config = config_new();
	CHECK_EQ(config_add_unread(config, "40-d.json", "gone"), 0);
	reason_is(config, &unknown_vf, "40-d.json: gone");
	config_free(config);
}

static void many_errors(void)
{
	struct config *config = config_new();
	static char text[8192];
	size_t len = sprintf(text, "{\"schema\":\"iavf-config/1\",\"config\":{\"y\":0");

	for (unsigned int i = 0; i < 99; i++)
		len += sprintf(text + len, ",\"x%u\":0", i);
	strcpy(text + len, "}}");
	CHECK_EQ(add(config, CONFIG_MAIN, "f.json", text), -EINVAL);
	CHECK_EQ(config_num_errors(config), CONFIG_ERRORS_MAX);
	CHECK_EQ(add(config, CONFIG_MAIN, "g.json", text), -EINVAL);
	CHECK_EQ(config_num_errors(config), 2 * CONFIG_ERRORS_MAX);
	reason_is(config, &some_vf, "f.json:1:37: config.y: unknown key \"y\" (and 99 more)");
	config_free(config);
}

static void contradicts(const char *members, const char *sentence)
{
	struct vf_config *config = from(members);
	char *text;

	CHECK(config);
	text = vf_config_contradiction(config);
	if (!text || !*sentence || !strstr(text, sentence))
		printf("# %s: %s\n", members, text);
	CHECK_EQ(!text, !*sentence);
	CHECK(!text || strstr(text, sentence));
	free(text);
	vf_config_free(config);
}

static void contradictions(void)
{
	contradicts("\"rx_queues\":8,\"max_queues\":8", "");
	contradicts("\"rx_queues\":9,\"max_queues\":8", "config.rx_queues: it is 9, but max_queues is 8");
	contradicts("\"tx_queues\":9,\"max_queues\":8", "config.tx_queues: it is 9");
	contradicts("\"rx_queues\":4,\"rss\":{\"table\":[0,3]}", "");
	contradicts("\"rx_queues\":4,\"rss\":{\"table\":[0,4]}", "about 5 queues, but rx_queues is 4");
	contradicts("\"rx_queues\":2,\"rss\":{\"weights\":[1,1,1]}", "about 3 queues");
	contradicts("\"rx_queues\":2,\"rss\":{\"equal\":3}", "about 3 queues");
	contradicts("\"features\":{\"keep-crc\":true,\"vlan-ctag-strip\":true}", "not together with");
	contradicts("\"features\":{\"keep-crc\":true,\"vlan-ctag-strip\":false}", "");
	contradicts("\"features\":{\"vlan-stag-insert\":true,\"vlan-ctag-insert\":true}", "not together");
	contradicts("\"vlan\":{\"filters\":{\"ctag\":\"5\"},\"allowed\":{\"ctag\":\"1-4\"}}",
		    "id 5 is not in vlan.allowed.ctag");
	contradicts("\"vlan\":{\"filters\":{\"ctag\":\"5\"},\"allowed\":{\"stag\":\"1-4\"}}", "");
	contradicts("\"vlan\":{\"devices\":[{\"id\":5,\"protocol\":\"802.1ad\"}],"
		    "\"allowed\":{\"stag\":\"1-4\"}}", "vlan.devices: id 5 is not in vlan.allowed.stag");
	/* an inner tag is no filter of the VF */
	contradicts("\"vlan\":{\"devices\":[{\"id\":4,\"protocol\":\"802.1ad\",\"devices\":[{\"id\":9}]}],"
		    "\"allowed\":{\"stag\":\"1-4\",\"ctag\":[]},\"budget\":1}", "");
	contradicts("\"vlan\":{\"devices\":[{\"id\":5}],\"filters\":{\"ctag\":\"4-5\",\"stag\":\"5\"},"
		    "\"budget\":3}", "");
	contradicts("\"vlan\":{\"devices\":[{\"id\":5}],\"filters\":{\"ctag\":\"4-5\",\"stag\":\"5\"},"
		    "\"budget\":2}", "it is 2, but filters and devices are 3 VLANs");
	contradicts("\"mtu\":1500,\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":1500,\"devices\":[{\"id\":6,\"mtu\":1500}]}]}",
		    "");
	contradicts("\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":9000}]}", "");
	contradicts("\"mtu\":1500,\"vlan\":{\"devices\":[{\"id\":5,\"mtu\":1501}]}",
		    "vlan.devices: mtu 1501 of id 5 is too much, as that of the interface is 1500");
	contradicts("\"mtu\":1500,\"vlan\":{\"devices\":[{\"id\":5,\"devices\":[{\"id\":6,\"mtu\":1501}]}]}",
		    "mtu 1501 of id 6 is too much");
	contradicts("\"mtu\":1500,\"vlan\":{\"devices\":[{\"id\":3},{\"id\":5,\"mtu\":1400,\"devices\":[{\"id\":6,\"mtu\":1401}]}]}",
		    "mtu 1401 of id 6 is above that of the device below, which is 1400");
}

static void contradictions_of_files(void)
{
	struct config *config = config_new();

	CHECK_EQ(add(config, CONFIG_MAIN, "a.json", MAIN("\"max_queues\":4")), 0);
	CHECK_EQ(add(config, CONFIG_VF, "10-b.json", VF("\"vf_index\":5", "\n\"rx_queues\":8")), 0);
	reason_is(config, &some_vf,
		  "10-b.json:2:13: config.rx_queues: it is 8, but max_queues is 4 (a.json:1:50)");
	reason_is(config, &unknown_vf, "");
	config_free(config);
}

static void by_hand(void)
{
	struct setting_value mtu = { .number = 1500 };
	const struct setting_origin origin = { .file = "x", .line = 1, .column = 2 };
	struct vf_config *a = vf_config_new(), *b;
	char *text;

	CHECK_EQ(vf_config_set(a, SETTING_MTU, &mtu, NULL), 0);
	CHECK(!vf_config_origin(a, SETTING_MTU)->file);
	b = vf_config_copy(a);
	CHECK(vf_config_equal(a, b));
	CHECK_EQ(vf_config_set(b, SETTING_MTU, &mtu, &origin), 0);
	CHECK(vf_config_equal(a, b));
	mtu.number++;
	CHECK_EQ(vf_config_set(b, SETTING_MTU, &mtu, &origin), 0);
	CHECK(!vf_config_equal(a, b));
	vf_config_unset(b, SETTING_MTU);
	CHECK(!vf_config_equal(a, b));
	text = vf_config_print(b);
	CHECK(!strcmp(text, MAIN("")));
	free(text);
	vf_config_free(a);
	vf_config_free(b);
}

/* ---- memory ---- */

/* The allocation of ours that fails; below 0: none. The linker puts these in place of libc's. */
static int failing = -1;
static bool failed;

static bool fails(void)
{
	failed |= !failing;
	if (failing >= 0)
		failing--;
	errno = ENOMEM;
	return failed && failing == -1;
}

#define WRAP(type, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		if (failing >= 0 && fails()) \
			return NULL; \
		return __real_##name arguments; \
	}

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t n, size_t size), (n, size))
WRAP(void *, realloc, (void *old, size_t size), (old, size))
WRAP(char *, strdup, (const char *text), (text))
WRAP(FILE *, open_memstream, (char **to, size_t *size), (to, size))

int __wrap_vasprintf(char **to, const char *format, va_list args);
int __real_vasprintf(char **to, const char *format, va_list args);
int __wrap_asprintf(char **to, const char *format, ...);

int __wrap_vasprintf(char **to, const char *format, va_list args)
{
	if (failing >= 0 && fails())
		return -1;
	return __real_vasprintf(to, format, args);
}

int __wrap_asprintf(char **to, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = __wrap_vasprintf(to, format, args);
	va_end(args);
	return n;
}

/* With the n-th allocation failing it is either done or as it was; true: so many there are. */
static bool add_without(int n, enum config_kind kind, const char *text, int expected)
{
	struct config *config = config_new();
	struct vf_config *vf = NULL;
	size_t errors;
	bool hit;
	int err;

	CHECK_EQ(add(config, CONFIG_MAIN, "a.json", MAIN("\"mtu\":1,\"rx_queues\":0")), -EINVAL);
	errors = config_num_errors(config);
	failed = false;
	failing = n;
	err = add(config, kind, "b.json", text);
	failing = -1;
	CHECK_EQ(err, failed ? -ENOMEM : expected);
	CHECK_EQ(!config_file(config, 1, NULL), failed);
	CHECK(!failed || config_num_errors(config) == errors);
	hit = failed;
	for (int m = 0; !vf; m++) {
		failing = m;
		vf = config_for_vf(config, &some_vf);
	}
	failing = -1;
	vf_config_free(vf);
	config_free(config);
	return hit;
}

static bool read_one_without(int n, enum setting setting, const char *text, int expected)
{
	struct setting_value value;
	char why[256];
	int err;

	failed = false;
	failing = n;
	err = setting_read(setting, text, &value, why);
	failing = -1;
	/* of an error only its sentence may be missing */
	CHECK(err == (failed ? -ENOMEM : expected) || (failed && err == expected && err));
	setting_value_clear(&value);
	return failed;
}

static void no_memory(void)
{
	static const char good[] = VF("\"pci\":[\"3b:*\",\"*\"],\"pf\":\"ens1f0\",\"vf_index\":5,"
		"\"mac\":\"02:00:00:00:00:05\",\"device_id\":\"8086:1889\"",
		"\"mtu\":9000,\"mac\":\"02:00:00:00:00:01\",\"vlan\":{\"filters\":{\"ctag\":[1]},"
		"\"devices\":[{\"id\":1,\"devices\":[{\"id\":2}]}]},\"rss\":{\"weights\":[1]}");
	static const char bad[] = VF("\"pci\":[\"3b:*\",5],\"vf_index\":\"x\"",
		"\"mtuu\":1,\"mac\":5,\"on_absence\":\"isolated\",\"vlan\":{\"devices\":[{\"id\":1},"
		"{\"id\":1},{\"name\":\"a\"}]},\"rss\":{\"equal\":1,\"weights\":[1]}");
	int n;

	for (n = 0; add_without(n, CONFIG_VF, good, 0); n++)
		;
	CHECK(n > 20);
	for (n = 0; add_without(n, CONFIG_VF, bad, -EINVAL); n++)
		;
	CHECK(n > 50);
	for (n = 0; add_without(n, CONFIG_MAIN, "{\"a\":", -EINVAL); n++)
		;
	for (n = 0; read_one_without(n, SETTING_VLAN_DEVICES, "[{\"id\":5}]", 0); n++)
		;
	CHECK(n > 3);
	for (n = 0; read_one_without(n, SETTING_MTU, "5", -EINVAL); n++)
		;
}

/* ---- folders ---- */

static char root[64];

static void put(const char *path, const char *text, mode_t mode)
{
	char full[256];
	FILE *to;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	unlink(full);
	to = fopen(full, "w");
	CHECK(to);
	fputs(text, to);
	fclose(to);
	CHECK(!chmod(full, mode));
}

static void folder(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	mkdir(full, 0755);
	chmod(full, 0755);
}

static void tree(void)
{
	static const char *const folders[] = {
		"usr", "usr/lib", "usr/lib/iavfd", "usr/lib/iavfd/vf.d", "run", "run/iavfd",
		"run/iavfd/vf.d", "etc", "etc/iavfd", "etc/iavfd/vf.d",
	};
	char command[128];

	if (*root) {
		snprintf(command, sizeof(command), "rm -rf %s", root);
		CHECK(!system(command));
	}
	strcpy(root, "/tmp/iavf-config-XXXXXX");
	CHECK(mkdtemp(root));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		folder(folders[i]);
}

static struct config *read_as(uid_t owner, uid_t self)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct config *config = config_new();

	CHECK_EQ(config_read(config, fd, owner, self), 0);
	close(fd);
	return config;
}

static struct config *read_tree(void)
{
	return read_as(geteuid(), geteuid());
}

/* The names of the good ones, and of the bad with a !, each with a blank behind it. */
static void files_are(const struct config *config, const char *expected)
{
	char text[1024] = "";
	const char *name;
	bool good;

	for (size_t i = 0; (name = config_file(config, i, &good)); i++)
		sprintf(text + strlen(text), "%s%s ", good ? "" : "!", name);
	if (strcmp(text, expected))
		printf("# %s\n", text);
	CHECK(!strcmp(text, expected));
}

static void layers(void)
{
	struct config *config;
	struct vf_config *vf;

	tree();
	put("usr/lib/iavfd/iavfd.json", MAIN("\"mtu\":1000,\"rx_queues\":1"), 0644);
	put("usr/lib/iavfd/vf.d/10-a.json", VF("", "\"mtu\":1001"), 0644);
	put("usr/lib/iavfd/vf.d/20-b.json", VF("", "\"mtu\":1002"), 0644);
	put("run/iavfd/vf.d/10-a.json", VF("", "\"mtu\":1003"), 0600);
	put("etc/iavfd/vf.d/05-c.json", VF("", "\"mtu\":1004"), 0644);
	put("etc/iavfd/vf.d/README", "hello", 0644);
	put("etc/iavfd/vf.d/.05-c.json", "hello", 0644);
	put("etc/iavfd/vf.d/05-c.json~", "hello", 0644);
	config = read_tree();
	files_are(config, "/usr/lib/iavfd/iavfd.json /etc/iavfd/vf.d/05-c.json "
			  "/run/iavfd/vf.d/10-a.json /usr/lib/iavfd/vf.d/20-b.json ");
	CHECK_EQ(config_num_errors(config), 0);
	vf = config_for_vf(config, &some_vf);
	CHECK_EQ(number(vf, SETTING_MTU), 1002);
	vf_config_free(vf);
	config_free(config);

	put("etc/iavfd/iavfd.json", MAIN("\"mtu\":1005"), 0644);
	put("run/iavfd/iavfd.json", "broken", 0644);
	config = read_tree();
	files_are(config, "/etc/iavfd/iavfd.json /etc/iavfd/vf.d/05-c.json "
			  "/run/iavfd/vf.d/10-a.json /usr/lib/iavfd/vf.d/20-b.json ");
	vf = config_for_vf(config, &some_vf);
	CHECK(!vf_config_get(vf, SETTING_RX_QUEUES));	/* replaced as a whole */
	vf_config_free(vf);
	config_free(config);
}

static void link_to(const char *path, const char *to)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	unlink(full);
	CHECK(!symlink(to, full));
}

static void masks_and_links(void)
{
	struct config *config;

	tree();
	put("usr/lib/iavfd/iavfd.json", MAIN("\"mtu\":1000"), 0644);
	put("usr/lib/iavfd/vf.d/10-a.json", VF("", "\"mtu\":1001"), 0644);
	put("etc/iavfd/real.json", VF("", "\"mtu\":1002"), 0644);
	link_to("etc/iavfd/vf.d/10-a.json", "/dev/null");
	link_to("run/iavfd/iavfd.json", "/dev/null");
	link_to("etc/iavfd/vf.d/20-b.json", "../real.json");
	config = read_tree();
	files_are(config, "/etc/iavfd/vf.d/20-b.json ");
	config_free(config);

	link_to("etc/iavfd/vf.d/20-b.json", "../../../usr/lib/iavfd/vf.d/10-a.json");
	link_to("etc/iavfd/vf.d/30-c.json", "/etc/passwd");
	link_to("etc/iavfd/vf.d/40-d.json", "40-d.json");
	link_to("etc/iavfd/vf.d/50-e.json", "nowhere");
	config = read_tree();
	files_are(config, "!/etc/iavfd/vf.d/20-b.json !/etc/iavfd/vf.d/30-c.json "
			  "!/etc/iavfd/vf.d/40-d.json !/etc/iavfd/vf.d/50-e.json ");
	CHECK(strstr(config_error(config, 0)->message, "a link out of /etc/iavfd"));
	CHECK(strstr(config_error(config, 1)->message, "a link out of /etc/iavfd"));
	CHECK(strstr(config_error(config, 3)->message, "cannot be opened"));
	reason_is(config, &unknown_vf, "/etc/iavfd/vf.d/20-b.json: a link out of");
	config_free(config);
}

static void who_may_write(void)
{
	struct config *config;

	tree();
	put("etc/iavfd/vf.d/10-a.json", VF("", "\"mtu\":1001"), 0646);
	put("etc/iavfd/vf.d/20-b.json", VF("", "\"mtu\":1002"), 0644);
	config = read_tree();
	files_are(config, "!/etc/iavfd/vf.d/10-a.json /etc/iavfd/vf.d/20-b.json ");
	CHECK(strstr(config_error(config, 0)->message, "others may write it (mode 0646)"));
	reason_is(config, &some_vf, "/etc/iavfd/vf.d/10-a.json: others may write");
	config_free(config);

	/* files of the daemon's own user are not root's, its folder /run/iavfd is what it is */
	config = read_as(geteuid() + 1, geteuid());
	files_are(config, "!/usr/lib/iavfd/vf.d !/run/iavfd/vf.d !/etc/iavfd/vf.d ");
	CHECK(strstr(config_error(config, 0)->message, "not root's"));
	config_free(config);
	config = read_as(geteuid() + 1, geteuid() + 1);
	files_are(config, "!/usr/lib/iavfd !/run/iavfd !/etc/iavfd ");
	config_free(config);

	tree();
	put("etc/iavfd/vf.d/10-a.json", VF("", "\"mtu\":1001"), 0644);
	put("etc/iavfd/iavfd.json", MAIN(""), 0644);
	{
		char full[256];

		snprintf(full, sizeof(full), "%s/etc/iavfd/vf.d", root);
		CHECK(!chmod(full, 0777));
	}
	config = read_tree();
	files_are(config, "!/etc/iavfd/vf.d /etc/iavfd/iavfd.json ");
	CHECK(strstr(config_error(config, 0)->message, "others may write the folder"));
	config_free(config);
}

static void odd_things(void)
{
	static char large[CONFIG_FILE_MAX + 2];
	struct config *config;
	char full[256];

	tree();
	memset(large, ' ', sizeof(large) - 1);
	memcpy(large, VF("", ""), strlen(VF("", "")));
	put("etc/iavfd/vf.d/10-large.json", large, 0644);
	snprintf(full, sizeof(full), "%s/etc/iavfd/vf.d/20-fifo.json", root);
	CHECK(!mkfifo(full, 0644));
	snprintf(full, sizeof(full), "%s/etc/iavfd/vf.d/30-folder.json", root);
	CHECK(!mkdir(full, 0755));
	put("etc/iavfd/vf.d/empty.json", "", 0644);
	put("etc/iavfd/vf.d/40-empty.json", "", 0644);
	config = read_tree();
	files_are(config, "!/etc/iavfd/vf.d !/etc/iavfd/vf.d/10-large.json "
			  "!/etc/iavfd/vf.d/20-fifo.json !/etc/iavfd/vf.d/30-folder.json "
			  "!/etc/iavfd/vf.d/40-empty.json ");
	CHECK(strstr(config_error(config, 0)->message, "empty.json does not count"));
	CHECK(strstr(config_error(config, 1)->message, "256 KiB"));
	CHECK(strstr(config_error(config, 2)->message, "not a file"));
	config_free(config);
}

static void nothing_there(void)
{
	struct config *config;
	char command[128];

	tree();
	snprintf(command, sizeof(command), "rm -r %s/*", root);
	CHECK(!system(command));
	config = read_tree();
	files_are(config, "");
	reason_is(config, &some_vf, "");
	config_free(config);
	put("etc", "a file", 0644);
	config = read_tree();
	files_are(config, "!/etc/iavfd ");
	config_free(config);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	CHECK(!system(command));
	*root = '\0';
}

static const struct test_case cases[] = {
	{ "strict-json", strict_json },
	{ "escapes", escapes },
	{ "places", places },
	{ "keys", keys },
	{ "limits", limits },
	{ "numbers", numbers },
	{ "words", words },
	{ "id-lists", id_lists },
	{ "devices", devices },
	{ "device-tree", device_tree },
	{ "rss", rss },
	{ "on-a-command-line", on_a_command_line },
	{ "table", table },
	{ "matching", matching },
	{ "mistaken-matches", mistaken_matches },
	{ "later-wins-per-key", later_wins_per_key },
	{ "a-bad-file-marks", a_bad_file_marks },
	{ "many-errors", many_errors },
	{ "contradictions", contradictions },
	{ "contradictions-of-files", contradictions_of_files },
	{ "by-hand", by_hand },
	{ "no-memory", no_memory },
	{ "layers", layers },
	{ "masks-and-links", masks_and_links },
	{ "who-may-write", who_may_write },
	{ "odd-things", odd_things },
	{ "nothing-there", nothing_there },
};

TEST_MAIN(cases)

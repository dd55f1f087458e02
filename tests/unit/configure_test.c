// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs about the configuration: what they ask of the library, and what they make of its answer. */
#include <unistd.h>

#include "ctl_fake.h"
#include "test.h"

static const char *const planned =
	"{\"schema\":\"iavf-plan/1\",\"outcome\":\"planned\",\"reason\":null,\"checkpoint\":null,\"vfs\":["
	"{\"pci\":\"0000:3b:02.0\",\"netdev\":\"eth0\",\"steps\":[{\"changes\":[{\"key\":\"mtu\",\"from\":1500,"
	"\"to\":9000}],\"outage\":\"queues stop\",\"messages\":[\"DISABLE_QUEUES\",\"ENABLE_QUEUES\"]}],"
	"\"error\":null},{\"pci\":\"0000:3b:02.1\",\"steps\":[],\"error\":null}]}";
static const char *const nothing =
	"{\"schema\":\"iavf-plan/1\",\"outcome\":\"unchanged\",\"vfs\":[{\"pci\":\"0000:3b:02.0\",\"steps\":[]}]}";
static const char *const applied =
	"{\"schema\":\"iavf-plan/1\",\"outcome\":\"applied\",\"checkpoint\":\"7\",\"confirm_seconds\":60,\"vfs\":[]}";
static const char *const partly =
	"{\"schema\":\"iavf-plan/1\",\"outcome\":\"partly\",\"vfs\":[{\"pci\":\"0000:3b:02.0\",\"steps\":[{\"changes\":"
	"[{\"key\":\"mtu\",\"from\":1500,\"to\":9000}],\"outage\":\"none\",\"messages\":[],\"verdict\":\"failed\","
	"\"error\":\"the PF says no\"}],\"error\":null}]}";

static char file[] = "/tmp/configure-test-XXXXXX";

static void fresh(const char *answer)
{
	with(two, 2, IAVFCTL_OK);
	memset(&asked, 0, sizeof(asked));
	answer_json = answer;
	describe_json = NULL;
	answer_error = IAVFCTL_OK;
}

static bool printed(const char *text)
{
	return strstr(out, text);
}

static void write_file(const char *text, size_t len)
{
	static bool made;
	FILE *to;

	if (!made)
		CHECK(mkstemp(file) >= 0);
	made = true;
	to = fopen(file, "w");
	CHECK(to && fwrite(text, 1, len, to) == len && !fclose(to));
}

static int say(const char *words)
{
	char line[300];

	snprintf(line, sizeof(line), "iavfctl %s", words);
	return run(line);
}

static int run_with_file(const char *verb)
{
	char line[256];

	snprintf(line, sizeof(line), "%s %s", verb, file);
	return say(line);
}

static void t_apply(void)
{
	fresh(applied);
	write_file("{}", 2);
	CHECK_EQ(run_with_file("apply --confirm=60"), 0);
	CHECK(!strcmp(asked.verb, "apply"));
	CHECK_EQ(asked.confirm, 60);
	CHECK(!strcmp(asked.text, "{}"));
	CHECK(!strcmp(asked.name, file));
	CHECK(printed("applied\n"));
	CHECK(printed("rolled back in 60 s, unless 'iavfctl confirm 7'"));
	CHECK_EQ(run_with_file("apply --confirm"), 0);
	CHECK_EQ(asked.confirm, 120);
	CHECK_EQ(say("apply"), 0);
	CHECK_EQ(asked.num, 0);
	CHECK_EQ(asked.confirm, 0);
}

static void t_wrong(void)
{
	static const char *const lines[] = {
		"apply --confirm=0", "apply --confirm=-1", "apply --confirm=86401", "apply --confirm=1x",
		"apply a b", "set 0000:3b:02.0", "set 0000:3b:02.0 mtu", "set 0000:3b:02.0 mtu=x", "set 0000:3b:02.0 nokey=1",
		"set 0000:3b:02.0 mtu=67", "queues 0000:3b:02.0", "queues 0000:3b:02.0 1 2 3", "rss 0000:3b:02.0 equal",
		"rss 0000:3b:02.0 nonsense 1", "vlan", "vlan 0000:3b:02.0 nonsense 1", "vlan 0000:3b:02.0 add",
		"vlan 0000:3b:02.0 add 5 name", "vlan 0000:3b:02.0 add 5 name a name b", "vlan 0000:3b:02.0 add 5 above 6",
		"vlan 0000:3b:02.0 add 5 protocol 802.1x", "vlan 0000:3b:02.0 del 5 name a", "vlan 0000:3b:02.0 budget 1 on 5",
		"vlan 0000:3b:02.0 filters 0", "vlan 0000:3b:02.0 filters 1 on 5", "vlan 0000:3b:02.0 strip 5",
		"vlan 0000:3b:02.0 allowed 4095", "vlan --confirm=0 0000:3b:02.0 add 5", "vlan --confirm=9 0000:3b:02.0",
		"config show", "config nonsense 0000:3b:02.0", "config edit ../x.json",
		"config edit x", "config edit storage.json", "confirm 1 2", "reload x",
	};

	fresh(applied);
	for (unsigned int i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		int code = say(lines[i]);

		if (code != IAVFCTL_USAGE)
			printf("# %s: %d\n", lines[i], code);
		CHECK_EQ(code, IAVFCTL_USAGE);
	}
	CHECK(!asked.verb);
}

static void t_diff(void)
{
	fresh(planned);
	CHECK_EQ(say("diff"), IAVFCTL_DIFFERS);
	CHECK(!strcmp(out, "0000:3b:02.0 (eth0):\n- mtu: 1500\n+ mtu: 9000\n"));
	fresh(nothing);
	CHECK_EQ(say("diff"), 0);
	CHECK(!*out);
	fresh(planned);
	CHECK_EQ(say("apply --dry-run"), 0);
	CHECK(!strcmp(asked.verb, "plan"));
	CHECK(printed("mtu: 1500 -> 9000\n"));
	CHECK(printed("outage: queues stop; to the PF: DISABLE_QUEUES, ENABLE_QUEUES\n"));
	fresh(nothing);
	CHECK_EQ(say("apply -n"), 0);
	CHECK(printed("nothing to do\n"));
}

/* A setting that takes two steps is one change, with what each step costs. */
static void t_steps(void)
{
	fresh("{\"vfs\":[{\"pci\":\"0000:3b:02.0\",\"steps\":["
	      "{\"changes\":[{\"key\":\"vlan.devices\",\"from\":[],\"to\":[1,2]}],\"messages\":[\"A\"]},"
	      "{\"changes\":[{\"key\":\"vlan.devices\",\"from\":[],\"to\":[1,2]},{\"key\":\"mtu\",\"to\":9}],\"messages\":[\"B\"]}]}]}");
	CHECK_EQ(say("diff"), IAVFCTL_DIFFERS);
	CHECK(!strcmp(out, "0000:3b:02.0:\n- vlan.devices: []\n+ vlan.devices: [1,2]\n- mtu: -\n+ mtu: 9\n"));
	CHECK_EQ(say("apply -n"), 0);
	CHECK(printed("-> [1,2]\n    outage: none; to the PF: A\n  mtu: - -> 9\n    outage: none; to the PF: B\n"));
}

/* With -j what the daemon says is what is printed. */
static void t_json(void)
{
	fresh(planned);
	CHECK_EQ(say("-j diff"), IAVFCTL_DIFFERS);
	CHECK(!strncmp(out, planned, strlen(planned)));
}

static void t_refused(void)
{
	fresh(NULL);
	answer_error = IAVFCTL_REFUSED;
	CHECK_EQ(say("set 0000:3b:02.0 mtu=9000"), IAVFCTL_REFUSED);
	CHECK(strstr(err, "a sentence of the"));
}

static void t_set(void)
{
	fresh(nothing);
	CHECK_EQ(say("set 0000:3b:02.0 mtu=9000 rss.fields.tcp4=src-ip,dst-ip mac=02:00:00:00:00:05"), 0);
	CHECK(!strcmp(asked.subject, "0000:3b:02.0"));
	CHECK(strstr(asked.text, "\"match\":{\"pci\":\"0000:3b:02.0\"}"));
	CHECK(strstr(asked.text, "\"mtu\":9000"));
	CHECK(strstr(asked.text, "\"tcp4\":[\"src-ip\",\"dst-ip\"]"));
	CHECK(strstr(asked.text, "\"mac\":\"02:00:00:00:00:05\""));
	CHECK_EQ(say("queues 0000:3b:02.0 4"), 0);
	CHECK(strstr(asked.text, "\"rx_queues\":4,\"tx_queues\":4"));
	CHECK_EQ(say("queues 0000:3b:02.0 4 2"), 0);
	CHECK(strstr(asked.text, "\"rx_queues\":4,\"tx_queues\":2"));
	CHECK_EQ(say("rss 0000:3b:02.0 weight 1 2 3"), 0);
	CHECK(strstr(asked.text, "\"weights\":[1,2,3]"));
	CHECK_EQ(say("rss --confirm=5 0000:3b:02.0 function toeplitz-symmetric"), 0);
	CHECK(strstr(asked.text, "\"hash_function\":\"toeplitz-symmetric\""));
	CHECK_EQ(asked.confirm, 5);
	CHECK_EQ(say("set nowhere mtu=9000"), IAVFCTL_NOT_FOUND);
}

/* What a configuration made (100 and what is on it, 4 of both kinds), one of it gone since, others'. */
static const char *const described =
	"{\"schema\":\"iavf-vf-config/1\",\"pci\":\"0000:3b:02.0\",\"error\":null,\"keys\":["
	"{\"key\":\"mtu\",\"live\":1500},"
	"{\"key\":\"features.vlan-ctag-strip\",\"live\":true},"
	"{\"key\":\"vlan.allowed.ctag\",\"live\":\"1-9\",\"applied\":\"1-9\",\"source\":\"/etc/x.json:3\",\"drifted\":false},"
	"{\"key\":\"vlan.devices\",\"live\":["
	"{\"id\":4,\"protocol\":\"802.1Q\",\"name\":\"eth0.4\",\"mtu\":1500},{\"id\":4,\"protocol\":\"802.1ad\",\"name\":\"s4\"},"
	"{\"id\":7,\"protocol\":\"802.1Q\",\"name\":\"theirs\"},"
	"{\"id\":100,\"protocol\":\"802.1ad\",\"name\":\"new\",\"devices\":["
	"{\"id\":5,\"protocol\":\"802.1Q\",\"name\":\"new.5\",\"mtu\":1300},{\"id\":6,\"protocol\":\"802.1Q\",\"name\":\"new.6\"}]}],"
	"\"applied\":[{\"id\":3,\"protocol\":\"802.1Q\"},{\"id\":4,\"protocol\":\"802.1Q\"},{\"id\":4,\"protocol\":\"802.1ad\"},"
	"{\"id\":100,\"protocol\":\"802.1ad\",\"name\":\"old\",\"devices\":[{\"id\":5,\"protocol\":\"802.1Q\",\"mtu\":1400}]}],"
	"\"source\":\"/etc/x.json:4\",\"drifted\":false}]}";

#define C4	"{\"id\":4,\"protocol\":\"802.1Q\",\"name\":\"eth0.4\"}"
#define S4	"{\"id\":4,\"protocol\":\"802.1ad\",\"name\":\"s4\"}"
#define INNER	"{\"id\":5,\"protocol\":\"802.1Q\",\"name\":\"new.5\",\"mtu\":1300}"
#define OUTER(inner) "{\"id\":100,\"protocol\":\"802.1ad\",\"name\":\"new\"" inner "}"
#define ON(devices) ",\"devices\":[" devices "]"

/* The list of devices that is sent when this is said; they are in the order of protocol and id. */
static void lists(const char *words, const char *devices)
{
	char line[128], list[512];

	fresh(nothing);
	describe_json = described;
	snprintf(line, sizeof(line), "vlan 0000:3b:02.0 %s", words);
	snprintf(list, sizeof(list), "\"devices\":[%s]}}", devices);
	CHECK_EQ(say(line), 0);
	if (!strstr(asked.text, list))
		printf("# %s: %s\n", words, asked.text);
	CHECK(!strcmp(asked.verb, "apply") && strstr(asked.text, list));
}

static void vlan_fails(const char *words, int code, const char *why)
{
	char line[128];

	fresh(nothing);
	describe_json = described;
	snprintf(line, sizeof(line), "vlan 0000:3b:02.0 %s", words);
	CHECK_EQ(say(line), code);
	if (!strstr(err, why))
		printf("# %s: %s", words, err);
	CHECK(strstr(err, why) && strcmp(asked.verb ?: "", "apply"));
}

static void t_vlan_devices(void)
{
	lists("add 9", C4 ",{\"id\":9,\"protocol\":\"802.1Q\"}," S4 "," OUTER(ON(INNER)));
	lists("add 9 protocol 802.1ad name nine",
	      C4 "," S4 ",{\"id\":9,\"protocol\":\"802.1ad\",\"name\":\"nine\"}," OUTER(ON(INNER)));
	lists("add 8 on 100", C4 "," S4 "," OUTER(ON(INNER ",{\"id\":8,\"protocol\":\"802.1Q\"}")));
	lists("add 4", C4 "," S4 "," OUTER(ON(INNER)));
	lists("del 100", C4 "," S4);
	lists("del 5 on 100", C4 "," S4 "," OUTER(""));
	lists("del 4 protocol 802.1ad", C4 "," OUTER(ON(INNER)));
	vlan_fails("add 4 name four", IAVFCTL_USAGE, "already: eth0.4");
	vlan_fails("add 9 name a/b", IAVFCTL_USAGE, "vlan.devices");
	vlan_fails("add 4095", IAVFCTL_USAGE, "1 to 4094");
	vlan_fails("add 9 on x", IAVFCTL_USAGE, "1 to 4094");
	vlan_fails("add 9 on 4", IAVFCTL_USAGE, "two VLAN devices of id 4");
	vlan_fails("del 4", IAVFCTL_USAGE, "two VLAN devices of id 4");
	vlan_fails("del 3", IAVFCTL_NOT_FOUND, "no VLAN device of id 3");
	vlan_fails("del 7", IAVFCTL_FAILED, "ip link del theirs");
	vlan_fails("del 6 on 100", IAVFCTL_FAILED, "ip link del new.6");
	vlan_fails("add 9 on 7", IAVFCTL_FAILED, "theirs is of no configuration");
	/* what cannot be seen is not to be overwritten */
	fresh(nothing);
	describe_json = "{\"error\":\"it is gone\",\"keys\":[{\"key\":\"vlan.devices\",\"applied\":[{\"id\":3}]}]}";
	CHECK_EQ(say("vlan 0000:3b:02.0 add 9"), IAVFCTL_FAILED);
	CHECK(strstr(err, "it is gone") && !strcmp(asked.verb, "describe"));
	describe_json = "null";
	CHECK_EQ(say("vlan 0000:3b:02.0 add 9"), IAVFCTL_FAILED);
	CHECK(!strcmp(asked.verb, "describe"));
	CHECK_EQ(say("vlan nowhere add 9"), IAVFCTL_NOT_FOUND);
}

static void t_vlan_settings(void)
{
	static const struct {
		const char *words, *document;
	} all[] = {
		{ "filters 7,9-11", "\"vlan\":{\"filters\":{\"ctag\":\"7,9-11\"}}}" },
		{ "filters none protocol 802.1ad", "\"vlan\":{\"filters\":{\"stag\":[]}}}" },
		{ "allowed all", "\"vlan\":{\"allowed\":{\"ctag\":\"1-4094\"}}}" },
		{ "allowed 5 protocol 802.1ad", "\"vlan\":{\"allowed\":{\"stag\":\"5\"}}}" },
		{ "budget 12", "\"vlan\":{\"budget\":12}}" },
		{ "strip on", "\"features\":{\"vlan-ctag-strip\":true}}" },
		{ "insert off protocol 802.1ad", "\"features\":{\"vlan-stag-insert\":false}}" },
		{ "filter off protocol 802.1Q", "\"features\":{\"vlan-ctag-filter\":false}}" },
	};
	char line[128];

	for (unsigned int i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		fresh(nothing);
		snprintf(line, sizeof(line), "vlan --confirm=9 0000:3b:02.0 %s", all[i].words);
		CHECK_EQ(say(line), 0);
		if (!strstr(asked.text, all[i].document))
			printf("# %s: %s\n", all[i].words, asked.text);
		CHECK(strstr(asked.text, all[i].document) && asked.confirm == 9);
		CHECK(!strcmp(asked.name, "iavfctl vlan") && !strcmp(asked.subject, "0000:3b:02.0"));
	}
}

static void t_vlan_list(void)
{
	fresh(described);
	CHECK_EQ(say("vlan 0000:3b:02.0"), 0);
	CHECK(!strcmp(out, "DEVICE  ID   PROTOCOL  ON    SOURCE\n"
			   "eth0.4  4    802.1Q    eth0  /etc/x.json:4\n"
			   "s4      4    802.1ad   eth0  /etc/x.json:4\n"
			   "theirs  7    802.1Q    eth0  -\n"
			   "new     100  802.1ad   eth0  /etc/x.json:4\n"
			   "new.5   5    802.1Q    new   /etc/x.json:4\n"
			   "new.6   6    802.1Q    new   -\n\n"
			   "SETTING                   NOW   APPLIED  SOURCE\n"
			   "features.vlan-ctag-strip  true  -        -\n"
			   "vlan.allowed.ctag         1-9   1-9      /etc/x.json:3\n"));
	CHECK_EQ(say("-j vlan 0000:3b:02.0"), 0);
	CHECK(printed("{\"schema\":\"iavf-vf-config/1\",\"pci\":\"0000:3b:02.0\""));
	CHECK(printed("vlan.devices") && printed("vlan.allowed.ctag") && !printed("\"key\":\"mtu\""));
}

static void t_checkpoints(void)
{
	fresh("{\"outcome\":\"confirmed\"}");
	CHECK_EQ(say("confirm"), 0);
	CHECK(!strcmp(asked.verb, "confirm") && !*asked.subject);
	CHECK(!strcmp(out, "confirmed\n"));
	CHECK_EQ(say("rollback 7"), 0);
	CHECK(!strcmp(asked.verb, "rollback") && !strcmp(asked.subject, "7"));
	fresh(partly);
	CHECK_EQ(say("reload"), IAVFCTL_FAILED);
	CHECK(printed("refused: the PF says no\n"));
	fresh("{\"outcome\":\"rolled-back\"}");
	CHECK_EQ(say("rollback"), 0);
	CHECK(!strcmp(out, "rolled back\n"));
	/* A file that is bad: the answer to reload does not have it, the one to validate does. */
	fresh("{\"outcome\":\"unchanged\",\"errors\":[{\"sentence\":\"a.json:1:2: mtv\"}]}");
	CHECK_EQ(say("reload"), IAVFCTL_FAILED);
	CHECK(printed("unchanged\n"));
	CHECK(strstr(err, "a.json:1:2: mtv: VFs"));
}

static void t_validate(void)
{
	fresh("{\"valid\":false,\"errors\":[{\"sentence\":\"a.json:1:2: mtv: no such key; did you mean mtu?\",\"nearest\":\"mtu\"}]}");
	CHECK_EQ(say("validate"), IAVFCTL_FAILED);
	CHECK(!strcmp(out, "a.json:1:2: mtv: no such key; did you mean mtu?\n"));
	fresh("{\"valid\":true,\"errors\":[]}");
	CHECK_EQ(say("validate"), 0);
	CHECK(!strcmp(out, "valid\n"));
}

static void t_show(void)
{
	fresh("{\"schema\":\"iavf-vf-config/1\",\"config_reason\":\"a reason\",\"error\":null,\"files\":[],\"keys\":["
	      "{\"key\":\"mtu\",\"live\":1400,\"applied\":9000,\"source\":\"/etc/x.json:3\",\"drifted\":true},"
	      "{\"key\":\"rx_ring\",\"live\":512}]}");
	CHECK_EQ(say("config show 0000:3b:02.0"), 0);
	CHECK(!strcmp(asked.subject, "0000:3b:02.0"));
	CHECK(printed("mtu *"));
	CHECK(printed("/etc/x.json:3"));
	CHECK(printed("its files do not count: a reason"));
	CHECK_EQ(say("config cat 0000:3b:02.0"), IAVFCTL_NOT_FOUND);
}

/* Whatever the daemon says, and whatever is in a file. */
static void t_nonsense(void)
{
	static const char *const answers[] = {
		"", "null", "[]", "{}", "7", "{\"vfs\":7}", "{\"vfs\":[null,7,{}]}",
		"{\"vfs\":[{\"steps\":[7,{\"changes\":[7,{}]}]}]}", "{\"errors\":7}", "{\"keys\":[7,{}]}",
		"{\"outcome\":{}}",
	};
	static const char *const lines[] = {
		"diff", "apply", "apply -n", "reload", "confirm", "validate", "config show 0000:3b:02.0",
		"config cat 0000:3b:02.0", "vlan 0000:3b:02.0", "-j vlan 0000:3b:02.0", "vlan 0000:3b:02.0 add 5",
	};
	static char big[300 * 1024];

	for (unsigned int i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		for (unsigned int j = 0; j < sizeof(lines) / sizeof(lines[0]); j++) {
			fresh(answers[i]);
			say(lines[j]);
		}
	}
	fresh(applied);
	memset(big, ' ', sizeof(big));
	write_file(big, sizeof(big));
	CHECK_EQ(run_with_file("apply"), IAVFCTL_FAILED);
	CHECK(strstr(err, "more than 256 KiB"));
	write_file("a\0b", 3);
	CHECK_EQ(run_with_file("apply"), IAVFCTL_FAILED);
	CHECK(!asked.verb);
	CHECK_EQ(say("apply /nowhere/file.json"), IAVFCTL_NOT_FOUND);
	CHECK_EQ(say("apply /tmp"), IAVFCTL_FAILED);
}

static void clean(void)
{
	unlink(file);
}

static const struct test_case cases[] = {
	{ "apply", t_apply },
	{ "wrong", t_wrong },
	{ "diff", t_diff },
	{ "json", t_json },
	{ "refused", t_refused },
	{ "set", t_set },
	{ "vlan_devices", t_vlan_devices },
	{ "vlan_settings", t_vlan_settings },
	{ "vlan_list", t_vlan_list },
	{ "checkpoints", t_checkpoints },
	{ "steps", t_steps },
	{ "validate", t_validate },
	{ "show", t_show },
	{ "nonsense", t_nonsense },
	{ "clean", clean },
};

TEST_MAIN(cases)

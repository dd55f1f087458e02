// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verbs that look at more than the library: trace, doctor, report, metrics, -H, and what shells
 * complete.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <json.h>

#include "ctl_fake.h"
#include "test.h"
#include "virtchnl/codec.h"

static char dir[] = "/tmp/verbs-test-XXXXXX";
static bool have_dir;

/* A machine that is made up, below dir. */

static const char *place(const char *path)
{
	static char full[512];

	if (!have_dir) {
		CHECK(mkdtemp(dir));
		have_dir = true;
	}
	snprintf(full, sizeof(full), "%s%s", dir, path);
	for (char *slash = full + strlen(dir) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full, 0777);
		*slash = '/';
	}
	return full;
}

__attribute__((format(printf, 2, 3)))
static void file(const char *path, const char *format, ...)
{
	FILE *to = fopen(place(path), "we");
	va_list args;

	CHECK(to);
	va_start(args, format);
	vfprintf(to, format, args);
	va_end(args);
	CHECK(!fclose(to));
}

static void link_to(const char *path, const char *target)
{
	unlink(place(path));
	CHECK(!symlink(target, place(path)));
}

static void clear(void)
{
	char command[80];

	setenv("PATH", "/usr/bin:/bin", 1);
	snprintf(command, sizeof(command), "rm -rf %s/*", dir);
	CHECK(!have_dir || !system(command));
	root = dir;
	place("/");
}

static const char *contents(const char *path)
{
	static char text[65536];
	FILE *in = fopen(place(path), "re");
	size_t got;

	CHECK(in);
	got = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[got] = '\0';
	return text;
}

static unsigned int count(const char *text, const char *word)
{
	unsigned int n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

/* Options and completion */

static void options(void)
{
	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl trace --help"), 0);
	CHECK(strstr(out, "usage: iavfctl trace [-j] [OPTION]... [VF]"));
	CHECK(strstr(out, "  -w, --write FILE "));
	CHECK_EQ(run("iavfctl trace -w"), 2);
	CHECK(strstr(err, "option '-w' needs a value"));
	CHECK_EQ(run("iavfctl trace --count"), 2);
	CHECK(strstr(err, "'--count' needs a value"));
	CHECK_EQ(run("iavfctl trace -c 0"), 2);
	CHECK_EQ(run("iavfctl trace -c x"), 2);
	CHECK_EQ(run("iavfctl trace -x"), 2);
	CHECK_EQ(run("iavfctl trace a b"), 2);
	CHECK_EQ(run("iavfctl -H"), 2);
	CHECK_EQ(run("iavfctl list -H"), 2);
	CHECK_EQ(run("iavfctl trace nothing"), 4);
	CHECK_EQ(run("iavfctl doctor x"), 2);
}

/* Every verb is in the list and explains itself; no option is without a word. */
static void every_verb(void)
{
	char line[64];

	CHECK_EQ(run("iavfctl --complete "), 0);
	for (const struct verb *verb = verbs; verb->name; verb++) {
		CHECK(strstr(out, verb->name));
		for (const struct cli_option *own = verb->options; own && own->name; own++)
			CHECK(own->summary && *own->summary);
	}
	for (const struct verb *verb = verbs; verb->name; verb++) {
		snprintf(line, sizeof(line), "iavfctl %s --help", verb->name);
		CHECK_EQ(run(line), 0);
		CHECK(strlen(out) > 100 && !*err);
	}
}

static void completes(const char *words, const char *expected)
{
	char *argv[16] = { (char *)"iavfctl", (char *)"--complete" }, copy[256], *save = NULL;
	int argc = 2;

	snprintf(copy, sizeof(copy), "%s", words);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	if (!*words || words[strlen(words) - 1] == ' ')
		argv[argc++] = (char *)"";
	CHECK_EQ(run_words(argc, argv), 0);
	/* without descriptions, by spaces */
	for (char *at = out; *at; at++) {
		if (*at == '\t')
			memmove(at, at + strcspn(at, "\n"), strlen(at + strcspn(at, "\n")) + 1);
	}
	for (char *at = out; *at; at++)
		*at = *at == '\n' ? ' ' : *at;
	if (strcmp(out, expected))
		printf("# %s: %s\n", words, out);
	CHECK(!strcmp(out, expected));
}

static void completion(void)
{
	with(two, 2, IAVFCTL_OK);
	completes("st", "status ");
	completes("-j mon", "monitor ");
	completes("-H host sh", "show ");
	completes("--host=h sh", "show ");
	completes("-H ", ":hosts ");
	completes("show ", "0000:3b:02.0 eth0 0000:3b:02.1 ");
	completes("show 0000:3b:02.", "0000:3b:02.0 0000:3b:02.1 ");
	completes("show -j e", "eth0 ");
	/* the VFs of the other machine are not known */
	completes("-H host show ", "");
	completes("wait --fo", "--for ");
	completes("wait --for ", "ready carrier present gone ");
	completes("wait --for=p", "--for=present ");
	completes("wait --for ready e", "eth0 ");
	completes("res", "reset ");
	completes("reset e", "eth0 ");
	completes("reset --", "--timeout --json --host --help ");
	completes("log-level d", "debug ");
	completes("log-level debug ", "");
	completes("config ", "show cat edit ");
	completes("config show e", "eth0 ");
	completes("status eth0 0000:3b:02.1 e", "eth0 ");
	completes("vlan e", "eth0 ");
	completes("vlan eth0 ", "add del filters allowed budget strip insert filter ");
	completes("vlan --confirm=9 -- eth0 f", "filters filter ");
	completes("-H host vlan eth0 de", "del ");
	completes("vlan eth0 add ", "");
	completes("set eth0 ", "");
	completes("show eth0 e", "");
	completes("apply x.json ", "");
	completes("trace -w ", ":files ");
	completes("trace --", "--write --count --json --host --help ");
	completes("--ver", "--version ");
	completes("show -- --", "");
	completes("list ", "");
	completes("nothing ", "list show status monitor wait reset validate diff apply confirm rollback "
		  "reload config set queues rss vlan trace doctor report metrics log-level version ");
}

/* trace */

static uint8_t payload[4096];

static struct iavfctl_message sent(uint32_t op, size_t length)
{
	return (struct iavfctl_message){
		.time_ns = UINT64_C(1700000000123000000), .vf_id = 1, .pci = "0000:3b:02.0",
		.generation = 3, .sent = true, .opcode = op, .payload = payload, .length = length,
	};
}

static void play_traffic(const struct iavfctl_message *messages, size_t n)
{
	traffic = messages;
	num_traffic = n;
	trace_error = IAVFCTL_OK;
	with(two, 2, IAVFCTL_OK);
}

static void trace_text(void)
{
	static const uint8_t list[6 * 10] = { 2 };
	struct iavfctl_message messages[] = {
		sent(VIRTCHNL_OP_ADD_ETH_ADDR,
		     virtchnl_put_macs(payload, sizeof(payload), 7, 1, list, 10)),
		{ .vf_id = 2, .opcode = VIRTCHNL_OP_ADD_VLAN_V2, .status = -5, .generation = 4 },
		{ .kind = IAVFCTL_MESSAGE_LOST },
		{ .pci = "0000:3b:02.1", .opcode = 200, .status = -13, .payload = payload, .length = 3 },
		{ .pci = "0000:3b:02.1", .opcode = VIRTCHNL_OP_EVENT, .payload = payload, .length = 3 },
		{ .pci = "0000:3b:02.1", .opcode = 1, .status = INT32_MIN },
	};

	play_traffic(messages, 6);
	/* What is made up fails in the end. */
	CHECK_EQ(run("iavfctl trace"), 1);
	CHECK(strstr(out, "2023-11-14T22:13:20.123Z 0000:3b:02.0 g3 -> ADD_ETH_ADDR vsi 7, type primary, "
			  "macs 02:00:00:00:00:00 "));
	CHECK(strstr(out, "00:00:00:00:00:00 and 2 more\n"));
	CHECK(strstr(out, "Z gone g4 <- ADD_VLAN_V2 PARAM (-5)\n"));
	CHECK(strstr(out, "Z messages were lost here"));
	CHECK(strstr(out, " 0000:3b:02.1 g0 <- opcode 200 EACCES (-13) 3 bytes\n"));
	CHECK(strstr(out, " 0000:3b:02.1 g0 <- EVENT 3 bytes that make no sense\n"));
	CHECK(strstr(out, " <- VERSION refused (-2147483648)\n"));
	CHECK_EQ(run("iavfctl trace 0000:3b:02.0"), 1);
	CHECK(strstr(out, "3b:02.0") && !strstr(out, "3b:02.1") && strstr(out, "lost here"));
	CHECK_EQ(run("iavfctl trace -c 2"), 0);
	CHECK_EQ(count(out, "\n"), 2);
	/* a loss is no message */
	CHECK_EQ(run("iavfctl trace --count=3"), 0);
	CHECK_EQ(count(out, "\n"), 4);
	trace_error = IAVFCTL_NOT_PERMITTED;
	CHECK_EQ(run("iavfctl trace"), 3);
}

static void trace_json(void)
{
	static const uint16_t vids[] = { 5, 6 };
	struct iavfctl_message messages[] = {
		sent(VIRTCHNL_OP_ADD_VLAN_V2,
		     virtchnl_put_vlans_v2(payload, sizeof(payload), 7, true, 0x8100, vids, 2)),
		{ .pci = "0000:3b:02.1", .opcode = 200, .status = -13 },
		{ .kind = IAVFCTL_MESSAGE_LOST },
	};

	play_traffic(messages, 3);
	CHECK_EQ(run("iavfctl -j trace"), 1);
	CHECK(strstr(out, "{\"schema\":\"iavfctl/1\",\"time\":\"2023-11-14T22:13:20.123Z\","
			  "\"event\":\"message\",\"pci\":\"0000:3b:02.0\",\"id\":1,\"generation\":3,"
			  "\"direction\":\"sent\",\"opcode\":"));
	CHECK(strstr(out, ",\"name\":\"ADD_VLAN_V2\",\"status\":null,\"status_name\":null,\"length\":"));
	CHECK(strstr(out, "\"fields\":{\"vsi\":7,\"vlans\":[\"0x8100/5\",\"0x8100/6\"]}}\n"));
	CHECK(strstr(out, "\"direction\":\"received\",\"opcode\":200,\"name\":null,\"status\":-13,"
			  "\"status_name\":null,\"length\":0,\"fields\":{}}\n"));
	CHECK(strstr(out, "\"event\":\"lost\"}\n"));
}

static uint32_t u32_at(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* Blocks lie one behind the other, and both their lengths are the same. */
static unsigned int walk(const uint8_t *data, size_t size, uint32_t type, const uint8_t **last)
{
	unsigned int found = 0;
	size_t at = 0;

	while (at < size) {
		uint32_t len = u32_at(data + at + 4);

		CHECK(len >= 12 && len % 4 == 0 && at + len <= size);
		CHECK_EQ(u32_at(data + at + len - 4), len);
		if (u32_at(data + at) == type) {
			*last = data + at;
			found++;
		}
		at += len;
	}
	CHECK_EQ(at, size);
	return found;
}

/* PCAPNG in the environment names a file that stays, for other programs to read. */
static void trace_pcapng(void)
{
	const uint8_t list[6] = { 2, 0, 0, 0, 0, 7 }, *block;
	static uint8_t data[32768];
	const char *keep = getenv("PCAPNG"), *path = keep ?: place("/trace.pcapng");
	struct iavfctl_message messages[] = {
		sent(VIRTCHNL_OP_ADD_ETH_ADDR,
		     virtchnl_put_macs(payload, sizeof(payload), 7, 1, list, 1)),
		{ .kind = IAVFCTL_MESSAGE_LOST },
		{ .vf_id = 1, .pci = "0000:3b:02.0", .opcode = VIRTCHNL_OP_ADD_ETH_ADDR, .generation = 3,
		  .status = -53, .time_ns = UINT64_C(1700000000123456789) },
		sent(200, 4096),
	};
	char line[128];
	size_t size;
	FILE *in;

	messages[3].vf_id = 2;
	messages[3].pci = NULL;
	play_traffic(messages, 4);
	snprintf(line, sizeof(line), "iavfctl trace -c 3 -w %s", path);
	CHECK_EQ(run(line), 0);
	CHECK(!*out && strstr(err, "messages were lost"));
	in = fopen(path, "re");
	CHECK(in);
	size = fread(data, 1, sizeof(data), in);
	fclose(in);
	CHECK_EQ(walk(data, size, 0x0A0D0D0A, &block), 1);
	CHECK(block == data && u32_at(block + 8) == 0x1A2B3C4D);
	CHECK_EQ(walk(data, size, 1, &block), 2);
	CHECK_EQ(u32_at(block + 8) & 0xffff, 147);
	CHECK(memmem(block, 64, "vf-2", 4));
	CHECK_EQ(walk(data, size, 6, &block), 3);
	/* the last one: interface, time, lengths, header, as many bytes as there were */
	CHECK_EQ(u32_at(block + 8), 1);
	CHECK_EQ((uint64_t)u32_at(block + 12) << 32 | u32_at(block + 16), 1700000000123000000);
	CHECK_EQ(u32_at(block + 20), 4112);
	CHECK_EQ(block[28], 1);
	CHECK_EQ(block[29], 1);
	CHECK_EQ(le32toh(u32_at(block + 32)), 3);
	CHECK_EQ(le32toh(u32_at(block + 36)), 200);
	CHECK(memmem(data, size, "[messages before this one were lost] g3 <- ADD_ETH_ADDR ADMIN_QUEUE_ERROR (-53)", 79));
	CHECK(memmem(data, size, "g3 -> ADD_ETH_ADDR vsi 7, type primary, macs 02:00:00:00:00:07", 62));
	/* to stdout there is nothing but the file */
	CHECK_EQ(run("iavfctl trace -c 1 -w -"), 0);
	CHECK_EQ(u32_at((uint8_t *)out), 0x0A0D0D0A);
	CHECK_EQ(run("iavfctl trace -c 1 -w /nowhere/x"), 1);
}

/* log-level */

static void levels(void)
{
	with(two, 2, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl log-level"), 0);
	CHECK(!strcmp(out, "info\n"));
	CHECK_EQ(run("iavfctl log-level debug"), 0);
	CHECK(!*out && !strcmp(log_level, "debug"));
	CHECK_EQ(run("iavfctl -j log-level"), 0);
	CHECK(!strcmp(out, "{\"schema\":\"iavfctl/1\",\"log_level\":\"debug\"}\n"));
	with(two, 2, IAVFCTL_NOT_PERMITTED);
	CHECK_EQ(run("iavfctl log-level info"), 3);
	with(two, 2, IAVFCTL_NO_DAEMON);
	CHECK_EQ(run("iavfctl log-level"), 6);
}

/* metrics */

static struct iavfctl_daemon daemon_ = {
	.version = "0.1.0", .abi = 1, .attached = true, .ready = true,
};

static void host_with_vfs(void)
{
	clear();
	link_to("/sys/bus/pci/devices/0000:3b:02.0/physfn", "../0000:3b:00.0");
	link_to("/sys/bus/pci/devices/0000:3b:02.0/driver", "../../drivers/iavf");
	file("/sys/bus/pci/devices/0000:3b:02.0/vendor", "0x8086\n");
	file("/sys/bus/pci/devices/0000:3b:02.0/device", "0x1889\n");
	link_to("/sys/bus/pci/devices/0000:3b:00.0/virtfn7", "../0000:3b:02.0");
	link_to("/sys/bus/pci/devices/0000:3b:00.0/driver", "../../drivers/ice");
	file("/sys/bus/pci/drivers/ice/bind", "%s", "");
	file("/sys/bus/pci/devices/0000:3b:00.0/net/ens1f0/mtu", "1500\n");
}

static void metrics(void)
{
	struct iavfctl_vf vf = two[0];
	char line[128];

	host_with_vfs();
	vf.counters.reset_us = 1500;
	vf.daemon_counters.refused = 4;
	vf.daemon_counters.answers = 7;
	vf.daemon_counters.answer_us = 12345;
	vf.daemon_counters.degraded_us = 61000000;
	vf.ifname = "a\"b\\c";
	with(&vf, 1, IAVFCTL_OK);
	iavfd = &daemon_;
	CHECK_EQ(run("iavfctl metrics"), 0);
	CHECK(strstr(out, "\niavf_daemon_up 1\n") && strstr(out, "\niavf_module_up 1\n"));
	CHECK(strstr(out, "\niavf_vf_info{pciAddr=\"0000:3b:02.0\",pf=\"ens1f0\",vf=\"7\",ifname=\"a\\\"b\\\\c\"} 1\n"));
	CHECK(strstr(out, "# TYPE iavf_vf_resets_total counter\n"
			  "iavf_vf_resets_total{pciAddr=\"0000:3b:02.0\",pf=\"ens1f0\",vf=\"7\"} 3\n"));
	CHECK(strstr(out, "\niavf_vf_refusals_total{pciAddr=\"0000:3b:02.0\",pf=\"ens1f0\",vf=\"7\"} 4\n"));
	CHECK(strstr(out, "\"7\"} 0.001500\n"));
	CHECK(strstr(out, "\niavf_vf_answers_total{pciAddr=\"0000:3b:02.0\",pf=\"ens1f0\",vf=\"7\"} 7\n"));
	CHECK(strstr(out, "\niavf_vf_answer_seconds_total{pciAddr=\"0000:3b:02.0\",pf=\"ens1f0\",vf=\"7\"} 0.012345\n"));
	CHECK(strstr(out, "\niavf_vf_degraded_seconds_total{pciAddr=\"0000:3b:02.0\",pf=\"ens1f0\",vf=\"7\"} 61.000000\n"));
	CHECK(strstr(out, "vf=\"7\",state=\"ready\"} 1\n") && strstr(out, "vf=\"7\",state=\"dead\"} 0\n"));
	CHECK(strstr(out, "vf=\"7\",phase=\"ready\"} 1\n"));
	CHECK(strstr(out, "iavf_vf_link_speed_bytes{pciAddr=\"0000:3b:02.0\",pf=\"ens1f0\",vf=\"7\"} 3125000000\n"));
	/* each name once, with one HELP and one TYPE */
	CHECK_EQ(count(out, "# HELP "), count(out, "# TYPE "));
	CHECK_EQ(count(out, "# HELP iavf_vf_state "), 1);
	iavfd = NULL;
	with(&vf, 1, IAVFCTL_NO_MODULE);
	CHECK_EQ(run("iavfctl metrics"), 0);
	CHECK(strstr(out, "iavf_daemon_up 0\n") && strstr(out, "iavf_module_up 0\n"));
	CHECK(!strstr(out, "iavf_vf"));
	with(&vf, 1, IAVFCTL_OK);
	snprintf(line, sizeof(line), "iavfctl metrics -o %s", place("/metrics/iavf.prom"));
	CHECK_EQ(run(line), 0);
	CHECK(!*out && strstr(contents("/metrics/iavf.prom"), "iavf_vf_resets_total"));
	/* exchanged as a whole: nothing else is left in the folder */
	CHECK(!strstr(contents("/metrics/iavf.prom"), "XXXXXX"));
	CHECK_EQ(run("iavfctl metrics -o /nowhere/x"), 1);
}

/* doctor */

static void healthy_host(void)
{
	struct utsname kernel;
	char path[256];

	uname(&kernel);
	host_with_vfs();
	file("/sys/module/iavf/taint", "OE\n");
	file("/sys/module/iavf_session/version", "0.1.0\n");
	file("/sys/module/iavf_session/holders/iavf/x", "%s", "");
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", kernel.release);
	file(path, "kernel/net/x.ko:\nupdates/drivers/net/ethernet/intel/iavf/iavf.ko: y\n");
	file("/run/systemd/system/x", "%s", "");
	file("/etc/systemd/system/sysinit.target.wants/iavfd.service", "%s", "");
	file("/proc/412/limits", "Max locked memory         unlimited            unlimited            bytes\n");
	file("/sys/kernel/iommu_groups/0/type", "DMA\n");
}

static struct iavfctl_vf well(void)
{
	struct iavfctl_vf vf = two[0];

	vf.unresponsive = false;
	vf.have &= ~IAVFCTL_HAVE_LAST_ERROR;
	vf.counters.unproven_stops = 0;
	return vf;
}

/* The doctor says this; and with it the way out. */
static void says(int code, const char *result, const char *seen, const char *way_out)
{
	char *line, *next;
	int got = run("iavfctl doctor");

	if (got != code)
		printf("# %s", out);
	CHECK_EQ(got, code);
	line = strstr(out, seen);
	if (!line)
		printf("# not said: %s\n%s", seen, out);
	CHECK(line);
	next = strchr(line, '\n');
	while (line > out && line[-1] != '\n')
		line--;
	if (strncmp(line, result, strlen(result)))
		printf("# not %s: %s\n", result, line);
	CHECK(!strncmp(line, result, strlen(result)));
	if (!way_out)
		return;
	CHECK(!strncmp(next + 1 + strspn(next + 1, " "), "-> ", 3));
	if (!strstr(next, way_out))
		printf("# no way out: %s\n", next);
	CHECK(strstr(next, way_out));
}

static void doctor_well(void)
{
	struct iavfctl_vf vf = well();
	struct json_object *document, *all;

	healthy_host();
	with(&vf, 1, IAVFCTL_OK);
	iavfd = &daemon_;
	says(0, "ok", "iavf and iavf_session of this driver are loaded", NULL);
	if (!strstr(out, "\n0 problems, 0 warnings\n"))
		printf("# %s\n", out);
	CHECK(strstr(out, "\n0 problems, 0 warnings\n"));
	CHECK(!strstr(out, "->") && !strchr(out, '\033'));
	CHECK_EQ(run("iavfctl -j doctor"), 0);
	document = json_tokener_parse(out);
	CHECK(document && json_object_object_get_ex(document, "doctor", &all));
	CHECK(json_object_array_length(all) > 5);
	json_object_put(document);
}

static void doctor_modules(void)
{
	struct utsname kernel;
	struct iavfctl_vf vf = well();
	char path[256];

	uname(&kernel);
	healthy_host();
	with(&vf, 1, IAVFCTL_OK);
	iavfd = &daemon_;
	file("/sys/module/module/parameters/sig_enforce", "Y\n");
	says(1, "problem", "enforce module signatures, and updates/drivers", "mokutil");
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/drivers/net/ethernet/intel/iavf/iavf.ko",
		 kernel.release);
	file(path, "elf~Module signature appended~\n");
	says(0, "ok", "and updates/drivers/net/ethernet/intel/iavf/iavf.ko is signed", NULL);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", kernel.release);
	file(path, "kernel/drivers/net/ethernet/intel/iavf/iavf.ko.xz:\n");
	says(0, "warning", "modprobe takes kernel/drivers", "make install");
	clear();
	file("/sys/module/iavf/taint", "\n");
	with(NULL, 0, IAVFCTL_NO_MODULE);
	says(1, "problem", "the iavf that is loaded is another one", "make install");
	says(1, "problem", "modprobe takes no iavf at all", "make install");
	clear();
	says(1, "problem", "iavf is not loaded", NULL);
}

static void doctor_daemons(void)
{
	struct iavfctl_daemon other = daemon_;
	struct iavfctl_vf vf = well();

	healthy_host();
	with(&vf, 1, IAVFCTL_OK);
	iavfd = NULL;
	says(0, "warning", "process 412 owns the VFs, and is not to be reached over D-Bus", "dbus");
	vf.have &= ~IAVFCTL_HAVE_OWNER;
	says(1, "problem", "VFs keep their traffic", "systemctl start iavfd");
	iavfd = &other;
	other.version = "9";
	says(0, "warning", "iavfd 9, module 0.1.0", "an update was not finished");
	other.waiting = "abi 7 is not mine";
	says(1, "problem", "iavfd 9 waits: abi 7 is not mine", "journalctl");
	iavfd = &daemon_;
	vf = well();
	vf.unresponsive = true;
	says(1, "problem", "process 412 does not answer", "systemctl restart iavfd");
	vf.unresponsive = false;
	file("/proc/412/limits", "Max locked memory         65536                65536                bytes\n");
	says(0, "warning", "may not lock its memory", "LimitMEMLOCK");
	unlink(place("/proc/412/limits"));
	says(0, "unknown", "the limits of process 412 are for root to see", NULL);
	unlink(place("/etc/systemd/system/sysinit.target.wants/iavfd.service"));
	says(0, "warning", "does not start at boot", "systemctl enable");
	answer_json = "{\"valid\":true,\"errors\":[]}";
	says(0, "ok", "the files of /etc/iavfd are valid", NULL);
	answer_json = "{\"valid\":false,\"errors\":[{\"sentence\":\"a.json:1:2: mtv\"},{\"sentence\":\"b\"}]}";
	says(0, "warning", "a.json:1:2: mtv", "iavfctl reload");
	answer_error = IAVFCTL_NOT_PERMITTED;
	says(0, "unknown", "is for root to see", NULL);
	answer_error = IAVFCTL_OK;
	answer_json = NULL;
}

static void doctor_devices(void)
{
	struct iavfctl_vf vf = well();

	healthy_host();
	with(&vf, 1, IAVFCTL_OK);
	iavfd = &daemon_;
	file("/sys/bus/pci/devices/0000:3b:02.1/vendor", "0x8086\n");
	file("/sys/bus/pci/devices/0000:3b:02.1/device", "0x154c\n");
	says(0, "warning", "0000:3b:02.1 has no driver", "drivers_probe");
	link_to("/sys/bus/pci/devices/0000:3b:02.1/driver", "../../drivers/vfio-pci");
	says(0, "ok", "0000:3b:02.1 is used by vfio-pci", NULL);
	link_to("/sys/bus/pci/devices/0000:3b:02.1/driver", "../../drivers/iavf");
	says(1, "problem", "0000:3b:02.1 is bound to iavf, which does not list it", "journalctl");
	healthy_host();
	unlink(place("/sys/bus/pci/devices/0000:3b:00.0/driver"));
	says(1, "problem", "its physical function 0000:3b:00.0 has no driver", "S88");
	healthy_host();
	file("/proc/cpuinfo", "processor : 0\nflags\t\t: fpu hypervisor lm\n");
	vf.rx_queues = 16;
	vf.vectors = 17;
	vf.rx_ring = 4096;
	says(0, "warning", "65536 receive buffers with a virtual IOMMU", "dma_entry_limit");
	clear();
	with(NULL, 0, IAVFCTL_OK);
	CHECK_EQ(run("iavfctl doctor"), 1);
	CHECK(strstr(out, "there is no VF on this machine"));
	CHECK(strstr(out, "there is none, as is usual in a virtual machine"));
}

static void doctor_vf(void)
{
	struct iavfctl_vf both[2] = { well(), well() }, *vf = &both[0];

	healthy_host();
	with(both, 1, IAVFCTL_OK);
	iavfd = &daemon_;
	vf->phase = IAVFCTL_PHASE_DEGRADED;
	vf->reason = "PF does not let an untrusted VF be promiscuous";
	says(0, "warning", "0000:3b:02.0 is degraded: PF does not let", "spoofchk off (known issue S76)");
	vf->reason = "2 of 4 VLANs";
	says(0, "warning", "is degraded: 2 of 4 VLANs", "fewer VLANs");
	vf->phase = IAVFCTL_PHASE_FAILED;
	vf->reason = "PF refused VERSION";
	says(1, "problem", "0000:3b:02.0 failed: PF refused VERSION", "iavfctl trace");
	*vf = well();
	vf->state = IAVFCTL_STATE_DEAD;
	says(1, "problem", "0000:3b:02.0 does not answer", "PF's driver");
	vf->state = IAVFCTL_STATE_RESETTING;
	vf->have &= ~IAVFCTL_HAVE_PHASE;
	says(0, "warning", "0000:3b:02.0 is resetting", "journalctl");
	*vf = well();
	vf->have |= IAVFCTL_HAVE_LAST_ERROR;
	vf->last_error = "host set the MAC: trust the VF";
	says(0, "warning", "0000:3b:02.0, 3 s ago: EPERM: host set the MAC", "trust the VF there");
	file("/sys/class/net/bond0/bonding/fail_over_mac", "none 0\n");
	link_to("/sys/class/net/eth0/master", "../bond0");
	says(0, "warning", "eth0 in bond0: it needs addresses", "fail_over_mac active");
	vf->last_error_age_ms = 2 * 3600 * 1000;
	CHECK_EQ(run("iavfctl doctor"), 0);
	CHECK(!strstr(out, "EPERM"));
	*vf = well();
	vf->mtu = 9000;
	vf->max_mtu = 1500;
	says(1, "problem", "eth0 has an MTU of 9000, its PF takes 1500", "mtu 1500");
	*vf = well();
	vf->vectors = 3;
	says(0, "warning", "4 queue pairs share 2 interrupts", "ethtool -L");
	*vf = well();
	vf->counters.unproven_stops = 1;
	vf->counters.overrun = 2;
	says(0, "warning", "2 answers of the PF were dropped", "CPU");
	says(0, "warning", "1 times the PF did not confirm", "PF driver");
	*vf = well();
	vf->absent = true;
	vf->on_absence = IAVFCTL_ABSENCE_DOWN;
	says(1, "problem", "nobody controls it, on-absence down is in force", "systemctl restart");
	*vf = well();
	both[1].pci = "0000:3b:02.1";
	both[1].ifname = "eth1";
	with(both, 2, IAVFCTL_OK);
	says(0, "warning", "0000:3b:02.0 and 0000:3b:02.1 have one address", "S87");
	link_to("/sys/class/net/eth1/master", "../bond0");
	CHECK_EQ(run("iavfctl doctor"), 0);
	CHECK(!strstr(out, "have one address"));
}

static void doctor_network(void)
{
	struct iavfctl_vf vf = well();

	healthy_host();
	with(&vf, 1, IAVFCTL_OK);
	iavfd = &daemon_;
	file("/run/NetworkManager/x", "%s", "");
	says(0, "ok", "NetworkManager leaves addresses", NULL);
	file("/etc/NetworkManager/conf.d/10-x.conf", "#ethernet.cloned-mac-address=random\n");
	says(0, "ok", "NetworkManager leaves addresses", NULL);
	file("/etc/NetworkManager/conf.d/20-y.conf", "[connection]\nethernet.cloned-mac-address=random\n");
	says(0, "warning", "conf.d/20-y.conf), which PFs refuse", "driver:iavf");
	file("/lib/systemd/system/cloud-init-local.service", "%s", "");
	file("/lib/systemd/system/iavfd.service", "[Unit]\n");
	says(0, "warning", "cloud-init does not wait for iavfd", "Before=");
	file("/lib/systemd/system/iavfd.service", "Before=network-pre.target cloud-init-local.service\n");
	says(0, "ok", "cloud-init waits for iavfd", NULL);
	file("/etc/network/interfaces", "auto lo eth0\n");
	says(0, "warning", "ifupdown brings eth0 up at boot", "allow-hotplug eth0");
	file("/lib/systemd/system/ifupdown-pre.service.d/iavfd.conf", "%s", "");
	CHECK_EQ(run("iavfctl doctor"), 0);
	CHECK(!strstr(out, "ifupdown"));
}

/* report */

/* A program that is found before the machine's own. */
static void program(const char *name, const char *script)
{
	char path[64];

	snprintf(path, sizeof(path), "/bin/%s", name);
	file(path, "#!/bin/sh\n%s\n", script);
	CHECK(!chmod(place(path), 0755));
}

static void use_programs(void)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/bin:/usr/bin:/bin", dir);
	setenv("PATH", path, 1);
}

static void report(void)
{
	struct iavfctl_vf both[2] = { well(), well() };
	struct stat st;
	char line[128];

	healthy_host();
	both[1].pci = "0000:3b:02.1";
	both[1].ifname = "there";
	both[1].netns_is_ours = false;
	with(both, 2, IAVFCTL_OK);
	iavfd = &daemon_;
	program("lspci", "echo \"devices: $*\"");
	program("ethtool", "case $1 in -x) printf 'RSS hash key:\\n"
		"6d:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:ae:7b:30:b4:77:cb\\n"
		"RSS hash function:\\n';; *) echo \"ethtool said $*\";; esac");
	program("journalctl", "echo 'iavfd[1]: hello'; echo '  \"rss_key\": \"6d5a\",'; exit 3");
	program("dmesg", "echo '[1.0] iavf: mine'; echo '[2.0] e1000: not mine'");
	program("ip", "echo 'link/ether 02:00:00:00:ab:01'");
	for (unsigned int i = 0; i < 3; i++)
		program(((const char *[]){ "systemctl", "modinfo", "grep" })[i], "exit 0");
	use_programs();
	CHECK_EQ(run("iavfctl report -o -"), 0);
	CHECK(strstr(out, "== iavfctl version\n") && strstr(out, "== iavfctl doctor\nok "));
	CHECK(strstr(out, "== iavfctl -j list\n{\"schema\""));
	CHECK(strstr(out, "== lspci -vvnn -s 0000:3b:02.0\ndevices: -vvnn -s 0000:3b:02.0\n"));
	CHECK(strstr(out, "== ethtool -S eth0\nethtool said -S eth0\n"));
	CHECK(strstr(out, "iavfd[1]: hello\n") && strstr(out, "[exit status 3]\n"));
	CHECK(strstr(out, "[1.0] iavf: mine\n") && !strstr(out, "e1000"));
	CHECK(strstr(out, "link/ether 02:00:00:00:ab:01\n"));
	CHECK(strstr(out, "0000:3b:02.1 is in another network namespace: ethtool is not asked"));
	CHECK(!strstr(out, "ethtool -i there"));
	/* keys are not in it */
	CHECK(strstr(out, "RSS hash key:\n [hidden]\nRSS hash function:\n"));
	CHECK(!strstr(out, "6d:5a") && !strstr(out, "6d5a"));
	CHECK(strstr(out, "\"rss_key\" [hidden]\n"));
	CHECK_EQ(run("iavfctl -j report -o -"), 0);
	CHECK(strstr(out, "{\"title\":\"iavfctl version\",\"text\":\"") && !strstr(out, "6d:5a"));
	snprintf(line, sizeof(line), "iavfctl report -o %s", place("/report.txt"));
	CHECK_EQ(run(line), 0);
	CHECK(strstr(contents("/report.txt"), "== uname -a\n"));
	CHECK(!stat(place("/report.txt"), &st) && (st.st_mode & 0777) == 0600);
	/* without programs it says so, and without a kernel module it is still a report */
	setenv("PATH", dir, 1);
	unlink(place("/bin/lspci"));
	with(both, 2, IAVFCTL_NO_MODULE);
	CHECK_EQ(run("iavfctl report -o -"), 0);
	CHECK(strstr(out, "== iavfctl -j list\n{\"schema\":\"iavfctl/1\",\"error\":{"));
}

/* -H */

/* ssh that keeps its arguments, and lets a shell have the command as the other machine's would. */
static void fake_ssh(void)
{
	clear();
	file("/bin/ssh", "#!/bin/sh\nprintf '%%s\\n' \"$@\" >%s/args\nshift 3\nexec sh -c \"$*\"\n", dir);
	CHECK(!chmod(place("/bin/ssh"), 0755));
	file("/bin/iavfctl", "#!/bin/sh\nprintf '<%%s>' \"$@\" >%s/words\ncat >%s/input\necho answer\nexit 5\n",
	     dir, dir);
	CHECK(!chmod(place("/bin/iavfctl"), 0755));
	use_programs();
}

static void remote(void)
{
	char name[128], *words[] = {
		(char *)"iavfctl", (char *)"-H", (char *)"user@host", (char *)"-j", (char *)"show",
		(char *)"it's $(touch x) `y` \"z\" \\ ; & | > * ~ \n -j", NULL,
	};
	char *nasty[] = {
		(char *)"iavfctl", (char *)"list", (char *)"-H", (char *)"-oProxyCommand=x", NULL,
	};
	char *file_[] = {
		(char *)"iavfctl", (char *)"report", (char *)"--host=host", (char *)"-o", name, NULL,
	};

	fake_ssh();
	CHECK(freopen("/dev/null", "r", stdin));
	CHECK_EQ(run_words(6, words), 5);
	CHECK(!strncmp(contents("/args"), "-xT\n--\nuser@host\niavfctl ", 25));
	CHECK(!strcmp(contents("/words"),
		      "<-j><show><--><it's $(touch x) `y` \"z\" \\ ; & | > * ~ \n -j>"));
	CHECK_EQ(run("iavfctl -H host wait --timeout 7 eth0"), 5);
	CHECK(!strcmp(contents("/words"), "<wait><--for=ready><--timeout=7><--><eth0>"));
	CHECK_EQ(run("iavfctl --host host trace -c 7"), 5);
	CHECK(!strcmp(contents("/words"), "<trace><--count=7>"));
	/* a file is one of this machine */
	snprintf(name, sizeof(name), "%s", place("/it's here"));
	CHECK_EQ(run_words(5, file_), 5);
	CHECK(!strcmp(contents("/words"), "<report><--output=->"));
	CHECK(!strcmp(contents("/it's here"), "answer\n"));
	/* without -o, too: not a file over there */
	CHECK(!chdir(dir));
	CHECK_EQ(run("iavfctl -H host report"), 5);
	CHECK(!strcmp(contents("/words"), "<report><--output=->"));
	/* what is wrong is said here */
	unlink(place("/args"));
	CHECK_EQ(run("iavfctl -H host wait"), 2);
	CHECK_EQ(run_words(4, nasty), 2);
	CHECK_EQ(run("iavfctl -H a;b list"), 2);
	CHECK(access(place("/args"), F_OK));
	file("/bin/iavfctl", "#!/bin/sh\nexit 255\n");
	CHECK_EQ(run("iavfctl -H host list"), 1);
	CHECK(strstr(err, "ssh to host failed"));
	unlink(place("/bin/iavfctl"));
	CHECK_EQ(run("iavfctl -H host -j list"), 1);
	CHECK(strstr(err, "{\"schema\"") && strstr(err, "host has no iavfctl"));
}

static void clean_up(void)
{
	char command[80];

	setenv("PATH", "/usr/bin:/bin", 1);
	CHECK(!chdir("/"));
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK(!have_dir || !system(command));
}

static const struct test_case cases[] = {
	{ "options", options }, { "every_verb", every_verb }, { "completion", completion },
	{ "trace_text", trace_text }, { "trace_json", trace_json }, { "trace_pcapng", trace_pcapng },
	{ "levels", levels }, { "metrics", metrics }, { "doctor_well", doctor_well },
	{ "doctor_modules", doctor_modules }, { "doctor_daemons", doctor_daemons },
	{ "doctor_devices", doctor_devices }, { "doctor_vf", doctor_vf },
	{ "doctor_network", doctor_network }, { "report", report }, { "remote", remote },
	{ "clean_up", clean_up },
};

TEST_MAIN(cases)

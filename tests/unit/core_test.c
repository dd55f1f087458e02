// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole daemon in a thread, between a kernel that is a socket pair and a service manager that
 * is a socket; its VFs only write down what happens to them.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#include "broker.h"
#include "core/events.h"
#include "core/exit.h"
#include "core/iavfd.h"
#include "kmsg.h"
#include "test.h"
#include "vf_stub.h"

#define PCI	"0000:00:04.0"

static uint8_t buf[KMSG_SIZE] __attribute__((aligned(8)));
static struct iavfd daemon_;
static pthread_t thread;
static bool running;
static int code, kernel, manager, news;
static char dir[] = "/tmp/core-test-XXXXXX";
static bool have_dir;
static char bus_address[64];
static pid_t broker;
static sd_bus *reader;

/* What the opener does next; the last one is repeated. */
static int answers[8];
static unsigned int num_answers, asked, forced;

static int fake_open(void *ctx, bool force, struct session_grant *grant)
{
	int err = answers[asked < num_answers ? asked : num_answers - 1], pair[2];

	asked++;
	forced += force;
	if (err)
		return err;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	/* The VFs of the start are there before the daemon reads. */
	while (recv(kernel, buf, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT) > 0) {
		ssize_t len = recv(kernel, buf, sizeof(buf), 0);

		if (send(pair[1], buf, len, 0) != len)
			return -EIO;
	}
	dup2(pair[1], kernel);
	close(pair[1]);
	*grant = (struct session_grant){ .fd = pair[0], .family = KMSG_FAMILY, .abi = IAVF_ABI };
	return 0;
}

static int fake_watch(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	dup2(pair[1], news);
	close(pair[1]);
	return pair[0];
}

static void *life(void *unused)
{
	code = iavfd_run(&daemon_);
	return NULL;
}

/* Messages told before begin() are those of the start. */
static int before;

static void tell(const struct nlmsghdr *message)
{
	CHECK(send(running ? kernel : before, message, message->nlmsg_len, 0) ==
	      (ssize_t)message->nlmsg_len);
}

static int end(void);

static void open_manager(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	snprintf(name.sun_path, sizeof(name.sun_path), "%s/notify", dir);
	unlink(name.sun_path);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK(!bind(manager, (void *)&name, sizeof(name)));
	setenv("NOTIFY_SOCKET", name.sun_path, 1);
}

static void fresh(void)
{
	int pair[2];

	if (running)
		end();
	/* Not told from the name: a random one may have an X as well. */
	if (!have_dir)
		CHECK(mkdtemp(dir));
	have_dir = true;
	open_manager();
	CHECK(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	kernel = pair[0];
	before = pair[1];
	news = dup(kernel);
	memset(&daemon_, 0, sizeof(daemon_));
	daemon_.options = (struct options){ .log_level = LOG_EMERG, .state_dir = dir, .run_dir = dir };
	log_init(&daemon_.log, LOG_EMERG, true);
	snprintf(bus_address, sizeof(bus_address), "unix:path=%s/bus", dir);
	daemon_.bus_address = bus_address;
	daemon_.opener.open = fake_open;
	daemon_.opener.watch = fake_watch;
	memset(answers, 0, sizeof(answers));
	num_answers = 1;
	asked = forced = 0;
	vf_stub_events[0] = '\0';
	vf_stub_deadline = VF_NO_DEADLINE;
}

static void begin(void)
{
	CHECK(!pthread_create(&thread, NULL, life, NULL));
	running = true;
}

static int join(void)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 10;
	CHECK(!pthread_timedjoin_np(thread, NULL, &limit));
	running = false;
	close(kernel);
	close(before);
	close(news);
	close(manager);
	return code;
}

static int end(void)
{
	CHECK(!pthread_kill(thread, SIGTERM));
	return join();
}

/* Read what the manager is told until it has the word; false after ms. */
static bool told(const char *word, int ms)
{
	struct pollfd p = { .fd = manager, .events = POLLIN };
	char text[512];
	ssize_t got;

	while (poll(&p, 1, ms) == 1) {
		got = recv(manager, text, sizeof(text) - 1, 0);
		text[got > 0 ? got : 0] = '\0';
		if (strstr(text, word))
			return true;
	}
	return false;
}

/* Until the daemon did something with what it was told. */
static bool happened(const char *events)
{
	for (int i = 0; i < 500; i++) {
		if (strstr(vf_stub_events, events))
			return true;
		usleep(2000);
	}
	printf("# %s\n", vf_stub_events);
	return false;
}

static const struct nlmsghdr *netdev_ready(uint32_t vf, uint32_t err)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_NETDEV_READY, vf, 1);

	mnl_attr_put_u32(message, IAVF_A_MSG_ERRNO, err);
	return message;
}

static void no_vfs(void)
{
	fresh();
	begin();
	CHECK(told("STATUS=0 VFs: 0 ready", 2000));
	CHECK(told("READY=1", 2000));
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void says_stopping(void)
{
	fresh();
	begin();
	CHECK(told("READY=1", 2000));
	CHECK(!pthread_kill(thread, SIGHUP));
	CHECK(!pthread_kill(thread, SIGINT));
	CHECK(told("STOPPING=1", 2000));
	CHECK_EQ(join(), EXIT_CLEAN);
}

static void ready_with_netdevs(void)
{
	fresh();
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_MAILBOX));
	tell(kmsg_vf_add(buf, 2, "0000:00:05.0", IAVF_VF_STATE_READY));
	begin();
	CHECK(happened("add add"));
	CHECK(!told("READY=1", 150));
	tell(netdev_ready(1, 0));
	CHECK(told("READY=1", 2000));
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void ready_without_netdevs(void)
{
	fresh();
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_MAILBOX));
	tell(kmsg_vf_add(buf, 2, "0000:00:05.0", IAVF_VF_STATE_DEAD));
	tell(kmsg_vf_add(buf, 3, "0000:00:06.0", IAVF_VF_STATE_RESETTING));
	begin();
	CHECK(happened("add add add"));
	tell(kmsg_start(buf, IAVF_CMD_VF_DEL, 3));
	CHECK(!told("READY=1", 150));
	tell(netdev_ready(1, ENFILE));
	CHECK(told("STATUS=2 VFs: 0 ready, 2 failed (" PCI ": no mailbox)", 2000));
	CHECK(told("READY=1", 2000));
	/* A later one delays nothing, but shows. */
	tell(kmsg_vf_add(buf, 4, "0000:00:07.0", IAVF_VF_STATE_MAILBOX));
	CHECK(told("STATUS=3 VFs: 0 ready, 2 failed", 2000));
	CHECK_EQ(end(), EXIT_CLEAN);
}

/* Times add up, also of one that goes on. */
static void degraded_time(void)
{
	struct log log = { .level = -1, .fd = -1 };
	const struct log_vf vf = { .pci = "0000:3b:02.0" };
	struct vf_status status = { .phase = VF_PHASE_READY };
	struct events events = { 0 };

	events_status(&events, &log, &vf, &status, 100);
	CHECK_EQ(events_degraded_ns(&events, 200), 0);
	status.phase = VF_PHASE_DEGRADED;
	status.reason = "no";
	events_status(&events, &log, &vf, &status, 300);
	events_status(&events, &log, &vf, &status, 350);
	CHECK_EQ(events_degraded_ns(&events, 400), 100);
	status.phase = VF_PHASE_WAITING;
	events_status(&events, &log, &vf, &status, 500);
	CHECK_EQ(events_degraded_ns(&events, 900), 200);
	status.phase = VF_PHASE_DEGRADED;
	events_status(&events, &log, &vf, &status, 1000);
	CHECK_EQ(events_degraded_ns(&events, 1050), 250);
}

static void ready_when_refused(void)
{
	fresh();
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_MAILBOX));
	begin();
	CHECK(happened("add"));
	vf_stub[0]->phase = VF_PHASE_FAILED;
	tell(kmsg_now(buf, IAVF_CMD_VF_SYNC, 1, 1));
	CHECK(told("READY=1", 2000));
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void everything_in_order(void)
{
	struct nlmsghdr *message;
	struct nlattr *nest;

	fresh();
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_READY));
	message = kmsg_now(buf, IAVF_CMD_VF_RECORD, 1, 1);
	mnl_attr_put(message, IAVF_A_MSG_RECORD, 5, "12345");
	tell(message);
	message = kmsg_now(buf, IAVF_CMD_VF_LOG, 1, 1);
	mnl_attr_put_u32(message, IAVF_A_MSG_SEQ, 8);
	mnl_attr_put_u32(message, IAVF_A_MSG_OPCODE, 6);
	mnl_attr_put_u32(message, IAVF_A_MSG_VSI_ID, 3);
	mnl_attr_put(message, IAVF_A_MSG_SENT, 0, NULL);
	tell(message);
	message = kmsg_now(buf, IAVF_CMD_VF_LOG, 1, 1);
	mnl_attr_put_u32(message, IAVF_A_MSG_SEQ, 9);
	mnl_attr_put_u32(message, IAVF_A_MSG_OPCODE, 6);
	mnl_attr_put_u32(message, IAVF_A_MSG_STATUS, (uint32_t)-5);
	tell(message);
	tell(kmsg_now(buf, IAVF_CMD_VF_SYNC, 1, 1));
	message = kmsg_now(buf, IAVF_CMD_MBX_RECV, 1, 1);
	mnl_attr_put_u32(message, IAVF_A_MSG_SEQ, 10);
	mnl_attr_put_u32(message, IAVF_A_MSG_OPCODE, 15);
	mnl_attr_put_u32(message, IAVF_A_MSG_STATUS, 0);
	mnl_attr_put(message, IAVF_A_MSG_PAYLOAD, 2, "ab");
	tell(message);
	begin();
	CHECK(happened("add record:5 sent:8:6:3:0 got:9:6:-5:0 sync received:10:15:0:2"));
	message = kmsg_now(buf, IAVF_CMD_REQUEST, 1, 1);
	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 77);
	mnl_attr_put_u32(message, IAVF_A_MSG_KIND, IAVF_REQUEST_KIND_SET_MAC);
	mnl_attr_put(message, IAVF_A_MSG_MAC, 6, "\2\0\0\0\0\1");
	tell(message);
	message = kmsg_start(buf, IAVF_CMD_REQUEST_CANCEL, 1);
	mnl_attr_put_u32(message, IAVF_A_MSG_REQUEST, 77);
	tell(message);
	message = kmsg_now(buf, IAVF_CMD_CHANGED, 1, 1);
	nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);
	mnl_attr_put_u32(message, IAVF_A_VF_RX_FLAGS, 1);
	mnl_attr_nest_end(message, nest);
	tell(message);
	message = kmsg_now(buf, IAVF_CMD_RESET, 1, 2);
	mnl_attr_put_u32(message, IAVF_A_MSG_RESET_STEP, IAVF_RESET_STEP_STARTED);
	mnl_attr_put_u32(message, IAVF_A_MSG_RESET_CAUSE, IAVF_RESET_CAUSE_PF_SILENT);
	tell(message);
	CHECK(happened("request:77:2 cancel:77 changed:2 reset:2:1:2"));
	CHECK_EQ(vf_stub[0]->request.mac[5], 1);
	CHECK_EQ(end(), EXIT_CLEAN);
}

/* rmmod and modprobe of the driver with the daemon attached. */
static void comes_and_goes(void)
{
	fresh();
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_READY));
	begin();
	CHECK(happened("add"));
	tell(kmsg_start(buf, IAVF_CMD_VF_DEL, 1));
	CHECK(happened("add free"));
	tell(kmsg_now(buf, IAVF_CMD_VF_SYNC, 1, 1));	/* for nobody */
	tell(kmsg_vf_add(buf, 2, PCI, IAVF_VF_STATE_MAILBOX));
	CHECK(happened("add free add"));
	tell(kmsg_vf_add(buf, 2, PCI, IAVF_VF_STATE_MAILBOX));	/* twice: the old one goes */
	CHECK(happened("add free add free add"));
	CHECK_EQ(vf_stub_count, 1);
	CHECK_EQ(end(), EXIT_CLEAN);
	CHECK_EQ(vf_stub_count, 0);
}

/* netdev-ready tells everything, and the VF hears it as it is. */
static void whole_at_netdev(void)
{
	const struct vf_snapshot *all;
	struct nlmsghdr *message;
	struct nlattr *nest;

	fresh();
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_MAILBOX));
	begin();
	CHECK(happened("add"));
	CHECK(!*of_part(bus, "Vlan", "Users", "u"));
	vf_stub[0]->phase = VF_PHASE_READY;
	tell(netdev_ready(IAVF_FEATURES_VLAN_CTAG_STRIP));
	CHECK(reads(bus, "State", "ready"));
	CHECK(reads(bus, "Phase", "ready"));
	CHECK(reads(bus, "Ifname", "eth9"));
	CHECK(reads(bus, "Mac", "02:00:00:00:00:ab"));
	CHECK_EQ(number(bus, "MaxMtu"), 9702);
	CHECK_EQ(number(bus, "RxQueues"), 4);
	CHECK_EQ(number(bus, "TxRing"), 512);
	last_error_is(bus, EPERM, "PF refused");
	parts_are_as_granted(bus);
	message = kmsg_now(buf, IAVF_CMD_CHANGED, 1, 1);
	nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);
	mnl_attr_put_u8(message, IAVF_A_VF_CARRIER, 1);
	mnl_attr_put_u32(message, IAVF_A_VF_LINK_MBPS, 25000);
	put_netdev(message, 9000);
	mnl_attr_nest_end(message, nest);
	tell(message);
	CHECK(happened("changed:"));
	CHECK(reads(bus, "State", "ready"));
	CHECK_EQ(number(bus, "Mtu"), 9000);
	CHECK_EQ(number(bus, "LinkMbps"), 25000);
	CHECK(has_file());
	CHECK(resets(bus));
	vf_stub[0]->phase = VF_PHASE_WAITING;
	CHECK(!resets(bus));
	vf_stub[0]->phase = VF_PHASE_READY;
	tell(reset_step(2, IAVF_RESET_STEP_STARTED));
	CHECK(reads(bus, "State", "resetting"));
	CHECK_EQ(number(bus, "Generation"), 2);
	tell(reset_step(2, IAVF_RESET_STEP_READY));
	CHECK(reads(bus, "State", "ready"));
	tell(reset_step(2, IAVF_RESET_STEP_FAILED));
	CHECK(reads(bus, "State", "dead"));
	tell(kmsg_start(buf, IAVF_CMD_VF_DEL, 1));
	CHECK(happened("free"));
	CHECK(lacks_file());
	CHECK(sd_bus_get_property(bus, "org.iavfd1", VF_PATH, "org.iavfd1.VF", "Mtu", NULL,
				  &(sd_bus_message *){ NULL }, "u") < 0);
	CHECK_EQ(end(), EXIT_CLEAN);
	stop_broker();
}

/* --on-absence=TEXT is understood, and as that. */
static bool absence(const char *text, uint32_t policy, uint32_t grace_ms)
{
	char option[64], *argv[] = { (char *)"iavfd", option, NULL };
	struct options parsed;

	snprintf(option, sizeof(option), "--on-absence=%s", text);
	return options_parse(&parsed, 2, argv) == -1 && parsed.on_absence == policy &&
	       parsed.grace_ms == grace_ms;
}

static void options(void)
{
	static const char *const nonsense[] = {
		"", "up", "hold:1", "down:", "down:-1", "down:1x", "down: 1", "isolated", "down:86401",
		"isolate:99999999999999999999",
	};
	static const char *const good[] = { "iavfd",	   "--force", "--log-level=debug",
					    "--state-dir", "/x",      NULL };
	static const char *const bad[] = { "iavfd", "--state-dir=x", NULL };
	static const char *const level[] = { "iavfd", "--log-level=loud", NULL };
	static const char *const more[] = { "iavfd", "x", NULL };
	struct options parsed;

	CHECK_EQ(options_parse(&parsed, 5, (char **)good), -1);
	CHECK(parsed.force && !parsed.wait && !parsed.foreground);
	CHECK_EQ(parsed.log_level, LOG_DEBUG);
	CHECK(!strcmp(parsed.state_dir, "/x"));
	CHECK(!strcmp(parsed.run_dir, "/run/iavfd"));
	CHECK_EQ(options_parse(&parsed, 2, (char **)bad), EXIT_USAGE);
	CHECK_EQ(options_parse(&parsed, 2, (char **)level), EXIT_USAGE);
	CHECK_EQ(options_parse(&parsed, 2, (char **)more), EXIT_USAGE);
	CHECK(absence("hold", IAVF_ABSENCE_HOLD, 5000));
	CHECK(absence("isolate", IAVF_ABSENCE_ISOLATE, 5000));
	CHECK(absence("isolate:0", IAVF_ABSENCE_ISOLATE, 0));
	CHECK(absence("down:86400", IAVF_ABSENCE_DOWN, 86400000));
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
		CHECK(!absence(nonsense[i], 0, 0));
	CHECK_EQ(log_level_from_word("7"), 7);
	CHECK_EQ(log_level_from_word("8"), -1);
	CHECK_EQ(log_level_from_word(""), -1);
}

static char lines[2048];

static void hear(void *ctx, int priority, const char *line)
{
	size_t len = strlen(lines);

	snprintf(lines + len, sizeof(lines) - len, "<%d>%s\n", priority, line);
}

static bool heard(const char *line)
{
	for (int i = 0; i < 500; i++) {
		if (strstr(lines, line))
			return true;
		usleep(2000);
	}
	printf("# %s\n", lines);
	return false;
}

/* Each turn of a VF's life is one line, however often the VF runs. */
static void life_in_the_log(void)
{
	fresh();
	lines[0] = '\0';
	daemon_.log = (struct log){ .level = LOG_INFO, .sink = hear };
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_MAILBOX));
	begin();
	CHECK(happened("add"));
	vf_stub[0]->phase = VF_PHASE_READY;
	tell(netdev_ready(1, 0));
	tell(netdev_ready(1, 0));
	CHECK(heard("<6>" PCI ": ready, generation 1\n"));
	vf_stub[0]->phase = VF_PHASE_WAITING;
	tell(reset_step(2, IAVF_RESET_STEP_STARTED));
	tell(reset_step(3, IAVF_RESET_STEP_STARTED));
	CHECK(happened("reset:3:"));
	vf_stub[0]->phase = VF_PHASE_READY;
	tell(reset_step(3, IAVF_RESET_STEP_READY));
	CHECK(heard(" ms after a reset (pf-silent), generation 3\n"));
	vf_stub[0]->phase = VF_PHASE_FAILED;
	tell(netdev_ready(1, 0));
	tell(netdev_ready(1, 0));
	CHECK(heard("<3>" PCI ": failed: no mailbox\n"));
	tell(kmsg_start(buf, IAVF_CMD_VF_DEL, 1));
	CHECK(heard("<6>" PCI ": gone\n"));
	CHECK(!strstr(strstr(lines, ": ready, ") + 1, ": ready, "));
	CHECK(!strstr(strstr(lines, ": failed") + 1, ": failed"));
	CHECK(!strstr(strstr(lines, "ready again") + 1, "ready again"));
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void clean_up(void)
{
	char command[64];

	if (running)
		end();
	stop_broker();
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK(!system(command));
}

static const struct test_case cases[] = {
	{ "no_vfs", no_vfs },
	{ "says_stopping", says_stopping },
	{ "ready_with_netdevs", ready_with_netdevs },
	{ "ready_without_netdevs", ready_without_netdevs },
	{ "degraded_time", degraded_time }, { "ready_when_refused", ready_when_refused },
	{ "everything_in_order", everything_in_order },
	{ "comes_and_goes", comes_and_goes },
	{ "whole_at_netdev", whole_at_netdev },
	{ "stable_addresses", stable_addresses },
	{ "deadlines", deadlines },
	{ "taken_over", taken_over },
	{ "module_comes_later", module_comes_later },
	{ "owned_by_another", owned_by_another },
	{ "waits_for_another", waits_for_another },
	{ "force_once", force_once },
	{ "not_permitted", not_permitted },
	{ "ready_after_a_while", ready_after_a_while },
	{ "on_the_bus", on_the_bus },
	{ "life_in_the_log", life_in_the_log },
	{ "options", options },
	{ "clean_up", clean_up },
};

int main(int argc, char **argv)
{
	sigset_t set;

	/* Signals are for the daemon's thread, which waits for them. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return test_main(cases, sizeof(cases) / sizeof(cases[0]), argc > 1 ? argv[1] : NULL);
}

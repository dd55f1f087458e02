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
	message = kmsg_now(buf, IAVF_CMD_NETDEV_READY, 1, 1);
	mnl_attr_put_u32(message, IAVF_A_MSG_ERRNO, 0);
	nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);
	mnl_attr_put_strz(message, IAVF_A_VF_PCI, PCI);
	mnl_attr_put_u32(message, IAVF_A_VF_STATE, IAVF_VF_STATE_READY);
	mnl_attr_put_u32(message, IAVF_A_VF_MAX_QUEUES, 16);
	mnl_attr_put_u32(message, IAVF_A_VF_RX_FLAGS, IAVF_RX_FLAGS_UP);
	mnl_attr_put_u32(message, IAVF_A_VF_IFINDEX, 9);
	mnl_attr_put_strz(message, IAVF_A_VF_IFNAME, "eth9");
	mnl_attr_nest_end(message, nest);
	tell(message);
	CHECK(happened("add netdev:0"));
	all = &vf_stub[0]->snapshot;
	CHECK_EQ(all->have, VF_HAVE_ALL | VF_HAVE_FLAGS | VF_HAVE_NETDEV);
	CHECK_EQ(all->state, IAVF_VF_STATE_READY);
	CHECK_EQ(all->max_queues, 16);
	CHECK_EQ(all->ifindex, 9);
	CHECK_EQ(all->rx_flags, IAVF_RX_FLAGS_UP);
	CHECK(!strcmp(all->pci, PCI));
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void stable_addresses(void)
{
	uint8_t macs[2][6];

	for (int i = 0; i < 2; i++) {
		fresh();
		tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_READY));
		tell(kmsg_vf_add(buf, 2, "0000:00:05.0", IAVF_VF_STATE_READY));
		begin();
		CHECK(happened("add add"));
		CHECK(memcmp(vf_stub[0]->policy.mac, vf_stub[1]->policy.mac, 6));
		CHECK_EQ(vf_stub[0]->policy.mac[0] & 3, 2);
		memcpy(macs[i], vf_stub[0]->policy.mac, 6);
		CHECK_EQ(end(), EXIT_CLEAN);
	}
	CHECK(!memcmp(macs[0], macs[1], 6));
}

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* A VF runs at its deadline, and after that nothing wakes the loop. */
static void deadlines(void)
{
	fresh();
	vf_stub_deadline = clock_now() + 100000000;
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_READY));
	begin();
	CHECK(happened("add"));
	for (unsigned int ms = 0; vf_stub[0]->runs < 2 && ms < 5000; ms++)
		usleep(1000);
	CHECK(clock_now() >= vf_stub_deadline);
	usleep(100000);
	CHECK_EQ(vf_stub[0]->runs, 2);
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void taken_over(void)
{
	fresh();
	begin();
	CHECK(told("READY=1", 2000));
	shutdown(kernel, SHUT_RDWR);
	CHECK_EQ(join(), EXIT_NOT_OWNER);
}

static void put_news(const char *family)
{
	struct nlmsghdr *message = genl_start(buf, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY, 0);

	mnl_attr_put_u16(message, CTRL_ATTR_FAMILY_ID, 1);
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, family);
	CHECK(send(news, message, message->nlmsg_len, 0) > 0);
}

/* Without the module it is ready at once, and asks again when the family comes, and only then. */
static void module_comes_later(void)
{
	fresh();
	answers[0] = -ENOENT;
	num_answers = 2;
	begin();
	CHECK(told("STATUS=Waiting: the kernel module iavf_session is not loaded", 2000));
	CHECK(told("READY=1", 2000));
	put_news("other");
	usleep(100000);
	CHECK_EQ(asked, 1);
	put_news("iavf");
	CHECK(told("STATUS=0 VFs", 2000) || asked == 2);
	CHECK_EQ(asked, 2);
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void owned_by_another(void)
{
	fresh();
	answers[0] = -EBUSY;
	begin();
	CHECK_EQ(join(), EXIT_NOT_OWNER);
	CHECK(asked > 3);
	CHECK_EQ(forced, 0);
}

static void waits_for_another(void)
{
	fresh();
	daemon_.options.wait = true;
	for (int i = 0; i < 4; i++)
		answers[i] = -EBUSY;
	num_answers = 5;
	begin();
	CHECK(told("READY=1", 2000));
	CHECK_EQ(asked, 5);
	CHECK_EQ(end(), EXIT_CLEAN);
}

/* Force is for one owner, not for the one that took over from us. */
static void force_once(void)
{
	fresh();
	daemon_.options.force = true;
	answers[0] = -ENOENT;
	answers[1] = -EINTR;
	answers[2] = -EINTR;
	num_answers = 4;
	begin();
	CHECK(told("READY=1", 2000));
	put_news("iavf");
	CHECK(told("STATUS=0 VFs", 2000));
	CHECK_EQ(asked, 4);
	CHECK_EQ(forced, 2);
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void not_permitted(void)
{
	fresh();
	answers[0] = -EPERM;
	begin();
	CHECK_EQ(join(), EXIT_NOT_PERMITTED);
	fresh();
	answers[0] = -EPROTO;
	begin();
	CHECK_EQ(join(), EXIT_FAILED);
}

static void ready_after_a_while(void)
{
	fresh();
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_MAILBOX));
	begin();
	CHECK(!told("READY=1", 4000));
	CHECK(told("READY=1", 2000));
	CHECK_EQ(end(), EXIT_CLEAN);
}

static void stop_broker(void)
{
	if (broker) {
		kill(broker, SIGKILL);
		waitpid(broker, NULL, 0);
	}
	broker = 0;
	reader = sd_bus_close_unref(reader);
}

static sd_bus *client(void)
{
	sd_bus *bus = NULL;

	for (int i = 0; i < 500; i++) {
		bus = sd_bus_close_unref(bus);
		CHECK(sd_bus_new(&bus) >= 0 && sd_bus_set_address(bus, bus_address) >= 0);
		CHECK(sd_bus_set_bus_client(bus, true) >= 0);
		if (sd_bus_start(bus) >= 0 && sd_bus_get_name_creds(bus, "org.iavfd1", 0, NULL) >= 0)
			return bus;
		usleep(5000);
	}
	CHECK(!"on the bus");
	return NULL;
}

#define VF_PATH	"/org/iavfd1/vf/0000_00_04_0"

static sd_bus_message *property(sd_bus *bus, const char *name, const char *type)
{
	sd_bus_message *reply = NULL;

	CHECK(sd_bus_get_property(bus, "org.iavfd1", VF_PATH, "org.iavfd1.VF", name, NULL, &reply,
				  type) >= 0);
	return reply;
}

/* Until a property has this text. */
static bool reads(sd_bus *bus, const char *name, const char *want)
{
	for (int i = 0; i < 500; i++) {
		sd_bus_message *reply = property(bus, name, "s");
		const char *text = "";
		bool same;

		sd_bus_message_read(reply, "s", &text);
		same = !strcmp(text, want);
		if (i == 499)
			printf("# %s is '%s'\n", name, text);
		sd_bus_message_unref(reply);
		if (same)
			return true;
		usleep(2000);
	}
	return false;
}

static uint32_t number(sd_bus *bus, const char *name)
{
	sd_bus_message *reply = property(bus, name, "u");
	uint32_t value = 0;

	sd_bus_message_read(reply, "u", &value);
	sd_bus_message_unref(reply);
	return value;
}

static const struct nlmsghdr *reset_step(uint32_t generation, uint32_t step)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_RESET, 1, generation);

	mnl_attr_put_u32(message, IAVF_A_MSG_RESET_STEP, step);
	mnl_attr_put_u32(message, IAVF_A_MSG_RESET_CAUSE, IAVF_RESET_CAUSE_PF_SILENT);
	return message;
}

static void put_netdev(struct nlmsghdr *message, uint32_t mtu)
{
	mnl_attr_put_u32(message, IAVF_A_VF_IFINDEX, 9);
	mnl_attr_put_strz(message, IAVF_A_VF_IFNAME, "eth9");
	mnl_attr_put_u64(message, IAVF_A_VF_NETNS, 4026531840);
	mnl_attr_put(message, IAVF_A_VF_MAC, 6, "\2\0\0\0\0\253");
	mnl_attr_put_u32(message, IAVF_A_VF_MTU, mtu);
	mnl_attr_put_u32(message, IAVF_A_VF_MAX_MTU, 9702);
	mnl_attr_put_u32(message, IAVF_A_VF_RX_QUEUES, 4);
	mnl_attr_put_u32(message, IAVF_A_VF_TX_RING, 512);
}

static void put_last_error(struct nlmsghdr *message)
{
	struct nlattr *nest = mnl_attr_nest_start(message, IAVF_A_VF_LAST_ERROR);

	mnl_attr_put_u32(message, IAVF_A_ERROR_ERRNO, EPERM);
	mnl_attr_put_strz(message, IAVF_A_ERROR_MESSAGE, "PF refused");
	mnl_attr_put_u32(message, IAVF_A_ERROR_AGE_MS, 5);
	mnl_attr_nest_end(message, nest);
}

static void last_error_is(sd_bus *bus, int want, const char *sentence)
{
	sd_bus_message *reply = property(bus, "LastError", "(is)");
	const char *text = "";
	int32_t err = 0;

	sd_bus_message_read(reply, "(is)", &err, &text);
	CHECK_EQ(err, want);
	CHECK(!strcmp(text, sentence));
	sd_bus_message_unref(reply);
}

static bool file_is(bool there)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/vf/" PCI ".json", dir);
	for (int i = 0; i < 1000; i++) {
		if (!access(path, F_OK) == there)
			return true;
		usleep(2000);
	}
	return false;
}

static bool has_file(void)
{
	return file_is(true);
}

static bool lacks_file(void)
{
	return file_is(false);
}

/* A verb of the bus is an order to the kernel; only root may without polkit. */
static bool resets(sd_bus *bus)
{
	struct pollfd p = { .fd = kernel, .events = POLLIN };
	sd_bus_message *reply = NULL;
	const struct nlmsghdr *got;
	bool done = false;

	if (getuid())
		return vf_stub[0]->phase == VF_PHASE_READY;
	while (poll(&p, 1, 0) == 1)
		CHECK(recv(kernel, buf, sizeof(buf), 0) > 0);
	if (sd_bus_call_method(bus, "org.iavfd1", VF_PATH, "org.iavfd1.VF", "Reset", NULL, &reply,
			       "a{sv}", 0) < 0)
		return false;
	sd_bus_message_unref(reply);
	while (!done && poll(&p, 1, 2000) == 1) {
		CHECK(recv(kernel, buf, sizeof(buf), 0) > 0);
		got = (const struct nlmsghdr *)buf;
		done = ((const struct genlmsghdr *)mnl_nlmsg_get_payload(got))->cmd ==
		       IAVF_CMD_VF_RESET;
	}
	return done;
}

/* What the kernel says reaches the bus. */
static const struct nlmsghdr *with_grant(uint32_t granted)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_NETDEV_READY, 1, 1);
	struct nlattr *nest;

	mnl_attr_put_u32(message, IAVF_A_MSG_ERRNO, 0);
	nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);
	mnl_attr_put_strz(message, IAVF_A_VF_PCI, PCI);
	mnl_attr_put_u32(message, IAVF_A_VF_STATE, IAVF_VF_STATE_READY);
	mnl_attr_put_u32(message, IAVF_A_VF_FEATURES_GRANTED, granted);
	mnl_attr_put_u32(message, IAVF_A_VF_FEATURES, IAVF_FEATURES_VLAN_CTAG_STRIP);
	put_netdev(message, 1500);
	put_last_error(message);
	mnl_attr_nest_end(message, nest);
	return message;
}

/* A property of org.iavfd1.VF. and part as text, "" when there is no such interface. */
static const char *of_part(sd_bus *bus, const char *part, const char *name, const char *type)
{
	static char text[64];
	sd_bus_message *reply = NULL;
	char interface[64];
	const char *word = "";
	uint32_t value = 0;

	snprintf(interface, sizeof(interface), "org.iavfd1.VF.%s", part);
	text[0] = '\0';
	if (sd_bus_get_property(bus, "org.iavfd1", VF_PATH, interface, name, NULL, &reply, type) < 0)
		return text;
	if (*type == 's') {
		CHECK(sd_bus_message_read(reply, "s", &word) >= 0);
		snprintf(text, sizeof(text), "'%s'", word);
	} else {
		CHECK(sd_bus_message_read(reply, type, &value) >= 0);
		snprintf(text, sizeof(text), "%u", value);
	}
	sd_bus_message_unref(reply);
	return text;
}

static bool part_is(sd_bus *bus, const char *part, const char *name, const char *want)
{
	for (int i = 0; i < 500 && strcmp(of_part(bus, part, name, "u"), want); i++)
		usleep(2000);
	return !strcmp(of_part(bus, part, name, "u"), want);
}

/* What the PF granted as the kernel knows it is there, with what the VF knows of it. */
static void parts_are_as_granted(sd_bus *bus)
{
	struct vf_grant_status *grant = &vf_stub[0]->grant;

	CHECK(part_is(bus, "Vlan", "Users", "0"));
	CHECK(!*of_part(bus, "Rss", "KeyLength", "u"));
	*grant = (struct vf_grant_status) {
		.pf_budget = 8, .vlans_users = 4, .vlans_wanted = 6, .vlans_acknowledged = 5,
		.vlans_refused = 1, .rss_key_len = 52, .rss_table_len = 64, .rss_table_users = true,
		.rss_hfunc = IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC,
	};
	CHECK(part_is(bus, "Vlan", "Budget", "8"));
	CHECK(part_is(bus, "Vlan", "Users", "4"));
	CHECK(part_is(bus, "Vlan", "Wanted", "6"));
	CHECK(part_is(bus, "Vlan", "Acknowledged", "5"));
	CHECK(part_is(bus, "Vlan", "Refused", "1"));
	CHECK(!strcmp(of_part(bus, "Vlan", "Stripped", "s"), "'802.1Q'"));
	CHECK(!strcmp(of_part(bus, "Vlan", "Inserted", "s"), "''"));
	grant->pf_budget = UINT32_MAX;
	CHECK(part_is(bus, "Vlan", "Budget", "0"));
	tell(with_grant(IAVF_FEATURES_RX_HASH));
	CHECK(part_is(bus, "Vlan", "Users", ""));
	CHECK(part_is(bus, "Rss", "KeyLength", "52"));
	CHECK(part_is(bus, "Rss", "TableLength", "64"));
	CHECK(!strcmp(of_part(bus, "Rss", "TableConfigured", "b"), "1"));
	CHECK(!strcmp(of_part(bus, "Rss", "HashFunction", "s"), "'toeplitz-symmetric'"));
	/* In a reset lengths are not known. */
	grant->rss_key_len = grant->rss_table_len = 0;
	CHECK(part_is(bus, "Rss", "KeyLength", "52"));
	CHECK(part_is(bus, "Rss", "TableLength", "64"));
}

static void on_the_bus(void)
{
	struct nlmsghdr *message;
	struct nlattr *nest;
	sd_bus *bus;

	fresh();
	CHECK(broker_config(dir, bus_address, BROKER_OWN));
	broker = broker_start(dir);
	tell(kmsg_vf_add(buf, 1, PCI, IAVF_VF_STATE_MAILBOX));
	begin();
	CHECK(happened("add"));
	bus = reader = client();
	CHECK(reads(bus, "PciAddress", PCI));
	CHECK(reads(bus, "State", "mailbox"));
	CHECK(reads(bus, "Phase", "negotiating"));
	CHECK(reads(bus, "Mac", ""));
	CHECK_EQ(number(bus, "MaxQueues"), 16);
	last_error_is(bus, 0, "");
	CHECK(!*of_part(bus, "Vlan", "Users", "u"));
	vf_stub[0]->phase = VF_PHASE_READY;
	tell(with_grant(IAVF_FEATURES_VLAN_CTAG_STRIP));
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

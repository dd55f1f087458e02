// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The library's monitor and daemon/bus, which plays a daemon in a child process, on a private
 * dbus-daemon. There is no kernel module here, so without the daemon there is nothing.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#include "broker.h"
#include "bus/bus.h"
#include "iavfctl.h"
#include "test.h"

static char dir[] = "/tmp/monitor-test-XXXXXX", address[64];
static bool have_dir;
static pid_t broker, daemon_;
static int orders = -1;
static struct iavfctl *ctl;
static struct iavfctl_monitor *monitor;

/* The child: a daemon with VFs that do as they are told, one letter an order. */

static struct bus_vf vfs[2];
static struct bus_object *objects[2];
static struct bus *bus;

static void view_vf(void *vf, struct bus_vf *view)
{
	memcpy(view, vf, sizeof(*view));
}

static void view_manager(void *ctx, struct bus_manager *view)
{
	view->attached = view->ready = 1;
	view->vf_count = 7;
}

static void make_vf(unsigned int i, uint32_t id)
{
	struct bus_vf *vf = &vfs[i];

	memset(vf, 0, sizeof(*vf));
	snprintf(vf->pci, sizeof(vf->pci), "0000:3b:02.%u", i);
	snprintf(vf->ifname, sizeof(vf->ifname), "eth%u", i);
	snprintf(vf->mac, sizeof(vf->mac), "02:00:00:00:00:a%u", i);
	vf->id = id;
	vf->generation = 1;
	vf->ifindex = 9;
	vf->netns = 5000000000;
	vf->state = vf->phase = "ready";
	vf->features = 1 | 1 << 6;
	vf->refused = 3;
	vf->rx_queues = vf->tx_queues = 4;
	objects[i] = bus_add(bus, vf);
}

static int on_order(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	char order = 0;

	if (read(fd, &order, 1) != 1)
		return sd_event_exit(bus ? data : NULL, 0);
	switch (order) {
	case 'g':
		vfs[0].generation++;
		vfs[0].carrier = 1;
		break;
	case 'd':
		vfs[0].phase = "degraded";
		strcpy(vfs[0].reason, "PF refused");
		vfs[0].last_error.err = EPERM;
		strcpy(vfs[0].last_error.text, "no");
		break;
	case 'v':	/* VLANs are granted, or not any more */
		vfs[0].vlan.granted ^= 1;
		vfs[0].vlan.stripped = vfs[0].vlan.inserted = "";
		break;
	case 'a':
		make_vf(1, 2);
		break;
	case 'r':
		bus_remove(objects[1]);
		objects[1] = NULL;
		break;
	}
	bus_changed(objects[0]);
	return 0;
}

static void play_daemon(int fd)
{
	static struct log log = { .level = LOG_EMERG };
	struct bus_config config = {
		.address = address, .version = "1.2.3", .log = &log, .manager = view_manager,
		.vf = view_vf,
	};

	if (sd_event_new(&config.event) < 0)
		_exit(1);
	bus = bus_new(&config);
	bus_want_name(bus, true);
	make_vf(0, 1);
	sd_event_add_io(config.event, NULL, fd, EPOLLIN, on_order, config.event);
	sd_event_loop(config.event);
	_exit(0);
}

static void start_daemon(void)
{
	int pair[2];

	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	daemon_ = fork();
	if (!daemon_) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(pair[0]);
		play_daemon(pair[1]);
	}
	close(pair[1]);
	orders = pair[0];
}

static void stop(pid_t *pid)
{
	if (!*pid)
		return;
	kill(*pid, SIGCONT);
	kill(*pid, SIGKILL);
	waitpid(*pid, NULL, 0);
	*pid = 0;
}

static void stop_daemon(void)
{
	stop(&daemon_);
	if (orders >= 0)
		close(orders);
	orders = -1;
}

static void order(char what)
{
	CHECK_EQ(write(orders, &what, 1), 1);
}

/* The parent */

static void start_broker(void)
{
	CHECK(broker_config(dir, address, BROKER_OWN));
	broker = broker_start(dir);
}

static void end(void)
{
	iavfctl_monitor_close(monitor);
	monitor = NULL;
	iavfctl_close(ctl);
	ctl = NULL;
	stop_daemon();
	stop(&broker);
}

static void fresh(void)
{
	end();
	if (!have_dir)
		CHECK(mkdtemp(dir));
	have_dir = true;
	snprintf(address, sizeof(address), "unix:path=%s/socket", dir);
	unlink(address + strlen("unix:path="));
	setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
	CHECK(!iavfctl_open(&ctl));
}

/* As a program with a loop of its own does it. Few wakeups are for nothing. */
static bool by_descriptor;

static enum iavfctl_error wait_and_fetch(const struct iavfctl_event **event)
{
	struct pollfd p = { .fd = iavfctl_monitor_fd(monitor), .events = POLLIN };
	enum iavfctl_error error;

	if (!by_descriptor)
		return iavfctl_monitor_next(monitor, 10000, event);
	for (int i = 0; i < 200; i++) {
		error = iavfctl_monitor_next(monitor, 0, event);
		if (error != IAVFCTL_TIMED_OUT)
			return error;
		if (poll(&p, 1, 10000) != 1)
			return error;
	}
	return IAVFCTL_FAILED;
}

/* The next event is this; vf is that of the event. */
static const struct iavfctl_event *next(enum iavfctl_event_kind kind)
{
	const struct iavfctl_event *event;

	CHECK(!wait_and_fetch(&event));
	CHECK(!strcmp(iavfctl_event_word(event->kind), iavfctl_event_word(kind)));
	return event;
}

static bool is_daemon_up(void)
{
	struct iavfctl_daemon *daemon = NULL;
	enum iavfctl_error error = IAVFCTL_NO_DAEMON;

	for (int i = 0; i < 1000 && error == IAVFCTL_NO_DAEMON; i++) {
		error = iavfctl_daemon(ctl, &daemon);
		if (error)
			usleep(5000);
	}
	iavfctl_daemon_free(daemon);
	return !error;
}

static void no_bus(void)
{
	struct iavfctl_daemon *daemon;

	fresh();
	CHECK_EQ(iavfctl_daemon(ctl, &daemon), IAVFCTL_NO_DAEMON);
	CHECK(strstr(iavfctl_sentence(ctl), "the system bus cannot be reached"));
	start_broker();
	for (int i = 0; i < 1000 && access(address + strlen("unix:path="), F_OK); i++)
		usleep(5000);
	for (int i = 0; i < 1000; i++) {
		CHECK_EQ(iavfctl_daemon(ctl, &daemon), IAVFCTL_NO_DAEMON);
		if (strstr(iavfctl_sentence(ctl), "iavfd does not run"))
			break;
		usleep(5000);
	}
	CHECK(strstr(iavfctl_sentence(ctl), "iavfd does not run"));
	end();
}

static void questions(void)
{
	struct iavfctl_daemon *daemon;
	struct iavfctl_vf **list, *found;
	size_t count;

	fresh();
	start_broker();
	start_daemon();
	CHECK(is_daemon_up());
	CHECK(!iavfctl_daemon(ctl, &daemon));
	CHECK(!strcmp(daemon->version, "1.2.3") && daemon->attached && daemon->ready);
	CHECK(!daemon->waiting);
	CHECK_EQ(daemon->vf_count, 7);
	CHECK_EQ(daemon->abi, IAVF_ABI);
	iavfctl_daemon_free(daemon);
	order('d');
	order('a');
	do {
		CHECK(!iavfctl_daemon_list(ctl, &list, &count));
		if (count == 2)
			break;
		iavfctl_list_free(list, count);
	} while (true);
	CHECK(!strcmp(list[0]->pci, "0000:3b:02.0") && !strcmp(list[1]->pci, "0000:3b:02.1"));
	CHECK_EQ(list[0]->phase, IAVFCTL_PHASE_DEGRADED);
	CHECK(!strcmp(list[0]->reason, "PF refused") && !strcmp(list[0]->degraded, "PF refused"));
	CHECK_EQ(list[0]->state, IAVFCTL_STATE_READY);
	CHECK_EQ(list[0]->mac[5], 0xa0);
	CHECK_EQ(list[0]->netns, 5000000000);
	CHECK_EQ(list[0]->features, 1 | 1 << 6);
	CHECK_EQ(list[0]->last_errno, EPERM);
	CHECK(!strcmp(list[0]->last_error, "no"));
	CHECK(!(list[0]->have & (IAVFCTL_HAVE_COUNTERS | IAVFCTL_HAVE_OWNER)));
	CHECK(list[0]->have & IAVFCTL_HAVE_DAEMON_COUNTERS);
	CHECK_EQ(list[0]->daemon_counters.refused, 3);
	CHECK(!list[1]->degraded && !list[1]->reason && !list[1]->last_error);
	CHECK(!iavfctl_choose(ctl, list, count, "eth1", &found) && found == list[1]);
	CHECK_EQ(iavfctl_choose(ctl, list, count, "eth", &found), IAVFCTL_USAGE);
	iavfctl_list_free(list, count);
	/* One that hangs is none, and asking takes no longer than it says. */
	kill(daemon_, SIGSTOP);
	CHECK_EQ(iavfctl_daemon(ctl, &daemon), IAVFCTL_NO_DAEMON);
	CHECK(strstr(iavfctl_sentence(ctl), "does not answer"));
	/* So is a bus that hangs. */
	kill(broker, SIGSTOP);
	CHECK_EQ(iavfctl_daemon(ctl, &daemon), IAVFCTL_NO_DAEMON);
	end();
}

static void log_level(void)
{
	const char *level;

	fresh();
	CHECK_EQ(iavfctl_log_level(ctl, &level), IAVFCTL_NO_DAEMON);
	CHECK(!level);
	start_broker();
	start_daemon();
	CHECK(is_daemon_up());
	CHECK(!iavfctl_log_level(ctl, &level));
	CHECK(!strcmp(level, "emerg"));
	CHECK(!iavfctl_set_log_level(ctl, "crit"));
	CHECK(!iavfctl_log_level(ctl, &level));
	CHECK(!strcmp(level, "crit"));
	CHECK_EQ(iavfctl_set_log_level(ctl, "loud"), IAVFCTL_USAGE);
	CHECK(strstr(iavfctl_sentence(ctl), "a log level is emerg, "));
	CHECK(!iavfctl_log_level(ctl, &level));
	CHECK(!strcmp(level, "crit"));
	end();
}

static void follows(void)
{
	const struct iavfctl_event *event;
	const struct iavfctl_vf *vf;

	fresh();
	start_broker();
	start_daemon();
	CHECK(is_daemon_up());
	CHECK(!iavfctl_monitor_open(ctl, &monitor));
	CHECK_EQ(iavfctl_monitor_source(monitor), IAVFCTL_SOURCE_DAEMON);
	CHECK_EQ(next(IAVFCTL_EVENT_SOURCE)->source, IAVFCTL_SOURCE_DAEMON);
	event = next(IAVFCTL_EVENT_PRESENT);
	CHECK(!strcmp(event->vf->pci, "0000:3b:02.0") && !event->before);
	CHECK_EQ(iavfctl_monitor_next(monitor, 0, &event), IAVFCTL_TIMED_OUT);
	/* nothing happens, nobody is woken */
	CHECK(!poll(&(struct pollfd){ .fd = iavfctl_monitor_fd(monitor), .events = POLLIN }, 1, 300));
	order('g');
	event = next(IAVFCTL_EVENT_CHANGED);
	CHECK_EQ(event->before->generation, 1);
	CHECK_EQ(event->vf->generation, 2);
	CHECK(event->vf->carrier && !event->before->carrier);
	CHECK(!strcmp(event->vf->ifname, "eth0"));
	order('d');
	event = next(IAVFCTL_EVENT_CHANGED);
	CHECK(!strcmp(event->vf->degraded, "PF refused") && !event->before->degraded);
	/* An interface of a VF comes and goes, the VF stays. */
	for (uint32_t i = 0; i < 2; i++) {
		order('v');
		CHECK_EQ(iavfctl_monitor_next(monitor, 300, &event), IAVFCTL_TIMED_OUT);
		order('g');
		CHECK_EQ(next(IAVFCTL_EVENT_CHANGED)->vf->generation, 3 + i);
	}
	order('a');
	CHECK(!strcmp(next(IAVFCTL_EVENT_ADDED)->vf->pci, "0000:3b:02.1"));
	CHECK(!iavfctl_monitor_find(monitor, "eth1", &vf));
	CHECK_EQ(vf->id, 2);
	order('r');
	CHECK(!strcmp(next(IAVFCTL_EVENT_REMOVED)->vf->pci, "0000:3b:02.1"));
	CHECK_EQ(iavfctl_monitor_find(monitor, "eth1", &vf), IAVFCTL_NOT_FOUND);
	end();
}

/* The daemon dies and comes back, then the bus does. */
static void comes_and_goes(void)
{
	fresh();
	CHECK(!iavfctl_monitor_open(ctl, &monitor));
	CHECK_EQ(next(IAVFCTL_EVENT_SOURCE)->source, IAVFCTL_SOURCE_NONE);
	start_broker();
	start_daemon();
	CHECK_EQ(next(IAVFCTL_EVENT_SOURCE)->source, IAVFCTL_SOURCE_DAEMON);
	next(IAVFCTL_EVENT_ADDED);
	stop_daemon();
	CHECK_EQ(next(IAVFCTL_EVENT_SOURCE)->source, IAVFCTL_SOURCE_NONE);
	next(IAVFCTL_EVENT_REMOVED);
	start_daemon();
	CHECK_EQ(next(IAVFCTL_EVENT_SOURCE)->source, IAVFCTL_SOURCE_DAEMON);
	next(IAVFCTL_EVENT_ADDED);
	stop(&broker);
	CHECK_EQ(next(IAVFCTL_EVENT_SOURCE)->source, IAVFCTL_SOURCE_NONE);
	next(IAVFCTL_EVENT_REMOVED);
	start_broker();
	CHECK_EQ(next(IAVFCTL_EVENT_SOURCE)->source, IAVFCTL_SOURCE_DAEMON);
	next(IAVFCTL_EVENT_ADDED);
	order('g');
	CHECK_EQ(next(IAVFCTL_EVENT_CHANGED)->vf->generation, 2);
	end();
}

static void in_a_loop(void)
{
	by_descriptor = true;
	follows();
	comes_and_goes();
}

static void clean_up(void)
{
	char command[64];

	end();
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK(!have_dir || !system(command));
}

static const struct test_case cases[] = {
	{ "no_bus", no_bus },
	{ "questions", questions },
	{ "follows", follows },
	{ "comes_and_goes", comes_and_goes },
	{ "in_a_loop", in_a_loop },
	{ "log_level", log_level },
	{ "clean_up", clean_up },
};

TEST_MAIN(cases)

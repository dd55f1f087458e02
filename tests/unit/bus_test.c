// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon/bus on a private dbus-daemon that comes, goes, stops reading and gives the name away. The
 * loop under test and the client share a thread: turn() lets both work.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-bus.h>

#include "broker.h"
#include "bus/internal.h"
#include "bus/polkit.h"
#include "test.h"

#define VF_PATH	"/org/iavfd1/vf/0000_3b_02_0"

struct fake_vf {
	struct bus_vf view;
	struct bus_object *object;
};

static char dir[] = "/tmp/bus-test-XXXXXX", address[64];
static bool have_dir;
static pid_t broker;
static sd_event *event;
static struct bus *bus;
static sd_bus *client, *authority;
static struct fake_vf vfs[64];
static unsigned int num_vfs;
static struct bus_manager manager;
static struct log log_;
static char said[4096];

/* What the client was told. */
static unsigned int signals, added, removed;
static char names[1024], last_path[64], last_object[64];
/* "+org.iavfd1.VF.Vlan -org.iavfd1.VF.Rss ", of our own interfaces, and those with news. */
static char interfaces[1024], news_of[1024];

static void sink(void *ctx, int priority, const char *line)
{
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

static void view_vf(void *vf, struct bus_vf *view)
{
	memcpy(view, &((struct fake_vf *)vf)->view, sizeof(*view));
}

static void view_manager(void *ctx, struct bus_manager *view)
{
	memcpy(view, &manager, sizeof(*view));
	view->vf_count = num_vfs;
}

static unsigned int resets;
static int reset_result;

static int reset_vf(void *vf, char *why, size_t size)
{
	resets++;
	if (reset_result)
		snprintf(why, size, "not now");
	return reset_result;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

/* Both sides work until there is nothing to do for some milliseconds. */
static void turn(void)
{
	CHECK(sd_event_run(event, 2000) >= 0);
	while (client && sd_bus_process(client, NULL) > 0)
		;
	while (authority && sd_bus_process(authority, NULL) > 0)
		;
}

#define UNTIL(cond) do { \
	uint64_t end_ = now_ms() + 60000; \
	while (!(cond) && now_ms() < end_) \
		turn(); \
	if (!(cond)) \
		printf("# said: %s\n", said); \
	CHECK(cond); \
} while (0)

/* Long enough for whatever was under way. */
static void settle(void)
{
	uint64_t end = now_ms() + 100;

	while (now_ms() < end)
		turn();
}

static bool answers(void)
{
	sd_bus *probe = NULL;
	bool ok = sd_bus_new(&probe) >= 0 && sd_bus_set_address(probe, address) >= 0 &&
		  sd_bus_set_bus_client(probe, true) >= 0 && sd_bus_start(probe) >= 0 &&
		  sd_bus_get_unique_name(probe, &(const char *){ NULL }) >= 0;

	sd_bus_close_unref(probe);
	return ok;
}

static void start_broker(void)
{
	uint64_t end = now_ms() + 10000;

	broker = broker_start(dir);
	while (!answers() && now_ms() < end)
		usleep(5000);
	CHECK(answers());
}

static void stop_broker(void)
{
	if (!broker)
		return;
	kill(broker, SIGCONT);
	kill(broker, SIGKILL);
	waitpid(broker, NULL, 0);
	broker = 0;
}

static void stop_client(void)
{
	client = sd_bus_close_unref(client);
}

static void add_vf(const char *pci)
{
	struct fake_vf *vf = &vfs[num_vfs++];

	memset(vf, 0, sizeof(*vf));
	snprintf(vf->view.pci, sizeof(vf->view.pci), "%s", pci);
	vf->view.id = num_vfs;
	vf->view.generation = 1;
	vf->view.state = "ready";
	vf->view.phase = "ready";
	vf->object = bus_add(bus, vf);
}

static void remove_vf(unsigned int i)
{
	bus_remove(vfs[i].object);
	vfs[i].object = NULL;
}

static void stop_authority(void)
{
	authority = sd_bus_close_unref(authority);
}

static void end(void)
{
	stop_client();
	stop_authority();
	for (unsigned int i = 0; i < num_vfs; i++)
		remove_vf(i);
	num_vfs = 0;
	bus_free(bus);
	bus = NULL;
	event = sd_event_unref(event);
	stop_broker();
}

static void fresh(void)
{
	end();
	if (!have_dir)
		CHECK(mkdtemp(dir));
	have_dir = true;
	snprintf(address, sizeof(address), "unix:path=%s/socket", dir);
	unlink(address + strlen("unix:path="));
	CHECK(broker_config(dir, address, BROKER_OWN));
	memset(&manager, 0, sizeof(manager));
	manager.attached = 1;
	said[0] = '\0';
	log_ = (struct log){ .level = LOG_DEBUG, .sink = sink };
	CHECK(sd_event_new(&event) >= 0);
}

static void begin(void)
{
	struct bus_config config = {
		.event = event, .address = address, .version = "1.2.3", .log = &log_,
		.manager = view_manager, .vf = view_vf,
		.reset = reset_vf,
	};

	bus = bus_new(&config);
	CHECK(bus);
	bus_want_name(bus, true);
}

static int on_changed(sd_bus_message *message, void *data, sd_bus_error *error)
{
	const char *interface, *name;

	signals++;
	snprintf(last_path, sizeof(last_path), "%s", sd_bus_message_get_path(message));
	CHECK(sd_bus_message_read(message, "s", &interface) >= 0);
	snprintf(news_of + strlen(news_of), sizeof(news_of) - strlen(news_of), "%s ", interface);
	CHECK(sd_bus_message_enter_container(message, 'a', "{sv}") >= 0);
	while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
		CHECK(sd_bus_message_read(message, "s", &name) >= 0);
		CHECK(sd_bus_message_skip(message, "v") >= 0);
		CHECK(sd_bus_message_exit_container(message) >= 0);
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s ", name);
	}
	return 0;
}

static void note_interface(bool comes, const char *name)
{
	if (!strncmp(name, BUS_NAME, strlen(BUS_NAME)))
		snprintf(interfaces + strlen(interfaces), sizeof(interfaces) - strlen(interfaces),
			 "%c%s ", comes ? '+' : '-', name);
}

static void note_interfaces(sd_bus_message *message, bool comes)
{
	const char *name;

	CHECK(sd_bus_message_enter_container(message, 'a', comes ? "{sa{sv}}" : "s") >= 0);
	if (!comes) {
		while (sd_bus_message_read(message, "s", &name) > 0)
			note_interface(comes, name);
		return;
	}
	while (sd_bus_message_enter_container(message, 'e', "sa{sv}") > 0) {
		CHECK(sd_bus_message_read(message, "s", &name) >= 0);
		CHECK(sd_bus_message_skip(message, "a{sv}") >= 0);
		CHECK(sd_bus_message_exit_container(message) >= 0);
		note_interface(comes, name);
	}
}

static int on_objects(sd_bus_message *message, void *data, sd_bus_error *error)
{
	bool comes = sd_bus_message_is_signal(message, NULL, "InterfacesAdded");
	const char *path;

	CHECK(sd_bus_message_read(message, "o", &path) >= 0);
	snprintf(last_object, sizeof(last_object), "%s", path);
	note_interfaces(message, comes);
	added += comes;
	removed += !comes;
	return 0;
}

static void forget(void)
{
	signals = added = removed = 0;
	names[0] = last_path[0] = interfaces[0] = news_of[0] = '\0';
}

/* Connecting may wait for the broker; the loop under test is not needed for it. */
static void start_client(void)
{
	CHECK(sd_bus_new(&client) >= 0);
	CHECK(sd_bus_set_address(client, address) >= 0);
	CHECK(sd_bus_set_bus_client(client, true) >= 0);
	CHECK(sd_bus_start(client) >= 0);
	CHECK(sd_bus_match_signal(client, NULL, NULL, NULL, "org.freedesktop.DBus.Properties",
				  "PropertiesChanged", on_changed, NULL) >= 0);
	CHECK(sd_bus_match_signal(client, NULL, NULL, BUS_ROOT,
				  "org.freedesktop.DBus.ObjectManager", NULL, on_objects, NULL) >= 0);
	forget();
}

static sd_bus_message *answer;
static bool answered;

static int on_answer(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	answer = sd_bus_message_ref(reply);
	answered = true;
	return 0;
}

/* A call whose answer is in answer; its error name, "" for none. */
static const char *call(const char *destination, const char *path, const char *interface,
			const char *member, const char *a, const char *b)
{
	sd_bus_message *message = NULL;
	const sd_bus_error *error;

	answer = sd_bus_message_unref(answer);
	answered = false;
	CHECK(sd_bus_message_new_method_call(client, &message, destination, path, interface,
					     member) >= 0);
	if (a)
		CHECK(sd_bus_message_append(message, "s", a) >= 0);
	if (b)
		CHECK(sd_bus_message_append(message, "s", b) >= 0);
	CHECK(sd_bus_call_async(client, NULL, message, on_answer, NULL, 0) >= 0);
	sd_bus_message_unref(message);
	UNTIL(answered);
	error = sd_bus_message_get_error(answer);
	return error ? error->name : "";
}

static const char *get(const char *path, const char *interface, const char *property)
{
	return call(BUS_NAME, path, "org.freedesktop.DBus.Properties", "Get", interface, property);
}

static const char *text_answer(void)
{
	const char *text = NULL;

	CHECK(sd_bus_message_read(answer, "s", &text) >= 0);
	return text;
}

static uint32_t number_answer(void)
{
	uint32_t value;

	CHECK(sd_bus_message_read(answer, "v", "u", &value) >= 0);
	return value;
}

static void ready(void)
{
	fresh();
	start_broker();
	begin();
	add_vf("0000:3b:02.0");
	UNTIL(bus->named);
	start_client();
}

static void reads(void)
{
	const char *text;

	ready();
	manager.ready = 1;
	vfs[0].view.mtu = 1500;
	strcpy(vfs[0].view.ifname, "eth7");
	vfs[0].view.features = 1 | 1 << 6;
	vfs[0].view.last_error.err = EPERM;
	strcpy(vfs[0].view.last_error.text, "no");
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Mtu"));
	CHECK_EQ(number_answer(), 1500);
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Ifname"));
	CHECK(sd_bus_message_read(answer, "v", "s", &text) >= 0 && !strcmp(text, "eth7"));
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "State"));
	CHECK(sd_bus_message_read(answer, "v", "s", &text) >= 0 && !strcmp(text, "ready"));
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Features"));
	CHECK(sd_bus_message_enter_container(answer, 'v', "as") >= 0);
	CHECK(sd_bus_message_enter_container(answer, 'a', "s") >= 0);
	CHECK(!strcmp(text_answer(), "vlan-ctag-strip") && !strcmp(text_answer(), "rx-hash"));
	CHECK(sd_bus_message_at_end(answer, false) > 0);
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "LastError"));
	{
		int32_t err;

		CHECK(sd_bus_message_read(answer, "v", "(is)", &err, &text) >= 0);
		CHECK(err == EPERM && !strcmp(text, "no"));
	}
	CHECK(!*get(BUS_ROOT, BUS_MANAGER_IFACE, "Version"));
	CHECK(sd_bus_message_read(answer, "v", "s", &text) >= 0 && !strcmp(text, "1.2.3"));
	CHECK(!*get(BUS_ROOT, BUS_MANAGER_IFACE, "VfCount"));
	CHECK_EQ(number_answer(), 1);
	CHECK(!*get(BUS_ROOT, BUS_MANAGER_IFACE, "Abi"));
	CHECK_EQ(number_answer(), IAVF_ABI);
	end();
}

static void methods(void)
{
	const char *path = NULL;

	ready();
	add_vf("0000:3b:02.1");
	strcpy(vfs[0].view.ifname, "eth7");
	CHECK(!*call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", "3B:02.0", NULL));
	CHECK(sd_bus_message_read(answer, "o", &path) >= 0 && !strcmp(path, VF_PATH));
	CHECK(!*call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", "eth7", NULL));
	CHECK(!strcmp(call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", "", NULL),
		      "org.iavfd1.Error.NotFound"));
	CHECK(!strcmp(call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", "eth", NULL),
		      "org.iavfd1.Error.NotFound"));
	CHECK(!*call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "ListVfs", NULL, NULL));
	CHECK(sd_bus_message_enter_container(answer, 'a', "o") >= 0);
	CHECK(sd_bus_message_read(answer, "o", &path) > 0 && !strcmp(path, VF_PATH));
	CHECK(sd_bus_message_read(answer, "o", &path) > 0);
	CHECK(sd_bus_message_read(answer, "o", &path) == 0);
	CHECK(!*call(BUS_NAME, BUS_ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
		     NULL, NULL));
	end();
}

/* Whatever a client asks, it gets an error and the next one an answer. */
static void garbage(void)
{
	static const char unknown_object[] = "org.freedesktop.DBus.Error.UnknownObject";
	sd_bus_message *message = NULL;

	ready();
	CHECK(!strcmp(get(BUS_VFS "/0000_3b_02_1", BUS_VF_IFACE, "Mtu"), unknown_object));
	CHECK(!strcmp(get("/", BUS_VF_IFACE, "Mtu"), unknown_object));
	CHECK(!strcmp(get(VF_PATH "/x", BUS_VF_IFACE, "Mtu"), unknown_object));
	CHECK(*get(VF_PATH, BUS_VF_IFACE, "Nothing"));
	CHECK(*get(VF_PATH, "no.such", "Mtu"));
	CHECK(*get(VF_PATH, BUS_MANAGER_IFACE, "Version"));
	CHECK(*call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", NULL, NULL));
	CHECK(*call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "ListVfs", "x", NULL));
	CHECK(*call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "Format", NULL, NULL));
	/* nothing can be written */
	answered = false;
	answer = sd_bus_message_unref(answer);
	CHECK(sd_bus_call_method_async(client, NULL, BUS_NAME, VF_PATH,
				       "org.freedesktop.DBus.Properties", "Set", on_answer, NULL,
				       "ssv", BUS_VF_IFACE, "Mtu", "u", 9000) >= 0);
	UNTIL(answered);
	CHECK(sd_bus_message_get_error(answer));
	/* a signal in the bus's name from somebody else */
	CHECK(sd_bus_message_new_signal(client, &message, "/org/freedesktop/DBus",
					"org.freedesktop.DBus", "NameLost") >= 0);
	CHECK(sd_bus_message_append(message, "s", BUS_NAME) >= 0);
	CHECK(sd_bus_message_set_destination(message, BUS_NAME) >= 0);
	CHECK(sd_bus_send(client, message, NULL) >= 0);
	sd_bus_message_unref(message);
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Mtu"));
	CHECK(bus->named);
	end();
}

/* Texts and paths longer than any name are refused before they are looked up anywhere. */
static void long_texts(void)
{
	static const char invalid[] = "org.freedesktop.DBus.Error.InvalidArgs";
	size_t len = 4 << 20;
	char *name = malloc(len + 1);

	ready();
	CHECK(name);
	memset(name, 'a', len);
	name[len] = '\0';
	CHECK(!strcmp(call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", name, NULL), invalid));
	CHECK(!strcmp(get(VF_PATH, name, "Mtu"), invalid));
	CHECK(!strcmp(get(VF_PATH, BUS_VF_IFACE, name), invalid));
	name[256] = '\0';
	CHECK(!strcmp(call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", name, NULL), invalid));
	name[255] = '\0';
	CHECK(!strcmp(call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", name, NULL),
		      "org.iavfd1.Error.NotFound"));
	for (size_t i = 0; i < 60000; i++)
		name[i] = i % 2 ? 'a' : '/';
	name[60000] = '\0';
	CHECK(!strcmp(get(name, BUS_VF_IFACE, "Mtu"), invalid));
	free(name);
	end();
}

/*
 * An error repeats what a client said, but no half of a character: a message with one is no
 * message, and not sent.
 */
static void whole_characters(void)
{
	char name[80];

	ready();
	for (size_t len = 50; len < 70; len++) {
		memset(name, 'a', len);
		strcpy(name + len, "\xc3\xa9\xe2\x82\xac");
		CHECK(!strcmp(call(BUS_NAME, BUS_ROOT, BUS_MANAGER_IFACE, "GetVf", name, NULL),
			      "org.iavfd1.Error.NotFound"));
	}
	end();
}

/* Everything that changes in one turn is one signal. */
static void coalesced(void)
{
	ready();
	add_vf("0000:3b:02.1");
	settle();
	forget();
	for (unsigned int i = 0; i < 50; i++) {
		vfs[0].view.generation++;
		vfs[0].view.mtu = 9000 + i;
		vfs[0].view.carrier ^= 1;
		vfs[0].view.sent++;
		bus_changed(vfs[0].object);
	}
	vfs[0].view.phase = "degraded";
	strcpy(vfs[0].view.reason, "PF says no");
	bus_changed(vfs[0].object);
	bus_changed(vfs[1].object);
	UNTIL(signals);
	settle();
	CHECK_EQ(signals, 1);
	CHECK(!strcmp(last_path, VF_PATH));
	CHECK(!strcmp(names, "Generation Phase Reason Mtu "));
	/* Nothing changed: nothing is said. */
	forget();
	bus_changed(vfs[0].object);
	vfs[0].view.sent++;
	bus_changed(vfs[0].object);
	settle();
	CHECK_EQ(signals, 0);
	end();
}

/* Each property that is announced at all is announced. */
static void every_property(void)
{
	ready();
	settle();
	forget();
	memset((char *)&vfs[0].view + offsetof(struct bus_vf, generation), 1,
	       offsetof(struct bus_vf, sent) - offsetof(struct bus_vf, generation));
	vfs[0].view.state = "dead";
	vfs[0].view.phase = "failed";
	memset(vfs[0].view.reason, 0, sizeof(vfs[0].view.reason));
	strcpy(vfs[0].view.reason, "x");
	memset(vfs[0].view.ifname, 0, sizeof(vfs[0].view.ifname));
	strcpy(vfs[0].view.ifname, "x");
	memset(vfs[0].view.mac, 0, sizeof(vfs[0].view.mac));
	strcpy(vfs[0].view.mac, "x");
	memset(vfs[0].view.last_error.text, 0, sizeof(vfs[0].view.last_error.text));
	bus_changed(vfs[0].object);
	UNTIL(signals);
	CHECK(!strcmp(names, "Generation State Phase Reason Ifname Ifindex Netns Mac Mtu MaxMtu Carrier "
			     "LinkMbps RxQueues TxQueues MaxQueues RxRing TxRing Vectors RxFlags Features "
			     "FeaturesGranted LastError ConfigValid ConfigReason Attempts NextAttempt "));
	forget();
	manager.attached = 0;
	manager.ready = 1;
	strcpy(manager.waiting, "x");
	num_vfs = 2;
	bus_manager_changed(bus);
	UNTIL(signals);
	num_vfs = 1;
	CHECK(!strcmp(names, "VfCount Attached Ready Waiting "));
	end();
}

static void come_and_go(void)
{
	ready();
	settle();
	forget();
	add_vf("0000:3b:02.1");
	UNTIL(added);
	CHECK(!strcmp(last_object, BUS_VFS "/0000_3b_02_1"));
	UNTIL(signals);
	CHECK(!strcmp(names, "VfCount "));
	remove_vf(1);
	UNTIL(removed);
	CHECK(!strcmp(last_object, BUS_VFS "/0000_3b_02_1"));
	settle();
	CHECK_EQ(added, 1);
	CHECK_EQ(removed, 1);
	CHECK(*get(BUS_VFS "/0000_3b_02_1", BUS_VF_IFACE, "Mtu"));
	/* In one turn: nobody has to know. */
	forget();
	add_vf("0000:3b:02.2");
	remove_vf(2);
	settle();
	CHECK_EQ(added + removed, 0);
	/* Replaced in one turn: gone first, then there. */
	remove_vf(0);
	add_vf("0000:3b:02.0");
	UNTIL(added && removed);
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "InstanceId"));
	CHECK_EQ(number_answer(), 4);
	end();
}

/* Interfaces that are there as long as the PF grants them */

static void grant(unsigned int i, bool vlan, bool rss)
{
	vfs[i].view.vlan = (struct bus_vlan) { .granted = vlan };
	vfs[i].view.rss = (struct bus_rss) { .granted = rss };
	if (vlan)
		vfs[i].view.vlan.stripped = vfs[i].view.vlan.inserted = "";
}

static const char *fields_answer(void)
{
	static char text[512];
	const char *word;

	text[0] = '\0';
	CHECK(sd_bus_message_enter_container(answer, 'v', "a{sas}") >= 0);
	CHECK(sd_bus_message_enter_container(answer, 'a', "{sas}") >= 0);
	while (sd_bus_message_enter_container(answer, 'e', "sas") > 0) {
		CHECK(sd_bus_message_read(answer, "s", &word) >= 0);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s:", word);
		CHECK(sd_bus_message_enter_container(answer, 'a', "s") >= 0);
		while (sd_bus_message_read(answer, "s", &word) > 0)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s", word);
		CHECK(sd_bus_message_exit_container(answer) >= 0);
		CHECK(sd_bus_message_exit_container(answer) >= 0);
		strcat(text, "; ");
	}
	return text;
}

static const char *word_of(const char *interface, const char *property)
{
	const char *text = NULL;

	CHECK(!*get(VF_PATH, interface, property));
	CHECK(sd_bus_message_read(answer, "v", "s", &text) >= 0);
	return text;
}

static bool is_introspected(const char *interface)
{
	CHECK(!*call(BUS_NAME, VF_PATH, "org.freedesktop.DBus.Introspectable", "Introspect", NULL,
		     NULL));
	return strstr(text_answer(), interface);
}

static void parts_absent(void)
{
	ready();
	CHECK(*get(VF_PATH, BUS_VLAN_IFACE, "Users"));
	CHECK(*get(VF_PATH, BUS_RSS_IFACE, "KeyLength"));
	CHECK(!is_introspected(BUS_VLAN_IFACE));
	CHECK(!is_introspected(BUS_RSS_IFACE));
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Mtu"));
	/* of each VF its own */
	add_vf("0000:3b:02.1");
	grant(1, true, false);
	CHECK(*get(VF_PATH, BUS_VLAN_IFACE, "Users"));
	CHECK(!*get(BUS_VFS "/0000_3b_02_1", BUS_VLAN_IFACE, "Users"));
	CHECK(*get(BUS_VFS "/0000_3b_02_1", BUS_RSS_IFACE, "KeyLength"));
	CHECK(*get(BUS_VFS "/0000_3b_02_2", BUS_VLAN_IFACE, "Users"));
	end();
}

static void parts_read(void)
{
	int users = 0;

	ready();
	grant(0, true, true);
	vfs[0].view.vlan.filtered = 3;
	vfs[0].view.vlan.budget = 8;
	vfs[0].view.vlan.users = 4;
	vfs[0].view.vlan.wanted = 5;
	vfs[0].view.vlan.acknowledged = 3;
	vfs[0].view.vlan.refused = 2;
	vfs[0].view.vlan.stripped = "802.1ad";
	CHECK(!*get(VF_PATH, BUS_VLAN_IFACE, "Filtered"));
	CHECK(sd_bus_message_enter_container(answer, 'v', "as") >= 0);
	CHECK(sd_bus_message_enter_container(answer, 'a', "s") >= 0);
	CHECK(!strcmp(text_answer(), "802.1Q") && !strcmp(text_answer(), "802.1ad"));
	CHECK(!*get(VF_PATH, BUS_VLAN_IFACE, "Budget") && number_answer() == 8);
	CHECK(!*get(VF_PATH, BUS_VLAN_IFACE, "Users") && number_answer() == 4);
	CHECK(!*get(VF_PATH, BUS_VLAN_IFACE, "Wanted") && number_answer() == 5);
	CHECK(!*get(VF_PATH, BUS_VLAN_IFACE, "Acknowledged") && number_answer() == 3);
	CHECK(!*get(VF_PATH, BUS_VLAN_IFACE, "Refused") && number_answer() == 2);
	CHECK(!strcmp(word_of(BUS_VLAN_IFACE, "Stripped"), "802.1ad"));
	CHECK(!strcmp(word_of(BUS_VLAN_IFACE, "Inserted"), ""));
	CHECK(!strcmp(word_of(BUS_RSS_IFACE, "HashFunction"), "toeplitz"));
	vfs[0].view.rss.hash_function = IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC;
	vfs[0].view.rss.key_length = 52;
	vfs[0].view.rss.table_length = 64;
	vfs[0].view.rss.table_configured = 1;
	vfs[0].view.rss.fields[0] = 5;
	vfs[0].view.rss.fields[5] = 15;
	CHECK(!strcmp(word_of(BUS_RSS_IFACE, "HashFunction"), "toeplitz-symmetric"));
	CHECK(!*get(VF_PATH, BUS_RSS_IFACE, "KeyLength") && number_answer() == 52);
	CHECK(!*get(VF_PATH, BUS_RSS_IFACE, "TableLength") && number_answer() == 64);
	CHECK(!*get(VF_PATH, BUS_RSS_IFACE, "TableConfigured"));
	CHECK(sd_bus_message_read(answer, "v", "b", &users) >= 0 && users);
	CHECK(!*get(VF_PATH, BUS_RSS_IFACE, "Fields"));
	CHECK(!strcmp(fields_answer(), "tcp4: src-ip src-port; udp4:; sctp4:; tcp6:; udp6:; "
				       "sctp6: src-ip dst-ip src-port dst-port; "));
	end();
}

static void parts_come_and_go(void)
{
	ready();
	settle();
	forget();
	vfs[0].view.features_granted = 1;
	grant(0, true, false);
	bus_changed(vfs[0].object);
	UNTIL(added && signals);
	CHECK(!strcmp(last_object, VF_PATH));
	CHECK(!strcmp(interfaces, "+" BUS_VLAN_IFACE " "));
	CHECK(!strcmp(names, "FeaturesGranted "));
	forget();
	grant(0, false, true);
	bus_changed(vfs[0].object);
	UNTIL(added && removed);
	CHECK(!strcmp(interfaces, "-" BUS_VLAN_IFACE " +" BUS_RSS_IFACE " "));
	CHECK(*get(VF_PATH, BUS_VLAN_IFACE, "Users"));
	CHECK(!*get(VF_PATH, BUS_RSS_IFACE, "KeyLength"));
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Mtu"));
	/* Both are one message; one that comes and goes in one turn is none. */
	forget();
	grant(0, false, false);
	bus_changed(vfs[0].object);
	UNTIL(removed);
	forget();
	grant(0, true, true);
	bus_changed(vfs[0].object);
	UNTIL(added);
	settle();
	CHECK_EQ(added, 1);
	CHECK(!strcmp(interfaces, "+" BUS_VLAN_IFACE " +" BUS_RSS_IFACE " "));
	forget();
	grant(0, false, true);
	bus_changed(vfs[0].object);
	grant(0, true, true);
	bus_changed(vfs[0].object);
	settle();
	CHECK_EQ(added + removed + signals, 0);
	end();
}

/* With the VF come those that it has; what clients know of goes, whatever it has by then. */
static void parts_of_a_vf(void)
{
	ready();
	settle();
	forget();
	add_vf("0000:3b:02.1");
	grant(1, false, true);
	UNTIL(added);
	CHECK(!strcmp(interfaces, "+" BUS_VF_IFACE " +" BUS_RSS_IFACE " ") ||
	      !strcmp(interfaces, "+" BUS_RSS_IFACE " +" BUS_VF_IFACE " "));
	settle();
	forget();
	grant(1, true, false);
	bus_changed(vfs[1].object);
	remove_vf(1);
	UNTIL(removed);
	settle();
	CHECK_EQ(added, 0);
	CHECK(strstr(interfaces, "-" BUS_VF_IFACE " "));
	CHECK(strstr(interfaces, "-" BUS_RSS_IFACE " "));
	CHECK(!strstr(interfaces, BUS_VLAN_IFACE));
	/* A bus that comes anew finds what is there then. */
	stop_client();
	stop_broker();
	UNTIL(!bus->named);
	grant(0, true, true);
	bus_changed(vfs[0].object);
	settle();
	start_broker();
	UNTIL(bus->named);
	start_client();
	vfs[0].view.vlan.users++;
	bus_changed(vfs[0].object);
	UNTIL(signals);
	CHECK(!strcmp(names, "Users "));
	CHECK_EQ(added, 0);
	end();
}

/* All that changes of an interface in one turn is one signal, and each of its properties is in it. */
static void parts_coalesced(void)
{
	ready();
	grant(0, true, true);
	bus_changed(vfs[0].object);
	settle();
	forget();
	for (unsigned int i = 1; i <= 50; i++) {
		struct bus_vlan *vlan = &vfs[0].view.vlan;

		vlan->filtered = 1;
		vlan->budget = vlan->users = vlan->wanted = vlan->acknowledged = vlan->refused = i;
		vlan->stripped = vlan->inserted = "802.1Q";
		bus_changed(vfs[0].object);
	}
	UNTIL(signals);
	settle();
	CHECK_EQ(signals, 1);
	CHECK(!strcmp(news_of, BUS_VLAN_IFACE " "));
	CHECK(!strcmp(names, "Filtered Budget Users Wanted Acknowledged Refused Stripped Inserted "));
	forget();
	vfs[0].view.rss = (struct bus_rss) {
		.granted = 1, .table_configured = 1, .key_length = 1, .table_length = 1,
		.hash_function = 1, .fields = { 1 },
	};
	vfs[0].view.mtu++;
	bus_changed(vfs[0].object);
	UNTIL(signals > 1);
	settle();
	CHECK_EQ(signals, 2);
	CHECK(!strcmp(news_of, BUS_VF_IFACE " " BUS_RSS_IFACE " "));
	CHECK(!strcmp(names, "Mtu HashFunction KeyLength TableLength TableConfigured Fields "));
	CHECK_EQ(added + removed, 0);
	end();
}

static void bus_comes_later(void)
{
	fresh();
	begin();
	add_vf("0000:3b:02.0");
	settle();
	CHECK(!bus->named);
	CHECK(!*said);
	start_broker();
	UNTIL(bus->named);
	start_client();
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Mtu"));
	end();
}

static void bus_restarts(void)
{
	ready();
	for (unsigned int i = 0; i < 3; i++) {
		stop_client();
		stop_broker();
		UNTIL(!bus->named);
		/* Life goes on meanwhile. */
		vfs[0].view.generation++;
		bus_changed(vfs[0].object);
		add_vf("0000:3b:02.5");
		remove_vf(num_vfs - 1);
		settle();
		start_broker();
		UNTIL(bus->named);
		start_client();
		CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Generation"));
		CHECK_EQ(number_answer(), 2 + i);
		forget();
		vfs[0].view.mtu++;
		bus_changed(vfs[0].object);
		UNTIL(signals);
		CHECK(!strcmp(names, "Mtu "));
	}
	CHECK(strstr(said, "the bus is gone"));
	end();
}

static void name_is_taken(void)
{
	fresh();
	start_broker();
	start_client();
	CHECK(sd_bus_request_name(client, BUS_NAME, 0) >= 0);
	begin();
	add_vf("0000:3b:02.0");
	UNTIL(strstr(said, "somebody else has the name"));
	settle();
	CHECK(!bus->named);
	vfs[0].view.generation++;
	bus_changed(vfs[0].object);
	settle();
	CHECK_EQ(signals, 0);
	/* It leaves; nobody asks again, the bus says so. */
	CHECK(sd_bus_release_name(client, BUS_NAME) >= 0);
	UNTIL(bus->named);
	/* Given up for another daemon's sake, and taken again. */
	bus_want_name(bus, false);
	CHECK(!bus->named);
	settle();
	CHECK(sd_bus_request_name(client, BUS_NAME, 0) >= 0);
	CHECK(sd_bus_release_name(client, BUS_NAME) >= 0);
	bus_want_name(bus, true);
	UNTIL(bus->named);
	/* Nobody can push us off it. */
	CHECK_EQ(sd_bus_request_name(client, BUS_NAME, SD_BUS_NAME_REPLACE_EXISTING), -EEXIST);
	end();
}

static int on_wake(sd_event_source *source, void *data)
{
	return 0;
}

/* The bus learns later who may have the name. */
static void name_is_refused(void)
{
	fresh();
	CHECK(broker_config(dir, address, ""));
	start_broker();
	begin();
	add_vf("0000:3b:02.0");
	UNTIL(strstr(said, "the name org.iavfd1 is refused: "));
	CHECK(!bus->named);
	CHECK(broker_config(dir, address, BROKER_OWN));
	kill(broker, SIGHUP);
	UNTIL(bus->named);
	end();
}

/* A bus that takes nothing costs some messages, and afterwards clients know what is. */
static void bus_stops_reading(void)
{
	sd_event_source *wake = NULL;
	uint64_t queued, most = 0;

	ready();
	CHECK(sd_event_add_defer(event, &wake, on_wake, NULL) >= 0);
	for (unsigned int i = 1; i < 40; i++) {
		char pci[32];

		snprintf(pci, sizeof(pci), "0000:3c:%02x.0", i);
		add_vf(pci);
	}
	settle();
	forget();
	kill(broker, SIGSTOP);
	for (unsigned int round = 0; round < 3000; round++) {
		for (unsigned int i = 0; i < num_vfs; i++) {
			vfs[i].view.generation++;
			grant(i, round % 7, round % 5);
			vfs[i].view.vlan.users = round;
			bus_changed(vfs[i].object);
		}
		if (round % 100 == 50) {
			remove_vf(num_vfs - 1);
			num_vfs--;
			add_vf("0000:3c:27.0");
		}
		/* Any event makes a turn. */
		sd_event_source_set_enabled(wake, SD_EVENT_ONESHOT);
		for (unsigned int i = 0; i < 4; i++)
			CHECK(sd_event_run(event, 0) >= 0);
		CHECK(sd_bus_get_n_queued_write(bus->link, &queued) >= 0);
		most = queued > most ? queued : most;
	}
	sd_event_source_disable_unref(wake);
	CHECK(most > BUS_QUEUE_SOFT / 2);
	CHECK(most <= BUS_QUEUE_SOFT);
	{
		unsigned int objects = 0;

		for (struct bus_object *object = bus->objects; object; object = object->next)
			objects++;
		CHECK(objects <= 2 * num_vfs);
	}
	kill(broker, SIGCONT);
	UNTIL(!bus->dirty);
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Generation"));
	CHECK_EQ(number_answer(), 3001);
	end();
}

#define CALL_SIZE	160	/* about, as the broker passes it on */

/* Thousands of calls whose answers nobody takes. */
static void client_stops_reading(void)
{
	sd_bus_message *message = NULL;
	uint64_t queued, most = 0, sent = 0;
	int small = 4096, unread = 0;

	ready();
	for (unsigned int i = 1; i < 60; i++) {
		char pci[32];

		snprintf(pci, sizeof(pci), "0000:3c:%02x.0", i);
		add_vf(pci);
	}
	settle();
	/* The broker hands our calls over, then stands still: the answers cannot leave. */
	CHECK(!setsockopt(sd_bus_get_fd(bus->link), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)));
	for (unsigned int i = 0; i < 600; i++) {
		CHECK(sd_bus_message_new_method_call(client, &message, BUS_NAME, BUS_ROOT,
						     "org.freedesktop.DBus.ObjectManager",
						     "GetManagedObjects") >= 0);
		CHECK(sd_bus_send(client, message, &sent) >= 0);
		message = sd_bus_message_unref(message);
	}
	CHECK(sd_bus_flush(client) >= 0);
	for (unsigned int ms = 0; unread < 2 * BUS_QUEUE_SOFT * CALL_SIZE && ms < 10000; ms++) {
		CHECK(!ioctl(sd_bus_get_fd(bus->link), FIONREAD, &unread));
		usleep(1000);
	}
	CHECK(unread >= 2 * BUS_QUEUE_SOFT * CALL_SIZE);
	kill(broker, SIGSTOP);
	for (unsigned int i = 0; i < 4000; i++) {
		CHECK(sd_event_run(event, 0) >= 0);
		CHECK(sd_bus_get_n_queued_write(bus->link, &queued) >= 0);
		most = queued > most ? queued : most;
	}
	CHECK(most >= BUS_QUEUE_SOFT);
	CHECK(most <= BUS_QUEUE_HARD);
	kill(broker, SIGCONT);
	stop_client();
	/* as soon as the broker, on a busy host, has taken what waits: before, calls are not even answered */
	UNTIL(bus_has_room(bus, 1));
	settle();
	start_client();
	UNTIL(!*get(VF_PATH, BUS_VF_IFACE, "Mtu"));
	end();
}

/* Who may: a polkit of our own, and a client that is not root. */

static enum { ALLOWS, DENIES, CHALLENGES, IS_SILENT, FAILS, BABBLES } mood;
static char asked_action[64], asked_sender[64], asked_id[64], cancelled[64];
static uint32_t asked_flags;
static unsigned int asked;

static void take_question(sd_bus_message *call)
{
	const char *kind, *key, *sender, *action, *id;

	CHECK(sd_bus_message_enter_container(call, 'r', "sa{sv}") >= 0);
	CHECK(sd_bus_message_read(call, "sa{sv}", &kind, 1, &key, "s", &sender) >= 0);
	CHECK(sd_bus_message_exit_container(call) >= 0);
	CHECK(!strcmp(kind, "system-bus-name") && !strcmp(key, "name"));
	CHECK(sd_bus_message_read(call, "s", &action) >= 0);
	CHECK(sd_bus_message_skip(call, "a{ss}") >= 0);
	CHECK(sd_bus_message_read(call, "us", &asked_flags, &id) >= 0);
	snprintf(asked_action, sizeof(asked_action), "%s", action);
	snprintf(asked_sender, sizeof(asked_sender), "%s", sender);
	snprintf(asked_id, sizeof(asked_id), "%s", id);
	asked++;
}

static int on_question(sd_bus_message *call, void *data, sd_bus_error *error)
{
	const char *id;

	if (sd_bus_message_is_method_call(call, "org.freedesktop.PolicyKit1.Authority",
					  "CancelCheckAuthorization")) {
		CHECK(sd_bus_message_read(call, "s", &id) >= 0);
		snprintf(cancelled, sizeof(cancelled), "%s", id);
		return 1;
	}
	if (!sd_bus_message_is_method_call(call, NULL, "CheckAuthorization"))
		return 0;
	take_question(call);
	switch (mood) {
	case ALLOWS:
	case DENIES:
	case CHALLENGES:
		return sd_bus_reply_method_return(call, "(bba{ss})", mood == ALLOWS,
						  mood == CHALLENGES, 0);
	case FAILS:
		return sd_bus_error_set(error, "org.freedesktop.PolicyKit1.Error.Failed", "oh");
	case BABBLES:
		return sd_bus_reply_method_return(call, "s", "yes");
	case IS_SILENT:
		break;
	}
	return 1;
}

static void open_link(sd_bus **link)
{
	CHECK(sd_bus_new(link) >= 0);
	CHECK(sd_bus_set_address(*link, address) >= 0);
	CHECK(sd_bus_set_bus_client(*link, true) >= 0);
	CHECK(sd_bus_start(*link) >= 0);
}

static void start_authority(void)
{
	open_link(&authority);
	CHECK(sd_bus_add_filter(authority, NULL, on_question, NULL) >= 0);
	CHECK(sd_bus_request_name(authority, "org.freedesktop.PolicyKit1", 0) >= 0);
}

/* The bus asks the socket who connected. */
static void start_nobody(void)
{
	const char *name;

	stop_client();
	CHECK(!chmod(dir, 0755));
	CHECK(geteuid() || !seteuid(65534));
	open_link(&client);
	CHECK(sd_bus_get_unique_name(client, &name) >= 0);
	CHECK(getuid() || !seteuid(0));
	/* The leak checker looks at us as a debugger does. */
	prctl(PR_SET_DUMPABLE, 1);
}

static void judged(void)
{
	ready();
	start_nobody();
	asked = resets = 0;
	reset_result = 0;
	cancelled[0] = '\0';
	mood = ALLOWS;
}

static void start_reset(bool interactive)
{
	sd_bus_message *message = NULL;

	answer = sd_bus_message_unref(answer);
	answered = false;
	CHECK(sd_bus_message_new_method_call(client, &message, BUS_NAME, VF_PATH, BUS_VF_IFACE,
					     "Reset") >= 0);
	CHECK(sd_bus_message_append(message, "a{sv}", 0) >= 0);
	CHECK(sd_bus_message_set_allow_interactive_authorization(message, interactive) >= 0);
	CHECK(sd_bus_call_async(client, NULL, message, on_answer, NULL, 0) >= 0);
	sd_bus_message_unref(message);
}

/* Its error, "" for none. */
static const char *reset_it(bool interactive)
{
	const sd_bus_error *error;

	start_reset(interactive);
	UNTIL(answered);
	error = sd_bus_message_get_error(answer);
	return error ? error->name : "";
}

static const char denied[] = "org.freedesktop.DBus.Error.AccessDenied";

static void polkit_allows(void)
{
	const char *name = NULL;
	uint32_t generation = 0;

	judged();
	start_authority();
	vfs[0].view.generation = 7;
	CHECK(!*reset_it(false));
	CHECK(sd_bus_message_read(answer, "u", &generation) >= 0);
	CHECK_EQ(generation, 7);
	CHECK_EQ(resets, 1);
	CHECK_EQ(asked, 1);
	CHECK(!strcmp(asked_action, "org.iavfd1.reset"));
	CHECK(sd_bus_get_unique_name(client, &name) >= 0 && !strcmp(asked_sender, name));
	CHECK_EQ(asked_flags, 0);
	CHECK(!bus->checks);
	CHECK(!*reset_it(true));
	CHECK_EQ(asked_flags, 1);
	/* The kernel says no. */
	reset_result = -EBUSY;
	CHECK(!strcmp(reset_it(false), "org.iavfd1.Error.ResetInProgress"));
	CHECK(!strcmp(sd_bus_message_get_error(answer)->message, "not now"));
	end();
}

static void polkit_refuses(void)
{
	judged();
	start_authority();
	mood = DENIES;
	CHECK(!strcmp(reset_it(false), denied));
	mood = CHALLENGES;
	CHECK(!strcmp(reset_it(false),
		      "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"));
	CHECK(!strcmp(reset_it(true), denied));
	mood = FAILS;
	CHECK(!strcmp(reset_it(false), denied));
	mood = BABBLES;
	CHECK(!strcmp(reset_it(false), denied));
	CHECK_EQ(resets, 0);
	CHECK(!bus->checks);
	CHECK(strstr(said, "reset of " VF_PATH " by user"));
	end();
}

static void polkit_is_absent(void)
{
	judged();
	CHECK(!strcmp(reset_it(true), denied));
	CHECK(strstr(sd_bus_message_get_error(answer)->message, "only root"));
	CHECK_EQ(resets, 0);
	end();
}

/* Root may whatever polkit is like, and is not held up by it. */
static void root_may(void)
{
	judged();
	start_authority();
	mood = IS_SILENT;
	stop_client();
	start_client();
	if (!getuid()) {
		CHECK(!*reset_it(false));
		CHECK_EQ(resets, 1);
		CHECK_EQ(asked, 0);
	}
	end();
}

/* A polkit that says nothing costs the caller a while, and nobody else anything. */
static void polkit_is_silent(void)
{
	judged();
	start_authority();
	mood = IS_SILENT;
	bus->check_us = 100000;
	start_reset(false);
	UNTIL(asked);
	CHECK(bus->checks);
	vfs[0].view.mtu = 1234;
	UNTIL(answered);
	CHECK(!strcmp(sd_bus_message_get_error(answer)->name, denied));
	CHECK(strstr(sd_bus_message_get_error(answer)->message, "in time"));
	UNTIL(!strcmp(cancelled, asked_id));
	CHECK(!bus->checks);
	CHECK_EQ(resets, 0);
	CHECK(!*get(VF_PATH, BUS_VF_IFACE, "Mtu"));
	CHECK_EQ(number_answer(), 1234);
	end();
}

static void caller_leaves(void)
{
	judged();
	start_authority();
	mood = IS_SILENT;
	start_reset(true);
	UNTIL(asked);
	stop_client();
	UNTIL(!bus->checks);
	UNTIL(!strcmp(cancelled, asked_id));
	CHECK_EQ(resets, 0);
	end();
}

/* Between question and verdict the VF may go, the bus may go. */
static void what_goes_meanwhile(void)
{
	judged();
	start_authority();
	bus->config.reset = reset_vf;
	remove_vf(0);
	UNTIL(!bus->dirty);
	CHECK(*reset_it(false));
	add_vf("0000:3b:02.0");
	settle();
	mood = IS_SILENT;
	start_reset(true);
	UNTIL(asked);
	stop_broker();
	UNTIL(!bus->checks);
	CHECK_EQ(resets, 0);
	end();
	/* and at the end of all */
	judged();
	start_authority();
	mood = IS_SILENT;
	start_reset(true);
	UNTIL(asked);
	end();
}

static unsigned int refused_calls, limited_calls;

static int on_limited(sd_bus_message *reply, void *data, sd_bus_error *unused)
{
	const sd_bus_error *error = sd_bus_message_get_error(reply);

	refused_calls += error != NULL;
	limited_calls += error && !strcmp(error->name, SD_BUS_ERROR_LIMITS_EXCEEDED);
	return 0;
}

/* A user who asks and asks takes neither the places of others nor root's. */
static void many_calls(void)
{
	judged();
	start_authority();
	mood = IS_SILENT;
	refused_calls = limited_calls = 0;
	for (unsigned int i = 0; i < 4 * BUS_CHECKS_MAX; i++) {
		CHECK(sd_bus_call_method_async(client, NULL, BUS_NAME, VF_PATH, BUS_VF_IFACE, "Reset",
					       on_limited, NULL, "a{sv}", 0) >= 0);
		turn();
	}
	UNTIL(limited_calls >= 4 * BUS_CHECKS_MAX - BUS_CHECKS_MAX_UID);
	CHECK_EQ(asked, BUS_CHECKS_MAX_UID);
	stop_client();
	UNTIL(!bus->checks);
	start_client();
	if (!getuid())
		CHECK(!*reset_it(false));
	end();
}

static void unknown_option(void)
{
	judged();
	start_authority();
	answered = false;
	answer = sd_bus_message_unref(answer);
	CHECK(sd_bus_call_method_async(client, NULL, BUS_NAME, VF_PATH, BUS_VF_IFACE, "Reset",
				       on_answer, NULL, "a{sv}", 1, "hard", "b", 1) >= 0);
	UNTIL(answered);
	CHECK(!strcmp(sd_bus_message_get_error(answer)->name,
		      "org.freedesktop.DBus.Error.InvalidArgs"));
	CHECK_EQ(asked, 0);
	end();
}

/* The text of one interface, without comments and the space between tags. */
static void interface_text(const char *xml, const char *name, char *out, size_t size)
{
	static const char empty[] = "</property>";
	char head[64];
	const char *at, *stop;
	size_t n = 0;

	snprintf(head, sizeof(head), "<interface name=\"%s\">", name);
	at = strstr(xml, head);
	CHECK(at);
	stop = strstr(at, "</interface>");
	CHECK(stop);
	while (at < stop) {
		bool comment = !strncmp(at, "<!--", 4), tag_ends = *at == '>';

		if (comment) {
			at = strstr(at, "-->") + 3;
		} else if (tag_ends && !strncmp(at + 1 + strspn(at + 1, " \n"), empty, strlen(empty))) {
			n += snprintf(out + n, size - n, "/>");
			at = strstr(at, empty) + strlen(empty);
		} else {
			out[n++] = *at++;
		}
		CHECK(n + 3 < size);
		if (comment || tag_ends)
			at += strspn(at, " \t\n");
	}
	out[n] = '\0';
}

static void introspection(void)
{
	static char spec[16384], theirs[16384], ours[16384];
	static const struct { const char *path, *interface; } both[] = {
		{ BUS_ROOT, BUS_MANAGER_IFACE }, { VF_PATH, BUS_VF_IFACE },
		{ VF_PATH, BUS_VLAN_IFACE }, { VF_PATH, BUS_RSS_IFACE },
		{ BUS_LOG, BUS_LOG_IFACE },
	};
	FILE *file = fopen("docs/spec/org.iavfd1.xml", "re");
	size_t got;

	CHECK(file);
	got = fread(spec, 1, sizeof(spec) - 1, file);
	fclose(file);
	CHECK(got && got < sizeof(spec) - 1);
	spec[got] = '\0';
	ready();
	grant(0, true, true);
	for (unsigned int i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
		CHECK(!*call(BUS_NAME, both[i].path, "org.freedesktop.DBus.Introspectable",
			     "Introspect", NULL, NULL));
		interface_text(spec, both[i].interface, ours, sizeof(ours));
		interface_text(text_answer(), both[i].interface, theirs, sizeof(theirs));
		if (strcmp(ours, theirs))
			printf("# spec: %s\n# bus: %s\n", ours, theirs);
		CHECK(!strcmp(ours, theirs));
	}
	/* The tree is walked from the root. */
	CHECK(!*call(BUS_NAME, BUS_VFS, "org.freedesktop.DBus.Introspectable", "Introspect", NULL,
		     NULL));
	CHECK(strstr(text_answer(), "<node name=\"0000_3b_02_0\"/>"));
	end();
}

static void clean_up(void)
{
	char command[64];

	end();
	answer = sd_bus_message_unref(answer);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK(!have_dir || !system(command));
}

static const struct test_case cases[] = {
	{ "reads", reads },
	{ "methods", methods },
	{ "garbage", garbage },
	{ "long_texts", long_texts },
	{ "whole_characters", whole_characters },
	{ "coalesced", coalesced },
	{ "every_property", every_property },
	{ "come_and_go", come_and_go },
	{ "parts_absent", parts_absent },
	{ "parts_read", parts_read },
	{ "parts_come_and_go", parts_come_and_go },
	{ "parts_of_a_vf", parts_of_a_vf },
	{ "parts_coalesced", parts_coalesced },
	{ "bus_comes_later", bus_comes_later },
	{ "bus_restarts", bus_restarts },
	{ "name_is_taken", name_is_taken },
	{ "name_is_refused", name_is_refused },
	{ "bus_stops_reading", bus_stops_reading },
	{ "client_stops_reading", client_stops_reading },
	{ "polkit_allows", polkit_allows },
	{ "polkit_refuses", polkit_refuses },
	{ "polkit_is_absent", polkit_is_absent },
	{ "root_may", root_may },
	{ "polkit_is_silent", polkit_is_silent },
	{ "caller_leaves", caller_leaves },
	{ "what_goes_meanwhile", what_goes_meanwhile },
	{ "many_calls", many_calls },
	{ "unknown_option", unknown_option },
	{ "introspection", introspection },
	{ "clean_up", clean_up },
};

TEST_MAIN(cases)

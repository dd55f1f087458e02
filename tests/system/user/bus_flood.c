// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strangers on the system bus: bus_flood KIND COUNT [DESTINATION]. calls: so many at once as the bus takes; unread: calls whose answers are not
 * read; signals: to the daemon, in the bus's words; huge: arguments of a megabyte; wrong: signatures, objects and members that are not there, a path as long as one may be; connections: so many that
 * come, ask and go. Says how many were answered, and how. Run as nobody. DESTINATION org.freedesktop.DBus: the same for the
 * bus itself, which costs the machine as much and the daemon nothing.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-bus.h>

#define NAME	"org.iavfd1"
#define ROOT	"/org/iavfd1"
#define MANAGER	NAME ".Manager"
#define WINDOW	100	/* calls without an answer; the bus refuses more than 128 of one connection by itself */

static const char *destination = NAME;
static unsigned long answered, refused, under_way;
static char last_error[256];

static int on_answer(sd_bus_message *reply, void *data, sd_bus_error *error)
{
	const sd_bus_error *e = sd_bus_message_get_error(reply);

	under_way--;
	if (!e) {
		answered++;
		return 1;
	}
	refused++;
	snprintf(last_error, sizeof(last_error), "%s: %.100s", e->name, e->message ?: "");
	return 1;
}

/* Until no more than so many are under way. */
static void turn(sd_bus *bus, unsigned long most)
{
	do {
		int err = sd_bus_process(bus, NULL);

		if (err < 0) {
			fprintf(stderr, "bus_flood: %s\n", strerror(-err));
			exit(1);
		}
		if (!err && under_way > most)
			sd_bus_wait(bus, UINT64_MAX);
	} while (under_way > most);
}

static void call(sd_bus *bus, const char *path, const char *interface, const char *member, const char *types, ...)
{
	sd_bus_message *m = NULL;
	va_list args;
	int err;

	err = sd_bus_message_new_method_call(bus, &m, destination, path, interface, member);
	va_start(args, types);
	if (err >= 0 && types)
		err = sd_bus_message_appendv(m, types, args);
	va_end(args);
	if (err >= 0)
		err = sd_bus_call_async(bus, NULL, m, on_answer, NULL, UINT64_MAX);
	sd_bus_message_unref(m);
	if (err < 0) {
		fprintf(stderr, "bus_flood: %s: %s\n", member, strerror(-err));
		exit(1);
	}
	under_way++;
}

static void calls(sd_bus *bus, unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		switch (i % 4) {
		case 0:
			call(bus, ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL);
			break;
		case 1:
			call(bus, ROOT, MANAGER, "GetVf", "s", "nothing");
			break;
		case 2:
			call(bus, ROOT, "org.freedesktop.DBus.Introspectable", "Introspect", NULL);
			break;
		default:
			call(bus, ROOT, "org.freedesktop.DBus.Properties", "Get", "ss", MANAGER, "VfCount");
		}
		turn(bus, WINDOW);
	}
	turn(bus, 0);
}

/* Answers pile up at the bus, which is who has to bear with it. */
static void unread(sd_bus *bus, unsigned long count)
{
	for (unsigned long i = 0; i < count; i++)
		call(bus, ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL);
	while (sd_bus_flush(bus) < 0)
		;
}

/* Said to the daemon by a stranger: that it lost its name, that VFs changed. */
static void say_signals(sd_bus *bus, unsigned long count)
{
	static const char *const members[][3] = {
		{ "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameLost" },
		{ ROOT, "org.freedesktop.DBus.Nonsense", "Disconnected" },
		{ "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameAcquired" },
		{ ROOT, "org.freedesktop.DBus.Properties", "PropertiesChanged" },
	};

	for (unsigned long i = 0; i < count; i++) {
		sd_bus_message *m = NULL;
		int err = sd_bus_message_new_signal(bus, &m, members[i % 4][0], members[i % 4][1], members[i % 4][2]);

		if (err >= 0)
			err = sd_bus_message_append(m, "s", NAME);
		if (err >= 0)
			err = sd_bus_message_set_destination(m, destination);
		if (err >= 0)
			err = sd_bus_send(bus, m, NULL);
		sd_bus_message_unref(m);
		if (err < 0 || sd_bus_flush(bus) < 0) {
			fprintf(stderr, "bus_flood: signal: %s\n", strerror(-err));
			exit(1);
		}
	}
	/* behind all of them */
	call(bus, ROOT, MANAGER, "ListVfs", NULL);
	turn(bus, 0);
}

static void huge(sd_bus *bus, unsigned long count)
{
	size_t size = 1 << 20;
	char *text = malloc(size + 1);

	if (!text)
		exit(1);
	memset(text, 'x', size);
	text[size] = '\0';
	for (unsigned long i = 0; i < count; i++) {
		call(bus, ROOT, MANAGER, "GetVf", "s", text);
		call(bus, ROOT, "org.freedesktop.DBus.Properties", "Get", "ss", text, "VfCount");
		turn(bus, 2);
	}
	turn(bus, 0);
	free(text);
}

static void wrong(sd_bus *bus, unsigned long count)
{
	static const char vf[] = ROOT "/vf/0000_00_08_0", properties[] = "org.freedesktop.DBus.Properties";
	static char long_path[60001];
	char path[64];

	for (size_t i = 0; i < sizeof(long_path) - 1; i++)
		long_path[i] = i % 2 ? 'a' : '/';
	for (unsigned long i = 0; i < count; i++) {
		call(bus, long_path, properties, "GetAll", "s", NAME ".VF");
		snprintf(path, sizeof(path), ROOT "/vf/%lu", i);
		call(bus, ROOT, MANAGER, "GetVf", NULL);
		call(bus, ROOT, MANAGER, "GetVf", "ss", "a", "b");
		call(bus, ROOT, MANAGER, "GetVf", "a{sv}", 1, "a", "v", "v", "v", "v", "u", 7);
		call(bus, ROOT, MANAGER, "ListVfs", "as", 3, "a", "b", "c");
		call(bus, path, properties, "GetAll", "s", NAME ".VF");
		call(bus, vf, properties, "Get", "ss", NAME ".VF", "Nothing");
		call(bus, vf, properties, "Get", "uu", 1, 2);
		call(bus, vf, properties, "Set", "ssv", NAME ".VF", "Mtu", "u", 9000);
		call(bus, ROOT, NAME ".Debug", "Reset", NULL);
		call(bus, "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL);
		turn(bus, WINDOW);
	}
	turn(bus, 0);
}

static void connections(unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		sd_bus *bus = NULL;
		int err = sd_bus_open_system(&bus);

		if (err >= 0) {
			call(bus, ROOT, MANAGER, "ListVfs", NULL);
			/* each other one leaves without hearing the answer */
			if (i % 2)
				turn(bus, 0);
			else
				sd_bus_flush(bus);
			under_way = 0;
		} else {
			refused++;
		}
		sd_bus_close_unref(bus);
	}
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
	const char *kind = argc > 1 ? argv[1] : "calls";
	sd_bus *bus = NULL;

	if (argc > 3)
		destination = argv[3];
	if (!strcmp(kind, "connections")) {
		connections(count);
	} else if (sd_bus_open_system(&bus) < 0) {
		perror("bus_flood");
		return 1;
	} else if (!strcmp(kind, "calls")) {
		calls(bus, count);
	} else if (!strcmp(kind, "unread")) {
		unread(bus, count);
	} else if (!strcmp(kind, "signals")) {
		say_signals(bus, count);
	} else if (!strcmp(kind, "huge")) {
		huge(bus, count);
	} else if (!strcmp(kind, "wrong")) {
		wrong(bus, count);
	} else {
		return 2;
	}
	printf("%s: %lu answered, %lu refused, last: %s\n", kind, answered, refused, last_error);
	sd_bus_close_unref(bus);
	return 0;
}

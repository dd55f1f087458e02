// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "journal.h"

/* They never change; docs/man/iavfd.8 lists them. */
static const struct {
	const char *word, *id;
} events[] = {
	[LOG_EVENT_ATTACHED] = { "attached", "fd572a3672124b42afba5fffe2036e0a" },
	[LOG_EVENT_WAITING] = { "waiting", "c2d13b54cf564a27b62f5ef1d20c331e" },
	[LOG_EVENT_TAKEN_OVER] = { "taken-over", "4a474c83d0d04b3d9b8c055c569c45a0" },
	[LOG_EVENT_VF_READY] = { "vf-ready", "869a6ea2f4a24ef4994c948f8aca4a11" },
	[LOG_EVENT_VF_RESET] = { "vf-reset", "aa1fe8de35bf447d96e242e2212a9c3d" },
	[LOG_EVENT_VF_DEGRADED] = { "vf-degraded", "9495cb3dee84482fb7e3fc7596fa9fc5" },
	[LOG_EVENT_VF_RECOVERED] = { "vf-recovered", "09fa06ab95e7420f889c1fce57498a91" },
	[LOG_EVENT_VF_FAILED] = { "vf-failed", "411dfece98f2427ba8053078a98b5a24" },
	[LOG_EVENT_VF_GONE] = { "vf-gone", "79772927d3f1450f8f3ba3e20d63a5d9" },
	[LOG_EVENT_ALLOWED] = { "allowed", "98f483e69bb64ad38fac4a30a92682ce" },
	[LOG_EVENT_DENIED] = { "denied", "d11367fe7eb744078807bbaee535bf27" },
};

_Static_assert(sizeof(events) / sizeof(events[0]) == LOG_EVENTS, "an id for each event");

const char *journal_event_id(enum log_event event)
{
	return events[event].id;
}

const char *journal_event_word(enum log_event event)
{
	return events[event].word;
}

struct datagram {
	char *data;
	size_t len;
};

static void put_bytes(struct datagram *to, const void *bytes, size_t len)
{
	memcpy(to->data + to->len, bytes, len);
	to->len += len;
}

/* A value with a line break has its length before it; any other one ends there. */
static void put(struct datagram *to, const char *field, const char *value)
{
	size_t name = strlen(field), len = strlen(value);
	uint64_t le = htole64(len);

	if (!len || to->len + name + len + sizeof(le) + 3 > JOURNAL_MAX)
		return;
	put_bytes(to, field, name);
	if (strchr(value, '\n')) {
		put_bytes(to, "\n", 1);
		put_bytes(to, &le, sizeof(le));
	} else {
		put_bytes(to, "=", 1);
	}
	put_bytes(to, value, len);
	put_bytes(to, "\n", 1);
}

static void put_number(struct datagram *to, const char *field, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	put(to, field, text);
}

static void put_vf(struct datagram *to, const struct log_vf *vf)
{
	put(to, "IAVF_PCI", vf->pci ?: "");
	put(to, "IAVF_IFNAME", vf->ifname ?: "");
	put(to, "IAVF_PHASE", vf->phase ?: "");
	if (vf->generation)
		put_number(to, "IAVF_GENERATION", vf->generation);
}

size_t journal_encode(char *data, int priority, enum log_event event, const struct log_vf *vf,
		      const char *text)
{
	struct datagram to = { data, 0 };

	put(&to, "MESSAGE", text);
	put_number(&to, "PRIORITY", priority);
	put(&to, "SYSLOG_FACILITY", "3");
	put(&to, "SYSLOG_IDENTIFIER", "iavfd");
	if (event) {
		put(&to, "MESSAGE_ID", events[event].id);
		put(&to, "IAVF_EVENT", events[event].word);
	}
	if (vf)
		put_vf(&to, vf);
	return to.len;
}

int journal_open(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

/* By its name each time: a journal that was started again is another socket. */
int journal_send(int fd, const char *path, const char *data, size_t len)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	ssize_t sent;

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	sent = sendto(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL, (void *)&name, sizeof(name));
	return sent == (ssize_t)len ? 0 : -errno;
}

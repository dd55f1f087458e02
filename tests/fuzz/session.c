// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes from the kernel's side of the session descriptor, through all of the daemon that reads them: session,
 * decoder, the list of VFs, their logic. What the daemon writes meanwhile the module must take (owner_message.h).
 * First byte: one read for everything, or one each message. The clock goes 10 ms on with each look at it.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "core/vfs.h"
#include "kernel/message.h"
#include "kernel/session.h"
#include "kmsg.h"
#include "owner_message.h"
#include "program.h"

#define ROUNDS	16	/* of time alone, after the last message */
#define ROUND_NS	UINT64_C(300000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct daemon {
	int kernel;			/* the other end of the descriptor */
	struct session *session;
	struct vfs *vfs;
	struct log log;
	struct seed seed;
};

static void on_message(void *ctx, const struct kernel_message *message)
{
	vfs_message(((struct daemon *)ctx)->vfs, message);
}

static void on_pause(void *ctx)
{
	vfs_pause(((struct daemon *)ctx)->vfs);
}

static void on_log(void *ctx, int priority, const char *line)
{
	if (getenv("FUZZ_VERBOSE"))
		fprintf(stderr, "# <%d> %s\n", priority, line);
}

/* -ENODEV, -ESTALE: what is about the message's form comes before. */
static void take_orders(struct daemon *d)
{
	static uint8_t buf[MESSAGE_SIZE] __attribute__((aligned(8)));
	char sentence[128];
	ssize_t got;
	int err;

	while ((got = recv(d->kernel, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		err = owner_message(buf, got, KMSG_FAMILY, 0, sentence, sizeof(sentence));
		if (err && err != -ENODEV && err != -ESTALE)
			fuzz_wrong("a message of the daemon is refused: %d %s", err, sentence);
	}
}

static void make(struct daemon *d, sd_event *event)
{
	struct session_handler handler = { d, on_message, on_pause };
	struct session_grant grant = { .family = KMSG_FAMILY, .capabilities = UINT64_MAX };
	struct vfs_config config = { .event = event, .seed = &d->seed, .log = &d->log };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		fuzz_wrong("no socket pair");
	grant.fd = pair[0];
	d->kernel = pair[1];
	d->log = (struct log) { .level = LOG_DEBUG, .sink = on_log };
	d->seed.known = true;
	d->session = session_new(&grant, &handler, &d->log);
	config.session = d->session;
	d->vfs = vfs_new(&config);
}

/* The same without room behind it, which the session's buffer has. */
static void decode_alone(const void *data, size_t len)
{
	struct nlmsghdr *message = malloc(len + !len);
	struct kernel_message out;

	memcpy(message, data, len);
	if (len <= INT32_MAX && genl_ok(message, len))
		message_decode(message, &out);
	free(message);
}

static void tell(struct daemon *d, const void *data, size_t len)
{
	decode_alone(data, len);
	if (len && send(d->kernel, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len)
		session_read(d->session);
	take_orders(d);
}

static void tell_each(struct daemon *d, const uint8_t *data, size_t size)
{
	while (size >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr head;
		size_t len;

		memcpy(&head, data, sizeof(head));
		if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > size)
			break;
		len = NLMSG_ALIGN(head.nlmsg_len);
		if (len > size)
			break;
		tell(d, data, len);
		data += len;
		size -= len;
	}
	tell(d, data, size);
}

static void let_time_pass(struct daemon *d, sd_event *event)
{
	struct vfs_summary summary;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		fuzz_now_ns += ROUND_NS;
		sd_event_run(event, 0);
		vfs_summarise(d->vfs, &summary);
		take_orders(d);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct daemon d = { .kernel = -1 };
	sd_event *event;

	if (!size || sd_event_new(&event) < 0)
		return 0;
	signal(SIGPIPE, SIG_IGN);
	fuzz_now_ns = UINT64_C(1000000000000);
	fuzz_look_ns = 10000000;
	make(&d, event);
	if (data[0] & 1)
		tell_each(&d, data + 1, size - 1);
	else
		tell(&d, data + 1, size - 1);
	let_time_pass(&d, event);
	vfs_free(d.vfs);
	session_free(d.session);
	close(d.kernel);
	sd_event_unref(event);
	return 0;
}

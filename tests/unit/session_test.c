// SPDX-License-Identifier: GPL-2.0-or-later
/* The session descriptor against a kernel at the other end of a socket pair. */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/session.h"
#include "kernel/vf_io.h"
#include "kmsg.h"
#include "test.h"

static uint8_t buf[2 * KMSG_SIZE] __attribute__((aligned(8)));
static char seen[512], said[2048];
static struct log heard;
static struct session *session;
static int kernel = -1;

static void on_message(void *ctx, const struct kernel_message *message)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof(seen) - len, "%s:%u ", message_word(message->cmd), message->vf);
}

static void on_pause(void *ctx)
{
	strcat(seen, "| ");
}

static void hear(void *ctx, int priority, const char *text)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "<%d>%s\n", priority, text);
}

static void say(struct kernel_vf *kvf, int priority, const char *message)
{
	log_say(&heard, priority, "%s: %s", kvf->pci, message);
}

static void fresh(void)
{
	struct session_handler handler = { NULL, on_message, on_pause };
	struct session_grant grant = { .family = KMSG_FAMILY };
	int pair[2], size = 1 << 20;

	signal(SIGPIPE, SIG_IGN);
	session_free(session);
	if (kernel >= 0)
		close(kernel);
	CHECK(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	grant.fd = pair[0];
	kernel = pair[1];
	seen[0] = said[0] = '\0';
	heard = (struct log){ .level = LOG_DEBUG, .sink = hear };
	session = session_new(&grant, &handler, &heard);
	CHECK(session);
}

static void tell(const void *data, size_t len)
{
	CHECK(send(kernel, data, len, 0) == (ssize_t)len);
}

static void nothing_to_read(void)
{
	fresh();
	CHECK_EQ(session_read(session), 0);
	CHECK(!*seen && !*said);
}

static void several_at_once(void)
{
	uint8_t *at = buf;

	fresh();
	at += NLMSG_ALIGN(kmsg_vf_add(at, 1, "0000:00:04.0", IAVF_VF_STATE_MAILBOX)->nlmsg_len);
	at += NLMSG_ALIGN(kmsg_now(at, IAVF_CMD_VF_SYNC, 1, 1)->nlmsg_len);
	at += NLMSG_ALIGN(kmsg_start(at, IAVF_CMD_VF_DEL, 2)->nlmsg_len);
	tell(buf, at - buf);
	tell(buf, at - buf);
	CHECK_EQ(session_read(session), 1);
	CHECK(!strcmp(seen, "vf-add:1 vf-sync:1 vf-del:2 | "));
	CHECK_EQ(session_read(session), 1);
	CHECK_EQ(session_read(session), 0);
}

static void bad_one_between(void)
{
	struct nlmsghdr *bad;
	uint8_t *at = buf;

	fresh();
	at += NLMSG_ALIGN(kmsg_now(at, IAVF_CMD_VF_SYNC, 1, 1)->nlmsg_len);
	bad = kmsg_start(at, IAVF_CMD_MBX_RECV, 1);
	at += NLMSG_ALIGN(bad->nlmsg_len);
	at += NLMSG_ALIGN(kmsg_start(at, IAVF_CMD_VF_DEL, 1)->nlmsg_len);
	tell(buf, at - buf);
	CHECK_EQ(session_read(session), 1);
	CHECK(!strcmp(seen, "vf-sync:1 vf-del:1 | "));
	CHECK(strstr(said, "message mbx-recv of the kernel is malformed"));
}

static void strangers(void)
{
	struct nlmsghdr *message;

	fresh();
	message = kmsg_now(buf, IAVF_CMD_VF_SYNC, 1, 1);
	message->nlmsg_type = KMSG_FAMILY + 1;
	tell(buf, message->nlmsg_len);
	tell(buf, kmsg_start(buf, 77, 1)->nlmsg_len);
	CHECK_EQ(session_read(session), 1);
	CHECK_EQ(session_read(session), 1);
	CHECK(!strcmp(seen, "| | "));
}

static void cut_short(void)
{
	struct nlmsghdr *message;

	fresh();
	message = kmsg_now(buf, IAVF_CMD_VF_SYNC, 1, 1);
	for (size_t len = 1; len < message->nlmsg_len; len++) {
		tell(buf, len);
		CHECK_EQ(session_read(session), 1);
	}
	CHECK(!strstr(seen, "vf-sync"));
	CHECK(strstr(said, "make no message"));
	message->nlmsg_len = 3;	/* less than a header */
	tell(buf, 64);
	CHECK_EQ(session_read(session), 1);
}

static void largest(void)
{
	static uint8_t record[IAVF_RECORD_MAX];
	struct nlmsghdr *message;

	fresh();
	message = kmsg_now(buf, IAVF_CMD_VF_RECORD, 1, 1);
	mnl_attr_put(message, IAVF_A_MSG_RECORD, sizeof(record), record);
	tell(buf, message->nlmsg_len);
	CHECK_EQ(session_read(session), 1);
	CHECK(!strcmp(seen, "vf-record:1 | "));
	CHECK_EQ(session_write(session,
			       message_record_set(session_buffer(session), KMSG_FAMILY, 1, 1, 0, 0,
						  record, sizeof(record)),
			       "x"),
		 0);
	CHECK(recv(kernel, buf, sizeof(buf), 0) > IAVF_RECORD_MAX);
	CHECK_EQ(session_write(session, NULL, "x"), -EMSGSIZE);
}

static void taken_over(void)
{
	fresh();
	close(kernel);
	kernel = -1;
	CHECK_EQ(session_read(session), -ESTALE);
	CHECK_EQ(session_write(session,
			       message_vf_reset(session_buffer(session), KMSG_FAMILY, 1, 1), "x"),
		 -EPIPE);
}

/* Every order of a VF is one message, numbered, and its failure is known at once. */
static void orders(void)
{
	struct kernel_vf kvf = { .id = 6, .pci = "0000:00:04.0", .say = say };
	struct vf_commit commit = { .queues = 1, .max_mtu = 1500 };
	struct vf_io io;
	uint32_t last = 0;

	fresh();
	kvf.session = session;
	kernel_vf_io(&kvf, &io);
	CHECK_EQ(io.send(&kvf, 1, 2, 10, -1, "abc", 3), 0);
	CHECK_EQ(io.commit(&kvf, 1, &commit), 0);
	CHECK_EQ(io.netdev_create(&kvf, 1, NULL, 0), 0);
	CHECK_EQ(io.netdev_update(&kvf, 1, NULL, 1400), 0);
	CHECK_EQ(io.reset(&kvf, 1), 0);
	CHECK_EQ(io.record_set(&kvf, 1, 1, 1, "x", 1), 0);
	CHECK_EQ(io.accept(&kvf, 3), 0);
	CHECK_EQ(io.reply(&kvf, 1, 3, -EPERM, "no", 0), 0);
	static const uint8_t cmds[] = { IAVF_CMD_MBX_SEND,	IAVF_CMD_VF_COMMIT,
					IAVF_CMD_NETDEV_CREATE, IAVF_CMD_NETDEV_UPDATE,
					IAVF_CMD_VF_RESET,	IAVF_CMD_RECORD_SET,
					IAVF_CMD_ACCEPT,	IAVF_CMD_REPLY };
	for (size_t i = 0; i < sizeof(cmds); i++) {
		const struct nlmsghdr *message = (void *)buf;
		ssize_t got = recv(kernel, buf, sizeof(buf), MSG_DONTWAIT);

		CHECK_EQ(got, message->nlmsg_len);
		CHECK_EQ(((struct genlmsghdr *)mnl_nlmsg_get_payload(message))->cmd, cmds[i]);
		CHECK(message->nlmsg_seq > last);
		last = message->nlmsg_seq;
	}
	io.log(&kvf, LOG_WARNING, "hello");
	CHECK(strstr(said, "<4>0000:00:04.0: hello"));
}

/* A sentence about a refused write is logged with what was asked. */
static void sentences(void)
{
	struct kernel_vf kvf = { .id = 6, .pci = "0000:00:04.0", .say = say };
	uint32_t seq = 0;
	struct vf_io io;
	int err = 0;

	fresh();
	kvf.session = session;
	kernel_vf_io(&kvf, &io);
	while (!err) {		/* until the pipe is full */
		err = io.send(&kvf, 1, ++seq, 10, -1, "abc", 3);
	}
	CHECK_EQ(err, -EAGAIN);
	/* The session numbers its messages from 1. */
	tell(buf, kmsg_error(buf, seq, -EPERM, "opcode 10 is not the owner's")->nlmsg_len);
	CHECK_EQ(session_read(session), 1);
	CHECK(strstr(said, "<4>0000:00:04.0: mbx-send ADD_ETH_ADDR was refused by the kernel: "
			   "Operation not permitted: opcode 10 is not the owner's"));
	said[0] = '\0';
	/* Everyday refusals are for debugging, unknown ones have no name. */
	tell(buf, kmsg_error(buf, seq, -ESTALE, NULL)->nlmsg_len);
	CHECK_EQ(session_read(session), 1);
	CHECK(strstr(said, "<7>a message of ours was refused by the kernel: Stale file handle"));
	said[0] = '\0';
	tell(buf, kmsg_error(buf, seq, 0, NULL)->nlmsg_len);
	CHECK_EQ(session_read(session), 1);
	CHECK(!*said);
}

static void clean_up(void)
{
	session_free(session);
	session = NULL;
	session_free(NULL);
}

static const struct test_case cases[] = {
	{ "nothing_to_read", nothing_to_read },
	{ "several_at_once", several_at_once },
	{ "bad_one_between", bad_one_between },
	{ "strangers", strangers },
	{ "cut_short", cut_short },
	{ "largest", largest },
	{ "taken_over", taken_over },
	{ "orders", orders },
	{ "sentences", sentences },
	{ "clean_up", clean_up },
};

TEST_MAIN(cases)

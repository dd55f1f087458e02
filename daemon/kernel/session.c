// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "genl.h"
#include "points.h"
#include "session.h"
#include "virtchnl/names.h"

#define READ_SIZE	(512 * 1024)
#define ASKED		16	/* refused writes whose sentences may still come */

/* What was asked in a write that failed. */
struct asked {
	uint32_t seq;		/* 0: unused */
	uint8_t cmd;
	uint32_t opcode;
	char pci[32];
};

struct session {
	int fd;
	uint16_t family;
	uint64_t capabilities;
	uint32_t seq;
	struct session_handler handler;
	struct log *log;
	unsigned int next_asked;
	struct asked asked[ASKED];
	uint8_t out[MESSAGE_SIZE] __attribute__((aligned(8)));
	uint8_t in[READ_SIZE] __attribute__((aligned(8)));
};

struct session *session_new(const struct session_grant *grant,
			    const struct session_handler *handler, struct log *log)
{
	struct session *session = calloc(1, sizeof(*session));

	if (!session || fcntl(grant->fd, F_SETFL, fcntl(grant->fd, F_GETFL) | O_NONBLOCK) < 0) {
		close(grant->fd);
		free(session);
		return NULL;
	}
	session->fd = grant->fd;
	session->family = grant->family;
	session->capabilities = grant->capabilities;
	session->handler = *handler;
	session->log = log;
	return session;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	close(session->fd);
	free(session);
}

int session_fd(const struct session *session)
{
	return session->fd;
}

uint64_t session_capabilities(const struct session *session)
{
	return session->capabilities;
}

uint16_t session_family(const struct session *session)
{
	return session->family;
}

void *session_buffer(struct session *session)
{
	return session->out;
}

static void describe(const struct asked *asked, char *text, size_t size)
{
	const char *op = asked->opcode ? virtchnl_op_name(asked->opcode) : NULL;

	if (op)
		snprintf(text, size, "%s: %s %s", asked->pci, message_word(asked->cmd), op);
	else if (asked->opcode)
		snprintf(text, size, "%s: %s %u", asked->pci, message_word(asked->cmd),
			 asked->opcode);
	else
		snprintf(text, size, "%s: %s", asked->pci, message_word(asked->cmd));
}

/*
 * A reset overtook us, the log or the ring is full, the VF or the request is gone: the VF's logic
 * deals with these every day. All others are news.
 */
static int error_priority(int err)
{
	switch (err) {
	case -ESTALE:
	case -EAGAIN:
	case -ENODEV:
	case -ENOENT:
		return LOG_DEBUG;
	}
	return LOG_WARNING;
}

static void kernel_error(struct session *session, const struct nlmsghdr *message)
{
	char text[128] = "a message of ours";
	const char *sentence;
	int err = genl_error(message, &sentence);

	if (!err)
		return;
	for (unsigned int i = 0; i < ASKED; i++) {
		struct asked *asked = &session->asked[i];

		if (asked->seq && asked->seq == message->nlmsg_seq) {
			describe(asked, text, sizeof(text));
			asked->seq = 0;
		}
	}
	log_say(session->log, error_priority(err), "%s was refused by the kernel: %s%s%s", text,
		strerror(-err), sentence ? ": " : "", sentence ?: "");
}

static void one_message(struct session *session, const struct nlmsghdr *message)
{
	struct kernel_message decoded;
	int err;

	if (message->nlmsg_type == NLMSG_ERROR) {
		kernel_error(session, message);
		return;
	}
	if (message->nlmsg_type != session->family)
		return;
	err = message_decode(message, &decoded);
	point(POINT_READ, message);
	if (!err)
		session->handler.message(session->handler.ctx, &decoded);
	else if (err == -EOPNOTSUPP)
		log_say(session->log, LOG_DEBUG, "message %u of the kernel is unknown here",
			decoded.cmd);
	else
		log_say(session->log, LOG_ERR, "message %s of the kernel is malformed",
			message_word(decoded.cmd) ?: "?");
	point(POINT_DONE, message);
}

int session_read(struct session *session)
{
	const struct nlmsghdr *message = (void *)session->in;
	ssize_t got = read(session->fd, session->in, READ_SIZE);
	int left = (int)got;

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (!got)
		return -ESTALE;
	for (; genl_ok(message, left); message = mnl_nlmsg_next(message, &left))
		one_message(session, message);
	if (left > 0)
		log_say(session->log, LOG_ERR, "%d bytes of the kernel make no message", left);
	session->handler.pause(session->handler.ctx);
	return 1;
}

static void remember(struct session *session, const struct nlmsghdr *message, const char *pci)
{
	const struct genlmsghdr *head = mnl_nlmsg_get_payload(message);
	struct asked *asked = &session->asked[session->next_asked++ % ASKED];
	const struct nlattr *attr;

	asked->seq = message->nlmsg_seq;
	asked->cmd = head->cmd;
	asked->opcode = 0;
	snprintf(asked->pci, sizeof(asked->pci), "%s", pci);
	mnl_attr_for_each(attr, message, sizeof(*head)) {
		if (mnl_attr_get_type(attr) == IAVF_A_MSG_OPCODE)
			asked->opcode = mnl_attr_get_u32(attr);
	}
}

int session_write(struct session *session, struct nlmsghdr *message, const char *pci)
{
	ssize_t put;
	int err;

	if (!message)
		return -EMSGSIZE;
	/* 0 marks an unused place in asked. */
	message->nlmsg_seq = ++session->seq ?: ++session->seq;
	point(POINT_BEFORE, message);
	do {
		put = write(session->fd, message, message->nlmsg_len);
	} while (put < 0 && errno == EINTR);
	err = put < 0 ? -errno : -EIO;
	point(POINT_AFTER, message);
	if (put == (ssize_t)message->nlmsg_len)
		return 0;
	remember(session, message, pci);
	return err;
}

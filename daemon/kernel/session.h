/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The session descriptor: whole messages in, whole messages out. One read() may bring several
 * messages; one write() is one message and its result is known when it returns. The kernel's
 * sentence about a refusal arrives with a later read and is logged then, with what was asked.
 */
#ifndef IAVFD_KERNEL_SESSION_H
#define IAVFD_KERNEL_SESSION_H

#include <stdint.h>

#include "core/log.h"
#include "kernel/message.h"

struct nlmsghdr;
struct session;

/* What session-open returned. */
struct session_grant {
	int fd;				/* the session's, once session_new() took it */
	uint16_t family;
	uint32_t abi;
	uint64_t capabilities;
	char sentence[160];		/* of a refusal */
};

struct session_handler {
	void *ctx;
	/* A message, valid during the call. */
	void (*message)(void *ctx, const struct kernel_message *message);
	/* All messages of one read() were handed over. */
	void (*pause)(void *ctx);
};

/* Takes grant->fd, also when it fails. NULL: -ENOMEM. log outlives the session. */
struct session *session_new(const struct session_grant *grant,
			    const struct session_handler *handler, struct log *log);
/* Closes the descriptor, which ends the session. NULL is fine. */
void session_free(struct session *session);

int session_fd(const struct session *session);

/*
 * Read once and hand the messages over. 1: something was read, there may be more; 0: nothing to
 * read now; -ESTALE: the session was taken over; another -errno: the descriptor is broken.
 */
int session_read(struct session *session);

/* Write a message from session_buffer(). 0 or -errno. pci names the VF in the log. */
int session_write(struct session *session, struct nlmsghdr *message, const char *pci);

/* Room for the next message, MESSAGE_SIZE bytes; used up by session_write(). */
void *session_buffer(struct session *session);
uint16_t session_family(const struct session *session);
/* enum iavf_capabilities: what the module does beyond its abi. */
uint64_t session_capabilities(const struct session *session);

#endif

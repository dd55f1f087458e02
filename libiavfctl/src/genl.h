/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The little of generic netlink that this project needs, over libmnl: resolve a family, ask one
 * question, read the sentence of a refusal. Shared by the library and the daemon; not
 * part of the public interface. Errors are -errno.
 */
#ifndef IAVF_GENL_H
#define IAVF_GENL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#define GENL_BUFFER	65536	/* libmnl's own default is one page: too small for us */

struct genl {
	struct mnl_socket *socket;
	uint32_t seq;
	char sentence[160];	/* the kernel's words for the last failure, "" when it had none */
	uint8_t buffer[GENL_BUFFER] __attribute__((aligned(8)));
};

struct genl_family {
	uint16_t id;
	uint32_t version;
	uint32_t group;		/* the multicast group asked for; 0: there is none of that name */
};

/* The struct belongs to the caller and is large; genl_close() takes a closed one too. */
int genl_open(struct genl *genl);
void genl_close(struct genl *genl);

/* Join a multicast group; its messages mix with answers, so use a socket of its own. */
int genl_join(struct genl *genl, uint32_t group);

/* As mnl_nlmsg_ok(), which takes a length above INT32_MAX for a small one. */
static inline bool genl_ok(const struct nlmsghdr *message, int left)
{
	return mnl_nlmsg_ok(message, left) && message->nlmsg_len <= INT32_MAX;
}

/* Begin a message in buf; flags besides NLM_F_REQUEST. */
struct nlmsghdr *genl_start(void *buf, uint16_t family, uint8_t cmd, uint16_t flags);

/*
 * Send and call reply for each message of the answer; it returns 0 to go on or -errno. -EINTR: a
 * dump was inconsistent, ask again.
 */
int genl_ask(struct genl *genl, struct nlmsghdr *message,
	     int (*reply)(const struct nlmsghdr *message, void *data), void *data);

/* group may be NULL. -ENOENT: no such family. */
int genl_find(struct genl *genl, const char *name, const char *group, struct genl_family *family);

/*
 * What an NLMSG_ERROR says: its -errno (0: success), or -EBADMSG. *sentence points into the
 * message, NULL when it has none.
 */
int genl_error(const struct nlmsghdr *message, const char **sentence);

#endif

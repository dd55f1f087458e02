// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "attrs.h"
#include "genl.h"

static const struct attr_rule ctrl_rules[CTRL_ATTR_MCAST_GROUPS + 1] = {
	[CTRL_ATTR_FAMILY_ID] = { MNL_TYPE_U16, 0, 0 },
	[CTRL_ATTR_VERSION] = { MNL_TYPE_U32, 0, 0 },
	[CTRL_ATTR_MCAST_GROUPS] = { MNL_TYPE_NESTED, 0, 0 },
};

static const struct attr_rule group_rules[CTRL_ATTR_MCAST_GRP_ID + 1] = {
	[CTRL_ATTR_MCAST_GRP_NAME] = { MNL_TYPE_NUL_STRING, 0, 0 },
	[CTRL_ATTR_MCAST_GRP_ID] = { MNL_TYPE_U32, 0, 0 },
};

static const struct attr_rule extack_rules[NLMSGERR_ATTR_MSG + 1] = {
	[NLMSGERR_ATTR_MSG] = { MNL_TYPE_NUL_STRING, 0, 0 },
};

int genl_open(struct genl *genl)
{
	int on = 1;

	genl->seq = 0;
	genl->sentence[0] = '\0';
	genl->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!genl->socket)
		return -errno;
	if (mnl_socket_bind(genl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		int err = -errno;

		genl_close(genl);
		return err;
	}
	/* Without these a refusal has no sentence, which is no reason to fail. */
	mnl_socket_setsockopt(genl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(genl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

void genl_close(struct genl *genl)
{
	if (genl->socket)
		mnl_socket_close(genl->socket);
	genl->socket = NULL;
}

int genl_join(struct genl *genl, uint32_t group)
{
	if (mnl_socket_setsockopt(genl->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	return 0;
}

struct nlmsghdr *genl_start(void *buf, uint16_t family, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *head = mnl_nlmsg_put_extra_header(message, sizeof(*head));

	message->nlmsg_type = family;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	head->cmd = cmd;
	head->version = 1;
	return message;
}

static const char *extack(const uint8_t *data, size_t len)
{
	const struct nlattr *tb[NLMSGERR_ATTR_MSG + 1];

	if (attrs_parse(data, len, extack_rules, NLMSGERR_ATTR_MSG, tb) || !tb[NLMSGERR_ATTR_MSG])
		return NULL;
	return mnl_attr_get_str(tb[NLMSGERR_ATTR_MSG]);
}

int genl_error(const struct nlmsghdr *message, const char **sentence)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(message);
	size_t len = mnl_nlmsg_get_payload_len(message);
	size_t at = sizeof(*err);

	*sentence = NULL;
	if (len < sizeof(*err) || err->error > 0 || err->error < -4095)
		return -EBADMSG;
	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return err->error;
	/* Unless capped, the whole message that failed comes first. */
	if (!(message->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len > sizeof(err->msg))
		at += MNL_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	if (at < len)
		*sentence = extack((const uint8_t *)err + at, len - at);
	return err->error;
}

/* The end of a dump carries its result, and since 6.1 its sentence. */
static int done(struct genl *genl, const struct nlmsghdr *message)
{
	const int *err = mnl_nlmsg_get_payload(message);
	size_t len = mnl_nlmsg_get_payload_len(message);
	const char *sentence = NULL;

	if (len < sizeof(*err) || *err >= 0)
		return 0;
	if (message->nlmsg_flags & NLM_F_ACK_TLVS)
		sentence = extack((const uint8_t *)(err + 1), len - sizeof(*err));
	snprintf(genl->sentence, sizeof(genl->sentence), "%s", sentence ?: "");
	return *err;
}

struct answer {
	struct genl *genl;
	int (*reply)(const struct nlmsghdr *message, void *data);
	void *data;
	int err;
	int interrupted;
	int over;
};

static void take_error(struct answer *answer, const struct nlmsghdr *message)
{
	const char *sentence;

	answer->err = genl_error(message, &sentence) ?: answer->err;
	answer->over = 1;
	if (sentence)
		snprintf(answer->genl->sentence, sizeof(answer->genl->sentence), "%s", sentence);
}

static void take(struct answer *answer, const struct nlmsghdr *message)
{
	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->interrupted = 1;
	switch (message->nlmsg_type) {
	case NLMSG_ERROR:
		take_error(answer, message);
		return;
	case NLMSG_DONE:
		answer->err = done(answer->genl, message) ?: answer->err;
		answer->over = 1;
		return;
	case NLMSG_NOOP:
		return;
	}
	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct genlmsghdr))
		answer->err = -EBADMSG;
	else if (!answer->err && answer->reply)
		answer->err = answer->reply(message, answer->data);
}

static int receive(struct answer *answer)
{
	const struct nlmsghdr *message = (void *)answer->genl->buffer;
	ssize_t got = mnl_socket_recvfrom(answer->genl->socket, answer->genl->buffer, GENL_BUFFER);
	int left = (int)got;

	if (got < 0)
		return -errno;
	for (; genl_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		/* An answer to a question that was given up. */
		if (message->nlmsg_seq == answer->genl->seq)
			take(answer, message);
	}
	return 0;
}

int genl_ask(struct genl *genl, struct nlmsghdr *message,
	     int (*reply)(const struct nlmsghdr *message, void *data), void *data)
{
	struct answer answer = { .genl = genl, .reply = reply, .data = data };
	int err;

	genl->sentence[0] = '\0';
	message->nlmsg_seq = ++genl->seq;
	/* A dump ends itself; anything else ends with the acknowledgement. */
	if (!(message->nlmsg_flags & NLM_F_DUMP))
		message->nlmsg_flags |= NLM_F_ACK;
	if (mnl_socket_sendto(genl->socket, message, message->nlmsg_len) < 0)
		return -errno;
	while (!answer.over) {
		err = receive(&answer);
		if (err && err != -EINTR)
			return err;
	}
	if (!answer.err && answer.interrupted)
		return -EINTR;
	return answer.err;
}

struct search {
	const char *group;
	struct genl_family *family;
};

static int find_group(const struct nlattr *groups, struct search *search)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GRP_ID + 1], *one;

	mnl_attr_for_each_nested(one, groups) {
		if (attrs_parse_nest(one, group_rules, CTRL_ATTR_MCAST_GRP_ID, tb))
			return -EBADMSG;
		if (!tb[CTRL_ATTR_MCAST_GRP_NAME] || !tb[CTRL_ATTR_MCAST_GRP_ID])
			continue;
		if (!strcmp(mnl_attr_get_str(tb[CTRL_ATTR_MCAST_GRP_NAME]), search->group))
			search->family->group = mnl_attr_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return 0;
}

static int found(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GROUPS + 1];
	struct search *search = data;
	size_t len = mnl_nlmsg_get_payload_len(message) - sizeof(struct genlmsghdr);

	if (attrs_parse(mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr)), len,
			ctrl_rules, CTRL_ATTR_MCAST_GROUPS, tb))
		return -EBADMSG;
	if (!tb[CTRL_ATTR_FAMILY_ID])
		return -EBADMSG;
	search->family->id = mnl_attr_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	search->family->version = attr_u32(tb[CTRL_ATTR_VERSION], 0);
	if (!search->group || !tb[CTRL_ATTR_MCAST_GROUPS])
		return 0;
	return find_group(tb[CTRL_ATTR_MCAST_GROUPS], search);
}

int genl_find(struct genl *genl, const char *name, const char *group, struct genl_family *family)
{
	struct search search = { .group = group, .family = family };
	uint8_t buf[128] __attribute__((aligned(8)));
	struct nlmsghdr *message = genl_start(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	int err;

	memset(family, 0, sizeof(*family));
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, name);
	err = genl_ask(genl, message, found, &search);
	if (err)
		return err;
	return family->id ? 0 : -EBADMSG;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "attrs.h"
#include "decode.h"
#include "iavf_netlink.h"
#include "news.h"
#include "vf_rules.h"

/* Asking and listening on one socket would mix answers and news. */
struct news {
	struct genl listen, ask;
	uint64_t our_netns;
	uint16_t family;		/* 0: not there */
};

int news_open(struct news **out, uint64_t our_netns)
{
	struct news *news = calloc(1, sizeof(*news));
	struct genl_family ctrl;
	int err;

	*out = NULL;
	if (!news)
		return -ENOMEM;
	news->our_netns = our_netns;
	err = genl_open(&news->listen) ?: genl_open(&news->ask);
	if (!err)
		err = genl_find(&news->ask, "nlctrl", "notify", &ctrl);
	if (!err)
		err = genl_join(&news->listen, ctrl.group);
	if (err) {
		news_close(news);
		return err;
	}
	*out = news;
	return 0;
}

void news_close(struct news *news)
{
	if (!news)
		return;
	genl_close(&news->listen);
	genl_close(&news->ask);
	free(news);
}

int news_fd(const struct news *news)
{
	return mnl_socket_get_fd(news->listen.socket);
}

void news_join(struct news *news)
{
	struct genl_family family;

	news->family = 0;
	if (genl_find(&news->ask, IAVF_FAMILY_NAME, IAVF_MCGRP_STATE, &family))
		return;
	if (family.group && !genl_join(&news->listen, family.group))
		news->family = family.id;
}

/* Is it about our family? When it cannot be read: perhaps. */
static bool is_our_family(const struct nlmsghdr *message)
{
	static const struct attr_rule rules[CTRL_ATTR_FAMILY_NAME + 1] = {
		[CTRL_ATTR_FAMILY_NAME] = { MNL_TYPE_NUL_STRING, 0, 0 },
	};
	const struct nlattr *tb[CTRL_ATTR_FAMILY_NAME + 1];
	size_t len = mnl_nlmsg_get_payload_len(message);

	if (len < sizeof(struct genlmsghdr) ||
	    attrs_parse(mnl_nlmsg_get_payload_offset(message, sizeof(struct genlmsghdr)),
			len - sizeof(struct genlmsghdr), rules, CTRL_ATTR_FAMILY_NAME, tb))
		return true;
	return tb[CTRL_ATTR_FAMILY_NAME] &&
	       !strcmp(mnl_attr_get_str(tb[CTRL_ATTR_FAMILY_NAME]), IAVF_FAMILY_NAME);
}

static void take_vf(const struct news *news, const struct nlmsghdr *message,
		    const struct news_handler *handler)
{
	const size_t head = sizeof(struct genlmsghdr);
	const struct nlattr *tb[IAVF_A_VF_MAX + 1];
	struct iavfctl_vf *vf;

	if (mnl_nlmsg_get_payload_len(message) < head ||
	    attrs_parse(mnl_nlmsg_get_payload_offset(message, head),
			mnl_nlmsg_get_payload_len(message) - head, vf_rules, IAVF_A_VF_MAX, tb) ||
	    !tb[IAVF_A_VF_ID])
		return;
	if (!tb[IAVF_A_VF_STATE])
		handler->gone(handler->ctx, mnl_attr_get_u32(tb[IAVF_A_VF_ID]));
	else if (!vf_decode(message, news->our_netns, &vf))
		handler->vf(handler->ctx, vf);
}

static bool take(const struct news *news, const struct nlmsghdr *message,
		 const struct news_handler *handler)
{
	if (message->nlmsg_type == GENL_ID_CTRL)
		return is_our_family(message);
	if (news->family && message->nlmsg_type == news->family)
		take_vf(news, message, handler);
	return false;
}

void news_read(struct news *news, const struct news_handler *handler)
{
	uint8_t *buffer = news->listen.buffer;
	bool lost = false;
	ssize_t got;

	while ((got = recv(news_fd(news), buffer, GENL_BUFFER, MSG_DONTWAIT)) != 0) {
		const struct nlmsghdr *message = (void *)buffer;
		int left = (int)got;

		if (got < 0 && errno == ENOBUFS) {
			lost = true;
			continue;
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		for (; genl_ok(message, left); message = mnl_nlmsg_next(message, &left))
			lost = take(news, message, handler) || lost;
	}
	if (lost)
		handler->lost(handler->ctx);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "attrs.h"
#include "genl.h"
#include "iavf_netlink.h"
#include "open.h"
#include "session.h"

static const struct attr_rule session_rules[IAVF_A_SESSION_MAX + 1] = {
	[IAVF_A_SESSION_ABI] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_SESSION_FD] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_SESSION_CAPABILITIES] = { MNL_TYPE_U64, 0, 0 },
};

static int granted(const struct nlmsghdr *message, void *data)
{
	const size_t head = sizeof(struct genlmsghdr);
	const struct nlattr *tb[IAVF_A_SESSION_MAX + 1];
	struct session_grant *grant = data;

	if (attrs_parse(mnl_nlmsg_get_payload_offset(message, head),
			mnl_nlmsg_get_payload_len(message) - head, session_rules,
			IAVF_A_SESSION_MAX, tb))
		return -EBADMSG;
	if (!tb[IAVF_A_SESSION_FD])
		return -EBADMSG;
	grant->fd = (int)mnl_attr_get_u32(tb[IAVF_A_SESSION_FD]);
	grant->abi = attr_u32(tb[IAVF_A_SESSION_ABI], 0);
	grant->capabilities = attr_u64(tb[IAVF_A_SESSION_CAPABILITIES], 0);
	return 0;
}

/* A daemon works with the modules one version before and after its own. */
static int check_abi(struct session_grant *grant)
{
	if (grant->abi && grant->abi + 1 >= IAVF_ABI && grant->abi <= IAVF_ABI + 1)
		return 0;
	snprintf(grant->sentence, sizeof(grant->sentence),
		 "the kernel module speaks abi %u, this daemon %u: install matching versions",
		 grant->abi, IAVF_ABI);
	return -EPROTO;
}

static int ask(struct genl *genl, bool force, struct session_grant *grant)
{
	uint8_t buf[128] __attribute__((aligned(8)));
	struct genl_family family;
	struct nlmsghdr *message;
	int err;

	err = genl_find(genl, IAVF_FAMILY_NAME, NULL, &family);
	if (err)
		return err;
	grant->family = family.id;
	message = genl_start(buf, family.id, IAVF_CMD_SESSION_OPEN, 0);
	mnl_attr_put_u32(message, IAVF_A_SESSION_ABI, IAVF_ABI);
	if (force)
		mnl_attr_put(message, IAVF_A_SESSION_FORCE, 0, NULL);
	return genl_ask(genl, message, granted, grant);
}

int session_open(void *unused, bool force, struct session_grant *grant)
{
	struct genl *genl = calloc(1, sizeof(*genl));
	int err;

	memset(grant, 0, sizeof(*grant));
	grant->fd = -1;
	if (!genl)
		return -ENOMEM;
	err = genl_open(genl);
	if (!err)
		err = ask(genl, force, grant);
	snprintf(grant->sentence, sizeof(grant->sentence), "%s", genl->sentence);
	genl_close(genl);
	free(genl);
	if (!err)
		err = check_abi(grant);
	if (err && grant->fd >= 0) {
		close(grant->fd);
		grant->fd = -1;
	}
	return err;
}

static int join_news(struct genl *genl)
{
	struct genl_family ctrl;
	int err = genl_find(genl, "nlctrl", "notify", &ctrl);

	if (err)
		return err;
	return ctrl.group ? genl_join(genl, ctrl.group) : -ENOENT;
}

int family_watch_open(void)
{
	struct genl *genl = calloc(1, sizeof(*genl));
	int err, fd = -1;

	if (!genl)
		return -ENOMEM;
	err = genl_open(genl) ?: join_news(genl);
	if (!err) {
		/* The socket outlives the struct, as a plain descriptor. */
		fd = fcntl(mnl_socket_get_fd(genl->socket), F_DUPFD_CLOEXEC, 3);
		err = fd < 0 ? -errno : 0;
	}
	genl_close(genl);
	free(genl);
	return err ?: fd;
}

static bool is_our_family(const struct nlmsghdr *message)
{
	static const struct attr_rule rules[CTRL_ATTR_FAMILY_NAME + 1] = {
		[CTRL_ATTR_FAMILY_NAME] = { MNL_TYPE_NUL_STRING, 0, 0 },
	};
	const struct nlattr *tb[CTRL_ATTR_FAMILY_NAME + 1];
	const struct genlmsghdr *head = mnl_nlmsg_get_payload(message);
	size_t len = mnl_nlmsg_get_payload_len(message);

	if (len < sizeof(*head) || head->cmd != CTRL_CMD_NEWFAMILY)
		return false;
	if (attrs_parse(head + 1, len - sizeof(*head), rules, CTRL_ATTR_FAMILY_NAME, tb))
		return true;	/* unreadable: worth a look */
	return tb[CTRL_ATTR_FAMILY_NAME] &&
	       !strcmp(mnl_attr_get_str(tb[CTRL_ATTR_FAMILY_NAME]), IAVF_FAMILY_NAME);
}

bool family_watch_read(int fd)
{
	uint8_t buf[16384] __attribute__((aligned(8)));
	bool ours = false;
	ssize_t got;

	while ((got = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) != 0) {
		const struct nlmsghdr *message = (void *)buf;
		int left = (int)got;

		if (got < 0)
			/* ENOBUFS: news was lost, ours perhaps. */
			return ours || errno == ENOBUFS;
		for (; genl_ok(message, left); message = mnl_nlmsg_next(message, &left))
			ours = is_our_family(message) || ours;
	}
	return ours;
}

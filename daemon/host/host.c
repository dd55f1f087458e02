// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets, and how a failure gets its sentence. */
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/ethtool_netlink.h>
#include <linux/sockios.h>
#include <netlink/msg.h>

#include "internal.h"

/* An answer is there when the question has been sent; one that is not was lost. */
#define ANSWER_S	5

struct host *host_new(void)
{
	struct host *host = calloc(1, sizeof(*host));

	if (host)
		host->fd = -1;
	return host;
}

static void free_genl(struct genl *genl)
{
	if (genl)
		genl_close(genl);
	free(genl);
}

void host_free(struct host *host)
{
	if (!host)
		return;
	free_genl(host->route);
	free_genl(host->ethtool);
	if (host->fd >= 0)
		close(host->fd);
	free(host);
}

const struct host_error *host_error(const struct host *host)
{
	return &host->error;
}

void host_begin(struct host *host)
{
	memset(&host->error, 0, sizeof(host->error));
}

/* Parts may come from strangers: the name of an interface, what a PF says. */
static void make_printable(char *text)
{
	for (; *text; text++) {
		if (!isascii((unsigned char)*text) || !isprint((unsigned char)*text))
			*text = '?';
	}
}

int host_fail(struct host *host, int err, const char *format, ...)
{
	struct host_error *error = &host->error;
	va_list args;

	if (error->err)
		return error->err;
	error->err = err;
	if (format) {
		va_start(args, format);
		vsnprintf(error->sentence, sizeof(error->sentence), format, args);
		va_end(args);
	} else {
		snprintf(error->sentence, sizeof(error->sentence), "%s", strerror(-err));
	}
	make_printable(error->sentence);
	return err;
}

int host_fail_kernel(struct host *host, int err, const char *words)
{
	if (!words || !*words)
		return host_fail(host, err, NULL);
	if (!host->error.err)
		host->error.from_kernel = true;
	return host_fail(host, err, "%s", words);
}

static int open_genl(struct host *host, struct genl **to, int bus)
{
	struct timeval patience = { .tv_sec = ANSWER_S };
	struct genl *genl;
	int err, on = 1;

	if (*to)
		return 0;
	genl = calloc(1, sizeof(*genl));
	if (!genl)
		return host_fail(host, -ENOMEM, NULL);
	genl->socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!genl->socket || mnl_socket_bind(genl->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(genl->socket), SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience))) {
		err = -errno;
		free_genl(genl);
		return host_fail(host, err, "no netlink socket: %s", strerror(-err));
	}
	/* Without these a refusal has no sentence, which is no reason to fail. */
	mnl_socket_setsockopt(genl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(genl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	*to = genl;
	return 0;
}

static int ask(struct host *host, struct genl *genl, struct nlmsghdr *message,
	       int (*reply)(const struct nlmsghdr *message, void *data), void *data)
{
	int err = genl_ask(genl, message, reply, data);

	return err ? host_fail_kernel(host, err, genl->sentence) : 0;
}

int host_ask_route(struct host *host, struct nl_msg *message,
		   int (*reply)(const struct nlmsghdr *message, void *data), void *data)
{
	int err;

	if (!message)
		return host_fail(host, -ENOMEM, NULL);
	err = open_genl(host, &host->route, NETLINK_ROUTE);
	if (!err) {
		/* NLM_F_EXCL is a bit of NLM_F_DUMP too, after which genl_ask() decides. */
		nlmsg_hdr(message)->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
		err = ask(host, host->route, nlmsg_hdr(message), reply, data);
	}
	nlmsg_free(message);
	return err;
}

static int find_family(struct host *host)
{
	struct genl_family family;
	int err;

	if (host->family)
		return 0;
	err = genl_find(host->ethtool, ETHTOOL_GENL_NAME, NULL, &family);
	if (err)
		return host_fail(host, err, "the kernel has no netlink family for ethtool: %s",
				 strerror(-err));
	host->family = family.id;
	return 0;
}

int host_ask_ethtool(struct host *host, struct nlmsghdr *message,
		     int (*reply)(const struct nlmsghdr *message, void *data), void *data)
{
	int err = open_genl(host, &host->ethtool, NETLINK_GENERIC) ?: find_family(host);

	if (err)
		return err;
	message->nlmsg_type = host->family;
	return ask(host, host->ethtool, message, reply, data);
}

int host_ioctl(struct host *host, const char *name, void *data)
{
	struct ifreq request = { .ifr_data = data };

	if (host->fd < 0)
		host->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (host->fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return ioctl(host->fd, SIOCETHTOOL, &request) < 0 ? -errno : 0;
}

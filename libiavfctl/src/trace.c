// SPDX-License-Identifier: LGPL-2.1-or-later
/* The mirror of the mailbox: the group trace of the kernel's family. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/genetlink.h>

#include "bus.h"
#include "ctl.h"
#include "iavf_netlink.h"
#include "trace.h"

/* A burst of thousands of messages while the reader writes to a slow disk. */
#define RECEIVE_BYTES	(8 << 20)

struct known {
	uint32_t id;
	char pci[32];			/* "": the VF was gone when it was asked for */
};

struct iavfctl_trace {
	struct iavfctl *ctl;
	struct genl listen;
	struct genl_family family;	/* id 0: not there */
	const struct nlmsghdr *next;	/* in the buffer of listen */
	int left;
	bool lost;
	struct known *known;
	size_t count;
	struct iavfctl_message message;
};

/* Which VFs there are */

static void remember(struct iavfctl_trace *trace, uint32_t id, const char *pci)
{
	struct known *grown = realloc(trace->known, (trace->count + 1) * sizeof(*grown));

	if (!grown)
		return;
	trace->known = grown;
	grown[trace->count].id = id;
	snprintf(grown[trace->count++].pci, sizeof(grown->pci), "%s", pci);
}

static const char *lookup(const struct iavfctl_trace *trace, uint32_t id)
{
	for (size_t i = 0; i < trace->count; i++) {
		if (trace->known[i].id == id)
			return trace->known[i].pci;
	}
	return NULL;
}

static void ask(struct iavfctl_trace *trace)
{
	struct iavfctl_vf **vfs;
	size_t count;

	if (iavfctl_list(trace->ctl, &vfs, &count))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!lookup(trace, vfs[i]->id))
			remember(trace, vfs[i]->id, vfs[i]->pci);
	}
	iavfctl_list_free(vfs, count);
}

/* An id is never used again, so it is asked for once. */
static const char *pci_of(struct iavfctl_trace *trace, uint32_t id)
{
	const char *pci = lookup(trace, id);

	if (!pci) {
		ask(trace);
		pci = lookup(trace, id);
	}
	if (!pci)
		remember(trace, id, "");
	return pci && *pci ? pci : NULL;
}

/* The group */

static enum iavfctl_error fail_join(struct iavfctl *ctl, int err)
{
	if (err == -EPERM || err == -EACCES)
		return ctl_fail(ctl, IAVFCTL_NOT_PERMITTED,
				"only root (CAP_NET_ADMIN) may see the messages of the mailbox");
	return ctl_fail(ctl, IAVFCTL_FAILED, "cannot join the kernel's group %s: %s",
			IAVF_MCGRP_TRACE, strerror(-err));
}

/* Is the family there, and do we listen to it? */
static int join(struct iavfctl_trace *trace)
{
	struct genl_family family;
	int err = genl_find(&trace->ctl->genl, IAVF_FAMILY_NAME, IAVF_MCGRP_TRACE, &family);

	if (!err && !family.group)
		err = -ENOENT;
	if (!err && family.id == trace->family.id && family.group == trace->family.group)
		return 0;
	memset(&trace->family, 0, sizeof(trace->family));
	if (!err)
		err = genl_join(&trace->listen, family.group);
	if (!err)
		trace->family = family;
	return err;
}

/* Families that come and go: the module may be loaded anew, with another group. */
static int watch(struct iavfctl_trace *trace)
{
	struct genl_family ctrl;
	int err = genl_find(&trace->ctl->genl, "nlctrl", "notify", &ctrl);

	return err ?: genl_join(&trace->listen, ctrl.group);
}

static void enlarge(struct iavfctl_trace *trace)
{
	int fd = mnl_socket_get_fd(trace->listen.socket), bytes = RECEIVE_BYTES;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

enum iavfctl_error iavfctl_trace_open(struct iavfctl *ctl, struct iavfctl_trace **out)
{
	struct iavfctl_trace *trace = calloc(1, sizeof(*trace));
	uint32_t version;
	enum iavfctl_error error;
	int err;

	*out = NULL;
	if (!trace)
		return ctl_fail(ctl, IAVFCTL_FAILED, "out of memory");
	trace->ctl = ctl;
	error = iavfctl_family_version(ctl, &version);
	if (error) {
		free(trace);
		return error;
	}
	err = genl_open(&trace->listen);
	if (!err) {
		enlarge(trace);
		err = watch(trace) ?: join(trace);
	}
	if (err) {
		iavfctl_trace_close(trace);
		return fail_join(ctl, err);
	}
	*out = trace;
	return IAVFCTL_OK;
}

void iavfctl_trace_close(struct iavfctl_trace *trace)
{
	if (!trace)
		return;
	genl_close(&trace->listen);
	free(trace->known);
	free(trace);
}

int iavfctl_trace_fd(const struct iavfctl_trace *trace)
{
	return mnl_socket_get_fd(trace->listen.socket);
}

/* Messages */

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

/* true: trace->message is one for the caller. */
static bool take(struct iavfctl_trace *trace, const struct nlmsghdr *nlh)
{
	uint32_t group = trace->family.group;

	if (nlh->nlmsg_type == GENL_ID_CTRL) {
		join(trace);
		trace->lost = trace->lost || (trace->family.group && group != trace->family.group);
		return false;
	}
	if (!trace->family.id || nlh->nlmsg_type != trace->family.id ||
	    trace_decode(nlh, &trace->message))
		return false;
	trace->message.time_ns = now_ns();
	trace->message.pci = pci_of(trace, trace->message.vf_id);
	return true;
}

/* 1: there is something in the buffer; 0: nothing yet; -errno. */
static int receive(struct iavfctl_trace *trace)
{
	ssize_t got = recv(iavfctl_trace_fd(trace), trace->listen.buffer, GENL_BUFFER,
			   MSG_DONTWAIT);

	if (got < 0 && errno == ENOBUFS) {
		trace->lost = true;
		return 1;
	}
	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	trace->next = (const void *)trace->listen.buffer;
	trace->left = (int)got;
	return 1;
}

/* The next one of those received. */
static bool pop(struct iavfctl_trace *trace)
{
	if (trace->lost) {
		trace->lost = false;
		trace->message = (struct iavfctl_message){
			.kind = IAVFCTL_MESSAGE_LOST, .time_ns = now_ns(),
		};
		return true;
	}
	while (trace->next && genl_ok(trace->next, trace->left)) {
		const struct nlmsghdr *nlh = trace->next;

		trace->next = mnl_nlmsg_next(nlh, &trace->left);
		if (take(trace, nlh) || trace->lost)
			return trace->lost ? pop(trace) : true;
	}
	trace->next = NULL;
	return false;
}

enum iavfctl_error iavfctl_trace_next(struct iavfctl_trace *trace, int timeout_ms,
				      const struct iavfctl_message **message)
{
	uint64_t until = timeout_ms < 0 ? UINT64_MAX : bus_now_us() + timeout_ms * 1000ULL, now;
	struct pollfd p = { .fd = iavfctl_trace_fd(trace), .events = POLLIN };
	int got;

	*message = NULL;
	trace->ctl->sentence[0] = '\0';
	while (!pop(trace)) {
		got = receive(trace);
		if (got < 0)
			return ctl_fail(trace->ctl, IAVFCTL_FAILED, "the kernel's group %s: %s",
					IAVF_MCGRP_TRACE, strerror(-got));
		if (got)
			continue;
		now = bus_now_us();
		if (now >= until)
			return ctl_fail(trace->ctl, IAVFCTL_TIMED_OUT, "nothing happened in time");
		poll(&p, 1, timeout_ms < 0 ? -1 : (int)((until - now) / 1000 + 1));
	}
	*message = &trace->message;
	return IAVFCTL_OK;
}

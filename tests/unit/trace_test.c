// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The library's trace over a kernel that is made up: a socket pair is the group, recv() loses what
 * it is told to lose, families come and go.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "bus.h"
#include "ctl.h"
#include "iavf_netlink.h"
#include "test.h"

static int kernel = -1;			/* our end */
static bool overrun;			/* the next recv() finds that some were lost */
static uint16_t family;			/* 0: the module is not loaded */
static uint32_t joined, group;
static int join_err;
static unsigned int asked;
static uint32_t vf_id;
static struct iavfctl handle;
static struct iavfctl_trace *trace;

ssize_t __wrap_recv(int fd, void *buf, size_t len, int flags);
ssize_t __real_recv(int fd, void *buf, size_t len, int flags);

ssize_t __wrap_recv(int fd, void *buf, size_t len, int flags)
{
	if (overrun) {
		overrun = false;
		errno = ENOBUFS;
		return -1;
	}
	return __real_recv(fd, buf, len, flags);
}

int genl_open(struct genl *genl)
{
	int pair[2];

	CHECK(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	kernel = pair[0];
	genl->socket = mnl_socket_fdopen(pair[1]);
	return genl->socket ? 0 : -errno;
}

void genl_close(struct genl *genl)
{
	if (genl->socket)
		mnl_socket_close(genl->socket);
	genl->socket = NULL;
}

int genl_join(struct genl *genl, uint32_t which)
{
	if (which == 1)
		return 0;
	joined = which;
	return join_err;
}

int genl_find(struct genl *genl, const char *name, const char *group_name, struct genl_family *found)
{
	*found = (struct genl_family){ .id = GENL_ID_CTRL, .group = 1 };
	if (!strcmp(name, "nlctrl"))
		return 0;
	*found = (struct genl_family){ .id = family, .group = group, .version = 1 };
	return family ? 0 : -ENOENT;
}

struct nlmsghdr *genl_start(void *buf, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *head = mnl_nlmsg_put_extra_header(nlh, sizeof(*head));

	nlh->nlmsg_type = type;
	head->cmd = cmd;
	return nlh;
}

enum iavfctl_error ctl_fail(struct iavfctl *ctl, enum iavfctl_error error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ctl->sentence, sizeof(ctl->sentence), format, args);
	va_end(args);
	return error;
}

enum iavfctl_error iavfctl_family_version(struct iavfctl *ctl, uint32_t *version)
{
	return family ? IAVFCTL_OK : IAVFCTL_NO_MODULE;
}

enum iavfctl_error iavfctl_list(struct iavfctl *ctl, struct iavfctl_vf ***vfs, size_t *count)
{
	asked++;
	*vfs = calloc(1, sizeof(**vfs));
	**vfs = calloc(1, sizeof(***vfs));
	(**vfs)->id = vf_id;
	(**vfs)->pci = "0000:3b:02.0";
	*count = 1;
	return IAVFCTL_OK;
}

void iavfctl_list_free(struct iavfctl_vf **vfs, size_t count)
{
	free(*vfs);
	free(vfs);
}

uint64_t bus_now_us(void)
{
	static uint64_t now;

	return now += 1000;
}

static void end(void)
{
	iavfctl_trace_close(trace);
	trace = NULL;
	if (kernel >= 0)
		close(kernel);
	kernel = -1;
}

static void begin(void)
{
	end();
	family = 0x25;
	group = 7;
	vf_id = 3;
	asked = 0;
	join_err = 0;
	overrun = false;
	CHECK(!iavfctl_trace_open(&handle, &trace));
	CHECK_EQ(joined, 7);
}

/* How many messages of one opcode each, in one datagram. */
static void say(uint16_t type, uint32_t id, uint32_t opcode, unsigned int count)
{
	static uint8_t buf[8192] __attribute__((aligned(8)));
	size_t len = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct nlmsghdr *nlh = genl_start(buf + len, type, IAVF_CMD_TRACE_NTF, 0);

		mnl_attr_put_u32(nlh, IAVF_A_MSG_VF, id);
		mnl_attr_put_u32(nlh, IAVF_A_MSG_OPCODE, opcode + i);
		mnl_attr_put(nlh, IAVF_A_MSG_PAYLOAD, 2, "ab");
		len += nlh->nlmsg_len;
	}
	CHECK_EQ(send(kernel, buf, len, 0), len);
}

static const struct iavfctl_message *next(void)
{
	const struct iavfctl_message *message;

	CHECK(!iavfctl_trace_next(trace, 1000, &message));
	return message;
}

static bool is_quiet(void)
{
	const struct iavfctl_message *message;

	return iavfctl_trace_next(trace, 0, &message) == IAVFCTL_TIMED_OUT && !message;
}

static void in_order(void)
{
	begin();
	CHECK(is_quiet());
	CHECK(!poll(&(struct pollfd){ .fd = iavfctl_trace_fd(trace), .events = POLLIN }, 1, 0));
	say(0x25, 3, 10, 3);
	CHECK(poll(&(struct pollfd){ .fd = iavfctl_trace_fd(trace), .events = POLLIN }, 1, 0));
	for (unsigned int i = 10; i < 13; i++)
		CHECK_EQ(next()->opcode, i);
	CHECK(is_quiet());
	/* of another family, or without sense */
	say(0x26, 3, 10, 1);
	CHECK_EQ(send(kernel, "x", 1, 0), 1);
	CHECK(is_quiet());
	say(0x25, 3, 20, 1);
	CHECK_EQ(next()->opcode, 20);
	end();
}

/* An id is asked for once, whether there is such a VF or not. */
static void names(void)
{
	begin();
	say(0x25, 3, 10, 2);
	CHECK(!strcmp(next()->pci, "0000:3b:02.0"));
	CHECK(!strcmp(next()->pci, "0000:3b:02.0"));
	CHECK_EQ(asked, 1);
	say(0x25, 4, 10, 2);
	CHECK(!next()->pci);
	CHECK(!next()->pci);
	CHECK_EQ(asked, 2);
	vf_id = 5;
	say(0x25, 5, 10, 1);
	CHECK(!strcmp(next()->pci, "0000:3b:02.0"));
	end();
}

static void loss(void)
{
	begin();
	say(0x25, 3, 10, 1);
	CHECK_EQ(next()->kind, IAVFCTL_MESSAGE_MAILBOX);
	overrun = true;
	say(0x25, 3, 11, 1);
	CHECK_EQ(next()->kind, IAVFCTL_MESSAGE_LOST);
	CHECK_EQ(next()->opcode, 11);
	CHECK(is_quiet());
	end();
}

/* The module is loaded anew: another family, another group, and a gap. */
static void module_again(void)
{
	begin();
	family = 0;
	say(GENL_ID_CTRL, 0, 0, 1);
	CHECK(is_quiet());
	say(0x25, 3, 10, 1);
	CHECK(is_quiet());
	family = 0x30;
	group = 9;
	say(GENL_ID_CTRL, 0, 0, 1);
	CHECK_EQ(next()->kind, IAVFCTL_MESSAGE_LOST);
	CHECK_EQ(joined, 9);
	say(0x30, 3, 10, 1);
	CHECK_EQ(next()->opcode, 10);
	/* other families are none of ours */
	say(GENL_ID_CTRL, 0, 0, 1);
	CHECK(is_quiet());
	end();
}

static void refused(void)
{
	end();
	family = 0;
	CHECK_EQ(iavfctl_trace_open(&handle, &trace), IAVFCTL_NO_MODULE);
	family = 0x25;
	join_err = -EPERM;
	CHECK_EQ(iavfctl_trace_open(&handle, &trace), IAVFCTL_NOT_PERMITTED);
	CHECK(!trace && strstr(handle.sentence, "CAP_NET_ADMIN"));
	close(kernel);
	kernel = -1;
}

static const struct test_case cases[] = {
	{ "in_order", in_order },
	{ "names", names },
	{ "loss", loss },
	{ "module_again", module_again },
	{ "refused", refused },
};

TEST_MAIN(cases)

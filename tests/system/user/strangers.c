// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who is not the daemon on generic netlink: without the capability, with somebody else's socket, as root of a user namespace
 * or of another network namespace. strangers IFNAME: a VF's netdev that is up, for something to trace. Run as root; a daemon
 * may run, it is not disturbed.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "../owner/cases.h"
#include "../owner/client.h"

#define NOBODY	65534

struct groups {
	unsigned int state, trace;
	uint16_t family;
};

static struct client c;

static void become_nobody(void)
{
	if (setgid(NOBODY) || setuid(NOBODY)) {
		perror("setuid");
		exit(125);
	}
}

/* job() in a process of its own; its result is its exit code, 0 for success, else a positive errno */
static int child(int (*job)(void *), void *arg)
{
	int status, pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(job(arg));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/* A request over a socket of c: 0 or -errno; answer: the family's name table, for instance, is left in c.in */
static int ask(uint16_t type, uint8_t cmd, uint16_t flags, int attr, const char *text)
{
	static uint32_t seq;
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf), *in = (struct nlmsghdr *)c.in;
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = 70000 + ++seq;
	genl->cmd = cmd;
	genl->version = 1;
	if (text)
		mnl_attr_put_strz(nlh, attr, text);
	if (mnl_socket_sendto(c.nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		ssize_t n = mnl_socket_recvfrom(c.nl, c.in, sizeof(c.in));

		if (n < 0)
			return -errno;
		if (in->nlmsg_seq != nlh->nlmsg_seq)
			continue;
		if (in->nlmsg_type == NLMSG_ERROR)
			return ((struct nlmsgerr *)mnl_nlmsg_get_payload(in))->error;
		if (!(in->nlmsg_flags & NLM_F_MULTI) || in->nlmsg_type == NLMSG_DONE)
			return 0;
		for (int left = (int)n; mnl_nlmsg_ok(in, left); in = mnl_nlmsg_next(in, &left)) {
			if (in->nlmsg_type == NLMSG_DONE)
				return 0;
		}
		in = (struct nlmsghdr *)c.in;
	}
}

static struct groups find_groups(void)
{
	struct groups g = { .family = c.family };
	const struct nlattr *attr, *group, *a;

	if (ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, CTRL_ATTR_FAMILY_NAME, IAVF_FAMILY_NAME))
		return g;
	mnl_attr_for_each(attr, (struct nlmsghdr *)c.in, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr) {
			const char *name = "";
			uint32_t id = 0;

			mnl_attr_for_each_nested(a, group) {
				if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_NAME)
					name = mnl_attr_get_str(a);
				if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_ID)
					id = mnl_attr_get_u32(a);
			}
			*(strcmp(name, IAVF_MCGRP_TRACE) ? &g.state : &g.trace) = id;
		}
	}
	return g;
}

static int join_group(unsigned int group)
{
	return setsockopt(mnl_socket_get_fd(c.nl), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) ? -errno : 0;
}

/* The same by bind(), which has bits for the first 32 groups only. */
static int bind_group(unsigned int group)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = group <= 32 ? 1u << (group - 1) : 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC), err;

	err = bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ? -errno : 0;
	close(fd);
	return addr.nl_groups ? err : -EPERM;
}

/* Each command, as a question and as a dump: what may be read is answered, the owner's are not there. */
static int each_command(void)
{
	int wrong = 0;

	for (unsigned int cmd = 0; cmd < 256; cmd++) {
		for (unsigned int dump = 0; dump < 2; dump++) {
			int err = ask(c.family, (uint8_t)cmd, dump ? NLM_F_DUMP : 0, 0, NULL), want = -EOPNOTSUPP;

			if (cmd == IAVF_CMD_VF_GET)
				want = dump ? 0 : -EINVAL;
			if (cmd == IAVF_CMD_SESSION_OPEN && !dump)
				want = -EPERM;
			/* 6.1 asks whether one may before it asks whether there is a dump */
			if (err != want && !(cmd == IAVF_CMD_SESSION_OPEN && err == -EPERM)) {
				printf("# command %u%s: %d, not %d\n", cmd, dump ? " (dump)" : "", err, want);
				wrong++;
			}
		}
	}
	return wrong ? 1 : 0;
}

static int nobodys_commands(void *unused)
{
	become_nobody();
	return client_init(&c) ? 2 : each_command();
}

static int nobodys_open(void *force)
{
	become_nobody();
	return client_init(&c) ? 0 : -client_open(&c, force, 0);
}

static int nobodys_groups(void *arg)
{
	const struct groups *g = arg;

	become_nobody();
	if (client_init(&c) || join_group(g->state))
		return 1;
	return join_group(g->trace) == -EPERM && bind_group(g->trace) == -EPERM ? 0 : 2;
}

/* The socket was made by somebody else than uses it: who does needs the capability. */
static int roots_socket(void *unused)
{
	if (client_init(&c))
		return 1;
	become_nobody();
	return -client_open(&c, false, 0);
}

/*
 * Written to without an address, as a set-user-id program would that was given it as its standard output: who made it
 * needs it too.
 */
static int nobodys_socket(void *unused)
{
	struct nlmsghdr *nlh, *in = (struct nlmsghdr *)c.in;

	if (setegid(NOBODY) || seteuid(NOBODY) || client_init(&c) || seteuid(0))
		return 1;
	nlh = client_msg(&c, IAVF_CMD_SESSION_OPEN);
	mnl_attr_put_u32(nlh, IAVF_A_SESSION_ABI, IAVF_ABI);
	mnl_attr_put(nlh, IAVF_A_SESSION_FORCE, 0, NULL);
	if (write(mnl_socket_get_fd(c.nl), nlh, nlh->nlmsg_len) < 0 || recv(mnl_socket_get_fd(c.nl), c.in, sizeof(c.in), 0) < 0)
		return 1;
	return in->nlmsg_type == NLMSG_ERROR ? -((struct nlmsgerr *)mnl_nlmsg_get_payload(in))->error : 0;
}

/* Root of a user namespace, in the host's network namespace. */
static int own_user_namespace(void *arg)
{
	const struct groups *g = arg;

	become_nobody();
	if (unshare(CLONE_NEWUSER))
		return 77;
	if (client_init(&c) || client_open(&c, true, 0) != -EPERM)
		return 1;
	return join_group(g->trace) == -EPERM ? 0 : 2;
}

/* With a socket from before into namespaces of its own: it is still the host's, and gives nothing. */
static int socket_taken_along(void *arg)
{
	become_nobody();
	if (client_init(&c))
		return 1;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return 77;
	return -client_open(&c, true, 0);
}

static int other_netns(void *unused)
{
	if (unshare(CLONE_NEWNET))
		return 77;
	return -client_init(&c);
}

/* The family's number is known, its name is not needed. */
static int guessed_family(void *arg)
{
	const struct groups *g = arg;
	int err, dump;

	become_nobody();
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return 77;
	client_init(&c);
	if (!c.nl)
		return 1;
	c.family = g->family;
	err = client_open(&c, true, 0);
	dump = ask(g->family, IAVF_CMD_VF_GET, NLM_F_DUMP, 0, NULL);
	return (err == -ENOENT || err == -EOPNOTSUPP) && dump == err ? 0 : -err ?: 3;
}

static unsigned int heard(void)
{
	unsigned int n = 0;

	while (recv(mnl_socket_get_fd(c.nl), c.in, sizeof(c.in), MSG_DONTWAIT) > 0)
		n++;
	return n;
}

/* Joined by number in namespaces of its own, where that may work: nothing of the host's arrives. Until fd says so. */
struct listener {
	struct groups *g;
	int ready[2], over[2];
};

static int listen_elsewhere(void *arg)
{
	struct listener *l = arg;
	int one = 1;
	char byte;

	become_nobody();
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return 77;
	client_init(&c);
	setsockopt(mnl_socket_get_fd(c.nl), SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &one, sizeof(one));
	join_group(l->g->trace);
	join_group(l->g->state);
	/* may fail, above; the socket is bound after that */
	if (write(l->ready[1], "x", 1) != 1 || read(l->over[0], &byte, 1) != 1)
		return 1;
	return heard() ? 2 : 0;
}

/* Something is said on both groups while it listens; root hears it, which is the proof that it was. */
static void eavesdropping(struct cases *t, struct groups *g, const char *ifname)
{
	struct listener l = { .g = g };
	int status = 0, pid, err;
	unsigned int mine = 0;
	char cmd[128], byte;

	if (pipe(l.ready) || pipe(l.over))
		return;
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(listen_elsewhere(&l));
	close(l.ready[1]);
	client_init(&c);
	err = join_group(g->trace) ?: join_group(g->state);
	verdict(t, "root-traces", !err, err, "");
	if (read(l.ready[0], &byte, 1) == 1) {
		snprintf(cmd, sizeof(cmd), "ethtool -S %s >/dev/null; ip link set %s allmulticast on; ip link set %s allmulticast off",
			 ifname, ifname, ifname);
		for (int i = 0; i < 50 && !mine; i++) {
			err = system(cmd);
			usleep(20000);
			mine += heard();
		}
		err = write(l.over[1], "x", 1) != 1;
	}
	waitpid(pid, &status, 0);
	verdict(t, "something-to-hear", mine > 0, (int)mine, "");
	verdict(t, "nothing-heard-elsewhere", WIFEXITED(status) && !WEXITSTATUS(status), status, "");
	client_close(&c);
}

int main(int argc, char **argv)
{
	struct cases t = { 0 };
	struct groups g;
	int err;

	if (argc != 2 || client_init(&c))
		return 2;
	g = find_groups();
	verdict(&t, "groups", g.state && g.trace, 0, "");
	client_close(&c);
	/* forget what belongs to a socket that is closed */
	memset(&c, 0, sizeof(c));

	err = child(nobodys_commands, NULL);
	verdict(&t, "nobody-each-command", !err, err, "");
	err = child(nobodys_open, NULL);
	verdict(&t, "nobody-opens", err == -EPERM, err, "");
	err = child(nobodys_open, &g);
	verdict(&t, "nobody-takes-over", err == -EPERM, err, "");
	err = child(nobodys_groups, &g);
	verdict(&t, "nobody-groups", !err, err, "");
	err = child(roots_socket, NULL);
	verdict(&t, "socket-of-root", err == -EPERM, err, "");
	err = child(nobodys_socket, NULL);
	verdict(&t, "socket-of-nobody", err == -EPERM, err, "");
	err = child(own_user_namespace, &g);
	verdict(&t, "own-user-namespace", !err, err, "");
	err = child(socket_taken_along, NULL);
	verdict(&t, "socket-taken-along", err == -EPERM, err, "");
	err = child(other_netns, NULL);
	verdict(&t, "root-of-another-netns", err == -ENOENT, err, "");
	err = child(guessed_family, &g);
	verdict(&t, "family-by-number", !err, err, "");
	eavesdropping(&t, &g, argv[1]);
	return t.failed != 0;
}

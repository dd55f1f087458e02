// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Owners that take the session from each other, VFs that come, go and reset, users that ask: all at
 * once, for SECONDS, at random from SEED. The kernel's own checks are the judge; here only that
 * messages read are whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "../owner/client.h"

#define DEVICE	"/dev/iavf_session_test"

static time_t end;
static unsigned long counts[64];

static void order(const char *line)
{
	int fd = open(DEVICE, O_WRONLY);

	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		counts[0]++;
	close(fd);
}

static void send_something(struct client *c)
{
	static char data[IAVF_RECORD_MAX];
	struct nlmsghdr *nlh;

	if (!c->vf)
		return;
	if (rand() % 3) {
		nlh = client_vf_msg(c, IAVF_CMD_MBX_SEND);
		mnl_attr_put_u32(nlh, IAVF_A_MSG_SEQ, ++c->send_seq);
		mnl_attr_put_u32(nlh, IAVF_A_MSG_OPCODE, 1);
		mnl_attr_put(nlh, IAVF_A_MSG_PAYLOAD, rand() % 4096, data);
	} else {
		nlh = client_vf_msg(c, IAVF_CMD_RECORD_SET);
		mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_SEND, c->send_seq);
		mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_RECV, c->seq);
		mnl_attr_put(nlh, IAVF_A_MSG_RECORD, rand() % 50000, data);
	}
	if (write(c->fd, nlh, nlh->nlmsg_len) < 0)
		counts[1]++;
}

static void answer(struct client *c, const struct nlmsghdr *in)
{
	uint32_t id = mnl_attr_get_u32(client_attr(in, IAVF_A_MSG_REQUEST));
	struct nlmsghdr *nlh;

	if (rand() % 4 == 0)
		return;
	c->vf = mnl_attr_get_u32(client_attr(in, IAVF_A_MSG_VF));
	c->generation = mnl_attr_get_u32(client_attr(in, IAVF_A_MSG_GENERATION));
	nlh = client_vf_msg(c, IAVF_CMD_REPLY);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_REQUEST, id);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_ERRNO, rand() % 3);
	if (write(c->fd, nlh, nlh->nlmsg_len) < 0)
		counts[1]++;
}

static void take(struct client *c, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct nlattr *generation = client_attr(nlh, IAVF_A_MSG_GENERATION);

	if (nlh->nlmsg_type == NLMSG_ERROR)
		return;
	if (genl->cmd >= 64)
		abort();
	counts[genl->cmd]++;
	if (genl->cmd == IAVF_CMD_REQUEST)
		answer(c, nlh);
	if (genl->cmd == IAVF_CMD_MBX_RECV)
		c->seq = mnl_attr_get_u32(client_attr(nlh, IAVF_A_MSG_SEQ));
	if (generation) {
		c->vf = mnl_attr_get_u32(client_attr(nlh, IAVF_A_MSG_VF));
		c->generation = mnl_attr_get_u32(generation);
	}
}

static bool read_some(struct client *c)
{
	static char buf[128 * 1024];
	size_t size = rand() % 4 ? (size_t)rand() % 6000 : sizeof(buf);
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	int rest;

	poll(&p, 1, rand() % 20);
	rest = (int)read(c->fd, buf, size);
	if (rest < 0)
		return errno == EAGAIN || errno == EMSGSIZE;
	for (; mnl_nlmsg_ok(nlh, rest); nlh = mnl_nlmsg_next(nlh, &rest))
		take(c, nlh);
	if (rest) {
		fprintf(stderr, "%d bytes are not a whole message\n", rest);
		abort();
	}
	return true;
}

static void owner(void)
{
	static struct client c;
	int rounds;

	while (time(NULL) < end) {
		if (client_init(&c) || client_open(&c, rand() % 2, 0)) {
			client_close(&c);
			usleep(1000);
			continue;
		}
		fcntl(c.fd, F_SETFL, O_NONBLOCK);
		for (rounds = rand() % 300; rounds && read_some(&c); rounds--)
			send_something(&c);
		client_close(&c);
	}
}

static void world(void)
{
	char line[64];

	while (time(NULL) < end) {
		switch (rand() % 8) {
		case 0:
			order("add");
			continue;
		case 1:
			snprintf(line, sizeof(line), "del %d", rand() % 8);
			break;
		case 2:
			snprintf(line, sizeof(line), "reset %d %d", rand() % 8, rand() % 4);
			break;
		case 3:
			snprintf(line, sizeof(line), "recv %d %d", rand() % 8, rand() % 10);
			break;
		case 4:
			snprintf(line, sizeof(line), "ready %d %d", rand() % 8, rand() % 100);
			break;
		default:
			snprintf(line, sizeof(line), "changed %d %d", rand() % 8, rand() % 5);
			break;
		}
		order(line);
		if (rand() % 8 == 0)
			usleep(1000);
	}
}

static void user(void)
{
	char line[64];

	while (time(NULL) < end) {
		snprintf(line, sizeof(line), "request %d %d 0", rand() % 8, rand() % 5);
		order(line);
		usleep(1000);
	}
}

static void start(void (*job)(void), const char *name, unsigned int seed)
{
	int i;

	if (fork())
		return;
	srand(seed);
	job();
	printf("# %s:", name);
	for (i = 0; i < 64; i++) {
		if (counts[i])
			printf(" %d=%lu", i, counts[i]);
	}
	printf("\n");
	exit(0);
}

int main(int argc, char **argv)
{
	unsigned int seed = argc > 2 ? (unsigned int)atoi(argv[2]) : (unsigned int)time(NULL);
	int status, failed = 0;

	end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 20);
	printf("# seed %u\n", seed);
	fflush(stdout);
	start(owner, "owner", seed);
	start(owner, "owner", seed + 1);
	start(owner, "owner", seed + 2);
	start(world, "world", seed + 3);
	start(world, "world", seed + 4);
	start(user, "user", seed + 5);
	start(user, "user", seed + 6);
	start(user, "user", seed + 7);
	while (wait(&status) > 0)
		failed |= status;
	printf("%s stress\n", failed ? "not ok" : "ok");
	return failed != 0;
}

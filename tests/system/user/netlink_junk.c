// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Malformed generic netlink: netlink_junk SEED SECONDS [UID]. The judge is the kernel log, and that the family answers as
 * before. Never a well-formed takeover: a daemon that runs stays the owner.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "../owner/cases.h"
#include "../owner/client.h"

#define BIG	(256 * 1024)

static struct client c;
static unsigned int seed;
static unsigned long sent, refused_sends, answers, errors;
static char buf[BIG];

static uint32_t rnd(uint32_t below)
{
	return (uint32_t)rand_r(&seed) % below;
}

static void junk(void *to, size_t len)
{
	unsigned char *p = to;

	while (len--)
		*p++ = (unsigned char)rnd(256);
}

static int sock(void)
{
	return mnl_socket_get_fd(c.nl);
}

/* Take what comes, in whatever pieces. */
static void drain(void)
{
	static char in[64 * 1024];
	ssize_t n;

	while ((n = recv(sock(), in, rnd(4) ? sizeof(in) : rnd(200), MSG_DONTWAIT | (rnd(8) ? 0 : MSG_TRUNC))) >= 0) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)in;

		answers++;
		if (n >= (ssize_t)sizeof(*nlh) && nlh->nlmsg_type == NLMSG_ERROR)
			errors++;
	}
}

static void push(const void *data, size_t len)
{
	sent++;
	if (send(sock(), data, len, MSG_DONTWAIT) < 0)
		refused_sends++;
}

static struct nlmsghdr *head(void *to, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(to);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = c.family;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = rnd(0xffffffff);
	genl->cmd = cmd;
	genl->version = rnd(8) ? 1 : (uint8_t)rnd(256);
	genl->reserved = rnd(8) ? 0 : (uint16_t)rnd(65536);
	return nlh;
}

static uint16_t some_flags(void)
{
	return rnd(3) ? NLM_F_REQUEST | (rnd(2) ? NLM_F_ACK : 0) | (rnd(3) ? 0 : NLM_F_DUMP) : (uint16_t)rnd(65536);
}

static uint8_t some_command(void)
{
	static const uint8_t mine[] = { IAVF_CMD_VF_GET, IAVF_CMD_VF_GET, IAVF_CMD_SESSION_OPEN, IAVF_CMD_VF_NTF };

	return rnd(3) ? mine[rnd(sizeof(mine))] : (uint8_t)rnd(256);
}

static void random_bytes(void)
{
	size_t len = rnd(3) ? rnd(200) : rnd(BIG);

	junk(buf, len);
	push(buf, len);
}

static void wrong_length(void)
{
	static const uint32_t lengths[] = { 0, 1, 15, 16, 17, 19, 20, 21, 65535, 0x7fffffff, 0xffffffff };
	struct nlmsghdr *nlh = head(buf, some_command(), some_flags());

	mnl_attr_put_u32(nlh, rnd(50), rnd(0xffffffff));
	size_t len = nlh->nlmsg_len;

	nlh->nlmsg_len = rnd(2) ? lengths[rnd(sizeof(lengths) / sizeof(lengths[0]))] : rnd(100);
	push(buf, rnd(2) ? len : rnd((uint32_t)len + 64));
}

/* What is forced is left out: a junk message may be a good one. */
static uint16_t some_type(uint8_t cmd)
{
	uint16_t type = (uint16_t)(rnd(8) ? rnd(60) : rnd(65536));

	if (cmd == IAVF_CMD_SESSION_OPEN && (type & NLA_TYPE_MASK) == IAVF_A_SESSION_FORCE)
		type++;
	return type | (rnd(6) ? 0 : NLA_F_NESTED) | (rnd(6) ? 0 : NLA_F_NET_BYTEORDER);
}

static void attributes(void)
{
	uint8_t cmd = some_command();
	struct nlmsghdr *nlh = head(buf, cmd, some_flags());
	unsigned int count = rnd(4) ? rnd(6) : rnd(2000);

	while (count--) {
		struct nlattr *attr = (struct nlattr *)(buf + NLMSG_ALIGN(nlh->nlmsg_len));
		size_t len = rnd(10) ? rnd(16) : rnd(5000);

		if (nlh->nlmsg_len + len + 64 > BIG / 2)
			break;
		attr->nla_type = some_type(cmd);
		attr->nla_len = (uint16_t)(rnd(4) ? len + 4 : rnd(65536));
		junk(attr + 1, len);
		nlh->nlmsg_len += NLMSG_ALIGN(len + 4);
	}
	push(buf, nlh->nlmsg_len);
}

/* Each attribute of the family's requests, in each length that an integer or a short text may have. */
static void each_attribute(void)
{
	for (uint16_t type = 0; type < 42; type++) {
		for (unsigned int len = 0; len < 10; len++) {
			uint8_t cmd = rnd(2) ? IAVF_CMD_VF_GET : IAVF_CMD_SESSION_OPEN;
			struct nlmsghdr *nlh = head(buf, cmd, NLM_F_REQUEST | NLM_F_ACK);

			if (cmd == IAVF_CMD_SESSION_OPEN && type == IAVF_A_SESSION_FORCE)
				continue;
			memset(buf + 512, rnd(2) ? 0xff : 'x', 16);
			mnl_attr_put(nlh, type, len, buf + 512);
			push(buf, nlh->nlmsg_len);
		}
		drain();
	}
}

static void nested_deep(void)
{
	struct nlmsghdr *nlh = head(buf, some_command(), NLM_F_REQUEST);
	unsigned int depth = rnd(3000);
	char *at = buf + nlh->nlmsg_len;

	for (unsigned int i = 0; i < depth; i++, at += 4) {
		struct nlattr *attr = (struct nlattr *)at;

		attr->nla_type = (uint16_t)(rnd(50) | NLA_F_NESTED);
		attr->nla_len = (uint16_t)((depth - i) * 4);
	}
	nlh->nlmsg_len += depth * 4;
	push(buf, nlh->nlmsg_len);
}

/* A thousand in one sendmsg(), dumps among them. */
static void batch(void)
{
	size_t len = 0;

	for (unsigned int n = rnd(1000); n && len < BIG - 256; n--) {
		struct nlmsghdr *nlh = head(buf + len, some_command(), some_flags());

		if (rnd(2))
			mnl_attr_put_u32(nlh, IAVF_A_VF_ID, rnd(4));
		len += NLMSG_ALIGN(nlh->nlmsg_len);
	}
	push(buf, len);
}

/* A dump that is begun and not read, or read a little; another one beside it; the socket closed over it. */
static void dumps(void)
{
	for (unsigned int n = 1 + rnd(4); n; n--) {
		struct nlmsghdr *nlh = head(buf, IAVF_CMD_VF_GET, NLM_F_REQUEST | NLM_F_DUMP);

		push(buf, nlh->nlmsg_len);
		if (rnd(2))
			recv(sock(), buf, rnd(100), MSG_DONTWAIT);
	}
	if (rnd(3))
		return;
	uint16_t family = c.family;

	client_close(&c);
	if (client_init(&c)) {
		printf("not ok netlink-junk-socket\n");
		exit(1);
	}
	c.family = family;
}

static void addresses(void)
{
	struct nlmsghdr *nlh = head(buf, IAVF_CMD_VF_GET, NLM_F_REQUEST | NLM_F_DUMP);
	struct iovec iov[8] = { { buf, nlh->nlmsg_len } };
	struct sockaddr_storage addr;
	struct msghdr msg = { &addr, rnd(sizeof(addr)), iov, 1, NULL, 0, 0 };
	char control[128];

	junk(&addr, sizeof(addr));
	if (rnd(3)) {
		struct sockaddr_nl *nl = (struct sockaddr_nl *)&addr;

		nl->nl_family = AF_NETLINK;
		nl->nl_pad = 0;
		nl->nl_pid = rnd(2) ? 0 : rnd(5000);
		nl->nl_groups = rnd(2) ? 0 : rnd(0xffffffff);
		msg.msg_namelen = sizeof(*nl);
	}
	if (!rnd(3)) {
		junk(control, sizeof(control));
		msg.msg_control = control;
		msg.msg_controllen = rnd(sizeof(control));
	}
	if (!rnd(3)) {
		msg.msg_iovlen = 1 + rnd(8);
		for (unsigned int i = 0; i < msg.msg_iovlen; i++)
			iov[i] = (struct iovec){ rnd(8) ? buf + rnd(100) : (void *)16, rnd(100) };
	}
	sent++;
	if (sendmsg(sock(), &msg, MSG_DONTWAIT) < 0)
		refused_sends++;
}

static void options(void)
{
	unsigned int value = rnd(2) ? rnd(64) : rnd(0xffffffff);

	/* not receive buffer sizes and the like: those are the socket's own */
	setsockopt(sock(), SOL_NETLINK, (int)rnd(16), &value, rnd(2) ? sizeof(value) : rnd(9));
}

static bool answers_still(int *err)
{
	client_close(&c);
	*err = client_init(&c);
	if (*err)
		return false;
	/* neither id nor pci */
	*err = client_genl(&c, IAVF_CMD_VF_GET);
	return *err == -EINVAL;
}

int main(int argc, char **argv)
{
	static void (*const kinds[])(void) = {
		random_bytes, wrong_length, wrong_length, attributes, attributes, each_attribute, nested_deep, batch, dumps,
		addresses, addresses, options,
	};
	struct cases t = { 0 };
	time_t end;
	int err = 0;
	bool ok;

	seed = argc > 1 ? (unsigned int)atoi(argv[1]) : 1;
	end = time(NULL) + (argc > 2 ? atoi(argv[2]) : 10);
	if (argc > 3 && (setgid((gid_t)atoi(argv[3])) || setuid((uid_t)atoi(argv[3]))))
		return 2;
	if (client_init(&c))
		return 2;
	while (time(NULL) < end) {
		kinds[rnd(sizeof(kinds) / sizeof(kinds[0]))]();
		drain();
	}
	printf("# seed %s: %lu messages, %lu not sent, %lu answers, %lu of them errors\n", argc > 1 ? argv[1] : "1", sent, refused_sends,
	       answers, errors);
	verdict(&t, "netlink-junk-refused", errors > 100, (int)errors, "");
	ok = answers_still(&err);
	verdict(&t, "netlink-junk-answers-still", ok, err, c.why);
	client_close(&c);
	return t.failed != 0;
}

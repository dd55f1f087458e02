// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract of the session descriptor, tested from user space against a driver without hardware
 * (session_test.ko). Prints "ok NAME" or "not ok NAME" lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "../owner/cases.h"
#include "../owner/client.h"

#define DEVICE	"/dev/iavf_session_test"

static int order(const char *line)
{
	int fd = open(DEVICE, O_WRONLY), err = 0;

	if (fd < 0) {
		perror(DEVICE);
		exit(1);
	}
	if (write(fd, line, strlen(line)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

struct asker {
	pid_t pid;
	int64_t start, ms;	/* ms: how long it took */
};

/* A request in a process of its own. */
static struct asker ask(const char *line)
{
	struct asker a = { .start = now_ms() };

	fflush(stdout);
	a.pid = fork();
	if (!a.pid) {
		close_range(3, ~0U, 0);	/* the session's owner may go meanwhile */
		_exit(-order(line));
	}
	return a;
}

/* Its result, 0 or -errno; -EINTR when it was killed. */
static int answer_of(struct asker *a)
{
	int status;

	waitpid(a->pid, &status, 0);
	a->ms = now_ms() - a->start;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

static bool between(struct asker *a, int from, int to)
{
	if (a->ms >= from && a->ms <= to)
		return true;
	printf("# took %d ms, not %d to %d\n", (int)a->ms, from, to);
	return false;
}

static uint32_t get(const struct nlmsghdr *nlh, int type)
{
	struct nlattr *attr = nlh ? client_attr(nlh, type) : NULL;

	return attr ? mnl_attr_get_u32(attr) : 0xdeadbeef;
}

/* Is an attribute of the VF in the message's state? */
static bool said(const struct nlmsghdr *nlh, int type)
{
	struct nlattr *state = nlh ? client_attr(nlh, IAVF_A_MSG_STATE) : NULL, *attr;

	if (!state)
		return false;
	mnl_attr_for_each_nested(attr, state) {
		if (mnl_attr_get_type(attr) == type)
			return true;
	}
	return false;
}

static int reply(struct client *c, uint32_t id, int err, const char *why)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_REPLY);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_REQUEST, id);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_ERRNO, err);
	if (why)
		mnl_attr_put_strz(nlh, IAVF_A_MSG_MESSAGE, why);
	return client_send(c, nlh);
}

static int accept_request(struct client *c, uint32_t id)
{
	struct nlmsghdr *nlh = client_msg(c, IAVF_CMD_ACCEPT);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_VF, c->vf);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_REQUEST, id);
	return client_send(c, nlh);
}

static int record(struct client *c, uint32_t send, uint32_t recv, const void *data, size_t len)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_RECORD_SET);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_SEND, send);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_RECV, recv);
	mnl_attr_put(nlh, IAVF_A_MSG_RECORD, len, data);
	return client_send(c, nlh);
}

/* absence -1: an owner of the version before, which knows nothing of it */
static int commit_absence(struct client *c, int vsi, int absence, int grace_ms)
{
	struct nlmsghdr *nlh = client_vf_msg(c, IAVF_CMD_VF_COMMIT);

	if (vsi >= 0)
		mnl_attr_put_u32(nlh, IAVF_A_MSG_VSI_ID, vsi);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_QUEUES, 4);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_MAX_VECTORS, 5);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_MAX_MTU, 9710);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_FEATURES, 0);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_TX_TAG, IAVF_VLAN_TAG_L2TAG1);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_RX_TAG, IAVF_VLAN_TAG_L2TAG2);
	mnl_attr_put_strz(nlh, IAVF_A_MSG_DEGRADED, "fewer queues");
	if (absence >= 0) {
		mnl_attr_put_u32(nlh, IAVF_A_MSG_ON_ABSENCE, absence);
		mnl_attr_put_u32(nlh, IAVF_A_MSG_GRACE_MS, grace_ms);
	}
	return client_send(c, nlh);
}

static int commit(struct client *c, int vsi)
{
	return commit_absence(c, vsi, -1, 0);
}

/* attach and read until vf-sync of the first VF; no other message may come between */
static int attach(struct client *c, bool force)
{
	int err = client_init(c);

	if (err)
		return err;
	err = client_open(c, force, 0);
	if (err)
		return err;
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	return client_wait(c, IAVF_CMD_VF_SYNC, 1000) ? 0 : -ETIME;
}

static bool quiet(struct client *c)
{
	char byte[1];
	struct pollfd p = { .fd = c->fd, .events = POLLIN };

	return c->inbox_at >= c->inbox_len && poll(&p, 1, 0) == 0 && read(c->fd, byte, 1) < 0 &&
	       errno == EAGAIN;
}

static void no_owner(struct cases *t)
{
	struct asker a = ask("request 0 2 0");
	int err = answer_of(&a);

	verdict(t, "no-owner-ever", err == -ENOTCONN && between(&a, 0, 300), err, "");
}

static void opening(struct cases *t, struct client *c)
{
	static struct client other;
	struct nlmsghdr *nlh;
	int err;

	err = attach(c, false);
	verdict(t, "attach", !err && c->vf == 1, err, c->why);
	verdict(t, "cloexec", fcntl(c->fd, F_GETFD) & FD_CLOEXEC, 0, "");
	verdict(t, "poll-quiet", quiet(c), 0, "");
	client_init(&other);
	refused(t, "second-owner", EBUSY, client_open(&other, false, 0), other.why);
	verdict(t, "second-owner-pid", atoi(other.why + 8) == getpid(), 0, other.why);
	refused(t, "wrong-abi", EPROTO, client_open(&other, true, 99), other.why);
	client_close(&other);
	verdict(t, "still-owner", quiet(c), 0, "");
	nlh = client_vf_msg(c, IAVF_CMD_VF_RESET);
	nlh->nlmsg_type++;
	refused(t, "wrong-type", EINVAL, client_send(c, nlh), c->why);
	refused(t, "commit-without-vsi", EINVAL, commit(c, -1), c->why);
	verdict(t, "commit-sentence", !strcmp(c->why, "vf-commit without vsi-id"), 0, c->why);
	verdict(t, "commit-driver-says-no", commit(c, 1) == -ERANGE, 0, c->why);
	err = commit(c, 9);
	verdict(t, "commit", !err, err, c->why);
}

static void mailbox(struct cases *t, struct client *c)
{
	struct nlmsghdr *nlh;
	char data[4096];
	size_t len = 0;
	int err, i;

	memset(data, 0x5a, sizeof(data));
	err = client_mbx(c, 1, -1, data, sizeof(data));
	verdict(t, "send", !err, err, c->why);
	nlh = client_wait(c, IAVF_CMD_MBX_RECV, 500);
	verdict(t, "recv", nlh && get(nlh, IAVF_A_MSG_SEQ) == 1 && get(nlh, IAVF_A_MSG_STATUS) == 7 &&
		mnl_attr_get_payload_len(client_attr(nlh, IAVF_A_MSG_PAYLOAD)) == 4096, 0, "");
	c->send_seq--;
	refused(t, "seq-again", EINVAL, client_mbx(c, 1, -1, NULL, 0), c->why);
	order("mode 0 1");
	for (i = 0; i < 31 && !err; i++)
		err = client_mbx(c, 2, 3, NULL, 0);
	verdict(t, "send-32", !err, err, c->why);
	refused(t, "log-full", EAGAIN, client_mbx(c, 2, -1, NULL, 0), c->why);
	c->send_seq--;
	refused(t, "covers-too-much", EINVAL, record(c, 99, 0, "x", 1), c->why);
	refused(t, "covers-recv-too-much", EINVAL, record(c, 1, 2, "x", 1), c->why);
	err = record(c, 31, 1, data, 4000);
	verdict(t, "record", !err, err, c->why);
	order("mode 0 13");
	refused(t, "send-refused", EACCES, client_mbx(c, 3, -1, NULL, 0), c->why);
	c->send_seq--;
	order("mode 0 0");
	err = client_mbx(c, 3, -1, "abc", 3);
	verdict(t, "send-after-refusal-same-seq", !err, err, c->why);
	verdict(t, "recv-2", client_reply(c, 3, data, &len, 500) == 7 && len == 3, (int)len, "");
	c->generation--;
	refused(t, "stale-record", ESTALE, record(c, 31, 1, "x", 1), c->why);
	refused(t, "stale-reply", ESTALE, reply(c, 1, 0, NULL), c->why);
	c->generation++;
	verdict(t, "quiet-again", quiet(c), 0, "");
}

/* Read all of an attach into a list of commands. */
static int adopt(struct client *c, uint8_t *cmds, int max, struct nlmsghdr *(*wait)(struct client *c))
{
	struct nlmsghdr *nlh;
	int n = 0;

	while (n < max && (nlh = wait(c))) {
		cmds[n] = ((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd;
		if (cmds[n++] == IAVF_CMD_VF_SYNC)
			break;
	}
	return n;
}

static struct nlmsghdr *any(struct client *c)
{
	static char buf[CLIENT_BUF];
	ssize_t n;
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	size_t size;

	if (poll(&p, 1, 500) <= 0)
		return NULL;
	/* grow the buffer slowly: each message comes alone, and too small a read loses none */
	for (size = 16; size <= sizeof(buf); size += 16) {
		n = read(c->fd, buf, size);
		if (n > 0)
			return (struct nlmsghdr *)buf;
		if (errno != EMSGSIZE)
			return NULL;
	}
	return NULL;
}

static void adoption(struct cases *t, struct client *c)
{
	static struct client next;
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	uint8_t cmds[64];
	int err, n;

	client_init(&next);
	err = client_open(&next, true, 0);
	verdict(t, "takeover", !err, err, next.why);
	verdict(t, "old-hup", poll(&p, 1, 0) == 1 && p.revents == POLLHUP, p.revents, "");
	verdict(t, "old-read", read(c->fd, cmds, 1) < 0 && errno == ESTALE, errno, "");
	verdict(t, "old-write", client_send(c, client_vf_msg(c, IAVF_CMD_VF_RESET)) == -ESTALE, 0, "");
	client_close(c);
	n = adopt(&next, cmds, 64, any);
	/* sends 32 and 33, and the reply to 33 */
	verdict(t, "adopt", n == 6 && cmds[0] == IAVF_CMD_VF_ADD && cmds[1] == IAVF_CMD_VF_RECORD &&
		cmds[2] == IAVF_CMD_VF_LOG && cmds[4] == IAVF_CMD_VF_LOG && cmds[5] == IAVF_CMD_VF_SYNC, n, "");
	client_close(&next);
	err = attach(c, false);
	verdict(t, "attach-again", !err && c->send_seq == 33, (int)c->send_seq, c->why);
}

static void big_record(struct cases *t, struct client *c)
{
	static char data[IAVF_RECORD_MAX + 1];
	struct nlmsghdr *nlh;
	struct nlattr *attr;
	int err, i;

	for (i = 0; i < (int)sizeof(data); i++)
		data[i] = (char)(i * 7);
	refused(t, "record-too-big", ERANGE, record(c, 33, 2, data, sizeof(data)), c->why);
	err = record(c, 33, 2, data, IAVF_RECORD_MAX - 1);
	verdict(t, "record-60k", !err, err, c->why);
	client_close(c);
	client_init(c);
	client_open(c, false, 0);
	nlh = client_wait(c, IAVF_CMD_VF_RECORD, 500);
	attr = nlh ? client_attr(nlh, IAVF_A_MSG_RECORD) : NULL;
	verdict(t, "record-60k-back", attr && mnl_attr_get_payload_len(attr) == IAVF_RECORD_MAX - 1 &&
		!memcmp(mnl_attr_get_payload(attr), data, IAVF_RECORD_MAX - 1), 0, "");
	verdict(t, "record-empty-log", client_wait(c, IAVF_CMD_VF_SYNC, 500), 0, "");
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

static void requests(struct cases *t, struct client *c)
{
	struct nlmsghdr *nlh;
	struct asker a;
	uint32_t id;
	int err;

	a = ask("request 0 3 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	verdict(t, "request", nlh && get(nlh, IAVF_A_MSG_VID) == 5, 0, "");
	id = get(nlh, IAVF_A_MSG_REQUEST);
	accept_request(c, id);
	err = reply(c, id, 0, NULL);
	verdict(t, "reply", !err && answer_of(&a) == 0, err, c->why);
	refused(t, "reply-twice", ENOENT, reply(c, id, 0, NULL), c->why);

	a = ask("request 0 2 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	reply(c, get(nlh, IAVF_A_MSG_REQUEST), ENOSPC, "the PF has no room");
	err = answer_of(&a);
	verdict(t, "refusal", err == -ENOSPC, err, "");

	a = ask("request 0 2 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	id = get(nlh, IAVF_A_MSG_REQUEST);
	accept_request(c, id);
	err = answer_of(&a);
	verdict(t, "verdict-clock", err == -ETIMEDOUT && between(&a, 1900, 4900), err, "");
	nlh = client_wait(c, IAVF_CMD_REQUEST_CANCEL, 500);
	verdict(t, "cancel", get(nlh, IAVF_A_MSG_REQUEST) == id, 0, "");

	a = ask("request 0 2 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	id = get(nlh, IAVF_A_MSG_REQUEST);
	accept_request(c, id);
	kill(a.pid, SIGKILL);
	err = answer_of(&a);
	verdict(t, "killed", err == -EINTR && between(&a, 0, 500), err, "");
	nlh = client_wait(c, IAVF_CMD_REQUEST_CANCEL, 500);
	verdict(t, "cancel-killed", get(nlh, IAVF_A_MSG_REQUEST) == id, 0, "");
}

static void clocks(struct cases *t, struct client *c)
{
	struct nlmsghdr *nlh;
	struct asker a;
	uint32_t id;
	int err;

	a = ask("request 0 2 0");
	err = answer_of(&a);
	verdict(t, "accept-clock", err == -ETIMEDOUT && between(&a, 450, 1900), err, "");
	a = ask("request 0 2 0");
	err = answer_of(&a);
	verdict(t, "unresponsive", err == -ETIMEDOUT && between(&a, 0, 200), err, "");
	nlh = client_wait(c, IAVF_CMD_REQUEST_CANCEL, 500);
	verdict(t, "cancel-unread", nlh, 0, "");
	/* having read is a sign of life: one probe */
	a = ask("request 0 2 0");
	err = answer_of(&a);
	verdict(t, "probe-missed", err == -ETIMEDOUT && between(&a, 450, 1900), err, "");
	while (client_wait(c, IAVF_CMD_REQUEST_CANCEL, 50))
		;
	a = ask("request 0 2 0");
	err = answer_of(&a);
	verdict(t, "no-second-early-probe", err == -ETIMEDOUT && between(&a, 0, 200), err, "");
	usleep(2100 * 1000);
	a = ask("request 0 2 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	id = get(nlh, IAVF_A_MSG_REQUEST);
	accept_request(c, id);
	reply(c, id, 0, NULL);
	err = answer_of(&a);
	verdict(t, "probe-answered", !err, err, "");
	a = ask("request 0 2 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	verdict(t, "responsive-again", nlh, 0, "");
	id = get(nlh, IAVF_A_MSG_REQUEST);
	accept_request(c, id);
	reply(c, id, 0, NULL);
	answer_of(&a);

	/* who was late says that it is back by accepting what is over */
	a = ask("request 0 2 0");
	err = answer_of(&a);
	nlh = client_wait(c, IAVF_CMD_REQUEST_CANCEL, 500);
	verdict(t, "late", err == -ETIMEDOUT && nlh, err, "");
	refused(t, "accept-late", ENOENT, accept_request(c, get(nlh, IAVF_A_MSG_REQUEST)), c->why);
	for (unsigned int i = 0; i < 2; i++) {
		a = ask("request 0 2 0");
		nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
		verdict(t, i ? "back-stays" : "back-at-once", nlh, 0, "");
		id = get(nlh, IAVF_A_MSG_REQUEST);
		accept_request(c, id);
		if (i)
			break;
		reply(c, id, 0, NULL);
		answer_of(&a);
	}

	/* its owner goes, the next one is given it again after vf-sync */
	client_close(c);
	usleep(600 * 1000);
	err = attach(c, false);
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	verdict(t, "redelivered", !err && get(nlh, IAVF_A_MSG_REQUEST) == id, err, c->why);
	reply(c, id, 0, NULL);
	err = answer_of(&a);
	verdict(t, "redelivered-answered", !err && between(&a, 550, 1500), err, "");

	client_close(c);
	a = ask("request 0 2 0");
	err = answer_of(&a);
	verdict(t, "grace", err == -ENOTCONN && between(&a, 1900, 4900), err, "");
	usleep(3500 * 1000);
	a = ask("request 0 2 0");
	err = answer_of(&a);
	verdict(t, "after-grace", err == -ENOTCONN && between(&a, 0, 200), err, "");
	err = attach(c, false);
	verdict(t, "attach-after-grace", !err, err, c->why);
}

/* What the driver was told last. */
static bool absence_is(int what)
{
	char line[32];

	snprintf(line, sizeof(line), "absence 0 %d", what);
	return !order(line);
}

static bool absence_becomes(int what, int ms)
{
	int64_t end = now_ms() + ms;

	while (!absence_is(what)) {
		if (now_ms() > end)
			return false;
		usleep(5000);
	}
	return true;
}

/* Nobody controls the VF: no owner, one that has not committed, one that does not answer. */
static void absence(struct cases *t, struct client *c)
{
	struct nlmsghdr *nlh;
	struct asker a;
	int64_t start;
	int err;

	refused(t, "no-such-policy", ERANGE, commit_absence(c, 9, 3, 0), c->why);
	err = commit_absence(c, 9, IAVF_ABSENCE_DOWN, 700);
	verdict(t, "absence-commit", !err && absence_is(IAVF_ABSENCE_HOLD), err, c->why);
	client_close(c);
	start = now_ms();
	verdict(t, "absence-down", absence_becomes(IAVF_ABSENCE_DOWN, 5000) &&
		now_ms() - start >= 650, 0, "");
	err = attach(c, false);
	usleep(300 * 1000);
	verdict(t, "absence-until-commit", !err && absence_is(IAVF_ABSENCE_DOWN), err, c->why);
	commit_absence(c, 9, IAVF_ABSENCE_ISOLATE, 700);
	verdict(t, "absence-undone", absence_becomes(IAVF_ABSENCE_HOLD, 2000), 0, "");
	/* one that comes and goes does not gain time */
	start = now_ms();
	for (err = 0; !err && !absence_is(IAVF_ABSENCE_ISOLATE) && now_ms() - start < 10000;) {
		client_close(c);
		err = attach(c, false);
	}
	verdict(t, "absence-come-and-go", absence_is(IAVF_ABSENCE_ISOLATE), err, "");
	commit_absence(c, 9, IAVF_ABSENCE_ISOLATE, 0);
	verdict(t, "absence-undone-again", absence_becomes(IAVF_ABSENCE_HOLD, 2000), 0, "");
	a = ask("request 0 2 0");
	answer_of(&a);
	verdict(t, "absence-unresponsive", absence_becomes(IAVF_ABSENCE_ISOLATE, 2000), 0, "");
	nlh = client_wait(c, IAVF_CMD_REQUEST_CANCEL, 500);
	accept_request(c, get(nlh, IAVF_A_MSG_REQUEST));
	verdict(t, "absence-responsive", absence_becomes(IAVF_ABSENCE_HOLD, 2000), 0, "");
	commit(c, 9);
	client_close(c);
	usleep(300 * 1000);
	verdict(t, "absence-hold", absence_is(IAVF_ABSENCE_HOLD), 0, "");
	err = attach(c, false);
	verdict(t, "absence-over", !err, err, c->why);
}

/* A question that is not worth waiting for, and for which nobody is blamed. */
static void quick(struct cases *t, struct client *c)
{
	static const uint64_t stats[12] = { [11] = 12 };
	struct nlmsghdr *nlh;
	struct asker a;
	uint32_t id;
	int err;

	a = ask("request 0 6 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	id = get(nlh, IAVF_A_MSG_REQUEST);
	verdict(t, "quick", get(nlh, IAVF_A_MSG_KIND) == IAVF_REQUEST_KIND_STATS, 0, "");
	nlh = client_vf_msg(c, IAVF_CMD_REPLY);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_REQUEST, id);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_ERRNO, 0);
	mnl_attr_put(nlh, IAVF_A_MSG_STATS, sizeof(stats), stats);
	err = client_send(c, nlh);
	verdict(t, "quick-answered", !err && !answer_of(&a), err, c->why);
	for (unsigned int accepted = 0; accepted < 2; accepted++) {
		a = ask("request 0 6 0");
		nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
		id = get(nlh, IAVF_A_MSG_REQUEST);
		if (accepted)
			accept_request(c, id);
		err = answer_of(&a);
		verdict(t, accepted ? "quick-accepted" : "quick-unanswered",
			err == -ETIMEDOUT && between(&a, 90, 450), err, "");
		nlh = client_wait(c, IAVF_CMD_REQUEST_CANCEL, 500);
		verdict(t, "quick-cancel", get(nlh, IAVF_A_MSG_REQUEST) == id, 0, "");
	}
	/* nobody was blamed for it, else this would fail at once */
	a = ask("request 0 2 0");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	verdict(t, "quick-blames-nobody", nlh, 0, "");
	/* now somebody is */
	err = answer_of(&a);
	a = ask("request 0 6 0");
	err = err == -ETIMEDOUT ? answer_of(&a) : err;
	verdict(t, "quick-unresponsive", err == -EAGAIN, err, "");
	accept_request(c, get(nlh, IAVF_A_MSG_REQUEST));
	client_close(c);
	a = ask("request 0 6 0");
	err = answer_of(&a);
	verdict(t, "quick-no-owner", err == -EAGAIN, err, "");
	err = attach(c, false);
	verdict(t, "quick-attach", !err, err, c->why);
}

static void resets(struct cases *t, struct client *c)
{
	struct nlmsghdr *nlh;
	uint32_t old = c->generation;
	int err;

	order("mode 0 0");
	client_mbx(c, 1, -1, NULL, 0);	/* its reply is not read before the reset */
	order("changed 0 0");
	order("reset 0 0");
	order("reset 0 1");
	order("reset 0 2");
	order("recv 0 1");
	nlh = client_wait(c, IAVF_CMD_RESET, 500);
	verdict(t, "reset-started", get(nlh, IAVF_A_MSG_RESET_STEP) == IAVF_RESET_STEP_STARTED &&
		get(nlh, IAVF_A_MSG_GENERATION) == old + 1, 0, "");
	nlh = client_wait(c, IAVF_CMD_RESET, 500);
	verdict(t, "reset-ready", get(nlh, IAVF_A_MSG_RESET_STEP) == IAVF_RESET_STEP_READY, 0, "");
	nlh = client_wait(c, IAVF_CMD_MBX_RECV, 500);
	verdict(t, "recv-of-new-generation", get(nlh, IAVF_A_MSG_OPCODE) == 99, 0, "");
	c->generation = old;
	refused(t, "stale-send", ESTALE, client_mbx(c, 1, -1, NULL, 0), c->why);
	c->generation = old + 1;
	/* replies that nobody reads */
	err = order("recv 0 32");
	verdict(t, "32-unread", !err, err, "");
	err = order("recv 0 1");
	verdict(t, "overrun", err == -ENOBUFS, err, "");
	while (client_wait(c, IAVF_CMD_MBX_RECV, 100))
		;
	err = order("recv 0 1");
	verdict(t, "overrun-until-reset", err == -ENOBUFS, err, "");
	order("reset 0 1");
	err = order("recv 0 1");
	verdict(t, "after-reset", !err && client_wait(c, IAVF_CMD_MBX_RECV, 100), err, "");
}

static void vf_comes_and_goes(struct cases *t, struct client *c)
{
	struct nlmsghdr *nlh;
	struct asker a;
	int err;

	order("add");
	nlh = client_wait(c, IAVF_CMD_VF_ADD, 500);
	verdict(t, "vf-add", get(nlh, IAVF_A_MSG_VF) == 2, 0, "");
	client_wait(c, IAVF_CMD_VF_SYNC, 500);
	order("changed 1 3");
	nlh = client_wait(c, IAVF_CMD_CHANGED, 500);
	verdict(t, "changed", get(nlh, IAVF_A_MSG_VF) == 2 && !said(nlh, IAVF_A_VF_SEND_SEQ), 0, "");
	order("changed 1 3");
	order("ready 1 17");
	nlh = client_wait(c, IAVF_CMD_NETDEV_READY, 500);
	verdict(t, "netdev-ready", get(nlh, IAVF_A_MSG_ERRNO) == 17, 0, "");
	verdict(t, "netdev-ready-says-all", said(nlh, IAVF_A_VF_STATE) && said(nlh, IAVF_A_VF_RX_FLAGS) &&
		said(nlh, IAVF_A_VF_SEND_SEQ) && quiet(c), 0, "");
	a = ask("request 1 0 1");
	nlh = client_wait(c, IAVF_CMD_REQUEST, 500);
	verdict(t, "request-of-second", nlh, 0, "");
	err = order("del 1");
	verdict(t, "del", !err, err, "");
	err = answer_of(&a);
	verdict(t, "del-ends-request", err == -ENODEV && between(&a, 0, 500), err, "");
	nlh = client_wait(c, IAVF_CMD_VF_DEL, 500);
	verdict(t, "vf-del", get(nlh, IAVF_A_MSG_VF) == 2, 0, "");
	order("add");
	order("del 1");
	verdict(t, "unseen-vf-leaves-nothing", quiet(c), 0, "");
}

/* A read that blocks ends with a signal, and with a message. */
static void blocking(struct cases *t, struct client *c)
{
	char buf[4096];
	pid_t pid;
	ssize_t n;

	fcntl(c->fd, F_SETFL, 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		usleep(200 * 1000);
		_exit(-order("changed 0 1"));
	}
	n = read(c->fd, buf, sizeof(buf));
	verdict(t, "blocking-read", n > 0, (int)n, "");
	waitpid(pid, NULL, 0);
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

static void many_sessions(struct cases *t, struct client *c)
{
	int i, err = 0;

	client_close(c);
	for (i = 0; i < 20000 && !err; i++) {
		err = i % 100 ? 0 : client_init(c);
		if (!err)
			err = client_open(c, false, 0);
		close(c->fd);
		if (i % 100 == 99)
			mnl_socket_close(c->nl);
	}
	verdict(t, "20000-sessions", !err, err, c->why);
}

int main(void)
{
	static struct client c;
	struct cases t = { 0 };

	order("add");
	no_owner(&t);
	opening(&t, &c);
	mailbox(&t, &c);
	adoption(&t, &c);
	big_record(&t, &c);
	requests(&t, &c);
	clocks(&t, &c);
	absence(&t, &c);
	quick(&t, &c);
	resets(&t, &c);
	vf_comes_and_goes(&t, &c);
	blocking(&t, &c);
	many_sessions(&t, &c);
	printf("# %u failed\n", t.failed);
	return t.failed != 0;
}

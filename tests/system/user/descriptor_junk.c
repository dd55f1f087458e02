// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The session's descriptor in wrong hands: descriptor_junk SEED SECONDS. Random and mutated messages, pointers that fault, vectors,
 * every other system call on it, sharing and passing it on, closing it in the middle. Run as root without a daemon. The
 * judge is the kernel log, and that the next owner is served.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../owner/cases.h"
#include "../owner/client.h"
#include "ring.h"

#define BIG	(1024 * 1024)

static struct client c;
static unsigned int seed;
static unsigned long writes, taken, reads, sessions, rings;
static char buf[BIG];
static char *edge;	/* BIG bytes that may be used, a page that may not, one that may be read */

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

static void count(ssize_t got)
{
	writes++;
	taken += got > 0;
}

static void session_again(void)
{
	client_close(&c);
	if (client_init(&c) || client_open(&c, rnd(2), 0)) {
		/* the last close of the one before may not be over yet */
		usleep(1000);
		client_close(&c);
		if (client_init(&c) || client_open(&c, true, 0)) {
			printf("not ok descriptor-junk-session\n# %s\n", c.why);
			exit(1);
		}
	}
	fcntl(c.fd, F_SETFL, O_NONBLOCK);
	sessions++;
	client_wait(&c, IAVF_CMD_VF_SYNC, 500);
}

static void random_write(void)
{
	size_t len = rnd(4) ? rnd(300) : rnd(BIG + 1);

	junk(buf, len < 4096 ? len : 4096);
	count(write(c.fd, buf, len));
}

/* A message that is nearly one. */
static struct nlmsghdr *nearly(void)
{
	static const uint8_t commands[] = {
		IAVF_CMD_ACCEPT, IAVF_CMD_REPLY, IAVF_CMD_MBX_SEND, IAVF_CMD_NETDEV_CREATE, IAVF_CMD_NETDEV_UPDATE,
		IAVF_CMD_VF_COMMIT, IAVF_CMD_RECORD_SET, IAVF_CMD_VF_RESET,
	};
	struct nlmsghdr *nlh = client_vf_msg(&c, commands[rnd(rnd(10) ? 7 : 8)]);
	unsigned int n = rnd(30);

	while (n--) {
		uint16_t type = (uint16_t)rnd(IAVF_A_MSG_MAX + 3);
		static char data[70000];

		if (rnd(3))
			mnl_attr_put_u32(nlh, type, rnd(2) ? rnd(10) : rnd(0xffffffff));
		else
			mnl_attr_put(nlh, type, rnd(20) ? rnd(600) : rnd(65000), data);
		if (nlh->nlmsg_len > 100000)
			break;
	}
	return nlh;
}

static void mutated(void)
{
	struct nlmsghdr *nlh = nearly();
	size_t len = nlh->nlmsg_len;

	for (unsigned int n = rnd(4); n; n--)
		((unsigned char *)nlh)[rnd((uint32_t)len)] = (unsigned char)rnd(256);
	if (!rnd(4))
		len = rnd((uint32_t)len + 1);
	if (!rnd(4))
		nlh->nlmsg_len = (uint32_t)len;
	count(write(c.fd, nlh, len));
}

static void mutated_writes(void)
{
	for (unsigned int n = 20; n; n--)
		mutated();
}

/* Good ones too, so that the rest meets a session with a history. */
static void good_write(void)
{
	static const uint32_t version[2] = { 1, 1 };
	struct nlmsghdr *nlh = client_vf_msg(&c, IAVF_CMD_RECORD_SET);

	if (rnd(2)) {
		client_mbx(&c, 1, -1, version, sizeof(version));
		return;
	}
	mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_SEND, c.send_seq);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_RECV, 0);
	junk(buf, 1000);
	mnl_attr_put(nlh, IAVF_A_MSG_RECORD, rnd(1000), buf);
	count(write(c.fd, nlh, nlh->nlmsg_len));
}

static void vectors(void)
{
	static struct iovec iov[1024];
	struct nlmsghdr *nlh = nearly();
	unsigned int n = 1 + rnd(rnd(3) ? 8 : 1024);
	size_t at = 0;

	for (unsigned int i = 0; i < n; i++) {
		size_t left = nlh->nlmsg_len - at, len = i + 1 < n ? rnd((uint32_t)left + 1) / (1 + rnd(20)) : left;

		iov[i] = (struct iovec){ (char *)nlh + at, len };
		at += len;
		if (!rnd(200))
			iov[i].iov_base = (void *)8;
		if (!rnd(400))
			iov[i].iov_len = SIZE_MAX / 2;
	}
	count(writev(c.fd, iov, (int)n));
	for (unsigned int i = 0; i < n; i++)
		iov[i] = (struct iovec){ rnd(50) ? buf : (void *)8, rnd(64) };
	reads += readv(c.fd, iov, (int)n) > 0;
}

static void faults(void)
{
	size_t inside = rnd(4096);
	struct nlmsghdr *nlh = nearly();

	count(write(c.fd, NULL, rnd(100)));
	count(write(c.fd, (void *)-4096L, rnd(100000)));
	/* a good message whose end is beyond the edge */
	if (inside < nlh->nlmsg_len) {
		memcpy(edge + BIG - inside, nlh, inside);
		count(write(c.fd, edge + BIG - inside, nlh->nlmsg_len));
	}
	reads += read(c.fd, NULL, rnd(100000)) > 0;
	reads += read(c.fd, edge + BIG - inside, 100000) > 0;
	/* what may be read and not written */
	reads += read(c.fd, edge + BIG + 4096, 4096) > 0;
}

static void small_reads(void)
{
	for (unsigned int n = rnd(20); n; n--)
		reads += read(c.fd, buf, rnd(4) ? rnd(100) : rnd(BIG)) > 0;
}

/* What a stream does not do is refused; nothing of it waits. */
static void other_calls(void)
{
	int zero = open("/dev/zero", O_RDWR | O_CLOEXEC), pipes[2], value = 1;
	off_t offset = 0;
	void *map;

	if (zero < 0 || pipe2(pipes, O_NONBLOCK | O_CLOEXEC))
		return;
	value = (int)write(pipes[1], buf, 100);
	lseek(c.fd, rnd(100), SEEK_SET);
	reads += pread(c.fd, buf, 100, rnd(100)) > 0;
	count(pwrite(c.fd, buf, 100, rnd(100)));
	value += ftruncate(c.fd, rnd(100)) + fsync(c.fd) + fallocate(c.fd, 0, 0, 100);
	map = mmap(NULL, 4096, PROT_READ, rnd(2) ? MAP_SHARED : MAP_PRIVATE, c.fd, 0);
	if (map != MAP_FAILED)
		munmap(map, 4096);
	ioctl(c.fd, rnd(0xffffffff), buf);
	ioctl(c.fd, FIONREAD, &value);
	splice(pipes[0], NULL, c.fd, NULL, 100, SPLICE_F_NONBLOCK);
	splice(c.fd, NULL, pipes[1], NULL, 100, SPLICE_F_NONBLOCK);
	tee(pipes[0], c.fd, 100, SPLICE_F_NONBLOCK);
	sendfile(c.fd, zero, &offset, 100);
	sendfile(pipes[1], c.fd, &offset, 100);
	copy_file_range(zero, NULL, c.fd, NULL, 100, 0);
	flock(c.fd, LOCK_EX | LOCK_NB);
	fchmod(c.fd, 0777);
	fcntl(c.fd, F_SETLEASE, F_WRLCK);
	fcntl(c.fd, F_SETFL, O_NONBLOCK | (rnd(2) ? O_APPEND : 0) | (rnd(2) ? O_ASYNC : 0) | (rnd(2) ? O_DIRECT : 0));
	fcntl(c.fd, F_SETFL, O_NONBLOCK);
	fcntl(c.fd, F_SETOWN, getpid());
	snprintf(buf, sizeof(buf), "/proc/self/fd/%d", c.fd);
	value += open(buf, O_RDWR | O_CLOEXEC);
	snprintf(buf, sizeof(buf), "/proc/self/fdinfo/%d", c.fd);
	value = open(buf, O_RDONLY | O_CLOEXEC);
	reads += read(value, buf, 1000) > 0;
	close(value);
	close(zero);
	close(pipes[0]);
	close(pipes[1]);
}

static void pollers(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | (rnd(2) ? EPOLLET : 0) };
	struct pollfd p = { .fd = c.fd, .events = (short)rnd(65536) };
	int ep = epoll_create1(EPOLL_CLOEXEC), copy = dup(c.fd);

	poll(&p, 1, 0);
	epoll_ctl(ep, EPOLL_CTL_ADD, c.fd, &event);
	epoll_ctl(ep, EPOLL_CTL_ADD, copy, &event);
	epoll_wait(ep, &event, 1, 0);
	/* the descriptor goes while the set and a copy still have it */
	if (!rnd(4))
		session_again();
	epoll_wait(ep, &event, 1, 0);
	close(rnd(2) ? ep : copy);
	close(ep);
	close(copy);
}

static void *reader(void *fd)
{
	static char in[100000];
	ssize_t got = read((int)(intptr_t)fd, in, sizeof(in));

	return (void *)(intptr_t)got;
}

static void on_signal(int signal)
{
}

/* Closed, and taken over, while another thread waits in read(). */
static void closed_under(void)
{
	struct client *other;
	pthread_t thread;

	fcntl(c.fd, F_SETFL, 0);
	while (poll(&(struct pollfd){ c.fd, POLLIN, 0 }, 1, 0) > 0 && read(c.fd, buf, sizeof(buf)) > 0)
		;
	if (pthread_create(&thread, NULL, reader, (void *)(intptr_t)c.fd))
		return;
	usleep(rnd(3000));
	switch (rnd(3)) {
	case 0:
		pthread_kill(thread, SIGUSR1);
		break;
	case 1:
		other = calloc(1, sizeof(*other));
		if (other && !client_init(other))
			client_open(other, true, 0);
		if (other)
			client_close(other);
		free(other);
		break;
	default:
		close(c.fd);
		c.fd = -1;
		usleep(rnd(1000));
	}
	/* until it is out, it may have to be told again: the signal may have come before the read() */
	while (pthread_tryjoin_np(thread, NULL)) {
		pthread_kill(thread, SIGUSR1);
		usleep(1000);
	}
	session_again();
}

static void child_uses(int fd)
{
	junk(buf, 100);
	for (unsigned int n = rnd(10); n; n--) {
		if (write(fd, buf, rnd(100)) > 0 || read(fd, buf, rnd(4000)) > 0)
			break;
	}
}

/* Forked, and all of them use it; some are killed in the middle. */
static void shared(void)
{
	pid_t pids[4];

	for (unsigned int i = 0; i < 4; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			seed += i;
			child_uses(c.fd);
			_exit(0);
		}
	}
	child_uses(c.fd);
	for (unsigned int i = 0; i < 4; i++) {
		if (rnd(3) == 0)
			kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
}

static int pass(int to, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { (char [1]){ 'x' }, 1 };
	struct msghdr msg = { NULL, 0, &iov, 1, &control, sizeof(control), 0 };

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	return sendmsg(to, &msg, MSG_DONTWAIT) > 0 ? 0 : -errno;
}

/* Passed on by a socket, and closed on the way there: then it ends with the socket. */
static void passed(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return;
	for (unsigned int n = 1 + rnd(5); n; n--)
		pass(pair[0], c.fd);
	/* a circle, for the collector of garbage */
	pass(pair[0], pair[1]);
	if (rnd(2)) {
		close(c.fd);
		c.fd = -1;
	}
	close(pair[0]);
	close(pair[1]);
	if (c.fd < 0)
		session_again();
}

/* Asynchronously, and gone before it is done. */
static void asynchronous(void)
{
	struct nlmsghdr *nlh = nearly();

	rings += ring_junk(c.fd, nlh, nlh->nlmsg_len, buf, sizeof(buf), rnd(0xffffffff));
}

static bool served(int *err)
{
	client_close(&c);
	*err = client_init(&c) ?: client_open(&c, true, 0);
	if (*err || !client_wait(&c, IAVF_CMD_VF_SYNC, 2000))
		return false;
	*err = client_send(&c, client_vf_msg(&c, 200));
	return *err == -EOPNOTSUPP && c.why[0];
}

int main(int argc, char **argv)
{
	static void (*const kinds[])(void) = {
		random_write, mutated_writes, mutated_writes, good_write, vectors, faults, small_reads, other_calls,
		pollers, closed_under, shared, passed, asynchronous, session_again,
	};
	struct sigaction action = { .sa_handler = on_signal };
	struct cases t = { 0 };
	time_t end;
	int err = 0;
	bool ok;

	seed = argc > 1 ? (unsigned int)atoi(argv[1]) : 1;
	end = time(NULL) + (argc > 2 ? atoi(argv[2]) : 10);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGIO, &action, NULL);
	edge = mmap(NULL, BIG + 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (edge == MAP_FAILED || mprotect(edge + BIG, 4096, PROT_NONE) ||
	    mprotect(edge + BIG + 4096, 4096, PROT_READ))
		return 2;
	session_again();
	while (time(NULL) < end)
		kinds[rnd(sizeof(kinds) / sizeof(kinds[0]))]();
	printf("# seed %s: %lu writes, %lu of them taken, %lu reads, %lu sessions, %lu by io_uring\n", argc > 1 ? argv[1] : "1", writes,
	       taken, reads, sessions, rings);
	verdict(&t, "descriptor-junk-writes", writes > 100, (int)writes, "");
	verdict(&t, "descriptor-junk-reads", reads > 10, (int)reads, "");
	ok = served(&err);
	verdict(&t, "descriptor-junk-served", ok, err, c.why);
	client_close(&c);
	return t.failed != 0;
}

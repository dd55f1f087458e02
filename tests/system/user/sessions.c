// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions by the thousand: sessions COUNT [SEED]. One after the other; by many at once that are killed in the middle; with a full
 * descriptor table and a full socket. Memory, the module's references and open files are then what they were. Run as
 * root without a daemon; COUNT 1000000 takes minutes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../owner/cases.h"
#include "../owner/client.h"

#define OWNERS	8
/* What caches of the kernel hold more, or less, at the one moment than at the other, in KiB; a leak is a multiple. */
#define SLACK	1024

static struct client c;

struct usage {
	long slab, references, files;
};

static long number_in(const char *path, const char *key)
{
	char line[256];
	long value = -1;
	FILE *f = fopen(path, "re");

	while (f && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, key, strlen(key))) {
			value = strtol(line + strlen(key), NULL, 10);
			break;
		}
	}
	if (f)
		fclose(f);
	return value;
}

static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	/* twice: what the first frees may be freed after a grace period only */
	for (int i = 0; i < 2 && fd >= 0; i++) {
		if (write(fd, "3", 1) != 1)
			break;
		usleep(300 * 1000);
	}
	close(fd);
}

static struct usage used(void)
{
	struct usage u;

	drop_caches();
	u.slab = number_in("/proc/meminfo", "SUnreclaim:");
	u.references = number_in("/sys/module/iavf_session/refcnt", "");
	u.files = number_in("/proc/sys/fs/file-nr", "");
	return u;
}

static void compare(struct cases *t, const char *name, const struct usage *before, unsigned int count)
{
	struct usage now = used();
	char text[64];

	printf("# %s: slab %ld -> %ld KiB, references %ld -> %ld, files %ld -> %ld\n", name, before->slab, now.slab,
	       before->references, now.references, before->files, now.files);
	snprintf(text, sizeof(text), "%s-memory", name);
	/* the smallest object there is would be 8 bytes a session */
	verdict(t, text, now.slab - before->slab < SLACK + (long)count * 8 / 1024, (int)(now.slab - before->slab), "");
	snprintf(text, sizeof(text), "%s-references", name);
	verdict(t, text, now.references == before->references, (int)now.references, "");
	snprintf(text, sizeof(text), "%s-files", name);
	verdict(t, text, now.files - before->files < 128, (int)(now.files - before->files), "");
}

static int one_after_the_other(unsigned int count)
{
	int err = 0;

	for (unsigned int i = 0; i < count && !err; i++) {
		if (i % 100 == 0)
			err = client_init(&c);
		if (!err)
			err = client_open(&c, false, 0);
		close(c.fd);
		c.fd = -1;
		if (i % 100 == 99)
			client_close(&c);
	}
	client_close(&c);
	return err;
}

/* Opens as often as it can until it is killed; sometimes has something written or read when that happens. */
static void compete(unsigned int seed)
{
	srand(seed);
	while (!client_init(&c)) {
		for (int i = rand() % 50; i; i--) {
			if (client_open(&c, rand() % 2, 0))
				continue;
			if (rand() % 2)
				client_wait(&c, IAVF_CMD_VF_SYNC, rand() % 5);
			if (rand() % 2)
				client_send(&c, client_vf_msg(&c, 200));
			/* of each tenth the kernel is to find the end */
			if (rand() % 10)
				close(c.fd);
			c.fd = -1;
		}
		client_close(&c);
		closefrom(3);
	}
	_exit(0);
}

static unsigned int killed(unsigned int kills, unsigned int seed)
{
	pid_t pids[OWNERS] = { 0 };
	unsigned int done = 0, i;

	srand(seed);
	while (done < kills) {
		i = (unsigned int)rand() % OWNERS;
		if (pids[i]) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
			done++;
		}
		pids[i] = fork();
		if (!pids[i])
			compete((unsigned int)rand());
		usleep((useconds_t)rand() % 5000);
	}
	for (i = 0; i < OWNERS; i++) {
		if (pids[i] > 0) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
	}
	return done;
}

static int opens(void)
{
	int err = client_init(&c) ?: client_open(&c, false, 0);

	client_close(&c);
	return err;
}

/* No room for a descriptor: nobody owns what nobody has. */
static void full_table(struct cases *t)
{
	struct rlimit old, none = { 0, 0 };
	int err;

	client_init(&c);
	getrlimit(RLIMIT_NOFILE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &none);
	err = client_open(&c, false, 0);
	setrlimit(RLIMIT_NOFILE, &old);
	verdict(t, "full-table", err == -EMFILE, err, c.why);
	client_close(&c);
	err = opens();
	verdict(t, "full-table-then", !err, err, c.why);
}

/* No room for the answer: the caller would never hear of its descriptor, so there is neither that nor a session. */
static void full_socket(struct cases *t)
{
	int size = 1, fd, err;

	client_init(&c);
	fd = mnl_socket_get_fd(c.nl);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (unsigned int i = 0; i <= 200; i++) {
		struct nlmsghdr *nlh = client_msg(&c, i < 200 ? IAVF_CMD_VF_GET : IAVF_CMD_SESSION_OPEN);

		if (i == 200)
			mnl_attr_put_u32(nlh, IAVF_A_SESSION_ABI, IAVF_ABI);
		send(fd, nlh, nlh->nlmsg_len, MSG_DONTWAIT);
	}
	err = dup(fd);
	verdict(t, "full-socket-no-descriptor", err == fd + 1, err, "");
	close(err);
	/* with the socket still open */
	{
		static struct client other;

		err = client_init(&other) ?: client_open(&other, false, 0);
		verdict(t, "full-socket-no-session", !err, err, other.why);
		client_close(&other);
	}
	client_close(&c);
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? (unsigned int)atoi(argv[1]) : 20000;
	unsigned int seed = argc > 2 ? (unsigned int)atoi(argv[2]) : (unsigned int)time(NULL);
	struct cases t = { 0 };
	struct usage before;
	int err;

	printf("# seed %u\n", seed);
	/* caches of the kernel are as large as they get */
	err = one_after_the_other(2000);
	killed(20, seed);
	before = used();
	err = err ?: one_after_the_other(count);
	verdict(&t, "sessions", !err, err, c.why);
	compare(&t, "sessions", &before, count);
	before = used();
	killed(count / 100, seed);
	compare(&t, "killed", &before, count / 10);
	err = opens();
	verdict(&t, "killed-then", !err, err, c.why);
	full_table(&t);
	full_socket(&t);
	compare(&t, "after-all", &before, count / 10);
	return t.failed != 0;
}

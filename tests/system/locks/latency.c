// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How long commands take: latency OUT TAG SECONDS [PAUSE] <CALLS. Each line of CALLS is "NAME COMMAND ARGUMENT...", they are
 * run one after the other, again and again, with PAUSE milliseconds in between; SECONDS 0: each once. "@hwaddr IFNAME" instead
 * of a command asks for an address by ioctl. Appends "TAG NAME MILLISECONDS STATUS" to OUT, tab separated; what a command
 * says goes to standard error.
 */
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS_MAX	64
#define ARGS_MAX	24

extern char **environ;

struct call {
	char *name;
	char *argv[ARGS_MAX + 1];
};

static volatile sig_atomic_t stopped;

static void on_signal(int signal)
{
	stopped = 1;
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

static unsigned int read_calls(struct call *calls)
{
	unsigned int n = 0;
	char line[512];

	while (n < CALLS_MAX && fgets(line, sizeof(line), stdin)) {
		unsigned int args = 0;
		char *word = strtok(strdup(line), " \t\n");

		if (!word || *word == '#')
			continue;
		calls[n].name = word;
		while (args < ARGS_MAX && (word = strtok(NULL, " \t\n")))
			calls[n].argv[args++] = word;
		n += args != 0;
	}
	return n;
}

static int hwaddr(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;
	struct ifreq req = { 0 };

	strncpy(req.ifr_name, name, IFNAMSIZ - 1);
	err = ioctl(fd, SIOCGIFHWADDR, &req) ? errno : 0;
	close(fd);
	return err;
}

static int run(char **argv, posix_spawn_file_actions_t *quiet)
{
	int status;
	pid_t pid;

	if (!strcmp(argv[0], "@hwaddr"))
		return hwaddr(argv[1]);
	if (posix_spawnp(&pid, argv[0], quiet, NULL, argv, environ))
		return 127;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	posix_spawn_file_actions_t quiet;
	struct call calls[CALLS_MAX] = { 0 };
	unsigned int n, i, pause;
	int64_t end;
	FILE *out;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: latency OUT TAG SECONDS [PAUSE] <CALLS\n");
		return 2;
	}
	out = fopen(argv[1], "ae");
	n = read_calls(calls);
	if (!out || !n) {
		fprintf(stderr, "latency: %s\n", out ? "no calls" : argv[1]);
		return 2;
	}
	setlinebuf(out);	/* others append to it too */
	sigaction(SIGTERM, &action, NULL);
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
	pause = argc > 4 ? (unsigned int)atoi(argv[4]) : 0;
	end = now_us() + atoi(argv[3]) * 1000000LL;
	do {
		for (i = 0; i < n && !stopped; i++) {
			int64_t start = now_us();
			int status = run(calls[i].argv, &quiet);

			fprintf(out, "%s\t%s\t%.1f\t%d\n", argv[2], calls[i].name, (now_us() - start) / 1e3, status);
			usleep(pause * 1000);
		}
	} while (!stopped && now_us() < end);
	return fclose(out) != 0;
}

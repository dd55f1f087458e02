// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

#define SECONDS		10
#define BYTES_MAX	(1 << 20)

/* The way to ethtool and lspci is not on everybody's PATH. */
static void set_environment(void)
{
	const char *path = getenv("PATH");
	char *all;

	if (asprintf(&all, "%s:/usr/sbin:/usr/bin:/sbin:/bin", path ?: "") > 0)
		setenv("PATH", all, 1);
	setenv("LC_ALL", "C", 1);
	setenv("SYSTEMD_PAGER", "", 1);
	setenv("SYSTEMD_COLORS", "0", 1);
}

static void child(const char *const *argv, int out)
{
	int null = open("/dev/null", O_RDONLY);

	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	set_environment();
	execvp(argv[0], (char *const *)argv);
	_exit(errno == ENOENT ? 127 : 126);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* NULL, or what was wrong. */
static const char *copy(FILE *out, int from)
{
	long long until = now_ms() + SECONDS * 1000, left;
	struct pollfd p = { .fd = from, .events = POLLIN };
	size_t total = 0;
	char buf[4096];
	ssize_t got;

	while ((left = until - now_ms()) > 0) {
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		got = read(from, buf, sizeof(buf));
		if (got <= 0)
			return NULL;
		total += got;
		if (total > BYTES_MAX)
			return "cut: more than 1 MiB";
		fwrite(buf, 1, got, out);
	}
	return "ended: it took more than 10 s";
}

static bool finish(FILE *out, const char *wrong, int status)
{
	if (wrong)
		fprintf(out, "[%s]\n", wrong);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return false;
	else if (WIFEXITED(status) && WEXITSTATUS(status))
		fprintf(out, "[exit status %d]\n", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		fprintf(out, "[signal %d]\n", WTERMSIG(status));
	return true;
}

bool run_program(FILE *out, const char *const argv[RUN_WORDS])
{
	int pair[2], status = 0;
	const char *wrong;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC)) {
		fprintf(out, "[%s]\n", strerror(errno));
		return true;
	}
	pid = fork();
	if (!pid)
		child(argv, pair[1]);
	close(pair[1]);
	wrong = pid < 0 ? strerror(errno) : copy(out, pair[0]);
	close(pair[0]);
	if (wrong && pid > 0)
		kill(pid, SIGKILL);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return finish(out, wrong, status);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

#define LINE_MAX_BYTES	1024

/* JOURNAL_STREAM is "device:inode" of the stream that systemd gave us. */
static bool is_journal(const char *stream, int fd)
{
	unsigned long long dev, inode;
	struct stat st;

	if (!stream || sscanf(stream, "%llu:%llu", &dev, &inode) != 2 || fstat(fd, &st))
		return false;
	return dev == st.st_dev && inode == st.st_ino;
}

void log_init(struct log *log, int level, bool plain)
{
	struct stat st;

	memset(log, 0, sizeof(*log));
	log->level = level;
	log->fd = STDERR_FILENO;
	log->prefix = !plain && is_journal(getenv("JOURNAL_STREAM"), log->fd);
	log->socket = !fstat(log->fd, &st) && S_ISSOCK(st.st_mode);
}

/* A pipe that polls writable takes a line of this size at once, so does a terminal. */
static bool write_pipe(int fd, const char *line, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (poll(&p, 1, 0) != 1 || !(p.revents & POLLOUT))
		return false;
	return write(fd, line, len) == (ssize_t)len;
}

static bool emit(const struct log *log, const char *line, size_t len)
{
	if (log->socket)
		return send(log->fd, line, len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len;
	return write_pipe(log->fd, line, len);
}

static void put(struct log *log, int priority, const char *text)
{
	char line[LINE_MAX_BYTES + 16], prefix[8] = "";
	int len;

	if (log->sink) {
		log->sink(log->sink_ctx, priority, text);
		return;
	}
	if (log->prefix)
		snprintf(prefix, sizeof(prefix), "<%d>", priority);
	len = snprintf(line, sizeof(line), "%s%s\n", prefix, text);
	if (len >= (int)sizeof(line)) {
		len = sizeof(line) - 1;
		line[len - 1] = '\n';
	}
	if (!emit(log, line, len))
		log->lost++;
}

void log_say(struct log *log, int priority, const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	unsigned int lost = log->lost;
	va_list args;

	if (priority > log->level)
		return;
	if (lost) {
		snprintf(text, sizeof(text), "%u lines of this log were lost", lost);
		put(log, LOG_WARNING, text);
		if (log->lost == lost)
			log->lost = 0;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put(log, priority, text);
}

static const char *const words[] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
};

const char *log_level_word(int level)
{
	return words[level & 7];
}

int log_level_from_word(const char *word)
{
	if (word[0] >= '0' && word[0] <= '7' && !word[1])
		return word[0] - '0';
	for (int i = 0; i < 8; i++) {
		if (!strcmp(word, words[i]))
			return i;
	}
	return -1;
}

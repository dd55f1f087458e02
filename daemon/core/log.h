/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line a message, to stderr. Under systemd (JOURNAL_STREAM is our stderr) each line begins with
 * <N>, its priority. A line is never waited for: a network root may hang, the journal with it, and
 * this process is what brings it back. Lines that could not be written are counted.
 */
#ifndef IAVFD_LOG_H
#define IAVFD_LOG_H

#include <stdbool.h>
#include <syslog.h>

struct log {
	int level;		/* LOG_DEBUG says everything */
	int fd;
	bool prefix;		/* <N> before each line */
	bool socket;		/* fd is one */
	unsigned int lost;	/* lines since the last one that got through */
	/* Instead of fd when set; for tests. */
	void (*sink)(void *ctx, int priority, const char *line);
	void *sink_ctx;
};

/* plain: no <N>, whatever stderr is. */
void log_init(struct log *log, int level, bool plain);

__attribute__((format(printf, 3, 4)))
void log_say(struct log *log, int priority, const char *format, ...);

/*
 * "debug", "info", "notice", "warning", "err", "crit", "alert", "emerg" or a number 0..7; -1 for
 * anything else.
 */
int log_level_from_word(const char *word);
/* The reverse; 0..7. */
const char *log_level_word(int level);

#endif

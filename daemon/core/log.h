/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line a message: to the journal with fields, when systemd started us (JOURNAL_STREAM is our
 * stderr), else to stderr. A line is never waited for: a network root may hang, the journal with
 * it, and this process is what brings it back. Lines that could not be written are counted.
 */
#ifndef IAVFD_LOG_H
#define IAVFD_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

struct log {
	int level;		/* LOG_DEBUG says everything */
	int fd;
	bool prefix;		/* <N> before each line */
	bool socket;		/* fd is one */
	const char *journal;	/* path of its socket, NULL: not there */
	int journal_fd;
	unsigned int lost;	/* lines since the last one that got through */
	/* Instead of fd when set; for tests. */
	void (*sink)(void *ctx, int priority, const char *line);
	void *sink_ctx;
};

/* What is worth being found: each has a MESSAGE_ID in the journal (journal.c, iavfd(8)). */
enum log_event {
	LOG_EVENT_NONE,
	LOG_EVENT_ATTACHED,	/* the daemon has the VFs */
	LOG_EVENT_WAITING,	/* it cannot have them, and why */
	LOG_EVENT_TAKEN_OVER,	/* another process has them now */
	LOG_EVENT_VF_READY,
	LOG_EVENT_VF_RESET,	/* it was reset, and is ready again */
	LOG_EVENT_VF_DEGRADED,
	LOG_EVENT_VF_RECOVERED,	/* no longer degraded */
	LOG_EVENT_VF_FAILED,
	LOG_EVENT_VF_GONE,
	LOG_EVENT_ALLOWED,	/* somebody asked for a verb, and may */
	LOG_EVENT_DENIED,
	LOG_EVENTS
};

/* The VF that a line is about. NULL, "" and 0: not known. */
struct log_vf {
	const char *pci;	/* also begins the line */
	const char *ifname, *phase;
	uint32_t generation;
};

/* plain: no <N> and no journal, whatever stderr is. */
void log_init(struct log *log, int level, bool plain);

__attribute__((format(printf, 3, 4)))
void log_say(struct log *log, int priority, const char *format, ...);

__attribute__((format(printf, 4, 5)))
void log_event(struct log *log, int priority, enum log_event event, const char *format, ...);

/* vf->pci and a colon come before the text. */
__attribute__((format(printf, 5, 6)))
void log_vf(struct log *log, int priority, enum log_event event, const struct log_vf *vf,
	    const char *format, ...);

/*
 * "debug", "info", "notice", "warning", "err", "crit", "alert", "emerg" or a number 0..7; -1 for
 * anything else.
 */
int log_level_from_word(const char *word);
/* The reverse; 0..7. */
const char *log_level_word(int level);

#endif

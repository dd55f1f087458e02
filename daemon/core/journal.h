/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal's own protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): one datagram a line, with
 * fields. Written here because sd_journal_sendv() waits for a journal that does not read.
 */
#ifndef IAVFD_JOURNAL_H
#define IAVFD_JOURNAL_H

#include <stddef.h>

#include "log.h"

#define JOURNAL_SOCKET	"/run/systemd/journal/socket"
#define JOURNAL_MAX	2048	/* bytes of a datagram; what does not fit is left out */

/* A socket for journal_send(), or -errno. */
int journal_open(void);

/* Into data of JOURNAL_MAX bytes; how many. vf may be NULL. */
size_t journal_encode(char *data, int priority, enum log_event event, const struct log_vf *vf,
		      const char *text);

/* 0; -EAGAIN: it does not read; -errno: there is none. Never waits. */
int journal_send(int fd, const char *path, const char *data, size_t len);

/* 32 hex digits, NULL without an event. Static. */
const char *journal_event_id(enum log_event event);
/* "vf-ready" and so on. */
const char *journal_event_word(enum log_event event);

#endif

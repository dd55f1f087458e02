/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A private dbus-daemon for tests. */
#ifndef TEST_BROKER_H
#define TEST_BROKER_H

#include <stdbool.h>
#include <sys/types.h>

#define BROKER_OWN	"<allow own='*'/>"	/* anybody may have any name */

/* Its configuration, as DIR/conf: where it listens, and who may have a name. false: not written. */
bool broker_config(const char *dir, const char *address, const char *own);
/* It starts with DIR/conf and dies with the test; it may not listen yet. */
pid_t broker_start(const char *dir);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What waiting means, for the verbs that do. */
#ifndef IAVFCTL_WAIT_H
#define IAVFCTL_WAIT_H

#include "iavfctl.h"

/* It has its interface, and the daemon, where there is one, is done with it. */
bool wait_is_ready(const struct iavfctl_vf *vf);

/* Seconds, or "inf", to milliseconds; -1 for ever, -2 nonsense. */
long long wait_milliseconds(const char *text);

/* CLOCK_MONOTONIC. */
long long wait_now_ms(void);

#endif

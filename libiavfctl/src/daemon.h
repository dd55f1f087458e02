/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to the daemon, for the files of the library. */
#ifndef IAVFCTL_DAEMON_H
#define IAVFCTL_DAEMON_H

#include "bus.h"
#include "ctl.h"

/* Ask, and let take() make something of the answer: 0 or -errno. */
enum iavfctl_error daemon_question(struct iavfctl *ctl, const struct bus_call *call,
				   int (*take)(sd_bus_message *reply, void *data), void *data);

#endif

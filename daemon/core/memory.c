// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "log.h"
#include "memory.h"

/* Below a finite limit every later allocation could fail: worse than being swapped. */
static int lift_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		return -errno;
	if (limit.rlim_cur == RLIM_INFINITY)
		return 0;
	limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
	return setrlimit(RLIMIT_MEMLOCK, &limit) ? -errno : 0;
}

void memory_lock(struct log *log)
{
	int err = lift_limit();

	/* ONFAULT: pages that nobody touches, most of the libraries and buffers, cost nothing. */
	if (!err && mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT))
		err = -errno;
	if (err)
		log_say(log, LOG_INFO, "memory is not locked: %s", strerror(-err));
}

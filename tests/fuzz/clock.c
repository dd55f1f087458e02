// SPDX-License-Identifier: GPL-2.0-or-later
#include "clock.h"

#include <sys/timerfd.h>
#include <time.h>

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *at, struct itimerspec *old);

uint64_t fuzz_now_ns, fuzz_look_ns;

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	fuzz_now_ns += fuzz_look_ns;
	now->tv_sec = fuzz_now_ns / 1000000000;
	now->tv_nsec = fuzz_now_ns % 1000000000;
	return 0;
}

/* Who waits for a timer looks at the clock anyway. */
int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *at, struct itimerspec *old)
{
	return 0;
}

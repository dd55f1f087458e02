/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fault points: where a test build of the daemon dies or stops when it is asked to. There is one
 * on either side of each message that goes over the session descriptor. In any other build this is
 * nothing.
 *
 * A test build prints its points with IAVFD_FAULTS=list. Otherwise IAVFD_FAULTS is a file of
 * POINTS_SIZE bytes that tests write at any time: lines "POINT HIT die" or "POINT HIT stop". The
 * first line is in force; when its point is met for the HITth time the line is blanked out and the
 * process kills or stops itself. So the next daemon meets the next line.
 */
#ifndef IAVFD_KERNEL_POINTS_H
#define IAVFD_KERNEL_POINTS_H

enum point_moment {
	POINT_READ,		/* a message of the kernel, before it is handled */
	POINT_DONE,		/* it is handled */
	POINT_BEFORE,		/* a message of ours is about to be written */
	POINT_AFTER,		/* it is written, or was refused */
};

#ifdef IAVFD_FAULT_POINTS

struct nlmsghdr;

#define POINTS_SIZE	256

void point(enum point_moment moment, const struct nlmsghdr *message);

#else

#define point(moment, message)	do { } while (0)

#endif

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one epoll loop of the process. */
#ifndef AVFSIM_TRANSPORT_LOOP_H
#define AVFSIM_TRANSPORT_LOOP_H

#include <stdint.h>

/*
 * One watched descriptor, embedded in its owner. The owner must outlive the
 * loop_run() in which it removed itself, as events may be waiting already.
 */
struct loop_fd {
	int fd;
	void (*ready)(struct loop_fd *watch, uint32_t events);
};

struct loop {
	int epfd;
};

int loop_init(struct loop *loop);	/* 0 or -errno */
void loop_fini(struct loop *loop);

int loop_add(struct loop *loop, struct loop_fd *watch, uint32_t events);
int loop_modify(struct loop *loop, struct loop_fd *watch, uint32_t events);
void loop_remove(struct loop *loop, struct loop_fd *watch);

/* Wait up to timeout_ms (-1 = for ever) and serve what is ready: the number served or -errno. */
int loop_run(struct loop *loop, int timeout_ms);

#endif

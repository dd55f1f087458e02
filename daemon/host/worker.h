/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One thread that runs jobs, one after the other: lists of steps that may wait for the kernel and
 * the PF. The loop hands a job over and gets it back by a callback in its own thread; between the
 * two it must not touch it. Nothing else is shared.
 *
 * A step in the kernel cannot be cancelled, so nobody ever waits for the thread: a hung one holds
 * up the jobs behind it (host_worker_look() tells), and is left behind when the daemon ends.
 */
#ifndef IAVFD_HOST_WORKER_H
#define IAVFD_HOST_WORKER_H

#include <systemd/sd-event.h>

#include "step.h"

#define HOST_STEPS_MAX	4096

struct host_worker;
struct host_job;

/*
 * In the loop's thread. The job is freed when it returns. It may submit and cancel jobs, not free
 * the worker.
 */
typedef void host_done(void *ctx, struct host_job *job);

/* NULL: no memory. */
struct host_job *host_job_new(host_done *done, void *ctx);
/*
 * A step to fill in, zeroed, behind those there are. NULL: no memory, or HOST_STEPS_MAX. Pointers
 * to steps of before are valid still.
 */
struct host_step *host_job_add(struct host_job *job, enum host_op op, const struct host_ref *ref);
/* One that was never submitted; NULL is none. */
void host_job_free(struct host_job *job);

unsigned int host_job_num(const struct host_job *job);
struct host_step *host_job_step(struct host_job *job, unsigned int i);
/* The first step that failed; NULL: all are done (or not all were run, if it was cancelled). */
struct host_step *host_job_failed(struct host_job *job);

/* What runs in the thread; what is NULL is the real thing. A seam for tests. */
struct host_runner {
	void *(*start)(void);		/* at the thread's first job */
	void (*run)(void *runner, struct host_step *step);
	void (*stop)(void *runner);
};

/* Starts no thread yet: the first job does. -errno. */
int host_worker_new(sd_event *event, const struct host_runner *runner, struct host_worker **worker);
/*
 * Jobs that were not run, and callbacks, are dropped. Waits up to patience_ms for the step that is
 * running, then leaves the thread to the end of the process.
 */
void host_worker_free(struct host_worker *worker, unsigned int patience_ms);

/* The job is the worker's until its callback. -errno: no thread, the caller has it still. */
int host_worker_submit(struct host_worker *worker, struct host_job *job);
/*
 * The callback will not come, and the job is not the caller's any more. A step that is running
 * ends; the next ones are not run.
 */
void host_worker_cancel(struct host_worker *worker, struct host_job *job);

struct host_worker_look {
	unsigned int jobs;		/* not done yet */
	bool running;
	enum host_op op;		/* of the step that is running, and on which netdev */
	struct host_ref ref;
	uint64_t since;			/* CLOCK_MONOTONIC, us */
};
void host_worker_look(struct host_worker *worker, struct host_worker_look *look);

#endif

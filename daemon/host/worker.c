// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop's side and the thread's meet in struct shared, under its lock, which nobody holds while
 * anything waits. It outlives the worker when a thread hangs in the kernel: whoever leaves last
 * frees it.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "job.h"

/* Locked memory; the deepest calls are libnl's and vsnprintf(), with less than 20 KiB. */
#define STACK_SIZE	(128 * 1024)

struct shared {
	pthread_mutex_t lock;
	pthread_cond_t more, over;
	struct host_runner runner;
	int done_fd;
	bool stop, left;		/* asked to end; has ended */
	unsigned int users;		/* the loop, the thread */
	struct job_list waiting, done;
	struct host_job *running;
	struct host_worker_look look;	/* of the running step */
};

struct host_worker {
	struct shared *shared;
	sd_event_source *source;
	bool started;
	pthread_t thread;
};

static void *host_start(void)
{
	return host_new();
}

static void host_run(void *host, struct host_step *step)
{
	host_step_run(host, step);
}

static void host_stop(void *host)
{
	host_free(host);
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Of both sides, the last one frees. */
static void leave(struct shared *shared)
{
	bool last;

	pthread_mutex_lock(&shared->lock);
	last = !--shared->users;
	pthread_mutex_unlock(&shared->lock);
	if (!last)
		return;
	job_list_free(&shared->waiting);
	job_list_free(&shared->done);
	close(shared->done_fd);
	pthread_cond_destroy(&shared->more);
	pthread_cond_destroy(&shared->over);
	pthread_mutex_destroy(&shared->lock);
	free(shared);
}

/* Whether the running job goes on with this step. */
static bool announce(struct shared *shared, const struct host_step *step)
{
	bool goes_on;

	pthread_mutex_lock(&shared->lock);
	goes_on = !shared->stop && !shared->running->cancelled;
	shared->look.op = step->op;
	shared->look.ref = step->ref;
	shared->look.since = now_us();
	pthread_mutex_unlock(&shared->lock);
	return goes_on;
}

static void no_runner(struct host_step *step)
{
	step->verdict = HOST_FAILED;
	step->error.err = -ENOMEM;
	strcpy(step->error.sentence, "no memory");
}

static void run_job(struct shared *shared, void *runner, struct host_job *job)
{
	for (unsigned int i = 0; i < job->num; i++) {
		struct host_step *step = job->steps[i];

		if (!announce(shared, step))
			return;
		if (runner)
			shared->runner.run(runner, step);
		else
			no_runner(step);
		if (step->verdict != HOST_DONE)
			return;
	}
}

/* The next job, or NULL to end. */
static struct host_job *wait_for_job(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	while (!shared->stop && !shared->waiting.first)
		pthread_cond_wait(&shared->more, &shared->lock);
	shared->running = shared->stop ? NULL : job_list_take(&shared->waiting);
	pthread_mutex_unlock(&shared->lock);
	return shared->running;
}

static void hand_back(struct shared *shared, struct host_job *job)
{
	uint64_t one = 1;

	pthread_mutex_lock(&shared->lock);
	shared->running = NULL;
	job_list_add(&shared->done, job);
	pthread_mutex_unlock(&shared->lock);
	/* It cannot be full: each read takes all. */
	if (write(shared->done_fd, &one, sizeof(one)) < 0)
		return;
}

static void *work(void *data)
{
	struct shared *shared = data;
	struct host_job *job;
	void *runner = NULL;

	pthread_setname_np(pthread_self(), "iavfd-host");
	while ((job = wait_for_job(shared))) {
		if (!runner)
			runner = shared->runner.start();
		run_job(shared, runner, job);
		hand_back(shared, job);
	}
	if (runner)
		shared->runner.stop(runner);
	pthread_mutex_lock(&shared->lock);
	shared->left = true;
	pthread_cond_signal(&shared->over);
	pthread_mutex_unlock(&shared->lock);
	leave(shared);
	return NULL;
}

static struct host_job *take_done(struct shared *shared)
{
	struct host_job *job;

	pthread_mutex_lock(&shared->lock);
	job = job_list_take(&shared->done);
	pthread_mutex_unlock(&shared->lock);
	return job;
}

/* One at a time: a callback may cancel those behind it. */
static int on_done(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct host_worker *worker = data;
	struct host_job *job;
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0)
		return 0;
	while ((job = take_done(worker->shared))) {
		if (!job->cancelled && job->done)
			job->done(job->ctx, job);
		host_job_free(job);
	}
	return 0;
}

static struct shared *shared_new(const struct host_runner *runner)
{
	static const struct host_runner real = { host_start, host_run, host_stop };
	struct shared *shared = calloc(1, sizeof(*shared));
	pthread_condattr_t attr;

	if (!shared)
		return NULL;
	shared->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (shared->done_fd < 0) {
		free(shared);
		return NULL;
	}
	pthread_mutex_init(&shared->lock, NULL);
	pthread_cond_init(&shared->more, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&shared->over, &attr);
	pthread_condattr_destroy(&attr);
	shared->runner = runner ? *runner : real;
	shared->users = 1;
	job_list_init(&shared->waiting);
	job_list_init(&shared->done);
	return shared;
}

int host_worker_new(sd_event *event, const struct host_runner *runner, struct host_worker **worker)
{
	struct host_worker *new = calloc(1, sizeof(*new));
	int err = -ENOMEM;

	if (new)
		new->shared = shared_new(runner);
	if (new && new->shared)
		err = sd_event_add_io(event, &new->source, new->shared->done_fd, EPOLLIN, on_done,
				      new);
	if (err < 0) {
		if (new && new->shared)
			leave(new->shared);
		free(new);
		return err;
	}
	*worker = new;
	return 0;
}

/* The thread sees no signal: those are the loop's. */
static int start(struct host_worker *worker)
{
	pthread_attr_t attr;
	sigset_t all;
	int err;

	if (worker->started)
		return 0;
	sigfillset(&all);
	pthread_attr_init(&attr);
	err = pthread_attr_setstacksize(&attr, STACK_SIZE) ?:
	      pthread_attr_setsigmask_np(&attr, &all);
	worker->shared->users++;
	if (!err)
		err = pthread_create(&worker->thread, &attr, work, worker->shared);
	if (err)
		worker->shared->users--;
	pthread_attr_destroy(&attr);
	worker->started = !err;
	return -err;
}

int host_worker_submit(struct host_worker *worker, struct host_job *job)
{
	struct shared *shared = worker->shared;
	int err = start(worker);

	if (err)
		return err;
	pthread_mutex_lock(&shared->lock);
	job_list_add(&shared->waiting, job);
	pthread_cond_signal(&shared->more);
	pthread_mutex_unlock(&shared->lock);
	return 0;
}

void host_worker_cancel(struct host_worker *worker, struct host_job *job)
{
	struct shared *shared = worker->shared;
	bool ours;

	pthread_mutex_lock(&shared->lock);
	ours = job_list_remove(&shared->waiting, job) || job_list_remove(&shared->done, job);
	if (!ours && shared->running == job)
		job->cancelled = true;
	pthread_mutex_unlock(&shared->lock);
	if (ours)
		host_job_free(job);
}

static unsigned int count(const struct job_list *list)
{
	unsigned int num = 0;

	for (const struct host_job *job = list->first; job; job = job->next)
		num++;
	return num;
}

void host_worker_look(struct host_worker *worker, struct host_worker_look *look)
{
	struct shared *shared = worker->shared;

	pthread_mutex_lock(&shared->lock);
	*look = shared->look;
	look->running = shared->running;
	look->jobs = count(&shared->waiting) + look->running;
	pthread_mutex_unlock(&shared->lock);
}

static struct timespec deadline_in(unsigned int ms)
{
	uint64_t end = now_us() + (uint64_t)ms * 1000;

	return (struct timespec){ .tv_sec = end / 1000000, .tv_nsec = end % 1000000 * 1000 };
}

static bool ends_within(struct shared *shared, unsigned int ms)
{
	struct timespec deadline = deadline_in(ms);
	bool left;
	int err = 0;

	pthread_mutex_lock(&shared->lock);
	shared->stop = true;
	pthread_cond_signal(&shared->more);
	while (!shared->left && !err)
		err = pthread_cond_timedwait(&shared->over, &shared->lock, &deadline);
	left = shared->left;
	pthread_mutex_unlock(&shared->lock);
	return left;
}

void host_worker_free(struct host_worker *worker, unsigned int patience_ms)
{
	if (!worker)
		return;
	sd_event_source_unref(worker->source);
	if (worker->started) {
		if (ends_within(worker->shared, patience_ms))
			pthread_join(worker->thread, NULL);
		else
			pthread_detach(worker->thread);
	}
	leave(worker->shared);
	free(worker);
}

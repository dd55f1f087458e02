// SPDX-License-Identifier: GPL-2.0-or-later
/* The worker thread with steps that only count; a gate holds one as the kernel may. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include "host/worker.h"
#include "test.h"

#define LONG_MS 20000	/* what ends before on any host */

struct fake {
	int err;
	sem_t *entered, *gate;	/* NULL: goes through */
	int ran;
};

static sd_event *event;
static struct host_worker *worker;
static struct host_ref ref = { 7, "0000:00:08.0" };
static unsigned int started, refuse_start, called;
static char order[256];
static sem_t entered, gate, stopped;
static pthread_t thread;
static sigset_t blocked;
static size_t stack;

static void *start(void)
{
	pthread_attr_t attr;

	started++;
	if (refuse_start && refuse_start--)
		return NULL;
	thread = pthread_self();
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	pthread_getattr_np(thread, &attr);
	pthread_attr_getstacksize(&attr, &stack);
	pthread_attr_destroy(&attr);
	return &started;
}

static void run(void *runner, struct host_step *step)
{
	struct fake *fake = step->data;

	if (fake && fake->gate) {
		sem_post(fake->entered);
		sem_wait(fake->gate);
	}
	if (fake)
		fake->ran++;
	step->error.err = fake ? fake->err : 0;
	step->verdict = step->error.err ? HOST_FAILED : HOST_DONE;
}

static void stop(void *runner)
{
	sem_post(&stopped);
}

static const struct host_runner runner = { start, run, stop };

static void fresh(void)
{
	if (worker)
		host_worker_free(worker, LONG_MS);
	worker = NULL;
	sd_event_unref(event);
	event = NULL;
	started = refuse_start = called = 0;
	memset(order, 0, sizeof(order));
	sem_init(&entered, 0, 0);
	sem_init(&gate, 0, 0);
	sem_init(&stopped, 0, 0);
	CHECK(sd_event_new(&event) >= 0);
	CHECK(!host_worker_new(event, &runner, &worker));
}

static void is_done(void *ctx, struct host_job *job)
{
	called++;
	order[strlen(order)] = (char)(uintptr_t)ctx;
	CHECK(!pthread_equal(pthread_self(), thread));
}

static struct host_step *add(struct host_job *job, struct fake *fake)
{
	struct host_step *step = host_job_add(job, HOST_OP_MTU, &ref);

	CHECK(step);
	step->data = fake;
	return step;
}

/* ctx of is_done(): the letter that it adds to order */
#define NAME(letter) ((void *)(uintptr_t)(letter))

static struct host_job *submit(char name, struct fake *fake)
{
	struct host_job *job = host_job_new(is_done, NAME(name));

	CHECK(job);
	add(job, fake);
	CHECK(!host_worker_submit(worker, job));
	return job;
}

static void loop_until(unsigned int calls)
{
	while (called < calls)
		CHECK(sd_event_run(event, LONG_MS * 1000ULL) > 0);
}

/* Nothing more comes: the worker has handed back all, and the loop has seen it. */
static void settle(void)
{
	struct host_worker_look look;

	do {
		CHECK(sd_event_run(event, 1000) >= 0);
		host_worker_look(worker, &look);
	} while (look.jobs);
	while (sd_event_run(event, 0) > 0)
		;
}

static void jobs_in_order(void)
{
	fresh();
	CHECK_EQ(started, 0);
	submit('a', NULL);
	submit('b', NULL);
	submit('c', NULL);
	loop_until(3);
	CHECK(!strcmp(order, "abc"));
	submit('d', NULL);
	loop_until(4);
	CHECK_EQ(started, 1);
}

static void empty_job(void)
{
	fresh();
	CHECK(!host_worker_submit(worker, host_job_new(is_done, NAME('e'))));
	loop_until(1);
}

static enum host_verdict verdicts[4];
static int failed_err;

static void remember(void *ctx, struct host_job *job)
{
	struct host_step *failed = host_job_failed(job);

	for (unsigned int i = 0; i < host_job_num(job); i++)
		verdicts[i] = host_job_step(job, i)->verdict;
	failed_err = failed ? failed->error.err : 0;
	CHECK(!host_job_step(job, host_job_num(job)));
	called++;
}

static void stops_at_failure(void)
{
	struct fake good = { 0 }, bad = { .err = -ENOSPC }, never = { 0 };
	struct host_job *job = host_job_new(remember, NULL);

	fresh();
	add(job, &good);
	add(job, &bad);
	add(job, &never);
	add(job, &never);
	CHECK(!host_worker_submit(worker, job));
	loop_until(1);
	CHECK_EQ(verdicts[0], HOST_DONE);
	CHECK_EQ(verdicts[1], HOST_FAILED);
	CHECK_EQ(verdicts[2], HOST_NOT_RUN);
	CHECK_EQ(verdicts[3], HOST_NOT_RUN);
	CHECK_EQ(failed_err, -ENOSPC);
	CHECK_EQ(never.ran, 0);
	CHECK_EQ(good.ran, 1);
}

static void many_steps(void)
{
	struct host_job *job = host_job_new(is_done, NULL);
	struct fake fake = { 0 };
	struct host_step *first;

	fresh();
	first = add(job, &fake);
	for (int i = 1; i < HOST_STEPS_MAX; i++)
		add(job, &fake);
	CHECK(!host_job_add(job, HOST_OP_MTU, &ref));
	CHECK(host_job_step(job, 0) == first);
	CHECK(!host_worker_submit(worker, job));
	loop_until(1);
	CHECK_EQ(fake.ran, HOST_STEPS_MAX);
}

static void cancel_waiting(void)
{
	struct fake slow = { .entered = &entered, .gate = &gate }, never = { 0 };
	struct host_job *job;

	fresh();
	submit('a', &slow);
	job = submit('b', &never);
	submit('c', NULL);
	sem_wait(&entered);
	host_worker_cancel(worker, job);
	sem_post(&gate);
	loop_until(2);
	settle();
	CHECK(!strcmp(order, "ac"));
	CHECK_EQ(never.ran, 0);
}

static void cancel_running(void)
{
	struct fake slow = { .entered = &entered, .gate = &gate }, never = { 0 };
	struct host_job *job = host_job_new(is_done, NAME('a'));

	fresh();
	add(job, &slow);
	add(job, &never);
	CHECK(!host_worker_submit(worker, job));
	sem_wait(&entered);
	host_worker_cancel(worker, job);
	submit('b', NULL);
	sem_post(&gate);
	loop_until(1);
	settle();
	CHECK(!strcmp(order, "b"));
	CHECK_EQ(slow.ran, 1);
	CHECK_EQ(never.ran, 0);
}

static void until_handed_back(void)
{
	struct host_worker_look look;

	do {
		usleep(1000);
		host_worker_look(worker, &look);
	} while (look.jobs);
}

static void cancel_done(void)
{
	struct host_job *job;

	fresh();
	job = submit('a', NULL);
	until_handed_back();
	host_worker_cancel(worker, job);
	settle();
	CHECK_EQ(called, 0);
	submit('b', NULL);
	loop_until(1);
}

static struct host_job *behind;

static void cancels(void *ctx, struct host_job *job)
{
	called++;
	host_worker_cancel(worker, behind);
}

static void cancel_in_callback(void)
{
	struct host_job *job;

	fresh();
	job = host_job_new(cancels, NULL);
	add(job, NULL);
	CHECK(!host_worker_submit(worker, job));
	behind = submit('b', NULL);
	submit('c', NULL);
	until_handed_back();
	loop_until(2);
	settle();
	CHECK(!strcmp(order, "c"));
}

static void submits(void *ctx, struct host_job *job)
{
	called++;
	submit('n', NULL);
}

static void submit_in_callback(void)
{
	struct host_job *job;

	fresh();
	job = host_job_new(submits, NULL);
	add(job, NULL);
	CHECK(!host_worker_submit(worker, job));
	loop_until(2);
	CHECK(!strcmp(order, "n"));
}

static void hung_is_left(void)
{
	struct fake slow = { .entered = &entered, .gate = &gate }, never = { 0 };

	fresh();
	submit('a', &slow);
	submit('b', &never);
	sem_wait(&entered);
	host_worker_free(worker, 0);
	worker = NULL;
	/* It comes back when nobody is there any more, and takes its own with it. */
	sem_post(&gate);
	sem_wait(&stopped);
	CHECK_EQ(called, 0);
	CHECK_EQ(never.ran, 0);
}

static void free_waits(void)
{
	struct fake slow = { .entered = &entered, .gate = &gate };

	fresh();
	submit('a', &slow);
	sem_wait(&entered);
	sem_post(&gate);
	host_worker_free(worker, LONG_MS);
	worker = NULL;
	CHECK_EQ(slow.ran, 1);
	CHECK(!sem_trywait(&stopped));
	CHECK_EQ(called, 0);
}

static void free_unused(void)
{
	fresh();
	host_worker_free(worker, LONG_MS);
	worker = NULL;
	host_worker_free(NULL, 0);
	CHECK_EQ(started, 0);
}

static void free_with_done(void)
{
	fresh();
	submit('a', NULL);
	until_handed_back();
	host_worker_free(worker, LONG_MS);
	worker = NULL;
	CHECK_EQ(called, 0);
}

static void looks(void)
{
	struct fake slow = { .entered = &entered, .gate = &gate };
	struct host_worker_look look;

	fresh();
	host_worker_look(worker, &look);
	CHECK(!look.running && !look.jobs);
	submit('a', &slow);
	submit('b', NULL);
	sem_wait(&entered);
	host_worker_look(worker, &look);
	CHECK(look.running);
	CHECK_EQ(look.jobs, 2);
	CHECK_EQ(look.op, HOST_OP_MTU);
	CHECK_EQ(look.ref.ifindex, 7);
	CHECK(look.since);
	sem_post(&gate);
	loop_until(2);
	host_worker_look(worker, &look);
	CHECK(!look.running && !look.jobs);
}

static void thread_of_its_own(void)
{
	fresh();
	submit('a', NULL);
	loop_until(1);
	for (int sig = 1; sig < 32; sig++)
		CHECK(sig == SIGKILL || sig == SIGSTOP || sigismember(&blocked, sig) == 1);
#ifndef __SANITIZE_THREAD__	/* which makes it larger */
	CHECK(stack <= 256 * 1024);
#endif
}

static int with_error;

static void take_error(void *ctx, struct host_job *job)
{
	called++;
	with_error = host_job_failed(job) ? host_job_failed(job)->error.err : 0;
}

static void no_runner(void)
{
	struct host_job *job;

	fresh();
	refuse_start = 1;
	job = host_job_new(take_error, NULL);
	add(job, NULL);
	CHECK(!host_worker_submit(worker, job));
	loop_until(1);
	CHECK_EQ(with_error, -ENOMEM);
	/* The next one tries again. */
	submit('b', NULL);
	loop_until(2);
	CHECK_EQ(started, 2);
}

/* Jobs come and are cancelled at any moment: each is called back once, or never. */
#define CROWD 2000
static unsigned int seen[CROWD];
static struct host_job *crowd[CROWD];

static void once(void *ctx, struct host_job *job)
{
	unsigned int i = (uintptr_t)ctx;

	seen[i]++;
	crowd[i] = NULL;
}

static void a_crowd(void)
{
	static struct fake fakes[CROWD];
	static bool gone[CROWD];
	unsigned int seed = 1;

	fresh();
	for (unsigned int i = 0; i < CROWD; i++) {
		crowd[i] = host_job_new(once, (void *)(uintptr_t)i);
		for (int n = rand_r(&seed) % 4; n >= 0; n--)
			add(crowd[i], &fakes[i]);
		CHECK(!host_worker_submit(worker, crowd[i]));
		if (rand_r(&seed) % 3 == 0) {
			unsigned int victim = i - rand_r(&seed) % (i < 5 ? i + 1 : 5);

			if (crowd[victim]) {
				host_worker_cancel(worker, crowd[victim]);
				crowd[victim] = NULL;
				gone[victim] = true;
			}
		}
		if (rand_r(&seed) % 8 == 0)
			CHECK(sd_event_run(event, 0) >= 0);
	}
	settle();
	for (unsigned int i = 0; i < CROWD; i++)
		CHECK_EQ(seen[i], !gone[i]);
}

static const struct test_case cases[] = {
	{ "worker/jobs-in-order", jobs_in_order },
	{ "worker/empty-job", empty_job },
	{ "worker/stops-at-failure", stops_at_failure },
	{ "worker/many-steps", many_steps },
	{ "worker/cancel-waiting", cancel_waiting },
	{ "worker/cancel-running", cancel_running },
	{ "worker/cancel-done", cancel_done },
	{ "worker/cancel-in-callback", cancel_in_callback },
	{ "worker/submit-in-callback", submit_in_callback },
	{ "worker/hung-is-left", hung_is_left },
	{ "worker/free-waits", free_waits },
	{ "worker/free-unused", free_unused },
	{ "worker/free-with-done", free_with_done },
	{ "worker/looks", looks },
	{ "worker/thread-of-its-own", thread_of_its_own },
	{ "worker/no-runner", no_runner },
	{ "worker/a-crowd", a_crowd },
	{ "worker/end", fresh },
};

int main(int argc, char **argv)
{
	int failed = test_main(cases, sizeof(cases) / sizeof(cases[0]), argc > 1 ? argv[1] : NULL);

	host_worker_free(worker, LONG_MS);
	sd_event_unref(event);
	return failed;
}

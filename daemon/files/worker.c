// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What has to be done is a list of VFs, not of changes: however slow the disk, there is one entry
 * a VF. The lock is held for copying only.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "store.h"
#include "worker.h"

#define STACK_SIZE	(256 * 1024)
#define PATIENCE_S	1

struct item {
	struct item *next;
	char pci[32];
	bool dirty, gone;
	struct bus_vf vf;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work;
	bool stop, sweep;
	struct item *items;
	char trouble[160];
	int trouble_fd;
	struct store store;		/* the thread's own */
};

/* Who was overtaken has nothing to complain of. */
static void complain(struct worker *worker, const char *what, const char *name, int err)
{
	if (!err || err == -ESTALE)
		return;
	pthread_mutex_lock(&worker->lock);
	snprintf(worker->trouble, sizeof(worker->trouble), "cannot %s %s/%s.json: %s", what,
		 worker->store.dir, name, strerror(-err));
	pthread_mutex_unlock(&worker->lock);
	eventfd_write(worker->trouble_fd, 1);
}

static bool is_known(void *ctx, const char *pci)
{
	struct worker *worker = ctx;
	struct item *item;

	pthread_mutex_lock(&worker->lock);
	item = worker->items;
	while (item && strcmp(item->pci, pci))
		item = item->next;
	pthread_mutex_unlock(&worker->lock);
	return item;
}

static void sweep(struct worker *worker)
{
	complain(worker, "write", "daemon", store_sweep(&worker->store, is_known, worker));
}

static void carry_out(struct worker *worker, const struct item *item)
{
	char name[64];

	snprintf(name, sizeof(name), "vf/%s", item->pci);
	if (item->gone)
		complain(worker, "remove", name, store_remove(&worker->store, item->pci));
	else
		complain(worker, "write", name, store_write(&worker->store, &item->vf));
}

/* The thread */

/* With the lock held. */
static struct item **next_dirty(struct worker *worker)
{
	struct item **at = &worker->items;

	while (*at && !(*at)->dirty)
		at = &(*at)->next;
	return *at ? at : NULL;
}

/* Take one out; with the lock held. */
static void take(struct item **at, struct item *copy)
{
	struct item *item = *at;

	item->dirty = false;
	*copy = *item;
	if (!item->gone)
		return;
	*at = item->next;
	free(item);
}

/* false: nothing left, and it is to end. */
static bool wait_for_work(struct worker *worker, struct item *copy, bool *sweeps)
{
	struct item **at;
	bool go_on;

	pthread_mutex_lock(&worker->lock);
	while (!(at = next_dirty(worker)) && !worker->sweep && !worker->stop)
		pthread_cond_wait(&worker->work, &worker->lock);
	copy->dirty = at != NULL;
	go_on = at || worker->sweep;
	if (at)
		take(at, copy);
	*sweeps = !at && worker->sweep;
	if (*sweeps)
		worker->sweep = false;
	pthread_mutex_unlock(&worker->lock);
	return go_on;
}

static void *life(void *data)
{
	struct worker *worker = data;
	struct item todo;
	bool sweeps;

	while (wait_for_work(worker, &todo, &sweeps)) {
		if (sweeps)
			sweep(worker);
		else
			carry_out(worker, &todo);
	}
	return NULL;
}

/* The loop's side */

static struct item *item_of(struct worker *worker, const char *pci)
{
	struct item *item = worker->items;

	while (item && strcmp(item->pci, pci))
		item = item->next;
	if (item)
		return item;
	item = calloc(1, sizeof(*item));
	if (!item)
		return NULL;
	snprintf(item->pci, sizeof(item->pci), "%s", pci);
	item->next = worker->items;
	worker->items = item;
	return item;
}

void worker_write(struct worker *worker, const struct bus_vf *vf)
{
	struct item *item;

	pthread_mutex_lock(&worker->lock);
	item = item_of(worker, vf->pci);
	if (item) {
		item->vf = *vf;
		item->gone = false;
		item->dirty = true;
	}
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
}

void worker_remove(struct worker *worker, const char *pci)
{
	struct item *item;

	pthread_mutex_lock(&worker->lock);
	item = item_of(worker, pci);
	if (item)
		item->gone = item->dirty = true;
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
}

void worker_sweep(struct worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	worker->sweep = true;
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
}

void worker_trouble(struct worker *worker, char *text, size_t size)
{
	pthread_mutex_lock(&worker->lock);
	snprintf(text, size, "%s", worker->trouble);
	worker->trouble[0] = '\0';
	pthread_mutex_unlock(&worker->lock);
}

/* Signals are the loop's. */
static int start_thread(struct worker *worker)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int err = pthread_attr_init(&attr);

	if (err)
		return err;
	sigfillset(&all);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&worker->thread, &attr, life, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return err;
}

struct worker *worker_new(const char *dir, const struct document_owner *owner, int trouble)
{
	struct worker *worker = calloc(1, sizeof(*worker));

	if (!worker)
		return NULL;
	store_init(&worker->store, dir, owner);
	worker->trouble_fd = trouble;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->work, NULL);
	if (!start_thread(worker))
		return worker;
	free(worker);
	return NULL;
}

/* A thread that hangs in a file keeps what it uses; the process ends anyway. */
void worker_free(struct worker *worker)
{
	struct timespec limit;

	pthread_mutex_lock(&worker->lock);
	worker->stop = true;
	pthread_cond_signal(&worker->work);
	pthread_mutex_unlock(&worker->lock);
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += PATIENCE_S;
	if (pthread_timedjoin_np(worker->thread, NULL, &limit))
		return;
	while (worker->items) {
		struct item *item = worker->items;

		worker->items = item->next;
		free(item);
	}
	store_close(&worker->store);
	free(worker);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What has to be done is a list of VFs, not of changes: however slow the disk, there is one entry
 * a VF. The lock is held for copying only.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define PATH_SIZE	256
#define STACK_SIZE	(256 * 1024)
#define PATIENCE_S	1
#define SUFFIX		".json"

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
	/* the thread's own */
	char dir[PATH_SIZE / 2];
	struct document_owner owner;
	int lock_fd;			/* daemon.json; -1: not yet */
};

__attribute__((format(printf, 2, 3)))
static void complain(struct worker *worker, const char *format, ...)
{
	va_list args;

	pthread_mutex_lock(&worker->lock);
	va_start(args, format);
	vsnprintf(worker->trouble, sizeof(worker->trouble), format, args);
	va_end(args);
	pthread_mutex_unlock(&worker->lock);
	eventfd_write(worker->trouble_fd, 1);
}

/* Files */

static void path_of(const struct worker *worker, char *path, const char *name, const char *end)
{
	snprintf(path, PATH_SIZE, "%s/%s%s", worker->dir, name, end);
}

static int write_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t done = write(fd, text, len);

		if (done < 0)
			return -errno;
		text += done;
		len -= done;
	}
	return 0;
}

/* Open, everybody may read it, and nobody had it open before. */
static int make(const char *path)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	/* whatever the umask is */
	if (!fchmod(fd, 0644))
		return fd;
	close(fd);
	return -EPERM;
}

/* Replace DIR/NAME. The descriptor, locked if so wanted, or -errno. */
static int put(struct worker *worker, const char *name, const char *text, bool lock)
{
	char path[PATH_SIZE], new[PATH_SIZE];
	int fd, err;

	path_of(worker, path, name, SUFFIX);
	path_of(worker, new, name, ".new");
	fd = make(new);
	if (fd < 0)
		return fd;
	err = write_all(fd, text);
	/* Before anybody can see it: no reader's lock keeps ours away, now or later. */
	if (!err && lock && flock(fd, LOCK_EX | LOCK_NB))
		err = -errno;
	if (!err && rename(new, path))
		err = -errno;
	if (!err)
		return fd;
	unlink(new);
	close(fd);
	return err;
}

static int make_folder(const char *path)
{
	if (!mkdir(path, 0755))
		return chmod(path, 0755) ? -errno : 0;
	return errno == EEXIST ? 0 : -errno;
}

static int make_folders(struct worker *worker)
{
	char path[PATH_SIZE];
	int err = make_folder(worker->dir);

	path_of(worker, path, "vf", "");
	return err ? err : make_folder(path);
}

/* -ESTALE: another daemon has put its own there. */
static int check_claim(struct worker *worker)
{
	char path[PATH_SIZE];
	struct stat st;

	path_of(worker, path, "daemon", SUFFIX);
	if (!fstat(worker->lock_fd, &st) && st.st_nlink)
		return 0;
	if (!lstat(path, &st))
		return -ESTALE;
	/* Removed by somebody who tidies up. */
	close(worker->lock_fd);
	worker->lock_fd = -1;
	return 0;
}

/* Once, and again as long as it fails: without it the others are stale. */
static int claim(struct worker *worker)
{
	int err = worker->lock_fd >= 0 ? check_claim(worker) : 0;
	char *text;

	if (!err)
		err = make_folders(worker);
	if (err || worker->lock_fd >= 0)
		return err;
	text = document_daemon(&worker->owner);
	if (!text)
		return -ENOMEM;
	worker->lock_fd = put(worker, "daemon", text, true);
	free(text);
	return worker->lock_fd < 0 ? worker->lock_fd : 0;
}

static void write_file(struct worker *worker, const struct bus_vf *vf)
{
	char name[64], *text = document_vf(&worker->owner, vf);
	int err = text ? claim(worker) : -ENOMEM;

	snprintf(name, sizeof(name), "vf/%s", vf->pci);
	if (!err)
		err = put(worker, name, text, false);
	free(text);
	if (err >= 0)
		close(err);
	else if (err != -ESTALE)
		complain(worker, "cannot write %s/%s%s: %s", worker->dir, name, SUFFIX,
			 strerror(-err));
}

static void remove_file(struct worker *worker, const char *pci)
{
	char path[PATH_SIZE], name[64];

	if (claim(worker))
		return;
	snprintf(name, sizeof(name), "vf/%s", pci);
	path_of(worker, path, name, SUFFIX);
	if (unlink(path) && errno != ENOENT)
		complain(worker, "cannot remove %s: %s", path, strerror(errno));
}

static bool is_known(struct worker *worker, const char *pci, size_t len)
{
	bool is = false;

	pthread_mutex_lock(&worker->lock);
	for (struct item *item = worker->items; item && !is; item = item->next)
		is = strlen(item->pci) == len && !memcmp(item->pci, pci, len);
	pthread_mutex_unlock(&worker->lock);
	return is;
}

static void sweep(struct worker *worker)
{
	/* Also with no VF at all somebody is here. */
	int err = claim(worker);
	char path[PATH_SIZE];
	struct dirent *entry;
	DIR *dir;

	if (err) {
		complain(worker, "cannot write %s/daemon.json: %s", worker->dir, strerror(-err));
		return;
	}
	path_of(worker, path, "vf", "");
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		const char *end = strrchr(entry->d_name, '.');

		if (entry->d_name[0] == '.' || !end || strcmp(end, SUFFIX) ||
		    is_known(worker, entry->d_name, end - entry->d_name))
			continue;
		unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
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
		else if (todo.gone)
			remove_file(worker, todo.pci);
		else
			write_file(worker, &todo.vf);
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
	snprintf(worker->dir, sizeof(worker->dir), "%s", dir);
	worker->owner = *owner;
	worker->trouble_fd = trouble;
	worker->lock_fd = -1;
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
	if (worker->lock_fd >= 0)
		close(worker->lock_fd);
	free(worker);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The folder as readers see it: whole files, a lock that says whether they are true. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store.h"

#define PATH_SIZE	256
#define SUFFIX		".json"

static void path_of(const struct store *store, char *path, const char *name, const char *end)
{
	snprintf(path, PATH_SIZE, "%s/%s%s", store->dir, name, end);
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
static int put(struct store *store, const char *name, const char *text, bool lock)
{
	char path[PATH_SIZE], new[PATH_SIZE];
	int fd, err;

	path_of(store, path, name, SUFFIX);
	path_of(store, new, name, ".new");
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

static int make_folders(struct store *store)
{
	char path[PATH_SIZE];
	int err = make_folder(store->dir);

	path_of(store, path, "vf", "");
	return err ? err : make_folder(path);
}

/* -ESTALE: another daemon has put its own there. */
static int check_claim(struct store *store)
{
	char path[PATH_SIZE];
	struct stat st;

	path_of(store, path, "daemon", SUFFIX);
	if (!fstat(store->lock_fd, &st) && st.st_nlink)
		return 0;
	if (!lstat(path, &st))
		return -ESTALE;
	/* Removed by somebody who tidies up. */
	close(store->lock_fd);
	store->lock_fd = -1;
	return 0;
}

/* Once, and again as long as it fails: without it the others are stale. */
static int claim(struct store *store)
{
	int err = store->lock_fd >= 0 ? check_claim(store) : 0;
	char *text;

	if (!err)
		err = make_folders(store);
	if (err || store->lock_fd >= 0)
		return err;
	text = document_daemon(&store->owner);
	if (!text)
		return -ENOMEM;
	store->lock_fd = put(store, "daemon", text, true);
	free(text);
	return store->lock_fd < 0 ? store->lock_fd : 0;
}

int store_write(struct store *store, const struct bus_vf *vf)
{
	char name[64], *text = document_vf(&store->owner, vf);
	int err = text ? claim(store) : -ENOMEM;

	snprintf(name, sizeof(name), "vf/%s", vf->pci);
	if (!err)
		err = put(store, name, text, false);
	free(text);
	if (err < 0)
		return err;
	close(err);
	return 0;
}

int store_remove(struct store *store, const char *pci)
{
	char path[PATH_SIZE], name[64];
	int err = claim(store);

	if (err)
		return err;
	snprintf(name, sizeof(name), "vf/%s", pci);
	path_of(store, path, name, SUFFIX);
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

/* Ours, as far as the name says it, and of a VF that nobody knows. */
static bool is_leftover(const char *file, store_knows knows, void *ctx)
{
	const char *end = strrchr(file, '.');
	char pci[32];

	if (file[0] == '.' || !end || strcmp(end, SUFFIX) || end - file >= (int)sizeof(pci))
		return false;
	memcpy(pci, file, end - file);
	pci[end - file] = '\0';
	return !knows(ctx, pci);
}

int store_sweep(struct store *store, store_knows knows, void *ctx)
{
	int err = claim(store);
	char path[PATH_SIZE];
	struct dirent *entry;
	DIR *dir;

	if (err)
		return err;
	path_of(store, path, "vf", "");
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (is_leftover(entry->d_name, knows, ctx))
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	return 0;
}

void store_init(struct store *store, const char *dir, const struct document_owner *owner)
{
	snprintf(store->dir, sizeof(store->dir), "%s", dir);
	store->owner = *owner;
	store->lock_fd = -1;
}

void store_close(struct store *store)
{
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	store->lock_fd = -1;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The layers: which files there are, and which of them count. The only part of this folder that
 * reads the disk.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "text.h"

#define LAYERS		3
#define MAIN		"iavfd.json"
#define FOLDER		"vf.d"
#define SUFFIX		".json"

/* A later one replaces files of the same name. */
static const char *const layers[LAYERS] = { "usr/lib/iavfd", "run/iavfd", "etc/iavfd" };

struct name {
	char text[NAME_MAX + 1];
	unsigned int layer;
};

struct walk {
	struct config *config;
	uid_t owner, self;
	int layers[LAYERS], folders[LAYERS];	/* -1: not there */
	struct name *names;
	uint32_t num, room;
};

/* A file or folder that is not as it has to be: an error, and all VFs are marked. */
__attribute__((format(printf, 4, 5)))
static int refuse(struct walk *walk, unsigned int layer, const char *name, const char *format, ...)
{
	char *path = NULL, *message = NULL;
	va_list args;
	int err;

	va_start(args, format);
	if (vasprintf(&message, format, args) < 0)
		message = NULL;
	va_end(args);
	if (asprintf(&path, "/%s%s%s", layers[layer], *name ? "/" : "", name) < 0)
		path = NULL;
	err = path && message ? config_add_unread(walk->config, path, message) : -ENOMEM;
	free(path);
	free(message);
	return err;
}

static bool is_others(const struct stat *st, uid_t owner, uid_t self)
{
	return st->st_uid != owner && st->st_uid != self;
}

/* What others may write says what they want; root's group counts as root. */
static bool is_open(const struct stat *st)
{
	return st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && st->st_gid);
}

/* *fd is -1 when it is not there or not to be used. 0 or -ENOMEM */
static int open_folder(struct walk *walk, unsigned int layer, int at, const char *path,
		       const char *name, int *fd)
{
	struct stat st;
	int err = 0;

	*fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (*name ? O_NOFOLLOW : 0));
	if (*fd < 0)
		return errno == ENOENT ? 0 : refuse(walk, layer, name,
			"the folder cannot be read: %s; nothing in it counts", strerror(errno));
	if (fstat(*fd, &st))
		err = refuse(walk, layer, name, "%s", strerror(errno));
	else if (is_others(&st, walk->owner, *name ? walk->owner : walk->self))
		err = refuse(walk, layer, name,
			     "the folder is not root's but of user %u; nothing in it counts; chown root",
			     st.st_uid);
	else if (is_open(&st))
		err = refuse(walk, layer, name,
			     "others may write the folder (mode %04o); nothing in it counts; chmod go-w",
			     st.st_mode & 07777);
	else
		return 0;
	close(*fd);
	*fd = -1;
	return err;
}

/* Editors and package managers leave others beside ours, which do not count. */
static bool is_json(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' && len > strlen(SUFFIX) &&
	       !strcmp(name + len - strlen(SUFFIX), SUFFIX);
}

/* NN-name.json */
static bool is_good_name(const char *name)
{
	return name[0] >= '0' && name[0] <= '9' && name[1] >= '0' && name[1] <= '9' &&
	       name[2] == '-' && strlen(name) > strlen("NN-" SUFFIX) &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
	       strlen(name);
}

static int add_name(struct walk *walk, unsigned int layer, const char *name)
{
	struct name *slot;

	for (uint32_t i = 0; i < walk->num; i++) {
		if (!strcmp(walk->names[i].text, name)) {
			walk->names[i].layer = layer;
			return 0;
		}
	}
	if (walk->num == CONFIG_FILES_MAX)
		return -E2BIG;
	slot = text_grow((void **)&walk->names, &walk->room, walk->num, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	snprintf(slot->text, sizeof(slot->text), "%s", name);
	slot->layer = layer;
	walk->num++;
	return 0;
}

static int list_folder(struct walk *walk, unsigned int layer)
{
	int fd = walk->folders[layer] < 0 ? -1 : fcntl(walk->folders[layer], F_DUPFD_CLOEXEC, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int err = 0;

	if (walk->folders[layer] < 0)
		return 0;
	errno = dir ? 0 : errno;
	while (dir && !err && (entry = readdir(dir))) {
		if (!is_json(entry->d_name))
			continue;
		if (is_good_name(entry->d_name))
			err = add_name(walk, layer, entry->d_name);
		else
			err = refuse(walk, layer, FOLDER,
				     "%s does not count: its name is not NN-name.json, of two digits, a hyphen and letters, digits, - _ or .",
				     entry->d_name);
		errno = 0;
	}
	if (!err && errno)
		err = refuse(walk, layer, FOLDER, "it cannot be listed: %s", strerror(errno));
	if (err == -E2BIG)
		err = refuse(walk, layer, FOLDER, "more than %u files; those beyond do not count",
			     CONFIG_FILES_MAX);
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	return err;
}

static void own_link(int fd, char link[32])
{
	snprintf(link, 32, "/proc/self/fd/%d", fd);
}

static int place_of(int fd, char place[PATH_MAX])
{
	char link[32];
	ssize_t len;

	own_link(fd, link);
	len = readlink(link, place, PATH_MAX - 1);
	place[len < 0 ? 0 : len] = '\0';
	return len < 0 ? -1 : 0;
}

/* 1, 0, or -1 with errno */
static int is_below(int layer, int fd)
{
	char top[PATH_MAX], place[PATH_MAX];
	size_t len;

	if (place_of(layer, top) || place_of(fd, place))
		return -1;
	len = strlen(top);
	return !strncmp(place, top, len) && place[len] == '/';
}

/*
 * Links that stay in the layer are followed, as mounted folders of containers have them. What was
 * found is looked at before it is opened to be read. (openat2() could do both, but a service
 * with RestrictSUIDSGID= does not have it.)
 */
static int open_file(int layer, const char *path)
{
	int found = openat(layer, path, O_PATH | O_CLOEXEC), fd = -1, below, err;
	char link[32];

	if (found < 0)
		return -1;
	below = is_below(layer, found);
	own_link(found, link);
	if (below > 0)
		fd = open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	err = below ? errno : EXDEV;
	close(found);
	errno = err;
	return fd;
}

static bool is_masked(int layer, const char *path)
{
	char to[sizeof("/dev/null")];
	ssize_t len = readlinkat(layer, path, to, sizeof(to));

	return len == sizeof("/dev/null") - 1 && !memcmp(to, "/dev/null", len);
}

static int take_file(struct walk *walk, enum config_kind kind, unsigned int layer, const char *path,
		     int fd)
{
	char *text = malloc(CONFIG_FILE_MAX + 1), *name = NULL;
	size_t len = 0;
	ssize_t got = 1;
	int err = -ENOMEM;

	while (text && got > 0 && len <= CONFIG_FILE_MAX) {
		got = read(fd, text + len, CONFIG_FILE_MAX + 1 - len);
		len += got > 0 ? got : 0;
	}
	if (text && got < 0)
		err = refuse(walk, layer, path, "it cannot be read: %s", strerror(errno));
	else if (text && asprintf(&name, "/%s/%s", layers[layer], path) >= 0)
		err = config_add(walk->config, kind, name, text, len);
	free(name);
	free(text);
	return err == -EINVAL ? 0 : err;
}

static int read_file(struct walk *walk, enum config_kind kind, unsigned int layer, const char *path)
{
	int fd = open_file(walk->layers[layer], path), err;
	struct stat st;

	if (fd < 0 && (errno == EXDEV || errno == ELOOP))
		return refuse(walk, layer, path,
			      "a link out of /%s; only those to /dev/null, which mask, and within the folder count",
			      layers[layer]);
	if (fd < 0)
		return refuse(walk, layer, path, "it cannot be opened: %s", strerror(errno));
	if (fstat(fd, &st))
		err = refuse(walk, layer, path, "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		err = refuse(walk, layer, path, "it is not a file");
	else if (is_others(&st, walk->owner, walk->owner))
		err = refuse(walk, layer, path, "it is not root's but of user %u; chown root",
			     st.st_uid);
	else if (is_open(&st))
		err = refuse(walk, layer, path, "others may write it (mode %04o); chmod go-w",
			     st.st_mode & 07777);
	else
		err = take_file(walk, kind, layer, path, fd);
	close(fd);
	return err;
}

/* The highest layer that has it. */
static int read_main(struct walk *walk)
{
	struct stat st;

	for (unsigned int i = LAYERS; i-- > 0;) {
		if (walk->layers[i] < 0 || fstatat(walk->layers[i], MAIN, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		return is_masked(walk->layers[i], MAIN) ? 0 : read_file(walk, CONFIG_MAIN, i, MAIN);
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static int read_names(struct walk *walk)
{
	char path[sizeof(FOLDER "/") + NAME_MAX];
	int err = 0;

	if (walk->num)
		qsort(walk->names, walk->num, sizeof(*walk->names), by_name);
	for (uint32_t i = 0; !err && i < walk->num; i++) {
		unsigned int layer = walk->names[i].layer;

		snprintf(path, sizeof(path), FOLDER "/%s", walk->names[i].text);
		if (!is_masked(walk->layers[layer], path))
			err = read_file(walk, CONFIG_VF, layer, path);
	}
	return err;
}

static int open_layer(struct walk *walk, unsigned int i, int root)
{
	int err = open_folder(walk, i, root, layers[i], "", &walk->layers[i]);

	if (err || walk->layers[i] < 0)
		return err;
	err = open_folder(walk, i, walk->layers[i], FOLDER, FOLDER, &walk->folders[i]);
	return err ?: list_folder(walk, i);
}

int config_read(struct config *config, int root, uid_t owner, uid_t self)
{
	struct walk walk = {
		.config = config, .owner = owner, .self = self,
		.layers = { -1, -1, -1 }, .folders = { -1, -1, -1 },
	};
	int err = 0;

	for (unsigned int i = 0; !err && i < LAYERS; i++)
		err = open_layer(&walk, i, root);
	err = err ?: read_main(&walk);
	err = err ?: read_names(&walk);
	for (unsigned int i = 0; i < LAYERS; i++) {
		if (walk.folders[i] >= 0)
			close(walk.folders[i]);
		if (walk.layers[i] >= 0)
			close(walk.layers[i]);
	}
	free(walk.names);
	return err;
}

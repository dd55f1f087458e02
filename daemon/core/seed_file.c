// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json.h>

#include "seed_file.h"

#define SCHEMA		"iavfd-state/1"
#define FILE_MAX	4096

static int path_of(char *path, const char *dir, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* Not a fifo, not a device, not a link to somewhere else; and no more than a file of ours has. */
static int read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY), err = 0;
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EBADMSG;
	}
	got = read(fd, text, size);
	if (got < 0)
		err = -errno;
	else if (got == (ssize_t)size || memchr(text, 0, got))
		err = -EBADMSG;
	else
		text[got] = '\0';
	close(fd);
	return err;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int take_hex(const char *hex, uint8_t seed[16])
{
	if (strlen(hex) != 32)
		return -EBADMSG;
	for (int i = 0; i < 16; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EBADMSG;
		seed[i] = high << 4 | low;
	}
	return 0;
}

static int take_json(struct json_object *root, uint8_t seed[16])
{
	struct json_object *schema, *hex;

	if (!json_object_is_type(root, json_type_object) ||
	    !json_object_object_get_ex(root, "schema", &schema) ||
	    !json_object_is_type(schema, json_type_string) ||
	    strcmp(json_object_get_string(schema), SCHEMA) ||
	    !json_object_object_get_ex(root, "seed", &hex) ||
	    !json_object_is_type(hex, json_type_string))
		return -EBADMSG;
	return take_hex(json_object_get_string(hex), seed);
}

int seed_file_read(const char *dir, uint8_t seed[16])
{
	char path[PATH_MAX], text[FILE_MAX];
	struct json_object *root;
	int err = path_of(path, dir, "seed.json") ?: read_text(path, text, sizeof(text));

	if (err == -ELOOP)
		err = -EBADMSG;
	if (err)
		return err;
	root = json_tokener_parse(text);
	err = take_json(root, seed);
	json_object_put(root);
	return err;
}

static int write_text(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600), err = 0;
	ssize_t put;

	if (fd < 0)
		return -errno;
	put = write(fd, text, len);
	if (put < 0 || fsync(fd))
		err = -errno;
	else if (put != (ssize_t)len)
		err = -ENOSPC;
	close(fd);
	return err;
}

/* The rename is safe only with the folder on the disk too. */
static void sync_folder(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static int replace(const char *dir, const char *text)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = path_of(path, dir, "seed.json") ?: path_of(temporary, dir, "seed.json.new");

	if (err)
		return err;
	err = write_text(temporary, text);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	else
		sync_folder(dir);
	return err;
}

int seed_file_write(const char *dir, const uint8_t seed[16])
{
	struct json_object *root = json_object_new_object();
	char hex[33];
	int err;

	if (!root)
		return -ENOMEM;
	for (int i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", seed[i]);
	json_object_object_add(root, "schema", json_object_new_string(SCHEMA));
	json_object_object_add(root, "seed", json_object_new_string(hex));
	if (mkdir(dir, 0700) && errno != EEXIST)
		err = -errno;
	else
		err = replace(dir, json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN |
							 JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
	return err;
}

void seed_file_put_aside(const char *dir)
{
	char path[PATH_MAX], bad[PATH_MAX];

	if (path_of(path, dir, "seed.json") || path_of(bad, dir, "seed.json.bad"))
		return;
	/* Nothing of us depends on it: the next start says the same again. */
	if (rename(path, bad))
		return;
}

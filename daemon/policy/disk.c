// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

#define STATE_MAX	(16 * 1024 * 1024)

struct disk *disk_new(enum disk_verb verb, const char *root, const char *state)
{
	struct disk *disk = calloc(1, sizeof(*disk));

	if (!disk)
		return NULL;
	disk->verb = verb;
	disk->root = strdup(root);
	disk->state = strdup(state);
	if (!disk->root || !disk->state) {
		disk_free(disk);
		return NULL;
	}
	return disk;
}

void disk_documents_free(struct disk_document *documents, unsigned int num)
{
	for (unsigned int i = 0; i < num; i++) {
		free(documents[i].name);
		free(documents[i].text);
	}
	free(documents);
}

void disk_free(struct disk *disk)
{
	if (!disk)
		return;
	free(disk->root);
	free(disk->state);
	free(disk->text);
	config_free(disk->config);
	free(disk->facts);
	disk_documents_free(disk->documents, disk->num_documents);
	free(disk);
}

/* ---- the state ---- */

static int read_all(int fd, char **text, size_t *len)
{
	struct stat st;
	ssize_t got;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > STATE_MAX)
		return -EINVAL;
	*text = malloc(st.st_size + 1);
	if (!*text)
		return -ENOMEM;
	for (*len = 0; *len < (size_t)st.st_size; *len += got) {
		got = read(fd, *text + *len, st.st_size - *len);
		if (got < 0)
			return -errno;
		if (!got)
			break;
	}
	(*text)[*len] = '\0';
	return 0;
}

static int load(struct disk *disk)
{
	int fd = open(disk->state, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), err;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	err = read_all(fd, &disk->text, &disk->len);
	close(fd);
	return err;
}

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t put;

	for (; len; text += put, len -= put) {
		put = write(fd, text, len);
		if (put < 0)
			return -errno;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static int save(struct disk *disk)
{
	char *aside;
	int fd, err;

	if (asprintf(&aside, "%s.new", disk->state) < 0)
		return -ENOMEM;
	unlink(aside);
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = fd < 0 ? -errno : write_all(fd, disk->text, disk->len);
	if (fd >= 0)
		close(fd);
	if (!err && rename(aside, disk->state) < 0)
		err = -errno;
	if (err)
		unlink(aside);
	free(aside);
	return err;
}

/* ---- facts ---- */

static unsigned int read_hex(int device, const char *name)
{
	int fd = openat(device, name, O_RDONLY | O_CLOEXEC);
	char text[16];
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	return strtoul(text, NULL, 16);
}

/* The netdev of the PF; "" when it has none or several, as then none is the PF's. */
static void read_pf(int device, char *pf)
{
	int fd = openat(device, "physfn/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	unsigned int num = 0;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		num++;
		snprintf(pf, SETTING_NAME_SIZE, "%.*s", SETTING_NAME_SIZE - 1, entry->d_name);
	}
	if (num != 1)
		*pf = '\0';
	closedir(dir);
}

/* The number n of the link physfn/virtfnN that leads to the VF. */
static int read_index(int device, const char *pci)
{
	int fd = openat(device, "physfn", O_RDONLY | O_DIRECTORY | O_CLOEXEC), index = -1;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char target[256];

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (index < 0 && (entry = readdir(dir))) {
		const char *last;
		ssize_t len;

		if (strncmp(entry->d_name, "virtfn", 6))
			continue;
		len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		last = strrchr(target, '/');
		if (!strcmp(last ? last + 1 : target, pci))
			index = atoi(entry->d_name + 6);
	}
	closedir(dir);
	return index;
}

static void read_facts(const char *root, struct vf_facts *facts)
{
	char path[512];
	int device;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s", root, facts->pci);
	device = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	facts->vf_index = -1;
	if (device < 0)
		return;
	facts->vendor = read_hex(device, "vendor");
	facts->device = read_hex(device, "device");
	read_pf(device, facts->pf);
	facts->vf_index = read_index(device, facts->pci);
	close(device);
}

static int read_files(struct disk *disk)
{
	int root = open(*disk->root ? disk->root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC), err;

	if (root < 0)
		return -errno;
	err = config_read(disk->config, root, disk->owner, geteuid());
	close(root);
	return err;
}

/* One that is bad is noted in the configuration. */
static int read_documents(struct disk *disk)
{
	int err = 0;

	for (unsigned int i = 0; i < disk->num_documents && err != -ENOMEM; i++) {
		const struct disk_document *one = &disk->documents[i];

		err = config_add(disk->config, CONFIG_VF, one->name, one->text, one->len);
	}
	return err == -ENOMEM ? err : 0;
}

static int read_config(struct disk *disk)
{
	for (unsigned int i = 0; i < disk->num; i++)
		read_facts(disk->root, &disk->facts[i]);
	if (disk->source == DISK_NO_CONFIG)
		return 0;
	disk->config = config_new();
	if (!disk->config)
		return -ENOMEM;
	return disk->source == DISK_FILES ? read_files(disk) : read_documents(disk);
}

int disk_run(void *data)
{
	struct disk *disk = data;

	switch (disk->verb) {
	case DISK_LOAD:
		return load(disk);
	case DISK_SAVE:
		return save(disk);
	case DISK_READ:
		return read_config(disk);
	}
	return -EINVAL;
}

static void drop(void *disk)
{
	disk_free(disk);
}

static void on_done(void *ctx, struct host_job *job)
{
	const struct host_step *step = host_job_step(job, 0);
	struct disk *disk = ctx;

	disk->done(disk->ctx, disk, step->verdict == HOST_DONE ? 0 : step->error.err);
}

int disk_submit(struct disk *disk, struct host_worker *worker)
{
	struct host_job *job = host_job_new(on_done, disk);
	const struct host_ref nobody = { 0 };
	struct host_step *step = job ? host_job_add(job, HOST_OP_CALL, &nobody) : NULL;
	int err = -ENOMEM;

	if (step) {
		step->call.run = disk_run;
		step->call.drop = drop;
		step->data = disk;
		err = host_worker_submit(worker, job);
	}
	if (err && step)
		step->call.drop = NULL;
	if (err)
		host_job_free(job);
	return err;
}

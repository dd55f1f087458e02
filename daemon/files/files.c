// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop's side: which VFs changed, compared with what was handed over last. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <systemd/sd-id128.h>

#include "files.h"
#include "worker.h"

struct file_object {
	struct files *files;
	struct file_object *next;
	void *vf;
	bool dirty, written;
	struct bus_vf told;
};

struct files {
	struct files_config config;
	struct worker *worker;
	sd_event_source *pause, *trouble;
	int trouble_fd;
	bool waiting;			/* pause is on */
	char said[160];			/* so that it is said once */
	struct file_object *objects;
};

/* Counters change with each message and are not in the document. */
static bool same(const struct bus_vf *a, const struct bus_vf *b)
{
	return !memcmp(a, b, offsetof(struct bus_vf, sent));
}

static void tell(struct file_object *object)
{
	struct bus_vf now;

	memset(&now, 0, sizeof(now));
	object->files->config.vf(object->vf, &now);
	object->dirty = false;
	if (object->written && same(&now, &object->told))
		return;
	memcpy(&object->told, &now, sizeof(now));
	object->written = true;
	worker_write(object->files->worker, &object->told);
}

static int on_pause(sd_event_source *source, uint64_t usec, void *data)
{
	struct files *files = data;

	files->waiting = false;
	for (struct file_object *object = files->objects; object; object = object->next) {
		if (object->dirty)
			tell(object);
	}
	return 0;
}

static int on_trouble(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct files *files = data;
	char text[sizeof(files->said)];
	eventfd_t count;

	eventfd_read(fd, &count);
	worker_trouble(files->worker, text, sizeof(text));
	if (!*text || !strcmp(text, files->said))
		return 0;
	memcpy(files->said, text, sizeof(text));
	log_say(files->config.log, LOG_WARNING, "%s", text);
	return 0;
}

void files_changed(struct file_object *object)
{
	struct files *files = object ? object->files : NULL;

	if (!files)
		return;
	object->dirty = true;
	if (files->waiting)
		return;
	files->waiting = true;
	sd_event_source_set_time_relative(files->pause, FILES_PAUSE_MS * 1000);
	sd_event_source_set_enabled(files->pause, SD_EVENT_ONESHOT);
}

struct file_object *files_add(struct files *files, void *vf)
{
	struct file_object *object = files ? calloc(1, sizeof(*object)) : NULL;

	if (!object)
		return NULL;
	object->files = files;
	object->vf = vf;
	object->next = files->objects;
	files->objects = object;
	files_changed(object);
	return object;
}

static void unlink_object(struct file_object *object)
{
	struct file_object **at = &object->files->objects;

	while (*at != object)
		at = &(*at)->next;
	*at = object->next;
}

void files_remove(struct file_object *object)
{
	struct bus_vf now = { .id = 0 };

	if (!object)
		return;
	object->files->config.vf(object->vf, &now);
	worker_remove(object->files->worker, now.pci);
	unlink_object(object);
	free(object);
}

void files_abandon(struct file_object *object)
{
	if (!object)
		return;
	unlink_object(object);
	free(object);
}

/* All that is there is known to the worker first, written or not. */
void files_sweep(struct files *files)
{
	if (!files)
		return;
	for (struct file_object *object = files->objects; object; object = object->next)
		tell(object);
	worker_sweep(files->worker);
}

/* A service whose /proc has nothing but processes is told by its unit. */
static void find_boot_id(char text[33])
{
	const char *told = getenv("IAVFD_BOOT_ID");
	sd_id128_t id;

	if (told && strlen(told) == 32)
		snprintf(text, 33, "%s", told);
	else if (sd_id128_get_boot(&id) >= 0)
		sd_id128_to_string(id, text);
}

static int set_up(struct files *files)
{
	struct document_owner owner = { .version = files->config.version, .pid = getpid() };
	int err = sd_event_add_time(files->config.event, &files->pause, CLOCK_MONOTONIC, UINT64_MAX,
				    FILES_PAUSE_MS * 1000 / 4, on_pause, files);

	if (err >= 0)
		err = sd_event_source_set_enabled(files->pause, SD_EVENT_OFF);
	files->trouble_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (files->trouble_fd < 0)
		return -errno;
	if (err >= 0)
		err = sd_event_add_io(files->config.event, &files->trouble, files->trouble_fd,
				      EPOLLIN, on_trouble, files);
	if (err < 0)
		return err;
	find_boot_id(owner.boot_id);
	files->worker = worker_new(files->config.dir, &owner, files->trouble_fd);
	return files->worker ? 0 : -ENOMEM;
}

struct files *files_new(const struct files_config *config)
{
	struct files *files = calloc(1, sizeof(*files));

	if (!files)
		return NULL;
	files->config = *config;
	files->trouble_fd = -1;
	if (set_up(files) >= 0)
		return files;
	files_free(files);
	return NULL;
}

void files_free(struct files *files)
{
	if (!files)
		return;
	while (files->objects)
		files_abandon(files->objects);
	if (files->worker)
		worker_free(files->worker);
	sd_event_source_disable_unref(files->pause);
	sd_event_source_disable_unref(files->trouble);
	if (files->trouble_fd >= 0)
		close(files->trouble_fd);
	free(files);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config/config.h"
#include "events.h"
#include "files/files.h"
#include "kernel/message.h"
#include "kernel/vf_io.h"
#include "vf/vf.h"
#include "vfs.h"
#include "view.h"

/* Deadlines are tens of milliseconds and more; later than this by that does no harm. */
#define TIMER_SLACK_US	1000

struct entry {
	struct kernel_vf kernel;	/* first: the VF's ctx */
	struct vfs *vfs;
	struct entry *next;
	struct vf *vf;
	struct vf_policy base;
	struct vf_config *limits;	/* see struct vfs_vf */
	bool news;			/* for vf_changed() */
	sd_event_source *timer;
	uint64_t armed;			/* ns; VF_NO_DEADLINE: off */
	uint8_t mac[6];			/* its stable address; zeros: none */
	bool touched;			/* a message came since vf_run() */
	bool at_start;			/* was there when the daemon came */
	bool has_netdev;
	bool failed;			/* the device is dead or the kernel refused the netdev */
	struct events events;		/* what the log has said */
	struct bus_vf view;		/* the kernel's part of it */
	struct bus_object *object;
	struct file_object *file;
};

struct vfs {
	struct vfs_config config;
	struct entry *entries;
	bool started;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static struct entry **find(struct vfs *vfs, uint32_t id)
{
	struct entry **at = &vfs->entries;

	while (*at && (*at)->kernel.id != id)
		at = &(*at)->next;
	return at;
}

static void tell_changed(struct vfs *vfs)
{
	if (vfs->config.changed)
		vfs->config.changed(vfs->config.ctx);
}

/* Seen by others, but not what the daemon itself is judged by. */
static void entry_seen(struct entry *entry)
{
	entry->news = true;
	bus_changed(entry->object);
	files_changed(entry->file);
}

static void entry_news(struct entry *entry)
{
	entry_seen(entry);
	tell_changed(entry->vfs);
}

static struct log_vf about(const struct entry *entry)
{
	return (struct log_vf){
		.pci = entry->kernel.pci, .ifname = entry->view.ifname,
		.generation = entry->view.generation,
	};
}

static void entry_say(struct kernel_vf *kernel, int priority, const char *message)
{
	const struct entry *entry = (struct entry *)kernel;
	struct log_vf vf = about(entry);

	log_vf(entry->vfs->config.log, priority, LOG_EVENT_NONE, &vf, "%s", message);
}

static void entry_changed(struct kernel_vf *kernel)
{
	entry_news((struct entry *)kernel);
}

static void entry_granted(struct kernel_vf *kernel, uint32_t features)
{
	struct entry *entry = (struct entry *)kernel;

	entry->view.features_granted = features;
	entry_seen(entry);
}

static void entry_refused(struct kernel_vf *kernel, int err, const char *message)
{
	struct entry *entry = (struct entry *)kernel;

	view_failure(&entry->view, err, message);
	entry_seen(entry);
}

void vfs_view(void *vf, struct bus_vf *view)
{
	struct entry *entry = vf;
	const struct vfs_config *config = &entry->vfs->config;
	struct vf_grant_status grant;
	struct vf_status status;

	vf_get_status(entry->vf, &status);
	vf_get_grant_status(entry->vf, &grant);
	view_grant(&entry->view, &grant);
	memcpy(view, &entry->view, sizeof(*view));
	view_status(view, &status);
	view->degraded_us = events_degraded_ns(&entry->events, now_ns()) / 1000;
	view_config(view, config->invalid ? config->invalid(config->ctx, entry->kernel.pci) : NULL);
}

int vfs_reset(void *vf, char *why, size_t size)
{
	struct entry *entry = vf;
	struct vf_status status;
	int err;

	vf_get_status(entry->vf, &status);
	if (status.phase == VF_PHASE_WAITING) {
		snprintf(why, size, "%s is in a reset, or its device does not answer",
			 entry->kernel.pci);
		return -EBUSY;
	}
	err = kernel_vf_reset(&entry->kernel, entry->view.generation);
	if (err)
		snprintf(why, size, "the kernel refused to reset %s: %s", entry->kernel.pci,
			 strerror(-err));
	return err;
}

static void arm(struct entry *entry, uint64_t deadline)
{
	if (deadline == entry->armed)
		return;
	entry->armed = deadline;
	if (deadline == VF_NO_DEADLINE) {
		sd_event_source_set_enabled(entry->timer, SD_EVENT_OFF);
		return;
	}
	/* Rounded up, or the VF runs just before its deadline and is armed again. */
	sd_event_source_set_time(entry->timer, (deadline + 999) / 1000);
	sd_event_source_set_enabled(entry->timer, SD_EVENT_ONESHOT);
}

static void tell_vf_changed(struct entry *entry)
{
	const struct vfs_config *config = &entry->vfs->config;

	if (!entry->news)
		return;
	entry->news = false;
	if (config->vf_changed)
		config->vf_changed(config->ctx, entry->kernel.pci);
}

static void run(struct entry *entry)
{
	struct log_vf vf = about(entry);
	uint64_t now = now_ns();
	struct vf_status status;

	entry->touched = false;
	arm(entry, vf_run(entry->vf, now));
	vf_get_status(entry->vf, &status);
	events_status(&entry->events, entry->vfs->config.log, &vf, &status, now);
	tell_vf_changed(entry);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct entry *entry = data;

	entry->armed = VF_NO_DEADLINE;
	run(entry);
	return 0;
}

static void entry_free(struct entry *entry)
{
	bus_remove(entry->object);
	files_abandon(entry->file);
	sd_event_source_disable_unref(entry->timer);
	vf_free(entry->vf);
	vf_config_free(entry->limits);
	free(entry);
}

static bool mac_is_taken(const struct vfs *vfs, const uint8_t mac[6])
{
	for (const struct entry *entry = vfs->entries; entry; entry = entry->next) {
		if (!memcmp(entry->mac, mac, 6))
			return true;
	}
	return false;
}

static void choose_mac(struct entry *entry)
{
	for (unsigned int turn = 0; turn < 8; turn++) {
		if (!seed_mac(entry->vfs->config.seed, entry->kernel.pci, turn, entry->mac) ||
		    !mac_is_taken(entry->vfs, entry->mac))
			return;
	}
}

static int make_vf(struct entry *entry)
{
	struct vf_policy policy;
	struct vf_io io;

	choose_mac(entry);
	entry->base = (struct vf_policy) {
		.random = seed_number(entry->vfs->config.seed, "rss", entry->kernel.pci),
		.on_absence = entry->vfs->config.on_absence,
		.grace_ms = entry->vfs->config.grace_ms,
	};
	memcpy(entry->base.mac, entry->mac, sizeof(entry->base.mac));
	/* A VF of an earlier daemon has what that one was told. */
	policy = entry->base;
	policy.recorded = true;
	kernel_vf_io(&entry->kernel, &io);
	entry->vf = vf_new(&io, &policy);
	if (!entry->vf)
		return -ENOMEM;
	return sd_event_add_time(entry->vfs->config.event, &entry->timer, CLOCK_MONOTONIC,
				 UINT64_MAX, TIMER_SLACK_US, on_timer, entry);
}

static struct entry *entry_new(struct vfs *vfs, const struct kernel_message *message)
{
	struct entry *entry = calloc(1, sizeof(*entry));
	int err = -ENOMEM;

	if (entry) {
		entry->vfs = vfs;
		entry->armed = VF_NO_DEADLINE;
		entry->at_start = !vfs->started;
		entry->news = true;
		entry->kernel.session = vfs->config.session;
		entry->kernel.id = message->vf;
		entry->kernel.say = entry_say;
		entry->kernel.changed = entry_changed;
		entry->kernel.granted = entry_granted;
		entry->kernel.refused = entry_refused;
		snprintf(entry->kernel.pci, sizeof(entry->kernel.pci), "%s", message->state.pci);
		err = make_vf(entry);
	}
	if (err < 0) {
		log_say(vfs->config.log, LOG_ERR, "%s: cannot take it on: %s", message->state.pci,
			strerror(-err));
		if (entry)
			entry_free(entry);
		return NULL;
	}
	sd_event_source_set_enabled(entry->timer, SD_EVENT_OFF);
	return entry;
}

static void remove_entry(struct vfs *vfs, uint32_t id)
{
	struct entry **at = find(vfs, id), *entry = *at;
	char pci[sizeof(entry->kernel.pci)];
	struct log_vf vf;

	if (!entry)
		return;
	*at = entry->next;
	memcpy(pci, entry->kernel.pci, sizeof(pci));
	vf = about(entry);
	log_vf(vfs->config.log, LOG_INFO, LOG_EVENT_VF_GONE, &vf, "gone");
	files_remove(entry->file);
	entry->file = NULL;
	entry_free(entry);
	tell_changed(vfs);
	if (vfs->config.vf_changed)
		vfs->config.vf_changed(vfs->config.ctx, pci);
}

static void add_entry(struct vfs *vfs, const struct kernel_message *message)
{
	struct entry *entry, **end = &vfs->entries;

	/* Ids are never reused, so this is a kernel that tells us twice. */
	remove_entry(vfs, message->vf);
	entry = entry_new(vfs, message);
	if (!entry)
		return;
	while (*end)
		end = &(*end)->next;
	*end = entry;
	entry->has_netdev = message->state.state == IAVF_VF_STATE_READY || message->state.ifindex;
	entry->failed = message->state.state == IAVF_VF_STATE_DEAD;
	log_say(vfs->config.log, LOG_DEBUG, "%s: added, generation %u", entry->kernel.pci,
		message->generation);
	vf_add(entry->vf, &message->state);
	view_start(&entry->view, message);
	entry->object = bus_add(vfs->config.bus, entry);
	entry->file = files_add(vfs->config.files, entry);
	entry->touched = true;
	tell_changed(vfs);
}

static void take_log(struct entry *entry, const struct kernel_message *message)
{
	if (message->sent)
		vf_log_sent(entry->vf, message->generation, message->seq, message->opcode,
			    message->vsi_id, message->payload, message->payload_len);
	else
		vf_log_received(entry->vf, message->generation, message->seq, message->opcode,
				message->status, message->payload, message->payload_len);
}

static void take_reset(struct entry *entry, uint64_t now, const struct kernel_message *message)
{
	entry->failed = message->step == IAVF_RESET_STEP_FAILED;
	if (message->step == IAVF_RESET_STEP_STARTED)
		events_reset(&entry->events, message->cause, now);
	vf_reset_step(entry->vf, now, message->generation, message->step, message->cause);
	entry_news(entry);
}

static void take_netdev(struct entry *entry, uint64_t now, const struct kernel_message *message)
{
	if (message->err)
		entry->failed = true;
	else
		entry->has_netdev = true;
	vf_netdev_ready(entry->vf, now, message->err, &message->state);
	entry_news(entry);
}

static void entry_message(struct entry *entry, const struct kernel_message *message)
{
	uint64_t now = now_ns();

	view_message(&entry->view, message);
	switch (message->cmd) {
	case IAVF_CMD_VF_RECORD:
		if (message->record)
			vf_record(entry->vf, message->generation, message->record,
				  message->record_len);
		break;
	case IAVF_CMD_VF_LOG:
		take_log(entry, message);
		break;
	case IAVF_CMD_VF_SYNC:
		vf_sync(entry->vf, now);
		break;
	case IAVF_CMD_MBX_RECV:
		vf_received(entry->vf, now, message->generation, message->seq, message->opcode,
			    message->status, message->payload, message->payload_len);
		break;
	case IAVF_CMD_RESET:
		take_reset(entry, now, message);
		break;
	case IAVF_CMD_REQUEST:
		vf_requested(entry->vf, now, &message->request);
		break;
	case IAVF_CMD_REQUEST_CANCEL:
		vf_cancelled(entry->vf, now, message->request.id);
		break;
	case IAVF_CMD_CHANGED:
		vf_changed(entry->vf, now, &message->state);
		entry_seen(entry);
		break;
	case IAVF_CMD_NETDEV_READY:
		take_netdev(entry, now, message);
		break;
	}
	entry->touched = true;
}

void vfs_message(struct vfs *vfs, const struct kernel_message *message)
{
	struct entry *entry;

	if (message->cmd == IAVF_CMD_VF_ADD) {
		add_entry(vfs, message);
		return;
	}
	if (message->cmd == IAVF_CMD_VF_DEL) {
		remove_entry(vfs, message->vf);
		return;
	}
	entry = *find(vfs, message->vf);
	if (entry)
		entry_message(entry, message);
	else
		log_say(vfs->config.log, LOG_DEBUG, "%s for VF %u, which is not known",
			message_word(message->cmd), message->vf);
}

void vfs_pause(struct vfs *vfs)
{
	for (struct entry *entry = vfs->entries; entry; entry = entry->next) {
		if (entry->touched)
			run(entry);
	}
}

/* ---- for who configures VFs ---- */

static bool is_zero(const uint8_t mac[6])
{
	static const uint8_t zero[6];

	return !memcmp(mac, zero, sizeof(zero));
}

static void show(struct entry *entry, struct vfs_vf *vf)
{
	struct vf_status status;

	vf_get_status(entry->vf, &status);
	*vf = (struct vfs_vf) {
		.pci = entry->kernel.pci, .id = entry->kernel.id, .vf = entry->vf,
		.base = entry->base, .limits = &entry->limits, .has_netdev = entry->has_netdev,
		.last_error = entry->view.last_error.text,
	};
	memcpy(vf->mac, is_zero(status.host_mac) ? entry->mac : status.host_mac, sizeof(vf->mac));
	vf->mac_known = !is_zero(vf->mac);
}

bool vfs_nth(struct vfs *vfs, unsigned int i, struct vfs_vf *vf)
{
	struct entry *entry = vfs->entries;

	while (entry && i--)
		entry = entry->next;
	if (entry)
		show(entry, vf);
	return entry;
}

static struct entry *called(struct vfs *vfs, const char *pci)
{
	struct entry *entry = vfs->entries;

	while (entry && strcmp(entry->kernel.pci, pci))
		entry = entry->next;
	return entry;
}

bool vfs_find(struct vfs *vfs, const char *pci, struct vfs_vf *vf)
{
	struct entry *entry = called(vfs, pci);

	if (entry)
		show(entry, vf);
	return entry;
}

int vfs_set_policy(struct vfs *vfs, uint32_t id, const struct vf_policy *policy)
{
	struct entry *entry = *find(vfs, id);
	int err = entry ? vf_set_policy(entry->vf, now_ns(), policy) : -ENODEV;

	if (!err)
		run(entry);
	return err;
}

int vfs_netdev_update(struct vfs *vfs, uint32_t id, const uint8_t *mac, uint32_t mtu)
{
	struct entry *entry = *find(vfs, id);
	struct vf_status status;

	if (!entry)
		return -ENODEV;
	vf_get_status(entry->vf, &status);
	return kernel_vf_netdev(&entry->kernel, status.snapshot->generation, mac, mtu);
}

void vfs_told(struct vfs *vfs, const char *pci)
{
	struct entry *entry = called(vfs, pci);

	if (entry)
		entry_seen(entry);
}

void vfs_start_is_over(struct vfs *vfs)
{
	vfs->started = true;
}

static void note_trouble(struct vfs_summary *summary, const struct entry *entry, const char *reason)
{
	if (!*summary->trouble)
		snprintf(summary->trouble, sizeof(summary->trouble), "%s: %s", entry->kernel.pci,
			 reason ?: "no mailbox");
}

void vfs_summarise(const struct vfs *vfs, struct vfs_summary *summary)
{
	memset(summary, 0, sizeof(*summary));
	for (const struct entry *entry = vfs->entries; entry; entry = entry->next) {
		bool failed = entry->failed;
		struct vf_status status;

		vf_get_status(entry->vf, &status);
		summary->total++;
		summary->ready += status.phase == VF_PHASE_READY;
		summary->degraded += status.phase == VF_PHASE_DEGRADED;
		failed = failed || status.phase == VF_PHASE_FAILED;
		summary->failed += failed;
		summary->pending += entry->at_start && !entry->has_netdev && !failed;
		if (failed || status.phase == VF_PHASE_DEGRADED)
			note_trouble(summary, entry, status.reason);
	}
}

struct vfs *vfs_new(const struct vfs_config *config)
{
	struct vfs *vfs = calloc(1, sizeof(*vfs));

	if (vfs)
		vfs->config = *config;
	return vfs;
}

void vfs_free(struct vfs *vfs)
{
	if (!vfs)
		return;
	while (vfs->entries) {
		struct entry *entry = vfs->entries;

		vfs->entries = entry->next;
		entry_free(entry);
	}
	free(vfs);
}

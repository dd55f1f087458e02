// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue of what there is to do, and which VFs are new. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

/* ---- requests ---- */

struct policy_request *policy_request_new(enum policy_verb verb)
{
	struct policy_request *request = calloc(1, sizeof(*request));

	if (request)
		request->verb = verb;
	return request;
}

int policy_request_add(struct policy_request *request, const char *name, const char *text,
		       size_t len)
{
	struct disk_document *all, *one;

	if (request->num == POLICY_DOCUMENTS_MAX || len > CONFIG_FILE_MAX)
		return -E2BIG;
	all = reallocarray(request->documents, request->num + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	request->documents = all;
	one = &all[request->num++];
	*one = (struct disk_document) { .name = strdup(name), .text = malloc(len + 1), .len = len };
	if (!one->name || !one->text)
		return -ENOMEM;
	memcpy(one->text, text, len);
	one->text[len] = '\0';
	return 0;
}

void policy_request_free(struct policy_request *request)
{
	if (!request)
		return;
	disk_documents_free(request->documents, request->num);
	free(request);
}

int policy_submit(struct policy *policy, struct policy_request *request)
{
	struct policy_request **at = &policy->queue;
	unsigned int num = 0;

	for (; *at; at = &(*at)->next)
		num++;
	if (num >= POLICY_REQUESTS_MAX)
		return -EBUSY;
	request->next = NULL;
	*at = request;
	policy_look_again(policy);
	return 0;
}

void policy_forget(struct policy *policy, const void *ctx)
{
	if (policy->current && policy->current->ctx == ctx)
		policy->current->reply = NULL;
	for (struct policy_request *one = policy->queue; one; one = one->next) {
		if (one->ctx == ctx)
			one->reply = NULL;
	}
}

/* ---- the end of one ---- */

static void reply(struct policy *policy, enum policy_error error, const char *text)
{
	struct policy_request *request = policy->current;

	policy->current = NULL;
	policy->busy = false;
	config_free(policy->documents);
	policy->documents = NULL;
	txn_free(policy->txn);
	policy->txn = NULL;
	policy->txn_over = false;
	if (request && request->reply)
		request->reply(request->ctx, error, text);
	policy_request_free(request);
	policy->config.io->changed(policy->config.io->ctx, NULL);
	policy_look_again(policy);
}

void policy_finish(struct policy *policy, char *json)
{
	if (json)
		reply(policy, POLICY_OK, json);
	else
		reply(policy, POLICY_FAILED, "no memory");
	free(json);
}

void policy_fail(struct policy *policy, enum policy_error error, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!policy->current)
		log_say(policy->config.log, LOG_ERR, "configuration: %s", text);
	reply(policy, error, text);
}

static void log_failures(struct policy *policy)
{
	for (unsigned int i = 0; i < txn_num(policy->txn); i++) {
		const struct txn_vf *vf = txn_vf(policy->txn, i);

		if (vf->sentence)
			log_say(policy->config.log, LOG_ERR, "%s: configuration: %s", vf->pci,
				vf->sentence);
		for (unsigned int j = 0; j < vf->num; j++) {
			if (vf->steps[j].verdict == HOST_FAILED)
				log_say(policy->config.log, LOG_ERR, "%s: configuration: %s",
					vf->pci, vf->steps[j].sentence ?: "no memory");
		}
	}
}

static char *result(struct policy *policy)
{
	const struct state_checkpoint *checkpoint = policy->state->checkpoint;
	bool ours = checkpoint && txn_kind(policy->txn) == TXN_APPLY &&
		    txn_outcome(policy->txn) == TXN_APPLIED;

	return result_txn(policy->txn, ours ? checkpoint->id : NULL,
			  ours && checkpoint->deadline ? policy->current->confirm : 0);
}

static void answer_stuck(struct policy *policy)
{
	log_failures(policy);
	policy_fail(policy, POLICY_STUCK, "%s; and not everything could be brought back",
		    txn_reason(policy->txn));
}

static void answer_back(struct policy *policy)
{
	if (txn_kind(policy->txn) != TXN_ROLLBACK) {
		policy_fail(policy, POLICY_REFUSED, "%s; everything is as it was before",
			    txn_reason(policy->txn));
		return;
	}
	if (!policy->current)
		log_say(policy->config.log, LOG_WARNING,
			"nobody confirmed the change: it is rolled back");
	policy_finish(policy, result(policy));
}

void policy_answer(struct policy *policy)
{
	switch (txn_outcome(policy->txn)) {
	case TXN_STUCK:
		answer_stuck(policy);
		break;
	case TXN_ROLLED_BACK:
		answer_back(policy);
		break;
	case TXN_REFUSED:
		policy_fail(policy, POLICY_IMPOSSIBLE, "%s", txn_reason(policy->txn));
		break;
	case TXN_PARTLY:
		log_failures(policy);
		policy_finish(policy, result(policy));
		break;
	default:
		policy_finish(policy, result(policy));
		break;
	}
}

/* ---- VFs ---- */

struct known_vf *policy_known(struct policy *policy, const char *pci)
{
	for (unsigned int i = 0; i < policy->num; i++) {
		if (!strcmp(policy->vfs[i].instance.pci, pci))
			return &policy->vfs[i];
	}
	return NULL;
}

static struct known_vf *add_known(struct policy *policy, const struct state_instance *instance)
{
	struct known_vf *vfs = reallocarray(policy->vfs, policy->num + 1, sizeof(*vfs));

	if (!vfs)
		return NULL;
	policy->vfs = vfs;
	vfs += policy->num++;
	*vfs = (struct known_vf) { .instance = *instance };
	return vfs;
}

static void forget_known(struct policy *policy, struct known_vf *known)
{
	free(known->invalid);
	*known = policy->vfs[--policy->num];
}

/* Files are for a VF that nobody configured yet: not one that an earlier daemon had. */
static bool is_fresh(struct policy *policy, const struct state_instance *instance)
{
	const struct state_vf *vf = state_find(policy->state, instance->pci);

	return !vf || !state_same(&vf->instance, instance);
}

static void meet(struct policy *policy, const struct policy_vf *vf)
{
	struct known_vf *known = policy_known(policy, vf->instance.pci);

	if (known && state_same(&known->instance, &vf->instance)) {
		known->instance = vf->instance;
		return;
	}
	if (known)
		forget_known(policy, known);
	known = add_known(policy, &vf->instance);
	if (!known)
		return;
	known->fresh = is_fresh(policy, &vf->instance);
	policy_look_again(policy);
}

/* A VF has what the daemon before was started with; what no configuration said is ours to say. */
static void follow_options(struct policy *policy, const char *pci)
{
	static const enum setting options[] = { SETTING_ON_ABSENCE, SETTING_GRACE_MS };
	const struct vf_config *applied = policy_applied(policy, pci);
	const struct policy_io *io = policy->config.io;
	struct vf_config *to;
	struct policy_vf vf;

	if (!io->find(io->ctx, pci, &vf) || !vf.live.policy)
		return;
	to = vf_config_copy(vf.live.policy);
	if (!to)
		return;
	for (unsigned int i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (!applied || !vf_config_get(applied, options[i]))
			vf_config_unset(to, options[i]);
	}
	io->set_policy(io->ctx, pci, to);
	vf_config_free(to);
}

static void meet_all(struct policy *policy)
{
	for (unsigned int i = 0; i < policy->num; i++) {
		if (policy->vfs[i].ours)
			continue;
		policy->vfs[i].ours = true;
		follow_options(policy, policy->vfs[i].instance.pci);
	}
}

void policy_vf_changed(struct policy *policy, const char *pci)
{
	const struct policy_io *io = policy->config.io;
	struct known_vf *known;
	struct policy_vf vf;

	if (!policy->state)
		return;
	if (io->find(io->ctx, pci, &vf)) {
		meet(policy, &vf);
	} else {
		known = policy_known(policy, pci);
		if (known)
			forget_known(policy, known);
	}
	policy_work_changed(policy, pci);
}

void policy_loaded(struct policy *policy)
{
	const struct policy_io *io = policy->config.io;
	struct policy_vf vf;

	for (unsigned int i = 0; io->nth(io->ctx, i, &vf); i++)
		meet(policy, &vf);
	policy_look_again(policy);
}

void policy_started(struct policy *policy)
{
	policy->started = true;
	policy_look_again(policy);
}

static bool any_fresh(const struct policy *policy)
{
	for (unsigned int i = 0; i < policy->num; i++) {
		if (policy->vfs[i].fresh)
			return true;
	}
	return false;
}

static bool all_are_ours(const struct policy *policy)
{
	for (unsigned int i = 0; i < policy->num; i++) {
		if (!policy->vfs[i].ours)
			return false;
	}
	return true;
}

bool policy_is_idle(const struct policy *policy)
{
	return policy->state && policy->started && !policy->busy && !any_fresh(policy) &&
	       all_are_ours(policy);
}

/* ---- what is next ---- */

static uint64_t boottime_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

static bool rollback_is_due(const struct policy *policy)
{
	const struct state_checkpoint *checkpoint = policy->state->checkpoint;

	return checkpoint && (checkpoint->running ||
			      (checkpoint->deadline && checkpoint->deadline <= boottime_us()));
}

static void begin_next(struct policy *policy)
{
	policy->busy = true;
	meet_all(policy);
	if (rollback_is_due(policy)) {
		policy_begin_rollback(policy);
	} else if (any_fresh(policy)) {
		policy_begin_fresh(policy);
	} else if (policy->queue) {
		policy->current = policy->queue;
		policy->queue = policy->current->next;
		policy_begin(policy);
	} else {
		policy->busy = false;
		policy->config.io->changed(policy->config.io->ctx, NULL);
	}
}

static int on_soon(sd_event_source *source, void *data)
{
	struct policy *policy = data;

	if (policy->txn_over) {
		policy->txn_over = false;
		policy_end(policy);
	} else if (policy->state && policy->started && !policy->busy) {
		begin_next(policy);
	}
	return 0;
}

void policy_look_again(struct policy *policy)
{
	sd_event_source_set_enabled(policy->soon, SD_EVENT_ONESHOT);
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *data)
{
	policy_look_again(data);
	return 0;
}

void policy_arm_deadline(struct policy *policy)
{
	const struct state_checkpoint *checkpoint = policy->state->checkpoint;

	if (!checkpoint || !checkpoint->deadline) {
		sd_event_source_set_enabled(policy->deadline, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(policy->deadline, checkpoint->deadline);
	sd_event_source_set_enabled(policy->deadline, SD_EVENT_ONESHOT);
}

const char *policy_checkpoint(const struct policy *policy, uint64_t *deadline)
{
	const struct state_checkpoint *checkpoint = policy->state ? policy->state->checkpoint : NULL;

	*deadline = checkpoint ? checkpoint->deadline : 0;
	return *deadline ? checkpoint->id : "";
}

const char *policy_invalid(const struct policy *policy, const char *pci)
{
	for (unsigned int i = 0; i < policy->num; i++) {
		if (!strcmp(policy->vfs[i].instance.pci, pci))
			return policy->vfs[i].invalid;
	}
	return NULL;
}

/* ---- life ---- */

static int start(struct policy *policy)
{
	sd_event *event = policy->config.event;
	int err = sd_event_add_defer(event, &policy->soon, on_soon, policy);

	if (err >= 0)
		err = sd_event_source_set_enabled(policy->soon, SD_EVENT_OFF);
	if (err >= 0)
		err = sd_event_add_time(event, &policy->deadline, CLOCK_BOOTTIME, UINT64_MAX, 0,
					on_deadline, policy);
	if (err >= 0)
		err = sd_event_source_set_enabled(policy->deadline, SD_EVENT_OFF);
	if (err >= 0)
		err = policy_work_init(policy);
	return err < 0 ? err : policy_load(policy);
}

struct policy *policy_new(const struct policy_config *config)
{
	struct policy *policy = calloc(1, sizeof(*policy));

	if (!policy)
		return NULL;
	policy->config = *config;
	if (start(policy) < 0) {
		policy_free(policy);
		return NULL;
	}
	return policy;
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (struct policy_request *next; policy->queue; policy->queue = next) {
		next = policy->queue->next;
		policy_request_free(policy->queue);
	}
	policy_request_free(policy->current);
	policy_work_free(policy);
	sd_event_source_disable_unref(policy->soon);
	sd_event_source_disable_unref(policy->deadline);
	while (policy->num)
		forget_known(policy, policy->vfs);
	free(policy->vfs);
	config_free(policy->documents);
	config_free(policy->files);
	txn_free(policy->txn);
	state_checkpoint_free(policy->previous);
	state_free(policy->state);
	free(policy);
}

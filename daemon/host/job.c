// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "job.h"

struct host_job *host_job_new(host_done *done, void *ctx)
{
	struct host_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->done = done;
	job->ctx = ctx;
	return job;
}

static bool make_room(struct host_job *job)
{
	unsigned int room = job->room * 2 + 8;
	struct host_step **steps;

	if (job->num < job->room)
		return true;
	steps = reallocarray(job->steps, room, sizeof(*steps));
	if (!steps)
		return false;
	job->steps = steps;
	job->room = room;
	return true;
}

struct host_step *host_job_add(struct host_job *job, enum host_op op, const struct host_ref *ref)
{
	struct host_step *step;

	if (job->num == HOST_STEPS_MAX || !make_room(job))
		return NULL;
	step = calloc(1, sizeof(*step));
	if (!step)
		return NULL;
	step->op = op;
	step->ref = *ref;
	job->steps[job->num++] = step;
	return step;
}

void host_job_free(struct host_job *job)
{
	if (!job)
		return;
	for (unsigned int i = 0; i < job->num; i++) {
		host_step_clear(job->steps[i]);
		free(job->steps[i]);
	}
	free(job->steps);
	free(job);
}

unsigned int host_job_num(const struct host_job *job)
{
	return job->num;
}

struct host_step *host_job_step(struct host_job *job, unsigned int i)
{
	return i < job->num ? job->steps[i] : NULL;
}

struct host_step *host_job_failed(struct host_job *job)
{
	for (unsigned int i = 0; i < job->num; i++) {
		if (job->steps[i]->verdict == HOST_FAILED)
			return job->steps[i];
	}
	return NULL;
}

void job_list_init(struct job_list *list)
{
	list->first = NULL;
	list->end = &list->first;
}

void job_list_add(struct job_list *list, struct host_job *job)
{
	job->next = NULL;
	*list->end = job;
	list->end = &job->next;
}

struct host_job *job_list_take(struct job_list *list)
{
	struct host_job *job = list->first;

	if (job)
		job_list_remove(list, job);
	return job;
}

bool job_list_remove(struct job_list *list, struct host_job *job)
{
	struct host_job **at = &list->first;

	while (*at && *at != job)
		at = &(*at)->next;
	if (!*at)
		return false;
	*at = job->next;
	if (!*at)
		list->end = at;
	return true;
}

void job_list_free(struct job_list *list)
{
	struct host_job *job;

	while ((job = job_list_take(list)))
		host_job_free(job);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IAVFD_HOST_JOB_H
#define IAVFD_HOST_JOB_H

#include "worker.h"

struct host_job {
	struct host_job *next;
	host_done *done;
	void *ctx;
	bool cancelled;
	unsigned int num, room;
	struct host_step **steps;
};

struct job_list {
	struct host_job *first, **end;
};

void job_list_init(struct job_list *list);
void job_list_add(struct job_list *list, struct host_job *job);
/* NULL: empty. */
struct host_job *job_list_take(struct job_list *list);
/* Whether it was there. */
bool job_list_remove(struct job_list *list, struct host_job *job);
void job_list_free(struct job_list *list);

#endif

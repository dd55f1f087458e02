// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How orders of a transaction are carried out: by a job for the worker, over the session, or by the
 * VF's own logic. For the last two an event tells that it is so, or patience ends.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define PATIENCE_US	(15 * 1000000ULL)	/* longer than the kernel's own */
#define PAUSE_US	500000ULL		/* times the number of the attempt */
#define AGAIN_US	100000ULL
#define TRIES		30
#define SLACK_US	1000

static void say(struct work *work, int err, const char *sentence)
{
	work->err = err;
	snprintf(work->sentence, sizeof(work->sentence), "%s", sentence ?: "");
}

/* In the next turn of the loop: whoever gave the order does not expect it sooner. */
static void answer_soon(struct policy *policy, int err, const char *sentence)
{
	say(&policy->work, err, sentence);
	policy->work.waits = false;
	sd_event_source_set_enabled(policy->work.patience, SD_EVENT_OFF);
	sd_event_source_set_enabled(policy->work.answer, SD_EVENT_ONESHOT);
}

static void answer(struct policy *policy)
{
	struct work *work = &policy->work;
	look_done *looked = work->looked;

	work->looked = NULL;
	if (looked)
		looked(policy, work->err, work->sentence, NULL);
	else if (policy->txn)
		txn_done(policy->txn, work->err, *work->sentence ? work->sentence : NULL);
}

static int on_answer(sd_event_source *source, void *data)
{
	answer(data);
	return 0;
}

static bool find(struct policy *policy, const char *pci, struct policy_vf *vf)
{
	return policy->config.io->find(policy->config.io->ctx, pci, vf);
}

/* ---- by the worker ---- */

/* What the kernel only has a number for, the PF may have told in words. */
static void on_step(struct policy *policy, const struct host_step *step)
{
	struct policy_vf vf;
	char sentence[sizeof(policy->work.sentence)];

	snprintf(sentence, sizeof(sentence), "%s", step->error.sentence);
	if (step->verdict == HOST_FAILED && !step->error.from_kernel &&
	    find(policy, policy->work.pci, &vf) && *vf.last_error)
		snprintf(sentence, sizeof(sentence), "%s (%s)", step->error.sentence,
			 vf.last_error);
	say(&policy->work, step->verdict == HOST_DONE ? 0 : step->error.err, sentence);
	answer(policy);
}

static int take_look(struct policy *policy, struct host_step *step, struct txn_look *look)
{
	struct policy_vf vf;
	int err;

	if (!find(policy, policy->work.pci, &vf))
		return -ENODEV;
	memset(look, 0, sizeof(*look));
	look->caps = vf.caps;
	look->queues_granted = vf.queues_granted;
	if (step->verdict == HOST_DONE) {
		look->host = step->state;
		step->state = NULL;
	}
	err = live_config(look->host, &vf.live, &look->live);
	if (err)
		host_state_free(look->host);
	return err;
}

/* A netdev in another namespace is a look like any other, with less to see. */
static void on_look(struct policy *policy, struct host_step *step)
{
	look_done *looked = policy->work.looked;
	struct txn_look look;
	int err = 0;

	if (step->verdict != HOST_DONE && step->error.err != -EXDEV) {
		err = step->error.err;
		say(&policy->work, err, step->error.sentence);
	} else {
		err = take_look(policy, step, &look);
		say(&policy->work, err, err ? strerror(-err) : "");
	}
	if (err) {
		answer(policy);
		return;
	}
	policy->work.looked = NULL;
	if (looked)
		looked(policy, 0, "", &look);
	else
		txn_looked(policy->txn, &look);
}

/*
 * What ethtool does by name fails while a netdev gets another one: right after it came, when
 * udev names it.
 */
static bool try_again(struct policy *policy, const struct host_step *step)
{
	struct policy_vf vf;

	if (step->verdict == HOST_DONE || step->error.err != -ENODEV ||
	    ++policy->work.tries > TRIES || !find(policy, policy->work.pci, &vf))
		return false;
	sd_event_source_set_time_relative(policy->work.again, AGAIN_US);
	sd_event_source_set_enabled(policy->work.again, SD_EVENT_ONESHOT);
	return true;
}

static void on_job(void *ctx, struct host_job *job)
{
	struct host_step *step = host_job_step(job, 0);

	if (try_again(ctx, step))
		return;
	if (step->op == HOST_OP_READ)
		on_look(ctx, step);
	else
		on_step(ctx, step);
}

static int submit(struct policy *policy, const char *pci, const struct host_step *order)
{
	struct host_job *job = host_job_new(on_job, policy);
	struct host_ref ref = { 0 };
	struct host_step *step;
	struct policy_vf vf;
	int err = -ENODEV;

	snprintf(ref.pci, sizeof(ref.pci), "%s", pci);
	if (find(policy, pci, &vf)) {
		ref.ifindex = vf.ifindex;
		step = job ? host_job_add(job, order->op, &ref) : NULL;
		err = step ? 0 : -ENOMEM;
	}
	if (!err) {
		*step = *order;
		step->ref = ref;
		err = host_worker_submit(policy->config.worker, job);
	}
	if (err)
		host_job_free(job);
	return err;
}

static int on_again(sd_event_source *source, uint64_t usec, void *data)
{
	struct policy *policy = data;
	int err = submit(policy, policy->work.pci, &policy->work.order);

	if (err)
		answer_soon(policy, err, NULL);
	return 0;
}

static void start_job(struct policy *policy, const char *pci, const struct host_step *order)
{
	int err;

	snprintf(policy->work.pci, sizeof(policy->work.pci), "%s", pci);
	policy->work.order = *order;
	policy->work.tries = 0;
	err = submit(policy, pci, order);
	if (err)
		answer_soon(policy, err, NULL);
}

static void work_by_host(void *ctx, const char *pci, const struct host_step *order)
{
	start_job(ctx, pci, order);
}

static void work_look(void *ctx, const char *pci)
{
	const struct host_step order = { .op = HOST_OP_READ };

	start_job(ctx, pci, &order);
}

void policy_look_at(struct policy *policy, const char *pci, look_done *done)
{
	policy->work.looked = done;
	work_look(policy, pci);
}

/* ---- by events ---- */

static int on_patience(sd_event_source *source, uint64_t usec, void *data)
{
	struct policy *policy = data;

	if (policy->work.waits)
		answer_soon(policy, -ETIMEDOUT, "no answer of the PF");
	return 0;
}

static void wait_for(struct policy *policy, const char *pci, const struct host_step *order)
{
	struct work *work = &policy->work;

	snprintf(work->pci, sizeof(work->pci), "%s", pci);
	work->order = *order;
	work->waits = true;
	sd_event_source_set_time_relative(work->patience, PATIENCE_US);
	sd_event_source_set_enabled(work->patience, SD_EVENT_ONESHOT);
	policy_work_changed(policy, pci);
}

static int progress(struct policy *policy, const struct policy_vf *vf, char *sentence, size_t size)
{
	const struct host_step *order = &policy->work.order;
	const struct policy_io *io = policy->config.io;

	switch (order->op) {
	case HOST_OP_MTU:
		return vf->live.mtu == order->mtu ? 0 : -EINPROGRESS;
	case HOST_OP_MAC:
		if (memcmp(vf->live.mac, order->mac, 6))
			return -EINPROGRESS;
		return io->mac_state(io->ctx, policy->work.pci, order->mac, sentence, size);
	default:
		return io->policy_state(io->ctx, policy->work.pci, sentence, size);
	}
}

void policy_work_changed(struct policy *policy, const char *pci)
{
	struct work *work = &policy->work;
	char sentence[sizeof(work->sentence)] = "";
	struct policy_vf vf;
	int err = -ENODEV;

	if (!work->waits || strcmp(pci, work->pci))
		return;
	if (find(policy, pci, &vf))
		err = progress(policy, &vf, sentence, sizeof(sentence));
	if (err != -EINPROGRESS)
		answer_soon(policy, err, sentence);
}

static void work_by_session(void *ctx, const char *pci, const struct host_step *order)
{
	struct policy *policy = ctx;
	const struct policy_io *io = policy->config.io;
	int err;

	if (order->op == HOST_OP_MAC)
		err = io->netdev_update(io->ctx, pci, order->mac, 0);
	else
		err = io->netdev_update(io->ctx, pci, NULL, order->mtu);
	if (err)
		answer_soon(policy, err, NULL);
	else
		wait_for(policy, pci, order);
}

/* What is in force, with settings as in to. NULL: no memory. */
static struct vf_config *changed_policy(const struct vf_config *now, uint64_t settings,
					const struct vf_config *to)
{
	struct vf_config *policy = now ? vf_config_copy(now) : vf_config_new();
	int err = policy ? 0 : -ENOMEM;

	for (unsigned int i = 0; !err && i < SETTING_NUM_VF; i++) {
		const struct setting_value *value = vf_config_get(to, i);

		if (!(settings & PLAN_BIT(i)))
			continue;
		if (value)
			err = vf_config_set(policy, i, value, NULL);
		else
			vf_config_unset(policy, i);
	}
	if (!err)
		return policy;
	vf_config_free(policy);
	return NULL;
}

static int set_policy(struct policy *policy, const char *pci, uint64_t settings,
		      const struct vf_config *to)
{
	const struct policy_io *io = policy->config.io;
	struct vf_config *wanted;
	struct policy_vf vf;
	int err;

	if (!find(policy, pci, &vf))
		return -ENODEV;
	wanted = changed_policy(vf.live.policy, settings, to);
	if (!wanted)
		return -ENOMEM;
	err = io->set_policy(io->ctx, pci, wanted);
	vf_config_free(wanted);
	return err;
}

static void work_by_daemon(void *ctx, const char *pci, uint64_t settings, const struct vf_config *to)
{
	const struct host_step order = { .op = HOST_OP_READ };
	struct policy *policy = ctx;
	int err = set_policy(policy, pci, settings, to);

	if (err)
		answer_soon(policy, err, NULL);
	else
		wait_for(policy, pci, &order);
}

/* ---- the rest ---- */

static int on_pause(sd_event_source *source, uint64_t usec, void *data)
{
	struct policy *policy = data;

	if (policy->txn)
		txn_done(policy->txn, 0, NULL);
	return 0;
}

static void work_pause(void *ctx, unsigned int attempt)
{
	struct policy *policy = ctx;

	sd_event_source_set_time_relative(policy->work.pause, PAUSE_US * attempt);
	sd_event_source_set_enabled(policy->work.pause, SD_EVENT_ONESHOT);
}

static void on_kept(struct policy *policy, int err)
{
	txn_done(policy->txn, err, NULL);
}

static void work_keep(void *ctx)
{
	struct policy *policy = ctx;
	int err = policy_make_checkpoint(policy);

	if (!err)
		err = policy_save(policy, on_kept);
	if (err)
		answer_soon(policy, err, NULL);
}

static void work_over(void *ctx)
{
	struct policy *policy = ctx;

	policy->txn_over = true;
	policy_look_again(policy);
}

const struct txn_io policy_work = {
	.look = work_look,
	.keep = work_keep,
	.by_host = work_by_host,
	.by_session = work_by_session,
	.by_daemon = work_by_daemon,
	.pause = work_pause,
	.over = work_over,
};

static int add_timer(struct policy *policy, sd_event_source **source,
		     sd_event_time_handler_t handler)
{
	int err = sd_event_add_time(policy->config.event, source, CLOCK_MONOTONIC, UINT64_MAX,
				    SLACK_US, handler, policy);

	if (err >= 0)
		err = sd_event_source_set_enabled(*source, SD_EVENT_OFF);
	return err;
}

int policy_work_init(struct policy *policy)
{
	struct work *work = &policy->work;
	int err = add_timer(policy, &work->patience, on_patience);

	if (err >= 0)
		err = add_timer(policy, &work->pause, on_pause);
	if (err >= 0)
		err = add_timer(policy, &work->again, on_again);
	if (err >= 0)
		err = sd_event_add_defer(policy->config.event, &work->answer, on_answer, policy);
	if (err >= 0)
		err = sd_event_source_set_enabled(work->answer, SD_EVENT_OFF);
	return err;
}

void policy_work_free(struct policy *policy)
{
	sd_event_source_disable_unref(policy->work.patience);
	sd_event_source_disable_unref(policy->work.pause);
	sd_event_source_disable_unref(policy->work.again);
	sd_event_source_disable_unref(policy->work.answer);
}

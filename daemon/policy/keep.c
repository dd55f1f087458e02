// SPDX-License-Identifier: GPL-2.0-or-later
/* What outlives the daemon: read at its start, kept before and after each transaction. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

static uint64_t boottime_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

/* ---- disk ---- */

static void on_loaded(void *ctx, struct disk *disk, int err)
{
	struct policy *policy = ctx;

	if (!err && disk->text)
		err = state_read(disk->text, disk->len, &policy->state);
	if (err)
		log_say(policy->config.log, LOG_ERR,
			"%s cannot be read (%s): what was configured before, and a checkpoint, "
			"are not known any more", disk->state, strerror(-err));
	if (!policy->state)
		policy->state = state_new();
	if (!policy->state) {
		log_say(policy->config.log, LOG_ERR, "no memory: nothing is configured");
		return;
	}
	policy_arm_deadline(policy);
	policy_loaded(policy);
}

int policy_load(struct policy *policy)
{
	struct disk *disk = disk_new(DISK_LOAD, policy->config.root, policy->config.state);
	int err;

	if (!disk)
		return -ENOMEM;
	disk->ctx = policy;
	disk->done = on_loaded;
	err = disk_submit(disk, policy->config.worker);
	if (err)
		disk_free(disk);
	return err;
}

static void on_saved(void *ctx, struct disk *disk, int err)
{
	struct policy *policy = ctx;
	void (*saved)(struct policy *policy, int err) = policy->saved;

	policy->saved = NULL;
	if (saved)
		saved(policy, err);
}

int policy_save(struct policy *policy, void (*done)(struct policy *policy, int err))
{
	struct disk *disk = disk_new(DISK_SAVE, policy->config.root, policy->config.state);
	int err = -ENOMEM;

	if (!disk)
		return err;
	disk->ctx = policy;
	disk->done = on_saved;
	disk->text = state_print(policy->state);
	if (disk->text) {
		disk->len = strlen(disk->text);
		err = disk_submit(disk, policy->config.worker);
	}
	if (err)
		disk_free(disk);
	else
		policy->saved = done;
	return err;
}

/* ---- before ---- */

static int add_back(struct policy *policy, struct state_checkpoint *checkpoint,
		    const struct txn_vf *vf)
{
	const struct policy_io *io = policy->config.io;
	struct policy_vf now;

	if (!vf->changes || !io->find(io->ctx, vf->pci, &now))
		return 0;
	return state_back_add(policy->state, checkpoint, &now.instance, vf);
}

int policy_make_checkpoint(struct policy *policy)
{
	struct state_checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	int err = checkpoint ? 0 : -ENOMEM;

	for (unsigned int i = 0; !err && i < txn_num(policy->txn); i++)
		err = add_back(policy, checkpoint, txn_vf(policy->txn, i));
	if (err) {
		state_checkpoint_free(checkpoint);
		return err;
	}
	snprintf(checkpoint->id, sizeof(checkpoint->id), "%llu",
		 (unsigned long long)++policy->state->checkpoints);
	checkpoint->running = true;
	policy->previous = policy->state->checkpoint;
	policy->state->checkpoint = checkpoint;
	return 0;
}

/* ---- after ---- */

static void drop_checkpoint(struct policy *policy)
{
	state_checkpoint_free(policy->state->checkpoint);
	policy->state->checkpoint = policy->previous;
	policy->previous = NULL;
}

/* It is where a VF's settings are looked up; without memory for it, they show no source. */
static void note_vf(struct policy *policy, const struct txn_vf *vf)
{
	const struct policy_io *io = policy->config.io;
	struct policy_vf now;
	struct state_vf *known = state_find(policy->state, vf->pci);

	if (!io->find(io->ctx, vf->pci, &now))
		return;
	if (!known || !state_same(&known->instance, &now.instance))
		known = state_enter(policy->state, &now.instance);
	if (!known || vf_config_merge(known->applied, vf->wanted))
		log_say(policy->config.log, LOG_WARNING, "%s: no memory to note its settings",
			vf->pci);
}

static void note_all(struct policy *policy)
{
	for (unsigned int i = 0; i < txn_num(policy->txn); i++)
		note_vf(policy, txn_vf(policy->txn, i));
}

static void note_back(struct policy *policy, struct state_back *back)
{
	struct state_vf *known = state_find(policy->state, back->instance.pci);

	if (!known || !state_same(&known->instance, &back->instance))
		return;
	if (!back->applied) {
		state_forget(policy->state, back->instance.pci);
		return;
	}
	vf_config_free(known->applied);
	known->applied = back->applied;
	back->applied = NULL;
}

static void forget_previous(struct policy *policy)
{
	state_checkpoint_free(policy->previous);
	policy->previous = NULL;
}

static void on_ended(struct policy *policy, int err)
{
	if (err)
		log_say(policy->config.log, LOG_ERR,
			"%s cannot be written (%s): after a restart it is not known what was "
			"configured", policy->config.state, strerror(-err));
	policy_answer(policy);
}

static void applied(struct policy *policy)
{
	struct state_checkpoint *checkpoint = policy->state->checkpoint;
	unsigned int seconds = policy->current ? policy->current->confirm : 0;

	note_all(policy);
	if (txn_outcome(policy->txn) == TXN_UNCHANGED)
		return;
	forget_previous(policy);
	checkpoint->running = false;
	checkpoint->deadline = seconds ? boottime_us() + seconds * 1000000ULL : 0;
}

static void rolled_back(struct policy *policy)
{
	struct state_checkpoint *checkpoint = policy->state->checkpoint;

	for (size_t i = 0; i < checkpoint->num; i++)
		note_back(policy, &checkpoint->vfs[i]);
	drop_checkpoint(policy);
}

/* Once more only when somebody asks. */
static void stuck(struct policy *policy)
{
	forget_previous(policy);
	policy->state->checkpoint->running = false;
	policy->state->checkpoint->deadline = 0;
}

/* Those of which files say nothing are known as well: they are not new to the next daemon. */
static void note_known(struct policy *policy)
{
	for (unsigned int i = 0; i < policy->num; i++) {
		const struct known_vf *known = &policy->vfs[i];
		const struct state_vf *vf = state_find(policy->state, known->instance.pci);

		if (!known->fresh && (!vf || !state_same(&vf->instance, &known->instance)))
			state_enter(policy->state, &known->instance);
	}
}

static void settle(struct policy *policy)
{
	switch (txn_outcome(policy->txn)) {
	case TXN_APPLIED:
	case TXN_UNCHANGED:
	case TXN_PARTLY:
		if (txn_kind(policy->txn) == TXN_ASSERT)
			note_all(policy);
		else
			applied(policy);
		break;
	case TXN_ROLLED_BACK:
		if (txn_kind(policy->txn) == TXN_ROLLBACK)
			rolled_back(policy);
		else
			drop_checkpoint(policy);
		break;
	case TXN_REFUSED:
		if (policy->previous || (policy->state->checkpoint && policy->state->checkpoint->running))
			drop_checkpoint(policy);
		break;
	case TXN_STUCK:
		stuck(policy);
		break;
	default:
		break;
	}
}

void policy_end(struct policy *policy)
{
	if (txn_kind(policy->txn) == TXN_PLAN) {
		policy_answer(policy);
		return;
	}
	settle(policy);
	note_known(policy);
	policy_arm_deadline(policy);
	if (policy_save(policy, on_ended))
		on_ended(policy, -ENOMEM);
}

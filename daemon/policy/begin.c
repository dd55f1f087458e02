// SPDX-License-Identifier: GPL-2.0-or-later
/* From a request, from VFs that are new or from a deadline to a transaction. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void no_memory(struct policy *policy)
{
	policy_fail(policy, POLICY_FAILED, "no memory");
}

static void tell_errors(struct policy *policy, const struct config *config)
{
	size_t num = config_num_errors(config);
	char *text = config_error_text(config_error(config, 0));

	if (num > 1)
		policy_fail(policy, POLICY_INVALID, "%s (and %zu more)", text ?: "", num - 1);
	else
		policy_fail(policy, POLICY_INVALID, "%s", text ?: "");
	free(text);
}

/* ---- VFs ---- */

static void note_vf(struct policy *policy, const struct vf_facts *facts,
		    const struct vf_config *wanted)
{
	const char *reason = vf_config_valid(wanted) ? NULL : vf_config_reason(wanted);
	struct known_vf *known = policy_known(policy, facts->pci);

	if (!known)
		return;
	known->facts = *facts;
	known->has_facts = true;
	if (policy->documents)
		return;
	if (reason && (!known->invalid || strcmp(known->invalid, reason)))
		log_say(policy->config.log, LOG_WARNING, "%s: keeps the configuration it has: %s",
			facts->pci, reason);
	free(known->invalid);
	known->invalid = reason ? strdup(reason) : NULL;
	policy->config.io->changed(policy->config.io->ctx, facts->pci);
}

static bool says_something(const struct vf_config *config)
{
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (vf_config_get(config, i))
			return true;
	}
	return false;
}

static bool is_meant(const struct policy *policy, const char *pci)
{
	const struct policy_request *request = policy->current;

	return !request || !*request->pci || !strcmp(request->pci, pci);
}

const struct vf_config *policy_applied(struct policy *policy, const char *pci)
{
	const struct state_vf *vf = state_find(policy->state, pci);
	const struct known_vf *known = policy_known(policy, pci);

	return vf && known && state_same(&vf->instance, &known->instance) ? vf->applied : NULL;
}

/* 0; -EINVAL: what is said of it is not valid, and the request was answered so; -ENOMEM */
static int add_vf(struct policy *policy, const struct vf_facts *facts)
{
	const struct config *config = policy->documents ?: policy->files;
	struct vf_config *wanted = config_for_vf(config, facts);
	int err = 0;

	if (!wanted)
		return -ENOMEM;
	note_vf(policy, facts, wanted);
	if (!vf_config_valid(wanted) && txn_kind(policy->txn) != TXN_ASSERT) {
		policy_fail(policy, POLICY_INVALID, "%s", vf_config_reason(wanted));
		err = -EINVAL;
	} else if (vf_config_valid(wanted) && says_something(wanted)) {
		err = txn_add(policy->txn, facts->pci, wanted, policy_applied(policy, facts->pci));
	}
	vf_config_free(wanted);
	return err;
}

static int add_vfs(struct policy *policy, const struct disk *disk)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < disk->num; i++)
		err = add_vf(policy, &disk->facts[i]);
	return err;
}

static enum txn_kind kind_of(const struct policy *policy)
{
	if (!policy->current || policy->current->verb == POLICY_RELOAD)
		return TXN_ASSERT;
	return policy->current->verb == POLICY_PLAN ? TXN_PLAN : TXN_APPLY;
}

static void start_txn(struct policy *policy, const struct disk *disk)
{
	struct txn_io io = policy_work;
	int err;

	io.ctx = policy;
	policy->txn = txn_new(kind_of(policy), &io);
	err = policy->txn ? add_vfs(policy, disk) : -ENOMEM;
	if (err == -ENOMEM)
		no_memory(policy);
	if (err)
		return;
	if (policy->documents && !txn_num(policy->txn)) {
		policy_fail(policy, POLICY_NOT_FOUND,
			    "it is about no VF that is here with its interface");
		return;
	}
	txn_start(policy->txn);
}

/* ---- files and facts ---- */

static void adopt_files(struct policy *policy, struct disk *disk)
{
	config_free(policy->files);
	policy->files = disk->config;
	disk->config = NULL;
	for (size_t i = 0; i < config_num_errors(policy->files); i++) {
		char *text = config_error_text(config_error(policy->files, i));

		log_say(policy->config.log, LOG_ERR, "%s", text ?: "no memory");
		free(text);
	}
}

static void take_config(struct policy *policy, struct disk *disk)
{
	if (disk->source == DISK_FILES) {
		adopt_files(policy, disk);
	} else if (disk->source == DISK_DOCUMENTS) {
		policy->documents = disk->config;
		disk->config = NULL;
	}
	if (policy->documents && config_num_errors(policy->documents))
		tell_errors(policy, policy->documents);
	else
		start_txn(policy, disk);
}

static void on_read(void *ctx, struct disk *disk, int err)
{
	struct policy *policy = ctx;

	if (err)
		policy_fail(policy, POLICY_FAILED, "configuration: %s", strerror(-err));
	else if (policy->current && policy->current->verb == POLICY_VALIDATE)
		policy_finish(policy, result_validation(disk->config));
	else
		take_config(policy, disk);
}

static int add_fact(struct disk *disk, const struct policy_vf *vf)
{
	struct vf_facts *facts = reallocarray(disk->facts, disk->num + 1, sizeof(*facts));

	if (!facts)
		return -ENOMEM;
	disk->facts = facts;
	facts += disk->num++;
	*facts = (struct vf_facts) { .vf_index = -1, .mac_known = vf->mac_known };
	snprintf(facts->pci, sizeof(facts->pci), "%s", vf->instance.pci);
	memcpy(facts->mac, vf->mac, sizeof(facts->mac));
	return 0;
}

/* Of new VFs, or those that the request is about. */
static int list_vfs(struct policy *policy, struct disk *disk)
{
	const struct policy_io *io = policy->config.io;
	struct known_vf *known;
	struct policy_vf vf;
	int err = 0;

	for (unsigned int i = 0; !err && io->nth(io->ctx, i, &vf); i++) {
		known = policy_known(policy, vf.instance.pci);
		if (policy->current ? is_meant(policy, vf.instance.pci) : known && known->fresh)
			err = add_fact(disk, &vf);
		/* Once only, whatever comes of it. */
		if (!policy->current && known)
			known->fresh = false;
	}
	return err;
}

/* Documents go with it: the thread may have them longer than the request lives. */
static void read_disk(struct policy *policy, enum disk_source source)
{
	struct disk *disk = disk_new(DISK_READ, policy->config.root, policy->config.state);
	struct policy_request *request = policy->current;
	int err = disk ? list_vfs(policy, disk) : -ENOMEM;

	if (!err) {
		disk->source = source;
		disk->owner = policy->config.owner;
		disk->ctx = policy;
		disk->done = on_read;
		if (source == DISK_DOCUMENTS) {
			disk->documents = request->documents;
			disk->num_documents = request->num;
			request->documents = NULL;
			request->num = 0;
		}
		err = disk_submit(disk, policy->config.worker);
	}
	if (err) {
		disk_free(disk);
		no_memory(policy);
	}
}

static void read_asked(struct policy *policy)
{
	read_disk(policy, policy->current->num ? DISK_DOCUMENTS : DISK_FILES);
}

/* ---- requests ---- */

static bool checkpoint_waits(const struct policy *policy)
{
	return policy->state->checkpoint && policy->state->checkpoint->deadline;
}

/* The checkpoint that is meant, or the request is answered. */
static bool has_checkpoint(struct policy *policy)
{
	const struct state_checkpoint *checkpoint = policy->state->checkpoint;
	const char *id = policy->current->id;

	if (checkpoint && (!*id || !strcmp(id, checkpoint->id)))
		return true;
	if (*id)
		policy_fail(policy, POLICY_NOT_FOUND, "there is no checkpoint %s%s", id,
			    checkpoint ? " any more" : "");
	else
		policy_fail(policy, POLICY_NOT_FOUND, "there is no checkpoint");
	return false;
}

static void on_confirmed(struct policy *policy, int err)
{
	if (err)
		log_say(policy->config.log, LOG_WARNING, "a confirmation is not on disk: %s",
			strerror(-err));
	policy_finish(policy, strdup("{\"schema\":\"iavf-plan/1\",\"outcome\":\"confirmed\"}"));
}

static void confirm(struct policy *policy)
{
	if (!has_checkpoint(policy))
		return;
	if (!checkpoint_waits(policy)) {
		policy_fail(policy, POLICY_NOT_FOUND, "checkpoint %s waits for no confirmation",
			    policy->state->checkpoint->id);
		return;
	}
	policy->state->checkpoint->deadline = 0;
	policy_arm_deadline(policy);
	if (policy_save(policy, on_confirmed))
		on_confirmed(policy, -ENOMEM);
}

static void described(struct policy *policy, int err, const char *sentence, struct txn_look *look)
{
	const char *pci = policy->current->pci;
	const struct known_vf *known = policy_known(policy, pci);
	struct result_vf vf = {
		.pci = pci,
		.wanted = policy_applied(policy, pci),
		.live = look ? look->live : NULL,
		.host = look ? look->host : NULL,
		.trouble = err ? sentence : NULL,
		.invalid = policy_invalid(policy, pci),
		.files = policy->files,
		.facts = known && known->has_facts ? &known->facts : NULL,
	};
	char *json = result_describe(&vf);

	if (look) {
		vf_config_free(look->live);
		host_state_free(look->host);
	}
	policy_finish(policy, json);
}

static void describe(struct policy *policy)
{
	const struct policy_io *io = policy->config.io;
	struct policy_vf vf;

	if (io->find(io->ctx, policy->current->pci, &vf))
		policy_look_at(policy, policy->current->pci, described);
	else
		policy_fail(policy, POLICY_NOT_FOUND, "there is no VF %s with an interface",
			    policy->current->pci);
}

static void change(struct policy *policy)
{
	const struct policy_request *request = policy->current;

	if (request->verb != POLICY_PLAN && checkpoint_waits(policy)) {
		policy_fail(policy, POLICY_BUSY,
			    "checkpoint %s waits to be confirmed or rolled back first",
			    policy->state->checkpoint->id);
		return;
	}
	read_asked(policy);
}

void policy_begin(struct policy *policy)
{
	switch (policy->current->verb) {
	case POLICY_VALIDATE:
		read_asked(policy);
		break;
	case POLICY_PLAN:
	case POLICY_APPLY:
	case POLICY_RELOAD:
		change(policy);
		break;
	case POLICY_CONFIRM:
		confirm(policy);
		break;
	case POLICY_ROLLBACK:
		if (has_checkpoint(policy))
			policy_begin_rollback(policy);
		break;
	case POLICY_DESCRIBE:
		describe(policy);
		break;
	}
}

void policy_begin_fresh(struct policy *policy)
{
	read_disk(policy, policy->files ? DISK_NO_CONFIG : DISK_FILES);
}

/* A VF that went took with it what was changed. */
static int add_back(struct policy *policy, const struct state_back *back)
{
	const struct policy_io *io = policy->config.io;
	struct policy_vf vf;

	if (!io->find(io->ctx, back->instance.pci, &vf) ||
	    !state_same(&vf.instance, &back->instance))
		return 0;
	return txn_add_back(policy->txn, back->instance.pci, back->changes, back->before,
			    back->made);
}

void policy_begin_rollback(struct policy *policy)
{
	const struct state_checkpoint *checkpoint = policy->state->checkpoint;
	struct txn_io io = policy_work;
	int err;

	io.ctx = policy;
	policy->txn = txn_new(TXN_ROLLBACK, &io);
	err = policy->txn ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < checkpoint->num; i++)
		err = add_back(policy, &checkpoint->vfs[i]);
	if (err)
		no_memory(policy);
	else
		txn_start(policy->txn);
}

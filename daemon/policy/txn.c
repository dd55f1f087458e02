// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "txn.h"

#define ATTEMPTS	5	/* to get a VF back, with pauses between them */

enum stage {
	LOOKING,	/* at all VFs, for the plan */
	KEEPING,
	DOING,
	VERIFYING,	/* the VF that was done */
	GOING_BACK,	/* looking at a VF to bring it back */
	UNDOING,
	BACK,		/* looking whether it is */
	PAUSING,
};

struct member {
	struct txn_vf vf;
	struct txn_look look;
	struct plan *plan;
	struct vf_config *back;		/* of before what changes, or goes with it; the rest goes to defaults */
};

struct txn {
	enum txn_kind kind;
	struct txn_io io;
	enum txn_outcome outcome;
	enum stage stage;
	struct member *members;
	unsigned int num;
	unsigned int at;		/* the VF */
	unsigned int step;		/* of its plan */
	unsigned int attempt;
	bool failed;			/* somewhere; of TXN_APPLY: everything goes back */
	int err;
	char *reason;
	struct host_step order;		/* that is out */
};

__attribute__((format(printf, 1, 2)))
static char *print(const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return len < 0 ? NULL : text;
}

static struct member *member(struct txn *txn)
{
	return &txn->members[txn->at];
}

/* ---- what there is to know ---- */

static void drop_look(struct member *m)
{
	plan_free(m->plan);
	host_state_free(m->look.host);
	vf_config_free(m->look.live);
	memset(&m->look, 0, sizeof(m->look));
	m->plan = NULL;
}

static struct plan_input input_of(const struct member *m, bool back, bool made)
{
	return (struct plan_input) {
		.wanted = back ? m->back : m->vf.wanted,
		.defaults = back ? m->vf.changes : 0,
		.made = made,
		.back = back,
		.live = m->look.live,
		.host = m->look.host,
		/* On the way back those that were made may go, which are among those wanted. */
		.ours = back && m->vf.wanted ?
			vf_config_get(m->vf.wanted, SETTING_VLAN_DEVICES) :
			m->vf.ours ? vf_config_get(m->vf.ours, SETTING_VLAN_DEVICES) : NULL,
		.caps = m->look.caps,
		.queues_granted = m->look.queues_granted,
	};
}

static int make_plan_of(struct member *m, bool back, bool made, char **why)
{
	struct plan_input input = input_of(m, back, made);

	*why = NULL;
	plan_free(m->plan);
	m->plan = NULL;
	return plan_new(&input, &m->plan, why);
}

static int make_plan(struct member *m, bool back, char **why)
{
	return make_plan_of(m, back, false, why);
}

/* ---- failures ---- */

static void note(struct txn *txn, const char *pci, const char *what, int err, const char *sentence)
{
	txn->failed = true;
	if (txn->err)
		return;
	txn->err = err;
	txn->reason = print("%s: %s%s%s", pci, what, *what ? ": " : "", sentence);
}

static void vf_failed(struct txn *txn, struct member *m, int err, const char *sentence)
{
	if (!sentence)
		sentence = strerror(-err);
	note(txn, m->vf.pci, "", err, sentence);
	if (m->vf.err)
		return;
	m->vf.err = err;
	m->vf.sentence = strdup(sentence);
}

static const char *step_word(const struct plan_step *step)
{
	return step->doer == PLAN_BY_DAEMON ? "policy" : host_op_word(step->op);
}

static void step_failed(struct txn *txn, struct member *m, int err, const char *sentence)
{
	struct txn_step *step = &m->vf.steps[txn->step];

	if (!sentence)
		sentence = strerror(-err);
	step->verdict = HOST_FAILED;
	step->err = err;
	step->sentence = strdup(sentence);
	note(txn, m->vf.pci, step_word(&step->plan), err, sentence);
}

/* ---- the end ---- */

static void end(struct txn *txn, enum txn_outcome outcome)
{
	txn->outcome = outcome;
	for (unsigned int i = 0; i < txn->num; i++)
		drop_look(&txn->members[i]);
	txn->io.over(txn->io.ctx);
}

static bool any_stuck(const struct txn *txn)
{
	for (unsigned int i = 0; i < txn->num; i++) {
		if (txn->members[i].vf.stuck)
			return true;
	}
	return false;
}

bool txn_changes(const struct txn *txn)
{
	for (unsigned int i = 0; i < txn->num; i++) {
		if (txn->members[i].vf.changes)
			return true;
	}
	return false;
}

/* ---- one step ---- */

static void give_order(struct txn *txn, const struct plan_step *step, bool back)
{
	struct member *m = member(txn);
	struct plan_input input = input_of(m, back, false);

	memset(&txn->order, 0, sizeof(txn->order));
	txn->order.op = step->op;
	if (step->doer == PLAN_BY_DAEMON) {
		txn->io.by_daemon(txn->io.ctx, m->vf.pci, step->settings, input.wanted);
		return;
	}
	plan_host_step(m->plan, txn->step, &input, &txn->order);
	if (step->doer == PLAN_BY_SESSION)
		txn->io.by_session(txn->io.ctx, m->vf.pci, &txn->order);
	else
		txn->io.by_host(txn->io.ctx, m->vf.pci, &txn->order);
}

static void look(struct txn *txn, enum stage stage)
{
	struct member *m = member(txn);

	txn->stage = stage;
	drop_look(m);
	txn->io.look(txn->io.ctx, m->vf.pci);
}

/* ---- back ---- */

static int make_back(struct member *m)
{
	uint64_t settings = m->vf.changes;

	/* The kernel takes the MTU of VLAN devices down with that of the VF, and not up again. */
	if (settings & PLAN_BIT(SETTING_MTU))
		settings |= PLAN_BIT(SETTING_VLAN_DEVICES);
	if (m->back)
		return 0;
	m->back = vf_config_copy(m->vf.before);
	if (!m->back)
		return -ENOMEM;
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if (!(settings & PLAN_BIT(i)))
			vf_config_unset(m->back, i);
	}
	return 0;
}

/* From the last VF that was touched to the first. */
static void go_back(struct txn *txn, unsigned int below)
{
	txn->at = below;
	while (txn->at--) {
		struct member *m = member(txn);

		if (!m->vf.touched)
			continue;
		if (make_back(m)) {
			m->vf.stuck = true;
			vf_failed(txn, m, -ENOMEM, NULL);
			continue;
		}
		txn->attempt = 1;
		look(txn, GOING_BACK);
		return;
	}
	end(txn, any_stuck(txn) ? TXN_STUCK : TXN_ROLLED_BACK);
}

static void back_again(struct txn *txn, int err, const char *sentence)
{
	struct member *m = member(txn);

	/* With the device everything goes that was changed. */
	if (err == -ENODEV) {
		go_back(txn, txn->at);
		return;
	}
	if (txn->attempt < ATTEMPTS) {
		txn->stage = PAUSING;
		txn->io.pause(txn->io.ctx, txn->attempt++);
		return;
	}
	m->vf.stuck = true;
	vf_failed(txn, m, err, sentence);
	go_back(txn, txn->at);
}

static void undo_next(struct txn *txn)
{
	struct member *m = member(txn);

	txn->stage = UNDOING;
	if (txn->step < plan_num(m->plan))
		give_order(txn, plan_step(m->plan, txn->step), true);
	else
		look(txn, BACK);
}

static void looked_to_go_back(struct txn *txn)
{
	char *why;
	int err = make_plan(member(txn), true, &why);

	if (err) {
		back_again(txn, err, why);
		free(why);
		return;
	}
	txn->step = 0;
	undo_next(txn);
}

static void looked_whether_back(struct txn *txn)
{
	struct member *m = member(txn);
	char *why, *text = NULL;
	int err = make_plan(m, true, &why);

	if (!err && !plan_num(m->plan)) {
		go_back(txn, txn->at);
		return;
	}
	if (!err)
		text = print("%s is not as it was before",
			     setting_type(__builtin_ctzll(plan_settings(m->plan)))->path);
	back_again(txn, err ?: -EIO, why ?: text);
	free(why);
	free(text);
}

/* ---- forth ---- */

static void do_next(struct txn *txn);

static void next_vf(struct txn *txn)
{
	txn->at++;
	txn->step = 0;
	do_next(txn);
}

static void all_done(struct txn *txn)
{
	if (txn->failed)
		end(txn, TXN_PARTLY);
	else
		end(txn, TXN_APPLIED);
}

static void do_next(struct txn *txn)
{
	struct member *m;

	txn->stage = DOING;
	while (txn->at < txn->num && (member(txn)->vf.err || !member(txn)->vf.num))
		txn->at++;
	if (txn->at == txn->num) {
		all_done(txn);
		return;
	}
	m = member(txn);
	if (txn->step == m->vf.num) {
		look(txn, VERIFYING);
		return;
	}
	m->vf.touched = true;
	give_order(txn, &m->vf.steps[txn->step].plan, false);
}

static void gave_up(struct txn *txn)
{
	go_back(txn, txn->at + 1);
}

static void step_over(struct txn *txn, int err, const char *sentence)
{
	struct member *m = member(txn);

	if (err)
		step_failed(txn, m, err, sentence);
	else
		m->vf.steps[txn->step].verdict = HOST_DONE;
	txn->step++;
	if (err && txn->kind == TXN_APPLY)
		gave_up(txn);
	else
		do_next(txn);
}

/* A setting that was refused is known to differ. */
static uint64_t refused(const struct txn_vf *vf)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < vf->num; i++) {
		if (vf->steps[i].verdict == HOST_FAILED)
			all |= vf->steps[i].plan.settings;
	}
	return all;
}

static void looked_at_result(struct txn *txn)
{
	struct member *m = member(txn);
	uint64_t differing = 0;
	char *why, *text;
	int err = make_plan_of(m, false, true, &why);

	if (!err)
		differing = plan_settings(m->plan) & ~refused(&m->vf);
	if (differing) {
		text = print("%s was taken and is not so",
			     setting_type(__builtin_ctzll(differing))->path);
		vf_failed(txn, m, -EIO, text);
		free(text);
	} else if (err) {
		vf_failed(txn, m, err, why);
	}
	free(why);
	if (txn->failed && txn->kind == TXN_APPLY)
		gave_up(txn);
	else
		next_vf(txn);
}

/* ---- the plan ---- */

/*
 * Of those that say one thing in several ways a VF shows only the first. And a limit of queues takes
 * queues.
 */
static uint64_t as_shown(uint64_t settings)
{
	uint64_t all = settings;

	if (settings & PLAN_BIT(SETTING_MAX_QUEUES))
		all |= PLAN_BIT(SETTING_RX_QUEUES) | PLAN_BIT(SETTING_TX_QUEUES);
	for (unsigned int i = 0; i < SETTING_NUM_VF; i++) {
		if ((settings & PLAN_BIT(i)) && setting_type(i)->instead)
			all |= PLAN_BIT(setting_by_path(setting_type(i)->instead));
	}
	return all;
}

static int note_plan(struct member *m)
{
	unsigned int num = plan_num(m->plan);

	m->vf.steps = calloc(num ?: 1, sizeof(*m->vf.steps));
	m->vf.before = vf_config_copy(m->look.live);
	if (!m->vf.steps || !m->vf.before)
		return -ENOMEM;
	for (unsigned int i = 0; i < num; i++)
		m->vf.steps[i].plan = *plan_step(m->plan, i);
	m->vf.num = num;
	m->vf.changes = as_shown(plan_settings(m->plan));
	if (m->look.host)
		snprintf(m->vf.netdev, sizeof(m->vf.netdev), "%s", m->look.host->name);
	return 0;
}

static void start_doing(struct txn *txn)
{
	txn->at = txn->step = 0;
	do_next(txn);
}

static void all_planned(struct txn *txn)
{
	if (txn->kind == TXN_PLAN) {
		end(txn, txn->failed ? TXN_REFUSED : txn_changes(txn) ? TXN_PLANNED : TXN_UNCHANGED);
		return;
	}
	if (txn->kind == TXN_APPLY && txn->failed) {
		end(txn, TXN_REFUSED);
		return;
	}
	if (!txn_changes(txn)) {
		end(txn, txn->failed ? TXN_PARTLY : TXN_UNCHANGED);
		return;
	}
	if (txn->kind == TXN_ASSERT) {
		start_doing(txn);
		return;
	}
	txn->stage = KEEPING;
	txn->io.keep(txn->io.ctx);
}

static void look_at_next(struct txn *txn)
{
	if (txn->at < txn->num)
		look(txn, LOOKING);
	else
		all_planned(txn);
}

static void looked_for_plan(struct txn *txn)
{
	struct member *m = member(txn);
	char *why;
	int err = make_plan(m, false, &why) ?: note_plan(m);

	if (err)
		vf_failed(txn, m, err, why);
	free(why);
	txn->at++;
	look_at_next(txn);
}

/* ---- answers ---- */

void txn_looked(struct txn *txn, const struct txn_look *seen)
{
	member(txn)->look = *seen;
	switch (txn->stage) {
	case LOOKING:
		looked_for_plan(txn);
		break;
	case VERIFYING:
		looked_at_result(txn);
		break;
	case GOING_BACK:
		looked_to_go_back(txn);
		break;
	case BACK:
		looked_whether_back(txn);
		break;
	default:
		break;
	}
}

static void look_failed(struct txn *txn, int err, const char *sentence)
{
	struct member *m = member(txn);

	vf_failed(txn, m, err, sentence);
	if (txn->stage == LOOKING) {
		txn->at++;
		look_at_next(txn);
		return;
	}
	if (txn->kind == TXN_APPLY)
		gave_up(txn);
	else
		next_vf(txn);
}

static void kept(struct txn *txn, int err, const char *sentence)
{
	if (!err) {
		start_doing(txn);
		return;
	}
	txn->failed = true;
	txn->err = err;
	txn->reason = print("what is now cannot be kept for a rollback: %s",
			    sentence ?: strerror(-err));
	end(txn, TXN_REFUSED);
}

void txn_done(struct txn *txn, int err, const char *sentence)
{
	switch (txn->stage) {
	case LOOKING:
	case VERIFYING:
		look_failed(txn, err, sentence);
		break;
	case KEEPING:
		kept(txn, err, sentence);
		break;
	case DOING:
		step_over(txn, err, sentence);
		break;
	case UNDOING:
		/* The look at its end tells what is missing. */
		txn->step++;
		undo_next(txn);
		break;
	case GOING_BACK:
	case BACK:
		back_again(txn, err, sentence);
		break;
	case PAUSING:
		look(txn, GOING_BACK);
		break;
	}
}

void txn_start(struct txn *txn)
{
	if (txn->kind == TXN_ROLLBACK) {
		go_back(txn, txn->num);
		return;
	}
	txn->at = 0;
	look_at_next(txn);
}

/* ---- life ---- */

struct txn *txn_new(enum txn_kind kind, const struct txn_io *io)
{
	struct txn *txn = calloc(1, sizeof(*txn));

	if (!txn)
		return NULL;
	txn->kind = kind;
	txn->io = *io;
	return txn;
}

static void member_clear(struct member *m)
{
	drop_look(m);
	for (unsigned int i = 0; i < m->vf.num; i++)
		free(m->vf.steps[i].sentence);
	free(m->vf.steps);
	free(m->vf.sentence);
	vf_config_free(m->vf.wanted);
	vf_config_free(m->vf.ours);
	vf_config_free(m->vf.before);
	vf_config_free(m->back);
}

void txn_free(struct txn *txn)
{
	if (!txn)
		return;
	for (unsigned int i = 0; i < txn->num; i++)
		member_clear(&txn->members[i]);
	free(txn->members);
	free(txn->reason);
	free(txn);
}

static struct member *add(struct txn *txn, const char *pci)
{
	struct member *members = reallocarray(txn->members, txn->num + 1, sizeof(*members));

	if (!members)
		return NULL;
	txn->members = members;
	members += txn->num++;
	memset(members, 0, sizeof(*members));
	snprintf(members->vf.pci, sizeof(members->vf.pci), "%s", pci);
	return members;
}

static int copy(struct vf_config **to, const struct vf_config *from)
{
	if (!from)
		return 0;
	*to = vf_config_copy(from);
	return *to ? 0 : -ENOMEM;
}

int txn_add(struct txn *txn, const char *pci, const struct vf_config *wanted,
	    const struct vf_config *ours)
{
	struct member *m = add(txn, pci);
	int err = m ? copy(&m->vf.wanted, wanted) : -ENOMEM;

	return err ?: copy(&m->vf.ours, ours);
}

int txn_add_back(struct txn *txn, const char *pci, uint64_t changes, const struct vf_config *before,
		 const struct vf_config *made)
{
	struct member *m = add(txn, pci);
	int err = m ? copy(&m->vf.before, before) : -ENOMEM;

	if (err)
		return err;
	m->vf.changes = changes;
	m->vf.touched = true;
	return copy(&m->vf.wanted, made);
}

enum txn_kind txn_kind(const struct txn *txn)
{
	return txn->kind;
}

enum txn_outcome txn_outcome(const struct txn *txn)
{
	return txn->outcome;
}

const char *txn_reason(const struct txn *txn)
{
	return txn->failed ? txn->reason ?: "no memory" : NULL;
}

int txn_error(const struct txn *txn)
{
	return txn->err;
}

unsigned int txn_num(const struct txn *txn)
{
	return txn->num;
}

const struct txn_vf *txn_vf(const struct txn *txn, unsigned int i)
{
	return &txn->members[i].vf;
}

const char *txn_outcome_word(enum txn_outcome outcome)
{
	static const char *const words[] = {
		[TXN_RUNNING] = "running", [TXN_UNCHANGED] = "unchanged",
		[TXN_PLANNED] = "planned", [TXN_APPLIED] = "applied", [TXN_PARTLY] = "partly",
		[TXN_REFUSED] = "refused", [TXN_ROLLED_BACK] = "rolled-back",
		[TXN_STUCK] = "stuck",
	};

	return words[outcome];
}

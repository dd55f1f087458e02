// SPDX-License-Identifier: GPL-2.0-or-later
/* Channels: unequal numbers, more queues than vectors, and more than the PF gave (REQUEST_QUEUES). */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "virtchnl/opcodes.h"

#include "contract.h"

static void channels(struct world *w, unsigned int rx, unsigned int tx, int err)
{
	CHECK(kern_user_channels(&w->kern, rx, tx));
	CHECK(world_user_done(w, 6 * SEC));
	CHECK(w->kern.user.err == err);
}

static uint32_t asked(const struct world *w)
{
	return w->op_count[VIRTCHNL_OP_REQUEST_QUEUES];
}

static void unequal(unsigned int rx, unsigned int tx)
{
	struct world *w = make_up(&(struct world_config){ .queues = 16 });

	channels(w, rx, tx, 0);
	converged(w, SEC);
	CHECK(w->kern.resets_asked == 0 && w->kern.generation == 1 && !asked(w));
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, 100 * MS);
	converged(w, SEC);
	daemon_kill(w);
	world_run(w, 10 * MS);
	daemon_start(w);
	converged(w, SEC);
	channels(w, tx, rx, 0);
	converged(w, SEC);
	CHECK(w->kern.rx_queues == tx && w->kern.tx_queues == rx);
}

/* While down it is noted, and in force with the next up. */
static void unequal_down(unsigned int rx, unsigned int tx)
{
	struct world *w = make(&(struct world_config){ .queues = 16 });

	daemon_start(w);
	converged(w, SEC);
	channels(w, rx, tx, 0);
	converged(w, SEC);
	open_now(w);
	converged(w, SEC);
}

static void shared_vectors(unsigned int vectors, unsigned int queues)
{
	struct world *w = make_up(&(struct world_config){ .queues = 16, .vectors = vectors });

	channels(w, queues, queues, 0);
	converged(w, SEC);
	channels(w, 16, queues, 0);
	converged(w, SEC);
	channels(w, 1, 16, 0);
	converged(w, SEC);
}

/* One reset, no more; up or down, and what was there before is there again. */
static void more(unsigned int queues, unsigned int up)
{
	struct world *w = up ? make_up(NULL) : make(NULL);

	daemon_start(w);
	converged(w, SEC);
	CHECK(kern_user_vlan(&w->kern, 0x8100, 5));
	CHECK(w->kern.commit.queues == 4 && w->kern.commit.possible_queues == 16);
	channels(w, queues, 2, 0);
	converged(w, SEC);
	CHECK(asked(w) == 1 && w->kern.generation == 2 && w->kern.resets_asked == 0);
	CHECK(w->kern.commit.queues == queues && w->kern.rx_queues == queues);
	/* The PF remembers, and so does the next daemon. */
	pf_reset(w->pf, w->now, 0, PF_RESET_SILENT);
	world_run(w, 300 * MS);
	if (!up)	/* nobody looks at a mailbox without rings */
		kern_reset_begin(&w->kern, IAVF_RESET_CAUSE_PF_SILENT);
	world_run(w, 100 * MS);
	converged(w, SEC);
	daemon_kill(w);
	daemon_start(w);
	converged(w, SEC);
	channels(w, 4, 4, 0);
	channels(w, queues, queues, 0);
	converged(w, SEC);
	CHECK(asked(w) == 1 && w->kern.resets_asked == 0);
}

static uint16_t can_give;

/* A PF that has only so many. */
static bool refuse_more(struct world *w, uint32_t opcode, const void *payload, size_t len)
{
	uint16_t count = htole16(can_give);

	if (opcode != VIRTCHNL_OP_REQUEST_QUEUES || le16toh(*(const uint16_t *)payload) <= can_give)
		return false;
	kern_mailbox(&w->kern, VIRTCHNL_OP_REQUEST_QUEUES, 0, &count, sizeof(count));
	return true;
}

static void refused(unsigned int possible, unsigned int up)
{
	struct world *w = up ? make_up(NULL) : make(NULL);
	char number[40];
	uint64_t sent;

	daemon_start(w);
	converged(w, SEC);
	can_give = possible;
	w->pf_hook = refuse_more;
	snprintf(number, sizeof(number), "give this VF %u queue pairs", possible);
	for (unsigned int i = 1; i <= 3; i++) {
		sent = w->to_pf;
		channels(w, 8, 8, -ENOSPC);
		CHECK(strstr(w->kern.user.message, number));
		CHECK(w->to_pf == sent + 1 && asked(w) == i);
		converged(w, SEC);
	}
	CHECK(w->kern.rx_queues == 4 && w->kern.generation == 1 && !w->kern.degraded[0]);
	CHECK(w->kern.rings.enabled == up);
	if (possible > 4)
		channels(w, possible, 1, 0);
	converged(w, SEC);
}

static void refused_by_status(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);

	world_fault(w, "refuse=-18 dir=request op=REQUEST_QUEUES");
	channels(w, 8, 8, -ENOMEM);
	CHECK(strstr(w->kern.user.message, "REQUEST_QUEUES"));
	converged(w, SEC);
	CHECK(w->kern.rings.enabled && w->kern.generation == 1);
	channels(w, 8, 8, 0);
	converged(w, SEC);
}

/* It resets the VF, and gives nothing. */
static bool pretend(struct world *w, uint32_t opcode, const void *payload, size_t len)
{
	if (opcode != VIRTCHNL_OP_REQUEST_QUEUES)
		return false;
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	return true;
}

static void not_given(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);

	w->pf_hook = pretend;
	channels(w, 8, 8, -ENOSPC);
	CHECK(strstr(w->kern.user.message, "PF grants 4 queue pairs"));
	converged(w, SEC);
	CHECK(asked(w) == 2 && w->kern.generation == 3 && w->kern.rings.enabled);
}

/* Another reset comes between, announced or not, in place of the answer or the message. */
static void reset_between(unsigned int announced, unsigned int times)
{
	struct world *w = make_up(NULL);
	char text[80];

	snprintf(text, sizeof(text), "reset=%s dir=request op=REQUEST_QUEUES count=%u",
		 announced ? "announced" : "silent", times);
	world_fault(w, text);
	if (times > 1) {
		channels(w, 12, 12, -ENOSPC);
		CHECK(w->kern.rx_queues == 4);
	} else {
		channels(w, 12, 12, 0);
		CHECK(w->kern.rx_queues == 12);
	}
	converged(w, SEC);
}

static void lost(unsigned int times, unsigned int b)
{
	struct world *w = make_up(NULL);
	char text[80];

	snprintf(text, sizeof(text), "drop dir=request op=REQUEST_QUEUES count=%u", times);
	world_fault(w, text);
	CHECK(kern_user_channels(&w->kern, 9, 9));
	CHECK(world_user_done(w, 6 * SEC));
	CHECK(times == 1 ? !w->kern.user.err : w->kern.user.err != 0);
	converged(w, 3 * SEC);
	CHECK(w->kern.rx_queues == (times == 1 ? 9 : 4));
}

/* Nobody waits any more: what the PF gives is taken, and used by nobody. */
static void given_up(unsigned int after_us, unsigned int b)
{
	struct world *w = make_up(NULL);

	pf_set_msg_delay(w->pf, MS);
	CHECK(kern_user_channels(&w->kern, 8, 8));
	world_run(w, after_us * US);
	for (unsigned int i = 0; i < KERN_REQUESTS; i++)
		w->kern.request[i].verdict_by = w->now;
	CHECK(world_user_done(w, SEC));
	pf_set_msg_delay(w->pf, 50 * US);
	world_run(w, 100 * MS);
	converged(w, SEC);
	channels(w, 8, 8, 0);
	converged(w, SEC);
}

/* The daemon dies at step n of an -L that needs more, and is back after so long. */
static void killed(unsigned int n, unsigned int after_us)
{
	struct world *w = make_up(NULL);

	CHECK(kern_user_channels(&w->kern, 8, 12));
	while (w->kern.user.op != USER_NONE && n && world_step(w, w->now + 3 * SEC))
		n--;
	daemon_kill(w);
	world_run(w, after_us * US);
	daemon_start(w);
	CHECK(world_user_done(w, 6 * SEC));
	CHECK(w->kern.user.err == 0 && w->kern.rx_queues == 8 && w->kern.tx_queues == 12);
	converged(w, SEC);
	CHECK(asked(w) <= 2);
}

/* A new netdev has as many as the kernel wants, if the PF has them; asked for before it is there. */
static void by_default(unsigned int queues, unsigned int possible)
{
	struct world *w = make(&(struct world_config){ .default_queues = queues });
	unsigned int has = queues < possible ? queues : possible > 4 ? possible : 4;

	can_give = possible;
	w->pf_hook = refuse_more;
	daemon_start(w);
	CHECK(world_settle(w, SEC));
	open_now(w);
	converged(w, SEC);
	CHECK(w->kern.rx_queues == has && w->kern.tx_queues == has);
	CHECK(asked(w) == (queues <= 4 ? 0 : possible < queues && possible > 4 ? 2 : 1));
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t sent = w->to_pf;

		daemon_kill(w);
		world_run(w, i * MS);
		daemon_start(w);
		converged(w, SEC);
		CHECK(w->to_pf == sent);
		pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
		world_run(w, 100 * MS);
		converged(w, SEC);
		CHECK(w->kern.rx_queues == has);
	}
	CHECK(asked(w) <= 2);
}

static uint16_t grants;

/* The host took queues away. */
static void grant_fewer(struct world *w, uint32_t *opcode, int32_t *status, void *payload,
			size_t *len)
{
	struct virtchnl_vf_resource *res = payload;

	if (*opcode != VIRTCHNL_OP_GET_VF_RESOURCES || *status)
		return;
	res->num_queue_pairs = htole16(grants);
	res->vsi_res[0].num_queue_pairs = res->num_queue_pairs;
}

static void taken_away(unsigned int left, unsigned int gives_again)
{
	struct world *w = make_up(NULL);

	channels(w, 12, 10, 0);
	converged(w, SEC);
	grants = left;
	w->answer_hook = grant_fewer;
	w->pf_hook = gives_again ? NULL : refuse_more;
	can_give = left;
	/* Fewer at first; the PF gives them when asked. */
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	while (gives_again && asked(w) == 1)
		CHECK(world_step(w, w->now + SEC));
	if (gives_again)
		w->answer_hook = NULL;
	world_run(w, 200 * MS);
	converged(w, SEC);
	CHECK(asked(w) == 2);
	CHECK(w->kern.rx_queues == (gives_again ? 12 : left));
	CHECK(w->kern.tx_queues == (gives_again ? 10 : left));
}

/* The host made the VF anew, with as many as at first. */
static void forgotten(unsigned int rx, unsigned int tx)
{
	struct world *w = make_up(NULL);

	channels(w, rx, tx, 0);
	converged(w, SEC);
	for (unsigned int i = 2; i < 5; i++) {
		CHECK(!pf_set_profile(w->pf, w->now, "ice-dvm", false));
		world_run(w, 500 * MS);
		converged(w, SEC);
		CHECK(asked(w) == i && w->kern.rx_queues == rx && w->kern.tx_queues == tx);
	}
	CHECK(w->kern.resets_asked == 0);
}

/* i40e looks at the sizes of rings that are not there, and runs none that is not enabled. */
static void unequal_i40e(unsigned int rx, unsigned int tx)
{
	struct world *w = make(NULL);

	CHECK(!pf_set_profile(w->pf, w->now, "i40e", false));
	world_run(w, 100 * MS);
	daemon_start(w);
	CHECK(world_settle(w, SEC));
	open_now(w);
	channels(w, rx, tx, 0);
	CHECK(world_settle(w, SEC));
	CHECK(w->rx_live == (1u << rx) - 1 && w->tx_live == (1u << tx) - 1);
	CHECK(!w->violations && !w->kern.fault && !w->kern.degraded[0]);
	CHECK(pf_vsi(w->pf, 0)->num_vectors == 5);
	CHECK(asked(w) == (rx > 4 || tx > 4));
}

void cases_queues(void)
{
	static const unsigned int pair[][2] = { { 8, 16 }, { 16, 8 }, { 1, 16 }, { 3, 2 } };

	for (unsigned int i = 0; i < 4; i++) {
		contract_run("unequal", unequal, pair[i][0], pair[i][1]);
		contract_run("unequal while down", unequal_down, pair[i][0], pair[i][1]);
		contract_run("unequal, i40e", unequal_i40e, pair[i][0], pair[i][1]);
		contract_run("forgotten by the host", forgotten, 5 + pair[i][0] / 2,
			     pair[i][1]);
	}
	for (unsigned int i = 0; i < 12; i++)
		contract_run("shared vectors", shared_vectors, (unsigned int[]){ 2, 3, 5, 17 }[i / 3],
			     (unsigned int[]){ 1, 7, 16 }[i % 3]);
	for (unsigned int i = 0; i < 6; i++)
		contract_run("more", more, (unsigned int[]){ 5, 8, 16 }[i / 2], i % 2);
	for (unsigned int i = 0; i < 6; i++)
		contract_run("more refused", refused, (unsigned int[]){ 2, 4, 6 }[i / 2], i % 2);
	contract_run("more refused by status", refused_by_status, 0, 0);
	contract_run("more not given", not_given, 0, 0);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("more, reset between", reset_between, i % 2, 1 + i / 2);
	contract_run("more lost", lost, 1, 0);
	contract_run("more lost", lost, 8, 0);
	for (unsigned int us = 100; us < 12000; us += 400)
		contract_run("more given up", given_up, us, 0);
	for (unsigned int n = 0; n < 90; n++)
		contract_run("more, daemon killed", killed, n, n % 3 * 4000);
	for (unsigned int i = 0; i < 12; i++)
		contract_run("default queues", by_default, (unsigned int[]){ 2, 4, 8, 16 }[i / 3],
			     (unsigned int[]){ 4, 6, 16 }[i % 3]);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("queues taken away", taken_away, 1 + i, i % 2);
}

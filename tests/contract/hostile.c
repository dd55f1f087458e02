// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A PF, a record or a log that wants to do harm: nothing breaks, nothing loops, and a good PF
 * afterwards is enough.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract.h"

static uint32_t rnd(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

struct noise {
	uint32_t state;
	unsigned int percent;
};

static void scramble(uint32_t *state, uint8_t *data, size_t len)
{
	unsigned int n = 1 + rnd(state) % 8;

	for (unsigned int i = 0; len && i < n; i++)
		data[rnd(state) % len] = rnd(state);
}

static void noisy_answer(struct world *w, uint32_t *opcode, int32_t *status, void *payload,
			 size_t *len)
{
	struct noise *noise = w->hook_data;
	uint32_t *s = &noise->state;

	if (*opcode == VIRTCHNL_OP_EVENT || rnd(s) % 100 >= noise->percent)
		return;
	switch (rnd(s) % 6) {
	case 0:
		*status = (int32_t)rnd(s) % 200 - 150;
		break;
	case 1:
		*len = rnd(s) % (VIRTCHNL_MSG_MAX + 1);
		for (size_t i = 0; i < *len; i++)
			((uint8_t *)payload)[i] = rnd(s);
		break;
	case 2:
		*len = *len ? rnd(s) % *len : 0;
		break;
	case 3:
		scramble(s, payload, *len);
		break;
	case 4:
		*opcode = rnd(s) % 200;
		break;
	case 5:
		*opcode = rnd(s) % 200;
		*status = rnd(s) % 2 ? -5 : 0;
		*len = rnd(s) % 64;
		break;
	}
	if (*opcode == VIRTCHNL_OP_EVENT)
		*opcode = 0;
}

static void recover(struct world *w)
{
	w->answer_hook = NULL;
	w->pf_hook = NULL;
	world_run(w, 15 * SEC);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, SEC);
	CHECK(world_user_done(w, 10 * SEC));
	if (!w->kern.up) {
		kern_user_open(&w->kern);
		CHECK(world_user_done(w, 10 * SEC));
	}
	converged(w, 30 * SEC);
	CHECK(!w->kern.degraded[0]);
}

static void noise(unsigned int seed, unsigned int percent)
{
	struct noise noise = { .state = seed * 7919 + 1, .percent = percent };
	const uint8_t mac[6] = { 0x02, 5, 5, 5, 5, 5 };
	struct world *w = make(NULL);
	uint64_t sent;

	w->hook_data = &noise;
	w->answer_hook = noisy_answer;
	daemon_start(w);
	world_run(w, SEC);
	kern_user_open(&w->kern);
	CHECK(world_user_done(w, 10 * SEC));
	kern_user_lists(&w->kern, 5, 5, 0);
	for (unsigned int vid = 1; vid < 200; vid++)
		kern_user_vlan(&w->kern, 0x8100, vid);
	CHECK(world_user_done(w, 10 * SEC));
	kern_user_mac(&w->kern, mac);
	CHECK(world_user_done(w, 10 * SEC));
	kern_user_mtu(&w->kern, 3000, 3);
	CHECK(world_user_done(w, 20 * SEC));
	if (seed % 3 == 0) {
		daemon_kill(w);
		daemon_start(w);
	}
	world_run(w, 60 * SEC);
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(!w->kern.fault);
	CHECK(w->to_pf - sent < 600);
	recover(w);
}

/* One field of an answer with a value that no PF should give. */
struct lie {
	uint32_t op;
	unsigned int offset, size;
	uint32_t value;
};

static const struct lie lies[] = {
	{ VIRTCHNL_OP_VERSION, 0, 4, 0 },
	{ VIRTCHNL_OP_VERSION, 0, 4, 2 },
	{ VIRTCHNL_OP_VERSION, 0, 4, 0xffffffff },
	{ VIRTCHNL_OP_VERSION, 4, 4, 0xffffffff },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 0, 2, 0 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 0, 2, 65535 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 2, 2, 0 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 2, 2, 65535 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 22, 2, 0 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 22, 2, 65535 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 4, 2, 0 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 4, 2, 1 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 4, 2, 65535 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 6, 2, 1 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 6, 2, 93 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 6, 2, 65535 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 6, 2, 0 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 8, 4, 0xffffffff },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 8, 4, 0 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 12, 4, 0xffffffff },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 12, 4, 51 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 16, 4, 0 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 16, 4, 0xffffffff },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 16, 4, 2048 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 20, 2, 65535 },
	{ VIRTCHNL_OP_GET_VF_RESOURCES, 30, 1, 0xff },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 0, 4, 0 },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 0, 4, 0xffffffff },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 12, 2, 0 },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 12, 2, 65535 },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 16, 4, 0 },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 16, 4, 0xffffffff },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 24, 4, 0 },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 24, 4, 0xffffffff },
	{ VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, 36, 1, 0xff },
};
#define NUM_LIES	(sizeof(lies) / sizeof(lies[0]))

static void lying_answer(struct world *w, uint32_t *opcode, int32_t *status, void *payload,
			 size_t *len)
{
	const struct lie *lie = w->hook_data;
	uint32_t le = htole32(lie->value);

	if (*opcode == lie->op && *len >= lie->offset + lie->size)
		memcpy((uint8_t *)payload + lie->offset, &le, lie->size);
}

static void lied_to(unsigned int which, unsigned int b)
{
	struct world *w = make(NULL);
	uint64_t sent;

	w->hook_data = (void *)&lies[which];
	w->answer_hook = lying_answer;
	daemon_start(w);
	world_run(w, 2 * SEC);
	if (w->kern.netdev) {
		kern_user_open(&w->kern);
		CHECK(world_user_done(w, 10 * SEC));
		for (unsigned int vid = 1; vid < 20; vid++)
			kern_user_vlan(&w->kern, 0x8100, vid);
	}
	world_run(w, 120 * SEC);
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(!w->kern.fault);
	CHECK(w->to_pf - sent < 120);
	recover(w);
}

/* A PF that takes everything and says nothing. */
static bool swallow(struct world *w, uint32_t opcode, const void *payload, size_t len)
{
	return opcode != VIRTCHNL_OP_RESET_VF;
}

static void silent(unsigned int up, unsigned int b)
{
	struct world *w = up ? make_up(NULL) : make(NULL);
	uint64_t sent;

	w->pf_hook = swallow;
	daemon_start(w);
	kern_user_lists(&w->kern, 1, 1, 0);
	world_run(w, 120 * SEC);
	sent = w->to_pf;
	world_run(w, 120 * SEC);
	CHECK(w->to_pf - sent < 120);
	CHECK(!w->kern.fault);
	recover(w);
}

/* Answers to what nobody asked. */
static void unasked(unsigned int seed, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint32_t state = seed + 1;
	uint8_t junk[256];
	uint64_t sent;

	world_run(w, SEC);
	sent = w->to_pf;
	for (unsigned int i = 0; i < 60; i++) {
		size_t len = rnd(&state) % sizeof(junk);

		for (size_t k = 0; k < len; k++)
			junk[k] = rnd(&state);
		kern_mailbox(&w->kern, rnd(&state) % 140 + 18, rnd(&state) % 3 ? 0 : -5, junk, len);
		world_run(w, MS);
		/* The kernel's log would fill: it is the daemon's to empty. */
		if (i % 10 == 9)
			world_run(w, SEC);
	}
	world_run(w, 10 * SEC);
	CHECK(!w->kern.fault);
	CHECK(w->to_pf - sent < 20);
	recover(w);
}

/* A record of random bytes, or a good one with some of them changed. */
static void record(unsigned int seed, unsigned int fresh)
{
	struct world *w = make_up(NULL);
	uint32_t state = seed * 31 + 7;

	kern_user_lists(&w->kern, 5, 5, 0);
	for (unsigned int vid = 1; vid < 200; vid++)
		kern_user_vlan(&w->kern, 0x8100, vid);
	converged(w, SEC);
	world_run(w, SEC);
	daemon_kill(w);
	if (fresh)
		for (size_t i = 8; i < w->kern.record_len; i++)
			w->kern.record[i] = rnd(&state);
	else
		scramble(&state, w->kern.record + 8, w->kern.record_len - 8);
	if (seed % 4 == 0)
		w->kern.record_len = rnd(&state) % w->kern.record_len;
	daemon_start(w);
	world_run(w, 10 * SEC);
	CHECK(!w->kern.fault);
	CHECK(w->to_pf < 1000);
	w->violations = 0;	/* it believed its record */
	recover(w);
}

static void log_of_junk(unsigned int seed, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint32_t state = seed * 131 + 7;
	uint8_t junk[600];

	world_run(w, SEC);
	daemon_kill(w);
	for (unsigned int i = 0; i < 40; i++) {
		size_t len = rnd(&state) % sizeof(junk);
		uint32_t op = rnd(&state) % 140;

		for (size_t k = 0; k < len; k++)
			junk[k] = rnd(&state);
		if (len > 4)
			junk[2] = rnd(&state) % 20, junk[3] = 0;
		if (rnd(&state) % 2)
			kern_log_received(&w->kern, op, rnd(&state) % 3 ? 0 : -5, junk, len);
		else
			kern_log_sent(&w->kern, w->kern.send_seq + 1, op, -1, junk, len);
	}
	daemon_start(w);
	world_run(w, 20 * SEC);
	CHECK(!w->kern.fault);
	w->violations = 0;
	recover(w);
}

void cases_hostile(void)
{
	for (unsigned int i = 0; i < 120; i++)
		contract_run("noise", noise, i, (unsigned int []) { 5, 20, 60, 100 }[i % 4]);
	for (unsigned int i = 0; i < NUM_LIES; i++)
		contract_run("lie", lied_to, i, 0);
	contract_run("silent PF", silent, 0, 0);
	contract_run("silent PF", silent, 1, 0);
	for (unsigned int i = 0; i < 10; i++)
		contract_run("unasked", unasked, i, 0);
	for (unsigned int i = 0; i < 80; i++)
		contract_run("record", record, i, i % 2);
	for (unsigned int i = 0; i < 40; i++)
		contract_run("log of junk", log_of_junk, i, 0);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon dies at every step; the next one does what is left to do, and not a message more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract.h"

static const uint8_t other[6] = { 0x02, 1, 2, 3, 4, 5 };

static void restart(struct world *w, unsigned int after_us)
{
	daemon_kill(w);
	world_run(w, after_us * US);
	daemon_start(w);
}

/* The whole of a life, from probe to traffic with filters; with a death at step n. */
static void life(struct world *w, unsigned int n, unsigned int after_us)
{
	for (unsigned int stage = 0; stage < 12; stage++) {
		if (stage == 0)
			daemon_start(w);
		if (stage == 1)
			CHECK(kern_user_open(&w->kern));
		if (stage == 2)
			kern_user_lists(&w->kern, 4, 7, 0);
		if (stage == 3)
			CHECK(kern_user_mac(&w->kern, other));
		for (unsigned int vid = 1; stage == 4 && vid <= 300; vid++)
			CHECK(kern_user_vlan(&w->kern, 0x8100, vid));
		if (stage == 5)
			CHECK(kern_user_features(&w->kern, 5, 0));
		if (stage == 6)
			CHECK(kern_user_mtu(&w->kern, 3000, 2));
		if (stage == 7)
			kern_user_flags(&w->kern, IAVF_RX_FLAGS_PROMISC);
		for (unsigned int vid = 100; stage == 8 && vid <= 300; vid++)
			CHECK(kern_user_vlan_kill(&w->kern, 0x8100, vid));
		if (stage == 9)
			CHECK(kern_user_rss(&w->kern, RSS_KEY | RSS_TABLE | RSS_SYMMETRIC, 3));
		if (stage == 10)
			CHECK(kern_user_rss_fields(&w->kern, PF_RSS_UDP4, 3));
		if (stage == 11)
			CHECK(kern_user_down(&w->kern));
		while (!world_settled(w)) {
			if (n && !--n)
				restart(w, after_us);
			if (!world_step(w, w->now + 3 * SEC))
				break;
		}
		CHECK(w->kern.user.op == USER_NONE && w->kern.user.err == 0);
		converged(w, SEC);
	}
}

static void at_step(unsigned int n, unsigned int after_us)
{
	struct world *w = make(NULL);
	uint64_t undisturbed;

	life(w, 0, 0);
	undisturbed = w->to_pf;
	world_free(w);
	w = make(NULL);
	life(w, n, after_us);
	snprintf(contract_about, sizeof(contract_about), "(%llu messages instead of %llu)",
		 (unsigned long long)w->to_pf, (unsigned long long)undisturbed);
	CHECK(w->kern.resets_asked == 0 && w->kern.generation == 1);
	/*
	 * Deletions and additions that were one message may become two, when only one was known at
	 * first.
	 */
	CHECK(w->to_pf == undisturbed);
}

/* Before (odd n) or behind an order; alive again after that. */
static void at_order(unsigned int n, unsigned int after_us)
{
	struct world *w = make(NULL);
	uint64_t undisturbed;

	life(w, 0, 0);
	undisturbed = w->to_pf;
	CHECK(w->points > 100);
	if (n > w->points)
		return;
	world_free(w);
	w = make(NULL);
	w->die_at = n;
	w->revive_ns = after_us * US;
	life(w, 0, 0);
	CHECK(!w->die_at);
	snprintf(contract_about, sizeof(contract_about), "(%llu messages instead of %llu)",
		 (unsigned long long)w->to_pf, (unsigned long long)undisturbed);
	CHECK(w->kern.resets_asked == 0 && w->kern.generation == 1);
	CHECK(w->to_pf == undisturbed);
}

static struct world *settled(unsigned int lazy)
{
	struct world *w = make_up(NULL);

	kern_user_lists(&w->kern, 4, 7, 0);
	for (unsigned int vid = 1; vid <= 300; vid++)
		CHECK(kern_user_vlan(&w->kern, vid % 2 ? 0x8100 : 0x88a8, vid));
	kern_user_flags(&w->kern, IAVF_RX_FLAGS_ALLMULTI);
	CHECK(kern_user_mac(&w->kern, other));
	converged(w, SEC);
	if (lazy)
		world_run(w, SEC);
	return w;
}

static void nothing_changed(unsigned int times, unsigned int lazy)
{
	struct world *w = settled(lazy);
	uint64_t sent = w->to_pf;
	struct vf_status status;

	for (unsigned int i = 0; i < times; i++) {
		restart(w, i * 700);
		converged(w, SEC);
		CHECK(w->to_pf == sent);
		vf_get_status(w->vf, &status);
		CHECK(status.adopted == 1 && status.negotiations == 0);
		if (i % 2)
			world_run(w, SEC);
	}
	CHECK(!w->kern.degraded[0]);
}

/* The number of messages that the difference takes. */
static unsigned int change(struct world *w, unsigned int what)
{
	switch (what) {
	case 0:
		CHECK(kern_user_vlan(&w->kern, 0x8100, 1000));
		return 1;
	case 1:
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 1));
		return 1;
	case 2:
		CHECK(kern_user_vlan_kill(&w->kern, 0x8100, 1));
		CHECK(kern_user_vlan(&w->kern, 0x8100, 1));
		return 0;
	case 3:
		kern_user_lists(&w->kern, 4, 8, 0);
		return 1;
	case 4:
		kern_user_lists(&w->kern, 4, 7, 1);
		return 2;
	case 5:
		kern_user_flags(&w->kern, IAVF_RX_FLAGS_PROMISC);
		return 1;
	case 6:
		kern_user_flags(&w->kern, 0);
		return 1;
	case 7:
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, SEC));
		return 1;	/* the kernel's */
	case 8:
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, SEC));
		CHECK(kern_user_open(&w->kern));
		CHECK(world_user_done(w, 3 * SEC));
		return 3;	/* the kernel's, and the queues of the new rings */
	case 9:
		for (unsigned int vid = 400; vid < 600; vid++)
			CHECK(kern_user_vlan(&w->kern, 0x88a8, vid));
		return 2;
	case 10:
		for (unsigned int vid = 1; vid <= 300; vid++)
			CHECK(kern_user_vlan_kill(&w->kern, vid % 2 ? 0x8100 : 0x88a8, vid));
		return 4;
	}
	return 0;
}

static void changed(unsigned int what, unsigned int lazy)
{
	struct world *w = settled(lazy);
	uint64_t sent;
	unsigned int n;

	daemon_kill(w);
	world_run(w, 10 * MS);
	sent = w->to_pf;
	n = change(w, what);
	world_run(w, 50 * MS);
	daemon_start(w);
	converged(w, SEC);
	snprintf(contract_about, sizeof(contract_about), "(%u messages, expected %u)",
		 (unsigned int)(w->to_pf - sent), n);
	CHECK(w->to_pf - sent == n);
}

/* A call that began without a daemon is answered by the next one. */
static void call_while_dead(unsigned int what, unsigned int after_ms)
{
	const uint8_t mac[6] = { 0x02, 8, 8, 8, 8, 8 };
	struct world *w = settled(1);
	uint64_t sent;
	unsigned int n = 2;

	if (what == 2) {
		CHECK(kern_user_down(&w->kern));
		CHECK(world_user_done(w, SEC));
		converged(w, SEC);
	}
	daemon_kill(w);
	sent = w->to_pf;
	if (what == 0)
		CHECK(kern_user_mac(&w->kern, mac));
	if (what == 1)
		CHECK(kern_user_features(&w->kern, 1, 0));
	if (what == 2)
		CHECK(kern_user_open(&w->kern));
	if (what == 1)
		n = 1;
	world_run(w, after_ms * MS);
	daemon_start(w);
	CHECK(world_user_done(w, 3 * SEC));
	converged(w, SEC);
	CHECK(w->kern.user.err == 0);
	CHECK(w->to_pf - sent == n);
}

/* Resets while nobody is there. */
static void reset_while_dead(unsigned int kind, unsigned int wait_ms)
{
	struct world *w = settled(kind % 2);
	uint64_t sent = w->to_pf;

	daemon_kill(w);
	pf_reset(w->pf, w->now, 0, kind / 2 ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
	world_run(w, wait_ms * MS);
	daemon_start(w);
	converged(w, 10 * SEC);
	CHECK(w->to_pf - sent == 12 + 4);
	CHECK(w->kern.resets_asked == 0);
	CHECK(w->op_count[VIRTCHNL_OP_VERSION] == 1);
}

/*
 * A record that this daemon does not understand, or none: one reset at most, and everything is
 * right.
 */
static void bad_record(unsigned int how, unsigned int b)
{
	struct world *w = settled(1);

	daemon_kill(w);
	switch (how) {
	case 0:
		w->kern.record[4] = 99;
		break;
	case 1:
		w->kern.record_len = 3;
		break;
	case 2:
		w->kern.record_any = false;
		break;
	case 3:
		w->kern.record_len /= 2;
		break;
	case 4:
		memset(w->kern.record, 0xff, w->kern.record_len);
		break;
	}
	daemon_start(w);
	world_run(w, SEC);
	converged(w, 10 * SEC);
	CHECK(w->kern.resets_asked <= 1);
	CHECK(w->kern.commit.features & w->kern.features & IAVF_FEATURES_VLAN_CTAG_FILTER);
}

static uint32_t le32_at(const uint8_t *data)
{
	return data[0] | data[1] << 8 | data[2] << 16 | (uint32_t)data[3] << 24;
}

/* As a newer daemon may write it: a field more at the end of each part, and a part more at the end. */
static size_t make_newer(uint8_t *to, const uint8_t *from, size_t len)
{
	const uint8_t part[12] = { 0x77, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4 };
	size_t n = 8;

	memcpy(to, from, n);
	for (size_t i = n; i < len;) {
		uint32_t bytes = le32_at(from + i + 4);

		memcpy(to + n, from + i, 8 + bytes);
		to[n + 4] = bytes + 4;
		to[n + 5] = (bytes + 4) >> 8;
		memset(to + n + 8 + bytes, 0x99, 4);
		n += 8 + bytes + 4;
		i += 8 + bytes;
	}
	memcpy(to + n, part, sizeof(part));
	return n + sizeof(part);
}

static void newer_record(unsigned int a, unsigned int b)
{
	struct world *w = settled(1);
	uint8_t *record = malloc(2 * w->kern.record_len + 64);
	uint64_t sent = w->to_pf;

	w->kern.record_len = make_newer(record, w->kern.record, w->kern.record_len);
	free(w->kern.record);
	w->kern.record = record;
	restart(w, 100);
	converged(w, SEC);
	CHECK(w->to_pf == sent);
}

/* What was refused is not asked for again by each new daemon. */
static void refused_before(unsigned int lazy, unsigned int b)
{
	struct world *w = make_up(&(struct world_config) { .untrusted = true });
	char reason[128];
	uint64_t sent;

	kern_user_lists(&w->kern, 10, 40, 0);
	CHECK(world_settle(w, SEC));
	if (lazy)
		world_run(w, SEC);
	CHECK(w->kern.degraded[0]);
	strcpy(reason, w->kern.degraded);
	sent = w->to_pf;
	for (unsigned int i = 0; i < 3; i++) {
		restart(w, 1000);
		CHECK(world_settle(w, SEC));
		world_run(w, SEC);
		CHECK(w->to_pf == sent);
		CHECK(!strcmp(reason, w->kern.degraded));
	}
}

/* The key is random, but it stays: over deaths and over resets. */
static void same_key(unsigned int a, unsigned int b)
{
	struct world *w = make_up(NULL);
	uint8_t key[PF_RSS_KEY_SIZE];

	memcpy(key, pf_vsi(w->pf, 0)->rss_key, sizeof(key));
	restart(w, 10);
	converged(w, SEC);
	pf_reset(w->pf, w->now, 0, PF_RESET_SILENT);
	world_run(w, SEC);
	converged(w, SEC);
	restart(w, 10);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, SEC);
	converged(w, SEC);
	CHECK(!memcmp(key, pf_vsi(w->pf, 0)->rss_key, sizeof(key)));
}

void cases_adopt(void)
{
	for (unsigned int n = 1; n <= 150; n++)
		contract_run("death", at_step, n, 100);
	for (unsigned int n = 1; n <= 150; n++)
		contract_run("death", at_step, n, 3);
	for (unsigned int n = 1; n <= 320; n++)
		contract_run("death at order", at_order, n, n % 4 < 2 ? 100 : 3);
	for (unsigned int i = 0; i < 4; i++)
		contract_run("nothing changed", nothing_changed, 1 + 4 * (i / 2), i % 2);
	for (unsigned int i = 0; i < 22; i++)
		contract_run("changed", changed, i / 2, i % 2);
	for (unsigned int i = 0; i < 9; i++)
		contract_run("call while dead", call_while_dead, i / 3,
			     (unsigned int[]){ 0, 5, 900 }[i % 3]);
	for (unsigned int i = 0; i < 12; i++)
		contract_run("reset while dead", reset_while_dead, i / 3,
			     (unsigned int []) { 0, 2, 400 }[i % 3]);
	for (unsigned int i = 0; i < 5; i++)
		contract_run("bad record", bad_record, i, 0);
	contract_run("newer record", newer_record, 0, 0);
	contract_run("refused before", refused_before, 0, 0);
	contract_run("refused before", refused_before, 1, 0);
	contract_run("same key", same_key, 0, 0);
}

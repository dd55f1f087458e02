// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "faults/faults.h"
#include "faults/lies.h"
#include "virtchnl/opcodes.h"

#include "test.h"

static struct faults *f;

static void fresh(void)
{
	faults_free(f);
	f = faults_new();
	CHECK(f);
}

static enum fault_kind match(unsigned int vf, bool request, uint32_t op)
{
	return faults_match(f, vf, request, op).kind;
}

static void defaults(void)
{
	fresh();
	CHECK_EQ(match(0, false, 8), FAULT_NONE);
	CHECK_EQ(faults_add(f, "drop", NULL), 1);
	CHECK_EQ(match(0, true, 8), FAULT_NONE);	/* replies only */
	CHECK_EQ(match(63, false, 99), FAULT_DROP);
	CHECK_EQ(match(63, false, 99), FAULT_NONE);	/* once */
	CHECK_EQ(faults_add(f, "reset=silent", NULL), 2);
	CHECK_EQ(match(0, false, 8), FAULT_NONE);
	CHECK_EQ(match(0, true, 8), FAULT_RESET_SILENT);
}

static void conditions(void)
{
	fresh();
	CHECK(faults_add(f, "reset=announced dir=reply vf=1 op=enable_queues skip=2 count=2",
			 NULL) > 0);
	for (int i = 0; i < 5; i++) {
		CHECK_EQ(match(0, false, VIRTCHNL_OP_ENABLE_QUEUES), FAULT_NONE);
		CHECK_EQ(match(1, true, VIRTCHNL_OP_ENABLE_QUEUES), FAULT_NONE);
		CHECK_EQ(match(1, false, VIRTCHNL_OP_DISABLE_QUEUES), FAULT_NONE);
		CHECK_EQ(match(1, false, VIRTCHNL_OP_ENABLE_QUEUES),
			 i == 2 || i == 3 ? FAULT_RESET_ANNOUNCED : FAULT_NONE);
	}
}

static void values(void)
{
	struct fault x;

	fresh();
	faults_add(f, "delay=1.5 op=1", NULL);
	faults_add(f, "refuse=no_memory op=3", NULL);
	faults_add(f, "refuse=-95 op=6", NULL);
	faults_add(f, "truncate=7 op=9", NULL);
	x = faults_match(f, 0, false, 1);
	CHECK(x.kind == FAULT_DELAY && x.delay_ns == 1500000);
	x = faults_match(f, 0, false, 3);
	CHECK(x.kind == FAULT_REFUSE && x.status == -18);
	x = faults_match(f, 0, false, 6);
	CHECK(x.kind == FAULT_REFUSE && x.status == -95);
	x = faults_match(f, 0, false, 9);
	CHECK(x.kind == FAULT_TRUNCATE && x.truncate == 7);
}

static void first_rule_wins_until_used_up(void)
{
	fresh();
	faults_add(f, "drop count=2", NULL);
	faults_add(f, "duplicate count=always", NULL);
	CHECK_EQ(match(0, false, 1), FAULT_DROP);
	CHECK_EQ(match(0, false, 1), FAULT_DROP);
	for (int i = 0; i < 100; i++)
		CHECK_EQ(match(0, false, 1), FAULT_DUPLICATE);
}

static void ignore_reset(void)
{
	fresh();
	CHECK(faults_add(f, "ignore-reset", NULL) > 0);
	CHECK_EQ(match(0, true, VIRTCHNL_OP_VERSION), FAULT_NONE);
	CHECK_EQ(match(0, true, VIRTCHNL_OP_RESET_VF), FAULT_IGNORE_RESET);
	CHECK_EQ(faults_add(f, "ignore-reset op=8", NULL), -EINVAL);
	CHECK_EQ(faults_add(f, "ignore-reset dir=reply", NULL), -EINVAL);
}

static void probability_is_seeded(void)
{
	unsigned int hits[2] = { 0 }, differ = 0;
	bool first[1000];

	for (int round = 0; round < 2; round++) {
		fresh();
		faults_add(f, "drop count=always seed=7 prob=30", NULL);
		for (int i = 0; i < 1000; i++) {
			bool hit = match(0, false, 1) == FAULT_DROP;

			hits[round] += hit;
			differ += round && hit != first[i];
			if (!round)
				first[i] = hit;
		}
	}
	CHECK_EQ(differ, 0);
	CHECK(hits[0] > 240 && hits[0] < 360);
}

static struct lie tell(enum lie_about about, uint32_t reg)
{
	struct lie lie = { .what = LIE_NOTHING };

	faults_lie(f, 0, about, reg, &lie);
	return lie;
}

static void changes(void)
{
	static const uint8_t before[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint8_t payload[4096] = { 0 };
	int32_t status = 0;
	uint32_t op = 3;
	struct fault x;
	size_t len = 8;

	fresh();
	faults_add(f, "set=2:2:65535 op=1", NULL);
	faults_add(f, "status=-5 op=2", NULL);
	faults_add(f, "opcode=0xffffffff op=3", NULL);
	faults_add(f, "length=4096 op=4", NULL);
	faults_add(f, "mutate=1 op=5 count=always seed=3", NULL);
	memcpy(payload, before, 8);
	x = faults_match(f, 0, false, 1);
	CHECK(!strcmp(faults_change(&x, &op, &status, payload, &len), "set"));
	CHECK(payload[1] == 2 && payload[2] == 255 && payload[3] == 255 && payload[4] == 5);
	x = faults_match(f, 0, false, 2);
	faults_change(&x, &op, &status, payload, &len);
	CHECK(status == -5 && op == 3 && len == 8);
	x = faults_match(f, 0, false, 3);
	faults_change(&x, &op, &status, payload, &len);
	CHECK_EQ(op, UINT32_MAX);
	x = faults_match(f, 0, false, 4);
	faults_change(&x, &op, &status, payload, &len);
	CHECK_EQ(len, 4096);
	for (int i = 0; i < 20; i++) {
		memcpy(payload, before, 8);
		len = 8;
		x = faults_match(f, 0, false, 5);
		faults_change(&x, &op, &status, payload, &len);
		CHECK(len == 8 && memcmp(payload, before, 8));
	}
	len = 0;
	faults_change(&x, &op, &status, payload, &len);
	CHECK_EQ(len, 0);
}

static void lies(void)
{
	struct lie lie;

	fresh();
	CHECK(!faults_lie(f, 0, LIE_RX, 0, &lie));
	faults_add(f, "rx=length:16383", NULL);
	faults_add(f, "read=arqlen:0xffffffff count=2", NULL);
	faults_add(f, "tx=never vf=1", NULL);
	faults_add(f, "rx=bits:random count=always seed=5", NULL);
	CHECK_EQ(match(0, false, 8), FAULT_NONE);	/* of messages they say nothing */
	CHECK_EQ(tell(LIE_TX, 0).what, LIE_NOTHING);
	CHECK(faults_lie(f, 1, LIE_TX, 0, &lie) && lie.what == LIE_TX_NEVER);
	CHECK_EQ(tell(LIE_RX, 0).value, 16383);
	CHECK_EQ(tell(LIE_RX, 0).what, LIE_RX_BITS);
	CHECK(tell(LIE_RX, 0).value != tell(LIE_RX, 0).value);
	CHECK_EQ(tell(LIE_READ, 0x6800).what, LIE_NOTHING);
	CHECK_EQ(tell(LIE_READ, 0x8000).value, UINT32_MAX);
	CHECK_EQ(tell(LIE_READ, 0x8000).what, LIE_READ_AS);
	CHECK_EQ(tell(LIE_READ, 0x8000).what, LIE_NOTHING);
	faults_add(f, "read=any:random", NULL);
	CHECK_EQ(tell(LIE_READ, 0x1234).what, LIE_READ_AS);
	faults_add(f, "storm=5000", NULL);
	CHECK_EQ(tell(LIE_STORM, 0).value, 5000);
	faults_clear(f);
	CHECK_EQ(tell(LIE_RX, 0).what, LIE_NOTHING);
}

static void bad_rules(void)
{
	static const char *const bad[] = {
		"", " ", "dro", "drop=1", "delay", "delay=", "delay=x", "delay=-1", "delay=1e99",
		"delay=nan", "refuse=0", "refuse=NOPE", "refuse=", "truncate=-1", "truncate=5000",
		"reset", "reset=hard", "drop vf=-1", "drop vf=", "drop vf=1x", "drop dir=up",
		"drop op=0", "drop op=NOPE", "drop skip=-1", "drop count=0", "drop count=many",
		"drop prob=0", "drop prob=101", "drop seed=-1", "drop drop", "vf=1 drop",
		"mutate=0", "mutate dir=request", "set=1:2", "set=1:3:4", "set=5000:1:1", "length=4097",
		"opcode=-1", "status=", "rx", "rx=", "rx=length", "rx=length:", "rx=length:x",
		"rx=no-eof:1", "rx=never op=3", "tx=length:3", "read=arqlen", "read=nowhere:1",
		"read=8000", "storm=0", "storm=random", "storm=9999999", "tx=twice dir=request",
		"drop verylongword=1111111111111111111111111111111111111111111111111111111111111",
	};
	char big[400];

	fresh();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *why = NULL;

		if (faults_add(f, bad[i], &why) != -EINVAL)
			printf("# accepted: '%s'\n", bad[i]);
		CHECK(why && *why);
	}
	memset(big, 'd', sizeof(big) - 1);
	big[sizeof(big) - 1] = 0;
	CHECK_EQ(faults_add(f, big, NULL), -EINVAL);
	CHECK(!faults_get(f, 0, NULL, NULL, 0, NULL));
}

static void listing_can_be_added_again(void)
{
	static const char *const rules[] = {
		"drop dir=reply", "delay=2.5 dir=request vf=3 op=VERSION skip=4 count=9",
		"refuse=-5 dir=reply op=200", "truncate=0 dir=reply count=always",
		"reset=silent dir=request seed=3 prob=50", "ignore-reset dir=request op=RESET_VF",
		"mutate dir=reply count=always seed=9 prob=10", "set=4:2:0xffff dir=reply op=VERSION",
		"length=12 dir=reply", "rx=length:0x3fff", "rx=no-eof vf=1 count=always",
		"tx=garbage:8 count=3", "arq=datalen:random", "read=rstat:1", "read=0x5c00:random",
		"storm=20000 count=always", "doorbell=lost", "status=-5 dir=reply",
	};
	enum { NUM_RULES = sizeof(rules) / sizeof(rules[0]) };
	char text[256];
	uint64_t hits;
	int id;

	fresh();
	for (unsigned int i = 0; i < NUM_RULES; i++) {
		CHECK_EQ(faults_add(f, rules[i], NULL), i + 1);
		CHECK(faults_get(f, i, &id, text, sizeof(text), &hits));
		if (strcmp(text, rules[i]))
			printf("# '%s' became '%s'\n", rules[i], text);
		CHECK(!strcmp(text, rules[i]));
		CHECK(id == (int)i + 1 && !hits);
	}
	CHECK(!faults_get(f, NUM_RULES, &id, text, sizeof(text), &hits));
	match(0, false, 1);
	faults_get(f, 0, &id, text, 3, &hits);	/* too small a buffer is no overflow */
	CHECK(hits == 1 && strlen(text) == 2);
}

static void removal(void)
{
	fresh();
	faults_add(f, "drop", NULL);
	faults_add(f, "duplicate", NULL);
	CHECK_EQ(faults_remove(f, 1), 0);
	CHECK_EQ(faults_remove(f, 1), -ENOENT);
	CHECK_EQ(match(0, false, 1), FAULT_DUPLICATE);
	CHECK_EQ(faults_add(f, "drop", NULL), 3);	/* ids are not used again */
	faults_clear(f);
	CHECK_EQ(match(0, false, 1), FAULT_NONE);
	for (int i = 0; i < 1024; i++)
		CHECK(faults_add(f, "drop", NULL) > 0);
	CHECK_EQ(faults_add(f, "drop", NULL), -EINVAL);
	faults_free(f);
	f = NULL;
}

static const struct test_case cases[] = {
	{ "defaults", defaults },
	{ "conditions", conditions },
	{ "values", values },
	{ "first_rule_wins_until_used_up", first_rule_wins_until_used_up },
	{ "ignore_reset", ignore_reset },
	{ "probability_is_seeded", probability_is_seeded },
	{ "changes", changes },
	{ "lies", lies },
	{ "bad_rules", bad_rules },
	{ "listing_can_be_added_again", listing_can_be_added_again },
	{ "removal", removal },
};

TEST_MAIN(cases)

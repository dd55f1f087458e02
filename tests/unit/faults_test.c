// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "faults/faults.h"
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

static void bad_rules(void)
{
	static const char *const bad[] = {
		"", " ", "dro", "drop=1", "delay", "delay=", "delay=x", "delay=-1", "delay=1e99",
		"delay=nan", "refuse=0", "refuse=NOPE", "refuse=", "truncate=-1", "truncate=5000",
		"reset", "reset=hard", "drop vf=-1", "drop vf=", "drop vf=1x", "drop dir=up",
		"drop op=0", "drop op=NOPE", "drop skip=-1", "drop count=0", "drop count=many",
		"drop prob=0", "drop prob=101", "drop seed=-1", "drop drop", "vf=1 drop",
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
	};
	char text[256];
	uint64_t hits;
	int id;

	fresh();
	for (unsigned int i = 0; i < 6; i++) {
		CHECK_EQ(faults_add(f, rules[i], NULL), i + 1);
		CHECK(faults_get(f, i, &id, text, sizeof(text), &hits));
		CHECK(!strcmp(text, rules[i]));
		CHECK(id == (int)i + 1 && !hits);
	}
	CHECK(!faults_get(f, 6, &id, text, sizeof(text), &hits));
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
	{ "bad_rules", bad_rules },
	{ "listing_can_be_added_again", listing_can_be_added_again },
	{ "removal", removal },
};

TEST_MAIN(cases)

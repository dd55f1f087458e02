// SPDX-License-Identifier: GPL-2.0-or-later
/* The numbers of virtchnl; the layouts are asserted in wire.h itself. */
#include <stdbool.h>
#include <stdint.h>

#include "virtchnl/names.h"
#include "virtchnl/opcodes.h"
#include "virtchnl/wire.h"

#include "test.h"

#define ROW(name, wire, permuted) { #name, wire, permuted },

static const struct { const char *name; uint32_t wire, permuted; } rows[] = {
	VIRTCHNL_OPCODES(ROW)
};

#define NUM_ROWS (sizeof(rows) / sizeof(rows[0]))

static void opcodes_are_unique(void)
{
	unsigned int wire[VIRTCHNL_OP_MAX + 1] = { 0 }, permuted[VIRTCHNL_OP_MAX + 1] = { 0 };

	for (size_t i = 0; i < NUM_ROWS; i++) {
		CHECK(rows[i].wire <= VIRTCHNL_OP_MAX && rows[i].permuted <= VIRTCHNL_OP_MAX);
		CHECK_EQ(wire[rows[i].wire]++, 0);
		CHECK_EQ(permuted[rows[i].permuted]++, 0);
	}
	CHECK_EQ(wire[VIRTCHNL_OP_MAX], 1);
}

static bool fixed(uint32_t op)
{
	static const uint32_t keep[] = { 2, 4, 5, 6, 8, 9, 17, 20, 21, 22, 34, 37, 38, 39, 40,
					 41, 42, 43, 107, 108 };

	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++) {
		if (keep[i] == op)
			return true;
	}
	return false;
}

/* The permuted build moves everything but what the kernel knows or refuses. */
static void permutation(void)
{
	for (size_t i = 0; i < NUM_ROWS; i++) {
		CHECK_EQ(rows[i].wire == rows[i].permuted, fixed(rows[i].wire));
		CHECK(!fixed(rows[i].permuted) || fixed(rows[i].wire));
	}
}

static void names(void)
{
	for (size_t i = 0; i < NUM_ROWS; i++) {
		uint32_t op = virtchnl_op_from_name(rows[i].name);

		CHECK(op != VIRTCHNL_OP_UNKNOWN);
		CHECK(!strcmp(virtchnl_op_name(op), rows[i].name));
	}
	CHECK_EQ(virtchnl_op_from_name("config_vsi_queues"), VIRTCHNL_OP_CONFIG_VSI_QUEUES);
	CHECK_EQ(virtchnl_op_from_name(""), VIRTCHNL_OP_UNKNOWN);
	CHECK_EQ(virtchnl_op_from_name("VERSIONS"), VIRTCHNL_OP_UNKNOWN);
	CHECK(!virtchnl_op_name(0));
	CHECK(!virtchnl_op_name(VIRTCHNL_OP_MAX + 1));
	CHECK(!virtchnl_op_name(UINT32_MAX));
	CHECK(!strcmp(virtchnl_status_name(-5), "PARAM"));
	CHECK(!virtchnl_status_name(-22));
}

/* As given by protocol.md sections 5 and 6. */
static void lengths(void)
{
	CHECK_EQ(virtchnl_len_vsi_queues(1), 136);
	CHECK_EQ(virtchnl_len_irq_map(5), 74);
	CHECK_EQ(virtchnl_len_ether_addr(1), 20);
	CHECK_EQ(virtchnl_len_vlan(1), 8);
	CHECK_EQ(virtchnl_len_vlan_v2(1), 40);
	CHECK(virtchnl_len_vsi_queues(62) <= VIRTCHNL_MSG_MAX);
	CHECK(virtchnl_len_vsi_queues(63) > VIRTCHNL_MSG_MAX);
	CHECK(virtchnl_len_ether_addr(510) <= VIRTCHNL_MSG_MAX);
	CHECK(virtchnl_len_ether_addr(511) > VIRTCHNL_MSG_MAX);
	CHECK(virtchnl_len_vlan(2045) <= VIRTCHNL_MSG_MAX);
	CHECK(virtchnl_len_vlan(2046) > VIRTCHNL_MSG_MAX);
	CHECK(virtchnl_len_vlan_v2(127) <= VIRTCHNL_MSG_MAX);
	CHECK(virtchnl_len_vlan_v2(128) > VIRTCHNL_MSG_MAX);
}

static void hena(void)
{
	static const uint8_t base[] = { 31, 33, 34, 35, 36, 41, 43, 44, 45, 46, 63 };
	static const uint8_t more[] = { 29, 30, 32, 39, 40, 42 };
	uint64_t bits = 0;

	for (size_t i = 0; i < sizeof(base); i++)
		bits |= UINT64_C(1) << base[i];
	CHECK(bits == VIRTCHNL_HENA_DEFAULT);
	for (size_t i = 0; i < sizeof(more); i++)
		bits |= UINT64_C(1) << more[i];
	CHECK(bits == VIRTCHNL_HENA_EXPANDED);
}

static const struct test_case cases[] = {
	{ "opcodes_are_unique", opcodes_are_unique },
	{ "permutation", permutation },
	{ "names", names },
	{ "lengths", lengths },
	{ "hena", hena },
};

TEST_MAIN(cases)

// SPDX-License-Identifier: GPL-2.0-or-later
/* libiavfctl's decoding of vf-get and its choice of a VF by name. */
#include <errno.h>

#include <linux/genetlink.h>

#include "decode.h"
#include "genl.h"
#include "iavf_netlink.h"
#include "test.h"
#include "trace.h"

#define OURS	4026531840ULL

static uint8_t buf[8192] __attribute__((aligned(8)));

static struct nlmsghdr *start(const char *pci)
{
	struct nlmsghdr *message = genl_start(buf, 0x25, IAVF_CMD_VF_GET, NLM_F_MULTI);

	mnl_attr_put_u32(message, IAVF_A_VF_ID, 3);
	mnl_attr_put_strz(message, IAVF_A_VF_PCI, pci);
	mnl_attr_put_u32(message, IAVF_A_VF_GENERATION, 2);
	mnl_attr_put_u32(message, IAVF_A_VF_STATE, IAVF_VF_STATE_READY);
	return message;
}

static struct nlmsghdr *whole(void)
{
	struct nlmsghdr *message = start("0000:3b:02.0");
	struct nlattr *nest;

	mnl_attr_put_u32(message, IAVF_A_VF_IFINDEX, 4);
	mnl_attr_put_strz(message, IAVF_A_VF_IFNAME, "enp59s0f0v0");
	mnl_attr_put_u64(message, IAVF_A_VF_NETNS, OURS);
	mnl_attr_put(message, IAVF_A_VF_MAC, 6, "\x02\0\0\0\0\x07");
	mnl_attr_put_u32(message, IAVF_A_VF_MTU, 1500);
	mnl_attr_put_u32(message, IAVF_A_VF_RX_QUEUES, 4);
	mnl_attr_put_u32(message, IAVF_A_VF_TX_QUEUES, 4);
	mnl_attr_put_u8(message, IAVF_A_VF_CARRIER, 1);
	mnl_attr_put_u32(message, IAVF_A_VF_LINK_MBPS, 25000);
	mnl_attr_put_u32(message, IAVF_A_VF_OWNER_PID, 412);
	mnl_attr_put_strz(message, IAVF_A_VF_DEGRADED, "2 of 4 queue pairs");
	nest = mnl_attr_nest_start(message, IAVF_A_VF_LAST_ERROR);
	mnl_attr_put_u32(message, IAVF_A_ERROR_ERRNO, EPERM);
	mnl_attr_put_strz(message, IAVF_A_ERROR_MESSAGE, "the PF refused it");
	mnl_attr_put_u32(message, IAVF_A_ERROR_AGE_MS, 1234);
	mnl_attr_nest_end(message, nest);
	nest = mnl_attr_nest_start(message, IAVF_A_VF_COUNTERS);
	mnl_attr_put_u64(message, IAVF_A_COUNTERS_RESETS, 9);
	mnl_attr_put_u64(message, IAVF_A_COUNTERS_RESET_US, 1ULL << 40);
	mnl_attr_nest_end(message, nest);
	mnl_attr_put_u32(message, IAVF_A_VF_ON_ABSENCE, IAVF_ABSENCE_ISOLATE);
	mnl_attr_put_u32(message, IAVF_A_VF_GRACE_MS, 5000);
	mnl_attr_put(message, IAVF_A_VF_ABSENT, 0, NULL);
	mnl_attr_put_u64(message, IAVF_A_VF_ABSENT_US, 1ULL << 41);
	return message;
}

static void decode_whole(void)
{
	struct iavfctl_vf *vf = NULL;

	CHECK_EQ(vf_decode(whole(), OURS, &vf), 0);
	CHECK(!strcmp(vf->pci, "0000:3b:02.0"));
	CHECK(!strcmp(vf->ifname, "enp59s0f0v0"));
	CHECK(vf->netns_is_ours);
	CHECK_EQ(vf->mac[5], 7);
	CHECK_EQ(vf->rx_queues, 4);
	CHECK_EQ(vf->link_mbps, 25000);
	CHECK_EQ(vf->owner_pid, 412);
	CHECK(!strcmp(vf->degraded, "2 of 4 queue pairs"));
	CHECK_EQ(vf->last_errno, EPERM);
	CHECK(!strcmp(vf->last_error, "the PF refused it"));
	CHECK_EQ(vf->counters.resets, 9);
	CHECK_EQ(vf->counters.reset_us, 1LL << 40);
	CHECK_EQ(vf->have & IAVFCTL_HAVE_FEATURES, 0);
	CHECK(vf->have & IAVFCTL_HAVE_ABSENCE && vf->absent);
	CHECK_EQ(vf->on_absence, IAVFCTL_ABSENCE_ISOLATE);
	CHECK_EQ(vf->grace_ms, 5000);
	CHECK_EQ(vf->absent_us, 1LL << 41);
	iavfctl_vf_free(vf);
	CHECK_EQ(vf_decode(whole(), OURS + 1, &vf), 0);
	CHECK(!vf->netns_is_ours);
	iavfctl_vf_free(vf);
}

/* A netdev may be called almost anything, by whoever has it in a namespace of his own. */
static void decode_rude_name(void)
{
	struct nlmsghdr *message = start("0000:3b:02.0");
	struct iavfctl_vf *vf = NULL;

	mnl_attr_put_u32(message, IAVF_A_VF_IFINDEX, 4);
	mnl_attr_put_strz(message, IAVF_A_VF_IFNAME, "\x1b[2J\x7f\xc3\xa9\xff~!");
	CHECK_EQ(vf_decode(message, OURS, &vf), 0);
	CHECK(!strcmp(vf->ifname, "?[2J????~!"));
	iavfctl_vf_free(vf);
}

static void decode_little(void)
{
	struct iavfctl_vf *vf = NULL;

	CHECK_EQ(vf_decode(start("0000:3b:02.0"), OURS, &vf), 0);
	CHECK_EQ(vf->have, 0);
	CHECK(!vf->ifname && !vf->degraded && !vf->last_error);
	iavfctl_vf_free(vf);
	CHECK_EQ(vf_decode(genl_start(buf, 0x25, IAVF_CMD_VF_GET, 0), OURS, &vf), -EBADMSG);
}

static void one_copy(const uint8_t *from, size_t len)
{
	struct nlmsghdr *copy = malloc(len);
	struct iavfctl_vf *vf;

	memcpy(copy, from, len);
	copy->nlmsg_len = len;
	if (!vf_decode(copy, OURS, &vf))
		iavfctl_vf_free(vf);
	free(copy);
}

static void decode_spoilt(void)
{
	size_t len = whole()->nlmsg_len;
	static uint8_t spoilt[sizeof(buf)];
	unsigned int seed = 7;

	for (size_t i = NLMSG_HDRLEN; i <= len; i++)
		one_copy(buf, i);
	for (int i = 0; i < 20000; i++) {
		memcpy(spoilt, buf, len);
		for (int j = 0; j < 3; j++) {
			seed = seed * 1103515245 + 12345;
			spoilt[NLMSG_HDRLEN + (seed >> 8) % (len - NLMSG_HDRLEN)] = seed >> 24;
		}
		one_copy(spoilt, len);
	}
}

static struct iavfctl_vf fleet[] = {
	{ .pci = "0000:3b:02.0", .ifname = "eth1" }, { .pci = "0000:3b:02.1", .ifname = "eth10" },
	{ .pci = "0001:3b:02.0", .ifname = NULL }, { .pci = "0000:af:00.0", .ifname = "eth1" },
};

static int match(const char *name)
{
	static struct iavfctl_vf *vfs[] = { &fleet[0], &fleet[1], &fleet[2], &fleet[3] };
	size_t other;

	return vf_match(vfs, 4, name, &other);
}

static void names(void)
{
	CHECK_EQ(match("0000:3b:02.0"), 0);
	CHECK_EQ(match("0000:3B:02.1"), 1);
	CHECK_EQ(match("3b:02.1"), 1);
	CHECK_EQ(match("3b:02.0"), -ENOTUNIQ);	/* in two domains */
	CHECK_EQ(match("0001"), 2);
	CHECK_EQ(match("0000:3b"), -ENOTUNIQ);
	CHECK_EQ(match("af"), 3);
	CHECK_EQ(match("eth10"), 1);
	CHECK_EQ(match("eth1"), -ENOTUNIQ);	/* in two namespaces */
	CHECK_EQ(match("ETH10"), -ENOENT);
	CHECK_EQ(match("eth2"), -ENOENT);
	CHECK_EQ(match(""), -ENOENT);
	CHECK_EQ(match("0000:3b:02.00"), -ENOENT);
}

/* An exact name wins over a prefix, wherever it stands. */
static void exact_wins(void)
{
	struct iavfctl_vf one = { .pci = "0000:00:04.0", .ifname = "eth10" };
	struct iavfctl_vf two = { .pci = "0000:00:05.0", .ifname = "eth1" };
	struct iavfctl_vf *vfs[] = { &one, &two }, *swapped[] = { &two, &one };
	size_t other;

	CHECK_EQ(vf_match(vfs, 2, "eth1", &other), 1);
	CHECK_EQ(vf_match(swapped, 2, "eth1", &other), 0);
	CHECK_EQ(vf_match(vfs, 2, "eth", &other), -ENOTUNIQ);
	CHECK_EQ(vf_match(vfs, 0, "eth", &other), -ENOENT);
}

/* Messages of the mailbox */

static struct nlmsghdr *traced(bool sent)
{
	struct nlmsghdr *nlh = genl_start(buf, 0x25, IAVF_CMD_TRACE_NTF, 0);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_VF, 3);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_GENERATION, 9);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_OPCODE, 10);
	if (sent)
		mnl_attr_put(nlh, IAVF_A_MSG_SENT, 0, NULL);
	else
		mnl_attr_put_u32(nlh, IAVF_A_MSG_STATUS, (uint32_t)-5);
	mnl_attr_put(nlh, IAVF_A_MSG_PAYLOAD, 3, "abc");
	return nlh;
}

static void trace_whole(void)
{
	struct iavfctl_message message;

	CHECK(!trace_decode(traced(false), &message));
	CHECK_EQ(message.kind, IAVFCTL_MESSAGE_MAILBOX);
	CHECK_EQ(message.vf_id, 3);
	CHECK_EQ(message.generation, 9);
	CHECK_EQ(message.opcode, 10);
	CHECK_EQ(message.status, -5);
	CHECK(!message.sent && message.length == 3 && !memcmp(message.payload, "abc", 3));
	CHECK(!trace_decode(traced(true), &message));
	CHECK(message.sent && !message.status);
}

/* Cut anywhere: refused, or read as far as it goes, within its bytes. */
static void trace_cut(void)
{
	uint32_t len = traced(true)->nlmsg_len;
	struct iavfctl_message message;

	for (uint32_t cut = NLMSG_HDRLEN; cut < len; cut++) {
		struct nlmsghdr *copy = malloc(cut);

		memcpy(copy, traced(true), cut);
		copy->nlmsg_len = cut;
		if (!trace_decode(copy, &message) && message.payload)
			CHECK(message.payload + message.length <= (uint8_t *)copy + cut);
		free(copy);
	}
	CHECK_EQ(trace_decode(start("0000:3b:02.0"), &message), -EBADMSG);
}

static const struct test_case cases[] = {
	{ "decode_whole", decode_whole }, { "decode_rude_name", decode_rude_name },
	{ "decode_little", decode_little },
	{ "decode_spoilt", decode_spoilt }, { "names", names }, { "exact_wins", exact_wins },
	{ "trace_whole", trace_whole }, { "trace_cut", trace_cut },
};

TEST_MAIN(cases)

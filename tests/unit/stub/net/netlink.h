/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Just enough of the kernel's header for its generated policies (kmod/uapi/iavf_policy.h) to
 * compile here: tests hold our messages against what the kernel really accepts.
 */
#ifndef STUB_NET_NETLINK_H
#define STUB_NET_NETLINK_H

#include <stdint.h>

typedef uint64_t u64;

enum { NLA_UNSPEC, NLA_U8, NLA_U16, NLA_U32, NLA_U64, NLA_S32, NLA_FLAG, NLA_BINARY, NLA_NUL_STRING,
       NLA_NESTED };

struct netlink_range_validation {
	u64 min, max;
};

struct nla_policy {
	int type;
	unsigned int len, exact;
	int64_t min, max;
	const struct netlink_range_validation *range;
};

#define __maybe_unused		__attribute__((unused))
#define BIT_ULL(n)		(1ULL << (n))
#define NLA_POLICY_MAX_LEN(n)	{ .type = NLA_BINARY, .len = (n) }
#define NLA_POLICY_EXACT_LEN(n)	{ .type = NLA_BINARY, .exact = (n) }
#define NLA_POLICY_MAX(t, n)	{ .type = (t), .max = (n) }
#define NLA_POLICY_FULL_RANGE(t, r) { .type = (t), .range = (r) }
#define NLA_POLICY_RANGE(t, a, b) { .type = (t), .min = (a), .max = (b) }

#endif

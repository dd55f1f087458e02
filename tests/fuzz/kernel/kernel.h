/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Just enough of a kernel that what the session does with an owner's message before it acts
 * (kmod/session/message.c, kmod/uapi/iavf_family.c) compiles and runs here. Put in front of them with
 * -include; the headers that they name are empty files then.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <asm/errno.h>		/* not <errno.h>: a message has a part of this name */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "stub/net/netlink.h"	/* policies as they are generated */

#define _IAVF_COMPAT_H		/* nothing of it is needed */

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int32_t s32;
typedef int64_t ktime_t;
typedef unsigned int gfp_t;

#define GFP_KERNEL		0
#define SZ_64K			65536
#define SKB_WITH_OVERHEAD(n)	(n)
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define READ_ONCE(x)		(x)
#define __ro_after_init
#define THIS_MODULE		NULL
#define __ffs64(x)		__builtin_ctzll(x)

struct list_head { struct list_head *next, *prev; };
struct sk_buff_head { struct list_head list; };
/* Only because the session has some of them. */
struct work_struct { int unused; };
struct delayed_work { int unused; };
struct timer_list { int unused; };
struct rcu_head { int unused; };
struct mutex { int unused; };
struct completion { int unused; };
typedef struct { int unused; } spinlock_t, wait_queue_head_t, atomic_t, refcount_t;
struct netlink_callback;
struct genl_info;
struct file;

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

/* One thread: locks are nothing, and a guard no more. */
#define DEFINE_LOCK_GUARD_0(name, lock, unlock, ...)	struct fuzz_guard_##name { int unused; };
#define guard(name)		fuzz_guard
static inline void fuzz_guard(void)
{
}

static inline void fuzz_kfree(void *p)
{
	free(*(void **)p);
}
#define __free(what)		__attribute__((cleanup(fuzz_##what)))
#define kmalloc(size, flags)	malloc(size)

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	if (len == size)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
	return len;
}

struct netlink_ext_ack {
	const char *_msg;
	const struct nlattr *bad_attr;
	char text[81];
};
#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {				\
	snprintf((extack)->text, sizeof((extack)->text), fmt, ##args);		\
	(extack)->_msg = (extack)->text;					\
} while (0)
#define NL_SET_BAD_ATTR(extack, attr)	((extack)->bad_attr = (attr))

/* A buffer that ends where it says. */
struct sk_buff {
	char cb[48];
	size_t len, size;
	u8 data[];
};

static inline struct sk_buff *nlmsg_new(size_t size, gfp_t flags)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb) + NLMSG_HDRLEN + size);

	skb->size = NLMSG_HDRLEN + size;
	return skb;
}

static inline void nlmsg_free(struct sk_buff *skb)
{
	free(skb);
}

static inline void *skb_room(struct sk_buff *skb, size_t len)
{
	u8 *at = skb->data + skb->len;

	if (len > skb->size - skb->len)
		return NULL;
	skb->len += len;
	return at;
}

static inline struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type,
					 int len, int flags)
{
	struct nlmsghdr *nlh = skb_room(skb, NLMSG_SPACE(len));

	if (nlh)
		*nlh = (struct nlmsghdr) { 0, type, flags, seq, portid };
	return nlh;
}

static inline void nlmsg_end(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	nlh->nlmsg_len = skb->len - ((u8 *)nlh - skb->data);
}

#define nlmsg_data(nlh)			NLMSG_DATA(nlh)
#define nlmsg_attrdata(nlh, hdrlen)	((struct nlattr *)((u8 *)NLMSG_DATA(nlh) + (hdrlen)))

static inline int nla_put(struct sk_buff *skb, int type, int len, const void *data)
{
	struct nlattr *nla = skb_room(skb, NLA_HDRLEN + NLA_ALIGN(len));

	if (!nla)
		return -EMSGSIZE;
	*nla = (struct nlattr) { NLA_HDRLEN + len, type };
	memcpy(nla + 1, data, len);
	return 0;
}

static inline int nla_put_string(struct sk_buff *skb, int type, const char *text)
{
	return nla_put(skb, type, strlen(text) + 1, text);
}

static inline int nla_put_u32(struct sk_buff *skb, int type, u32 value)
{
	return nla_put(skb, type, sizeof(value), &value);
}

/* Reading, by the rules of the kernel's documentation; kernel.c */

static inline int nla_type(const struct nlattr *nla)
{
	return nla->nla_type & NLA_TYPE_MASK;
}

static inline int nla_len(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}

static inline void *nla_data(const struct nlattr *nla)
{
	return (u8 *)(uintptr_t)nla + NLA_HDRLEN;
}

static inline bool nla_ok(const struct nlattr *nla, int rest)
{
	return rest >= (int)sizeof(*nla) && nla->nla_len >= sizeof(*nla) && nla->nla_len <= rest;
}

static inline const struct nlattr *nla_next(const struct nlattr *nla, int *rest)
{
	unsigned int len = NLA_ALIGN(nla->nla_len);

	*rest -= len;
	return (const struct nlattr *)((const u8 *)nla + len);
}

#define nla_for_each_attr(nla, head, len, rest) \
	for (nla = (head), rest = (len); nla_ok(nla, rest); nla = nla_next(nla, &(rest)))

int nla_parse(struct nlattr **tb, int max, const struct nlattr *head, int len,
	      const struct nla_policy *policy, struct netlink_ext_ack *extack);
u32 nla_get_u32(const struct nlattr *nla);
u64 nla_get_u64(const struct nlattr *nla);
int nla_memcpy(void *to, const struct nlattr *nla, int size);
ssize_t nla_strscpy(char *to, const struct nlattr *nla, size_t size);

enum { GENL_ADMIN_PERM_ = GENL_ADMIN_PERM, GENL_MCAST_CAP_NET_ADMIN = 1 };

struct genl_ops {
	u8 cmd;
	unsigned int flags;
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	const struct nla_policy *policy;
	unsigned int maxattr;
};

struct genl_multicast_group {
	char name[16];
	u8 flags;
};

struct genl_family {
	int id;
	char name[16];
	unsigned int version, n_ops, n_mcgrps;
	bool netnsok, parallel_ops;
	void *module;
	const struct genl_ops *ops;
	const struct genl_multicast_group *mcgrps;
};

#endif

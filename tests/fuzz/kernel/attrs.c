// SPDX-License-Identifier: GPL-2.0-or-later
/* Attributes as the kernel takes them, strictly. */
#include "kernel.h"

static int valid(const struct nlattr *nla, const struct nla_policy *policy)
{
	int len = nla_len(nla);
	u32 value = 0;

	switch (policy->type) {
	case NLA_U32:
		if (len != sizeof(value))
			return -ERANGE;
		value = nla_get_u32(nla);
		if (policy->range && (value < policy->range->min || value > policy->range->max))
			return -ERANGE;
		if (value < policy->min || (policy->max && value > policy->max))
			return -ERANGE;
		return 0;
	case NLA_U64:
		return len == sizeof(u64) ? 0 : -ERANGE;
	case NLA_FLAG:
		return len ? -ERANGE : 0;
	case NLA_NUL_STRING:
		if (!memchr(nla_data(nla), 0, len))
			return -EINVAL;
		return (int)strlen(nla_data(nla)) > (int)policy->len ? -ERANGE : 0;
	case NLA_BINARY:
		if (policy->exact)
			return len == (int)policy->exact ? 0 : -ERANGE;
		return len > (int)policy->len ? -ERANGE : 0;
	}
	return -EINVAL;
}

int nla_parse(struct nlattr **tb, int max, const struct nlattr *head, int len,
	      const struct nla_policy *policy, struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rest, err;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	nla_for_each_attr(nla, head, len, rest) {
		if (!nla_type(nla) || nla_type(nla) > max)
			return -EINVAL;
		err = valid(nla, &policy[nla_type(nla)]);
		if (err) {
			extack->bad_attr = nla;
			return err;
		}
		tb[nla_type(nla)] = (struct nlattr *)(uintptr_t)nla;
	}
	return rest > 0 ? -EINVAL : 0;
}

u32 nla_get_u32(const struct nlattr *nla)
{
	u32 value;

	memcpy(&value, nla_data(nla), sizeof(value));
	return value;
}

u64 nla_get_u64(const struct nlattr *nla)
{
	u64 value;

	memcpy(&value, nla_data(nla), sizeof(value));
	return value;
}

int nla_memcpy(void *to, const struct nlattr *nla, int size)
{
	int len = nla_len(nla) < size ? nla_len(nla) : size;

	memcpy(to, nla_data(nla), len);
	return len;
}

ssize_t nla_strscpy(char *to, const struct nlattr *nla, size_t size)
{
	size_t len = strnlen(nla_data(nla), nla_len(nla));

	if (len >= size)
		len = size - 1;
	memcpy(to, nla_data(nla), len);
	memset(to + len, 0, size - len);
	return len;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "attrs.h"

static int check(const struct nlattr *attr, const struct attr_rule *rule)
{
	uint16_t len = mnl_attr_get_payload_len(attr);

	if (rule->type == MNL_TYPE_UNSPEC)
		return 0;
	if (mnl_attr_validate(attr, rule->type) < 0)
		return -EBADMSG;
	/* libmnl takes longer integers too; a value of another width is not ours. */
	if (rule->type == MNL_TYPE_U8 && len != sizeof(uint8_t))
		return -EBADMSG;
	if (rule->type == MNL_TYPE_U32 && len != sizeof(uint32_t))
		return -EBADMSG;
	if (rule->type == MNL_TYPE_U64 && len != sizeof(uint64_t))
		return -EBADMSG;
	if (rule->len && len != rule->len)
		return -EBADMSG;
	if (rule->multiple && len % rule->multiple)
		return -EBADMSG;
	return 0;
}

int attrs_parse(const void *data, size_t len, const struct attr_rule *rules, uint16_t max,
		const struct nlattr **tb)
{
	const struct nlattr *attr = data;
	int left = len > INT32_MAX ? -1 : (int)len;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	while (left > 0) {
		uint16_t type;

		if (!mnl_attr_ok(attr, left))
			return -EBADMSG;
		type = mnl_attr_get_type(attr);
		if (type && type <= max) {
			if (check(attr, &rules[type]))
				return -EBADMSG;
			tb[type] = attr;
		}
		left -= MNL_ALIGN(attr->nla_len);
		attr = mnl_attr_next(attr);
	}
	/* The last one's padding may be missing; more than that is not. */
	return left < 0 && left <= -MNL_ALIGNTO ? -EBADMSG : 0;
}

int attrs_parse_nest(const struct nlattr *nest, const struct attr_rule *rules, uint16_t max,
		     const struct nlattr **tb)
{
	return attrs_parse(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), rules, max,
			   tb);
}

uint32_t attr_u32(const struct nlattr *attr, uint32_t fallback)
{
	return attr ? mnl_attr_get_u32(attr) : fallback;
}

uint64_t attr_u64(const struct nlattr *attr, uint64_t fallback)
{
	return attr ? mnl_attr_get_u64(attr) : fallback;
}

void attr_string(const struct nlattr *attr, char *to, size_t size)
{
	size_t len = 0, i;

	if (attr) {
		len = strnlen(mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr));
		if (len > size - 1)
			len = size - 1;
		memcpy(to, mnl_attr_get_payload(attr), len);
	}
	for (i = 0; i < len; i++) {
		if (to[i] < ' ' || to[i] > '~')
			to[i] = '?';
	}
	to[len] = '\0';
}

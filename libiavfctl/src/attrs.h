/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bounds-checked reading of netlink attributes by a table of rules. Shared by the library and
 * the daemon; not part of the public interface.
 */
#ifndef IAVF_ATTRS_H
#define IAVF_ATTRS_H

#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

struct attr_rule {
	uint16_t type;		/* enum mnl_attr_data_type; 0: present in the set, not read by us */
	uint16_t len;		/* binary: exact length, 0 for any */
	uint16_t multiple;	/* binary: length is a multiple of this, 0 for any */
};

/*
 * Read the attributes in data into tb[0..max]; attributes above max are skipped, as a newer kernel
 * may have more. 0, or -EBADMSG when one breaks its rule or the bytes do not add up. tb points
 * into data.
 */
int attrs_parse(const void *data, size_t len, const struct attr_rule *rules, uint16_t max,
		const struct nlattr **tb);

/* The same for the attributes inside a nest. */
int attrs_parse_nest(const struct nlattr *nest, const struct attr_rule *rules, uint16_t max,
		     const struct nlattr **tb);

/* The value, or the fallback when the attribute is absent. */
uint32_t attr_u32(const struct nlattr *attr, uint32_t fallback);
uint64_t attr_u64(const struct nlattr *attr, uint64_t fallback);

/*
 * Copy a string, cut to size - 1 bytes and terminated; "" when absent. Bytes that are not printable ASCII become '?':
 * whoever has a netdev in a namespace of his own chooses its name, which goes to terminals, JSON and D-Bus.
 */
void attr_string(const struct nlattr *attr, char *to, size_t size);

#endif

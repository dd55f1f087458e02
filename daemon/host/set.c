// SPDX-License-Identifier: GPL-2.0-or-later
/* One thing each, as ip and ethtool do it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <netlink/msg.h>

#include "ethnl.h"
#include "internal.h"
#include "rxfh.h"

#define XFRM_MISSING "symmetric hashing needs Linux 6.8 or later"

/* Every change is to the netdev that was meant when it was decided. */
static int begin(struct host *host, const struct host_ref *ref, struct link *link)
{
	host_begin(host);
	return host_find(host, ref, link);
}

int host_set_mtu(struct host *host, const struct host_ref *ref, uint32_t mtu)
{
	struct link link;

	return begin(host, ref, &link) ?:
	       host_ask_route(host, link_set_mtu(link.ifindex, mtu), NULL, NULL);
}

int host_set_mac(struct host *host, const struct host_ref *ref, const uint8_t mac[6])
{
	struct link link;

	return begin(host, ref, &link) ?:
	       host_ask_route(host, link_set_mac(link.ifindex, mac), NULL, NULL);
}

int host_set_flags(struct host *host, const struct host_ref *ref, uint32_t mask, uint32_t values)
{
	struct link link;
	int err = begin(host, ref, &link);

	if (err || !mask)
		return err;
	return host_ask_route(host, link_set_flags(link.ifindex, mask, values), NULL, NULL);
}

static int ask(struct host *host, struct nlmsghdr *message)
{
	return host_ask_ethtool(host, message, NULL, NULL);
}

int host_set_channels(struct host *host, const struct host_ref *ref, const struct host_channels *to)
{
	uint8_t buf[256] __attribute__((aligned(8)));
	struct link link;

	return begin(host, ref, &link) ?: ask(host, ethnl_set_channels(buf, link.ifindex, to));
}

int host_set_rings(struct host *host, const struct host_ref *ref, const struct host_rings *to)
{
	uint8_t buf[256] __attribute__((aligned(8)));
	struct link link;

	return begin(host, ref, &link) ?: ask(host, ethnl_set_rings(buf, link.ifindex, to));
}

int host_set_coalesce(struct host *host, const struct host_ref *ref, uint32_t which,
		      const struct host_coalesce *to)
{
	uint8_t buf[256] __attribute__((aligned(8)));
	struct link link;
	int err = begin(host, ref, &link);

	if (err || !which)
		return err;
	return ask(host, ethnl_set_coalesce(buf, link.ifindex, which, to));
}

/* What is known before anything is asked. */
static int check_features(struct host *host, const struct host_state *state,
			  const struct host_feature_set *to, unsigned int num)
{
	for (unsigned int i = 0; i < num; i++) {
		const struct host_feature *have = host_feature(state, to[i].name);

		if (!have)
			return host_fail(host, -EOPNOTSUPP, "this kernel has no feature %.31s",
					 to[i].name);
		if (have->fixed && have->active != to[i].on)
			return host_fail(host, -EOPNOTSUPP, "%s is fixed: %s", have->name,
					 have->active ? "always on" : "this VF does not have it");
	}
	return 0;
}

static int compare_features(struct host *host, const struct host_state *state,
			    const struct host_feature_set *to, unsigned int num)
{
	for (unsigned int i = 0; i < num; i++) {
		const struct host_feature *have = host_feature(state, to[i].name);

		if (!have || have->active != to[i].on)
			return host_fail(host, -EIO, "%s stays %s", to[i].name,
					 to[i].on ? "off" : "on");
	}
	return 0;
}

static int read_features(struct host *host, void *buf, struct host_state *state)
{
	return host_ask_ethtool(host, ethnl_get_features(buf, state->ifindex), ethnl_features,
				state);
}

static int change_features(struct host *host, struct host_state *state,
			   const struct host_feature_set *to, unsigned int num)
{
	void *buf = aligned_alloc(8, ETHNL_SIZE);
	int err;

	if (!buf)
		return host_fail(host, -ENOMEM, NULL);
	err = read_features(host, buf, state) ?: check_features(host, state, to, num) ?:
	      ask(host, ethnl_set_features(buf, state->ifindex, to, num)) ?:
	      read_features(host, buf, state) ?: compare_features(host, state, to, num);
	free(buf);
	return err;
}

int host_set_features(struct host *host, const struct host_ref *ref,
		      const struct host_feature_set *to, unsigned int num)
{
	struct host_state *state;
	struct link link;
	int err = begin(host, ref, &link);

	if (err || !num)
		return err;
	if (num > HOST_FEATURES_MAX)
		return host_fail(host, -EINVAL, "more than %d features", HOST_FEATURES_MAX);
	state = calloc(1, sizeof(*state));
	if (!state)
		return host_fail(host, -ENOMEM, NULL);
	state->ifindex = link.ifindex;
	err = change_features(host, state, to, num);
	host_state_free(state);
	return err;
}

static int check_rss(struct host *host, const struct host_rss *old, uint32_t which,
		     const struct host_rss *to, bool xfrm)
{
	if ((which & HOST_RSS_KEY) && to->key_len != old->key_len)
		return host_fail(host, -EINVAL, "the RSS key has %u bytes, not %u", old->key_len,
				 to->key_len);
	if ((which & HOST_RSS_TABLE) && to->table_len != old->table_len)
		return host_fail(host, -EINVAL, "the RSS table has %u entries, not %u",
				 old->table_len, to->table_len);
	if ((which & HOST_RSS_TABLE) && (which & HOST_RSS_TABLE_DEFAULT))
		return host_fail(host, -EINVAL, "an RSS table and the default one");
	if ((which & HOST_RSS_SYMMETRIC) && to->symmetric && !xfrm)
		return host_fail(host, -EOPNOTSUPP, XFRM_MISSING);
	return 0;
}

static int change_rss(struct host *host, const char *name, uint32_t which,
		      const struct host_rss *to)
{
	union {
		uint32_t align;
		uint8_t bytes[RXFH_SIZE];
	} buf;
	struct host_rss old = { 0 };
	struct utsname kernel;
	bool xfrm = !uname(&kernel) && rxfh_knows_xfrm(kernel.release);
	int err = host_read_rss(host, name, &old);

	if (err)
		return host_fail(host, err, NULL);
	err = check_rss(host, &old, which, to, xfrm);
	/* Not symmetric is what a kernel is that does not know of it. */
	if (!xfrm)
		which &= ~HOST_RSS_SYMMETRIC;
	if (err || !which)
		return err;
	rxfh_set(&buf, &old, which, to, xfrm);
	err = host_ioctl(host, name, &buf);
	return err ? host_fail(host, err, NULL) : 0;
}

int host_set_rss(struct host *host, const struct host_ref *ref, uint32_t which,
		 const struct host_rss *to)
{
	struct link link;
	int err = begin(host, ref, &link);

	return err || !which ? err : change_rss(host, link.name, which, to);
}

int host_set_hash_fields(struct host *host, const struct host_ref *ref, enum host_flow flow,
			 uint32_t fields)
{
	uint64_t buf[RXFH_FIELDS_SIZE / sizeof(uint64_t)];
	struct link link;
	int err = begin(host, ref, &link);

	if (err)
		return err;
	if (flow >= HOST_NUM_FLOWS)
		return host_fail(host, -EINVAL, "flow %d", flow);
	rxfh_set_fields(buf, flow, fields);
	err = host_ioctl(host, link.name, buf);
	return err ? host_fail(host, err, NULL) : 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "ethnl.h"
#include "internal.h"
#include "rxfh.h"

static void take_link(const struct link *link, struct host_state *state)
{
	state->ifindex = link->ifindex;
	memcpy(state->name, link->name, sizeof(state->name));
	state->mtu = link->mtu;
	state->min_mtu = link->min_mtu;
	state->max_mtu = link->max_mtu;
	memcpy(state->mac, link->mac, sizeof(state->mac));
	state->flags = link->flags;
}

static const struct {
	struct nlmsghdr *(*ask)(void *buf, uint32_t ifindex);
	int (*take)(const struct nlmsghdr *message, void *data);
} parts[] = {
	{ ethnl_get_channels, ethnl_channels },
	{ ethnl_get_rings, ethnl_rings },
	{ ethnl_get_coalesce, ethnl_coalesce },
	{ ethnl_get_features, ethnl_features },
};

/* What a driver does not have is not there, and no error. */
static int read_parts(struct host *host, struct host_state *state)
{
	uint8_t buf[256] __attribute__((aligned(8)));
	int err;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		err = host_ask_ethtool(host, parts[i].ask(buf, state->ifindex), parts[i].take,
				       state);
		if (err && err != -EOPNOTSUPP)
			return err;
		host_begin(host);
	}
	return 0;
}

int host_read_rss(struct host *host, const char *name, struct host_rss *rss)
{
	union {
		uint32_t align;
		uint8_t bytes[RXFH_SIZE];
	} buf;
	int err;

	rxfh_ask_sizes(&buf);
	err = host_ioctl(host, name, &buf) ?: rxfh_sizes(&buf, rss);
	if (err)
		return err;
	rxfh_ask(&buf, rss);
	err = host_ioctl(host, name, &buf);
	if (!err)
		rxfh_take(&buf, rss);
	return err;
}

static int read_fields(struct host *host, struct host_state *state)
{
	uint64_t buf[RXFH_FIELDS_SIZE / sizeof(uint64_t)];
	int err;

	for (enum host_flow flow = 0; flow < HOST_NUM_FLOWS; flow++) {
		rxfh_ask_fields(buf, flow);
		err = host_ioctl(host, state->name, buf);
		if (err == -ENODEV)
			return err;
		state->hash_fields[flow] = err ? -1 : (int8_t)rxfh_fields(buf);
	}
	return 0;
}

static int read_rss(struct host *host, struct host_state *state)
{
	struct utsname kernel;
	int err = host_read_rss(host, state->name, &state->rss);

	if (!err) {
		state->have |= HOST_HAVE_RSS;
		if (!uname(&kernel) && rxfh_knows_xfrm(kernel.release))
			state->have |= HOST_HAVE_XFRM;
	}
	if (!err || err == -EOPNOTSUPP)
		err = read_fields(host, state);
	return err ? host_fail(host, err, NULL) : 0;
}

/* Only ioctls go by name, which somebody may have changed meanwhile. */
static int same_name(struct host *host, const struct host_ref *ref, const struct host_state *state)
{
	struct link link;
	int err = host_find(host, ref, &link);

	if (err)
		return err;
	if (strcmp(link.name, state->name))
		return host_fail(host, -EAGAIN, "it was renamed to %s meanwhile", link.name);
	return 0;
}

static int read_all(struct host *host, const struct host_ref *ref, struct host_state *state)
{
	struct link link;
	int err = host_find(host, ref, &link);

	if (err)
		return err;
	take_link(&link, state);
	return read_parts(host, state) ?: read_rss(host, state) ?: same_name(host, ref, state) ?:
	       host_read_vlans(host, &link, &state->vlans, &state->num_vlans);
}

int host_read(struct host *host, const struct host_ref *ref, struct host_state **state)
{
	struct host_state *all = calloc(1, sizeof(*all));
	int err;

	*state = NULL;
	host_begin(host);
	if (!all)
		return host_fail(host, -ENOMEM, NULL);
	err = read_all(host, ref, all);
	if (err)
		host_state_free(all);
	else
		*state = all;
	return err;
}

void host_state_free(struct host_state *state)
{
	if (!state)
		return;
	free(state->vlans);
	free(state);
}

const struct host_feature *host_feature(const struct host_state *state, const char *name)
{
	for (unsigned int i = 0; i < state->num_features; i++) {
		if (!strcmp(state->features[i].name, name))
			return &state->features[i];
	}
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/ethtool.h>

#include "rxfh.h"

#ifndef RXH_XFRM_SYM_XOR		/* headers of Debian 12 */
#define RXH_XFRM_SYM_XOR	(1 << 0)
#define RXH_XFRM_NO_CHANGE	0xff
#endif

/* Behind hfunc; reserved, and 0, before 6.8. */
#define XFRM			(offsetof(struct ethtool_rxfh, hfunc) + 1)
#define INDIR_NO_CHANGE		0xffffffffU

_Static_assert(offsetof(struct ethtool_rxfh, rsvd32) == XFRM + 3, "the place of input_xfrm");
_Static_assert(sizeof(struct ethtool_rxfh) <= 64, "RXFH_SIZE has room for the head");
_Static_assert(sizeof(struct ethtool_rxnfc) <= RXFH_FIELDS_SIZE, "RXFH_FIELDS_SIZE");

static const uint32_t flow_types[HOST_NUM_FLOWS] = {
	[HOST_TCP4] = TCP_V4_FLOW, [HOST_UDP4] = UDP_V4_FLOW, [HOST_SCTP4] = SCTP_V4_FLOW,
	[HOST_TCP6] = TCP_V6_FLOW, [HOST_UDP6] = UDP_V6_FLOW, [HOST_SCTP6] = SCTP_V6_FLOW,
};

static const struct {
	uint32_t ours;
	uint64_t theirs;
} fields_of[] = {
	{ HOST_SRC_IP, RXH_IP_SRC },
	{ HOST_DST_IP, RXH_IP_DST },
	{ HOST_SRC_PORT, RXH_L4_B_0_1 },
	{ HOST_DST_PORT, RXH_L4_B_2_3 },
};

#define NUM_FIELDS (sizeof(fields_of) / sizeof(fields_of[0]))

void rxfh_ask_sizes(void *buf)
{
	struct ethtool_rxfh *head = buf;

	memset(buf, 0, RXFH_SIZE);
	head->cmd = ETHTOOL_GRSSH;
}

int rxfh_sizes(const void *buf, struct host_rss *rss)
{
	const struct ethtool_rxfh *head = buf;

	if (!head->indir_size && !head->key_size)
		return -EOPNOTSUPP;
	if (head->indir_size > HOST_TABLE_MAX || head->key_size > HOST_KEY_MAX)
		return -E2BIG;
	rss->table_len = head->indir_size;
	rss->key_len = head->key_size;
	return 0;
}

void rxfh_ask(void *buf, const struct host_rss *sizes)
{
	struct ethtool_rxfh *head = buf;

	rxfh_ask_sizes(buf);
	head->indir_size = sizes->table_len;
	head->key_size = sizes->key_len;
}

void rxfh_take(const void *buf, struct host_rss *rss)
{
	const struct ethtool_rxfh *head = buf;

	for (unsigned int i = 0; i < rss->table_len; i++)
		rss->table[i] = head->rss_config[i];
	memcpy(rss->key, head->rss_config + rss->table_len, rss->key_len);
	rss->function = head->hfunc;
	rss->symmetric = ((const uint8_t *)buf)[XFRM] & RXH_XFRM_SYM_XOR;
}

static uint8_t xfrm_of(uint32_t which, const struct host_rss *to, bool known)
{
	if (which & HOST_RSS_SYMMETRIC)
		return to->symmetric ? RXH_XFRM_SYM_XOR : 0;
	return known ? RXH_XFRM_NO_CHANGE : 0;
}

void rxfh_set(void *buf, const struct host_rss *old, uint32_t which, const struct host_rss *to,
	      bool xfrm)
{
	struct ethtool_rxfh *head = buf;
	unsigned int entries = 0;

	memset(buf, 0, RXFH_SIZE);
	head->cmd = ETHTOOL_SRSSH;
	head->indir_size = which & HOST_RSS_TABLE_DEFAULT ? 0 : INDIR_NO_CHANGE;
	if (which & HOST_RSS_TABLE) {
		head->indir_size = entries = old->table_len;
		for (unsigned int i = 0; i < entries; i++)
			head->rss_config[i] = to->table[i];
	}
	if (which & HOST_RSS_KEY) {
		head->key_size = old->key_len;
		memcpy(head->rss_config + entries, to->key, old->key_len);
	}
	if (which & HOST_RSS_FUNCTION)
		head->hfunc = to->function;
	((uint8_t *)buf)[XFRM] = xfrm_of(which, to, xfrm);
}

bool rxfh_knows_xfrm(const char *release)
{
	unsigned int major, minor;

	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		return false;
	return major > 6 || (major == 6 && minor >= 8);
}

void rxfh_ask_fields(void *buf, enum host_flow flow)
{
	struct ethtool_rxnfc *request = buf;

	memset(buf, 0, RXFH_FIELDS_SIZE);
	request->cmd = ETHTOOL_GRXFH;
	request->flow_type = flow_types[flow];
}

uint32_t rxfh_fields(const void *buf)
{
	const struct ethtool_rxnfc *request = buf;
	uint32_t fields = 0;

	for (size_t i = 0; i < NUM_FIELDS; i++) {
		if (request->data & fields_of[i].theirs)
			fields |= fields_of[i].ours;
	}
	return fields;
}

void rxfh_set_fields(void *buf, enum host_flow flow, uint32_t fields)
{
	struct ethtool_rxnfc *request = buf;

	rxfh_ask_fields(buf, flow);
	request->cmd = ETHTOOL_SRXFH;
	for (size_t i = 0; i < NUM_FIELDS; i++) {
		if (fields & fields_of[i].ours)
			request->data |= fields_of[i].theirs;
	}
}

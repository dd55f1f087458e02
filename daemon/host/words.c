// SPDX-License-Identifier: GPL-2.0-or-later
#include "step.h"

const char *host_flow_word(enum host_flow flow)
{
	static const char *const words[HOST_NUM_FLOWS] = {
		"tcp4", "udp4", "sctp4", "tcp6", "udp6", "sctp6",
	};

	return flow < HOST_NUM_FLOWS ? words[flow] : NULL;
}

const char *host_op_word(enum host_op op)
{
	static const char *const words[HOST_NUM_OPS] = {
		[HOST_OP_READ] = "read", [HOST_OP_MTU] = "mtu", [HOST_OP_MAC] = "mac",
		[HOST_OP_FLAGS] = "flags", [HOST_OP_CHANNELS] = "channels",
		[HOST_OP_RINGS] = "rings", [HOST_OP_COALESCE] = "coalesce",
		[HOST_OP_FEATURES] = "features",
		[HOST_OP_RSS] = "rss", [HOST_OP_HASH_FIELDS] = "hash-fields",
		[HOST_OP_VLAN_ADD] = "vlan-add", [HOST_OP_VLAN_DEL] = "vlan-del",
		[HOST_OP_VLAN_MTU] = "vlan-mtu", [HOST_OP_CALL] = "call",
	};

	return op < HOST_NUM_OPS ? words[op] : NULL;
}

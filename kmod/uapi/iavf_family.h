/* SPDX-License-Identifier: GPL-2.0-only */
/* Made from docs/spec/iavf.yaml by docs/spec/gen; do not edit. */
#ifndef _IAVF_FAMILY_H
#define _IAVF_FAMILY_H

#include <net/genetlink.h>

#include "iavf_netlink.h"

enum {
	IAVF_GROUP_STATE,
	IAVF_GROUP_TRACE,
};

/* A message of the owner, for as long as it is handled; what it has not is 0 or NULL. */
struct iavf_msg {
	u32 vf;
	bool has_vf;
	u32 generation;
	bool has_generation;
	u32 seq;
	bool has_seq;
	u32 opcode;
	bool has_opcode;
	const void *payload;
	u16 payload_len;
	u32 vsi_id;
	bool has_vsi_id;
	u32 covers_send;
	bool has_covers_send;
	u32 covers_recv;
	bool has_covers_recv;
	const void *record;
	u16 record_len;
	u32 request;
	bool has_request;
	u32 errno;
	bool has_errno;
	const char *message;
	const u8 *mac;
	u32 mtu;
	bool has_mtu;
	u32 features;
	bool has_features;
	u32 max_mtu;
	bool has_max_mtu;
	u32 queues;
	bool has_queues;
	u32 max_vectors;
	bool has_max_vectors;
	u32 tx_tag;
	bool has_tx_tag;
	u32 rx_tag;
	bool has_rx_tag;
	u32 vlan_budget;
	bool has_vlan_budget;
	const u8 *vlan_ctag_allowed;
	const u8 *vlan_stag_allowed;
	const char *degraded;
};

/* By form and policy; that the attributes are those of the command is the caller's to check. */
int iavf_msg_parse(struct iavf_msg *msg, const struct nlattr *head, int len,
		   struct netlink_ext_ack *extack);

int iavf_vf_get_doit(struct sk_buff *skb, struct genl_info *info);
int iavf_vf_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int iavf_session_open_doit(struct sk_buff *skb, struct genl_info *info);

extern struct genl_family iavf_family;

#endif /* _IAVF_FAMILY_H */

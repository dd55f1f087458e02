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

/*
 * A message of the owner; what it has not is 0. What the pointers show lives as long as it is
 * handled.
 */
struct iavf_msg {
	u32 vf;
	u32 generation;
	u32 seq;
	u32 opcode;
	const void *payload;
	u32 vsi_id;
	u32 covers_send;
	u32 covers_recv;
	const void *record;
	u32 request;
	u32 errno;
	char message[81];
	u8 mac[6];
	u32 mtu;
	u32 features;
	u32 max_mtu;
	u32 queues;
	u32 max_vectors;
	u32 tx_tag;
	u32 rx_tag;
	u32 vlan_budget;
	u8 vlan_ctag_allowed[512];
	u8 vlan_stag_allowed[512];
	char degraded[81];
	u8 rss_key[64];
	u8 rss_lut[512];
	u8 stats[96];
	char pf[32];
	u32 features_fixed;
	u32 features_on;
	u32 possible_queues;
	u32 rss_hfunc;
	u8 rss_flows[16];
	u64 rss_hena;
	u32 on_absence;
	u32 grace_ms;
	bool has_vf;
	bool has_generation;
	bool has_seq;
	bool has_opcode;
	u16 payload_len;
	bool has_vsi_id;
	bool has_covers_send;
	bool has_covers_recv;
	u16 record_len;
	bool has_request;
	bool has_errno;
	bool has_message;
	bool has_mac;
	bool has_mtu;
	bool has_features;
	bool has_max_mtu;
	bool has_queues;
	bool has_max_vectors;
	bool has_tx_tag;
	bool has_rx_tag;
	bool has_vlan_budget;
	bool has_vlan_ctag_allowed;
	bool has_vlan_stag_allowed;
	bool has_degraded;
	u16 rss_key_len;
	u16 rss_lut_len;
	bool has_stats;
	bool has_pf;
	bool has_features_fixed;
	bool has_features_on;
	bool has_possible_queues;
	bool has_rss_hfunc;
	u16 rss_flows_len;
	bool has_rss_hena;
	bool has_on_absence;
	bool has_grace_ms;
};

/* By form and policy; that the attributes are those of the command is the caller's to check. */
int iavf_msg_parse(struct iavf_msg *msg, const struct nlattr *head, int len,
		   struct netlink_ext_ack *extack);

int iavf_vf_get_doit(struct sk_buff *skb, struct genl_info *info);
int iavf_vf_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int iavf_session_open_doit(struct sk_buff *skb, struct genl_info *info);

extern struct genl_family iavf_family;

#endif /* _IAVF_FAMILY_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Session: the contract between a VF driver and the one process that owns its control plane.
 *
 * iavf_session.ko owns the netlink family, the session descriptor, the requests with their two
 * clocks, the record and the log. It knows no hardware and no virtchnl. A driver adds its VFs here
 * and implements struct iavf_session_ops.
 */
#ifndef _IAVF_SESSION_H
#define _IAVF_SESSION_H

#include <linux/netlink.h>
#include <linux/types.h>

#include "../uapi/iavf_family.h"

struct device;
struct iavf_session_vf;		/* a VF as the session knows it */
struct sk_buff;

/* What iavf_session_changed() announces; built when the owner reads, each whole. */
enum iavf_session_change {
	IAVF_CHANGE_FLAGS,	/* up, promisc, allmulti (rx-flags) */
	IAVF_CHANGE_ADDRESSES,	/* unicast, multicast */
	IAVF_CHANGE_VLANS,
	IAVF_CHANGE_LINK,	/* carrier, link-mbps */
	IAVF_CHANGE_NETDEV,	/* name, namespace, MTU, MAC */
};

/* An order of the owner; attributes and their ranges are as docs/spec/iavf.yaml has them. */
typedef int iavf_order_fn(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack);

/*
 * Called in process context by the owner's write() or read() or by anybody's vf-get. No operation
 * may take rtnl or any lock that is held across iavf_session_request(). After iavf_session_del()
 * returned none runs any more. Errors: -errno, with a sentence in extack; of the fills -EMSGSIZE.
 */
struct iavf_session_ops {
	/* Public attributes of the set vf but the session's own: identity, owner, errors. */
	int (*fill_state)(void *priv, struct sk_buff *skb);
	/* The others of the set vf that a new owner needs (snapshot). */
	int (*fill_snapshot)(void *priv, struct sk_buff *skb);
	/* what: bits of enum iavf_session_change. */
	int (*fill_changed)(void *priv, struct sk_buff *skb, unsigned long what);
	/* The nest counters but stale, overrun, requests, requests-failed and sessions. */
	int (*fill_counters)(void *priv, struct sk_buff *skb);
	/*
	 * Send to the PF. -EPERM opcode is not the owner's, -EINVAL payload given for an opcode
	 * whose payload belongs to the kernel or missing vsi_id, -ESTALE generation, -ENETDOWN no
	 * rings, -EBUSY (op 8) configuration not acknowledged, -EAGAIN ring full, -EIO mailbox
	 * dead.
	 */
	iavf_order_fn *mbx_send;
	/* All limits, each time. max-vectors: the mailbox's included, 0 = not limited. */
	iavf_order_fn *commit;
	/* Queued; ends in iavf_session_netdev_ready(). No mac: random; mtu 0: 1500. */
	iavf_order_fn *netdev_create;
	/* Queued. No mac, max_mtu 0: unchanged. */
	iavf_order_fn *netdev_update;
	iavf_order_fn *vf_reset;
	/*
	 * From a work item: nobody controls the VF (what of enum iavf_absence to do), or somebody
	 * does (hold). Takes no lock that is held across iavf_session_request() either.
	 */
	void (*absence)(void *priv, u32 what);
};

/*
 * A VF appeared, in generation 0. dev is the PCI device, its name the VF's address. Operations may
 * run before this returns, *vf is set before the first one does. 0 or -ENOMEM.
 */
int iavf_session_add(struct device *dev, const struct iavf_session_ops *ops, void *priv,
		     struct iavf_session_vf **vf);

/*
 * The VF is going: new requests fail with -ENODEV, waiting ones are completed with it, at once.
 * First step of remove(), callable with or without rtnl; idempotent.
 */
void iavf_session_dying(struct iavf_session_vf *vf);

/* Announce vf-del and wait until no operation runs; never for the owner. Ends all calls for vf. */
void iavf_session_del(struct iavf_session_vf *vf);

/*
 * A message of the PF, in the order of the mailbox, copied; never EVENT. Any context.
 * false: dropped because the owner did not read (overrun): the VF needs a reset.
 */
bool iavf_session_mbx_received(struct iavf_session_vf *vf, u32 generation, u32 opcode, s32 status,
			       const void *payload, u16 len);

/* The kernel's own messages (both ways) and events, for the trace group only. */
void iavf_session_trace(struct iavf_session_vf *vf, u32 generation, bool sent, u32 opcode,
			s32 status, const void *payload, u16 len);

/*
 * A step of a reset. STARTED brings a new generation: replies of older ones that wait are dropped,
 * the log is cleared, the commit is void; the record stays. The others are of the generation as is.
 */
void iavf_session_reset(struct iavf_session_vf *vf, u32 generation, enum iavf_reset_step step,
			enum iavf_reset_cause cause);

/* Any context. Coalesced. Also sends vf-ntf to the multicast group state (from a work item). */
void iavf_session_changed(struct iavf_session_vf *vf, enum iavf_session_change what);

/* err 0 or -errno of the registration. */
void iavf_session_netdev_ready(struct iavf_session_vf *vf, int err);

#define IAVF_NUM_STATS	12	/* the spec has their order */

struct iavf_request {
	enum iavf_request_kind kind;
	u8 mac[6];		/* set-mac */
	u16 tpid, vid;		/* vlan-add */
	u32 mtu;		/* reconfigure */
	u32 queues;		/* pairs; reconfigure, more-queues, set-rss; 0 = as they are */
	u32 rx_queues, tx_queues;	/* reconfigure */
	u32 features, wanted;	/* set-features: which bits change, to what */
	const u8 *rss_key, *rss_lut;	/* set-rss, until it is answered; NULL: unchanged */
	u16 rss_key_len, rss_lut_len;
	bool has_rss_hfunc;
	u32 rss_hfunc;
	u32 rss_flow, rss_fields;	/* set-rss-fields */
	bool rss_configured;	/* open, reconfigure: the RSS table is a user's */
	bool resets;		/* a VF reset is part of it: verdict clock 5 s instead of 2 s */
	bool quick;		/* one clock, 100 ms; see below */
	/* result */
	u32 features_now;	/* set-features: what is on afterwards */
	u64 stats[IAVF_NUM_STATS];	/* stats, of stats_generation */
	u32 stats_generation;
	bool has_stats;
	char message[IAVF_MESSAGE_MAX + 1];	/* sentence of the owner, or of the session */
};

/*
 * Ask the owner and wait for the verdict. Process context, killable; the caller may hold rtnl. 0 or
 * the owner's -errno; -ENOTCONN no owner (and none within 5 s of the last one's end, waiting on the
 * verdict clock); -ETIMEDOUT accept or verdict clock ran out, or the session is unresponsive;
 * -ECANCELED a reset came between; -ENODEV the VF goes; -EINTR killed. On failure req->message
 * holds a sentence, which is also the VF's last-error unless it goes.
 * A quick one is not worth waiting for: fails at once without an owner that answers, or after
 * 100 ms, and nobody is blamed for it: no last-error, no unresponsive session.
 */
int iavf_session_request(struct iavf_session_vf *vf, struct iavf_request *req);

/* A message of an older generation was dropped or refused: one more in the counter. Any context. */
void iavf_session_stale(struct iavf_session_vf *vf);

/* A failure that no request reports: last-error, one log line, vf-ntf. err is -errno. */
void iavf_session_error(struct iavf_session_vf *vf, int err, const char *message);

#endif /* _IAVF_SESSION_H */

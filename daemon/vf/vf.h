/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One VF as the daemon drives it: negotiation, desired and acknowledged state, the reconciler
 * between them. Pure: events in with a time, orders out through struct vf_io. No I/O, no globals,
 * so that it runs against the PF model in one process.
 *
 * Times are CLOCK_MONOTONIC in nanoseconds. Features, states, kinds and steps have the values of
 * the uapi header (kmod/uapi/iavf_netlink.h).
 */
#ifndef IAVFD_VF_H
#define IAVFD_VF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iavf_netlink.h"

#define VF_NO_DEADLINE	UINT64_MAX
#define VF_IN_FLIGHT	16	/* messages of one VF at the PF; ice calls more than 63 an attack */
#define VF_BULK		2	/* of them at most this many bulk messages (replay of filters) */
#define VF_VLAN_BYTES	512
#define VF_NUM_STATS	12
#define VF_GRACE_MAX_MS	86400000	/* the kernel takes no more */

struct vf;

/* What users want of this VF; from the kernel's snapshot and its deltas. */
struct vf_snapshot {
	unsigned long have;		/* bits of enum vf_have: which parts are valid */
	uint32_t id, generation;
	uint32_t state;			/* enum iavf_vf_state */
	char pci[32], ifname[16];
	uint32_t ifindex, mtu, max_mtu, max_queues, vectors, rx_queues, tx_queues, rx_ring, tx_ring;
	uint32_t default_queues;	/* of a new netdev; 0: all that are granted */
	uint64_t netns;
	uint8_t mac[6];
	uint32_t rx_flags;		/* enum iavf_rx_flags */
	uint32_t features;		/* switched on now */
	const uint8_t *unicast, *multicast;	/* 6 bytes each, valid during the call */
	unsigned int num_unicast, num_multicast;
	uint8_t vlan_ctag[VF_VLAN_BYTES], vlan_stag[VF_VLAN_BYTES];
	uint32_t send_seq, recv_seq;
	bool configured, enabled, committed;
	bool rss_configured;		/* the RSS table is a user's */
	bool carrier;
	uint32_t link_mbps;
	/* Only in a full one, for those who show it. */
	uint32_t features_granted;
	uint32_t last_errno;		/* positive; 0: none */
	char last_error[IAVF_MESSAGE_MAX + 1];
};

enum vf_have {
	VF_HAVE_ALL = 1 << 0,		/* a full snapshot (vf-add, netdev-ready) */
	VF_HAVE_FLAGS = 1 << 1,
	VF_HAVE_ADDRESSES = 1 << 2,
	VF_HAVE_VLANS = 1 << 3,
	VF_HAVE_LINK = 1 << 4,
	VF_HAVE_NETDEV = 1 << 5,
};

struct vf_commit {
	uint16_t vsi_id, queues, max_vectors, max_mtu;
	uint32_t features;		/* granted */
	uint8_t tx_tag, rx_tag;		/* enum iavf_vlan_tag */
	bool vlan_budget_known;
	uint32_t vlan_budget;
	const uint8_t *vlan_ctag_allowed, *vlan_stag_allowed;	/* NULL: every id */
	const char *degraded;		/* NULL: not degraded */
	const char *pf;			/* what is known of it, in a few words */
	/* What the PF acknowledged of RSS; length 0: nothing. */
	const uint8_t *rss_key, *rss_lut;
	size_t rss_key_len, rss_lut_len;
	uint32_t features_fixed, features_on;	/* on and not to be switched; on from now on */
	uint16_t possible_queues;	/* pairs that the PF may be asked for */
	uint32_t rss_hfunc;		/* enum iavf_rss_hfunc */
	const uint8_t *rss_flows;	/* enum iavf_rss_fields of each enum iavf_rss_flow */
	size_t rss_flows_len;
	uint64_t rss_hena;		/* not 0: this, key and table go to registers */
	uint32_t on_absence, grace_ms;	/* enum iavf_absence */
};

struct vf_request {
	uint32_t id, kind;		/* enum iavf_request_kind */
	uint32_t generation;
	uint8_t mac[6];
	uint16_t tpid, vid;
	uint32_t mtu, queues, features, wanted;
	uint32_t rx_queues, tx_queues;	/* 0: both are queues */
	/* set-rss; valid during the call, NULL: unchanged */
	const uint8_t *rss_key, *rss_lut;
	size_t rss_key_len, rss_lut_len;
	bool rss_hfunc_set;
	uint32_t rss_hfunc;		/* enum iavf_rss_hfunc */
	uint32_t rss_flow, rss_fields;	/* set-rss-fields */
	bool rss_configured;		/* open, reconfigure */
};

/* Orders to the kernel. Each returns 0 or -errno at once; none calls back into the VF. */
struct vf_io {
	void *ctx;
	int (*send)(void *ctx, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		    const void *payload, size_t len);
	int (*commit)(void *ctx, uint32_t generation, const struct vf_commit *commit);
	int (*netdev_create)(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t mtu);
	int (*netdev_update)(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t max_mtu);
	int (*reset)(void *ctx, uint32_t generation);
	int (*record_set)(void *ctx, uint32_t generation, uint32_t covers_send,
			  uint32_t covers_recv, const void *record, size_t len);
	int (*accept)(void *ctx, uint32_t request);
	int (*reply)(void *ctx, uint32_t generation, uint32_t request, int err, const char *message,
		     uint32_t features);
	/* The answer to IAVF_REQUEST_KIND_STATS, in the order of the spec. */
	int (*reply_stats)(void *ctx, uint32_t generation, uint32_t request,
			   const uint64_t stats[VF_NUM_STATS]);
	/* priority as in <syslog.h> */
	void (*log)(void *ctx, int priority, const char *message);
	/* Something that users see changed (state, reason, acknowledged parts). */
	void (*changed)(void *ctx);
};

/* Configuration of one VF. Maps have VF_VLAN_BYTES: bit n of byte n / 8 by n % 8. */
struct vf_policy {
	uint8_t mac[6]; /* for a VF to which the PF gives none; zero: kernel's choice */
	uint64_t random;		/* seed for the RSS key */
	/*
	 * For vf_new(): what follows is for a VF without a record; else it is as the last daemon
	 * had it, until vf_set_policy(), which does not look at this.
	 */
	bool recorded;
	const uint8_t *vlan_ctag_allowed, *vlan_stag_allowed;	/* NULL: all */
	/* What the PF is to let in though no VLAN device is there; NULL: none. */
	const uint8_t *vlan_ctag_filters, *vlan_stag_filters;
	/*
	 * VLANs that users may have, if vlan_budgeted; the PF may take fewer. Who has more already
	 * keeps them, and the VF is degraded.
	 */
	bool vlan_budgeted;
	uint32_t vlan_budget;
	uint32_t max_queues;		/* pairs; 0: as many as the PF gives */
	/* enum iavf_absence: when nobody controls the VF so long, at most VF_GRACE_MAX_MS */
	uint32_t on_absence, grace_ms;
};

/* NULL with errno ENOMEM, or EINVAL as of vf_set_policy(). io and policy are copied, maps too. */
struct vf *vf_new(const struct vf_io *io, const struct vf_policy *policy);
void vf_free(struct vf *vf);

/* Attach: vf_add, then record and log entries in order, then vf_sync; live from then on. */
void vf_add(struct vf *vf, const struct vf_snapshot *snapshot);
void vf_record(struct vf *vf, uint32_t generation, const void *record, size_t len);
void vf_log_sent(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		 const void *payload, size_t len);
void vf_log_received(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode,
		     int32_t status, const void *payload, size_t len);
void vf_sync(struct vf *vf, uint64_t now);

void vf_received(struct vf *vf, uint64_t now, uint32_t generation, uint32_t seq, uint32_t opcode,
		 int32_t status, const void *payload, size_t len);
void vf_reset_step(struct vf *vf, uint64_t now, uint32_t generation, uint32_t step, uint32_t cause);
void vf_requested(struct vf *vf, uint64_t now, const struct vf_request *request);
void vf_cancelled(struct vf *vf, uint64_t now, uint32_t request);
void vf_changed(struct vf *vf, uint64_t now, const struct vf_snapshot *delta);
void vf_netdev_ready(struct vf *vf, uint64_t now, int err, const struct vf_snapshot *snapshot);

/*
 * Another policy from now on, whole: what it does not say is no limit. Copied with its maps, which
 * may be those of vf_get_policy_status(). 0, or -EINVAL and nothing is changed: on_absence is none
 * of enum iavf_absence, or grace_ms above VF_GRACE_MAX_MS. At any time, also in a reset or before
 * vf_sync(); vf_run() has to follow, as after each event.
 *
 * It goes on by itself: the kernel gets a vf-commit if one says something else than the last, the
 * PF the difference in filters; never a VF reset. vf_get_policy_status() says how far it got. The
 * record has it as soon as nothing is under way, so that the next daemon can go on with it. What a
 * PF refused of VLANs is tried again if the policy says something new of VLANs. The same policy
 * again does nothing. mac and random are for what is still to be chosen: a first address, a key.
 *
 * A request that is not answered yet is decided by the new policy: a VLAN that is not allowed, a
 * filter off and more queues are refused with EPERM, a VLAN above the budget with ENOSPC, with a
 * sentence; what the PF took for it already is taken back. Rings that exist are not refused: a
 * user who waits for more of them than max_queues gets them, and has fewer right after. Users keep
 * their VLAN devices. One that is not allowed any more receives nothing, one above the budget goes
 * on; both make the VF degraded, with a sentence. A filter that is off and may not be any more is
 * switched on, without a gap for VLANs that are allowed.
 */
int vf_set_policy(struct vf *vf, uint64_t now, const struct vf_policy *policy);

/* Deadlines of messages, retries. Returns the next time it wants to run, or VF_NO_DEADLINE. */
uint64_t vf_run(struct vf *vf, uint64_t now);

/* For status, D-Bus and tests. Strings belong to the VF and change with the next event. */
enum vf_phase {
	VF_PHASE_WAITING, /* no mailbox, or a reset goes on */
	VF_PHASE_NEGOTIATING,
	VF_PHASE_READY,	   /* netdev exists, all that is desired is acknowledged or under way */
	VF_PHASE_DEGRADED, /* as ready, but the PF refused something; reason says what */
	VF_PHASE_FAILED,   /* the PF refused the negotiation; retried with back-off */
};

struct vf_status {
	enum vf_phase phase;
	const char *reason;		/* NULL when there is none */
	const struct vf_snapshot *snapshot;
	uint32_t caps;			/* granted virtchnl capability bits */
	uint8_t host_mac[6];		/* that the PF gave; zeros: none */
	/* The RSS table is a user's, and none that looks like the one that follows the queues. */
	bool rss_table_users;
	uint16_t version_major, version_minor;
	unsigned int in_flight, queued;
	bool settled;			/* desired == acknowledged and nothing is in flight */
	unsigned int attempts;		/* in a row, to get on with a PF that refuses or resets */
	uint64_t next_attempt;		/* 0: none is put off */
	uint64_t sent, received, refused, lost, negotiations, adopted;
	uint64_t answered, answer_ns;	/* messages that were, and how long all of them waited */
};

void vf_get_status(const struct vf *vf, struct vf_status *status);

/*
 * Does the PF have mac as the VF's own? 0, or there is nothing to ask for; -EINPROGRESS: it has not
 * said, and io.changed will be called; else what it refused, and a sentence.
 */
int vf_mac_state(const struct vf *vf, const uint8_t *mac, char *why, size_t size);

/* Of the last one that was set. io.changed is called when it is another. */
enum vf_policy_state {
	/*
	 * Something is under way or waits: for an answer, a reset, a daemon in charge, or the
	 * kernel, which is to have fewer queues. Without limit of time: see vf_status.phase.
	 */
	VF_POLICY_PENDING,
	VF_POLICY_DONE,		/* kernel and PF have it; a reset makes it pending again */
	VF_POLICY_REFUSED,	/* all is decided, and the PF or the kernel did not take a part */
};

/*
 * How far the policy got: in the kernel what the last vf-commit of this generation said, in the PF
 * what it acknowledged. Of maps [0] is 802.1Q, [1] 802.1ad; those of policy belong to the VF until
 * vf_set_policy(). A type whose filter is off is let in as a whole: some PFs do without filters then.
 */
struct vf_policy_status {
	enum vf_policy_state state;
	/*
	 * What was refused, or what the policy costs users (VLANs not allowed, above the budget),
	 * or which VLANs of theirs the PF did not take; empty: nothing. Not while it is pending.
	 */
	char why[IAVF_MESSAGE_MAX + 1];
	struct vf_policy policy;	/* in force */
	bool told;			/* the kernel knows its part of it; else the next three are 0 */
	uint32_t queues, possible_queues;	/* pairs: granted, and that may be asked for */
	uint32_t vlan_budget;		/* as many VLANs the kernel grants alone */
	uint32_t pf_budget;		/* filters that the PF takes; UINT32_MAX: it does not say */
	uint32_t vlans_users;		/* VLANs that users have, of those that they may have */
	bool filtered[2];		/* the PF filters this type */
	uint8_t wanted[2][VF_VLAN_BYTES];	/* filters, of users and of the policy */
	uint8_t acknowledged[2][VF_VLAN_BYTES];	/* the PF has them */
	uint8_t refused[2][VF_VLAN_BYTES];	/* wanted, and refused by the PF */
	uint8_t forbidden[2][VF_VLAN_BYTES];	/* users have them, or filters say so: not allowed */
};

void vf_get_policy_status(const struct vf *vf, struct vf_policy_status *status);

/*
 * What there is of capabilities, in numbers; cheap. Of which of them the PF granted the kernel was
 * told (vf_commit.features). What the PF acknowledged is nothing after a reset, the rest stays.
 */
struct vf_grant_status {
	bool filtered[2];		/* as in struct vf_policy_status */
	uint32_t pf_budget;		/* the same */
	uint32_t vlans_users;		/* the same */
	uint32_t vlans_wanted, vlans_acknowledged, vlans_refused;	/* filters of both types */
	uint32_t rss_key_len, rss_table_len;	/* 0: not known, as in a reset */
	bool rss_table_users;		/* as in struct vf_status */
	uint32_t rss_hfunc;		/* enum iavf_rss_hfunc */
	uint8_t rss_fields[IAVF_RSS_FLOW_SCTP6 + 1];	/* enum iavf_rss_fields of each flow */
};

void vf_get_grant_status(const struct vf *vf, struct vf_grant_status *status);

#endif

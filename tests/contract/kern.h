/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel half as the daemon meets it: session, driver control and the calls of users, for one
 * VF on a virtual clock. The semantics are those of kmod/session/session.h and kmod/driver; the
 * data path is missing.
 */
#ifndef CONTRACT_KERN_H
#define CONTRACT_KERN_H

#include <stdbool.h>
#include <stdint.h>

#include "pf/pf.h"
#include "vf/vf.h"
#include "virtchnl/wire.h"

#define KERN_MACS	600
#define KERN_REQUESTS	8
#define KERN_LOG	200
#define KERN_SENT	32
#define KERN_REPLIED	16

enum { KERN_CTAG, KERN_STAG };

struct kern_entry {			/* a message in the log */
	uint64_t position;
	uint32_t generation, seq, opcode;
	int32_t status;
	int vsi_id;
	bool sent, has_payload;
	size_t len;
	uint8_t *payload;
};

struct kern_request {
	struct vf_request req;
	uint64_t start, verdict_by;
	bool used, given, accepted, done;
	int err;
	uint32_t features;
	char message[128];
};

enum kern_rings_state { KERN_PRIVATE, KERN_EXPOSED, KERN_IDLE };

struct kern_rings {
	bool exist, running, configured, enabled, used;
	enum kern_rings_state state;
	uint32_t id;
};

enum kern_user_op {
	USER_NONE, USER_OPEN, USER_DOWN, USER_MTU, USER_MAC, USER_VLAN, USER_FEATURES,
	USER_STATS, USER_RSS,
};

/* What users set of RSS, and got; 0 of fields is nothing set. */
struct kern_rss {
	bool key_set, symmetric;
	bool configured;		/* the stack's mark: the table is a user's */
	uint8_t key[PF_RSS_KEY_SIZE], table[PF_RSS_LUT_SIZE], fields[PF_RSS_FLOWS];
};

enum kern_rss_change {			/* bits */
	RSS_KEY = 1, RSS_TABLE = 2, RSS_DEFAULT = 4, RSS_SYMMETRIC = 8, RSS_PLAIN = 16,
};

#define RSS_FIELDS(flow)	(32u << (flow))

/* Only one of the two is ever on. */
#define CTAG_OFFLOAD	(IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT)
#define STAG_OFFLOAD	(IAVF_FEATURES_VLAN_STAG_STRIP | IAVF_FEATURES_VLAN_STAG_INSERT)

struct kern_user {			/* the thread that holds rtnl */
	enum kern_user_op op;
	unsigned int stage;
	uint64_t until;
	int request;			/* slot, or -1 */
	int err;			/* of the last call */
	char message[128];
	unsigned int answered;		/* calls that ended */
	uint8_t mac[6];
	uint16_t tpid, vid;
	uint32_t features, wanted, mtu, old_mtu;
	uint32_t rx_queues, tx_queues, old_rx_queues, old_tx_queues;
	struct kern_rss rss;		/* if it is granted */
	unsigned int rss_parts;		/* that the call is about: RSS_KEY, _TABLE, _SYMMETRIC, _FIELDS() */
	bool orphaned;			/* a daemon died that knew of the request */
	int failed_err;			/* of the stage that is being taken back */
	bool more;			/* the PF gave more queues, or need not */
	bool prepared;			/* the owner would take the reconfigure */
};

struct world;

struct kern {
	struct world *w;
	/* device */
	bool arq;			/* the mailbox registers are programmed and enabled */
	bool pf_resetting;
	uint32_t generation;
	bool resetting, dead, reset_again, reset_proven;
	uint32_t cause;
	uint64_t reset_by;		/* ARQLEN.ENABLE 0, else FLR */
	uint64_t reset_ended, pause_until;	/* resets in a row come with pauses */
	unsigned int resets_in_row;
	uint64_t watch_at;		/* a silent reset is noticed */
	struct { uint32_t opcode, rings_id; bool own; } sent[KERN_SENT];
	unsigned int num_sent;
	bool distrust, refused;
	uint16_t vsi_id;
	/* netdev */
	bool rss_at_create;		/* the new netdev has key and table from the start */
	bool netdev, job_create, job_mac_set, job_limits;
	uint8_t job_mac[6];
	uint32_t job_mtu;
	uint64_t job_at;
	bool committed;
	struct vf_commit commit;	/* without its pointers */
	uint8_t rss_key[64], rss_lut[512], rss_flows[16];
	bool vlans_limited[2];
	uint8_t vlans_allowed[2][VF_VLAN_BYTES];
	struct kern_rss rss;
	/*
	 * Parts of it that a call was about which failed when a daemon had died over it: that one may
	 * have had the PF's word already. What is shown has to be true all the same.
	 */
	unsigned int rss_unsure;
	char degraded[128];
	bool up, carrier;
	uint8_t mac[6], uc[KERN_MACS][6], mc[KERN_MACS][6];
	unsigned int num_uc, num_mc;
	uint32_t mtu, max_mtu, rx_flags, features, rx_queues, tx_queues, vectors, default_queues;
	uint8_t vlans[2][VF_VLAN_BYTES];	/* as the stack told the driver */
	uint8_t vlan_devs[2][VF_VLAN_BYTES];	/* of the stack */
	uint32_t hw_features;			/* can be switched */
	unsigned int num_vlans;
	struct kern_rings rings;
	uint32_t rings_id;
	/* session */
	struct kern_entry log[KERN_LOG];
	unsigned int num_log, log_sends;
	uint64_t position, read_position;
	uint32_t send_seq, recv_seq, next_request;
	uint8_t *record;
	size_t record_len;
	uint32_t record_generation;
	bool record_any;
	unsigned int news;		/* io.changed */
	unsigned long changed;		/* bits of VF_HAVE_* */
	bool netdev_ready;
	int netdev_err;
	struct { uint32_t generation, step, cause; } steps[16];
	unsigned int num_steps;
	uint32_t cancels[16];
	unsigned int num_cancels;
	uint32_t replied[KERN_REPLIED];	/* of this owner, the last ones */
	unsigned int num_replied;
	unsigned int turn;
	struct kern_request request[KERN_REQUESTS];
	struct kern_user user;
	uint64_t stats[VF_NUM_STATS];	/* of the last answer */
	bool owner;			/* a daemon is attached */
	bool absent;			/* nobody controls the VF, and the policy down is in force */
	uint64_t controlled_at;		/* it will be undone then */
	bool ask_all;			/* of VLANs: answers nothing by itself */
	/* what tests count */
	unsigned int sends, refused_sends, replies, late_replies, records, resets_asked, commits;
	unsigned int log_max;
	const char *fault;		/* the daemon broke the contract */
};

void kern_init(struct kern *k, struct world *w);
void kern_free(struct kern *k);
void kern_probe(struct kern *k);
void kern_io(struct kern *k, struct vf_io *io);

/* Device side, from the PF's orders */
void kern_mailbox(struct kern *k, uint32_t opcode, int32_t status, const void *payload, size_t len);
void kern_pf_reset_begin(struct kern *k);
void kern_pf_reset_done(struct kern *k);
void kern_watch(struct kern *k);	/* look at the mailbox soon */
void kern_timers(struct kern *k);
void kern_reset_begin(struct kern *k, uint32_t cause);

/* Session */
void kern_attach(struct kern *k, struct vf *vf);	/* everything up to vf_sync() */
void kern_detach(struct kern *k);
bool kern_pending(const struct kern *k);
bool kern_deliver(struct kern *k, struct vf *vf);	/* one message; false: there is none */
void kern_snapshot(struct kern *k, struct vf_snapshot *snap);
void kern_step(struct kern *k, uint32_t step, uint32_t cause);
void kern_log_clear(struct kern *k);
int kern_log_sent(struct kern *k, uint32_t seq, uint32_t opcode, int vsi_id, const void *payload,
		  size_t len);
void kern_log_received(struct kern *k, uint32_t opcode, int32_t status, const void *payload,
		       size_t len);
int kern_request_start(struct kern *k, const struct vf_request *req);	/* its slot */
void kern_clocks(struct kern *k);
uint64_t kern_deadline(const struct kern *k);

/* Driver */
int kern_send(struct kern *k, uint32_t generation, uint32_t opcode, int vsi_id, const void *payload,
	      size_t len);
bool kern_queue_reply(struct kern *k, uint32_t opcode, int32_t status);
void kern_disable_queues(struct kern *k);
void kern_forget_queues(struct kern *k);
void kern_rings_new(struct kern *k);
void kern_rings_restart(struct kern *k);
void kern_absence_down(struct kern *k);
void kern_controlled(struct kern *k);	/* somebody controls the VF again */

/*
 * Users. Those that wait return false when rtnl is taken; the result is in user.err when op is
 * USER_NONE again.
 */
bool kern_user_open(struct kern *k);
bool kern_user_down(struct kern *k);
bool kern_user_mtu(struct kern *k, uint32_t mtu, uint32_t queues);	/* pairs; 0: as it is */
bool kern_user_channels(struct kern *k, uint32_t rx_queues, uint32_t tx_queues);
uint32_t kern_pairs(const struct kern *k);	/* with one ring or two */
void kern_shrink(struct kern *k);	/* to what is granted, under rtnl */
bool kern_user_mac(struct kern *k, const uint8_t *mac);
bool kern_user_vlan(struct kern *k, uint16_t tpid, uint16_t vid);
bool kern_user_vlan_kill(struct kern *k, uint16_t tpid, uint16_t vid);
bool kern_user_features(struct kern *k, uint32_t features, uint32_t wanted);
bool kern_user_stats(struct kern *k);	/* false, too, when the kernel would not ask now */
/* what: enum kern_rss_change. salt 0: a table that looks like the default one, but is not. */
bool kern_user_rss(struct kern *k, unsigned int what, unsigned int salt);
bool kern_user_rss_fields(struct kern *k, unsigned int flow, unsigned int fields);
void kern_user_flags(struct kern *k, uint32_t flags);
void kern_user_lists(struct kern *k, unsigned int num_uc, unsigned int num_mc, unsigned int salt);
void kern_user_step(struct kern *k);

uint32_t kern_filter(int t);			/* KERN_CTAG, KERN_STAG */
void kern_learn_vlans(struct kern *k, int t);	/* the filter was switched on */
void kern_forget_vlans(struct kern *k, int t);

#endif

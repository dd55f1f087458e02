/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of a VF share; nobody else includes this.
 *
 * Two halves meet in struct vf. What was sent and what the PF answered goes through effect.c into
 * the acknowledged state: the same way for live messages and for the log of a dead daemon. What
 * users want is compared with it by reconcile.c, which alone sends. So an answer never sends, and
 * what is known never depends on who was alive when it arrived.
 */
#ifndef IAVFD_VF_INTERNAL_H
#define IAVFD_VF_INTERNAL_H

#include "virtchnl/codec.h"

#include "vf.h"

#define MS			UINT64_C(1000000)
#define VF_DEADLINE_NS		(2000 * MS)	/* an answer that takes longer is lost */
#define VF_URGENT_NS		(800 * MS)	/* the same, while a user waits: his clock is 2 s */
/* Of VF_IN_FLIGHT, left for the kernel's own DISABLE_QUEUES and RESET_VF. */
#define VF_KERNELS		2
#define VF_LOG_SOFT		24		/* sends of 32, then a record is set */
#define VF_LOG_LAZY 16 /* below, a record waits for VF_RECORD_NS of quiet */
#define VF_RECORD_NS		(50 * MS)
#define VF_BACKOFF_MIN_NS	(20 * MS)
#define VF_BACKOFF_MAX_NS	(10000 * MS)
#define VF_STORM_FREE		4		/* resets in a row that cost no pause */
#define VF_CALM_NS		(100 * MS)	/* as wanted for so long: the next one is the first */
#define VF_RESET_PATIENCE_NS	(5000 * MS)	/* for a reset that is due to begin */
#define VF_ADOPT_NS		(1 * MS)	/* for requests that follow vf_sync() */
#define VF_GRANTED_NS		(1000 * MS)	/* for a granted VLAN to get into its bitmap */
#define VF_BLOCKED_NS		(10 * MS)	/* after -EAGAIN */
#define VF_RINGS_PATIENCE_NS	(300 * MS)	/* for the kernel to rebuild its rings */
#define VF_ANSWERED_NS		(100 * MS)	/* for the kernel to apply an answer */
#define VF_ASKED		4
#define VF_REQUESTS		16
#define VF_VIDS			4094		/* 1 to 4094 */
#define VF_RSS_FLOWS		(IAVF_RSS_FLOW_SCTP6 + 1)
#define VF_RSS_TABLE		512	/* the kernel has no room for more */
#define VF_STRIKES		4		/* single refusals in a row that end a list */
#define VF_POLICY_MAPS		4		/* allowed and filters of two types */
#define VF_KERNEL_QUEUES	16		/* a map of CONFIG_IRQ_MAP holds no more */

#define VF_CAPS_WANTED	(VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_PF | VIRTCHNL_CAP_VLAN_V2 | \
			 VIRTCHNL_CAP_VLAN | VIRTCHNL_CAP_ADV_LINK_SPEED | \
			 VIRTCHNL_CAP_WB_ON_ITR | VIRTCHNL_CAP_REQ_QUEUES | VIRTCHNL_CAP_CRC | \
			 VIRTCHNL_CAP_RSS_PCTYPE_V2 | VIRTCHNL_CAP_ENCAP | \
			 VIRTCHNL_CAP_ENCAP_CSUM | VIRTCHNL_CAP_USO | VIRTCHNL_CAP_ADV_RSS_PF)

/* A request to the PF, built on the stack. */
struct vf_out {
	uint32_t op;
	size_t len;
	uint8_t data[VIRTCHNL_MSG_MAX];
};

/* fifo.c: what was sent since the last record, in order */

enum vf_msg_state {
	VF_MSG_WAITING,
	/* Answered; kept, because a later loss may show that the answer was another's. */
	VF_MSG_DONE,
};

struct vf_msg {
	uint32_t seq, op;
	enum vf_msg_state state;
	bool urgent;		/* a user waits for it */
	bool bulk;
	bool proven;		/* DONE: the answer was this message's */
	int32_t status;
	uint32_t epoch;		/* of the rings it is about */
	uint64_t sent_at;
	size_t len;
	uint8_t *payload;
};

struct vf_fifo {
	struct vf_msg msg[IAVF_LOG_MAX];
	unsigned int num, waiting, bulk;
	/*
	 * Given up for lost, but perhaps still in the PF's queue: after their time, or by a later
	 * answer.
	 */
	unsigned int ghosts, overtaken;
	uint64_t progress;	/* when the PF last answered */
	uint64_t heard;		/* when it last answered anything, also what counts as lost */
};

struct vf_trouble {		/* per opcode */
	uint64_t lost_at;	/* the last time */
	uint8_t lost;		/* in a row, this generation */
	uint8_t ghosts;		/* given up after their time; their answers may still come */
	uint8_t surplus;	/* this generation */
	uint8_t escalated;	/* resets because of it, since its last answer */
};

/* What became of a message. */
enum vf_outcome {
	VF_OK,
	VF_REFUSED,
	VF_LOST,		/* nobody knows whether the PF did it */
};

/* Negotiation */

enum vf_trust { VF_TRUST_UNKNOWN, VF_TRUST_NO, VF_TRUST_YES };

struct vf_nego {
	bool version_known, version_busy;	/* known: survives resets */
	bool version_now;			/* exchanged in this generation */
	bool version_first;			/* and nothing else before it is */
	bool expect_1_0;			/* the generation before was that old */
	bool res_known, res_busy;
	bool vlan_done, vlan_busy, vlan_known;	/* done: answered, known: usable */
	bool expect_vlan;			/* the generation before had VLAN_V2 */
	struct virtchnl_version version;
	struct virtchnl_resources res;
	struct virtchnl_vlan_abilities vlan;
	enum vf_trust trust;			/* trust.c; of a PF that does not tell */
	bool probe_busy, probe_there;		/* there: its addresses must go */
};

enum vf_vlan_mode { VF_VLAN_NONE, VF_VLAN_V1, VF_VLAN_V2 };

struct vf_grant {			/* what follows from the negotiation */
	uint32_t features;
	uint32_t fixed;			/* of them: on, cannot be switched */
	uint8_t tx_tag, rx_tag;
	enum vf_vlan_mode vlans;
	bool filter[2];			/* 802.1Q, 802.1ad */
	bool filter_outer;
	bool open_empty;		/* without filters the PF lets in every VLAN, else none */
	bool strip, strip_outer, insert, insert_outer;	/* can be switched */
	bool budget_known;
	uint32_t budget;
};

/* Settings: one message each, told apart by a hash of it */

enum vf_slot_id {
	VF_SLOT_IRQ_MAP,
	VF_SLOT_PROMISC,
	VF_SLOT_RSS_KEY,
	VF_SLOT_RSS_LUT,
	VF_SLOT_STRIP,
	VF_SLOT_INSERT,
	VF_SLOT_RSS_HFUNC,
	VF_SLOT_RSS_FLOW,		/* the first of them: one each enum iavf_rss_flow */
	VF_NUM_SLOTS = VF_SLOT_RSS_FLOW + VF_RSS_FLOWS,
};

struct vf_refusal {
	uint32_t op;
	int32_t status;
};

struct vf_slot {
	uint64_t acked;			/* 0: as after a reset, or unknown */
	bool touched;			/* perhaps not as after a reset */
	bool busy;
	uint64_t refused;		/* 0: nothing */
	struct vf_refusal refusal;
};

/* Lists whose elements share messages: a refused list is halved until the culprit is found */

struct vf_batch {
	unsigned int limit;		/* elements a message */
	unsigned int strikes;
};

enum vf_mac_flag {
	VF_MAC_PRESENT = 1,		/* the PF has it */
	VF_MAC_UNKNOWN = 2,		/* perhaps */
	VF_MAC_ADDING = 4,
	VF_MAC_DELETING = 8,
	VF_MAC_REFUSED = 16,
	VF_MAC_WANTED = 32,		/* in the kernel's lists */
	VF_MAC_BEFORE = 64,		/* the PF had it before the reset: first to come again */
};

struct vf_mac {
	uint8_t addr[6];
	uint8_t flags;
};

struct vf_macs {
	struct vf_mac *list;		/* sorted */
	unsigned int num, size;
	struct vf_batch add, del;
	struct vf_refusal refusal;
	bool overflow[2];		/* unicast, multicast: one was refused; until all fit */
	uint8_t own[6];			/* wanted, zero: not yet known */
	uint8_t before[6];		/* own before the last change */
	/*
	 * After our answer the kernel may still report the address before, because it has not
	 * applied the answer yet. Such news is put off, and dropped when there is other.
	 */
	uint64_t answered_until;
	uint8_t put_off[6];		/* zero: nothing */
	uint8_t primary[6];		/* what the PF takes for the VF's own */
	bool primary_known;
	uint8_t own_refused[6];		/* zero: none */
	struct vf_refusal own_refusal;
	uint8_t host[6];		/* what GET_VF_RESOURCES last said */
	bool host_known;
	/* Own addresses sent last: when the PF reports one of them, it is not the host's. */
	uint8_t asked[VF_ASKED][6];
	unsigned int next_asked;
};

struct vf_vlans {			/* [0] 802.1Q, [1] 802.1ad */
	uint8_t present[2][VF_VLAN_BYTES], unknown[2][VF_VLAN_BYTES];
	uint8_t adding[2][VF_VLAN_BYTES], deleting[2][VF_VLAN_BYTES];
	uint8_t refused[2][VF_VLAN_BYTES];
	uint8_t granted[2][VF_VLAN_BYTES];	/* by a request; not yet in the kernel's bitmap */
	uint64_t granted_until;			/* 0: none */
	struct vf_batch add, del;
	struct vf_refusal refusal;
};

/* What the last vf-commit said of what may change within a generation; see policy.c. */
struct vf_told {
	uint32_t queues, possible_queues, vlan_budget, features_on;
	bool vlan_budget_known;
	uint32_t policy;		/* number of the policy */
	int err;			/* -errno: the kernel did not take it */
};

struct vf_queues {
	bool configured, enabled;
	bool config_busy, enable_busy;
	bool refused, blocked;		/* blocked: the kernel has no rings */
	bool inherited;			/* all that is from the time of a dead daemon */
	bool verify;			/* and a request waits: are its rings these? */
	uint64_t blocked_until;		/* then a reset; 0: never */
	struct vf_refusal refusal;
	uint32_t epoch;			/* counts the rings */
};

/* stats.c */
struct vf_stats {
	bool busy, known, failed;	/* of the last question */
	unsigned int failures;		/* in a row */
	uint64_t values[VF_NUM_STATS];
};

struct vf_pairs {			/* REQUEST_QUEUES, see pairs.c */
	bool busy;
	uint8_t tries;			/* messages since there was as much as was wanted */
	uint16_t refused;		/* so many pairs and more; 0: nothing */
	uint16_t possible;		/* then, these */
	struct vf_refusal refusal;	/* op 0: the PF said what is possible */
};

/* rss.c: as users want it */
struct vf_rss {
	uint8_t key[VIRTCHNL_RSS_KEY_SIZE];
	bool key_known;
	bool symmetric;
	bool table_users;		/* else it follows the number of queues */
	/*
	 * The table looks like the default one. Whether it is, only the kernel knows, and a moment
	 * after its request only; so it tells again when it matters, with each number of queues.
	 */
	bool table_unclear;
	uint16_t table_len;		/* 0: none was ever set */
	uint8_t table[VF_RSS_TABLE];
	uint8_t fields[VF_RSS_FLOWS];	/* 0: as the PF has them by itself */
};

struct vf_rss_registers {
	uint8_t key[VIRTCHNL_RSS_KEY_SIZE], lut[VIRTCHNL_RSS_LUT_REGISTERS];
};

/* recover.c */
struct vf_recover {
	bool wanted;			/* a reset, at this time */
	uint64_t at;
	bool waiting;			/* for a reset that was asked for or announced */
	uint64_t until;
	unsigned int tries;
	bool failed;			/* negotiation failed more than once */
	struct vf_refusal cause;
	/* Resets of others that came one after the other, before the VF had peace for a while. */
	unsigned int storm;
	uint32_t storm_op;		/* the last message before the last of them; 0: none */
	bool storm_stop;		/* the last one, because the PF did not stop queues */
	uint64_t paused_until;		/* 0: no; because of them */
	bool flags_due;			/* of a reconfigure that is over; nobody asks for anything */
	uint64_t calm_at;		/* 0: not settled in this generation, or wanted since */
};

struct vf {
	struct vf_io io;
	struct vf_policy policy;
	uint8_t policy_map[VF_POLICY_MAPS][VF_VLAN_BYTES];
	uint32_t policy_number;		/* counts those of which the kernel has to know */
	bool policy_recorded;		/* the record has it */
	bool fewer_refused;		/* the PF, asked for as few queues as it says */
	struct vf_refusal fewer;
	struct vf_told told;
	struct vf_snapshot snap;	/* lists are in macs, pointers NULL */
	uint64_t now;			/* of the present event */

	bool attached, live;		/* live: after vf_sync() */
	bool mailbox, dead;
	bool stale;			/* the kernel said ESTALE or EIO: a reset is on its way */
	bool committed, netdev, netdev_asked;
	uint32_t generation, seq, recv_seq;
	uint64_t hold_until, blocked_until, record_at, netdev_at;	/* 0: none */
	unsigned int netdev_tries;
	unsigned int since_record;
	bool dirty;			/* since the last record */
	bool held_back;			/* perhaps something is to be sent that could not be now */
	bool settled;
	bool recommit;			/* the PF acknowledged what the kernel shows */
	enum vf_phase told_phase;
	enum vf_policy_state told_policy;
	bool told_settled;

	struct vf_fifo fifo;
	struct vf_trouble trouble[VIRTCHNL_OP_MAX + 1];
	struct vf_nego nego;
	struct vf_grant grant;
	struct vf_slot slot[VF_NUM_SLOTS];
	struct vf_macs macs;
	struct vf_vlans vlans;
	struct vf_queues queues;
	struct vf_stats stats;
	struct vf_pairs pairs;
	struct vf_recover recover;
	struct vf_request request[VF_REQUESTS];
	unsigned int num_requests;

	uint32_t features;		/* wanted */
	/* News of them may be older than our answer, and are put off; others may follow. */
	uint64_t features_until;	/* 0: no */
	uint32_t features_news;
	bool features_put_off;
	struct vf_rss rss, rss_asked;	/* asked: with the pending request */
	struct vf_rss_registers rss_registers;	/* as the kernel was told */
	char reason[IAVF_MESSAGE_MAX + 1];	/* empty: none */
	struct vf_status count;		/* its counters */
};

static inline bool vf_bit(const uint8_t *map, unsigned int n)
{
	return map[n / 8] >> n % 8 & 1;
}

static inline void vf_bit_put(uint8_t *map, unsigned int n, bool on)
{
	if (on)
		map[n / 8] |= 1u << n % 8;
	else
		map[n / 8] &= ~(1u << n % 8);
}

/* machine.c */
void vf_kick(struct vf *vf);
bool vf_negotiated(const struct vf *vf);
bool vf_may_send(const struct vf *vf);
void vf_features_answered(struct vf *vf, uint32_t features);
void vf_log(const struct vf *vf, int priority, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* negotiate.c */
void vf_negotiate(struct vf *vf);
void vf_nego_sent(struct vf *vf, const struct vf_msg *msg);
void vf_nego_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status,
		  const void *reply, size_t len);
void vf_nego_reset(struct vf_nego *nego);
/* An answer that only says that the message is not of the PF's version: nobody's trouble. */
bool vf_nego_too_new(const struct vf *vf, const struct vf_msg *msg);

/* grant.c */
void vf_grant_compute(struct vf_grant *grant, const struct vf_nego *nego);

/* policy.c */
int vf_policy_check(const struct vf_policy *policy);
enum vf_policy_state vf_policy_state(const struct vf *vf);
/* Copies it. true: something in it is new that is not only for a new netdev. */
bool vf_policy_take(struct vf *vf, const struct vf_policy *policy);
/* Its maps by number: allowed, allowed, filters, filters. */
const uint8_t *vf_policy_map(const struct vf_policy *policy, unsigned int i);
void vf_policy_put_map(struct vf_policy *policy, unsigned int i, const uint8_t *map);
void vf_policy_recorded(struct vf *vf, const struct vf_policy *policy);
unsigned int vf_policy_queues(const struct vf *vf);	/* pairs that users may ask for */
bool vf_policy_queues_above(const struct vf *vf);	/* the netdev has more than it says */
void vf_policy_queues_refused(struct vf *vf, const struct vf_request *req);

/* commit.c: the kernel's share of a negotiation */
void vf_commit_now(struct vf *vf);
bool vf_commit_differs(const struct vf *vf);	/* the next one would say something else */
void vf_netdev_now(struct vf *vf);
unsigned int vf_queues_granted(const struct vf *vf);	/* pairs */
unsigned int vf_rx_queues(const struct vf *vf);
unsigned int vf_tx_queues(const struct vf *vf);
unsigned int vf_num_vectors(const struct vf *vf);

/* fifo.c */
struct vf_msg *vf_fifo_push(struct vf *vf, uint32_t seq, uint32_t op, const void *payload,
			    size_t len);
void vf_fifo_reply(struct vf *vf, uint32_t op, int32_t status, const void *reply, size_t len);
bool vf_fifo_trickles(const struct vf *vf);
bool vf_fifo_quiet(const struct vf_fifo *fifo);	/* no answer can come any more */
void vf_fifo_timeouts(struct vf *vf);
void vf_fifo_resolve(struct vf *vf);
uint64_t vf_fifo_deadline(const struct vf *vf);
void vf_fifo_clear(struct vf *vf);	/* without effects */
bool vf_fifo_waits_for(const struct vf *vf, uint32_t op);

/* send.c: true when the message is on its way; else the caller tries again at the next event */
bool vf_send(struct vf *vf, const struct vf_out *out, bool urgent, bool bulk);
bool vf_send_ready(struct vf *vf, bool bulk);

/* effect.c */
void vf_effect_sent(struct vf *vf, const struct vf_msg *msg);
void vf_effect_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
		    int32_t status, const void *reply, size_t len);

/* slot.c */
/* VF_NUM_SLOTS: none */
enum vf_slot_id vf_slot_of(uint32_t op, const void *payload, size_t len);
bool vf_slot_wanted(const struct vf *vf, enum vf_slot_id id, struct vf_out *out);
void vf_slot_reconcile(struct vf *vf, enum vf_slot_id id);
void vf_slot_sent(struct vf *vf, const struct vf_msg *msg);
void vf_slot_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status);
/* out is wanted, and the PF acknowledged it. */
bool vf_slot_acked(const struct vf *vf, enum vf_slot_id id, struct vf_out *out);
/* 1 acknowledged, 0 not yet, -1 refused */
int vf_slot_verdict(const struct vf *vf, enum vf_slot_id id);

/* rss.c */
void vf_rss_choose_key(struct vf *vf);		/* once, at random */
bool vf_rss_has_slot(enum vf_slot_id id);
enum vf_slot_id vf_rss_slot_of(uint32_t op, const void *payload, size_t len);
size_t vf_rss_put(const struct vf *vf, enum vf_slot_id id, struct vf_out *out);
void vf_rss_reconcile(struct vf *vf);
/* Key and table are known: a script that waits for the netdev may want to set them at once. */
bool vf_rss_answered(const struct vf *vf);
bool vf_rss_urgent(const struct vf *vf);
/* The request is a new one; what was refused before is tried again. -EBUSY: another one waits. */
int vf_rss_ask(struct vf *vf, const struct vf_request *req);
/* Why not even the PF is asked: -errno and a sentence; or 0. */
int vf_rss_check(const struct vf *vf, const struct vf_request *req, const char **why);
/* 1 acknowledged, 0 not yet, -1 refused, and by what */
int vf_rss_verdict(const struct vf *vf, const struct vf_request *req,
		   struct vf_refusal *refusal);
/* Of what the PF acknowledged; rss has room for all. */
struct vf_rss_shown {
	uint8_t key[64], lut[VF_RSS_TABLE], flows[VF_RSS_FLOWS];
};
bool vf_rss_registers_differ(const struct vf *vf);
void vf_rss_commit(struct vf *vf, struct vf_commit *commit, struct vf_rss_shown *shown);
void vf_rss_show(const struct vf *vf, struct vf_grant_status *status);
void vf_rss_configured(struct vf *vf, bool users);	/* says the kernel */
bool vf_rss_reason(const struct vf *vf, char *text, size_t size);

/* batch.c */
void vf_batch_init(struct vf_batch *batch, unsigned int max);
void vf_batch_ok(struct vf_batch *batch, unsigned int max);
/* n elements were refused: true when this was one element and the rest is hopeless. */
bool vf_batch_refused(struct vf_batch *batch, unsigned int n);

/* macs.c */
void vf_macs_init(struct vf_macs *macs);
void vf_macs_reset(struct vf_macs *macs);
void vf_macs_free(struct vf_macs *macs);
void vf_macs_suspect(struct vf_macs *macs, const uint8_t *mac);	/* the PF may have it */
void vf_macs_want(struct vf *vf, const struct vf_snapshot *snap);
void vf_macs_set_own(struct vf_macs *macs, const uint8_t *mac);
void vf_macs_answered(struct vf *vf, const uint8_t *mac);	/* the kernel was told to use it */
void vf_macs_reported(struct vf *vf, const uint8_t *mac);	/* the kernel says it uses it */
void vf_macs_expire(struct vf *vf);
bool vf_macs_asked(const struct vf_macs *macs, const uint8_t *mac);
const uint8_t *vf_macs_own(const struct vf *vf);	/* with pending requests */
void vf_macs_reconcile_own(struct vf *vf);
void vf_macs_reconcile_lists(struct vf *vf);
void vf_macs_sent(struct vf *vf, const struct vf_msg *msg);
void vf_macs_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status);
int vf_macs_verdict(const struct vf *vf, const uint8_t *mac);
void vf_macs_count_overflow(struct vf *vf);
bool vf_macs_full(const struct vf *vf);	/* as many as an untrusted VF gets */
bool vf_macs_reason(const struct vf *vf, char *text, size_t size);
struct vf_mac *vf_macs_find(const struct vf_macs *macs, const uint8_t *mac);
struct vf_mac *vf_macs_get(struct vf_macs *macs, const uint8_t *mac);	/* NULL: no memory */
bool vf_mac_is_zero(const uint8_t *mac);
bool vf_mac_is_unicast(const uint8_t *mac);

/* vlans.c */
void vf_vlans_init(struct vf_vlans *vlans);
void vf_vlans_reset(struct vf_vlans *vlans);
void vf_vlans_want(struct vf *vf, const struct vf_snapshot *snap);
void vf_vlans_reconcile_requests(struct vf *vf);
void vf_vlans_reconcile(struct vf *vf);
void vf_vlans_sent(struct vf *vf, const struct vf_msg *msg);
void vf_vlans_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
		   int32_t status);
int vf_vlans_verdict(const struct vf *vf, uint16_t tpid, uint16_t vid);
void vf_vlans_retry(struct vf *vf, uint16_t tpid, uint16_t vid);
void vf_vlans_granted(struct vf *vf, uint16_t tpid, uint16_t vid);
void vf_vlans_expire(struct vf *vf);
bool vf_vlans_full(const struct vf *vf, uint16_t tpid, uint16_t vid);	/* no budget for one more */
bool vf_vlans_any_refused(const struct vf *vf);
unsigned int vf_vlans_wanted(const struct vf *vf);
unsigned int vf_vlans_demand(const struct vf *vf);	/* and those that users wait for */
unsigned int vf_vlans_wanted_of(const struct vf *vf, int t);
unsigned int vf_vlans_named(const struct vf *vf);	/* by users and policy, allowed or not */
/* The next one that is asked for against the policy, or VF_VIDS + 1. */
unsigned int vf_vlans_forbidden(const struct vf *vf, int t, unsigned int from);
bool vf_vlans_dropped(const struct vf *vf);	/* the PF lets in none at all */
void vf_vlans_show(const struct vf *vf, struct vf_policy_status *status);
void vf_vlans_count(const struct vf *vf, struct vf_grant_status *status);
/* As many as the kernel may grant without asking; false: it is to ask. */
bool vf_vlans_budget(const struct vf *vf, uint32_t *budget);
unsigned int vf_vlans_users(const struct vf *vf);	/* those that users have and may have */
bool vf_vlans_over_policy(const struct vf *vf, uint16_t tpid, uint16_t vid);	/* one more is */
void vf_vlans_retry_all(struct vf *vf);		/* the policy changed */
bool vf_vlans_pending(const struct vf *vf);	/* the PF has not all to say that it will */
bool vf_vlans_policy_refused(const struct vf *vf);	/* filters of the policy, if not pending */
uint32_t vf_vlans_filter(int t);		/* its bit of enum iavf_features */
/* May the filter of a type be off: 1 yes, -1 no, 0 the PF is still to say. */
int vf_vlans_may_open(const struct vf *vf, int t);
bool vf_vlans_open(const struct vf *vf, int t);	/* it is, or is about to be */
int vf_vlans_filter_verdict(const struct vf *vf, int t);
void vf_vlans_filter_retry(struct vf *vf, int t);
bool vf_vlans_allowed(const struct vf *vf, int t, unsigned int vid);
bool vf_vlans_all_allowed(const struct vf *vf, int t);
int vf_vlans_index(uint16_t tpid);		/* -1: not a TPID we know */

/* modes.c */
enum vf_trust vf_trust(const struct vf *vf);
bool vf_wants_promisc(const struct vf *vf);
bool vf_wants_allmulti(const struct vf *vf);
bool vf_modes_reason(const struct vf *vf, char *text, size_t size);

/* stats.c */
void vf_stats_reset(struct vf_stats *stats);
void vf_stats_asked(struct vf_stats *stats);
void vf_stats_reconcile(struct vf *vf);
void vf_stats_sent(struct vf_stats *stats);
void vf_stats_done(struct vf_stats *stats, enum vf_outcome outcome, const void *reply, size_t len);
bool vf_stats_decide(struct vf *vf, uint32_t request);	/* true: it was answered */

/* trust.c */
bool vf_trust_is_probe(const struct vf_msg *msg);
bool vf_trust_pending(const struct vf *vf);
void vf_trust_reconcile(struct vf *vf);
void vf_trust_sent(struct vf *vf);
void vf_trust_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome);

/* queues.c */
void vf_queues_rings_changed(struct vf *vf);
void vf_queues_reset(struct vf *vf);
void vf_queues_inherit(struct vf *vf);
void vf_queues_requested(struct vf *vf);
bool vf_queues_running(const struct vf *vf);
void vf_queues_reconcile(struct vf *vf);
bool vf_queues_wanted(const struct vf *vf);
void vf_queues_sent(struct vf *vf, const struct vf_msg *msg);
void vf_queues_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
		    int32_t status);
void vf_queues_expire(struct vf *vf);
void vf_queues_send_failed(struct vf *vf, uint32_t op, int err);

/* pairs.c */
void vf_pairs_reset(struct vf *vf);
void vf_pairs_retry(struct vf *vf);
unsigned int vf_pairs_possible(const struct vf *vf);
bool vf_pairs_reconcile(struct vf *vf);		/* true: the limits must wait for it */
void vf_pairs_sent(struct vf *vf);
void vf_pairs_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status,
		   const void *reply, size_t len);
int vf_pairs_verdict(const struct vf *vf, unsigned int n);

/* reconcile.c */
void vf_reconcile(struct vf *vf);

/* request.c */
void vf_requests_decide(struct vf *vf);
void vf_requests_fail(struct vf *vf, int err, const char *message);
const struct vf_request *vf_request_pending(const struct vf *vf, uint32_t kind);
bool vf_request_wants_record(const struct vf *vf);	/* before it is answered */
uint32_t vf_features_wanted(const struct vf *vf);

/* reason.c */
bool vf_reason_update(struct vf *vf);	/* true: changed */
/* What is wrong about VLANs; refused: first what the PF did not take. */
bool vf_reason_vlans(const struct vf *vf, bool refused, char *text, size_t size);

/* recover.c */
void vf_recover_want(struct vf *vf, uint32_t op, int32_t status);
void vf_recover_run(struct vf *vf);
void vf_recover_impending(struct vf *vf);
bool vf_recover_holds(const struct vf *vf);
bool vf_recover_in_vain(const struct vf *vf);
/* Somebody asks for something: what waits for its next attempt has it now. */
void vf_recover_asked(struct vf *vf);
void vf_recover_flags(struct vf *vf);
void vf_recover_started(struct vf *vf, uint32_t cause);	/* a reset; the fifo is as it was */
void vf_recover_ready(struct vf *vf);
void vf_recover_restless(struct vf *vf);
void vf_recover_settled(struct vf *vf);
bool vf_recover_reason(const struct vf *vf, char *text, size_t size);
unsigned int vf_recover_attempts(const struct vf *vf);
uint64_t vf_recover_next(const struct vf *vf);	/* attempt; 0: none is put off */
uint64_t vf_recover_deadline(const struct vf *vf);

/* record.c */
void vf_record_save(struct vf *vf);
void vf_record_lazy(struct vf *vf);
int vf_record_load(struct vf *vf, uint32_t generation, const void *data, size_t len);

#endif

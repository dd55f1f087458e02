/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of iavf_session.ko: what its files share.
 *
 * Locks, outermost first:
 *   iavf_owner.read_lock	one reader of a descriptor at a time; may be held over a copy to
 *				user space, so nothing but read() takes it
 *   iavf_context.owner_lock	one message of an owner at a time, and no change of owner in the
 *				middle of one; the message is copied already, and below it
 *				nothing waits for any process
 *   iavf_context.lock		everything else; a spinlock with interrupts off, since drivers
 *				report from any context and under their own locks. Operations of
 *				the driver are never called under it.
 */
#ifndef _IAVF_SESSION_CONTEXT_H
#define _IAVF_SESSION_CONTEXT_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>

#include "../compat.h"
#include "session.h"

#define IAVF_PCI_LEN		31	/* characters of a device name */
#define IAVF_WRITE_MAX		(IAVF_RECORD_MAX + 1024)	/* bytes of a message */
#define IAVF_ERRORS_MAX		16	/* unread NLMSG_ERROR */
#define IAVF_UNREAD_MAX		32	/* replies of the PF that the owner did not read */
#define IAVF_LOG_RECV_MAX	64	/* replies in the log: to its sends, and to those before */
#define IAVF_CANCELS_MAX	16
#define IAVF_STEPS_MAX		4

/* How far the owner is with a VF; then what it hears next. */
enum iavf_stage {
	IAVF_STAGE_ADD,
	IAVF_STAGE_RECORD,
	IAVF_STAGE_LOG,
	IAVF_STAGE_LIVE,
};

/* A message of the mailbox in the log. Immutable while it is in a list. */
struct iavf_entry {
	struct list_head list;
	u64 position;		/* order within the VF, never reused */
	u32 generation;
	u32 seq;
	u32 opcode;
	s32 status;
	int vsi_id;		/* -1: none */
	bool sent;
	bool has_payload;
	u16 len;
	u8 payload[];
};

/* The owner's checkpoint. */
struct iavf_record {
	struct kref ref;
	u32 generation;
	u32 covers_send, covers_recv;
	u32 len;
	u8 data[];
};

struct iavf_log {
	struct list_head entries;
	u64 position;		/* of the newest entry */
	u32 send_seq, recv_seq;	/* newest */
	unsigned int sends, receives;
	unsigned int unread;	/* receives that the owner was not given */
	unsigned int unanswered;	/* sends without a receive, roughly; sizes the spares */
	bool overrun;		/* a reply was lost: all are dropped until the next reset */
	struct iavf_record *record;
	/*
	 * Entries of full size, one for each unanswered send, allocated when it is sent: a reply
	 * is not lost because an allocation in atomic context failed.
	 */
	struct list_head spares;
	unsigned int num_spares;
};

struct iavf_step {
	u32 generation;
	enum iavf_reset_step step;
	enum iavf_reset_cause cause;
};

/* What the present owner was told of a VF and is still to be told. Starts anew with each owner. */
struct iavf_stream {
	enum iavf_stage stage;
	u32 generation;		/* of the vf-add that was sent */
	u64 position;		/* of the last log entry given */
	unsigned int turn;	/* where the search for the next live message starts */
	unsigned long live_since;	/* jiffies of vf-sync */
	unsigned long changed;	/* bits of enum iavf_session_change */
	bool netdev_ready;
	int netdev_err;
	struct iavf_step steps[IAVF_STEPS_MAX];
	unsigned int num_steps;
	u32 cancels[IAVF_CANCELS_MAX];
	unsigned int num_cancels;
};

/*
 * A request whose caller waits; lives on the caller's stack, in vf->requests until it is decided.
 */
struct iavf_wait {
	struct list_head list;
	u32 id;
	struct iavf_request *req;
	unsigned long start;	/* jiffies */
	bool given;		/* to the present owner */
	bool accepted;		/* by the present owner */
	bool probe;		/* finds out whether an unresponsive owner answers again */
	bool kick;		/* clocks changed */
	bool done;
	int err;
};

struct iavf_session_vf {
	struct kref ref;	/* the list's, the driver's, and transient ones */
	struct list_head list;	/* in iavf_context.vfs, by id */
	struct list_head ready;	/* in iavf_context.ready while there is something to read */
	u32 id;
	char pci[IAVF_PCI_LEN + 1];
	const struct iavf_session_ops *ops;
	void *priv;

	bool dying;		/* no new requests */
	bool gone;		/* no operation may start */
	unsigned int users;	/* operations running */
	wait_queue_head_t idle;	/* users became 0 */

	u32 generation;		/* of the last reset that started */
	struct iavf_stream stream;
	struct iavf_log log;
	struct list_head requests;
	wait_queue_head_t decided;	/* callers of iavf_session_request() */

	bool announce;		/* vf-ntf is due */
	int last_errno;		/* positive */
	ktime_t last_error_at;
	char last_error[IAVF_MESSAGE_MAX + 1];
	char degraded[IAVF_MESSAGE_MAX + 1];
	u64 num_stale, num_overrun, num_requests, num_failed;
};

/*
 * One message to read. The record's bytes are not copied into the skb: 60 KiB are hard to allocate.
 */
struct iavf_out {
	struct sk_buff *skb;
	struct iavf_record *record;	/* its data follow the skb's, padded */
};

/* An open session descriptor. */
struct iavf_owner {
	wait_queue_head_t wait;
	pid_t pid;
	bool lost;		/* somebody took over */
	struct sk_buff_head errors;
	struct mutex read_lock;	/* see above */
	struct iavf_out next;	/* taken from the streams, not read yet; under read_lock */
};

struct iavf_context {
	spinlock_t lock;	/* see above */
	struct mutex owner_lock;	/* see above */
	struct list_head vfs;
	struct list_head ready;
	u32 next_vf;
	u32 next_request;
	u32 changes;		/* of the list of VFs, for consistent dumps */

	struct iavf_owner *owner;
	bool owned_before;
	unsigned long owner_end;	/* jiffies, when owner is NULL */
	u64 num_sessions;

	/* A missed accept; see request.c. */
	bool unresponsive;
	bool probing;
	bool early_probe;	/* a sign of life may bring the next probe forward, once */
	unsigned long holdoff;
	unsigned long probe_at;

	struct work_struct announce;
};

extern struct iavf_context iavf_session;
extern struct genl_family iavf_family;

/* vf.c */
struct iavf_session_vf *iavf_vf_use(u32 id);		/* NULL; ends with iavf_vf_unuse() */
bool iavf_vf_use_this(struct iavf_session_vf *vf);	/* false: gone */
struct iavf_session_vf *iavf_vf_use_named(const char *pci);
struct iavf_session_vf *iavf_vf_use_after(u32 id);	/* the next one in order of ids */
bool iavf_vf_enter(struct iavf_session_vf *vf);		/* lock held; false: gone */
void iavf_vf_unuse(struct iavf_session_vf *vf);
void iavf_vf_forget(struct iavf_session_vf *vf);	/* lock held */
void iavf_vf_announce(struct iavf_session_vf *vf);	/* lock held */
void iavf_vf_error(struct iavf_session_vf *vf, int err, const char *message);
int iavf_vf_generation(struct iavf_session_vf *vf, u32 generation, struct netlink_ext_ack *extack);

/* state.c; between use and unuse */
int iavf_fill_public(struct iavf_session_vf *vf, struct sk_buff *skb);
int iavf_fill_snapshot(struct iavf_session_vf *vf, struct sk_buff *skb);
int iavf_fill_identity(struct iavf_session_vf *vf, struct sk_buff *skb);

/* family.c */
void iavf_announce_work(struct work_struct *work);
void iavf_announce_gone(struct iavf_session_vf *vf);

/* owner.c */
struct file *iavf_owner_file(void);
int iavf_owner_attach(struct file *file, bool force, struct netlink_ext_ack *extack);
void iavf_owner_wake(struct iavf_session_vf *vf);	/* lock held: vf has something to read */

/* message.c: a message of the owner, under owner_lock */
int iavf_message_handle(const struct nlmsghdr *nlh, size_t len, struct netlink_ext_ack *extack);
struct sk_buff *iavf_message_error(const void *msg, size_t len, int err,
				   const struct netlink_ext_ack *extack);

/* deliver.c: 0 with out filled, -EAGAIN nothing to read, -ENOMEM, -ESTALE; under read_lock */
int iavf_deliver_next(struct iavf_owner *owner, struct iavf_out *out);
bool iavf_deliver_pending(void);			/* lock held */
u32 iavf_out_len(const struct iavf_out *out);
void iavf_out_free(struct iavf_out *out);
void iavf_stream_start(struct iavf_session_vf *vf);	/* lock held: a new owner */

/* request.c */
int iavf_request_accept(struct iavf_session_vf *vf, u32 id, struct netlink_ext_ack *extack);
int iavf_request_reply(struct iavf_session_vf *vf, u32 id, int err, const char *message,
		       u32 features, struct netlink_ext_ack *extack);
struct iavf_wait *iavf_request_ungiven(struct iavf_session_vf *vf);	/* lock held */
void iavf_requests_kick(struct iavf_session_vf *vf);	/* lock held */
void iavf_requests_restart(struct iavf_session_vf *vf);	/* lock held: the owner changed */
/* lock held */
void iavf_requests_drop(struct iavf_session_vf *vf, int err, const char *message);
void iavf_owner_alive(void);				/* lock held */

/* record.c */
void iavf_log_init(struct iavf_log *log);
void iavf_log_clear(struct iavf_log *log);		/* lock held */
struct iavf_record *iavf_log_destroy(struct iavf_log *log);	/* lock held; to put outside */
int iavf_log_send(struct iavf_session_vf *vf, u32 seq, const struct iavf_mbx_send *msg,
		  struct netlink_ext_ack *extack);
/* both with the lock held */
const struct iavf_entry *iavf_log_next(const struct iavf_session_vf *vf);
void iavf_log_given(struct iavf_session_vf *vf, const struct iavf_entry *entry);
int iavf_record_set(struct iavf_session_vf *vf, struct iavf_record *record,
		    struct netlink_ext_ack *extack);
struct iavf_record *iavf_record_new(u32 generation, const void *data, u32 len);	/* ERR_PTR */
void iavf_record_put(struct iavf_record *record);	/* may sleep; NULL is fine */

#endif /* _IAVF_SESSION_CONTEXT_H */

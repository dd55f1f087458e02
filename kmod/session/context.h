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
 *   iavf_context.lock		everything else, "the lock"; a spinlock with interrupts off, since
 *				drivers report from any context and under their own locks.
 *				Operations of the driver are never called under it.
 */
#ifndef _IAVF_SESSION_CONTEXT_H
#define _IAVF_SESSION_CONTEXT_H

#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../compat.h"
#include "session.h"

#define IAVF_PCI_LEN		31	/* characters of a device name */
#define IAVF_WRITE_MAX		(IAVF_RECORD_MAX + 1024)	/* bytes of a message */
#define IAVF_READ_MAX		SKB_WITH_OVERHEAD(SZ_64K)
#define IAVF_TOLD_MAX		16	/* unread: no further NLMSG_ERROR and request-cancel */
#define IAVF_UNREAD_MAX		32	/* replies of the PF that the owner did not read */
#define IAVF_LOG_RECV_MAX	64	/* replies in the log: to its sends, and to those before */
#define IAVF_STEPS		(IAVF_RESET_STEP_FAILED + 1)

#define IAVF_CHANGE_READY	31	/* beside enum iavf_session_change: netdev-ready is due */

/* How far the owner is with a VF; then what it hears next. */
enum iavf_stage {
	IAVF_STAGE_ADD,
	IAVF_STAGE_RECORD,
	IAVF_STAGE_LOG,
	IAVF_STAGE_LIVE,
};

/* A message of the mailbox in the log: the control block of an skb that has the payload. */
struct iavf_entry {
	const void *payload;	/* the skb's, or NULL: there is none */
	u16 len;
	u32 generation, opcode, seq;
	int vsi_id;		/* -1: none given */
	s32 status;
	bool sent;
	bool given;		/* to the present owner */
};

static inline struct iavf_entry *iavf_entry(struct sk_buff *skb)
{
	return (struct iavf_entry *)skb->cb;
}

/* The owner's checkpoint. */
struct iavf_record {
	u32 generation;
	u32 covers_send, covers_recv;
	u32 len;
	u8 data[];
};

struct iavf_log {
	struct sk_buff_head entries;
	u32 send_seq, recv_seq;	/* newest */
	bool overrun;		/* a reply was lost: all are dropped until the next reset */
	struct iavf_record *record;
	/*
	 * Room for full payloads, one for each unanswered send, allocated when it is sent: a reply
	 * is not lost because an allocation in atomic context failed.
	 */
	struct sk_buff_head spares;
};

/* What the present owner was told of a VF and is still to be told. Starts anew with each owner. */
struct iavf_stream {
	enum iavf_stage stage;
	u32 generation;		/* of the vf-add that was sent */
	unsigned int turn;	/* where the search for the next live message starts */
	unsigned long live_since;	/* jiffies of vf-sync */
	unsigned long changed;	/* bits of enum iavf_session_change and IAVF_CHANGE_READY */
	int netdev_err;
	unsigned long steps;	/* bits of enum iavf_reset_step */
	enum iavf_reset_cause causes[IAVF_STEPS];
};

/* A request whose caller waits; lives on the caller's stack, in vf->requests until decided. */
struct iavf_wait {
	struct list_head list;
	u32 id;
	struct iavf_request *req;
	unsigned long start;	/* jiffies */
	bool given;		/* to the present owner */
	bool accepted;		/* by the present owner */
	struct completion news;	/* decided, or its clocks changed */
	int err;
};

struct iavf_session_vf {
	struct list_head list;	/* in iavf_context.vfs, by id; in none: gone */
	struct list_head ready;	/* in iavf_context.ready while there may be something to read */
	u32 id;
	char pci[IAVF_PCI_LEN + 1];
	const struct iavf_session_ops *ops;
	void *priv;

	bool dying;		/* no new requests */
	unsigned int users;	/* operations running; once the VF is gone none begins */
	wait_queue_head_t idle;	/* users became 0 */

	u32 generation;		/* of the last reset that started */
	struct iavf_stream stream;
	struct iavf_log log;
	struct list_head requests;

	bool controlled;	/* the present owner said vf-commit */
	bool absent;		/* nobody controls the VF, or who does is unresponsive */
	ktime_t absent_since;	/* or present */
	u64 absent_us;
	u32 on_absence, grace_ms;	/* as in the last vf-commit */
	u32 enforced;		/* of enum iavf_absence */
	struct delayed_work absence_work;

	int announce;		/* vf-ntf is due */
	int last_errno;		/* positive */
	ktime_t last_error_at;
	char last_error[IAVF_MESSAGE_MAX + 1];
	char degraded[IAVF_MESSAGE_MAX + 1];
	u64 num_stale, num_overrun, num_requests, num_failed;
};

/* An open session descriptor. */
struct iavf_owner {
	wait_queue_head_t wait;
	pid_t pid;
	bool lost;		/* somebody took over */
	struct sk_buff_head told;	/* NLMSG_ERROR, vf-del, request-cancel: made at once */
	struct mutex read_lock;	/* see above */
	struct sk_buff *next;	/* the message taken from the streams and not read yet, or empty */
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
	unsigned long owner_end;	/* jiffies, when owner is NULL */
	u64 num_sessions;

	/* A missed accept; see request.c. */
	bool unresponsive;
	bool early_probe;	/* a sign of life may bring the next probe forward, once */
	struct iavf_wait *probe;	/* finds out whether the owner answers again */
	unsigned long holdoff;
	unsigned long probe_at;

	struct work_struct announce;
};

extern struct iavf_context iavf_session;

/*
 * guard(iavf_session)() holds the lock to the end of the block. Sparse does not see such ends, so
 * it is told that nothing is held.
 */
#define iavf_session_lock(flags) do {				\
	spin_lock_irqsave(&iavf_session.lock, flags);		\
	__release(&iavf_session.lock);				\
} while (0)
#define iavf_session_unlock(flags) do {				\
	__acquire(&iavf_session.lock);				\
	spin_unlock_irqrestore(&iavf_session.lock, flags);	\
} while (0)
DEFINE_LOCK_GUARD_0(iavf_session, iavf_session_lock(_T->flags), iavf_session_unlock(_T->flags),
		    unsigned long flags)

/* Fails with err and a sentence. */
#define iavf_refuse(extack, err, fmt, args...) ({	\
	NL_SET_ERR_MSG_FMT(extack, fmt, ##args);	\
	(err);						\
})

static inline bool iavf_vf_gone(const struct iavf_session_vf *vf)
{
	return list_empty(&vf->list);
}

/* vf.c; "use" makes operations possible until iavf_vf_unuse() */
void iavf_vf_unuse(struct iavf_session_vf *vf);
struct iavf_session_vf *iavf_vf_use(u32 id);		/* NULL: there is none */
struct iavf_session_vf *iavf_vf_use_from(u32 first, const char *pci);
void iavf_vf_announce(struct iavf_session_vf *vf);	/* lock held */

/* absence.c; look with the lock held: who controls the VF may have changed */
void iavf_absence_look(struct iavf_session_vf *vf);
void iavf_absence_work(struct work_struct *work);

/* state.c; while in use, but the identity */
typedef int iavf_fill_fn(struct iavf_session_vf *vf, struct sk_buff *skb);
iavf_fill_fn iavf_fill_public, iavf_fill_snapshot, iavf_fill_identity;

/* family.c */
struct sk_buff *iavf_vf_message(u32 portid, u32 seq, u8 cmd, struct iavf_session_vf *vf,
				iavf_fill_fn *fill);	/* or NULL */
void iavf_notify(struct iavf_session_vf *vf, iavf_fill_fn *fill);
struct sk_buff *iavf_short_message(u8 cmd, u32 vf, u32 request, gfp_t gfp);	/* or NULL */

/* owner.c */
struct file *iavf_owner_open(bool force, struct netlink_ext_ack *extack);
void iavf_owner_tell(struct iavf_owner *owner, struct sk_buff *skb);	/* takes skb, or NULL */
void iavf_owner_wake(struct iavf_session_vf *vf);	/* lock held: vf has something to read */

/* message.c: a message of the owner, under owner_lock; each command has its handler */
typedef int iavf_handle_fn(struct iavf_session_vf *vf, const struct iavf_msg *msg,
			   struct netlink_ext_ack *extack);
int iavf_message_handle(const struct nlmsghdr *nlh, size_t len, struct netlink_ext_ack *extack);
struct sk_buff *iavf_message_error(const struct nlmsghdr *nlh, int err,
				   const struct netlink_ext_ack *extack);

/* deliver.c; next: 0 with owner->next filled, -EAGAIN nothing to read, -ESTALE; under read_lock */
int iavf_deliver_next(struct iavf_owner *owner);
bool iavf_deliver_pending(void);			/* lock held */
void iavf_stream_start(struct iavf_session_vf *vf);	/* lock held: a new owner */

/* request.c */
iavf_handle_fn iavf_handle_answer;
void iavf_owner_alive(void);
/* these with the lock held */
struct iavf_wait *iavf_request_ungiven(struct iavf_session_vf *vf);
void iavf_requests_kick(struct iavf_session_vf *vf, bool new_owner);	/* the clocks changed */

/* record.c */
iavf_handle_fn iavf_handle_mbx_send, iavf_handle_record_set;
/* these with the lock held */
struct iavf_entry *iavf_log_next(const struct iavf_session_vf *vf);
void iavf_log_clear(struct iavf_log *log);

#endif /* _IAVF_SESSION_CONTEXT_H */

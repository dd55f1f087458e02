// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session descriptor. It pins this module and no driver. Its last close may run in any process
 * and at any time, so it only marks: the log, the record and the requests stay for the next owner.
 */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <linux/uio.h>

#include "context.h"

void iavf_owner_wake(struct iavf_session_vf *vf)
{
	struct iavf_owner *owner = iavf_session.owner;

	if (!owner)
		return;
	if (list_empty(&vf->ready))
		list_add_tail(&vf->ready, &iavf_session.ready);
	wake_up_interruptible_poll(&owner->wait, EPOLLIN | EPOLLRDNORM);
}

/*
 * A change of owner, in whichever direction: streams and requests start anew, the VFs that went are
 * history.
 */
static void iavf_owner_change(struct iavf_owner *owner)
{
	struct iavf_context *session = &iavf_session;
	struct iavf_session_vf *vf, *next;

	session->owner = owner;
	session->unresponsive = false;
	session->probing = false;
	list_for_each_entry_safe(vf, next, &session->vfs, list) {
		if (vf->gone) {
			iavf_vf_forget(vf);
			continue;
		}
		iavf_stream_start(vf);
		iavf_requests_restart(vf);
		iavf_vf_announce(vf);
	}
}

/* Does not wake: the caller may free it at once. */
static void iavf_owner_detach(struct iavf_owner *owner)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	if (iavf_session.owner == owner) {
		iavf_session.owner_end = jiffies;
		iavf_owner_change(NULL);
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}

static int iavf_owner_take(struct iavf_owner *owner, bool force, struct netlink_ext_ack *extack)
{
	struct iavf_context *session = &iavf_session;
	struct iavf_owner *old = session->owner;

	if (old && !force) {
		NL_SET_ERR_MSG_FMT(extack, "process %d owns the session", old->pid);
		return -EBUSY;
	}
	if (old) {
		old->lost = true;
		wake_up_all(&old->wait);
		pr_notice("iavf: process %d takes the session over from process %d\n",
			  owner->pid, old->pid);
	}
	session->owned_before = true;
	session->num_sessions++;
	iavf_owner_change(owner);
	return 0;
}

/*
 * Waits for a message of the old owner that is being handled, so that no half-sent one is adopted.
 */
int iavf_owner_attach(struct file *file, bool force, struct netlink_ext_ack *extack)
{
	unsigned long flags;
	int err;

	if (mutex_lock_killable(&iavf_session.owner_lock))
		return -EINTR;
	spin_lock_irqsave(&iavf_session.lock, flags);
	err = iavf_owner_take(file->private_data, force, extack);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	mutex_unlock(&iavf_session.owner_lock);
	return err;
}

static bool iavf_owner_readable(struct iavf_owner *owner)
{
	unsigned long flags;
	bool pending;

	if (READ_ONCE(owner->lost) || READ_ONCE(owner->next.skb) ||
	    !skb_queue_empty_lockless(&owner->errors))
		return true;
	spin_lock_irqsave(&iavf_session.lock, flags);
	pending = iavf_session.owner == owner && iavf_deliver_pending();
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return pending;
}

static bool iavf_copy_out(const struct iavf_out *out, struct iov_iter *to)
{
	static const u8 zeros[NLA_ALIGNTO];
	const struct iavf_record *record = out->record;
	size_t pad;

	if (copy_to_iter(out->skb->data, out->skb->len, to) != out->skb->len)
		return false;
	if (!record)
		return true;
	pad = NLA_ALIGN(record->len) - record->len;
	return copy_to_iter(record->data, record->len, to) == record->len &&
	       copy_to_iter(zeros, pad, to) == pad;
}

/*
 * As many whole messages as fit. One that does not fit, or could not be copied, stays for the next
 * read.
 */
static ssize_t iavf_owner_read(struct iavf_owner *owner, struct iov_iter *to)
{
	struct iavf_out out;
	ssize_t done = 0;
	int err = 0;
	u32 len;

	while (!err) {
		if (READ_ONCE(owner->lost))
			return -ESTALE;
		if (!owner->next.skb) {
			err = iavf_deliver_next(owner, &out);
			if (err)
				break;
			owner->next.record = out.record;
			WRITE_ONCE(owner->next.skb, out.skb);
		}
		len = iavf_out_len(&owner->next);
		if (len > iov_iter_count(to)) {
			err = -EMSGSIZE;
		} else if (!iavf_copy_out(&owner->next, to)) {
			err = -EFAULT;
		} else {
			iavf_out_free(&owner->next);
			done += len;
		}
	}
	return done ?: err;
}

static ssize_t iavf_owner_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct iavf_owner *owner = iocb->ki_filp->private_data;
	bool wait = !(iocb->ki_filp->f_flags & O_NONBLOCK) && !(iocb->ki_flags & IOCB_NOWAIT);
	ssize_t ret;

	for (;;) {
		if (mutex_lock_interruptible(&owner->read_lock))
			return -ERESTARTSYS;
		ret = iavf_owner_read(owner, to);
		mutex_unlock(&owner->read_lock);
		if (ret != -EAGAIN || !wait)
			return ret;
		ret = wait_event_interruptible(owner->wait, iavf_owner_readable(owner));
		if (ret)
			return ret;
	}
}

static void iavf_owner_refuse(struct iavf_owner *owner, const void *msg, size_t len, int err,
			      const struct netlink_ext_ack *extack)
{
	struct sk_buff *skb;

	if (skb_queue_len_lockless(&owner->errors) >= IAVF_ERRORS_MAX)
		return;	/* unread ones say enough; write() returned the errno */
	skb = iavf_message_error(msg, len, err, extack);
	if (!skb)
		return;
	skb_queue_tail(&owner->errors, skb);
	wake_up_interruptible_poll(&owner->wait, EPOLLIN | EPOLLRDNORM);
}

static int iavf_owner_handle(struct iavf_owner *owner, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink_ext_ack extack = { };
	int err;

	if (mutex_lock_killable(&iavf_session.owner_lock))
		return -EINTR;
	if (owner->lost) {
		mutex_unlock(&iavf_session.owner_lock);
		return -ESTALE;
	}
	err = iavf_message_handle(nlh, len, &extack);
	mutex_unlock(&iavf_session.owner_lock);
	if (err)
		iavf_owner_refuse(owner, nlh, len, err, &extack);
	return err;
}

static ssize_t iavf_owner_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct iavf_owner *owner = iocb->ki_filp->private_data;
	size_t len = iov_iter_count(from);
	struct netlink_ext_ack too_long = {
		._msg = "a message has at most " __stringify(IAVF_RECORD_MAX) " + 1024 bytes",
	};
	void *msg;
	int err;

	if (READ_ONCE(owner->lost))
		return -ESTALE;
	if (len > IAVF_WRITE_MAX) {
		iavf_owner_refuse(owner, NULL, 0, -EMSGSIZE, &too_long);
		return -EMSGSIZE;
	}
	msg = kvmalloc(max_t(size_t, len, NLMSG_HDRLEN), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	err = copy_from_iter_full(msg, len, from) ? iavf_owner_handle(owner, msg, len) : -EFAULT;
	kvfree(msg);
	return err ?: len;
}

static __poll_t iavf_owner_poll(struct file *file, poll_table *table)
{
	struct iavf_owner *owner = file->private_data;

	poll_wait(file, &owner->wait, table);
	if (READ_ONCE(owner->lost))
		return EPOLLHUP;
	return EPOLLOUT | EPOLLWRNORM | (iavf_owner_readable(owner) ? EPOLLIN | EPOLLRDNORM : 0);
}

static int iavf_owner_release(struct inode *inode, struct file *file)
{
	struct iavf_owner *owner = file->private_data;

	iavf_owner_detach(owner);
	skb_queue_purge(&owner->errors);
	iavf_out_free(&owner->next);
	kfree(owner);
	return 0;
}

static const struct file_operations iavf_owner_fops = {
	.owner = THIS_MODULE,
	.read_iter = iavf_owner_read_iter,
	.write_iter = iavf_owner_write_iter,
	.poll = iavf_owner_poll,
	.release = iavf_owner_release,
};

/* A descriptor that owns nothing yet. */
struct file *iavf_owner_file(void)
{
	struct iavf_owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL);
	struct file *file;

	if (!owner)
		return ERR_PTR(-ENOMEM);
	init_waitqueue_head(&owner->wait);
	skb_queue_head_init(&owner->errors);
	mutex_init(&owner->read_lock);
	owner->pid = task_tgid_nr(current);
	file = anon_inode_getfile("[iavf-session]", &iavf_owner_fops, owner, O_RDWR);
	if (IS_ERR(file)) {
		kfree(owner);
		return file;
	}
	stream_open(file_inode(file), file);
	return file;
}

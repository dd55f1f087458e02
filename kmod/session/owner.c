// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session descriptor. It pins this module and no driver. Its last close may run in any process
 * and at any time, so it only marks: the log, the record and the requests stay for the next owner.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <linux/uio.h>

#include "context.h"

void iavf_owner_tell(struct iavf_owner *owner, struct sk_buff *skb)
{
	if (!skb)
		return;
	skb_queue_tail(&owner->told, skb);
	wake_up_interruptible_poll(&owner->wait, EPOLLIN | EPOLLRDNORM);
}

void iavf_owner_wake(struct iavf_session_vf *vf)
{
	struct iavf_owner *owner = iavf_session.owner;

	if (!owner || iavf_vf_gone(vf))
		return;
	if (list_empty(&vf->ready))
		list_add_tail(&vf->ready, &iavf_session.ready);
	wake_up_interruptible_poll(&owner->wait, EPOLLIN | EPOLLRDNORM);
}

/* In whichever direction: streams and requests start anew. */
static void iavf_owner_change(struct iavf_owner *owner)
{
	struct iavf_context *session = &iavf_session;
	struct iavf_session_vf *vf;

	session->owner = owner;
	session->unresponsive = false;
	session->probe = NULL;
	list_for_each_entry(vf, &session->vfs, list) {
		iavf_stream_start(vf);
		iavf_requests_kick(vf, true);
		vf->controlled = false;
		iavf_absence_look(vf);
		iavf_vf_announce(vf);
	}
}

static int iavf_owner_take(struct iavf_owner *owner, bool force, struct netlink_ext_ack *extack)
{
	struct iavf_owner *old;

	guard(iavf_session)();

	old = iavf_session.owner;
	if (old && !force)
		return iavf_refuse(extack, -EBUSY, "process %d owns the session", old->pid);
	if (old) {
		WRITE_ONCE(old->lost, true);
		wake_up_all(&old->wait);
		pr_notice("iavf: process %d takes the session over from process %d\n",
			  owner->pid, old->pid);
	}
	iavf_session.num_sessions++;
	iavf_owner_change(owner);
	return 0;
}

static bool iavf_owner_readable(struct iavf_owner *owner)
{
	if (READ_ONCE(owner->lost) || READ_ONCE(owner->next->len) ||
	    !skb_queue_empty_lockless(&owner->told))
		return true;
	guard(iavf_session)();
	return iavf_session.owner == owner && iavf_deliver_pending();
}

/* 0 with a message in owner->next: the one that was too long, one made before, or of a stream. */
static int iavf_owner_fill(struct iavf_owner *owner)
{
	struct sk_buff *told;

	if (READ_ONCE(owner->lost))
		return -ESTALE;
	if (owner->next->len)
		return 0;
	told = skb_dequeue(&owner->told);
	if (!told)
		return iavf_deliver_next(owner);
	skb_put_data(owner->next, told->data, told->len);
	consume_skb(told);
	return 0;
}

/* One message; when it does not fit or can't be copied it stays for the next read. */
static ssize_t iavf_owner_read_one(struct iavf_owner *owner, struct iov_iter *to)
{
	struct sk_buff *skb = owner->next;
	size_t len;
	int err;

	err = iavf_owner_fill(owner);
	if (err)
		return err;
	len = skb->len;
	if (len > iov_iter_count(to))
		return -EMSGSIZE;
	if (copy_to_iter(skb->data, len, to) != len)
		return -EFAULT;
	skb_trim(skb, 0);
	return len;
}

/* As many whole messages as fit. */
static ssize_t iavf_owner_read(struct iavf_owner *owner, struct iov_iter *to)
{
	ssize_t len, done = 0;

	if (mutex_lock_interruptible(&owner->read_lock))
		return -ERESTARTSYS;
	while ((len = iavf_owner_read_one(owner, to)) > 0)
		done += len;
	mutex_unlock(&owner->read_lock);
	if (done && !READ_ONCE(owner->lost))
		iavf_owner_alive();
	return done ?: len;
}

static ssize_t iavf_owner_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct iavf_owner *owner = iocb->ki_filp->private_data;
	bool wait = !(iocb->ki_filp->f_flags & O_NONBLOCK) && !(iocb->ki_flags & IOCB_NOWAIT);
	ssize_t ret;

	for (;;) {
		ret = iavf_owner_read(owner, to);
		if (ret != -EAGAIN || !wait)
			return ret;
		ret = wait_event_interruptible(owner->wait, iavf_owner_readable(owner));
		if (ret)
			return ret;
	}
}

static void iavf_owner_refuse(struct iavf_owner *owner, const struct nlmsghdr *nlh, int err,
			      const struct netlink_ext_ack *extack)
{
	/* unread ones say enough; write() returned the errno */
	if (skb_queue_len_lockless(&owner->told) < IAVF_TOLD_MAX)
		iavf_owner_tell(owner, iavf_message_error(nlh, err, extack));
}

static int iavf_owner_handle(struct iavf_owner *owner, const struct nlmsghdr *nlh, size_t len)
{
	struct netlink_ext_ack extack = { };
	int err;

	if (mutex_lock_killable(&iavf_session.owner_lock))
		return -EINTR;
	err = owner->lost ? -ESTALE : iavf_message_handle(nlh, len, &extack);
	mutex_unlock(&iavf_session.owner_lock);
	if (err)
		iavf_owner_refuse(owner, nlh, err, &extack);
	return err;
}

static ssize_t iavf_owner_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct iavf_owner *owner = iocb->ki_filp->private_data;
	size_t len = iov_iter_count(from);
	static const struct nlmsghdr unknown;
	const struct netlink_ext_ack too_long = {
		._msg = "a message has at most " __stringify(IAVF_RECORD_MAX) " + 1024 bytes",
	};
	struct nlmsghdr *nlh;
	int err;

	if (len > IAVF_WRITE_MAX) {
		iavf_owner_refuse(owner, &unknown, -EMSGSIZE, &too_long);
		return -EMSGSIZE;
	}
	nlh = kvmalloc(max(len, sizeof(*nlh)), GFP_KERNEL);
	if (!nlh)
		return -ENOMEM;
	memset(nlh, 0, sizeof(*nlh));
	err = copy_from_iter_full(nlh, len, from) ? iavf_owner_handle(owner, nlh, len) : -EFAULT;
	kvfree(nlh);
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

static void iavf_owner_free(struct iavf_owner *owner)
{
	skb_queue_purge(&owner->told);
	kfree_skb(owner->next);
	kfree(owner);
}

static int iavf_owner_release(struct inode *inode, struct file *file)
{
	struct iavf_owner *owner = file->private_data;

	scoped_guard(iavf_session) {
		if (iavf_session.owner == owner) {
			iavf_session.owner_end = jiffies;
			iavf_owner_change(NULL);
		}
	}
	iavf_owner_free(owner);
	return 0;
}

static const struct file_operations iavf_owner_fops = {
	.owner = THIS_MODULE,
	.read_iter = iavf_owner_read_iter,
	.write_iter = iavf_owner_write_iter,
	.poll = iavf_owner_poll,
	.release = iavf_owner_release,
};

static struct iavf_owner *iavf_owner_new(void)
{
	struct iavf_owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL);

	if (!owner)
		return NULL;
	init_waitqueue_head(&owner->wait);
	skb_queue_head_init(&owner->told);
	mutex_init(&owner->read_lock);
	owner->pid = task_tgid_nr(current);
	/* once for all messages, so that reading never lacks memory */
	owner->next = alloc_skb(IAVF_READ_MAX, GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	if (owner->next)
		return owner;
	kfree(owner);
	return NULL;
}

/*
 * A descriptor that owns the session. Waits for a message of the old owner that is being handled,
 * so that no half-sent one is adopted.
 */
struct file *iavf_owner_open(bool force, struct netlink_ext_ack *extack)
{
	struct iavf_owner *owner = iavf_owner_new();
	struct file *file;
	int err = -EINTR;

	if (!owner)
		return ERR_PTR(-ENOMEM);
	file = anon_inode_getfile("[iavf-session]", &iavf_owner_fops, owner, O_RDWR);
	if (IS_ERR(file)) {
		iavf_owner_free(owner);
		return file;
	}
	stream_open(file_inode(file), file);
	if (!mutex_lock_killable(&iavf_session.owner_lock)) {
		err = iavf_owner_take(owner, force, extack);
		mutex_unlock(&iavf_session.owner_lock);
	}
	if (!err)
		return file;
	fput(file);
	return ERR_PTR(err);
}

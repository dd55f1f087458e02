// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver without hardware, to test iavf_session.ko from user space. Each line written to
 * /dev/iavf_session_test is one order; the write returns when it is done, with its errno:
 *
 *	add			a VF; its number is the first free one
 *	del N			remove it
 *	request N KIND RESETS	iavf_session_request() and its result
 *	reset N STEP		1 (started) bumps the generation first
 *	changed N WHAT
 *	ready N ERRNO		iavf_session_netdev_ready()
 *	recv N COUNT		so many messages of the PF; -ENOBUFS when one was refused
 *	mode N MODE		mbx-send: 0 answers at once, 1 is silent, else fails with that errno
 *	error N ERRNO
 *
 * mbx_send answers before it returns, with opcode, payload and status 7: the hardest order for the
 * log.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <net/netlink.h>

#include "session.h"

#define TEST_VFS	8
#define TEST_STATUS	7

struct test_vf {
	struct device dev;
	struct iavf_session_vf *session;
	spinlock_t lock;	/* generation, as a driver has it */
	u32 generation;
	int mode;
	u32 absence;
	atomic_t requests;
};

static struct test_vf *vfs[TEST_VFS];
static DEFINE_MUTEX(vfs_lock);
static DECLARE_WAIT_QUEUE_HEAD(requests_end);

static u32 test_generation(void *priv)
{
	return READ_ONCE(((struct test_vf *)priv)->generation);
}

static int test_fill_state(void *priv, struct sk_buff *skb)
{
	return nla_put_u32(skb, IAVF_A_VF_GENERATION, test_generation(priv)) ?:
	       nla_put_u32(skb, IAVF_A_VF_STATE, IAVF_VF_STATE_MAILBOX);
}

static int test_fill_snapshot(void *priv, struct sk_buff *skb)
{
	return nla_put_u32(skb, IAVF_A_VF_RX_FLAGS, IAVF_RX_FLAGS_UP);
}

static int test_fill_changed(void *priv, struct sk_buff *skb, unsigned long what)
{
	return nla_put_u32(skb, IAVF_A_VF_RX_FLAGS, what);
}

static int test_fill_counters(void *priv, struct sk_buff *skb)
{
	return nla_put_u64_64bit(skb, IAVF_A_COUNTERS_RESETS, 0, IAVF_A_COUNTERS_PAD);
}

static int test_mbx_send(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	struct test_vf *vf = priv;
	int err = 0;

	spin_lock_bh(&vf->lock);
	if (msg->generation != vf->generation) {
		err = -ESTALE;
	} else if (vf->mode > 1) {
		NL_SET_ERR_MSG(extack, "the test said no");
		err = -vf->mode;
	} else if (!vf->mode) {
		iavf_session_mbx_received(vf->session, vf->generation, msg->opcode, TEST_STATUS,
					  msg->payload, msg->payload_len);
	}
	spin_unlock_bh(&vf->lock);
	return err;
}

static int test_commit(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	return msg->vsi_id == 9 ? 0 : -ERANGE;
}

static int test_netdev(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	return 0;
}

static int test_vf_reset(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	return 0;
}

static void test_absence(void *priv, u32 what)
{
	WRITE_ONCE(((struct test_vf *)priv)->absence, what);
}

static const struct iavf_session_ops test_ops = {
	.fill_state = test_fill_state,
	.fill_snapshot = test_fill_snapshot,
	.fill_changed = test_fill_changed,
	.fill_counters = test_fill_counters,
	.mbx_send = test_mbx_send,
	.commit = test_commit,
	.netdev_create = test_netdev,
	.netdev_update = test_netdev,
	.vf_reset = test_vf_reset,
	.absence = test_absence,
};

static int test_add(void)
{
	struct test_vf *vf;
	unsigned int n;

	for (n = 0; n < TEST_VFS && vfs[n]; n++)
		;
	if (n == TEST_VFS)
		return -ENOSPC;
	vf = kzalloc(sizeof(*vf), GFP_KERNEL);
	if (!vf)
		return -ENOMEM;
	spin_lock_init(&vf->lock);
	vf->dev.init_name = kasprintf(GFP_KERNEL, "test:%u", n);
	if (iavf_session_add(&vf->dev, &test_ops, vf, &vf->session)) {
		kfree(vf->dev.init_name);
		kfree(vf);
		return -ENOMEM;
	}
	vfs[n] = vf;
	return 0;
}

static int test_del(unsigned int n)
{
	iavf_session_dying(vfs[n]->session);
	wait_event(requests_end, !atomic_read(&vfs[n]->requests));
	iavf_session_del(vfs[n]->session);
	kfree(vfs[n]->dev.init_name);
	kfree(vfs[n]);
	vfs[n] = NULL;
	return 0;
}

static int test_reset(struct test_vf *vf, int step)
{
	spin_lock_bh(&vf->lock);
	if (step == IAVF_RESET_STEP_STARTED)
		vf->generation++;
	iavf_session_reset(vf->session, vf->generation, step, IAVF_RESET_CAUSE_PF_ANNOUNCED);
	spin_unlock_bh(&vf->lock);
	return 0;
}

static int test_recv(struct test_vf *vf, int count)
{
	bool taken = true;

	spin_lock_bh(&vf->lock);
	while (count--)
		taken &= iavf_session_mbx_received(vf->session, vf->generation, 99, 0, NULL, 0);
	spin_unlock_bh(&vf->lock);
	return taken ? 0 : -ENOBUFS;
}

/* Waits, so without the lock; del ends it. */
static int test_request(unsigned int n, int kind, int resets)
{
	struct iavf_request req = {
		.kind = kind, .mtu = 1400, .tpid = 0x8100, .vid = 5, .resets = resets,
		.quick = kind == IAVF_REQUEST_KIND_STATS,
	};
	struct test_vf *vf;
	int err;

	mutex_lock(&vfs_lock);
	vf = n < TEST_VFS ? vfs[n] : NULL;
	if (vf)
		atomic_inc(&vf->requests);
	mutex_unlock(&vfs_lock);
	if (!vf)
		return -ENXIO;
	err = iavf_session_request(vf->session, &req);
	if (!err && req.quick && (!req.has_stats || req.stats[IAVF_NUM_STATS - 1] != 12))
		err = -EBADMSG;
	if (atomic_dec_and_test(&vf->requests))
		wake_up_all(&requests_end);
	return err;
}

static int test_order(const char *word, unsigned int n, int a)
{
	struct test_vf *vf;

	if (!strcmp(word, "add"))
		return test_add();
	if (n >= TEST_VFS || !vfs[n])
		return -ENXIO;
	vf = vfs[n];
	if (!strcmp(word, "del"))
		return test_del(n);
	if (!strcmp(word, "reset"))
		return test_reset(vf, a);
	if (!strcmp(word, "recv"))
		return test_recv(vf, a);
	if (!strcmp(word, "absence"))
		return READ_ONCE(vf->absence) == a ? 0 : -EAGAIN;
	if (!strcmp(word, "changed"))
		iavf_session_changed(vf->session, a);
	else if (!strcmp(word, "ready"))
		iavf_session_netdev_ready(vf->session, -a);
	else if (!strcmp(word, "error"))
		iavf_session_error(vf->session, -a, "the test says so");
	else if (!strcmp(word, "mode"))
		vf->mode = a;
	else
		return -EINVAL;
	return 0;
}

static ssize_t test_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char line[64] = "", word[16] = "";
	int a = 0, b = 0, err;
	unsigned int n = 0;

	if (len >= sizeof(line) || copy_from_user(line, buf, len))
		return -EINVAL;
	if (sscanf(line, "%15s %u %d %d", word, &n, &a, &b) < 1)
		return -EINVAL;
	if (!strcmp(word, "request")) {
		err = test_request(n, a, b);
		return err ?: len;
	}
	mutex_lock(&vfs_lock);
	err = test_order(word, n, a);
	mutex_unlock(&vfs_lock);
	return err ?: len;
}

static const struct file_operations test_fops = {
	.owner = THIS_MODULE,
	.write = test_write,
};

static struct miscdevice test_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "iavf_session_test",
	.fops = &test_fops,
};

static int __init test_init(void)
{
	return misc_register(&test_device);
}

static void __exit test_exit(void)
{
	unsigned int n;

	misc_deregister(&test_device);
	for (n = 0; n < TEST_VFS; n++) {
		if (vfs[n])
			test_del(n);
	}
}

module_init(test_init);
module_exit(test_exit);
MODULE_DESCRIPTION("Test driver for iavf_session");
MODULE_LICENSE("GPL");

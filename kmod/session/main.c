// SPDX-License-Identifier: GPL-2.0-only
/* iavf_session.ko: the one context, and its beginning and end. */
#include <linux/module.h>

#include "context.h"

struct iavf_context iavf_session = {
	.lock = __SPIN_LOCK_UNLOCKED(iavf_session.lock),
	.owner_lock = __MUTEX_INITIALIZER(iavf_session.owner_lock),
	.vfs = LIST_HEAD_INIT(iavf_session.vfs),
	.ready = LIST_HEAD_INIT(iavf_session.ready),
	.announce = __WORK_INITIALIZER(iavf_session.announce, iavf_announce_work),
};

static int __init iavf_session_init(void)
{
	return genl_register_family(&iavf_family);
}

/* No descriptor is open (it holds the module) and no VF is left (drivers hold it by symbols). */
static void __exit iavf_session_exit(void)
{
	genl_unregister_family(&iavf_family);
	cancel_work_sync(&iavf_session.announce);
	WARN_ON(!list_empty(&iavf_session.vfs));
}

module_init(iavf_session_init);
module_exit(iavf_session_exit);
MODULE_DESCRIPTION("Control sessions of Intel Adaptive Virtual Functions");
MODULE_LICENSE("GPL");
MODULE_VERSION(IAVF_MODULE_VERSION);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers and unregisters a generic netlink family in a loop, as fast as it can, as long as it is loaded: each time the
 * global lock of generic netlink is taken for writing, behind whoever waits inside of a call, and everybody else behind it.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <net/genetlink.h>

static unsigned long rounds;
module_param(rounds, ulong, 0444);
MODULE_PARM_DESC(rounds, "families registered so far");

static unsigned long worst_ms;
module_param(worst_ms, ulong, 0644);
MODULE_PARM_DESC(worst_ms, "the longest that registering or unregistering took; may be written");

static int churn_doit(struct sk_buff *skb, struct genl_info *info)
{
	return 0;
}

static const struct genl_ops churn_ops[] = {
	{ .cmd = 1, .doit = churn_doit },
};

static const struct genl_multicast_group churn_groups[] = {
	{ .name = "churn" },
};

static struct genl_family churn_family = {
	.name = "iavf_churn",
	.version = 1,
	.module = THIS_MODULE,
	.ops = churn_ops,
	.n_ops = ARRAY_SIZE(churn_ops),
	.mcgrps = churn_groups,
	.n_mcgrps = ARRAY_SIZE(churn_groups),
};

static struct task_struct *churner;

static void note(ktime_t start)
{
	unsigned long ms = ktime_ms_delta(ktime_get(), start);

	if (ms > worst_ms)
		worst_ms = ms;
}

static int churn(void *unused)
{
	ktime_t start;
	int err;

	while (!kthread_should_stop()) {
		start = ktime_get();
		err = genl_register_family(&churn_family);
		note(start);
		if (err) {
			pr_err("iavf_churn: %d\n", err);
			msleep(100);
			continue;
		}
		start = ktime_get();
		genl_unregister_family(&churn_family);
		note(start);
		rounds++;
		cond_resched();
	}
	return 0;
}

static int __init churn_init(void)
{
	churner = kthread_run(churn, NULL, "genl_churn");
	return PTR_ERR_OR_ZERO(churner);
}

static void __exit churn_exit(void)
{
	kthread_stop(churner);
}

module_init(churn_init);
module_exit(churn_exit);
MODULE_DESCRIPTION("Torture of generic netlink's global lock");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0-only
/* The VFs: registry, lifetime, and what drivers report of them. */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "context.h"

void iavf_vf_unuse(struct iavf_session_vf *vf)
{
	guard(iavf_session)();

	if (!--vf->users)
		wake_up_all(&vf->idle);
}

/* The first VF whose id is that or above, of that name if one is given; in use, or NULL. */
struct iavf_session_vf *iavf_vf_use_from(u32 first, const char *pci)
{
	struct iavf_session_vf *vf;

	guard(iavf_session)();

	list_for_each_entry(vf, &iavf_session.vfs, list) {
		if (vf->id < first || (pci && strcmp(vf->pci, pci)))
			continue;
		vf->users++;
		return vf;
	}
	return NULL;
}

struct iavf_session_vf *iavf_vf_use(u32 id)
{
	struct iavf_session_vf *vf = iavf_vf_use_from(id, NULL);

	if (!vf || vf->id == id)
		return vf;
	iavf_vf_unuse(vf);
	return NULL;
}

void iavf_vf_announce(struct iavf_session_vf *vf)
{
	if (iavf_vf_gone(vf))
		return;
	WRITE_ONCE(vf->announce, 1);
	schedule_work(&iavf_session.announce);
}

void iavf_session_error(struct iavf_session_vf *vf, int err, const char *message)
{
	pr_warn_ratelimited("iavf %s: %s (%d)\n", vf->pci, message, err);
	guard(iavf_session)();
	vf->last_errno = abs(err);
	vf->last_error_at = ktime_get();
	strscpy(vf->last_error, message, sizeof(vf->last_error));
	iavf_vf_announce(vf);
}
EXPORT_SYMBOL_GPL(iavf_session_error);

void iavf_session_stale(struct iavf_session_vf *vf)
{
	guard(iavf_session)();

	vf->num_stale++;
}
EXPORT_SYMBOL_GPL(iavf_session_stale);

int iavf_session_add(struct device *dev, const struct iavf_session_ops *ops, void *priv,
		     struct iavf_session_vf **added)
{
	struct iavf_session_vf *vf = kzalloc(sizeof(*vf), GFP_KERNEL);

	if (!vf)
		return -ENOMEM;
	strscpy(vf->pci, dev_name(dev), sizeof(vf->pci));
	vf->ops = ops;
	vf->priv = priv;
	init_waitqueue_head(&vf->idle);
	INIT_LIST_HEAD(&vf->ready);
	INIT_LIST_HEAD(&vf->requests);
	INIT_DELAYED_WORK(&vf->absence_work, iavf_absence_work);
	__skb_queue_head_init(&vf->log.entries);
	__skb_queue_head_init(&vf->log.spares);

	*added = vf;
	guard(iavf_session)();
	vf->id = ++iavf_session.next_vf;
	list_add_tail(&vf->list, &iavf_session.vfs);
	iavf_session.changes++;
	iavf_stream_start(vf);
	iavf_vf_announce(vf);
	return 0;
}
EXPORT_SYMBOL_GPL(iavf_session_add);

void iavf_session_del(struct iavf_session_vf *vf)
{
	struct sk_buff *skb = iavf_short_message(IAVF_CMD_VF_DEL, vf->id, 0,
						 GFP_KERNEL | __GFP_NOFAIL);

	iavf_session_dying(vf);
	scoped_guard(iavf_session) {
		list_del_init(&vf->list);
		list_del_init(&vf->ready);
		iavf_session.changes++;
		if (iavf_session.owner && vf->stream.stage != IAVF_STAGE_ADD)
			iavf_owner_tell(iavf_session.owner, skb);
		else
			kfree_skb(skb);	/* who never heard of the VF needs not hear of its end */
	}
	wait_event(vf->idle, !READ_ONCE(vf->users));
	cancel_delayed_work_sync(&vf->absence_work);
	scoped_guard(iavf_session)
		iavf_log_clear(&vf->log);
	kvfree(vf->log.record);
	iavf_notify(vf, iavf_fill_identity);
	kfree(vf);
}
EXPORT_SYMBOL_GPL(iavf_session_del);

/* Something to read for the owner, something to see for everybody. */
static void iavf_vf_news(struct iavf_session_vf *vf)
{
	iavf_owner_wake(vf);
	iavf_vf_announce(vf);
}

void iavf_session_reset(struct iavf_session_vf *vf, u32 generation, enum iavf_reset_step step,
			enum iavf_reset_cause cause)
{
	struct iavf_stream *stream = &vf->stream;

	guard(iavf_session)();

	if (step == IAVF_RESET_STEP_STARTED) {
		vf->generation = generation;
		vf->degraded[0] = '\0';
		iavf_log_clear(&vf->log);
		stream->steps = 0;	/* it says all that they would */
	} else if (step != IAVF_RESET_STEP_IMPENDING) {
		stream->steps &= BIT(IAVF_RESET_STEP_STARTED);
	}
	__set_bit(step, &stream->steps);
	stream->causes[step] = cause;
	iavf_vf_news(vf);
}
EXPORT_SYMBOL_GPL(iavf_session_reset);

void iavf_session_changed(struct iavf_session_vf *vf, enum iavf_session_change what)
{
	guard(iavf_session)();

	__set_bit(what, &vf->stream.changed);
	iavf_vf_news(vf);
}
EXPORT_SYMBOL_GPL(iavf_session_changed);

void iavf_session_netdev_ready(struct iavf_session_vf *vf, int err)
{
	guard(iavf_session)();

	__set_bit(IAVF_CHANGE_READY, &vf->stream.changed);
	vf->stream.netdev_err = err;
	iavf_vf_news(vf);
}
EXPORT_SYMBOL_GPL(iavf_session_netdev_ready);

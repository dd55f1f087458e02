// SPDX-License-Identifier: GPL-2.0-only
/* The VFs: registry, lifetime, and what drivers report of them. */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "context.h"

static void iavf_vf_release(struct kref *ref)
{
	struct iavf_session_vf *vf = container_of(ref, struct iavf_session_vf, ref);

	WARN_ON(vf->log.record || !list_empty(&vf->log.entries));
	kfree(vf);
}

bool iavf_vf_enter(struct iavf_session_vf *vf)
{
	if (vf->gone)
		return false;
	vf->users++;
	kref_get(&vf->ref);
	return true;
}

void iavf_vf_unuse(struct iavf_session_vf *vf)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	if (!--vf->users)
		wake_up_all(&vf->idle);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	kref_put(&vf->ref, iavf_vf_release);
}

bool iavf_vf_use_this(struct iavf_session_vf *vf)
{
	unsigned long flags;
	bool exists;

	spin_lock_irqsave(&iavf_session.lock, flags);
	exists = iavf_vf_enter(vf);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return exists;
}

/* The first VF that exists and matches. */
static struct iavf_session_vf *
iavf_vf_find(bool (*match)(const struct iavf_session_vf *vf, const void *key), const void *key)
{
	struct iavf_session_vf *vf, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	list_for_each_entry(vf, &iavf_session.vfs, list) {
		if (!match(vf, key) || !iavf_vf_enter(vf))
			continue;
		found = vf;
		break;
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return found;
}

static bool iavf_vf_has_id(const struct iavf_session_vf *vf, const void *key)
{
	return vf->id == *(const u32 *)key;
}

static bool iavf_vf_is_after(const struct iavf_session_vf *vf, const void *key)
{
	return vf->id > *(const u32 *)key;
}

static bool iavf_vf_has_name(const struct iavf_session_vf *vf, const void *key)
{
	return !strcmp(vf->pci, key);
}

struct iavf_session_vf *iavf_vf_use(u32 id)
{
	return iavf_vf_find(iavf_vf_has_id, &id);
}

struct iavf_session_vf *iavf_vf_use_after(u32 id)
{
	return iavf_vf_find(iavf_vf_is_after, &id);
}

struct iavf_session_vf *iavf_vf_use_named(const char *pci)
{
	return iavf_vf_find(iavf_vf_has_name, pci);
}

/* The list's reference goes; the last one may go here too, but never with a record (see del). */
void iavf_vf_forget(struct iavf_session_vf *vf)
{
	list_del_init(&vf->list);
	list_del_init(&vf->ready);
	kref_put(&vf->ref, iavf_vf_release);
}

void iavf_vf_announce(struct iavf_session_vf *vf)
{
	if (vf->gone)
		return;
	vf->announce = true;
	schedule_work(&iavf_session.announce);
}

/* The one place where the generation of an owner's message is checked. */
int iavf_vf_generation(struct iavf_session_vf *vf, u32 generation, struct netlink_ext_ack *extack)
{
	u32 now = vf->ops->generation(vf->priv);

	if (generation == now)
		return 0;
	iavf_session_stale(vf);
	NL_SET_ERR_MSG_FMT(extack, "generation %u is over, the VF is at %u", generation, now);
	return -ESTALE;
}

void iavf_vf_error(struct iavf_session_vf *vf, int err, const char *message)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	vf->last_errno = err < 0 ? -err : err;
	vf->last_error_at = ktime_get();
	strscpy(vf->last_error, message, sizeof(vf->last_error));
	iavf_vf_announce(vf);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}

void iavf_session_error(struct iavf_session_vf *vf, int err, const char *message)
{
	iavf_vf_error(vf, err, message);
	pr_warn_ratelimited("iavf %s: %s (%d)\n", vf->pci, message, err);
}
EXPORT_SYMBOL_GPL(iavf_session_error);

void iavf_session_stale(struct iavf_session_vf *vf)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	vf->num_stale++;
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}
EXPORT_SYMBOL_GPL(iavf_session_stale);

int iavf_session_add(struct device *dev, const struct iavf_session_ops *ops, void *priv,
		     struct iavf_session_vf **added)
{
	struct iavf_session_vf *vf = kzalloc(sizeof(*vf), GFP_KERNEL);
	unsigned long flags;

	if (!vf)
		return -ENOMEM;
	kref_init(&vf->ref);
	kref_get(&vf->ref);	/* the list's and the driver's */
	strscpy(vf->pci, dev_name(dev), sizeof(vf->pci));
	vf->ops = ops;
	vf->priv = priv;
	vf->generation = ops->generation(priv);
	init_waitqueue_head(&vf->idle);
	init_waitqueue_head(&vf->decided);
	INIT_LIST_HEAD(&vf->ready);
	INIT_LIST_HEAD(&vf->requests);
	iavf_log_init(&vf->log);

	*added = vf;
	spin_lock_irqsave(&iavf_session.lock, flags);
	vf->id = ++iavf_session.next_vf;
	list_add_tail(&vf->list, &iavf_session.vfs);
	iavf_session.changes++;
	iavf_stream_start(vf);
	iavf_vf_announce(vf);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return 0;
}
EXPORT_SYMBOL_GPL(iavf_session_add);

void iavf_session_dying(struct iavf_session_vf *vf)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	vf->dying = true;
	iavf_requests_drop(vf, -ENODEV, "the VF is being removed");
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}
EXPORT_SYMBOL_GPL(iavf_session_dying);

/* Whether the owner knows of the VF and has to hear that it went. */
static bool iavf_vf_was_given(const struct iavf_session_vf *vf)
{
	return iavf_session.owner && vf->stream.stage != IAVF_STAGE_ADD;
}

void iavf_session_del(struct iavf_session_vf *vf)
{
	struct iavf_record *record;
	unsigned long flags;

	iavf_session_dying(vf);
	spin_lock_irqsave(&iavf_session.lock, flags);
	vf->gone = true;
	iavf_session.changes++;
	iavf_owner_wake(vf);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	wait_event(vf->idle, !READ_ONCE(vf->users));

	spin_lock_irqsave(&iavf_session.lock, flags);
	record = iavf_log_destroy(&vf->log);
	/* the list is empty where vf-del was read or a change of owner forgot the VF already */
	if (!list_empty(&vf->list)) {
		if (iavf_vf_was_given(vf))
			iavf_owner_wake(vf);
		else
			iavf_vf_forget(vf);
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);

	iavf_record_put(record);
	iavf_announce_gone(vf);
	kref_put(&vf->ref, iavf_vf_release);
}
EXPORT_SYMBOL_GPL(iavf_session_del);

/* Steps are few: each kind once, in order of the last time it happened. */
static void iavf_stream_step(struct iavf_stream *stream, const struct iavf_step *step)
{
	unsigned int i, kept = 0;

	for (i = 0; i < stream->num_steps; i++) {
		if (stream->steps[i].step != step->step)
			stream->steps[kept++] = stream->steps[i];
	}
	if (step->step == IAVF_RESET_STEP_STARTED)
		kept = 0;	/* says all that the steps before it would */
	stream->steps[kept++] = *step;
	stream->num_steps = kept;
}

void iavf_session_reset(struct iavf_session_vf *vf, u32 generation, enum iavf_reset_step step,
			enum iavf_reset_cause cause)
{
	const struct iavf_step entry = { .generation = generation, .step = step, .cause = cause };
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	if (step == IAVF_RESET_STEP_STARTED) {
		vf->generation = generation;
		vf->degraded[0] = '\0';
		iavf_log_clear(&vf->log);
	}
	iavf_stream_step(&vf->stream, &entry);
	iavf_owner_wake(vf);
	iavf_vf_announce(vf);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}
EXPORT_SYMBOL_GPL(iavf_session_reset);

void iavf_session_changed(struct iavf_session_vf *vf, enum iavf_session_change what)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	__set_bit(what, &vf->stream.changed);
	iavf_owner_wake(vf);
	iavf_vf_announce(vf);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}
EXPORT_SYMBOL_GPL(iavf_session_changed);

void iavf_session_netdev_ready(struct iavf_session_vf *vf, int err)
{
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	vf->stream.netdev_ready = true;
	vf->stream.netdev_err = err;
	iavf_owner_wake(vf);
	iavf_vf_announce(vf);
	spin_unlock_irqrestore(&iavf_session.lock, flags);
}
EXPORT_SYMBOL_GPL(iavf_session_netdev_ready);

bool iavf_session_owned(struct iavf_session_vf *vf)
{
	unsigned long flags;
	bool owned;

	spin_lock_irqsave(&iavf_session.lock, flags);
	owned = iavf_session.owner && !iavf_session.unresponsive && !vf->dying;
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return owned;
}
EXPORT_SYMBOL_GPL(iavf_session_owned);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: a user's call waits for the owner's verdict, on two clocks.
 *
 * Accept, 500 ms: runs only against an owner that is attached and was told all of the VF (vf-sync).
 * A miss makes the session unresponsive: every request fails at once, until one of them, the probe,
 * is answered. Probes come after a hold-off that doubles; once, a sign of life brings the next one
 * forward.
 *
 * Verdict, 2 s or 5 s: from the call on, also while no owner is there: one that ended may come back
 * (its restart takes less than a second), and the next one is given what is undecided.
 *
 * A reset does not end a request: the owner knows what became of it and answers, in the new
 * generation.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>

#include "context.h"

#define IAVF_ACCEPT		msecs_to_jiffies(500)
#define IAVF_VERDICT		msecs_to_jiffies(2000)
#define IAVF_VERDICT_RESET	msecs_to_jiffies(5000)
#define IAVF_GRACE		msecs_to_jiffies(5000)	/* after an owner's end */
#define IAVF_HOLDOFF		msecs_to_jiffies(1000)
#define IAVF_HOLDOFF_MAX	msecs_to_jiffies(32000)

static void iavf_announce_all(void)
{
	struct iavf_session_vf *vf;

	list_for_each_entry(vf, &iavf_session.vfs, list)
		iavf_vf_announce(vf);
}

static void iavf_missed_accept(const struct iavf_wait *wait)
{
	struct iavf_context *session = &iavf_session;

	if (!session->unresponsive) {
		session->unresponsive = true;
		session->early_probe = true;
		session->holdoff = IAVF_HOLDOFF;
		iavf_announce_all();
	} else if (wait->probe) {
		session->holdoff = min(2 * session->holdoff, IAVF_HOLDOFF_MAX);
	} else {
		return;
	}
	session->probe_at = jiffies + session->holdoff;
}

/* The owner read or wrote something: it runs, so the next request may find out more. */
void iavf_owner_alive(void)
{
	struct iavf_context *session = &iavf_session;

	if (!session->unresponsive || !session->early_probe)
		return;
	session->early_probe = false;
	session->probe_at = jiffies;
}

/* The owner took or answered a request. */
static void iavf_owner_answered(void)
{
	if (!iavf_session.unresponsive)
		return;
	iavf_session.unresponsive = false;
	iavf_announce_all();
}

static int iavf_fail(struct iavf_request *req, int err, const char *message)
{
	strscpy(req->message, message, sizeof(req->message));
	return err;
}

/* Fail at once, or 0. */
static int iavf_request_admit(struct iavf_session_vf *vf, struct iavf_wait *wait)
{
	struct iavf_context *session = &iavf_session;

	if (vf->dying)
		return iavf_fail(wait->req, -ENODEV, "the VF is being removed");
	if (!session->owner && !session->owned_before)
		return iavf_fail(wait->req, -ENOTCONN,
				 "iavfd does not run: nothing controls the VF");
	if (!session->owner && time_after(jiffies, session->owner_end + IAVF_GRACE))
		return iavf_fail(wait->req, -ENOTCONN, "iavfd ended: nothing controls the VF");
	if (!session->owner || !session->unresponsive)
		return 0;
	if (session->probing || time_before(jiffies, session->probe_at))
		return iavf_fail(wait->req, -ETIMEDOUT, "iavfd does not answer");
	session->probing = true;
	wait->probe = true;
	return 0;
}

static int iavf_request_begin(struct iavf_session_vf *vf, struct iavf_wait *wait)
{
	unsigned long flags;
	int err;

	wait->start = jiffies;
	spin_lock_irqsave(&iavf_session.lock, flags);
	vf->num_requests++;
	err = iavf_request_admit(vf, wait);
	if (err) {
		vf->num_failed++;
	} else {
		wait->id = ++iavf_session.next_request;
		list_add_tail(&wait->list, &vf->requests);
		iavf_owner_wake(vf);
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return err;
}

static unsigned long iavf_verdict_by(const struct iavf_wait *wait)
{
	return wait->start + (wait->req->resets ? IAVF_VERDICT_RESET : IAVF_VERDICT);
}

/* jiffies of the next clock to run out */
static unsigned long iavf_request_by(const struct iavf_session_vf *vf, const struct iavf_wait *wait)
{
	unsigned long verdict = iavf_verdict_by(wait), accept = wait->start;

	if (!iavf_session.owner || wait->accepted || vf->stream.stage != IAVF_STAGE_LIVE)
		return verdict;
	if (time_after(vf->stream.live_since, accept))
		accept = vf->stream.live_since;
	accept += IAVF_ACCEPT;
	return time_before(accept, verdict) ? accept : verdict;
}

static int iavf_request_expired(struct iavf_wait *wait)
{
	if (!iavf_session.owner)
		return iavf_fail(wait->req, -ENOTCONN, "iavfd ended, and none came back in time");
	if (wait->accepted)
		return iavf_fail(wait->req, -ETIMEDOUT, "no answer from the PF in time");
	iavf_missed_accept(wait);
	return iavf_fail(wait->req, -ETIMEDOUT, "iavfd did not take the request in time");
}

/*
 * Nobody waits any more. Also told where the owner did not read the request: it learns that it is
 * late.
 */
static void iavf_request_cancel(struct iavf_session_vf *vf, u32 id)
{
	struct iavf_stream *stream = &vf->stream;

	if (stream->stage != IAVF_STAGE_LIVE)
		return;
	if (stream->num_cancels == IAVF_CANCELS_MAX)
		memmove(stream->cancels, stream->cancels + 1,
			--stream->num_cancels * sizeof(stream->cancels[0]));
	stream->cancels[stream->num_cancels++] = id;
	iavf_owner_wake(vf);
}

/* Not decided: take it back. err as iavf_request_look() left it. */
static int iavf_request_give_up(struct iavf_session_vf *vf, struct iavf_wait *wait, int err)
{
	list_del(&wait->list);
	iavf_request_cancel(vf, wait->id);
	return err;
}

/*
 * One look at a request with the lock held: true when it is over, with *err; else sleep until *by.
 */
static bool iavf_request_look(struct iavf_session_vf *vf, struct iavf_wait *wait, bool killed,
			      unsigned long *by, int *err)
{
	*err = wait->err;
	if (wait->done)
		return true;
	if (killed) {
		*err = iavf_fail(wait->req, -EINTR, "the caller was killed");
		*err = iavf_request_give_up(vf, wait, *err);
		return true;
	}
	wait->kick = false;
	*by = iavf_request_by(vf, wait);
	if (time_before(jiffies, *by))
		return false;
	*err = iavf_request_give_up(vf, wait, iavf_request_expired(wait));
	return true;
}

static void iavf_request_end(struct iavf_session_vf *vf, const struct iavf_wait *wait, int err)
{
	if (wait->probe)
		iavf_session.probing = false;
	if (err)
		vf->num_failed++;
}

static bool iavf_woken(const struct iavf_wait *wait)
{
	return READ_ONCE(wait->done) || READ_ONCE(wait->kick);
}

static int iavf_request_wait(struct iavf_session_vf *vf, struct iavf_wait *wait)
{
	bool over, killed = false;
	unsigned long flags, by, now;
	int err;

	for (;;) {
		spin_lock_irqsave(&iavf_session.lock, flags);
		over = iavf_request_look(vf, wait, killed, &by, &err);
		if (over)
			iavf_request_end(vf, wait, err);
		spin_unlock_irqrestore(&iavf_session.lock, flags);
		if (over)
			return err;
		now = jiffies;
		if (time_before(now, by))
			killed = wait_event_killable_timeout(vf->decided, iavf_woken(wait),
							     by - now) < 0;
	}
}

static void iavf_request_failed(struct iavf_session_vf *vf, struct iavf_request *req, int err)
{
	if (!req->message[0])
		iavf_fail(req, err, "iavfd refused and gave no reason");
	if (err == -ENODEV || err == -EINTR)
		iavf_vf_error(vf, err, req->message);
	else
		iavf_session_error(vf, err, req->message);
}

/* In use as operations are, so iavf_session_del() waits for the end; dying makes it come. */
int iavf_session_request(struct iavf_session_vf *vf, struct iavf_request *req)
{
	struct iavf_wait wait = { .req = req };
	int err;

	req->message[0] = '\0';
	if (!iavf_vf_use_this(vf))
		return iavf_fail(req, -ENODEV, "the VF is being removed");
	err = iavf_request_begin(vf, &wait);
	if (!err)
		err = iavf_request_wait(vf, &wait);
	if (err)
		iavf_request_failed(vf, req, err);
	iavf_vf_unuse(vf);
	return err;
}
EXPORT_SYMBOL_GPL(iavf_session_request);

static struct iavf_wait *iavf_request_find(struct iavf_session_vf *vf, u32 id,
					   struct netlink_ext_ack *extack)
{
	struct iavf_wait *wait;

	list_for_each_entry(wait, &vf->requests, list) {
		if (wait->id == id)
			return wait;
	}
	NL_SET_ERR_MSG_FMT(extack, "nobody waits for request %u", id);
	return NULL;
}

/* The waiter may be gone as soon as the lock is, so this is the last access. */
static void iavf_request_decide(struct iavf_session_vf *vf, struct iavf_wait *wait, int err,
				const char *message)
{
	if (message)
		iavf_fail(wait->req, err, message);
	wait->err = err;
	list_del(&wait->list);
	WRITE_ONCE(wait->done, true);
	wake_up_all(&vf->decided);
}

int iavf_request_accept(struct iavf_session_vf *vf, u32 id, struct netlink_ext_ack *extack)
{
	struct iavf_wait *wait;
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	iavf_owner_answered();
	wait = iavf_request_find(vf, id, extack);
	if (wait)
		wait->accepted = true;
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return wait ? 0 : -ENOENT;
}

int iavf_request_reply(struct iavf_session_vf *vf, u32 id, int err, const char *message,
		       u32 features, struct netlink_ext_ack *extack)
{
	struct iavf_wait *wait;
	unsigned long flags;

	spin_lock_irqsave(&iavf_session.lock, flags);
	iavf_owner_answered();
	wait = iavf_request_find(vf, id, extack);
	if (wait) {
		wait->req->features_now = features;
		iavf_request_decide(vf, wait, err, message);
	}
	spin_unlock_irqrestore(&iavf_session.lock, flags);
	return wait ? 0 : -ENOENT;
}

struct iavf_wait *iavf_request_ungiven(struct iavf_session_vf *vf)
{
	struct iavf_wait *wait;

	list_for_each_entry(wait, &vf->requests, list) {
		if (!wait->given)
			return wait;
	}
	return NULL;
}

void iavf_requests_kick(struct iavf_session_vf *vf)
{
	struct iavf_wait *wait;

	list_for_each_entry(wait, &vf->requests, list)
		WRITE_ONCE(wait->kick, true);
	wake_up_all(&vf->decided);
}

void iavf_requests_restart(struct iavf_session_vf *vf)
{
	struct iavf_wait *wait;

	list_for_each_entry(wait, &vf->requests, list) {
		wait->given = false;
		wait->accepted = false;
	}
	iavf_requests_kick(vf);
}

void iavf_requests_drop(struct iavf_session_vf *vf, int err, const char *message)
{
	struct iavf_wait *wait, *next;

	list_for_each_entry_safe(wait, next, &vf->requests, list)
		iavf_request_decide(vf, wait, err, message);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: a user's call waits for the owner's verdict, on two clocks. The accept clock runs only
 * against an owner that is attached and was told all of the VF; the verdict clock from the call on,
 * also while no owner is there: the next one is given what is undecided. See README.md.
 */
#include <linux/export.h>
#include <linux/jiffies.h>

#include "context.h"

#define IAVF_ACCEPT		msecs_to_jiffies(500)
#define IAVF_VERDICT		msecs_to_jiffies(2000)
#define IAVF_VERDICT_RESET	msecs_to_jiffies(5000)
#define IAVF_QUICK		msecs_to_jiffies(100)
#define IAVF_GRACE		msecs_to_jiffies(5000)	/* after an owner's end */
#define IAVF_HOLDOFF		msecs_to_jiffies(1000)
#define IAVF_HOLDOFF_MAX	msecs_to_jiffies(32000)

static void iavf_set_unresponsive(bool unresponsive)
{
	struct iavf_session_vf *vf;

	if (iavf_session.unresponsive == unresponsive)
		return;
	iavf_session.unresponsive = unresponsive;
	list_for_each_entry(vf, &iavf_session.vfs, list) {
		iavf_absence_look(vf);
		iavf_vf_announce(vf);
	}
}

static void iavf_missed_accept(const struct iavf_wait *wait)
{
	struct iavf_context *session = &iavf_session;

	if (!session->unresponsive) {
		session->early_probe = true;
		session->holdoff = IAVF_HOLDOFF;
	} else if (session->probe == wait) {
		session->holdoff = min(2 * session->holdoff, IAVF_HOLDOFF_MAX);
	} else {
		return;
	}
	session->probe_at = jiffies + session->holdoff;
	iavf_set_unresponsive(true);
}

/* The owner read or wrote something: it runs, so the next request may find out more. */
void iavf_owner_alive(void)
{
	guard(iavf_session)();

	if (!iavf_session.unresponsive || !iavf_session.early_probe)
		return;
	iavf_session.early_probe = false;
	iavf_session.probe_at = jiffies;
}

static int iavf_fail(struct iavf_request *req, int err, const char *message)
{
	strscpy(req->message, message, sizeof(req->message));
	return err;
}

/* Fail at once, or 0. */
static int iavf_request_admit(const struct iavf_session_vf *vf, struct iavf_wait *wait)
{
	struct iavf_context *session = &iavf_session;

	if (wait->req->quick && (!session->owner || session->unresponsive ||
				 vf->stream.stage != IAVF_STAGE_LIVE))
		return -EAGAIN;
	if (!session->owner && !session->num_sessions)
		return iavf_fail(wait->req, -ENOTCONN,
				 "iavfd does not run: nothing controls the VF");
	if (!session->owner && time_after(jiffies, session->owner_end + IAVF_GRACE))
		return iavf_fail(wait->req, -ENOTCONN, "iavfd ended: nothing controls the VF");
	if (!session->unresponsive)
		return 0;
	if (session->probe || time_before(jiffies, session->probe_at))
		return iavf_fail(wait->req, -ETIMEDOUT, "iavfd does not answer");
	session->probe = wait;
	return 0;
}

/* In use as operations are, so iavf_session_del() waits for the end; dying makes it come. */
static bool iavf_request_begin(struct iavf_session_vf *vf, struct iavf_wait *wait)
{
	guard(iavf_session)();

	if (vf->dying)
		return false;
	vf->users++;
	vf->num_requests++;
	wait->id = ++iavf_session.next_request;
	wait->err = iavf_request_admit(vf, wait);
	if (wait->err)
		return true;
	list_add_tail(&wait->list, &vf->requests);
	iavf_owner_wake(vf);
	return true;
}

/* jiffies until the next clock runs out */
static long iavf_request_left(const struct iavf_session_vf *vf, const struct iavf_wait *wait)
{
	long verdict = wait->req->resets ? IAVF_VERDICT_RESET : IAVF_VERDICT;
	unsigned long accept = wait->start;

	if (wait->req->quick)
		return iavf_session.owner ? (long)(wait->start + IAVF_QUICK - jiffies) : 0;
	verdict -= jiffies - wait->start;
	if (!iavf_session.owner || wait->accepted || vf->stream.stage != IAVF_STAGE_LIVE)
		return verdict;
	if (time_after(vf->stream.live_since, accept))
		accept = vf->stream.live_since;
	return min_t(long, verdict, accept + IAVF_ACCEPT - jiffies);
}

/* A clock ran out, or the caller must go. */
static int iavf_request_given_up(struct iavf_wait *wait, bool killed)
{
	if (killed)
		return iavf_fail(wait->req, -EINTR, "the caller was killed");
	if (wait->req->quick)
		return -ETIMEDOUT;
	if (!iavf_session.owner)
		return iavf_fail(wait->req, -ENOTCONN, "iavfd ended, and none came back in time");
	if (wait->accepted)
		return iavf_fail(wait->req, -ETIMEDOUT, "no answer from the PF in time");
	iavf_missed_accept(wait);
	return iavf_fail(wait->req, -ETIMEDOUT, "iavfd did not take the request in time");
}

/* Nobody waits any more. Also told where the owner did not read the request: that it is late. */
static void iavf_request_cancel(struct iavf_session_vf *vf, u32 id)
{
	struct iavf_owner *owner = iavf_session.owner;

	if (owner && vf->stream.stage == IAVF_STAGE_LIVE &&
	    skb_queue_len(&owner->told) < IAVF_TOLD_MAX)
		iavf_owner_tell(owner, iavf_short_message(IAVF_CMD_REQUEST_CANCEL, vf->id, id,
							  GFP_ATOMIC));
}

/* Jiffies to sleep until the next look, or 0: it is over (in no list), or that is decided here. */
static long iavf_request_look(struct iavf_session_vf *vf, struct iavf_wait *wait, bool killed)
{
	long left;

	guard(iavf_session)();

	if (!list_empty(&wait->list)) {
		left = iavf_request_left(vf, wait);
		if (left > 0 && !killed)
			return left;
		wait->err = iavf_request_given_up(wait, killed);
		list_del(&wait->list);
		iavf_request_cancel(vf, wait->id);
	}
	if (iavf_session.probe == wait)
		iavf_session.probe = NULL;
	if (wait->err && !wait->req->quick)
		vf->num_failed++;
	return 0;
}

int iavf_session_request(struct iavf_session_vf *vf, struct iavf_request *req)
{
	struct iavf_wait wait = { .list = LIST_HEAD_INIT(wait.list), .req = req, .start = jiffies };
	long left = 0;

	req->message[0] = '\0';
	init_completion(&wait.news);
	if (!iavf_request_begin(vf, &wait))
		return iavf_fail(req, -ENODEV, "the VF is being removed");
	while ((left = iavf_request_look(vf, &wait, left < 0)))
		left = wait_for_completion_killable_timeout(&wait.news, left);
	if (wait.err && !req->message[0])
		iavf_fail(req, wait.err, "iavfd refused and gave no reason");
	if (wait.err && wait.err != -ENODEV && !req->quick)
		iavf_session_error(vf, wait.err, req->message);
	iavf_vf_unuse(vf);
	return wait.err;
}
EXPORT_SYMBOL_GPL(iavf_session_request);

/* The waiter may be gone as soon as the lock is. */
static void iavf_request_decide(struct iavf_wait *wait, int err, const char *message)
{
	wait->err = iavf_fail(wait->req, err, message);
	list_del_init(&wait->list);
	complete(&wait->news);
}

static struct iavf_wait *iavf_request_find(struct iavf_session_vf *vf, u32 id)
{
	struct iavf_wait *wait;

	list_for_each_entry(wait, &vf->requests, list) {
		if (wait->id == id)
			return wait;
	}
	return NULL;
}

/* accept or reply; either way the owner works */
int iavf_handle_answer(struct iavf_session_vf *vf, const struct iavf_msg *msg,
		       struct netlink_ext_ack *extack)
{
	struct iavf_wait *wait;

	guard(iavf_session)();

	iavf_set_unresponsive(false);
	wait = iavf_request_find(vf, msg->request);
	if (!wait)
		return iavf_refuse(extack, -ENOENT, "nobody waits for request %u", msg->request);
	wait->accepted = true;
	if (!msg->has_errno)
		return 0;
	wait->req->features_now = msg->features;
	wait->req->has_stats = msg->has_stats;
	wait->req->stats_generation = msg->generation;
	memcpy(wait->req->stats, msg->stats, sizeof(wait->req->stats));
	iavf_request_decide(wait, -(int)msg->errno, msg->message);
	return 0;
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

void iavf_requests_kick(struct iavf_session_vf *vf, bool new_owner)
{
	struct iavf_wait *wait;

	list_for_each_entry(wait, &vf->requests, list) {
		wait->given &= !new_owner;
		wait->accepted &= !new_owner;
		complete(&wait->news);
	}
}

void iavf_session_dying(struct iavf_session_vf *vf)
{
	struct iavf_wait *wait, *next;

	guard(iavf_session)();

	vf->dying = true;
	list_for_each_entry_safe(wait, next, &vf->requests, list)
		iavf_request_decide(wait, -ENODEV, "the VF is being removed");
}
EXPORT_SYMBOL_GPL(iavf_session_dying);

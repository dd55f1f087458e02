// SPDX-License-Identifier: GPL-2.0-or-later
/* The life of a VF: attach, events, resets, and the one step that follows each event. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "internal.h"

struct vf *vf_new(const struct vf_io *io, const struct vf_policy *policy)
{
	int err = vf_policy_check(policy);
	struct vf *vf;

	if (err) {
		errno = -err;
		return NULL;
	}
	vf = calloc(1, sizeof(*vf));
	if (!vf)
		return NULL;
	vf->io = *io;
	vf_policy_take(vf, policy);
	vf->policy.recorded = policy->recorded;
	vf_macs_init(&vf->macs);
	vf_vlans_init(&vf->vlans);
	return vf;
}

void vf_free(struct vf *vf)
{
	if (!vf)
		return;
	vf_fifo_clear(vf);
	vf_macs_free(&vf->macs);
	free(vf);
}

void vf_log(const struct vf *vf, int priority, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vf->io.log(vf->io.ctx, priority, text);
}

bool vf_negotiated(const struct vf *vf)
{
	const struct vf_nego *nego = &vf->nego;

	return nego->res_known && (nego->vlan_done || !(nego->res.caps & VIRTCHNL_CAP_VLAN_V2));
}

bool vf_may_send(const struct vf *vf)
{
	return vf->live && vf->mailbox && !vf->dead && !vf->stale && !vf_recover_holds(vf) &&
	       vf->now >= vf->hold_until && vf->now >= vf->blocked_until;
}

/* What users want */

/*
 * Flags come with what the kernel knows of its rings, which is never behind what it told us
 * before: rings that are not configured although we remember an answer are others.
 */
static void take_flags(struct vf *vf, const struct vf_snapshot *snap)
{
	struct vf_queues *q = &vf->queues;
	bool remembered = q->configured || q->enabled;

	vf_recover_flags(vf);
	vf->snap.rx_flags = snap->rx_flags;
	if (remembered && !snap->configured && !snap->enabled)
		vf_queues_rings_changed(vf);
	if (snap->rx_flags & IAVF_RX_FLAGS_UP)
		q->blocked = false;
	else if (!vf_queues_wanted(vf))
		vf_queues_rings_changed(vf);
}

static void take_features(struct vf *vf)
{
	if (vf->now < vf->features_until)
		return;
	vf->features_until = 0;
	if (vf->features_put_off)
		vf->features = vf->features_news;
	vf->features_put_off = false;
}

/* The kernel will have these. */
void vf_features_answered(struct vf *vf, uint32_t features)
{
	vf->features = features;
	vf->features_until = vf->now + VF_ANSWERED_NS;
	vf->features_put_off = false;
}

static void take_netdev(struct vf *vf, const struct vf_snapshot *snap)
{
	memcpy(vf->snap.ifname, snap->ifname, sizeof(vf->snap.ifname));
	memcpy(vf->snap.mac, snap->mac, 6);
	vf->snap.ifindex = snap->ifindex;
	vf->snap.netns = snap->netns;
	vf->snap.mtu = snap->mtu;
	if (snap->rx_queues)
		vf->snap.rx_queues = snap->rx_queues;
	if (snap->tx_queues)
		vf->snap.tx_queues = snap->tx_queues;
	vf->features_news = snap->features;
	vf->features_put_off = true;
	take_features(vf);
	vf_macs_reported(vf, snap->mac);
	vf_rss_configured(vf, snap->rss_configured);
}

static void take(struct vf *vf, const struct vf_snapshot *snap)
{
	unsigned long have = snap->have;

	if (have & (VF_HAVE_FLAGS | VF_HAVE_ALL))
		take_flags(vf, snap);
	if (have & (VF_HAVE_ADDRESSES | VF_HAVE_ALL))
		vf_macs_want(vf, snap);
	if (have & (VF_HAVE_VLANS | VF_HAVE_ALL))
		vf_vlans_want(vf, snap);
	if (have & (VF_HAVE_NETDEV | VF_HAVE_ALL))
		take_netdev(vf, snap);
	if (have & (VF_HAVE_LINK | VF_HAVE_ALL)) {
		vf->snap.carrier = snap->carrier;
		vf->snap.link_mbps = snap->link_mbps;
	}
}

/* The whole, as at attach or when the netdev is there. */
static void take_all(struct vf *vf, const struct vf_snapshot *snap)
{
	vf->snap = *snap;
	vf->snap.unicast = vf->snap.multicast = NULL;
	vf_macs_want(vf, snap);
	vf_vlans_want(vf, snap);
	vf->netdev = snap->ifindex || snap->state == IAVF_VF_STATE_READY;
	if (!vf->netdev)
		return;
	vf->features = snap->features;
	if (!vf_mac_is_zero(snap->mac))
		vf_macs_set_own(&vf->macs, snap->mac);
}

/* Attach */

void vf_add(struct vf *vf, const struct vf_snapshot *snapshot)
{
	vf->attached = true;
	vf->generation = snapshot->generation;
	vf->seq = snapshot->send_seq;
	vf->recv_seq = snapshot->recv_seq;
	vf->dead = snapshot->state == IAVF_VF_STATE_DEAD;
	vf->mailbox = snapshot->state == IAVF_VF_STATE_MAILBOX ||
		      snapshot->state == IAVF_VF_STATE_READY;
	take_all(vf, snapshot);
	vf->queues.configured = snapshot->configured;
	vf->queues.enabled = snapshot->enabled;
}

void vf_record(struct vf *vf, uint32_t generation, const void *record, size_t len)
{
	if (vf_record_load(vf, generation, record, len))
		vf_log(vf, LOG_WARNING, "the record of the last daemon is not usable");
}

/* Of the rings, the snapshot is right: it is newer than the log, and speaks of those of now. */

static bool in_lists(uint32_t op)
{
	return op == VIRTCHNL_OP_ADD_VLAN_V2 || op == VIRTCHNL_OP_DEL_VLAN_V2 ||
	       op == VIRTCHNL_OP_ADD_VLAN || op == VIRTCHNL_OP_DEL_VLAN;
}

void vf_log_sent(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		 const void *payload, size_t len)
{
	bool configured = vf->queues.configured, enabled = vf->queues.enabled;
	struct vf_msg *msg;

	if (generation != vf->generation)
		return;
	vf->since_record++;
	vf->dirty = true;
	msg = vf_fifo_push(vf, seq, opcode, payload, len);
	if (!msg)
		return;
	msg->bulk = in_lists(opcode);
	vf->fifo.bulk += msg->bulk;
	vf_effect_sent(vf, msg);
	vf->queues.configured = configured;
	vf->queues.enabled = enabled;
}

void vf_log_received(struct vf *vf, uint32_t generation, uint32_t seq, uint32_t opcode,
		     int32_t status, const void *payload, size_t len)
{
	bool configured = vf->queues.configured, enabled = vf->queues.enabled;

	if (generation != vf->generation)
		return;
	vf->dirty = true;
	vf_fifo_reply(vf, opcode, status, payload, len);
	vf->queues.configured = configured;
	vf->queues.enabled = enabled;
}

/* Clocks of what the dead daemon left at the PF start now. */
static void restart_clocks(struct vf *vf)
{
	vf->fifo.progress = vf->now;
	for (unsigned int i = 0; i < vf->fifo.num; i++)
		vf->fifo.msg[i].sent_at = vf->now;
}

void vf_sync(struct vf *vf, uint64_t now)
{
	vf->now = now;
	vf->live = true;
	vf->dirty |= !vf->policy_recorded;
	restart_clocks(vf);
	vf_queues_inherit(vf);
	if (vf_negotiated(vf)) {
		vf->count.adopted++;
		vf_log(vf, LOG_INFO, "adopted, %u messages under way", vf->fifo.waiting);
		/* Requests that waited for a daemon follow at once and change what is wanted. */
		if (vf->netdev)
			vf->hold_until = now + VF_ADOPT_NS;
	}
	if (vf->netdev)		/* newer than the record */
		vf_rss_configured(vf, vf->snap.rss_configured);
	vf_kick(vf);
}

/* Events */

void vf_received(struct vf *vf, uint64_t now, uint32_t generation, uint32_t seq, uint32_t opcode,
		 int32_t status, const void *payload, size_t len)
{
	bool negotiated = vf_negotiated(vf);

	vf->now = now;
	if (generation != vf->generation)
		return;
	vf->count.received++;
	vf->recv_seq = seq;
	vf->dirty = true;
	vf_fifo_reply(vf, opcode, status, payload, len);
	if (!negotiated && vf_negotiated(vf)) {
		vf->count.negotiations++;
		vf->recover.failed = false;
	}
	vf_kick(vf);
}

static void forget_generation(struct vf *vf, uint32_t generation, uint32_t cause)
{
	vf_recover_started(vf, cause);
	vf->generation = generation;
	vf->mailbox = vf->stale = vf->dead = vf->committed = vf->dirty = vf->settled = false;
	vf->hold_until = vf->blocked_until = vf->record_at = 0;
	vf->fewer_refused = false;
	vf->since_record = 0;
	vf_fifo_clear(vf);
	for (unsigned int op = 0; op <= VIRTCHNL_OP_MAX; op++)
		vf->trouble[op].lost = vf->trouble[op].surplus = vf->trouble[op].ghosts = 0;
	vf_nego_reset(&vf->nego);
	memset(vf->slot, 0, sizeof(vf->slot));
	vf_macs_reset(&vf->macs);
	vf_vlans_reset(&vf->vlans);
	vf_queues_reset(vf);
	vf_stats_reset(&vf->stats);
	vf_pairs_reset(vf);
}

void vf_reset_step(struct vf *vf, uint64_t now, uint32_t generation, uint32_t step, uint32_t cause)
{
	vf->now = now;
	switch (step) {
	case IAVF_RESET_STEP_IMPENDING:
		vf_recover_impending(vf);
		break;
	case IAVF_RESET_STEP_STARTED:
		forget_generation(vf, generation, cause);
		break;
	case IAVF_RESET_STEP_READY:
		if (generation != vf->generation)
			forget_generation(vf, generation, cause);
		vf->mailbox = true;
		vf->dead = false;
		vf_recover_ready(vf);
		break;
	case IAVF_RESET_STEP_FAILED:
		vf->mailbox = false;
		vf->dead = true;
		vf_log(vf, LOG_ERR, "the device does not come back from its reset");
		break;
	}
	vf_kick(vf);
}

void vf_changed(struct vf *vf, uint64_t now, const struct vf_snapshot *delta)
{
	vf->now = now;
	take(vf, delta);
	vf_kick(vf);
}

void vf_netdev_ready(struct vf *vf, uint64_t now, int err, const struct vf_snapshot *snapshot)
{
	vf->now = now;
	vf->netdev_asked = false;
	if (err) {
		vf_log(vf, LOG_ERR, "registering the netdev failed: error %d", -err);
		vf->netdev_at = now + (VF_BACKOFF_MIN_NS << vf->netdev_tries);
		vf->netdev_tries += vf->netdev_tries < 9;
	} else {
		take_all(vf, snapshot);
		vf->netdev = true;
		vf->netdev_tries = 0;
	}
	vf_kick(vf);
}

/* The step after each event */

static void advance(struct vf *vf)
{
	if (!vf_negotiated(vf)) {
		vf_negotiate(vf);
		return;
	}
	vf_rss_choose_key(vf);
	if (vf_pairs_reconcile(vf))
		return;
	/* Rings that are there before there were fewer: see vf_queues_granted(). */
	if (!vf->committed || vf_queues_granted(vf) > vf->told.queues)
		vf_commit_now(vf);
	if (!vf->netdev && !vf->netdev_asked && vf->now >= vf->netdev_at && vf_rss_answered(vf))
		vf_netdev_now(vf);
	vf_reconcile(vf);
}

static void fail_hopeless(struct vf *vf)
{
	char why[IAVF_MESSAGE_MAX + 1];

	if (vf->dead) {
		vf_requests_fail(vf, -EIO, "the device does not come back from its reset");
	} else if (vf->recover.failed && vf->recover.wanted && vf->num_requests) {
		virtchnl_sentence(why, sizeof(why), vf->recover.cause.op, vf->recover.cause.status);
		vf_requests_fail(vf, -EIO, why);
	}
}

static enum vf_phase phase(const struct vf *vf)
{
	if (vf->dead || vf->recover.failed || vf->recover.paused_until)
		return VF_PHASE_FAILED;
	if (!vf->live || !vf->mailbox || vf->recover.waiting)
		return VF_PHASE_WAITING;
	if (!vf_negotiated(vf) || !vf->netdev)
		return VF_PHASE_NEGOTIATING;
	return vf->reason[0] ? VF_PHASE_DEGRADED : VF_PHASE_READY;
}

static void tell(struct vf *vf, bool reason_changed)
{
	enum vf_policy_state policy = vf_policy_state(vf);
	enum vf_phase now = phase(vf);

	if (!reason_changed && now == vf->told_phase && vf->settled == vf->told_settled &&
	    policy == vf->told_policy)
		return;
	vf->told_phase = now;
	vf->told_policy = policy;
	vf->told_settled = vf->settled;
	vf->io.changed(vf->io.ctx);
}

static void finish(struct vf *vf)
{
	bool changed = vf_reason_update(vf);

	vf->recommit |= vf->committed &&
			(vf_rss_registers_differ(vf) || vf_commit_differs(vf));

	if ((changed || vf->recommit) && vf->committed && vf_may_send(vf))
		vf_commit_now(vf);
	vf->settled = vf_may_send(vf) && vf_negotiated(vf) && vf->committed && vf->netdev &&
		      !vf->fifo.waiting && !vf->held_back;
	/* Rings that the kernel does not let be configured are no peace. */
	if (vf->settled && !vf->queues.blocked_until)
		vf_recover_settled(vf);
	vf_record_lazy(vf);
	tell(vf, changed);
}

void vf_kick(struct vf *vf)
{
	unsigned int before;

	if (!vf->live)
		return;
	vf->held_back = false;
	vf_recover_run(vf);
	fail_hopeless(vf);
	do {	/* a decision changes what is wanted */
		before = vf->num_requests;
		if (vf_may_send(vf))
			advance(vf);
		if (vf_may_send(vf) && vf_negotiated(vf))
			vf_requests_decide(vf);
	} while (vf->num_requests != before);
	finish(vf);
}

static void expire(uint64_t *at, uint64_t now)
{
	if (now >= *at)
		*at = 0;
}

static void sooner(uint64_t *next, uint64_t at)
{
	if (at && at < *next)
		*next = at;
}

uint64_t vf_run(struct vf *vf, uint64_t now)
{
	uint64_t next = VF_NO_DEADLINE;

	if (!vf->live)
		return VF_NO_DEADLINE;
	vf->now = now;
	expire(&vf->hold_until, now);
	expire(&vf->blocked_until, now);
	expire(&vf->netdev_at, now);
	vf_fifo_timeouts(vf);
	if (vf->record_at && now >= vf->record_at && vf_fifo_trickles(vf))
		vf->record_at = vf->fifo.heard + VF_RECORD_NS;
	else if (vf->record_at && now >= vf->record_at && !vf->fifo.waiting)
		vf_fifo_resolve(vf);
	vf_vlans_expire(vf);
	vf_queues_expire(vf);
	vf_macs_expire(vf);
	take_features(vf);
	vf_kick(vf);
	sooner(&next, vf->hold_until);
	sooner(&next, vf->blocked_until);
	sooner(&next, vf->netdev_at);
	sooner(&next, vf->record_at);
	sooner(&next, vf->vlans.granted_until);
	sooner(&next, vf->queues.blocked_until);
	sooner(&next, vf->macs.answered_until);
	sooner(&next, vf->features_until);
	sooner(&next, vf_recover_deadline(vf));
	sooner(&next, vf_fifo_deadline(vf));
	return next;
}

void vf_get_status(const struct vf *vf, struct vf_status *status)
{
	*status = vf->count;
	status->phase = phase(vf);
	status->reason = vf->reason[0] ? vf->reason : NULL;
	status->snapshot = &vf->snap;
	status->caps = vf->nego.res_known ? vf->nego.res.caps : 0;
	status->rss_table_users = vf->rss.table_users && !vf->rss.table_unclear;
	if (vf->nego.res_known)
		memcpy(status->host_mac, vf->nego.res.mac, sizeof(status->host_mac));
	status->version_major = vf->nego.version.major;
	status->version_minor = vf->nego.version.minor;
	status->in_flight = vf->fifo.waiting;
	status->queued = vf->num_requests;
	status->settled = vf->settled;
	status->attempts = vf_recover_attempts(vf);
	status->next_attempt = vf_recover_next(vf);
}

void vf_get_grant_status(const struct vf *vf, struct vf_grant_status *status)
{
	*status = (struct vf_grant_status) {
		.pf_budget = vf->grant.budget_known ? vf->grant.budget : UINT32_MAX,
	};
	vf_vlans_count(vf, status);
	vf_rss_show(vf, status);
}

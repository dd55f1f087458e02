// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What users wait for. A pending request is part of what is wanted, so the reconciler works on it;
 * here is decided when it is granted or refused. A refused one stops being wanted, and the
 * reconciler takes back what was done of it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "internal.h"

#define STRIPS	(IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_STAG_STRIP)
#define FILTERS	(IAVF_FEATURES_VLAN_CTAG_FILTER | IAVF_FEATURES_VLAN_STAG_FILTER)
#define INSERTS	(IAVF_FEATURES_VLAN_CTAG_INSERT | IAVF_FEATURES_VLAN_STAG_INSERT)

const struct vf_request *vf_request_pending(const struct vf *vf, uint32_t kind)
{
	for (unsigned int i = vf->num_requests; i-- > 0;) {
		if (vf->request[i].kind == kind)
			return &vf->request[i];
	}
	return NULL;
}

uint32_t vf_features_wanted(const struct vf *vf)
{
	uint32_t features = vf->features;

	for (unsigned int i = 0; i < vf->num_requests; i++) {
		const struct vf_request *req = &vf->request[i];

		if (req->kind == IAVF_REQUEST_KIND_SET_FEATURES)
			features = (features & ~req->features) | (req->wanted & req->features);
	}
	return features;
}

static bool about_rss(const struct vf_request *req)
{
	return req->kind == IAVF_REQUEST_KIND_SET_RSS ||
	       req->kind == IAVF_REQUEST_KIND_SET_RSS_FIELDS;
}

/* Of RSS the kernel shows what is wanted, if acknowledged: what was wanted before counts again. */
static void forget(struct vf *vf, unsigned int i)
{
	vf->recommit |= vf->committed && about_rss(&vf->request[i]);
	vf->recover.flags_due |= vf->request[i].kind == IAVF_REQUEST_KIND_RECONFIGURE;
	vf->num_requests--;
	memmove(&vf->request[i], &vf->request[i + 1],
		(vf->num_requests - i) * sizeof(vf->request[0]));
}

/*
 * The request is gone afterwards, unless there was a reset that we are still to hear of (-ESTALE):
 * then the kernel goes on waiting, for an answer of the next generation.
 */
static int reply(struct vf *vf, unsigned int i, int err, const char *message, uint32_t features)
{
	int result = vf->io.reply(vf->io.ctx, vf->generation, vf->request[i].id, err, message,
				  features);

	if (result == -ESTALE)
		vf->stale = true;
	else
		forget(vf, i);
	return result;
}

/* true: the user heard it. */
static bool answer(struct vf *vf, unsigned int i, int err, const char *message, uint32_t features)
{
	return !reply(vf, i, err, message, features);
}

static void refuse(struct vf *vf, unsigned int i, const struct vf_refusal *refusal)
{
	char message[IAVF_MESSAGE_MAX + 1];

	virtchnl_sentence(message, sizeof(message), refusal->op, refusal->status);
	answer(vf, i, virtchnl_errno(refusal->op, refusal->status), message, vf->features);
}

/* Each: true when the request was decided and is gone. */

static bool decide_queues(struct vf *vf, unsigned int i)
{
	struct vf_request req = vf->request[i];

	if (vf->queues.refused) {
		vf_policy_queues_refused(vf, &req);
		refuse(vf, i, &vf->queues.refusal);
		return true;
	}
	if (!vf_queues_running(vf))
		return false;
	if (answer(vf, i, 0, NULL, 0)) {
		vf->snap.rx_flags |= IAVF_RX_FLAGS_UP;
		if (req.queues) {
			vf->snap.rx_queues = req.rx_queues;
			vf->snap.tx_queues = req.tx_queues;
		}
		if (req.mtu)
			vf->snap.mtu = req.mtu;
	}
	return true;
}

static bool decide_mac(struct vf *vf, unsigned int i)
{
	struct vf_request req = vf->request[i];
	int verdict = vf_macs_verdict(vf, req.mac);

	if (!(vf->nego.res.caps & VIRTCHNL_CAP_L2)) {
		answer(vf, i, -EOPNOTSUPP, "PF does not let this VF change addresses", 0);
		return true;
	}
	if (verdict < 0 && vf_macs_full(vf)) {
		answer(vf, i, -ENOSPC, "PF has no room for one more address; remove a secondary one",
		       0);
		return true;
	}
	if (verdict < 0) {
		refuse(vf, i, &vf->macs.own_refusal);
		return true;
	}
	if (!verdict)
		return false;
	if (answer(vf, i, 0, NULL, 0)) {
		vf_macs_answered(vf, req.mac);
		memcpy(vf->snap.mac, req.mac, 6);
	}
	return true;
}

static bool refuse_vlan_early(struct vf *vf, unsigned int i, int t)
{
	const struct vf_request *req = &vf->request[i];
	char message[IAVF_MESSAGE_MAX + 1];

	if (t < 0 || !vf->grant.filter[t] || req->vid > 4095) {
		answer(vf, i, -EOPNOTSUPP, "PF has no filters for this kind of VLAN", 0);
		return true;
	}
	if (!vf_vlans_allowed(vf, t, req->vid)) {
		answer(vf, i, -EPERM, "VLAN not allowed on this VF by iavfd's configuration", 0);
		return true;
	}
	if (vf_vlans_over_policy(vf, req->tpid, req->vid)) {
		snprintf(message, sizeof(message),
			 "iavfd's configuration allows %u VLANs on this VF, and it has them",
			 vf->policy.vlan_budget);
		answer(vf, i, -ENOSPC, message, 0);
		return true;
	}
	if (vf_vlans_verdict(vf, req->tpid, req->vid) > 0 || vf_trust_pending(vf) ||
	    !vf_vlans_full(vf, req->tpid, req->vid))
		return false;
	snprintf(message, sizeof(message), "PF takes %u VLANs of this VF and has them",
		 vf->grant.budget);
	answer(vf, i, -ENOSPC, message, 0);
	return true;
}

static bool decide_vlan(struct vf *vf, unsigned int i)
{
	struct vf_request req = vf->request[i];
	int t = vf_vlans_index(req.tpid), verdict;

	if (!req.vid) {
		answer(vf, i, 0, NULL, 0);
		return true;
	}
	if (refuse_vlan_early(vf, i, t))
		return true;
	verdict = vf_vlans_verdict(vf, req.tpid, req.vid);
	if (verdict < 0) {
		refuse(vf, i, &vf->vlans.refusal);
		return true;
	}
	if (!verdict)
		return false;
	if (answer(vf, i, 0, NULL, 0))
		vf_vlans_granted(vf, req.tpid, req.vid);
	return true;
}

/* Every VLAN of a type is to be received: one that the PF cannot, or may not. */
static bool refuse_open(struct vf *vf, unsigned int i, int t)
{
	const char *name = t ? "rx-vlan-stag-filter" : "rx-vlan-filter";
	unsigned int others = vf_vlans_wanted_of(vf, !t), budget = vf->grant.budget;
	const struct vf_policy *policy = &vf->policy;
	char message[IAVF_MESSAGE_MAX + 1];

	if (!vf_vlans_all_allowed(vf, t)) {
		answer(vf, i, -EPERM, "iavfd's configuration does not allow every VLAN on this VF",
		       vf->features);
		return true;
	}
	if (policy->vlan_budgeted &&
	    (policy->vlan_budget < VF_VIDS || policy->vlan_budget < vf_vlans_users(vf))) {
		snprintf(message, sizeof(message),
			 "%s off takes %u VLANs, iavfd's configuration allows %u", name, VF_VIDS,
			 policy->vlan_budget);
		answer(vf, i, -EPERM, message, vf->features);
		return true;
	}
	if (vf_vlans_may_open(vf, t) < 0)
		snprintf(message, sizeof(message),
			 "%s off takes %u VLANs, PF takes %u of this VF: trust it", name, VF_VIDS,
			 budget);
	else if (!vf->grant.open_empty && vf->grant.budget_known && budget >= VF_VIDS &&
		 budget < VF_VIDS + others)
		snprintf(message, sizeof(message), "%s off leaves %u VLANs, %u are in use", name,
			 budget - VF_VIDS, others);
	else
		return false;
	answer(vf, i, -ENOSPC, message, vf->features);
	return true;
}

static bool refuse_features(struct vf *vf, unsigned int i)
{
	const struct vf_request req = vf->request[i];
	const char *why = NULL;

	if (req.features & req.wanted & ~vf->grant.features)
		why = "PF does not grant this offload";
	else if (req.features & vf->grant.fixed & ~req.wanted)
		why = "PF does not let this VF switch this off";
	if (why) {
		answer(vf, i, -EOPNOTSUPP, why, vf->features);
		return true;
	}
	for (int t = 0; t < 2; t++) {
		if (req.features & ~req.wanted & vf->grant.features & vf_vlans_filter(t) &&
		    refuse_open(vf, i, t))
			return true;
	}
	return false;
}

/* As of a slot: 1 done, 0 not yet, -1 refused. */
static int filters_verdict(const struct vf *vf, const struct vf_request *req)
{
	int all = 1;

	for (int t = 0; t < 2; t++) {
		int one = req->features & vf_vlans_filter(t) ? vf_vlans_filter_verdict(vf, t) : 1;

		all = one < all ? one : all;
	}
	return all;
}

static int features_verdict(const struct vf *vf, const struct vf_request *req,
			    const struct vf_refusal **why)
{
	int filters = filters_verdict(vf, req);
	int strip = req->features & STRIPS ? vf_slot_verdict(vf, VF_SLOT_STRIP) : 1;
	int insert = req->features & INSERTS ? vf_slot_verdict(vf, VF_SLOT_INSERT) : 1;

	if (filters < 0)
		*why = &vf->vlans.refusal;
	else if (strip < 0 || insert < 0)
		*why = &vf->slot[strip < 0 ? VF_SLOT_STRIP : VF_SLOT_INSERT].refusal;
	if (*why)
		return -1;
	return filters && strip && insert;
}

static void grant_features(struct vf *vf, unsigned int i)
{
	const struct vf_request req = vf->request[i];
	uint32_t now = (vf->features & ~req.features) | (req.wanted & req.features);
	uint32_t off = req.features & ~req.wanted & FILTERS;

	/* The kernel answers VLANs by itself: first what is left, while the request still counts. */
	if (req.features & FILTERS)
		vf_commit_now(vf);
	if (!answer(vf, i, 0, NULL, now)) {
		vf->recommit |= !!(req.features & FILTERS);
		return;
	}
	vf_features_answered(vf, now);
	if (off && vf->grant.open_empty)
		vf_log(vf, LOG_NOTICE,
		       "VLAN filter off: the host's spoof check, if on, lets no tagged frame out");
}

static bool decide_features(struct vf *vf, unsigned int i)
{
	const struct vf_refusal *why = NULL;
	int verdict;

	if (refuse_features(vf, i))
		return true;
	verdict = features_verdict(vf, &vf->request[i], &why);
	if (verdict < 0)
		refuse(vf, i, why);
	else if (verdict > 0)
		grant_features(vf, i);
	return verdict;
}

static void say_policy_queues(const struct vf *vf, char message[IAVF_MESSAGE_MAX + 1])
{
	snprintf(message, IAVF_MESSAGE_MAX + 1,
		 "iavfd's configuration allows %u queue pairs on this VF", vf->policy.max_queues);
}

static bool decide_more(struct vf *vf, unsigned int i)
{
	int verdict = vf_pairs_verdict(vf, vf->request[i].queues);
	const struct vf_pairs *p = &vf->pairs;
	char message[IAVF_MESSAGE_MAX + 1];

	if (!verdict)
		return false;
	if (vf->request[i].queues > vf_policy_queues(vf)) {
		say_policy_queues(vf, message);
		answer(vf, i, -EPERM, message, 0);
		return true;
	}
	if (verdict > 0) {
		answer(vf, i, 0, NULL, 0);
		return true;
	}
	if (p->refusal.op) {
		refuse(vf, i, &p->refusal);
		return true;
	}
	if (p->refused)
		snprintf(message, sizeof(message), "PF can give this VF %u queue pairs",
			 p->possible);
	else
		snprintf(message, sizeof(message), "PF grants %u queue pairs%s",
			 vf->nego.res.queues, p->tries ? ", whatever it is asked for" : "");
	answer(vf, i, -ENOSPC, message, 0);
	return true;
}

/* Whether a reconfigure would be taken; answered at once, the queues still run. */
static void answer_prepare(struct vf *vf, const struct vf_request *req)
{
	const struct virtchnl_resources *res = &vf->nego.res;
	char message[IAVF_MESSAGE_MAX + 1] = "";

	if (vf->nego.res_known && req->queues > res->queues)
		snprintf(message, sizeof(message), "PF grants %u queue pairs", res->queues);
	else if (req->queues > vf_policy_queues(vf))
		say_policy_queues(vf, message);
	else if (vf->nego.res_known && req->mtu > res->mtu)
		snprintf(message, sizeof(message), "PF allows an MTU of %u", res->mtu);
	vf->io.reply(vf->io.ctx, vf->generation, req->id, message[0] ? -EINVAL : 0,
		     message[0] ? message : NULL, vf->features);
}

static bool decide_stats(struct vf *vf, unsigned int i)
{
	if (!vf_stats_decide(vf, vf->request[i].id))
		return false;
	forget(vf, i);
	return true;
}

bool vf_request_wants_record(const struct vf *vf)
{
	return vf_rss_urgent(vf);
}

/*
 * What users want of RSS is in the record only: it is there before the answer, else who dies right
 * after it takes it along. The kernel shows what it was told before the answer.
 */
static bool accept_rss(struct vf *vf, unsigned int i)
{
	struct vf_rss before = vf->rss;

	if (!vf_fifo_quiet(&vf->fifo))
		return false;
	vf->rss = vf->rss_asked;
	if (vf->recommit || vf_rss_registers_differ(vf))
		vf_commit_now(vf);
	vf_record_save(vf);
	if (answer(vf, i, 0, NULL, 0)) {
		vf->recommit = false;
		return true;
	}
	vf->rss = before;
	vf->dirty = true;
	return true;
}

static bool decide_rss(struct vf *vf, unsigned int i)
{
	struct vf_refusal refusal;
	const char *why;
	int verdict, err = vf_rss_check(vf, &vf->request[i], &why);

	if (err) {
		answer(vf, i, err, why, 0);
		return true;
	}
	verdict = vf_rss_verdict(vf, &vf->request[i], &refusal);
	if (verdict < 0)
		refuse(vf, i, &refusal);
	return verdict < 0 || (verdict && accept_rss(vf, i));
}

static bool decide(struct vf *vf, unsigned int i)
{
	switch (vf->request[i].kind) {
	case IAVF_REQUEST_KIND_OPEN:
	case IAVF_REQUEST_KIND_RECONFIGURE:
		return decide_queues(vf, i);
	case IAVF_REQUEST_KIND_SET_MAC:
		return decide_mac(vf, i);
	case IAVF_REQUEST_KIND_VLAN_ADD:
		return decide_vlan(vf, i);
	case IAVF_REQUEST_KIND_SET_FEATURES:
		return decide_features(vf, i);
	case IAVF_REQUEST_KIND_STATS:
		return decide_stats(vf, i);
	case IAVF_REQUEST_KIND_MORE_QUEUES:
		return decide_more(vf, i);
	case IAVF_REQUEST_KIND_SET_RSS:
	case IAVF_REQUEST_KIND_SET_RSS_FIELDS:
		return decide_rss(vf, i);
	}
	answer(vf, i, -EOPNOTSUPP, "iavfd does not know this request", 0);
	return true;
}

void vf_requests_decide(struct vf *vf)
{
	for (unsigned int i = 0; i < vf->num_requests && !vf->stale;) {
		if (!decide(vf, i))
			i++;
	}
}

void vf_requests_fail(struct vf *vf, int err, const char *message)
{
	while (vf->num_requests && reply(vf, 0, err, message, vf->features) != -ESTALE)
		;
}

static bool about_queues(const struct vf_request *req)
{
	return req->kind == IAVF_REQUEST_KIND_OPEN || req->kind == IAVF_REQUEST_KIND_RECONFIGURE;
}

/* What was refused before is tried again, because somebody asks for it. */
static void retry(struct vf *vf, const struct vf_request *req)
{
	switch (req->kind) {
	case IAVF_REQUEST_KIND_SET_MAC:
		memset(vf->macs.own_refused, 0, 6);
		break;
	case IAVF_REQUEST_KIND_VLAN_ADD:
		vf_vlans_retry(vf, req->tpid, req->vid);
		break;
	case IAVF_REQUEST_KIND_SET_FEATURES:
		vf->slot[VF_SLOT_STRIP].refused = 0;
		vf->slot[VF_SLOT_INSERT].refused = 0;
		for (int t = 0; t < 2; t++) {
			if (req->features & vf_vlans_filter(t))
				vf_vlans_filter_retry(vf, t);
		}
		break;
	case IAVF_REQUEST_KIND_STATS:
		vf_stats_asked(&vf->stats);
		break;
	case IAVF_REQUEST_KIND_MORE_QUEUES:
		vf_pairs_retry(vf);
		break;
	}
	if (!about_queues(req))
		return;
	vf_rss_configured(vf, req->rss_configured);
	vf->slot[VF_SLOT_IRQ_MAP].refused = 0;
	vf_queues_requested(vf);
}

/*
 * A person, who does not wait for our pauses. A reconfigure comes behind the question whether it
 * may (prepare), or of limits of ours, which the kernel would else apply in a loop.
 */
static bool asked_by_somebody(const struct vf_request *req)
{
	return req->kind != IAVF_REQUEST_KIND_STATS && req->kind != IAVF_REQUEST_KIND_RECONFIGURE;
}

void vf_requested(struct vf *vf, uint64_t now, const struct vf_request *request)
{
	vf->now = now;
	if (vf->io.accept(vf->io.ctx, request->id))
		return;		/* nobody waits any more */
	if (asked_by_somebody(request))
		vf_recover_asked(vf);
	if (request->kind == IAVF_REQUEST_KIND_PREPARE) {
		answer_prepare(vf, request);
		vf_kick(vf);
		return;
	}
	if (vf->num_requests == VF_REQUESTS) {
		vf->io.reply(vf->io.ctx, vf->generation, request->id, -EBUSY,
			     "too many requests at once for one VF", vf->features);
		return;
	}
	if (request->kind == IAVF_REQUEST_KIND_SET_MAC && !vf_mac_is_unicast(request->mac)) {
		vf->io.reply(vf->io.ctx, vf->generation, request->id, -EADDRNOTAVAIL,
			     "not an address that a VF can have", vf->features);
		return;
	}
	if (about_rss(request) && vf_rss_ask(vf, request)) {
		vf->io.reply(vf->io.ctx, vf->generation, request->id, -EBUSY,
			     "another change of RSS waits for the PF", vf->features);
		return;
	}
	retry(vf, request);
	vf->request[vf->num_requests] = *request;
	if (!request->rx_queues || !request->tx_queues) {
		vf->request[vf->num_requests].rx_queues = request->queues;
		vf->request[vf->num_requests].tx_queues = request->queues;
	}
	vf->request[vf->num_requests].rss_key = vf->request[vf->num_requests].rss_lut = NULL;
	vf->num_requests++;
	vf->hold_until = 0;
	vf_kick(vf);
}

/* One that we never saw is over because we were late: who accepts something answers again. */
void vf_cancelled(struct vf *vf, uint64_t now, uint32_t id)
{
	unsigned int i = 0;

	vf->now = now;
	while (i < vf->num_requests && vf->request[i].id != id)
		i++;
	if (i < vf->num_requests)
		forget(vf, i);
	else
		vf->io.accept(vf->io.ctx, id);
	vf_kick(vf);
}

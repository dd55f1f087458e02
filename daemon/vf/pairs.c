// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * More queue pairs than the PF grants by itself (REQUEST_QUEUES). The PF answers only when it
 * refuses; else it resets the VF, and the next negotiation shows them. So what is known here
 * outlives resets, until there is as much as is wanted.
 *
 * Wanted is what a user waits for, and what the netdev has, or is to have at first: without a user
 * that is asked for before the kernel is told of the grant, because it would give queues up then.
 */
#include <string.h>

#include "internal.h"

#define TRIES_MAX	2	/* unanswered, or granted and not given */

/* Survives resets, but what is under way does not. */
void vf_pairs_reset(struct vf *vf)
{
	vf->pairs.busy = false;
}

void vf_pairs_retry(struct vf *vf)
{
	vf->pairs = (struct vf_pairs) { .busy = vf->pairs.busy };
}

static bool may_ask(const struct vf *vf)
{
	return vf->nego.res.caps & VIRTCHNL_CAP_REQ_QUEUES;
}

unsigned int vf_pairs_possible(const struct vf *vf)
{
	unsigned int granted = vf_queues_granted(vf), max = vf->snap.max_queues;

	if (vf->policy.max_queues && vf->policy.max_queues < max)
		max = vf->policy.max_queues;
	/* More than virtchnl can name the kernel would refuse in a commit. */
	if (max > VIRTCHNL_MAX_QUEUES)
		max = VIRTCHNL_MAX_QUEUES;
	return may_ask(vf) && max > granted ? max : granted;
}

static unsigned int unasked(const struct vf *vf)
{
	const struct vf_pairs *p = &vf->pairs;
	unsigned int n = vf->snap.default_queues;

	if (vf->committed)
		return 0;
	if (vf->netdev)
		n = vf->snap.rx_queues > vf->snap.tx_queues ? vf->snap.rx_queues :
							      vf->snap.tx_queues;
	if (vf->policy.max_queues && vf->policy.max_queues < n)
		n = vf->policy.max_queues;
	/* Better some more than none. */
	return p->refused && n >= p->refused && p->possible < p->refused ? p->possible : n;
}

static unsigned int wanted(const struct vf *vf)
{
	const struct vf_request *req = vf_request_pending(vf, IAVF_REQUEST_KIND_MORE_QUEUES);

	return req ? req->queues : unasked(vf);
}

static bool hopeless(const struct vf *vf, unsigned int n)
{
	const struct vf_pairs *p = &vf->pairs;

	return (p->refused && n >= p->refused) || (!p->busy && p->tries >= TRIES_MAX);
}

bool vf_pairs_reconcile(struct vf *vf)
{
	struct vf_out out = { .op = VIRTCHNL_OP_REQUEST_QUEUES };
	struct vf_pairs *p = &vf->pairs;
	unsigned int n = wanted(vf);

	if (n <= vf->nego.res.queues) {
		if (n)
			vf_pairs_retry(vf);
		return false;
	}
	if (n > vf_pairs_possible(vf) || hopeless(vf, n))
		return false;
	if (!p->busy) {
		out.len = virtchnl_put_request_queues(out.data, sizeof(out.data), n);
		vf_send(vf, &out, vf->num_requests, false);
	}
	return !vf->committed;
}

void vf_pairs_sent(struct vf *vf)
{
	vf->pairs.busy = true;
	vf->pairs.tries++;
}

void vf_pairs_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status,
		   const void *reply, size_t len)
{
	struct vf_pairs *p = &vf->pairs;
	uint16_t asked, possible;

	p->busy = false;
	p->refusal = (struct vf_refusal) { 0 };
	if (outcome == VF_LOST) {
		p->refusal = (struct vf_refusal) { msg->op, VIRTCHNL_STATUS_NO_ANSWER };
		return;
	}
	if (virtchnl_get_request_queues(msg->payload, msg->len, &asked))
		return;
	p->refused = asked;
	p->possible = vf->nego.res.queues;
	if (outcome == VF_REFUSED)
		p->refusal = (struct vf_refusal) { msg->op, status };
	else if (!virtchnl_get_request_queues(reply, len, &possible) && possible < asked)
		p->possible = possible;
}

/* 1: n pairs are there, 0: not yet, -1: they will not be. */
int vf_pairs_verdict(const struct vf *vf, unsigned int n)
{
	if (n > vf_policy_queues(vf))
		return -1;
	if (n <= vf->nego.res.queues)
		return vf->committed;
	return n > vf_pairs_possible(vf) || hopeless(vf, n) ? -1 : 0;
}

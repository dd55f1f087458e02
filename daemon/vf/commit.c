// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel is told of a negotiation: limits, the netdev, and what the host changed under
 * it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "internal.h"

#define KERNEL_PF	32

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static unsigned int most(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

/* By the PF, whatever the policy says. */
static unsigned int queues_given(const struct vf *vf)
{
	unsigned int n = least(vf->nego.res.queues, VF_KERNEL_QUEUES);

	return vf->snap.max_queues ? least(n, vf->snap.max_queues) : n;
}

/* Of the rings that the kernel has for a request, which may be older than the policy. */
static unsigned int queues_at_stake(const struct vf *vf)
{
	const struct vf_request *req = vf_request_pending(vf, IAVF_REQUEST_KIND_RECONFIGURE);

	if (req && req->rx_queues && req->tx_queues)
		return most(req->rx_queues, req->tx_queues);
	if (!req && !vf_request_pending(vf, IAVF_REQUEST_KIND_OPEN))
		return 0;
	return most(vf->snap.rx_queues, vf->snap.tx_queues);
}

/*
 * While rings that exist are more than the policy lets the kernel have, they are granted: it could
 * not use them else, and would wait for that with rtnl held. It is to have fewer when that is over.
 */
unsigned int vf_queues_granted(const struct vf *vf)
{
	unsigned int n = queues_given(vf);

	if (!vf->policy.max_queues)
		return n;
	if (vf->fewer_refused)
		return least(n, most(vf->policy.max_queues, vf_policy_queues(vf)));
	return least(n, most(vf->policy.max_queues, queues_at_stake(vf)));
}

/* What runs is the kernel's to change: fewer than granted are its next rings. */
static unsigned int in_use(const struct vf *vf, unsigned int n)
{
	if (vf->netdev && n)
		return least(n, queues_given(vf));
	n = vf_queues_granted(vf);
	return vf->snap.default_queues ? least(vf->snap.default_queues, n) : n;
}

/* In use, or to be: a request that changes it counts. */
unsigned int vf_rx_queues(const struct vf *vf)
{
	const struct vf_request *req = vf_request_pending(vf, IAVF_REQUEST_KIND_RECONFIGURE);

	return in_use(vf, req && req->rx_queues ? req->rx_queues : vf->snap.rx_queues);
}

unsigned int vf_tx_queues(const struct vf *vf)
{
	const struct vf_request *req = vf_request_pending(vf, IAVF_REQUEST_KIND_RECONFIGURE);

	return in_use(vf, req && req->tx_queues ? req->tx_queues : vf->snap.tx_queues);
}

unsigned int vf_num_vectors(const struct vf *vf)
{
	return vf->snap.vectors ? least(vf->snap.vectors, vf->nego.res.vectors)
				: vf->nego.res.vectors;
}

/*
 * The host gave another address since: it wins. Else the PF only remembers an old one, or one of
 * ours.
 */
static void follow_host(struct vf *vf)
{
	struct vf_macs *macs = &vf->macs;
	const uint8_t *host = vf->nego.res.mac;
	bool news =
		(!macs->host_known || memcmp(macs->host, host, 6)) && !vf_macs_asked(macs, host);

	memcpy(macs->host, host, 6);
	macs->host_known = true;
	if (vf_mac_is_zero(host) || !memcmp(host, macs->own, 6) || !news)
		return;
	if (vf->netdev)
		vf->io.netdev_update(vf->io.ctx, vf->generation, host, 0);
	vf_macs_set_own(macs, host);
}

static void follow_mtu(struct vf *vf)
{
	if (vf->netdev && vf->snap.max_mtu && vf->nego.res.mtu < vf->snap.max_mtu)
		vf->io.netdev_update(vf->io.ctx, vf->generation, NULL, vf->nego.res.mtu);
}

/* VLAN devices stay. Whether they work without is the PF's business: see reason.c. */
static void tell_dropped_vlans(const struct vf *vf)
{
	const uint8_t *asked[2] = { vf->snap.vlan_ctag, vf->snap.vlan_stag };
	unsigned int n = 0;

	for (int t = 0; t < 2; t++) {
		for (unsigned int i = 0; i < VF_VLAN_BYTES && !vf->grant.filter[t]; i++)
			n += __builtin_popcount(asked[t][i]);
	}
	if (n)
		vf_log(vf, LOG_WARNING, "PF no longer filters %u of the VLANs of this VF", n);
}

/* Filters that are off, but may not be any more. */
static uint32_t filters_to_switch_on(const struct vf *vf)
{
	uint32_t on = 0;

	for (int t = 0; t < 2; t++) {
		if (vf->grant.filter[t] && !(vf->features & vf_vlans_filter(t)) &&
		    vf_vlans_may_open(vf, t) < 0)
			on |= vf_vlans_filter(t);
	}
	return on;
}

static struct vf_told to_tell(const struct vf *vf)
{
	struct vf_told told = {
		.queues = vf_queues_granted(vf), .possible_queues = vf_pairs_possible(vf),
		.features_on = filters_to_switch_on(vf), .policy = vf->policy_number,
	};

	told.vlan_budget_known = vf_vlans_budget(vf, &told.vlan_budget);
	return told;
}

/*
 * While a filter is about to be switched the budget is as for both outcomes; who grants it tells
 * it. What has to be on is told once.
 */
bool vf_commit_differs(const struct vf *vf)
{
	const struct vf_told *old = &vf->told, now = to_tell(vf);

	if (now.queues != old->queues || now.possible_queues != old->possible_queues ||
	    now.policy != old->policy || now.features_on & ~old->features_on)
		return true;
	if (vf_request_pending(vf, IAVF_REQUEST_KIND_SET_FEATURES))
		return false;
	return now.vlan_budget_known != old->vlan_budget_known ||
	       now.vlan_budget != old->vlan_budget;
}

#define CTAG_STRIP	IAVF_FEATURES_VLAN_CTAG_STRIP
#define STAG_STRIP	IAVF_FEATURES_VLAN_STAG_STRIP
#define CTAG_OFFLOAD	(CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT)
#define STAG_OFFLOAD	(STAG_STRIP | IAVF_FEATURES_VLAN_STAG_INSERT)

/* What was not granted before the kernel switches on, as it did at first, but not against rules. */
static void follow_grant(struct vf *vf)
{
	uint32_t news = vf->grant.features & ~vf->snap.features_granted & ~IAVF_FEATURES_KEEP_CRC;

	vf->snap.features_granted = vf->grant.features;
	if (!vf->netdev && !vf->netdev_asked)
		vf->features = vf->grant.features;	/* what the kernel switches on at first */
	if (!vf->netdev || !news)
		return;
	if (vf->features & IAVF_FEATURES_KEEP_CRC)
		news &= ~(CTAG_STRIP | STAG_STRIP);
	if ((vf->features | news) & CTAG_OFFLOAD)
		news &= ~STAG_OFFLOAD;
	vf_features_answered(vf, vf->features | news);
}

static void put_pf(const struct vf *vf, struct vf_commit *commit, char *text)
{
	static const char *const trust[] = {
		[VF_TRUST_NO] = ", not trusted", [VF_TRUST_YES] = ", trusted",
	};
	const char *word = trust[vf_trust(vf)];

	snprintf(text, KERNEL_PF, "virtchnl %u.%u%s", vf->nego.version.major & 0xff,
		 vf->nego.version.minor & 0xff, word ? word : "");
	commit->pf = text;
}

static void commit(struct vf *vf)
{
	struct vf_told told = to_tell(vf);
	struct vf_commit commit = {
		.vsi_id = vf->nego.res.vsi_id,
		.queues = told.queues,
		.possible_queues = told.possible_queues,
		.max_vectors = vf->nego.res.vectors,
		.max_mtu = vf->nego.res.mtu,
		.features = vf->grant.features,
		.tx_tag = vf->grant.tx_tag,
		.rx_tag = vf->grant.rx_tag,
		.vlan_budget_known = told.vlan_budget_known,
		.vlan_budget = told.vlan_budget,
		.vlan_ctag_allowed = vf->policy.vlan_ctag_allowed,
		.vlan_stag_allowed = vf->policy.vlan_stag_allowed,
		.degraded = vf->reason[0] ? vf->reason : NULL,
		.features_fixed = vf->grant.fixed,
		.features_on = told.features_on,
		.on_absence = vf->policy.on_absence,
		.grace_ms = vf->policy.grace_ms,
	};
	bool first = !vf->committed;
	struct vf_rss_shown rss;
	char pf[KERNEL_PF];
	int err;

	vf_rss_commit(vf, &commit, &rss);
	put_pf(vf, &commit, pf);
	vf->recommit = false;
	err = vf->io.commit(vf->io.ctx, vf->generation, &commit);
	if (err == -ESTALE) {
		vf->stale = true;
		return;
	}
	if (err)
		vf_log(vf, LOG_ERR, "the kernel refused the limits: error %d", -err);
	vf->committed = true;
	told.err = err;
	vf->told = told;
	if (!first)
		return;
	follow_host(vf);
	follow_mtu(vf);
	tell_dropped_vlans(vf);
}

void vf_commit_now(struct vf *vf)
{
	follow_grant(vf);
	commit(vf);
}

static void choose_mac(struct vf *vf)
{
	if (!vf_mac_is_zero(vf->macs.own))
		return;
	if (!vf_mac_is_zero(vf->nego.res.mac))
		vf_macs_set_own(&vf->macs, vf->nego.res.mac);
	else if (!vf_mac_is_zero(vf->policy.mac))
		vf_macs_set_own(&vf->macs, vf->policy.mac);
}

void vf_netdev_now(struct vf *vf)
{
	uint32_t mtu = least(vf->nego.res.mtu, VIRTCHNL_DEFAULT_MTU);
	const uint8_t *mac;
	int err;

	if (vf->recommit)
		vf_commit_now(vf);
	choose_mac(vf);
	mac = vf_mac_is_zero(vf->macs.own) ? NULL : vf->macs.own;
	err = vf->io.netdev_create(vf->io.ctx, vf->generation, mac, mtu);
	if (err == -ESTALE) {
		vf->stale = true;
		return;
	}
	vf->netdev_asked = true;
	if (err && err != -EEXIST && err != -EALREADY && err != -EBUSY)
		vf_log(vf, LOG_ERR, "the kernel refused a netdev: error %d", -err);
}

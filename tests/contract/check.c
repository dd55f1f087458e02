// SPDX-License-Identifier: GPL-2.0-or-later
/* Is what the PF has what users want? */
#include <stdio.h>
#include <string.h>

#include "world.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static bool in_list(uint8_t (*list)[6], unsigned int n, const uint8_t *mac)
{
	for (unsigned int i = 0; i < n; i++) {
		if (!memcmp(list[i], mac, 6))
			return true;
	}
	return false;
}

static const char *macs(struct world *w, struct pf_vsi *vsi)
{
	struct kern *k = &w->kern;

	if (memcmp(vsi->mac, k->mac, 6))
		return "the PF's idea of the VF's own address";
	if (!in_list(vsi->macs, vsi->num_macs, k->mac))
		return "no filter for the own address";
	for (unsigned int i = 0; i < k->num_uc; i++) {
		if (!in_list(vsi->macs, vsi->num_macs, k->uc[i]))
			return "a unicast filter is missing";
	}
	for (unsigned int i = 0; i < k->num_mc; i++) {
		if (!in_list(vsi->macs, vsi->num_macs, k->mc[i]))
			return "a multicast filter is missing";
	}
	for (unsigned int i = 0; i < vsi->num_macs; i++) {
		const uint8_t *mac = vsi->macs[i];

		if (memcmp(mac, broadcast, 6) && memcmp(mac, k->mac, 6) &&
		    memcmp(mac, w->host_mac, 6) && !in_list(k->uc, k->num_uc, mac) &&
		    !in_list(k->mc, k->num_mc, mac))
			return "an address filter too many";
	}
	return NULL;
}

static uint8_t vid_mask(unsigned int i)
{
	return i == 0 ? 0xfe : i == VF_VLAN_BYTES - 1 ? 0x7f : 0xff;
}

static const uint8_t *policy_filters(const struct world *w, int t)
{
	return t == KERN_CTAG ? w->policy.vlan_ctag_filters : w->policy.vlan_stag_filters;
}

static const uint8_t *policy_allowed(const struct world *w, int t)
{
	return t == KERN_CTAG ? w->policy.vlan_ctag_allowed : w->policy.vlan_stag_allowed;
}

/*
 * Of users and of the policy, as far as it allows them. With a filter that is off every VLAN comes
 * in: i40e has none then, ice all.
 */
static uint8_t filters(struct world *w, int t, unsigned int i)
{
	const uint8_t *more = policy_filters(w, t), *allowed = policy_allowed(w, t);
	const struct kern *k = &w->kern;

	if (!(k->commit.features & kern_filter(t)))
		return 0;
	if (k->features & kern_filter(t) || allowed)
		return (k->vlan_devs[t][i] | (more ? more[i] : 0)) &
		       (allowed ? allowed[i] : 0xff) & vid_mask(i);
	return strncmp(pf_get_profile(w->pf), "ice", 3) ? 0 : vid_mask(i);
}

static const char *vlans(struct world *w, struct pf_vsi *vsi)
{
	static const uint8_t empty[VF_VLAN_BYTES];

	/* In single VLAN mode the one tag is the inner one. */
	const uint8_t *ctag = vsi->single_vlan ? vsi->inner_vlan : vsi->outer_vlan[0];
	const uint8_t *other = vsi->single_vlan ? vsi->outer_vlan[0] : vsi->inner_vlan;

	if (memcmp(other, empty, sizeof(empty)))
		return "802.1Q filters where none belong";
	for (unsigned int i = 0; i < VF_VLAN_BYTES; i++) {
		if ((ctag[i] & vid_mask(i)) != filters(w, KERN_CTAG, i))
			return "802.1Q filters";
		if ((vsi->outer_vlan[1][i] & vid_mask(i)) != filters(w, KERN_STAG, i))
			return "802.1ad filters";
	}
	if (memcmp(vsi->outer_vlan[2], empty, sizeof(empty)))
		return "0x9100 filters";
	return NULL;
}

/* The kernel knows its part of the policy, and has no more than that says. */
static const char *policy(struct world *w)
{
	const struct vf_commit *c = &w->kern.commit;
	const struct vf_policy *p = &w->policy;

	for (int t = 0; t < 2; t++) {
		const uint8_t *map = policy_allowed(w, t);

		if (w->kern.vlans_limited[t] != !!map ||
		    (map && memcmp(w->kern.vlans_allowed[t], map, VF_VLAN_BYTES)))
			return "which VLANs the kernel may grant";
	}
	if (c->on_absence != p->on_absence || c->grace_ms != p->grace_ms)
		return "what the kernel does when nobody controls the VF";
	if (p->vlan_budgeted && c->vlan_budget_known && c->vlan_budget > p->vlan_budget)
		return "how many VLANs the kernel may grant";
	if (!p->max_queues)
		return NULL;
	if (c->queues > p->max_queues || c->possible_queues > p->max_queues ||
	    kern_pairs(&w->kern) > p->max_queues)
		return "the number of queues";
	return NULL;
}

static uint16_t type_of(uint32_t features, uint32_t ctag, uint32_t stag)
{
	if (features & ctag)
		return 0x8100;
	return features & stag ? 0x88a8 : 0;
}

/* V1 has no message for insertion, and its first version none for stripping. */
static const char *inner_offloads(struct world *w, struct pf_vsi *vsi, uint32_t f)
{
	uint32_t granted = w->kern.commit.features;
	bool v1 = vsi->single_vlan && strncmp(pf_get_profile(w->pf), "ice", 3);

	if (!strcmp(pf_get_profile(w->pf), "v1.0"))
		return NULL;
	if (granted & IAVF_FEATURES_VLAN_CTAG_STRIP &&
	    vsi->vlan.inner_strip != !!(f & IAVF_FEATURES_VLAN_CTAG_STRIP))
		return "inner VLAN stripping";
	if (!v1 && granted & IAVF_FEATURES_VLAN_CTAG_INSERT &&
	    vsi->vlan.inner_insert != !!(f & IAVF_FEATURES_VLAN_CTAG_INSERT))
		return "inner VLAN insertion";
	return NULL;
}

static const char *offloads(struct world *w, struct pf_vsi *vsi)
{
	uint32_t f = w->kern.features;

	if (vsi->single_vlan || vsi->port_vlan.outer_tpid)
		return inner_offloads(w, vsi, f);

	if (vsi->vlan.strip_tpid != type_of(f, IAVF_FEATURES_VLAN_CTAG_STRIP,
					    IAVF_FEATURES_VLAN_STAG_STRIP))
		return "VLAN stripping";
	if (vsi->vlan.insert_tpid != type_of(f, IAVF_FEATURES_VLAN_CTAG_INSERT,
					     IAVF_FEATURES_VLAN_STAG_INSERT))
		return "VLAN insertion";
	return NULL;
}

static bool unsure(const struct world *w, unsigned int part)
{
	return w->kern.rss_unsure & part;
}

/* To whom it is shown besides, it is as the kernel shows it. */
static bool shown_alike(const struct world *w)
{
	struct vf_grant_status grant;

	vf_get_grant_status(w->vf, &grant);
	return grant.rss_table_len == PF_RSS_LUT_SIZE && grant.rss_key_len == PF_RSS_KEY_SIZE &&
	       grant.rss_hfunc == w->kern.commit.rss_hfunc &&
	       !memcmp(grant.rss_fields, w->kern.rss_flows, sizeof(grant.rss_fields));
}

static const char *rss_fields(struct world *w, struct pf_vsi *vsi)
{
	const struct kern_rss *want = &w->kern.rss;

	if (!unsure(w, RSS_SYMMETRIC) && want->symmetric != vsi->rss_symmetric)
		return "RSS function";
	if (vsi->rss_symmetric != (w->kern.commit.rss_hfunc != IAVF_RSS_HFUNC_TOEPLITZ))
		return "RSS function that the kernel shows";
	for (unsigned int i = 0; i < PF_RSS_FLOWS; i++) {
		unsigned int fields = want->fields[i] ? want->fields[i] : 15;
		unsigned int has = vsi->rss_fields[i] ? vsi->rss_fields[i] : 15u;

		if (!unsure(w, RSS_FIELDS(i)) && has != fields)
			return "RSS fields";
		if (w->kern.commit.rss_flows_len != PF_RSS_FLOWS || w->kern.rss_flows[i] != has)
			return "RSS fields that the kernel shows";
		if (vsi->rss_symmetric && vsi->rss_plain[i])
			return "RSS fields that are not symmetric";
	}
	return shown_alike(w) ? NULL : "RSS that the bus shows";
}

static const char *rss(struct world *w, struct pf_vsi *vsi)
{
	const struct kern_rss *want = &w->kern.rss;

	for (unsigned int i = 0; i < PF_RSS_LUT_SIZE; i++) {
		unsigned int queue = want->configured ? want->table[i] : i;

		if (!unsure(w, RSS_TABLE) && vsi->rss_lut[i] != queue % w->kern.rx_queues)
			return "RSS table";
	}
	if (!unsure(w, RSS_KEY) && want->key_set && memcmp(want->key, vsi->rss_key, PF_RSS_KEY_SIZE))
		return "RSS key";
	if (w->kern.commit.rss_lut_len != PF_RSS_LUT_SIZE ||
	    memcmp(w->kern.rss_lut, vsi->rss_lut, PF_RSS_LUT_SIZE))
		return "RSS table that the kernel shows";
	if (w->kern.commit.rss_key_len != PF_RSS_KEY_SIZE ||
	    memcmp(w->kern.rss_key, vsi->rss_key, PF_RSS_KEY_SIZE))
		return "RSS key that the kernel shows";
	return rss_fields(w, vsi);
}

static const char *irqs(struct world *w, struct pf_vsi *vsi)
{
	for (unsigned int i = 0; i < kern_pairs(&w->kern); i++) {
		unsigned int vector = 1 + i % (w->kern.vectors - 1);

		if (i < w->kern.rx_queues && vsi->rxq_vector[i] != vector)
			return "vectors of receive queues";
		if (i < w->kern.tx_queues && vsi->txq_vector[i] != vector)
			return "vectors of transmit queues";
		if ((i < w->kern.rx_queues && vsi->rxq_itr[i] != 0) ||
		    (i < w->kern.tx_queues && vsi->txq_itr[i] != 1))
			return "ITR indices";
	}
	return NULL;
}

static const char *queues(struct world *w)
{
	if (!w->kern.up)
		return w->rx_live || w->tx_live ? "queues run though the interface is down" : NULL;
	if (!w->kern.rings.configured || !w->kern.rings.enabled)
		return "the kernel's rings are not in use";
	if (w->rx_live != (1u << w->kern.rx_queues) - 1 ||
	    w->tx_live != (1u << w->kern.tx_queues) - 1)
		return "not the right queues run";
	return NULL;
}

static const char *promisc(struct world *w, struct pf_vsi *vsi)
{
	bool all = w->kern.rx_flags & IAVF_RX_FLAGS_PROMISC;
	bool multi = all || w->kern.rx_flags & IAVF_RX_FLAGS_ALLMULTI;

	if (!vsi->trusted)
		return NULL;
	return vsi->unicast_promisc != all || vsi->multicast_promisc != multi ? "promiscuous mode"
									      : NULL;
}

const char *world_difference(struct world *w)
{
	struct pf_vsi *vsi = pf_vsi(w->pf, 0);
	const char *what;

	if (w->kern.fault)
		return w->kern.fault;
	if (w->violations)
		return w->violation;
	if (!w->kern.netdev || !w->kern.committed)
		return "no netdev or no limits";
	if ((what = macs(w, vsi)) || (what = vlans(w, vsi)) || (what = offloads(w, vsi)))
		return what;
	if ((what = rss(w, vsi)) || (what = irqs(w, vsi)) || (what = queues(w)))
		return what;
	what = policy(w);
	return what ? what : promisc(w, vsi);
}

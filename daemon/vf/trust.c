// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does the host trust this VF? PFs of VLAN V2 say it by the number of filters. The others never
 * do, and take a VLAN too many with a success that means nothing. Who wants more VLANs than an
 * untrusted VF has makes us try: a list of more addresses than an untrusted VF may have is
 * refused as a whole, or taken and deleted again.
 */
#include <string.h>
#include <syslog.h>

#include "internal.h"

#define PROBE	19	/* own address and broadcast included, 18 are allowed */

/* Locally administered multicast, so that it is nobody's. */
static const uint8_t first[6] = { 0x03, 'i', 'a', 'v', 'f', 0 };

bool vf_trust_is_probe(const struct vf_msg *msg)
{
	uint8_t type;

	if (msg->op != VIRTCHNL_OP_ADD_ETH_ADDR && msg->op != VIRTCHNL_OP_DEL_ETH_ADDR)
		return false;
	return virtchnl_num_macs(msg->payload, msg->len) == PROBE &&
	       !memcmp(virtchnl_mac(msg->payload, 0, &type), first, sizeof(first));
}

/* What is wanted depends on it. */
bool vf_trust_pending(const struct vf *vf)
{
	return vf->grant.vlans == VF_VLAN_V1 && vf->nego.trust == VF_TRUST_UNKNOWN &&
	       vf->nego.res.caps & VIRTCHNL_CAP_L2 && vf_vlans_demand(vf) > vf->grant.budget;
}

void vf_trust_reconcile(struct vf *vf)
{
	struct vf_out out = { .op = VIRTCHNL_OP_ADD_ETH_ADDR };
	uint8_t list[PROBE][6];

	if (vf->nego.probe_busy || (!vf->nego.probe_there && !vf_trust_pending(vf)))
		return;
	if (vf->nego.probe_there)
		out.op = VIRTCHNL_OP_DEL_ETH_ADDR;
	for (unsigned int i = 0; i < PROBE; i++) {
		memcpy(list[i], first, 6);
		list[i][5] = i;
	}
	out.len = virtchnl_put_macs(out.data, sizeof(out.data), vf->nego.res.vsi_id,
				    VIRTCHNL_ETHER_ADDR_EXTRA, list[0], PROBE);
	vf_send(vf, &out, vf->num_requests, false);
}

void vf_trust_sent(struct vf *vf)
{
	vf->nego.probe_busy = true;
}

static void learn(struct vf *vf, enum vf_trust trust)
{
	vf->nego.trust = trust;
	vf_grant_compute(&vf->grant, &vf->nego);
	vf->recommit = true;
	if (trust != VF_TRUST_UNKNOWN && vf->live)
		vf_log(vf, LOG_INFO, "the host %s this VF", trust == VF_TRUST_YES ? "trusts" :
										 "does not trust");
}

void vf_trust_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome)
{
	vf->nego.probe_busy = false;
	if (msg->op == VIRTCHNL_OP_DEL_ETH_ADDR) {
		/* Refused: they are not there. */
		vf->nego.probe_there = outcome == VF_LOST;
		return;
	}
	vf->nego.probe_there = outcome != VF_REFUSED;
	learn(vf, outcome == VF_OK	? VF_TRUST_YES :
		  outcome == VF_REFUSED ? VF_TRUST_NO :
					  VF_TRUST_UNKNOWN);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Settings that one message carries whole. The acknowledged one is kept as a hash of the message,
 * so that "is it as wanted" is: does the message that would be sent have the hash of the last
 * acknowledged one.
 */
#include <string.h>

#include "internal.h"

static uint64_t hash(uint32_t op, const uint8_t *data, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ op;

	h *= UINT64_C(0x100000001b3);
	for (size_t i = 0; i < len; i++)
		h = (h ^ data[i]) * UINT64_C(0x100000001b3);
	return h ? h : 1;
}

enum vf_slot_id vf_slot_of(uint32_t op, const void *payload, size_t len)
{
	switch (op) {
	case VIRTCHNL_OP_CONFIG_IRQ_MAP:
		return VF_SLOT_IRQ_MAP;
	case VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE:
		return VF_SLOT_PROMISC;
	case VIRTCHNL_OP_ENABLE_VLAN_STRIPPING:
	case VIRTCHNL_OP_DISABLE_VLAN_STRIPPING:
	case VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2:
	case VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2:
		return VF_SLOT_STRIP;
	case VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2:
	case VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2:
		return VF_SLOT_INSERT;
	}
	return vf_rss_slot_of(op, payload, len);
}

static size_t irq_map(const struct vf *vf, struct vf_out *out)
{
	out->op = VIRTCHNL_OP_CONFIG_IRQ_MAP;
	return virtchnl_put_irq_map(out->data, sizeof(out->data), vf->nego.res.vsi_id,
				    vf_rx_queues(vf), vf_tx_queues(vf), vf_num_vectors(vf));
}

static size_t promisc(const struct vf *vf, struct vf_out *out)
{
	bool all = vf_wants_promisc(vf), multi = vf_wants_allmulti(vf);

	if (!(vf->nego.res.caps & VIRTCHNL_CAP_L2))
		return 0;
	/* A PF starts with neither. */
	if (!all && !multi && !vf->slot[VF_SLOT_PROMISC].touched)
		return 0;
	out->op = VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE;
	return virtchnl_put_promisc(out->data, sizeof(out->data), vf->nego.res.vsi_id, all, multi);
}

static size_t setting(const struct vf *vf, struct vf_out *out, bool outer, bool stag)
{
	uint32_t type = stag ? VIRTCHNL_VLAN_ETHERTYPE_88A8 : VIRTCHNL_VLAN_ETHERTYPE_8100;

	return virtchnl_put_vlan_setting(out->data, sizeof(out->data), vf->nego.res.vsi_id,
					 outer ? type : 0, outer ? 0 : type);
}

static size_t strip_v1(struct vf_out *out, bool on)
{
	/* No payload, and so no length to tell it from "nothing wanted": the caller looks at op. */
	out->op = on ? VIRTCHNL_OP_ENABLE_VLAN_STRIPPING : VIRTCHNL_OP_DISABLE_VLAN_STRIPPING;
	return 0;
}

static size_t strip(const struct vf *vf, struct vf_out *out)
{
	uint32_t want = vf_features_wanted(vf) & vf->grant.features;
	bool ctag = want & IAVF_FEATURES_VLAN_CTAG_STRIP,
	     stag = want & IAVF_FEATURES_VLAN_STAG_STRIP;

	if (!vf->grant.strip)
		return 0;
	if (vf->grant.vlans == VF_VLAN_V1)
		return strip_v1(out, ctag);
	out->op = ctag || stag ? VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2 :
				 VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2;
	return setting(vf, out, vf->grant.strip_outer, stag && !ctag);
}

static size_t insert(const struct vf *vf, struct vf_out *out)
{
	uint32_t want = vf_features_wanted(vf) & vf->grant.features;
	bool ctag = want & IAVF_FEATURES_VLAN_CTAG_INSERT,
	     stag = want & IAVF_FEATURES_VLAN_STAG_INSERT;

	if (!vf->grant.insert || vf->grant.vlans != VF_VLAN_V2)
		return 0;
	out->op = ctag || stag ? VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2 :
				 VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2;
	return setting(vf, out, vf->grant.insert_outer, stag && !ctag);
}

bool vf_slot_wanted(const struct vf *vf, enum vf_slot_id id, struct vf_out *out)
{
	static size_t (*const put[VF_NUM_SLOTS])(const struct vf *vf, struct vf_out *out) = {
		[VF_SLOT_IRQ_MAP] = irq_map,
		[VF_SLOT_PROMISC] = promisc,
		[VF_SLOT_STRIP] = strip,
		[VF_SLOT_INSERT] = insert,
	};

	out->op = VIRTCHNL_OP_UNKNOWN;
	out->len = vf_rss_has_slot(id) ? vf_rss_put(vf, id, out) : put[id](vf, out);
	return out->len || (id == VF_SLOT_STRIP && out->op);
}

static bool urgent(const struct vf *vf, enum vf_slot_id id)
{
	if (id == VF_SLOT_STRIP || id == VF_SLOT_INSERT)
		return vf_request_pending(vf, IAVF_REQUEST_KIND_SET_FEATURES);
	return vf_rss_has_slot(id) && vf_rss_urgent(vf);
}

void vf_slot_reconcile(struct vf *vf, enum vf_slot_id id)
{
	struct vf_slot *slot = &vf->slot[id];
	struct vf_out out;
	uint64_t h;

	if (slot->busy || !vf_slot_wanted(vf, id, &out))
		return;
	h = hash(out.op, out.data, out.len);
	if (h == slot->acked)
		slot->refused = 0;
	if (h == slot->acked || h == slot->refused)
		return;
	vf_send(vf, &out, urgent(vf, id), false);
}

bool vf_slot_acked(const struct vf *vf, enum vf_slot_id id, struct vf_out *out)
{
	const struct vf_slot *slot = &vf->slot[id];

	return !slot->busy && vf_slot_wanted(vf, id, out) &&
	       hash(out->op, out->data, out->len) == slot->acked;
}

int vf_slot_verdict(const struct vf *vf, enum vf_slot_id id)
{
	const struct vf_slot *slot = &vf->slot[id];
	struct vf_out out;
	uint64_t h;

	if (!vf_slot_wanted(vf, id, &out))
		return 1;
	h = hash(out.op, out.data, out.len);
	if (h == slot->acked && !slot->busy)
		return 1;
	return h == slot->refused ? -1 : 0;
}

/* A dead daemon's log tells the key it chose, when it did not live to tell it in a record. */
static void learn_key(struct vf *vf, const struct vf_msg *msg)
{
	uint8_t key[VIRTCHNL_RSS_KEY_SIZE];

	if (vf->live || vf->rss.key_known || msg->op != VIRTCHNL_OP_CONFIG_RSS_KEY)
		return;
	if (virtchnl_get_rss_key(msg->payload, msg->len, key, sizeof(key)) != sizeof(key))
		return;
	memcpy(vf->rss.key, key, sizeof(key));
	vf->rss.key_known = true;
}

void vf_slot_sent(struct vf *vf, const struct vf_msg *msg)
{
	struct vf_slot *slot = &vf->slot[vf_slot_of(msg->op, msg->payload, msg->len)];

	slot->busy = true;
	learn_key(vf, msg);
}

void vf_slot_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status)
{
	enum vf_slot_id id = vf_slot_of(msg->op, msg->payload, msg->len);
	struct vf_slot *slot = &vf->slot[id];
	uint64_t h = hash(msg->op, msg->payload, msg->len);

	slot->busy = false;
	slot->touched |= outcome != VF_REFUSED;
	switch (outcome) {
	case VF_OK:
		slot->acked = h;
		slot->refused = 0;
		vf->recommit |= vf_rss_has_slot(id);
		break;
	case VF_REFUSED:
		slot->refused = h;
		slot->refusal = (struct vf_refusal) { msg->op, status };
		break;
	case VF_LOST:
		slot->acked = 0;
		slot->refused = 0;
		break;
	}
}

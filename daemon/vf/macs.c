// SPDX-License-Identifier: GPL-2.0-or-later
/* Address filters: the VF's own, which the PF also remembers, and the kernel's two lists. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define UNTRUSTED_MACS	18	/* own and broadcast included; ice and i40e alike */

bool vf_mac_is_zero(const uint8_t *mac)
{
	static const uint8_t zero[6];

	return !memcmp(mac, zero, 6);
}

/* Of one station: what a VF may have for its own. A group's was added and deleted over and over. */
bool vf_mac_is_unicast(const uint8_t *mac)
{
	return !(mac[0] & 1) && !vf_mac_is_zero(mac);
}

static bool same(const uint8_t *a, const uint8_t *b)
{
	return !memcmp(a, b, 6);
}

void vf_macs_init(struct vf_macs *macs)
{
	vf_batch_init(&macs->add, VIRTCHNL_MACS_MAX);
	vf_batch_init(&macs->del, VIRTCHNL_MACS_MAX);
}

void vf_macs_free(struct vf_macs *macs)
{
	free(macs->list);
}

/* Where mac is, or where it belongs. */
static unsigned int position(const struct vf_macs *macs, const uint8_t *mac)
{
	unsigned int lo = 0, hi = macs->num;

	while (lo < hi) {
		unsigned int mid = lo + (hi - lo) / 2;

		if (memcmp(macs->list[mid].addr, mac, 6) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct vf_mac *vf_macs_find(const struct vf_macs *macs, const uint8_t *mac)
{
	unsigned int i = position(macs, mac);

	return i < macs->num && same(macs->list[i].addr, mac) ? &macs->list[i] : NULL;
}

static bool grow(struct vf_macs *macs)
{
	unsigned int size = macs->size ? 2 * macs->size : 16;
	struct vf_mac *list;

	if (macs->num < macs->size)
		return true;
	list = realloc(macs->list, size * sizeof(*list));
	if (!list)
		return false;
	macs->list = list;
	macs->size = size;
	return true;
}

struct vf_mac *vf_macs_get(struct vf_macs *macs, const uint8_t *mac)
{
	unsigned int i = position(macs, mac);

	if (i < macs->num && same(macs->list[i].addr, mac))
		return &macs->list[i];
	if (!grow(macs))
		return NULL;
	memmove(&macs->list[i + 1], &macs->list[i], (macs->num - i) * sizeof(macs->list[0]));
	macs->num++;
	memcpy(macs->list[i].addr, mac, 6);
	macs->list[i].flags = 0;
	return &macs->list[i];
}

/* Entries that say nothing any more; what was before a reset does not matter without a wish. */
static void sweep(struct vf_macs *macs)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < macs->num; i++) {
		if (macs->list[i].flags & ~(VF_MAC_REFUSED | VF_MAC_BEFORE))
			macs->list[n++] = macs->list[i];
	}
	macs->num = n;
}

void vf_macs_suspect(struct vf_macs *macs, const uint8_t *addr)
{
	struct vf_mac *mac = vf_mac_is_zero(addr) ? NULL : vf_macs_get(macs, addr);

	if (mac && !(mac->flags & VF_MAC_PRESENT))
		mac->flags |= VF_MAC_UNKNOWN;
}

static void clear_flags(struct vf_macs *macs, uint8_t flags)
{
	for (unsigned int i = 0; i < macs->num; i++)
		macs->list[i].flags &= ~flags;
}

void vf_macs_reset(struct vf_macs *macs)
{
	for (unsigned int i = 0; i < macs->num; i++) {
		uint8_t flags = macs->list[i].flags;
		bool before = flags & (VF_MAC_PRESENT | VF_MAC_BEFORE);

		macs->list[i].flags =
			flags & VF_MAC_WANTED ? VF_MAC_WANTED | (before ? VF_MAC_BEFORE : 0) : 0;
	}
	sweep(macs);
	vf_macs_init(macs);
	macs->primary_known = false;
	memset(macs->own_refused, 0, 6);
}

static void want(struct vf_macs *macs, const uint8_t *list, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct vf_mac *mac = vf_macs_get(macs, list + 6 * i);

		if (mac)
			mac->flags |= VF_MAC_WANTED;
	}
}

void vf_macs_want(struct vf *vf, const struct vf_snapshot *snap)
{
	struct vf_macs *macs = &vf->macs;

	clear_flags(macs, VF_MAC_WANTED);
	want(macs, snap->unicast, snap->num_unicast);
	want(macs, snap->multicast, snap->num_multicast);
	for (unsigned int i = 0; i < macs->num; i++) {
		if (!(macs->list[i].flags & VF_MAC_WANTED))
			macs->list[i].flags &= ~VF_MAC_REFUSED;
	}
	sweep(macs);
	macs->add.strikes = macs->del.strikes = 0;
}

void vf_macs_set_own(struct vf_macs *macs, const uint8_t *mac)
{
	if (same(macs->own, mac) || mac[0] & 1)
		return;
	memcpy(macs->before, macs->own, 6);
	memcpy(macs->own, mac, 6);
	memset(macs->own_refused, 0, 6);
}

void vf_macs_answered(struct vf *vf, const uint8_t *mac)
{
	vf_macs_set_own(&vf->macs, mac);
	vf->macs.answered_until = vf->now + VF_ANSWERED_NS;
}

void vf_macs_reported(struct vf *vf, const uint8_t *mac)
{
	struct vf_macs *macs = &vf->macs;

	memset(macs->put_off, 0, 6);
	if (vf_mac_is_zero(mac))
		return;
	if (vf->now < macs->answered_until && same(mac, macs->before))
		memcpy(macs->put_off, mac, 6);
	else
		vf_macs_set_own(macs, mac);
}

void vf_macs_expire(struct vf *vf)
{
	struct vf_macs *macs = &vf->macs;

	if (!macs->answered_until || vf->now < macs->answered_until)
		return;
	macs->answered_until = 0;
	if (!vf_mac_is_zero(macs->put_off))
		vf_macs_set_own(macs, macs->put_off);
	memset(macs->put_off, 0, 6);
}

bool vf_macs_asked(const struct vf_macs *macs, const uint8_t *mac)
{
	for (unsigned int i = 0; i < VF_ASKED; i++) {
		if (same(macs->asked[i], mac))
			return true;
	}
	return false;
}

const uint8_t *vf_macs_own(const struct vf *vf)
{
	const struct vf_request *req = vf_request_pending(vf, IAVF_REQUEST_KIND_SET_MAC);

	return req ? req->mac : vf->macs.own;
}

int vf_macs_verdict(const struct vf *vf, const uint8_t *mac)
{
	const struct vf_macs *macs = &vf->macs;
	const struct vf_mac *entry = vf_macs_find(macs, mac);

	if (same(macs->own_refused, mac))
		return -1;
	if (!entry || !(entry->flags & VF_MAC_PRESENT) || entry->flags & VF_MAC_DELETING)
		return 0;
	return macs->primary_known && same(macs->primary, mac);
}

static bool is_multicast(const struct vf_mac *mac)
{
	return mac->addr[0] & 1;
}

void vf_macs_count_overflow(struct vf *vf)
{
	struct vf_macs *macs = &vf->macs;
	bool missing[2] = { false }, refused[2] = { false };

	for (unsigned int i = 0; i < macs->num; i++) {
		uint8_t flags = macs->list[i].flags;
		bool multicast = is_multicast(&macs->list[i]);

		if (!(flags & VF_MAC_WANTED) || flags & VF_MAC_PRESENT)
			continue;
		missing[multicast] = true;
		refused[multicast] |= flags & VF_MAC_REFUSED;
	}
	for (unsigned int i = 0; i < 2; i++)
		macs->overflow[i] = refused[i] || (macs->overflow[i] && missing[i]);
}

static unsigned int count(const struct vf_macs *macs, uint8_t flags)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < macs->num; i++)
		n += (macs->list[i].flags & flags) == flags;
	return n;
}

/* One more of a kind that is not there: the broadcast address is, too. */
bool vf_macs_full(const struct vf *vf)
{
	return vf_trust(vf) != VF_TRUST_YES &&
	       count(&vf->macs, VF_MAC_PRESENT) + 1 >= UNTRUSTED_MACS;
}

/* Nobody misses what a trusted VF cannot have as a filter: it is promiscuous then. */
bool vf_macs_reason(const struct vf *vf, char *text, size_t size)
{
	const struct vf_macs *macs = &vf->macs;
	unsigned int wanted = count(macs, VF_MAC_WANTED);
	unsigned int has = count(macs, VF_MAC_WANTED | VF_MAC_PRESENT);
	int32_t status = macs->refusal.status;

	if (!(macs->overflow[0] || macs->overflow[1]) || vf_trust(vf) == VF_TRUST_YES)
		return false;
	if (has + 2 >= UNTRUSTED_MACS)
		snprintf(text, size, "PF took %u of %u addresses: no more for an untrusted VF", has,
			 wanted);
	else if (virtchnl_errno(macs->refusal.op, status) == -EPERM)
		snprintf(text, size, "PF took %u of %u addresses: host set the MAC, trust the VF",
			 has, wanted);
	else
		snprintf(text, size, "PF took %u of %u addresses, and refused one with %d", has,
			 wanted, status);
	return true;
}

static bool usable(const struct vf *vf)
{
	return vf->nego.res.caps & VIRTCHNL_CAP_L2;
}

void vf_macs_reconcile_own(struct vf *vf)
{
	const uint8_t *own = vf_macs_own(vf);
	const struct vf_mac *entry = vf_macs_find(&vf->macs, own);
	struct vf_out out = { .op = VIRTCHNL_OP_ADD_ETH_ADDR };

	if (!usable(vf) || vf_mac_is_zero(own) || vf_macs_verdict(vf, own))
		return;
	if (entry && entry->flags & (VF_MAC_ADDING | VF_MAC_DELETING))
		return;
	out.len = virtchnl_put_macs(out.data, sizeof(out.data), vf->nego.res.vsi_id,
				    VIRTCHNL_ETHER_ADDR_PRIMARY, own, 1);
	vf_send(vf, &out, vf_request_pending(vf, IAVF_REQUEST_KIND_SET_MAC), false);
}

int vf_mac_state(const struct vf *vf, const uint8_t *mac, char *why, size_t size)
{
	const struct vf_refusal *refusal = &vf->macs.own_refusal;
	int verdict = vf_macs_verdict(vf, mac);

	if (verdict > 0 || (vf_negotiated(vf) && !usable(vf)))
		return 0;
	if (!verdict)
		return -EINPROGRESS;
	virtchnl_sentence(why, size, refusal->op, refusal->status);
	return virtchnl_errno(refusal->op, refusal->status);
}

static bool to_add(const struct vf *vf, const struct vf_mac *mac)
{
	return mac->flags & VF_MAC_WANTED && !same(mac->addr, vf_macs_own(vf)) &&
	       !(mac->flags & (VF_MAC_PRESENT | VF_MAC_ADDING | VF_MAC_DELETING | VF_MAC_REFUSED));
}

/* The old own address goes only when the PF has taken the new one. */
static bool still_own(const struct vf *vf, const struct vf_mac *mac)
{
	const struct vf_macs *macs = &vf->macs;

	if (mac->addr[0] & 1)
		return false;
	return same(mac->addr, macs->own) || same(mac->addr, vf_macs_own(vf)) ||
	       !macs->primary_known || same(mac->addr, macs->primary);
}

static bool to_del(const struct vf *vf, const struct vf_mac *mac)
{
	return !(mac->flags & VF_MAC_WANTED) && mac->flags & (VF_MAC_PRESENT | VF_MAC_UNKNOWN) &&
	       !(mac->flags & (VF_MAC_ADDING | VF_MAC_DELETING)) && !still_own(vf, mac);
}

/*
 * All in one message. When one was refused: who was there before, then groups, without which no
 * IPv6, then the others, each kind by itself, so that a PF that refuses one takes the others.
 */
static bool to_add_again(const struct vf *vf, const struct vf_mac *mac)
{
	return to_add(vf, mac) && mac->flags & VF_MAC_BEFORE;
}

static bool to_add_multicast(const struct vf *vf, const struct vf_mac *mac)
{
	return to_add(vf, mac) && is_multicast(mac);
}

/* The next message of this kind; false when there is none, or it cannot go now. */
static bool send_list(struct vf *vf, uint32_t op, unsigned int limit,
		      bool (*pick)(const struct vf *vf, const struct vf_mac *mac))
{
	uint8_t list[VIRTCHNL_MACS_MAX * 6];
	struct vf_out out = { .op = op };
	unsigned int n = 0;

	for (unsigned int i = 0; i < vf->macs.num && n < limit; i++) {
		if (pick(vf, &vf->macs.list[i]))
			memcpy(list + 6 * n++, vf->macs.list[i].addr, 6);
	}
	if (!n)
		return false;
	out.len = virtchnl_put_macs(out.data, sizeof(out.data), vf->nego.res.vsi_id,
				    VIRTCHNL_ETHER_ADDR_EXTRA, list, n);
	return vf_send(vf, &out, false, true);
}

static bool send_adds(struct vf *vf)
{
	const struct vf_macs *macs = &vf->macs;
	const unsigned int limit = macs->add.limit;
	bool scarce = limit < VIRTCHNL_MACS_MAX || macs->overflow[0] || macs->overflow[1];

	if (scarce && (send_list(vf, VIRTCHNL_OP_ADD_ETH_ADDR, limit, to_add_again) ||
		       send_list(vf, VIRTCHNL_OP_ADD_ETH_ADDR, limit, to_add_multicast)))
		return true;
	return send_list(vf, VIRTCHNL_OP_ADD_ETH_ADDR, limit, to_add);
}

void vf_macs_reconcile_lists(struct vf *vf)
{
	if (!usable(vf))
		return;
	while (vf_send_ready(vf, true) &&
	       send_list(vf, VIRTCHNL_OP_DEL_ETH_ADDR, vf->macs.del.limit, to_del))
		;
	while (vf_send_ready(vf, true) && send_adds(vf))
		;
}

void vf_macs_sent(struct vf *vf, const struct vf_msg *msg)
{
	uint8_t flag = msg->op == VIRTCHNL_OP_ADD_ETH_ADDR ? VF_MAC_ADDING : VF_MAC_DELETING;
	int n = virtchnl_num_macs(msg->payload, msg->len);
	uint8_t type;

	for (int i = 0; i < n; i++) {
		const uint8_t *addr = virtchnl_mac(msg->payload, i, &type);
		struct vf_mac *mac = vf_macs_get(&vf->macs, addr);

		if (mac)
			mac->flags |= flag;
		if (flag == VF_MAC_ADDING && type == VIRTCHNL_ETHER_ADDR_PRIMARY &&
		    !vf_macs_asked(&vf->macs, addr))
			memcpy(vf->macs.asked[vf->macs.next_asked++ % VF_ASKED], addr, 6);
	}
}

static void set(struct vf_mac *mac, uint8_t set_flags, uint8_t clear)
{
	mac->flags = (mac->flags & ~clear) | set_flags;
}

/*
 * What is left of an address in a message that was refused. PFs look at limits before they do
 * anything; when ice then fails at an address it has added those before it.
 */
static uint8_t refused_flag(bool own, unsigned int n, int32_t status)
{
	if (own)	/* one that is there is refused only as the own address */
		return 0;
	if (n == 1)
		return VF_MAC_REFUSED;
	return status == VIRTCHNL_ERR_ADMIN_QUEUE_ERROR ? VF_MAC_UNKNOWN : 0;
}

static void added(struct vf_macs *macs, struct vf_mac *mac, bool own, enum vf_outcome outcome,
		  uint8_t refused)
{
	switch (outcome) {
	case VF_OK:
		set(mac, VF_MAC_PRESENT, VF_MAC_ADDING | VF_MAC_UNKNOWN | VF_MAC_REFUSED);
		if (!own)
			return;
		memcpy(macs->primary, mac->addr, 6);
		macs->primary_known = true;
		return;
	case VF_REFUSED:
		set(mac, refused, VF_MAC_ADDING | VF_MAC_UNKNOWN);
		return;
	case VF_LOST:
		set(mac, VF_MAC_UNKNOWN, VF_MAC_ADDING | VF_MAC_PRESENT | VF_MAC_REFUSED);
		if (own)
			macs->primary_known = false;
		return;
	}
}

/* A refusal means that it is not there. */
static void deleted(struct vf_macs *macs, struct vf_mac *mac, enum vf_outcome outcome, bool single)
{
	uint8_t all = VF_MAC_PRESENT | VF_MAC_UNKNOWN | VF_MAC_DELETING;

	if (outcome == VF_OK || (outcome == VF_REFUSED && single))
		set(mac, 0, all);
	else
		set(mac, VF_MAC_UNKNOWN, all);
	if (macs->primary_known && same(mac->addr, macs->primary))
		macs->primary_known = false;
}

static void give_up(struct vf *vf, bool adding)
{
	for (unsigned int i = 0; i < vf->macs.num; i++) {
		struct vf_mac *mac = &vf->macs.list[i];

		if (adding && to_add(vf, mac))
			mac->flags |= VF_MAC_REFUSED;
		if (!adding && to_del(vf, mac))
			mac->flags &= ~(VF_MAC_PRESENT | VF_MAC_UNKNOWN);
	}
}

static void own_answered(struct vf_macs *macs, const uint8_t *mac, enum vf_outcome outcome,
			 struct vf_refusal refusal)
{
	if (outcome == VF_REFUSED) {
		memcpy(macs->own_refused, mac, 6);
		macs->own_refusal = refusal;
	} else if (same(macs->own_refused, mac)) {
		memset(macs->own_refused, 0, 6);
	}
}

static void batch_answered(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
			   int32_t status, unsigned int n)
{
	bool adding = msg->op == VIRTCHNL_OP_ADD_ETH_ADDR;
	struct vf_batch *batch = adding ? &vf->macs.add : &vf->macs.del;

	if (outcome == VF_OK) {
		vf_batch_ok(batch, VIRTCHNL_MACS_MAX);
	} else if (outcome == VF_REFUSED) {
		vf->macs.refusal = (struct vf_refusal) { msg->op, status };
		if (vf_batch_refused(batch, n))
			give_up(vf, adding);
	}
	if (outcome != VF_OK || adding)
		return;
	/* There is room again. */
	clear_flags(&vf->macs, VF_MAC_REFUSED);
	vf_batch_init(&vf->macs.add, VIRTCHNL_MACS_MAX);
}

void vf_macs_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status)
{
	bool adding = msg->op == VIRTCHNL_OP_ADD_ETH_ADDR, own = false;
	int n = virtchnl_num_macs(msg->payload, msg->len);
	uint8_t type;

	for (int i = 0; i < n; i++) {
		const uint8_t *addr = virtchnl_mac(msg->payload, i, &type);
		struct vf_mac *mac = vf_macs_get(&vf->macs, addr);

		own = adding && type == VIRTCHNL_ETHER_ADDR_PRIMARY;
		if (mac && adding)
			added(&vf->macs, mac, own, outcome, refused_flag(own, n, status));
		else if (mac)
			deleted(&vf->macs, mac, outcome, n == 1);
		if (own)
			own_answered(&vf->macs, addr, outcome,
				     (struct vf_refusal) { msg->op, status });
	}
	if (!own && n > 0)
		batch_answered(vf, msg, outcome, status, n);
	sweep(&vf->macs);
}

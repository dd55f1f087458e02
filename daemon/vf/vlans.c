// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VLAN filters: the kernel's bitmaps, what requests add to them, what the PF has. VLAN 0 is never
 * sent.
 */
#include <endian.h>
#include <limits.h>
#include <string.h>

#include "internal.h"

#define VLAN_FEATURES	(IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_STAG_STRIP | \
			 IAVF_FEATURES_VLAN_CTAG_INSERT | IAVF_FEATURES_VLAN_STAG_INSERT | \
			 IAVF_FEATURES_VLAN_CTAG_FILTER | IAVF_FEATURES_VLAN_STAG_FILTER)
#define WORDS	(VF_VLAN_BYTES / sizeof(uint64_t))

static const uint16_t tpids[2] = { 0x8100, 0x88a8 };

/* 64 ids at once, so that looking through all of them is cheap. */
static uint64_t word(const uint8_t *map, unsigned int i)
{
	uint64_t le;

	memcpy(&le, map + i * sizeof(le), sizeof(le));
	return le64toh(le);
}

static void word_put(uint8_t *map, unsigned int i, uint64_t bits)
{
	uint64_t le = htole64(bits);

	memcpy(map + i * sizeof(le), &le, sizeof(le));
}

int vf_vlans_index(uint16_t tpid)
{
	for (int t = 0; t < 2; t++) {
		if (tpids[t] == tpid)
			return t;
	}
	return -1;
}

void vf_vlans_init(struct vf_vlans *vlans)
{
	vf_batch_init(&vlans->add, VIRTCHNL_VLANS_V2_MAX);
	vf_batch_init(&vlans->del, VIRTCHNL_VLANS_V2_MAX);
}

void vf_vlans_reset(struct vf_vlans *vlans)
{
	memset(vlans->present, 0, sizeof(vlans->present));
	memset(vlans->unknown, 0, sizeof(vlans->unknown));
	memset(vlans->adding, 0, sizeof(vlans->adding));
	memset(vlans->deleting, 0, sizeof(vlans->deleting));
	memset(vlans->refused, 0, sizeof(vlans->refused));
	vf_vlans_init(vlans);
}

static const uint8_t *asked(const struct vf *vf, int t)
{
	return t ? vf->snap.vlan_stag : vf->snap.vlan_ctag;
}

static bool requested(const struct vf *vf, int t, unsigned int vid)
{
	for (unsigned int i = 0; i < vf->num_requests; i++) {
		const struct vf_request *req = &vf->request[i];

		if (req->kind == IAVF_REQUEST_KIND_VLAN_ADD && req->vid == vid &&
		    req->tpid == tpids[t])
			return true;
	}
	return false;
}

uint32_t vf_vlans_filter(int t)
{
	return t ? IAVF_FEATURES_VLAN_STAG_FILTER : IAVF_FEATURES_VLAN_CTAG_FILTER;
}

/* Without VLAN 0 and 4095. */
static uint64_t mask(unsigned int i)
{
	return i == 0 ? ~UINT64_C(1) : i == WORDS - 1 ? ~(UINT64_C(1) << 63) : ~UINT64_C(0);
}

static const uint8_t *allowed_map(const struct vf *vf, int t)
{
	return t ? vf->policy.vlan_stag_allowed : vf->policy.vlan_ctag_allowed;
}

static uint64_t allowed(const struct vf *vf, int t, unsigned int i)
{
	const uint8_t *map = allowed_map(vf, t);

	return map ? word(map, i) & mask(i) : mask(i);
}

/* Of the policy, whether allowed or not. */
static uint64_t filters(const struct vf *vf, int t, unsigned int i)
{
	const uint8_t *map = t ? vf->policy.vlan_stag_filters : vf->policy.vlan_ctag_filters;

	return map ? word(map, i) & mask(i) : 0;
}

static bool any_filters(const struct vf *vf)
{
	return vf->policy.vlan_ctag_filters || vf->policy.vlan_stag_filters;
}

bool vf_vlans_allowed(const struct vf *vf, int t, unsigned int vid)
{
	return !allowed_map(vf, t) || vf_bit(allowed_map(vf, t), vid);
}

/* The map is NULL when it would have them all. */
bool vf_vlans_all_allowed(const struct vf *vf, int t)
{
	return !allowed_map(vf, t);
}

static bool budget_allows_all(const struct vf *vf)
{
	return !vf->policy.vlan_budgeted || vf->policy.vlan_budget >= VF_VIDS;
}

/*
 * A filter that is off lets in every VLAN. That is what some PFs do for a VF without filters; the
 * others must be given all of them.
 */
int vf_vlans_may_open(const struct vf *vf, int t)
{
	if (!vf->grant.filter[t] || !vf_vlans_all_allowed(vf, t) || !budget_allows_all(vf))
		return -1;
	if (vf->grant.open_empty || !vf->grant.budget_known || vf->grant.budget >= VF_VIDS)
		return 1;
	return vf->grant.vlans == VF_VLAN_V1 && vf->nego.trust == VF_TRUST_UNKNOWN ? 0 : -1;
}

bool vf_vlans_open(const struct vf *vf, int t)
{
	return vf->netdev && !(vf_features_wanted(vf) & vf_vlans_filter(t)) &&
	       vf_vlans_may_open(vf, t) >= 0;
}

/*
 * It is off and may not be any more. Until the kernel has switched it on nobody knows which VLANs
 * users have: none that they may have goes, and the first filter, which would shut out all others
 * where there is none, does not come.
 */
static bool closing(const struct vf *vf, int t)
{
	return vf->netdev && vf->grant.filter[t] && vf_vlans_may_open(vf, t) < 0 &&
	       !((vf->features | vf_features_wanted(vf)) & vf_vlans_filter(t));
}

/* Of users, without the requests. */
static uint64_t users(const struct vf *vf, int t, unsigned int i)
{
	uint64_t bits = word(asked(vf, t), i) | word(vf->vlans.granted[t], i);

	return vf->grant.filter[t] ? bits & allowed(vf, t, i) : 0;
}

static uint64_t wanted(const struct vf *vf, int t, unsigned int i)
{
	if (!vf->grant.filter[t])
		return 0;
	if (vf_vlans_open(vf, t))
		return vf->grant.open_empty ? 0 : mask(i);
	return users(vf, t, i) | (filters(vf, t, i) & allowed(vf, t, i));
}

unsigned int vf_vlans_named(const struct vf *vf)
{
	unsigned int n = 0;

	for (int t = 0; t < 2; t++) {
		for (unsigned int i = 0; i < WORDS; i++)
			n += __builtin_popcountll((word(asked(vf, t), i) & mask(i)) |
						  filters(vf, t, i));
	}
	return n;
}

static uint64_t forbidden(const struct vf *vf, int t, unsigned int i)
{
	return (word(asked(vf, t), i) | filters(vf, t, i)) & mask(i) & ~allowed(vf, t, i);
}

unsigned int vf_vlans_forbidden(const struct vf *vf, int t, unsigned int from)
{
	for (unsigned int vid = from; allowed_map(vf, t) && vid <= VF_VIDS; vid++) {
		if (forbidden(vf, t, vid / 64) >> vid % 64 & 1)
			return vid;
	}
	return VF_VIDS + 1;
}

unsigned int vf_vlans_wanted_of(const struct vf *vf, int t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < WORDS; i++)
		n += __builtin_popcountll(wanted(vf, t, i));
	return n;
}

unsigned int vf_vlans_wanted(const struct vf *vf)
{
	return vf_vlans_wanted_of(vf, 0) + vf_vlans_wanted_of(vf, 1);
}

/* With a filter that is off they have all of them. */
unsigned int vf_vlans_users(const struct vf *vf)
{
	unsigned int n = 0;

	for (int t = 0; t < 2; t++) {
		if (vf_vlans_open(vf, t)) {
			n += VF_VIDS;
			continue;
		}
		for (unsigned int i = 0; i < WORDS; i++)
			n += __builtin_popcountll(users(vf, t, i));
	}
	return n;
}

bool vf_vlans_over_policy(const struct vf *vf, uint16_t tpid, uint16_t vid)
{
	int t = vf_vlans_index(tpid);
	bool counted = users(vf, t, vid / 64) >> vid % 64 & 1;

	return vf->policy.vlan_budgeted && vf_vlans_users(vf) - counted >= vf->policy.vlan_budget;
}

/* Filters of the PF that are not for VLAN devices: of the policy, and where a filter is off. */
static unsigned int kept(const struct vf *vf, int t)
{
	unsigned int n = 0;

	if (vf_vlans_open(vf, t))
		return vf->grant.open_empty ? 0 : VF_VIDS;
	for (unsigned int i = 0; i < WORDS && vf->grant.filter[t]; i++)
		n += __builtin_popcountll(filters(vf, t, i) & allowed(vf, t, i));
	return n;
}

static uint32_t minus(uint32_t a, uint32_t b)
{
	return a > b ? a - b : 0;
}

/*
 * A filter of the policy counts even when a user has that VLAN, too: he may give it up, and the
 * kernel would have granted one too many. It asks for the last ones, and the answer is exact.
 */
bool vf_vlans_budget(const struct vf *vf, uint32_t *budget)
{
	uint32_t opened = VF_VIDS * (vf_vlans_open(vf, 0) + vf_vlans_open(vf, 1)), own;

	*budget = minus(vf->grant.budget, kept(vf, 0) + kept(vf, 1));
	own = minus(vf->policy.vlan_budget, opened);
	if (vf->policy.vlan_budgeted && own < *budget)
		*budget = own;
	return vf->grant.budget_known;
}

static bool in_wanted(const struct vf *vf, int t, unsigned int vid)
{
	return wanted(vf, t, vid / 64) >> vid % 64 & 1;
}

unsigned int vf_vlans_demand(const struct vf *vf)
{
	unsigned int n = vf_vlans_wanted(vf);

	for (unsigned int i = 0; i < vf->num_requests; i++) {
		const struct vf_request *req = &vf->request[i];
		int t = vf_vlans_index(req->tpid);

		n += req->kind == IAVF_REQUEST_KIND_VLAN_ADD && t >= 0 && vf->grant.filter[t] &&
		     !in_wanted(vf, t, req->vid);
	}
	return n;
}

bool vf_vlans_full(const struct vf *vf, uint16_t tpid, uint16_t vid)
{
	int t = vf_vlans_index(tpid);
	bool counted = in_wanted(vf, t, vid);

	return vf->grant.budget_known && vf_vlans_wanted(vf) - counted >= vf->grant.budget;
}

bool vf_vlans_any_refused(const struct vf *vf)
{
	for (int t = 0; t < 2; t++) {
		for (unsigned int i = 0; i < WORDS; i++) {
			if (wanted(vf, t, i) & word(vf->vlans.refused[t], i))
				return true;
		}
	}
	return false;
}

void vf_vlans_want(struct vf *vf, const struct vf_snapshot *snap)
{
	struct vf_vlans *vlans = &vf->vlans;

	memcpy(vf->snap.vlan_ctag, snap->vlan_ctag, VF_VLAN_BYTES);
	memcpy(vf->snap.vlan_stag, snap->vlan_stag, VF_VLAN_BYTES);
	for (int t = 0; t < 2; t++) {
		for (unsigned int i = 0; i < VF_VLAN_BYTES; i++) {
			vlans->granted[t][i] &= ~asked(vf, t)[i];
		}
		for (unsigned int i = 0; i < WORDS; i++) {
			/* What was refused and is asked for anew is tried anew. */
			uint64_t bits = word(asked(vf, t), i) | filters(vf, t, i);

			word_put(vlans->refused[t], i, word(vlans->refused[t], i) & bits);
		}
	}
}

void vf_vlans_granted(struct vf *vf, uint16_t tpid, uint16_t vid)
{
	int t = vf_vlans_index(tpid);

	if (t < 0 || vf_bit(asked(vf, t), vid))
		return;
	vf_bit_put(vf->vlans.granted[t], vid, true);
	vf->vlans.granted_until = vf->now + VF_GRANTED_NS;
}

void vf_vlans_expire(struct vf *vf)
{
	if (!vf->vlans.granted_until || vf->now < vf->vlans.granted_until)
		return;
	vf->vlans.granted_until = 0;
	memset(vf->vlans.granted, 0, sizeof(vf->vlans.granted));
}

int vf_vlans_verdict(const struct vf *vf, uint16_t tpid, uint16_t vid)
{
	int t = vf_vlans_index(tpid);

	if (vf_bit(vf->vlans.refused[t], vid))
		return -1;
	return vf_bit(vf->vlans.present[t], vid) && !vf_bit(vf->vlans.deleting[t], vid);
}

void vf_vlans_retry(struct vf *vf, uint16_t tpid, uint16_t vid)
{
	int t = vf_vlans_index(tpid);

	if (t >= 0)
		vf_bit_put(vf->vlans.refused[t], vid, false);
}

static uint64_t busy(const struct vf_vlans *vlans, int t, unsigned int i)
{
	return word(vlans->adding[t], i) | word(vlans->deleting[t], i);
}

static uint64_t addable(const struct vf *vf, int t, unsigned int i)
{
	return ~(word(vf->vlans.present[t], i) | word(vf->vlans.refused[t], i) |
		 busy(&vf->vlans, t, i));
}

/* How many the PF has once it has served what is under way. */
static unsigned int used(const struct vf_vlans *vlans)
{
	unsigned int n = 0;

	for (int t = 0; t < 2; t++) {
		for (unsigned int i = 0; i < WORDS; i++) {
			uint64_t there = word(vlans->present[t], i) | word(vlans->unknown[t], i) |
					 word(vlans->adding[t], i);

			n += __builtin_popcountll(there & ~word(vlans->deleting[t], i));
		}
	}
	return n;
}

static unsigned int room(const struct vf *vf)
{
	unsigned int n = used(&vf->vlans);

	if (!vf->grant.budget_known)
		return UINT_MAX;
	return n < vf->grant.budget ? vf->grant.budget - n : 0;
}

/*
 * What may be there is added once more, unless it must go first: a PF of V1 counts what is added
 * twice as two, and one that may be full refuses the list.
 */
static uint64_t doubtful(const struct vf *vf, int t, unsigned int i)
{
	uint64_t unknown = word(vf->vlans.unknown[t], i);

	return unknown && (vf->grant.vlans == VF_VLAN_V1 || !room(vf)) ? unknown : 0;
}

static uint64_t to_add(const struct vf *vf, int t, unsigned int i)
{
	if (vf->grant.open_empty && closing(vf, t))
		return 0;
	return wanted(vf, t, i) & addable(vf, t, i) & ~doubtful(vf, t, i);
}

static uint64_t to_del(const struct vf *vf, int t, unsigned int i)
{
	uint64_t there = word(vf->vlans.present[t], i) | word(vf->vlans.unknown[t], i);
	uint64_t keep = wanted(vf, t, i) & ~doubtful(vf, t, i);
	uint64_t bits = there & ~keep & ~busy(&vf->vlans, t, i);

	if (closing(vf, t))
		bits &= ~allowed(vf, t, i);
	for (uint64_t rest = bits; rest; rest &= rest - 1) {
		if (requested(vf, t, 64 * i + __builtin_ctzll(rest)))
			bits &= ~(rest & -rest);
	}
	return bits;
}

static bool put(const struct vf *vf, struct vf_out *out, bool add, int t, const uint16_t *vids,
		unsigned int n)
{
	uint16_t vsi = vf->nego.res.vsi_id;

	if (vf->grant.vlans == VF_VLAN_V1) {
		out->op = add ? VIRTCHNL_OP_ADD_VLAN : VIRTCHNL_OP_DEL_VLAN;
		out->len = virtchnl_put_vlans(out->data, sizeof(out->data), vsi, vids, n);
	} else {
		out->op = add ? VIRTCHNL_OP_ADD_VLAN_V2 : VIRTCHNL_OP_DEL_VLAN_V2;
		out->len = virtchnl_put_vlans_v2(out->data, sizeof(out->data), vsi,
						 vf->grant.filter_outer, tpids[t], vids, n);
	}
	return out->len;
}

/* What a user waits for goes alone, so that the verdict is about it. */
void vf_vlans_reconcile_requests(struct vf *vf)
{
	struct vf_out out;

	for (unsigned int i = 0; i < vf->num_requests; i++) {
		const struct vf_request *req = &vf->request[i];
		int t = vf_vlans_index(req->tpid);

		if (req->kind != IAVF_REQUEST_KIND_VLAN_ADD || t < 0 || !vf->grant.filter[t])
			continue;
		if (!(addable(vf, t, req->vid / 64) >> req->vid % 64 & 1) ||
		    vf_vlans_full(vf, req->tpid, req->vid) || !vf_vlans_allowed(vf, t, req->vid))
			continue;
		if (put(vf, &out, true, t, &req->vid, 1) && !vf_send(vf, &out, true, false))
			return;
	}
}

enum what { DEL, ADD_USERS, ADD };

static uint64_t candidates(const struct vf *vf, enum what what, int t, unsigned int i)
{
	if (what == DEL)
		return to_del(vf, t, i);
	if (what == ADD || vf_vlans_open(vf, t))
		return to_add(vf, t, i);
	return to_add(vf, t, i) & users(vf, t, i);
}

/* Ids of one TPID for the next message. */
static unsigned int pick(const struct vf *vf, enum what what, int t, unsigned int limit,
			 uint16_t *vids)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < WORDS; i++) {
		uint64_t bits = candidates(vf, what, t, i);

		for (; bits; bits &= bits - 1) {
			if (n == limit)
				return n;
			vids[n++] = 64 * i + __builtin_ctzll(bits);
		}
	}
	return n;
}

static unsigned int limit_of(const struct vf *vf, enum what what)
{
	unsigned int limit = what == DEL ? vf->vlans.del.limit : vf->vlans.add.limit;

	return what != DEL && room(vf) < limit ? room(vf) : limit;
}

static void send_all(struct vf *vf, enum what what, int t)
{
	uint16_t vids[VIRTCHNL_VLANS_V2_MAX];
	struct vf_out out;

	while (vf_send_ready(vf, true)) {
		unsigned int n = pick(vf, what, t, limit_of(vf, what), vids);

		if (!n || !put(vf, &out, what != DEL, t, vids, n) ||
		    !vf_send(vf, &out, false, true))
			return;
	}
}

void vf_vlans_reconcile(struct vf *vf)
{
	if (vf->grant.vlans == VF_VLAN_NONE)
		return;
	for (int t = 0; t < 2; t++)
		send_all(vf, DEL, t);
	if (vf_trust_pending(vf))
		return;
	/* Where there is no room for all, users have what they were granted. */
	for (int t = 0; t < 2 && any_filters(vf); t++)
		send_all(vf, ADD_USERS, t);
	for (int t = 0; t < 2; t++)
		send_all(vf, ADD, t);
}

/* Something is to be sent, or answered. */
static bool waits(const struct vf *vf, int t, bool more)
{
	for (unsigned int i = 0; i < WORDS; i++) {
		if ((more && to_add(vf, t, i)) || to_del(vf, t, i) || busy(&vf->vlans, t, i))
			return true;
	}
	return false;
}

/* 1: the PF has what it should, as far as it goes. */
int vf_vlans_filter_verdict(const struct vf *vf, int t)
{
	bool open = vf_vlans_open(vf, t);

	for (unsigned int i = 0; i < WORDS && open; i++) {
		if (wanted(vf, t, i) & word(vf->vlans.refused[t], i))
			return -1;
	}
	return !waits(vf, t, open || room(vf));
}

void vf_vlans_filter_retry(struct vf *vf, int t)
{
	memset(vf->vlans.refused[t], 0, sizeof(vf->vlans.refused[t]));
	vf_batch_init(&vf->vlans.add, VIRTCHNL_VLANS_V2_MAX);
}

void vf_vlans_retry_all(struct vf *vf)
{
	for (int t = 0; t < 2; t++)
		vf_vlans_filter_retry(vf, t);
}

/* Done is what is there, or for what there is no room. */
bool vf_vlans_pending(const struct vf *vf)
{
	if (vf_trust_pending(vf))
		return true;
	for (int t = 0; t < 2; t++) {
		if (closing(vf, t) || waits(vf, t, room(vf)))
			return true;
	}
	return false;
}

bool vf_vlans_dropped(const struct vf *vf)
{
	return !(vf->grant.features & VLAN_FEATURES);
}

bool vf_vlans_policy_refused(const struct vf *vf)
{
	if (vf_vlans_dropped(vf))
		return any_filters(vf);
	for (int t = 0; t < 2; t++) {
		if (!vf->grant.filter[t] || (vf->grant.open_empty && vf_vlans_open(vf, t)))
			continue;
		for (unsigned int i = 0; i < WORDS; i++) {
			if (filters(vf, t, i) & allowed(vf, t, i) & ~word(vf->vlans.present[t], i))
				return true;
		}
	}
	return false;
}

static uint64_t acknowledged(const struct vf *vf, int t, unsigned int i)
{
	return word(vf->vlans.present[t], i) & ~word(vf->vlans.deleting[t], i);
}

static uint64_t refused(const struct vf *vf, int t, unsigned int i)
{
	return wanted(vf, t, i) & word(vf->vlans.refused[t], i);
}

void vf_vlans_show(const struct vf *vf, struct vf_policy_status *status)
{
	for (int t = 0; t < 2; t++) {
		status->filtered[t] = vf->grant.filter[t];
		for (unsigned int i = 0; i < WORDS; i++) {
			word_put(status->wanted[t], i, wanted(vf, t, i));
			word_put(status->acknowledged[t], i, acknowledged(vf, t, i));
			word_put(status->refused[t], i, refused(vf, t, i));
			word_put(status->forbidden[t], i, forbidden(vf, t, i));
		}
	}
}

void vf_vlans_count(const struct vf *vf, struct vf_grant_status *status)
{
	status->vlans_users = vf_vlans_users(vf);
	status->vlans_wanted = vf_vlans_wanted(vf);
	for (int t = 0; t < 2; t++) {
		status->filtered[t] = vf->grant.filter[t];
		for (unsigned int i = 0; i < WORDS; i++) {
			status->vlans_acknowledged += __builtin_popcountll(acknowledged(vf, t, i));
			status->vlans_refused += __builtin_popcountll(refused(vf, t, i));
		}
	}
}

static bool is_add(uint32_t op)
{
	return op == VIRTCHNL_OP_ADD_VLAN || op == VIRTCHNL_OP_ADD_VLAN_V2;
}

static bool is_v1(uint32_t op)
{
	return op == VIRTCHNL_OP_ADD_VLAN || op == VIRTCHNL_OP_DEL_VLAN;
}

static int num_elements(const struct vf_msg *msg)
{
	return is_v1(msg->op) ? virtchnl_num_vlans(msg->payload, msg->len) :
				virtchnl_num_vlans_v2(msg->payload, msg->len);
}

/* t is -1 when the element is not one of ours. */
static unsigned int element(const struct vf_msg *msg, unsigned int i, int *t)
{
	uint16_t vid, tpid = tpids[0];

	if (is_v1(msg->op))
		vid = virtchnl_vlan_id(msg->payload, i);
	else
		vid = virtchnl_vlan_v2_id(msg->payload, i, &tpid);
	*t = vf_vlans_index(tpid);
	return vid;
}

void vf_vlans_sent(struct vf *vf, const struct vf_msg *msg)
{
	int n = num_elements(msg), t;

	for (int i = 0; i < n; i++) {
		unsigned int vid = element(msg, i, &t);

		if (t >= 0)
			vf_bit_put(is_add(msg->op) ? vf->vlans.adding[t] : vf->vlans.deleting[t],
				   vid, true);
	}
}

static void set(struct vf_vlans *vlans, int t, unsigned int vid, bool present, bool unknown)
{
	vf_bit_put(vlans->present[t], vid, present);
	vf_bit_put(vlans->unknown[t], vid, unknown);
}

static void added(struct vf_vlans *vlans, int t, unsigned int vid, enum vf_outcome outcome,
		  bool single)
{
	vf_bit_put(vlans->adding[t], vid, false);
	if (outcome != VF_REFUSED || single)
		vf_bit_put(vlans->refused[t], vid, outcome == VF_REFUSED);
	set(vlans, t, vid, outcome == VF_OK, outcome == VF_LOST);
}

/*
 * A refused deletion means: already gone. In a list it may be about another one, so each is tried.
 */
static void deleted(struct vf_vlans *vlans, int t, unsigned int vid, enum vf_outcome outcome,
		    bool single)
{
	bool gone = outcome == VF_OK || (outcome == VF_REFUSED && single);

	vf_bit_put(vlans->deleting[t], vid, false);
	set(vlans, t, vid, false, !gone);
}

static void give_up(struct vf *vf, bool add)
{
	struct vf_vlans *vlans = &vf->vlans;

	for (int t = 0; t < 2; t++) {
		for (unsigned int i = 0; i < WORDS; i++) {
			uint64_t bits = add ? to_add(vf, t, i) : to_del(vf, t, i);

			if (add) {
				word_put(vlans->refused[t], i, word(vlans->refused[t], i) | bits);
				continue;
			}
			word_put(vlans->present[t], i, word(vlans->present[t], i) & ~bits);
			word_put(vlans->unknown[t], i, word(vlans->unknown[t], i) & ~bits);
		}
	}
}

static void batch_answered(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
			   int32_t status, unsigned int n, bool freed)
{
	bool add = is_add(msg->op);
	struct vf_batch *batch = add ? &vf->vlans.add : &vf->vlans.del;

	if (outcome == VF_REFUSED) {
		if (add)
			vf->vlans.refusal = (struct vf_refusal) { msg->op, status };
		if (vf_batch_refused(batch, n))
			give_up(vf, add);
		return;
	}
	if (outcome != VF_OK)
		return;
	vf_batch_ok(batch, VIRTCHNL_VLANS_V2_MAX);
	if (!freed)
		return;
	/* There is room again. */
	memset(vf->vlans.refused, 0, sizeof(vf->vlans.refused));
	vf_batch_init(&vf->vlans.add, VIRTCHNL_VLANS_V2_MAX);
}

void vf_vlans_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status)
{
	int n = num_elements(msg), t;
	bool freed = false;

	for (int i = 0; i < n; i++) {
		unsigned int vid = element(msg, i, &t);

		if (t < 0)
			continue;
		if (is_add(msg->op)) {
			added(&vf->vlans, t, vid, outcome, n == 1);
			continue;
		}
		deleted(&vf->vlans, t, vid, outcome, n == 1);
		/* Else it was deleted only to know where we are, and is added again. */
		freed |= !in_wanted(vf, t, vid);
	}
	if (n > 0)
		batch_answered(vf, msg, outcome, status, n, freed);
	/* i40e: a V1 filter switches stripping on. */
	if (msg->op == VIRTCHNL_OP_ADD_VLAN && outcome != VF_REFUSED)
		vf->slot[VF_SLOT_STRIP].acked = 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The checkpoint that the kernel keeps for the next daemon: what the PF acknowledged and refused
 * in this generation, and what must outlive it (RSS, what the host said of the MAC, the policy).
 *
 * Layout, little endian: u32 magic, u16 layout, u16 zero, then parts: u16 type, u16 zero, u32
 * bytes, data. Unknown parts are skipped, fields missing at the end of a part read as 0; a reader
 * that does not know the layout takes the record for absent.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "internal.h"

#define MAGIC	0x52465649	/* "IVFR" */
#define LAYOUT	1
#define HEADER	8
#define PART	8

enum part {
	PART_NEGO = 1,
	PART_VLAN_ABILITIES,
	PART_SLOTS,
	PART_MAC,
	PART_MACS,
	PART_VLANS,
	PART_RSS_KEY,
	PART_QUEUES,
	PART_RSS,
	PART_POLICY,
};

enum vlan_map { MAP_PRESENT, MAP_UNKNOWN, MAP_REFUSED, NUM_MAPS };

struct writer {
	uint8_t *data;
	size_t len, size, part;	/* part: where its header is */
};

static void put(struct writer *w, const void *data, size_t len)
{
	if (w->len + len <= w->size)
		memcpy(w->data + w->len, data, len);
	w->len += len;
}

static void put_n(struct writer *w, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++) {
		uint8_t byte = value >> 8 * i;

		put(w, &byte, 1);
	}
}

static void begin(struct writer *w, enum part type)
{
	w->part = w->len;
	put_n(w, type, 4);
	put_n(w, 0, 4);
}

static void end(struct writer *w)
{
	size_t len;

#ifdef VF_RECORD_NEXT
	put_n(w, UINT32_MAX, 4);	/* tests/system/skew: a later version has a field more */
#endif
	len = w->len - w->part - PART;
	for (unsigned int i = 0; i < 4 && w->len <= w->size; i++)
		w->data[w->part + 4 + i] = len >> 8 * i;
}

static void put_refusal(struct writer *w, const struct vf_refusal *refusal)
{
	put_n(w, refusal->op, 4);
	put_n(w, (uint32_t)refusal->status, 4);
}

static void put_nego(struct writer *w, const struct vf_nego *nego)
{
	const struct virtchnl_resources *res = &nego->res;

	begin(w, PART_NEGO);
	put_n(w, nego->version_known | nego->res_known << 1 | nego->vlan_done << 2 |
	      nego->vlan_known << 3 | nego->expect_vlan << 4, 4);
	put_n(w, nego->version.major, 4);
	put_n(w, nego->version.minor, 4);
	put_n(w, res->caps, 4);
	put_n(w, res->vsi_id, 2);
	put_n(w, res->queues, 2);
	put_n(w, res->vectors, 2);
	put_n(w, res->mtu, 2);
	put_n(w, res->rss_key, 2);
	put_n(w, res->rss_lut, 2);
	put(w, res->mac, 6);
	put_n(w, nego->trust | nego->probe_there << 2, 4);
	end(w);
}

static void put_vlan_abilities(struct writer *w, const struct virtchnl_vlan_abilities *vlan)
{
	begin(w, PART_VLAN_ABILITIES);
	put_n(w, vlan->filter_outer, 4);
	put_n(w, vlan->filter_inner, 4);
	put_n(w, vlan->strip_outer, 4);
	put_n(w, vlan->strip_inner, 4);
	put_n(w, vlan->insert_outer, 4);
	put_n(w, vlan->insert_inner, 4);
	put_n(w, vlan->offload_init, 4);
	put_n(w, vlan->max_filters, 2);
	put_n(w, vlan->strip_insert_free, 1);
	end(w);
}

static void put_slots(struct writer *w, const struct vf *vf)
{
	begin(w, PART_SLOTS);
	for (unsigned int i = 0; i < VF_NUM_SLOTS; i++) {
		const struct vf_slot *slot = &vf->slot[i];

		put_n(w, slot->acked, 8);
		put_n(w, slot->refused, 8);
		put_refusal(w, &slot->refusal);
		put_n(w, slot->touched, 4);
	}
	end(w);
}

static void put_mac(struct writer *w, const struct vf_macs *macs)
{
	begin(w, PART_MAC);
	put_n(w, macs->primary_known | macs->host_known << 1, 4);
	put(w, macs->primary, 6);
	put(w, macs->host, 6);
	put(w, macs->own_refused, 6);
	put_refusal(w, &macs->own_refusal);
	put_refusal(w, &macs->refusal);
	put(w, macs->asked, sizeof(macs->asked));
	end(w);
}

static void put_macs(struct writer *w, const struct vf_macs *macs)
{
	const uint8_t kept = VF_MAC_PRESENT | VF_MAC_UNKNOWN | VF_MAC_REFUSED;

	begin(w, PART_MACS);
	for (unsigned int i = 0; i < macs->num; i++) {
		/* What does not fit is sent once more; PFs take duplicates. */
		if (!(macs->list[i].flags & kept) || w->len + 8192 > w->size)
			continue;
		put(w, macs->list[i].addr, 6);
		put_n(w, macs->list[i].flags & kept, 1);
	}
	end(w);
}

static uint8_t *vlan_map(struct vf_vlans *vlans, unsigned int map, unsigned int t)
{
	switch (map) {
	case MAP_PRESENT:
		return vlans->present[t];
	case MAP_UNKNOWN:
		return vlans->unknown[t];
	}
	return vlans->refused[t];
}

static void put_vlans(struct writer *w, struct vf_vlans *vlans)
{
	static const uint8_t empty[VF_VLAN_BYTES];

	begin(w, PART_VLANS);
	put_refusal(w, &vlans->refusal);
	for (unsigned int i = 0; i < NUM_MAPS * 2; i++) {
		const uint8_t *map = vlan_map(vlans, i / 2, i % 2);

		if (!memcmp(map, empty, sizeof(empty)))
			continue;
		put_n(w, i, 1);
		put(w, map, VF_VLAN_BYTES);
	}
	end(w);
}

static void put_queues(struct writer *w, const struct vf_queues *queues)
{
	begin(w, PART_QUEUES);
	put_n(w, queues->refused, 4);
	put_refusal(w, &queues->refusal);
	end(w);
}

/* What users wanted; the key may be ours. */
static void put_rss(struct writer *w, const struct vf_rss *rss)
{
	if (rss->key_known) {
		begin(w, PART_RSS_KEY);
		put(w, rss->key, sizeof(rss->key));
		end(w);
	}
	begin(w, PART_RSS);
	put_n(w, rss->symmetric | rss->table_users << 1 | rss->table_unclear << 2, 4);
	put_n(w, sizeof(rss->fields), 2);
	put_n(w, rss->table_len, 2);
	put(w, rss->fields, sizeof(rss->fields));
	put(w, rss->table, rss->table_len);
	end(w);
}

static void put_policy(struct writer *w, const struct vf_policy *policy)
{
	begin(w, PART_POLICY);
	put_n(w, policy->vlan_budgeted, 4);
	put_n(w, policy->vlan_budget, 4);
	put_n(w, policy->max_queues, 4);
	put_n(w, policy->on_absence, 4);
	put_n(w, policy->grace_ms, 4);
	for (unsigned int i = 0; i < VF_POLICY_MAPS; i++) {
		const uint8_t *map = vf_policy_map(policy, i);

		if (!map)
			continue;
		put_n(w, i, 1);
		put(w, map, VF_VLAN_BYTES);
	}
	end(w);
}

static void encode(struct writer *w, struct vf *vf)
{
	put_n(w, MAGIC, 4);
	put_n(w, LAYOUT, 4);
	put_nego(w, &vf->nego);
	if (vf->nego.vlan_known)
		put_vlan_abilities(w, &vf->nego.vlan);
	put_slots(w, vf);
	put_mac(w, &vf->macs);
	put_macs(w, &vf->macs);
	put_vlans(w, &vf->vlans);
	put_queues(w, &vf->queues);
	put_rss(w, &vf->rss);
	put_policy(w, &vf->policy);
}

/* Answered messages are covered by it; nothing may be under way. */
void vf_record_save(struct vf *vf)
{
	struct writer w = { .size = IAVF_RECORD_MAX, .data = malloc(IAVF_RECORD_MAX) };
	int err = -ENOMEM;

	vf->record_at = 0;
	vf_fifo_resolve(vf);
	if (w.data) {
		encode(&w, vf);
		err = vf->io.record_set(vf->io.ctx, vf->generation, vf->seq, vf->recv_seq, w.data,
					w.len);
	}
	free(w.data);
	if (err) {
		if (err != -ESTALE)
			vf_log(vf, LOG_ERR, "the kernel did not take the record: error %d", -err);
		vf->blocked_until = vf->now + VF_BLOCKED_NS;
		return;
	}
	vf_fifo_clear(vf);
	vf->since_record = 0;
	vf->dirty = false;
	vf->policy_recorded = true;
}

/* Not after every message: the log carries what came since. */
void vf_record_lazy(struct vf *vf)
{
	bool due = vf->record_at && vf->now >= vf->record_at;

	if (due)
		vf->record_at = 0;
	if (!vf->dirty || vf->fifo.waiting || !vf->mailbox || vf->stale || !vf_negotiated(vf))
		return;
	if (due || (vf->since_record >= VF_LOG_LAZY && vf_fifo_quiet(&vf->fifo)))
		vf_record_save(vf);
	else if (!vf->record_at)
		vf->record_at = vf->now + VF_RECORD_NS;
}

struct reader {
	const uint8_t *data;
	size_t len;
};

static bool get(struct reader *r, void *data, size_t len)
{
	if (r->len < len) {
		memset(data, 0, len);
		r->len = 0;
		return false;
	}
	memcpy(data, r->data, len);
	r->data += len;
	r->len -= len;
	return true;
}

static uint64_t get_n(struct reader *r, unsigned int bytes)
{
	uint8_t raw[8];
	uint64_t value = 0;

	get(r, raw, bytes);
	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)raw[i] << 8 * i;
	return value;
}

static struct vf_refusal get_refusal(struct reader *r)
{
	uint32_t op = get_n(r, 4);

	return (struct vf_refusal) { op, (int32_t)get_n(r, 4) };
}

static struct vf_nego read_nego(struct reader *r)
{
	struct vf_nego nego = { 0 };
	struct virtchnl_resources *res = &nego.res;
	uint32_t flags = get_n(r, 4);

	nego.version_known = flags & 1;
	nego.res_known = flags & 2;
	nego.vlan_done = flags & 4;
	nego.vlan_known = flags & 8;
	nego.expect_vlan = flags & 16;
	nego.version.major = get_n(r, 4);
	nego.version.minor = get_n(r, 4);
	res->caps = get_n(r, 4);
	res->vsi_id = get_n(r, 2);
	res->queues = get_n(r, 2);
	res->vectors = get_n(r, 2);
	res->mtu = get_n(r, 2);
	res->rss_key = get_n(r, 2);
	res->rss_lut = get_n(r, 2);
	get(r, res->mac, 6);
	flags = get_n(r, 4);
	nego.trust = (flags & 3) % (VF_TRUST_YES + 1);
	nego.probe_there = flags & 4;
	return nego;
}

static void get_nego(struct reader *r, struct vf *vf, bool current)
{
	vf->nego = read_nego(r);
	if (!current)
		vf_nego_reset(&vf->nego);
}

/* Sizes of buffers follow from these numbers. */
static bool sane_nego(struct reader r)
{
	const struct vf_nego nego = read_nego(&r);

	return !nego.res_known || virtchnl_resources_ok(&nego.res);
}

static void get_vlan_abilities(struct reader *r, struct virtchnl_vlan_abilities *vlan)
{
	vlan->filter_outer = get_n(r, 4);
	vlan->filter_inner = get_n(r, 4);
	vlan->strip_outer = get_n(r, 4);
	vlan->strip_inner = get_n(r, 4);
	vlan->insert_outer = get_n(r, 4);
	vlan->insert_inner = get_n(r, 4);
	vlan->offload_init = get_n(r, 4);
	vlan->max_filters = get_n(r, 2);
	vlan->strip_insert_free = get_n(r, 1);
}

static void get_slots(struct reader *r, struct vf *vf)
{
	for (unsigned int i = 0; i < VF_NUM_SLOTS; i++) {
		struct vf_slot *slot = &vf->slot[i];

		slot->acked = get_n(r, 8);
		slot->refused = get_n(r, 8);
		slot->refusal = get_refusal(r);
		slot->touched = get_n(r, 4);
	}
}

static void get_mac(struct reader *r, struct vf_macs *macs, bool current)
{
	uint32_t flags = get_n(r, 4);
	get(r, macs->primary, 6);
	get(r, macs->host, 6);
	get(r, macs->own_refused, 6);
	macs->own_refusal = get_refusal(r);
	macs->refusal = get_refusal(r);
	get(r, macs->asked, sizeof(macs->asked));
	macs->primary_known = current && flags & 1;
	macs->host_known = flags & 2;
	if (!current)
		memset(macs->own_refused, 0, 6);
}

static void get_macs(struct reader *r, struct vf_macs *macs)
{
	while (r->len >= 7) {
		uint8_t addr[6], flags;
		struct vf_mac *mac;

		get(r, addr, 6);
		flags = get_n(r, 1);
		mac = vf_macs_get(macs, addr);
		if (mac)
			mac->flags |= flags & (VF_MAC_PRESENT | VF_MAC_UNKNOWN | VF_MAC_REFUSED);
	}
}

static void get_vlans(struct reader *r, struct vf_vlans *vlans)
{
	vlans->refusal = get_refusal(r);
	while (r->len > VF_VLAN_BYTES) {
		unsigned int i = get_n(r, 1);
		uint8_t map[VF_VLAN_BYTES];

		get(r, map, sizeof(map));
		if (i < NUM_MAPS * 2)
			memcpy(vlan_map(vlans, i / 2, i % 2), map, sizeof(map));
	}
}

static void get_queues(struct reader *r, struct vf *vf)
{
	bool refused = get_n(r, 4);

	vf->queues.refusal = get_refusal(r);
	/* If there were new rings since, nobody has refused these. */
	vf->queues.refused = refused && !vf->queues.configured && !vf->queues.enabled;
}

/* A later version may know more flows. */
static void get_rss(struct reader *r, struct vf_rss *rss)
{
	uint32_t flags = get_n(r, 4);
	unsigned int flows = get_n(r, 2), table_len = get_n(r, 2);

	rss->symmetric = flags & 1;
	rss->table_users = flags & 2;
	rss->table_unclear = flags & 4;
	for (unsigned int i = 0; i < flows; i++) {
		uint8_t fields = get_n(r, 1);

		if (i < VF_RSS_FLOWS)
			rss->fields[i] = fields & VIRTCHNL_RSS_ALL_FIELDS;
	}
	rss->table_len = table_len <= VF_RSS_TABLE ? table_len : 0;
	if (!get(r, rss->table, rss->table_len))
		rss->table_len = 0;
	rss->table_users &= rss->table_len != 0;
}

/* What this version does not know is as if it were not said. */
static void get_policy(struct reader *r, struct vf *vf)
{
	uint8_t maps[VF_POLICY_MAPS][VF_VLAN_BYTES];
	struct vf_policy policy = vf->policy;
	uint32_t flags = get_n(r, 4);

	policy.recorded = false;
	policy.vlan_budgeted = flags & 1;
	policy.vlan_budget = get_n(r, 4);
	policy.max_queues = get_n(r, 4);
	policy.on_absence = get_n(r, 4);
	policy.grace_ms = get_n(r, 4);
	if (policy.on_absence > IAVF_ABSENCE_DOWN)
		policy.on_absence = IAVF_ABSENCE_HOLD;
	if (policy.grace_ms > VF_GRACE_MAX_MS)
		policy.grace_ms = VF_GRACE_MAX_MS;
	for (unsigned int i = 0; i < VF_POLICY_MAPS; i++)
		vf_policy_put_map(&policy, i, NULL);
	while (r->len > VF_VLAN_BYTES) {
		unsigned int i = get_n(r, 1);

		if (i >= VF_POLICY_MAPS)
			break;
		get(r, maps[i], VF_VLAN_BYTES);
		vf_policy_put_map(&policy, i, maps[i]);
	}
	vf_policy_recorded(vf, &policy);
}

static void get_part(struct reader *r, struct vf *vf, unsigned int type, bool current)
{
	switch (type) {
	case PART_NEGO:
		get_nego(r, vf, current);
		return;
	case PART_MAC:
		get_mac(r, &vf->macs, current);
		return;
	case PART_RSS_KEY:
		vf->rss.key_known = get(r, vf->rss.key, sizeof(vf->rss.key));
		return;
	case PART_RSS:
		get_rss(r, &vf->rss);
		return;
	case PART_POLICY:
		get_policy(r, vf);
		return;
	}
	if (!current)
		return;
	switch (type) {
	case PART_VLAN_ABILITIES:
		get_vlan_abilities(r, &vf->nego.vlan);
		break;
	case PART_SLOTS:
		get_slots(r, vf);
		break;
	case PART_MACS:
		get_macs(r, &vf->macs);
		break;
	case PART_VLANS:
		get_vlans(r, &vf->vlans);
		break;
	case PART_QUEUES:
		get_queues(r, vf);
		break;
	}
}

/* false: there is none, or only half of one */
static bool next_part(struct reader *r, unsigned int *type, struct reader *part)
{
	struct reader rest = *r;

	if (rest.len < PART)
		return false;
	*type = get_n(&rest, 4);
	part->len = get_n(&rest, 4);
	part->data = rest.data;
	if (part->len > rest.len)
		return false;
	r->data = rest.data + part->len;
	r->len = rest.len - part->len;
	return true;
}

/*
 * All parts, with numbers that can be, or nothing: limits that follow from half of it would be
 * wrong.
 */
static bool whole(struct reader r)
{
	struct reader part;
	unsigned int type;

	while (next_part(&r, &type, &part)) {
		if (type == PART_NEGO && !sane_nego(part))
			return false;
	}
	return !r.len;
}

int vf_record_load(struct vf *vf, uint32_t generation, const void *data, size_t len)
{
	struct reader r = { data, len }, part;
	unsigned int type;

	if (len < HEADER || get_n(&r, 4) != MAGIC || get_n(&r, 4) != LAYOUT || !whole(r))
		return -EPROTO;
	while (next_part(&r, &type, &part))
		get_part(&part, vf, type, generation == vf->generation);
	if (vf_negotiated(vf))
		vf_grant_compute(&vf->grant, &vf->nego);
	return 0;
}

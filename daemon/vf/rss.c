// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receive-side scaling: key, table, hash function and what is hashed of each flow. Every one is a
 * slot (slot.c); here is what they should be. A pending request is part of that.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const struct { uint32_t l3, l4; } flows[VF_RSS_FLOWS] = {
	[IAVF_RSS_FLOW_TCP4] = { VIRTCHNL_PROTO_IPV4, VIRTCHNL_PROTO_TCP },
	[IAVF_RSS_FLOW_UDP4] = { VIRTCHNL_PROTO_IPV4, VIRTCHNL_PROTO_UDP },
	[IAVF_RSS_FLOW_SCTP4] = { VIRTCHNL_PROTO_IPV4, VIRTCHNL_PROTO_SCTP },
	[IAVF_RSS_FLOW_TCP6] = { VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_TCP },
	[IAVF_RSS_FLOW_UDP6] = { VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_UDP },
	[IAVF_RSS_FLOW_SCTP6] = { VIRTCHNL_PROTO_IPV6, VIRTCHNL_PROTO_SCTP },
};

void vf_rss_choose_key(struct vf *vf)
{
	if (vf->rss.key_known)
		return;
	for (unsigned int i = 0; i < sizeof(vf->rss.key); i++) {
		vf->policy.random = vf->policy.random * UINT64_C(6364136223846793005) +
				    UINT64_C(1442695040888963407);
		vf->rss.key[i] = vf->policy.random >> 56;
	}
	vf->rss.key_known = true;
}

bool vf_rss_has_slot(enum vf_slot_id id)
{
	return id == VF_SLOT_RSS_KEY || id == VF_SLOT_RSS_LUT || id >= VF_SLOT_RSS_HFUNC;
}

static enum vf_slot_id flow_slot(const void *payload, size_t len)
{
	struct virtchnl_rss_flow flow;

	if (virtchnl_get_rss_cfg(payload, len, &flow))
		return VF_NUM_SLOTS;
	for (unsigned int i = 0; i < VF_RSS_FLOWS; i++) {
		if (flows[i].l3 == flow.l3 && flows[i].l4 == flow.l4)
			return VF_SLOT_RSS_FLOW + i;
	}
	return VF_NUM_SLOTS;
}

enum vf_slot_id vf_rss_slot_of(uint32_t op, const void *payload, size_t len)
{
	switch (op) {
	case VIRTCHNL_OP_CONFIG_RSS_KEY:
		return VF_SLOT_RSS_KEY;
	case VIRTCHNL_OP_CONFIG_RSS_LUT:
		return VF_SLOT_RSS_LUT;
	case VIRTCHNL_OP_CONFIG_RSS_HFUNC:
		return VF_SLOT_RSS_HFUNC;
	case VIRTCHNL_OP_ADD_RSS_CFG:
		return flow_slot(payload, len);
	}
	return VF_NUM_SLOTS;
}

static const struct vf_request *pending(const struct vf *vf)
{
	const struct vf_request *req = vf_request_pending(vf, IAVF_REQUEST_KIND_SET_RSS);

	return req ? req : vf_request_pending(vf, IAVF_REQUEST_KIND_SET_RSS_FIELDS);
}

bool vf_rss_urgent(const struct vf *vf)
{
	return pending(vf);
}

static const struct vf_rss *wanted(const struct vf *vf)
{
	const struct vf_request *req = pending(vf);
	const char *why;

	return req && !vf_rss_check(vf, req, &why) ? &vf->rss_asked : &vf->rss;
}

/* A PF without messages for it leaves key and table to registers, which the kernel writes. */
static bool by_registers(const struct vf *vf)
{
	return !(vf->nego.res.caps & VIRTCHNL_CAP_RSS_PF) && vf->nego.res.rss_lut;
}

static bool has_rss(const struct vf *vf)
{
	return vf->nego.res.caps & VIRTCHNL_CAP_RSS_PF || by_registers(vf);
}

/* Symmetric hashing and a choice of fields; an old PF may take the attempt alone for an attack. */
static bool has_advanced(const struct vf *vf)
{
	return vf->nego.res.caps & VIRTCHNL_CAP_ADV_RSS_PF;
}

/* Perhaps not as the PF has it after a reset. */
static bool touched(const struct vf *vf, enum vf_slot_id id)
{
	return vf->slot[id].touched || vf->slot[id].busy;
}

/* Messages of the slots; 0: nothing is wanted */

static size_t put_key(const struct vf *vf, const struct vf_rss *rss, struct vf_out *out)
{
	if (!rss->key_known)
		return 0;
	out->op = VIRTCHNL_OP_CONFIG_RSS_KEY;
	return virtchnl_put_rss_key(out->data, sizeof(out->data), vf->nego.res.vsi_id, rss->key,
				    vf->nego.res.rss_key);
}

/* Queues that a table asks for and that are not there are folded onto those that are. */
static bool fill_table(const struct vf *vf, const struct vf_rss *rss, uint8_t *table)
{
	unsigned int entries = vf->nego.res.rss_lut, queues = vf_rx_queues(vf);

	if (!queues)
		return false;
	for (unsigned int i = 0; i < entries; i++)
		table[i] = (rss->table_users ? rss->table[i % rss->table_len] : i) % queues;
	return true;
}

static size_t put_table(const struct vf *vf, const struct vf_rss *rss, struct vf_out *out)
{
	uint8_t table[VIRTCHNL_MAX_LUT];

	if (!fill_table(vf, rss, table))
		return 0;
	out->op = VIRTCHNL_OP_CONFIG_RSS_LUT;
	return virtchnl_put_rss_lut(out->data, sizeof(out->data), vf->nego.res.vsi_id, table,
				    vf->nego.res.rss_lut);
}

static size_t put_hfunc(const struct vf *vf, const struct vf_rss *rss, struct vf_out *out)
{
	if (!has_advanced(vf) || (!rss->symmetric && !touched(vf, VF_SLOT_RSS_HFUNC)))
		return 0;
	out->op = VIRTCHNL_OP_CONFIG_RSS_HFUNC;
	return virtchnl_put_rss_hfunc(out->data, sizeof(out->data), vf->nego.res.vsi_id,
				      rss->symmetric);
}

static size_t put_flow(const struct vf *vf, const struct vf_rss *rss, unsigned int i,
		       struct vf_out *out)
{
	const struct virtchnl_rss_flow flow = {
		.l3 = flows[i].l3, .l4 = flows[i].l4, .symmetric = rss->symmetric,
		.fields = rss->fields[i] ? rss->fields[i] : VIRTCHNL_RSS_ALL_FIELDS,
	};

	if (!has_advanced(vf) || (!rss->fields[i] && !touched(vf, VF_SLOT_RSS_FLOW + i)))
		return 0;
	out->op = VIRTCHNL_OP_ADD_RSS_CFG;
	return virtchnl_put_rss_cfg(out->data, sizeof(out->data), &flow);
}

size_t vf_rss_put(const struct vf *vf, enum vf_slot_id id, struct vf_out *out)
{
	const struct vf_rss *rss = wanted(vf);

	if (!(vf->nego.res.caps & VIRTCHNL_CAP_RSS_PF))
		return 0;
	switch (id) {
	case VF_SLOT_RSS_KEY:
		return put_key(vf, rss, out);
	case VF_SLOT_RSS_LUT:
		return put_table(vf, rss, out);
	case VF_SLOT_RSS_HFUNC:
		return put_hfunc(vf, rss, out);
	default:
		return put_flow(vf, rss, id - VF_SLOT_RSS_FLOW, out);
	}
}

void vf_rss_reconcile(struct vf *vf)
{
	vf_slot_reconcile(vf, VF_SLOT_RSS_KEY);
	vf_slot_reconcile(vf, VF_SLOT_RSS_LUT);
	for (enum vf_slot_id id = VF_SLOT_RSS_HFUNC; id < VF_NUM_SLOTS; id++)
		vf_slot_reconcile(vf, id);
}

static bool answered(const struct vf *vf, enum vf_slot_id id)
{
	return vf->slot[id].touched || vf_slot_verdict(vf, id);
}

bool vf_rss_answered(const struct vf *vf)
{
	return answered(vf, VF_SLOT_RSS_KEY) && answered(vf, VF_SLOT_RSS_LUT);
}

/* Requests */

/* With another function the messages of all flows change. */
static bool concerns(const struct vf_request *req, enum vf_slot_id id)
{
	if (req->kind == IAVF_REQUEST_KIND_SET_RSS_FIELDS)
		return id == VF_SLOT_RSS_FLOW + req->rss_flow;
	switch (id) {
	case VF_SLOT_RSS_KEY:
		return req->rss_key_len;
	case VF_SLOT_RSS_LUT:
		return req->rss_lut_len;
	default:
		return vf_rss_has_slot(id) && req->rss_hfunc_set;
	}
}

static bool looks_default(const struct vf_rss *rss, unsigned int queues)
{
	for (unsigned int i = 0; i < rss->table_len; i++) {
		if (!queues || rss->table[i] != i % queues)
			return false;
	}
	return true;
}

static void change(struct vf_rss *rss, const struct vf_request *req)
{
	if (req->rss_key && req->rss_key_len == sizeof(rss->key))
		memcpy(rss->key, req->rss_key, sizeof(rss->key));
	if (req->rss_lut && req->rss_lut_len <= sizeof(rss->table)) {
		rss->table_len = req->rss_lut_len;
		memcpy(rss->table, req->rss_lut, rss->table_len);
		rss->table_unclear = looks_default(rss, req->queues);
		rss->table_users = !rss->table_unclear;
	}
	if (req->rss_hfunc_set)
		rss->symmetric = req->rss_hfunc == IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC;
	if (req->kind == IAVF_REQUEST_KIND_SET_RSS_FIELDS && req->rss_flow < VF_RSS_FLOWS)
		rss->fields[req->rss_flow] =
			req->rss_fields == VIRTCHNL_RSS_ALL_FIELDS ? 0 : req->rss_fields;
}

int vf_rss_ask(struct vf *vf, const struct vf_request *req)
{
	if (vf_rss_urgent(vf))
		return -EBUSY;
	vf_rss_choose_key(vf);
	vf->rss_asked = vf->rss;
	change(&vf->rss_asked, req);
	for (enum vf_slot_id id = 0; id < VF_NUM_SLOTS; id++) {
		if (concerns(req, id))
			vf->slot[id].refused = 0;
	}
	return 0;
}

static unsigned int highest_queue(const struct vf_rss *rss)
{
	unsigned int highest = 0;

	for (unsigned int i = 0; i < rss->table_len; i++)
		highest = rss->table[i] > highest ? rss->table[i] : highest;
	return highest;
}

static const char *check_fields(const struct vf_request *req)
{
	if (req->rss_flow >= VF_RSS_FLOWS)
		return "iavfd does not know this kind of flow";
	if (!req->rss_fields || req->rss_fields > VIRTCHNL_RSS_ALL_FIELDS)
		return "iavfd does not know these fields";
	return NULL;
}

static const char *check_rss(const struct vf *vf, const struct vf_request *req)
{
	if (req->rss_key_len && req->rss_key_len != vf->nego.res.rss_key)
		return "PF takes RSS keys of another length";
	if (req->rss_lut_len && req->rss_lut_len != vf->nego.res.rss_lut)
		return "PF takes RSS tables of another length";
	if (req->rss_lut_len && highest_queue(&vf->rss_asked) >= vf_rx_queues(vf))
		return "the RSS table has queues that are not in use";
	return NULL;
}

int vf_rss_check(const struct vf *vf, const struct vf_request *req, const char **why)
{
	bool fields = req->kind == IAVF_REQUEST_KIND_SET_RSS_FIELDS;

	*why = NULL;
	if (!has_rss(vf))
		*why = "PF does not let this VF set RSS";
	else if (fields && !has_advanced(vf))
		*why = "PF has no advanced RSS: what is hashed cannot be chosen";
	else if (req->rss_hfunc_set && vf->rss_asked.symmetric && !has_advanced(vf))
		*why = "PF has no advanced RSS, and so no symmetric one";
	if (*why)
		return -EOPNOTSUPP;
	*why = fields ? check_fields(req) : check_rss(vf, req);
	return *why ? -EINVAL : 0;
}

int vf_rss_verdict(const struct vf *vf, const struct vf_request *req, struct vf_refusal *refusal)
{
	int verdict = 1;

	for (enum vf_slot_id id = 0; id < VF_NUM_SLOTS; id++) {
		int one = concerns(req, id) ? vf_slot_verdict(vf, id) : 1;

		if (one < 0)
			*refusal = vf->slot[id].refusal;
		if (one < verdict)
			verdict = one;
	}
	return verdict;
}

void vf_rss_configured(struct vf *vf, bool users)
{
	if (vf->rss.table_unclear)
		vf->rss.table_users = users && vf->rss.table_len;
}

static bool fill_registers(const struct vf *vf, struct vf_rss_registers *registers)
{
	const struct vf_rss *rss = wanted(vf);

	if (!by_registers(vf) || !rss->key_known)
		return false;
	memcpy(registers->key, rss->key, sizeof(registers->key));
	return fill_table(vf, rss, registers->lut);
}

bool vf_rss_registers_differ(const struct vf *vf)
{
	struct vf_rss_registers registers;

	return fill_registers(vf, &registers) &&
	       memcmp(&registers, &vf->rss_registers, sizeof(registers));
}

/* Acknowledged, as far as it is not what PFs do by themselves. */

static uint32_t hash_function(const struct vf *vf, const struct vf_rss *rss)
{
	struct vf_out out;

	return rss->symmetric && vf_slot_acked(vf, VF_SLOT_RSS_HFUNC, &out) ?
	       IAVF_RSS_HFUNC_TOEPLITZ_SYMMETRIC : IAVF_RSS_HFUNC_TOEPLITZ;
}

/* PFs by themselves hash everything of all these flows. */
static void fill_fields(const struct vf *vf, const struct vf_rss *rss, uint8_t *to)
{
	struct vf_out out;

	memset(to, VIRTCHNL_RSS_ALL_FIELDS, VF_RSS_FLOWS);
	for (unsigned int i = 0; i < VF_RSS_FLOWS; i++) {
		if (rss->fields[i] && vf_slot_acked(vf, VF_SLOT_RSS_FLOW + i, &out))
			to[i] = rss->fields[i];
	}
}

void vf_rss_show(const struct vf *vf, struct vf_grant_status *status)
{
	const struct vf_rss *rss = wanted(vf);

	if (vf->nego.res_known) {
		status->rss_key_len = vf->nego.res.rss_key;
		status->rss_table_len = vf->nego.res.rss_lut;
	}
	status->rss_table_users = vf->rss.table_users && !vf->rss.table_unclear;
	status->rss_hfunc = hash_function(vf, rss);
	fill_fields(vf, rss, status->rss_fields);
}

/* What the kernel has no room for is not shown. */
void vf_rss_commit(struct vf *vf, struct vf_commit *commit, struct vf_rss_shown *shown)
{
	const struct vf_rss *rss = wanted(vf);
	struct vf_out out;
	int key = 0, lut = 0;

	if (fill_registers(vf, &vf->rss_registers)) {
		key = sizeof(vf->rss_registers.key);
		lut = sizeof(vf->rss_registers.lut);
		memcpy(shown->key, vf->rss_registers.key, key);
		memcpy(shown->lut, vf->rss_registers.lut, lut);
		commit->rss_hena = VIRTCHNL_HENA_DEFAULT;
	}
	if (vf_slot_acked(vf, VF_SLOT_RSS_KEY, &out))
		key = virtchnl_get_rss_key(out.data, out.len, shown->key, sizeof(shown->key));
	if (vf_slot_acked(vf, VF_SLOT_RSS_LUT, &out))
		lut = virtchnl_get_rss_lut(out.data, out.len, shown->lut, sizeof(shown->lut));
	commit->rss_key = shown->key;
	commit->rss_key_len = key > 0 ? key : 0;
	commit->rss_lut = shown->lut;
	commit->rss_lut_len = lut > 0 ? lut : 0;
	if (!vf->nego.res.rss_lut)
		return;
	commit->rss_hfunc = hash_function(vf, rss);
	fill_fields(vf, rss, shown->flows);
	commit->rss_flows = shown->flows;
	commit->rss_flows_len = sizeof(shown->flows);
}

static bool fields_chosen(const struct vf_rss *rss)
{
	for (unsigned int i = 0; i < VF_RSS_FLOWS; i++) {
		if (rss->fields[i])
			return true;
	}
	return false;
}

/* What was granted once need not be after a reset. */
bool vf_rss_reason(const struct vf *vf, char *text, size_t size)
{
	const struct vf_rss *rss = &vf->rss;

	if (!has_rss(vf) && (rss->table_users || rss->symmetric || fields_chosen(rss)))
		snprintf(text, size, "PF has no RSS for this VF any more");
	else if (rss->table_users && highest_queue(rss) >= vf_rx_queues(vf))
		snprintf(text, size, "RSS table asks for queue %u, there are %u queues",
			 highest_queue(rss), vf_rx_queues(vf));
	else if (!has_advanced(vf) && rss->symmetric)
		snprintf(text, size, "PF has no symmetric RSS any more");
	else if (!has_advanced(vf) && fields_chosen(rss))
		snprintf(text, size, "PF lets nobody choose any more what RSS hashes");
	else
		return false;
	return true;
}

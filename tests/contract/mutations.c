// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A PF that lies by system: every answer it gives, each field of it, with values at the edges; and
 * every answer with another length, status or opcode. The daemon asks no more for it, breaks no
 * rule of the kernel's, says why when it does not do what users want, and is well when the PF is.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "contract.h"
#include "virtchnl/names.h"

#define ASKED_MAX	200	/* messages in a minute, once it has settled into the lie */

struct field {
	uint32_t op;
	unsigned int offset, size;
};

#define FIELD(op, type, member) \
	{ VIRTCHNL_OP_##op, offsetof(struct type, member), \
	  sizeof(((struct type *)NULL)->member) }
#define VSI(member) \
	{ VIRTCHNL_OP_GET_VF_RESOURCES, sizeof(struct virtchnl_vf_resource) + \
	  offsetof(struct virtchnl_vsi_resource, member), \
	  sizeof(((struct virtchnl_vsi_resource *)NULL)->member) }
#define EVENT_FIELD(member) \
	{ VIRTCHNL_OP_EVENT, offsetof(struct virtchnl_pf_event, member), \
	  sizeof(((struct virtchnl_pf_event *)NULL)->member) }

static const struct field fields[] = {
	FIELD(VERSION, virtchnl_version_info, major),
	FIELD(VERSION, virtchnl_version_info, minor),
	FIELD(GET_VF_RESOURCES, virtchnl_vf_resource, num_vsis),
	FIELD(GET_VF_RESOURCES, virtchnl_vf_resource, num_queue_pairs),
	FIELD(GET_VF_RESOURCES, virtchnl_vf_resource, max_vectors),
	FIELD(GET_VF_RESOURCES, virtchnl_vf_resource, max_mtu),
	FIELD(GET_VF_RESOURCES, virtchnl_vf_resource, vf_cap_flags),
	FIELD(GET_VF_RESOURCES, virtchnl_vf_resource, rss_key_size),
	FIELD(GET_VF_RESOURCES, virtchnl_vf_resource, rss_lut_size),
	VSI(vsi_id), VSI(num_queue_pairs), VSI(vsi_type), VSI(qset_handle),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, filtering.filtering_support.outer),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, filtering.filtering_support.inner),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, filtering.ethertype_init),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, filtering.max_filters),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, offloads.stripping_support.outer),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, offloads.stripping_support.inner),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, offloads.insertion_support.outer),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, offloads.insertion_support.inner),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, offloads.ethertype_init),
	FIELD(GET_OFFLOAD_VLAN_V2_CAPS, virtchnl_vlan_caps, offloads.ethertype_match),
	FIELD(GET_STATS, virtchnl_eth_stats, rx_bytes),
	FIELD(GET_STATS, virtchnl_eth_stats, rx_discards),
	FIELD(GET_STATS, virtchnl_eth_stats, tx_errors),
	FIELD(GET_RSS_HENA, virtchnl_rss_hena, hena),
	FIELD(REQUEST_QUEUES, virtchnl_vf_res_request, num_queue_pairs),
	EVENT_FIELD(event), EVENT_FIELD(link_speed), EVENT_FIELD(link_status),
	EVENT_FIELD(severity),
};
#define NUM_FIELDS	(sizeof(fields) / sizeof(fields[0]))

/* Cut to the size of the field. */
static const uint64_t values[] = {
	0, 1, 2, 17, 52, 68, 256, 1500, 4096, 0x7fff, 0x8000, UINT32_C(0x7fffffff),
	UINT32_C(0x80000000), UINT64_MAX - 1, UINT64_MAX,
};
#define NUM_VALUES	(sizeof(values) / sizeof(values[0]))

/* Of a kind of PF each: what it answers. */
static const struct {
	const char *profile;
	uint32_t op;
} answers[] = {
	{ "ice-dvm", VIRTCHNL_OP_VERSION }, { "ice-dvm", VIRTCHNL_OP_GET_VF_RESOURCES },
	{ "ice-dvm", VIRTCHNL_OP_CONFIG_VSI_QUEUES }, { "ice-dvm", VIRTCHNL_OP_CONFIG_IRQ_MAP },
	{ "ice-dvm", VIRTCHNL_OP_ENABLE_QUEUES }, { "ice-dvm", VIRTCHNL_OP_DISABLE_QUEUES },
	{ "ice-dvm", VIRTCHNL_OP_ADD_ETH_ADDR }, { "ice-dvm", VIRTCHNL_OP_DEL_ETH_ADDR },
	{ "ice-dvm", VIRTCHNL_OP_CONFIG_PROMISCUOUS_MODE }, { "ice-dvm", VIRTCHNL_OP_GET_STATS },
	{ "ice-dvm", VIRTCHNL_OP_EVENT }, { "ice-dvm", VIRTCHNL_OP_CONFIG_RSS_HFUNC },
	{ "ice-dvm", VIRTCHNL_OP_CONFIG_RSS_KEY }, { "ice-dvm", VIRTCHNL_OP_CONFIG_RSS_LUT },
	{ "ice-dvm", VIRTCHNL_OP_ADD_RSS_CFG }, { "ice-dvm", VIRTCHNL_OP_DEL_RSS_CFG },
	{ "ice-dvm", VIRTCHNL_OP_REQUEST_QUEUES },
	{ "ice-dvm", VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS },
	{ "ice-dvm", VIRTCHNL_OP_ADD_VLAN_V2 }, { "ice-dvm", VIRTCHNL_OP_DEL_VLAN_V2 },
	{ "ice-dvm", VIRTCHNL_OP_ENABLE_VLAN_STRIPPING_V2 },
	{ "ice-dvm", VIRTCHNL_OP_DISABLE_VLAN_STRIPPING_V2 },
	{ "ice-dvm", VIRTCHNL_OP_ENABLE_VLAN_INSERTION_V2 },
	{ "ice-dvm", VIRTCHNL_OP_DISABLE_VLAN_INSERTION_V2 },
	{ "i40e", VIRTCHNL_OP_GET_VF_RESOURCES }, { "i40e", VIRTCHNL_OP_ADD_VLAN },
	{ "i40e", VIRTCHNL_OP_DEL_VLAN }, { "i40e", VIRTCHNL_OP_ENABLE_VLAN_STRIPPING },
	{ "i40e", VIRTCHNL_OP_DISABLE_VLAN_STRIPPING }, { "i40e", VIRTCHNL_OP_GET_RSS_HENA },
	{ "i40e", VIRTCHNL_OP_SET_RSS_HENA },
};
#define NUM_ANSWERS	(sizeof(answers) / sizeof(answers[0]))

static const char *const changes[] = {
	"length=0", "length=1", "length=2", "length=4", "length=8", "length=15", "length=36",
	"length=40", "length=96", "length=4096", "status=1", "status=-1", "status=-5", "status=-12",
	"status=-18", "status=-22", "status=-38", "status=-64", "status=-95", "status=0x7fffffff",
	"status=-2147483648", "opcode=0", "opcode=2", "opcode=6", "opcode=8", "opcode=9",
	"opcode=16", "opcode=17", "opcode=137", "opcode=255", "opcode=65535", "opcode=0xffffffff",
	"mutate=1 prob=50", "mutate=16 prob=50", "mutate=1000",
};
#define NUM_CHANGES	(sizeof(changes) / sizeof(changes[0]))

static void done(struct world *w)
{
	CHECK(world_user_done(w, 20 * SEC));
	CHECK(!w->kern.fault);
}

/* Something of each message; calls may fail, but end. */
static void use(struct world *w)
{
	const uint8_t mac[6] = { 0x02, 5, 5, 5, 5, 5 };
	struct kern *k = &w->kern;

	kern_user_open(k);
	done(w);
	kern_user_lists(k, 4, 6, 0);
	for (unsigned int vid = 100; vid < 140; vid++)
		kern_user_vlan(k, 0x8100, vid);
	done(w);
	kern_user_mac(k, mac);
	done(w);
	kern_user_flags(k, IAVF_RX_FLAGS_PROMISC);
	kern_user_features(k, IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT, 0);
	done(w);
	kern_user_rss(k, RSS_KEY | RSS_TABLE | RSS_SYMMETRIC, 1);
	done(w);
	kern_user_rss_fields(k, PF_RSS_TCP4, PF_RSS_SRC_IP);
	done(w);
	kern_user_stats(k);
	done(w);
	kern_user_mtu(k, 3000, 3);
	done(w);
	kern_user_channels(k, 8, 8);
	done(w);
	kern_user_vlan_kill(k, 0x8100, 100);
	kern_user_lists(k, 2, 1, 3);
	kern_user_flags(k, 0);
	kern_user_features(k, IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT,
			   IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_CTAG_INSERT);
	done(w);
	kern_user_down(k);
	done(w);
	kern_user_open(k);
	done(w);
}

static bool says_why(struct world *w)
{
	struct vf_status status;

	vf_get_status(w->vf, &status);
	return status.reason || status.phase != VF_PHASE_READY;
}

static void check_limits(const struct kern *k)
{
	const struct vf_commit *c = &k->commit;

	if (!k->committed)
		return;
	CHECK(c->queues >= 1 && c->queues <= 16 && c->possible_queues <= 16);
	CHECK(c->max_mtu >= 68 && c->max_mtu <= 9710);
	CHECK(c->rss_key_len <= sizeof(k->rss_key) && c->rss_lut_len <= sizeof(k->rss_lut));
	CHECK(c->vlan_budget <= 2 * 4094);
}

static void good_again(struct world *w)
{
	faults_clear(w->faults);
	world_run(w, 25 * SEC);
	done(w);
	pf_reset(w->pf, w->now, 0, PF_RESET_ANNOUNCED);
	world_run(w, SEC);
	done(w);
	w->violations = 0;	/* it believed what it was told */
	/* What was refused in between is asked for again. */
	kern_user_down(&w->kern);
	CHECK(world_user_done(w, 10 * SEC));
	CHECK(kern_user_open(&w->kern));
	CHECK(world_user_done(w, 10 * SEC));
	converged(w, 30 * SEC);
	CHECK(!w->kern.degraded[0]);
	CHECK(w->kern.rings.enabled);
}

static void lied_to(struct world *w, const char *rule, uint32_t op)
{
	/* Other lies of the PF say that it did what it did not, or the reverse. */
	bool unanswered = !strncmp(rule, "opcode=", 7) && op != VIRTCHNL_OP_EVENT;
	char text[120];
	uint64_t sent;

	snprintf(text, sizeof(text), "%s op=%s count=always", rule, virtchnl_op_name(op));
	snprintf(contract_about, sizeof(contract_about), "(%s)", text);
	world_fault(w, text);
	daemon_start(w);
	world_run(w, 2 * SEC);
	check_limits(&w->kern);
	if (w->kern.netdev)
		use(w);
	world_run(w, 90 * SEC);
	sent = w->to_pf;
	world_run(w, 60 * SEC);
	CHECK(!w->kern.fault);
	CHECK(w->to_pf - sent < ASKED_MAX);
	check_limits(&w->kern);
	if (unanswered)
		CHECK(!world_difference(w) || says_why(w));
	good_again(w);
}

static void field(unsigned int which, unsigned int value)
{
	const struct field *f = &fields[which];
	const char *profile = f->op == VIRTCHNL_OP_GET_RSS_HENA ? "i40e" : "ice-dvm";
	char rule[80];

	snprintf(rule, sizeof(rule), "set=%u:%u:0x%llx", f->offset, f->size,
		 (unsigned long long)values[value]);
	lied_to(make(&(struct world_config) { .profile = profile }), rule, f->op);
}

static void answer(unsigned int which, unsigned int change)
{
	lied_to(make(&(struct world_config) { .profile = answers[which].profile }),
		changes[change], answers[which].op);
}

/* Cut to the field's size some values are the same. */
static bool again(const struct field *f, unsigned int value)
{
	uint64_t mask = f->size == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * f->size) - 1;

	for (unsigned int i = 0; i < value; i++) {
		if ((values[i] & mask) == (values[value] & mask))
			return true;
	}
	return false;
}

void cases_mutations(void)
{
	for (unsigned int i = 0; i < NUM_FIELDS; i++) {
		for (unsigned int k = 0; k < NUM_VALUES; k++) {
			if (!again(&fields[i], k))
				contract_run("field", field, i, k);
		}
	}
	for (unsigned int i = 0; i < NUM_ANSWERS; i++) {
		for (unsigned int k = 0; k < NUM_CHANGES; k++)
			contract_run("answer", answer, i, k);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the PF model share; nobody else includes this. */
#ifndef AVFSIM_PF_INTERNAL_H
#define AVFSIM_PF_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "faults/faults.h"
#include "pf/pf.h"
#include "pf/profile.h"
#include "virtchnl/opcodes.h"
#include "virtchnl/wire.h"

#define PF_QUEUED_MAX		63	/* waiting messages; one more is an attack (section 3) */
#define PF_IN_FLIGHT_GOOD	16	/* what a good driver stays within */
#define PF_VSI_ID_BASE		16	/* no driver may guess its VSI's number */

enum vf_state {
	VF_WAITING,	/* usable, op 3 not yet answered */
	VF_ACTIVE,	/* op 3 answered: all granted messages are served */
	VF_ANNOUNCED,	/* RESET_IMPENDING is out; messages wait and will be lost */
	VF_RESETTING,	/* between the trigger and VFACTIVE */
};

/* A message that waits: a request to be served, or a reply held back by a fault. */
struct pf_msg {
	struct pf_msg *next;
	uint64_t time;		/* requests: of arrival; replies: when to send */
	uint32_t opcode;
	int32_t status;
	bool faulted;		/* the fault rules have been asked */
	size_t len;
	uint8_t data[];
};

struct pf_vf {
	struct pf *pf;
	unsigned int id;
	enum vf_state state;
	struct pf_vsi vsi;

	/* Messages */
	struct pf_msg *requests, **requests_tail;
	unsigned int num_requests;
	struct pf_msg *late;		/* replies held back, in order of time */
	uint64_t last_served;
	uint64_t extra_delay;		/* of the request at the head, by a fault */
	bool malicious;

	/* Reset */
	enum pf_reset_kind reset_kind;
	uint64_t reset_at;		/* VF_ANNOUNCED: begin; VF_RESETTING: end */

	/* Negotiation */
	struct virtchnl_version_info version;	/* host order; survives resets */
	uint32_t caps;				/* granted by op 3 */
	uint16_t v1_vlans;			/* as the PF counts them: doubles too */
	bool vlan_v2_known;			/* op 51 was answered in this life */
	uint16_t num_req_queues;		/* 0 = as at creation; survives resets */

	/* Host settings and what survives a reset */
	bool trusted;
	bool mac_by_host;
	uint8_t hw_mac[6];		/* persistent */
	uint8_t dev_mac[6];		/* zero after the VF deleted it */
	uint32_t link_mbps;
	uint16_t max_frame;
	struct pf_vlan port_vlan;		/* vsi has the one in force */
	uint16_t num_vectors;			/* by the host; 0 = one a queue pair */
	uint64_t active_since;			/* the last VFACTIVE */

	uint16_t txq_enabled, rxq_enabled;	/* by op 8 */
	uint16_t txq_live;			/* started by op 6 */
};

struct pf {
	struct pf_config config;
	unsigned int queues_given;	/* by the config, whatever the profile's default */
	const struct pf_profile *profile;
	struct pf_hw hw;
	struct faults *faults;
	unsigned int max_queues;	/* 0: the profile's */
	uint64_t now;
	uint64_t num_violations;
	void (*violation)(void *ctx, unsigned int vf, const char *what);
	void *violation_ctx;
	struct pf_vf vfs[];
};

/* violation.c: a good driver never does this. */
void pf_violation(struct pf_vf *vf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* queue.c */
void pf_queue_init(struct pf_vf *vf);
void pf_queue_flush(struct pf_vf *vf, const char *why);
uint64_t pf_queue_due(const struct pf_vf *vf);
void pf_queue_serve(struct pf_vf *vf);
void pf_trace(struct pf_vf *vf, bool from_vf, uint32_t opcode, int32_t status,
	      const void *payload, size_t len, const char *fault);

/* send.c */
void vc_reply(struct pf_vf *vf, uint32_t opcode, int32_t status, const void *payload, size_t len);
void vc_event_reset(struct pf_vf *vf);
void vc_event_link(struct pf_vf *vf);
void pf_late_insert(struct pf_vf *vf, uint64_t time, uint32_t opcode, int32_t status,
		    const void *payload, size_t len);
void pf_late_send(struct pf_vf *vf);
void pf_late_flush(struct pf_vf *vf);

/* pf.c */
void pf_fill_defaults(struct pf *pf);
void pf_vf_init(struct pf *pf, unsigned int id);
struct pf_vf *pf_get_vf(struct pf *pf, uint64_t now, unsigned int id);	/* NULL: no such VF */

/* The mode of its VLANs, which a port VLAN changes. */
static inline const struct pf_vlan_mode *pf_vlan_mode(const struct pf_vf *vf)
{
	const struct pf_profile *profile = vf->pf->profile;

	return vf->vsi.port_vlan.outer_tpid ? profile->vlan_port : profile->vlan;
}

/* The longest frame of the guest's own: a port VLAN's tag comes on top. */
static inline uint16_t pf_guest_frame(const struct pf_vf *vf)
{
	return vf->max_frame - (vf->vsi.port_vlan.outer_tpid ? 4 : 0);
}

/* reset.c */
void pf_vsi_build(struct pf_vf *vf);
void pf_reset_start(struct pf_vf *vf, enum pf_reset_kind kind);
void pf_reset_step(struct pf_vf *vf);

/* vc_length.c: is this the length that the PF expects of this message? */
bool vc_length_ok(const struct pf_vf *vf, uint32_t opcode, const void *msg, size_t len);

/* vc.c: serve one message. */
void vc_serve(struct pf_vf *vf, uint32_t opcode, const void *msg, size_t len);
bool vc_opcode_allowed(const struct pf_vf *vf, uint32_t opcode);

static inline bool vc_vsi_ok(const struct pf_vf *vf, uint16_t vsi_id_le)
{
	const uint8_t *b = (const uint8_t *)&vsi_id_le;

	return (b[0] | b[1] << 8) == (int)(PF_VSI_ID_BASE + vf->id);
}

/* vc_init.c */
void vc_version(struct pf_vf *vf, const void *msg, size_t len);
void vc_get_resources(struct pf_vf *vf, const void *msg, size_t len);
void vc_reset(struct pf_vf *vf, const void *msg, size_t len);
void vc_request_queues(struct pf_vf *vf, const void *msg, size_t len);

/*
 * The handlers below get a message whose length fits its counts; those that
 * return a status are answered by vc_serve().
 */

/* vc_queues.c, vc_irq.c */
int32_t vc_config_queues(struct pf_vf *vf, const void *msg);
int32_t vc_enable_queues(struct pf_vf *vf, const void *msg);
int32_t vc_disable_queues(struct pf_vf *vf, const void *msg);
int32_t vc_config_irq_map(struct pf_vf *vf, const void *msg);
void pf_queues_stop_all(struct pf_vf *vf);

/* vc_mac.c */
int32_t vc_add_macs(struct pf_vf *vf, const void *msg);
int32_t vc_del_macs(struct pf_vf *vf, const void *msg);
int32_t vc_promiscuous(struct pf_vf *vf, const void *msg);
void pf_macs_rebuild(struct pf_vf *vf);

/* vc_stats.c */
void vc_get_stats(struct pf_vf *vf, const void *msg, size_t len);

/* vc_rss.c */
int32_t vc_rss_key(struct pf_vf *vf, const void *msg);
int32_t vc_rss_lut(struct pf_vf *vf, const void *msg);
int32_t vc_rss_hfunc(struct pf_vf *vf, const void *msg);
int32_t vc_add_rss_cfg(struct pf_vf *vf, const void *msg);
int32_t vc_del_rss_cfg(struct pf_vf *vf, const void *msg);
void vc_get_hena(struct pf_vf *vf, const void *msg, size_t len);
int32_t vc_set_hena(struct pf_vf *vf, const void *msg);
void pf_rss_defaults(struct pf_vf *vf);

/* vc_vlan_v1.c */
int32_t vc_add_vlans(struct pf_vf *vf, const void *msg);
int32_t vc_del_vlans(struct pf_vf *vf, const void *msg);
int32_t vc_enable_strip(struct pf_vf *vf, const void *msg);
int32_t vc_disable_strip(struct pf_vf *vf, const void *msg);

/* vc_vlan.c, vc_vlan_offload.c */
void pf_vlan_set(struct pf_vf *vf, uint8_t *bitmap, unsigned int vid, bool on);
void vc_vlan_v2_caps(struct pf_vf *vf, const void *msg, size_t len);
int32_t vc_add_vlans_v2(struct pf_vf *vf, const void *msg);
int32_t vc_del_vlans_v2(struct pf_vf *vf, const void *msg);
int32_t vc_enable_strip_v2(struct pf_vf *vf, const void *msg);
int32_t vc_disable_strip_v2(struct pf_vf *vf, const void *msg);
int32_t vc_enable_insert_v2(struct pf_vf *vf, const void *msg);
int32_t vc_disable_insert_v2(struct pf_vf *vf, const void *msg);

#endif

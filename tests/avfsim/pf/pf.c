// SPDX-License-Identifier: GPL-2.0-or-later
/* Creation and the clock. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pf/internal.h"

#define DEFAULT_MBPS		25000
#define PORT_VLAN_ID		300	/* of profiles that have one */
#define DEFAULT_FRAME		9728
#define DEFAULT_RESET_NS	UINT64_C(5000000)
#define DEFAULT_ANNOUNCE_NS	UINT64_C(50000)

static bool config_ok(const struct pf_config *config)
{
	if (!config->profile || !config->num_vfs || config->num_vfs > PF_MAX_VFS)
		return false;
	if (config->num_queues > PF_MAX_QUEUES)
		return false;
	return !config->max_mtu || (config->max_mtu >= 64 && config->max_mtu <= DEFAULT_FRAME);
}

void pf_fill_defaults(struct pf *pf)
{
	struct pf_config *config = &pf->config;

	config->profile = pf->profile->name;
	config->num_queues = pf->queues_given ? pf->queues_given : pf->profile->default_queues;
	if (config->num_queues > pf->profile->max_queues)
		config->num_queues = pf->profile->max_queues;
	if (!config->link_mbps)
		config->link_mbps = DEFAULT_MBPS;
	if (!config->max_mtu)
		config->max_mtu = DEFAULT_FRAME;
	if (!config->reset_ns)
		config->reset_ns = DEFAULT_RESET_NS;
	if (!config->announce_ns)
		config->announce_ns = DEFAULT_ANNOUNCE_NS;
}

static struct pf_vlan port_vlan_of(const struct pf_profile *profile)
{
	static const uint16_t tpid[] = {
		[PF_PORT_VLAN_8100] = 0x8100, [PF_PORT_VLAN_88A8] = 0x88a8,
	};

	if (!profile->port_vlan)
		return (struct pf_vlan){ 0 };
	return (struct pf_vlan){ .outer_tpid = tpid[profile->port_vlan], .outer_id = PORT_VLAN_ID };
}

/* As a host leaves a VF that it just made; what waits in its mailbox stays. */
void pf_vf_init(struct pf *pf, unsigned int id)
{
	struct pf_vf *vf = &pf->vfs[id];

	vf->trusted = !pf->config.untrusted;
	vf->link_mbps = pf->config.link_mbps;
	vf->max_frame = pf->config.max_mtu;
	vf->mac_by_host = false;
	memset(vf->hw_mac, 0, sizeof(vf->hw_mac));
	vf->num_req_queues = vf->num_vectors = 0;
	vf->version = (struct virtchnl_version_info){ 0 };
	vf->vsi.link_up = true;
	vf->vsi.spoof_check = true;
	vf->port_vlan = port_vlan_of(pf->profile);
}

static void create_vf(struct pf *pf, unsigned int id)
{
	struct pf_vf *vf = &pf->vfs[id];

	vf->pf = pf;
	vf->id = id;
	vf->state = VF_WAITING;
	pf_vf_init(pf, id);
	pf_queue_init(vf);
	pf_vsi_build(vf);
}

struct pf *pf_new(const struct pf_config *config, const struct pf_hw *hw, struct faults *faults)
{
	const struct pf_profile *profile;
	struct pf *pf;

	if (!config_ok(config)) {
		errno = EINVAL;
		return NULL;
	}
	profile = pf_profile_find(config->profile);
	if (!profile) {
		errno = ENOENT;
		return NULL;
	}
	pf = calloc(1, sizeof(*pf) + config->num_vfs * sizeof(pf->vfs[0]));
	if (!pf)
		return NULL;
	pf->config = *config;
	pf->queues_given = config->num_queues;
	pf->profile = profile;
	pf->hw = *hw;
	pf->faults = faults;
	pf_fill_defaults(pf);
	for (unsigned int i = 0; i < config->num_vfs; i++)
		create_vf(pf, i);
	return pf;
}

void pf_free(struct pf *pf)
{
	if (!pf)
		return;
	pf->hw.trace = NULL;
	for (unsigned int i = 0; i < pf->config.num_vfs; i++) {
		pf_queue_flush(&pf->vfs[i], NULL);
		pf_late_flush(&pf->vfs[i]);
	}
	free(pf);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t vf_due(const struct pf_vf *vf)
{
	uint64_t due = vf->late ? vf->late->time : PF_NO_DEADLINE;

	if (vf->state == VF_ANNOUNCED || vf->state == VF_RESETTING)
		return earlier(due, vf->reset_at);
	return earlier(due, pf_queue_due(vf));
}

static void vf_step(struct pf_vf *vf)
{
	if (vf->late && vf->late->time <= vf->pf->now)
		pf_late_send(vf);
	else if (vf->state == VF_ANNOUNCED || vf->state == VF_RESETTING)
		pf_reset_step(vf);
	else
		pf_queue_serve(vf);
}

static struct pf_vf *next_due(struct pf *pf, uint64_t *due)
{
	struct pf_vf *next = NULL;

	*due = PF_NO_DEADLINE;
	for (unsigned int i = 0; i < pf->config.num_vfs; i++) {
		uint64_t t = vf_due(&pf->vfs[i]);

		if (t < *due) {
			*due = t;
			next = &pf->vfs[i];
		}
	}
	return next;
}

static void advance(struct pf *pf, uint64_t now)
{
	if (now > pf->now)
		pf->now = now;
}

uint64_t pf_run(struct pf *pf, uint64_t now)
{
	for (;;) {
		uint64_t due;
		struct pf_vf *vf = next_due(pf, &due);

		if (!vf || due > now) {
			advance(pf, now);
			return due;
		}
		/* Each step happens at its own time, so a late call changes nothing. */
		advance(pf, due);
		vf_step(vf);
	}
}

struct pf_vf *pf_get_vf(struct pf *pf, uint64_t now, unsigned int id)
{
	advance(pf, now);
	return id < pf->config.num_vfs ? &pf->vfs[id] : NULL;
}

int pf_set_max_queues(struct pf *pf, unsigned int pairs)
{
	if (pairs > pf->profile->max_queues)
		return -EINVAL;
	pf->max_queues = pairs;
	return 0;
}

struct pf_vsi *pf_vsi(struct pf *pf, unsigned int id)
{
	return id < pf->config.num_vfs ? &pf->vfs[id].vsi : NULL;
}

unsigned int pf_num_vfs(const struct pf *pf)
{
	return pf->config.num_vfs;
}

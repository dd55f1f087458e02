// SPDX-License-Identifier: GPL-2.0-or-later
/* Creation, the clock, and what the host administrator can do. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pf/internal.h"

#define DEFAULT_MBPS		25000
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

static void fill_defaults(struct pf *pf)
{
	struct pf_config *config = &pf->config;

	config->profile = pf->profile->name;
	if (!config->num_queues)
		config->num_queues = pf->profile->default_queues;
	if (!config->link_mbps)
		config->link_mbps = DEFAULT_MBPS;
	if (!config->max_mtu)
		config->max_mtu = DEFAULT_FRAME;
	if (!config->reset_ns)
		config->reset_ns = DEFAULT_RESET_NS;
	if (!config->announce_ns)
		config->announce_ns = DEFAULT_ANNOUNCE_NS;
}

static void init_vf(struct pf *pf, unsigned int id)
{
	struct pf_vf *vf = &pf->vfs[id];

	vf->pf = pf;
	vf->id = id;
	vf->state = VF_WAITING;
	vf->trusted = !pf->config.untrusted;
	vf->link_mbps = pf->config.link_mbps;
	vf->vsi.link_up = true;
	vf->vsi.spoof_check = true;
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
	pf->profile = profile;
	pf->hw = *hw;
	pf->faults = faults;
	fill_defaults(pf);
	for (unsigned int i = 0; i < config->num_vfs; i++)
		init_vf(pf, i);
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

static struct pf_vf *get_vf(struct pf *pf, uint64_t now, unsigned int vf)
{
	advance(pf, now);
	return vf < pf->config.num_vfs ? &pf->vfs[vf] : NULL;
}

void pf_flr(struct pf *pf, uint64_t now, unsigned int id)
{
	pf_reset(pf, now, id, PF_RESET_FLR);
}

void pf_reset(struct pf *pf, uint64_t now, unsigned int id, enum pf_reset_kind kind)
{
	struct pf_vf *vf = get_vf(pf, now, id);

	if (vf)
		pf_reset_start(vf, kind);
}

int pf_set_mac(struct pf *pf, uint64_t now, unsigned int id, const uint8_t mac[6])
{
	static const uint8_t zero[6];
	struct pf_vf *vf = get_vf(pf, now, id);

	if (!vf || (mac[0] & 1))
		return -EINVAL;
	if (!memcmp(vf->hw_mac, mac, 6) && !memcmp(vf->dev_mac, mac, 6))
		return 0;
	memcpy(vf->hw_mac, mac, 6);
	memcpy(vf->dev_mac, mac, 6);
	vf->mac_by_host = memcmp(mac, zero, 6);
	pf_reset_start(vf, PF_RESET_ANNOUNCED);
	return 0;
}

int pf_set_trust(struct pf *pf, uint64_t now, unsigned int id, bool trusted)
{
	struct pf_vf *vf = get_vf(pf, now, id);

	if (!vf)
		return -EINVAL;
	if (vf->trusted == trusted)
		return 0;
	vf->trusted = trusted;
	pf_reset_start(vf, PF_RESET_ANNOUNCED);
	return 0;
}

int pf_set_spoof_check(struct pf *pf, uint64_t now, unsigned int id, bool on)
{
	struct pf_vf *vf = get_vf(pf, now, id);

	if (!vf)
		return -EINVAL;
	vf->vsi.spoof_check = on;
	return 0;
}

int pf_set_link(struct pf *pf, uint64_t now, unsigned int id, bool up, uint32_t mbps)
{
	struct pf_vf *vf = get_vf(pf, now, id);

	if (!vf)
		return -EINVAL;
	vf->vsi.link_up = up;
	if (mbps)
		vf->link_mbps = mbps;
	if (vf->state == VF_ACTIVE)
		vc_event_link(vf);
	return 0;
}

int pf_set_msg_delay(struct pf *pf, uint64_t delay_ns)
{
	pf->config.msg_delay_ns = delay_ns;
	return 0;
}

int pf_set_reset_time(struct pf *pf, uint64_t reset_ns)
{
	if (!reset_ns)
		return -EINVAL;
	pf->config.reset_ns = reset_ns;
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

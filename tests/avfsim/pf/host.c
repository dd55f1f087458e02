// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host's administrator does, with the reset that the real PF makes of it. */
#include <errno.h>
#include <string.h>

#include "pf/internal.h"

#define FRAME_MIN	64
#define FRAME_MAX	9728

void pf_flr(struct pf *pf, uint64_t now, unsigned int id)
{
	pf_reset(pf, now, id, PF_RESET_FLR);
}

void pf_reset(struct pf *pf, uint64_t now, unsigned int id, enum pf_reset_kind kind)
{
	struct pf_vf *vf = pf_get_vf(pf, now, id);

	if (vf)
		pf_reset_start(vf, kind);
}

int pf_set_profile(struct pf *pf, uint64_t now, const char *name, bool untrusted)
{
	const struct pf_profile *profile = pf_profile_find(name);

	if (!profile)
		return -ENOENT;
	pf->profile = profile;
	pf->config.untrusted = untrusted;
	pf->max_queues = 0;
	pf_fill_defaults(pf);
	for (unsigned int id = 0; id < pf->config.num_vfs; id++) {
		struct pf_vf *vf = pf_get_vf(pf, now, id);

		pf_vf_init(pf, id);
		pf_reset_start(vf, PF_RESET_SILENT);
	}
	return 0;
}

const char *pf_get_profile(const struct pf *pf)
{
	return pf->profile->name;
}

int pf_set_mac(struct pf *pf, uint64_t now, unsigned int id, const uint8_t mac[6])
{
	static const uint8_t zero[6];
	struct pf_vf *vf = pf_get_vf(pf, now, id);

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
	struct pf_vf *vf = pf_get_vf(pf, now, id);

	if (!vf)
		return -EINVAL;
	if (vf->trusted == trusted)
		return 0;
	vf->trusted = trusted;
	pf_reset_start(vf, PF_RESET_ANNOUNCED);
	return 0;
}

static int check_port_vlan(const struct pf *pf, uint16_t tpid, uint16_t id)
{
	if (!tpid)
		return 0;
	if (!id || id > 4094)
		return -EINVAL;
	if (tpid == 0x8100 || (tpid == 0x88a8 && !pf->profile->single_vlan))
		return 0;
	return -EPROTONOSUPPORT;
}

int pf_set_port_vlan(struct pf *pf, uint64_t now, unsigned int id, uint16_t tpid, uint16_t vid)
{
	struct pf_vf *vf = pf_get_vf(pf, now, id);
	int err = check_port_vlan(pf, tpid, vid);
	struct pf_vlan *port;

	if (!vf || err)
		return vf ? err : -EINVAL;
	port = &vf->port_vlan;
	if (port->outer_tpid == tpid && (!tpid || port->outer_id == vid))
		return 0;
	*port = (struct pf_vlan){ .outer_tpid = tpid, .outer_id = tpid ? vid : 0 };
	pf_reset_start(vf, PF_RESET_ANNOUNCED);
	return 0;
}

int pf_set_max_frame(struct pf *pf, uint64_t now, unsigned int id, uint16_t bytes)
{
	struct pf_vf *vf = pf_get_vf(pf, now, id);

	if (!vf || bytes < FRAME_MIN || bytes > FRAME_MAX)
		return -EINVAL;
	vf->max_frame = bytes;
	return 0;
}

int pf_set_vectors(struct pf *pf, uint64_t now, unsigned int id, unsigned int num)
{
	struct pf_vf *vf = pf_get_vf(pf, now, id);

	if (!vf || num < 2 || num > PF_MAX_VECTORS)
		return -EINVAL;
	if (vf->num_vectors == num)
		return 0;
	vf->num_vectors = num;
	vf->num_req_queues = 0;
	pf_reset_start(vf, PF_RESET_ANNOUNCED);
	return 0;
}

int pf_set_spoof_check(struct pf *pf, uint64_t now, unsigned int id, bool on)
{
	struct pf_vf *vf = pf_get_vf(pf, now, id);

	if (!vf)
		return -EINVAL;
	vf->vsi.spoof_check = on;
	return 0;
}

int pf_set_link(struct pf *pf, uint64_t now, unsigned int id, bool up, uint32_t mbps)
{
	struct pf_vf *vf = pf_get_vf(pf, now, id);

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

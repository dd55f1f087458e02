// SPDX-License-Identifier: GPL-2.0-or-later
/* ADD_ETH_ADDR, DEL_ETH_ADDR, CONFIG_PROMISCUOUS_MODE. */
#include <endian.h>
#include <string.h>

#include "pf/internal.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t zero[6];

static bool same(const uint8_t *a, const uint8_t *b)
{
	return !memcmp(a, b, 6);
}

static int find(const struct pf_vsi *vsi, const uint8_t *mac)
{
	for (unsigned int i = 0; i < vsi->num_macs; i++) {
		if (same(vsi->macs[i], mac))
			return i;
	}
	return -1;
}

static bool add_filter(struct pf_vsi *vsi, const uint8_t *mac)
{
	if (find(vsi, mac) >= 0)
		return true;
	if (vsi->num_macs == PF_MAX_MACS)
		return false;
	memcpy(vsi->macs[vsi->num_macs++], mac, 6);
	return true;
}

/* The PF itself adds broadcast and the address it remembers. */
void pf_macs_rebuild(struct pf_vf *vf)
{
	vf->vsi.num_macs = 0;
	add_filter(&vf->vsi, broadcast);
	memcpy(vf->dev_mac, vf->hw_mac, 6);
	memcpy(vf->vsi.mac, vf->hw_mac, 6);
	if (!same(vf->hw_mac, zero))
		add_filter(&vf->vsi, vf->hw_mac);
}

static bool may_change(const struct pf_vf *vf)
{
	return vf->trusted || !vf->mac_by_host;
}

static void remember(struct pf_vf *vf, const struct virtchnl_ether_addr *addr)
{
	if (addr->addr[0] & 1)
		return;
	if (addr->type != VIRTCHNL_ETHER_ADDR_PRIMARY &&
	    !(addr->type == VIRTCHNL_ETHER_ADDR_LEGACY && same(vf->dev_mac, zero)))
		return;
	memcpy(vf->hw_mac, addr->addr, 6);
	memcpy(vf->dev_mac, addr->addr, 6);
	memcpy(vf->vsi.mac, addr->addr, 6);
}

static int32_t add_one(struct pf_vf *vf, const struct virtchnl_ether_addr *addr)
{
	if (same(addr->addr, vf->dev_mac) && find(&vf->vsi, addr->addr) >= 0)
		return VIRTCHNL_SUCCESS;
	if (!(addr->addr[0] & 1) && !may_change(vf) && !same(addr->addr, vf->hw_mac))
		return VIRTCHNL_ERR_ADMIN_QUEUE_ERROR;
	if (!add_filter(&vf->vsi, addr->addr))
		return VIRTCHNL_ERR_ADMIN_QUEUE_ERROR;
	remember(vf, addr);
	return VIRTCHNL_SUCCESS;
}

/* The host's own address is kept without a word: by ice unless it trusts the VF, by i40e always. */
static bool keeps(const struct pf_vf *vf, const uint8_t *mac)
{
	if (!same(mac, vf->dev_mac))
		return false;
	return vf->mac_by_host && (!vf->trusted || vf->pf->profile->strict_macs);
}

/* i40e: a trusted VF whose own address went gets another of its own. */
static void take_another(struct pf_vf *vf)
{
	for (unsigned int i = 0; i < vf->vsi.num_macs; i++) {
		if (!(vf->vsi.macs[i][0] & 1))
			memcpy(vf->dev_mac, vf->vsi.macs[i], 6);
	}
}

static int32_t del_one(struct pf_vf *vf, const struct virtchnl_ether_addr *addr)
{
	struct pf_vsi *vsi = &vf->vsi;
	int i = find(vsi, addr->addr);

	if (keeps(vf, addr->addr))
		return VIRTCHNL_SUCCESS;
	if (i < 0)
		return vf->pf->profile->strict_macs ? VIRTCHNL_ERR_PARAM : VIRTCHNL_SUCCESS;
	vsi->num_macs--;
	memcpy(vsi->macs[i], vsi->macs[vsi->num_macs], 6);
	if (!same(addr->addr, vf->dev_mac))
		return VIRTCHNL_SUCCESS;
	/* With ice hw_mac stays: the VF finds it again after a reset. i40e knows only one. */
	memset(vf->dev_mac, 0, 6);
	if (!vf->pf->profile->strict_macs)
		return VIRTCHNL_SUCCESS;
	if (vf->trusted)
		take_another(vf);
	memcpy(vf->hw_mac, vf->dev_mac, 6);
	return VIRTCHNL_SUCCESS;
}

static int32_t for_each(struct pf_vf *vf, const struct virtchnl_ether_addr_list *msg,
			int32_t (*fn)(struct pf_vf *vf, const struct virtchnl_ether_addr *addr))
{
	unsigned int n = le16toh(msg->num_elements);

	for (unsigned int i = 0; i < n; i++) {
		const struct virtchnl_ether_addr *addr = &msg->list[i];
		int32_t status;

		if (addr->type > VIRTCHNL_ETHER_ADDR_EXTRA || addr->pad)
			pf_violation(vf, "address type %u, pad %u", addr->type, addr->pad);
		if (same(addr->addr, zero) || same(addr->addr, broadcast)) {
			if (vf->pf->profile->strict_macs)
				return VIRTCHNL_ERR_PARAM;
			continue;
		}
		status = fn(vf, addr);
		if (status)
			return status;
	}
	return VIRTCHNL_SUCCESS;
}

/* ice counts before duplicates are sorted out. */
static bool too_many(const struct pf_vf *vf, const struct virtchnl_ether_addr_list *msg)
{
	unsigned int n = le16toh(msg->num_elements);

	return !vf->trusted && vf->vsi.num_macs + n > vf->pf->profile->max_macs_untrusted;
}

/* i40e looks at the whole list before it does anything, and counts filters: each address once a VLAN. */
static int32_t check_strictly(const struct pf_vf *vf, const struct virtchnl_ether_addr_list *msg)
{
	unsigned int n = le16toh(msg->num_elements), count = vf->vsi.num_macs;

	count *= 1 + vf->vsi.num_vlans;
	for (unsigned int i = 0; i < n; i++) {
		const uint8_t *mac = msg->list[i].addr;

		if (same(mac, zero) || same(mac, broadcast))
			return VIRTCHNL_ERR_PARAM;
		if (!(mac[0] & 1) && !may_change(vf) && !same(mac, vf->hw_mac))
			return VIRTCHNL_ERR_ADMIN_QUEUE_ERROR;
		count += find(&vf->vsi, mac) < 0;
	}
	if (vf->trusted || count <= vf->pf->profile->max_macs_untrusted)
		return VIRTCHNL_SUCCESS;
	return vf->pf->profile->errnos ? VIRTCHNL_ERR_ADMIN_QUEUE_ERROR : VIRTCHNL_ERR_PARAM;
}

int32_t vc_add_macs(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_ether_addr_list *msg = data;
	int32_t status;

	if (!vc_vsi_ok(vf, msg->vsi_id))
		return VIRTCHNL_ERR_PARAM;
	if (vf->pf->profile->strict_macs) {
		status = check_strictly(vf, msg);
		if (status)
			return status;
	} else if (too_many(vf, msg)) {
		return VIRTCHNL_ERR_PARAM;
	}
	return for_each(vf, msg, add_one);
}

int32_t vc_del_macs(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_ether_addr_list *msg = data;

	if (!vc_vsi_ok(vf, msg->vsi_id))
		return VIRTCHNL_ERR_PARAM;
	return for_each(vf, msg, del_one);
}

int32_t vc_promiscuous(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_promisc_info *msg = data;
	uint16_t flags = le16toh(msg->flags);

	if (!vc_vsi_ok(vf, msg->vsi_id))
		return VIRTCHNL_ERR_PARAM;
	if (flags & ~(VIRTCHNL_PROMISC_UNICAST | VIRTCHNL_PROMISC_MULTICAST))
		pf_violation(vf, "op 14: unknown flags 0x%x", flags);
	/* A VF that is not trusted is told yes and gets nothing. */
	if (!vf->trusted)
		return VIRTCHNL_SUCCESS;
	vf->vsi.unicast_promisc = flags & VIRTCHNL_PROMISC_UNICAST;
	vf->vsi.multicast_promisc = flags & VIRTCHNL_PROMISC_MULTICAST;
	return VIRTCHNL_SUCCESS;
}

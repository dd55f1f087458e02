// SPDX-License-Identifier: GPL-2.0-only
/* Receive-side scaling as ethtool sees it: what the PF acknowledged, as the owner told it. */
#include <linux/ethtool.h>

#include "control.h"
#include "../compat.h"

void iavf_rss_update(struct iavf_vf *vf)
{
	guard(iavf_lock)(&vf->state_lock);
	vf->rss.key_len = vf->commit.rss_key_len;
	vf->rss.lut_len = vf->commit.rss_lut_len;
	memcpy(vf->rss.key, vf->commit.rss_key, sizeof(vf->rss.key));
	memcpy(vf->rss.lut, vf->commit.rss_lut, sizeof(vf->rss.lut));
}

u32 iavf_get_rxfh_key_size(struct net_device *netdev)
{
	return iavf_vf(netdev)->rss.key_len;
}

u32 iavf_get_rxfh_indir_size(struct net_device *netdev)
{
	return iavf_vf(netdev)->rss.lut_len;
}

/* The core made indir and key as large as the two above said, under the same rtnl. */
int iavf_show_rxfh(struct net_device *netdev, u32 *indir, u8 *key, u8 *hfunc)
{
	const struct iavf_rss *rss = &iavf_vf(netdev)->rss;

	for (unsigned int i = 0; indir && i < rss->lut_len; i++)
		indir[i] = rss->lut[i];
	if (key)
		memcpy(key, rss->key, rss->key_len);
	if (hfunc)
		*hfunc = ETH_RSS_HASH_TOP;
	return 0;
}

u32 iavf_get_rx_ring_count(struct net_device *netdev)
{
	return iavf_vf(netdev)->config.queues;
}

int iavf_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *cmd, u32 *rules)
{
	if (cmd->cmd != ETHTOOL_GRXRINGS)
		return -EOPNOTSUPP;
	cmd->data = iavf_get_rx_ring_count(netdev);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* ethtool, but the counters: all of it is answered by the kernel alone. */
#include <linux/ethtool.h>
#include <linux/pci.h>

#include "control.h"
#include "path.h"
#include "../compat.h"

#define RING_MIN	64
#define RING_MAX	4096
#define RING_STEP	32

static void get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct iavf_vf *vf = iavf_vf(netdev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(vf->pdev), sizeof(info->bus_info));
	strscpy(info->version, IAVF_MODULE_VERSION, sizeof(info->version));
	guard(iavf_lock)(&vf->state_lock);
	/* A VF has no firmware; what the PF is comes closest. */
	strscpy(info->fw_version, vf->commit.has_pf ? vf->commit.pf : "N/A",
		sizeof(info->fw_version));
}

/* A VF knows speeds, not link modes: whatever number the PF said. */
static int get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *cmd)
{
	u32 mbps = iavf_link_mbps(iavf_vf(netdev));

	cmd->base.port = PORT_NONE;
	cmd->base.speed = mbps ?: SPEED_UNKNOWN;
	cmd->base.duplex = mbps ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	return 0;
}

static void get_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			  struct kernel_ethtool_ringparam *kernel_ring,
			  struct netlink_ext_ack *extack)
{
	const struct iavf_vf *vf = iavf_vf(netdev);

	ring->rx_max_pending = RING_MAX;
	ring->tx_max_pending = RING_MAX;
	ring->rx_pending = vf->config.rx_count;
	ring->tx_pending = vf->config.tx_count;
}

static int set_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			 struct kernel_ethtool_ringparam *kernel_ring,
			 struct netlink_ext_ack *extack)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	struct iavf_rings_config config = vf->config;

	if (ring->rx_pending < RING_MIN || ring->tx_pending < RING_MIN)
		return iavf_refuse(extack, -EINVAL, "a ring has 64 to 4096 descriptors");
	config.rx_count = ALIGN(ring->rx_pending, RING_STEP);
	config.tx_count = ALIGN(ring->tx_pending, RING_STEP);
	return iavf_reconfigure(vf, &config, extack);
}

static void get_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	const struct iavf_vf *vf = iavf_vf(netdev);

	ch->max_combined = max(iavf_queues_possible(vf), iavf_num_pairs(&vf->config));
	ch->combined_count = min(vf->config.rx_queues, vf->config.tx_queues);
	ch->max_rx = ch->max_combined - 1;	/* beside at least one pair */
	ch->max_tx = ch->max_rx;
	ch->rx_count = vf->config.rx_queues - ch->combined_count;
	ch->tx_count = vf->config.tx_queues - ch->combined_count;
	ch->max_other = 1;	/* mailbox */
	ch->other_count = 1;
}

/* The core checked each maximum, and that the table of a user fits. */
static const char *check_channels(const struct iavf_vf *vf, const struct ethtool_channels *ch)
{
	if (!ch->combined_count)
		return "at least one channel must be combined";
	if (ch->rx_count && ch->tx_count)
		return "beside combined channels there may be rx or tx ones; set rx or tx to 0";
	if (ch->other_count != 1)
		return "the one other channel is the mailbox's";
	if (ch->combined_count + ch->rx_count + ch->tx_count > iavf_queues_possible(vf))
		return "more channels than max_combined; ethtool keeps rx and tx unless set to 0";
	if ((ch->rx_count || ch->tx_count) && !vf->commit.has_possible_queues)
		return "iavfd is too old for rx or tx channels";
	return NULL;
}

static int set_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	struct iavf_rings_config config = vf->config;
	const char *why = check_channels(vf, ch);

	if (why) {
		iavf_session_error(vf->session, -EINVAL, why);
		return -EINVAL;
	}
	config.rx_queues = ch->combined_count + ch->rx_count;
	config.tx_queues = ch->combined_count + ch->tx_count;
	return iavf_reconfigure(vf, &config, NULL);
}

static int get_queue_coalesce(struct net_device *netdev, u32 queue, struct ethtool_coalesce *ec)
{
	const struct iavf_vf *vf = iavf_vf(netdev);
	const struct iavf_itr *itr;

	if (queue >= iavf_num_pairs(&vf->config))
		return -EINVAL;
	itr = vf->path->itr[queue % vf->config.vectors];
	ec->rx_coalesce_usecs = itr[IAVF_RX].us;
	ec->tx_coalesce_usecs = itr[IAVF_TX].us;
	ec->use_adaptive_rx_coalesce = itr[IAVF_RX].adaptive;
	ec->use_adaptive_tx_coalesce = itr[IAVF_TX].adaptive;
	return 0;
}

static int get_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			struct kernel_ethtool_coalesce *kernel_ec, struct netlink_ext_ack *extack)
{
	return get_queue_coalesce(netdev, 0, ec);
}

/* For vectors first to last. */
static int apply_coalesce(struct iavf_vf *vf, unsigned int first, unsigned int last,
			  const struct ethtool_coalesce *ec, struct netlink_ext_ack *extack)
{
	/* The unit is 2 us; what reads back is what is in force. */
	const struct iavf_itr rx = {
		round_down(ec->rx_coalesce_usecs, IAVF_ITR_UNIT_US), ec->use_adaptive_rx_coalesce,
	};
	const struct iavf_itr tx = {
		round_down(ec->tx_coalesce_usecs, IAVF_ITR_UNIT_US), ec->use_adaptive_tx_coalesce,
	};

	if (ec->rx_coalesce_usecs > IAVF_ITR_MAX_US || ec->tx_coalesce_usecs > IAVF_ITR_MAX_US)
		return iavf_refuse(extack, -EINVAL, "rx-usecs and tx-usecs are limited to 8160");
	for (unsigned int i = first; i <= last; i++) {
		vf->path->itr[i][IAVF_RX] = rx;
		vf->path->itr[i][IAVF_TX] = tx;
		if (netif_running(vf->netdev) && !test_bit(IAVF_VF_RESETTING, &vf->flags))
			iavf_itr_write(vf, i);
	}
	return 0;
}

/* All there may ever be: more queues later start like the others. */
static int set_coalesce(struct net_device *netdev, struct ethtool_coalesce *ec,
			struct kernel_ethtool_coalesce *kernel_ec, struct netlink_ext_ack *extack)
{
	return apply_coalesce(iavf_vf(netdev), 0, IAVF_MAX_QUEUES - 1, ec, extack);
}

static int set_queue_coalesce(struct net_device *netdev, u32 queue, struct ethtool_coalesce *ec)
{
	struct iavf_vf *vf = iavf_vf(netdev);

	if (queue >= iavf_num_pairs(&vf->config))
		return -EINVAL;
	queue %= vf->config.vectors;
	return apply_coalesce(vf, queue, queue, ec, NULL);
}

const struct ethtool_ops iavf_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_USECS | ETHTOOL_COALESCE_USE_ADAPTIVE,
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = get_link_ksettings,
	.get_ringparam = get_ringparam,
	.set_ringparam = set_ringparam,
	.get_channels = get_channels,
	.get_rxfh_key_size = iavf_get_rxfh_key_size,
	.get_rxfh_indir_size = iavf_get_rxfh_indir_size,
	.get_rxfh = iavf_get_rxfh,
	.set_rxfh = iavf_set_rxfh,
	IAVF_RXFH_OPS
	.get_rxnfc = iavf_get_rxnfc,
#ifdef IAVF_RX_RING_COUNT
	.get_rx_ring_count = iavf_get_rx_ring_count,
#endif
	.set_rxnfc = iavf_set_rxnfc,
	.set_channels = set_channels,
	.get_coalesce = get_coalesce,
	.set_coalesce = set_coalesce,
	.get_per_queue_coalesce = get_queue_coalesce,
	.set_per_queue_coalesce = set_queue_coalesce,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = iavf_get_sset_count,
	.get_strings = iavf_get_strings,
	.get_ethtool_stats = iavf_get_ethtool_stats,
};

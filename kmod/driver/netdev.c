// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netdev: entry points of the stack but the data path's, and its registration. What needs the
 * PF is a request to the owner; what cannot wait is noted and announced (design.md section 3).
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "control.h"

#define PAUSE_MS	1000
#define DEFAULT_RING	512

#define ENCAP_FEATURES	(NETIF_F_GSO_GRE | NETIF_F_GSO_GRE_CSUM | NETIF_F_GSO_IPXIP4 | \
			 NETIF_F_GSO_IPXIP6 | NETIF_F_GSO_UDP_TUNNEL | \
			 NETIF_F_GSO_UDP_TUNNEL_CSUM | NETIF_F_GSO_PARTIAL)

static const struct {
	u32 ours;
	netdev_features_t theirs;
} feature_map[] = {
	{ IAVF_FEATURES_VLAN_CTAG_STRIP, NETIF_F_HW_VLAN_CTAG_RX },
	{ IAVF_FEATURES_VLAN_STAG_STRIP, NETIF_F_HW_VLAN_STAG_RX },
	{ IAVF_FEATURES_VLAN_CTAG_INSERT, NETIF_F_HW_VLAN_CTAG_TX },
	{ IAVF_FEATURES_VLAN_STAG_INSERT, NETIF_F_HW_VLAN_STAG_TX },
	{ IAVF_FEATURES_VLAN_CTAG_FILTER, NETIF_F_HW_VLAN_CTAG_FILTER },
	{ IAVF_FEATURES_VLAN_STAG_FILTER, NETIF_F_HW_VLAN_STAG_FILTER },
	{ IAVF_FEATURES_RX_HASH, NETIF_F_RXHASH },
	{ IAVF_FEATURES_ENCAP, ENCAP_FEATURES },
	{ IAVF_FEATURES_USO, NETIF_F_GSO_UDP_L4 },
	{ IAVF_FEATURES_KEEP_CRC, NETIF_F_RXFCS },
};

#define BASE_FEATURES	(NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | NETIF_F_SCTP_CRC | \
			 NETIF_F_TSO | NETIF_F_TSO_ECN | NETIF_F_TSO6 | NETIF_F_RXCSUM)
#define CTAG_OFFLOAD	(NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_CTAG_TX)
#define STAG_OFFLOAD	(NETIF_F_HW_VLAN_STAG_RX | NETIF_F_HW_VLAN_STAG_TX)
#define STRIP		(NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_STAG_RX)
#define INSERTION	(NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)
#define FILTERS		(NETIF_F_HW_VLAN_CTAG_FILTER | NETIF_F_HW_VLAN_STAG_FILTER)
/* The PF has a part in these; the rest is between the stack and the rings. */
#define PF_FEATURES	(CTAG_OFFLOAD | STAG_OFFLOAD | FILTERS)

u32 iavf_netdev_features(netdev_features_t features)
{
	unsigned int i;
	u32 ours = 0;

	for (i = 0; i < ARRAY_SIZE(feature_map); i++) {
		if (features & feature_map[i].theirs)
			ours |= feature_map[i].ours;
	}
	return ours;
}

static netdev_features_t stack_features(u32 ours)
{
	netdev_features_t features = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(feature_map); i++) {
		if (ours & feature_map[i].ours)
			features |= feature_map[i].theirs;
	}
	return features;
}

u32 iavf_netdev_rx_flags(const struct iavf_vf *vf)
{
	const struct net_device *netdev = vf->netdev;
	u32 flags = test_bit(IAVF_VF_UP, &vf->flags) ? IAVF_RX_FLAGS_UP : 0;

	if (!netdev)
		return 0;
	if (netdev->flags & IFF_PROMISC || netdev_uc_count(netdev) > IAVF_ADDRESSES_MAX)
		flags |= IAVF_RX_FLAGS_PROMISC;
	if (netdev->flags & IFF_ALLMULTI || netdev_mc_count(netdev) > IAVF_ADDRESSES_MAX)
		flags |= IAVF_RX_FLAGS_ALLMULTI;
	return flags;
}

/* In words that people have in their scripts, so down to "1000 Mbps" and "Unknown Mbps". */
static void log_link(const struct net_device *netdev, bool up, u32 mbps)
{
	char speed[24] = "Unknown Mbps";

	if (mbps > SPEED_1000 && mbps % 1000)
		snprintf(speed, sizeof(speed), "%u.%u Gbps", mbps / 1000, mbps % 1000 / 100);
	else if (mbps > SPEED_1000)
		snprintf(speed, sizeof(speed), "%u Gbps", mbps / 1000);
	else if (mbps)
		snprintf(speed, sizeof(speed), "%u Mbps", mbps);
	if (up)
		netdev_info(netdev, "NIC Link is Up Speed is %s Full Duplex\n", speed);
	else
		netdev_info(netdev, "NIC Link is Down\n");
}

static void set_carrier(struct iavf_vf *vf, bool up)
{
	u32 mbps = up ? iavf_link_mbps(vf) : 0;

	if (up == netif_carrier_ok(vf->netdev) && mbps == vf->link_said)
		return;
	vf->link_said = mbps;
	if (up)
		netif_carrier_on(vf->netdev);
	else
		netif_carrier_off(vf->netdev);
	if (net_ratelimit())	/* the PF may say it as often as it likes */
		log_link(vf->netdev, up, mbps);
	iavf_session_changed(vf->session, IAVF_CHANGE_LINK);
}

/*
 * A pause is not told to the stack unless it lasts: with the carrier would go the neighbours, and
 * an address asked for before the frame has a way out is asked for again only after a second.
 * Frames wait in their qdiscs. What the PF says of the link counts at once only while queues run;
 * some call it down as long as they do not.
 */
void iavf_link_update(struct iavf_vf *vf)
{
	bool up = test_bit(IAVF_VF_UP, &vf->flags), away = vf->absence, ready, on;

	lockdep_assert_held(&vf->state_lock);
	if (!vf->netdev)
		return;
	ready = up && vf->rings && vf->rings->running && vf->rings->enabled &&
		!test_bit(IAVF_VF_RESETTING, &vf->flags);
	on = ready && test_bit(IAVF_VF_CARRIER, &vf->flags) && !away;
	if (on || !up || away || (ready && !test_bit(IAVF_VF_PAUSED, &vf->flags)))
		set_carrier(vf, on);
	else if (netif_carrier_ok(vf->netdev))
		queue_delayed_work(vf->wq, &vf->pause_work, msecs_to_jiffies(PAUSE_MS));
	if (!on) {
		set_bit(IAVF_VF_PAUSED, &vf->flags);
		return;
	}
	cancel_delayed_work(&vf->pause_work);	/* the next pause has its own clock */
	if (test_and_clear_bit(IAVF_VF_PAUSED, &vf->flags))
		netif_tx_wake_all_queues(vf->netdev);
}

void iavf_pause_work(struct work_struct *work)
{
	struct iavf_vf *vf = container_of(work, struct iavf_vf, pause_work.work);

	guard(iavf_lock)(&vf->state_lock);
	if (vf->netdev && test_bit(IAVF_VF_PAUSED, &vf->flags))
		set_carrier(vf, false);
}

/* Before the first commit of a generation, and without an owner, the queues are set up later. */
static int iavf_open(struct net_device *netdev)
{
	struct iavf_request req = {
		.kind = IAVF_REQUEST_KIND_OPEN, .rss_configured = netif_is_rxfh_configured(netdev),
	};
	struct iavf_vf *vf = iavf_vf(netdev);
	int err;

	err = iavf_rings_up(vf);
	if (err)
		return err;
	if (test_bit(IAVF_VF_COMMITTED, &vf->flags))
		err = iavf_ask(vf, &req);
	if (iavf_refused(err)) {
		iavf_rings_down(vf);
		return err;
	}
	iavf_session_changed(vf->session, IAVF_CHANGE_FLAGS);
	return 0;
}

static int iavf_stop(struct net_device *netdev)
{
	iavf_rings_down(iavf_vf(netdev));
	return 0;
}

static int iavf_set_mac_address(struct net_device *netdev, void *p)
{
	struct iavf_request req = { .kind = IAVF_REQUEST_KIND_SET_MAC };
	struct iavf_vf *vf = iavf_vf(netdev);
	const struct sockaddr *addr = p;
	int err;

	if (!is_valid_ether_addr(addr->sa_data))
		return -EADDRNOTAVAIL;
	if (ether_addr_equal(netdev->dev_addr, addr->sa_data))
		return 0;
	ether_addr_copy(req.mac, addr->sa_data);
	err = iavf_ask(vf, &req);
	if (!err)
		eth_hw_addr_set(netdev, req.mac);
	return err;
}

static int iavf_change_mtu(struct net_device *netdev, int mtu)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	struct iavf_rings_config config = vf->config;

	config.mtu = mtu;
	return iavf_reconfigure(vf, &config, NULL);
}

/* Coalesced; the lists are read when the owner does. */
static void iavf_set_rx_mode(struct net_device *netdev)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	u32 flags = iavf_netdev_rx_flags(vf) & ~IAVF_RX_FLAGS_UP;

	if (flags != vf->rx_flags) {
		vf->rx_flags = flags;
		iavf_session_changed(vf->session, IAVF_CHANGE_FLAGS);
	}
	iavf_session_changed(vf->session, IAVF_CHANGE_ADDRESSES);
}

/*
 * Bonds write a slave's address without asking its driver (balance-tlb), and nobody is told. Frames
 * from an address that the PF does not know are taken for spoofed.
 */
void iavf_netdev_look(struct iavf_vf *vf)
{
	lockdep_assert_held(&vf->state_lock);
	if (!vf->netdev || ether_addr_equal(vf->mac_seen, vf->netdev->dev_addr))
		return;
	ether_addr_copy(vf->mac_seen, vf->netdev->dev_addr);
	iavf_session_changed(vf->session, IAVF_CHANGE_NETDEV);
}

/* What the owner let us answer alone: 0 yes, -EPERM never, -EAGAIN ask. */
static int vlan_by_policy(struct iavf_vf *vf, bool tpid, u16 vid)
{
	const struct iavf_msg *commit = &vf->commit;
	const u8 *allowed = tpid ? commit->vlan_stag_allowed : commit->vlan_ctag_allowed;
	bool limited;

	/* Ids that the stack repeats, because the filter was switched on, were granted before. */
	if (vf->told)
		return 0;
	guard(iavf_lock)(&vf->state_lock);
	if (!test_bit(IAVF_VF_COMMITTED, &vf->flags))
		return -EAGAIN;
	limited = tpid ? commit->has_vlan_stag_allowed : commit->has_vlan_ctag_allowed;
	if (limited && !(allowed[vid / 8] & BIT(vid % 8)))
		return -EPERM;
	return commit->has_vlan_budget && vf->num_vlans < commit->vlan_budget ? 0 : -EAGAIN;
}

static int iavf_vlan_rx_add_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	struct iavf_request req = {
		.kind = IAVF_REQUEST_KIND_VLAN_ADD, .tpid = ntohs(proto), .vid = vid,
	};
	bool tpid = proto == htons(ETH_P_8021AD);
	int err;

	if (!vid || test_bit_le(vid, vf->vlans[tpid]))
		return 0;
	err = vlan_by_policy(vf, tpid, vid);
	if (err == -EPERM)
		iavf_session_error(vf->session, err, "iavfd's configuration forbids this VLAN");
	if (err == -EAGAIN)
		err = iavf_ask(vf, &req);
	if (err)
		return err;
	set_bit_le(vid, vf->vlans[tpid]);
	vf->num_vlans++;
	iavf_session_changed(vf->session, IAVF_CHANGE_VLANS);
	return 0;
}

/* What goes with a filter that the PF has no more is still asked for. */
static int iavf_vlan_rx_kill_vid(struct net_device *netdev, __be16 proto, u16 vid)
{
	bool tpid = proto == htons(ETH_P_8021AD);
	struct iavf_vf *vf = iavf_vf(netdev);

	if (!vid || vf->told || !test_and_clear_bit_le(vid, vf->vlans[tpid]))
		return 0;
	vf->num_vlans--;
	iavf_session_changed(vf->session, IAVF_CHANGE_VLANS);
	return 0;
}

static netdev_features_t granted_features(const struct iavf_vf *vf)
{
	return stack_features(READ_ONCE(vf->commit.features));
}

/* The device strips tags only together with the FCS. What is on stays. */
static netdev_features_t strip_or_fcs(struct net_device *netdev, netdev_features_t features)
{
	bool fcs = netdev->features & NETIF_F_RXFCS;

	if (!(features & STRIP) || !(features & NETIF_F_RXFCS))
		return features;
	if (!iavf_vf(netdev)->told)
		netdev_info(netdev, fcs ? "tags are not stripped while rx-fcs is on\n" :
					  "no rx-fcs while VLAN tags are stripped\n");
	return features & ~(fcs ? STRIP : NETIF_F_RXFCS);
}

static netdev_features_t fixed_features(const struct iavf_vf *vf)
{
	return granted_features(vf) & stack_features(READ_ONCE(vf->commit.features_fixed));
}

/* A wish that cannot be met is none any more, and people read why. */
static void drop_wishes(struct net_device *netdev, netdev_features_t dropped)
{
	if (!dropped || netdev->reg_state != NETREG_REGISTERED)
		return;
	netdev->wanted_features ^= dropped & netdev->hw_features;
	if (dropped & STAG_OFFLOAD)
		netdev_info(netdev, "VLAN tags of one type: 802.1ad offload stays off beside 802.1Q's\n");
	if (dropped & NETIF_F_HW_VLAN_STAG_FILTER)
		netdev_info(netdev, "all VLANs of one type: rx-vlan-stag-filter stays on while rx-vlan-filter is off\n");
}

/*
 * The device handles tags of one ethertype only, and without a filter it lets in those of one
 * only: 802.1Q comes first.
 */
static netdev_features_t iavf_fix_features(struct net_device *netdev, netdev_features_t features)
{
	netdev_features_t granted = granted_features(iavf_vf(netdev)), dropped = 0;

	features &= ~stack_features(~0U) | granted;
	features |= fixed_features(iavf_vf(netdev));
	if (features & CTAG_OFFLOAD)
		dropped = features & STAG_OFFLOAD;
	if ((granted & FILTERS) == FILTERS && !(features & FILTERS))
		dropped |= NETIF_F_HW_VLAN_STAG_FILTER;
	drop_wishes(netdev, dropped);
	return strip_or_fcs(netdev, features ^ dropped);
}

/*
 * The stack tells the ids of its VLAN devices only while it sees the filter switched on. The owner
 * must know them before it is asked, or it would delete the filters that are to stay.
 */
static void learn_vlans(struct iavf_vf *vf, netdev_features_t on)
{
	vf->netdev->features |= on;
	vf->told = true;
	if (on & NETIF_F_HW_VLAN_CTAG_FILTER)
		call_netdevice_notifiers(NETDEV_CVLAN_FILTER_PUSH_INFO, vf->netdev);
	if (on & NETIF_F_HW_VLAN_STAG_FILTER)
		call_netdevice_notifiers(NETDEV_SVLAN_FILTER_PUSH_INFO, vf->netdev);
	vf->told = false;
}

/* Off: it does not tell what goes, either. */
static void forget_vlans(struct iavf_vf *vf, netdev_features_t off)
{
	unsigned int i;

	if (!off)
		return;
	for (i = 0; i < ARRAY_SIZE(vf->vlans); i++) {
		if (!(off & (i ? NETIF_F_HW_VLAN_STAG_FILTER : NETIF_F_HW_VLAN_CTAG_FILTER)))
			continue;
		vf->num_vlans -= bitmap_weight(vf->vlans[i], VLAN_N_VID);
		bitmap_zero(vf->vlans[i], VLAN_N_VID);
	}
	vf->netdev->features &= ~off;
	iavf_session_changed(vf->session, IAVF_CHANGE_VLANS);
}

/* Rings like ours, but with the FCS in the frames or without. */
static int keep_crc(struct net_device *netdev, bool on)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	struct iavf_rings_config config = vf->config;
	int err;

	config.keep_crc = on;
	err = iavf_reconfigure(vf, &config, NULL);
	if (!err)
		netdev->features ^= NETIF_F_RXFCS;
	return err;
}

/* As is, when the stack need not set them: 1. */
static int ask_features(struct net_device *netdev, netdev_features_t features)
{
	struct iavf_vf *vf = iavf_vf(netdev);
	netdev_features_t changed = (features ^ netdev->features) & PF_FEATURES;
	netdev_features_t inserts = changed & INSERTION & netdev->features;
	struct iavf_request req = {
		.kind = IAVF_REQUEST_KIND_SET_FEATURES,
		.features = iavf_netdev_features(changed),
		.wanted = iavf_netdev_features(features & changed),
		.resets = changed & FILTERS,	/* thousands of filters: as long as a reset */
	};
	int err;

	if (!changed || vf->told)
		return 0;
	learn_vlans(vf, changed & features & FILTERS);
	/* Until the PF has switched, tags are the stack's: the device would insert another type. */
	netdev->features &= ~inserts;
	if (inserts)
		synchronize_net();
	err = iavf_ask(vf, &req);
	if (err) {
		forget_vlans(vf, changed & features & FILTERS);
		netdev->features |= inserts;
		return err;
	}
	netdev->features = (features & ~changed) | (stack_features(req.features_now) & changed);
	forget_vlans(vf, changed & FILTERS & ~netdev->features);
	return 1;
}

/* The PF keeps the FCS when it has stopped stripping, and strips when it has stopped keeping. */
static int iavf_set_features(struct net_device *netdev, netdev_features_t features)
{
	netdev_features_t fcs = (features ^ netdev->features) & NETIF_F_RXFCS;
	int err = fcs & ~features ? keep_crc(netdev, false) : 0;

	err = err ?: ask_features(netdev, features & ~fcs);
	if (err >= 0 && fcs & features)
		err = keep_crc(netdev, true) ?: err;
	/* What was refused nobody wishes any more: the next update of features would try again. */
	if (err < 0) {
		features ^= netdev->features;
		netdev->wanted_features ^= (netdev->wanted_features ^ netdev->features) & features;
	}
	return err;
}

static const struct net_device_ops iavf_netdev_ops = {
	.ndo_open		= iavf_open,
	.ndo_stop		= iavf_stop,
	.ndo_start_xmit		= iavf_xmit,
	.ndo_features_check	= iavf_features_check,
	.ndo_get_stats64	= iavf_get_stats64,
	.ndo_set_rx_mode	= iavf_set_rx_mode,
	.ndo_set_mac_address	= iavf_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_change_mtu		= iavf_change_mtu,
	.ndo_vlan_rx_add_vid	= iavf_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid	= iavf_vlan_rx_kill_vid,
	.ndo_fix_features	= iavf_fix_features,
	.ndo_set_features	= iavf_set_features,
};

u16 iavf_queues_granted(const struct iavf_vf *vf)
{
	return max(READ_ONCE(vf->commit.queues), 1U);
}

u16 iavf_queues_possible(const struct iavf_vf *vf)
{
	return max_t(u16, READ_ONCE(vf->commit.possible_queues), iavf_queues_granted(vf));
}

/* As many as the node nearest to the device has CPUs, but no fewer than 8 where there are 8. */
u16 iavf_queues_default(const struct iavf_vf *vf)
{
	int node = dev_to_node(&vf->pdev->dev);
	unsigned int cpus = num_online_cpus();
	unsigned int local = node == NUMA_NO_NODE ? cpus : nr_cpus_node(node);

	return min3(max(local, 8U), cpus, (unsigned int)IAVF_MAX_QUEUES);
}

u16 iavf_vectors_granted(const struct iavf_vf *vf)
{
	u32 granted = READ_ONCE(vf->commit.max_vectors);	/* 0: not limited */

	return max(granted ? min(granted, vf->num_vectors) : vf->num_vectors, 2U) - 1;
}

/*
 * What may be switched on, and is when it was not granted before. The stack does the outer
 * checksums that the device does not.
 */
static void set_granted(struct iavf_vf *vf, struct net_device *netdev)
{
	netdev_features_t granted = granted_features(vf), encap = granted & ENCAP_FEATURES;
	netdev_features_t now = granted & ~fixed_features(vf), news = now & ~netdev->hw_features;

	netdev->hw_features = (netdev->hw_features & ~stack_features(~0U)) | now;
	news &= ~NETIF_F_RXFCS;
	if ((netdev->wanted_features | news) & CTAG_OFFLOAD)
		news &= ~STAG_OFFLOAD;
	netdev->wanted_features |= news | (now & stack_features(vf->commit.features_on));
	netdev->hw_enc_features = NETIF_F_SG | NETIF_F_HIGHDMA;
	if (encap)
		netdev->hw_enc_features |= BASE_FEATURES | NETIF_F_TSO_MANGLEID | encap;
	netdev->gso_partial_features = NETIF_F_GSO_GRE_CSUM;
	if (!(READ_ONCE(vf->commit.features) & IAVF_FEATURES_ENCAP_CSUM))
		netdev->gso_partial_features |= NETIF_F_GSO_UDP_TUNNEL_CSUM;
}

void iavf_netdev_limits(struct iavf_vf *vf)
{
	struct net_device *netdev = vf->netdev;
	struct iavf_rings_config config;

	ASSERT_RTNL();
	vf->told = true;	/* it was the owner who said so */
	iavf_rss_update(vf);
	netdev->max_mtu = READ_ONCE(vf->commit.max_mtu);
	set_granted(vf, netdev);
	netdev_update_features(netdev);
	config = vf->config;
	config.vectors = iavf_vectors_granted(vf);
	config.rx_queues = min(config.rx_queues, iavf_queues_granted(vf));
	config.tx_queues = min(config.tx_queues, iavf_queues_granted(vf));
	if (!vf->commit.has_possible_queues) {	/* an older owner: knows pairs only */
		config.rx_queues = min(config.rx_queues, config.tx_queues);
		config.tx_queues = config.rx_queues;
	}
	config.mtu = min_t(u32, config.mtu, netdev->max_mtu);
	iavf_reconfigure(vf, &config, NULL);
	vf->told = false;
	/* Also when nothing changed: of several grants in a row only the last one is applied. */
	iavf_session_changed(vf->session, IAVF_CHANGE_NETDEV);
}

static void init_netdev(struct iavf_vf *vf, struct net_device *netdev, const u8 *mac, u32 mtu)
{
	u16 queues = min(iavf_queues_default(vf), iavf_queues_granted(vf));
	struct iavf_netdev *priv = netdev_priv(netdev);

	priv->vf = vf;
	SET_NETDEV_DEV(netdev, &vf->pdev->dev);
	netdev->netdev_ops = &iavf_netdev_ops;
	netdev->ethtool_ops = &iavf_ethtool_ops;
	netdev->priv_flags |= IFF_UNICAST_FLT;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = READ_ONCE(vf->commit.max_mtu);
	netdev->mtu = clamp(mtu ? mtu : ETH_DATA_LEN, netdev->min_mtu, netdev->max_mtu);
	netdev->hw_features = BASE_FEATURES;
	iavf_rss_update(vf);
	set_granted(vf, netdev);
	netdev->features = iavf_fix_features(netdev, netdev->hw_features & ~NETIF_F_RXFCS) |
			   NETIF_F_HIGHDMA;
	netdev->vlan_features = BASE_FEATURES | NETIF_F_HIGHDMA;
	if (mac)
		eth_hw_addr_set(netdev, mac);
	else
		eth_hw_addr_random(netdev);
	vf->config = (struct iavf_rings_config){
		.rx_queues = queues,
		.tx_queues = queues,
		.vectors = iavf_vectors_granted(vf),
		.tx_count = DEFAULT_RING,
		.rx_count = DEFAULT_RING,
		.mtu = netdev->mtu,
	};
	netif_set_real_num_queues(netdev, queues, queues);
	netif_carrier_off(netdev);
}

int iavf_netdev_register(struct iavf_vf *vf, const u8 *mac, u32 mtu)
{
	struct net_device *netdev;
	int err;

	ASSERT_RTNL();
	if (vf->netdev)
		return -EEXIST;
	netdev = alloc_etherdev_mqs(sizeof(struct iavf_netdev), IAVF_MAX_QUEUES, IAVF_MAX_QUEUES);
	if (!netdev)
		return -ENOMEM;
	init_netdev(vf, netdev, mac, mtu);
	err = iavf_stats_init(vf);
	if (!err)
		err = register_netdevice(netdev);
	if (err) {
		iavf_stats_free(vf);
		free_netdev(netdev);
		return err;
	}
	guard(iavf_lock)(&vf->state_lock);
	ether_addr_copy(vf->mac_seen, netdev->dev_addr);
	vf->netdev = netdev;
	return 0;
}

/* Without a filter the stack does not tell which VLAN devices go. */
static void upper_changed(struct net_device *netdev,
			  const struct netdev_notifier_changeupper_info *info)
{
	__be16 proto;

	if (info->linking || !is_vlan_dev(info->upper_dev))
		return;
	proto = vlan_dev_vlan_proto(info->upper_dev);
	if (!(netdev->features & (proto == htons(ETH_P_8021AD) ? NETIF_F_HW_VLAN_STAG_FILTER :
								 NETIF_F_HW_VLAN_CTAG_FILTER)))
		iavf_vlan_rx_kill_vid(netdev, proto, vlan_dev_vlan_id(info->upper_dev));
}

/* What people see of the netdev, and its namespace, changes without asking us. */
static int netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *netdev = netdev_notifier_info_to_dev(ptr);
	struct iavf_vf *vf;

	if (netdev->netdev_ops != &iavf_netdev_ops || !iavf_vf(netdev)->netdev)
		return NOTIFY_DONE;
	vf = iavf_vf(netdev);
	if (event == NETDEV_CHANGEADDR) {
		guard(iavf_lock)(&vf->state_lock);
		iavf_netdev_look(vf);
	}
	if (event == NETDEV_CHANGEUPPER)
		upper_changed(netdev, ptr);
	if (event == NETDEV_CHANGENAME || event == NETDEV_CHANGEMTU ||
	    event == NETDEV_FEAT_CHANGE || event == NETDEV_REGISTER)
		iavf_session_changed(vf->session, IAVF_CHANGE_NETDEV);
	return NOTIFY_DONE;
}

struct notifier_block iavf_netdev_notifier = { .notifier_call = netdev_event };

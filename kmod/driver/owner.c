// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session's operations: what the owner is shown and what it may order. Nothing here
 * takes rtnl or rings_lock; what needs them is left to netdev_work.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netlink.h>

#include "control.h"

static enum iavf_vf_state state_of(const struct iavf_vf *vf)
{
	if (test_bit(IAVF_VF_DEAD, &vf->flags))
		return IAVF_VF_STATE_DEAD;
	if (test_bit(IAVF_VF_RESETTING, &vf->flags) || !READ_ONCE(vf->mbx.up))
		return IAVF_VF_STATE_RESETTING;
	return READ_ONCE(vf->netdev) ? IAVF_VF_STATE_READY : IAVF_VF_STATE_MAILBOX;
}

/* The netdev with its queues. */
static int fill_netdev(const struct iavf_vf *vf, struct sk_buff *skb)
{
	const struct net_device *netdev = READ_ONCE(vf->netdev);
	char name[IFNAMSIZ];
	u64 netns;

	if (!netdev)
		return 0;
	strscpy(name, netdev->name, sizeof(name));
	rcu_read_lock();
	netns = dev_net(netdev)->ns.inum;
	rcu_read_unlock();
	if (nla_put_u32(skb, IAVF_A_VF_IFINDEX, netdev->ifindex) ||
	    nla_put_string(skb, IAVF_A_VF_IFNAME, name) ||
	    nla_put_u64_64bit(skb, IAVF_A_VF_NETNS, netns, IAVF_A_VF_PAD) ||
	    nla_put(skb, IAVF_A_VF_MAC, ETH_ALEN, netdev->dev_addr) ||
	    nla_put_u32(skb, IAVF_A_VF_MTU, netdev->mtu) ||
	    nla_put_u32(skb, IAVF_A_VF_MAX_MTU, netdev->max_mtu) ||
	    nla_put_u32(skb, IAVF_A_VF_FEATURES, iavf_netdev_features(netdev->features)) ||
	    nla_put_u32(skb, IAVF_A_VF_RX_QUEUES, vf->config.rx_queues) ||
	    nla_put_u32(skb, IAVF_A_VF_TX_QUEUES, vf->config.tx_queues) ||
	    nla_put_u32(skb, IAVF_A_VF_RX_RING, vf->config.rx_count) ||
	    nla_put_u32(skb, IAVF_A_VF_TX_RING, vf->config.tx_count) ||
	    (netif_is_rxfh_configured(netdev) && nla_put_flag(skb, IAVF_A_VF_RSS_CONFIGURED)))
		return -EMSGSIZE;
	return 0;
}

static int fill_link(const struct iavf_vf *vf, struct sk_buff *skb)
{
	const struct net_device *netdev = READ_ONCE(vf->netdev);

	return nla_put_u8(skb, IAVF_A_VF_CARRIER, netdev && netif_carrier_ok(netdev)) ?:
	       nla_put_u32(skb, IAVF_A_VF_LINK_MBPS, iavf_link_mbps(vf));
}

static int fill_state(void *priv, struct sk_buff *skb)
{
	const struct iavf_vf *vf = priv;

	if (nla_put_u32(skb, IAVF_A_VF_GENERATION, READ_ONCE(vf->generation)) ||
	    nla_put_u32(skb, IAVF_A_VF_STATE, state_of(vf)) ||
	    nla_put_u32(skb, IAVF_A_VF_VECTORS, vf->num_vectors) ||
	    nla_put_u32(skb, IAVF_A_VF_MAX_QUEUES, IAVF_MAX_QUEUES) ||
	    nla_put_u32(skb, IAVF_A_VF_DEFAULT_QUEUES, iavf_queues_default(vf)) ||
	    nla_put_u32(skb, IAVF_A_VF_RX_FLAGS, iavf_netdev_rx_flags(vf)) ||
	    nla_put_u32(skb, IAVF_A_VF_FEATURES_GRANTED, vf->commit.features))
		return -EMSGSIZE;
	return fill_netdev(vf, skb) ?: fill_link(vf, skb);
}

static int fill_addresses(struct sk_buff *skb, int attribute,
			  const struct netdev_hw_addr_list *list)
{
	unsigned int n = min(netdev_hw_addr_list_count(list), IAVF_ADDRESSES_MAX);
	struct nlattr *attr = nla_reserve(skb, attribute, n * ETH_ALEN);
	const struct netdev_hw_addr *ha;
	u8 *out;

	if (!attr)
		return -EMSGSIZE;
	out = nla_data(attr);
	netdev_hw_addr_list_for_each(ha, list) {
		if (!n--)
			break;
		ether_addr_copy(out, ha->addr);
		out += ETH_ALEN;
	}
	return 0;
}

static int fill_lists(const struct iavf_vf *vf, struct sk_buff *skb)
{
	struct net_device *netdev = READ_ONCE(vf->netdev);
	int err;

	if (!netdev)
		return 0;
	netif_addr_lock_bh(netdev);
	err = fill_addresses(skb, IAVF_A_VF_UNICAST, &netdev->uc) ?:
	      fill_addresses(skb, IAVF_A_VF_MULTICAST, &netdev->mc);
	netif_addr_unlock_bh(netdev);
	return err;
}

static int fill_vlans(const struct iavf_vf *vf, struct sk_buff *skb)
{
	return nla_put(skb, IAVF_A_VF_VLAN_CTAG, sizeof(vf->vlans[0]), vf->vlans[0]) ?:
	       nla_put(skb, IAVF_A_VF_VLAN_STAG, sizeof(vf->vlans[1]), vf->vlans[1]);
}

/* What the owner has to know to see whether an interface that is up still wants its queues. */
static int fill_rings(struct iavf_vf *vf, struct sk_buff *skb)
{
	guard(iavf_lock)(&vf->state_lock);
	if ((vf->rings && vf->rings->configured && nla_put_flag(skb, IAVF_A_VF_CONFIGURED)) ||
	    (vf->rings && vf->rings->enabled && nla_put_flag(skb, IAVF_A_VF_ENABLED)) ||
	    (test_bit(IAVF_VF_COMMITTED, &vf->flags) && nla_put_flag(skb, IAVF_A_VF_COMMITTED)))
		return -EMSGSIZE;
	return 0;
}

static int fill_snapshot(void *priv, struct sk_buff *skb)
{
	return fill_lists(priv, skb) ?: fill_vlans(priv, skb) ?: fill_rings(priv, skb);
}

static int fill_changed(void *priv, struct sk_buff *skb, unsigned long what)
{
	struct iavf_vf *vf = priv;
	int err = 0;

	if (what & BIT(IAVF_CHANGE_FLAGS))
		err = nla_put_u32(skb, IAVF_A_VF_RX_FLAGS, iavf_netdev_rx_flags(vf)) ?:
		      fill_rings(vf, skb);
	if (!err && (what & BIT(IAVF_CHANGE_ADDRESSES)))
		err = fill_lists(vf, skb);
	if (!err && (what & BIT(IAVF_CHANGE_VLANS)))
		err = fill_vlans(vf, skb);
	if (!err && (what & BIT(IAVF_CHANGE_LINK)))
		err = fill_link(vf, skb);
	if (!err && (what & BIT(IAVF_CHANGE_NETDEV)))
		err = fill_netdev(vf, skb);
	return err;
}

static int fill_counters(void *priv, struct sk_buff *skb)
{
	const struct iavf_vf *vf = priv;
	const struct { int attr; u64 value; } counters[] = {
		{ IAVF_A_COUNTERS_RESETS, vf->count.resets },
		{ IAVF_A_COUNTERS_MBX_SENT, vf->count.mbx_sent },
		{ IAVF_A_COUNTERS_MBX_RECEIVED, vf->count.mbx_received },
		{ IAVF_A_COUNTERS_RESET_US, vf->count.reset_us },
		{ IAVF_A_COUNTERS_UNPROVEN_STOPS, vf->count.unproven_stops },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		if (nla_put_u64_64bit(skb, counters[i].attr, counters[i].value,
				      IAVF_A_COUNTERS_PAD))
			return -EMSGSIZE;
	}
	return 0;
}

int iavf_check_generation(struct iavf_vf *vf, u32 generation, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&vf->state_lock);
	if (test_bit(IAVF_VF_DYING, &vf->flags))
		return -ENODEV;
	if (generation == vf->generation)
		return 0;
	iavf_session_stale(vf->session);
	return iavf_refuse(extack, -ESTALE, "the VF was reset since");
}

static int commit(void *priv, const struct iavf_msg *new, struct netlink_ext_ack *extack)
{
	struct iavf_vf *vf = priv;
	int err;

	if (!new->queues)
		return iavf_refuse(extack, -EINVAL, "a VF without queues is of no use");
	if (new->max_mtu < ETH_MIN_MTU || new->tx_tag > IAVF_VLAN_TAG_L2TAG2 ||
	    new->rx_tag > IAVF_VLAN_TAG_L2TAG2)
		return iavf_refuse(extack, -EINVAL, "limits that make no sense");
	guard(iavf_lock)(&vf->state_lock);
	err = iavf_check_generation(vf, new->generation, extack);
	if (err)
		return err;
	iavf_rss_write(vf, new);
	vf->commit = *new;
	vf->commit.queues = min_t(u32, new->queues, IAVF_MAX_QUEUES);
	vf->commit.possible_queues = min_t(u32, new->possible_queues, IAVF_MAX_QUEUES);
	vf->commit.max_mtu = min_t(u32, new->max_mtu, IAVF_MTU_MAX);
	set_bit(IAVF_VF_COMMITTED, &vf->flags);
	vf->job.committed = true;
	if (vf->netdev)
		queue_work(vf->wq, &vf->netdev_work);
	return 0;
}

static int netdev_create(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	struct iavf_vf *vf = priv;
	int err;

	if ((msg->has_mac && !is_valid_ether_addr(msg->mac)) || msg->mtu > IAVF_MTU_MAX)
		return iavf_refuse(extack, -EINVAL,
				   "not a unicast address, or an MTU out of range");
	guard(iavf_lock)(&vf->state_lock);
	err = iavf_check_generation(vf, msg->generation, extack);
	if (err)
		return err;
	if (vf->netdev || vf->job.create)
		return iavf_refuse(extack, -EEXIST, "the netdev exists already");
	if (!test_bit(IAVF_VF_COMMITTED, &vf->flags))
		return iavf_refuse(extack, -EBUSY, "no vf-commit in this generation");
	vf->job.create = true;
	vf->job.mtu = msg->mtu;
	if (msg->has_mac)
		ether_addr_copy(vf->job.mac, msg->mac);
	queue_work(vf->wq, &vf->netdev_work);
	return 0;
}

static int netdev_update(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	struct iavf_vf *vf = priv;
	int err;

	if ((msg->has_mac && !is_valid_ether_addr(msg->mac)) || msg->mtu > IAVF_MTU_MAX)
		return iavf_refuse(extack, -EINVAL,
				   "not a unicast address, or an MTU out of range");
	guard(iavf_lock)(&vf->state_lock);
	err = iavf_check_generation(vf, msg->generation, extack);
	if (err)
		return err;
	if (msg->mtu)
		vf->job.mtu = msg->mtu;
	if (msg->has_mac)
		ether_addr_copy(vf->job.mac, msg->mac);
	if (msg->has_max_mtu) {
		vf->commit.max_mtu = clamp_t(u32, msg->max_mtu, ETH_MIN_MTU, IAVF_MTU_MAX);
		vf->job.committed = true;
	}
	queue_work(vf->wq, &vf->netdev_work);
	return 0;
}

static int vf_reset(void *priv, const struct iavf_msg *msg, struct netlink_ext_ack *extack)
{
	struct iavf_vf *vf = priv;
	int err;

	scoped_guard(iavf_lock, &vf->state_lock)
		err = iavf_check_generation(vf, msg->generation, extack);
	if (!err)
		iavf_reset_begin(vf, msg->generation, IAVF_RESET_CAUSE_OWNER);
	return err;
}

static void do_job(struct iavf_vf *vf, const struct iavf_netdev_job *job)
{
	const u8 *mac = is_zero_ether_addr(job->mac) ? NULL : job->mac;

	if (job->create) {
		iavf_session_netdev_ready(vf->session, iavf_netdev_register(vf, mac, job->mtu));
		return;
	}
	if (!vf->netdev)
		return;
	if (mac && !ether_addr_equal(vf->netdev->dev_addr, mac)) {
		eth_hw_addr_set(vf->netdev, mac);
		call_netdevice_notifiers(NETDEV_CHANGEADDR, vf->netdev);
	}
	if (job->committed)
		iavf_netdev_limits(vf);
	if (job->mtu)
		dev_set_mtu(vf->netdev, job->mtu);	/* netdev-changed tells, or nothing does */
}

void iavf_netdev_work(struct work_struct *work)
{
	struct iavf_vf *vf = container_of(work, struct iavf_vf, netdev_work);
	struct iavf_netdev_job job;

	rtnl_lock();
	scoped_guard(iavf_lock, &vf->state_lock) {
		job = vf->job;
		memset(&vf->job, 0, sizeof(vf->job));
	}
	if (!test_bit(IAVF_VF_DYING, &vf->flags))
		do_job(vf, &job);
	rtnl_unlock();
}

const struct iavf_session_ops iavf_owner_ops_table = {
	.fill_state	= fill_state,
	.fill_snapshot	= fill_snapshot,
	.fill_changed	= fill_changed,
	.fill_counters	= fill_counters,
	.mbx_send	= iavf_queues_owner_send,
	.commit		= commit,
	.netdev_create	= netdev_create,
	.netdev_update	= netdev_update,
	.vf_reset	= vf_reset,
	.absence	= iavf_rings_absence,
};

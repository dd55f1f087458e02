/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the control part need of each other. Locks nest rtnl, rings_lock, reset_lock,
 * state_lock, mbx.lock.
 */
#ifndef _IAVF_CONTROL_H
#define _IAVF_CONTROL_H

#include <linux/interrupt.h>
#include <linux/netlink.h>

#include "iavf.h"

#define IAVF_ADDRESSES_MAX	1024	/* of one list; more than that is all of them */

/* queues.c */
/* The owner's message; see iavf_session_ops.mbx_send for the errors. */
iavf_order_fn iavf_queues_owner_send;
/* The kernel's own op 9 over vf->rings; its answer shows in rings->state or queues.refused. */
int iavf_queues_disable(struct iavf_vf *vf);
int iavf_queues_ask_reset(struct iavf_vf *vf);		/* RESET_VF; the PF never answers it */
u32 iavf_link_mbps(const struct iavf_vf *vf);		/* 0: down, or not known */
/* A new generation: nothing that was sent gets an answer any more. state_lock held. */
void iavf_queues_forget(struct iavf_vf *vf);
/* vf->msg was received in this generation. mbx_work. */
void iavf_queues_receive(struct iavf_vf *vf, u32 generation);

/* reset.c */
/*
 * A reset begins; may sleep, never waits. generation is that in which the reason was seen: no
 * effect when it is over or while a reset is being handled.
 */
void iavf_reset_begin(struct iavf_vf *vf, u32 generation, enum iavf_reset_cause cause);
/* Reset of our own accord, but not one after the other without a pause. */
void iavf_reset_stalled(struct iavf_vf *vf, u32 generation, const char *why);
/* Look at the device soon, or at once. Any context. */
void iavf_watch(struct iavf_vf *vf, bool now);
void iavf_reset_work(struct work_struct *work);
void iavf_watch_work(struct work_struct *work);
/* Cut the device off from memory, at once and for sure. false: its transactions did not end. */
bool iavf_cut(struct iavf_vf *vf);

/* updown.c: the life of rings */
int iavf_rings_up(struct iavf_vf *vf);			/* rtnl */
void iavf_rings_down(struct iavf_vf *vf);		/* rtnl; cannot fail */
/* Traffic off, NAPI off; the device may still access the rings. rings_lock. */
void iavf_rings_quiesce(struct iavf_vf *vf);
/* After a proven reset: as new, posted and running, unless nobody controls the VF. rings_lock */
void iavf_rings_restart(struct iavf_vf *vf);
/* See iavf_session_ops.absence. */
void iavf_rings_absence(void *priv, u32 what);
/*
 * Other rings for the same netdev: rtnl. While down it only notes the numbers. 0 also when the
 * owner is to complete it later.
 */
int iavf_reconfigure(struct iavf_vf *vf, const struct iavf_rings_config *config,
		     struct netlink_ext_ack *extack);
/* iavf_session_request() and, when a reset came between, once more. */
int iavf_ask(struct iavf_vf *vf, struct iavf_request *req);
/* The PF or the owner said no, as opposed to: nobody said anything yet. */
bool iavf_refused(int err);

/* netdev.c */
int iavf_netdev_register(struct iavf_vf *vf, const u8 *mac, u32 mtu);	/* rtnl */
void iavf_netdev_limits(struct iavf_vf *vf);	/* rtnl: apply vf->commit to the netdev */
u32 iavf_netdev_features(netdev_features_t features);	/* as bits of enum iavf_features */
u16 iavf_queues_granted(const struct iavf_vf *vf);	/* pairs, at least 1 */
u16 iavf_queues_possible(const struct iavf_vf *vf);	/* pairs that the PF may be asked for */
u16 iavf_queues_default(const struct iavf_vf *vf);	/* pairs, if so many are granted */
u16 iavf_vectors_granted(const struct iavf_vf *vf);	/* of queues, at least 1 */
u32 iavf_netdev_rx_flags(const struct iavf_vf *vf);
void iavf_netdev_look(struct iavf_vf *vf);	/* state_lock: changes that nobody announced */
/* Carrier and Tx queues as the state has them. state_lock held. */
void iavf_link_update(struct iavf_vf *vf);
void iavf_pause_work(struct work_struct *work);
extern struct notifier_block iavf_netdev_notifier;

/* rss.c: parts of iavf_ethtool_ops; rtnl */
void iavf_rss_write(struct iavf_vf *vf, const struct iavf_msg *commit);
void iavf_rss_update(struct iavf_vf *vf);	/* from vf->commit */
u32 iavf_get_rxfh_key_size(struct net_device *netdev);
u32 iavf_get_rxfh_indir_size(struct net_device *netdev);
u32 iavf_get_rx_ring_count(struct net_device *netdev);
int iavf_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *cmd, u32 *rules);
int iavf_set_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *cmd);

/* owner.c */
/* state_lock: is the order about the VF as it is? */
int iavf_check_generation(struct iavf_vf *vf, u32 generation, struct netlink_ext_ack *extack);
extern const struct iavf_session_ops iavf_owner_ops_table;
void iavf_netdev_work(struct work_struct *work);

/* mailbox.c: bytes only */
int iavf_mbx_alloc(struct iavf_vf *vf);
void iavf_mbx_free(struct iavf_vf *vf);		/* only after a proof, or off the bus */
int iavf_mbx_start(struct iavf_vf *vf);		/* -EIO: registers read otherwise */
void iavf_mbx_stop(struct iavf_vf *vf);
/* -EAGAIN ring full, -EIO not up, -EMSGSIZE. kernel: may use the reserved slots. */
int iavf_mbx_send(struct iavf_vf *vf, u32 opcode, const void *payload, u16 len, bool kernel);
/* ARQLEN.ENABLE is 0, or the device reads dead. */
bool iavf_mbx_in_reset(const struct iavf_vf *vf);
irqreturn_t iavf_mbx_irq(int irq, void *data);
void iavf_mbx_irq_enable(struct iavf_vf *vf, bool on);
void iavf_mbx_work(struct work_struct *work);
void iavf_mbx_check_errors(struct iavf_vf *vf, u32 reg);	/* IAVF_ARQLEN or IAVF_ATQLEN */
/* Tell the device that the driver goes, switch both rings off. No longer than 5 ms. */
void iavf_mbx_shutdown(struct iavf_vf *vf);

/* message: a literal */
static inline int iavf_refuse(struct netlink_ext_ack *extack, int err, const char *message)
{
	if (extack)
		extack->_msg = message;
	return err;
}

static inline u32 iavf_generation(const struct iavf_vf *vf)
{
	return READ_ONCE(vf->generation);
}

#endif /* _IAVF_CONTROL_H */

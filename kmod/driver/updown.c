// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of rings: allocated, posted, running, exposed, proven idle, freed (design.md section 2,
 * rules 2 and 3). Stopping needs nobody but the device: the PF's word, else a reset, else no bus.
 */
#include <linux/pci.h>
#include <linux/rtnetlink.h>

#include "control.h"
#include "../compat.h"

#define DISABLE_MS	200
#define RESET_MS	500

bool iavf_refused(int err)
{
	return err && err != -ENOTCONN && err != -ETIMEDOUT && err != -ECANCELED;
}

int iavf_ask(struct iavf_vf *vf, struct iavf_request *req)
{
	int err = iavf_session_request(vf->session, req);

	return err == -ECANCELED ? iavf_session_request(vf->session, req) : err;
}

static void set_running(struct iavf_vf *vf, bool running)
{
	guard(iavf_lock)(&vf->state_lock);
	vf->rings->running = running;
	if (running) {
		vf->rings->state = IAVF_RINGS_PRIVATE;
		vf->rings->used = false;
	}
	vf->rings->configured = false;
	vf->rings->enabled = false;
	iavf_link_update(vf);
}

static void publish(struct iavf_vf *vf, struct iavf_rings *rings)
{
	guard(iavf_lock)(&vf->state_lock);
	vf->rings = rings;
	vf->rings_id++;
}

void iavf_rings_quiesce(struct iavf_vf *vf)
{
	unsigned int i;

	lockdep_assert_held(&vf->rings_lock);
	if (!vf->rings || !vf->rings->running)
		return;
	set_running(vf, false);
	/* The stack's Tx watchdog is to count from here. */
	for (i = 0; i < vf->netdev->num_tx_queues; i++)
		txq_trans_cond_update(netdev_get_tx_queue(vf->netdev, i));
	iavf_rings_stop(vf->rings);
}

static int run(struct iavf_vf *vf)
{
	int err = iavf_rings_post(vf->rings);

	if (!err)
		err = iavf_rings_start(vf->rings);
	if (!err)
		set_running(vf, true);
	return err;
}

void iavf_rings_restart(struct iavf_vf *vf)
{
	int err;

	lockdep_assert_held(&vf->rings_lock);
	if (!vf->rings || !test_bit(IAVF_VF_UP, &vf->flags) || vf->absence == IAVF_ABSENCE_DOWN)
		return;
	err = run(vf);
	if (err)
		iavf_session_error(vf->session, err, "the rings did not start after a reset");
}

static bool proven(const struct iavf_vf *vf)
{
	return READ_ONCE(vf->rings->state) != IAVF_RINGS_EXPOSED;
}

static bool settled(const struct iavf_vf *vf)
{
	return proven(vf) || READ_ONCE(vf->queues.distrust) || READ_ONCE(vf->queues.refused) ||
	       test_bit(IAVF_VF_RESETTING, &vf->flags);
}

/*
 * Nothing else helped: the device may not access memory at all until a proven reset. The
 * reset goes on in its work, which resets the function when the PF stays deaf.
 */
static void cut(struct iavf_vf *vf)
{
	if (!iavf_cut(vf)) {
		iavf_session_error(vf->session, -EIO,
				   "the device does not end its accesses; memory is kept");
		return;		/* iavf_rings_free() will refuse */
	}
	scoped_guard(iavf_lock, &vf->state_lock) {
		vf->rings->state = IAVF_RINGS_IDLE;
		vf->count.unproven_stops++;
	}
	iavf_session_error(vf->session, -EIO,
			   "the PF did not stop the queues; the device is off the bus");
}

/* After this the device accesses none of vf->rings. */
static void prove_idle(struct iavf_vf *vf)
{
	if (!vf->rings || proven(vf))
		return;
	if (!iavf_queues_disable(vf))
		wait_event_timeout(vf->wait, settled(vf), msecs_to_jiffies(DISABLE_MS));
	if (proven(vf))
		return;
	iavf_reset_begin(vf, iavf_generation(vf), IAVF_RESET_CAUSE_STOP);
	if (!wait_event_timeout(vf->wait, proven(vf), msecs_to_jiffies(RESET_MS)))
		cut(vf);
}

void iavf_rings_absence(void *priv, u32 what)
{
	struct iavf_vf *vf = priv;

	guard(mutex)(&vf->rings_lock);
	scoped_guard(iavf_lock, &vf->state_lock) {
		vf->absence = what;
		iavf_link_update(vf);
	}
	if (test_bit(IAVF_VF_DYING, &vf->flags) || test_bit(IAVF_VF_QUIT, &vf->flags))
		return;
	if (what == IAVF_ABSENCE_DOWN) {
		iavf_rings_quiesce(vf);
		prove_idle(vf);
	} else if (vf->rings && !vf->rings->running && proven(vf) &&
		   !test_bit(IAVF_VF_RESETTING, &vf->flags)) {
		iavf_rings_restart(vf);
	}
	iavf_session_changed(vf->session, IAVF_CHANGE_FLAGS);
}

/* Replace vf->rings, whose state must be proven and which are the caller's from here on. */
static int swap_rings(struct iavf_vf *vf, struct iavf_rings *rings)
{
	publish(vf, rings);
	if (test_bit(IAVF_VF_RESETTING, &vf->flags) || vf->absence == IAVF_ABSENCE_DOWN)
		return 0;	/* the reset's end starts them, or the owner's return */
	return run(vf);
}

static void note_config(struct iavf_vf *vf, const struct iavf_rings_config *config)
{
	vf->config = *config;
	WRITE_ONCE(vf->netdev->mtu, config->mtu);
	netif_set_real_num_queues(vf->netdev, config->tx_queues, config->rx_queues);
}

int iavf_rings_up(struct iavf_vf *vf)
{
	struct iavf_rings *rings = iavf_rings_alloc(vf, &vf->config);
	int err;

	if (IS_ERR(rings))
		return PTR_ERR(rings);
	guard(mutex)(&vf->rings_lock);
	set_bit(IAVF_VF_UP, &vf->flags);
	err = swap_rings(vf, rings);
	if (!err)
		return 0;
	clear_bit(IAVF_VF_UP, &vf->flags);
	publish(vf, NULL);
	iavf_rings_free(rings);
	return err;
}

void iavf_rings_down(struct iavf_vf *vf)
{
	struct iavf_rings *rings = vf->rings;

	guard(mutex)(&vf->rings_lock);
	clear_bit(IAVF_VF_UP, &vf->flags);
	if (rings) {
		iavf_rings_quiesce(vf);
		prove_idle(vf);
		publish(vf, NULL);
		iavf_rings_free(rings);
	}
	iavf_session_changed(vf->session, IAVF_CHANGE_FLAGS);
}

/* The running rings make place for others; the caller keeps them until it is known which stay. */
static int exchange(struct iavf_vf *vf, struct iavf_rings *rings)
{
	/* Never more queues in the stack than rings: iavf_xmit() takes them by number. */
	if (rings->config.tx_queues < vf->netdev->real_num_tx_queues)
		netif_set_real_num_tx_queues(vf->netdev, rings->config.tx_queues);
	guard(mutex)(&vf->rings_lock);
	iavf_rings_quiesce(vf);
	prove_idle(vf);
	return swap_rings(vf, rings);
}

/* Would the owner take it? While nobody says so, nothing is touched. */
static bool prepared(int err)
{
	/* An owner of the version before does not know the question. */
	return !err || err == -EOPNOTSUPP || err == -ECANCELED;
}

static int ask_queues(struct iavf_vf *vf, enum iavf_request_kind kind,
		      const struct iavf_rings_config *config, struct netlink_ext_ack *extack)
{
	struct iavf_request req = {
		.kind = kind, .mtu = config->mtu, .queues = iavf_num_pairs(config),
		.rx_queues = config->rx_queues, .tx_queues = config->tx_queues,
		.rss_configured = netif_is_rxfh_configured(vf->netdev),
	};
	int err = iavf_ask(vf, &req);

	if (kind == IAVF_REQUEST_KIND_PREPARE ? prepared(err) : !iavf_refused(err))
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%s", req.message);
	return err;
}

/* More than the PF gave: it gives them by a reset of the VF, out of which the old rings come. */
static int ask_more(struct iavf_vf *vf, u16 queues, struct netlink_ext_ack *extack)
{
	struct iavf_request req = {
		.kind = IAVF_REQUEST_KIND_MORE_QUEUES, .queues = queues, .resets = true,
	};
	int err = queues > iavf_queues_granted(vf) ? iavf_session_request(vf->session, &req) : 0;

	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s", req.message);
	return err;
}

static int reconfigure_up(struct iavf_vf *vf, const struct iavf_rings_config *config,
			  struct netlink_ext_ack *extack)
{
	const struct iavf_rings_config old_config = vf->config;
	struct iavf_rings *old = vf->rings, *rings;
	int err;

	err = vf->told ? 0 : ask_queues(vf, IAVF_REQUEST_KIND_PREPARE, config, extack);
	if (err)
		return err;
	rings = iavf_rings_alloc(vf, config);
	if (IS_ERR(rings))
		return PTR_ERR(rings);
	err = exchange(vf, rings);
	note_config(vf, config);
	if (!err)
		err = ask_queues(vf, IAVF_REQUEST_KIND_RECONFIGURE, config, extack);
	if (!err) {
		iavf_rings_free(old);
		return 0;
	}
	if (exchange(vf, old))
		iavf_session_error(vf->session, -EIO, "the former rings did not start again");
	iavf_rings_free(rings);
	note_config(vf, &old_config);
	ask_queues(vf, IAVF_REQUEST_KIND_RECONFIGURE, &old_config, NULL);
	return err;
}

int iavf_reconfigure(struct iavf_vf *vf, const struct iavf_rings_config *config,
		     struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (!memcmp(config, &vf->config, sizeof(*config)))
		return 0;
	err = ask_more(vf, iavf_num_pairs(config), extack);
	if (!err && test_bit(IAVF_VF_UP, &vf->flags))
		err = reconfigure_up(vf, config, extack);
	else if (!err)
		note_config(vf, config);
	/* Other rings, of which an owner that stood still has not heard. */
	iavf_session_changed(vf->session, IAVF_CHANGE_FLAGS);
	if (!err)
		iavf_session_changed(vf->session, IAVF_CHANGE_NETDEV);
	return err;
}

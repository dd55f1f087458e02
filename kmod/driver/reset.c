// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets: noticing, proving, coming back (protocol.md section 4). Whoever notices one begins it:
 * that costs no wait. The rest is reset_work, which also does the first bring-up. A reset is proven
 * by ARQLEN.ENABLE, which only a reset clears, and RSTAT, which tells that it is over.
 */
#include <linux/iopoll.h>
#include <linux/pci.h>

#include "control.h"

#define WATCH_MS		100
#define BEGIN_MS		500	/* from RESET_VF to ARQLEN.ENABLE 0; then an FLR */
#define ANNOUNCED_MS		5000	/* the same, when the PF chooses the moment */
#define FUNCTION_RESET_MS	1000
#define LIMIT_MS		20000	/* to the end of a reset */
#define AGAIN_MS		1000	/* the same, once the VF counts as dead */
#define RESTART_PAUSE_MS	5
#define ROW_MS			50	/* between resets in a row, of which a few cost no pause */
#define ROW_FREE		4
#define STALL_PAUSE_S		5
#define STALL_FORGET_S		60

/* A device that is in a reset whenever one is over must not keep a CPU busy. At most 3.2 s. */
static unsigned long row_pause(struct iavf_vf *vf)
{
	bool row = ktime_ms_delta(ktime_get(), vf->reset_ended) < ROW_MS;

	vf->resets_in_row = row ? vf->resets_in_row + 1 : 0;
	return vf->resets_in_row <= ROW_FREE ? 0 :
	       msecs_to_jiffies(ROW_MS << min(vf->resets_in_row - ROW_FREE, 6U));
}

/* reset_lock */
static void begin(struct iavf_vf *vf, enum iavf_reset_cause cause)
{
	if (cause == IAVF_RESET_CAUSE_PF_ANNOUNCED)
		iavf_session_reset(vf->session, vf->generation, IAVF_RESET_STEP_IMPENDING, cause);
	if (cause == IAVF_RESET_CAUSE_OWNER || cause == IAVF_RESET_CAUSE_STOP ||
	    cause == IAVF_RESET_CAUSE_STALL)
		iavf_queues_ask_reset(vf);
	spin_lock_bh(&vf->state_lock);
	set_bit(IAVF_VF_RESETTING, &vf->flags);
	clear_bit(IAVF_VF_WAS_RESET, &vf->flags);
	clear_bit(IAVF_VF_RESET_AGAIN, &vf->flags);
	clear_bit(IAVF_VF_COMMITTED, &vf->flags);
	vf->generation++;
	vf->cause = cause;
	vf->reset_since = ktime_get();
	vf->reset_tries = 0;
	vf->reset_pause = row_pause(vf);
	vf->count.resets += cause != IAVF_RESET_CAUSE_PROBE;
	iavf_queues_forget(vf);
	iavf_link_update(vf);
	spin_unlock_bh(&vf->state_lock);
	iavf_mbx_stop(vf);
	wake_up_all(&vf->wait);
	iavf_session_reset(vf->session, vf->generation, IAVF_RESET_STEP_STARTED, cause);
	mod_delayed_work(vf->wq, &vf->reset_work, 0);
}

void iavf_reset_begin(struct iavf_vf *vf, u32 generation, enum iavf_reset_cause cause)
{
	guard(mutex)(&vf->reset_lock);
	if (generation != vf->generation || test_bit(IAVF_VF_QUIT, &vf->flags))
		return;
	if (!test_bit(IAVF_VF_RESETTING, &vf->flags))
		begin(vf, cause);
	else if (cause == IAVF_RESET_CAUSE_PF_ANNOUNCED)
		set_bit(IAVF_VF_RESET_AGAIN, &vf->flags);
}

void iavf_reset_stalled(struct iavf_vf *vf, u32 generation, const char *why)
{
	if (test_bit(IAVF_VF_RESETTING, &vf->flags) ||
	    (vf->num_stalls && time_before(jiffies, vf->next_stall)))
		return;
	if (time_after(jiffies, vf->next_stall + STALL_FORGET_S * HZ))
		vf->num_stalls = 0;
	vf->next_stall = jiffies + (STALL_PAUSE_S << min(vf->num_stalls, 6U)) * HZ;
	vf->num_stalls++;
	iavf_session_error(vf->session, -EIO, why);
	iavf_reset_begin(vf, generation, IAVF_RESET_CAUSE_STALL);
}

void iavf_watch(struct iavf_vf *vf, bool now)
{
	if (test_bit(IAVF_VF_QUIT, &vf->flags))
		return;
	if (now)
		mod_delayed_work(vf->wq, &vf->watch_work, 0);
	else
		queue_delayed_work(vf->wq, &vf->watch_work, msecs_to_jiffies(WATCH_MS));
}

void iavf_watch_work(struct work_struct *work)
{
	struct iavf_vf *vf = container_of(work, struct iavf_vf, watch_work.work);
	u32 generation = iavf_generation(vf);
	bool stalled = false;

	if (test_bit(IAVF_VF_RESETTING, &vf->flags) || test_bit(IAVF_VF_QUIT, &vf->flags))
		return;
	if (iavf_mbx_in_reset(vf)) {
		iavf_reset_begin(vf, generation, IAVF_RESET_CAUSE_PF_SILENT);
		return;
	}
	iavf_mbx_check_errors(vf, IAVF_ARQLEN);
	iavf_mbx_check_errors(vf, IAVF_ATQLEN);
	scoped_guard(iavf_lock, &vf->state_lock)
		stalled = vf->rings &&
			  iavf_rings_stalled(vf->rings, !test_bit(IAVF_VF_PAUSED, &vf->flags));
	if (stalled)
		iavf_reset_stalled(vf, generation, "transmit queues do not move");
	guard(iavf_lock)(&vf->state_lock);
	iavf_netdev_look(vf);
	if (vf->rings && vf->rings->state == IAVF_RINGS_EXPOSED)
		iavf_watch(vf, false);
}

/* What a reset is waited for by, in this order. */
enum goal { DISABLED, COMPLETED, ACTIVE };

static bool reached(enum goal goal, u32 value)
{
	if (goal == DISABLED)
		return !(value & IAVF_LEN_ENABLE);
	value &= IAVF_RSTAT_MASK;
	return value == IAVF_RSTAT_ACTIVE || (value == IAVF_RSTAT_COMPLETED && goal == COMPLETED);
}

/* 0, -ECANCELED (the driver goes) or -ETIMEDOUT. Dead reads count against dead_ms alone. */
static int wait_for(struct iavf_vf *vf, enum goal goal, unsigned int limit_ms, unsigned int dead_ms)
{
	ktime_t end = ktime_add_ms(ktime_get(), limit_ms);
	ktime_t dead_end = ktime_add_ms(ktime_get(), dead_ms);

	for (;;) {
		u32 value = iavf_rd(vf, goal == DISABLED ? IAVF_ARQLEN : IAVF_RSTAT);
		bool dead = iavf_read_dead(value);

		if (!dead && reached(goal, value))
			return 0;
		if (test_bit(IAVF_VF_QUIT, &vf->flags))
			return -ECANCELED;
		if (ktime_after(ktime_get(), dead ? dead_end : end))
			return -ETIMEDOUT;
		usleep_range(500, 1000);
	}
}

/* The probe's or remove()'s caller holds the device's lock: never wait for it. */
static int reset_function(struct iavf_vf *vf)
{
	int err;

	if (read_poll_timeout(pci_try_reset_function, err,
			      err != -EAGAIN || test_bit(IAVF_VF_DYING, &vf->flags),
			      1000, FUNCTION_RESET_MS * USEC_PER_MSEC, false, vf->pdev))
		return -ETIMEDOUT;
	if (err)
		return err == -EAGAIN ? -ECANCELED : err;
	set_bit(IAVF_VF_WAS_RESET, &vf->flags);
	dev_info(&vf->pdev->dev, "the function was reset\n");
	return wait_for(vf, DISABLED, FUNCTION_RESET_MS, FUNCTION_RESET_MS);
}

/* Make sure that a reset happened since it began; from then on the device touches no ring. */
static int prove(struct iavf_vf *vf, unsigned int limit_ms)
{
	unsigned int begin_ms = BEGIN_MS;
	int err;

	if (vf->cause == IAVF_RESET_CAUSE_PROBE)
		begin_ms = 0;	/* enabled before we came (kexec): there is nobody to ask */
	else if (vf->cause == IAVF_RESET_CAUSE_PF_ANNOUNCED)
		begin_ms = ANNOUNCED_MS;
	err = wait_for(vf, DISABLED, begin_ms, limit_ms);
	if (err == -ETIMEDOUT && !iavf_read_dead(iavf_rd(vf, IAVF_ARQLEN)))
		err = reset_function(vf);
	if (!err)
		err = wait_for(vf, COMPLETED, limit_ms, limit_ms);
	if (err)
		return err;
	guard(iavf_lock)(&vf->state_lock);
	if (vf->rings && vf->rings->state == IAVF_RINGS_EXPOSED)
		vf->rings->state = IAVF_RINGS_IDLE;
	wake_up_all(&vf->wait);
	return 0;
}

static int start_device(struct iavf_vf *vf)
{
	int err;

	pci_set_master(vf->pdev);
	pci_restore_msi_state(vf->pdev);	/* a VF reset switched it off */
	cancel_work_sync(&vf->mbx_work);
	err = iavf_mbx_start(vf);
	if (err)
		iavf_cut(vf);
	else
		iavf_mbx_irq_enable(vf, true);
	return err;
}

static void note_end(struct iavf_vf *vf)
{
	guard(mutex)(&vf->reset_lock);
	scoped_guard(iavf_lock, &vf->state_lock) {
		clear_bit(IAVF_VF_RESETTING, &vf->flags);
		clear_bit(IAVF_VF_DEAD, &vf->flags);
		vf->reset_ended = ktime_get();
		vf->count.reset_us = ktime_us_delta(vf->reset_ended, vf->reset_since);
	}
	iavf_session_reset(vf->session, vf->generation, IAVF_RESET_STEP_READY, vf->cause);
}

static int restart(struct iavf_vf *vf)
{
	int err;

	guard(mutex)(&vf->rings_lock);
	if (test_bit(IAVF_VF_DYING, &vf->flags))
		return -ECANCELED;
	iavf_rings_quiesce(vf);
	err = start_device(vf);
	if (err)
		return err;
	iavf_rings_restart(vf);
	note_end(vf);
	return 0;
}

static void note_failure(struct iavf_vf *vf, int err)
{
	if (vf->reset_tries++ == 0) {
		set_bit(IAVF_VF_DEAD, &vf->flags);
		iavf_session_error(vf->session, err, err == -ETIMEDOUT ?
				   "the VF's reset does not end" : "the VF does not come back");
		iavf_session_reset(vf->session, vf->generation, IAVF_RESET_STEP_FAILED, vf->cause);
	}
	queue_delayed_work(vf->wq, &vf->reset_work,
			   HZ << min(vf->reset_tries - 1, 5U));	/* at most 32 s */
}

void iavf_reset_work(struct work_struct *work)
{
	struct iavf_vf *vf = container_of(work, struct iavf_vf, reset_work.work);
	unsigned int limit_ms = vf->reset_tries ? AGAIN_MS : LIMIT_MS;
	u32 generation = iavf_generation(vf);
	int err;

	if (!test_bit(IAVF_VF_RESETTING, &vf->flags) || test_bit(IAVF_VF_HELD, &vf->flags))
		return;
	/* Traffic ends as soon as may be; who stops the rings himself is not waited for. */
	if (mutex_trylock(&vf->rings_lock)) {
		iavf_rings_quiesce(vf);
		mutex_unlock(&vf->rings_lock);
	}
	if (vf->reset_pause) {
		queue_delayed_work(vf->wq, &vf->reset_work, vf->reset_pause);
		vf->reset_pause = 0;
		return;
	}
	err = prove(vf, limit_ms);
	if (!err && (vf->cause != IAVF_RESET_CAUSE_PROBE ||
		     test_bit(IAVF_VF_WAS_RESET, &vf->flags)))
		err = wait_for(vf, ACTIVE, limit_ms, limit_ms);
	if (!err)
		err = restart(vf);
	if (err == -ECANCELED)
		return;
	/* Registers that do not keep what was written: most likely yet another reset. */
	if (err == -EIO && ktime_ms_delta(ktime_get(), vf->reset_since) < limit_ms)
		queue_delayed_work(vf->wq, &vf->reset_work, msecs_to_jiffies(RESTART_PAUSE_MS));
	else if (err)
		note_failure(vf, err);
	else if (test_bit(IAVF_VF_RESET_AGAIN, &vf->flags))
		iavf_reset_begin(vf, generation, IAVF_RESET_CAUSE_PF_ANNOUNCED);
	else if (iavf_mbx_in_reset(vf))
		iavf_reset_begin(vf, generation, IAVF_RESET_CAUSE_PF_SILENT);
}

bool iavf_cut(struct iavf_vf *vf)
{
	pci_clear_master(vf->pdev);
	return !pci_device_is_present(vf->pdev) || pci_wait_for_pending_transaction(vf->pdev);
}

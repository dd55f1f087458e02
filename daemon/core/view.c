// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iavfctl.h"
#include "kernel/message.h"
#include "view.h"

#define VLAN_FEATURES	(IAVF_FEATURES_VLAN_CTAG_STRIP | IAVF_FEATURES_VLAN_STAG_STRIP | \
			 IAVF_FEATURES_VLAN_CTAG_INSERT | IAVF_FEATURES_VLAN_STAG_INSERT | \
			 IAVF_FEATURES_VLAN_CTAG_FILTER | IAVF_FEATURES_VLAN_STAG_FILTER)

_Static_assert((int)IAVFCTL_PHASE_WAITING == (int)VF_PHASE_WAITING &&
	       (int)IAVFCTL_PHASE_FAILED == (int)VF_PHASE_FAILED, "phases are the daemon's");

/* Arrays are compared as a whole: nothing may be left behind a shorter text. */
static void set(char *to, size_t size, const char *text)
{
	memset(to, 0, size);
	snprintf(to, size, "%s", text);
}

static void set_state(struct bus_vf *view, uint32_t state)
{
	view->state = iavfctl_state_word(state);
}

void view_failure(struct bus_vf *view, int err, const char *message)
{
	view->last_error.err = abs(err);
	set(view->last_error.text, sizeof(view->last_error.text), message ?: strerror(abs(err)));
}

static void take_netdev(struct bus_vf *view, const struct vf_snapshot *state)
{
	const uint8_t *m = state->mac;

	set(view->ifname, sizeof(view->ifname), state->ifname);
	memset(view->mac, 0, sizeof(view->mac));
	snprintf(view->mac, sizeof(view->mac), "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2],
		 m[3], m[4], m[5]);
	view->ifindex = state->ifindex;
	view->netns = state->netns;
	view->mtu = state->mtu;
	view->max_mtu = state->max_mtu;
	view->features = state->features;
	view->rx_queues = state->rx_queues;
	view->tx_queues = state->tx_queues;
	view->rx_ring = state->rx_ring;
	view->tx_ring = state->tx_ring;
}

static void take_all(struct bus_vf *view, const struct vf_snapshot *state)
{
	set_state(view, state->state);
	view->max_queues = state->max_queues;
	view->vectors = state->vectors;
	view->features_granted = state->features_granted;
	view->rx_flags = state->rx_flags;
	if (state->last_errno)
		view_failure(view, (int)state->last_errno, state->last_error);
}

static void take(struct bus_vf *view, const struct vf_snapshot *state)
{
	if (state->have & VF_HAVE_ALL)
		take_all(view, state);
	if (state->have & VF_HAVE_NETDEV)
		take_netdev(view, state);
	if (state->have & VF_HAVE_FLAGS)
		view->rx_flags = state->rx_flags;
	if (state->have & VF_HAVE_LINK) {
		view->carrier = state->carrier;
		view->link_mbps = state->link_mbps;
	}
}

static void take_reset(struct bus_vf *view, const struct kernel_message *message)
{
	view->generation = message->generation;
	switch (message->step) {
	case IAVF_RESET_STEP_STARTED:
		set_state(view, IAVF_VF_STATE_RESETTING);
		break;
	case IAVF_RESET_STEP_READY:
		set_state(view, view->ifindex ? IAVF_VF_STATE_READY : IAVF_VF_STATE_MAILBOX);
		break;
	case IAVF_RESET_STEP_FAILED:
		set_state(view, IAVF_VF_STATE_DEAD);
		break;
	}
}

void view_start(struct bus_vf *view, const struct kernel_message *message)
{
	view->id = message->vf;
	view->generation = message->generation;
	set(view->pci, sizeof(view->pci), message->state.pci);
	take(view, &message->state);
}

void view_message(struct bus_vf *view, const struct kernel_message *message)
{
	if (message->cmd == IAVF_CMD_RESET)
		take_reset(view, message);
	else if (message->cmd == IAVF_CMD_CHANGED ||
		 (message->cmd == IAVF_CMD_NETDEV_READY && !message->err))
		take(view, &message->state);
}

void view_status(struct bus_vf *view, const struct vf_status *status)
{
	view->phase = iavfctl_phase_word((enum iavfctl_phase)status->phase);
	if (status->reason)
		set(view->reason, sizeof(view->reason), status->reason);
	view->attempts = status->attempts;
	view->next_attempt = status->next_attempt / 1000;
	view->sent = status->sent;
	view->received = status->received;
	view->refused = status->refused;
	view->lost = status->lost;
	view->negotiations = status->negotiations;
	view->adopted = status->adopted;
	view->answers = status->answered;
	view->answer_us = status->answer_ns / 1000;
}

/* Words are compared by where they are. */
static const char none[] = "";

static const char *vlan_type(uint32_t features, uint32_t ctag, uint32_t stag)
{
	if (features & ctag)
		return BUS_VLAN_CTAG;
	return features & stag ? BUS_VLAN_STAG : none;
}

static void view_vlan(struct bus_vf *view, const struct vf_grant_status *status)
{
	struct bus_vlan *vlan = &view->vlan;
	uint32_t on = view->features & view->features_granted;

	memset(vlan, 0, sizeof(*vlan));
	vlan->granted = !!(view->features_granted & VLAN_FEATURES);
	vlan->stripped = vlan->inserted = none;
	if (!vlan->granted)
		return;
	vlan->filtered = status->filtered[0] | status->filtered[1] << 1;
	vlan->budget = status->pf_budget == UINT32_MAX ? 0 : status->pf_budget;
	vlan->users = status->vlans_users;
	vlan->wanted = status->vlans_wanted;
	vlan->acknowledged = status->vlans_acknowledged;
	vlan->refused = status->vlans_refused;
	vlan->stripped = vlan_type(on, IAVF_FEATURES_VLAN_CTAG_STRIP, IAVF_FEATURES_VLAN_STAG_STRIP);
	vlan->inserted =
		vlan_type(on, IAVF_FEATURES_VLAN_CTAG_INSERT, IAVF_FEATURES_VLAN_STAG_INSERT);
}

static void view_rss(struct bus_vf *view, const struct vf_grant_status *status)
{
	struct bus_rss *rss = &view->rss, before = *rss;

	memset(rss, 0, sizeof(*rss));
	rss->granted = !!(view->features_granted & IAVF_FEATURES_RX_HASH);
	if (!rss->granted)
		return;
	rss->key_length = status->rss_key_len ?: before.key_length;
	rss->table_length = status->rss_table_len ?: before.table_length;
	rss->table_configured = status->rss_table_users;
	rss->hash_function = status->rss_hfunc;
	memcpy(rss->fields, status->rss_fields, sizeof(rss->fields));
}

void view_grant(struct bus_vf *view, const struct vf_grant_status *status)
{
	view_vlan(view, status);
	view_rss(view, status);
}

void view_config(struct bus_vf *view, const char *invalid)
{
	view->config_valid = !invalid;
	set(view->config_reason, sizeof(view->config_reason), invalid ?: "");
}

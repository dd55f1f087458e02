// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VERSION, GET_VF_RESOURCES, GET_OFFLOAD_VLAN_V2_CAPS, back to back as far as their order allows.
 */
#include <string.h>
#include <syslog.h>

#include "internal.h"

static bool version_1_0(const struct vf_nego *nego)
{
	return nego->version_known && nego->version.minor == 0;
}

/*
 * A PF remembers the version, until its driver is loaded anew. One that then knows none takes us
 * for a 1.0 driver and our message for wrong, which tells. But after 1.0 nothing would tell that
 * it can do more now, so that is asked for again.
 */
void vf_nego_reset(struct vf_nego *nego)
{
	struct vf_nego old = *nego;
	bool old_one = version_1_0(&old) || (old.expect_1_0 && !old.version_known);

	*nego = (struct vf_nego) {
		.version_known = old.version_known && !old_one,
		.version = old.version,
		.expect_1_0 = old_one,
		.expect_vlan = old.res_known ? old.vlan_known : old.expect_vlan,
	};
}

bool vf_nego_too_new(const struct vf *vf, const struct vf_msg *msg)
{
	return msg->op == VIRTCHNL_OP_GET_VF_RESOURCES && msg->len && version_1_0(&vf->nego);
}

static bool send_version(struct vf *vf)
{
	struct vf_out out = { .op = VIRTCHNL_OP_VERSION };

	out.len = virtchnl_put_version(out.data, sizeof(out.data));
	return vf_send(vf, &out, false, false);
}

static bool send_get_resources(struct vf *vf)
{
	struct vf_out out = { .op = VIRTCHNL_OP_GET_VF_RESOURCES };

	if (!version_1_0(&vf->nego))
		out.len = virtchnl_put_get_resources(out.data, sizeof(out.data), VF_CAPS_WANTED);
	return vf_send(vf, &out, false, false);
}

static bool want_vlan(const struct vf_nego *nego)
{
	if (nego->vlan_done || nego->vlan_busy)
		return false;
	if (nego->res_known)
		return nego->res.caps & VIRTCHNL_CAP_VLAN_V2;
	/* As before the reset, most likely: saves a round trip. */
	return nego->res_busy && nego->expect_vlan;
}

void vf_negotiate(struct vf *vf)
{
	struct vf_out out = { .op = VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS };
	struct vf_nego *nego = &vf->nego;

	if (!nego->version_known && !nego->version_busy && !nego->res_known && !send_version(vf))
		return;
	if ((nego->expect_1_0 || nego->version_first) && !nego->version_known)
		return;
	if (!nego->res_known && !nego->res_busy && !send_get_resources(vf))
		return;
	if (want_vlan(nego))
		vf_send(vf, &out, false, false);
}

void vf_nego_sent(struct vf *vf, const struct vf_msg *msg)
{
	struct vf_nego *nego = &vf->nego;

	switch (msg->op) {
	case VIRTCHNL_OP_VERSION:
		nego->version_busy = true;
		break;
	case VIRTCHNL_OP_GET_VF_RESOURCES:
		nego->res_busy = true;
		break;
	default:
		nego->vlan_busy = true;
	}
}

static void version_done(struct vf *vf, enum vf_outcome outcome, int32_t status, const void *reply,
			 size_t len)
{
	struct vf_nego *nego = &vf->nego;
	struct virtchnl_version version;

	nego->version_busy = false;
	if (outcome == VF_LOST)
		return;
	if (outcome == VF_OK && virtchnl_get_version(reply, len, &version))
		status = VIRTCHNL_STATUS_BAD_ANSWER;
	else if (outcome == VF_OK && version.major != VIRTCHNL_VERSION_MAJOR)
		status = VIRTCHNL_STATUS_BAD_ANSWER;
	if (status) {
		vf_recover_want(vf, VIRTCHNL_OP_VERSION, status);
		return;
	}
	nego->version = version;
	nego->version_known = nego->version_now = true;
}

/* What the VF asked for in this message; 1.0 asks for nothing and gets the basics. */
static uint32_t asked(const struct vf_msg *msg)
{
	uint32_t caps;

	if (virtchnl_get_caps_asked(msg->payload, msg->len, &caps))
		return VIRTCHNL_CAP_L2 | VIRTCHNL_CAP_RSS_REG | VIRTCHNL_CAP_VLAN;
	return caps;
}

static void resources_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome,
			   int32_t status, const void *reply, size_t len)
{
	struct vf_nego *nego = &vf->nego;

	nego->res_busy = false;
	if (outcome == VF_LOST)
		return;
	/* Sent along with VERSION, before it was known that a 1.0 PF wants no payload. */
	if (outcome == VF_REFUSED && vf_nego_too_new(vf, msg))
		return;
	/* Another PF than the one we know the version of, perhaps. */
	if (outcome == VF_REFUSED && !nego->version_now) {
		nego->version_known = false;
		nego->version_first = true;
		return;
	}
	if (outcome == VF_OK) {
		status = 0;
		if (virtchnl_get_resources(reply, len, asked(msg), &nego->res))
			status = VIRTCHNL_STATUS_BAD_ANSWER;
	}
	nego->res_known = !status;
	/*
	 * The PF keeps a filter for the address it reports; if we want another, this one must go.
	 */
	if (nego->res_known)
		vf_macs_suspect(&vf->macs, nego->res.mac);
	/* -5 from ice: it believes the VF is active already, and a reset helps. */
	if (status)
		vf_recover_want(vf, VIRTCHNL_OP_GET_VF_RESOURCES, status);
}

/* Without an answer that makes sense there are no VLAN offloads, but there is a VF. */
static void vlan_done(struct vf *vf, enum vf_outcome outcome, const void *reply, size_t len)
{
	struct vf_nego *nego = &vf->nego;

	nego->vlan_busy = false;
	if (outcome == VF_LOST)
		return;
	/* Sent along with GET_VF_RESOURCES, which was lost: the PF did not know us yet. */
	if (!nego->res_known) {
		nego->expect_vlan = false;
		return;
	}
	nego->vlan_done = true;
	nego->vlan_known =
		outcome == VF_OK && !virtchnl_get_vlan_abilities(reply, len, &nego->vlan);
}

void vf_nego_done(struct vf *vf, const struct vf_msg *msg, enum vf_outcome outcome, int32_t status,
		  const void *reply, size_t len)
{
	switch (msg->op) {
	case VIRTCHNL_OP_VERSION:
		version_done(vf, outcome, status, reply, len);
		break;
	case VIRTCHNL_OP_GET_VF_RESOURCES:
		resources_done(vf, msg, outcome, status, reply, len);
		break;
	default:
		vlan_done(vf, outcome, reply, len);
	}
	if (vf_negotiated(vf))
		vf_grant_compute(&vf->grant, &vf->nego);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "configure.h"
#include "iavfd.h"
#include "vf_limits.h"

#define PATIENCE_MS	200	/* for a step that the kernel has, at the end */

/* ---- VFs as the policy sees them ---- */

/* Kept with the VF, as what is in force is asked for often. NULL: no memory. */
static const struct vf_config *limits_of(const struct vfs_vf *one,
					 const struct vf_policy_status *status)
{
	struct vf_config *config;

	if (limits_to_config(&status->policy, &config))
		return *one->limits;
	vf_config_free(*one->limits);
	*one->limits = config;
	return config;
}

/* What a netdev in our namespace is known by; the index of another one says nothing. */
static void fill_instance(const struct vfs_vf *one, const struct vf_snapshot *snapshot,
			  struct state_instance *instance)
{
	snprintf(instance->pci, sizeof(instance->pci), "%s", one->pci);
	instance->id = one->id;
	instance->ifindex = snapshot->ifindex;
}

static bool fill(const struct vfs_vf *one, struct policy_vf *vf)
{
	struct vf_policy_status limits;
	struct vf_status status;
	const struct vf_snapshot *snapshot;

	vf_get_status(one->vf, &status);
	vf_get_policy_status(one->vf, &limits);
	snapshot = status.snapshot;
	if (!one->has_netdev || !snapshot->ifindex)
		return false;
	memset(vf, 0, sizeof(*vf));
	fill_instance(one, snapshot, &vf->instance);
	vf->ifindex = snapshot->ifindex;
	memcpy(vf->live.mac, snapshot->mac, sizeof(vf->live.mac));
	vf->live.mtu = snapshot->mtu;
	vf->live.rss_is_default = !status.rss_table_users;
	vf->live.policy = limits_of(one, &limits);
	vf->caps = status.caps;
	vf->queues_granted = limits.queues;
	vf->mac_known = one->mac_known;
	memcpy(vf->mac, one->mac, sizeof(vf->mac));
	vf->last_error = one->last_error;
	return true;
}

static bool io_nth(void *ctx, unsigned int i, struct policy_vf *vf)
{
	struct iavfd *iavfd = ctx;
	struct vfs_vf one;

	/* Those without a netdev are passed over, so that the i-th is one that has it. */
	for (unsigned int n = 0; vfs_nth(iavfd->vfs, n, &one); n++) {
		if (fill(&one, vf) && !i--)
			return true;
	}
	return false;
}

static bool io_find(void *ctx, const char *pci, struct policy_vf *vf)
{
	struct iavfd *iavfd = ctx;
	struct vfs_vf one;

	return vfs_find(iavfd->vfs, pci, &one) && fill(&one, vf);
}

static int io_set_policy(void *ctx, const char *pci, const struct vf_config *config)
{
	struct iavfd *iavfd = ctx;
	struct vf_policy policy;
	struct vfs_vf one;

	if (!vfs_find(iavfd->vfs, pci, &one))
		return -ENODEV;
	limits_from_config(config, &one.base, &policy);
	return vfs_set_policy(iavfd->vfs, one.id, &policy);
}

static int io_policy_state(void *ctx, const char *pci, char *sentence, size_t size)
{
	struct iavfd *iavfd = ctx;
	struct vf_policy_status status;
	struct vfs_vf one;

	if (!vfs_find(iavfd->vfs, pci, &one))
		return -ENODEV;
	vf_get_policy_status(one.vf, &status);
	if (status.state == VF_POLICY_PENDING)
		return -EINPROGRESS;
	if (status.state == VF_POLICY_DONE)
		return 0;
	snprintf(sentence, size, "%s", status.why);
	return -EPERM;
}

static int io_mac_state(void *ctx, const char *pci, const uint8_t *mac, char *sentence,
			size_t size)
{
	struct iavfd *iavfd = ctx;
	struct vfs_vf one;

	if (!vfs_find(iavfd->vfs, pci, &one))
		return -ENODEV;
	return vf_mac_state(one.vf, mac, sentence, size);
}

static int io_netdev_update(void *ctx, const char *pci, const uint8_t *mac, uint32_t mtu)
{
	struct iavfd *iavfd = ctx;
	struct vfs_vf one;

	if (!vfs_find(iavfd->vfs, pci, &one))
		return -ENODEV;
	return vfs_netdev_update(iavfd->vfs, one.id, mac, mtu);
}

static void io_changed(void *ctx, const char *pci)
{
	struct iavfd *iavfd = ctx;

	if (pci)
		vfs_told(iavfd->vfs, pci);
	else
		bus_manager_changed(iavfd->bus);
	iavfd_check_ready(iavfd);
}

static const struct policy_io io = {
	.nth = io_nth,
	.find = io_find,
	.set_policy = io_set_policy,
	.policy_state = io_policy_state,
	.mac_state = io_mac_state,
	.netdev_update = io_netdev_update,
	.changed = io_changed,
};

/* ---- life ---- */

static int start_policy(struct iavfd *iavfd)
{
	struct policy_config config = {
		.event = iavfd->event, .log = &iavfd->log, .root = "",
	};
	int err = host_worker_new(iavfd->event, NULL, &iavfd->worker);

	if (err < 0)
		return err;
	iavfd->policy_io = io;
	iavfd->policy_io.ctx = iavfd;
	snprintf(iavfd->state_file, sizeof(iavfd->state_file), "%s/state.json",
		 iavfd->options.run_dir);
	config.io = &iavfd->policy_io;
	config.worker = iavfd->worker;
	config.state = iavfd->state_file;
	iavfd->policy = policy_new(&config);
	return iavfd->policy ? 0 : -ENOMEM;
}

void configure_start(struct iavfd *iavfd)
{
	int err = start_policy(iavfd);

	if (!err)
		return;
	log_say(&iavfd->log, LOG_ERR, "nothing is configured: %s", strerror(-err));
	configure_stop(iavfd);
}

void configure_started(struct iavfd *iavfd)
{
	if (iavfd->policy)
		policy_started(iavfd->policy);
}

void configure_stop(struct iavfd *iavfd)
{
	host_worker_free(iavfd->worker, PATIENCE_MS);
	policy_free(iavfd->policy);
	iavfd->worker = NULL;
	iavfd->policy = NULL;
}

void configure_vf_changed(struct iavfd *iavfd, const char *pci)
{
	if (iavfd->policy)
		policy_vf_changed(iavfd->policy, pci);
}

bool configure_is_idle(const struct iavfd *iavfd)
{
	return !iavfd->policy || policy_is_idle(iavfd->policy);
}

void configure_reload(struct iavfd *iavfd)
{
	struct policy_request *request = iavfd->policy ? policy_request_new(POLICY_RELOAD) : NULL;

	if (request && !policy_submit(iavfd->policy, request))
		return;
	policy_request_free(request);
	log_say(&iavfd->log, LOG_WARNING, "cannot reload now");
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "vf_io.h"

static int put(const struct kernel_vf *kvf, struct nlmsghdr *message)
{
	return session_write(kvf->session, message, kvf->pci);
}

static int io_send(void *ctx, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		   const void *payload, size_t len)
{
	struct kernel_vf *kvf = ctx;

	return put(kvf, message_mbx_send(session_buffer(kvf->session), session_family(kvf->session),
					 kvf->id, generation, seq, opcode, vsi_id, payload, len));
}

static int io_commit(void *ctx, uint32_t generation, const struct vf_commit *commit)
{
	struct kernel_vf *kvf = ctx;
	struct vf_commit known = *commit;
	int err;

	if (!(session_capabilities(kvf->session) & IAVF_CAPABILITIES_RSS))
		known.rss_key_len = known.rss_lut_len = 0;
	if (!(session_capabilities(kvf->session) & IAVF_CAPABILITIES_PF))
		known.pf = NULL;
	if (!(session_capabilities(kvf->session) & IAVF_CAPABILITIES_FIXED))
		known.features_fixed = known.features_on = 0;
	if (!(session_capabilities(kvf->session) & IAVF_CAPABILITIES_QUEUES))
		known.possible_queues = 0;
	if (!(session_capabilities(kvf->session) & IAVF_CAPABILITIES_RSS_SET))
		known.rss_hfunc = known.rss_flows_len = known.rss_hena = 0;
	if (!(session_capabilities(kvf->session) & IAVF_CAPABILITIES_ABSENCE))
		known.on_absence = known.grace_ms = 0;
	err = put(kvf, message_commit(session_buffer(kvf->session), session_family(kvf->session),
				      kvf->id, generation, &known));
	if (!err && kvf->granted)
		kvf->granted(kvf, commit->features);
	return err;
}

static int io_netdev_create(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t mtu)
{
	struct kernel_vf *kvf = ctx;

	return put(kvf,
		   message_netdev_create(session_buffer(kvf->session), session_family(kvf->session),
					 kvf->id, generation, mac, mtu));
}

static int io_netdev_update(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t max_mtu)
{
	struct kernel_vf *kvf = ctx;

	return put(kvf,
		   message_netdev_update(session_buffer(kvf->session), session_family(kvf->session),
					 kvf->id, generation, mac, 0, max_mtu));
}

int kernel_vf_netdev(struct kernel_vf *kvf, uint32_t generation, const uint8_t *mac, uint32_t mtu)
{
	if (mtu && !(session_capabilities(kvf->session) & IAVF_CAPABILITIES_MTU))
		return -EOPNOTSUPP;
	return put(kvf,
		   message_netdev_update(session_buffer(kvf->session), session_family(kvf->session),
					 kvf->id, generation, mac, mtu, 0));
}

static int io_reset(void *ctx, uint32_t generation)
{
	struct kernel_vf *kvf = ctx;

	return put(kvf, message_vf_reset(session_buffer(kvf->session), session_family(kvf->session),
					 kvf->id, generation));
}

int kernel_vf_reset(struct kernel_vf *kvf, uint32_t generation)
{
	return io_reset(kvf, generation);
}

static int io_record_set(void *ctx, uint32_t generation, uint32_t covers_send, uint32_t covers_recv,
			 const void *record, size_t len)
{
	struct kernel_vf *kvf = ctx;

	return put(kvf,
		   message_record_set(session_buffer(kvf->session), session_family(kvf->session),
				      kvf->id, generation, covers_send, covers_recv, record, len));
}

static int io_accept(void *ctx, uint32_t request)
{
	struct kernel_vf *kvf = ctx;

	return put(kvf, message_accept(session_buffer(kvf->session), session_family(kvf->session),
				       kvf->id, request));
}

static int io_reply(void *ctx, uint32_t generation, uint32_t request, int err, const char *message,
		    uint32_t features)
{
	struct kernel_vf *kvf = ctx;
	int result = put(kvf, message_reply(session_buffer(kvf->session),
					    session_family(kvf->session), kvf->id, generation,
					    request, err, message, features));

	if (err && !result && kvf->refused)
		kvf->refused(kvf, err, message);
	return result;
}

static int io_reply_stats(void *ctx, uint32_t generation, uint32_t request,
			  const uint64_t stats[VF_NUM_STATS])
{
	struct kernel_vf *kvf = ctx;

	return put(kvf, message_reply_stats(session_buffer(kvf->session),
					    session_family(kvf->session), kvf->id, generation,
					    request, stats));
}

static void io_log(void *ctx, int priority, const char *message)
{
	struct kernel_vf *kvf = ctx;

	if (kvf->say)
		kvf->say(kvf, priority, message);
}

static void io_changed(void *ctx)
{
	struct kernel_vf *kvf = ctx;

	if (kvf->changed)
		kvf->changed(kvf);
}

void kernel_vf_io(struct kernel_vf *kvf, struct vf_io *io)
{
	*io = (struct vf_io){
		.ctx = kvf,
		.send = io_send,
		.commit = io_commit,
		.netdev_create = io_netdev_create,
		.netdev_update = io_netdev_update,
		.reset = io_reset,
		.record_set = io_record_set,
		.accept = io_accept,
		.reply = io_reply,
		.reply_stats = io_reply_stats,
		.log = io_log,
		.changed = io_changed,
	};
}

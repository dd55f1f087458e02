// SPDX-License-Identifier: GPL-2.0-or-later
/* Orders of a daemon that may die just before or just after each of them. */
#include "mortal.h"

#ifndef __has_feature	/* clang's word for it */
#define __has_feature(what)	0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define IGNORE_LEAK(memory)	__lsan_ignore_object(memory)
#else
#define IGNORE_LEAK(memory)	do { } while (0)
#endif

static void point(struct world *w)
{
	w->points++;
	if (w->die_at && !--w->die_at)
		longjmp(w->death, 1);
}

static int after(struct world *w, int result)
{
	point(w);
	return result;
}

static int m_send(void *ctx, uint32_t generation, uint32_t seq, uint32_t opcode, int vsi_id,
		  const void *payload, size_t len)
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.send(w->io.ctx, generation, seq, opcode, vsi_id, payload, len));
}

static int m_commit(void *ctx, uint32_t generation, const struct vf_commit *commit)
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.commit(w->io.ctx, generation, commit));
}

static int m_netdev_create(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t mtu)
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.netdev_create(w->io.ctx, generation, mac, mtu));
}

static int m_netdev_update(void *ctx, uint32_t generation, const uint8_t *mac, uint32_t max_mtu)
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.netdev_update(w->io.ctx, generation, mac, max_mtu));
}

static int m_reset(void *ctx, uint32_t generation)
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.reset(w->io.ctx, generation));
}

static int m_record_set(void *ctx, uint32_t generation, uint32_t covers_send, uint32_t covers_recv,
			const void *record, size_t len)
{
	struct world *w = ctx;

	IGNORE_LEAK(record);	/* who dies in here does not free it */
	point(w);
	return after(w, w->io.record_set(w->io.ctx, generation, covers_send, covers_recv, record,
					 len));
}

static int m_accept(void *ctx, uint32_t request)
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.accept(w->io.ctx, request));
}

static int m_reply(void *ctx, uint32_t generation, uint32_t request, int err, const char *message,
		   uint32_t features)
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.reply(w->io.ctx, generation, request, err, message, features));
}

static int m_reply_stats(void *ctx, uint32_t generation, uint32_t request,
			 const uint64_t stats[VF_NUM_STATS])
{
	struct world *w = ctx;

	point(w);
	return after(w, w->io.reply_stats(w->io.ctx, generation, request, stats));
}

static void m_log(void *ctx, int priority, const char *message)
{
	struct world *w = ctx;

	w->io.log(w->io.ctx, priority, message);
}

static void m_changed(void *ctx)
{
	struct world *w = ctx;

	w->io.changed(w->io.ctx);
}

void mortal_io(struct world *w, struct vf_io *io)
{
	kern_io(&w->kern, &w->io);
	*io = (struct vf_io) {
		.ctx = w, .send = m_send, .commit = m_commit, .netdev_create = m_netdev_create,
		.netdev_update = m_netdev_update, .reset = m_reset, .record_set = m_record_set,
		.accept = m_accept, .reply = m_reply, .reply_stats = m_reply_stats, .log = m_log,
		.changed = m_changed,
	};
}

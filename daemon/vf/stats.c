// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the PF counts, asked for when somebody reads it. Nothing depends on it: a question that is
 * lost or refused has no consequences but that, soon, no more are asked before the next reset.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

#define FAILURES_MAX	2	/* in a row; each may hold back what is behind it */

void vf_stats_reset(struct vf_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
}

/* One question answers all who ask until its answer comes. */
void vf_stats_asked(struct vf_stats *stats)
{
	stats->known = false;
	if (stats->failures < FAILURES_MAX)
		stats->failed = false;
}

void vf_stats_reconcile(struct vf *vf)
{
	struct vf_out out = { .op = VIRTCHNL_OP_GET_STATS };

	if (vf->stats.busy || vf->stats.known || vf->stats.failed ||
	    !vf_request_pending(vf, IAVF_REQUEST_KIND_STATS))
		return;
	out.len = virtchnl_put_get_stats(out.data, sizeof(out.data), vf->nego.res.vsi_id);
	vf_send(vf, &out, false, false);
}

void vf_stats_sent(struct vf_stats *stats)
{
	stats->busy = true;
	stats->known = stats->failed = false;
}

void vf_stats_done(struct vf_stats *stats, enum vf_outcome outcome, const void *reply, size_t len)
{
	struct virtchnl_eth_stats answer;

	stats->busy = false;
	stats->failed = outcome != VF_OK || virtchnl_get_stats(reply, len, &answer);
	stats->known = !stats->failed;
	if (stats->known) {
		memcpy(stats->values, &answer, sizeof(stats->values));
		stats->failures = 0;
	} else {
		stats->failures = outcome == VF_LOST ? stats->failures + 1 : FAILURES_MAX;
	}
}

bool vf_stats_decide(struct vf *vf, uint32_t request)
{
	struct vf_io *io = &vf->io;

	if (vf->stats.known)
		io->reply_stats(io->ctx, vf->generation, request, vf->stats.values);
	else if (vf->stats.failed)
		io->reply(io->ctx, vf->generation, request, -EIO, "PF did not say", 0);
	return vf->stats.known || vf->stats.failed;
}

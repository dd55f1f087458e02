// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The difference between what is wanted and what the PF acknowledged, as messages. The order is
 * that of a replay: what traffic needs first, long lists last and few at a time, so that what a
 * user waits for is never far from the front.
 */
#include "internal.h"

void vf_reconcile(struct vf *vf)
{
	vf_macs_count_overflow(vf);
	vf_slot_reconcile(vf, VF_SLOT_IRQ_MAP);
	vf_macs_reconcile_own(vf);
	vf_trust_reconcile(vf);
	vf_vlans_reconcile_requests(vf);
	vf_slot_reconcile(vf, VF_SLOT_PROMISC);
	vf_rss_reconcile(vf);
	vf_slot_reconcile(vf, VF_SLOT_STRIP);
	vf_slot_reconcile(vf, VF_SLOT_INSERT);
	vf_queues_reconcile(vf);
	vf_stats_reconcile(vf);
	vf_macs_reconcile_lists(vf);
	vf_vlans_reconcile(vf);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How many elements go into one message. A PF refuses a list as a whole, so a refused one is
 * halved; when a few single elements in a row are refused, the PF is full and the rest is not
 * tried.
 */
#include "internal.h"

void vf_batch_init(struct vf_batch *batch, unsigned int max)
{
	batch->limit = max;
	batch->strikes = 0;
}

void vf_batch_ok(struct vf_batch *batch, unsigned int max)
{
	batch->strikes = 0;
	batch->limit = batch->limit > max / 2 ? max : batch->limit * 2;
}

bool vf_batch_refused(struct vf_batch *batch, unsigned int n)
{
	if (n > 1) {
		if (n / 2 < batch->limit)
			batch->limit = n / 2;
		return false;
	}
	return ++batch->strikes >= VF_STRIKES;
}

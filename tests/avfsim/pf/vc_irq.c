// SPDX-License-Identifier: GPL-2.0-or-later
/* CONFIG_IRQ_MAP: which vector a queue fires. */
#include <endian.h>

#include "pf/internal.h"

#define NUM_ITR		4	/* 3 = none */

static bool map_queues(struct pf_vf *vf, uint16_t map, uint8_t *vectors, uint8_t *itrs,
		       unsigned int vector, unsigned int itr)
{
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++) {
		if (!(map & 1u << q))
			continue;
		if (q >= vf->vsi.num_queues)
			return false;
		vectors[q] = vector;
		itrs[q] = itr & (NUM_ITR - 1);
	}
	return true;
}

static bool map_vector(struct pf_vf *vf, const struct virtchnl_vector_map *map)
{
	unsigned int vector = le16toh(map->vector_id);
	uint16_t rxitr = le16toh(map->rxitr_idx), txitr = le16toh(map->txitr_idx);
	struct pf_vsi *vsi = &vf->vsi;

	if (!vc_vsi_ok(vf, map->vsi_id) || vector >= vsi->num_vectors)
		return false;
	if (!vector)	/* the mailbox's: nothing to map, and no queue may be there */
		return !map->rxq_map && !map->txq_map;
	if (rxitr >= NUM_ITR || txitr >= NUM_ITR)
		pf_violation(vf, "op 7: ITR index above %u", NUM_ITR - 1);
	return map_queues(vf, le16toh(map->rxq_map), vsi->rxq_vector, vsi->rxq_itr, vector,
			  rxitr) &&
	       map_queues(vf, le16toh(map->txq_map), vsi->txq_vector, vsi->txq_itr, vector, txitr);
}

int32_t vc_config_irq_map(struct pf_vf *vf, const void *data)
{
	const struct virtchnl_irq_map_info *msg = data;
	unsigned int n = le16toh(msg->num_vectors);

	if (n > vf->vsi.num_vectors)
		return VIRTCHNL_ERR_PARAM;
	for (unsigned int i = 0; i < n; i++) {
		if (!map_vector(vf, &msg->vecmap[i]))
			return VIRTCHNL_ERR_PARAM;
	}
	return VIRTCHNL_SUCCESS;
}

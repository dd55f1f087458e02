// SPDX-License-Identifier: GPL-2.0-or-later
/* GET_STATS: the VSI's counters since its last reset. */
#include <endian.h>

#include "pf/internal.h"

void vc_get_stats(struct pf_vf *vf, const void *data, size_t len)
{
	const struct virtchnl_queue_select *msg = data;
	const struct pf_stats *s = &vf->vsi.stats;
	struct virtchnl_eth_stats answer = {
		.rx_bytes = htole64(s->rx_bytes),
		.rx_unicast = htole64(s->rx_unicast),
		.rx_multicast = htole64(s->rx_multicast),
		.rx_broadcast = htole64(s->rx_broadcast),
		.rx_discards = htole64(s->rx_discards),
		.rx_unknown_protocol = htole64(s->rx_unknown_protocol),
		.tx_bytes = htole64(s->tx_bytes),
		.tx_unicast = htole64(s->tx_unicast),
		.tx_multicast = htole64(s->tx_multicast),
		.tx_broadcast = htole64(s->tx_broadcast),
		.tx_discards = htole64(s->tx_discards),
		.tx_errors = htole64(s->tx_errors),
	};

	if (!vc_vsi_ok(vf, msg->vsi_id)) {
		vc_reply(vf, VIRTCHNL_OP_GET_STATS, VIRTCHNL_ERR_PARAM, NULL, 0);
		return;
	}
	vc_reply(vf, VIRTCHNL_OP_GET_STATS, VIRTCHNL_SUCCESS, &answer, sizeof(answer));
}

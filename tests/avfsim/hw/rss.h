/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which receive queue a packet goes to (protocol.md section 10.1). */
#ifndef AVFSIM_HW_RSS_H
#define AVFSIM_HW_RSS_H

#include <stdbool.h>
#include <stdint.h>

#include "hw/parse.h"
#include "pf/pf.h"

/* The hash of a packet by the VSI's key and hash enables; false = this kind is not hashed. */
bool rss_hash(const struct pf_vsi *vsi, const struct pkt *pkt, const uint8_t *frame,
	      uint32_t *hash);

/* What is hashed of a flow (enum pf_rss_flow), chosen or by itself; 0: nothing. */
unsigned int rss_flow_fields(const struct pf_vsi *vsi, unsigned int flow);

#endif

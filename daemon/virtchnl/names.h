/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for the numbers of virtchnl: logs, transcripts, fault rules, sentences.
 * All strings are static.
 */
#ifndef VIRTCHNL_NAMES_H
#define VIRTCHNL_NAMES_H

#include <stdint.h>

/* "ADD_ETH_ADDR"; NULL for a number without a name. */
const char *virtchnl_op_name(uint32_t op);

/* The reverse, case-insensitive; VIRTCHNL_OP_UNKNOWN (0) when there is no such name. */
uint32_t virtchnl_op_from_name(const char *name);

/* "PARAM", "NOT_SUPPORTED" ...; NULL for other numbers (i40e sends errnos). */
const char *virtchnl_status_name(int32_t status);

#endif

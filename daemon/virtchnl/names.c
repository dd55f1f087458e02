// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <strings.h>

#include "names.h"
#include "opcodes.h"
#include "wire.h"

#define OP_NAME(name, wire, permuted) [VIRTCHNL_OP_##name] = #name,

static const char *const op_names[VIRTCHNL_OP_MAX + 1] = {
	VIRTCHNL_OPCODES(OP_NAME)
};

const char *virtchnl_op_name(uint32_t op)
{
	return op <= VIRTCHNL_OP_MAX ? op_names[op] : NULL;
}

uint32_t virtchnl_op_from_name(const char *name)
{
	for (uint32_t op = 1; op <= VIRTCHNL_OP_MAX; op++) {
		if (op_names[op] && !strcasecmp(op_names[op], name))
			return op;
	}
	return VIRTCHNL_OP_UNKNOWN;
}

const char *virtchnl_status_name(int32_t status)
{
	switch (status) {
	case VIRTCHNL_SUCCESS:
		return "SUCCESS";
	case VIRTCHNL_ERR_PARAM:
		return "PARAM";
	case VIRTCHNL_ERR_NO_MEMORY:
		return "NO_MEMORY";
	case VIRTCHNL_ERR_OPCODE_MISMATCH:
		return "OPCODE_MISMATCH";
	case VIRTCHNL_ERR_CQP_COMPL_ERROR:
		return "CQP_COMPL_ERROR";
	case VIRTCHNL_ERR_INVALID_VF_ID:
		return "INVALID_VF_ID";
	case VIRTCHNL_ERR_ADMIN_QUEUE_ERROR:
		return "ADMIN_QUEUE_ERROR";
	case VIRTCHNL_ERR_NOT_SUPPORTED:
		return "NOT_SUPPORTED";
	}
	return NULL;
}

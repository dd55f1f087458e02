// SPDX-License-Identifier: GPL-2.0-or-later
/* What a refusal means to a user. Source: protocol.md section 8. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "codec.h"
#include "names.h"

#define ERRNO_MAX	133	/* above: no errno of Linux */

static bool about_mac(uint32_t op)
{
	return op == VIRTCHNL_OP_ADD_ETH_ADDR || op == VIRTCHNL_OP_DEL_ETH_ADDR;
}

int virtchnl_errno(uint32_t op, int32_t status)
{
	switch (status) {
	case VIRTCHNL_SUCCESS:
		return 0;
	case VIRTCHNL_STATUS_NO_ANSWER:
		return -ETIMEDOUT;
	case VIRTCHNL_STATUS_BAD_ANSWER:
		return -EPROTO;
	case VIRTCHNL_ERR_PARAM:
	case VIRTCHNL_ERR_INVALID_VF_ID:
		return -EINVAL;
	case VIRTCHNL_ERR_NO_MEMORY:
		return -ENOMEM;
	case VIRTCHNL_ERR_ADMIN_QUEUE_ERROR:
		return about_mac(op) ? -EPERM : -EIO;
	case VIRTCHNL_ERR_OPCODE_MISMATCH:
	case VIRTCHNL_ERR_CQP_COMPL_ERROR:
		return -EIO;
	case VIRTCHNL_ERR_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	}
	return status < 0 && status >= -ERRNO_MAX ? status : -EIO;
}

/* What to do about it, where that is known; short. */
static const char *advice(uint32_t op, int32_t status)
{
	if (about_mac(op) && status == VIRTCHNL_ERR_ADMIN_QUEUE_ERROR)
		return "host set the MAC: trust the VF";
	/* i40e has one word for both. */
	if (about_mac(op) && status == -EPERM)
		return "host set the MAC or too many: trust the VF";
	if (about_mac(op) && (status == VIRTCHNL_ERR_PARAM || status == -ENOSPC))
		return "host's MAC, or too many? trust the VF";
	if (op == VIRTCHNL_OP_ADD_VLAN_V2 && status == VIRTCHNL_ERR_PARAM)
		return "too many VLANs for this VF?";
	if (op == VIRTCHNL_OP_CONFIG_VSI_QUEUES && status == VIRTCHNL_ERR_PARAM)
		return "MTU above the host's limit?";
	return NULL;
}

static const char *status_word(int32_t status)
{
	const char *word = virtchnl_status_name(status);

	if (word)
		return word;
	word = status < 0 && status >= -ERRNO_MAX ? strerrorname_np(-status) : NULL;
	return word ? word : "";
}

void virtchnl_sentence(char *buf, size_t size, uint32_t op, int32_t status)
{
	const char *name = virtchnl_op_name(op), *word = status_word(status);
	const char *what = advice(op, status);
	char number[24];

	snprintf(number, sizeof(number), "message %u", op);
	if (!name)
		name = number;
	if (status == VIRTCHNL_STATUS_NO_ANSWER)
		snprintf(buf, size, "PF does not answer %s", name);
	else if (status == VIRTCHNL_STATUS_BAD_ANSWER)
		snprintf(buf, size, "PF's answer to %s makes no sense", name);
	else
		snprintf(buf, size, "PF refused %s: %d%s%s%s%s", name, status, *word ? " " : "",
			 word, what ? "; " : "", what ? what : "");
}

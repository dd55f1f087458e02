// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include <linux/genetlink.h>

#include "attrs.h"
#include "iavf_netlink.h"
#include "trace.h"

static const struct attr_rule rules[IAVF_A_MSG_MAX + 1] = {
	[IAVF_A_MSG_VF] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_GENERATION] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_OPCODE] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_STATUS] = { MNL_TYPE_U32, 0, 0 },
	[IAVF_A_MSG_PAYLOAD] = { MNL_TYPE_BINARY, 0, 0 },
	[IAVF_A_MSG_SENT] = { MNL_TYPE_FLAG, 0, 0 },
};

int trace_decode(const struct nlmsghdr *nlh, struct iavfctl_message *message)
{
	const size_t head = sizeof(struct genlmsghdr);
	const struct nlattr *tb[IAVF_A_MSG_MAX + 1], *payload;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < head || genl->cmd != IAVF_CMD_TRACE_NTF ||
	    attrs_parse(mnl_nlmsg_get_payload_offset(nlh, head),
			mnl_nlmsg_get_payload_len(nlh) - head, rules, IAVF_A_MSG_MAX, tb) ||
	    !tb[IAVF_A_MSG_VF] || !tb[IAVF_A_MSG_OPCODE])
		return -EBADMSG;
	payload = tb[IAVF_A_MSG_PAYLOAD];
	*message = (struct iavfctl_message){
		.kind = IAVFCTL_MESSAGE_MAILBOX,
		.vf_id = mnl_attr_get_u32(tb[IAVF_A_MSG_VF]),
		.generation = attr_u32(tb[IAVF_A_MSG_GENERATION], 0),
		.opcode = mnl_attr_get_u32(tb[IAVF_A_MSG_OPCODE]),
		.sent = tb[IAVF_A_MSG_SENT] != NULL,
		.status = (int32_t)attr_u32(tb[IAVF_A_MSG_STATUS], 0),
		.payload = payload ? mnl_attr_get_payload(payload) : NULL,
		.length = payload ? mnl_attr_get_payload_len(payload) : 0,
	};
	return 0;
}

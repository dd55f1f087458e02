/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages as the kernel writes them, for tests that play the kernel. */
#ifndef KMSG_H
#define KMSG_H

#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include <libmnl/libmnl.h>

#include "genl.h"
#include "iavf_netlink.h"

#define KMSG_FAMILY	0x25
#define KMSG_SIZE	(IAVF_RECORD_MAX + 8192)

static inline struct nlmsghdr *kmsg_start(void *buf, uint8_t cmd, uint32_t vf)
{
	struct nlmsghdr *message = genl_start(buf, KMSG_FAMILY, cmd, 0);

	message->nlmsg_flags = 0;
	mnl_attr_put_u32(message, IAVF_A_MSG_VF, vf);
	return message;
}

static inline struct nlmsghdr *kmsg_now(void *buf, uint8_t cmd, uint32_t vf, uint32_t generation)
{
	struct nlmsghdr *message = kmsg_start(buf, cmd, vf);

	mnl_attr_put_u32(message, IAVF_A_MSG_GENERATION, generation);
	return message;
}

static inline struct nlmsghdr *kmsg_vf_add(void *buf, uint32_t vf, const char *pci, uint32_t state)
{
	struct nlmsghdr *message = kmsg_now(buf, IAVF_CMD_VF_ADD, vf, 1);
	struct nlattr *nest = mnl_attr_nest_start(message, IAVF_A_MSG_STATE);

	mnl_attr_put_u32(message, IAVF_A_VF_ID, vf);
	mnl_attr_put_strz(message, IAVF_A_VF_PCI, pci);
	mnl_attr_put_u32(message, IAVF_A_VF_STATE, state);
	mnl_attr_put_u32(message, IAVF_A_VF_MAX_QUEUES, 16);
	mnl_attr_nest_end(message, nest);
	return message;
}

static inline struct nlmsghdr *kmsg_error(void *buf, uint32_t seq, int err, const char *sentence)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	struct nlmsgerr *body = mnl_nlmsg_put_extra_header(message, sizeof(*body));

	message->nlmsg_type = NLMSG_ERROR;
	message->nlmsg_seq = seq;
	message->nlmsg_flags = NLM_F_CAPPED | NLM_F_ACK_TLVS;
	body->error = err;
	body->msg.nlmsg_seq = seq;
	body->msg.nlmsg_len = 20;
	if (sentence)
		mnl_attr_put_strz(message, NLMSGERR_ATTR_MSG, sentence);
	return message;
}

#endif

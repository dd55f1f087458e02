/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the session descriptor (docs/spec/iavf.yaml): bytes to struct and struct to bytes. No
 * I/O. Decoders trust nothing: a length, a type or a missing part that is not as specified is
 * -EBADMSG; attributes of a newer kernel are skipped.
 */
#ifndef IAVFD_KERNEL_MESSAGE_H
#define IAVFD_KERNEL_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "vf/vf.h"

struct nlmsghdr;
struct nlattr;

/* The largest message we send: a full record and room for the other attributes. */
#define MESSAGE_SIZE	(IAVF_RECORD_MAX + 1024)

/* What the kernel says. Pointers point into the message. */
struct kernel_message {
	uint8_t cmd;			/* IAVF_CMD_VF_ADD .. IAVF_CMD_NETDEV_READY */
	uint32_t vf, generation;
	uint32_t seq, opcode;
	int32_t status;
	int vsi_id;			/* -1: none */
	const void *payload;		/* mbx-recv, vf-log; NULL: none */
	size_t payload_len;
	const void *record;		/* vf-record; NULL: none was ever set */
	size_t record_len;
	bool sent;			/* vf-log */
	uint32_t step, cause;		/* reset */
	int err;			/* netdev-ready: 0 or -errno */
	struct vf_request request;
	struct vf_snapshot state;	/* vf-add: all; changed, netdev-ready: what its have says */
};

/* 0; -EBADMSG; -EOPNOTSUPP: a command we do not know. */
int message_decode(const struct nlmsghdr *message, struct kernel_message *out);

/* The nest state; out->have says which parts were there. 0, -EBADMSG. */
int snapshot_decode(const struct nlattr *nest, struct vf_snapshot *out);

/* "mbx-send" and so on; NULL for unknown ones. */
const char *message_word(uint8_t cmd);

/*
 * What we say. buf has MESSAGE_SIZE bytes and is aligned to 8; the result is in buf. NULL: a part
 * is larger than the specification allows.
 */
struct nlmsghdr *message_accept(void *buf, uint16_t family, uint32_t vf, uint32_t request);
/* err: 0 or an errno of either sign; message may be NULL and is cut to IAVF_MESSAGE_MAX. */
struct nlmsghdr *message_reply(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
			       uint32_t request, int err, const char *message, uint32_t features);
struct nlmsghdr *message_reply_stats(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				     uint32_t request, const uint64_t stats[VF_NUM_STATS]);
struct nlmsghdr *message_mbx_send(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				  uint32_t seq, uint32_t opcode, int vsi_id, const void *payload,
				  size_t len);
struct nlmsghdr *message_netdev_create(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				       const uint8_t *mac, uint32_t mtu);
struct nlmsghdr *message_netdev_update(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				       const uint8_t *mac, uint32_t mtu, uint32_t max_mtu);
struct nlmsghdr *message_commit(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				const struct vf_commit *commit);
struct nlmsghdr *message_vf_reset(void *buf, uint16_t family, uint32_t vf, uint32_t generation);
struct nlmsghdr *message_record_set(void *buf, uint16_t family, uint32_t vf, uint32_t generation,
				    uint32_t covers_send, uint32_t covers_recv, const void *record,
				    size_t len);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mailbox engine (protocol.md sections 3 and 13). */
#ifndef AVFSIM_HW_MBX_H
#define AVFSIM_HW_MBX_H

#include <stddef.h>
#include <stdint.h>

struct device;

void mbx_init(struct device *dev);
/* Both rings off, registers 0, waiting messages forgotten. */
void mbx_reset(struct device *dev);

/* The driver wrote one of the send or of the receive ring's registers. */
void mbx_send_changed(struct device *dev);
void mbx_receive_changed(struct device *dev);

/* A message of the PF: into the receive ring, or waiting for a descriptor. */
void mbx_deliver(struct device *dev, uint32_t opcode, int32_t status, const void *payload,
		 size_t len);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "hw/queue.h"

#include "hw/device.h"

void queue_write_back(struct device *dev, unsigned int vector)
{
	/* Vector 0 is the mailbox's; for a queue it means that none is mapped. */
	if (!vector)
		return;
	for (unsigned int q = 0; q < PF_MAX_QUEUES; q++) {
		if (dev->vsi->rxq_vector[q] == vector)
			rx_write_back(dev, q);
		if (dev->vsi->txq_vector[q] == vector)
			tx_write_back(dev, q);
	}
}

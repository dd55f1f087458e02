/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transmit and receive queues: what their parts need of each other. */
#ifndef AVFSIM_HW_QUEUE_H
#define AVFSIM_HW_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct device;
struct dma_extent;

/* Write the held descriptors of all queues of this vector back. */
void queue_write_back(struct device *dev, unsigned int vector);

void tx_start(struct device *dev, unsigned int queue);
void tx_stop(struct device *dev, unsigned int queue);
void tx_write_tail(struct device *dev, unsigned int queue, uint32_t tail);
void tx_write_back(struct device *dev, unsigned int queue);

void rx_start(struct device *dev, unsigned int queue);
void rx_stop(struct device *dev, unsigned int queue);
void rx_write_tail(struct device *dev, unsigned int queue, uint32_t tail);
void rx_write_back(struct device *dev, unsigned int queue);
void rx_frame(struct device *dev, const uint8_t *frame, size_t len);

#endif

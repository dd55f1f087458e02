/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MSI-X vectors, their control registers and moderation (protocol.md section 2). */
#ifndef AVFSIM_HW_IRQ_H
#define AVFSIM_HW_IRQ_H

#include <stdbool.h>
#include <stdint.h>

struct device;

void irq_init(struct device *dev);
/* Takes fd; -1 takes the eventfd away. vector < PF_MAX_VECTORS. */
void irq_set_fd(struct device *dev, unsigned int vector, int fd);
void irq_reset(struct device *dev);

/* Something to tell on this vector: a write-back of a queue that uses ITR index itr. */
void irq_event(struct device *dev, unsigned int vector, unsigned int itr);
/* A cause of vector 0. */
void irq_cause(struct device *dev, uint32_t cause);

void irq_write_dyn_ctl(struct device *dev, unsigned int vector, uint32_t value);
uint32_t irq_read_dyn_ctl(struct device *dev, unsigned int vector);
uint32_t irq_read_icr01(struct device *dev);		/* clears */
uint32_t irq_read_icr0_ena(struct device *dev);		/* clears */
void irq_write_icr0_ena(struct device *dev, uint32_t value);

uint64_t irq_run(struct device *dev, uint64_t now);

#endif

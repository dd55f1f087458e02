// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An event stays pending until the driver allows the vector to fire (INTENA) and its throttle
 * interval has passed; firing writes the held descriptors back and clears INTENA. With
 * WB_ON_ITR the write-back happens without an interrupt. With neither nothing happens: a driver
 * that forgets to arm the vector again stalls here as it does on hardware.
 */
#include "hw/irq.h"

#include <unistd.h>

#include "hw/device.h"
#include "hw/queue.h"
#include "hw/regs.h"

void irq_init(struct device *dev)
{
	for (unsigned int i = 0; i < PF_MAX_VECTORS; i++)
		dev->irqs.v[i].fd = -1;
}

void irq_set_fd(struct device *dev, unsigned int vector, int fd)
{
	struct irq_vector *v = &dev->irqs.v[vector];

	if (v->fd >= 0)
		close(v->fd);
	v->fd = fd;
}

void irq_reset(struct device *dev)
{
	struct irqs *irqs = &dev->irqs;

	for (unsigned int i = 0; i < PF_MAX_VECTORS; i++) {
		struct irq_vector *v = &irqs->v[i];

		v->enabled = v->pending = v->wb_on_itr = false;
		v->last = v->due = 0;
		for (unsigned int itr = 0; itr < 3; itr++)
			irqs->itr[itr][i] = 0;
	}
	irqs->icr01 = irqs->icr0_ena = 0;
	irqs->changed = 0;
	irqs->storm_at = 0;
}

static uint64_t throttle(const struct device *dev, unsigned int vector, unsigned int itr)
{
	if (itr == ITR_NONE)
		return 0;
	return dev->irqs.v[vector].last +
	       (uint64_t)dev->irqs.itr[itr][vector] * ITR_UNIT_NS;
}

static void raise_at(struct device *dev, unsigned int vector, uint64_t due)
{
	struct irq_vector *v = &dev->irqs.v[vector];

	if (!v->pending || due < v->due)
		v->due = due;
	v->pending = true;
	dev->irqs.changed |= BIT(vector);
}

void irq_event(struct device *dev, unsigned int vector, unsigned int itr)
{
	/* Vector 0 is the mailbox's; for a queue it means that none is mapped. */
	if (vector)
		raise_at(dev, vector, throttle(dev, vector, itr > ITR_NONE ? ITR_NONE : itr));
}

void irq_cause(struct device *dev, uint32_t cause)
{
	dev->irqs.icr01 |= cause;
	raise_at(dev, 0, 0);
}

void irq_write_dyn_ctl(struct device *dev, unsigned int vector, uint32_t value)
{
	struct irq_vector *v = &dev->irqs.v[vector];
	unsigned int index = DYN_ITR_INDX(value);

	if (!(value & DYN_INTENA_MSK))
		v->enabled = value & DYN_INTENA;
	v->wb_on_itr = value & DYN_WB_ON_ITR;
	if (index != ITR_NONE)
		dev->irqs.itr[index][vector] = DYN_INTERVAL(value);
	if (value & DYN_CLEARPBA)
		v->pending = false;
	if (value & DYN_SWINT_TRIG) {
		unsigned int itr = value & DYN_SW_ITR_INDX_ENA ? DYN_SW_ITR_INDX(value) : ITR_NONE;

		if (!vector)
			dev->irqs.icr01 |= ICR_SWINT;
		queue_write_back(dev, vector);
		raise_at(dev, vector, throttle(dev, vector, itr));
	}
	dev->irqs.changed |= BIT(vector);
}

uint32_t irq_read_dyn_ctl(struct device *dev, unsigned int vector)
{
	const struct irq_vector *v = &dev->irqs.v[vector];

	return (v->enabled ? DYN_INTENA : 0) | (v->wb_on_itr ? DYN_WB_ON_ITR : 0);
}

uint32_t irq_read_icr01(struct device *dev)
{
	uint32_t value = dev->irqs.icr01;

	dev->irqs.icr01 = 0;
	return value;
}

uint32_t irq_read_icr0_ena(struct device *dev)
{
	uint32_t value = dev->irqs.icr0_ena;

	dev->irqs.icr0_ena = 0;
	return value;
}

void irq_write_icr0_ena(struct device *dev, uint32_t value)
{
	dev->irqs.icr0_ena = value;
	dev->irqs.changed |= BIT(0);
}

static bool lost(struct device *dev)
{
	struct lie lie;
	bool is_lost = device_lies(dev, LIE_IRQ, 0, &lie);

	dev->n.irqs_lost += is_lost;
	return is_lost;
}

static void fire(struct device *dev, struct irq_vector *v, uint64_t now)
{
	static const uint64_t one = 1;

	v->enabled = false;
	v->pending = false;
	v->last = now;
	if (!pci_bus_master(&dev->pci)) {
		dev->n.irq_bus_master_off++;
		return;
	}
	if (lost(dev))
		return;
	if (v->fd < 0 || write(v->fd, &one, sizeof(one)) != sizeof(one)) {
		dev->n.irq_no_eventfd++;
		return;
	}
	v->count++;
	dev->n.irqs++;
}

static bool may_fire(const struct device *dev, unsigned int vector)
{
	const struct irqs *irqs = &dev->irqs;

	if (!irqs->v[vector].enabled)
		return false;
	/* A software interrupt needs no cause enable. */
	return vector || (irqs->icr01 & (irqs->icr0_ena | ICR_SWINT));
}

/* The time at which to come back, or PF_NO_DEADLINE when only a register write can help. */
static uint64_t run_vector(struct device *dev, unsigned int vector, uint64_t now)
{
	struct irq_vector *v = &dev->irqs.v[vector];
	bool firing = may_fire(dev, vector);

	if (!v->pending || (!firing && !v->wb_on_itr))
		return PF_NO_DEADLINE;
	if (now < v->due)
		return v->due;
	queue_write_back(dev, vector);
	if (firing) {
		fire(dev, v, now);
	} else {
		v->pending = false;
		v->last = now;
	}
	return PF_NO_DEADLINE;
}

/* Interrupts without a cause, whatever the driver allowed; the time of the next. */
static uint64_t storm(struct device *dev, uint64_t now)
{
	static const uint64_t one = 1;
	struct irqs *irqs = &dev->irqs;
	struct lie lie;

	if (now < irqs->storm_at)
		return irqs->storm_at;
	irqs->storm_at = 0;
	if (!pci_bus_master(&dev->pci) || !device_lies(dev, LIE_STORM, 0, &lie))
		return PF_NO_DEADLINE;
	for (unsigned int i = 0; i < PF_MAX_VECTORS; i++) {
		if (irqs->v[i].fd >= 0 && write(irqs->v[i].fd, &one, sizeof(one)) == sizeof(one))
			dev->n.irqs_storm++;
	}
	irqs->storm_at = now + 1000000000 / lie.value;
	return irqs->storm_at;
}

uint64_t irq_run(struct device *dev, uint64_t now)
{
	uint64_t next = dev->faults ? storm(dev, now) : PF_NO_DEADLINE;
	uint32_t vectors = dev->irqs.changed;

	dev->irqs.changed = 0;
	while (vectors) {
		unsigned int vector = __builtin_ctz(vectors);
		uint64_t due = run_vector(dev, vector, now);

		vectors &= vectors - 1;
		if (due == PF_NO_DEADLINE)
			continue;
		dev->irqs.changed |= BIT(vector);
		if (due < next)
			next = due;
	}
	return next;
}

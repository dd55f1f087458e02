// SPDX-License-Identifier: GPL-2.0-only
/* Vectors: interrupts, polling and interrupt moderation (protocol.md section 2, DYN_CTLN). */
#include <linux/interrupt.h>

#include "path.h"
#include "../compat.h"

#define DIM_POLLS	64	/* net_dim() does nothing on fewer events */

static irqreturn_t iavf_irq(int irq, void *data)
{
	struct iavf_queue *q = data;

	napi_schedule_irqoff(&q->napi);
	return IRQ_HANDLED;
}

void iavf_itr_write(struct iavf_vf *vf, unsigned int vector)
{
	for (enum iavf_dir dir = IAVF_RX; dir <= IAVF_TX; dir++)
		iavf_wr(vf, IAVF_VFINT_ITRN(dir, vector),
			vf->path->itr[vector][dir].us / IAVF_ITR_UNIT_US);
}

static void dim_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct iavf_queue *q = dim->priv;
	enum iavf_dir dir = dim - q->dim;

	if (q->itr[dir].adaptive) {
		q->itr[dir].us = dir == IAVF_RX ?
			net_dim_get_rx_moderation(dim->mode, dim->profile_ix).usec :
			net_dim_get_tx_moderation(dim->mode, dim->profile_ix).usec;
		iavf_itr_write(q->vf, q->index);
	}
	dim->state = DIM_START_MEASURE;
}

static void adapt_dir(struct iavf_queue *q, enum iavf_dir dir, u64 packets, u64 bytes)
{
	struct dim_sample sample;

	if (!q->itr[dir].adaptive)
		return;
	dim_update_sample(q->events, packets, bytes, &sample);
	iavf_net_dim(&q->dim[dir], &sample);
}

/* By what all queues on the vector carried. */
static noinline void adapt(struct iavf_queue *first)
{
	u64 packets[2] = {}, bytes[2] = {};

	for (struct iavf_queue *q = first; q; q = iavf_next(q)) {
		packets[IAVF_RX] += q->rx.stats->rx.packets;
		packets[IAVF_TX] += q->tx.stats->tx.packets;
		bytes[IAVF_RX] += q->rx.stats->rx.bytes;
		bytes[IAVF_TX] += q->tx.stats->tx.bytes;
	}
	for (enum iavf_dir dir = IAVF_RX; dir <= IAVF_TX; dir++)
		adapt_dir(first, dir, packets[dir], bytes[dir]);
}

/*
 * Polling goes on without interrupts: fewer than 4 descriptors are not written back then, unless
 * the device is told to, by itself when the throttle expires or now with a software interrupt.
 */
static void keep_polling(struct iavf_queue *q, bool busy)
{
	if (q->vf->commit.features & IAVF_FEATURES_WB_ON_ITR) {
		if (!q->wb_on_itr)
			writel(IAVF_DYN_WB_ON_ITR | IAVF_DYN_NO_ITR, q->dyn_ctl);
		q->wb_on_itr = true;
	} else if (!busy) {
		writel(IAVF_DYN_INTENA | IAVF_DYN_NO_ITR | IAVF_DYN_SWINT_TRIG |
		       IAVF_DYN_SW_ITR_ENA, q->dyn_ctl);
	}
}

/* The end of a poll of all that is on q's vector; not done: there may be more. */
static __always_inline int finish(struct iavf_queue *q, bool done, int work, int budget)
{
	if (!done || work == budget) {
		keep_polling(q, false);
		return budget;
	}
	if (unlikely(!napi_complete_done(&q->napi, work))) {
		keep_polling(q, true);
		return work;
	}
	if (!(++q->events % DIM_POLLS))
		adapt(q);
	q->wb_on_itr = false;
	/* Events that are pending fire now, descriptors held back when the throttle expires. */
	writel(IAVF_DYN_INTENA | IAVF_DYN_NO_ITR, q->dyn_ctl);
	return work;
}

/* One pair, and both rings of it. */
static int iavf_poll(struct napi_struct *napi, int budget)
{
	struct iavf_queue *q = container_of(napi, struct iavf_queue, napi);
	bool done = iavf_tx_poll(&q->tx, budget);

	if (unlikely(budget <= 0))	/* netpoll: Tx only */
		return 0;
	return finish(q, done, iavf_rx_poll(&q->rx, budget), budget);
}

/* Whatever is on the vector. The budget is for all of it, each gets an equal part. */
static int poll_any(struct napi_struct *napi, int budget)
{
	struct iavf_queue *q, *first = container_of(napi, struct iavf_queue, napi);
	int part, used, rings = 0, work = 0;
	bool done = true;

	for (q = first; q; q = iavf_next(q)) {
		if (q->tx.desc)
			done &= iavf_tx_poll(&q->tx, budget);
		rings += !!q->rx.desc;
	}
	if (unlikely(budget <= 0))
		return 0;
	part = max(budget / max(rings, 1), 1);
	for (q = first; q && q->rx.desc; q = iavf_next(q)) {
		used = iavf_rx_poll(&q->rx, part);
		done &= used < part;
		work += used;
	}
	return finish(first, done, work, budget);
}

void iavf_vector_init(struct iavf_queue *q, bool one_pair)
{
	q->itr = q->vf->path->itr[q->index];
	q->dyn_ctl = q->vf->hw + IAVF_VFINT_DYN_CTLN(q->index);
	for (enum iavf_dir dir = IAVF_RX; dir <= IAVF_TX; dir++) {
		q->dim[dir].mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
		q->dim[dir].priv = q;
		INIT_WORK(&q->dim[dir].work, dim_work);
	}
	netif_napi_add(q->vf->netdev, &q->napi, one_pair ? iavf_poll : poll_any);
}

/* Each CPU has a queue; where there are more queues than CPUs, several. */
static void setup_xps(struct iavf_rings *rings)
{
	struct iavf_vf *vf = rings->vf;
	unsigned int queues = rings->config.tx_queues, cpus = num_online_cpus();
	cpumask_var_t mask;

	if (vf->path->xps_queues == queues || !zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	for (unsigned int i = 0; i < queues; i++) {
		cpumask_clear(mask);
		for (unsigned int cpu = i % cpus; cpu < cpus; cpu += queues)
			cpumask_set_cpu(cpumask_local_spread(cpu, dev_to_node(&vf->pdev->dev)),
					mask);
		netif_set_xps_queue(vf->netdev, mask, i);
	}
	free_cpumask_var(mask);
	vf->path->xps_queues = queues;
}

static int request(struct iavf_queue *q)
{
	struct pci_dev *pdev = q->vf->pdev;
	unsigned int cpu = cpumask_local_spread(q->index, dev_to_node(&pdev->dev));
	int err = pci_request_irq(pdev, 1 + q->index, iavf_irq, NULL, q, "iavf-%s-TxRx-%u",
				  q->vf->netdev->name, q->index);

	if (err)
		return err;
	q->requested = true;
	irq_update_affinity_hint(pci_irq_vector(pdev, 1 + q->index), cpumask_of(cpu));
	return 0;
}

int iavf_rings_start(struct iavf_rings *rings)
{
	struct iavf_netdev *np = netdev_priv(rings->vf->netdev);
	int err = 0;

	setup_xps(rings);
	np->queue = rings->queue;
	for (struct iavf_queue *q = rings->queue; q < rings->vectors_end; q++)
		err = err ?: request(q);
	if (err) {
		iavf_rings_stop(rings);
		return err;
	}
	for (struct iavf_queue *q = rings->queue; q < rings->end && q->tx.desc; q++)
		netdev_tx_reset_queue(q->tx.txq);
	for (struct iavf_queue *q = rings->queue; q < rings->vectors_end; q++) {
		q->wb_on_itr = false;
		q->enabled = true;
		napi_enable(&q->napi);
		iavf_itr_write(q->vf, q->index);
		writel(IAVF_DYN_INTENA | IAVF_DYN_NO_ITR, q->dyn_ctl);
	}
	return 0;
}

static void stop(struct iavf_queue *q)
{
	if (q->enabled)
		napi_disable(&q->napi);
	q->enabled = false;
	writel(0, q->dyn_ctl);
	if (q->requested) {
		irq_update_affinity_hint(pci_irq_vector(q->vf->pdev, 1 + q->index), NULL);
		pci_free_irq(q->vf->pdev, 1 + q->index, q);
	}
	q->requested = false;
	for (enum iavf_dir dir = IAVF_RX; dir <= IAVF_TX; dir++) {
		cancel_work_sync(&q->dim[dir].work);
		q->dim[dir].state = DIM_START_MEASURE;
	}
}

/* Waits for polls and handlers only, and none of these waits for anything. */
void iavf_rings_stop(struct iavf_rings *rings)
{
	netif_tx_disable(rings->vf->netdev);
	for (struct iavf_queue *q = rings->queue; q < rings->vectors_end; q++)
		stop(q);
	netif_tx_disable(rings->vf->netdev);	/* a last poll may have woken one */
}

// SPDX-License-Identifier: GPL-2.0-only
/* Vectors: interrupts, polling and interrupt moderation (protocol.md section 2, DYN_CTLN). */
#include <linux/interrupt.h>

#include "path.h"
#include "../compat.h"

#define DIM_POLLS	64	/* net_dim() does nothing on fewer events */

static irqreturn_t iavf_irq(int irq, void *data)
{
	struct iavf_vector *v = data;

	napi_schedule_irqoff(&v->napi);
	return IRQ_HANDLED;
}

static void write_rx_itr(struct iavf_vf *vf, unsigned int vector)
{
	iavf_wr(vf, IAVF_VFINT_ITRN(0, vector), vf->path->itr[vector].rx_us / IAVF_ITR_UNIT_US);
}

static void write_tx_itr(struct iavf_vf *vf, unsigned int vector)
{
	iavf_wr(vf, IAVF_VFINT_ITRN(1, vector), vf->path->itr[vector].tx_us / IAVF_ITR_UNIT_US);
}

void iavf_itr_write(struct iavf_vf *vf, unsigned int vector)
{
	write_rx_itr(vf, vector);
	write_tx_itr(vf, vector);
}

static void rx_dim_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct iavf_vector *v = container_of(dim, struct iavf_vector, rx_dim);

	if (v->itr->rx_adaptive) {
		v->itr->rx_us = net_dim_get_rx_moderation(dim->mode, dim->profile_ix).usec;
		write_rx_itr(v->vf, v->index);
	}
	dim->state = DIM_START_MEASURE;
}

static void tx_dim_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct iavf_vector *v = container_of(dim, struct iavf_vector, tx_dim);

	if (v->itr->tx_adaptive) {
		v->itr->tx_us = net_dim_get_tx_moderation(dim->mode, dim->profile_ix).usec;
		write_tx_itr(v->vf, v->index);
	}
	dim->state = DIM_START_MEASURE;
}

static noinline void adapt(struct iavf_vector *v)
{
	u64 packets = 0, bytes = 0;
	struct dim_sample sample;

	if (v->itr->rx_adaptive) {
		for (struct iavf_rxq *q = v->rx; q; q = q->sibling) {
			packets += q->stats->rx.packets;
			bytes += q->stats->rx.bytes;
		}
		dim_update_sample(v->events, packets, bytes, &sample);
		iavf_net_dim(&v->rx_dim, &sample);
	}
	if (v->itr->tx_adaptive) {
		packets = 0;
		bytes = 0;
		for (struct iavf_txq *q = v->tx; q; q = q->sibling) {
			packets += q->stats->tx.packets;
			bytes += q->stats->tx.bytes;
		}
		dim_update_sample(v->events, packets, bytes, &sample);
		iavf_net_dim(&v->tx_dim, &sample);
	}
}

static void write_back_on_itr(struct iavf_vector *v)
{
	if (!v->wb_on_itr)
		writel(IAVF_DYN_WB_ON_ITR | IAVF_DYN_NO_ITR, v->dyn_ctl);
	v->wb_on_itr = true;
}

/*
 * Polling goes on without interrupts: fewer than 4 descriptors are not written back then, unless
 * the device is told to, by itself when the throttle expires or now with a software interrupt.
 */
static void keep_polling(struct iavf_vector *v, bool busy)
{
	if (v->vf->commit.features & IAVF_FEATURES_WB_ON_ITR)
		write_back_on_itr(v);
	else if (!busy)
		writel(IAVF_DYN_INTENA | IAVF_DYN_NO_ITR | IAVF_DYN_SWINT_TRIG |
		       IAVF_DYN_SW_ITR_ENA, v->dyn_ctl);
}

static int iavf_poll(struct napi_struct *napi, int budget)
{
	struct iavf_vector *v = container_of(napi, struct iavf_vector, napi);
	bool done = true;
	int work = 0;

	for (struct iavf_txq *q = v->tx; q; q = q->sibling)
		done &= iavf_tx_poll(q, budget);
	if (unlikely(budget <= 0))	/* netpoll: Tx only */
		return 0;
	for (struct iavf_rxq *q = v->rx; q; q = q->sibling) {
		int share = v->num_rx > 1 ? max(budget / v->num_rx, 1) : budget;
		int used = iavf_rx_poll(q, share);

		work += used;
		done &= used < share;
	}
	if (!done) {
		keep_polling(v, false);
		return budget;
	}
	work = min(work, budget - 1);
	if (unlikely(!napi_complete_done(napi, work))) {
		keep_polling(v, true);
		return work;
	}
	if (!(++v->events % DIM_POLLS))
		adapt(v);
	v->wb_on_itr = false;
	/* Events that are pending fire now, descriptors held back when the throttle expires. */
	writel(IAVF_DYN_INTENA | IAVF_DYN_NO_ITR, v->dyn_ctl);
	return work;
}

static void link_queues(struct iavf_rings *rings)
{
	for (int i = rings->config.num_tx - 1; i >= 0; i--) {
		struct iavf_vector *v = &rings->vectors[i % rings->num_vectors];

		rings->tx[i].sibling = v->tx;
		v->tx = &rings->tx[i];
	}
	for (int i = rings->config.num_rx - 1; i >= 0; i--) {
		struct iavf_vector *v = &rings->vectors[i % rings->num_vectors];

		rings->rx[i].sibling = v->rx;
		v->rx = &rings->rx[i];
		v->num_rx++;
	}
}

void iavf_vectors_init(struct iavf_rings *rings)
{
	struct iavf_vf *vf = rings->vf;

	for (unsigned int i = 0; i < rings->num_vectors; i++) {
		struct iavf_vector *v = &rings->vectors[i];

		v->vf = vf;
		v->index = i;
		v->itr = &vf->path->itr[i];
		v->dyn_ctl = vf->hw + IAVF_VFINT_DYN_CTLN(i);
		v->rx_dim.mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
		v->tx_dim.mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
		INIT_WORK(&v->rx_dim.work, rx_dim_work);
		INIT_WORK(&v->tx_dim.work, tx_dim_work);
		netif_napi_add(vf->netdev, &v->napi, iavf_poll);
	}
	link_queues(rings);
}

void iavf_vectors_announce(struct iavf_rings *rings, bool on)
{
	struct net_device *netdev = rings->vf->netdev;

	for (unsigned int i = 0; i < rings->num_vectors; i++) {
		struct iavf_vector *v = &rings->vectors[i];

		for (struct iavf_txq *q = v->tx; q; q = q->sibling)
			iavf_queue_napi(netdev, q->index, false, &v->napi, on);
		for (struct iavf_rxq *q = v->rx; q; q = q->sibling)
			iavf_queue_napi(netdev, q->index, true, &v->napi, on);
	}
}

void iavf_vectors_del(struct iavf_rings *rings)
{
	iavf_vectors_announce(rings, false);
	for (unsigned int i = 0; i < rings->num_vectors; i++)
		__netif_napi_del(&rings->vectors[i].napi);
	synchronize_net();	/* once for all of them */
}

static int request(struct iavf_vector *v)
{
	struct iavf_vf *vf = v->vf;
	unsigned int cpu = cpumask_local_spread(v->index, dev_to_node(&vf->pdev->dev));
	int irq = pci_irq_vector(vf->pdev, 1 + v->index);
	const char *kind = v->rx && v->tx ? "TxRx" : v->rx ? "rx" : "tx";
	int err;

	if (irq < 0)
		return irq;
	snprintf(v->name, sizeof(v->name), "iavf-%s-%s-%u", vf->netdev->name, kind, v->index);
	err = request_irq(irq, iavf_irq, 0, v->name, v);
	if (err)
		return err;
	v->irq = irq;
	iavf_napi_irq(&v->napi, irq);
	irq_update_affinity_hint(irq, cpumask_of(cpu));
	return 0;
}

int iavf_vectors_start(struct iavf_rings *rings)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < rings->num_vectors; i++)
		err = request(&rings->vectors[i]);
	if (err) {
		iavf_vectors_stop(rings);
		return err;
	}
	for (unsigned int i = 0; i < rings->num_vectors; i++) {
		struct iavf_vector *v = &rings->vectors[i];

		v->wb_on_itr = false;
		v->enabled = true;
		napi_enable(&v->napi);
		iavf_itr_write(v->vf, i);
		writel(IAVF_DYN_INTENA | IAVF_DYN_NO_ITR, v->dyn_ctl);
	}
	return 0;
}

/* Waits for polls and handlers only, and none of these waits for anything. */
void iavf_vectors_stop(struct iavf_rings *rings)
{
	for (unsigned int i = 0; i < rings->num_vectors; i++) {
		struct iavf_vector *v = &rings->vectors[i];

		if (v->enabled)
			napi_disable(&v->napi);
		v->enabled = false;
		writel(0, v->dyn_ctl);
		if (v->irq) {
			irq_update_affinity_hint(v->irq, NULL);
			free_irq(v->irq, v);
		}
		v->irq = 0;
		cancel_work_sync(&v->rx_dim.work);
		cancel_work_sync(&v->tx_dim.work);
		v->rx_dim.state = DIM_START_MEASURE;
		v->tx_dim.state = DIM_START_MEASURE;
	}
}

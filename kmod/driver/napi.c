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

void iavf_itr_write(struct iavf_vf *vf, unsigned int vector, enum iavf_dir dir)
{
	iavf_wr(vf, IAVF_VFINT_ITRN(dir, vector),
		vf->path->itr[vector][dir].us / IAVF_ITR_UNIT_US);
}

static void dim_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct iavf_vector *v = dim->priv;
	enum iavf_dir dir = dim - v->dim;

	if (v->itr[dir].adaptive) {
		v->itr[dir].us = dir == IAVF_RX ?
			net_dim_get_rx_moderation(dim->mode, dim->profile_ix).usec :
			net_dim_get_tx_moderation(dim->mode, dim->profile_ix).usec;
		iavf_itr_write(v->vf, v->index, dir);
	}
	dim->state = DIM_START_MEASURE;
}

static noinline void adapt(struct iavf_vector *v)
{
	u64 packets[2] = {}, bytes[2] = {};
	struct dim_sample sample;

	for (struct iavf_rxq *q = v->rx; q; q = q->sibling) {
		packets[IAVF_RX] += q->stats->rx.packets;
		bytes[IAVF_RX] += q->stats->rx.bytes;
	}
	for (struct iavf_txq *q = v->tx; q; q = q->sibling) {
		packets[IAVF_TX] += q->stats->tx.packets;
		bytes[IAVF_TX] += q->stats->tx.bytes;
	}
	for (enum iavf_dir dir = IAVF_RX; dir <= IAVF_TX; dir++) {
		if (!v->itr[dir].adaptive)
			continue;
		dim_update_sample(v->events, packets[dir], bytes[dir], &sample);
		iavf_net_dim(&v->dim[dir], &sample);
	}
}

/*
 * Polling goes on without interrupts: fewer than 4 descriptors are not written back then, unless
 * the device is told to, by itself when the throttle expires or now with a software interrupt.
 */
static void keep_polling(struct iavf_vector *v, bool busy)
{
	if (v->vf->commit.features & IAVF_FEATURES_WB_ON_ITR) {
		if (!v->wb_on_itr)
			writel(IAVF_DYN_WB_ON_ITR | IAVF_DYN_NO_ITR, v->dyn_ctl);
		v->wb_on_itr = true;
	} else if (!busy) {
		writel(IAVF_DYN_INTENA | IAVF_DYN_NO_ITR | IAVF_DYN_SWINT_TRIG |
		       IAVF_DYN_SW_ITR_ENA, v->dyn_ctl);
	}
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

void iavf_vectors_init(struct iavf_rings *rings)
{
	struct iavf_vf *vf = rings->vf;

	for (unsigned int i = 0; i < rings->num_vectors; i++) {
		struct iavf_vector *v = &rings->vectors[i];

		v->vf = vf;
		v->index = i;
		v->itr = vf->path->itr[i];
		v->dyn_ctl = vf->hw + IAVF_VFINT_DYN_CTLN(i);
		for (enum iavf_dir dir = IAVF_RX; dir <= IAVF_TX; dir++) {
			v->dim[dir].mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
			v->dim[dir].priv = v;
			INIT_WORK(&v->dim[dir].work, dim_work);
		}
		netif_napi_add(vf->netdev, &v->napi, iavf_poll);
	}
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
		iavf_itr_write(v->vf, i, IAVF_RX);
		iavf_itr_write(v->vf, i, IAVF_TX);
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
		for (enum iavf_dir dir = IAVF_RX; dir <= IAVF_TX; dir++) {
			cancel_work_sync(&v->dim[dir].work);
			v->dim[dir].state = DIM_START_MEASURE;
		}
	}
}

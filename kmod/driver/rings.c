// SPDX-License-Identifier: GPL-2.0-only
/* Memory of the rings, and what the control part asks of all of them at once (rings.h). */
#include <linux/dma-mapping.h>

#include "path.h"
#include "../compat.h"

#define FRAME_OVERHEAD	(ETH_HLEN + 2 * VLAN_HLEN + ETH_FCS_LEN)
/* Whole pages: the base is aligned to more than the 128 bytes it needs. */
#define TX_BYTES(count)	PAGE_ALIGN((count) * sizeof(struct iavf_tx_desc))
#define RX_BYTES(count)	PAGE_ALIGN((count) * sizeof(struct iavf_rx_desc))

static int alloc_tx(struct iavf_rings *rings, unsigned int index)
{
	struct iavf_vector *v = &rings->vectors[index % rings->num_vectors];
	struct iavf_txq *q = &rings->tx[index];
	struct iavf_vf *vf = rings->vf;

	q->vf = vf;
	q->dev = &vf->pdev->dev;
	q->index = index;
	q->count = rings->config.tx_count;
	q->txq = netdev_get_tx_queue(vf->netdev, index);
	q->stats = &vf->path->stats[index];
	q->tail = vf->hw + IAVF_QTX_TAIL(index);
	q->sibling = v->tx;
	v->tx = q;
	q->desc = dma_alloc_coherent(q->dev, TX_BYTES(q->count), &q->dma, GFP_KERNEL);
	q->buf = kvcalloc(q->count, sizeof(*q->buf), GFP_KERNEL);
	if (!q->desc || !q->buf)
		return -ENOMEM;
	iavf_tx_drop_all(q);
	return 0;
}

static int alloc_rx(struct iavf_rings *rings, unsigned int index)
{
	struct iavf_vector *v = &rings->vectors[index % rings->num_vectors];
	struct iavf_rxq *q = &rings->rx[index];
	struct iavf_vf *vf = rings->vf;
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV | IAVF_PP_FLAG_FRAG,
		.pool_size = rings->config.rx_count,
		.nid = dev_to_node(&vf->pdev->dev),
		.dev = &vf->pdev->dev,
		.dma_dir = DMA_FROM_DEVICE,
		.max_len = PAGE_SIZE,
	};

	q->vf = vf;
	q->dev = &vf->pdev->dev;
	q->index = index;
	q->count = rings->config.rx_count;
	q->napi = &v->napi;
	q->stats = &vf->path->stats[index];
	q->tail = vf->hw + IAVF_QRX_TAIL(index);
	q->sibling = v->rx;
	v->rx = q;
	v->num_rx++;
	q->truesize = max_t(unsigned int, 2048, PAGE_SIZE / IAVF_RX_STEP);
	if (rings->config.mtu + FRAME_OVERHEAD > iavf_rx_room(q->truesize))
		q->truesize = max_t(unsigned int, 4096, q->truesize);
	q->parts = PAGE_SIZE / q->truesize;
	q->buf_len = iavf_rx_room(q->truesize);
	q->desc = dma_alloc_coherent(q->dev, RX_BYTES(q->count), &q->dma, GFP_KERNEL);
	q->buf = kvcalloc(q->count, sizeof(*q->buf), GFP_KERNEL);
	if (!q->desc || !q->buf)
		return -ENOMEM;
	iavf_pp_set_napi(&params, q->napi);
	q->pool = page_pool_create(&params);
	return PTR_ERR_OR_ZERO(q->pool);
}

static bool config_valid(const struct iavf_rings_config *c)
{
	return c->num_tx && c->num_tx <= IAVF_MAX_QUEUES &&
	       c->num_rx && c->num_rx <= IAVF_MAX_QUEUES &&
	       c->tx_count >= 64 && c->tx_count <= 4096 && !(c->tx_count % 32) &&
	       c->rx_count >= 64 && c->rx_count <= 4096 && !(c->rx_count % 32) &&
	       c->mtu >= ETH_MIN_MTU && c->mtu <= 9710;
}

static unsigned int num_vectors(const struct iavf_vf *vf, unsigned int queues)
{
	unsigned int n = vf->num_vectors;

	if (vf->commit.max_vectors)
		n = min_t(unsigned int, n, vf->commit.max_vectors);
	return n < 2 ? 0 : min(queues, n - 1);
}

static void release(struct iavf_rings *rings)
{
	for (unsigned int i = 0; rings->tx && i < rings->config.num_tx; i++) {
		struct iavf_txq *q = &rings->tx[i];

		if (q->desc)
			dma_free_coherent(q->dev, TX_BYTES(q->count), q->desc, q->dma);
		kvfree(q->buf);
	}
	for (unsigned int i = 0; rings->rx && i < rings->config.num_rx; i++) {
		struct iavf_rxq *q = &rings->rx[i];

		if (q->desc)
			dma_free_coherent(q->dev, RX_BYTES(q->count), q->desc, q->dma);
		if (!IS_ERR_OR_NULL(q->pool))
			page_pool_destroy(q->pool);
		kvfree(q->buf);
	}
	/* Behind the page pools, which let go of their NAPI while it exists. */
	if (rings->vectors)
		iavf_vectors_del(rings);
	kvfree(rings->tx);
	kvfree(rings->rx);
	kfree(rings->vectors);
	kfree(rings);
}

struct iavf_rings *iavf_rings_alloc(struct iavf_vf *vf, const struct iavf_rings_config *c)
{
	unsigned int vectors = num_vectors(vf, max(c->num_tx, c->num_rx));
	struct iavf_rings *rings;
	int err = -ENOMEM;

	if (!config_valid(c) || !vectors || !vf->netdev || !vf->path)
		return ERR_PTR(-EINVAL);
	rings = kzalloc(sizeof(*rings), GFP_KERNEL);
	if (!rings)
		return ERR_PTR(-ENOMEM);
	rings->vf = vf;
	rings->config = *c;
	rings->num_vectors = vectors;
	rings->tx = kvcalloc(c->num_tx, sizeof(*rings->tx), GFP_KERNEL);
	rings->rx = kvcalloc(c->num_rx, sizeof(*rings->rx), GFP_KERNEL);
	rings->vectors = kcalloc(vectors, sizeof(*rings->vectors), GFP_KERNEL);
	if (!rings->tx || !rings->rx || !rings->vectors)
		goto free;
	iavf_vectors_init(rings);
	err = 0;
	/* Backwards: each one goes to the head of its vector's list. */
	for (unsigned int i = c->num_tx; !err && i--; )
		err = alloc_tx(rings, i);
	for (unsigned int i = c->num_rx; !err && i--; )
		err = alloc_rx(rings, i);
	if (err)
		goto free;
	iavf_vectors_announce(rings, true);
	return rings;

free:
	release(rings);
	return ERR_PTR(err);
}

void iavf_rings_free(struct iavf_rings *rings)
{
	/* Leaking is the only safe answer: the device may write there. */
	if (WARN_ON(rings->state == IAVF_RINGS_EXPOSED))
		return;
	iavf_rings_clean(rings);
	release(rings);
}

void iavf_rings_clean(struct iavf_rings *rings)
{
	for (unsigned int i = 0; i < rings->config.num_tx; i++)
		iavf_tx_drop_all(&rings->tx[i]);
	for (unsigned int i = 0; i < rings->config.num_rx; i++)
		iavf_rx_drop_all(&rings->rx[i]);
}

int iavf_rings_post(struct iavf_rings *rings)
{
	if (WARN_ON(rings->state == IAVF_RINGS_EXPOSED))
		return -EINVAL;
	iavf_rings_clean(rings);
	/* Nothing is posted as long as the device has other rings, of another length, in mind. */
	for (unsigned int i = 0; i < rings->config.num_rx; i++) {
		rings->rx[i].told = false;
		writel(0, rings->rx[i].tail);
		if (!iavf_rx_fill(&rings->rx[i], GFP_KERNEL))
			return -ENOMEM;
	}
	return 0;
}

void iavf_rings_tell(struct iavf_rings *rings)
{
	for (unsigned int i = 0; i < rings->config.num_rx; i++) {
		struct iavf_rxq *q = &rings->rx[i];

		writel(q->post, q->tail);
		WRITE_ONCE(q->told, true);
	}
}

static void setup_xps(struct iavf_rings *rings)
{
	struct iavf_vf *vf = rings->vf;
	unsigned int queues = rings->config.num_tx;
	cpumask_var_t mask;

	if (vf->path->xps_queues == queues || !zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	for (unsigned int i = 0; i < queues; i++) {
		cpumask_clear(mask);
		for (unsigned int cpu = i; cpu < num_online_cpus(); cpu += queues)
			cpumask_set_cpu(cpumask_local_spread(cpu, dev_to_node(&vf->pdev->dev)),
					mask);
		if (!cpumask_empty(mask))
			netif_set_xps_queue(vf->netdev, mask, i);
	}
	free_cpumask_var(mask);
	vf->path->xps_queues = queues;
}

int iavf_rings_start(struct iavf_rings *rings)
{
	struct iavf_netdev *np = netdev_priv(rings->vf->netdev);

	setup_xps(rings);
	for (unsigned int i = 0; i < rings->config.num_tx; i++)
		netdev_tx_reset_queue(rings->tx[i].txq);
	np->tx = rings->tx;
	return iavf_vectors_start(rings);
}

void iavf_rings_stop(struct iavf_rings *rings)
{
	netif_tx_disable(rings->vf->netdev);
	iavf_vectors_stop(rings);
	netif_tx_disable(rings->vf->netdev);	/* a last poll may have woken one */
}

void iavf_rings_queue(const struct iavf_rings *rings, unsigned int queue,
		      struct iavf_queue_config *out)
{
	*out = (struct iavf_queue_config){ .max_frame = rings->config.mtu + FRAME_OVERHEAD };
	if (queue < rings->config.num_tx) {
		out->tx_dma = rings->tx[queue].dma;
		out->tx_count = rings->tx[queue].count;
	}
	if (queue < rings->config.num_rx) {
		out->rx_dma = rings->rx[queue].dma;
		out->rx_count = rings->rx[queue].count;
		out->rx_buf_len = rings->rx[queue].buf_len;
	}
}

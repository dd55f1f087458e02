// SPDX-License-Identifier: GPL-2.0-only
/* Memory of the rings, and what the control part asks of all of them at once (rings.h). */
#include <linux/dma-mapping.h>

#include "path.h"
#include "../compat.h"

/* Whole pages: the base is aligned to more than the 128 bytes it needs. */
#define TX_BYTES(count)	PAGE_ALIGN((count) * sizeof(struct iavf_tx_desc))
#define RX_BYTES(count)	PAGE_ALIGN((count) * sizeof(struct iavf_rx_desc))

static int alloc_tx(struct iavf_rings *rings, struct iavf_queue *queue)
{
	dma_addr_t *dma = &rings->tx_dma[queue->index];
	struct iavf_txq *q = &queue->tx;
	struct iavf_vf *vf = rings->vf;

	q->dev = &vf->pdev->dev;
	q->count = rings->config.tx_count;
	q->txq = netdev_get_tx_queue(vf->netdev, queue->index);
	q->tail = vf->hw + IAVF_QTX_TAIL(queue->index);
	q->desc = dma_alloc_coherent(q->dev, TX_BYTES(q->count), dma, GFP_KERNEL);
	q->buf = kvcalloc(q->count, sizeof(*q->buf), GFP_KERNEL);
	if (!q->desc || !q->buf)
		return -ENOMEM;
	iavf_tx_drop_all(q);
	return 0;
}

/* Bytes that the device may write to a buffer of truesize bytes. */
static unsigned int room(unsigned int truesize)
{
	unsigned int bytes = SKB_WITH_OVERHEAD(truesize - IAVF_RX_HEADROOM);

	return min_t(unsigned int, round_down(bytes, IAVF_RX_BUF_ALIGN), IAVF_RX_BUF_MAX);
}

static int alloc_rx(struct iavf_rings *rings, struct iavf_queue *queue)
{
	dma_addr_t *dma = &rings->rx_dma[queue->index];
	struct iavf_rxq *q = &queue->rx;
	struct iavf_vf *vf = rings->vf;
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV | IAVF_PP_FLAG_FRAG,
		.pool_size = rings->config.rx_count,
		.nid = dev_to_node(&vf->pdev->dev),
		.dev = &vf->pdev->dev,
		.dma_dir = DMA_FROM_DEVICE,
		.max_len = PAGE_SIZE,
	};

	q->dev = &vf->pdev->dev;
	q->index = queue->index;
	q->count = rings->config.rx_count;
	q->napi = &rings->queue[queue->index % rings->config.vectors].napi;
	q->tail = vf->hw + IAVF_QRX_TAIL(queue->index);
	q->truesize = max_t(unsigned int, 2048, PAGE_SIZE / IAVF_RX_STEP);
	if (rings->max_frame > room(q->truesize))
		q->truesize = max_t(unsigned int, 4096, q->truesize);
	q->parts = PAGE_SIZE / q->truesize;
	q->buf_len = room(q->truesize);
	rings->rx_buf_len = q->buf_len;
	q->desc = dma_alloc_coherent(q->dev, RX_BYTES(q->count), dma, GFP_KERNEL);
	q->buf = kvcalloc(q->count, sizeof(*q->buf), GFP_KERNEL);
	if (!q->desc || !q->buf)
		return -ENOMEM;
	iavf_pp_set_napi(&params, q->napi);
	q->pool = page_pool_create(&params);
	return PTR_ERR_OR_ZERO(q->pool);
}

/* Both, or the one that there is. */
static int alloc_pair(struct iavf_rings *rings, struct iavf_queue *q)
{
	int err = 0;

	if (q->index < rings->config.tx_queues)
		err = alloc_tx(rings, q);
	if (!err && q->index < rings->config.rx_queues)
		err = alloc_rx(rings, q);
	return err;
}

static void init_queues(struct iavf_rings *rings)
{
	const struct iavf_rings_config *c = &rings->config;

	for (struct iavf_queue *q = rings->queue; q < rings->end; q++) {
		q->vf = rings->vf;
		q->index = q - rings->queue;
		q->tx.stats = &rings->vf->path->stats[q->index];
		q->rx.stats = q->tx.stats;
		if (rings->end - q > c->vectors)
			q->step = c->vectors;
		if (q < rings->vectors_end)
			iavf_vector_init(q, !q->step && q->index < min(c->rx_queues,
								       c->tx_queues));
	}
}

static void release(struct iavf_rings *rings)
{
	struct device *dev = &rings->vf->pdev->dev;

	for (struct iavf_queue *q = rings->queue; q < rings->end; q++) {
		dma_free_coherent(dev, TX_BYTES(rings->config.tx_count), q->tx.desc,
				  rings->tx_dma[q->index]);
		dma_free_coherent(dev, RX_BYTES(rings->config.rx_count), q->rx.desc,
				  rings->rx_dma[q->index]);
		kvfree(q->tx.buf);
		kvfree(q->rx.buf);
		/* The page pool lets go of its NAPI, while that exists. */
		if (!IS_ERR_OR_NULL(q->rx.pool))
			page_pool_destroy(q->rx.pool);
		if (q < rings->vectors_end)
			__netif_napi_del(&q->napi);
	}
	synchronize_net();	/* once for all of them */
	kvfree(rings->queue);
	kfree(rings);
}

struct iavf_rings *iavf_rings_alloc(struct iavf_vf *vf, const struct iavf_rings_config *c)
{
	unsigned int pairs = iavf_num_pairs(c);
	struct iavf_rings *rings;
	int err = 0;

	rings = kzalloc(sizeof(*rings), GFP_KERNEL);
	if (!rings)
		return ERR_PTR(-ENOMEM);
	rings->queue = kvcalloc(pairs, sizeof(*rings->queue), GFP_KERNEL);
	if (!rings->queue) {
		kfree(rings);
		return ERR_PTR(-ENOMEM);
	}
	rings->vf = vf;
	rings->config = *c;
	rings->max_frame = c->mtu + ETH_HLEN + 2 * VLAN_HLEN + ETH_FCS_LEN;
	rings->end = rings->queue + pairs;
	rings->vectors_end = rings->queue + min_t(unsigned int, pairs, c->vectors);
	init_queues(rings);
	for (struct iavf_queue *q = rings->queue; q < rings->end; q++)
		err = err ?: alloc_pair(rings, q);
	if (err) {
		release(rings);
		return ERR_PTR(err);
	}
	return rings;
}

/* Software side only: frees Tx skbs (counted as tx_dropped) and Rx buffers, zeroes descriptors. */
static void clean(struct iavf_rings *rings)
{
	for (struct iavf_queue *q = rings->queue; q < rings->end; q++) {
		iavf_tx_drop_all(&q->tx);
		iavf_rx_drop_all(&q->rx);
	}
}

void iavf_rings_free(struct iavf_rings *rings)
{
	/* Leaking is the only safe answer: the device may write there. */
	if (WARN_ON(rings->state == IAVF_RINGS_EXPOSED))
		return;
	clean(rings);
	release(rings);
}

int iavf_rings_post(struct iavf_rings *rings)
{
	if (WARN_ON(rings->state == IAVF_RINGS_EXPOSED))
		return -EINVAL;
	clean(rings);
	/* Nothing is posted as long as the device has other rings, of another length, in mind. */
	for (struct iavf_queue *q = rings->queue; q < rings->end && q->rx.desc; q++) {
		q->rx.told = false;
		writel(0, q->rx.tail);
		if (!iavf_rx_fill(&q->rx, GFP_KERNEL))
			return -ENOMEM;
	}
	return 0;
}

void iavf_rings_tell(struct iavf_rings *rings)
{
	for (struct iavf_queue *q = rings->queue; q < rings->end && q->rx.desc; q++) {
		writel(q->rx.post, q->rx.tail);
		WRITE_ONCE(q->rx.told, true);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive. Buffers are parts of page_pool pages: half a page while a frame fits, else a page. A
 * page is cut when it is posted, all parts at once, so no state of a partly used one is kept.
 * The device is not trusted: each word of a descriptor is read once and checked.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "path.h"
#include "../compat.h"

/* Descriptors of one frame that are accepted; the device sends at most IAVF_RX_MAX_BUFS. */
#define MAX_CHAIN	min(2 * IAVF_RX_MAX_BUFS, MAX_SKB_FRAGS)

/* What a packet type says. */
#define PT_CSUM		BIT(0)	/* the device checked a checksum of layer 4 */
#define PT_TUNNEL	BIT(1)	/* and one of the outer headers before it */
#define PT_HASH_SHIFT	2	/* enum pkt_hash_types */
#define L2	(PKT_HASH_TYPE_L2 << PT_HASH_SHIFT)
#define L3	(PKT_HASH_TYPE_L3 << PT_HASH_SHIFT)
#define L4	(PKT_HASH_TYPE_L4 << PT_HASH_SHIFT | PT_CSUM)
#define T4	(L4 | PT_TUNNEL)

/*
 * Seven each: fragment, other, UDP, reserved, TCP, SCTP, ICMP; in tunnels IPv4, then IPv6. GRE
 * stands for it and for NAT, the one before it for itself alone.
 */
static const u8 ptypes[256] = {
	[0 ... 21] = L2,
	[22] = L3, L3, L4, 0, L4, L4, L3,			/* IPv4 */
	L3, L3, L4, 0, L4, L4, L3, L3, L3, L4, 0, L4, L4, L3,	/* IP in IPv4 */
	L3, L3, L3, T4, 0, T4, T4, L3, L3, L3, T4, 0, T4, T4, L3,	/* GRE, IP */
	L3, L3, L3, T4, 0, T4, T4, L3, L3, L3, T4, 0, T4, T4, L3,	/* with MAC */
	L3, L3, L3, T4, 0, T4, T4, L3, L3, L3, T4, 0, T4, T4, L3,	/* and VLAN */
	[88] = L3, L3, L4, 0, L4, L4, L3,			/* the same over IPv6 */
	L3, L3, L4, 0, L4, L4, L3, L3, L3, L4, 0, L4, L4, L3,
	L3, L3, L3, T4, 0, T4, T4, L3, L3, L3, T4, 0, T4, T4, L3,
	L3, L3, L3, T4, 0, T4, T4, L3, L3, L3, T4, 0, T4, T4, L3,
	L3, L3, L3, T4, 0, T4, T4, L3, L3, L3, T4, 0, T4, T4, L3,
};

/* In place of the frame so far: what comes up to its end is dropped. */
#define SKIP		ERR_PTR(-EBADMSG)
#define END_MASK	(IAVF_RXD_EOF | IAVF_RXD_RXE)
#define CSUM_ERRORS	(IAVF_RXD_IPE | IAVF_RXD_L4E | IAVF_RXD_EIPE)
#define CSUM_MASK	(IAVF_RXD_L3L4P | IAVF_RXD_IPV6EXADD | IAVF_RXD_PPRS | CSUM_ERRORS)

void iavf_count(struct u64_stats_sync *syncp, u64 *counter, u64 n)
{
	u64_stats_update_begin(syncp);
	*counter += n;
	u64_stats_update_end(syncp);
}

static u16 num_posted(const struct iavf_rxq *q)
{
	return q->post - q->next + (q->post >= q->next ? 0 : q->count);
}

/* Post buffers in steps as far as there is room. False when there was no memory. */
bool iavf_rx_fill(struct iavf_rxq *q, gfp_t gfp)
{
	unsigned int parts = q->parts;
	u16 room = q->count - 1 - num_posted(q);
	u16 post = q->post;

	for (; room >= IAVF_RX_STEP; room -= IAVF_RX_STEP) {
		struct iavf_rx_desc *desc = &q->desc[post];
		void **buf = &q->buf[post], **end = buf + IAVF_RX_STEP;

		while (buf < end) {
			struct page *page = page_pool_alloc_pages(q->pool, gfp);
			dma_addr_t dma;
			void *va;

			if (unlikely(!page))
				goto no_page;
			page_pool_fragment_page(page, parts);
			dma = page_pool_get_dma_addr(page) + IAVF_RX_HEADROOM;
			va = page_address(page);
			for (unsigned int i = 0; i < parts; i++) {
				*buf++ = va;
				desc->qw[0] = cpu_to_le64(dma);
				desc->qw[1] = 0;
				desc++;
				va += q->truesize;
				dma += q->truesize;
			}
		}
		post += IAVF_RX_STEP;
		if (post == q->count)
			post = 0;
		continue;
no_page:
		/* A step is posted whole or not at all. */
		while (buf-- > &q->buf[post])
			page_pool_put_full_page(q->pool, virt_to_page(*buf), false);
		break;
	}
	if (post != q->post) {
		q->post = post;
		if (likely(q->told))
			writel(post, q->tail);
	}
	return room < IAVF_RX_STEP;
}

static void sync_for_cpu(const struct iavf_rxq *q, const void *va, unsigned int len)
{
	dma_sync_single_range_for_cpu(q->dev, page_pool_get_dma_addr(virt_to_page(va)),
				      offset_in_page(va) + IAVF_RX_HEADROOM, len, DMA_FROM_DEVICE);
}

static void recycle(const struct iavf_rxq *q, void *va)
{
	page_pool_put_full_page(q->pool, virt_to_page(va), true);
}

/* NULL when there is no memory; the buffer is taken in any case. */
static __always_inline struct sk_buff *build(const struct iavf_rxq *q, void *va, unsigned int len)
{
	struct sk_buff *skb;

	sync_for_cpu(q, va, len);
	skb = napi_build_skb(va, q->truesize);
	if (unlikely(!skb)) {
		recycle(q, va);
		iavf_count(&q->stats->rx.syncp, &q->stats->rx.no_memory, 1);
		return NULL;
	}
	skb_mark_for_recycle(skb);
	skb_reserve(skb, IAVF_RX_HEADROOM);
	__skb_put(skb, len);
	return skb;
}

/* Drop the buffer, the frame so far and what is still to come of it. */
static struct sk_buff *drop_frame(struct iavf_rxq *q, void *va, bool last, u64 *counter)
{
	if (counter)
		iavf_count(&q->stats->rx.syncp, counter, 1);
	recycle(q, va);
	if (!IS_ERR(q->skb))
		dev_kfree_skb_any(q->skb);
	q->skb = last ? NULL : SKIP;
	return NULL;
}

/* All but a frame in one good buffer. The frame when this buffer completes it. */
static noinline struct sk_buff *chain(struct iavf_rxq *q, void *va, u64 qw1)
{
	struct iavf_rx_stats *stats = &q->stats->rx;
	unsigned int len = IAVF_RXD_LEN(qw1);
	bool last = qw1 & IAVF_RXD_EOF;
	struct sk_buff *skb = q->skb;

	if (skb == SKIP)
		return drop_frame(q, va, last, NULL);
	if (len > q->buf_len || (skb ? !len && !last : len < ETH_HLEN))
		return drop_frame(q, va, last, &stats->length_errors);
	if (last && (qw1 & IAVF_RXD_RXE))
		return drop_frame(q, va, last, &stats->device_errors);
	if (!skb) {
		skb = build(q, va, len);
		if (!skb && !last)
			skb = SKIP;
	} else if (skb_shinfo(skb)->nr_frags + 1 >= MAX_CHAIN) {
		return drop_frame(q, va, last, &stats->too_long);
	} else if (len) {
		sync_for_cpu(q, va, len);
		skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, virt_to_page(va),
				offset_in_page(va) + IAVF_RX_HEADROOM, len, q->truesize);
	} else {	/* nothing but a CRC was left, which is not stored */
		recycle(q, va);
	}
	q->skb = last ? NULL : skb;
	return last ? skb : NULL;
}

static void set_offloads(const struct iavf_rxq *q, struct sk_buff *skb, u64 qw0, u64 qw1,
			 netdev_features_t features)
{
	u8 type = ptypes[IAVF_RXD_PTYPE(qw1)];

	if (likely(features & NETIF_F_RXCSUM)) {
		if ((qw1 & CSUM_MASK) == IAVF_RXD_L3L4P) {
			if (likely(type & PT_CSUM))
				skb->ip_summed = CHECKSUM_UNNECESSARY;
			if (unlikely(type & PT_TUNNEL))
				skb->csum_level = 1;
		} else if (unlikely((qw1 & IAVF_RXD_L3L4P) && (qw1 & CSUM_ERRORS))) {
			iavf_count(&q->stats->rx.syncp, &q->stats->rx.csum_errors, 1);
		}
	}
	if ((features & NETIF_F_RXHASH) && (qw1 & IAVF_RXD_HASH_VALID) == IAVF_RXD_HASH_VALID)
		skb_set_hash(skb, IAVF_RXD_HASH(qw0), type >> PT_HASH_SHIFT);
}

static void set_vlan(struct sk_buff *skb, u16 tag, netdev_features_t features)
{
	bool stag = (features & NETIF_F_HW_VLAN_STAG_RX) && !(features & NETIF_F_HW_VLAN_CTAG_RX);

	__vlan_hwaccel_put_tag(skb, htons(stag ? ETH_P_8021AD : ETH_P_8021Q), tag);
}

/* Descriptors used, at most budget; budget also when there is a reason to come again. */
int iavf_rx_poll(struct iavf_rxq *q, int budget)
{
	struct net_device *netdev = q->napi->dev;
	const u8 where = READ_ONCE(iavf_vf(netdev)->commit.rx_tag);
	const u64 tag1 = where == IAVF_VLAN_TAG_L2TAG1 ? IAVF_RXD_L2TAG1P : 0;
	netdev_features_t features = netdev->features;
	unsigned int packets = 0, bytes = 0, multicast = 0;
	/* Never look behind what is posted: the device may write anything there. */
	int used, most = min_t(int, budget, num_posted(q));
	u16 next = q->next;

	for (used = 0; used < most; used++) {
		struct iavf_rx_desc *desc = &q->desc[next];
		u64 qw0, qw1 = le64_to_cpu(READ_ONCE(desc->qw[1]));
		unsigned int len = IAVF_RXD_LEN(qw1);
		void *va = q->buf[next];
		struct sk_buff *skb;

		if (!(qw1 & IAVF_RXD_DD))
			break;
		dma_rmb();
		prefetch(va + IAVF_RX_HEADROOM);
		if (++next == q->count)
			next = 0;
		if (unlikely(q->skb || (qw1 & END_MASK) != IAVF_RXD_EOF ||
			     len - ETH_HLEN > q->buf_len - (u32)ETH_HLEN))
			skb = chain(q, va, qw1);
		else
			skb = build(q, va, len);
		if (unlikely(!skb))
			continue;
		qw0 = le64_to_cpu(READ_ONCE(desc->qw[0]));
		set_offloads(q, skb, qw0, qw1, features);
		if (qw1 & tag1) {
			set_vlan(skb, IAVF_RXD_L2TAG1(qw0), features);
		} else if (where == IAVF_VLAN_TAG_L2TAG2) {
			u64 qw2 = le64_to_cpu(READ_ONCE(desc->qw[2]));

			if (qw2 & IAVF_RXD_L2TAG2P)
				set_vlan(skb, IAVF_RXD_L2TAG2_2(qw2), features);
		}
		packets++;
		bytes += skb->len;
		skb_record_rx_queue(skb, q->index);
		skb->protocol = eth_type_trans(skb, netdev);
		multicast += skb->pkt_type == PACKET_MULTICAST;
		napi_gro_receive(q->napi, skb);
	}
	q->next = next;
	if (used) {
		u64_stats_update_begin(&q->stats->rx.syncp);
		q->stats->rx.packets += packets;
		q->stats->rx.bytes += bytes;
		q->stats->rx.multicast += multicast;
		u64_stats_update_end(&q->stats->rx.syncp);
	}
	if (q->count - num_posted(q) > IAVF_RX_STEP &&
	    unlikely(!iavf_rx_fill(q, GFP_ATOMIC | __GFP_NOWARN))) {
		iavf_count(&q->stats->rx.syncp, &q->stats->rx.no_pages, 1);
		/* A frame needs several at worst; with fewer no interrupt may ever come. */
		if (num_posted(q) < IAVF_RX_STEP)
			return budget;
	}
	return used;
}

/* NAPI is off and the device does not write any more. */
void iavf_rx_drop_all(struct iavf_rxq *q)
{
	while (q->next != q->post) {
		page_pool_put_full_page(q->pool, virt_to_page(q->buf[q->next]), false);
		if (++q->next == q->count)
			q->next = 0;
	}
	if (!IS_ERR(q->skb))
		dev_kfree_skb_any(q->skb);
	q->skb = NULL;
	q->next = 0;
	q->post = 0;
	memset(q->desc, 0, q->count * sizeof(*q->desc));
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit. The device reports completion only where RS is set; packets from one RS to the
 * next form a group, so that most packets cost no look at the ring when they are cleaned.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ipv6.h>

#include "path.h"

#define GROUP_DESCS	32	/* RS at least so often */
#define POLL_PACKETS	256	/* cleaned in one poll */
/* One packet: fragments, head, 64 KiB in splits, context descriptor; and the gap before clean. */
#define MAX_DESCS	(MAX_SKB_FRAGS + 1 + 6 + 1)
#define WAKE_DESCS	(2 * MAX_DESCS)
#define STALLED		(5 * HZ)
#define WHOLE_BUFS	(IAVF_TX_MAX_BUFS - 2)
#define LAST_PIECE	(IAVF_TXD_MAX_SIZE - IAVF_TXD_SPLIT + 1)

/* What the descriptors of one packet have in common. */
struct tx_work {
	u64 qw1;		/* of all data descriptors */
	u64 ctx0, ctx1;		/* context descriptor; ctx1 0: none */
	u32 bytes, packets;	/* on the wire */
};

static unsigned int num_descs(unsigned int size)
{
	if (likely(size <= IAVF_TXD_MAX_SIZE))
		return 1;
	return 1 + DIV_ROUND_UP(size - IAVF_TXD_MAX_SIZE, IAVF_TXD_SPLIT);
}

static unsigned int packet_descs(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	unsigned int n = num_descs(skb_headlen(skb));

	for (unsigned int i = 0; i < shinfo->nr_frags; i++)
		n += num_descs(skb_frag_size(&shinfo->frags[i]));
	return n;
}

/*
 * Beside the headers a segment may take 7 buffers. One that takes 8 contains 6 of them whole, and
 * a byte of its neighbours. The last piece of a buffer that is split is never smaller than
 * LAST_PIECE, so that a fragment may stand for it.
 */
static bool too_scattered(const struct sk_buff *skb, unsigned int descs)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	const skb_frag_t *frags = shinfo->frags;
	unsigned int sum = 0;

	if (!skb_is_gso(skb))
		return descs > IAVF_TX_MAX_BUFS;
	for (unsigned int i = 0; i < shinfo->nr_frags; i++) {
		sum += min_t(u32, skb_frag_size(&frags[i]), LAST_PIECE);
		if (i + 1 < WHOLE_BUFS)
			continue;
		if (sum + 1 < shinfo->gso_size)
			return true;
		sum -= min_t(u32, skb_frag_size(&frags[i + 1 - WHOLE_BUFS]), LAST_PIECE);
	}
	return false;
}

/* Outer headers of a tunnel: quad word 0 of the context descriptor, 0 for an unknown tunnel. */
static u64 tunnel_params(const struct sk_buff *skb, bool ipv4)
{
	const u8 *outer = skb_network_header(skb), *l4 = skb_transport_header(skb);
	const u8 *inner = skb_inner_network_header(skb);
	unsigned int type = skb_shinfo(skb)->gso_type;
	bool gso = skb_is_gso(skb);
	__be16 frag_off;
	u64 params;
	u8 proto;

	if (ipv4) {
		params = gso ? IAVF_CTX_EIP4_CSUM : IAVF_CTX_EIP4;
		proto = ((const struct iphdr *)outer)->protocol;
	} else {
		params = IAVF_CTX_EIP6;
		proto = ((const struct ipv6hdr *)outer)->nexthdr;
		if (l4 != outer + sizeof(struct ipv6hdr))
			ipv6_skip_exthdr(skb, outer + sizeof(struct ipv6hdr) - skb->data, &proto,
					 &frag_off);
	}
	switch (proto) {
	case IPPROTO_UDP:
		params |= IAVF_CTX_TUNNEL_UDP;
		break;
	case IPPROTO_GRE:
		params |= IAVF_CTX_TUNNEL_GRE;
		break;
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		l4 = inner;
		break;
	default:
		return 0;
	}
	if (gso && (type & SKB_GSO_UDP_TUNNEL_CSUM) && !(type & SKB_GSO_PARTIAL))
		params |= IAVF_CTX_L4T_CS;
	return params | (u64)(l4 - outer) / 4 << IAVF_CTX_EIPLEN_SHIFT |
	       (u64)(inner - l4) / 2 << IAVF_CTX_NATLEN_SHIFT;
}

static void clear_ip_len(u8 *ip)
{
	struct iphdr *ip4 = (struct iphdr *)ip;

	if (ip4->version == 4) {
		ip4->tot_len = 0;
		ip4->check = 0;
	} else {
		((struct ipv6hdr *)ip)->payload_len = 0;
	}
}

/* The device adds each segment's length: take that of the whole out of the pseudo header's sum. */
static void remove_len(const struct sk_buff *skb, const u8 *l4, __sum16 *check)
{
	csum_replace_by_diff(check, (__force __wsum)htonl(skb->len - (l4 - skb->data)));
}

/* Headers are writable. hlen: all headers. */
static void setup_tso(struct sk_buff *skb, struct tx_work *w, u8 *ip, u8 *l4, unsigned int hlen)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	clear_ip_len(ip);
	if (w->ctx0) {
		struct udphdr *udp = udp_hdr(skb);

		clear_ip_len(skb_network_header(skb));
		if (w->ctx0 & IAVF_CTX_L4T_CS) {
			udp->len = 0;
			remove_len(skb, (u8 *)udp, &udp->check);
		}
	}
	remove_len(skb, l4, (__sum16 *)(l4 + skb->csum_offset));
	w->ctx1 = IAVF_TXD_CONTEXT | IAVF_CTX_TSO |
		  (u64)(skb->len - hlen) << IAVF_CTX_TSO_LEN_SHIFT |
		  (u64)shinfo->gso_size << IAVF_CTX_MSS_SHIFT;
	w->packets = shinfo->gso_segs;
	w->bytes += (shinfo->gso_segs - 1) * hlen;
}

/* skb is CHECKSUM_PARTIAL. -errno: cannot be sent. */
static int setup_csum(struct sk_buff *skb, struct tx_work *w)
{
	bool gso = skb_is_gso(skb);
	unsigned int l4_len;
	u64 cmd;
	u8 *ip, *l4;

	if (gso && skb_cow_head(skb, 0))
		return -ENOMEM;
	ip = skb_network_header(skb);
	l4 = skb_checksum_start(skb);
	w->qw1 |= (u64)(ip - skb->data) / 2 << IAVF_TXD_MACLEN_SHIFT;
	if (skb->encapsulation && l4 == skb_inner_transport_header(skb)) {
		w->ctx0 = tunnel_params(skb, vlan_get_protocol(skb) == htons(ETH_P_IP));
		w->ctx1 = IAVF_TXD_CONTEXT;
		if (!w->ctx0)
			goto software;
		ip = skb_inner_network_header(skb);
	}
	switch (skb->csum_offset) {
	case offsetof(struct tcphdr, check):
		cmd = IAVF_TXD_TCP;
		l4_len = ((struct tcphdr *)l4)->doff * 4;
		break;
	case offsetof(struct udphdr, check):
		cmd = IAVF_TXD_UDP;
		l4_len = sizeof(struct udphdr);
		break;
	case offsetof(struct sctphdr, checksum):
		cmd = IAVF_TXD_SCTP;
		l4_len = sizeof(struct sctphdr);
		break;
	default:
		goto software;
	}
	if (((struct iphdr *)ip)->version == 4)
		cmd |= gso ? IAVF_TXD_IP4_CSUM : IAVF_TXD_IP4;
	else
		cmd |= IAVF_TXD_IP6;
	w->qw1 |= cmd | (u64)(l4 - ip) / 4 << IAVF_TXD_IPLEN_SHIFT |
		  (u64)l4_len / 4 << IAVF_TXD_L4LEN_SHIFT;
	if (gso)
		setup_tso(skb, w, ip, l4, l4 - skb->data + l4_len);
	return 0;

software:
	w->qw1 = IAVF_TXD_ICRC;
	w->ctx0 = 0;
	w->ctx1 = 0;
	return gso ? -EPROTONOSUPPORT : skb_checksum_help(skb);
}

static int setup_vlan(const struct iavf_txq *q, const struct sk_buff *skb, struct tx_work *w)
{
	u64 tag = skb_vlan_tag_get(skb);

	switch (READ_ONCE(iavf_vf(q->txq->dev)->commit.tx_tag)) {
	case IAVF_VLAN_TAG_L2TAG1:
		w->qw1 |= IAVF_TXD_IL2TAG1 | tag << IAVF_TXD_L2TAG1_SHIFT;
		return 0;
	case IAVF_VLAN_TAG_L2TAG2:
		w->ctx0 |= tag << IAVF_CTX_L2TAG2_SHIFT;
		w->ctx1 |= IAVF_TXD_CONTEXT | IAVF_CTX_IL2TAG2;
		return 0;
	default:
		return -EPROTONOSUPPORT;
	}
}

static u16 following(const struct iavf_txq *q, u16 i)
{
	return ++i == q->count ? 0 : i;
}

static void unmap(const struct iavf_txq *q, const struct iavf_tx_buf *buf)
{
	if (buf->len)
		dma_unmap_page(q->dev, buf->dma, buf->len, DMA_TO_DEVICE);
}

static u16 put(const struct iavf_txq *q, u16 i, u64 qw0, u64 qw1)
{
	q->desc[i].addr = cpu_to_le64(qw0);
	q->desc[i].qw1 = cpu_to_le64(qw1);
	return following(q, i);
}

/* dma_map_single(), without its check for vmalloc memory, where no skb is. */
static dma_addr_t map_head(const struct iavf_txq *q, const struct sk_buff *skb, unsigned int len)
{
	return dma_map_page(q->dev, virt_to_page(skb->data), offset_in_page(skb->data), len,
			    DMA_TO_DEVICE);
}

/*
 * Fill descriptors from q->next on. The index of the last one, whose qw1, given back, is not
 * written yet; negative when a buffer could not be mapped.
 */
static int map_packet(struct iavf_txq *q, struct sk_buff *skb, const struct tx_work *w, u64 *last)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	unsigned int size = skb_headlen(skb), frag = 0;
	struct iavf_tx_buf *buf;
	u16 i = q->next;
	dma_addr_t dma;

	if (unlikely(w->ctx1)) {
		q->buf[i].len = 0;
		q->buf[i].skb = NULL;
		i = put(q, i, w->ctx0, w->ctx1);
	}
	dma = map_head(q, skb, size);
	for (;;) {
		if (unlikely(dma_mapping_error(q->dev, dma)))
			goto unwind;
		buf = &q->buf[i];
		buf->dma = dma;
		buf->len = size;
		buf->skb = NULL;
		/* Too long for one descriptor: the mapping belongs to the first piece. */
		while (unlikely(size > IAVF_TXD_MAX_SIZE)) {
			i = put(q, i, dma, w->qw1 | (u64)IAVF_TXD_SPLIT << IAVF_TXD_SIZE_SHIFT);
			dma += IAVF_TXD_SPLIT;
			size -= IAVF_TXD_SPLIT;
			q->buf[i].len = 0;
			q->buf[i].skb = NULL;
		}
		if (frag == shinfo->nr_frags)
			break;
		i = put(q, i, dma, w->qw1 | (u64)size << IAVF_TXD_SIZE_SHIFT);
		size = skb_frag_size(&shinfo->frags[frag]);
		dma = skb_frag_dma_map(q->dev, &shinfo->frags[frag++], 0, size, DMA_TO_DEVICE);
	}
	q->buf[i].skb = skb;
	q->desc[i].addr = cpu_to_le64(dma);
	*last = w->qw1 | (u64)size << IAVF_TXD_SIZE_SHIFT | IAVF_TXD_EOP;
	return i;

unwind:
	for (u16 k = q->next; k != i; k = following(q, k))
		unmap(q, &q->buf[k]);
	return -ENOMEM;
}

static u16 num_free(const struct iavf_txq *q)
{
	u16 clean = smp_load_acquire(&q->clean);	/* pairs with iavf_tx_poll() */

	return clean - q->next - 1 + (clean > q->next ? 0 : q->count);
}

/* Stop the queue unless the next packet has room. True when it is stopped. */
static noinline bool maybe_stop(struct iavf_txq *q)
{
	q->avail = num_free(q);
	if (q->avail >= MAX_DESCS)
		return false;
	netif_tx_stop_queue(q->txq);
	smp_mb();	/* pairs with wake(), which looks at this after clean was published */
	q->avail = num_free(q);
	if (q->avail < MAX_DESCS)
		return true;
	netif_tx_start_queue(q->txq);
	return false;
}

/*
 * End the open group at descriptor last, which has RS. BQL hears of it before the doorbell, so
 * never after the completion. True when the doorbell must be rung.
 */
static bool close_group(struct iavf_txq *q, u16 last, u16 next, bool more)
{
	struct iavf_tx_buf *first = &q->buf[q->group];
	bool ring = __netdev_tx_sent_queue(q->txq, q->sums.bytes, more);

	first->packets = q->sums.packets;
	first->bytes = q->sums.bytes;
	smp_store_release(&first->rs, last);	/* pairs with iavf_tx_poll() */
	q->group = next;
	q->sums = (struct iavf_tx_sums){};
	return ring;
}

static void ring_doorbell(struct iavf_txq *q)
{
	q->rung = q->next;
	writel(q->next, q->tail);
}

/* Close the group behind packets that were already put into the ring, with more to come or not. */
static noinline void flush(struct iavf_txq *q, bool more)
{
	bool ring = !more;

	if (q->sums.descs) {
		u16 last = (q->next ?: q->count) - 1;

		q->desc[last].qw1 |= cpu_to_le64(IAVF_TXD_RS);
		ring |= close_group(q, last, q->next, more);
	}
	if (ring && q->rung != q->next)
		ring_doorbell(q);
}

/*
 * Nothing of skb, which may be gone already, is in the ring; packets before it may wait there.
 * counter: of q->stats->xmit
 */
static noinline netdev_tx_t dropped(struct iavf_txq *q, struct sk_buff *skb, u64 *counter)
{
	iavf_count(&q->stats->xmit.syncp, counter, 1);
	dev_kfree_skb_any(skb);
	if (!netdev_xmit_more())
		flush(q, false);
	return NETDEV_TX_OK;
}

/* The packet's descriptors are written, but qw1 of the last one. */
static __always_inline netdev_tx_t finish(struct iavf_txq *q, struct sk_buff *skb, u16 last,
					  u64 qw1, unsigned int descs, unsigned int packets,
					  unsigned int bytes)
{
	bool more = netdev_xmit_more();

	q->next = following(q, last);
	q->avail -= descs;
	q->sums.descs += descs;
	q->sums.packets += packets;
	q->sums.bytes += bytes;
	skb_tx_timestamp(skb);
	if (unlikely(q->avail < MAX_DESCS) && maybe_stop(q))
		more = false;
	if (more) {
		q->desc[last].qw1 = cpu_to_le64(qw1);
		return NETDEV_TX_OK;
	}
	q->desc[last].qw1 = cpu_to_le64(qw1 | IAVF_TXD_RS);
	close_group(q, last, q->next, false);
	ring_doorbell(q);
	return NETDEV_TX_OK;
}

static noinline netdev_tx_t xmit_any(struct iavf_txq *q, struct sk_buff *skb)
{
	struct tx_work w = { .qw1 = IAVF_TXD_ICRC, .packets = 1 };
	struct iavf_xmit_stats *stats = &q->stats->xmit;
	unsigned int descs;
	int last, err = 0;
	u64 qw1;

	if (unlikely(skb->len < IAVF_TX_MIN_LEN) && skb_put_padto(skb, IAVF_TX_MIN_LEN))
		return dropped(q, NULL, &stats->no_memory);
	descs = packet_descs(skb);
	if (unlikely(descs >= IAVF_TX_MAX_BUFS) && too_scattered(skb, descs)) {
		if (skb_linearize(skb))
			return dropped(q, skb, &stats->no_memory);
		iavf_count(&stats->syncp, &stats->linearized, 1);
		descs = num_descs(skb->len);
	}
	if (unlikely(q->avail <= descs) && maybe_stop(q)) {
		iavf_count(&stats->syncp, &stats->busy, 1);
		flush(q, false);
		return NETDEV_TX_BUSY;
	}
	w.bytes = skb->len;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		err = setup_csum(skb, &w);
	if (!err && skb_vlan_tag_present(skb))
		err = setup_vlan(q, skb, &w);
	if (unlikely(err))
		return dropped(q, skb, err == -ENOMEM ? &stats->no_memory : &stats->bad_offload);
	if (unlikely(q->sums.descs + descs + 1 > GROUP_DESCS))
		flush(q, true);
	last = map_packet(q, skb, &w, &qw1);
	if (unlikely(last < 0))
		return dropped(q, skb, &stats->map_errors);
	return finish(q, skb, last, qw1, descs + !!w.ctx1, w.packets, w.bytes);
}

/* One buffer and no offload: what xmit_any() would do, without a look at what is not there. */
netdev_tx_t iavf_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct iavf_netdev *np = netdev_priv(netdev);
	struct iavf_txq *q = &np->queue[skb_get_queue_mapping(skb)].tx;
	unsigned int len = skb->len;
	struct iavf_tx_buf *buf;
	dma_addr_t dma;
	u16 i;

	if (skb->data_len || skb->ip_summed == CHECKSUM_PARTIAL || skb_vlan_tag_present(skb) ||
	    unlikely(len - IAVF_TX_MIN_LEN > IAVF_TXD_MAX_SIZE - IAVF_TX_MIN_LEN) ||
	    unlikely(q->avail <= 1) || unlikely(q->sums.descs == GROUP_DESCS))
		return xmit_any(q, skb);
	dma = map_head(q, skb, len);
	if (unlikely(dma_mapping_error(q->dev, dma)))
		return dropped(q, skb, &q->stats->xmit.map_errors);
	i = q->next;
	buf = &q->buf[i];
	buf->skb = skb;
	buf->dma = dma;
	buf->len = len;
	q->desc[i].addr = cpu_to_le64(dma);
	return finish(q, skb, i, IAVF_TXD_ICRC | IAVF_TXD_EOP | (u64)len << IAVF_TXD_SIZE_SHIFT,
		      1, 1, len);
}

static void wake(struct iavf_txq *q)
{
	smp_mb();	/* clean is published before; pairs with maybe_stop() */
	if (likely(!netif_tx_queue_stopped(q->txq)))
		return;
	if (num_free(q) < min_t(u16, WAKE_DESCS, q->count / 2))
		return;
	netif_tx_wake_queue(q->txq);
	iavf_count(&q->stats->tx.syncp, &q->stats->tx.restarts, 1);
}

/* Free what descriptors first to last hold; the index behind last. */
static __always_inline u16 free_group(struct iavf_txq *q, u16 first, u16 last, int budget)
{
	struct iavf_tx_buf *buf = &q->buf[first], *end = &q->buf[last], *wrap = &q->buf[q->count];

	for (;; buf = q->buf) {
		struct iavf_tx_buf *stop = buf <= end ? end + 1 : wrap;

		for (; buf < stop; buf++) {
			unmap(q, buf);
			if (buf->skb)
				napi_consume_skb(buf->skb, budget);
		}
		if (stop == end + 1)
			return following(q, last);
	}
}

/* Free what the device has sent. False when there may be more. */
bool iavf_tx_poll(struct iavf_txq *q, int budget)
{
	unsigned int packets = 0, bytes = 0;
	u16 i = q->clean;

	while (packets < POLL_PACKETS) {
		struct iavf_tx_buf *first = &q->buf[i];
		u16 rs = smp_load_acquire(&first->rs);	/* pairs with close_group() */

		if (rs == IAVF_NO_RS ||
		    (le64_to_cpu(READ_ONCE(q->desc[rs].qw1)) & IAVF_TXD_DTYPE) != IAVF_TXD_DONE)
			break;
		packets += first->packets;
		bytes += first->bytes;
		first->rs = IAVF_NO_RS;
		i = free_group(q, i, rs, budget);
	}
	if (!packets)
		return true;
	smp_store_release(&q->clean, i);	/* pairs with num_free() */
	u64_stats_update_begin(&q->stats->tx.syncp);
	q->stats->tx.packets += packets;
	q->stats->tx.bytes += bytes;
	u64_stats_update_end(&q->stats->tx.syncp);
	netdev_tx_completed_queue(q->txq, packets, bytes);
	wake(q);
	return packets < POLL_PACKETS;
}

bool iavf_rings_stalled(struct iavf_rings *rings, bool on)
{
	bool stalled = false;

	for (struct iavf_queue *pair = rings->queue; pair < rings->end && pair->tx.desc; pair++) {
		struct iavf_txq *q = &pair->tx;
		u16 clean = READ_ONCE(q->clean);

		if (!on || clean != q->seen || clean == READ_ONCE(q->next))
			q->since = 0;
		else if (!q->since)
			q->since = jiffies | 1;
		q->seen = clean;
		stalled |= q->since && time_after(jiffies, q->since + STALLED);
	}
	return stalled;
}

/* Nothing transmits and NAPI is off. */
void iavf_tx_drop_all(struct iavf_txq *q)
{
	unsigned int dropped = 0;

	for (u16 i = q->clean; i != q->next; i = following(q, i)) {
		unmap(q, &q->buf[i]);
		if (q->buf[i].skb) {
			dev_kfree_skb_any(q->buf[i].skb);
			dropped++;
		}
	}
	iavf_count(&q->stats->xmit.syncp, &q->stats->xmit.reset, dropped);
	memset(q->desc, 0, q->count * sizeof(*q->desc));
	for (u16 i = 0; i < q->count; i++)
		q->buf[i] = (struct iavf_tx_buf){ .rs = IAVF_NO_RS };
	q->next = 0;
	q->rung = 0;
	q->clean = 0;
	q->group = 0;
	q->sums = (struct iavf_tx_sums){};
	q->avail = q->count - 1;
	q->seen = 0;
	q->since = 0;
}

/* The length fields of the descriptors are narrow, and a tiny MSS is refused by the device. */
netdev_features_t iavf_features_check(struct sk_buff *skb, struct net_device *netdev,
				      netdev_features_t features)
{
	unsigned int eip_len = 0, nat_len = 0, ip_len;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return features;	/* nor need there be a transport header */
	ip_len = skb_network_header_len(skb);
	if (skb_is_gso(skb) && skb_shinfo(skb)->gso_size < IAVF_CTX_MIN_MSS)
		features &= ~NETIF_F_GSO_MASK;
	if (skb->encapsulation) {
		/* IP in IP has no layer 4 in between; its transport header is the inner one */
		const u16 inner = skb->inner_network_header;
		const u16 l4 = min(skb->transport_header, inner);

		eip_len = l4 - skb->network_header;
		nat_len = inner - l4;
		ip_len = skb_inner_network_header_len(skb);
	}
	if (likely(skb_network_offset(skb) <= IAVF_MAX_MACLEN && ip_len <= IAVF_MAX_IPLEN &&
		   eip_len <= IAVF_MAX_EIPLEN && nat_len <= IAVF_MAX_NATLEN))
		return features;
	return features & ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
}

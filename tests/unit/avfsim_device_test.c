// SPDX-License-Identifier: GPL-2.0-or-later
/* The whole device process over its vfio-user socket, with a client in the same process. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "avfsim_client.h"
#include "avfsim_packets.h"
#include "hw/parse.h"
#include "hw/regs.h"
#include "hw/txoff.h"
#include "test.h"

enum { OP_VERSION = 1 };

static struct sim *sim;
static struct client *a, *b;
static uint8_t frame[65000];
static uint64_t qw[4];
static uint8_t *buf;

/* Two VFs, both with mailbox and queues up; left over ones of a failed case go first. */
static void start(bool iommu)
{
	if (a)
		client_free(a);
	if (b)
		client_free(b);
	if (sim)
		client_sim_free(sim);
	sim = client_sim_new(2, iommu);
	a = client_new(sim, 0);
	b = client_new(sim, 1);
	client_mailbox_up(a);
	client_mailbox_up(b);
	client_queues_up(a, 32);
	client_queues_up(b, 32);
}

static uint64_t errors(void)
{
	return sim->report.errors.num;
}

static const struct hw_counters *count(const struct client *c)
{
	return &sim->vfs[c->vf].dev.n;
}

static void config_space(void)
{
	start(false);
	CHECK_EQ(client_config_read(a, 0, 4), 0x18898086);
	CHECK_EQ(client_config_read(a, 10, 2), 0x0200);
	/* Read-only bits stay, BARs answer with their size. */
	client_config_write(a, 0, 4, 0);
	CHECK_EQ(client_config_read(a, 0, 4), 0x18898086);
	client_config_write(a, 0x10, 4, 0xffffffff);
	CHECK_EQ(client_config_read(a, 0x10, 4), 0xfffe000c);
	client_config_write(a, 0x1c, 4, 0xffffffff);
	CHECK_EQ(client_config_read(a, 0x1c, 4), 0xffffc00c);
	CHECK_EQ(client_config_read(a, 0x34, 1), 0x70);
	CHECK_EQ(client_config_read(a, 0x70, 2), 0xa011);
	CHECK_EQ(client_config_read(a, 0xa0, 2), 0x0010);
	CHECK_EQ(client_config_read(a, 0xffc, 4), 0);
}

static void mailbox(void)
{
	const uint8_t version[8] = { 1, 0, 0, 0, 1 };
	uint8_t reply[16];
	int32_t status;
	uint32_t op;

	start(false);
	client_irqs(a, 0);
	client_mailbox_send(a, OP_VERSION, version, sizeof(version));
	CHECK_EQ(client_read(a, REG_ATQH), 1);
	client_wait_us(sim, 2000);
	CHECK_EQ(client_irqs(a, 0), 1);
	CHECK_EQ(client_read(a, REG_ICR01), ICR_ADMINQ);
	CHECK_EQ(client_read(a, REG_ICR01), 0);
	CHECK_EQ(client_read(a, REG_ICR0_ENA1), ICR_ADMINQ);
	CHECK_EQ(client_read(a, REG_ICR0_ENA1), 0);
	CHECK_EQ(client_mailbox_receive(a, &op, &status, reply, sizeof(reply)), 8);
	CHECK_EQ(op, OP_VERSION);
	CHECK_EQ(status, 0);
	CHECK(!memcmp(reply, version, 8));
	/* Masked: the next message's interrupt waits for both enables. */
	client_mailbox_send(a, OP_VERSION, version, sizeof(version));
	client_wait_us(sim, 2000);
	CHECK_EQ(client_irqs(a, 0), 0);
	client_write(a, REG_DYN_CTL01, 0x19);
	CHECK_EQ(client_irqs(a, 0), 0);
	client_write(a, REG_ICR0_ENA1, ICR_ADMINQ);
	CHECK_EQ(client_irqs(a, 0), 1);
	CHECK_EQ(errors(), 0);
}

static void mailbox_ring_full(void)
{
	struct device *dev;
	uint32_t op, seen = 0;
	uint8_t reply[16];
	int32_t status;

	start(false);
	dev = &sim->vfs[0].dev;
	for (uint32_t i = 0; i < 40; i++)
		device_send(dev, 1000 + i, 0, &i, sizeof(i));
	CHECK_EQ(dev->mbx.num_waiting, 9);
	while (client_mailbox_receive(a, &op, &status, reply, sizeof(reply)) >= 0)
		CHECK_EQ(op, 1000 + seen++);
	CHECK_EQ(seen, 40);
	for (uint32_t i = 0; i < 31 + MBX_WAITING + 1; i++)
		device_send(dev, 1000, 0, NULL, 0);
	CHECK(client_read(a, REG_ARQLEN) & MBX_LEN_OVFL);
	CHECK_EQ(dev->n.mbx_dropped_full, 1);
}

static size_t build_udp(size_t payload)
{
	size_t at = packet_eth(frame, 0x0800);

	at += packet_ipv4(frame + at, 17, 8 + payload);
	at += packet_udp(frame + at, 53, payload);
	packet_payload(frame + at, payload);
	packet_l4_csum(frame + 14, 20, 8 + payload, 6, 17);
	return at + payload;
}

static void a_frame(void)
{
	size_t len = build_udp(100);

	start(false);
	client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK(!memcmp(buf, frame, len));
	CHECK_EQ(FIELD64(qw[1], RX_LEN_SHIFT, 14), len);
	CHECK_EQ(FIELD64(qw[1], RX_PTYPE_SHIFT, 8), 24);
	CHECK_EQ(FIELD64(qw[1], RX_ERR_SHIFT, 8), 0);
	CHECK(qw[1] & RX_ST_EOF && qw[1] & RX_ST_L3L4P);
	CHECK_EQ(client_irqs(b, 1), 1);
	CHECK(client_tx_done(a, 0));
	CHECK(!client_receive(b, qw, &buf));
	/* A wrong checksum arrives and is told. */
	frame[len - 1] ^= 0x55;
	client_write(b, REG_DYN_CTLN(0), 0x19);
	client_write(a, REG_DYN_CTLN(0), 0x19);
	client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(FIELD64(qw[1], RX_ERR_SHIFT, 8), RX_ERR_L4E);
	CHECK_EQ(errors(), 0);
}

static void several_descriptors(void)
{
	size_t len = build_udp(5000);

	start(false);
	client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK(!(qw[1] & RX_ST_EOF));
	CHECK_EQ(FIELD64(qw[1], RX_LEN_SHIFT, 14), 2048);
	CHECK(client_receive(b, qw, &buf) && client_receive(b, qw, &buf));
	CHECK(qw[1] & RX_ST_EOF);
	CHECK_EQ(FIELD64(qw[1], RX_LEN_SHIFT, 14), len - 4096);
	CHECK(!memcmp(buf, frame + 4096, len - 4096));
	/* max_pkt_size counts. */
	sim->vfs[1].dev.rxq[0].max_pkt = 4000;
	client_transmit(a, frame, len, 0);
	CHECK_EQ(count(b)->rx_oversize, 1);
}

/* Without an armed vector fewer than four descriptors stay with the device. */
static void held_write_back(void)
{
	size_t len = build_udp(100);

	start(false);
	client_write(b, REG_DYN_CTLN(0), 0);
	client_transmit(a, frame, len, 0);
	client_transmit(a, frame, len, 0);
	client_transmit(a, frame, len, 0);
	CHECK(!client_receive(b, qw, &buf));
	client_write(b, REG_DYN_CTLN(0), DYN_WB_ON_ITR | 3 << 3);
	CHECK(client_receive(b, qw, &buf) && client_receive(b, qw, &buf) &&
	      client_receive(b, qw, &buf));
	CHECK_EQ(client_irqs(b, 1), 0);
	client_write(b, REG_DYN_CTLN(0), 0);
	client_transmit(a, frame, len, 0);
	CHECK(!client_receive(b, qw, &buf));
	client_write(b, REG_DYN_CTLN(0), DYN_INTENA | DYN_SWINT_TRIG | 3 << 3);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(client_irqs(b, 1), 1);
	/* The fourth one flushes by itself, still without an interrupt. */
	for (unsigned int i = 0; i < 4; i++)
		client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(client_irqs(b, 1), 0);
	client_write(b, REG_DYN_CTLN(0), 0x19);
	CHECK_EQ(client_irqs(b, 1), 1);
}

static void throttling(void)
{
	size_t len = build_udp(100);

	start(false);
	/* 4 ms on ITR 0, which the receive queue uses. */
	client_write(b, REG_DYN_CTLN(0), DYN_INTENA | 0 << 3 | 2000 << 5);
	client_transmit(a, frame, len, 0);
	CHECK_EQ(client_irqs(b, 1), 1);
	client_write(b, REG_DYN_CTLN(0), DYN_INTENA | 0 << 3 | 2000 << 5);
	client_transmit(a, frame, len, 0);
	CHECK_EQ(client_irqs(b, 1), 0);
	client_wait_us(sim, 6000);
	CHECK_EQ(client_irqs(b, 1), 1);
}

static void no_descriptors(void)
{
	size_t len = build_udp(100);

	start(false);
	for (unsigned int i = 0; i < 40; i++)
		client_transmit(a, frame, len, 0);
	CHECK_EQ(count(b)->rx_no_descriptor, 8);
	CHECK_EQ(count(b)->rx_packets, 32);
	device_rxq_stop(&sim->vfs[1].dev, 0);
	client_transmit(a, frame, len, 0);
	CHECK_EQ(count(b)->rx_queue_disabled, 1);
	CHECK_EQ(errors(), 0);
}

static void tso(void)
{
	const uint64_t ctx[2] = {
		0, TX_DTYPE_CTX | TX_CTX_TSO << 4 | 10000ull << 30 | 1448ull << 50,
	};
	const uint64_t qw1 = 3ull << 9 | 1ull << 12 | 7ull << 16 | 5ull << 23 | 5ull << 30;
	size_t at = packet_eth(frame, 0x0800), total = 0;
	unsigned int n = 0;
	struct pkt pkt;

	start(false);
	at += packet_ipv4(frame + at, 6, 0);
	at += packet_tcp(frame + at, 99, 0x18);
	packet_seed(frame + 14, 20, 0, 16, 6);
	packet_payload(frame + at, 10000);
	client_transmit_ctx(a, ctx, frame, at + 10000, qw1);
	client_write(b, REG_DYN_CTLN(0), 0x19);
	while (client_receive(b, qw, &buf)) {
		size_t len = FIELD64(qw[1], RX_LEN_SHIFT, 14);

		pkt_parse(&pkt, buf, len);
		CHECK(pkt.l4_checked && !pkt.l4_bad && !pkt.outer.bad_csum);
		CHECK_EQ(FIELD64(qw[1], RX_ERR_SHIFT, 8), 0);
		CHECK(!memcmp(buf + at, frame + at + total, len - at));
		total += len - at;
		n++;
	}
	CHECK_EQ(errors(), 0);
	CHECK_EQ(n, 7);
	CHECK_EQ(total, 10000);
}

static void vlan(void)
{
	struct pf_vsi *tx, *rx;
	const uint64_t ctx[2] = { 0x2064ull << 32, TX_DTYPE_CTX | TX_CTX_IL2TAG2 << 4 };
	size_t len = build_udp(100);

	start(false);
	tx = pf_vsi(sim->pf, 0);
	rx = pf_vsi(sim->pf, 1);
	memset(&tx->vlan, 0, sizeof(tx->vlan));
	memset(&rx->vlan, 0, sizeof(rx->vlan));
	client_transmit_ctx(a, ctx, frame, len, 0);
	CHECK_EQ(count(a)->tx_dropped_vlan_blocked, 1);
	tx->vlan.insert_tpid = 0x88a8;
	client_transmit_ctx(a, ctx, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(FIELD64(qw[1], RX_LEN_SHIFT, 14), len + 4);
	CHECK_EQ(get_be32(buf + 12), 0x88a82064);
	CHECK(!memcmp(buf, frame, 12) && !memcmp(buf + 16, frame + 12, len - 12));
	rx->vlan.strip_tpid = 0x88a8;
	client_write(b, REG_DYN_CTLN(0), 0x19);
	client_transmit_ctx(a, ctx, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(FIELD64(qw[1], RX_LEN_SHIFT, 14), len);
	CHECK_EQ(qw[2], 0x2064ull << 48 | RX_EXT_L2TAG2P);
	CHECK(!(qw[1] & RX_ST_L2TAG1P));
	/* Inner tag by the data descriptor, to L2TAG1. */
	tx->vlan = (struct pf_vlan_offload){ .inner_insert = true };
	rx->vlan = (struct pf_vlan_offload){ .inner_strip = true };
	client_write(b, REG_DYN_CTLN(0), 0x19);
	client_transmit(a, frame, len, TX_CMD_IL2TAG1 << 4 | 0x123ull << 48);
	CHECK(client_receive(b, qw, &buf));
	CHECK(qw[1] & RX_ST_L2TAG1P);
	CHECK_EQ(FIELD64(qw[0], 16, 16), 0x123);
	CHECK(!memcmp(buf, frame, len));
}

static void flex_descriptor(void)
{
	size_t len = build_udp(100);

	start(false);
	sim->vfs[1].dev.rxq[0].rxdid = RXDID_FLEX;
	client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(FIELD64(qw[0], 0, 8), 2);
	CHECK_EQ(FIELD64(qw[0], 16, 10), 24);
	CHECK_EQ(FIELD64(qw[0], 32, 14), len);
	CHECK_EQ(FIELD64(qw[1], 0, 16), RX_FLEX_DD | RX_FLEX_EOF | RX_FLEX_L3L4P);
}

/* RSS_REG: what is written is the VSI's, else it is only remembered. */
static void rss_registers(void)
{
	struct pf_vsi *vsi;

	start(false);
	vsi = pf_vsi(sim->pf, 1);
	memset(vsi->rss_lut, 7, sizeof(vsi->rss_lut));
	client_write(b, REG_HLUT(0), 0x03020100);
	CHECK_EQ(vsi->rss_lut[1], 7);
	vsi->rss_by_registers = true;
	client_write(b, REG_HLUT(15), 0x02020201);
	client_write(b, REG_HKEY(12), 0xddccbbaa);
	client_write(b, REG_HENA(1), 0x80000000);
	CHECK_EQ(vsi->rss_lut[1], 1);
	CHECK_EQ(vsi->rss_lut[60], 1);
	CHECK_EQ(vsi->rss_key[51], 0xdd);
	CHECK(vsi->rss_hena == 1ull << 63);
}

static void rss_spread(void)
{
	struct pf_vsi *vsi;
	size_t len;

	start(false);
	vsi = pf_vsi(sim->pf, 1);
	vsi->rss_hena = 1ull << 31;
	for (unsigned int i = 0; i < PF_RSS_KEY_SIZE; i++)
		vsi->rss_key[i] = i * 37 + 11;
	memset(vsi->rss_lut, 0, sizeof(vsi->rss_lut));
	len = build_udp(100);
	client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(FIELD64(qw[1], 12, 2), 3);
	CHECK(qw[0] >> 32);
	/* The table decides, and a queue that is not enabled drops. */
	memset(vsi->rss_lut, 3, sizeof(vsi->rss_lut));
	client_transmit(a, frame, len, 0);
	CHECK_EQ(count(b)->rx_queue_disabled, 1);
}

static bool error_says(const char *text)
{
	return errors() == 1 && strstr(sim->report.errors.messages[0], text);
}

static bool violation_says(const char *text)
{
	return sim->report.violations.num == 1 &&
	       strstr(sim->report.violations.messages[0], text);
}

static void dma_errors(void)
{
	size_t len = build_udp(100);

	start(false);
	/* A transmit buffer behind the end of memory. */
	put_le64(a->mem + MEM_TX_RING, CLIENT_MEM - 10);
	put_le64(a->mem + MEM_TX_RING + 8, 0x30 | (uint64_t)len << 34);
	client_write(a, REG_QTX_TAIL(0), 1);
	CHECK_EQ(errors(), 2);
	CHECK(strstr(sim->report.errors.messages[0], "Tx buffer"));
	CHECK(strstr(sim->report.errors.messages[0], "vf0"));

	start(false);
	/* A receive buffer that crosses it; that this frame would fit is no excuse. */
	put_le64(b->mem + MEM_RX_RING, CLIENT_MEM - 2000);
	client_transmit(a, frame, len, 0);
	CHECK(error_says("Rx buffer"));
	CHECK(!client_receive(b, qw, &buf));

	start(false);
	CHECK_EQ(client_unmap(b, 0, CLIENT_MEM), 0);
	client_transmit(a, frame, len, 0);
	CHECK(error_says("unmapped before"));

	start(false);
	client_write(a, REG_ATQBAH, 1);
	client_write(a, REG_ATQT, 1);
	CHECK(error_says("mailbox send ring"));
	CHECK(client_read(a, REG_ATQLEN) & MBX_LEN_CRIT);
}

static void read_only_map(void)
{
	size_t len = build_udp(100);

	start(false);
	CHECK_EQ(client_unmap(b, MEM_RX_BUF, 0x10000), 0);
	CHECK_EQ(client_map(b, MEM_RX_BUF, 0x10000, VFIO_DMA_MAP_FLAG_READ, MEM_RX_BUF), 0);
	client_transmit(a, frame, len, 0);
	CHECK(error_says("read-only"));
}

static void malicious_descriptors(void)
{
	size_t len = build_udp(100);

	start(false);
	client_transmit(a, frame, 16, 0);
	CHECK(error_says("shorter than 17"));
	start(false);
	client_transmit(a, frame, len, 9);
	CHECK(error_says("descriptor type"));
	start(false);
	client_transmit(a, frame, 10000, 0);
	CHECK(error_says("longer than 9728"));
	start(false);
	for (unsigned int i = 0; i < 9; i++) {
		put_le64(a->mem + MEM_TX_RING + i * 16, MEM_TX_BUF);
		put_le64(a->mem + MEM_TX_RING + i * 16 + 8, (i == 8 ? 0x30 : 0) | 20ull << 34);
	}
	client_write(a, REG_QTX_TAIL(0), 9);
	CHECK(error_says("more than 8 buffers"));
	/* The queue is dead until it is started again. */
	client_write(a, REG_QTX_TAIL(0), 10);
	CHECK_EQ(errors(), 1);
}

static void check_fresh(struct client *c)
{
	CHECK_EQ(client_read(c, REG_RSTAT) & 3, RSTAT_VFACTIVE);
	CHECK_EQ(client_read(c, REG_ARQLEN), 0);
	CHECK_EQ(client_read(c, REG_ATQLEN), 0);
	CHECK_EQ(client_read(c, REG_ATQT), 0);
	CHECK_EQ(client_config_read(c, 4, 2) & 4, 0);
}

/* Half a packet waits for its rest, but nobody hands one over. */
static void split_doorbell(void)
{
	size_t len = build_udp(100);

	start(false);
	memcpy(a->mem + MEM_TX_BUF, frame, len);
	put_le64(a->mem + MEM_TX_RING, MEM_TX_BUF);
	put_le64(a->mem + MEM_TX_RING + 8, 50ull << 34);
	put_le64(a->mem + MEM_TX_RING + 16, MEM_TX_BUF + 50);
	put_le64(a->mem + MEM_TX_RING + 24, 0x30 | (uint64_t)(len - 50) << 34);
	client_write(a, REG_QTX_TAIL(0), 1);
	CHECK(!client_receive(b, qw, &buf));
	CHECK(error_says("tail 1 is in the middle of a packet"));
	client_write(a, REG_QTX_TAIL(0), 2);
	CHECK(client_receive(b, qw, &buf));
	CHECK(!memcmp(buf, frame, len));
	CHECK_EQ(errors(), 1);
}

static void tx_tail_range(void)
{
	size_t len = build_udp(100);

	start(false);
	client_write(a, REG_QTX_TAIL(0), CLIENT_RING_LEN);
	CHECK(error_says("tail 64 is outside of the ring of 64"));

	/* All bits count, not only those of a ring index. */
	start(false);
	client_write(a, REG_QTX_TAIL(0), 0x10000);
	CHECK(error_says("tail 65536 is outside of the ring of 64"));

	start(false);
	client_config_write(a, 4, 2, 2);
	client_write(a, REG_QTX_TAIL(0), CLIENT_RING_LEN);
	CHECK(error_says("outside of the ring"));

	/* Every index is good for a driver that keeps order, and so is a tail that says nothing new. */
	start(false);
	for (unsigned int i = 0; i < 4 * CLIENT_RING_LEN; i++) {
		client_transmit(a, frame, len, 0);
		client_write(a, REG_QTX_TAIL(0), a->tx_next);
	}
	CHECK_EQ(count(a)->tx_packets, 4 * CLIENT_RING_LEN);
	CHECK_EQ(errors(), 0);
	CHECK_EQ(sim->report.violations.num, 0);
}

static void transmit_some(unsigned int num)
{
	size_t len = build_udp(100);

	start(false);
	for (unsigned int i = 0; i < num; i++)
		client_transmit(a, frame, len, 0);
	CHECK_EQ(errors(), 0);
}

static void tx_tail_stale(void)
{
	/* Nothing was ever posted there. */
	start(false);
	client_write(a, REG_QTX_TAIL(0), 5);
	CHECK(error_says("descriptor 0: buffer of 0 bytes"));
	transmit_some(2);
	client_write(a, REG_QTX_TAIL(0), 5);
	CHECK(error_says("descriptor 2: buffer of 0 bytes"));

	/* Posted in the round before, sent, told and not posted again. */
	transmit_some(CLIENT_RING_LEN + 8);
	client_write(a, REG_QTX_TAIL(0), 10);
	CHECK(error_says("descriptor 8: sent before and not posted again"));

	/* Backwards: round the ring, over descriptors that were not told to be sent. */
	transmit_some(CLIENT_RING_LEN + 7);
	CHECK(!client_tx_done(a, 6));
	client_write(a, REG_QTX_TAIL(0), 6);
	CHECK(error_says("tail 6 takes descriptors back that are still posted"));
	CHECK_EQ(count(a)->tx_packets, CLIENT_RING_LEN + 7);
	/* Backwards to what was told. */
	transmit_some(CLIENT_RING_LEN + 8);
	client_write(a, REG_QTX_TAIL(0), 2);
	CHECK(error_says("descriptor 8: sent before and not posted again"));
}

/* A queue that is off keeps no tail; only one that the driver itself switched off is its fault. */
static void tx_tail_off(void)
{
	struct pf_vsi *vsi;

	start(false);
	vsi = pf_vsi(sim->pf, 0);
	device_txq_stop(&sim->vfs[0].dev, 0);
	vsi->txq[0].len = 0;
	client_write(a, REG_QTX_TAIL(0), 1008);
	CHECK_EQ(count(a)->tx_doorbell_disabled, 1);
	CHECK_EQ(sim->report.violations.num, 0);
	vsi->txq[0].len = CLIENT_RING_LEN;
	client_write(a, REG_QTX_TAIL(0), 1008);
	CHECK(violation_says("Tx tail 1008 of queue 0"));
	device_txq_start(&sim->vfs[0].dev, 0);
	CHECK_EQ(client_read(a, REG_QTX_TAIL(0)), 0);
	CHECK_EQ(count(a)->tx_doorbell_disabled, 2);
	CHECK_EQ(count(a)->tx_packets, 0);
	CHECK_EQ(errors(), 0);
}

static void rx_tail_range(void)
{
	size_t len = build_udp(100);

	start(false);
	client_write(b, REG_QRX_TAIL(0), CLIENT_RING_LEN - 1);
	CHECK_EQ(errors(), 0);
	client_write(b, REG_QRX_TAIL(0), CLIENT_RING_LEN);
	CHECK(error_says("vf1: Rx queue 0: tail 64 is outside of the ring of 64"));
	/* With such a tail nothing is posted. */
	client_transmit(a, frame, len, 0);
	CHECK_EQ(count(b)->rx_no_descriptor, 1);
	client_write(b, REG_QRX_TAIL(0), 32);
	client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(errors(), 1);

	start(false);
	client_write(b, REG_QRX_TAIL(0), 0x10008);
	CHECK(error_says("tail 65544 is outside of the ring of 64"));
	CHECK_EQ(client_read(b, REG_QRX_TAIL(0)), 0x10008);
}

/* Only what a tail is when the queue is enabled counts: drivers write it before op 6, too. */
static void rx_tail_off(void)
{
	struct pf_rxq *rxq;

	start(false);
	rxq = &pf_vsi(sim->pf, 1)->rxq[0];
	device_rxq_stop(&sim->vfs[1].dev, 0);
	/* As after a reset: the PF knows no ring. */
	rxq->len = 0;
	client_write(b, REG_QRX_TAIL(0), 1008);
	CHECK_EQ(sim->report.violations.num, 0);
	/* For the ring of another length that is still configured, or for the next one? */
	rxq->len = CLIENT_RING_LEN;
	client_write(b, REG_QRX_TAIL(0), 1008);
	CHECK(violation_says("Rx tail 1008 of queue 0"));
	rxq->len = 1024;
	device_rxq_start(&sim->vfs[1].dev, 0);
	CHECK_EQ(errors(), 0);
	/* A tail of a long ring that a shorter one inherits. */
	device_rxq_stop(&sim->vfs[1].dev, 0);
	rxq->len = 512;
	device_rxq_start(&sim->vfs[1].dev, 0);
	CHECK(error_says("Rx queue 0: enabled with tail 1008, outside of the ring of 512"));
	CHECK_EQ(sim->report.violations.num, 1);
}

/* A tail does not survive a reset: what is written behind it is for rings to come. */
static void tails_and_resets(void)
{
	start(false);
	client_write(b, REG_QRX_TAIL(0), 56);
	client_config_write(b, 0xa0 + 8, 2, 0x8000);
	client_wait_us(sim, 5000);
	check_fresh(b);
	CHECK_EQ(client_read(b, REG_QRX_TAIL(0)), 0);
	client_write(b, REG_QRX_TAIL(0), 1008);
	client_write(b, REG_QTX_TAIL(0), 1008);
	CHECK_EQ(errors(), 0);
	CHECK_EQ(sim->report.violations.num, 0);
}

static void resets(void)
{
	const uint8_t version[8] = { 1, 0, 0, 0, 1 };
	size_t len = build_udp(100);
	uint8_t reply[16];
	int32_t status;
	uint32_t op;

	start(false);
	CHECK_EQ(pf_set_reset_time(sim->pf, 20000000), 0);
	client_config_write(a, 0xa0 + 8, 2, 0x8000);
	CHECK_EQ(client_read(a, REG_RSTAT), 0);
	CHECK_EQ(client_read(a, REG_ARQLEN), 0);
	CHECK_EQ(client_read(a, REG_QTX_TAIL(0)), REG_DEAD);
	client_transmit(b, frame, len, 0);
	client_write(a, REG_ATQT, 3);
	CHECK_EQ(count(a)->reg_writes_in_reset, 1);
	client_wait_us(sim, 40000);
	check_fresh(a);
	/* A doorbell before bus mastering is back. */
	client_write(a, REG_ATQLEN, 32 | MBX_LEN_ENABLE);
	client_write(a, REG_ATQT, 1);
	CHECK(violation_says("bus mastering is off"));
	client_write(a, REG_ATQT, 0);
	client_mailbox_up(a);
	client_mailbox_send(a, OP_VERSION, version, sizeof(version));
	client_wait_us(sim, 2000);
	CHECK_EQ(client_mailbox_receive(a, &op, &status, reply, sizeof(reply)), 8);
	CHECK_EQ(client_call(a, 13, NULL, 0, -1, NULL, 0), 0);
	client_wait_us(sim, 40000);
	check_fresh(a);
	CHECK_EQ(errors(), 0);
}

static void bus_master_off(void)
{
	size_t len = build_udp(100);

	start(false);
	client_config_write(b, 4, 2, 2);
	client_transmit(a, frame, len, 0);
	CHECK(!client_receive(b, qw, &buf));
	CHECK_EQ(count(b)->rx_dma, 1);
	CHECK_EQ(errors(), 0);
	client_transmit(b, frame, len, 0);
	CHECK(violation_says("bus mastering is off"));
}

static void surprise_removal(void)
{
	start(false);
	sim->vfs[0].dev.gone = true;
	CHECK_EQ(client_read(a, REG_RSTAT), 0xffffffff);
	CHECK_EQ(client_config_read(a, 0, 4), 0xffffffff);
}

static void live_ring_unmapped(void)
{
	start(true);
	CHECK_EQ(client_unmap(a, MEM_TX_RING, 0x1000), 0);
	CHECK_EQ(sim->report.violations.num, 1);
	CHECK(strstr(sim->report.violations.messages[0], "Tx ring 0"));
}

static void refused_commands(void)
{
	struct vfio_irq_set set = { .argsz = sizeof(set), .index = 2, .start = 17, .count = 1,
				    .flags = 0x21 };
	uint8_t rw[20] = { 0 };

	start(false);
	CHECK_EQ(client_call(a, 6, NULL, 0, -1, NULL, 0), ENOTSUP);
	CHECK_EQ(client_call(a, 11, NULL, 0, -1, NULL, 0), ENOTSUP);
	CHECK_EQ(client_call(a, 99, rw, 7, -1, NULL, 0), ENOTSUP);
	CHECK_EQ(client_call(a, 8, &set, sizeof(set), -1, NULL, 0), EINVAL);
	set.start = 0xffffffff;
	set.count = 2;
	CHECK_EQ(client_call(a, 8, &set, sizeof(set), -1, NULL, 0), EINVAL);
	CHECK_EQ(client_call(a, 8, &set, 3, -1, NULL, 0), EINVAL);
	put_le64(rw, PCI_BAR0_SIZE - 2);
	put_le32(rw + 12, 4);
	CHECK_EQ(client_call(a, 9, rw, 16, -1, NULL, 0), EINVAL);
	put_le64(rw, UINT64_MAX - 1);
	CHECK_EQ(client_call(a, 9, rw, 16, -1, NULL, 0), EINVAL);
	put_le64(rw, 0);
	put_le32(rw + 12, 0xffffffff);
	CHECK_EQ(client_call(a, 9, rw, 16, -1, NULL, 0), EINVAL);
	/* A write that carries less than it says. */
	put_le32(rw + 12, 8);
	CHECK_EQ(client_call(a, 10, rw, 20, -1, NULL, 0), EINVAL);
	/* Still alive, and a descriptor nobody asked for does no harm. */
	CHECK_EQ(client_call(a, 4, NULL, 0, a->memfd, NULL, 0), 0);
	CHECK_EQ(client_read(a, REG_RSTAT), RSTAT_VFACTIVE);
	CHECK_EQ(client_map(a, 0x100, 0x100, 3, 0), EEXIST);
}

static void garbage(void)
{
	uint8_t bytes[64];

	start(false);
	memset(bytes, 0xff, sizeof(bytes));
	client_send(a, bytes, sizeof(bytes), -1);
	client_settle(sim);
	CHECK_EQ(client_call(a, 4, NULL, 0, -1, NULL, 0), -1);
	CHECK(!vfu_connected(sim->vfs[0].vfu));
	CHECK_EQ(vfu_bad_messages(sim->vfs[0].vfu), 1);
	/* The next client finds a device after power-on. */
	client_free(a);
	client_wait_us(sim, 5000);
	a = client_new(sim, 0);
	check_fresh(a);
	/* A message in single bytes. */
	memset(bytes, 0, 16);
	bytes[2] = 4;
	bytes[4] = 16;
	for (unsigned int i = 0; i < 15; i++) {
		client_send(a, bytes + i, 1, -1);
		client_settle(sim);
	}
	a->next_id = 0xffff;
	client_send(a, bytes + 15, 1, -1);
	client_settle(sim);
	CHECK_EQ(recv(a->fd, bytes, sizeof(bytes), MSG_DONTWAIT), 32);
}

/* Random registers and values: only errors and violations may come of it, no crash. */
static void random_registers(void)
{
	static const uint32_t regs[] = {
		REG_QTX_TAIL(0), REG_QRX_TAIL(0), REG_DYN_CTLN(0), REG_DYN_CTL01, REG_ICR0_ENA1,
		REG_ATQH, REG_ATQT, REG_ATQLEN, REG_ATQBAL, REG_ARQH, REG_ARQT, REG_ARQLEN,
		REG_ARQBAL, REG_ARQBAH, REG_ICR01, REG_ITRN(0, 0), REG_QTX_TAIL(15), 0x1fffc,
	};

	int out = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	start(false);
	/* Hundreds of sentences are right here; nobody wants to read them. */
	dup2(null, STDERR_FILENO);
	close(null);
	srand(3);
	for (unsigned int i = 0; i < 4000; i++) {
		uint32_t reg = regs[(size_t)rand() % (sizeof(regs) / sizeof(regs[0]))];
		uint32_t value = (uint32_t)rand() << (rand() % 3 * 8);

		if (rand() % 4)
			value &= 0x3f;
		if (rand() % 8)
			client_write(a, reg, value);
		else
			client_read(a, reg);
		a->mem[MEM_TX_RING + rand() % 1024] = (uint8_t)rand();
		a->mem[MEM_ATQ + rand() % 1024] = (uint8_t)rand();
		if (!(i % 50)) {
			client_mailbox_up(a);
			client_queues_up(a, 32);
		}
	}
	dup2(out, STDERR_FILENO);
	close(out);
	CHECK(vfu_connected(sim->vfs[0].vfu));
}

/* Rules by which the device lies */

static void rule(const char *text)
{
	CHECK(faults_add(sim->faults, text, NULL) > 0);
}

static void receive_one(const char *text)
{
	size_t len = build_udp(100);

	start(false);
	rule(text);
	client_transmit(a, frame, len, 0);
	CHECK(client_receive(b, qw, &buf));
	CHECK_EQ(count(b)->lies, 1);
	CHECK_EQ(errors(), 0);
}

static void rx_lies(void)
{
	size_t len = build_udp(100);

	receive_one("rx=length:16383 vf=1");
	CHECK_EQ(FIELD64(qw[1], RX_LEN_SHIFT, 14), 16383);
	receive_one("rx=ptype:255 vf=1");
	CHECK_EQ(FIELD64(qw[1], RX_PTYPE_SHIFT, 8), 255);
	CHECK_EQ(FIELD64(qw[1], RX_LEN_SHIFT, 14), len);
	receive_one("rx=errors:0xff vf=1");
	CHECK_EQ(FIELD64(qw[1], RX_ERR_SHIFT, 8), 255);
	receive_one("rx=tags:0x1234 vf=1");
	CHECK(qw[1] & RX_ST_L2TAG1P && qw[2] & RX_EXT_L2TAG2P && qw[2] >> 48 == 0x1234);
	receive_one("rx=no-eof vf=1");
	CHECK(!(qw[1] & RX_ST_EOF));
	receive_one("rx=garbage vf=1");
	receive_one("rx=chain:3 vf=1");
	for (int i = 0; i < 3; i++)
		CHECK(!(qw[1] & RX_ST_EOF) && client_receive(b, qw, &buf));
	CHECK(qw[1] & RX_ST_EOF);
	receive_one("rx=twice vf=1");
	CHECK_EQ(count(b)->rx_lied, 1);
	CHECK(memcmp(b->mem + MEM_RX_RING + 63 * RX_DESC_SIZE + 8, "\0\0\0\0", 4));
	receive_one("rx=ahead:2 vf=1");
	CHECK(b->mem[MEM_RX_RING + 32 * RX_DESC_SIZE + 8] & 3);
	start(false);
	rule("rx=never vf=1");
	client_transmit(a, frame, len, 0);
	CHECK(!client_receive(b, qw, &buf));
	rule("rx=deaf vf=1");
	client_transmit(a, frame, len, 0);
	CHECK_EQ(count(b)->rx_deaf, 1);
}

static void tx_lies(void)
{
	static const char *const rules[] = {
		"tx=never", "tx=twice", "tx=ahead", "tx=wrong", "tx=garbage:64",
	};
	size_t len = build_udp(100);

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		start(false);
		rule(rules[i]);
		client_transmit(a, frame, len, 0);
		CHECK_EQ(count(a)->tx_lied, 1);
		CHECK(i || !client_tx_done(a, 0));
		/* Its own lies are not the driver's errors, and it goes on. */
		for (int k = 0; k < 200; k++)
			client_transmit(a, frame, len, 0);
		CHECK_EQ(errors(), 0);
		CHECK_EQ(count(a)->tx_packets, 201);
	}
	start(false);
	rule("doorbell=lost");
	client_transmit(a, frame, len, 0);
	CHECK_EQ(count(a)->tx_packets, 0);
	client_transmit(a, frame, len, 0);
	CHECK_EQ(count(a)->tx_packets, 2);
}

static void mailbox_lies(void)
{
	uint8_t payload[16] = { 0 };
	uint8_t *desc;

	start(false);
	desc = a->mem + MEM_ARQ;
	rule("arq=datalen:65535");
	rule("arq=empty");
	rule("read=arqh:0x3ff");
	for (int i = 0; i < 2; i++)
		device_send(&sim->vfs[0].dev, 99, 0, payload, sizeof(payload));
	CHECK(desc[4] == 255 && desc[5] == 255 && desc[0] & MBX_FLAG_DD);
	CHECK(!(desc[MBX_DESC_SIZE] & MBX_FLAG_DD));
	CHECK_EQ(client_read(a, REG_ARQH), 0x3ff);
	CHECK_EQ(client_read(a, REG_ARQH), 2);
	CHECK_EQ(errors(), 0);
}

static unsigned int num_fds(const struct client *c)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < PF_MAX_VECTORS; i++)
		n += sim->vfs[c->vf].dev.irqs.v[i].fd >= 0;
	return n;
}

static void irq_lies(void)
{
	size_t len = build_udp(100);

	start(false);
	rule("irq=lost vf=1");
	client_transmit(a, frame, len, 0);
	CHECK_EQ(client_irqs(b, 1), 0);
	CHECK_EQ(count(b)->irqs_lost, 1);
	rule("storm=10000 vf=1 count=20");
	for (int i = 0; i < 1000 && count(b)->irqs_storm < 20 * num_fds(b); i++)
		client_wait_us(sim, 1000);
	CHECK(client_irqs(b, 2) >= 1);
	CHECK_EQ(client_irqs(a, 2), 0);
	CHECK_EQ(count(b)->irqs_storm, 20 * num_fds(b));
}

static void finish(void)
{
	client_free(a);
	client_free(b);
	client_sim_free(sim);
	a = b = NULL;
	sim = NULL;
}

static const struct test_case cases[] = {
	{ "rx_lies", rx_lies },
	{ "tx_lies", tx_lies },
	{ "mailbox_lies", mailbox_lies },
	{ "irq_lies", irq_lies },
	{ "device: configuration space", config_space },
	{ "device: mailbox and vector 0", mailbox },
	{ "device: mailbox ring full", mailbox_ring_full },
	{ "device: a frame from VF to VF", a_frame },
	{ "device: a frame in several descriptors", several_descriptors },
	{ "device: write-back held below four", held_write_back },
	{ "device: interrupt throttling", throttling },
	{ "device: no descriptors, no queue", no_descriptors },
	{ "device: TSO", tso },
	{ "device: VLAN insertion and stripping", vlan },
	{ "device: flexible descriptor", flex_descriptor },
	{ "device: RSS", rss_spread },
	{ "device: RSS by registers", rss_registers },
	{ "device: DMA out of bounds", dma_errors },
	{ "device: read-only map", read_only_map },
	{ "device: malicious descriptors", malicious_descriptors },
	{ "device: a packet over two doorbells", split_doorbell },
	{ "device: Tx tail out of range", tx_tail_range },
	{ "device: stale Tx tail", tx_tail_stale },
	{ "device: Tx tail while the queue is off", tx_tail_off },
	{ "device: Rx tail out of range", rx_tail_range },
	{ "device: Rx tail while the queue is off", rx_tail_off },
	{ "device: tails and resets", tails_and_resets },
	{ "device: function level resets", resets },
	{ "device: bus mastering off", bus_master_off },
	{ "device: surprise removal", surprise_removal },
	{ "device: live ring unmapped", live_ring_unmapped },
	{ "device: refused commands", refused_commands },
	{ "device: garbage", garbage },
	{ "device: random registers", random_registers },
	{ "device: end", finish },
};

TEST_MAIN(cases)

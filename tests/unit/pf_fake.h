/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A driver's and a hardware's end of the PF model for tests: keeps what was sent, checks that
 * orders make sense, and has a call for each message. One global context: one case at a time.
 */
#ifndef PF_FAKE_H
#define PF_FAKE_H

#include <endian.h>
#include <stdbool.h>

#include "faults/faults.h"
#include "pf/pf.h"
#include "virtchnl/opcodes.h"
#include "virtchnl/wire.h"

#include "test.h"

#define FAKE_MSGS	4096
#define CAPS_ALL	UINT32_MAX
#define CAPS_NO_V2	(UINT32_MAX & ~VIRTCHNL_CAP_VLAN_V2)
#define MS		UINT64_C(1000000)
#define US		UINT64_C(1000)

struct fake_msg {
	unsigned int vf;
	uint32_t opcode;
	int32_t status;
	size_t len;
	uint8_t data[256];
	uint64_t time;
};

struct fake_vf {
	bool dead;
	unsigned int resets, dones;
	enum pf_reset_kind kind;
	uint32_t tx_live, rx_live;
	unsigned int sent_while_dead, bad_orders;
	uint16_t vsi_id;
};

static struct {
	struct pf *pf;
	struct faults *faults;
	uint64_t now;
	struct fake_msg msgs[FAKE_MSGS];
	unsigned int head, tail;
	struct fake_vf vf[PF_MAX_VFS];
	unsigned int traces;
	char last_fault[32];
	char last_violation[200];
} fake;

static inline void fake_send(void *ctx, unsigned int vf, uint32_t opcode, int32_t status,
			     const void *payload, size_t len)
{
	struct fake_msg *m = &fake.msgs[fake.tail++ % FAKE_MSGS];

	if (fake.vf[vf].dead)
		fake.vf[vf].sent_while_dead++;
	*m = (struct fake_msg){ .vf = vf, .opcode = opcode, .status = status, .len = len,
				.time = fake.now };
	if (len)
		memcpy(m->data, payload, len < sizeof(m->data) ? len : sizeof(m->data));
}

static inline void fake_txq_start(void *ctx, unsigned int vf, unsigned int q)
{
	struct fake_vf *v = &fake.vf[vf];

	v->bad_orders += v->dead || v->tx_live >> q & 1 || !pf_vsi(fake.pf, vf)->txq[q].len;
	v->tx_live |= 1u << q;
}

static inline void fake_rxq_start(void *ctx, unsigned int vf, unsigned int q)
{
	struct fake_vf *v = &fake.vf[vf];
	const struct pf_rxq *rxq = &pf_vsi(fake.pf, vf)->rxq[q];

	v->bad_orders += v->dead || v->rx_live >> q & 1 || !rxq->len || !rxq->buf_size;
	v->rx_live |= 1u << q;
}

static inline void fake_txq_stop(void *ctx, unsigned int vf, unsigned int q)
{
	fake.vf[vf].tx_live &= ~(1u << q);
}

static inline void fake_rxq_stop(void *ctx, unsigned int vf, unsigned int q)
{
	fake.vf[vf].rx_live &= ~(1u << q);
}

static inline void fake_reset_begin(void *ctx, unsigned int vf, enum pf_reset_kind kind)
{
	struct fake_vf *v = &fake.vf[vf];

	v->dead = true;
	v->kind = kind;
	v->resets++;
	v->tx_live = v->rx_live = 0;
}

static inline void fake_reset_done(void *ctx, unsigned int vf)
{
	fake.vf[vf].bad_orders += !fake.vf[vf].dead;
	fake.vf[vf].dead = false;
	fake.vf[vf].dones++;
}

static inline void fake_trace(void *ctx, unsigned int vf, bool from_vf, uint32_t opcode,
			      int32_t status, const void *payload, size_t len, const char *fault)
{
	fake.traces++;
	if (fault)
		snprintf(fake.last_fault, sizeof(fake.last_fault), "%s", fault);
}

static inline void fake_violation(void *ctx, unsigned int vf, const char *what)
{
	snprintf(fake.last_violation, sizeof(fake.last_violation), "%s", what);
}

static const struct pf_hw fake_hw = {
	.send = fake_send,
	.txq_start = fake_txq_start,
	.rxq_start = fake_rxq_start,
	.txq_stop = fake_txq_stop,
	.rxq_stop = fake_rxq_stop,
	.reset_begin = fake_reset_begin,
	.reset_done = fake_reset_done,
	.trace = fake_trace,
};

static inline void fake_fini(void)
{
	pf_free(fake.pf);
	faults_free(fake.faults);
	memset(&fake, 0, sizeof(fake));
}

/* A case that failed has left its own behind: fini first. */
static inline void fake_init(const struct pf_config *config)
{
	fake_fini();
	fake.now = 1000 * MS;
	fake.faults = faults_new();
	fake.pf = pf_new(config, &fake_hw, fake.faults);
	CHECK(fake.pf);
	pf_on_violation(fake.pf, fake_violation, NULL);
}

static inline void fake_default(bool untrusted)
{
	const struct pf_config config = {
		.profile = "ice-dvm", .num_vfs = 2, .num_queues = 4, .untrusted = untrusted,
	};

	fake_init(&config);
}

static inline uint64_t fake_run(uint64_t ns)
{
	fake.now += ns;
	return pf_run(fake.pf, fake.now);
}

static inline void fake_post(unsigned int vf, uint32_t opcode, const void *msg, size_t len)
{
	pf_receive(fake.pf, fake.now, vf, opcode, msg, len);
}

static inline unsigned int fake_pending(void)
{
	return fake.tail - fake.head;
}

/* The next message that came; one with opcode 0 if there is none. */
static inline struct fake_msg fake_get(void)
{
	static const struct fake_msg none = { .status = -1 };

	return fake.head == fake.tail ? none : fake.msgs[fake.head++ % FAKE_MSGS];
}

/* Send, serve, and give the reply, which must be the next message and of this opcode. */
static inline struct fake_msg fake_call(unsigned int vf, uint32_t opcode, const void *msg,
					size_t len)
{
	struct fake_msg reply;

	fake_post(vf, opcode, msg, len);
	fake_run(0);
	reply = fake_get();
	CHECK_EQ(reply.opcode, opcode);
	CHECK_EQ(reply.vf, vf);
	return reply;
}

static inline int32_t fake_status(unsigned int vf, uint32_t opcode, const void *msg, size_t len)
{
	return fake_call(vf, opcode, msg, len).status;
}

static inline struct virtchnl_pf_event fake_event(void)
{
	struct fake_msg msg = fake_get();
	struct virtchnl_pf_event event;

	CHECK_EQ(msg.opcode, VIRTCHNL_OP_EVENT);
	CHECK_EQ(msg.len, sizeof(event));
	memcpy(&event, msg.data, sizeof(event));
	return event;
}

static inline struct virtchnl_vf_resource *fake_resources(struct fake_msg *reply)
{
	return (struct virtchnl_vf_resource *)reply->data;
}

static inline struct fake_msg fake_get_resources(unsigned int vf, uint32_t caps)
{
	uint32_t wire = htole32(caps);
	struct fake_msg reply = fake_call(vf, VIRTCHNL_OP_GET_VF_RESOURCES, &wire, sizeof(wire));

	CHECK_EQ(fake_event().event, htole32(VIRTCHNL_EVENT_LINK_CHANGE));
	if (!reply.status)
		fake.vf[vf].vsi_id = le16toh(fake_resources(&reply)->vsi_res[0].vsi_id);
	return reply;
}

static inline void fake_version(unsigned int vf)
{
	struct virtchnl_version_info version = { htole32(1), htole32(1) };

	CHECK_EQ(fake_status(vf, VIRTCHNL_OP_VERSION, &version, sizeof(version)), 0);
}

/* Version, resources, VLAN abilities. */
static inline void fake_up(unsigned int vf)
{
	fake_version(vf);
	CHECK_EQ(fake_get_resources(vf, CAPS_ALL).status, 0);
	CHECK_EQ(fake_status(vf, VIRTCHNL_OP_GET_OFFLOAD_VLAN_V2_CAPS, NULL, 0), 0);
}

/* A message with room for its elements; .len is what goes on the wire. */
struct fake_buf {
	size_t len;
	union {
		uint8_t data[PF_MSG_MAX];
		struct virtchnl_vsi_queue_config_info queues;
		struct virtchnl_irq_map_info irqs;
		struct virtchnl_ether_addr_list macs;
		struct virtchnl_vlan_filter_list_v2 vlans;
		struct virtchnl_rss_key key;
		struct virtchnl_rss_lut lut;
	};
};

static inline int32_t fake_buf_status(unsigned int vf, uint32_t opcode, const struct fake_buf *b)
{
	return fake_status(vf, opcode, b->data, b->len);
}

static inline struct fake_buf fake_queues(unsigned int vf, unsigned int n)
{
	struct fake_buf b = { .len = virtchnl_len_vsi_queues(n) };
	uint16_t vsi = htole16(fake.vf[vf].vsi_id);

	b.queues.vsi_id = vsi;
	b.queues.num_queue_pairs = htole16(n);
	for (unsigned int i = 0; i < n; i++) {
		b.queues.qpair[i].txq = (struct virtchnl_txq_info){
			.vsi_id = vsi, .queue_id = htole16(i), .ring_len = htole16(512),
			.dma_ring_addr = htole64(0x100000 + i * 0x10000),
		};
		b.queues.qpair[i].rxq = (struct virtchnl_rxq_info){
			.vsi_id = vsi, .queue_id = htole16(i), .ring_len = htole32(256),
			.databuffer_size = htole32(2048), .max_pkt_size = htole32(1526),
			.dma_ring_addr = htole64(0x200000 + i * 0x10000),
		};
	}
	return b;
}

static inline struct fake_buf fake_irqs(unsigned int vf, unsigned int n)
{
	struct fake_buf b = { .len = virtchnl_len_irq_map(n) };

	b.irqs.num_vectors = htole16(n);
	for (unsigned int i = 0; i < n; i++) {
		b.irqs.vecmap[i] = (struct virtchnl_vector_map){
			.vsi_id = htole16(fake.vf[vf].vsi_id), .vector_id = htole16(i + 1),
			.rxq_map = htole16(1u << i), .txq_map = htole16(1u << i),
			.txitr_idx = htole16(1),
		};
	}
	return b;
}

static inline struct virtchnl_queue_select fake_select(unsigned int vf, uint32_t rx, uint32_t tx)
{
	return (struct virtchnl_queue_select){
		.vsi_id = htole16(fake.vf[vf].vsi_id), .rx_queues = htole32(rx),
		.tx_queues = htole32(tx),
	};
}

/* n addresses 02:00:00:00:base+i */
static inline struct fake_buf fake_macs(unsigned int vf, unsigned int n, unsigned int base,
					uint8_t type)
{
	struct fake_buf b = { .len = virtchnl_len_ether_addr(n) };

	b.macs.vsi_id = htole16(fake.vf[vf].vsi_id);
	b.macs.num_elements = htole16(n);
	for (unsigned int i = 0; i < n; i++) {
		b.macs.list[i] = (struct virtchnl_ether_addr){
			.addr = { 2, 0, 0, 0, (base + i) >> 8, base + i }, .type = type,
		};
	}
	return b;
}

static inline struct fake_buf fake_vlans(unsigned int vf, unsigned int n, uint16_t tpid,
					 unsigned int first)
{
	struct fake_buf b = { .len = virtchnl_len_vlan_v2(n) };

	b.vlans.vport_id = htole16(fake.vf[vf].vsi_id);
	b.vlans.num_elements = htole16(n);
	for (unsigned int i = 0; i < n; i++) {
		b.vlans.filters[i].outer.tci = htole16(first + i);
		b.vlans.filters[i].outer.tpid = htole16(tpid);
	}
	return b;
}

/* Traffic: irq map, queues configured and enabled, the link event taken. */
static inline void fake_queues_up(unsigned int vf, unsigned int n)
{
	struct fake_buf irqs = fake_irqs(vf, n), queues = fake_queues(vf, n);
	struct virtchnl_queue_select sel = fake_select(vf, (1u << n) - 1, (1u << n) - 1);

	CHECK_EQ(fake_buf_status(vf, VIRTCHNL_OP_CONFIG_IRQ_MAP, &irqs), 0);
	CHECK_EQ(fake_buf_status(vf, VIRTCHNL_OP_CONFIG_VSI_QUEUES, &queues), 0);
	CHECK_EQ(fake_status(vf, VIRTCHNL_OP_ENABLE_QUEUES, &sel, sizeof(sel)), 0);
	CHECK_EQ(fake_event().link_status, 1);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One virtual function: configuration space, registers, mailbox, interrupts and queues. It
 * carries mailbox messages and frames and knows neither what they mean nor where they
 * go; the PF's orders arrive through device_*() below, its contexts through struct pf_vsi.
 */
#ifndef AVFSIM_HW_DEVICE_H
#define AVFSIM_HW_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "faults/lies.h"
#include "hw/counters.h"
#include "hw/desc.h"
#include "hw/dma.h"
#include "hw/pci.h"
#include "pf/pf.h"

#define MBX_WAITING	64	/* messages that wait for a receive descriptor */
#define WB_HELD		4	/* descriptors held back before they are written */
#define TX_BUF_SIZE_MAX	(256 * 1024 + 1024)

struct device;

struct device_ops {
	void *ctx;
	uint64_t (*now)(void *ctx);		/* ns, monotonic */
	void (*message)(void *ctx, unsigned int vf, uint32_t opcode, const void *payload,
			size_t len);
	void (*frame)(void *ctx, unsigned int vf, const uint8_t *frame, size_t len);
	void (*flr)(void *ctx, unsigned int vf);
	void (*error)(void *ctx, unsigned int vf, const char *sentence);
	void (*violation)(void *ctx, unsigned int vf, const char *sentence);
};

struct mbx_ring {
	uint32_t head, tail, len, bal, bah;
};

struct mbx_waiting {
	struct mbx_waiting *next;
	uint32_t opcode;
	int32_t status;
	size_t len;
	uint8_t payload[];
};

struct mbx {
	struct mbx_ring atq, arq;
	struct mbx_waiting *first, **last;
	unsigned int num_waiting;
};

struct irq_vector {
	int fd;			/* eventfd or -1 */
	bool enabled;		/* INTENA */
	bool pending;		/* something happened that has not been told yet */
	bool wb_on_itr;
	uint64_t last;		/* when it fired */
	uint64_t due;		/* when it may fire for what is pending */
	uint64_t count;
};

struct irqs {
	struct irq_vector v[PF_MAX_VECTORS];
	uint16_t itr[3][PF_MAX_VECTORS];	/* in 2 us; vector 0 is mailbox */
	uint32_t icr01, icr0_ena;
	uint32_t changed;	/* vectors to look at */
	uint64_t storm_at;	/* the next volley; 0: none */
};

struct txq {
	bool enabled;
	uint64_t ring;
	uint16_t len, head, tail;
	uint16_t told;		/* behind the last descriptor whose completion was written back */
	uint16_t held;		/* completed descriptors not yet told */
	uint16_t num_rs;
	uint16_t rs[WB_HELD];	/* those that get the write-back */
	bool lied;		/* about completions, since it was started: errors may be our own */
	uint64_t packets, bytes;
};

struct rx_held {
	uint16_t index;
	uint64_t qw[4];
};

struct rxq {
	bool enabled;
	uint64_t ring;
	uint16_t len, buf_size, head;
	uint32_t tail;		/* as written; survives until a reset */
	uint32_t max_pkt;
	uint8_t rxdid;
	bool keep_crc;
	uint16_t num_held;
	struct rx_held held[WB_HELD + RX_MAX_BUFS];
	bool lied;		/* the driver may have been made to take buffers back */
	uint64_t packets, bytes;
};

/* Room to work in, shared by all devices: nothing in it outlives a call. */
struct device_scratch {
	uint8_t tx_frame[TX_BUF_SIZE_MAX];
	uint8_t tx_segment[16 * 1024];
	uint8_t rx_frame[16 * 1024];
	uint64_t tx_desc[8192][2];
};

struct device {
	unsigned int vf;
	const struct device_ops *ops;
	struct pf_vsi *vsi;
	struct faults *faults;	/* those in which it lies; may be NULL */
	struct device_scratch *scratch;
	struct pci_config pci;
	struct dma dma;
	struct mbx mbx;
	struct irqs irqs;
	struct txq txq[PF_MAX_QUEUES];
	struct rxq rxq[PF_MAX_QUEUES];
	uint32_t hena[2], hkey[13], hlut[16];
	bool in_reset;
	bool reset_at_start;	/* the next enable of the mailbox meets a reset */
	bool reset_at_master;	/* as does the next enable of the bus, one that is over at once */
	bool gone;		/* surprise removal: reads give all ones */
	struct hw_counters n;
};

/* dev->vsi is to be set before the first access. */
void device_init(struct device *dev, unsigned int vf, const struct device_ops *ops,
		 struct device_scratch *scratch);
void device_fini(struct device *dev);

/* Accesses of the driver; aligned or not, any length inside of BAR0. */
void device_bar0_read(struct device *dev, uint64_t off, void *buf, size_t len);
void device_bar0_write(struct device *dev, uint64_t off, const void *buf, size_t len);
void device_config_read(struct device *dev, uint64_t off, void *buf, size_t len);
void device_config_write(struct device *dev, uint64_t off, const void *buf, size_t len);

/* Power off and on again: the client went away. Memory and eventfds are forgotten. */
void device_unplug(struct device *dev);

/* A violation for each live ring that lies in a range about to be unmapped. */
void device_check_unmap(struct device *dev, uint64_t iova, uint64_t size);

/* Orders of the PF. */
void device_send(struct device *dev, uint32_t opcode, int32_t status, const void *payload,
		 size_t len);
void device_txq_start(struct device *dev, unsigned int queue);
void device_rxq_start(struct device *dev, unsigned int queue);
void device_txq_stop(struct device *dev, unsigned int queue);
void device_rxq_stop(struct device *dev, unsigned int queue);
void device_reset_begin(struct device *dev, enum pf_reset_kind kind);
void device_reset_done(struct device *dev);

/* A frame from the wire for this function. */
void device_receive(struct device *dev, const uint8_t *frame, size_t len);

/* Fire what is due; the time of the next one, or PF_NO_DEADLINE. */
uint64_t device_run(struct device *dev, uint64_t now);

/* The lie to tell now, if there is one; see faults/lies.h. */
static inline bool device_lies(struct device *dev, enum lie_about about, uint32_t reg,
			       struct lie *lie)
{
	bool lies = dev->faults && faults_lie(dev->faults, dev->vf, about, reg, lie);

	dev->n.lies += lies;
	return lies;
}

/* Report with the device's name in front; for the parts of the hardware only. */
void device_error(struct device *dev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void device_violation(struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif

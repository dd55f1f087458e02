/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vfio-user client in the simulator's own process: QEMU's part of the
 * protocol and a little driver on top of it. Tests and fuzzers steer the device with it.
 */
#ifndef AVFSIM_CLIENT_H
#define AVFSIM_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim.h"

#define CLIENT_MEM	(4u << 20)	/* guest memory, mapped at address 0 */
#define CLIENT_VECTORS	5

/* Places in guest memory */
#define MEM_ATQ		0x1000u
#define MEM_ARQ		0x2000u
#define MEM_ATQ_BUF	0x10000u	/* 32 of 4096 */
#define MEM_ARQ_BUF	0x40000u
#define MEM_TX_RING	0x80000u
#define MEM_RX_RING	0x90000u
#define MEM_TX_BUF	0x100000u	/* 1 MiB */
#define MEM_RX_BUF	0x200000u	/* 2048 each */

#define CLIENT_MBX_LEN	32
#define CLIENT_RING_LEN	64
#define CLIENT_RX_BUF	2048u

struct client {
	struct sim *sim;
	unsigned int vf;
	int fd;
	uint16_t next_id;
	int memfd;
	uint8_t *mem;
	int irq[CLIENT_VECTORS];
	uint32_t atq_next, arq_next;	/* next descriptor to use, to look at */
	uint32_t tx_next, rx_next, rx_seen;
};

/* A simulator of its own in a fresh directory under /tmp. */
struct sim *client_sim_new(unsigned int num_vfs, bool iommu);
void client_sim_free(struct sim *sim);

/* Let the simulator work until nothing is left to do. */
void client_settle(struct sim *sim);
/* The same for at least this long, timers included. */
void client_wait_us(struct sim *sim, unsigned int us);

/* Connect and do what QEMU does at its start: negotiate, map the memory, set eventfds. */
struct client *client_new(struct sim *sim, unsigned int vf);
void client_free(struct client *c);

/* Send raw bytes with at most one descriptor (-1 = none). */
void client_send(struct client *c, const void *data, size_t len, int fd);
/*
 * One command: the reply's error (0 = none), its payload in reply (up to size), or
 * -1 if none came, because the server hung up.
 */
int client_call(struct client *c, uint16_t command, const void *payload, size_t len, int fd,
		void *reply, size_t size);

uint32_t client_read(struct client *c, uint32_t reg);
void client_write(struct client *c, uint32_t reg, uint32_t value);	/* posted */
uint32_t client_config_read(struct client *c, uint16_t off, unsigned int len);
void client_config_write(struct client *c, uint16_t off, unsigned int len, uint32_t value);

/* Interrupts of this vector since the last call. */
uint64_t client_irqs(struct client *c, unsigned int vector);

int client_map(struct client *c, uint64_t iova, uint64_t size, uint32_t flags, uint64_t offset);
int client_unmap(struct client *c, uint64_t iova, uint64_t size);

/* Driver: bus master on, mailbox up, vector 0 armed. */
void client_mailbox_up(struct client *c);
void client_mailbox_send(struct client *c, uint32_t op, const void *payload, size_t len);
/* The next message: its status in *status, its length returned, or -1. */
int client_mailbox_receive(struct client *c, uint32_t *op, int32_t *status, void *payload,
			   size_t size);

/*
 * Driver: one queue pair with posted receive buffers, enabled behind the PF's back; the VSI
 * takes every frame. num_rx buffers are posted (a multiple of 8, below CLIENT_RING_LEN).
 */
void client_queues_up(struct client *c, unsigned int num_rx);
/* Put descriptors of one frame that lies at MEM_TX_BUF: qw1 flags besides EOP, RS and size. */
void client_transmit(struct client *c, const void *frame, size_t len, uint64_t qw1);
/* The same behind a context descriptor. */
void client_transmit_ctx(struct client *c, const uint64_t ctx[2], const void *frame, size_t len,
			 uint64_t qw1);
bool client_tx_done(struct client *c, unsigned int index);
/* The next written-back receive descriptor: its four words, or false. */
bool client_receive(struct client *c, uint64_t qw[4], uint8_t **buffer);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "avfsim_client.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hw/bytes.h"
#include "hw/regs.h"

enum {
	CMD_VERSION = 1, CMD_MAP = 2, CMD_UNMAP = 3, CMD_SET_IRQS = 8, CMD_READ = 9, CMD_WRITE = 10,
};

#define HEADER		16
#define NO_REPLY	0x10u
#define PCI_COMMAND_MASTER_AND_MEMORY 6

static void __attribute__((noreturn)) broken(const char *what)
{
	perror(what);
	abort();
}

struct sim *client_sim_new(unsigned int num_vfs, bool iommu)
{
	struct sim_config config = {
		.iommu = iommu,
		.pf = { .profile = "ice-dvm", .num_vfs = num_vfs, .num_queues = 4,
			.reset_ns = 1000000 },
	};
	char dir[] = "/tmp/avfsim-test.XXXXXX";
	struct sim *sim;

	if (!mkdtemp(dir))
		broken("mkdtemp");
	config.dir = strdup(dir);
	sim = sim_new(&config);
	if (!sim)
		broken("sim_new");
	return sim;
}

void client_sim_free(struct sim *sim)
{
	char *dir = (char *)(uintptr_t)sim->config.dir;

	sim_free(sim);
	rmdir(dir);
	free(dir);
}

void client_settle(struct sim *sim)
{
	for (unsigned int i = 0; i < 8; i++)
		sim_step(sim, 0);
}

void client_wait_us(struct sim *sim, unsigned int us)
{
	uint64_t end = sim_now() + us * 1000ull;

	do {
		sim_step(sim, 1);
	} while (sim_now() < end);
}

void client_send(struct client *c, const void *data, size_t len, int fd)
{
	union { char buf[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control = { 0 };
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *cm = &control.align;

		mh.msg_control = &control;
		mh.msg_controllen = sizeof(control);
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		cm->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cm), &fd, sizeof(int));
	}
	/* A server that hung up is for the caller to notice. */
	sendmsg(c->fd, &mh, MSG_NOSIGNAL);
}

static size_t build(struct client *c, uint8_t *buf, uint16_t command, uint32_t flags,
		    const void *payload, size_t len)
{
	memset(buf, 0, HEADER);
	put_le16(buf, ++c->next_id);
	put_le16(buf + 2, command);
	put_le32(buf + 4, HEADER + len);
	put_le32(buf + 8, flags);
	if (len)
		memcpy(buf + HEADER, payload, len);
	return HEADER + len;
}

/* Bytes of the reply, stepping the simulator meanwhile; false = it hung up or stays silent. */
static bool receive(struct client *c, void *buf, size_t len)
{
	size_t at = 0;

	for (unsigned int tries = 0; at < len && tries < 100; tries++) {
		ssize_t n = recv(c->fd, (uint8_t *)buf + at, len - at, MSG_DONTWAIT);

		if (!n || (n < 0 && errno != EAGAIN))
			return false;
		if (n > 0)
			at += n;
		else
			sim_step(c->sim, 0);
	}
	return at == len;
}

int client_call(struct client *c, uint16_t command, const void *payload, size_t len, int fd,
		void *reply, size_t size)
{
	uint8_t buf[8192];
	size_t n = build(c, buf, command, 0, payload, len);

	client_send(c, buf, n, fd);
	if (!receive(c, buf, HEADER))
		return -1;
	n = get_le32(buf + 4) - HEADER;
	if (n > sizeof(buf) - HEADER || (n && !receive(c, buf + HEADER, n)))
		return -1;
	if (get_le16(buf) != c->next_id || !(get_le32(buf + 8) & 1))
		return -1;
	if (reply)
		memcpy(reply, buf + HEADER, n < size ? n : size);
	return get_le32(buf + 8) & 0x20 ? (int)get_le32(buf + 12) : 0;
}

static void access_header(uint8_t *msg, unsigned int region, uint64_t off, unsigned int len)
{
	put_le64(msg, off);
	put_le32(msg + 8, region);
	put_le32(msg + 12, len);
}

static uint32_t region_read(struct client *c, unsigned int region, uint64_t off, unsigned int len)
{
	uint8_t msg[16], reply[20] = { 0 };

	access_header(msg, region, off, len);
	if (client_call(c, CMD_READ, msg, sizeof(msg), -1, reply, sizeof(reply)))
		broken("region read");
	return get_le32(reply + 16);
}

static void region_write(struct client *c, unsigned int region, uint64_t off, unsigned int len,
			 uint32_t value)
{
	uint8_t msg[20], buf[64];

	access_header(msg, region, off, len);
	put_le32(msg + 16, value);
	client_send(c, buf, build(c, buf, CMD_WRITE, NO_REPLY, msg, 16 + len), -1);
	client_settle(c->sim);
}

uint32_t client_read(struct client *c, uint32_t reg)
{
	return region_read(c, VFIO_PCI_BAR0_REGION_INDEX, reg, 4);
}

void client_write(struct client *c, uint32_t reg, uint32_t value)
{
	region_write(c, VFIO_PCI_BAR0_REGION_INDEX, reg, 4, value);
}

uint32_t client_config_read(struct client *c, uint16_t off, unsigned int len)
{
	return region_read(c, VFIO_PCI_CONFIG_REGION_INDEX, off, len);
}

void client_config_write(struct client *c, uint16_t off, unsigned int len, uint32_t value)
{
	region_write(c, VFIO_PCI_CONFIG_REGION_INDEX, off, len, value);
}

uint64_t client_irqs(struct client *c, unsigned int vector)
{
	uint64_t count = 0;

	client_settle(c->sim);
	if (read(c->irq[vector], &count, sizeof(count)) < 0)
		return 0;
	return count;
}

int client_map(struct client *c, uint64_t iova, uint64_t size, uint32_t flags, uint64_t offset)
{
	uint8_t msg[32];

	put_le32(msg, sizeof(msg));
	put_le32(msg + 4, flags);
	put_le64(msg + 8, offset);
	put_le64(msg + 16, iova);
	put_le64(msg + 24, size);
	return client_call(c, CMD_MAP, msg, sizeof(msg), c->memfd, NULL, 0);
}

int client_unmap(struct client *c, uint64_t iova, uint64_t size)
{
	uint8_t msg[24] = { sizeof(msg) };

	put_le64(msg + 8, iova);
	put_le64(msg + 16, size);
	return client_call(c, CMD_UNMAP, msg, sizeof(msg), -1, NULL, 0);
}

static void set_eventfd(struct client *c, unsigned int vector)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set), .index = VFIO_PCI_MSIX_IRQ_INDEX, .start = vector, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
	};

	c->irq[vector] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (client_call(c, CMD_SET_IRQS, &set, sizeof(set), c->irq[vector], NULL, 0))
		broken("set irqs");
}

static void connect_to(struct client *c)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/vf%u.sock", c->sim->config.dir, c->vf);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&addr, sizeof(addr)))
		broken("connect");
}

struct client *client_new(struct sim *sim, unsigned int vf)
{
	static const char version[] = "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":8}}";
	struct client *c = calloc(1, sizeof(*c));

	if (!c)
		broken("calloc");
	c->sim = sim;
	c->vf = vf;
	c->memfd = memfd_create("guest", MFD_CLOEXEC);
	if (c->memfd < 0 || ftruncate(c->memfd, CLIENT_MEM))
		broken("memfd");
	c->mem = mmap(NULL, CLIENT_MEM, PROT_READ | PROT_WRITE, MAP_SHARED, c->memfd, 0);
	if (c->mem == MAP_FAILED)
		broken("mmap");
	connect_to(c);
	if (client_call(c, CMD_VERSION, version, sizeof(version), -1, NULL, 0) ||
	    client_map(c, 0, CLIENT_MEM, 3, 0))
		broken("negotiation");
	for (unsigned int i = 0; i < CLIENT_VECTORS; i++)
		set_eventfd(c, i);
	return c;
}

void client_free(struct client *c)
{
	close(c->fd);
	client_settle(c->sim);
	munmap(c->mem, CLIENT_MEM);
	close(c->memfd);
	for (unsigned int i = 0; i < CLIENT_VECTORS; i++)
		close(c->irq[i]);
	free(c);
}

static void post_mailbox_buffer(struct client *c, unsigned int i)
{
	uint8_t *d = c->mem + MEM_ARQ + i * MBX_DESC_SIZE;

	memset(d, 0, MBX_DESC_SIZE);
	put_le16(d, MBX_FLAG_BUF | MBX_FLAG_LB);
	put_le16(d + 4, MBX_BUF_MAX);
	put_le32(d + 28, MEM_ARQ_BUF + i * MBX_BUF_MAX);
}

void client_mailbox_up(struct client *c)
{
	client_config_write(c, 4, 2, PCI_COMMAND_MASTER_AND_MEMORY);
	c->atq_next = c->arq_next = 0;
	for (unsigned int i = 0; i < CLIENT_MBX_LEN; i++)
		post_mailbox_buffer(c, i);
	client_write(c, REG_ATQH, 0);
	client_write(c, REG_ATQT, 0);
	client_write(c, REG_ATQLEN, CLIENT_MBX_LEN | MBX_LEN_ENABLE);
	client_write(c, REG_ATQBAL, MEM_ATQ);
	client_write(c, REG_ATQBAH, 0);
	client_write(c, REG_ARQH, 0);
	client_write(c, REG_ARQT, 0);
	client_write(c, REG_ARQLEN, CLIENT_MBX_LEN | MBX_LEN_ENABLE);
	client_write(c, REG_ARQBAL, MEM_ARQ);
	client_write(c, REG_ARQBAH, 0);
	client_write(c, REG_ARQT, CLIENT_MBX_LEN - 1);
	client_write(c, REG_DYN_CTL01, 0x19);
	client_write(c, REG_ICR0_ENA1, ICR_ADMINQ);
}

void client_mailbox_send(struct client *c, uint32_t op, const void *payload, size_t len)
{
	uint8_t *d = c->mem + MEM_ATQ + c->atq_next * MBX_DESC_SIZE;
	uint32_t buf = MEM_ATQ_BUF + c->atq_next * MBX_BUF_MAX;

	memset(d, 0, MBX_DESC_SIZE);
	put_le16(d, MBX_FLAG_SI | (len ? MBX_FLAG_BUF | MBX_FLAG_RD : 0) |
		    (len > 512 ? MBX_FLAG_LB : 0));
	put_le16(d + 2, MBX_OP_TO_PF);
	put_le16(d + 4, len);
	put_le32(d + 8, op);
	put_le32(d + 28, len ? buf : 0);
	if (len)
		memcpy(c->mem + buf, payload, len);
	c->atq_next = (c->atq_next + 1) % CLIENT_MBX_LEN;
	client_write(c, REG_ATQT, c->atq_next);
}

int client_mailbox_receive(struct client *c, uint32_t *op, int32_t *status, void *payload,
			   size_t size)
{
	unsigned int at = c->arq_next;
	const uint8_t *d = c->mem + MEM_ARQ + at * MBX_DESC_SIZE;
	size_t len;

	if (client_read(c, REG_ARQH) == at || !(get_le16(d) & MBX_FLAG_DD))
		return -1;
	len = get_le16(d + 4);
	*op = get_le32(d + 8);
	*status = (int32_t)get_le32(d + 12);
	memcpy(payload, c->mem + MEM_ARQ_BUF + at * MBX_BUF_MAX, len < size ? len : size);
	post_mailbox_buffer(c, at);
	c->arq_next = (at + 1) % CLIENT_MBX_LEN;
	client_write(c, REG_ARQT, at);
	return len;
}

void client_queues_up(struct client *c, unsigned int num_rx)
{
	struct pf_vsi *vsi = pf_vsi(c->sim->pf, c->vf);
	struct device *dev = &c->sim->vfs[c->vf].dev;

	vsi->enabled = vsi->link_up = vsi->unicast_promisc = vsi->multicast_promisc = true;
	vsi->vlan_pruning = vsi->spoof_check = false;
	vsi->num_queues = 1;
	vsi->rss_hena = 0;
	vsi->txq[0] = (struct pf_txq){ MEM_TX_RING, CLIENT_RING_LEN };
	vsi->rxq[0] = (struct pf_rxq){ MEM_RX_RING, CLIENT_RING_LEN, CLIENT_RX_BUF, 9728,
				       RXDID_LEGACY, false };
	vsi->txq_vector[0] = vsi->rxq_vector[0] = 1;
	vsi->txq_itr[0] = 1;
	vsi->rxq_itr[0] = 0;
	c->tx_next = c->rx_seen = 0;
	c->rx_next = num_rx;
	memset(c->mem + MEM_RX_RING, 0, CLIENT_RING_LEN * RX_DESC_SIZE);
	for (unsigned int i = 0; i < num_rx; i++)
		put_le64(c->mem + MEM_RX_RING + i * RX_DESC_SIZE, MEM_RX_BUF + i * CLIENT_RX_BUF);
	client_write(c, REG_QRX_TAIL(0), num_rx);
	device_txq_start(dev, 0);
	device_rxq_start(dev, 0);
	client_write(c, REG_DYN_CTLN(0), 0x19);
}

static void put_tx(struct client *c, uint64_t qw0, uint64_t qw1)
{
	uint8_t *d = c->mem + MEM_TX_RING + c->tx_next * TX_DESC_SIZE;

	put_le64(d, qw0);
	put_le64(d + 8, qw1);
	c->tx_next = (c->tx_next + 1) % CLIENT_RING_LEN;
}

/* Buffers of at most 12 KiB, as drivers do. */
static void put_frame(struct client *c, const void *frame, size_t len, uint64_t qw1)
{
	size_t at = 0;

	memcpy(c->mem + MEM_TX_BUF, frame, len);
	while (at < len) {
		size_t n = len - at < 12288 ? len - at : 12288;
		uint64_t flags = at + n == len ? (TX_CMD_EOP | TX_CMD_RS) << 4 : 0;

		put_tx(c, MEM_TX_BUF + at, qw1 | flags | (uint64_t)n << 34);
		at += n;
	}
}

void client_transmit(struct client *c, const void *frame, size_t len, uint64_t qw1)
{
	put_frame(c, frame, len, qw1);
	client_write(c, REG_QTX_TAIL(0), c->tx_next);
}

void client_transmit_ctx(struct client *c, const uint64_t ctx[2], const void *frame, size_t len,
			 uint64_t qw1)
{
	put_tx(c, ctx[0], ctx[1]);
	client_transmit(c, frame, len, qw1);
}

bool client_tx_done(struct client *c, unsigned int index)
{
	client_settle(c->sim);
	return TX_DTYPE(get_le64(c->mem + MEM_TX_RING + index * TX_DESC_SIZE + 8)) ==
	       TX_DTYPE_DONE;
}

bool client_receive(struct client *c, uint64_t qw[4], uint8_t **buffer)
{
	const uint8_t *d = c->mem + MEM_RX_RING + c->rx_seen * RX_DESC_SIZE;

	client_settle(c->sim);
	if (c->rx_seen == c->rx_next)
		return false;
	for (unsigned int i = 0; i < 4; i++)
		qw[i] = get_le64(d + 8 * i);
	if (!(qw[1] & RX_ST_DD))
		return false;
	if (buffer)
		*buffer = c->mem + MEM_RX_BUF + c->rx_seen * CLIENT_RX_BUF;
	c->rx_seen = (c->rx_seen + 1) % CLIENT_RING_LEN;
	return true;
}

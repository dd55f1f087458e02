// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * avfsim as its neighbours see it: a client of the vfio-user socket that writes anything, a driver that programs the
 * device with anything, and a host. The first step is the configuration. All that must hold is that it goes on.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "avfsim_client.h"
#include "clock.h"
#include "hw/bytes.h"
#include "hw/irq.h"
#include "pf/profile.h"
#include "program.h"

#define MOST	4200	/* bytes of a message, a little more than there may be */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bench {
	struct sim *sim;
	struct client *c;
	struct program program;
};

static void drain(struct client *c)
{
	uint8_t buf[8192];

	client_settle(c->sim);
	while (recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

static void reconnect(struct bench *b)
{
	unsigned int vf = b->c->vf;

	client_free(b->c);
	b->c = client_new(b->sim, vf);
}

/* As it comes from the input, with or without a descriptor. */
static void raw(struct bench *b, const struct step *s)
{
	uint8_t bytes[MOST];
	size_t len = program_bytes(&b->program, bytes, s->c % sizeof(bytes));
	int fd = s->a & 1 ? b->c->memfd : s->a & 2 ? eventfd(0, EFD_NONBLOCK) : -1;

	if (s->a & 4 && len >= 8)	/* a length that is right brings more to light */
		put_le32(bytes + 4, len);
	client_send(b->c, bytes, len, fd);
	if (s->a & 2 && !(s->a & 1))
		close(fd);
	drain(b->c);
}

static void call(struct bench *b, const struct step *s)
{
	uint8_t bytes[MOST];
	size_t len = program_bytes(&b->program, bytes, s->c % 128);

	client_call(b->c, s->a & 15, bytes, len, s->b & 1 ? b->c->memfd : -1, NULL, 0);
}

static void region(struct bench *b, const struct step *s, bool config)
{
	uint8_t msg[16 + 8] = { 0 };
	unsigned int len = 1 + (s->a & 7);

	put_le64(msg, config ? s->b & 0xfff : s->b | (uint64_t)(s->a & 8) << 13);
	put_le32(msg + 8, config ? VFIO_PCI_CONFIG_REGION_INDEX : VFIO_PCI_BAR0_REGION_INDEX);
	put_le32(msg + 12, len);
	put_le32(msg + 16, s->c);
	if (s->a & 0x80)
		client_call(b->c, 9, msg, 16, -1, NULL, 0);
	else
		client_call(b->c, 10, msg, 16 + len, -1, NULL, 0);
}

static void memory(struct bench *b, const struct step *s)
{
	uint8_t bytes[256];
	size_t len = program_bytes(&b->program, bytes, s->a + 1);
	size_t at = (size_t)s->c % (CLIENT_MEM - sizeof(bytes));

	memcpy(b->c->mem + at, bytes, len);
}

static void mailbox(struct bench *b, const struct step *s)
{
	uint8_t bytes[MBX_BUF_MAX];
	size_t len = program_bytes(&b->program, bytes, s->c % (sizeof(bytes) + 1));

	client_mailbox_send(b->c, s->b & 0xff, bytes, len);
	fuzz_now_ns += 1000000;
	drain(b->c);
}

static void transmit(struct bench *b, const struct step *s)
{
	static uint8_t frame[32768];
	/* Type, command and lengths of headers, as in the descriptor */
	uint64_t ctx[2], qw1 = (s->c & 0xfffffff) | (uint64_t)(s->b & 0x3fff) << 16 |
			       (uint64_t)(s->c >> 28) << 30;
	size_t len;

	memset(frame, s->a, sizeof(frame));
	program_bytes(&b->program, (uint8_t *)ctx, sizeof(ctx));
	len = program_bytes(&b->program, frame, s->a);
	if (s->b & 0x8000)
		len = 128 * s->a;
	if (s->b & 0x4000)
		client_transmit_ctx(b->c, ctx, frame, len, qw1);
	else
		client_transmit(b->c, frame, len, qw1);
}

/* From the wire; longer than the bytes that the input has for it. */
static void arrive(struct bench *b, const struct step *s)
{
	static uint8_t frame[16384];

	memset(frame, s->b, sizeof(frame));
	program_bytes(&b->program, frame, s->a);
	device_receive(&b->sim->vfs[0].dev, frame, s->c % sizeof(frame));
	drain(b->c);
}

static void rule(struct bench *b, const struct step *s)
{
	char text[128] = "";
	const char *why;

	program_bytes(&b->program, (uint8_t *)text, s->c % sizeof(text));
	faults_add(b->sim->faults, text, &why);
}

static void host(struct bench *b, const struct step *s)
{
	const uint8_t mac[6] = { s->b, 1, 2, 3, 4, s->b >> 8 };
	unsigned int vf = s->a >> 7;
	struct pf *pf = b->sim->pf;

	switch (s->a % 12) {
	case 0:
		pf_reset(pf, sim_now(), vf, s->b & 1 ? PF_RESET_SILENT : PF_RESET_ANNOUNCED);
		break;
	case 1:
		pf_flr(pf, sim_now(), vf);
		break;
	case 2:
		pf_set_mac(pf, sim_now(), vf, mac);
		break;
	case 3:
		pf_set_trust(pf, sim_now(), vf, s->b & 1);
		break;
	case 4:
		pf_set_spoof_check(pf, sim_now(), vf, s->b & 1);
		break;
	case 5:
		pf_set_port_vlan(pf, sim_now(), vf, s->b & 1 ? 0x8100 : 0x88a8, s->c & 0xfff);
		break;
	case 6:
		pf_set_link(pf, sim_now(), vf, s->b & 1, s->c);
		break;
	case 7:
		pf_set_vectors(pf, sim_now(), vf, s->b % (PF_MAX_VECTORS + 1));
		break;
	case 8:
		if (pf_profile_name(s->b & 7))
			pf_set_profile(pf, sim_now(), pf_profile_name(s->b & 7), s->c & 1);
		break;
	case 9:
		b->sim->vfs[vf].dev.gone = s->b & 1;
		break;
	case 10:
		b->sim->vfs[vf].dev.reset_at_start = s->b & 1;
		b->sim->vfs[vf].dev.reset_at_master = s->b & 2;
		break;
	case 11:
		rule(b, s);
		break;
	}
}

static void irqs(struct bench *b, const struct step *s)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set), .index = s->a & 7, .start = s->b & 31, .count = s->b >> 8 & 31,
		.flags = s->c & 0x3f,
	};
	int fd = s->a & 8 ? eventfd(0, EFD_NONBLOCK) : -1;

	client_call(b->c, 8, &set, sizeof(set), fd, NULL, 0);
	if (fd >= 0)
		close(fd);
}

static void one(struct bench *b, const struct step *s)
{
	switch (s->op & 15) {
	case 0:
		raw(b, s);
		break;
	case 1:
		call(b, s);
		break;
	case 2:
	case 3:
		region(b, s, (s->op & 15) == 2);
		break;
	case 4:
		memory(b, s);
		break;
	case 5:
		client_mailbox_up(b->c);
		break;
	case 6:
		mailbox(b, s);
		break;
	case 7:
		client_queues_up(b->c, 8 * (s->a & 7));
		break;
	case 8:
		transmit(b, s);
		break;
	case 9:
		fuzz_now_ns += (uint64_t)s->c * 1000;
		drain(b->c);
		break;
	case 10:
		host(b, s);
		break;
	case 11:
		irqs(b, s);
		break;
	case 12:
		client_map(b->c, (uint64_t)s->b << 12, (uint64_t)(s->a & 63) << 12, s->a >> 6, s->c);
		break;
	case 13:
		client_unmap(b->c, (uint64_t)s->b << 12, (uint64_t)s->c << 12);
		break;
	case 14:
		reconnect(b);
		break;
	case 15:
		arrive(b, s);
		break;
	}
}

/* The server hangs up on who is beyond repair; nothing more could happen with this one. */
static bool hung_up(struct client *c)
{
	uint8_t byte;

	return !recv(c->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bench b = { 0 };
	struct step s;

	program_init(&b.program, data, size);
	if (!program_next(&b.program, &s))
		return 0;
	fuzz_now_ns = UINT64_C(1000000000000);
	fuzz_look_ns = 100;
	b.sim = client_sim_new(2, s.a & 1);
	if (pf_profile_name(s.a >> 4))
		pf_set_profile(b.sim->pf, sim_now(), pf_profile_name(s.a >> 4), s.a & 2);
	fuzz_now_ns += 10000000;
	client_settle(b.sim);
	b.c = client_new(b.sim, 0);
	while (program_next(&b.program, &s)) {
		one(&b, &s);
		if (hung_up(b.c))
			reconnect(&b);
	}
	client_free(b.c);
	client_sim_free(b.sim);
	return 0;
}

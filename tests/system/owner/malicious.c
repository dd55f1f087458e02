// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An owner that wants the device to touch memory which is not posted. Runs beside traffic; the judge is
 * the device (no access outside of what is mapped and posted), the kernel log, and that the
 * VF can be used afterwards. Seeded: malicious SEED SECONDS.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bringup.h"
#include "cases.h"
#include "virtchnl/opcodes.h"
#include "virtchnl/wire.h"

struct attack {
	struct client *c;
	struct vf_facts f;
	unsigned int seed;
	unsigned long tried, taken;
};

static uint32_t rnd(struct attack *a, uint32_t below)
{
	return (uint32_t)rand_r(&a->seed) % below;
}

static void random_bytes(struct attack *a, uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)rnd(a, 256);
}

static void count(struct attack *a, int err)
{
	a->tried++;
	a->taken += !err;
}

/* A queue configuration that aims the device at memory of the attacker's choice. */
static void aim(struct attack *a, uint32_t opcode)
{
	struct {
		struct virtchnl_vsi_queue_config_info head;
		uint8_t rest[64 * 4 + 64];
	} m;
	uint64_t target = (uint64_t)rnd(a, 0x40000) << 12;

	memset(&m, 0, sizeof(m));
	m.head.vsi_id = (uint16_t)a->f.vsi_id;
	m.head.num_queue_pairs = 1;
	for (size_t at = 0; at + 8 <= sizeof(m.rest); at += 8)
		memcpy(m.rest + at, &target, 8);
	count(a, client_mbx(a->c, opcode, rnd(a, 2) ? a->f.vsi_id : -1, &m, 72 + 64));
}

/* The old single-queue messages and everything that carries an address. */
static void aim_old(struct attack *a)
{
	static const uint32_t ops[] = { 4, 5, 20, 21, 22, 34, 37, 38, 39, 40, 41, 42, 43, 107, 108, 137, 200, 5000 };
	uint8_t buf[4096];

	random_bytes(a, buf, sizeof(buf));
	count(a, client_mbx(a->c, ops[rnd(a, sizeof(ops) / sizeof(ops[0]))], -1, buf, rnd(a, 200)));
}

static void any_message(struct attack *a)
{
	uint8_t buf[4096];
	uint32_t op = rnd(a, 140);
	size_t len = rnd(a, 3) ? rnd(a, 128) : rnd(a, 4096);

	/* REQUEST_QUEUES resets the VF: allowed, but then nothing else is tried */
	if (op == VIRTCHNL_OP_REQUEST_QUEUES && rnd(a, 20))
		return;
	random_bytes(a, buf, sizeof(buf));
	count(a, client_mbx(a->c, op, rnd(a, 2) ? (int)rnd(a, 65536) : -1, rnd(a, 4) ? buf : NULL, len));
}

/* Lies about what the PF granted: the kernel must clamp them to what exists. */
static void lie(struct attack *a)
{
	struct vf_facts f = a->f;

	f.queues = (uint16_t)(1 + rnd(a, 256));
	f.vectors = (uint16_t)rnd(a, 65536);
	f.max_mtu = (uint16_t)(68 + rnd(a, 9643));
	if (rnd(a, 3) == 0)
		f.vsi_id = (int)rnd(a, 65536);
	count(a, commit(a->c, &f));
}

/* Configure and enable at the worst moment: while the interface goes down or up, or changes its MTU. */
static void race(struct attack *a)
{
	int pid = fork();

	if (!pid) {
		char cmd[160];

		snprintf(cmd, sizeof(cmd), "ip link set %s down; ip link set %s mtu %u; ip link set %s up", a->f.ifname,
			 a->f.ifname, 1000 + rnd(a, 8000), a->f.ifname);
		execlp("sh", "sh", "-c", cmd, NULL);
		_exit(127);
	}
	for (unsigned int i = 0; i < 40; i++) {
		uint32_t request = take_request(a->c, 5);

		count(a, client_mbx(a->c, rnd(a, 2) ? 6 : 8, a->f.vsi_id, NULL, 0));
		if (rnd(a, 4) == 0)
			count(a, client_mbx(a->c, 9, a->f.vsi_id, NULL, 0));
		if (request)
			answer(a->c, request, rnd(a, 3) ? 0 : EIO);
	}
	done(pid);
}

static void reset(struct attack *a)
{
	count(a, client_send(a->c, client_vf_msg(a->c, IAVF_CMD_VF_RESET)));
	for (unsigned int i = 0; i < 10; i++) {
		count(a, client_mbx(a->c, 6, a->f.vsi_id, NULL, 0));
		count(a, client_mbx(a->c, 8, a->f.vsi_id, NULL, 0));
	}
	for (;;) {
		struct nlmsghdr *nlh = client_wait(a->c, IAVF_CMD_RESET, 6000);

		if (!nlh || mnl_attr_get_u32(client_attr(nlh, IAVF_A_MSG_RESET_STEP)) >= IAVF_RESET_STEP_READY)
			break;
	}
	if (!negotiate(a->c, &a->f))
		commit(a->c, &a->f);
}

static void record(struct attack *a)
{
	struct nlmsghdr *nlh = client_vf_msg(a->c, IAVF_CMD_RECORD_SET);

	mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_SEND, a->c->send_seq);
	mnl_attr_put_u32(nlh, IAVF_A_MSG_COVERS_RECV, 0xffffffff);
	mnl_attr_put(nlh, IAVF_A_MSG_RECORD, rnd(a, 60000), a->c->in);
	count(a, client_send(a->c, nlh));
}

static void attack(struct attack *a)
{
	switch (rnd(a, 16)) {
	case 0: lie(a); break;
	case 1: race(a); break;
	case 2:
		if (rnd(a, 4) == 0)
			reset(a);
		break;
	case 3: case 4: aim_old(a); break;
	case 5: case 6: case 7: aim(a, 6); break;
	case 8: aim(a, 8); break;
	default: any_message(a); break;
	}
	record(a);
	while (client_wait(a->c, IAVF_CMD_MBX_RECV, 0))
		;
}

int main(int argc, char **argv)
{
	static struct client c;
	struct attack a = { .c = &c, .seed = argc > 1 ? (unsigned int)atoi(argv[1]) : 1 };
	time_t end = time(NULL) + (argc > 2 ? atoi(argv[2]) : 10);
	struct cases t = { 0 };

	attach(&c, false);
	bring_up(&c, &a.f);
	while (time(NULL) < end)
		attack(&a);
	printf("# seed %s: %lu attempts, %lu accepted\n", argc > 1 ? argv[1] : "1", a.tried, a.taken);
	verdict(&t, "malicious-attempts", a.tried > 100, (int)a.tried, "");
	/* afterwards an honest owner can use the VF again */
	done(link_set(&a.f, false));
	client_send(&c, client_vf_msg(&c, IAVF_CMD_VF_RESET));
	while (client_wait(&c, IAVF_CMD_RESET, 3000))
		;
	bring_up(&c, &a.f);
	verdict(&t, "usable-afterwards", true, 0, "");
	client_close(&c);
	return t.failed != 0;
}

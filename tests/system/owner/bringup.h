/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shortest way of a VF from nothing to running queues, as an owner must go it. */
#ifndef OWNER_BRINGUP_H
#define OWNER_BRINGUP_H

#include "client.h"

struct vf_facts {
	int vsi_id;
	uint16_t queues, vectors, max_mtu;
	uint8_t mac[6];
	char ifname[16];
};

/* Attach to the first VF: force is for taking over from the daemon. Exits with a sentence on failure. */
void attach(struct client *c, bool force);
/* VERSION, GET_VF_RESOURCES. 0 or -errno. */
int negotiate(struct client *c, struct vf_facts *f);
/* vf-commit with these facts. */
int commit(struct client *c, const struct vf_facts *f);
/* netdev-create (EEXIST is fine) and the interface's name. */
int make_netdev(struct client *c, struct vf_facts *f);
int irq_map(struct client *c, const struct vf_facts *f);
/* Start "ip link set IFNAME up|down" without waiting; its pid. */
int link_set(const struct vf_facts *f, bool up);
/* Wait for the process: exit status. */
int done(int pid);
/* Wait for a request of the kernel and accept it: its id, 0 after ms. */
uint32_t take_request(struct client *c, int ms);
int answer(struct client *c, uint32_t request, int err);
/* Op 6, op 8 with their verdicts; 0 or -errno or the PF's status. */
int enable(struct client *c, const struct vf_facts *f);
/* Everything of it: the interface is up, its queues run. */
void bring_up(struct client *c, struct vf_facts *f);

#endif

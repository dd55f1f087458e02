/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VF's netdev as plans and transactions see it: what steps of the host make of it, and what a
 * kernel would refuse.
 */
#ifndef NETDEV_MODEL_H
#define NETDEV_MODEL_H

#include "host/step.h"
#include "policy/txn.h"

struct netdev_model {
	char pci[16];
	bool gone, elsewhere;		/* no netdev; in another namespace */
	bool table_set;			/* by a user */
	struct host_state host;
	struct vf_config *policy;
};

void netdev_model_init(struct netdev_model *model, const char *pci);
void netdev_model_free(struct netdev_model *model);
/* 0 or -errno, as txn_io.look */
int netdev_model_look(const struct netdev_model *model, struct txn_look *look);
int netdev_model_step(struct netdev_model *model, const struct host_step *step);
int netdev_model_policy(struct netdev_model *model, uint64_t settings, const struct vf_config *to);
/* All that a configuration can say of it, to be freed. */
char *netdev_model_print(const struct netdev_model *model);

#endif

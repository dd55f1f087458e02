/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up policy: it answers at once, and keeps the VLAN devices of the last document. */
#ifndef TESTS_CLI_POLICY_H
#define TESTS_CLI_POLICY_H

#include "policy/policy.h"

struct policy *made_up_policy(void *ctx);
/* The PF says no to the next change. */
void made_up_refusal(void);
/* Somebody takes all VLAN devices away. */
void made_up_loss(void);

#endif

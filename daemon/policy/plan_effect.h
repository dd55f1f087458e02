/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a step costs: the messages that the PF gets for it, and what traffic notices. Of the plan alone. */
#ifndef IAVFD_PLAN_EFFECT_H
#define IAVFD_PLAN_EFFECT_H

#include "plan.h"

/* Fills in outage and messages. */
void plan_effect(struct plan_step *step, const struct plan_input *input);

#endif

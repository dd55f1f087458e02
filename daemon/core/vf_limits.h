/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A VF's policy as settings of its configuration (those of SETTING_POLICY), and back. Pure. */
#ifndef IAVFD_VF_LIMITS_H
#define IAVFD_VF_LIMITS_H

#include "config/config.h"
#include "vf/vf.h"

/* Maps and limits only where there are some. *config is the caller's. 0; -ENOMEM */
int limits_to_config(const struct vf_policy *policy, struct vf_config **config);

/* What config does not say is as in base. Maps are config's. */
void limits_from_config(const struct vf_config *config, const struct vf_policy *base,
			struct vf_policy *policy);

#endif

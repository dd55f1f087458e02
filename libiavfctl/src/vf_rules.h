/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules of the attribute sets vf, error and counters (docs/spec/iavf.yaml). */
#ifndef IAVF_VF_RULES_H
#define IAVF_VF_RULES_H

#include "attrs.h"
#include "iavf_netlink.h"

extern const struct attr_rule vf_rules[IAVF_A_VF_MAX + 1];
extern const struct attr_rule error_rules[IAVF_A_ERROR_MAX + 1];
extern const struct attr_rule counters_rules[IAVF_A_COUNTERS_MAX + 1];

#endif

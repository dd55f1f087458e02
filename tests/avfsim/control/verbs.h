/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What avfsimctl can ask for. */
#ifndef AVFSIM_CONTROL_VERBS_H
#define AVFSIM_CONTROL_VERBS_H

#include <json-c/json.h>
#include <stddef.h>

struct sim;

/*
 * Carry args[0] out. 0 with a new object (or NULL) in *result, or -errno with
 * a sentence in why.
 */
int verbs_run(struct sim *sim, int num, const char *const *args, struct json_object **result,
	      char *why, size_t size);

#endif

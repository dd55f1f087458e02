/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulator's state as JSON; each object is new and the caller's. */
#ifndef AVFSIM_CONTROL_STATE_H
#define AVFSIM_CONTROL_STATE_H

#include <json-c/json.h>

struct sim;

/* Everything counted about one VF: where its frames and messages went. */
struct json_object *state_counters(struct sim *sim, unsigned int vf);
/* The VSI: addresses, VLANs, queues, RSS, flags. */
struct json_object *state_vsi(struct sim *sim, unsigned int vf);
/* Packets per queue. */
struct json_object *state_queue_counts(struct sim *sim, unsigned int vf);
struct json_object *state_errors(struct sim *sim);

/* Write DIR/report.json. 0 or -errno. */
int state_write_report(struct sim *sim);

#endif

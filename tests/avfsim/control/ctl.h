/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: one JSON object per line each way.
 *
 *   {"id": ANY, "args": ["reset", "0", "silent"]}
 *   {"id": ANY, "ok": true, "result": ...}  or  {"id": ANY, "ok": false, "error": "sentence"}
 *
 * The id comes back as it was sent. A line that is not a request is answered with the id
 * null, so that a client which finds the rest of somebody else's line on a shared channel (a
 * virtio-serial port) sends an empty line first and ignores what is not its own.
 */
#ifndef AVFSIM_CONTROL_CTL_H
#define AVFSIM_CONTROL_CTL_H

struct sim;
struct ctl;

/* Listen on DIR/ctl.sock. NULL with errno. */
struct ctl *ctl_new(struct sim *sim);
void ctl_free(struct ctl *ctl);

/* Free the clients that went away in this round of the loop; ctl may be NULL. */
void ctl_reap(struct ctl *ctl);

#endif

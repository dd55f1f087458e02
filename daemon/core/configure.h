/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the policy (daemon/policy) meets the VFs, the worker and the disk. */
#ifndef IAVFD_CONFIGURE_H
#define IAVFD_CONFIGURE_H

#include "policy/policy.h"

struct iavfd;

/* With the session; without memory nothing is configured, and everything else works. */
void configure_start(struct iavfd *iavfd);
/* The VFs of the start are known. */
void configure_started(struct iavfd *iavfd);
void configure_stop(struct iavfd *iavfd);
/* Something about a VF changed. */
void configure_vf_changed(struct iavfd *iavfd, const char *pci);
/* No VF waits for its files. */
bool configure_is_idle(const struct iavfd *iavfd);
/* SIGHUP: what came of it is in the log. */
void configure_reload(struct iavfd *iavfd);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoding of one message of the group trace. */
#ifndef IAVFCTL_TRACE_H
#define IAVFCTL_TRACE_H

#include "iavfctl.h"

struct nlmsghdr;

/* All but time_ns and pci; the payload points into the message. 0 or -EBADMSG. */
int trace_decode(const struct nlmsghdr *nlh, struct iavfctl_message *message);

#endif

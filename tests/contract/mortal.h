/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders of a daemon that dies at point world.die_at: each order has one before and one behind it. */
#ifndef CONTRACT_MORTAL_H
#define CONTRACT_MORTAL_H

#include "world.h"

void mortal_io(struct world *w, struct vf_io *io);

#endif

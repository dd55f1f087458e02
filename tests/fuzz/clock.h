/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A clock that only inputs move, instead of the machine's (-Wl,--wrap=clock_gettime): the same input, the same run. */
#ifndef FUZZ_CLOCK_H
#define FUZZ_CLOCK_H

#include <stdint.h>

extern uint64_t fuzz_now_ns;
extern uint64_t fuzz_look_ns;	/* so much later with each look at it */

#endif

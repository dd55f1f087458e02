# SPDX-License-Identifier: GPL-2.0-or-later
# The whole of avfsim but its control socket, and a client in the same process.
FUZZ_TARGETS += device
FUZZ_OBJS_device = $(patsubst %,tests/fuzz/%.o,clock program steps) tests/unit/avfsim_client.o $(AVFSIM_OBJS)
FUZZ_LIBS_device = $(AVFSIM_LIBS)
FUZZ_LINK_device = -Wl,--wrap=clock_gettime,--wrap=timerfd_settime

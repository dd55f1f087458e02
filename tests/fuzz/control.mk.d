# SPDX-License-Identifier: GPL-2.0-or-later
FUZZ_TARGETS += control
FUZZ_OBJS_control = $(patsubst %,tests/fuzz/%.o,clock program) tests/unit/avfsim_client.o $(AVFSIM_OBJS)
FUZZ_LIBS_control = $(AVFSIM_LIBS)
FUZZ_LINK_control = -Wl,--wrap=clock_gettime,--wrap=timerfd_settime

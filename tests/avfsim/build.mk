# SPDX-License-Identifier: GPL-2.0-or-later
# avfsim: the device process, and avfsimctl to talk to it (static: it goes into guests too).

ifeq ($(filter tests/avfsim,$(INC_DIRS)),)
INC_DIRS += tests/avfsim
endif
INC_tests_avfsim := -Itests/avfsim -Idaemon

include tests/avfsim/pf/objs.mk

AVFSIM_SRC = $(wildcard tests/avfsim/hw/*.c tests/avfsim/transport/*.c) \
	     $(addprefix tests/avfsim/control/,ctl.c state.c verbs.c verbs_host.c verbs_lie.c) \
	     tests/avfsim/report.c tests/avfsim/sim.c tests/avfsim/transcript.c
AVFSIM_OBJS = $(AVFSIM_SRC:.c=.o) $(AVFSIM_PF_OBJS)
AVFSIM_LIBS = -l:libjson-c.a -lm

$(B)/tests/avfsim/avfsim: $(B)/tests/avfsim/main.o $(addprefix $(B)/,$(AVFSIM_OBJS))
	$(CC) -o $@ $^ $(AVFSIM_LIBS)

$(B)/san/tests/avfsim/avfsim: $(B)/san/tests/avfsim/main.o $(addprefix $(B)/san/,$(AVFSIM_OBJS))
	$(CC) $(SAN) -o $@ $^ $(AVFSIM_LIBS)

$(B)/tests/avfsim/avfsimctl: $(B)/tests/avfsim/control/avfsimctl.o
	$(CC) -static -o $@ $^ $(AVFSIM_LIBS)

.PHONY: avfsim avfsim-san
avfsim: $(B)/tests/avfsim/avfsim $(B)/tests/avfsim/avfsimctl
avfsim-san: $(B)/san/tests/avfsim/avfsim

all: avfsim

# SPDX-License-Identifier: GPL-2.0-or-later
FUZZ_TARGETS += faults
FUZZ_OBJS_faults = tests/fuzz/program.o $(patsubst %.c,%.o,$(wildcard tests/avfsim/faults/*.c)) daemon/virtchnl/names.o

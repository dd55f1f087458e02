# SPDX-License-Identifier: GPL-2.0-or-later
FUZZ_TARGETS += faults
FUZZ_OBJS_faults = tests/fuzz/program.o tests/avfsim/faults/faults.o daemon/virtchnl/names.o

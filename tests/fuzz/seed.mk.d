# SPDX-License-Identifier: GPL-2.0-or-later
FUZZ_TARGETS += seed
FUZZ_OBJS_seed = tests/fuzz/program.o daemon/core/seed_file.o
FUZZ_LIBS_seed = $(DAEMON_LIBS)

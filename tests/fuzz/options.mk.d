# SPDX-License-Identifier: GPL-2.0-or-later
FUZZ_TARGETS += options
FUZZ_OBJS_options = tests/fuzz/program.o daemon/core/options.o daemon/core/log.o daemon/core/journal.o

# SPDX-License-Identifier: GPL-2.0-or-later
FUZZ_TARGETS += config
FUZZ_OBJS_config = tests/fuzz/program.o $(DAEMON_CONFIG_OBJS)
FUZZ_LIBS_config = $(shell $(PKG_CONFIG) --libs json-c)

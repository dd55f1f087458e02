# SPDX-License-Identifier: GPL-2.0-or-later
FUZZ_TARGETS += codec
FUZZ_OBJS_codec = tests/fuzz/program.o $(DAEMON_VIRTCHNL_OBJS)

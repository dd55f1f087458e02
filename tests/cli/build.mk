# SPDX-License-Identifier: GPL-2.0-or-later
# What tests/cli/check talks to: the daemon's D-Bus half, over a made-up policy.

INC_DIRS += tests/cli
INC_tests_cli = -Itests/cli -Idaemon -Ilibiavfctl/include -Ikmod/uapi $(DAEMON_CFLAGS)

$(B)/tests/cli/daemon: $(addprefix $(B)/,tests/cli/daemon.o tests/cli/policy.o $(DAEMON_BUS_OBJS) $(DAEMON_CONFIG_OBJS) daemon/core/log.o daemon/core/journal.o \
	$(LIBIAVFCTL_SHARED))
	$(CC) -o $@ $^ $(DAEMON_LIBS) $(HOST_LIBS)

.PHONY: check-cli
check-cli: all $(B)/tests/cli/daemon $(B)/san/tests/unit/verbs_test
	B=$(B) tests/cli/check

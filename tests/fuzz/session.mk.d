# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon without its bus, and the module's judgement of what it writes.
FUZZ_TARGETS += session
FUZZ_OBJS_session = tests/fuzz/clock.o $(sort $(patsubst %,daemon/core/%.o,vfs events view seed seed_file siphash log journal) $(DAEMON_KERNEL_OBJS) \
	$(DAEMON_BUS_OBJS) $(DAEMON_FILES_OBJS) $(LIBIAVFCTL_SHARED) $(DAEMON_VF_OBJS) $(FUZZ_OWNER_MESSAGE) \
	$(DAEMON_POLICY_OBJS) $(DAEMON_CONFIG_OBJS) $(DAEMON_HOST_OBJS))
FUZZ_LIBS_session = $(DAEMON_LIBS) $(HOST_LIBS)
FUZZ_LINK_session = -Wl,--wrap=clock_gettime

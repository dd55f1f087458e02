# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon around the pure VF machine, the library and the command line.

INC_tests_unit += -Ikmod/uapi -Ilibiavfctl/src -Icli -Itests/unit/stub $(DAEMON_CFLAGS)

LOG_OBJS = daemon/core/log.o daemon/core/journal.o

UNIT_TESTS += message seed journal files
OBJS_message = daemon/kernel/decode.o daemon/kernel/encode.o daemon/kernel/snapshot.o $(LIBIAVFCTL_SHARED)
LIBS_message = $(LIBIAVFCTL_LIBS)
OBJS_seed = daemon/core/seed.o daemon/core/seed_file.o daemon/core/siphash.o $(LOG_OBJS)
LIBS_seed = $(DAEMON_LIBS)
OBJS_journal = $(LOG_OBJS)
OBJS_files = $(DAEMON_FILES_OBJS) $(LOG_OBJS) cli/json_out.o cli/text.o $(LIBIAVFCTL_SHARED)
LIBS_files = $(DAEMON_LIBS) -lpthread

# A socket pair plays the kernel, tests/unit/vf_stub.c the VF machine.
UNIT_TESTS += session core
OBJS_session = $(DAEMON_KERNEL_OBJS) $(LOG_OBJS) daemon/virtchnl/names.o $(LIBIAVFCTL_SHARED)
LIBS_session = $(DAEMON_LIBS)
OBJS_core = tests/unit/broker.o $(filter-out daemon/core/main.o,$(DAEMON_CORE_OBJS)) $(DAEMON_KERNEL_OBJS) \
	$(DAEMON_BUS_OBJS) $(DAEMON_FILES_OBJS) $(DAEMON_POLICY_OBJS) $(DAEMON_CONFIG_OBJS) $(DAEMON_HOST_OBJS) \
	daemon/virtchnl/names.o tests/unit/vf_stub.o $(LIBIAVFCTL_SHARED)
LIBS_core = $(DAEMON_LIBS) $(HOST_LIBS)

UNIT_TESTS += libiavfctl cli
OBJS_libiavfctl = $(LIBIAVFCTL_SHARED) libiavfctl/src/decode.o libiavfctl/src/match.o \
	libiavfctl/src/whole.o libiavfctl/src/trace_decode.o
LIBS_libiavfctl = $(LIBIAVFCTL_LIBS)
OBJS_cli = tests/unit/ctl_fake.o $(CLI_OBJS) libiavfctl/src/words.o
LIBS_cli = $(shell $(PKG_CONFIG) --libs json-c)

UNIT_TESTS += verbs
OBJS_verbs = $(OBJS_cli) daemon/virtchnl/encode.o
LIBS_verbs = $(LIBS_cli)

UNIT_TESTS += configure
OBJS_configure = $(OBJS_cli)
LIBS_configure = $(LIBS_cli)

# A private dbus-daemon is the bus.
UNIT_TESTS += bus
OBJS_bus = tests/unit/broker.o $(DAEMON_BUS_OBJS) $(LOG_OBJS) $(DAEMON_POLICY_OBJS) $(DAEMON_CONFIG_OBJS) $(DAEMON_HOST_OBJS) \
	$(LIBIAVFCTL_SHARED)
LIBS_bus = $(DAEMON_LIBS) $(HOST_LIBS)

UNIT_TESTS += monitor
OBJS_monitor = tests/unit/broker.o $(sort $(LIBIAVFCTL_OBJS) $(DAEMON_BUS_OBJS) $(DAEMON_POLICY_OBJS) $(DAEMON_CONFIG_OBJS) \
	$(DAEMON_HOST_OBJS)) $(LOG_OBJS)
LIBS_monitor = $(DAEMON_LIBS) $(HOST_LIBS)

# A made-up kernel.
UNIT_TESTS += trace
OBJS_trace = libiavfctl/src/trace.o libiavfctl/src/trace_decode.o libiavfctl/src/attrs.o
LIBS_trace = $(LIBIAVFCTL_LIBS) -Wl,--wrap=recv

# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the system suites run in the guest, as session owners other than the daemon.

INC_DIRS += tests/system
INC_tests_system := -Ikmod/uapi -Idaemon

OWNER_OBJS := $(addprefix $(B)/tests/system/owner/,client.o bringup.o)
OWNER_BINS := $(B)/tests/system/owner/wrong_use $(B)/tests/system/owner/malicious

$(OWNER_BINS): %: %.o $(OWNER_OBJS)
	$(CC) -o $@ $^ -lmnl

# strangers and hostile users
USER_BINS := $(addprefix $(B)/tests/system/user/,strangers netlink_junk descriptor_junk sessions sleeper)
$(USER_BINS): %: %.o $(B)/tests/system/owner/client.o
	$(CC) -o $@ $^ -lmnl
$(B)/tests/system/user/descriptor_junk: $(B)/tests/system/user/ring.o
$(B)/tests/system/user/bus_flood: %: %.o
	$(CC) -o $@ $^ -lsystemd
# daemon/host from a command line
include daemon/host/objs.mk
INC_DIRS += tests/system/host
INC_tests_system_host = $(HOST_CFLAGS)
HOST_TEST_OBJS := $(DAEMON_HOST_OBJS) libiavfctl/src/attrs.o libiavfctl/src/genl.o
$(B)/tests/system/host/netdev: %: %.o $(addprefix $(B)/,$(HOST_TEST_OBJS))
	$(CC) -o $@ $^ $(HOST_LIBS)
$(B)/san/tests/system/host/netdev: %: %.o $(addprefix $(B)/san/,$(HOST_TEST_OBJS))
	$(CC) $(SAN) -o $@ $^ $(HOST_LIBS)
SYSTEM_BINS := $(OWNER_BINS) $(USER_BINS) $(B)/tests/system/user/bus_flood $(B)/tests/system/host/netdev

# into the guest's stage
.PHONY: install-tests
install-tests: $(SYSTEM_BINS) $(B)/examples/agent
	install -d $(DESTDIR)/usr/libexec/iavf-tests
	install -m 0755 $(SYSTEM_BINS) $(B)/examples/agent examples/agent.py $(DESTDIR)/usr/libexec/iavf-tests/

# the table of who waits how long: LOCKS_SECONDS=60 KERNEL=6.12 DRIVER=split
.PHONY: locks
locks:
	tests/system/locks/run

# MINUTES=30 SEED=1
.PHONY: hostile
hostile:
	tests/system/hostile

# MINUTES=10 SEED=1, and all of the daemon's fault points
.PHONY: kills
kills:
	tests/system/kills

# COUNT=200 KERNEL=6.12: pods come and go, on our driver and on the kernel's own
.PHONY: orchestration
orchestration:
	tests/system/orchestration

# The suites on the debug kernel, out of CI's time.
.PHONY: check-debug
check-debug:
	tests/check-debug

# MINUTES=30 SEED=1 FROM=1
.PHONY: soak
soak:
	tests/system/soak

# COUNT=1000 ABSENT=100 INTREE=100 SEED=1
.PHONY: resets
resets:
	tests/system/resets

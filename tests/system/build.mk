# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the system suites run in the guest, as session owners other than the daemon.

INC_DIRS += tests/system
INC_tests_system := -Ikmod/uapi -Idaemon

OWNER_OBJS := $(addprefix $(B)/tests/system/owner/,client.o bringup.o)
OWNER_BINS := $(B)/tests/system/owner/wrong_use $(B)/tests/system/owner/malicious

$(OWNER_BINS): %: %.o $(OWNER_OBJS)
	$(CC) -o $@ $^ -lmnl

# into the guest's stage
.PHONY: install-tests
install-tests: $(OWNER_BINS)
	install -d $(DESTDIR)/usr/libexec/iavf-tests
	install -m 0755 $(OWNER_BINS) $(DESTDIR)/usr/libexec/iavf-tests/

# MINUTES=30 SEED=1
.PHONY: hostile
hostile:
	tests/system/hostile

# MINUTES=10 SEED=1, and all of the daemon's fault points
.PHONY: kills
kills:
	tests/system/kills

# MINUTES=30 SEED=1 FROM=1
.PHONY: soak
soak:
	tests/system/soak

# COUNT=1000 ABSENT=100 INTREE=100 SEED=1
.PHONY: resets
resets:
	tests/system/resets

# SPDX-License-Identifier: GPL-2.0-or-later
# What a worker does to netdevs: messages as bytes, and the worker thread with steps that do nothing.
include daemon/host/objs.mk
INC_tests_unit += $(HOST_CFLAGS)

UNIT_TESTS += host worker
OBJS_host = $(DAEMON_HOST_OBJS) libiavfctl/src/attrs.o libiavfctl/src/genl.o
LIBS_host = $(HOST_LIBS)
OBJS_worker = $(OBJS_host)
LIBS_worker = $(HOST_LIBS)

# What has a thread, once more, for data races. By hand: setarch, as ThreadSanitizer does not know the
# address spaces of all kernels.
TSAN := -fsanitize=thread -fno-omit-frame-pointer -O1 -g
$(B)/tsan/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(TSAN) -MMD -MP $(call inc_of,$<) -c -o $@ $<
$(B)/tsan/%_test: $(B)/tsan/tests/unit/%_test.o $$(addprefix $(B)/tsan/,$$(OBJS_$$*))
	$(CC) $(TSAN) -o $@ $^ $(LIBS_$*)
.PHONY: check-tsan
check-tsan: $(B)/tsan/worker_test $(B)/tsan/files_test
	setarch -R tests/unit/run $^

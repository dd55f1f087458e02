# SPDX-License-Identifier: GPL-2.0-or-later
# libFuzzer targets. Each adds itself in a NAME.mk.d here: FUZZ_TARGETS += NAME, and FUZZ_OBJS_NAME := objects besides
# tests/fuzz/NAME.o (paths without $(B)). Objects go to $(B)/fuzz with sanitizers, to $(B)/fuzz-cov with counters of coverage.
# clang alone has libFuzzer; README.md says how all of it is used.

FUZZ_CC	?= clang
FUZZ	:= $(B)/fuzz
FUZZ_COV := $(B)/fuzz-cov
FUZZ_SAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_COUNT := -fprofile-instr-generate -fcoverage-mapping
FUZZ_CFLAGS = $(CFLAGS_ALL) -O1 -Wno-gnu-variable-sized-type-not-at-end
# Where inputs are programs, what is compared is seldom in the input, and looking for it takes most of the time.
FUZZ_NO_CMP = daemon/vf/% tests/contract/% tests/avfsim/pf/% tests/avfsim/hw/% tests/avfsim/switch/%
fuzz_cmp = $(if $(filter $(FUZZ_NO_CMP),$(1)),-O2 -fno-sanitize-coverage=trace-cmp)

INC_DIRS += tests/fuzz
INC_tests_fuzz = -Itests/fuzz -Itests/contract -Itests/avfsim -Itests/unit -Idaemon -Ikmod/uapi -Ilibiavfctl/src \
	-Ilibiavfctl/include $(DAEMON_CFLAGS)

$(FUZZ)/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link $(call fuzz_cmp,$<) $(FUZZ_SAN) -MMD -MP $(call inc_of,$<) -c -o $@ $<

$(FUZZ_COV)/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link $(FUZZ_COUNT) -MMD -MP $(call inc_of,$<) -c -o $@ $<

include $(sort $(wildcard tests/fuzz/*.mk.d))

.SECONDEXPANSION:
$(FUZZ_TARGETS:%=$(FUZZ)/%): $(FUZZ)/%: $(FUZZ)/tests/fuzz/%.o $$(addprefix $(FUZZ)/,$$(FUZZ_OBJS_$$*))
	$(FUZZ_CC) -fsanitize=fuzzer $(FUZZ_SAN) $(FUZZ_LINK_$*) -o $@ $^ $(FUZZ_LIBS_$*)

$(FUZZ_TARGETS:%=$(FUZZ_COV)/%): $(FUZZ_COV)/%: $(FUZZ_COV)/tests/fuzz/%.o $$(addprefix $(FUZZ_COV)/,$$(FUZZ_OBJS_$$*))
	$(FUZZ_CC) -fsanitize=fuzzer $(FUZZ_COUNT) $(FUZZ_LINK_$*) -o $@ $^ $(FUZZ_LIBS_$*)

.PHONY: fuzz-bins fuzz-cov-bins check-fuzz fuzz fuzz-coverage
fuzz-bins: $(FUZZ_TARGETS:%=$(FUZZ)/%)
fuzz-cov-bins: $(FUZZ_TARGETS:%=$(FUZZ_COV)/%)
# MINUTES of each target (default 10), two at a time. TARGETS='NAME...': only these
fuzz:
	MINUTES=$(MINUTES) tests/fuzz/long $(TARGETS)
fuzz-coverage:
	tests/fuzz/coverage
check-fuzz:
	tests/fuzz/run

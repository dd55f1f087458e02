# SPDX-License-Identifier: GPL-2.0-or-later
# Contract tests: the daemon's logic against the PF model in one process.

INC_DIRS += tests/contract
INC_tests_contract := -Itests/contract -Itests/avfsim -Idaemon -Ikmod/uapi

include daemon/vf/objs.mk
include tests/avfsim/pf/objs.mk

CONTRACT_OBJS := $(patsubst %.c,%.o,$(sort $(wildcard tests/contract/*.c))) \
	$(sort $(DAEMON_VF_OBJS) $(AVFSIM_PF_OBJS))
# The same with other numbers for most opcodes: nobody may have written one down.
CONTRACT_PERMUTED := $(B)/permuted

$(B)/san/tests/contract/contract: $(addprefix $(B)/san/,$(CONTRACT_OBJS))
	$(CC) $(SAN) -o $@ $^

$(CONTRACT_PERMUTED)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -DVIRTCHNL_PERMUTED -MMD -MP $(call inc_of,$<) -c -o $@ $<

$(CONTRACT_PERMUTED)/contract: $(addprefix $(CONTRACT_PERMUTED)/,$(CONTRACT_OBJS))
	$(CC) -o $@ $^

.PHONY: check-contract
check-contract: $(B)/san/tests/contract/contract $(CONTRACT_PERMUTED)/contract
	tests/unit/run $^

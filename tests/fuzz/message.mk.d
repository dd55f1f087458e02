# SPDX-License-Identifier: GPL-2.0-or-later
# Messages of an owner, as the module judges them.
FUZZ_TARGETS += message
FUZZ_OBJS_message = $(FUZZ_OWNER_MESSAGE)

# The kernel's own code on tests/fuzz/kernel/kernel.h; each header that it names besides is an empty file.
FUZZ_OWNER_MESSAGE = $(patsubst %,%.o,kmod/session/message kmod/uapi/iavf_family tests/fuzz/kernel/attrs \
	tests/fuzz/kernel/owner tests/fuzz/program)
FUZZ_EMPTY := $(patsubst %,$(B)/fuzz-empty/%.h,$(addprefix linux/,slab cleanup completion list mutex sizes skbuff spinlock \
	wait workqueue module) net/genetlink net/netlink)
INC_DIRS += kmod/session kmod/uapi tests/fuzz/kernel
INC_kmod_session := -I$(B)/fuzz-empty -Itests/unit -include tests/fuzz/kernel/kernel.h -Wno-missing-field-initializers
INC_kmod_uapi := $(INC_kmod_session)
INC_tests_fuzz_kernel := -I$(B)/fuzz-empty -Ikmod/uapi -I.
$(foreach d,$(FUZZ) $(FUZZ_COV),$(addprefix $(d)/,$(FUZZ_OWNER_MESSAGE))): | $(FUZZ_EMPTY)
$(FUZZ_EMPTY):
	@mkdir -p $(@D)
	@touch $@

# SPDX-License-Identifier: GPL-2.0-or-later
# The VF machine in the world of the contract tests.
FUZZ_TARGETS += core
FUZZ_OBJS_core = $(patsubst %,tests/fuzz/%.o,core_user core_policy core_pf program steps) \
	$(patsubst %,tests/contract/%.o,world mortal kern_driver kern_session kern_user check) \
	$(sort $(DAEMON_VF_OBJS) $(AVFSIM_PF_OBJS))

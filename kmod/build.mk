# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel modules, built by plain kbuild in a copy so that the source tree stays clean.

KDIR		?= /lib/modules/$(shell uname -r)/build
KMOD_DIR	:= $(abspath $(B))/kmod
KMOD_FILES	:= Kbuild $(patsubst kmod/%,%,$(wildcard kmod/*.h kmod/*/*.[ch]))
CHECKPATCH	?= $(firstword $(wildcard $(KDIR)/scripts/checkpatch.pl) $(shell command -v checkpatch.pl))

.PHONY: kmod check-kmod kmod-copy
kmod: kmod-copy
	+$(MAKE) -C $(KDIR) M=$(KMOD_DIR) $(KMOD_ARGS) modules

# cp -u keeps the times, so that kbuild makes again only what changed
kmod-copy:
	@mkdir -p $(KMOD_DIR)
	@cd kmod && cp -u --parents $(KMOD_FILES) $(KMOD_DIR)/

# Any warning fails: of the compiler (W=1), of sparse (C=2) and of checkpatch.
check-kmod: kmod-copy
	@command -v sparse >/dev/null || { echo "check-kmod: sparse is missing" >&2; exit 1; }
	+$(MAKE) -C $(KDIR) M=$(KMOD_DIR) W=1 C=2 $(KMOD_ARGS) modules >$(KMOD_DIR)/check.log 2>&1 \
		|| { cat $(KMOD_DIR)/check.log; exit 1; }
	@! grep -E '(warning|error):' $(KMOD_DIR)/check.log
ifneq ($(CHECKPATCH),)
	perl $(CHECKPATCH) --strict --no-tree --terse --quiet --max-line-length=100 \
		--ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON -f \
		$(filter-out kmod/uapi/%,$(wildcard kmod/*.h kmod/*/*.[ch]))
else
	@echo "check-kmod: no checkpatch.pl, not run (set CHECKPATCH)"
endif

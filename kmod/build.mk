# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel modules, built by plain kbuild in a copy so that the source tree stays clean.

KVER		?= $(shell uname -r)
KDIR		?= /lib/modules/$(KVER)/build
KMOD_DIR	:= $(abspath $(B))/kmod
KMOD_FILES	:= Kbuild $(patsubst kmod/%,%,$(wildcard kmod/*.h kmod/*/*.[ch]))
CHECKPATCH	?= $(firstword $(wildcard $(KDIR)/scripts/checkpatch.pl) $(shell command -v checkpatch.pl))

# What is installed: without debug information, which would make an initramfs 10 MB larger. It is up to date when the stamp of
# its kernel is, so that installing needs neither headers nor compiler.
KMOD_INSTALL	:= $(B)/kmod/install/for-$(KVER)

.PHONY: kmod kmod-ready check-kmod kmod-copy kmod-headers
kmod-ready: $(KMOD_INSTALL)
kmod: kmod-headers kmod-copy
	+$(MAKE) -C $(KDIR) M=$(KMOD_DIR) $(KMOD_ARGS) modules
	@rm -rf $(KMOD_DIR)/install && mkdir $(KMOD_DIR)/install
	cd $(KMOD_DIR) && for m in *.ko; do objcopy --strip-debug $$m install/$$m || exit; done
	@touch $(KMOD_INSTALL)

$(KMOD_INSTALL): $(addprefix kmod/,$(KMOD_FILES))
	+$(MAKE) kmod

kmod-headers:
	@[ -e $(KDIR)/Makefile ] || { echo "iavf: the headers of kernel $(KVER) are missing ($(KDIR)):" \
		"apt-get install linux-headers-$(KVER)" >&2; exit 1; }

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

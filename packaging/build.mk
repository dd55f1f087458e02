# SPDX-License-Identifier: GPL-2.0-or-later
# make install, uninstall, load: see packaging/README.md. What goes where is in packaging/files.

PREFIX	 := /usr
LIBDIR	 = $(PREFIX)/lib$(addprefix /,$(or $(shell $(CC) -print-multiarch 2>/dev/null),$(HOSTARCH)-linux-gnu))
SBINDIR	 := $(PREFIX)/sbin
BINDIR	 := $(PREFIX)/bin
UNITDIR	 := $(PREFIX)/lib/systemd/system
MANDIR	 := $(PREFIX)/share/man
# D-Bus looks for policy in two places only.
DBUSDIR	 := $(if $(filter /usr,$(PREFIX)),/usr/share,/etc)/dbus-1/system.d
# udev and polkit look in /usr alone.
UDEVDIR	 := /usr/lib/udev/rules.d
POLKITDIR := /usr/share/polkit-1/actions
# modules, user, dev
PARTS	 := modules user dev

INSTALL_ENV = B='$(B)' KVER='$(KVER)' KDIR='$(KDIR)' DESTDIR='$(DESTDIR)' PARTS='$(PARTS)' PREFIX='$(PREFIX)' \
	LIBDIR='$(LIBDIR)' SBINDIR='$(SBINDIR)' BINDIR='$(BINDIR)' UNITDIR='$(UNITDIR)' MANDIR='$(MANDIR)' \
	DBUSDIR='$(DBUSDIR)' UDEVDIR='$(UDEVDIR)' POLKITDIR='$(POLKITDIR)' VERSION='$(IAVF_VERSION)'

BUILT_modules := $(KMOD_INSTALL)
BUILT_user := $(B)/iavfd $(B)/install/iavfctl $(B)/libiavfctl.so.0
BUILT_dev := $(B)/libiavfctl.so.0

.PHONY: install uninstall load install-dkms
install: $(foreach part,$(PARTS),$(BUILT_$(part)))
	+$(INSTALL_ENV) packaging/install
uninstall:
	$(INSTALL_ENV) packaging/uninstall
load:
	FORCE='$(FORCE)' packaging/load

# The modules as source, built for each kernel of this machine by dkms; instead of PARTS=modules.
DKMS_DIR = $(DESTDIR)/usr/src/iavf-split-$(IAVF_VERSION)
install-dkms:
	rm -rf $(DKMS_DIR)
	mkdir -p $(DKMS_DIR)
	cd kmod && cp --parents $(KMOD_FILES) $(DKMS_DIR)/
	sed 's|@VERSION@|$(IAVF_VERSION)|' packaging/dkms.conf.in >$(DKMS_DIR)/dkms.conf

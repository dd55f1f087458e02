# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs on a machine besides the kernel modules: make install-user DESTDIR=...

PREFIX	 := /usr
LIBDIR	 = $(PREFIX)/lib$(addprefix /,$(shell $(CC) -print-multiarch))
SBINDIR	 := $(PREFIX)/sbin
BINDIR	 := $(PREFIX)/bin
UNITDIR	 := $(PREFIX)/lib/systemd/system
MANDIR	 := $(PREFIX)/share/man
COMPLETIONS := $(PREFIX)/share/bash-completion/completions

.PHONY: install-user install-dev
install-user: $(B)/iavfd $(B)/install/iavfctl $(B)/libiavfctl.so.0
	install -D -m 755 $(B)/iavfd $(DESTDIR)$(SBINDIR)/iavfd
	install -D -m 755 $(B)/install/iavfctl $(DESTDIR)$(BINDIR)/iavfctl
	install -D -m 644 $(B)/libiavfctl.so.0 $(DESTDIR)$(LIBDIR)/libiavfctl.so.0
	install -D -m 644 systemd/iavfd.service $(DESTDIR)$(UNITDIR)/iavfd.service
	install -D -m 644 systemd/sysusers.d/iavfd.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/iavfd.conf
	install -D -m 644 systemd/modules-load.d/iavfd.conf $(DESTDIR)$(PREFIX)/lib/modules-load.d/iavfd.conf
	install -D -m 644 cli/completions/iavfctl $(DESTDIR)$(COMPLETIONS)/iavfctl
	install -D -m 644 docs/man/iavfd.8 $(DESTDIR)$(MANDIR)/man8/iavfd.8
	install -D -m 644 docs/man/iavfctl.1 $(DESTDIR)$(MANDIR)/man1/iavfctl.1

install-dev: $(B)/libiavfctl.so.0 $(B)/libiavfctl.pc
	install -D -m 644 libiavfctl/include/iavfctl.h $(DESTDIR)$(PREFIX)/include/iavfctl.h
	install -D -m 644 $(B)/libiavfctl.pc $(DESTDIR)$(LIBDIR)/pkgconfig/libiavfctl.pc
	ln -sf libiavfctl.so.0 $(DESTDIR)$(LIBDIR)/libiavfctl.so

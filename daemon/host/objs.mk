# SPDX-License-Identifier: GPL-2.0-or-later
# Objects of what a worker does to netdevs, for whoever links them (paths without $(B)/). May be included more than once.
ifndef DAEMON_HOST_OBJS
HOST_CFLAGS = $(shell $(PKG_CONFIG) --cflags libmnl libnl-route-3.0 libsystemd 2>/dev/null)
HOST_LIBS = $(shell $(PKG_CONFIG) --libs libmnl libnl-route-3.0 libsystemd 2>/dev/null) -lpthread
DAEMON_HOST_OBJS := $(patsubst %.c,%.o,$(sort $(wildcard daemon/host/*.c)))
INC_DIRS += daemon/host
INC_daemon_host = -Idaemon -Idaemon/host -Ilibiavfctl/src $(HOST_CFLAGS)
endif

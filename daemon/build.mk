# SPDX-License-Identifier: GPL-2.0-or-later
# iavfd. The pure parts (daemon/vf, daemon/virtchnl) list their objects in daemon/vf/objs.mk.

.SECONDEXPANSION:

include daemon/vf/objs.mk
include daemon/host/objs.mk
include daemon/policy/objs.mk

DAEMON_CFLAGS = $(shell $(PKG_CONFIG) --cflags libmnl libsystemd json-c 2>/dev/null)
DAEMON_LIBS = $(shell $(PKG_CONFIG) --libs libmnl libsystemd json-c 2>/dev/null)

INC_DIRS += daemon/core daemon/kernel daemon/bus daemon/files
INC_daemon_bus = -Idaemon -Idaemon/bus -Ilibiavfctl/include -Ikmod/uapi $(DAEMON_CFLAGS)
INC_daemon_files = -Idaemon -Idaemon/files -Ilibiavfctl/include -Ikmod/uapi $(DAEMON_CFLAGS)
INC_daemon_kernel = -Idaemon -Idaemon/kernel -Ilibiavfctl/src -Ikmod/uapi $(DAEMON_CFLAGS)
INC_daemon_core = -Idaemon -Idaemon/core -Ilibiavfctl/include -Ikmod/uapi -DIAVF_VERSION='"$(IAVF_VERSION)"' $(DAEMON_CFLAGS)

DAEMON_KERNEL_OBJS := $(patsubst %.c,%.o,$(wildcard daemon/kernel/*.c))
DAEMON_BUS_OBJS := $(patsubst %.c,%.o,$(wildcard daemon/bus/*.c))
DAEMON_FILES_OBJS := $(patsubst %.c,%.o,$(wildcard daemon/files/*.c))
DAEMON_CORE_OBJS := $(patsubst %.c,%.o,$(wildcard daemon/core/*.c))
DAEMON_OBJS = $(DAEMON_CORE_OBJS) $(DAEMON_BUS_OBJS) $(DAEMON_FILES_OBJS) $(DAEMON_KERNEL_OBJS) $(LIBIAVFCTL_SHARED) \
	$(DAEMON_VF_OBJS) $(DAEMON_VIRTCHNL_OBJS) $(DAEMON_POLICY_OBJS) $(DAEMON_CONFIG_OBJS) $(DAEMON_HOST_OBJS)

$(B)/iavfd: $$(addprefix $(B)/,$$(DAEMON_OBJS))
	$(CC) $(LDFLAGS) -Wl,-z,relro -Wl,-z,now -o $@ $^ $(DAEMON_LIBS) $(HOST_LIBS)

all: $(B)/iavfd

.PHONY: daemon
daemon: $(B)/iavfd

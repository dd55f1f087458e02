# SPDX-License-Identifier: GPL-2.0-or-later
# libiavfctl.so.0, and the few objects of it that the daemon shares (LIBIAVFCTL_SHARED).

IAVF_VERSION	:= 0.1.0
PKG_CONFIG	?= pkg-config

# pkg-config is asked when something is built, so that `make clean` needs no package.
LIBIAVFCTL_CFLAGS = $(shell $(PKG_CONFIG) --cflags libmnl libsystemd 2>/dev/null)
LIBIAVFCTL_LIBS = $(shell $(PKG_CONFIG) --libs libmnl libsystemd 2>/dev/null)

INC_DIRS += libiavfctl/src
INC_libiavfctl_src = -Ilibiavfctl/include -Ilibiavfctl/src -Ikmod/uapi -fPIC -fvisibility=default \
	-DIAVF_VERSION='"$(IAVF_VERSION)"' $(LIBIAVFCTL_CFLAGS)

LIBIAVFCTL_SHARED := libiavfctl/src/attrs.o libiavfctl/src/genl.o libiavfctl/src/vf_rules.o \
	libiavfctl/src/words.o
LIBIAVFCTL_OBJS := $(LIBIAVFCTL_SHARED) libiavfctl/src/ctl.o libiavfctl/src/match.o \
	libiavfctl/src/decode.o \
	libiavfctl/src/whole.o libiavfctl/src/bus.o libiavfctl/src/daemon.o libiavfctl/src/news.o \
	libiavfctl/src/monitor.o libiavfctl/src/trace.o libiavfctl/src/trace_decode.o \
	libiavfctl/src/log_level.o libiavfctl/src/verbs.o libiavfctl/src/configure.o

$(B)/libiavfctl.so.0: $(addprefix $(B)/,$(LIBIAVFCTL_OBJS)) libiavfctl/libiavfctl.map
	$(CC) -shared -Wl,-soname,libiavfctl.so.0 -Wl,--version-script,libiavfctl/libiavfctl.map \
		-Wl,-z,defs -Wl,-z,relro -Wl,-z,now $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBIAVFCTL_LIBS)
	ln -sf libiavfctl.so.0 $(B)/libiavfctl.so

all: $(B)/libiavfctl.so.0

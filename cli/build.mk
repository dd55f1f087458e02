# SPDX-License-Identifier: GPL-2.0-or-later
# iavfctl, with the pure half of virtchnl that trace needs. Runs from the build folder with the library beside it; what is installed is linked without that path.

CLI_CFLAGS = $(shell $(PKG_CONFIG) --cflags json-c 2>/dev/null)
CLI_LIBS = -L$(B) -liavfctl $(shell $(PKG_CONFIG) --libs json-c 2>/dev/null)

INC_DIRS += cli
INC_cli = -Icli -Idaemon -Ilibiavfctl/include -DIAVF_VERSION='"$(IAVF_VERSION)"' $(CLI_CFLAGS)

CLI_MAIN := cli/main.o
CLI_OBJS := $(filter-out $(CLI_MAIN),$(patsubst %.c,%.o,$(wildcard cli/*.c))) \
	$(addprefix daemon/virtchnl/,fields.o decode.o names.o) $(filter-out daemon/config/folder.o,$(patsubst %.c,%.o,$(wildcard daemon/config/*.c)))

$(B)/iavfctl: $(addprefix $(B)/,$(CLI_OBJS) $(CLI_MAIN)) $(B)/libiavfctl.so.0
	$(CC) $(LDFLAGS) -Wl,-z,relro -Wl,-z,now -Wl,-rpath,'$$ORIGIN' -o $@ $(filter %.o,$^) $(CLI_LIBS)

$(B)/install/iavfctl: $(addprefix $(B)/,$(CLI_OBJS) $(CLI_MAIN)) $(B)/libiavfctl.so.0
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -Wl,-z,relro -Wl,-z,now -o $@ $(filter %.o,$^) $(CLI_LIBS)

all: $(B)/iavfctl

.PHONY: cli
cli: $(B)/iavfctl

# SPDX-License-Identifier: GPL-2.0-or-later
# The reader of configuration: all of it is pure but folder.c.

INC_DIRS += daemon/config
INC_daemon_config = -Idaemon -Idaemon/config $(DAEMON_CFLAGS)

DAEMON_CONFIG_OBJS := $(patsubst %.c,%.o,$(sort $(wildcard daemon/config/*.c)))

all: $(addprefix $(B)/,$(DAEMON_CONFIG_OBJS))

# SPDX-License-Identifier: GPL-2.0-or-later
# Objects of plans and transactions, for whoever links them (paths without $(B)/). May be included more than once.
ifndef DAEMON_POLICY_OBJS
DAEMON_POLICY_OBJS := $(patsubst %.c,%.o,$(sort $(wildcard daemon/policy/*.c)))
INC_DIRS += daemon/policy
INC_daemon_policy = -Idaemon -Idaemon/policy -Ikmod/uapi $(DAEMON_CFLAGS)
endif

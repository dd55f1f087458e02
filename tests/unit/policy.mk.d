# SPDX-License-Identifier: GPL-2.0-or-later
# Plans and transactions, against a model of a netdev.
include daemon/host/objs.mk
include daemon/policy/objs.mk

UNIT_TESTS += txn
OBJS_txn = tests/unit/netdev_model.o $(DAEMON_POLICY_OBJS) $(DAEMON_CONFIG_OBJS) $(OBJS_host) daemon/core/log.o daemon/core/journal.o
LIBS_txn = $(HOST_LIBS) $(shell $(PKG_CONFIG) --libs json-c)
UNIT_TESTS += policy
OBJS_policy = tests/unit/netdev_model.o $(DAEMON_POLICY_OBJS) $(DAEMON_CONFIG_OBJS) $(OBJS_host) daemon/core/log.o daemon/core/journal.o
LIBS_policy = $(LIBS_txn)

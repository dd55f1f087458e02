# SPDX-License-Identifier: GPL-2.0-or-later
# The reader of configuration files.

UNIT_TESTS += config
OBJS_config = $(DAEMON_CONFIG_OBJS)
LIBS_config = $(shell $(PKG_CONFIG) --libs json-c) \
	$(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc strdup vasprintf asprintf open_memstream)
comma := ,

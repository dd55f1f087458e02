# SPDX-License-Identifier: GPL-2.0-or-later
# The table as JSON, and what the reader says of documents.

INC_DIRS += tests/config
INC_tests_config = -Idaemon $(DAEMON_CFLAGS)

CONFIG_READER := $(B)/san/tests/config/reader
$(CONFIG_READER): $(addprefix $(B)/san/,tests/config/reader.o $(DAEMON_CONFIG_OBJS))
	$(CC) $(SAN) -o $@ $^ $(DAEMON_LIBS)

.PHONY: config-reader
config-reader: $(CONFIG_READER)

# SPDX-License-Identifier: GPL-2.0-or-later
# The agent in C; people build it by the line in its head, tests (tests/cli/check) as well.

INC_DIRS += examples
INC_examples = -Ilibiavfctl/include $(CLI_CFLAGS)

$(B)/examples/agent: %: %.o $(B)/libiavfctl.so.0
	$(CC) $(LDFLAGS) -o $@ $< $(CLI_LIBS)

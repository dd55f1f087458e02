# SPDX-License-Identifier: GPL-2.0-or-later
# One Makefile for everything. Each folder adds its own part in a build.mk;
# objects go to $(B)/<path>, and a second time with sanitizers to $(B)/san/<path>.

B	?= build
CC	?= gcc
HOSTARCH := $(shell uname -m)

WARN	:= -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	   -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wvla -Wno-unused-parameter
CFLAGS	?= -O2 -g
CFLAGS_ALL := -std=gnu11 $(WARN) $(CFLAGS) -D_GNU_SOURCE $(CPPFLAGS) -fno-strict-aliasing -fstack-protector-strong
SAN	:= -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g

all:
.PHONY: all clean
.DELETE_ON_ERROR:
.SECONDARY:

# inc-<path> adds flags to the objects below one folder; see the build.mk files.
inc_of	= $(foreach d,$(INC_DIRS),$(if $(filter $(d)/%,$(1)),$(INC_$(subst /,_,$(d)))))

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP $(call inc_of,$<) -c -o $@ $<

$(B)/san/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(SAN) -MMD -MP $(call inc_of,$<) -c -o $@ $<

include $(wildcard */build.mk */*/build.mk)

-include $(shell find $(B) -type f -name '*.d' 2>/dev/null)

clean:
	rm -rf $(B)

# The two commands of the README.
.PHONY: check check-full demo
check:
	tests/check
check-full:
	SUITES=all tests/check
demo:
	tests/demo

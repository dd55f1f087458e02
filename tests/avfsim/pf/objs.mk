# SPDX-License-Identifier: GPL-2.0-or-later
# Objects of the PF model, the switch and the faults, for whoever links them (paths without
# $(B)/; sanitized ones are below $(B)/san/). May be included more than once.
ifndef AVFSIM_PF_OBJS
AVFSIM_PF_OBJS := $(patsubst %.c,%.o,$(sort $(wildcard tests/avfsim/pf/*.c \
	tests/avfsim/faults/*.c tests/avfsim/switch/*.c))) daemon/virtchnl/names.o

# The owners of these folders may have said so already.
ifeq ($(filter tests/avfsim,$(INC_DIRS)),)
INC_DIRS += tests/avfsim
INC_tests_avfsim ?= -Itests/avfsim -Idaemon
endif
ifeq ($(filter daemon,$(INC_DIRS)),)
INC_DIRS += daemon
INC_daemon ?= -Idaemon
endif
endif

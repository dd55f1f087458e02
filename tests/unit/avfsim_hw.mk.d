# SPDX-License-Identifier: GPL-2.0-or-later
# The pure parts of the emulated hardware.

UNIT_TESTS += avfsim_toeplitz avfsim_parse avfsim_txoff avfsim_dma

AVFSIM_PURE = $(patsubst %,tests/avfsim/hw/%.o,toeplitz parse csum rss txoff)
OBJS_avfsim_toeplitz = $(AVFSIM_PURE)
OBJS_avfsim_parse = $(AVFSIM_PURE)
OBJS_avfsim_txoff = $(AVFSIM_PURE)
OBJS_avfsim_dma = tests/avfsim/hw/dma.o

# The whole process, with a client in it.
UNIT_TESTS += avfsim_device
OBJS_avfsim_device = tests/unit/avfsim_client.o $(AVFSIM_OBJS)
LIBS_avfsim_device = $(AVFSIM_LIBS)

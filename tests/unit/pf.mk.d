# SPDX-License-Identifier: GPL-2.0-or-later
include tests/avfsim/pf/objs.mk
UNIT_TESTS += pf pf_profiles pf_stress faults switch wire
OBJS_pf = $(AVFSIM_PF_OBJS)
OBJS_pf_profiles = $(AVFSIM_PF_OBJS)
OBJS_pf_stress = $(AVFSIM_PF_OBJS)
OBJS_faults = $(AVFSIM_PF_OBJS)
OBJS_switch = $(AVFSIM_PF_OBJS)
OBJS_wire = daemon/virtchnl/names.o

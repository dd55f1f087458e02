# SPDX-License-Identifier: GPL-2.0-or-later
# Each test adds itself: UNIT_TESTS += name, and OBJS_name := objects besides tests/unit/name_test.o
# (paths without $(B); they are linked in their sanitized form).

INC_DIRS += tests/unit
INC_tests_unit := -Itests/unit -Itests/avfsim -Idaemon -Ilibiavfctl/include

UNIT_BINS = $(UNIT_TESTS:%=$(B)/san/tests/unit/%_test)

.SECONDEXPANSION:
$(B)/san/tests/unit/%_test: $(B)/san/tests/unit/%_test.o $$(addprefix $(B)/san/,$$(OBJS_$$*))
	$(CC) $(SAN) -o $@ $^ $(LIBS_$*)

include $(sort $(wildcard tests/unit/*.mk.d))

.PHONY: check-unit
check-unit: unit-bins
	tests/unit/run $(UNIT_BINS)
.PHONY: unit-bins
unit-bins: $$(UNIT_BINS)

# SPDX-License-Identifier: GPL-2.0-or-later
# MUTANTS='NAME...': some of the list. MUTANTS_DIR=DIR keeps the clone and its build.

.PHONY: check-mutants
check-mutants:
	tests/mutants/check $(MUTANTS)

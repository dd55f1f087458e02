# SPDX-License-Identifier: GPL-2.0-or-later
# The lab: guests of several kernels under QEMU, see README.md here. LAB holds options of tests/lab/run for `make shell`.

.PHONY: lab lab-6.1 lab-6.12 lab-6.12-debug lab-7 shell
lab: lab-6.12
lab-6.1 lab-6.12 lab-6.12-debug lab-7: lab-%:
	tests/lab/setup --kernel $*
shell:
	tests/lab/shell $(LAB)

# The lab's promises about itself.
.PHONY: check-lab
check-lab:
	tests/lab/selftest

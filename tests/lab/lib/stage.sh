# SPDX-License-Identifier: GPL-2.0-or-later
# The split driver for one kernel: built in its build root, laid out as it is laid over the guest.
# shellcheck shell=bash

# stage_make KERNEL: sets STAGE to the tree, up to date with this checkout.
stage_make() {
	local kernel=$1
	STAGE=$LAB_TOP/$LAB_B/lab/$kernel/stage
	mkdir -p "${STAGE%/*}"
	(
		flock 9
		lab_quiet root_run tests/lab/install-split "$LAB_B/lab/$kernel"
	) 9>"${STAGE%/*}/.lock" || lab_die "could not build the split driver for $kernel"
}

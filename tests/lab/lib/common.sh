# SPDX-License-Identifier: GPL-2.0-or-later
# What every part of the lab needs: where things are, how to fail, which kernels there are.
# Sourced by scripts that have set LAB_DIR to the folder of this lab.
# shellcheck shell=bash

# Called from a recipe or by hand, make below here behaves the same.
unset MAKEFLAGS MFLAGS MAKELEVEL

LAB_TOP=$(cd "$LAB_DIR/../.." && pwd)
LAB_B=${B:-build}
LAB_CACHE=${IAVF_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/iavf-lab}
LAB_DEFAULT_KERNEL=6.12

# Exit codes of the lab itself; everything else is the command's own.
LAB_FAILED=125
LAB_TIMEOUT=124
LAB_NEEDS_ROOT=2

# In front of a long-lived child: it does not outlive a run that is killed.
LAB_CHILD=(setpriv --pdeathsig KILL)

lab_say() { printf 'lab: %s\n' "$*" >&2; }

lab_die() {
	lab_say "$*"
	exit "$LAB_FAILED"
}

lab_quiet() {
	local log
	log=$(mktemp "${TMPDIR:-/tmp}/iavf-lab-log.XXXXXX")
	if "$@" >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	tail -n 40 "$log" >&2
	rm -f "$log"
	return 1
}

# What is fetched (a kernel, or the QEMU to run them on) -> the Debian suites it comes from, first the base suite.
lab_suites() {
	case $1 in
	6.1) echo bookworm bookworm-updates bookworm-security ;;
	6.12 | 6.12-debug) echo trixie trixie-updates trixie-security ;;
	7 | qemu) echo trixie trixie-updates trixie-security trixie-backports ;;
	*) lab_die "no kernel '$1' here; there are 6.1, 6.12, 6.12-debug and 7" ;;
	esac
}

# The names of packages in lists; '#' starts a comment, '@suite' at the end of a line keeps it to that suite.
lab_packages() {
	local suite=$1
	shift
	sed -e 's/#.*//' "$@" | awk -v s="@$suite" 'NF == 1 || $2 == s { print $1 }'
}

# SPDX-License-Identifier: GPL-2.0-or-later
# Words to the user, and what is said when a step fails. Sourced.
# shellcheck shell=sh

# Tests have a /sys of their own.
# shellcheck disable=SC2034
SYS=${IAVF_SYS:-/sys}
# What goes on, and what the machine is like when just this fails.
DOING=
IF_IT_FAILS=

say() { printf 'iavf: %s\n' "$*"; }

die() {
	printf 'iavf: %s\n' "$*" >&2
	exit 1
}

# step DOING IF_IT_FAILS
step() {
	DOING=$1 IF_IT_FAILS=$2
}

on_exit() {
	status=$?
	if [ $status -ne 0 ] && [ -n "$DOING" ]; then
		printf 'iavf: FAILED while %s. %s\n' "$DOING" "$IF_IT_FAILS" >&2
	fi
	exit $status
}

trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Only a DESTDIR does not need root.
check_root() {
	[ -n "$DESTDIR" ] || [ "$(id -u)" -eq 0 ] || die "this changes the system: run it as root, or with DESTDIR=..."
}

have() { command -v "$1" >/dev/null; }

wants() {
	case " $PARTS " in *" $1 "*) ;; *) return 1 ;; esac
}

# SPDX-License-Identifier: GPL-2.0-or-later
# The VFs of a run: the device process on the host and QEMU's side of it.
# shellcheck shell=bash

DEVICE_BIN=$LAB_TOP/$LAB_B/tests/avfsim/avfsim
DEVICE_CTL=$LAB_TOP/$LAB_B/tests/avfsim/avfsimctl
DEVICE_PID=

# device_build: the process and its client, from this checkout.
device_build() {
	(
		flock 9
		lab_quiet make -s -j2 -C "$LAB_TOP" B="$LAB_B" "$LAB_B/tests/avfsim/avfsim" "$LAB_B/tests/avfsim/avfsimctl"
	) 9>"$LAB_CACHE/.lock-avfsim" || lab_die "could not build avfsim"
}

# device_start DIR VFS PF TRANSCRIPT IOMMU QUEUES: starts the process and waits until it listens.
device_start() {
	local dir=$1 ready opts=(--dir "$1" --vfs "$2" --pf "$3")
	[ -z "$4" ] || opts+=(--transcript "$4")
	[ -z "$5" ] || opts+=(--iommu)
	[ -z "$6" ] || opts+=(--queues "$6")
	mkfifo "$dir/avfsim.out"
	"${LAB_CHILD[@]}" "$DEVICE_BIN" "${opts[@]}" >"$dir/avfsim.out" 2>"$dir/avfsim.log" </dev/null &
	DEVICE_PID=$!
	exec {ready}<"$dir/avfsim.out"
	read -r -t 20 -u "$ready" line && [ "$line" = ready ] || {
		cat "$dir/avfsim.log" >&2
		lab_die "avfsim did not start"
	}
}

# Ends the process and judges its report; false when it saw anything wrong.
device_stop() {
	local dir=$1 rc=0
	[ -n "$DEVICE_PID" ] || return 0
	kill -TERM "$DEVICE_PID" 2>/dev/null
	wait "$DEVICE_PID" || rc=$?
	DEVICE_PID=
	[ $rc -eq 0 ] && [ -s "$dir/report.json" ] && return 0
	lab_say "avfsim ended with status $rc:"
	tail -n 20 "$dir/avfsim.log" >&2
	cat "$dir/report.json" >&2 2>/dev/null
	return 1
}

# QEMU's arguments, one a line: functions of the root complex, eight a slot, in order.
device_args() {
	local dir=$1 vfs=$2 i
	for ((i = 0; i < vfs; i++)); do
		printf '%s\n%s\n' -device "$(device_json "$dir/vf$i.sock" $((i / 8 + 8)) $((i % 8)))"
	done
	[ "$vfs" -eq 0 ] || printf '%s\n' -chardev "socket,id=avfsim,path=$dir/ctl.sock" \
		-device virtserialport,chardev=avfsim,name=org.avfsim.ctl
}

device_json() {
	printf '{"driver":"vfio-user-pci","socket":{"type":"unix","path":"%s"},' "$1"
	printf '"bus":"pcie.0","addr":"%x.%x","multifunction":true}' "$2" "$3"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# One guest from start to end: QEMU's command line, the wait for its command, its end.
# shellcheck shell=bash

VM_BOOT_SECONDS=240
VM_DOWN_SECONDS=90
VM_PID=

# The guest kernel's command line.
vm_append() {
	echo "root=/dev/vda console=ttyS0 loglevel=5 systemd.show_status=0"
	# A machine decides by itself which iavf binds.
	[ -n "$O_MACHINE" ] || echo "modprobe.blacklist=iavf"
	echo "panic=-1 oops=panic panic_on_warn=1 softlockup_panic=1 hung_task_panic=1"
	# A host with more to do than cores makes a healthy guest stand still for many seconds.
	echo "watchdog_thresh=20 workqueue.watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=60 no_timer_check"
	# Seconds of an emulated CPU, spent on nothing that is tested here.
	echo "mitigations=off lsm=capability,landlock,yama audit=0 cryptomgr.notests random.trust_cpu=on"
	# KASAN sees what SLUB's own checks would, and they cost a third more.
	! is_debug "$O_KERNEL" || echo "slab_debug=-"
	[ -z "$O_IOMMU" ] || echo "intel_iommu=on iommu.strict=1"
	echo "${IAVF_LAB_APPEND:-}"
}

# Fills VM_ARGS. Uses RUN (folder of this run), IMAGE, and the options of the run (O_*).
vm_args() {
	local accel=$1 arg
	VM_ARGS=(-nodefaults -no-user-config -display none -no-reboot -action panic=exit-failure
		-cpu "$(vm_cpu "$accel")" -smp "$O_SMP" -m "$O_MEM"
		-object "memory-backend-memfd,id=mem,size=$O_MEM,share=on")
	case $accel:$O_SLOW in
	kvm:*) ;;
	# The guest's clock counts instructions: what takes long for it does not, by its own clock.
	tcg:1) accel=tcg,thread=multi ;;
	*)
		accel=tcg,thread=single
		VM_ARGS+=(-icount "shift=${IAVF_LAB_ICOUNT:-0},sleep=on")
		;;
	esac
	VM_ARGS+=(-accel "$accel" -machine q35,memory-backend=mem,i8042=off,smbus=off,sata=off,usb=off,vmport=off)
	[ -z "$O_IOMMU" ] || VM_ARGS+=(-device intel-iommu,caching-mode=on)
	VM_ARGS+=(-kernel "$IMAGE/vmlinuz" -initrd "$RUN/initrd" -append "$(vm_append | paste -sd" ")"
		-drive "file=$IMAGE/disk.img,format=raw,if=none,id=disk,snapshot=$([ -n "$O_MACHINE" ] && echo off || echo on),cache=unsafe"
		-device virtio-blk-pci,drive=disk,addr=3
		-device pvpanic-pci,addr=4
		-device virtio-serial-pci,addr=5,max_ports=8
		-serial "file:$RUN/serial.log")
	[ -z "${IAVF_LAB_KEXEC:-}" ] || vm_disk vmlinuz "$IMAGE/vmlinuz" 6
	[ -z "${IAVF_LAB_KEXEC:-}" ] || vm_disk initrd "$RUN/initrd" 7
	[ -z "$O_SHELL" ] || VM_ARGS+=(-chardev stdio,id=tty,signal=off -device virtconsole,nr=0,chardev=tty)
	vm_port status "file,id=status,path=$RUN/status"
	vm_port out "file,id=out,path=$RUN/out"
	[ -z "$O_KEEP" ] || vm_port log "file,id=log,path=$RUN/journal.log"
	[ -z "$O_SHARE" ] || VM_ARGS+=(-virtfs "local,path=${O_SHARE//,/,,},mount_tag=share,security_model=none,multidevs=remap")
	while read -r arg; do
		VM_ARGS+=("$arg")
	done < <(device_args "$RUN" "$O_VFS")
}

vm_port() {
	VM_ARGS+=(-chardev "$2" -device "virtserialport,chardev=$1,name=org.iavf.lab.$1")
}

# vm_disk NAME FILE SLOT: the guest finds it by its serial number, NAME
vm_disk() {
	VM_ARGS+=(-drive "file=$2,format=raw,if=none,id=$1,readonly=on" -device "virtio-blk-pci,drive=$1,serial=$1,addr=$3")
}

# Emulating newer CPUs costs a third more: AVX code in the guest, and modules for what they can.
vm_cpu() {
	local cpu=Nehalem,+rdrand
	[ "$1" != kvm ] || cpu=host
	echo "${IAVF_LAB_CPU:-$cpu}"
}

# vm_start: QEMU in the background; its status lines can be read from descriptor VM_STATUS.
vm_start() {
	mkfifo "$RUN/status"
	exec {VM_STATUS}<>"$RUN/status"
	: >"$RUN/out"
	if [ -n "$O_SHELL" ]; then
		"${LAB_CHILD[@]}" "${QEMU[@]}" "${VM_ARGS[@]}" <&0 2>"$RUN/qemu.log" &
	else
		"${LAB_CHILD[@]}" "${QEMU[@]}" "${VM_ARGS[@]}" >"$RUN/qemu.log" 2>&1 </dev/null &
	fi
	VM_PID=$!
}

# vm_line SECONDS: the next status line into VM_LINE. 1: QEMU is gone, 2: too late.
vm_line() {
	local until=$((SECONDS + $1))
	VM_LINE=
	while [ $SECONDS -lt $until ]; do
		vm_read 1 && return 0
		kill -0 "$VM_PID" 2>/dev/null || {
			# its last words are in the pipe; a busy host may take a while to read them
			vm_read 10 && return 0
			return 1
		}
	done
	return 2
}

# A time that runs out in the middle of a line leaves its beginning.
vm_read() {
	local part rc=0
	read -r -t "$1" -u "$VM_STATUS" part || rc=$?
	VM_LINE+=$part
	return $rc
}

# The guest is going down by itself; help it when that takes too long. False when QEMU reports a panic.
vm_wait_down() {
	local rc=0
	timeout "$VM_DOWN_SECONDS" tail -s 0.1 --pid="$VM_PID" -f /dev/null || {
		lab_say "the guest did not power off within $VM_DOWN_SECONDS s"
		kill -KILL "$VM_PID"
	}
	wait "$VM_PID" || rc=$?
	VM_PID=
	return $rc
}

vm_kill() {
	[ -n "$VM_PID" ] || return 0
	kill -KILL "$VM_PID" 2>/dev/null
	wait "$VM_PID" 2>/dev/null
	VM_PID=
}

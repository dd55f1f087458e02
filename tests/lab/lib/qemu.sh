# SPDX-License-Identifier: GPL-2.0-or-later
# A QEMU with a vfio-user client: the host's own when it has one, else Debian's newest from
# backports, unpacked into the cache and run through its own dynamic loader (no root, no chroot).
# shellcheck shell=bash

# Fills the array QEMU with the command that starts it (QEMU_ROOT is its folder, or empty for the host's own).
qemu_find() {
	QEMU_ROOT=
	QEMU=("${IAVF_LAB_QEMU:-qemu-system-x86_64}")
	qemu_is_good && return 0
	[ -z "${IAVF_LAB_QEMU:-}" ] || lab_die "$IAVF_LAB_QEMU has no vfio-user-pci device"
	qemu_from_archive
}

qemu_from_archive() {
	local resolved version
	resolved=$(apt_resolved qemu) || exit
	version=${resolved% *}
	cache_get "qemu-$version-$(cache_hash "$LAB_DIR/lib/qemu.sh")" qemu_unpack
	QEMU_ROOT=$CACHED
	qemu_command "$QEMU_ROOT"
}

# The loader is started, not the program: then QEMU cannot find its own folder and is told where things are.
qemu_command() {
	local lib=usr/lib/x86_64-linux-gnu
	QEMU=(env "QEMU_MODULE_DIR=$1/$lib/qemu" "$1/$lib/ld-linux-x86-64.so.2"
		--library-path "$1/$lib:$1/lib/x86_64-linux-gnu" "$1/usr/bin/qemu-system-x86_64"
		-L "$1/usr/share/qemu" -L "$1/usr/share/seabios" -L "$1/usr/lib/ipxe/qemu")
}

# An older QEMU exits 0 here although it says that it knows no such device.
qemu_is_good() {
	# Older versions say "not found" and exit with 0.
	"${QEMU[@]}" -device vfio-user-pci,help 2>/dev/null | grep -q '^vfio-user-pci options'
}

qemu_unpack() {
	local dir=$1 deb
	(
		apt_find_mirrors
		apt_private "$dir/apt" qemu
		lab_quiet apt-get -q update &&
			lab_quiet apt-get -qy --download-only install qemu-system-x86
	) || return 1
	for deb in "$dir"/apt/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$dir" || return 1
	done
	rm -rf "$dir/apt"
	rm -rf "$dir"/usr/share/doc "$dir"/usr/share/man "$dir"/usr/share/locale
	qemu_command "$dir"
	qemu_is_good
}

# KVM only where the CPU says so and a trial boot of the guest's kernel gets somewhere: /dev/kvm alone proves nothing.
# The answer is kept until the host reboots.
qemu_accel() {
	local kernel=$1 known answer=tcg
	known=$LAB_CACHE/kvm-$(cat /proc/sys/kernel/random/boot_id)-$(id -u)
	if [ -n "${IAVF_LAB_ACCEL:-}" ]; then
		echo "$IAVF_LAB_ACCEL"
	elif [ -s "$known" ]; then
		cat "$known"
	else
		! qemu_kvm_works "$kernel" || answer=kvm
		echo "$answer" | tee "$known"
	fi
}

qemu_kvm_works() {
	grep -qwE '^flags.*(vmx|svm)' /proc/cpuinfo || return 1
	[ -w /dev/kvm ] || return 1
	timeout 20 "${QEMU[@]}" -accel kvm -machine q35 -nodefaults -display none -no-reboot -serial stdio \
		-kernel "$1" -append "console=ttyS0 panic=-1" </dev/null 2>/dev/null | grep -q 'Kernel panic'
}

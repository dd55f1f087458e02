# SPDX-License-Identifier: GPL-2.0-or-later
# The debug kernel: the guest and the build root are those of the kernel of the same name, under a kernel of our own
# configuration (debug/config), made from Debian's source.
# shellcheck shell=bash

# How many times as patient the lab is with it, and what its checkers need at the end of a run.
DEBUG_SLOW=4
DEBUG_CHECKERS_SECONDS=120

debug_hash() { sha256sum | cut -c 1-10; }
is_debug() { [ "$1" != "${1%-debug}" ]; }

# Sets IMAGE for any KERNEL: disk.img, vmlinuz, initrd, abi, build/, and for a debug kernel modules/, its /lib/modules/ABI.
kernel_get() {
	local kernel=$1 base guest
	if ! is_debug "$kernel"; then
		image_get "$kernel"
		return
	fi
	base=${kernel%-debug}
	image_get "$base"
	guest=$IMAGE
	debug_get "$kernel" "$base" "$guest"
	cache_get "guest-$kernel-$(debug_hash <<<"$guest $CACHED")" debug_assemble "$guest" "$CACHED"
	IMAGE=$CACHED
}

# Options of a run (O_*) that the kernel asks for.
debug_options() {
	[ -z "$O_MACHINE" ] || lab_die "--machine: not with $O_KERNEL"
	O_SLOW=$DEBUG_SLOW
	O_TIMEOUT=$((O_TIMEOUT * O_SLOW + DEBUG_CHECKERS_SECONDS))
}

# Sets CACHED to the folder with vmlinuz, initrd, abi and modules/. It is another one with another source, recipe, or compiler
# of the modules to be built for it.
debug_get() {
	local kernel=$1 base=$2 guest=$3 resolved recipe
	resolved=$(apt_resolved "$base") || exit
	recipe=$({
		cat "$LAB_DIR/lib/debug-build.sh" "$LAB_DIR"/debug/*
		dpkg-query --admindir="$guest/build/var/lib/dpkg" -W -f '${Version}' gcc
	} | debug_hash)
	cache_get "kernel-$kernel-${resolved#* }-$recipe" debug_build "$base"
}

debug_assemble() {
	local dir=$1 guest=$2 kernel=$3
	ln -s "$guest/disk.img" "$guest/build" "$kernel/vmlinuz" "$kernel/initrd" "$kernel/abi" "$kernel/modules" "$dir/"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# The recipe of a debug kernel, with debug/: a change here has it built anew.
# shellcheck shell=bash

# debug_build DIR BASE: fills DIR with vmlinuz, initrd, abi and modules/.
debug_build() {
	local dir=$1 base=$2
	debug_root "$dir" "$base" || return 1
	echo none >"$dir/abi"
	IMAGE=$dir lab_quiet root_run tests/lab/debug/build.sh /linux || return 1
	mv "$dir"/build/linux/out/* "$dir/" || return 1
	debug_initrd "$dir" || return 1
	rm -rf "$dir/build"
}

# A root of its own for the build, as nothing else needs a kernel's source and its tools.
debug_root() {
	local dir=$1 base=$2 suite mode=unshare option opts=()
	suite=$(lab_suites "$base" | cut -d ' ' -f 1)
	[ "$(id -u)" != 0 ] || mode=root
	apt_find_mirrors
	while read -r option; do
		opts+=("--aptopt=$option")
	done < <(apt_acquire_options)
	apt_sources "$base" >"$dir/apt.list"
	lab_quiet mmdebstrap --mode="$mode" --variant=minbase --architectures=amd64 "${opts[@]}" \
		--include="$(lab_packages "$suite" "$LAB_DIR/debug/packages" | paste -sd,)" \
		"$suite" "$dir/build.tar" "$dir/apt.list" || return 1
	mkdir -p "$dir/build/src"
	tar -C "$dir/build" -xf "$dir/build.tar" --no-same-owner --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' || return 1
	chmod -R u+rwX "$dir/build"
	rm -f "$dir/build.tar" "$dir/apt.list"
}

# Nothing needs loading before the disk; the guest's disk has another kernel's modules, so that this one's come along.
debug_initrd() {
	local dir=$1 tree=$1/initrd.d abi
	abi=$(cat "$dir/abi")
	mkdir -p "$tree/bin" "$tree/modules" "$tree/overlay/usr/lib/modules/$abi"
	cp "$dir/build/usr/bin/busybox" "$tree/bin/"
	: >"$tree/modules/order"
	(cd "$dir/modules" && find . -path ./build -prune -o -type f -print0 | cpio --quiet -0 -pdm "$tree/overlay/usr/lib/modules/$abi") || return 1
	(cd "$tree" && find . | cpio --quiet -R 0:0 -o -H newc) >"$dir/initrd" && rm -rf "$tree"
}

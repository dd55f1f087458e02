# SPDX-License-Identifier: GPL-2.0-or-later
# The roots of one kernel, made in one transaction so that they can only match: the guest's disk, and the root in which
# modules and user space for that guest are built (the guest plus compilers).
# shellcheck shell=bash

# Sets IMAGE, the folder with disk.img, vmlinuz, initrd, abi and build/ for KERNEL.
image_get() {
	local kernel=$1 resolved recipe
	resolved=$(apt_resolved "$kernel") || exit
	recipe=$(cache_hash "$LAB_DIR"/lib/image.sh "$LAB_DIR"/lib/image-*.sh "$LAB_DIR"/packages/*.list \
		"$LAB_DIR"/guest/initrd.list)
	cache_get "guest-$kernel-${resolved% *}-$recipe" image_build "$kernel" "${resolved% *}"
	IMAGE=$CACHED
}

image_build() {
	local dir=$1 kernel=$2 abi=$3 suite
	suite=$(lab_suites "$kernel" | cut -d ' ' -f 1)
	apt_find_mirrors
	image_bootstrap "$dir" "$kernel" "$suite" || return 1
	echo "$abi" >"$dir/abi"
	image_build_root "$dir" "$abi" || return 1
	image_disk "$dir" || return 1
	image_initrd "$dir" "$abi" || return 1
	rm -f "$dir"/*.tar "$dir"/apt.*
}

# One mmdebstrap: the guest's packages, then compilers on top. The guest as it was before them is a tar within. Hooks
# are passed as text, as without root they run as somebody who may not be able to read this checkout.
image_bootstrap() {
	local dir=$1 kernel=$2 suite=$3 mode=unshare option opts=()
	[ "$(id -u)" != 0 ] || mode=root
	while read -r option; do
		opts+=("--aptopt=$option")
	done < <(apt_acquire_options)
	apt_pins "$kernel" >"$dir/apt.pins"
	apt_sources "$kernel" >"$dir/apt.list"
	INITRD=No lab_quiet mmdebstrap --mode="$mode" --variant=minbase --architectures=amd64 "${opts[@]}" \
		--include="$(lab_packages "$suite" "$LAB_DIR/packages/guest.list" | paste -sd,)" \
		--setup-hook="upload $dir/apt.pins /etc/apt/preferences.d/lab" \
		--customize-hook="$(cat "$LAB_DIR/lib/image-guest.sh")" \
		--customize-hook='tar -C "$1" --one-file-system --exclude=./guest.tar -cf "$1/guest.tar" .' \
		--customize-hook="packages='$(lab_packages "$suite" "$LAB_DIR/packages/build.list" | paste -sd' ')'
			$(cat "$LAB_DIR/lib/image-build.sh")" \
		--customize-hook="rm -rf \"\$1\"/boot/initrd* \"\$1\"/usr/share/doc" \
		"$suite" "$dir/build.tar" "$dir/apt.list"
}

# Files of the build root belong to whoever runs the lab: a compiler does not care, and it can be removed without root.
image_build_root() {
	local dir=$1 abi=$2
	mkdir "$dir/build"
	tar -C "$dir/build" -xf "$dir/build.tar" --no-same-owner --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' || return 1
	chmod -R u+rwX "$dir/build"
	mv "$dir/build/guest.tar" "$dir/"
	mkdir -p "$dir"/build/src "$dir"/build/lib/modules/"$abi"/updates
	cp "$dir/build/boot/vmlinuz-$abi" "$dir/vmlinuz"
}

# In a user namespace when there is no root, for the owners of the guest's files.
image_disk() {
	local unshare=()
	[ "$(id -u)" = 0 ] || unshare=(unshare --map-root-user --map-auto)
	lab_quiet "${unshare[@]}" bash -euc '
		cd "$1"
		trap "rm -rf guest" EXIT
		mkdir guest
		tar -C guest -xf guest.tar --numeric-owner --exclude="./dev/*" --exclude="./proc/*" --exclude="./sys/*"
		rm -f guest/etc/resolv.conf guest/etc/apt/sources.list.d/* guest/etc/apt/apt.conf.d/99mmdebstrap
		echo "127.0.0.1 localhost guest" >guest/etc/hosts
		mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -E lazy_itable_init=1 -m 0 -L root \
			-d guest disk.img "$(($(du -s -B 1M guest | cut -f 1) + 1024))M"
	' bash "$1"
}

# The part of the initramfs that does not change: busybox and the modules needed to reach the disk and /share.
image_initrd() {
	local dir=$1 abi=$2 work=$1/initrd.d modules name file
	mkdir -p "$work"/bin "$work"/modules
	cp "$dir/build/bin/busybox" "$work/bin/"
	mapfile -t modules < <(sed -e 's/#.*//' -e '/^ *$/d' "$LAB_DIR/guest/initrd.list")
	: >"$work/modules/order"
	for name in "${modules[@]}"; do
		# prints "insmod PATH", dependencies first, or "builtin NAME"
		modprobe -d "$dir/build" -S "$abi" --show-depends --ignore-install "$name" || return 1
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
		name=${file##*/}
		image_plain_module "$file" "$work/modules/${name%%.*}.ko" || return 1
		echo "${name%%.*}.ko" >>"$work/modules/order"
	done
	[ -s "$work/modules/order" ] || return 1
	(cd "$work" && find . | cpio --quiet -o -H newc) >"$dir/initrd" && rm -rf "$work"
}

image_plain_module() {
	case $1 in
	*.xz) xz -dc "$1" >"$2" ;;
	*.zst) zstd -qdc "$1" >"$2" ;;
	*) cp "$1" "$2" ;;
	esac
}

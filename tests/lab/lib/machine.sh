# SPDX-License-Identifier: GPL-2.0-or-later
# A machine: a guest that boots as a real one does, with its own initramfs, and whose disk lasts over a reboot.
# shellcheck shell=bash

# Sets MACHINE, the folder with disk.img and vmlinuz as installed from Debian's packages, for KERNEL.
machine_get() {
	local kernel=$1 resolved recipe
	resolved=$(apt_resolved "$kernel") || exit
	recipe=$(cache_hash "$LAB_DIR"/lib/image*.sh "$LAB_DIR/lib/machine.sh" "$LAB_DIR"/machine/* "$LAB_DIR/packages/guest.list")
	cache_get "machine-$kernel-${resolved% *}-$recipe" machine_build "$kernel"
	MACHINE=$CACHED
}

machine_build() {
	local dir=$1 kernel=$2 suite mode=unshare option opts=()
	suite=$(lab_suites "$kernel" | cut -d ' ' -f 1)
	[ "$(id -u)" != 0 ] || mode=root
	apt_find_mirrors
	while read -r option; do
		opts+=("--aptopt=$option")
	done < <(apt_acquire_options)
	apt_pins "$kernel" >"$dir/apt.pins"
	apt_sources "$kernel" >"$dir/apt.list"
	INITRD=No lab_quiet mmdebstrap --mode="$mode" --variant=minbase --architectures=amd64 "${opts[@]}" \
		--include="$(lab_packages "$suite" "$LAB_DIR/packages/guest.list" "$LAB_DIR/machine/packages" | paste -sd,)" \
		--setup-hook="upload $dir/apt.pins /etc/apt/preferences.d/lab" \
		--customize-hook="$(cat "$LAB_DIR/lib/image-guest.sh")" \
		--customize-hook="unset INITRD; $(cat "$LAB_DIR/machine/guest.sh")" \
		--customize-hook="rm -rf \"\$1\"/usr/share/doc" \
		"$suite" "$dir/guest.tar" "$dir/apt.list" || return 1
	image_disk "$dir" || return 1
	rm -f "$dir"/*.tar "$dir"/apt.*
}

# machine_prepare DIR KERNEL: DIR/disk.img is the machine's disk, a new one when there is none; sets IMAGE to DIR, with
# vmlinuz and initrd as a boot loader would find them on that disk.
machine_prepare() {
	local dir=$1
	machine_get "$2"
	[ -e "$dir/disk.img" ] || cp --sparse=always "$MACHINE/disk.img" "$dir/disk.img" || lab_die "cannot make a disk in $dir"
	machine_boot_file "$dir" vmlinuz vmlinuz
	machine_boot_file "$dir" initrd.img initrd
	IMAGE=$dir
}

# machine_boot_file DIR NAME AS: /boot/NAME-* of the disk becomes DIR/AS. Reading it needs no root and no mount.
machine_boot_file() {
	local name
	name=$(debugfs -R "ls -p /boot" "$1/disk.img" 2>/dev/null | awk -F / -v n="$2-" 'index($6, n) == 1 { print $6; exit }')
	rm -f "$1/$3"
	[ -z "$name" ] || debugfs -R "dump /boot/$name $1/$3" "$1/disk.img" >/dev/null 2>&1
	[ -s "$1/$3" ] || lab_die "the machine's disk has no /boot/$2-*"
}

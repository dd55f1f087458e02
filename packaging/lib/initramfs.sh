# SPDX-License-Identifier: GPL-2.0-or-later
# The initramfs carries an iavf of its own, which binds the VFs before the root file system is there. Whichever modprobe
# prefers when it is made goes into it, with what it depends on. Sourced.
# shellcheck shell=sh

# initramfs_rebuild KVER
initramfs_rebuild() {
	if have update-initramfs; then
		if [ ! -e "/boot/initrd.img-$1" ]; then
			say "kernel $1 has no initramfs in /boot: nothing to rebuild"
			return
		fi
		say "rebuilding the initramfs of $1"
		update-initramfs -u -k "$1"
	elif have dracut; then
		say "rebuilding the initramfs of $1"
		dracut --quiet --force --kver "$1"
	else
		say "neither update-initramfs nor dracut is here: if this machine boots with an initramfs, rebuild it by hand"
	fi
}

# initramfs_index KVER: the line of its modules.dep for iavf: the file that modprobe takes in there, and what it needs.
# Looking at names alone is not enough: Debian 13 puts all files of a name into it, and depmod decides in there again.
initramfs_index() {
	if have unmkinitramfs && [ -e "/boot/initrd.img-$1" ]; then
		unpacked=$(mktemp -d /var/tmp/iavf.XXXXXX)
		unmkinitramfs "/boot/initrd.img-$1" "$unpacked"
		find "$unpacked" -path "*/lib/modules/$1/modules.dep" -exec cat {} +
		rm -rf "$unpacked"
	elif have lsinitrd && ! have update-initramfs; then
		lsinitrd --kver "$1" --file "usr/lib/modules/$1/modules.dep"
	fi | grep -E '/iavf\.ko[^:]*:' || :
}

# initramfs_check KVER: it takes ours, whole, or has no iavf.
initramfs_check() {
	index=$(initramfs_index "$1")
	case $index in
	'' | updates/*iavf_session.ko*) ;;
	*) die "the initramfs of $1 would load this iavf: $index" ;;
	esac
}

initramfs_check_without() {
	index=$(initramfs_index "$1")
	case $index in
	"$UPDATES"/*) die "the initramfs of $1 would still load ours: $index" ;;
	esac
}

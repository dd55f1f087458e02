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

# initramfs_iavf KVER: the paths of the iavf modules within, if that can be told.
initramfs_iavf() {
	if have lsinitramfs && [ -e "/boot/initrd.img-$1" ]; then
		lsinitramfs "/boot/initrd.img-$1"
	elif have lsinitrd && ! have update-initramfs; then
		lsinitrd --kver "$1" | awk '{ print $NF }'
	fi | grep -E '/iavf(_session)?\.ko' || :
}

# initramfs_check KVER: ours is in it, whole, or none.
initramfs_check() {
	inside=$(initramfs_iavf "$1")
	case $inside in
	*/kernel/drivers/*) die "the initramfs of $1 still has the kernel's own iavf: $inside" ;;
	*/iavf.ko*) ;;
	*) return 0 ;;
	esac
	case $inside in
	*/iavf_session.ko*) ;;
	*) die "the initramfs of $1 has iavf without iavf_session" ;;
	esac
}

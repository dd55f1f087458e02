# SPDX-License-Identifier: GPL-2.0-or-later
# This run's part of the initramfs: the tree /overlay, and what lays it over the disk: /init, or on a machine, which has its
# own, a last script for that one.
# The kernel unpacks archives that stand one after the other.
# shellcheck shell=bash

# initrd_make DIR STAGE: writes DIR/initrd from IMAGE's part, the agent, DIR/argv, DIR/env and the tree STAGE (may be empty).
initrd_make() {
	local dir=$1 stage=$2 tree=$1/initrd.d etc=$1/initrd.d/overlay/etc
	mkdir -p "$tree/overlay/usr/lib/iavf-lab" "$tree/overlay/usr/local/bin" "$etc/iavf-lab" \
		"$etc/systemd/system/multi-user.target.wants"
	[ -z "$stage" ] || cp -a "$stage/." "$tree/overlay/"
	if [ -n "$O_MACHINE" ]; then
		mkdir -p "$tree/scripts/init-bottom"
		cp "$LAB_DIR/machine/ORDER" "$LAB_DIR/machine/lab" "$tree/scripts/init-bottom/"
	else
		cp "$LAB_DIR/guest/init" "$tree/"
	fi
	cp "$LAB_DIR/guest/agent" "$LAB_DIR/guest/checkers" "$tree/overlay/usr/lib/iavf-lab/"
	cp "$LAB_DIR/guest/iavf-lab.service" "$etc/systemd/system/"
	ln -s ../iavf-lab.service "$etc/systemd/system/multi-user.target.wants/"
	cp "$dir/argv" "$dir/env" "$etc/iavf-lab/"
	[ ! -x "$DEVICE_CTL" ] || cp "$DEVICE_CTL" "$tree/overlay/usr/local/bin/"
	(cd "$tree" && find . | cpio --quiet -R 0:0 -o -H newc) >"$dir/initrd.run" || return 1
	# An archive begins at a multiple of four; what a machine made may end anywhere.
	{ cat "$IMAGE/initrd" && head -c $((-$(stat -c %s "$IMAGE/initrd") & 3)) /dev/zero && cat "$dir/initrd.run"; } >"$dir/initrd"
	rm -rf "$tree" "$dir/initrd.run"
}

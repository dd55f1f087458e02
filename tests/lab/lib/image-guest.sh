#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run by mmdebstrap on the guest's root ($1): a system that boots fast and leaves the network alone.
set -eu
root=$1
in_root() { chroot "$root" "$@"; }

# Modules no guest here can use, and the compression that an emulated CPU would have to undo on every load.
for abi in "$root"/lib/modules/*; do
	rm -rf "$abi"/kernel/sound "$abi"/kernel/drivers/gpu "$abi"/kernel/drivers/media \
		"$abi"/kernel/drivers/net/wireless "$abi"/kernel/drivers/staging "$abi"/kernel/drivers/iio
	find "$abi" -name '*.ko.xz' -exec unxz {} +
	in_root depmod "${abi##*/}"
done

# Slow, periodic, or waiting for things that a guest of a few minutes does not have.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
	fstrim.timer man-db.timer systemd-tmpfiles-clean.timer systemd-update-utmp.service \
	systemd-update-utmp-runlevel.service systemd-machine-id-commit.service systemd-firstboot.service \
	systemd-hwdb-update.service systemd-journal-catalog-update.service systemd-journal-flush.service \
	systemd-binfmt.service systemd-pcrphase.service systemd-pcrphase-sysinit.service \
	systemd-random-seed.service systemd-boot-random-seed.service systemd-remount-fs.service \
	systemd-fsck-root.service systemd-timesyncd.service systemd-networkd.service \
	systemd-networkd-wait-online.service ldconfig.service getty@tty1.service console-getty.service \
	serial-getty@ttyS0.service sys-kernel-debug.mount dev-hugepages.mount dev-mqueue.mount \
	sys-fs-fuse-connections.mount modprobe@fuse.service modprobe@drm.service modprobe@efi_pstore.service \
	rdma-ndd.service systemd-tpm2-setup.service systemd-tpm2-setup-early.service; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
mkdir -p "$root/etc/systemd/system.conf.d" "$root/etc/systemd/journald.conf.d" "$root/share"
printf '[Manager]\nDefaultTimeoutStopSec=10s\n' >"$root/etc/systemd/system.conf.d/lab.conf"
printf '[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n' >"$root/etc/systemd/journald.conf.d/lab.conf"

echo guest >"$root/etc/hostname"
echo '/dev/vda / ext4 rw,noatime 0 0' >"$root/etc/fstab"
: >"$root/etc/machine-id"
in_root systemd-machine-id-setup
in_root passwd -d root
rm -f "$root"/boot/initrd*

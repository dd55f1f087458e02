#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run by mmdebstrap on the guest's root ($1): a Debian that boots fast on an emulated CPU and leaves the network alone.
# What is masked here costs seconds there, and none of it concerns a driver, a daemon or their tests.
set -eu
root=$1
units=$root/etc/systemd/system

in_root() { chroot "$root" "$@"; }
mask() { for unit; do ln -sf /dev/null "$units/$unit"; done; }

# Modules no guest here can use, and the compression that would be undone on every load.
for abi in "$root"/lib/modules/*; do
	rm -rf "$abi"/kernel/sound "$abi"/kernel/drivers/gpu "$abi"/kernel/drivers/media \
		"$abi"/kernel/drivers/net/wireless "$abi"/kernel/drivers/staging "$abi"/kernel/drivers/iio
	find "$abi" -name '*.ko.xz' -exec unxz {} +
	in_root depmod "${abi##*/}"
done
printf 'blacklist %s\n' lpc_ich iTCO_wdt i2c_i801 pcspkr evdev button qemu_fw_cfg >"$root/etc/modprobe.d/lab.conf"

# Periodic jobs, and what a first boot, a console or a TPM would want.
mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
	fstrim.timer man-db.timer systemd-tmpfiles-clean.timer systemd-update-utmp.service \
	systemd-update-utmp-runlevel.service systemd-machine-id-commit.service systemd-firstboot.service \
	systemd-hwdb-update.service systemd-journal-catalog-update.service systemd-journal-flush.service \
	systemd-pcrphase.service systemd-pcrphase-sysinit.service systemd-pcrmachine.service systemd-pcrextend.socket \
	systemd-pcrlock.socket systemd-tpm2-setup.service systemd-tpm2-setup-early.service tpm2.target \
	systemd-random-seed.service systemd-boot-random-seed.service systemd-hibernate-clear.service \
	systemd-pstore.service systemd-remount-fs.service systemd-fsck-root.service ldconfig.service \
	systemd-update-done.service systemd-sysusers.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \
	getty.target getty-static.service getty@tty1.service console-getty.service serial-getty@ttyS0.service \
	systemd-logind.service systemd-user-sessions.service systemd-ask-password-console.path \
	systemd-ask-password-wall.path systemd-creds.socket systemd-sysext.socket systemd-hostnamed.socket \
	systemd-initctl.socket systemd-mute-console.socket systemd-udev-load-credentials.service \
	systemd-timesyncd.service systemd-networkd.service systemd-networkd-wait-online.service rdma-ndd.service
# Mounts, static device nodes and modules that nothing here waits for (init makes /dev/net/tun).
mask dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-fs-fuse-connections.mount \
	kmod-static-nodes.service systemd-modules-load.service systemd-tmpfiles-setup-dev.service \
	systemd-tmpfiles-setup-dev-early.service modprobe@configfs.service modprobe@fuse.service modprobe@drm.service \
	modprobe@efi_pstore.service modprobe@loop.service modprobe@dm_mod.service
# There is no fstab, no getty, no SysV script: nothing to generate units from.
mkdir -p "$root/etc/systemd/system-generators"
for generator in "$root"/usr/lib/systemd/system-generators/*; do
	ln -sf /dev/null "$root/etc/systemd/system-generators/${generator##*/}"
done
# Without logind nobody would ever remove /run/nologin.
ln -sf /dev/null "$root/etc/tmpfiles.d/systemd-nologin.conf"
ln -sf /lib/systemd/system/multi-user.target "$units/default.target"

# Coldplug only what drivers and their tests are about.
mkdir -p "$units/systemd-udev-trigger.service.d" "$root/etc/systemd/system.conf.d" "$root/etc/systemd/journald.conf.d"
cat >"$units/systemd-udev-trigger.service.d/lab.conf" <<-END
	[Service]
	ExecStart=
	ExecStart=-udevadm trigger --action=add --subsystem-match=pci --subsystem-match=net --subsystem-match=virtio-ports
END
printf '[Manager]\nDefaultTimeoutStopSec=10s\n' >"$root/etc/systemd/system.conf.d/lab.conf"
printf '[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n' >"$root/etc/systemd/journald.conf.d/lab.conf"

echo guest >"$root/etc/hostname"
: >"$root/etc/fstab"
: >"$root/etc/machine-id"
in_root systemd-machine-id-setup
in_root passwd -d root
mkdir -p "$root/share"
rm -f "$root"/boot/initrd*

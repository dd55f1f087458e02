#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run by mmdebstrap on the root ($1), after image-guest.sh: takes back what that one leaves out and a boot of a real machine
# has: modules, users, device nodes, the root file system from read-only to writable, all of coldplug, networks.
set -eu
root=$1
units=$root/etc/systemd/system

for unit in systemd-modules-load.service systemd-sysusers.service systemd-remount-fs.service kmod-static-nodes.service \
	systemd-tmpfiles-setup-dev.service systemd-tmpfiles-setup-dev-early.service systemd-networkd.service \
	systemd-networkd-wait-online.service; do
	rm -f "$units/$unit"
done
rm -rf "$units/systemd-udev-trigger.service.d" "$root/etc/systemd/system-generators"
echo '/dev/vda / ext4 rw,noatime 0 0' >"$root/etc/fstab"

# Nobody configures a network until a test says who.
chroot "$root" systemctl disable NetworkManager.service systemd-networkd.service networking.service
mkdir -p "$root/etc/network/interfaces.d" "$root/etc/NetworkManager/conf.d"
printf 'source /etc/network/interfaces.d/*\n' >"$root/etc/network/interfaces"
printf '[main]\nno-auto-default=*\n' >"$root/etc/NetworkManager/conf.d/lab.conf"

# An emulated CPU takes minutes over an initramfs with drivers for everything. What is left of them is small; the VFs' and its
# relatives are there, so that Debian's scripts do with them what they do anywhere.
for abi in "$root"/lib/modules/*; do
	for class in scsi ata usb hid input mmc mtd infiniband firewire nvme target md hwmon power thunderbolt message watchdog i2c \
		platform mfd gpio spi pinctrl extcon misc hv soundwire ufs dma pcmcia bus soc; do
		rm -rf "$abi/kernel/drivers/$class"
	done
	find "$abi/kernel/drivers/net" -mindepth 1 -maxdepth 1 -type d ! -name ethernet -exec rm -rf {} +
	find "$abi/kernel/drivers/net/ethernet" -mindepth 1 -maxdepth 1 -type d ! -name intel -exec rm -rf {} +
	find "$abi/kernel/fs" -mindepth 1 -maxdepth 1 -type d ! -name ext4 ! -name jbd2 ! -name 9p ! -name netfs ! -name fscache ! -name autofs -exec rm -rf {} +
	chroot "$root" depmod "${abi##*/}"
done

# A light compression, and no hardware database, its largest file; what is in the initramfs stays what Debian puts there.
rm -f "$root/usr/lib/udev/hwdb.bin"
printf 'COMPRESS=zstd\nCOMPRESSLEVEL=1\n' >"$root/etc/initramfs-tools/conf.d/lab"
for abi in "$root"/lib/modules/*; do
	chroot "$root" update-initramfs -c -k "${abi##*/}"
done

# SPDX-License-Identifier: GPL-2.0-or-later
# What the host itself needs: nothing but Debian packages, and the one command that installs them.
# shellcheck shell=bash

# What is run, and the package that has it; avfsim, which runs on the host, is compiled there too.
TOOLS='mmdebstrap mmdebstrap
mke2fs e2fsprogs
cpio cpio
modprobe kmod
flock util-linux
gcc gcc
make make'

tools_missing() {
	local command package
	while read -r command package; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null || echo "$package"
	done <<<"$TOOLS"
	[ -r "$APT_KEYRING" ] || echo debian-archive-keyring
	[ -e /usr/include/stdio.h ] || echo libc6-dev
	[ -e /usr/include/json-c/json.h ] || echo libjson-c-dev
	if [ "$(id -u)" != 0 ]; then
		command -v newuidmap >/dev/null || echo uidmap
	fi
}

# tools_check: as root installs what is missing, otherwise prints the one command and exits 2.
tools_check() {
	local missing
	PATH=$PATH:/usr/sbin:/sbin
	missing=$(tools_missing | sort -u | paste -sd' ')
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || lab_die "the lab needs Debian 12, 13 or a relative with apt-get; missing: $missing"
	if [ "$(id -u)" = 0 ]; then
		lab_say "installing $missing"
		# shellcheck disable=SC2086
		lab_quiet apt-get -qy update && DEBIAN_FRONTEND=noninteractive lab_quiet apt-get -qy --no-install-recommends install $missing ||
			lab_die "could not install: $missing"
		return 0
	fi
	echo "sudo apt-get install -y --no-install-recommends $missing"
	exit "$LAB_NEEDS_ROOT"
}

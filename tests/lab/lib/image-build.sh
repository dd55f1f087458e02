#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run by mmdebstrap: adds $packages to a root ($1) that already is a guest. The host's apt downloads, as the host may reach
# the archive in ways that the root cannot; the root's own apt installs.
set -eu
root=$1
APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qy --no-install-recommends --download-only install $packages
INITRD=No chroot "$root" apt-get -qy --no-install-recommends --no-download install $packages
chroot "$root" apt-get clean

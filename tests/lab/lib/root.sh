# SPDX-License-Identifier: GPL-2.0-or-later
# Running a command in a build root: a private mount namespace and a chroot, in a user
# namespace when there is no root.
# shellcheck shell=bash

# root_run COMMAND...: in IMAGE's build root, in /src, which is this checkout.
root_run() {
	local unshare=(unshare --mount --propagation private)
	[ "$(id -u)" = 0 ] || unshare+=(--map-root-user)
	"${unshare[@]}" bash -euc '
		root=$1 top=$2 abi=$3 modules=$4
		shift 4
		mount --bind "$top" "$root/src"
		mount --rbind /proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount -t tmpfs tmp "$root/tmp"
		# a kernel that is not the one of the root
		if [ -d "$modules" ]; then
			mkdir -p "$root/lib/modules/$abi"
			mount --bind "$modules" "$root/lib/modules/$abi"
		fi
		exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 LAB_ABI="$abi" CPPFLAGS="${CPPFLAGS:-}" \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			sh -c "cd /src && exec \"\$@\"" sh "$@"
	' bash "$IMAGE/build" "$LAB_TOP" "$(cat "$IMAGE/abi")" "$IMAGE/modules" "$@"
}

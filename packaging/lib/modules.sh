# SPDX-License-Identifier: GPL-2.0-or-later
# The two modules on disk: where they go, which one modprobe chooses. Sourced.
# shellcheck shell=sh

MODULES="iavf_session iavf"
UPDATES=updates/drivers/net/ethernet/intel/iavf

built_module() { echo "$B/kmod/install/$1.ko"; }

modules_check() {
	for module in $MODULES; do
		file=$(built_module "$module")
		[ -r "$file" ] || die "$file is missing: run 'make kmod' first"
		for_kernel=$(modinfo -F vermagic "$file" | cut -d ' ' -f 1)
		[ "$for_kernel" = "$KVER" ] ||
			die "$file was built for kernel $for_kernel, not for $KVER: run 'make kmod KVER=$KVER' first"
	done
	[ -n "$DESTDIR" ] || [ -d "/lib/modules/$KVER" ] || die "there is no kernel $KVER here: /lib/modules/$KVER is missing"
}

modules_install() {
	for module in $MODULES; do
		put 644 "$(built_module "$module")" "$DESTDIR/lib/modules/$KVER/$UPDATES/$module.ko"
	done
}

# modules_kernels: the kernels that have our modules, or had them until an uninstall that did not end.
modules_kernels() {
	for dir in "$DESTDIR"/lib/modules/*/"$UPDATES"; do
		[ -d "$dir" ] || continue
		dir=${dir%/"$UPDATES"}
		echo "${dir##*/}"
	done
}

# The folder stays until the end: it says that there is something left to do.
modules_remove() {
	for module in $MODULES; do
		rm -f "$DESTDIR/lib/modules/$1/$UPDATES/$module.ko" "$DESTDIR/lib/modules/$1/$UPDATES/$module.ko.iavf-new"
	done
}

modules_removed() {
	(cd "$DESTDIR/lib/modules/$1" && rmdir -p --ignore-fail-on-non-empty "$UPDATES")
}

# modules_chosen KVER: the file that modprobe would load for iavf.
modules_chosen() {
	modinfo -k "$1" -F filename iavf 2>/dev/null
}

# Ours from whatever folder, dkms has its own: it needs iavf_session.
modules_check_ours() {
	modinfo -k "$KVER" -F depends iavf 2>/dev/null | grep -qw iavf_session ||
		die "our iavf is not installed for $KVER: 'make install' first"
}

modules_check_chosen() {
	chosen=$(modules_chosen "$KVER")
	case $chosen in
	*/"$UPDATES"/iavf.ko) ;;
	*) die "modprobe would take ${chosen:-nothing} instead of ours: look into /etc/depmod.d, and remove other iavf packages" ;;
	esac
}

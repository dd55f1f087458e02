# SPDX-License-Identifier: GPL-2.0-or-later
# Secure Boot and its like: does this machine load modules that nobody signed? Sourced.
# shellcheck shell=sh

# signing_enforced: prints why only signed modules load; false when any does.
signing_enforced() {
	state=$(cat "$SYS"/firmware/efi/efivars/SecureBoot-* 2>/dev/null | od -An -tu1 -j4 -N1 2>/dev/null | tr -d ' ')
	if [ "$state" = 1 ]; then
		echo "Secure Boot is on"
	elif grep -qs '\[\(integrity\|confidentiality\)\]' "$SYS/kernel/security/lockdown"; then
		echo "the kernel is locked down"
	elif [ "$(cat "$SYS/module/module/parameters/sig_enforce" 2>/dev/null)" = Y ]; then
		echo "the kernel was told to enforce module signatures"
	else
		return 1
	fi
}

signed() { tail -c 28 "$1" | grep -q '^~Module signature appended~$'; }

# The kernel's program for it: with the headers, or in Debian's package linux-kbuild-*.
sign_file() {
	for file in "$KDIR/scripts/sign-file" "/usr/lib/linux-kbuild-${KVER%-*}/scripts/sign-file" \
		"/usr/lib/linux-kbuild-$(echo "$KVER" | cut -d . -f 1,2)/scripts/sign-file"; do
		if [ -x "$file" ]; then
			echo "$file"
			return
		fi
	done
	echo "/usr/lib/linux-kbuild-${KVER%-*}/scripts/sign-file"
}

# Without a driver the machine would boot without these interfaces, so this stops.
signing_check() {
	why=$(signing_enforced) || return 0
	unsigned=
	for module in $MODULES; do
		signed "$(built_module "$module")" || unsigned="$unsigned $(built_module "$module")"
	done
	[ -n "$unsigned" ] || return 0
	say "$why, so the kernel loads only modules signed with a key that this machine trusts. These are not signed:$unsigned"
	say "sign them with your key and its certificate, for kernel $KVER:"
	for file in $unsigned; do
		echo "    $(sign_file) sha256 KEY.priv CERT.der $file"
	done
	say "and run 'make install' again. Once per key: 'mokutil --import CERT.der', reboot, confirm it at the console."
	[ "${ALLOW_UNSIGNED:-}" = 1 ] || die "stopped, nothing was changed: with unsigned modules the next boot would have no driver for the VFs (ALLOW_UNSIGNED=1 installs them all the same)"
	say "ALLOW_UNSIGNED=1: installing them all the same"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# The iavf that is loaded now, and what goes away with it. Sourced.
# shellcheck shell=sh

# loaded_iavf: prints none, ours, intree or other.
loaded_iavf() {
	if [ ! -d "$SYS/module/iavf" ]; then
		echo none
	elif [ -e "$SYS/module/iavf_session/holders/iavf" ]; then
		echo ours
	elif grep -q O "$SYS/module/iavf/taint"; then
		echo other
	else
		echo intree
	fi
}

loaded_name() {
	case $1 in
	ours) echo "this project's iavf" ;;
	intree) echo "the kernel's own iavf" ;;
	other) echo "an iavf that is neither the kernel's own nor ours" ;;
	esac
}

loaded_pci() {
	for device in "$SYS"/bus/pci/drivers/iavf/*:*; do
		[ ! -e "$device" ] || echo "${device##*/}"
	done
}

# loaded_netdevs: names of the interfaces of all VFs, as far as this network namespace sees them.
loaded_netdevs() {
	for device in "$SYS"/bus/pci/drivers/iavf/*:*/net/*; do
		[ ! -e "$device" ] || echo "${device##*/}"
	done
}

# What stands on an interface: VLANs, bonds, bridges.
netdev_uppers() {
	for upper in "$SYS/class/net/$1"/upper_*; do
		[ ! -e "$upper" ] || printf ' %s' "${upper##*/upper_}"
	done
}

# An interface and all that it stands on.
netdev_below() {
	echo "$1"
	for lower in "$SYS/class/net/$1"/lower_*; do
		[ ! -e "$lower" ] || netdev_below "${lower##*/lower_}"
	done
}

# The other end of the ssh session this runs in, also when sudo has cleaned the environment.
ssh_client() {
	if [ -n "${SSH_CONNECTION:-}" ]; then
		echo "${SSH_CONNECTION%% *}"
		return
	fi
	pid=$$
	while [ "${pid:-0}" -gt 1 ]; do
		client=$(tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=\([^ ]*\) .*/\1/p')
		if [ -n "$client" ]; then
			echo "$client"
			return
		fi
		pid=$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status")
	done
}

# ssh_netdev: the VF's interface that the ssh session comes in over, if it does.
ssh_netdev() {
	client=$(ssh_client)
	[ -n "$client" ] || return 0
	case $client in
	*%*) out=${client#*%} ;;
	*) out=$(ip -o route get "$client" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p') ;;
	esac
	[ -n "$out" ] || return 0
	for netdev in $(netdev_below "$out"); do
		if loaded_netdevs | grep -qxF "$netdev"; then
			echo "$netdev"
			return
		fi
	done
}

# loaded_report: what a replacement cuts, one line an interface.
loaded_report() {
	for pci in $(loaded_pci); do
		names=
		for device in "$SYS/bus/pci/drivers/iavf/$pci"/net/*; do
			[ -e "$device" ] || continue
			uppers=$(netdev_uppers "${device##*/}")
			names="$names ${device##*/}${uppers:+ (carries$uppers)}"
		done
		echo "    $pci ${names:- no interface in this network namespace}"
	done
	over=$(ssh_netdev)
	[ -z "$over" ] || say "YOUR SSH SESSION (from $(ssh_client)) comes in over $over and would be cut."
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One boot of a machine whose disk lasts: what is found, then what the next boot will find. Nothing here loads a driver, and
# nothing but the network manager of the stage configures the first VF.
. "$(dirname "$0")/lib.sh"

stage=$1
checkout=/root/checkout
MAKE="make -s -C $checkout B=build/lab/$2/user"
booted() { case $(systemctl is-system-running) in running | degraded) ;; *) return 1 ;; esac; }
within 120 booted
udevadm settle
mapfile -t pci < <(vf_pci)
DEV=$(vf_dev "${pci[0]}")
SPARE=$(vf_dev "${pci[1]}")

taint() { cat "/sys/module/$1/taint"; }
bound() { basename "$(readlink "/sys/bus/pci/devices/${pci[0]}/driver")"; }
# Loaded by the initramfs: before systemd, of which that one has none, said anything.
early() { journalctl -b -k -o cat --no-pager | sed '/systemd\[1\]/,$d' | grep "$1"; }

t_intree()
{
	expect driver iavf "$(bound)"
	expect taint "" "$(taint iavf)"
	expect session "" "$(ls -d /sys/module/iavf_session 2>/dev/null || :)"
	early "Intel(R) Ethernet Adaptive Virtual Function"
}

t_ours()
{
	expect driver iavf "$(bound)"
	expect taint OE "$(taint iavf)"
	expect taint OE "$(taint iavf_session)"
	early "loading out-of-tree module taints kernel"
	expect iavfd active "$(systemctl is-active iavfd)"
	iavfctl list
	expect name "$(cat /root/name)" "$DEV"
}

# its address is the same at each boot
t_mac()
{
	[ -e /root/mac ] || cat "/sys/class/net/$DEV/address" >/root/mac
	expect mac "$(cat /root/mac)" "$(cat "/sys/class/net/$DEV/address")"
}

has_address() { ip -j -4 addr show dev "$DEV" | jq -e --arg a "$1" 'any(.[].addr_info[]; .local == $a)'; }

# The other VF goes to a namespace and pings the address.
t_address()
{
	within 60 has_address "$1"
	ip -br addr
	ip netns add peer
	ip link set "$SPARE" netns peer
	ip -n peer addr add "${1%.*}.2/24" dev "$SPARE"
	ip -n peer link set "$SPARE" up
	within 20 ip netns exec peer ping -c 1 -W 1 "$1"
	ip netns exec peer ping -q -c 20 -i 0.1 -W 2 "$1" | tee /dev/stderr | grep -q ' 0% packet loss'
}

t_failed_none()
{
	systemctl --failed --no-legend --no-pager
	[ -z "$(systemctl --failed --no-legend --no-pager)" ]
}

t_by_ifupdown() { expect state "$DEV=$DEV" "$(ifquery --state "$DEV")"; }
# it is done later than the address answers, on a slow machine
networkd_done() { networkctl status "$DEV" --no-pager | grep -q 'State: routable (configured)'; }
t_by_networkd() { within 60 networkd_done; }
t_by_networkmanager() { nmcli -t -f DEVICE,STATE,CONNECTION device | tee /dev/stderr | grep -qx "$DEV:connected:vf"; }

# The hardest case, for ifupdown looks for its interfaces once: they come when udev had nothing left to do, as with a PF that
# takes its time, and get their names late.
SLOW="/etc/udev/rules.d/00-slow.rules /etc/systemd/system/iavfd.service.d"
configure_ifupdown()
{
	mkdir "${SLOW#* }"
	printf '[Service]\nExecStartPre=+udevadm settle\n' >"${SLOW#* }/slow.conf"
	echo 'ACTION=="add", SUBSYSTEM=="net", DRIVERS=="iavf", PROGRAM="/bin/sleep 5"' >"${SLOW% *}"
	printf 'auto %s\niface %s inet static\n\taddress 10.9.1.1/24\n' "$DEV" "$DEV" >/etc/network/interfaces.d/vf
	systemctl --quiet enable networking.service
}

configure_networkd()
{
	# shellcheck disable=SC2086
	rm -r /etc/network/interfaces.d/vf $SLOW
	systemctl --quiet disable networking.service
	printf '[Match]\nName=%s\n[Network]\nAddress=10.9.2.1/24\n' "$DEV" >/etc/systemd/network/10-vf.network
	systemctl --quiet enable systemd-networkd.service
}

configure_networkmanager()
{
	rm /etc/systemd/network/10-vf.network
	systemctl --quiet disable systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service
	printf '[connection]\nid=vf\ntype=ethernet\ninterface-name=%s\n[ipv4]\nmethod=manual\naddress1=10.9.3.1/24\n' "$DEV" \
		>/etc/NetworkManager/system-connections/vf.nmconnection
	chmod 600 /etc/NetworkManager/system-connections/vf.nmconnection
	systemctl --quiet enable NetworkManager.service
}

# It says what would be cut, and cuts nothing.
t_install()
{
	echo "$DEV" >/root/name
	mkdir "$checkout"
	tar -C "$checkout" -xzf /share/checkout.tar.gz
	$MAKE install >/tmp/said 2>&1 || { cat /tmp/said; return 1; }
	cat /tmp/said
	grep -q "the kernel's own iavf is loaded" /tmp/said
	grep -q "${pci[0]}  *$DEV" /tmp/said
	t_intree
	expect iavfd "enabled inactive" "$(systemctl is-enabled iavfd) $(systemctl is-active iavfd || :)"
}

# Not over the session's own interface, unless forced.
t_load()
{
	local rc=0
	ip addr add 10.9.9.1/24 dev "$DEV"
	ip link set "$DEV" up
	SSH_CONNECTION="10.9.9.2 50000 10.9.9.1 22" $MAKE load >/tmp/said 2>&1 || rc=$?
	cat /tmp/said
	[ $rc -ne 0 ]
	grep -q "YOUR SSH SESSION (from 10.9.9.2) comes in over $DEV" /tmp/said
	t_intree
	SSH_CONNECTION="10.9.9.2 50000 10.9.9.1 22" $MAKE load FORCE=1
	expect taint OE "$(taint iavf)"
	expect iavfd active "$(systemctl is-active iavfd)"
	DEV=$(vf_dev "${pci[0]}")
	expect name "$(cat /root/name)" "$DEV"
	# once more, now ours for ours
	$MAKE load
}

t_uninstall()
{
	$MAKE uninstall >/tmp/said 2>&1 || { cat /tmp/said; return 1; }
	cat /tmp/said
	grep -q 'modprobe -r iavf iavf_session && modprobe iavf' /tmp/said
	expect taint OE "$(taint iavf)"
	[ ! -e /usr/sbin/iavfd ]
	[ -s /var/lib/iavfd/seed.json ]
	$MAKE uninstall
}

# managed STAGE ADDRESS: what each of the three stages finds
managed()
{
	run_case "boot/$1/ours" t_ours
	# rows: S80
	run_case "boot/$1/mac" t_mac
	# rows: S23
	run_case "boot/$1/address" t_address "$2"
	run_case "boot/$1/by-$1" "t_by_$1"
	run_case "boot/$1/no-failed-unit" t_failed_none
}

case $stage in
intree)
	run_case boot/intree/wins-without-us t_intree
	# rows: S21
	run_case boot/intree/install t_install
	# rows: S22
	run_case boot/intree/load t_load
	configure_ifupdown
	;;
ifupdown)
	managed ifupdown 10.9.1.1
	configure_networkd
	;;
networkd)
	managed networkd 10.9.2.1
	configure_networkmanager
	;;
networkmanager)
	managed networkmanager 10.9.3.1
	# rows: S21
	run_case boot/networkmanager/uninstall t_uninstall
	;;
uninstalled)
	run_case boot/uninstalled/intree-again t_intree
	run_case boot/uninstalled/address t_address 10.9.3.1
	run_case boot/uninstalled/no-failed-unit t_failed_none
	;;
esac
run_case "boot/$stage/kernel-clean" kernel_clean
run_case "boot/$stage/no-device-errors" t_no_errors
finish

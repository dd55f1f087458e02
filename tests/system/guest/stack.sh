#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is built on top of VFs: bonds, bridges, macvlans, VRFs, namespaces; and the known issues of docs/known-issues.md. Four VFs:
# two in n1, two in n2. Issues of the in-tree driver are shown to be there, then skipped. usage: stack.sh [quick]
. "$(dirname "$0")/lib.sh"

mapfile -t PCI < <(vf_pci)
[ ${#PCI[@]} -ge 4 ] || die "four VFs are wanted"
P1=${PCI[0]} P2=${PCI[1]}
N1="ip netns exec n1" N2="ip netns exec n2"

vsi_is() { avfsimctl show "$1" | jq -e "$2"; }
has_mac() { vsi_is "$1" ".macs | index(\"$2\")"; }
mac_of() { ip -n "$1" -j link show "$2" | jq -r '.[0].address'; }
reachable() { within 20 $N1 ping -c 1 -W 1 "${1:-10.9.0.2}"; }
# never one that systemd is just exchanging
kill_daemon() { within 10 owned; kill -9 "$(iavfctl -j list | jq '.vfs[0].owner_pid')"; within 10 owned; }

# After what the host changed: the VF is negotiated again. In-tree loses its way when two changes come close together.
back() { within 10 vsi_is "$1" '.enabled and (.in_reset | not)'; split || sleep 3; }
trust() { avfsimctl trust "$1" "$2"; back "$1"; }
host_mac() { avfsimctl mac "$1" "$2"; back "$1"; }

names()
{
	A=$(vf_dev "${PCI[0]}") B=$(vf_dev "${PCI[1]}") C=$(vf_dev "${PCI[2]}") D=$(vf_dev "${PCI[3]}")
	D1=$A D2=$C
}
place()
{
	local n
	names
	for n in n1 n2 n3; do
		ip netns add $n
		ip -n $n link set lo up
		ip netns exec $n sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
	done
	ip link set "$A" netns n1
	ip link set "$B" netns n1
	ip link set "$C" netns n2
	ip link set "$D" netns n2
	ip -n n2 addr add 10.9.0.2/24 dev "$C"
	ip -n n2 link set "$C" up
}

# whatever the case before left
fresh()
{
	local dev vf
	for dev in v100 bond0 br0 ve0 vrf1 mv1 mv2 mv3 mv4; do ip -n n1 link del $dev 2>/dev/null || true; done
	for dev in 1 2 3 4; do ip -n m$dev link del mv$dev 2>/dev/null || true; done
	for dev in v100 bond0; do ip -n n2 link del $dev 2>/dev/null || true; done
	ip -n n2 neigh del 10.9.0.1 dev "$C" 2>/dev/null || true
	for dev in "$A" "$B"; do
		ip -n n1 link set "$dev" down mtu 1500
		ip -n n1 addr flush dev "$dev"
	done
	ip -n n2 link set "$D" down
	ip -n n2 link set "$C" up mtu 1500
	ip -n n2 addr replace 10.9.0.2/24 dev "$C"
	for vf in 0 1; do
		avfsimctl link $vf up
		avfsimctl spoof $vf on
		vsi_is $vf .trusted >/dev/null || trust $vf on
	done
}
# plain: the first VF alone
plain()
{
	fresh
	ip -n n1 link set "$A" up
	ip -n n1 addr add 10.9.0.1/24 dev "$A"
	reachable
}
# vlan_pair DEVICE: id 100 on it, and on its peer
vlan_pair()
{
	ip -n n1 link add link "$1" name v100 type vlan id 100
	ip -n n2 link add link "$C" name v100 type vlan id 100
	ip -n n1 addr add 10.9.100.1/24 dev v100
	ip -n n2 addr add 10.9.100.2/24 dev v100
	ip -n n1 link set v100 up
	ip -n n2 link set v100 up
}

# Bonds

active() { $N1 cat /sys/class/net/bond0/bonding/active_slave; }
active_is() { [ "$(active)" = "$1" ]; }
slave_up() { [ "$($N1 cat "/sys/class/net/$1/bonding_slave/mii_status")" = up ]; }
enslave()
{
	ip -n n1 link set "$1" down
	ip -n n1 link set "$1" master bond0
}
bond()
{
	fresh
	ip -n n1 link add bond0 type bond miimon 50 "$@"
	enslave "$A"
	enslave "$B"
	bond_up
}
bond_up()
{
	ip -n n1 link set bond0 up
	ip -n n1 addr add 10.9.0.1/24 dev bond0
	reachable
}
# with the first VF in use: the other takes over, and back
failover()
{
	within 10 slave_up "$A"
	within 10 slave_up "$B"
	ip -n n1 link set bond0 type bond active_slave "$A"
	avfsimctl link 0 down
	within 10 active_is "$B"
	reachable
	avfsimctl link 0 up
	within 10 slave_up "$A"
	avfsimctl link 1 down
	within 10 active_is "$A"
	reachable
	avfsimctl link 1 up
	within 10 slave_up "$B"
	ping_all 20 0.02
}

t_bond()
{
	bond mode active-backup
	within 5 has_mac 0 "$(mac_of n1 bond0)"
	within 5 has_mac 1 "$(mac_of n1 bond0)"
	TCP_SECONDS=10 under_tcp failover
	# each has its own again
	ip -n n1 link del bond0
	[ "$(mac_of n1 "$A")" != "$(mac_of n1 "$B")" ]
}
t_bond_reset()
{
	bond mode active-backup
	ip -n n1 link set bond0 type bond active_slave "$A"
	avfsimctl reset 0 silent
	reachable
	avfsimctl reset 1 announced
	reachable
	avfsimctl reset 0 flr
	reachable
	within 20 has_mac 0 "$(mac_of n1 bond0)"
	within 20 has_mac 1 "$(mac_of n1 bond0)"
	failover
}
t_bond_daemon()
{
	split || skip "has no daemon"
	bond mode active-backup
	kill_daemon
	failover
	systemctl stop iavfd
	failover
	systemctl start iavfd
	within 10 owned
	failover
}
t_bond_vlan()
{
	bond mode active-backup
	vlan_pair bond0
	within 10 vlans_are 0 '[100]'
	within 10 vlans_are 1 '[100]'
	reachable 10.9.100.2
	failover
	answered 20 10.9.100.2 -i 0.02
	avfsimctl reset 1 silent
	avfsimctl link 0 down
	within 10 active_is "$B"
	reachable 10.9.100.2
	ip -n n1 link del v100
	within 10 vlans_are 0 '[]'
	within 10 vlans_are 1 '[]'
}
t_bond_mtu()
{
	bond mode active-backup
	ip -n n2 link set "$C" mtu 9000
	ip -n n1 link set bond0 mtu 9000
	expect "MTU of a slave" 9000 "$(ip -n n1 -j link show "$B" | jq '.[0].mtu')"
	reachable
	answered 10 10.9.0.2 -i 0.02 -M do -s 8972
	not ip -n n1 link set bond0 mtu 9900
	expect "MTU of a slave" 9000 "$(ip -n n1 -j link show "$A" | jq '.[0].mtu')"
	failover
	answered 10 10.9.0.2 -i 0.02 -M do -s 8972
	under_tcp ip -n n1 link set bond0 mtu 1500
}
# a bond on either side
t_bond_both()
{
	fresh
	ip -n n2 addr flush dev "$C"
	ip -n n2 link set "$C" down
	ip -n n2 link add bond0 type bond miimon 50 mode active-backup
	ip -n n2 link set "$C" master bond0
	ip -n n2 link set "$D" master bond0
	ip -n n2 addr add 10.9.0.2/24 dev bond0
	ip -n n2 link set bond0 up
	ip -n n1 link add bond0 type bond miimon 50 mode active-backup
	enslave "$A"
	enslave "$B"
	bond_up
	failover
	avfsimctl link 2 down
	reachable
	failover
	avfsimctl link 2 up
}

# S74: addresses set by the host, VFs not trusted. pf_set BYTE: others than before, for what a VF already has is not set.
mac_is() { [ "$(mac_of n1 "$1")" = "$2" ]; }
pf_set()
{
	fresh
	trust 0 off
	trust 1 off
	host_mac 0 02:00:00:00:"$1":01
	host_mac 1 02:00:00:00:"$1":02
	within 10 mac_is "$A" 02:00:00:00:"$1":01
	within 10 mac_is "$B" 02:00:00:00:"$1":02
}
pf_unset()
{
	local vf
	for vf in 0 1; do
		trust $vf on
		host_mac $vf 00:00:00:00:00:00
	done
}
last_error() { iavfctl -j show "$1" | jq -r .vfs[0].last_error.message; }
t_bond_pf_mac()
{
	pf_set a0
	ip -n n1 link add bond0 type bond miimon 50 mode active-backup
	enslave "$A"
	not enslave "$B"
	! split || last_error "$P2" | grep "host set the MAC.*: trust the VF"
	# the host has the way out
	trust 1 on
	enslave "$B"
	trust 0 on
	bond_up
	failover
	pf_unset
}
t_bond_pf_mac_active()
{
	pf_set a1
	ip -n n1 link add bond0 type bond miimon 50 mode active-backup fail_over_mac active
	enslave "$A"
	enslave "$B"
	bond_up
	TCP_SECONDS=10 under_tcp failover
	pf_unset
}
# The one that takes over would need the other's address: no traffic, and it is told why.
t_bond_pf_mac_follow()
{
	pf_set a2
	ip -n n1 link add bond0 type bond miimon 50 mode active-backup fail_over_mac follow
	enslave "$A"
	enslave "$B"
	bond_up
	ip -n n1 link set bond0 type bond active_slave "$A"
	avfsimctl link 0 down
	within 10 active_is "$B"
	not $N1 ping -c 3 -W 1 10.9.0.2
	! split || last_error "$P2" | grep "host set the MAC.*: trust the VF"
	avfsimctl link 0 up
	ip -n n1 link del bond0
	pf_unset
	bond mode active-backup fail_over_mac follow
	failover
}

# S75: each slave keeps an address of its own, and the PF has a filter for it
own_filter() { has_mac "$1" "$(mac_of n1 "$2")"; }
# spoofed VF: frames taken for such so far
spoofed() { avfsimctl counters "$1" | jq .switch_drops.spoof_mac; }
t_bond_tlb()
{
	bond mode balance-tlb
	if ! split; then
		expect "issue: both have one address" "$(mac_of n1 "$A")" "$(mac_of n1 "$B")"
		skip "S75: both slaves have the bond's address"
	fi
	[ "$(mac_of n1 "$A")" != "$(mac_of n1 "$B")" ]
	within 10 own_filter 0 "$A"
	within 10 own_filter 1 "$B"
	within 10 sh -c "! avfsimctl show 1 | jq -e '.macs | index(\"$(mac_of n1 bond0)\")'"
	ping_all 50 0.02
	avfsimctl link 0 down
	within 10 active_is "$B"
	within 10 own_filter 1 "$B"
	reachable
	avfsimctl link 0 up
	within 10 slave_up "$A"
	within 10 own_filter 0 "$A"
	settled
	local before
	before="$(spoofed 0) $(spoofed 1)"
	transfer 8 -P 4
	expect "frames taken for spoofed" "$before" "$(spoofed 0) $(spoofed 1)"
}
settled() { sleep 0.5; }
t_bond_alb()
{
	bond mode balance-alb
	[ "$(mac_of n1 "$A")" != "$(mac_of n1 "$B")" ]
	within 10 own_filter 0 "$A"
	within 10 own_filter 1 "$B"
	failover
}

# Bridges. The address behind it is in n3.

bridge_up()
{
	fresh
	ip -n n1 link add br0 type bridge "$@"
	ip -n n1 link set br0 up
	ip -n n1 link set "$A" up
	ip -n n1 link set "$A" master br0
	ip -n n1 link add ve0 type veth peer name ve1 netns n3
	ip -n n1 link set ve0 up master br0
	ip -n n3 addr add 10.9.0.1/24 dev ve1
	ip -n n3 link set ve1 up
	N1="ip netns exec n3"
}
t_bridge()
{
	bridge_up
	avfsimctl spoof 0 off
	within 5 vsi_is 0 .unicast_promisc
	reachable
	# what nobody has a filter for comes here, too
	$N2 ip neigh replace 10.9.0.1 lladdr "$(mac_of n3 ve1)" dev "$C"
	ping_all 50 0.02
	transfer 8
	ip -n n1 link set "$A" nomaster
	within 5 vsi_is 0 '.unicast_promisc | not'
}
t_bridge_reset()
{
	bridge_up
	avfsimctl spoof 0 off
	reachable
	avfsimctl reset 0 silent
	if ! split; then
		sleep 8
		vsi_is 0 '.enabled and (.unicast_promisc | not)'
		skip "promiscuous mode is not asked for again after a reset"
	fi
	reachable
	within 5 vsi_is 0 .unicast_promisc
	kill_daemon
	ping_all 20 0.02
	avfsimctl reset 0 announced
	reachable
}
bridge_mtu()
{
	ip -n n1 link set "$A" mtu "$1"
	ip -n n1 link set ve0 mtu "$1"
	ip -n n3 link set ve1 mtu "$1"
	ip -n n2 link set "$C" mtu "$1"
}
t_bridge_mtu()
{
	bridge_up
	avfsimctl spoof 0 off
	reachable
	bridge_mtu 9000
	expect "MTU of the bridge" 9000 "$(ip -n n1 -j link show br0 | jq '.[0].mtu')"
	reachable
	answered 10 10.9.0.2 -i 0.02 -M do -s 8972
	under_tcp bridge_mtu 1500
	reachable
}
# a bridge that knows what is behind it: address filters instead of promiscuous mode
t_bridge_static()
{
	bridge_up vlan_filtering 1
	avfsimctl spoof 0 off
	$N1 true
	ip -n n1 link set ve0 type bridge_slave learning off flood off
	ip netns exec n1 bridge fdb replace "$(mac_of n3 ve1)" dev ve0 master static
	within 5 has_mac 0 "$(mac_of n3 ve1)"
	within 5 vsi_is 0 '.unicast_promisc | not'
	reachable
	ping_all 20 0.02
	avfsimctl reset 0 silent
	reachable
	within 5 has_mac 0 "$(mac_of n3 ve1)"
}
# S76: who may send what. A VF that is not trusted is told that it is promiscuous, and is not.
t_spoof()
{
	local before
	plain
	trust 0 off
	reachable
	ping_all 20 0.02
	bridge_up
	trust 0 off
	before=$(spoofed 0)
	not $N1 ping -c 3 -W 1 10.9.0.2
	[ "$(spoofed 0)" -gt "$before" ]
	avfsimctl spoof 0 off
	not $N1 ping -c 3 -W 1 10.9.0.2
	trust 0 on
	reachable
}

# macvlans N: each in a namespace m$i with 10.9.0.1$i
macvlans()
{
	local i
	for i in $(seq "$1"); do
		ip netns add m"$i" 2>/dev/null || true
		ip -n n1 link add mv"$i" link "$A" type macvlan mode bridge
		ip -n n1 link set mv"$i" netns m"$i"
		ip -n m"$i" addr add 10.9.0.1"$i"/24 dev mv"$i"
		ip -n m"$i" link set mv"$i" up
	done
}
macvlans_gone() { local i; for i in $(seq "$1"); do ip -n m"$i" link del mv"$i"; done; }
each_reachable() { local i; for i in $(seq "$1"); do N1="ip netns exec m$i" reachable; done; }
t_macvlan()
{
	local i mac
	plain
	macvlans 4
	mac=$(mac_of m3 mv3)
	for i in 1 2 3 4; do within 5 has_mac 0 "$(mac_of m$i mv$i)"; done
	vsi_is 0 '.unicast_promisc | not'
	each_reachable 4
	N1="ip netns exec m2" transfer 4
	reachable
	avfsimctl reset 0 silent
	each_reachable 4
	! split || kill_daemon
	ip -n n1 link set "$A" down
	ip -n n1 link set "$A" up
	each_reachable 4
	ip -n m3 link set mv3 address 02:00:00:00:33:33
	within 5 has_mac 0 02:00:00:00:33:33
	within 5 sh -c "! avfsimctl show 0 | jq -e '.macs | index(\"$mac\")'"
	N1="ip netns exec m3" reachable
	macvlans_gone 4
	within 5 vsi_is 0 '[.macs[] | select(startswith("01:") or startswith("33:") | not)] | length == 2'
}
# untrusted: within its limit it works; with an address of the host's no other is taken, and that is told
t_macvlan_untrusted()
{
	plain
	trust 0 off
	macvlans 2
	each_reachable 2
	macvlans_gone 2
	host_mac 0 02:00:00:00:aa:01
	within 10 mac_is "$A" 02:00:00:00:aa:01
	reachable
	macvlans 1
	not ip netns exec m1 ping -c 3 -W 1 10.9.0.2
	! split || iavfctl -j show "$P1" | jq -e '.vfs[0].degraded | contains("trust the VF")'
	macvlans_gone 1
	reachable
	trust 0 on
	host_mac 0 00:00:00:00:00:00
}

t_vrf()
{
	fresh
	ip -n n1 link add vrf1 type vrf table 10
	ip -n n1 link set vrf1 up
	ip -n n1 link set "$A" master vrf1
	ip -n n1 link set "$A" up
	ip -n n1 addr add 10.9.0.1/24 dev "$A"
	within 20 $N1 ping -c 1 -W 1 -I vrf1 10.9.0.2
	transfer 8 --bind-dev vrf1
	avfsimctl reset 0 silent
	within 20 $N1 ping -c 1 -W 1 -I vrf1 10.9.0.2
	! split || kill_daemon
	ip -n n1 link set "$A" mtu 1400
	within 20 $N1 ping -c 1 -W 1 -I vrf1 10.9.0.2
	ip -n n1 link set "$A" nomaster
}

# While it is up, with a VLAN that stays where it was, and secondary addresses
t_netns()
{
	plain
	vlan_pair "$A"
	reachable 10.9.100.2
	$N1 ping -q -i 0.01 -w 3 10.9.0.2 &
	sleep 0.5
	ip -n n1 link set "$A" netns n3
	wait $! || true
	vlans_are 0 '[100]'
	ip -n n3 link set "$A" up
	ip -n n3 addr add 10.9.0.1/24 dev "$A"
	N1="ip netns exec n3" reachable
	avfsimctl reset 0 silent
	N1="ip netns exec n3" reachable
	if split; then
		kill_daemon
		N1="ip netns exec n3" ping_all 20 0.02
		iavfctl -j show "$A" | jq -e ".vfs[0].pci == \"$P1\""
	fi
	ip -n n3 link add mv1 link "$A" type macvlan
	ip -n n3 link set mv1 up
	within 5 has_mac 0 "$(mac_of n3 mv1)"
	ip -n n3 link del mv1
	ip -n n3 link set "$A" netns n1
	ip -n n1 link set "$A" up
	ip -n n1 addr add 10.9.0.1/24 dev "$A"
	reachable
	ip -n n1 link set v100 up
	reachable 10.9.100.2
	vlans_are 0 '[100]'
	within 5 sh -c "avfsimctl show 0 | jq -e '.macs | map(select(startswith(\"33:\") or startswith(\"01:\") | not)) | length == 2'"
}
t_rename()
{
	plain
	# before 6.2 the kernel renames no interface that is up
	[[ $(uname -r) != 6.1.* ]] || ip -n n1 link set "$A" down
	ip -n n1 link set "$A" name other0
	ip -n n1 link set other0 up
	reachable
	expect driver iavf "$($N1 ethtool -i other0 | sed -n 's/^driver: //p')"
	! split || within 5 sh -c "iavfctl -j show other0 | jq -e '.vfs[0].pci == \"$P1\"'"
	avfsimctl reset 0 silent
	reachable
	[[ $(uname -r) != 6.1.* ]] || ip -n n1 link set other0 down
	ip -n n1 link set other0 name "$A"
	ip -n n1 link set "$A" up
	reachable
}

# S88: the host's side is away for long
t_pf_away()
{
	plain
	avfsimctl reset-time 3000000
	avfsimctl reset 0 silent
	within 10 sh -c "[ \"\$($N1 cat /sys/class/net/$A/carrier)\" = 0 ]"
	avfsimctl reset-time 5000
	reachable
	avfsimctl link 0 down
	within 10 sh -c "[ \"\$($N1 cat /sys/class/net/$A/carrier)\" = 0 ]"
	avfsimctl link 0 up
	reachable
}

netdevs() { local p; for p in "${PCI[@]}"; do [ -n "$(ls "/sys/bus/pci/devices/$p/net" 2>/dev/null)" ] || return; done; }
# use_pf PROFILE: another PF, and all VFs as they were at first
use_pf()
{
	local p n
	for p in "${PCI[@]}"; do echo 1 >"/sys/bus/pci/devices/$p/remove"; done
	avfsimctl profile "$1"
	echo 1 >/sys/bus/pci/rescan
	within 20 netdevs
	udevadm settle
	for n in n1 n2 n3; do ip netns del $n; done
	sleep 0.5
	place
}

t_no_parameters() { [ ! -d /sys/module/iavf/parameters ]; }

# What follows loads the driver again.

# S79. In-tree has a line of its own at each removal; what it says of the PF would be told here.
t_removal()
{
	plain
	vlan_pair "$A"
	macvlans 1
	sleep 1
	dmesg -C
	! split || journalctl --rotate --vacuum-time=1s -q
	rmmod iavf
	dmesg --level=emerg,alert,crit,err,warn >/tmp/removal
	! split || journalctl -u iavfd -o cat -p warning -q --no-pager >>/tmp/removal
	cat /tmp/removal
	[ ! -s /tmp/removal ]
}
# load POLICY: of udev for addresses
load()
{
	local vf
	! lsmod | grep -q '^iavf ' || rmmod iavf
	for vf in 0 1 2 3; do avfsimctl mac $vf 00:00:00:00:00:00; done
	printf '[Match]\nDriver=iavf\n[Link]\nNamePolicy=keep kernel path\nMACAddressPolicy=%s\n' "$1" >/etc/systemd/network/10-iavf.link
	udevadm control --reload
	modprobe iavf
	within 20 netdevs
	udevadm settle
	names
	cat "/sys/class/net/$A/address" "/sys/class/net/$B/address" "/sys/class/net/$C/address" "/sys/class/net/$D/address"
}
# S80
t_mac_stays()
{
	local first second
	first=$(load none)
	second=$(load none)
	echo "$first; $second"
	if ! split; then
		[ "$first" != "$second" ]
		skip "S80: another address at each load"
	fi
	expect addresses "$first" "$second"
}
# S87: what we give is not random, so udev leaves it
t_mac_policy()
{
	local first
	first=$(load persistent)
	names
	expect "different addresses" 4 "$(sort -u <<<"$first" | wc -l)"
	split || skip "udev makes them, from names and the machine's id"
	expect addr_assign_type 0 "$(cat "/sys/class/net/$A/addr_assign_type")"
	python3 /share/seed_macs.py
}

# what CI has no time for
quick=${1:-}
more() { [ "$quick" = quick ] || "$@"; }

place
# rows: S15 S23
run_case bond t_bond
more run_case bond-reset t_bond_reset
run_case bond-daemon t_bond_daemon
run_case bond-vlan t_bond_vlan
# rows: S2
more run_case bond-mtu t_bond_mtu
more run_case bond-both t_bond_both
# rows: S75
run_case bond-tlb t_bond_tlb
more run_case bond-alb t_bond_alb
# rows: S74 X33
run_case bond-pf-mac t_bond_pf_mac
# rows: S74
run_case bond-pf-mac-active t_bond_pf_mac_active
# rows: S74 X33
more run_case bond-pf-mac-follow t_bond_pf_mac_follow
# rows: X31
run_case bridge t_bridge
# rows: X31
run_case bridge-reset t_bridge_reset
# rows: S2
more run_case bridge-mtu t_bridge_mtu
# rows: X32
run_case bridge-static t_bridge_static
# rows: S76
run_case spoof t_spoof
# rows: S16 X32
run_case macvlan t_macvlan
# rows: S16 X32
more run_case macvlan-untrusted t_macvlan_untrusted
more run_case vrf t_vrf
run_case netns t_netns
more run_case rename t_rename
# rows: S88
more run_case pf-away t_pf_away
# rows: S27
run_case no-parameters t_no_parameters
more use_pf i40e
more run_case i40e:bond t_bond
more run_case i40e:bond-vlan t_bond_vlan
# rows: S75
more run_case i40e:bond-tlb t_bond_tlb
# rows: S74 X33
more run_case i40e:bond-pf-mac t_bond_pf_mac
# rows: S74
more run_case i40e:bond-pf-mac-active t_bond_pf_mac_active
# rows: S74 X33
more run_case i40e:bond-pf-mac-follow t_bond_pf_mac_follow
# rows: S76
more run_case i40e:spoof t_spoof
# rows: S16 X32
more run_case i40e:macvlan t_macvlan
more run_case i40e:netns t_netns
t_no_violations_of_ours() { ! split || t_no_violations; }
run_case no-violations t_no_violations_of_ours
# rows: S79
run_case removal t_removal
# rows: S80
run_case mac-stays t_mac_stays
# rows: S87
more run_case mac-policy t_mac_policy
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

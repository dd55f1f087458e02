#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every kind of PF, one after the other in one guest, and what its host changes under running VFs; run on the in-tree
# driver to prove the model, on ours to prove the daemon.
. "$(dirname "$0")/lib.sh"

# ours WHY COMMAND...: where the in-tree driver does otherwise
ours()
{
	local why=$1
	shift
	split || skip "$why"
	"$@"
}
feature() { $N1 ethtool -k "$D1" | sed -n "s/^$1: \([a-z]*\).*/\1/p"; }
link_of() { ip -n n1 -d -j link show "$D1" | jq -r ".[0].$1"; }
vsi() { avfsimctl show "$1" | jq -r "$2"; }
vsi_is() { [ "$(vsi "$1" "$2")" = "$3" ]; }
drops() { avfsimctl counters "$1" | jq ".switch_drops.$2"; }
reachable() { within 30 $N1 ping -c 1 -W 1 "${1:-10.9.0.2}"; }
ready() { ! split || within 20 sh -c "iavfctl -j list | jq -e 'all(.vfs[]; .state == \"ready\" and .degraded == null)'"; }

# both COMMAND...: in each namespace, DEV and NUMBER in it are the VF's
both()
{
	local n dev
	for n in 1 2; do
		dev=$D1
		[ $n = 1 ] || dev=$D2
		# shellcheck disable=SC2001
		ip netns exec n$n sh -c "$(sed "s/DEV/$dev/g; s/NUMBER/$n/g" <<<"$*")"
	done
}
vlan_up()
{
	both "ip link add link DEV name v$1 type vlan id $1"
	both "ip addr add 10.9.$1.NUMBER/24 dev v$1; ip link set v$1 up"
}
vlan_down() { both "ip link del v$1"; }

# t_grants STRIP INSERT FILTER: what of 802.1Q the device does, by ethtool
t_grants()
{
	expect rx-vlan-offload "$1" "$(feature rx-vlan-offload)"
	expect tx-vlan-offload "$2" "$(feature tx-vlan-offload)"
	expect rx-vlan-filter "$3" "$(feature rx-vlan-filter)"
	ready
}
t_ping() { answered 20 10.9.0.2 -i 0.02; }
t_mtu()
{
	local max
	max=$(link_of max_mtu)
	expect "largest MTU" "$1" "$max"
	both "ip link set DEV mtu $max"
	reachable
	answered 5 10.9.0.2 -i 0.05 -M do -s $((max - 28))
	both "ip link set DEV mtu 1500"
	reachable
}
# A VLAN passes, its tag taken off by the device. The in-tree driver does not ask for that again after a reset, such as its MTU
# changes are: there the tag is taken off by ice only until the first one.
t_vlan()
{
	local before
	vlan_up 100
	reachable 10.9.100.2
	before=$(avfsimctl counters 1 | jq .hw.rx_vlan_stripped)
	answered 10 10.9.100.2 -i 0.02
	! split || [ "$(avfsimctl counters 1 | jq .hw.rx_vlan_stripped)" -ge $((before + 10)) ]
}
# i40e switches it on with every filter that is added. The in-tree driver leaves it so, and takes what arrives for untagged.
t_vlan_unstripped()
{
	local before
	both "ethtool -K DEV rxvlan off"
	vlan_up 101
	reachable 10.9.101.2
	before=$(avfsimctl counters 1 | jq .hw.rx_vlan_stripped)
	answered 10 10.9.101.2 -i 0.02
	expect "tags stripped" "$before" "$(avfsimctl counters 1 | jq .hw.rx_vlan_stripped)"
	both "ethtool -K DEV rxvlan on"
	vlan_down 101
	answered 10 10.9.100.2 -i 0.02
}
# With the port VLAN there is room for no other tag.
t_vlan_dropped()
{
	local before
	before=$(drops 0 spoof_vlan)
	vlan_up 100
	not $N1 ping -c 2 -W 1 10.9.100.2
	[ "$(drops 0 spoof_vlan)" -gt "$before" ]
	vlan_down 100
}
# t_reset KIND pass|drop: reached again, and in the VLAN if one passes
t_reset()
{
	avfsimctl reset 0 "$1"
	avfsimctl reset 1 "$1"
	reachable
	[ "$2" != pass ] || reachable 10.9.100.2
	answered 10 10.9.0.2 -i 0.02
	ready
}
t_no_violations_of_ours() { ! split || t_no_violations; }

# profile NAME STRIP INSERT FILTER MTU VLAN: a bring-up and a life on it. VLAN is pass or drop, MTU the largest or unknown.
# Cases are named PROFILE:WHAT.
profile()
{
	local name=$1 vlan=$6
	# rows: S1 S5 S15 S18 S19
	run_case "$name:fresh" use_profile "$name"
	find_vfs
	# rows: S33 S38 S39 S42 S44 C3
	run_case "$name:grants" t_grants "$2" "$3" "$4"
	# rows: S7 S8 S9 S17 S23
	run_case "$name:ping" t_ping
	# rows: S2
	[ "$5" = unknown ] || run_case "$name:mtu" t_mtu "$5"
	if [ "$vlan" = pass ]; then
		# rows: S34 S38 S41 S42
		run_case "$name:vlan" t_vlan
	else
		# rows: S37
		run_case "$name:vlan-dropped" t_vlan_dropped
	fi
	# rows: S5
	run_case "$name:reset-silent" t_reset silent "$vlan"
	# rows: S5
	run_case "$name:reset-announced" t_reset announced "$vlan"
	run_case "$name:violations" t_no_violations_of_ours
}

# The oldest PF does not say how long a frame may be: ours takes no risk, the in-tree driver more than the device can.
oldest_mtu() { if split; then echo 1500; else echo unknown; fi; }

t_promisc_without_effect()
{
	ip -n n1 link set "$D1" promisc on
	t_ping
	expect "promiscuous mode at the PF" false "$(vsi 0 .unicast_promisc)"
	ip -n n1 link set "$D1" promisc off
	ready
}

# What a host does

mac_is() { [ "$(link_of address)" = "$1" ]; }
t_host_mac()
{
	local was
	was=$(link_of address)
	avfsimctl mac 0 02:00:00:00:77:01
	within 20 mac_is 02:00:00:00:77:01
	$N2 ip neigh flush all
	reachable
	! split || ready
	[ "$was" != 02:00:00:00:77:01 ]
}
t_host_mac_kept()
{
	avfsimctl trust 0 off
	reachable
	not ip -n n1 link set "$D1" address 02:00:00:00:77:02
	expect address 02:00:00:00:77:01 "$(link_of address)"
	reachable
	avfsimctl trust 0 on
	reachable
	within 20 ip -n n1 link set "$D1" address 02:00:00:00:77:02
	$N2 ip neigh flush all
	reachable
}
t_host_port_vlan()
{
	avfsimctl port-vlan 0 50
	within 20 vsi_is 0 .vlans.port_id 50
	within 20 vsi_is 0 .enabled true
	within 20 carrier n1 "$D1"
	not $N1 ping -c 2 -W 1 10.9.0.2
	avfsimctl port-vlan 1 50
	reachable
	expect rx-vlan-filter off "$(feature rx-vlan-filter)"
	avfsimctl port-vlan 0 none
	avfsimctl port-vlan 1 none
	reachable
	expect rx-vlan-filter on "$(feature rx-vlan-filter)"
	! split || ready
}
speed_is() { [ "$($N1 ethtool "$D1" | sed -n 's/.*Speed: //p')" = "$1" ]; }
t_host_link()
{
	local mbps
	for mbps in 1000 10000 25000 50000 100000 200000; do
		avfsimctl link 0 up $mbps
		within 10 speed_is "${mbps}Mb/s"
	done
	avfsimctl link 0 down
	within 10 sh -c "! ip -n n1 -j link show $D1 | jq -e '.[0].operstate == \"UP\"'"
	avfsimctl link 0 up 25000
	within 10 carrier n1 "$D1"
	reachable
}
# 50 and 100 Gbit/s have no word there: the PF says 40.
t_host_link_legacy()
{
	avfsimctl link 0 up 1000
	within 10 speed_is 1000Mb/s
	avfsimctl link 0 up 100000
	within 10 speed_is 40000Mb/s
	avfsimctl link 0 up 25000
	within 10 speed_is 25000Mb/s
}
t_host_mtu()
{
	both "ip link set DEV mtu 3000"
	avfsimctl mtu 0 2026
	avfsimctl reset 0 announced
	within 20 sh -c "[ \"\$(ip -n n1 -d -j link show $D1 | jq '.[0].max_mtu')\" = 2000 ]"
	expect MTU 2000 "$(link_of mtu)"
	both "ip link set DEV mtu 1500"
	reachable
	avfsimctl mtu 0 9728
	avfsimctl reset 0 announced
	within 20 sh -c "[ \"\$(ip -n n1 -d -j link show $D1 | jq '.[0].max_mtu')\" = 9702 ]"
	reachable
}
# a frame whose source is not the VF's
forge()
{
	$N1 python3 -c '
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
s.send(b"\xff" * 6 + bytes.fromhex("02000000fa15") + b"\x88\xb5" + bytes(46))' "$D1"
}
t_host_spoof()
{
	local before
	before=$(drops 0 spoof_mac)
	forge
	within 5 sh -c "[ \$(avfsimctl counters 0 | jq .switch_drops.spoof_mac) -gt $before ]"
	avfsimctl spoof 0 off
	before=$(drops 0 spoof_mac)
	forge
	t_ping
	expect "frames taken for forged" "$before" "$(drops 0 spoof_mac)"
	avfsimctl spoof 0 on
}

# t_reload PROFILE FILTER: another PF under running VFs, which no driver is told of. A VLAN goes on where there are filters.
t_reload()
{
	avfsimctl profile "$1"
	reachable
	answered 10 10.9.0.2 -i 0.02
	expect rx-vlan-filter "$2" "$(feature rx-vlan-filter)"
	if [ "$2" = on ]; then
		ready
		reachable 10.9.100.2
		return
	fi
	within 20 sh -c "iavfctl -j show $P1 | jq -e '.vfs[0].degraded | contains(\"has no VLANs for this VF\")'"
	not $N1 ping -c 2 -W 1 10.9.100.2
	within 5 sh -c "journalctl -u iavfd | grep 'no longer filters 1 of the VLANs'"
}

# Base mode: 4 queue pairs, 5 vectors, one of them the mailbox's, one VSI
t_base_mode()
{
	expect "queue pairs" 4 "$(vsi 0 .num_queues)"
	expect vectors 5 "$(vsi 0 .num_vectors)"
}

ns_up
profile ice-dvm,untrusted on on on 9702 pass
profile ice-svm on on on 9702 pass
# rows: S30
run_case ice-svm:unstripped t_vlan_unstripped
profile ice-port-vlan on on off 9698 pass
profile ice-svm-port-vlan off off off 9698 drop
profile i40e on on on 9702 pass
# rows: S6 S10 S12 S13
run_case i40e:base-mode t_base_mode
# rows: S30
run_case i40e:unstripped ours "it leaves stripping on" t_vlan_unstripped
# rows: S15 S74
run_case i40e:host-mac t_host_mac
# rows: S74 X33
run_case i40e:host-mac-kept t_host_mac_kept
# rows: S37
run_case i40e:host-port-vlan t_host_port_vlan
# rows: S28 S88
run_case i40e:host-link t_host_link
profile i40e,untrusted on on on 9702 pass
# rows: X31 C11
run_case i40e,untrusted:promisc t_promisc_without_effect
profile v1.0 on on on "$(oldest_mtu)" pass
# rows: S6 S10 S12 S13
run_case v1.0:base-mode t_base_mode
# rows: S28
run_case v1.0:host-link t_host_link_legacy

run_case ice-dvm:fresh use_profile ice-dvm
find_vfs
# rows: S15 S74
run_case ice-dvm:host-mac t_host_mac
# rows: S74 X33
run_case ice-dvm:host-mac-kept t_host_mac_kept
# rows: S37
run_case ice-dvm:host-port-vlan t_host_port_vlan
# rows: S28 S88
run_case ice-dvm:host-link t_host_link
# rows: S2
run_case ice-dvm:host-mtu ours "it learns the limit when it probes, and never again" t_host_mtu
# rows: S76
run_case ice-dvm:host-spoof t_host_spoof
# A PF that was reloaded takes all that follows for wrong.
AGAIN="it asks for the PF's version once only"
run_case ice-dvm:reload-vlan ours "$AGAIN" vlan_up 100
# rows: S5 S88
run_case i40e:reload ours "$AGAIN" t_reload i40e on
# rows: S5 S88
run_case ice-svm-port-vlan:reload ours "$AGAIN" t_reload ice-svm-port-vlan off
# rows: S5 S88
run_case v1.0:reload ours "$AGAIN" t_reload v1.0 on
# rows: S5 S88
run_case ice-dvm:reload ours "$AGAIN" t_reload ice-dvm on
run_case no-device-errors t_no_errors
run_case violations t_no_violations_of_ours
run_case kernel-log kernel_clean
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The interface as a device: what it says of itself, counters, moderation, offloads, link, addresses and modes. The in-tree
# driver runs what it has.
. "$(dirname "$0")/lib.sh"
# ours COMMAND...: there is nothing in the in-tree driver for it
ours()
{
	split || skip "the in-tree driver has nothing of it"
	"$@"
}
reachable() { within 20 $N1 ping -c 1 -W 1 10.9.0.2; }
pf() { avfsimctl show 0 | jq -r "$1"; }
pf_is() { avfsimctl show 0 | jq -e "$1"; }
vf() { iavfctl -j show "$P1" | jq -r ".vfs[0]$1"; }
degraded_is() { vf '.degraded // ""' | grep -qx -- "$1"; }
not_degraded() { [ "$(vf '.degraded // ""')" = "" ]; }
echo 1000 >/proc/sys/net/core/message_burst	# else more than 10 lines of networking in 5 s are left out
kernel_said() { dmesg | grep -qE "$D1.*$1"; }
lines_said() { dmesg | grep -cE "$D1.*$1" || true; }
# a VF reset by the host's hand is over when the address is filtered again and frames pass
pf_has_mac() { pf_is ".macs | index(\"$1\")"; }
mac() { ip -n n1 -j link show "$D1" | jq -r '.[0].address'; }
mac_is() { [ "$(mac)" = "$1" ]; }
# refused COMMAND...: not, and what it said is in /tmp/refused
refused() { not "$@" 2>/tmp/refused; }
# same_life COMMAND...: the VF was not reset by it; only ours can promise that
same_life()
{
	local before
	split || { "$@"; return; }
	before=$(vf .counters.resets)
	"$@"
	expect "VF resets" "$before" "$(vf .counters.resets)"
}
# frames DESTINATION...: those that arrive in the first VF; arrive WANTED DESTINATION...
frames() { /share/frames.py n2 "$D2" n1 "$D1" "$@"; }
arrive() { local want=$1; shift; [ "$(frames "$@")" = "$want" ]; }

### what it says of itself

drvinfo() { $N1 ethtool -i "$D1" | sed -n "s/^$1: //p"; }
t_drvinfo()
{
	expect driver iavf "$(drvinfo driver)"
	expect bus-info "$P1" "$(drvinfo bus-info)"
	ip -n n1 -d -j link show "$D1" | jq -e --arg pci "$P1" '.[0].parentdev == $pci' || [ "$(uname -r | cut -d. -f1-2)" = 6.1 ]
	split || return 0
	expect version "$(cat /sys/module/iavf/version)" "$(drvinfo version)"
	expect firmware-version "${1:-virtchnl 1.1, trusted}" "$(drvinfo firmware-version)"
}

### link

speed_is() { $N1 ethtool "$D1" | grep -qE "^[[:space:]]Speed: $1"; }
duplex_is() { $N1 ethtool "$D1" | grep -qE "^[[:space:]]Duplex: $1"; }
carrier_down() { ip -n n1 -j link show "$D1" | jq -e '.[0] | .operstate == "DOWN" and (.flags | index("NO-CARRIER"))'; }
t_link_speeds()
{
	local mbps word
	# the device's first word; users grep for this line
	within 5 kernel_said 'NIC Link is Up Speed is 25 Gbps Full Duplex'
	for mbps in ${*:-100 1000 2500 5000 10000 40000 50000 100000 200000 25000}; do
		avfsimctl link 0 up $mbps
		within 10 speed_is "${mbps}Mb/s"
		duplex_is Full
		split || continue
		case $mbps in
		100 | 1000) word="$mbps Mbps" ;;
		2500) word="2.5 Gbps" ;;
		*) word="$((mbps / 1000)) Gbps" ;;
		esac
		within 5 kernel_said "NIC Link is Up Speed is $word Full Duplex"
	done
	avfsimctl link 0 up $([ $# -eq 0 ] && echo 4294967295 || echo 10)
	within 10 speed_is 'Unknown!'
	! split || within 5 kernel_said 'NIC Link is Up Speed is Unknown Mbps Full Duplex'
	avfsimctl link 0 up 25000
	within 10 speed_is 25000Mb/s
	reachable
}
t_link_down()
{
	local downs ups
	downs=$(lines_said 'NIC Link is Down') ups=$(lines_said 'NIC Link is Up')
	avfsimctl link 0 down
	within 5 carrier_down
	$N1 ethtool "$D1" | grep -q 'Link detected: no'
	within 10 speed_is 'Unknown!'
	not $N1 ping -c 1 -W 1 10.9.0.2
	expect "lines about it" $((downs + 1)) "$(lines_said 'NIC Link is Down')"
	avfsimctl link 0 up 25000
	within 10 carrier n1 "$D1"
	reachable
	[ "$(lines_said 'NIC Link is Up')" -gt "$ups" ]
	# and when it is the interface that goes down
	ip -n n1 link set "$D1" down
	! split || expect "lines about it" $((downs + 2)) "$(lines_said 'NIC Link is Down')"
	ip -n n1 link set "$D1" up
	within 10 carrier n1 "$D1"
	reachable
}

### counters

PF_NAMES="rx_bytes rx_unicast rx_multicast rx_broadcast rx_discards rx_unknown_protocol
	tx_bytes tx_unicast tx_multicast tx_broadcast tx_discards tx_errors"
stat() { $N1 ethtool -S "$D1" | awk -v n="$1:" '$1 == n { print $2 }'; }
vsi() { avfsimctl counters 0 | jq ".vsi.$1"; }
t_stats_names()
{
	local name all
	all=$($N1 ethtool -S "$D1" | awk '{ print $1 }')
	for name in $PF_NAMES tx-0.packets tx-0.bytes rx-0.packets rx-0.bytes; do
		grep -qx "$name:" <<<"$all" || die "no $name"
	done
	split || return 0
	grep -qx rx_dropped: <<<"$all"
	grep -qx pf_age_ms: <<<"$all"
	expect "names given twice" "" "$(sort <<<"$all" | uniq -d)"
}
# the whole of them is the PF's, at one moment without traffic
agree()
{
	local name mine pfs
	mine=$($N1 ethtool -S "$D1") pfs=$(avfsimctl counters 0 | jq .vsi)
	for name in $PF_NAMES; do
		[ "$(awk -v n="$name:" '$1 == n { print $2 }' <<<"$mine")" = "$(jq ".$name" <<<"$pfs")" ] || return 1
	done
}
# before any reset: ours add up over them, the PF's and the in-tree driver's begin anew
t_stats_agree()
{
	ping_all 20 0.01
	within 20 agree
}
# not those of the last question
t_stats_fresh()
{
	local i before got after
	for i in 1 2 3; do
		ping_all 5 0.01
		before=$(vsi rx_unicast) got=$(stat rx_unicast) after=$(vsi rx_unicast)
		[ "$got" -ge "$before" ] && [ "$got" -le "$after" ] || die "$got is not in $before..$after"
	done
	mark fresh
	$N1 ethtool -S "$D1" >/dev/null
	expect "messages of one reading" GET_STATS "$(since fresh | xargs)"
}
t_stats_over_reset()
{
	local name before after
	before=$($N1 ethtool -S "$D1")
	avfsimctl reset 0 announced
	within 10 sh -c "[ \"\$(iavfctl -j show $P1 | jq -r '.vfs[0].state')\" = ready ]"
	reachable
	[ "$(vsi rx_unicast)" -lt "$(awk '$1 == "rx_unicast:" { print $2 }' <<<"$before")" ] || die "the PF did not begin anew"
	after=$($N1 ethtool -S "$D1")
	for name in $PF_NAMES; do
		[ "$(awk -v n="$name:" '$1 == n { print $2 }' <<<"$after")" -ge "$(awk -v n="$name:" '$1 == n { print $2 }' <<<"$before")" ] ||
			die "$name went backwards"
	done
	[ "$(awk '$1 == "rx_unicast:" { print $2 }' <<<"$after")" -gt "$(awk '$1 == "rx_unicast:" { print $2 }' <<<"$before")" ]
}
older() { [ "$(stat pf_age_ms)" -gt "$1" ]; }
responsive() { iavfctl -j show "$P1" | jq -e '.vfs[0].unresponsive | not'; }
iavfd_pid() { systemctl show -p MainPID --value iavfd; }
# nobody answers, for three reasons: the last numbers with their age, and nobody is worse off for it
t_stats_age()
{
	local last resets
	last=$(stat rx_unicast) resets=$(vf .counters.resets)
	[ "$(stat pf_age_ms)" -lt 1000 ]
	avfsimctl delay 400000
	within 5 older 300
	expect "last value" "$last" "$(stat rx_unicast)"
	avfsimctl delay 0
	within 10 sh -c "[ \$($N1 ethtool -S $D1 | awk '\$1 == \"pf_age_ms:\" { print \$2 }') -lt 100 ]"
	kill -STOP "$(iavfd_pid)"
	older 0 || within 5 older 0
	responsive
	kill -CONT "$(iavfd_pid)"
	systemctl stop iavfd
	within 5 older 100
	expect "last value" "$last" "$(stat rx_unicast)"
	systemctl start iavfd
	within 10 owned
	within 10 sh -c "[ \$($N1 ethtool -S $D1 | awk '\$1 == \"pf_age_ms:\" { print \$2 }') -lt 100 ]"
	not_degraded
	expect "VF resets" "$resets" "$(vf .counters.resets)"
}
# drops DELTA: frames that the device could not take
drops_are() { [ $(($(stat rx_discards) - $1)) -ge 5 ]; }
ip_stat() { ip -n n1 -s -s -j link show "$D1" | jq ".[0] | (.stats64 // .stats).rx.$1"; }
t_drops()
{
	local before dropped missed
	[ "$(ip -n n2 -d -j link show "$D2" | jq '.[0].max_mtu')" -ge 6000 ] || skip "the PF does not allow larger frames"
	before=$(stat rx_discards) dropped=$(stat rx_dropped) missed=$(ip_stat missed_errors)
	# larger than the receiver's limit, so there is no buffer for them
	ip -n n2 link set "$D2" mtu 6000
	$N2 ping -q -c 5 -i 0.02 -W 1 -s 4000 10.9.0.1 || true
	ip -n n2 link set "$D2" mtu 1500
	within 10 drops_are "$before"
	reachable
	$N1 ethtool -S "$D1" | grep rx_dropped
	[ $(($(stat rx_dropped) - dropped)) -ge 5 ]
	[ $(($(ip_stat missed_errors) - missed)) -ge 5 ]
}
multicast_counted() { [ $(($(ip_stat multicast) - $1)) -ge 20 ] && [ "$(($(ip_stat multicast) - $1))" = "$(($(vsi rx_multicast) - $2))" ]; }
t_multicast_count()
{
	local mine device
	within 10 sh -c "$N1 ip -6 maddr show dev $D1 | grep -q ff02::1"
	mine=$(ip_stat multicast) device=$(vsi rx_multicast)
	# all nodes; those who ask want no answer
	$N2 ping -q -c 20 -i 0.02 -W 1 "ff02::1%$D2" >/dev/null || true
	within 10 multicast_counted "$mine" "$device"
}

### moderation

coalesce() { $N1 ethtool -c "$D1" | awk -v n="$1:" '$1 == n { print $2 }'; }
# itr_is RX TX: of both queues, in the device; in-tree writes them at a queue's next interrupt
itr_is() { ! split || pf_is "[.vectors[1:3][].itr_us] == [[$1,$2],[$1,$2]]"; }
t_coalesce()
{
	$N1 ethtool -C "$D1" adaptive-rx off adaptive-tx off rx-usecs 100 tx-usecs 60
	itr_is 100 60
	$N1 ethtool -C "$D1" rx-usecs 8160 tx-usecs 0
	itr_is 8160 0
	expect "rx-usecs, tx-usecs" "8160 0" "$(coalesce rx-usecs) $(coalesce tx-usecs)"
	if split; then
		# the unit of the device is 2 us
		$N1 ethtool -C "$D1" rx-usecs 101 tx-usecs 60
		expect rx-usecs 100 "$(coalesce rx-usecs)"
		refused $N1 ethtool -C "$D1" rx-usecs 8162
		grep -q 'limited to 8160' /tmp/refused
		itr_is 100 60
	fi
	not $N1 ethtool -C "$D1" tx-usecs 60000
	not $N1 ethtool -C "$D1" rx-frames 7
	reachable
}
kept() { pf_is '[.vectors[1:3][].itr_us] == [[20,40],[300,200]]'; }
t_coalesce_kept()
{
	$N1 ethtool -C "$D1" adaptive-rx off adaptive-tx off rx-usecs 20 tx-usecs 40
	$N1 ethtool -Q "$D1" queue_mask 0x2 --coalesce rx-usecs 300 tx-usecs 200
	kept
	$N1 ethtool -Q "$D1" queue_mask 0x3 --show-coalesce | awk '/^(rx|tx)-usecs:/ { print $2 }' | xargs | grep -x "20 40 300 200"
	not $N1 ethtool -Q "$D1" queue_mask 0x80 --coalesce rx-usecs 300
	ip -n n1 link set "$D1" down
	ip -n n1 link set "$D1" up
	within 10 kept
	ip -n n1 link set "$D1" mtu 1400
	within 10 kept
	ip -n n1 link set "$D1" mtu 1500
	avfsimctl reset 0 announced
	within 10 kept
	avfsimctl reset 0 silent
	within 10 kept
	reachable
	# while down, too
	ip -n n1 link set "$D1" down
	$N1 ethtool -C "$D1" rx-usecs 70 tx-usecs 80
	ip -n n1 link set "$D1" up
	within 10 itr_is 70 80
	reachable
}
moved() { iperf -t 1 -R >/dev/null && ! pf_is '[.vectors[1:3][].itr_us[0]] == [8160,8160]'; }
t_adaptive()
{
	local rx
	$N1 ethtool -C "$D1" adaptive-rx off adaptive-tx off rx-usecs 8160 tx-usecs 8160
	iperf -t 1 -R >/dev/null
	itr_is 8160 8160
	$N1 ethtool -C "$D1" adaptive-rx on adaptive-tx on
	within 30 moved
	# what it found is what is shown, and what stays when it is switched off
	$N1 ethtool -C "$D1" adaptive-rx off adaptive-tx off
	rx=$(coalesce rx-usecs)
	pf_is ".vectors[1].itr_us[0] == $rx"
	iperf -t 1 -R >/dev/null
	pf_is ".vectors[1].itr_us[0] == $rx"
	$N1 ethtool -C "$D1" adaptive-rx on adaptive-tx on rx-usecs 50 tx-usecs 50
}

# polled without interrupts, single descriptors are written back all the same
t_write_back()
{
	local held
	held=$(avfsimctl counters 0 | jq .hw.writebacks_held)
	/share/busy_poll.py n2 n1 10.9.0.1 &
	within 20 pf_is 'any(.vectors[1:3][]; .wb_on_itr)'
	wait $!
	[ "$(avfsimctl counters 0 | jq .hw.writebacks_held)" -gt "$held" ]
	reachable
}

### offloads

feature() { $N1 ethtool -k "$D1" | awk -v n="$1:" '$1 == n { print $2 }'; }
both_ways()
{
	transfer 2
	transfer 2 -R
	csum_clean
}
# t_toggle NAME...: traffic is right without and with them
t_toggle()
{
	local name off=() on=()
	for name; do
		expect "$name" on "$(feature "$name")"
		off+=("$name" off) on+=("$name" on)
	done
	same_life $N1 ethtool -K "$D1" "${off[@]}"
	for name; do expect "$name" off "$(feature "$name")"; done
	both_ways
	same_life $N1 ethtool -K "$D1" "${on[@]}"
	for name; do expect "$name" on "$(feature "$name")"; done
	transfer 1 -R
}
tso() { avfsimctl counters 0 | jq .hw.tx_tso; }
t_toggle_tunnel()
{
	local n before dev
	for n in 1 2; do
		dev=$D1
		[ $n = 1 ] || dev=$D2
		ip -n n$n link add t0 type vxlan id 7 dstport 4789 local 10.9.0.$n remote 10.9.0.$((3 - n)) udpcsum dev "$dev"
		ip -n n$n addr add 10.8.0.$n/24 dev t0
		ip -n n$n link set t0 up
	done
	within 10 $N1 ping -c 1 -W 1 10.8.0.2
	$N1 ethtool -K "$D1" tx-udp_tnl-segmentation off tx-udp_tnl-csum-segmentation off
	before=$(tso)
	FAR=10.8.0.2 transfer 2
	expect "segmented by the device" "$before" "$(tso)"
	$N1 ethtool -K "$D1" tx-udp_tnl-segmentation on tx-udp_tnl-csum-segmentation on
	FAR=10.8.0.2 transfer 2
	[ "$(tso)" -gt "$before" ]
	ip -n n1 link del t0
	ip -n n2 link del t0
	csum_clean
}

### frames with their FCS

fcs_everywhere()
{
	FCS=1 frames >/dev/null
	ping_all 10 0.01
	$N1 ping -q -c 5 -i 0.02 -M do -s 1472 10.9.0.2
	transfer 2 -R
	csum_clean
}
without_fcs() { FCS=0 frames >/dev/null; }
t_fcs()
{
	[ "$(feature rx-fcs)" = off ] && ! $N1 ethtool -k "$D1" | grep -q 'rx-fcs: off \[fixed\]' || skip "this driver does not keep the FCS"
	expect rx-fcs off "$(feature rx-fcs)"
	without_fcs
	$N1 ethtool -K "$D1" rxvlan off
	same_life $N1 ethtool -K "$D1" rx-fcs on
	expect rx-fcs on "$(feature rx-fcs)"
	reachable
	fcs_everywhere
	$N1 ethtool -K "$D1" rx-fcs off
	reachable
	without_fcs
	$N1 ethtool -K "$D1" rxvlan on
	expect rx-vlan-offload on "$(feature rx-vlan-offload)"
	reachable
}
# not both: what is on stays, and the kernel says why
t_fcs_and_strip()
{
	local id dev
	$N1 ethtool -K "$D1" rx-fcs on || true
	expect rx-fcs off "$(feature rx-fcs)"
	kernel_said 'no rx-fcs while VLAN tags are stripped'
	without_fcs
	# one command for both
	$N1 ethtool -K "$D1" rxvlan off rx-fcs on
	expect rx-fcs on "$(feature rx-fcs)"
	$N1 ethtool -K "$D1" rxvlan on || true
	expect rx-vlan-offload off "$(feature rx-vlan-offload)"
	kernel_said 'tags are not stripped while rx-fcs is on'
	fcs_everywhere
	# a tagged frame, its tag taken off by the stack
	for id in 1 2; do
		dev=$D1
		[ $id = 1 ] || dev=$D2
		ip -n n$id link add link "$dev" name v77 type vlan id 77
		ip -n n$id addr add 10.7.0.$id/24 dev v77
		ip -n n$id link set v77 up
	done
	within 10 $N1 ping -c 1 -W 1 10.7.0.2
	ip -n n1 link del v77
	ip -n n2 link del v77
	$N1 ethtool -K "$D1" rx-fcs off rxvlan on
	expect "both" "off on" "$(feature rx-fcs) $(feature rx-vlan-offload)"
	without_fcs
	reachable
}
t_fcs_kept()
{
	$N1 ethtool -K "$D1" rxvlan off rx-fcs on
	avfsimctl reset 0 announced
	within 10 pf_is '.queues[0].keep_crc and .queues[0].rx_enabled'
	reachable
	fcs_everywhere
	ip -n n1 link set "$D1" down
	$N1 ethtool -K "$D1" rx-fcs off
	ip -n n1 link set "$D1" up
	reachable
	without_fcs
	$N1 ethtool -K "$D1" rxvlan on
	reachable
}

### addresses

t_mac()
{
	local first
	first=$(mac)
	same_life ip -n n1 link set "$D1" address 02:00:00:00:55:01
	within 5 pf_has_mac 02:00:00:00:55:01
	within 5 pf_is ".macs | index(\"$first\") | not"
	$N2 ip neigh flush all
	reachable
	arrive "" "$first"
	# while down
	ip -n n1 link set "$D1" down
	ip -n n1 link set "$D1" address "$first"
	expect address "$first" "$(mac)"
	ip -n n1 link set "$D1" up
	within 10 pf_has_mac "$first"
	$N2 ip neigh flush all
	reachable
	not ip -n n1 link set "$D1" address 01:00:5e:00:00:01
	not ip -n n1 link set "$D1" address 00:00:00:00:00:00
	expect address "$first" "$(mac)"
}
t_mac_in_reset()
{
	local first
	first=$(mac)
	avfsimctl reset-time 300000
	avfsimctl reset 0 announced
	ip -n n1 link set "$D1" address 02:00:00:00:55:02
	expect address 02:00:00:00:55:02 "$(mac)"
	avfsimctl reset-time 5000
	within 5 pf_is '.mac == "02:00:00:00:55:02"'
	ip -n n1 link set "$D1" address "$first"
	$N2 ip neigh flush all
	reachable
}
# host_trust on|off: what the host's administrator does, and the VF after it
host_trust()
{
	avfsimctl trust 0 "$1"
	within 10 pf_is '.enabled and .queues[0].rx_enabled'
	reachable
}
# the host gives an address: it is taken at once, and cannot be changed without trust
t_mac_of_host()
{
	local first
	first=$(mac)
	avfsimctl mac 0 02:00:00:00:66:01
	within 10 mac_is 02:00:00:00:66:01
	avfsimctl trust 0 off
	within 10 pf_is '.enabled and .queues[0].rx_enabled'
	$N2 ip neigh flush all
	reachable
	refused ip -n n1 link set "$D1" address "$first"
	expect address 02:00:00:00:66:01 "$(mac)"
	grep "Operation not permitted" /tmp/refused
	vf .last_error.message | grep "host set the MAC.*: trust the VF"
	not_degraded
	reachable
	avfsimctl trust 0 on
	within 10 pf_is '.enabled and .queues[0].rx_enabled'
	within 10 ip -n n1 link set "$D1" address "$first"
	within 5 pf_has_mac "$first"
	avfsimctl mac 0 00:00:00:00:00:00
	$N2 ip neigh flush all
	within 10 pf_has_mac "$(mac)"
	reachable
}

fdb() { $N1 bridge fdb "$1" "$2" dev "$D1" self permanent; }
# fdb_all add|del FIRST LAST
fdb_all()
{
	local i
	for i in $(seq "$2" "$3"); do
		printf 'fdb %s 02:00:00:02:%02x:%02x dev %s self permanent\n' "$1" $((i / 256)) $((i % 256)) "$D1"
	done | $N1 bridge -batch -
}
t_unicast_list()
{
	fdb_all add 1 5
	within 5 pf_is '[.macs[] | select(startswith("02:00:00:02:"))] | length == 5'
	pf_is '.unicast_promisc | not'
	arrive "02:00:00:02:00:01 02:00:00:02:00:05" 02:00:00:02:00:01 02:00:00:02:00:06 02:00:00:02:00:05
	avfsimctl reset 0 announced
	reachable
	arrive "02:00:00:02:00:01 02:00:00:02:00:05" 02:00:00:02:00:01 02:00:00:02:00:06 02:00:00:02:00:05
	fdb_all del 1 5
	within 5 pf_is '[.macs[] | select(startswith("02:00:00:02:"))] | length == 0'
	arrive "" 02:00:00:02:00:01
}
t_multicast_list()
{
	arrive "" 33:33:00:00:12:34
	$N1 ip maddr add 33:33:00:00:12:34 dev "$D1"
	within 5 pf_has_mac 33:33:00:00:12:34
	arrive "33:33:00:00:12:34" 33:33:00:00:12:34 33:33:00:00:12:35
	pf_is '.multicast_promisc | not'
	$N1 ip maddr del 33:33:00:00:12:34 dev "$D1"
	within 5 sh -c "! avfsimctl show 0 | jq -e '.macs | index(\"33:33:00:00:12:34\")'"
	arrive "" 33:33:00:00:12:34
}
# An untrusted VF has 16 beside its own and broadcast. More: what fits works, the reason has the numbers, room is used.
t_list_limit()
{
	local extra room
	host_trust off
	expect firmware-version "virtchnl 1.1, not trusted" "$(drvinfo firmware-version)"
	extra=$(pf '.macs | length')
	room=$((18 - extra))
	fdb_all add 1 $room
	within 5 pf_is '.macs | length == 18'
	not_degraded
	refused ip -n n1 link set "$D1" address 02:00:00:00:77:01
	grep -q 'No space left' /tmp/refused
	vf .last_error.message | grep -q 'no room for one more address'
	fdb_all add $((room + 1)) $((room + 4))
	within 5 degraded_is 'PF took 16 of 20 addresses: no more for an untrusted VF'
	expect filters 18 "$(pf '.macs | length')"
	arrive "02:00:00:02:00:01" 02:00:00:02:00:01 "$(printf '02:00:00:02:00:%02x' $((room + 4)))"
	reachable
	# those that were there before are there again
	avfsimctl reset 0 announced
	reachable
	within 5 degraded_is 'PF took 16 of 20 addresses: no more for an untrusted VF'
	arrive "02:00:00:02:00:01" 02:00:00:02:00:01 "$(printf '02:00:00:02:00:%02x' $((room + 4)))"
	fdb_all del 1 4
	within 5 not_degraded
	arrive "$(printf '02:00:00:02:00:%02x' $((room + 4)))" 02:00:00:02:00:01 "$(printf '02:00:00:02:00:%02x' $((room + 4)))"
	fdb_all del 5 $((room + 4))
	within 5 pf_is ".macs | length == $extra"
	host_trust on
}
# A trusted VF: what the PF has no filters for is received all the same
t_list_fallback()
{
	fdb_all add 1 520
	within 20 pf_is '.unicast_promisc'
	not_degraded
	arrive "02:00:00:02:00:01 02:00:00:02:02:08" 02:00:00:02:00:01 02:00:00:02:02:08
	fdb_all del 1 520
	within 20 pf_is '(.unicast_promisc | not) and (.macs | length < 19)'
	arrive "" 02:00:00:02:00:01
}

### modes

set_promisc() { ip -n n1 link set "$D1" "$1" "$2"; }
t_promisc()
{
	arrive "" 02:00:00:00:88:01
	set_promisc promisc on
	within 5 pf_is .unicast_promisc
	arrive "02:00:00:00:88:01 33:33:00:00:99:01" 02:00:00:00:88:01 33:33:00:00:99:01
	if split; then	# in-tree forgets it
		avfsimctl reset 0 announced
		reachable
		within 5 pf_is .unicast_promisc
		arrive "02:00:00:00:88:01" 02:00:00:00:88:01
	fi
	set_promisc promisc off
	within 5 pf_is '.unicast_promisc | not'
	arrive "" 02:00:00:00:88:01
}
t_allmulti()
{
	arrive "" 33:33:00:00:99:01
	set_promisc allmulticast on
	within 5 pf_is .multicast_promisc
	arrive "33:33:00:00:99:01" 33:33:00:00:99:01 02:00:00:00:88:01
	set_promisc allmulticast off
	within 5 pf_is '.multicast_promisc | not'
	arrive "" 33:33:00:00:99:01
}
# the PF says success and does nothing
t_promisc_untrusted()
{
	host_trust off
	not_degraded
	set_promisc promisc on
	within 5 degraded_is 'PF does not let an untrusted VF be promiscuous'
	arrive "" 02:00:00:00:88:01
	host_trust on
	within 5 not_degraded
	arrive "02:00:00:00:88:01" 02:00:00:00:88:01
	host_trust off
	within 5 degraded_is 'PF does not let an untrusted VF be promiscuous'
	set_promisc promisc off
	within 5 not_degraded
	set_promisc allmulticast on
	within 5 degraded_is 'PF does not let an untrusted VF receive all multicast'
	set_promisc allmulticast off
	within 5 not_degraded
	host_trust on
}

# device-profiles.sh has a selection of them
[ "${BASH_SOURCE[0]}" = "$0" ] || return 0
ns_up
# rows: X34
run_case stats-agree t_stats_agree
# rows: S4 S29
run_case drvinfo t_drvinfo
# rows: S28 X34
run_case link-speeds t_link_speeds
# rows: S28
run_case link-down t_link_down
# rows: S29 X34
run_case stats-names t_stats_names
# rows: X34
run_case stats-fresh ours t_stats_fresh
# rows: X34
run_case stats-over-reset ours t_stats_over_reset
# rows: X34
run_case stats-age ours t_stats_age
# rows: S66 C7
run_case drops ours t_drops
# rows: X34
run_case multicast-count ours t_multicast_count
# rows: X7
run_case coalesce t_coalesce
# rows: X7
run_case coalesce-kept ours t_coalesce_kept
# rows: X7
run_case adaptive ours t_adaptive
# rows: X35
run_case write-back ours t_write_back
# rows: S17 X5
run_case toggle-checksums t_toggle rx-checksumming tx-checksumming
# rows: X1
run_case toggle-tso t_toggle tcp-segmentation-offload
# rows: X3 X4 X5
run_case toggle-others t_toggle tx-udp-segmentation tx-checksum-sctp receive-hashing
# rows: X2
run_case toggle-tunnel t_toggle_tunnel
# rows: X6
run_case fcs t_fcs
# rows: X6
run_case fcs-and-strip ours t_fcs_and_strip
# rows: X6
run_case fcs-kept ours t_fcs_kept
# rows: X33
run_case mac t_mac
# rows: X33
run_case mac-in-reset ours t_mac_in_reset
# rows: S15 X33
run_case mac-of-host ours t_mac_of_host
# rows: X32
run_case unicast-list t_unicast_list
# rows: X32
run_case multicast-list t_multicast_list
# rows: S16 C1 X32 X33
run_case list-limit ours t_list_limit
# rows: X32
run_case list-fallback ours t_list_fallback
# rows: X31
run_case promisc t_promisc
# rows: X31
run_case allmulti t_allmulti
# rows: X31 C11
run_case promisc-untrusted ours t_promisc_untrusted
t_no_violations_of_ours() { ! split || t_no_violations; }
run_case no-violations t_no_violations_of_ours
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

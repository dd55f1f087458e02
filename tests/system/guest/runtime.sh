#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What may be changed while traffic flows, and every offload; run on the in-tree driver to prove the device.
. "$(dirname "$0")/lib.sh"

ns_up
queues() { $N1 ethtool -l "$D1" | awk '/Combined:/ { n = $2 } END { print n }'; }
queues_are() { [ "$(queues)" = "$1" ]; }
hw() { avfsimctl counters "$1" | jq ".hw.$2"; }
# same_life COMMAND...: the VF was not reset by it; only ours can promise that
same_life()
{
	local before
	split || { "$@"; return; }
	before=$(resets)
	"$@"
	expect "VF resets" "$before" "$(resets)"
}
reachable() { within 20 $N1 ping -c 1 -W 1 10.9.0.2; }

# what a VF's side lost, by the device's own account, apart from what has a cause: no descriptor in time
unexplained()
{
	avfsimctl counters "$1" | jq '.hw | .rx_oversize + .rx_dma + .tx_malicious + .tx_dropped_link + .tx_dropped_vlan_blocked + .reg_bad_access'
}

# mtu_is N: both sides
mtu_is()
{
	ip -n n1 link set "$D1" mtu "$1"
	ip -n n2 link set "$D2" mtu "$1"
	reachable
}
max_mtu() { ip -n n1 -d -j link show "$D1" | jq '.[0].max_mtu'; }
both_ways()
{
	transfer 8
	transfer 8 -R
}

# t_sizes MTU: the largest frame passes, one byte more does not; TCP both ways with and without segmentation by the device
t_sizes()
{
	local mtu=$1 before
	[ "$mtu" != max ] || mtu=$(max_mtu)
	mtu_is "$mtu"
	answered 20 10.9.0.2 -i 0.02 -M do -s $((mtu - 28))
	not $N1 ping -q -c 1 -W 1 -M do -s $((mtu - 27)) 10.9.0.2
	before=$(hw 0 tx_tso)
	both_ways
	[ "$(hw 0 tx_tso)" -gt "$before" ] || die "the device did not segment"
	$N1 ethtool -K "$D1" tso off
	$N2 ethtool -K "$D2" tso off
	before=$(hw 0 tx_tso)
	both_ways
	expect "segmented by the device" "$before" "$(hw 0 tx_tso)"
	$N1 ethtool -K "$D1" tso on
	$N2 ethtool -K "$D2" tso on
	csum_clean
	expect "unexplained drops of VF 0" 0 "$(unexplained 0)"
	expect "unexplained drops of VF 1" 0 "$(unexplained 1)"
}
t_multi_descriptor() { [ "$(hw 0 rx_multi_descriptor)" -gt 0 ]; }
t_mtu_refused()
{
	not ip -n n1 link set "$D1" mtu $(($(max_mtu) + 1))
	not ip -n n1 link set "$D1" mtu 67
	reachable
}

mtus() { local m; for m in 9000 1300 1500; do ip -n n1 link set "$D1" mtu $m; sleep 0.5; done; }
t_mtu() { same_life under_tcp mtus; expect MTU 1500 "$(ip -n n1 -j link show "$D1" | jq '.[0].mtu')"; }

ring_is() { expect "Rx ring" "$1" "$($N1 ethtool -g "$D1" | awk '/^RX:/ { n = $2 } END { print n }')"; }
rings()
{
	local n
	for n in 64 4096 512; do
		$N1 ethtool -G "$D1" rx $n tx $n
		ring_is $n
		within 5 sh -c "avfsimctl show 0 | jq -e '.queues[0] | .rx_len == $n and .tx_len == $n and .rx_enabled'"
		sleep 0.3
	done
}
t_rings()
{
	same_life under_tcp rings
	$N1 ethtool -G "$D1" rx 100 tx 600
	ring_is 128
	not $N1 ethtool -G "$D1" rx 8192
	not $N1 ethtool -G "$D1" rx 16
	$N1 ethtool -G "$D1" rx 512 tx 512
	reachable
}

enabled() { avfsimctl show 0 | jq '[.queues[] | select(.rx_enabled and .tx_enabled)] | length'; }
channels()
{
	local n
	for n in 1 "$(queues)"; do
		$N1 ethtool -L "$D1" combined "$n"
		within 10 queues_are "$n"	# in-tree's answer may come before it is so
		within 5 sh -c "[ \"\$(avfsimctl show 0 | jq '[.queues[] | select(.rx_enabled)] | length')\" = $n ]"
		sleep 0.3
	done
}
t_channels()
{
	same_life under_tcp channels
	not $N1 ethtool -L "$D1" combined 0
	not $N1 ethtool -L "$D1" combined 17
	reachable
}
# fewer queues: nothing lands beyond them, and all are used again afterwards
t_channels_rss()
{
	local before after
	$N1 ethtool -L "$D1" combined 1
	within 10 queues_are 1
	reachable
	before=$(avfsimctl queue-counts 0)
	iperf -P 8 -t 1 -R >/dev/null
	after=$(avfsimctl queue-counts 0)
	jq -en --argjson a "$after" --argjson b "$before" '$a.rx[0] - $b.rx[0] > 50 and $a.rx[1] == $b.rx[1]'
	$N1 ethtool -L "$D1" combined 2
	within 10 queues_are 2
	reachable
	before=$after
	iperf -P 16 -t 1 -R >/dev/null
	after=$(avfsimctl queue-counts 0)
	jq -en --argjson a "$after" --argjson b "$before" '$a.rx[1] - $b.rx[1] > 50'
}

# table and key are those that the PF has, with one queue as with two
shown() { $N1 ethtool -x "$D1" | awk '/^ *[0-9]+: / { for (i = 2; i <= NF; i++) printf "%02x", $i }'; }
shown_key() { $N1 ethtool -x "$D1" | grep -E '^([0-9a-f]{2}:){8}' | tr -d ':\n'; }
rxfh_is_true()
{
	[ "$(shown)" = "$(avfsimctl show 0 | jq -r .rss_lut)" ] && [ "$(shown_key)" = "$(avfsimctl show 0 | jq -r .rss_key)" ]
}
t_rxfh()
{
	local n
	for n in 1 2; do
		$N1 ethtool -L "$D1" combined $n
		within 10 queues_are $n
		within 10 rxfh_is_true
		[ "$(shown | wc -c)" -ge 64 ]
	done
}

macs()
{
	local i
	for i in 1 2 3; do
		ip -n n1 link set "$D1" address 02:00:00:00:77:0$i
		$N2 ip neigh replace 10.9.0.1 lladdr 02:00:00:00:77:0$i dev "$D2"
		sleep 0.4
	done
}
t_mac() { same_life under_tcp macs; $N2 ip neigh del 10.9.0.1 dev "$D2"; reachable; }

coalesce() { $N1 ethtool -c "$D1" | awk -v n="$1:" '$1 == n { print $2 }'; }
irqs() { avfsimctl counters 0 | jq '.irqs[1:] | add'; }
# irqs_during COMMAND...: interrupts of the queues
irqs_during() { local n; n=$(irqs); "$@" >/dev/null; echo $(($(irqs) - n)); }
device_ns() { avfsimctl counters 0 | jq .t_ns; }
t_moderation()
{
	local few start took vectors
	$N1 ethtool -C "$D1" adaptive-rx off adaptive-tx off rx-usecs 8160 tx-usecs 8160
	expect rx-usecs 8160 "$(coalesce rx-usecs)"
	start=$(device_ns)
	few=$(irqs_during $N1 ping -q -c 1000 -i 0.001 10.9.0.2)
	took=$(($(device_ns) - start))
	vectors=$(avfsimctl show 0 | jq '[.vectors[1:][] | select(.count > 0)] | length')
	echo "$few interrupts of $vectors vectors in $((took / 1000)) us"
	# no more than one in that time, by the device's clock: true on a busy host as well
	[ "$few" -le $((vectors * (2 + took / 8160000))) ]
	$N1 ethtool -C "$D1" rx-usecs 0 tx-usecs 0
	expect rx-usecs 0 "$(coalesce rx-usecs)"
	not $N1 ethtool -C "$D1" rx-usecs 8162
	$N1 ethtool -Q "$D1" queue_mask 0x2 --coalesce rx-usecs 100
	$N1 ethtool -Q "$D1" queue_mask 0x3 --show-coalesce | awk '/^rx-usecs:/ { print $2 }' | xargs | grep -x "0 100"
	$N1 ethtool -C "$D1" rx-usecs 50 tx-usecs 50
	$N1 ethtool -C "$D1" adaptive-rx on adaptive-tx on
}

# UDP in segments by the device: every datagram arrives as it was sent
t_uso()
{
	local before
	$N1 ethtool -k "$D1" | grep -q 'tx-udp-segmentation: on'
	before=$(hw 0 tx_tso)
	/share/udp_gso.py n1 n2 10.9.0.2
	/share/udp_gso.py n1 n2 fd09::2
	[ "$(hw 0 tx_tso)" -gt "$before" ] || die "the device did not segment"
	$N1 ethtool -K "$D1" tx-udp-segmentation off
	before=$(hw 0 tx_tso)
	/share/udp_gso.py n1 n2 10.9.0.2
	expect "segmented by the device" "$before" "$(hw 0 tx_tso)"
	$N1 ethtool -K "$D1" tx-udp-segmentation on
	csum_clean
}

sctp_errors() { ip netns exec "$1" awk '/SctpChecksumErrors/ { print $2 }' /proc/net/sctp/snmp; }
t_sctp()
{
	modprobe sctp
	/share/sctp.py n1 n2 10.9.0.2
	/share/sctp.py n1 n2 fd09::2
	expect "checksum errors" "0 0" "$(sctp_errors n1) $(sctp_errors n2)"
	$N1 ethtool -K "$D1" tx-checksum-sctp off
	/share/sctp.py n1 n2 10.9.0.2
	$N1 ethtool -K "$D1" tx-checksum-sctp on
}

# congestion marks at the receiver make the sender answer with CWR, which only a burst's first segment may carry;
# both connections' first packets carry it as well
t_ecn()
{
	local before
	sysctl -qw net.ipv4.tcp_ecn=1
	$N1 sysctl -qw net.ipv4.tcp_ecn=1
	$N2 sysctl -qw net.ipv4.tcp_ecn=1
	$N2 nft 'add table netdev t; add chain netdev t in { type filter hook ingress device '"$D2"' priority 0; }'
	$N2 nft 'add rule netdev t in ip ecn ect0 numgen inc mod 50 0 ip ecn set ce counter'
	$N2 nft 'add rule netdev t in tcp flags & cwr == cwr counter'
	before=$(hw 0 tx_tso)
	transfer 16
	[ "$(hw 0 tx_tso)" -gt "$before" ]
	$N2 nft list table netdev t
	$N2 nft -j list table netdev t | jq -e '[.nftables[] | .rule? // empty | .expr[] | .counter? // empty | .packets] | length == 2 and .[0] > 0 and .[1] > 2 and .[1] <= .[0] + 2'
	$N2 nft delete table netdev t
	csum_clean
}

# t_tunnel LINK-ARGS...: TCP inside of it, segmented by the device; %l and %r stand for the two ends
t_tunnel()
{
	local args=$* before n ends
	for n in 1 2; do
		ip -n n$n link del t0 2>/dev/null || true
		ends=${args//%l/10.9.0.$n}
		# shellcheck disable=SC2086
		ip -n n$n link add t0 type ${ends//%r/10.9.0.$((3 - n))}
		ip -n n$n addr add 10.8.0.$n/24 dev t0
		ip -n n$n addr add fd08::$n/64 dev t0 nodad
		ip -n n$n link set t0 up
	done
	before=$(hw 0 tx_tso)
	inside
	echo "segmented by the device: $(($(hw 0 tx_tso) - before))"
	# in-tree takes the outer IP header of a tunnel without one for layer 4 to be too long, and leaves it to the stack
	case $args in
	ipip* | sit*) ! split || [ "$(hw 0 tx_tso)" -gt "$before" ] ;;
	*) [ "$(hw 0 tx_tso)" -gt "$before" ] ;;
	esac
	ip -n n1 link del t0
	ip -n n2 link del t0
	csum_clean
}
inside()
{
	local far=${FAR:-10.8.0.2}
	within 10 $N1 ping -c 1 -W 1 "$far"
	FAR=$far transfer 8
	FAR=$far transfer 8 -R
}

# the numbers of ethtool are those of the device
received() { $N1 ethtool -S "$D1" | awk '/rx-[0-9]+.packets/ { n += $2 } END { print n }'; }
t_numbers()
{
	local mine device
	mine=$(received) device=$(avfsimctl queue-counts 0 | jq '.rx | add')
	iperf -t 1 -R >/dev/null
	sleep 1
	mine=$(($(received) - mine)) device=$(($(avfsimctl queue-counts 0 | jq '.rx | add') - device))
	expect "received" "$device" "$mine"
}

# rows: S2 X1
run_case sizes-1500 t_sizes 1500
# rows: S2 X1
run_case sizes-9000 t_sizes 9000
# rows: S2 X1 X36
run_case sizes-max t_sizes max
# rows: S7 X36
run_case multi-descriptor t_multi_descriptor
run_case sizes-again t_sizes 1500
# rows: S2
run_case mtu-refused t_mtu_refused
# rows: S2
run_case mtu t_mtu
# rows: S29 S67
run_case rings t_rings
# rows: S69 S71
run_case channels t_channels
# rows: S14 S69
run_case channels-rss t_channels_rss
# rows: S14
run_case rxfh t_rxfh
# rows: X33
run_case mac t_mac
# rows: S11 X7 X35
run_case moderation t_moderation
# rows: X3
run_case uso t_uso
# rows: X4
run_case sctp t_sctp
# rows: X1
run_case ecn t_ecn
# rows: X2
run_case vxlan t_tunnel vxlan id 7 dstport 4789 local %l remote %r noudpcsum
# rows: X2
run_case vxlan-csum t_tunnel vxlan id 7 dstport 4789 local %l remote %r udpcsum
# rows: X2
run_case geneve t_tunnel geneve id 7 remote %r
# rows: X2
run_case gre t_tunnel gre local %l remote %r
# rows: X2
run_case gre-csum t_tunnel gre local %l remote %r csum
# rows: X2
run_case gretap t_tunnel gretap local %l remote %r
# rows: X2
run_case ipip t_tunnel ipip local %l remote %r
# rows: X2
FAR=fd08::2 run_case sit t_tunnel sit local %l remote %r
# rows: S29
run_case numbers t_numbers
t_no_violations_of_ours() { ! split || t_no_violations; }
run_case no-violations t_no_violations_of_ours
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

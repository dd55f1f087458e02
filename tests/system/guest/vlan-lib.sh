# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by vlan.sh and vlan-profiles.sh: cases of VLANs, as people type them. PF is the profile.
. "$(dirname "$0")/lib.sh"

# ours WHY COMMAND...: the in-tree driver does not do this
ours()
{
	split || skip "$1"
	shift
	fresh "$@"
}

# Settings of a feature, as "on", "off [fixed]"; feature_is NAME VALUE of the first VF
feature() { $N1 ethtool -k "$D1" | sed -n "s/^$1: //p"; }
feature_is() { [ "$(feature "$1")" = "$2" ] || { echo "$1 is '$(feature "$1")', not '$2'"; return 1; }; }
# is_now NAME: "on" or "off" whatever else
is_now() { local f; f=$(feature "$1"); echo "${f%% *}"; }
# both ARGS...: on both VFs; one ARGS...: on the first
one() { $N1 ethtool -K "$D1" "$@"; }
both() { one "$@"; $N2 ethtool -K "$D2" "$@"; }

hw() { avfsimctl counters "$1" | jq ".hw.$2"; }
# what the PF has of a type: "8100", "88a8" or "inner"
filters() { avfsimctl show "$1" | jq -c ".vlans[\"$2\"] | map(select(. != 0))"; }
num_filters() { filters "$1" "$2" | jq length; }
# of the first VF: filters_are TYPE '[7]'; num_filters_is TYPE 8
filters_are() { [ "$(filters 0 "$1")" = "$2" ]; }
has_filter() { filters 0 "$(ctag)" | jq -e "index($1) != null"; }
num_filters_is() { [ "$(num_filters 0 "$1")" = "$2" ]; }
# one tag of type 0x8100: where its filters are
ctag() { case $PF in ice-dvm*) echo 8100 ;; *) echo inner ;; esac; }
last_error() { iavfctl -j show "$P1" | jq -r '.vfs[0].last_error.message // .vfs[0].last_error // ""'; }
degraded() { split && iavfctl -j show "$P1" | jq -e ".vfs[0].degraded != null" >/dev/null; }
count_since() { since "$1" | grep -c "^$2\$" || true; }
quiet() { ! degraded || { iavfctl -j show "$P1" | jq -c '.vfs[0].degraded'; return 1; }; }

# vlan NUMBER NAME PARENT ADDRESS-PREFIX TYPE-ARGS...: a VLAN device on a VF's side, up, with an address
vlan()
{
	local n=$1 name=$2 parent=$3 net=$4
	shift 4
	[ "$parent" != VF ] || { parent=$D1; [ "$n" = 1 ] || parent=$D2; }
	ip -n n$n link add link "$parent" name "$name" type vlan "$@"
	ip -n n$n addr add "$net.$n/24" dev "$name"
	ip -n n$n link set dev "$name" up
}
# vlans ARGS...: on both sides
vlans() { vlan 1 "$@"; vlan 2 "$@"; }
gone() { local l; for l in "$@"; do ip -n n1 link del "$l"; ip -n n2 link del "$l"; done; }
reachable() { within 20 $N1 ping -c 1 -W 1 "$1"; }
# some ADDRESS: enough to see what happens to tags
some() { reachable "$1"; answered 60 "$1" -i 0.005; }
# traffic ADDRESS: small, largest, and what is offloaded
traffic()
{
	some "$1"
	answered 5 "$1" -i 0.02 -M do -s 1472
	FAR=$1 transfer 4
	csum_clean
}

tagged() { /share/tagged.py n1 "$D1" n2 "$D2" "$@"; }
# arrive STACK...: these and no others of the stacks given before "--"
arrive() { local want=$1; shift; expect "came through" "$want" "$(tagged "$@" | xargs)"; }

all_arrive() { expect "of all ids" 4094 "$(tagged all:8100)"; }

README_CTAG="rxvlan on txvlan on rx-vlan-stag-hw-parse off tx-vlan-stag-hw-insert off"
README_STAG="rxvlan off txvlan off rx-vlan-stag-hw-parse on tx-vlan-stag-hw-insert on"
NO_OFFLOAD="rxvlan off txvlan off rx-vlan-stag-hw-parse off tx-vlan-stag-hw-insert off"

# the host trusts the first VF no more
untrusted() { avfsimctl trust 0 off >/dev/null; sleep 0.5; reachable 10.9.0.2 >/dev/null; }

# fresh COMMAND...: from a state that no case before has left behind
fresh()
{
	local n l
	avfsimctl fault clear >/dev/null
	avfsimctl spoof 0 on >/dev/null
	ip -n n1 link del br0 2>/dev/null || true
	for n in n1 n2; do
		for l in $(ip -n $n -j link show type vlan | jq -r '.[].ifname'); do
			ip -n $n link del "$l" 2>/dev/null || true
		done
	done
	# shellcheck disable=SC2086
	! split || both rx-vlan-filter on rx-vlan-stag-filter on $README_CTAG >/dev/null 2>&1 || true
	"$@"
}

# abilities RX-VLAN TX-VLAN RX-FILTER STAG-PARSE STAG-INSERT STAG-FILTER: all that "ethtool -k | grep vlan" says
t_abilities()
{
	local name
	for name in rx-vlan-offload tx-vlan-offload rx-vlan-filter rx-vlan-stag-hw-parse tx-vlan-stag-hw-insert rx-vlan-stag-filter; do
		feature_is $name "$1"
		shift
	done
}

# QinQ as the README types it
qinq_up()
{
	local n dev
	for n in 1 2; do
		dev=$D1
		[ $n = 1 ] || dev=$D2
		ip -n n$n link add link "$dev" "$dev.24" type vlan proto 802.1ad id 24
		ip -n n$n link add link "$dev.24" "$dev.24.371" type vlan proto 802.1Q id 371
		ip -n n$n link set "$dev.24" up
		ip -n n$n link set "$dev.24.371" up
		ip -n n$n addr add 10.24.0.$n/24 dev "$dev.24"
		ip -n n$n addr add 10.37.0.$n/24 dev "$dev.24.371"
	done
}
qinq_down() { ip -n n1 link del "$D1.24"; ip -n n2 link del "$D2.24"; }

# device_tags INSERTED STRIPPED COMMAND...: does the device insert, does the other one strip: 1 or 0. What goes by itself over
# other VLANs meanwhile is less.
device_tags()
{
	local insert=$1 strip=$2 i s
	shift 2
	i=$(hw 0 tx_vlan_inserted) s=$(hw 1 rx_vlan_stripped)
	"$@"
	i=$(($(hw 0 tx_vlan_inserted) - i)) s=$(($(hw 1 rx_vlan_stripped) - s))
	echo "inserted $i, stripped $s"
	[ $((i > 50)) = "$insert" ] && [ $((s > 50)) = "$strip" ]
}

t_qinq()
{
	qinq_up
	device_tags 0 0 some 10.24.0.2	# 802.1Q is what is offloaded at first
	device_tags 0 0 traffic 10.37.0.2
	both $README_STAG
	device_tags 1 1 some 10.24.0.2
	device_tags 1 1 traffic 10.37.0.2
	both $NO_OFFLOAD
	device_tags 0 0 some 10.37.0.2
	both $README_CTAG
	traffic 10.37.0.2
	qinq_down
	within 5 filters_are 88a8 '[]'
}
# the other stacks: one tag of either type, and 802.1Q in 802.1Q
t_stacks()
{
	vlans vq VF 10.1.1 id 5
	vlans vad VF 10.1.2 proto 802.1ad id 5
	vlans vqq vq 10.1.3 id 6
	device_tags 1 1 traffic 10.1.1.2
	device_tags 0 0 some 10.1.2.2
	device_tags 1 1 traffic 10.1.3.2
	both $README_STAG
	device_tags 0 0 some 10.1.1.2
	device_tags 1 1 traffic 10.1.2.2
	device_tags 0 0 some 10.1.3.2
	both $README_CTAG
	gone vq vad
}
# One side inserts, the other does not strip, and the reverse: what is on the wire is the same.
t_mixed()
{
	vlans vq VF 10.1.1 id 5
	one $NO_OFFLOAD
	device_tags 0 1 some 10.1.1.2
	one $README_CTAG
	$N2 ethtool -K "$D2" $NO_OFFLOAD
	device_tags 1 0 some 10.1.1.2
	$N2 ethtool -K "$D2" $README_CTAG
	one rxvlan off
	one txvlan off
	device_tags 0 1 some 10.1.1.2
	one txvlan on
	one rxvlan on
	device_tags 1 1 some 10.1.1.2
	gone vq
}
said() { dmesg | grep -q "$1"; }
# offloads CTAG-RX CTAG-TX STAG-RX STAG-TX
offloads()
{
	expect "offloads" "$*" "$(for f in rx-vlan-offload tx-vlan-offload rx-vlan-stag-hw-parse tx-vlan-stag-hw-insert; do is_now $f; done | xargs)"
}
pf_types() { avfsimctl show 0 | jq -c '[.vlans.strip_tpid, .vlans.insert_tpid]'; }
t_one_type()
{
	one $README_STAG
	offloads off off on on
	[ "$(pf_types)" = "[34984,34984]" ]
	one $README_STAG	# again
	one $README_CTAG
	offloads on on off off
	[ "$(pf_types)" = "[33024,33024]" ]
	one $README_STAG
	# the words of the second command the other way round
	one tx-vlan-stag-hw-insert off rx-vlan-stag-hw-parse off txvlan on rxvlan on
	offloads on on off off
	# both: 802.1Q stays, and it is said; the in-tree driver remembers the wish, and it comes true later
	split || return 0
	! one rx-vlan-stag-hw-parse on
	offloads on on off off
	said 'one type.*802.1ad offload stays off'
	one rxvlan off txvlan off
	offloads off off off off
	[ "$(pf_types)" = "[0,0]" ]
	one rx-vlan-stag-hw-parse on
	one rxvlan on
	offloads on off off off
	one $README_CTAG
}

# what passes: with the sender's spoof check off, so that only the receiver's filters decide
receiver_only() { avfsimctl spoof 0 off >/dev/null; "$@"; avfsimctl spoof 0 on >/dev/null; }
t_pruned()
{
	receiver_only arrive "untagged" untagged 8100:7 88a8:7 88a8:7+8100:8
	ip -n n2 link add link "$D2" name v7 type vlan id 7
	within 5 vlans_are 1 '[7]'
	receiver_only arrive "untagged 8100:7 8100:7+8100:8" untagged 8100:7 8100:7+8100:8 8100:8 88a8:7 88a8:7+8100:7
	# and the sender, whose anti-spoof is the PF's default: nothing of VLAN 7 leaves it
	arrive "untagged" untagged 8100:7
	ip -n n1 link add link "$D1" name v7 type vlan id 7
	within 5 vlans_are 0 '[7]'
	arrive "untagged 8100:7" untagged 8100:7 8100:8
	ip -n n2 link add link "$D2" name a7 type vlan proto 802.1ad id 7
	within 5 sh -c "avfsimctl show 1 | jq -e '.vlans[\"88a8\"] | index(7)'"
	receiver_only arrive "88a8:7 88a8:7+8100:9 8100:7" 88a8:7 88a8:7+8100:9 8100:7
	ip -n n2 link del a7
	gone v7
}

# README's command; every VLAN is received, one bulk of 33 messages
t_filter_off()
{
	ip -n n2 link add link "$D2" name v7 type vlan id 7
	within 5 vlans_are 1 '[7]'
	mark off
	$N2 ethtool -K "$D2" rx-vlan-filter off
	expect "filters" 4094 "$(num_filters 1 8100)"
	expect "messages to add" 33 "$(count_since off ADD_VLAN_V2)"
	expect "messages to delete" 0 "$(count_since off DEL_VLAN_V2)"
	receiver_only all_arrive
	receiver_only arrive "untagged 8100:9+8100:10" untagged 88a8:7 8100:9+8100:10
	# what changes meanwhile is not told to anybody
	mark meanwhile
	ip -n n2 link add link "$D2" name v8 type vlan id 8
	ip -n n2 link del v7
	no_messages meanwhile
	mark on
	$N2 ethtool -K "$D2" rx-vlan-filter on
	expect "filters" "[8]" "$(filters 1 8100)"
	[ "$(count_since on DEL_VLAN_V2)" -le 33 ]
	expect "messages to add" 0 "$(count_since on ADD_VLAN_V2)"
	receiver_only arrive "untagged 8100:8" untagged 8100:7 8100:8 8100:9
	ip -n n2 link del v8
}
# of the two types one may be off; the README's command with both gets 802.1Q, and says so
t_filter_types()
{
	one rx-vlan-filter off rx-vlan-stag-filter off
	[ "$(is_now rx-vlan-filter) $(is_now rx-vlan-stag-filter)" = "off on" ]
	said 'rx-vlan-stag-filter stays on'
	expect "filters" "4094 0" "$(num_filters 0 8100) $(num_filters 0 88a8)"
	# the PF has two left
	ip -n n1 link add link "$D1" name a1 type vlan proto 802.1ad id 1
	ip -n n1 link add link "$D1" name a2 type vlan proto 802.1ad id 2
	! ip -n n1 link add link "$D1" name a3 type vlan proto 802.1ad id 3 2>/tmp/said
	grep -q 'No space left' /tmp/said
	one rx-vlan-filter on rx-vlan-stag-filter on
	expect "filters" "[] [1,2]" "$(filters 0 8100) $(filters 0 88a8)"
	ip -n n1 link add link "$D1" name a3 type vlan proto 802.1ad id 3
	! one rx-vlan-filter off
	last_error | grep -q 'leaves 2 VLANs, 3 are in use'
	ip -n n1 link del a3
	# the other one, and from one to the other
	one rx-vlan-stag-filter off
	expect "filters" "0 4094" "$(num_filters 0 8100) $(num_filters 0 88a8)"
	one rx-vlan-filter off rx-vlan-stag-filter on
	expect "filters" "4094 2" "$(num_filters 0 8100) $(num_filters 0 88a8)"
	one rx-vlan-filter on rx-vlan-stag-filter on
	expect "filters" "[] [1,2]" "$(filters 0 8100) $(filters 0 88a8)"
	ip -n n1 link del a1
	ip -n n1 link del a2
	quiet
}
restart() { systemctl restart iavfd; within 20 owned; }
all_there() { [ "$(num_filters 0 8100)" = 4094 ]; }
t_filter_lasts()
{
	ip -n n1 link add link "$D1" name v9 type vlan id 9
	one rx-vlan-filter off
	mark restart
	restart
	sleep 0.5
	no_messages restart
	[ "$(is_now rx-vlan-filter)" = off ]
	avfsimctl reset 0 announced
	within 10 all_there
	ip -n n1 link set "$D1" down
	ip -n n1 link set "$D1" up
	within 10 carrier n1 "$D1"
	all_there
	avfsimctl reset 0 silent
	sleep 0.5
	within 10 all_there
	systemctl stop iavfd
	avfsimctl reset 0 announced
	systemctl start iavfd
	within 20 all_there
	moved
	all_there
	one rx-vlan-filter on
	expect "filters" "[9]" "$(filters 0 8100)"
	ip -n n1 link del v9
	reachable 10.9.0.2
}
# the first VF into another namespace and back
moved()
{
	ip netns add n3
	ip -n n1 link set "$D1" netns n3
	ip -n n3 link set "$D1" netns n1
	ip netns del n3
	ip -n n1 link set "$D1" up
	ip -n n1 addr replace 10.9.0.1/24 dev "$D1"
	within 10 carrier n1 "$D1"
}
t_filter_untrusted()
{
	mark refused
	! one rx-vlan-filter off
	last_error | grep 'rx-vlan-filter off takes 4094 VLANs, PF takes 8 of this VF: trust it'
	no_messages refused
	[ "$(is_now rx-vlan-filter)" = on ]
	# what was refused is not wished any more: no reset brings it back
	avfsimctl reset 0 announced
	sleep 0.5
	reachable 10.9.0.2
	[ "$(is_now rx-vlan-filter)" = on ]
	quiet
}
t_trust_lost()
{
	vlans v9 VF 10.1.9 id 9
	one rx-vlan-filter off
	vlans v10 VF 10.1.10 id 10
	avfsimctl trust 0 off
	within 10 feature_is rx-vlan-filter on
	within 10 vlans_are 0 '[9,10]'
	reachable 10.1.9.2
	reachable 10.1.10.2
	avfsimctl trust 0 on
	sleep 0.5
	reachable 10.1.9.2
	gone v9 v10
}

# In a bridge a port asks for as many as one wants, without as many devices.
bridge_up() { ip -n n1 link add name br0 type bridge vlan_filtering 1; ip -n n1 link set "$D1" master br0; }
bridge_down() { ip -n n1 link set "$D1" nomaster; ip -n n1 link del br0; }
ms() { echo $(($(date +%s%N) / 1000000)); }
t_all_vlans()
{
	local start messages
	bridge_up
	mark all
	! split || avfsimctl delay 20000
	start=$(ms)
	$N1 bridge vlan add dev "$D1" vid 2-4094
	within 10 num_filters_is "$(ctag)" 4094	# with the bridge's own, 1
	! split || avfsimctl delay 0
	messages=$(since all | grep -c ADD_VLAN)
	echo "4,094 VLANs: $(($(ms) - start)) ms, $messages messages"
	# what waits while two are on their way goes together; how much that is depends on who is quicker
	! split || [ "$messages" -lt 410 ] || die "hardly any went together"
	! split || quiet
	start=$(ms)
	bridge_down
	within 10 num_filters_is "$(ctag)" 0
	echo "gone: $(($(ms) - start)) ms"
	reachable 10.9.0.2
}
# t_limit N: exactly so many, the next one is refused at once with a reason
t_limit()
{
	local n=$1 i
	for ((i = 1; i <= n; i++)); do
		ip -n n1 link add link "$D1" name v$i type vlan id $i
	done
	within 5 num_filters_is "$(ctag)" "$n"
	! ip -n n1 link add link "$D1" name v99 type vlan id 99 2>/tmp/said
	grep -q 'No space left' /tmp/said
	last_error | grep "$n VLANs"
	expect "filters" "$n" "$(num_filters 0 "$(ctag)")"
	quiet
	ip -n n1 link del v1
	ip -n n1 link add link "$D1" name v99 type vlan id 99
	within 5 has_filter 99
	for ((i = 2; i <= n; i++)); do
		ip -n n1 link del v$i
	done
	ip -n n1 link del v99
	within 5 num_filters_is "$(ctag)" 0
}
# more than an untrusted VF has, on a PF that never says whether it trusts
t_trusted_v1()
{
	local i
	for ((i = 1; i <= 40; i++)); do
		ip -n n1 link add link "$D1" name v$i type vlan id $i
	done
	within 5 num_filters_is inner 40
	! split || quiet
	vlan 2 v40 VF 10.1.40 id 40
	ip -n n1 addr add 10.1.40.1/24 dev v40
	ip -n n1 link set v40 up
	reachable 10.1.40.2
	ip -n n2 link del v40
	for ((i = 1; i <= 40; i++)); do
		ip -n n1 link del v$i
	done
}

# One tag of 802.1Q by the device, wherever it is in the descriptors; 802.1ad and stacks in software.
t_single()
{
	vlans vq VF 10.1.1 id 5
	device_tags 1 1 traffic 10.1.1.2
	if [[ $PF != v1.0* ]]; then
		both rxvlan off
		device_tags 1 0 some 10.1.1.2
	fi
	both txvlan off
	device_tags 0 "$([[ $PF != v1.0* ]]; echo $?)" some 10.1.1.2
	both txvlan on
	[[ $PF = v1.0* ]] || both rxvlan on
	# i40e strips when it is told a VLAN, whatever was said before; the in-tree driver then loses the tags
	if [[ $PF != v1.0* ]] && { split || [[ $PF != i40e* ]]; }; then
		both rxvlan off
		vlans vq2 VF 10.1.2 id 6
		device_tags 1 0 some 10.1.2.2
		both rxvlan on
		gone vq2
	fi
	vlans vqq vq 10.1.3 id 7
	device_tags 1 1 some 10.1.3.2
	gone vq
}
# PFs on which a VF without filters gets all
t_filter_off_empty()
{
	ip -n n2 link add link "$D2" name v7 type vlan id 7
	within 5 vlans_are 1 '[7]'
	receiver_only arrive "untagged 8100:7" untagged 8100:7 8100:8
	$N2 ethtool -K "$D2" rx-vlan-filter off
	expect "filters" "[]" "$(filters 1 inner)"
	receiver_only all_arrive
	avfsimctl reset 1 announced
	sleep 0.5
	reachable 10.9.0.2
	expect "filters" "[]" "$(filters 1 inner)"
	$N2 ethtool -K "$D2" rx-vlan-filter on
	expect "filters" "[7]" "$(filters 1 inner)"
	receiver_only arrive "untagged 8100:7" untagged 8100:7 8100:8
	ip -n n2 link del v7
}
# a port VLAN is the outer tag: any VLAN of the guest's passes, inside of it
t_port_vlan_dvm()
{
	t_single
	vlans vq VF 10.1.1 id 777
	traffic 10.1.1.2
	arrive "untagged 8100:7 8100:4000" untagged 8100:7 8100:4000
	gone vq
	quiet
}
t_port_vlan_svm()
{
	arrive "untagged" untagged 8100:7
	ip -n n1 link add link "$D1" name v7 type vlan id 7
	ip -n n1 link del v7
	quiet
	traffic 10.9.0.2
}
# the host gives a VF a port VLAN and takes it away while VLANs are in use
t_port_vlan_comes()
{
	local n
	vlans v9 VF 10.1.9 id 9
	reachable 10.1.9.2
	for n in 0 1; do avfsimctl port-vlan $n 50; done
	within 10 feature_is rx-vlan-filter "off [fixed]"
	reachable 10.9.0.2
	reachable 10.1.9.2	# now the inner tag
	for n in 0 1; do avfsimctl port-vlan $n none; done
	within 10 feature_is rx-vlan-filter on
	within 10 vlans_are 0 '[9]'
	reachable 10.1.9.2
	offloads on on off off
	gone v9
	quiet
}

# VLANs stay over all that happens to a device
nine_of_both() { filters_are 8100 '[9]' && filters_are 88a8 '[9]'; }
t_kept()
{
	local kind
	vlans v9 VF 10.1.9 id 9
	vlans a9 VF 10.1.10 proto 802.1ad id 9
	ip -n n1 link set "$D1" down
	nine_of_both
	ip -n n1 link set "$D1" up
	within 10 carrier n1 "$D1"
	ip -n n1 link set v9 up
	ip -n n1 link set a9 up
	ip -n n1 addr replace 10.1.9.1/24 dev v9
	ip -n n1 addr replace 10.1.10.1/24 dev a9
	reachable 10.1.9.2
	for kind in announced silent; do
		avfsimctl reset 0 $kind
		sleep 1
		within 10 nine_of_both
		reachable 10.1.9.2
		reachable 10.1.10.2
	done
	moved
	within 10 nine_of_both
	ip -n n1 link set v9 up
	reachable 10.1.9.2
	gone v9 a9
}
t_kept_by_daemon()
{
	vlans v9 VF 10.1.9 id 9
	mark kill
	systemctl kill -s KILL iavfd
	within 20 owned
	sleep 0.3
	no_messages kill
	systemctl stop iavfd
	ip -n n1 link add link "$D1" name v10 type vlan id 10
	ip -n n1 link del v9
	ip -n n2 link del v9
	systemctl start iavfd
	within 20 vlans_are 0 '[10]'
	ip -n n1 link del v10
}
# the PF has fewer than it said: found out behind the call, and told
t_late_refusal()
{
	avfsimctl fault add refuse=-5 dir=request op=ADD_VLAN_V2 vf=0 >/dev/null
	ip -n n1 link add link "$D1" name v9 type vlan id 9
	within 10 degraded
	iavfctl show "$P1" | grep -i 'ADD_VLAN_V2'
	ip -n n1 link del v9
	within 10 quiet
	avfsimctl fault clear
}

# Random VLANs, removals, down and up, resets, moves and deaths of the daemon; after each handful the PF has what the
# devices ask for.
wanted() { ip -n n1 -d -j link show type vlan | jq -c "[.[] | select(.link == \"$D1\" and .linkinfo.info_data.protocol == \"$1\") | .linkinfo.info_data.id] | sort"; }
same_filters() { [ "$(filters 0 8100 | jq -c sort)" = "$(wanted 802.1Q)" ] && [ "$(filters 0 88a8 | jq -c sort)" = "$(wanted 802.1ad)" ]; }
number_of_vlans() { ip -n n1 -j link show type vlan | jq length; }
t_torture()
{
	local end i n proto rounds=0 refused=0
	RANDOM=$VLAN_SEED
	end=$((SECONDS + ${VLAN_TORTURE:-10}))
	while [ $SECONDS -lt $end ]; do
		for ((i = 0; i < 12; i++)); do
			n=$((1 + RANDOM % 14)) proto=802.1Q
			[ $((RANDOM % 2)) = 0 ] || proto=802.1ad
			case $((RANDOM % 16)) in
			[0-5]) ip -n n1 link add link "$D1" name "$proto.$n" type vlan proto $proto id $n 2>/dev/null || refused=$((refused + 1)) ;;
			[6-9]) ip -n n1 link del "$proto.$n" 2>/dev/null || true ;;
			10) ip -n n1 link set "$D1" down ;;
			11) ip -n n1 link set "$D1" up ;;
			12) avfsimctl reset 0 announced >/dev/null ;;
			13) avfsimctl reset 0 silent >/dev/null; ip -n n1 link set "$D1" up ;;
			14) moved ;;
			15) systemctl kill -s KILL iavfd ;;
			esac
		done
		ip -n n1 link set "$D1" up
		within 20 owned
		within 20 carrier n1 "$D1"
		within 20 same_filters
		[ "$(number_of_vlans)" -le 8 ]
		rounds=$((rounds + 1))
	done
	echo "$rounds rounds, $refused refused"
	within 10 quiet
	for n in $(ip -n n1 -j link show type vlan | jq -r '.[].ifname'); do
		ip -n n1 link del "$n"
	done
	within 10 same_filters
	ip -n n1 addr replace 10.9.0.1/24 dev "$D1"
	reachable 10.9.0.2
}

t_no_violations_of_ours() { ! split || t_no_violations; }
vlan_finish()
{
	run_case kernel-log kernel_clean
	run_case no-violations t_no_violations_of_ours
	run_case no-device-errors t_no_errors
	finish
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The configuration: files and documents made so, told by ip and ethtool, and taken back.
. "$(dirname "$0")/lib.sh"

find_vfs
DIR=/etc/iavfd/vf.d
code() { local rc=0; "$@" >/tmp/said 2>&1 || rc=$?; echo $rc; }
mtu() { ip -j link show "$1" | jq '.[0].mtu'; }
mtu_is() { [ "$(mtu "$1")" = "$2" ]; }
# while udev names it
pci_mtu_is() { mtu_is "$(vf_dev "$1")" "$2"; }
ring() { ethtool -g "$1" | awk '/^Current/ { c = 1 } c && $1 == "RX:" { print $2 }'; }
key() { iavfctl -j config show "$1" | jq -c ".keys[] | select(.key == \"$2\")"; }
has_checkpoint() { [ "$(busctl -j get-property org.iavfd1 /org/iavfd1 org.iavfd1.Manager Checkpoint | jq -r .data)" = "$1" ]; }
# doc SETTINGS: a document about the first VF, in /tmp/doc.json
doc() { echo "{\"schema\":\"iavf-config/1\",\"match\":{\"pci\":\"$P1\"},\"config\":{$1}}" >/tmp/doc.json; }
# all that tools say of both VFs (but the address for GVRP, which the kernel keeps with the first VLAN)
picture()
{
	local dev
	for dev in "$D1" "$D2"; do
		ip -d -j link show "$dev" | jq -S 'del(.[0].stats64, .[0].stats)'
		ip -d -j link show type vlan | jq -S 'map(select(.ifname) | {ifname, link, linkinfo, mtu})'
		ethtool -k "$dev"
		ethtool -l "$dev"
		ethtool -g "$dev"
		ethtool -c "$dev"
		ethtool -x "$dev"
		for flow in tcp4 udp4 sctp4 tcp6 udp6 sctp6; do ethtool -n "$dev" rx-flow-hash $flow 2>&1 || true; done
	done
	iavfctl -j config show "$P1" | jq -c '[.keys[] | {key, live}]'
	avfsimctl show 0 | jq -cS '{macs: (.macs - ["01:80:c2:00:00:21"] | sort), vlans, rss_key, rss_lut, rss_fields}'
}

t_set()
{
	iavfctl set "$D1" mtu=4000 rx_ring=1024
	expect mtu 4000 "$(mtu "$D1")"
	expect ring 1024 "$(ring "$D1")"
	key "$P1" mtu | jq -e '.applied == 4000 and .source == "iavfctl set:1" and (.drifted | not)'
	ip link set "$D1" mtu 1400
	key "$P1" mtu | jq -e '.live == 1400 and .drifted'
	iavfctl rollback
	expect mtu 1500 "$(mtu "$D1")"
	expect ring 512 "$(ring "$D1")"
	expect "nothing left" 4 "$(code iavfctl rollback)"
}

t_usage()
{
	expect "a key" 2 "$(code iavfctl set "$D1" mtv=1)"
	grep -q "mtv" /tmp/said
	expect "a value" 2 "$(code iavfctl set "$D1" mtu=sixty)"
	expect "a VF" 4 "$(code iavfctl set nowhere mtu=1400)"
	echo '{' >/tmp/bad.json
	expect "a file" 1 "$(code iavfctl apply /tmp/bad.json)"
	grep -q '/tmp/bad.json:[0-9]' /tmp/said
	expect "valid" 1 "$(code iavfctl validate /tmp/bad.json)"
	expect "no file" 4 "$(code iavfctl apply /tmp/none.json)"
}

# the PF's word, and everything as it was
t_refused()
{
	picture >/tmp/before
	avfsimctl fault add refuse=-5 dir=request op=ADD_ETH_ADDR vf=0
	doc '"rx_ring":1024,"mac":"02:00:00:00:66:01"'
	expect refused 5 "$(code iavfctl apply /tmp/doc.json)"
	avfsimctl fault clear
	grep -q "everything is as it was before" /tmp/said
	picture >/tmp/after
	diff /tmp/before /tmp/after
}

t_plan()
{
	picture >/tmp/before
	doc '"mtu":9000'
	expect differs 10 "$(code iavfctl diff /tmp/doc.json)"
	grep -q '^+ mtu: 9000' /tmp/said
	iavfctl apply --dry-run /tmp/doc.json >/tmp/said
	grep -q 'mtu: 1500 -> 9000' /tmp/said
	picture >/tmp/after
	diff /tmp/before /tmp/after
	expect "no difference" 0 "$(code iavfctl diff - <<<'{"schema":"iavf-config/1","match":{},"config":{"mtu":1500}}')"
}

t_confirm()
{
	doc '"mtu":9000'
	iavfctl apply --confirm=3 /tmp/doc.json
	expect mtu 9000 "$(mtu "$D1")"
	expect busy 1 "$(code iavfctl set "$D1" mtu=1400)"
	iavfctl status | grep "^a change is rolled back in [0-9]* s, unless 'iavfctl confirm [0-9]*'"
	within 20 mtu_is "$D1" 1500
	within 5 has_checkpoint ""
	iavfctl apply --confirm=60 /tmp/doc.json
	iavfctl confirm
	has_checkpoint ""
	iavfctl rollback
	expect mtu 1500 "$(mtu "$D1")"
}

# the window outlives the daemon
t_confirm_killed()
{
	picture >/tmp/before
	doc '"mtu":9000,"vlan":{"devices":[{"id":7}]}'
	iavfctl apply --confirm=3 /tmp/doc.json
	systemctl kill -s KILL iavfd
	within 30 mtu_is "$D1" 1500
	within 10 has_checkpoint ""
	picture >/tmp/after
	diff /tmp/before /tmp/after
}

# links: all that ip says, but counters
links() { ip -d -j link | jq -S 'map(select(.ifname) | del(.stats64, .stats))'; }
links_as_before() { links | diff /tmp/links -; }

# on the first VF, of a user: one with its own MTU, one on it, one with that of the VF, and one that is small anyway; and one of ours
vlans_with_mtu()
{
	ip link set "$D1" mtu 9000
	ip link add link "$D1" name own type vlan id 7
	ip link set own mtu 8000
	ip link add link own name inner mtu 7000 type vlan id 8
	ip link add link "$D1" name small mtu 1400 type vlan id 9
	doc '"vlan":{"devices":[{"id":10,"name":"ours","mtu":6000},{"id":11,"name":"whole"}]}'
	iavfctl apply /tmp/doc.json
	expect mtu "8000 7000 1400 6000 9000" "$(mtus)"
	links >/tmp/links
}
# in one go: a window may be over while one after the other is asked for
mtus()
{
	ip -j link show type vlan |
		jq -r '[.[] | select(.ifname) | {(.ifname): .mtu}] | add | "\(.own) \(.inner) \(.small) \(.ours) \(.whole)"'
}
no_vlans_with_mtu()
{
	ip link del inner
	for dev in own small ours whole; do ip link del $dev; done
	ip link set "$D1" mtu 1500
}

# what the kernel takes down with the VF comes back with it
t_vlan_mtu()
{
	vlans_with_mtu
	doc '"mtu":1500'
	iavfctl apply /tmp/doc.json
	expect clamped "1500 1500 1400 1500 1500" "$(mtus)"
	key "$P1" vlan.devices | jq -e .drifted
	iavfctl rollback
	links_as_before
	key "$P1" vlan.devices | jq -e '.drifted | not'
	iavfctl apply --confirm=8 /tmp/doc.json
	expect clamped "1500 1500 1400 1500 1500" "$(mtus)"
	within 40 has_checkpoint ""
	links_as_before
	# the undo of one that is refused
	avfsimctl fault add refuse=-5 dir=request op=ADD_ETH_ADDR vf=0
	doc '"mtu":1500,"mac":"02:00:00:00:66:01"'
	expect refused 5 "$(code iavfctl apply /tmp/doc.json)"
	avfsimctl fault clear
	links_as_before
	# one that is there
	doc '"vlan":{"devices":[{"id":10,"name":"ours","mtu":5000},{"id":11,"name":"whole"}]}'
	iavfctl apply /tmp/doc.json
	expect set "8000 7000 1400 5000 9000" "$(mtus)"
	iavfctl rollback
	links_as_before
	doc '"vlan":{"devices":[{"id":10,"name":"ours","mtu":9001},{"id":11,"name":"whole"}]}'
	expect "too much" 1 "$(code iavfctl apply /tmp/doc.json)"
	grep -q 'mtu 9001 of id 10 is above that of what it is on, which is 9000' /tmp/said
	links_as_before
	no_vlans_with_mtu
}

t_vlan_mtu_killed()
{
	vlans_with_mtu
	doc '"mtu":1500'
	iavfctl apply --confirm=8 /tmp/doc.json
	expect clamped "1500 1500 1400 1500 1500" "$(mtus)"
	systemctl kill -s KILL iavfd
	within 60 mtu_is "$D1" 9000
	within 10 has_checkpoint ""
	links_as_before
	no_vlans_with_mtu
}

# away: into namespaces, as long as the case takes
away() { trap home EXIT; ns_up; }
home()
{
	ip netns exec n1 ip link set "$D1" netns 1
	ip netns exec n2 ip link set "$D2" netns 1
	ip netns del n1
	ip netns del n2
}
reachable() { $N1 ping -q -c 1 -W 1 10.9.0.2; }
# The administrator's own path: the other end knows us by our address, and no other. It is back without anybody's help;
# KILLED: also when the daemon dies meanwhile.
t_confirm_cut()
{
	away
	ip -n n2 neigh replace 10.9.0.1 lladdr "$(ip -n n1 -j link show "$D1" | jq -r '.[0].address')" dev "$D2" nud permanent
	reachable
	doc '"mac":"02:00:00:00:66:02"'
	iavfctl apply --confirm=5 /tmp/doc.json
	not reachable
	[ -z "${1:-}" ] || systemctl kill -s KILL iavfd
	not reachable
	within 30 reachable
	within 10 has_checkpoint ""
}

# where only the kernel reaches the netdev; the PF's word counts there as well
t_elsewhere()
{
	local mac
	away
	mac=$(ip -n n1 -j link show "$D1" | jq -r '.[0].address')
	iavfctl set "$P1" mtu=3000 mac=02:00:00:00:66:03
	ip -n n1 -j link show "$D1" | jq -e '.[0].mtu == 3000 and .[0].address == "02:00:00:00:66:03"'
	avfsimctl show 0 | jq -e '.macs | index("02:00:00:00:66:03")'
	reachable
	avfsimctl fault add refuse=-5 dir=request op=ADD_ETH_ADDR vf=0
	expect refused 5 "$(code iavfctl set "$P1" mtu=4000 mac=02:00:00:00:66:04)"
	avfsimctl fault clear
	grep -q "everything is as it was before" /tmp/said
	ip -n n1 -j link show "$D1" | jq -e '.[0].mtu == 3000 and .[0].address == "02:00:00:00:66:03"'
	reachable
	expect impossible 1 "$(code iavfctl set "$P1" rx_ring=1024)"
	grep -q "another network namespace" /tmp/said
	iavfctl rollback
	ip -n n1 -j link show "$D1" | jq -e ".[0].mtu == 1500 and .[0].address == \"$mac\""
	reachable
}

t_files()
{
	mkdir -p $DIR
	echo '{"schema":"iavf-config/1","match":{},"config":{"mtu":3000}}' >$DIR/10-all.json
	echo "{\"schema\":\"iavf-config/1\",\"match\":{\"pci\":\"$P2\"},\"config\":{\"mtu\":5000}}" >$DIR/20-one.json
	iavfctl reload
	expect mtu 3000 "$(mtu "$D1")"
	expect mtu 5000 "$(mtu "$D2")"
	key "$P2" mtu | jq -e ".source == \"$DIR/20-one.json:1\""
	iavfctl config cat "$P2" | grep -c '"mtu"' | grep -x 2
	# who writes last has it, also over a restart
	ip link set "$D1" mtu 1400
	systemctl restart iavfd
	expect mtu 1400 "$(mtu "$D1")"
	# a new instance of the VF is as the files say
	echo "$P1" >/sys/bus/pci/drivers/iavf/unbind
	echo "$P1" >/sys/bus/pci/drivers/iavf/bind
	within 10 pci_mtu_is "$P1" 3000
	find_vfs
}

# VLANs one by one; what others made, or took away, stays so
vlan_of() { ip -d -j link show "$1" | jq -r '.[0].linkinfo.info_data | "\(.protocol) \(.id)"'; }
pf_vlans() { avfsimctl show 0 | jq -c "[.vlans[\"$1\"][] | select(. != 0)] | sort"; }
t_vlan()
{
	picture >/tmp/before
	ip link add link "$D1" name theirs type vlan id 7
	iavfctl vlan "$D1" add 5 name five
	iavfctl vlan "$D1" add 9
	iavfctl vlan "$D1" add 9 | grep -x unchanged
	iavfctl vlan "$D1" add 6 on 9
	expect five "802.1Q 5" "$(vlan_of five)"
	expect nine "802.1Q 9" "$(vlan_of "$D1.9")"
	expect inner "802.1Q 6 $D1.9" "$(vlan_of "$D1.9.6") $(ip -j link show "$D1.9.6" | jq -r '.[0].link')"
	expect "of the PF" "[5,7,9]" "$(pf_vlans 8100)"
	iavfctl vlan "$D1" | tee /tmp/said
	grep -qE "^five +5 +802.1Q +$D1 +iavfctl vlan:1$" /tmp/said
	grep -qE "^theirs +7 +802.1Q +$D1 +-$" /tmp/said
	iavfctl -j vlan "$P1" | jq -e '.keys[] | select(.key == "vlan.devices") | .live[0].name == "five"'
	ip link del five
	iavfctl vlan "$D1" add 8 protocol 802.1ad
	expect "what was taken away" 1 "$(code ip link show five)"
	expect "of the PF" "[8]" "$(pf_vlans 88a8)"
	expect "of others" 1 "$(code iavfctl vlan "$D1" del 7)"
	grep -q "ip link del theirs" /tmp/said
	expect none 4 "$(code iavfctl vlan "$D1" del 5)"
	iavfctl vlan "$D1" del 9
	expect inner 1 "$(code ip link show "$D1.9.6")"
	iavfctl vlan "$D1" del 8
	expect "of the PF" "[7]" "$(pf_vlans 8100)"
	ip link del theirs
	iavfctl vlan "$D1" filters 3-4
	expect "of the PF" "[3,4]" "$(pf_vlans 8100)"
	iavfctl vlan "$D1" filters none
	iavfctl vlan "$D1" strip off
	ethtool -k "$D1" | grep -q "^rx-vlan-offload: off"
	iavfctl vlan "$D1" strip on
	iavfctl set "$P1" on_absence=hold vlan.allowed.stag=1-4094 | grep -x unchanged
	iavfctl vlan --confirm=6 "$D1" add 5
	expect "for now" "[5]" "$(pf_vlans 8100)"
	within 20 has_checkpoint ""
	picture >/tmp/after
	diff /tmp/before /tmp/after
}

# refused ones leave nothing
t_vlan_refused()
{
	picture >/tmp/before
	avfsimctl fault add refuse=-5 dir=request op=ADD_VLAN_V2 vf=0
	expect "by the PF" 5 "$(code iavfctl vlan "$D1" filters 5)"
	avfsimctl fault clear
	ip link add dummy7 type dummy
	expect "by the kernel" 5 "$(code iavfctl vlan "$D1" add 5 name dummy7)"
	ip link del dummy7
	iavfctl vlan "$D1" allowed 1-4
	expect "by policy" 5 "$(code iavfctl vlan "$D1" add 5)"
	iavfctl vlan "$D1" allowed all
	expect "not permitted" 3 "$(code setpriv --reuid 65534 --regid 65534 --clear-groups iavfctl vlan "$D1" add 5)"
	picture >/tmp/after
	diff <(grep -v vlan.allowed /tmp/before) <(grep -v vlan.allowed /tmp/after)
}

# The examples: they set VLANs, look after them over resets, and say them again to a VF that comes anew. agents COMMAND...
heard() { [ "$(grep -cx "$1" /tmp/heard)" = "$2" ]; }
pf_vlans_are() { [ "$(pf_vlans 8100)" = "$1" ]; }
agents()
{
	local pid
	iavfctl set "$P1" 'vlan.devices=[]'
	# a VF that is down is not asked whether it was reset silently
	ip link set "$D1" up
	: >/tmp/heard
	"$@" "$P1" 100 200 >/tmp/heard 2>/tmp/agent.err &
	pid=$!
	within 20 heard "vlans $P1 applied" 1
	heard "ready $P1 $D1" 1
	expect "by ip" "802.1Q 100" "$(vlan_of "$D1.100")"
	expect "by the PF" "[100,200]" "$(pf_vlans 8100)"
	avfsimctl reset 0 announced
	within 20 heard "vlans $P1 kept" 1
	expect "by the PF" "[100,200]" "$(pf_vlans 8100)"
	avfsimctl reset 0 silent
	within 20 heard "vlans $P1 kept" 2
	expect "resets" 2 "$(grep -c "^reset $P1 generation" /tmp/heard)"
	# a daemon that goes changes nothing
	systemctl kill -s KILL iavfd
	within 30 on_bus
	ip link del "$D1.200"
	avfsimctl reset 0 announced
	within 20 heard "vlans $P1 lost" 1
	echo "$P1" >/sys/bus/pci/drivers/iavf/unbind
	within 10 heard "gone $P1" 1
	echo "$P1" >/sys/bus/pci/drivers/iavf/bind
	within 30 heard "vlans $P1 applied" 2
	within 5 pf_vlans_are "[100,200]"
	kill $pid
	wait $pid || true
	: >/tmp/heard
	"$@" "$P1" 100 200 >/tmp/heard &
	pid=$!
	within 20 heard "vlans $P1 unchanged" 1
	kill $pid
	expect "complaints" "" "$(cat /tmp/agent.err)"
	gives_up '1 to 4094' "$@" "$P1" 5000
	gives_up 'polkit' setpriv --reuid 65534 --regid 65534 --clear-groups "$@" "$P1" 300
	iavfctl vlan "$P1" allowed 100,200
	gives_up 'as it was before' "$@" "$P1" 100 200 300
	iavfctl vlan "$P1" allowed all
	expect "as before" "[100,200]" "$(pf_vlans 8100)"
	iavfctl vlan "$P1" del 100
	iavfctl vlan "$P1" del 200
}
on_bus() { busctl status org.iavfd1; }
# gives_up WHY COMMAND...
gives_up()
{
	local why=$1
	shift
	not timeout 150 "$@" >/tmp/heard 2>/tmp/agent.err
	cat /tmp/heard /tmp/agent.err
	grep -q "^agent: the VLANs cannot be set: .*$why" /tmp/agent.err
}
t_agent_c() { find_vfs; agents /usr/libexec/iavf-tests/agent; }
t_agent_python() { find_vfs; agents /usr/libexec/iavf-tests/agent.py; }

# a file that is bad touches nothing
t_bad_file()
{
	echo "{\"schema\":\"iavf-config/1\",\"match\":{\"pci\":\"$P2\"},\"config\":{\"mtu\":50000}}" >$DIR/20-one.json
	ip link set "$D1" mtu 1400
	ip link set "$D2" mtu 1400
	systemctl reload iavfd
	within 10 mtu_is "$D1" 3000
	expect mtu 1400 "$(mtu "$D2")"
	busctl get-property org.iavfd1 "/org/iavfd1/vf/${P2//[:.]/_}" org.iavfd1.VF ConfigValid | grep -x "b false"
	iavfctl validate >/tmp/said || true
	grep -q "$DIR/20-one.json:1:.*mtu" /tmp/said
	iavfctl status >/tmp/said
	grep -q "^$P2: keeps the configuration it has: $DIR/20-one.json:1:.*mtu" /tmp/said
	rm -r $DIR
	iavfctl reload
}

# polkit has the word, not the bus's policy
nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
t_nobody()
{
	local before verb
	before=$(mtu "$D1")
	doc '"mtu":9000'
	for verb in "apply /tmp/doc.json" "diff /tmp/doc.json" "validate /tmp/doc.json" reload confirm rollback "config show $P1" "vlan $P1"; do
		expect "$verb" 3 "$(code nobody iavfctl $verb)"
		grep -q '^iavfctl: polkit does not allow it' /tmp/said
	done
	expect mtu "$before" "$(mtu "$D1")"
	# an administrator gives leave, to look first
	mkdir -p /etc/polkit-1/rules.d
	cat >/etc/polkit-1/rules.d/10-test.rules <<-'END'
		polkit.addRule(function(action, subject) {
			if (action.id == "org.iavfd1.inspect" && subject.user == "nobody")
				return polkit.Result.YES;
		});
	END
	within 10 nobody iavfctl config show "$P1"
	expect "no further" 3 "$(code nobody iavfctl apply /tmp/doc.json)"
	sed -i 's/action.id == "org.iavfd1.inspect"/\/^org.iavfd1.(apply|inspect|rollback)$\/.test(action.id)/' /etc/polkit-1/rules.d/10-test.rules
	within 10 nobody iavfctl apply /tmp/doc.json
	expect mtu 9000 "$(mtu "$D1")"
	nobody iavfctl rollback
	expect mtu "$before" "$(mtu "$D1")"
	rm /etc/polkit-1/rules.d/10-test.rules
}

run_case set t_set
run_case usage t_usage
run_case refused t_refused
run_case plan t_plan
run_case vlan t_vlan
run_case vlan-refused t_vlan_refused
run_case confirm t_confirm
run_case confirm-killed t_confirm_killed
run_case vlan-mtu t_vlan_mtu
run_case vlan-mtu-killed t_vlan_mtu_killed
run_case confirm-cut t_confirm_cut
run_case confirm-cut-killed t_confirm_cut killed
run_case elsewhere t_elsewhere
run_case agent-c t_agent_c
run_case agent-python t_agent_python
find_vfs
run_case files t_files
run_case bad-file t_bad_file
run_case nobody t_nobody
ip link set "$D1" up
[ -n "$ONLY" ] || /share/config_keys.py "$P1" "$D1" || CASES_FAILED=$((CASES_FAILED + 1))
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
t_no_violations_of_ours() { ! split || t_no_violations; }
run_case no-violations t_no_violations_of_ours
finish

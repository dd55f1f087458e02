#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# org.iavfd1 on the system bus, as strangers' tools see it, and what does not depend on it: busctl, gdbus, iavfctl.
. "$(dirname "$0")/lib.sh"

NAME=org.iavfd1
NOBODY="setpriv --reuid 65534 --regid 65534 --clear-groups"
daemon_pid() { systemctl show -P MainPID iavfd; }
ready() { iavfctl -j list | jq -e '(.vfs | length) == 2 and all(.vfs[]; .state == "ready" and .owner_pid != null)'; }
object() { echo "/org/iavfd1/vf/${1//[:.]/_}"; }
get() { $NOBODY busctl get-property $NAME "$(object "$1")" $NAME.VF "$2" | cut -d ' ' -f 2- | tr -d '"'; }
is() { [ "$(get "$1" "$2")" = "$3" ]; }
on_bus() { busctl status $NAME; }
status_is() { local rc=0; iavfctl status >/dev/null || rc=$?; [ $rc -eq "$1" ]; }
generation() { iavfctl -j show "$P1" | jq '.vfs[0].generation'; }
# a program that prints what happens, until stop_listening; LISTENER is its output
listen() { LISTENER=$(mktemp); "$@" >"$LISTENER" 2>&1 & LISTENING=$!; }
stop_listening() { kill "$LISTENING"; wait "$LISTENING" 2>/dev/null || true; cat "$LISTENER"; }
hears() { grep -qE "$1" "$LISTENER"; }
# jq over the lines of iavfctl -j monitor: some line is so
hears_line() { jq -se "any(.[]; $1)" "$LISTENER"; }

mapfile -t VFS < <(vf_pci)
P1=${VFS[0]} P2=${VFS[1]}

t_tree()
{
	busctl tree --list $NAME | tee /tmp/tree
	grep -qx /org/iavfd1 /tmp/tree
	grep -qx "$(object "$P1")" /tmp/tree
	grep -qx "$(object "$P2")" /tmp/tree
	$NOBODY busctl introspect $NAME "$(object "$P1")" | grep -E '^\.Generation +property +u +[0-9]+ +emits-change$'
	$NOBODY busctl introspect $NAME "$(object "$P1")" | grep -E '^\.PciAddress +property +s .*const$'
	$NOBODY gdbus introspect --system --dest $NAME --object-path /org/iavfd1 | grep -q 'ListVfs'
	# described, and by the file that is installed
	python3 - <<-'END'
	import subprocess, xml.etree.ElementTree as tree
	def names(root): return {i.get('name'): sorted((m.tag, m.get('name')) for m in i if isinstance(m.tag, str))
	                         for i in root.iter('interface') if i.get('name').startswith('org.iavfd1')}
	spec = names(tree.parse('/usr/share/dbus-1/interfaces/org.iavfd1.xml').getroot())
	bus = {}
	for path in ['/org/iavfd1'] + [l for l in open('/tmp/tree').read().split() if '/vf/' in l]:
	    out = subprocess.run(['gdbus', 'introspect', '--system', '--xml', '--dest', 'org.iavfd1', '--object-path', path],
	                         stdout=subprocess.PIPE, check=True).stdout
	    bus.update(names(tree.fromstring(out)))
	assert spec == bus, (spec, bus)
	END
}

# as nobody, the same as the kernel says
t_nobody_reads()
{
	$NOBODY busctl -j call $NAME "$(object "$P1")" org.freedesktop.DBus.Properties GetAll s $NAME.VF |
		jq '.data[0] | map_values(.data)' >/tmp/bus.json
	$NOBODY iavfctl -j show "$P1" | jq '.vfs[0]' >/tmp/kernel.json
	jq -en --slurpfile bus /tmp/bus.json --slurpfile kernel /tmp/kernel.json '
		{ PciAddress: "pci", InstanceId: "id", Generation: "generation", State: "state", Ifname: "ifname", Ifindex: "ifindex",
		  Netns: "netns", Mac: "mac", Mtu: "mtu", MaxMtu: "max_mtu", Carrier: "carrier", LinkMbps: "link_mbps",
		  RxQueues: "rx_queues", TxQueues: "tx_queues", MaxQueues: "max_queues", RxRing: "rx_ring", TxRing: "tx_ring",
		  Vectors: "vectors", RxFlags: "rx_flags", Features: "features", FeaturesGranted: "features_granted" }
		| to_entries | map(select($bus[0][.key] != $kernel[0][.value]) | [.key, $bus[0][.key], $kernel[0][.value]])
		| if . == [] then true else error(tostring) end'
	expect type u "$(busctl get-property $NAME "$(object "$P1")" $NAME.VF Generation | cut -d ' ' -f 1)"
	expect phase ready "$(get "$P1" Phase)"
	expect count "u 2" "$(busctl get-property $NAME /org/iavfd1 $NAME.Manager VfCount)"
	expect attached "b true" "$(busctl get-property $NAME /org/iavfd1 $NAME.Manager Attached)"
	expect ready "b true" "$(busctl get-property $NAME /org/iavfd1 $NAME.Manager Ready)"
	expect GetVf "o \"$(object "$P2")\"" "$($NOBODY busctl call $NAME /org/iavfd1 $NAME.Manager GetVf s "${P2#*:}")"
	$NOBODY busctl call $NAME /org/iavfd1 $NAME.Manager GetVf s nothing 2>&1 | grep -q "no VF is called 'nothing'"
	$NOBODY iavfctl status
	$NOBODY iavfctl -j version | jq -e '.version.iavfd != null and .version.abi == 1'
}

t_nobody_does_no_more()
{
	not $NOBODY busctl call org.freedesktop.DBus / org.freedesktop.DBus RequestName su $NAME 3
	not $NOBODY busctl set-property $NAME "$(object "$P1")" $NAME.VF Mtu u 9000
	not busctl set-property $NAME "$(object "$P1")" $NAME.VF Mtu u 9000
	expect "in the way" "u 3" "$(busctl call org.freedesktop.DBus / org.freedesktop.DBus RequestName su $NAME 6)"
	expect owner "$(daemon_pid)" "$(busctl status $NAME | sed -n 's/^PID=//p')"
}

t_changes_are_told()
{
	local before
	before=$(generation)
	listen gdbus monitor --system --dest $NAME
	within 5 hears 'is owned by'
	avfsimctl reset 0 silent
	within 10 is "$P1" Generation $((before + 1))
	within 10 hears "$(object "$P1"): .*PropertiesChanged.*'Generation': <uint32 $((before + 1))>"
	within 10 is "$P1" State ready
	avfsimctl link 0 down
	within 10 hears "'Carrier': <false>"
	avfsimctl link 0 up
	within 10 is "$P1" Carrier true
	ip link set "$(vf_dev "$P2")" mtu 1400
	within 10 hears "$(object "$P2"): .*'Mtu': <uint32 1400>"
	ip link set "$(vf_dev "$P2")" mtu 1500
	stop_listening
}

t_monitor()
{
	local before
	before=$(generation)
	listen $NOBODY iavfctl -j monitor
	within 5 hears_line '.event == "present"'
	avfsimctl reset 0 announced
	within 10 hears_line ".event == \"changed\" and .source == \"daemon\" and .pci == \"$P1\" and .changes.generation[1] == $((before + 1))"
	stop_listening
	listen iavfctl monitor "$P1"
	within 5 hears "$P1 .* present ready"
	avfsimctl reset 1 silent
	avfsimctl reset 0 silent
	within 10 hears "$P1 .* changed .*generation $((before + 1)) -> $((before + 2))"
	stop_listening
	not hears "$P2"
}

t_come_and_go()
{
	local pid
	listen gdbus monitor --system --dest $NAME
	within 5 hears 'is owned by'
	iavfctl wait --timeout 20 --for gone "$P1" &
	pid=$!
	modprobe -r iavf
	wait $pid
	within 5 hears "InterfacesRemoved.*$(object "$P2")"
	expect count "u 0" "$(busctl get-property $NAME /org/iavfd1 $NAME.Manager VfCount)"
	iavfctl wait --timeout 30 "$P1" &
	pid=$!
	expect "in time" 124 "$(iavfctl wait --timeout 0.2 "$P2" 2>/dev/null || echo $?)"
	modprobe iavf
	wait $pid
	iavfctl wait --timeout 30 "$P2"
	within 5 hears "InterfacesAdded.*$(object "$P2")"
	stop_listening
	is "$P1" State ready
}

t_degraded()
{
	local dev
	dev=$(vf_dev "$P1")
	ip link set "$dev" up
	iavfctl wait --for carrier "$P1"
	iavfctl status
	avfsimctl fault add refuse=-5 vf=0 dir=request op=ADD_VLAN_V2 count=always
	ip link add link "$dev" name v77 type vlan id 77
	within 10 is "$P1" Phase degraded
	get "$P1" Reason | grep -qi vlan
	within 5 status_is 5
	iavfctl status "$P2"
	iavfctl wait --timeout 0 "$P1"
	avfsimctl fault clear
	ip link del v77
	within 10 status_is 0
}

t_refusal_is_told()
{
	avfsimctl trust 0 off
	avfsimctl mac 0 02:00:00:00:aa:01
	within 10 is "$P1" Mac 02:00:00:00:aa:01
	iavfctl wait "$P1"
	not ip link set "$(vf_dev "$P1")" address 02:00:00:00:99:99
	within 5 sh -c "busctl get-property $NAME $(object "$P1") $NAME.VF LastError | grep -q '^(is) [1-9]'"
	expect "the same sentence" "$(iavfctl -j show "$P1" | jq -r '.vfs[0].last_error.message')" \
		"$(busctl -j get-property $NAME "$(object "$P1")" $NAME.VF LastError | jq -r '.data[1]')"
	avfsimctl trust 0 on
}

# traffic does not notice the bus, and the name comes back
t_bus_restarts_under_traffic()
{
	local pid old
	old=$(daemon_pid)
	ping_all 400 0.01 &
	pid=$!
	for _ in 1 2 3; do
		systemctl restart dbus
		within 10 on_bus
	done
	wait $pid
	expect "the same daemon" "$old" "$(daemon_pid)"
	is "$P1" State ready
}

t_bus_hangs()
{
	local pid before
	pid=$(systemctl show -P MainPID dbus)
	before=$(generation)
	kill -STOP "$pid"
	for _ in 1 2 3; do
		avfsimctl reset 0 silent
		sleep 0.3
	done
	ip -n n1 link set "$D1" address 02:00:00:00:77:01
	expect "no daemon to ask" 6 "$(iavfctl status >/dev/null || echo $?)"
	kill -CONT "$pid"
	within 10 is "$P1" Generation $((before + 3))
	within 10 is "$P1" Mac 02:00:00:00:77:01
	within 5 $N1 ping -c 1 -W 1 10.9.0.2
	ping_all 50 0.01
}

t_daemon_is_killed()
{
	local old
	old=$(daemon_pid)
	listen iavfctl -j monitor
	within 5 hears_line '.event == "present"'
	kill -9 "$old"
	within 10 hears_line '.event == "source" and .source == "kernel"'
	within 10 hears_line '.event == "source" and .source == "daemon") and (map(select(.event == "source") | .source) == ["daemon", "kernel", "daemon"]'
	within 10 on_bus
	within 10 ready
	expect owner "$(daemon_pid)" "$(busctl status $NAME | sed -n 's/^PID=//p')"
	avfsimctl reset 0 silent
	within 10 hears_line '.event == "changed" and .source == "daemon" and .changes.generation != null'
	stop_listening
	# nothing came or went
	not hears_line '.event == "added" or .event == "removed"'
}

# no bus at all: everything else is there
t_without_a_bus()
{
	local old before
	systemctl stop dbus.socket dbus.service
	not busctl --no-pager list 2>/dev/null
	old=$(daemon_pid)
	before=$(generation)
	expect "no daemon" 6 "$(iavfctl status >/tmp/status || echo $?)"
	grep -q "^$P1" /tmp/status
	listen iavfctl -j monitor
	within 5 hears_line '.event == "source" and .source == "kernel"'
	avfsimctl reset 0 silent
	within 10 hears_line ".event == \"changed\" and .source == \"kernel\" and .changes.generation[1] == $((before + 1))"
	ip -n n1 link set "$D1" address 02:00:00:00:77:02
	iavfctl wait --for carrier --timeout 10 "$P1"
	# the peer has to learn the address first
	within 5 $N1 ping -c 1 -W 1 10.9.0.2
	ping_all 50 0.01
	systemctl restart iavfd
	within 10 ready
	[ "$(daemon_pid)" != "$old" ]
	ping_all 50 0.01
	systemctl start dbus.socket dbus.service
	within 10 on_bus
	within 10 hears_line '.event == "source" and .source == "daemon"'
	stop_listening
	is "$P1" Mac 02:00:00:00:77:02
}

# the unit neither wants the bus nor waits for it; memory is bounded
t_light()
{
	not sh -c "systemctl show -P After -P Wants -P Requires iavfd | grep dbus"
	awk '/^VmRSS/ { print $2 }' "/proc/$(daemon_pid)/status"
	[ "$(awk '/^VmRSS/ { print $2 }' "/proc/$(daemon_pid)/status")" -lt 16384 ]
}

has() { busctl introspect $NAME "$(object "$1")" "$NAME.VF.$2" | grep -q property; }
lacks() { ! has "$1" "$2"; }
of_part() { $NOBODY busctl get-property $NAME "$(object "$1")" "$NAME.VF.$2" "$3" | cut -d ' ' -f 2-; }
part_is() { [ "$(of_part "$1" "$2" "$3")" = "$4" ]; }

# a VF shows what the PF lets it do, as nobody reads it; a port VLAN takes VLANs from it, and only them
t_parts_follow_the_grant()
{
	local pid before
	use_profile ice-svm
	within 10 ready
	iavfctl wait --for carrier --timeout 20 "$P1"
	before=$(iavfctl -j show "$P1" | jq '.vfs[0].id')
	has "$P1" Vlan
	has "$P1" Rss
	expect function '"toeplitz"' "$(of_part "$P1" Rss HashFunction)"
	expect "key length" "$($N1 ethtool -x "$D1" | awk '/hash key/ { getline; print gsub(/:/, "") + 1 }')" "$(of_part "$P1" Rss KeyLength)"
	expect "table length" "$($N1 ethtool -x "$D1" | awk '/^ *[0-9]+: / { n += NF - 1 } END { print n }')" "$(of_part "$P1" Rss TableLength)"
	expect filtered '1 "802.1Q"' "$(of_part "$P1" Vlan Filtered)"
	expect users 0 "$(of_part "$P1" Vlan Users)"
	listen gdbus monitor --system --dest $NAME
	within 5 hears 'is owned by'
	ip -n n1 link add link "$D1" name v77 type vlan id 77
	within 10 part_is "$P1" Vlan Acknowledged 1
	within 10 hears "$(object "$P1"): .*PropertiesChanged \\('$NAME.VF.Vlan', .*'Acknowledged': <uint32 1>"
	part_is "$P1" Vlan Users 1
	ip -n n1 link del v77
	within 10 part_is "$P1" Vlan Wanted 0
	$N1 ethtool -X "$D1" equal 1
	within 10 part_is "$P1" Rss TableConfigured true
	$N1 ethtool -X "$D1" default
	stop_listening
	# libiavfctl's monitor is not told that the VF goes
	iavfctl -j monitor >/tmp/parts &
	pid=$!
	listen gdbus monitor --system --dest $NAME
	within 5 hears 'is owned by'
	within 5 sh -c 'jq -se "any(.[]; .event == \"present\")" /tmp/parts'
	avfsimctl port-vlan 0 100
	within 10 lacks "$P1" Vlan
	within 10 hears "InterfacesRemoved \\(objectpath '$(object "$P1")', \\['$NAME.VF.Vlan'\\]\\)"
	has "$P1" Rss
	has "$P2" Vlan
	not busctl get-property $NAME "$(object "$P1")" $NAME.VF.Vlan Users
	avfsimctl port-vlan 0 none
	within 10 has "$P1" Vlan
	within 10 hears "InterfacesAdded \\(objectpath '$(object "$P1")', \\{'$NAME.VF.Vlan': "
	within 10 is "$P1" State ready
	stop_listening
	kill $pid
	wait $pid || true
	expect "gone" 0 "$(jq -s 'map(select(.event == "removed" or .event == "added")) | length' /tmp/parts)"
	expect "the same" "$before" "$(iavfctl -j show "$P1" | jq '.vfs[0].id')"
}

within 20 ready
within 10 on_bus
for dev in "$(vf_dev "$P1")" "$(vf_dev "$P2")"; do ip link set "$dev" up; done
run_case bus/tree t_tree
run_case bus/nobody_reads t_nobody_reads
run_case bus/nobody_does_no_more t_nobody_does_no_more
run_case bus/changes_are_told t_changes_are_told
run_case bus/monitor t_monitor
run_case bus/come_and_go t_come_and_go
run_case bus/degraded t_degraded
run_case bus/refusal_is_told t_refusal_is_told
ns_up
for t in bus_restarts_under_traffic bus_hangs daemon_is_killed without_a_bus light parts_follow_the_grant; do
	run_case bus/$t t_$t
done
run_case bus/no_errors t_no_errors
run_case bus/kernel_clean kernel_clean
finish

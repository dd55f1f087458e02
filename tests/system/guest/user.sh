#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Users who may do nothing, or want to harm: without the capability, in namespaces of their own, with malformed netlink and
# descriptor messages, on D-Bus, with files that are none. docs/security.md names these cases. SEED, JUNK_SECONDS, SESSIONS, FLOOD
# make it longer. (An owner that wants to harm: owner.sh.)
. "$(dirname "$0")/lib.sh"
T=/usr/libexec/iavf-tests
NAME=org.iavfd1
NOBODY="setpriv --reuid 65534 --regid 65534 --clear-groups"
SEED=${SEED:-1}
JUNK_SECONDS=${JUNK_SECONDS:-4}

daemon_pid() { systemctl show -P MainPID iavfd; }
ready() { iavfctl -j list | jq -e '(.vfs | length) == 2 and all(.vfs[]; .state == "ready" and .owner_pid != null)'; }
owner() { iavfctl -j list | jq '.vfs[0].owner_pid'; }
owner_is() { [ "$(owner)" = "$1" ]; }
adopted() { owner_is "$(daemon_pid)"; }
on_bus() { busctl status $NAME; }
get_vf() { busctl call $NAME /org/iavfd1 $NAME.Manager GetVf s "$P1"; }
said_since() { journalctl -u iavfd -o cat --no-pager --since "$1" | grep -q "$2"; }
unresponsive() { iavfctl -j show "$P1" | jq -e '.vfs[0].unresponsive'; }
rss_kib() { awk '/^VmRSS/ { print $2 }' "/proc/$(daemon_pid)/status"; }

# cases of a program are printed as they are
program()
{
	chosen "${*##*/}" || return 0
	"$@" | tee /tmp/program.out
	[ "${PIPESTATUS[0]}" -eq 0 ] || CASES_FAILED=$((CASES_FAILED + 1))
}

within 20 ready
mapfile -t VFS < <(vf_pci)
P1=${VFS[0]} P2=${VFS[1]}
D1=$(vf_dev "$P1") D2=$(vf_dev "$P2")
ip link set "$D1" up
ip link set "$D2" up

# nobody reads all there is to read, and nothing else is there to do
t_iavfctl_of_nobody()
{
	local word
	$NOBODY iavfctl list
	$NOBODY iavfctl show "$P1"
	$NOBODY iavfctl status
	$NOBODY iavfctl version
	$NOBODY iavfctl wait --timeout 5 "$P1"
	$NOBODY timeout 1 iavfctl monitor || [ $? -eq 124 ]
	# the daemon as a stranger's program
	expect "daemon of nobody" 3 "$($NOBODY /usr/sbin/iavfd --foreground --state-dir=/tmp/none >/dev/null 2>&1 || echo $?)"
	expect "with force" 3 "$($NOBODY /usr/sbin/iavfd --foreground --force --state-dir=/tmp/none >/dev/null 2>&1 || echo $?)"
	for word in list "show $P1"; do
		# shellcheck disable=SC2086
		expect "$word elsewhere" no-module "$($NOBODY unshare -Urn iavfctl -j $word 2>&1 | jq -r .error.word)"
	done
	adopted
}

# A VF in a network namespace whose root is nobody elsewhere. GUEST prefixes a command of that root.
guest_begin()
{
	$NOBODY unshare -Urn sleep 1000 &
	GUEST_PID=$!
	within 10 sh -c "[ \"\$(readlink /proc/$GUEST_PID/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
	within 10 grep -q . "/proc/$GUEST_PID/uid_map"
	ip link set "$D2" netns $GUEST_PID
	GUEST="nsenter -t $GUEST_PID -U -n -S 0 -G 0"
}
guest_end()
{
	kill $GUEST_PID
	wait $GUEST_PID 2>/dev/null || true
	within 10 ls "/sys/class/net/$D2"
	ip link set "$D2" up
}

# all that an interface lets its namespace's root do is done, and no more than the PF gives
t_root_of_a_namespace()
{
	local max
	guest_begin
	$GUEST ip link set "$D2" up
	$GUEST ip link set "$D2" mtu 4000
	$GUEST ip link set "$D2" address 02:00:00:00:55:01
	$GUEST ethtool -K "$D2" rxvlan off
	$GUEST ethtool -K "$D2" rxvlan on
	$GUEST ethtool -G "$D2" rx 256
	$GUEST ethtool -L "$D2" combined 1
	$GUEST ethtool -X "$D2" equal 1
	$GUEST ethtool -S "$D2" >/dev/null
	$GUEST ip link add link "$D2" name guest.7 type vlan id 7
	within 5 vlans_are 1 '[7]'
	max=$(iavfctl -j show "$P2" | jq '.vfs[0].max_mtu')
	not $GUEST ip link set "$D2" mtu $((max + 1))
	not $GUEST ethtool -L "$D2" combined 255
	# where the host says which address, he has none to choose
	avfsimctl trust 1 off
	avfsimctl mac 1 02:00:00:00:55:02
	within 10 sh -c "$GUEST ip link show $D2 | grep -q 02:00:00:00:55:02"
	not $GUEST ip link set "$D2" address 02:00:00:00:55:03
	avfsimctl trust 1 on
	# nothing of the session, of the other VF, of the module
	expect "session elsewhere" 0 "$($GUEST timeout 2 /usr/sbin/iavfd --foreground --force --state-dir=/tmp/none 2>&1 | grep -c attached)"
	expect "no family" no-module "$($GUEST iavfctl -j list 2>&1 | jq -r .error.word)"
	not $GUEST ip link set "$D1" mtu 1400
	not $GUEST sh -c "echo 1 >/sys/bus/pci/devices/$P2/reset"
	not $GUEST sh -c "echo $P2 >/sys/bus/pci/drivers/iavf/unbind"
	adopted
	$GUEST ethtool -L "$D2" combined 2
	$GUEST ethtool -X "$D2" default
	$GUEST ethtool -G "$D2" rx 512
	guest_end
	vlans_are 1 '[]'
	ip link set "$D2" mtu 1500
}

# he calls it what he likes; the host's terminals, JSON and D-Bus get something printable
t_rude_name()
{
	local index
	guest_begin
	index=$($GUEST ip -j link show "$D2" | jq '.[0].ifindex')
	$GUEST ip link set "$D2" down
	$GUEST ip link set "$D2" name $'\e[2J\xff\xc3('
	iavfctl list | tee /tmp/list
	not grep -qP '[^\x20-\x7e\n]' /tmp/list
	iavfctl -j list | jq -r '.vfs[1].ifname' | grep -qxF '?[2J??('
	within 5 sh -c "busctl -j call $NAME /org/iavfd1 org.freedesktop.DBus.ObjectManager GetManagedObjects | grep -qF '?[2J??('"
	$NOBODY iavfctl status
	get_vf
	$GUEST ip link set dev $'\e[2J\xff\xc3(' name "$D2"
	expect index "$index" "$($GUEST ip -j link show "$D2" | jq '.[0].ifindex')"
	guest_end
}

# busy for himself: others who need rtnl wait for a call of his, not for all of them
t_storm_in_a_namespace()
{
	local i n=0
	guest_begin
	# shellcheck disable=SC2016
	$GUEST sh -c 'while :; do ip link set $0 mtu 1400; ip link set $0 mtu 1500; ip link set $0 address 02:00:00:00:55:09; done' "$D2" &
	local storm=$!
	for i in $(seq 20); do
		timeout 20 ip link set "$D1" mtu $((1400 + i))
		n=$((n + 1))
	done
	ip link set "$D1" mtu 1500
	kill $storm
	wait $storm 2>/dev/null || true
	expect "requests of the host" 20 $n
	not unresponsive
	guest_end
}

t_nothing_changed() { expect owner "$(daemon_pid)" "$(owner)"; get_vf; }

# each method and property of each interface as nobody: what is read is answered, what would write is not
t_bus_of_nobody()
{
	local object
	object=/org/iavfd1/vf/${P1//[:.]/_}
	not $NOBODY busctl call org.freedesktop.DBus / org.freedesktop.DBus RequestName su $NAME 3
	not $NOBODY busctl call org.freedesktop.DBus / org.freedesktop.DBus RequestName su $NAME.Other 3
	$NOBODY python3 - "$object" >/tmp/bus.txt <<-'END'
	import subprocess, sys, xml.etree.ElementTree as tree
	root = tree.parse('/usr/share/dbus-1/interfaces/org.iavfd1.xml').getroot()
	wrong = []
	def busctl(*words):
	    out = subprocess.run(['busctl', '--timeout=20'] + list(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
	    print(words, out.returncode, out.stdout[:100].strip())
	    return out.returncode, out.stdout
	for interface in root.iter('interface'):
	    name = interface.get('name')
	    if not name.startswith('org.iavfd1'):
	        continue
	    path = '/org/iavfd1' if name.endswith('Manager') else sys.argv[1]
	    for p in interface.iter('property'):
	        if busctl('get-property', 'org.iavfd1', path, name, p.get('name'))[0]:
	            wrong.append('get ' + p.get('name'))
	        if p.get('access') != 'read':
	            continue
	        value = {'as': ['as', '0'], '(is)': ['(is)', '1', 'x'], 's': ['s', 'x'], 'b': ['b', 'true']}.get(p.get('type'), [p.get('type'), '1'])
	        if not busctl('set-property', 'org.iavfd1', path, name, p.get('name'), *value)[0]:
	            wrong.append('set ' + p.get('name'))
	    for m in interface.iter('method'):
	        args = [a.get('type') for a in m.iter('arg') if a.get('direction') == 'in']
	        values = ['x' if a == 's' else '0' for a in args]
	        rc, said = busctl('call', 'org.iavfd1', path, name, m.get('name'), *([''.join(args)] + values if args else []))
	        # what changes or costs something is asked of polkit, which knows nobody
	        if m.get('name') == 'GetVf':
	            right = rc and 'x' in said
	        elif m.get('name') == 'ListVfs':
	            right = not rc
	        else:
	            right = rc and 'Access denied' in said
	        if not right:
	            wrong.append('call ' + m.get('name') + ': ' + said.strip())
	assert not wrong, wrong
	END
	wc -l /tmp/bus.txt
	grep -c "set-property.* 1 .*denied" /tmp/bus.txt
}

responsive() { ! unresponsive; }
# flooded KIND COUNT DESTINATION: requests of users meanwhile; prints how many, and how many failed
flooded()
{
	local n=0 failed=0 flood
	$NOBODY $T/bus_flood "$@" >/tmp/flood 2>&1 &
	flood=$!
	while kill -0 $flood 2>/dev/null && [ $n -lt 1000 ]; do
		if ! timeout 20 ip link set "$D1" mtu $((1400 + n % 100)) 2>/dev/null; then
			failed=$((failed + 1))
			within 20 responsive
		fi
		n=$((n + 1))
	done
	wait $flood || cat /tmp/flood >&2
	echo "$n $failed"
}
# While somebody floods the daemon requests of users are served, as they are while he floods the bus, which costs this machine as
# much: an emulated CPU of a busy host may be too slow for either. Afterwards all is as before.
t_flood()
{
	local before n failed others others_failed
	before=$(rss_kib)
	read -r others others_failed < <(flooded "$1" "$2" org.freedesktop.DBus)
	read -r n failed < <(flooded "$1" "$2" $NAME)
	cat /tmp/flood
	ip link set "$D1" mtu 1500
	echo "$failed of $n requests failed; of those beside a flood of the bus $others_failed of $others; daemon $before -> $(rss_kib) KiB"
	[ "$n" -gt 0 ] && [ "$others" -gt 0 ]
	# one more each because of what is left of the flood when it begins
	[ $((failed * others)) -le $(((others_failed + 1) * n + others * n / 10)) ]
	grep -q ' [1-9][0-9]* answered\| [1-9][0-9]* refused' /tmp/flood || [ "$1" = unread ]
	within 20 get_vf
	within 20 responsive
	adopted
	[ "$(rss_kib)" -lt 20480 ]
}

# its name is nobody's to take, whether it is there or not
t_name_is_kept()
{
	systemctl stop iavfd
	not $NOBODY busctl call org.freedesktop.DBus / org.freedesktop.DBus RequestName su $NAME 3
	systemctl start iavfd
	within 10 ready
	within 10 on_bus
}

# seed_is WHAT SENTENCE: the daemon starts with that file, and says so where it should
seed_is()
{
	local since
	since=@$(date +%s)
	chown -h iavfd: /var/lib/iavfd/seed.json
	[ "$1" != foreign ] || { chown root: /var/lib/iavfd/seed.json; chmod 600 /var/lib/iavfd/seed.json; }
	timeout 60 systemctl start iavfd
	within 10 ready
	within 5 said_since "$since" "$2"
	systemctl stop iavfd
	rm -rf /var/lib/iavfd/seed.json /var/lib/iavfd/seed.json.bad
}
t_seed_file()
{
	local f=/var/lib/iavfd/seed.json not_understood='seed.json cannot be understood'
	systemctl stop iavfd
	cp -p $f /root/seed.json
	cp /root/seed.json $f
	truncate -s 1T $f
	seed_is oversized "$not_understood"
	head -c 4000 /dev/zero | tr '\0' '[' >$f
	seed_is deep "$not_understood"
	printf '{"schema":"iavfd-state/1","seed":"\\u0000\xff' >$f
	seed_is malformed "$not_understood"
	: >$f
	seed_is empty "$not_understood"
	ln -s /etc/shadow $f
	seed_is link "$not_understood"
	mkfifo $f
	seed_is fifo "$not_understood"
	mkdir $f
	seed_is directory "$not_understood"
	cp /root/seed.json $f
	seed_is foreign 'no state in .*Permission denied'
	cp -p /root/seed.json $f
	chown iavfd: $f
	systemctl start iavfd
	within 10 ready
}

# an owner that takes the session by force and does not read: calls fail on their clocks, somebody else takes it from there
t_owner_that_sleeps()
{
	local sleeper pid start
	$T/sleeper >/tmp/sleeper &
	sleeper=$!
	within 10 owner_is $sleeper
	not ip link set "$D1" mtu 1400
	within 5 unresponsive
	start=$(date +%s%N)
	not ip link set "$D1" mtu 1400
	not ethtool -G "$D1" rx 256
	echo "then failed in $((($(date +%s%N) - start) / 1000000)) ms"
	ip link set "$D1" down
	iavfctl -j show "$P1" | jq -r '.vfs[0].last_error.message' | grep -q 'iavfd'
	/usr/sbin/iavfd --foreground --force 2>/tmp/forced &
	pid=$!
	within 20 owner_is $pid
	within 10 ip link set "$D1" mtu 1400
	ip link set "$D1" mtu 1500
	ip link set "$D1" up
	kill $sleeper $pid
	wait $pid || true
	within 20 adopted
	within 10 on_bus
	not unresponsive
}

# what a stranger left behind in its records and with the PF is no trouble for the daemon that comes
t_daemon_after_strangers()
{
	systemctl start iavfd
	within 30 ready
	within 20 adopted
	udevadm settle
	D1=$(vf_dev "$P1") D2=$(vf_dev "$P2")
	ip link set "$D1" up
	ip link set "$D2" up
	ns_up
	ping_all 20 0.01
	ip netns del n1
	ip netns del n2
}

# with the daemon
program $T/strangers "$D1"
run_case iavfctl-of-nobody t_iavfctl_of_nobody
run_case root-of-a-namespace t_root_of_a_namespace
run_case rude-name t_rude_name
run_case storm-in-a-namespace t_storm_in_a_namespace
program $T/netlink_junk "$SEED" "$JUNK_SECONDS" 65534
program $T/netlink_junk $((SEED + 1)) "$JUNK_SECONDS"
run_case nothing-changed t_nothing_changed
run_case bus-of-nobody t_bus_of_nobody
for kind in calls unread signals huge wrong connections; do
	case $kind in
	calls | signals) count=${FLOOD:-1000} ;;
	unread) count=$((${FLOOD:-1000} / 4)) ;;
	wrong) count=$((${FLOOD:-1000} / 20)) ;;
	huge | connections) count=$((${FLOOD:-1000} / 50)) ;;
	esac
	run_case flood-of-$kind t_flood $kind "$count"
done
run_case name-is-kept t_name_is_kept
run_case seed-file t_seed_file
run_case owner-that-sleeps t_owner_that_sleeps
# without
systemctl stop iavfd
program $T/sessions "${SESSIONS:-20000}" "$SEED"
program $T/descriptor_junk "$SEED" "$JUNK_SECONDS"
program $T/descriptor_junk $((SEED + 1)) "$JUNK_SECONDS"
run_case daemon-after-strangers t_daemon_after_strangers
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
run_case no-violations t_no_violations
finish

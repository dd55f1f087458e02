#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What only the split driver promises: the daemon may die, stop, come back; the PF may refuse or be silent.
. "$(dirname "$0")/lib.sh"

# never 0, which is what systemd says between two daemons and what kill takes for everybody
daemon_pid()
{
	local pid=0 i
	for i in $(seq 500); do
		pid=$(systemctl show -P MainPID iavfd)
		[ "$pid" = 0 ] || break
		sleep 0.02
	done
	[ "$pid" != 0 ] && echo "$pid"
}
settled() { sleep 0.3; owned; }
# no watchdog from here on: a stopped daemon stays stopped
no_watchdog()
{
	mkdir -p /run/systemd/system/iavfd.service.d
	printf '[Service]\nWatchdogSec=0\n' >/run/systemd/system/iavfd.service.d/test.conf
	systemctl daemon-reload
	systemctl restart iavfd
	within 10 owned
}
ms() { echo $(($(date +%s%N) / 1000000)); }
# took LIMIT_S COMMAND...: bounded by the design's clocks, with room for an emulated CPU
took()
{
	local limit=$1 t0 t1
	shift
	t0=$(ms)
	"$@"
	t1=$(ms)
	echo "$((t1 - t0)) ms: $*"
	[ $((t1 - t0)) -lt $((limit * 1000)) ]
}

within 10 owned
ns_up

t_list()
{
	iavfctl list
	expect "number of VFs" 2 "$(iavfctl -j list | jq '.vfs | length')"
	expect state ready "$(iavfctl -j show "$P1" | jq -r '.vfs[0].state')"
	iavfctl show "$P1"
	not iavfctl show 0000:ff:1f.7
}
t_unprivileged() { setpriv --reuid 65534 --regid 65534 --clear-groups iavfctl list; }

# COUNT pings at 10 ms while COMMAND happens every 2 s
pings_while()
{
	local count=$1 log before
	shift
	log=$(mktemp)
	before=$(echo_replies 10.9.0.2)
	$N1 ping -q -c "$count" -i 0.01 10.9.0.2 >"$log" &
	local ping=$!
	while kill -0 $ping 2>/dev/null; do
		"$@"
		sleep 2
	done
	wait $ping || true
	cat "$log"
	grep -q "$count packets transmitted" "$log"
	within 5 replies_reach 10.9.0.2 $((before + count))
}

kill_daemon() { kill -9 "$(daemon_pid)"; }
t_kill()
{
	local before after
	before=$(daemon_pid)
	within 5 owned
	mark kill
	pings_while 1500 kill_daemon
	within 10 owned
	sleep 1
	after=$(daemon_pid)
	[ "$before" != "$after" ]
	no_messages kill
}
t_restart()
{
	mark restart
	pings_while 1500 systemctl restart iavfd
	within 10 owned
	sleep 1
	no_messages restart
}
# TCP at a quarter of what the link carried; the interfaces' carriers never change
t_kill_iperf()
{
	local full rate ch0 ch1 out
	full=$(iperf -t 3 | jq '.end.sum_received.bits_per_second | floor')
	rate=$((full / 4))
	echo "link $full bit/s, held at $rate"
	ch0=$($N1 cat "/sys/class/net/$D1/carrier_changes")
	mark iperf
	iperf_server
	timeout 60 $N1 iperf3 -c 10.9.0.2 -J -t 10 -b $rate >/tmp/iperf.json &
	local p=$!
	sleep 1
	while kill -0 $p 2>/dev/null; do
		kill_daemon
		sleep 1.5
	done
	wait $p
	ch1=$($N1 cat "/sys/class/net/$D1/carrier_changes")
	jq -c '.end.sum_sent | {bits_per_second, retransmits}' /tmp/iperf.json
	jq -e --argjson r $rate '.end.sum_received.bits_per_second > $r * 0.9' /tmp/iperf.json
	expect "carrier changes" "$ch0" "$ch1"
	within 10 owned
	sleep 0.5
	no_messages iperf
}

# what changed while nobody was there is sent by the next daemon, and nothing else
t_changed_meanwhile()
{
	ip -n n1 link add link "$D1" name v200 type vlan id 200
	within 5 vlans_are 0 '[200]'
	sleep 0.5
	systemctl stop iavfd
	mark changed
	ip -n n1 link add link "$D1" name v201 type vlan id 201
	ip -n n1 link add link "$D1" name v202 type vlan id 202
	ip -n n1 link del v200
	ip -n n1 link set "$D1" allmulticast on
	$N2 ip maddr add 01:00:5e:01:02:03 dev "$D2"
	systemctl start iavfd
	within 10 owned
	within 5 vlans_are 0 '[201,202]'
	within 5 sh -c "avfsimctl show 0 | jq -e .multicast_promisc"
	sleep 1
	expect difference "ADD_ETH_ADDR ADD_VLAN_V2 CONFIG_PROMISCUOUS_MODE DEL_VLAN_V2" "$(since changed | sort | xargs)"
	ip -n n1 link del v201
	ip -n n1 link del v202
	ip -n n1 link set "$D1" allmulticast off
	$N2 ip maddr del 01:00:5e:01:02:03 dev "$D2"
	within 5 vlans_are 0 '[]'
}

carrier_changes() { $N1 cat "/sys/class/net/$D1/carrier_changes"; }
# carrier_is 0|1
carrier_is() { [ "$($N1 cat "/sys/class/net/$D1/carrier")" = "$1" ]; }

# A reset that is over soon does not show in the carrier, so the stack keeps its neighbours. On a host that is
# busy one may last; not three.
t_reset_unseen()
{
	local before i
	for i in 1 2 3; do
		before=$(carrier_changes)
		ping_all 5 0.01
		avfsimctl reset 0 silent
		within 10 $N1 ping -c 1 -W 1 10.9.0.2
		[ "$(carrier_changes)" != "$before" ] || return 0
	done
	return 1
}

# Each pause has its clock: what is left of that of the first must not end the second, which is longer than that
# and shorter than a whole one.
t_reset_twice()
{
	local before i
	for i in 1 2 3; do
		before=$(carrier_changes)
		avfsimctl reset 0 silent
		sleep 0.4
		avfsimctl fault add delay=600 vf=0 dir=request op=CONFIG_VSI_QUEUES
		avfsimctl reset 0 silent
		within 10 $N1 ping -c 1 -W 1 10.9.0.2
		avfsimctl fault clear
		[ "$(carrier_changes)" != "$before" ] || return 0
	done
	return 1
}

# t_reset_at start|master: a reset that begins while the driver starts its mailbox after another one
t_reset_at()
{
	local before since
	before=$(resets)
	since=$(date +%s)
	avfsimctl reset 0 "at-$1"
	avfsimctl reset 0 silent
	within 20 $N1 ping -c 1 -W 1 10.9.0.2
	[ "$(resets)" -gt "$before" ]
	avfsimctl show 0 | jq -e ".reset_at_$1 == false"
	expect violations 0 "$(avfsimctl errors | jq .violations)"
	not journalctl -u iavfd --since "@$since" --grep "does not come back" -q
}

# a reset with nobody there: the next daemon brings the VF back with everything on it
t_reset_while_dead()
{
	ip -n n1 link add link "$D1" name v300 type vlan id 300
	within 5 vlans_are 0 '[300]'
	systemctl stop iavfd
	avfsimctl reset 0 silent
	within 10 carrier_is 0
	systemctl start iavfd
	within 10 carrier_is 1
	within 10 $N1 ping -c 1 -W 1 10.9.0.2
	within 5 vlans_are 0 '[300]'
	ip -n n1 link del v300
	ping_all 50 0.01
}

# the PF's verdict is the user's
t_mac_refused()
{
	avfsimctl trust 0 off
	avfsimctl mac 0 02:00:00:00:aa:01
	within 10 $N1 ping -c 1 -W 1 10.9.0.2
	not ip -n n1 link set "$D1" address 02:00:00:00:aa:02
	iavfctl -j show "$P1" | jq -e '.vfs[0].last_error.message | length > 0'
	avfsimctl trust 0 on
	within 10 $N1 ping -c 1 -W 1 10.9.0.2
	ip -n n1 link set "$D1" address 02:00:00:00:aa:02
}
t_open_refused()
{
	ip -n n1 link set "$D1" down
	avfsimctl fault add refuse=-5 vf=0 dir=request op=CONFIG_VSI_QUEUES
	not ip -n n1 link set "$D1" up
	avfsimctl fault clear
	ip -n n1 link set "$D1" up
	ip -n n1 addr replace fd09::1/64 dev "$D1" nodad
	within 10 $N1 ping -c 1 -W 1 10.9.0.2
}

# one lost reply of each kind does not stop the way up
t_lost_replies()
{
	local op
	for op in ADD_ETH_ADDR CONFIG_VSI_QUEUES ENABLE_QUEUES; do
		ip -n n1 link set "$D1" down
		avfsimctl fault add drop vf=0 dir=reply op=$op
		ip -n n1 link set "$D1" up || true
		within 15 $N1 ping -c 1 -W 1 10.9.0.2
		avfsimctl fault clear
	done
}

rx_ring() { $N1 ethtool -g "$D1" | awk '/^RX:/ { n = $2 } END { print n }'; }
# a daemon that does not answer is asked before the queues are stopped, so nothing is
t_change_stopped()
{
	kill -STOP "$(daemon_pid)"
	took 4 refused_change
	expect ring 512 "$(rx_ring)"
	ping_all 20 0.01
	unresponsive
	kill -CONT "$(daemon_pid)"
	# it says that it is back without being asked
	within 5 responsive
	within 10 $N1 ethtool -G "$D1" rx 1024
	$N1 ethtool -G "$D1" rx 512
	ping_all 20 0.01
}
responsive() { iavfctl -j show "$P1" | jq -e '.vfs[0].unresponsive | not'; }
unresponsive() { iavfctl -j show "$P1" | jq -e '.vfs[0].unresponsive'; }
refused_change() { ! $N1 ethtool -G "$D1" rx 1024; }
# one that is being restarted is waited for
t_change_between()
{
	local n
	for n in 1024 256 512; do
		kill_daemon
		$N1 ethtool -G "$D1" rx $n
		expect ring $n "$(rx_ring)"
		within 10 owned
	done
	ping_all 20 0.01
}

# down LABEL: the interface goes down within its clock whatever the daemon does
down_and_up()
{
	took 2 ip -n n1 link set "$D1" down
	avfsimctl show 0 | jq -e 'all(.queues[]; (.rx_enabled or .tx_enabled) | not)'
}
t_down_stopped()
{
	kill -STOP "$(daemon_pid)"
	down_and_up
	took 2 ip -n n1 link set "$D1" up
	kill -CONT "$(daemon_pid)"
	within 15 $N1 ping -c 1 -W 1 10.9.0.2
	within 5 responsive
}
t_down_dead()
{
	systemctl stop iavfd
	down_and_up
	took 4 ip -n n1 link set "$D1" up
	systemctl start iavfd
	within 15 $N1 ping -c 1 -W 1 10.9.0.2
}
# the PF neither confirms the stop nor carries out the reset: bus mastering is cut before rings are freed
t_down_ignored()
{
	local before
	before=$(iavfctl -j show "$P1" | jq '.vfs[0].counters.unproven_stops')
	systemctl stop iavfd
	avfsimctl fault add drop vf=0 dir=request op=DISABLE_QUEUES count=always
	avfsimctl fault add ignore-reset vf=0 count=always
	took 3 ip -n n1 link set "$D1" down
	[ "$(iavfctl -j show "$P1" | jq '.vfs[0].counters.unproven_stops')" -gt "$before" ]
	# traffic towards it hits nothing that was freed
	$N2 ping -q -c 20 -i 0.01 -W 1 10.9.0.1 || true
	avfsimctl fault clear
	systemctl start iavfd
	within 10 owned
	took 8 ip -n n1 link set "$D1" up
	within 20 $N1 ping -c 1 -W 1 10.9.0.2
}

reload()
{
	took 5 rmmod iavf
	modprobe iavf
}
again()
{
	ns_again
	ping_all 20 0.01
	ip netns del n1
	ip netns del n2
	sleep 0.5
}
t_rmmod_attached() { reload; again; }
t_rmmod_stopped()
{
	kill -STOP "$(daemon_pid)"
	reload
	sleep 1
	kill -CONT "$(daemon_pid)"
	again
}
t_rmmod_dead()
{
	systemctl stop iavfd
	reload
	sleep 1
	systemctl start iavfd
	again
}

run_case list t_list
run_case unprivileged t_unprivileged
run_case kill t_kill
run_case restart t_restart
run_case kill-iperf t_kill_iperf
# rows: X31 X32
run_case changed-meanwhile t_changed_meanwhile
run_case reset-unseen t_reset_unseen
run_case reset-twice t_reset_twice
run_case reset-at-start t_reset_at start
run_case reset-at-master t_reset_at master
run_case reset-while-dead t_reset_while_dead
# rows: S15 S74 X33
run_case mac-refused t_mac_refused
run_case open-refused t_open_refused
run_case lost-replies t_lost_replies
run_case no-watchdog no_watchdog
run_case change-stopped t_change_stopped
run_case change-between t_change_between
run_case down-stopped t_down_stopped
run_case down-dead t_down_dead
run_case down-ignored t_down_ignored
# rows: S22
run_case rmmod-attached t_rmmod_attached
run_case rmmod-stopped t_rmmod_stopped
run_case rmmod-dead t_rmmod_dead
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
run_case no-violations t_no_violations
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The life of the daemon, and what the data path makes of its deaths: policies for its absence, deaths and stops at its fault
# points, other owners, the descriptor in other hands, and a torture of kill -9 under traffic. Run by tests/system/kills.
# KILL_SECONDS of torture, after as many without kills; POINTS: how many fault points, 0 for all; SEED
. "$(dirname "$0")/lib.sh"
SEED=${SEED:-$RANDOM}
SECONDS_EACH=${KILL_SECONDS:-12}
POINTS=${POINTS:-4}
IAVFD=/usr/sbin/iavfd
FAULTS=/run/iavfd-faults
CONF=/run/systemd/system/iavfd.service.d

daemon_pid() { systemctl show -P MainPID iavfd; }
vf_field() { iavfctl -j show "$P1" | jq -r ".vfs[0].$1"; }
owner_is() { [ "$(vf_field owner_pid)" = "$1" ]; }
nobody_owns() { owner_is null; }
adopted() { owned && owner_is "$(daemon_pid)"; }
absent() { [ "$(vf_field absent)" = true ]; }
present() { [ "$(vf_field absent)" = false ]; }
carrier_is() { [ "$($N1 cat "/sys/class/net/$D1/carrier")" = "$1" ]; }
carrier_changes() { $N1 cat "/sys/class/net/$D1/carrier_changes"; }
pings() { $N1 ping -q -c 1 -W 1 10.9.0.2; }
pf_queues_run() { avfsimctl show 0 | jq -e 'any(.queues[]; .rx_enabled or .tx_enabled)'; }
pf_queues_stopped() { avfsimctl show 0 | jq -e 'all(.queues[]; (.rx_enabled or .tx_enabled) | not)'; }
record_is_set() { sleep 0.3; }
# messages of the first VF since NAME, in order
messages() { avfsimctl transcript since "$1" 0 | jq -r 'select(.dir == "request") | .name' | xargs; }

# policy [POLICY]: the service with that; no watchdog, so that a stopped daemon stays stopped
policy()
{
	systemctl start iavfd
	[ "$(cat /run/policy 2>/dev/null)" != "$1" ] || return 0
	echo "$1" >/run/policy
	mkdir -p $CONF
	cat >$CONF/test.conf <<-END
	[Service]
	WatchdogSec=0
	Environment=IAVFD_FAULTS=$FAULTS
	ReadWritePaths=$FAULTS
	ExecStart=
	ExecStart=$IAVFD --wait --on-absence=$1
	END
	systemctl daemon-reload
	systemctl restart iavfd
	within 20 adopted
	within 10 present
}

# The daemon with fault points in the place of the product's.
test_build()
{
	printf '%256s' ' ' >$FAULTS
	chmod 666 $FAULTS
	cp /share/iavfd-faults $IAVFD.new
	mv $IAVFD.new $IAVFD
	policy hold
}

# Policies

t_hold()
{
	local before
	policy hold
	before=$(carrier_changes)
	expect policy hold "$(vf_field on_absence)"
	mark hold
	systemctl stop iavfd
	within 5 nobody_owns
	sleep 2
	ping_all 20 0.01
	systemctl start iavfd
	within 10 adopted
	expect "carrier changes" "$before" "$(carrier_changes)"
	record_is_set
	no_messages hold
}

# a restart is shorter than the grace time, and shows nowhere
t_isolate()
{
	local before
	policy isolate:4
	expect policy isolate "$(vf_field on_absence)"
	expect grace 4000 "$(vf_field grace_ms)"
	iavfctl show "$P1" | grep "isolate after 4 s"
	before=$(carrier_changes)
	mark isolate
	kill -9 "$(daemon_pid)"
	within 10 adopted
	sleep 1
	expect "carrier changes" "$before" "$(carrier_changes)"
	systemctl stop iavfd
	carrier_is 1
	ping_all 5 0.01
	within 20 carrier_is 0
	absent
	iavfctl show "$P1" | grep "in force"
	iavfctl status | grep "nobody controls it"
	not pings
	# the PF has been told nothing: a link that comes back does so at once
	pf_queues_run
	systemctl start iavfd
	within 10 carrier_is 1
	within 5 present
	within 10 pings
	record_is_set
	no_messages isolate
}

t_down()
{
	policy down:1
	ip -n n1 link add link "$D1" name v7 type vlan id 7
	within 5 vlans_are 0 '[7]'
	record_is_set
	mark down
	systemctl stop iavfd
	within 20 absent
	within 5 pf_queues_stopped
	within 5 carrier_is 0
	expect "the kernel's own" DISABLE_QUEUES "$(messages down)"
	mark up
	systemctl start iavfd
	within 10 carrier_is 1
	within 10 pings
	pf_queues_run
	vlans_are 0 '[7]'
	record_is_set
	expect difference "CONFIG_VSI_QUEUES ENABLE_QUEUES" "$(messages up)"
	ip -n n1 link del v7
}

# down and up by hand, and a reset, while it is down: it stays down until somebody controls it
t_down_stays()
{
	policy down:1
	systemctl stop iavfd
	within 20 absent
	ip -n n1 link set "$D1" down
	ip -n n1 link set "$D1" up
	avfsimctl reset 0 announced
	sleep 1
	carrier_is 0
	pf_queues_stopped
	systemctl start iavfd
	within 10 carrier_is 1
	ip -n n1 addr replace fd09::1/64 dev "$D1" nodad
	within 10 pings
}

# one that opens the session and goes again controls nothing, however often it comes
t_down_crash_loop()
{
	policy down:1
	systemctl stop iavfd
	session.py loop 5 &
	local loop=$!
	within 20 absent
	within 5 pf_queues_stopped
	kill -0 $loop
	wait $loop
	absent
	systemctl start iavfd
	within 10 carrier_is 1
	within 10 pings
}

# A stopped one controls nothing either, once that is known: when somebody asked it in vain.
t_down_stopped()
{
	policy down:1
	kill -STOP "$(daemon_pid)"
	sleep 2
	present
	ping_all 5 0.01
	not $N1 ethtool -G "$D1" rx 1024
	within 20 absent
	within 5 pf_queues_stopped
	kill -CONT "$(daemon_pid)"
	within 10 carrier_is 1
	present
	within 10 pings
}

t_down_rmmod()
{
	policy down:1
	systemctl stop iavfd
	within 20 absent
	rmmod iavf
	modprobe iavf
	systemctl start iavfd
	ns_again
}

# Fault points

# t_points die|stop, on VFs as new: they know what they did, not what cases before left
t_points()
{
	local rc=0 pci
	policy hold
	for pci in $(vf_pci); do
		echo 1 >"/sys/bus/pci/devices/$pci/remove"
	done
	echo 1 >/sys/bus/pci/rescan
	ns_again
	# shellcheck disable=SC2046
	points.py "$1" "$SEED" "$POINTS" "$P1" "$D1" "$D2" $(IAVFD_FAULTS=list $IAVFD) >/tmp/points || rc=$?
	cat /tmp/points
	grep -E '^# (die|stop)' /tmp/points
	[ "$POINTS" != 0 ] || cp /tmp/points "/share/points-$1" || true
	tail -n 1 /tmp/points >>/tmp/said
	return $rc
}
# A reply that is late is nobody's.
t_late_reply()
{
	local mac
	policy hold
	mac=$(cat_address)
	printf 'before-reply-set-mac 1 stop\n%228s' ' ' >$FAULTS
	not ip -n n1 link set "$D1" address 02:0e:0e:0e:0e:01
	iavfctl show "$P1" | grep 'last-error.*ETIMEDOUT'
	kill -CONT "$(daemon_pid)"
	within 10 sh -c "avfsimctl show 0 | jq -e '.macs | index(\"02:0e:0e:0e:0e:01\") | not'"
	expect address "$mac" "$(cat_address)"
	avfsimctl show 0 | jq -e ".macs | index(\"$mac\")"
	ping_all 5 0.01
}
cat_address() { $N1 cat "/sys/class/net/$D1/address"; }

# Owners

# under COMMAND...: it costs neither an echo reply nor a message nor the carrier
under_ping()
{
	local before changes
	policy hold
	before=$(echo_replies 10.9.0.2)
	changes=$(carrier_changes)
	record_is_set
	mark owners
	$N1 ping -q -c 250 -i 0.01 10.9.0.2 >/tmp/owners.ping &
	local ping=$!
	sleep 0.3
	"$@"
	wait $ping || true
	grep -q "250 packets transmitted" /tmp/owners.ping
	within 5 replies_reach 10.9.0.2 $((before + 250))
	expect "carrier changes" "$changes" "$(carrier_changes)"
	record_is_set
	no_messages owners
}
refused()
{
	local rc=0
	timeout 20 $IAVFD --foreground 2>/tmp/err || rc=$?
	expect code 75 $rc
	grep "process $(daemon_pid) owns the session" /tmp/err
	adopted
}
there_and_back()
{
	local pid
	for _ in 1 2; do
		$IAVFD --foreground --force 2>/tmp/err &
		pid=$!
		within 20 owner_is $pid
		kill $pid
		wait $pid
		within 20 adopted
	done
}
t_two_daemons() { under_ping refused; }
t_takeover() { under_ping there_and_back; }

# The session lives as long as the last copy of its descriptor, whoever has it; the status names who opened it.
passed_on()
{
	local opener holder how=$1 first=$2
	rm -f /run/passed
	if [ "$how" = pass ]; then
		session.py receive /run/passed &
		within 10 test -e /run/passed
	fi
	session.py "$how" /run/passed "$first" &
	opener=$!
	wait $opener
	holder=$(pgrep -f "session.py $([ "$how" = pass ] && echo receive || echo "$how")")
	[ -n "$holder" ] && [ "$holder" != $opener ]
	owner_is $opener
	refused_by $opener
	kill -9 "$holder"
	within 20 adopted
}
refused_by()
{
	local rc=0
	timeout 20 $IAVFD --foreground 2>/tmp/err || rc=$?
	expect code 75 $rc
	grep "process $1 owns the session" /tmp/err
}
t_passed_on() { under_ping passed_on pass force; }
t_inherited() { under_ping passed_on inherit force; }

# Torture

# What was lost, by its causes, all VFs together.
drops()
{
	local vf
	for vf in 0 1; do avfsimctl counters $vf; done |
		jq -sc 'map((.hw | with_entries(select(.key | test("dropped|no_|disabled|oversize|rx_in_reset|rx_dma|bus_master|malicious|bad_access")))) +
			(.switch_drops | with_entries(.key |= "switch_" + .)) + { bad_messages: .transport_bad_messages }) |
			map(to_entries) | add | group_by(.key) | map({ (.[0].key): (map(.value) | add) }) | add'
}
lost_since() { jq -nc --argjson a "$1" --argjson b "$(drops)" '$b | with_entries(.value -= $a[.key]) | with_entries(select(.value != 0))'; }
# minutes NAME COMMAND...: ping, TCP and UDP at RATE while it runs; what was lost is left in /tmp/NAME.lost
minutes()
{
	local name=$1 before replies changes monitor ping tcp udp
	shift
	policy hold
	before=$(drops)
	replies=$(echo_replies 10.9.0.2)
	changes=$(carrier_changes)
	within 10 sh -c "! $N2 ss -lntu | grep -qE ':520[12] '"
	$N2 iperf3 -s -1 -D -p 5201 --logfile /dev/null
	$N2 iperf3 -s -1 -D -p 5202 --logfile /dev/null
	within 10 sh -c "$N2 ss -ltn | grep -q :5201 && $N2 ss -ltn | grep -q :5202"
	ip -n n1 monitor link >/tmp/$name.link &
	monitor=$!
	record_is_set
	mark "$name"
	$N1 ping -q -i 0.02 -c $((SECONDS_EACH * 40)) -w $((SECONDS_EACH + 10)) 10.9.0.2 >/tmp/$name.ping &
	ping=$!
	$N1 iperf3 -c 10.9.0.2 -p 5201 -J -t $((SECONDS_EACH + 2)) -b "$RATE" >/tmp/$name.tcp &
	tcp=$!
	$N1 iperf3 -c 10.9.0.2 -p 5202 -u -J -t $((SECONDS_EACH + 2)) -b "$RATE" >/tmp/$name.udp &
	udp=$!
	"$@"
	wait $tcp
	wait $udp
	kill -INT $ping 2>/dev/null || true
	wait $ping || true
	kill $monitor
	lost_since "$before" >/tmp/$name.lost
	echo "lost: $(cat /tmp/$name.lost)"
	tail -n 2 /tmp/$name.ping
	jq -c '.end | {tcp: .sum_received.bits_per_second, retransmits: .sum_sent.retransmits}' /tmp/$name.tcp
	jq -c '.end.sum | {udp: .bits_per_second, lost_packets}' /tmp/$name.udp
	expect "carrier changes" "$changes" "$(carrier_changes)"
	expect "link messages" "" "$(cat /tmp/$name.link)"
	# each echo request that was sent has its answer
	within 5 replies_reach 10.9.0.2 $((replies + $(sed -n 's/ packets transmitted.*//p' /tmp/$name.ping)))
	no_messages "$name"
}
t_carried()
{
	local full
	# a vCPU that is kept waiting by a busy host is no reason to lose anything
	$N1 ethtool -G "$D1" rx 4096
	$N2 ethtool -G "$D2" rx 4096
	full=$(iperf -t 3 | jq '.end.sum_received.bits_per_second | floor')
	echo $((full / 8)) >/tmp/rate
	echo "# the link carried $full bit/s; TCP and UDP get an eighth each" | tee /tmp/said
}
t_quiet_minutes() { minutes quiet sleep "$SECONDS_EACH"; echo "# lost without kills: $(cat /tmp/quiet.lost)" | tee -a /tmp/said; }
kill_now_and_then() { kills.py "$SECONDS_EACH" "$SEED" | tee -a /tmp/said; }
t_kill_minutes()
{
	minutes kills kill_now_and_then
	echo "# lost with kills: $(cat /tmp/kills.lost)" | tee -a /tmp/said
	expect "lost by the device's counters" "{}" "$(cat /tmp/kills.lost)"
}

echo "# SEED=$SEED KILL_SECONDS=$SECONDS_EACH POINTS=$POINTS"
within 10 owned
ns_up
test_build >/tmp/test-build.log 2>&1 || { cat /tmp/test-build.log; die "no daemon with fault points"; }
run_case hold t_hold
run_case isolate t_isolate
run_case down t_down
run_case down-stays t_down_stays
run_case down-crash-loop t_down_crash_loop
run_case down-stopped t_down_stopped
run_case down-rmmod t_down_rmmod
find_vfs
run_case late-reply t_late_reply
run_case points-die t_points die
run_case points-stop t_points stop
run_case two-daemons t_two_daemons
run_case takeover t_takeover
run_case passed-on t_passed_on
run_case inherited t_inherited
run_case carried t_carried
RATE=$(cat /tmp/rate 2>/dev/null || echo 2M)
run_case quiet-minutes t_quiet_minutes
run_case kill-minutes t_kill_minutes
cat /tmp/said 2>/dev/null
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
run_case no-violations t_no_violations
finish

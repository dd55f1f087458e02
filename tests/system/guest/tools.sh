#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an administrator looks with: trace, doctor, report, metrics, log-level, on a machine with VFs.
. "$(dirname "$0")/lib.sh"

NOBODY="setpriv --reuid 65534 --regid 65534 --clear-groups"
LOG_CONTROL="org.iavfd1 /org/freedesktop/LogControl1"
ready() { iavfctl -j list | jq -e '(.vfs | length) == 2 and all(.vfs[]; .state == "ready" and .owner_pid != null)'; }
on_bus() { busctl status org.iavfd1; }
daemon_pid() { systemctl show -P MainPID iavfd; }
code() { local rc=0; "$@" >/dev/null 2>&1 || rc=$?; echo $rc; }
generation() { iavfctl -j show "$P1" | jq '.vfs[0].generation'; }
# a trace in the background, to a file, which listens when this returns
start_trace()
{
	TRACED=$(mktemp)
	iavfctl "$@" >"$TRACED" 2>&1 &
	TRACING=$!
	# as long as nobody is in the group, the question for statistics is not seen
	within 10 traced_something
}
traced_something() { ethtool -S "$D1" >/dev/null; [ -s "$TRACED" ]; }
stop_trace() { kill "$TRACING" 2>/dev/null; wait "$TRACING" 2>/dev/null || true; cat "$TRACED"; }
has() { grep -qE -- "$1" "$TRACED"; }
has_line() { jq -se "any(.[]; $1)" "$TRACED"; }

find_vfs

t_trace_text()
{
	start_trace trace "$P1"
	ip link set "$D1" address 02:00:00:00:77:01
	within 5 has "$P1 g[0-9]+ -> ADD_ETH_ADDR vsi [0-9]+, type primary, macs 02:00:00:00:77:01"
	within 5 has "$P1 g[0-9]+ <- ADD_ETH_ADDR$"
	ip link add link "$D1" name v5 type vlan id 5
	within 5 has "-> ADD_VLAN_V2 vsi [0-9]+, vlans 0x8100/5"
	ip link del v5
	within 5 has "-> DEL_VLAN_V2 vsi [0-9]+, vlans 0x8100/5"
	ip link set "$D2" address 02:00:00:00:77:02
	stop_trace
	not has 77:02
	not has 'no sense'
}

t_trace_reset()
{
	local before
	before=$(generation)
	start_trace -j trace
	avfsimctl reset 0 announced
	# (the PF's announcement itself is gone with the mailbox before anybody can read it)
	within 10 has_line ".name == \"GET_VF_RESOURCES\" and .pci == \"$P1\" and .direction == \"received\" and .generation == $((before + 1)) and .fields.queues > 0"
	within 10 has_line '.name == "CONFIG_VSI_QUEUES" and .direction == "sent"'
	within 10 has_line '.name == "ENABLE_QUEUES" and .direction == "received" and .status == 0'
	avfsimctl link 0 down
	within 10 has_line '.fields.event == "link-change" and .fields.link == "down"'
	avfsimctl link 0 up
	within 10 has_line '.fields.event == "link-change" and .fields.link == "up"'
	stop_trace >/dev/null
	# all of it could be read
	jq -se 'all(.[]; .schema == "iavfctl/1" and .event == "message" and .fields != null)' "$TRACED"
}

t_trace_refusal()
{
	avfsimctl trust 0 off
	avfsimctl mac 0 02:00:00:00:aa:01
	within 10 sh -c "iavfctl -j show $P1 | jq -e '.vfs[0].mac == \"02:00:00:00:aa:01\"'"
	iavfctl wait "$P1"
	start_trace trace
	not ip link set "$D1" address 02:00:00:00:99:99
	within 5 has "$P1 g[0-9]+ <- ADD_ETH_ADDR [A-Z_]+ \(-[0-9]+\)"
	stop_trace
	avfsimctl trust 0 on
	iavfctl wait "$P1"
}

t_trace_pcapng()
{
	rm -f /tmp/x.pcapng
	iavfctl trace -c 20 -w /tmp/x.pcapng &
	local pid=$!
	within 20 sh -c "[ -s /tmp/x.pcapng ]"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do ethtool -S "$D1" >/dev/null; ethtool -S "$D2" >/dev/null; done
	wait $pid
	expect magic "0a0d0d0a" "$(od -A n -t x4 -N 4 /tmp/x.pcapng | tr -d ' ')"
	grep -q "GET_STATS vsi" /tmp/x.pcapng
	expect "to stdout" "0a0d0d0a" "$( (traced_twice &) ; iavfctl trace -c 1 -w - | od -A n -t x4 -N 4 | tr -d ' ')"
}
traced_twice() { for _ in $(seq 50); do ethtool -S "$D1" >/dev/null; sleep 0.1; done; }

t_trace_module_again()
{
	systemctl stop iavfd
	iavfctl trace >/tmp/again 2>&1 &
	local pid=$!
	sleep 1
	modprobe -r iavf
	modprobe -r iavf_session
	modprobe iavf
	systemctl start iavfd
	within 20 ready
	find_vfs
	within 10 sh -c "ethtool -S $D1 >/dev/null; grep -q 'GET_STATS' /tmp/again"
	kill $pid
	grep -q 'messages were lost here' /tmp/again
}

t_trace_permission()
{
	expect nobody 3 "$(code $NOBODY iavfctl trace)"
	$NOBODY iavfctl trace 2>&1 | grep -q 'CAP_NET_ADMIN'
	expect "no such VF" 4 "$(code iavfctl trace nothing)"
}

t_log_level()
{
	expect info info "$($NOBODY iavfctl log-level)"
	iavfctl log-level debug
	expect debug debug "$(iavfctl log-level)"
	expect systemd debug "$(systemctl service-log-level iavfd)"
	journalctl -q --no-pager -u iavfd | grep -q 'log level is debug'
	systemctl service-log-level iavfd notice
	expect notice notice "$(iavfctl -j log-level | jq -r .log_level)"
	iavfctl log-level info
	expect nonsense 2 "$(code iavfctl log-level loud)"
	expect nobody 3 "$(code $NOBODY iavfctl log-level debug)"
	expect "nobody by busctl" 1 "$(code $NOBODY busctl set-property $LOG_CONTROL org.freedesktop.LogControl1 LogLevel s debug)"
	expect info info "$(iavfctl log-level)"
	# the bus may still come and go, and the service does not wait for it
	expect type notify "$(systemctl show -P Type iavfd)"
	not sh -c "systemctl show -P After -P Wants -P Requires iavfd | grep dbus"
}

t_doctor()
{
	iavfctl doctor | tee /tmp/doctor
	grep -qE '^ok +modules +iavf and iavf_session of this driver are loaded' /tmp/doctor
	grep -qE '^ok +daemon ' /tmp/doctor
	grep -qE "^ok +vf +$P1" /tmp/doctor
	grep -qE '^ok +limits' /tmp/doctor
	grep -q '^0 problems' /tmp/doctor
	expect nobody 0 "$(code $NOBODY iavfctl doctor)"
	iavfctl -j doctor | jq -e '.problems == 0 and (.doctor | length) > 8'
}

t_doctor_finds()
{
	avfsimctl fault add refuse=-5 vf=0 dir=request op=ADD_VLAN_V2 count=always
	ip link add link "$D1" name v77 type vlan id 77
	within 10 sh -c "iavfctl doctor | grep -q 'warning  *vf  *$P1 is degraded: .*VLAN'"
	iavfctl doctor | grep -A 1 'is degraded' | grep -q -- '-> '
	avfsimctl fault clear
	ip link del v77
	within 10 sh -c "! iavfctl doctor | grep -q degraded"
	systemctl kill -s STOP iavfd
	# the first call that is not answered finds out
	not ip link set "$D1" address 02:00:00:00:78:01
	expect "it hangs" 1 "$(code iavfctl doctor)"
	iavfctl doctor | grep -q 'problem  daemon .*does not answer the kernel'
	systemctl kill -s CONT iavfd
	within 10 ready
	systemctl stop iavfd
	expect "it is away" 1 "$(code iavfctl doctor)"
	iavfctl doctor | grep -A 1 'iavfd does not run' | grep -q 'systemctl start iavfd'
	systemctl start iavfd
	within 10 on_bus
}

t_metrics()
{
	iavfctl metrics >/tmp/metrics
	grep -q '^iavf_daemon_up 1$' /tmp/metrics
	grep -q "^iavf_vf_ready{pciAddr=\"$P1\",pf=\"\",vf=\"\"} 1$" /tmp/metrics
	expect resets "$(iavfctl -j show "$P1" | jq '.vfs[0].counters.resets')" \
		"$(sed -n "s/^iavf_vf_resets_total{pciAddr=\"$P1\",.*} //p" /tmp/metrics)"
	not $NOBODY iavfctl metrics -o /nothing.prom
	$NOBODY iavfctl metrics -o - | grep -q iavf_vf_negotiations_total
	iavfctl metrics -o /tmp/dir.prom
	cmp <(grep -c . /tmp/dir.prom) <(grep -c . /tmp/metrics)
	systemctl stop iavfd
	iavfctl metrics | grep -q '^iavf_daemon_up 0$'
	systemctl start iavfd
	within 10 on_bus
}

t_report()
{
	local key
	key=$(ethtool -x "$D1" | sed -n '/hash key/{n;p}')
	iavfctl report -o /tmp/report
	expect mode 600 "$(stat -c %a /tmp/report)"
	for section in 'iavfctl version' 'iavfctl doctor' 'iavfctl -j list' "ethtool -S $D1" "ethtool -x $D2" 'dmesg, lines about iavf'; do
		grep -qxF "== $section" /tmp/report || die "no $section"
	done
	grep -q 'iavfd\[[0-9]*\]: ' /tmp/report
	grep -q 'driver: iavf' /tmp/report
	[ -z "$key" ] || not grep -qF "$key" /tmp/report
	wc /tmp/report
	# as nobody, with what nobody may see
	$NOBODY iavfctl report -o - | grep -q '^== iavfctl status'
}

within 20 ready
within 10 on_bus
for dev in "$D1" "$D2"; do ip link set "$dev" up; done
iavfctl wait --for carrier "$P1"
for t in trace_text trace_reset trace_refusal trace_pcapng trace_permission log_level doctor doctor_finds metrics report trace_module_again; do
	run_case tools/$t t_$t
done
run_case tools/kernel_clean kernel_clean
run_case tools/no_errors t_no_errors
run_case tools/no_violations t_no_violations
finish

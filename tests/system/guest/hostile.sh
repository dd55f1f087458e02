#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A PF and a device that lie, under traffic: nothing breaks, nothing floods, and the truth afterwards is enough.
# HOSTILE_SECONDS=N HOSTILE_SEED=n: behind the cases random lies for so long (tests/system/hostile on the host).
. "$(dirname "$0")/lib.sh"

HOSTILE_SECONDS=${HOSTILE_SECONDS:-0} HOSTILE_SEED=${HOSTILE_SEED:-1}

ms() { echo $(($(date +%s%N) / 1000000)); }
# ends LIMIT_S COMMAND...: whatever comes of it; bounded by the design's clocks, with room for an emulated CPU
ends()
{
	local limit=$1 t0 t1 rc=0
	shift
	t0=$(ms)
	"$@" || rc=$?
	t1=$(ms)
	echo "$((t1 - t0)) ms: $* ($rc)"
	[ $((t1 - t0)) -lt $((limit * 1000)) ]
}
stat() { $N1 ethtool -S "$D1" | awk -v name="$1:" '$1 == name { print $2 }'; }
show() { iavfctl -j show "$P1" | jq -r ".vfs[0].$1"; }
# "ready", or a phase and why: the daemon's word
status() { iavfctl -j status "$P1" | jq -r '.vfs[0] | "\(.phase) \(.reason // "")"'; }
hits() { avfsimctl fault list | jq 'map(.hits) | max'; }
told() { [ "$(hits)" -gt 0 ]; }
# by each transmit queue
one_ping()
{
	local cpu
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		$N1 taskset -c "$cpu" ping -c 1 -W 1 10.9.0.2 || return 1
	done
}
log_lines() { echo $(($(dmesg | wc -l) + $(journalctl -q -u iavfd -o cat | wc -l))); }

# Both directions, small frames and full ones, however many are lost.
traffic_on()
{
	$N1 ping -q -i 0.005 -s 100 10.9.0.2 >/dev/null 2>&1 & T1=$!
	$N2 ping -q -i 0.005 -s 1400 10.9.0.1 >/dev/null 2>&1 & T2=$!
	$N1 ping -q -i 0.01 -s "${BIG:-1000}" fd09::2 >/dev/null 2>&1 & T3=$!
}
traffic_off()
{
	kill -INT "$T1" "$T2" "$T3" 2>/dev/null || true
	wait "$T1" "$T2" "$T3" 2>/dev/null || true
}

# What is asked for meanwhile, so that there are messages; it may fail, but ends.
ask()
{
	local vid=$((100 + $1 % 50))
	ends 12 ip -n n1 link add link "$D1" name "vh$vid" type vlan id $vid
	ends 12 ip -n n1 link set "$D1" mtu $((1400 + $1 % 5 * 20))
	ends 12 $N1 ethtool -K "$D1" rxvlan off
	ends 12 $N1 ethtool -K "$D1" rxvlan on
	ends 12 ip -n n1 link del "vh$vid"
	poke
}
poke() { ends 3 $N1 ethtool -S "$D1" | tail -n 1; }

# The truth again: by itself, or after a reset of the PF. How is in $CAME_BACK.
back()
{
	local i
	CAME_BACK=itself
	avfsimctl fault clear
	for i in $(seq "${PATIENCE:-3}"); do
		! one_ping >/dev/null || return 0
	done
	echo "state $(show state), $(status), last error $(show last_error.message)"
	CAME_BACK=reset
	avfsimctl reset 0 announced
	within 20 one_ping
}

# the kernel's log and the daemon's grow by a few lines a second at most
quiet_since() { # LINES MS
	local lines=$(($(log_lines) - $1)) seconds=$((($(ms) - $2) / 1000))
	echo "$lines lines in $seconds s"
	[ $lines -le $((60 + 12 * seconds)) ] || { dmesg | tail -n 30; journalctl -q -u iavfd -o cat | tail -n 10; return 1; }
}

# lies SECONDS|ask|poke RULE...: under traffic; each is told; then the truth
lies()
{
	local how=$1 rule lines t0 i
	shift
	traffic_on
	lines=$(log_lines) t0=$(ms)
	for rule in "$@"; do
		# shellcheck disable=SC2086
		avfsimctl fault add $rule >/dev/null
	done
	case $how in
	ask) ask $RANDOM ;;
	poke)
		for i in $(seq 6); do
			poke
			sleep 0.2
		done
		;;
	*) sleep "$how" ;;
	esac
	avfsimctl fault list | jq -r '.[] | "\(.hits) \(.rule)"'
	told
	back
	traffic_off
	echo "came back by $CAME_BACK; $(show counters.resets) resets so far"
	quiet_since "$lines" "$t0"
	ping_all 20 0.01
}
itself() { expect "came back by" itself "$CAME_BACK"; }
more() { local now; now=$(stat "$1"); echo "$1 $now"; [ "$now" -gt "$2" ]; } # COUNTER BEFORE

within 10 owned
ns_up

t_rx_fields()
{
	local length device
	length=$(stat rx_length_errors) device=$(stat rx_device_errors)
	lies 1 "rx=length:random vf=0 count=always prob=20 seed=1" "rx=length:0 vf=0 count=always prob=10 seed=2" \
		"rx=length:16383 vf=0 count=always prob=10 seed=3" "rx=ptype:random vf=0 count=always prob=20 seed=4" \
		"rx=errors:random vf=0 count=always prob=20 seed=5" "rx=bits:random vf=0 count=always prob=20 seed=6" \
		"rx=tags:random vf=0 count=always prob=20 seed=7" "rx=garbage vf=0 count=always prob=20 seed=8"
	itself
	more rx_length_errors "$length"
	more rx_device_errors "$device"
}
t_rx_chains()
{
	local long
	long=$(stat rx_too_long)
	lies 1 "rx=chain:64 vf=0 count=always prob=30 seed=1" "rx=no-eof vf=0 count=always prob=30 seed=2"
	itself
	more rx_too_long "$long"
	lies 1 "rx=no-eof vf=0 count=always"
	itself
}
# what comes out of order or not at all cannot be told from a link without traffic
t_rx_order()
{
	lies 1 "rx=twice vf=0 count=always prob=20 seed=1" "rx=ahead:8 vf=0 count=always prob=20 seed=2"
	lies 1 "rx=never vf=0 count=always prob=20 seed=3"
	lies 1 "rx=deaf vf=0 count=always"
	itself
}
t_tx_completions()
{
	lies 1 "tx=twice vf=0 count=always prob=20 seed=1" "tx=ahead:16 vf=0 count=always prob=20 seed=2" \
		"tx=garbage:8 vf=0 count=always prob=20 seed=3" "doorbell=lost vf=0 count=always prob=20 seed=4"
	itself
}
# forgotten frames: the driver notices, says so, and asks for a reset by itself
t_tx_never()
{
	local before
	before=$(show counters.resets)
	PATIENCE=15 lies 6 "tx=never vf=0 count=always"
	itself
	[ "$(show counters.resets)" -gt "$before" ]
	grep -q "do not move" <<<"$(show last_error.message)"
}
t_irq_lost() { PATIENCE=12 lies 1 "irq=lost vf=0 count=always prob=50 seed=1"; }

# so many little programs, in ms
chores()
{
	local t0 i
	t0=$(ms)
	for i in $(seq 60); do /bin/true; done
	echo $(($(ms) - t0))
}
t_storm()
{
	local calm busy lines t0
	traffic_on
	calm=$(chores)
	lines=$(log_lines) t0=$(ms)
	avfsimctl fault add storm=20000 vf=0 count=always >/dev/null
	avfsimctl fault add read=icr0:random vf=0 count=always >/dev/null
	busy=$(chores)
	echo "chores: $calm ms, in the storm $busy ms, $(avfsimctl counters 0 | jq .hw.irqs_storm) interrupts"
	[ "$busy" -lt $((calm * 15 + 2000)) ]
	ping_all 20 0.01
	ends 4 ip -n n1 link set "$D1" down
	ends 8 ip -n n1 link set "$D1" up
	ip -n n1 addr replace fd09::1/64 dev "$D1" nodad
	within 10 one_ping
	back
	itself
	traffic_off
	quiet_since "$lines" "$t0"
}

t_mailbox_descriptors()
{
	local bad
	bad=$(stat mbx_malformed)
	lies ask "arq=datalen:65535 vf=0 skip=1" "arq=flags:random vf=0 count=3 skip=2 prob=50 seed=2" "arq=opcode:random vf=0 skip=4" \
		"arq=cookie:random vf=0 count=2 prob=30 seed=4" "arq=address:random vf=0 count=always prob=30 seed=5" \
		"arq=empty vf=0 skip=8" "arq=garbage vf=0 skip=9 prob=50 seed=7" "read=arqh:random vf=0 count=always prob=40 seed=8" \
		"read=atqh:random vf=0 count=always prob=40 seed=9"
	more mbx_malformed "$bad"
}
t_mailbox_messages()
{
	lies ask "mutate vf=0 count=always prob=30 seed=1" "length=4096 vf=0 count=3 prob=30 seed=2" "length=0 vf=0 count=3 prob=30 seed=3" \
		"opcode=8 vf=0 prob=30 seed=4" "duplicate vf=0 count=always prob=30 seed=5" "delay=300 vf=0 count=5 prob=30 seed=6"
}
# nobody asked: link events up and down, answers of every kind, a reset that does not come
t_unasked()
{
	local lines t0 i
	traffic_on
	lines=$(log_lines) t0=$(ms)
	for i in $(seq 12); do
		avfsimctl message 0 EVENT "hex=01000000a86100000000000000000000" times=10 >/dev/null
		avfsimctl message 0 EVENT "hex=01000000a86100000100000000000000" times=10 >/dev/null
		avfsimctl message 0 $((RANDOM % 200)) status=$((RANDOM % 100 - 50)) random=$((RANDOM % 300)):$i times=20 >/dev/null
	done
	for i in 6 8 9; do avfsimctl message 0 $i >/dev/null; done
	PATIENCE=10 back
	traffic_off
	echo "came back by $CAME_BACK"
	quiet_since "$lines" "$t0"
	within 10 owned
	ping_all 20 0.01
}

t_registers()
{
	local before
	PATIENCE=15 lies poke "read=arqlen:0 vf=0 count=always prob=10 seed=1" "read=rstat:random vf=0 count=always prob=50 seed=3" \
		"read=arqlen:random vf=0 count=always prob=10 seed=4" "read=any:0xffffffff vf=0 count=always prob=2 seed=2"
	# a reset whenever one is over
	before=$(show counters.resets)
	PATIENCE=15 lies 2 "read=arqlen:0 vf=0 count=always"
	[ $(($(show counters.resets) - before)) -lt 25 ]
}

# lied GRANT RULE...: a grant that makes no sense is either refused with a reason, or made the best of
lied()
{
	local rule lines t0
	traffic_on
	lines=$(log_lines) t0=$(ms)
	for rule in "$@"; do
		# shellcheck disable=SC2086
		avfsimctl fault add $rule vf=0 count=always op=GET_VF_RESOURCES >/dev/null
	done
	avfsimctl reset 0 announced
	within 5 told
	sleep 0.3
	echo "$*: state $(show state), $(status)"
	one_ping >/dev/null || [ "$(status)" != "ready " ]
	PATIENCE=15 back
	traffic_off
	quiet_since "$lines" "$t0"
}
t_grants()
{
	lied "set=0:2:0"
	lied "set=2:2:0"
	lied "set=2:2:65535" "set=22:2:65535"
	lied "set=4:2:65535" "set=30:4:0xffffffff"
	lied "set=6:2:1"
	ping_all 20 0.01
}

# while the device lies in everything at once
t_down_and_rmmod()
{
	local rule
	for rule in "rx=garbage prob=50" "tx=garbage prob=50" "arq=garbage prob=30" "storm=5000" "mutate prob=30" "read=any:random prob=1"; do
		# shellcheck disable=SC2086
		avfsimctl fault add $rule vf=0 count=always seed=5 >/dev/null
	done
	traffic_on
	sleep 1
	ends 4 ip -n n1 link set "$D1" down
	ends 12 ip -n n1 link set "$D1" up
	sleep 0.5
	ends 10 rmmod iavf
	traffic_off
	avfsimctl fault clear
	modprobe iavf
	ns_again
	ping_all 20 0.01
}

memory() { awk '/^(Slab|VmallocUsed|Percpu):/ { n += $2 } END { print n }' /proc/meminfo; }
daemon_memory() { awk '/^VmRSS:/ { print $2 }' "/proc/$(systemctl show -P MainPID iavfd)/status"; }

t_memory()
{
	echo "kernel $MEMORY -> $(memory) kB, daemon $DAEMON_MEMORY -> $(daemon_memory) kB"
	[ "$(memory)" -lt $((MEMORY + 16384)) ]
	[ "$(daemon_memory)" -lt $((DAEMON_MEMORY + 4096)) ]
}

# Into variables: in a subshell RANDOM starts anew.
pick() { local -n from=$1; PICKED=${from[RANDOM % ${#from[@]}]}; }
# the next rule, in RULE
random_rule()
{
	local rx=(length:random ptype:random errors:random bits:random tags:random garbage no-eof chain:random twice ahead never deaf)
	local tx=(never twice ahead wrong garbage) arq=(datalen:random flags:random opcode:random cookie:random address:random garbage empty)
	local reg=(rstat arqlen atqlen arqh atqh icr0 any) value=(0 1 2 random random 0xffffffff 0xdeadbeef)
	local change=(mutate mutate=16 length=0 length=16 length=4096 opcode=0 opcode=6 opcode=8 opcode=9 opcode=200 status=0 status=-5 duplicate
		drop delay=100 delay=2000 set=0:2:65535 set=2:2:65535 set=4:4:0 set=8:4:0xffffffff)
	local odd=(irq=lost storm=20000 doorbell=lost) what
	case $((RANDOM % 8)) in
	0 | 1) what=rx= && pick rx ;;
	2) what=tx= && pick tx ;;
	3) what=arq= && pick arq ;;
	4) pick reg && what=read=$PICKED: && pick value ;;
	5 | 6) what= && pick change ;;
	7) what= && pick odd ;;
	esac
	what+=${PICKED/chain:random/chain:$((RANDOM % 600))}
	RULE="$what vf=0 count=always prob=$((1 + RANDOM % 60)) seed=$RANDOM"
}
# Each round prints what it does: the seed and the round's number make it again.
t_random()
{
	local end round=0 rules lines t0
	end=$(($(ms) + HOSTILE_SECONDS * 1000))
	while [ "$(ms)" -lt $end ]; do
		round=$((round + 1))
		RANDOM=$((HOSTILE_SEED * 1000 + round))
		rules=$((1 + RANDOM % 4))
		echo "round $round of seed $HOSTILE_SEED" | tee -a /dev/kmsg
		lines=$(log_lines) t0=$(ms)
		traffic_on
		while [ $((rules--)) -gt 0 ]; do
			random_rule
			echo "  $RULE"
			# shellcheck disable=SC2086
			avfsimctl fault add $RULE >/dev/null
		done
		case $((RANDOM % 4)) in
		0) sleep 2 ;;
		1) ask $round ;;
		2) avfsimctl reset 0 silent && sleep 2 ;;
		3)
			ends 6 ip -n n1 link set "$D1" down
			ends 12 ip -n n1 link set "$D1" up
			;;
		esac
		avfsimctl fault clear
		ip -n n1 link set "$D1" up || true
		ip -n n1 addr replace fd09::1/64 dev "$D1" nodad || true
		PATIENCE=5 back
		traffic_off
		quiet_since "$lines" "$t0"
		within 10 owned
		if [ $round = 5 ]; then
			MEMORY=$(memory) DAEMON_MEMORY=$(daemon_memory)
		fi
	done
	echo "$round rounds"
	[ $round -lt 5 ] || t_memory
}

run_case rx-fields t_rx_fields
MEMORY=$(memory) DAEMON_MEMORY=$(daemon_memory)
run_case rx-chains t_rx_chains
run_case rx-order t_rx_order
run_case tx-completions t_tx_completions
run_case tx-never t_tx_never
run_case irq-lost t_irq_lost
run_case storm t_storm
run_case mailbox-descriptors t_mailbox_descriptors
run_case mailbox-messages t_mailbox_messages
run_case unasked t_unasked
run_case registers t_registers
run_case grants t_grants
run_case memory t_memory
run_case down-and-rmmod t_down_and_rmmod
if [ "$HOSTILE_SECONDS" -gt 0 ]; then
	run_case random t_random
fi
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

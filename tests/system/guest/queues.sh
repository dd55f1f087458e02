#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Channels and rings: which there are, what a user may ask for, and where packets go then. The PF gives each VF 4 pairs and
# 5 vectors, and up to 16 pairs when asked; the in-tree driver asks for none.
. "$(dirname "$0")/lib.sh"

ns_up
split() { [ -n "$(cat /sys/module/iavf/taint)" ]; }
# only_ours NAME COMMAND...
only_ours()
{
	if split; then
		run_case "$@"
	else
		echo "# skip $1"
	fi
}

# channel NAME: rx, tx, other or combined now; most NAME: its maximum
channel() { $N1 ethtool -l "$D1" | awk -v n="${1^}:" 'tolower($1) == tolower(n) { v = $2 } END { print v }'; }
most() { $N1 ethtool -l "$D1" | awk -v n="$1:" 'tolower($1) == n { print $2; exit }'; }
channels() { echo "$(channel combined) $(channel rx) $(channel tx)" | tr -d 'n/a' | xargs; }
channels_are() { [ "$(channels)" = "$*" ]; }
# what the device serves: numbers of the enabled receive and transmit queues, from 0 on
served() { avfsimctl show 0 | jq -r '[.queues[] | select(.rx_enabled)] as $r | [.queues[] | select(.tx_enabled)] as $t | "\($r | length) \($t | length)"'; }
served_are() { [ "$(served)" = "$*" ]; }
last_error() { iavfctl -j show "$P1" | jq -r '.vfs[0].last_error.message // .vfs[0].last_error // ""'; }
reachable() { within 20 $N1 ping -c 1 -W 1 10.9.0.2; }
generation() { iavfctl -j show "$P1" | jq '.vfs[0].generation'; }

# set_to RX TX ARGS...: ethtool -L, and that the device serves so many
set_to()
{
	local rx=$1 tx=$2
	shift 2
	$N1 ethtool -L "$D1" "$@"
	within 10 served_are "$rx" "$tx"
	reachable
}
# refused_by WORD ARGS...: not taken, with a sentence, nothing touched
refused_by()
{
	local word=$1 before
	shift
	before="$(channels) $(generation)"
	mark refused
	if $N1 ethtool -L "$D1" "$@"; then die "taken: $*"; fi
	expect "after a refusal" "$before" "$(channels) $(generation)"
	no_messages refused
	[ -z "$word" ] || [[ $(last_error) == *$word* ]] || die "sentence: $(last_error)"
	reachable
}

t_default()
{
	local cpus
	cpus=$(nproc)
	[ "$cpus" -le 4 ] || cpus=4
	expect "channels" "$cpus" "$(channel combined)"
	expect "other" 1 "$(channel other)"
	if split; then
		expect "maxima" "16 15 15 1" "$(most combined) $(most rx) $(most tx) $(most other)"
		expect "vectors" $((cpus + 1)) "$(iavfctl -j show "$P1" | jq '.vfs[0].vectors')"
	else
		expect "maximum" 4 "$(most combined)"
	fi
	served_are "$cpus" "$cpus"
}

# each CPU has transmit queues of its own, and each vector a CPU; with 16 queues several
spread()
{
	local n=$1 i mask all=0
	for ((i = 0; i < n; i++)); do
		mask=$((16#$($N1 cat "/sys/class/net/$D1/queues/tx-$i/xps_cpus" | tr -d ,)))
		[ $mask -ne 0 ] || die "no CPU for transmit queue $i"
		all=$((all | mask))
	done
	expect "CPUs with a queue" $(((1 << $(nproc)) - 1)) $all
}
hints()
{
	local irq
	for irq in $(sed -n "s/^ *\([0-9]*\):.*iavf-.*-TxRx-.*/\1/p" /proc/interrupts); do
		cat "/proc/irq/$irq/affinity_hint"
	done
}
t_spread()
{
	spread "$(channel combined)"
	expect "vectors with a hint for a CPU of their own" "$(nproc)" "$(hints | sort -u | grep -vc '^[0,]*$')"
}

within_grant()
{
	local n before
	before=$(generation)
	for n in 1 3 4; do
		set_to $n $n combined $n
		channels_are $n 0 0
	done
	expect "generation" "$before" "$(generation)"
}
t_within_grant_intree()
{
	local n
	for n in 1 3 4; do
		$N1 ethtool -L "$D1" combined $n
		within 20 served_are $n $n
		reachable
	done
	! $N1 ethtool -L "$D1" combined 0
	! $N1 ethtool -L "$D1" combined 5
}

t_rules()
{
	refused_by "" combined 17
	refused_by "" combined 0
	refused_by "at least one" combined 0 rx 2 tx 2
	refused_by "set rx or tx to 0" combined 1 rx 1 tx 1
	refused_by "max_combined" combined 16 tx 1
	refused_by "" other 2
}

# landed RX TX: of many flows each way, on all CPUs, all of the first RX receive and TX transmit queues get some, and no other
landed()
{
	local before
	before=$(avfsimctl queue-counts 0)
	$N1 /share/flows.py 10.9.0.2 100
	$N2 /share/flows.py 10.9.0.1 100
	within 10 spread_over "$before" "$1" "$2"
}
spread_over()
{
	jq -en --argjson b "$1" --argjson a "$(avfsimctl queue-counts 0)" --argjson rx "$2" --argjson tx "$3" '
		def new($dir): [range(16) | ($a[$dir][.] // 0) - ($b[$dir][.] // 0)];
		new("rx") as $r | new("tx") as $t | ($r, $t | debug) |
		([$r[:$rx][], $t[:$tx][]] | min > 0) and ([$r[$rx:][], $t[$tx:][]] | add // 0) == 0' >/dev/null
}
# table follows the number of receive queues
table_of() { avfsimctl show 0 | jq -er --argjson n "$1" '.rss_lut as $l | [range(64) | $l[2 * .:2 * . + 2]] | unique | length == $n'; }

# asymmetric CHANNEL: two pairs and two more of one direction, within what is granted
t_asymmetric()
{
	local before
	before=$(generation)
	if [ "$1" = tx ]; then
		set_to 2 4 combined 2 tx 2 rx 0
		channels_are 2 0 2
		within 5 table_of 2
		spread 4
		landed 2 4
	else
		set_to 4 2 combined 2 rx 2 tx 0
		channels_are 2 2 0
		within 5 table_of 4
		spread 2
		landed 4 2
	fi
	expect "generation" "$before" "$(generation)"
	set_to 4 4 combined 4 rx 0 tx 0
}

# The PF has but 6 pairs for us: said so, nothing changed; these 6 it gives.
t_more_refused()
{
	local before
	avfsimctl max-queues 6
	before=$(generation)
	! $N1 ethtool -L "$D1" combined 8
	[[ $(last_error) == *"give this VF 6 queue pairs"* ]] || die "sentence: $(last_error)"
	expect "generation" "$before" "$(generation)"
	channels_are 4 0 0
	served_are 4 4
	ping_all 20 0.01
	set_to 6 6 combined 6
	avfsimctl max-queues 0
}

# 16 pairs on 4 vectors, by one reset
t_more()
{
	local before
	before=$(resets)
	set_to 16 16 combined 16 rx 0 tx 0
	channels_are 16 0 0
	expect "resets" $((before + 1)) "$(resets)"
	expect "most" 16 "$(most combined)"
	avfsimctl show 0 | jq -e '[.queues[] | .rx_vector, .tx_vector] == [range(16) | 1 + . % 4 | ., .]'
	within 5 table_of 16
	spread 16
	landed 16 16
	avfsimctl counters 0 | jq -e '.irqs[5:] | add // 0 == 0'
}

# the README's example, from there and back; no reset
t_example()
{
	local before
	before=$(resets)
	iperf_server
	timeout 60 $N1 iperf3 -c 10.9.0.2 -J -t 8 >/tmp/example.json &
	local stream=$!
	set_to 8 16 combined 8 tx 8
	channels_are 8 0 8
	within 5 table_of 8
	landed 8 16
	# what is not said stays
	refused_by "max_combined" combined 9
	set_to 4 12 combined 4
	channels_are 4 0 8
	set_to 16 16 combined 16 rx 0 tx 0
	set_to 16 8 combined 8 tx 0 rx 8
	landed 16 8
	wait $stream
	jq -e '.end.sum_received.bytes > 0' </tmp/example.json >/dev/null
	csum_clean
	expect "resets" "$before" "$(resets)"
}

# survives COMMAND...: the same channels and the same rings afterwards, traffic on all queues
survives()
{
	local now
	set_to 8 16 combined 8 tx 8 rx 0
	now="$(channels) $($N1 ethtool -g "$D1" | md5sum)"
	"$@"
	reachable
	within 10 served_are 8 16
	expect "channels and rings" "$now" "$(channels) $($N1 ethtool -g "$D1" | md5sum)"
	landed 8 16
}
a_reset()
{
	local before
	before=$(resets)
	avfsimctl reset 0 "$1"
	within 20 resets_above "$before"
	reachable
}
resets_above() { [ "$(resets)" -gt "$1" ]; }
new_daemon()
{
	sleep 0.3
	mark restart
	systemctl kill -s KILL iavfd
	within 20 owned
	sleep 0.5
	no_messages restart
}
down_up() { ip -n n1 link set "$D1" down; ip -n n1 link set "$D1" up; ip -n n1 addr add fd09::1/64 dev "$D1" nodad 2>/dev/null || true; }

# while down it is noted; the next up has it
t_down()
{
	ip -n n1 link set "$D1" down
	$N1 ethtool -L "$D1" combined 3 tx 2 rx 0
	channels_are 3 0 2
	down_up
	within 10 served_are 3 5
	reachable
	set_to 16 16 combined 16 tx 0
}

# a daemon that is stopped is not waited for; one that dies while the PF works on it has a successor who finishes
t_daemon_between()
{
	local before
	systemctl kill -s STOP iavfd
	! $N1 ethtool -L "$D1" combined 8 || die "without a daemon"
	systemctl kill -s CONT iavfd
	channels_are 6 0 0
	within 10 owned
	within 10 answers
	before=$(resets)
	avfsimctl reset-time 500000
	mark between
	$N1 ethtool -L "$D1" combined 8 &
	local command=$!
	within 5 asked_since between
	systemctl kill -s KILL iavfd
	wait $command
	avfsimctl reset-time 5000
	channels_are 8 0 0
	within 10 served_are 8 8
	expect "resets" $((before + 1)) "$(resets)"
	reachable
}
asked_since() { since "$1" | grep -q REQUEST_QUEUES; }
# it takes requests again
answers() { $N1 ethtool -L "$D1" combined 5 && $N1 ethtool -L "$D1" combined 6; }

# twenty times there and back: no reset, every command succeeds, and of the echo requests only those under way are lost
t_twenty()
{
	local i before lost sent=400 after
	before=$(resets)
	after=$(echo_replies 10.9.0.2)
	$N1 ping -q -c $sent -i 0.02 -W 2 10.9.0.2 >/tmp/twenty.log &
	local ping=$!
	for i in {1..10}; do
		$N1 ethtool -L "$D1" combined 1 tx 3 rx 0
		$N1 ethtool -L "$D1" combined 16 tx 0
	done
	wait $ping || true
	cat /tmp/twenty.log
	lost=$((sent - $(echo_replies 10.9.0.2) + after))
	echo "lost $lost of $sent"
	[ $lost -le 40 ] || die "more lost than the pauses explain"
	expect "resets" "$before" "$(resets)"
	served_are 16 16
	t_no_errors
}

# queues on one vector have one moderation
usecs() { $N1 ethtool -Q "$D1" queue_mask "$1" --show-coalesce | awk '/^rx-usecs:/ { print $2 }'; }
t_moderation()
{
	$N1 ethtool -C "$D1" adaptive-rx off adaptive-tx off rx-usecs 50
	$N1 ethtool -Q "$D1" queue_mask 0x2 --coalesce rx-usecs 100
	expect "queue 1" 100 "$(usecs 0x2)"
	expect "queue 5, on the same vector" 100 "$(usecs 0x20)"
	expect "queue 6" 50 "$(usecs 0x40)"
	$N1 ethtool -C "$D1" adaptive-rx on adaptive-tx on
}

# a table of the user's keeps what it points at
t_user_table()
{
	if ! $N1 ethtool -X "$D1" equal 4; then
		echo "no ethtool -X yet"
		return
	fi
	refused_by "" combined 2 tx 2
	set_to 4 4 combined 4 rx 0 tx 0
	$N1 ethtool -X "$D1" default
	set_to 2 2 combined 2
	set_to 16 16 combined 16
}

# ring WORD: rx or tx, now
ring() { $N1 ethtool -g "$D1" | awk -v n="${1^^}:" '$1 == n { v = $2 } END { print v }'; }
rings_are()
{
	expect "rings" "$1 $2" "$(ring rx) $(ring tx)"
	within 10 device_rings "$1" "$2"
}
device_rings()
{
	avfsimctl show 0 | jq -e --argjson rx "$1" --argjson tx "$2" '
		([.queues[] | select(.rx_enabled).rx_len] | length > 0 and all(. == $rx)) and
		([.queues[] | select(.tx_enabled).tx_len] | length > 0 and all(. == $tx))'
}
t_rings()
{
	local n
	$N1 ethtool -L "$D1" combined 4
	expect "maxima" "4096 4096" "$($N1 ethtool -g "$D1" | awk '/^RX:|^TX:/ { print $2 }' | head -n 2 | xargs)"
	for n in "64 4096" "4096 64" "96 2048"; do
		# shellcheck disable=SC2086
		set -- $n
		$N1 ethtool -G "$D1" rx "$1" tx "$2"
		rings_are "$1" "$2"
		reachable
	done
	$N1 ethtool -G "$D1" rx 65 tx 2049	# rounded up
	rings_are 96 2080
	$N1 ethtool -G "$D1" rx 2048	# the other stays
	rings_are 2048 2080
	for n in "rx 63" "tx 63" "rx 4097" "tx 4097" "rx 0" "rx-mini 64" "rx-jumbo 64"; do
		# shellcheck disable=SC2086
		! $N1 ethtool -G "$D1" $n
	done
	rings_are 2048 2080
	avfsimctl reset 0 silent
	reachable
	within 20 device_rings 2048 2080
	rings_are 2048 2080
	ping_all 50 0.01
	$N1 ethtool -G "$D1" rx 512 tx 512
	reachable
}

# rows: S6 S10 S68 C8
run_case default-channels t_default
# rows: S68
only_ours xps-and-affinity t_spread
# rows: S69
split || run_case channels-within-grant t_within_grant_intree
only_ours channels-within-grant within_grant
# rows: S71
only_ours channels-rules t_rules
# rows: S70 S71 C9
only_ours channels-more-tx t_asymmetric tx
# rows: S70 C9
only_ours channels-more-rx t_asymmetric rx
# rows: X15
only_ours more-queues-refused t_more_refused
# rows: X15
only_ours more-queues-other-daemon t_daemon_between
# rows: S69 X13 X15
only_ours more-queues t_more
# rows: S70 S71
only_ours readme-example t_example
# rows: S70 X15
only_ours keeps-over-announced-reset survives a_reset announced
only_ours keeps-over-silent-reset survives a_reset silent
only_ours keeps-over-new-daemon survives new_daemon
only_ours keeps-over-down survives down_up
# rows: S69
only_ours channels-while-down t_down
# rows: X15
only_ours channels-twenty-times t_twenty
only_ours moderation-of-a-vector t_moderation
# rows: S71
only_ours channels-and-user-table t_user_table
# rows: S67
run_case rings t_rings

# on another PF: unequal channels, more than it gave, and they stay
t_profile()
{
	set_to 2 4 combined 2 tx 2 rx 0
	landed 2 4
	set_to 4 2 combined 2 rx 2 tx 0
	landed 4 2
	set_to 8 16 combined 8 tx 8 rx 0
	landed 8 16
	a_reset announced
	within 10 served_are 8 16
	channels_are 8 0 8
	landed 8 16
}
# the oldest cannot be asked for more, and tells nothing of a table
t_profile_v1()
{
	expect "maxima" "4 3 3 1" "$(most combined) $(most rx) $(most tx) $(most other)"
	refused_by "" combined 5
	refused_by "max_combined" combined 3 tx 2
	set_to 2 4 combined 2 tx 2
	set_to 4 2 combined 2 rx 2 tx 0
	a_reset silent
	within 10 served_are 4 2
	channels_are 2 2 0
}
t_profile_rings()
{
	$N1 ethtool -G "$D1" rx 1000 tx 96
	rings_are 1024 96	# 1000 rounded up
	ping_all 20 0.01
	$N1 ethtool -G "$D1" rx 512 tx 512
}
for profile in i40e ice-svm ice-port-vlan ice-dvm,untrusted v1.0; do
	run_case "$profile:up" use_profile "$profile"
	find_vfs
	what=t_profile
	[ "$profile" != v1.0 ] || what=t_profile_v1
	# rows: S6 S10 S69 S70 S71 X13 X15
	only_ours "$profile:channels" $what
	# rows: S67
	run_case "$profile:rings" t_profile_rings
done

t_no_violations_of_ours() { ! split || t_no_violations; }
run_case no-violations t_no_violations_of_ours
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

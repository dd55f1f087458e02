#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# RSS by unmodified ethtool: key, table, function, hash fields. The proof is where packets land, frame by frame
# (rss.py). The in-tree driver runs what it has; its changes come some time after ethtool's end.
. "$(dirname "$0")/lib.sh"

ns_up
QUEUES=$($N1 ethtool -l "$D1" | awk '/Combined:/ { n = $2 } END { print n }')
[ "$QUEUES" -ge 3 ] || die "three queues are needed, there are $QUEUES"

ours() { split || skip "not in the in-tree driver"; "$@"; }
has_xfrm() { $N1 ethtool -x "$D1" | grep -q symmetric-xor; }
with_xfrm() { has_xfrm || skip "not in this kernel's ethtool"; "$@"; }

pf() { avfsimctl show 0 | jq -r "$1"; }
table() { $N1 ethtool -x "$D1" | awk '/^ *[0-9]+: / { for (i = 2; i <= NF; i++) printf "%02x", $i }'; }
key() { $N1 ethtool -x "$D1" | grep -E '^([0-9a-f]{2}:){8}' | tr -d ':\n'; }
symmetric() { if $N1 ethtool -x "$D1" | grep -q 'symmetric-xor: on'; then echo true; else echo false; fi; }
# all that ethtool shows is what the PF has
true_now()
{
	[ "$(table)" = "$(pf .rss_lut)" ] && [ "$(key)" = "$(pf .rss_key)" ] && [ "$(symmetric)" = "$(pf .rss_symmetric)" ]
}
# ours is true when ethtool returns; the in-tree driver's PF has yet to be asked
shown_is_true() { if split; then true_now; else within 10 true_now; fi; }
# the words that "ethtool -n DEV rx-flow-hash FLOW" has for fields, as letters
fields() { $N1 ethtool -n "$D1" rx-flow-hash "$1" | awk '/^IP SA/ { printf "s" } /^IP DA/ { printf "d" } /bytes 0 & 1/ { printf "f" } /bytes 2 & 3/ { printf "n" }'; }
# of a flow, as the PF has it: 1 s, 2 d, 4 f, 8 n
pf_fields() { pf ".rss_fields.$1"; }
pf_fields_are() { [ "$(pf_fields "$1")" = "$2" ]; }
land() { $N2 /share/rss.py land "$D1" "$D2" "$1" "${2:-sdfn}"; }
land_all() { local f; for f in tcp4 udp4 sctp4 tcp6 udp6 sctp6; do land $f; done; }
rss() { $N1 ethtool -X "$D1" "$@"; }
# set_fields FLOW LETTERS; the ethtool of Debian 12 says that it failed, and exits 0
set_fields()
{
	local says
	says=$($N1 ethtool -N "$D1" rx-flow-hash "$@" 2>&1) && [ -z "$says" ] || { echo "$says" >&2; return 1; }
}
# state: all of it, to see that nothing changed
state() { $N1 ethtool -x "$D1"; avfsimctl show 0 | jq '{rss_key, rss_lut, rss_symmetric, rss_fields, rss_hena}'; }
last_error() { iavfctl -j show "$P1" | jq -r '.vfs[0].last_error.message'; }
# repeat N COMMAND...: its output N times
repeat() { local i; for ((i = 0; i < $1; i++)); do "${@:2}"; done; }

t_default()
{
	shown_is_true
	expect table "$(for ((i = 0; i < 64; i++)); do printf '%02x' $((i % QUEUES)); done)" "$(table)"
	land_all
}

t_equal()
{
	rss equal 2
	shown_is_true
	expect table "$(repeat 32 printf 0001)" "$(table)"
	land tcp4
	rss start 1 equal 2
	shown_is_true
	expect "entries of queue 0" 0 "$(table | fold -w 2 | grep -c 00 || true)"
	land udp6
}

# 64 entries by 6:0:2
t_weight()
{
	rss weight 6 0 2
	shown_is_true
	expect entries "00 48,02 16" "$(table | fold -w 2 | sort | uniq -c | awk '{ printf "%s%s %s", (NR > 1 ? "," : ""), $2, $1 }')"
	land tcp4
	land sctp6
	rss default
	shown_is_true
	land tcp4
}

# the key of the published verification suite
t_hkey()
{
	local key=6d:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:ae:7b:30:b4:77:cb:2d:a3:80:30:f2:0c:6a:42:b7:3b:be:ac:01:fa:01:02:03:04:05:06:07:08:09:0a:0b:0c
	rss hkey $key
	shown_is_true
	expect key "${key//:/}" "$(key)"
	land_all
	rss hkey ${key//6d:/01:} equal 2
	shown_is_true
	land udp4
	rss default
	shown_is_true
}

t_symmetric()
{
	rss xfrm symmetric-xor
	shown_is_true
	expect symmetric true "$(symmetric)"
	land_all
	$N2 /share/rss.py both "$D1" "$D2" tcp4
	$N2 /share/rss.py both "$D1" "$D2" udp6
	rss xfrm none
	shown_is_true
	expect symmetric false "$(symmetric)"
	land tcp4
	# else it proves nothing
	not $N2 /share/rss.py both "$D1" "$D2" tcp4
}

t_fields()
{
	set_fields tcp4 sd
	set_fields udp6 sn
	within 10 pf_fields_are tcp4 3
	within 10 pf_fields_are udp6 9
	expect "fields of tcp4" sd "$(fields tcp4)"
	expect "fields of udp6" sn "$(fields udp6)"
	land tcp4 sd
	land udp6 sn
	land udp4
	land tcp6
	set_fields sctp4 f
	within 10 pf_fields_are sctp4 4
	expect "fields of sctp4" f "$(fields sctp4)"
	land sctp4 f
	for f in tcp4 udp6 sctp4; do
		set_fields $f sdfn
		within 10 pf_fields_are $f 15
		expect "fields of $f" sdfn "$(fields $f)"
		land $f
	done
}
t_fields_shown()
{
	local f
	for f in tcp4 udp4 sctp4 tcp6 udp6 sctp6; do
		expect "fields of $f" sdfn "$(fields $f)"
	done
	not $N1 ethtool -n "$D1" rx-flow-hash ah4
}
# one of two XORed with itself hashes nothing: ethtool's own rule
t_fields_symmetric()
{
	rss xfrm symmetric-xor
	set_fields tcp4 sd
	land tcp4 sd
	$N2 /share/rss.py both "$D1" "$D2" tcp4
	not set_fields tcp4 s
	expect "fields of tcp4" sd "$(fields tcp4)"
	set_fields tcp4 sdfn
	rss xfrm none
}

all_set()
{
	rss hkey "$(repeat 51 printf '5a:')77" weight 1 2 3
	set_fields udp4 sd
	set_fields tcp6 n
	shown_is_true
}
all_unset()
{
	set_fields udp4 sdfn
	set_fields tcp6 sdfn
	rss default
}
lands()
{
	land tcp4
	land udp4 sd
	land tcp6 n
}
more_resets_than() { [ "$(resets)" -gt "$1" ]; }
is_state() { [ "$(state)" = "$1" ]; }
t_reset()
{
	local before n kind
	all_set
	lands
	before=$(state)
	for kind in announced silent; do
		n=$(resets)
		avfsimctl reset 0 $kind
		within 20 more_resets_than "$n"
		within 20 is_state "$before"
		within 20 carrier n1 "$D1"
		lands
	done
	all_unset
}
t_reset_symmetric()
{
	local before n
	rss xfrm symmetric-xor equal 2
	set_fields udp4 sd
	before=$(state)
	n=$(resets)
	avfsimctl reset 0 announced
	within 20 more_resets_than "$n"
	within 20 is_state "$before"
	within 20 carrier n1 "$D1"
	land tcp4
	land udp4 sd
	$N2 /share/rss.py both "$D1" "$D2" udp4
	set_fields udp4 sdfn
	rss xfrm none default
}
t_restart()
{
	local before n
	all_set
	before=$(state)
	mark rss
	systemctl restart iavfd
	within 10 owned
	no_messages rss
	expect state "$before" "$(state)"
	lands
	n=$(resets)
	avfsimctl reset 0 announced
	within 20 more_resets_than "$n"
	within 20 is_state "$before"
	within 20 carrier n1 "$D1"
	lands
	all_unset
}
# killed right after the answer: the next one knows of it all the same
t_kill()
{
	local before
	rss weight 1 4 2
	systemctl kill -s KILL iavfd
	before=$(state)
	mark rss-kill
	within 10 owned
	expect state "$before" "$(state)"
	no_messages rss-kill
	rss default
}
t_down_up()
{
	local before
	all_set
	before=$(state)
	ip -n n1 link set "$D1" down
	expect state "$before" "$(state)"
	ip -n n1 link set "$D1" up
	within 10 carrier n1 "$D1"
	expect state "$before" "$(state)"
	lands
	all_unset
}

channels() { $N1 ethtool -L "$D1" combined "$1"; }
entries() { for ((i = 0; i < 64; i++)); do printf '%02x' $((i % $1)); done; }
table_is() { [ "$(table)" = "$1" ] && true_now; }
t_channels()
{
	# the default one follows
	channels 2
	within 5 table_is "$(entries 2)"
	land tcp4
	channels "$QUEUES"
	within 5 table_is "$(entries "$QUEUES")"
	# a user's does not, not even one that looks like the default one
	channels 2
	rss equal 2
	channels "$QUEUES"
	within 5 table_is "$(entries 2)"
	land tcp4
	rss weight 1 0 1
	not channels 2
	expect queues "$QUEUES" "$($N1 ethtool -l "$D1" | awk '/Combined:/ { n = $2 } END { print n }')"
	land tcp4
	rss equal 2
	channels 2
	within 5 table_is "$(entries 2)"
	rss default
	channels "$QUEUES"
	within 5 table_is "$(entries "$QUEUES")"
	# while it is down, too
	ip -n n1 link set "$D1" down
	channels 2
	ip -n n1 link set "$D1" up
	within 10 carrier n1 "$D1"
	within 5 table_is "$(entries 2)"
	channels "$QUEUES"
	within 5 table_is "$(entries "$QUEUES")"
	land tcp4
}

# unchanged COMMAND...: it fails, and all is as before, at the PF as well
unchanged()
{
	local before
	before=$(state)
	not "$@"
	within 5 is_state "$before"
}
t_refused()
{
	unchanged rss equal $((QUEUES + 1))
	unchanged rss weight $(repeat "$QUEUES" printf '1 ') 1
	unchanged rss hkey 01:02:03:04
	unchanged rss hkey "$(repeat 60 printf '5a:')77"
	unchanged rss hfunc xor
	unchanged set_fields ah4 sd
	unchanged set_fields tcp4 v
	rss hfunc toeplitz
	land tcp4
}
what_it_says() { "$@" 2>/tmp/refused; }
# pf_refuses RULE ERRNO-WORDS COMMAND...
pf_refuses()
{
	avfsimctl fault add "refuse=$1" "op=$2" vf=0 dir=request >/dev/null
	unchanged what_it_says "${@:4}"
	cat /tmp/refused
	grep -q "$3" /tmp/refused
	last_error | grep "PF refused $2: $1"
	expect phase ready "$(iavfctl -j show "$P1" | jq -r '.vfs[0].degraded // "ready"')"
}
t_pf_refuses()
{
	pf_refuses -5 CONFIG_RSS_LUT "Invalid argument" rss equal 2
	pf_refuses -5 CONFIG_RSS_KEY "Invalid argument" rss hkey "$(repeat 51 printf '5a:')66" equal 2
	pf_refuses -18 ADD_RSS_CFG "Cannot allocate memory" set_fields tcp4 s
	land tcp4
	rss equal 2
	shown_is_true
	rss default
}
t_pf_refuses_symmetric()
{
	pf_refuses -64 CONFIG_RSS_HFUNC "not supported" rss xfrm symmetric-xor equal 2
	unchanged rss xfrm symmetric-or-xor
	land tcp4
}
# without a daemon that answers: an error in time, and nothing changed
t_stopped()
{
	systemctl kill -s STOP iavfd
	unchanged rss equal 2
	systemctl kill -s CONT iavfd
	within 10 rss equal 2
	shown_is_true
	rss default
}

# A PF without advanced RSS: key and table as ever, the rest is refused without a message to it
t_i40e()
{
	use_profile i40e
	t_fields_shown
	land tcp4
	rss hkey "$(repeat 51 printf '5a:')77" equal 2
	shown_is_true
	land udp6
	mark rss-i40e
	unchanged set_fields tcp4 sd
	last_error | grep "advanced RSS"
	if has_xfrm; then
		unchanged rss xfrm symmetric-xor
		last_error | grep "symmetric"
	fi
	no_messages rss-i40e
	rss default
}

# The oldest PF has no messages for RSS: the driver writes registers
t_v1()
{
	use_profile v1.0
	find_vfs
	within 10 true_now
	land_all
	split || return 0	# in-tree lets nobody change it
	rss hkey "$(repeat 51 printf '5a:')78" equal 2
	shown_is_true
	expect table "$(entries 2)" "$(table)"
	land tcp4
	land udp6
	avfsimctl reset 0 silent
	within 10 carrier n1 "$D1"
	within 10 table_is "$(entries 2)"
	land tcp6
	systemctl restart iavfd
	within 10 owned
	unchanged set_fields tcp4 sd
	last_error | grep "advanced RSS"
	rss default
	shown_is_true
	land udp4
}

# rows: S14
run_case default t_default
# rows: X8
run_case equal t_equal
# rows: X8
run_case weight t_weight
# rows: X8
run_case hkey t_hkey
# rows: X9
run_case symmetric with_xfrm t_symmetric
# rows: X10
run_case fields-shown ours t_fields_shown
# rows: X10
run_case fields t_fields
run_case fields-symmetric ours with_xfrm t_fields_symmetric
# rows: S14 X8 X10
run_case reset ours t_reset
# rows: X9
run_case reset-symmetric ours with_xfrm t_reset_symmetric
run_case restart ours t_restart
run_case kill ours t_kill
run_case down-up ours t_down_up
# rows: X8
run_case channels ours t_channels
run_case refused ours t_refused
run_case pf-refuses ours t_pf_refuses
run_case pf-refuses-symmetric ours with_xfrm t_pf_refuses_symmetric
run_case stopped ours t_stopped
# rows: S14 X8
run_case i40e:rss ours t_i40e
# rows: S14 X8
run_case v1.0:rss t_v1
t_no_violations_of_ours() { ! split || t_no_violations; }
run_case no-violations t_no_violations_of_ours
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

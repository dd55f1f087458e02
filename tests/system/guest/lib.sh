# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the suites that run inside a guest. A case is a function that fails by its exit code.
# Prints "ok NAME", "not ok NAME" with the case's output behind "# ", or "skip NAME".

export PATH=$PATH:/share PYTHONDONTWRITEBYTECODE=1
LOG=$(mktemp)
CASES_FAILED=0
ONLY=${ONLY:-}

die()
{
	echo "$*" >&2
	exit 1
}

# ONLY, a pattern of bash, chooses cases
chosen() { [[ -z $ONLY || $1 == *$ONLY* ]]; }

# In the background and waited for, because 'set -e' is ignored inside a condition.
run_case()
{
	local name=$1 rc=0
	shift
	chosen "$name" || return 0
	(set -eu; "$@") >"$LOG" 2>&1 &
	wait $! || rc=$?
	if [ $rc -eq 0 ]; then
		echo "ok $name"
	elif [ $rc -eq 77 ]; then
		echo "skip $name: $(tail -n 1 "$LOG")"
	else
		echo "not ok $name"
		echo "exit $rc" >>"$LOG"
		tail -n 40 "$LOG" | sed 's/^/# /'
		CASES_FAILED=$((CASES_FAILED + 1))
	fi
	return 0
}

# skip WHY: ends a case that does not apply here
skip()
{
	echo "$*"
	exit 77
}
# our driver, not the kernel's own
split() { [ -n "$(cat /sys/module/iavf/taint)" ]; }

finish()
{
	exit $((CASES_FAILED > 0))
}

# expect WHAT WANTED GOT
expect()
{
	[ "$2" = "$3" ] || die "$1: wanted '$2', got '$3'"
}

# not COMMAND...: it fails, as it should ('!' alone does not end a case)
not() { if "$@"; then die "worked: $*"; fi; }

# within SECONDS COMMAND...: true as soon as the command is
within()
{
	local end=$(($(date +%s%N) / 1000000 + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $(($(date +%s%N) / 1000000)) -lt $end ] || die "not within time: $*"
		sleep 0.02
	done
}

# PCI addresses of the VFs, in order; the netdev of one, whatever its namespace
vf_pci() { ls -d /sys/bus/pci/devices/*/ | while read -r d; do
	[ "$(cat "$d/vendor")" = 0x8086 ] && [ "$(cat "$d/device")" = 0x1889 ] && basename "$d"
done; }
vf_dev()
{
	local where
	for where in "" "ip netns exec n1" "ip netns exec n2"; do
		$where ls "/sys/bus/pci/devices/$1/net" 2>/dev/null | grep . && return
	done
	return 1
}

# The names of the two VFs. N1 and N2 prefix a command with its namespace.
find_vfs()
{
	local pci
	mapfile -t pci < <(vf_pci)
	D1=$(vf_dev "${pci[0]}") && D2=$(vf_dev "${pci[1]}") || die "no netdevs"
	P1=${pci[0]} P2=${pci[1]}
	N1="ip netns exec n1" N2="ip netns exec n2"
}

# Two namespaces, a VF in each, addresses on them.
ns_up()
{
	find_vfs
	ip netns add n1
	ip netns add n2
	ip link set "$D1" netns n1
	ip link set "$D2" netns n2
	local n dev a
	for n in 1 2; do
		dev=$D1
		[ $n = 1 ] || dev=$D2
		a=10.9.0.$n
		# no router solicitations or duplicate address detection in between
		ip netns exec n$n sysctl -qw "net.ipv6.conf.all.accept_dad=0" "net.ipv6.conf.$dev.accept_dad=0"
		ip -n n$n link set lo up
		ip -n n$n link set "$dev" up
		ip -n n$n addr add $a/24 dev "$dev"
		ip -n n$n addr add fd09::$n/64 dev "$dev" nodad
	done
	within 10 carrier n1 "$D1"
	within 10 carrier n2 "$D2"
	within 10 $N1 ping -c 1 -W 1 10.9.0.2
}

# The netdevs came again: namespaces as new.
netdev_there() { [ -n "$(ls "/sys/bus/pci/devices/$1/net" 2>/dev/null)" ]; }
ns_again()
{
	local n
	within 20 netdev_there "$P1"
	within 20 netdev_there "$P2"
	udevadm settle
	for n in n1 n2; do
		[ ! -e "/run/netns/$n" ] || ip netns del $n
	done
	sleep 0.5
	ns_up
}

# use_profile NAME[,untrusted]: another PF, and two fresh VFs with their netdevs in n1 and n2, as ns_up leaves them. Any
# driver: the functions leave the bus before, and are found again after. As a case: run_case NAME use_profile PROFILE; find_vfs
use_profile()
{
	local pci
	for pci in $(vf_pci); do
		echo 1 >"/sys/bus/pci/devices/$pci/remove"
	done
	avfsimctl profile "$1" >/dev/null || die "no profile $1"
	echo 1 >/sys/bus/pci/rescan
	ns_again
}

# How often the first VF was reset; ours only
resets() { iavfctl -j show "$P1" | jq '.vfs[0].counters.resets'; }
carrier() { ip -n "$1" -j link show "$2" | jq -e '.[0].operstate == "UP"'; }

# How many echo replies the first namespace has had, of the family of ADDRESS
echo_replies()
{
	local counter=IcmpInEchoReps
	[[ $1 != *:* ]] || counter=Icmp6InEchoReplies
	$N1 nstat -asz $counter | awk -v n=$counter '$1 == n { print $2 }'
}
replies_reach() { [ "$(echo_replies "$1")" -ge "$2" ]; }

# answered COUNT ADDRESS PING-ARGS...: each request has its reply. The kernel's count, because ping itself waits for the
# last one no longer than two round trips, which on a busy host is too short.
answered()
{
	local count=$1 to=$2 before
	shift 2
	before=$(echo_replies "$to")
	$N1 ping -q -c "$count" "$@" "$to" || true
	within 5 replies_reach "$to" $((before + count))
}
# ping_all COUNT INTERVAL
ping_all() { answered "$1" 10.9.0.2 -i "$2"; }

# The former server listens until it is gone, and would keep the next one from starting.
iperf_server()
{
	within 10 sh -c "! $N2 ss -ltn | grep -q :5201"
	$N2 iperf3 -s -1 -D --logfile /dev/null "$@"
	within 10 sh -c "$N2 ss -ltn | grep -q :5201"
}

# iperf ARGS...: JSON of a finished run on stdout
iperf() { iperf_server; timeout 60 $N1 iperf3 -c 10.9.0.2 -J "$@"; }

# transfer MIB ARGS...: so many MiB of TCP go through, however long they take; FAR is another address of the second VF.
# Debian 12's iperf3 does not count what arrives after the sender's end, which may be all that its socket holds.
transfer()
{
	local mib=$1
	shift
	iperf_server
	timeout 120 $N1 iperf3 -c "${FAR:-10.9.0.2}" -J -n "${mib}M" "$@" |
		jq -e --argjson mib "$mib" '.end | .sum_sent.bytes > $mib * 1000000 and .sum_received.bytes > 0' >/dev/null
}

# under_tcp COMMAND...: while a stream runs, which is not broken by it
under_tcp()
{
	iperf_server
	timeout 60 $N1 iperf3 -c 10.9.0.2 -J -t "${TCP_SECONDS:-5}" >/tmp/under.json &
	local p=$!
	sleep 1
	"$@"
	wait $p
	jq -e '.end.sum_received.bytes > 0' </tmp/under.json >/dev/null
	csum_clean
}

# longest time in ms between two replies of a running ping, log of ping -D
longest_gap() { sed -n 's/^\[\([0-9.]*\)\] .* bytes from.*/\1/p' "$1" | awk 'NR > 1 && ($1 - l) * 1000 > m { m = ($1 - l) * 1000 } { l = $1 } END { printf "%.1f\n", m }'; }

kernel_clean() { ! dmesg | grep -E 'WARNING:|BUG:|Oops|Call Trace|lockup detected'; }

# what the PF has installed: vlans_are VF '[100,101]' (802.1Q; in single VLAN mode the one tag is the inner one)
vlans_are() { avfsimctl show "$1" | jq -e --argjson want "$2" '.vlans | .["8100"] + .inner == $want'; }

# each VF has a daemon
owned() { iavfctl -j list | jq -e 'all(.vfs[]; .owner_pid != null)'; }

# mark NAME; since NAME: messages from the VFs since then, the opcodes' names, one line each
mark() { avfsimctl transcript mark "$1" >/dev/null; }
since() { avfsimctl transcript since "$1" | jq -r 'select(.dir == "request") | .name'; }
no_messages() { local m; m=$(since "$1"); [ -z "$m" ] || { echo "messages: $m"; return 1; }; }

# a wrong checksum from the device or the driver would show here
csum_clean()
{
	local n
	for n in n1 n2; do
		ip netns exec $n nstat -asz TcpInCsumErrors UdpInCsumErrors Udp6InCsumErrors IcmpInCsumErrors |
			awk '/CsumErrors/ && $2 > 0 { print; bad = 1 } END { exit bad }'
	done
}

# the device saw no access outside of what is mapped and posted
t_no_errors() { avfsimctl errors | jq -e '.errors == 0' || { avfsimctl errors; return 1; }; }
# nor anything that a driver must not do
t_no_violations() { avfsimctl errors | jq -e '.violations == 0' || { avfsimctl errors; return 1; }; }

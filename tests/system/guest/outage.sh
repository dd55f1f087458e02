#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the benchmark: how long traffic stops, and how long bring-up takes. Prints lines "NAME MS", one a sample.
. "$(dirname "$0")/lib.sh"
set -eu
N=${1:-5}
ns_up

now_us() { echo $(($(date +%s%N) / 1000)); }
sample() { awk -v n="$1" -v us="$2" 'BEGIN { printf "%s %.1f\n", n, us / 1000 }'; }

reset()
{
	local log
	log=$(mktemp)
	$N1 ping -D -i 0.002 -w 6 10.9.0.2 >"$log" &
	# somewhere in the 2 s that a polling driver takes to look
	sleep "1.$((RANDOM % 10))"
	avfsimctl reset 0 "$1" >/dev/null
	wait $! || true
	echo "reset-$1 $(longest_gap "$log")"
	within 20 $N1 ping -c 1 -W 1 10.9.0.2
}

link_up()
{
	local t
	ip -n n1 link set "$D1" down
	sleep 0.5
	t=$(now_us)
	ip -n n1 link set "$D1" up
	until [ "$($N1 cat "/sys/class/net/$D1/carrier" 2>/dev/null)" = 1 ]; do :; done
	sample link-up-to-carrier $(($(now_us) - t))
	within 20 $N1 ping -c 1 -W 1 10.9.0.2
}

mtu()
{
	local log
	log=$(mktemp)
	$N1 ping -D -i 0.002 -w 3 10.9.0.2 >"$log" &
	sleep 1
	ip -n n1 link set "$D1" mtu "$1"
	wait $! || true
	echo "mtu-change $(longest_gap "$log")"
	within 20 $N1 ping -c 1 -W 1 10.9.0.2
}

quiet()
{
	local log
	log=$(mktemp)
	$N1 ping -D -i 0.002 -w 3 10.9.0.2 >"$log" || true
	echo "undisturbed $(longest_gap "$log")"
}

# ping's own gaps on this machine: nothing below them can be seen
for i in $(seq "$N"); do
	quiet
	reset announced
	reset silent
	link_up
	mtu $((1400 + i))
done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The steps of make demo, inside the guest. Stops at the first that fails.
. "$(dirname "$0")/lib.sh"
set -eu

step() { printf '\n=== %s\n' "$*"; }
show() { printf '$ %s\n' "$*"; "$@"; }

step "modules and service"
show lsmod | grep -E '^\$|^iavf'
within 10 sh -c "iavfctl -j list | jq -e 'all(.vfs[]; .state == \"ready\")'"
show systemctl --no-pager -n 0 status iavfd
show iavfctl list

step "two VFs in two namespaces"
ns_up
show ip -n n1 -br addr show "$D1"
show ip -n n2 -br addr show "$D2"
show ip netns exec n1 ethtool -i "$D1"
show iavfctl show "$P1"

step "ping and iperf3 between the VFs"
show $N1 ping -q -c 100 -i 0.01 10.9.0.2
iperf_server
show $N1 iperf3 -c 10.9.0.2 -t 3 -f m

step "a VLAN over them; the PF prunes it until the filter is acknowledged"
for n in 1 2; do
	dev=$D1
	[ $n = 1 ] || dev=$D2
	show ip -n n$n link add link "$dev" name v100 type vlan id 100
	ip -n n$n addr add 10.9.100.$n/24 dev v100
	ip -n n$n link set v100 up
done
within 10 $N1 ping -c 1 -W 1 10.9.100.2
show $N1 ping -q -c 50 -i 0.01 10.9.100.2

step "the PF resets the first VF without a word; traffic resumes, the VLAN is back"
log=$(mktemp)
$N1 ping -D -i 0.002 -w 4 10.9.100.2 >"$log" &
sleep 1
show avfsimctl reset 0 silent
wait $!
tail -n 3 "$log" | head -n 2
echo "longest gap between two replies: $(longest_gap "$log") ms"
within 5 $N1 ping -c 1 -W 1 10.9.100.2

step "kill -9 of the daemon under ping; the next one adopts"
sleep 1
avfsimctl transcript mark demo >/dev/null
old=$(systemctl show -P MainPID iavfd)
replies=$(echo_replies 10.9.0.2)
$N1 ping -q -c 400 -i 0.01 10.9.0.2 >"$log" &
sleep 1
show kill -9 "$old"
wait $! || true
within 10 owned
new=$(systemctl show -P MainPID iavfd)
sleep 0.5
tail -n 3 "$log"
within 5 replies_reach 10.9.0.2 $((replies + 400))
messages=$(avfsimctl transcript since demo | jq -s 'map(select(.dir == "request")) | length')
echo "daemon $old was killed, $new adopted: $messages mailbox messages to the PF"
[ "$messages" = 0 ]
show iavfctl list
avfsimctl errors | jq -e '.errors == 0' >/dev/null

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Daemon and PF model were built with other numbers for all opcodes but those that the kernel may know: it comes up
# all the same, so the kernel does not know the others.
. "$(dirname "$0")/lib.sh"

# the numbers on the wire really are others: VERSION is not 1
t_other_numbers()
{
	avfsimctl transcript mark numbers >/dev/null
	ip -n n1 link set "$D1" down
	ip -n n1 link set "$D1" address 02:00:00:00:77:01
	ip -n n1 link set "$D1" up
	within 10 $N1 ping -c 1 -W 1 10.9.0.2
	avfsimctl transcript since numbers | jq -r 'select(.dir == "request") | "\(.name) \(.op)"' | sort -u | tee /tmp/ops
	grep -q '^CONFIG_VSI_QUEUES 6$' /tmp/ops
	grep -q '^ENABLE_QUEUES 8$' /tmp/ops
	grep '^ADD_ETH_ADDR' /tmp/ops
	not grep -q '^ADD_ETH_ADDR 10$' /tmp/ops
}
t_ping() { ping_all 100 0.01; }
t_vlan()
{
	ip -n n1 link add link "$D1" name v100 type vlan id 100
	within 5 vlans_are 0 '[100]'
}
t_reset()
{
	avfsimctl reset 0 silent
	sleep 0.5
	within 10 $N1 ping -c 1 -W 1 10.9.0.2
	vlans_are 0 '[100]'
}

ns_up
# rows: S9 S19
run_case other-numbers t_other_numbers
run_case ping t_ping
run_case vlan t_vlan
run_case reset t_reset
run_case no-device-errors t_no_errors
run_case kernel-log kernel_clean
finish

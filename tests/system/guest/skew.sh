#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Versions that are apart, see tests/system/skew.
. "$(dirname "$0")/lib.sh"

IAVFD=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$(systemctl show -P FragmentPath iavfd)")

cp "$IAVFD" /run/iavfd-this
within 10 owned
ns_up
ip -n n1 link add link "$D1" name v7 type vlan id 7
within 5 vlans_are 0 '[7]'
sleep 0.5

# change FILE: as a package does it, the file first, then the restart
change()
{
	cp "$1" "$IAVFD.new"
	mv "$IAVFD.new" "$IAVFD"
	systemctl restart iavfd
}
# upgrade and back, under ping: nothing is lost, and no message is sent
t_change()
{
	local file=$1 before log=/tmp/change.log
	before=$(echo_replies 10.9.0.2)
	mark change
	$N1 ping -q -c 300 -i 0.01 10.9.0.2 >$log &
	local ping=$!
	sleep 0.5
	change "$file"
	wait $ping || true
	cat $log
	grep -q "300 packets transmitted" $log
	within 5 replies_reach 10.9.0.2 $((before + 300))
	within 10 owned
	sleep 0.5
	cmp "$file" "/proc/$(systemctl show -P MainPID iavfd)/exe"
	no_messages change
}
works()
{
	ip -n n1 link set "$D1" mtu "$1"
	within 5 vlans_are 0 '[7]'
	ping_all 20 0.01
}

# it says why it cannot, and the VFs go on without it
t_far()
{
	cp /share/iavfd-far "$IAVFD.new"
	mv "$IAVFD.new" "$IAVFD"
	systemctl restart --no-block iavfd
	within 10 sh -c "journalctl -b -u iavfd | grep -q 'the module speaks abi'" || { journalctl -b -u iavfd -n 5; return 1; }
	ping_all 50 0.01
	change /run/iavfd-this
	within 10 owned
}

# this daemon with the next version's modules
t_next_modules()
{
	systemctl stop iavfd
	rmmod iavf iavf_session
	insmod /share/iavf_session-next.ko
	insmod /share/iavf-next.ko
	systemctl start iavfd
	ns_again
	ip -n n1 link set "$D1" mtu 1450
	ping_all 50 0.01
}

run_case upgrade t_change /share/iavfd-next
run_case next-works works 1400
run_case downgrade t_change /run/iavfd-this
run_case this-works works 1500
run_case too-far t_far
run_case next-modules t_next_modules
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Resets of all kinds under traffic (resets.py), PFs that come back as others or not at all, and the function taken away in
# the middle. usage: resets.sh [quick]; RESETS=n RESETS_DEAD=n RESETS_STOPPED=n RESET_SEED=s
# 9p does not survive a suspend, not even to close a file: all is read from a copy.
if [ ! -e /run/share ]; then
	cp -a /share /run/share
	mount --bind /run/share /share
	exec "/share/${0##*/}" "$@"
fi
. "$(dirname "$0")/lib.sh"

SEED=${RESET_SEED:-$RANDOM}
echo "# RESET_SEED=$SEED"
quick() { [ "${1:-}" = quick ]; }

# torture up|dead|stopped=COUNT...; its report is wanted in any case
t_torture()
{
	local rc=0
	/share/resets.py "$SEED" "$P1" "$D1" "$D2" "$@" >/tmp/torture 2>&1 || rc=$?
	cat /tmp/torture
	return $rc
}
torture()
{
	run_case torture t_torture "$@"
	! chosen torture || grep '^\(# \(up\|dead\|stopped\|slab\|memory\)\|seed \)' /tmp/torture
}
# A daemon that is stopped stays so.
no_watchdog()
{
	mkdir -p /run/systemd/system/iavfd.service.d
	printf '[Service]\nWatchdogSec=0\n' >/run/systemd/system/iavfd.service.d/test.conf
	systemctl daemon-reload
	systemctl restart iavfd
	within 10 owned
}

ping_once() { $N1 ping -c 1 -W 1 10.9.0.2; }
status() { iavfctl -j status "$P1" | jq -e ".vfs[0] | $1"; }
shown() { iavfctl -j show "$P1" | jq -e ".vfs[0] | $1"; }
attempts() { iavfctl -j status "$P1" | jq '.vfs[0].attempts'; }
attempts_reach() { [ "$(attempts)" -ge "$1" ]; }

# t_for_ever FAULT WORDS COMMAND...: it is tried ever more rarely, says so, and COMMAND, which somebody types, is a way out
t_for_ever()
{
	local fault=$1 words=$2 n
	shift 2
	mark forever
	# shellcheck disable=SC2086
	avfsimctl fault add $fault vf=0 count=always
	avfsimctl reset 0 announced
	within 60 attempts_reach 11
	iavfctl status || expect status 1 $?
	within 20 status '.next_attempt_ms != null'
	within 5 status "(.phase == \"failed\") and (.reason | test(\"$words\"))"
	# a dozen attempts take no more messages than these; a loop takes thousands
	n=$(since forever | wc -l)
	echo "$n messages"
	[ "$n" -lt 500 ]
	avfsimctl fault clear
	"$@"
	within 20 ping_once
	within 10 status '.attempts == 0 and .phase == "ready"'
}
down_and_up()
{
	ip -n n1 link set "$D1" down
	ip -n n1 link set "$D1" up
	ip -n n1 addr replace fd09::1/64 dev "$D1" nodad
}
toggle()
{
	$N1 ethtool -K "$D1" rxvlan off
	$N1 ethtool -K "$D1" rxvlan on
}

# The PF comes back without VLANs: said for as long as somebody wants some, and made good when it has them again.
no_vlans_are_shown() { shown ".degraded | test(\"no VLANs.* $1 are asked for\")"; }
t_vlans_lost()
{
	ip -n n1 link add link "$D1" name v300 type vlan id 300
	ip -n n1 link add link "$D1" name v301 type vlan id 301
	within 5 vlans_are 0 '[300,301]'
	avfsimctl profile ice-svm-port-vlan
	within 20 no_vlans_are_shown 2
	within 10 ping_once
	systemctl restart iavfd
	within 10 owned
	within 10 no_vlans_are_shown 2
	ip -n n1 link del v301
	within 10 no_vlans_are_shown 1
	ip -n n1 link del v300
	within 10 shown '.degraded == null'
	ip -n n1 link add link "$D1" name v302 type vlan id 302
	avfsimctl profile ice-dvm
	within 20 vlans_are 0 '[302]'
	within 10 ping_once
	shown '.degraded == null'
	ip -n n1 link del v302
	within 5 vlans_are 0 '[]'
}

# There and back again with everything set: t_other PROFILE
t_other()
{
	ip -n n1 link add link "$D1" name v310 type vlan id 310
	$N1 ethtool -X "$D1" xfrm symmetric-xor || true
	ip -n n1 link set "$D1" mtu 4000
	avfsimctl profile "$1"
	within 20 ping_once
	within 10 status '.phase == "ready" or .phase == "degraded"'
	iavfctl status || true
	status '.attempts == 0'
	avfsimctl profile ice-dvm
	within 20 ping_once
	within 10 vlans_are 0 '[310]'
	within 10 status '.phase == "ready"'
	ip -n n1 link del v310
	$N1 ethtool -X "$D1" xfrm none || true
	ip -n n1 link set "$D1" mtu 1500
}

# Nothing answers, for longer than any reset takes; then whoever resets the function by hand need not wait.
t_gone_for_long()
{
	avfsimctl gone 0 on
	within 60 shown '.state == "dead"'
	within 5 status '.phase == "failed"'
	avfsimctl gone 0 off
	echo 1 >"/sys/bus/pci/devices/$P1/reset"
	within 30 ping_once
	within 10 status '.phase == "ready"'
}

# The function goes in the middle of a reset; another one comes, and works.
in_the_middle()
{
	avfsimctl reset-time 300000
	avfsimctl reset 0 "$1"
	sleep "0.0$((RANDOM % 10))"
}
again()
{
	avfsimctl reset-time 5000
	# the other one comes back out of its namespace
	ip netns del n1
	ip netns del n2
	ns_again
	ping_all 20 0.01
}
t_unbind()
{
	local how
	for how in announced silent flr; do
		in_the_middle $how
		echo "$P1" >/sys/bus/pci/drivers/iavf/unbind
		echo "$P1" >/sys/bus/pci/drivers/iavf/bind
		again
	done
}
t_remove()
{
	local how
	for how in announced silent flr; do
		in_the_middle $how
		echo 1 >"/sys/bus/pci/devices/$P1/remove"
		echo 1 >/sys/bus/pci/rescan
		again
	done
}
bound() { [ -e "/sys/bus/pci/devices/$P1/driver" ]; }
t_driver_override()
{
	echo somebody-else >"/sys/bus/pci/devices/$P1/driver_override"
	in_the_middle silent
	echo "$P1" >/sys/bus/pci/drivers/iavf/unbind
	echo "$P1" >/sys/bus/pci/drivers_probe
	not bound
	echo >"/sys/bus/pci/devices/$P1/driver_override"
	echo "$P1" >/sys/bus/pci/drivers_probe
	bound
	again
}

# Everything sleeps but the CPUs, and wakes up; once more with a reset just before.
t_suspend()
{
	[ -w /sys/power/pm_test ] || skip "this kernel has no pm_test"
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	echo devices >/sys/power/pm_test
	local how
	for how in "" announced silent; do
		[ -z "$how" ] || avfsimctl reset 0 $how
		echo freeze >/sys/power/state
		within 20 ping_once
		within 10 status '.phase == "ready"'
	done
	echo none >/sys/power/pm_test
}

all_intree() { torture "up=${RESETS:-6}"; }
all_split()
{
	run_case no-watchdog no_watchdog
	torture "up=${RESETS:-28}" "dead=${RESETS_DEAD:-4}" "stopped=${RESETS_STOPPED:-4}"
	# settings and devices of the torture go with the netdevs
	run_case fresh use_profile ice-dvm
	find_vfs
	run_case resets-at-enable t_for_ever "reset=announced dir=request op=ENABLE_QUEUES" "again and again" down_and_up
	run_case vlans-lost t_vlans_lost
	run_case unbind t_unbind
	quick "$@" || all_slow
	run_case suspend t_suspend
}
all_slow()
{
	local pf
	run_case refuses-resources t_for_ever "refuse=-5 dir=request op=GET_VF_RESOURCES" GET_VF_RESOURCES toggle
	for pf in ice-svm ice-port-vlan i40e v1.0 ice-dvm,untrusted; do
		run_case "other-$pf" t_other "$pf"
	done
	run_case gone-for-long t_gone_for_long
	run_case remove t_remove
	run_case driver-override t_driver_override
}

ns_up
if split; then
	all_split "$@"
else
	all_intree
fi
run_case kernel-log kernel_clean
run_case no-device-errors t_no_errors
run_case no-violations t_no_violations
finish

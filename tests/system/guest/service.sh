#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon as a service and as a program, and iavfctl: start, stop, takeover, module gone and back.
. "$(dirname "$0")/lib.sh"

IAVFD=/usr/sbin/iavfd
daemon_pid() { systemctl show -P MainPID iavfd; }
owner() { iavfctl -j list | jq -e '.vfs[0].owner_pid'; }
owner_is() { [ "$(owner)" = "$1" ]; }
adopted() { owner_is "$(daemon_pid)"; }
ready() { iavfctl -j list | jq -e '(.vfs | length) == 2 and all(.vfs[]; .state == "ready" and .owner_pid != null)'; }
said() { journalctl -u iavfd -o cat --no-pager | grep -q "$1"; }
back() { systemctl start iavfd; within 20 ready; within 5 adopted; }

t_ready_means_netdevs()
{
	systemctl stop iavfd
	modprobe -r iavf
	modprobe iavf
	systemctl start iavfd
	# start returns after READY=1, so no waiting here
	ready
	systemctl show -P StatusText iavfd
	within 2 sh -c "systemctl show -P StatusText iavfd | grep -q '^2 VFs: 2 ready'"
}

t_user_and_capability()
{
	local status
	status=/proc/$(daemon_pid)/status
	expect user "$(id -u iavfd)" "$(awk '/^Uid/ { print $3 }' "$status")"
	# CAP_NET_ADMIN is bit 12
	expect effective 0000000000001000 "$(awk '/^CapEff/ { print $2 }' "$status")"
	expect bounding 0000000000001000 "$(awk '/^CapBnd/ { print $2 }' "$status")"
	[ "$(awk '/^VmLck/ { print $2 }' "$status")" -gt 0 ]
	[ "$(awk '/^VmRSS/ { print $2 }' "$status")" -lt 16384 ]
	systemctl show -P NRestarts iavfd
}

# nobody wakes an idle daemon but its watchdog, twice in 30 s at most
t_idle()
{
	local status before after
	status=/proc/$(daemon_pid)/status
	sleep 2
	before=$(awk '/^voluntary/ { print $2 }' "$status")
	sleep 20
	after=$(awk '/^voluntary/ { print $2 }' "$status")
	echo "$before $after"
	[ $((after - before)) -le 3 ]
}

t_module_again_while_attached()
{
	local pid
	pid=$(daemon_pid)
	modprobe -r iavf
	expect "VFs" 0 "$(iavfctl -j list | jq '.vfs | length')"
	modprobe iavf
	within 20 ready
	expect "the same daemon" "$pid" "$(daemon_pid)"
}

# A PF remembers the address that a VF once had, and gives it back: that says nothing of the seed.
pf_forgets()
{
	local i
	for i in 0 1; do avfsimctl mac $i 00:00:00:00:00:00; done
	expect "what the PF knows" 0 "$(avfsimctl show 0 | jq -r .mac | tr -d 0:- | wc -c | awk '{ print $1 - 1 }')"
}

seed_decides() { python3 "$(dirname "$0")/seed_macs.py"; }

# The first case: nobody gave these VFs an address before.
t_addresses_from_seed()
{
	seed_decides
	expect mode 600 "$(stat -c %a /var/lib/iavfd/seed.json)"
}

t_addresses_stay()
{
	local before after
	before=$(iavfctl -j list | jq -c '[.vfs[].mac]')
	systemctl stop iavfd
	modprobe -r iavf
	pf_forgets
	modprobe iavf
	back
	expect "the same seed" "$before" "$(iavfctl -j list | jq -c '[.vfs[].mac]')"
	systemctl stop iavfd
	modprobe -r iavf
	pf_forgets
	rm /var/lib/iavfd/seed.json
	modprobe iavf
	back
	after=$(iavfctl -j list | jq -c '[.vfs[].mac]')
	echo "$before $after"
	[ "$before" != "$after" ]
	seed_decides
}

t_both_modules_again()
{
	systemctl stop iavfd
	modprobe -r iavf
	modprobe -r iavf_session
	expect "list" 1 "$(iavfctl -j list 2>/tmp/err || echo $?)"
	expect word no-module "$(jq -r .error.word /tmp/err)"
	systemctl start iavfd
	# ready at once: nothing to wait for
	within 2 sh -c "systemctl show -P StatusText iavfd | grep -q 'not loaded'"
	modprobe iavf
	within 20 ready
	within 5 adopted
}

t_second_daemon_is_refused()
{
	local rc=0
	timeout 20 $IAVFD --foreground 2>/tmp/err || rc=$?
	cat /tmp/err
	expect code 75 $rc
	grep -q "process $(daemon_pid) owns the session" /tmp/err
	adopted
}

t_takeover_and_back()
{
	local old
	old=$(daemon_pid)
	$IAVFD --foreground --force 2>/tmp/err &
	local pid=$!
	within 10 owner_is $pid
	within 10 said 'another process took the VFs over'
	# the service comes back, and waits
	within 10 sh -c "systemctl show -P StatusText iavfd | grep -q 'owns the session'"
	[ "$(daemon_pid)" != "$old" ]
	owner_is $pid
	kill $pid
	wait $pid
	grep -q 'stopping; traffic goes on' /tmp/err
	within 10 adopted
}

t_kill_adopts_silently()
{
	local old sent
	old=$(daemon_pid)
	sleep 1
	sent=$(iavfctl -j list | jq -c '[.vfs[].counters.mbx_sent]')
	kill -9 "$old"
	within 10 sh -c "[ \"\$(systemctl show -P MainPID iavfd)\" != $old ]"
	within 10 adopted
	sleep 1
	expect "messages sent" "$sent" "$(iavfctl -j list | jq -c '[.vfs[].counters.mbx_sent]')"
}

# the program and its libraries in an otherwise empty root, no service manager, no bus
t_bare_environment()
{
	local root=/tmp/bare rc=0 file
	systemctl stop iavfd
	rm -rf $root
	mkdir -p $root/proc $root/sys
	for file in $IAVFD $(ldd $IAVFD | grep -o '/[^ ]*'); do
		mkdir -p "$root$(dirname "$file")"
		cp "$file" "$root$file"
	done
	env -i /usr/sbin/chroot $root $IAVFD --state-dir=/var/lib/iavfd 2>/tmp/err &
	local pid=$!
	within 10 owned
	kill -HUP $pid
	kill $pid
	wait $pid || rc=$?
	cat /tmp/err
	expect code 0 $rc
	back
}

t_without_capability()
{
	local rc=0
	systemctl stop iavfd
	timeout 10 setpriv --reuid 65534 --regid 65534 --clear-groups $IAVFD --state-dir=/tmp/none 2>/tmp/err || rc=$?
	cat /tmp/err
	expect code 3 $rc
	back
}

t_cli()
{
	local pci dev
	pci=$(vf_pci | head -n 1)
	dev=$(vf_dev "$pci")
	iavfctl list
	expect "by pci" "$pci" "$(iavfctl -j show "$pci" | jq -r '.vfs[0].pci')"
	expect "by name" "$pci" "$(iavfctl -j show "$dev" | jq -r '.vfs[0].pci')"
	expect "by short pci" "$pci" "$(iavfctl -j show "${pci#*:}" | jq -r '.vfs[0].pci')"
	expect "no such" 4 "$(iavfctl show nothing 2>/dev/null || echo $?)"
	expect "several" 2 "$(iavfctl show 0000 2>/dev/null || echo $?)"
	expect "mac" "$(cat "/sys/class/net/$dev/address")" "$(iavfctl -j show "$pci" | jq -r '.vfs[0].mac')"
	expect "owner" "$(daemon_pid)" "$(iavfctl -j version | jq .version.owner_pid)"
	setpriv --reuid 65534 --regid 65534 --clear-groups iavfctl list
	# a netdev elsewhere is told apart
	ip netns add far
	ip link set "$dev" netns far
	iavfctl list | grep -q "$dev@"
	expect "still by name" "$pci" "$(iavfctl -j show "$dev" | jq -r '.vfs[0].pci')"
	ip -n far link set "$dev" netns 1
	ip netns del far
	# the family is the host's own
	ip netns add near
	expect "elsewhere" no-module "$(ip netns exec near iavfctl -j list 2>&1 | jq -r .error.word)"
	ip netns del near
}

t_watchdog_restarts_a_stopped_one()
{
	local old
	mkdir -p /run/systemd/system/iavfd.service.d
	printf '[Service]\nWatchdogSec=3\n' >/run/systemd/system/iavfd.service.d/test.conf
	systemctl daemon-reload
	systemctl restart iavfd
	old=$(daemon_pid)
	sleep 8
	expect "alive and not restarted" "$old" "$(daemon_pid)"
	kill -STOP "$old"
	within 30 sh -c "[ \"\$(systemctl show -P MainPID iavfd)\" != $old ]"
	within 20 adopted
	rm -r /run/systemd/system/iavfd.service.d
	systemctl daemon-reload
	systemctl restart iavfd
}

t_exposure()
{
	systemd-analyze security iavfd.service --no-pager | tail -n 1
	systemd-analyze security --threshold=20 iavfd.service >/dev/null
}

within 20 ready
# rows: S15 S80
run_case service/addresses_from_seed t_addresses_from_seed
run_case service/ready_means_netdevs t_ready_means_netdevs
run_case service/user_and_capability t_user_and_capability
# rows: S4
run_case service/cli t_cli
run_case service/idle t_idle
# rows: S22
run_case service/module_again_while_attached t_module_again_while_attached
# rows: S80
run_case service/addresses_stay t_addresses_stay
run_case service/both_modules_again t_both_modules_again
run_case service/second_daemon_is_refused t_second_daemon_is_refused
run_case service/takeover_and_back t_takeover_and_back
run_case service/kill_adopts_silently t_kill_adopts_silently
run_case service/bare_environment t_bare_environment
run_case service/without_capability t_without_capability
run_case service/watchdog_restarts_a_stopped_one t_watchdog_restarts_a_stopped_one
run_case service/exposure t_exposure
run_case service/kernel_clean kernel_clean
finish

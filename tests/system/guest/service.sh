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
	pci=$(vf_pci | sed -n 1p)
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

# a line of the journal with these fields
field() { journalctl -u iavfd -o json --no-pager "$@" | tail -n 1; }
logged() { [ -n "$(field "$@")" ]; }
t_journal_fields()
{
	local pci dev generation id
	pci=$(vf_pci | sed -n 1p)
	dev=$(vf_dev "$pci")
	avfsimctl reset 0 announced
	generation=$(iavfctl -j show "$pci" | jq .vfs[0].generation)
	within 10 logged IAVF_PCI="$pci" IAVF_EVENT=vf-reset IAVF_GENERATION="$generation" IAVF_IFNAME="$dev" IAVF_PHASE=ready
	field IAVF_EVENT=vf-reset
	id=$(man iavfd 2>/dev/null | awk '$1 == "vf-reset" { print $2 }')
	[ -n "$id" ] || id=aa1fe8de35bf447d96e242e2212a9c3d
	within 10 logged MESSAGE_ID="$id"
	expect unit iavfd.service "$(field MESSAGE_ID=$id | jq -r ._SYSTEMD_UNIT)"
	expect level 6 "$(field MESSAGE_ID=$id | jq -r .PRIORITY)"
	# what the VF's logic says has them, too
	avfsimctl fault add refuse=-5 op=CONFIG_PROMISCUOUS_MODE vf=0 count=always
	ip link set "$dev" up promisc on
	within 10 logged IAVF_PCI="$pci" IAVF_EVENT=vf-degraded PRIORITY=4
	avfsimctl fault clear
	ip link set "$dev" promisc off down
	within 10 logged IAVF_PCI="$pci" IAVF_EVENT=vf-recovered
}

# as a container that has the folder, and nothing else
reader() { setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"; }
shown() { reader jq -r "$2" "/run/iavfd/vf/$1.json"; }
shown_is() { [ "$(shown "$1" "$2")" = "$3" ]; }
stale() { reader flock -sn /run/iavfd/daemon.json true; }
fresh() { ! stale; }
t_state_files()
{
	local pci dev generation
	pci=$(vf_pci | sed -n 1p)
	dev=$(vf_dev "$pci")
	fresh
	expect mode 644 "$(stat -c %a "/run/iavfd/vf/$pci.json")"
	expect schema iavfctl/1 "$(shown "$pci" .schema)"
	expect pid "$(daemon_pid)" "$(shown "$pci" .daemon.pid)"
	expect boot "$(tr -d - </proc/sys/kernel/random/boot_id)" "$(shown "$pci" .daemon.boot_id)"
	expect keys "$(iavfctl -j show "$pci" | jq -c '.vfs[0] | keys')" "$(shown "$pci" '.vfs[0] | keys | tojson')"
	ip link set "$dev" up
	within 5 shown_is "$pci" '.vfs[0].carrier' true
	ip link set "$dev" mtu 1400
	within 5 shown_is "$pci" '.vfs[0].mtu' 1400
	ip link set "$dev" mtu 1500 down
	within 5 shown_is "$pci" '.vfs[0].carrier' false
	# dead: what it left is there, and says so; the next one is true
	systemctl stop iavfd
	stale
	expect "left" 2 "$(find /run/iavfd/vf -name '*.json' | wc -l)"
	avfsimctl reset 0 silent
	generation=$(shown "$pci" '.vfs[0].generation')
	systemctl start iavfd
	within 5 fresh
	within 10 shown_is "$pci" .daemon.pid "$(daemon_pid)"
	within 10 shown_is "$pci" '.vfs[0].phase' ready
	[ "$(shown "$pci" '.vfs[0].generation')" -gt "$generation" ]
	kill -9 "$(daemon_pid)"
	within 10 sh -c "! flock -sn /run/iavfd/daemon.json true"
	within 10 adopted
	# gone with its VF, also when nobody was there to see it go
	echo "$pci" >/sys/bus/pci/drivers/iavf/unbind
	within 5 test ! -e "/run/iavfd/vf/$pci.json"
	echo "$pci" >/sys/bus/pci/drivers/iavf/bind
	within 10 shown_is "$pci" '.vfs[0].phase' ready
	systemctl stop iavfd
	echo "$pci" >/sys/bus/pci/drivers/iavf/unbind
	systemctl start iavfd
	within 5 test ! -e "/run/iavfd/vf/$pci.json"
	expect "the other" 1 "$(find /run/iavfd/vf -name '*.json' | wc -l)"
	echo "$pci" >/sys/bus/pci/drivers/iavf/bind
	within 20 ready
}

# verb COMMAND...: Reset of the first VF, called by COMMAND, without asking a person (busctl hides why access is denied)
verb()
{
	"$@" gdbus call --system --timeout 60 -d org.iavfd1 -o "/org/iavfd1/vf/$(vf_pci | sed -n '1s/[:.]/_/gp')" -m org.iavfd1.VF.Reset '@a{sv} {}'
}
denied() { local out; out=$(verb reader 2>&1) && return 1; echo "$out"; grep -q "$1" <<<"$out"; }
on_the_bus() { busctl status org.iavfd1; }
t_reset_verb()
{
	local pci generation rc=0
	pci=$(vf_pci | sed -n 1p)
	within 10 on_the_bus
	generation=$(iavfctl -j show "$pci" | jq .vfs[0].generation)
	iavfctl -j reset "$pci" | jq -e ".vfs[0].generation == $((generation + 1))"
	verb env
	within 10 ready
	expect "no such" 4 "$(iavfctl reset nothing 2>/dev/null || echo $?)"
	# polkit's default for a service user: an administrator's password, which nobody is there to type
	denied 'ask a person'
	iavfctl --help >/dev/null
	reader iavfctl reset "$pci" || rc=$?
	expect "not permitted" 3 $rc
	within 5 logged IAVF_EVENT=denied
	# an administrator gives leave
	mkdir -p /etc/polkit-1/rules.d
	cat >/etc/polkit-1/rules.d/10-test.rules <<-'END'
		polkit.addRule(function(action, subject) {
			if (action.id == "org.iavfd1.reset" && subject.user == "nobody")
				return polkit.Result.YES;
		});
	END
	within 10 verb reader
	within 5 logged IAVF_EVENT=allowed
	within 10 ready
	rm /etc/polkit-1/rules.d/10-test.rules
	within 10 denied 'ask a person'
}
# A polkit that hangs, and none: root is not held up, nobody else may.
t_reset_without_polkit()
{
	local pid
	within 10 on_the_bus
	denied 'ask a person'
	pid=$(systemctl show -P MainPID polkit)
	kill -STOP "$pid"
	denied 'did not answer in time'
	verb env
	within 10 ready
	kill -CONT "$pid"
	systemctl mask --runtime --now polkit
	denied 'polkit is not there'
	verb env
	within 10 ready
	systemctl unmask --runtime polkit
	systemctl start polkit
}

exposure() { systemd-analyze security --no-pager iavfd.service | sed -n 's/.*exposure level for iavfd.service: \([0-9.]*\).*/\1/p'; }
# The sandbox is tight, and it all works in it. Leaves the VFs in namespaces.
t_exposure()
{
	local score
	score=$(exposure)
	echo "exposure $score"
	systemd-analyze security --no-pager iavfd.service | grep '✗' || true
	awk -v s="$score" 'BEGIN { exit !(s > 0 && s <= 1.5) }'
	for line in NoNewPrivileges=yes ProtectSystem=strict MemoryDenyWriteExecute=yes; do
		expect property "$line" "$(systemctl show -p "${line%=*}" iavfd)"
	done
	expect seccomp 2 "$(awk '/^Seccomp:/ { print $2 }' "/proc/$(daemon_pid)/status")"
	ns_up
	ping_all 20 0.01
	ip -n n1 link set "$D1" mtu 2000
	ip -n n2 link set "$D2" mtu 2000
	expect mtu 2000 "$(ip -n n1 -j link show "$D1" | jq '.[0].mtu')"
	answered 5 10.9.0.2 -i 0.05 -s 1900 -M 'do'
	not ip -n n1 link set "$D1" mtu 20000
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
run_case service/journal_fields t_journal_fields
run_case service/state_files t_state_files
run_case service/reset_verb t_reset_verb
run_case service/reset_without_polkit t_reset_without_polkit
run_case service/exposure t_exposure
run_case service/kernel_clean kernel_clean
finish

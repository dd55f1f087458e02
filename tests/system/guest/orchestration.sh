#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What orchestrators do with VFs (docs/orchestration.md): sriov-cni's sequence, drivers exchanged by the operator, units that
# wait for a VF. COUNT=6 pods; the in-tree driver takes the cases that need nothing of ours.
. "$(dirname "$0")/lib.sh"

COUNT=${COUNT:-6}
HERE=$(dirname "$0")
IAVF=/sys/bus/pci/drivers/iavf
NUMBERS=$(mktemp)
# for the reader of a run that passed
number() { echo "# $*" >>"$NUMBERS"; }

daemon_pid() { systemctl show -P MainPID iavfd; }
watchdog() { mkdir -p /run/systemd/system/iavfd.service.d; printf '[Service]\nWatchdogSec=%s\n' "$1" >/run/systemd/system/iavfd.service.d/test.conf; systemctl daemon-reload; systemctl restart iavfd; }
# The second VF is the peer, in n2; the first stays on the host.
peer()
{
	ip netns add n2
	ip link set "$D2" netns n2
	ip -n n2 link set lo up
	ip -n n2 link set "$D2" up
	ip -n n2 addr add 10.9.0.2/24 dev "$D2"
	within 10 carrier n2 "$D2"
}
here_again() { within 20 netdev_there "$P1"; udevadm settle; find_vfs; }

# All the PF's changes, then at once an address, which may be refused but never put off.
t_mac_after_host()
{
	local n=0 rc change
	split || skip "the in-tree driver waits 2.5 s and says EACCES"
	avfsimctl trust 0 on
	for change in "trust 0 off" "trust 0 on" "port-vlan 0 77" "port-vlan 0 none" "mac 0 02:00:00:00:70:01" "mac 0 00:00:00:00:00:00" \
		"reset 0 announced" "reset 0 silent" "link 0 down" "link 0 up"; do
		n=$((n + 1)) rc=0
		# shellcheck disable=SC2086
		python3 "$HERE/mac_race.py" - "$D1" 02:00:00:00:71:0$((n % 10)) avfsimctl $change || rc=$?
		echo "$change: $rc"
		# EPERM: an untrusted VF whose address the host has set
		[ $rc = 0 ] || [ $rc = 1 ]
	done
	python3 "$HERE/mac_race.py" - "$D1" 02:00:00:00:72:01 true
	within 5 sh -c "avfsimctl show 0 | jq -e '.macs | index(\"02:00:00:00:72:01\")'"
}

# The very first message about an interface, and all works.
t_usable_when_it_appears()
{
	local i
	for i in 1 2 3; do
		echo "$P1" >$IAVF/unbind
		python3 "$HERE/mac_race.py" --appears "$P1" 02:00:00:00:73:0$i
		here_again
		within 10 sh -c "[ \$(cat /sys/class/net/$D1/carrier) = 1 ]"
		expect mtu 1400 "$(cat "/sys/class/net/$D1/mtu")"
		ip link set "$D1" down
	done
}

t_sriov_cni()
{
	local rc=0
	python3 "$HERE/sriov_cni.py" "$COUNT" 0 "$D1" >/tmp/cni.json || rc=$?
	cat /tmp/cni.json
	number "sriov-cni: $(jq -c 'del(.trouble) + {failed: (.trouble | length)}' /tmp/cni.json)"
	split || return 0
	expect "exit code" 0 $rc
	expect retries 0 "$(jq .retries /tmp/cni.json)"
}

# The host's word reaches an interface in a pod: rtnetlink could not do that from outside.
t_host_changes_in_pod()
{
	split || skip "the in-tree driver does not follow"
	ip netns add pod
	ip link set "$D1" netns pod
	ip -n pod link set "$D1" up
	avfsimctl mac 0 02:00:00:00:74:01
	within 10 sh -c "ip -n pod -j link show $D1 | jq -e '.[0].address == \"02:00:00:00:74:01\"'"
	ip -n pod link set "$D1" mtu 9000
	avfsimctl mtu 0 1522
	avfsimctl reset 0 announced
	within 10 sh -c "[ \$(ip -n pod -j link show $D1 | jq '.[0].mtu') -le 1500 ]"
	avfsimctl mtu 0 9728
	avfsimctl mac 0 00:00:00:00:00:00
	avfsimctl reset 0 announced
	ip -n pod link set "$D1" mtu 1500 down
	ip -n pod link set "$D1" netns 1
	ip netns del pod
}

# ms COMMAND...: how long it takes
ms() { local start; start=$(date +%s%N); "$@"; echo $((($(date +%s%N) - start) / 1000000)); }
unbind() { echo "$1" >$IAVF/unbind; }
bind() { echo "$1" >$IAVF/bind; }
# udev may be about to rename it
up() { ip link set "$(vf_dev "$P1")" up; }
# three cycles, the worst in BIND and UNBIND
cycles()
{
	local i t
	BIND=0 UNBIND=0
	for i in 1 2 3; do
		[ "$1" = absent ] || within 20 netdev_there "$P1"
		[ "$1" != up ] || within 10 up
		t=$(ms unbind "$P1")
		[ "$t" -le $UNBIND ] || UNBIND=$t
		t=$(ms bind "$P1")
		[ "$t" -le $BIND ] || BIND=$t
	done
}
# as_quick NUMBER NUMBER: but for the clocks of a stop without a daemon (docs/design: 200 and 500 ms) and a busy host
as_quick() { [ "$1" -le $((3 * $2 + 700)) ]; }
t_bind_unbind()
{
	local bind unbind
	cycles up
	bind=$BIND unbind=$UNBIND
	here_again
	number "worst of bind/unbind, ms: $bind/$unbind with the daemon"
	split || return 0
	systemctl stop iavfd
	cycles absent
	systemctl start iavfd
	here_again
	number "worst of bind/unbind, ms: $BIND/$UNBIND with none"
	as_quick $BIND "$bind"
	as_quick $UNBIND "$unbind"
	watchdog 0
	kill -STOP "$(daemon_pid)"
	cycles absent
	kill -CONT "$(daemon_pid)"
	here_again
	number "worst of bind/unbind, ms: $BIND/$UNBIND with a stopped one"
	as_quick $BIND "$bind"
	as_quick $UNBIND "$unbind"
	rm -r /run/systemd/system/iavfd.service.d
	systemctl daemon-reload
	systemctl restart iavfd
}

# As the operator does: another driver by driver_override, and the default one by an empty one.
driver() { basename "$(readlink "/sys/bus/pci/devices/$1/driver")"; }
override() { echo "$2" >"/sys/bus/pci/devices/$1/driver_override"; unbind_any "$1"; echo "$1" >/sys/bus/pci/drivers_probe; }
unbind_any() { [ ! -e "/sys/bus/pci/devices/$1/driver" ] || echo "$1" >"/sys/bus/pci/devices/$1/driver/unbind"; }
t_driver_override()
{
	local other=vfio-pci i
	modprobe vfio-pci || skip "no vfio-pci here"
	[ -d "/sys/bus/pci/devices/$P1/iommu_group" ] || echo 1 >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
	for i in 1 2 3; do
		override "$P1" $other
		expect driver $other "$(driver "$P1")"
		not netdev_there "$P1"
		! split || within 5 sh -c "[ \$(iavfctl -j list | jq '.vfs | length') = 1 ]"
		override "$P1" ""
		expect driver iavf "$(driver "$P1")"
		here_again
	done
	ip link set "$D1" up
	within 10 sh -c "[ \$(cat /sys/class/net/$D1/carrier) = 1 ]"
	ip link set "$D1" down
}

# A unit that is bound to a VF, by its PCI address: it waits for it, and goes with it.
active() { [ "$(systemctl is-active bound.service)" = active ]; }
inactive() { ! systemctl is-active bound.service; }
t_bound_unit()
{
	split || skip "the rule comes with our driver"
	local device
	device=$(systemd-escape --path --suffix=device "/iavf/$P1")
	expect unit "iavf-$P1.device" "$device"
	systemctl is-active "$device"
	systemctl is-active "sys-subsystem-net-devices-$(systemd-escape "$D1").device"
	cat >/run/systemd/system/bound.service <<-END
		[Unit]
		BindsTo=$device
		After=$device
		[Service]
		ExecStart=/bin/sleep infinity
		[Install]
		WantedBy=$device
	END
	systemctl daemon-reload
	systemctl start bound
	active
	unbind "$P1"
	within 10 inactive
	within 10 sh -c "! systemctl is-active '$device'"
	# it starts with the VF's interface, neither before nor by itself
	systemctl start --no-block bound
	sleep 0.5
	inactive
	bind "$P1"
	within 20 active
	here_again
	# resets are not the end of it
	avfsimctl reset 0 announced
	avfsimctl reset 0 silent
	sleep 1
	active
	# in another namespace it is not the host's
	ip netns add elsewhere
	ip link set "$D1" netns elsewhere
	within 10 inactive
	ip -n elsewhere link set "$D1" netns 1
	ip netns del elsewhere
	within 10 systemctl is-active "$device"
	systemctl stop bound
	rm /run/systemd/system/bound.service
	systemctl daemon-reload
}

run_case orchestration/vfs find_vfs
find_vfs
run_case orchestration/usable_when_it_appears t_usable_when_it_appears
run_case orchestration/mac_after_host t_mac_after_host
run_case orchestration/host_changes_in_pod t_host_changes_in_pod
peer
run_case orchestration/sriov_cni t_sriov_cni
run_case orchestration/bind_unbind t_bind_unbind
run_case orchestration/driver_override t_driver_override
run_case orchestration/bound_unit t_bound_unit
cat "$NUMBERS"
run_case orchestration/kernel_log kernel_clean
run_case orchestration/no_device_errors t_no_errors
run_case orchestration/no_violations t_no_violations
finish

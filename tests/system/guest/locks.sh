#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who waits how long: users' calls on the VFs, and others' on a dummy, while a module registers and unregisters a generic netlink
# family as fast as it can; with the daemon alive, stopped and dead. Prints a table (make locks). LOCKS_SECONDS, LOCKS_ROUNDS make
# it longer. Needs genl_churn.ko and latency beside it (tests/system/locks/run). The in-tree driver has only the first state.
. "$(dirname "$0")/lib.sh"
LOCKS_SECONDS=${LOCKS_SECONDS:-10}
LOCKS_ROUNDS=${LOCKS_ROUNDS:-1}
SAMPLES=/tmp/samples.tsv
: >$SAMPLES

daemon_pid()
{
	local pid=0
	until [ "$pid" != 0 ]; do pid=$(systemctl show -P MainPID iavfd); done
	echo "$pid"
}
nobody_owns() { iavfctl -j list | jq -e 'all(.vfs[]; .owner_pid == null)'; }
responsive() { iavfctl -j list | jq -e 'all(.vfs[]; .unresponsive | not)'; }
rounds() { cat /sys/module/genl_churn/parameters/rounds; }

# calls DEV NUMBER: what users do
calls()
{
	cat <<-END
		ethtool-L ethtool -L $1 combined 1
		ethtool-X ethtool -X $1 equal 1
		ethtool-L ethtool -L $1 combined 2
		ethtool-X ethtool -X $1 default
		ethtool-K ethtool -K $1 rxvlan off
		ethtool-K ethtool -K $1 rxvlan on
		ethtool-G ethtool -G $1 rx 256
		ethtool-G ethtool -G $1 rx 512
		ethtool-C ethtool -C $1 adaptive-rx off rx-usecs 20
		ethtool-C ethtool -C $1 adaptive-rx on rx-usecs 50
		ethtool-S ethtool -S $1
		mtu ip link set $1 mtu 1400
		mtu ip link set $1 mtu 1500
		address ip link set $1 address 02:00:00:00:66:0$2
		address ip link set $1 address 02:00:00:00:67:0$2
		down ip link set $1 down
		up ip link set $1 up
		vlan-add ip link add link $1 name lock$2 type vlan id $((10 + $2))
		vlan-del ip link del lock$2
		tc-qdisc tc qdisc replace dev $1 root pfifo limit 100
		tc-qdisc tc qdisc del dev $1 root
	END
}
# what others do: cb_lock; rtnl; the semaphore of addresses; none of them, as a measure of this machine
others_generic()
{
	printf 'dummy-ethtool-k ethtool -k dummy0\ngenl-list genl ctrl list\n'
	! split || echo "iavfctl-list iavfctl list"
}
others_rtnl() { echo "dummy-mtu ip link set dummy0 mtu 1400"; }
others_address() { echo "dummy-hwaddr @hwaddr dummy0"; }
nothing() { echo "nothing true"; }

# Those in the background, of a state; until others_end
others_begin()
{
	OTHERS=()
	latency $SAMPLES "$1" 100000 100 < <(others_generic) 2>>/tmp/others.err &
	OTHERS+=($!)
	latency $SAMPLES "$1" 100000 100 < <(others_rtnl) 2>>/tmp/others.err &
	OTHERS+=($!)
	latency $SAMPLES "$1" 100000 20 < <(others_address) 2>>/tmp/others.err &
	OTHERS+=($!)
	latency $SAMPLES "$1" 100000 100 < <(nothing) 2>>/tmp/others.err &
	OTHERS+=($!)
}
others_end()
{
	kill "${OTHERS[@]}"
	wait "${OTHERS[@]}" || true
}

t_alive()
{
	local before
	before=$(rounds)
	others_begin alive
	latency $SAMPLES alive "$LOCKS_SECONDS" < <(calls "$D1" 1; calls "$D2" 2)
	others_end
	echo "families registered: $(($(rounds) - before)), longest $(cat /sys/module/genl_churn/parameters/worst_ms) ms"
	[ $(($(rounds) - before)) -gt 10 ]
}
# both VFs at once, so that calls wait for each other too
t_crowd()
{
	others_begin crowd
	latency $SAMPLES crowd "$LOCKS_SECONDS" < <(calls "$D1" 1) &
	local one=$!
	latency $SAMPLES crowd "$LOCKS_SECONDS" < <(calls "$D2" 2)
	wait $one
	others_end
}
t_nothing_fails() { python3 "$(dirname "$0")/locks.py" failed $SAMPLES "$@"; }
# within STATE
t_within() { python3 "$(dirname "$0")/locks.py" within $SAMPLES "$1"; }

# unit OPTION: of the service, for as long as this lasts
unit()
{
	mkdir -p /run/systemd/system/iavfd.service.d
	printf '[Service]\nWatchdogSec=0\n%s\n' "$1" >/run/systemd/system/iavfd.service.d/test.conf
	systemctl daemon-reload
	systemctl restart iavfd
	within 20 owned
}

# The daemon is as it has to be when a call begins: each is the first to find out.
arm_stopped()
{
	local pid
	pid=$(daemon_pid)
	kill -CONT "$pid"
	within 20 responsive
	kill -STOP "$pid"
}
arm_dead()
{
	systemctl start iavfd
	within 20 owned
	systemctl kill -s KILL iavfd
	within 20 nobody_owns
}

# each_call STATE: of the first VF, one for each name unless in rounds to come
each_call()
{
	local state=$1 line name seen
	for _ in $(seq "$LOCKS_ROUNDS"); do
		seen=
		while read -r line; do
			name=${line%% *}
			# what undoes another call has to be run in any case
			case $seen in *" $name "*) [ "$LOCKS_ROUNDS" -gt 1 ] || [ "$name" = tc-qdisc ] || continue ;; esac
			case $name in
			# these never ask anybody, so they need not be the first
			ethtool-C | vlan-* | tc-qdisc) ;;
			*) "arm_$state" >/dev/null ;;
			esac
			latency $SAMPLES "$state" 0 <<<"$line" 2>>/tmp/calls.err || true
			seen+=" $name "
		done < <(calls "$D1" 1)
	done
}
t_state()
{
	others_begin "$1"
	each_call "$1"
	others_end
}
# long dead: nothing waits for anything
t_gone()
{
	within 20 nobody_owns
	sleep 5.5
	others_begin gone
	latency $SAMPLES gone 0 < <(calls "$D1" 1) 2>>/tmp/calls.err
	others_end
}
t_alive_again()
{
	rm -r /run/systemd/system/iavfd.service.d
	systemctl daemon-reload
	systemctl restart iavfd
	within 20 owned
	within 20 responsive
	calls "$D1" 1 >/tmp/calls
	latency /tmp/again.tsv again 0 </tmp/calls
	expect "failed" "" "$(awk '$4 != 0' /tmp/again.tsv)"
}

find_vfs
ip link set "$D1" up
ip link set "$D2" up
modprobe dummy numdummies=1
[ -e /sys/class/net/dummy0 ] || ip link add dummy0 type dummy
ip link set dummy0 up
insmod "$(dirname "$0")/genl_churn.ko" || exit 1

run_case locks/alive t_alive
run_case locks/crowd t_crowd
if split; then
	run_case locks/nothing-fails t_nothing_fails
	run_case locks/alive-within-clocks t_within alive
	run_case locks/crowd-within-clocks t_within crowd
	run_case locks/unit-stopped unit ""
	run_case locks/stopped t_state stopped
	run_case locks/stopped-within-clocks t_within stopped
	kill -CONT "$(daemon_pid)"
	run_case locks/unit-dead unit Restart=no
	run_case locks/dead t_state dead
	run_case locks/dead-within-clocks t_within dead
	run_case locks/gone t_gone
	run_case locks/gone-within-clocks t_within gone
	run_case locks/others-never-fail t_nothing_fails others
	run_case locks/alive-again t_alive_again
fi
python3 "$(dirname "$0")/locks.py" table $SAMPLES
rmmod genl_churn
run_case locks/kernel-log kernel_clean
run_case locks/no-device-errors t_no_errors
split && run_case locks/no-violations t_no_violations
finish
